//! Makes a language model from text: counting, smoothing, pruning to a size, and writing it down.
//!
//! Kneser-Ney in the modified form with discounts from the counts of counts (Chen and Goodman 1998, section 3); runs are
//! pruned by how much the text would lose (the weighted difference of Seymore and Rosenfeld 1996), one threshold for all
//! lengths, found by halving so that the file meets its size.

mod count;
mod gather;
mod holdout;
mod pack;
mod smooth;
mod values;

pub use gather::{Gathering, Read};
pub use holdout::{Holdout, SHARED, is_kept_back};

use super::ngram::MAX_ORDER;
use super::symbols::{EDGE, Symbol, Vocabulary, each_folded};
use count::{Grams, Keys};
use std::collections::BTreeMap;

/// How a model is made.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Longest run, in symbols: 2 to [`MAX_ORDER`].
    pub order: usize,
    /// Size that the file should have at most, in bytes.
    pub bytes: usize,
    /// A character is known that stands at least so often.
    pub least: u32,
}

impl Default for Options {
    /// The settings of the model that the program carries.
    fn default() -> Self {
        Options { order: 5, bytes: 25_200_000, least: 12 }
    }
}

/// Text that has been read for training.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Folded characters of the basic plane, paragraph after paragraph.
    text: Vec<u16>,
    /// Where each paragraph ends in `text`, and how often its text counts.
    paragraphs: Vec<(usize, u8)>,
}

/// Stands in the text for a character beyond the basic plane.
const BEYOND: u16 = 0xFFFF;

impl Corpus {
    /// Adds a text, paragraph by paragraph. Each run of symbols in it counts `weight` times (at least once).
    pub fn add(&mut self, text: &str, weight: u8) {
        for paragraph in text.lines() {
            let before = self.text.len();
            each_folded(paragraph, |_, c| self.text.push(u16::try_from(u32::from(c)).unwrap_or(BEYOND)));
            if self.text.len() > before {
                self.paragraphs.push((self.text.len(), weight.max(1)));
            }
        }
    }

    /// Number of symbols, edges of paragraphs aside.
    pub fn symbols(&self) -> usize {
        self.text.len()
    }

    /// The characters that stand at least `least` times, the most frequent first.
    fn vocabulary(&self, least: u32) -> Vocabulary {
        let mut counts = vec![0u32; 0x1_0000];
        for c in &self.text {
            counts[usize::from(*c)] += 1;
        }
        let mut known: Vec<(u32, char)> = counts
            .iter()
            .enumerate()
            .filter(|(code, n)| **n >= least.max(1) && *code != usize::from(BEYOND))
            .filter_map(|(code, n)| Some((*n, char::from_u32(code as u32)?)))
            .collect();
        known.sort_by_key(|(n, c)| (std::cmp::Reverse(*n), *c));
        Vocabulary::new(known.into_iter().map(|(_, c)| c))
    }

    /// The paragraphs as symbols with their edges, and their weights.
    fn lines<'c>(&'c self, vocabulary: &'c Vocabulary) -> impl Iterator<Item = (Vec<Symbol>, u8)> + 'c {
        let mut from = 0;
        self.paragraphs.iter().map(move |(to, weight)| {
            let inner = self.text.get(from..*to).unwrap_or(&[]);
            from = *to;
            let symbols = inner.iter().map(|c| vocabulary.symbol(char::from_u32(u32::from(*c)).unwrap_or('\u{FFFD}')));
            (std::iter::once(EDGE).chain(symbols).chain([EDGE]).collect(), *weight)
        })
    }
}

/// The file of a model (see [`super::ngram`]) made from a corpus; `note` is put at its end.
///
/// The same corpus, options and note give the same bytes. An empty corpus gives a model that knows nothing.
pub fn train(corpus: &Corpus, options: Options, note: &str) -> Vec<u8> {
    let order = options.order.clamp(2, MAX_ORDER);
    let vocabulary = corpus.vocabulary(options.least);
    let keys = Keys::collect(corpus.lines(&vocabulary), order);
    let mut orders: Vec<Grams> = (1..=order).map(|n| keys.grams(n)).collect();
    drop(keys);
    for n in (1..order).rev() {
        let (lower, higher) = orders.split_at_mut(n);
        if let (Some(lower), Some(higher)) = (lower.last_mut(), higher.first()) {
            lower.count_continuations(higher);
        }
    }
    let mut tables = smooth::smooth(orders, vocabulary.size());
    let bytes = options.bytes.saturating_sub(note.len());
    smooth::prune(&mut tables, bytes, |runs| pack::size(&vocabulary, runs));
    smooth::back_off(&mut tables);
    pack::write(&vocabulary, &tables, note)
}

/// How often each of the counts 1 to 4 occurs.
fn counts_of_counts(counts: impl Iterator<Item = u32>) -> BTreeMap<u32, u64> {
    let mut found = BTreeMap::new();
    for count in counts.filter(|c| (1..=4).contains(c)) {
        *found.entry(count).or_insert(0) += 1;
    }
    found
}
