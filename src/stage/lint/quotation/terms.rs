//! Stretches that may be quoted terms, and how likely they are.

use super::contexts::{EDGE, Sums, begin, char_at, score, window, with};
use super::table::Table;
use crate::lm::usage::Usage;
use std::collections::{BTreeMap, HashMap};

/// Longest term, in characters.
pub const LONGEST: usize = 16;
/// Least log-odds of each of two marks, and of both together, in units of the table.
const MARK: i32 = -38;
const BOTH: i32 = -56;
/// Least log-odds after the first round.
const FIRST: i32 = -32;
/// A candidate that its marks, its length and its words hold this unlikely is not asked further.
const HOPELESS: i32 = -38;
/// A term of this log-odds is looked for at its other places.
const STRONG: i32 = -8;

/// A paragraph without its marks: folded characters, and whether a mark may stand before each (and at the end).
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Folded characters.
    pub text: Vec<u16>,
    /// Before each character and at the end: no mark may stand here.
    pub shut: Vec<bool>,
}

/// A stretch that may be a quoted term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Number of its line.
    pub line: usize,
    /// First character.
    pub start: usize,
    /// Character after the last.
    pub end: usize,
    /// Log-odds of its marks, in units of the table.
    pub marks: (i32, i32),
    /// Log-odds of the term; after the first round, then after the second.
    pub score: i32,
    /// The key of its words, see [`phrase`].
    pub words: u64,
}

/// The key under which the table holds how often print quotes these words, in log-odds.
pub fn phrase(text: &[u16]) -> u64 {
    text.iter().fold(WORDLESS, |key, c| with(key, *c))
}

/// The key of no words.
const WORDLESS: u64 = begin(6);

/// A number in steps, kept within a range.
fn step(n: i32, width: i32, low: i32, high: i32) -> u64 {
    (n.div_euclid(width).clamp(low, high) - low) as u64
}

/// Whether a character is of the block of Han characters, as most are.
#[inline]
fn is_plain(c: u16) -> bool {
    (0x4E00..=0x9FFF).contains(&c)
}

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

/// What a character is to the form of a stretch: a bit of [`form`], 0 for Han and whatever else.
fn shape(c: u16) -> u16 {
    if is_plain(c) {
        return 0;
    }
    match char::from_u32(u32::from(c)).unwrap_or(' ') {
        '，' | ',' => 1,
        '+' | '×' => 1 << 1,
        '—' | '–' | '-' => 1 << 2,
        '·' => 1 << 3,
        '、' => 1 << 4,
        '％' | '%' => 1 << 5,
        '《' | '》' | '（' | '）' | '(' | ')' => 1 << 6,
        '0' => 1 << 7,
        'a' => 1 << 8,
        c if c.is_whitespace() => 1 << 5,
        _ => 0,
    }
}

/// The form of a stretch: 0 all Han, 1 with a mark at its edge, else what it holds.
fn form(inside: &[u16]) -> u64 {
    let edges = [inside.first(), inside.last()].map(|c| c.copied().map_or(0, shape));
    if edges.iter().any(|shape| shape & 0b11_1101 != 0) {
        return 1;
    }
    let all = inside.iter().fold(0, |all, c| all | shape(*c));
    match all & 0b0111_1111 {
        0 if all == 0 => 0,
        // Digits, letters, or both.
        0 => 1 + u64::from(all >> 7),
        marks => 5 + u64::from(marks.trailing_zeros()),
    }
}

/// How strongly two neighbours belong together, 0 to 5; 6 where they are no two Han characters.
fn bond(a: u16, b: u16) -> u64 {
    let han = |c: u16| char::from_u32(u32::from(c)).filter(|c| crate::text::is_han(*c));
    let (Some(a), Some(b)) = (han(a), han(b)) else { return 6 };
    Usage::embedded().bond(a, b).map_or(0, |strength| step(strength, 2, 0, 4) + 1)
}

/// The bonds of one line, each looked up once however many stretches hold it.
#[derive(Default)]
struct Bonds {
    line: Option<usize>,
    known: Vec<u8>,
}

impl Bonds {
    /// Stands for a bond not yet looked up.
    const UNKNOWN: u8 = u8::MAX;

    /// Turns to a line.
    fn turn(&mut self, number: usize, line: &Line) {
        if self.line.replace(number) != Some(number) {
            self.known.clear();
            self.known.resize(line.text.len() + 1, Bonds::UNKNOWN);
        }
    }

    /// The bond between the characters before and after a place.
    fn at(&mut self, text: &[u16], at: usize) -> u64 {
        let found = || bond(char_at(text, at.wrapping_sub(1)), char_at(text, at));
        let Some(known) = self.known.get_mut(at) else { return found() };
        if *known == Bonds::UNKNOWN {
            *known = found() as u8;
        }
        u64::from(*known)
    }

    /// The weakest bond of a stretch; 7 where it has none.
    fn weakest(&mut self, text: &[u16], c: &Candidate) -> u64 {
        let mut weakest = 7;
        for at in c.start + 1..c.end {
            weakest = self.at(text, at).min(weakest);
            if weakest == 0 {
                break;
            }
        }
        weakest
    }
}

/// A key of numbers.
fn of(kind: u64, parts: &[u64]) -> u64 {
    parts.iter().fold(begin(kind), |key, part| with(key, *part))
}

/// A key of characters.
fn chars(kind: u64, parts: &[u16]) -> u64 {
    parts.iter().fold(begin(kind), |key, part| with(key, *part))
}

fn inside<'l>(lines: &'l [Line], c: &Candidate) -> &'l [u16] {
    lines.get(c.line).and_then(|l| l.text.get(c.start..c.end)).unwrap_or_default()
}

