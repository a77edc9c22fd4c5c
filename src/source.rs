//! The source: what the input says, decoded, and how to give its bytes back.

mod format;
mod scan;

pub use format::Format;
pub use scan::{Alternative, BBox, Scan, SheetInfo, Token, Unit};

use crate::error::Error;
use crate::text::SourceSpan;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use sha2::{Digest, Sha256};

/// The text of one issue as it came in. It never changes.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// The id: the folder's name, or the file's name without its format extension.
    pub id: String,
    /// The decoded text of all pages in order, with [`PAGE_BREAK`] between two of them.
    pub text: String,
    /// The files it was read from, in the order of their text.
    pub files: Vec<SourceFile>,
    /// What the decoder met that a person should see, in the order of the text.
    pub troubles: Vec<Trouble>,
    /// Other readings of its pages, in the order of the pages and of the readings' names.
    pub witnesses: Vec<Witness>,
    /// What the files say of the issue beside its text.
    pub imprint: Imprint,
    /// Why other readings could not be read; the issue is cleaned without them.
    pub unread: Vec<Error>,
}

/// What a METS file says of the issue as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imprint {
    /// The newspaper's name.
    pub newspaper: Option<String>,
    /// The day it came out.
    pub date: Option<jiff::civil::Date>,
}

/// Another reading of one page: what a second engine, or another printing, has for it.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The name that findings and decisions give it: its file's name, or the issue that a reprint stands in.
    pub name: String,
    /// Number of the page in [`Source::files`] that it is a reading of.
    pub of: usize,
    /// Whether it is another printing of some passages, and not another reading of this page: there text may have been
    /// edited, and what it lacks says nothing.
    pub reprint: bool,
    /// What it reads; it has one file and no witnesses of its own.
    pub reading: Source,
}

/// What stands between two pages in the text of an issue: a blank line, so that a page begins a paragraph of its own
/// until the layout stage joins it to the page before.
pub const PAGE_BREAK: &str = "\n\n";

/// One input file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its name: for a page of a folder, the path inside the folder.
    pub name: String,
    /// The page it holds, where the issue is a folder.
    pub page: Option<String>,
    /// The names of all files that show this page (its witnesses), the one that was read first; empty where there is
    /// but one.
    pub witnesses: Vec<String>,
    /// What sort of file it is.
    pub format: Format,
    /// Where its text stands on the page image, for a file of an OCR engine.
    pub scan: Option<Scan>,
    /// Its text inside [`Source::text`], page break not counted.
    pub span: SourceSpan,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// WHATWG name of the encoding that most of it is in.
    pub encoding: &'static str,
    /// Whether the file began with a byte-order mark.
    pub bom: bool,
    /// How the bytes are had back, piece by piece and without a gap; empty when the whole file is UTF-8 as it stands.
    pub segments: Vec<Segment>,
}

/// A stretch of a file and the bytes behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its text; empty for bytes that stand for no text (a byte-order mark).
    pub span: SourceSpan,
    /// Where the bytes come from.
    pub origin: Origin,
}

/// How the bytes of a segment are had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By encoding the text with the encoding of this WHATWG name.
    Encoded(&'static str),
    /// They are kept, because no encoder gives them back.
    Raw(Vec<u8>),
}

/// Something about the bytes of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The text that stands for the bytes.
    pub span: SourceSpan,
    /// What it is.
    pub kind: TroubleKind,
}

/// What can be wrong with bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// No encoding makes text of these bytes; U+FFFD stands for them.
    Undecodable(Vec<u8>),
    /// This stretch is in another encoding (WHATWG name) than the rest of its file.
    OtherEncoding(&'static str),
}

impl SourceFile {
    /// Whether the file is UTF-8 text as it stands, without a byte-order mark.
    pub fn is_plain(&self) -> bool {
        self.format.is_text() && self.segments.is_empty() && !self.bom && self.encoding == "UTF-8"
    }
}

impl Source {
    /// A source of one UTF-8 file, for tests and for callers that have text at hand.
    pub fn from_text(id: &str, file: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        let file = SourceFile {
            name: file.to_owned(),
            page: None,
            witnesses: Vec::new(),
            format: Format::Text,
            scan: None,
            span: SourceSpan::new(0, text.len()),
            sha256: sha256_hex(text.as_bytes()),
            encoding: "UTF-8",
            bom: false,
            segments: Vec::new(),
        };
        Source { id: id.to_owned(), text, files: vec![file], ..Source::default() }
    }

    /// Whether the input is one UTF-8 file as it stands, so that offsets count in the file itself. A folder is not,
    /// even of one page.
    pub fn is_plain(&self) -> bool {
        matches!(self.files.as_slice(), [only] if only.is_plain() && only.page.is_none())
    }

    /// The bytes of a file of text, made again from its text and its segments; `None` where there is no such file, or it is
    /// an engine's, whose text is only part of it.
    ///
    /// They are the bytes that were read, whatever those were: the reader keeps what no encoder gives back.
    pub fn bytes_of(&self, file: usize) -> Option<Vec<u8>> {
        let file = self.files.get(file).filter(|file| file.format.is_text())?;
        if file.segments.is_empty() {
            return Some(file.span.of(&self.text).as_bytes().to_vec());
        }
        let mut out = Vec::new();
        for segment in &file.segments {
            match &segment.origin {
                Origin::Raw(bytes) => out.extend_from_slice(bytes),
                Origin::Encoded(name) => out.extend(encode(segment.span.of(&self.text), name)?),
            }
        }
        Some(out)
    }

    /// The file that a byte offset of the text lies in; a page break belongs to the page before it.
    pub fn file_at(&self, at: usize) -> Option<&SourceFile> {
        let next = self.files.partition_point(|f| f.span.start <= at);
        self.files.get(next.saturating_sub(1))
    }
}

/// Text in the encoding of a WHATWG name; `None` where there is no such encoding or it lacks a character.
pub fn encode(text: &str, name: &str) -> Option<Vec<u8>> {
    let encoding = Encoding::for_label(name.as_bytes())?;
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lacking) = encoding.encode(text);
    (!lacking).then(|| bytes.into_owned())
}

/// SHA-256 of bytes in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
