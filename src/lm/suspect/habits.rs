//! The document's own usage: how often it sets which symbols side by side. What a text repeats it means, whatever other
//! texts do (the cache of Kuhn and De Mori 1990, here as evidence and not as a mixture).

use super::candidates::HABIT;
use crate::lm::symbols::{Line, Symbol};

/// Pairs and runs of three of a text with their counts.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// Sorted; the first symbol in the high bits.
    pairs: Vec<(u32, u32)>,
    /// The pairs that stand more than once, sorted, and the same with the second symbol in the high bits.
    usual: Vec<u32>,
    backwards: Vec<u32>,
    /// Sorted runs of three.
    triples: Vec<(u64, u32)>,
}

/// Stands where a line has nothing more: no symbol has this number.
const NONE: Symbol = Symbol::MAX;

/// How often each key stands in a sorted row.
fn counted<K: Ord + Copy>(keys: impl Iterator<Item = K>) -> Vec<(K, u32)> {
    let mut counts: Vec<(K, u32)> = Vec::new();
    for key in keys {
        match counts.last_mut() {
            Some((last, count)) if *last == key => *count += 1,
            _ => counts.push((key, 1)),
        }
    }
    counts
}

fn count_of<K: Ord + Copy>(table: &[(K, u32)], key: K) -> u32 {
    table.binary_search_by_key(&key, |e| e.0).ok().and_then(|i| table.get(i)).map_or(0, |e| e.1)
}

fn pair(a: Symbol, b: Symbol) -> u32 {
    u32::from(a) << 16 | u32::from(b)
}

fn triple(a: Symbol, b: Symbol, c: Symbol) -> u64 {
    u64::from(a) << 32 | u64::from(pair(b, c))
}

impl Habits {
    /// Those of some lines.
    pub fn of(lines: &[Line]) -> Self {
        let total = lines.iter().map(Line::len).sum();
        let mut triples = Vec::with_capacity(total);
        for line in lines {
            triples.extend(line.symbols.windows(3).map(|w| triple(w[0], w[1], w[2])));
            triples.extend(line.symbols.last_chunk().map(|[a, b]| triple(*a, *b, NONE)));
        }
        triples.sort_unstable();
        // Every pair begins a run of three, so that one order serves both.
        let pairs = counted(triples.iter().map(|key| (key >> 16) as u32));
        triples.retain(|key| *key as Symbol != NONE);
        let usual: Vec<u32> = pairs.iter().filter(|p| p.1 >= HABIT).map(|p| p.0).collect();
        let mut backwards: Vec<u32> = usual.iter().map(|key| key.rotate_left(16)).collect();
        backwards.sort_unstable();
        Habits { pairs, usual, backwards, triples: counted(triples.into_iter()) }
    }

    /// How often `a` stands before `b`.
    pub fn pair(&self, a: Symbol, b: Symbol) -> u32 {
        count_of(&self.pairs, pair(a, b))
    }

    /// How often the three stand in a row.
    pub fn triple(&self, a: Symbol, b: Symbol, c: Symbol) -> u32 {
        count_of(&self.triples, triple(a, b, c))
    }

    /// What stands after a symbol more than once, rising.
    pub(super) fn usual_after(&self, a: Symbol) -> impl Iterator<Item = Symbol> + '_ {
        side(&self.usual, a)
    }

    /// What stands before a symbol more than once, rising.
    pub(super) fn usual_before(&self, b: Symbol) -> impl Iterator<Item = Symbol> + '_ {
        side(&self.backwards, b)
    }
}

fn side(table: &[u32], symbol: Symbol) -> impl Iterator<Item = Symbol> + '_ {
    let from = table.partition_point(|key| *key < pair(symbol, 0));
    let row = table.iter().skip(from).take_while(move |key| *key >> 16 == u32::from(symbol));
    row.map(|key| *key as Symbol)
}
