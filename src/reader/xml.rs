//! XML as the readers of engines' files need it: a flat tree over the text of the file, in which everything knows its place.
//!
//! Nothing is expanded: of entities only the five of XML, character references and the common names of HTML are known, and
//! what a DTD declares is not looked at, let alone fetched. Names are compared without their prefix. Building the tree and
//! walking it take time linear in the length of the file; depth and size are limited.

pub(crate) use super::sheet::Fault;
use memchr::{memchr, memchr2, memmem};
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
/// The name of an entity or the number of a character is not longer than this many bytes.
const REFERENCE: usize = 32;
/// HTML elements that have no end tag.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "wbr"];
/// HTML elements whose end tag may be left out.
const END_OPTIONAL: [&str; 13] =
    ["html", "head", "body", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "option"];
/// HTML elements whose content is no markup.
const OPAQUE: [&str; 2] = ["script", "style"];

/// A file as a tree.
pub(crate) struct Xml<'t> {
    text: &'t str,
    /// Elements and stretches of text in the order of the file.
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
}

struct Node {
    /// Where it stands, in bytes: an element with its tags, a text without.
    start: u32,
    end: u32,
    /// Where its start tag ends; of a text, where it ends.
    tag_end: u32,
    /// The node after all that stands in it.
    next: u32,
    kind: Kind,
}

enum Kind {
    /// The local name, and the attributes by number.
    Element {
        name: (u32, u32),
        attributes: (u32, u32),
    },
    Text,
}

struct Attribute {
    name: (u32, u32),
    value: (u32, u32),
}

/// An element of a file.
#[derive(Clone, Copy)]
pub(crate) struct Element<'x> {
    xml: &'x Xml<'x>,
    at: u32,
}

/// What stands in an element.
#[derive(Clone, Copy)]
pub(crate) enum Child<'x> {
    /// An element.
    Element(Element<'x>),
    /// A stretch of text between two tags, in bytes, escapes and all.
    Text(usize, usize),
}

impl<'t> Xml<'t> {
    /// Reads XML that must be well formed.
    ///
    /// # Errors
    /// What is broken and where: a tag or a quotation mark that is not closed, a missing end, an entity that only a DTD would
    /// explain, more than [`DEPTH`] elements in one another.
    pub fn strict(text: &'t str) -> Result<Self, Fault> {
        Builder::new(text, false)?.build()
    }

    /// Reads HTML, which may leave out end tags and may have entities of its own.
    ///
    /// # Errors
    /// A file that is cut off, or one that is too deep or too large.
    pub fn html(text: &'t str) -> Result<Self, Fault> {
        Builder::new(text, true)?.build()
    }

    /// The outermost element.
    ///
    /// # Errors
    /// There is none.
    pub fn root<'x>(&'x self) -> Result<Element<'x>, Fault>
    where
        't: 'x,
    {
        let first = self.nodes.iter().position(|n| matches!(n.kind, Kind::Element { .. }));
        let at = first.ok_or_else(|| Fault::whole("文件里没有任何元素", "there is no element in it"))?;
        Ok(Element { xml: self, at: at as u32 })
    }

    fn slice(&self, (start, end): (u32, u32)) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }
}

