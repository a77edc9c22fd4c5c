//! Log-odds (natural logarithm) and what they are as a confidence, 0 to 1; and how often likelier, as it is told.

use crate::finding::Draft;

/// From so many times likelier on nobody wants the number.
const COUNTLESS: f64 = 10_000.0;
/// Fewer times likelier are not worth telling.
const WORTH_TELLING: f64 = 10.0;

/// How sure log-odds are.
pub(super) fn sigmoid(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The log-odds of a confidence; of a whole one they are great, and finite.
pub(super) fn logit(confidence: f32) -> f32 {
    (confidence / (1.0 - confidence).max(1e-6)).ln()
}

/// Tells how many times likelier the reading is in this context than what stands there; `gain` is the logarithm (base 10).
pub(super) fn because_likelier(draft: Draft, context: String, gain: f32) -> Draft {
    let times = 10f64.powf(f64::from(gain));
    let around = ("context", context);
    if times >= COUNTLESS {
        draft.because("far-likelier", [around])
    } else if times >= WORTH_TELLING {
        draft.because("likelier", [around, ("times", rounded(times))])
    } else {
        draft
    }
}

/// A large number with its first two digits: nobody checks the third.
fn rounded(times: f64) -> String {
    let step = 10f64.powf((times.log10().floor() - 1.0).max(0.0));
    format!("{:.0}", (times / step).round() * step)
}
