//! Point marks and brackets: their width in Chinese text, marks typed twice, brackets of document numbers.

use super::Rule;
use super::context::{Side, after, before, is_chinese_mark, is_space, next_form, side_after, side_before};
use super::scan::Scan;
use crate::text::is_han;

impl Scan<'_> {
    /// `, ; : ? !`
    pub fn half_mark(&mut self, at: usize, mark: u8) -> usize {
        if !self.is_wide(at, mark) {
            if mark == b',' && self.is_decimal_comma(at) {
                self.suggest(Rule::DecimalComma, at, at + 1, ".");
            }
            return at + 1;
        }
        let (rule, form) = match mark {
            b',' => (Rule::Comma, "，"),
            b';' => (Rule::Semicolon, "；"),
            b':' => (Rule::Colon, "："),
            b'?' => (Rule::Question, "？"),
            _ => (Rule::Exclamation, "！"),
        };
        if self.gives_way(at, at + 1, form) {
            self.safe(Rule::Doubled, at, at + 1, "");
        } else {
            self.safe(rule, at, at + 1, form);
        }
        at + 1
    }

    /// `， ； 、 ： 。`
    pub fn full_mark(&mut self, at: usize, mark: char) -> usize {
        let end = at + mark.len_utf8();
        if mark == '。' {
            return self.full_stop(at);
        }
        let form = match mark {
            '，' => "，",
            '；' => "；",
            '、' => "、",
            _ => return end,
        };
        if self.gives_way(at, end, form) {
            self.safe(Rule::Doubled, at, end, "");
        }
        end
    }

    /// `。。` and `。。。`
    fn full_stop(&mut self, at: usize) -> usize {
        let one = '。'.len_utf8();
        let (mut stops, mut end, mut next) = (1, at + one, at + one);
        while let Some(c) = after(self.text, next).filter(|c| *c == '。' || is_space(*c)) {
            next += c.len_utf8();
            if c == '。' {
                stops += 1;
                end = next;
            }
        }
        match stops {
            1 => at + one,
            2 => {
                self.safe(Rule::Doubled, at, at + one, "");
                at + one
            }
            _ => {
                self.safe(Rule::Ellipsis, at, end, "……");
                end
            }
        }
    }

    /// Whether a mark that stands, or will stand, as `form` gives way to the mark that follows it: the same again, or a
    /// stop behind a comma.
    fn gives_way(&self, at: usize, end: usize, form: &str) -> bool {
        if !matches!(form, "，" | "；" | "、") {
            return false;
        }
        // The spaces between two marks go.
        let tail = self.text.get(end..).unwrap_or("");
        let end = end + (tail.len() - tail.trim_start_matches(is_space).len());
        let Some(next) = after(self.text, end) else { return false };
        let half = |c: char| match c {
            ',' => "，",
            ';' => "；",
            _ => "",
        };
        // A row of such marks before a stop goes as a whole.
        let row =
            self.text.get(end..).unwrap_or("").trim_start_matches(|c| matches!(c, '，' | '、' | ',') || is_space(c));
        let stop_alone = row.starts_with('。') && !row.starts_with("。。");
        let again = form.starts_with(next) || half(next) == form && self.is_wide_after(end, next);
        again && at < end || stop_alone && form != "；"
    }

    fn is_wide_after(&self, at: usize, next: char) -> bool {
        u8::try_from(next).is_ok_and(|b| self.is_wide(at, b))
    }

    /// Whether the ASCII mark at `at` stands in Chinese text. Decimals, thousands, times, ratios and what stands inside
    /// addresses and formulas have an ASCII character on either side and stay.
    pub fn is_wide(&self, at: usize, mark: u8) -> bool {
        let (left, right) = (before(self.text, at), next_form(self.text, at + 1));
        let digits = left.is_some_and(|c| c.is_ascii_digit()) && right.is_some_and(|c| c.is_ascii_digit());
        let address = mark == b':' && matches!(right, Some('/' | '\\'))
            || mark == b'!' && right == Some('[')
            || mark == b';' && self.ends_entity(at);
        if digits || address || self.is_cut_number(at, mark) {
            return false;
        }
        let (was, comes) = (side_before(self.text, at), side_after(self.text, at + 1));
        if was == Side::Chinese
            && (comes != Side::Latin
                || !right.is_some_and(|c| c.is_ascii_alphabetic())
                || is_wide_neighbour(left)
                || self.is_wide_before(at))
        {
            return true;
        }
        if comes == Side::Chinese {
            // Over a space, an English sentence ends here and a Chinese one begins.
            return !right.is_some_and(is_space) || self.line().is_chinese();
        }
        let loose = comes == Side::Edge && was != Side::Edge || matches!(left, Some('%' | '℃' | '％' | '‰'));
        loose && was != Side::Other && self.line().is_chinese()
    }

    /// Whether the mark before `at` is one that will be wide. A mark follows that one, so this asks no further back.
    fn is_wide_before(&self, at: usize) -> bool {
        let mark = at.checked_sub(1).and_then(|i| Some((i, *self.bytes.get(i)?)));
        mark.is_some_and(|(i, mark)| matches!(mark, b',' | b';' | b':' | b'?' | b'!') && self.is_wide(i, mark))
    }

    /// Whether a line end cuts a number in two behind its mark: thousands (`10,|234万`) or a time (`10:|30`).
    fn is_cut_number(&self, at: usize, mark: u8) -> bool {
        let part = match mark {
            b',' => 3,
            b':' => 2,
            _ => return false,
        };
        let head = self.bytes.get(at.saturating_sub(4)..at).unwrap_or(&[]);
        let whole = head.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        (1..=part).contains(&whole)
            && after(self.text, at + 1).is_none()
            && digits_of_next_line(self.text, at + 1) == part
    }

    /// Whether a comma stands where a decimal point would: `12,5%`. Thousands have three digits behind it.
    fn is_decimal_comma(&self, at: usize) -> bool {
        const UNITS: &str = "万亿千百元吨公米厘毫升倍度个亩人平立%％‰℃";
        let head = self.bytes.get(at.saturating_sub(5)..at).unwrap_or(&[]);
        let whole = head.iter().rev().take_while(|b| b.is_ascii_digit()).count();
        let tail = self.bytes.get(at + 1..).unwrap_or(&[]);
        let part = tail.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let left = before(self.text, at - whole.min(at))
            .is_none_or(|c| !matches!(c, ',' | '.' | '-' | '第') && !c.is_ascii_alphanumeric());
        (1..=4).contains(&whole)
            && (1..=2).contains(&part)
            && left
            && after(self.text, at + 1 + part).is_some_and(|c| UNITS.contains(c))
    }

    /// Whether a semicolon ends an HTML entity.
    fn ends_entity(&self, at: usize) -> bool {
        let head = self.bytes.get(at.saturating_sub(10)..at).unwrap_or(&[]);
        let name = head.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        name > 1 && head.len() > name && head.get(head.len() - name - 1) == Some(&b'&')
    }

    /// `( )`
    pub fn bracket(&mut self, at: usize) -> usize {
        let opens = self.bytes.get(at) == Some(&b'(');
        if opens && self.document_number(at, 1) || self.number_end == Some(at) {
            return at + 1;
        }
        if self.pairs().bracket_is_wide(at) {
            self.safe(Rule::Bracket, at, at + 1, if opens { "（" } else { "）" });
        }
        at + 1
    }

    /// `[ ]`
    pub fn square_bracket(&mut self, at: usize) -> usize {
        if self.bytes.get(at) == Some(&b'[') {
            self.document_number(at, 1);
        }
        at + 1
    }

    /// `（ 【 ［ 〔`
    pub fn full_bracket(&mut self, at: usize, mark: char) -> usize {
        if matches!(mark, '（' | '【' | '［' | '〔') {
            self.document_number(at, mark.len_utf8());
        }
        at + mark.len_utf8()
    }

    /// `[2018]43号`: the year of a document number takes 〔〕.
    fn document_number(&mut self, at: usize, open: usize) -> bool {
        let Some(tail) = self.text.get(at + open..) else { return false };
        let year: usize = tail.chars().take_while(|c| is_digit(*c)).map(char::len_utf8).sum();
        let digits = tail.get(..year).map_or(0, |y| y.chars().count());
        let century = tail.chars().next().map(half_digit).zip(tail.chars().nth(1).map(half_digit));
        if digits != 4 || !matches!(century, Some(('1', '9') | ('2', '0'))) {
            return false;
        }
        let Some(close) = tail.get(year..).and_then(|t| t.chars().next()) else { return false };
        if !matches!(close, ')' | '）' | ']' | '］' | '】' | '〕') {
            return false;
        }
        let rest = tail.get(year + close.len_utf8()..).unwrap_or("");
        let number: usize = rest.chars().take(6).take_while(|c| is_digit(*c)).map(char::len_utf8).sum();
        if number == 0 || !rest.get(number..).is_some_and(|r| r.starts_with('号')) {
            return false;
        }
        if self.text.get(at..at + open).is_none_or(|o| o != "〔") {
            self.safe(Rule::DocumentNumber, at, at + open, "〔");
        }
        let end = at + open + year;
        if close != '〕' {
            self.safe(Rule::DocumentNumber, end, end + close.len_utf8(), "〕");
        }
        self.number_end = Some(end);
        true
    }

    /// `.`: an ellipsis, a full stop, the point of a foreign name; points of numbers, serials, addresses and Latin stay.
    pub fn dot(&mut self, at: usize) -> usize {
        let run = self.bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| **b == b'.').count();
        let end = at + run;
        if run >= 3 {
            let chinese = side_before(self.text, at) == Side::Chinese || side_after(self.text, end) == Side::Chinese;
            if chinese || self.line().is_chinese() && side_after(self.text, end) == Side::Edge {
                self.safe(Rule::Ellipsis, at, end, "……");
            }
        } else if run == 1 {
            self.single_dot(at, 1);
        }
        end
    }

    /// `．`
    pub fn full_dot(&mut self, at: usize, mark: char) -> usize {
        let end = at + mark.len_utf8();
        let number = |c: Option<char>| c.is_some_and(|c| is_digit(c) || c.is_ascii_alphabetic());
        let told = self.out.len();
        self.single_dot(at, mark.len_utf8());
        if self.out.len() == told && number(before(self.text, at)) {
            self.safe(Rule::FullWidthSign, at, end, ".");
        }
        end
    }

    /// The character before a place as it will stand when its bracket, quote or title mark has its Chinese form.
    fn left_form(&mut self, at: usize) -> Option<char> {
        let left = before(self.text, at)?;
        let head = self.text.get(..at).unwrap_or("");
        match left {
            ')' if self.pairs().bracket_is_wide(at - 1) => Some('）'),
            '"' | '\'' => {
                let quote = self.pairs().quote(at - 1).filter(|q| q.sure && q.chinese);
                quote.and_then(|q| q.form.chars().next()).or(Some(left))
            }
            '>' if head.strip_suffix(">>").is_some_and(|h| h.ends_with(is_han)) => Some('》'),
            _ => Some(left),
        }
    }

    fn single_dot(&mut self, at: usize, width: usize) {
        // Spaces at a line end go away, so that a point before them ends the line.
        let blank = |rest: &str| rest.chars().find(|c| !is_space(*c)).is_none_or(|c| matches!(c, '\n' | '\r'));
        let right =
            after(self.text, at + width).filter(|c| !is_space(*c) || !self.text.get(at + width..).is_some_and(blank));
        let Some(left) = self.left_form(at) else { return };
        let closes = right.is_none() || right.is_some_and(|c| matches!(c, '”' | '’' | '"' | '\'' | ')' | '）'));
        let han_before = is_han(left) || matches!(left, '》' | '”' | '）');
        if han_before && !is_serial(self.text, at) {
            match right {
                _ if closes => self.safe(Rule::Stop, at, at + width, "。"),
                Some(c) if is_space(c) && side_after(self.text, at + width) == Side::Chinese => {
                    self.safe(Rule::Stop, at, at + width, "。");
                }
                Some(c) if is_space(c) && side_after(self.text, at + width) == Side::Edge => {
                    self.safe(Rule::Stop, at, at + width, "。");
                }
                Some(c) if is_han(c) && self.is_foreign_name(at, at + width) => {
                    self.safe(Rule::Interpunct, at, at + width, "·");
                }
                Some(c) if is_han(c) => {
                    if let Some(id) = self.on.id(Rule::UnclearStop) {
                        let span = crate::text::ViewSpan::new(at, at + width);
                        self.out.push(crate::finding::Draft::suggest(id, span, "。").or("，").or("·"));
                    }
                }
                _ => {}
            }
        } else if left.is_ascii_alphanumeric() || left == '%' || left == '％' {
            let chinese = self.line().is_chinese();
            let token = token_before(self.text, at);
            let ends_number = token.number && token.follows_han;
            let cut = right.is_none() && left.is_ascii_digit() && digits_of_next_line(self.text, at + width) > 0;
            let stop = right.is_none() && !cut && chinese && !token.serial && !token.abbreviation
                || right.is_some_and(is_han) && ends_number && token.decimal;
            if stop {
                self.safe(Rule::Stop, at, at + width, "。");
            }
        }
    }

    /// Whether a point between Han stands inside a foreign name: the characters beside it are those that names are
    /// written with.
    fn is_foreign_name(&self, at: usize, end: usize) -> bool {
        let list = self.rules.words("transliteration");
        let known = |c: char| list.has(c.encode_utf8(&mut [0; 4]));
        let head = self.text.get(..at).unwrap_or("");
        let tail = self.text.get(end..).unwrap_or("");
        head.chars().rev().take(2).filter(|c| known(*c)).count() == 2
            && tail.chars().take(2).filter(|c| known(*c)).count() == 2
    }

    /// `〈〈 〉〉 << >> ≪ ≫ « »`
    pub fn title_mark(&mut self, at: usize, mark: char) -> usize {
        let width = mark.len_utf8();
        let (end, form) = match mark {
            '≪' | '«' => (at + width, "《"),
            '≫' | '»' => (at + width, "》"),
            _ if after(self.text, at + width) == Some(mark) => (at + 2 * width, if mark == '〈' { "《" } else { "》" }),
            _ => return at + width,
        };
        let inner = if form == "《" { after(self.text, end) } else { before(self.text, at) };
        if inner.is_some_and(is_han) {
            self.safe(Rule::TitleMark, at, end, form);
        }
        end
    }

    /// `<< >>`
    pub fn angle(&mut self, at: usize) -> usize {
        let mark = self.bytes.get(at).copied();
        if self.bytes.get(at + 1).copied() != mark {
            return at + 1;
        }
        let opens = mark == Some(b'<');
        let inner = if opens { after(self.text, at + 2) } else { before(self.text, at) };
        let quote = |c| matches!(c, '”' | '“' | '‘' | '’' | '"' | '\'' | '＂' | '＇');
        if inner.is_some_and(|c| is_han(c) || quote(c) && self.line().is_chinese()) {
            self.safe(Rule::TitleMark, at, at + 2, if opens { "《" } else { "》" });
        }
        at + 2
    }

    /// A straight or foreign quote, by the pairing of its line.
    pub fn quote(&mut self, at: usize, width: usize) -> usize {
        let end = at + width;
        let Some(quote) = self.pairs().quote(at) else { return end };
        let mark = after(self.text, at).unwrap_or(' ');
        let rule = match mark {
            '「' | '」' | '『' | '』' => Rule::CornerQuote,
            '〝' | '〞' | '〟' => Rule::PrimeQuote,
            _ => Rule::StraightQuote,
        };
        if rule == Rule::CornerQuote && self.rests_as_traditional(at) {
            return end;
        }
        let chinese = quote.chinese || rule != Rule::StraightQuote;
        if chinese && quote.sure {
            self.safe(rule, at, end, quote.form);
        } else if chinese && self.line().is_chinese() {
            self.suggest(rule, at, end, quote.form);
        }
        end
    }
}

