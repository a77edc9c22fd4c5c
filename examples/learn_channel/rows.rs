//! Which characters have a row, and who stands in it.

use crate::Confusions;
use crate::fit::{FREQUENCY, Fit, PART, TERMS};
use crate::glyphs::{LIKENESSES, Look, dot, likeness};
use crate::sounds::{Reading, Readings, kinship};
use kanwu::lm::channel::{Channel, Draft, Near};
use kanwu::lm::usage::Usage;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Candidates whose glyphs are compared in full.
pub const COMPARED: usize = 250;

/// Most entries that stand in a row for one reason.
struct Quota {
    shape: usize,
    /// A large part of the glyph is the same: 晌 and 响.
    part: usize,
    syllable: usize,
    kin: usize,
    letter: usize,
}

/// The row of a character of the standard that print uses.
const USUAL: Quota = Quota { shape: 45, part: 12, syllable: 45, kin: 18, letter: 12 };
/// The row of a rare, traditional or Japanese character: there it is nearly always a misreading.
const STRANGE: Quota = Quota { shape: 25, part: 4, syllable: 10, kin: 0, letter: 0 };

pub struct Inventory {
    /// Characters with a row, by code point.
    pub all: Vec<char>,
    /// Numbers of those that may be proposed.
    pub proposed: Vec<usize>,
    pub numbers: BTreeMap<char, usize>,
}

impl Inventory {
    pub fn of(readings: &Readings, confusions: &Confusions) -> Inventory {
        let seen: BTreeSet<char> = confusions.keys().flat_map(|(a, b)| [*a, *b]).collect();
        let foreign = ('\u{4E00}'..='\u{9FFF}').filter(|c| east_asian(*c));
        let standard = readings.standard.keys().copied().filter(|c| *c < '\u{10000}');
        let written: BTreeSet<char> = standard.chain(foreign).chain(seen).collect();
        let all: Vec<char> = written.into_iter().collect();
        let numbers: BTreeMap<char, usize> = all.iter().enumerate().map(|(i, c)| (*c, i)).collect();
        let printed = all.iter().filter(|c| readings.standard.contains_key(c));
        let printed = printed.filter(|c| Usage::embedded().single(**c).is_some());
        let truths = confusions.keys().map(|(_, truth)| truth);
        let proposed: BTreeSet<usize> = printed.chain(truths).map(|c| numbers[c]).collect();
        Inventory { all, proposed: proposed.into_iter().collect(), numbers }
    }

    pub fn often(&self, number: usize) -> f64 {
        f64::from(Usage::embedded().single(self.all[number]).unwrap_or(0))
    }
}

/// Whether a character is among the frequent ones of Taiwan (Big5, first level) or Japan (JIS X 0208, first level):
/// engines that know several scripts put these where a simplified one stands.
fn east_asian(c: char) -> bool {
    let mut text = [0; 4];
    let text = c.encode_utf8(&mut text);
    let within = |encoding: &'static encoding_rs::Encoding, first: u8, last: u8| {
        let (bytes, _, failed) = encoding.encode(text);
        !failed && bytes.len() == 2 && (first..=last).contains(&bytes[0])
    };
    within(encoding_rs::BIG5, 0xA4, 0xC6) || within(encoding_rs::SHIFT_JIS, 0x88, 0x98)
}

/// The candidates that are worth a full comparison: the picture as it stands and its edges agree best.
pub fn compared(i: usize, looks: &[[Look; 2]], inventory: &Inventory) -> Vec<usize> {
    let score =
        |k: usize| dot(&looks[i][0].moved[0], &looks[k][0].moved[0]) + dot(&looks[i][0].edges, &looks[k][0].edges);
    let mut scored: Vec<(f32, usize)> =
        inventory.proposed.iter().filter(|k| **k != i).map(|k| (score(*k), *k)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.truncate(COMPARED);
    scored.into_iter().map(|s| s.1).collect()
}

pub struct Known<'a> {
    pub inventory: &'a Inventory,
    pub looks: &'a [[Look; 2]],
    pub close: &'a [Vec<usize>],
    pub confusions: &'a Confusions,
}

