//! MinerU's JSON: `content_list.json` (what stands on the pages, in reading order; two versions) and `middle.json` (the
//! same with lines and spans).

use super::json::{self, Quad, any, number, quad, score, text_of};
use super::sheet::{Fault, Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use crate::source::{BBox, Unit};
use serde_json::Value;

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let value = json::parse(text)?;
    let sheets = match &value {
        Value::Object(_) => match value.get("pdf_info").and_then(Value::as_array) {
            Some(pages) => pages.iter().enumerate().map(|(n, page)| middle(n, page)).collect(),
            None => return Err(json::unlike("pdf_info")),
        },
        Value::Array(items) if items.iter().all(Value::is_array) => {
            let page =
                |(n, page): (usize, &Value)| sheet(n as u64, page.as_array().map_or(&[][..], Vec::as_slice).iter());
            items.iter().enumerate().map(page).collect()
        }
        Value::Array(items) => by_page(items),
        _ => return Err(json::unlike("content_list")),
    };
    let engine = text_of(&value, &["_version_name"]).map(|version| format!("mineru {version}"));
    Ok(Plates { engine, sheets })
}

/// The pages of the first version, where every item names its page.
fn by_page(items: &[Value]) -> Vec<Sheet> {
    let mut pages: std::collections::BTreeMap<u64, Vec<&Value>> = std::collections::BTreeMap::new();
    let mut last = 0;
    for item in items {
        last = item.get("page_idx").and_then(Value::as_u64).unwrap_or(last);
        pages.entry(last).or_default().push(item);
    }
    pages.into_iter().map(|(n, items)| sheet(n, items.into_iter())).collect()
}

fn sheet<'v>(number: u64, items: impl Iterator<Item = &'v Value> + Clone) -> Sheet {
    // Boxes are thousandths of the page; a variant of the second version gives them as fractions of 1.
    let boxes = items.clone().filter_map(|i| i.get("bbox").and_then(quad)).map(Quad::bbox);
    let fractions = boxes.map(|b| b.0[2].max(b.0[3])).fold(0.0, f32::max) <= 1.0;
    let scale = if fractions { 1000.0 } else { 1.0 };
    let regions = items.flat_map(|item| {
        let bbox = item.get("bbox").and_then(quad).map(|q| BBox(q.bbox().0.map(|v| v * scale)));
        parts(item, bbox)
    });
    let name = Some(number.saturating_add(1).to_string());
    Sheet { name, unit: Unit::Thousandth, ordered: true, regions: regions.collect(), ..Sheet::default() }
}

/// What an item says, part by part.
fn parts(item: &Value, bbox: Option<BBox>) -> Vec<Region> {
    let what = text_of(item, &["type"]).unwrap_or("");
    let content = item.get("content").unwrap_or(&Value::Null);
    let level = any(item, &["text_level"]).or_else(|| any(content, &["level"])).and_then(Value::as_u64);
    let kind = kind(what, level);
    let mut out = Vec::new();
    let mut add = |kind: RegionKind, texts: Vec<String>| {
        let lines: Vec<Line> = texts.iter().filter_map(|text| whole(text, bbox)).collect();
        if !lines.is_empty() {
            out.push(Region { kind, bbox, flow: Flow::Paragraphs, lines });
        }
    };
    for value in [item, content] {
        let Value::Object(keys) = value else { continue };
        let ending = |end: &str| keys.iter().filter(|(k, _)| k.ends_with(end)).flat_map(|(_, v)| texts(v)).collect();
        let captions: Vec<String> = ending("_caption");
        let above = matches!(kind, RegionKind::Table);
        if above {
            add(RegionKind::Caption, captions.clone());
        }
        for key in ["text", "table_body", "html", "code_body", "list_items"] {
            add(kind, keys.get(key).map(texts).unwrap_or_default());
        }
        add(kind, ending("_content"));
        if !above {
            add(RegionKind::Caption, captions);
        }
        add(
            RegionKind::Caption,
            keys.iter().filter(|(k, _)| is_note_of_figure(k)).flat_map(|(_, v)| texts(v)).collect(),
        );
    }
    if let Value::String(text) = content {
        add(kind, vec![text.clone()]);
    }
    out
}

