//! docling's JSON: the parts of a document, which name each other, and a tree that says in which order they are read.

use super::json::{self, number, text_of};
use super::sheet::{Fault, Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use crate::source::{BBox, Unit};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let value = json::parse(text)?;
    if value.get("body").is_none() {
        return Err(json::unlike("body"));
    }
    let mut reader = Reader { document: &value, sheets: BTreeMap::new(), page: 1 };
    reader.tree("body");
    reader.tree("furniture");
    let engine = text_of(&value, &["version"]).map(|v| format!("docling {v}"));
    Ok(Plates { engine, sheets: reader.sheets.into_values().collect() })
}

struct Reader<'v> {
    document: &'v Value,
    /// By page number.
    sheets: BTreeMap<u64, Sheet>,
    /// The page of the last part; what has no place of its own stands on the same.
    page: u64,
}

impl<'v> Reader<'v> {
    /// The parts below a root, in order, each once: a circle of references ends where it began.
    fn tree(&mut self, root: &str) {
        let Some(root) = self.document.get(root) else { return };
        let mut seen = HashSet::new();
        let mut open: Vec<&'v Value> = children(root).rev().collect();
        while let Some(item) = open.pop() {
            let Some(path) = text_of(item, &["$ref", "cref"]) else { continue };
            let Some(part) = self.document.pointer(path.trim_start_matches('#')).filter(|_| seen.insert(path)) else {
                continue;
            };
            self.part(part);
            open.extend(children(part).rev());
            // Captions of pictures and tables are not among the children in all versions.
            let captions = part.get("captions").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            open.extend(captions.iter().rev());
        }
    }

    fn part(&mut self, part: &'v Value) {
        let label = text_of(part, &["label"]).unwrap_or("");
        let place = part.get("prov").and_then(|p| p.get(0));
        let page = place.and_then(|p| p.get("page_no")?.as_u64());
        self.page = page.unwrap_or(self.page);
        let size = self.size(self.page);
        let bbox = place.and_then(|p| from_top(p.get("bbox")?, size));
        let lines: Vec<Line> = match (text_of(part, &["text", "orig"]), part.get("data")) {
            (Some(text), _) => whole(text, bbox).into_iter().collect(),
            (None, Some(table)) => rows(table).iter().filter_map(|row| whole(row, bbox)).collect(),
            (None, None) => return,
        };
        if lines.is_empty() {
            return;
        }
        let furniture = text_of(part, &["content_layer"]) == Some("furniture");
        let kind =
            if furniture { RegionKind::Furniture } else { kind(label, part.get("level").and_then(Value::as_u64)) };
        let name = Some(self.page.to_string());
        let sheet = self.sheets.entry(self.page);
        let sheet = sheet.or_insert_with(|| Sheet { name, size, unit: Unit::Point, ordered: true, ..Sheet::default() });
        // The rows of a table follow each other line by line.
        sheet.regions.push(Region { kind, bbox, flow: Flow::Paragraphs, lines });
    }

    fn size(&self, page: u64) -> Option<[f32; 2]> {
        let size = self.document.get("pages")?.get(page.to_string())?.get("size")?;
        Some([size.get("width").and_then(number)?, size.get("height").and_then(number)?])
    }
}

fn children(part: &Value) -> std::slice::Iter<'_, Value> {
    part.get("children").and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter()
}

/// A box counted from the upper left corner. One that is counted from the foot of a page of unknown height is none.
fn from_top(bbox: &Value, size: Option<[f32; 2]>) -> Option<BBox> {
    let side = |key: &str| bbox.get(key).and_then(number);
    let (l, t, r, b) = (side("l")?, side("t")?, side("r")?, side("b")?);
    let (t, b) = match text_of(bbox, &["coord_origin"]) {
        Some("BOTTOMLEFT") => (size?[1] - t, size?[1] - b),
        _ => (t, b),
    };
    Some(BBox([l.min(r), t.min(b), l.max(r), t.max(b)]))
}

fn whole(text: &str, bbox: Option<BBox>) -> Option<Line> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| Line { bbox, words: vec![Word { text, bbox, ..Word::default() }] })
}

/// The rows of a table as lines of Markdown.
fn rows(table: &Value) -> Vec<String> {
    let grid = table.get("grid").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let row = |row: &Value| {
        let cells = row.as_array().map_or(&[][..], Vec::as_slice).iter();
        let text = cells.map(|cell| text_of(cell, &["text"]).unwrap_or("").trim()).collect::<Vec<_>>();
        text.iter().any(|t| !t.is_empty()).then(|| format!("| {} |", text.join(" | ")))
    };
    grid.iter().filter_map(row).collect()
}

/// What docling calls the parts of a document; its own Markdown gives a section heading of level 1 two marks.
fn kind(label: &str, level: Option<u64>) -> RegionKind {
    match label {
        "title" => RegionKind::Heading(1),
        "section_header" => RegionKind::Heading(level.unwrap_or(1).saturating_add(1).min(6) as u8),
        "page_header" | "page_footer" | "footnote" => RegionKind::Furniture,
        "caption" => RegionKind::Caption,
        "table" | "document_index" => RegionKind::Table,
        _ => RegionKind::Text,
    }
}
