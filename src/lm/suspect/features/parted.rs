//! The evidence of the words: how likely the words are that the text around a place divides into, as it is and as it
//! would be.

use crate::lm::lexicon::{Divided, Lexicon};
use crate::lm::suspect::Scored;
use crate::lm::suspect::candidates::Proposal;
use crate::lm::symbols::Vocabulary;

/// Numbers of this part.
pub(super) const COUNT: usize = 3;
/// Characters before a place, and from it on, that are divided.
const BEFORE: usize = 9;
const AFTER: usize = 11;

/// What the words say of a right reading where they say much for it: as [`Parted::against`], for one place and for two. Set
/// near the third quarter of right readings; asking with them first loses no finding on the planted issues.
const GOOD: [f32; COUNT] = [10.0, -1.9, -1.0];
const GOOD_OF_BOTH: [f32; COUNT] = [16.0, -2.2, -2.0];

pub(super) fn at_best(proposal: &Proposal) -> [f32; COUNT] {
    if proposal.second.is_some() { GOOD_OF_BOTH } else { GOOD }
}

/// The text around a place with its division.
#[derive(Debug)]
pub(super) struct Parted {
    text: Vec<char>,
    /// The number of the place in it.
    here: usize,
    divided: Divided,
}

impl Parted {
    /// The text around a place as it stands.
    pub fn new(scored: &Scored, at: usize) -> Self {
        let all = &scored.line.characters;
        let from = at.saturating_sub(BEFORE);
        let text = all.get(from..(at + AFTER).min(all.len())).unwrap_or(&[]).to_vec();
        let divided = Lexicon::embedded().divide(&text);
        Parted { text, here: at - from, divided }
    }

    /// What a proposal for the place makes of it: how much likelier the words are, in log10, how likely they are as it stands, for each
    /// character, and how many more there are.
    pub fn against(&self, vocabulary: &Vocabulary, proposal: &Proposal) -> [f32; COUNT] {
        let new = proposal.put_into(&self.text, self.here, vocabulary);
        let divided = Lexicon::embedded().divide(&new);
        [
            divided.log - self.divided.log,
            self.divided.log / self.text.len().max(1) as f32,
            f32::from(divided.words) - f32::from(self.divided.words),
        ]
    }
}
