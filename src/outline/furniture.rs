//! Page furniture: what belongs to the page and not to an article. Masthead, running heads, folio, editors' line.
//!
//! A line is furniture when nothing is left of it once dates, weekdays, the paper's name, the folio, editors with their
//! names and the fixed words of a masthead are taken away.

use super::lexicon::{NEWSPAPER_ENDINGS, NEWSPAPERS, PAGE_EDITORS, PAGE_NOTES};
use super::marks::count_up_to;
use super::people::{is_name, is_newspaper};
use super::serial::any_number;
use crate::text::is_han;
use jiff::civil::Date;
use std::ops::Range;

/// What a line of furniture holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Furniture {
    /// Whether nothing but furniture can read like this.
    pub certain: bool,
    /// The paper's name, in bytes of the line.
    pub newspaper: Option<Range<usize>>,
    /// The full date.
    pub date: Option<Date>,
    /// The page number.
    pub page: Option<u32>,
    /// Kinds of thing in it, one bit each.
    kinds: u8,
}

const DATE: u8 = 1;
const WEEKDAY: u8 = 2;
const NAME: u8 = 4;
const FOLIO: u8 = 8;
const EDITOR: u8 = 16;
const NOTE: u8 = 32;
const BARE_NUMBER: u8 = 64;

/// Most characters that a line of furniture has.
const LONGEST: usize = 100;

/// Reads a line as furniture; `None` when something else stands in it.
pub(crate) fn read(text: &str) -> Option<Furniture> {
    if text.is_empty() || count_up_to(text, LONGEST + 1) > LONGEST {
        return None;
    }
    let mut out = Furniture::default();
    let mut at = 0;
    let (mut notes, mut posted) = (0, false);
    while let Some(rest) = text.get(at..).filter(|r| !r.is_empty()) {
        let c = rest.chars().next()?;
        if is_separator(c) {
            at += c.len_utf8();
            continue;
        }
        let Some((kind, len)) = token(rest, at, &mut out) else {
            // A printed rule or the edge of a picture beside a running head is read as letters and strokes.
            out.certain = (out.kinds & (DATE | WEEKDAY | NAME | FOLIO)).count_ones() >= 3 && is_noise(rest);
            return out.certain.then_some(out);
        };
        out.kinds |= kind;
        notes += usize::from(kind == NOTE);
        // 邮发代号, 新闻热线: no other line has these.
        posted |= kind == NOTE && PAGE_NOTES.head(rest).is_some_and(|w| count_up_to(w, 4) == 4);
        at += len;
    }
    let strong = (out.kinds & (DATE | WEEKDAY | NAME | FOLIO | EDITOR)).count_ones();
    out.certain = out.kinds & EDITOR != 0 || strong >= 2 || out.kinds & FOLIO != 0 && (notes <= 1 || posted);
    // A word such as 要闻, a number or a date alone may be a title, a table's cell or a document's date.
    let plausible = out.certain || out.kinds == NAME || out.kinds == BARE_NUMBER || strong + out.kinds.count_ones() > 2;
    plausible.then_some(out)
}

/// Most Han characters that an engine makes of something that is no text.
const STRAY: usize = 4;

/// Whether the rest of a running head is no text: letters, strokes, marks and hardly a Han character.
fn is_noise(rest: &str) -> bool {
    rest.chars().filter(|c| is_han(*c)).take(STRAY + 1).count() <= STRAY
}

/// Marks that stand between the parts of a running head.
fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '|' | '｜' | '/' | '·' | '•' | '-' | '—' | '–' | '*' | '■' | '□' | '●' | ',' | '，' | '、')
}

