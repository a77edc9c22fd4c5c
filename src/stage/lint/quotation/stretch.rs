//! A stretch that may be a quoted term, and the keys by which the table knows it.

use super::contexts::{begin, with};
use super::table::Table;

/// Longest term, in characters.
pub const LONGEST: usize = 16;

/// A paragraph without its marks: folded characters, and whether a mark may stand before each (and at the end).
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Folded characters.
    pub text: Vec<u16>,
    /// Before each character and at the end: no mark may stand here.
    pub shut: Vec<bool>,
}

/// A stretch that may be a quoted term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Number of its line.
    pub line: usize,
    /// First character.
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// Log-odds of its marks, in units of the table.
    pub marks: (i32, i32),
    /// Log-odds of the term; after the first round, then after the second.
    pub score: i32,
    /// The key of its words, see [`phrase`].
    pub words: u64,
}

/// The key under which the table holds how often print quotes these words, in log-odds.
pub fn phrase(text: &[u16]) -> u64 {
    text.iter().fold(WORDLESS, |key, c| with(key, *c))
}

/// The key of no words.
pub(super) const WORDLESS: u64 = begin(6);

/// A number in steps, kept within a range.
pub(super) fn step(n: i32, width: i32, low: i32, high: i32) -> u64 {
    (n.div_euclid(width).clamp(low, high) - low) as u64
}

/// Whether a character is of the block of Han characters, as most are.
#[inline]
pub(super) fn is_plain(c: u16) -> bool {
    (0x4E00..=0x9FFF).contains(&c)
}

/// A key of numbers.
pub(super) fn of(kind: u64, parts: &[u64]) -> u64 {
    parts.iter().fold(begin(kind), |key, part| with(key, *part))
}

/// A key of characters.
pub(super) fn chars(kind: u64, parts: &[u16]) -> u64 {
    parts.iter().fold(begin(kind), |key, part| with(key, *part))
}

/// How often print quotes these words (a key), in steps; 0 where the table does not know them.
pub(super) fn known(table: &Table, words: u64, width: i32) -> u64 {
    match table.weight(words) {
        0 => 0,
        odds => step(odds, width, -32 / width, 31 / width) + 1,
    }
}
