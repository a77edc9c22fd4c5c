//! Where quotation marks are likely to stand: short strings of text before and after a mark, each with a weight.
//!
//! A newspaper quotes a coined term in settled surroundings: 打造“…”品牌, 被誉为“…”, 以“…”为主题. How much a string beside
//! a possible mark speaks for it was learned from news that has its marks (logistic regression, `model/README.md`); the
//! weights of the strings around a place add up to its score, in log-odds.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

static EMBEDDED: &str = include_str!("../../../model/quotation.tsv");

/// Stands for the edge of a paragraph.
const EDGE: u16 = 10;

/// Longest string of a context, in characters.
pub const REACH: usize = 4;

/// On which side of which mark a string stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Before “.
    BeforeOpening,
    /// After “.
    AfterOpening,
    /// Before ”.
    BeforeClosing,
    /// After ”.
    AfterClosing,
    /// One character before “ and one after it.
    AcrossOpening,
    /// One character before ” and one after it.
    AcrossClosing,
}

/// A string on one side of a mark: up to [`REACH`] characters, sixteen bits each.
pub type Key = (Side, u64);

/// A quick hash for [`Key`]; its input is our own table and single characters, so nothing can be made to collide on purpose
/// beyond one line's length.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mix(u64);

impl Hasher for Mix {
    #[inline]
    fn finish(&self) -> u64 {
        // The high bits have seen all of the input; the low ones, which choose the place, only its low bits.
        self.0.rotate_left(26)
    }
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.write_u64(u64::from(*b)));
    }
    #[inline]
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    #[inline]
    fn write_isize(&mut self, n: isize) {
        self.write_u64(n as u64);
    }
}

/// A map from strings beside marks.
pub type Map<V> = HashMap<Key, V, BuildHasherDefault<Mix>>;

/// A character as the contexts see it: any digit is 0, any Latin letter a.
pub fn folded(c: char) -> u16 {
    match c {
        '0'..='9' => u16::from(b'0'),
        'a'..='z' | 'A'..='Z' => u16::from(b'a'),
        c => u16::try_from(u32::from(c)).unwrap_or(0xFFFD),
    }
}

/// The keys of the strings around the place before character `at` of a text of folded characters.
#[inline]
pub fn keys(text: &[u16], at: usize, opening: bool, mut each: impl FnMut(Key)) {
    let (before, after, across) = match opening {
        true => (Side::BeforeOpening, Side::AfterOpening, Side::AcrossOpening),
        false => (Side::BeforeClosing, Side::AfterClosing, Side::AcrossClosing),
    };
    let mut key = 0;
    for back in 1..=REACH {
        let c = at.checked_sub(back).and_then(|i| text.get(i)).copied();
        key |= u64::from(c.unwrap_or(EDGE)) << (16 * (back - 1));
        each((before, key));
        if c.is_none() {
            break;
        }
    }
    let mut key = 0;
    for ahead in 0..REACH {
        let c = text.get(at + ahead).copied();
        key = key << 16 | u64::from(c.unwrap_or(EDGE));
        each((after, key));
        if c.is_none() {
            break;
        }
    }
    let side = |i: Option<usize>| u64::from(i.and_then(|i| text.get(i)).copied().unwrap_or(EDGE));
    each((across, side(at.checked_sub(1)) << 16 | side(Some(at))));
}

/// The text of a key with the mark in its place: `打造“`, `”品牌`; the edge of a paragraph is ¶.
pub fn written((side, key): Key) -> String {
    let chars: Vec<char> = (0..REACH)
        .rev()
        .map(|i| (key >> (16 * i)) as u16)
        .filter(|c| *c != 0)
        .map(|c| if c == EDGE { '¶' } else { char::from_u32(u32::from(c)).unwrap_or('\u{FFFD}') })
        .collect();
    let (mark, at) = match side {
        Side::BeforeOpening => ('“', chars.len()),
        Side::AfterOpening => ('“', 0),
        Side::AcrossOpening => ('“', 1),
        Side::BeforeClosing => ('”', chars.len()),
        Side::AfterClosing => ('”', 0),
        Side::AcrossClosing => ('”', 1),
    };
    let (before, after) = chars.split_at(at.min(chars.len()));
    before.iter().chain([&mark]).chain(after).collect()
}

/// Reads what [`written`] wrote; `None` for a mark alone or what is no key.
fn read_key(text: &str) -> Option<Key> {
    let (at, mark) = text.chars().enumerate().find(|(_, c)| matches!(c, '“' | '”'))?;
    let chars = text.chars().filter(|c| *c != mark).map(|c| if c == '¶' { EDGE } else { folded(c) });
    let (count, key) = chars.fold((0, 0u64), |(n, key), c| (n + 1, key << 16 | u64::from(c)));
    let side = match (mark, at) {
        _ if count == 0 || count > REACH => return None,
        ('“', 0) => Side::AfterOpening,
        ('“', at) if at == count => Side::BeforeOpening,
        ('“', _) => Side::AcrossOpening,
        (_, 0) => Side::AfterClosing,
        (_, at) if at == count => Side::BeforeClosing,
        _ => Side::AcrossClosing,
    };
    Some((side, key))
}

