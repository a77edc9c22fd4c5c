//! Winnowing: which seeds of a text are worth keeping where every text of an archive has to be remembered.
//!
//! Schleimer, Wilkerson & Aiken 2003, "Winnowing: local algorithms for document fingerprinting": of every [`WINDOW`] seeds in
//! a row the one with the least hash is kept, the last of equal ones. Two texts choose alike wherever they are alike, so
//! that two stretches of [`SURE`] equal characters always have a kept seed in common, while only some two in five of the
//! seeds are kept.

use super::{SEED, seeds};

/// Seeds in a row of which one is kept.
pub const WINDOW: usize = 4;

/// From this many equal characters on, two stretches have a kept seed in common.
pub const SURE: usize = SEED + WINDOW - 1;

/// The seeds of a folded text that are kept, in the order of the text: where each begins, and its hash.
///
/// A text too short for a whole window keeps the least of the seeds that it has.
pub fn winnowed(chars: &[char]) -> impl Iterator<Item = (usize, u64)> + '_ {
    // The last seeds, the one at place `p` under `p % WINDOW`, and the least of them.
    let mut window = [u64::MAX; WINDOW];
    let mut least = (0, u64::MAX);
    let mut kept = None;
    let last = (chars.len() + 1).saturating_sub(SEED).saturating_sub(1);
    seeds::hashes(chars).filter_map(move |(at, hash)| {
        window[at % WINDOW] = hash;
        if hash <= least.1 {
            least = (at, hash);
        } else if least.0 + WINDOW <= at {
            // The least has left the window; it is looked for anew, which happens once in some WINDOW seeds.
            least = (at, hash);
            for place in (at + 1 - WINDOW..at).rev() {
                let other = window[place % WINDOW];
                least = if other < least.1 { (place, other) } else { least };
            }
        }
        let full = at + 1 >= WINDOW || at == last;
        let new = full && kept != Some(least.0);
        kept = if new { Some(least.0) } else { kept };
        new.then_some(least)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    /// The definition, word for word.
    fn plainly(chars: &[char]) -> Vec<(usize, u64)> {
        let all: Vec<_> = seeds::hashes(chars).collect();
        let mut kept: Vec<(usize, u64)> = Vec::new();
        let windows: Vec<_> = if all.len() < WINDOW { vec![all.as_slice()] } else { all.windows(WINDOW).collect() };
        for window in windows {
            let least = window.iter().rev().min_by_key(|(_, hash)| *hash);
            kept.extend(least.filter(|seed| kept.last() != Some(seed)));
        }
        kept
    }

    fn text(letters: &'static str, length: std::ops::Range<usize>) -> impl Strategy<Value = Vec<char>> {
        let letters: Vec<char> = letters.chars().collect();
        prop::collection::vec(prop::sample::select(letters), length)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn it_keeps_what_the_definition_keeps(chars in text("天地人", 0..60)) {
            prop_assert_eq!(winnowed(&chars).collect::<Vec<_>>(), plainly(&chars));
        }

        #[test]
        fn a_common_run_shares_a_seed(
            before in text("天地人你我他", 0..20), run in text("天地人你我他", SURE..SURE + 4),
            other in text("天地人你我他", 0..20), after in text("天地人你我他", 0..20),
        ) {
            let one = [before.as_slice(), &run, &after].concat();
            let two = [other.as_slice(), &run].concat();
            let inside = |text: &[char], from: usize| -> HashSet<u64> {
                let fits = |at: &usize| *at >= from && at + SEED <= from + run.len();
                winnowed(text).filter(|(at, _)| fits(at)).map(|(_, hash)| hash).collect()
            };
            prop_assert!(!inside(&one, before.len()).is_disjoint(&inside(&two, other.len())));
        }
    }

    #[test]
    fn few_seeds_are_kept_of_many() {
        let text: Vec<char> =
            (0..100_000u32).filter_map(|i| char::from_u32(0x4E00 + i.wrapping_mul(2_654_435_769) % 20_011)).collect();
        let kept = winnowed(&text).count();
        assert!((38_000..42_000).contains(&kept), "{kept}");
    }
}
