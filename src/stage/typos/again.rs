//! What is misread once is misread again: an engine that took 入 for 人 in one place of an issue probably did so in another,
//! where the language alone is not sure enough. The likeness of two characters is learned anew from the issue itself (Tong
//! and Evans 1996, who correct a text, count its confusions and correct it again).

use crate::lm::suspect::{Change, Habits, Judge, Suspect, Trust, push_apart};
use crate::lm::symbols::Line;
use std::collections::BTreeMap;

/// How many times likelier each sure place makes the same confusion elsewhere. On typeset pages that three engines read 15
/// explains best which doubts are right, on scanned ones 4; of doubts of confidence .1 to .4 with a sure place elsewhere 31
/// of 36 are right.
const EACH: f32 = 8.0;
/// More places than this add nothing.
const ENOUGH: usize = 3;

/// The confusions of a section of text: what stands there and what was meant, with the places where that is sure, by number
/// of the line and of the symbol, rising.
#[derive(Debug, Default)]
pub(super) struct Confusions {
    places: BTreeMap<(char, char), Vec<(usize, usize)>>,
}

impl Confusions {
    /// Takes in what is sure in a line; lines come in their order.
    pub fn add<'s>(&mut self, number: usize, line: &Line, sure: impl Iterator<Item = &'s Suspect>) {
        for suspect in sure {
            if let Some(key) = confusion(line, suspect) {
                self.places.entry(key).or_default().push((number, suspect.at));
            }
        }
    }

    /// How many places elsewhere show the confusion of a suspect.
    pub fn elsewhere(&self, number: usize, line: &Line, suspect: &Suspect) -> usize {
        let places = confusion(line, suspect).and_then(|key| self.places.get(&key)).map_or(&[][..], Vec::as_slice);
        places.len() - usize::from(places.binary_search(&(number, suspect.at)).is_ok())
    }

    /// The suspects of a line, in order, with what the rest of the section says of their confusions; and those that come to
    /// `least` by it alone, if they may be.
    pub fn weigh(
        &self,
        judge: &Judge,
        (number, line): (usize, &Line),
        (habits, trust): (&Habits, Option<&Trust>),
        least: f32,
        mut suspects: Vec<Suspect>,
        may_be: impl Fn(&Suspect) -> bool,
    ) -> Vec<Suspect> {
        if self.places.is_empty() {
            return suspects;
        }
        let asked = |(at, c): (usize, &char)| {
            let most = self.places.range((*c, '\0')..=(*c, char::MAX)).map(|(_, places)| places.len()).max()?;
            Some((at, least - bonus(most)))
        };
        let places: Vec<(usize, f32)> = line.characters.iter().enumerate().filter_map(asked).collect();
        if places.is_empty() {
            return suspects;
        }
        let known = suspects.len();
        for other in judge.replacements_at(line, habits, trust, places.into_iter()) {
            let same = |s: &Suspect| (s.at, s.reading, s.change) == (other.at, other.reading, other.change);
            if !suspects.iter().take(known).any(same) && may_be(&other) {
                suspects.push(other);
            }
        }
        for suspect in &mut suspects {
            suspect.odds += bonus(self.elsewhere(number, line, suspect));
        }
        suspects.retain(|suspect| suspect.odds >= least);
        suspects.sort_by(|a, b| a.at.cmp(&b.at).then(b.odds.total_cmp(&a.odds)));
        suspects.dedup_by_key(|suspect| suspect.at);
        let mut apart = Vec::with_capacity(suspects.len());
        suspects.into_iter().for_each(|suspect| push_apart(&mut apart, suspect));
        apart
    }
}

/// What stands at the place of a replacement, and what was meant.
fn confusion(line: &Line, suspect: &Suspect) -> Option<(char, char)> {
    let stands = line.characters.get(suspect.at).copied()?;
    Some((stands, suspect.reading?)).filter(|_| suspect.change == Change::Replace)
}

/// What so many places elsewhere add to the log-odds.
fn bonus(places: usize) -> f32 {
    (1.0 + EACH * places.min(ENOUGH) as f32).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::suspect::FEATURES;

    fn suspect(line: &Line, stands: char, reading: char, odds: f32) -> Suspect {
        let at = line.characters.iter().position(|c| *c == stands).expect("it stands there");
        let (change, reading, evidence) = (Change::Replace, Some(reading), [0.0; FEATURES]);
        Suspect { at, change, reading, second: None, others: Vec::new(), evidence, odds }
    }

    #[test]
    fn a_confusion_is_likelier_where_another_place_shows_it() {
        let judge = Judge::embedded();
        let line = judge.read("全村收人不高。", 0);
        let habits = Habits::of(std::slice::from_ref(&line));
        let doubt = || vec![suspect(&line, '人', '入', 1.2)];
        let odds = |sure: Option<(char, char)>| {
            let mut confusions = Confusions::default();
            let other = judge.read("要深人了解村民的已见。", 0);
            confusions.add(0, &line, doubt().iter());
            if let Some((stands, reading)) = sure {
                confusions.add(1, &other, [suspect(&other, stands, reading, 4.0)].iter());
            }
            let all = confusions.weigh(judge, (0, &line), (&habits, None), 1.0, doubt(), |_| true);
            all.iter().find(|s| s.reading == Some('入')).map(|s| (s.odds, confusions.elsewhere(0, &line, s)))
        };
        assert_eq!(odds(None), Some((1.2, 0)), "its own place says nothing");
        assert_eq!(odds(Some(('已', '意'))), Some((1.2, 0)), "nor another confusion");
        assert_eq!(odds(Some(('人', '入'))), Some((1.2 + 9.0f32.ln(), 1)));
    }
}
