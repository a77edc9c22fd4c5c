//! Reading order from boxes alone, for engines that list what they saw from top to bottom across all columns.
//!
//! A newspaper page is cut into ever smaller zones, across at headlines and down at the white between columns (the
//! recursive XY-cut of Nagy & Seth, "Hierarchical representation of optically scanned documents", ICPR 1984). Which of the two comes first decides the
//! order, and white space alone does not tell: the print of neighbouring columns stands on one grid, so that every line
//! of a page could be cut across, and the white between the first two columns may run down through several articles. What
//! tells is how a page is made up:
//!
//! - A headline, and a byline centred below it, belongs to all columns in which nothing stands beside it. A row of the
//!   zone that holds one such line and nothing else therefore ends what is above it and begins what is below.
//! - The white between two columns (found as in Breuel's "Two geometric algorithms for layout analysis", DAS 2002, as
//!   what no line of body type crosses) is cut from top to bottom, unless a headline reaches over it in this sense;
//!   so two articles side by side, each with its own headline, are read one after the other.
//!
//! Before all this the lean of the scan is taken out. Every cut sorts a zone once, and zones nest no deeper than
//! [`DEPTH`], so a page of any number of boxes takes `n log n` time.

use super::sheet::{Flow, Line, Region, RegionKind, Sheet};
use crate::source::BBox;

/// A line is a headline when it is this much taller than the body type. Body lines differ by up to 1.25 in their boxes
/// (a line with brackets or without), and headlines begin at about one and a half times the body size.
pub(super) const TALL: f32 = 1.4;
/// A few characters make a headline when they are also this much wider than body type.
const WIDE: f32 = 1.25;
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
/// How deep zones nest. A page needs about six.
const DEPTH: usize = 24;

/// Puts the regions of a sheet in reading order; lines of running text are gathered into one region a column. Where too
/// few boxes are known the order stays.
pub(super) fn arrange(sheet: &mut Sheet) {
    let items = items(std::mem::take(&mut sheet.regions));
    let boxes: Vec<Option<BBox>> =
        items.iter().map(|i| i.bbox().filter(|b| is_sound(*b)).map(|b| b.upright(sheet.skew))).collect();
    let page = Page::of(&items, &boxes);
    let (mut units, mut homeless) = (Vec::with_capacity(items.len()), Vec::new());
    for (n, (item, bbox)) in items.iter().zip(boxes).enumerate() {
        match bbox {
            Some(bbox) => units.push(page.unit(n, item, bbox)),
            None => homeless.push(n),
        }
    }
    let mut pieces = Vec::new();
    page.solve(units, 0, &mut pieces);
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let mut regions = Vec::new();
    for piece in pieces {
        page.regions(piece, &mut items, &mut regions);
    }
    for item in homeless {
        regions.extend(items.get_mut(item).and_then(Option::take).map(Item::into_region));
    }
    sheet.regions = regions;
    sheet.ordered = true;
}

/// What is put in order as a whole.
enum Item {
    Line(Line),
    Region(Region),
}

