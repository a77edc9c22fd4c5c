//! Marks that come in pairs and have lost their partner: “ ” ‘ ’ 《 》 〈 〉 （ ） 〔 〕 【 】 (GB/T 15834-2011 4.8, 4.9, 4.15).
//!
//! Each paragraph is looked at by itself. Two things are legal: a quotation over several paragraphs opens in each and
//! closes in the last (4.8.3.4), and a serial `1）` has a closing bracket alone.

use super::scan::{after, before};
use crate::document::View;
use crate::finding::Draft;
use crate::outline::Block;
use crate::rule::RuleId;
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};

/// Opening and closing forms; the half-width brackets count as the full-width ones.
const PAIRS: [(char, char); 8] =
    [('“', '”'), ('‘', '’'), ('《', '》'), ('〈', '〉'), ('（', '）'), ('(', ')'), ('〔', '〕'), ('【', '】')];
/// A lost partner is looked for within this many characters.
const REACH: usize = 36;

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    c: char,
    /// Number in [`PAIRS`], both widths of a bracket as one.
    kind: usize,
    opens: bool,
}

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let (quotes, others) = (cx.rules.id("LNT010"), cx.rules.id("LNT011"));
    if quotes.is_none() && others.is_none() {
        return;
    }
    let text = view.text();
    let blocks = &view.outline().blocks;
    let mut here = blocks.first().map_or_else(Vec::new, |b| unpaired(text, b));
    // What the block before left open: quotations that may go on, and marks that this block has closed already.
    let (mut quotations, mut closed) = (0usize, [0usize; PAIRS.len()]);
    for (i, block) in blocks.iter().enumerate() {
        let next = blocks.get(i + 1);
        let coming = next.map_or_else(Vec::new, |n| unpaired(text, n));
        let lonely = std::mem::replace(&mut here, coming);
        let mut owed = std::mem::take(&mut closed);
        let opened_before = std::mem::take(&mut quotations);
        let mut free = opened_before;
        for mark in lonely {
            if !mark.opens && owed[mark.kind] > 0 {
                owed[mark.kind] -= 1;
            } else if !mark.opens && mark.kind == 0 && free > 0 {
                free -= 1;
            } else if mark.opens && next.is_some_and(|n| continues(text, block, mark, n, &here)) {
                quotations += usize::from(mark.kind == 0);
                closed[mark.kind] += usize::from(mark.kind != 0);
            } else {
                let rule = if mark.kind < 2 { quotes } else { others };
                drafts.extend(rule.map(|rule| draft(rule, mark, block, view)));
            }
        }
    }
}

/// The marks of a block without a partner, in order.
fn unpaired(text: &str, block: &Block) -> Vec<Mark> {
    let line = block.text.of(text);
    let mut open: Vec<Mark> = Vec::new();
    let mut lonely: Vec<Mark> = Vec::new();
    // How many marks of a kind are open, so that a closing mark without one is known at once.
    let mut depth = [0usize; PAIRS.len()];
    // All marks begin with one of three bytes, or are ASCII brackets.
    for (i, b) in line.bytes().enumerate() {
        if !matches!(b, b'(' | b')' | 0xE2 | 0xE3 | 0xEF) {
            continue;
        }
        let Some((c, (kind, opens))) = after(line, i).chars().next().and_then(|c| Some((c, role(c)?))) else {
            continue;
        };
        let mark = Mark { at: block.text.start + i, c, kind, opens };
        if opens {
            depth[kind] += 1;
            open.push(mark);
        } else if depth[kind] > 0 {
            while let Some(inner) = open.pop() {
                depth[inner.kind] -= 1;
                if inner.kind == kind {
                    break;
                }
                lonely.push(inner);
            }
        } else if !is_legal_alone(text, block, mark) {
            lonely.push(mark);
        }
    }
    lonely.extend(open);
    lonely.sort_by_key(|m| m.at);
    lonely
}

fn role(c: char) -> Option<(usize, bool)> {
    // The comma and the full stop, which are most of what is asked for, are none.
    if matches!(c, '，' | '。' | '、') {
        return None;
    }
    let i = PAIRS.iter().position(|(open, close)| *open == c || *close == c)?;
    let opens = PAIRS.get(i).is_some_and(|(open, _)| *open == c);
    Some((if i == 5 { 4 } else { i }, opens))
}

/// An apostrophe, and the bracket of a serial: `1）`, `a）`, `三）`, `①）` at the start of a clause.
fn is_legal_alone(text: &str, block: &Block, mark: Mark) -> bool {
    let left = text.get(block.text.start..mark.at).unwrap_or("");
    match mark.c {
        '’' => left.ends_with(|c: char| c.is_ascii_alphabetic() || c.is_ascii_digit()),
        '）' | ')' => {
            let serial =
                left.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c));
            let length = left[serial.len()..].chars().count();
            (1..=3).contains(&length)
                && serial
                    .chars()
                    .next_back()
                    .is_none_or(|c| !c.is_alphanumeric() && !is_han(c) || "。；：，".contains(c))
        }
        _ => false,
    }
}

/// Whether what a mark opens goes on in the next block: a quotation over paragraphs, or a paragraph that is cut.
/// `coming` are the marks of the next block without a partner.
fn continues(text: &str, block: &Block, mark: Mark, next: &Block, coming: &[Mark]) -> bool {
    if mark.kind == 0 && next.text.of(text).starts_with('“') {
        return true;
    }
    let last = block.text.of(text).chars().next_back();
    let cut = last.is_some_and(|c| is_han(c) || c.is_ascii_digit() || "，、".contains(c));
    cut && coming.first().is_some_and(|m| !m.opens && m.kind == mark.kind)
}

fn draft(rule: RuleId, mark: Mark, block: &Block, view: &View) -> Draft {
    let text = view.text();
    let own = ViewSpan::new(mark.at, mark.at + mark.c.len_utf8());
    let partner = PAIRS.iter().find_map(|(o, c)| (*o == mark.c).then_some(*c).or((*c == mark.c).then_some(*o)));
    let partner = partner.unwrap_or(mark.c);
    let span = if mark.opens {
        let rest = after(text, own.end).get(..block.text.end.saturating_sub(own.end)).unwrap_or("");
        ViewSpan::new(own.start, own.end + clause_end(rest, mark.kind))
    } else {
        let head = before(text, own.start).get(block.text.start..).unwrap_or("");
        ViewSpan::new(block.text.start + clause_start(head), own.end)
    };
    Draft::flag(rule, span).arg("mark", mark.c.to_string()).arg("partner", partner.to_string())
}

/// Where a clause ends, at most [`REACH`] characters on.
fn clause_end(rest: &str, kind: usize) -> usize {
    let stop = |c: char| {
        if kind == 0 { "。！？；”".contains(c) } else { "，。！？；：、“”《》（）".contains(c) }
    };
    rest.char_indices().take(REACH).find(|(_, c)| stop(*c)).map_or_else(
        || rest.char_indices().nth(REACH).map_or(rest.len(), |(i, _)| i),
        |(i, c)| if kind == 0 && "。！？".contains(c) { i + c.len_utf8() } else { i },
    )
}

/// Where a clause starts, at most [`REACH`] characters back.
fn clause_start(head: &str) -> usize {
    let stops = "，。！？；：、“”《》（）";
    let found = head.char_indices().rev().take(REACH).find(|(_, c)| stops.contains(*c));
    found.map_or_else(|| head.char_indices().rev().nth(REACH - 1).map_or(0, |(i, _)| i), |(i, c)| i + c.len_utf8())
}
