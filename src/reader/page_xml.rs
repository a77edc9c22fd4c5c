//! PAGE XML (PRImA): regions, lines, words and glyphs with outlines, and a reading order.
//!
//! Schemas 2010 to 2019: <https://github.com/PRImA-Research-Lab/PAGE-XML>.

use super::hyphen;
use super::sheet::{Fault, Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use super::xml::{Element, Xml, root_name, trimmed, unescape};
use crate::source::{Alternative, BBox};
use std::collections::HashMap;
use std::ops::Range;

/// Whether a text begins like one.
pub(super) fn is(text: &str) -> bool {
    root_name(text).is_some_and(|name| name.eq_ignore_ascii_case("PcGts"))
}

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let xml = Xml::strict(text)?;
    let root = xml.root()?;
    if !root.is("PcGts") {
        return Err(Fault::whole("最外层元素不是 <PcGts>", "its outermost element is not <PcGts>"));
    }
    let creator = root.child("Metadata").and_then(|m| m.child("Creator")).map(|c| c.text());
    let sheets = root.elements().filter(|e| e.is("Page")).map(|page| sheet(text, page)).collect();
    Ok(Plates { engine: creator.filter(|c| !c.is_empty()), sheets })
}

fn sheet(text: &str, page: Element) -> Sheet {
    let image = page.get("imageFilename").map(|n| n.rsplit(['/', '\\']).next().unwrap_or("").to_owned());
    let size = page.number("imageWidth").zip(page.number("imageHeight")).map(|(w, h)| [w, h]);
    let mut refs = Vec::new();
    if let Some(order) = page.child("ReadingOrder") {
        listed(order, &mut refs);
    }
    let rank: HashMap<String, usize> = refs.into_iter().enumerate().map(|(n, id)| (id, n)).rev().collect();
    let mut regions = Vec::new();
    let mut walk = Walk { text, rank: &rank, out: &mut regions };
    walk.regions(page, RegionKind::Text, usize::MAX);
    regions.sort_by_key(|(rank, _)| *rank);
    let regions = regions.into_iter().map(|(_, region)| region).collect();
    let image = image.filter(|n| !n.is_empty());
    Sheet { name: None, image, size, ordered: !rank.is_empty(), regions, ..Sheet::default() }
}

/// The ids of regions in the order that a group of the reading order says.
fn listed(group: Element, out: &mut Vec<String>) {
    let mut members: Vec<_> = group.elements().collect();
    // Members without an index keep their place behind those that have one.
    members.sort_by_key(|e| e.number("index").map_or(i64::MAX, |n| n as i64));
    for member in members {
        out.extend(member.get("regionRef").map(|id| id.into_owned()));
        listed(member, out);
    }
}

struct Walk<'a> {
    text: &'a str,
    rank: &'a HashMap<String, usize>,
    out: &'a mut Vec<(usize, Region)>,
}

impl Walk<'_> {
    /// The regions of text in an element, at any depth; what is not in the reading order stands with what is around it.
    fn regions(&mut self, around: Element, kind: RegionKind, rank: usize) {
        for element in around.elements().filter(|e| e.name().ends_with("Region")) {
            let rank = element.get("id").and_then(|id| self.rank.get(id.as_ref()).copied()).unwrap_or(rank);
            let own = kind_of(element).unwrap_or(kind);
            if element.is("TextRegion")
                && let Some(region) = region(self.text, element, own)
            {
                self.out.push((rank, region));
            }
            let inner = if element.is("TableRegion") { RegionKind::Table } else { kind };
            self.regions(element, inner, rank);
        }
    }
}

fn kind_of(region: Element) -> Option<RegionKind> {
    Some(match region.get("type")?.as_ref() {
        "heading" => RegionKind::Heading(1),
        "caption" => RegionKind::Caption,
        "header" | "footer" | "page-number" | "catch-word" | "signature-mark" | "footnote" | "footnote-continued" => {
            RegionKind::Furniture
        }
        _ => return None,
    })
}

/// A region of text; `None` where nothing is written in it.
fn region(text: &str, element: Element, kind: RegionKind) -> Option<Region> {
    let mut lines: Vec<_> = element.elements().filter(|e| e.is("TextLine")).collect();
    if lines.iter().all(|l| l.number("index").is_some()) {
        lines.sort_by_key(|l| l.number("index").map_or(0, |n| n as i64));
    }
    let bbox = outline(element);
    let mut lines: Vec<_> = lines.into_iter().map(|l| line(text, l)).filter(|l| !l.words.is_empty()).collect();
    hyphen::take_off(&mut lines);
    if !lines.is_empty() {
        return Some(Region { kind, bbox, flow: Flow::Lines, lines });
    }
    // The text of the region as a whole: its lines have no places, but a paragraph is a paragraph.
    let whole = reading(text, element).filter(|whole| !whole.text.is_empty())?;
    let flow = if element.get("type").is_some_and(|t| t == "paragraph") { Flow::Paragraph } else { Flow::Lines };
    let lines = by_line(text, &whole);
    Some(Region { kind, bbox, flow, lines })
}

