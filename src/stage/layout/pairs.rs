//! The document's own evidence for a join: do the characters on both sides of the cut follow each other elsewhere?

use std::collections::HashMap;

/// Counts of the character triples and pairs that were asked for. A pair is a triple with an empty third place.
#[derive(Default)]
pub(super) struct Pairs {
    counts: HashMap<[char; 3], u32>,
    /// Low bits of the two characters that some key begins with, so that most of the text needs no look-up.
    heads: Vec<bool>,
}

const HEADS: usize = 8192;

fn head(a: char, b: char) -> usize {
    (a as usize * 31 + b as usize) % HEADS
}

impl Pairs {
    /// Asks for the pairs and triples across a cut, before the text is counted.
    pub fn ask(&mut self, before: &str, after: &str) {
        if self.heads.is_empty() {
            self.heads = vec![false; HEADS];
        }
        for key in keys(before, after).into_iter().flatten() {
            self.heads[head(key[0], key[1])] = true;
            self.counts.insert(key, 0);
        }
    }

    /// Counts what was asked for in one pass over the text.
    pub fn count(&mut self, text: &str) {
        if self.counts.is_empty() {
            return;
        }
        let (mut a, mut b) = ('\0', '\0');
        for c in text.chars().chain(['\0', '\0']) {
            if self.heads[head(a, b)] {
                for key in [[a, b, c], [a, b, '\0']] {
                    if let Some(n) = self.counts.get_mut(&key) {
                        *n += 1;
                    }
                }
            }
            (a, b) = (b, c);
        }
    }

    /// How often the pair across the cut stands elsewhere, and how often the rarer and the more frequent of the two
    /// triples across it do.
    pub fn across(&self, before: &str, after: &str) -> (u32, u32, u32) {
        let count = |key: Option<[char; 3]>| key.and_then(|k| self.counts.get(&k)).copied().unwrap_or(0);
        let [pair, left, right] = keys(before, after);
        (count(pair), count(left).min(count(right)), count(left).max(count(right)))
    }
}

/// The pair, and the triples with one more character on the left and on the right.
fn keys(before: &str, after: &str) -> [Option<[char; 3]>; 3] {
    let word = |c: &char| c.is_alphanumeric();
    let mut back = before.chars().rev();
    let mut on = after.chars();
    let (Some(a), Some(b)) = (back.next().filter(word), on.next().filter(word)) else {
        return [None; 3];
    };
    [Some([a, b, '\0']), back.next().filter(word).map(|x| [x, a, b]), on.next().filter(word).map(|x| [a, b, x])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_stands_across_a_cut() {
        let mut pairs = Pairs::default();
        pairs.ask("推动发", "展的课题");
        pairs.count("推动发\n\n展的课题。发展的路，发展。");
        assert_eq!(pairs.across("推动发", "展的课题"), (2, 0, 1));
        assert_eq!(pairs.across("推动", "，课题"), (0, 0, 0));
    }
}
