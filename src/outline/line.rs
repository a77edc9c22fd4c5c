//! What kind of line a line is, by what stands in it alone.

use super::lexicon::{CREDIT_CLOSINGS, CREDIT_OPENINGS, ORGANIZATIONS};
use super::marks::{
    count_up_to, ends_sentence, is_close_round, is_colon, is_final, is_open_round, last_mark, leans,
    open_of_last_round, trim_at,
};
use super::people::{self, Byline};
use super::serial;
use super::{Block, BlockKind, PartKind, Serial, furniture};
use crate::text::ViewSpan;
use std::ops::Range;

/// A line with what the outline needs of it besides the block.
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub block: Block,
    /// Names in its byline or dateline, in view offsets.
    pub names: Vec<ViewSpan>,
    /// What it holds, where it is furniture.
    pub furniture: Option<furniture::Furniture>,
}

impl Reading {
    /// The reading of the same line where it stands in another text: a line is read by what stands in it alone.
    fn moved(mut self, to: ViewSpan) -> Reading {
        let from = self.block.line.start;
        let moved = |span: ViewSpan| {
            let start = to.start + span.start.saturating_sub(from);
            ViewSpan::new(start, start + span.len())
        };
        self.block.line = to;
        self.block.text = moved(self.block.text);
        self.block.serial = self.block.serial.map(|s| Serial { span: moved(s.span), ..s });
        self.block.parts.iter_mut().for_each(|(_, span)| *span = moved(*span));
        self.names.iter_mut().for_each(|span| *span = moved(*span));
        self
    }
}

/// How far from where a line is expected it is looked for, in lines: one more or less is what a join or a split makes.
const NEAR: (usize, usize) = (2, 4);

/// Of the readings of one text, in order, those of lines that stand unchanged in another one, as they stand there.
pub(crate) fn keep(
    readings: Vec<Reading>,
    text: &str,
    lines: impl Iterator<Item = ViewSpan>,
    other: &str,
) -> Vec<Reading> {
    let mut readings: Vec<Option<Reading>> = readings.into_iter().map(Some).collect();
    let (mut out, mut expected) = (Vec::new(), 0usize);
    for line in lines.filter(|line| !line.of(other).trim().is_empty()) {
        let near = expected.saturating_sub(NEAR.0)..(expected + NEAR.1).min(readings.len());
        let same = |slot: &Option<Reading>| slot.as_ref().is_some_and(|r| r.block.line.of(text) == line.of(other));
        let found = near.clone().zip(readings.get_mut(near).unwrap_or_default()).find(|(_, slot)| same(slot));
        expected += 1;
        if let Some((at, slot)) = found {
            expected = at + 1;
            out.extend(slot.take().map(|r| r.moved(line)));
        }
    }
    out
}

/// Most bytes at the end of a line in which a credit or a turn is looked for.
const CREDIT: usize = 360;

/// Most characters of a numbered heading that has no Markdown mark.
const HEADING: usize = 40;

/// Reads one line that is not blank.
pub(super) fn read(line: ViewSpan, text: &str) -> Reading {
    let (lead, trimmed) = trim_at(text);
    let (level, inner) = markdown(trimmed);
    let at = line.start + lead + (trimmed.len() - inner.len());
    let serial =
        serial::read(inner).map(|s| Serial { rank: s.rank, number: s.number, span: ViewSpan::new(at, at + s.len) });
    let block = Block {
        kind: BlockKind::Paragraph,
        level,
        line,
        text: ViewSpan::new(at, at + inner.len()),
        serial,
        parts: Vec::new(),
    };
    let mut reading = Reading { block, names: Vec::new(), furniture: None };
    reading.block.kind = match level {
        Some(1) => BlockKind::Headline,
        Some(_) => BlockKind::Heading,
        None => kind(inner, at, &mut reading),
    };
    if reading.block.kind == BlockKind::Paragraph {
        parts(inner, at, &mut reading);
    }
    reading
}

