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
use crate::outline::{BlockKind, Outline, PartKind};
use crate::reuse::{self, Folded, Match};
use crate::rule::RuleId;
use crate::text::ViewSpan;
use std::ops::Range;

/// The stage.
pub struct Duplicates;

/// Shortest paragraph, in folded characters, that is judged as a whole.
const SHORTEST_BLOCK: usize = 18;
/// Share of a paragraph that its sources must cover together; a few characters may always be missing, because an
/// alignment does not reach a misreading at the very end.
const COVERED: f64 = 0.92;
const MISSING: usize = 5;
/// Most sources that one copied paragraph is put together from.
const SOURCES: usize = 3;
/// Least similarity of a copy to its source: OCR that reads a page twice differs in less than one character in six.
const ALIKE: f64 = 0.84;
/// A source must explain so many characters that no better one does.
const ADDS: usize = 8;
/// Shortest copied passage inside a paragraph that runs over a sentence's end, and how much of it stands on either side.
const SHORTEST_PASSAGE: usize = 28;
const BESIDE_END: usize = 8;

/// So near to the edge of a block a piece counts as reaching it.
const EDGE: usize = 3;
/// Least similarity of pieces that meet inside sentences.
const FAITHFUL: f64 = 0.95;

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
        let matches = reuse::within(&text);
        if matches.is_empty() {
            return Vec::new();
        }
        let page = Page::new(view, &text);
        let mut pieces = page.pieces(&matches);
        let used = Used::new(&pieces);
        let mut drafts = Vec::new();
        for (block, pieces) in pieces.iter_mut().enumerate() {
            if pieces.is_empty() {
                continue;
            }
            match page.judge_block(block, pieces) {
                Some(copy) => drafts.extend(page.report(copy, &codes)),
                None => {
                    let passages = page.judge_passages(block, pieces, &used);
                    drafts.extend(passages.into_iter().filter_map(|copy| page.report(copy, &codes)));
                }
            }
        }
        drafts
    }
}

/// The rules, as far as they are switched on.
struct Codes {
    whole: Option<RuleId>,
    noisy: Option<RuleId>,
    splice: Option<RuleId>,
    part: Option<RuleId>,
}

/// A part of a block that stands in one earlier block as well.
#[derive(Clone, Debug)]
struct Piece {
    hit: Match,
    /// Number of the block of the original.
    source: usize,
}

/// Which parts of a block were used again, and by which blocks.
struct Used {
    /// Block of the original, its range, block of the copy; sorted.
    parts: Vec<(usize, usize, usize, usize)>,
}

impl Used {
    fn new(shelves: &[Vec<Piece>]) -> Self {
        let part = |copy: usize, p: &Piece| (p.source, p.hit.original.start, p.hit.original.end, copy);
        let mut parts: Vec<_> =
            shelves.iter().enumerate().flat_map(|(copy, shelf)| shelf.iter().map(move |p| part(copy, p))).collect();
        parts.sort_unstable();
        Used { parts }
    }

    /// Whether another block has part of the same passage as well: entries of a list in the same words, not a copy.
    fn is_pattern(&self, copy: usize, piece: &Piece) -> bool {
        const LOOKED_AT: usize = 256;
        let Range { start, end } = piece.hit.original;
        let from = self.parts.partition_point(|p| p.0 < piece.source);
        let of_source = self.parts.get(from..).unwrap_or(&[]).iter().take_while(|p| p.0 == piece.source);
        // Of a passage that was copied, one copy is expected; and the passage is itself no copy.
        let shared = |from: usize, to: usize| to.min(end).saturating_sub(from.max(start)) * 3 >= end - start;
        let others = of_source.take(LOOKED_AT).filter(|p| p.3 != copy && shared(p.1, p.2)).count();
        others > 0
    }
}

/// A copied passage.
struct Copy {
    block: usize,
    range: Range<usize>,
    whole: bool,
    coverage: f64,
    pieces: Vec<Piece>,
}

/// A body block in folded characters.
struct Body {
    /// Its number in the outline.
    block: usize,
    range: Range<usize>,
    article: usize,
    /// Whether it is the first or the last body block of its article.
    first: bool,
    last: bool,
}

/// The view with its body blocks.
struct Page<'a, 's> {
    view: &'a View<'s>,
    outline: &'a Outline,
    text: &'a Folded<'a>,
    bodies: Vec<Body>,
}

