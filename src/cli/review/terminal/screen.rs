//! How a question looks on a terminal: lines of styled text, wrapped to its width.

use super::input::Input;
use super::session::Session;
use crate::cli::say::{self, visible};
use crate::cli::table::{breadth, width};
use crossterm::style::{Attribute, Color, Print, SetAttribute, SetForegroundColor};
use crossterm::terminal::{Clear, ClearType};
use crossterm::{cursor, queue};
use kanwu::emit::findings;
use kanwu::finding::{Category, Finding};
use kanwu::rule::Lang;
use std::io::{self, Write};

/// Characters of the text shown on either side of a place.
const AROUND: usize = 60;
/// Characters of a passage that are shown.
const PASSAGE: usize = 200;
/// Lines of evidence and other places that are shown.
const REASONS: usize = 6;
/// Alternatives that a key chooses.
const KEYS: usize = 9;

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Plain,
    Strong,
    Faint,
    /// The place.
    Place,
    /// What is proposed.
    New,
    /// Something to take note of.
    Note,
}

/// A line of pieces, before it is wrapped.
type Row = Vec<(Ink, String)>;

/// What is on the screen.
pub struct Frame {
    head: (String, String),
    body: Vec<Row>,
    message: String,
    keys: &'static str,
}

/// The question that is asked.
pub fn question(session: &Session) -> Frame {
    let lang = session.lang;
    let (place, all, minutes) = session.progress();
    let progress = match session.shows_changes() {
        true => say::change_of(place, all, lang),
        false => say::progress(place, all, minutes, lang),
    };
    let head = (format!("{}  {progress}", say::shown(&session.run.source().id, 40)), say::shown(&session.by, 20));
    let mut body = Vec::new();
    if let Some((item, finding)) = session.current() {
        let rule = session.rules.get(finding.rule);
        let at = say::place(session.run, &session.ruler, finding.span);
        body.push(vec![(Ink::Faint, format!("{at}  {} {}  {}", rule.code, rule.name, finding.id))]);
        body.push(vec![(Ink::Strong, line(&session.says(finding)))]);
        if let Some((n, of)) = session.in_series() {
            body.push(vec![(Ink::Note, say::in_series(n, of, lang))]);
        }
        body.push(Vec::new());
        body.push(in_context(session, finding));
        body.push(Vec::new());
        match session.shows_changes() {
            true => body.extend(change(session, finding)),
            false => body.extend(choices(finding, lang)),
        }
        body.extend(history(session, item.given.as_ref(), item.skipped, finding));
        body.extend(reasons(session, finding));
    }
    let keys = if session.shows_changes() { say::keys_for_changes(lang) } else { say::keys(lang) };
    Frame { head, body, message: session.message.clone(), keys }
}

/// The page after the last question.
pub fn closing(session: &Session, more: bool) -> Frame {
    let lang = session.lang;
    let id = say::shown(&session.run.source().id, 40);
    let mut body = vec![vec![(Ink::Strong, say::all_done(&id, &session.tally(), lang))], Vec::new()];
    body.extend(say::what_next(more, lang).iter().map(|line| vec![(Ink::Plain, (*line).to_owned())]));
    Frame { head: (id, say::shown(&session.by, 20)), body, message: session.message.clone(), keys: "" }
}

/// The keys.
pub fn help(lang: Lang) -> Frame {
    let row = |(key, what): &(&str, &str)| vec![(Ink::Strong, format!("  {key:<8}")), (Ink::Plain, (*what).to_owned())];
    let body = say::help_keys(lang).iter().map(row).collect();
    Frame { head: (say::help_title(lang).to_owned(), String::new()), body, message: String::new(), keys: "" }
}

