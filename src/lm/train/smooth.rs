//! From counts to probabilities, and which runs are worth keeping.

use super::count::{Grams, prefix, suffix};
use super::counts_of_counts;
use rayon::prelude::*;

/// The runs of one length with their probabilities.
#[derive(Default)]
pub(super) struct Table {
    pub length: usize,
    pub keys: Vec<u128>,
    /// Probability after the run's own first symbols.
    pub probabilities: Vec<f32>,
    /// What is left for runs that were not kept, relative to the shorter context.
    pub backoffs: Vec<f32>,
    pub kept: Vec<bool>,
    /// How much the text would lose without the run: weight times the gain in log10.
    worth: Vec<f32>,
    /// The number of the run without its first, and without its last symbol in the table one shorter.
    suffixes: Vec<u32>,
    prefixes: Vec<u32>,
}

/// Discounts for runs that were seen once, twice, and more often (Chen and Goodman 1998, equation 26).
fn discounts(counts: &[u32]) -> [f32; 3] {
    let n = counts_of_counts(counts.iter().copied());
    let n = |c: u32| n.get(&c).map_or(0.0, |n| *n as f32);
    let y = n(1) / (n(1) + 2.0 * n(2)).max(1.0);
    let discount = |c: f32, here: f32, above: f32| {
        if here > 0.0 && above > 0.0 { (c - (c + 1.0) * y * above / here).clamp(0.1, c * 0.95) } else { 0.5 }
    };
    [discount(1.0, n(1), n(2)), discount(2.0, n(2), n(3)), discount(3.0, n(3), n(4))]
}

/// The places of sorted keys, found by hash.
struct Index<'k> {
    keys: &'k [u128],
    slots: Vec<u32>,
    mask: usize,
}

const EMPTY: u32 = u32::MAX;

impl<'k> Index<'k> {
    fn new(keys: &'k [u128]) -> Self {
        let size = (keys.len() * 2).next_power_of_two().max(2);
        let mut index = Index { keys, slots: vec![EMPTY; size], mask: size - 1 };
        for (i, key) in keys.iter().enumerate() {
            let mut at = Self::hash(*key) & index.mask;
            while index.slots[at] != EMPTY {
                at = (at + 1) & index.mask;
            }
            index.slots[at] = i as u32;
        }
        index
    }

