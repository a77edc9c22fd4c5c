//! What the readers of engines' files have in common: the page as the engine saw it, before it is a text.
//!
//! Each reader turns its file into [`Sheet`]s; `assemble` puts their lines in reading order and makes one text of them,
//! with a [`crate::source::Token`] for everything that the engine boxed or scored.

use crate::source::{Alternative, BBox, Unit};
use std::ops::Range;

/// What an engine's file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Plates {
    /// The engine as the file names it: `tesseract 5.3.0`.
    pub engine: Option<String>,
    /// Its pages, in order.
    pub sheets: Vec<Sheet>,
}

/// One page image as an engine read it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sheet {
    /// Its label or number, where the file says one.
    pub name: Option<String>,
    /// File name of the image, where the file says one.
    pub image: Option<String>,
    /// Width and height in `unit`.
    pub size: Option<[f32; 2]>,
    /// What its boxes are measured in.
    pub unit: Unit,
    /// Whether the regions stand in reading order as they are; else the boxes decide.
    pub ordered: bool,
    /// How far the print falls from left to right, for its width (0.0175 is one degree); 0 where not known.
    pub skew: f32,
    /// What stands on it.
    pub regions: Vec<Region>,
}

/// A part of a page that the engine set apart: a column's paragraph, a headline, a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Region {
    /// What it is.
    pub kind: RegionKind,
    /// Its box.
    pub bbox: Option<BBox>,
    /// How its lines hang together.
    pub flow: Flow,
    /// Its lines, in order.
    pub lines: Vec<Line>,
}

/// What a region is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum RegionKind {
    /// Running text, or not said.
    #[default]
    Text,
    /// A heading of this level, from 1.
    Heading(u8),
    /// What stands under a picture or a table.
    Caption,
    /// A table, its text as the engine wrote it.
    Table,
    /// A folio, a running head or foot, a footnote.
    Furniture,
}

/// How the lines of a region hang together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flow {
    /// They are printed lines, and it is not said where a paragraph begins.
    #[default]
    Lines,
    /// The same, and the region is the next column of the text in the region before, whose last paragraph may go on in it.
    NextColumn,
    /// They are the printed lines of one paragraph.
    Paragraph,
    /// Each is a paragraph, or something else that stands on a line of its own.
    Paragraphs,
}

/// A printed line, or a paragraph where an engine does not say its lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    /// Its box.
    pub bbox: Option<BBox>,
    /// Its characters or words, in order.
    pub words: Vec<Word>,
}

/// A character or a word, as small as the engine says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Word {
    /// Its text.
    pub text: String,
    /// Its box.
    pub bbox: Option<BBox>,
    /// Whether the box is reckoned from the line's and not the engine's own.
    pub estimated: bool,
    /// How sure the engine was, 0 to 1.
    pub confidence: Option<f32>,
    /// Other readings, best first.
    pub alternatives: Vec<Alternative>,
    /// Where its text stands in the decoded text of the file, in bytes, escapes and all; `None` where it is not one stretch.
    pub raw: Option<Range<usize>>,
    /// Whether the engine put a space before it. Between Han characters the space does not come into the text.
    pub space_before: bool,
    /// Whether that space was read from the print like a character, and so comes into the text wherever it stands.
    pub printed_space: bool,
    /// Whether the line is cut here by a hyphen that is not in the text, so that the next line goes on with the same word.
    pub hyphenated: bool,
}

/// What is wrong with an engine's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Line and column, from 1, the column in characters; `None` where no one place is to blame.
    pub place: Option<(usize, usize)>,
    /// What, in both languages: Chinese, English.
    pub what: (String, String),
}

impl Fault {
    /// Something wrong with the file as a whole.
    pub fn whole(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Fault { place: None, what: (zh.into(), en.into()) }
    }

    /// Something wrong at a byte of the file's text.
    pub fn at(text: &str, byte: usize, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let before = text.get(..text.floor_char_boundary(byte)).unwrap_or(text);
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Fault { place: Some((line, column)), what: (zh.into(), en.into()) }
    }
}
