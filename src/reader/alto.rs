//! ALTO 2 to 4 (Library of Congress): what libraries keep of a page that was recognised.
//!
//! Schemas: <https://www.loc.gov/standards/alto/>. Versions differ in what is optional; all of it is read from any of them.

use super::hyphen;
use super::mets::Places;
use super::sheet::{Fault, Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use super::xml::{Element, Xml, characters, root_name, unescape};
use crate::source::{Alternative, BBox, Unit};
use std::collections::HashMap;
use std::ops::Range;

/// The parts of a page, in the order in which they are read.
const SPACES: [&str; 5] = ["TopMargin", "LeftMargin", "PrintSpace", "RightMargin", "BottomMargin"];

/// Whether a text begins like one.
pub(super) fn is(text: &str) -> bool {
    root_name(text).is_some_and(|name| name.eq_ignore_ascii_case("alto"))
}

/// Reads one; `places` is what the structure of its issue says of the order and the kinds of its blocks.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str, places: &Places) -> Result<Plates, Fault> {
    let xml = Xml::strict(text)?;
    let root = xml.root()?;
    if !root.is("alto") {
        return Err(Fault::whole("最外层元素不是 <alto>", "its outermost element is not <alto>"));
    }
    let reader = Reader {
        text,
        places,
        unit: unit(root),
        labels: labels(root),
        // Whoever writes no spaces at all means one between any two words.
        spaces: root.within().any(|e| e.is("SP")),
    };
    let image = root.within().find(|e| e.is("fileName")).map(|e| file_name(&e.text())).filter(|n| !n.is_empty());
    let pages = root.within().filter(|e| e.is("Page"));
    let mut sheets: Vec<_> = pages.map(|page| reader.sheet(page)).collect();
    if let [only] = sheets.as_mut_slice() {
        only.image = image;
    }
    Ok(Plates { engine: engine(root), sheets })
}

/// The software of the last processing step that is named.
fn engine(root: Element) -> Option<String> {
    let software = root.within().filter(|e| e.is("processingSoftware")).last()?;
    let part = |name| software.child(name).map(|e| e.text()).filter(|t| !t.is_empty());
    let name = part("softwareName")?;
    match part("softwareVersion").filter(|version| !name.contains(version)) {
        Some(version) => Some(format!("{name} {version}")),
        None => Some(name),
    }
}

fn unit(root: Element) -> Unit {
    let said = root.within().find(|e| e.is("MeasurementUnit")).map(|e| e.text()).unwrap_or_default();
    match said.as_str() {
        "mm10" => Unit::Mm10,
        "inch1200" => Unit::Inch1200,
        _ => Unit::Pixel,
    }
}

/// The labels of tags by id: what a block is.
fn labels(root: Element) -> HashMap<String, String> {
    let tags = root.within().find(|e| e.is("Tags")).into_iter().flat_map(Element::elements);
    let said = tags.filter(|e| e.is("LayoutTag") || e.is("StructureTag") || e.is("RoleTag"));
    said.filter_map(|e| Some((e.get("ID")?.into_owned(), e.get("LABEL")?.to_lowercase()))).collect()
}

struct Reader<'t> {
    text: &'t str,
    /// What the structure of the issue says of blocks.
    places: &'t Places,
    unit: Unit,
    labels: HashMap<String, String>,
    spaces: bool,
}

/// A block of text with what orders it.
struct Block {
    id: String,
    next: Option<String>,
    /// Its rank in the structure of the issue.
    rank: Option<usize>,
    region: Region,
}

