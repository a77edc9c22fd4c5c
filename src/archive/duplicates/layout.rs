//! The layout of an issue: its blocks, and where its characters stand on the page.

use crate::document::Document;
use crate::reuse::{Body, Folded, Page};
use crate::source::Source;
use std::ops::Range;

/// What is to be known of an issue that shares a passage with another.
pub struct Layout {
    /// Its blocks.
    pub page: Page,
    /// Where its folded characters stand in the text.
    places: Places,
}

impl Layout {
    /// Reads the outline of an issue; `folded` is its folded text.
    pub fn read(source: &Source, folded: &Folded) -> Self {
        let document = Document::new(source);
        let mut places = Places::default();
        let page = Page::read_and(document.view(), folded, |number, at| places.push(number, at));
        Layout { page, places: places.packed() }
    }

    /// Reads a text whose blocks are known.
    pub fn known(text: &str, length: usize, bodies: Vec<Body>) -> Self {
        let mut places = Places::default();
        let page = Page::of_bodies(text, length, bodies, |number, at| places.push(number, at));
        Layout { page, places: places.packed() }
    }

    /// A range of folded characters as it stands in the text, in scalar values; marks at either end are left out.
    pub fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |n: usize| self.places.get(n);
        let start = at(range.start);
        start..range.end.checked_sub(1).map_or(start, |last| at(last) + 1).max(start)
    }

    /// What memory it takes for each folded character, in eighths of a byte: what stands before it, and its place. A
    /// newspaper sets a mark behind some seven characters.
    pub const EIGHTHS: usize = 8 + 64 / 6;
}

/// Where folded characters stand, in scalar values: where each run of them begins that nothing stands between.
#[derive(Default)]
struct Places {
    /// The number of the run's first character, and its place.
    runs: Vec<(u32, u32)>,
}

impl Places {
    fn push(&mut self, number: usize, at: usize) {
        self.runs.push((u32::try_from(number).unwrap_or(u32::MAX), u32::try_from(at).unwrap_or(u32::MAX)));
    }

    /// In no more memory than it takes.
    fn packed(mut self) -> Self {
        self.runs.shrink_to_fit();
        self
    }

    /// The place of a character; behind the last, the text's end.
    fn get(&self, number: usize) -> usize {
        let after = self.runs.partition_point(|run| run.0 as usize <= number);
        let run = after.checked_sub(1).and_then(|run| self.runs.get(run));
        run.map_or(0, |(first, at)| *at as usize + number - *first as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_come_back() {
        let text = "# 新桥\n\n本报讯　新桥（全长1.2公里）合龙那天，“两岸”都来看。 \n\n……\n完\n";
        let (source, folded) = (Source::from_text("a", "a.md", text), Folded::new(text));
        let layout = Layout::read(&source, &folded);
        let stands = |c: &(usize, char)| crate::text::fold_char(c.1).is_some();
        let plainly: Vec<usize> = text.chars().enumerate().filter(stands).map(|(at, _)| at).collect();
        let back: Vec<usize> = (0..plainly.len()).map(|n| layout.place(&(n..n + 1)).start).collect();
        assert_eq!(back, plainly);
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
