//! Whether a place is worth trying all its readings: nearly none is, and most are told by pairs and runs of three alone.
//!
//! A reading promises what its pairs are likelier than what stands there, and a fixed gain for every run of three around
//! it that print knows. Only readings that promise enough are scored in full, and only where one of them keeps its
//! promise is everything tried that could stand there. How much is enough follows from the odds that are asked for: the
//! limits stand where, on the development sets, six of a thousand readings that come to those odds are lost (of lost
//! characters one of 35).

use super::{Bits, Habits, Judge, Scored};
use crate::lm::ngram::Neighbours;
use crate::lm::symbols::{EDGE, FIRST, Symbol};
use std::sync::OnceLock;

/// The pair before an inserted symbol that makes no word must be this likely, in log10.
const LEAST_PAIR_BETWEEN: f32 = -3.2;
/// So much more often than by chance, in log10, the two of a pair meet that are as good as a word: it needs no run of three.
pub(super) const BOUND: f32 = 2.0;

/// Whether a row of bits, one a symbol, has a symbol.
pub(super) fn holds(row: &[u64], symbol: Symbol) -> bool {
    row.get(usize::from(symbol) / 64).is_some_and(|w| w >> (symbol % 64) & 1 == 1)
}

/// What a known run of three adds to what pairs promise, in log10.
const THREE: f32 = 1.5;
/// The weight of kinship in a promise, and of the surprise two symbols after the place.
const KINSHIP: f32 = 1.6;
const BEYOND: f32 = 0.2;
/// The odds (natural logarithm) that the limits below are for; for each that is asked less they fall by [`PER_ODDS`].
const ODDS: f32 = 0.9;
const PER_ODDS: f32 = 0.8;

/// log10 of the probability of the place and the two after it together is at most this.
const DOUBTFUL: f32 = -5.8;
/// What another reading must promise; its gain, and gain and kinship together, in log10.
const PROMISE: f32 = 5.6;
const GAIN: f32 = 1.7;
const RANK: f32 = 3.8;
/// What a reading must promise that only the document offers, and its gain.
const PROMISE_OF_HABIT: f32 = 5.95;
const GAIN_OF_HABIT: f32 = 4.5;
/// How improbable the symbol must be that a lost one stood before, what that one must promise, and its gain.
const STARTLING: f32 = -2.2;
const PROMISE_OF_INSERTION: f32 = 3.0;
const GAIN_OF_INSERTION: f32 = 2.4;
/// How much less a lost character must bring that makes a word whole with a neighbour, in log10.
const WHOLE: f32 = 1.5;
/// The pair of an inserted character and what follows it must be this likely, in log10.
const LEAST_PAIR_BEHIND: f32 = -3.9;
/// What a deletion and two swapped characters must promise.
const PROMISE_OF_DELETION: f32 = 4.8;
const PROMISE_OF_SWAP: f32 = 5.0;

/// The mark of a reading that only the document offers: a kinship that makes the promise asked of it the right one.
const OF_HABIT: f32 = (PROMISE - PROMISE_OF_HABIT) / KINSHIP;

/// How far the limits are below those for [`ODDS`], in log10.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    below: f32,
}

impl Screen {
    /// The one for the odds that a reading must come to.
    pub fn new(least: f32) -> Self {
        Screen { below: (ODDS - least).max(0.0) * PER_ODDS }
    }

    /// How far the limits are lowered, in log10.
    pub fn below(self) -> f32 {
        self.below
    }

    /// Whether all readings are asked for, whatever their odds.
    pub fn is_open(self) -> bool {
        self.below == f32::INFINITY
    }

    /// Whether a place surprises enough for another reading.
    pub fn doubts(&self, scored: &Scored, at: usize) -> bool {
        (at..at + 3).map(|i| scored.score(i)).sum::<f32>() <= DOUBTFUL + self.below
    }

    /// The gain that a reading of this kinship must bring.
    pub fn least_gain(&self, kinship: f32) -> f32 {
        (RANK - kinship).max(GAIN) - self.below
    }
}

/// Some readings with their kinship.
type Readings = Vec<(Symbol, f32)>;

/// What is used again at every place.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    offered: Readings,
    /// Those that are known on both sides, on the left alone, on the right alone, on neither; room for all in each.
    both: Readings,
    on_left: Readings,
    on_right: Readings,
    neither: Readings,
    /// Those that promise enough, with the gain that they must bring.
    promising: Readings,
    /// Characters that may have stood between two, each with [`Lost::bound`].
    between: Vec<(Symbol, f32)>,
    /// Characters that may have been lost.
    lost: Vec<Lost>,
}

