//! A person named with an office that the list does not give him or her on the day of the issue.

use super::{Fault, find_list};
use crate::rule::Words;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// One person in one office for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The person.
    pub person: String,
    /// The office.
    pub office: String,
    /// First day, where it is known.
    pub from: Option<Date>,
    /// Last day, where it has ended.
    pub to: Option<Date>,
    /// Where the fact is from.
    pub source: String,
}

impl Term {
    fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// Persons and their offices.
#[derive(Clone, Debug, Default)]
pub struct Title {
    /// The list they come from.
    pub list: String,
    /// Who was what, and when.
    pub terms: Vec<Term>,
    /// The names that the text is searched for, persons and offices.
    pub(super) names: Vec<String>,
}

/// A contradiction between the text and the list.
pub(crate) struct Clash<'t> {
    pub start: usize,
    pub end: usize,
    pub person: &'t str,
    pub office: &'t str,
    /// What the person is by the list on that day.
    pub holds: Option<&'t str>,
    /// Who holds the office by the list on that day.
    pub holder: Option<&'t str>,
    pub source: &'t str,
}

/// Names found before and after a person among which the office is looked for.
const NEAR: usize = 16;

/// What before an office says that it is another one, or no longer in force.
const NOT_THE_OFFICE: &[&str] = &["副", "原", "前", "前任", "时任", "候任", "代", "代理", "荣誉", "名誉", "当选"];

impl Title {
    pub(super) fn new(list: String) -> Self {
        Title { list, ..Title::default() }
    }

    pub(super) fn link(&mut self, lists: &BTreeMap<String, Words>) -> Result<(), Fault> {
        let words = find_list(lists, &self.list)?;
        let bad = |why: String| Fault::new("list", format!("word list `{}`: {why}", self.list));
        let mut terms = Vec::with_capacity(words.entries.len());
        for e in &words.entries {
            if e.person.is_empty() || e.office.is_empty() {
                return Err(bad("an entry of a title list needs `person` and `office`".to_owned()));
            }
            let day = |text: &str| match text {
                "" => Ok(None),
                _ => text.parse().map(Some).map_err(|_| bad(format!("`{text}` is not a date like 2019-10-23"))),
            };
            terms.push(Term {
                person: e.person.clone(),
                office: e.office.clone(),
                from: day(&e.from)?,
                to: day(&e.to)?,
                source: e.source.clone(),
            });
        }
        let names: BTreeSet<&String> = terms.iter().flat_map(|t| [&t.person, &t.office]).collect();
        self.names = names.into_iter().cloned().collect();
        self.terms = terms;
        Ok(())
    }

    /// The contradictions among the names found in a text (start and number of the name), on a day.
    pub(crate) fn clashes(&self, text: &str, hits: &[(usize, usize)], day: Date) -> Vec<Clash<'_>> {
        let name = |i: usize| self.names.get(i).map_or("", String::as_str);
        let mut out = Vec::new();
        for (n, &(start, i)) in hits.iter().enumerate() {
            let person = name(i);
            if !self.terms.iter().any(|t| t.person == person) {
                continue;
            }
            let end = start + person.len();
            let near = hits.iter().take(n + NEAR).skip(n.saturating_sub(NEAR));
            let offices = near.filter(|(at, o)| *at + name(*o).len() == start || *at == end);
            // The longest office that touches the name is the one that is meant.
            let Some(&(at, o)) = offices.max_by_key(|(_, o)| name(*o).len()) else { continue };
            let office = name(o);
            if !self.terms.iter().any(|t| t.office == office) || is_qualified(text, at) {
                continue;
            }
            let in_force: Vec<&Term> = self.terms.iter().filter(|t| t.holds_on(day)).collect();
            if in_force.iter().any(|t| t.person == person && t.office == office) {
                continue;
            }
            let source = self.terms.iter().find(|t| t.office == office).map_or("", |t| &t.source);
            out.push(Clash {
                start: start.min(at),
                end: end.max(at + office.len()),
                person,
                office,
                holds: in_force.iter().find(|t| t.person == person).map(|t| t.office.as_str()),
                holder: in_force.iter().find(|t| t.office == office).map(|t| t.person.as_str()),
                source,
            });
        }
        out
    }
}

fn is_qualified(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| NOT_THE_OFFICE.iter().any(|q| before.ends_with(q)))
}
