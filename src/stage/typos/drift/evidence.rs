//! The evidence for a word that stands once being a slip for its twin, as numbers that [`super::weigh`] weighs.

use super::twins::{Offer, Pairs, Section, Twin};
pub use super::weigh::EVIDENCE;
use super::weigh::{OF_MODEL, may_reach, odds};
use crate::document::View;
use crate::lm::channel::Channel;
use crate::lm::lexicon::Lexicon;
use crate::lm::ngram::{Model, State};
use crate::lm::sense::Within;
use crate::lm::suspect::Judge;
use crate::lm::symbols::Symbol;
use crate::rule::RuleSet;
use crate::stage::names::Names;

/// The usual word must make its surroundings likelier by this, in log10.
const LEAST_GAIN: f32 = 0.7;
/// The same where the text has the reading between the same characters.
const LEAST_GAIN_REPEATED: f32 = -2.0;
/// The same of a reading that sounds or looks alike by [`ALIKE`]: names are strange to the model.
const LEAST_GAIN_ALIKE: f32 = -1.0;
const ALIKE: f32 = 0.7;
/// Less likeness than this is none.
const FAINT: f32 = 0.4;
/// Characters on either side that the model is asked with.
const AROUND: usize = 12;
/// Characters on either side that are divided into words.
const DIVIDED: usize = 9;
/// Characters on either side that tell what the text is about.
const FITTED: isize = 48;
/// Characters on either side of the pair whose likeness counts.
const BESIDE: isize = 3;
/// So near each other two words are of one series: 补链、延链、固链.
const SERIES: usize = 7;
/// A sentence that has both words may mean both (择业就业, 抗灾救灾): so far from the odd word one of the usual ones must stand.
const FAR: usize = 100;
/// Readings of a place that are put into the text, those that promise most.
const TRIED: usize = 5;
/// The most by which one reading can be ahead of another.
const FAR_AHEAD: f32 = 6.0;
/// A gain above this says less for each step.
const PLENTY: f32 = 6.0;
/// Places of the usual word whose surroundings are compared, and those that are shown.
const COMPARED: usize = 64;
const SHOWN: usize = 5;

/// What stands in these lists is meant as it stands.
const LISTED: [&str; 6] = ["accept", "abbreviations", "proper-names", "organizations", "agencies", "newspapers"];

/// What each number of the evidence is. Logarithms of counts are natural, all others are to the base of ten.
pub const NAMES: [&str; EVIDENCE] = [
    "gain",
    "gain beyond the next character",
    "gain above plenty",
    "surprise of the old reading",
    "surprise of the new reading",
    "surprise before the place",
    "margin to the next reading",
    "gain of the words",
    "fit of the usual word",
    "fit of the odd word",
    "count of the usual pair",
    "count of the other new pair",
    "other places of the other old pair",
    "characters alike beside the pair",
    "two alike or more",
    "distance to the nearest",
    "in the same paragraph",
    "in one series",
    "odd word is listed",
    "commonness of the odd word",
    "usual word is listed",
    "probability of the odd pair",
    "frequency of the old character",
    "frequency of the new character",
    "old character elsewhere",
    "old character nearby",
    "shape",
    "sound",
    "a name",
    "neither listed nor alike",
];

/// What is asked about the places of a text.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a, 'r> {
    pub view: &'a View<'a>,
    pub rules: &'a RuleSet,
    pub judge: &'a Judge<'static>,
    pub section: &'a Section<'r>,
    pub pairs: &'a Pairs,
    /// The log-odds that are asked for.
    pub least: f32,
}

/// A reading of a place with what the model says of it.
#[derive(Clone, Copy)]
struct Ranked {
    offer: Offer,
    /// log10 of the probability of the place and the next one, and of those after them.
    new: [f32; 2],
    gain: f32,
    rank: f32,
}

