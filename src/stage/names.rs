//! Personal names in running text: a surname with one or two characters, behind an office or before a verb of speech. The
//! lists are the desk's.

use crate::rule::{RuleSet, Words};
use crate::text::is_han;

/// Longest given name, in characters.
pub(super) const GIVEN: isize = 2;

/// The lists by which a name is known.
pub(super) struct Names<'r> {
    surnames: &'r Words,
    verbs: &'r Words,
    roles: [&'r Words; 2],
}

impl<'r> Names<'r> {
    pub fn new(rules: &'r RuleSet) -> Self {
        Names {
            surnames: rules.words("surnames"),
            verbs: rules.words("name-verbs"),
            roles: ["byline-roles", "offices"].map(|name| rules.words(name)),
        }
    }

    /// Whether the `length` characters that begin `from` characters behind a place are a name. `near` tells the
    /// character so far behind the place.
    pub fn is_name(&self, near: impl Fn(isize) -> Option<char>, from: isize, length: isize) -> bool {
        let text = |from: isize, length: isize| (from..from + length).map(&near).collect::<Option<String>>();
        near(from).is_some_and(|c| self.surnames.has(c.encode_utf8(&mut [0; 4])))
            && text(from, length).is_some_and(|name| name.chars().all(is_han))
            && ((1..=2).any(|n| text(from + length, n).is_some_and(|verb| self.verbs.has(&verb)))
                || (2..=4).any(|n| text(from - n, n).is_some_and(|role| self.roles.iter().any(|list| list.has(&role)))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_behind_an_office_or_before_a_verb_of_speech() {
        let rules = RuleSet::built_in().expect("the built-in rules load");
        let names = Names::new(&rules);
        let is_name = |text: &str, from: usize, length: isize| {
            let text: Vec<char> = text.chars().collect();
            names.is_name(|by| text.get(usize::try_from(by).ok()?).copied(), from as isize, length)
        };
        assert!(is_name("局长李明达到了现场", 2, 3));
        assert!(is_name("李明说，今年收成好", 0, 2));
        assert!(!is_name("桃李满园，人人都爱", 1, 2));
        assert!(!is_name("李，说", 0, 2));
    }
}
