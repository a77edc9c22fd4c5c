//! From byte offsets to what leaves the program: scalar offsets, lines and columns.

/// A place as people and other programs count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Offset in Unicode scalar values from the start of the text.
    pub scalar: usize,
    /// Line, counted from 1; lines end in LF, CR LF or a lone CR.
    pub line: usize,
    /// Column in scalar values, counted from 1.
    pub column: usize,
}

/// Bytes between two marks: a look-up scans at most this far.
const STEP: usize = 512;

/// Converts between byte offsets and [`Place`]s of one text, in time that does not grow with the text.
pub struct Ruler<'t> {
    text: &'t str,
    marks: Vec<Mark>,
}

#[derive(Clone, Copy)]
struct Mark {
    byte: usize,
    place: Place,
}

impl<'t> Ruler<'t> {
    /// Measures the text once.
    pub fn new(text: &'t str) -> Self {
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let mut here = Mark { byte: 0, place: Place { scalar: 0, line: 1, column: 1 } };
        marks.push(here);
        let mut next = STEP;
        while next < text.len() {
            let mut at = next;
            while !text.is_char_boundary(at) {
                at += 1;
            }
            here = walk(text, here, at);
            marks.push(here);
            next = at + STEP;
        }
        Ruler { text, marks }
    }

    /// The place of a byte offset; an offset inside a character counts as its start, one past the end as the end.
    pub fn place(&self, byte: usize) -> Place {
        let mut byte = byte.min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let mark = self.marks[self.marks.partition_point(|m| m.byte <= byte) - 1];
        walk(self.text, mark, byte).place
    }

    /// The byte offset of a scalar offset; past the end, the length of the text.
    pub fn byte(&self, scalar: usize) -> usize {
        let mark = self.marks[self.marks.partition_point(|m| m.place.scalar <= scalar) - 1];
        let rest = &self.text[mark.byte..];
        rest.char_indices().nth(scalar - mark.place.scalar).map_or(self.text.len(), |(i, _)| mark.byte + i)
    }
}

fn walk(text: &str, mut from: Mark, to: usize) -> Mark {
    let bytes = text.as_bytes();
    for (i, c) in text[from.byte..to].char_indices() {
        let at = from.byte + i;
        from.place.scalar += 1;
        let ends_line = c == '\n' || c == '\r' && bytes.get(at + 1) != Some(&b'\n');
        if ends_line {
            from.place.line += 1;
            from.place.column = 1;
        } else {
            from.place.column += 1;
        }
    }
    from.byte = to;
    from
}
