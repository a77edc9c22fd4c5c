//! Blocks: runs that follow each other in both readings. Blocks stand in any order; between the runs of one the texts are
//! aligned exactly, at its ends as far as they go together, and what then is left over is looked at once more.

use super::{Collation, Pair, anchors, between, gap};
use crate::reuse::{Match, extend};
use std::collections::BTreeMap;

/// Characters in the runs that start everything. At one error in ten characters three runs in seven are still whole.
const LENGTH: usize = 8;
/// A block of less weight is no evidence that its two places belong together: a set phrase that one of the readings
/// has misread elsewhere stands once in each too.
const WEIGHT: f32 = 14.0;
/// Length of the runs that are looked for in what no block has taken: a headline, a line of its own.
const REST: usize = 5;
/// What a second look finds must be so many equal characters, or this share of the shorter piece.
const ENOUGH: usize = 10;
const WHOLE: f64 = 0.6;
/// Pieces of at most so many characters that are left at one end of a block in both readings belong together: a line's last
/// characters, misread. And how much their lengths may differ.
const STUMP: usize = 12;
const UNEVEN: usize = 3;

/// Runs in order, nothing but a small gap between two of them.
#[derive(Debug)]
struct Block {
    /// Its first and its last run.
    first: Pair,
    last: Pair,
    /// What it takes of the two texts, its grown ends included.
    base: (usize, usize),
    other: (usize, usize),
}

/// Equal stretches and differences of two texts, in any order.
pub fn align(base: &[char], other: &[char]) -> Collation {
    let mut out = Collation::default();
    let placed = place(base, other);
    if placed.is_empty() {
        gap::fill(base, other, Pair::new(0..base.len(), 0..other.len()), &mut out);
        return out;
    }
    let mut blocks = gather(base, other, &placed, &mut out);
    grow(base, other, &mut blocks, &mut out);
    look_again(base, other, &mut out);
    out
}

/// The runs that are believed, each with the number of its chain, in the order of the base; no two overlap in either text.
fn place(base: &[char], other: &[char]) -> Vec<(Pair, usize)> {
    let runs = anchors::runs(base, other, LENGTH);
    let chains = anchors::chains(&runs);
    let heavy = |c: &&anchors::Chain| c.weight >= WEIGHT;
    // Two short texts may share one run and no more.
    let least = if chains.iter().any(|c| heavy(&c)) { WEIGHT } else { 0.0 };
    let mut placed: Vec<(Pair, usize)> = Vec::new();
    for (number, chain) in chains.iter().enumerate().filter(|(_, c)| c.weight >= least) {
        placed.extend(chain.runs.iter().filter_map(|r| Some((runs.get(*r)?.clone(), number))));
    }
    // Extended runs of different chains overlap by the ends that two stretches have in common.
    placed.sort_unstable_by_key(|(run, _)| (run.other.start, run.other.end));
    let mut done = 0;
    placed.retain_mut(|(run, _)| clip(run, (0, done)).inspect(|_| done = run.other.end).is_some());
    placed.sort_unstable_by_key(|(run, _)| (run.base.start, run.base.end));
    done = 0;
    placed.retain_mut(|(run, _)| clip(run, (done, 0)).inspect(|_| done = run.base.end).is_some());
    placed
}

/// Cuts a run to what lies behind a place in both texts.
fn clip(run: &mut Pair, at: (usize, usize)) -> Option<()> {
    *run = gap::after(run.clone(), at)?;
    Some(())
}

/// Makes blocks of runs, and aligns what lies between the runs of each.
fn gather(base: &[char], other: &[char], placed: &[(Pair, usize)], out: &mut Collation) -> Vec<Block> {
    let rank = ranks(placed.iter().map(|(run, _)| run.other.start));
    let mut blocks: Vec<Block> = Vec::new();
    for (n, (run, chain)) in placed.iter().enumerate() {
        out.equal.push(run.clone());
        let before = n.checked_sub(1).filter(|p| placed[*p].1 == *chain && rank[*p] + 1 == rank[n]);
        match (before.map(|p| &placed[p].0), blocks.last_mut()) {
            (Some(last), Some(block)) => {
                let between = Pair::new(last.base.end..run.base.start, last.other.end..run.other.start);
                gap::fill(base, other, between, out);
                block.last = run.clone();
                (block.base.1, block.other.1) = (run.base.end, run.other.end);
            }
            _ => blocks.push(Block {
                first: run.clone(),
                last: run.clone(),
                base: (run.base.start, run.base.end),
                other: (run.other.start, run.other.end),
            }),
        }
    }
    blocks
}

