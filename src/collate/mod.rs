//! Collation: two readings of one page laid side by side.
//!
//! Two engines, or an engine and a vision model, read the same page; they order its articles differently, one drops a line,
//! the other makes a clause up. The readings are compared by content, not by place. Both are [folded](Folded), so that marks, spaces and
//! width do not count. Runs of characters that stand once in each (Heckel 1978, "A technique for isolating differences between
//! files"; the patience diff of Bram Cohen) say what belongs together; runs that follow each other in both make a block,
//! and blocks may stand in any order, as articles do. Between the runs of a block the two texts are aligned exactly, in a
//! band around the diagonal (Ukkonen 1985) and only as far as that stays cheap: what is too long or too unlike is reported as
//! text that one reading has alone, never forced upon the other.
//!
//! Every character of either reading stands in exactly one part of a [`Collation`]. Time and memory are linear.

mod anchors;
mod blocks;
mod gap;

use crate::reuse::Folded;
use crate::text::SourceSpan;
use std::ops::Range;

/// A stretch of the base beside one of the other reading, in folded characters of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// The stretch of the base.
    pub base: Range<usize>,
    /// The stretch of the other reading.
    pub other: Range<usize>,
}

impl Pair {
    fn new(base: Range<usize>, other: Range<usize>) -> Self {
        Pair { base, other }
    }

    /// A run of equal characters.
    fn run(base: usize, other: usize, length: usize) -> Self {
        Pair::new(base..base + length, other..other + length)
    }

    /// Characters of the longer side.
    pub fn longer(&self) -> usize {
        self.base.len().max(self.other.len())
    }

    /// What pairs are put in order by.
    fn key(&self) -> [usize; 4] {
        [self.base.start, self.base.end, self.other.start, self.other.end]
    }

    fn is_empty(&self) -> bool {
        self.base.is_empty() && self.other.is_empty()
    }
}

/// What two readings have in common and where they differ, in folded characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collation {
    /// What is equal, in the order of the base.
    pub equal: Vec<Pair>,
    /// What differs between two equal stretches that follow each other in both readings (or at an end of both), in the
    /// order of the base; one side may be empty.
    pub differences: Vec<Pair>,
    /// What the base has alone, in its order.
    pub base_only: Vec<Range<usize>>,
    /// What the other reading has alone, in its order.
    pub other_only: Vec<Range<usize>>,
}

/// Two readings with their folded texts.
#[derive(Debug)]
pub struct Readings<'t> {
    base: Folded<'t>,
    other: Folded<'t>,
    /// How they compare.
    pub collation: Collation,
}

impl<'t> Readings<'t> {
    /// Collates two texts.
    pub fn new(base: &'t str, other: &'t str) -> Self {
        let (base, other) = (Folded::new(base), Folded::new(other));
        let collation = collate(base.chars(), other.chars());
        Readings { base, other, collation }
    }

    /// The folded base.
    pub fn base(&self) -> &Folded<'t> {
        &self.base
    }

    /// The other reading, folded.
    pub fn other(&self) -> &Folded<'t> {
        &self.other
    }

    /// Where a stretch of the base stands in its text, in bytes; marks at either end are left out.
    pub fn in_base(&self, range: &Range<usize>) -> SourceSpan {
        let span = self.base.span(range.start, range.end);
        SourceSpan::new(span.start, span.end)
    }

    /// Where a stretch of the other reading stands in its text, in bytes; marks at either end are left out.
    pub fn in_other(&self, range: &Range<usize>) -> SourceSpan {
        let span = self.other.span(range.start, range.end);
        SourceSpan::new(span.start, span.end)
    }
}

impl Collation {
    /// The share of the shorter reading that is equal to something in the other one, 0 to 1.
    pub fn agreement(&self) -> f64 {
        let equal: usize = self.equal.iter().map(|p| p.base.len()).sum();
        let differing = |side: fn(&Pair) -> usize| self.differences.iter().map(side).sum::<usize>();
        let alone = |parts: &[Range<usize>]| parts.iter().map(Range::len).sum::<usize>();
        let base = equal + differing(|p| p.base.len()) + alone(&self.base_only);
        let other = equal + differing(|p| p.other.len()) + alone(&self.other_only);
        equal as f64 / base.min(other).max(1) as f64
    }

    /// The equal stretch that holds a character of the base.
    pub fn equal_at(&self, base: usize) -> Option<&Pair> {
        let next = self.equal.partition_point(|p| p.base.end <= base);
        self.equal.get(next).filter(|p| p.base.start <= base)
    }

    /// Where the other reading has what the base has in a stretch, character for character; for an empty stretch where
    /// both go on without a break.
    pub fn same(&self, base: &Range<usize>) -> Option<Range<usize>> {
        let pair = match base.is_empty() {
            true => self.equal.get(self.equal.partition_point(|p| p.base.end <= base.start))?,
            false => self.equal_at(base.start)?,
        };
        let inside = if base.is_empty() { pair.base.start < base.start } else { base.end <= pair.base.end };
        let at = pair.other.start + base.start.saturating_sub(pair.base.start);
        inside.then_some(at..at + base.len())
    }
}

/// Collates two folded texts.
pub fn collate(base: &[char], other: &[char]) -> Collation {
    let mut out = blocks::align(base, other);
    out.equal.sort_unstable_by_key(Pair::key);
    out.equal.dedup_by(|next, last| {
        let goes_on = last.base.end == next.base.start && last.other.end == next.other.start;
        if goes_on {
            (last.base.end, last.other.end) = (next.base.end, next.other.end);
        }
        goes_on
    });
    out.differences.sort_unstable_by_key(Pair::key);
    let used = |side: fn(&Pair) -> &Range<usize>| {
        let all = out.equal.iter().chain(&out.differences).map(side).filter(|r| !r.is_empty()).cloned();
        let mut used: Vec<Range<usize>> = all.collect();
        used.sort_unstable_by_key(|r| r.start);
        used
    };
    out.base_only = between(&used(|p| &p.base), base.len());
    out.other_only = between(&used(|p| &p.other), other.len());
    out
}

/// What lies between some ranges in order, up to an end.
fn between(used: &[Range<usize>], end: usize) -> Vec<Range<usize>> {
    let (mut out, mut done) = (Vec::new(), 0);
    for range in used {
        if done < range.start {
            out.push(done..range.start);
        }
        done = done.max(range.end);
    }
    if done < end {
        out.push(done..end);
    }
    out
}

/// How many characters two texts have in common from the start.
fn common_start(a: &[char], b: &[char]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How many characters two texts have in common at the end.
fn common_end(a: &[char], b: &[char]) -> usize {
    a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests;
