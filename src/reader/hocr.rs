//! hOCR: HTML in which classes and titles say what the engine saw.
//!
//! Specification: <https://kba.github.io/hocr-spec/1.2/>. In the wild it is XHTML or plain HTML, with or without words, with or
//! without characters.

use super::hyphen;
use super::sheet::{Fault, Line, Plates, Region, RegionKind, Sheet, Word};
use super::xml::{Child, Element, Xml, root_name, trimmed, unescape};
use crate::source::{Alternative, BBox};
use memchr::memmem;
use std::ops::Range;

/// hOCR says what it is in its head; a page of it begins not far behind.
const HEAD: usize = 1 << 18;
/// What only hOCR has.
const MARKS: [&str; 6] = ["ocr-system", "ocr-capabilities", "ocr_page", "ocr_carea", "ocr_line", "ocrx_word"];

/// Parts of a page that stand by themselves.
const BLOCKS: [&str; 10] = [
    "ocr_carea",
    "ocrx_block",
    "ocr_par",
    "ocr_title",
    "ocr_author",
    "ocr_abstract",
    "ocr_table",
    "ocr_float",
    "ocr_pageno",
    "ocr_blockquote",
];
/// Printed lines; some say at once what stands in them.
const LINES: [&str; 6] = ["ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_textfloat", "ocr_caption"];
/// Headings by level.
const HEADINGS: [&[&str]; 3] =
    [&["ocr_title", "ocr_chapter", "h1"], &["ocr_section", "h2"], &["ocr_subsection", "ocr_subsubsection", "h3", "h4"]];

/// Whether a text begins like one.
pub(super) fn is(text: &str) -> bool {
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text);
    // Cheapest first: most files of engines have no such word in them.
    MARKS.iter().any(|mark| memmem::find_iter(head.as_bytes(), mark).any(|at| in_tag(head, at)))
        && root_name(text).is_some()
}

/// Whether a place of HTML is inside a tag.
fn in_tag(head: &str, at: usize) -> bool {
    let before = head.as_bytes().get(..at).unwrap_or(&[]);
    memchr::memrchr2(b'<', b'>', before).is_some_and(|i| before.get(i) == Some(&b'<'))
}

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    let xml = Xml::html(text)?;
    let root = xml.root()?;
    let mut reader = Reader { text, plates: Plates::default(), space: false };
    reader.plates.engine = engine(root);
    reader.walk(root, Around::default());
    let mut plates = reader.plates;
    for sheet in &mut plates.sheets {
        for region in &mut sheet.regions {
            region.lines.retain(|line| !line.words.is_empty());
            hyphen::take_off(&mut region.lines);
        }
        sheet.regions.retain(|region| !region.lines.is_empty());
    }
    Ok(plates)
}

/// The engine that the head names.
fn engine(root: Element) -> Option<String> {
    let named = |e: &Element| e.is("meta") && e.get("name").is_some_and(|n| n.eq_ignore_ascii_case("ocr-system"));
    let name = root.within().find(named)?.get("content")?;
    Some(name.trim().to_owned()).filter(|n| !n.is_empty())
}

/// What is known of a place from the elements around it.
#[derive(Clone, Copy, Default)]
struct Around {
    /// Whether it is inside a printed line.
    line: bool,
    /// Whether it is inside a word.
    word: bool,
    /// Whether it is inside a character.
    cinfo: bool,
    /// The box of the word or the character.
    bbox: Option<BBox>,
    /// How sure the engine was of it.
    confidence: Option<f32>,
}

struct Reader<'t> {
    text: &'t str,
    plates: Plates,
    /// Whether white space has gone by since the last word of the line.
    space: bool,
}

