//! The files of OCR engines with the corrections in them: copies of ALTO, PAGE XML and hOCR in which the text of each token is
//! what the cleaned text has for it.
//!
//! A file in which nothing was changed comes out byte for byte as it was. An edit that has no token (a line end that was taken
//! out, the mark of a heading) changes nothing in the file: what it says there is where the token stands on the page.

use crate::pipeline::Run;
use crate::reader::{Amended, Decoded, Splice, amend, encode, is_amendable};
use crate::source::{Origin, Token};
use crate::text::SourceSpan;
use encoding_rs::Encoding;
use std::ops::Range;

/// The bytes of a copy of a file of the run's source, or `None` where no token of it was changed or it has no place for
/// corrections. `decoded` is the file as it was read.
pub fn copy(run: &Run, file: usize, decoded: &Decoded) -> Option<Vec<u8>> {
    let splices = splices(run, file, &decoded.text);
    (!splices.is_empty()).then(|| bytes(decoded, &splices))
}

/// What has to change in the decoded text of a file, in its order and without overlap.
pub fn splices(run: &Run, file: usize, text: &str) -> Vec<Splice> {
    let source = run.source();
    let Some(file) = source.files.get(file).filter(|file| is_amendable(file.format)) else { return Vec::new() };
    let Some(scan) = &file.scan else { return Vec::new() };
    let new = corrected(run, &scan.tokens);
    let tokens = scan.tokens.iter().zip(new).filter_map(|(token, new)| {
        let old = token.span.of(&source.text).to_owned();
        Some(Amended { raw: token.raw.clone()?, new: new.unwrap_or_else(|| old.clone()), old })
    });
    amend(file.format, text, tokens.collect())
}

/// The text of each token with the edits in force, where it is another than before.
fn corrected(run: &Run, tokens: &[Token]) -> Vec<Option<String>> {
    let text = &run.source().text;
    let mut new: Vec<Option<String>> = vec![None; tokens.len()];
    // From the back, so that what is still to be done keeps its place.
    for applied in run.document.applied().iter().rev() {
        for piece in pieces(text, applied.edit.span, &applied.edit.text, tokens).into_iter().rev() {
            let (Some(token), Some(slot)) = (tokens.get(piece.token), new.get_mut(piece.token)) else { continue };
            let own = slot.get_or_insert_with(|| token.span.of(text).to_owned());
            let place = piece.span.start - token.span.start..piece.span.end - token.span.start;
            if own.get(place.clone()).is_some() {
                own.replace_range(place, &piece.text);
            }
        }
    }
    new
}

/// What an edit does to one token.
struct Piece {
    token: usize,
    /// What is replaced, inside the token.
    span: Range<usize>,
    text: String,
}

/// An edit by tokens: character for character where it replaces as many as it takes, else all of its text goes to the first
/// token that it touches and the others lose what it takes from them.
fn pieces(text: &str, span: SourceSpan, new: &str, tokens: &[Token]) -> Vec<Piece> {
    let old = span.of(text);
    let head: usize = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (old.get(head..).unwrap_or(""), new.get(head..).unwrap_or(""));
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, new) = (old.get(..old.len() - tail).unwrap_or(""), new.get(..new.len() - tail).unwrap_or(""));
    let start = span.start + head;
    if old.is_empty() {
        return insertion(start, new, tokens).into_iter().collect();
    }
    if old.chars().count() == new.chars().count() {
        let places = old.char_indices().map(|(at, c)| start + at..start + at + c.len_utf8());
        let each = places.zip(new.chars()).map(|(place, c)| over(place, &c.to_string(), tokens));
        return each.flatten().collect();
    }
    over(start..start + old.len(), new, tokens)
}

/// A replacement over all tokens that share a character with it.
fn over(place: Range<usize>, new: &str, tokens: &[Token]) -> Vec<Piece> {
    let from = tokens.partition_point(|t| t.span.end <= place.start);
    let touched = tokens.iter().enumerate().skip(from).take_while(|(_, t)| t.span.start < place.end);
    let mut text = in_line(new);
    touched
        .map(|(token, t)| {
            let span = place.start.max(t.span.start)..place.end.min(t.span.end);
            Piece { token, span, text: std::mem::take(&mut text) }
        })
        .collect()
}

/// New text goes to the token that it stands in, or the one before it, or the one behind it. Marks of Markdown and line ends
/// belong to no token.
fn insertion(at: usize, new: &str, tokens: &[Token]) -> Option<Piece> {
    let text = in_line(new);
    if text.chars().all(|c| c.is_whitespace() || c == '#') {
        return None;
    }
    let next = tokens.partition_point(|t| t.span.end < at);
    let token = tokens.get(next).filter(|t| t.span.start <= at)?;
    debug_assert!(token.span.end >= at);
    Some(Piece { token: next, span: at..at, text })
}

/// Text without line ends, which a token cannot have.
fn in_line(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect()
}

/// The bytes of a decoded text after the splices; what lies between them is given back as it was.
fn bytes(decoded: &Decoded, splices: &[Splice]) -> Vec<u8> {
    let text = &decoded.text;
    let mut out = Vec::with_capacity(text.len());
    let whole = [(SourceSpan::new(0, text.len()), None)];
    let segments: Vec<(SourceSpan, Option<&Origin>)> = match decoded.segments.is_empty() {
        true => whole.to_vec(),
        false => decoded.segments.iter().map(|s| (s.span, Some(&s.origin))).collect(),
    };
    let mut left = splices.iter().peekable();
    let mut at = 0;
    for (span, origin) in segments {
        let name = match origin {
            Some(Origin::Encoded(name)) => name,
            _ => decoded.encoding,
        };
        if let Some(Origin::Raw(kept)) = origin
            && left.peek().is_none_or(|next| next.at.start >= span.end)
            && at <= span.start
        {
            out.extend_from_slice(kept);
            continue;
        }
        at = at.max(span.start);
        while let Some(next) = left.next_if(|next| next.at.start < span.end) {
            out.extend(encoded(text.get(at..next.at.start).unwrap_or(""), name));
            out.extend(encoded(&next.text, name));
            at = next.at.end;
        }
        if at < span.end {
            out.extend(encoded(text.get(at..span.end).unwrap_or(""), name));
            at = span.end;
        }
    }
    out
}

/// Text in an encoding; a character that it lacks as a reference, which XML and HTML read as the character.
fn encoded(text: &str, name: &str) -> Vec<u8> {
    encode(text, name).unwrap_or_else(|| match Encoding::for_label(name.as_bytes()) {
        Some(encoding) => encoding.encode(text).0.into_owned(),
        None => text.as_bytes().to_vec(),
    })
}
