//! How a page is cut: into strips across, columns down, and what is left as columns.

use super::super::sheet::Flow;
use super::Item;
use crate::source::BBox;

/// A line is a headline when it is this much taller than the body type. Body lines differ by up to 1.25 in their boxes
/// (a line with brackets or without), and headlines begin at about one and a half times the body size.
pub(super) const TALL: f32 = 1.4;
/// A headline's characters are also this much wider than body type; they may be condensed, but not to less.
const WIDE: f32 = 1.2;
/// A byline takes less than this part of the width of its columns.
const NARROW: f32 = 0.6;
/// White this high (in characters of body type) right across a zone ends what is above it, where a headline follows.
const BAND: f32 = 1.0;
/// White this high ends it in any case.
const WIDE_BAND: f32 = 2.5;
/// Boxes in one row with less white than this between them (in the height of the row) are parts of one line.
const CHAIN: f32 = 1.5;
/// How much of a character of body type a box may reach beyond its print.
const SLACK: f32 = 0.1;
/// A zone with more white than this between its boxes has no columns; it is read row by row.
const MANY: usize = 64;
/// How deep zones nest. A page needs about six.
const DEPTH: usize = 24;

/// A box that is put in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub item: usize,
    pub l: f32,
    pub t: f32,
    pub r: f32,
    pub b: f32,
    /// Whether it is clearly taller than body type, and no vertical line.
    pub tall: bool,
    /// Whether it runs downwards, or is no line.
    pub upright: bool,
}

/// A stretch of the page that is read from top to bottom.
#[derive(Default)]
pub(super) struct Piece {
    pub blocks: Vec<Block>,
    /// Whether it is a column and the piece before is the column to its left.
    pub next_column: bool,
}

/// Boxes side by side: no horizontal line parts them.
struct Row {
    blocks: Vec<Block>,
    t: f32,
    b: f32,
}

impl Row {
    /// Whether most of it is taller than body type.
    fn is_tall(&self) -> bool {
        let width = |tall: bool| self.blocks.iter().filter(|u| u.tall == tall).map(|u| u.r - u.l).sum::<f32>();
        self.blocks.iter().any(|u| u.tall) && width(true) >= width(false)
    }

    fn is_narrow(&self, zone: [f32; 2]) -> bool {
        let [l, r] = edges(std::slice::from_ref(self));
        r - l < NARROW * (zone[1] - zone[0])
    }
}

/// From where to where rows reach.
fn edges(rows: &[Row]) -> [f32; 2] {
    rows.iter().flat_map(|r| &r.blocks).fold([f32::MAX, f32::MIN], |e, u| [e[0].min(u.l), e[1].max(u.r)])
}

/// The row above.
#[derive(Clone, Copy)]
struct Above {
    b: f32,
    /// Whether it ends what is above it and begins what is below.
    alone: bool,
    tall: bool,
}

impl Above {
    /// Whether it holds headlines side by side.
    fn are_headlines(self) -> bool {
        self.tall && !self.alone
    }

    /// Whether a row right below goes on with one of them.
    fn is_headlines(self, below: &Row, page: &Page) -> bool {
        self.are_headlines() && below.t - self.b < page.body
    }
}

/// What the cuts are measured by.
pub(super) struct Page {
    /// Height of a box round a line of body type.
    boxed: f32,
    /// Size of body type: the width of a full-width character.
    body: f32,
}

impl Page {
    /// Size of body type: the width of a full-width character.
    pub fn body(&self) -> f32 {
        self.body
    }

    /// The body type is what most characters are set in.
    pub fn of(items: &[Item], boxes: &[Option<BBox>]) -> Page {
        let lines = items.iter().zip(boxes).filter_map(|(item, bbox)| Some((item.ems()?, (*bbox)?)));
        let flat: Vec<(f32, BBox)> = lines.filter(|(ems, b)| *ems >= 1.0 && b.height() <= b.width()).collect();
        let weight = |ems: f32| (ems as usize).clamp(1, 1000);
        let boxed = median(flat.iter().map(|(ems, b)| (b.height(), weight(*ems))).collect()).unwrap_or(1.0).max(1e-3);
        let long = flat.iter().filter(|(ems, _)| *ems >= 3.0);
        let body = median(long.map(|(ems, b)| (b.width() / ems, weight(*ems))).collect()).unwrap_or(boxed);
        Page { boxed, body: body.clamp(0.5 * boxed, boxed) }
    }

