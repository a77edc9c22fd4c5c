//! The last part of the proof: `clean.json` holds the text of `clean.md`, each character once, where it says it is.

use super::Proof;
use super::replay::Recorded;
use crate::emit::contract::{CleanIssue, Kind, Range};
use crate::text::Ruler;

/// A piece of text that `clean.json` holds.
struct Piece<'j> {
    text: &'j str,
    source: &'j [Range],
    /// Heading marks may stand before each of its lines.
    marked: bool,
}

/// Checks `clean.json` against the cleaned text.
pub fn check(issue: &CleanIssue, edits: &[Recorded], source: &str, clean: &str, proof: &mut Proof) {
    let scale = Scale::new(source, edits);
    let ruler = Ruler::new(clean);
    let place = |byte: usize, text: &str| {
        let at = ruler.place(byte);
        format!("{}:{} {}", at.line, at.column, short(text))
    };
    let (mut words, mut places) = (Vec::new(), Vec::new());
    let mut at = 0;
    for piece in pieces(issue) {
        let Some((start, end)) = find(&piece, clean, at) else {
            words.push(place(at, piece.text));
            break;
        };
        if !scale.covers(piece.source, start, end) {
            places.push(place(start, piece.text));
        }
        at = end;
    }
    let rest = skip_blank(clean, at);
    if words.is_empty() && rest < clean.len() {
        words.push(place(rest, clean.get(rest..).unwrap_or("")));
    }
    proof.check(
        "clean.json 的文字就是 clean.md 的文字，一字不多，一字不少",
        "clean.json holds the text of clean.md, each character once",
        words,
    );
    for item in issue.furniture.iter().filter(|item| item.cut) {
        let text: String = item.source.iter().map(|range| scale.slice(*range)).collect();
        if text != item.text {
            places.push(format!("furniture: {}", short(&item.text)));
        }
    }
    proof.check(
        "clean.json 的每段文字都标明了在原文中的位置",
        "each piece of clean.json says where it stands in the source",
        places,
    );
}

/// All pieces in the order of the source; those that begin together stay in the order of the file.
fn pieces<'j>(issue: &'j CleanIssue) -> Vec<Piece<'j>> {
    let mut out = Vec::new();
    for article in &issue.articles {
        let (line, source) = (&article.headline, &article.headline.source);
        let parts = [(&line.kicker, &source.kicker), (&line.main, &source.main), (&line.sub, &source.sub)];
        for (text, source) in parts {
            out.extend(text.iter().map(|text| Piece { text, source, marked: true }));
        }
        out.extend(article.body.iter().map(|item| Piece {
            text: &item.text,
            source: &item.source,
            marked: item.kind == Kind::Heading,
        }));
    }
    let standing = issue.furniture.iter().filter(|item| !item.cut);
    out.extend(standing.map(|item| Piece { text: &item.text, source: &item.source, marked: false }));
    out.sort_by_key(|piece| piece.source.first().map_or(0, |range| range.start));
    out
}

/// Where the piece stands in the cleaned text, which must be next after `at`: only white space and heading marks may
/// stand between.
fn find(piece: &Piece, clean: &str, at: usize) -> Option<(usize, usize)> {
    let start = at + blank(clean.get(at..)?);
    let tries = [start, if piece.marked { skip_marks(clean, start) } else { start }, skip_blank(clean, start)];
    tries.into_iter().find_map(|start| Some((start, end_of(piece, clean, start)?)))
}

/// Where the piece ends when it begins at `start`. The lines of a headline are joined by a space.
fn end_of(piece: &Piece, clean: &str, start: usize) -> Option<usize> {
    if clean.get(start..)?.starts_with(piece.text) {
        return Some(start + piece.text.len());
    }
    if !piece.marked {
        return None;
    }
    let mut at = start;
    for c in piece.text.chars() {
        let rest = clean.get(at..)?;
        let gap = &rest[..blank(rest)];
        if c == ' ' && gap.contains(['\n', '\r']) {
            at = skip_marks(clean, at + gap.len());
        } else if rest.starts_with(c) {
            at += c.len_utf8();
        } else {
            return None;
        }
    }
    Some(at)
}

/// Bytes of white space at the start of a text.
fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// Behind the `#` marks at `at` and the space after them, where `at` is the first of its line.
fn skip_marks(clean: &str, at: usize) -> usize {
    let first = clean.get(..at).unwrap_or("").trim_end_matches([' ', '\t', '\u{3000}']);
    if !(first.is_empty() || first.ends_with(['\n', '\r'])) {
        return at;
    }
    let marks = clean.get(at..).unwrap_or("").bytes().take_while(|b| *b == b'#').count();
    at + marks + blank(clean.get(at + marks..).unwrap_or(""))
}

/// Behind white space and headings that have marks and no words.
fn skip_blank(clean: &str, mut at: usize) -> usize {
    loop {
        at += blank(clean.get(at..).unwrap_or(""));
        let next = skip_marks(clean, at);
        let alone = clean.get(at..next).unwrap_or("").contains(['\n', '\r']) || next == clean.len();
        if next == at || !alone {
            return at;
        }
        at = next;
    }
}

fn short(text: &str) -> String {
    text.chars().take(24).collect()
}

/// From source offsets to bytes of the cleaned text.
struct Scale<'s> {
    source: &'s str,
    ruler: Ruler<'s>,
    patches: Vec<Patch>,
}

/// An edit: bytes of the source, and bytes of the cleaned text.
#[derive(Clone, Copy)]
struct Patch {
    from: (usize, usize),
    to: (usize, usize),
}

impl<'s> Scale<'s> {
    fn new(source: &'s str, edits: &[Recorded]) -> Self {
        let ruler = Ruler::new(source);
        let mut patches: Vec<Patch> = Vec::with_capacity(edits.len());
        let mut done = (0, 0);
        for edit in edits {
            let from = (ruler.byte(edit.start), ruler.byte(edit.end));
            let start = done.1 + from.0.saturating_sub(done.0);
            let patch = Patch { from, to: (start, start + edit.new.len()) };
            done = (patch.from.1, patch.to.1);
            patches.push(patch);
        }
        Scale { source, ruler, patches }
    }

    fn slice(&self, range: Range) -> &'s str {
        self.source.get(self.ruler.byte(range.start)..self.ruler.byte(range.end)).unwrap_or("")
    }

    /// Whether the source ranges, the edits at their ends included, hold the bytes `start..end` of the cleaned text.
    fn covers(&self, ranges: &[Range], start: usize, end: usize) -> bool {
        let (Some(first), Some(last)) = (ranges.first(), ranges.last()) else {
            return false;
        };
        let ordered = ranges.iter().all(|r| r.start <= r.end) && ranges.windows(2).all(|w| w[0].end <= w[1].start);
        let from = self.ruler.byte(first.start);
        let before = self.patches.partition_point(|p| p.from.0 < from);
        let low = match before.checked_sub(1).and_then(|i| self.patches.get(i)) {
            None => from,
            Some(p) if from < p.from.1 => p.to.0,
            Some(p) => p.to.1 + (from - p.from.1),
        };
        let to = self.ruler.byte(last.end);
        let upto = self.patches.partition_point(|p| p.from.0 < to || p.from == (to, to));
        let high = match upto.checked_sub(1).and_then(|i| self.patches.get(i)) {
            None => to,
            Some(p) if to < p.from.1 => p.to.1,
            Some(p) => p.to.1 + (to - p.from.1),
        };
        ordered && low <= start && end <= high
    }
}
