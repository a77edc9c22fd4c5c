//! The closed set of matchers that a rule file may name.
//!
//! A kind is compiled once when the rule file is read, and run by the stage in whose folder the file lies. All the
//! literal words of a stage's rules go into one automaton ([`Matcher`]), so that a thousand more words cost nothing to
//! speak of.

mod literal;
mod matcher;
mod order;
mod pattern;
mod phrase;
mod title;

pub use literal::{Form, Literal, Phrases};
pub(super) use matcher::Matcher;
pub use order::Order;
pub use pattern::Pattern;
pub use phrase::{Half, SetPhrase, SetPhrases};
pub use title::Title;

use super::Words;
use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use std::collections::BTreeMap;

/// How a rule finds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A stage's own code knows the rule by its code.
    BuiltIn,
    /// A regular expression, tried line by line.
    Pattern(Pattern),
    /// Wrong readings and the right ones.
    Confusion(Literal),
    /// Wrong or forbidden forms and the prescribed ones.
    Wording(Literal),
    /// Persons and their offices, in force from a date to a date.
    Title(Title),
    /// Names that must stand in a fixed order when they are listed together.
    Order(Order),
    /// Set phrases that are always quoted in print.
    Quoted(Phrases),
    /// Set phrases and names of which one character is lost, added or replaced.
    SetPhrase(SetPhrases),
}

/// The name of a kind in a rule file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// A stage's own code knows the rule by its code.
    BuiltIn,
    /// A regular expression, tried line by line (`pattern`, `replace`, `needs`).
    Pattern,
    /// Wrong readings and the right ones (`wrong`, `right`, `unless`, or `list`).
    Confusion,
    /// Wrong or forbidden forms and the prescribed ones (`wrong`, `right`, `unless`, or `list`).
    Wording,
    /// Persons and their offices (`list`).
    Title,
    /// Names in a fixed order (`list`).
    Order,
    /// Set phrases always quoted in print (`list`).
    Quoted,
    /// Set phrases and names in which one character slipped (`list`).
    SetPhrase,
}

impl KindName {
    /// The name as a rule file has it.
    pub fn name(self) -> &'static str {
        match self {
            KindName::BuiltIn => "built-in",
            KindName::Pattern => "pattern",
            KindName::Confusion => "confusion",
            KindName::Wording => "wording",
            KindName::Title => "title",
            KindName::Order => "order",
            KindName::Quoted => "quoted",
            KindName::SetPhrase => "set-phrase",
        }
    }

    /// The fields that a rule of this kind may have.
    fn fields(self) -> &'static [&'static str] {
        match self {
            KindName::BuiltIn => &["list"],
            KindName::Pattern => &["pattern", "replace", "needs"],
            KindName::Confusion | KindName::Wording => &["wrong", "right", "unless", "list"],
            KindName::Title | KindName::Order | KindName::Quoted | KindName::SetPhrase => &["list"],
        }
    }
}

/// The fields of a rule file that belong to its kind.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// A regular expression.
    pub pattern: Option<String>,
    /// What stands for the match.
    pub replace: Option<String>,
    /// Texts of which every match holds at least one.
    pub needs: Vec<String>,
    /// The wrong form.
    pub wrong: Option<String>,
    /// The right forms, best first.
    pub right: Vec<String>,
    /// Texts around it in which the wrong form is right.
    pub unless: Vec<String>,
    /// The word list that the rule reads.
    pub list: Option<String>,
}

impl Fields {
    /// The names of the fields that are filled.
    fn filled(&self) -> Vec<&'static str> {
        let all = [
            ("pattern", self.pattern.is_some()),
            ("replace", self.replace.is_some()),
            ("needs", !self.needs.is_empty()),
            ("wrong", self.wrong.is_some()),
            ("right", !self.right.is_empty()),
            ("unless", !self.unless.is_empty()),
            ("list", self.list.is_some()),
        ];
        all.into_iter().filter(|(_, filled)| *filled).map(|(name, _)| name).collect()
    }
}

/// What is wrong with a field of a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field; `kind` where one is missing altogether.
    pub field: &'static str,
    /// What is wrong with it, as a sentence.
    pub why: String,
}

impl Fault {
    fn new(field: &'static str, why: impl Into<String>) -> Self {
        Fault { field, why: why.into() }
    }
}

impl Kind {
    /// Compiles what the file says.
    ///
    /// # Errors
    /// Which field is wrong and why.
    pub fn compile(name: KindName, fields: Fields) -> Result<Kind, Fault> {
        if let Some(extra) = fields.filled().into_iter().find(|f| !name.fields().contains(f)) {
            let known = name.fields().join(", ");
            return Err(Fault::new(extra, format!("kind `{}` has no field `{extra}`; it has: {known}", name.name())));
        }
        Ok(match name {
            KindName::BuiltIn => Kind::BuiltIn,
            KindName::Pattern => Kind::Pattern(Pattern::compile(fields)?),
            KindName::Confusion => Kind::Confusion(Literal::compile(fields)?),
            KindName::Wording => Kind::Wording(Literal::compile(fields)?),
            KindName::Title => Kind::Title(Title::new(list(fields)?)),
            KindName::Order => Kind::Order(Order::new(list(fields)?)),
            KindName::Quoted => Kind::Quoted(Phrases::new(list(fields)?)),
            KindName::SetPhrase => Kind::SetPhrase(SetPhrases::new(list(fields)?)),
        })
    }

    /// Takes in the word lists that the rule names.
    ///
    /// # Errors
    /// The missing list, or an entry of it that is no good for this kind.
    pub fn link(&mut self, lists: &BTreeMap<String, Words>) -> Result<(), Fault> {
        match self {
            Kind::BuiltIn | Kind::Pattern(_) => Ok(()),
            Kind::Confusion(rule) | Kind::Wording(rule) => rule.link(lists),
            Kind::Title(rule) => rule.link(lists),
            Kind::Order(rule) => rule.link(lists),
            Kind::Quoted(rule) => rule.link(lists),
            Kind::SetPhrase(rule) => rule.link(lists),
        }
    }

    /// The kind's name.
    pub fn name(&self) -> KindName {
        match self {
            Kind::BuiltIn => KindName::BuiltIn,
            Kind::Pattern(_) => KindName::Pattern,
            Kind::Confusion(_) => KindName::Confusion,
            Kind::Wording(_) => KindName::Wording,
            Kind::Title(_) => KindName::Title,
            Kind::Order(_) => KindName::Order,
            Kind::Quoted(_) => KindName::Quoted,
            Kind::SetPhrase(_) => KindName::SetPhrase,
        }
    }
}

/// Runs the rules of a stage that are not built in.
pub fn run(stage: &str, view: &View, cx: &Context) -> Vec<Draft> {
    cx.rules.matcher(stage).map_or_else(Vec::new, |m| m.run(view, cx.rules))
}

fn list(fields: Fields) -> Result<String, Fault> {
    fields.list.ok_or_else(|| Fault::new("kind", "this kind needs `list`, the name of a word list"))
}

fn find_list<'l>(lists: &'l BTreeMap<String, Words>, name: &str) -> Result<&'l Words, Fault> {
    lists.get(name).ok_or_else(|| Fault::new("list", format!("there is no word list `{name}` (words/{name}.toml)")))
}