impl Reader<'_> {
    fn walk(&mut self, element: Element, around: Around) {
        for child in element.children() {
            match child {
                Child::Text(start, end) => self.words(start..end, around),
                Child::Element(inner) => self.element(inner, around),
            }
        }
    }

    fn element(&mut self, element: Element, around: Around) {
        if ["head", "script", "style"].iter().any(|n| element.is(n)) {
            return;
        }
        if element.is("br") {
            self.space = true;
            // Without lines of its own the text is broken by hand.
            if !around.line {
                self.new_line(None);
            }
            return;
        }
        let class = element.get("class").unwrap_or_default();
        let title = element.get("title").unwrap_or_default();
        let has = |names: &[&str]| class.split_ascii_whitespace().any(|c| names.contains(&c));
        let bbox = bbox(&title, "bbox");
        if has(&["ocr_page"]) {
            self.page(&title, bbox);
            return self.walk(element, Around::default());
        }
        if around.word && is_choices(element, &class) {
            return self.choices(element);
        }
        if has(&["alternatives"]) {
            return self.alternatives(element, around);
        }
        let mut inside = around;
        if let Some(kind) = block(element, &has) {
            self.region(kind, bbox);
            inside = Around::default();
        } else if has(&LINES) {
            self.line(&has, bbox);
            inside = Around { line: true, ..Around::default() };
        } else if has(&["ocrx_word"]) {
            inside =
                Around { line: around.line, word: true, cinfo: false, bbox, confidence: confidence(&title, "x_wconf") };
        } else if has(&["ocrx_cinfo", "ocr_cinfo", "ocr_glyph", "ocr_char"]) {
            let own = self::bbox(&title, "x_bboxes").or(bbox);
            let sure = confidence(&title, "x_conf").or_else(|| confidence(&title, "x_confs"));
            inside =
                Around { cinfo: true, bbox: own.or(around.bbox), confidence: sure.or(around.confidence), ..around };
        }
        let ends_region = block(element, &has).is_some();
        self.walk(element, inside);
        if ends_region {
            // What follows belongs to no region yet.
            self.region(RegionKind::Text, None);
        }
    }

    fn page(&mut self, title: &str, bbox: Option<BBox>) {
        let image = property(title, "image").map(file_name).filter(|n| !n.is_empty());
        let name = property(title, "lpageno").or_else(|| property(title, "ppageno")).map(str::to_owned);
        let size = bbox.map(|b| [b.0[2], b.0[3]]);
        self.plates.sheets.push(Sheet { name, image, size, ordered: true, ..Sheet::default() });
    }

    /// The sheet that is being filled; text before the first page makes one.
    fn sheet(&mut self) -> &mut Sheet {
        if self.plates.sheets.is_empty() {
            self.plates.sheets.push(Sheet { ordered: true, ..Sheet::default() });
        }
        let last = self.plates.sheets.len() - 1;
        &mut self.plates.sheets[last]
    }

    /// Begins a region; one that is still empty is taken over.
    fn region(&mut self, kind: RegionKind, bbox: Option<BBox>) {
        self.space = false;
        let regions = &mut self.sheet().regions;
        match regions.last_mut().filter(|r| r.lines.is_empty()) {
            // A paragraph that is all of its column keeps what the column is.
            Some(empty) => {
                empty.bbox = bbox;
                if kind != RegionKind::Text || bbox.is_none() {
                    empty.kind = kind;
                }
            }
            None => regions.push(Region { kind, bbox, ..Region::default() }),
        }
    }

    /// Begins a printed line. A caption among lines of text is a region of its own.
    fn line(&mut self, has: &dyn Fn(&[&str]) -> bool, bbox: Option<BBox>) {
        if has(&["ocr_caption"]) {
            self.region(RegionKind::Caption, bbox);
        }
        self.new_line(bbox);
    }

    fn new_line(&mut self, bbox: Option<BBox>) {
        self.space = false;
        let regions = &mut self.sheet().regions;
        if regions.is_empty() {
            regions.push(Region::default());
        }
        let Some(region) = regions.last_mut() else { return };
        match region.lines.last_mut().filter(|l| l.words.is_empty()) {
            Some(empty) => empty.bbox = bbox,
            None => region.lines.push(Line { bbox, words: Vec::new() }),
        }
    }

    fn last_line(&mut self) -> Option<&mut Line> {
        self.sheet().regions.last_mut()?.lines.last_mut()
    }

    /// The text at a place of the file: one word, or, where the file does not say its words, a line of them.
    fn words(&mut self, place: Range<usize>, around: Around) {
        let inner = trimmed(self.text, place.clone());
        if inner.is_empty() {
            // Between the characters of a word it is the writer's indentation.
            self.space |= !around.word;
            return;
        }
        if self.last_line().is_none() {
            // Text outside of any page is the browser's, not the paper's.
            if self.plates.sheets.is_empty() {
                return;
            }
            self.new_line(around.bbox);
        }
        let pieces = if around.word || around.line { vec![inner.clone()] } else { lines_of(self.text, inner.clone()) };
        for (n, raw) in pieces.into_iter().enumerate() {
            if n > 0 {
                self.new_line(None);
            }
            let space_before = self.space || n == 0 && !around.cinfo && raw.start > place.start;
            self.word(raw, space_before, around);
        }
        self.space = !around.cinfo && inner.end < place.end;
    }

    fn word(&mut self, raw: Range<usize>, space_before: bool, around: Around) {
        let text = unescape(self.text.get(raw.clone()).unwrap_or("")).into_owned();
        let Some(line) = self.last_line() else { return };
        let space_before = space_before && !line.words.is_empty();
        let bbox = around.bbox.or(line.bbox.filter(|_| around.line && !around.word));
        let confidence = around.confidence;
        line.words.push(Word { text, bbox, confidence, raw: Some(raw), space_before, ..Word::default() });
    }

    /// `<span class="alternatives">`: the first `ins` is the reading, everything after it is another.
    fn alternatives(&mut self, element: Element, around: Around) {
        let mut readings = element.elements().filter(|e| e.is("ins") || e.is("del")).collect::<Vec<_>>();
        readings.sort_by_key(|e| !e.is("ins"));
        let Some((first, others)) = readings.split_first() else { return self.walk(element, around) };
        let others: Vec<_> = others.iter().filter_map(|e| alternative(*e)).collect();
        let title = first.get("title").unwrap_or_default();
        let before = self.last_line().map_or(0, |l| l.words.len());
        self.walk(*first, Around { confidence: likelihood(&title).or(around.confidence), ..around });
        // A reading that is empty (a character that was struck out) leaves nothing for the others to stand beside.
        if let Some(word) = self.last_line().filter(|l| l.words.len() > before).and_then(|l| l.words.last_mut()) {
            word.alternatives.extend(others);
        }
        self.space = false;
    }

    /// Tesseract's choices for each character of the word before them (`lstm_choice_mode`). Where there are as many as
    /// characters, the word is taken apart; they are never text.
    fn choices(&mut self, element: Element) {
        let choices: Vec<_> = element.elements().filter_map(alternative).collect();
        let Some(word) = self.last_line().and_then(|l| l.words.last_mut()) else { return };
        if word.text.chars().nth(1).is_none() {
            word.alternatives.extend(choices.into_iter().filter(|a| a.text != word.text));
        }
    }
}

