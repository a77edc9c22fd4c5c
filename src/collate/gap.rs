//! What lies between two runs of a block: aligned exactly where that is cheap, left as one difference where it is not.

use super::{Collation, Pair, anchors, common_end, common_start};

/// Lengths of the runs that are looked for in a long gap, one after the other: within a gap a short run stands once.
const SHORTER: [usize; 3] = [6, 4, 3];
/// A gap of at most so many characters by so many is aligned at once.
const SMALL: usize = 10_000;
/// A longer gap is aligned in a band up to this length of either side.
const LONGEST: usize = 4000;
/// How far the band reaches on either side of the way from corner to corner.
const BAND: usize = 48;
/// From so many characters on a gap must be alike …
const JUDGED: usize = 16;
/// … in this share of its longer side, or its two sides are no readings of the same line.
const ALIKE: f64 = 0.3;

/// Aligns a gap. Its equal stretches and differences are added to what is there.
pub fn fill(base: &[char], other: &[char], gap: Pair, out: &mut Collation) {
    fill_with(base, other, gap, &SHORTER, out);
}

fn fill_with(base: &[char], other: &[char], mut gap: Pair, shorter: &[usize], out: &mut Collation) {
    let part = |p: &Pair| (base.get(p.base.clone()).unwrap_or(&[]), other.get(p.other.clone()).unwrap_or(&[]));
    let (a, b) = part(&gap);
    let start = common_start(a, b);
    if start > 0 {
        out.equal.push(Pair::run(gap.base.start, gap.other.start, start));
        (gap.base.start, gap.other.start) = (gap.base.start + start, gap.other.start + start);
    }
    let (a, b) = part(&gap);
    let end = common_end(a, b);
    if end > 0 {
        (gap.base.end, gap.other.end) = (gap.base.end - end, gap.other.end - end);
        out.equal.push(Pair::run(gap.base.end, gap.other.end, end));
    }
    let (a, b) = part(&gap);
    if gap.is_empty() {
        return;
    }
    if a.is_empty() || b.is_empty() {
        out.differences.push(gap);
        return;
    }
    let small = a.len().saturating_mul(b.len()) <= SMALL;
    if !small && let Some((length, rest)) = shorter.split_first() {
        let runs = anchors::runs(a, b, *length);
        let best = anchors::chains(&runs).into_iter().next();
        let mut done = (gap.base.start, gap.other.start);
        for run in best.into_iter().flat_map(|c| c.runs).filter_map(|r| runs.get(r)) {
            let Some(run) = shifted(run, gap.base.start, gap.other.start).and_then(|r| after(r, done)) else {
                continue;
            };
            fill_with(base, other, Pair::new(done.0..run.base.start, done.1..run.other.start), rest, out);
            done = (run.base.end, run.other.end);
            out.equal.push(run);
        }
        // Where no run was found the gap is the same as before, but looked through with a shorter one.
        fill_with(base, other, Pair::new(done.0..gap.base.end, done.1..gap.other.end), rest, out);
        return;
    }
    let found = match small || a.len().max(b.len()) <= LONGEST && a.len().abs_diff(b.len()) <= 2 * BAND {
        true => banded(a, b),
        false => Vec::new(),
    };
    let equal: usize = found.iter().map(|r| r.base.len()).sum();
    let longer = gap.longer();
    if longer >= JUDGED && (equal as f64) < ALIKE * longer as f64 {
        out.differences.push(gap);
        return;
    }
    let mut done = (gap.base.start, gap.other.start);
    for run in found.iter().filter_map(|r| shifted(r, gap.base.start, gap.other.start)) {
        push(Pair::new(done.0..run.base.start, done.1..run.other.start), out);
        done = (run.base.end, run.other.end);
        out.equal.push(run);
    }
    push(Pair::new(done.0..gap.base.end, done.1..gap.other.end), out);
}

fn push(pair: Pair, out: &mut Collation) {
    if !pair.is_empty() {
        out.differences.push(pair);
    }
}

fn shifted(run: &Pair, base: usize, other: usize) -> Option<Pair> {
    Some(Pair::run(run.base.start.checked_add(base)?, run.other.start.checked_add(other)?, run.base.len()))
}

