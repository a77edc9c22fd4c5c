//! Text reuse: which stretches of a text were printed before.
//!
//! The method is that of sequence search (Altschul et al. 1990, "Basic local alignment search tool"), with characters
//! for letters: the text is [folded](Folded) so that width, marks and spaces do not matter; short runs of equal characters
//! ([seeds](Seeds)) say where to look; a seed is [extended](align::extend) to both sides over small differences until the two texts part
//! for good, and matches that go on from each other are [joined](chained). What comes out are [`Match`]es: this stretch stands there as well, so alike. They are cut at the borders of
//! blocks ([`cut`]), and a [`Judge`] says which of the pieces make a passage that was printed twice.
//!
//! Nothing here knows of rules or of where texts are kept: the stage that reads one issue and the archive of many use the
//! same parts. An issue is a number, its folded characters and its [`Page`].

mod align;
mod chain;
mod cover;
mod fold;
mod judge;
mod page;
mod piece;
mod seeds;
mod winnow;

pub use align::{Match, extend};
pub use chain::chained;
pub use cover::union;
pub use fold::Folded;
pub use judge::{Copy, Judge, SHORTEST_BLOCK, STANDING, Spread};
pub use page::{Body, Break, Page};
pub use piece::{Differences, Hand, Piece, Side, cut};
pub use seeds::{Repeats, Seeds, hashes};
pub use winnow::{SURE, WINDOW, winnowed};

/// Folded characters in a seed. At one error in ten characters two seeds in five are still whole.
pub const SEED: usize = 8;
/// A match is worth looking at from this many folded characters: so many equal ones always share a seed.
pub const SHORTEST: usize = SURE;

/// Least similarity of a copy to its source: OCR that reads a page twice differs in less than one character in six.
pub const ALIKE: f64 = 0.84;
/// A source must explain so many characters that no better one does.
pub const ADDS: usize = 8;

/// At most so many matches explain one place: a text that repeats itself without end has no more to say.
const OPEN: usize = 16;

/// Other issues, as one issue may ask about them.
pub trait Elsewhere: std::fmt::Debug + Sync {
    /// For each of some seeds of [`winnowed`] text, in how many issues it stands.
    fn issues(&self, seeds: &[u64]) -> Vec<u32>;
}

/// In how many places a passage stands whose seeds stand in so many: as many as a quarter of them do at most. A passage
/// holds phrases that stand everywhere, and seeds that a misreading made its own are no part of it.
pub fn quarter(mut counts: Vec<u32>) -> Option<u32> {
    counts.sort_unstable();
    counts.get(counts.len() / 4).copied()
}

/// Whether one of some open matches pairs these two places.
pub fn explained(matches: &[Match], copy: usize, original: usize) -> bool {
    matches.iter().any(|m| m.explains(copy, original))
}

/// All matches of a text with what stands before it in the same text, in the order of their later place.
///
/// A match never overlaps itself: the earlier place ends before the later one begins. Time and memory are linear: a seed
/// remembers only its first few places ([`Seeds::PLACES`]), and a place that a match already explains starts no other.
pub fn within(chars: &[char]) -> Vec<Match> {
    let repeats = Repeats::of(chars);
    let mut seeds = Seeds::new(chars.len() / 2);
    let mut found: Vec<Match> = Vec::new();
    // Numbers of the matches that reach beyond the place where we are.
    let mut open: Vec<usize> = Vec::new();
    for (at, hash) in seeds::hashes(chars) {
        if !repeats.has(hash) {
            continue;
        }
        open.retain(|m| at < found[*m].copy.end);
        for earlier in seeds.places(hash) {
            let known = open.iter().any(|m| found[*m].explains(at, earlier));
            if known
                || open.len() >= OPEN
                || earlier + SEED > at
                || chars[earlier..earlier + SEED] != chars[at..at + SEED]
            {
                continue;
            }
            let hit = extend(chars, chars, earlier, at, SEED, true);
            if hit.copy.len() >= SHORTEST {
                open.push(found.len());
                found.push(hit);
            }
        }
        seeds.add(hash, at);
    }
    chained(found, chars, chars, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(text: &str) -> Vec<(String, String, f64)> {
        let folded = Folded::new(text);
        let show = |r: &std::ops::Range<usize>| folded.chars()[r.clone()].iter().collect();
        within(folded.chars()).iter().map(|m| (show(&m.original), show(&m.copy), m.similarity())).collect()
    }

    #[test]
    fn a_passage_printed_again_is_found_with_its_whole_length() {
        let text =
            "夏收时节，县里的农机手分成三队，赶在雨前下地。\n\n粮站早早开了门。\n\n县里的农机手分成三队,赶在雨前下地。";
        let found = matches(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].1, "县里的农机手分成三队赶在雨前下地");
        assert_eq!(found[0].2, 1.0);
    }

    #[test]
    fn differences_are_passed_over_and_counted() {
        let text = "老站长说这条线路修了整整三年光是涵洞就打了四十七座。另一段。老站长说这条线路俢了整整三年光是涵涧就打了四十七座。";
        let found = matches(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].2 > 0.8 && found[0].2 < 1.0);
    }

    #[test]
    fn one_character_for_ever_is_no_trouble() {
        let text = "中".repeat(200_000);
        assert!(within(Folded::new(&text).chars()).len() < 1_000);
    }

    #[test]
    fn ten_thousand_copies_cost_no_more_than_their_length() {
        let text = "这一段话在一期报纸里印了很多很多遍，谁也说不清为什么。\n".repeat(10_000);
        assert!(within(Folded::new(&text).chars()).len() < 200_000);
    }
}
