//! What a model of the language is not asked about: names, transliterations, short names that everybody in the trade
//! knows. It has seen too few of them and would put common words in their places. The lists are the desk's.

use super::NUMERALS;
use crate::lm::suspect::{Change, Suspect, habit_of_new_three};
use crate::lm::symbols::Line;
use crate::rule::{RuleSet, Words};
use crate::stage::names::{GIVEN, Names};
use crate::text::is_han;

/// Characters on either side in which a listed word is looked for.
const REACH: usize = 12;
/// A run of so many characters that foreign names are written with is taken for such a name.
const TRANSLITERATED: usize = 4;
/// The same where a point stands beside it.
const BESIDE_POINT: usize = 2;
/// So many characters that are not of the standard, near each other, are traditional text.
const TRADITIONAL: usize = 3;
/// Longest item of a series that is compared with the next one.
const ITEM: usize = 4;

/// The lists that a run asks.
pub(super) struct Guards<'r> {
    listed: Vec<&'r Words>,
    foreign: &'r Words,
    provinces: &'r Words,
    names: Names<'r>,
    standard: &'r Words,
    traditional: &'r Words,
}

impl<'r> Guards<'r> {
    pub fn new(rules: &'r RuleSet) -> Self {
        let listed = ["accept", "abbreviations", "proper-names", "organizations", "agencies", "newspapers"];
        Guards {
            listed: listed.map(|name| rules.words(name)).into(),
            foreign: rules.words("transliteration"),
            provinces: rules.words("provinces"),
            names: Names::new(rules),
            standard: rules.words("standard-characters"),
            traditional: rules.words("traditional-characters"),
        }
    }

    /// Whether a suspect stands where nothing is to be doubted.
    pub fn keep_back(&self, line: &Line, suspect: &Suspect) -> bool {
        let own_usage = habit_of_new_three(&suspect.evidence) > 0.0;
        self.is_of_another_script(line, suspect.at)
            || self.is_listed(line, suspect.at)
            || suspect.change == Change::Swap && self.is_listed(line, suspect.at + 1)
            || suspect.second.is_some_and(|second| self.is_listed(line, second.0))
            || is_of_a_series(line, suspect.at)
            || is_of_a_number(line, suspect)
            || self.is_foreign_name(line, suspect.at)
            || self.is_of_provinces(line, suspect.at)
            || suspect.second.is_some_and(|second| self.is_of_provinces(line, second.0))
            || !own_usage && self.is_name(line, suspect.at)
    }

    /// Whether the text around is not in the characters that the model learned: traditional text. One such character alone
    /// in simplified text is as likely a slip as any, and mostly more so.
    fn is_of_another_script(&self, line: &Line, at: usize) -> bool {
        let odd = |c: &char| is_han(*c) && (!self.standard.block().has(*c) || self.traditional.block().has(*c));
        let near = line.characters.iter().skip(at.saturating_sub(REACH)).take(2 * REACH + 1);
        near.filter(|c| odd(c)).count() >= TRADITIONAL
    }

    /// Whether the place lies inside a listed word as it stands.
    fn is_listed(&self, line: &Line, at: usize) -> bool {
        let from = at.saturating_sub(REACH);
        let near: String = line.characters.iter().skip(from).take(2 * REACH + 1).collect();
        let byte = near.char_indices().nth(at - from).map_or(0, |(i, _)| i);
        let covers = |words: &Words| {
            words.automaton().is_some_and(|a| a.find_iter(&near).any(|m| m.start() <= byte && byte < m.end()))
        };
        self.listed.iter().any(|w| covers(w))
    }

    /// Whether the place belongs to a run of characters that foreign names are written with.
    fn is_foreign_name(&self, line: &Line, at: usize) -> bool {
        let foreign = |i: usize| line.characters.get(i).is_some_and(|c| self.foreign.has(c.encode_utf8(&mut [0; 4])));
        if !foreign(at) {
            return false;
        }
        let from = (0..at).rev().take_while(|i| foreign(*i)).last().unwrap_or(at);
        let to = (at..line.len()).take_while(|i| foreign(*i)).last().unwrap_or(at) + 1;
        let point =
            |i: Option<usize>| i.and_then(|i| line.characters.get(i)).is_some_and(|c| matches!(c, '·' | '•' | '・'));
        let beside = point(from.checked_sub(1)) || point(Some(to)) || point(from.checked_sub(2)) || point(Some(to + 1));
        to - from >= if beside { BESIDE_POINT } else { TRANSLITERATED }
    }

    /// Whether the place is the short name of a province beside another one: 宁 in 蒙宁合作.
    fn is_of_provinces(&self, line: &Line, at: usize) -> bool {
        let province =
            |i: usize| line.characters.get(i).is_some_and(|c| self.provinces.has(c.encode_utf8(&mut [0; 4])));
        province(at) && (at.checked_sub(1).is_some_and(province) || province(at + 1))
    }

