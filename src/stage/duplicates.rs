//! Passages printed twice: a paragraph that the OCR read again, whole or in part, or put together from the end of one
//! paragraph and the beginning of the next.
//!
//! A repeat is not an error by its length: set phrases of more than forty characters come back in one issue, and so do
//! column introductions, credits and the parallel articles of a statute. A paragraph is judged by how much of it the
//! [union of its sources](crate::reuse) covers, and a passage inside a paragraph by whether it runs over the end of a
//! sentence, as a set phrase never does. Removal is proposed, never done.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::{Draft, Related};
use crate::outline::Outline;
use crate::reuse::{self, Copy, Elsewhere, Folded, Judge, Page, Piece, Side};
use crate::rule::RuleId;
use crate::text::ViewSpan;
use std::ops::Range;

/// The stage.
pub struct Duplicates;

impl Stage for Duplicates {
    fn name(&self) -> &'static str {
        "duplicates"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let codes = Codes {
            whole: cx.rules.id("DUP001"),
            noisy: cx.rules.id("DUP002"),
            splice: cx.rules.id("DUP003"),
            part: cx.rules.id("DUP004"),
        };
        if codes.whole.or(codes.noisy).or(codes.splice).or(codes.part).is_none() {
            return Vec::new();
        }
        let text = Folded::new(view.text());
        let matches = reuse::within(text.chars());
        if matches.is_empty() {
            return Vec::new();
        }
        let page = Page::of_matches(view, &text, &matches);
        let mut shelves: Vec<Vec<Piece>> = Vec::new();
        shelves.resize_with(page.bodies.len(), Vec::new);
        let side = Side { issue: 0, chars: text.chars(), page: &page };
        for hit in &matches {
            reuse::cut(hit, side, side, |body, piece| shelves[body].push(piece));
        }
        let spread = |range: &Range<usize>| cx.elsewhere.and_then(|others| spread(others, text.chars(), range));
        let copies = Judge { page: &page, issue: 0, spread: &spread, alone: true }.copies(&mut shelves);
        let desk = Desk { view, outline: view.outline(), text: &text, page: &page };
        copies.into_iter().filter_map(|copy| desk.report(copy, &codes)).collect()
    }
}

/// In how many issues of an archive a passage stands.
fn spread(others: &dyn Elsewhere, chars: &[char], range: &Range<usize>) -> Option<u32> {
    let seeds: Vec<u64> = reuse::winnowed(chars.get(range.clone())?).map(|(_, hash)| hash).collect();
    reuse::quarter(others.issues(&seeds))
}

/// The rules, as far as they are switched on.
struct Codes {
    whole: Option<RuleId>,
    noisy: Option<RuleId>,
    splice: Option<RuleId>,
    part: Option<RuleId>,
}

/// Where the findings are written.
struct Desk<'a, 's> {
    view: &'a View<'s>,
    outline: &'a Outline,
    text: &'a Folded<'a>,
    page: &'a Page,
}

impl Desk<'_, '_> {
    fn report(&self, copy: Copy, codes: &Codes) -> Option<Draft> {
        let exact = copy.pieces.iter().all(|p| p.hit.differences.is_empty());
        let rule = match (copy.whole, copy.pieces.len(), exact) {
            (false, ..) => codes.part,
            (true, 1, true) => codes.whole,
            (true, 1, false) => codes.noisy,
            (true, ..) => codes.splice,
        }?;
        let body = self.page.bodies.get(copy.body)?;
        let span = if copy.whole { self.line_to_drop(body.block)? } else { self.with_mark(copy.body, &copy.range) };
        let percent = format!("{:.0}", (copy.coverage * 100.0).min(100.0));
        let sources = copy.pieces.len().to_string();
        let mut draft = Draft::suggest(rule, span, "")
            .arg("length", copy.range.len().to_string())
            .arg("sources", sources.clone())
            .because("covered", [("percent", percent), ("sources", sources)]);
        if copy.pieces.first().is_some_and(|p| !p.sentence.0) {
            draft = draft.because("begins", [("text", self.head(&copy.range))]);
        }
        if copy.pieces.last().is_some_and(|p| !p.sentence.1) {
            draft = draft.because("ends", [("text", self.tail(&copy.range))]);
        }
        if copy.pieces.iter().any(|p| p.article != body.article) {
            draft = draft.because("elsewhere", []);
        } else {
            draft = draft.because("later", []);
        }
        let differences: usize = copy.pieces.iter().map(|p| p.hit.differences.len()).sum();
        if differences > 0 {
            draft = draft.because("differences", [("count", differences.to_string())]);
        }
        let mut alike: f64 = 1.0;
        for piece in &copy.pieces {
            alike = alike.min(piece.hit.similarity());
            draft.related.push(Related {
                role: "original",
                span: self.with_mark(piece.body, &piece.hit.original),
                part: Some(self.with_mark(copy.body, &piece.hit.copy)),
                similarity: Some((piece.hit.similarity() * 1000.0).round() / 1000.0),
            });
        }
        let certain = if copy.whole { copy.coverage.min(1.0) * alike } else { 0.85 * alike };
        let short = (copy.range.len() as f64 / 40.0).min(1.0);
        Some(draft.sure((certain * (0.8 + 0.19 * short)) as f32))
    }

    /// The block's line with the blank lines that follow it, or, at the end of the text, those before it.
    fn line_to_drop(&self, block: usize) -> Option<ViewSpan> {
        let line = self.outline.blocks.get(block)?.line;
        if let Some(next) = self.outline.blocks.get(block + 1) {
            return Some(ViewSpan::new(line.start, next.line.start));
        }
        let before = block.checked_sub(1).and_then(|b| self.outline.blocks.get(b)).map_or(line.start, |b| b.line.end);
        Some(ViewSpan::new(before, line.end))
    }

    /// A range of a block with the mark that closes it.
    fn with_mark(&self, body: usize, range: &Range<usize>) -> ViewSpan {
        let span = self.text.span(range.start, range.end);
        let Some(block) = self.page.bodies.get(body).and_then(|b| self.outline.blocks.get(b.block)) else {
            return span;
        };
        let rest = self.view.get(ViewSpan::new(span.end, block.text.end.max(span.end)));
        let closing = |c: char| ends_sentence(c) || matches!(c, '，' | ',' | '、' | '”' | '’' | '）' | '」');
        let mark: usize = rest.chars().take_while(|c| closing(*c)).map(char::len_utf8).sum();
        ViewSpan::new(span.start, span.end + mark)
    }

    fn head(&self, range: &Range<usize>) -> String {
        self.view.get(self.text.span(range.start, range.end.min(range.start + 8))).to_owned()
    }

    fn tail(&self, range: &Range<usize>) -> String {
        self.view.get(self.text.span(range.end.saturating_sub(8).max(range.start), range.end)).to_owned()
    }
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '：' | '…' | '!' | '?' | ';' | ':')
}
