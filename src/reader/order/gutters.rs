//! Lines that run on across the white between two columns: an engine that takes a page of columns for one text reads the
//! first line of each column as one long line. Words far apart in one line say little, for justified type has wide white
//! too; but where the lines above and below have white in the same place, a gutter runs down, and the line is cut there.

use super::Item;
use crate::reader::json::width;
use crate::reader::sheet::{Line, Word};
use crate::source::BBox;

/// White this wide (in characters of body type) may be a gutter by itself. Where it is none, as between 第一章 and its
/// title, the parts are read as one line again.
const WIDE: f32 = 0.9;
/// White this wide is cut where the lines near it have a gutter: boxes of words are seldom exact.
const NARROW: f32 = 0.3;
/// A line whose type is so much larger than the body is a headline.
const HEADLINE: f32 = 1.3;
/// So many lines above and so many below, of those that reach over the place, are looked at.
const NEAR: usize = 6;
/// So many of them must have white there, and twice as many as have print.
const AGREE: usize = 3;
/// A box is thought to end no later than after so many times what its characters take: engines box a word as wide as its
/// line.
const LOOSE: f32 = 1.6;

/// White inside a line.
struct Gap {
    /// Number of the word behind it.
    word: usize,
    l: f32,
    r: f32,
}

/// A line with its white, where it stands.
struct Crossed {
    item: usize,
    bbox: BBox,
    gaps: Vec<Gap>,
}

impl Crossed {
    /// Whether the line reaches over a stretch of white.
    fn spans(&self, gap: &Gap) -> bool {
        self.bbox.0[0] < gap.l && self.bbox.0[2] > gap.r
    }

    /// Whether it has wide white in the same place.
    fn has(&self, gap: &Gap, wide: f32) -> bool {
        let common = |own: &Gap| own.r.min(gap.r) - own.l.max(gap.l);
        self.gaps.iter().any(|own| own.r - own.l >= wide && common(own) >= wide / 3.0)
    }
}

/// Cuts the lines of a page at its gutters. `body` is the size of its type.
pub(super) fn cut(items: Vec<Item>, body: f32) -> Vec<Item> {
    let mut lines: Vec<Crossed> = items.iter().enumerate().filter_map(|(n, item)| crossed(n, item, body)).collect();
    if lines.len() < AGREE {
        return items;
    }
    lines.sort_by(|a, b| a.bbox.0[1].total_cmp(&b.bbox.0[1]));
    let mut cuts: Vec<Vec<(usize, f32)>> = vec![Vec::new(); items.len()];
    for (at, line) in lines.iter().enumerate() {
        let (above, below) = (lines.get(..at).unwrap_or_default(), lines.get(at + 1..).unwrap_or_default());
        for gap in &line.gaps {
            let reach = 8 * NEAR;
            let above = above.iter().rev().take(reach).filter(|other| other.spans(gap)).take(NEAR);
            let below = below.iter().take(reach).filter(|other| other.spans(gap)).take(NEAR);
            let (mut white, mut print) = (0, 0);
            for other in above.chain(below) {
                *if other.has(gap, WIDE * body) { &mut white } else { &mut print } += 1;
            }
            if white >= AGREE
                && white >= 2 * print
                && let Some(cuts) = cuts.get_mut(line.item)
            {
                cuts.push((gap.word, gap.l));
            }
        }
    }
    items.into_iter().zip(cuts).flat_map(|(item, cuts)| split(item, &cuts)).collect()
}

/// The white inside a line of words with boxes of their own.
fn crossed(item: usize, of: &Item, body: f32) -> Option<Crossed> {
    let Item::Line(line) = of else { return None };
    let bbox = line.bbox.filter(|b| super::is_sound(*b) && b.height() <= b.width())?;
    let boxed = |word: &Word| word.bbox.filter(|b| !word.estimated && super::is_sound(*b));
    // A headline over several columns is set in larger type, and its own white is wider.
    let own = bbox.width() / of.ems()?.max(1.0);
    let narrow = if own > HEADLINE * body { WIDE * own } else { NARROW * body };
    let mut gaps = Vec::new();
    let mut right = None;
    for (number, word) in line.words.iter().enumerate() {
        let [left, _, end, _] = boxed(word)?.0;
        if let Some(right) = right.filter(|right| left - right >= narrow) {
            gaps.push(Gap { word: number, l: right, r: left });
        }
        let print = body * word.text.chars().map(width).sum::<f32>();
        right = Some(end.min(left + LOOSE * print));
    }
    Some(Crossed { item, bbox, gaps })
}

/// A line in parts: each cut is the word that begins the next part, and where the part before it ends.
fn split(item: Item, cuts: &[(usize, f32)]) -> Vec<Item> {
    let mut line = match item {
        Item::Line(line) if !cuts.is_empty() => line,
        item => return vec![item],
    };
    let whole = line.bbox;
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut end = f32::MAX;
    for (word, right) in cuts.iter().rev() {
        if *word >= line.words.len() {
            continue;
        }
        parts.push(Item::Line(boxed(line.words.split_off(*word), whole, end)));
        end = *right;
    }
    parts.push(Item::Line(boxed(line.words, whole, end)));
    parts.reverse();
    parts
}

/// A part of a line: as wide as its words, but ending at `end`, and as high as the line.
fn boxed(mut words: Vec<Word>, whole: Option<BBox>, end: f32) -> Line {
    if let Some(first) = words.first_mut() {
        (first.space_before, first.printed_space) = (false, false);
    }
    let wide = words.iter().filter_map(|w| w.bbox).reduce(BBox::around);
    let bbox = wide.zip(whole).map(|(wide, whole)| {
        let right = wide.0[2].min(end).max(wide.0[0]);
        BBox([wide.0[0], whole.0[1], right, whole.0[3]])
    });
    Line { bbox, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of characters 10 wide, a hyphen for each that is white.
    fn page(lines: &[&str]) -> Vec<String> {
        let item = |(row, text): (usize, &&str)| {
            let (l, t) = (0.0, 12.0 * row as f32);
            let words = text.chars().enumerate().filter(|(_, c)| *c != '-').map(|(n, c)| Word {
                text: c.to_string(),
                bbox: Some(BBox([10.0 * n as f32, t, 10.0 * n as f32 + 10.0, t + 10.0])),
                ..Word::default()
            });
            let width = 10.0 * text.chars().count() as f32;
            Item::Line(Line { bbox: Some(BBox([l, t, width, t + 10.0])), words: words.collect() })
        };
        let items = cut(lines.iter().enumerate().map(item).collect(), 10.0);
        items
            .iter()
            .map(|item| match item {
                Item::Line(line) => line.words.iter().map(|w| w.text.as_str()).collect(),
                Item::Region(_) => String::new(),
            })
            .collect()
    }

    #[test]
    fn lines_across_a_gutter_are_cut() {
        let cut = page(&[
            "春耕时节--今年粮食",
            "县里早早--再获丰收",
            "备好种子--仓库已满",
            "农机下地--运粮的车",
            "田里忙碌--排成长队",
        ]);
        assert_eq!(cut.len(), 10);
        assert_eq!(cut[..2], ["春耕时节", "今年粮食"]);
    }

    #[test]
    fn white_that_stands_alone_is_not_cut() {
        let lines = [
            "春耕时节今年粮食县里",
            "县里--早早再获丰收",
            "备好种子仓库--已满",
            "农--机下地运粮的车",
            "田里忙碌排成长队来了",
        ];
        assert_eq!(page(&lines).len(), lines.len());
    }
}
