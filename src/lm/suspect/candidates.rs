//! Which readings are tried at a place: those that the channel can explain or that the document uses, and of them those
//! that the language knows in these surroundings.

use super::screen::{BOUND, Screen, Sieve, holds};
use super::{Change, Habits, Judge, Rewritten, Scored};
use crate::lm::symbols::{EDGE, FIRST, Symbol, Vocabulary};
use crate::text::is_han;

/// A place is doubtful where log10 of the probability of its symbol and of the next one together are at most this: a
/// quarter of clean text is, and 99 % of what is accepted in the end.
const DOUBTFUL: f32 = -4.3;
/// The same for an extra or a displaced character, of which there are fewer.
const DISTURBED: f32 = -4.7;
/// The same for a lost character.
const GAPING: f32 = -3.9;
/// And the symbol itself must surprise: log10 of its probability is at most this.
const SURPRISING: f32 = -1.2;
const STARTLING: f32 = -1.7;
/// A reading must make the text ten to this power likelier to be a rival of the best one.
const LEAST_GAIN: f32 = 0.3;
/// A deletion saves a symbol and its cost.
const LEAST_GAIN_OF_DELETION: f32 = 4.0;
/// A character that stands there twice is one too many more often than any other.
const LEAST_GAIN_OF_DOUBLED: f32 = 1.0;
/// Gain and kinship together from which a reading is weighed: below, the decision accepts one in a hundred of those it
/// accepts at all.
const LEAST_RANK: f32 = 2.4;
/// The same of a lost and of a displaced character.
const LEAST_RANK_OF_INSERTION: f32 = 0.9;
const LEAST_RANK_OF_SWAP: f32 = 1.7;
/// So often the document must have a pair for it to offer a reading.
pub(super) const HABIT: u32 = 2;
/// Readings of a place that are put into the text.
const TRIED: usize = 24;
/// Of so many it is seen which runs of three around them are known.
const SEEN: usize = 40;
/// The same of an inserted symbol.
const TRIED_BETWEEN: usize = 8;
/// What a known run of three adds to what pairs promise, in log10.
const THREE: f32 = 1.5;
/// A pair that is known on one side alone must be this likely, in log10, if only the document offers the reading.
const LEAST_PAIR: f32 = -4.0;
/// What a known run of three on one side makes up for a pair that is not known on the other, in log10.
const LONE: f32 = 1.0;

/// One reading of a place that is likelier than what stands there: the best of its kind.
#[derive(Debug)]
pub(super) struct Proposal {
    pub at: usize,
    pub change: Change,
    pub reading: Option<Symbol>,
    /// The other place of [`Change::Both`], and what would stand there.
    pub second: Option<(usize, Symbol)>,
    pub others: Vec<Symbol>,
    pub rewritten: Rewritten,
    /// How much better it is than the second one, in log10.
    pub margin: f32,
    /// How many readings were alive.
    pub alive: usize,
}

impl Proposal {
    /// A text as it would be, of which the place is the character number `here`; what lies outside the text is left out.
    pub fn put_into(&self, text: &[char], here: usize, vocabulary: &Vocabulary) -> Vec<char> {
        let mut new = Vec::with_capacity(text.len() + 1);
        new.extend(text);
        let reading = self.reading.and_then(|symbol| vocabulary.character(symbol));
        let mut put = |at: usize, c: Option<char>| new.get_mut(at).into_iter().zip(c).for_each(|(place, c)| *place = c);
        match self.change {
            Change::Replace => put(here, reading),
            Change::Both => {
                put(here, reading);
                if let Some((at, symbol)) = self.second {
                    put(here + at - self.at, vocabulary.character(symbol));
                }
            }
            Change::Insert => reading.into_iter().for_each(|c| new.insert(here.min(text.len()), c)),
            Change::Delete if here < text.len() => drop(new.remove(here)),
            Change::Swap if here + 1 < text.len() => new.swap(here, here + 1),
            Change::Delete | Change::Swap => {}
        }
        new
    }
}

