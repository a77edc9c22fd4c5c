//! What the readers of JSON share: parsing with a place for what is broken, which engine a file is from, and boxes and
//! scores as they are written in many shapes.

use super::sheet::{Fault, Line, Word};
use crate::source::BBox;
use crate::source::Format;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Parses a text that is one JSON value. Values nested deeper than 128 are an error and no overflow (the limit of
/// `serde_json`).
///
/// # Errors
/// Where the JSON breaks off or goes wrong.
pub(super) fn parse(text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|e| broken(text, &e, 0))
}

/// What is wrong with a JSON text, whose first line is line `before + 1` of its file.
pub(super) fn broken(text: &str, e: &serde_json::Error, before: usize) -> Fault {
    // The column of `serde_json` counts bytes; a person counts characters.
    let line = text.split('\n').nth(e.line().saturating_sub(1)).unwrap_or("");
    let column = line.get(..line.floor_char_boundary(e.column().saturating_sub(1))).map_or(0, |l| l.chars().count());
    let said = e.to_string();
    let deep = said.starts_with("recursion limit");
    let (zh, en) = match e.classify() {
        serde_json::error::Category::Eof => {
            ("文件到这里中断了，JSON 没有写完".to_owned(), "the file ends here in the middle of the JSON".to_owned())
        }
        _ if deep => {
            ("JSON 嵌套太深（超过 128 层）".to_owned(), "the JSON is nested deeper than 128 levels".to_owned())
        }
        _ => {
            let what = said.rsplit_once(" at line ").map_or(said.as_str(), |(what, _)| what);
            (format!("不是合法的 JSON（{what}）"), format!("not valid JSON: {what}"))
        }
    };
    Fault { place: Some((before + e.line().max(1), column + 1)), what: (zh, en) }
}

/// A file whose JSON is sound and says something else than its format should.
pub(super) fn unlike(what: &str) -> Fault {
    Fault::whole(format!("JSON 里没有 {what}"), format!("there is no {what} in the JSON"))
}

/// The engine that a JSON text is from, told by the keys of its outermost object or of the first items of its list.
///
/// One pass that stops as soon as it is sure; nothing is kept of the values. A text that breaks off is judged by what
/// stands before the break, so that it is reported as a broken file of its format.
pub(super) fn format_of(text: &str) -> Option<Format> {
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    if !start.starts_with(['{', '[']) {
        return None;
    }
    let mut found = None;
    let mut reader = serde_json::Deserializer::from_str(text);
    // The error is how the pass stops early.
    let end = reader.deserialize_any(Outermost { found: &mut found });
    let broken = end.is_err_and(|e| !e.is_data());
    found
        .or_else(|| super::json_lines::is(text).then_some(Format::JsonLines))
        .or_else(|| broken.then(|| likely(start)).flatten())
}

/// Looks at the outermost value.
struct Outermost<'f> {
    found: &'f mut Option<Format>,
}

