//! How sure it is that an odd word is a slip: a sum of log-odds, one term for each kind of evidence.

use crate::stage::typos::odds::sigmoid;

/// Kinds of evidence.
pub const EVIDENCE: usize = 30;
/// So many of them, the first ones, are what the model says; the others are read in the text and in tables.
pub(super) const OF_MODEL: usize = 10;

/// What is believed before any evidence, in log-odds: slips of this kind are rare.
const BEFORE: f32 = -9.5974;
/// Besides drifts, the same evidence tells of characters misread inside a word that the text has elsewhere. So much more is
/// believed for them; fitted on issues with planted defects as dense as in the real one, as the line of `misread.rs` was.
const OTHER_SLIPS: f32 = 1.25;

/// What each number of the evidence adds, in log-odds for each unit, in the order of [`super::evidence::NAMES`]. Made by
/// `examples/learn_drift.rs` from slips put into print news, three in 10,000 characters.
const WEIGHTS: [f32; EVIDENCE] = [
    0.4520, 0.3239, -0.4077, 0.2775, -0.1745, -0.4299, 0.1016, 0.4532, 1.1851, -2.5427, -0.4147, 0.3976, -1.4090,
    0.4957, 0.4340, -0.6386, 0.1610, -1.4109, 0.1900, 0.1713, 0.0061, -0.3716, 0.3296, -0.1832, -0.4482, -0.5741,
    -0.7533, 2.1561, 2.9011, -3.1476,
];

/// What the model may add at most, in log-odds: a place of which the text itself says less is left to the doubts of
/// `misread.rs`. Without a limit nothing more is found on the planted issues, and one false alarm more.
const MODEL_AT_MOST: f32 = 9.0;

/// The log-odds that the usual word was meant.
pub(super) fn odds(evidence: &[f32; EVIDENCE]) -> f32 {
    BEFORE + OTHER_SLIPS + evidence.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum::<f32>()
}

/// Whether the evidence of the text alone leaves hope of so many log-odds.
pub(super) fn may_reach(of_text: &[f32; EVIDENCE - OF_MODEL], least: f32) -> bool {
    let text: f32 = of_text.iter().zip(WEIGHTS.iter().skip(OF_MODEL)).map(|(v, w)| v * w).sum();
    BEFORE + OTHER_SLIPS + text + MODEL_AT_MOST >= least
}

/// How sure it is that the usual word was meant, 0 to 1.
pub(super) fn confidence(evidence: &[f32; EVIDENCE]) -> f32 {
    sigmoid(odds(evidence))
}
