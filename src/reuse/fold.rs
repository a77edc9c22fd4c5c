//! The folded text: only what is read aloud, with the way back to the page.

use crate::text::{ViewSpan, fold_char};

/// Folded characters between two marks of the way back.
const STEP: usize = 64;

/// A text without width, case, marks and spaces, and where each of its characters stands.
///
/// Offsets into it are numbers of folded characters. The way back keeps one mark in [`STEP`] characters and walks from
/// there, so that a text of many megabytes costs four bytes a character and not twelve.
#[derive(Debug)]
pub struct Folded<'t> {
    text: &'t str,
    chars: Vec<char>,
    marks: Vec<usize>,
}

impl<'t> Folded<'t> {
    /// Folds a text.
    pub fn new(text: &'t str) -> Self {
        let mut chars = Vec::with_capacity(text.len() / 3 + 1);
        let mut marks = Vec::with_capacity(text.len() / (3 * STEP) + 1);
        for (at, c) in text.char_indices() {
            if let Some(c) = fold_char(c) {
                if chars.len().is_multiple_of(STEP) {
                    marks.push(at);
                }
                chars.push(c);
            }
        }
        Folded { text, chars, marks }
    }

    /// The folded characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The folded characters, and nothing else of it.
    pub fn into_chars(self) -> Vec<char> {
        self.chars
    }

    /// The byte offset at which a folded character stands; for one past the last, the end of the text.
    pub fn byte(&self, at: usize) -> usize {
        let Some(&mark) = self.marks.get(at / STEP) else {
            return self.text.len();
        };
        let rest = self.text.get(mark..).unwrap_or("");
        let mut folding = rest.char_indices().filter(|(_, c)| fold_char(*c).is_some());
        folding.nth(at % STEP).map_or(self.text.len(), |(i, _)| mark + i)
    }

    /// The folded offset of a byte offset: the number of folded characters that begin before it.
    pub fn number(&self, byte: usize) -> usize {
        let Some(step) = self.marks.partition_point(|m| *m < byte).checked_sub(1) else {
            return 0;
        };
        let mark = self.marks.get(step).copied().unwrap_or(0);
        let between = self.text.get(mark..byte.min(self.text.len())).unwrap_or("");
        step * STEP + between.chars().filter(|c| fold_char(*c).is_some()).count()
    }

    /// From the first character of a folded range to behind its last, in bytes; marks at either end are left out.
    pub fn span(&self, from: usize, to: usize) -> ViewSpan {
        if from >= to {
            return ViewSpan::at(self.byte(from));
        }
        let last = self.byte(to - 1);
        let width = self.text.get(last..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
        ViewSpan::new(self.byte(from), last + width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_there_and_back() {
        let text = "“升国旗，敬军礼！” Ａb 1２。".repeat(40);
        let folded = Folded::new(&text);
        for (i, c) in folded.chars().iter().enumerate() {
            let byte = folded.byte(i);
            assert_eq!(text[byte..].chars().next().and_then(fold_char), Some(*c));
            assert_eq!(folded.number(byte), i);
        }
        assert_eq!(folded.byte(folded.chars().len()), text.len());
        assert_eq!(folded.number(text.len()), folded.chars().len());
        assert_eq!(folded.span(0, 3).of(&text), "升国旗");
    }
}
