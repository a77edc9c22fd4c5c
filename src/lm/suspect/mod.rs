//! Doubt: the places of a text where another reading is likelier than the one that stands there.
//!
//! A noisy channel (Kernighan, Church and Gale 1990): what was meant passed through an engine or a hand that mistakes
//! characters by their shape or sound, drops them, doubles them, swaps them. For each doubtful place every reading that
//! could have been meant is put into the text, and the language model says how much likelier the text becomes; what
//! the [`Channel`] knows of the two characters, how the words around them form, and what the document does elsewhere are
//! further evidence. A learned decision ([`super::forest`]) weighs it all; the weights were trained on errors put into
//! text that the model had not seen, and on real ones (`model/README.md`).

pub mod both;
mod candidates;
mod features;
mod habits;
mod screen;
mod trust;

pub use features::{FEATURES, NAMES, habit_of_new_three};
pub use habits::Habits;
pub use trust::{CLEAR, Scale, Trust};

use self::candidates::Scratch;
use self::features::Worded;
use self::screen::Screen;
use self::trust::Weighed;
use super::channel::Channel;
use super::forest::{self, Flat, Forest};
use super::ngram::{Model, State};
use super::symbols::{Line, Symbol, UNKNOWN};
use crate::text::is_han;
use std::sync::{LazyLock, OnceLock};

static MODEL: &[u8] = include_bytes!("../../../model/news.kwm");
static DECISION: &[u8] = include_bytes!("../../../model/doubt.bin");

/// What is done to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// Another character instead of the one at the place.
    Replace,
    /// A character more, before the place.
    Insert,
    /// The character at the place goes.
    Delete,
    /// The character at the place and the next one change places.
    Swap,
    /// Other characters instead of the one at the place and of a second one, the next or the next but one.
    Both,
}

impl Change {
    /// All of them, in the order of their forests.
    pub const ALL: [Change; 5] = [Change::Replace, Change::Insert, Change::Delete, Change::Swap, Change::Both];
}

/// A place of a line where another reading is likelier.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// Number of the symbol in its line.
    pub at: usize,
    /// What would be done there.
    pub change: Change,
    /// The character that would stand there, for a replacement or an insertion.
    pub reading: Option<char>,
    /// The second place of [`Change::Both`], with the character that would stand there.
    pub second: Option<(usize, char)>,
    /// Further readings, best first, the first one left out.
    pub others: Vec<char>,
    /// The evidence, see [`NAMES`].
    pub evidence: [f32; FEATURES],
    /// Log-odds (natural logarithm) that the change is right.
    pub odds: f32,
}

impl Suspect {
    /// log10 of how much likelier the line becomes.
    pub fn gain(&self) -> f32 {
        self.evidence[0]
    }

    /// How much better the reading is than the next one, in log10; 0 where there is no choice.
    pub fn margin(&self) -> f32 {
        self.evidence[9]
    }
}

/// What the judgement needs to know of the language.
#[derive(Debug)]
pub struct Judge<'m> {
    model: Model<'m>,
    channel: &'static Channel,
    forests: Vec<Flat>,
    /// For each symbol the symbols that it may have been written for, rising, with their kinship; made when asked for.
    kin: Vec<OnceLock<Likely>>,
    /// For each symbol those that often follow it, and go before it, as rows of bits; made when asked for.
    follows: Vec<OnceLock<Bits>>,
    precedes: Vec<OnceLock<Bits>>,
    /// For each symbol those that end a word with it, and begin one, as good as; made when asked for.
    ends: Vec<OnceLock<Bits>>,
    begins: Vec<OnceLock<Bits>>,
    /// The symbols of Han characters, as a row of bits.
    han: Vec<u64>,
}

/// Symbols that go with one symbol, each with how well.
type Likely = Box<[(Symbol, f32)]>;
/// Symbols that go with one symbol, as a row of bits.
type Bits = Box<[u64]>;

/// A line with what the model makes of it as it stands.
#[derive(Debug)]
struct Scored<'l> {
    line: &'l Line,
    /// log10 of the probability of each symbol after those before it.
    scores: Vec<f32>,
    states: Vec<State>,
}

