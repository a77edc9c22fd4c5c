//! Characters and how they are written in a file: references, CDATA sections, the names that HTML has for characters.

use memchr::{memchr, memchr2};
use std::borrow::Cow;
use std::ops::Range;

/// The name of an entity or the number of a character is not longer than this many bytes.
pub(super) const REFERENCE: usize = 32;

/// The places of the characters in a stretch of the file, each with its escape; `None` where they cannot be told apart.
pub(in crate::reader) fn characters(text: &str, place: Range<usize>) -> Option<Vec<Range<usize>>> {
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
pub(super) fn reference(from: &str) -> Option<(char, &str)> {
    let body = from.strip_prefix('&')?;
    let head = body.as_bytes().get(..body.len().min(REFERENCE))?;
    let end = memchr(b';', head)?;
    Some((resolve(body.get(..end)?)?, body.get(end + 1..)?))
}

/// The character behind `amp`, `#20013`, `#x4E2D`.
pub(super) fn resolve(name: &str) -> Option<char> {
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
pub(in crate::reader) fn escape(text: &str, quote: Option<char>) -> String {
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
}
