//! From sheets to text: lines in reading order, paragraphs, and a token for everything that the engine boxed or scored.
//!
//! The text is the tokens in their order and nothing else but white space and the `#` of headings; every token's text
//! stands in it exactly once.

use super::order;
use super::paragraph::Column;
use super::sheet::{Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use crate::source::{PAGE_BREAK, Scan, SheetInfo, Token};
use crate::text::{SourceSpan, is_han};

/// The text of the sheets, and where it stands on them. Spans count from the start of the text.
pub(super) fn assemble(plates: Plates) -> (String, Scan) {
    let guess = order::is_guess(plates.engine.as_deref());
    let mut out = Assembly { scan: Scan { engine: plates.engine, ..Scan::default() }, ..Assembly::default() };
    for mut sheet in plates.sheets {
        if guess || !sheet.ordered {
            order::arrange(&mut sheet);
        }
        out.sheet(sheet);
    }
    (out.text, out.scan)
}

/// How a line follows the line before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// It begins a paragraph.
    Paragraph,
    /// It stands on a line of its own in the same block.
    Line,
    /// It goes on with the sentence.
    RunOn,
}

#[derive(Default)]
struct Assembly {
    text: String,
    scan: Scan,
    regions: u32,
    lines: u32,
    /// Whether the last line ends in a hyphen that is not in the text.
    hyphenated: bool,
}

impl Assembly {
    fn sheet(&mut self, sheet: Sheet) {
        if !self.scan.sheets.is_empty() {
            self.text.push_str(PAGE_BREAK);
        }
        let Sheet { name, image, size, unit, regions, .. } = sheet;
        self.scan.sheets.push(SheetInfo { name, image, size, unit });
        let mut before: Option<(Column, Line)> = None;
        for (n, mut region) in regions.into_iter().enumerate() {
            region.lines.retain(is_printed);
            let Some(first) = region.lines.first() else { continue };
            let column = Column::of(&region.lines).filter(|_| matches!(region.flow, Flow::Lines | Flow::NextColumn));
            let goes_on = region.flow == Flow::NextColumn
                && column.zip(before.as_ref()).is_some_and(|(c, (b, last))| c.goes_on_from(b, last, first));
            let link = match n {
                0 => None,
                _ if goes_on => Some(Link::RunOn),
                _ => Some(Link::Paragraph),
            };
            before = column.and_then(|c| Some((c, end_of(region.lines.last()?))));
            self.region(region, column, link);
        }
    }

    fn region(&mut self, region: Region, column: Option<Column>, link: Option<Link>) {
        let Region { kind, flow, lines, .. } = region;
        let inside = lines.windows(2).map(|pair| match (flow, pair) {
            (Flow::Paragraph, _) => Link::RunOn,
            (Flow::Paragraphs, _) if matches!(kind, RegionKind::Heading(_) | RegionKind::Table) => Link::Line,
            (Flow::Lines | Flow::NextColumn, [above, line]) if column.is_some_and(|c| c.runs_on(above, line)) => {
                Link::RunOn
            }
            _ => Link::Paragraph,
        });
        let links: Vec<Option<Link>> = std::iter::once(link).chain(inside.map(Some)).collect();
        for (line, link) in lines.into_iter().zip(links) {
            match link {
                Some(Link::Paragraph) => self.text.push_str("\n\n"),
                Some(Link::Line) => self.text.push('\n'),
                Some(Link::RunOn) | None => {}
            }
            if let (RegionKind::Heading(level), true) = (kind, link != Some(Link::RunOn)) {
                self.text.extend(std::iter::repeat_n('#', usize::from(level.clamp(1, 6))));
                self.text.push(' ');
            }
            self.line(line, link == Some(Link::RunOn));
        }
        self.regions += 1;
    }

    fn line(&mut self, line: Line, runs_on: bool) {
        let broken = std::mem::take(&mut self.hyphenated);
        for (n, word) in line.words.into_iter().filter(|w| !w.text.is_empty()).enumerate() {
            let apart = match n {
                0 => runs_on && !broken && !self.cuts_number(&word),
                _ => word.space_before,
            };
            self.hyphenated = word.hyphenated;
            self.word(word, apart);
        }
        self.lines += 1;
    }

    /// Whether the end of a line cuts a number in two, as it does where the print has no spaces to break a line at.
    fn cuts_number(&self, word: &Word) -> bool {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let mut line = self.text.chars().rev().take(80).take_while(|c| *c != '\n');
        digit(self.text.chars().next_back()) && digit(word.text.chars().next()) && line.any(is_han)
    }

    fn word(&mut self, word: Word, apart: bool) {
        // A space stands only between what is written with spaces.
        let spaced = |c: Option<char>| c.is_some_and(|c| !is_closed_up(c));
        let between = || spaced(self.text.chars().next_back()) && spaced(word.text.chars().next());
        if apart && (word.printed_space || between()) {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(&word.text);
        let first = self.scan.alternatives.len() as u32;
        self.scan.alternatives.extend(word.alternatives);
        self.scan.tokens.push(Token {
            span: SourceSpan::new(start, self.text.len()),
            sheet: (self.scan.sheets.len() - 1) as u32,
            region: self.regions,
            line: self.lines,
            bbox: word.bbox,
            estimated: word.estimated,
            confidence: word.confidence,
            alternatives: first..self.scan.alternatives.len() as u32,
            raw: word.raw,
        });
    }
}

/// A line's box and last word, which is all that the next column wants to know.
fn end_of(line: &Line) -> Line {
    Line { bbox: line.bbox, words: line.words.last().cloned().into_iter().collect() }
}

fn is_printed(line: &Line) -> bool {
    line.words.iter().any(|w| !w.text.trim().is_empty())
}

/// Whether a character is set without spaces on either side: Han, kana, full-width forms and Chinese punctuation.
fn is_closed_up(c: char) -> bool {
    is_han(c)
        || c.is_whitespace()
        || matches!(c, '\u{3000}'..='\u{30ff}' | '\u{ff00}'..='\u{ffef}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}