/// The Markdown level of a line and its text behind the mark. More than six `#`, or a `#` that stands against a word
/// and another `#` behind it (a topic), are no mark.
fn markdown(text: &str) -> (Option<u8>, &str) {
    let hashes = text.bytes().take_while(|b| *b == b'#').count();
    let inner = text.get(hashes..).unwrap_or("");
    let marked = (1..=6).contains(&hashes) && (inner.starts_with(char::is_whitespace) || !inner.contains('#'));
    match u8::try_from(hashes) {
        Ok(level) if marked && !inner.trim().is_empty() => (Some(level), inner.trim_start()),
        _ => (None, text),
    }
}

/// The kind of a line without a heading mark.
fn kind(text: &str, at: usize, reading: &mut Reading) -> BlockKind {
    if is_image(text) {
        return BlockKind::Image;
    }
    if is_table(text) {
        return BlockKind::Table;
    }
    if is_bullet(text) {
        return BlockKind::ListItem;
    }
    if count_up_to(text, 121) > 120 {
        return BlockKind::Paragraph;
    }
    if let Some(found) = furniture::read(text) {
        let certain = found.certain;
        reading.furniture = Some(found);
        if certain {
            return BlockKind::Furniture;
        }
    }
    if furniture::is_document_number(text) {
        return BlockKind::DocumentNumber;
    }
    if is_date_line(text) {
        return BlockKind::Date;
    }
    if let Some(line) = people::byline(text) {
        return byline(line, at, reading);
    }
    if is_caption(text) {
        return BlockKind::Caption;
    }
    if let Some(kind) = bracketed_line(text, at, reading) {
        return kind;
    }
    if people::is_speaker(text) {
        return BlockKind::Speaker;
    }
    if let Some(level) = heading_level(text, reading.block.serial) {
        reading.block.level = Some(level);
        return BlockKind::Heading;
    }
    BlockKind::Paragraph
}

fn byline(line: Byline, at: usize, reading: &mut Reading) -> BlockKind {
    if line.picture {
        return BlockKind::Caption;
    }
    reading.names = shifted(line.names, at);
    BlockKind::Byline
}

fn shifted(ranges: Vec<Range<usize>>, at: usize) -> Vec<ViewSpan> {
    ranges.into_iter().map(|r| ViewSpan::new(at + r.start, at + r.end)).collect()
}

fn is_image(text: &str) -> bool {
    text.starts_with("![") || text.starts_with("<img") || text.starts_with("<IMG")
}

fn is_table(text: &str) -> bool {
    let tags =
        ["<table", "</table", "<tr", "</tr", "<td", "</td", "<th", "</th", "<tbody", "</tbody", "<thead", "</thead"];
    text.starts_with('|') && text.len() > 1 && text.ends_with('|')
        || text.starts_with('<') && tags.iter().any(|t| text.starts_with(t))
}

fn is_bullet(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        Some('•' | '◦' | '‣') => true,
        Some('-' | '*' | '+') => chars.next().is_some_and(|c| c == ' '),
        _ => false,
    }
}

/// `（2019年10月17日）`, `2019年10月17日`, `（2019年1月2日某某会议通过）`.
fn is_date_line(text: &str) -> bool {
    let bracketed = text.starts_with(is_open_round) && text.ends_with(is_close_round);
    let inner = text.trim_start_matches(is_open_round).trim_end_matches(is_close_round).trim();
    match furniture::date(inner) {
        Some((_, n)) if n == inner.len() => true,
        Some((_, n)) => bracketed && inner.get(n..).is_some_and(|rest| rest.ends_with(['过', '布', '正', '行', '准'])),
        None => false,
    }
}

