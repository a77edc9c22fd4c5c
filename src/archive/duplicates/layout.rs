//! The layout of an issue: its blocks, and where its characters stand on the page.

use crate::document::Document;
use crate::reuse::{Body, Folded, Page};
use crate::source::Source;
use std::ops::Range;

/// What is to be known of an issue that shares a passage with another.
pub struct Layout {
    /// Its blocks.
    pub page: Page,
    /// Where each folded character stands in the text.
    places: Places,
}

impl Layout {
    /// Reads the outline of an issue; `folded` is its folded text.
    pub fn read(source: &Source, folded: &Folded) -> Self {
        let document = Document::new(source);
        let mut places = Places::default();
        places.near.reserve_exact(folded.chars().len());
        let page = Page::read_and(document.view(), folded, |at| places.push(at));
        Layout { page, places }
    }

    /// Reads a text whose blocks are known.
    pub fn known(text: &str, length: usize, bodies: Vec<Body>) -> Self {
        let mut places = Places::default();
        places.near.reserve_exact(length);
        let page = Page::of_bodies(text, length, bodies, |at| places.push(at));
        Layout { page, places }
    }

    /// A range of folded characters as it stands in the text, in scalar values; marks at either end are left out.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |n: usize| self.places.get(n).unwrap_or(0);
        let start = at(range.start);
        start..range.end.checked_sub(1).map_or(start, |last| at(last) + 1).max(start)
    }

    /// What memory it takes for each folded character, in eighths of a byte: what stands before it, and its place.
    pub const EIGHTHS: usize = 8 + 8 + 32 / STEP;
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

    #[test]
    fn a_text_whose_blocks_are_known_reads_the_same() {
        let text =
            "# 新桥\n\n本报讯 新桥合龙那天，两岸的人都来看。\n\n卖豆腐的老周把担子歇在桥头：一天能多走一个来回。\n";
        let (source, folded) = (Source::from_text("a", "a.md", text), Folded::new(text));
        let (read, length) = (Layout::read(&source, &folded), folded.chars().len());
        let known = Layout::known(text, length, read.page.bodies.clone());
        assert_eq!(known.page, read.page);
        assert_eq!(known.place(&(3..length)), read.place(&(3..length)));
    }
}
