//! Text as the language model reads it: a row of symbols, each with the place where it stands.
//!
//! What carries no wording is folded so that no evidence is wasted on it: a number is one symbol whatever its digits, a run
//! of Latin letters another, half-width marks are read as full-width ones; quotation marks and spaces are passed over.
//! That folding and its gain were taken from the field's practice of class-based n-grams (Brown 1992).

use crate::text::is_han;

/// One symbol of a vocabulary.
pub type Symbol = u16;

/// The edge of a paragraph, on either side.
pub const EDGE: Symbol = 0;
/// Any character that the vocabulary does not hold.
pub const UNKNOWN: Symbol = 1;
/// First symbol that stands for a character.
pub const FIRST: Symbol = 2;

/// The characters that a model knows, each with its number.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// The symbol of each code point of the basic plane.
    numbers: Vec<Symbol>,
    /// The character of each symbol from [`FIRST`] on.
    characters: Vec<char>,
}

impl Vocabulary {
    /// A vocabulary of these characters, numbered in their order. Characters outside the basic plane, repeated ones and
    /// those beyond what a symbol can count are passed over.
    pub fn new(characters: impl IntoIterator<Item = char>) -> Self {
        let mut known = Vocabulary { numbers: vec![UNKNOWN; 0x1_0000], characters: Vec::new() };
        for c in characters {
            let Some(place) = known.numbers.get_mut(c as usize) else { continue };
            let Ok(number) = Symbol::try_from(known.characters.len() + usize::from(FIRST)) else { break };
            if *place == UNKNOWN && number < Symbol::MAX {
                *place = number;
                known.characters.push(c);
            }
        }
        known
    }

    /// The symbol of a character, already folded.
    #[inline]
    pub fn symbol(&self, c: char) -> Symbol {
        self.numbers.get(c as usize).copied().unwrap_or(UNKNOWN)
    }

    /// The character of a symbol; `None` for the edge and the unknown.
    #[inline]
    pub fn character(&self, symbol: Symbol) -> Option<char> {
        self.characters.get(usize::from(symbol.checked_sub(FIRST)?)).copied()
    }

    /// The characters in the order of their symbols.
    pub fn characters(&self) -> &[char] {
        &self.characters
    }

    /// Number of symbols, the edge and the unknown included.
    pub fn size(&self) -> usize {
        self.characters.len() + usize::from(FIRST)
    }
}

/// What a run of digits is read as.
const NUMBER: char = '0';
/// What a run of Latin letters is read as.
const LATIN: char = 'a';

/// How one character is read: `None` for what is passed over.
#[inline]
pub fn folded(c: char) -> Option<char> {
    if is_han(c) {
        return Some(c);
    }
    match c {
        '0'..='9' | '０'..='９' => Some(NUMBER),
        'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => Some(LATIN),
        ',' => Some('，'),
        ';' => Some('；'),
        ':' => Some('：'),
        '?' => Some('？'),
        '!' => Some('！'),
        '(' => Some('（'),
        ')' => Some('）'),
        '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '"' | '\'' | '*' | '#' | '`' => None,
        _ if c.is_whitespace() || c.is_control() => None,
        _ => Some(c),
    }
}

/// A paragraph as symbols. An [`EDGE`] stands at either end.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The symbols, edges included.
    pub symbols: Vec<Symbol>,
    /// The folded character of each symbol; a line feed for the edges.
    pub characters: Vec<char>,
    /// The byte offset at which each symbol begins in the text it was read from; for the last edge the end of the text.
    pub starts: Vec<usize>,
}

impl Line {
    /// Reads a paragraph; `start` is added to every offset.
    pub fn read(text: &str, start: usize, vocabulary: &Vocabulary) -> Self {
        let mut line = Line::default();
        line.push(EDGE, '\n', start);
        each_folded(text, |at, c| line.push(vocabulary.symbol(c), c, start + at));
        line.push(EDGE, '\n', start + text.len());
        line
    }

    fn push(&mut self, symbol: Symbol, c: char, start: usize) {
        self.symbols.push(symbol);
        self.characters.push(c);
        self.starts.push(start);
    }

    /// Number of symbols, edges included.
    pub fn len(&self) -> usize {
        self.symbols.len()
    }

    /// Whether there is nothing between the edges.
    pub fn is_empty(&self) -> bool {
        self.symbols.len() <= 2
    }
}

/// The folded characters of a text with their byte offsets: runs of digits (a point or comma between digits included) and
/// runs of letters give one each.
pub fn each_folded(text: &str, mut each: impl FnMut(usize, char)) {
    let mut last = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if matches!(c, '.' | ',') && last == Some(NUMBER) && chars.peek().is_some_and(|(_, n)| n.is_ascii_digit()) {
            continue;
        }
        let Some(c) = folded(c) else { continue };
        if matches!(c, NUMBER | LATIN | '…' | '—') && last == Some(c) {
            continue;
        }
        last = Some(c);
        each(at, c);
    }
}
