//! Sheets: the issues that are looked at together, and how each takes in what it shares with the issues before it.

use super::layout::Layout;
use super::links::{self, Link, Told};
use super::outlines::Outlines;
use super::sorter::Sorted;
use crate::archive::Archive;
use crate::error::Result;
use crate::reuse::{self, Folded, Match, Piece, SEED, SHORTEST, Side};
use crate::source::Source;
use rayon::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

/// An issue that is looked at.
pub struct Sheet {
    /// Its number in the archive.
    pub number: u32,
    /// Its folded characters.
    pub chars: Vec<char>,
    /// Its blocks; `None` where it shares nothing with any issue.
    pub layout: Option<Layout>,
    /// For each block what of it stands elsewhere.
    pub shelves: Vec<Vec<Piece>>,
    /// Where its seeds begin that stand in other places as well, and in how many places they stand.
    places: Vec<(u32, u16)>,
}

/// Where a seed of a sheet stands in an issue before it.
#[derive(Clone, Copy, Debug)]
struct Pair {
    original: u32,
    /// The number of the sheet among those at hand.
    sheet: u32,
    copy_at: u32,
    original_at: u32,
}

impl Sheet {
    /// Reads an issue and what it repeats of itself.
    fn read(archive: &Archive, number: u32, links: &[Link], shared: bool) -> Result<Sheet> {
        let source = source(archive, number, archive.text(number as usize)?);
        let folded = Folded::new(&source.text);
        // What an issue repeats of itself is looked for with all its seeds, for its text is at hand.
        let own = reuse::within(folded.chars());
        let mut shelves: Vec<Vec<Piece>> = Vec::new();
        let mut layout = None;
        if shared || !own.is_empty() {
            let read = Layout::read(&source, &folded);
            shelves.resize_with(read.page.bodies.len(), Vec::new);
            let side = Side { issue: number as usize, chars: folded.chars(), page: &read.page };
            for hit in own {
                reuse::cut(&hit, side, side, |body, piece| {
                    let printed = read.place(&piece.hit.original);
                    shelves[body].push(Piece { printed, ..piece });
                });
            }
            layout = Some(read);
        }
        Ok(Sheet { number, chars: chars(folded), layout, shelves, places: places(links) })
    }

    /// Memory that it takes, and will take once it has taken in so many pairs, in bytes.
    fn bytes(&self, pairs: usize) -> usize {
        let layout = if self.layout.is_some() { Layout::EIGHTHS * self.chars.len() / 8 } else { 0 };
        self.chars.len() * size_of::<char>() + layout + self.places.len() * 8 + pairs * (2 * size_of::<Pair>() + PIECE)
    }

    /// In how many places a passage stands; seeds that stand nowhere else are not counted.
    pub fn spread(&self, range: &Range<usize>) -> u32 {
        let from = self.places.partition_point(|p| (p.0 as usize) < range.start);
        let inside = self.places.get(from..).unwrap_or(&[]).iter().take_while(|p| p.0 as usize + SEED <= range.end);
        reuse::quarter(inside.map(|p| u32::from(p.1)).collect()).unwrap_or(1)
    }
}

/// The memory that a pair leads to, in bytes: one in some eight makes a piece.
const PIECE: usize = size_of::<Piece>() / 8;

/// Issues that follow each other and are looked at together, so that each issue before them is read once for all.
pub struct Sheets {
    /// In the order of their numbers.
    pub all: Vec<Sheet>,
    pairs: Vec<Pair>,
}

/// Originals that are looked at before what was found goes to the sheets.
const TOGETHER: usize = 256;

impl Sheets {
    /// Reads the next issues, as many as fit into so many bytes and at least some; `None` behind the last.
    ///
    /// # Errors
    /// An issue cannot be read or is damaged.
    pub fn next(archive: &Archive, links: &mut Sorted, room: usize) -> Result<Option<Sheets>> {
        let mut sheets = Sheets { all: Vec::new(), pairs: Vec::new() };
        let mut bytes = 0;
        while bytes < room
            && let Some((issues, links)) = links.next()?
        {
            let mut rest = links;
            let mut own = |issue: u32| {
                let (own, others) = rest.split_at(rest.partition_point(|link| link.copy <= issue));
                rest = others;
                (issue, own)
            };
            let issues: Vec<(u32, &[Link])> = issues.map(&mut own).collect();
            let first = sheets.all.len() as u32;
            let read = |(n, (issue, links)): (usize, &(u32, &[Link]))| -> Result<(Sheet, Vec<Pair>)> {
                let pairs = pairs(links, first + n as u32);
                Ok((Sheet::read(archive, *issue, links, !pairs.is_empty())?, pairs))
            };
            let read: Vec<_> = issues.par_iter().enumerate().map(read).collect();
            for read in read {
                let (sheet, pairs) = read?;
                bytes += sheet.bytes(pairs.len());
                sheets.all.push(sheet);
                sheets.pairs.extend(pairs);
            }
        }
        Ok((!sheets.all.is_empty()).then_some(sheets))
    }

    /// Goes through the issues before, each once and in order, and gives every sheet what it shares with them.
    ///
    /// # Errors
    /// An issue cannot be read or is damaged.
    pub fn compare(&mut self, archive: &Archive, outlines: &Outlines) -> Result<()> {
        let pairs = by_original(std::mem::take(&mut self.pairs));
        let originals: Vec<&[Pair]> = pairs.chunk_by(|a, b| a.original == b.original).collect();
        for originals in originals.chunks(TOGETHER) {
            let found: Vec<Result<Vec<Found>>> =
                originals.par_iter().map(|pairs| self.shared(pairs, archive, outlines)).collect();
            for found in found {
                for Found { sheet, body, piece } in found? {
                    if let Some(shelf) = self.all.get_mut(sheet).and_then(|sheet| sheet.shelves.get_mut(body)) {
                        shelf.push(piece);
                    }
                }
            }
        }
        Ok(())
    }