    /// What an item is to the cuts.
    pub fn block(&self, item: usize, what: &Item, bbox: BBox) -> Block {
        let [l, t, r, b] = bbox.0;
        let upright = match what {
            Item::Region(region) => region.lines.len() > 1 || region.flow == Flow::Paragraphs,
            Item::Line(_) => what.ems().is_some_and(|ems| ems > 1.0) && b - t > 1.5 * (r - l),
        };
        // Engines pad the boxes of lines, so far that those of close-set lines overlap.
        let pad = if upright { 0.0 } else { (b - t) * (1.0 - self.body / self.boxed) / 2.0 };
        // A box may be tall because it holds bits of another line; then its characters are no wider than others.
        let wide = what.ems().is_none_or(|ems| r - l >= WIDE * ems * self.body);
        let tall = !upright && b - t >= TALL * self.boxed && wide;
        Block { item, l, t: t + pad, r, b: b - pad, tall, upright }
    }

    /// Cuts a zone and puts its pieces behind the others.
    pub fn solve(&self, zone: Vec<Block>, depth: usize, out: &mut Vec<Piece>) {
        if zone.len() <= 1 || depth >= DEPTH {
            return self.column(zone, out);
        }
        let rows = self.rows(zone);
        let gutters = self.gutters(&rows);
        if gutters.is_empty() || gutters.len() > MANY {
            return self.column(rows.into_iter().flat_map(|r| r.blocks).collect(), out);
        }
        let strips = self.across(rows, &gutters);
        if strips.len() > 1 {
            return strips.into_iter().for_each(|strip| self.solve(strip, depth + 1, out));
        }
        let zone: Vec<Block> = strips.into_iter().flatten().collect();
        let cuts = self.cuts(&zone, &gutters);
        if cuts.is_empty() {
            return self.by_columns(zone, &gutters, out);
        }
        for (n, part) in part(zone, &cuts).into_iter().enumerate() {
            let first = out.len();
            self.solve(part, depth + 1, out);
            if let Some(piece) = out.get_mut(first) {
                piece.next_column = n > 0;
            }
        }
    }

    /// The rows of a zone from top to bottom.
    fn rows(&self, mut zone: Vec<Block>) -> Vec<Row> {
        zone.sort_by(|a, b| a.t.total_cmp(&b.t).then(a.l.total_cmp(&b.l)).then(a.item.cmp(&b.item)));
        let mut rows: Vec<Row> = Vec::new();
        let mut reached = f32::MIN;
        for block in zone {
            let slack = SLACK * self.body.min(block.b - block.t);
            match rows.last_mut() {
                Some(row) if block.t + slack < reached => {
                    row.b = row.b.max(block.b);
                    row.blocks.push(block);
                }
                _ => rows.push(Row { t: block.t, b: block.b, blocks: vec![block] }),
            }
            reached = reached.max(block.b - slack);
        }
        for row in &mut rows {
            row.blocks.sort_by(|a, b| a.l.total_cmp(&b.l).then(a.t.total_cmp(&b.t)).then(a.item.cmp(&b.item)));
        }
        rows
    }

    /// The white between columns: what no line of body type crosses that has a neighbour in its row.
    fn gutters(&self, rows: &[Row]) -> Vec<[f32; 2]> {
        let edges = edges(rows);
        let of_columns = |row: &&Row| row.blocks.len() > 1 && !(self.is_one_line(row) && row.is_narrow(edges));
        let beside = rows.iter().filter(of_columns).flat_map(|row| &row.blocks);
        let slack = SLACK * self.body;
        let mut spans: Vec<[f32; 2]> =
            beside.filter(|u| !u.tall).map(|u| [u.l + slack, (u.r - slack).max(u.l + slack)]).collect();
        spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let mut gutters = Vec::new();
        let mut reached = f32::MAX;
        for [l, r] in spans {
            if l - reached >= 0.8 * self.body {
                gutters.push([reached, l]);
            }
            reached = if reached == f32::MAX { r } else { reached.max(r) };
        }
        gutters
    }

