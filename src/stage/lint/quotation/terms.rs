//! The stretches of a text that may be quoted terms, and what their neighbours and their other places say of each.

use super::contexts::{EDGE, Sums, char_at, score, window, with};
use super::first::{self, First};
use super::stretch::{WORDLESS, is_plain, known, of, step};
use super::table::Table;
use std::collections::{BTreeMap, HashMap};

pub use super::first::{first_keys, first_round};
pub use super::stretch::{Candidate, LONGEST, Line, phrase};

/// Least log-odds of each of two marks, and of both together, in units of the table.
const MARK: i32 = -38;
const BOTH: i32 = -56;
/// A term of this log-odds is looked for at its other places.
const STRONG: i32 = -8;

/// Whether a term cannot reach over this character.
#[inline]
fn parts(c: u16) -> bool {
    !is_plain(c)
        && char::from_u32(u32::from(c))
            .is_none_or(|c| matches!(c, '。' | '！' | '？' | '!' | '?' | '…' | '；' | '：' | '\n'))
}

/// The places of a line that matter, in order.
#[derive(Default)]
struct Places {
    /// Where an opening mark is likely enough, and its log-odds.
    opening: Vec<(usize, i32)>,
    /// The same of a closing mark.
    closing: Vec<(usize, i32)>,
    /// Where a term can neither end nor go on.
    walls: Vec<usize>,
    /// Places that may be one of the first two.
    sums: Sums,
}

impl Places {
    /// Reads the places of a line.
    fn read(&mut self, table: &Table, line: &Line) {
        self.opening.clear();
        self.closing.clear();
        self.walls.clear();
        let mut before = EDGE;
        for (at, shut) in line.shut.iter().enumerate() {
            if *shut || parts(before) {
                self.walls.push(at);
            }
            before = char_at(&line.text, at);
        }
        for &(at, odds) in self.sums.read(table, &line.text, &line.shut) {
            if odds.opening >= MARK {
                self.opening.push((at, odds.opening));
            }
            if odds.closing >= MARK {
                self.closing.push((at, odds.closing));
            }
        }
    }
}

/// The stretches of all lines whose marks are likely enough, in order; `score` is still 0.
pub fn candidates(table: &Table, lines: &[Line]) -> Vec<Candidate> {
    let mut found = Vec::new();
    each_candidate(table, lines, |c| found.push(c));
    found
}

/// Hands on the [`candidates`] one by one: there are as many as characters, and the first round leaves few of them.
fn each_candidate(table: &Table, lines: &[Line], mut take: impl FnMut(Candidate)) {
    let mut places = Places::default();
    for (number, line) in lines.iter().enumerate() {
        places.read(table, line);
        let (mut next, mut wall) = (0, 0);
        for &(start, opening) in &places.opening {
            while places.closing.get(next).is_some_and(|(end, _)| *end <= start) {
                next += 1;
            }
            while places.walls.get(wall).is_some_and(|wall| *wall <= start) {
                wall += 1;
            }
            let reach = places.walls.get(wall).map_or(usize::MAX, |wall| wall - 1).min(start + LONGEST);
            let ends = places.closing.iter().skip(next).take_while(|(end, _)| *end <= reach);
            let (mut words, mut read) = (WORDLESS, start);
            for (end, closing) in ends.filter(|(_, closing)| opening + closing >= BOTH) {
                let more = line.text.get(read..*end).unwrap_or_default();
                (words, read) = (more.iter().fold(words, |key, c| with(key, *c)), *end);
                take(Candidate { line: number, start, end: *end, marks: (opening, *closing), score: 0, words });
            }
        }
    }
}

fn inside<'l>(lines: &'l [Line], c: &Candidate) -> &'l [u16] {
    lines.get(c.line).and_then(|l| l.text.get(c.start..c.end)).unwrap_or_default()
}

/// Adds the other places of terms that are likely at one place, whatever stands around them there.
pub fn other_places(table: &Table, lines: &[Line], candidates: &mut Vec<Candidate>) {
    find_other_places(&mut First::new(table), lines, candidates);
}