/// The likeliest of the readings that are offered for one place, in the order of the readings.
pub(super) fn best(asked: &Asked, offers: &[Offer]) -> Option<Twin> {
    let at = offers.first()?.place;
    let own = asked.section.near(at, 0)?;
    // What the text says costs little. Where that is hopeless, the model is not asked.
    let hopeful = |o: &Offer| {
        of_text(asked, o, own).is_some_and(|mut text| {
            let reaches = |text: &_| may_reach(text, asked.least);
            // A name is looked for last, because that costs most.
            let hope = reaches(&text) || is_alike(&text) && reaches(&with_name(text, true));
            if hope && is_alike(&text) {
                text = with_name(text, is_name(asked.rules, asked.section, at));
            }
            hope && reaches(&text)
        })
    };
    if !offers.iter().any(hopeful) {
        return None;
    }
    let model = asked.judge.model();
    let mut around = Surroundings::of(asked, at)?;
    let old = around.total(model, model.vocabulary().symbol(own));
    let mut readings: Vec<&[Offer]> = offers.chunk_by(|a, b| a.reading == b.reading).collect();
    let promise = |of_one: &[Offer]| of_one.iter().map(|o| o.promise).fold(f32::NEG_INFINITY, f32::max);
    readings.sort_by(|a, b| promise(b).total_cmp(&promise(a)));
    let mut ranked: Vec<Ranked> = readings
        .into_iter()
        .take(TRIED)
        .filter_map(|of_one| rank(model, asked.section, &mut around, old, own, of_one))
        .collect();
    ranked.sort_by(|a, b| b.rank.total_cmp(&a.rank).then(a.offer.reading.cmp(&b.offer.reading)));
    let first = *ranked.first()?;
    let margin = ranked.get(1).map_or(FAR_AHEAD, |r| (first.rank - r.rank).min(FAR_AHEAD));
    let evidence = evidence(asked, &around, old, &first, margin)?;
    // Rounding may not decide.
    if odds(&evidence) < asked.least - 0.01
        || LISTED.iter().any(|list| asked.section.lists(first.offer.pair, asked.rules.words(list)))
    {
        return None;
    }
    twin(asked, &first.offer, evidence)
}

/// A reading with what the model says of it, where that is enough.
fn rank(
    model: &Model,
    section: &Section,
    around: &mut Surroundings,
    old: [f32; 2],
    own: char,
    offers: &[Offer],
) -> Option<Ranked> {
    let listed = |o: &&Offer| {
        let (odd, usual) = words(section, o);
        u8::from(level(odd) > 0.0) + u8::from(level(usual) > 0.0)
    };
    let offer = *offers.iter().max_by_key(|o| (listed(o), o.count))?;
    let repeated = offers.iter().any(|o| o.repeated);
    let new = around.total(model, model.vocabulary().symbol(offer.reading));
    let gain = new[0] + new[1] - old[0] - old[1];
    let (shape, sound) = likeness(own, offer.reading);
    let alike = shape.max(sound);
    let enough =
        gain >= LEAST_GAIN || repeated && gain >= LEAST_GAIN_REPEATED || alike > ALIKE && gain > LEAST_GAIN_ALIKE;
    let rank = gain + (offer.count as f32).ln() * 0.5 + 2.0 * alike;
    enough.then_some(Ranked { offer, new, gain, rank })
}

/// The odd pair of characters and the usual one.
fn words(section: &Section, offer: &Offer) -> ([char; 2], [char; 2]) {
    let odd = [0, 1].map(|by| section.near(offer.pair, by).unwrap_or('\0'));
    let mut usual = odd;
    usual[usize::from(offer.pair != offer.place)] = offer.reading;
    (odd, usual)
}

/// How much likelier the words become that the text around a place divides into, in log10.
fn gain_of_words(section: &Section, at: usize, reading: char) -> f32 {
    let around = -(DIVIDED as isize)..=DIVIDED as isize;
    let text = |own: Option<char>| -> Vec<char> {
        around.clone().filter_map(|by| if by == 0 { own } else { section.near(at, by) }).collect()
    };
    let lexicon = Lexicon::embedded();
    lexicon.divide(&text(Some(reading))).log - lexicon.divide(&text(section.near(at, 0))).log
}

/// How well the words at a place go with those around them, as they would be and as they are.
fn fit(section: &Section, at: usize, reading: char) -> (f32, f32) {
    let before: Vec<char> = (1..=FITTED).rev().filter_map(|by| section.near(at, -by)).collect();
    let here = before.len();
    let text: Vec<char> = before.into_iter().chain((0..=FITTED).filter_map(|by| section.near(at, by))).collect();
    let mut other = text.clone();
    other.get_mut(here).into_iter().for_each(|place| *place = reading);
    let compared = Within::new(text, here).compare(&other);
    (compared.new.cosine, compared.old.cosine)
}

/// How common a word of the dictionary is, 0 where it is not listed.
fn level(word: [char; 2]) -> f32 {
    f32::from(Lexicon::embedded().level(&word).unwrap_or(0))
}

