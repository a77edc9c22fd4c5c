//! PaddleOCR's JSON: the lists of 2.x, `res.json` of 3.x, and the page layouts of PP-Structure.

use super::json::{self, Quad, any, number, quad, score, text_of};
use super::rapid;
use super::sheet::{Fault, Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use crate::source::BBox;
use serde_json::Value;

/// Reads one: a page or a list of pages.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let value = json::parse(text)?;
    let sheets = match &value {
        Value::Array(items) => list(items),
        Value::Object(_) => pages(&value),
        _ => return Err(json::unlike("rec_texts")),
    };
    if sheets.is_empty() && !value.as_array().is_some_and(Vec::is_empty) {
        return Err(json::unlike("rec_texts / parsing_res_list"));
    }
    Ok(Plates { engine: None, sheets })
}

/// The pages of a 2.x list, of a list of 3.x results, or of a PP-Structure 2.x layout.
fn list(items: &[Value]) -> Vec<Sheet> {
    let is_line = |v: &Value| v.as_array().is_some_and(|l| l.len() == 2 && l.first().and_then(quad).is_some());
    let is_block = |v: &Value| v.get("res").is_some() && v.get("bbox").is_some();
    let lines = |items: &[Value]| rapid::sheet(items.iter().map(entry).collect());
    match items.first() {
        Some(first) if is_line(first) || first.get("transcription").is_some() => vec![lines(items)],
        Some(first) if is_block(first) => vec![layout_2(items)],
        _ => {
            let page = |item: &Value| match item {
                Value::Array(blocks) if blocks.first().is_some_and(is_block) => vec![layout_2(blocks)],
                Value::Array(inner) => vec![lines(inner)],
                // A page on which nothing was seen.
                Value::Null => vec![Sheet::default()],
                other => pages(other),
            };
            items.iter().flat_map(page).collect()
        }
    }
}

/// `[box, [text, score]]`, or `{points, transcription}`.
fn entry(item: &Value) -> (Line, Option<Quad>) {
    let (place, read) = match item.as_array().map(Vec::as_slice) {
        Some([place, read, ..]) => (Some(place), Some(read)),
        _ => (any(item, &["points", "text_region", "box"]), None),
    };
    let quad = place.and_then(quad);
    let (text, sure) = match read {
        Some(Value::Array(read)) => (read.first().and_then(Value::as_str), read.get(1)),
        Some(read) => (read.as_str(), None),
        None => (text_of(item, &json::TEXT_KEYS), any(item, &["confidence", "score"])),
    };
    (json::line(text.unwrap_or(""), quad, sure.and_then(score), &[]), quad)
}

/// The pages of a result: itself, or what a service wraps in `result`.
fn pages(value: &Value) -> Vec<Sheet> {
    let value = value.get("res").filter(|v| v.is_object()).unwrap_or(value);
    let inside = value.get("result").unwrap_or(value);
    if let Some(Value::Array(results)) = any(inside, &["layoutParsingResults", "ocrResults"]) {
        return results.iter().filter_map(|r| r.get("prunedResult")).filter_map(page).collect();
    }
    page(value).into_iter().collect()
}

/// One page of 3.x.
fn page(value: &Value) -> Option<Sheet> {
    let mut sheet = match value.get("parsing_res_list") {
        Some(Value::Array(blocks)) => layout_3(blocks, value.get("overall_ocr_res")),
        _ => lines(value.get("overall_ocr_res").unwrap_or(value))?,
    };
    let path = text_of(value, &["input_path"]).filter(|p| !p.is_empty());
    sheet.image = path.map(|p| p.rsplit(['/', '\\']).next().unwrap_or(p).to_owned());
    sheet.name = value.get("page_index").and_then(Value::as_u64).map(|n| n.saturating_add(1).to_string());
    sheet.size = size(value);
    Some(sheet)
}

fn size(value: &Value) -> Option<[f32; 2]> {
    Some([value.get("width").and_then(number)?, value.get("height").and_then(number)?])
}

fn column<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The lines that the engine recognised, from the top of the page to its foot.
fn lines(value: &Value) -> Option<Sheet> {
    let texts = value.get("rec_texts")?.as_array()?;
    Some(rapid::sheet(entries(value, texts)))
}

fn entries(value: &Value, texts: &[Value]) -> Vec<(Line, Option<Quad>)> {
    // All that were detected are listed in `dt_polys`, and those of too low a score left out of the texts.
    let boxes = ["rec_polys", "rec_boxes", "dt_polys"]
        .into_iter()
        .map(|key| column(value, key))
        .find(|boxes| boxes.len() == texts.len())
        .unwrap_or(&[]);
    let (scores, words) = (column(value, "rec_scores"), column(value, "text_word"));
    let places = [column(value, "text_word_region"), column(value, "text_word_boxes")];
    let one = |(n, text): (usize, &Value)| {
        let (quad, sure) = (boxes.get(n).and_then(quad), scores.get(n).and_then(score));
        let mut line = json::line(text.as_str().unwrap_or(""), quad, sure, &[]);
        let place = places.iter().find_map(|p| p.get(n)?.as_array());
        if let (Some(words), Some(place)) = (words.get(n).and_then(Value::as_array), place) {
            split(&mut line, words, place, sure);
        }
        (line, quad)
    };
    texts.iter().enumerate().map(one).collect()
}