/// One part of a line of furniture: its kind and length.
fn token(rest: &str, at: usize, out: &mut Furniture) -> Option<(u8, usize)> {
    if let Some((date, len)) = date(rest) {
        out.date = out.date.or(date);
        return Some((DATE, len));
    }
    if let Some(len) = weekday(rest) {
        return Some((WEEKDAY, len));
    }
    if let Some((page, len)) = folio(rest) {
        out.page = out.page.or(page);
        return Some((FOLIO, len));
    }
    if let Some(len) = editors(rest) {
        return Some((EDITOR, len));
    }
    if let Some(len) = newspaper(rest) {
        out.newspaper.get_or_insert(at..at + len);
        return Some((NAME, len));
    }
    if let Some(word) = PAGE_NOTES.head(rest) {
        return note(rest, word);
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let longest = if out.kinds & NOTE != 0 { 12 } else { 3 };
    (1..=longest).contains(&digits).then(|| {
        out.page = out.page.or(rest.get(..digits).and_then(|n| n.parse().ok()));
        (BARE_NUMBER, digits)
    })
}

/// A fixed word and the number, address or name of a section behind it.
fn note(rest: &str, word: &str) -> Option<(u8, usize)> {
    let tail = rest.get(word.len()..)?;
    let labelled = !word.ends_with(['闻', '版']) && !folio(tail.trim_start()).is_some_and(|_| tail.starts_with(' '));
    if !labelled {
        return Some((NOTE, word.len()));
    }
    let value = tail.trim_start_matches(|c: char| matches!(c, ':' | '：') || c.is_whitespace());
    let kept =
        value.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "-—@.+#()（）第期号元版年月日".contains(c));
    let bare = tail.len() == kept.len() || kept.len() == value.len();
    Some((NOTE, if bare { word.len() } else { rest.len() - kept.len() }))
}

/// Reads a date from the start of a text: `2019年10月23日`, `二〇一九年十月二十三日`, `2019-10-23`, `10月23日`, a lunar
/// date. The value is there when the year is written and the day exists; the length is in bytes.
pub(crate) fn date(text: &str) -> Option<(Option<Date>, usize)> {
    let first = text.chars().next()?;
    if !(first.is_ascii_digit() || ('０'..='９').contains(&first) || is_han(first)) {
        return None;
    }
    full_date(text).or_else(|| month_and_day(text, "月", "日").map(|(_, _, n)| (None, n))).or_else(|| lunar(text))
}

fn full_date(text: &str) -> Option<(Option<Date>, usize)> {
    let (year, n) = year(text)?;
    let rest = text.get(n..)?;
    let mark = rest.chars().next().filter(|c| matches!(c, '年' | '-' | '.' | '/' | '．'))?;
    let (between, end) = if mark == '年' { ("月", "日") } else { (rest.get(..mark.len_utf8())?, "") };
    let at = n + mark.len_utf8();
    let (month, day, len) = month_and_day(text.get(at..)?, between, end)?;
    let value = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    Some((value, at + len))
}

/// `10月23日`: month, day and length.
fn month_and_day(text: &str, between: &str, end: &str) -> Option<(u32, u32, usize)> {
    let (month, n) = any_number(text).filter(|(v, _)| (1..=12).contains(v))?;
    let at = n + text.get(n..)?.strip_prefix(between).map(|_| between.len())?;
    let (day, n) = any_number(text.get(at..)?).filter(|(v, _)| (1..=31).contains(v))?;
    let at = at + n;
    text.get(at..)?.strip_prefix(end).map(|_| (month, day, at + end.len()))
}

/// A year of four digits: `2019`, `二〇一九`.
fn year(text: &str) -> Option<(u32, usize)> {
    let digit = |c: char| match c {
        '0'..='9' => Some(c as u32 - '0' as u32),
        '０'..='９' => Some(c as u32 - '０' as u32),
        '〇' | '○' | '零' => Some(0),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|i| i as u32 + 1),
    };
    let (mut value, mut len, mut count) = (0, 0, 0);
    for (c, d) in text.chars().map_while(|c| digit(c).map(|d| (c, d))) {
        value = value * 10 + d;
        len += c.len_utf8();
        count += 1;
        if count > 4 {
            return None;
        }
    }
    (count == 4 && (1800..2200).contains(&value)).then_some((value, len))
}

