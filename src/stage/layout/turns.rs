//! Where an article turns to the next page and goes on there at once, the marks of the turn are taken out and the two
//! parts put together (LAY005): `（下转第2版）` at the foot of one page, `（上接第1版）` at the head of the next.
//!
//! The paper itself says that the text goes on, so that nothing has to be guessed. Parts with other articles between them
//! keep their marks; the outline links them.

use crate::document::View;
use crate::finding::Draft;
use crate::outline::marks::{count_up_to, ends_sentence};
use crate::outline::{Block, BlockKind, turn_page};
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};

/// Most characters of a mark, with its brackets.
const LONGEST: usize = 14;

/// Most characters of a line that an engine makes of a printed rule.
const STRAY: usize = 8;

/// The marks of turns whose parts follow each other.
pub(super) fn find(view: &View, cx: &Context) -> Vec<Draft> {
    let Some(rule) = cx.rules.id("LAY005") else { return Vec::new() };
    let stands = |b: &&Block| b.kind != BlockKind::Furniture && !is_stray(view.get(b.text));
    let body: Vec<&Block> = view.outline().blocks.iter().filter(stands).collect();
    let mut out = Vec::new();
    for pair in body.windows(2) {
        let [from, to] = pair else { continue };
        let (Some(leaves), Some(comes)) = (leaving(view, from), coming(view, to)) else { continue };
        let draft = |span| Draft::safe(rule, span, "").arg("text", view.get(span).trim().to_owned()).sure(0.97);
        out.push(draft(cut_leaving(view, &body, (from, to), leaves)));
        out.push(draft(cut_coming(view, to, comes)));
    }
    out
}

/// The mark at the end of a block that says where its text goes on. Engines misread its brackets, so any marks around it
/// belong to it.
fn leaving(view: &View, block: &Block) -> Option<ViewSpan> {
    let text = view.get(block.text);
    let tail = text.char_indices().rev().take(LONGEST).find(|(at, _)| text[*at..].starts_with("下转"))?.0;
    let mark = text[tail..].trim_end_matches(is_bracket);
    let (from, _) = turn_page(mark)?;
    let start = text[..tail].trim_end_matches(is_bracket).len();
    (!from && mark.ends_with('版')).then(|| ViewSpan::new(block.text.start + start, block.text.end))
}

/// The mark at the head of a block that says where its text comes from.
fn coming(view: &View, block: &Block) -> Option<ViewSpan> {
    let text = view.get(block.text);
    let inner = text.trim_start_matches(is_bracket);
    let end = inner.char_indices().take(LONGEST).find(|(_, c)| *c == '版').map(|(at, c)| at + c.len_utf8())?;
    let (from, _) = turn_page(inner.get(..end)?)?;
    let rest = inner.get(end..)?.trim_start_matches(is_bracket).trim_start();
    from.then(|| ViewSpan::new(block.text.start, block.text.end - rest.len()))
}

fn is_bracket(c: char) -> bool {
    c.is_whitespace() || "（）()《》〈〉【】[]〔〕「」|｜".contains(c)
}

/// Whether a line is what an engine makes of a printed rule: a few letters and strokes.
fn is_stray(text: &str) -> bool {
    count_up_to(text, STRAY + 1) <= STRAY && !text.chars().any(|c| is_han(c) || c.is_numeric())
}

/// What goes with a mark at the end of a page: its line, and where the sentence before it is open the way to what follows.
fn cut_leaving(view: &View, body: &[&Block], (block, to): (&Block, &Block), mark: ViewSpan) -> ViewSpan {
    let blocks = &view.outline().blocks;
    let number = blocks.partition_point(|b| b.line.start < block.line.start);
    let next = blocks.get(number + 1).map_or(block.line.end, |b| b.line.start);
    let mut between = blocks.get(number + 1..).unwrap_or(&[]).iter().take_while(|b| b.line.start < to.line.start);
    let goes_on = between.all(|b| b.kind == BlockKind::Furniture);
    if mark.start > block.text.start {
        let open = goes_on && !ends_sentence(view.get(ViewSpan::new(block.text.start, mark.start)));
        return if open { ViewSpan::new(mark.start, next) } else { mark };
    }
    // The mark stands on a line of its own: the open sentence is in the block before.
    let before = body.get(body.partition_point(|b| b.line.start < block.line.start).wrapping_sub(1));
    let directly = |b: &&&Block| blocks.get(number.wrapping_sub(1)).is_some_and(|n| n.line.start == b.line.start);
    let open = |b: &&&Block| goes_on && b.kind == BlockKind::Paragraph && !ends_sentence(view.get(b.text));
    match before.filter(directly).filter(open) {
        Some(before) => ViewSpan::new(before.text.end, next),
        None => ViewSpan::new(block.line.start, next),
    }
}

/// A mark at the head of a page, with its line where nothing else stands in it.
fn cut_coming(view: &View, block: &Block, mark: ViewSpan) -> ViewSpan {
    if mark.end < block.text.end {
        return mark;
    }
    let blocks = &view.outline().blocks;
    let next = blocks.get(blocks.partition_point(|b| b.line.start <= block.line.start));
    ViewSpan::new(block.line.start, next.map_or(block.line.end, |b| b.line.start))
}
