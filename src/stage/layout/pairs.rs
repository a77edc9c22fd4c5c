//! The document's own evidence for a join: do the characters on both sides of the cut follow each other elsewhere?

/// Counts of the character triples and pairs that were asked for. A pair is a triple with an empty third place.
#[derive(Default)]
pub(super) struct Pairs {
    /// In order once the text is counted.
    counts: Vec<([char; 3], u32)>,
    /// Low bits of the two characters that some key begins with, so that most of the text needs no look-up.
    heads: Option<Box<[bool; HEADS]>>,
}

const HEADS: usize = 8192;

fn head(a: char, b: char) -> usize {
    (a as usize * 31).wrapping_add(b as usize) % HEADS
}

impl Pairs {
    /// Asks for the pairs and triples across a cut, before the text is counted.
    pub fn ask(&mut self, before: &str, after: &str) {
        let heads = self.heads.get_or_insert_with(|| Box::new([false; HEADS]));
        for key in keys(before, after).into_iter().flatten() {
            heads[head(key[0], key[1])] = true;
            self.counts.push((key, 0));
        }
    }

    /// Counts what was asked for in one pass over the text.
    pub fn count(&mut self, text: &str) {
        let Some(heads) = self.heads.as_deref() else { return };
        self.counts.sort_unstable();
        self.counts.dedup();
        let (mut a, mut b) = ('\0', '\0');
        let mut see = |c: char| {
            if heads[head(a, b)] {
                for key in [[a, b, c], [a, b, '\0']] {
                    if let Ok(n) = self.counts.binary_search_by_key(&key, |known| known.0) {
                        self.counts[n].1 += 1;
                    }
                }
            }
            (a, b) = (b, c);
        };
        text.chars().for_each(&mut see);
        ['\0', '\0'].into_iter().for_each(see);
    }

    /// How often the pair across the cut stands elsewhere, and how often the rarer and the more frequent of the two
    /// triples across it do.
    pub fn across(&self, before: &str, after: &str) -> (u32, u32, u32) {
        let find = |key| self.counts.binary_search_by_key(&key, |known| known.0).ok();
        let count = |key: Option<[char; 3]>| key.and_then(find).and_then(|n| self.counts.get(n)).map_or(0, |n| n.1);
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
