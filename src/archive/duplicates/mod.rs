//! What was printed more than once: every passage of an archive that stands in an earlier issue, or earlier in its own.
//!
//! The seeds of all issues are read once, by their hash; those that stand in several places become [links](links) from a
//! copy to its originals, which are [sorted](sorter) by the copy. Then as many issues as fit into memory are looked at
//! [together](sheets): their links that support each other, but for those that lead to one more printing of the same, are
//! extended against the texts of the originals, each of which is read once for all of them. The
//! [judge](crate::reuse::Judge) says which of the pieces make a passage that was printed before. In how many places of the
//! archive a seed stands tells a masthead from a reprint.
//!
//! The result does not depend on the number of threads, on the memory, or on the order in which issues were added.

mod layout;
mod links;
mod outlines;
mod record;
mod sheets;
mod sorter;

pub use record::{Kind, Passage, Place, Printing, Reading};

use super::Archive;
use crate::error::Result;
use crate::reuse::{self, Judge};
use layout::Layout;
use outlines::Outlines;
use rayon::prelude::*;
use record::rounded;
use sheets::{Sheet, Sheets};
use sorter::Sorter;
use std::ops::Range;
use std::path::Path;

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

/// Memory for the issues that are looked at together, by bytes of all texts, and at least. All of a great archive would
/// fit into no memory; of a small one most is looked at in one go, and little has to be read again for the rest.
const ROOM: (usize, usize) = (2, 1);
const LEAST: usize = 32 << 20;

/// Hands on every passage that was printed before, by issue and place.
///
/// # Errors
/// The archive cannot be read or is damaged; the scratch folder cannot be written; or the receiver's own.
pub fn duplicates(archive: &Archive, search: &Search, mut each: impl FnMut(&Passage) -> Result<()>) -> Result<()> {
    let count = u32::try_from(archive.issues().len()).unwrap_or(u32::MAX);
    let mut sorter = Sorter::new(count, search.memory / 2, search.scratch);
    links::each(archive.seeds()?, |link| sorter.put(link))?;
    let mut links = sorter.sorted()?;
    let mut outlines = Outlines::new(search.scratch);
    let bytes: u64 = archive.issues().iter().map(|issue| issue.bytes).sum();
    let wanted = usize::try_from(bytes).unwrap_or(usize::MAX).saturating_mul(ROOM.0) / ROOM.1;
    // What waited to be sorted is in the file by now where memory is short.
    let room = wanted.max(LEAST).min(search.memory / 16 * 9);
    while let Some(mut sheets) = Sheets::next(archive, &mut links, room)? {
        sheets.compare(archive, &outlines)?;
        let judged = |sheet: &mut Sheet| judged(archive, sheet, search.readings);
        let found: Vec<Result<Vec<Passage>>> = sheets.all.par_iter_mut().map(judged).collect();
        for passages in found {
            passages?.iter().try_for_each(&mut each)?;
        }
        if sheets.all.last().is_some_and(|last| last.number + 1 < count) {
            outlines.put(sheets.all.iter().map(|sheet| sheet.layout.as_ref().map(|l| l.page.bodies.as_slice())))?;
        }
    }
    Ok(())
}

/// The passages of an issue that were printed before.
fn judged<'a>(archive: &'a Archive, sheet: &mut Sheet, readings: bool) -> Result<Vec<Passage<'a>>> {
    let mut shelves = std::mem::take(&mut sheet.shelves);
    let Some(layout) = &sheet.layout else { return Ok(Vec::new()) };
    let spread = |range: &Range<usize>| Some(sheet.spread(range));
    let judge = Judge { page: &layout.page, issue: sheet.number as usize, spread: &spread, alone: false };
    let copies = judge.copies(&mut shelves);
    let mut told: Vec<Passage> = copies.iter().map(|copy| told(archive, sheet.number, layout, copy)).collect();
    if readings {
        record::add_readings(archive, &mut told)?;
    }
    Ok(told)
}

/// A copy as it is told.
fn told<'a>(archive: &'a Archive, number: u32, layout: &Layout, copy: &reuse::Copy) -> Passage<'a> {
    let named = |issue: usize, range: &Range<usize>| {
        let nowhere = Place { issue: "", file: "", start: 0, end: 0 };
        archive.issues().get(issue).map_or(nowhere, |issue| Place::of(issue, range))
    };
    let printing = |piece: &reuse::Piece| {
        let part = layout.place(&piece.hit.copy);
        Printing {
            place: named(piece.issue, &piece.printed),
            copy_start: part.start,
            copy_end: part.end,
            similarity: rounded(piece.hit.similarity()),
            readings: None,
        }
    };
    let covered = reuse::union(copy.pieces.iter().map(|p| p.hit.copy.clone()), 0).iter().map(Range::len).sum::<usize>();
    Passage {
        copy: named(number as usize, &layout.place(&copy.range)),
        sources: copy.pieces.iter().map(printing).collect(),
        kind: Kind::of(copy),
        coverage: rounded(covered as f64 / copy.range.len().max(1) as f64),
        block_coverage: rounded(copy.coverage),
    }
}
