//! Drift: in the midst of a paragraph about 沿黄 there stands, once, 沿海.
//!
//! A hand or an engine that knows a common word better than the paragraph's own term writes the common word. Two methods
//! look for it. The first asks the paragraph alone (`TYP004`): a word is doubted where a paragraph uses one term of the same
//! first character several times, before it and after it, opens with that term or has it in the same surroundings, the
//! document has the doubted word nowhere else, and ordinary prose has it far more often than the term. The second asks the
//! document and the language model (`TYP074`): a word that stands once is doubted where the document has, elsewhere, a
//! [twin](twins) that differs in one character, as far as the [evidence] for it [weighs](weigh).

pub mod evidence;
pub mod twins;
mod weigh;

use self::twins::Twin;
use super::odds::logit;
use super::usage::Usage;
use super::{Run, Runs};
use crate::document::View;
use crate::finding::Draft;
use crate::rule::RuleId;
use crate::stage::Context;

/// So often the term must stand in the paragraph.
const TERM: usize = 3;
/// The doubted word is at least 2^3 times as common in ordinary prose.
const COMMONER: u8 = 3;
/// A term that ordinary prose has more than 2^9 times is everyone's word and proves nothing.
const RARE: u8 = 9;
/// So many Han characters may stand before the term where a paragraph opens with it.
const OPENING: usize = 8;
/// Two characters that meet 2^3 times as often as by chance are a word or a part of one.
const WORD: i32 = 3;

/// A pair of characters and where it stands: run and place in it.
type Seen = (char, char, usize, usize);

/// Which pairs of a paragraph stand often enough to be its term, roughly: pairs share buckets.
struct Terms {
    counts: Box<[u8; Terms::BUCKETS]>,
    /// Whether a term may begin with a character.
    firsts: Box<[bool; Terms::BUCKETS]>,
}

impl Terms {
    const BUCKETS: usize = 4096;

    fn new() -> Self {
        Terms { counts: Box::new([0; Terms::BUCKETS]), firsts: Box::new([false; Terms::BUCKETS]) }
    }

    /// The places of a pair and of its first character.
    fn places(pair: &[char]) -> (usize, usize) {
        let [first, second] = [pair[0] as usize, pair[1] as usize];
        ((first * 31 + second) % Terms::BUCKETS, first % Terms::BUCKETS)
    }

    /// The pairs that begin as a term of the paragraph does, sorted. Hardly one in twenty is left.
    fn pairs(&mut self, paragraph: &[Run], seen: &mut Vec<Seen>) {
        seen.clear();
        let mut any = false;
        for run in paragraph {
            for pair in run.chars.windows(2) {
                let (place, first) = Terms::places(pair);
                self.counts[place] = self.counts[place].saturating_add(1);
                if self.counts[place] as usize == TERM {
                    self.firsts[first] = true;
                    any = true;
                }
            }
        }
        for (r, run) in paragraph.iter().enumerate().filter(|_| any) {
            let pairs = run.chars.windows(2).enumerate();
            seen.extend(pairs.filter(|(_, w)| self.firsts[Terms::places(w).1]).map(|(i, w)| (w[0], w[1], r, i)));
        }
        seen.sort_unstable();
        self.counts.fill(0);
        if any {
            self.firsts.fill(false);
        }
    }
}

/// Finds words that stand once beside the paragraph's own term.
pub(super) fn find(runs: &Runs, cx: &Context) -> Vec<Draft> {
    let Some(rule) = cx.rules.id("TYP004") else { return Vec::new() };
    let all: Vec<Run> = runs.iter().collect();
    let mut drafts = Vec::new();
    let mut terms = Terms::new();
    let mut seen: Vec<Seen> = Vec::new();
    for paragraph in all.chunk_by(|a, b| a.block == b.block) {
        terms.pairs(paragraph, &mut seen);
        for group in seen.chunk_by(|a, b| a.0 == b.0) {
            let found = drifting(group)
                .filter(|(term, odd)| is_theme(paragraph, term) || same_surroundings(paragraph, term, odd));
            if let Some((term, odd)) = found.filter(|(_, odd)| stands_once(&all, odd)) {
                drafts.push(draft(paragraph, rule, term, odd));
            }
        }
    }
    drafts
}