fn is_caption(text: &str) -> bool {
    const OPENINGS: [&str; 12] = [
        "图为",
        "上图",
        "下图",
        "左图",
        "右图",
        "题图",
        "配图",
        "图片来源",
        "图片说明",
        "数据来源",
        "资料来源",
        "制图",
    ];
    let numbered = text.strip_prefix(['图', '表']).is_some_and(|rest| {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || ('①'..='⑳').contains(&c)).len();
        digits < rest.len() && !rest.get(rest.len() - digits..).is_some_and(|r| r.starts_with(['年', '月', '日']))
    });
    let shot = text.trim_end_matches(|c: char| is_close_round(c) || is_final(c)).ends_with('摄');
    let archive = text.ends_with("资料图片）") || text.ends_with("资料图片)") || text.ends_with("资料图片");
    numbered || shot || archive || OPENINGS.iter().any(|o| text.starts_with(o))
}

/// A line that stands in brackets as a whole: a dateline, a byline, a turn or a credit.
fn bracketed_line(text: &str, at: usize, reading: &mut Reading) -> Option<BlockKind> {
    let open = open_of_last_round(text, text.len()).filter(|open| *open == 0)?;
    let start = open + text.chars().next().map_or(0, char::len_utf8);
    let inner = text.get(start..text.len() - text.chars().last().map_or(0, char::len_utf8))?;
    if let Some(line) = people::dateline(inner).filter(|d| d.len == inner.len()) {
        reading.names = shifted(line.names, at + start);
        reading.block.parts.push((PartKind::Dateline, reading.block.text));
        return Some(BlockKind::Dateline);
    }
    if is_turn(inner) {
        reading.block.parts.push((PartKind::Turn, reading.block.text));
        return Some(BlockKind::Paragraph);
    }
    let credit = is_credit(inner) && reading.block.serial.is_none();
    credit.then_some(BlockKind::Credit)
}

/// Whether what stands in brackets says who supplied, wrote or first printed the text before it.
fn is_credit(inner: &str) -> bool {
    let inner = inner.trim();
    if inner.is_empty() || ends_sentence(inner) {
        return false;
    }
    CREDIT_OPENINGS.head(inner).is_some()
        || CREDIT_CLOSINGS.tail(inner).is_some()
        || ORGANIZATIONS.tail(inner).is_some()
        || is_signature(inner)
}

/// One to three people's names and nothing else: `（王平 李晓明）`.
fn is_signature(inner: &str) -> bool {
    let words: Vec<&str> =
        inner.split(|c: char| c.is_whitespace() || c == '、').filter(|w| !w.is_empty()).take(4).collect();
    (1..=3).contains(&words.len()) && words.iter().all(|w| people::is_name(w, false))
}

/// `下转第三版`, `上接第1版`, `紧接第一版`.
pub(super) fn is_turn(inner: &str) -> bool {
    turn_page(inner).is_some()
}

/// The page that a turn names, and whether the text comes from there.
pub(crate) fn turn_page(inner: &str) -> Option<(bool, u32)> {
    let inner = inner.trim();
    let (from, rest) = [("下转", false), ("转", false), ("上接", true), ("紧接", true), ("接", true)]
        .into_iter()
        .find_map(|(word, from)| inner.strip_prefix(word).map(|rest| (from, rest.trim_start())))?;
    let rest = rest.strip_prefix('第').unwrap_or(rest);
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let (page, n) = serial::any_number(rest)?;
    rest.get(n..)?.starts_with('版').then_some((from, page))
}

/// The level of a short numbered line that is no sentence: the ranks follow the headline.
fn heading_level(text: &str, serial: Option<Serial>) -> Option<u8> {
    let serial = serial?;
    let title = text.get(serial.span.len()..)?;
    let open = last_mark(title).is_none_or(|c| is_final(c) || is_colon(c) || super::marks::is_comma(c) || c == '.');
    let longest = if serial.rank < 3 { HEADING } else { HEADING - 12 };
    if open
        || leans(title)
        || ends_sentence(title)
        || count_up_to(title, longest + 1) > longest
        || title.contains(['。', '；', ';'])
    {
        return None;
    }
    match serial.rank {
        0 if text.get(..serial.span.len()).and_then(serial::unit) == Some('条') => None,
        0 if text.get(..serial.span.len()).and_then(serial::unit) == Some('节') => Some(3),
        0 => Some(2),
        rank => Some(rank + 1),
    }
}

