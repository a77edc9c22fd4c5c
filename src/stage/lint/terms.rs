//! Terms that have lost their quotation marks (GB/T 15834-2011 4.8.3.2): coinages, nicknames, themes and names that a
//! newspaper sets in marks because of what stands around them (打造“…”品牌, 以“…”为主题, 被称为“…”).
//!
//! [`super::boundaries`] says how likely a mark stands between two characters. A stretch is proposed where an opening and a
//! closing mark together are likely enough. An engine that drops the marks drops them everywhere: where a text has kept
//! its marks, much more has to speak for a lost one.

use super::boundaries::{Weights, folded};
use super::scan::ends_sentence;
use crate::document::View;
use crate::finding::Draft;
use crate::outline::BlockKind;
use crate::stage::Context;
use crate::text::ViewSpan;

/// Name of the series.
const SERIES: &str = "terms";
/// Characters of a term.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=12;
/// Least log-odds of each of the two marks.
const MARK: f32 = -4.8;
/// Least log-odds of both together. docs/QUALITY.md has the precision at this threshold, the listed phrases counted in
/// and left out.
const BOTH: f32 = -3.0;
/// The same where the text has kept its marks.
const BOTH_IN_MARKED: f32 = 4.0;
/// A text has kept its marks if it has a pair for this many characters; print has one for about a hundred.
const CHARACTERS_TO_A_PAIR: usize = 500;

/// A paragraph without its marks, as the table sees it.
#[derive(Debug, Default)]
struct Line {
    text: Vec<u16>,
    /// Byte offset of each character in the view, and of the end.
    offsets: Vec<usize>,
    /// Whether the place before each character, and the end, may not get a mark: inside marks or a title, or beside marks.
    shut: Vec<bool>,
}

/// The scores of closing marks that have been asked for: terms that begin side by side share their ends.
struct Closing {
    scores: Vec<Option<f32>>,
}

impl Closing {
    fn score(&mut self, weights: &Weights, text: &[u16], at: usize) -> f32 {
        match self.scores.get_mut(at) {
            Some(known) => *known.get_or_insert_with(|| weights.score(text, at, false)),
            None => weights.score(text, at, false),
        }
    }
}

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT023") else { return };
    let taken = taken(cx, drafts);
    let least = if has_marks(view.text()) { BOTH_IN_MARKED } else { BOTH };
    let weights = Weights::embedded();
    for block in &view.outline().blocks {
        if !matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Headline | BlockKind::Heading)
        {
            continue;
        }
        let line = Line::new(block.text.of(view.text()), block.text.start);
        for (start, end, score) in line.terms(weights, least) {
            let (Some(from), Some(to)) = (line.offsets.get(start), line.offsets.get(end)) else { continue };
            let span = ViewSpan::new(*from, *to);
            if overlaps(&taken, span) {
                continue;
            }
            let term = view.get(span);
            // A space parts two phrases, in a headline mostly.
            if term.contains(char::is_whitespace) {
                continue;
            }
            let odds = score.exp();
            drafts.push(
                Draft::suggest(rule, span, format!("“{term}”"))
                    .arg("term", term)
                    .sure((odds / (1.0 + odds)).clamp(0.3, 0.95))
                    .in_series(SERIES),
            );
        }
    }
}

/// The places that the lists of set phrases and the text's own usage have proposed already, in order.
fn taken(cx: &Context, drafts: &[Draft]) -> Vec<ViewSpan> {
    let rules = ["LNT021", "LNT022"].map(|code| cx.rules.id(code));
    let mut taken: Vec<ViewSpan> = drafts.iter().filter(|d| rules.contains(&Some(d.rule))).map(|d| d.span).collect();
    taken.sort_unstable_by_key(|s| (s.start, s.end));
    taken
}

fn overlaps(taken: &[ViewSpan], span: ViewSpan) -> bool {
    let next = taken.partition_point(|t| t.end <= span.start);
    taken.get(next).is_some_and(|t| t.start < span.end)
}

/// Whether a text has kept its quotation marks.
pub(super) fn has_marks(text: &str) -> bool {
    let marks = memchr::memmem::find_iter(text.as_bytes(), "“").count();
    // Three bytes to a character, near enough.
    marks > 1 && marks * CHARACTERS_TO_A_PAIR > text.len() / 3
}

impl Line {
    fn new(text: &str, start: usize) -> Self {
        let mut line = Line::default();
        let (mut quoted, mut title) = (0usize, 0usize);
        for (i, c) in text.char_indices() {
            let beside = match c {
                '“' | '‘' | '「' | '『' => {
                    quoted += 1;
                    continue;
                }
                '”' | '’' | '」' | '』' => {
                    quoted = quoted.saturating_sub(1);
                    false
                }
                '《' => {
                    title += 1;
                    false
                }
                _ => title > 0,
            };
            if c == '》' {
                title = title.saturating_sub(1);
            }
            if matches!(c, '”' | '’' | '」' | '』') {
                continue;
            }
            line.text.push(folded(c));
            line.offsets.push(start + i);
            line.shut.push(beside || quoted > 0);
        }
        line.offsets.push(start + text.len());
        line.shut.push(false);
        line
    }

    /// The terms in order: first character, end, and score.
    fn terms(&self, weights: &Weights, least: f32) -> Vec<(usize, usize, f32)> {
        let mut found: Vec<(usize, usize, f32)> = Vec::new();
        let mut closing = Closing { scores: vec![None; self.text.len() + 1] };
        for start in 0..self.text.len() {
            if self.shut.get(start).copied().unwrap_or(true) {
                continue;
            }
            let opening = weights.score(&self.text, start, true);
            if opening < MARK {
                continue;
            }
            let Some((end, score)) = self.best_end(weights, start, opening, &mut closing) else { continue };
            if score < least {
                continue;
            }
            // Of two that overlap, the likelier one stays.
            match found.last() {
                Some((_, last_end, last)) if *last_end > start && *last >= score => continue,
                Some((_, last_end, _)) if *last_end > start => {
                    found.pop();
                    found.push((start, end, score));
                }
                _ => found.push((start, end, score)),
            }
        }
        found
    }

    fn best_end(&self, weights: &Weights, start: usize, opening: f32, closing: &mut Closing) -> Option<(usize, f32)> {
        let mut best: Option<(usize, f32)> = None;
        for length in 1..=*LENGTH.end() {
            let last = char::from_u32(u32::from(*self.text.get(start + length - 1)?))?;
            if ends_sentence(last) || last == '；' {
                break;
            }
            let end = start + length;
            if self.shut.get(end).copied().unwrap_or(true) {
                break;
            }
            let closing = if LENGTH.contains(&length) { closing.score(weights, &self.text, end) } else { f32::MIN };
            if closing >= MARK && best.is_none_or(|(_, score)| opening + closing > score) {
                best = Some((end, opening + closing));
            }
        }
        best
    }
}