/// What sort of region an element begins, if it begins one.
fn block(element: Element, has: &dyn Fn(&[&str]) -> bool) -> Option<RegionKind> {
    let heading = HEADINGS.iter().position(|names| has(names) || names.iter().any(|n| element.is(n)));
    if let Some(level) = heading {
        return Some(RegionKind::Heading(level as u8 + 1));
    }
    match () {
        _ if has(&["ocr_table"]) => Some(RegionKind::Table),
        _ if has(&["ocr_pageno"]) => Some(RegionKind::Furniture),
        _ if has(&BLOCKS) || element.is("p") => Some(RegionKind::Text),
        _ => None,
    }
}

/// Whether an element inside a word holds Tesseract's choices and not the text.
fn is_choices(element: Element, class: &str) -> bool {
    let id = element.get("id").unwrap_or_default();
    class.split_ascii_whitespace().any(|c| c.starts_with("ocr"))
        && ["lstm_choices", "choice_", "timestep", "alternative_"].iter().any(|p| id.starts_with(p))
}

fn alternative(element: Element) -> Option<Alternative> {
    let text = element.text();
    let title = element.get("title").unwrap_or_default();
    (!text.is_empty()).then(|| Alternative { text, confidence: likelihood(&title) })
}

/// How sure a reading is by its title: percent, or the negative logarithm of a probability.
fn likelihood(title: &str) -> Option<f32> {
    let percent = ["x_confs", "x_conf", "x_wconf"].iter().find_map(|name| confidence(title, name));
    percent.or_else(|| Some((-number(property(title, "nlp")?)?).exp().clamp(0.0, 1.0)))
}

/// A confidence in percent, as 0 to 1; the first where there are several.
fn confidence(title: &str, name: &str) -> Option<f32> {
    Some((number(property(title, name)?)? / 100.0).clamp(0.0, 1.0))
}

fn number(text: &str) -> Option<f32> {
    text.split_ascii_whitespace().next()?.parse().ok().filter(|n: &f32| n.is_finite())
}

/// The box, or the box around all boxes, that a property gives.
fn bbox(title: &str, name: &str) -> Option<BBox> {
    let mut numbers = property(title, name)?.split_ascii_whitespace().map_while(|n| n.parse::<f32>().ok());
    let one = || Some(BBox([numbers.next()?, numbers.next()?, numbers.next()?, numbers.next()?]));
    std::iter::from_fn(one).filter(|b| b.0.iter().all(|n| n.is_finite())).reduce(BBox::around)
}

/// The value of a property of a title: `bbox 0 0 10 10; image "a;b.png"`.
fn property<'t>(title: &'t str, name: &str) -> Option<&'t str> {
    let mut quote = None;
    let ends = move |c: char| {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), _) if q == c => quote = None,
            _ => {}
        }
        c == ';' && quote.is_none()
    };
    title.split(ends).find_map(|one| {
        let (key, value) = one.trim().split_once(char::is_whitespace)?;
        (key == name).then(|| value.trim())
    })
}

