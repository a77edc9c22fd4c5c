//! The shelf: issues of the archive as reuse sees them, the latest used ones kept in memory.

use crate::archive::Archive;
use crate::document::Document;
use crate::error::Result;
use crate::reuse::{Folded, Page};
use crate::source::Source;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// One issue. Most are asked for their characters only, to see that a phrase is all they share with another.
pub struct Leaf {
    /// Its number in the archive.
    number: u32,
    /// Its folded characters.
    pub chars: Vec<char>,
    layout: OnceLock<Layout>,
}

/// What is to be known of an issue that shares a passage with another.
pub struct Layout {
    /// Its blocks.
    pub page: Page,
    /// Where each folded character stands in the text.
    places: Places,
}

impl Layout {
    fn read(id: &str, text: String) -> Self {
        let source = Source { id: id.to_owned(), text, ..Source::default() };
        let document = Document::new(&source);
        let folded = Folded::new(&source.text);
        let mut places = Places::default();
        places.near.reserve_exact(folded.chars().len());
        let page = Page::read_and(document.view(), &folded, |at| places.push(at));
        Layout { page, places }
    }

    /// A range of folded characters as it stands in the text, in scalar values; marks at either end are left out.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |n: usize| self.places.get(n).unwrap_or(0);
        let start = at(range.start);
        start..range.end.checked_sub(1).map_or(start, |last| at(last) + 1).max(start)
    }
}

/// Where folded characters stand, in scalar values: a byte for each, the distance from the last mark.
#[derive(Default)]
struct Places {
    /// One for every [`STEP`] characters.
    marks: Vec<u32>,
    /// [`FAR`] for a place that is told apart.
    near: Vec<u8>,
    /// The number of the character and its place.
    far: Vec<(usize, u32)>,
}

const STEP: usize = 16;
const FAR: u8 = u8::MAX;

impl Places {
    fn push(&mut self, at: u32) {
        if self.near.len().is_multiple_of(STEP) {
            self.marks.push(at);
        }
        let distance = at - self.marks.last().copied().unwrap_or(at);
        match u8::try_from(distance) {
            Ok(near) if near != FAR => self.near.push(near),
            _ => {
                self.far.push((self.near.len(), at));
                self.near.push(FAR);
            }
        }
    }

    fn get(&self, number: usize) -> Option<usize> {
        let at = match *self.near.get(number)? {
            FAR => self.far.get(self.far.partition_point(|f| f.0 < number))?.1,
            near => self.marks.get(number / STEP)? + u32::from(near),
        };
        Some(at as usize)
    }
}

impl Leaf {
    fn read(number: u32, text: &str) -> Self {
        let mut chars = Folded::new(text).into_chars();
        chars.shrink_to_fit();
        Leaf { number, chars, layout: OnceLock::new() }
    }

    /// What memory it takes when all of it is known.
    fn bytes(&self) -> usize {
        self.chars.len() * (size_of::<char>() + 2) + self.chars.len() / STEP * size_of::<u32>() + 4096
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
        match self.look(number) {
            Some(leaf) => Ok(leaf),
            None => Ok(self.keep(Leaf::read(number, &self.archive.text(number as usize)?))),
        }
    }

    /// An issue, all of it.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn whole(&self, number: u32) -> Result<Arc<Leaf>> {
        if let Some(leaf) = self.look(number) {
            self.layout(&leaf)?;
            return Ok(leaf);
        }
        let text = self.archive.text(number as usize)?;
        let leaf = Leaf::read(number, &text);
        let _ = leaf.layout.set(Layout::read(self.id(number), text));
        Ok(self.keep(leaf))
    }

    fn id(&self, number: u32) -> &str {
        self.archive.issues().get(number as usize).map_or("", |issue| &issue.id)
    }

    fn keep(&self, leaf: Leaf) -> Arc<Leaf> {
        let (number, leaf) = (leaf.number, Arc::new(leaf));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.asked += 1;
        let asked = kept.asked;
        if kept.leaves.insert(number, (Arc::clone(&leaf), asked)).is_none() {
            kept.bytes += leaf.bytes();
        }
        if kept.bytes > self.room {
            kept.clear_half(self.room);
        }
        leaf
    }

    /// The blocks of an issue; its text is read again, once.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn layout<'l>(&self, leaf: &'l Leaf) -> Result<&'l Layout> {
        if let Some(layout) = leaf.layout.get() {
            return Ok(layout);
        }
        let layout = Layout::read(self.id(leaf.number), self.archive.text(leaf.number as usize)?);
        Ok(leaf.layout.get_or_init(|| layout))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back_however_far_apart() {
        let all: Vec<u32> = (0..200).map(|n| n * n * n / 7 + n).collect();
        let mut places = Places::default();
        all.iter().for_each(|at| places.push(*at));
        assert!(!places.far.is_empty());
        let back: Vec<u32> = (0..all.len()).filter_map(|n| places.get(n)).map(|at| at as u32).collect();
        assert_eq!(back, all);
        assert_eq!(places.get(all.len()), None);
    }
}
