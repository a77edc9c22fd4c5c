//! Word lists: the facts that rules stand on, in files that a desk can extend.

use aho_corasick::{AhoCorasick, MatchKind};
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
    automaton: OnceLock<Option<AhoCorasick>>,
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

impl Words {
    /// A list of words and entries.
    pub fn new(about: String, words: Vec<String>, entries: Vec<Entry>) -> Self {
        Words { about, words, entries, automaton: OnceLock::new() }
    }

    /// Finds the plain words in a text, leftmost and longest first; `None` for an empty list. Pattern numbers are
    /// indexes into `words`.
    pub fn automaton(&self) -> Option<&AhoCorasick> {
        self.automaton
            .get_or_init(|| {
                let words = self.words.iter().filter(|w| !w.is_empty());
                if self.words.iter().all(|w| w.is_empty()) {
                    return None;
                }
                AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()
            })
            .as_ref()
    }

    /// Whether the list has this plain word.
    pub fn has(&self, word: &str) -> bool {
        self.automaton().is_some_and(|a| a.find(word).is_some_and(|m| m.start() == 0 && m.end() == word.len()))
    }

    /// Adds another list's words and entries to this one.
    pub(super) fn extend(&mut self, other: Words) {
        self.words.extend(other.words);
        self.entries.extend(other.entries);
        self.automaton = OnceLock::new();
    }
}
