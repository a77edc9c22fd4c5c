//! All the data rules of a stage in one automaton.

use super::{Half, Kind};
use crate::finding::RuleId;
use crate::rule::RuleSet;
use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, StartKind};
use std::ops::Range;

/// What a word of the automaton is to the rule it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Role {
    /// A wrong form, by its number.
    Wrong(usize),
    /// A phrase that wants quotation marks, by its number.
    Phrase(usize),
    /// A text that a line must have before the rule's expression is tried.
    Need,
    /// A person or an office, by its number.
    Title(usize),
    /// A name of a sequence: sequence and rank.
    Order(usize, usize),
    /// Half of a set phrase, by the phrase's number.
    Half(usize, Half),
}

/// The data rules of one stage, ready to run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matcher {
    pub(crate) finder: Option<Finder>,
    pub(crate) roles: Vec<(RuleId, Role)>,
    /// Expressions that name no text they need.
    pub(crate) always: Vec<RuleId>,
}

impl Matcher {
    pub(in crate::rule) fn new(rules: &RuleSet, stage: &str) -> Matcher {
        let mut words: Vec<&str> = Vec::new();
        let mut made = Matcher::default();
        for (id, rule) in rules.of_stage(stage) {
            let mut add = |word, role| {
                words.push(word);
                made.roles.push((id, role));
            };
            match &rule.kind {
                Kind::BuiltIn => {}
                Kind::Pattern(p) if p.needs.is_empty() => made.always.push(id),
                Kind::Pattern(p) => p.needs.iter().for_each(|need| add(need, Role::Need)),
                Kind::Confusion(list) | Kind::Wording(list) => {
                    list.forms.iter().enumerate().for_each(|(i, f)| add(&f.wrong, Role::Wrong(i)));
                }
                Kind::Quoted(list) => list.forms.iter().enumerate().for_each(|(i, f)| add(&f.wrong, Role::Phrase(i))),
                Kind::SetPhrase(list) => {
                    for (i, phrase) in list.phrases.iter().enumerate() {
                        let [first, second] = phrase.halves();
                        add(first, Role::Half(i, Half::First));
                        add(second, Role::Half(i, Half::Second));
                    }
                }
                Kind::Title(list) => list.names.iter().enumerate().for_each(|(i, name)| add(name, Role::Title(i))),
                Kind::Order(list) => {
                    for (s, (names, _)) in list.sequences.iter().enumerate() {
                        names.iter().enumerate().for_each(|(rank, name)| add(name, Role::Order(s, rank)));
                    }
                }
            }
        }
        made.finder = Finder::new(&words);
        made
    }
}

/// Finds all words of a list in a text, those inside others included.
///
/// Nearly everywhere in a text no word begins, which the first two characters tell; only where they may begin one is
/// the automaton asked, and it is small, because it never has to go on from one place to the next.
#[derive(Clone, Debug)]
pub(crate) struct Finder {
    automaton: AhoCorasick,
    /// Which characters words may begin with: one bit each, some shared.
    firsts: Vec<u64>,
    /// Which pairs of characters, and which single ones, they may begin with, likewise.
    heads: Vec<u64>,
    /// Which three characters, and which pairs that are a word by themselves, they may begin with, likewise.
    threes: Vec<u64>,
    /// Whether there are words of one character.
    short: bool,
}

/// A word found: its number in the list and its place in the text, in bytes.
pub(crate) type Hit = (usize, Range<usize>);

