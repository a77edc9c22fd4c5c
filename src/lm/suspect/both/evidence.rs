//! The evidence for two readings at once, as numbers that the decision weighs.

use crate::lm::lexicon::Lexicon;
use crate::lm::suspect::candidates::Proposal;
use crate::lm::suspect::features::{around, more};
use crate::lm::suspect::{FEATURES, Habits, Judge, Scored};
use crate::lm::symbols::Symbol;

/// Characters on either side in which words are looked for.
const WORD_REACH: usize = 4;

impl Judge<'_> {
    /// In the order of [`super::NAMES`].
    pub(in crate::lm::suspect) fn evidence_of_both(
        &self,
        scored: &Scored,
        habits: &Habits,
        proposal: &Proposal,
        (second, other): (usize, Symbol),
    ) -> [f32; FEATURES] {
        let at = proposal.at;
        let symbol = |i: usize| scored.symbol(i);
        let first = proposal.reading.unwrap_or(symbol(at));
        let (left, right) = (symbol(at - 1), symbol(second + 1));
        let apart = second - at == 2;
        // What stands beside each of the two on the inner side, as it is and as it would be.
        let (old_inner, new_inner) = match apart {
            true => ((symbol(at + 1), symbol(at + 1)), (symbol(at + 1), symbol(at + 1))),
            false => ((symbol(second), symbol(at)), (other, first)),
        };
        let near = [(at, first), (second, other)].map(|(i, new)| {
            let old = scored.line.characters.get(i).copied();
            old.zip(self.model.vocabulary().character(new)).and_then(|(a, b)| self.channel.pair(a, b))
        });
        let shape = near.map(|n| n.map_or(0.0, |n| f32::from(n.shape) / 255.0));
        let sound = near.map(|n| n.map_or(0.0, |n| f32::from(n.sound) / 255.0));
        let likest = [shape[0].max(sound[0]), shape[1].max(sound[1])];
        let alone = [(at, first), (second, other)]
            .map(|(i, new)| self.rewrite(scored, i, i + 1, &[new], -20.0).map_or(-20.0, |r| r.gain));
        let rewritten = &proposal.rewritten;
        let less = |n: u32| n.saturating_sub(1);
        let threes = habits.triple(left, first, new_inner.0) + habits.triple(new_inner.1, other, right);
        let (old_words, new_words) = self.words_of_both(scored, proposal, second);
        let values = [
            rewritten.gain,
            -scored.score(at),
            -scored.score(second),
            -scored.score(second + 1),
            -rewritten.scores[0],
            -rewritten.scores[second - at],
            -rewritten.scores[second - at + 1],
            likest[0].min(likest[1]),
            likest[0].max(likest[1]),
            proposal.margin,
            self.model.single(symbol(at)),
            self.model.single(symbol(second)),
            self.model.single(first),
            self.model.single(other),
            shape[0].min(shape[1]),
            sound[0].min(sound[1]),
            near.iter().flatten().map(|n| f32::from(n.seen) / 31.0).sum(),
            self.bond(left, first),
            self.bond(first, new_inner.0).min(self.bond(new_inner.1, other)),
            self.bond(other, right),
            more(habits.pair(first, new_inner.0)),
            more(threes),
            around(scored, at),
            (proposal.alive as f32).ln_1p(),
            alone[0].min(alone[1]),
            alone[0].max(alone[1]),
            rewritten.scores.iter().take(5).fold(0.0, |worst: f32, s| worst.max(-s)),
            scored.states.iter().skip(at).take(4).map(|s| f32::from(s.matched)).sum(),
            rewritten.matched.iter().map(|n| f32::from(*n)).sum(),
            more(less(habits.pair(symbol(at), old_inner.0))),
            self.bond(symbol(at), old_inner.0).max(self.bond(old_inner.1, symbol(second))),
            old_words[0],
            old_words[1],
            new_words[0],
            new_words[1],
            self.bond(left, symbol(at)).max(self.bond(symbol(second), right)),
            f32::from(u8::from(apart)),
        ];
        let mut evidence = [0.0; FEATURES];
        evidence[..values.len()].copy_from_slice(&values);
        evidence
    }

    /// The lengths of the words over the two places, as they stand and as they would be; the lesser one first.
    fn words_of_both(&self, scored: &Scored, proposal: &Proposal, second: usize) -> ([f32; 2], [f32; 2]) {
        let all = &scored.line.characters;
        let from = proposal.at.saturating_sub(WORD_REACH);
        let Some(old) = all.get(from..(second + 1 + WORD_REACH).min(all.len())) else { return Default::default() };
        let new = proposal.put_into(old, proposal.at - from, self.model.vocabulary());
        let lengths = |text: &[char]| {
            let [a, b] =
                [proposal.at, second].map(|at| f32::from(Lexicon::embedded().covering(text, at - from).length));
            [a.min(b), a.max(b)]
        };
        (lengths(old), lengths(&new))
    }
}
