//! What speaks for the one reading of a place and for the other.

use crate::collate::{Pair, Readings};
use crate::lm::channel::Channel;
use crate::lm::lexicon::Lexicon;
use crate::lm::suspect::{Habits, Judge};
use crate::source::Scan;
use crate::text::{SourceSpan, fold_char, is_han};
use std::ops::Range;

/// Folded characters of context that the language model is given on either side.
const CONTEXT: usize = 9;
/// No evidence counts more than so many powers of ten, or of e, by itself.
const MOST: f32 = 6.0;

/// Likeness of glyphs, of 255, from which they are alike.
const ALIKE: f32 = 150.0 / 255.0;
/// What the language model makes of plain prose: mean of log10 of the probability of a character.
const PLAIN: f32 = 1.8;
/// A difference has a part that one reading has alone when its longer side has so many characters more, and so many
/// times as many.
const MORE: usize = 4;
const TIMES: usize = 3;
/// By how many characters two readings of the rest may differ in length when a whole clause is cut off.
const UNEVEN: usize = 2;

/// How a place differs, seen from the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// Both readings have something.
    Exchange,
    /// The other reading alone has something: the base may have lost it.
    Lost,
    /// The base alone has something: it may be one too many.
    Extra,
}

impl Shape {
    /// All of them, in the order of the weights.
    pub const ALL: [Shape; 3] = [Shape::Exchange, Shape::Lost, Shape::Extra];

    /// That of a pair.
    pub fn of(pair: &Pair) -> Shape {
        match (pair.base.is_empty(), pair.other.is_empty()) {
            (true, _) => Shape::Lost,
            (_, true) => Shape::Extra,
            _ => Shape::Exchange,
        }
    }
}

/// What each number of the evidence is; those that compare speak for the other reading when they are positive.
pub const NAMES: [&str; 31] = [
    "gain among the base's words",
    "gain among the other's words",
    "characters more",
    "plainness of the base's reading",
    "plainness of the other reading",
    "doubt of the base's engine",
    "doubt of the base's engine, by rank",
    "doubt of the other's engine",
    "doubt of the other's engine, by rank",
    "other's engine gives confidence",
    "base's was misread for other's",
    "other's was misread for base's",
    "alike in shape",
    "alike in sound",
    "unlike in shape",
    "unlike, and the other is plain",
    "unlike, and the base the worse on this page",
    "several characters on both sides",
    "all characters unlike",
    "base's reading is in words",
    "other reading is in words",
    "unlike, and the other is in words",
    "several unlike characters, and the other is in words",
    "not as many characters",
    "usage of the text",
    "base is the worse on this page",
    "base has letters or digits",
    "other has letters or digits",
    "whole clause",
    "stands beside itself",
    "long",
];
/// How many numbers the evidence has.
pub const EVIDENCE: usize = NAMES.len();

/// One reading of a page: its text and what its engine says of it.
#[derive(Debug)]
pub struct Side<'s> {
    text: &'s str,
    /// Where the text begins in what the scan counts in.
    start: usize,
    scan: Option<&'s Scan>,
    /// The confidences of its tokens, rising.
    confidences: Vec<f32>,
}

impl<'s> Side<'s> {
    /// The text of a span of a source, with the scan that speaks of it.
    pub fn new(text: &'s str, start: usize, scan: Option<&'s Scan>) -> Self {
        let mut confidences: Vec<f32> = scan.iter().flat_map(|s| &s.tokens).filter_map(|t| t.confidence).collect();
        confidences.sort_unstable_by(f32::total_cmp);
        Side { text, start, scan, confidences }
    }

    /// Its text.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// Whether its engine says how sure it was.
    pub fn is_scored(&self) -> bool {
        !self.confidences.is_empty()
    }

    /// The confidence, 0 to 1, of the character of a stretch that is least sure.
    pub fn confidence(&self, span: SourceSpan) -> Option<f32> {
        let scan = self.scan?;
        let chars = span.of(self.text).char_indices().filter(|(_, c)| fold_char(*c).is_some());
        chars.filter_map(|(at, _)| scan.confidence_at(self.start + span.start + at)).min_by(f32::total_cmp)
    }

