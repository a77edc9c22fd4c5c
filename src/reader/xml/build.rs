//! From the events of a file to its tree: what stands in what, which tags HTML may leave out, and what is broken and where.

use super::references::{REFERENCE, reference, resolve};
use super::{Attribute, Fault, Kind, Node, Xml};
use memchr::memmem;
use quick_xml::Reader;
use quick_xml::errors::{Error as XmlError, IllFormedError};
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;
use std::borrow::Cow;
use std::ops::Range;

/// Elements may stand this deep in one another; real files need 30.
const DEPTH: usize = 256;
/// A file may have this many bytes: 1 GiB, a hundred times the largest page.
const SIZE: usize = 1 << 30;
/// HTML elements that have no end tag.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"];
/// HTML elements whose end tag may be left out.
const END_OPTIONAL: [&str; 13] =
    ["html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option"];
/// HTML elements whose content is no markup.
const OPAQUE: [&str; 2] = ["script", "style"];

/// Makes the tree of a file.
pub(super) struct Builder<'t> {
    xml: Xml<'t>,
    /// The elements that are open, by number.
    open: Vec<u32>,
    html: bool,
    /// Where the reader began in the text; it begins anew behind a script.
    base: usize,
}

impl<'t> Builder<'t> {
    pub fn new(text: &'t str, html: bool) -> Result<Self, Fault> {
        if text.len() > SIZE {
            return Err(Fault::whole("文件超过 1 GB", "the file is larger than 1 GB"));
        }
        let xml = Xml { text, nodes: Vec::new(), attributes: Vec::new() };
        Ok(Builder { xml, open: Vec::new(), html, base: 0 })
    }

