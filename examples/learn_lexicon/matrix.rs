//! The greatest singular values of a large sparse matrix and their vectors, by random projection and turns of the subspace
//! (Halko, Martinsson and Tropp 2011).

use kanwu::eval::SplitMix64;
use rayon::prelude::*;

/// For each row the columns that are not zero, rising.
pub type Sparse = Vec<Vec<(u32, f32)>>;
/// Columns of one length.
type Dense = Vec<Vec<f32>>;

/// Columns more than are kept, and turns.
const SPARE: usize = 16;
const TURNS: usize = 4;
/// Sweeps of Jacobi's method; it converges in fewer.
const SWEEPS: usize = 30;
/// Luck that is the same every time.
const SEED: u64 = 0x7365_6e73_6573;

/// For each row of a square matrix its vector of length 1: its left singular vectors of the greatest singular values, times
/// these to a power, turned at random so that all dimensions weigh alike.
pub fn factors(of: &Sparse, dimensions: usize, power: f32) -> Vec<Vec<f32>> {
    let across = transposed(of);
    let mut luck = SplitMix64(SEED);
    let mut columns: Dense =
        (0..dimensions + SPARE).map(|_| (0..of.len()).map(|_| normal(&mut luck)).collect()).collect();
    for _ in 0..TURNS {
        columns = product(of, &columns);
        orthonormal(&mut columns);
        columns = product(&across, &columns);
        orthonormal(&mut columns);
    }
    columns = product(of, &columns);
    orthonormal(&mut columns);
    let narrow = product(&across, &columns);
    let squares: Vec<Vec<f64>> = narrow.par_iter().map(|a| narrow.iter().map(|b| dot(a, b)).collect()).collect();
    let mut found = eigen(squares);
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    found.truncate(dimensions);
    let mut turned: Dense = (0..dimensions).map(|_| (0..dimensions).map(|_| normal(&mut luck)).collect()).collect();
    orthonormal(&mut turned);
    let weights: Vec<f32> = found.iter().map(|(square, _)| (square.max(0.0).sqrt() as f32).powf(power)).collect();
    let row = |n: usize| {
        let left = found.iter().zip(&weights).map(|((_, mix), weight)| {
            weight * columns.iter().zip(mix).map(|(column, share)| column[n] * *share as f32).sum::<f32>()
        });
        let left: Vec<f32> = left.collect();
        let length = left.iter().map(|v| v * v).sum::<f32>().sqrt().max(f32::EPSILON);
        turned.iter().map(|t| t.iter().zip(&left).map(|(a, b)| a * b).sum::<f32>() / length).collect()
    };
    (0..of.len()).into_par_iter().map(row).collect()
}

fn transposed(of: &Sparse) -> Sparse {
    let mut across = vec![Vec::new(); of.len()];
    for (n, row) in of.iter().enumerate() {
        row.iter().for_each(|(column, value)| across[*column as usize].push((n as u32, *value)));
    }
    across
}

fn product(of: &Sparse, columns: &Dense) -> Dense {
    let one = |column: &Vec<f32>| -> Vec<f32> {
        of.iter().map(|row| row.iter().map(|(n, value)| value * column[*n as usize]).sum()).collect()
    };
    columns.par_iter().map(one).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

/// Gram and Schmidt's, twice, which is enough (Giraud et al. 2005).
fn orthonormal(columns: &mut Dense) {
    for n in 0..columns.len() {
        let (done, rest) = columns.split_at_mut(n);
        let column = &mut rest[0];
        for _ in 0..2 {
            for other in done.iter() {
                let share = dot(other, column) as f32;
                column.iter_mut().zip(other).for_each(|(value, o)| *value -= share * o);
            }
        }
        let length = dot(column, column).sqrt().max(1e-12) as f32;
        column.iter_mut().for_each(|value| *value /= length);
    }
}

/// The eigenvalues of a symmetric matrix, each with its vector (Jacobi 1846).
fn eigen(mut of: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let size = of.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|n| (0..size).map(|m| f64::from(u8::from(n == m))).collect()).collect();
    for _ in 0..SWEEPS {
        for (p, q) in (0..size).flat_map(|p| (p + 1..size).map(move |q| (p, q))) {
            if of[p][q].abs() < 1e-12 * (of[p][p] * of[q][q]).abs().sqrt() {
                continue;
            }
            let slope = (of[q][q] - of[p][p]) / (2.0 * of[p][q]);
            let tangent = slope.signum() / (slope.abs() + (slope * slope + 1.0).sqrt());
            let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
            let sine = tangent * cosine;
            for row in of.iter_mut() {
                (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
            }
            for n in 0..size {
                (of[p][n], of[q][n]) = (cosine * of[p][n] - sine * of[q][n], sine * of[p][n] + cosine * of[q][n]);
                (vectors[p][n], vectors[q][n]) =
                    (cosine * vectors[p][n] - sine * vectors[q][n], sine * vectors[p][n] + cosine * vectors[q][n]);
            }
        }
    }
    (0..size).map(|n| of[n][n]).zip(vectors).collect()
}

/// One draw of the normal distribution (Box and Muller 1958).
fn normal(luck: &mut SplitMix64) -> f32 {
    let mut share = || ((luck.draw() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
    let (radius, angle) = ((-2.0 * share().ln()).sqrt(), std::f64::consts::TAU * share());
    (radius * angle.cos()) as f32
}