/// A character that may have been lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lost {
    pub symbol: Symbol,
    /// What its pairs and runs of three promise, in log10.
    pub promise: f32,
    /// How much less it must bring because it makes a word whole, in log10.
    pub bound: f32,
}

/// Leaves those of a row for which something holds. Without a branch, because none could be foreseen: while one answer is
/// waited for the next questions are asked.
#[inline(always)]
fn sift<T: Copy>(row: &mut [T], holds: impl Fn(&T) -> bool) -> usize {
    let mut count = 0;
    for n in 0..row.len() {
        let one = row[n];
        row[count] = one;
        count += usize::from(holds(&one));
    }
    count
}

impl Sieve {
    /// The characters that may have been lost, as they were found last.
    pub fn lost(&self) -> &[Lost] {
        &self.lost
    }

    /// Sorts what is offered by the sides on which it is known, and says how many there are of each. Without a branch,
    /// because none could be foreseen.
    #[inline(never)]
    fn sort(&mut self, after: Neighbours, before: Neighbours) -> [usize; 3] {
        let room = self.offered.len();
        let sides = [&mut self.neither, &mut self.on_left, &mut self.on_right, &mut self.both];
        let sides = sides.map(|side| {
            if side.len() < room {
                side.resize(room, (0, 0.0));
            }
            side.get_mut(..room).unwrap_or(&mut [])
        });
        let mut counts = [0; 4];
        for offer in &self.offered {
            let side = usize::from(after.has(offer.0)) + 2 * usize::from(before.has(offer.0));
            sides[side][counts[side]] = *offer;
            counts[side] += 1;
        }
        [counts[3], counts[1], counts[2]]
    }
}

