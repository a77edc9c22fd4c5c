//! The rule set: every rule is a file that says what it looks for, what it tells the editor, why, and proves itself on
//! its own examples.
//!
//! Most rules are *built in*: the file holds their words and their examples, a stage holds their method. The others
//! name one of a closed set of matchers ([`kind`]) and need no programming at all. Lists of facts live in
//! `rules/words/` ([`Words`]).

pub mod kind;
mod load;
mod words;

pub use kind::{Kind, KindName};
pub use load::{Layout, RuleFile};
pub use words::{Entry, Words};

pub use crate::finding::RuleId;
pub use crate::lang::{Lang, Text};

use crate::finding::{Applicability, Category};
use crate::text::ViewSpan;
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// What a safe fix of a rule may touch without a person. Everything else that changes Han characters or digits is
/// capped by the pipeline, whatever the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Touches {
    /// The form only: width, marks, spaces, joins.
    #[default]
    Form,
    /// Markup that an engine left in the text (tags, entities, LaTeX); what it marks up stays.
    Markup,
    /// Page furniture: text that belongs to the page and not to an article.
    Furniture,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its code, never used again for another rule: `NOR001`.
    pub code: String,
    /// Its name, which reads as "allow …": `half-width-comma`.
    pub name: String,
    /// The stage that runs it.
    pub stage: String,
    /// The category of its findings.
    pub category: Category,
    /// The most that it may do.
    pub applicability: Applicability,
    /// What a safe fix may touch.
    pub touches: Touches,
    /// The clause that it rests on: `GB/T 15834-2011 4.4`.
    pub clause: Option<String>,
    /// What the editor reads.
    pub message: Text,
    /// Why the rule is as it is.
    pub why: Text,
    /// The lines of evidence that its findings may give, by key.
    pub evidence: BTreeMap<String, Text>,
    /// How it finds.
    pub kind: Kind,
    /// Whether its findings are one question for the desk, shown and decided together (data kinds only).
    pub series: bool,
    /// Its own examples.
    pub tests: Vec<Example>,
    /// Texts that it must leave alone wherever they stand, each with the reason.
    pub allow: Vec<Allowed>,
    /// Where it comes from: `rules/typos/TYP012-water-transfer.toml`.
    pub file: String,
    /// The text of that file.
    pub toml: String,
}

/// An example of a rule: what is wrong, and how it reads when it is right.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// A text in which the rule finds something.
    pub bad: Option<String>,
    /// The text after the rule's first fixes; or, without `bad`, a text that the rule leaves alone.
    pub good: Option<String>,
}

/// A text that a rule leaves alone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// The text.
    pub text: String,
    /// Why.
    #[serde(default)]
    pub why: String,
}

/// The rules and word lists of one run.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    by_code: HashMap<String, RuleId>,
    off: Vec<bool>,
    words: BTreeMap<String, Words>,
    ready: Ready,
}

/// What is made of the rules when it is first asked for.
#[derive(Clone, Debug, Default)]
struct Ready {
    matchers: [OnceLock<kind::Matcher>; Layout::STAGES.len()],
    accepted: OnceLock<Accepted>,
}

/// The texts in which nothing is to be found: those of `[[allow]]`, for their rule, and of the list `accept`, for all.
#[derive(Clone, Debug, Default)]
struct Accepted {
    automaton: Option<AhoCorasick>,
    /// Whose text it is; `None` for all rules.
    owner: Vec<Option<RuleId>>,
    /// Length of the longest text that counts for a rule; 0 where there is none.
    longest: Vec<usize>,
}

impl RuleSet {
    /// The number of a rule, if it is there and switched on. A stage asks by code and skips what it does not get.
    pub fn id(&self, code: &str) -> Option<RuleId> {
        self.by_code.get(code).copied().filter(|id| !self.off[id.0 as usize])
    }

    /// The rule of a number.
    pub fn get(&self, id: RuleId) -> &Rule {
        &self.rules[id.0 as usize]
    }

    /// All rules, by code.
    pub fn iter(&self) -> impl Iterator<Item = (RuleId, &Rule)> {
        self.rules.iter().enumerate().map(|(i, r)| (RuleId(i as u16), r))
    }

