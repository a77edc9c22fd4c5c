//! The evidence for a reading, as numbers that the decision weighs.

mod parted;
mod sensed;
mod wider;

use self::parted::Parted;
use self::sensed::Sensed;

use super::candidates::Proposal;
use super::{Change, Habits, Judge, Scored, both};
use crate::lm::lexicon::{Lexicon, Word};
use crate::lm::symbols::{EDGE, Symbol, Vocabulary};
use crate::text::is_han;

/// What each number is. Surprise is minus log10 of a probability; bonds are log10 of how much more often two symbols meet
/// than by chance; habits are natural logarithms of one more than a count in the document.
pub const NAMES: [&str; FEATURES] = [
    "gain",
    "surprise at the place",
    "surprise after it",
    "surprise two after it",
    "new surprise at the place",
    "new surprise after it",
    "shape",
    "sound",
    "seen",
    "margin",
    "frequency of the old reading",
    "frequency of the new reading",
    "old bond to the left",
    "old bond to the right",
    "new bond to the left",
    "new bond to the right",
    "known runs before",
    "known runs after",
    "habit of the old pairs",
    "habit of the old three",
    "habit of the new pairs",
    "habit of the new three",
    "surprise around",
    "readings alive",
    "edge to the left",
    "edge to the right",
    "worst new surprise",
    "doubled",
    "least old pair habit",
    "least new pair habit",
    "bond of the two before",
    "bond of the two after",
    "length of the old word",
    "commonness of the old word",
    "length of the new word",
    "commonness of the new word",
    "least word around an extra or lost character",
    "frequency of the old left pair",
    "frequency of the old right pair",
    "frequency of the new left pair",
    "frequency of the new right pair",
    "old run to the place",
    "old run to the one after",
    "old run to the second after",
    "new run to the place",
    "new run to the one after",
    "new run to the second after",
    "usual old left pair",
    "usual old right pair",
    "usual new left pair",
    "usual new right pair",
    "usual old threes",
    "usual new threes",
    "characters to a mark on the left",
    "characters to a mark on the right",
    "words before",
    "words after",
    "in a title",
    "gain of the words",
    "surprise of the words",
    "words more",
    "fit of the new words",
    "fit of the old words",
    "gain of fit",
    "rarity of the new words",
    "rarity of the old words",
];

/// Number of features.
pub const FEATURES: usize = 66;

/// Symbols on either side whose surprise tells how well the model follows this text.
const AROUND: usize = 10;

/// How often the document has the reading with its neighbours elsewhere, as in [`NAMES`].
pub fn habit_of_new_three(evidence: &[f32; FEATURES]) -> f32 {
    evidence[21]
}

pub(super) fn more(count: u32) -> f32 {
    (count as f32).ln_1p()
}

impl Judge<'_> {
    /// How much more often two symbols meet than by chance.
    pub(super) fn bond(&self, a: Symbol, b: Symbol) -> f32 {
        if a == EDGE || b == EDGE {
            return 0.0;
        }
        self.model.after_one(a, b) - self.model.single(b)
    }

    /// All evidence for a proposal but that of the words, which costs most and has the values of a good case.
    pub(super) fn evidence(&self, scored: &Scored, habits: &Habits, proposal: &Proposal) -> [f32; FEATURES] {
        let mut evidence = match proposal.second {
            Some(second) => self.evidence_of_both(scored, habits, proposal, second),
            None => self.evidence_of_one(scored, habits, proposal),
        };
        put_last(&mut evidence, proposal, &Worded::at_best(proposal));
        evidence
    }

    fn evidence_of_one(&self, scored: &Scored, habits: &Habits, proposal: &Proposal) -> [f32; FEATURES] {
        let at = proposal.at;
        let own = scored.symbol(at);
        let (l1, r1) = (scored.symbol(at - 1), scored.symbol(at + 1));
        let character = |s: Symbol| self.model.vocabulary().character(s);
        // The runs of three around the place as it is and as it would be: (left, middle, right).
        let (old, new) = match proposal.change {
            Change::Replace | Change::Both => ((l1, own, r1), (l1, proposal.reading.unwrap_or(own), r1)),
            Change::Insert => ((l1, own, r1), (l1, proposal.reading.unwrap_or(own), own)),
            Change::Delete => ((l1, own, r1), (l1, r1, scored.symbol(at + 2))),
            Change::Swap => ((l1, own, r1), (l1, r1, own)),
        };
        let near = match (proposal.change, character(own), proposal.reading.and_then(character)) {
            (Change::Replace, Some(a), Some(b)) => self.channel.pair(a, b),
            _ => None,
        };
        let rewritten = &proposal.rewritten;
        let mut evidence = [0.0; FEATURES];
        // The reading that stands there counts itself once; only its other places are a habit.
        let less = |n: u32| n.saturating_sub(1);
        let old_pairs = (less(habits.pair(old.0, old.1)), less(habits.pair(old.1, old.2)));
        let new_pairs = (habits.pair(new.0, new.1), habits.pair(new.1, new.2));
        let doubled = own == l1
            || own == r1
            || (own == scored.symbol(at.saturating_sub(2)) && l1 == r1)
            || (own == scored.symbol(at + 2) && (l1 == r1 || r1 == scored.symbol(at + 3)));
        let [old_word, new_word, beside] = words(scored, proposal, self.model.vocabulary());
        let values = [
            rewritten.gain,
            -scored.score(at),
            -scored.score(at + 1),
            -scored.score(at + 2),
            -rewritten.scores[0],
            -rewritten.scores[1],
            near.map_or(0.0, |n| f32::from(n.shape) / 255.0),
            near.map_or(0.0, |n| f32::from(n.sound) / 255.0),
            near.map_or(0.0, |n| f32::from(n.seen) / 31.0),
            proposal.margin,
            self.model.single(own),
            self.model.single(new.1),
            self.bond(old.0, old.1),
            self.bond(old.1, old.2),
            self.bond(new.0, new.1),
            self.bond(new.1, new.2),
            scored.states.iter().skip(at).take(4).map(|s| f32::from(s.matched)).sum(),
            rewritten.matched.iter().map(|n| f32::from(*n)).sum(),
            more(old_pairs.0 + old_pairs.1),
            more(less(habits.triple(old.0, old.1, old.2))),
            more(new_pairs.0 + new_pairs.1),
            more(habits.triple(new.0, new.1, new.2)),
            around(scored, at),
            (proposal.alive as f32).ln_1p(),
            f32::from(u8::from(!character(l1).is_some_and(is_han))),
            f32::from(u8::from(!character(r1).is_some_and(is_han))),
            rewritten.scores.iter().take(4).fold(0.0, |worst: f32, s| worst.max(-s)),
            f32::from(u8::from(doubled)),
            more(old_pairs.0.min(old_pairs.1)),
            more(new_pairs.0.min(new_pairs.1)),
            self.bond(scored.symbol(at.saturating_sub(2)), l1),
            self.bond(r1, scored.symbol(at + 2)),
            f32::from(old_word.length),
            f32::from(old_word.level),
            f32::from(new_word.length),
            f32::from(new_word.level),
            f32::from(beside.length.min(new_word.length)),
        ];
        let (known, more) = evidence.split_at_mut(values.len());
        known.copy_from_slice(&values);
        let wider = self.wider(scored, proposal, (old, new));
        more[..wider.len()].copy_from_slice(&wider);
        evidence
    }
}

