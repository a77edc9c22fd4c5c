//! Log-odds (natural logarithm) and what they are as a confidence, 0 to 1; and how often likelier, as it is told.

/// How sure log-odds are.
pub(super) fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The log-odds of a confidence; of a whole one they are great, and finite.
pub(super) fn logit(confidence: f32) -> f32 {
    (confidence / (1.0 - confidence).max(1e-6)).ln()
}

/// A large number with its first two digits: nobody checks the third.
pub(super) fn rounded(times: f64) -> String {
    let step = 10f64.powf((times.log10().floor() - 1.0).max(0.0));
    format!("{:.0}", (times / step).round() * step)
}
