//! Characters that look like another one and are not it: control and invisible characters, full-width digits and
//! letters, radicals and compatibility ideographs. Each has an explicit place in Unicode; nothing is folded blindly, so
//! 〔〕①㎡ stay.

use super::context::is_space;
use super::{Rule, Switches};
use crate::document::View;
use crate::finding::Draft;
use crate::stage::{Context, Stage};
use crate::text::{ViewSpan, is_han};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Gives every character its usual code point. Runs first: what the later passes read has no invisible characters, no
/// full-width figures and no markup hidden behind them.
pub struct Characters;

impl Stage for Characters {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        read(view.text(), Switches::new(cx.rules))
    }
}

/// The pass over any text.
pub(super) fn read(text: &str, on: Switches) -> Vec<Draft> {
    let mut pass = Pass { text, on, out: Vec::new() };
    pass.run();
    pass.out
}

struct Pass<'a> {
    text: &'a str,
    on: Switches,
    out: Vec<Draft>,
}

/// First bytes of the characters that this pass may change.
static TRIGGER: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 256 {
        let control = b < 0x20 && !matches!(b as u8, b'\t' | b'\n' | b'\r');
        table[b] = control || matches!(b as u8, 0x7F | 0xC2 | 0xD8 | 0xE1 | 0xE2 | 0xEE | 0xEF | 0xF0 | 0xF3 | 0xF4);
        b += 1;
    }
    table
};

impl Pass<'_> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(skip) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| TRIGGER[*b as usize])) {
            at += skip;
            let Some(c) = self.text.get(at..).and_then(|t| t.chars().next()) else { return };
            at = self.character(at, c);
        }
    }

    fn safe(&mut self, rule: Rule, start: usize, end: usize, text: impl Into<Cow<'static, str>>) {
        if let Some(id) = self.on.id(rule) {
            self.out.push(Draft::safe(id, ViewSpan::new(start, end), text));
        }
    }

    fn character(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        match c {
            _ if is_line_end(c) => return self.line_end(at),
            _ if is_control(c) => return self.row(Rule::Control, at, is_control),
            _ if is_invisible(c) => return self.row(Rule::Invisible, at, is_invisible),
            '\u{2F00}'..='\u{2FD5}' | '\u{2E80}'..='\u{2EF3}' => self.radical(at, c),
            '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => self.compatibility_ideograph(at, c),
            '０'..='９' => self.full_width(Rule::FullWidthDigit, at, c),
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' => self.full_width(Rule::FullWidthLetter, at, c),
            '％' => self.full_width(Rule::FullWidthSign, at, c),
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFD}' => {
                if let Some(id) = self.on.id(Rule::PrivateUse) {
                    self.out.push(Draft::flag(id, ViewSpan::new(at, end)));
                }
            }
            _ => {
                if let Some(form) = mark_form(c) {
                    self.safe(Rule::CompatibilityMark, at, end, form);
                }
            }
        }
        end
    }

    /// A row of line and page breaks becomes one line end, or goes where a line ends anyway: nothing runs together.
    fn line_end(&mut self, at: usize) -> usize {
        let tail = self.text.get(at..).unwrap_or("");
        let rest = tail.trim_start_matches(is_line_end);
        let end = at + tail.len() - rest.len();
        let head = self.text.get(..at).unwrap_or("");
        let ends = head.is_empty() || head.ends_with(['\n', '\r']) || rest.is_empty() || rest.starts_with(['\n', '\r']);
        self.safe(Rule::LineEnd, at, end, if ends { "" } else { "\n" });
        end
    }

    /// Takes out a row of characters of one sort.
    fn row(&mut self, rule: Rule, at: usize, sort: fn(char) -> bool) -> usize {
        let tail = self.text.get(at..).unwrap_or("");
        let long: usize = tail.chars().take_while(|c| sort(*c)).map(char::len_utf8).sum();
        self.safe(rule, at, at + long, "");
        at + long
    }

    fn radical(&mut self, at: usize, c: char) {
        let form = c.nfkc().next().filter(|p| *p != c && is_han(*p)).or_else(|| simplified_radical(c));
        if let Some(form) = form {
            self.safe(Rule::Radical, at, at + c.len_utf8(), form.to_string());
        }
    }

    fn compatibility_ideograph(&mut self, at: usize, c: char) {
        if let Some(form) = c.nfc().next().filter(|p| *p != c) {
            self.safe(Rule::CompatibilityIdeograph, at, at + c.len_utf8(), form.to_string());
        }
    }

    fn full_width(&mut self, rule: Rule, at: usize, c: char) {
        if let Some(form) = half_width(c) {
            self.safe(rule, at, at + c.len_utf8(), form);
        }
    }
}

