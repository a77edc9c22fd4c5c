//! The seeds of several segments as one row.

use super::Seed;
use super::segment::{Segment, Stream};
use crate::error::Result;
use std::hint::select_unpredictable;

/// The number of an issue that does not count.
pub const DEAD: u32 = u32::MAX;

/// All seeds of an archive, by hash, within a hash by issue and place. Memory is a few buffers a segment.
///
/// After an error there is nothing more.
pub struct Seeds<'a> {
    rows: Vec<Numbered<'a>>,
    /// The next seed of every row, [`END`] where there is none, and last one more of these.
    heads: Vec<u128>,
    /// The rows as they stand after a knock-out (Knuth 1998, "The art of computer programming" 3, 5.4.1: tree of losers):
    /// first the row with the least head, then for each match the row that lost it.
    losers: Vec<usize>,
    failed: Option<crate::error::Error>,
}

/// Greater than every seed.
const END: u128 = u128::MAX;

/// The seeds of one segment with the numbers that their issues have in the archive.
struct Numbered<'a> {
    seeds: Stream<'a>,
    numbers: &'a [u32],
}

impl Numbered<'_> {
    /// The next seed of an issue that counts, as one number: hash, issue, place. Issues have their numbers in the order
    /// that they have in the segment, so seeds stay in order.
    #[inline]
    fn next(&mut self) -> Result<u128> {
        while let Some(seed) = self.seeds.next()? {
            match self.numbers.get(seed.issue as usize) {
                None | Some(&DEAD) => {}
                Some(number) => {
                    let place = u64::from(*number) << 32 | u64::from(seed.at);
                    return Ok(u128::from(seed.hash) << 64 | u128::from(place));
                }
            }
        }
        Ok(END)
    }
}

impl<'a> Seeds<'a> {
    /// The seeds of segments whose issues have these numbers.
    pub(super) fn new(segments: impl Iterator<Item = (&'a Segment, &'a [u32])>) -> Result<Self> {
        let mut rows: Vec<_> =
            segments.map(|(segment, numbers)| Numbered { seeds: segment.seeds(), numbers }).collect();
        let mut heads = rows.iter_mut().map(Numbered::next).collect::<Result<Vec<_>>>()?;
        heads.push(END);
        // Before any match, every match was lost by the row behind the last, which is beaten by none.
        let losers = vec![rows.len(); rows.len().max(1)];
        let mut seeds = Seeds { rows, heads, losers, failed: None };
        seeds.first_matches();
        Ok(seeds)
    }

    /// Plays all matches, so that the least head is known.
    fn first_matches(&mut self) {
        let count = self.rows.len();
        // Winners from the leaves up: row `i` is leaf `count + i`, match `m` is played by what won at `2m` and `2m + 1`.
        let mut winners = vec![count; 2 * count.max(1)];
        winners.iter_mut().skip(count).zip(0..count).for_each(|(leaf, row)| *leaf = row);
        for played in (1..count).rev() {
            let (a, b) = (winners[2 * played], winners[2 * played + 1]);
            let (won, lost) = if self.heads[a] <= self.heads[b] { (a, b) } else { (b, a) };
            winners[played] = won;
            self.losers[played] = lost;
        }
        self.losers[0] = if count > 1 { winners[1] } else { 0 };
    }

    /// Plays again what a row has won so far, now that it has another head.
    #[inline]
    fn play(&mut self, row: usize) {
        let (mut best, mut head) = (row, self.heads[row]);
        let mut played = (row + self.rows.len()) / 2;
        while played > 0 {
            let other = self.losers[played];
            let theirs = self.heads[other];
            // Which of two rows comes first is as good as chance: a branch here would be mistaken every second time.
            let lost = theirs < head;
            self.losers[played] = select_unpredictable(lost, best, other);
            (best, head) = select_unpredictable(lost, (other, theirs), (best, head));
            played /= 2;
        }
        self.losers[0] = best;
    }
}

impl Iterator for Seeds<'_> {
    type Item = Result<Seed>;

    #[inline]
    fn next(&mut self) -> Option<Result<Seed>> {
        let row = self.losers[0];
        let head = self.heads[row];
        if head == END {
            // After an error nothing is read any more; it is told once.
            return self.failed.take().map(Err);
        }
        self.heads[row] = match self.rows[row].next() {
            Ok(next) => next,
            Err(error) => {
                self.failed = Some(error);
                self.heads.fill(END);
                END
            }
        };
        self.play(row);
        Some(Ok(Seed { hash: (head >> 64) as u64, issue: (head >> 32) as u32, at: head as u32 }))
    }
}
