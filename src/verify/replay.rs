//! The second half of the proof: the source with the recorded edits is `clean.md`, and without them it is the source.

use super::Proof;
use crate::emit::contract::FindingLine;
use crate::finding::Status;
use crate::text::Ruler;

/// An edit as `findings.jsonl` records it, in scalar values.
pub struct Recorded<'f> {
    pub start: usize,
    pub end: usize,
    pub old: &'f str,
    pub new: &'f str,
}

/// How many differences are named one by one.
const NAMED: usize = 200;

/// The edits in force, in order. Edits that overlap, or that have no text, are a fault.
pub fn edits<'f>(findings: &'f [FindingLine], proof: &mut Proof) -> Vec<Recorded<'f>> {
    let mut out: Vec<Recorded> = Vec::new();
    let mut wrong = Vec::new();
    let mut ids = std::collections::HashSet::new();
    for finding in findings {
        if !ids.insert(&*finding.id) {
            wrong.push(format!("{}: id", finding.id));
        }
        if !matches!(finding.status, Status::Applied | Status::Accepted) {
            continue;
        }
        let Some(new) = finding.applied.as_deref() else {
            wrong.push(format!("{}: applied", finding.id));
            continue;
        };
        let (start, end) = (finding.source.start, finding.source.end);
        if out.last().is_some_and(|last| start < last.end) {
            wrong.push(format!("{}: {start}–{end}", finding.id));
            continue;
        }
        out.push(Recorded { start, end, old: &finding.quote, new });
    }
    proof.check("每处改动都有记录，互不重叠", "each change is recorded once, and no two overlap", wrong);
    out
}

/// The source text, had back from the cleaned text by undoing the edits; `None` where they do not fit it.
pub fn undo(clean: &str, edits: &[Recorded]) -> Option<String> {
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean;
    let mut done = 0;
    for edit in edits {
        let kept = rest.char_indices().nth(edit.start.checked_sub(done)?).map_or(rest.len(), |(i, _)| i);
        out.push_str(&rest[..kept]);
        rest = rest[kept..].strip_prefix(edit.new)?;
        out.push_str(edit.old);
        done = edit.end;
    }
    out.push_str(rest);
    Some(out)
}

/// Checks the recorded edits against the source text and the cleaned text.
pub fn check(
    findings: &[FindingLine],
    edits: &[Recorded],
    source: &str,
    clean: &str,
    undone: Option<&str>,
    proof: &mut Proof,
) {
    let ruler = Ruler::new(source);
    let quote = |f: &&FindingLine| {
        let start = ruler.byte(f.source.start);
        let end = start + f.quote.len();
        let place = ruler.place(start);
        source.get(start..end) != Some(&f.quote)
            || f.source.end != f.source.start + f.quote.chars().count()
            || (f.source.line, f.source.column) != (place.line, place.column)
    };
    let wrong = findings.iter().filter(quote).map(|f| format!("{}:{} {}", f.source.line, f.source.column, f.id));
    proof.check("每条记录所引的文字与原文相符", "each quote is the source text of its place", wrong.collect());
    let expected = replayed(source, edits, &ruler);
    proof.check(
        "原文加上记录的改动，就是 clean.md",
        "the source with the recorded changes is clean.md",
        unexplained(&expected, clean),
    );
    let back = match undone {
        Some(undone) => unexplained(source, undone),
        None => vec!["clean.md".to_owned()],
    };
    proof.check("撤销这些改动，就回到原文", "undoing the recorded changes gives the source", back);
}

fn replayed(source: &str, edits: &[Recorded], ruler: &Ruler) -> String {
    let mut out = String::with_capacity(source.len());
    let mut done = 0;
    for edit in edits {
        out.push_str(source.get(done..ruler.byte(edit.start)).unwrap_or(""));
        out.push_str(edit.new);
        done = ruler.byte(edit.end);
    }
    out.push_str(source.get(done..).unwrap_or(""));
    out
}

/// Each character of `found` that `expected` does not explain, with its line and column, and each that is missing.
fn unexplained(expected: &str, found: &str) -> Vec<String> {
    if expected == found {
        return Vec::new();
    }
    let same = expected.chars().zip(found.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&expected[same..], &found[same..]);
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let ruler = Ruler::new(found);
    let at = |byte: usize| {
        let place = ruler.place(byte);
        format!("{}:{}", place.line, place.column)
    };
    // A long difference is not worth an alignment: its ends say where to look.
    if old.len() + new.len() > 20_000 {
        return vec![format!("{} – {}", at(same), at(same + new.len()))];
    }
    let mut out = Vec::new();
    let mut byte = same;
    for change in similar::TextDiff::from_chars(old, new).iter_all_changes() {
        match change.tag() {
            similar::ChangeTag::Equal => byte += change.value().len(),
            similar::ChangeTag::Insert => {
                out.push(format!("{} +{:?}", at(byte), change.value()));
                byte += change.value().len();
            }
            similar::ChangeTag::Delete => out.push(format!("{} −{:?}", at(byte), change.value())),
        }
    }
    if out.len() > NAMED {
        let more = out.len() - NAMED;
        out.truncate(NAMED);
        out.push(format!("… +{more}"));
    }
    out
}
