//! Characters on their way into XML and back. What XML or a word processor cannot hold is written as `⟦U+000B⟧`, which a person
//! can see; so is the bracket itself where the source has it, because a run may end anywhere in a sign.

/// Appends a text as elements of a run. Nothing is appended for an empty text.
pub fn text(xml: &mut String, text: &str, element: &str) {
    let mut pieces = text.split('\t').peekable();
    while let Some(piece) = pieces.next() {
        if !piece.is_empty() {
            xml.push_str(&format!("<{element} xml:space=\"preserve\">"));
            escape(xml, piece);
            xml.push_str(&format!("</{element}>"));
        }
        if pieces.peek().is_some() {
            xml.push_str("<w:tab/>");
        }
    }
}

/// Appends a text for the content of an element or the value of an attribute.
pub fn escape(xml: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            c if c == OPEN || !is_held(c) => sign(xml, c),
            c => xml.push(c),
        }
    }
}

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

fn sign(xml: &mut String, c: char) {
    xml.push_str(&format!("{OPEN}U+{:04X}{CLOSE}", u32::from(c)));
}

/// Whether a character comes back from XML (1.0, section 2.2) and from the word processors as it went in: those that Writer
/// keeps for itself and the line ends of Unicode do not.
fn is_held(c: char) -> bool {
    let is_control = c.is_control() && c != '\t' && c != '\n';
    let is_no_character = (u32::from(c) & 0xFFFE) == 0xFFFE;
    !is_control && !is_no_character && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFF9}'..='\u{FFFC}')
}

/// The character that a sign at the start of a text stands for, and the length of the sign in characters.
pub fn signed(mut text: impl Iterator<Item = char>) -> Option<(char, usize)> {
    let is = |c: Option<char>, wanted: char| (c == Some(wanted)).then_some(());
    is(text.next(), OPEN)?;
    is(text.next(), 'U')?;
    is(text.next(), '+')?;
    let (mut code, mut digits) = (0u32, 0);
    loop {
        match text.next()? {
            CLOSE if digits >= 4 => break,
            c if digits < 6 => {
                code = code * 16 + c.to_digit(16).filter(|_| !c.is_ascii_lowercase())?;
                digits += 1;
            }
            _ => return None,
        }
    }
    Some((char::from_u32(code)?, digits + 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_held_is_seen_and_comes_back() {
        for c in ['\u{B}', '\0', '\u{FFFE}', '\u{2028}', '\u{10FFFF}'] {
            let mut xml = String::new();
            escape(&mut xml, &c.to_string());
            assert_eq!(signed(xml.chars()), Some((c, xml.chars().count())), "{xml}");
        }
        let mut xml = String::new();
        escape(&mut xml, "⟦U+4E00⟧");
        assert_eq!(xml, "⟦U+27E6⟧U+4E00⟧");
        assert_eq!(signed("⟦注⟧".chars()), None);
    }
}
