//! A word that stands once in a text where the text has, again and again, another one that differs in one character: 告急救援
//! among many 应急救援. Which of them are doubted is the business of [`super::weigh`]; here they are found, and the evidence for each.

use super::evidence::{Asked, EVIDENCE, best};
use crate::document::View;
use crate::lm::channel::Channel;
use crate::lm::ngram::Model;
use crate::lm::suspect::Judge;
use crate::lm::symbols::{EDGE, Symbol};
use crate::rule::{RuleSet, Words};
use crate::stage::typos::{Run, Runs};
use crate::text::ViewSpan;

/// So often the text must have the usual word beside the odd one.
const USUAL: usize = 2;
/// A place is looked at where log10 of the probability of its character after the one before it, and of the next one
/// after it, are together at most this.
const DOUBTFUL: f32 = -5.0;
/// The same where the text has another character between the same three: so likely a place needs no look.
const USUAL_THERE: f32 = -3.5;
/// The pairs of the usual word must promise to make the place likelier by this, in log10.
const LEAST_PROMISE: f32 = 0.7;
/// The same of a reading that sounds or looks alike by [`ALIKE`]: names are strange to the model.
const LEAST_PROMISE_ALIKE: f32 = -1.5;
const ALIKE: u8 = 192;
/// So many characters before and after a place are near it.
const NEARBY: usize = 150;
/// Characters of a text that are counted together.
const SECTION: usize = 1 << 19;

/// An odd word beside its twin.
#[derive(Clone, Debug)]
pub struct Twin {
    /// The character that would change.
    pub place: ViewSpan,
    /// What it would become.
    pub reading: char,
    /// The odd word, which holds the place.
    pub span: ViewSpan,
    /// The usual word.
    pub usual: String,
    /// Some places of the usual word, in order.
    pub beside: Vec<ViewSpan>,
    /// How often the usual word stands in the text.
    pub count: usize,
    /// See [`super::evidence::NAMES`].
    pub evidence: [f32; EVIDENCE],
}

/// The pairs of characters of some runs with their places.
pub(super) struct Pairs {
    /// Each pair with the number of its first character, sorted.
    places: Vec<(u32, u32)>,
    /// The pairs that stand often enough, sorted: the pair, where its places begin, how many they are.
    usual: Vec<(u32, u32, u32)>,
    /// The same by their second character.
    backwards: Vec<(u32, u32, u32)>,
}

/// A pair of characters as a number; none outside the basic plane.
fn key(a: char, b: char) -> Option<u32> {
    Some(u32::from(u16::try_from(u32::from(a)).ok()?) << 16 | u32::from(u16::try_from(u32::from(b)).ok()?))
}

/// The row of a sorted table whose pairs begin with a character.
fn row(table: &[(u32, u32, u32)], first: char) -> &[(u32, u32, u32)] {
    let first = u32::from(first);
    let from = table.partition_point(|e| e.0 >> 16 < first);
    let rest = table.get(from..).unwrap_or(&[]);
    let to = rest.partition_point(|e| e.0 >> 16 == first);
    rest.get(..to).unwrap_or(&[])
}

fn second(pair: u32) -> char {
    char::from_u32(pair & 0xFFFF).unwrap_or('\0')
}

impl Pairs {
    fn of(section: &Section) -> Self {
        let mut places = Vec::with_capacity(section.chars.len());
        for (n, w) in section.chars.windows(2).enumerate() {
            if section.runs.get(n) == section.runs.get(n + 1) {
                places.extend(key(w[0], w[1]).map(|k| (k, n as u32)));
            }
        }
        places.sort_unstable_by_key(|p| u64::from(p.0) << 32 | u64::from(p.1));
        let (mut usual, mut from) = (Vec::new(), 0);
        for group in places.chunk_by(|a, b| a.0 == b.0) {
            if group.len() >= USUAL {
                usual.extend(group.first().map(|g| (g.0, from, group.len() as u32)));
            }
            from += group.len() as u32;
        }
        let mut backwards: Vec<(u32, u32, u32)> = usual.iter().map(|u| (u.0.rotate_left(16), u.1, u.2)).collect();
        backwards.sort_unstable();
        Pairs { places, usual, backwards }
    }

