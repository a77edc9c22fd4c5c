//! Decoding: the bytes of one file become text, and every byte can be had back.
//!
//! Each stretch of text is encoded again as soon as it is decoded. Where that gives the same bytes, the encoding's name
//! is all that has to be kept; where it does not, the bytes are kept for as short a stretch as possible. Bytes that no
//! encoding makes text of become U+FFFD, one for each broken sequence, and are kept and reported.

use super::detect::{self, NotText};
use crate::source::{Origin, Segment, Trouble, TroubleKind};
use crate::text::SourceSpan;
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};
use std::ops::Range;

/// The text of one file. Spans count from its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte-order mark.
    pub text: String,
    /// WHATWG name of the encoding that most of it is in.
    pub encoding: &'static str,
    /// Whether the file began with a byte-order mark.
    pub bom: bool,
    /// How the bytes are had back; empty when the whole file is UTF-8 as it stands.
    pub segments: Vec<Segment>,
    /// What a person should see, in the order of the text.
    pub troubles: Vec<Trouble>,
}

/// Decodes the bytes of one file; `given` is taken for granted where there is no byte-order mark.
///
/// # Errors
/// Bytes that are no text at all.
pub fn decode(bytes: Vec<u8>, given: Option<&'static Encoding>) -> Result<Decoded, NotText> {
    let mark = detect::byte_order_mark(&bytes)?;
    let known = mark.map(|(encoding, _)| encoding).or(given).or_else(|| detect::utf16_without_mark(&bytes));
    if let Some(why) = detect::not_text(&bytes, known) {
        return Err(why);
    }
    let Some(base) = known.map(canonical) else {
        return Ok(match simdutf8::basic::from_utf8(&bytes) {
            Ok(text) => Decoded { text: text.to_owned(), encoding: UTF_8.name(), ..Decoded::default() },
            Err(_) => declared(&bytes).unwrap_or_else(|| mixed(&bytes)),
        });
    };
    let mut out = Builder::default();
    let length = mark.map_or(0, |(_, length)| length);
    let (head, body) = bytes.split_at_checked(length).unwrap_or((&[], &bytes));
    if !head.is_empty() {
        out.keep("", head);
    }
    match base {
        // A byte-order mark says what the file was meant to be; parts of it may still have come from elsewhere.
        _ if base == UTF_8 && mark.is_some() => lines_of_utf8(&mut out, body),
        _ if base == UTF_8 => out.utf8(body),
        _ if base == UTF_16LE || base == UTF_16BE => out.utf16(body, base),
        _ => out.legacy(body, base),
    }
    Ok(out.finish(base, mark.is_some()))
}

/// GBK is read and written as GB18030, which holds it.
fn canonical(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

/// An XML file in the encoding that it declares; `None` where it declares none, or another than it is in. One that is valid
/// UTF-8 is not asked: files are converted more often than their first line is.
fn declared(bytes: &[u8]) -> Option<Decoded> {
    let base = detect::declared(bytes).map(canonical)?;
    base.decode_without_bom_handling_and_without_replacement(bytes)?;
    let mut out = Builder::default();
    out.legacy(bytes, base);
    Some(out.finish(base, false))
}

/// A file that is not valid UTF-8 and says nothing of itself.
fn mixed(bytes: &[u8]) -> Decoded {
    let mut out = Builder::default();
    let base = detect::guess(bytes);
    if base == UTF_8 {
        lines_of_utf8(&mut out, bytes);
    } else {
        lines_of_legacy(&mut out, bytes, base);
    }
    out.finish(base, false)
}

/// UTF-8 in which single lines may be in another encoding.
fn lines_of_utf8(out: &mut Builder, bytes: &[u8]) {
    let broken = broken_lines(bytes);
    let lean = detect::lean(broken.iter().filter_map(|line| bytes.get(line.clone())));
    let mut done = 0;
    for line in broken {
        out.utf8(&bytes[done..line.start]);
        let here = &bytes[line.clone()];
        match detect::other_than_utf8(here, lean) {
            Some(encoding) => out.other(here, encoding),
            None => out.utf8(here),
        }
        done = line.end;
    }
    out.utf8(&bytes[done..]);
}

/// The lines, with their ends, that are not valid UTF-8.
fn broken_lines(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut done = 0;
    while let Err(e) = std::str::from_utf8(&bytes[done..]) {
        let bad = done + e.valid_up_to();
        let start = memchr::memrchr2(b'\n', b'\r', &bytes[done..bad]).map_or(done, |i| done + i + 1);
        let end = memchr::memchr2(b'\n', b'\r', &bytes[bad..]).map_or(bytes.len(), |i| bad + i + 1);
        out.push(start..end);
        done = end;
    }
    out
}

/// A national encoding in which single lines may be in another one.
fn lines_of_legacy(out: &mut Builder, bytes: &[u8], base: &'static Encoding) {
    let (mut pending, mut start) = (0, 0);
    while start < bytes.len() {
        let end = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |i| start + i + 1);
        if let Some(encoding) = detect::other_than(&bytes[start..end], base) {
            out.legacy(&bytes[pending..start], base);
            out.other(&bytes[start..end], encoding);
            pending = end;
        }
        start = end;
    }
    out.legacy(&bytes[pending..], base);
}

