//! Who wrote it, who speaks: bylines, datelines and the lines that name a speaker.

use super::lexicon::{AGENCIES, NEWSPAPER_ENDINGS, NEWSPAPERS, OFFICES, ROLES, SURNAMES};
use super::marks::{count_up_to, ends_sentence, is_close_round, is_colon, is_comma, is_open_round};
use crate::text::is_han;
use std::ops::Range;

/// A byline, in bytes of its line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Byline {
    /// The names; the office where there is none: `本报评论员`.
    pub names: Vec<Range<usize>>,
    /// Whether it says who took a picture and nothing else.
    pub picture: bool,
}

/// Most characters that a byline has.
const BYLINE: usize = 80;

/// Reads a line as a byline: nothing in it but names and what names their bearers.
pub(crate) fn byline(text: &str) -> Option<Byline> {
    if count_up_to(text, BYLINE + 1) > BYLINE {
        return None;
    }
    let boxed = text.starts_with(is_box);
    let start = text.len() - text.trim_start_matches(|c: char| is_box(c) || c.is_whitespace()).len();
    let mut out = Byline::default();
    let mut people = People::default();
    let mut last = None;
    for token in tokens(text.get(start..)?, start) {
        people.take(text, &token)?;
        last = Some(token);
    }
    let named = !people.names.is_empty();
    if !(named && (people.role || boxed) || people.columnist.is_some()) || people.half.is_some() {
        return None;
    }
    out.picture = last.is_some_and(|t| text.get(t.range) == Some("摄")) && !people.writes;
    out.names = if named { people.names } else { people.columnist.into_iter().collect() };
    Some(out)
}

/// Marks that papers set before a byline.
fn is_box(c: char) -> bool {
    matches!(c, '□' | '■' | '●' | '○' | '◎' | '▲' | '△' | '▪' | '◆' | '◇' | '※' | '▢' | '☐')
}

/// A stretch of a byline between two separators.
#[derive(Debug)]
struct Token {
    range: Range<usize>,
    /// Whether a slash stands on either side: `文/图`.
    slashed: bool,
}

fn tokens(text: &str, offset: usize) -> impl Iterator<Item = Token> {
    let (mut from, mut slashed) = (0, false);
    let end = std::iter::once((text.len(), '\0'));
    let ends = text.char_indices().filter(|(_, c)| separates(*c)).chain(end);
    ends.filter_map(move |(at, c)| {
        let (range, before) = (from..at, slashed);
        from = at + c.len_utf8();
        slashed = is_slash(c);
        let token = || Token { range: range.start + offset..range.end + offset, slashed: before || slashed };
        (!range.is_empty()).then(token)
    })
}

fn is_slash(c: char) -> bool {
    matches!(c, '/' | '／')
}

fn separates(c: char) -> bool {
    is_slash(c) || c.is_whitespace() || is_comma(c) || is_colon(c) || is_open_round(c) || is_close_round(c)
}

/// What has been read of a byline so far.
#[derive(Default)]
struct People {
    names: Vec<Range<usize>>,
    /// Some role stands in it.
    role: bool,
    /// The last role introduces a person: `记者`, `通讯员`.
    introduces: bool,
    /// It names a text and not only a picture.
    writes: bool,
    /// A name's first half, set wide: `李 萌`.
    half: Option<Range<usize>>,
    /// An unnamed author: `本报评论员`.
    columnist: Option<Range<usize>>,
}

impl People {
    /// Takes in one token; `None` when it is neither a role nor a name.
    fn take(&mut self, text: &str, token: &Token) -> Option<()> {
        let word = text.get(token.range.clone())?;
        if word.chars().count() == 1 && !token.slashed && word != "摄" && word != "文" && word != "图" {
            return self.half_name(word, token);
        }
        if self.half.is_some() {
            return None;
        }
        if let Some(role) = role(word) {
            self.role(role, token);
            return Some(());
        }
        if let Some(role) = ROLES.head(word) {
            let rest = word.get(role.len()..)?;
            let name = token.range.start + role.len()..token.range.end;
            if introduces(role) && is_name(rest, false) {
                self.role(role, token);
                self.names.push(name);
                return Some(());
            }
        }
        if is_name(word, self.introduces) {
            self.names.push(token.range.clone());
            return Some(());
        }
        // `王沛摄`
        let name = word.strip_suffix('摄').filter(|n| is_name(n, true))?;
        self.role = true;
        self.names.push(token.range.start..token.range.start + name.len());
        Some(())
    }

    fn half_name(&mut self, word: &str, token: &Token) -> Option<()> {
        match self.half.take() {
            None if SURNAMES.has(word) => self.half = Some(token.range.clone()),
            Some(first) if word.chars().all(is_han) => self.names.push(first.start..token.range.end),
            _ => return None,
        }
        Some(())
    }