/// The parts of a paragraph: dateline and lead-in at its head, credit and turn at its end.
fn parts(text: &str, at: usize, reading: &mut Reading) {
    if let Some(line) = people::dateline(text) {
        reading.names = shifted(line.names, at);
        reading.block.parts.push((PartKind::Dateline, ViewSpan::new(at, at + line.len)));
        if line.len == text.len() {
            reading.block.kind = BlockKind::Dateline;
            return;
        }
    } else if let Some(serial) = reading.block.serial
        && let Some(len) = lead_in(text, serial.span.len())
    {
        reading.block.parts.push((PartKind::LeadIn, ViewSpan::new(at, at + len)));
    }
    for (part, range) in brackets_at_end(text) {
        reading.block.parts.push((part, ViewSpan::new(at + range.start, at + range.end)));
    }
    if let Some(end) = turn_at_head(text) {
        reading.block.parts.push((PartKind::Turn, ViewSpan::new(at, at + end)));
    }
    reading.block.parts.sort_by_key(|(_, span)| span.start);
    reading.block.parts.dedup_by_key(|(_, span)| *span);
}

/// `（一）建立机制。` at the head of a longer paragraph: its length, the full stop included.
fn lead_in(text: &str, serial: usize) -> Option<usize> {
    let title = text.get(serial..)?;
    let (at, stop) = title.char_indices().take(HEADING).find(|(_, c)| is_final(*c) || is_colon(*c))?;
    let end = serial + at + stop.len_utf8();
    (at > 0 && stop == '。' && end < text.len() && !title.get(..at)?.contains(['，', ','])).then_some(end)
}

/// The credit and the turn that close a paragraph.
fn brackets_at_end(text: &str) -> Vec<(PartKind, Range<usize>)> {
    let mut out = Vec::new();
    let mut end = text.len();
    while out.len() < 2 {
        let head = text.get(..end).unwrap_or("").trim_end();
        if !head.ends_with(is_close_round) {
            break;
        }
        let Some(open) = open_of_last_round(head, CREDIT) else { break };
        let inner = head.get(open..).unwrap_or("");
        let inner = inner.trim_start_matches(is_open_round);
        let inner = inner.get(..inner.len() - inner.chars().last().map_or(0, char::len_utf8)).unwrap_or("");
        let closed = open > 0 && ends_sentence(head.get(..open).unwrap_or(""));
        if is_turn(inner) {
            out.push((PartKind::Turn, open..head.len()));
        } else if closed && is_credit(inner) {
            out.push((PartKind::Credit, open..head.len()));
        } else {
            break;
        }
        end = open;
    }
    if out.is_empty() {
        out.extend(bare_turn(text));
    }
    out
}

/// `下转第三版` at the end without brackets, with or without an arrow.
fn bare_turn(text: &str) -> Option<(PartKind, Range<usize>)> {
    let last = text.chars().last().filter(|c| *c == '版')?;
    let tail =
        text.char_indices().rev().take(10).find(|(at, _)| text.get(*at..).is_some_and(|t| t.starts_with("下转")))?;
    let _ = last;
    is_turn(text.get(tail.0..)?).then_some((PartKind::Turn, tail.0..text.len()))
}

/// `（上接第一版）` at the head: its length.
fn turn_at_head(text: &str) -> Option<usize> {
    let open = text.chars().next().filter(|c| is_open_round(*c))?;
    let (close, c) = text.char_indices().take(14).find(|(_, c)| is_close_round(*c))?;
    is_turn(text.get(open.len_utf8()..close)?).then_some(close + c.len_utf8())
}
