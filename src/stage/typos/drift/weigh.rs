//! How sure it is that an odd word is a slip: a sum of log-odds, one term for each kind of evidence.

use crate::stage::typos::odds::sigmoid;

/// Kinds of evidence.
pub const EVIDENCE: usize = 28;
/// So many of them, the first ones, are what the model says; the others are read in the text and in tables.
pub(super) const OF_MODEL: usize = 8;

/// What is believed before any evidence, in log-odds: slips of this kind are rare.
const BEFORE: f32 = -10.7120;
/// Besides drifts, the same evidence tells of characters misread inside a word that the text has elsewhere. So much more is
/// believed for them; fitted on issues with planted defects as dense as in the real one, as the line of `misread.rs` was.
const OTHER_SLIPS: f32 = 0.95;

/// What each number of the evidence adds, in log-odds for each unit, in the order of [`super::evidence::NAMES`]. Made by
/// `examples/learn_drift.rs` from slips put into print news, three in 10,000 characters.
const WEIGHTS: [f32; EVIDENCE] = [
    0.4882, 0.2984, -0.4240, 0.2908, -0.1974, -0.4305, 0.1001, 0.4411, -0.3933, 0.4169, -1.3240, 0.4737, 0.4717,
    -0.6190, 0.1539, -1.1778, 0.4493, 0.1700, -0.0570, -0.4910, 0.3833, -0.2679, -0.4984, -0.5483, -0.8191, 2.1450,
    2.9148, -3.2713,
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
