//! Terms that have lost their quotation marks (GB/T 15834-2011 4.8.3.2): coinages, nicknames, themes and names that a
//! newspaper sets in marks because of what stands around them (打造“…”品牌, 以“…”为主题, 被称为“…”).
//!
//! [`super::quotation`] says how likely a stretch is such a term. An engine that drops the marks drops them everywhere: where a text has kept
//! its marks, much more has to speak for a lost one.

use super::quotation::contexts::folded;
use super::quotation::table::{Table, UNIT};
use super::quotation::terms::{Line, terms};
use crate::document::View;
use crate::finding::Draft;
use crate::outline::BlockKind;
use crate::stage::Context;
use crate::text::ViewSpan;

/// Name of the series.
const SERIES: &str = "terms";
/// Least log-odds of a term, in units of the table. docs/QUALITY.md has the precision at this threshold, the listed
/// phrases counted in and left out.
const LEAST: i32 = -4;
/// The same where the text has kept its marks.
const LEAST_IN_MARKED: i32 = 42;
/// A text has kept its marks if it has a pair for this many characters; print has one for about a hundred.
const CHARACTERS_TO_A_PAIR: usize = 500;

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT023") else { return };
    let taken = taken(cx, drafts);
    let least = if has_marks(view.text()) { LEAST_IN_MARKED } else { LEAST };
    let is_text =
        |kind| matches!(kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Headline | BlockKind::Heading);
    let spans: Vec<ViewSpan> = view.outline().blocks.iter().filter(|b| is_text(b.kind)).map(|b| b.text).collect();
    let lines: Vec<Line> = spans.iter().map(|span| line(view.get(*span))).collect();
    for found in terms(&Table::embedded(), &lines, least) {
        let Some(whole) = spans.get(found.line) else { continue };
        let offset = |at| whole.start + offset_of(view.get(*whole), at);
        let span = ViewSpan::new(offset(found.start), offset(found.end));
        if overlaps(&taken, span) {
            continue;
        }
        let term = view.get(span);
        // A space parts two phrases, in a headline mostly.
        if term.contains(char::is_whitespace) {
            continue;
        }
        let odds = (found.score as f32 * UNIT).exp();
        drafts.push(
            Draft::suggest(rule, span, format!("“{term}”"))
                .arg("term", term)
                .sure((odds / (1.0 + odds)).clamp(0.3, 0.95))
                .in_series(SERIES),
        );
    }
}

/// The places that the lists of set phrases and the text's own usage have proposed already, in order.
fn taken(cx: &Context, drafts: &[Draft]) -> Vec<ViewSpan> {
    let rules = ["LNT021", "LNT022"].map(|code| cx.rules.id(code));
    let mut taken: Vec<ViewSpan> = drafts.iter().filter(|d| rules.contains(&Some(d.rule))).map(|d| d.span).collect();
    taken.sort_unstable_by_key(|s| (s.start, s.end));
    taken
}

fn overlaps(taken: &[ViewSpan], span: ViewSpan) -> bool {
    let next = taken.partition_point(|t| t.end <= span.start);
    taken.get(next).is_some_and(|t| t.start < span.end)
}

/// Whether a text has kept its quotation marks.
pub(super) fn has_marks(text: &str) -> bool {
    let marks = memchr::memmem::find_iter(text.as_bytes(), "“").count();
    // Three bytes to a character, near enough.
    marks > 1 && marks * CHARACTERS_TO_A_PAIR > text.len() / 3
}

/// Marks that a paragraph is read without.
fn is_quote(c: char) -> bool {
    matches!(c, '“' | '‘' | '「' | '『' | '”' | '’' | '」' | '』')
}

/// The byte at which a character of a paragraph begins that is read without its marks; the paragraph's length behind the
/// last.
fn offset_of(text: &str, at: usize) -> usize {
    text.char_indices().filter(|(_, c)| !is_quote(*c)).nth(at).map_or(text.len(), |(offset, _)| offset)
}

/// A paragraph without its marks.
fn line(text: &str) -> Line {
    // Most characters take three bytes; every growth of a vector copies it.
    let room = text.len() / 3 + 4;
    let mut line = Line { text: Vec::with_capacity(room), shut: Vec::with_capacity(room) };
    let (mut quoted, mut title) = (0usize, 0usize);
    for c in text.chars() {
        let shut = match c {
            // Most characters, told first.
            '\u{4E00}'..='\u{9FFF}' => title > 0,
            _ if is_quote(c) => {
                match c {
                    '“' | '‘' | '「' | '『' => quoted += 1,
                    _ => quoted = quoted.saturating_sub(1),
                }
                continue;
            }
            '《' => {
                title += 1;
                title > 1
            }
            '》' => {
                title = title.saturating_sub(1);
                true
            }
            _ => title > 0,
        };
        line.text.push(folded(c));
        line.shut.push(shut || quoted > 0);
    }
    line.shut.push(false);
    line
}
