//! Extension: how far two texts go together from a seed, small differences passed over.

use std::ops::Range;

/// How far from each other two places may lie that one match is said to pair.
const NEAR: usize = 6;
/// Twice what an edit takes from the score, an equal pair adding two: in the usual terms a match is 1, a mismatch −2 and
/// a gap −2.5, the ratio for texts that agree in nine characters of ten (States, Gish and Altschul 1991).
const COST: i32 = 6;
/// The texts have parted for good when twice the score has fallen so far below its best.
const DROP: i32 = 28;

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
        self.copy.contains(&copy) && self.to_original(copy).abs_diff(original) <= NEAR
    }
}

/// Extends a seed of `length` equal characters to both sides.
///
/// `same` says that both texts are one, so that the two stretches must not come to overlap. The alignment is the greedy
/// one with a drop (Zhang, Schwartz, Wagner and Miller 2000, "A greedy algorithm for aligning DNA sequences"): it goes
/// along the diagonals, so that its cost is the length of what it finds and the square of the differences between two
/// places where the texts agree well.
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
    let (a, b) = (Ahead(original.get(end_original..limit).unwrap_or(&[])), Ahead(copy.get(end_copy..).unwrap_or(&[])));
    let c = Back(original.get(..at_original).unwrap_or(&[]));
    let after = walk(a, b);
    // The original has ended somewhere before the copy's seed; the copy must not be extended back into it.
    let floor = if same { end_original + after.original } else { 0 };
    let before = walk(c, Back(copy.get(floor..at_copy).unwrap_or(&[])));
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

/// The furthest places that so many edits reach, one for each diagonal from `low` on.
#[derive(Clone, Copy)]
struct Row {
    low: i32,
    start: usize,
    end: usize,
}

/// No place on this diagonal; so low that no step makes a place of it.
const NOWHERE: i32 = i32::MIN / 2;

/// The places of a walk, all rows behind each other.
struct Reached {
    rows: Vec<Row>,
    places: Vec<i32>,
}

impl Reached {
    /// The place on a diagonal after so many edits.
    fn at(&self, edits: usize, diagonal: i32) -> i32 {
        let found = self.rows.get(edits).and_then(|row| {
            let at = row.start + usize::try_from(diagonal - row.low).ok()?;
            self.places.get(at).filter(|_| at < row.end)
        });
        found.copied().unwrap_or(NOWHERE)
    }

    /// The ways to a diagonal by one edit more: an exchange, a character that the original alone has, one that the copy
    /// alone has. Each with the diagonal that it comes from.
    fn ways(&self, edits: usize, diagonal: i32) -> [(i32, i32); 3] {
        let step = |from: i32, by: i32| (self.at(edits, from) + by, from);
        [step(diagonal, 1), step(diagonal - 1, 1), step(diagonal + 1, 0)]
    }
}

/// A text as a walk reads it: ahead from its begin, or back from its end.
trait Way: Copy {
    fn get(self, at: usize) -> Option<char>;
}

#[derive(Clone, Copy)]
struct Ahead<'t>(&'t [char]);

#[derive(Clone, Copy)]
struct Back<'t>(&'t [char]);

impl Way for Ahead<'_> {
    #[inline]
    fn get(self, at: usize) -> Option<char> {
        self.0.get(at).copied()
    }
}

impl Way for Back<'_> {
    #[inline]
    fn get(self, at: usize) -> Option<char> {
        self.0.len().checked_sub(at + 1).and_then(|at| self.0.get(at)).copied()
    }
}

fn meet(a: impl Way, b: impl Way, i: usize, j: usize) -> bool {
    a.get(i).is_some_and(|c| b.get(j) == Some(c))
}

/// How many characters are equal from the start.
fn equal_run(a: impl Way, b: impl Way) -> usize {
    (0..).take_while(|i| meet(a, b, *i, *i)).count()
}

/// Whether two texts agree again soon behind the first character in which they differ: a phrase that stands in two
/// sentences does not, and most seeds are in such phrases. A walk gains where three characters in a row are equal, and it
/// gives up after [`DROP`].
fn goes_on(a: impl Way, b: impl Way, at: usize) -> bool {
    const REACH: usize = 10;
    const ASIDE: usize = 2;
    const LENGTH: usize = REACH + 3;
    // Most walks end here: rows of a known length are compared many characters at a time. Behind the ends of the texts
    // and before the place stands what equals nothing.
    let code = |c: Option<char>, none: u32| c.map_or(none, u32::from);
    let a: [u32; LENGTH] = std::array::from_fn(|i| code(a.get(at + i), u32::MAX));
    let before = |i: usize| i.checked_sub(ASIDE).and_then(|i| b.get(at + i));
    let b: [u32; LENGTH + 2 * ASIDE] = std::array::from_fn(|i| code(before(i), u32::MAX - 1));
    b.windows(LENGTH).any(|b| {
        let equal = a.iter().zip(b).enumerate().fold(0u32, |bits, (i, (a, b))| bits | u32::from(a == b) << i);
        equal & equal >> 1 & equal >> 2 != 0
    })
}

