//! Days that are not in the calendar, hours that are not on the clock, weekdays that do not belong to their day, and
//! datelines from after the day of the issue.

use super::scan::{after, before, digits_after, digits_before, places};
use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use crate::text::ViewSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// `2019年10月22日`, the year where it is written.
struct Day {
    year: Option<i16>,
    month: u32,
    /// `None` for a year and month alone.
    day: Option<u32>,
    start: usize,
    end: usize,
}

impl Day {
    fn date(&self, year: i16) -> Option<Date> {
        Date::new(year, i8::try_from(self.month).ok()?, i8::try_from(self.day?).ok()?).ok()
    }

    /// Whether the day is in the calendar; where the year is not written, in some year.
    fn is_possible(&self) -> bool {
        match self.day {
            None => (1..=12).contains(&self.month),
            Some(_) => self.date(self.year.unwrap_or(LEAP_YEAR)).is_some(),
        }
    }
}

/// Any leap year: without a year, 29 February has to pass.
const LEAP_YEAR: i16 = 2000;
/// A dateline lies at most this many days after the issue before it must be one of the year before.
const HALF_YEAR: i32 = 183;
/// Years of an article that are looked at: more say nothing about its own.
const MOST_YEARS: usize = 200;
const WEEKDAYS: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let text = view.text();
    let days = days(text);
    if let Some(rule) = cx.rules.id("LNT001") {
        drafts.extend(days.iter().filter(|d| !d.is_possible() && !is_lunar(text, d.start)).map(|d| {
            let span = ViewSpan::new(d.start, d.end);
            Draft::flag(rule, span).arg("date", view.get(span))
        }));
    }
    if let Some(rule) = cx.rules.id("LNT002") {
        let spans = places(text, "时").filter_map(|at| impossible_time(text, at));
        drafts.extend(spans.map(|span| Draft::flag(rule, span).arg("time", view.get(span))));
    }
    if let Some(rule) = cx.rules.id("LNT003") {
        let mut years = None;
        for (day, weekday) in days.iter().filter_map(|d| Some((d, weekday_after(text, d.end)?))) {
            let years = years.get_or_insert_with(|| Years::of(view, &days));
            drafts.extend(wrong_weekday(rule, day, weekday, years, view));
        }
    }
    if let (Some(rule), Some(issue)) = (cx.rules.id("LNT004"), days.first().and_then(|_| view.outline().date)) {
        for day in days.iter().filter(|d| after(text, d.end).starts_with(['电', '讯'])) {
            let Some(date) = day.date(day.year.unwrap_or(issue.year())) else { continue };
            let late = (date - issue).get_days();
            if late > 0 && (day.year.is_some() || late < HALF_YEAR) {
                let span = ViewSpan::new(day.start, day.end);
                drafts.push(Draft::flag(rule, span).arg("date", view.get(span)).arg("issue", issue.to_string()));
            }
        }
    }
}

fn days(text: &str) -> Vec<Day> {
    places(text, "月").filter_map(|at| day_at(text, at)).collect()
}

fn day_at(text: &str, month_mark: usize) -> Option<Day> {
    let month = digits_before(text, month_mark).filter(|m| m.len() <= 2)?;
    let left = before(text, month.start);
    if left.ends_with(['.', '-', '－', '～', '/', '第']) {
        return None;
    }
    let year = left.strip_suffix('年').and_then(|l| digits_before(text, l.len())).filter(|y| y.len() == 4);
    let start = year.map_or(month.start, |y| y.start);
    let year = year.and_then(|y| i16::try_from(y.value).ok());
    let month_end = month_mark + "月".len();
    let day = digits_after(text, month_end).filter(|d| d.len() <= 2 && after(text, d.end).starts_with(['日', '号']));
    match (day, year) {
        // A number before 月 alone may count months; after a year it names one.
        (None, None) => None,
        (None, Some(_)) => Some(Day { year, month: month.value, day: None, start, end: month_end }),
        (Some(d), _) => Some(Day { year, month: month.value, day: Some(d.value), start, end: d.end + "日".len() }),
    }
}

fn is_lunar(text: &str, start: usize) -> bool {
    ["农历", "阴历", "夏历", "旧历", "藏历"].iter().any(|l| before(text, start).ends_with(l))
}

/// `25时30分`; not `历时30时15分`, which counts hours.
fn impossible_time(text: &str, at: usize) -> Option<ViewSpan> {
    let hour = digits_before(text, at).filter(|h| h.len() <= 2)?;
    let minute = digits_after(text, at + "时".len()).filter(|m| m.len() <= 2)?;
    let tail = after(text, minute.end);
    if !tail.starts_with('分')
        || tail.starts_with("分钟")
        || before(text, hour.start).ends_with(['时', '共', '了', '.'])
    {
        return None;
    }
    let possible = hour.value < 24 && minute.value < 60 || hour.value == 24 && minute.value == 0;
    (!possible).then(|| ViewSpan::new(hour.start, minute.end + "分".len()))
}

