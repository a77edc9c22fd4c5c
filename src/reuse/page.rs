//! A page as reuse sees it: its folded characters, what stands between them, and the blocks that are judged.

use super::Folded;
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
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug)]
pub struct Page {
    /// The blocks of body text, in order.
    pub bodies: Vec<Body>,
    /// What stands before each folded character, and behind the last.
    breaks: Vec<Break>,
}

impl Page {
    /// Reads the outline of a view. `text` is the folded text of the same view.
    pub fn read(view: &View, text: &Folded) -> Self {
        Page::read_and(view, text, |_| {})
    }

    /// [`Page::read`], and where each folded character stands in the text, in scalar values.
    pub fn read_and(view: &View, text: &Folded, at: impl FnMut(u32)) -> Self {
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
        Page { bodies, breaks: breaks(view.text(), text.chars().len(), at) }
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
        let to = self.bodies.partition_point(|b| b.all.start < range.end);
        from..to.max(from)
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

/// What stands before each folded character and behind the last; `at` is told where each stands, in scalar values.
fn breaks(text: &str, length: usize, mut at: impl FnMut(u32)) -> Vec<Break> {
    let mut out = Vec::with_capacity(length + 1);
    let mut now = Break::Line;
    for (number, c) in (0u32..).zip(text.chars()) {
        // Most characters are these, and the marks of Chinese text are none.
        if ('\u{4E00}'..='\u{9FFF}').contains(&c) || fold_char(c).is_some() {
            out.push(now);
            at(number);
            now = Break::None;
            continue;
        }
        now = now.max(match c {
            '，' | ',' | '、' => Break::Clause,
            '；' | '：' | '…' | ';' | ':' => Break::Half,
            '。' | '！' | '？' | '!' | '?' => Break::Sentence,
            '\n' | '\r' => Break::Line,
            _ => Break::None,
        });
    }
    out.push(Break::Line);
    out
}