    fn role(&mut self, role: &str, token: &Token) {
        self.role = true;
        self.introduces = introduces(role);
        self.writes |= !matches!(role, "摄" | "摄影" | "图") && !self.introduces;
        if role.ends_with("评论员") && role != "评论员" {
            self.columnist = Some(token.range.clone());
        }
    }
}

/// The word as a role of a byline: one of the list, or a paper's or a place's own: `海南日报评论员`, `本报驻京记者`.
fn role(word: &str) -> Option<&str> {
    if ROLES.has(word) {
        return Some(word);
    }
    let tail = ROLES.tail(word).filter(|r| introduces(r) && r.chars().count() > 1)?;
    let owner = word.get(..word.len() - tail.len())?;
    let owned = AGENCIES.head(owner).is_some() || is_newspaper(owner);
    (owned && count_up_to(word, 17) < 17).then_some(word)
}

/// Whether a role is followed by a person's name.
fn introduces(role: &str) -> bool {
    role.ends_with(['者', '员', '生'])
}

/// Whether a word can be a person's name. After a role that introduces one, names without a family name count too.
pub(crate) fn is_name(word: &str, introduced: bool) -> bool {
    let mut length = 0;
    for c in word.chars() {
        length += 1;
        if length > 12 || !(is_han(c) || matches!(c, '·' | '•') && length > 1) {
            return false;
        }
    }
    if word.contains(['·', '•']) {
        return length >= 4 && !word.ends_with(['·', '•']);
    }
    let family = SURNAMES.head(word).map_or(0, |s| s.chars().count());
    (2..=4).contains(&length) && family > 0 && length > family && length <= family + 2
        || introduced && (2..=6).contains(&length)
}

/// Whether a text is a newspaper's name.
pub(crate) fn is_newspaper(text: &str) -> bool {
    if NEWSPAPERS.has(text) {
        return true;
    }
    let place = NEWSPAPER_ENDINGS.tail(text).and_then(|end| text.get(..text.len() - end.len()));
    place.is_some_and(|p| (2..=6).contains(&count_up_to(p, 7)) && p.chars().all(is_han))
}

/// A dateline at the head of a text, in bytes of that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dateline {
    /// Length, the reporters in brackets included.
    pub len: usize,
    /// The names of the reporters.
    pub names: Vec<Range<usize>>,
}

/// Most characters between the agency and 讯 or 电.
const PLACE_AND_DATE: usize = 24;

/// Reads the dateline that a text begins with: `本报10月22日讯（记者 郭俊楼）`, `新华社北京7月31日电`, `【本报讯】`.
pub(crate) fn dateline(text: &str) -> Option<Dateline> {
    let open = text.chars().next().filter(|c| matches!(c, '【' | '[' | '［')).map_or(0, char::len_utf8);
    let inner = text.get(open..)?;
    let agency = AGENCIES.head(inner).or_else(|| NEWSPAPERS.head(inner)).or_else(|| paper_at_head(inner))?;
    let mut len = open + agency.len() + wired(inner.get(agency.len()..)?)?;
    if open > 0 {
        len += text.get(len..)?.chars().next().filter(|c| matches!(c, '】' | ']' | '］'))?.len_utf8();
    }
    let rest = text.get(len..)?;
    let gap = rest.len() - rest.trim_start().len();
    let mut names = Vec::new();
    if let Some((group, who)) = reporters(rest.get(gap..)?) {
        let at = len + gap;
        names = who.into_iter().map(|r| r.start + at..r.end + at).collect();
        len = at + group;
    }
    Some(Dateline { len, names })
}

/// A provincial paper that signs with its own name: `北方日报呼和浩特10月22日讯`.
fn paper_at_head(text: &str) -> Option<&str> {
    let ends = text.char_indices().skip(3).take(6).map(|(at, c)| at + c.len_utf8());
    ends.filter_map(|end| text.get(..end)).find(|name| name.ends_with('报') && is_newspaper(name))
}

/// The bytes from the agency to 讯 or 电 and over it: place and date, or nothing.
fn wired(text: &str) -> Option<usize> {
    let mut dated = false;
    let mut last = ' ';
    for (i, (at, c)) in text.char_indices().enumerate() {
        if matches!(c, '讯' | '电') && !(c == '讯' && last == '通') {
            let end = at + c.len_utf8();
            let next = text.get(end..)?.chars().next();
            let closed = next.is_none_or(|c| c.is_whitespace() || is_open_round(c) || matches!(c, '】' | ']' | '］'));
            return (closed || dated && next != Some('话')).then_some(end);
        }
        let fits = is_han(c) || c.is_alphanumeric() || c.is_whitespace() || matches!(c, '、' | '/' | '／' | '·');
        if i >= PLACE_AND_DATE || !fits {
            return None;
        }
        dated |= c == '日' && (last.is_numeric() || "一二三四五六七八九十".contains(last));
        last = c;
    }
    None
}

