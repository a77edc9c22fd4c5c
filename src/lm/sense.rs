//! What words mean, as far as the company they keep tells it: words of one subject stand near each other, and a word that
//! sounds right but belongs to another subject stands alone.
//!
//! Latent semantic analysis (Deerwester et al. 1990), which was used on words taken for each other by Jones and Martin
//! (1997): how much more often than by chance two words stand within [`REACH`] words of each other, squeezed into few
//! dimensions (positive pointwise mutual information and its singular values, Levy, Goldberg and Dagan 2015). The cosine of
//! two words says how much they share. A table, no network; `examples/learn_lexicon` makes it again.
//!
//! # Format
//!
//! Little-endian: `KWS1`; the number of dimensions (u32, even); a table of words as in [`super::lexicon`]; for each word how
//! rare it is (u8, minus the natural logarithm of its share of the text in steps of [`STEP`]) and its vector, turned at random so that
//! all dimensions weigh alike, in sixteen levels (four bits a dimension, the lower ones first).

mod within;
mod write;

pub use within::{Compared, Within};
pub use write::{Meant, write};

use super::lexicon::Table;
use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../model/sense.bin");

const MAGIC: &[u8; 4] = b"KWS1";

/// Words in which two keep company.
pub const REACH: usize = 5;
/// A rarity is kept in steps of this.
const STEP: f32 = 1.0 / 12.0;
/// The levels of a dimension lie on both sides of zero.
const MIDDLE: f32 = 7.5;
/// Words at least this common (natural logarithm) say nothing of what a text is about.
const COMMON: f32 = 4.0;
/// What such a word still weighs where it is itself asked about.
const LEAST: f32 = 0.1;

/// The words whose meaning is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Senses<'s> {
    dimensions: usize,
    words: Table<'s>,
    rarities: &'s [u8],
    vectors: &'s [u8],
}

/// What some words mean together.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject(Vec<f32>);

/// How some words go with a subject.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fit {
    /// The mean of their cosines with it, the rarer ones counting more; −1 to 1.
    pub cosine: f32,
    /// How rare they are together: the sum of minus the natural logarithms of their shares beyond that of common words.
    pub rarity: f32,
}

impl Senses<'_> {
    /// Those that the program carries.
    pub fn embedded() -> &'static Senses<'static> {
        static SENSES: LazyLock<Senses<'static>> = LazyLock::new(|| Senses::read(EMBEDDED).unwrap_or_default());
        &SENSES
    }

    /// Senses over the bytes of their file; `None` where they are anything else.
    pub fn read(bytes: &[u8]) -> Option<Senses<'_>> {
        let (dimensions, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
        let dimensions = usize::try_from(u32::from_le_bytes(*dimensions)).ok()?;
        let (words, rest) = Table::read(rest)?;
        let (rarities, vectors) = rest.split_at_checked(words.len())?;
        let whole =
            dimensions > 0 && dimensions % 2 == 0 && Some(vectors.len()) == words.len().checked_mul(dimensions / 2);
        whole.then_some(Senses { dimensions, words, rarities, vectors })
    }

    /// What words mean together, by their hashes ([`super::lexicon::Span::hash`]); the rarer ones count more.
    pub fn subject(&self, words: impl Iterator<Item = u64>) -> Subject {
        let mut sum = vec![0.0; self.dimensions];
        for number in words.filter_map(|hash| self.words.find(hash)) {
            let weight = self.rarity(number) - COMMON;
            if weight > 0.0 {
                let scale = weight / self.length(number);
                sum.iter_mut().zip(self.vector(number)).for_each(|(sum, value)| *sum += scale * value);
            }
        }
        let length = sum.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::EPSILON);
        sum.iter_mut().for_each(|value| *value /= length);
        Subject(sum)
    }

    /// How words go with a subject, by their hashes.
    pub fn fit(&self, subject: &Subject, words: impl Iterator<Item = u64>) -> Fit {
        let mut fit = Fit::default();
        for number in words.filter_map(|hash| self.words.find(hash)) {
            let weight = (self.rarity(number) - COMMON).max(LEAST);
            let product: f32 = self.vector(number).zip(&subject.0).map(|(a, b)| a * b).sum();
            fit.cosine += weight * product / self.length(number);
            fit.rarity += weight;
        }
        if fit.rarity > 0.0 {
            fit.cosine /= fit.rarity;
        }
        fit
    }

    fn rarity(&self, number: usize) -> f32 {
        self.rarities.get(number).map_or(0.0, |step| f32::from(*step) * STEP)
    }

    fn vector(&self, number: usize) -> impl Iterator<Item = f32> {
        let each = self.dimensions / 2;
        let bytes = self.vectors.get(number * each..(number + 1) * each).unwrap_or(&[]);
        bytes.iter().flat_map(|byte| [byte & 15, byte >> 4]).map(|level| f32::from(level) - MIDDLE)
    }

    fn length(&self, number: usize) -> f32 {
        self.vector(number).map(|value| value * value).sum::<f32>().sqrt().max(f32::EPSILON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::lexicon::hash_of;

    fn hash(word: &str) -> u64 {
        hash_of(&word.chars().collect::<Vec<char>>())
    }

    fn meant(word: &str, vector: [f32; 4]) -> Meant {
        Meant { word: word.chars().collect(), rarity: 8.0, vector: vector.to_vec() }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let words = [
            meant("病人", [0.5, 0.5, 0.5, 0.5]),
            meant("治疗", [0.5, 0.5, 0.5, -0.5]),
            meant("水泥", [-0.5, 0.5, -0.5, 0.5]),
        ];
        let bytes = write(4, &words);
        let senses = Senses::read(&bytes).expect("senses");
        let subject = senses.subject([hash("病人")].into_iter());
        let of = |word: &str| senses.fit(&subject, [hash(word)].into_iter());
        assert!((of("病人").cosine - 1.0).abs() < 1e-3 && (of("病人").rarity - 4.0).abs() < STEP, "{:?}", of("病人"));
        assert!(
            (of("治疗").cosine - 0.5).abs() < 0.1 && of("水泥").cosine.abs() < 0.1,
            "{:?} {:?}",
            of("治疗"),
            of("水泥")
        );
        assert_eq!(of("没有"), Fit::default());
        for cut in 0..bytes.len() {
            assert!(Senses::read(&bytes[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn the_senses_that_are_carried_know_what_goes_together() {
        let senses = Senses::embedded();
        let subject = senses.subject(["医院", "病人", "手术"].into_iter().map(hash));
        let of = |word: &str| senses.fit(&subject, [hash(word)].into_iter()).cosine;
        assert!(of("治疗") > 0.5 && of("治疗") > of("水泥") + 0.2, "{} {}", of("治疗"), of("水泥"));
    }
}