    /// Whether the boxes of a row may be parts of one printed line.
    fn is_one_line(&self, row: &Row) -> bool {
        let chained = |a: &Block, b: &Block| b.l - a.r < CHAIN * self.body.max((a.b - a.t).min(b.b - b.t));
        let close = row.blocks.windows(2).all(|pair| matches!(pair, [a, b] if chained(a, b)));
        close && !row.blocks.iter().any(|u| u.upright)
    }

    /// Whether a row of headline type is one headline: between two of them runs the white between columns.
    fn is_one_headline(&self, row: &Row, gutters: &[[f32; 2]]) -> bool {
        let near = |a: &Block, b: &Block| b.l - a.r < CHAIN * self.body.max((a.b - a.t).min(b.b - b.t));
        let parted = |a: &Block, b: &Block| gutters.iter().map(|g| (g[0] + g[1]) / 2.0).any(|m| a.r < m && m < b.l);
        let one = row.blocks.windows(2).all(|pair| matches!(pair, [a, b] if near(a, b) || !parted(a, b)));
        one && !row.blocks.iter().any(|u| u.upright)
    }

    /// Cuts a zone of columns across.
    fn across(&self, rows: Vec<Row>, gutters: &[[f32; 2]]) -> Vec<Vec<Block>> {
        let edges = edges(&rows);
        let starts: Vec<f32> = std::iter::once(edges[0]).chain(gutters.iter().map(|g| g[1])).collect();
        let mut strips: Vec<Vec<Block>> = Vec::new();
        let mut above: Option<Above> = None;
        let last = rows.len().saturating_sub(1);
        for (n, row) in rows.into_iter().enumerate() {
            let tall = row.is_tall();
            let top = above.is_none_or(|a| a.alone);
            let alone = match tall {
                true => self.is_one_headline(&row, gutters) && !above.is_some_and(|a| a.is_headlines(&row, self)),
                false => n < last && self.is_one_line(&row) && self.is_apart(&row, edges, &starts, gutters, top),
            };
            let white = above.map_or(0.0, |a| row.t - a.b) / self.body;
            let band = (white >= WIDE_BAND || white >= BAND && tall) && !above.is_some_and(Above::are_headlines);
            if band || above.is_none_or(|a| a.alone != alone) {
                strips.push(Vec::new());
            }
            above = Some(Above { b: row.b, alone, tall });
            if let Some(strip) = strips.last_mut() {
                strip.extend(row.blocks);
            }
        }
        strips
    }

    /// Whether a row of body type belongs to all columns of a zone: a line that runs across the white between them, or one
    /// that stands in their middle and, unless nothing stands above it, not at the edge of a column or set in by two
    /// characters.
    fn is_apart(&self, row: &Row, edges: [f32; 2], starts: &[f32], gutters: &[[f32; 2]], top: bool) -> bool {
        let (Some(first), Some(last)) = (row.blocks.first(), row.blocks.last()) else { return false };
        let crosses = row.blocks.iter().any(|u| gutters.iter().any(|g| u.l < g[0] && u.r > g[1]));
        let near = |x: f32| x.abs() < 0.6 * self.body;
        let aligned = starts.iter().any(|s| near(first.l - s) || near(first.l - s - 2.0 * self.body));
        let off = (first.l - edges[0]) - (edges[1] - last.r);
        let centred = off.abs() < 3.0 * self.body && (top || !aligned);
        row.blocks.len() == 1 && crosses || row.is_narrow(edges) && (centred || crosses)
    }

