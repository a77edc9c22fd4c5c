//! Writing a list of words, see the format in [`super`].

use super::{MAGIC, STEP, hash_of, hash_of_pair, table};

/// A word to be written.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its characters.
    pub word: Vec<char>,
    /// Its count in the dictionary.
    pub count: u32,
    /// log10 of its probability, whatever stands before it.
    pub log: f32,
    /// log10 of what is left for words that were not seen after it.
    pub back_off: f32,
}

/// Two words that follow each other.
#[derive(Clone, Debug)]
pub struct Follows {
    /// The words.
    pub words: [Vec<char>; 2],
    /// log10 of the probability of the second after the first.
    pub log: f32,
}

/// Words, and pairs, in a row of their tables.
const WORDS: usize = 16;
const PAIRS: usize = 8;

fn steps(log: f32) -> u8 {
    (-log / STEP).round().clamp(0.0, 255.0) as u8
}

/// The bytes of a list of words and of those that follow each other.
pub fn write(words: &[Listed], pairs: &[Follows]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    let hashes: Vec<u64> = words.iter().map(|w| hash_of(&w.word)).collect();
    let kept = table::write(&mut out, &hashes, WORDS);
    let kept: Vec<&Listed> = kept.into_iter().filter_map(|n| words.get(n)).collect();
    out.extend(kept.iter().map(|w| 1 + w.count.max(1).ilog2() as u8));
    out.extend(kept.iter().map(|w| steps(w.log)));
    out.extend(kept.iter().map(|w| steps(w.back_off)));
    let hashes: Vec<u64> = pairs.iter().map(|p| hash_of_pair(hash_of(&p.words[0]), hash_of(&p.words[1]))).collect();
    let kept = table::write(&mut out, &hashes, PAIRS);
    out.extend(kept.into_iter().filter_map(|n| pairs.get(n)).map(|p| steps(p.log)));
    out
}
