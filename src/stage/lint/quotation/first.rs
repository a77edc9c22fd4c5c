//! The first round: how likely a stretch is a quoted term by itself, whatever the rest of the text says.

use super::contexts::{char_at, with};
use super::stretch::{Candidate, LONGEST, Line, chars, is_plain, known, of, step};
use super::table::Table;
use crate::lm::usage::Usage;

/// Least log-odds after the round, in units of the table.
pub(super) const LEAST: i32 = -32;
/// A candidate that its marks, its length and its words hold this unlikely is not asked further.
const HOPELESS: i32 = -38;

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
pub(super) struct First<'t> {
    pub table: &'t Table<'t>,
    /// The weights of [`PLAIN`], by their steps.
    plain: [Vec<i32>; 8],
    bonds: Bonds,
}

impl<'t> First<'t> {
    pub fn new(table: &'t Table<'t>) -> Self {
        let plain = PLAIN.map(|p| (0..p.1 * p.2).map(|steps| table.weight(plain_key(p, steps))).collect());
        First { table, plain, bonds: Bonds::default() }
    }

    /// Log-odds of a candidate by itself.
    pub fn score(&mut self, line: &Line, c: &Candidate) -> i32 {
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
    pub fn passes(&mut self, lines: &[Line], c: &mut Candidate) -> bool {
        c.score = lines.get(c.line).map_or(i32::MIN, |line| self.score(line, c));
        c.score >= LEAST
    }
}

/// Gives each candidate its log-odds by itself and drops the unlikely ones.
pub fn first_round(table: &Table, lines: &[Line], candidates: &mut Vec<Candidate>) {
    let mut first = First::new(table);
    candidates.retain_mut(|c| first.passes(lines, c));
}
