//! The runs of two symbols of a model, to be asked from either of them.

use super::{probability, u32_at};
use crate::lm::symbols::Symbol;
use std::borrow::Cow;

/// Who stands on one side of each symbol, as planes of bits with the numbers of their pairs.
#[derive(Clone, Debug, Default)]
pub(super) struct Side<'m> {
    /// Words of 64 bits in a row of the plane.
    words: usize,
    /// A row of bits for each symbol: its neighbours on this side.
    plane: Vec<u64>,
    /// For each word of the plane the number of the first pair in it.
    numbers: Vec<u32>,
    /// The probability of each pair, in the order of the plane.
    pub probabilities: Cow<'m, [u8]>,
}

impl Side<'_> {
    /// The same with its numbers, once the plane is whole.
    fn numbered(mut self) -> Self {
        let mut number = 0u32;
        self.numbers = Vec::with_capacity(self.plane.len());
        for word in &self.plane {
            self.numbers.push(number);
            number = number.wrapping_add(word.count_ones());
        }
        self
    }

    /// The neighbours of a symbol.
    #[inline]
    pub fn of(&self, symbol: Symbol) -> Neighbours<'_> {
        let at = usize::from(symbol) * self.words;
        let row = at..at + self.words;
        Neighbours {
            bits: self.plane.get(row.clone()).unwrap_or(&[]),
            numbers: self.numbers.get(row).unwrap_or(&[]),
            probabilities: &self.probabilities,
        }
    }
}

/// The symbols that are known on one side of a symbol.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'m> {
    bits: &'m [u64],
    numbers: &'m [u32],
    probabilities: &'m [u8],
}

impl Neighbours<'_> {
    /// Whether the two are known side by side.
    #[inline]
    pub fn has(&self, symbol: Symbol) -> bool {
        self.bits.get(usize::from(symbol) / 64).is_some_and(|w| w >> (symbol % 64) & 1 == 1)
    }

    #[inline]
    fn number(&self, symbol: Symbol) -> Option<usize> {
        let place = usize::from(symbol) / 64;
        let (word, bit) = (self.bits.get(place)?, 1 << (symbol % 64));
        (word & bit != 0).then_some(())?;
        Some(*self.numbers.get(place)? as usize + (word & (bit - 1)).count_ones() as usize)
    }

    /// log10 of the probability of the second of the two after the first, if they are known side by side.
    #[inline]
    pub fn log(&self, symbol: Symbol) -> Option<f32> {
        self.number(symbol).map(|n| probability(self.probabilities, n))
    }

    /// All of them, rising, each as in [`Neighbours::log`].
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, f32)> + '_ {
        self.bits.iter().zip(self.numbers).enumerate().flat_map(move |(place, (word, number))| {
            let (mut rest, mut number) = (*word, *number as usize);
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                let log = probability(self.probabilities, number);
                rest &= rest - 1;
                number += 1;
                Some((place as Symbol * 64 + bit as Symbol, log))
            })
        })
    }

    /// Those of them that a row of bits has, one a symbol, each as in [`Neighbours::log`]. The row is given as its words that
    /// are not empty, each with its place.
    pub fn of<'a>(&'a self, row: &'a [(usize, u64)]) -> impl Iterator<Item = (Symbol, f32)> + 'a {
        row.iter().flat_map(move |&(place, chosen)| {
            let mut rest = self.bits.get(place).copied().unwrap_or(0) & chosen;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                let symbol = place as Symbol * 64 + bit as Symbol;
                Some((symbol, self.log(symbol)?))
            })
        })
    }
}

/// The runs of two symbols, from either of them: who stands next to whom is asked more often than anything else.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs<'m> {
    pub after: Side<'m>,
    pub before: Side<'m>,
    /// Empty where pairs are the longest runs.
    pub backoffs: &'m [u8],
}

impl<'m> Pairs<'m> {
    /// Lays out the pairs of a file from both sides.
    pub fn new(symbols: usize, rows: &[u8], seconds: &[u8], probabilities: &'m [u8], backoffs: &'m [u8]) -> Self {
        let words = symbols.div_ceil(64);
        let mut ends = vec![0u32; symbols + 1];
        let known = || {
            (0..symbols).flat_map(|first| {
                let at = |row| u32_at(rows, row).unwrap_or(0) as usize;
                let row = seconds.get(2 * at(first)..2 * at(first + 1)).unwrap_or(&[]).chunks_exact(2);
                let seconds = row.map(|s| usize::from(u16::from_le_bytes([s[0], s[1]])));
                seconds
                    .enumerate()
                    .filter(move |s| s.1 < symbols)
                    .map(move |(n, second)| (first, second, at(first) + n))
            })
        };
        let side = || Side { words, plane: vec![0; symbols * words], ..Side::default() };
        let (mut after, mut before) = (side(), side());
        for (first, second, _) in known() {
            after.plane[first * words + second / 64] |= 1 << (second % 64);
            before.plane[second * words + first / 64] |= 1 << (first % 64);
            ends[second + 1] += 1;
        }
        for symbol in 0..symbols {
            ends[symbol + 1] += ends[symbol];
        }
        let mut backwards = vec![0; ends[symbols] as usize];
        for (_, second, number) in known() {
            let place = backwards.get_mut(ends[second] as usize);
            place.into_iter().for_each(|p| *p = probabilities.get(number).copied().unwrap_or(0));
            ends[second] += 1;
        }
        after.probabilities = Cow::Borrowed(probabilities);
        before.probabilities = Cow::Owned(backwards);
        Pairs { after: after.numbered(), before: before.numbered(), backoffs }
    }

    /// The number of a pair, in the order of the file.
    #[inline]
    pub fn find(&self, first: Symbol, second: Symbol) -> Option<usize> {
        self.after.of(first).number(second)
    }
}