impl Judge<'_> {
    /// Whether another character in the place may come to the odds.
    pub(super) fn may_replace(
        &self,
        screen: Screen,
        scored: &Scored,
        habits: &Habits,
        at: usize,
        c: char,
        sieve: &mut Sieve,
    ) -> bool {
        let (own, left, right) = (scored.symbol(at), scored.symbol(at - 1), scored.symbol(at + 1));
        let two_left = at.checked_sub(2).map_or(EDGE, |i| scored.symbol(i));
        let two_right = scored.symbol(at + 2);
        let (after, before) = (self.model.after(left), self.model.before(right));
        sieve.offered.clear();
        match self.kin.get(usize::from(own)).filter(|_| own >= FIRST) {
            Some(row) => sieve.offered.extend_from_slice(row.get_or_init(|| self.kin_of(c))),
            None => sieve.offered.extend(self.kin_of(c)),
        }
        let usual = habits.usual_after(left).chain(habits.usual_before(right));
        let usual = usual.filter(|s| *s != own && holds(&self.han, *s));
        sieve.offered.extend(usual.map(|s| (s, OF_HABIT)));
        let [both, on_left, on_right] = sieve.sort(after, before);
        sieve.promising.clear();
        let old = scored.score(at) + scored.score(at + 1) + BEYOND * scored.score(at + 2);
        let need = PROMISE - screen.below + old;
        let mut keep = |symbol: Symbol, kinship: f32| {
            let least = if kinship < 0.0 { GAIN_OF_HABIT - screen.below } else { screen.least_gain(kinship) };
            sieve.promising.push((symbol, least));
        };
        let both = sieve.both.get_mut(..both).unwrap_or(&mut []);
        let pairs = |symbol: Symbol, kinship: f32| {
            after.log(symbol).unwrap_or(0.0) + before.log(symbol).unwrap_or(0.0) + KINSHIP * kinship
        };
        let count = sift(both, |(symbol, kinship)| pairs(*symbol, *kinship) + 3.0 * THREE >= need);
        let count = sift(&mut both[..count], |(symbol, kinship)| {
            let known = u8::from(self.model.may_know([two_left, left, *symbol]))
                + u8::from(self.model.may_know([left, *symbol, right]))
                + u8::from(self.model.may_know([*symbol, right, two_right]));
            pairs(*symbol, *kinship) + f32::from(known) * THREE >= need
        });
        both.iter().take(count).for_each(|(symbol, kinship)| keep(*symbol, *kinship));
        let alone = self.model.single(right);
        for (symbol, kinship) in sieve.on_left.iter().take(on_left) {
            let to = after.log(*symbol).unwrap_or(0.0);
            let pair = to + alone + KINSHIP * kinship + self.model.backoff(*symbol);
            let bound = to - self.model.single(*symbol) >= BOUND && pair >= need;
            if bound || pair + THREE >= need && self.model.may_know([two_left, left, *symbol]) {
                keep(*symbol, *kinship);
            }
        }
        let given_up = self.model.backoff(left);
        for (symbol, kinship) in sieve.on_right.iter().take(on_right) {
            let on = before.log(*symbol).unwrap_or(0.0);
            let pair = on + given_up + KINSHIP * kinship + self.model.single(*symbol);
            let bound = on - alone >= BOUND && pair >= need;
            if bound || pair + THREE >= need && self.model.may_know([*symbol, right, two_right]) {
                keep(*symbol, *kinship);
            }
        }
        let stands = |(symbol, least): &(Symbol, f32)| self.rewrite(scored, at, at + 1, &[*symbol], *least).is_some();
        sieve.promising.iter().any(stands)
    }

    /// Finds the characters that may have been lost before the place: those that make a known run of three with both
    /// neighbours, those that are as good as a word with one of them and known beside the other, and those that the document has
    /// there elsewhere; of them those that promise `need`.
    pub(super) fn lost_between(&self, scored: &Scored, habits: &Habits, at: usize, need: f32, sieve: &mut Sieve) {
        let (left, right) = (scored.symbol(at - 1), scored.symbol(at));
        let two_left = at.checked_sub(2).map_or(EDGE, |i| scored.symbol(i));
        let two_right = scored.symbol(at + 1);
        let (after, before) = (self.model.after(left), self.model.before(right));
        let likely = self.beside(&self.follows, left, after, |_, log| log > LEAST_PAIR_BETWEEN);
        let ready = self.beside(&self.precedes, right, before, |_, log| log > LEAST_PAIR_BEHIND);
        let ends = self.beside(&self.ends, left, after, |s, log| log - self.model.single(s) >= BOUND);
        let alone = self.model.single(right);
        let begins = self.beside(&self.begins, right, before, |_, log| log - alone >= BOUND);
        // As in [`sift`], without a branch; room for all, and for one more that does not stay.
        let between = &mut sieve.between;
        between.resize(64 * self.han.len() + 1, (0, 0.0));
        let mut count = 0;
        let rows = likely.iter().zip(ready).zip(ends.iter().zip(begins));
        for (place, ((likely, ready), (ends, begins))) in rows.enumerate() {
            let mut words = (ends | begins) & after.word(place) & before.word(place);
            let mut others = likely & ready & !words;
            while others != 0 {
                let symbol = (64 * place) as Symbol + others.trailing_zeros() as Symbol;
                others &= others - 1;
                between[count] = (symbol, 0.0);
                count += usize::from(self.model.may_know([left, symbol, right]));
            }
            while words != 0 {
                between[count] = ((64 * place) as Symbol + words.trailing_zeros() as Symbol, WHOLE);
                words &= words - 1;
                count += 1;
            }
        }
        between.truncate(count);
        let usual = habits.usual_after(left).filter(|s| habits.triple(left, *s, right) > 0);
        for symbol in usual.filter(|s| holds(&self.han, *s)) {
            match between.iter_mut().find(|b| b.0 == symbol) {
                Some(known) => known.1 = WHOLE,
                None => between.push((symbol, WHOLE)),
            }
        }
        let model = &self.model;
        let pairs = |symbol: Symbol| {
            let to = after.log(symbol).unwrap_or_else(|| model.after_one(left, symbol));
            to + model.onto(symbol, right, before)
        };
        let count = sift(between, |(symbol, bound)| pairs(*symbol) + bound + 3.0 * THREE >= need);
        sieve.lost.clear();
        sieve.lost.extend(between.iter().take(count).filter_map(|(symbol, bound)| {
            let known = u8::from(model.may_know([left, *symbol, right]))
                + u8::from(model.may_know([two_left, left, *symbol]))
                + u8::from(model.may_know([*symbol, right, two_right]));
            let promise = pairs(*symbol) + f32::from(known) * THREE;
            (promise + bound >= need).then_some(Lost { symbol: *symbol, promise, bound: *bound })
        }));
    }

    /// Whether a character before the place may come to the odds.
    pub(super) fn may_insert(
        &self,
        screen: Screen,
        scored: &Scored,
        habits: &Habits,
        at: usize,
        sieve: &mut Sieve,
    ) -> bool {
        if scored.score(at) > STARTLING + screen.below {
            return false;
        }
        let need = PROMISE_OF_INSERTION - screen.below + scored.score(at);
        self.lost_between(scored, habits, at, need, sieve);
        let least = GAIN_OF_INSERTION - screen.below;
        sieve.lost.iter().any(|l| self.rewrite(scored, at, at, &[l.symbol], least - l.bound).is_some())
    }

    /// The Han characters beside a symbol for which something holds, as a row of bits.
    fn beside<'j>(
        &self,
        rows: &'j [OnceLock<Bits>],
        symbol: Symbol,
        all: Neighbours,
        stands: impl Fn(Symbol, f32) -> bool,
    ) -> &'j [u64] {
        let Some(row) = rows.get(usize::from(symbol)) else { return &[] };
        row.get_or_init(|| {
            let mut bits = vec![0; self.han.len()];
            for (other, _) in all.iter().filter(|l| stands(l.0, l.1) && holds(&self.han, l.0)) {
                bits.get_mut(usize::from(other) / 64).into_iter().for_each(|w| *w |= 1 << (other % 64));
            }
            bits.into_boxed_slice()
        })
    }

    /// Whether the text without the character may come to the odds.
    pub(super) fn may_delete(&self, screen: Screen, scored: &Scored, at: usize) -> bool {
        let (left, right) = (scored.symbol(at - 1), scored.symbol(at + 1));
        let two_left = at.checked_sub(2).map_or(EDGE, |i| scored.symbol(i));
        let need = PROMISE_OF_DELETION - screen.below + scored.score(at) + scored.score(at + 1);
        self.promise(&[two_left, left, right, scored.symbol(at + 2)], 1) >= need
    }

    /// Whether the character and the next one, changed about, may come to the odds.
    pub(super) fn may_swap(&self, screen: Screen, scored: &Scored, at: usize) -> bool {
        let (left, own, next) = (scored.symbol(at - 1), scored.symbol(at), scored.symbol(at + 1));
        let two_left = at.checked_sub(2).map_or(EDGE, |i| scored.symbol(i));
        let old: f32 = (at..at + 3).map(|i| scored.score(i)).sum();
        let need = PROMISE_OF_SWAP - screen.below + old;
        self.promise(&[two_left, left, next, own, scored.symbol(at + 2), scored.symbol(at + 3)], 3) >= need
    }

    /// What `new` symbols from the third of a row on promise, the one after them included.
    fn promise(&self, row: &[Symbol], new: usize) -> f32 {
        let pairs = row.windows(2).skip(1).take(new).map(|w| self.model.after_one(w[0], w[1]));
        let known = row.windows(3).take(new + 1).filter(|w| self.model.may_know([w[0], w[1], w[2]])).count();
        pairs.sum::<f32>() + known as f32 * THREE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lm::suspect::Change;

    fn suspects(text: &str, least: f32) -> Vec<(Change, Option<char>)> {
        let judge = Judge::embedded();
        let line = judge.read(text, 0);
        let habits = Habits::of(std::slice::from_ref(&line));
        judge.suspects(&line, &habits, least).iter().map(|s| (s.change, s.reading)).collect()
    }

    #[test]
    fn what_is_sure_passes_as_if_there_was_no_screen() {
        let text = "会议强调，要坚持以人民为中心的发展恩想，切实保障和改善民生。";
        let open = suspects(text, f32::NEG_INFINITY);
        assert!(open.contains(&(Change::Replace, Some('思'))), "{open:?}");
        assert_eq!(suspects(text, ODDS), [(Change::Replace, Some('思'))]);
    }

    #[test]
    fn a_lost_character_is_offered_that_makes_a_word_whole() {
        for (text, lost) in
            [("制定办法应当从实出发，征求各方意见。", '际'), ("县里的蓝天援队昨天接回了走失的老人。", '救')]
        {
            let open = suspects(text, f32::NEG_INFINITY);
            assert!(open.contains(&(Change::Insert, Some(lost))), "{text} {open:?}");
        }
    }

    #[test]
    fn characters_drawn_by_lot_are_passed_over() {
        let text: String = (0..60).filter_map(|n| char::from_u32(0x4E00 + n * n * 131 % 0x5000)).collect();
        assert!(suspects(&text, f32::NEG_INFINITY).is_empty());
    }

    #[test]
    fn a_row_is_sifted_in_order() {
        let mut row = [5, 2, 8, 1, 9, 4];
        let count = sift(&mut row, |n| *n > 3);
        assert_eq!(row[..count], [5, 8, 9, 4]);
    }
}