/// Broken sequences at most this many bytes of text apart (some five Han characters) are one trouble.
const CLOSE: usize = 16;

/// Collects text, segments and troubles; neighbours of one kind become one.
#[derive(Default)]
struct Builder {
    text: String,
    segments: Vec<Segment>,
    troubles: Vec<Trouble>,
}

impl Builder {
    /// Text that the encoding of this name gives back.
    fn encoded(&mut self, text: &str, name: &'static str) {
        if text.is_empty() {
            return;
        }
        let span = self.push(text);
        match self.segments.last_mut() {
            Some(last) if last.origin == Origin::Encoded(name) => last.span.end = span.end,
            // A line end between broken sequences is kept with them, or a file of nothing else would have millions of
            // segments.
            Some(Segment { span: last, origin: Origin::Raw(kept) })
                if !last.is_empty() && matches!(text, "\n" | "\r" | "\r\n") && name == UTF_8.name() =>
            {
                last.end = span.end;
                kept.extend_from_slice(text.as_bytes());
            }
            _ => self.segments.push(Segment { span, origin: Origin::Encoded(name) }),
        }
    }

    /// Text whose bytes have to be kept.
    fn keep(&mut self, text: &str, bytes: &[u8]) {
        let span = self.push(text);
        // A byte-order mark stays a segment of its own: it stands for no text.
        match self.segments.last_mut() {
            Some(Segment { span: last, origin: Origin::Raw(kept) }) if !last.is_empty() => {
                last.end = span.end;
                kept.extend_from_slice(bytes);
            }
            _ => self.segments.push(Segment { span, origin: Origin::Raw(bytes.to_vec()) }),
        }
    }

    /// A broken sequence. Those that stand close together in a line, or with nothing but line ends between them, are one
    /// thing to look at.
    fn broken(&mut self, bytes: &[u8]) {
        let start = self.text.len();
        self.keep("\u{FFFD}", bytes);
        let span = SourceSpan::new(start, self.text.len());
        let close = |end: usize| {
            let between = self.text.get(end..start).filter(|gap| gap.len() <= CLOSE);
            between.is_some_and(|gap| !gap.contains(['\n', '\r']) || gap.trim().is_empty())
        };
        match self.troubles.last_mut() {
            Some(Trouble { span: last, kind: TroubleKind::Undecodable(kept) }) if close(last.end) => {
                last.end = span.end;
                kept.extend_from_slice(bytes);
            }
            _ => self.troubles.push(Trouble { span, kind: TroubleKind::Undecodable(bytes.to_vec()) }),
        }
    }

    fn push(&mut self, text: &str) -> SourceSpan {
        let start = self.text.len();
        self.text.push_str(text);
        SourceSpan::new(start, self.text.len())
    }

