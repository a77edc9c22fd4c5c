//! The runs of two symbols of a model, to be asked from either of them.

use super::{Value, u32_at, value};
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
    /// The number of the value of each pair, in the order of the plane.
    values: Cow<'m, [u8]>,
    /// log10 of the probability that each value stands for.
    logs: Vec<f32>,
    /// log10 of the greatest probability in each row.
    greatest: Vec<f32>,
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
        let rows = self.numbers.iter().step_by(self.words.max(1)).map(|n| *n as usize).chain([number as usize]);
        let mut greatest = Vec::with_capacity(self.plane.len() / self.words.max(1));
        let mut from = 0;
        for to in rows.skip(1) {
            let row = from..to.max(from);
            greatest.push(row.fold(f32::NEG_INFINITY, |most, pair| most.max(value(&self.values, &self.logs, pair))));
            from = to;
        }
        self.greatest = greatest;
        self
    }

    /// Where in the plane two symbols meet: the word and the bit. Of those that there are not, somewhere else.
    #[inline]
    fn place(&self, symbol: Symbol, other: Symbol) -> (usize, u64) {
        (usize::from(symbol) * self.words + usize::from(other) / 64, 1 << (other % 64))
    }

    /// The neighbours of a symbol.
    #[inline]
    pub fn of(&self, symbol: Symbol) -> Neighbours<'_> {
        let at = usize::from(symbol) * self.words;
        let row = at..at + self.words;
        Neighbours {
            bits: self.plane.get(row.clone()).unwrap_or(&[]),
            numbers: self.numbers.get(row).unwrap_or(&[]),
            values: &self.values,
            logs: &self.logs,
            greatest: self.greatest.get(usize::from(symbol)).copied().unwrap_or(f32::NEG_INFINITY),
        }
    }
}

/// The symbols that are known on one side of a symbol.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours<'m> {
    bits: &'m [u64],
    numbers: &'m [u32],
    values: &'m [u8],
    logs: &'m [f32],
    greatest: f32,
}

impl Neighbours<'_> {
    /// Whether the two are known side by side.
    #[inline]
    pub fn has(&self, symbol: Symbol) -> bool {
        self.bits.get(usize::from(symbol) / 64).is_some_and(|w| w >> (symbol % 64) & 1 == 1)
    }

    /// The symbols from `64 * place` on that are known, as bits.
    #[inline]
    pub fn word(&self, place: usize) -> u64 {
        self.bits.get(place).copied().unwrap_or(0)
    }

    /// The greatest of what [`Neighbours::log`] says; minus infinity where there is none.
    #[inline]
    pub fn greatest(&self) -> f32 {
        self.greatest
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
        self.number(symbol).map(|n| value(self.values, self.logs, n))
    }

    /// All of them, rising, each as in [`Neighbours::log`].
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, f32)> + '_ {
        self.bits.iter().zip(self.numbers).enumerate().flat_map(move |(place, (word, number))| {
            let (mut rest, mut number) = (*word, *number as usize);
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                let log = value(self.values, self.logs, number);
                rest &= rest - 1;
                number += 1;
                Some((place as Symbol * 64 + bit as Symbol, log))
            })
        })
    }
}

/// The runs of two symbols, from either of them: who stands next to whom is asked more often than anything else.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs<'m> {
    pub after: Side<'m>,
    pub before: Side<'m>,
    values: Vec<Value>,
}

impl<'m> Pairs<'m> {
    /// Lays out the pairs of a file from both sides.
    pub fn new(symbols: usize, rows: &[u8], seconds: &[u8], numbers: &'m [u8], values: &[Value]) -> Self {
        let words = symbols.div_ceil(64);
        let mut ends = vec![0u32; symbols + 1];
        // The number of the first pair of a row, and the second symbols of the row.
        let row = |first: usize| {
            let at = |row| u32_at(rows, row).unwrap_or(0) as usize;
            (at(first), seconds.get(2 * at(first)..2 * at(first + 1)).unwrap_or(&[]).as_chunks::<2>().0)
        };
        let second = |stored: &[u8; 2]| Some(usize::from(u16::from_le_bytes(*stored))).filter(|s| *s < symbols);
        let logs = || values.iter().map(|value| value.0).collect();
        let side = || Side { words, plane: vec![0; symbols * words], logs: logs(), ..Side::default() };
        let (mut after, mut before) = (side(), side());
        for first in 0..symbols {
            for second in row(first).1.iter().filter_map(second) {
                after.plane[first * words + second / 64] |= 1 << (second % 64);
                before.plane[second * words + first / 64] |= 1 << (first % 64);
                ends[second + 1] += 1;
            }
        }
        for symbol in 0..symbols {
            ends[symbol + 1] += ends[symbol];
        }
        let mut backwards = vec![0; ends[symbols] as usize];
        for first in 0..symbols {
            let (from, row) = row(first);
            for (n, stored) in row.iter().enumerate() {
                let Some(second) = second(stored) else { continue };
                let place = backwards.get_mut(ends[second] as usize);
                place.into_iter().for_each(|p| *p = numbers.get(from + n).copied().unwrap_or(0));
                ends[second] += 1;
            }
        }
        after.values = Cow::Borrowed(numbers);
        before.values = Cow::Owned(backwards);
        Pairs { after: after.numbered(), before: before.numbered(), values: values.to_vec() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.after.values.len()
    }

    /// The value of a pair by its number.
    #[inline]
    pub fn value(&self, pair: usize) -> Value {
        value(&self.after.values, &self.values, pair)
    }

    /// Whether two symbols are known side by side.
    #[inline]
    pub fn has(&self, first: Symbol, second: Symbol) -> bool {
        let (at, bit) = self.after.place(first, second);
        self.after.plane.get(at).is_some_and(|word| word & bit != 0)
    }

    /// The number of a pair, in the order of the file.
    #[inline]
    pub fn find(&self, first: Symbol, second: Symbol) -> Option<usize> {
        let (at, bit) = self.after.place(first, second);
        let word = *self.after.plane.get(at)?;
        (word & bit != 0).then_some(())?;
        Some(*self.after.numbers.get(at)? as usize + (word & (bit - 1)).count_ones() as usize)
    }
}
