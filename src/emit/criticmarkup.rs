//! `review.critic.md`: the issue for an editor who works in a plain text editor, every change in CriticMarkup
//! (<http://criticmarkup.com/spec.php>): `{--out--}`, `{++in++}`, `{~~old~>new~~}`, and for what is asked a comment behind it,
//! `{>>kanwu b3k9x2m4q7 …<<}`, which also tells the reader which finding stands there.
//!
//! Without the marks it is the source, byte for byte. What would read as a mark or as an escape in the source has a
//! backslash before it.

use super::docx::{AUTHOR, said, source_mark};
use super::paper::{Sheet, Slot, Spot};
use crate::pipeline::Run;
use crate::rule::{Lang, RuleSet};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes the text of a run with its marks.
///
/// # Errors
/// What the writer reports.
pub fn write(run: &Run, rules: &RuleSet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let sheet = Sheet::new(run);
    let mut remarks = remarks(&sheet, run, rules, lang).into_iter().peekable();
    let mut text = String::with_capacity(sheet.text.len() * 2);
    for gap in 0..=sheet.slots.len() {
        let place = sheet.gap(gap);
        let mut done = place.start;
        while let Some((spot, remark)) = remarks.next_if(|(spot, _)| spot.gap == gap) {
            escape_open(&mut text, sheet.text.get(done..spot.at).unwrap_or(""));
            text.push_str(&remark);
            done = done.max(spot.at);
        }
        escape_open(&mut text, sheet.text.get(done..place.end).unwrap_or(""));
        if let Some(slot) = sheet.slots.get(gap) {
            change(&mut text, slot, &sheet.text);
        }
    }
    text.push_str(&format!("{{>>{}<<}}", source_mark(run)));
    out.write_all(text.as_bytes())
}

/// The remarks, at the ends of their places.
fn remarks(sheet: &Sheet, run: &Run, rules: &RuleSet, lang: Lang) -> Vec<(Spot, String)> {
    let mut out: BTreeMap<Spot, String> = BTreeMap::new();
    let mut put = |spot: Spot, finding: usize| {
        let Some(finding) = run.findings.get(finding) else { return };
        let said = said(finding, rules, lang).join(" ");
        let mut remark = format!("{{>>{AUTHOR} {} ", finding.id);
        escape(&mut remark, &said);
        remark.push_str("<<}");
        out.entry(spot).or_default().push_str(&remark);
    };
    for (i, slot) in sheet.slots.iter().enumerate().filter(|(_, s)| s.open) {
        put(Spot { gap: i + 1, at: slot.span.end }, slot.finding);
    }
    for note in &sheet.notes {
        let behind = sheet.slots.partition_point(|s| s.span.end <= note.span.start) + 1;
        let inside = Spot { gap: behind, at: sheet.gap(behind).start };
        put(sheet.around_note(note).map_or(inside, |(_, end)| end), note.finding);
    }
    out.into_iter().collect()
}

fn change(out: &mut String, slot: &Slot, text: &str) {
    let [head, old, new, tail] = slot.parts(text);
    escape_open(out, head);
    let marks = match (old.is_empty(), new.is_empty()) {
        (_, true) => ["{--", "", "--}"],
        (true, _) => ["{++", "", "++}"],
        _ => ["{~~", "~>", "~~}"],
    };
    out.push_str(marks[0]);
    escape(out, old);
    out.push_str(marks[1]);
    escape(out, new);
    out.push_str(marks[2]);
    escape_open(out, tail);
}

/// Characters that a mark may begin or end with, and the escape itself.
const SPECIAL: &str = "\\{+-~<=>";
/// What reads as a mark.
const MARKS: [&str; 11] = ["{++", "{--", "{~~", "{>>", "{==", "++}", "--}", "~>", "~~}", "<<}", "==}"];

