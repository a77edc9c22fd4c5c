//! Spaces: those beside a mark, those that an engine put between the characters of a word, indents. The spaces that a
//! newspaper sets (in headlines, bylines, credits, datelines, slogans, after `第一章`) stay.

use super::Rule;
use super::context::{after, before, closes_up, is_space, is_unusual_space};
use super::scan::Scan;
use crate::text::is_han;

impl Scan<'_> {
    /// A run of spaces.
    pub fn space(&mut self, at: usize) -> usize {
        let tail = self.text.get(at..).unwrap_or("");
        let long: usize = tail.chars().take_while(|c| is_space(*c)).map(char::len_utf8).sum();
        let end = (at + long).max(at + 1);
        let written = self.text.get(at..end).unwrap_or("");
        let unusual = written.chars().any(is_unusual_space);
        match (before(self.text, at), after(self.text, end)) {
            (None, None) | (Some(_), None) => {
                if unusual {
                    self.safe(Rule::UnusualSpace, at, end, "");
                }
            }
            (None, Some(right)) => {
                // A fence of backticks means something only at the head of its line.
                if unusual && right != '`' || !self.is_markdown(end, right) {
                    self.safe(Rule::Indent, at, end, "");
                }
            }
            (Some(left), Some(right)) => self.inner_space(at, end, left, right, unusual),
        }
        end
    }

    fn inner_space(&mut self, at: usize, end: usize, left: char, right: char, unusual: bool) {
        if self.sticks_after(at, left, right) || self.sticks_before(end, right) {
            self.safe(Rule::SpaceBesideMark, at, end, "");
        } else if is_han(left) && is_han(right) && self.is_engine_space(at, end) {
            self.safe(Rule::SpaceBetweenHan, at, end, "");
        } else if self.is_round_number(at, end, left, right) {
            self.safe(Rule::SpaceRoundNumber, at, end, "");
        } else if unusual {
            let no_break =
                self.text.get(at..end).is_some_and(|t| t.chars().all(|c| c != '\u{3000}' && is_unusual_space(c)));
            let glued =
                no_break && is_han(left) && is_han(right) && !self.line().heading && !self.is_set_space(at, end);
            let now = self.text.get(at..end).unwrap_or("");
            let form = if glued { "" } else { " " };
            if now != form {
                self.safe(Rule::UnusualSpace, at, end, form);
            }
        }
    }

    /// Whether an indent may mean something in Markdown: before a list, a quotation, a table, Latin text.
    fn is_markdown(&self, at: usize, first: char) -> bool {
        let dash = self.text.get(at..).is_some_and(|t| t.starts_with("--"));
        !dash
            && (first.is_ascii_alphanumeric()
                || matches!(first, '-' | '*' | '+' | '|' | '>' | '#' | '`' | '=' | '_' | '~'))
    }

    /// Whether the mark before a space takes no space after it.
    fn sticks_after(&mut self, at: usize, left: char, right: char) -> bool {
        match left {
            '，' | '、' | '；' | '：' | '。' | '（' | '《' | '“' | '‘' | '〈' | '【' | '〔' | '「' | '『' | '〝' => {
                left != '“' && left != '‘' || self.line().is_chinese()
            }
            // In a headline a space may part two sentences.
            '！' | '？' => !self.line().heading,
            ',' | ';' | ':' => self.is_wide(at - 1, left as u8),
            '!' | '?' => !self.line().heading && self.is_wide(at - 1, left as u8),
            '(' => self.pairs().bracket_is_wide(at - 1),
            '"' | '\'' => {
                self.pairs().quote(at - 1).is_some_and(|q| q.sure && q.chinese && matches!(q.form, "“" | "‘"))
            }
            '.' => {
                is_han(right)
                    && before(self.text, at - 1).is_some_and(is_han)
                    && self.line().is_chinese()
                    && !self.is_listed(at - 1)
            }
            _ => false,
        }
    }

    /// Whether the point at `at` belongs to a serial at the head of the line.
    fn is_listed(&self, at: usize) -> bool {
        self.text.get(self.line().start..at).is_none_or(|head| head.chars().count() <= 3)
    }

    /// Whether the mark after a space takes no space before it.
    fn sticks_before(&mut self, end: usize, right: char) -> bool {
        match right {
            _ if closes_up(right) => true,
            '”' | '’' => self.line().is_chinese(),
            ',' | ';' | ':' | '!' | '?' => self.is_wide(end, right as u8),
            ')' => self.pairs().bracket_is_wide(end),
            '"' | '\'' | '＂' | '＇' => {
                self.pairs().quote(end).is_some_and(|q| q.sure && q.chinese && matches!(q.form, "”" | "’"))
            }
            _ => false,
        }
    }

    /// Whether a space between two Han characters was put there by an engine: it stands in a row of single characters,
    /// or in a line of prose that is full of such rows.
    fn is_engine_space(&mut self, at: usize, end: usize) -> bool {
        if self.is_set_space(at, end) {
            return false;
        }
        let spaced = match self.spaced {
            Some(known) => known,
            None => {
                let line = self.line();
                let known = is_spaced_out(self.text.get(line.start..line.end).unwrap_or(""));
                *self.spaced.insert(known)
            }
        };
        spaced || self.in_row(at, end)
    }

    /// Whether single Han characters parted by single spaces stand on both sides, three or more in all.
    fn in_row(&self, at: usize, end: usize) -> bool {
        let single_before = |at: usize| {
            let c = before(self.text, at).filter(|c| is_han(*c))?;
            let start = at - c.len_utf8();
            before(self.text, start).is_none_or(|p| !is_han(p) && !p.is_alphanumeric()).then_some(start)
        };
        let single_after = |end: usize| {
            let c = after(self.text, end).filter(|c| is_han(*c))?;
            let stop = end + c.len_utf8();
            after(self.text, stop).is_none_or(|n| !is_han(n) && !n.is_alphanumeric()).then_some(stop)
        };
        let (Some(start), Some(stop)) = (single_before(at), single_after(end)) else { return false };
        let further_back =
            before(self.text, start).filter(|c| is_space(*c)).and_then(|c| single_before(start - c.len_utf8()));
        let further_on =
            after(self.text, stop).filter(|c| is_space(*c)).and_then(|c| single_after(stop + c.len_utf8()));
        further_back.is_some() || further_on.is_some()
    }

    /// Whether a newspaper sets a space here: in bylines and credits, after `第一章`, inside a name of two characters.
    fn is_set_space(&mut self, at: usize, end: usize) -> bool {
        let line = self.line();
        let head = self.text.get(line.start..at).unwrap_or("");
        let body = self.text.get(line.start..line.end).unwrap_or("");
        let short = line.end - line.start <= 120;
        let chapter = head.len() <= 40 && is_chapter(head.trim_start_matches(['#', ' ']));
        let credit = short && self.rules.words("credit-words").automaton().is_some_and(|a| a.is_match(body));
        let name = is_alone(self.text, at, true) && is_alone(self.text, end, false) && !self.in_row(at, end);
        chapter || credit || name
    }

    /// Whether a space parts a number from the Han that it belongs to: `在 2019 年`.
    fn is_round_number(&mut self, at: usize, end: usize, left: char, right: char) -> bool {
        const UNITS: &str = "年月日时分秒万亿千百元个人名次届章条款项期位只家公米吨度";
        if self.line().heading {
            return false;
        }
        if is_han(left) && right.is_ascii_digit() {
            let tail = self.text.get(end..).unwrap_or("");
            let rest = tail.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
            return rest.len() < tail.len().min(tail.len())
                && tail.len() - rest.len() <= 16
                && rest.strip_prefix(' ').and_then(|r| r.chars().next()).is_some_and(|c| UNITS.contains(c));
        }
        if left.is_ascii_digit() && UNITS.contains(right) {
            let head = self.text.get(..at).unwrap_or("");
            let rest = head.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%'));
            let spaced = rest.ends_with(' ') && rest.trim_end_matches(' ').chars().next_back().is_some_and(is_han);
            return head.len() - rest.len() <= 16 && spaced;
        }
        false
    }
}

