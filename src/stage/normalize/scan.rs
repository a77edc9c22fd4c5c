//! The one pass over the text: plain characters are passed over, the few that may have a wrong form are looked at.

use super::context::{LineFacts, after, is_unusual_space};
use super::lookalike::is_like_mark;
use super::pairs::LinePairs;
use super::{Rule, Switches};
use crate::finding::Draft;
use crate::rule::RuleSet;
use crate::text::ViewSpan;
use std::borrow::Cow;
use std::cell::Cell;

/// The bytes that a character with this first byte takes, where no such character is of interest; else 0.
static PLAIN: [u8; 256] = plain();

const fn plain() -> [u8; 256] {
    let mut table = [0u8; 256];
    let mut b = 0;
    while b < 256 {
        table[b] = match b as u8 {
            b'0'..=b'9' | b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z' | b'a'..=b'k' | b'm' | b'n' | b'p'..=b'z' => 1,
            b'#' | b'%' | b'+' | b'=' | b'@' | b'^' | b'_' | b'`' | b'{' | b'}' | b'|' | b'/' | b'\\' | b'&' | b'$'
            | b'*' => 1,
            0xC3..=0xCA | 0xCC..=0xDF => 2,
            0xE8..=0xEE => 3,
            0xF0..=0xF7 => 4,
            0x00..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F => 1,
            _ => 0,
        };
        b += 1;
    }
    table
}

/// The state of the pass.
pub(super) struct Scan<'a> {
    pub text: &'a str,
    pub bytes: &'a [u8],
    pub rules: &'a RuleSet,
    pub on: Switches,
    pub out: Vec<Draft>,
    line_start: usize,
    facts: Cell<Option<LineFacts>>,
    /// The closing bracket of a document number that has been dealt with.
    pub number_end: Option<usize>,
    pairs: Option<LinePairs>,
    pub spaced: Option<bool>,
    /// Whether the line at hand is traditional by its characters.
    pub line_traditional: Option<bool>,
    pub traditional: Option<bool>,
    pub told_traditional: bool,
}

/// What one pass learns and another over a part of the text takes over.
pub(super) struct Known {
    on: Switches,
    traditional: Option<bool>,
}

impl<'a> Scan<'a> {
    pub fn new(text: &'a str, rules: &'a RuleSet) -> Self {
        Scan::with(text, rules, Switches::new(rules))
    }

    /// The pass with rules that have been looked up.
    pub fn with(text: &'a str, rules: &'a RuleSet, on: Switches) -> Self {
        Scan {
            text,
            bytes: text.as_bytes(),
            rules,
            on,
            out: Vec::new(),
            line_start: 0,
            facts: Cell::new(None),
            number_end: None,
            pairs: None,
            spaced: None,
            line_traditional: None,
            traditional: None,
            told_traditional: false,
        }
    }

    /// The pass over another text, which counts as traditional where the one before did.
    pub fn like(text: &'a str, known: &Known, rules: &'a RuleSet) -> Self {
        Scan { traditional: known.traditional, ..Scan::with(text, rules, known.on.clone()) }
    }

    /// Reads the whole text. Also tells what it learnt of it.
    pub fn run(mut self) -> (Vec<Draft>, Known) {
        let mut at = 0;
        while let Some(&first) = self.bytes.get(at) {
            if matches!(first, 0xE4..=0xE9) && !is_like_mark(self.bytes, at) {
                at += '一'.len_utf8();
                continue;
            }
            let step = PLAIN[first as usize];
            at = if step > 0 { at + step as usize } else { self.look(at, first).max(at + 1) };
        }
        (self.out, Known { on: self.on, traditional: self.traditional })
    }

    /// Looks at the character at `at`; gives the place to go on from.
    fn look(&mut self, at: usize, first: u8) -> usize {
        match first {
            b'\n' | b'\r' => self.new_line(at + 1),
            b' ' | b'\t' => self.space(at),
            b',' | b';' | b':' | b'?' | b'!' => self.half_mark(at, first),
            b'.' => self.dot(at),
            b'(' | b')' => self.bracket(at),
            b'[' | b']' => self.square_bracket(at),
            b'"' | b'\'' => self.quote(at, 1),
            b'-' => self.strokes(at),
            b'~' => self.tilde(at, 1),
            b'<' | b'>' => self.angle(at),
            b'O' | b'o' | b'l' | b'I' => self.like_digit(at),
            0xE4..=0xE7 => self.han(at),
            0xC2 | 0xCB | 0xE1..=0xE3 | 0xEF => self.special(at),
            _ => at + 1,
        }
    }

    fn new_line(&mut self, start: usize) -> usize {
        self.line_start = start;
        self.facts.set(None);
        self.pairs = None;
        self.spaced = None;
        self.line_traditional = None;
        start
    }

    /// Characters beyond ASCII that are not Han.
    fn special(&mut self, at: usize) -> usize {
        let Some(c) = after(self.text, at) else { return at + 1 };
        let end = at + c.len_utf8();
        match c {
            '，' | '；' | '、' | '：' | '。' => self.full_mark(at, c),
            '（' | '）' | '【' | '】' | '［' | '］' | '〔' | '〕' => self.full_bracket(at, c),
            '“' | '”' | '‘' | '’' | '《' | '》' | '·' | '！' | '？' | '～' => end,
            '〈' | '〉' | '≪' | '≫' | '«' | '»' => self.title_mark(at, c),
            '…' => self.ellipsis(at),
            '—' | '―' | '─' | '━' | '⸺' | '⸻' => self.strokes(at),
            '－' | '‐' | '‑' => self.full_hyphen(at, c),
            '∼' | '〜' | '˜' => self.tilde(at, end - at),
            '•' | '・' | '･' | '‧' | '∙' | '⋅' | '●' => self.interpunct(at, c),
            '．' | '﹒' => self.full_dot(at, c),
            '＂' | '＇' | '「' | '」' | '『' | '』' | '〝' | '〞' | '〟' => self.quote(at, end - at),
            '○' | '◯' => self.like_zero(at, c),
            'ロ' => self.like_box(at, c),
            '＋' | '＝' | '／' | '＠' | '＃' | '＆' | '＊' | '＿' => self.full_sign(at, c),
            _ if is_unusual_space(c) => self.space(at),
            _ => end,
        }
    }

    /// The line at hand.
    pub fn line(&self) -> LineFacts {
        if let Some(known) = self.facts.get() {
            return known;
        }
        let read = LineFacts::read(self.text, self.line_start);
        self.facts.set(Some(read));
        read
    }

    /// The brackets and quotes of the line at hand, paired.
    pub fn pairs(&mut self) -> &LinePairs {
        let line = self.line();
        self.pairs.get_or_insert_with(|| LinePairs::read(self.text, line))
    }

    /// Reports a change of form.
    pub fn safe(&mut self, rule: Rule, start: usize, end: usize, text: impl Into<Cow<'static, str>>) {
        if let Some(id) = self.on.id(rule) {
            self.out.push(Draft::safe(id, ViewSpan::new(start, end), text));
        }
    }

    /// Reports a question.
    pub fn suggest(&mut self, rule: Rule, start: usize, end: usize, text: impl Into<Cow<'static, str>>) {
        if let Some(id) = self.on.id(rule) {
            self.out.push(Draft::suggest(id, ViewSpan::new(start, end), text));
        }
    }
}
