//! Cuts page furniture: lines that the outline knows for certain (LAY001), and short lines that come back at the top
//! or the foot of several pages (LAY002).

use super::join::Join;
use crate::document::View;
use crate::finding::Draft;
use crate::outline::{Block, BlockKind};
use crate::rule::RuleId;
use crate::stage::Context;
use crate::text::{ViewSpan, folded};
use std::collections::HashMap;

/// Pages on which a line must come back to be taken for a running head.
const PAGES: usize = 3;

/// Most characters of a running head.
const HEAD: usize = 30;

/// The findings about furniture. `joins` are the joins of the same run, whose gaps are not cut twice.
pub(super) fn find(view: &View, cx: &Context, joins: &[Join]) -> Vec<Draft> {
    let mut out = Vec::new();
    if let Some(rule) = cx.rules.id("LAY001") {
        certain(view, rule, joins, &mut out);
    }
    if let Some(rule) = cx.rules.id("LAY002") {
        repeated(view, rule, &mut out);
    }
    out
}

fn certain(view: &View, rule: RuleId, joins: &[Join], out: &mut Vec<Draft>) {
    let blocks = &view.outline().blocks;
    // Of a text that is nothing but furniture nothing would be left: whoever cleans such a line wants it cleaned.
    if blocks.iter().all(|b| b.kind == BlockKind::Furniture) {
        return;
    }
    let mut at = 0;
    while at < blocks.len() {
        let run = blocks.get(at..).unwrap_or(&[]).iter().take_while(|b| b.kind == BlockKind::Furniture).count();
        if run == 0 {
            at += 1;
            continue;
        }
        let before = at.checked_sub(1).and_then(|i| blocks.get(i));
        let after = blocks.get(at + run);
        let joined = before.is_some_and(|b| joins.binary_search_by_key(&b.line.end, |j| j.draft.span.start).is_ok());
        for i in at..at + run {
            if let Some(block) = blocks.get(i) {
                let next = blocks.get(i + 1).map(|b| b.line.start);
                let span = cut(view, block, if i == at { before } else { None }, next, after.is_none(), joined);
                let draft = Draft::safe(rule, span, "").arg("text", view.get(block.text));
                out.push(draft.sure(0.97));
            }
        }
        at += run;
    }
}

/// What is cut with a line of furniture: the gap behind it up to what follows; at the end of the text the gap before
/// it; and the line end alone where it stands against the paragraph before, so that no two paragraphs run together.
fn cut(view: &View, block: &Block, before: Option<&Block>, next: Option<usize>, last: bool, joined: bool) -> ViewSpan {
    let text = view.text();
    let end = next.unwrap_or(block.line.end);
    if last {
        return ViewSpan::new(before.map_or(block.line.start, |b| b.line.end), end);
    }
    let tight = before.is_some_and(|b| text.get(b.line.end..block.line.start).is_some_and(|gap| line_ends(gap) < 2));
    let loose = text.get(block.line.end..end).is_some_and(|gap| line_ends(gap) > 1);
    if tight && loose && !joined {
        let gap = text.get(block.line.end..end).unwrap_or("");
        let first = gap.find(['\n', '\r']).map_or(0, |i| if gap[i..].starts_with("\r\n") { i + 2 } else { i + 1 });
        return ViewSpan::new(block.line.start, block.line.end + first);
    }
    ViewSpan::new(block.line.start, end)
}

/// Number of line ends in a gap, counted to two.
fn line_ends(gap: &str) -> usize {
    let bytes = gap.as_bytes();
    let ends = bytes
        .iter()
        .enumerate()
        .filter(|(i, b)| **b == b'\n' && bytes.get(i.wrapping_sub(1)) != Some(&b'\r') || **b == b'\r');
    ends.take(2).count()
}

/// Short lines at the edge of a page that come back on other pages.
fn repeated(view: &View, rule: RuleId, out: &mut Vec<Draft>) {
    let mut starts = view.page_starts();
    if starts.len() + 1 < PAGES {
        return;
    }
    starts.insert(0, 0);
    let blocks = &view.outline().blocks;
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for (i, start) in starts.iter().enumerate() {
        let from = blocks.partition_point(|b| b.line.start < *start);
        let to = starts.get(i + 1).map_or(blocks.len(), |end| blocks.partition_point(|b| b.line.start < *end));
        let mut edges = vec![from, to.saturating_sub(1)];
        edges.dedup();
        for at in edges.into_iter().filter(|at| (from..to).contains(at)) {
            let line = blocks.get(at).filter(|b| b.kind != BlockKind::Furniture && b.level.is_none());
            let text = line.map_or("", |b| view.get(b.text));
            if !text.is_empty() && text.chars().count() <= HEAD {
                // The page number changes from page to page; the rest of a running head does not.
                let key: String = folded(text).filter(|c| !c.is_numeric()).collect();
                seen.entry(key).or_default().push(at);
            }
        }
    }
    let mut found: Vec<(usize, usize)> =
        seen.values().filter(|at| at.len() >= PAGES).flat_map(|at| at.iter().map(|i| (*i, at.len()))).collect();
    found.sort_unstable();
    for (at, pages) in found {
        if let Some(block) = blocks.get(at) {
            let draft = Draft::suggest(rule, block.line, "").arg("text", view.get(block.text));
            out.push(draft.because("pages", [("count", pages.to_string())]).sure(0.8));
        }
    }
}
