//! Two wrong characters beside each other, or with one between: each put right alone leaves a strange neighbour and gains
//! little, both together make sense again. Engines err so where a stain or a fold lies over a line.

mod evidence;

use super::candidates::{First, Proposal, Room, Scratch, Two, kinship};
use super::screen::Screen;
use super::{Change, Judge, Scored};
use crate::lm::symbols::{EDGE, FIRST, Symbol};
use crate::text::is_han;

/// log10 of the probability of the two places and what comes after them together is at most this: for the odds that the
/// limits of [`Screen`] are for, and whatever the odds. One in twenty of the right ones is lost by the first, one in a
/// hundred by the second.
const DOUBTFUL: f32 = -10.0;
const STRANGE: f32 = -8.0;
/// The lengths of the known runs that end at the first place and the three after it are at most this together.
const RUNS: u8 = 9;
/// So much more often than by chance, in log10, the two may meet what lies between, and what stands beside them, as they
/// are: errors make no words. This, too, is for those odds.
const BOND_WITHIN: f32 = 0.5;
const BOND_WITHOUT: f32 = 1.0;
/// What two readings must promise beyond what stands there, with their kinship, in log10; again for those odds and
/// whatever the odds.
const PROMISE: f32 = 7.0;
const LEAST_PROMISE: f32 = 5.0;
/// What a known run of three adds to what pairs promise.
const THREE: f32 = 1.0;
/// Both together must make the text ten to this power likelier, for those odds and whatever the odds, and with their
/// kinship be worth that much.
const GAIN: f32 = 5.0;
const LEAST_GAIN: f32 = 2.5;
const LEAST_RANK: f32 = 5.0;
/// Pairs of readings of which it is seen which runs of three around them are known, and that are put into the text.
const SEEN: usize = 24;
const TRIED: usize = 6;
/// Readings of each of two places with one between.
const EACH: usize = 6;
/// Pairs of readings whose evidence is weighed in full.
const READINGS: usize = 2;
/// The most by which one can be ahead of another.
const FAR_AHEAD: f32 = 6.0;

/// What each number of the evidence is, as in [`super::NAMES`]: "first" and "second" are the two places.
pub const NAMES: [&str; 45] = [
    "gain",
    "surprise at the first",
    "surprise at the second",
    "surprise after them",
    "new surprise at the first",
    "new surprise at the second",
    "new surprise after them",
    "lesser likeness",
    "greater likeness",
    "margin",
    "frequency of the old first",
    "frequency of the old second",
    "frequency of the new first",
    "frequency of the new second",
    "lesser shape",
    "lesser sound",
    "seen",
    "new bond to the left",
    "least new bond within",
    "new bond to the right",
    "habit of the new pair",
    "habit of the new threes",
    "surprise around",
    "readings alive",
    "lesser gain of one alone",
    "greater gain of one alone",
    "worst new surprise",
    "known runs before",
    "known runs after",
    "habit of the old pair",
    "greatest old bond within",
    "lesser length of the old words",
    "greater length of the old words",
    "lesser length of the new words",
    "greater length of the new words",
    "greatest old bond without",
    "one between",
    "gain of the words",
    "surprise of the words",
    "words more",
    "fit of the new words",
    "fit of the old words",
    "gain of fit",
    "rarity of the new words",
    "rarity of the old words",
];

