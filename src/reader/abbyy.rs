//! ABBYY FineReader XML: blocks, paragraphs, lines and characters, each with its box and its confidence.
//!
//! Schema: <https://support.abbyy.com/hc/en-us/articles/360017326719>, "FineReader_xml" 6 to 10.

use super::hyphen;
use super::sheet::{Fault, Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use super::xml::{Child, Element, Xml, root_name, trimmed, unescape};
use crate::source::{Alternative, BBox};
use memchr::memmem;

/// What only ABBYY writes stands in the head of the file.
const HEAD: usize = 1 << 14;

/// Whether a text begins like one.
pub(super) fn is(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text);
    let has = |mark: &str| memmem::find(head.as_bytes(), mark.as_bytes()).is_some();
    (has("FineReader_xml") || has("blockType=") || has("charParams"))
        && root_name(text).is_some_and(|name| ["document", "page"].iter().any(|root| name.eq_ignore_ascii_case(root)))
}

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let xml = Xml::strict(text)?;
    let root = xml.root()?;
    let pages: Vec<_> = if root.is("page") { vec![root] } else { root.elements().filter(|e| e.is("page")).collect() };
    if pages.is_empty() {
        return Err(Fault::whole("里面没有 <page>", "there is no <page> in it"));
    }
    let engine = root.get("producer").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty());
    Ok(Plates { engine, sheets: pages.into_iter().map(|page| sheet(text, page)).collect() })
}

fn sheet(text: &str, page: Element) -> Sheet {
    let size = page.number("width").zip(page.number("height")).map(|(w, h)| [w, h]);
    let mut regions = Vec::new();
    for block in page.elements().filter(|e| e.is("block")) {
        let kind = match block.get("blockType").as_deref() {
            Some("Table") => RegionKind::Table,
            _ => RegionKind::Text,
        };
        for par in block.within().filter(|e| e.is("par")) {
            let lines = par.elements().filter(|e| e.is("line")).map(|l| line(text, l));
            let mut lines: Vec<_> = lines.filter(|l| !l.words.is_empty()).collect();
            hyphen::take_off(&mut lines);
            if !lines.is_empty() {
                let around = lines.iter().filter_map(|l| l.bbox).reduce(BBox::around);
                regions.push(Region { kind, bbox: around.or(bbox(block)), flow: Flow::Paragraph, lines });
            }
        }
    }
    Sheet { size, ordered: true, regions, ..Sheet::default() }
}

fn line(text: &str, line: Element) -> Line {
    let mut out = Line { bbox: bbox(line), words: Vec::new() };
    let mut space = false;
    for formatting in line.elements().filter(|e| e.is("formatting")) {
        for child in formatting.children() {
            match child {
                Child::Element(e) if e.is("charParams") => character(text, e, &mut space, &mut out.words),
                // Without characters of its own the text stands here directly.
                Child::Text(start, end) => {
                    let raw = trimmed(text, start..end);
                    if raw.is_empty() {
                        continue;
                    }
                    let read = unescape(formatting.slice(raw.clone())).into_owned();
                    let space_before = !out.words.is_empty() && (space || raw.start > start);
                    space = raw.end < end;
                    out.words.push(Word {
                        text: read,
                        bbox: out.bbox,
                        raw: Some(raw),
                        space_before,
                        ..Word::default()
                    });
                }
                Child::Element(_) => {}
            }
        }
    }
    out
}

/// One character; a space is kept for the next one.
fn character(text: &str, element: Element, space: &mut bool, words: &mut Vec<Word>) {
    let direct = element.children().filter_map(|c| match c {
        Child::Text(start, end) => Some(start..end),
        Child::Element(_) => None,
    });
    let places: Vec<_> = direct.collect();
    let written = places.iter().map(|p| trimmed(text, p.clone())).find(|p| !p.is_empty());
    let Some(raw) = written else {
        *space |= !places.is_empty();
        return;
    };
    let read = unescape(element.slice(raw.clone())).into_owned();
    let variants = element.within().filter(|e| e.is("charRecVariant"));
    let variants = variants.map(|v| Alternative { text: v.text(), confidence: confidence(v) });
    let alternatives = variants.filter(|a| !a.text.is_empty() && a.text != read).collect();
    let space_before = std::mem::take(space) && !words.is_empty();
    let (bbox, confidence) = (bbox(element), confidence(element));
    words.push(Word { text: read, bbox, confidence, alternatives, raw: Some(raw), space_before, ..Word::default() });
}

/// Percent; −1 and 255 say that it is not known.
fn confidence(element: Element) -> Option<f32> {
    element.number("charConfidence").filter(|c| (0.0..=100.0).contains(c)).map(|c| c / 100.0)
}

fn bbox(element: Element) -> Option<BBox> {
    let side = |name| element.number(name);
    Some(BBox([side("l")?, side("t")?, side("r")?, side("b")?]))
}
