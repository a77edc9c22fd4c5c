//! XML as the readers of engines' files need it: a flat tree over the text of the file, in which everything knows its place.
//!
//! Nothing is expanded: of entities only the five of XML, character references and the common names of HTML are known, and
//! what a DTD declares is not looked at, let alone fetched. Names are compared without their prefix. Building the tree and
//! walking it take time linear in the length of the file; depth and size are limited.

mod build;
mod references;

use self::build::Builder;
pub(crate) use self::references::unescape;
pub(super) use self::references::{characters, escape};
pub(crate) use super::sheet::Fault;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::ops::Range;

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

#[cfg(test)]
mod tests {
    use super::*;

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