/// A text in one line.
fn line(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// The place in its sentence, between 【 and 】.
fn in_context(session: &Session, finding: &Finding) -> Row {
    let (text, at) = session.as_it_stands(finding);
    let (before, after) = (text.get(..at.start).unwrap_or(""), text.get(at.end..).unwrap_or(""));
    let from = before.char_indices().rev().nth(AROUND - 1).map_or(0, |(i, _)| i);
    let to = after.char_indices().nth(AROUND).map_or(after.len(), |(i, _)| i);
    let mut head = line(before.get(from..).unwrap_or(""));
    let mut tail = line(after.get(..to).unwrap_or(""));
    if from > 0 {
        head.insert(0, '…');
    }
    if to < after.len() {
        tail.push('…');
    }
    let place = format!("【{}】", say::shown(text.get(at).unwrap_or(""), PASSAGE));
    vec![(Ink::Plain, head), (Ink::Place, place), (Ink::Plain, tail)]
}

/// The alternatives, each with its key.
fn choices(finding: &Finding, lang: Lang) -> Vec<Row> {
    if finding.fixes.is_empty() {
        return vec![vec![(Ink::Faint, say::only_a_flag(lang).to_owned())]];
    }
    let one = |(n, fix): (usize, &std::borrow::Cow<'static, str>)| {
        let text = match fix.is_empty() {
            true => say::replacement(fix, lang),
            false => say::shown(fix, PASSAGE),
        };
        vec![(Ink::Strong, format!(" {}  ", n + 1)), (Ink::New, text)]
    };
    finding.fixes.iter().take(KEYS).enumerate().map(one).collect()
}

/// What stood there, and what stands there now.
fn change(session: &Session, finding: &Finding) -> Option<Row> {
    let now = finding.applied.as_ref()?;
    let old = line(&say::shown(finding.span.of(&session.run.source().text), PASSAGE));
    let new = line(&say::replacement(&say::shown(now, PASSAGE), session.lang));
    Some(vec![(Ink::Plain, format!(" {old}")), (Ink::Faint, " → ".to_owned()), (Ink::New, new)])
}

/// What was said of it, now and before, and by whom.
fn history(session: &Session, given: Option<&kanwu::review::Decision>, skipped: bool, finding: &Finding) -> Vec<Row> {
    let lang = session.lang;
    let mut out: Vec<String> = given.map(|given| say::decided(given, lang)).into_iter().collect();
    if skipped {
        out.push(say::skipped(lang).to_owned());
    }
    // The list of all findings is borrowed for as long as the session's.
    let own = session.current().map(|(_, finding)| finding);
    if let Some(before) = own.and_then(|finding| session.decided_before(finding)) {
        out.push(say::decided_once(before, lang));
    }
    if !finding.also_decided_by.is_empty() {
        out.push(say::also_decided(&finding.also_decided_by, lang));
    }
    let mut rows: Vec<Row> = out.into_iter().map(|text| vec![(Ink::Note, text)]).collect();
    rows.insert(0, Vec::new());
    rows
}

/// Why, and what else to look at.
fn reasons(session: &Session, finding: &Finding) -> Vec<Row> {
    let rule = session.rules.get(finding.rule);
    let mut out: Vec<Row> = findings::evidence(finding, rule, session.lang)
        .iter()
        .take(REASONS)
        .map(|text| vec![(Ink::Faint, format!("· {}", line(text)))])
        .collect();
    let text = &session.run.source().text;
    let long = if finding.category == Category::Duplicate { PASSAGE } else { 40 };
    for other in finding.related.iter().take(REASONS) {
        let at = say::place(session.run, &session.ruler, other.span);
        let quote = say::shown(other.span.of(text), long);
        out.push(vec![(Ink::Faint, format!("→ {at}  ")), (Ink::Plain, quote)]);
    }
    out
}

/// Paints a frame: `writing` is a line that is being written, with what stands before it.
pub fn paint(
    out: &mut impl Write,
    frame: &Frame,
    writing: Option<(&str, &Input)>,
    (wide, high): (usize, usize),
    color: bool,
) -> io::Result<()> {
    let wide = wide.max(20);
    queue!(out, cursor::Hide, cursor::MoveTo(0, 0), Clear(ClearType::All))?;
    let room = wide.saturating_sub(width(&frame.head.0) + width(&frame.head.1) + 2).max(1);
    let head = fit(&format!(" {}{}{} ", frame.head.0, " ".repeat(room), frame.head.1), wide);
    if color {
        queue!(out, SetAttribute(Attribute::Reverse))?;
    }
    queue!(out, Print(head), SetAttribute(Attribute::Reset))?;
    // The head and a blank line, the message, the keys.
    let space = high.saturating_sub(4);
    let rows: Vec<Row> = frame.body.iter().flat_map(|row| wrap(row, wide - 1)).collect();
    for (y, row) in rows.iter().take(space).enumerate() {
        queue!(out, cursor::MoveTo(0, y as u16 + 2))?;
        for (ink, text) in row {
            dip(out, *ink, color)?;
            queue!(out, Print(text), SetAttribute(Attribute::Reset))?;
        }
    }
    let bottom = high.saturating_sub(1) as u16;
    queue!(out, cursor::MoveTo(0, bottom.saturating_sub(1)))?;
    dip(out, Ink::Note, color)?;
    queue!(out, Print(fit(&line(&frame.message), wide - 1)), SetAttribute(Attribute::Reset))?;
    queue!(out, cursor::MoveTo(0, bottom))?;
    match writing {
        None => {
            dip(out, Ink::Faint, color)?;
            queue!(out, Print(fit(frame.keys, wide - 1)), SetAttribute(Attribute::Reset))
        }
        Some((prompt, input)) => {
            let (before, after) = input.halves();
            // What is being written stays in sight: the beginning gives way.
            let mut before: Vec<char> = before.chars().map(visible).collect();
            while width(prompt) + before.iter().map(|c| breadth(*c)).sum::<usize>() > wide.saturating_sub(4) {
                before.remove(0);
            }
            let before = format!("{prompt}{}", before.into_iter().collect::<String>());
            let x = width(&before);
            let shown = fit(&format!("{before}{}", line(&after)), wide - 1);
            queue!(out, Print(shown), cursor::MoveTo(x.min(wide - 1) as u16, bottom), cursor::Show)
        }
    }
}

fn dip(out: &mut impl Write, ink: Ink, color: bool) -> io::Result<()> {
    if !color {
        return Ok(());
    }
    match ink {
        Ink::Plain => Ok(()),
        Ink::Strong => queue!(out, SetAttribute(Attribute::Bold)),
        Ink::Faint => queue!(out, SetAttribute(Attribute::Dim)),
        Ink::Place => queue!(out, SetForegroundColor(Color::Red), SetAttribute(Attribute::Bold)),
        Ink::New => queue!(out, SetForegroundColor(Color::Green)),
        Ink::Note => queue!(out, SetForegroundColor(Color::Yellow)),
    }
}

/// As much of a text as goes into so many columns.
fn fit(text: &str, wide: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += breadth(*c);
            used <= wide
        })
        .collect()
}