    /// The doubt of a stretch, in log-odds: by what the engine says, and by how few characters of the page it is less
    /// sure of, which needs no engine's scale.
    fn doubt(&self, span: SourceSpan) -> Option<(f32, f32)> {
        let confidence = self.confidence(span)?.clamp(0.002, 0.998);
        let below = self.confidences.partition_point(|c| *c <= confidence);
        let rank = (below as f32 + 1.0) / (self.confidences.len() as f32 + 2.0);
        Some((((1.0 - confidence) / confidence).ln(), -rank.ln()))
    }
}

/// Two readings of one page, with all that places of theirs are weighed by.
#[derive(Debug)]
pub struct Page<'s> {
    /// The base.
    pub base: Side<'s>,
    /// The other reading.
    pub other: Side<'s>,
    /// How they compare.
    pub readings: Readings<'s>,
    /// The places where they differ, in the order of the base.
    places: Vec<Pair>,
    habits: Habits,
    /// Log-odds that of two readings of a place the other's is the likelier text, over the page.
    worse: f32,
}

/// The evidence of one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// How it differs.
    pub shape: Shape,
    /// The numbers, see [`NAMES`].
    pub values: [f32; EVIDENCE],
    /// log10 of how much likelier the text becomes by the other reading.
    pub gain: f32,
}

impl Evidence {
    /// Whether both readings have as many characters, and those look alike.
    pub fn is_near(&self) -> bool {
        let of = |name: &str| NAMES.iter().zip(&self.values).find(|(n, _)| **n == name).map_or(0.0, |(_, v)| *v);
        self.shape == Shape::Exchange && of("not as many characters") == 0.0 && of("unlike in shape") <= 0.5
    }
}

impl<'s> Page<'s> {
    /// Collates two readings.
    pub fn new(base: Side<'s>, other: Side<'s>) -> Self {
        let readings = Readings::new(base.text, other.text);
        let habits = Habits::of(&[Judge::embedded().read(base.text, 0)]);
        let places = places(&readings, base.text, other.text);
        let mut page = Page { base, other, readings, places, habits, worse: 0.0 };
        let gains = page.places.iter().filter(|d| Shape::of(d) == Shape::Exchange).map(|d| page.gains(d));
        let (mut better, mut all) = (0.0, 0.0);
        for [ours, theirs, ..] in gains {
            better += f32::from(u8::from(ours + theirs > 0.0));
            all += 1.0;
        }
        page.worse = ((better + 2.0) / (all - better + 2.0)).ln();
        page
    }

    /// The places where the readings differ.
    pub fn places(&self) -> &[Pair] {
        &self.places
    }

    /// Where the readings of a place stand, each in its text.
    pub fn spans(&self, pair: &Pair) -> (SourceSpan, SourceSpan) {
        (self.readings.in_base(&pair.base), self.readings.in_other(&pair.other))
    }

    /// What the language model says: the gain among the words of the base and of the other, and how plain each reading
    /// is where it stands.
    fn gains(&self, pair: &Pair) -> [f32; 4] {
        let (ours, theirs) = self.spans(pair);
        let (old, new) = (ours.of(self.base.text), theirs.of(self.other.text));
        let (left, right) = around(self.readings.base(), self.base.text, &pair.base);
        let (before, after) = around(self.readings.other(), self.other.text, &pair.other);
        let here = Judge::embedded().compare(left, old, new, right);
        let there = Judge::embedded().compare(before, old, new, after);
        [here.gain, there.gain, here.old, here.new.max(there.new)]
    }

