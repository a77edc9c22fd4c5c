//! The document's own evidence for a join: do the characters on both sides of the cut follow each other elsewhere?

/// Counts of the character triples and pairs that were asked for. A pair is a triple with an empty third place.
#[derive(Default)]
pub(super) struct Pairs {
    /// In order once the text is counted.
    counts: Vec<([char; 3], u32)>,
    /// Which two characters some key begins with, one bit each, some shared: most of the text needs no look-up.
    heads: Option<Box<[u64; HEADS / 64]>>,
}

/// Bits for the heads.
const HEADS: usize = 1 << 15;

/// The bit of a head: its word and its place in the word.
fn head(a: char, b: char) -> (usize, u64) {
    let mixed = (a as u32).wrapping_mul(0x9E37_79B1) ^ (b as u32).wrapping_mul(0x85EB_CA6B);
    let at = (mixed >> 16) as usize % HEADS;
    (at / 64, 1 << (at % 64))
}

impl Pairs {
    /// Asks for the pairs and triples across a cut, before the text is counted.
    pub fn ask(&mut self, before: &str, after: &str) {
        let heads = self.heads.get_or_insert_with(|| Box::new([0; HEADS / 64]));
        for key in keys(before, after).into_iter().flatten() {
            let (word, bit) = head(key[0], key[1]);
            heads[word] |= bit;
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
            let (word, bit) = head(a, b);
            if heads[word] & bit != 0 {
                // The pair stands before all triples that begin with it.
                let from = self.counts.partition_point(|(key, _)| *key < [a, b, '\0']);
                let same = self.counts.iter_mut().skip(from).take_while(|(key, _)| key[..2] == [a, b]);
                same.filter(|(key, _)| key[2] == '\0' || key[2] == c).for_each(|(_, count)| *count += 1);
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