    /// The gutters at which a zone is cut downwards.
    fn cuts(&self, zone: &[Block], gutters: &[[f32; 2]]) -> Vec<f32> {
        let middles: Vec<f32> = gutters.iter().map(|g| (g[0] + g[1]) / 2.0).collect();
        let mut free = vec![true; middles.len()];
        for block in zone {
            let from = middles.partition_point(|m| *m <= block.l);
            let to = middles.partition_point(|m| *m < block.r);
            free.get_mut(from..to).unwrap_or(&mut []).fill(false);
        }
        let held = self.held(zone, gutters);
        let pick = |keep: &dyn Fn(usize) -> bool| {
            middles.iter().enumerate().filter(|(n, _)| keep(*n)).map(|(_, m)| *m).collect::<Vec<f32>>()
        };
        let is_free = |n: usize| free.get(n).copied().unwrap_or(false);
        let loose = pick(&|n| is_free(n) && !held.get(n).copied().unwrap_or(false));
        if loose.is_empty() { pick(&is_free) } else { loose }
    }

    /// The gutters over which a headline reaches: those between columns in which nothing stands beside it, as far out as
    /// it stands in their middle or at their left edge.
    fn held(&self, zone: &[Block], gutters: &[[f32; 2]]) -> Vec<bool> {
        let mut held = vec![false; gutters.len()];
        let columns = Columns::of(self, zone, gutters);
        for block in zone.iter().filter(|b| b.tall) {
            let (from, to) = columns.below(self, block);
            held.get_mut(from..to).unwrap_or(&mut []).fill(true);
        }
        held
    }

    /// A zone that cannot be cut, column by column.
    fn by_columns(&self, zone: Vec<Block>, gutters: &[[f32; 2]], out: &mut Vec<Piece>) {
        let middles: Vec<f32> = gutters.iter().map(|g| (g[0] + g[1]) / 2.0).collect();
        for (n, column) in part(zone, &middles).into_iter().enumerate() {
            self.column(column, out);
            if let Some(piece) = out.last_mut() {
                piece.next_column = n > 0;
            }
        }
    }

    /// A column from top to bottom; what is no line stands where its top is.
    fn column(&self, zone: Vec<Block>, out: &mut Vec<Piece>) {
        let (mut others, mut lines): (Vec<Block>, Vec<Block>) = zone.into_iter().partition(|b| b.upright);
        others.sort_by(|a, b| a.t.total_cmp(&b.t).then(a.l.total_cmp(&b.l)).then(a.item.cmp(&b.item)));
        let middle = |b: &Block| (b.t + b.b) / 2.0;
        lines.sort_by(|a, b| middle(a).total_cmp(&middle(b)).then(a.l.total_cmp(&b.l)).then(a.item.cmp(&b.item)));
        let mut blocks: Vec<Block> = Vec::new();
        let (mut row, mut others) = (0, others.into_iter().peekable());
        for line in lines {
            if blocks.last().is_none_or(|last| !same_row(last, &line)) {
                sort_row(blocks.get_mut(row..));
                while let Some(other) = others.next_if(|b| b.t < middle(&line)) {
                    blocks.push(other);
                }
                row = blocks.len();
            }
            blocks.push(line);
        }
        sort_row(blocks.get_mut(row..));
        blocks.extend(others);
        out.push(Piece { blocks, next_column: false });
    }
}

/// The columns of a zone and what stands in them.
struct Columns {
    /// Left and right edge of each.
    edges: Vec<[f32; 2]>,
    /// The middles of the white between them.
    middles: Vec<f32>,
    /// From where to where something stands in each, from top to bottom; an end is the lowest so far, so that a search by
    /// top tells whether anything reaches into a stretch.
    filled: Vec<Vec<[f32; 2]>>,
}

