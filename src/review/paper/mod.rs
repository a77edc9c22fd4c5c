//! The paper round trip, the way back: what an editor decided in the document that was written for her
//! ([`crate::emit::docx`], [`crate::emit::criticmarkup`]) as verdicts for the log.
//!
//! A change that still stands marked is still open. One that was carried out is accepted, one that was taken back is
//! rejected, and where other words stand, they are hers. A change in force says something only when it was taken back or
//! rewritten. What was changed where nothing was marked is no verdict: it is told, because nothing may be lost unseen.

mod align;
mod docx;

use super::Verdict;
use crate::emit::criticmarkup::{self, Piece};
use crate::emit::docx::{AUTHOR, BOOKMARK, SOURCE_MARK, source_mark};
use crate::emit::paper::{Note, Sheet, Spot};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Finding, Status};
use crate::pipeline::Run;
use crate::text::{Ruler, SourceSpan};
use align::{Aligner, Anchor, Cell, Mark, Outcome, Stray};
use std::collections::{BTreeMap, HashSet};

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// The verdicts, in the order of the text. One that the log already holds is not among them.
    pub said: Vec<Said>,
    /// How many of the findings that were asked are still open.
    pub waiting: usize,
    /// Findings whose place was changed so that no verdict can be told.
    pub unclear: Vec<Unclear>,
    /// Changes where nothing was marked, in the order of the text: no verdict, and not kept anywhere else.
    pub strays: Vec<Unasked>,
}

/// One verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Number of the finding in the run.
    pub finding: usize,
    /// The verdict: accept, reject or edit.
    pub verdict: Verdict,
    /// The text, as the log has it: empty for the first proposal and for a rejection.
    pub text: String,
}

/// A finding whose place was changed so that no verdict can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// Number of the finding in the run.
    pub finding: usize,
    /// What stands there now.
    pub text: String,
}

/// A change where nothing was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// Its line in the source, from 1.
    pub line: usize,
    /// What stood there in the source.
    pub was: String,
    /// What stands there now.
    pub is: String,
}

/// Reads what came back: a document of a word processor, or a text with CriticMarkup. `name` is for messages; `run` is the
/// issue that it was written from, cleaned again.
///
/// # Errors
/// A file that is neither, that is broken or too large; one that was not written by the program, or from another source.
pub fn read(bytes: &[u8], name: &str, run: &Run) -> Result<Returned> {
    if bytes.starts_with(b"PK") { from_docx(bytes, name, run) } else { from_criticmarkup(bytes, name, run) }
}

/// Whether a file looks like one that [`read`] takes, by its name.
pub fn is_paper(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with(".docx") || name.ends_with(".md") || name.ends_with(".txt")
}

fn from_docx(bytes: &[u8], name: &str, run: &Run) -> Result<Returned> {
    let document = docx::read(bytes).map_err(|fault| unreadable(name, &fault))?;
    let marks = document.bookmarks.keys().map(String::as_str);
    same_source(marks.clone().filter(|m| m.starts_with(SOURCE_MARK)), name, run)?;
    let asked = document.asked.into_iter().collect();
    let sheet = Sheet::with_open(run, &asked).with_plain_line_ends();
    let mut anchors = Vec::new();
    let mut anchor = |finding: usize, (from, to): (Spot, Spot)| {
        let id = run.findings.get(finding).map_or("", |f| f.id.as_str());
        if let Some((start, end)) = document.bookmarks.get(&format!("{BOOKMARK}{id}")) {
            anchors.extend([
                Anchor { exact: false, spot: from, cell: *start },
                Anchor { exact: false, spot: to, cell: *end },
            ]);
        }
    };
    for (i, slot) in sheet.slots.iter().enumerate() {
        anchor(slot.finding, sheet.around_slot(i));
    }
    for note in &sheet.notes {
        if let Some((from, to)) = sheet.around_note(note) {
            anchor(note.finding, (sheet.before(from), sheet.after(to)));
        }
    }
    Ok(Reading { run, sheet: &sheet }.read(&document.cells, anchors))
}

