//! The seeds of several segments as one row.

use super::Seed;
use super::segment::{Segment, Stream};
use crate::error::Result;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// The number of an issue that does not count.
pub const DEAD: u32 = u32::MAX;

/// All seeds of an archive, by hash, within a hash by issue and place. Memory is a few buffers a segment.
///
/// After an error there is nothing more.
pub struct Seeds<'a> {
    rows: Vec<Numbered<'a>>,
    /// The next seed of every row that has one, and the row.
    heads: BinaryHeap<Reverse<(u128, u32)>>,
    failed: Option<crate::error::Error>,
}

/// The seeds of one segment with the numbers that their issues have in the archive.
struct Numbered<'a> {
    seeds: Stream<'a>,
    numbers: &'a [u32],
}

impl Numbered<'_> {
    /// The next seed of an issue that counts. Numbers rise with those in the segment, so the order stays.
    fn next(&mut self) -> Result<Option<u128>> {
        while let Some(seed) = self.seeds.next()? {
            match self.numbers.get(seed.issue as usize) {
                None | Some(&DEAD) => {}
                Some(number) => {
                    return Ok(Some(u128::from(seed.hash) << 64 | u128::from(*number) << 32 | u128::from(seed.at)));
                }
            }
        }
        Ok(None)
    }
}

impl<'a> Seeds<'a> {
    /// The seeds of segments whose issues have these numbers.
    pub(super) fn new(segments: impl Iterator<Item = (&'a Segment, &'a [u32])>) -> Result<Self> {
        let rows = segments.map(|(segment, numbers)| Numbered { seeds: segment.seeds(), numbers });
        let mut seeds = Seeds { rows: rows.collect(), heads: BinaryHeap::new(), failed: None };
        for (i, row) in seeds.rows.iter_mut().enumerate() {
            seeds.heads.extend(row.next()?.map(|head| Reverse((head, i as u32))));
        }
        Ok(seeds)
    }
}

impl Iterator for Seeds<'_> {
    type Item = Result<Seed>;

    fn next(&mut self) -> Option<Result<Seed>> {
        if let Some(error) = self.failed.take() {
            self.heads.clear();
            return Some(Err(error));
        }
        let mut least = self.heads.peek_mut()?;
        let Reverse((head, row)) = *least;
        match self.rows.get_mut(row as usize).map(Numbered::next) {
            Some(Ok(Some(next))) => *least = Reverse((next, row)),
            Some(Err(error)) => self.failed = Some(error),
            Some(Ok(None)) | None => {
                PeekMut::pop(least);
            }
        }
        Some(Ok(Seed { hash: (head >> 64) as u64, issue: (head >> 32) as u32, at: head as u32 }))
    }
}
