//! Extension: how far two texts go together from a seed, small differences passed over.

use std::ops::Range;

/// Most characters of either text that one difference may take.
const GAP: usize = 6;
/// So many equal characters must follow a difference before it counts as one.
const AGREE: usize = 3;
/// What a character of difference costs, an equal one counting 1.
const COST: isize = 2;
/// The texts have parted for good when the score has fallen so far below its best.
const DROP: isize = 14;

/// Two stretches that are the same text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The earlier one, in folded characters of its text.
    pub original: Range<usize>,
    /// The later one, in folded characters of its text.
    pub copy: Range<usize>,
    /// How many characters are equal.
    pub equal: usize,
    /// The differences, in order: what stands in the original and what in the copy.
    pub differences: Vec<(Range<usize>, Range<usize>)>,
}

impl Match {
    /// Equal characters by the length of the longer stretch, 0 to 1.
    pub fn similarity(&self) -> f64 {
        self.equal as f64 / self.original.len().max(self.copy.len()).max(1) as f64
    }

    /// The place in the original that a place in the copy corresponds to.
    pub fn to_original(&self, copy: usize) -> usize {
        let passed = self.differences.partition_point(|d| d.1.start < copy);
        let (from, to) = match passed.checked_sub(1).and_then(|i| self.differences.get(i)) {
            Some(d) if copy < d.1.end => return (d.0.start + (copy - d.1.start)).min(d.0.end),
            Some(d) => (d.0.end, d.1.end),
            None => (self.original.start, self.copy.start),
        };
        (from + copy.saturating_sub(to)).min(self.original.end)
    }

    /// The part of the match that lies in a stretch of the copy; `None` where none does.
    pub fn clip(&self, copy: &Range<usize>) -> Option<Match> {
        let copy = self.copy.start.max(copy.start)..self.copy.end.min(copy.end);
        if copy.is_empty() {
            return None;
        }
        let original = self.to_original(copy.start)..self.to_original(copy.end);
        let inside = |d: &&(Range<usize>, Range<usize>)| copy.start <= d.1.start && d.1.end <= copy.end;
        let differences: Vec<_> = self.differences.iter().filter(inside).cloned().collect();
        let lost: usize = differences.iter().map(|d| d.1.len()).sum();
        Some(Match { equal: copy.len().saturating_sub(lost), original, copy, differences })
    }

    /// The part of the match whose original lies in a stretch; `None` where none does.
    pub fn clip_original(&self, original: &Range<usize>) -> Option<Match> {
        let turned = |d: &(Range<usize>, Range<usize>)| (d.1.clone(), d.0.clone());
        let mirror = Match {
            original: self.copy.clone(),
            copy: self.original.clone(),
            equal: self.equal,
            differences: self.differences.iter().map(turned).collect(),
        };
        let part = mirror.clip(original)?;
        let differences = part.differences.iter().map(turned).collect();
        (!part.original.is_empty()).then_some(Match {
            original: part.copy,
            copy: part.original,
            equal: part.equal,
            differences,
        })
    }

    /// Whether the match pairs these two places, or nearly.
    pub(super) fn explains(&self, copy: usize, original: usize) -> bool {
        self.copy.contains(&copy) && self.to_original(copy).abs_diff(original) <= GAP
    }
}

/// Extends a seed of `length` equal characters to both sides.
///
/// `same` says that both texts are one, so that the two stretches must not come to overlap. Each difference takes at most
/// [`GAP`] characters on either side and must be followed by [`AGREE`] equal ones; the cheapest is taken. This is a
/// banded alignment that never looks back: enough for a page read twice, and its cost is the length of what it finds.
pub fn extend(
    original: &[char],
    copy: &[char],
    at_original: usize,
    at_copy: usize,
    length: usize,
    same: bool,
) -> Match {
    let (end_original, end_copy) = (at_original + length, at_copy + length);
    let limit = if same { at_copy } else { original.len() };
    let after = walk(
        |i| original.get(end_original + i).filter(|_| end_original + i < limit).copied(),
        |i| copy.get(end_copy + i).copied(),
    );
    // The original has ended somewhere before the copy's seed; the copy must not be extended back into it.
    let floor = if same { end_original + after.original } else { 0 };
    let before = walk(
        |i| at_original.checked_sub(i + 1).and_then(|p| original.get(p)).copied(),
        |i| at_copy.checked_sub(i + 1).filter(|p| *p >= floor).and_then(|p| copy.get(p)).copied(),
    );
    let left = before
        .differences
        .iter()
        .rev()
        .map(|(a, b)| (at_original - a.end..at_original - a.start, at_copy - b.end..at_copy - b.start));
    let right = after
        .differences
        .iter()
        .map(|(a, b)| (end_original + a.start..end_original + a.end, end_copy + b.start..end_copy + b.end));
    Match {
        original: at_original - before.original..end_original + after.original,
        copy: at_copy - before.copy..end_copy + after.copy,
        equal: length + before.equal + after.equal,
        differences: left.chain(right).collect(),
    }
}

/// How far a walk went on either side, and over what.
#[derive(Default)]
struct Walk {
    original: usize,
    copy: usize,
    equal: usize,
    differences: Vec<(Range<usize>, Range<usize>)>,
}

fn walk(a: impl Fn(usize) -> Option<char>, b: impl Fn(usize) -> Option<char>) -> Walk {
    let equal_at = |i: usize, j: usize| a(i).is_some_and(|c| b(j) == Some(c));
    let mut now = Walk::default();
    let (mut score, mut best_score) = (0isize, 0isize);
    let (mut best, mut best_differences) = ((0, 0, 0), 0);
    loop {
        while equal_at(now.original, now.copy) {
            (now.original, now.copy, now.equal) = (now.original + 1, now.copy + 1, now.equal + 1);
            score += 1;
        }
        if score > best_score {
            (best_score, best, best_differences) = (score, (now.original, now.copy, now.equal), now.differences.len());
        }
        let agree = |i: usize, j: usize| (0..AGREE).all(|k| equal_at(now.original + i + k, now.copy + j + k));
        let Some((i, j)) = DIFFERENCES.iter().copied().find(|(i, j)| agree(*i, *j)) else { break };
        score -= COST * i.max(j) as isize;
        if score < best_score - DROP {
            break;
        }
        now.differences.push((now.original..now.original + i, now.copy..now.copy + j));
        (now.original, now.copy) = (now.original + i, now.copy + j);
    }
    (now.original, now.copy, now.equal) = best;
    now.differences.truncate(best_differences);
    now
}

/// The differences that are tried, cheapest first, an exchange before a loss or a gain of the same length.
const DIFFERENCES: [(usize, usize); (GAP + 1) * (GAP + 1) - 1] = {
    let mut out = [(0, 0); (GAP + 1) * (GAP + 1) - 1];
    let (mut n, mut longer) = (0, 1);
    while longer <= GAP {
        let mut shorter = longer;
        loop {
            out[n] = (longer, shorter);
            n += 1;
            if shorter < longer {
                out[n] = (shorter, longer);
                n += 1;
            }
            if shorter == 0 {
                break;
            }
            shorter -= 1;
        }
        longer += 1;
    }
    out
};
