//! How the words at a place of a text go with those around it, as they are and as they would be.

use super::{Fit, Senses};
use crate::lm::lexicon::{Lexicon, Span};

/// A text around a place with its words.
#[derive(Clone, Debug)]
pub struct Within {
    text: Vec<char>,
    here: usize,
    words: Vec<Span>,
}

/// How words go with those around them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Compared {
    /// The words that there would be.
    pub new: Fit,
    /// The words that there are.
    pub old: Fit,
}

impl Within {
    /// A text with the number of the character that is asked about.
    pub fn new(text: Vec<char>, here: usize) -> Self {
        let words = Lexicon::embedded().words(&text);
        Within { text, here, words }
    }

    /// Its characters.
    pub fn text(&self) -> &[char] {
        &self.text
    }

    /// What another text for the place makes of it: the same but for the place, and what is soon after it.
    pub fn compare(&self, other: &[char]) -> Compared {
        let (old, new) = (&self.words[..], &Lexicon::embedded().words(other)[..]);
        let before = old.iter().zip(new).take_while(|(a, b)| a == b && a.end <= self.here).count();
        let (old, new) = (&old[before..], &new[before..]);
        // Counted from the end, a word after the place has not moved.
        let from_end = |word: &Span, text: &[char]| (text.len() - word.start, word.hash);
        let alike = |(a, b): &(&Span, &Span)| from_end(a, &self.text) == from_end(b, other) && a.start > self.here;
        let after = old.iter().rev().zip(new.iter().rev()).take_while(alike).count();
        let (old, rest) = old.split_at(old.len() - after);
        let new = &new[..new.len() - after];
        let senses = Senses::embedded();
        let subject = senses.subject(hashes(&self.words[..before]).chain(hashes(rest)));
        Compared { new: senses.fit(&subject, hashes(new)), old: senses.fit(&subject, hashes(old)) }
    }
}

fn hashes(words: &[Span]) -> impl Iterator<Item = u64> {
    words.iter().map(|word| word.hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_another_subject_does_not_fit() {
        let text: Vec<char> = "医生说，病人在医院接受手术后，病情已经得到缓解。".chars().collect();
        let here = text.windows(2).position(|w| w == ['医', '院']).expect("the place");
        let within = Within::new(text.clone(), here);
        let mut other = text.clone();
        other[here] = '议';
        let compared = within.compare(&other);
        assert!(compared.old.cosine > compared.new.cosine && compared.new.rarity > 0.0, "{compared:?}");
        assert_eq!(within.compare(&text).new, within.compare(&text).old, "nothing changes");
        // What is lost moves only what comes after.
        let mut shorter = text.clone();
        shorter.remove(here);
        assert!((within.compare(&shorter).old.cosine - compared.old.cosine).abs() < 0.2);
        assert_eq!(Within::new(Vec::new(), 0).compare(&[]), Compared::default());
    }
}
