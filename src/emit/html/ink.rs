//! Ink on the proof: source text as safe HTML, its invisible characters made visible, differences marked.
//!
//! Every piece of text that comes from a file, a rule or a person passes through [`plain`] or [`shown`] before it
//! reaches the page; nothing else writes data into markup.

use similar::{Algorithm, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// Graphemes of context on either side of a marked place.
pub const CONTEXT: usize = 40;
/// Graphemes of a text beyond which only its head and tail are shown.
const LONG: usize = 240;
/// Graphemes of the two texts beyond which they are shown whole instead of compared character by character.
const COMPARED: usize = 2400;

/// A text for the page, escaped, invisible and direction-changing characters written out; line ends become ⏎.
pub fn plain(out: &mut String, text: &str) {
    write(out, text, false);
}

/// Like [`plain`], with spaces visible too: for text that is itself the matter, such as a deleted space.
pub fn shown(out: &mut String, text: &str) {
    write(out, text, true);
}

/// [`plain`] as a new string.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    plain(&mut out, text);
    out
}

fn write(out: &mut String, text: &str, spaces: bool) {
    // Runs of ordinary characters go over in one piece.
    let mut done = 0;
    for (at, c) in text.char_indices() {
        let marked = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '\r' if text.as_bytes().get(at + 1) == Some(&b'\n') => "",
            '\n' | '\r' => "<i class=nl>⏎</i>",
            ' ' if spaces => "<i class=sp>␣</i>",
            '\u{3000}' if spaces => "<i class=sp>␣␣</i>",
            '\t' if spaces => "<i class=sp>⇥</i>",
            '\t' => " ",
            c if is_alone(c) || !is_unseen(c, spaces) => continue,
            c => &format!("<i class=cc>U+{:04X}</i>", c as u32),
        };
        out.push_str(text.get(done..at).unwrap_or(""));
        out.push_str(marked);
        done = at + c.len_utf8();
    }
    out.push_str(text.get(done..).unwrap_or(""));
}

/// Whether a character is ordinary in every respect: it can be seen and never joins a neighbour in one grapheme. Most
/// text is made of these, and needs no table to be cut.
fn is_alone(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{3000}'..='\u{3029}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{FF01}'..='\u{FF60}')
}

/// Whether a character shows nothing, or changes how its neighbours are shown.
pub(super) fn is_unseen(c: char, spaces: bool) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
        || spaces && matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}')
}

/// The first graphemes of a text, at most `most`, and whether that is all of it. Looks at no more than it returns, so
/// that a place in one line of many megabytes costs what any other does.
pub fn head(text: &str, most: usize) -> (&str, bool) {
    match text.char_indices().take(most.saturating_add(1)).enumerate().find(|(n, (_, c))| *n == most || !is_alone(*c)) {
        None => return (text, true),
        Some((_, (at, c))) if is_alone(c) => return (text.get(..at).unwrap_or(text), false),
        Some(_) => {}
    }
    let window = text.get(..floor(text, most.saturating_mul(WIDE))).unwrap_or(text);
    match window.grapheme_indices(true).nth(most) {
        Some((at, _)) => (window.get(..at).unwrap_or(window), false),
        None => (window, window.len() == text.len()),
    }
}

/// The last graphemes of a text, at most `most`, and whether that is all of it.
pub fn tail(text: &str, most: usize) -> (&str, bool) {
    let back = text.char_indices().rev().take(most.saturating_add(1));
    match back.enumerate().find(|(n, (_, c))| *n == most || !is_alone(*c)) {
        None => return (text, true),
        Some((_, (at, c))) if is_alone(c) => return (text.get(at + c.len_utf8()..).unwrap_or(text), false),
        Some(_) => {}
    }
    let from = ceil(text, text.len().saturating_sub(most.saturating_mul(WIDE)));
    let window = text.get(from..).unwrap_or(text);
    let count = window.graphemes(true).count();
    match count.checked_sub(most).filter(|over| *over > 0) {
        None => (window, from == 0),
        Some(over) => {
            let at = window.grapheme_indices(true).nth(over).map_or(0, |(i, _)| i);
            (window.get(at..).unwrap_or(window), false)
        }
    }
}

/// Bytes that a grapheme may take before it is cut: no writing needs more, only hostile text does.
const WIDE: usize = 32;

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The text before a place: back to the start of the sentence or the line, at most `most` graphemes.
pub fn before(out: &mut String, text: &str, at: usize, most: usize) {
    let text = text.get(..at).unwrap_or("");
    let near = text.get(ceil(text, text.len().saturating_sub(most.saturating_mul(WIDE)))..).unwrap_or(text);
    let (line, begins) = match near.rfind(['\n', '\r']) {
        Some(end) => (near.get(end + 1..).unwrap_or(""), true),
        None => (near, near.len() == text.len()),
    };
    let (mut part, whole) = tail(line, most);
    let mut cut = !(whole && begins);
    if let Some(at) = sentence_start(part) {
        (part, cut) = (part.get(at..).unwrap_or(""), false);
    }
    if cut {
        out.push_str("<i class=cut>…</i>");
        part = part.trim_start_matches(['，', ',', '、', '；', ';', '：', ':', '。', '”', '）']);
    }
    plain(out, part);
}

