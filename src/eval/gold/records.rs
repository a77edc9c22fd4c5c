//! Records of what is wrong in an issue, and where.
//!
//! One JSON object a line, in either of two forms; offsets count Unicode scalar values, half open.
//!
//! *Planted* defects, counted from the start of the text: `id`, `class`, `start`, `end`, `ocr` (what stands there) and
//! `truth` (what should); a repeated passage also has `copy` (its place) and `origin` (the places that it repeats), some
//! have `odd` (whether the defect makes a pair of characters that is hardly ever seen).
//!
//! An *annotation*, counted from the start of its `line` (from 1): `id`, `class`, `start`, `end`, `original`,
//! `suggestion` (or null) and `confidence` (a word); a `join` has `join_line`, the line that should go on here.

use crate::text::Span;
use serde::Deserialize;

/// Unit marker: Unicode scalar values of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InScalars;

/// A span in scalar values.
pub type Stretch = Span<InScalars>;

/// One recorded defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What sort of defect.
    pub class: String,
    /// Which part of its class: `odd` or `fluent`, or the annotator's confidence.
    pub group: Option<String>,
    /// Where.
    pub place: Stretch,
    /// What should stand there; `None` where the annotator could not say.
    pub truth: Option<Vec<char>>,
    /// The repeated passage, where the defect is one.
    pub copy: Option<Stretch>,
    /// What it repeats.
    pub origin: Vec<Stretch>,
    /// Whether a proofreader wrote it, who read for wording and not for the width of marks.
    pub annotated: bool,
}

/// What is wrong with a line of the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRecord {
    /// The line, from 1.
    pub line: usize,
    /// Why.
    pub why: Why,
}

/// Why a line of the records cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is no record; what the JSON reader says.
    NoRecord(String),
    /// The text at its place is not what it says.
    OtherText,
}

/// A line of either form.
#[derive(Deserialize)]
struct Line {
    class: String,
    start: usize,
    end: usize,
    line: Option<usize>,
    ocr: Option<String>,
    truth: Option<String>,
    copy: Option<(usize, usize)>,
    #[serde(default)]
    origin: Vec<(usize, usize)>,
    odd: Option<bool>,
    original: Option<String>,
    suggestion: Option<String>,
    confidence: Option<serde_json::Value>,
    join_line: Option<usize>,
}

/// Reads the records of one issue.
///
/// # Errors
/// The first line that is no record, or that speaks of another text.
pub fn parse(jsonl: &str, source: &[char]) -> Result<Vec<Record>, BadRecord> {
    let starts: Vec<usize> =
        std::iter::once(0).chain(source.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(i, _)| i + 1)).collect();
    let mut out = Vec::new();
    for (number, text) in jsonl.trim_start_matches('\u{FEFF}').split('\n').enumerate() {
        if text.trim().is_empty() {
            continue;
        }
        let bad = |why| BadRecord { line: number + 1, why };
        let line: Line = serde_json::from_str(text).map_err(|e| bad(Why::NoRecord(e.to_string())))?;
        out.push(record(line, source, &starts).ok_or_else(|| bad(Why::OtherText))?);
    }
    out.sort_by_key(|r| r.place);
    Ok(out)
}

/// The record of a line; `None` where the text at its place is not what it says.
fn record(line: Line, source: &[char], starts: &[usize]) -> Option<Record> {
    let is = |from: usize, to: usize, text: &str| {
        source.get(from..to).is_some_and(|there| there.iter().copied().eq(text.chars()))
    };
    let chars = |text: String| text.chars().collect::<Vec<char>>();
    if let Some(original) = line.original {
        let at = *starts.get(line.line?.checked_sub(1)?)?;
        let (from, to) = (at.checked_add(line.start)?, at.checked_add(line.end)?);
        is(from, to, &original).then_some(())?;
        let place = Stretch::new(from, to);
        let joined = match line.join_line.filter(|_| line.class == "join") {
            Some(next) => Some(Stretch::new(to, *starts.get(next.checked_sub(1)?)?)),
            None => None,
        };
        return Some(Record {
            group: line.confidence.as_ref().and_then(|c| c.as_str()).map(str::to_owned),
            place: joined.unwrap_or(place),
            truth: joined.map(|_| Vec::new()).or(line.suggestion.map(chars)),
            copy: (line.class == "duplicate").then_some(place),
            origin: Vec::new(),
            annotated: true,
            class: line.class,
        });
    }
    is(line.start, line.end, line.ocr.as_deref()?).then_some(())?;
    let stretch = |(from, to)| Stretch::new(from, to);
    let inside = |s: &Stretch| s.end <= source.len();
    Some(Record {
        group: line.odd.map(|odd| if odd { "odd" } else { "fluent" }.to_owned()),
        place: Stretch::new(line.start, line.end),
        truth: Some(chars(line.truth?)),
        copy: line.copy.map(stretch).filter(inside),
        origin: line.origin.into_iter().map(stretch).filter(inside).collect(),
        annotated: false,
        class: line.class,
    })
}
