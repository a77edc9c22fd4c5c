//! Blocks of seeds: how the seeds of a segment are written down.
//!
//! A block holds some hundred seeds in order. Each is three numbers of so many bytes, low ones first, the same for all seeds
//! of the block: by how much its hash is greater than the one before, its issue, its place. The three widths stand at the
//! head of the block, which makes seven bytes a seed and reading it a matter of shifts.

use super::{HASH_BITS, Seed};

/// Seeds in a block: few enough that looking up one of them costs little.
pub const SEEDS: usize = 512;
/// Most bytes of a block.
pub const MOST: usize = 3 + SEEDS * 13;

/// Writes seeds, which are in order. The first counts from its own hash, which the directory of the blocks keeps.
pub fn write(seeds: &[Seed], out: &mut Vec<u8>) {
    let mut before = seeds.first().map_or(0, |seed| seed.hash);
    let steps = seeds.iter().map(|seed| seed.hash - std::mem::replace(&mut before, seed.hash)).max();
    let widths = [
        width(steps.unwrap_or(0)),
        width(u64::from(seeds.iter().map(|seed| seed.issue).max().unwrap_or(0))),
        width(u64::from(seeds.iter().map(|seed| seed.at).max().unwrap_or(0))),
    ];
    let [for_hash, for_issue, _] = widths.map(|width| 8 * u32::from(width));
    let length: usize = widths.iter().map(|width| usize::from(*width)).sum();
    out.extend(widths);
    let mut before = seeds.first().map_or(0, |seed| seed.hash);
    for seed in seeds {
        let step = seed.hash - std::mem::replace(&mut before, seed.hash);
        let behind = u128::from(seed.issue) | u128::from(seed.at) << for_issue;
        let record = u128::from(step) | behind << for_hash;
        // All sixteen bytes and then away with the last is much faster than as many as are wanted.
        let end = out.len() + length;
        out.extend_from_slice(&record.to_le_bytes());
        out.truncate(end);
    }
}

/// The bytes that a number needs.
fn width(number: u64) -> u8 {
    (u64::BITS - number.leading_zeros()).div_ceil(8).max(1) as u8
}

/// Reads the seeds of a block whose first hash is `first`, in a segment of so many issues; `None` where they are not such
/// as [`write`] writes.
pub fn read(block: &[u8], first: u64, issues: u32, out: &mut Vec<Seed>) -> Option<()> {
    let ([for_hash, for_issue, for_place], records) = block.split_first_chunk::<3>()?;
    let in_bits = |width: u8, most: u8| (1..=most).contains(&width).then_some(8 * u32::from(width));
    let (hash_bits, issue_bits, place_bits) =
        (in_bits(*for_hash, 5)?, in_bits(*for_issue, 4)?, in_bits(*for_place, 4)?);
    let length = ((hash_bits + issue_bits + place_bits) / 8) as usize;
    if !records.len().is_multiple_of(length) {
        return None;
    }
    let low = |bits: u32| u64::MAX >> (u64::BITS - bits);
    let (hash_mask, issue_mask, place_mask) = (low(hash_bits), low(issue_bits), low(place_bits));
    let mut before = Seed { hash: first, issue: 0, at: 0 };
    let mut rest = records;
    out.reserve(records.len() / length);
    while !rest.is_empty() {
        let record = u128::from_le_bytes(rest.first_chunk().copied().unwrap_or_else(|| padded(rest)));
        let behind = record >> hash_bits;
        let seed = Seed {
            hash: before.hash + (record as u64 & hash_mask),
            issue: (behind as u64 & issue_mask) as u32,
            at: ((behind >> issue_bits) as u64 & place_mask) as u32,
        };
        if seed.hash >> HASH_BITS != 0 || seed.issue >= issues || seed < before {
            return None;
        }
        out.push(seed);
        before = seed;
        rest = rest.get(length..)?;
    }
    Some(())
}

/// The last bytes of a block, as if there were more.
fn padded(rest: &[u8]) -> [u8; 16] {
    let mut out = [0; 16];
    out.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seeds() -> impl Strategy<Value = Vec<Seed>> {
        let seed = (0u64..1 << HASH_BITS, 0u32..30, any::<u32>(), 0u32..40, 0u32..32);
        prop::collection::vec(seed, 1..40).prop_map(|seeds| {
            let make = |(hash, issue, at, alike, near)| Seed { hash: hash >> alike, issue, at: at >> near };
            let mut seeds: Vec<Seed> = seeds.into_iter().map(make).collect();
            seeds.sort();
            seeds
        })
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(seeds in seeds()) {
            let (mut block, mut found) = (Vec::new(), Vec::new());
            write(&seeds, &mut block);
            prop_assert!(block.len() <= MOST);
            prop_assert_eq!(read(&block, seeds[0].hash, 30, &mut found), Some(()));
            prop_assert_eq!(found, seeds);
        }

        #[test]
        fn any_bytes_are_read_without_harm(
            widths in prop::array::uniform3(0u8..7), records: Vec<u8>, first in 0u64..1 << HASH_BITS,
        ) {
            let mut found = Vec::new();
            let block = [widths.as_slice(), &records].concat();
            if read(&block, first, 1 << 20, &mut found).is_some() {
                prop_assert!(found.is_sorted() && found.iter().all(|s| s.issue < 1 << 20 && s.hash >> HASH_BITS == 0));
            }
        }
    }
}
