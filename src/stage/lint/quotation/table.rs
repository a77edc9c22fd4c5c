//! The learned weights in one file that is used as it lies in the binary: nothing is read or built at the start.
//!
//! The file (`model/quotation.bin`, little-endian): eight bytes [`MAGIC`]; [`CONSTANTS`] numbers of four bytes; then three
//! tables. The first, [`SINGLES`] entries of four bytes, is looked into by a character: how much it speaks for an opening
//! and a closing mark after it, and before it. The second is of strings, 2^[`PAIR_BUCKETS`] buckets of [`SLOTS`] slots of
//! four bytes: sixteen bits of a key's hash, by which it is known again, and a byte of weight for each mark. The third is
//! of whatever else, 2^[`BUCKETS`] buckets of [`SLOTS`] slots of two bytes: ten bits of the hash and six of weight. The
//! high bits of a hash choose the bucket; 0 is an empty slot. Weights are in eighths of log-odds, with their sign.

use std::ops::AddAssign;
use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../../../model/quotation.bin");

/// The first bytes of the file: its format's name and number.
pub const MAGIC: &[u8; 8] = b"KWQUOT02";
/// Numbers that stand by themselves: the constants of an opening mark, a closing mark, the first and the second round.
pub const CONSTANTS: usize = 4;
/// Entries of the table of characters: those of [`single`], and one for all others.
const SINGLES: usize = OTHERS + 1;
/// Where the Han characters of that table begin, after the Latin ones and three blocks of marks.
const HAN: usize = 256 + 3 * BLOCK;
/// Where they end.
const OTHERS: usize = HAN + 0x5200;
/// Characters of a block of marks.
const BLOCK: usize = 128;
/// Slots of a bucket.
const SLOTS: usize = 4;
/// Power of two of the buckets of strings.
const PAIR_BUCKETS: u32 = 15;
/// Power of two of the buckets of whatever else.
const BUCKETS: u32 = 15;
/// Weights are in this part of log-odds (natural logarithm).
pub const UNIT: f32 = 1.0 / 8.0;
/// Least and greatest weight of a slot of the third table, in [`UNIT`]s.
const RANGE: (i32, i32) = (-32, 31);

/// What speaks for an opening and for a closing mark at one place, in [`UNIT`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// For an opening mark.
    pub opening: i32,
    /// For a closing mark.
    pub closing: i32,
}

impl Pair {
    /// That of the likelier mark.
    #[inline]
    pub fn greater(self) -> i32 {
        self.opening.max(self.closing)
    }
}

impl AddAssign for Pair {
    #[inline]
    fn add_assign(&mut self, other: Pair) {
        self.opening += other.opening;
        self.closing += other.closing;
    }
}

/// Weights by character and by hashed key, in [`UNIT`]s.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    constants: [i32; CONSTANTS],
    singles: &'a [[u8; 4]],
    pairs: &'a [[u8; 4 * SLOTS]],
    buckets: &'a [[u8; 2 * SLOTS]],
}

impl Table<'static> {
    /// The table that the binary carries.
    pub fn embedded() -> Table<'static> {
        static TABLE: LazyLock<Table<'static>> = LazyLock::new(|| Table::read(EMBEDDED).unwrap_or(Table::EMPTY));
        *TABLE
    }

    /// A table without weights.
    const EMPTY: Table<'static> = Table { constants: [-1000; CONSTANTS], singles: &[], pairs: &[], buckets: &[] };
}

