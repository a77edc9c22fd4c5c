//! The first and the last characters of a text.

/// The first characters (Unicode scalar values) of a text, at most `count`.
pub fn first_chars(text: &str, count: usize) -> &str {
    text.char_indices().nth(count).map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

/// The last characters (Unicode scalar values) of a text, at most `count`.
pub fn last_chars(text: &str, count: usize) -> &str {
    let Some(before) = count.checked_sub(1) else { return "" };
    text.char_indices().nth_back(before).map_or(text, |(at, _)| text.get(at..).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_cut_between_characters() {
        let text = "第-书记";
        assert_eq!([0, 1, 3, 4, 9].map(|n| first_chars(text, n)), ["", "第", "第-书", text, text]);
        assert_eq!([0, 1, 3, 4, 9].map(|n| last_chars(text, n)), ["", "记", "-书记", text, text]);
        assert_eq!((first_chars("", 2), last_chars("", 2)), ("", ""));
    }
}