impl<'l> Scored<'l> {
    fn new(line: &'l Line, model: &Model) -> Self {
        let (mut scores, states) = model.follow(&line.symbols);
        scores.iter_mut().take(1).for_each(|first| *first = 0.0);
        Scored { line, scores, states }
    }

    /// Whether the model understands so little of the line that it has nothing to say of any of its places: no Chinese
    /// prose, whatever mistakes are in it, is as strange to it as characters drawn by lot.
    fn is_gibberish(&self) -> bool {
        let each = self.scores.iter().zip(&self.line.symbols);
        let total: f32 = each.map(|(score, symbol)| if *symbol == UNKNOWN { STRANGE } else { *score }).sum();
        self.scores.len() >= LONG_ENOUGH && total <= GIBBERISH * self.scores.len() as f32
    }

    #[inline]
    fn symbol(&self, at: usize) -> Symbol {
        self.line.symbols.get(at).copied().unwrap_or(super::symbols::EDGE)
    }

    fn score(&self, at: usize) -> f32 {
        self.scores.get(at).copied().unwrap_or(0.0)
    }
}

/// Two texts for one place, as the language model sees them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Compared {
    /// log10 of how much likelier the whole becomes by the new one.
    pub gain: f32,
    /// Mean of log10 of the probability of the symbols of the old one and of the few after it.
    pub old: f32,
    /// The same of the new one.
    pub new: f32,
}

/// Symbols after a place that its text still makes likely or not.
const JOIN: usize = 3;

/// The mean of log10 of the probability of its symbols at which a line of so many symbols is gibberish. The strangest line
/// with a right finding on the development sets has −3.6, characters drawn by lot have −4.5.
const GIBBERISH: f32 = -4.0;
const LONG_ENOUGH: usize = 20;
/// What a character counts there that the model does not know.
const STRANGE: f32 = -5.0;

/// What is asked of a suspect: the least odds, and what the engine says that read the line.
#[derive(Clone, Copy)]
struct Asked<'t> {
    trust: Option<&'t Trust>,
    least: f32,
}

/// A row of symbols that is put in the place of some of a line's, with its scores.
#[derive(Clone, Copy, Debug, Default)]
struct Rewritten {
    /// log10 of how much likelier the line becomes.
    gain: f32,
    /// Scores from the first new symbol on.
    scores: [f32; 8],
    /// The lengths of the known runs that end at the first four symbols from the first new one on.
    matched: [u8; 4],
}

/// Adds a suspect behind those before it; of two that meet the likelier one stays.
pub fn push_apart(found: &mut Vec<Suspect>, next: Suspect) {
    match found.last() {
        Some(last) if next.at - last.at <= 2 => {
            if last.odds < next.odds {
                found.pop();
                found.push(next);
            }
        }
        _ => found.push(next),
    }
}

impl<'m> Judge<'m> {
    /// The one that the program carries.
    pub fn embedded() -> &'static Judge<'static> {
        static JUDGE: LazyLock<Option<Judge<'static>>> =
            LazyLock::new(|| Some(Judge::new(Model::read(MODEL).ok()?, forest::read(DECISION).unwrap_or_default())));
        static NOTHING: LazyLock<Judge<'static>> = LazyLock::new(Judge::ignorant);
        JUDGE.as_ref().unwrap_or(&NOTHING)
    }

    /// One of a model and a decision for each kind of [`Change`]. Without a decision the gain alone decides.
    pub fn new(model: Model<'m>, forests: Vec<Forest>) -> Self {
        let size = model.vocabulary().size();
        let mut han = vec![0; size.div_ceil(64)];
        for symbol in 0..size {
            if model.vocabulary().character(symbol as Symbol).is_some_and(is_han) {
                han[symbol / 64] |= 1u64 << (symbol % 64);
            }
        }
        let kin = std::iter::repeat_with(OnceLock::new).take(size).collect();
        let rows = || std::iter::repeat_with(OnceLock::new).take(size).collect();
        let (follows, precedes, ends, begins) = (rows(), rows(), rows(), rows());
        let forests = forests.iter().map(Flat::new).collect();
        Judge { model, channel: Channel::embedded(), forests, kin, follows, precedes, ends, begins, han }
    }