    /// What the sheets share with one issue.
    fn shared(&self, pairs: &[Pair], archive: &Archive, outlines: &Outlines) -> Result<Vec<Found>> {
        let Some(number) = pairs.first().map(|pair| pair.original) else { return Ok(Vec::new()) };
        let first = self.all.first().map_or(0, |sheet| sheet.number);
        let sheet = number.checked_sub(first).and_then(|n| self.all.get(n as usize));
        let mut text = String::new();
        let chars = match sheet {
            Some(sheet) => Cow::Borrowed(sheet.chars.as_slice()),
            None => {
                text = archive.text(number as usize)?;
                Cow::Owned(chars(Folded::new(&text)))
            }
        };
        let mut hits: Vec<(usize, Match)> = Vec::new();
        for pairs in pairs.chunk_by(|a, b| a.sheet == b.sheet) {
            let n = pairs.first().map_or(0, |pair| pair.sheet as usize);
            let found = self.all.get(n).map_or(Vec::new(), |copy| matches(pairs, &chars, &copy.chars));
            hits.extend(found.into_iter().map(|hit| (n, hit)));
        }
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let read;
        let layout = match sheet.and_then(|sheet| sheet.layout.as_ref()) {
            Some(layout) => layout,
            None => {
                let text = if sheet.is_some() { archive.text(number as usize)? } else { text };
                read = match outlines.get(number)? {
                    Some(bodies) => Layout::known(&text, chars.len(), bodies),
                    None => {
                        let source = source(archive, number, text);
                        Layout::read(&source, &Folded::new(&source.text))
                    }
                };
                &read
            }
        };
        let side = Side { issue: number as usize, chars: &chars, page: &layout.page };
        let mut out = Vec::new();
        for (sheet, hit) in hits {
            let Some((copy, page)) = self.all.get(sheet).and_then(|copy| Some((copy, &copy.layout.as_ref()?.page)))
            else {
                continue;
            };
            let copy = Side { issue: copy.number as usize, chars: &copy.chars, page };
            reuse::cut(&hit, side, copy, |body, piece| {
                let printed = layout.place(&piece.hit.original);
                out.push(Found { sheet, body, piece: Piece { printed, ..piece } });
            });
        }
        Ok(out)
    }
}

/// A piece and where it belongs.
struct Found {
    sheet: usize,
    body: usize,
    piece: Piece,
}

/// An issue as its outline is read.
fn source(archive: &Archive, number: u32, text: String) -> Source {
    let id = archive.issues().get(number as usize).map_or("", |issue| &issue.id);
    Source { id: id.to_owned(), text, ..Source::default() }
}

/// The characters, in no more memory than they take.
fn chars(folded: Folded) -> Vec<char> {
    let mut chars = folded.into_chars();
    chars.shrink_to_fit();
    chars
}

/// The places of the seeds of an issue that others support, in the issues before it, as far as they say something new.
fn pairs(links: &[Link], sheet: u32) -> Vec<Pair> {
    let before = links.chunk_by(|a, b| a.original == b.original).filter(|of| of.iter().all(|l| l.original != l.copy));
    let pair = |l: &Link| Pair { original: l.original, sheet, copy_at: l.copy_at, original_at: l.original_at };
    let (mut told, mut pairs) = (Told::default(), Vec::new());
    let mut supported: Vec<&Link> = Vec::new();
    for links in before {
        supported.clear();
        supported.extend(links::supported(links));
        pairs.extend(told.new_ones(&supported).map(pair));
    }
    pairs
}

/// In how many places the seeds of an issue stand, by where they begin.
fn places(links: &[Link]) -> Vec<(u32, u16)> {
    let places = |link: &Link| (link.copy_at, u16::try_from(link.places).unwrap_or(u16::MAX));
    let mut places: Vec<(u32, u16)> = links.iter().map(places).collect();
    places.sort_unstable();
    places.dedup();
    places.shrink_to_fit();
    places
}

/// Sorts pairs by their original. Those of a sheet come together and in order, so that counting is enough.
fn by_original(pairs: Vec<Pair>) -> Vec<Pair> {
    let most = pairs.iter().map(|pair| pair.original as usize).max().unwrap_or(0);
    let mut next = vec![0usize; most + 2];
    pairs.iter().for_each(|pair| next[pair.original as usize + 1] += 1);
    (1..next.len()).for_each(|n| next[n] += next[n - 1]);
    let mut sorted = vec![Pair { original: 0, sheet: 0, copy_at: 0, original_at: 0 }; pairs.len()];
    for pair in pairs {
        let at = &mut next[pair.original as usize];
        sorted[*at] = pair;
        *at += 1;
    }
    sorted
}

/// What the links of an issue to one other come to.
fn matches(pairs: &[Pair], original: &[char], copy: &[char]) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for pair in pairs {
        let (from, to) = (pair.original_at as usize, pair.copy_at as usize);
        if reuse::explained(&found, to, from) {
            continue;
        }
        // Two different seeds may share what the archive keeps of their hashes.
        let (old, new) = (original.get(from..from + SEED), copy.get(to..to + SEED));
        if old.is_none() || old != new {
            continue;
        }
        let hit = reuse::extend(original, copy, from, to, SEED, false);
        if hit.copy.len() >= SHORTEST {
            found.push(hit);
        }
    }
    reuse::chained(found, original, copy, false)
}
