//! The figures over all confidence thresholds: what a desk gains by showing less sure findings, and what it pays.

use super::{Sentence, Tally};
use crate::eval::{Three, mean, per_10k};
use serde::Serialize;

/// The figures at one threshold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Findings of at least this confidence are shown.
    pub threshold: f32,
    /// Sentence correction: the mean over the files.
    pub mean: Three,
    /// False alarms for every 10,000 characters: the mean over the files.
    pub false_per_10k: Option<f64>,
    /// Sentence correction of each file.
    pub files: Vec<Three>,
    /// False alarms for every 10,000 characters of each clean file.
    pub clean_false_per_10k: Vec<Option<f64>>,
}

impl Point {
    fn new(threshold: f32, files: &[Tally], clean: &[Tally]) -> Point {
        let threes: Vec<Three> = files.iter().map(|t| t.sentence_correction.into()).collect();
        Point {
            threshold,
            mean: Three::mean(threes.iter()),
            false_per_10k: mean(files.iter().map(|t| per_10k(t.false_alarms, t.characters))),
            files: threes,
            clean_false_per_10k: clean.iter().map(|t| per_10k(t.clean_false_alarms, t.clean_characters)).collect(),
        }
    }

    /// The clean file with the most false alarms.
    pub fn worst_clean(&self) -> Option<f64> {
        self.clean_false_per_10k.iter().flatten().copied().max_by(f64::total_cmp)
    }
}

/// The best F1 of a file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Best {
    /// Where it is reached; the highest such threshold.
    pub threshold: f32,
    /// Sentence correction F1, 0 to 1.
    pub f1: f64,
}

/// The figures from the highest threshold to the lowest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// Steps of 0.05, from 1 down to 0.
    pub steps: Vec<Point>,
    /// Where the mean F1 is best, of all thresholds there are.
    pub best: Option<Point>,
    /// The best of each file by itself: what could be had by fitting the threshold to it.
    pub best_of: Vec<Option<Best>>,
    /// The lowest threshold at which no clean file has more false alarms than the budget.
    pub at_budget: Option<Point>,
}

/// Steps of the curve between 0 and 1.
const STEPS: u8 = 20;

/// The curve of some sets of sentences, with what clean text pays; `budget` is in false alarms for every 10,000
/// characters of each clean set, and means nothing without a clean set.
///
/// Every confidence that occurs is a threshold. From one to the next only the sentences with a proposal of that very
/// confidence are counted anew, so the whole curve costs little more than one point of it.
pub fn curve(files: &[Vec<Sentence>], clean: &[Vec<Sentence>], budget: f64) -> Curve {
    let sets: Vec<&[Sentence]> = files.iter().chain(clean).map(Vec::as_slice).collect();
    let mut tallies: Vec<Tally> = sets.iter().map(|set| Tally::of(set, f32::INFINITY)).collect();
    let mut events: Vec<(f32, usize, usize)> = Vec::new();
    for (s, set) in sets.iter().enumerate() {
        for (i, sentence) in set.iter().enumerate() {
            events.extend(sentence.candidates().iter().map(|c| (c.confidence, s, i)));
        }
    }
    events.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    events.dedup();
    let point = |threshold, tallies: &[Tally]| {
        let (files, clean) = tallies.split_at(files.len());
        Point::new(threshold, files, clean)
    };
    let mut grid = (0..=STEPS).rev().map(|n| f32::from(n) / f32::from(STEPS)).peekable();
    let mut out = Curve { steps: Vec::new(), best: None, best_of: vec![None; files.len()], at_budget: None };
    for group in events.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let Some(&(threshold, ..)) = group.first() else { continue };
        while let Some(step) = grid.next_if(|step| *step > threshold) {
            out.steps.push(point(step, &tallies));
        }
        for (_, s, i) in group {
            let (Some(tally), Some(sentence)) = (tallies.get_mut(*s), sets.get(*s).and_then(|set| set.get(*i))) else {
                continue;
            };
            let before = next_above(sentence, threshold);
            tally.take(&sentence.score(before));
            tally.add(&sentence.score(threshold));
        }
        note(&mut out, point(threshold, &tallies), budget);
    }
    out.steps.extend(grid.map(|step| point(step, &tallies)));
    out
}

/// The lowest confidence of a sentence's proposals above a threshold.
fn next_above(sentence: &Sentence, threshold: f32) -> f32 {
    let above = sentence.candidates().iter().map(|c| c.confidence).take_while(|c| *c > threshold);
    above.last().unwrap_or(f32::INFINITY)
}

/// Keeps a point where it is better than what is kept.
fn note(curve: &mut Curve, point: Point, budget: f64) {
    for (best, three) in curve.best_of.iter_mut().zip(&point.files) {
        if let Some(f1) = three.f1.filter(|f1| best.is_none_or(|b| *f1 > b.f1)) {
            *best = Some(Best { threshold: point.threshold, f1 });
        }
    }
    // Proposals are taken the surest first, so a lower threshold never makes fewer of them.
    if point.worst_clean().is_some_and(|worst| worst <= budget) {
        curve.at_budget = Some(point.clone());
    }
    let kept = curve.best.as_ref().and_then(|p| p.mean.f1);
    if point.mean.f1.is_some_and(|f1| kept.is_none_or(|kept| f1 > kept)) {
        curve.best = Some(point);
    }
}
