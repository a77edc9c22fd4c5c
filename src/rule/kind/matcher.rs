//! All the data rules of a stage in one automaton.

use super::{Half, Kind};
use crate::finding::RuleId;
use crate::rule::RuleSet;
use crate::rule::words::automaton;
use aho_corasick::{AhoCorasick, MatchKind};

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
    pub(crate) automaton: Option<AhoCorasick>,
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
        made.automaton = automaton(&words, MatchKind::Standard);
        made
    }
}
