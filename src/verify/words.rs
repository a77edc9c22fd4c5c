//! The last part of the proof: `clean.json` holds the text of `clean.md`, each character once, where it says it is.

use super::Proof;
use super::replay::Recorded;
use crate::emit::contract::{CleanIssue, FurnitureItem, Kind, Range};
use crate::text::Ruler;

/// A piece of text that `clean.json` holds.
struct Piece<'j> {
    text: &'j str,
    source: &'j [Range],
    /// Heading marks may stand before each of its lines.
    marked: bool,
    /// Page furniture that stands between its lines.
    inner: Vec<&'j FurnitureItem<'j>>,
}

impl<'j> Piece<'j> {
    fn new(text: &'j str, source: &'j [Range], marked: bool) -> Self {
        Piece { text, source, marked, inner: Vec::new() }
    }
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
        let Some(found) = find(&piece, clean, at) else {
            words.push(place(at, piece.text));
            break;
        };
        let own = [(piece.text, piece.source, found.span)];
        let inner =
            piece.inner.iter().zip(&found.inner).map(|(item, span)| (item.text.as_ref(), &item.source[..], *span));
        for (text, source, (start, end)) in own.into_iter().chain(inner) {
            if !scale.covers(source, start, end) {
                places.push(place(start, text));
            }
        }
        at = found.span.1;
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
            out.extend(text.iter().map(|text| Piece::new(text, source, true)));
        }
        out.extend(article.body.iter().map(|item| Piece::new(&item.text, &item.source, item.kind == Kind::Heading)));
    }
    out.sort_by_key(|piece| start_of(piece.source));
    let mut alone = Vec::new();
    for item in issue.furniture.iter().filter(|item| !item.cut) {
        let at = start_of(&item.source);
        let before = out.partition_point(|piece| start_of(piece.source) <= at).checked_sub(1);
        let around =
            before.and_then(|i| out.get_mut(i)).filter(|p| p.marked && p.source.last().is_some_and(|r| at < r.start));
        match around {
            Some(headline) => headline.inner.push(item),
            None => alone.push(Piece::new(&item.text, &item.source, false)),
        }
    }
    out.extend(alone);
    out.sort_by_key(|piece| start_of(piece.source));
    out
}

fn start_of(source: &[Range]) -> usize {
    source.first().map_or(0, |range| range.start)
}

/// Where a piece stands in the cleaned text: from, to, and the same for the furniture between its lines.
struct Found {
    span: (usize, usize),
    inner: Vec<(usize, usize)>,
}

/// Where the piece stands in the cleaned text, which must be next after `at`: only white space and heading marks may
/// stand between.
fn find(piece: &Piece, clean: &str, at: usize) -> Option<Found> {
    let start = at + blank(clean.get(at..)?);
    let tries = [start, if piece.marked { skip_marks(clean, start) } else { start }, skip_blank(clean, start)];
    tries.into_iter().find_map(|start| {
        let (end, inner) = end_of(piece, clean, start)?;
        Some(Found { span: (start, end), inner })
    })
}

/// Where the piece ends when it begins at `start`, and where the furniture between its lines stands. The lines of a
/// headline are joined by a space.
fn end_of(piece: &Piece, clean: &str, start: usize) -> Option<(usize, Vec<(usize, usize)>)> {
    if clean.get(start..)?.starts_with(piece.text) && piece.inner.is_empty() {
        return Some((start + piece.text.len(), Vec::new()));
    }
    if !piece.marked {
        return None;
    }
    let (mut at, mut inner) = (start, Vec::new());
    for c in piece.text.chars() {
        let rest = clean.get(at..)?;
        let gap = rest.get(..blank(rest))?;
        if c == ' ' && gap.contains(['\n', '\r']) {
            at += gap.len();
            while let Some(item) =
                piece.inner.get(inner.len()).filter(|i| clean.get(at..).unwrap_or("").starts_with(&*i.text))
            {
                let end = at + item.text.len();
                inner.push((at, end));
                at = end + blank(clean.get(end..).unwrap_or(""));
            }
            at = skip_marks(clean, at);
        } else if rest.starts_with(c) {
            at += c.len_utf8();
        } else {
            return None;
        }
    }
    (inner.len() == piece.inner.len()).then_some((at, inner))
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