fn from_criticmarkup(bytes: &[u8], name: &str, run: &Run) -> Result<Returned> {
    let text = std::str::from_utf8(bytes).map_err(|_| not_paper(name))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut cells: Vec<Cell> = Vec::new();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    let (mut sources, mut whole) = (Vec::new(), 0);
    for piece in criticmarkup::parse(&text) {
        let (text, mark) = match piece {
            Piece::Stays(text) => (text, Mark::Kept),
            Piece::Goes(text) => (text, Mark::Del),
            Piece::Comes(text) => (text, Mark::Ins),
            Piece::Remark(remark) => {
                if remark.starts_with(SOURCE_MARK) {
                    whole = cells.len();
                    sources.push(remark);
                } else if let Some(id) = remark.strip_prefix(AUTHOR).and_then(|r| r.split_whitespace().next()) {
                    ends.insert(id.to_owned(), cells.len());
                }
                continue;
            }
        };
        cells.extend(text.chars().map(|c| Cell { c, mark }));
    }
    same_source(sources.iter().map(String::as_str), name, run)?;
    if cells.get(whole..).is_some_and(|rest| rest.iter().all(|c| c.c == '\n')) {
        // Editors end a file with a line end of their own.
        cells.truncate(whole);
    }
    let asked: HashSet<String> = ends.keys().cloned().collect();
    let sheet = Sheet::with_open(run, &asked).with_plain_line_ends();
    let mut anchors = Vec::new();
    let mut anchor = |finding: usize, spot: Spot| {
        let end = run.findings.get(finding).and_then(|f| ends.get(&f.id));
        anchors.extend(end.map(|cell| Anchor { exact: true, spot, cell: *cell }));
    };
    for (i, slot) in sheet.slots.iter().enumerate() {
        anchor(slot.finding, Spot { gap: i + 1, at: slot.span.end });
    }
    for note in &sheet.notes {
        if let Some((_, end)) = sheet.around_note(note) {
            anchor(note.finding, end);
        }
    }
    Ok(Reading { run, sheet: &sheet }.read(&cells, anchors))
}

/// The sheet that went out, for what came back.
struct Reading<'a> {
    run: &'a Run<'a>,
    sheet: &'a Sheet<'a>,
}

impl Reading<'_> {
    fn read(&self, cells: &[Cell], anchors: Vec<Anchor>) -> Returned {
        let finding = |n: usize| self.run.findings.get(n);
        let other = |f: &'_ std::borrow::Cow<'static, str>| f.replace("\r\n", "\n").replace('\r', "\n");
        let others: Vec<Vec<String>> = (self.sheet.slots.iter())
            .map(|slot| finding(slot.finding).map_or(Vec::new(), |f| f.fixes.iter().skip(1).map(other).collect()))
            .collect();
        let others = others.iter().map(|fixes| fixes.iter().map(String::as_str).collect()).collect();
        let Aligner { outcomes, mut strays, .. } = Aligner::new(self.sheet, others, cells, anchors);
        let mut said = Vec::new();
        let mut returned = Returned::default();
        for (slot, outcome) in self.sheet.slots.iter().zip(&outcomes) {
            let Some(f) = finding(slot.finding) else { continue };
            let verdict = match outcome {
                Outcome::Pending => None,
                Outcome::Unclear(text) => {
                    returned.unclear.push(Unclear { finding: slot.finding, text: text.clone() });
                    None
                }
                Outcome::New => slot.open.then(|| (Verdict::Accept, String::new())),
                Outcome::Old => Some((Verdict::Reject, String::new())),
                Outcome::Other(k) => Some(match f.fixes.get(k + 1) {
                    // Where an earlier one was chosen, another is a text like any.
                    Some(fix) if slot.open => (Verdict::Accept, fix.to_string()),
                    fix => (Verdict::Edit, fix.map_or(String::new(), ToString::to_string)),
                }),
                Outcome::Written(text) => Some((Verdict::Edit, self.as_in_source(text))),
            };
            match verdict {
                Some((verdict, text)) => said.push((slot.span, Said { finding: slot.finding, verdict, text })),
                None => returned.waiting += usize::from(slot.open),
            }
        }
        for note in &self.sheet.notes {
            match self.written(note, &outcomes, &mut strays) {
                Some(verdict) => said.push((note.span, verdict)),
                None => returned.waiting += 1,
            }
        }
        said.sort_by_key(|(span, said)| (*span, said.finding));
        returned.said = said.into_iter().map(|(_, said)| said).filter(|s| !self.is_known(s)).collect();
        let ruler = Ruler::new(&self.sheet.text);
        returned.strays = (strays.into_iter())
            .map(|Stray { span, is }| {
                let was = span.of(&self.sheet.text).to_owned();
                Unasked { line: ruler.place(span.start).line, was, is }
            })
            .collect();
        returned
    }

    /// What was written by hand at the place of a note. Words in the place are the answer to it; the place is given whole.
    fn written(&self, note: &Note, outcomes: &[Outcome], strays: &mut Vec<Stray>) -> Option<Said> {
        let within = |s: &Stray| note.span.contains(s.span);
        if note.span.is_empty() || !strays.iter().any(within) {
            return None;
        }
        // What is still asked or cannot be told inside it leaves the whole unsettled.
        let first = self.sheet.slots.partition_point(|s| s.span.end <= note.span.start);
        let inside = self.sheet.slots.iter().zip(outcomes).skip(first).take_while(|(s, _)| s.span.end <= note.span.end);
        let mut pieces: Vec<(SourceSpan, String)> = Vec::new();
        for (slot, outcome) in inside {
            let text = match outcome {
                Outcome::Pending if slot.open => return None,
                Outcome::Pending | Outcome::New => slot.text.to_string(),
                Outcome::Written(text) => text.clone(),
                Outcome::Old => continue,
                Outcome::Other(_) | Outcome::Unclear(_) => return None,
            };
            pieces.push((slot.span, text));
        }
        pieces.extend(strays.iter().filter(|s| within(s)).map(|s| (s.span, s.is.clone())));
        strays.retain(|s| !within(s));
        pieces.sort_by_key(|(span, _)| *span);
        let (mut text, mut done) = (String::new(), note.span.start);
        for (span, piece) in pieces {
            text.push_str(self.sheet.text.get(done..span.start).unwrap_or(""));
            text.push_str(&piece);
            done = span.end.max(done);
        }
        text.push_str(self.sheet.text.get(done..note.span.end).unwrap_or(""));
        let text = self.as_in_source(&text);
        let fixes = self.run.findings.get(note.finding).map_or(&[][..], |f| f.fixes.as_slice());
        let verdict = if fixes.iter().any(|f| **f == text) { Verdict::Accept } else { Verdict::Edit };
        Some(Said { finding: note.finding, verdict, text })
    }

    /// Whether the log already says so.
    fn is_known(&self, said: &Said) -> bool {
        let Some(Finding { status, applied, fixes, .. }) = self.run.findings.get(said.finding) else { return true };
        match said.verdict {
            Verdict::Reject => *status == Status::Rejected,
            _ if *status != Status::Accepted => false,
            Verdict::Accept if said.text.is_empty() => *applied == fixes.first().cloned(),
            _ => applied.as_deref() == Some(said.text.as_str()),
        }
    }

    /// A text with the line ends of the source.
    fn as_in_source(&self, text: &str) -> String {
        match self.run.source().text.contains("\r\n") {
            true => text.replace('\n', "\r\n"),
            false => text.to_owned(),
        }
    }
}