impl<'x> Element<'x> {
    fn node(self) -> Option<&'x Node> {
        self.xml.nodes.get(self.at as usize)
    }

    /// Its name without a prefix.
    pub fn name(self) -> &'x str {
        match self.node() {
            Some(Node { kind: Kind::Element { name, .. }, .. }) => self.xml.slice(*name),
            _ => "",
        }
    }

    /// Whether it is called so; capitals are not told apart.
    pub fn is(self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name)
    }

    /// Where it begins in the file, in bytes.
    pub fn start(self) -> usize {
        self.node().map_or(0, |n| n.start as usize)
    }

    /// Where it ends in the file, in bytes, its end tag included.
    pub fn end(self) -> usize {
        self.node().map_or(0, |n| n.end as usize)
    }

    /// Where its start tag ends in the file, in bytes.
    pub fn tag_end(self) -> usize {
        self.node().map_or(0, |n| n.tag_end as usize)
    }

    /// The prefix of its name, with the colon.
    pub fn prefix(self) -> &'x str {
        match self.node() {
            Some(Node { kind: Kind::Element { name, .. }, start, .. }) => self.xml.slice((*start + 1, name.0)),
            _ => "",
        }
    }

    /// Where the value of an attribute stands in the file, escapes and all.
    pub fn raw(self, name: &str) -> Option<Range<usize>> {
        let Kind::Element { attributes: (from, to), .. } = self.node()?.kind else { return None };
        let own = self.xml.attributes.get(from as usize..to as usize)?;
        let found = own.iter().find(|a| self.xml.slice(a.name).eq_ignore_ascii_case(name))?;
        Some(found.value.0 as usize..found.value.1 as usize)
    }

    /// The value of an attribute.
    pub fn get(self, name: &str) -> Option<Cow<'x, str>> {
        let raw = self.raw(name)?;
        self.xml.text.get(raw).map(unescape)
    }

    /// The value of an attribute that is a number.
    pub fn number(self, name: &str) -> Option<f32> {
        self.get(name)?.trim().parse().ok().filter(|n: &f32| n.is_finite())
    }

    /// What stands in it, in order.
    pub fn children(self) -> impl Iterator<Item = Child<'x>> {
        let (mut at, end) = (self.at + 1, self.node().map_or(0, |n| n.next));
        std::iter::from_fn(move || {
            let node = self.xml.nodes.get(at as usize).filter(|_| at < end)?;
            let child = match node.kind {
                Kind::Element { .. } => Child::Element(Element { xml: self.xml, at }),
                Kind::Text => Child::Text(node.start as usize, node.end as usize),
            };
            at = node.next;
            Some(child)
        })
    }

    /// The elements that stand directly in it.
    pub fn elements(self) -> impl Iterator<Item = Element<'x>> {
        self.children().filter_map(|c| match c {
            Child::Element(e) => Some(e),
            Child::Text(..) => None,
        })
    }

    /// The first element of a name that stands directly in it.
    pub fn child(self, name: &str) -> Option<Element<'x>> {
        self.elements().find(|e| e.is(name))
    }

    /// All elements in it, at any depth, in the order of the file.
    pub fn within(self) -> impl Iterator<Item = Element<'x>> {
        let end = self.node().map_or(0, |n| n.next);
        (self.at + 1..end).map(move |at| Element { xml: self.xml, at }).filter(|e| !e.name().is_empty())
    }

    /// The stretches of text in it, at any depth, in the order of the file.
    pub fn texts(self) -> impl Iterator<Item = Range<usize>> {
        let end = self.node().map_or(0, |n| n.next) as usize;
        let inside = self.xml.nodes.get(self.at as usize + 1..end).unwrap_or(&[]);
        inside.iter().filter(|n| matches!(n.kind, Kind::Text)).map(|n| n.start as usize..n.end as usize)
    }

    /// All text in it, without the space around it.
    pub fn text(self) -> String {
        let all: String = self.texts().filter_map(|t| self.xml.text.get(t)).map(unescape).collect();
        all.trim().to_owned()
    }

    /// The text of the file at a place.
    pub fn slice(self, place: Range<usize>) -> &'x str {
        self.xml.text.get(place).unwrap_or("")
    }
}

/// A stretch of the file without the white space at its ends.
pub(super) fn trimmed(text: &str, place: Range<usize>) -> Range<usize> {
    let raw = text.get(place.clone()).unwrap_or("");
    let start = place.start + (raw.len() - raw.trim_start().len());
    start..start + raw.trim().len()
}

/// The places of the characters in a stretch of the file, each with its escape; `None` where they cannot be told apart.
pub(super) fn characters(text: &str, place: Range<usize>) -> Option<Vec<Range<usize>>> {
    let raw = text.get(place.clone()).filter(|raw| memchr(b'<', raw.as_bytes()).is_none())?;
    let (mut out, mut rest) = (Vec::new(), raw);
    while let Some(c) = rest.chars().next() {
        let length = reference(rest).map_or(c.len_utf8(), |(_, after)| rest.len() - after.len());
        let at = place.start + (raw.len() - rest.len());
        out.push(at..at + length);
        rest = rest.get(length..)?;
    }
    Some(out)
}

/// The name of the outermost element, without its prefix; nothing behind its tag is looked at.
pub(super) fn root_name(text: &str) -> Option<&str> {
    let mut reader = Reader::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text));
    if !text.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']).starts_with('<') {
        return None;
    }
    loop {
        let before = reader.buffer_position() as usize;
        match reader.read_event() {
            Ok(Event::Start(_) | Event::Empty(_)) => return tag_name(text, before),
            // A tag that is cut off has a name for all that.
            Err(_) => return tag_name(text, reader.error_position() as usize),
            Ok(Event::Eof) => return None,
            Ok(_) => {}
        }
    }
}

/// The local name in the tag that begins at a byte of the text.
fn tag_name(text: &str, at: usize) -> Option<&str> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let tag = text.get(at..)?.trim_start().strip_prefix('<')?;
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len());
    let name = tag.get(..end)?;
    let local = name.rsplit(':').next().unwrap_or(name);
    local.starts_with(char::is_alphabetic).then_some(local)
}