    /// The evidence of a place where they differ.
    pub fn evidence(&self, pair: &Pair) -> Evidence {
        let (ours, theirs) = self.spans(pair);
        let [here, there, old, new] = self.gains(pair);
        let base = self.readings.base().chars().get(pair.base.clone()).unwrap_or(&[]);
        let other = self.readings.other().chars().get(pair.other.clone()).unwrap_or(&[]);
        let shape = Shape::of(pair);
        let near = likeness(base, other);
        let unlike = if shape == Shape::Exchange { 1.0 - (near.shape / ALIKE).min(1.0) } else { 0.0 };
        let (worded, words) = match shape {
            Shape::Exchange => (
                in_words(self.readings.base().chars(), &pair.base),
                in_words(self.readings.other().chars(), &pair.other),
            ),
            _ => (0.0, 0.0),
        };
        let doubt = self.base.doubt(ours).unwrap_or_default();
        let doubted = self.other.doubt(theirs);
        let (text, range, whole) = match shape {
            Shape::Lost => (self.other.text, theirs, (self.readings.other().chars(), &pair.other)),
            _ => (self.base.text, ours, (self.readings.base().chars(), &pair.base)),
        };
        let yes = |b: bool| f32::from(u8::from(b));
        let longer = pair.longer() as f32;
        let values = [
            here.clamp(-MOST, MOST),
            there.clamp(-MOST, MOST),
            (other.len() as f32 - base.len() as f32).clamp(-MOST, MOST),
            old.max(-MOST),
            new.max(-MOST),
            doubt.0,
            doubt.1,
            doubted.unwrap_or_default().0,
            doubted.unwrap_or_default().1,
            yes(doubted.is_some()),
            near.seen_base,
            near.seen_other,
            near.shape,
            near.sound,
            unlike,
            unlike * (new.max(-MOST) + PLAIN),
            unlike * self.worse,
            if shape == Shape::Exchange { (base.len().min(other.len()) as f32).ln() } else { 0.0 },
            yes(shape == Shape::Exchange && near.all_unlike),
            worded,
            words,
            unlike * words,
            if base.len().min(other.len()) > 1 { unlike * words } else { 0.0 },
            yes(shape == Shape::Exchange && base.len() != other.len()),
            self.usage(pair),
            self.worse,
            yes(base.iter().any(|c| !is_han(*c))),
            yes(other.iter().any(|c| !is_han(*c))),
            yes(shape != Shape::Exchange && is_clause(text, range)),
            yes(shape != Shape::Exchange && beside_itself(whole.0, whole.1)),
            longer.ln(),
        ];
        Evidence { shape, values, gain: (here + there) / 2.0 }
    }

    /// How much more usual the other reading is in the base itself, in log-odds: the rarest of its pairs against the rarest
    /// pair as it stands.
    fn usage(&self, pair: &Pair) -> f32 {
        let chars = self.readings.base().chars();
        let other = self.readings.other().chars().get(pair.other.clone()).unwrap_or(&[]);
        let from = pair.base.start.saturating_sub(1);
        let to = (pair.base.end + 1).min(chars.len());
        let row = |middle: &[char]| {
            let left = chars.get(from..pair.base.start).unwrap_or(&[]);
            let right = chars.get(pair.base.end..to).unwrap_or(&[]);
            let text: String = left.iter().chain(middle.iter().take(12)).chain(right).collect();
            let line = Judge::embedded().read(&text, 0);
            let inner = line.symbols.get(1..line.len() - 1).unwrap_or(&[]);
            inner.windows(2).map(|w| self.habits.pair(w[0], w[1])).min().unwrap_or(0)
        };
        let ours = row(chars.get(pair.base.clone()).unwrap_or(&[])).saturating_sub(1);
        (row(other) as f32 + 1.0).ln() - (ours as f32 + 1.0).ln()
    }
}

/// The text on either side of a stretch, as far as the language model looks.
fn around<'t>(folded: &crate::reuse::Folded, text: &'t str, range: &Range<usize>) -> (&'t str, &'t str) {
    let span = folded.span(range.start, range.end);
    let start = folded.byte(range.start.saturating_sub(CONTEXT));
    let end = folded.span(range.end, (range.end + CONTEXT).min(folded.chars().len())).end;
    (text.get(start.min(span.start)..span.start).unwrap_or(""), text.get(span.end..end.max(span.end)).unwrap_or(""))
}

/// How easily the characters of two readings are taken for each other: means over the pairs, 0 to 1.
#[derive(Default)]
struct Likeness {
    seen_base: f32,
    seen_other: f32,
    shape: f32,
    sound: f32,
    all_unlike: bool,
}