    /// Whether the place belongs to a personal name.
    fn is_name(&self, line: &Line, at: usize) -> bool {
        let near = |by: isize| line.characters.get(at.checked_add_signed(by)?).copied();
        (-GIVEN..=0).any(|from| {
            let lengths = (2..=1 + GIVEN).filter(|length| from + length > 0);
            lengths.into_iter().any(|length| self.names.is_name(near, from, length))
        })
    }
}

/// Whether a part of a number would be made up: 万 before 辆 in 54482辆. The model reads all figures alike.
fn is_of_a_number(line: &Line, suspect: &Suspect) -> bool {
    let figure = |i: Option<usize>| {
        let c = i.and_then(|i| line.characters.get(i));
        c.is_some_and(|c| c.is_numeric() || NUMERALS.contains(*c))
    };
    let made_up = |(at, reading): (usize, char)| {
        let next = if suspect.change == Change::Insert { at } else { at + 1 };
        NUMERALS.contains(reading) && (figure(at.checked_sub(1)) || figure(Some(next)))
    };
    suspect.reading.is_some_and(|reading| made_up((suspect.at, reading))) || suspect.second.is_some_and(made_up)
}

/// Whether the place stands in an item of a series that is built like the one beside it: 气电 in 水电、气电、煤电, and any
/// item of one character.
fn is_of_a_series(line: &Line, at: usize) -> bool {
    let item = item(line, at);
    let own = line.characters.get(item.clone()).unwrap_or(&[]);
    let point = |i: Option<usize>| i.and_then(|i| line.characters.get(i)) == Some(&'、');
    let (before, after) = (item.start.checked_sub(1), Some(item.end));
    if own.is_empty() || own.len() > ITEM || !point(before) && !point(after) {
        return false;
    }
    // The words next to the points: the item beside it may be longer where the series begins or ends.
    let same = |from: usize| {
        let other = line.characters.get(from..from + own.len()).unwrap_or(&[]);
        let whole = other.len() == own.len() && other.iter().all(|c| is_han(*c));
        let alike = own.iter().zip(other).enumerate().any(|(n, (a, b))| a == b && item.start + n != at);
        whole && (own.len() == 1 || alike)
    };
    point(before) && item.start.checked_sub(own.len() + 1).is_some_and(same) || point(after) && same(item.end + 1)
}

/// The run of Han characters around a place, cut where it is longer than an item of a series.
fn item(line: &Line, at: usize) -> std::ops::Range<usize> {
    let han = |i: &usize| line.characters.get(*i).is_some_and(|c| is_han(*c));
    let from = (at.saturating_sub(ITEM)..=at).rev().take_while(han).last().unwrap_or(at);
    let to = (at..=at + ITEM).take_while(han).last().map_or(at, |last| last + 1);
    from..to
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::suspect::{FEATURES, Judge};

    fn makes_up_a_number(text: &str, change: Change, at: char, reading: char) -> bool {
        let line = Judge::embedded().read(text, 0);
        let at = line.characters.iter().position(|c| *c == at).expect("the place");
        let evidence = [0.0; FEATURES];
        let suspect = |at: usize, reading: char, second: Option<(usize, char)>| {
            let (others, reading) = (Vec::new(), Some(reading));
            Suspect { at, change, reading, second, others, evidence, odds: 0.0 }
        };
        let (alone, behind) = (suspect(at, reading, None), suspect(at - 1, '的', Some((at, reading))));
        let found = is_of_a_number(&line, &alone);
        assert!(change != Change::Replace || is_of_a_number(&line, &behind) == found, "the second of two");
        found
    }

    #[test]
    fn two_provinces_side_by_side_are_no_slip() {
        let rules = RuleSet::built_in().expect("the built-in rules");
        let guards = Guards::new(&rules);
        let line = Judge::embedded().read("落实蒙宁战略合作，南宁的桥通车", 0);
        let places: Vec<usize> = (0..line.len()).filter(|at| guards.is_of_provinces(&line, *at)).collect();
        let named: String = places.into_iter().map(|at| line.characters[at]).collect();
        assert_eq!(named, "蒙宁");
    }

    #[test]
    fn no_part_of_a_number_is_made_up() {
        assert!(makes_up_a_number("上月卖出54482辆新车", Change::Insert, '辆', '万'));
        assert!(makes_up_a_number("人口约三十田左右", Change::Replace, '田', '万'));
        assert!(!makes_up_a_number("上月卖出54482新车", Change::Insert, '新', '辆'));
        assert!(!makes_up_a_number("村里的千衷万苦", Change::Replace, '衷', '辛'));
        assert!(!makes_up_a_number("统领发展全局的匕年规划", Change::Replace, '匕', '十'));
    }
}