impl<'a, 's> Page<'a, 's> {
    fn new(view: &'a View<'s>, text: &'a Folded<'a>) -> Self {
        let outline = view.outline();
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
                let range = text.number(span.start)..text.number(span.end);
                if !range.is_empty() {
                    bodies.push(Body { block: number, range, article, first: false, last: false });
                }
            }
            if let Some(body) = bodies.get_mut(before) {
                body.first = true;
            }
            if let Some(body) = bodies.get_mut(before..).and_then(<[Body]>::last_mut) {
                body.last = true;
            }
        }
        Page { view, outline, text, bodies }
    }

    /// Cuts the matches at the borders of blocks on both sides, and shelves them by the block of the copy.
    fn pieces(&self, matches: &[Match]) -> Vec<Vec<Piece>> {
        let mut shelves: Vec<Vec<Piece>> = Vec::new();
        shelves.resize_with(self.bodies.len(), Vec::new);
        for hit in matches {
            for copy in self.touched(&hit.copy) {
                let Some(inside) = hit.clip(&self.bodies[copy].range) else { continue };
                for source in self.touched(&inside.original) {
                    if source == copy {
                        continue;
                    }
                    let Some(part) = inside.clip_original(&self.bodies[source].range) else { continue };
                    if part.copy.len() >= ADDS && part.similarity() >= ALIKE - 0.1 {
                        shelves[copy].push(Piece { hit: part, source });
                    }
                }
            }
        }
        shelves
    }

    fn touched(&self, range: &Range<usize>) -> Range<usize> {
        let from = self.bodies.partition_point(|b| b.range.end <= range.start);
        let to = self.bodies.partition_point(|b| b.range.start < range.end);
        from..to.max(from)
    }

    /// Whether the whole block is put together from what stands before it.
    fn judge_block(&self, block: usize, pieces: &mut [Piece]) -> Option<Copy> {
        let body = &self.bodies[block];
        let length = body.range.len();
        if length < SHORTEST_BLOCK {
            return None;
        }
        // Long and faithful sources first, the earlier one of equals.
        pieces.sort_by_key(|p| (std::cmp::Reverse(p.hit.equal), p.hit.original.start, p.hit.copy.start));
        let mut chosen: Vec<Piece> = Vec::new();
        for piece in pieces.iter().take(64) {
            let covered = reuse::union(chosen.iter().map(|p| p.hit.copy.clone()), 0);
            let news = piece.hit.copy.len() - overlap(&covered, &piece.hit.copy);
            if news >= ADDS && chosen.len() < SOURCES {
                chosen.push(piece.clone());
            }
        }
        let covered: usize = reuse::union(chosen.iter().map(|p| p.hit.copy.clone()), 3).iter().map(Range::len).sum();
        let coverage = covered as f64 / length as f64;
        chosen.sort_by_key(|p| p.hit.copy.start);
        let copy = Copy { block, range: body.range.clone(), whole: true, coverage, pieces: chosen };
        let enough = coverage >= COVERED || length - covered.min(length) <= MISSING;
        (enough && self.is_error(&copy)).then_some(copy)
    }

    /// Whether a covered block is a copy, or one of the repeats that belong in print.
    fn is_error(&self, copy: &Copy) -> bool {
        let body = &self.bodies[copy.block];
        let equal: usize = copy.pieces.iter().map(|p| p.hit.equal).sum();
        let total: usize = copy.pieces.iter().map(|p| p.hit.original.len().max(p.hit.copy.len())).sum();
        if (equal as f64) < ALIKE * total as f64 || self.is_template(copy) {
            return false;
        }
        match copy.pieces.as_slice() {
            [only] => {
                let source = &self.bodies[only.source];
                let other_article = source.article != body.article;
                // A column opens and closes its articles with the same words.
                let furniture = other_article && (body.first && source.first || body.last && source.last);
                !furniture && (only.hit.copy.len() >= SHORTEST_BLOCK)
            }
            // Set phrases and an author's own summary meet anywhere; a page read twice is torn at the edges of its blocks
            // or in mid-sentence.
            several => several.windows(2).all(|seam| self.is_torn(&seam[0], &seam[1])),
        }
    }

    /// Whether two pieces meet where a page tears: at the end of the first one's block, at the beginning of the second
    /// one's, or inside a sentence of either. Pieces with many small differences are parallel wording, not a tear.
    fn is_torn(&self, left: &Piece, right: &Piece) -> bool {
        let end_of_block =
            self.bodies[left.source].range.end - left.hit.original.end.min(self.bodies[left.source].range.end);
        let start_of_block =
            right.hit.original.start - self.bodies[right.source].range.start.min(right.hit.original.start);
        let edge = end_of_block <= EDGE || start_of_block <= EDGE;
        let faithful = left.hit.similarity().min(right.hit.similarity()) >= FAITHFUL;
        edge || faithful && !self.ends_sentence(left) && !self.begins_sentence(right)
    }

    /// Whether the differences are other figures in the same words: a standard sentence, not a copy.
    fn is_template(&self, copy: &Copy) -> bool {
        let chars = self.text.chars();
        let numeral = |r: &Range<usize>| {
            chars
                .get(r.clone())
                .unwrap_or(&[])
                .iter()
                .any(|c| c.is_ascii_digit() || "〇一二三四五六七八九十百千".contains(*c))
        };
        let all: Vec<_> = copy.pieces.iter().flat_map(|p| &p.hit.differences).collect();
        let figures = all.iter().filter(|d| numeral(&d.0) && numeral(&d.1)).count();
        figures > 0 && (figures * 2 >= all.len() || figures >= 2)
    }

    fn begins_sentence(&self, piece: &Piece) -> bool {
        let at = piece.hit.original.start;
        if at <= self.bodies[piece.source].range.start {
            return true;
        }
        let between = ViewSpan::new(self.text.span(at - 1, at).end, self.text.byte(at));
        self.view.get(between).chars().any(ends_sentence)
    }

    fn ends_sentence(&self, piece: &Piece) -> bool {
        let at = piece.hit.original.end;
        if at + 1 >= self.bodies[piece.source].range.end {
            return true;
        }
        let between = ViewSpan::new(self.text.span(at - 1, at).end, self.text.byte(at));
        self.view.get(between).chars().any(ends_sentence)
    }

    /// Copied passages inside a block that is otherwise its own.
    fn judge_passages(&self, block: usize, pieces: &[Piece], used: &Used) -> Vec<Copy> {
        let mut out: Vec<Copy> = Vec::new();
        let body = &self.bodies[block];
        for piece in pieces {
            let range = piece.hit.copy.clone();
            let known = out.iter().any(|c| c.range.start < range.end && range.start < c.range.end);
            if known || range.len() < SHORTEST_PASSAGE || piece.hit.similarity() < ALIKE {
                continue;
            }
            let coverage = range.len() as f64 / body.range.len().max(1) as f64;
            let copy = Copy { block, range, whole: false, coverage, pieces: vec![piece.clone()] };
            if self.runs_over_an_end(&copy.range) && !self.is_template(&copy) && !used.is_pattern(block, piece) {
                out.push(copy);
            }
        }
        out
    }

    /// Whether a sentence ends inside the range, well away from its ends.
    fn runs_over_an_end(&self, range: &Range<usize>) -> bool {
        let inner = (range.start + BESIDE_END)..range.end.saturating_sub(BESIDE_END);
        if inner.start >= inner.end {
            return false;
        }
        self.view
            .get(self.text.span(inner.start, inner.end))
            .chars()
            .any(|c| matches!(c, '。' | '！' | '？' | '!' | '?'))
    }

    fn report(&self, copy: Copy, codes: &Codes) -> Option<Draft> {
        let exact = copy.pieces.iter().all(|p| p.hit.differences.is_empty());
        let rule = match (copy.whole, copy.pieces.len(), exact) {
            (false, ..) => codes.part,
            (true, 1, true) => codes.whole,
            (true, 1, false) => codes.noisy,
            (true, ..) => codes.splice,
        }?;
        let body = &self.bodies[copy.block];
        let span = if copy.whole { self.line_to_drop(body.block)? } else { self.with_mark(copy.block, &copy.range) };
        let percent = format!("{:.0}", (copy.coverage * 100.0).min(100.0));
        let sources = copy.pieces.len().to_string();
        let mut draft = Draft::suggest(rule, span, "")
            .arg("length", copy.range.len().to_string())
            .arg("sources", sources.clone())
            .because("covered", [("percent", percent), ("sources", sources)]);
        if copy.pieces.first().is_some_and(|p| !self.begins_sentence(p)) {
            draft = draft.because("begins", [("text", self.head(&copy.range))]);
        }
        if copy.pieces.last().is_some_and(|p| !self.ends_sentence(p)) {
            draft = draft.because("ends", [("text", self.tail(&copy.range))]);
        }
        if copy.pieces.iter().any(|p| self.bodies[p.source].article != body.article) {
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
                span: self.with_mark(piece.source, &piece.hit.original),
                part: Some(self.with_mark(copy.block, &piece.hit.copy)),
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
        let Some(block) = self.bodies.get(body).and_then(|b| self.outline.blocks.get(b.block)) else { return span };
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

fn overlap(covered: &[Range<usize>], range: &Range<usize>) -> usize {
    covered.iter().map(|r| r.end.min(range.end).saturating_sub(r.start.max(range.start))).sum()
}
