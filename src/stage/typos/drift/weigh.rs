//! How sure it is that an odd word is a slip: a sum of log-odds, one term for each kind of evidence.

use super::evidence::EVIDENCE;
use super::twins::Twin;

/// What is believed before any evidence, in log-odds: slips of this kind are rare.
const BEFORE: f32 = -9.4573;
/// Besides drifts, the same evidence tells of characters misread inside a word that the text has elsewhere. So much more is
/// believed for them; fitted on issues with planted defects as dense as in the real one, as the line of `misread.rs` was.
const OTHER_SLIPS: f32 = 1.3;

/// What each number of the evidence adds, in log-odds for each unit, in the order of [`super::evidence::NAMES`]. Made by
/// `examples/learn_drift.rs` from slips put into print news, three in 10,000 characters.
const WEIGHTS: [f32; EVIDENCE] = [
    0.6703, 0.2382, -0.2672, 0.3690, -0.3013, -0.4202, 0.0854, -0.3232, 0.4964, -1.0689, 0.2365, 0.9576, -0.8416,
    -0.2884, -0.9847, 0.1233, 0.1753, 0.0180, -0.6424, 0.4952, -0.2215, -0.1916, -0.8089, -0.7611, 2.2236, 2.5984,
    -3.1115,
];

/// The log-odds that the usual word was meant.
fn odds(twin: &Twin) -> f32 {
    BEFORE + OTHER_SLIPS + twin.evidence.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum::<f32>()
}

/// How sure it is that the usual word was meant, 0 to 1.
pub(super) fn confidence(twin: &Twin) -> f32 {
    1.0 / (1.0 + (-odds(twin)).exp())
}
