//! The learned weights in one file that is used as it lies in the binary: nothing is read or built at the start.
//!
//! The file (`model/quotation.bin`, little-endian): eight bytes [`MAGIC`]; [`CONSTANTS`] numbers of four bytes; then
//! buckets, a power of two of them, of [`SLOTS`] slots of two bytes. A key is hashed; its high bits choose the bucket. A
//! slot holds ten bits of the hash, by which it is known again, and six bits of weight in eighths of log-odds, with its
//! sign; 0 is an empty slot. About one key in five hundred that the table does not have takes the weight of another.

use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../../../model/quotation.bin");

/// The first bytes of the file: its format's name and number.
pub const MAGIC: &[u8; 8] = b"KWQUOT01";
/// Numbers that stand by themselves: the constants of an opening mark, a closing mark, the first and the second round.
pub const CONSTANTS: usize = 4;
/// Slots of a bucket.
const SLOTS: usize = 4;
/// Bytes of a bucket.
const BUCKET: usize = 2 * SLOTS;
/// Bytes before the buckets.
const HEAD: usize = MAGIC.len() + 4 * CONSTANTS;
/// Weights are in this part of log-odds (natural logarithm).
pub const UNIT: f32 = 1.0 / 8.0;
/// Least and greatest weight of a slot, in [`UNIT`]s.
const RANGE: (i32, i32) = (-32, 31);

/// Weights by hashed key, in [`UNIT`]s.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    constants: [i32; CONSTANTS],
    buckets: &'a [[u8; BUCKET]],
    shift: u32,
}

impl Table<'static> {
    /// The table that the binary carries.
    pub fn embedded() -> Table<'static> {
        static TABLE: LazyLock<Table<'static>> = LazyLock::new(|| Table::read(EMBEDDED).unwrap_or(Table::EMPTY));
        *TABLE
    }

    /// A table without weights.
    const EMPTY: Table<'static> = Table { constants: [-1000; CONSTANTS], buckets: &[], shift: 63 };
}

impl<'a> Table<'a> {
    /// Looks at the bytes of a file; `None` where they are not one.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let numbers = bytes.strip_prefix(MAGIC)?.get(..4 * CONSTANTS)?;
        let mut constants = [0; CONSTANTS];
        for (constant, bytes) in constants.iter_mut().zip(numbers.as_chunks().0) {
            *constant = i32::from_le_bytes(*bytes);
        }
        let (buckets, rest) = bytes.get(HEAD..)?.as_chunks();
        let fits = rest.is_empty() && buckets.len().is_power_of_two() && buckets.len() > 1;
        fits.then_some(Table { constants, buckets, shift: u64::BITS - buckets.len().trailing_zeros() })
    }

    /// A constant, see [`CONSTANTS`].
    pub fn constant(&self, number: usize) -> i32 {
        self.constants.get(number).copied().unwrap_or(0)
    }

    /// The weights of several keys together.
    #[inline]
    pub fn sum(&self, keys: &[u64]) -> i32 {
        let mut sum = 0;
        for key in keys {
            sum += self.weight(*key);
        }
        sum
    }

    /// The weight of a key; 0 where the table has none.
    #[inline(always)]
    pub fn weight(&self, key: u64) -> i32 {
        let Some(bucket) = self.buckets.get((key >> self.shift) as usize) else { return 0 };
        let slots = u64::from_le_bytes(*bucket);
        let tag = tag(key);
        // At most one slot has the tag: adding all four needs no branch, which nothing could foretell.
        weight_if(slots as u16, tag)
            + weight_if((slots >> 16) as u16, tag)
            + weight_if((slots >> 32) as u16, tag)
            + weight_if((slots >> 48) as u16, tag)
    }
}

/// The weight of a slot, six bits with their sign, if it has the tag; else 0.
#[inline(always)]
fn weight_if(slot: u16, tag: u16) -> i32 {
    let mask = -i32::from(slot >> 6 == tag);
    i32::from((slot << 10) as i16 >> 10) & mask
}

/// Ten bits by which a key is known in its bucket; never 0.
#[inline]
fn tag(key: u64) -> u16 {
    ((key >> 24) as u16 & 0x3FF).max(1)
}

/// Writes a table of `2^size` buckets; where a bucket is full, the greatest weights stay.
pub fn write(constants: [f32; CONSTANTS], weights: &[(u64, f32)], size: u32) -> Vec<u8> {
    let mut buckets: Vec<Vec<(i32, u16)>> = vec![Vec::new(); 1 << size];
    for (key, weight) in weights {
        let units = ((weight / UNIT).round() as i32).clamp(RANGE.0, RANGE.1);
        let Some(bucket) = buckets.get_mut((key >> (u64::BITS - size)) as usize) else { continue };
        if units != 0 && bucket.iter().all(|(_, slot)| slot >> 6 != tag(*key)) {
            bucket.push((units.abs(), tag(*key) << 6 | (units as u16 & 0x3F)));
        }
    }
    let mut bytes = MAGIC.to_vec();
    constants.iter().for_each(|c| bytes.extend(((c / UNIT).round() as i32).to_le_bytes()));
    for mut bucket in buckets {
        bucket.sort_by(|a, b| b.cmp(a));
        bucket.resize(SLOTS, (0, 0));
        bucket.iter().for_each(|(_, slot)| bytes.extend(slot.to_le_bytes()));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let key = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let weights: Vec<(u64, f32)> = (1..100).map(|n| (key(n), (n as f32 - 50.0) / 16.0)).collect();
        let bytes = write([-5.5, -5.0, 0.0, 1.25], &weights, 8);
        let table = Table::read(&bytes).unwrap_or(Table::EMPTY);
        assert_eq!((table.constant(0), table.constant(3)), (-44, 10));
        for (key, weight) in weights {
            assert_eq!(table.weight(key), (weight / UNIT).round() as i32);
        }
        assert!(Table::read(&bytes[..bytes.len() - 1]).is_none() && Table::read(b"").is_none());
        assert!(Table::embedded().constant(0) < 0);
    }
}