    pub(super) fn count(&self, a: char, b: char) -> usize {
        let Some(k) = key(a, b) else { return 0 };
        let from = self.places.partition_point(|p| p.0 < k);
        self.places.get(from..).unwrap_or(&[]).iter().take_while(|p| p.0 == k).take(64).count()
    }

    /// How often a character stands before another one, once left out.
    pub(super) fn elsewhere(&self, c: char) -> usize {
        let c = u32::from(c);
        let from = self.places.partition_point(|p| p.0 >> 16 < c);
        let to = self.places.partition_point(|p| p.0 >> 16 <= c);
        (to - from).saturating_sub(1)
    }

    pub(super) fn places(&self, from: u32, count: u32) -> &[(u32, u32)] {
        self.places.get(from as usize..(from + count) as usize).unwrap_or(&[])
    }
}

/// Runs that are counted together, character by character.
#[derive(Default)]
pub(super) struct Section<'r> {
    pub(super) chars: Vec<char>,
    /// The run of each character, and the number of its first character.
    runs: Vec<u32>,
    all: Vec<(Run<'r>, usize)>,
}

impl Section<'_> {
    fn clear(&mut self) {
        self.chars.clear();
        self.runs.clear();
        self.all.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn run(&self, n: usize) -> Option<&(Run<'_>, usize)> {
        self.all.get(*self.runs.get(n)? as usize)
    }

    /// The character `by` places from `n` in the same run.
    pub(super) fn near(&self, n: usize, by: isize) -> Option<char> {
        let at = n.checked_add_signed(by)?;
        (self.runs.get(at) == self.runs.get(n)).then(|| self.chars.get(at).copied()).flatten()
    }

    /// Whether a character stands again within some lines of a place.
    pub(super) fn nearby(&self, at: usize, c: char) -> usize {
        let from = at.saturating_sub(NEARBY);
        let near = self.chars.get(from..(at + NEARBY).min(self.chars.len())).unwrap_or(&[]);
        near.iter().filter(|n| **n == c).count().saturating_sub(1)
    }

    /// Whether the text has one of some words over a pair.
    pub(super) fn lists(&self, pair: usize, words: &Words) -> bool {
        self.run(pair).is_some_and(|(run, first)| run.inside_word(pair - first, pair - first + 2, words))
    }

    pub(super) fn span(&self, from: usize, to: usize) -> Option<ViewSpan> {
        let (run, first) = self.run(from)?;
        Some(run.span(from - first, to - first))
    }
}

/// A reading of a place that the text offers.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    /// Number of the character that would change.
    pub(super) place: usize,
    pub(super) reading: char,
    /// Number of the first character of the odd pair.
    pub(super) pair: usize,
    pub(super) from: u32,
    pub(super) count: u32,
    /// log10 of how much likelier the place becomes by its pairs alone.
    pub promise: f32,
    /// Whether the text has the reading between the same three characters.
    pub repeated: bool,
}

/// The odd words of a text beside their twins, in the order of their places; of one place the likeliest reading.
pub fn twins(view: &View, rules: &RuleSet) -> Vec<Twin> {
    find(view, &Runs::read(view), rules, f32::NEG_INFINITY)
}

/// The same; of those that cannot come to so many log-odds only some.
pub(super) fn find(view: &View, runs: &Runs, rules: &RuleSet, least: f32) -> Vec<Twin> {
    let mut found = Vec::new();
    let mut section = Section::default();
    for run in runs.iter() {
        let first = section.chars.len();
        section.runs.extend(std::iter::repeat_n(section.all.len() as u32, run.chars.len()));
        section.chars.extend(run.chars);
        section.all.push((run, first));
        if section.chars.len() >= SECTION {
            of_section(view, &section, rules, least, &mut found);
            section.clear();
        }
    }
    of_section(view, &section, rules, least, &mut found);
    found
}

