//! Words of the dictionary, and how they follow each other in print, so that a rare word that is right is not taken for a
//! common one that was meant, and a word that is one is seen to stand where it never stands.
//!
//! A word is known by a hash: its first bits choose a row, sixteen more are kept with how common the word is; two words
//! that follow each other are known in the same way. The table is derived from the dictionary of a word segmenter and from
//! the text that the language model learned from (`model/README.md`); `examples/learn_lexicon` makes it again.
//!
//! # Format
//!
//! Little-endian: `KWL2`; two tables, of words and of pairs of words. A table: row bits (u32); where each row begins (one
//! more than there are rows, u32 each); the marks, rising within a row (u16 each); for each word how common it is (u8, `1 +
//! floor(log2(count))`), its probability and its back-off, for each pair its probability (u8 each, minus log10 in steps of
//! [`STEP`]).

mod divide;
mod learn;
mod table;

pub use divide::{Divided, Span};
pub use learn::{Follows, Listed, write};
pub(super) use table::{Table, write as write_table};

use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../model/words.bin");

const MAGIC: &[u8; 4] = b"KWL2";

/// Characters of the shortest and of the longest word.
pub const LENGTHS: std::ops::RangeInclusive<usize> = 2..=5;

/// log10 of a probability is kept in steps of this.
const STEP: f32 = 1.0 / 32.0;

/// A list of words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lexicon<'l> {
    words: Table<'l>,
    levels: &'l [u8],
    logs: &'l [u8],
    back_offs: &'l [u8],
    pairs: Table<'l>,
    pair_logs: &'l [u8],
}

/// A word that covers a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// Its length in characters; 0 where no word covers the place.
    pub length: u8,
    /// How common it is: one more than the power of two of its count.
    pub level: u8,
}

const SEED: u64 = 0x5851_F42D_4C95_7F2D;
const SPREAD: u64 = 0xBF58_476D_1CE4_E5B9;

/// What is known of a word's hash after one more of its characters.
fn mix(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(c as u32)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

/// The hash by which a word is known.
pub(super) fn hash_of(word: &[char]) -> u64 {
    word.iter().fold(SEED, |hash, c| mix(hash, *c)).wrapping_mul(SPREAD)
}

/// The hash of two words that follow each other, from theirs.
fn hash_of_pair(first: u64, second: u64) -> u64 {
    (first.rotate_left(23) ^ second).wrapping_mul(SPREAD)
}

fn log(step: u8) -> f32 {
    -f32::from(step) * STEP
}

impl Lexicon<'_> {
    /// The list that the program carries.
    pub fn embedded() -> &'static Lexicon<'static> {
        static LIST: LazyLock<Lexicon<'static>> = LazyLock::new(|| Lexicon::read(EMBEDDED).unwrap_or_default());
        &LIST
    }

    /// A list over the bytes of its file; `None` where they are anything else.
    pub fn read(bytes: &[u8]) -> Option<Lexicon<'_>> {
        let (words, rest) = Table::read(bytes.strip_prefix(MAGIC)?)?;
        let (levels, rest) = rest.split_at_checked(words.len())?;
        let (logs, rest) = rest.split_at_checked(words.len())?;
        let (back_offs, rest) = rest.split_at_checked(words.len())?;
        let (pairs, pair_logs) = Table::read(rest)?;
        (pair_logs.len() == pairs.len()).then_some(Lexicon { words, levels, logs, back_offs, pairs, pair_logs })
    }

    /// How common a word is, see [`Word::level`]; `None` where it is not listed.
    pub fn level(&self, word: &[char]) -> Option<u8> {
        if !LENGTHS.contains(&word.len()) {
            return None;
        }
        self.levels.get(self.words.find(hash_of(word))?).copied()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    fn listed(word: &str, count: u32, log: f32) -> Listed {
        Listed { word: chars(word), count, log, back_off: -0.5 }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let words =
            [listed("应激", 12, -4.0), listed("隔三岔五", 1, -6.0), listed("岔", 9, -5.0), listed("反应", 40, -3.0)];
        let pairs = [Follows { words: [chars("应激"), chars("反应")], log: -0.25 }];
        let bytes = write(&words, &pairs);
        let list = Lexicon::read(&bytes).expect("a list");
        assert_eq!(list.level(&chars("应激")), Some(4));
        assert_eq!(list.level(&chars("岔")), None, "a single character is no word to cover a place");
        assert_eq!(list.covering(&chars("民警隔三岔五来"), 4), Word { length: 4, level: 1 });
        assert_eq!(list.covering(&chars("民警"), 1), Word::default());
        for cut in 0..bytes.len() {
            assert!(Lexicon::read(&bytes[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn a_text_is_as_likely_as_its_likeliest_division() {
        let words = [listed("应激", 12, -4.0), listed("反应", 40, -3.0), listed("应", 9, -4.5), listed("激", 9, -4.5)];
        let pairs = [Follows { words: [chars("应激"), chars("反应")], log: -0.25 }];
        let bytes = write(&words, &pairs);
        let list = Lexicon::read(&bytes).expect("a list");
        // From the edge to the first word it backs off (an edge is not listed: nothing is taken off), then the pair.
        assert_eq!(list.divide(&chars("应激反应")), Divided { log: -4.25, words: 2 });
        // Marks part words, however many of them stand there.
        assert_eq!(list.divide(&chars("应激，反应")).words, 2);
        assert_eq!(list.divide(&chars("应激，。反应")), list.divide(&chars("应激，反应")));
        assert_eq!(list.divide(&[]), Divided::default());
        assert!(list.divide(&chars("应邀反应")).log < list.divide(&chars("应激反应")).log);
    }
}
