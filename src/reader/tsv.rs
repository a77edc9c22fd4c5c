//! Tesseract's table: a row for every page, block, paragraph, line and word, its columns named in the first row.

use super::sheet::{Fault, Line, Plates, Region, Sheet, Word};
use crate::source::BBox;

/// The columns that the table has, in the order that Tesseract writes.
const COLUMNS: [&str; 12] = [
    "level",
    "page_num",
    "block_num",
    "par_num",
    "line_num",
    "word_num",
    "left",
    "top",
    "width",
    "height",
    "conf",
    "text",
];

/// Whether a text begins like one.
pub(super) fn is(text: &str) -> bool {
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or("");
    let has = |name: &str| first.split('\t').any(|column| column == name);
    has("level") && has("page_num") && has("conf") && has("text")
}

/// Reads one. A quotation mark is a character like any other: Tesseract quotes nothing.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let mut rows = text.split('\n').map(|row| row.strip_suffix('\r').unwrap_or(row)).enumerate();
    let head = rows.next().map_or("", |(_, row)| row).trim_start_matches('\u{feff}');
    let names: Vec<&str> = head.split('\t').collect();
    let mut places = [0; COLUMNS.len()];
    for (place, name) in places.iter_mut().zip(COLUMNS) {
        *place = names.iter().position(|n| *n == name).ok_or_else(|| Fault {
            place: Some((1, 1)),
            what: (format!("首行没有 {name} 这一列"), format!("there is no column {name} in the first row")),
        })?;
    }
    let mut reader = Reader::default();
    for (n, row) in rows {
        if !row.trim().is_empty() {
            reader.row(n + 1, row, &places)?;
        }
    }
    Ok(Plates { engine: Some("tesseract".to_owned()), sheets: reader.sheets })
}

#[derive(Default)]
struct Reader {
    sheets: Vec<Sheet>,
    /// Page, block and line of the last word.
    last: [i64; 4],
}

impl Reader {
    fn row(&mut self, at: usize, row: &str, places: &[usize; COLUMNS.len()]) -> Result<(), Fault> {
        let cells: Vec<&str> = row.splitn(places.iter().max().map_or(0, |m| m + 1), '\t').collect();
        let cell = |n: usize| places.get(n).and_then(|p| cells.get(*p)).copied();
        let number = |n: usize| {
            let said = cell(n).unwrap_or("");
            said.trim().parse::<f64>().ok().filter(|v| v.is_finite()).ok_or_else(|| {
                let name = COLUMNS.get(n).copied().unwrap_or("");
                let (zh, en) =
                    (format!("{name} 列不是数字：「{said}」"), format!("column {name} is no number: “{said}”"));
                Fault { place: Some((at, 1)), what: (zh, en) }
            })
        };
        let level = number(0)? as i64;
        if !(1..=5).contains(&level) {
            return Ok(());
        }
        let place = [number(1)? as i64, number(2)? as i64, number(3)? as i64, number(4)? as i64];
        let [l, t, w, h] = [number(6)? as f32, number(7)? as f32, number(8)? as f32, number(9)? as f32];
        let bbox = Some(BBox([l, t, l + w, t + h])).filter(|_| w >= 0.0 && h >= 0.0);
        if level == 1 || place[0] != self.last[0] || self.sheets.is_empty() {
            let size = bbox.filter(|_| level == 1).map(|b| [b.0[2], b.0[3]]);
            let name = Some(place[0].to_string());
            self.sheets.push(Sheet { name, size, ..Sheet::default() });
            self.last = [place[0], -1, -1, -1];
        }
        let Some(sheet) = self.sheets.last_mut() else { return Ok(()) };
        if level > 1 && (sheet.regions.is_empty() || place[1] != self.last[1]) {
            sheet.regions.push(Region { bbox, ..Region::default() });
            self.last = [place[0], place[1], -1, -1];
        }
        let Some(region) = sheet.regions.last_mut() else { return Ok(()) };
        if level > 3 && place != self.last {
            region.lines.push(Line { bbox, ..Line::default() });
            self.last = place;
        }
        let text = cell(11).unwrap_or("").trim();
        let Some(line) = region.lines.last_mut().filter(|_| level == 5 && !text.is_empty()) else { return Ok(()) };
        let sure = number(10)?;
        let confidence = Some((sure / 100.0) as f32).filter(|c| (0.0..=1.0).contains(c));
        let (text, space_before) = (text.to_owned(), !line.words.is_empty());
        line.words.push(Word { text, bbox, confidence, space_before, ..Word::default() });
        Ok(())
    }
}
