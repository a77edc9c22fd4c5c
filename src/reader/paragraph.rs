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
/// Lines this much further apart than the column's lines mostly are do not belong together, whatever they say.
const GAP: f32 = 1.7;

/// The edges of a column and the size of its type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    left: f32,
    right: f32,
    /// Width of a full-width character.
    em: f32,
    /// From one line to the next.
    pitch: f32,
    /// How many lines it was measured by.
    lines: usize,
}

impl Column {
    /// The column that the lines of a region make; `None` where too little of them is boxed.
    pub fn of(lines: &[Line]) -> Option<Column> {
        let boxes: Vec<(BBox, f32)> = lines.iter().filter_map(|l| Some((flat(l)?, ems(l)))).collect();
        let em = share(boxes.iter().filter(|(_, n)| *n >= 3.0).map(|(b, n)| b.width() / n), 0.5)?;
        let pitches = boxes.windows(2).filter_map(|pair| match pair {
            [(up, _), (down, _)] => Some(middle(*down) - middle(*up)).filter(|p| *p > 0.0),
            _ => None,
        });
        Some(Column {
            left: share(boxes.iter().map(|(b, _)| b.0[0]), 0.1)?,
            right: share(boxes.iter().map(|(b, _)| b.0[2]), 0.9)?,
            em: em.max(1e-3),
            pitch: share(pitches, 0.5).unwrap_or(f32::MAX),
            lines: boxes.len(),
        })
    }

    /// Whether a line goes on with the paragraph of the line above it.
    pub fn runs_on(&self, above: &Line, line: &Line) -> bool {
        let (Some(up), Some(down)) = (flat(above), flat(line)) else { return false };
        let near = middle(down) - middle(up) < GAP * self.pitch;
        near && !self.is_set_in(down) && !self.is_last(up, above)
    }

    /// Whether the first line of this column goes on with the paragraph that the last line of another ends in.
    pub fn goes_on_from(&self, before: &Column, last: &Line, first: &Line) -> bool {
        let (Some(up), Some(down)) = (flat(last), flat(first)) else { return false };
        // A column of one line has no edge to be set in from; but columns of one text are equally wide.
        let width = before.right - before.left;
        let narrow = self.lines < 3 && self.right - self.left < width - INDENT * self.em;
        !narrow && !self.is_set_in(down) && !before.is_last(up, last)
    }

    fn is_set_in(&self, line: BBox) -> bool {
        line.0[0] - self.left >= INDENT * self.em
    }

    fn is_last(&self, bbox: BBox, line: &Line) -> bool {
        let ended = line.words.last().is_some_and(|w| w.text.ends_with(ENDS));
        ended && self.right - bbox.0[2] >= SHORT * self.em
    }
}

/// What ends a sentence.
const ENDS: [char; 10] = ['。', '！', '？', '：', '”', '』', '」', '.', '!', '?'];

/// The box of a line that runs from left to right.
fn flat(line: &Line) -> Option<BBox> {
    line.bbox.filter(|b| b.width() > 0.0 && b.0.iter().all(|v| v.is_finite()))
}

fn middle(bbox: BBox) -> f32 {
    (bbox.0[1] + bbox.0[3]) / 2.0
}

/// The width of a line's text, in full-width characters.
fn ems(line: &Line) -> f32 {
    line.words.iter().flat_map(|w| w.text.chars()).map(width).sum()
}

/// The value below which a share of the values lies.
fn share(values: impl Iterator<Item = f32>, share: f32) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get((values.len().saturating_sub(1) as f32 * share).round() as usize).copied()
}