/// Whether the marks in a file say that it was written from the run's source.
fn same_source<'m>(mut marks: impl Iterator<Item = &'m str>, name: &str, run: &Run) -> Result<()> {
    let own = source_mark(run);
    match marks.next() {
        None => Err(not_paper(name)),
        Some(mark) if mark == own || marks.any(|mark| mark == own) => Ok(()),
        Some(_) => Err(Error::new(ErrorKind::Input, format!("{name}: was written from another source than this issue's"))
            .hint("name the issue that it belongs to; if the source has changed since, write it again with `kanwu clean --emit`")
            .chinese(
                format!("{name}：这份审读稿不是从本期现在的原稿写出来的"),
                "请核对期名；如果原稿后来换过，用 `kanwu clean --emit` 重新写一份",
            )),
    }
}

fn not_paper(name: &str) -> Error {
    Error::new(ErrorKind::Input, format!("{name}: is not a review document that kanwu wrote"))
        .hint("it must be the review.docx or the review.critic.md of the issue, saved in the same format")
        .chinese(
            format!("{name}：不是本程序写的审读稿"),
            "要用这一期的 review.docx 或 review.critic.md，改好后按原来的格式保存",
        )
}

fn unreadable(name: &str, fault: &docx::Fault) -> Error {
    let (zh, en) = match fault {
        docx::Fault::Package => ("文件损坏，或者不是 docx".to_owned(), "the file is broken, or is no docx".to_owned()),
        docx::Fault::Large => ("解压后过大".to_owned(), "it unpacks to too much".to_owned()),
        docx::Fault::Xml(zh, en) => (format!("文件损坏：{zh}"), format!("the file is broken: {en}")),
    };
    Error::new(ErrorKind::Input, format!("{name}: {en}"))
        .hint("open it in the word processor and save it as docx again")
        .chinese(format!("{name}：{zh}"), "请在文字处理软件里打开，另存为 docx 再试")
}
