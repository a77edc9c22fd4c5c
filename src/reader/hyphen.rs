//! Words of letters that a line end cuts: the hyphen goes, and the line says that the word goes on.

use super::sheet::{Line, Word};

/// The marks that a cut word ends in: hyphen, U+2010, soft hyphen, and ABBYY's sign for one.
const HYPHENS: [char; 4] = ['-', '\u{2010}', '\u{AD}', '¬'];

/// Takes the hyphen off the last word of each line that goes on in the next one: after a small letter and before one, or
/// wherever it is a soft hyphen, which stands for nothing else.
pub(super) fn take_off(lines: &mut [Line]) {
    for n in 1..lines.len() {
        let next = lines.get(n).and_then(|l| l.words.first()).and_then(|w| w.text.chars().next());
        if let Some(line) = lines.get_mut(n - 1) {
            cut(line, next.is_some_and(small));
        }
    }
}

fn cut(line: &mut Line, goes_on: bool) {
    let Some(last) = line.words.last() else { return };
    let Some(hyphen) = last.text.chars().next_back().filter(|c| HYPHENS.contains(c)) else { return };
    let alone = last.text.chars().nth(1).is_none();
    let before = match alone {
        true if !last.space_before => line.words.iter().rev().nth(1).and_then(|w| w.text.chars().next_back()),
        true => None,
        false => last.text.chars().rev().nth(1),
    };
    let soft = matches!(hyphen, '\u{AD}' | '¬');
    if before.is_none() || !(soft || goes_on && before.is_some_and(small)) {
        return;
    }
    if alone {
        line.words.pop();
    }
    let Some(word) = line.words.last_mut() else { return };
    if !alone {
        shorten(word, hyphen);
    }
    word.hyphenated = true;
}

/// Takes the last character off a word, in the text and in its place in the file.
pub(super) fn shorten(word: &mut Word, last: char) {
    word.text.pop();
    // A hyphen that is written as a reference would take the reader more bytes to find than it is worth.
    word.raw =
        word.raw.take().filter(|_| !matches!(last, '\u{AD}' | '¬')).map(|raw| raw.start..raw.end - last.len_utf8());
}

fn small(c: char) -> bool {
    c.is_alphabetic() && c.is_lowercase()
}
