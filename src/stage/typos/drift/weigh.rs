//! How sure it is that an odd word is a slip: a sum of log-odds, one term for each kind of evidence.

use super::evidence::EVIDENCE;
use super::twins::Twin;

/// What is believed before any evidence, in log-odds: slips of this kind are rare.
const BEFORE: f32 = -9.4654;
/// Besides drifts, the same evidence tells of characters misread inside a word that the text has elsewhere. So much more is
/// believed for them; fitted on issues with planted defects as dense as in the real one, as the line of `misread.rs` was.
const OTHER_SLIPS: f32 = 1.3;

/// What each number of the evidence adds, in log-odds for each unit, in the order of [`super::evidence::NAMES`]. Made by
/// `examples/learn_drift.rs` from slips put into print news, three in 10,000 characters.
const WEIGHTS: [f32; EVIDENCE] = [
    0.6677, 0.2413, -0.2537, 0.3681, -0.2996, -0.4290, 0.0846, -0.3353, 0.5018, -1.0547, 0.2458, 0.9203, -0.8540,
    -0.2759, -0.9893, 0.1388, 0.1730, 0.0053, -0.6249, 0.4855, -0.2737, -0.2120, -0.8195, -0.7909, 2.2524, 2.6515,
    -3.1272,
];

/// The log-odds that the usual word was meant.
fn odds(twin: &Twin) -> f32 {
    BEFORE + OTHER_SLIPS + twin.evidence.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum::<f32>()
}

/// How sure it is that the usual word was meant, 0 to 1.
pub(super) fn confidence(twin: &Twin) -> f32 {
    1.0 / (1.0 + (-odds(twin)).exp())
}