impl Judge<'_> {
    /// The best readings of two places at once, the first of them `at`, after those in `scratch`.
    pub(super) fn propose_both(&self, scored: &Scored, at: usize, screen: Screen, scratch: &mut Scratch) {
        let Scratch { room, proposals, .. } = scratch;
        let doubtful = (DOUBTFUL + screen.below()).min(STRANGE);
        let least = (GAIN - screen.below()).max(LEAST_GAIN);
        let promise = (PROMISE - screen.below()).max(LEAST_PROMISE);
        for second in [at + 1, at + 2] {
            let old = scored.score(at) + scored.score(second) + scored.score(second + 1);
            if old > doubtful || second + 1 >= scored.line.len() {
                continue;
            }
            let runs: u8 = scored.states.iter().skip(at).take(4).map(|s| s.matched).sum();
            let whole = (at..=second).all(|i| scored.line.characters.get(i).is_some_and(|c| is_han(*c)));
            if runs > RUNS || !whole || self.is_bound(scored, at, second, screen.below()) {
                continue;
            }
            room.offered.clear();
            let all: f32 = (at..second + 2).map(|i| scored.score(i)).sum();
            match second - at {
                1 => self.join(scored, at, all + promise, room),
                _ => self.bracket(scored, at, all + promise, room),
            }
            self.try_both(scored, (at, second), least, room, proposals);
        }
    }

    /// Whether the characters at the two places make words as they are.
    fn is_bound(&self, scored: &Scored, at: usize, second: usize, below: f32) -> bool {
        let bond = |i: usize| self.bond(scored.symbol(i - 1), scored.symbol(i));
        bond(at).max(bond(second + 1)) > BOND_WITHOUT + below
            || (at + 1..=second).any(|i| bond(i) > BOND_WITHIN + below)
    }

    fn kin_at(&self, scored: &Scored, at: usize) -> std::borrow::Cow<'_, [(Symbol, f32)]> {
        let (own, c) = (scored.symbol(at), scored.line.characters.get(at).copied().unwrap_or_default());
        match self.kin.get(usize::from(own)).filter(|_| own >= FIRST) {
            Some(row) => std::borrow::Cow::Borrowed(row.get_or_init(|| self.kin_of(c))),
            None => std::borrow::Cow::Owned(self.kin_of(c).into_vec()),
        }
    }

    /// Readings of two characters side by side that are known side by side.
    fn join(&self, scored: &Scored, at: usize, need: f32, room: &mut Room) {
        let (left, right) = (scored.symbol(at - 1), scored.symbol(at + 2));
        let (firsts, seconds) = (self.kin_at(scored, at), self.kin_at(scored, at + 1));
        let Room { on, bits, words, firsts: before, offered, sides: [_, behind], .. } = room;
        before.clear();
        behind.clear();
        let after_left = self.model.after(left);
        before.extend(firsts.iter().map(|(symbol, kinship)| {
            let alone = || self.model.single(*symbol) + self.model.backoff(left);
            let promise = after_left.log(*symbol).unwrap_or_else(alone) + kinship;
            First { symbol: *symbol, promise, most: promise + self.model.after(*symbol).greatest() }
        }));
        let ready = self.model.before(right);
        behind.extend(
            seconds.iter().map(|(symbol, kinship)| (*symbol, self.model.onto(*symbol, right, ready) + kinship)),
        );
        // Four runs of three are the most that can be known, and no pair is likelier than the likeliest of its first or
        // of its second.
        let mut least = need - 4.0 * THREE;
        before.sort_unstable_by(|a, b| b.most.total_cmp(&a.most).then(a.symbol.cmp(&b.symbol)));
        on.resize(64 * self.han.len(), (0.0, 0.0));
        bits.clear();
        bits.resize(self.han.len(), 0);
        for (symbol, promise) in behind.iter() {
            // Rounding may not decide.
            let most = promise + self.model.before(*symbol).greatest() + 0.001;
            on.get_mut(usize::from(*symbol)).into_iter().for_each(|place| *place = (*promise, most));
            bits.get_mut(usize::from(*symbol) / 64).into_iter().for_each(|word| *word |= 1 << (symbol % 64));
        }
        words.clear();
        words.extend((0..bits.len()).filter(|place| bits[*place] != 0));
        let best = behind.iter().fold(f32::NEG_INFINITY, |best, one| best.max(one.1));
        // The best firsts come first: behind them ever fewer seconds will do, and soon none.
        for first in before.iter() {
            if first.most + best < least || behind.is_empty() {
                return;
            }
            let after = self.model.after(first.symbol);
            for place in words.iter() {
                let mut both = after.word(*place) & bits.get(*place).copied().unwrap_or(0);
                while both != 0 {
                    let second = (64 * place) as Symbol + both.trailing_zeros() as Symbol;
                    both &= both - 1;
                    let (on, most) = on.get(usize::from(second)).copied().unwrap_or_default();
                    if first.most + on < least || first.promise + most < least {
                        continue;
                    }
                    let Some(log) = after.log(second) else { continue };
                    let promise = first.promise + log + on;
                    if promise >= least {
                        offered.push(Two { first: first.symbol, second, promise });
                    }
                }
            }
            // Only those that promise most are looked at: what promises less than all of them need not be offered.
            if offered.len() >= 2 * SEEN {
                foremost(offered, SEEN);
                least = offered.iter().map(|two| two.promise).fold(f32::INFINITY, f32::min);
                behind.retain(|(symbol, promise)| {
                    let will_do = first.most + promise >= least;
                    if !will_do {
                        bits.get_mut(usize::from(*symbol) / 64).into_iter().for_each(|w| *w &= !(1 << (symbol % 64)));
                    }
                    will_do
                });
                words.retain(|place| bits.get(*place).is_some_and(|word| *word != 0));
            }
        }
    }

    /// Readings of two characters that go with the one between them.
    fn bracket(&self, scored: &Scored, at: usize, need: f32, room: &mut Room) {
        let (left, middle, right) = (scored.symbol(at - 1), scored.symbol(at + 1), scored.symbol(at + 3));
        let (before, after) = (self.model.before(middle), self.model.after(middle));
        let Room { offered, sides: [firsts, seconds], .. } = room;
        firsts.clear();
        seconds.clear();
        for (first, kinship) in self.kin_at(scored, at).iter() {
            firsts.extend(before.log(*first).map(|log| (*first, self.model.after_one(left, *first) + log + kinship)));
        }
        let ready = self.model.before(right);
        for (second, kinship) in self.kin_at(scored, at + 2).iter() {
            let on = self.model.onto(*second, right, ready);
            seconds.extend(after.log(*second).map(|log| (*second, log + on + kinship)));
        }
        for side in [&mut *firsts, &mut *seconds] {
            side.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            side.truncate(EACH);
        }
        for (first, to) in firsts.iter() {
            for (second, on) in seconds.iter().filter(|s| to + s.1 + 5.0 * THREE >= need) {
                offered.push(Two { first: *first, second: *second, promise: to + on });
            }
        }
    }

    /// Puts the pairs that promise most into the text.
    fn try_both(
        &self,
        scored: &Scored,
        (at, second): (usize, usize),
        least: f32,
        room: &mut Room,
        proposals: &mut Vec<Proposal>,
    ) {
        let Room { offered, ranked, .. } = room;
        foremost(offered, SEEN);
        let two_left = at.checked_sub(2).map_or(EDGE, |i| scored.symbol(i));
        let (left, right, two_right) = (scored.symbol(at - 1), scored.symbol(second + 1), scored.symbol(second + 2));
        let middle = (second - at == 2).then(|| scored.symbol(at + 1));
        for two in offered.iter_mut() {
            let new = [Some(two.first), middle, Some(two.second)].into_iter().flatten();
            let mut row = [0; 7];
            let all = [two_left, left].into_iter().chain(new).chain([right, two_right]);
            let length = row.iter_mut().zip(all).map(|(place, symbol)| *place = symbol).count();
            let known = row[..length].windows(3).filter(|w| self.model.may_know([w[0], w[1], w[2]])).count();
            two.promise += known as f32 * THREE;
        }
        foremost(offered, TRIED);
        ranked.clear();
        for two in offered.iter() {
            let row = [two.first, middle.unwrap_or(two.second), two.second];
            let new = &row[..second + 1 - at];
            if let Some(rewritten) = self.rewrite(scored, at, second + 1, new, least) {
                let kin = self.kinship_at(scored, at, two.first) + self.kinship_at(scored, second, two.second);
                ranked.push((*two, rewritten, rewritten.gain + kin));
            }
        }
        ranked.sort_unstable_by(|a, b| b.2.total_cmp(&a.2).then((a.0.first, a.0.second).cmp(&(b.0.first, b.0.second))));
        let alive = ranked.len();
        for (n, (two, rewritten, rank)) in ranked.iter().enumerate().take(READINGS).filter(|r| r.1.2 >= LEAST_RANK) {
            let rival = ranked.get(usize::from(n == 0));
            let margin = rival.map_or(FAR_AHEAD, |r| (rank - r.2).clamp(-FAR_AHEAD, FAR_AHEAD));
            proposals.push(Proposal {
                at,
                change: Change::Both,
                reading: Some(two.first),
                second: Some((second, two.second)),
                others: Vec::new(),
                rewritten: *rewritten,
                margin,
                alive,
            });
        }
    }

    fn kinship_at(&self, scored: &Scored, at: usize, other: Symbol) -> f32 {
        let old = scored.line.characters.get(at).copied();
        let new = self.model.vocabulary().character(other);
        kinship(old.zip(new).and_then(|(old, new)| self.channel.pair(old, new)))
    }
}

/// Leaves the `count` pairs that promise most.
fn foremost(offered: &mut Vec<Two>, count: usize) {
    let order = |a: &Two, b: &Two| b.promise.total_cmp(&a.promise).then((a.first, a.second).cmp(&(b.first, b.second)));
    if offered.len() > count {
        offered.select_nth_unstable_by(count, order);
        offered.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use crate::lm::suspect::{Change, Habits, Judge};

    #[test]
    fn two_characters_beside_each_other_are_put_right_together() {
        let judge = Judge::embedded();
        let line = judge.read("会议要求，各级党组织要认真落买贲任，把工作做细做实。", 0);
        let habits = Habits::of(std::slice::from_ref(&line));
        let found = judge.suspects(&line, &habits, 1.0);
        let both: Vec<_> = found.iter().filter(|s| s.change == Change::Both).collect();
        assert_eq!(both.len(), 1, "{found:?}");
        assert_eq!(line.characters.get(both[0].at), Some(&'买'));
        assert_eq!((both[0].reading, both[0].second.map(|s| s.1)), (Some('实'), Some('责')));
    }
}