/// How much two characters look and sound alike, 0 to 1.
fn likeness(a: char, b: char) -> (f32, f32) {
    let near = Channel::embedded().pair(a, b);
    near.map_or((0.0, 0.0), |n| (f32::from(n.shape) / 255.0, f32::from(n.sound) / 255.0))
}

fn evidence(
    asked: &Asked,
    around: &Surroundings,
    old: [f32; 2],
    ranked: &Ranked,
    margin: f32,
) -> Option<[f32; EVIDENCE]> {
    let Ranked { offer, new, gain, .. } = *ranked;
    let own = asked.section.near(offer.place, 0)?;
    let (new_fit, old_fit) = fit(asked.section, offer.place, offer.reading);
    let of_model = [
        gain,
        new[1] - old[1],
        (gain - PLENTY).max(0.0),
        -(old[0] + old[1]),
        -(new[0] + new[1]),
        around.before,
        margin,
        gain_of_words(asked.section, offer.place, offer.reading),
        new_fit,
        old_fit,
    ];
    let mut evidence = [0.0; EVIDENCE];
    let mut text = of_text(asked, &offer, own)?;
    if is_alike(&text) {
        text = with_name(text, is_name(asked.rules, asked.section, offer.place));
    }
    let all = of_model.into_iter().chain(text);
    evidence.iter_mut().zip(all).for_each(|(place, value)| *place = value);
    Some(evidence)
}

/// The evidence of the text and the tables.
type OfText = [f32; EVIDENCE - OF_MODEL];
/// Where in it shape, sound and the name are.
const SHAPE: usize = 26 - OF_MODEL;
const SOUND: usize = 27 - OF_MODEL;
const NAME: usize = 28 - OF_MODEL;

/// Whether the readings are so much alike that it matters whether the place is in a name.
fn is_alike(text: &OfText) -> bool {
    text[SHAPE].max(text[SOUND]) > ALIKE
}

fn with_name(mut text: OfText, is: bool) -> OfText {
    text[NAME] = f32::from(u8::from(is));
    text
}

/// What the text and the tables say of a reading, from [`OF_MODEL`] on in [`NAMES`]; nothing where both words stand in one
/// sentence only. Whether the place is in a name is not looked up.
fn of_text(asked: &Asked, offer: &Offer, own: char) -> Option<OfText> {
    let Asked { section, pairs, judge, .. } = *asked;
    let (model, at) = (judge.model(), offer.place);
    let single = |c: char| model.single(model.vocabulary().symbol(c));
    let yes = |is: bool| f32::from(u8::from(is));
    let (shape, sound) = likeness(own, offer.reading);
    let (odd, usual) = words(section, offer);
    let joint = single(odd[0]) + model.after_one(model.vocabulary().symbol(odd[0]), model.vocabulary().symbol(odd[1]));
    let places = pairs.places(offer.from, offer.count);
    let distance = |p: &(u32, u32)| (p.1 as usize).abs_diff(offer.pair);
    let nearest = places.iter().map(distance).min()?;
    if places.iter().map(distance).max()? < FAR {
        return None;
    }
    let block = section.run(at)?.0.block;
    let amid = places.iter().any(|p| section.run(p.1 as usize).is_some_and(|r| r.0.block == block));
    let alike = places.iter().take(COMPARED).map(|p| alike(section, p.1 as usize, offer.pair)).max()? as f32;
    // The pair on the other side of the place, which is not the odd word.
    let (left, right) = (section.near(at, -1), section.near(at, 1));
    let (others, both) = match (offer.pair == at, left, right) {
        (true, Some(l), _) => (pairs.count(l, own), pairs.count(l, offer.reading)),
        (false, _, Some(r)) => (pairs.count(own, r), pairs.count(offer.reading, r)),
        _ => (1, 0),
    };
    Some([
        (offer.count as f32).ln(),
        (both as f32).ln_1p(),
        (others.saturating_sub(1) as f32).ln_1p(),
        alike,
        yes(alike >= 2.0),
        (nearest as f32).log10(),
        yes(amid),
        yes(nearest <= SERIES),
        yes(level(odd) > 0.0),
        level(odd),
        yes(level(usual) > 0.0),
        joint,
        single(own),
        single(offer.reading),
        burst(pairs.elsewhere(own), section.len(), single(own)),
        (section.nearby(at, own) as f32).ln_1p(),
        shape,
        sound,
        0.0,
        yes(level(odd) == 0.0 && shape.max(sound) < FAINT),
    ])
}