/// The weights, in log-odds (natural logarithm).
#[derive(Clone, Debug, Default)]
pub struct Weights {
    by_key: Map<f32>,
    near: Near,
    opening: f32,
    closing: f32,
}

/// Which strings the table has at all, by the character beside the mark: most places of a text are answered by this.
#[derive(Clone, Debug, Default)]
struct Near {
    /// For each side and character the lengths of its strings, one bit for each, from one character on; a string across
    /// a mark is known by the character after it.
    lengths: [Vec<u8>; 6],
    /// One bit for each side and pair of characters beside the mark with which a string begins; pairs share bits.
    pairs: Vec<u64>,
}

impl Near {
    fn add(&mut self, (side, key): Key) {
        let length = (u64::BITS - key.leading_zeros()).div_ceil(16) as usize;
        let after = matches!(side, Side::AfterOpening | Side::AfterClosing);
        let across = matches!(side, Side::AcrossOpening | Side::AcrossClosing);
        let beside = if after { key >> (16 * length.saturating_sub(1)) } else { key } as u16;
        let Some(table) = self.lengths.get_mut(side as usize) else { return };
        if table.is_empty() {
            table.resize(1 << 16, 0);
        }
        if let Some(lengths) = table.get_mut(usize::from(beside)) {
            *lengths |= 1 << if across { 0 } else { length.saturating_sub(1) };
        }
        let second = if after { key >> (16 * length.saturating_sub(2)) } else { key >> 16 } as u16;
        self.pairs.resize(1 << (Near::BITS - 6), 0);
        let (row, bit) = Near::pair(side, beside, second);
        if let Some(row) = self.pairs.get_mut(row) {
            *row |= bit;
        }
    }

    /// Power of two of the bits for pairs: 32 KB stay close to the processor.
    const BITS: u32 = 18;

    #[inline]
    fn pair(side: Side, beside: u16, second: u16) -> (usize, u64) {
        let key = (side as u64) << 32 | u64::from(beside) << 16 | u64::from(second);
        let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - Near::BITS);
        (hash as usize / 64, 1 << (hash % 64))
    }

    #[inline]
    fn lengths_beside(&self, side: Side, beside: u16, second: u16) -> u8 {
        let lengths = self.lengths[side as usize].get(usize::from(beside)).copied().unwrap_or(0);
        let across = matches!(side, Side::AcrossOpening | Side::AcrossClosing);
        let alone = if across { 0 } else { lengths & 1 };
        if lengths == alone {
            return lengths;
        }
        let (row, bit) = Near::pair(side, beside, second);
        if self.pairs.get(row).is_some_and(|r| r & bit != 0) { lengths } else { alone }
    }

    /// The lengths of the strings before, after and across a mark between the second and the third of four characters.
    #[inline]
    fn lengths(&self, opening: bool, [left2, left, right, right2]: [u16; 4]) -> [u8; 3] {
        let [before, after, across] = match opening {
            true => [Side::BeforeOpening, Side::AfterOpening, Side::AcrossOpening],
            false => [Side::BeforeClosing, Side::AfterClosing, Side::AcrossClosing],
        };
        [
            self.lengths_beside(before, left, left2),
            self.lengths_beside(after, right, right2),
            self.lengths_beside(across, right, left),
        ]
    }
}

impl Weights {
    /// The table that the binary carries; read once.
    pub fn embedded() -> &'static Weights {
        static TABLE: LazyLock<Weights> = LazyLock::new(|| Weights::read(EMBEDDED));
        &TABLE
    }

    /// Reads lines of a string with its mark, a tab, a weight; what is neither is passed over.
    pub fn read(text: &str) -> Self {
        let mut weights = Weights::default();
        for line in text.lines() {
            let Some((key, weight)) = line.split_once('\t') else { continue };
            let Ok(weight) = weight.parse() else { continue };
            match (key, read_key(key)) {
                ("“", _) => weights.opening = weight,
                ("”", _) => weights.closing = weight,
                (_, Some(read)) => {
                    weights.near.add(read);
                    weights.by_key.insert(read, weight);
                }
                _ => {}
            }
        }
        weights
    }

    /// The weight of one string; 0 where the table has none.
    #[inline]
    pub fn of(&self, key: Key) -> f32 {
        self.by_key.get(&key).copied().unwrap_or(0.0)
    }

    /// Log-odds that a mark stands before character `at` of a paragraph (folded, without its marks).
    pub fn score(&self, text: &[u16], at: usize, opening: bool) -> f32 {
        let mut sum = if opening { self.opening } else { self.closing };
        let beside = |i: Option<usize>| i.and_then(|i| text.get(i)).copied().unwrap_or(EDGE);
        let around = [at.checked_sub(2), at.checked_sub(1), Some(at), at.checked_add(1)].map(beside);
        let mut rest = self.near.lengths(opening, around);
        if rest != [0; 3] {
            keys(text, at, opening, |key| {
                // The strings come side by side, each time one character longer.
                let lengths = match key.0 {
                    Side::BeforeOpening | Side::BeforeClosing => &mut rest[0],
                    Side::AfterOpening | Side::AfterClosing => &mut rest[1],
                    Side::AcrossOpening | Side::AcrossClosing => &mut rest[2],
                };
                if *lengths & 1 == 1 {
                    sum += self.of(key);
                }
                *lengths >>= 1;
            });
        }
        sum
    }
}
