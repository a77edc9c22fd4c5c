//! Joins paragraphs that were cut in mid-sentence (LAY003) and words hyphenated at a line end (LAY004).
//!
//! Every cut is weighed as an editor would: how does the text before it end, how does the text behind it begin, does
//! the word go on across it, is a bracket left open. Each reason has a weight; the weights are log-odds
//! ([`WEIGHTS`] says where from), and they are added up.

use super::pairs::Pairs;
use super::weigh::{Cut, LIKELY, SURE, VERSE, has_clauses, head, hyphenated, needs_space, sum_of, tail, weigh, weight};
use crate::document::View;
use crate::finding::Draft;
use crate::outline::marks::{count_up_to, ends_sentence, is_close_round, is_colon, is_final, open_of_last_round};
use crate::outline::people::is_speaker;
use crate::outline::{Block, BlockKind, PartKind, serial};
use crate::rule::Words;
use crate::stage::Context;
use crate::text::ViewSpan;

/// A join that was found.
pub(super) struct Join {
    pub draft: Draft,
}

/// The joins of a view, in order.
pub(super) fn find(view: &View, cx: &Context) -> Vec<Join> {
    let paragraph = cx.rules.id("LAY003");
    let hyphen = cx.rules.id("LAY004");
    let cuts = cuts(view, cx.rules.words("paragraph-openings"));
    let mut pairs = Pairs::default();
    for cut in &cuts {
        pairs.ask(cut.before, cut.after);
    }
    pairs.count(view.text());
    let mut out = Vec::new();
    for cut in cuts {
        if let Some(found) = hyphenated(&cut) {
            if let Some(rule) = hyphen {
                let span = ViewSpan::new(cut.gap.start - usize::from(found.is_empty()), cut.gap.end);
                out.push(Join { draft: Draft::safe(rule, span, "").because("hyphen", []).sure(0.95) });
            }
            continue;
        }
        let Some(rule) = paragraph else { continue };
        let reasons = weigh(&cut, &pairs);
        let sum = sum_of(&reasons);
        if sum < LIKELY {
            continue;
        }
        let fill = if needs_space(&cut) { " " } else { "" };
        let mut draft = match sum >= SURE {
            true => Draft::safe(rule, cut.gap, fill),
            false => Draft::suggest(rule, cut.gap, fill),
        };
        draft = draft.arg("before", tail(cut.before)).arg("after", head(cut.after)).sure(sum.exp() / (1.0 + sum.exp()));
        let mut told: Vec<&str> = Vec::new();
        for reason in reasons.into_iter().filter(|r| weight(r.key) > 0.0) {
            let line = reason.key.split('/').next().unwrap_or(reason.key);
            if !told.contains(&line) {
                told.push(line);
                draft = draft.because(line, reason.args);
            }
        }
        out.push(Join { draft });
    }
    out
}

/// All places where two pieces of running text stand in separate lines and the first has no end.
fn cuts<'v>(view: &'v View, openers: &Words) -> Vec<Cut<'v>> {
    let blocks = &view.outline().blocks;
    let pages = view.page_starts();
    let (mut out, mut articles) = (Vec::new(), Vec::new());
    let mut last: Option<usize> = None;
    for (at, block) in blocks.iter().enumerate() {
        if block.kind == BlockKind::Furniture {
            continue;
        }
        if let Some(before) = last.and_then(|i| blocks.get(i)).filter(|b| goes_out(view, b))
            && comes_in(view, block)
            && !marks_meet(view.get(before.text), view.get(block.text))
        {
            let from = last.unwrap_or(0);
            let furniture = from + 1 < at;
            let page =
                pages.partition_point(|p| *p < before.text.end) < pages.partition_point(|p| *p <= block.line.start);
            let end = blocks.get(from + 1).map_or(block.line.start, |b| b.line.start).min(block.text.start);
            let gap = ViewSpan::new(before.text.end, if furniture { end } else { block.text.start });
            let ends = view.get(gap).bytes().filter(|b| *b == b'\n' || *b == b'\r').count();
            let crlf = view.get(gap).contains("\r\n");
            let statute = before.serial.is_some_and(|s| serial::unit(view.get(s.span)) == Some('条'));
            let above = from.checked_sub(1).and_then(|i| blocks.get(i));
            out.push(Cut {
                before: view.get(before.text),
                after: view.get(block.text),
                gap,
                furniture,
                page,
                tight: !furniture && !page && ends <= if crlf { 2 } else { 1 },
                opens: above.is_some_and(|b| matches!(b.kind, BlockKind::Headline | BlockKind::Byline))
                    && before.parts.is_empty()
                    && !furniture
                    && !page,
                wrapped: above.is_some_and(|b| same_width(view, b, before)),
                numbered: before.serial.is_some() && !statute,
                statute,
                opener: starts_with_one(openers, view.get(block.text)),
                among_short: [above, blocks.get(at + 1)].into_iter().flatten().any(|b| is_short(view, b)),
                alone: true,
            });
            articles.push(view.outline().article_at(before.line.start));
        }
        last = Some(at);
    }
    mark_sets(&mut out, &articles);
    out
}

