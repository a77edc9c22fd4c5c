//! Anchors: runs of characters that stand once in each reading, and the chains they make.

use super::{Pair, common_end, common_start};

/// A chain looks for what goes before among so many runs: a stray run or two lie between, seldom more.
const REACH: usize = 24;
/// Two runs belong together when at most so many characters lie between them in either reading: some paragraphs may be
/// lost, an article is not.
const FAR: usize = 3000;

/// The longest runs of equal characters that hold `length` characters which stand once in each text, in the order of the base.
///
/// A run is extended up to the next difference. Over the same stretch of the base only neighbours can overlap, by
/// less than `length`, because what stands once in each text has one place in the other: the cost is linear.
pub fn runs(base: &[char], other: &[char], length: usize) -> Vec<Pair> {
    let (ours, theirs) = (once(base, length), once(other, length));
    let mut theirs = theirs.into_iter().peekable();
    let mut shared: Vec<(usize, usize)> = Vec::new();
    for (hash, at) in ours {
        while theirs.next_if(|t| t.0 < hash).is_some() {}
        if let Some((_, there)) = theirs.next_if(|t| t.0 == hash)
            && base.get(at..at + length) == other.get(there..there + length)
        {
            shared.push((at, there));
        }
    }
    shared.sort_unstable();
    let mut out: Vec<Pair> = Vec::new();
    for (at, there) in shared {
        let known = out
            .last()
            .is_some_and(|l| at < l.base.end && there.checked_sub(l.other.start) == at.checked_sub(l.base.start));
        if known {
            continue;
        }
        let back = common_end(base.get(..at).unwrap_or(&[]), other.get(..there).unwrap_or(&[]));
        let ahead = common_start(base.get(at..).unwrap_or(&[]), other.get(there..).unwrap_or(&[]));
        out.push(Pair::run(at - back, there - back, back + ahead));
    }
    out.sort_unstable_by_key(Pair::key);
    out.dedup();
    out
}

/// The hashes of the runs of `length` characters that stand once in a text, with their places, by hash.
fn once(text: &[char], length: usize) -> Vec<(u64, usize)> {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let leaving = (0..length).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut hash = 0u64;
    let mut all = Vec::with_capacity(text.len().saturating_sub(length) + 1);
    for (i, c) in text.iter().enumerate() {
        let old = i.checked_sub(length).and_then(|i| text.get(i)).map_or(0, |c| u64::from(*c as u32) + 1);
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(*c as u32) + 1).wrapping_sub(old.wrapping_mul(leaving));
        if let Some(at) = (i + 1).checked_sub(length) {
            all.push((hash ^ hash >> 29, at));
        }
    }
    all.sort_unstable();
    all.chunk_by(|a, b| a.0 == b.0).filter_map(|same| <[_; 1]>::try_from(same).ok()).map(|[one]| one).collect()
}

/// A chain: runs that follow each other in both texts, as numbers in order.
pub struct Chain {
    /// Equal characters less what the jumps between the runs cost.
    pub weight: f32,
    /// Its runs.
    pub runs: Vec<usize>,
}

/// The chains of some runs (in the order of the base), the weightiest first; each run belongs to one.
pub fn chains(runs: &[Pair]) -> Vec<Chain> {
    let mut best: Vec<(f32, Option<usize>)> = Vec::with_capacity(runs.len());
    for (i, run) in runs.iter().enumerate() {
        let own = run.base.len() as f32;
        let before = i.saturating_sub(REACH)..i;
        let ways = before.filter_map(|j| Some((best.get(j)?.0 + own - jump(runs.get(j)?, run)?, Some(j))));
        best.push(ways.chain([(own, None)]).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((own, None)));
    }
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by(|a, b| best[*b].0.total_cmp(&best[*a].0).then(a.cmp(b)));
    let mut used = vec![false; runs.len()];
    let mut out = Vec::new();
    for end in order {
        let (mut at, mut chain) = (Some(end), Vec::new());
        while let Some(run) = at.filter(|run| !used[*run]) {
            used[run] = true;
            chain.push(run);
            at = best[run].1;
        }
        // What an earlier chain has taken does not count for this one.
        let weight = best[end].0 - at.map_or(0.0, |rest| best[rest].0);
        if !chain.is_empty() {
            chain.reverse();
            out.push(Chain { weight, runs: chain });
        }
    }
    out
}

/// What it costs to go on from one run to the next; `None` where they do not follow each other.
fn jump(from: &Pair, to: &Pair) -> Option<f32> {
    if to.base.end <= from.base.end || to.other.start <= from.other.start || to.other.end <= from.other.end {
        return None;
    }
    let base = to.base.start.saturating_sub(from.base.end);
    let other = to.other.start.saturating_sub(from.other.end);
    if base.max(other) > FAR {
        return None;
    }
    let aside = base.abs_diff(other) as f32;
    Some(if aside == 0.0 { 0.0 } else { 2.0 * (1.0 + aside).log2() })
}