/// Whether the mark's neighbour holds it in Chinese text even before a Latin word.
fn is_wide_neighbour(c: Option<char>) -> bool {
    c.is_some_and(|c| is_han(c) || is_chinese_mark(c) || is_space(c) || matches!(c, '”' | '’' | ')' | '"'))
}

pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn half_digit(c: char) -> char {
    char::from_u32(c as u32)
        .filter(char::is_ascii)
        .or_else(|| char::from_u32((c as u32).wrapping_sub(0xFEE0)))
        .unwrap_or(c)
}

/// How many digits, to five, the next line that is not blank begins with, where a line ends at `at`: a number that a
/// column end cut in two goes on there. No digit where white space goes on for longer than a column end does.
fn digits_of_next_line(text: &str, at: usize) -> usize {
    const GAP: usize = 16;
    let tail = text.as_bytes().get(at..).unwrap_or(&[]);
    let gap = tail.iter().take(GAP).take_while(|b| b.is_ascii_whitespace()).count();
    tail.get(gap..).unwrap_or(&[]).iter().take(5).take_while(|b| b.is_ascii_digit()).count()
}

/// Whether a point after Han stands behind a serial at the head of a line: `一.加强领导`.
fn is_serial(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("");
    let number = |c: &char| {
        matches!(c, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '甲' | '乙' | '丙' | '丁')
    };
    let rest = head.trim_end_matches(|c| number(&c));
    let long = head.len() - rest.len();
    long > 0
        && long <= 9
        && rest.chars().next_back().is_none_or(|c| matches!(c, '\n' | '\r' | '。' | '；') || is_space(c) || c == '#')
}

/// The run of ASCII letters, digits and points before a place.
struct Token {
    number: bool,
    decimal: bool,
    follows_han: bool,
    serial: bool,
    abbreviation: bool,
}

fn token_before(text: &str, at: usize) -> Token {
    let head = text.as_bytes().get(at.saturating_sub(40)..at).unwrap_or(&[]);
    let long = head.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'%')).count();
    let token = head.get(head.len() - long..).unwrap_or(&[]);
    let start = at - long;
    let number = token.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'%'));
    let left = before(text, start);
    let at_head = left.is_none_or(|c| matches!(c, '。' | '；' | '！' | '？' | '：' | '#' | '”') || is_space(c));
    let word = token.rsplit(|b| *b == b'.').next().unwrap_or(&[]);
    let title_case = word.first().is_some_and(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_lowercase);
    Token {
        number,
        decimal: token.contains(&b'.'),
        follows_han: left.is_some_and(is_han),
        serial: at_head && (number || long == 1),
        abbreviation: !number && (word.len() == 1 && token.contains(&b'.') || title_case && word.len() <= 4),
    }
}