impl<'a> Table<'a> {
    /// Looks at the bytes of a file; `None` where they are not one.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let (numbers, rest) = bytes.strip_prefix(MAGIC)?.split_at_checked(4 * CONSTANTS)?;
        let mut constants = [0; CONSTANTS];
        for (constant, bytes) in constants.iter_mut().zip(numbers.as_chunks().0) {
            *constant = i32::from_le_bytes(*bytes);
        }
        let (singles, rest) = rest.split_at_checked(4 * SINGLES)?;
        let (pairs, buckets) = rest.split_at_checked((4 * SLOTS) << PAIR_BUCKETS)?;
        let fits = buckets.len() == (2 * SLOTS) << BUCKETS;
        let (singles, pairs, buckets) = (singles.as_chunks().0, pairs.as_chunks().0, buckets.as_chunks().0);
        fits.then_some(Table { constants, singles, pairs, buckets })
    }

    /// A constant, see [`CONSTANTS`].
    pub fn constant(&self, number: usize) -> i32 {
        self.constants.get(number).copied().unwrap_or(0)
    }

    /// The weights of a place between two characters, by these alone.
    #[inline]
    pub fn sides(&self, before: u16, after: u16) -> Pair {
        let [opens, closes, ..] = self.singles.get(single(before)).copied().unwrap_or_default();
        let [.., opening, closing] = self.singles.get(single(after)).copied().unwrap_or_default();
        Pair {
            opening: self.constants[0] + signed(opens) + signed(opening),
            closing: self.constants[1] + signed(closes) + signed(closing),
        }
    }

    /// The weights of several strings together.
    #[inline]
    pub fn pairs(&self, keys: &[u64]) -> Pair {
        let mut sum = Pair::default();
        for key in keys {
            sum += self.pair(*key);
        }
        sum
    }

    /// The weights of a string; 0 where the table has none.
    #[inline(always)]
    fn pair(&self, key: u64) -> Pair {
        let Some(bucket) = self.pairs.get((key >> (u64::BITS - PAIR_BUCKETS)) as usize) else { return Pair::default() };
        let tag = u32::from(pair_tag(key)) << 16;
        // At most one slot has the tag: joining all four needs no branch, which nothing could foretell.
        let mut known = 0;
        for slot in bucket.as_chunks().0 {
            let slot = u32::from_le_bytes(*slot) ^ tag;
            known |= slot & u32::from(slot >> 16 == 0).wrapping_neg();
        }
        let [opening, closing, ..] = known.to_le_bytes();
        Pair { opening: signed(opening), closing: signed(closing) }
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
        let Some(bucket) = self.buckets.get((key >> (u64::BITS - BUCKETS)) as usize) else { return 0 };
        let slots = u64::from_le_bytes(*bucket);
        let tag = tag(key);
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

#[inline(always)]
fn signed(byte: u8) -> i32 {
    i32::from(byte as i8)
}

/// Number of a character in the table of characters.
#[inline]
fn single(c: u16) -> usize {
    let at = usize::from(c);
    match c {
        0x4E00..=0x9FFF => HAN + at - 0x4E00,
        0..=0xFF => at,
        0x2000..=0x207F => 256 + at - 0x2000,
        0x3000..=0x307F => 256 + BLOCK + at - 0x3000,
        0xFF00..=0xFF7F => 256 + 2 * BLOCK + at - 0xFF00,
        _ => OTHERS,
    }
}

/// Ten bits by which a key is known in its bucket; never 0.
#[inline]
fn tag(key: u64) -> u16 {
    ((key >> 24) as u16 & 0x3FF).max(1)
}

/// Sixteen bits by which a string is known in its bucket; never 0.
#[inline]
fn pair_tag(key: u64) -> u16 {
    ((key >> 24) as u16).max(1)
}

/// Weights that were learned, in log-odds.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    /// The constants.
    pub constants: [f32; CONSTANTS],
    /// Of a character before a place, and of one after it, for an opening and a closing mark.
    pub singles: [Vec<(u16, [f32; 2])>; 2],
    /// Of strings, for an opening and a closing mark.
    pub pairs: Vec<(u64, [f32; 2])>,
    /// Of whatever else.
    pub weights: Vec<(u64, f32)>,
}

fn units(weight: f32) -> i32 {
    (weight / UNIT).round() as i32
}

