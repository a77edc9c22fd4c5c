//! Decisions whose rule says nothing any more: where the place that was decided stands today, if that can still be told.
//!
//! A rule falls silent when it was changed, or when the text around the place is read anew. What a person settled there is
//! then neither lost nor carried out: the place is looked for by its quote and by what stood around it, and where it stands
//! only once it is asked about again, as a finding of a rule of its own ([`RECALLED`]). Its proposal is what was decided.

use super::replay::{LEAST, likeness};
use super::{Decision, Decisions, Verdict, proposal_hash};
use crate::pipeline::surroundings;
use crate::source::Source;
use crate::text::SourceSpan;
use aho_corasick::AhoCorasick;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The rule under which such a place is asked about.
pub const RECALLED: &str = "REV001";

/// Characters beside a quote that are looked for together with it.
const BESIDE: usize = 4;
/// A quote of so many characters is looked for by itself too.
const TELLING: usize = 4;
/// Characters of a quote that are looked for; the rest is compared where they are found.
const HEAD: usize = 32;
/// Places that are compared for one text. One that stands oftener tells no place.
const CROWD: usize = 32;

/// Where the place of a decision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The place.
    pub span: SourceSpan,
    /// How many of the characters around it stand where they stood.
    pub likeness: usize,
}

/// The places of decisions (numbers in the log): those whose quote stands in the source with the text around it more like
/// what it was than anywhere else.
pub fn places(log: &Decisions, lost: &[usize], source: &Source) -> BTreeMap<usize, Place> {
    let decisions = || lost.iter().filter_map(|n| Some((*n, log.log.get(*n)?))).filter(|(_, d)| is_anchored(d));
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut wanted: Vec<(usize, Vec<Clue>)> = Vec::new();
    for (n, decision) in decisions() {
        let number = |(text, offset, alone): (String, usize, bool)| {
            let next = numbers.len();
            Clue { text: *numbers.entry(text).or_insert(next), offset, alone }
        };
        wanted.push((n, clues(decision).into_iter().map(number).collect()));
    }
    let found = occurrences(&numbers, &source.text);
    let place = |(n, clues): &(usize, Vec<Clue>)| Some((*n, place(log.log.get(*n)?, clues, &found, source)?));
    wanted.iter().filter_map(place).collect()
}

fn is_anchored(decision: &Decision) -> bool {
    let anchor = &decision.anchor;
    let says = |text: &String| !text.is_empty();
    says(&anchor.rule) && [&anchor.quote, &anchor.before, &anchor.after].into_iter().any(says)
}

/// A text that stands at a place: its number, where in it the quote begins, and whether it is the quote alone.
struct Clue {
    text: usize,
    offset: usize,
    alone: bool,
}

/// The texts by which a place is looked for, each with where in it the quote begins and whether it is the quote alone.
fn clues(decision: &Decision) -> Vec<(String, usize, bool)> {
    let anchor = &decision.anchor;
    let head: String = anchor.quote.chars().take(HEAD).collect();
    let from = anchor.before.char_indices().rev().nth(BESIDE - 1).map_or(0, |(at, _)| at);
    let before = anchor.before.get(from..).unwrap_or("");
    let mut out = Vec::new();
    if !before.is_empty() {
        out.push((format!("{before}{head}"), before.len(), false));
    }
    if !anchor.after.is_empty() && head.len() == anchor.quote.len() {
        out.push((head.chars().chain(anchor.after.chars().take(BESIDE)).collect(), 0, false));
    }
    if head.chars().count() >= TELLING {
        out.push((head, 0, true));
    }
    out
}

/// Where each text stands, by its number; one that stands too often has none.
fn occurrences(numbers: &HashMap<String, usize>, text: &str) -> Vec<Vec<usize>> {
    let mut texts = vec![""; numbers.len()];
    for (text, number) in numbers {
        if let Some(place) = texts.get_mut(*number) {
            *place = text;
        }
    }
    let mut found: Vec<Vec<usize>> = vec![Vec::new(); texts.len()];
    let Ok(automaton) = AhoCorasick::new(&texts) else { return found };
    for hit in automaton.find_overlapping_iter(text) {
        if let Some(found) = found.get_mut(hit.pattern().as_usize()).filter(|found| found.len() <= CROWD) {
            found.push(hit.start());
        }
    }
    found
}

/// The one place that is likest to what a decision saw.
fn place(decision: &Decision, clues: &[Clue], found: &[Vec<usize>], source: &Source) -> Option<Place> {
    let quote = decision.anchor.quote.as_str();
    let mut starts = Vec::new();
    for clue in clues {
        let hits = found.get(clue.text)?;
        match (hits.len() > CROWD, clue.alone) {
            (true, true) => {}
            (true, false) => return None,
            (false, _) => starts.extend(hits.iter().map(|at| at + clue.offset)),
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let stands = |start: &usize| source.text.get(*start..).is_some_and(|rest| rest.starts_with(quote));
    let mut best: Option<Place> = None;
    let mut only = true;
    for start in starts.into_iter().filter(stands) {
        let span = SourceSpan::new(start, start + quote.len());
        let likeness = likeness(decision, &surroundings(&source.text, span));
        match best.map(|b| b.likeness.cmp(&likeness)) {
            Some(std::cmp::Ordering::Greater) => {}
            Some(std::cmp::Ordering::Equal) => only = false,
            _ => (best, only) = (Some(Place { span, likeness }), true),
        }
    }
    best.filter(|place| only && place.likeness >= LEAST)
}

/// What a decision would put at its place, as the proposal of the finding that asks about it again; nothing where it would
/// change nothing there.
pub fn recalled(decision: &Decision) -> Option<Vec<Cow<'static, str>>> {
    let fixes = |text: &str| vec![Cow::Owned(text.to_owned())];
    match decision.verdict {
        Verdict::Edit => Some(fixes(&decision.text)),
        Verdict::Accept if !decision.text.is_empty() => Some(fixes(&decision.text)),
        // The first alternative was meant, whose text only the hash tells: a deletion, or none because it was a flag.
        Verdict::Accept if decision.proposal == proposal_hash(&fixes("")) => Some(fixes("")),
        Verdict::Accept => Some(Vec::new()),
        Verdict::Reject | Verdict::Undo => None,
    }
}
