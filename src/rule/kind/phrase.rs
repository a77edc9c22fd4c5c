//! Set phrases and proper names of which one character is lost, added or replaced.
//!
//! One slip leaves one half of a phrase whole, so the halves go into the stage's automaton and the other half is
//! compared where one is met: the pigeonhole argument of approximate matching (Baeza-Yates and Perleberg 1996).

use super::{Fault, find_list};
use crate::rule::Words;
use crate::text::is_han;
use std::collections::BTreeMap;

/// Fewest characters of a phrase in which a wrong or an added character is looked for. In a shorter one only a lost
/// character is: two names of four characters that differ in one are often both right.
const LONG: usize = 6;
/// Fewest characters of a phrase.
const SHORT: usize = 4;
/// Characters that come and go in a phrase without hurting it: particles, connectives and adverbs.
const LOOSE: &str = "的了着过和与及或等也还又将要在已更再好地得之其所并而就都把被为对向从以于是会能可应须很不";

/// The phrases of one rule.
#[derive(Clone, Debug, Default)]
pub struct SetPhrases {
    /// The list they come from.
    pub list: String,
    /// The phrases.
    pub phrases: Vec<SetPhrase>,
}

/// One phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPhrase {
    /// How it reads.
    pub right: String,
    /// Readings one character away that are right as well.
    pub unless: Vec<String>,
    /// Where the phrase is from.
    pub source: String,
    /// Byte offset at which its second half begins.
    middle: usize,
}

/// Which half of a phrase stands whole in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// The first.
    First,
    /// The second.
    Second,
}

impl SetPhrases {
    pub(super) fn new(list: String) -> Self {
        SetPhrases { list, phrases: Vec::new() }
    }

    pub(super) fn link(&mut self, lists: &BTreeMap<String, Words>) -> Result<(), Fault> {
        let words = find_list(lists, &self.list)?;
        let plain = words.words.iter().map(|w| SetPhrase::new(w, &[], ""));
        let entries = words
            .entries
            .iter()
            .flat_map(|e| e.right.iter().map(move |right| SetPhrase::new(right, &e.unless, &e.source)));
        self.phrases = plain
            .chain(entries)
            .collect::<Result<_, _>>()
            .map_err(|why| Fault::new("list", format!("word list `{}`: {why}", self.list)))?;
        Ok(())
    }
}

impl SetPhrase {
    fn new(right: &str, unless: &[String], source: &str) -> Result<SetPhrase, String> {
        let length = right.chars().count();
        if length < SHORT || !right.chars().all(is_han) {
            return Err(format!("「{right}」 is not a phrase of {SHORT} Han characters or more"));
        }
        let middle = right.char_indices().nth(length / 2).map_or(right.len(), |(i, _)| i);
        Ok(SetPhrase { right: right.to_owned(), unless: unless.to_vec(), source: source.to_owned(), middle })
    }

    /// The halves, first one first.
    pub(super) fn halves(&self) -> [&str; 2] {
        let (first, second) = self.right.split_at(self.middle);
        [first, second]
    }

    /// The bytes of `text` that read like the phrase with one slip in the half that does not stand at `hit`.
    pub(super) fn slip(&self, text: &str, hit: std::ops::Range<usize>, half: Half) -> Option<std::ops::Range<usize>> {
        let [first, second] = self.halves();
        let span = match half {
            Half::First => {
                let rest: Vec<char> = second.chars().collect();
                let got: Vec<char> = text.get(hit.end..)?.chars().take(rest.len() + 1).collect();
                hit.start..hit.end + bytes(&got[..self.differing(&rest, &got)?])
            }
            Half::Second => {
                let rest: Vec<char> = first.chars().rev().collect();
                let got: Vec<char> = text.get(..hit.start)?.chars().rev().take(rest.len() + 1).collect();
                hit.start - bytes(&got[..self.differing(&rest, &got)?])..hit.end
            }
        };
        let reads = text.get(span.clone())?;
        (!self.unless.iter().any(|u| u == reads)).then_some(span)
    }

    /// How many characters of `got` read like `rest` with one slip; `None` where they read right or differ by more. The
    /// outermost character must stand: beyond it another phrase may simply go on.
    fn differing(&self, rest: &[char], got: &[char]) -> Option<usize> {
        let same = rest.iter().zip(got).take_while(|(a, b)| a == b).count();
        let (left, now) = (rest.get(same..)?, got.get(same..)?);
        let (want, stands) = (left.first()?, now.first()?);
        if left.len() < 2 || !is_han(*stands) {
            return None;
        }
        let long = self.right.chars().count() >= LONG;
        let loose = |c: &char| LOOSE.contains(*c);
        if now.starts_with(&left[1..]) && !loose(want) {
            return Some(got.len().min(rest.len() - 1));
        }
        if long && now.get(1..).is_some_and(|n| n.starts_with(&left[1..])) && !(loose(want) && loose(stands)) {
            return Some(rest.len());
        }
        (long && now.get(1..).is_some_and(|n| n.starts_with(left)) && !loose(stands)).then_some(rest.len() + 1)
    }
}

fn bytes(chars: &[char]) -> usize {
    chars.iter().map(|c| c.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(phrase: &str, text: &str) -> Option<String> {
        let phrase = SetPhrase::new(phrase, &[], "").expect("a phrase");
        let halves = phrase.halves();
        [(Half::First, halves[0]), (Half::Second, halves[1])].into_iter().find_map(|(half, word)| {
            let at = text.find(word)?;
            phrase.slip(text, at..at + word.len(), half).map(|span| text[span].to_owned())
        })
    }

    #[test]
    fn a_lost_a_wrong_and_an_added_character_are_seen_in_either_half() {
        assert_eq!(slip("南水北调", "抓好南北调工程").as_deref(), Some("南北调"));
        assert_eq!(slip("全心全意为人民服务", "全心全意为人服务的宗旨").as_deref(), Some("全心全意为人服务"));
        assert_eq!(slip("全心全意为人民服务", "全心金意为人民服务").as_deref(), Some("全心金意为人民服务"));
        assert_eq!(slip("全心全意为人民服务", "全心全意为人民众服务").as_deref(), Some("全心全意为人民众服务"));
    }

    #[test]
    fn what_reads_right_or_goes_on_otherwise_is_left() {
        assert_eq!(slip("全心全意为人民服务", "全心全意为人民服务"), None);
        assert_eq!(slip("全心全意为人民服务", "全心全意为人民办事"), None);
        assert_eq!(slip("贯彻新发展理念", "贯彻了新发展理念"), None);
        assert_eq!(slip("南水北调", "南水东调"), None);
        assert_eq!(slip("南水北调", "南水"), None);
    }
}
