//! Whole passages that one reading has alone: a sentence that a fluent engine made up, a paragraph that the base has lost.

use super::evidence::Page;
use super::report::{context, in_view, is_prose, plain, shown, skipped};
use super::weigh::Kind;
use super::{Codes, Desk};
use crate::collate::{Collation, Pair};
use crate::document::View;
use crate::finding::Draft;
use crate::lm::suspect::Judge;
use crate::text::SourceSpan;
use std::collections::HashSet;
use std::ops::Range;

/// A passage has at least so many characters.
const PASSAGE: usize = 10;
/// A lost passage that stands between two articles must be longer: heads and folios of a page are left out on purpose.
const LOST: usize = 20;
/// A reading that covers less of the base than this share cannot say what the base has alone.
const COVERS: f64 = 0.6;
/// What a language model makes of a passage that is prose: at least this mean of log10 of the probability of its symbols.
const PROSE: f32 = -2.8;
/// Runs by which a passage is known that the base has elsewhere, and the share of them that is enough.
const KNOWN: usize = 6;
const SHARE: f64 = 0.4;

/// Findings of passages of a page.
pub fn find(view: &View, desks: &[Desk], codes: Codes) -> Vec<Draft> {
    let mut out = Vec::new();
    for (number, desk) in desks.iter().enumerate().filter(|(_, desk)| !desk.witness.reprint) {
        let found = &desk.page.readings.collation;
        if desk.kind != Kind::Engine && covers(&desk.page) >= COVERS {
            for range in found.base_only.iter().filter(|r| r.len() >= PASSAGE) {
                let others = || desks.iter().enumerate().filter(|(n, o)| *n != number && !o.witness.reprint);
                let alone = others().all(|(_, o)| o.page.readings.collation.alone(range));
                let first = others().all(|(n, o)| n > number || covers(&o.page) < COVERS);
                if alone && first {
                    out.extend(extra(view, desk, range, codes));
                }
            }
        }
        let known: HashSet<&[char]> = match found.other_only.iter().any(|r| r.len() >= LOST) {
            true => desk.page.readings.base().chars().windows(KNOWN).collect(),
            false => HashSet::new(),
        };
        let mut by_other: Vec<&Pair> = found.equal.iter().collect();
        by_other.sort_unstable_by_key(|p| p.other.start);
        for range in found.other_only.iter().filter(|r| r.len() >= LOST) {
            let chars = desk.page.readings.other().chars().get(range.clone()).unwrap_or(&[]);
            let repeated = chars.windows(KNOWN).filter(|w| known.contains(w)).count();
            if (repeated as f64) < SHARE * chars.len() as f64 {
                out.extend(lost(view, desk, range, &by_other, codes));
            }
        }
    }
    out
}

impl Collation {
    /// Whether the base has a stretch alone, but for a few characters.
    fn alone(&self, range: &Range<usize>) -> bool {
        let next = self.base_only.partition_point(|r| r.end <= range.start);
        let parts = self.base_only.iter().skip(next).take_while(|r| r.start < range.end);
        let shared: usize = parts.map(|r| r.end.min(range.end) - r.start.max(range.start)).sum();
        4 * shared >= 3 * range.len()
    }
}

/// The share of the base that a reading has a counterpart of.
fn covers(page: &Page) -> f64 {
    let all = page.readings.base().chars().len().max(1);
    let alone: usize = page.readings.collation.base_only.iter().map(Range::len).sum();
    1.0 - alone as f64 / all as f64
}

fn extra(view: &View, desk: &Desk, range: &Range<usize>, codes: Codes) -> Option<Draft> {
    let span = in_view(view, desk.in_source(desk.page.readings.in_base(range)))?;
    if skipped(view, span) || !is_prose(view.get(span)) {
        return None;
    }
    let name = ("witness", desk.witness.name.clone());
    let draft = Draft::flag(codes.extra?, span).arg("text", shown(view.get(span))).arg("reading", "");
    Some(draft.arg("context", shown(view.get(span))).arg("witness", name.1.clone()).because("reads-nothing", [name]))
}

fn lost(view: &View, desk: &Desk, range: &Range<usize>, by_other: &[&Pair], codes: Codes) -> Option<Draft> {
    let text = plain(desk.page.readings.in_other(range).of(desk.page.other.text()));
    let judge = Judge::embedded();
    let line = judge.read(&text, 0);
    let (scores, _) = judge.model().follow(&line.symbols);
    let mean = scores.iter().sum::<f32>() / scores.len().max(1) as f32;
    if !is_prose(&text) || mean < PROSE {
        return None;
    }
    // It is shown where what stands before it in the other reading stands in the base.
    let next = by_other.partition_point(|p| p.other.start < range.start);
    let (before, after) = (next.checked_sub(1).and_then(|i| by_other.get(i)), by_other.get(next));
    let at = match (before, after) {
        (Some(pair), _) => pair.base.end.checked_sub(1)?,
        (None, Some(pair)) => pair.base.start,
        (None, None) => return None,
    };
    let place: SourceSpan = desk.in_source(desk.page.readings.in_base(&(at..at + 1)));
    let span = in_view(view, place)?;
    let name = ("witness", desk.witness.name.clone());
    let reading = shown(&text);
    let draft = Draft::flag(codes.lost?, span).arg("text", "").arg("reading", reading.clone());
    let draft = draft.arg("context", context(view, span)).arg("witness", name.1.clone());
    Some(draft.because("passage", [name, ("characters", range.len().to_string())]))
}
