//! What words mean, learned from the company that they keep, see `kanwu::lm::sense`.

use crate::EDGE;
use crate::matrix::{self, Sparse};
use kanwu::lm::sense::{Meant, REACH};
use rayon::prelude::*;
use std::collections::HashMap;

/// Dimensions of a vector. On held-out proposals 96 of four bits are worth as much as 128 whole numbers, 64 a point less.
pub const DIMENSIONS: usize = 96;
/// The commonest words are learned, so many.
const WORDS: usize = 40_000;
/// Two words that met less often say nothing.
const LEAST: f32 = 2.0;
/// The power of a word's count as company, so that rare words do not outweigh all others, and that of the singular values
/// (both: Levy, Goldberg and Dagan 2015).
const SMOOTHED: f32 = 0.75;
const POWER: f32 = 0.5;
/// Words are counted in so many parts, side by side.
const PARTS: usize = 64;

/// The words that are common enough, with their vectors.
pub fn learn(words: &[(Vec<char>, u32)], rows: &[Vec<usize>]) -> Vec<Meant> {
    let mut often = vec![0u32; words.len()];
    rows.iter().flatten().for_each(|word| often[*word] += 1);
    often[EDGE] = 0;
    let mut kept: Vec<usize> = (0..words.len()).filter(|w| often[*w] > 0).collect();
    kept.sort_by_key(|w| (u32::MAX - often[*w], *w));
    kept.truncate(WORDS);
    let mut numbers = vec![u32::MAX; words.len()];
    kept.iter().enumerate().for_each(|(n, word)| numbers[*word] = n as u32);
    // Marks are passed over; a rare word keeps its place.
    let rows: Vec<Vec<u32>> = rows
        .par_iter()
        .map(|row| row.iter().filter(|word| **word != EDGE).map(|word| numbers[*word]).collect())
        .collect();
    let company = company(&rows, kept.len());
    let counts: Vec<f32> = company.iter().map(|near| near.iter().map(|(_, n)| n).sum()).collect();
    let total: f32 = counts.iter().map(|n| f64::from(*n)).sum::<f64>() as f32;
    let vectors = matrix::factors(&more_than_by_chance(company, &counts), DIMENSIONS, POWER);
    let meant = kept.iter().zip(&counts).zip(vectors).filter(|((_, count), _)| **count > 0.0);
    meant
        .map(|((word, count), vector)| Meant { word: words[*word].0.clone(), rarity: (total / count).ln(), vector })
        .collect()
}

/// For each word those that it meets often enough, with how often.
fn company(rows: &[Vec<u32>], words: usize) -> Sparse {
    let share = words.div_ceil(PARTS).max(1);
    let parts: Vec<std::ops::Range<usize>> = (0..PARTS).map(|n| n * share..((n + 1) * share).min(words)).collect();
    let of_part = |own: std::ops::Range<usize>| {
        let mut near: Vec<HashMap<u32, f32>> = vec![HashMap::new(); own.len()];
        for row in rows {
            for (i, word) in row.iter().enumerate().filter(|(_, word)| own.contains(&(**word as usize))) {
                let around = row[i.saturating_sub(REACH)..i].iter().chain(row[i + 1..].iter().take(REACH));
                let near = &mut near[*word as usize - own.start];
                around.filter(|other| **other != u32::MAX).for_each(|other| *near.entry(*other).or_default() += 1.0);
            }
        }
        near.into_iter().map(|near| {
            let mut near: Vec<(u32, f32)> = near.into_iter().filter(|(_, n)| *n >= LEAST).collect();
            near.sort_unstable_by_key(|(word, _)| *word);
            near
        })
    };
    parts.into_par_iter().flat_map_iter(of_part).collect()
}

/// The logarithm of how much more often two words meet than by chance, where they do.
fn more_than_by_chance(company: Sparse, counts: &[f32]) -> Sparse {
    let smoothed: Vec<f32> = counts.iter().map(|n| n.powf(SMOOTHED)).collect();
    let all: f32 = smoothed.iter().sum();
    let of = |(word, near): (usize, Vec<(u32, f32)>)| {
        let chance = |other: u32| counts[word] * smoothed[other as usize] / all;
        near.into_iter().map(|(other, n)| (other, (n / chance(other)).ln())).filter(|(_, value)| *value > 0.0).collect()
    };
    company.into_iter().enumerate().map(of).collect()
}