    fn hash(key: u128) -> usize {
        let folded = (key as u64) ^ ((key >> 64) as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (folded.wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 24) as usize
    }

    fn find(&self, key: u128) -> u32 {
        let mut at = Self::hash(key) & self.mask;
        loop {
            match self.slots[at] {
                EMPTY => return EMPTY,
                i if self.keys.get(i as usize) == Some(&key) => return i,
                _ => at = (at + 1) & self.mask,
            }
        }
    }
}

/// Interpolated probabilities of all runs, the shortest first.
pub(super) fn smooth(orders: Vec<Grams>, vocabulary: usize) -> Vec<Table> {
    let longest = orders.len();
    let mut tables: Vec<Table> = Vec::new();
    for grams in orders {
        let table = match tables.last() {
            None => singles(grams, vocabulary),
            Some(shorter) => longer(grams, shorter, longest),
        };
        tables.push(table);
    }
    tables
}

fn singles(seen: Grams, vocabulary: usize) -> Table {
    // A symbol that never stands in the text, as the unknown may, has its share of what the others give up.
    let mut grams = Grams { length: 1, ..Grams::default() };
    let mut rest = seen.keys.iter().zip(&seen.counts).peekable();
    for symbol in 0..vocabulary as u128 {
        let count = rest.next_if(|(key, _)| **key == symbol).map_or(0, |(_, count)| *count);
        grams.keys.push(symbol);
        grams.counts.push(count);
    }
    let total = grams.counts.iter().map(|c| f64::from(*c)).sum::<f64>().max(1.0) as f32;
    let discount = discounts(&grams.counts);
    let taken: f32 = grams.counts.iter().map(|c| discounted(*c, &discount)).sum();
    let base = taken / total / vocabulary.max(1) as f32;
    let p = |c: &u32| (*c as f32 - discounted(*c, &discount)) / total + base;
    let count = grams.keys.len();
    Table {
        length: 1,
        probabilities: grams.counts.iter().map(p).collect(),
        backoffs: vec![1.0; count],
        kept: vec![true; count],
        worth: vec![0.0; count],
        suffixes: vec![EMPTY; count],
        prefixes: vec![EMPTY; count],
        keys: grams.keys,
    }
}

fn discounted(count: u32, discounts: &[f32; 3]) -> f32 {
    match count {
        0 => 0.0,
        c => discounts[(c as usize).min(3) - 1],
    }
}

fn longer(grams: Grams, shorter: &Table, longest: usize) -> Table {
    let index = Index::new(&shorter.keys);
    let discount = discounts(&grams.counts);
    let count = grams.keys.len();
    let suffixes: Vec<u32> = grams.keys.par_iter().map(|k| index.find(suffix(*k, grams.length))).collect();
    let mut table = Table { length: grams.length, probabilities: vec![0.0; count], ..Table::default() };
    table.worth = vec![0.0; count];
    table.prefixes = vec![EMPTY; count];
    // The longest runs count with the weights of their texts, the shorter ones by what may stand before them.
    let mass = |i: usize| if grams.length == longest { grams.weights[i] } else { grams.counts[i] as f32 };
    let mut from = 0;
    while from < count {
        let context = prefix(grams.keys[from]);
        let mut to = from;
        while to < count && prefix(grams.keys[to]) == context {
            to += 1;
        }
        let total: f32 = (from..to).map(mass).sum::<f32>().max(f32::MIN_POSITIVE);
        let share = |i: usize| match grams.counts[i] {
            0 => 0.0,
            c => discounted(c, &discount) / c as f32,
        };
        let left: f32 = (from..to).map(|i| mass(i) * share(i)).sum::<f32>() / total;
        let number = index.find(context);
        for (i, end) in suffixes.iter().enumerate().take(to).skip(from) {
            let below = shorter.probabilities.get(*end as usize).copied().unwrap_or(1e-7);
            let p = mass(i) * (1.0 - share(i)) / total + left * below;
            table.probabilities[i] = p;
            table.worth[i] = grams.weights[i] * (p / (left * below)).max(f32::MIN_POSITIVE).log10();
            table.prefixes[i] = number;
        }
        from = to;
    }
    table.keys = grams.keys;
    table.backoffs = vec![1.0; count];
    table.kept = vec![true; count];
    table.suffixes = suffixes;
    table
}

/// Keeps the runs that are worth most within a size. With a run its beginning and its end are kept, so that a
/// question may stop at the first run that is not there. `bytes_of` says what so many runs of each length from two on take.
pub(super) fn prune(tables: &mut [Table], bytes: usize, bytes_of: impl Fn(&[usize]) -> usize) {
    let kept = |t: &Table| t.kept.iter().filter(|k| **k).count();
    let size = |tables: &[Table]| bytes_of(&tables.iter().skip(1).map(kept).collect::<Vec<_>>());
    keep(tables, f32::MIN);
    if size(tables) <= bytes {
        return;
    }
    // On a logarithmic scale; thirty halvings are finer than one run.
    let (mut low, mut high) = (-6.0f32, 9.0f32);
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        keep(tables, 10f32.powf(middle));
        if size(tables) > bytes { low = middle } else { high = middle }
    }
    keep(tables, 10f32.powf(high));
}

/// Keeps the runs that are worth more than `least`, and those that these need.
fn keep(tables: &mut [Table], least: f32) {
    for table in tables.iter_mut().skip(1) {
        let worth = &table.worth;
        table.kept.par_iter_mut().zip(worth).for_each(|(kept, worth)| *kept = *worth > least);
    }
    for n in (2..tables.len()).rev() {
        let (shorter, longer) = tables.split_at_mut(n);
        let (Some(shorter), Some(longer)) = (shorter.last_mut(), longer.first()) else { return };
        for (i, kept) in longer.kept.iter().enumerate() {
            if *kept {
                for part in [longer.suffixes[i], longer.prefixes[i]] {
                    if let Some(place) = shorter.kept.get_mut(part as usize) {
                        *place = true;
                    }
                }
            }
        }
    }
}

/// The back-offs that make the probabilities after every context add up to one again.
pub(super) fn back_off(tables: &mut [Table]) {
    for n in 1..tables.len() {
        let (shorter, longer) = tables.split_at_mut(n);
        let (Some(shorter), Some(longer)) = (shorter.last_mut(), longer.first()) else { return };
        let mut taken = vec![(0.0f64, 0.0f64); shorter.keys.len()];
        for i in (0..longer.keys.len()).filter(|i| longer.kept[*i]) {
            let Some(sums) = taken.get_mut(longer.prefixes[i] as usize) else { continue };
            sums.0 += f64::from(longer.probabilities[i]);
            sums.1 += f64::from(shorter.probabilities.get(longer.suffixes[i] as usize).copied().unwrap_or(0.0));
        }
        for (backoff, (here, below)) in shorter.backoffs.iter_mut().zip(taken) {
            *backoff = if below == 0.0 { 1.0 } else { ((1.0 - here).max(1e-4) / (1.0 - below).max(1e-4)) as f32 };
        }
    }
}
