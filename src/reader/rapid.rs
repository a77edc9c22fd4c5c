//! RapidOCR's JSON: a list of boxes with what stands in them, from the top of the page to its foot.

use super::json::{self, Quad, TEXT_KEYS, quad, score};
use super::sheet::{Fault, Line, Plates, Region, Sheet};
use serde_json::Value;

/// Reads one: a list of `{box, text or txt, score, char_scores?}`, or of `[box, text, score]` as older versions gave; the
/// list may stand in an object under `result`, beside the `engine`; or an object of the columns `boxes`, `txts`, `scores`.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let value = json::parse(text)?;
    let engine = value.get("engine").and_then(Value::as_str).map(str::to_owned);
    let entries: Vec<(Line, Option<Quad>)> = match (&value, value.get("result"), value.get("txts")) {
        (Value::Array(items), ..) | (_, Some(Value::Array(items)), _) => rows(items).iter().map(entry).collect(),
        (_, _, Some(Value::Array(texts))) => columns(&value, texts),
        _ => return Err(json::unlike("result")),
    };
    Ok(Plates { engine, sheets: vec![sheet(entries)] })
}

/// The unordered page of such lines.
pub(super) fn sheet(entries: Vec<(Line, Option<Quad>)>) -> Sheet {
    let skew = json::skew(entries.iter().filter_map(|(_, quad)| *quad));
    let lines = entries.into_iter().map(|(line, _)| line).filter(|l| !l.words.is_empty()).collect();
    Sheet { skew, regions: vec![Region { lines, ..Region::default() }], ..Sheet::default() }
}

/// The entries of a list; the list of lines and of seconds that the older call returned holds them as its first item.
fn rows(items: &[Value]) -> &[Value] {
    match items.first() {
        Some(Value::Array(inner)) if inner.first().is_some_and(|first| entry(first).1.is_some()) => inner,
        _ => items,
    }
}

fn entry(item: &Value) -> (Line, Option<Quad>) {
    if let Some([place, Value::String(text), rest @ ..]) = item.as_array().map(Vec::as_slice) {
        let quad = quad(place);
        return (json::line(text, quad, rest.first().and_then(score), &[]), quad);
    }
    let quad = json::any(item, &["box", "dt_boxes", "bbox", "points"]).and_then(quad);
    let scores: Vec<_> = match json::any(item, &["char_scores", "word_scores"]) {
        Some(Value::Array(scores)) => scores.iter().map(score).collect(),
        _ => Vec::new(),
    };
    let text = json::text_of(item, &TEXT_KEYS).unwrap_or("");
    let whole = json::any(item, &["score", "confidence"]).and_then(score);
    (json::line(text, quad, whole, &scores), quad)
}

fn columns(value: &Value, texts: &[Value]) -> Vec<(Line, Option<Quad>)> {
    let column = |key: &str| value.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let (boxes, scores) = (column("boxes"), column("scores"));
    let one = |(n, text): (usize, &Value)| {
        let quad = boxes.get(n).and_then(quad);
        (json::line(text.as_str().unwrap_or(""), quad, scores.get(n).and_then(score), &[]), quad)
    };
    texts.iter().enumerate().map(one).collect()
}
