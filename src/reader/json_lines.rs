//! JSON Lines: a record `{"id": …, "text": …}` on every line, as text collections are kept. Each is a page named by its id.

use super::json;
use super::sheet::{Fault, Flow, Line, Plates, Region, Sheet, Word};
use serde_json::Value;

/// Whether a text begins like one: its first line is a whole object with a `text` that is a string.
pub(super) fn is(text: &str) -> bool {
    let first = text.trim_start_matches('\u{feff}').lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    first.trim_start().starts_with('{')
        && serde_json::from_str::<Value>(first).is_ok_and(|v| v.get("text").is_some_and(Value::is_string))
}

/// Reads one. Keys other than `id` and `text` say nothing here, and neither does an empty line.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let mut plates = Plates::default();
    let text = text.trim_start_matches('\u{feff}');
    for (n, row) in text.split('\n').enumerate().filter(|(_, row)| !row.trim().is_empty()) {
        let value: Value = serde_json::from_str(row).map_err(|e| json::broken(row, &e, n))?;
        let Some(said) = value.get("text").and_then(Value::as_str) else {
            let what = ("没有 text，或者它不是字符串".to_owned(), "there is no text that is a string".to_owned());
            return Err(Fault { place: Some((n + 1, 1)), what });
        };
        let name = match value.get("id") {
            Some(Value::String(id)) => Some(id.clone()),
            Some(Value::Number(id)) => Some(id.to_string()),
            _ => None,
        };
        let lines = said.lines().map(str::trim).filter(|l| !l.is_empty());
        let line = |text: &str| Line { bbox: None, words: vec![Word { text: text.to_owned(), ..Word::default() }] };
        let region = Region { flow: Flow::Paragraphs, lines: lines.map(line).collect(), ..Region::default() };
        plates.sheets.push(Sheet { name, ordered: true, regions: vec![region], ..Sheet::default() });
    }
    Ok(plates)
}
