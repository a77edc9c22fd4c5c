//! Corrected text put back into the file of an engine: the readers' work in the other direction.
//!
//! Only ALTO, PAGE XML and hOCR have a place for it. Ids, boxes and everything else stay as they are; the old reading is kept
//! where the format has a place for other readings: `ALTERNATIVE` and `Variant` in ALTO, a `TextEquiv` of higher index in PAGE,
//! and hOCR's `<span class="alternatives">`, whose `ins` is the reading and whose `del` is what was there before.

use super::xml::{Element, Xml, escape, unescape};
use crate::source::Format;
use std::ops::Range;

/// A token and the text that it is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amended {
    /// Where its text stands in the decoded text of the file.
    pub raw: Range<usize>,
    /// What it reads there.
    pub old: String,
    /// What it is to read.
    pub new: String,
}

/// A stretch of the file's text and what is to stand in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// What is replaced, in bytes.
    pub at: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// Whether corrected text can be put into files of a format.
pub fn is_amendable(format: Format) -> bool {
    matches!(format, Format::Alto | Format::PageXml | Format::Hocr)
}

/// What has to change in the decoded text of a file so that its tokens read as they are to, in the order of the file and
/// without overlap; nothing where no token changes or the file is of another format.
///
/// `tokens` are all tokens of the file. One whose old text does not stand at its place is left alone.
pub fn amend(format: Format, text: &str, mut tokens: Vec<Amended>) -> Vec<Splice> {
    tokens.retain(|t| text.get(t.raw.clone()).is_some_and(|raw| unescape(raw) == t.old));
    tokens.sort_by_key(|t| t.raw.start);
    if !is_amendable(format) || tokens.iter().all(|t| t.old == t.new) {
        return Vec::new();
    }
    let xml = if format == Format::Hocr { Xml::html(text) } else { Xml::strict(text) };
    let Ok(xml) = xml else { return Vec::new() };
    let Ok(root) = xml.root() else { return Vec::new() };
    let mut out = Amender { text, tokens: &tokens, out: Vec::new() };
    match format {
        Format::Alto => out.alto(root),
        Format::PageXml => out.page(root),
        _ => out.hocr(root),
    }
    let mut splices = out.out;
    splices.sort_by_key(|s| (s.at.start, s.at.end));
    // No two elements share a place, but a file may say anything.
    let mut end = 0;
    splices.retain(|s| {
        let free = s.at.start >= end;
        end = end.max(s.at.end);
        free
    });
    splices
}

struct Amender<'a> {
    text: &'a str,
    tokens: &'a [Amended],
    out: Vec<Splice>,
}