/// What is used again at every place, so that none of it is asked of the system twice.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    candidates: Vec<Candidate>,
    /// Candidates that are known on one side alone, with the run of three that must be known there.
    lone: Vec<(Candidate, [Symbol; 3])>,
    ranked: Vec<Ranked>,
    sieve: Sieve,
    pub room: Room,
    /// What was found at the place.
    pub proposals: Vec<Proposal>,
}

/// What is used again at every place where two readings are tried at once.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// For each symbol what it promises at the second place, where it may stand there, and what at most with what is
    /// likeliest before it.
    pub on: Vec<(f32, f32)>,
    /// The symbols that may stand there, as a row of bits, and which of its words are not empty.
    pub bits: Vec<u64>,
    pub words: Vec<usize>,
    pub firsts: Vec<First>,
    pub offered: Vec<Two>,
    pub sides: [Vec<(Symbol, f32)>; 2],
    pub ranked: Vec<(Two, Rewritten, f32)>,
}

/// A reading of the first place: what it promises, and what at most with what is likeliest after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct First {
    pub symbol: Symbol,
    pub promise: f32,
    pub most: f32,
}

/// Two readings with what they promise, and with how much likeness counts for them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Two {
    pub first: Symbol,
    pub second: Symbol,
    pub promise: f32,
}

#[derive(Clone, Copy, Debug)]
struct Candidate {
    symbol: Symbol,
    kinship: f32,
    /// What the pairs on both sides promise, with the kinship.
    promise: f32,
}

/// How much a candidate's likeness to what stands there is worth beside the gain, in log10.
pub(super) fn kinship(near: Option<crate::lm::channel::Near>) -> f32 {
    near.map_or(0.0, |n| {
        let shape = f32::from(n.shape) / 255.0;
        let sound = f32::from(n.sound) / 255.0;
        2.0 * shape.max(sound) + 0.5 * shape.min(sound) + f32::from(n.seen) / 31.0
    })
}

/// A candidate, its rewriting, and by what it is ranked.
type Ranked = (Symbol, Rewritten, f32);

