//! A page as reuse sees it: its folded characters, what stands between them, and the blocks that are judged.

use super::{Folded, Match};
use crate::document::View;
use crate::outline::{BlockKind, PartKind};
use crate::text::{ViewSpan, fold_char};
use std::ops::Range;

/// What stands between two folded characters, the strongest of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Break {
    /// Nothing, or marks that part no clauses.
    None,
    /// A comma.
    Clause,
    /// A semicolon, a colon or an ellipsis.
    Half,
    /// The end of a sentence.
    Sentence,
    /// The end of a line.
    Line,
}

/// A block of body text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Its number in the outline.
    pub block: usize,
    /// Its folded characters, without a dateline at its head or a credit at its end.
    pub range: Range<usize>,
    /// All its folded characters: what stands in it may be copied to where it is no dateline any more.
    pub all: Range<usize>,
    /// Number of its article.
    pub article: usize,
    /// Whether it is the first body block of its article.
    pub first: bool,
    /// Whether it is the last one.
    pub last: bool,
}

/// One issue, prepared for judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The blocks of body text, in order.
    pub bodies: Vec<Body>,
    /// What stands before each folded character, and behind the last.
    breaks: Vec<Break>,
}

impl Page {
    /// Reads the outline of a view. `text` is the folded text of the same view; what stands between characters is known in
    /// the bodies that the matches touch, and nowhere else.
    pub fn of_matches(view: &View, text: &Folded, matches: &[Match]) -> Self {
        let mut page = Page { bodies: bodies(view, text), breaks: vec![Break::None; text.chars().len() + 1] };
        let mut touched = vec![false; page.bodies.len()];
        for range in matches.iter().flat_map(|m| [&m.copy, &m.original]) {
            touched.get_mut(page.touched(range)).unwrap_or_default().fill(true);
        }
        for (body, _) in page.bodies.iter().zip(&touched).filter(|(_, touched)| **touched) {
            let Some(block) = view.outline().blocks.get(body.block) else { continue };
            let room = page.breaks.get_mut(body.all.start..=body.all.end).unwrap_or_default();
            // The end of one body may be the begin of the next; both are lines.
            let mut next = 0;
            runs(view.get(block.text), |before, _, length| {
                room.get_mut(next).into_iter().for_each(|place| *place = before);
                next += length;
            });
        }
        page
    }

    /// Reads the outline of a view and all that stands between its characters. `text` is the folded text of the same view;
    /// `run` is told where each run of folded characters begins: the number of its first one among the folded ones, and
    /// among all scalar values.
    pub fn read_and(view: &View, text: &Folded, run: impl FnMut(usize, usize)) -> Self {
        Page::of_bodies(view.text(), text.chars().len(), bodies(view, text), run)
    }

    /// Reads what stands between the characters of a text of so many folded ones whose blocks are known; `run` is told
    /// where each run of folded characters begins, as by [`Page::read_and`].
    pub fn of_bodies(text: &str, length: usize, bodies: Vec<Body>, mut run: impl FnMut(usize, usize)) -> Self {
        let mut breaks = vec![Break::None; length + 1];
        let mut next = 0;
        runs(text, |before, at, length| {
            breaks.get_mut(next).into_iter().for_each(|place| *place = before);
            run(next, at);
            next += length;
        });
        Page { bodies, breaks }
    }

    /// What stands before a folded character; at the ends of the text, a line's end.
    pub fn before(&self, at: usize) -> Break {
        self.breaks.get(at).copied().unwrap_or(Break::Line)
    }

    /// Whether a break at least this strong stands inside the range, its ends left out.
    pub fn has_inside(&self, range: Range<usize>, least: Break) -> bool {
        self.breaks.get(range.start + 1..range.end).is_some_and(|b| b.iter().any(|b| *b >= least))
    }

    /// The numbers of the bodies that a range of folded characters touches.
    pub fn touched(&self, range: &Range<usize>) -> Range<usize> {
        let from = self.bodies.partition_point(|b| b.all.end <= range.start);
        let touched = self.bodies.iter().skip(from).take_while(|b| b.all.start < range.end).count();
        from..from + touched
    }

    /// Whether a sentence begins at a place of a body.
    pub fn begins(&self, body: &Body, at: usize) -> bool {
        at <= body.range.start || self.before(at) >= Break::Half
    }

    /// Whether a sentence ends before a place of a body, or a character later.
    pub fn ends(&self, body: &Body, at: usize) -> bool {
        at + 1 >= body.range.end || self.before(at) >= Break::Half
    }
}

/// The blocks of body text.
fn bodies(view: &View, text: &Folded) -> Vec<Body> {
    let outline = view.outline();
    let numbers = |span: ViewSpan| text.number(span.start)..text.number(span.end);
    let mut bodies: Vec<Body> = Vec::new();
    for (article, part) in outline.articles.iter().enumerate() {
        let before = bodies.len();
        for number in part.blocks.clone() {
            let Some(block) = outline.blocks.get(number) else { continue };
            if !matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem) {
                continue;
            }
            // A dateline or a credit repeats by its nature and is no part of what is judged.
            let mut span = block.text;
            for (kind, at) in &block.parts {
                match kind {
                    PartKind::Dateline if at.start == span.start => span = ViewSpan::new(at.end, span.end),
                    PartKind::Credit | PartKind::Turn if at.end == span.end => {
                        span = ViewSpan::new(span.start, at.start);
                    }
                    _ => {}
                }
            }
            let all = numbers(block.text);
            let range = if span == block.text { all.clone() } else { numbers(span) };
            if !range.is_empty() {
                bodies.push(Body { block: number, range, all, article, first: false, last: false });
            }
        }
        if let Some(body) = bodies.get_mut(before) {
            body.first = true;
        }
        if let Some(body) = bodies.get_mut(before..).and_then(<[Body]>::last_mut) {
            body.last = true;
        }
    }
    bodies
}

/// The runs of folded characters of a text, nothing standing between those of one: what stands before each, the number
/// of its first character among all scalar values, and its length. The last is what stands behind all, of no length.
fn runs(text: &str, mut tell: impl FnMut(Break, usize, usize)) {
    let (mut now, mut length, mut end) = (Break::Line, 0, 0);
    for (number, c) in text.chars().enumerate() {
        // Most characters are these, and the marks of Chinese text are none.
        if ('\u{4E00}'..='\u{9FFF}').contains(&c) || fold_char(c).is_some() {
            length += 1;
            continue;
        }
        if length > 0 {
            tell(now, number - length, length);
            (now, length) = (Break::None, 0);
        }
        now = now.max(match c {
            '，' | ',' | '、' => Break::Clause,
            '；' | '：' | '…' | ';' | ':' => Break::Half,
            '。' | '！' | '？' | '!' | '?' => Break::Sentence,
            '\n' | '\r' => Break::Line,
            _ => Break::None,
        });
        end = number + 1;
    }
    if length > 0 {
        tell(now, end, length);
    }
    tell(Break::Line, end + length, 0);
}
