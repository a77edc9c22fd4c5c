//! Documents on their way into a corpus: what is held out stays away, some are kept back for measuring.

use super::Corpus;
use super::holdout::{Holdout, is_kept_back};
use std::collections::BTreeMap;

/// Gathers documents for training.
#[derive(Clone, Debug, Default)]
pub struct Gathering {
    corpus: Corpus,
    holdout: Holdout,
    keep_back: Option<u64>,
    kept_back: Vec<String>,
    read: Read,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// Documents, those kept back included.
    pub documents: usize,
    /// Documents that are not trained on.
    pub kept_back: usize,
    /// Paragraphs that are not empty.
    pub paragraphs: usize,
    /// Paragraphs that were left out because they share text with what is held out.
    pub left_out: usize,
    /// Symbols trained on, for each weight.
    pub symbols: BTreeMap<u8, usize>,
}

impl Gathering {
    /// Begins to gather: paragraphs of `holdout` are left out, and one document in `keep_back` is not trained on.
    pub fn new(holdout: Holdout, keep_back: Option<u64>) -> Self {
        Gathering { holdout, keep_back, ..Gathering::default() }
    }

    /// Adds a document, each line a paragraph. Each run of symbols in it counts `weight` times (at least once).
    pub fn add(&mut self, text: &str, weight: u8) {
        self.read.documents += 1;
        let back = self.keep_back.is_some_and(|n| is_kept_back(text, n));
        self.read.kept_back += usize::from(back);
        let before = self.corpus.symbols();
        for paragraph in text.lines().filter(|p| !p.trim().is_empty()) {
            self.read.paragraphs += 1;
            if self.holdout.holds(paragraph) {
                self.read.left_out += 1;
            } else if back {
                self.kept_back.push(paragraph.to_owned());
            } else {
                self.corpus.add(paragraph, weight);
            }
        }
        let added = self.corpus.symbols() - before;
        if added > 0 {
            *self.read.symbols.entry(weight.max(1)).or_default() += added;
        }
    }

    /// The text to train on, the paragraphs kept back, and what was read.
    pub fn finish(self) -> (Corpus, Vec<String>, Read) {
        (self.corpus, self.kept_back, self.read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_held_out_and_documents_kept_back() {
        let long = "村口的水渠清淤以后今年春灌比往年早了整整十天家家户户都赶上了好时候";
        let mut holdout = Holdout::default();
        holdout.add(long);
        let mut gathering = Gathering::new(holdout, Some(2));
        for n in 0..100 {
            gathering.add(&format!("第{}号渠通水。\n\n{long}。\n", char::from_u32(0x4E00 + n).unwrap_or('一')), 3);
        }
        let (corpus, back, read) = gathering.finish();
        assert_eq!((read.documents, read.paragraphs, read.left_out), (100, 200, 100));
        assert_eq!(back.len(), read.kept_back);
        assert!((30..70).contains(&read.kept_back), "{}", read.kept_back);
        assert_eq!(read.symbols, BTreeMap::from([(3, corpus.symbols())]));
        assert_eq!(corpus.symbols(), (100 - read.kept_back) * 7);
    }
}
