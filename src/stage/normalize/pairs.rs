//! Brackets and quotes of one line, paired, so that both ends of a pair get one form.
//!
//! Quotes are paired inside a paragraph: they alternate, one kind inside the other; an apostrophe is no quote. A line in
//! which they do not come out even is left to a person.

use super::context::{LineFacts, Side, after, before, is_chinese_mark, is_space, side_after, side_before};
use crate::text::is_han;

/// What is known of one quote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    /// Where it stands.
    pub at: usize,
    /// The Chinese form.
    pub form: &'static str,
    /// Whether the form is beyond doubt.
    pub sure: bool,
    /// Whether it stands in Chinese text.
    pub chinese: bool,
}

/// The pairs of one line.
#[derive(Debug, Default)]
pub(super) struct LinePairs {
    /// ASCII brackets, and whether each is to be full width.
    brackets: Vec<(usize, bool)>,
    quotes: Vec<Quote>,
}

impl LinePairs {
    /// Reads a line.
    pub fn read(text: &str, line: LineFacts) -> LinePairs {
        let mut pairs = LinePairs { brackets: brackets(text, line), quotes: quotes(text, line) };
        pairs.brackets.sort_unstable();
        pairs
    }

    /// Whether the ASCII bracket at `at` is to be full width.
    pub fn bracket_is_wide(&self, at: usize) -> bool {
        let found = self.brackets.binary_search_by_key(&at, |b| b.0);
        found.ok().and_then(|i| self.brackets.get(i)).is_some_and(|b| b.1)
    }

    /// The quote at `at`.
    pub fn quote(&self, at: usize) -> Option<Quote> {
        self.quotes.binary_search_by_key(&at, |q| q.at).ok().and_then(|i| self.quotes.get(i)).copied()
    }
}

/// Whether a character beside a bracket or quote speaks for Chinese text.
fn speaks(c: Option<char>) -> bool {
    c.is_some_and(|c| is_han(c) || is_chinese_mark(c))
}