impl<'a> Amender<'a> {
    /// The tokens whose text stands inside a place of the file.
    fn within(&self, place: &Range<usize>) -> &'a [Amended] {
        let from = self.tokens.partition_point(|t| t.raw.start < place.start);
        let to = self.tokens.partition_point(|t| t.raw.start < place.end);
        self.tokens.get(from..to).unwrap_or(&[])
    }

    fn put(&mut self, at: Range<usize>, text: impl Into<String>) {
        self.out.push(Splice { at, text: text.into() });
    }

    fn slice(&self, place: Range<usize>) -> &'a str {
        self.text.get(place).unwrap_or("")
    }

    fn alto(&mut self, root: Element) {
        for string in root.within().filter(|e| e.is("String")) {
            let Some(value) = string.raw("CONTENT") else { continue };
            let own = self.within(&value);
            if own.iter().all(|t| t.old == t.new) {
                continue;
            }
            let quote = self.quote_before(value.start);
            for token in own.iter().filter(|t| t.old != t.new) {
                self.put(token.raw.clone(), escape(&token.new, quote));
            }
            let prefix = string.prefix();
            let old = escape(&unescape(self.slice(value)), None);
            self.insert(string, format!("<{prefix}ALTERNATIVE>{old}</{prefix}ALTERNATIVE>"));
            let glyphs: Vec<_> = string.elements().filter(|e| e.is("Glyph")).collect();
            if glyphs.len() == own.len() {
                glyphs.into_iter().zip(own).for_each(|(glyph, token)| self.glyph(glyph, token));
            }
        }
    }

    /// A glyph has exactly one character; one that is to have none or several stays what the engine saw.
    fn glyph(&mut self, glyph: Element, token: &Amended) {
        let Some(value) = glyph.raw("CONTENT") else { return };
        if token.old == token.new || token.new.chars().count() != 1 {
            return;
        }
        let (quote, prefix) = (self.quote_before(value.start), glyph.prefix());
        let sure = glyph.get("GC").map(|gc| format!(" VC=\"{}\"", escape(&gc, Some('"')))).unwrap_or_default();
        let old = escape(&token.old, Some('"'));
        self.put(value, escape(&token.new, quote));
        self.insert(glyph, format!("<{prefix}Variant CONTENT=\"{old}\"{sure}/>"));
    }

    /// Puts an element into another, behind its `Shape` if it has one, else before everything.
    fn insert(&mut self, into: Element, what: String) {
        let tag_end = into.tag_end();
        if self.slice(into.start()..tag_end).ends_with("/>") {
            let name = self.slice(into.start() + 1..tag_end).split(|c: char| c.is_whitespace() || c == '/').next();
            return self.put(tag_end - 2..tag_end, format!(">{what}</{}>", name.unwrap_or("")));
        }
        let at = into.child("Shape").map_or(tag_end, |shape| shape.end());
        self.put(at..at, what);
    }

    /// The quotation mark that an attribute's value begins behind.
    fn quote_before(&self, at: usize) -> Option<char> {
        self.slice(0..at).chars().next_back()
    }

    fn hocr(&mut self, root: Element) {
        let chosen: Vec<Range<usize>> = root.within().filter(|e| e.is("ins")).map(|e| e.start()..e.end()).collect();
        for token in self.tokens.iter().filter(|t| t.old != t.new) {
            let (new, old) = (escape(&token.new, None), self.slice(token.raw.clone()));
            let before = chosen.partition_point(|ins| ins.start < token.raw.start);
            match chosen.get(before.wrapping_sub(1)).filter(|ins| token.raw.end <= ins.end) {
                Some(ins) => {
                    self.put(token.raw.clone(), new);
                    self.put(ins.end..ins.end, format!("<del class='alt'>{old}</del>"));
                }
                None => {
                    let readings = format!("<ins class='alt'>{new}</ins><del class='alt'>{old}</del>");
                    self.put(token.raw.clone(), format!("<span class='alternatives'>{readings}</span>"));
                }
            }
        }
    }

    /// PAGE says the same text at several levels: the token is put right where it was read, and what stands around it is made
    /// to say the same.
    fn page(&mut self, element: Element) {
        let inside = self.within(&(element.start()..element.end()));
        if inside.iter().all(|t| t.old == t.new) {
            return;
        }
        for inner in element.elements().filter(|e| !e.is("TextEquiv")) {
            self.page(inner);
        }
        let mut readings: Vec<_> = element.elements().filter(|e| e.is("TextEquiv")).collect();
        let highest = readings.iter().filter_map(|e| e.number("index")).fold(0.0, f32::max) as i64;
        readings.sort_by_key(|e| e.number("index").map_or(0, |n| n as i64));
        let Some(first) = readings.first() else { return };
        for holder in first.elements().filter(|e| e.is("Unicode") || e.is("PlainText")) {
            let place = holder.tag_end()..holder.texts().last().map_or(holder.tag_end(), |t| t.end);
            let own = self.within(&place);
            if own.is_empty() {
                if let Some(said) = mirrored(&unescape(self.slice(place.clone())), inside) {
                    self.put(place, escape(&said, None));
                }
                continue;
            }
            for token in own.iter().filter(|t| t.old != t.new) {
                self.put(token.raw.clone(), escape(&token.new, None));
            }
            if own.iter().any(|t| t.old != t.new) {
                self.old_reading(*first, place, highest.max(0) + 1);
            }
        }
    }

    /// Keeps what a `TextEquiv` said in one behind it.
    fn old_reading(&mut self, first: Element, place: Range<usize>, index: i64) {
        let prefix = first.prefix();
        if first.raw("index").is_none() {
            let at = first.start() + 1 + prefix.len() + first.name().len();
            self.put(at..at, " index=\"0\"");
        }
        let sure = first.get("conf").map(|conf| format!(" conf=\"{}\"", escape(&conf, Some('"')))).unwrap_or_default();
        let old = self.slice(place);
        let text = format!(
            "<{prefix}TextEquiv index=\"{index}\"{sure}><{prefix}Unicode>{old}</{prefix}Unicode></{prefix}TextEquiv>"
        );
        self.put(first.end()..first.end(), text);
    }
}

