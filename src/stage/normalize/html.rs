//! HTML that an engine left: entities, tags, tables.

use super::Rule;
use super::characters::{half_width, is_invisible};
use super::context::after;
use super::markup::Pass;
use std::borrow::Cow;

/// Names of tags that mark up running text.
const TAGS: &[&str] = &[
    "a",
    "b",
    "body",
    "br",
    "caption",
    "center",
    "div",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "html",
    "i",
    "img",
    "li",
    "ol",
    "p",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Bytes of a tag at most; bounds the work at each `<`.
const LONGEST: usize = 400;

/// One tag.
struct Tag {
    name: &'static str,
    closes: bool,
    end: usize,
}

/// Reads a tag at `at`.
fn tag(text: &str, at: usize) -> Option<Tag> {
    let bytes = text.as_bytes();
    let window = bytes.get(at + 1..bytes.len().min(at + LONGEST))?;
    let closes = window.first() == Some(&b'/');
    let name = window.get(usize::from(closes)..)?;
    let long = name.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    let known = TAGS.iter().find(|t| name.get(..long).is_some_and(|n| n.eq_ignore_ascii_case(t.as_bytes())))?;
    if !matches!(name.get(long), Some(b'>' | b' ' | b'/' | b'\t')) {
        return None;
    }
    let end = window.iter().position(|b| matches!(b, b'>' | b'<'))?;
    let rest = window.get(usize::from(closes) + long..end)?;
    let whole = window.get(end) == Some(&b'>') && are_attributes(rest);
    whole.then_some(Tag { name: known, closes, end: at + 1 + end + 1 })
}

/// Attributes that stand without a value.
const BARE: [&str; 5] = ["border", "compact", "hidden", "noshade", "nowrap"];

/// Whether what stands in a tag behind its name are attributes: `colspan="2" align=center /`. In 当a<b 且 c>d时 the two
/// signs make no tag.
fn are_attributes(rest: &[u8]) -> bool {
    let mut rest = rest.trim_ascii();
    rest = rest.strip_suffix(b"/").unwrap_or(rest).trim_ascii_end();
    while !rest.is_empty() {
        let long = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')).count();
        let (name, behind) = rest.split_at(long);
        if !name.first().is_some_and(u8::is_ascii_alphabetic) {
            return false;
        }
        let Some(value) = behind.trim_ascii_start().strip_prefix(b"=") else {
            if !BARE.iter().any(|bare| name.eq_ignore_ascii_case(bare.as_bytes())) {
                return false;
            }
            rest = behind.trim_ascii_start();
            continue;
        };
        let value = value.trim_ascii_start();
        let quote = value.first().copied().filter(|b| matches!(b, b'"' | b'\''));
        let length = match quote {
            Some(quote) => value.iter().skip(1).position(|b| *b == quote).map(|at| at + 2),
            None => Some(value.iter().take_while(|b| !b.is_ascii_whitespace()).count()).filter(|length| *length > 0),
        };
        let Some(behind) = length.and_then(|length| value.get(length..)) else { return false };
        // Engines leave out the space between two attributes.
        rest = behind.trim_ascii_start();
    }
    true
}

/// A row of tags with nothing but white space between them becomes what it means for plain text: line ends, the bars of
/// a table's cells, a raised figure.
pub(super) fn tags(pass: &mut Pass, at: usize) -> usize {
    let text = pass.text;
    let (mut end, mut said, mut table) = (at, String::new(), false);
    let line_head = text.get(..at).is_none_or(|h| h.is_empty() || h.ends_with(['\n', '\r']));
    let mut head_of_line = line_head;
    let mut next = at;
    while let Some(found) = tag(text, next) {
        table |= matches!(found.name, "table" | "tr" | "td" | "th" | "thead" | "tbody" | "tfoot");
        if found.name == "sup"
            && !found.closes
            && let Some((figure, stop)) = raised(text, found.end)
        {
            said.push(figure);
            (end, next) = (stop, stop);
            head_of_line = false;
            continue;
        }
        say(&found, &mut said, &mut head_of_line);
        end = found.end;
        let space = text.get(end..).unwrap_or("");
        let blank = space.len() - space.trim_start().len();
        next = end + blank;
        if blank > 0 && tag(text, next).is_none() {
            next = end;
            break;
        }
    }
    if end == at {
        return at + 1;
    }
    let last = after(text, end).is_none();
    let said = if last { said.trim_end_matches('\n') } else { &said };
    pass.safe(if table { Rule::Table } else { Rule::Tag }, at, end, said.to_owned());
    next.max(end)
}

/// What a tag means in plain text.
fn say(tag: &Tag, said: &mut String, head: &mut bool) {
    let breaks = |said: &mut String, head: &mut bool, what: &str| {
        if !*head {
            said.push_str(what);
        }
        *head = true;
    };
    match (tag.name, tag.closes) {
        ("tr", false) => {
            breaks(said, head, "\n");
            said.push('|');
            *head = false;
        }
        ("td" | "th", false) => said.push(' '),
        ("td" | "th", true) => {
            said.push_str(" |");
            *head = false;
        }
        ("br", _) => breaks(said, head, "\n"),
        ("table" | "li" | "ul" | "ol" | "hr", _) => breaks(said, head, "\n"),
        ("p" | "div" | "section" | "center" | "figure" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => {
            breaks(said, head, "\n\n")
        }
        _ => {}
    }
}

/// `2</sup>` → ².
fn raised(text: &str, at: usize) -> Option<(char, usize)> {
    let mut rest = text.get(at..)?.chars();
    let figure = match rest.next()? {
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        _ => return None,
    };
    rest.as_str().starts_with("</sup>").then_some((figure, at + 1 + "</sup>".len()))
}

/// `&nbsp;`, `&#8220;`
pub(super) fn entity(pass: &mut Pass, at: usize) -> usize {
    let Some((decoded, end)) = decode(pass.text, at) else { return at + 1 };
    // What would read as markup again is left as it is.
    let next = match decode(pass.text, end) {
        Some((text, _)) if pass.text.get(end..).is_some_and(|t| t.starts_with('&')) => text.chars().next(),
        _ => after(pass.text, end),
    };
    let again = matches!(decoded.as_ref(), "<" | "&")
        && next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '#' | '&'));
    if !again {
        pass.safe(Rule::Entity, at, end, decoded);
    }
    end
}