/// A row in lines of so many columns. A line ends behind a space or between wide characters, where it can.
fn wrap(row: &Row, wide: usize) -> Vec<Row> {
    let chars: Vec<(Ink, char)> = row.iter().flat_map(|(ink, text)| text.chars().map(move |c| (*ink, c))).collect();
    let (mut lines, mut from) = (Vec::new(), 0);
    while from < chars.len() {
        let (mut used, mut to, mut good) = (0, from, None);
        while let Some((_, c)) = chars.get(to) {
            used += breadth(*c);
            if used > wide {
                break;
            }
            to += 1;
            if *c == ' ' || breadth(*c) == 2 {
                good = Some(to);
            }
        }
        if to < chars.len() && breadth(chars.get(to).map_or(' ', |(_, c)| *c)) == 1 {
            to = good.filter(|good| *good > from).unwrap_or(to);
        }
        to = to.max(from + 1).min(chars.len());
        lines.push(pieces(chars.get(from..to).unwrap_or(&[])));
        from = to;
    }
    if lines.is_empty() {
        lines.push(Row::new());
    }
    lines
}

fn pieces(chars: &[(Ink, char)]) -> Row {
    let same = chars.chunk_by(|a, b| a.0 == b.0);
    same.filter_map(|run| Some((run.first()?.0, run.iter().map(|(_, c)| *c).collect()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_wrapped_to_the_width_and_nothing_is_lost() {
        let row: Row = vec![(Ink::Plain, "新桥昨日通车，".to_owned()), (Ink::Place, "【two words】".to_owned())];
        for wide in 2..40 {
            let lines = wrap(&row, wide);
            let text: String = lines.iter().flatten().map(|(_, t)| t.as_str()).collect();
            assert_eq!(text, "新桥昨日通车，【two words】");
            assert!(lines.iter().all(|l| l.iter().map(|(_, t)| width(t)).sum::<usize>() <= wide), "{wide}");
        }
        assert_eq!(wrap(&Row::new(), 10).len(), 1);
    }

    #[test]
    fn a_frame_fits_any_terminal() {
        let frame = help(Lang::Zh);
        for size in [(0, 0), (1, 1), (20, 3), (200, 60)] {
            let mut out = Vec::new();
            paint(&mut out, &frame, Some(("> ", &Input::new("很长的一行字，写也写不完，还要写"))), size, true).unwrap();
        }
    }
}