/// A text that says what the tokens say, with other white space and with the hyphens that were taken off them, made to say
/// what they are to say; `None` where it says something else.
fn mirrored(text: &str, tokens: &[Amended]) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let passed = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '\u{AD}' | '¬');
    for token in tokens {
        let first = token.old.chars().find(|c| !c.is_whitespace())?;
        let at = rest.find(first).filter(|at| rest.get(..*at).is_some_and(|skipped| skipped.chars().all(passed)))?;
        let (before, from) = rest.split_at(at);
        let after = token
            .old
            .chars()
            .filter(|c| !c.is_whitespace())
            .try_fold(from, |left, c| left.trim_start().strip_prefix(c))?;
        out.push_str(before);
        match token.old == token.new {
            true => out.push_str(from.get(..from.len() - after.len())?),
            false => out.push_str(&token.new),
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amended(format: Format, text: &str, old: &str, new: &str) -> String {
        let at = text.find(old).unwrap();
        let token = Amended { raw: at..at + old.len(), old: unescape(old).into_owned(), new: new.to_owned() };
        let mut out = String::new();
        let mut done = 0;
        for splice in amend(format, text, vec![token]) {
            out += &text[done..splice.at.start];
            out += &splice.text;
            done = splice.at.end;
        }
        out + &text[done..]
    }

    #[test]
    fn alto_keeps_the_old_reading() {
        let text = "<a:alto><a:String ID='s' CONTENT='末来&amp;'/></a:alto>";
        assert_eq!(
            amended(Format::Alto, text, "末来&amp;", "未来'"),
            "<a:alto><a:String ID='s' CONTENT='未来&#39;'><a:ALTERNATIVE>末来&amp;</a:ALTERNATIVE></a:String></a:alto>"
        );
        let text = "<alto><String CONTENT=\"末\"><Shape/><Glyph CONTENT='末' GC='0.3'/></String></alto>";
        assert_eq!(
            amended(Format::Alto, text, "末", "未"),
            "<alto><String CONTENT=\"未\"><Shape/><ALTERNATIVE>末</ALTERNATIVE>\
             <Glyph CONTENT='未' GC='0.3'><Variant CONTENT=\"末\" VC=\"0.3\"/></Glyph></String></alto>"
        );
        assert_eq!(amended(Format::Alto, text, "末", "末"), text);
    }

    #[test]
    fn page_says_it_at_every_level() {
        let text = "<PcGts><TextLine><Word><TextEquiv conf='.4'><Unicode>末</Unicode></TextEquiv></Word>\
                    <TextEquiv><Unicode> 末 </Unicode></TextEquiv></TextLine></PcGts>";
        assert_eq!(
            amended(Format::PageXml, text, "末", "未"),
            "<PcGts><TextLine><Word><TextEquiv index=\"0\" conf='.4'><Unicode>未</Unicode></TextEquiv>\
             <TextEquiv index=\"1\" conf=\".4\"><Unicode>末</Unicode></TextEquiv></Word>\
             <TextEquiv><Unicode> 未 </Unicode></TextEquiv></TextLine></PcGts>"
        );
    }

    #[test]
    fn hocr_has_readings() {
        let text = "<div class='ocr_page'><span class='ocrx_word'>末</span></div>";
        let once = amended(Format::Hocr, text, "末", "未");
        assert!(once.contains("<ins class='alt'>未</ins><del class='alt'>末</del>"), "{once}");
        let twice = amended(Format::Hocr, &once, "未", "来");
        assert!(
            twice.contains("<ins class='alt'>来</ins><del class='alt'>未</del><del class='alt'>末</del>"),
            "{twice}"
        );
    }
}