impl Reader<'_> {
    fn sheet(&self, page: Element) -> Sheet {
        let size = page.number("WIDTH").zip(page.number("HEIGHT")).map(|(w, h)| [w, h]);
        let name = page.get("PRINTED_IMG_NR").or_else(|| page.get("PHYSICAL_IMG_NR")).map(|n| n.into_owned());
        let mut blocks = Vec::new();
        for space in SPACES.iter().flat_map(|name| page.elements().filter(|e| e.is(name))) {
            let kind = if space.is("PrintSpace") { RegionKind::Text } else { RegionKind::Furniture };
            self.blocks(space, kind, None, &mut blocks);
        }
        let order = page.within().filter(|e| e.is("ElementRef")).filter_map(|e| e.get("REF"));
        let order: HashMap<String, usize> = order.enumerate().map(|(n, id)| (id.into_owned(), n)).collect();
        blocks = in_chains(blocks);
        blocks.sort_by_key(|b| order.get(&b.id).copied().unwrap_or(usize::MAX));
        // What the structure does not name stays behind what it stands behind in the file.
        let mut last = None;
        for block in &mut blocks {
            last = block.rank.or(last);
            block.rank = last;
        }
        blocks.sort_by_key(|b| b.rank);
        let regions = blocks.into_iter().map(|b| b.region).collect();
        Sheet { name, size, unit: self.unit, ordered: true, regions, ..Sheet::default() }
    }

    /// The blocks of text in a part of a page, in the order of the file.
    fn blocks(&self, part: Element, kind: RegionKind, rank: Option<usize>, out: &mut Vec<Block>) {
        for element in part.elements() {
            let id = element.get("ID").unwrap_or_default();
            let (rank, said) = self.places.get(id.as_ref()).map_or((rank, None), |(rank, said)| (Some(*rank), *said));
            let kind = said.or_else(|| self.kind(element)).unwrap_or(kind);
            if element.is("ComposedBlock") {
                self.blocks(element, kind, rank, out);
            } else if element.is("TextBlock") {
                let mut lines: Vec<_> = element.elements().filter(|e| e.is("TextLine")).map(|l| self.line(l)).collect();
                hyphen::take_off(&mut lines);
                let region = Region { kind, bbox: bbox(element), flow: Flow::Lines, lines };
                let next = element.get("IDNEXT").map(|id| id.into_owned());
                out.push(Block { id: id.into_owned(), next, rank, region });
            }
        }
    }

    /// What a block says it is, by its tags or its type.
    fn kind(&self, block: Element) -> Option<RegionKind> {
        let tags = block.get("TAGREFS").unwrap_or_default();
        let labels = tags.split_ascii_whitespace().filter_map(|id| self.labels.get(id).cloned());
        labels.chain(block.get("TYPE").map(|t| t.to_lowercase())).find_map(|label| kind_of(&label))
    }

    fn line(&self, line: Element) -> Line {
        let mut words: Vec<Word> = Vec::new();
        let mut space = false;
        for element in line.elements() {
            if element.is("SP") {
                space = true;
            } else if element.is("HYP") {
                if let Some(last) = words.last_mut() {
                    last.hyphenated = true;
                }
            } else if element.is("String") {
                let from = words.len();
                self.string(element, &mut words);
                if let Some(first) = words.get_mut(from) {
                    first.space_before = from > 0 && (space || !self.spaces);
                    space = false;
                }
            }
        }
        Line { bbox: bbox(line), words }
    }

    /// The words of a `String`: one, or one for each character where the file says something of each.
    fn string(&self, string: Element, out: &mut Vec<Word>) {
        let Some(raw) = string.raw("CONTENT").filter(|raw| !raw.is_empty()) else { return };
        let whole = Word {
            text: unescape(string.slice(raw.clone())).into_owned(),
            bbox: bbox(string),
            confidence: string.number("WC").map(|c| c.clamp(0.0, 1.0)),
            alternatives: alternatives(string),
            raw: Some(raw.clone()),
            ..Word::default()
        };
        let from = out.len();
        match self.by_character(string, &whole, raw) {
            Some(words) => out.extend(words),
            None => out.push(whole),
        }
        if string.get("SUBS_TYPE").is_some_and(|t| t == "HypPart1")
            && let Some(last) = out.get_mut(from..).and_then(|w| w.last_mut())
        {
            last.hyphenated = true;
            // Some write the hyphen into the word as well.
            if let Some(hyphen) = last.text.chars().next_back().filter(|c| matches!(c, '-' | '\u{AD}'))
                && last.text.chars().nth(1).is_some()
            {
                hyphen::shorten(last, hyphen);
            }
        }
    }

    fn by_character(&self, string: Element, whole: &Word, raw: Range<usize>) -> Option<Vec<Word>> {
        let places = characters(self.text, raw)?;
        let glyphs: Vec<_> = string.elements().filter(|e| e.is("Glyph")).collect();
        let mut words = match glyphs.is_empty() {
            false => self.glyphs(&glyphs, whole, &places)?,
            true => self.scored(string, whole, &places)?,
        };
        // Readings of the whole word that have a character for each of its characters.
        for other in &whole.alternatives {
            if words.len() == places.len() && other.text.chars().count() == words.len() {
                for (word, c) in words.iter_mut().zip(other.text.chars()).filter(|(w, c)| !w.text.starts_with(*c)) {
                    word.alternatives.push(Alternative { text: c.to_string(), confidence: other.confidence });
                }
            }
        }
        Some(words)
    }

    /// One word for each `Glyph`, where they spell the `String`.
    fn glyphs(&self, glyphs: &[Element], whole: &Word, places: &[Range<usize>]) -> Option<Vec<Word>> {
        let mut places = places.iter();
        let mut out = Vec::new();
        for glyph in glyphs {
            let text = glyph.get("CONTENT")?.into_owned();
            let mut own = places.by_ref().take(text.chars().count());
            let first = own.next()?.clone();
            let raw = first.start..own.last().map_or(first.end, |last| last.end);
            if unescape(self.text.get(raw.clone())?) != text {
                return None;
            }
            let variants = glyph.elements().filter(|e| e.is("Variant"));
            let mut alternatives: Vec<_> = variants
                .filter_map(|v| {
                    let text = v.get("CONTENT")?.into_owned();
                    Some(Alternative { text, confidence: v.number("VC").map(|c| c.clamp(0.0, 1.0)) })
                })
                .filter(|a| a.text != text)
                .collect();
            alternatives.sort_by(|a, b| b.confidence.unwrap_or(0.0).total_cmp(&a.confidence.unwrap_or(0.0)));
            let confidence = glyph.number("GC").map(|c| c.clamp(0.0, 1.0)).or(whole.confidence);
            let bbox = bbox(*glyph).or(whole.bbox);
            out.push(Word { text, bbox, confidence, alternatives, raw: Some(raw), ..Word::default() });
        }
        places.next().is_none().then_some(out)
    }

    /// One word for each character, where `CC` has a digit for each: 0 is sure, 9 is not.
    fn scored(&self, string: Element, whole: &Word, places: &[Range<usize>]) -> Option<Vec<Word>> {
        let digits: Vec<_> = string.get("CC")?.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_digit(10)).collect();
        if digits.len() != places.len() || digits.contains(&None) {
            return None;
        }
        let word = |(raw, digit): (&Range<usize>, Option<u32>)| {
            let text = unescape(self.text.get(raw.clone())?).into_owned();
            let confidence = digit.map(|d| 1.0 - d as f32 / 9.0);
            Some(Word { text, bbox: whole.bbox, confidence, raw: Some(raw.clone()), ..Word::default() })
        };
        places.iter().zip(digits).map(word).collect()
    }
}