/// The places of the term and the odd one among pairs of one first character.
fn drifting(group: &[Seen]) -> Option<(&[Seen], Seen)> {
    if group.len() <= TERM || group.len() > 64 {
        return None;
    }
    let mut kinds = group.chunk_by(|a, b| a.1 == b.1);
    let (one, two) = (kinds.next()?, kinds.next()?);
    if kinds.next().is_some() {
        return None;
    }
    let (term, odd) = if one.len() > two.len() { (one, two) } else { (two, one) };
    let [odd] = odd else { return None };
    let place = |s: &Seen| (s.2, s.3);
    let (first, last) = (term.first()?, term.last()?);
    let amid = place(first) < place(odd) && place(odd) < place(last);
    let usage = Usage::embedded();
    let (usual, common) = (usage.pair(first.0, first.1)?, usage.pair(odd.0, odd.1)?);
    let word = usage.strength(odd.0, odd.1) >= WORD;
    (term.len() >= TERM && word && amid && usual <= RARE && common >= usual + COMMONER).then_some((term, *odd))
}

/// Whether the paragraph opens with the term, in its first clause: 打造沿黄生态经济带.
fn is_theme(paragraph: &[Run], term: &[Seen]) -> bool {
    let before = |t: &Seen| paragraph.iter().take(t.2).map(|r| r.chars.len()).sum::<usize>() + t.3;
    term.first().is_some_and(|t| before(t) <= OPENING)
}

/// Whether the odd word stands in the surroundings of the term: the same two characters follow it, or stand before it.
fn same_surroundings(paragraph: &[Run], term: &[Seen], odd: &Seen) -> bool {
    let around = |s: &Seen| {
        let chars = paragraph.get(s.2).map_or(&[][..], |r| r.chars);
        let before = s.3.checked_sub(2).and_then(|from| chars.get(from..s.3));
        (before, chars.get(s.3 + 2..s.3 + 4))
    };
    let (before, after) = around(odd);
    term.iter().map(around).any(|(b, a)| b.is_some() && b == before || a.is_some() && a == after)
}

fn stands_once(all: &[Run], odd: &Seen) -> bool {
    let pairs = all.iter().flat_map(|r| r.chars.windows(2));
    pairs.filter(|w| w[0] == odd.0 && w[1] == odd.1).take(2).count() == 1
}

fn draft(paragraph: &[Run], rule: RuleId, term: &[Seen], odd: Seen) -> Draft {
    let (_, _, r, i) = odd;
    let text: String = [odd.0, odd.1].iter().collect();
    let usual: String = term.iter().take(1).flat_map(|t| [t.0, t.1]).collect();
    let mut draft = Draft::suggest(rule, paragraph[r].span(i, i + 2), usual.clone())
        .arg("text", text.clone())
        .arg("usual", usual.clone())
        .because("beside", [("usual", usual), ("count", term.len().to_string()), ("text", text)])
        .sure(0.55);
    for (_, _, r, i) in term.iter().take(5) {
        draft = draft.beside("twin", paragraph[*r].span(*i, *i + 2));
    }
    draft
}

/// Finds words that stand once in a text that has, several times, another one in their place.
pub(super) fn find_twins(view: &View, runs: &Runs, cx: &Context) -> Vec<Draft> {
    let Some(rule) = cx.rules.id("TYP074") else { return Vec::new() };
    let sure = |twin: &Twin| Some((weigh::confidence(&twin.evidence), rule)).filter(|(c, _)| *c >= cx.doubt);
    let found = twins::find(view, runs, cx.rules, logit(cx.doubt));
    found.iter().filter_map(|twin| sure(twin).map(|(c, rule)| beside_twin(view, rule, twin, c))).collect()
}

/// The finding of an odd word.
fn beside_twin(view: &View, rule: RuleId, twin: &Twin, confidence: f32) -> Draft {
    let text = view.get(twin.span).to_owned();
    let slots = [("usual", twin.usual.clone()), ("count", twin.count.to_string()), ("text", text.clone())];
    let draft = Draft::suggest(rule, twin.span, twin.usual.clone())
        .arg("text", text)
        .arg("usual", twin.usual.clone())
        .because("beside", slots)
        .sure(confidence);
    twin.beside.iter().fold(draft, |draft, span| draft.beside("twin", *span))
}