    fn utf8(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            self.encoded(chunk.valid(), UTF_8.name());
            if !chunk.invalid().is_empty() {
                self.broken(chunk.invalid());
            }
        }
    }

    fn utf16(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        let (units, odd) = bytes.as_chunks::<2>();
        let little = encoding == UTF_16LE;
        let read = units.iter().map(|u| if little { u16::from_le_bytes(*u) } else { u16::from_be_bytes(*u) });
        let mut piece = String::new();
        for unit in char::decode_utf16(read) {
            match unit {
                Ok(c) => piece.push(c),
                Err(lone) => {
                    self.encoded(&std::mem::take(&mut piece), encoding.name());
                    let unit = lone.unpaired_surrogate();
                    self.broken(&if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
                }
            }
        }
        self.encoded(&piece, encoding.name());
        if !odd.is_empty() {
            self.broken(odd);
        }
    }

    /// Lines in another encoding than their file. Blank lines between two of them do not part them.
    fn other(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        let start = self.text.len();
        if encoding == UTF_8 {
            self.utf8(bytes)
        } else {
            self.legacy(bytes, encoding)
        }
        let end = self.text.trim_end_matches(['\n', '\r']).len().max(start);
        let gap = |from: usize| self.text.get(from..start).is_some_and(|between| between.trim().is_empty());
        match self.troubles.last_mut() {
            Some(Trouble { span, kind: TroubleKind::OtherEncoding(name) })
                if *name == encoding.name() && gap(span.end) =>
            {
                span.end = end;
            }
            _ => {
                let span = SourceSpan::new(start, end);
                self.troubles.push(Trouble { span, kind: TroubleKind::OtherEncoding(encoding.name()) });
            }
        }
    }

    /// Decodes a stretch in a national encoding.
    fn legacy(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        if encoding == ISO_2022_JP || encoding == REPLACEMENT {
            return self.with_state(bytes, encoding);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let (text, good, bad) = strict_prefix(rest, encoding);
            self.checked(&text, rest.get(..good).unwrap_or(&[]), encoding);
            if bad > good {
                self.broken(rest.get(good..bad).unwrap_or(&[]));
            }
            rest = rest.get(bad..).unwrap_or(&[]);
        }
    }

    /// Keeps of a decoded stretch what encoding does not give back: first whole, then line by line.
    fn checked(&mut self, text: &str, bytes: &[u8], encoding: &'static Encoding) {
        if gives_back(text, bytes, encoding) {
            return self.encoded(text, encoding.name());
        }
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            match encoding.decode_without_bom_handling_and_without_replacement(line) {
                Some(text) if gives_back(&text, line, encoding) => self.encoded(&text, encoding.name()),
                _ => self.one_by_one(line, encoding),
            }
        }
    }

    /// One character at a time: the shortest run of bytes that decodes.
    fn one_by_one(&mut self, mut bytes: &[u8], encoding: &'static Encoding) {
        while !bytes.is_empty() {
            let shortest = (1..=4).find_map(|n| {
                let head = bytes.get(..n)?;
                let text = encoding.decode_without_bom_handling_and_without_replacement(head)?;
                Some((text, head))
            });
            let used = match shortest {
                Some((text, head)) if gives_back(&text, head, encoding) => {
                    self.encoded(&text, encoding.name());
                    head.len()
                }
                Some((text, head)) => {
                    self.keep(&text, head);
                    head.len()
                }
                None => {
                    self.broken(&bytes[..1]);
                    1
                }
            };
            bytes = &bytes[used..];
        }
    }

    /// An encoding in which bytes mean something else after an escape sequence: whole lines are kept where encoding
    /// does not give them back.
    fn with_state(&mut self, bytes: &[u8], encoding: &'static Encoding) {
        for line in bytes.split_inclusive(|b| *b == b'\n') {
            let (text, broken) = encoding.decode_without_bom_handling(line);
            if !broken && gives_back(&text, line, encoding) {
                self.encoded(&text, encoding.name());
                continue;
            }
            let start = self.text.len();
            self.keep(&text, line);
            if broken {
                let span = SourceSpan::new(start, self.text.len());
                self.troubles.push(Trouble { span, kind: TroubleKind::Undecodable(line.to_vec()) });
            }
        }
    }

    fn finish(self, base: &'static Encoding, bom: bool) -> Decoded {
        let Builder { text, mut segments, troubles } = self;
        if base == UTF_8 && segments.iter().all(|s| s.origin == Origin::Encoded(UTF_8.name())) {
            segments.clear();
        }
        Decoded { text, encoding: base.name(), bom, segments, troubles }
    }
}

fn gives_back(text: &str, bytes: &[u8], encoding: &'static Encoding) -> bool {
    let (again, _, lacking) = encoding.encode(text);
    !lacking && *again == *bytes
}

/// Decodes up to the first broken sequence: the text, where the good bytes end, where the broken ones end.
fn strict_prefix(bytes: &[u8], encoding: &'static Encoding) -> (String, usize, usize) {
    /// Small enough that a file full of broken bytes costs no more than its length.
    const ROOM: usize = 1 << 13;
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(ROOM.min(bytes.len()));
    let mut done = 0;
    loop {
        text.reserve(ROOM.min(4 * (bytes.len() - done) + 16));
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[done..], &mut text, true);
        done += read;
        match result {
            DecoderResult::OutputFull => {}
            DecoderResult::InputEmpty => return (text, bytes.len(), bytes.len()),
            DecoderResult::Malformed(length, after) => {
                let bad = done.saturating_sub(after as usize);
                return (text, bad.saturating_sub(length as usize), bad);
            }
        }
    }
}
