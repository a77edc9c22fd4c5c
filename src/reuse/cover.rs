//! Coverage: how much of a stretch its sources explain together.

use std::ops::Range;

/// The union of ranges, sorted and disjoint; ranges that lie at most `bridge` apart become one.
pub fn union(ranges: impl IntoIterator<Item = Range<usize>>, bridge: usize) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = ranges.into_iter().filter(|r| !r.is_empty()).collect();
    sorted.sort_by_key(|r| (r.start, r.end));
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in sorted {
        match out.last_mut() {
            Some(last) if range.start <= last.end + bridge => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}
