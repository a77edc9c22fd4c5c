//! The evidence of what is around a place: how usual its pairs are, how far the known runs reach, how the words divide.

use crate::lm::lexicon::Lexicon;
use crate::lm::suspect::candidates::Proposal;
use crate::lm::suspect::{Judge, Scored};
use crate::lm::symbols::{EDGE, Symbol};
use crate::lm::usage::Usage;
use crate::text::is_han;

/// Numbers of this part.
const COUNT: usize = 21;
/// Characters on either side of a place in which words are told apart.
const REACH: usize = 4;
/// Symbols in which a mark is looked for.
const FAR: usize = 12;

type Three = (Symbol, Symbol, Symbol);

impl Judge<'_> {
    /// The last of [`super::NAMES`].
    pub(super) fn wider(&self, scored: &Scored, proposal: &Proposal, (old, new): (Three, Three)) -> [f32; COUNT] {
        let at = proposal.at;
        let pair = |a: Symbol, b: Symbol| match a == EDGE || b == EDGE {
            true => 0.0,
            false => self.model.single(a) + self.model.after_one(a, b),
        };
        let run = |n: usize| scored.states.get(at + n).map_or(0.0, |s| f32::from(s.matched));
        let new_run = |n: usize| f32::from(proposal.rewritten.matched[n]);
        let character = |s: Symbol| self.model.vocabulary().character(s).unwrap_or_default();
        let usage = Usage::embedded();
        let usual = |a: Symbol, b: Symbol| usage.pair(character(a), character(b)).map_or(0.0, |l| f32::from(l) + 1.0);
        let three =
            |t: Three| usage.triple(character(t.0), character(t.1), character(t.2)).map_or(0.0, |l| f32::from(l) + 1.0);
        let is_mark = |i: usize| !scored.line.characters.get(i).is_some_and(|c| is_han(*c));
        let left = (1..=FAR).find(|n| at.checked_sub(*n).is_none_or(is_mark)).unwrap_or(FAR + 1);
        let right = (1..=FAR).find(|n| is_mark(at + n)).unwrap_or(FAR + 1);
        let (words, words_after) = self.divided(scored, proposal);
        [
            pair(old.0, old.1),
            pair(old.1, old.2),
            pair(new.0, new.1),
            pair(new.1, new.2),
            run(0),
            run(1),
            run(2),
            new_run(0),
            new_run(1),
            new_run(2),
            usual(old.0, old.1),
            usual(old.1, old.2),
            usual(new.0, new.1),
            usual(new.1, new.2),
            three(old),
            three(new),
            left as f32,
            right as f32,
            words,
            words_after,
            f32::from(u8::from(in_title(scored, at))),
        ]
    }

    /// Into how many words the text around the place divides, as it is and as it would be.
    fn divided(&self, scored: &Scored, proposal: &Proposal) -> (f32, f32) {
        let all = &scored.line.characters;
        let at = proposal.at;
        let han = |i: &usize| all.get(*i).is_some_and(|c| is_han(*c));
        let from = (at.saturating_sub(REACH)..at).rev().take_while(han).last().unwrap_or(at);
        let to = (at..at + 2 + REACH).take_while(han).last().map_or(at, |last| last + 1);
        let Some(old) = all.get(from..to).filter(|o| !o.is_empty()) else { return (0.0, 0.0) };
        let new = proposal.put_into(old, at - from, self.model.vocabulary());
        (words_of(old), words_of(&new))
    }
}

/// The least number of words of a list that make up a text; a character that no word covers is one.
fn words_of(text: &[char]) -> f32 {
    let lexicon = Lexicon::embedded();
    let mut least = [0u8; 2 * REACH + 8];
    for end in 1..=text.len().min(least.len() - 1) {
        let longest = end.min(5);
        let words = (2..=longest).filter(|n| text.get(end - n..end).is_some_and(|w| lexicon.level(w).is_some()));
        let best = words.map(|n| least[end - n]).chain([least[end - 1]]).min().unwrap_or(0);
        least[end] = best + 1;
    }
    f32::from(least[text.len().min(least.len() - 1)])
}

/// Whether the place lies inside the brackets of a title.
fn in_title(scored: &Scored, at: usize) -> bool {
    let before = (1..=2 * FAR).filter_map(|n| scored.line.characters.get(at.checked_sub(n)?));
    before.copied().find(|c| matches!(c, '《' | '》' | '〈' | '〉')).is_some_and(|c| matches!(c, '《' | '〈'))
}
