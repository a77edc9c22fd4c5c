//! Reading order from boxes alone, for engines that list what they saw from top to bottom across all columns.
//!
//! A newspaper page is cut into ever smaller zones, across at headlines and down at the white between columns (the
//! recursive XY-cut of Nagy & Seth, "Hierarchical representation of optically scanned documents", ICPR 1984). Which of
//! the two comes first decides the order, and white space alone does not tell: the print of neighbouring columns stands
//! on one grid, so that every line of a page could be cut across, and the white between the first two columns may run
//! down through several articles. What tells is how a page is made up:
//!
//! - A headline, and a byline centred below it, belongs to all columns in which nothing stands beside it. A row of the
//!   zone that holds one such line and nothing else therefore ends what is above it and begins what is below.
//! - The white between two columns (found as in Breuel's "Two geometric algorithms for layout analysis", DAS 2002, as
//!   what no line of body type crosses) is cut from top to bottom, unless a headline reaches over it in this sense;
//!   so two articles side by side, each with its own headline, are read one after the other.
//!
//! Before all this the lean of the scan is taken out, and lines that an engine read across a gutter are [cut](gutters). Every cut sorts a zone once, and zones nest no deeper than
//! 24 levels, so a page of any number of boxes takes `n log n` time.

mod cut;
mod gutters;
#[cfg(test)]
mod tests;

use super::sheet::{Flow, Line, Region, RegionKind, Sheet};
use crate::source::BBox;
use cut::{Block, Page, Piece, same_row};

/// Whether an engine's own order is a guess that the boxes make better. Tesseract's is taken for one: on the five newspaper
/// pages that this was measured on, the order of the boxes was nearer to the printed one. Why is not known; it looks as if
/// its columns, found by tab stops for a page of one text, let blocks of neighbouring articles come among each other.
pub(super) fn is_guess(engine: Option<&str>) -> bool {
    engine.is_some_and(|name| name.to_ascii_lowercase().starts_with("tesseract"))
}

/// Puts the regions of a sheet in reading order; lines of running text are gathered into one region a column. Where too
/// few boxes are known the order stays.
pub(super) fn arrange(sheet: &mut Sheet) {
    let lines = || sheet.regions.iter().flat_map(|r| &r.lines);
    if lines().filter(|l| l.bbox.is_some()).count() * 2 < lines().count() {
        return;
    }
    let items = items(std::mem::take(&mut sheet.regions));
    let upright = |items: &[Item]| -> Vec<Option<BBox>> {
        items.iter().map(|i| i.bbox().filter(|b| is_sound(*b)).map(|b| b.upright(sheet.skew))).collect()
    };
    let body = Page::of(&items, &upright(&items)).body();
    let items = gutters::cut(items, body);
    let boxes = upright(&items);
    let page = Page::of(&items, &boxes);
    let (mut blocks, mut homeless) = (Vec::with_capacity(items.len()), Vec::new());
    for (n, (item, bbox)) in items.iter().zip(boxes).enumerate() {
        match bbox {
            Some(bbox) => blocks.push(page.block(n, item, bbox)),
            None => homeless.push(n),
        }
    }
    let mut pieces = Vec::new();
    page.solve(blocks, 0, &mut pieces);
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let mut ordered = Vec::new();
    for piece in pieces {
        regions(piece, &mut items, &mut ordered);
    }
    for item in homeless {
        ordered.extend(items.get_mut(item).and_then(Option::take).map(Item::into_region));
    }
    sheet.regions = ordered;
    sheet.ordered = true;
}

/// What is put in order as a whole.
enum Item {
    Line(Line),
    Region(Region),
}

/// Lines of running text go one by one; what an engine set apart as something else stays together. A box without text,
/// such as an engine puts round a picture, would only stand in the way.
fn items(regions: Vec<Region>) -> Vec<Item> {
    let mut out = Vec::new();
    for region in regions {
        match region.kind == RegionKind::Text && region.flow == Flow::Lines {
            true => {
                let read = |line: &Line| line.words.iter().any(|w| !w.text.trim().is_empty());
                out.extend(region.lines.into_iter().filter(read).map(Item::Line));
            }
            false => out.push(Item::Region(region)),
        }
    }
    out
}