/// Appends a text so that no mark can be read in it.
fn escape(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        let from = text.get(at..).unwrap_or("");
        if c == '\\' || MARKS.iter().any(|m| from.starts_with(m)) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// [`escape`] for text behind which more text may stand: what may be the beginning of a mark is escaped too.
fn escape_open(out: &mut String, text: &str) {
    let may_begin = |at: usize| text.get(at..).is_some_and(|tail| MARKS.iter().any(|m| m.starts_with(tail)));
    let last = text.char_indices().rev().take(2).map(|(at, _)| at).filter(|at| may_begin(*at)).last();
    let (whole, tail) = text.split_at(last.unwrap_or(text.len()));
    escape(out, whole);
    for c in tail.chars() {
        out.extend(['\\', c]);
    }
}

/// A piece of a text with marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands.
    Stays(String),
    /// Text that is marked to go.
    Goes(String),
    /// Text that is marked to come.
    Comes(String),
    /// A remark.
    Remark(String),
}

/// Reads a text with marks. What is no whole mark is text.
pub fn parse(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut open = Vec::new();
    while let Some(c) = rest.chars().next() {
        if c == '{'
            && let Some((pieces, after)) = mark(rest, &mut open)
        {
            if !plain.is_empty() {
                out.push(Piece::Stays(std::mem::take(&mut plain)));
            }
            out.extend(pieces);
            rest = after;
            continue;
        }
        let (c, length) = literal(rest, c);
        plain.push(c);
        rest = rest.get(length..).unwrap_or("");
    }
    if !plain.is_empty() {
        out.push(Piece::Stays(plain));
    }
    out
}

/// The character at the start of a text, which an escape may stand before, and how many bytes it takes.
fn literal(text: &str, c: char) -> (char, usize) {
    let escaped = text.strip_prefix('\\').and_then(|after| after.chars().next()).filter(|c| SPECIAL.contains(*c));
    escaped.map_or((c, c.len_utf8()), |c| (c, 1 + c.len_utf8()))
}

/// The mark at the start of a text, and what follows it. `open` are the marks of which it is known that no end is left.
fn mark<'t>(text: &'t str, open: &mut Vec<&'t str>) -> Option<(Vec<Piece>, &'t str)> {
    let (begin, inside) = (text.get(..3)?, text.get(3..)?);
    let whole = (!open.contains(&begin)).then(|| match begin {
        "{++" => until(inside, "++}").map(|(t, after)| (vec![Piece::Comes(t)], after)),
        "{--" => until(inside, "--}").map(|(t, after)| (vec![Piece::Goes(t)], after)),
        "{==" => until(inside, "==}").map(|(t, after)| (vec![Piece::Stays(t)], after)),
        "{>>" => until(inside, "<<}").map(|(t, after)| (vec![Piece::Remark(t)], after)),
        "{~~" => until(inside, "~>").and_then(|(old, after)| {
            until(after, "~~}").map(|(new, after)| (vec![Piece::Goes(old), Piece::Comes(new)], after))
        }),
        _ => None,
    })?;
    if whole.is_none() && MARKS.contains(&begin) {
        // Looked for once, not again from every place where one like it begins.
        open.push(begin);
    }
    whole
}

/// The text up to a mark's end, its escapes resolved, and what follows the end.
fn until<'t>(text: &'t str, end: &str) -> Option<(String, &'t str)> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(end) {
            return Some((out, after));
        }
        let (c, length) = literal(rest, c);
        out.push(c);
        rest = rest.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_reads_as_a_mark_and_all_come_back() {
        for text in ["a{++b++}", "\\{--x--}\\", "{++}", "{{>>~~>~~}}", "C:\\新闻\\{", "~>", "{~~a~>b~~}"] {
            let mut out = String::new();
            escape(&mut out, text);
            assert_eq!(parse(&out), [Piece::Stays(text.to_owned())], "{out}");
            let marked = parse(&format!("{{--{out}--}}{{++{out}++}}{{~~{out}~>{out}~~}}"));
            let (goes, comes) = (Piece::Goes(text.to_owned()), Piece::Comes(text.to_owned()));
            assert_eq!(marked, [goes.clone(), comes.clone(), goes, comes], "{out}");
        }
    }
}