    fn reader(&self) -> Reader<&'t [u8]> {
        let mut reader = Reader::from_str(self.xml.text.get(self.base..).unwrap_or(""));
        let config = reader.config_mut();
        // Which end belongs to which start is told here, for XML and HTML alike.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = self.html;
        reader
    }

    pub fn build(mut self) -> Result<Xml<'t>, Fault> {
        let mut reader = self.reader();
        loop {
            let start = self.base + reader.buffer_position() as usize;
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(e) => return Err(self.broken(self.base + reader.error_position() as usize, &e)),
            };
            let place = start..self.base + reader.buffer_position() as usize;
            match event {
                Event::Start(_) => {
                    if self.opens(place.clone())? {
                        self.base = self.behind_opaque(place.end);
                        reader = self.reader();
                    }
                }
                Event::Empty(_) => {
                    self.element(place, 2)?;
                }
                Event::End(_) => self.closes(place)?,
                Event::Text(_) | Event::CData(_) => self.text(place),
                Event::GeneralRef(name) => {
                    if !self.html && resolve(&name).is_none() {
                        return Err(self.unknown_entity(place.start));
                    }
                    self.text(place);
                }
                Event::Eof => return self.finish(),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    /// Opens an element; whether what follows is no markup.
    fn opens(&mut self, place: Range<usize>) -> Result<bool, Fault> {
        let at = self.element(place.clone(), 1)?;
        let name = self.name(at);
        if self.html && is_one_of(name, &VOID) {
            return Ok(false);
        }
        if self.open.len() >= DEPTH {
            let (zh, en) = (format!("元素套了 {DEPTH} 层以上"), format!("more than {DEPTH} elements in one another"));
            return Err(self.fault(place.start, zh, en));
        }
        self.open.push(at);
        Ok(self.html && is_one_of(name, &OPAQUE))
    }

    /// Adds an element without content; `tail` is the length of what ends its tag.
    fn element(&mut self, place: Range<usize>, tail: usize) -> Result<u32, Fault> {
        let tag = place.start + 1..place.end.saturating_sub(tail);
        let inside = self.xml.text.get(tag.clone()).unwrap_or("");
        let length = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
        let prefix = inside.get(..length).and_then(|n| n.find(':')).map_or(0, |i| i + 1);
        let name = ((tag.start + prefix) as u32, (tag.start + length) as u32);
        if self.html {
            self.implied_end(self.xml.slice(name));
        }
        let attributes = self.attributes(inside, length)?;
        let at = self.xml.nodes.len() as u32;
        let kind = Kind::Element { name, attributes };
        self.xml.nodes.push(Node {
            start: place.start as u32,
            end: place.end as u32,
            tag_end: place.end as u32,
            next: at + 1,
            kind,
        });
        Ok(at)
    }

    fn attributes(&mut self, tag: &'t str, name: usize) -> Result<(u32, u32), Fault> {
        let from = self.xml.attributes.len() as u32;
        let mut all = if self.html { Attributes::html(tag, name) } else { Attributes::new(tag, name) };
        // Looking for a name that stands twice takes quadratic time; the first is taken.
        for attribute in all.with_checks(false) {
            let Ok(attribute) = attribute else {
                if self.html {
                    break;
                }
                let at = self.place_of(tag).0 as usize;
                return Err(self.fault(at, "标签里的属性写得不对", "an attribute of this tag is not well formed"));
            };
            let value = match &attribute.value {
                Cow::Borrowed(value) => self.place_of(value),
                Cow::Owned(_) => continue,
            };
            if !self.html {
                self.known_references(value)?;
            }
            let key = attribute.key.local_name().into_inner();
            self.xml.attributes.push(Attribute { name: self.place_of(key), value });
        }
        Ok((from, self.xml.attributes.len() as u32))
    }

    /// Where a part of the text stands in it.
    fn place_of(&self, part: &str) -> (u32, u32) {
        let start = (part.as_ptr() as usize).saturating_sub(self.xml.text.as_ptr() as usize);
        (start as u32, (start + part.len()) as u32)
    }

    fn known_references(&self, value: (u32, u32)) -> Result<(), Fault> {
        let text = self.xml.slice(value);
        for at in memchr::memchr_iter(b'&', text.as_bytes()) {
            if reference(text.get(at..).unwrap_or("")).is_none() {
                return Err(self.unknown_entity(value.0 as usize + at));
            }
        }
        Ok(())
    }

    /// In HTML a paragraph ends where the next one begins.
    fn implied_end(&mut self, next: &str) {
        let Some(&last) = self.open.last() else { return };
        let same = self.name(last).eq_ignore_ascii_case(next) && is_one_of(next, &END_OPTIONAL);
        if same && !next.eq_ignore_ascii_case("html") && !next.eq_ignore_ascii_case("body") {
            let here = self.xml.nodes.last().map_or(0, |n| n.end as usize);
            self.close(last, here);
            self.open.pop();
        }
    }

    fn closes(&mut self, place: Range<usize>) -> Result<(), Fault> {
        let tag = self.xml.text.get(place.start + 2..place.end.saturating_sub(1)).unwrap_or("").trim_end();
        let name = tag.rsplit(':').next().unwrap_or(tag);
        let Some(&last) = self.open.last() else {
            if self.html {
                return Ok(());
            }
            return Err(self.fault(
                place.start,
                format!("</{name}> 没有对应的开始标签"),
                format!("</{name}> ends nothing"),
            ));
        };
        if self.html {
            let depth = self.open.iter().rposition(|at| self.name(*at).eq_ignore_ascii_case(name));
            if let Some(depth) = depth {
                for at in self.open.split_off(depth) {
                    self.close(at, place.end);
                }
            }
            return Ok(());
        }
        let open = self.name(last);
        if open != name {
            let zh = format!("</{name}> 对不上还没有关闭的 <{open}>");
            return Err(self.fault(place.start, zh, format!("</{name}> where <{open}> is to be closed")));
        }
        self.close(last, place.end);
        self.open.pop();
        Ok(())
    }

    fn close(&mut self, at: u32, end: usize) {
        let next = self.xml.nodes.len() as u32;
        if let Some(node) = self.xml.nodes.get_mut(at as usize) {
            (node.end, node.next) = (end as u32, next);
        }
    }

    /// Adds text; what follows on text without a gap is one with it.
    fn text(&mut self, place: Range<usize>) {
        let at = self.xml.nodes.len() as u32;
        match self.xml.nodes.last_mut() {
            Some(Node { kind: Kind::Text, end, .. }) if *end as usize == place.start => *end = place.end as u32,
            _ if place.is_empty() => {}
            _ => {
                let (start, end) = (place.start as u32, place.end as u32);
                self.xml.nodes.push(Node { start, end, tag_end: end, next: at + 1, kind: Kind::Text });
            }
        }
    }

    /// Where the end tag of a script begins.
    fn behind_opaque(&self, from: usize) -> usize {
        let name = self.open.last().map_or("", |at| self.name(*at)).to_ascii_lowercase();
        let rest = self.xml.text.get(from..).unwrap_or("");
        let ends = memmem::find_iter(rest.as_bytes(), "</");
        let end = ends.into_iter().find(|at| {
            let found = rest.get(at + 2..at + 2 + name.len());
            found.is_some_and(|n| n.eq_ignore_ascii_case(&name))
        });
        from + end.unwrap_or(rest.len())
    }

    fn finish(mut self) -> Result<Xml<'t>, Fault> {
        let end = self.xml.text.len();
        let open = std::mem::take(&mut self.open);
        let left = open.iter().rev().find(|at| !(self.html && is_one_of(self.name(**at), &END_OPTIONAL)));
        if let Some(left) = left {
            let name = self.name(*left);
            let zh = format!("到文件末尾 <{name}> 还没有关闭，文件可能被截断");
            let en = format!("<{name}> is still open at the end; the file may be cut off");
            return Err(self.fault(end, zh, en));
        }
        for at in open {
            self.close(at, end);
        }
        Ok(self.xml)
    }

    fn name(&self, at: u32) -> &'t str {
        match self.xml.nodes.get(at as usize).map(|n| &n.kind) {
            Some(Kind::Element { name, .. }) => self.xml.slice(*name),
            _ => "",
        }
    }

    fn fault(&self, at: usize, zh: impl Into<String>, en: impl Into<String>) -> Fault {
        Fault::at(self.xml.text, at, zh, en)
    }

    fn unknown_entity(&self, at: usize) -> Fault {
        let from = self.xml.text.get(at..).unwrap_or("");
        let end = from.find(';').filter(|end| *end < REFERENCE);
        let name = from.get(..end.map_or(1, |end| end + 1)).unwrap_or("&");
        let zh = format!("不认识的实体 {name}；文件自己定义的实体一概不展开");
        self.fault(at, zh, format!("unknown entity {name}; entities that a file defines for itself are not expanded"))
    }

    fn broken(&self, at: usize, e: &XmlError) -> Fault {
        let (zh, en) = match e {
            XmlError::IllFormed(IllFormedError::UnclosedReference) => (
                "& 后面不是完整的引用；正文里的 & 要写成 &amp;",
                "& does not begin a reference; in text it is written &amp;",
            ),
            XmlError::Syntax(_) => (
                "这里的标签、注释或引号没有写完，文件可能被截断",
                "a tag, a comment or a quotation mark is not closed; the file may be cut off",
            ),
            _ => ("这里不是合格的 XML", "this is not well-formed XML"),
        };
        self.fault(at, zh, en)
    }
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}
