//! Words of the dictionary, so that a rare word that is right is not taken for a common one that was meant.
//!
//! A word is known by a hash: its first bits choose a row, sixteen more are kept with how common the word is. The table
//! is derived from the dictionary of a word segmenter (`model/README.md`); `examples/learn_lexicon.rs` makes it again.
//!
//! # Format
//!
//! Little-endian: `KWL1`; row bits (u32); where each row begins (one more than there are rows, u32 each); the marks, rising
//! within a row (u16 each); for each how common it is (u8, `1 + floor(log2(count))`).

use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../model/words.bin");

const MAGIC: &[u8; 4] = b"KWL1";

/// Characters of the shortest and of the longest word.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 2..=5;

/// A list of words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lexicon<'l> {
    bits: u32,
    rows: &'l [u8],
    marks: &'l [u8],
    levels: &'l [u8],
}

/// A word that covers a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its length in characters; 0 where no word covers the place.
    pub length: u8,
    /// How common it is: one more than the power of two of its count.
    pub level: u8,
}

fn hash(word: &[char]) -> u64 {
    let mix = |h: u64, c: &char| (h ^ u64::from(*c as u32)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    word.iter().fold(word.len() as u64, mix).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

fn u32_at(bytes: &[u8], i: usize) -> Option<usize> {
    let part = bytes.get(4 * i..4 * i + 4)?;
    usize::try_from(u32::from_le_bytes(part.try_into().ok()?)).ok()
}

impl Lexicon<'_> {
    /// The list that the program carries.
    pub fn embedded() -> &'static Lexicon<'static> {
        static LIST: LazyLock<Lexicon<'static>> = LazyLock::new(|| Lexicon::read(EMBEDDED).unwrap_or_default());
        &LIST
    }

    /// A list over the bytes of its file; `None` where they are anything else.
    pub fn read(bytes: &[u8]) -> Option<Lexicon<'_>> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let bits = u32::try_from(u32_at(rest, 0)?).ok().filter(|b| (1..=24).contains(b))?;
        let (rows, rest) = rest.get(4..)?.split_at_checked(4 * ((1 << bits) + 1))?;
        let count = u32_at(rows, 1 << bits)?;
        let (marks, levels) = rest.split_at_checked(count.checked_mul(2)?)?;
        (levels.len() == count).then_some(Lexicon { bits, rows, marks, levels })
    }

    /// How common a word is, see [`Word::level`]; `None` where it is not listed.
    pub fn level(&self, word: &[char]) -> Option<u8> {
        if self.bits == 0 || !LENGTHS.contains(&word.len()) {
            return None;
        }
        let hash = hash(word);
        let (row, mark) = ((hash >> (64 - self.bits)) as usize, (hash >> (48 - self.bits)) as u16);
        let (from, to) = (u32_at(self.rows, row)?, u32_at(self.rows, row + 1)?);
        let marks = self.marks.get(2 * from..2 * to)?;
        // They rise and are as good as evenly spread: one is looked for on both sides of where it would then stand.
        let marks = marks.as_chunks::<2>().0;
        let is = |i: usize, wanted: fn(&u16, &u16) -> bool| {
            marks.get(i).is_some_and(|m| wanted(&u16::from_le_bytes(*m), &mark))
        };
        let mut at = ((marks.len() as u64 * u64::from(mark)) >> 16) as usize;
        while let Some(before) = at.checked_sub(1).filter(|i| is(*i, u16::ge)) {
            at = before;
        }
        while is(at, u16::lt) {
            at += 1;
        }
        is(at, u16::eq).then(|| self.levels.get(from + at).copied()).flatten()
    }

    /// The longest word of a text that covers the character at `at`, the commonest of equal ones.
    pub fn covering(&self, text: &[char], at: usize) -> Word {
        let mut best = Word::default();
        for length in LENGTHS.rev() {
            for start in at.saturating_sub(length - 1)..=at {
                let level = text.get(start..start + length).and_then(|w| self.level(w));
                if let Some(level) = level.filter(|l| *l > best.level) {
                    best = Word { length: length as u8, level };
                }
            }
            if best.length > 0 {
                break;
            }
        }
        best
    }
}

/// The bytes of a list of words with their counts.
pub fn write(words: &[(Vec<char>, u32)]) -> Vec<u8> {
    let listed: Vec<_> = words.iter().filter(|(w, _)| LENGTHS.contains(&w.len())).collect();
    let bits = (listed.len() / 16).max(2).next_power_of_two().ilog2().min(24);
    let mut entries: Vec<(u64, u8)> =
        listed.iter().map(|(w, n)| (hash(w) >> (48 - bits), 1 + n.max(&1).ilog2() as u8)).collect();
    entries.sort_unstable();
    entries.dedup_by_key(|e| e.0);
    let mut out = MAGIC.to_vec();
    out.extend(bits.to_le_bytes());
    let mut at = 0;
    for row in 0..=1u64 << bits {
        while entries.get(at).is_some_and(|e| e.0 >> 16 < row) {
            at += 1;
        }
        out.extend((at as u32).to_le_bytes());
    }
    entries.iter().for_each(|e| out.extend((e.0 as u16).to_le_bytes()));
    out.extend(entries.iter().map(|e| e.1));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn what_is_written_is_read_again() {
        let bytes = write(&[(chars("应激"), 12), (chars("隔三岔五"), 1), (chars("岔"), 9)]);
        let list = Lexicon::read(&bytes).expect("a list");
        assert_eq!(list.level(&chars("应激")), Some(4));
        assert_eq!(list.level(&chars("岔")), None);
        assert_eq!(list.covering(&chars("民警隔三岔五来"), 4), Word { length: 4, level: 1 });
        assert_eq!(list.covering(&chars("民警"), 1), Word::default());
        for cut in 0..bytes.len() {
            assert!(Lexicon::read(&bytes[..cut]).is_none(), "{cut}");
        }
    }
}
