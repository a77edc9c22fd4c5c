//! Weekdays that do not belong to their day: `10月22日（星期三）`.
//!
//! A newspaper rarely prints the year, so it has to be found: that of the issue, the one in which the weekdays of the
//! text agree, or, as a hint only, the latest that the text speaks of as past. A weekday that is right in any year that its place may mean
//! passes; so does one in a year that the article named before.

use super::dates::Day;
use super::scan::{after, before, digits_after, digits_before, places};
use crate::document::View;
use crate::finding::Draft;
use crate::rule::RuleId;
use crate::stage::Context;
use crate::text::ViewSpan;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Years of an article that are looked at: more say nothing about its own.
const MOST_YEARS: usize = 200;
/// From this many years written on, the latest of them may be that of the text.
const MANY_YEARS: usize = 6;
/// A day without its month takes that of a date at most this many bytes before it: `8月4日至6日（星期四）`.
const NEAR: usize = 90;
/// Months that lie further apart than this belong to different years as often as not.
const HALF_YEAR: u32 = 6;
const WEEKDAYS: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];

/// A weekday that is written: its number (Monday is 0) and the place of the whole word.
type Written = (usize, ViewSpan);

/// Finds weekdays that do not fit the days they are written with; `days` are all that the text names.
pub(super) fn find(view: &View, days: &[Day], cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT003") else { return };
    let text = view.text();
    let dated = days.iter().filter_map(|d| Some((d, weekday_after(text, d.end)?)));
    let dated: Vec<(&Day, Written)> = dated.filter(|(d, _)| d.day.is_some()).collect();
    let bare = days_without_month(text, days);
    if dated.is_empty() && bare.is_empty() {
        return;
    }
    let years = Years::of(view, &dated);
    drafts.extend(dated.iter().filter_map(|(day, written)| wrong(rule, day, *written, &years, view, true)));
    drafts.extend(bare.iter().filter_map(|(day, written)| wrong(rule, day, *written, &years, view, false)));
}