fn likeness(base: &[char], other: &[char]) -> Likeness {
    let mut sum = Likeness { all_unlike: true, ..Likeness::default() };
    let channel = Channel::embedded();
    if base.len() != other.len() {
        // One of the characters was misread, the rest lost or gained: the likest pair tells.
        let pairs = base.iter().take(8).flat_map(|a| other.iter().take(8).filter_map(|b| channel.pair(*a, *b)));
        sum.shape = pairs.map(|n| f32::from(n.shape) / 255.0).fold(0.0, f32::max);
        sum.all_unlike = sum.shape < ALIKE / 2.0;
        return sum;
    }
    let seen = |a: char, b: char| channel.near(a).find(|n| n.character == b).map_or(0.0, |n| f32::from(n.seen) / 31.0);
    let mut count = 0.0;
    for (a, b) in base.iter().zip(other).filter(|(a, b)| a != b) {
        let near = channel.pair(*a, *b);
        sum.seen_base += seen(*a, *b);
        sum.seen_other += seen(*b, *a);
        sum.shape += near.map_or(0.0, |n| f32::from(n.shape) / 255.0);
        sum.sound += near.map_or(0.0, |n| f32::from(n.sound) / 255.0);
        sum.all_unlike &= near.is_none_or(|n| f32::from(n.shape) / 255.0 < ALIKE / 2.0);
        count += 1.0;
    }
    let mean = |v: f32| v / f32::max(count, 1.0);
    Likeness {
        seen_base: mean(sum.seen_base),
        seen_other: mean(sum.seen_other),
        shape: mean(sum.shape),
        sound: mean(sum.sound),
        all_unlike: sum.all_unlike,
    }
}

/// How common the words are that cover the characters of a stretch, the rarest of them, 0 to 1; 0 where one is in no word.
fn in_words(chars: &[char], range: &Range<usize>) -> f32 {
    let lexicon = Lexicon::embedded();
    let levels = range.clone().take(12).map(|at| lexicon.covering(chars, at).level);
    levels.min().map_or(0.0, |l| f32::from(l) / 16.0)
}

/// Whether marks stand on both sides of a stretch, or an end of the text or of a paragraph. A line end alone is none: an
/// engine breaks lines anywhere.
fn is_clause(text: &str, span: SourceSpan) -> bool {
    let (before, after) = (text.get(..span.start).unwrap_or(""), text.get(span.end..).unwrap_or(""));
    ends_clause(before.chars().rev()) && ends_clause(after.chars())
}

/// Whether a mark, an empty line or nothing is met first.
fn ends_clause(chars: impl Iterator<Item = char>) -> bool {
    let mut lines = 0;
    for c in chars {
        lines += usize::from(c == '\n');
        if lines > 1 || !c.is_whitespace() {
            return lines > 1 || fold_char(c).is_none();
        }
    }
    true
}

/// Whether a stretch stands twice in a row, wherever the one copy is thought to end and the other to begin.
fn beside_itself(chars: &[char], range: &Range<usize>) -> bool {
    let same = |at: usize| {
        let c = chars.get(at);
        let before = at.checked_sub(range.len()).and_then(|i| chars.get(i));
        c == chars.get(at + range.len()) || c == before
    };
    !range.is_empty() && range.clone().filter(|at| same(*at)).count() * 5 >= range.len() * 4
}

/// The places where readings differ: a difference of which one reading has a part alone is two places, and a part that could
/// as well begin earlier or later begins where a clause does.
fn places(readings: &Readings, base: &str, other: &str) -> Vec<Pair> {
    let mut out = Vec::new();
    for pair in &readings.collation.differences {
        let (parts, count) = split(pair, readings, base, other);
        out.extend(parts.into_iter().take(count).map(|part| slid(part, readings, base, other)));
    }
    out.sort_by_key(|p| (p.base.start, p.base.end, p.other.start));
    out
}