/// Puts the engine's own words in place of the line, if they say the same.
fn split(line: &mut Line, words: &[Value], places: &[Value], sure: Option<f32>) {
    let said: String = line.words.iter().map(|w| w.text.as_str()).collect();
    let texts: Vec<&str> = words.iter().map(|w| w.as_str().unwrap_or("")).collect();
    if texts.len() != places.len() || bare(&texts.concat()) != bare(&said) {
        return;
    }
    let mut space = false;
    line.words.clear();
    for (text, place) in texts.into_iter().zip(places) {
        let own = text.trim();
        if !own.is_empty() {
            let space_before = !line.words.is_empty() && (space || text.starts_with(char::is_whitespace));
            let bbox = quad(place).map(Quad::bbox);
            line.words.push(Word { text: own.to_owned(), bbox, confidence: sure, space_before, ..Word::default() });
            space = false;
        }
        space |= text.ends_with(char::is_whitespace);
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A page whose blocks the engine put in order. Those without a number (folios, pictures) stand where the list has them.
fn layout_3(blocks: &[Value], seen: Option<&Value>) -> Sheet {
    let mut reached = 0;
    let mut ordered: Vec<(u64, &Value)> = Vec::with_capacity(blocks.len());
    for block in blocks {
        reached = block.get("block_order").and_then(Value::as_u64).unwrap_or(reached);
        ordered.push((reached, block));
    }
    ordered.sort_by_key(|(order, _)| *order);
    let mut lines = Seen::of(seen);
    let regions = ordered.into_iter().map(|(_, block)| {
        let label = text_of(block, &["block_label"]).unwrap_or("");
        let text = text_of(block, &["block_content"]).unwrap_or("");
        let bbox = block.get("block_bbox").and_then(quad).map(Quad::bbox);
        region(label, text, bbox, bbox.map(|b| lines.inside(b)).unwrap_or_default())
    });
    Sheet { ordered: true, regions: regions.collect(), ..Sheet::default() }
}

/// The lines that were recognised on a page, by the height at which they stand.
struct Seen {
    lines: Vec<(f32, Option<Line>)>,
}

impl Seen {
    fn of(seen: Option<&Value>) -> Seen {
        let texts = seen.and_then(|s| s.get("rec_texts")?.as_array()).map_or(&[][..], Vec::as_slice);
        let entries = seen.map(|s| entries(s, texts)).unwrap_or_default();
        let middle = |b: BBox| (b.0[1] + b.0[3]) / 2.0;
        let mut lines: Vec<_> =
            entries.into_iter().filter_map(|(line, _)| Some((middle(line.bbox?), Some(line)))).collect();
        lines.sort_by(|a, b| a.0.total_cmp(&b.0));
        Seen { lines }
    }

    /// The lines inside a block, each given once.
    fn inside(&mut self, block: BBox) -> Vec<Line> {
        let [l, t, r, b] = block.0;
        let from = self.lines.partition_point(|(y, _)| *y < t);
        let to = self.lines.partition_point(|(y, _)| *y <= b).max(from);
        let is_in = |line: &Line| line.bbox.is_some_and(|x| (l..=r).contains(&((x.0[0] + x.0[2]) / 2.0)));
        let slots = self.lines.get_mut(from..to).unwrap_or(&mut []).iter_mut();
        slots.filter(|(_, slot)| slot.as_ref().is_some_and(is_in)).filter_map(|(_, slot)| slot.take()).collect()
    }
}

/// A block. Its recognised lines are taken instead of its text where they say the same, for their boxes and scores.
fn region(label: &str, text: &str, bbox: Option<BBox>, seen: Vec<Line>) -> Region {
    let kind = kind(label);
    let said: String = seen.iter().flat_map(|l| &l.words).map(|w| w.text.as_str()).collect();
    if !seen.is_empty() && bare(&said) == bare(text) {
        return Region { kind, bbox, flow: Flow::Lines, lines: seen };
    }
    let whole = |text: &str| {
        let text = text.trim().to_owned();
        Line { bbox, words: vec![Word { text, bbox, ..Word::default() }] }
    };
    let lines = match kind {
        RegionKind::Table => vec![whole(&text.split_whitespace().collect::<Vec<_>>().join(" "))],
        _ => text.lines().map(whole).filter(|l| l.words.iter().any(|w| !w.text.is_empty())).collect(),
    };
    Region { kind, bbox, flow: Flow::Paragraphs, lines }
}

/// What PP-DocLayout calls the parts of a page.
fn kind(label: &str) -> RegionKind {
    match label {
        "doc_title" => RegionKind::Heading(1),
        "paragraph_title" | "title" => RegionKind::Heading(2),
        "table" => RegionKind::Table,
        "header" | "footer" | "number" | "footnote" | "aside_text" | "header_image" | "footer_image"
        | "page_number" => RegionKind::Furniture,
        _ if label.ends_with("_title") || label.ends_with("_caption") => RegionKind::Caption,
        _ => RegionKind::Text,
    }
}

/// A page of PP-Structure 2.x: blocks with lines of their own, in no order.
fn layout_2(blocks: &[Value]) -> Sheet {
    let regions = blocks.iter().map(|block| {
        let label = text_of(block, &["type"]).unwrap_or("");
        let bbox = block.get("bbox").and_then(quad).map(Quad::bbox);
        let res = block.get("res");
        match res.and_then(|r| text_of(r, &["html"])) {
            Some(html) => region("table", html, bbox, Vec::new()),
            None => {
                let lines = res.and_then(Value::as_array).map_or(&[][..], Vec::as_slice).iter().map(|l| entry(l).0);
                Region { kind: kind(label), bbox, flow: Flow::Lines, lines: lines.collect() }
            }
        }
    });
    Sheet { regions: regions.collect(), ..Sheet::default() }
}