/// How many numbers the words give.
const OF_WORDS: usize = parted::COUNT + sensed::COUNT;

/// What the words around a place say.
#[derive(Debug)]
pub(super) struct Worded {
    parted: Parted,
    sensed: Sensed,
}

impl Worded {
    /// The words around a place as it stands.
    pub fn new(scored: &Scored, at: usize) -> Self {
        Worded { parted: Parted::new(scored, at), sensed: Sensed::new(scored, at) }
    }

    /// What they say of a proposal, put into its place among the other evidence.
    pub fn tell(&self, vocabulary: &Vocabulary, proposal: &Proposal, evidence: &mut [f32; FEATURES]) {
        let (parted, sensed) = (self.parted.against(vocabulary, proposal), self.sensed.against(vocabulary, proposal));
        put_last(evidence, proposal, &join(parted, sensed));
    }

    /// What they say of a right reading where they say much for it.
    fn at_best(proposal: &Proposal) -> [f32; OF_WORDS] {
        join(parted::at_best(proposal), sensed::at_best(proposal))
    }
}

fn join(parted: [f32; parted::COUNT], sensed: [f32; sensed::COUNT]) -> [f32; OF_WORDS] {
    let mut all = [0.0; OF_WORDS];
    all.iter_mut().zip(parted.into_iter().chain(sensed)).for_each(|(place, value)| *place = value);
    all
}

fn put_last(evidence: &mut [f32; FEATURES], proposal: &Proposal, words: &[f32; OF_WORDS]) {
    let count = if proposal.second.is_some() { both::NAMES.len() } else { FEATURES };
    evidence[count - OF_WORDS..count].copy_from_slice(words);
}

/// The mean surprise around a place, the place and the next two left out.
pub(super) fn around(scored: &Scored, at: usize) -> f32 {
    let before = scored.scores.get(at.saturating_sub(AROUND)..at).unwrap_or(&[]);
    let after = scored.scores.get(at + 3..(at + 3 + AROUND).min(scored.scores.len())).unwrap_or(&[]);
    let count = before.len() + after.len();
    -before.iter().chain(after).sum::<f32>() / (count.max(1) as f32)
}

/// Characters on either side in which words are looked for.
const WORD_REACH: usize = 4;

/// The word over the place as it is and as it would be, and the one over the character after the change.
fn words(scored: &Scored, proposal: &Proposal, vocabulary: &Vocabulary) -> [Word; 3] {
    let all = &scored.line.characters;
    let at = proposal.at;
    let from = at.saturating_sub(WORD_REACH);
    let to = (at + 2 + WORD_REACH).min(all.len());
    let lexicon = Lexicon::embedded();
    let (Some(before), Some(old)) = (all.get(from..at), all.get(from..to)) else { return [Word::default(); 3] };
    let here = before.len();
    let new = proposal.put_into(old, here, vocabulary);
    [lexicon.covering(old, here), lexicon.covering(&new, here), lexicon.covering(&new, here + 1)]
}
