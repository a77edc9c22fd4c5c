//! Writing a model down; [`crate::lm::ngram`] describes the file.

use super::count::symbols;
use super::smooth::Table;
use crate::lm::ngram::{BACKOFF_ONE, BACKOFF_STEPS, FORMAT, MAGIC, PROBABILITY_STEPS, hash_of, longer, place};
use crate::lm::symbols::{Symbol, Vocabulary};

/// Runs to a row, about.
const ROW: usize = 16;

fn probability(p: f32) -> u8 {
    (-p.max(1e-12).log10() * PROBABILITY_STEPS).round().clamp(0.0, 255.0) as u8
}

fn backoff(b: f32) -> u8 {
    (b.max(1e-12).log10() * BACKOFF_STEPS + BACKOFF_ONE).round().clamp(0.0, 255.0) as u8
}

pub(super) fn write(vocabulary: &Vocabulary, tables: &[Table], note: &str) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    let number = |out: &mut Vec<u8>, n: usize| out.extend((n as u32).to_le_bytes());
    number(&mut out, FORMAT as usize);
    number(&mut out, tables.len());
    number(&mut out, vocabulary.characters().len());
    let packed: Vec<Packed> = tables.iter().skip(1).map(|t| Packed::new(t, vocabulary)).collect();
    packed.iter().skip(1).for_each(|p| number(&mut out, p.bits as usize));
    packed.iter().for_each(|p| number(&mut out, p.runs.len()));
    for c in vocabulary.characters() {
        out.extend((u32::from(*c) as u16).to_le_bytes());
    }
    let mut singles = vec![(255u8, BACKOFF_ONE as u8); vocabulary.size()];
    if let Some(table) = tables.first() {
        for (i, key) in table.keys.iter().enumerate() {
            if let Some(place) = singles.get_mut(*key as usize) {
                *place = (probability(table.probabilities[i]), backoff(table.backoffs[i]));
            }
        }
    }
    singles.iter().for_each(|(p, b)| out.extend([*p, *b]));
    for (i, order) in packed.iter().enumerate() {
        order.rows.iter().for_each(|r| out.extend(r.to_le_bytes()));
        order.runs.iter().for_each(|r| out.extend(r.mark.to_le_bytes()));
        out.extend(order.runs.iter().map(|r| r.probability));
        if i + 1 < packed.len() {
            out.extend(order.runs.iter().map(|r| r.backoff));
        }
    }
    out.extend(note.as_bytes());
    out
}

/// Bits of the row number for so many runs of one length.
fn bits_for(runs: usize) -> u32 {
    (runs / ROW).max(2).next_power_of_two().ilog2().clamp(1, 30)
}

/// Bytes that so many runs of one length take in the file, pairs apart from where their rows begin, which depends on the
/// vocabulary alone.
pub(super) fn size(length: usize, runs: usize, longest: bool) -> usize {
    let rows = if length == 2 { 0 } else { 4 * ((1 << bits_for(runs)) + 1) };
    rows + runs * if longest { 3 } else { 4 }
}

struct Packed {
    bits: u32,
    rows: Vec<u32>,
    runs: Vec<Run>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    row: usize,
    mark: u16,
    probability: u8,
    backoff: u8,
}

impl Packed {
    fn new(table: &Table, vocabulary: &Vocabulary) -> Self {
        let kept = || (0..table.keys.len()).filter(|i| table.kept[*i]);
        let pairs = table.length == 2;
        let bits = bits_for(kept().count());
        let mut runs: Vec<Run> = kept()
            .map(|i| {
                let run = symbols(table.keys[i], table.length);
                let (row, mark) = if pairs { of_pair(run) } else { of_longer(run, bits) };
                let (p, b) = (probability(table.probabilities[i]), backoff(table.backoffs[i]));
                Run { row, mark, probability: p, backoff: b }
            })
            .collect();
        runs.sort_unstable();
        let last = if pairs { vocabulary.size() } else { 1 << bits };
        let mut rows = Vec::with_capacity(last + 1);
        let mut at = 0;
        for row in 0..=last {
            while runs.get(at).is_some_and(|r| r.row < row) {
                at += 1;
            }
            rows.push(at as u32);
        }
        Packed { bits, rows, runs }
    }
}

/// Pairs have a row for each first symbol, and the second one for a mark.
fn of_pair(mut run: impl Iterator<Item = Symbol>) -> (usize, u16) {
    (run.next().map_or(0, usize::from), run.next().unwrap_or(0))
}

fn of_longer(run: impl DoubleEndedIterator<Item = Symbol>, bits: u32) -> (usize, u16) {
    let mut backwards = run.rev();
    let last = backwards.next().map_or(0, hash_of);
    place(backwards.fold(last, longer), bits)
}
