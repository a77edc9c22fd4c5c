//! From sheets to text: lines in reading order, paragraphs, and a token for everything that the engine boxed or scored.

use super::sheet::{Flow, Line, Plates, Region, RegionKind, Sheet, Word};
use crate::source::{PAGE_BREAK, Scan, SheetInfo, Token};
use crate::text::{SourceSpan, is_han};

/// The text of the sheets, and where it stands on them. Spans count from the start of the text.
pub(super) fn assemble(plates: Plates) -> (String, Scan) {
    let mut out = Assembly { scan: Scan { engine: plates.engine, ..Scan::default() }, ..Assembly::default() };
    for sheet in plates.sheets {
        out.sheet(sheet);
    }
    (out.text, out.scan)
}

#[derive(Default)]
struct Assembly {
    text: String,
    scan: Scan,
    regions: u32,
    lines: u32,
}

impl Assembly {
    fn sheet(&mut self, sheet: Sheet) {
        if !self.scan.sheets.is_empty() {
            self.text.push_str(PAGE_BREAK);
        }
        let Sheet { name, image, size, unit, regions, .. } = sheet;
        self.scan.sheets.push(SheetInfo { name, image, size, unit });
        for (n, region) in regions.into_iter().filter(|r| r.lines.iter().any(|l| !l.words.is_empty())).enumerate() {
            if n > 0 {
                self.text.push_str("\n\n");
            }
            self.region(region);
        }
    }

    fn region(&mut self, region: Region) {
        if let RegionKind::Heading(level) = region.kind {
            self.text.extend(std::iter::repeat_n('#', usize::from(level.clamp(1, 6))));
            self.text.push(' ');
        }
        let flow = region.flow;
        for (n, line) in region.lines.into_iter().enumerate() {
            if n > 0 && flow != Flow::Paragraph {
                self.text.push('\n');
            }
            self.line(line);
        }
        self.regions += 1;
    }

    fn line(&mut self, line: Line) {
        for word in line.words {
            self.word(word);
        }
        self.lines += 1;
    }

    fn word(&mut self, word: Word) {
        let han = |c: Option<char>| c.is_some_and(is_han);
        if word.space_before && !(han(self.text.chars().next_back()) || han(word.text.chars().next())) {
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
            confidence: word.confidence,
            alternatives: first..self.scan.alternatives.len() as u32,
            raw: word.raw,
        });
    }
}
