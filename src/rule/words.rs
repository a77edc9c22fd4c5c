//! Word lists: the facts that rules stand on, in files that a desk can extend.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A word list of `rules/words/`. A desk's list of the same name adds to the built-in one.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// What the list holds, where from, and what it does not cover.
    pub about: String,
    /// Plain words.
    pub words: Vec<String>,
    /// Words with more to say about each.
    pub entries: Vec<Entry>,
    /// The file of a desk that was laid over it last, and its text; `None` for a list as shipped.
    pub desk: Option<(String, String)>,
    automaton: OnceLock<Option<AhoCorasick>>,
    pairs: OnceLock<HashMap<char, char>>,
    block: OnceLock<Block>,
}

/// First and one past the last code point of the block that a bit set covers: CJK Unified Ideographs.
const BLOCK: std::ops::Range<u32> = 0x4E00..0xA000;

/// Which characters of the block of common ideographs a list has, as one bit per code point.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    bits: Vec<u64>,
}

impl Block {
    fn new(words: &[String]) -> Block {
        let mut bits = vec![0u64; BLOCK.len() / 64];
        for at in words.iter().flat_map(|w| w.chars()).filter_map(place) {
            if let Some(row) = bits.get_mut(at / 64) {
                *row |= 1 << (at % 64);
            }
        }
        Block { bits }
    }

    /// Whether the list has the character, or it lies outside the block.
    pub(crate) fn has(&self, c: char) -> bool {
        place(c).is_none_or(|at| self.bits.get(at / 64).is_some_and(|row| row >> (at % 64) & 1 == 1))
    }
}

fn place(c: char) -> Option<usize> {
    BLOCK.contains(&(c as u32)).then(|| (c as u32 - BLOCK.start) as usize)
}

/// One entry of a list; which fields mean something depends on the rule kind that reads the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Entry {
    /// The wrong or forbidden form.
    pub wrong: String,
    /// The right forms, best first.
    pub right: Vec<String>,
    /// Texts around it in which the wrong form is right.
    pub unless: Vec<String>,
    /// A person.
    pub person: String,
    /// The person's office.
    pub office: String,
    /// In force from this date, `2019-10-23`.
    pub from: String,
    /// In force to this date, inclusive.
    pub to: String,
    /// Names that must stand in this order.
    pub names: Vec<String>,
    /// Where the fact is from.
    pub source: String,
    /// A remark for people.
    pub note: String,
}

/// Bytes of words up to which an automaton has a row for each state: 256 entries of four bytes at most for a byte of a
/// word, that is 12 MB.
const QUICK: usize = 12_000;

/// The automaton of some words; `None` without words. It is quick where the words are few, small where they are many.
pub(super) fn automaton(words: &[&str], kind: MatchKind) -> Option<AhoCorasick> {
    if words.is_empty() {
        return None;
    }
    let quick = words.iter().map(|w| w.len()).sum::<usize>() <= QUICK;
    let form = if quick { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
    AhoCorasick::builder().match_kind(kind).kind(Some(form)).build(words).ok()
}

impl Words {
    /// A list of words and entries.
    pub fn new(about: String, words: Vec<String>, entries: Vec<Entry>) -> Self {
        Words { about, words, entries, ..Words::default() }
    }

    /// Finds the plain words in a text, leftmost and longest first; `None` for an empty list. Pattern numbers are
    /// indexes into `words`.
    pub fn automaton(&self) -> Option<&AhoCorasick> {
        self.automaton
            .get_or_init(|| {
                let words: Vec<&str> = self.words.iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
                automaton(&words, MatchKind::LeftmostLongest)
            })
            .as_ref()
    }

    /// The first two characters of each plain word, for lists of pairs: 發发.
    pub(crate) fn pairs(&self) -> &HashMap<char, char> {
        self.pairs.get_or_init(|| {
            let pair = |w: &String| {
                let mut chars = w.chars();
                Some((chars.next()?, chars.next()?))
            };
            self.words.iter().filter_map(pair).collect()
        })
    }

    /// The characters of the plain words, for lists of characters.
    pub(crate) fn block(&self) -> &Block {
        self.block.get_or_init(|| Block::new(&self.words))
    }

    /// Whether the list has this plain word.
    pub fn has(&self, word: &str) -> bool {
        self.automaton().is_some_and(|a| a.find(word).is_some_and(|m| m.start() == 0 && m.end() == word.len()))
    }

    /// Adds another list's words and entries to this one.
    pub(super) fn extend(&mut self, other: Words) {
        self.words.extend(other.words);
        self.entries.extend(other.entries);
        self.desk = other.desk;
        (self.automaton, self.pairs, self.block) = Default::default();
    }
}