/// How often print quotes these words (a key), in steps; 0 where the table does not know them.
fn known(table: &Table, words: u64, width: i32) -> u64 {
    match table.weight(words) {
        0 => 0,
        odds => step(odds, width, -32 / width, 31 / width) + 1,
    }
}

/// The keys of the first round by the marks, the length and the words: the kind of each, how many steps its first number
/// has and how many its second (1 where there is none). They are few, so their weights are looked up once.
const PLAIN: [(u64, usize, usize); 8] = [
    (10, 24, 1),
    (11, 24, 1),
    (12, 33, 1),
    (13, LONGEST + 1, 1),
    (14, LONGEST + 1, 8),
    (15, 17, 1),
    (16, 17, 8),
    (21, 11, 11),
];

/// The steps of a candidate for each of [`PLAIN`]: the first number times the steps of the second, and the second.
#[inline]
fn plain_steps(table: &Table, c: &Candidate) -> [usize; 8] {
    let (opening, closing) = c.marks;
    let (length, sum, known) = (c.end - c.start, opening + closing, known(table, c.words, 4) as usize);
    let step = |n, width, low, high| step(n, width, low, high) as usize;
    let coarse = step(sum, 16, -4, 3);
    [
        step(opening, 4, -11, 12),
        step(closing, 4, -11, 12),
        step(sum, 4, -16, 16),
        length,
        length * 8 + coarse,
        known,
        known * 8 + coarse,
        step(opening, 8, -6, 4) * 11 + step(closing, 8, -6, 4),
    ]
}

/// The key of one of [`PLAIN`] with its steps.
fn plain_key((kind, _, seconds): (u64, usize, usize), steps: usize) -> u64 {
    match seconds {
        1 => of(kind, &[steps as u64]),
        _ => of(kind, &[(steps / seconds) as u64, (steps % seconds) as u64]),
    }
}

/// The keys of the first round by what stands inside and on both sides together.
fn joint_keys(bonds: &mut Bonds, text: &[u16], inside: &[u16], c: &Candidate) -> [u64; 14] {
    let length = inside.len() as u64;
    let [b2, b1] = [2, 1].map(|n| char_at(text, c.start.wrapping_sub(n)));
    let [a1, a2] = [0, 1].map(|n| char_at(text, c.end + n));
    let [i1, i2] = [0, 1].map(|n| char_at(inside, n));
    let z1 = char_at(inside, inside.len().wrapping_sub(1));
    let weakest = bonds.weakest(text, c);
    [
        of(17, &[form(inside), length.min(6)]),
        of(18, &[weakest, length.min(6)]),
        of(19, &[bonds.at(text, c.start)]),
        of(20, &[bonds.at(text, c.end)]),
        chars(22, &[b1, a1]),
        chars(23, &[b2, b1, a1]),
        chars(24, &[b1, a1, a2]),
        chars(25, &[b2, b1, a1, a2]),
        chars(26, &[i1, z1]),
        chars(27, &[i1, i2, z1]),
        with(chars(30, &[a1]), length),
        with(chars(31, &[b1]), length),
        with(chars(32, &[z1]), length),
        with(chars(33, &[i1]), length),
    ]
}

/// The keys of the first round.
pub fn first_keys(table: &Table, line: &Line, c: &Candidate) -> Vec<u64> {
    let inside = line.text.get(c.start..c.end).unwrap_or_default();
    let mut bonds = Bonds::default();
    bonds.turn(c.line, line);
    let mut keys: Vec<u64> =
        PLAIN.into_iter().zip(plain_steps(table, c)).map(|(p, steps)| plain_key(p, steps)).collect();
    keys.extend(joint_keys(&mut bonds, &line.text, inside, c));
    keys
}

/// The first round: what each candidate is by itself.
struct First<'t> {
    table: &'t Table<'t>,
    /// The weights of [`PLAIN`], by their steps.
    plain: [Vec<i32>; 8],
    bonds: Bonds,
}

impl<'t> First<'t> {
    fn new(table: &'t Table<'t>) -> Self {
        let plain = PLAIN.map(|p| (0..p.1 * p.2).map(|steps| table.weight(plain_key(p, steps))).collect());
        First { table, plain, bonds: Bonds::default() }
    }

    /// Log-odds of a candidate by itself.
    fn score(&mut self, line: &Line, c: &Candidate) -> i32 {
        let weight = |(weights, steps): (&Vec<i32>, usize)| weights.get(steps).copied().unwrap_or(0);
        let plain: i32 = self.plain.iter().zip(plain_steps(self.table, c)).map(weight).sum();
        let sum = self.table.constant(2) + plain;
        if sum < HOPELESS {
            return sum;
        }
        self.bonds.turn(c.line, line);
        let inside = line.text.get(c.start..c.end).unwrap_or_default();
        sum + self.table.sum(&joint_keys(&mut self.bonds, &line.text, inside, c))
    }

    /// Gives a candidate its log-odds by itself and tells whether they are enough.
    fn passes(&mut self, lines: &[Line], c: &mut Candidate) -> bool {
        c.score = lines.get(c.line).map_or(i32::MIN, |line| self.score(line, c));
        c.score >= FIRST
    }
}

/// Gives each candidate its log-odds by itself and drops the unlikely ones.
pub fn first_round(table: &Table, lines: &[Line], candidates: &mut Vec<Candidate>) {
    let mut first = First::new(table);
    candidates.retain_mut(|c| first.passes(lines, c));
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
        term.sum += c.score.clamp(FIRST, -FIRST);
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
            let mean = if others > 0 { (term.sum - c.score.clamp(FIRST, -FIRST)) / others } else { 0 };
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