/// Where the last sentence of a text begins, if the text has the end of the one before it and enough after that.
fn sentence_start(part: &str) -> Option<usize> {
    let stops = |c: char| matches!(c, '。' | '！' | '？');
    let (at, _) = part.rmatch_indices(stops).find(|(i, _)| part.len() - i > ENOUGH)?;
    let rest = part.get(at..)?.chars().skip(1).take_while(|c| matches!(c, '”' | '’' | '）' | '」' | '』'));
    Some(at + '。'.len_utf8() + rest.map(char::len_utf8).sum::<usize>())
}

/// Bytes of context that are enough to know a place by: ten Han characters.
const ENOUGH: usize = 30;

/// The text after a place: to the end of the sentence or the line, at most `most` graphemes.
pub fn after(out: &mut String, text: &str, at: usize, most: usize) {
    let text = text.get(at..).unwrap_or("");
    let near = text.get(..floor(text, most.saturating_mul(WIDE))).unwrap_or(text);
    let (line, ends) = match near.find(['\n', '\r']) {
        Some(end) => (near.get(..end).unwrap_or(""), true),
        None => (near, near.len() == text.len()),
    };
    let (mut part, whole) = head(line, most);
    let mut cut = !(whole && ends);
    let stop = part.match_indices(['。', '！', '？']).map(|(i, m)| i + m.len()).find(|end| *end > ENOUGH);
    if let Some(end) = stop {
        (part, cut) = (part.get(..end).unwrap_or(part), false);
    }
    plain(out, part);
    if cut {
        out.push_str("<i class=cut>…</i>");
    }
}

/// A text in one element: whole when short, else its head and tail.
pub fn clipped(out: &mut String, text: &str, tag: &str) {
    ends(out, text, tag, LONG);
}

/// [`clipped`] with the number of graphemes up to which a text counts as short.
pub fn ends(out: &mut String, text: &str, tag: &str, most: usize) {
    for piece in ["<", tag, ">"] {
        out.push_str(piece);
    }
    let (first, whole) = head(text, most);
    if whole {
        shown(out, first);
    } else {
        shown(out, head(text, most / 2).0);
        out.push_str("<i class=cut> …… </i>");
        shown(out, tail(text, most / 4).0);
    }
    for piece in ["</", tag, ">"] {
        out.push_str(piece);
    }
}

/// The two texts as one line with `<del>` and `<ins>`, compared grapheme by grapheme.
pub fn changed(out: &mut String, old: &str, new: &str) {
    if new.is_empty() || old.is_empty() || old.len() + new.len() > COMPARED {
        if !old.is_empty() {
            clipped(out, old, "del");
        }
        if !new.is_empty() {
            clipped(out, new, "ins");
        }
        return;
    }
    let (a, b) = (graphemes(old), graphemes(new));
    if a.len() == 1 && b.len() == 1 && a != b {
        clipped(out, old, "del");
        clipped(out, new, "ins");
        return;
    }
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let (tag, old, new) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            plain(out, &join(&a, old));
            continue;
        }
        for (tag, piece) in [("del", join(&a, old)), ("ins", join(&b, new))] {
            if !piece.is_empty() {
                clipped(out, &piece, tag);
            }
        }
    }
}

/// Two passages for showing side by side: what both have stands plain, what one alone has is marked.
pub fn compared(left: &str, right: &str) -> (String, String) {
    let (left, left_whole) = head(left, COMPARED / 2);
    let (right, right_whole) = head(right, COMPARED / 2);
    let (a, b) = (graphemes(left), graphemes(right));
    let (mut l, mut r) = (String::new(), String::new());
    for op in capture_diff_slices(Algorithm::Myers, &a, &b) {
        let (tag, old, new) = op.as_tag_tuple();
        for (out, piece) in [(&mut l, join(&a, old)), (&mut r, join(&b, new))] {
            match tag {
                DiffTag::Equal => plain(out, &piece),
                _ if piece.is_empty() => {}
                _ => {
                    out.push_str("<b class=x>");
                    shown(out, &piece);
                    out.push_str("</b>");
                }
            }
        }
    }
    for (out, whole) in [(&mut l, left_whole), (&mut r, right_whole)] {
        if !whole {
            out.push_str("<i class=cut> ……</i>");
        }
    }
    (l, r)
}

fn graphemes(text: &str) -> Vec<&str> {
    if text.chars().all(is_alone) {
        return text.char_indices().filter_map(|(at, c)| text.get(at..at + c.len_utf8())).collect();
    }
    text.graphemes(true).collect()
}

fn join(pieces: &[&str], range: std::ops::Range<usize>) -> String {
    pieces.get(range).map(<[&str]>::concat).unwrap_or_default()
}
