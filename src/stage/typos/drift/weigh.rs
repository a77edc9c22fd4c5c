//! How sure it is that an odd word is a slip: a sum of log-odds, one term for each kind of evidence.

use crate::stage::typos::odds::sigmoid;

/// Kinds of evidence.
pub const EVIDENCE: usize = 27;
/// So many of them, the first ones, are what the model says; the others are read in the text and in tables.
pub(super) const OF_MODEL: usize = 7;

/// What is believed before any evidence, in log-odds: slips of this kind are rare.
const BEFORE: f32 = -9.9114;
/// Besides drifts, the same evidence tells of characters misread inside a word that the text has elsewhere. So much more is
/// believed for them; fitted on issues with planted defects as dense as in the real one, as the line of `misread.rs` was.
const OTHER_SLIPS: f32 = 1.15;

/// What each number of the evidence adds, in log-odds for each unit, in the order of [`super::evidence::NAMES`]. Made by
/// `examples/learn_drift.rs` from slips put into print news, three in 10,000 characters.
const WEIGHTS: [f32; EVIDENCE] = [
    0.7004, 0.2272, -0.4635, 0.3954, -0.3050, -0.3985, 0.0971, -0.2964, 0.5178, -1.3015, 0.4285, 0.4804, -0.6133,
    0.1789, -1.3039, 0.3206, 0.1168, 0.0854, -0.4233, 0.3201, -0.2332, -0.4128, -0.5715, -0.8072, 2.0629, 2.8768,
    -3.1985,
];

/// What the model says comes to no more, in log-odds: of 28,000 places in news, with planted slips and without, sixteen had
/// more, and for each of those the text itself said enough.
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
