//! Text that must not be learned from, because the program is measured on it.

use crate::text::is_han;
use std::collections::{HashSet, VecDeque};

/// Han characters in a row that make a paragraph one of the held-out text.
pub const SHARED: usize = 24;

/// What is held out. It keeps hashes of all stretches of [`SHARED`] Han characters, not the text.
#[derive(Clone, Debug, Default)]
pub struct Holdout {
    prints: HashSet<u64>,
}

impl Holdout {
    /// Holds a text out: every stretch of it, across the ends of its lines too.
    pub fn add(&mut self, text: &str) {
        self.prints.extend(prints(text));
    }

    /// Whether a paragraph shares [`SHARED`] Han characters in a row with what is held out, other characters passed over.
    pub fn holds(&self, paragraph: &str) -> bool {
        !self.prints.is_empty() && prints(paragraph).any(|p| self.prints.contains(&p))
    }
}

/// An odd number, so that multiplying loses nothing (Knuth, The Art of Computer Programming 3, 6.4).
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hashes of all stretches of [`SHARED`] Han characters, rolled from one to the next (Karp and Rabin 1987).
fn prints(text: &str) -> impl Iterator<Item = u64> {
    let leaving = (0..SHARED).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut window = VecDeque::with_capacity(SHARED + 1);
    let mut sum = 0u64;
    text.chars().filter(|c| is_han(*c)).filter_map(move |c| {
        let value = spread(u64::from(u32::from(c)));
        sum = sum.wrapping_mul(BASE).wrapping_add(value);
        window.push_back(value);
        if window.len() > SHARED {
            let first = window.pop_front().unwrap_or(0);
            sum = sum.wrapping_sub(first.wrapping_mul(leaving));
        }
        (window.len() == SHARED).then(|| spread(sum))
    })
}

/// Spreads what is known of a number over all its bits (the finisher of SplitMix64).
fn spread(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    n ^ (n >> 31)
}

/// Whether a document is kept back, one in `one_in`, by a hash of `text` that is the same everywhere and always
/// (FNV-1a): a document that is printed twice is kept back twice.
pub fn is_kept_back(text: &str, one_in: u64) -> bool {
    let hash =
        text.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3));
    one_in > 0 && hash.is_multiple_of(one_in)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: &str = "县里的老桥修了又修，今年终于换成了一座新桥，两岸的人都说走起来又稳又快。";

    #[test]
    fn a_paragraph_with_24_han_characters_in_a_row_is_held_out_and_one_with_23_is_not() {
        let mut holdout = Holdout::default();
        assert!(!holdout.holds(HELD));
        holdout.add(HELD);
        let han: Vec<char> = HELD.chars().filter(|c| is_han(*c)).collect();
        for from in 0..=han.len() - SHARED {
            let shared: String = han[from..from + SHARED].iter().collect();
            assert!(holdout.holds(&format!("他写道：{shared}。")));
            assert!(holdout.holds(&format!("他写道：{}。", shared.replacen('桥', "桥，“", 2))));
            let less: String = han[from + 1..from + SHARED].iter().collect();
            assert!(!holdout.holds(&format!("他写道：{less}。")));
        }
    }

    #[test]
    fn about_one_document_in_ten_is_kept_back_always_the_same() {
        let kept = |n: &u32| is_kept_back(&format!("第{n}篇"), 10);
        let count = (0..2000).filter(kept).count();
        assert!((140..260).contains(&count), "{count}");
        assert!(!is_kept_back("文", 0));
    }
}
