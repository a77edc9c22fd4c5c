//! The evidence of what the text is about: how well the words at a place go with those around it, as it is and as it would
//! be. Two words that sound alike and both stand rightly between their neighbours are told apart by nothing else.

use crate::lm::sense::{Compared, Within};
use crate::lm::suspect::Scored;
use crate::lm::suspect::candidates::Proposal;
use crate::lm::symbols::Vocabulary;

/// Numbers of this part.
pub(super) const COUNT: usize = 5;
/// Characters on either side that tell what the text is about.
const REACH: usize = 48;

/// What this part says of a right reading where it says much for it, as [`Sensed::against`], for one place and for two. Set
/// near the third quarter of right readings, see [`super::parted`].
const GOOD: [f32; COUNT] = [0.62, 0.1, 0.5, 4.5, 12.0];
const GOOD_OF_BOTH: [f32; COUNT] = [0.61, 0.12, 0.48, 6.7, 18.0];

pub(super) fn at_best(proposal: &Proposal) -> [f32; COUNT] {
    if proposal.second.is_some() { GOOD_OF_BOTH } else { GOOD }
}

/// The text around a place with its words.
#[derive(Debug)]
pub(super) struct Sensed {
    within: Within,
    /// The number of the place in it.
    here: usize,
}

impl Sensed {
    /// The text around a place as it stands.
    pub fn new(scored: &Scored, at: usize) -> Self {
        let all = &scored.line.characters;
        let from = at.saturating_sub(REACH);
        let text = all.get(from..(at + REACH + 1).min(all.len())).unwrap_or(&[]).to_vec();
        Sensed { within: Within::new(text, at - from), here: at - from }
    }

    /// What a proposal for the place makes of it: how the new and the old words go with those that stay, how much better the
    /// new ones do, and how rare the new and the old ones are.
    ///
    /// How many stay is left out: it says how long the line is, and so where the examples came from rather than what is
    /// wrong with it (docs/QUALITY.md).
    pub fn against(&self, vocabulary: &Vocabulary, proposal: &Proposal) -> [f32; COUNT] {
        let Compared { new, old } = self.within.compare(&proposal.put_into(self.within.text(), self.here, vocabulary));
        [new.cosine, old.cosine, new.cosine - old.cosine, new.rarity, old.rarity]
    }
}