/// The weekday right after a date.
fn weekday_after(text: &str, end: usize) -> Option<Written> {
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

/// Days such as `6日（星期四）`, with the month of the date before them.
fn days_without_month(text: &str, days: &[Day]) -> Vec<(Day, Written)> {
    let one = |at: usize| {
        let written = weekday_after(text, at + "日".len())?;
        let number = digits_before(text, at).filter(|d| d.len() <= 2)?;
        let left = before(text, number.start);
        if left.ends_with(['月', '.', '-', '/']) {
            return None;
        }
        let last = days.get(days.partition_point(|d| d.end <= number.start).checked_sub(1)?)?;
        let between = text.get(last.end..number.start).filter(|b| b.len() <= NEAR && !b.contains('\n'))?;
        // The next month begins again at 1.
        let ordered = last.day.is_some_and(|d| d < number.value);
        (ordered && !between.contains("月")).then(|| {
            let end = at + "日".len();
            let day = Day { year: last.year, month: last.month, day: Some(number.value), start: number.start, end };
            (day, written)
        })
    };
    places(text, "日").filter_map(one).collect()
}

fn wrong(
    rule: RuleId,
    day: &Day,
    (number, span): Written,
    years: &Years,
    view: &View,
    has_month: bool,
) -> Option<Draft> {
    let place = match day.year {
        Some(year) => Candidates { years: vec![year], basis: Basis::Written },
        None => years.around(day, view),
    };
    let dates: Vec<Date> = place.years.iter().filter_map(|y| day.date(*y)).collect();
    if dates.iter().any(|d| weekday_of(*d) == number) {
        return None;
    }
    let date = *dates.first()?;
    let right = WEEKDAYS.get(weekday_of(date))?;
    let word = view.get(span);
    let right = format!("{}{right}", word.get(..word.len() - '一'.len_utf8())?);
    let sure = has_month && matches!(place.basis, Basis::Written | Basis::Issue | Basis::Agreed);
    let made = if sure { Draft::suggest(rule, span, right.clone()) } else { Draft::flag(rule, span) };
    let written = ViewSpan::new(day.start, day.end);
    let mut made = made
        .arg("date", view.get(written))
        .arg("wrong", word)
        .arg("right", right)
        .because(place.basis.key(), [("year", date.year().to_string())])
        .beside("date", written)
        .sure(if has_month { place.basis.sure() } else { 0.6 });
    if let Some(other) = nearest(date, number) {
        let other = format!("{}月{}日", other.month(), other.day());
        made = made.because("fits", [("date", other), ("weekday", word.to_owned())]);
    }
    Some(made)
}

fn weekday_of(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// The nearest day that has the weekday: what the date may have been, were it the one that is wrong.
fn nearest(date: Date, number: usize) -> Option<Date> {
    let ahead = (number + 7 - weekday_of(date)) % 7;
    let days = if ahead <= 3 { ahead as i64 } else { ahead as i64 - 7 };
    date.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// What a year rests on, the firmest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basis {
    /// It stands in the date.
    Written,
    /// It is that of the issue.
    Issue,
    /// The weekdays of the text agree on it.
    Agreed,
    /// It is the latest that the text speaks of as past, with its months.
    Latest,
    /// One of the above, but the paragraph speaks of another year before the date.
    Unsure,
}

impl Basis {
    /// The key of its line of evidence.
    fn key(self) -> &'static str {
        match self {
            Basis::Written => "written",
            Basis::Issue => "issue",
            Basis::Agreed => "agreed",
            Basis::Latest => "latest",
            Basis::Unsure => "unsure",
        }
    }

    fn sure(self) -> f32 {
        match self {
            Basis::Written | Basis::Issue => 0.95,
            Basis::Agreed => 0.9,
            Basis::Latest => 0.8,
            Basis::Unsure => 0.6,
        }
    }
}

/// The years that a date may be of, the likeliest first.
struct Candidates {
    years: Vec<i16>,
    basis: Basis,
}

/// The years that a text speaks of.
struct Years {
    /// Place and year, in order.
    written: Vec<(usize, i16)>,
    /// The year of the text, and a month in which it was written or before, where one is known; 12 where the year is that
    /// of the issue or agreed on.
    own: Option<(i16, u32)>,
    basis: Basis,
}

impl Years {
    fn of(view: &View, dated: &[(&Day, Written)]) -> Years {
        let text = view.text();
        let year = |at| digits_before(text, at).filter(|d| d.len() == 4 && (1900..=2100).contains(&d.value));
        let written: Vec<(usize, i16)> =
            places(text, "年").filter_map(|at| Some((at, i16::try_from(year(at)?.value).ok()?))).collect();
        let mut counts: BTreeMap<i16, usize> = BTreeMap::new();
        written.iter().for_each(|(_, y)| *counts.entry(*y).or_default() += 1);
        if let Some(issue) = view.outline().date {
            let month = u32::try_from(issue.month()).unwrap_or(12);
            return Years { own: Some((issue.year(), month)), basis: Basis::Issue, written };
        }
        if let Some(year) = agreed(dated, &counts) {
            return Years { own: Some((year, 12)), basis: Basis::Agreed, written };
        }
        if let Some(latest) = latest(text, &written, &counts) {
            return Years { own: Some(latest), basis: Basis::Latest, written };
        }
        Years { own: None, basis: Basis::Unsure, written }
    }

    /// The years that a date without one may be of: those of the text, and those that its article named before the end
    /// of its paragraph.
    fn around(&self, day: &Day, view: &View) -> Candidates {
        let Some((own, month)) = self.own else { return Candidates { years: Vec::new(), basis: Basis::Unsure } };
        let mut years = vec![own];
        match self.basis {
            Basis::Issue => {
                // In January a paper speaks of last December, in December of next January.
                if day.month > month + HALF_YEAR {
                    years.push(own - 1);
                } else if day.month + HALF_YEAR < month {
                    years.push(own + 1);
                }
            }
            Basis::Latest => {
                // The text is from that month or later, perhaps from the year after.
                years.push(own + 1);
                if day.month > month + HALF_YEAR {
                    years.push(own - 1);
                }
            }
            _ => {}
        }
        let mut basis = self.basis;
        let outline = view.outline();
        let block = outline.block_at(day.start).map_or(day.start..day.end, |b| b.line.start..b.line.end);
        let article = outline.articles.get(outline.article_at(day.start));
        let from = article.and_then(|a| outline.blocks_of(a).first()).map_or(0, |b| b.line.start);
        let first = self.written.partition_point(|(p, _)| *p < from);
        for (at, year) in self.written.iter().skip(first).take(MOST_YEARS).take_while(|(p, _)| *p < block.end) {
            // Behind another year in its own paragraph a date may well be of that year.
            if *year != own && block.contains(at) && *at < day.start {
                basis = Basis::Unsure;
            }
            if !years.contains(year) {
                years.push(*year);
            }
        }
        Candidates { years, basis }
    }
}

/// The year, spoken of or next to one, in which more than one and more than half of the weekdays without a year are
/// right.
fn agreed(dated: &[(&Day, Written)], counts: &BTreeMap<i16, usize>) -> Option<i16> {
    let open: Vec<(&Day, usize)> = dated.iter().filter(|(d, _)| d.year.is_none()).map(|(d, w)| (*d, w.0)).collect();
    if open.len() < 2 {
        return None;
    }
    let right = |year: i16| open.iter().filter(|(d, w)| d.date(year).is_some_and(|d| weekday_of(d) == *w)).count();
    let years = counts.keys().flat_map(|y| [*y, y + 1]);
    let best = years.max_by_key(|y| (right(*y), counts.get(y).copied().unwrap_or(0), *y))?;
    (right(best) >= 2 && right(best) * 2 > open.len()).then_some(best)
}

/// The latest year and month that the text speaks of as past: `2026年6月产销数据`, `2026年上半年`. A newspaper prints its own
/// year rarely, so a text has to speak of years often, of this one more than once, and of the one before it too.
fn latest(text: &str, written: &[(usize, i16)], counts: &BTreeMap<i16, usize>) -> Option<(i16, u32)> {
    let past = written.iter().filter_map(|(at, year)| Some((*year, past_month(text, *at)?)));
    let (year, month) = past.max()?;
    let often = written.len() >= MANY_YEARS && counts.get(&year).is_some_and(|n| *n > 1);
    (often && counts.contains_key(&(year - 1))).then_some((year, month))
}

/// The month named after a year, unless the words around it speak of a plan.
fn past_month(text: &str, at: usize) -> Option<u32> {
    let start = at.checked_sub(4)?;
    let head = before(text, start);
    if ["到", "至", "将于", "将在", "拟于", "计划", "预计", "力争", "—", "-", "～"].iter().any(|w| head.ends_with(w))
    {
        return None;
    }
    let tail = after(text, at + "年".len());
    let tail_start = text.len() - tail.len();
    let halves = [("上半年", 6), ("一季度", 3), ("二季度", 6), ("前三季度", 9)];
    if let Some((_, month)) = halves.iter().find(|(w, _)| tail.starts_with(w)) {
        return Some(*month);
    }
    let month = digits_after(text, tail_start).filter(|m| m.len() <= 2 && (1..=12).contains(&m.value))?;
    let rest = after(text, month.end);
    let rest = rest.strip_prefix('月')?;
    let plan = ["前", "底前", "末前", "将", "至", "—", "-", "～"].iter().any(|w| rest.starts_with(w));
    (!plan).then_some(month.value)
}