/// The part of a run that lies behind a place in both texts.
pub fn after(run: Pair, (base, other): (usize, usize)) -> Option<Pair> {
    let cut = base.saturating_sub(run.base.start).max(other.saturating_sub(run.other.start));
    let length = run.base.len().checked_sub(cut).filter(|l| *l > 0)?;
    Some(Pair::run(run.base.start + cut, run.other.start + cut, length))
}

/// What it costs to take one character for another, and to have one that the other text lacks. One exchange is cheaper than a
/// character lost beside one gained; an equal pair between two differences is worth breaking them for only if it
/// saves more than a new difference costs.
const EXCHANGE: u32 = 4;
const ALONE: u32 = 5;
/// What a new difference costs: a lone character that two readings of a botched word share by chance is no agreement.
const OPENING: u32 = 1;

/// The runs of equal characters of the cheapest alignment inside a band (Ukkonen 1985).
fn banded(a: &[char], b: &[char]) -> Vec<Pair> {
    let aside = a.len().abs_diff(b.len());
    let whole = a.len().saturating_mul(b.len()) <= SMALL;
    // Row i holds the places j of the other text: all of them, or those from i − low to i + high. Two layers: after an
    // equal pair, and after a difference.
    let (low, high) = if a.len() <= b.len() { (BAND, BAND + aside) } else { (BAND + aside, BAND) };
    let (width, shift) = if whole { (b.len() + 1, 1) } else { (low + high + 1, 0) };
    let place = |i: usize, d: usize| if whole { Some(d) } else { (i + d).checked_sub(low) };
    let column = |i: usize, j: usize| if whole { Some(j) } else { (j + low).checked_sub(i) };
    const NEVER: u32 = u32::MAX / 2;
    let mut steps = vec![0u8; (a.len() + 1) * width];
    let mut before = vec![[NEVER; 2]; width];
    let mut row = vec![[NEVER; 2]; width];
    for i in 0..=a.len() {
        for d in 0..width {
            let Some(j) = place(i, d).filter(|j| *j <= b.len()) else {
                row[d] = [NEVER; 2];
                continue;
            };
            if i == 0 && j == 0 {
                row[d] = [0, NEVER];
                continue;
            }
            let open = |from: [u32; 2]| [from[0] + OPENING, from[1]];
            let least = |from: [u32; 2]| if from[0] <= from[1] { (from[0], 0u8) } else { (from[1], 1) };
            let diagonal = if i > 0 && j > 0 { before[d - shift] } else { [NEVER; 2] };
            let up = if i > 0 && d + 1 - shift < width { before[d + 1 - shift] } else { [NEVER; 2] };
            let left = if j > 0 && d > 0 { row[d - 1] } else { [NEVER; 2] };
            let equal = i > 0 && j > 0 && a[i - 1] == b[j - 1];
            let (kept, kept_from) = if equal { least(diagonal) } else { (NEVER, 0) };
            let ways = [(open(diagonal), EXCHANGE, 0u8), (open(up), ALONE, 1), (open(left), ALONE, 2)];
            let mut differs = (NEVER, 0, 0);
            for (from, cost, way) in ways {
                let (value, layer) = least(from);
                if value + cost < differs.0 {
                    differs = (value + cost, layer, way);
                }
            }
            row[d] = [kept.min(NEVER), differs.0.min(NEVER)];
            steps[i * width + d] = kept_from | differs.1 << 1 | differs.2 << 2;
        }
        std::mem::swap(&mut before, &mut row);
    }
    let Some(end) = column(a.len(), b.len()).and_then(|d| before.get(d)) else { return Vec::new() };
    let (mut i, mut j, mut layer) = (a.len(), b.len(), u8::from(end[1] < end[0]));
    let mut out: Vec<Pair> = Vec::new();
    while i > 0 || j > 0 {
        let step = column(i, j).and_then(|d| steps.get(i * width + d)).copied().unwrap_or(0);
        if layer == 0 {
            (i, j, layer) = (i.saturating_sub(1), j.saturating_sub(1), step & 1);
            match out.last_mut() {
                Some(last) if last.base.start == i + 1 && last.other.start == j + 1 => {
                    (last.base.start, last.other.start) = (i, j);
                }
                _ => out.push(Pair::run(i, j, 1)),
            }
        } else {
            layer = step >> 1 & 1;
            match step >> 2 {
                0 => (i, j) = (i.saturating_sub(1), j.saturating_sub(1)),
                1 => i = i.saturating_sub(1),
                _ => j = j.saturating_sub(1),
            }
        }
    }
    out.reverse();
    out
}
