//! How likely a quotation mark stands between two characters, by the strings before and after it.
//!
//! A newspaper quotes a coined term in settled surroundings: 打造“…”品牌, 被誉为“…”, 以“…”为主题. How much a string beside
//! a possible mark speaks for it was learned from news that has its marks (logistic regression, `model/README.md`); the
//! weights of the strings around a place add up to its score, in log-odds.

use super::table::Table;

/// Stands for the edge of a paragraph.
const EDGE: u16 = 10;
/// Longest string on one side of a mark, in characters.
const REACH: usize = 5;
/// Strings around one place: those before it, those after it, four that reach across.
pub const CONTEXTS: usize = 2 * REACH + 4;
/// The strings that are asked first: one and two characters on each side, and one on both.
const NEAR: usize = 5;
/// A place that the nearest strings hold this unlikely, in units of the table, is not asked further: the longer ones
/// seldom outweigh that.
const HOPELESS: i32 = -56;

/// A character as the contexts see it: any digit is 0, any Latin letter a.
pub fn folded(c: char) -> u16 {
    match c {
        '0'..='9' => u16::from(b'0'),
        'a'..='z' | 'A'..='Z' => u16::from(b'a'),
        c => u16::try_from(u32::from(c)).unwrap_or(0xFFFD),
    }
}

/// The character at a place that may lie outside the paragraph.
#[inline]
pub(super) fn char_at(text: &[u16], at: usize) -> u16 {
    text.get(at).copied().unwrap_or(EDGE)
}

/// A key begun with the number of its kind.
#[inline]
pub(super) fn begin(kind: u64) -> u64 {
    (kind + 1).wrapping_mul(0xA076_1D64_78BD_642F)
}

/// A key with one more character or number in it.
#[inline]
pub(super) fn with(key: u64, c: impl Into<u64>) -> u64 {
    (key.rotate_left(29) ^ c.into()).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The keys of the strings around the place before character `at` of a text of folded characters, the nearest first.
pub fn keys(text: &[u16], at: usize, opening: bool) -> [u64; CONTEXTS] {
    let kind = if opening { 0 } else { 3 };
    let (mut before, mut after) = ([begin(kind); REACH + 1], [begin(kind + 1); REACH + 1]);
    for n in 0..REACH {
        before[n + 1] = with(before[n], char_at(text, at.wrapping_sub(n + 1)));
        after[n + 1] = with(after[n], char_at(text, at + n));
    }
    let across = |n: usize, m: usize| with(with(begin(kind + 2), before[n]), after[m]);
    let mut keys = [0; CONTEXTS];
    keys[..NEAR].copy_from_slice(&[before[1], after[1], before[2], after[2], across(1, 1)]);
    keys[NEAR..NEAR + 3].copy_from_slice(&before[3..]);
    keys[NEAR + 3..NEAR + 6].copy_from_slice(&after[3..]);
    keys[NEAR + 6..].copy_from_slice(&[across(2, 1), across(1, 2), across(2, 2)]);
    keys
}

/// Log-odds, in units of the table, that a mark stands before character `at` of a paragraph (folded, without its marks).
#[inline]
pub fn score(table: &Table, text: &[u16], at: usize, opening: bool) -> i32 {
    let keys = keys(text, at, opening);
    let (near, far) = keys.split_at(NEAR);
    let sum = table.constant(usize::from(!opening)) + near.iter().map(|k| table.weight(*k)).sum::<i32>();
    match sum < HOPELESS {
        true => sum,
        false => sum + far.iter().map(|k| table.weight(*k)).sum::<i32>(),
    }
}
