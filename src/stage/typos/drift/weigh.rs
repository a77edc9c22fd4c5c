//! How sure it is that an odd word is a slip: a sum of log-odds, one term for each kind of evidence.

use super::evidence::{EVIDENCE, OF_MODEL};
use super::twins::Twin;
use crate::stage::typos::odds::sigmoid;

/// What is believed before any evidence, in log-odds: slips of this kind are rare.
const BEFORE: f32 = -9.5375;
/// Besides drifts, the same evidence tells of characters misread inside a word that the text has elsewhere. So much more is
/// believed for them; fitted on issues with planted defects as dense as in the real one, as the line of `misread.rs` was.
const OTHER_SLIPS: f32 = 1.3;

/// What each number of the evidence adds, in log-odds for each unit, in the order of [`super::evidence::NAMES`]. Made by
/// `examples/learn_drift.rs` from slips put into print news, three in 10,000 characters.
const WEIGHTS: [f32; EVIDENCE] = [
    0.6656, 0.2433, -0.2880, 0.3655, -0.3002, -0.4081, 0.0881, -0.3155, 0.4880, -1.0599, 0.2328, 0.9632, -0.8350,
    -0.2841, -0.9811, 0.1535, 0.1734, 0.0322, -0.6425, 0.4993, -0.2382, -0.1897, -0.8049, -0.7346, 2.1938, 2.6245,
    -3.1003,
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
pub(super) fn confidence(twin: &Twin) -> f32 {
    sigmoid(odds(&twin.evidence))
}
