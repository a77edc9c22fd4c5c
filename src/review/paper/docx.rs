//! The text of a document that came back from a word processor, with what is still marked in it.

use super::align::{Cell, Mark};
use crate::emit::docx::{AUTHOR, Missing, glyph, part};
use crate::reader::xml::{Child, Element, Xml, unescape};
use std::collections::{BTreeMap, BTreeSet};

/// What a document holds.
#[derive(Debug, Default)]
pub struct Document {
    /// Its characters.
    pub cells: Vec<Cell>,
    /// The cells behind the beginning and the end of each bookmark, by name.
    pub bookmarks: BTreeMap<String, (usize, usize)>,
    /// The ids of the findings that its comments speak of.
    pub asked: BTreeSet<String>,
}

/// Why a document cannot be read.
#[derive(Debug)]
pub enum Fault {
    /// The file is no package, or a broken one.
    Package,
    /// It unpacks to too much.
    Large,
    /// A part is no XML: why, in Chinese and in English.
    Xml(String, String),
}

/// Reads a document.
///
/// # Errors
/// See [`Fault`].
pub fn read(bytes: &[u8]) -> Result<Document, Fault> {
    let text = part(bytes, "word/document.xml")?;
    let xml = Xml::strict(&text)?;
    let mut reader = Reader::default();
    let all = Ink { ins: None, del: None };
    reader.children(xml.root()?, all);
    if reader.cells.last().is_some_and(|c| c.c == '\n') {
        // The end of the last paragraph is no line end of the text.
        reader.cells.pop();
    }
    let mut document = signs_resolved(reader);
    document.asked = asked(bytes)?;
    Ok(document)
}

impl From<Missing> for Fault {
    fn from(missing: Missing) -> Fault {
        match missing {
            Missing::Large => Fault::Large,
            _ => Fault::Package,
        }
    }
}

impl From<crate::reader::xml::Fault> for Fault {
    fn from(fault: crate::reader::xml::Fault) -> Fault {
        Fault::Xml(fault.what.0, fault.what.1)
    }
}

/// The findings that the comments name, in the last words of each.
fn asked(bytes: &[u8]) -> Result<BTreeSet<String>, Fault> {
    let text = match part(bytes, "word/comments.xml") {
        Ok(text) => text,
        Err(Missing::Absent) => return Ok(BTreeSet::new()),
        Err(other) => return Err(other.into()),
    };
    let xml = Xml::strict(&text)?;
    let name = format!("{AUTHOR} ");
    let named = |comment: Element| {
        let text: String = comment.texts().map(|t| unescape(comment.slice(t)).into_owned()).collect();
        let (_, id) = text.rsplit_once(&name)?;
        id.get(..10).filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric())).map(str::to_owned)
    };
    Ok(xml.root()?.elements().filter(|e| e.is("comment")).filter_map(named).collect())
}

/// Whose marks a piece of text stands under: the program's (`true`) or somebody's.
#[derive(Clone, Copy)]
struct Ink {
    ins: Option<bool>,
    del: Option<bool>,
}

impl Ink {
    /// What is to become of such a piece.
    fn mark(self) -> Mark {
        match (self.ins, self.del) {
            (_, Some(false)) => Mark::TheirDel,
            (_, Some(true)) => Mark::Del,
            (Some(true), None) => Mark::Ins,
            (Some(false), None) => Mark::TheirIns,
            (None, None) => Mark::Kept,
        }
    }
}

#[derive(Default)]
struct Reader {
    cells: Vec<Cell>,
    /// Bookmarks that have begun, by their number in the file.
    begun: BTreeMap<String, (String, usize)>,
    bookmarks: BTreeMap<String, (usize, usize)>,
}

impl Reader {
    fn children(&mut self, element: Element, ink: Ink) {
        for child in element.elements() {
            self.element(child, ink);
        }
    }

    fn element(&mut self, element: Element, ink: Ink) {
        let ours = |e: Element| e.get("author").is_some_and(|a| a.starts_with(AUTHOR));
        match element.name() {
            "p" => {
                self.children(element, ink);
                let mut end = ink;
                let own = element.child("pPr").and_then(|p| p.child("rPr"));
                if let Some(ins) = own.and_then(|r| r.child("ins")) {
                    end.ins = Some(ours(ins));
                }
                if let Some(del) = own.and_then(|r| r.child("del")) {
                    end.del = Some(ours(del));
                }
                self.push('\n', end);
            }
            "ins" | "moveTo" => self.children(element, Ink { ins: Some(ours(element)), ..ink }),
            "del" | "moveFrom" => self.children(element, Ink { del: Some(ours(element)), ..ink }),
            "t" | "delText" => {
                for child in element.children() {
                    if let Child::Text(start, end) = child {
                        let text = unescape(element.slice(start..end));
                        text.chars().for_each(|c| self.push(c, ink));
                    }
                }
            }
            "tab" => self.push('\t', ink),
            "cr" => self.push('\n', ink),
            "br" if element.raw("type").is_none() => self.push('\n', ink),
            "noBreakHyphen" => self.push('\u{2011}', ink),
            "softHyphen" => self.push('\u{AD}', ink),
            "bookmarkStart" => {
                if let (Some(id), Some(name)) = (element.get("id"), element.get("name")) {
                    self.begun.insert(id.into_owned(), (name.into_owned(), self.cells.len()));
                }
            }
            "bookmarkEnd" => {
                let begun = element.get("id").and_then(|id| self.begun.remove(id.as_ref()));
                if let Some((name, start)) = begun {
                    self.bookmarks.insert(name, (start, self.cells.len()));
                }
            }
            // Properties, pictures and the text in them, and the instructions of fields.
            "pPr" | "rPr" | "sectPr" | "tblPr" | "trPr" | "tcPr" | "sdtPr" | "drawing" | "pict" | "object"
            | "AlternateContent" | "instrText" | "delInstrText" => {}
            _ => self.children(element, ink),
        }
    }

    fn push(&mut self, c: char, ink: Ink) {
        // What the program put in and a person took out again is as if it had never been.
        let mark = ink.mark();
        if !(mark == Mark::TheirDel && ink.ins.is_some()) {
            self.cells.push(Cell { c, mark });
        }
    }
}

/// The document with `⟦U+000B⟧` and its like as the characters they stand for.
fn signs_resolved(reader: Reader) -> Document {
    let Reader { cells, bookmarks, .. } = reader;
    let (mut out, mut now) = (Vec::with_capacity(cells.len()), Vec::with_capacity(cells.len() + 1));
    let mut at = 0;
    while let Some(cell) = cells.get(at) {
        let same = cells.get(at..).unwrap_or(&[]).iter().take_while(|c| c.mark == cell.mark).map(|c| c.c);
        let (c, length) = glyph::signed(same).unwrap_or((cell.c, 1));
        now.extend(std::iter::repeat_n(out.len(), length));
        out.push(Cell { c, mark: cell.mark });
        at += length;
    }
    now.push(out.len());
    let place = |at: usize| now.get(at).copied().unwrap_or(out.len());
    let bookmarks = bookmarks.into_iter().map(|(name, (from, to))| (name, (place(from), place(to)))).collect();
    Document { cells: out, bookmarks, asked: BTreeSet::new() }
}