fn of_section(view: &View, section: &Section, rules: &RuleSet, least: f32, found: &mut Vec<Twin>) {
    let judge = Judge::embedded();
    let pairs = Pairs::of(section);
    let mut text = Text::new(judge.model(), section, &pairs);
    for group in pairs.places.chunk_by(|a, b| a.0 == b.0) {
        let [(pair, at)] = group else { continue };
        let (at, first) = (*at as usize, char::from_u32(pair >> 16).unwrap_or('\0'));
        if let Some(old) = text.doubtful(at) {
            text.offer(at, old, at, row(&pairs.backwards, second(*pair)));
        }
        if let Some(old) = text.doubtful(at + 1) {
            text.offer(at + 1, old, at, row(&pairs.usual, first));
        }
    }
    SIDES.iter().for_each(|sides| text.repeated(sides));
    let mut offers = text.offers;
    offers.sort_unstable_by_key(|o| (o.place, o.reading, o.pair, !o.repeated));
    let asked = Asked { view, rules, judge, section, pairs: &pairs, least };
    found.extend(offers.chunk_by(|a, b| a.place == b.place).filter_map(|of_place| best(&asked, of_place)));
}

/// The three characters that surround a place: all before it, all after it, or two on one side and one on the other.
const SIDES: [[isize; 3]; 4] = [[-3, -2, -1], [-2, -1, 1], [-1, 1, 2], [1, 2, 3]];

/// A section with what it offers for its own odd places.
struct Text<'t> {
    model: &'t Model<'static>,
    section: &'t Section<'t>,
    pairs: &'t Pairs,
    /// What the model reads each character as.
    symbols: Vec<Symbol>,
    /// log10 of the probability of the next character after each; only where both stand in one run it says anything.
    next: Vec<f32>,
    offers: Vec<Offer>,
}

impl<'t> Text<'t> {
    /// All pairs are asked in the order of the text, because no answer waits for another then.
    fn new(model: &'t Model<'static>, section: &'t Section<'t>, pairs: &'t Pairs) -> Self {
        let symbols: Vec<Symbol> = section.chars.iter().map(|c| model.vocabulary().symbol(*c)).collect();
        let next = symbols.windows(2).map(|w| model.after_one(w[0], w[1])).collect();
        Text { model, section, pairs, symbols, next, offers: Vec::new() }
    }

    /// log10 of the probability of a place and the one after it by their pairs alone, where it is low.
    fn doubtful(&self, at: usize) -> Option<f32> {
        let old = self.by_pairs(at)?;
        (old <= DOUBTFUL).then_some(old)
    }

    /// The same whether it is low or not; at the edge of a run the character alone.
    fn by_pairs(&self, at: usize) -> Option<f32> {
        let [left, right] = self.beside(at);
        let to = match left {
            Some(_) => *self.next.get(at.checked_sub(1)?)?,
            None => self.model.single(*self.symbols.get(at)?),
        };
        Some(to + right.and_then(|_| self.next.get(at).copied()).unwrap_or(0.0))
    }

    /// What stands on either side of a place in its run.
    fn beside(&self, at: usize) -> [Option<Symbol>; 2] {
        [-1, 1].map(|by| self.section.near(at, by).and_then(|_| self.symbols.get(at.checked_add_signed(by)?).copied()))
    }

    /// What the usual pairs of `table` offer for a place of the odd pair at `pair`.
    fn offer(&mut self, place: usize, old: f32, pair: usize, table: &[(u32, u32, u32)]) {
        let Some(own) = self.section.near(place, 0) else { return };
        let model = self.model;
        let [left, right] = self.beside(place).map(|beside| beside.unwrap_or(EDGE));
        let [inside, before_end] = self.beside(place).map(|beside| beside.is_some());
        let (after, before) = (model.after(left), model.before(right));
        for (twin, from, count) in table {
            let reading = second(*twin);
            let symbol = model.vocabulary().symbol(reading);
            let alone = model.single(symbol);
            let to = if inside { after.log(symbol).unwrap_or(alone + model.backoff(left)) } else { alone };
            let promise = to + if before_end { model.onto(symbol, right, before) } else { 0.0 } - old;
            let alike = || Channel::embedded().are_near(own, reading, ALIKE);
            if promise >= LEAST_PROMISE || promise > LEAST_PROMISE_ALIKE && alike() {
                let (from, count) = (*from, *count);
                self.offers.push(Offer { place, reading, pair, from, count, promise, repeated: false });
            }
        }
    }