/// Named entities that engines write.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("apos", "'"),
    ("bull", "•"),
    ("copy", "©"),
    ("deg", "°"),
    ("divide", "÷"),
    ("emsp", "\u{3000}"),
    ("ensp", " "),
    ("ge", "≥"),
    ("gt", ">"),
    ("hellip", "…"),
    ("laquo", "«"),
    ("ldquo", "“"),
    ("le", "≤"),
    ("lsquo", "‘"),
    ("lt", "<"),
    ("mdash", "—"),
    ("middot", "·"),
    ("minus", "−"),
    ("nbsp", "\u{A0}"),
    ("ndash", "–"),
    ("permil", "‰"),
    ("plusmn", "±"),
    ("quot", "\""),
    ("raquo", "»"),
    ("rdquo", "”"),
    ("reg", "®"),
    ("rsquo", "’"),
    ("sect", "§"),
    ("sup2", "²"),
    ("sup3", "³"),
    ("thinsp", " "),
    ("times", "×"),
    ("yen", "¥"),
];

fn decode(text: &str, at: usize) -> Option<(Cow<'static, str>, usize)> {
    let window = text.as_bytes().get(at + 1..text.len().min(at + 12))?;
    let long = window.iter().position(|b| *b == b';')?;
    let name = std::str::from_utf8(window.get(..long)?).ok()?;
    let end = at + 1 + long + 1;
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        let c = char::from_u32(code).filter(|c| !c.is_control())?;
        let plain = half_width(c).filter(|_| c.is_alphanumeric());
        return Some((
            plain.map_or_else(
                || if is_invisible(c) { Cow::Borrowed("") } else { Cow::Owned(c.to_string()) },
                Cow::Borrowed,
            ),
            end,
        ));
    }
    ENTITIES.iter().find(|(n, _)| *n == name).map(|(_, text)| (Cow::Borrowed(*text), end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_comparison_make_no_tag() {
        let is_tag = |text: &str| tag(text, 0).is_some_and(|found| found.end == text.len());
        for text in ["<b>", "</b >", "<br/>", "<td colspan=\"2\"rowspan=3 nowrap>", "<img src='a.png' alt=\"图 一\" />"]
        {
            assert!(is_tag(text), "{text}");
        }
        for text in
            ["<b 且 c>", "<b c>", "<A “>", "<p\u{3000}x=1>", "<i, j>", "</b 且 c>", "<td colspan=\"2>", "<td =2>"]
        {
            assert!(!is_tag(text), "{text}");
        }
    }
}