impl<'de> Visitor<'de> for Outermost<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("what an OCR engine writes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut docling = 0;
        while let Some(key) = map.next_key::<String>()? {
            let format = match key.as_str() {
                "schema_name" | "body" | "texts" => {
                    docling += 1;
                    (docling == 2).then_some(Format::Docling)
                }
                "pdf_info" => Some(Format::Mineru),
                "rec_texts"
                | "dt_polys"
                | "rec_polys"
                | "parsing_res_list"
                | "overall_ocr_res"
                | "res"
                | "layoutParsingResults"
                | "ocrResults" => Some(Format::PaddleOcr),
                "txts" => Some(Format::RapidOcr),
                "result" => {
                    map.next_value_seed(Inside { found: &mut *self.found })?;
                    continue;
                }
                _ => None,
            };
            if format.is_some() {
                *self.found = format;
                return Err(A::Error::custom("enough"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        *self.found = match seq.next_element::<Value>() {
            Ok(first) => first.map_or(Some(Format::RapidOcr), |first| item_format(&first)),
            Err(e) => return Err(e),
        };
        Err(A::Error::custom("enough"))
    }
}

/// Looks at what stands under `result`: RapidOCR's list, or the answer of a service of PaddleOCR.
struct Inside<'f> {
    found: &'f mut Option<Format>,
}

impl<'de> DeserializeSeed<'de> for Inside<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list or an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "layoutParsingResults" || key == "ocrResults" {
                *self.found = Some(Format::PaddleOcr);
                return Err(A::Error::custom("enough"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let first = seq.next_element::<Value>()?;
        *self.found = first.as_ref().and_then(item_format).or(Some(Format::RapidOcr));
        Err(A::Error::custom("enough"))
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
}

/// How much of a broken file is looked at.
const HEAD: usize = 1 << 16;
/// Keys that only one engine writes.
const TELLING: [(&str, Format); 8] = [
    ("\"DoclingDocument\"", Format::Docling),
    ("\"pdf_info\"", Format::Mineru),
    ("\"page_idx\"", Format::Mineru),
    ("\"rec_texts\"", Format::PaddleOcr),
    ("\"parsing_res_list\"", Format::PaddleOcr),
    ("\"transcription\"", Format::PaddleOcr),
    ("\"char_scores\"", Format::RapidOcr),
    ("\"box\"", Format::RapidOcr),
];

/// The engine that a broken file is most likely from, so that the break is reported and not the format: told by a key in
/// its head, or by how deep lists begin in each other.
fn likely(text: &str) -> Option<Format> {
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text);
    let told = TELLING.iter().find(|(key, _)| head.contains(key)).map(|(_, format)| *format);
    told.or_else(|| {
        let mut marks = head.chars().filter(|c| !c.is_whitespace());
        let depth = marks.by_ref().take_while(|c| *c == '[').count();
        let number =
            head.trim_start_matches(|c: char| c == '[' || c.is_whitespace()).starts_with(|c: char| c.is_ascii_digit());
        match depth {
            4 if number => Some(Format::RapidOcr),
            5 if number => Some(Format::PaddleOcr),
            _ => None,
        }
    })
}

/// The engine that writes a list of such items.
fn item_format(item: &Value) -> Option<Format> {
    match item {
        Value::Object(keys) => {
            let has = |key: &str| keys.contains_key(key);
            if has("transcription") || has("res") || has("rec_texts") || has("parsing_res_list") {
                Some(Format::PaddleOcr)
            } else if has("type") && (has("page_idx") || has("bbox") || has("content") || has("text")) {
                Some(Format::Mineru)
            } else if ["box", "dt_boxes", "bbox", "points"].iter().any(|k| has(k)) && TEXT_KEYS.iter().any(|k| has(k)) {
                Some(Format::RapidOcr)
            } else {
                None
            }
        }
        Value::Array(items) => match items.as_slice() {
            [Value::Object(first), ..] if first.contains_key("type") => Some(Format::Mineru),
            [points, Value::String(_), ..] if quad(points).is_some() => Some(Format::RapidOcr),
            [points, Value::Array(read), ..]
                if quad(points).is_some() && read.first().is_some_and(Value::is_string) =>
            {
                Some(Format::PaddleOcr)
            }
            [first @ Value::Array(_), ..] => item_format(first),
            [] => Some(Format::PaddleOcr),
            _ => None,
        },
        Value::Null => Some(Format::PaddleOcr),
        _ => None,
    }
}

/// The keys under which engines write what a box reads.
pub(super) const TEXT_KEYS: [&str; 4] = ["text", "txt", "rec_txt", "transcription"];

/// A number as a coordinate or score; `None` for what is no finite number of a size that an image has.
pub(super) fn number(value: &Value) -> Option<f32> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number.is_finite() && number.abs() < 1e7).then_some(number as f32)
}

/// A confidence between 0 and 1.
pub(super) fn score(value: &Value) -> Option<f32> {
    number(value).filter(|s| (0.0..=1.0).contains(s))
}

/// A text under one of several keys.
pub(super) fn text_of<'v>(item: &'v Value, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| item.get(key)?.as_str())
}

/// A value under one of several keys.
pub(super) fn any<'v>(item: &'v Value, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().find_map(|key| item.get(key).filter(|v| !v.is_null()))
}

/// The corners of a line: upper left, upper right, lower right, lower left, as the line runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quad(pub [[f32; 2]; 4]);

/// Four or more corners, or left, top, right, bottom.
pub(super) fn quad(value: &Value) -> Option<Quad> {
    let items = value.as_array()?;
    if items.first()?.is_array() {
        let points: Option<Vec<[f32; 2]>> = items
            .iter()
            .map(|p| match p.as_array()?.as_slice() {
                [x, y, ..] => Some([number(x)?, number(y)?]),
                _ => None,
            })
            .collect();
        return match points?.as_slice() {
            [a, b, c, d] => Some(Quad([*a, *b, *c, *d])),
            points if points.len() >= 2 => {
                let around = points.iter().map(|[x, y]| BBox([*x, *y, *x, *y])).reduce(BBox::around)?;
                Some(Quad::of(around))
            }
            _ => None,
        };
    }
    let numbers: Option<Vec<f32>> = items.iter().map(number).collect();
    match numbers?.as_slice() {
        [l, t, r, b] => Some(Quad::of(BBox([l.min(*r), t.min(*b), l.max(*r), t.max(*b)]))),
        [ax, ay, bx, by, cx, cy, dx, dy] => Some(Quad([[*ax, *ay], [*bx, *by], [*cx, *cy], [*dx, *dy]])),
        _ => None,
    }
}