/// Lines of running text go one by one; what an engine set apart as something else stays together.
fn items(regions: Vec<Region>) -> Vec<Item> {
    let mut out = Vec::new();
    for region in regions {
        match region.kind == RegionKind::Text && region.flow == Flow::Lines {
            true => out.extend(region.lines.into_iter().map(Item::Line)),
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

/// A box that is put in order.
#[derive(Clone, Copy, Debug)]
struct Unit {
    item: usize,
    l: f32,
    t: f32,
    r: f32,
    b: f32,
    /// Whether it is clearly taller than body type, and no vertical line.
    tall: bool,
    /// Whether it runs downwards, or is no line.
    upright: bool,
}

/// A stretch of the page that is read from top to bottom.
#[derive(Default)]
struct Piece {
    units: Vec<Unit>,
    /// Whether it is a column and the piece before is the column to its left.
    next_column: bool,
}

/// Boxes side by side: no horizontal line parts them.
struct Row {
    units: Vec<Unit>,
    t: f32,
    b: f32,
}

impl Row {
    /// Whether most of it is taller than body type.
    fn is_tall(&self) -> bool {
        let width = |tall: bool| self.units.iter().filter(|u| u.tall == tall).map(|u| u.r - u.l).sum::<f32>();
        self.units.iter().any(|u| u.tall) && width(true) >= width(false)
    }

    fn is_narrow(&self, zone: [f32; 2]) -> bool {
        let [l, r] = edges(std::slice::from_ref(self));
        r - l < NARROW * (zone[1] - zone[0])
    }
}

/// From where to where rows reach.
fn edges(rows: &[Row]) -> [f32; 2] {
    rows.iter().flat_map(|r| &r.units).fold([f32::MAX, f32::MIN], |e, u| [e[0].min(u.l), e[1].max(u.r)])
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
struct Page {
    /// Height of a box round a line of body type.
    boxed: f32,
    /// Size of body type: the width of a full-width character.
    body: f32,
}

impl Page {
    /// The body type is what most characters are set in.
    fn of(items: &[Item], boxes: &[Option<BBox>]) -> Page {
        let lines = items.iter().zip(boxes).filter_map(|(item, bbox)| Some((item.ems()?, (*bbox)?)));
        let flat: Vec<(f32, BBox)> = lines.filter(|(ems, b)| *ems >= 1.0 && b.height() <= b.width()).collect();
        let weight = |ems: f32| (ems as usize).clamp(1, 1000);
        let boxed = median(flat.iter().map(|(ems, b)| (b.height(), weight(*ems))).collect()).unwrap_or(1.0).max(1e-3);
        let long = flat.iter().filter(|(ems, _)| *ems >= 3.0);
        let body = median(long.map(|(ems, b)| (b.width() / ems, weight(*ems))).collect()).unwrap_or(boxed);
        Page { boxed, body: body.clamp(0.5 * boxed, boxed) }
    }

    fn unit(&self, item: usize, what: &Item, bbox: BBox) -> Unit {
        let [l, t, r, b] = bbox.0;
        let upright = match what {
            Item::Region(region) => region.lines.len() > 1 || region.flow == Flow::Paragraphs,
            Item::Line(_) => what.ems().is_some_and(|ems| ems > 1.0) && b - t > 1.5 * (r - l),
        };
        // Engines pad the boxes of lines, so far that those of close-set lines overlap.
        let pad = if upright { 0.0 } else { (b - t) * (1.0 - self.body / self.boxed) / 2.0 };
        // The box of a few characters may be tall by chance; then they are not wide as well.
        let wide = what.ems().is_none_or(|ems| ems >= 4.0 || r - l >= WIDE * ems * self.body);
        let tall = !upright && b - t >= TALL * self.boxed && wide;
        Unit { item, l, t: t + pad, r, b: b - pad, tall, upright }
    }

    /// Cuts a zone and puts its pieces behind the others.
    fn solve(&self, zone: Vec<Unit>, depth: usize, out: &mut Vec<Piece>) {
        if zone.len() <= 1 || depth >= DEPTH {
            return self.column(zone, out);
        }
        let rows = self.rows(zone);
        let gutters = self.gutters(&rows);
        if gutters.is_empty() {
            return self.column(rows.into_iter().flat_map(|r| r.units).collect(), out);
        }
        let strips = self.across(rows, &gutters);
        if strips.len() > 1 {
            return strips.into_iter().for_each(|strip| self.solve(strip, depth + 1, out));
        }
        let zone: Vec<Unit> = strips.into_iter().flatten().collect();
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
    fn rows(&self, mut zone: Vec<Unit>) -> Vec<Row> {
        zone.sort_by(|a, b| a.t.total_cmp(&b.t).then(a.l.total_cmp(&b.l)).then(a.item.cmp(&b.item)));
        let mut rows: Vec<Row> = Vec::new();
        let mut reached = f32::MIN;
        for unit in zone {
            let slack = SLACK * self.body.min(unit.b - unit.t);
            match rows.last_mut() {
                Some(row) if unit.t + slack < reached => {
                    row.b = row.b.max(unit.b);
                    row.units.push(unit);
                }
                _ => rows.push(Row { t: unit.t, b: unit.b, units: vec![unit] }),
            }
            reached = reached.max(unit.b - slack);
        }
        for row in &mut rows {
            row.units.sort_by(|a, b| a.l.total_cmp(&b.l).then(a.t.total_cmp(&b.t)).then(a.item.cmp(&b.item)));
        }
        rows
    }

    /// The white between columns: what no line of body type crosses that has a neighbour in its row.
    fn gutters(&self, rows: &[Row]) -> Vec<[f32; 2]> {
        let edges = edges(rows);
        let of_columns = |row: &&Row| row.units.len() > 1 && !(self.is_one_line(row) && row.is_narrow(edges));
        let beside = rows.iter().filter(of_columns).flat_map(|row| &row.units);
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
        let chained = |a: &Unit, b: &Unit| b.l - a.r < CHAIN * self.body.max((a.b - a.t).min(b.b - b.t));
        let close = row.units.windows(2).all(|pair| matches!(pair, [a, b] if chained(a, b)));
        close && !row.units.iter().any(|u| u.upright)
    }

    /// Whether a row of headline type is one headline: between two of them runs the white between columns.
    fn is_one_headline(&self, row: &Row, gutters: &[[f32; 2]]) -> bool {
        let near = |a: &Unit, b: &Unit| b.l - a.r < CHAIN * self.body.max((a.b - a.t).min(b.b - b.t));
        let parted = |a: &Unit, b: &Unit| gutters.iter().map(|g| (g[0] + g[1]) / 2.0).any(|m| a.r < m && m < b.l);
        let one = row.units.windows(2).all(|pair| matches!(pair, [a, b] if near(a, b) || !parted(a, b)));
        one && !row.units.iter().any(|u| u.upright)
    }

    /// Cuts a zone of columns across.
    fn across(&self, rows: Vec<Row>, gutters: &[[f32; 2]]) -> Vec<Vec<Unit>> {
        let edges = edges(&rows);
        let starts: Vec<f32> = std::iter::once(edges[0]).chain(gutters.iter().map(|g| g[1])).collect();
        let mut strips: Vec<Vec<Unit>> = Vec::new();
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
                strip.extend(row.units);
            }
        }
        strips
    }

    /// Whether a row of body type belongs to all columns of a zone: a line that runs across the white between them, or one
    /// that stands in their middle and, unless nothing stands above it, not at the edge of a column or set in by two
    /// characters.
    fn is_apart(&self, row: &Row, edges: [f32; 2], starts: &[f32], gutters: &[[f32; 2]], top: bool) -> bool {
        let (Some(first), Some(last)) = (row.units.first(), row.units.last()) else { return false };
        let crosses = row.units.iter().any(|u| gutters.iter().any(|g| u.l < g[0] && u.r > g[1]));
        let near = |x: f32| x.abs() < 0.6 * self.body;
        let aligned = starts.iter().any(|s| near(first.l - s) || near(first.l - s - 2.0 * self.body));
        let off = (first.l - edges[0]) - (edges[1] - last.r);
        let centred = off.abs() < 3.0 * self.body && (top || !aligned);
        row.units.len() == 1 && crosses || row.is_narrow(edges) && (centred || crosses)
    }

    /// The gutters at which a zone is cut downwards.
    fn cuts(&self, zone: &[Unit], gutters: &[[f32; 2]]) -> Vec<f32> {
        let middles: Vec<f32> = gutters.iter().map(|g| (g[0] + g[1]) / 2.0).collect();
        let mut free = vec![true; middles.len()];
        for unit in zone {
            let from = middles.partition_point(|m| *m <= unit.l);
            let to = middles.partition_point(|m| *m < unit.r);
            free.get_mut(from..to).unwrap_or(&mut []).fill(false);
        }
        let held = self.held(zone, &middles);
        let pick = |keep: &dyn Fn(usize) -> bool| {
            middles.iter().enumerate().filter(|(n, _)| keep(*n)).map(|(_, m)| *m).collect::<Vec<f32>>()
        };
        let is_free = |n: usize| free.get(n).copied().unwrap_or(false);
        let loose = pick(&|n| is_free(n) && !held.get(n).copied().unwrap_or(false));
        if loose.is_empty() { pick(&is_free) } else { loose }
    }

    /// The gutters over which a headline reaches: those between columns in which nothing stands beside it.
    fn held(&self, zone: &[Unit], middles: &[f32]) -> Vec<bool> {
        let column_of = |x: f32| middles.partition_point(|m| *m < x);
        let mut columns: Vec<Vec<[f32; 2]>> = vec![Vec::new(); middles.len() + 1];
        let slack = SLACK * self.body;
        for unit in zone {
            let (from, to) = (column_of(unit.l + slack), column_of(unit.r - slack));
            for column in columns.get_mut(from..=to.max(from)).unwrap_or(&mut []) {
                column.push([unit.t + slack, unit.b - slack]);
            }
        }
        for column in &mut columns {
            column.sort_by(|a, b| a[0].total_cmp(&b[0]));
            // Each end becomes the furthest so far, so that a search by start finds whether anything reaches in.
            let mut reached = f32::MIN;
            for span in column.iter_mut() {
                reached = reached.max(span[1]);
                span[1] = reached;
            }
        }
        let busy = |n: usize, unit: &Unit| {
            let column = columns.get(n).map_or(&[][..], Vec::as_slice);
            let before = column.partition_point(|s| s[0] < unit.b);
            before.checked_sub(1).and_then(|i| column.get(i)).is_some_and(|s| s[1] > unit.t)
        };
        let mut held = vec![false; middles.len()];
        for unit in zone.iter().filter(|u| u.tall) {
            let (mut from, mut to) = (column_of(unit.l + slack), column_of(unit.r - slack));
            while from > 0 && !busy(from - 1, unit) {
                from -= 1;
            }
            while to < middles.len() && !busy(to + 1, unit) {
                to += 1;
            }
            held.get_mut(from..to).unwrap_or(&mut []).fill(true);
        }
        held
    }

    /// A zone that cannot be cut, column by column.
    fn by_columns(&self, zone: Vec<Unit>, gutters: &[[f32; 2]], out: &mut Vec<Piece>) {
        let middles: Vec<f32> = gutters.iter().map(|g| (g[0] + g[1]) / 2.0).collect();
        for (n, column) in part(zone, &middles).into_iter().enumerate() {
            self.column(column, out);
            if let Some(piece) = out.last_mut() {
                piece.next_column = n > 0;
            }
        }
    }

    /// A column from top to bottom; lines that run downwards stand beside it.
    fn column(&self, zone: Vec<Unit>, out: &mut Vec<Piece>) {
        let (mut down, flat): (Vec<Unit>, Vec<Unit>) = zone.into_iter().partition(|u| u.upright);
        down.sort_by(|a, b| a.t.total_cmp(&b.t).then(a.l.total_cmp(&b.l)).then(a.item.cmp(&b.item)));
        let middle = |u: &Unit| (u.t + u.b) / 2.0;
        let mut units = Vec::new();
        let mut down = down.into_iter().peekable();
        for row in self.rows(flat) {
            while let Some(unit) = down.next_if(|d| middle(d) < row.t) {
                units.push(unit);
            }
            units.extend(row.units);
        }
        units.extend(down);
        out.push(Piece { units, next_column: false });
    }

    /// The regions of a piece: headlines apart from running text, boxes of one row joined to one line.
    fn regions(&self, piece: Piece, items: &mut [Option<Item>], out: &mut Vec<Region>) {
        let mut kind = None;
        let mut last: Option<Unit> = None;
        let mut next_column = piece.next_column;
        for unit in piece.units {
            let Some(item) = items.get_mut(unit.item).and_then(Option::take) else { continue };
            let line = match item {
                Item::Region(region) => {
                    out.push(region);
                    (kind, last, next_column) = (None, None, false);
                    continue;
                }
                Item::Line(line) => line,
            };
            let beside = last.is_some_and(|l| !l.upright && !unit.upright && unit.l > l.l && same_row(l, unit));
            let own = if unit.tall { RegionKind::Heading(1) } else { RegionKind::Text };
            match out.last_mut() {
                Some(region) if beside && kind.is_some() => {
                    let to = region.lines.last_mut();
                    if let Some(to) = to {
                        join(to, line);
                    }
                    region.bbox = around(region.bbox, unit_box(region));
                }
                Some(region) if kind == Some(own) => {
                    region.bbox = around(region.bbox, line.bbox);
                    region.lines.push(line);
                }
                _ => {
                    let flow = match (unit.tall, std::mem::take(&mut next_column)) {
                        (true, _) => Flow::Paragraphs,
                        (false, true) => Flow::NextColumn,
                        (false, false) => Flow::Lines,
                    };
                    out.push(Region { kind: own, bbox: line.bbox, flow, lines: vec![line] });
                    kind = Some(own);
                }
            }
            last = Some(unit);
        }
    }
}

fn unit_box(region: &Region) -> Option<BBox> {
    region.lines.last().and_then(|l| l.bbox)
}

fn around(a: Option<BBox>, b: Option<BBox>) -> Option<BBox> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.around(b)),
        (a, b) => a.or(b),
    }
}

/// Whether two lines stand side by side: they share most of their height.
fn same_row(a: Unit, b: Unit) -> bool {
    let shared = a.b.min(b.b) - a.t.max(b.t);
    shared > 0.5 * (a.b - a.t).min(b.b - b.t)
}

/// Puts the rest of a printed line behind its beginning.
fn join(line: &mut Line, mut rest: Line) {
    if let Some(first) = rest.words.first_mut() {
        (first.space_before, first.printed_space) = (true, true);
    }
    line.bbox = around(line.bbox, rest.bbox);
    line.words.append(&mut rest.words);
}

/// The parts of a zone between cuts, from left to right; a box belongs to the part that its middle lies in.
fn part(zone: Vec<Unit>, cuts: &[f32]) -> Vec<Vec<Unit>> {
    let mut parts = vec![Vec::new(); cuts.len() + 1];
    for unit in zone {
        let n = cuts.partition_point(|c| *c < (unit.l + unit.r) / 2.0);
        if let Some(part) = parts.get_mut(n) {
            part.push(unit);
        }
    }
    parts.retain(|p| !p.is_empty());
    parts
}
