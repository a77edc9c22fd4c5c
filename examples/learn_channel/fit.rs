//! Learning from confusions which likenesses make two glyphs be mistaken.

use crate::glyphs::LIKENESSES;
use crate::rows::Known;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A constant, the likenesses in both fonts and their squares, and the frequency of the candidate.
pub const TERMS: usize = 1 + 4 * LIKENESSES + 2;
/// The terms that are not likeness.
pub const FREQUENCY: std::ops::Range<usize> = 1 + 4 * LIKENESSES..TERMS;

/// The term of the part that agrees best, in the serif font.
pub const PART: usize = 1 + 2 * 2;

/// A logistic regression: how likely a pair has been confused at all.
pub struct Fit {
    weights: [f64; TERMS],
}

/// Rounds of Newton's method, and how strongly weights are held back.
const ROUNDS: usize = 12;
const RIDGE: f64 = 1.0;
/// Characters beyond those compared, taken at even steps to stand for the rest.
const OTHERS: usize = 25;

impl Fit {
    pub fn learn(known: &Known<'_>, taught: impl Fn(char, char) -> bool + Sync) -> Fit {
        let written: BTreeSet<usize> = known.pairs().map(|p| p.0).collect();
        let written: Vec<usize> = written.into_iter().collect();
        let named = |i: usize| known.inventory.all[i];
        let samples: Vec<([f64; TERMS], f64, f64)> = written
            .par_iter()
            .flat_map_iter(|i| {
                let proposed = &known.inventory.proposed;
                let close: BTreeSet<usize> = known.close[*i].iter().copied().collect();
                let step = (proposed.len() / OTHERS).max(1);
                let others: Vec<usize> = proposed
                    .iter()
                    .copied()
                    .skip(i % step)
                    .step_by(step)
                    .filter(|k| k != i && !close.contains(k))
                    .collect();
                let share = (proposed.len() - close.len()) as f64 / others.len().max(1) as f64;
                let truths = known.confusions.range((named(*i), '\0')..=(named(*i), char::MAX));
                let truths: BTreeMap<usize, u32> = truths.map(|((_, b), n)| (known.inventory.numbers[b], *n)).collect();
                let far: Vec<usize> = truths.keys().copied().filter(|k| !close.contains(k)).collect();
                let all = close
                    .into_iter()
                    .map(|k| (k, 1.0))
                    .chain(
                        others.into_iter().filter(|k| !truths.contains_key(k)).map(|k| (k, share)).collect::<Vec<_>>(),
                    )
                    .chain(far.into_iter().map(|k| (k, 1.0)));
                let all: Vec<(usize, f64)> = all.filter(|(k, _)| *k != *i).collect();
                all.into_iter()
                    .filter(|(k, _)| taught(named(*i), named(*k)))
                    .map(|(k, weight)| match truths.get(&k) {
                        Some(n) => (known.terms(*i, k), 1.0, 1.0 + f64::from(*n).ln()),
                        None => (known.terms(*i, k), 0.0, weight),
                    })
                    .collect::<Vec<_>>()
            })
            .collect();
        let mut fit = Fit { weights: [0.0; TERMS] };
        for _ in 0..ROUNDS {
            fit.improve(&samples);
        }
        fit
    }

    /// One round of Newton's method.
    fn improve(&mut self, samples: &[([f64; TERMS], f64, f64)]) {
        let parts: Vec<_> = samples
            .par_chunks(1 << 14)
            .map(|part| {
                let mut slope = [0.0; TERMS];
                let mut bend = vec![[0.0; TERMS]; TERMS];
                for (terms, truth, weight) in part {
                    let p = 1.0 / (1.0 + (-self.score(terms, true)).exp());
                    for a in 0..TERMS {
                        slope[a] += weight * (truth - p) * terms[a];
                        let x = weight * p * (1.0 - p) * terms[a];
                        for b in 0..=a {
                            bend[a][b] += x * terms[b];
                        }
                    }
                }
                (slope, bend)
            })
            .collect();
        let mut slope = [0.0; TERMS];
        let mut bend = vec![[0.0; TERMS]; TERMS];
        for (s, h) in parts {
            for a in 0..TERMS {
                slope[a] += s[a];
                for b in 0..=a {
                    bend[a][b] += h[a][b];
                }
            }
        }
        let lower = bend.clone();
        for (a, row) in bend.iter_mut().enumerate() {
            for (b, cell) in row.iter_mut().enumerate().skip(a + 1) {
                *cell = lower[b][a];
            }
        }
        for a in 0..TERMS {
            let held = if a == 0 { 1e-6 } else { RIDGE };
            bend[a][a] += held;
            slope[a] -= held * self.weights[a];
        }
        for (weight, step) in self.weights.iter_mut().zip(solve(bend, slope)) {
            *weight += step.clamp(-8.0, 8.0);
        }
    }

    /// Log-odds (natural) of a confusion; `whole` with the candidate's frequency, else by likeness alone.
    pub fn score(&self, terms: &[f64; TERMS], whole: bool) -> f64 {
        let end = if whole { TERMS } else { FREQUENCY.start };
        terms[..end].iter().zip(&self.weights).map(|(t, w)| t * w).sum()
    }

    /// Likeness on the scale of [`Near::shape`]: even odds, for a frequent character, are 200.
    pub fn shape(&self, terms: &[f64; TERMS]) -> u8 {
        let usual = [1.8, 1.8 * 1.8];
        let frequent: f64 = usual.iter().zip(&self.weights[FREQUENCY]).map(|(t, w)| t * w).sum();
        let bits = (self.score(terms, false) + frequent) / std::f64::consts::LN_2;
        (200.0 + 14.0 * bits).round().clamp(0.0, 255.0) as u8
    }
}

/// Gauss elimination with pivots.
fn solve(mut matrix: Vec<[f64; TERMS]>, mut right: [f64; TERMS]) -> [f64; TERMS] {
    for column in 0..TERMS {
        let pivot = (column..TERMS)
            .fold(column, |best, row| if matrix[row][column].abs() > matrix[best][column].abs() { row } else { best });
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let top = matrix[column];
        if top[column].abs() < 1e-12 {
            continue;
        }
        for row in 0..TERMS {
            if row != column {
                let factor = matrix[row][column] / top[column];
                for k in column..TERMS {
                    matrix[row][k] -= factor * top[k];
                }
                right[row] -= factor * right[column];
            }
        }
    }
    std::array::from_fn(|i| if matrix[i][i].abs() < 1e-12 { 0.0 } else { right[i] / matrix[i][i] })
}