fn is_note_of_figure(key: &str) -> bool {
    matches!(key, "image_footnote" | "table_footnote" | "chart_footnote" | "code_footnote")
}

/// The texts of a value: a string, a list of strings, the pieces of one line, or a list of items of such lines.
fn texts(value: &Value) -> Vec<String> {
    let piece = |v: &Value| text_of(v, &["content", "text"]).map(str::to_owned);
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) if items.iter().any(|i| piece(i).is_some()) => {
            vec![items.iter().filter_map(piece).collect::<String>()]
        }
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(keys) => {
            keys.iter().filter(|(k, _)| k.ends_with("_content")).flat_map(|(_, v)| texts(v)).collect()
        }
        _ => Vec::new(),
    }
}

/// A text that is not divided into printed lines.
fn whole(text: &str, bbox: Option<BBox>) -> Option<Line> {
    let text = text.split(['\n', '\r']).map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| Line { bbox, words: vec![Word { text, bbox, ..Word::default() }] })
}

fn kind(what: &str, level: Option<u64>) -> RegionKind {
    let level = level.map(|l| l.clamp(0, 6) as u8);
    match what {
        "title" => RegionKind::Heading(level.unwrap_or(1).max(1)),
        "table" | "table_body" => RegionKind::Table,
        "header" | "footer" | "page_number" | "aside_text" | "page_header" | "page_footer" | "page_aside_text"
        | "page_footnote" | "footnote" | "discarded" => RegionKind::Furniture,
        _ if what.ends_with("_caption") || what.ends_with("_footnote") => RegionKind::Caption,
        _ => level.filter(|l| *l > 0).map_or(RegionKind::Text, RegionKind::Heading),
    }
}

/// A page of `middle.json`, in points.
fn middle(nth: usize, page: &Value) -> Sheet {
    let mut regions = Vec::new();
    // The older name for the same in files that stop before paragraphs are made.
    if let Some(Value::Array(list)) = any(page, &["para_blocks", "preproc_blocks"]) {
        list.iter().for_each(|b| block(b, false, &mut regions));
    }
    if let Some(Value::Array(list)) = page.get("discarded_blocks") {
        list.iter().for_each(|b| block(b, true, &mut regions));
    }
    let size = match page.get("page_size").and_then(Value::as_array).map(Vec::as_slice) {
        Some([w, h]) => number(w).zip(number(h)).map(|(w, h)| [w, h]),
        _ => None,
    };
    let number = page.get("page_idx").and_then(Value::as_u64).unwrap_or(nth as u64).saturating_add(1);
    Sheet { name: Some(number.to_string()), size, unit: Unit::Point, ordered: true, regions, ..Sheet::default() }
}

/// A block and those inside it; how deep they lie is bounded by the parser.
fn block(value: &Value, discarded: bool, out: &mut Vec<Region>) {
    let bbox = value.get("bbox").and_then(quad).map(Quad::bbox);
    let what = text_of(value, &["type"]).unwrap_or("");
    let own = match discarded {
        true => RegionKind::Furniture,
        false => kind(what, value.get("level").and_then(Value::as_u64)),
    };
    if let Some(Value::Array(lines)) = value.get("lines") {
        let lines: Vec<Line> = lines.iter().map(line).filter(|l| !l.words.is_empty()).collect();
        let flow = if matches!(what, "text" | "title") && !discarded { Flow::Paragraph } else { Flow::Lines };
        if !lines.is_empty() {
            out.push(Region { kind: own, bbox, flow, lines });
        }
    }
    if let Some(Value::Array(inside)) = value.get("blocks") {
        inside.iter().for_each(|b| block(b, discarded, out));
    }
}

fn line(value: &Value) -> Line {
    let mut words: Vec<Word> = Vec::new();
    for span in value.get("spans").and_then(Value::as_array).map_or(&[][..], Vec::as_slice) {
        let said = text_of(span, &["content", "html"]).unwrap_or("");
        let text = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let bbox = span.get("bbox").and_then(quad).map(Quad::bbox);
        let confidence = span.get("score").and_then(score);
        words.push(Word { text, bbox, confidence, space_before: !words.is_empty(), ..Word::default() });
    }
    Line { bbox: value.get("bbox").and_then(quad).map(Quad::bbox), words }
}
