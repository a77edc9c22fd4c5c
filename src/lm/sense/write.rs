//! Writing what words mean, see the format in [`super`].

use super::{MAGIC, MIDDLE, STEP};
use crate::lm::lexicon::{hash_of, write_table};

/// A word to be written.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Its characters.
    pub word: Vec<char>,
    /// Minus the natural logarithm of its share of the text.
    pub rarity: f32,
    /// Its vector, of length 1.
    pub vector: Vec<f32>,
}

/// How many standard deviations the outermost levels of a dimension lie from zero.
const WIDEST: f32 = 3.0;
/// Words in a row of the table.
const EACH: usize = 8;

/// The bytes of words with vectors of so many dimensions, an even number.
pub fn write(dimensions: usize, words: &[Meant]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend((dimensions as u32).to_le_bytes());
    let hashes: Vec<u64> = words.iter().map(|w| hash_of(&w.word)).collect();
    let kept = write_table(&mut out, &hashes, EACH);
    let kept: Vec<&Meant> = kept.into_iter().filter_map(|n| words.get(n)).collect();
    out.extend(kept.iter().map(|w| (w.rarity / STEP).round().clamp(0.0, 255.0) as u8));
    let step = WIDEST / (dimensions.max(1) as f32).sqrt() / MIDDLE;
    let level = |value: f32| (value / step + MIDDLE).round().clamp(0.0, 15.0) as u8;
    for word in kept {
        out.extend(word.vector.chunks_exact(2).map(|two| level(two[0]) | level(two[1]) << 4));
    }
    out
}