fn find_other_places(first: &mut First, lines: &[Line], candidates: &mut Vec<Candidate>) {
    let mut wanted: Vec<(u64, usize)> = Vec::new();
    // One bit for each pair of characters with which a wanted term begins; pairs share bits.
    let mut begins = [0u64; 64];
    for c in candidates.iter().filter(|c| c.score >= STRONG && c.end - c.start > 1) {
        let inside = inside(lines, c);
        wanted.push((c.words, inside.len()));
        let bit = pair(inside);
        begins[bit / 64 % 64] |= 1 << (bit % 64);
    }
    if wanted.is_empty() {
        return;
    }
    wanted.sort_unstable();
    wanted.dedup();
    let lengths = wanted.iter().fold(0u32, |bits, (_, length)| bits | 1 << length);
    let mut found = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        for start in 0..line.text.len() {
            let Some(rest) = line.text.get(start..) else { break };
            let bit = pair(rest);
            if begins[bit / 64 % 64] & 1 << (bit % 64) == 0 || line.shut.get(start).copied().unwrap_or(true) {
                continue;
            }
            let mut key = WORDLESS;
            for (n, c) in rest.iter().enumerate().take(LONGEST) {
                key = with(key, *c);
                let (length, end) = (n + 1, start + n + 1);
                let open = !line.shut.get(end).copied().unwrap_or(true);
                if lengths & 1 << length != 0 && open && wanted.binary_search(&(key, length)).is_ok() {
                    found.push((number, start, end, key));
                }
            }
        }
    }
    let place = |c: &Candidate| (c.line, c.start, c.end);
    candidates.sort_by_key(place);
    let known = candidates.len();
    for (number, start, end, words) in found {
        let at = candidates.get(..known).unwrap_or_default().binary_search_by_key(&(number, start, end), place);
        let Some(line) = lines.get(number).filter(|_| at.is_err()) else { continue };
        let odds = |at| score(first.table, &window(&line.text, at));
        let marks = (odds(start).opening, odds(end).closing);
        let mut c = Candidate { line: number, start, end, marks, score: 0, words };
        c.score = first.score(line, &c);
        candidates.push(c);
    }
    candidates.sort_by_key(place);
}