/// Lengths of two sub-heads of one set differ by at most this many characters.
const SET: usize = 10;

/// Finds the lines that have a line like them in the same article. Only near ones are compared, so that a text of a
/// million short lines is read in one pass.
fn mark_sets(cuts: &mut [Cut], articles: &[usize]) {
    const NEAR: usize = 16;
    let lengths: Vec<usize> = cuts.iter().map(|c| count_up_to(c.before, 61)).collect();
    let clauses: Vec<bool> = cuts.iter().map(|c| has_clauses(c.before)).collect();
    for (at, cut) in cuts.iter_mut().enumerate() {
        let near = at.saturating_sub(NEAR)..(at + NEAR + 1).min(lengths.len());
        cut.alone = !near.into_iter().any(|other| {
            let (a, b) = (lengths.get(at).copied().unwrap_or(0), lengths.get(other).copied().unwrap_or(0));
            let alike = clauses.get(other) == clauses.get(at) && b <= 45 && a.abs_diff(b) <= SET;
            other != at && articles.get(other) == articles.get(at) && alike
        });
    }
}

/// Whether a block may go on in the next one.
fn goes_out(view: &View, block: &Block) -> bool {
    // A numbered line of heading's length may be the first half of an item.
    let item = block.kind == BlockKind::Heading
        && block.serial.is_some_and(|s| s.rank > 1 && s.span.start == block.text.start)
        && block.line.start == block.text.start;
    let running = item || matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem);
    let closed = block
        .parts
        .iter()
        .any(|(part, span)| matches!(part, PartKind::Credit | PartKind::Turn) && span.end == block.text.end);
    let text = view.get(block.text);
    let last = text.chars().last();
    let halts = last.is_none_or(|c| is_colon(c) || is_final(c) || matches!(c, '—' | '─' | '~' | '|' | '>' | '*' | '`'));
    running && !closed && !halts && !ends_sentence(text) && !ends_in_remark(text)
}

/// Whether a join would put two marks beside each other, or a line has nothing but marks: then something is missing
/// between the two, and what the marks mean together is not for a machine to say.
fn marks_meet(before: &str, after: &str) -> bool {
    let wordless = |text: &str| !text.chars().any(char::is_alphanumeric);
    let ends_in_mark = before.chars().next_back().is_some_and(|c| !c.is_alphanumeric());
    let begins_with_mark =
        after.chars().next().is_some_and(|c| !c.is_alphanumeric() && !"“‘《〈（(「『〔【".contains(c));
    wordless(before) || wordless(after) || ends_in_mark && begins_with_mark
}

/// `……结束。（讲话全文见第二版）`: a remark in brackets behind a finished sentence.
fn ends_in_remark(text: &str) -> bool {
    let open = text.ends_with(is_close_round).then(|| open_of_last_round(text, 240)).flatten();
    open.is_some_and(|at| at > 0 && ends_sentence(text.get(..at).unwrap_or("")))
}

/// `问：…`, `主持人：…`: who speaks stands at the head of the paragraph.
fn is_spoken(text: &str) -> bool {
    let colon = text.char_indices().take(14).find(|(_, c)| is_colon(*c));
    colon.is_some_and(|(at, c)| text.get(..at + c.len_utf8()).is_some_and(is_speaker))
}

/// Whether a text begins with a word of the list.
fn starts_with_one(words: &Words, text: &str) -> bool {
    words.words.iter().any(|w| text.starts_with(w.as_str()))
}

/// A line as short as verse and forms of address have them.
fn is_short(view: &View, block: &Block) -> bool {
    block.kind == BlockKind::Paragraph && count_up_to(view.get(block.text), VERSE) < VERSE
}

/// Whether a block may go on from the one before.
fn comes_in(view: &View, block: &Block) -> bool {
    let headed = block.parts.iter().any(|(_, span)| span.start == block.text.start);
    let text = view.get(block.text);
    let marked = text.starts_with(['—', '─', '#', '|', '<', '>', '`', '□', '■', '●', '▲', '◆', '*']);
    // 第八条 may open a sentence's second half as well as an article of a law; digits with a mark may be a decimal.
    block.kind == BlockKind::Paragraph && block.serial.is_none() && !headed && !marked && !is_spoken(text)
}

/// Two lines directly below each other that are as long, within two characters.
fn same_width(view: &View, above: &Block, line: &Block) -> bool {
    let (a, b) = (count_up_to(view.get(above.text), 61), count_up_to(view.get(line.text), 61));
    let near = line.line.start.saturating_sub(above.line.end) <= 2;
    near && (12..=60).contains(&b) && a.abs_diff(b) <= 2
}
