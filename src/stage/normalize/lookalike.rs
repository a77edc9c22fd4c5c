//! Characters that an engine takes for one another: always a question to a person, never a change.

use super::Rule;
use super::characters::at_line_head;
use super::context::{after, before};
use super::scan::Scan;
use crate::text::is_han;

/// Whether a Han character at a place may stand for a mark or another character: 一 口 囗 曰 目. Asked of every Han
/// character of a text, so all five are compared at once.
pub(super) fn is_like_mark(bytes: &[u8], at: usize) -> bool {
    let Some(&[a, b, c]) = bytes.get(at..at + 3) else { return false };
    let found = u32::from_be_bytes([0, a, b, c]);
    (found == 0xE4_B8_80)
        | (found == 0xE5_8F_A3)
        | (found == 0xE5_9B_97)
        | (found == 0xE6_9B_B0)
        | (found == 0xE7_9B_AE)
}

impl Scan<'_> {
    /// A Han character; only a few of them are of interest.
    pub fn han(&mut self, at: usize) -> usize {
        let end = at + 3;
        match self.bytes.get(at..end) {
            Some([0xE4, 0xB8, 0x80]) => self.like_dash(at),
            Some([0xE5, 0x8F, 0xA3]) => self.like_box(at, '口'),
            Some([0xE5, 0x9B, 0x97]) => self.like_box(at, '囗'),
            Some([0xE6, 0x9B, 0xB0] | [0xE7, 0x9B, 0xAE]) => {
                self.like_day(at);
                end
            }
            _ => end,
        }
    }

    /// `口本报记者`: the box before a byline.
    pub fn like_box(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        if !at_line_head(self.text, self.line().start, at) {
            return end;
        }
        let tail = self.text.get(end..).unwrap_or("").trim_start_matches(' ');
        if self.rules.words("byline-openings").words.iter().any(|w| !w.is_empty() && tail.starts_with(w.as_str())) {
            self.suggest(Rule::LikeBox, at, end, "□");
        }
        end
    }

    /// `64一69`, `改革一一开放`
    fn like_dash(&mut self, at: usize) -> usize {
        let one = '一'.len_utf8();
        let (left, right) = (before(self.text, at), after(self.text, at + one));
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if digit(left) && digit(right) {
            self.suggest(Rule::LikeDash, at, at + one, "—");
            return at + one;
        }
        if right != Some('一') || after(self.text, at + 2 * one) == Some('一') {
            return at + one;
        }
        let end = at + 2 * one;
        let tail = self.text.get(end..).unwrap_or("");
        let adverb = &self.rules.words("one-by-one").words;
        let is_adverb = adverb.iter().any(|w| !w.is_empty() && tail.starts_with(w.as_str()));
        if left.is_some_and(|c| is_han(c) || matches!(c, '》' | '”'))
            && tail.chars().next().is_some_and(is_han)
            && !is_adverb
        {
            self.suggest(Rule::LikeDoubleOne, at, end, "——");
        }
        end
    }

    /// `10月22曰`, `10月22目`
    fn like_day(&mut self, at: usize) {
        let head = self.text.get(..at).unwrap_or("");
        let digits = |c: char| {
            c.is_ascii_digit() || matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十')
        };
        let month = head.trim_end_matches(digits);
        let day = head.len() - month.len();
        let next = after(self.text, at + 3);
        let goal = self.text.get(at..at + 3) == Some("目") && matches!(next, Some('前' | '的' | '标' | '录' | '光'));
        if day > 0 && day <= 9 && month.ends_with('月') && !goal {
            self.suggest(Rule::LikeDay, at, at + 3, "日");
        }
    }

    /// `2O19年`, `l5人`: a letter inside a number.
    pub fn like_digit(&mut self, at: usize) -> usize {
        let part = |b: &u8| b.is_ascii_alphanumeric();
        let head = self.bytes.get(at.saturating_sub(12)..at).unwrap_or(&[]);
        let start = at - head.iter().rev().take_while(|b| part(b)).count();
        let tail = self.bytes.get(at..).unwrap_or(&[]);
        let end = at + tail.iter().take(12).take_while(|b| part(b)).count();
        let token = self.bytes.get(start..end).unwrap_or(&[]);
        if start != at && token.iter().take(at - start).any(|b| matches!(b, b'O' | b'o' | b'l' | b'I')) {
            return end.max(at + 1);
        }
        let between = before(self.text, at).zip(after(self.text, at + 1));
        if matches!(self.bytes.get(at), Some(b'O' | b'o'))
            && between.is_some_and(|(a, b)| is_han_figure(a) && is_han_figure(b))
        {
            self.suggest(Rule::LikeZero, at, at + 1, "〇");
            return at + 1;
        }
        let digits = token.iter().filter(|b| b.is_ascii_digit()).count();
        let letters = token.len() - digits;
        let only = token.iter().all(|b| b.is_ascii_digit() || matches!(b, b'O' | b'o' | b'l' | b'I'));
        let unit = after(self.text, end).is_some_and(|c| "年月日时分秒万亿千百元个人名吨米公%％".contains(c));
        let left =
            before(self.text, start).is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '/' | '_'));
        if only && digits > 0 && letters <= digits && unit && left {
            let fixed: String = token
                .iter()
                .map(|b| match b {
                    b'O' | b'o' => '0',
                    b'l' | b'I' => '1',
                    digit => char::from(*digit),
                })
                .collect();
            self.suggest(Rule::LikeDigit, start, end, fixed);
        }
        end.max(at + 1)
    }

    /// `二○一九年`: a circle between Han figures.
    pub fn like_zero(&mut self, at: usize, c: char) -> usize {
        let end = at + c.len_utf8();
        let figure = |c: Option<char>| c.is_some_and(is_han_figure);
        if figure(before(self.text, at)) && (figure(after(self.text, end)) || after(self.text, end) == Some('年')) {
            self.suggest(Rule::LikeZero, at, end, "〇");
        }
        end
    }
}

fn is_han_figure(c: char) -> bool {
    matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '〇' | '零' | '○' | 'O')
}
