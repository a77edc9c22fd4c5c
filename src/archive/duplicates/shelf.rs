//! The shelf: issues of the archive as reuse sees them, the latest used ones kept in memory.

use crate::archive::Archive;
use crate::document::Document;
use crate::error::Result;
use crate::reuse::{Body, Folded, Page};
use crate::source::Source;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// One issue.
pub struct Leaf {
    /// Its folded characters.
    pub chars: Vec<char>,
    /// Its blocks.
    pub page: Page,
    /// Where each folded character stands in the text, in scalar values.
    scalars: Vec<u32>,
}

impl Leaf {
    fn read(id: &str, text: String) -> Self {
        let source = Source { id: id.to_owned(), text, ..Source::default() };
        let document = Document::new(&source);
        let folded = Folded::new(&source.text);
        let mut scalars = Vec::with_capacity(folded.chars().len());
        let page = Page::read_and(document.view(), &folded, |at| scalars.push(at));
        Leaf { chars: folded.into_chars(), page, scalars }
    }

    /// A range of folded characters as it stands in the text, in scalar values; marks at either end are left out.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |n: usize| self.scalars.get(n).map_or(0, |at| *at as usize);
        let start = at(range.start);
        start..range.end.checked_sub(1).map_or(start, |last| at(last) + 1).max(start)
    }

    fn bytes(&self) -> usize {
        let each = size_of::<char>() + size_of::<u32>() + 1;
        self.chars.len() * each + self.page.bodies.len() * size_of::<Body>() + 256
    }
}

/// Issues by their number.
pub struct Shelf<'a> {
    archive: &'a Archive,
    room: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    leaves: HashMap<u32, (Arc<Leaf>, u64)>,
    bytes: usize,
    /// Counts what was asked for, so that it is known what was asked for last.
    asked: u64,
}

impl<'a> Shelf<'a> {
    /// A shelf that takes about so many bytes of memory.
    pub fn new(archive: &'a Archive, room: usize) -> Self {
        Shelf { archive, room, kept: Mutex::default() }
    }

    /// The archive that it stands in.
    pub fn archive(&self) -> &'a Archive {
        self.archive
    }

    /// An issue.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn get(&self, number: u32) -> Result<Arc<Leaf>> {
        if let Some(leaf) = self.look(number) {
            return Ok(leaf);
        }
        let index = number as usize;
        let id = self.archive.issues().get(index).map_or("", |issue| &issue.id);
        let leaf = Arc::new(Leaf::read(id, self.archive.text(index)?));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.asked += 1;
        let asked = kept.asked;
        if kept.leaves.insert(number, (Arc::clone(&leaf), asked)).is_none() {
            kept.bytes += leaf.bytes();
        }
        if kept.bytes > self.room {
            kept.clear_half(self.room);
        }
        Ok(leaf)
    }

    fn look(&self, number: u32) -> Option<Arc<Leaf>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.asked += 1;
        let asked = kept.asked;
        let (leaf, last) = kept.leaves.get_mut(&number)?;
        *last = asked;
        Some(Arc::clone(leaf))
    }
}

impl Kept {
    /// Puts back what was not asked for for the longest time, until half of the room is free: one pass makes room for
    /// many.
    fn clear_half(&mut self, room: usize) {
        let mut by_age: Vec<(u64, u32)> = self.leaves.iter().map(|(number, (_, asked))| (*asked, *number)).collect();
        by_age.sort_unstable();
        for (_, number) in by_age {
            if self.bytes <= room / 2 {
                break;
            }
            if let Some((leaf, _)) = self.leaves.remove(&number) {
                self.bytes -= leaf.bytes().min(self.bytes);
            }
        }
    }
}
