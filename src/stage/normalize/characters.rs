//! Characters that look like another one and are not it: control and invisible characters, full-width digits and
//! letters, radicals and compatibility ideographs. Each has an explicit place in Unicode; nothing is folded blindly, so
//! 〔〕①㎡ stay.

use super::Rule;
use super::context::{after, before, is_space, is_unusual_space};
use super::scan::Scan;
use crate::finding::Draft;
use crate::text::{ViewSpan, is_han};
use unicode_normalization::UnicodeNormalization;

impl Scan<'_> {
    /// C0 control characters and DEL; tab and line ends are none of them.
    pub fn control(&mut self, at: usize) -> usize {
        let is_control = |b: &u8| (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || *b == 0x7F;
        let run = self.bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| is_control(b)).count();
        self.safe(Rule::Control, at, at + run, "");
        at + run.max(1)
    }

    /// Any other character that is not plain.
    pub fn character(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        match c {
            _ if is_unusual_space(c) => return self.space(at),
            '\u{80}'..='\u{9F}' => self.safe(Rule::Control, at, end, ""),
            _ if is_invisible(c) => return self.invisible(at),
            '\u{2F00}'..='\u{2FD5}' | '\u{2E80}'..='\u{2EF3}' => self.radical(at, c),
            '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => self.compatibility_ideograph(at, c),
            '０'..='９' => self.full_width(Rule::FullWidthDigit, at, c),
            'Ａ'..='Ｚ' | 'ａ'..='ｚ' => self.full_width(Rule::FullWidthLetter, at, c),
            '％' => self.full_width(Rule::FullWidthSign, at, c),
            '＋' | '＝' | '／' | '＠' | '＃' | '＆' | '＊' | '＿' if self.between_figures(at, end) => {
                self.full_width(Rule::FullWidthSign, at, c);
            }
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

    fn invisible(&mut self, at: usize) -> usize {
        let tail = self.text.get(at..).unwrap_or("");
        let long: usize = tail.chars().take_while(|c| is_invisible(*c)).map(char::len_utf8).sum();
        self.safe(Rule::Invisible, at, at + long, "");
        at + long
    }

    fn radical(&mut self, at: usize, c: char) {
        let mut plain = c.nfkc();
        let form = plain.next().filter(|p| *p != c && is_han(*p)).or_else(|| simplified_radical(c));
        if let Some(form) = form {
            self.safe(Rule::Radical, at, at + c.len_utf8(), form.to_string());
        }
    }

    fn compatibility_ideograph(&mut self, at: usize, c: char) {
        if let Some(form) = c.nfc().next().filter(|p| *p != c) {
            self.safe(Rule::CompatibilityIdeograph, at, at + c.len_utf8(), form.to_string());
        }
    }

    /// Full-width digits, letters and signs: the ASCII character lies 0xFEE0 below.
    fn full_width(&mut self, rule: Rule, at: usize, c: char) {
        const ASCII: &str =
            " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";
        let place = (c as usize).wrapping_sub(0xFF00);
        if let Some(form) = ASCII.get(place..place + 1) {
            self.safe(rule, at, at + c.len_utf8(), form);
        }
    }

    fn between_figures(&self, at: usize, end: usize) -> bool {
        let figure = |c: char| c.is_ascii_alphanumeric() || matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ');
        before(self.text, at).is_some_and(figure) && after(self.text, end).is_some_and(figure)
    }
}

/// Characters without a shape: soft hyphen, zero-width spaces and joiners, direction marks, byte-order marks.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
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