impl Columns {
    fn of(page: &Page, zone: &[Block], gutters: &[[f32; 2]]) -> Columns {
        let [left, right] = zone.iter().fold([f32::MAX, f32::MIN], |e, b| [e[0].min(b.l), e[1].max(b.r)]);
        let starts = std::iter::once(left).chain(gutters.iter().map(|g| g[1]));
        let ends = gutters.iter().map(|g| g[0]).chain(std::iter::once(right));
        let edges: Vec<[f32; 2]> = starts.zip(ends).map(|(l, r)| [l, r]).collect();
        let middles = gutters.iter().map(|g| (g[0] + g[1]) / 2.0).collect();
        let mut columns = Columns { filled: vec![Vec::new(); edges.len()], edges, middles };
        let slack = SLACK * page.body;
        for block in zone {
            let (from, to) = columns.of_block(page, block);
            for column in columns.filled.get_mut(from..=to).unwrap_or(&mut []) {
                column.push([block.t + slack, block.b - slack]);
            }
        }
        for column in &mut columns.filled {
            column.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let mut lowest = f32::MIN;
            for span in column.iter_mut() {
                lowest = lowest.max(span[1]);
                span[1] = lowest;
            }
        }
        columns
    }

    /// The first and the last column that a block stands in.
    fn of_block(&self, page: &Page, block: &Block) -> (usize, usize) {
        let slack = SLACK * page.body;
        let from = self.middles.partition_point(|m| *m < block.l + slack);
        (from, self.middles.partition_point(|m| *m < block.r - slack).max(from))
    }

    fn is_free(&self, column: usize, beside: &Block) -> bool {
        let Some(filled) = self.filled.get(column) else { return false };
        let above = filled.partition_point(|s| s[0] < beside.b);
        above.checked_sub(1).and_then(|n| filled.get(n)).is_none_or(|s| s[1] <= beside.t)
    }

    /// The first and the last column that a headline belongs to.
    fn below(&self, page: &Page, headline: &Block) -> (usize, usize) {
        let (first, last) = self.of_block(page, headline);
        let (mut from, mut to) = (first, last);
        while from > 0 && self.is_free(from - 1, headline) {
            from -= 1;
        }
        while self.is_free(to + 1, headline) {
            to += 1;
        }
        let edge = |n: usize, side: usize| self.edges.get(n).and_then(|e| e.get(side)).copied().unwrap_or(f32::NAN);
        let middle = (headline.l + headline.r) / 2.0;
        let centred = |a: usize, b: usize| ((edge(a, 0) + edge(b, 1)) / 2.0 - middle).abs() < 1.5 * page.body;
        let widest = (from..=first).find_map(|a| (last..=to).rev().find(|b| centred(a, *b)).map(|b| (a, b)));
        widest.unwrap_or(match (headline.l - edge(first, 0)).abs() < page.body {
            true => (first, to),
            false => (from, to),
        })
    }
}

/// The parts of a zone between cuts, from left to right; a box belongs to the part that its middle lies in.
fn part(zone: Vec<Block>, cuts: &[f32]) -> Vec<Vec<Block>> {
    let mut parts = vec![Vec::new(); cuts.len() + 1];
    for block in zone {
        let n = cuts.partition_point(|c| *c < (block.l + block.r) / 2.0);
        if let Some(part) = parts.get_mut(n) {
            part.push(block);
        }
    }
    parts.retain(|p| !p.is_empty());
    parts
}

/// Whether two lines stand side by side: they share most of their height and little of their width.
pub(super) fn same_row(a: &Block, b: &Block) -> bool {
    let shared = |from: f32, to: f32, one: f32, other: f32| to - from > 0.5 * one.min(other);
    let high = shared(a.t.max(b.t), a.b.min(b.b), a.b - a.t, b.b - b.t);
    let wide = shared(a.l.max(b.l), a.r.min(b.r), a.r - a.l, b.r - b.l);
    !a.upright && !b.upright && high && !wide
}

fn sort_row(row: Option<&mut [Block]>) {
    row.unwrap_or(&mut []).sort_by(|a, b| a.l.total_cmp(&b.l).then(a.t.total_cmp(&b.t)).then(a.item.cmp(&b.item)));
}

/// The middle of weighted values: the value below and above which lies half of the weight.
fn median(mut values: Vec<(f32, usize)>) -> Option<f32> {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = values.iter().map(|v| v.1).sum::<usize>() / 2;
    let mut below = 0;
    values
        .iter()
        .find(|v| {
            below += v.1;
            below > half
        })
        .map(|v| v.0)
}