    /// One that knows nothing and doubts nothing.
    fn ignorant() -> Judge<'static> {
        Judge::new(Model::default(), Vec::new())
    }

    /// Its language model.
    pub fn model(&self) -> &Model<'m> {
        &self.model
    }

    /// A text as this judge reads it.
    pub fn read(&self, text: &str, start: usize) -> Line {
        Line::read(text, start, self.model.vocabulary())
    }

    /// What becomes of the text between two others when `new` stands there instead of `old`.
    pub fn compare(&self, before: &str, old: &str, new: &str, after: &str) -> Compared {
        let start = self.read(before, 0).len() - 1;
        let tail = self.read(after, 0).len() - 2;
        let score = |text: &str| {
            let line = self.read(&[before, text, after].concat(), 0);
            let (scores, _) = self.model.follow(&line.symbols);
            let own = scores.get(start.min(scores.len())..scores.len() - 1).unwrap_or(&[]);
            let near = own.get(..own.len().saturating_sub(tail.saturating_sub(JOIN))).unwrap_or(&[]);
            (own.iter().sum::<f32>(), near.iter().sum::<f32>() / near.len().max(1) as f32)
        };
        let ((old, old_each), (new, new_each)) = (score(old), score(new));
        Compared { gain: new - old, old: old_each, new: new_each }
    }

    /// The places of a line where another reading is likelier, in order; of two that meet, the likelier one. Only those
    /// whose odds reach `least`.
    pub fn suspects(&self, line: &Line, habits: &Habits, least: f32) -> Vec<Suspect> {
        self.suspects_of(line, habits, None, least)
    }

    /// [`Judge::suspects`] of a line that an engine read, whose confidences are one more term of the odds.
    pub fn suspects_of(&self, line: &Line, habits: &Habits, trust: Option<&Trust>, least: f32) -> Vec<Suspect> {
        let scored = Scored::new(line, &self.model);
        if scored.is_gibberish() {
            return Vec::new();
        }
        let mut scratch = Scratch::default();
        let (mut found, mut here): (Vec<Suspect>, Vec<Suspect>) = Default::default();
        for at in 1..line.len().saturating_sub(1) {
            self.all_at(&scored, habits, at, Asked { trust, least }, &mut scratch, &mut here);
            let Some(best) = here.drain(..).max_by(|a, b| a.odds.total_cmp(&b.odds)) else { continue };
            push_apart(&mut found, best);
        }
        found
    }

    /// The replacements at some places of a line, rising, whose odds reach what is asked there: all readings, not the best
    /// alone.
    pub fn replacements_at(
        &self,
        line: &Line,
        habits: &Habits,
        trust: Option<&Trust>,
        places: impl Iterator<Item = (usize, f32)>,
    ) -> Vec<Suspect> {
        let scored = Scored::new(line, &self.model);
        let (mut scratch, mut found) = (Scratch::default(), Vec::new());
        for (at, least) in places.filter(|(at, _)| (1..line.len().saturating_sub(1)).contains(at)) {
            self.all_at(&scored, habits, at, Asked { trust, least }, &mut scratch, &mut found);
        }
        found.retain(|suspect| suspect.change == Change::Replace);
        found
    }

    /// The best readings of each kind at a place whose odds reach `least`, after those in `found`.
    fn all_at(
        &self,
        scored: &Scored,
        habits: &Habits,
        at: usize,
        asked: Asked,
        scratch: &mut Scratch,
        found: &mut Vec<Suspect>,
    ) {
        let Asked { trust, least } = asked;
        let screen = Screen::new(trust.map_or(least, |trust| trust.asks_at_least(at, least)));
        self.propose(scored, habits, at, screen, scratch);
        let both = Screen::new(trust.map_or(least, |trust| trust.asks_of_both(at, least)));
        self.propose_both(scored, at, both, scratch);
        let character = |s: Symbol| self.model.vocabulary().character(s);
        let mut words = None;
        for proposal in &scratch.proposals {
            let mut evidence = self.evidence(scored, habits, proposal);
            let change = proposal.change;
            let gain = proposal.rewritten.gain;
            let last = proposal.second.map_or(at, |second| second.0);
            let weighed = Weighed { change, at, last, gain, margin: proposal.margin };
            let enough = trust.map_or(least, |trust| trust.asks(weighed, least));
            let forest = self.forests.get(change as usize);
            // Most proposals come to nothing whatever the words say: only of the others they are asked.
            if enough > f32::NEG_INFINITY && forest.is_some_and(|forest| forest.score(&evidence, enough).is_none()) {
                continue;
            }
            let words = words.get_or_insert_with(|| Worded::new(scored, at));
            words.tell(self.model.vocabulary(), proposal, &mut evidence);
            let odds = match forest {
                Some(forest) => forest.score(&evidence, enough),
                None => Some(gain - 4.0).filter(|odds| *odds >= enough),
            };
            if let Some(odds) = odds {
                let odds = trust.map_or(odds, |trust| trust.odds(weighed, odds));
                let reading = proposal.reading.and_then(character);
                let others = proposal.others.iter().copied().filter_map(character).collect();
                let second = proposal.second.and_then(|(at, symbol)| Some((at, character(symbol)?)));
                found.push(Suspect { at, change, reading, second, others, evidence, odds });
            }
        }
    }

    /// Every proposal of a line with its evidence, for training: nothing is weighed against anything.
    pub fn proposals_of(&self, line: &Line, habits: &Habits) -> Vec<Suspect> {
        let scored = Scored::new(line, &self.model);
        let (mut scratch, mut found) = (Scratch::default(), Vec::new());
        for at in 1..line.len().saturating_sub(1) {
            let all = Asked { trust: None, least: f32::NEG_INFINITY };
            self.all_at(&scored, habits, at, all, &mut scratch, &mut found);
        }
        found
    }

    /// Puts `new` in the place of the symbols `from..to`. `None` where the line cannot become `least` likelier.
    fn rewrite(&self, scored: &Scored, from: usize, to: usize, new: &[Symbol], least: f32) -> Option<Rewritten> {
        let reach = self.model.order() - 1;
        let symbols = &scored.line.symbols;
        let left = from.saturating_sub(reach);
        let right = (to + reach).min(symbols.len());
        let mut buffer = [0; 16];
        let parts = symbols.get(left..from)?.iter().chain(new).chain(symbols.get(to..right)?);
        let mut length = 0;
        for (place, symbol) in buffer.iter_mut().zip(parts) {
            *place = *symbol;
            length += 1;
        }
        let old = scored.scores.get(from..right)?;
        let old_states = scored.states.get(from..right)?;
        let total: f32 = old.iter().sum();
        let mut state = from.checked_sub(1).and_then(|i| scored.states.get(i)).copied().unwrap_or_default();
        let (mut sum, mut out) = (0.0, Rewritten::default());
        let (start, removed) = (from - left, to - from);
        self.model.fetch(&buffer[..length], start, state.matched);
        let mut known = |n: usize, score: f32, matched: u8| {
            if let Some(place) = out.scores.get_mut(n) {
                *place = score;
            }
            out.matched.get_mut(n).into_iter().for_each(|place| *place = matched);
        };
        for n in 0..length - start {
            let (score, after) = self.model.next(&buffer[..length], start + n, &state);
            state = after;
            sum += score;
            if sum - total < least {
                return None;
            }
            known(n, score, after.matched);
            // Where neither text has a known run that reaches back to the change, they go on alike.
            let Some(unchanged) = n.checked_sub(new.len()) else { continue };
            let reaches = |s: &State| usize::from(s.matched) > unchanged + 1;
            let same = removed + unchanged;
            if !reaches(&after) && old_states.get(same).is_some_and(|s| !reaches(s)) {
                for (more, (score, state)) in old.iter().zip(old_states).skip(same + 1).enumerate() {
                    sum += score;
                    known(n + 1 + more, *score, state.matched);
                }
                break;
            }
        }
        if sum - total < least {
            return None;
        }
        out.gain = sum - total;
        Some(out)
    }
}
