//! Wrong wording that the document itself gives away: what was typed twice, what stands twice in one short clause, and a
//! term that drifts from its own usual form. Then the desk's own rule files for confusions and phrases.

mod again;
pub mod collation;
mod doubled;
pub mod drift;
mod echo;
mod guards;
mod misread;
mod odds;
mod stroke;

pub use crate::lm::usage;

use super::{Context, Stage};
use crate::document::View;
use crate::finding::{Applicability, Draft};
use crate::outline::BlockKind;
use crate::text::{ViewSpan, is_han};

/// Characters of numbers: what number is meant only the page knows.
const NUMERALS: &str = "〇零一二三四五六七八九十百千万亿两";

/// The stage.
pub struct Typos;

impl Stage for Typos {
    fn name(&self) -> &'static str {
        "typos"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let runs = Runs::read(view);
        let mut drafts = doubled::find(&runs, cx);
        drafts.extend(echo::find(&runs, cx));
        drafts.extend(drift::find(&runs, cx));
        drafts.extend(super::data::run("typos", view, cx));
        let (readings, agreed) = collation::find(view, cx);
        if !readings.is_empty() {
            // Another reading is better evidence than any rule of thumb; what is sure stays.
            let taken = covered(&readings);
            drafts.retain(|d| d.applicability == Applicability::Safe || !meets(&taken, d.span));
            let sure = covered(&drafts);
            drafts.extend(readings.into_iter().filter(|d| !meets(&sure, d.span)));
        }
        let mut taken = covered(&drafts);
        let beside = drift::find_twins(view, &runs, cx);
        let free = |d: &Draft| !meets(&taken, d.span);
        drafts.extend(beside.into_iter().filter(free).collect::<Vec<_>>());
        taken = covered(&drafts);
        drafts.extend(stroke::find(view, cx).into_iter().filter(|d| !meets(&taken, d.span)));
        taken = covered(&drafts);
        drafts.extend(misread::find(view, cx, &taken, &agreed));
        drafts
    }
}

/// The places that some findings speak of, in order, those that meet as one.
fn covered(drafts: &[Draft]) -> Vec<ViewSpan> {
    let mut spans: Vec<ViewSpan> = drafts.iter().map(|d| d.span).collect();
    spans.sort_unstable();
    spans.dedup_by(|next, last| {
        let meets = next.start <= last.end;
        if meets {
            last.end = last.end.max(next.end);
        }
        meets
    });
    spans
}

/// Whether a place meets one of some spans in order that are apart from each other.
fn meets(taken: &[ViewSpan], span: ViewSpan) -> bool {
    taken.get(taken.partition_point(|t| t.end <= span.start)).is_some_and(|t| t.overlaps(span))
}

/// The Han characters of the blocks' text, run by run: between two runs stands a mark, a digit, a letter or a line end.
pub(crate) struct Runs {
    chars: Vec<char>,
    /// Byte offset of each character in the view.
    at: Vec<usize>,
    /// Where each run begins in `chars`; one more for the end.
    starts: Vec<usize>,
    /// The block of each run.
    blocks: Vec<usize>,
}

/// One run of Han characters.
#[derive(Clone, Copy)]
pub(crate) struct Run<'r> {
    /// Its characters.
    pub chars: &'r [char],
    at: &'r [usize],
    /// Number of its block in the outline.
    pub block: usize,
}

impl Runs {
    fn read(view: &View) -> Runs {
        let most = view.text().len() / '一'.len_utf8();
        let (chars, at) = (Vec::with_capacity(most), Vec::with_capacity(most));
        let mut runs = Runs { chars, at, starts: Vec::new(), blocks: Vec::new() };
        for (number, block) in view.outline().blocks.iter().enumerate() {
            if matches!(block.kind, BlockKind::Furniture | BlockKind::Image) {
                continue;
            }
            let mut inside = false;
            for (i, c) in view.get(block.text).char_indices() {
                let han = is_han(c);
                if han {
                    if !inside {
                        runs.starts.push(runs.chars.len());
                        runs.blocks.push(number);
                    }
                    runs.chars.push(c);
                    runs.at.push(block.text.start + i);
                }
                inside = han;
            }
        }
        runs.starts.push(runs.chars.len());
        runs
    }

    /// All runs, in order.
    pub fn iter(&self) -> impl Iterator<Item = Run<'_>> {
        self.starts.windows(2).zip(&self.blocks).map(|(w, block)| Run {
            chars: &self.chars[w[0]..w[1]],
            at: &self.at[w[0]..w[1]],
            block: *block,
        })
    }
}

impl Run<'_> {
    /// The characters from `from` to before `to` as a span of the view.
    pub fn span(&self, from: usize, to: usize) -> ViewSpan {
        let start = self.at.get(from).copied().unwrap_or(0);
        let last = to.checked_sub(1).filter(|l| *l >= from);
        let end = last.and_then(|l| Some(self.at.get(l)? + self.chars.get(l)?.len_utf8()));
        ViewSpan::new(start, end.unwrap_or(start))
    }

    /// The characters from `from` to before `to`, cut to the run.
    pub fn text(&self, from: usize, to: usize) -> String {
        let to = to.min(self.chars.len());
        self.chars.get(from.min(to)..to).unwrap_or(&[]).iter().collect()
    }

    /// The character before a place.
    pub fn before(&self, at: usize) -> Option<char> {
        self.chars.get(at.checked_sub(1)?).copied()
    }

    /// Whether a stretch lies inside an occurrence of one of the words.
    pub fn inside_word(&self, from: usize, to: usize, words: &crate::rule::Words) -> bool {
        const LONGEST: usize = 8;
        let Some(automaton) = words.automaton() else { return false };
        let first = from.saturating_sub(LONGEST);
        let near = self.text(first, to + LONGEST);
        let byte = |n: usize| near.char_indices().nth(n - first).map_or(near.len(), |(i, _)| i);
        let (start, end) = (byte(from), byte(to));
        automaton.find_iter(&near).any(|m| m.start() <= start && end <= m.end())
    }
}
