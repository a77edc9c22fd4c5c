//! How likely a quotation mark stands between two characters, by the strings before and after it.
//!
//! A newspaper quotes a coined term in settled surroundings: 打造“…”品牌, 被誉为“…”, 以“…”为主题. How much a string beside
//! a possible mark speaks for it was learned from news that has its marks (logistic regression, `model/README.md`); the
//! weights of the strings around a place add up to its score, in log-odds. Opening and closing marks are weighed by the
//! same strings, so that one look tells both.

use super::table::{Pair, Table};

/// Stands for the edge of a paragraph.
pub(super) const EDGE: u16 = 10;
/// Longest string on one side of a mark, in characters.
const REACH: usize = 5;
/// The characters around a place, those before it first.
pub type Window = [u16; 2 * REACH];
/// The strings that are asked first after the single characters: two characters on each side, and one on both.
const NEAR: usize = 3;
/// The others.
const FAR: usize = 9;
/// A place that the characters on both its sides hold this unlikely, in units of the table, is not asked further; nor one
/// that the nearest strings do. Longer ones seldom outweigh that.
const BARE: i32 = -44;
const HOPELESS: i32 = -40;

/// A character as the contexts see it: any digit is 0, any Latin letter a.
pub fn folded(c: char) -> u16 {
    match c {
        '0'..='9' => u16::from(b'0'),
        'a'..='z' | 'A'..='Z' => u16::from(b'a'),
        c => u16::try_from(u32::from(c)).unwrap_or(0xFFFD),
    }
}

/// The character at a place that may lie outside the paragraph.
#[inline]
pub(super) fn char_at(text: &[u16], at: usize) -> u16 {
    text.get(at).copied().unwrap_or(EDGE)
}

/// The characters around the place before character `at` of a paragraph (folded, without its marks).
#[inline]
pub fn window(text: &[u16], at: usize) -> Window {
    let inside = at.checked_sub(REACH).and_then(|from| text.get(from..)).and_then(|t| t.first_chunk());
    match inside {
        Some(window) => *window,
        None => std::array::from_fn(|i| (at + i).checked_sub(REACH).map_or(EDGE, |at| char_at(text, at))),
    }
}

/// A key begun with the number of its kind.
#[inline]
pub(super) const fn begin(kind: u64) -> u64 {
    (kind + 1).wrapping_mul(0xA076_1D64_78BD_642F)
}

