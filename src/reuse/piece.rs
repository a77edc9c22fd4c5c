//! A piece: a part of one block that stands in one other block as well.

use super::page::{Break, Page};
use super::{ADDS, ALIKE, Match};
use crate::lm::channel::Channel;
use std::ops::{Add, Range};

/// A part of a block that was printed before, and what is to be known of the place where.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The match, cut at the borders of both blocks.
    pub hit: Match,
    /// Number of the issue of the original; any number that the caller gives them.
    pub issue: usize,
    /// Where the original stands as whoever looks for pieces counts: here, in folded characters of its text.
    pub printed: Range<usize>,
    /// Number of the block of the original among the bodies of its page.
    pub body: usize,
    /// The whole block of the original.
    pub whole: Range<usize>,
    /// Article of the original.
    pub article: usize,
    /// Whether the block of the original is the first, and the last, of its article.
    pub at_edge: (bool, bool),
    /// What stands before and behind the piece in the original.
    pub around: (Break, Break),
    /// Whether a sentence begins at the piece's begin in the original, and ends at its end.
    pub sentence: (bool, bool),
    /// What the differences look like.
    pub differences: Differences,
    /// Numbers in the copy: runs of digits, and runs of two and more numerals.
    pub numbers: usize,
}

/// One of the two texts of a match.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// The issue's number.
    pub issue: usize,
    /// Its folded characters.
    pub chars: &'a [char],
    /// Its blocks.
    pub page: &'a Page,
}

/// Cuts a match at the borders of blocks on both sides; `put` takes each piece with the number of the copying body.
pub fn cut(hit: &Match, original: Side, copy: Side, mut put: impl FnMut(usize, Piece)) {
    for to in copy.page.touched(&hit.copy) {
        let Some(block) = copy.page.bodies.get(to) else { continue };
        let Some(inside) = hit.clip(&block.range) else { continue };
        for from in original.page.touched(&inside.original) {
            if original.issue == copy.issue && from == to {
                continue;
            }
            let Some(body) = original.page.bodies.get(from) else { continue };
            let Some(mut hit) = inside.clip_original(&body.all) else { continue };
            reach_ends(&mut hit, (original, &body.all), (copy, &block.range));
            if hit.copy.len() < ADDS || hit.similarity() < ALIKE - 0.1 {
                continue;
            }
            let Range { start, end } = hit.original;
            let piece = Piece {
                issue: original.issue,
                printed: hit.original.clone(),
                body: from,
                whole: body.all.clone(),
                article: body.article,
                at_edge: (body.first, body.last),
                around: (original.page.before(start), original.page.before(end)),
                sentence: (original.page.begins(body, start), original.page.ends(body, end)),
                differences: Differences::of(&hit, original.chars, copy.chars),
                numbers: numbers(copy.chars.get(hit.copy.clone()).unwrap_or(&[])),
                hit,
            };
            put(to, piece);
        }
    }
}

/// The differences of a piece, counted by what may have made them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Characters that an engine takes for each other.
    pub misread: usize,
    /// A character more or less.
    pub slips: usize,
    /// Another character that no engine takes for it, and no more.
    pub odd: usize,
    /// Other figures in the same place.
    pub figures: usize,
    /// Characters of words put otherwise, put in or left out.
    pub reworded: usize,
}

/// Most characters that a misreading near the end of a sentence may leave unaligned, and how many of them may differ.
const REACH: usize = 6;
const MISREAD: usize = 2;

