//! What became of each marked change, read off the text that came back.
//!
//! The text that stays between two changes is known, and so is what a change may have become: left as it was, carried out,
//! taken back. So the text that came back is walked along what was sent out. Where it does not fit, somebody wrote in it by
//! hand: it is then walked from the other end too, and what neither walk explains is what was written. Bookmarks and remarks
//! cut the text into short stretches, so one such place harms no other.

use crate::emit::paper::{Sheet, Slot, Spot};
use crate::text::SourceSpan;

/// What is to become of a character that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It stands.
    Kept,
    /// The program's insertion, neither accepted nor rejected.
    Ins,
    /// The program's deletion, neither accepted nor rejected.
    Del,
    /// An insertion by a person who tracked her own changes.
    TheirIns,
    /// A deletion by such a person.
    TheirDel,
}

/// A character that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character; LF is the end of a paragraph.
    pub c: char,
    /// What is to become of it.
    pub mark: Mark,
}

/// A place of the sheet that was found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Whether it stands exactly there. Word processors let a bookmark slip by a character or two.
    pub exact: bool,
    /// Where it was.
    pub spot: Spot,
    /// Which cell stands behind it.
    pub cell: usize,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is still marked.
    Pending,
    /// It was carried out.
    New,
    /// It was taken back.
    Old,
    /// Another text that the finding proposes stands there, by its number.
    Other(usize),
    /// Something else was written there.
    Written(String),
    /// It cannot be told: the beginning of what stands there.
    Unclear(String),
}

/// Text that was changed where nothing was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// What of the sheet's text was replaced.
    pub span: SourceSpan,
    /// What stands there.
    pub is: String,
}

/// A piece of the sheet: text that stays, or a change by its number.
#[derive(Clone, Copy)]
enum Item {
    Text(SourceSpan),
    Change(usize),
}

/// Where a walk stands behind an item, how it got there, and from which state behind the item before.
#[derive(Clone, Copy)]
struct State {
    cell: usize,
    choice: Choice,
    from: usize,
}

/// How a change reads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Pending,
    New,
    Old,
    Other(usize),
}

/// Ways that are kept in mind at one place. Two differ only where a change repeats what stands beside it.
const WAYS: usize = 16;

/// Characters of a rewritten place that are given with a change that cannot be told.
const SHOWN: usize = 64;

/// The alignment of what came back with what was sent out.
pub struct Aligner<'a> {
    sheet: &'a Sheet<'a>,
    /// Of each change, the texts that its finding proposes besides the first.
    others: Vec<Vec<&'a str>>,
    /// What became of each change.
    pub outcomes: Vec<Outcome>,
    /// What else was changed.
    pub strays: Vec<Stray>,
}

impl<'a> Aligner<'a> {
    /// Aligns the cells. `others` has for each change the texts that its finding proposes besides the first.
    pub fn new(sheet: &'a Sheet<'a>, others: Vec<Vec<&'a str>>, cells: &[Cell], anchors: Vec<Anchor>) -> Self {
        let outcomes = vec![Outcome::Pending; sheet.slots.len()];
        let mut aligner = Aligner { sheet, others, outcomes, strays: Vec::new() };
        let first = Anchor { exact: true, spot: Spot { gap: 0, at: 0 }, cell: 0 };
        let end = Spot { gap: sheet.slots.len(), at: sheet.text.len() };
        let last = Anchor { exact: true, spot: end, cell: cells.len() };
        // Where nothing was written by hand the text says everything by itself.
        if aligner.reads(&aligner.items(first, last), cells) {
            return aligner;
        }
        let anchors = anchors.into_iter().filter_map(|a| settled(a, sheet, cells)).collect();
        let mut before = first;
        for anchor in in_order(anchors, cells.len()).into_iter().chain([last]) {
            aligner.stretch(before, anchor, cells.get(before.cell..anchor.cell).unwrap_or(&[]));
            before = anchor;
        }
        aligner
    }

    /// What stands between two anchors.
    fn items(&self, from: Anchor, to: Anchor) -> Vec<Item> {
        let mut items = Vec::new();
        for gap in from.spot.gap..=to.spot.gap {
            let whole = self.sheet.gap(gap);
            let start = if gap == from.spot.gap { from.spot.at } else { whole.start };
            let end = if gap == to.spot.gap { to.spot.at } else { whole.end };
            if start < end {
                items.push(Item::Text(SourceSpan::new(start, end)));
            }
            if gap < to.spot.gap {
                items.push(Item::Change(gap));
            }
        }
        items
    }

