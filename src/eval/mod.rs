//! Measuring: how much of what is wrong is found, how much of what is found is right, and how often the program cries
//! wolf.
//!
//! Two kinds of text with known truth are measured. [`csc`] takes sentences with their corrections, as the field of
//! Chinese spelling correction publishes them; [`gold`] takes whole issues in which every defect is on record. All of it
//! is arithmetic on what the pipeline returns: rows in, figures out. Figures that would divide by nothing are `None`.

pub mod csc;
mod draw;
pub mod gold;

pub use draw::{SplitMix64, draw};

use serde::Serialize;

/// What was right, of what was claimed and of what there was to find.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Claims that are right.
    pub right: usize,
    /// All claims.
    pub claimed: usize,
    /// All there was to find.
    pub wanted: usize,
}

impl Rate {
    /// Share of the claims that are right, 0 to 1; `None` where nothing was claimed.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.claimed)
    }

    /// Share of what there was to find that was found, 0 to 1; `None` where there was nothing to find.
    pub fn recall(&self) -> Option<f64> {
        share(self.right, self.wanted)
    }

    /// Harmonic mean of the two, 0 to 1; `None` where there was nothing to find, whatever was claimed.
    pub fn f1(&self) -> Option<f64> {
        share(self.wanted, self.wanted)?;
        share(2 * self.right, self.claimed + self.wanted)
    }
}

/// Precision, recall and their harmonic mean, each 0 to 1 where there is one; all `None` where there was nothing to
/// find, because precision on text without errors is 0 whatever is claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Three {
    /// Share of the claims that are right.
    pub precision: Option<f64>,
    /// Share of what there was to find that was found.
    pub recall: Option<f64>,
    /// Their harmonic mean.
    pub f1: Option<f64>,
}

impl From<Rate> for Three {
    fn from(rate: Rate) -> Three {
        if rate.wanted == 0 {
            return Three::default();
        }
        Three { precision: rate.precision(), recall: rate.recall(), f1: rate.f1() }
    }
}

impl Three {
    /// The mean of each figure over those that have it.
    pub fn mean<'a>(threes: impl Iterator<Item = &'a Three> + Clone) -> Three {
        Three {
            precision: mean(threes.clone().map(|t| t.precision)),
            recall: mean(threes.clone().map(|t| t.recall)),
            f1: mean(threes.map(|t| t.f1)),
        }
    }
}

/// `part / whole`; `None` where the whole is nothing.
pub fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Occurrences for every 10,000 characters; `None` where there are no characters.
pub fn per_10k(count: usize, characters: usize) -> Option<f64> {
    (characters > 0).then(|| count as f64 * 1e4 / characters as f64)
}

/// The mean of the values that are there; `None` where there is none.
pub fn mean(values: impl IntoIterator<Item = Option<f64>>) -> Option<f64> {
    let there: Vec<f64> = values.into_iter().flatten().collect();
    (!there.is_empty()).then(|| there.iter().sum::<f64>() / there.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_worked_out_by_hand() {
        let rate = Rate { right: 3, claimed: 4, wanted: 6 };
        assert_eq!((rate.precision(), rate.recall(), rate.f1()), (Some(0.75), Some(0.5), Some(0.6)));
        let silent = Rate { right: 0, claimed: 0, wanted: 6 };
        assert_eq!((silent.precision(), silent.recall(), silent.f1()), (None, Some(0.0), Some(0.0)));
        let clean = Rate { right: 0, claimed: 2, wanted: 0 };
        assert_eq!((clean.precision(), clean.recall(), clean.f1()), (Some(0.0), None, None));
    }

    #[test]
    fn a_mean_leaves_out_what_is_not_there() {
        assert_eq!(mean([Some(0.5), None, Some(1.0)]), Some(0.75));
        assert_eq!(mean([None]), None);
        assert_eq!(per_10k(3, 20_000), Some(1.5));
    }
}
