//! What was printed more than once: every passage of an archive that stands in an earlier issue, or earlier in its own.
//!
//! The seeds of all issues are read once, by their hash; those that stand in several places become [links](links) from a
//! copy to its originals, which are [sorted](sorter) by the copy. Then each issue is looked at alone: its links that
//! support each other are extended against the texts of the originals, and the [judge](crate::reuse::Judge) says which of
//! the pieces make a passage that was printed before. In how many places of the archive a seed stands tells a masthead
//! from a reprint.
//!
//! The result does not depend on the number of threads, on the memory, or on the order in which issues were added.

mod links;
mod record;
mod shelf;
mod sorter;

pub use record::{Kind, Passage, Place, Printing, Reading};

use super::Archive;
use crate::error::Result;
use crate::reuse::{self, Judge, Match, Piece, SEED, SHORTEST, Side};
use links::Link;
use rayon::prelude::*;
use record::rounded;
use shelf::{Leaf, Shelf};
use sorter::Sorter;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// How the search is done.
#[derive(Clone, Copy, Debug)]
pub struct Search<'a> {
    /// Memory to be used, in bytes; about.
    pub memory: usize,
    /// A folder for what does not fit in.
    pub scratch: &'a Path,
    /// Whether to say where the printings differ.
    pub readings: bool,
}

/// Issues that are looked at side by side.
const TOGETHER: usize = 64;

/// Hands on every passage that was printed before, by issue and place.
///
/// # Errors
/// The archive cannot be read or is damaged; the scratch folder cannot be written; or the receiver's own.
pub fn duplicates(archive: &Archive, search: &Search, mut each: impl FnMut(&Passage) -> Result<()>) -> Result<()> {
    let mut sorter = Sorter::new(search.memory / 2, search.scratch);
    links::each(archive.seeds()?, |link| sorter.put(link))?;
    let mut links = sorter.sorted().peekable();
    let shelf = Shelf::new(archive, search.memory / 3);
    let mut number = 0;
    let count = u32::try_from(archive.issues().len()).unwrap_or(u32::MAX);
    while number < count {
        let mut batch: Vec<(u32, Vec<Link>)> = Vec::with_capacity(TOGETHER);
        for issue in number..count.min(number.saturating_add(TOGETHER as u32)) {
            let mut own = Vec::new();
            while let Some(link) = links.next_if(|link| link.as_ref().map_or(true, |link| link.copy == issue)) {
                own.push(link?);
            }
            batch.push((issue, own));
        }
        number += batch.len() as u32;
        let found: Vec<Result<Vec<Passage>>> =
            batch.par_iter().map(|(issue, links)| of(*issue, links, &shelf, search.readings)).collect();
        for passages in found {
            passages?.iter().try_for_each(&mut each)?;
        }
    }
    Ok(())
}

/// The passages of one issue that were printed before.
fn of<'a>(number: u32, links: &[Link], shelf: &Shelf<'a>, readings: bool) -> Result<Vec<Passage<'a>>> {
    let leaf = shelf.whole(number)?;
    let page = &shelf.layout(&leaf)?.page;
    let copy = Side { issue: number as usize, chars: &leaf.chars, page };
    let mut shelves: Vec<Vec<Piece>> = Vec::new();
    shelves.resize_with(page.bodies.len(), Vec::new);
    let places = places(links);
    // What an issue repeats of itself is looked for with all its seeds, for its text is at hand.
    for hit in reuse::within(copy.chars) {
        reuse::cut(&hit, copy, copy, |body, piece| shelves[body].push(piece));
    }
    let mut originals: HashMap<usize, Arc<Leaf>> = HashMap::new();
    for links in links.chunk_by(|a, b| a.original == b.original) {
        let Some(original) = links.first().map(|link| link.original).filter(|original| *original != number) else {
            continue;
        };
        let supported: Vec<&Link> = links::supported(links).collect();
        if supported.is_empty() {
            continue;
        }
        let other = shelf.get(original)?;
        let hits = matches(&supported, &other.chars, copy.chars);
        if hits.is_empty() {
            continue;
        }
        let side = Side { issue: original as usize, chars: &other.chars, page: &shelf.layout(&other)?.page };
        for hit in hits {
            reuse::cut(&hit, side, copy, |body, piece| shelves[body].push(piece));
        }
        originals.insert(side.issue, other);
    }
    let spread = |range: &Range<usize>| Some(spread(&places, range));
    let judge = Judge { page, issue: number as usize, spread: &spread, alone: false };
    let copies = judge.copies(&mut shelves);
    originals.insert(number as usize, Arc::clone(&leaf));
    let told: Result<Vec<Passage>> = copies.iter().map(|copy| told(copy, number, &originals, shelf)).collect();
    let mut told = told?;
    if readings {
        record::add_readings(shelf.archive(), &mut told)?;
    }
    Ok(told)
}

/// What the links of an issue to one other come to.
fn matches(links: &[&Link], original: &[char], copy: &[char]) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for link in links {
        let (from, to) = (link.original_at as usize, link.copy_at as usize);
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
    found
}

/// In how many places the seeds of an issue stand, by where they begin.
fn places(links: &[Link]) -> Vec<(u32, u32)> {
    let mut places: Vec<(u32, u32)> = links.iter().map(|link| (link.copy_at, link.places)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// In how many places a passage stands; seeds that stand nowhere else are not counted.
fn spread(places: &[(u32, u32)], range: &Range<usize>) -> u32 {
    let from = places.partition_point(|p| (p.0 as usize) < range.start);
    let inside = places.get(from..).unwrap_or(&[]).iter().take_while(|p| p.0 as usize + SEED <= range.end);
    reuse::quarter(inside.map(|p| p.1).collect()).unwrap_or(1)
}

/// A copy as it is told.
fn told<'a>(
    copy: &reuse::Copy,
    number: u32,
    leaves: &HashMap<usize, Arc<Leaf>>,
    shelf: &Shelf<'a>,
) -> Result<Passage<'a>> {
    let issues = shelf.archive().issues();
    let place = |issue: usize, range: &Range<usize>| -> Result<Range<usize>> {
        leaves.get(&issue).map_or(Ok(0..0), |leaf| Ok(shelf.layout(leaf)?.place(range)))
    };
    let named = |issue: usize, range: &Range<usize>| -> Result<Place<'a>> {
        let range = place(issue, range)?;
        Ok(issues.get(issue).map_or(Place { issue: "", file: "", start: 0, end: 0 }, |issue| Place::of(issue, &range)))
    };
    let own = number as usize;
    let mut sources = Vec::with_capacity(copy.pieces.len());
    for piece in &copy.pieces {
        let part = place(own, &piece.hit.copy)?;
        sources.push(Printing {
            place: named(piece.issue, &piece.hit.original)?,
            copy_start: part.start,
            copy_end: part.end,
            similarity: rounded(piece.hit.similarity()),
            readings: None,
        });
    }
    let covered = reuse::union(copy.pieces.iter().map(|p| p.hit.copy.clone()), 0).iter().map(Range::len).sum::<usize>();
    Ok(Passage {
        copy: named(own, &copy.range)?,
        sources,
        kind: Kind::of(copy),
        coverage: rounded(covered as f64 / copy.range.len().max(1) as f64),
        block_coverage: rounded(copy.coverage),
    })
}