    /// The text between two anchors.
    fn stretch(&mut self, from: Anchor, to: Anchor, cells: &[Cell]) {
        let items = self.items(from, to);
        if !self.reads(&items, cells) {
            self.close_in(&items, &hers(cells), to.spot.at);
        }
    }

    /// Whether the items account for all cells as they are or as a person's own tracked changes would have them.
    fn reads(&mut self, items: &[Item], cells: &[Cell]) -> bool {
        self.fits(items, cells)
            || cells.iter().any(|c| matches!(c.mark, Mark::TheirIns | Mark::TheirDel)) && self.fits(items, &hers(cells))
    }

    /// Whether the items account for all cells; then their outcomes are noted.
    fn fits(&mut self, items: &[Item], cells: &[Cell]) -> bool {
        let layers = self.walk(items, cells, false);
        if layers.len() <= items.len() {
            return false;
        }
        let end = layers.last().and_then(|l| l.iter().position(|s| s.cell == cells.len()));
        end.is_some_and(|state| {
            self.note(items, &layers, state);
            true
        })
    }

    /// Notes the outcomes along the way that ends in a state of the last layer.
    fn note(&mut self, items: &[Item], layers: &[Vec<State>], mut state: usize) {
        for (item, layer) in items.iter().zip(layers.iter().skip(1)).rev() {
            let Some(at) = layer.get(state) else { return };
            if let Item::Change(n) = item
                && let Some(outcome) = self.outcomes.get_mut(*n)
            {
                *outcome = match at.choice {
                    Choice::Pending => Outcome::Pending,
                    Choice::New => Outcome::New,
                    Choice::Old => Outcome::Old,
                    Choice::Other(k) => Outcome::Other(k),
                };
            }
            state = at.from;
        }
    }

