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
/// The strings that are asked first: one and two characters on each side, and one on both.
const NEAR: usize = 5;
/// The others.
const FAR: usize = 9;
/// A place that the nearest strings hold this unlikely, in units of the table, is not asked further: the longer ones
/// seldom outweigh that.
const HOPELESS: i32 = -46;

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

/// The strings of one to [`REACH`] characters before and after a place, as keys; the first of each is of none.
struct Around {
    kind: u64,
    before: [u64; REACH + 1],
    after: [u64; REACH + 1],
}

impl Around {
    #[inline]
    fn new(opening: bool) -> Self {
        let kind = if opening { 0 } else { 3 };
        Around { kind, before: [begin(kind); REACH + 1], after: [begin(kind + 1); REACH + 1] }
    }

    /// Makes the strings from `from` to `to` characters.
    #[inline]
    fn fill(&mut self, text: &[u16], at: usize, from: usize, to: usize) {
        for n in from..=to {
            self.before[n] = with(self.before[n - 1], char_at(text, at.wrapping_sub(n)));
            self.after[n] = with(self.after[n - 1], char_at(text, at + n - 1));
        }
    }

    /// The key of `n` characters before and `m` characters after the place together.
    #[inline]
    fn across(&self, n: usize, m: usize) -> u64 {
        with(with(begin(self.kind + 2), self.before[n]), self.after[m])
    }

    #[inline]
    fn near(&self) -> [u64; NEAR] {
        [self.before[1], self.after[1], self.before[2], self.after[2], self.across(1, 1)]
    }

    #[inline]
    fn far(&self) -> [u64; FAR] {
        let [_, _, _, b3, b4, b5] = self.before;
        let [_, _, _, a3, a4, a5] = self.after;
        [b3, a3, b4, a4, b5, a5, self.across(2, 1), self.across(1, 2), self.across(2, 2)]
    }
}

/// The keys of the strings around the place before character `at` of a text of folded characters.
pub fn keys(text: &[u16], at: usize, opening: bool) -> impl Iterator<Item = u64> {
    let mut around = Around::new(opening);
    around.fill(text, at, 1, REACH);
    around.near().into_iter().chain(around.far())
}

/// Log-odds, in units of the table, that a mark stands before character `at` of a paragraph (folded, without its marks).
#[inline]
pub fn score(table: &Table, text: &[u16], at: usize, opening: bool) -> i32 {
    let mut around = Around::new(opening);
    around.fill(text, at, 1, 2);
    let sum = table.constant(usize::from(!opening)) + table.sum(&around.near());
    if sum < HOPELESS {
        return sum;
    }
    around.fill(text, at, 3, REACH);
    sum + table.sum(&around.far())
}