/// `（记者 郭俊楼）` at the head of a text: its length and the names.
fn reporters(text: &str) -> Option<(usize, Vec<Range<usize>>)> {
    let open = text.chars().next().filter(|c| is_open_round(*c))?.len_utf8();
    let (at, close) = text.char_indices().take(BYLINE).find(|(_, c)| is_close_round(*c))?;
    let inner = text.get(open..at)?;
    let end = at + close.len_utf8();
    if let Some(line) = byline(inner) {
        return Some((end, line.names.into_iter().map(|r| r.start + open..r.end + open).collect()));
    }
    // Who is named so is not clear, but that it names reporters is.
    ROLES.head(inner).filter(|r| introduces(r)).map(|_| (end, Vec::new()))
}

/// Most characters that a speaker line has.
const SPEAKER: usize = 44;

/// Whether a line names who speaks in what follows: it ends in a colon, is no sentence, and ends in a name, an office
/// or the letter of an interview.
pub(crate) fn is_speaker(text: &str) -> bool {
    let Some(colon) = text.chars().last().filter(|c| is_colon(*c)) else {
        return false;
    };
    let who = text.strip_suffix(colon).unwrap_or("").trim();
    if count_up_to(who, SPEAKER + 1) > SPEAKER || ends_sentence(who) || who.contains(['。', '，', ',', '！', '？'])
    {
        return false;
    }
    if matches!(who, "问" | "答") || OFFICES.has(who) || ROLES.has(who) && introduces(who) || is_name(who, false) {
        return true;
    }
    named_at_end(who)
}

/// `…县委书记屈振年`, `屈振年（某某主任）`
fn named_at_end(who: &str) -> bool {
    if let Some((name, office)) = who.split_once(is_open_round) {
        let office = office.trim_end_matches(is_close_round);
        return is_name(name.trim(), false) && OFFICES.tail(office).is_some();
    }
    // A name of two to four characters behind an office, with or without a space.
    let starts = who.char_indices().rev().map(|(at, _)| at).take(4).skip(1);
    for at in starts {
        let (office, name) = who.split_at(at);
        if is_name(name, false) && OFFICES.tail(office.trim_end()).is_some() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<&str>> {
        Some(byline(text)?.names.into_iter().map(|r| &text[r]).collect())
    }

    #[test]
    fn bylines() {
        assert_eq!(names("□本报记者 王雅静"), Some(vec!["王雅静"]));
        assert_eq!(names("本报记者 孙建国 通讯员 娜仁花 陈晓"), Some(vec!["孙建国", "娜仁花", "陈晓"]));
        assert_eq!(names("本报记者 李 萌 赵天宇 文/图"), Some(vec!["李 萌", "赵天宇"]));
        assert_eq!(names("周晓 本报评论员"), Some(vec!["周晓"]));
        assert_eq!(names("海南日报评论员"), Some(vec!["海南日报评论员"]));
        assert_eq!(names("（本报记者史一方、吴小余、阿尔达克）"), Some(vec!["史一方", "吴小余", "阿尔达克"]));
        assert_eq!(names("新华社记者 王平 摄").map(|_| byline("新华社记者 王平 摄").unwrap().picture), Some(true));
    }

    #[test]
    fn lines_that_are_no_bylines() {
        for text in
            ["记者手记", "记者调查", "产品适配多元需求", "我的军运会目标", "摄影大赛高校", "作者", "□", "编者按", ""]
        {
            assert_eq!(names(text), None, "{text}");
        }
    }

    #[test]
    fn datelines() {
        let cases = [
            ("本报10月22日讯(记者 郭俊楼)10月22日下午", "本报10月22日讯(记者 郭俊楼)", vec!["郭俊楼"]),
            ("新华社北京7月31日电 国务院", "新华社北京7月31日电", vec![]),
            ("本报北京8月3日电 （记者邱小奕）记者从", "本报北京8月3日电 （记者邱小奕）", vec!["邱小奕"]),
            ("【本报讯】昨日", "【本报讯】", vec![]),
            ("本报讯（通讯员 张三丰 李四）", "本报讯（通讯员 张三丰 李四）", vec!["张三丰", "李四"]),
            ("北方日报呼和浩特10月2日讯 今天", "北方日报呼和浩特10月2日讯", vec![]),
        ];
        for (text, want, who) in cases {
            let got = dateline(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(&text[..got.len], want);
            assert_eq!(got.names.into_iter().map(|r| &text[r]).collect::<Vec<_>>(), who);
        }
        for text in ["本报电话号码已变更", "本报通讯员 张三", "本报讯息部", "新华社发表评论", "本报今日四版"]
        {
            assert_eq!(dateline(text), None, "{text}");
        }
    }

    #[test]
    fn speakers() {
        for text in
            ["某县委书记屈振年:", "市人大常委会主任、某区委书记朱成：", "记者：", "王建国：", "张伟（某局局长）："]
        {
            assert!(is_speaker(text), "{text}");
        }
        for text in ["会议强调：", "主要措施如下：", "他说：", "应当遵守下列规定：", "王某指出，要做到：", "：", ""]
        {
            assert!(!is_speaker(text), "{text}");
        }
    }
}