/// What the label of a block means. Libraries label in their own languages.
fn kind_of(label: &str) -> Option<RegionKind> {
    let has = |words: &[&str]| words.iter().any(|w| label.contains(w));
    if has(&["headline", "heading", "title", "titre", "标题", "標題"]) {
        let level = label.chars().find_map(|c| c.to_digit(10)).unwrap_or(1);
        return Some(RegionKind::Heading(level.clamp(1, 6) as u8));
    }
    match () {
        _ if has(&["caption", "légende"]) => Some(RegionKind::Caption),
        _ if has(&["table", "tableau"]) => Some(RegionKind::Table),
        _ if has(&["page-number", "pagenumber", "page number", "header", "footer", "running"]) => {
            Some(RegionKind::Furniture)
        }
        _ => None,
    }
}

/// The other readings of a `String`.
fn alternatives(string: Element) -> Vec<Alternative> {
    let given = string.elements().filter(|e| e.is("ALTERNATIVE")).map(|e| e.text());
    given.filter(|text| !text.is_empty()).map(|text| Alternative { text, confidence: None }).collect()
}

fn bbox(element: Element) -> Option<BBox> {
    let (x, y) = (element.number("HPOS")?, element.number("VPOS")?);
    let (width, height) = (element.number("WIDTH")?, element.number("HEIGHT")?);
    Some(BBox([x, y, x + width, y + height]))
}

fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// Blocks in the order that `IDNEXT` says: each is followed by the one that it names.
fn in_chains(blocks: Vec<Block>) -> Vec<Block> {
    let by_id: HashMap<String, usize> = blocks.iter().enumerate().map(|(n, b)| (b.id.clone(), n)).collect();
    let next: Vec<Option<usize>> =
        blocks.iter().map(|b| b.next.as_ref().and_then(|id| by_id.get(id).copied())).collect();
    let mut led_to = vec![false; blocks.len()];
    for to in next.iter().flatten() {
        if let Some(led) = led_to.get_mut(*to) {
            *led = true;
        }
    }
    let mut blocks: Vec<Option<Block>> = blocks.into_iter().map(Some).collect();
    let mut out = Vec::new();
    // First the heads of chains, then what is left: circles.
    let heads = (0..blocks.len()).filter(|n| led_to.get(*n) == Some(&false));
    for head in heads.chain(0..blocks.len()) {
        let mut at = Some(head);
        while let Some(block) = at.and_then(|n| blocks.get_mut(n)).and_then(Option::take) {
            out.push(block);
            at = at.and_then(|n| next.get(n).copied().flatten());
        }
    }
    out
}
