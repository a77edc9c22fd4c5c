//! Where a paragraph begins among the printed lines of a column.
//!
//! A newspaper sets the first line of a paragraph in by two characters and fills every line but the last. Engines trim what
//! they box: a mark at the end of a line is often left out, and an opening quotation mark at its start. So one character
//! more or less says nothing.

use super::json::width;
use super::sheet::Line;
use crate::source::BBox;

/// A line that begins this many characters behind the edge of its column begins a paragraph: two is the rule, and one may
/// be a mark that the engine left out.
const INDENT: f32 = 1.5;
/// A line that ends this many characters before the edge of its column ends a paragraph, if it also ends a sentence.
const SHORT: f32 = 2.5;
/// White between two lines, in heights of a line, that parts them whatever they say.
const GAP: f32 = 1.2;

/// The edges of a column and the size of its type.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Column {
    edges: Option<[f32; 2]>,
    em: f32,
}

impl Column {
    /// The column that the lines of a region make.
    pub fn of(lines: &[Line]) -> Column {
        let boxes: Vec<(BBox, f32)> = lines.iter().filter_map(|l| Some((l.bbox.filter(is_flat)?, ems(l)))).collect();
        let ems = sorted(boxes.iter().filter(|(_, n)| *n >= 3.0).map(|(b, n)| b.width() / n));
        let lefts = sorted(boxes.iter().map(|(b, _)| b.0[0]));
        let rights = sorted(boxes.iter().map(|(b, _)| b.0[2]));
        let (Some(em), Some(l), Some(r)) = (share(&ems, 0.5), share(&lefts, 0.1), share(&rights, 0.9)) else {
            return Column::default();
        };
        Column { edges: Some([l, r]), em: em.max(f32::MIN_POSITIVE) }
    }

    /// Whether a line goes on with the paragraph of the line above.
    pub fn runs_on(&self, above: &Line, line: &Line) -> bool {
        let (Some([l, r]), Some(up), Some(down)) = (self.edges, above.bbox.filter(is_flat), line.bbox.filter(is_flat))
        else {
            return false;
        };
        let indent = (down.0[0] - l) / self.em;
        let short = (r - up.0[2]) / self.em;
        let gap = (down.0[1] - up.0[3]) / up.height().max(down.height()).max(1.0);
        let ended = above.words.last().is_some_and(|w| w.text.ends_with(ENDS));
        !(indent >= INDENT || (short >= SHORT && ended) || gap >= GAP)
    }
}

/// What ends a sentence.
const ENDS: [char; 10] = ['。', '！', '？', '：', '”', '』', '」', '.', '!', '?'];

fn is_flat(bbox: &BBox) -> bool {
    bbox.width() > 0.0 && bbox.0.iter().all(|v| v.is_finite())
}

/// The width of a line's text, in full-width characters.
fn ems(line: &Line) -> f32 {
    line.words.iter().flat_map(|w| w.text.chars()).map(width).sum()
}

fn sorted(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values
}

/// The value below which a share of the values lies.
fn share(values: &[f32], share: f32) -> Option<f32> {
    values.get(((values.len().saturating_sub(1)) as f32 * share).round() as usize).copied()
}