/// The lines of a text that stands for several: one word each.
fn by_line(text: &str, whole: &Word) -> Vec<Line> {
    let Some(place) = whole.raw.clone() else {
        return vec![Line { bbox: None, words: vec![whole.clone()] }];
    };
    let (mut at, mut out) = (place.start, Vec::new());
    for line in text.get(place).unwrap_or("").split_inclusive('\n') {
        let raw = trimmed(text, at..at + line.len());
        at += line.len();
        if !raw.is_empty() {
            let words =
                vec![Word { text: written(text, &raw), raw: Some(raw), alternatives: Vec::new(), ..whole.clone() }];
            out.push(Line { bbox: None, words });
        }
    }
    out
}

/// A line by its words, where they say what it says; else as it is written itself, because that is what people correct.
fn line(text: &str, line: Element) -> Line {
    let bbox = outline(line);
    let own = reading(text, line).filter(|own| !own.text.is_empty());
    let mut words: Vec<Word> = Vec::new();
    let mut complete = true;
    for element in line.elements().filter(|e| e.is("Word")) {
        match word(text, element) {
            Some(mut parts) => {
                if let Some(first) = parts.first_mut() {
                    first.space_before = !words.is_empty();
                }
                words.append(&mut parts);
            }
            None => complete = false,
        }
    }
    let spelled =
        |words: &[Word]| words.iter().flat_map(|w| w.text.chars()).filter(|c| !c.is_whitespace()).collect::<String>();
    words.retain(|w| !w.text.is_empty());
    let words = match own {
        None => words,
        Some(own) if complete && spelled(&words) == spelled(std::slice::from_ref(&own)) => {
            spaced(&mut words, &own.text);
            words
        }
        Some(own) => by_line(text, &Word { bbox, ..own }).into_iter().flat_map(|l| l.words).collect(),
    };
    Line { bbox, words }
}

/// The spaces between words as the line has them.
fn spaced(words: &mut [Word], line: &str) {
    let mut rest = line;
    for word in words {
        let trimmed = rest.trim_start();
        word.space_before &= trimmed.len() < rest.len();
        rest = word
            .text
            .chars()
            .filter(|c| !c.is_whitespace())
            .fold(trimmed, |rest, c| rest.trim_start().strip_prefix(c).unwrap_or(rest));
    }
}

/// A word, or its glyphs where they spell it.
fn word(text: &str, element: Element) -> Option<Vec<Word>> {
    let own = reading(text, element);
    let glyphs: Option<Vec<_>> = element.elements().filter(|e| e.is("Glyph")).map(|g| reading(text, g)).collect();
    let glyphs = glyphs.filter(|g| !g.is_empty());
    match (own, glyphs) {
        (Some(own), Some(glyphs)) if glyphs.iter().map(|g| g.text.as_str()).collect::<String>() == own.text => {
            Some(glyphs)
        }
        (Some(own), _) => Some(vec![own]),
        (None, glyphs) => glyphs,
    }
}

/// What is written for an element: of its readings the one with the lowest index, the others as alternatives.
fn reading(text: &str, element: Element) -> Option<Word> {
    let mut readings: Vec<_> = element.elements().filter(|e| e.is("TextEquiv")).collect();
    readings.sort_by_key(|e| e.number("index").map_or(0, |n| n as i64));
    let (first, others) = readings.split_first()?;
    let place = |e: &Element| -> Option<Range<usize>> {
        let holder = e.child("Unicode").or_else(|| e.child("PlainText"))?;
        let mut texts = holder.texts();
        let one = texts.next()?;
        // A comment in the middle leaves no one place; the first part would be a wrong reading.
        texts.next().is_none().then(|| trimmed(text, one)).filter(|raw| !raw.is_empty())
    };
    let sure = |e: &Element| e.number("conf").map(|c| c.clamp(0.0, 1.0));
    let own = match place(first) {
        Some(raw) => Word { text: written(text, &raw), raw: Some(raw), ..Word::default() },
        // Said to be nothing, which is not the same as nothing said.
        None => Word { text: first.child("Unicode")?.text(), ..Word::default() },
    };
    let others = others.iter().filter_map(|e| {
        let text = written(text, &place(e)?);
        (text != own.text).then(|| Alternative { text, confidence: sure(e) })
    });
    Some(Word { alternatives: others.collect(), bbox: outline(element), confidence: sure(first), ..own })
}

fn written(text: &str, raw: &Range<usize>) -> String {
    unescape(text.get(raw.clone()).unwrap_or("")).into_owned()
}

/// The box around an outline: `points="x,y x,y"`, or `Point` elements as before 2013.
fn outline(element: Element) -> Option<BBox> {
    let coords = element.child("Coords")?;
    let around =
        |points: &mut dyn Iterator<Item = (f32, f32)>| points.map(|(x, y)| BBox([x, y, x, y])).reduce(BBox::around);
    match coords.get("points") {
        Some(points) => around(&mut points.split_ascii_whitespace().filter_map(|point| {
            let (x, y) = point.split_once(',')?;
            Some((finite(x)?, finite(y)?))
        })),
        None => around(&mut coords.elements().filter_map(|p| p.number("x").zip(p.number("y")))),
    }
}

fn finite(number: &str) -> Option<f32> {
    number.parse().ok().filter(|n: &f32| n.is_finite())
}
