//! Trust: what an engine's own confidence says of the characters of a line.
//!
//! An engine that is unsure of a character says so, and on real engines' output that alone separates wrong Han characters
//! from right ones better than anything else. Engines measure on scales of their own: Tesseract's worst characters stand
//! at .8, a recognizer of the PaddleOCR family gives the share of one character among all it knows. A [`Scale`] turns a
//! confidence into the log-odds that the character is wrong; those are one more term of a suspect's odds, with weights
//! fitted by `examples/learn_confidence.rs` (`model/README.md` says on what).

use super::Change;

/// How an engine's confidences are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Tesseract's `x_conf` and `conf`, by 100.
    Tesseract,
    /// The share of a character among all that the engine knows: PaddleOCR, RapidOCR, and whoever says nothing else.
    Share,
}

/// Confidence and log-odds (natural logarithm) of an error, rising; between two points it is a line.
const TESSERACT: &[(f32, f32)] = &[
    (0.0, 0.2),
    (0.5, 0.3),
    (0.75, 0.9),
    (0.85, 0.2),
    (0.9, -0.3),
    (0.93, -0.9),
    (0.95, -1.5),
    (0.97, -2.3),
    (0.98, -3.3),
    (0.99, -4.6),
    (1.0, -5.0),
];
const SHARE: &[(f32, f32)] = &[
    (0.0, 2.0),
    (0.3, 1.0),
    (0.4, 0.3),
    (0.5, -0.2),
    (0.6, -0.6),
    (0.7, -1.1),
    (0.8, -1.8),
    (0.9, -3.0),
    (0.95, -3.4),
    (0.98, -4.3),
    (0.99, -4.8),
    (1.0, -5.1),
];
/// Log-odds of an error where the engine says nothing of a character.
const UNKNOWN: f32 = -4.5;

impl Scale {
    /// The scale of an engine by the name that its file gives.
    pub fn of(engine: Option<&str>) -> Self {
        match engine {
            Some(name) if name.to_ascii_lowercase().contains("tesseract") => Scale::Tesseract,
            _ => Scale::Share,
        }
    }

    /// The log-odds that a character of this confidence, 0 to 1, is wrong.
    pub fn log_odds(self, confidence: f32) -> f32 {
        let points = match self {
            Scale::Tesseract => TESSERACT,
            Scale::Share => SHARE,
        };
        let next = points.partition_point(|p| p.0 < confidence);
        match (next.checked_sub(1).and_then(|i| points.get(i)), points.get(next)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (confidence - a.0) / (b.0 - a.0),
            (None, Some(p)) | (Some(p), None) => p.1,
            (None, None) => UNKNOWN,
        }
    }
}

/// How little the symbols of a line are trusted: for each the log-odds that the engine misread it.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    doubts: Vec<f32>,
}

/// The weights of one kind of change: constant, the decision's log-odds, the doubt of the place (of the two places the
/// mean), the gain (log10), the greater doubt of the two neighbours, the margin to the next reading (log10).
type Weights = [f32; 6];

/// A change as trust sees it.
#[derive(Clone, Copy, Debug)]
pub struct Weighed {
    /// What is done.
    pub change: Change,
    /// Number of the symbol in its line.
    pub at: usize,
    /// The same of the last symbol that is changed: the second one of [`Change::Both`].
    pub last: usize,
    /// log10 of how much likelier the line becomes.
    pub gain: f32,
    /// How much better the reading is than the next one, in log10.
    pub margin: f32,
}

/// In the order of [`Change::ALL`].
const WEIGHTS: [Weights; 5] = [
    [-0.538, 0.523, 0.602, 0.228, -0.009, 0.471],
    [-1.243, 0.473, 0.067, 0.210, 0.173, 0.132],
    [-0.739, 0.561, 0.346, 0.638, 0.380, 0.0],
    // No swap was right among 89: its gain and its neighbours are not trusted with a weight.
    [-1.559, 0.469, 0.453, 0.0, 0.0, 0.0],
    [-0.600, 0.515, 0.791, 0.126, 0.110, 0.394],
];
/// A margin beyond which nobody asks how clear it is, in log10.
pub const CLEAR: f32 = 3.0;
/// A gain that hardly any right reading exceeds, in log10.
const GREAT_GAIN: f32 = 6.0;

impl Trust {
    /// What is known of the symbols of a line: for each the log-odds that it is wrong, `None` where the engine is silent.
    pub fn new(doubts: impl Iterator<Item = Option<f32>>) -> Self {
        Trust { doubts: doubts.map(|d| d.unwrap_or(UNKNOWN)).collect() }
    }

    /// The log-odds that the engine misread a symbol.
    pub fn doubt(&self, at: usize) -> f32 {
        self.doubts.get(at).copied().unwrap_or(UNKNOWN)
    }

    /// The doubt of what is changed and the greater one of the two neighbours.
    pub fn doubts(&self, at: usize, last: usize) -> (f32, f32) {
        let beside = at.checked_sub(1).map_or(UNKNOWN, |left| self.doubt(left)).max(self.doubt(last + 1));
        ((self.doubt(at) + self.doubt(last)) / 2.0, beside)
    }

    fn others(&self, weighed: Weighed) -> f32 {
        let Weighed { change, at, last, gain, margin } = weighed;
        let [constant, _, own, by_gain, near, by_margin] = WEIGHTS[change as usize];
        let (doubt, beside) = self.doubts(at, last);
        constant + own * doubt + by_gain * gain + near * beside + by_margin * margin.min(CLEAR)
    }

    /// The log-odds that a change is right, all in all; `odds` is what the decision says that knows nothing of the engine.
    pub fn odds(&self, weighed: Weighed, odds: f32) -> f32 {
        self.others(weighed) + WEIGHTS[weighed.change as usize][1] * odds
    }

    /// The least that the decision must say for a change to come to `least` all in all.
    pub fn asks(&self, weighed: Weighed, least: f32) -> f32 {
        (least - self.others(weighed)) / WEIGHTS[weighed.change as usize][1]
    }

    /// The same before anything is known of the change.
    pub fn asks_at_least(&self, at: usize, least: f32) -> f32 {
        let best = |change: &Change| Weighed { change: *change, at, last: at, gain: GREAT_GAIN, margin: CLEAR };
        let one = Change::ALL.iter().filter(|c| **c != Change::Both);
        one.map(|c| self.asks(best(c), least)).fold(f32::INFINITY, f32::min)
    }

    /// The same for two readings at once, whichever is the second place.
    pub fn asks_of_both(&self, at: usize, least: f32) -> f32 {
        let best = |last| Weighed { change: Change::Both, at, last, gain: GREAT_GAIN, margin: CLEAR };
        self.asks(best(at + 1), least).min(self.asks(best(at + 2), least))
    }
}