impl Known<'_> {
    pub fn terms(&self, i: usize, k: usize) -> [f64; TERMS] {
        let mut terms = [0.0; TERMS];
        terms[0] = 1.0;
        let (low, high) = (i.min(k), i.max(k));
        for font in 0..2 {
            let values = likeness(&self.looks[low][font], &self.looks[high][font]);
            for (n, value) in values.into_iter().enumerate() {
                let place = 1 + (font * LIKENESSES + n) * 2;
                terms[place] = f64::from(value);
                terms[place + 1] = f64::from(value * value);
            }
        }
        terms[FREQUENCY.start] = self.inventory.often(k) / 10.0;
        terms[FREQUENCY.start + 1] = (self.inventory.often(k) / 10.0).powi(2);
        terms
    }

    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, u32)> + '_ {
        self.confusions
            .iter()
            .filter(|((a, b), _)| a != b)
            .map(|((a, b), n)| (self.inventory.numbers[a], self.inventory.numbers[b], *n))
    }

    /// Prints where confusions that were not learnt from stand among all candidates of their row.
    pub fn report(&self, fit: &Fit, held_out: impl Fn(char, char) -> bool) {
        let named = |i: usize| self.inventory.all[i];
        let tested: Vec<(usize, usize, u32)> =
            self.pairs().filter(|(a, b, _)| held_out(named(*a), named(*b))).collect();
        let ranks: Vec<(usize, u32)> = tested
            .par_iter()
            .map(|(a, b, n)| {
                let score = |k: usize| fit.score(&self.terms(*a, k), true);
                let own = score(*b);
                let inside = self.close[*a].contains(b);
                let better = self.close[*a].iter().filter(|k| score(**k) > own).count();
                (if inside { better } else { usize::MAX }, *n)
            })
            .collect();
        for least in [1, 2, 4] {
            let some: Vec<usize> = ranks.iter().filter(|r| r.1 >= least).map(|r| r.0).collect();
            let within = |n| 100.0 * some.iter().filter(|r| **r < n).count() as f64 / some.len().max(1) as f64;
            println!(
                "{} held-out confusions seen {least} times or more: {:.1} % among the first 5 by shape, {:.1} % among 20, {:.1} % among 45, {:.1} % among 90, {:.1} % compared",
                some.len(),
                within(5),
                within(20),
                within(45),
                within(90),
                within(COMPARED)
            );
        }
    }

    pub fn table(&self, fit: &Fit, readings: &Readings) -> Draft {
        let all = &self.inventory.all;
        let mut draft = Draft::default();
        let sounds: Vec<Vec<Reading>> = all.iter().map(|c| readings.of(*c)).collect();
        for (c, readings) in all.iter().zip(&sounds) {
            draft.readings(*c, &readings.iter().map(|(s, t)| (s.as_str(), *t)).collect::<Vec<_>>());
        }
        let syllables: Vec<&str> =
            sounds.iter().flatten().map(|r| r.0.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
        for (i, a) in syllables.iter().enumerate() {
            for b in &syllables[..i] {
                let grade = kinship(a, b);
                if grade > 0 {
                    draft.kinship(a, b, grade);
                }
            }
        }
        // A table of readings alone answers what sounds alike; the rows are chosen by asking it.
        let heard = Channel::read(Box::leak(draft.write().into_boxed_slice()));
        let rows: Vec<Vec<Near>> = (0..all.len()).into_par_iter().map(|i| self.row(i, fit, heard.as_ref())).collect();
        for (c, row) in all.iter().zip(rows) {
            row.into_iter().for_each(|near| draft.near(*c, near));
        }
        draft
    }

    fn row(&self, i: usize, fit: &Fit, heard: Option<&Channel>) -> Vec<Near> {
        let (all, c) = (&self.inventory.all, self.inventory.all[i]);
        let sound = |k: usize| heard.map_or(0, |h| h.sound(c, all[k]));
        let seen = |k: usize| {
            self.confusions.get(&(c, all[k])).copied().unwrap_or(0) as f64
                + self.confusions.get(&(all[k], c)).copied().unwrap_or(0) as f64 / 2.0
        };
        let usual = Usage::embedded().single(c).is_some();
        let quota = if usual { USUAL } else { STRANGE };
        let compared: Vec<(usize, [f64; TERMS])> = self.close[i].iter().map(|k| (*k, self.terms(i, *k))).collect();
        let mut chosen = BTreeSet::new();
        chosen.extend(best(compared.iter().map(|(k, t)| (fit.score(t, true), *k)), quota.shape));
        let rest = compared.iter().filter(|(k, _)| !chosen.contains(k));
        let parts: Vec<(f64, usize)> = rest.map(|(k, t)| (t[PART] + t[FREQUENCY.start] / 20.0, *k)).collect();
        chosen.extend(best(parts.into_iter(), quota.part));
        let heard: Vec<(u8, usize)> =
            self.inventory.proposed.iter().filter(|k| **k != i).map(|k| (sound(*k), *k)).collect();
        let of = |grades: std::ops::RangeInclusive<u8>, most| {
            let some = heard.iter().filter(|(grade, _)| grades.contains(grade));
            best(some.map(|(_, k)| (self.inventory.often(*k), *k)), most)
        };
        chosen.extend(of(192..=255, quota.syllable));
        chosen.extend(of(128..=160, quota.kin));
        chosen.extend(of(64..=64, quota.letter));
        let partners = self.confusions.keys().filter_map(|(a, b)| match () {
            _ if *a == c => Some(*b),
            _ if *b == c => Some(*a),
            _ => None,
        });
        chosen.extend(partners.map(|p| self.inventory.numbers[&p]).filter(|k| *k != i));
        chosen
            .into_iter()
            .map(|k| Near {
                character: all[k],
                shape: fit.shape(&self.terms(i, k)),
                sound: sound(k),
                seen: (3.0 * (1.0 + seen(k)).log2()).round().min(31.0) as u8,
            })
            .collect()
    }
}

/// The numbers of the `most` best; of equals the first.
fn best(scored: impl Iterator<Item = (f64, usize)>, most: usize) -> Vec<usize> {
    let mut scored: Vec<(f64, usize)> = scored.collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.into_iter().take(most).map(|s| s.1).collect()
}