impl Item {
    fn bbox(&self) -> Option<BBox> {
        match self {
            Item::Line(line) => line.bbox,
            Item::Region(region) => {
                region.bbox.or_else(|| region.lines.iter().filter_map(|l| l.bbox).reduce(BBox::around))
            }
        }
    }

    /// The width of a line's text in full-width characters; `None` for what is no line.
    fn ems(&self) -> Option<f32> {
        match self {
            Item::Line(line) => Some(line.words.iter().flat_map(|w| w.text.chars()).map(super::json::width).sum()),
            Item::Region(_) => None,
        }
    }

    fn into_region(self) -> Region {
        match self {
            Item::Line(line) => Region { bbox: line.bbox, lines: vec![line], ..Region::default() },
            Item::Region(region) => region,
        }
    }
}

fn is_sound(bbox: BBox) -> bool {
    bbox.0.iter().all(|v| v.is_finite() && v.abs() < 1e7) && bbox.0[0] <= bbox.0[2] && bbox.0[1] <= bbox.0[3]
}

impl BBox {
    /// The box as it would lie if the print did not lean (see [`Sheet::skew`]).
    fn upright(self, skew: f32) -> BBox {
        let ([l, t, r, b], lean) = (self.0, skew.abs());
        let (x, y) = ((l + r) / 2.0, (t + b) / 2.0);
        let (x, y) = (x + skew * y, y - skew * x);
        let half = [
            ((r - l - lean * (b - t)) / 2.0).max(0.25 * (r - l)),
            ((b - t - lean * (r - l)) / 2.0).max(0.25 * (b - t)),
        ];
        BBox([x - half[0], y - half[1], x + half[0], y + half[1]])
    }
}

/// The regions of a piece: headlines apart from running text, boxes of one row joined to one line.
fn regions(piece: Piece, items: &mut [Option<Item>], out: &mut Vec<Region>) {
    let mut kind = None;
    let mut last: Option<Block> = None;
    let mut next_column = piece.next_column;
    for block in piece.blocks {
        let Some(item) = items.get_mut(block.item).and_then(Option::take) else { continue };
        let line = match item {
            Item::Region(region) => {
                out.push(region);
                (kind, last, next_column) = (None, None, false);
                continue;
            }
            Item::Line(line) => line,
        };
        let beside = last.is_some_and(|l| block.l > l.l && same_row(&l, &block));
        let own = if block.tall { RegionKind::Heading(1) } else { RegionKind::Text };
        match out.last_mut() {
            Some(region) if beside && kind.is_some() => {
                let to = region.lines.last_mut();
                if let Some(to) = to {
                    join(to, line);
                }
                region.bbox = around(region.bbox, last_box(region));
            }
            Some(region) if kind == Some(own) => {
                region.bbox = around(region.bbox, line.bbox);
                region.lines.push(line);
            }
            _ => {
                let flow = match (block.tall, std::mem::take(&mut next_column)) {
                    (true, _) => Flow::Paragraphs,
                    (false, true) => Flow::NextColumn,
                    (false, false) => Flow::Lines,
                };
                out.push(Region { kind: own, bbox: line.bbox, flow, lines: vec![line] });
                kind = Some(own);
            }
        }
        last = Some(block);
    }
}

fn last_box(region: &Region) -> Option<BBox> {
    region.lines.last().and_then(|l| l.bbox)
}

fn around(a: Option<BBox>, b: Option<BBox>) -> Option<BBox> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.around(b)),
        (a, b) => a.or(b),
    }
}

/// Puts the rest of a printed line behind its beginning; white as wide as half a character is a space.
fn join(line: &mut Line, mut rest: Line) {
    let apart = line.bbox.zip(rest.bbox).is_some_and(|(a, b)| b.0[0] - a.0[2] >= 0.5 * a.height().min(b.height()));
    if let Some(first) = rest.words.first_mut() {
        (first.space_before, first.printed_space) = (apart, apart);
    }
    line.bbox = around(line.bbox, rest.bbox);
    line.words.append(&mut rest.words);
}