fn pair(text: &[u16]) -> usize {
    let pair = u64::from(char_at(text, 0)) << 16 | u64::from(char_at(text, 1));
    (pair.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize
}

/// The likeliest stretch at a place: line and character.
type Likeliest = BTreeMap<(usize, usize), i32>;

/// What the places of one term say together.
#[derive(Clone, Copy, Debug, Default)]
struct Term {
    places: i32,
    sum: i32,
    best: i32,
    second: i32,
}

/// The keys of the second round for each candidate; they stand in order.
pub fn second_keys(table: &Table, lines: &[Line], candidates: &[Candidate]) -> Vec<[u64; 15]> {
    let mut terms: HashMap<u64, Term> = HashMap::new();
    for c in candidates {
        let new = Term { places: 0, sum: 0, best: i32::MIN, second: i32::MIN };
        let term = terms.entry(c.words).or_insert(new);
        term.places += 1;
        term.sum += c.score.clamp(first::LEAST, -first::LEAST);
        if c.score > term.best {
            (term.best, term.second) = (c.score, term.best);
        } else {
            term.second = term.second.max(c.score);
        }
    }
    // The likeliest stretch that ends or begins at a place.
    let (mut ends, mut begins) = (Likeliest::new(), Likeliest::new());
    for c in candidates {
        for (map, at) in [(&mut ends, c.end), (&mut begins, c.start)] {
            let best = map.entry((c.line, at)).or_insert(c.score);
            *best = c.score.max(*best);
        }
    }
    let characters: usize = lines.iter().map(|l| l.text.len()).sum();
    let likely = candidates.iter().filter(|c| c.score >= 0).count();
    let rate = step((likely * 2000 / characters.max(200)) as i32, 2, 0, 12);
    candidates
        .iter()
        .map(|c| {
            let inside = inside(lines, c);
            let text = lines.get(c.line).map(|l| l.text.as_slice()).unwrap_or_default();
            let term = terms.get(&c.words).copied().unwrap_or_default();
            let others = term.places - 1;
            let best = if c.score == term.best { term.second } else { term.best };
            let mean = if others > 0 { (term.sum - c.score.clamp(first::LEAST, -first::LEAST)) / others } else { 0 };
            let (best, mean) = match others > 0 {
                true => (step(best, 8, -5, 5) + 1, step(mean, 8, -5, 5) + 1),
                false => (0, 0),
            };
            let is_link = |at: usize| matches!(char_at(text, at), 0x3001 | 0x548C | 0x4E0E | 0x53CA | 0xFF0C);
            let link = |at: usize| is_link(at).then(|| u64::from(char_at(text, at)));
            let of_map = |map: &Likeliest, at: Option<usize>| {
                at.and_then(|at| map.get(&(c.line, at))).map_or(0, |score| step(*score, 8, -4, 4) + 1)
            };
            let before = of_map(&ends, Some(c.start));
            let before_link = link(c.start.wrapping_sub(1)).map_or(0, |_| of_map(&ends, c.start.checked_sub(1)));
            let after = of_map(&begins, Some(c.end));
            let after_link = link(c.end).map_or(0, |_| of_map(&begins, Some(c.end + 1)));
            let own = step(c.score, 4, -10, 12);
            let coarse = step(c.score, 16, -3, 3);
            let known = known(table, c.words, 8);
            [
                of(40, &[own]),
                of(41, &[others.min(6) as u64, best]),
                of(42, &[others.min(6) as u64, mean]),
                of(43, &[best, mean, coarse]),
                of(44, &[before]),
                of(45, &[before_link]),
                of(46, &[after]),
                of(47, &[after_link]),
                of(48, &[rate]),
                of(49, &[rate, coarse]),
                of(50, &[known, coarse]),
                of(51, &[before, after, coarse]),
                of(52, &[before_link, after_link, coarse]),
                of(53, &[inside.len() as u64]),
                of(54, &[inside.len() as u64, best]),
            ]
        })
        .collect()
}

/// Gives each candidate its log-odds among the others.
pub fn second_round(table: &Table, lines: &[Line], candidates: &mut [Candidate]) {
    let keys = second_keys(table, lines, candidates);
    for (c, keys) in candidates.iter_mut().zip(keys) {
        c.score = table.constant(3) + table.sum(&keys);
    }
}

/// Of stretches that overlap the likeliest, in order, down to a least log-odds.
pub fn best(lines: &[Line], mut candidates: Vec<Candidate>, least: i32) -> Vec<Candidate> {
    candidates.retain(|c| c.score >= least);
    candidates.sort_by_key(|c| (c.line, -c.score, c.start, c.end));
    let mut kept: Vec<Candidate> = Vec::new();
    for of_line in candidates.chunk_by(|a, b| a.line == b.line) {
        let Some(line) = of_line.first().and_then(|c| lines.get(c.line)) else { continue };
        let mut taken = vec![false; line.text.len()];
        for c in of_line {
            let Some(stretch) = taken.get_mut(c.start..c.end) else { continue };
            if !stretch.contains(&true) {
                stretch.fill(true);
                kept.push(*c);
            }
        }
    }
    kept.sort_by_key(|c| (c.line, c.start));
    kept
}

/// The terms of a text in order, down to a least log-odds in units of the table.
pub fn terms(table: &Table, lines: &[Line], least: i32) -> Vec<Candidate> {
    let (mut candidates, mut first) = (Vec::new(), First::new(table));
    each_candidate(table, lines, |mut c| {
        if first.passes(lines, &mut c) {
            candidates.push(c);
        }
    });
    find_other_places(&mut first, lines, &mut candidates);
    second_round(table, lines, &mut candidates);
    best(lines, candidates, least)
}
