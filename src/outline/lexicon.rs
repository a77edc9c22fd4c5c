//! The words by which a reader knows a line for what it is: surnames, offices, newspapers, editors' lines.
//!
//! They are the built-in lists of `rules/words/`. The outline is asked of views that know no rule set, so the lists are
//! read here once, straight from the files that the binary carries.

use serde::Deserialize;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A list of words that can be looked for at the start or the end of a text, in time that does not grow with the list.
#[derive(Debug, Default)]
pub(crate) struct List {
    words: HashSet<String>,
    /// Lengths of the words in bytes, longest first.
    lengths: Vec<usize>,
    /// What the words begin and end with.
    heads: Chars,
    tails: Chars,
}

/// Which characters are among some, roughly: two that share a place are taken for each other.
#[derive(Debug, Default)]
struct Chars([u64; 16]);

impl Chars {
    fn of(chars: impl Iterator<Item = char>) -> Chars {
        let mut out = Chars::default();
        for c in chars {
            let (row, bit) = Chars::place(c);
            out.0[row] |= bit;
        }
        out
    }

    fn may_have(&self, c: Option<char>) -> bool {
        let place = c.map(Chars::place);
        place.is_some_and(|(row, bit)| self.0[row] & bit != 0)
    }

    fn place(c: char) -> (usize, u64) {
        (c as usize / 64 % 16, 1 << (c as u32 % 64))
    }
}

#[derive(Deserialize)]
struct File {
    words: Vec<String>,
}

impl List {
    /// A list of a word file; an empty one if the file is broken, which the tests keep from being shipped.
    fn parse(text: &str) -> List {
        let words = toml::from_str::<File>(text).map(|f| f.words).unwrap_or_default();
        let words: HashSet<String> = words.into_iter().filter(|w| !w.is_empty()).collect();
        let mut lengths: Vec<usize> = words.iter().map(String::len).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        lengths.dedup();
        let heads = Chars::of(words.iter().filter_map(|w| w.chars().next()));
        let tails = Chars::of(words.iter().filter_map(|w| w.chars().next_back()));
        List { words, lengths, heads, tails }
    }

    /// Whether the text is one of the words.
    pub fn has(&self, text: &str) -> bool {
        self.heads.may_have(text.chars().next()) && self.words.contains(text)
    }

    /// The longest word that the text begins with.
    pub fn head<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.heads.may_have(text.chars().next()) {
            return None;
        }
        self.lengths.iter().filter_map(|n| text.get(..*n)).find(|w| self.words.contains(*w))
    }

    /// The longest word that the text ends with.
    pub fn tail<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.tails.may_have(text.chars().next_back()) {
            return None;
        }
        let starts = self.lengths.iter().filter_map(|n| text.len().checked_sub(*n));
        starts.filter_map(|at| text.get(at..)).find(|w| self.words.contains(*w))
    }
}

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident: $file:literal,)*) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: LazyLock<List> =
                LazyLock::new(|| List::parse(include_str!(concat!("../../rules/words/", $file, ".toml"))));
        )*

        #[cfg(test)]
        pub(crate) fn all() -> Vec<(&'static str, &'static List)> {
            vec![$(($file, &*$name)),*]
        }
    };
}

lists! {
    /// Family names.
    SURNAMES: "surnames",
    /// Newspapers by their whole name.
    NEWSPAPERS: "newspapers",
    /// What a newspaper's name ends in.
    NEWSPAPER_ENDINGS: "newspaper-endings",
    /// Who sends a report: `新华社`, `本报`.
    AGENCIES: "agencies",
    /// What stands beside the names of a byline.
    ROLES: "byline-roles",
    /// Offices and forms of address.
    OFFICES: "offices",
    /// What the name of an organization ends in.
    ORGANIZATIONS: "organizations",
    /// How a credit begins.
    CREDIT_OPENINGS: "credit-openings",
    /// How a credit ends.
    CREDIT_CLOSINGS: "credit-closings",
    /// What stands before the names of a page's editors.
    PAGE_EDITORS: "page-editors",
    /// Other fixed words of mastheads and running heads.
    PAGE_NOTES: "page-notes",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_read() {
        for (name, list) in all() {
            assert!(!list.words.is_empty(), "{name}");
        }
    }

    #[test]
    fn the_longest_word_wins() {
        assert_eq!(ROLES.head("本报记者 某某"), Some("本报记者"));
        assert_eq!(OFFICES.tail("某县委副书记"), Some("副书记"));
        assert_eq!(SURNAMES.head("欧阳某"), Some("欧阳"));
        assert!(!SURNAMES.has(""));
    }
}
