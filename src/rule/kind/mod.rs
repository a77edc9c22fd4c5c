//! The closed set of matchers that a rule file may name.
//!
//! A kind is compiled once when the rule file is read, and run by the stage in whose folder the file lies.

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
}

/// The name of a kind in a rule file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// A stage's own code knows the rule by its code.
    BuiltIn,
}

/// The fields of a rule file that belong to its kind.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// A regular expression.
    pub pattern: Option<String>,
    /// What stands for the match.
    pub replace: Option<String>,
    /// The wrong form.
    pub wrong: Option<String>,
    /// The right forms, best first.
    pub right: Vec<String>,
    /// Texts around it in which the wrong form is right.
    pub unless: Vec<String>,
    /// The word list that the rule reads.
    pub list: Option<String>,
}

impl Kind {
    /// Compiles what the file says.
    ///
    /// # Errors
    /// A sentence that says which field is wrong and why.
    pub fn compile(name: KindName, _fields: Fields) -> Result<Kind, String> {
        match name {
            KindName::BuiltIn => Ok(Kind::BuiltIn),
        }
    }

    /// Takes in the word lists that the rule names.
    ///
    /// # Errors
    /// A sentence that names the missing list.
    pub fn link(&mut self, _lists: &BTreeMap<String, Words>) -> Result<(), String> {
        Ok(())
    }
}

/// Runs the rules of a stage that are not built in.
pub fn run(_stage: &str, _view: &View, _cx: &Context) -> Vec<Draft> {
    Vec::new()
}