/// The rank of each number among all of them.
fn ranks(numbers: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut order: Vec<(usize, usize)> = numbers.enumerate().map(|(i, n)| (n, i)).collect();
    order.sort_unstable();
    let mut rank = vec![0; order.len()];
    for (n, (_, i)) in order.into_iter().enumerate() {
        rank[i] = n;
    }
    rank
}

/// Carries the ends of the blocks on into what is free on both sides.
fn grow(base: &[char], other: &[char], blocks: &mut [Block], out: &mut Collation) {
    let rank = ranks(blocks.iter().map(|b| b.other.0));
    let mut in_other = vec![0; blocks.len()];
    rank.iter().enumerate().for_each(|(n, r)| in_other[*r] = n);
    let beside = |n: usize, step: usize, ahead: bool| -> Option<usize> {
        let r = if ahead { rank[n].checked_add(step)? } else { rank[n].checked_sub(step)? };
        in_other.get(r).copied()
    };
    for n in 0..blocks.len() {
        let run = blocks[n].last.clone();
        let to = blocks.get(n + 1).map_or(base.len(), |b| b.base.0);
        let limit = beside(n, 1, true).map_or(other.len(), |b| blocks[b].other.0);
        let (a, b) = (part(base, run.base.start, to), part(other, run.other.start, limit));
        let hit = extend(a, b, 0, 0, run.base.len(), false);
        keep(&hit, (run.base.start, run.other.start), (blocks[n].base.1, blocks[n].other.1), true, out);
        blocks[n].base.1 = blocks[n].base.1.max(run.base.start + hit.original.end);
        blocks[n].other.1 = blocks[n].other.1.max(run.other.start + hit.copy.end);
    }
    for n in 0..blocks.len() {
        let run = blocks[n].first.clone();
        let from = n.checked_sub(1).map_or(0, |b| blocks[b].base.1);
        let floor = beside(n, 1, false).map_or(0, |b| blocks[b].other.1);
        let (a, b) = (part(base, from, run.base.end), part(other, floor, run.other.end));
        let at = (run.base.start.saturating_sub(from), run.other.start.saturating_sub(floor));
        let hit = extend(a, b, at.0, at.1, run.base.len(), false);
        keep(&hit, (from, floor), (blocks[n].base.0, blocks[n].other.0), false, out);
        blocks[n].base.0 = blocks[n].base.0.min(from + hit.original.start);
        blocks[n].other.0 = blocks[n].other.0.min(floor + hit.copy.start);
    }
    // What is left over on the same side of a block in both readings, and short, is one place read in two ways.
    for n in 0..blocks.len() {
        let (next, ahead) = (blocks.get(n + 1), beside(n, 1, true));
        let to = next.map_or(base.len(), |b| b.base.0);
        let limit = ahead.map_or(other.len(), |b| blocks[b].other.0);
        let both = next.is_none() && ahead.is_none() || next.is_some() && ahead == Some(n + 1);
        let left =
            Pair::new(blocks[n].base.1..to.max(blocks[n].base.1), blocks[n].other.1..limit.max(blocks[n].other.1));
        if stump(&left, both) {
            gap::fill(base, other, left.clone(), out);
            (blocks[n].base.1, blocks[n].other.1) = (left.base.end, left.other.end);
        }
    }
    for n in 0..blocks.len() {
        let behind = beside(n, 1, false);
        let from = n.checked_sub(1).map_or(0, |b| blocks[b].base.1);
        let floor = behind.map_or(0, |b| blocks[b].other.1);
        let both = n == 0 && behind.is_none();
        let left =
            Pair::new(from.min(blocks[n].base.0)..blocks[n].base.0, floor.min(blocks[n].other.0)..blocks[n].other.0);
        if stump(&left, both) {
            gap::fill(base, other, left.clone(), out);
            (blocks[n].base.0, blocks[n].other.0) = (left.base.start, left.other.start);
        }
    }
}

/// Whether two pieces left over at one end of a block are one place; `enclosed` says that they have the same text, or the end
/// of both, on their far side too.
fn stump(left: &Pair, enclosed: bool) -> bool {
    let (longer, shorter) = (left.longer(), left.base.len().min(left.other.len()));
    match enclosed {
        true => longer > 0 && longer <= 4 * STUMP,
        false => shorter > 0 && longer <= STUMP && longer - shorter <= UNEVEN,
    }
}

fn part(text: &[char], from: usize, to: usize) -> &[char] {
    text.get(from..to.max(from)).unwrap_or(&[])
}