/// Goes on to the sentence's end, or back to its begin, where it lies as near in both texts and nearly all agrees on the
/// way: an alignment does not reach a misreading at the very end.
fn reach_ends(hit: &mut Match, original: (Side, &Range<usize>), copy: (Side, &Range<usize>)) {
    let next = |(side, limit): (Side, &Range<usize>), at: usize| {
        (0..=REACH).find(|d| at + d >= limit.end || side.page.before(at + d) >= Break::Half)
    };
    let last = |(side, limit): (Side, &Range<usize>), at: usize| {
        (0..=REACH).find(|d| at <= limit.start + d || side.page.before(at - d) >= Break::Half)
    };
    let differ = |from: usize, to: usize, by: usize| -> Vec<usize> {
        (0..by).filter(|i| original.0.chars.get(from + i) != copy.0.chars.get(to + i)).collect()
    };
    let (from, to) = (hit.original.end, hit.copy.end);
    if let Some(by) = next(original, from).filter(|by| *by > 0 && next(copy, to) == Some(*by)) {
        let differ = differ(from, to, by);
        if differ.len() <= MISREAD {
            (hit.original.end, hit.copy.end) = (from + by, to + by);
            hit.equal += by - differ.len();
            hit.differences.extend(differ.into_iter().map(|i| (from + i..from + i + 1, to + i..to + i + 1)));
        }
    }
    let (from, to) = (hit.original.start, hit.copy.start);
    if let Some(by) = last(original, from).filter(|by| *by > 0 && last(copy, to) == Some(*by)) {
        let (from, to) = (from - by, to - by);
        let differ = differ(from, to, by);
        if differ.len() <= MISREAD {
            (hit.original.start, hit.copy.start) = (from, to);
            hit.equal += by - differ.len();
            hit.differences.splice(0..0, differ.into_iter().map(|i| (from + i..from + i + 1, to + i..to + i + 1)));
        }
    }
}

/// Who made the differences of two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// There are none.
    Nobody,
    /// An engine: most are characters that are taken for each other.
    Engine,
    /// One of the two: single characters more, less or other.
    Unclear,
    /// An editor: words are put otherwise, figures are others.
    Editor,
}

impl Differences {
    fn of(hit: &Match, original: &[char], copy: &[char]) -> Self {
        let mut out = Differences::default();
        let channel = Channel::embedded();
        let alike = |a: &char, b: &char| channel.pair(*a, *b).is_some_and(|near| near.shape > 0 || near.seen > 0);
        for (a, b) in &hit.differences {
            let (a, b) = (original.get(a.clone()).unwrap_or(&[]), copy.get(b.clone()).unwrap_or(&[]));
            let of_a_kind = |kind: fn(&char) -> bool| a.iter().chain(b).all(kind);
            // A numeral that is lost is a slip: 一 is a stroke, and engines take it for a dash.
            let lost = a.is_empty() || b.is_empty();
            if of_a_kind(char::is_ascii_digit) || !lost && of_a_kind(is_chinese_numeral) {
                out.figures += 1;
            } else if a.len() == b.len() {
                let figure = |a: &char, b: &char| a.is_ascii_digit() && b.is_ascii_digit();
                let figures = a.iter().zip(b).filter(|(a, b)| figure(a, b)).count();
                let misread = a.iter().zip(b).filter(|(a, b)| alike(a, b) && !figure(a, b)).count();
                out.figures += figures;
                out.misread += misread;
                match a.len() - misread - figures {
                    1 => out.odd += 1,
                    more => out.reworded += more,
                }
            } else if a.len().abs_diff(b.len()) == 1 && a.len().max(b.len()) <= 2 {
                out.slips += 1;
            } else {
                out.reworded += a.len().max(b.len());
            }
        }
        out
    }

    /// Whose hand they show.
    pub fn hand(&self) -> Hand {
        match self.all() {
            0 => Hand::Nobody,
            _ if self.misread > self.figures
                && self.misread + 1 >= self.slips + self.odd
                && self.reworded * 2 <= self.misread + self.slips =>
            {
                Hand::Engine
            }
            _ if self.reworded + self.figures == 0 => Hand::Unclear,
            _ => Hand::Editor,
        }
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.misread + self.slips + self.odd + self.figures + self.reworded
    }
}

impl Add for Differences {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Differences {
            misread: self.misread + other.misread,
            slips: self.slips + other.slips,
            odd: self.odd + other.odd,
            figures: self.figures + other.figures,
            reworded: self.reworded + other.reworded,
        }
    }
}

/// Numbers in a stretch: runs of digits, and runs of two and more numerals.
fn numbers(chars: &[char]) -> usize {
    let runs = chars.chunk_by(|a, b| is_numeral(a) == is_numeral(b));
    runs.filter(|run| run.first().is_some_and(|c| c.is_ascii_digit() || run.len() > 1 && is_numeral(c))).count()
}

fn is_numeral(c: &char) -> bool {
    c.is_ascii_digit() || is_chinese_numeral(c)
}

fn is_chinese_numeral(c: &char) -> bool {
    matches!(c, '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百' | '千')
}
