//! How likely a text is as a row of words: the likeliest of all its divisions, each word after the one before it (a bigram
//! model of words with back-off; the division is found as Viterbi 1967 finds it).
//!
//! Five characters know little of the word before last; words reach further with less.

use super::{LENGTHS, Lexicon, SEED, SPREAD, hash_of_pair, log, mix};
use crate::text::is_han;

/// What stands for marks, digits and letters, and for the ends of a text.
pub(super) const EDGE: char = '\0';
/// log10 of the probability of a character that is no word.
const UNLISTED: f32 = -7.5;
/// Longest word.
const LONGEST: usize = *LENGTHS.end();

/// A text as its likeliest row of words.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Divided {
    /// log10 of its probability.
    pub log: f32,
    /// Into how many words it divides.
    pub words: u16,
}

/// The best way to a place in a text whose last word is this one.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    word: u64,
    back_off: f32,
    so_far: Divided,
}

/// The ways to one place, one for each length of a last word.
type Ways = ([Way; LONGEST], usize);

/// A word with what is known of it.
#[derive(Clone, Copy, Debug)]
struct Step {
    word: u64,
    log: f32,
    back_off: f32,
    counts: u16,
}

/// A word of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Numbers of its first character and of the one after its last.
    pub start: usize,
    pub end: usize,
    /// By what it is known.
    pub hash: u64,
}

impl Lexicon<'_> {
    /// The words of a text, by how common each is whatever stands beside it. A character that is no word is one; what is no
    /// Han character is left out.
    pub fn words(&self, text: &[char]) -> Vec<Span> {
        let mut best = vec![(f32::NEG_INFINITY, Span::default()); text.len() + 1];
        best[0].0 = 0.0;
        for (start, c) in text.iter().enumerate() {
            let so_far = best[start].0;
            let mut offer = |end: usize, log: f32, hash: u64| {
                if so_far + log > best[end].0 {
                    best[end] = (so_far + log, Span { start, end, hash });
                }
            };
            if !is_han(*c) {
                offer(start + 1, 0.0, 0);
                continue;
            }
            let mut hash = SEED;
            for (n, c) in text[start..].iter().take(LONGEST).enumerate().take_while(|(_, c)| is_han(**c)) {
                hash = mix(hash, *c);
                let word = hash.wrapping_mul(SPREAD);
                let listed = self.words.find(word).and_then(|at| self.logs.get(at)).map(|step| log(*step));
                let unlisted = (n == 0).then_some(UNLISTED);
                listed.or(unlisted).into_iter().for_each(|log| offer(start + n + 1, log, word));
            }
        }
        let mut words = Vec::new();
        let mut end = text.len();
        while let Some((_, word)) = best.get(end).filter(|_| end > 0) {
            words.extend(Some(*word).filter(|w| is_han(text[w.start])));
            end = word.start;
        }
        words.reverse();
        words
    }

    /// The likeliest division of a text. What is no Han character is the edge of a word.
    pub fn divide(&self, text: &[char]) -> Divided {
        let mut ways: Vec<Ways> = vec![Default::default(); text.len() + 1];
        let edge = self.step(mix(SEED, EDGE).wrapping_mul(SPREAD), 0).unwrap_or(NO_EDGE);
        put(&mut ways, 0, Way { word: edge.word, back_off: edge.back_off, so_far: Divided::default() });
        for (start, c) in text.iter().enumerate() {
            if !is_han(*c) {
                let next = match start.checked_sub(1).is_some_and(|before| !is_han(text[before])) {
                    true => ways[start].0.first().copied(),
                    false => self.best(&ways[start], edge),
                };
                next.into_iter().for_each(|way| put(&mut ways, start + 1, way));
                continue;
            }
            let mut hash = SEED;
            for (n, c) in text[start..].iter().take(LONGEST).enumerate().take_while(|(_, c)| is_han(**c)) {
                hash = mix(hash, *c);
                let word = hash.wrapping_mul(SPREAD);
                let unlisted = (n == 0).then_some(Step { word, log: UNLISTED, back_off: 0.0, counts: 1 });
                let Some(step) = self.step(word, 1).or(unlisted) else { continue };
                self.best(&ways[start], step).into_iter().for_each(|way| put(&mut ways, start + n + 1, way));
            }
        }
        let last = ways.last().map(|(all, count)| all.iter().take(*count)).into_iter().flatten();
        last.map(|way| way.so_far).max_by(|a, b| a.log.total_cmp(&b.log)).unwrap_or_default()
    }

    fn step(&self, word: u64, counts: u16) -> Option<Step> {
        let at = self.words.find(word)?;
        Some(Step { word, log: log(*self.logs.get(at)?), back_off: log(*self.back_offs.get(at)?), counts })
    }

    /// The best of the ways to a place, a word further.
    #[inline]
    fn best(&self, (ways, count): &Ways, next: Step) -> Option<Way> {
        let further = ways.iter().take(*count).map(|way| {
            let pair = self.pairs.find(hash_of_pair(way.word, next.word)).and_then(|at| self.pair_logs.get(at));
            let log = pair.map_or(way.back_off + next.log, |step| log(*step));
            Divided { log: way.so_far.log + log, words: way.so_far.words + next.counts }
        });
        let so_far = further.max_by(|a, b| a.log.total_cmp(&b.log))?;
        Some(Way { word: next.word, back_off: next.back_off, so_far })
    }
}

/// The edge where the table has none.
const NO_EDGE: Step = Step { word: 0, log: 0.0, back_off: 0.0, counts: 0 };

fn put(ways: &mut [Ways], at: usize, way: Way) {
    let Some((all, count)) = ways.get_mut(at) else { return };
    if let Some(place) = all.get_mut(*count) {
        *place = way;
        *count += 1;
    }
}
