//! Which finding is about which defect, and whether its fix puts it right.

use super::records::{Record, Stretch};
use super::{Claim, Kind};
use crate::finding::Category::{self, *};

/// Characters by which a finding may be longer than the defect that it finds.
const SLACK: usize = 40;

/// Classes so dense in a text that touching one says nothing about a finding of another sort.
const QUIET: &[&str] = &["punct_half", "quote_drop"];

const WORDING: &[Kind] = &[Kind::Of(Typo), Kind::Of(Consistency)];
const REPEAT: &[Kind] = &[Kind::Of(Typo), Kind::Of(Consistency), Kind::Of(Duplicate)];
const DATES: &[Kind] = &[Kind::Of(Style), Kind::Of(Consistency), Kind::Of(Typo)];

/// The classes that are judged, each with what a finding about it may be.
const SUITS: &[(&str, &[Kind])] = &[
    ("punct_half", &[Kind::Of(Punctuation), Kind::Of(Character), Kind::Width]),
    ("quote_drop", &[Kind::Of(Quotation)]),
    ("quote_missing", &[Kind::Of(Quotation)]),
    ("break", &[Kind::Of(Break)]),
    ("join", &[Kind::Of(Break)]),
    ("dup_exact", &[Kind::Of(Duplicate)]),
    ("dup_noisy", &[Kind::Of(Duplicate)]),
    ("dup_splice", &[Kind::Of(Duplicate)]),
    ("dup_cross", &[Kind::Of(Duplicate)]),
    ("duplicate", &[Kind::Of(Duplicate)]),
    ("repeat_word", REPEAT),
    ("repeat_char", REPEAT),
    ("repeat_phrase", REPEAT),
    ("drop_char", WORDING),
    ("drop_word", WORDING),
    ("sub_shape", WORDING),
    ("sub_sound", WORDING),
    ("term_drift", WORDING),
    ("heading_level", &[Kind::Of(Structure)]),
    ("heading_structure", &[Kind::Of(Structure)]),
    ("numbering", &[Kind::Of(Structure), Kind::Of(Consistency), Kind::Of(Typo)]),
    ("pair_lost", &[Kind::Of(Punctuation), Kind::Of(Quotation), Kind::Of(Structure), Kind::Of(Typo)]),
    ("date_weekday", DATES),
    ("date_impossible", DATES),
    (
        "number_slip",
        &[Kind::Of(Style), Kind::Of(Punctuation), Kind::Of(Typo), Kind::Of(Character), Kind::Of(Consistency)],
    ),
    ("typo", REPEAT),
    ("fluent_substitution", REPEAT),
    ("missing_word", REPEAT),
    ("redundant_word", REPEAT),
    ("semantic", REPEAT),
    ("factual", REPEAT),
    ("consistency", REPEAT),
    ("style", &[Kind::Of(Style), Kind::Of(Consistency)]),
    ("punct_wrong", &[Kind::Of(Punctuation), Kind::Of(Quotation), Kind::Of(Typo), Kind::Of(Consistency)]),
    ("lost_text", &[Kind::Of(Structure), Kind::Of(Typo), Kind::Of(Consistency), Kind::Of(Duplicate)]),
];

/// What a finding about a class may be; `None` for a class that findings do not speak of (a byline, a dateline).
pub fn suits(class: &str) -> Option<&'static [Kind]> {
    SUITS.iter().find(|(c, _)| *c == class).map(|(_, kinds)| *kinds)
}

fn suited(class: &str, kind: Kind) -> bool {
    suits(class).is_some_and(|kinds| kinds.contains(&kind))
}

/// What a finding turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// About a defect, in a category that suits it.
    True,
    /// At a defect, in a category that does not suit it.
    Misfiled,
    /// At no defect.
    False,
    /// Inside a repeated passage, which should go whole: its wording has no truth.
    InCopy,
}