/// Cuts a difference in two, and in how many parts: a lone part, and one where each reading has as much as the other.
fn split(pair: &Pair, readings: &Readings, base: &str, other: &str) -> ([Pair; 2], usize) {
    let shorter = pair.base.len().min(pair.other.len());
    if shorter == 0 || pair.longer() < shorter * TIMES || pair.longer() < shorter + MORE {
        return ([pair.clone(), Pair::default()], 1);
    }
    let pairs = |base: [Range<usize>; 2], other: [Range<usize>; 2]| {
        let ([a, b], [c, d]) = (base, other);
        [Pair { base: a, other: c }, Pair { base: b, other: d }]
    };
    let cut = |range: &Range<usize>, at: usize| [range.start..at, at..range.end];
    let (b, o) = (&pair.base, &pair.other);
    let (lone_first, lone_last) = match b.len() > o.len() {
        true => (pairs(cut(b, b.end - shorter), cut(o, o.start)), pairs(cut(b, b.start + shorter), cut(o, o.end))),
        false => (pairs(cut(b, b.start), cut(o, o.end - shorter)), pairs(cut(b, b.end), cut(o, o.start + shorter))),
    };
    if let Some(parts) = whole_clause(pair, readings, base, other) {
        return (parts, 2);
    }
    let clauses = |lone: &Pair| match lone.base.is_empty() {
        true => is_clause(other, readings.in_other(&lone.other)),
        false => is_clause(base, readings.in_base(&lone.base)),
    };
    let chars = |p: &Pair| {
        let (a, b) = (readings.base().chars().get(p.base.clone()), readings.other().chars().get(p.other.clone()));
        likeness(a.unwrap_or(&[]), b.unwrap_or(&[])).shape
    };
    let key = |lone: &Pair, rest: &Pair| (clauses(lone), (chars(rest) * 255.0) as u32);
    let last = key(&lone_last[1], &lone_last[0]) > key(&lone_first[0], &lone_first[1]);
    (if last { lone_last } else { lone_first }, 2)
}

/// Cuts off a whole clause at the end or at the beginning of the longer side, where the rest is about as long as the
/// shorter side.
fn whole_clause(pair: &Pair, readings: &Readings, base: &str, other: &str) -> Option<[Pair; 2]> {
    let turned = pair.other.len() > pair.base.len();
    let (longer, shorter, whole, text) = match turned {
        true => (&pair.other, &pair.base, readings.other(), other),
        false => (&pair.base, &pair.other, readings.base(), base),
    };
    let clause = |range: Range<usize>| {
        let span = whole.span(range.start, range.end);
        is_clause(text, SourceSpan::new(span.start, span.end))
    };
    let pair = |long: Range<usize>, short: Range<usize>| match turned {
        true => Pair { base: short, other: long },
        false => Pair { base: long, other: short },
    };
    let near = shorter.len().saturating_sub(UNEVEN).max(1)..=shorter.len() + UNEVEN;
    near.filter(|rest| *rest + MORE <= longer.len()).find_map(|rest| {
        let (first, last) = (longer.start + rest, longer.end - rest);
        if clause(first..longer.end) {
            return Some([
                pair(longer.start..first, shorter.clone()),
                pair(first..longer.end, shorter.end..shorter.end),
            ]);
        }
        let parts = [pair(longer.start..last, shorter.start..shorter.start), pair(last..longer.end, shorter.clone())];
        clause(longer.start..last).then_some(parts)
    })
}

/// Moves a lone part along a repetition to where it is a whole clause.
fn slid(pair: Pair, readings: &Readings, base: &str, other: &str) -> Pair {
    let (lone, text, whole) = match Shape::of(&pair) {
        Shape::Exchange => return pair,
        Shape::Lost => (pair.other.clone(), other, readings.other()),
        Shape::Extra => (pair.base.clone(), base, readings.base()),
    };
    let chars = whole.chars();
    let clause = |range: &Range<usize>| {
        let span = whole.span(range.start, range.end);
        is_clause(text, SourceSpan::new(span.start, span.end))
    };
    let moved = |range: &Range<usize>, by: isize| {
        let at = |n: usize| n.checked_add_signed(by);
        Some(at(range.start)?..at(range.end)?)
    };
    let most = lone.len().min(64) as isize;
    let same = |a: Option<usize>, b: Option<usize>| a.and_then(|i| chars.get(i)) == b.and_then(|i| chars.get(i));
    let back = (1..=most).take_while(|n| {
        let at = |n: usize, by: isize| n.checked_add_signed(-by);
        at(lone.start, *n).is_some() && same(at(lone.start, *n), at(lone.end, *n))
    });
    let ahead = (1..=most).take_while(|n| {
        let at = |i: usize| i.checked_add_signed(*n - 1);
        at(lone.end).is_some_and(|i| i < chars.len()) && same(at(lone.start), at(lone.end))
    });
    let ways = std::iter::once(0).chain(back.map(|n| -n)).chain(ahead);
    let found = ways.into_iter().find(|by| moved(&lone, *by).is_some_and(|r| clause(&r))).unwrap_or(0);
    let both = moved(&pair.base, found).zip(moved(&pair.other, found));
    both.map_or(pair, |(base, other)| Pair { base, other })
}
