//! Whether a text is traditional by its characters: mainland policy on quotation marks rests there, and says so once.

use super::Rule;
use super::scan::Scan;
use crate::finding::Draft;
use crate::text::{ViewSpan, is_han};
use std::collections::HashSet;

/// Share of the Han characters that only traditional text has, from which a text counts as traditional. Running
/// traditional text has about a quarter; a simplified text with a few traditional names stays below one in fifty.
const SHARE: f64 = 0.05;

/// A line has to have this many Han characters to speak for itself.
const ENOUGH: usize = 20;

impl Scan<'_> {
    /// Whether a corner bracket stays because its text is traditional; tells so at the first.
    pub fn rests_as_traditional(&mut self, at: usize) -> bool {
        let line = self.line();
        let body = self.text.get(line.start..line.end).unwrap_or("");
        let rests = if line.han >= ENOUGH {
            match self.line_traditional {
                Some(known) => known,
                None => *self.line_traditional.insert(is_traditional(body, self.rules.words("traditional-characters"))),
            }
        } else {
            match self.traditional {
                Some(known) => known,
                None => *self.traditional.insert(is_traditional(self.text, self.rules.words("traditional-characters"))),
            }
        };
        if rests && !self.told_traditional {
            self.told_traditional = true;
            if let Some(id) = self.on.id(Rule::TraditionalQuote) {
                let end = at + '「'.len_utf8();
                self.out.push(Draft::flag(id, ViewSpan::new(at, end)));
            }
        }
        rests
    }
}

fn is_traditional(text: &str, list: &crate::rule::Words) -> bool {
    let known: HashSet<char> = list.words.iter().flat_map(|w| w.chars()).collect();
    let (mut han, mut old) = (0usize, 0usize);
    for c in text.chars().filter(|c| is_han(*c)) {
        han += 1;
        old += usize::from(known.contains(&c));
    }
    old as f64 >= han as f64 * SHARE && old > 0
}