impl Judge<'_> {
    /// The best readings of each kind of change at a place, into `scratch`; only what may pass the screen is tried.
    pub(super) fn propose(&self, scored: &Scored, habits: &Habits, at: usize, screen: Screen, scratch: &mut Scratch) {
        scratch.proposals.clear();
        let (score, next) = (scored.score(at), scored.score(at + 1));
        if score > SURPRISING {
            return;
        }
        let Some(c) = scored.line.characters.get(at).copied() else { return };
        let gaping = score + next <= GAPING && score <= STARTLING;
        if gaping && (screen.is_open() || self.may_insert(screen, scored, habits, at, &mut scratch.sieve)) {
            self.insert(scored, habits, at, scratch);
        }
        if score + next > DOUBTFUL || !screen.doubts(scored, at) {
            return;
        }
        if is_han(c) && (screen.is_open() || self.may_replace(screen, scored, habits, at, c, &mut scratch.sieve)) {
            self.replace(scored, habits, at, c, screen, scratch);
        }
        if score + next > DISTURBED || score > STARTLING {
            return;
        }
        if is_han(c) {
            let doubled = scored.symbol(at) == scored.symbol(at - 1);
            if doubled || self.may_delete(screen, scored, at) {
                let least = if doubled { LEAST_GAIN_OF_DOUBLED } else { LEAST_GAIN_OF_DELETION };
                self.delete(scored, at, least, scratch);
            }
            let turns = scored.line.characters.get(at + 1).is_some_and(|n| is_han(*n) && *n != c);
            if turns && self.may_swap(screen, scored, at) {
                self.swap(scored, at, scratch);
            }
        }
    }

    fn replace(&self, scored: &Scored, habits: &Habits, at: usize, c: char, screen: Screen, scratch: &mut Scratch) {
        let (own, left, right) = (scored.symbol(at), scored.symbol(at - 1), scored.symbol(at + 1));
        let (after, before) = (self.model.after(left), self.model.before(right));
        let Scratch { candidates, lone, ranked, .. } = scratch;
        candidates.clear();
        lone.clear();
        ranked.clear();
        let two_left = at.checked_sub(2).map(|i| scored.symbol(i));
        let two_right = (at + 2 < scored.line.len()).then(|| scored.symbol(at + 2));
        let mut offer = |symbol: Symbol, kinship: f32| {
            // The kinship of a habit is looked up if it comes so far.
            let known = if kinship.is_nan() { 0.0 } else { kinship };
            match (after.log(symbol), before.log(symbol)) {
                (Some(to), Some(on)) => candidates.push(Candidate { symbol, kinship, promise: to + on + known }),
                (Some(to), None) => {
                    let bond = to - self.model.single(symbol);
                    let promise = to + self.model.after_one(symbol, right) + known;
                    let one = Candidate { symbol, kinship, promise };
                    match bond >= BOUND {
                        true => candidates.push(one),
                        false if to > LEAST_PAIR || !kinship.is_nan() => {
                            lone.extend(two_left.map(|two| (one, [two, left, symbol])))
                        }
                        false => {}
                    }
                }
                (None, Some(on)) => {
                    let bond = on - self.model.single(right);
                    let promise = self.model.after_one(left, symbol) + on + known;
                    let one = Candidate { symbol, kinship, promise };
                    match bond >= BOUND {
                        true => candidates.push(one),
                        false if on > LEAST_PAIR || !kinship.is_nan() => {
                            lone.extend(two_right.map(|two| (one, [symbol, right, two])))
                        }
                        false => {}
                    }
                }
                _ => {}
            }
        };
        let fresh;
        let kin = match self.kin.get(usize::from(own)).filter(|_| own >= FIRST) {
            Some(row) => row.get_or_init(|| self.kin_of(c)),
            None => {
                fresh = self.kin_of(c);
                &fresh
            }
        };
        for (symbol, kinship) in kin {
            offer(*symbol, *kinship);
        }
        let is_kin = |s: Symbol| kin.binary_search_by_key(&s, |k| k.0).is_ok();
        let after_left = habits.usual_after(left);
        let before_right = habits.usual_before(right).filter(|s| habits.pair(left, *s) < HABIT);
        for symbol in after_left.chain(before_right) {
            if symbol != own && holds(&self.han, symbol) && !is_kin(symbol) {
                offer(symbol, f32::NAN);
            }
        }
        self.model.known_threes(lone.iter().map(|l| l.1), |n| {
            candidates.extend(lone.get(n).map(|l| Candidate { promise: l.0.promise + LONE, ..l.0 }))
        });
        foremost(candidates, SEEN);
        let far = (two_left.unwrap_or(EDGE), two_right.unwrap_or(EDGE));
        let mut known = [0u8; SEEN];
        let threes =
            candidates.iter().map(|c| c.symbol).flat_map(|s| [[far.0, left, s], [left, s, right], [s, right, far.1]]);
        self.model.known_threes(threes, |n| known.get_mut(n / 3).into_iter().for_each(|k| *k += 1));
        candidates.iter_mut().zip(known).for_each(|(c, known)| c.promise += THREE * f32::from(known));
        foremost(candidates, TRIED);
        for o in candidates.iter_mut().filter(|o| o.kinship.is_nan()) {
            let other = self.model.vocabulary().character(o.symbol);
            o.kinship = kinship(other.and_then(|other| self.channel.pair(c, other)));
        }
        for c in candidates.iter() {
            if let Some(rewritten) = self.rewrite(scored, at, at + 1, &[c.symbol], LEAST_GAIN) {
                ranked.push((c.symbol, rewritten, rewritten.gain + c.kinship));
            }
        }
        let stands = |r: &Ranked| r.2 >= LEAST_RANK && r.1.gain >= screen.least_gain(r.2 - r.1.gain);
        best(at, Change::Replace, stands, scratch);
    }

    /// The symbols that a character may have been written for, rising, each with its kinship.
    pub(super) fn kin_of(&self, c: char) -> Box<[(Symbol, f32)]> {
        let vocabulary = self.model.vocabulary();
        let known = self.channel.near(c).map(|near| (vocabulary.symbol(near.character), kinship(Some(near))));
        let mut kin: Vec<(Symbol, f32)> = known.filter(|k| k.0 >= FIRST).collect();
        kin.sort_unstable_by_key(|k| k.0);
        kin.into_boxed_slice()
    }

    fn insert(&self, scored: &Scored, habits: &Habits, at: usize, scratch: &mut Scratch) {
        let Scratch { candidates, ranked, sieve, .. } = scratch;
        self.lost_between(scored, habits, at, f32::NEG_INFINITY, sieve);
        candidates.clear();
        ranked.clear();
        // Making a word whole counts as kinship does: so much less it must bring.
        let lost = sieve.lost().iter();
        candidates.extend(lost.map(|l| Candidate { symbol: l.symbol, kinship: l.bound, promise: l.promise }));
        foremost(candidates, TRIED_BETWEEN);
        for c in candidates.iter() {
            if let Some(rewritten) = self.rewrite(scored, at, at, &[c.symbol], LEAST_RANK_OF_INSERTION - c.kinship) {
                ranked.push((c.symbol, rewritten, rewritten.gain));
            }
        }
        best(at, Change::Insert, |_| true, scratch);
    }

    fn delete(&self, scored: &Scored, at: usize, least: f32, scratch: &mut Scratch) {
        let rewritten = self.rewrite(scored, at, at + 1, &[], least);
        scratch.proposals.extend(rewritten.map(|r| alone(at, Change::Delete, r)));
    }

    fn swap(&self, scored: &Scored, at: usize, scratch: &mut Scratch) {
        let new = [scored.symbol(at + 1), scored.symbol(at)];
        let rewritten = self.rewrite(scored, at, at + 2, &new, LEAST_RANK_OF_SWAP);
        scratch.proposals.extend(rewritten.map(|r| alone(at, Change::Swap, r)));
    }
}

