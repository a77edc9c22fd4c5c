//! Seeds while they wait in memory to be sorted and written.

use super::Seed;
use rayon::prelude::*;

/// A seed in twelve bytes: 40 bits of hash, 24 of issue, 32 of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row([u32; 3]);

impl Row {
    /// More issues than this do not fit a segment before it is written.
    pub const ISSUES: usize = 1 << 24;

    /// A seed; `issue` is less than [`Row::ISSUES`].
    #[inline]
    pub fn new(hash: u64, issue: u32, at: u32) -> Row {
        let high = hash << 24 | u64::from(issue & 0xFF_FFFF);
        Row([(high >> 32) as u32, high as u32, at])
    }

    /// The same seed in another issue.
    #[inline]
    pub fn within(self, issue: u32) -> Row {
        let Row([high, low, at]) = self;
        Row([high, low & 0xFF00_0000 | issue & 0xFF_FFFF, at])
    }

    /// The issue.
    #[inline]
    pub fn issue(self) -> u32 {
        self.0[1] & 0xFF_FFFF
    }

    /// The seed.
    #[inline]
    pub fn seed(self) -> Seed {
        let (high, at) = self.order();
        Seed { hash: high >> 24, issue: self.issue(), at }
    }

    /// By hash, issue, place.
    #[inline]
    fn order(self) -> (u64, u32) {
        (u64::from(self.0[0]) << 32 | u64::from(self.0[1]), self.0[2])
    }
}

/// Bits of the hash by which seeds are parted as they come.
const FIRST: u32 = 8;
/// Bits of the hash by which each part is parted again when it is sorted: what comes out is compared.
const SECOND: u32 = 10;
/// Fewer seeds than this are compared and not parted.
const FEW: usize = 4096;

/// Seeds of many issues, sorted as far as that costs nothing.
pub struct Rows {
    parts: Vec<Vec<Row>>,
    length: usize,
}

impl Rows {
    /// None.
    pub fn new() -> Self {
        Rows { parts: (0..1 << FIRST).map(|_| Vec::new()).collect(), length: 0 }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Adds those of one issue.
    pub fn add(&mut self, rows: &[Row], issue: u32) {
        for row in rows {
            self.parts[(row.0[0] >> (u32::BITS - FIRST)) as usize].push(row.within(issue));
        }
        self.length += rows.len();
    }

    /// Gives the issues other numbers: the one that an issue has is the place of its new one.
    pub fn renumber(&mut self, numbers: &[u32]) {
        let new = |row: &mut Row| *row = row.within(numbers[row.issue() as usize]);
        self.parts.par_iter_mut().for_each(|part| part.iter_mut().for_each(new));
    }

    /// Sorts them by hash, issue and place.
    pub fn sort(&mut self) {
        self.parts.par_iter_mut().for_each(|rows| {
            let parts = match rows.len() {
                0..FEW => vec![rows.as_mut_slice()],
                _ => part(rows, u32::BITS - FIRST - SECOND, SECOND),
            };
            parts.into_iter().for_each(|rows| rows.sort_unstable_by_key(|row| row.order()));
        });
    }

    /// All of them, as they stand.
    pub fn seeds(&self) -> impl Iterator<Item = Seed> {
        self.parts.iter().flatten().map(|row| row.seed())
    }

    /// Removes all, and keeps the memory for others.
    pub fn clear(&mut self) {
        self.parts.iter_mut().for_each(Vec::clear);
        self.length = 0;
    }
}

/// Parts seeds by so many bits of the upper half of the hash, by swapping each into its part (McIlroy, Bostic & McIlroy
/// 1993, "Engineering radix sort": American flag).
fn part(rows: &mut [Row], shift: u32, bits: u32) -> Vec<&mut [Row]> {
    let parts = 1usize << bits;
    let part_of = |row: Row| (row.0[0] >> shift) as usize & (parts - 1);
    let mut counts = vec![0usize; parts];
    rows.iter().for_each(|row| counts[part_of(*row)] += 1);
    // Where the next row of a part goes, and where the part ends.
    let ends: Vec<usize> =
        counts.iter().scan(0, |sum, count| Some(std::mem::replace(sum, *sum + count) + count)).collect();
    let mut next: Vec<usize> = ends.iter().zip(&counts).map(|(end, count)| end - count).collect();
    for here in 0..parts {
        while next[here] < ends[here] {
            let mut row = rows[next[here]];
            while part_of(row) != here {
                let to = &mut next[part_of(row)];
                (row, rows[*to]) = (rows[*to], row);
                *to += 1;
            }
            rows[next[here]] = row;
            next[here] += 1;
        }
    }
    let mut rest = rows;
    let split = counts.into_iter().map(|count| {
        let (part, behind) = std::mem::take(&mut rest).split_at_mut(count);
        rest = behind;
        part
    });
    split.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn seeds_are_sorted(seeds in prop::collection::vec((0u64..1 << 40, 0u32..1 << 24, any::<u32>()), 0..9000)) {
            let mut seeds: Vec<Seed> = seeds.into_iter().map(|(hash, issue, at)| Seed { hash, issue, at }).collect();
            // Many of one hash, as in a text that repeats itself.
            let twice: Vec<Seed> = seeds.iter().take(300).map(|s| Seed { at: !s.at, hash: 7, ..*s }).collect();
            seeds.extend(twice);
            // And many that begin alike.
            seeds.iter_mut().skip(500).for_each(|s| s.hash >>= 9);
            let mut rows = Rows::new();
            seeds.iter().for_each(|s| rows.add(&[Row::new(s.hash, 0, s.at)], s.issue));
            rows.sort();
            seeds.sort();
            prop_assert_eq!(rows.seeds().collect::<Vec<_>>(), seeds);
        }
    }
}
