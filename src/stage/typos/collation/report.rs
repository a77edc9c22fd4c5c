//! A difference as a finding that an editor can check.

use super::evidence::Shape;
use super::{Codes, Desk, Doubt};
use crate::document::View;
use crate::finding::Draft;
use crate::outline::BlockKind;
use crate::rule::RuleId;
use crate::stage::typos::odds::{because_likelier, sigmoid};
use crate::text::{SourceSpan, ViewSpan, fold_char, folded, is_han};

/// Characters shown on either side of a place.
const CONTEXT: usize = 5;
/// Characters of a long passage that are shown at its beginning and at its end.
const SHOWN: usize = 12;

/// The finding of a doubt; `None` where the text has been changed meanwhile, or is no text of an article.
pub fn place(view: &View, desks: &[Desk], number: usize, doubt: &Doubt, codes: Codes) -> Option<Draft> {
    let desk = desks.get(number)?;
    let (ours, theirs) = desk.page.spans(doubt.pair);
    let reading = plain(theirs.of(desk.page.other.text()));
    let (rule, span, fix) = match doubt.evidence.shape {
        Shape::Exchange => (codes.differs?, in_view(view, desk.in_source(ours))?, reading.clone()),
        Shape::Extra => (codes.extra?, clause(view, in_view(view, desk.in_source(ours))?), String::new()),
        Shape::Lost => {
            let (span, fix) = insertion(view, desk, doubt, &reading)?;
            (codes.lost?, span, fix)
        }
    };
    if view.get(span) == fix || skipped(view, span) {
        return None;
    }
    let text = match doubt.evidence.shape {
        Shape::Lost => String::new(),
        _ => shown(view.get(span)),
    };
    let draft = Draft::suggest(rule, span, fix)
        .arg("text", text.clone())
        .arg("reading", shown(&reading))
        .arg("context", context(view, span))
        .arg("witness", desk.witness.name.clone())
        .sure(sigmoid(doubt.odds));
    Some(because(draft, desks, number, doubt, &shown(&reading), view))
}

/// A reading that is of another page.
pub fn misfit(view: &View, desk: &Desk, rule: Option<RuleId>) -> Option<Draft> {
    let start = desk.in_source(desk.page.readings.in_base(&(0..1)));
    let share = format!("{:.0}", 100.0 * desk.page.readings.collation.agreement());
    let span = view.map().span_to_view(start);
    Some(Draft::flag(rule?, span).arg("witness", desk.witness.name.clone()).arg("share", share))
}

/// Says why.
fn because(draft: Draft, desks: &[Desk], number: usize, doubt: &Doubt, reading: &str, view: &View) -> Draft {
    let Some(desk) = desks.get(number) else { return draft };
    let (ours, theirs) = desk.page.spans(doubt.pair);
    let percent = |c: f32| format!("{:.0}", 100.0 * c);
    let mut draft = draft;
    if let Some(sure) = desk.page.base.confidence(ours) {
        draft = draft.because("base-sure", [("confidence", percent(sure))]);
    }
    for n in &doubt.same {
        let Some(other) = desks.get(*n) else { continue };
        let name = ("witness", other.witness.name.clone());
        let sure = if *n == number { desk.page.other.confidence(theirs) } else { None };
        draft = match (sure, doubt.evidence.shape) {
            (Some(sure), _) => {
                draft.because("reads-sure", [name, ("reading", reading.to_owned()), ("confidence", percent(sure))])
            }
            (None, Shape::Extra) => draft.because("reads-nothing", [name]),
            (None, _) => draft.because("reads", [name, ("reading", reading.to_owned())]),
        };
    }
    for other in doubt.against.iter().filter_map(|n| desks.get(*n)) {
        draft = draft.because("as-here", [("witness", other.witness.name.clone())]);
    }
    let around = context(view, draft.span);
    because_likelier(draft, around, doubt.evidence.gain)
}

/// Where a stretch of the source stands in the view, as far as it still reads the same there.
pub fn in_view(view: &View, span: SourceSpan) -> Option<ViewSpan> {
    let here = view.map().span_to_view(span);
    let same = folded(view.get(here)).eq(folded(span.of(&view.source().text)));
    (same && !here.is_empty()).then_some(here)
}

/// Whether a place is no text of an article.
pub fn skipped(view: &View, span: ViewSpan) -> bool {
    let block = view.outline().block_at(span.start);
    block.is_none_or(|b| matches!(b.kind, BlockKind::Furniture | BlockKind::Image))
}

/// A reading without the line ends and spaces that belong to the page.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        // Latin words keep the space between them.
        if gap && out.ends_with(|l: char| l.is_ascii_alphanumeric()) && c.is_ascii_alphanumeric() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// A stretch that is a whole clause goes with the mark behind it, or no clause would be left between two marks.