/// How a defect fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// A finding is about it.
    pub found: bool,
    /// The first fix of such a finding puts it right.
    pub first: bool,
    /// Some fix of such a finding puts it right.
    pub any: bool,
}

/// Whether two stretches lie within one character of each other.
fn touch(a: Stretch, b: Stretch) -> bool {
    a.start <= b.end + 1 && b.start <= a.end + 1
}

/// Whether two stretches share a character.
fn overlap(a: Stretch, b: Stretch) -> bool {
    a.start < b.end && b.start < a.end
}

/// How many characters of `of` the parts cover.
fn covered(of: Stretch, parts: impl Iterator<Item = Stretch>) -> usize {
    let mut parts: Vec<Stretch> = parts.collect();
    parts.sort();
    let (mut sum, mut done) = (0, of.start);
    for part in parts {
        let (start, end) = (part.start.max(done), part.end.min(of.end));
        if start < end {
            sum += end - start;
            done = end;
        }
    }
    sum
}

/// Whether the parts cover at least `tenths` tenths of a stretch.
fn mostly(of: Stretch, parts: impl Iterator<Item = Stretch>, tenths: usize) -> bool {
    covered(of, parts) * 10 >= of.len().max(1) * tenths
}

/// Runs of three line ends and more become two.
fn squash(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut ends = 0;
    for c in text {
        ends = if *c == '\n' { ends + 1 } else { 0 };
        if ends < 3 {
            out.push(*c);
        }
    }
    out
}

fn stripped(text: &[char]) -> &[char] {
    let start = text.iter().position(|c| !c.is_whitespace()).unwrap_or(text.len());
    let end = text.iter().rposition(|c| !c.is_whitespace()).map_or(start, |i| i + 1);
    text.get(start..end).unwrap_or(&[])
}

/// The half-width form of a mark that has one.
pub fn narrow(c: char) -> char {
    match c {
        '，' => ',',
        '；' => ';',
        '：' => ':',
        '！' => '!',
        '？' => '?',
        '（' => '(',
        '）' => ')',
        other => other,
    }
}

/// The records of one issue with its text: says what any stretch of it may rightly become.
pub struct Gold<'a> {
    source: &'a [char],
    /// In the order of their places.
    records: &'a [Record],
    longest: usize,
    copies: Vec<&'a Record>,
    /// Whether the width of marks is part of the truth.
    exact: bool,
}

impl<'a> Gold<'a> {
    /// The records, sorted by place. The width of marks is not judged by an annotation.
    pub fn new(source: &'a [char], records: &'a [Record]) -> Self {
        let longest = records.iter().map(|r| r.place.len()).max().unwrap_or(0);
        let copies = records.iter().filter(|r| r.copy.is_some()).collect();
        let exact = !records.iter().any(|r| r.annotated);
        Gold { source, records, longest, copies, exact }
    }

    /// Whether the records can tell if a finding is true.
    pub fn judges(&self, claim: &Claim) -> bool {
        self.exact || claim.kind != Kind::Width
    }

