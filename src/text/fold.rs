//! The folded form in which two pieces of text count as the same reading: width, marks and spaces aside.

/// Whether the character is a Han ideograph (any block, compatibility forms and 〇 included).
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '〇' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}' | '\u{2F00}'..='\u{2FD5}' | '\u{2E80}'..='\u{2EF3}')
}

/// Whether the character is a Han ideograph or a decimal digit of any width.
pub fn is_han_or_digit(c: char) -> bool {
    is_han(c) || c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// One character in the folded form: full-width ASCII becomes half width, letters become lower case; `None` for white
/// space, invisible characters and punctuation, which carry no reading.
#[inline]
pub fn fold_char(c: char) -> Option<char> {
    // Most of a newspaper is these; its marks come next, and the tables of Unicode are asked of the rest alone.
    if ('\u{4E00}'..='\u{9FFF}').contains(&c) { Some(c) } else { fold_other(c) }
}

fn fold_other(c: char) -> Option<char> {
    match c {
        '0'..='9' | 'a'..='z' => Some(c),
        '\0'..='@' | '\u{2000}'..='\u{206F}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' => None,
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        '\u{FF01}'..='\u{FF5E}' => fold_char(char::from_u32(c as u32 - 0xFEE0)?),
        _ if is_han(c) => Some(c),
        _ if c.is_alphanumeric() => Some(c),
        _ => None,
    }
}

/// The folded form of a text.
pub fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter_map(fold_char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_beforehand_is_what_unicode_says() {
        for c in ('\0'..=char::MAX).filter(|c| !('\u{FF01}'..='\u{FF5E}').contains(c)) {
            let carries = is_han(c) || c.is_alphanumeric();
            assert_eq!(fold_char(c), carries.then(|| if c.is_ascii() { c.to_ascii_lowercase() } else { c }), "{c:?}");
        }
    }
}