/// The last part of a path, of whatever system, without quotation marks.
fn file_name(path: &str) -> String {
    let path = path.trim_matches(['"', '\'']);
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// The lines of a stretch of the file, without the white space at their ends.
fn lines_of(text: &str, place: Range<usize>) -> Vec<Range<usize>> {
    let mut at = place.start;
    let raw = text.get(place).unwrap_or("");
    let mut out = Vec::new();
    for line in raw.split_inclusive('\n') {
        let inner = trimmed(text, at..at + line.len());
        if !inner.is_empty() {
            out.push(inner);
        }
        at += line.len();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<!DOCTYPE html><html><head><meta name='ocr-system' content='tesseract 5.3.0'></head><body>
<div class='ocr_page' title='image \"a/第1版.png\"; bbox 0 0 100 80; ppageno 3'>
 <div class='ocr_carea' title='bbox 0 0 50 50'><p class='ocr_par'>
  <span class='ocr_line' title='bbox 0 0 50 10'>
   <span class='ocrx_word' title='bbox 0 0 20 10; x_wconf 90'>
    <span class='ocrx_cinfo' title='x_bboxes 0 0 10 10; x_conf 99.5'>市</span>
    <span class='ocrx_cinfo' title='x_bboxes 10 0 20 10; x_conf 40'>&#x653F;</span>
   </span>
   <span class='ocrx_word' title='bbox 20 0 50 10; x_wconf 0'><em>A&amp;B&nbsp;</em></span>
  </span>
  <span class='ocr_line' title='bbox 0 10 50 20'><span class='ocrx_word'>equip-</span></span>
  <span class='ocr_line' title='bbox 0 20 50 30'><span class='ocrx_word'>ment</span></span>
 </p></div>
</div></body></html>";

    fn words(plates: &Plates) -> Vec<&Word> {
        plates.sheets.iter().flat_map(|s| &s.regions).flat_map(|r| &r.lines).flat_map(|l| &l.words).collect()
    }

    #[test]
    fn a_page_of_tesseract() {
        assert!(is(PAGE));
        let plates = read(PAGE).unwrap();
        assert_eq!(plates.engine.as_deref(), Some("tesseract 5.3.0"));
        let sheet = &plates.sheets[0];
        assert_eq!((sheet.image.as_deref(), sheet.name.as_deref()), (Some("第1版.png"), Some("3")));
        assert_eq!(sheet.size, Some([100.0, 80.0]));
        let words = words(&plates);
        let seen: Vec<_> = words.iter().map(|w| (w.text.as_str(), w.space_before, w.confidence)).collect();
        let expected = [
            ("市", false, Some(0.995)),
            ("政", false, Some(0.4)),
            ("A&B\u{A0}", true, Some(0.0)),
            ("equip", false, None),
            ("ment", false, None),
        ];
        assert_eq!(seen, expected);
        assert_eq!(words[1].bbox, Some(BBox([10.0, 0.0, 20.0, 10.0])));
        assert!(words[3].hyphenated);
        for word in words {
            assert_eq!(unescape(&PAGE[word.raw.clone().unwrap()]), word.text);
        }
    }

    #[test]
    fn without_words_or_lines() {
        let text = "<div class='ocr_page'><p>第一行<br>第二行\n第三行</p><p>另一段</div>";
        let plates = read(text).unwrap();
        let lines: Vec<_> = plates.sheets[0].regions.iter().map(|r| r.lines.len()).collect();
        assert_eq!(lines, [3, 1]);
    }

    #[test]
    fn other_readings() {
        let text = "<div class='ocr_page'><span class='ocr_line'><span class='ocrx_word' title='x_wconf 50'>\
            <span class='alternatives'><del class='alt' title='nlp 2'>末</del><ins class='alt' title='x_conf 60'>未</ins></span>\
            </span></span></div>";
        let plates = read(text).unwrap();
        let word = words(&plates)[0];
        assert_eq!((word.text.as_str(), word.confidence), ("未", Some(0.6)));
        assert_eq!(word.alternatives[0].text, "末");
    }

    #[test]
    fn html_that_is_no_hocr() {
        assert!(!is("<html><body><p>ocr_page is a class of hOCR</p></body></html>"));
        assert!(!is("class='ocr_page' in running text"));
    }

    #[test]
    fn titles() {
        let title = "image \"a;b.png\"; bbox 1 2 3 4; x_confs 10 20";
        assert_eq!(property(title, "image"), Some("\"a;b.png\""));
        assert_eq!(bbox(title, "bbox"), Some(BBox([1.0, 2.0, 3.0, 4.0])));
        assert_eq!(confidence(title, "x_confs"), Some(0.1));
        assert_eq!(bbox("bbox 1 2 3", "bbox"), None);
    }
}
