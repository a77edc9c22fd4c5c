//! Days that are not in the calendar, hours that are not on the clock, and datelines from after the day of the issue.

use super::scan::{after, before, digits_after, digits_before, places};
use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use crate::text::ViewSpan;
use jiff::civil::Date;

/// `2019年10月22日`, the year where it is written.
pub(super) struct Day {
    pub year: Option<i16>,
    pub month: u32,
    /// `None` for a year and month alone.
    pub day: Option<u32>,
    pub start: usize,
    pub end: usize,
}

impl Day {
    pub(super) fn date(&self, year: i16) -> Option<Date> {
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

/// Finds what is wrong with the days of a text, all of which [`days`] has read.
pub(super) fn find(view: &View, days: &[Day], cx: &Context, drafts: &mut Vec<Draft>) {
    let text = view.text();
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

/// All days that a text names.
pub(super) fn days(text: &str) -> Vec<Day> {
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