fn brackets(text: &str, line: LineFacts) -> Vec<(usize, bool)> {
    let body = text.get(line.start..line.end).unwrap_or("");
    if memchr::memchr2(b'(', b')', body.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut last_han = None;
    for (i, c) in body.char_indices() {
        let at = line.start + i;
        match c {
            '(' | '（' => open.push((at, c)),
            ')' | '）' => match open.pop() {
                Some((start, first)) => {
                    let wide = first == '（' || c == '）' || {
                        let inside = last_han.is_some_and(|h| h > start);
                        let formula = before(text, start).is_some_and(|p| p.is_ascii_alphanumeric())
                            && !inside
                            && !text.get(start..at).unwrap_or("").contains(' ')
                            && !line_of_digits(text, start, at);
                        inside || !formula && (chinese_before(text, start) || chinese_after(text, at + 1))
                    };
                    out.extend((first == '(').then_some((start, wide)));
                    out.extend((c == ')').then_some((at, wide)));
                }
                None if c == ')' => out.push((at, chinese_before(text, at) || chinese_after(text, at + 1))),
                None => {}
            },
            _ if is_han(c) || is_chinese_mark(c) => last_han = Some(at),
            _ => {}
        }
    }
    let lost = open.into_iter().filter(|o| o.1 == '(');
    out.extend(lost.map(|(at, _)| (at, chinese_before(text, at) || chinese_after(text, at + 1))));
    out
}

/// Whether a bracket holds nothing but digits, as a serial or a year does.
fn line_of_digits(text: &str, start: usize, end: usize) -> bool {
    let inner = text.get(start + 1..end).unwrap_or("");
    !inner.is_empty()
        && inner.bytes().all(|b| b.is_ascii_digit())
        && before(text, start).is_some_and(|c| c.is_ascii_digit())
}

fn chinese_before(text: &str, at: usize) -> bool {
    side_before(text, at) == Side::Chinese
}

fn chinese_after(text: &str, at: usize) -> bool {
    side_after(text, at) == Side::Chinese
}

/// Quotes open at one time beyond which a line makes no sense; bounds the work at each quote.
const DEEPEST: usize = 16;

/// An opened quote.
struct Open {
    index: usize,
    at: usize,
    double: bool,
    corner: bool,
}

fn quotes(text: &str, line: LineFacts) -> Vec<Quote> {
    let body = text.get(line.start..line.end).unwrap_or("");
    if !has_loose_quotes(body) {
        return Vec::new();
    }
    let mut out: Vec<Quote> = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let (mut even, mut last_han) = (true, None);
    for (i, c) in body.char_indices() {
        let at = line.start + i;
        let Some(mark) = Kind::of(c) else {
            if is_han(c) || is_chinese_mark(c) {
                last_han = Some(at);
            }
            continue;
        };
        if mark.loose && !mark.double && is_apostrophe(text, at, c) {
            continue;
        }
        let closes = match mark.opens {
            Some(opens) => !opens,
            None => open.iter().any(|o| o.double == mark.double && !o.corner),
        };
        if !closes {
            even &= open.len() < 2;
            if open.len() >= DEEPEST {
                open.clear();
            }
            let form = if open.len().is_multiple_of(2) { "“" } else { "‘" };
            out.push(Quote { at, form, sure: true, chinese: false });
            open.push(Open { index: out.len() - 1, at, double: mark.double, corner: mark.corner });
            even &= !mark.loose || may_open(text, at + c.len_utf8());
            continue;
        }
        let partner =
            open.iter().rposition(|o| o.corner == mark.corner && (o.double == mark.double || mark.opens.is_some()));
        let Some(partner) = partner else {
            even = false;
            out.push(Quote { at, form: "”", sure: false, chinese: speaks(before(text, at)) });
            continue;
        };
        even &= partner + 1 == open.len() && (!mark.loose || may_close(text, at));
        open.truncate(partner + 1);
        let Some(start) = open.pop() else { continue };
        let form = if open.len().is_multiple_of(2) { "”" } else { "’" };
        let chinese = last_han.is_some_and(|h| h > start.at)
            || chinese_before(text, start.at)
            || chinese_after(text, at + c.len_utf8());
        if let Some(first) = out.get_mut(start.index) {
            first.chinese = chinese;
        }
        out.push(Quote { at, form, sure: true, chinese });
    }
    even &= open.is_empty();
    for start in open {
        if let Some(first) = out.get_mut(start.index) {
            first.chinese = speaks(after(text, first.at + 1)) || speaks(before(text, first.at));
        }
    }
    for quote in &mut out {
        quote.sure &= even;
    }
    out
}

/// Whether a line has quotes that may need another form.
fn has_loose_quotes(line: &str) -> bool {
    memchr::memchr2(b'"', b'\'', line.as_bytes()).is_some()
        || line.contains(['「', '」', '『', '』', '＂', '＇', '〝', '〞', '〟'])
}

/// What sort of quote a character is.
struct Kind {
    double: bool,
    /// Whether it says itself that it opens or closes.
    opens: Option<bool>,
    corner: bool,
    /// Straight: its side is known only from its place.
    loose: bool,
}

impl Kind {
    fn of(c: char) -> Option<Kind> {
        let (double, opens, corner) = match c {
            '"' | '＂' => (true, None, false),
            '\'' | '＇' => (false, None, false),
            '“' | '〝' => (true, Some(true), false),
            '”' | '〞' | '〟' => (true, Some(false), false),
            '‘' => (false, Some(true), false),
            '’' => (false, Some(false), false),
            '「' => (true, Some(true), true),
            '」' => (true, Some(false), true),
            '『' => (false, Some(true), true),
            '』' => (false, Some(false), true),
            _ => return None,
        };
        Some(Kind { double, opens, corner, loose: opens.is_none() })
    }
}

/// Whether a single mark is an apostrophe or a sign of feet or minutes.
fn is_apostrophe(text: &str, at: usize, c: char) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (left, right) = (before(text, at), after(text, at + c.len_utf8()));
    latin(left) && (latin(right) || left.is_some_and(|c| c.is_ascii_digit()) && !speaks(right))
}

/// Whether a straight quote may open here: text follows it.
fn may_open(text: &str, next: usize) -> bool {
    !matches!(
        after(text, next),
        None | Some('，' | '。' | '；' | '、' | '！' | '？' | '：' | '）' | '》' | ',' | ';' | ')')
    )
}

/// Whether a straight quote may close here: what stands before it does not wait for more.
fn may_close(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("").trim_end_matches(is_space);
    !matches!(before(head, head.len()), None | Some('：' | ':' | '（' | '《' | '(' | '“'))
}
