//! The few values, each a probability and a back-off, that stand for those of all runs of one length, chosen so that the sum of
//! the squared errors of both logarithms is small: the set is divided where that brings most until there are enough parts,
//! and then every run goes to the nearest value, and every value to the middle of its runs, a few times (Linde, Buzo and
//! Gray 1980). All sums are of whole numbers: the same runs give the same values on any number of threads.

use crate::lm::ngram::{STEPS, VALUES};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Runs are taken together whose logarithms agree to one step of so many in a power of ten.
const GRID: f32 = 100.0;
/// Times that every run goes to the nearest value.
const ROUNDS: usize = 12;

/// log10 of a probability, below zero, and of a back-off, in steps of the grid.
type Point = [i64; 2];

/// Points with how many runs there are of each.
#[derive(Default)]
struct Part {
    points: Vec<(Point, i64)>,
    /// Runs, the sums of their coordinates and of the squares of these.
    count: i64,
    sums: Point,
    squares: Point,
}

impl Part {
    fn of(points: Vec<(Point, i64)>) -> Self {
        let mut part = Part::default();
        for (point, count) in &points {
            part.count += count;
            for (axis, x) in point.iter().enumerate() {
                part.sums[axis] += count * x;
                part.squares[axis] += count * x * x;
            }
        }
        part.points = points;
        part
    }

    /// The sum of the squared distances from the middle along an axis.
    fn error(&self, axis: usize) -> f64 {
        self.squares[axis] as f64 - (self.sums[axis] as f64).powi(2) / self.count.max(1) as f64
    }

    fn middle(&self) -> [f64; 2] {
        self.sums.map(|sum| sum as f64 / self.count.max(1) as f64)
    }

    /// The two parts on either side of the middle, along the axis with more error.
    fn divided(self) -> (Self, Self) {
        let axis = usize::from(self.error(1) > self.error(0));
        let middle = self.middle()[axis];
        let (low, high) = self.points.into_iter().partition(|(point, _)| (point[axis] as f64) < middle);
        (Part::of(low), Part::of(high))
    }
}

/// The values that stand for those of some runs, in steps of the grid, and which of them is nearest to each point.
pub(super) struct Values {
    values: Vec<[f64; 2]>,
    nearest: BTreeMap<Point, u8>,
}

fn point((probability, backoff): (f32, f32)) -> Point {
    [probability, backoff].map(|x| (x.max(1e-12).log10() * GRID).round() as i64)
}

impl Values {
    /// Those for runs of these probabilities and back-offs.
    pub fn new(runs: impl Iterator<Item = (f32, f32)>) -> Self {
        let mut counts: BTreeMap<Point, i64> = BTreeMap::new();
        runs.for_each(|run| *counts.entry(point(run)).or_default() += 1);
        let points: Vec<(Point, i64)> = counts.into_iter().collect();
        let mut parts = vec![Part::of(points.clone())];
        while parts.len() < VALUES {
            let error = |part: &Part| part.error(0) + part.error(1);
            let worst = (0..parts.len()).max_by(|a, b| error(&parts[*a]).total_cmp(&error(&parts[*b])).then(b.cmp(a)));
            let Some(worst) = worst.filter(|worst| parts[*worst].points.len() > 1) else { break };
            let (low, high) = parts.swap_remove(worst).divided();
            parts.extend([low, high]);
        }
        let mut values: Vec<[f64; 2]> = parts.iter().map(Part::middle).collect();
        let mut nearest = assigned(&points, &values);
        for _ in 0..ROUNDS {
            let mut parts: Vec<(i64, Point)> = vec![(0, [0; 2]); values.len()];
            for ((point, count), number) in points.iter().zip(&nearest) {
                let part = &mut parts[usize::from(*number)];
                part.0 += count;
                (0..2).for_each(|axis| part.1[axis] += count * point[axis]);
            }
            for (value, (count, sums)) in values.iter_mut().zip(parts).filter(|(_, part)| part.0 > 0) {
                *value = sums.map(|sum| sum as f64 / count as f64);
            }
            nearest = assigned(&points, &values);
        }
        let nearest = points.into_iter().map(|(point, _)| point).zip(nearest).collect();
        Values { values, nearest }
    }

    /// The number of the value that stands for that of a run.
    pub fn number(&self, probability: f32, backoff: f32) -> u8 {
        self.nearest.get(&point((probability, backoff))).copied().unwrap_or(0)
    }

    /// The values as the file of a model has them.
    pub fn bytes(&self) -> [[u8; 4]; VALUES] {
        std::array::from_fn(|number| {
            stored(self.values.get(number).map_or([0.0; 2], |v| v.map(|x| x / f64::from(GRID))))
        })
    }
}

/// log10 of a probability and of a back-off as the file of a model has them.
pub(super) fn stored([probability, backoff]: [f64; 2]) -> [u8; 4] {
    let steps = f64::from(STEPS);
    let probability = (-probability * steps).round().clamp(0.0, f64::from(u16::MAX)) as u16;
    let backoff = (backoff * steps).round().clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16;
    let ([a, b], [c, d]) = (probability.to_le_bytes(), backoff.to_le_bytes());
    [a, b, c, d]
}

/// The number of the nearest value of each point.
fn assigned(points: &[(Point, i64)], values: &[[f64; 2]]) -> Vec<u8> {
    let distance = |point: &Point, value: &[f64; 2]| {
        let [x, y] = [point[0] as f64 - value[0], point[1] as f64 - value[1]];
        x * x + y * y
    };
    let nearest = |(point, _): &(Point, i64)| {
        let far = (f64::INFINITY, 0);
        let least = values.iter().enumerate().fold(far, |least, (number, value)| {
            let here = distance(point, value);
            if here < least.0 { (here, number) } else { least }
        });
        least.1 as u8
    };
    points.par_iter().map(nearest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_runs_keep_what_they_have_and_many_come_near() {
        let few = [(0.5, 1.0), (0.01, 0.3), (0.001, 0.02)];
        let values = Values::new(few.into_iter());
        for (p, b) in few {
            let value = values.values[usize::from(values.number(p, b))];
            assert!((value[0] / f64::from(GRID) - f64::from(p.log10())).abs() < 0.01);
            assert!((value[1] / f64::from(GRID) - f64::from(b.log10())).abs() < 0.01);
        }
        let many = || {
            (0..40_000u32).map(|n| (10f32.powf(-((n % 400) as f32) / 100.0), 10f32.powf(-((n / 400) as f32) / 100.0)))
        };
        let values = Values::new(many());
        let error: f64 = many()
            .map(|(p, b)| {
                (values.values[usize::from(values.number(p, b))][0] / f64::from(GRID) - f64::from(p.log10())).powi(2)
            })
            .sum();
        assert!((error / 40_000.0).sqrt() < 0.05);
    }
}