/// How many characters beside two pairs are alike, up to [`BESIDE`] on either side.
fn alike(section: &Section, a: usize, b: usize) -> usize {
    let same = |by: isize| section.near(a, by).is_some_and(|c| section.near(b, by) == Some(c));
    let after = (2..2 + BESIDE).take_while(|by| same(*by)).count();
    let before = (1..=BESIDE).take_while(|by| same(-by)).count();
    before + after
}

/// How much more often a character stands in a text than it would in any, in log10.
fn burst(count: usize, characters: usize, single: f32) -> f32 {
    ((count as f32 + 0.3) / (characters as f32 * 10f32.powf(single) + 0.3)).log10()
}

/// Whether a place is in the given name of a person.
fn is_name(rules: &RuleSet, section: &Section, at: usize) -> bool {
    let names = Names::new(rules);
    // Where the name begins, from the place, and its length.
    [(-1, 2), (-2, 3), (-1, 3)].into_iter().any(|(from, length)| names.is_name(|by| section.near(at, by), from, length))
}

/// The two words as an editor is shown them: where the usual pair is no word by itself, with the characters beside it that all
/// its places have.
fn twin(asked: &Asked, offer: &Offer, evidence: [f32; EVIDENCE]) -> Option<Twin> {
    let Asked { section, pairs, .. } = *asked;
    let (_, usual) = words(section, offer);
    let places: Vec<usize> = pairs.places(offer.from, offer.count).iter().take(SHOWN).map(|p| p.1 as usize).collect();
    let shared = |by: isize| {
        let c = section.near(offer.pair, by)?;
        places.iter().all(|p| section.near(*p, by) == Some(c)).then_some(c)
    };
    let mut word: Vec<char> = usual.to_vec();
    let (mut before, mut after) = (0, 2);
    if level(usual) == 0.0 {
        if let Some(c) = shared(-1) {
            word.insert(0, c);
            before = 1;
        }
        if let Some(c) = shared(2) {
            word.push(c);
            after = 3;
        }
    }
    let span = |pair: usize| section.span(pair - before, pair + after);
    Some(Twin {
        place: section.span(offer.place, offer.place + 1)?,
        reading: offer.reading,
        span: span(offer.pair)?,
        usual: word.into_iter().collect(),
        beside: places.iter().filter_map(|p| span(*p)).collect(),
        count: offer.count as usize,
        evidence,
    })
}

/// A place with what stands around it, as the model reads it.
struct Surroundings {
    symbols: Vec<Symbol>,
    at: usize,
    /// What the model remembers of the symbols before the place.
    state: State,
    /// The mean surprise of those symbols.
    before: f32,
}

impl Surroundings {
    fn of(asked: &Asked, at: usize) -> Option<Self> {
        let place = asked.section.span(at, at + 1)?;
        let block = asked.view.outline().blocks.get(asked.section.run(at)?.0.block)?.text;
        let text = asked.view.get(block);
        let here = place.start.checked_sub(block.start)?;
        let from = text.get(..here)?.char_indices().rev().take(AROUND).last().map_or(here, |(i, _)| i);
        let to = text.get(here..)?.char_indices().nth(AROUND).map_or(text.len(), |(i, _)| here + i);
        let line = asked.judge.read(text.get(from..to)?, block.start + from);
        // Where the text was cut there is no edge.
        let (first, last) = (usize::from(from > 0), line.len() - usize::from(to < text.len()));
        let at = line.starts.iter().rposition(|s| *s == place.start)?.checked_sub(first)?;
        let symbols = line.symbols.get(first..last)?.to_vec();
        let (scores, states) = asked.judge.model().follow(symbols.get(..at)?);
        let state = states.last().copied().unwrap_or_default();
        let before = -scores.iter().skip(1).sum::<f32>() / (scores.len().saturating_sub(1).max(1) as f32);
        Some(Surroundings { symbols, at, state, before })
    }

    /// log10 of the probability of the place and the next one, and of those after them that it bears upon, with a symbol at the
    /// place.
    fn total(&mut self, model: &Model, reading: Symbol) -> [f32; 2] {
        if let Some(place) = self.symbols.get_mut(self.at) {
            *place = reading;
        }
        model.fetch(&self.symbols, self.at, self.state.matched);
        let (mut state, mut sums) = (self.state, [0.0; 2]);
        for n in self.at..(self.at + model.order()).min(self.symbols.len()) {
            let (score, after) = model.next(&self.symbols, n, &state);
            state = after;
            sums[usize::from(n > self.at + 1)] += score;
        }
        sums
    }
}