/// Text as it reads: references and CDATA sections resolved, what is not known left as written.
pub(crate) fn unescape(raw: &str) -> Cow<'_, str> {
    if memchr2(b'&', b'<', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr2(b'&', b'<', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = if let Some(section) = from.strip_prefix("<![CDATA[") {
            let (inside, after) = section.split_once("]]>").unwrap_or((section, ""));
            out.push_str(inside);
            after
        } else if let Some((known, after)) = reference(from) {
            out.push(known);
            after
        } else {
            out.push_str(from.get(..1).unwrap_or(""));
            from.get(1..).unwrap_or("")
        };
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character that a reference at the start of a text stands for, and what follows it.
fn reference(from: &str) -> Option<(char, &str)> {
    let body = from.strip_prefix('&')?;
    let head = body.as_bytes().get(..body.len().min(REFERENCE))?;
    let end = memchr(b';', head)?;
    Some((resolve(body.get(..end)?)?, body.get(end + 1..)?))
}

/// The character behind `amp`, `#20013`, `#x4E2D`.
fn resolve(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |h| u32::from_str_radix(h, 16).ok())?;
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    let known = ENTITIES.binary_search_by_key(&name, |(known, _)| known).ok()?;
    ENTITIES.get(known).map(|(_, c)| *c)
}

/// The five of XML and those of HTML that printed text has use for, by name.
const ENTITIES: [(&str, char); 45] = [
    ("amp", '&'),
    ("apos", '\''),
    ("bull", '•'),
    ("cent", '¢'),
    ("copy", '©'),
    ("deg", '°'),
    ("divide", '÷'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("euro", '€'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("gt", '>'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{A0}'),
    ("ndash", '–'),
    ("para", '¶'),
    ("permil", '‰'),
    ("plusmn", '±'),
    ("pound", '£'),
    ("prime", '′'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rsquo", '’'),
    ("sect", '§'),
    ("shy", '\u{AD}'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("thinsp", '\u{2009}'),
    ("tilde", '˜'),
    ("times", '×'),
    ("trade", '™'),
    ("yen", '¥'),
    ("zwj", '\u{200D}'),
    ("zwnj", '\u{200C}'),
];

/// Text as it has to stand in a file: `quote` is the quotation mark around it where it is the value of an attribute.
pub(super) fn escape(text: &str, quote: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if quote == Some('"') => out.push_str("&quot;"),
            '\'' if quote == Some('\'') => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

struct Builder<'t> {
    xml: Xml<'t>,
    /// The elements that are open, by number.
    open: Vec<u32>,
    html: bool,
    /// Where the reader began in the text; it begins anew behind a script.
    base: usize,
}

impl<'t> Builder<'t> {
    fn new(text: &'t str, html: bool) -> Result<Self, Fault> {
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

    fn build(mut self) -> Result<Xml<'t>, Fault> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_are_in_order() {
        assert!(ENTITIES.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn references_and_sections() {
        assert_eq!(unescape("a&amp;b&#20013;&#x56FD;&nbsp;&lt;"), "a&b中国\u{A0}<");
        assert_eq!(unescape("AT&T &unknown; &#0; <![CDATA[a&amp;b]]>c"), "AT&T &unknown; &#0; a&amp;bc");
        assert_eq!(unescape(&escape("<\"中'&amp;>", Some('"'))), "<\"中'&amp;>");
    }

    #[test]
    fn everything_knows_its_place() {
        let text = "<?xml version='1.0'?><a:x b:n='1 &amp; 2'>文<y/>字&gt;<!-- - --></a:x>";
        let xml = Xml::strict(text).unwrap();
        let root = xml.root().unwrap();
        assert!(root.is("X"));
        assert_eq!(root.get("n").unwrap(), "1 & 2");
        assert_eq!(&text[root.raw("n").unwrap()], "1 &amp; 2");
        assert_eq!(root.text(), "文字>");
        assert_eq!(root.elements().count(), 1);
        assert_eq!(&text[root.start()..root.end()], &text[21..]);
        assert_eq!(root_name(text), Some("x"));
    }

    #[test]
    fn what_is_broken_and_where() {
        let place = |text| Xml::strict(text).err().and_then(|f| f.place);
        assert_eq!(place("<a>\n <b></a>"), Some((2, 5)));
        assert_eq!(place("<a>\n<b c='1>"), Some((2, 1)));
        assert_eq!(place("<a>&x;</a>"), Some((1, 4)));
        assert_eq!(place("<a>AT&T</a>"), Some((1, 6)));
        assert_eq!(place("<a n='&x;'/>"), Some((1, 7)));
        assert_eq!(place("<a>中"), Some((1, 5)));
        assert_eq!(place("</a>"), Some((1, 1)));
    }

    #[test]
    fn html_may_leave_out_ends() {
        let text = "<html><head><meta a=b><script>if (a<b) {}</script><body><p>a<br>b<p>c</div><b>d</body>";
        let xml = Xml::html(text).unwrap();
        let root = xml.root().unwrap();
        let paragraphs: Vec<_> = root.within().filter(|e| e.is("p")).map(|e| e.text()).collect();
        assert_eq!(paragraphs, ["ab", "cd"]);
        assert!(Xml::html("<html><body><div><span>a").is_err());
    }
}