    fn slice(&self, from: usize, to: usize) -> &'a [char] {
        self.source.get(from..to).unwrap_or(&[])
    }

    /// The records within one character of a stretch, in order.
    fn around(&self, at: Stretch) -> impl Iterator<Item = &'a Record> {
        let low = self.records.partition_point(|r| r.place.start + self.longest + 2 < at.start);
        let near = self.records.get(low..).unwrap_or(&[]).iter();
        near.take_while(move |r| r.place.start <= at.end + 2).filter(move |r| touch(at, r.place))
    }

    /// Whether `text` over a stretch gives the truth: of `must`, or of at least one defect and nothing else. Other
    /// defects in reach may be put right or left.
    pub fn right(&self, at: Stretch, text: &[char], must: Option<&Record>) -> bool {
        let hit: Vec<&Record> = self.around(at).collect();
        let is_must = |r: &Record| must.is_some_and(|m| std::ptr::eq(m, r));
        let Some(first) = hit.first().filter(|_| must.is_none() || hit.iter().any(|r| is_must(r))) else {
            return false;
        };
        let low = at.start.min(first.place.start);
        let high = hit.iter().map(|r| r.place.end).fold(at.end, usize::max);
        let result = [self.slice(low, at.start), text, self.slice(at.end, high)].concat();
        let squashed = squash(&result);
        if squashed == squash(self.slice(low, high)) {
            return false;
        }
        let mut pattern: Vec<Vec<&[char]>> = Vec::new();
        let mut done = low;
        for r in &hit {
            pattern.push(vec![self.slice(done, r.place.start)]);
            let old = self.slice(r.place.start, r.place.end);
            let choices = if is_must(r) { [r.truth.as_deref(), None] } else { [r.truth.as_deref(), Some(old)] };
            pattern.push(choices.into_iter().flatten().collect());
            done = r.place.end;
        }
        pattern.push(vec![self.slice(done, high)]);
        // A copy that is taken out may leave its blank line.
        let blank = hit.iter().any(|r| r.copy.is_some());
        self.reads(&result, &pattern, blank) || self.reads(&squashed, &pattern, blank)
    }

    /// Whether a text is one choice of each part of the pattern after the other.
    fn reads(&self, text: &[char], pattern: &[Vec<&[char]>], blank: bool) -> bool {
        let same = |a: &[char], b: &[char]| {
            let alike = |(a, b): (&char, &char)| a == b || !self.exact && narrow(*a) == narrow(*b);
            a.len() == b.len() && a.iter().zip(b).all(alike)
        };
        let mut ends = vec![0];
        for choices in pattern {
            let mut next: Vec<usize> = Vec::new();
            for from in ends {
                for choice in choices {
                    let to = from + choice.len();
                    if text.get(from..to).is_some_and(|there| same(there, choice)) {
                        next.push(to);
                    }
                }
            }
            next.sort_unstable();
            next.dedup();
            ends = next;
        }
        let over = |from: usize| text.get(from..).is_some_and(|rest| blank && rest.iter().all(|c| *c == '\n'));
        ends.into_iter().any(|end| end == text.len() || over(end))
    }

    /// How a defect fared with the claims near it.
    pub fn judge(&self, record: &Record, claims: &Claims) -> Fate {
        if let Some(copy) = record.copy {
            return self.judge_copy(record, copy, claims);
        }
        let hits: Vec<&Claim> = claims
            .near(record.place)
            .into_iter()
            .filter(|c| suited(&record.class, c.kind) && fits(c.at, record))
            .collect();
        let right = |c: &Claim, text: &[char]| self.right(c.at, text, Some(record));
        Fate {
            found: !hits.is_empty(),
            first: hits.iter().any(|c| c.texts.first().is_some_and(|t| right(c, t))),
            any: hits.iter().any(|c| c.texts.iter().any(|t| right(c, t))),
        }
    }

    /// A repeated passage must be covered to four fifths. A finding that takes the copy for the original and points at
    /// it has found it too, but its fix would take text out in the wrong place.
    fn judge_copy(&self, record: &Record, copy: Stretch, claims: &Claims) -> Fate {
        let duplicates = || claims.all.iter().filter(|c| c.category == Category::Duplicate);
        let hits: Vec<&Claim> = duplicates().filter(|c| overlap(c.at, copy)).collect();
        if !mostly(copy, hits.iter().map(|c| c.at), 8) {
            let points = |c: &&Claim| {
                mostly(copy, c.related.iter().copied(), 8)
                    && record.origin.iter().any(|o| mostly(*o, std::iter::once(c.at), 8))
            };
            return Fate { found: duplicates().any(|c| points(&c)), first: false, any: false };
        }
        let trimmed = |text: &[char], from_end: bool| match from_end {
            true => text.iter().rposition(|c| *c != '\n').map_or(0, |i| i + 1),
            false => text.iter().position(|c| *c != '\n').unwrap_or(text.len()),
        };
        let (head, tail) = (self.slice(0, copy.start), self.slice(copy.end, self.source.len()));
        let head = head.get(..trimmed(head, true)).unwrap_or(&[]);
        let tail = tail.get(trimmed(tail, false)..).unwrap_or(&[]);
        let rest = squash(&[head, &['\n', '\n'], tail].concat());
        let gone = |choose: &dyn Fn(&Claim) -> Option<Vec<char>>| {
            let mut cuts: Vec<_> = hits.iter().filter_map(|c| Some((c.at, choose(c)?))).collect();
            cuts.sort_by_key(|(at, _)| *at);
            let (mut out, mut done) = (Vec::new(), 0);
            for (at, text) in cuts {
                out.extend_from_slice(self.slice(done, at.start));
                out.extend(text);
                done = at.end;
            }
            out.extend_from_slice(self.slice(done, self.source.len()));
            stripped(&squash(&out)) == stripped(&rest)
        };
        let first = gone(&|c| c.texts.first().cloned());
        let empty = |c: &Claim| c.texts.iter().find(|t| t.is_empty()).or(c.texts.first()).cloned();
        Fate { found: true, first, any: first || gone(&empty) }
    }

    /// What a finding turned out to be.
    pub fn verdict(&self, claim: &Claim) -> Verdict {
        let at = claim.at;
        for r in &self.copies {
            let Some(copy) = r.copy else { continue };
            let inside = match at.is_empty() {
                true => copy.start <= at.start && at.start <= copy.end,
                false => mostly(at, std::iter::once(copy), 5),
            };
            if inside {
                return if claim.category == Category::Duplicate { Verdict::True } else { Verdict::InCopy };
            }
            let points = |x: &Stretch| x.start <= copy.end && copy.start <= x.end;
            if claim.category == Category::Duplicate
                && mostly(at, r.origin.iter().copied(), 5)
                && claim.related.iter().any(points)
            {
                return Verdict::True;
            }
        }
        let mut verdict = Verdict::False;
        for r in self.around(at) {
            if r.copy.is_none() && suited(&r.class, claim.kind) && fits(at, r) {
                return Verdict::True;
            }
            if !QUIET.contains(&r.class.as_str()) {
                verdict = Verdict::Misfiled;
            }
        }
        verdict
    }
}