fn by_promise(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    b.promise.total_cmp(&a.promise).then(a.symbol.cmp(&b.symbol))
}

/// Leaves the `count` candidates that promise most.
fn foremost(candidates: &mut Vec<Candidate>, count: usize) {
    if candidates.len() > count {
        candidates.select_nth_unstable_by(count, by_promise);
        candidates.truncate(count);
    }
}

fn alone(at: usize, change: Change, rewritten: Rewritten) -> Proposal {
    Proposal { at, change, reading: None, second: None, others: Vec::new(), rewritten, margin: 0.0, alive: 1 }
}

/// Readings that are given beside the best one.
const OTHERS: usize = 4;
/// Readings of a place whose evidence is weighed in full.
const READINGS: usize = 3;
/// The most by which one reading can be ahead of another.
const FAR_AHEAD: f32 = 6.0;

/// The first few of the ranked ones as proposals, those that may stand.
fn best(at: usize, change: Change, stands: impl Fn(&Ranked) -> bool, scratch: &mut Scratch) {
    let Scratch { ranked, proposals, .. } = scratch;
    ranked.sort_unstable_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)));
    let alive = ranked.len();
    for (n, one) in ranked.iter().enumerate().take(READINGS).filter(|(_, one)| stands(one)) {
        let (reading, rewritten, rank) = one;
        let rival = ranked.get(usize::from(n == 0));
        let margin = rival.map_or(FAR_AHEAD, |r| (rank - r.2).clamp(-FAR_AHEAD, FAR_AHEAD));
        let others = ranked.iter().map(|r| r.0).filter(|r| r != reading).take(OTHERS).collect();
        let reading = Some(*reading);
        proposals.push(Proposal { at, change, reading, second: None, others, rewritten: *rewritten, margin, alive });
    }
}