impl Quad {
    /// The corners of an upright box.
    pub fn of(bbox: BBox) -> Quad {
        let [l, t, r, b] = bbox.0;
        Quad([[l, t], [r, t], [r, b], [l, b]])
    }

    /// The smallest upright box around it.
    pub fn bbox(self) -> BBox {
        let Quad([a, b, c, d]) = self;
        let xs = [a[0], b[0], c[0], d[0]];
        let ys = [a[1], b[1], c[1], d[1]];
        let (low, high) = (
            |v: [f32; 4]| v.into_iter().fold(f32::MAX, f32::min),
            |v: [f32; 4]| v.into_iter().fold(f32::MIN, f32::max),
        );
        BBox([low(xs), low(ys), high(xs), high(ys)])
    }

    /// How far it falls from left to right, for its width; `None` where it is too short to tell, or runs downwards.
    pub fn slope(self) -> Option<f32> {
        let Quad([a, b, ..]) = self;
        let (x, y, bbox) = (b[0] - a[0], b[1] - a[1], self.bbox());
        (x > 4.0 * bbox.height().max(1.0)).then(|| y / x)
    }

    /// The part between two shares of its length, along its upper and lower edge, or downwards.
    fn part(self, from: f32, to: f32, down: bool) -> BBox {
        let Quad([a, b, c, d]) = self;
        let at = |p: [f32; 2], q: [f32; 2], share: f32| [p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share];
        match down {
            false => Quad([at(a, b, from), at(a, b, to), at(d, c, to), at(d, c, from)]).bbox(),
            true => Quad([at(a, d, from), at(b, c, from), at(b, c, to), at(a, d, to)]).bbox(),
        }
    }
}

/// The line of one box: a word for every character where each has a score of its own, else one word.
///
/// Engines of this family do not box characters. Han type is monospaced, so the line's box is divided by the widths of
/// its characters (a full-width one 1, a half-width one 1/2), along the line or, in a box much taller than wide, downwards;
/// [`Word::estimated`] says so.
pub(super) fn line(text: &str, quad: Option<Quad>, whole: Option<f32>, scores: &[Option<f32>]) -> Line {
    let bbox = quad.map(Quad::bbox);
    let chars: Vec<char> = text.chars().collect();
    let printed = chars.iter().filter(|c| !c.is_whitespace()).count();
    let by_char = !scores.is_empty() && (scores.len() == chars.len() || scores.len() == printed);
    let mut words = Vec::new();
    if by_char {
        let all = scores.len() == chars.len();
        let widths: f32 = chars.iter().map(|c| width(*c)).sum();
        let down = bbox.is_some_and(|b| printed > 1 && b.height() > 1.5 * b.width());
        let (mut at, mut nth, mut space) = (0.0, 0, false);
        for c in chars {
            let (from, white) = (at, c.is_whitespace());
            at += width(c);
            let confidence = scores.get(nth).copied().flatten().or(whole);
            nth += usize::from(all || !white);
            if white {
                space = true;
                continue;
            }
            words.push(Word {
                text: c.to_string(),
                bbox: quad.map(|q| q.part(from / widths, at / widths, down)),
                estimated: true,
                confidence,
                space_before: space && !words.is_empty(),
                printed_space: std::mem::take(&mut space),
                ..Word::default()
            });
        }
    } else if printed > 0 {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        words.push(Word { text, bbox, confidence: whole, ..Word::default() });
    }
    Line { bbox, words }
}

/// How wide a character is printed, in ems.
pub(super) fn width(c: char) -> f32 {
    if c.is_ascii() || ('\u{a0}'..='\u{17f}').contains(&c) { 0.5 } else { 1.0 }
}

/// The slope of the print: the median of its lines' slopes, which a few odd boxes do not move.
pub(super) fn skew(quads: impl Iterator<Item = Quad>) -> f32 {
    let mut slopes: Vec<f32> = quads.filter_map(Quad::slope).filter(|s| s.abs() < 0.2).collect();
    if slopes.is_empty() {
        return 0.0;
    }
    let middle = slopes.len() / 2;
    *slopes.select_nth_unstable_by(middle, f32::total_cmp).1
}
