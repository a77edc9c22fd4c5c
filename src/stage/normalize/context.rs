//! What stands beside a mark, and what sort of line it stands in: context alone decides the width of a mark.

use crate::text::is_han;

/// What a mark meets on one side, spaces and neutral marks passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The line begins or ends.
    Edge,
    /// A Han character, or a mark that only Chinese text has.
    Chinese,
    /// A digit or a sign of numbers.
    Number,
    /// A letter.
    Latin,
    /// Anything else.
    Other,
}

impl Side {
    fn of(c: char) -> Side {
        match c {
            '0'..='9' | '０'..='９' | '%' | '％' | '‰' | '℃' | '°' => Side::Number,
            _ if is_han(c) || is_chinese_mark(c) => Side::Chinese,
            _ if c.is_alphabetic() => Side::Latin,
            _ => Side::Other,
        }
    }
}

/// Marks that Chinese text alone uses. Curly quotes, dashes and ellipses are not among them: Latin text has them too.
pub(super) fn is_chinese_mark(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '；'
            | '：'
            | '？'
            | '！'
            | '（'
            | '）'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '【'
            | '】'
            | '〔'
            | '〕'
            | '「'
            | '」'
            | '『'
            | '』'
            | '□'
            | '■'
            | '～'
    )
}

/// A space of any width, but no line end.
pub(super) fn is_space(c: char) -> bool {
    c == ' ' || c == '\t' || is_unusual_space(c)
}

/// A space that a keyboard does not give.
pub(super) fn is_unusual_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

/// The character before a place on the same line.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back().filter(|c| !matches!(c, '\n' | '\r'))
}

/// The character after a place on the same line.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next().filter(|c| !matches!(c, '\n' | '\r'))
}

/// How far to look past spaces and neutral marks: enough for any sentence, and a bound on the work at each mark.
const REACH: usize = 64;

/// Whether a character says nothing of the text around it: spaces, quotes, ASCII marks and brackets, strokes and angles
/// of any kind. Each form that may become another one of them stands beside it here, so that a mark is judged today as
/// it will be when its neighbours have their proper form.
fn is_neutral(c: char) -> bool {
    is_space(c)
        || matches!(
            c,
            '“' | '”'
                | '‘'
                | '’'
                | '"'
                | '\''
                | '＂'
                | '＇'
                | '('
                | ')'
                | '['
                | ']'
                | '<'
                | '>'
                | '≪'
                | '≫'
                | '«'
                | '»'
                | '*'
                | '…'
                | '—'
                | '-'
                | '－'
                | '―'
                | '─'
                | '━'
                | '⸺'
                | '⸻'
                | ','
                | ';'
                | ':'
                | '?'
                | '!'
                | '.'
        )
}

/// What stands before a place, neutral characters passed over.
pub(super) fn side_before(text: &str, at: usize) -> Side {
    side(text.get(..at).unwrap_or("").chars().rev(), is_neutral)
}

/// What stands after a place, neutral characters passed over.
pub(super) fn side_after(text: &str, at: usize) -> Side {
    side(text.get(at..).unwrap_or("").chars(), is_neutral)
}

/// The full-width forms of neutral marks.
fn is_mark(c: char) -> bool {
    is_neutral(c) || matches!(c, '，' | '；' | '：' | '？' | '！' | '（' | '）' | '。' | '《' | '》' | '〔' | '〕')
}

/// What stands before a place, neutral characters and the marks that they may become passed over.
pub(super) fn words_before(text: &str, at: usize) -> Side {
    side(text.get(..at).unwrap_or("").chars().rev(), is_mark)
}

/// What stands after a place, neutral characters and the marks that they may become passed over.
pub(super) fn words_after(text: &str, at: usize) -> Side {
    side(text.get(at..).unwrap_or("").chars(), is_mark)
}

fn side(chars: impl Iterator<Item = char>, passed: fn(char) -> bool) -> Side {
    match chars.take(REACH).find(|c| !passed(*c)) {
        None | Some('\n' | '\r') => Side::Edge,
        Some(c) => Side::of(c),
    }
}

/// The line that the scan stands in.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineFacts {
    /// First byte.
    pub start: usize,
    /// One past the last byte, line end not counted.
    pub end: usize,
    /// Han characters, by their lead bytes.
    pub han: usize,
    /// ASCII letters.
    pub latin: usize,
    /// A Markdown heading.
    pub heading: bool,
}

impl LineFacts {
    /// Reads the line that begins at `start`.
    pub fn read(text: &str, start: usize) -> LineFacts {
        let rest = text.as_bytes().get(start..).unwrap_or(&[]);
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = &rest[..end];
        let han = line.iter().filter(|b| matches!(b, 0xE4..=0xE9)).count();
        let latin = line.iter().filter(|b| b.is_ascii_alphabetic()).count();
        LineFacts { start, end: start + end, han, latin, heading: line.first() == Some(&b'#') }
    }

    /// Whether most of the line's letters are Han.
    pub fn is_chinese(&self) -> bool {
        self.han > self.latin
    }
}

/// Whether a mark takes no space before it, whatever the line.
pub(super) fn closes_up(c: char) -> bool {
    matches!(
        c,
        '，' | '、'
            | '；'
            | '：'
            | '。'
            | '！'
            | '？'
            | '）'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | '」'
            | '』'
            | '〞'
            | '〟'
    )
}

/// What will stand after a place on the same line: spaces that a mark behind them takes away are passed over.
pub(super) fn next_form(text: &str, at: usize) -> Option<char> {
    let right = after(text, at)?;
    if !is_space(right) {
        return Some(right);
    }
    let mark = text.get(at..)?.chars().take(REACH).find(|c| !is_space(*c));
    Some(mark.filter(|c| closes_up(*c)).unwrap_or(right))
}
