//! Where the text stands on the page image, and how sure the engine was of it.
//!
//! An OCR engine's own file says more than its text: a box for each character, word or line, a confidence, sometimes
//! other readings. All of it is kept beside the text as [`Token`]s, so that a finding can be shown on the image, a doubt of
//! the engine can count as evidence, and a correction can be written back to the place in the file where the text came from.

use crate::text::SourceSpan;
use std::ops::Range;

/// What one file of an OCR engine says of its text besides the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scan {
    /// The engine as the file names it: `tesseract 5.3.0`.
    pub engine: Option<String>,
    /// The page images, in the order of their text.
    pub sheets: Vec<SheetInfo>,
    /// The smallest stretches of text that the engine boxed or scored, in the order of the text; they do not overlap.
    pub tokens: Vec<Token>,
    /// Other readings of tokens; [`Token::alternatives`] points in here.
    pub alternatives: Vec<Alternative>,
}

/// One page image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetInfo {
    /// Its label or number, where the file says one.
    pub name: Option<String>,
    /// File name of the image, where the file says one.
    pub image: Option<String>,
    /// Width and height in [`SheetInfo::unit`].
    pub size: Option<[f32; 2]>,
    /// What its boxes are measured in.
    pub unit: Unit,
}

/// What boxes are measured in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Pixels of the page image.
    #[default]
    Pixel,
    /// Points, 72 an inch.
    Point,
    /// Tenths of a millimetre (ALTO `mm10`).
    Mm10,
    /// 1,200 an inch (ALTO `inch1200`).
    Inch1200,
    /// Thousandths of the page's width and height (MinerU).
    Thousandth,
}

/// A box: left, top, right, bottom, from the upper left corner of its sheet.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BBox(pub [f32; 4]);

/// A character, a word or a line, as small as the engine says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Token {
    /// Its text.
    pub span: SourceSpan,
    /// Number of its sheet in [`Scan::sheets`].
    pub sheet: u32,
    /// Number of its region, counted through the file in the order of the text.
    pub region: u32,
    /// Number of its printed line, counted through the file in the order of the text.
    pub line: u32,
    /// Its box.
    pub bbox: Option<BBox>,
    /// Whether the box is a share of its line's, by the widths of the characters, because the engine boxes lines only.
    pub estimated: bool,
    /// How sure the engine was, 0 to 1.
    pub confidence: Option<f32>,
    /// Its other readings in [`Scan::alternatives`], best first.
    pub alternatives: Range<u32>,
    /// Where its text stands in the decoded text of the file, in bytes, escapes and all; `None` where it is not one stretch.
    pub raw: Option<Range<usize>>,
}

/// Another reading of a token.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alternative {
    /// What would stand there.
    pub text: String,
    /// How sure the engine was of it, 0 to 1.
    pub confidence: Option<f32>,
}

impl BBox {
    /// The smallest box around both.
    pub fn around(self, other: BBox) -> BBox {
        let (BBox([a, b, c, d]), BBox([e, f, g, h])) = (self, other);
        BBox([a.min(e), b.min(f), c.max(g), d.max(h)])
    }

    /// Its width, never negative.
    pub fn width(self) -> f32 {
        (self.0[2] - self.0[0]).max(0.0)
    }

    /// Its height, never negative.
    pub fn height(self) -> f32 {
        (self.0[3] - self.0[1]).max(0.0)
    }
}

impl Scan {
    /// The same with its spans moved on by so many bytes.
    pub fn moved(mut self, by: usize) -> Scan {
        for token in &mut self.tokens {
            token.span = SourceSpan::new(token.span.start + by, token.span.end + by);
        }
        self
    }

    /// The tokens that share a character with a span; for an empty span those that it touches.
    pub fn tokens_in(&self, span: SourceSpan) -> &[Token] {
        let reaches = |t: &Token| if span.is_empty() { t.span.end >= span.start } else { t.span.end > span.start };
        let first = self.tokens.partition_point(|t| !reaches(t));
        let rest = self.tokens.get(first..).unwrap_or(&[]);
        let begins = |t: &Token| if span.is_empty() { t.span.start <= span.end } else { t.span.start < span.end };
        rest.get(..rest.partition_point(begins)).unwrap_or(&[])
    }

    /// The other readings of a token, best first.
    pub fn alternatives_of(&self, token: &Token) -> &[Alternative] {
        self.alternatives.get(token.alternatives.start as usize..token.alternatives.end as usize).unwrap_or(&[])
    }

    /// The sheet of a span's first token and the box around those of its tokens that stand in the same line.
    pub fn place_of(&self, span: SourceSpan) -> Option<(&SheetInfo, BBox)> {
        let tokens = self.tokens_in(span);
        let first = tokens.iter().find(|t| t.bbox.is_some())?;
        let same_line = tokens.iter().filter(|t| (t.sheet, t.line) == (first.sheet, first.line));
        let bbox = same_line.filter_map(|t| t.bbox).reduce(BBox::around)?;
        Some((self.sheets.get(first.sheet as usize)?, bbox))
    }

    /// The confidence of the token that holds a character, 0 to 1.
    pub fn confidence_at(&self, at: usize) -> Option<f32> {
        let next = self.tokens.partition_point(|t| t.span.end <= at);
        self.tokens.get(next).filter(|t| t.span.start <= at)?.confidence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan() -> Scan {
        let token = |start, line, x: f32| Token {
            span: SourceSpan::new(start, start + 3),
            line,
            bbox: Some(BBox([x, 0.0, x + 10.0, 10.0])),
            confidence: Some(start as f32 / 10.0),
            ..Token::default()
        };
        Scan {
            sheets: vec![SheetInfo::default()],
            tokens: vec![token(0, 0, 0.0), token(3, 0, 10.0), token(7, 1, 0.0)],
            ..Scan::default()
        }
    }

    #[test]
    fn the_tokens_of_a_span() {
        let scan = scan();
        let starts = |a, b| scan.tokens_in(SourceSpan::new(a, b)).iter().map(|t| t.span.start).collect::<Vec<_>>();
        assert_eq!(starts(0, 3), [0]);
        assert_eq!(starts(2, 8), [0, 3, 7]);
        assert_eq!(starts(3, 3), [0, 3]);
        assert_eq!(starts(6, 7), [0; 0]);
    }

    #[test]
    fn a_box_stays_in_its_line() {
        let scan = scan();
        let (_, bbox) = scan.place_of(SourceSpan::new(0, 10)).unwrap();
        assert_eq!(bbox, BBox([0.0, 0.0, 20.0, 10.0]));
        assert_eq!(scan.confidence_at(4), Some(0.3));
        assert_eq!(scan.confidence_at(6), None);
    }
}
