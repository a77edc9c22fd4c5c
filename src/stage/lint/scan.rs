//! Small looks to the left and right of a place.

use memchr::memmem;

/// A run of ASCII digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digits {
    pub start: usize,
    pub end: usize,
    pub value: u32,
}

impl Digits {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// The digits that end at `end`; `None` where there are none, or more than five.
pub(super) fn digits_before(text: &str, end: usize) -> Option<Digits> {
    let bytes = text.as_bytes().get(..end)?;
    let count = bytes.iter().rev().take(6).take_while(|b| b.is_ascii_digit()).count();
    digits(text, end - count, end)
}

/// The digits that begin at `start`; `None` where there are none, or more than five.
pub(super) fn digits_after(text: &str, start: usize) -> Option<Digits> {
    let bytes = text.as_bytes().get(start..)?;
    let count = bytes.iter().take(6).take_while(|b| b.is_ascii_digit()).count();
    digits(text, start, start + count)
}

fn digits(text: &str, start: usize, end: usize) -> Option<Digits> {
    if end - start > 5 {
        return None;
    }
    Some(Digits { start, end, value: text.get(start..end)?.parse().ok()? })
}

/// The text up to a place.
pub(super) fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or("")
}

/// The text from a place on.
pub(super) fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("")
}

/// The places of a word in a text.
pub(super) fn places<'t>(text: &'t str, word: &'static str) -> impl Iterator<Item = usize> + 't {
    memmem::Finder::new(word).into_owned().find_iter(text.as_bytes()).collect::<Vec<_>>().into_iter()
}

/// Whether the character ends a sentence.
pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '…')
}
