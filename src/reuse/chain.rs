//! Chains: matches of the same two texts that follow each other closely are one.
//!
//! Where misreadings stand close together an alignment gives the two texts up, and another seed finds them again behind.

use super::{ALIKE, Match};
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::ops::Range;

/// Most characters between two matches of one passage, on either side.
const GAP: usize = 12;
/// By how many characters the two gaps may differ.
const SHIFT: usize = 3;
/// So many matches before are looked at for one that goes on.
const LOOKED_AT: usize = 8;

/// The matches of two texts in the order of the copy, those that go on from another joined to it. `same` says that both
/// texts are one.
pub fn chained(mut hits: Vec<Match>, original: &[char], copy: &[char], same: bool) -> Vec<Match> {
    hits.sort_by_key(|m| (m.copy.start, m.original.start, m.copy.end));
    let mut out: Vec<Match> = Vec::with_capacity(hits.len());
    for hit in hits {
        let joined = out.iter_mut().rev().take(LOOKED_AT).any(|before| match join(before, &hit, original, copy) {
            Some(whole) if !same || whole.original.end <= whole.copy.start => {
                *before = whole;
                true
            }
            _ => false,
        });
        if !joined {
            out.push(hit);
        }
    }
    out
}

/// Two matches as one, where the second goes on from the first and the whole is as alike as a copy is.
fn join(first: &Match, second: &Match, original: &[char], copy: &[char]) -> Option<Match> {
    let between = |a: &Range<usize>, b: &Range<usize>| (a.end <= b.start).then_some(a.end..b.start);
    let (from, to) = (between(&first.original, &second.original)?, between(&first.copy, &second.copy)?);
    if from.len().max(to.len()) > GAP || from.len().abs_diff(to.len()) > SHIFT {
        return None;
    }
    let gap = aligned(original.get(from.clone())?, copy.get(to.clone())?);
    let shifted =
        gap.into_iter().map(|(a, b)| (a.start + from.start..a.end + from.start, b.start + to.start..b.end + to.start));
    let mut differences = first.differences.clone();
    differences.extend(shifted);
    let changed: usize = differences.iter().skip(first.differences.len()).map(|(a, _)| a.len()).sum();
    differences.extend(second.differences.iter().cloned());
    let equal = first.equal + second.equal + from.len() - changed;
    let whole = Match {
        original: first.original.start..second.original.end,
        copy: first.copy.start..second.copy.end,
        equal,
        differences,
    };
    (whole.similarity() >= ALIKE).then_some(whole)
}

/// The differences of two short stretches; edits that meet are one difference.
fn aligned(a: &[char], b: &[char]) -> Vec<(Range<usize>, Range<usize>)> {
    let steps = capture_diff_slices(Algorithm::Myers, a, b);
    let edits = steps.into_iter().filter(|step| step.tag() != DiffTag::Equal);
    edits.map(|step| (step.old_range(), step.new_range())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reuse::{SEED, extend};

    #[test]
    fn a_passage_with_misreadings_close_together_is_one() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let old = chars("入汛以来的最强降雨过程仍在持续降雨造成江南华南等地江河水位上涨各地紧急组织力量积极应对");
        let new = chars("入汛以来的最强降雨过程仍在持续隆雨遗成江甫华南等地江河水位上涨各地紧急组织力量积极应对");
        let (first, second) = (extend(&old, &new, 0, 0, SEED, false), extend(&old, &new, 30, 30, SEED, false));
        let (first, second) = match (first.clip(&(0..15)), second.clip(&(21..new.len()))) {
            (Some(first), Some(second)) => (first, second),
            _ => panic!("both stand there"),
        };
        let found = chained(vec![second, first.clone()], &old, &new, false);
        let [whole] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((whole.copy.clone(), whole.equal, whole.differences.len()), (0..new.len(), new.len() - 3, 3));
        // What goes on elsewhere is another passage.
        let far = Match { original: 21..33, copy: 30..42, equal: 12, differences: Vec::new() };
        assert_eq!(chained(vec![first, far], &old, &new, false).len(), 2);
    }

    #[test]
    fn the_fewest_edits_are_found() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        assert_eq!(aligned(&chars("甲乙丙丁"), &chars("甲丙戊")), [(1..2, 1..1), (3..4, 2..3)]);
        assert_eq!(aligned(&chars("甲乙"), &chars("丙丁")), [(0..2, 0..2)]);
        assert!(aligned(&[], &[]).is_empty());
    }
}