/// Whether the Han character beside a place stands alone: space, mark or line end on its other side.
fn is_alone(text: &str, at: usize, back: bool) -> bool {
    let beside = if back { before(text, at) } else { after(text, at) };
    let Some(c) = beside.filter(|c| is_han(*c)) else { return false };
    let far = if back { before(text, at - c.len_utf8()) } else { after(text, at + c.len_utf8()) };
    far.is_none_or(|c| !is_han(c))
}

/// Whether a text ends in the number of a chapter or an article: `第一章`, `第8条`.
fn is_chapter(head: &str) -> bool {
    let mut back = head.chars().rev();
    let unit = back.next().is_some_and(|c| matches!(c, '编' | '章' | '节' | '条' | '款' | '部' | '篇' | '回' | '版'));
    let mut number = back.skip_while(|c| c.is_ascii_digit() || "一二三四五六七八九十百千〇零".contains(*c));
    unit && number.next() == Some('第')
}

/// Whether a line of prose is full of spaces between Han: at least eight pieces, three in ten of them single characters.
fn is_spaced_out(line: &str) -> bool {
    if !line.contains(['，', '。', ',', '、']) {
        return false;
    }
    let pieces = line.split(is_space).filter(|p| p.chars().any(is_han));
    let (mut all, mut single) = (0usize, 0usize);
    for piece in pieces {
        all += 1;
        single += usize::from(piece.chars().filter(|c| is_han(*c)).count() == 1);
    }
    all >= 8 && single * 10 >= all * 3
}