fn clause(view: &View, span: ViewSpan) -> ViewSpan {
    let text = view.text();
    let before = text.get(..span.start).and_then(|t| t.chars().next_back());
    let after = text.get(span.end..).and_then(|t| t.chars().next());
    let pause = |c: char| matches!(c, '，' | '、' | '；' | '：' | '。' | '！' | '？' | ',' | ';' | ':' | '.');
    match (before, after) {
        (Some(b), Some(a)) if pause(b) && matches!(a, '，' | '、' | '；' | ',' | ';') => {
            ViewSpan::new(span.start, span.end + a.len_utf8())
        }
        // The clause before takes over the mark that ends the sentence.
        (Some(b), Some(a)) if matches!(b, '，' | '、' | '；' | ',' | ';') && pause(a) => {
            ViewSpan::new(span.start - b.len_utf8(), span.end)
        }
        (None | Some('\n'), Some(a)) if pause(a) => ViewSpan::new(span.start, span.end + a.len_utf8()),
        _ => span,
    }
}

/// The marks at the end or at the beginning of a text, spaces left out.
fn marks<'t>(chars: impl Iterator<Item = char> + 't) -> Vec<char> {
    chars.take_while(|c| fold_char(*c).is_none()).filter(|c| !c.is_whitespace()).take(8).collect()
}

/// Where a lost text is put in, and what then stands there: the character before it, or after it, with the text.
fn insertion(view: &View, desk: &Desk, doubt: &Doubt, reading: &str) -> Option<(ViewSpan, String)> {
    let chars = desk.page.readings.base().chars().len();
    let at = doubt.pair.base.start;
    let before = at.checked_sub(1).map(|b| b..b + 1).and_then(|r| character(view, desk, r));
    let after = (at < chars).then(|| at..at + 1).and_then(|r| character(view, desk, r));
    let theirs = desk.page.spans(doubt.pair).1;
    let other = desk.page.other.text();
    let mut left = marks(other.get(..theirs.start)?.chars().rev());
    left.reverse();
    let right = marks(other.get(theirs.end..)?.chars());
    let string = |marks: &[char]| marks.iter().collect::<String>();
    let (Some(before), gap) = (before, before.zip(after).map(|(b, a)| ViewSpan::new(b.end, a.start.max(b.end)))) else {
        let after = after?;
        return Some((after, format!("{reading}{}{}", string(&right), view.get(after))));
    };
    let gap = gap.map_or("", |g| view.get(g));
    if gap.contains(['\n', '\r']) {
        // Between two lines: the reading's own marks say to which of them the text belongs.
        let after = after?;
        return match () {
            _ if left.is_empty() => Some((before, format!("{}{reading}", view.get(before)))),
            _ => Some((after, format!("{reading}{}{}", string(&right), view.get(after)))),
        };
    }
    let here: Vec<char> = gap.chars().filter(|c| !c.is_whitespace()).collect();
    let whole = ViewSpan::new(before.start, before.end + gap.len());
    let old = view.get(before);
    // An engine that takes 一 for a dash has lost a character and gained a mark.
    if reading == "一" && here.len() == 1 && here.iter().all(|c| matches!(c, '-' | '—' | '–' | '_' | '~' | '－'))
    {
        return Some((whole, format!("{old}{reading}")));
    }
    let ends = |marks: &[char]| marks.last() == here.last();
    Some(match (left.is_empty(), right.is_empty()) {
        _ if here.is_empty() => (before, format!("{old}{reading}")),
        (true, _) => (before, format!("{old}{reading}")),
        (false, true) => (whole, format!("{old}{gap}{reading}")),
        (false, false) if ends(&right) && !ends(&left) => (before, format!("{old}{}{reading}", string(&left))),
        (false, false) => (whole, format!("{old}{gap}{reading}{}", string(&right))),
    })
}

/// Where a character of the base stands in the view.
fn character(view: &View, desk: &Desk, range: std::ops::Range<usize>) -> Option<ViewSpan> {
    in_view(view, desk.in_source(desk.page.readings.in_base(&range)))
}

/// The text around a place, in its line.
pub fn context(view: &View, span: ViewSpan) -> String {
    let text = view.text();
    let line_end = |c: &char| *c == '\n' || *c == '\r';
    let head = text.get(..span.start).unwrap_or("").chars().rev().take_while(|c| !line_end(c)).take(CONTEXT);
    let tail = text.get(span.end..).unwrap_or("").chars().take_while(|c| !line_end(c)).take(CONTEXT);
    let start = span.start - head.map(char::len_utf8).sum::<usize>();
    let end = span.end + tail.map(char::len_utf8).sum::<usize>();
    shown(view.get(ViewSpan::new(start, end)).trim())
}

/// A text as it is quoted: a long one by its beginning and its end.
pub fn shown(text: &str) -> String {
    let text = plain(text);
    let count = text.chars().count();
    if count <= 2 * SHOWN + 2 {
        return text;
    }
    let head: String = text.chars().take(SHOWN).collect();
    let tail: String = text.chars().skip(count - SHOWN).collect();
    format!("{head}…{tail}")
}

/// Whether a text is mostly Han characters: what an engine made of a picture or a rule is not.
pub fn is_prose(text: &str) -> bool {
    let (mut all, mut han) = (0, 0);
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        all += 1;
        han += usize::from(is_han(c));
    }
    2 * han > all
}