/// `农历己亥年九月廿五`, `己亥年九月廿五`, `九月廿五`.
fn lunar(text: &str) -> Option<(Option<Date>, usize)> {
    let mut rest = text.strip_prefix("农历").unwrap_or(text);
    let named =
        rest.char_indices().nth(2).filter(|(_, c)| *c == '年').and_then(|(at, _)| rest.get(at + '年'.len_utf8()..));
    rest = named.unwrap_or(rest);
    rest = rest.strip_prefix('闰').unwrap_or(rest);
    let month = rest.char_indices().take(3).find(|(_, c)| *c == '月').map(|(at, _)| at)?;
    if !rest.get(..month)?.chars().all(|c| "正一二三四五六七八九十冬腊".contains(c)) {
        return None;
    }
    let day = rest.get(month + '月'.len_utf8()..)?;
    let mut chars = day.chars();
    let (tens, ones) = (chars.next()?, chars.next()?);
    let fits = "初十廿二三".contains(tens) && "一二三四五六七八九十".contains(ones);
    let len = tens.len_utf8() + ones.len_utf8();
    fits.then_some((None, text.len() - day.len() + len))
}

/// `星期三`, `周三`, `礼拜三`; the English names are not printed beside Chinese dates.
fn weekday(text: &str) -> Option<usize> {
    let head = ["星期", "礼拜", "周"].into_iter().find(|h| text.starts_with(h))?;
    let day = text.get(head.len()..)?.chars().next().filter(|c| "一二三四五六日天".contains(*c))?;
    Some(head.len() + day.len_utf8())
}

/// `第3版`, `第三版`, `3版`, `A03`, `A03版`, with a section's name behind a colon left to the next token.
fn folio(text: &str) -> Option<(Option<u32>, usize)> {
    let body = text.strip_prefix('第').unwrap_or(text);
    let letter = body.chars().next().filter(char::is_ascii_uppercase).map_or(0, char::len_utf8);
    let (number, n) = any_number(body.get(letter..)?)?;
    let after = body.get(letter + n..)?;
    let skipped = text.len() - body.len() + letter + n;
    let blank = after.len() - after.trim_start_matches(' ').len();
    let colon = |len: usize| text.get(len..).and_then(|r| r.chars().next()).filter(|c| matches!(c, ':' | '：'));
    let end = match after.trim_start_matches(' ').chars().next() {
        Some(c @ ('版' | '页')) if number < 400 => skipped + blank + c.len_utf8(),
        next => {
            let alone = next.is_none_or(|c| is_separator(c) || blank > 0 || is_han(c));
            return (letter > 0 && alone && n == 2).then_some((Some(number), skipped));
        }
    };
    Some((Some(number), end + colon(end).map_or(0, char::len_utf8)))
}

/// `责任编辑：云英 校对：李某 王某`: the office and the names behind it.
fn editors(text: &str) -> Option<usize> {
    let office = PAGE_EDITORS.head(text)?;
    let mut at = office.len();
    // Two offices may share their names: `责编/版式：`.
    while let Some(next) = text.get(at..).and_then(|r| r.strip_prefix(['/', '、', ' ', '／'])) {
        let from = text.len() - next.len();
        match PAGE_EDITORS.head(next) {
            Some(other) => at = from + other.len(),
            None => break,
        }
    }
    let rest = text.get(at..)?;
    let value = rest.trim_start_matches(|c: char| matches!(c, ':' | '：') || c.is_whitespace());
    if value.len() == rest.len() {
        return None;
    }
    let names = editor_names(value)?;
    Some(text.len() - value.len() + names)
}

