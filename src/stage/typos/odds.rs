//! Log-odds (natural logarithm) and what they are as a confidence, 0 to 1.

/// How sure log-odds are.
pub(super) fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The log-odds of a confidence; of a whole one they are great, and finite.
pub(super) fn logit(confidence: f32) -> f32 {
    (confidence / (1.0 - confidence).max(1e-6)).ln()
}