/// Whether a finding over a stretch is about this (not repeated) defect: within one character of it (a mark: on it) and
/// not much longer; a lost quotation mark also where the finding begins or ends at it.
fn fits(at: Stretch, record: &Record) -> bool {
    if record.class == "punct_half" && !overlap(at, record.place) || !touch(at, record.place) {
        return false;
    }
    let ends = || [at.start, at.end].into_iter().any(|end| touch(Stretch::at(end), record.place));
    record.class == "quote_drop" && ends() || at.len() <= record.place.len() + SLACK
}

/// The claims of an issue, by place.
pub struct Claims<'a> {
    all: &'a [Claim],
    shelves: Vec<Vec<usize>>,
}

/// Characters on one shelf.
const SHELF: usize = 64;

impl<'a> Claims<'a> {
    /// Puts the claims on shelves.
    pub fn new(all: &'a [Claim], length: usize) -> Self {
        let mut shelves = vec![Vec::new(); length / SHELF + 2];
        for (i, claim) in all.iter().enumerate() {
            for shelf in shelves_of(claim.at) {
                if let Some(shelf) = shelves.get_mut(shelf) {
                    shelf.push(i);
                }
            }
        }
        Claims { all, shelves }
    }

    /// The claims that lie near a stretch, in their order.
    fn near(&self, at: Stretch) -> Vec<&'a Claim> {
        let mut found: Vec<usize> = shelves_of(at).filter_map(|s| self.shelves.get(s)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|i| self.all.get(i)).collect()
    }
}

fn shelves_of(at: Stretch) -> std::ops::RangeInclusive<usize> {
    at.start.saturating_sub(1) / SHELF..=(at.end + 1) / SHELF
}
