//! Counting runs of symbols by sorting all places of the text by what follows them.

use crate::lm::symbols::{EDGE, Symbol};
use rayon::prelude::*;

/// Bits of one symbol in a key.
const BITS: u32 = 16;
/// Bits of the weight below the symbols.
const WEIGHT_BITS: u32 = 8;
/// Stands after the end of a paragraph.
const PAD: Symbol = Symbol::MAX;

/// Every place of the text with the run of `order` symbols that begins there, sorted.
pub(super) struct Keys {
    keys: Vec<u128>,
    order: usize,
}

/// The runs of one length that occur, sorted by their keys. A key holds the symbols, the first one highest.
#[derive(Default)]
pub(super) struct Grams {
    pub length: usize,
    pub keys: Vec<u128>,
    /// How often each stands in the text; for shorter runs, after [`Grams::count_continuations`], how many different
    /// symbols stand before it.
    pub counts: Vec<u32>,
    /// How often each stands, every paragraph with its weight.
    pub weights: Vec<f32>,
}

impl Keys {
    pub fn collect(lines: impl Iterator<Item = (Vec<Symbol>, u8)>, order: usize) -> Self {
        let mut keys = Vec::new();
        for (line, weight) in lines {
            for at in 0..line.len() {
                let run = (at..at + order).map(|i| line.get(i).copied().unwrap_or(PAD));
                let key = run.fold(0u128, |key, s| key << BITS | u128::from(s));
                keys.push(key << WEIGHT_BITS | u128::from(weight));
            }
        }
        keys.par_sort_unstable();
        Keys { keys, order }
    }

    /// The runs of `length` symbols.
    pub fn grams(&self, length: usize) -> Grams {
        let drop = WEIGHT_BITS + BITS * (self.order - length) as u32;
        let mut grams = Grams { length, ..Grams::default() };
        for key in &self.keys {
            let weight = (key & 0xFF) as f32;
            let key = key >> drop;
            if key & 0xFFFF == u128::from(PAD) {
                continue;
            }
            if grams.keys.last() == Some(&key) {
                if let (Some(count), Some(sum)) = (grams.counts.last_mut(), grams.weights.last_mut()) {
                    *count += 1;
                    *sum += weight;
                }
            } else {
                grams.keys.push(key);
                grams.counts.push(1);
                grams.weights.push(weight);
            }
        }
        grams
    }
}

/// A key without its first symbol.
pub(super) fn suffix(key: u128, length: usize) -> u128 {
    key & ((1u128 << (BITS * (length as u32 - 1))) - 1)
}

/// A key without its last symbol.
pub(super) fn prefix(key: u128) -> u128 {
    key >> BITS
}

/// The symbols of a key, first one first.
pub(super) fn symbols(key: u128, length: usize) -> impl DoubleEndedIterator<Item = Symbol> {
    (0..length as u32).rev().map(move |i| (key >> (BITS * i)) as Symbol)
}

impl Grams {
    /// Turns counts into the number of different symbols that stand before a run, which is what a shorter run is worth
    /// when a longer one was not seen (Kneser and Ney 1995). Runs at the beginning of a paragraph keep their counts:
    /// nothing stands before them.
    pub fn count_continuations(&mut self, longer: &Grams) {
        let mut ends: Vec<u128> = longer.keys.par_iter().map(|k| suffix(*k, longer.length)).collect();
        ends.par_sort_unstable();
        let mut at = 0;
        for (key, count) in self.keys.iter().zip(&mut self.counts) {
            let from = at;
            while ends.get(at) == Some(key) {
                at += 1;
            }
            let begins = symbols(*key, self.length).next() == Some(EDGE);
            if self.length == 1 || !begins {
                *count = (at - from) as u32;
            }
        }
    }
}