/// Walks along two texts as far as they go together.
fn walk(a: impl Way, b: impl Way) -> Walk {
    let run = equal_run(a, b);
    if !goes_on(a, b, run) {
        return Walk { original: run, copy: run, equal: run, differences: Vec::new() };
    }
    let slide = |i: i32, diagonal: i32| {
        let (mut i, mut j) = (i as usize, (i - diagonal) as usize);
        while meet(a, b, i, j) {
            (i, j) = (i + 1, j + 1);
        }
        i as i32
    };
    // An edit takes a character that is there.
    let fits = |i: i32, diagonal: i32| {
        let j = i - diagonal;
        i >= 0 && j >= 0 && (i == 0 || a.get(i as usize - 1).is_some()) && (j == 0 || b.get(j as usize - 1).is_some())
    };
    let mut reached = Reached { rows: Vec::with_capacity(8), places: Vec::with_capacity(64) };
    let first = run as i32;
    reached.rows.push(Row { low: 0, start: 0, end: 1 });
    reached.places.push(first);
    let (mut best, mut best_at) = (2 * first, (0usize, 0i32));
    let mut edits = 0;
    while let Some(&Row { low, start, end }) = reached.rows.last() {
        let from = reached.places.len();
        let mut row = Row { low: low - 1, start: from, end: from };
        edits += 1;
        let mut alive = false;
        // Of the row before, the places on the diagonals one lower, the same, and one higher.
        let (mut lower, mut same) = (NOWHERE, NOWHERE);
        for (diagonal, at) in (low - 1..).zip(start..end + 2) {
            let higher = if at < end { reached.places[at] } else { NOWHERE };
            let ways = [same + 1, lower + 1, higher];
            let place = ways.into_iter().filter(|i| fits(*i, diagonal)).max();
            (lower, same) = (same, higher);
            let place = place.map_or(NOWHERE, |i| slide(i, diagonal));
            let score = if place == NOWHERE { i32::MIN } else { 2 * place - diagonal - COST * edits as i32 };
            if score > best {
                (best, best_at) = (score, (edits, diagonal));
            }
            let keep = place != NOWHERE && score >= best - DROP;
            alive |= keep;
            reached.places.push(if keep { place } else { NOWHERE });
            row.end += 1;
        }
        // Diagonals at the edge that lead nowhere are not looked at again.
        while row.end > row.start && reached.places.last() == Some(&NOWHERE) {
            reached.places.pop();
            row.end -= 1;
        }
        let idle = reached.places[row.start..row.end].iter().take_while(|p| **p == NOWHERE).count();
        row.start += idle;
        row.low += idle as i32;
        if !alive {
            break;
        }
        reached.rows.push(row);
    }
    traced(&reached, best_at)
}

/// The way to the best place, back to front.
fn traced(reached: &Reached, (mut edits, mut diagonal): (usize, i32)) -> Walk {
    let mut place = reached.at(edits, diagonal);
    let (end, end_diagonal) = (place, diagonal);
    let mut equal = 0;
    let mut differences: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let at = |n: i32| usize::try_from(n).unwrap_or(0);
    while let Some(before) = edits.checked_sub(1) {
        let ways = reached.ways(before, diagonal);
        let Some(&(start, from)) = ways.iter().rev().max_by_key(|w| w.0).filter(|w| w.0 <= place) else { break };
        equal += at(place - start);
        let came = reached.at(before, from);
        let edit = (at(came)..at(start), at(came - from)..at(start - diagonal));
        match differences.last_mut() {
            Some(last) if last.0.start == edit.0.end && last.1.start == edit.1.end => {
                (last.0.start, last.1.start) = (edit.0.start, edit.1.start);
            }
            _ => differences.push(edit),
        }
        (edits, diagonal, place) = (before, from, came);
    }
    equal += at(place);
    differences.reverse();
    Walk { original: at(end), copy: at(end - end_diagonal), equal, differences }
}
