//! Words found as they stand: wrong readings, forbidden wordings, phrases that want quotation marks.

use super::{Fault, Fields, find_list};
use crate::rule::Words;
use std::collections::BTreeMap;

/// One wrong form and what it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The wrong form.
    pub wrong: String,
    /// The right forms, best first; empty where a person must find one.
    pub right: Vec<String>,
    /// Longer texts, each with the wrong form inside, in which it is right.
    pub unless: Vec<String>,
    /// Where the fact is from.
    pub source: String,
}

impl Form {
    fn check(mut self) -> Result<Form, Fault> {
        if self.wrong.is_empty() {
            return Err(Fault::new("wrong", "the wrong form is empty"));
        }
        if self.right.contains(&self.wrong) {
            return Err(Fault::new("right", format!("「{}」 is both wrong and right", self.wrong)));
        }
        if let Some(text) = self.unless.iter().find(|u| !u.contains(&self.wrong)) {
            return Err(Fault::new("unless", format!("「{text}」 does not hold the wrong form 「{}」", self.wrong)));
        }
        // Where the right form holds the wrong one, a text that is right already must not be found.
        let right = self.right.iter().filter(|r| r.contains(&self.wrong)).cloned();
        self.unless.extend(right);
        Ok(self)
    }

    /// Whether the form found at `at` stands inside one of the texts in which it is right.
    pub(crate) fn is_right_at(&self, text: &str, at: usize) -> bool {
        self.unless.iter().any(|longer| {
            longer.match_indices(&self.wrong).any(|(inside, _)| {
                at.checked_sub(inside).is_some_and(|start| text.get(start..start + longer.len()) == Some(longer))
            })
        })
    }
}

/// Wrong forms: one that stands in the rule's own file, or a list of them.
#[derive(Clone, Debug, Default)]
pub struct Literal {
    /// The list, where the forms come from one.
    pub list: Option<String>,
    /// The forms.
    pub forms: Vec<Form>,
}

impl Literal {
    pub(super) fn compile(fields: Fields) -> Result<Literal, Fault> {
        match (fields.wrong, fields.list) {
            (Some(_), Some(_)) => Err(Fault::new("list", "give either `wrong` or `list`, not both")),
            (None, None) => Err(Fault::new("kind", "this kind needs `wrong` and `right`, or `list`")),
            (None, Some(list)) => Ok(Literal { list: Some(list), forms: Vec::new() }),
            (Some(wrong), None) => {
                let form = Form { wrong, right: fields.right, unless: fields.unless, source: String::new() };
                Ok(Literal { list: None, forms: vec![form.check()?] })
            }
        }
    }

    pub(super) fn link(&mut self, lists: &BTreeMap<String, Words>) -> Result<(), Fault> {
        let Some(name) = &self.list else { return Ok(()) };
        let entries = &find_list(lists, name)?.entries;
        self.forms = entries
            .iter()
            .map(|e| {
                let (wrong, right) = (e.wrong.clone(), e.right.clone());
                Form { wrong, right, unless: e.unless.clone(), source: e.source.clone() }.check()
            })
            .collect::<Result<_, _>>()
            .map_err(|fault| Fault::new("list", format!("word list `{name}`, `{}`: {}", fault.field, fault.why)))?;
        Ok(())
    }
}

/// Set phrases that are always quoted in print.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// The list they come from.
    pub list: String,
    /// The phrases; `right` is the phrase in its marks, or what an entry says.
    pub forms: Vec<Form>,
}

impl Phrases {
    pub(super) fn new(list: String) -> Self {
        Phrases { list, forms: Vec::new() }
    }

    pub(super) fn link(&mut self, lists: &BTreeMap<String, Words>) -> Result<(), Fault> {
        let words = find_list(lists, &self.list)?;
        let plain = words.words.iter().map(|w| Form { wrong: w.clone(), ..Form::default() });
        let entries = words.entries.iter().map(|e| {
            let (wrong, right, unless) = (e.wrong.clone(), e.right.clone(), e.unless.clone());
            Form { wrong, right, unless, source: e.source.clone() }
        });
        self.forms = plain
            .chain(entries)
            .map(|mut form| {
                if form.right.is_empty() {
                    form.right = vec![format!("“{}”", form.wrong)];
                }
                form.check()
            })
            .collect::<Result<_, _>>()
            .map_err(|fault| {
                Fault::new("list", format!("word list `{}`, `{}`: {}", self.list, fault.field, fault.why))
            })?;
        Ok(())
    }
}

/// Whether a phrase at `start..end` already stands between quotation marks, alone or with words of the same line
/// around it.
pub(crate) fn is_quoted(line: &str, start: usize, end: usize) -> bool {
    let before = line.get(..start).unwrap_or("");
    let after = line.get(end..).unwrap_or("");
    let opens = before.chars().rev().take(QUOTE_REACH).find(|c| is_quote(*c));
    let closes = after.chars().take(QUOTE_REACH).find(|c| is_quote(*c));
    matches!(opens, Some('“' | '‘' | '《' | '〈')) || matches!(closes, Some('”' | '’' | '》' | '〉'))
}

/// Whether a mark opens or closes a quotation or a title.
fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '《' | '》' | '〈' | '〉')
}

/// Characters that are looked at on either side: a quotation inside a sentence is seldom longer.
const QUOTE_REACH: usize = 120;