    /// The rules of a stage that are switched on.
    pub fn of_stage<'a>(&'a self, stage: &'a str) -> impl Iterator<Item = (RuleId, &'a Rule)> {
        self.iter().filter(move |(id, r)| r.stage == stage && self.is_on(*id))
    }

    /// Whether a rule is switched on.
    pub fn is_on(&self, id: RuleId) -> bool {
        !self.off[id.0 as usize]
    }

    /// Switches rules: those for which `on` is false rest.
    pub fn switch(&mut self, on: impl Fn(&Rule) -> bool) {
        for (rule, off) in self.rules.iter().zip(&mut self.off) {
            *off = !on(rule);
        }
        self.ready = Ready::default();
    }

    /// Lets a rule do no more than `most`; returns whether there is such a rule (by code or name).
    pub fn cap(&mut self, code: &str, most: Applicability) -> bool {
        let mut hit = false;
        for rule in self.rules.iter_mut().filter(|r| r.code == code || r.name == code) {
            rule.applicability = rule.applicability.min(most);
            hit = true;
        }
        self.ready = Ready::default();
        hit
    }

    /// A word list by its file's name; an empty one where there is none, so that a desk may drop a list.
    pub fn words(&self, name: &str) -> &Words {
        static NONE: std::sync::LazyLock<Words> = std::sync::LazyLock::new(Words::default);
        self.words.get(name).unwrap_or(&NONE)
    }

    /// All word lists by name.
    pub fn word_lists(&self) -> impl Iterator<Item = (&str, &Words)> {
        self.words.iter().map(|(k, v)| (k.as_str(), v))
    }

    /// The data rules of a stage, ready to run; `None` for a stage that has no folder.
    pub(crate) fn matcher(&self, stage: &str) -> Option<&kind::Matcher> {
        let at = Layout::STAGES.iter().position(|s| *s == stage)?;
        Some(self.ready.matchers.get(at)?.get_or_init(|| kind::Matcher::new(self, stage)))
    }

    /// Whether the place lies wholly inside a text that the rule allows, or that the desk accepts from all rules
    /// (word list `accept`): then nothing is reported there.
    pub fn accepts(&self, id: RuleId, text: &str, span: ViewSpan) -> bool {
        let accepted = self.ready.accepted.get_or_init(|| Accepted::new(self));
        accepted.covers(id, text, span)
    }
}

impl Accepted {
    fn new(rules: &RuleSet) -> Accepted {
        let own = rules.iter().flat_map(|(id, rule)| rule.allow.iter().map(move |a| (a.text.as_str(), Some(id))));
        let all = rules.words("accept").words.iter().map(|w| (w.as_str(), None));
        let (texts, owner): (Vec<&str>, Vec<_>) = own.chain(all).filter(|(t, _)| !t.is_empty()).unzip();
        let longest_of = |id: Option<RuleId>| {
            let own = texts.iter().zip(&owner).filter(|(_, o)| **o == id);
            own.map(|(t, _)| t.len()).max().unwrap_or(0)
        };
        let for_all = longest_of(None);
        let longest = rules.iter().map(|(id, rule)| match rule.allow.is_empty() {
            true => for_all,
            false => for_all.max(longest_of(Some(id))),
        });
        let longest = longest.collect();
        let automaton = if texts.is_empty() { None } else { AhoCorasick::new(&texts).ok() };
        Accepted { automaton, owner, longest }
    }

    fn covers(&self, id: RuleId, text: &str, span: ViewSpan) -> bool {
        let longest = self.longest.get(usize::from(id.0)).copied().unwrap_or(0);
        if longest == 0 || span.len() > longest {
            return false;
        }
        let Some(automaton) = &self.automaton else { return false };
        let from = text.floor_char_boundary(span.end.saturating_sub(longest));
        let to = text.floor_char_boundary(span.start.saturating_add(longest).min(text.len()));
        automaton.find_overlapping_iter(text.get(from..to).unwrap_or("")).any(|hit| {
            let owner = self.owner.get(hit.pattern().as_usize()).copied().flatten();
            owner.is_none_or(|o| o == id) && ViewSpan::new(from + hit.start(), from + hit.end()).contains(span)
        })
    }
}