/// The weekday written right after a date: its number (Monday is 0) and the place of the whole word.
fn weekday_after(text: &str, end: usize) -> Option<(usize, ViewSpan)> {
    let tail = after(text, end);
    let trimmed = tail.trim_start_matches([' ', '\u{3000}', '(', '（', '，', ',']);
    let start = end + tail.len() - trimmed.len();
    let word = ["星期", "礼拜", "周"].iter().find(|w| trimmed.starts_with(**w))?;
    let name = trimmed.get(word.len()..)?.chars().next()?;
    let name = if name == '天' { '日' } else { name };
    let number = WEEKDAYS.iter().position(|w| *w == name)?;
    // 周 alone begins many words (周一围…, 周日均…): it counts only in brackets or before a mark.
    let stop = start + word.len() + name.len_utf8();
    let closed = after(text, stop).chars().next().is_none_or(|c| !c.is_alphanumeric());
    (*word != "周" || closed).then(|| (number, ViewSpan::new(start, stop)))
}

fn wrong_weekday(
    rule: crate::rule::RuleId,
    day: &Day,
    (number, span): (usize, ViewSpan),
    years: &Years,
    view: &View,
) -> Option<Draft> {
    let candidates = match day.year {
        Some(year) => vec![year],
        None => years.around(day.start, view),
    };
    let dates: Vec<Date> = candidates.iter().filter_map(|y| day.date(*y)).collect();
    if dates.iter().any(|d| weekday_of(*d) == number) {
        return None;
    }
    let date = dates.first()?;
    let right = WEEKDAYS.get(weekday_of(*date))?;
    let word = view.get(span);
    let right = format!("{}{right}", word.get(..word.len() - '一'.len_utf8())?);
    let (basis, sure) = if day.year.is_some() { ("written", 0.95) } else { ("inferred", 0.85) };
    let known = day.year.is_some() || years.is_sure;
    let made = if known { Draft::suggest(rule, span, right.clone()) } else { Draft::flag(rule, span) };
    Some(
        made.arg("date", view.get(ViewSpan::new(day.start, day.end)))
            .arg("wrong", word)
            .arg("right", right)
            .because(basis, [("year", date.year().to_string())])
            .beside("date", ViewSpan::new(day.start, day.end))
            .sure(if known { sure } else { 0.6 }),
    )
}

fn weekday_of(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// The years that a text speaks of.
struct Years {
    /// Place and year, in order.
    written: Vec<(usize, i16)>,
    /// The years that the whole text may come from, the likeliest first.
    own: Vec<i16>,
    /// Whether the first of them is known and not guessed.
    is_sure: bool,
}

impl Years {
    fn of(view: &View, days: &[Day]) -> Years {
        let text = view.text();
        let year = |at| digits_before(text, at).filter(|d| d.len() == 4 && (1900..=2100).contains(&d.value));
        let written: Vec<(usize, i16)> =
            places(text, "年").filter_map(|at| Some((at, i16::try_from(year(at)?.value).ok()?))).collect();
        let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
        written.iter().for_each(|(_, y)| *counts.entry(*y).or_default() += 1);
        // The issue's day decides; without it, the year in which two or more of the weekdays written are right.
        if let Some(year) = view.outline().date.map(|d| d.year()).or_else(|| Years::agreed(text, days, &counts)) {
            return Years { own: vec![year], is_sure: true, written };
        }
        // A paper speaks of its own year and the one before; years that stand alone are history or plans (2035).
        let run = counts.keys().rev().find(|y| counts.contains_key(&(**y - 1)));
        let most = counts.iter().max_by_key(|(year, n)| (**n, **year)).map(|(year, _)| year);
        let own = run.or(most).map_or_else(Vec::new, |y| vec![*y, y + 1, y - 1]);
        Years { own, is_sure: false, written }
    }

    /// The year, spoken of or next to one, in which more than one and more than half of the weekdays without a year
    /// are right.
    fn agreed(text: &str, days: &[Day], counts: &BTreeMap<i16, usize>) -> Option<i16> {
        let open: Vec<(&Day, usize)> =
            days.iter().filter(|d| d.year.is_none()).filter_map(|d| Some((d, weekday_after(text, d.end)?.0))).collect();
        if open.len() < 2 {
            return None;
        }
        let right = |year: i16| open.iter().filter(|(d, w)| d.date(year).is_some_and(|d| weekday_of(d) == *w)).count();
        let years = counts.keys().flat_map(|y| [*y, y + 1]);
        let best = years.max_by_key(|y| (right(*y), counts.get(y).copied().unwrap_or(0), *y))?;
        (right(best) >= 2 && right(best) * 2 > open.len()).then_some(best)
    }

    /// The years that a date without one may be of, the likeliest first: the text's own, then those that its article
    /// speaks of.
    fn around(&self, at: usize, view: &View) -> Vec<i16> {
        let outline = view.outline();
        let article = outline.articles.get(outline.article_at(at));
        let blocks = article.map_or(&[][..], |a| outline.blocks_of(a));
        let (from, to) = match (blocks.first(), blocks.last()) {
            (Some(first), Some(last)) => (first.line.start, last.line.end),
            _ => (0, view.text().len()),
        };
        let mut out = self.own.clone();
        let first = self.written.partition_point(|(p, _)| *p < from);
        for (_, year) in self.written.iter().skip(first).take(MOST_YEARS).take_while(|(p, _)| *p < to) {
            if !out.contains(year) {
                out.push(*year);
            }
        }
        out
    }
}