fn bytes(weights: [f32; 2]) -> [u8; 2] {
    weights.map(|w| units(w).clamp(i32::from(i8::MIN), i32::from(i8::MAX)) as i8 as u8)
}

/// Writes a table; where a bucket is full, the greatest weights stay.
pub fn write(learned: &Learned) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    learned.constants.iter().for_each(|c| file.extend(units(*c).to_le_bytes()));
    let mut singles = vec![[0u8; 4]; SINGLES];
    for (side, weights) in learned.singles.iter().enumerate() {
        for (c, weights) in weights.iter().filter(|(c, _)| single(*c) != OTHERS) {
            singles[single(*c)][2 * side..2 * side + 2].copy_from_slice(&bytes(*weights));
        }
    }
    file.extend(singles.as_flattened());
    let pairs = learned.pairs.iter().map(|(key, weights)| {
        let [opening, closing] = bytes(*weights);
        let slot = u32::from(pair_tag(*key)) << 16 | u32::from(closing) << 8 | u32::from(opening);
        (*key, slot, signed(opening).abs() + signed(closing).abs())
    });
    buckets(pairs, PAIR_BUCKETS, 16).into_iter().for_each(|slot| file.extend(slot.to_le_bytes()));
    let weights = learned.weights.iter().map(|(key, weight)| {
        let weight = units(*weight).clamp(RANGE.0, RANGE.1);
        (*key, u32::from(tag(*key)) << 6 | weight as u32 & 0x3F, weight.abs())
    });
    buckets(weights, BUCKETS, 6).into_iter().for_each(|slot| file.extend((slot as u16).to_le_bytes()));
    file
}

/// The slots of `2^size` buckets, from keys, their slots and what these weigh; a slot's tag is above `bits` of weight.
fn buckets(slots: impl Iterator<Item = (u64, u32, i32)>, size: u32, bits: u32) -> Vec<u32> {
    let mut buckets: Vec<Vec<(i32, u32)>> = vec![Vec::new(); 1 << size];
    for (key, slot, weight) in slots {
        let Some(bucket) = buckets.get_mut((key >> (u64::BITS - size)) as usize) else { continue };
        if weight != 0 && bucket.iter().all(|(_, known)| known >> bits != slot >> bits) {
            bucket.push((weight, slot));
        }
    }
    for bucket in &mut buckets {
        bucket.sort_by(|a, b| b.cmp(a));
        bucket.resize(SLOTS, (0, 0));
    }
    buckets.into_iter().flatten().map(|(_, slot)| slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let key = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let weight = |n: u64| (n as f32 - 50.0) / 16.0;
        let learned = Learned {
            constants: [-5.5, -5.0, 0.0, 1.25],
            singles: [vec![(0x4E00, [1.0, -1.0])], vec![(0x3001, [0.5, 2.0]), (0xAC00, [9.0, 9.0])]],
            pairs: (1..100).map(|n| (key(n), [weight(n), -2.0 * weight(n)])).collect(),
            weights: (1..100).map(|n| (key(n), weight(n))).collect(),
        };
        let bytes = write(&learned);
        let table = Table::read(&bytes).unwrap_or(Table::EMPTY);
        assert_eq!((table.constant(0), table.constant(3)), (-44, 10));
        assert_eq!(table.sides(0x4E00, 0x3001), Pair { opening: -44 + 8 + 4, closing: -40 - 8 + 16 });
        assert_eq!(table.sides(0x4E01, 0xAC00), Pair { opening: -44, closing: -40 });
        for n in 1..100 {
            assert_eq!(table.weight(key(n)), units(weight(n)));
            assert_eq!(table.pairs(&[key(n)]), Pair { opening: units(weight(n)), closing: units(-2.0 * weight(n)) });
        }
        assert!(Table::read(&bytes[..bytes.len() - 1]).is_none() && Table::read(b"").is_none());
        assert!(Table::embedded().constant(0) < 0);
    }
}