    /// Offers what the text has elsewhere between the same three characters.
    fn repeated(&mut self, sides: &[isize; 3]) {
        const BUCKETS: usize = 1 << 15;
        let bucket = |hash: u64| (hash >> 40) as usize % BUCKETS;
        // Most surroundings stand once: a rough count tells which need no sorting.
        let mut counts = vec![0u8; BUCKETS];
        let mut all: Vec<(u64, usize)> = Vec::with_capacity(self.section.len());
        for (run, first) in &self.section.all {
            let (from, to) = (sides[0].min(0).unsigned_abs(), sides[2].max(0).unsigned_abs());
            let places = from..run.chars.len().saturating_sub(to);
            all.extend(places.filter_map(|at| Some((surroundings(run.chars, at, sides)?, first + at))));
        }
        for (hash, _) in &all {
            counts.get_mut(bucket(*hash)).into_iter().for_each(|n| *n = n.saturating_add(1));
        }
        let often = |hash: u64| counts.get(bucket(hash)).is_some_and(|n| usize::from(*n) > USUAL);
        let mut places: Vec<(u64, usize)> = all.into_iter().filter(|(hash, _)| often(*hash)).collect();
        places.sort_unstable();
        for group in places.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > USUAL) {
            let mut chars: Vec<(char, usize)> =
                group.iter().filter_map(|(_, at)| Some((self.section.near(*at, 0)?, *at))).collect();
            chars.sort_unstable();
            self.between(&chars);
        }
    }

    /// Of places with the same surroundings, sorted by their characters, the one with an odd character where all others have
    /// one and the same.
    fn between(&mut self, chars: &[(char, usize)]) {
        let mut kinds = chars.chunk_by(|a, b| a.0 == b.0);
        let (Some(one), Some(two), None) = (kinds.next(), kinds.next(), kinds.next()) else { return };
        let (usual, odd) = if one.len() > two.len() { (one, two) } else { (two, one) };
        let ([(own, at)], Some((reading, _))) = (odd, usual.first()) else { return };
        if usual.len() < USUAL || self.by_pairs(*at).is_none_or(|old| old > USUAL_THERE) {
            return;
        }
        let odd_pair = |a: char, b: char| self.pairs.count(a, b) == 1;
        let right = self.section.near(*at, 1).filter(|r| odd_pair(*own, *r)).and_then(|r| key(*reading, r));
        let left = self.section.near(*at, -1).filter(|l| odd_pair(*l, *own)).and_then(|l| key(l, *reading));
        let of_pairs = [right.map(|key| (*at, key)), left.map(|key| (at.saturating_sub(1), key))];
        for (pair, key) in of_pairs.into_iter().flatten() {
            let known = self.pairs.usual.binary_search_by_key(&key, |u| u.0).ok().and_then(|n| self.pairs.usual.get(n));
            self.offers.extend(known.map(|(_, from, count)| Offer {
                place: *at,
                reading: *reading,
                pair,
                from: *from,
                count: *count,
                promise: f32::INFINITY,
                repeated: true,
            }));
        }
    }
}

/// A hash of the characters around a place of a run; none at its edges.
fn surroundings(run: &[char], at: usize, sides: &[isize; 3]) -> Option<u64> {
    let mix = |hash: u64, c: char| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let near = |by: isize| run.get(at.checked_add_signed(by)?).copied();
    let all = sides.iter().try_fold(0, |hash, by| Some(mix(hash, near(*by)?)))?;
    Some(all.wrapping_mul(0xBF58_476D_1CE4_E5B9))
}
