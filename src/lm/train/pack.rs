//! Writing a model down; [`crate::lm::ngram`] describes the file.

use super::count::symbols;
use super::smooth::Table;
use super::values::{Values, stored};
use crate::lm::ngram::{FORMAT, MAGIC, VALUES, hash_of, longer, place};
use crate::lm::symbols::{Symbol, Vocabulary};

/// Runs to a row, about.
const ROW: usize = 16;
/// Bytes of a value and of where a row begins.
const NUMBER: usize = 4;

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
    let mut singles = vec![stored([-7.5, 0.0]); vocabulary.size()];
    if let Some(table) = tables.first() {
        for (i, key) in table.keys.iter().enumerate() {
            if let Some(place) = singles.get_mut(*key as usize) {
                *place = stored([table.probabilities[i], table.backoffs[i]].map(|x| f64::from(x.max(1e-12)).log10()));
            }
        }
    }
    out.extend(singles.as_flattened());
    for order in &packed {
        out.extend(order.values.bytes().as_flattened());
        order.rows.iter().for_each(|r| out.extend(r.to_le_bytes()));
        order.runs.iter().for_each(|r| out.extend(r.mark.to_le_bytes()));
        out.extend(order.runs.iter().map(|r| r.value));
    }
    out.extend(note.as_bytes());
    out
}

/// Bits of the row number for so many runs of one length.
fn bits_for(runs: usize) -> u32 {
    (runs / ROW).max(2).next_power_of_two().ilog2().clamp(1, 30)
}

/// Bytes of a file with so many runs of each length from two on, but for its note.
pub(super) fn size(vocabulary: &Vocabulary, runs: &[usize]) -> usize {
    let head = MAGIC.len() + NUMBER * (1 + 2 * runs.len()) + vocabulary.characters().len() * 2;
    let order = |(i, runs): (usize, &usize)| {
        let rows = if i == 0 { vocabulary.size() } else { 1 << bits_for(*runs) };
        NUMBER * VALUES + NUMBER * (rows + 1) + 3 * runs
    };
    head + NUMBER * (vocabulary.size() + 1) + runs.iter().enumerate().map(order).sum::<usize>()
}

struct Packed {
    bits: u32,
    values: Values,
    rows: Vec<u32>,
    runs: Vec<Run>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    row: usize,
    mark: u16,
    value: u8,
}

impl Packed {
    fn new(table: &Table, vocabulary: &Vocabulary) -> Self {
        let kept = || (0..table.keys.len()).filter(|i| table.kept[*i]);
        let pairs = table.length == 2;
        let bits = bits_for(kept().count());
        let values = Values::new(kept().map(|i| (table.probabilities[i], table.backoffs[i])));
        let mut runs: Vec<Run> = kept()
            .map(|i| {
                let run = symbols(table.keys[i], table.length);
                let (row, mark) = if pairs { of_pair(run) } else { of_longer(run, bits) };
                Run { row, mark, value: values.number(table.probabilities[i], table.backoffs[i]) }
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
        Packed { bits, values, rows, runs }
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