/// Keeps of an extended run what lies beyond a place in both texts: after it, or before it.
fn keep(hit: &Match, from: (usize, usize), seed: (usize, usize), ahead: bool, out: &mut Collation) {
    let mut done = (hit.original.start, hit.copy.start);
    let end = (hit.original.end..hit.original.end, hit.copy.end..hit.copy.end);
    for (a, b) in hit.differences.iter().chain([&end]) {
        let equal = Pair::new(from.0 + done.0..from.0 + a.start, from.1 + done.1..from.1 + b.start);
        let equal = match ahead {
            true => gap::after(equal, seed),
            false => until(equal, seed),
        };
        out.equal.extend(equal);
        let differs = Pair::new(from.0 + a.start..from.0 + a.end, from.1 + b.start..from.1 + b.end);
        let beyond = if ahead { differs.base.start >= seed.0 } else { differs.base.end <= seed.0 };
        if !differs.is_empty() && beyond {
            out.differences.push(differs);
        }
        done = (a.end, b.end);
    }
}

/// The part of a run that lies before a place in both texts.
fn until(run: Pair, (base, other): (usize, usize)) -> Option<Pair> {
    let length = base.saturating_sub(run.base.start).min(other.saturating_sub(run.other.start)).min(run.base.len());
    (length > 0).then(|| Pair::run(run.base.start, run.other.start, length))
}

/// A second look at what no block has taken, with shorter runs: a headline that stands elsewhere, a line of its own.
fn look_again(base: &[char], other: &[char], out: &mut Collation) {
    let ours = Rest::of(base, out.equal.iter().chain(&out.differences).map(|p| &p.base), '\u{E000}');
    let theirs = Rest::of(other, out.equal.iter().chain(&out.differences).map(|p| &p.other), '\u{E001}');
    let runs = anchors::runs(&ours.text, &theirs.text, REST);
    let (mut done, mut taken) = (0, BTreeMap::new());
    for run in runs {
        let (Some(a), Some(b)) = (ours.piece(run.base.start), theirs.piece(run.other.start)) else { continue };
        let seed = (ours.at(run.base.start), theirs.at(run.other.start));
        let (from, floor) = (a.0.max(done), b.0);
        if seed.0 < from || seed.0 + run.base.len() > a.1 || seed.1 + run.base.len() > b.1 {
            continue;
        }
        let hit = extend(
            part(base, from, a.1),
            part(other, floor, b.1),
            seed.0 - from,
            seed.1 - floor,
            run.base.len(),
            false,
        );
        let there = (floor + hit.copy.start, floor + hit.copy.end);
        let free = taken.range(..there.1).next_back().is_none_or(|(_, end)| *end <= there.0);
        let shorter = (a.1 - a.0).min(b.1 - b.0);
        if free && (hit.equal >= ENOUGH || hit.equal as f64 >= WHOLE * shorter as f64) {
            keep(&hit, (from, floor), (from, floor), true, out);
            done = from + hit.original.end;
            taken.insert(there.0, there.1);
        }
    }
}

/// What is left over of a text, piece by piece, with a mark that no text has between two of them.
struct Rest {
    text: Vec<char>,
    /// Where each piece begins here and in the whole text, and where it ends there.
    pieces: Vec<(usize, usize, usize)>,
}

impl Rest {
    fn of<'p>(whole: &[char], used: impl Iterator<Item = &'p std::ops::Range<usize>>, mark: char) -> Rest {
        let mut used: Vec<_> = used.filter(|r| !r.is_empty()).cloned().collect();
        used.sort_unstable_by_key(|r| r.start);
        let mut rest = Rest { text: Vec::new(), pieces: Vec::new() };
        for piece in between(&used, whole.len()) {
            rest.pieces.push((rest.text.len(), piece.start, piece.end));
            rest.text.extend_from_slice(part(whole, piece.start, piece.end));
            rest.text.push(mark);
        }
        rest
    }

    fn entry(&self, here: usize) -> Option<&(usize, usize, usize)> {
        self.pieces.get(self.pieces.partition_point(|p| p.0 <= here).checked_sub(1)?)
    }

    /// The piece that holds a place, in the whole text.
    fn piece(&self, here: usize) -> Option<(usize, usize)> {
        self.entry(here).map(|p| (p.1, p.2))
    }

    /// The place in the whole text.
    fn at(&self, here: usize) -> usize {
        self.entry(here).map_or(0, |p| p.1 + (here - p.0))
    }
}