    /// Walks the items over the cells, from the end of both where `back` says so, as far as they fit. Layer `n` holds the
    /// states behind `n` items; the last one is not empty.
    fn walk(&self, items: &[Item], cells: &[Cell], back: bool) -> Vec<Vec<State>> {
        let mut layers = vec![vec![State { cell: 0, choice: Choice::Old, from: 0 }]];
        let mut ways = Vec::new();
        for item in items {
            let mut next: Vec<State> = Vec::new();
            for (from, state) in layers.last().map_or(&[][..], Vec::as_slice).iter().enumerate() {
                self.ways(*item, cells, state.cell, back, &mut ways);
                for (cell, choice) in ways.drain(..) {
                    if next.len() < WAYS && next.iter().all(|s| s.cell != cell) {
                        next.push(State { cell, choice, from });
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            layers.push(next);
        }
        layers
    }

    /// The ways in which an item fits the cells from a place on.
    fn ways(&self, item: Item, cells: &[Cell], at: usize, back: bool, out: &mut Vec<(usize, Choice)>) {
        let text = &self.sheet.text;
        let mut take = |pieces: &[(&str, Mark)], choice| {
            if let Some(end) = matched(pieces, cells, at, back) {
                out.push((end, choice));
            }
        };
        match item {
            Item::Text(span) => take(&[(span.of(text), Mark::Kept)], Choice::Old),
            Item::Change(n) => {
                let Some(slot) = self.sheet.slots.get(n) else { return };
                let [head, old, new, tail] = slot.parts(text);
                take(&[(head, Mark::Kept), (old, Mark::Del), (new, Mark::Ins), (tail, Mark::Kept)], Choice::Pending);
                take(&[(slot.text.as_ref(), Mark::Kept)], Choice::New);
                take(&[(slot.span.of(text), Mark::Kept)], Choice::Old);
                for (k, other) in self.others.get(n).into_iter().flatten().enumerate() {
                    take(&[(other, Mark::Kept)], Choice::Other(k));
                }
            }
        }
    }

    /// Takes from both ends what fits, and makes what it can of the rest.
    fn close_in(&mut self, items: &[Item], cells: &[Cell], end: usize) {
        let (n, used, same) = self.one_end(items, cells, false);
        let mut rest: Vec<Item> = items.get(n..).unwrap_or(&[]).to_vec();
        if let Some(Item::Text(span)) = rest.first_mut() {
            span.start += same;
        }
        let cells = cells.get(used..).unwrap_or(&[]);
        rest.reverse();
        let (m, used, same) = self.one_end(&rest, cells, true);
        rest.reverse();
        let start = match rest.first() {
            Some(Item::Text(span)) => span.start,
            Some(Item::Change(n)) => self.sheet.slots.get(*n).map_or(end, |s| s.span.start),
            None => end,
        };
        rest.truncate(rest.len() - m);
        if let Some(Item::Text(span)) = rest.last_mut() {
            span.end -= same;
        }
        self.middle(&rest, cells.get(..cells.len() - used).unwrap_or(&[]), start);
    }

    /// Walks from one end as far as it fits. Returns how many items fit, how many cells they and the fitting part of the next
    /// item take, and how many bytes that part has. A change at whose edge the text no longer fits is left for the rest:
    /// what was written there belongs to it.
    fn one_end(&mut self, items: &[Item], cells: &[Cell], back: bool) -> (usize, usize, usize) {
        let layers = self.walk(items, cells, back);
        let mut n = layers.len() - 1;
        let states = layers.last().map_or(&[][..], Vec::as_slice);
        let part = |state: &State| match items.get(n) {
            Some(Item::Text(span)) => common(span.of(&self.sheet.text), cells, state.cell, back),
            _ => (0, 0),
        };
        let mut state = (0..states.len()).max_by_key(|i| (states.get(*i).map(part), usize::MAX - i)).unwrap_or(0);
        let (mut more, mut bytes) = states.get(state).map_or((0, 0), part);
        let at = |layer: usize, state: usize| layers.get(layer).and_then(|l| l.get(state));
        let last = n.checked_sub(1).and_then(|i| items.get(i));
        if more == 0
            && !matches!(items.get(n), Some(Item::Change(_)))
            && matches!(last, Some(Item::Change(_)))
            && at(n, state).is_some_and(|s| s.choice != Choice::Pending)
        {
            state = at(n, state).map_or(0, |s| s.from);
            n -= 1;
            (more, bytes) = (0, 0);
        }
        let used = at(n, state).map_or(0, |s| s.cell) + more;
        let layers: Vec<Vec<State>> = layers.into_iter().take(n + 1).collect();
        self.note(items.get(..n).unwrap_or(&[]), &layers, state);
        (n, used, bytes)
    }

    /// What neither walk explains.
    fn middle(&mut self, items: &[Item], cells: &[Cell], start: usize) {
        let text: String = cells.iter().filter(|c| c.mark != Mark::Del).map(|c| c.c).collect();
        let waits = cells.iter().any(|c| c.mark != Mark::Kept);
        let changes: Vec<usize> =
            items.iter().filter_map(|i| if let Item::Change(n) = i { Some(*n) } else { None }).collect();
        let lost = items.iter().any(|i| matches!(i, Item::Text(span) if !span.is_empty()));
        if let ([only], false, false) = (changes.as_slice(), lost, waits) {
            let half = self.sheet.slots.get(*only).is_some_and(|slot| is_half(slot, &self.sheet.text, &text));
            if let Some(outcome) = self.outcomes.get_mut(*only) {
                *outcome = if half { Outcome::Unclear(text) } else { Outcome::Written(text) };
            }
            return;
        }
        // Where much was rewritten, many changes lie in it: each is given its beginning only.
        let beginning: String = text.chars().take(SHOWN).collect();
        for n in &changes {
            if let Some(outcome) = self.outcomes.get_mut(*n) {
                *outcome = Outcome::Unclear(beginning.clone());
            }
        }
        let end = items.last().map_or(start, |item| match item {
            Item::Text(span) => span.end,
            Item::Change(n) => self.sheet.slots.get(*n).map_or(start, |s| s.span.end),
        });
        if (lost || changes.is_empty()) && (start < end || !text.is_empty()) {
            self.strays.push(Stray { span: SourceSpan::new(start, end), is: text });
        }
    }
}

/// Whether the old and the new text both stand: one half of a change was decided, the other way round or not at all.
fn is_half(slot: &Slot, text: &str, is: &str) -> bool {
    let [head, old, new, tail] = slot.parts(text);
    let both = |a: &str, b: &str| is == [head, a, b, tail].concat();
    !old.is_empty() && !new.is_empty() && (both(old, new) || both("", ""))
}

/// Where pieces with these marks end that begin at a cell, both counted from the end where `back` says so.
fn matched(pieces: &[(&str, Mark)], cells: &[Cell], at: usize, back: bool) -> Option<usize> {
    let mut at = at;
    let mut piece = |(text, mark): &(&str, Mark)| {
        let (more, bytes) = run_of(text, *mark, cells, at, back);
        at += more;
        bytes == text.len()
    };
    let all = if back { pieces.iter().rev().all(&mut piece) } else { pieces.iter().all(&mut piece) };
    all.then_some(at)
}

/// How many cells, and bytes of the text, agree with kept text.
fn common(text: &str, cells: &[Cell], at: usize, back: bool) -> (usize, usize) {
    run_of(text, Mark::Kept, cells, at, back)
}

fn run_of(text: &str, mark: Mark, cells: &[Cell], at: usize, back: bool) -> (usize, usize) {
    let rest = cells.len().saturating_sub(at);
    let is = |c: char, cell: &Cell| {
        let like = match mark {
            Mark::Del => matches!(cell.mark, Mark::Del | Mark::TheirDel),
            Mark::Ins => matches!(cell.mark, Mark::Ins | Mark::TheirIns),
            other => cell.mark == other,
        };
        like && cell.c == c
    };
    let count = |bytes: &mut usize, c: char| *bytes += c.len_utf8();
    let (mut more, mut bytes) = (0, 0);
    if back {
        for (c, cell) in text.chars().rev().zip(cells.get(..rest).unwrap_or(&[]).iter().rev()) {
            if !is(c, cell) {
                break;
            }
            more += 1;
            count(&mut bytes, c);
        }
    } else {
        for (c, cell) in text.chars().zip(cells.get(at..).unwrap_or(&[])) {
            if !is(c, cell) {
                break;
            }
            more += 1;
            count(&mut bytes, c);
        }
    }
    (more, bytes)
}

/// The cells with a person's own tracked changes carried out.
fn hers(cells: &[Cell]) -> Vec<Cell> {
    let kept = cells.iter().filter(|c| c.mark != Mark::TheirDel);
    let resolve = |c: &Cell| if c.mark == Mark::TheirIns { Cell { mark: Mark::Kept, ..*c } } else { *c };
    kept.map(resolve).collect()
}

/// Characters that a bookmark may slip by.
const SLIP: usize = 4;
/// Characters on either side by which its place is known again.
const SIDE: usize = 3;

/// An anchor put back to where the text beside it is what stays there; nothing where there is no such place near by, or too
/// little text to tell.
fn settled(anchor: Anchor, sheet: &Sheet, cells: &[Cell]) -> Option<Anchor> {
    if anchor.exact {
        return Some(anchor);
    }
    let gap = sheet.gap(anchor.spot.gap);
    let (head, tail) = (sheet.text.get(gap.start..anchor.spot.at)?, sheet.text.get(anchor.spot.at..gap.end)?);
    let agrees = |at: usize| {
        let before = cells.get(..at).unwrap_or(&[]).iter().rev().zip(head.chars().rev()).take(SIDE);
        let after = cells.get(at..).unwrap_or(&[]).iter().zip(tail.chars()).take(SIDE);
        let like = |(cell, c): &(&Cell, char)| cell.c == *c && cell.mark == Mark::Kept;
        before.take_while(like).count() + after.take_while(like).count()
    };
    let near = (0..=SLIP).flat_map(|by| [anchor.cell.checked_sub(by), anchor.cell.checked_add(by)]);
    let near: Vec<usize> = near.flatten().filter(|at| *at <= cells.len()).collect();
    // Of two places that agree as well, the nearer one.
    let best = near.iter().rev().copied().max_by_key(|at| agrees(*at))?;
    (agrees(best) > 1).then_some(Anchor { cell: best, ..anchor })
}

/// The anchors in the order of the sheet, without those that were moved: the most of them that stand in one order.
fn in_order(mut anchors: Vec<Anchor>, cells: usize) -> Vec<Anchor> {
    anchors.retain(|a| a.cell <= cells);
    anchors.sort_by_key(|a| (a.spot, a.cell));
    anchors.dedup_by_key(|a| a.spot);
    // Ends of the shortest rows so far, by length, and for each anchor the one before it in its row.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; anchors.len()];
    let cell = |i: usize| anchors.get(i).map_or(0, |a| a.cell);
    for i in 0..anchors.len() {
        let length = ends.partition_point(|end| cell(*end) <= cell(i));
        if let Some(before) = before.get_mut(i) {
            *before = length.checked_sub(1).and_then(|l| ends.get(l).copied());
        }
        match ends.get_mut(length) {
            Some(end) => *end = i,
            None => ends.push(i),
        }
    }
    let mut row = Vec::new();
    let mut next = ends.last().copied();
    while let Some(i) = next {
        row.extend(anchors.get(i).copied());
        next = before.get(i).copied().flatten();
    }
    row.reverse();
    row
}