/// A key with one more character or number in it.
#[inline]
pub(super) fn with(key: u64, c: impl Into<u64>) -> u64 {
    (key.rotate_left(29) ^ c.into()).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The strings of one to [`REACH`] characters before and after a place, as keys; the first of each is of none.
struct Around {
    before: [u64; REACH + 1],
    after: [u64; REACH + 1],
}

impl Around {
    #[inline]
    fn new() -> Self {
        Around { before: [begin(0); REACH + 1], after: [begin(1); REACH + 1] }
    }

    /// Makes the strings from `from` to `to` characters.
    #[inline]
    fn fill(&mut self, window: &Window, from: usize, to: usize) {
        for n in from..=to {
            self.before[n] = with(self.before[n - 1], window[REACH - n]);
            self.after[n] = with(self.after[n - 1], window[REACH + n - 1]);
        }
    }

    /// The key of `n` characters before and `m` characters after the place together.
    #[inline]
    fn across(&self, n: usize, m: usize) -> u64 {
        self.before[n].rotate_left(23).wrapping_add(self.after[m]).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    #[inline]
    fn near(&self) -> [u64; NEAR] {
        [self.across(1, 1), self.before[2], self.after[2]]
    }

    #[inline]
    fn far(&self) -> [u64; FAR] {
        let [_, _, _, b3, b4, b5] = self.before;
        let [_, _, _, a3, a4, a5] = self.after;
        [b3, a3, b4, a4, b5, a5, self.across(2, 1), self.across(1, 2), self.across(2, 2)]
    }
}

/// The keys of a character before a place and after it. The table holds these by the character itself.
pub fn single_keys(c: u16) -> [u64; 2] {
    [with(begin(0), c), with(begin(1), c)]
}

/// The keys of all strings around a place.
pub fn keys(window: &Window) -> impl Iterator<Item = u64> {
    let mut around = Around::new();
    around.fill(window, 1, REACH);
    [around.before[1], around.after[1]].into_iter().chain(around.near()).chain(around.far())
}

/// Log-odds, in units of the table, that an opening and that a closing mark stands at a place.
#[inline]
pub fn score(table: &Table, window: &Window) -> Pair {
    let mut sum = table.sides(window[REACH - 1], window[REACH]);
    if sum.greater() < BARE {
        return sum;
    }
    let mut around = Around::new();
    around.fill(window, 1, 2);
    sum += table.pairs(&around.near());
    if sum.greater() < HOPELESS {
        return sum;
    }
    around.fill(window, 3, REACH);
    sum += table.pairs(&around.far());
    sum
}

/// The places of a paragraph at which a mark may stand, with its log-odds there, found in rounds: each asks of all places
/// that the round before has left, so that no jump has to be guessed at every character.
#[derive(Default)]
pub(super) struct Sums {
    left: Vec<(usize, Pair)>,
}

impl Sums {
    /// Of the places of a paragraph that are not `shut`, those whose [`score`] is not hopeless, in order, with it.
    pub(super) fn read(&mut self, table: &Table, text: &[u16], shut: &[bool]) -> &[(usize, Pair)] {
        self.left.clear();
        self.left.resize(shut.len(), Default::default());
        let (mut kept, mut before) = (0, EDGE);
        for (at, shut) in shut.iter().enumerate() {
            let after = char_at(text, at);
            let sum = table.sides(before, after);
            before = after;
            // Written at any rate, and written over where it does not count.
            if let Some(place) = self.left.get_mut(kept) {
                *place = (at, sum);
            }
            kept += usize::from(!shut & (sum.greater() >= BARE));
        }
        self.left.truncate(kept);
        self.narrow(|at| {
            let mut around = Around::new();
            around.fill(&window(text, at), 1, 2);
            table.pairs(&around.near())
        });
        for (at, sum) in &mut self.left {
            let mut around = Around::new();
            around.fill(&window(text, *at), 1, REACH);
            *sum += table.pairs(&around.far());
        }
        &self.left
    }

    /// Adds to every sum and keeps those that are not hopeless.
    fn narrow(&mut self, more: impl Fn(usize) -> Pair) {
        let mut kept = 0;
        for n in 0..self.left.len() {
            let Some((at, mut sum)) = self.left.get(n).copied() else { break };
            sum += more(at);
            if let Some(place) = self.left.get_mut(kept) {
                *place = (at, sum);
            }
            kept += usize::from(sum.greater() >= HOPELESS);
        }
        self.left.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_places_together_are_as_each_by_itself() {
        let text: Vec<u16> = "全市打造红色引擎党建品牌，以同心筑梦为主题，被誉为草原明珠的小城有3个A级景区。"
            .chars()
            .map(folded)
            .collect();
        let shut: Vec<bool> = (0..=text.len()).map(|at| at % 11 == 3).collect();
        let table = Table::embedded();
        let each = (0..=text.len()).filter(|at| !shut[*at]).map(|at| (at, score(&table, &window(&text, at))));
        let want: Vec<(usize, Pair)> = each.filter(|(_, sum)| sum.greater() >= HOPELESS).collect();
        assert!(want.len() > 4);
        let mut sums = Sums::default();
        let told: Vec<(usize, Pair)> = sums.read(&table, &text, &shut).to_vec();
        assert_eq!(told.iter().filter(|(_, sum)| sum.greater() >= HOPELESS).copied().collect::<Vec<_>>(), want);
        assert!(told.len() < text.len());
    }
}