fn has(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

impl Finder {
    /// Bits for a head. 8 KB, so that they stay near the processor.
    const HEADS: usize = 1 << 16;
    /// Bits for a first character.
    const FIRSTS: usize = 1 << 14;

    /// Of no words there is none.
    fn new(words: &[&str]) -> Option<Finder> {
        if words.is_empty() {
            return None;
        }
        let mut builder = AhoCorasick::builder();
        builder.kind(Some(AhoCorasickKind::ContiguousNFA)).start_kind(StartKind::Anchored);
        let mut finder = Finder {
            automaton: builder.build(words).ok()?,
            firsts: vec![0; Finder::FIRSTS / 64],
            heads: vec![0; Finder::HEADS / 64],
            threes: vec![0; Finder::HEADS / 64],
            short: false,
        };
        for word in words {
            let mut chars = word.chars();
            let (first, second, third) = (chars.next()?, chars.next(), chars.next());
            finder.short |= second.is_none();
            let pair = (first, second.unwrap_or(Finder::NONE));
            set(&mut finder.heads, Finder::head(pair.0, pair.1));
            set(&mut finder.threes, Finder::three(pair, third.unwrap_or(Finder::NONE)));
            set(&mut finder.firsts, first as usize % Finder::FIRSTS);
        }
        Some(finder)
    }

    /// Stands for the second character of a word that has but one, and the third of one that has two.
    const NONE: char = '\0';

    fn head(first: char, second: char) -> usize {
        let mixed = (first as u32).wrapping_mul(0x9E37_79B1) ^ (second as u32).wrapping_mul(0x85EB_CA6B);
        (mixed >> 16) as usize % Finder::HEADS
    }

    fn three(pair: (char, char), third: char) -> usize {
        let mixed = (Finder::head(pair.0, pair.1) as u32).wrapping_mul(0x27D4_EB2F) ^ third as u32;
        (mixed.wrapping_mul(0x9E37_79B1) >> 16) as usize % Finder::HEADS
    }

    /// Whether a word may begin here: `end` is where the second character ends in the text.
    #[inline]
    fn may_begin(&self, first: char, second: char, text: &str, end: usize) -> bool {
        // Half of all characters begin some word, so that a jump on the first alone would be guessed wrong again and
        // again; both are looked up, and the jump on both is nearly always the same.
        let known = has(&self.firsts, first as usize % Finder::FIRSTS);
        known & has(&self.heads, Finder::head(first, second))
            && self.may_go_on((first, second), text.get(end..).unwrap_or(""))
            || self.short && known && has(&self.heads, Finder::head(first, Finder::NONE))
    }

    /// Whether a word that begins with these two may go on like this: most do not.
    fn may_go_on(&self, pair: (char, char), rest: &str) -> bool {
        let third = |c: char| has(&self.threes, Finder::three(pair, c));
        third(Finder::NONE) || rest.chars().next().is_some_and(third)
    }

    /// All places of all words: in the order of their ends, of those that end together the longest first.
    pub(crate) fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        let mut chars = text.char_indices();
        let Some(mut before) = chars.next() else { return hits };
        for (at, c) in chars {
            let (start, first) = std::mem::replace(&mut before, (at, c));
            if self.may_begin(first, c, text, at + c.len_utf8()) {
                self.words_at(text, start, &mut hits);
            }
        }
        if self.may_begin(before.1, Finder::NONE, "", 0) {
            self.words_at(text, before.0, &mut hits);
        }
        hits.sort_by_key(|(_, place)| (place.end, place.start));
        hits
    }

    fn words_at(&self, text: &str, at: usize, hits: &mut Vec<Hit>) {
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        let mut state = OverlappingState::start();
        while self.automaton.try_find_overlapping(input.clone(), &mut state).is_ok()
            && let Some(hit) = state.get_match()
        {
            // The end of a word may be a word itself; that one is met at its own beginning.
            if hit.start() == at {
                hits.push((hit.pattern().as_usize(), hit.range()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_words_are_found_as_by_the_general_search() {
        let words = ["年", "一年", "一年一度", "年一", "a", "ab", "第", "首先", "首先要", "度"];
        let finder = Finder::new(&words).expect("words");
        let general = AhoCorasick::new(words).expect("words");
        for text in ["一年一度的ab，首先要a\0年。", "首", "", "年年年一年"] {
            let want: Vec<Hit> =
                general.find_overlapping_iter(text).map(|m| (m.pattern().as_usize(), m.range())).collect();
            assert_eq!(finder.find(text), want, "{text}");
        }
    }
}