/// The ASCII form of a full-width character, which lies 0xFEE0 above it.
pub(super) fn half_width(c: char) -> Option<&'static str> {
    const ASCII: &str =
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
    let place = (c as usize).checked_sub(0xFF00)?;
    ASCII.get(place..place + 1)
}

/// Breaks of lines, paragraphs and pages that are not written as line ends: vertical tab, form feed, next line (NEL),
/// line separator, paragraph separator.
fn is_line_end(c: char) -> bool {
    matches!(c, '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Control characters; tab and line ends are none of them.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\r') && !is_line_end(c)
}

/// Characters without a shape: soft hyphen, zero-width spaces and joiners, direction marks, byte-order marks.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// Radicals of the supplement that are the whole simplified character and have no decomposition in Unicode.
fn simplified_radical(c: char) -> Option<char> {
    const PAIRS: &[(char, char)] = &[
        ('⺟', '母'),
        ('⻅', '见'),
        ('⻆', '角'),
        ('⻉', '贝'),
        ('⻋', '车'),
        ('⻓', '长'),
        ('⻔', '门'),
        ('⻘', '青'),
        ('⻙', '韦'),
        ('⻚', '页'),
        ('⻛', '风'),
        ('⻜', '飞'),
        ('⻝', '食'),
        ('⻢', '马'),
        ('⻣', '骨'),
        ('⻤', '鬼'),
        ('⻥', '鱼'),
        ('⻦', '鸟'),
        ('⻨', '麦'),
        ('⻩', '黄'),
        ('⻬', '齐'),
        ('⻮', '齿'),
        ('⻰', '龙'),
        ('⻳', '龟'),
    ];
    PAIRS.iter().find(|(radical, _)| *radical == c).map(|(_, whole)| *whole)
}

/// The usual form of half-width, small and vertical presentation forms of Chinese marks (Unicode blocks FF61, FE10,
/// FE30, FE50).
fn mark_form(c: char) -> Option<&'static str> {
    Some(match c {
        '｡' | '︒' => "。",
        '､' | '﹑' | '︑' => "、",
        '｢' | '﹁' | '﹃' => "“",
        '｣' | '﹂' | '﹄' => "”",
        '﹐' | '︐' => "，",
        '﹔' | '︔' => "；",
        '﹕' | '︓' => "：",
        '﹖' | '︖' => "？",
        '﹗' | '︕' => "！",
        '﹙' | '︵' => "（",
        '﹚' | '︶' => "）",
        '︽' => "《",
        '︾' => "》",
        '︿' => "〈",
        '﹀' => "〉",
        '︹' => "〔",
        '︺' => "〕",
        '︻' => "【",
        '︼' => "】",
        '︙' => "……",
        '︱' => "——",
        '﹪' => "%",
        _ => return None,
    })
}

/// Whether spaces or nothing at all stand between a place and the start of its line.
pub(super) fn at_line_head(text: &str, line_start: usize, at: usize) -> bool {
    text.get(line_start..at).is_some_and(|t| t.chars().all(|c| is_space(c) || c == '#' || c == '*'))
}