/// One to four names, apart by spaces or 、; set wide names (`云 英`) are whole.
fn editor_names(text: &str) -> Option<usize> {
    let (mut end, mut at, mut half, mut count) = (0, 0, false, 0);
    while count < 4 {
        let rest = text.get(at..)?;
        let word = rest
            .split(|c: char| c.is_whitespace() || matches!(c, '、' | ',' | '，' | '/' | '|' | '｜' | '(' | '（'))
            .next()?;
        let labelled = word.contains([':', '：']) || PAGE_EDITORS.has(word);
        let single = word.chars().count() == 1 && word.chars().all(is_han);
        if labelled
            || !(single || is_name(word, true) && word.chars().count() <= 4)
            || super::furniture::date(word).is_some()
        {
            break;
        }
        at += word.len();
        (half, count) = if single && !half { (true, count) } else { (false, count + 1) };
        end = at;
        match text.get(at..)?.chars().next() {
            Some(c) if c.is_whitespace() || matches!(c, '、' | ',' | '，') => at += c.len_utf8(),
            _ => break,
        }
    }
    (end > 0).then_some(end)
}

/// The newspaper's name at the head of a text, with the spaces that mastheads set between its characters.
fn newspaper(text: &str) -> Option<usize> {
    if let Some(name) = NEWSPAPERS.head(text) {
        return Some(name.len());
    }
    let word = text.split(|c: char| !is_han(c)).next()?;
    let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(12);
    ends.filter_map(|end| word.get(..end))
        .find(|name| NEWSPAPER_ENDINGS.tail(name).is_some() && is_newspaper(name))
        .map(str::len)
}

/// `NNN号` behind `[〔\[（]YYYY[〕]）]`: whether a line is the number of a document and nothing else.
pub(crate) fn is_document_number(text: &str) -> bool {
    let body = text.trim_start_matches(is_han);
    let prefix = text.len() - body.len();
    let prefixed = prefix > 0 && count_up_to(text.get(..prefix).unwrap_or(""), 13) < 13;
    let number = body.strip_prefix(['〔', '[', '［', '(', '（', '【']).and_then(|inner| {
        let year: usize = inner.bytes().take_while(u8::is_ascii_digit).count();
        let rest = inner.get(year..)?.strip_prefix(['〕', ']', '］', ')', '）', '】']).filter(|_| year == 4)?;
        let rest = rest.strip_prefix('第').unwrap_or(rest);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0).then(|| rest.get(digits..)).flatten()
    });
    prefixed && number == Some("号")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certain_furniture() {
        for text in [
            "第3版",
            "A03",
            "A03版",
            "第三版：要闻",
            "要闻 03版",
            "2019年10月23日 星期三 责任编辑：云英",
            "2019年10月23日 星期三",
            "北方日报 2019年10月23日 星期三",
            "北方日报 2019年10月23日 星期三 农历己亥年九月廿五 第5版",
            "责任编辑：云 英 版式：李某 校对：王建国 张伟",
            "本版编辑：李大明、王小红",
            "国内统一连续出版物号CN 15-0001 邮发代号15-1 今日8版 第3版",
        ] {
            assert!(read(text).is_some_and(|f| f.certain), "{text}: {:?}", read(text));
        }
    }

    #[test]
    fn no_furniture() {
        for text in [
            "产品适配多元需求",
            "2019年10月23日上午，会议召开",
            "（2019年10月17日）",
            "要闻",
            "编辑部的故事",
            "第三版修订说明",
            "今日导读",
            "",
        ] {
            assert!(!read(text).is_some_and(|f| f.certain), "{text}");
        }
    }

    #[test]
    fn what_furniture_says() {
        let line = "北方日报 2019年10月23日 星期三 第5版";
        let found = read(line).unwrap();
        assert_eq!(found.newspaper.map(|r| &line[r]), Some("北方日报"));
        assert_eq!(found.date, Date::new(2019, 10, 23).ok());
        assert_eq!(found.page, Some(5));
        assert_eq!(date("二〇一九年十月二十三日").map(|d| d.0), Some(Date::new(2019, 10, 23).ok()));
    }

    #[test]
    fn document_numbers() {
        for text in ["中发〔2018〕43号", "内政发[2019]7号", "国办函（2020）12号"] {
            assert!(is_document_number(text), "{text}");
        }
        for text in ["43号", "中发〔2018〕43号文件", "〔2018〕43号", ""] {
            assert!(!is_document_number(text), "{text}");
        }
    }
}
