//! Which encoding bytes are in, and whether they are text at all.
//!
//! A byte-order mark decides, then validity as UTF-8, then what an XML file declares, then chardetng. What is certain about a single line is judged by
//! the plan of the national standards: GB 2312 and Big5 both put the characters that are in common use into a first
//! level of their own, so real text in either is nearly all first level, and text in another encoding is not.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a file is looked at to guess: enough for any statistics, and no matter for time.
const SAMPLE: usize = 1 << 18;

/// What begins files that are not text (their specifications' magic numbers).
const FORMATS: [(&[u8], &str); 19] = [
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "a WebP image or another RIFF file"),
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive (a .docx, .xlsx or .epub file is one)"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old Word or Excel file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xFD7zXZ\0", "an xz archive"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"\x7FELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
];

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotText {
    /// They are a known format: `a PNG image`.
    Format(&'static str),
    /// UTF-32, which nobody writes newspapers in.
    Utf32,
    /// Too many control characters.
    Controls,
}

/// The encoding that a byte-order mark names, and the mark's length.
pub(super) fn byte_order_mark(bytes: &[u8]) -> Result<Option<(&'static Encoding, usize)>, NotText> {
    Ok(match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some((UTF_8, 3)),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(NotText::Utf32),
        [0xFF, 0xFE, ..] => Some((UTF_16LE, 2)),
        [0xFE, 0xFF, ..] => Some((UTF_16BE, 2)),
        [0x84, 0x31, 0x95, 0x33, ..] => Some((GB18030, 4)),
        _ => None,
    })
}

/// The encoding that the XML declaration at the head of a file names. What is no superset of ASCII cannot be declared in it.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    const LONGEST: usize = 256;
    let head = bytes.trim_ascii_start();
    let head = head.get(..head.len().min(LONGEST))?.strip_prefix(b"<?xml")?;
    let head = head.get(..memchr::memmem::find(head, b"?>")?)?;
    let behind = head.get(memchr::memmem::find(head, b"encoding")? + b"encoding".len()..)?;
    let behind = behind.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (quote, behind) = behind.split_first().filter(|(c, _)| matches!(c, b'"' | b'\''))?;
    let name = behind.get(..memchr::memchr(*quote, behind)?)?;
    Encoding::for_label(name).filter(|e| e.is_ascii_compatible())
}

/// UTF-16 that lacks its byte-order mark, where that is certain: read so, nearly every unit is a Han character, a Chinese
/// mark or printable ASCII, most are Han, and commas, stops and line ends are as frequent as prose has them. No other
/// encoding of a Chinese text has the NUL bytes that ASCII leaves in UTF-16.
pub(super) fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if !bytes.len().is_multiple_of(2) || memchr::memchr(0, sample).is_none() {
        return None;
    }
    [(UTF_16LE, u16::from_le_bytes as fn([u8; 2]) -> u16), (UTF_16BE, u16::from_be_bytes)]
        .into_iter()
        .find(|(_, read)| is_prose(sample.as_chunks::<2>().0.iter().map(|unit| read(*unit))))
        .map(|(encoding, _)| encoding)
}

/// Whether UTF-16 units are those of Chinese prose.
fn is_prose(units: impl Iterator<Item = u16>) -> bool {
    let (mut all, mut han, mut marks, mut other) = (0, 0, 0, 0);
    for unit in units {
        all += 1;
        match unit {
            0x4E00..=0x9FFF => han += 1,
            0x3001 | 0x3002 | 0xFF0C | 0x000A => marks += 1,
            0x0009 | 0x000D | 0x0020..=0x007E | 0x00B7 | 0x2014..=0x2026 | 0x3000..=0x301F | 0xFF01..=0xFF5E => {}
            _ => other += 1,
        }
    }
    all >= 16 && han * 2 >= all && marks >= 2 && marks * 100 >= all && other * 50 <= all
}

/// Why these bytes are no text, if they are none. `known` is the encoding, where it is known.
pub(super) fn not_text(bytes: &[u8], known: Option<&'static Encoding>) -> Option<NotText> {
    if let Some((_, name)) = FORMATS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(NotText::Format(name));
    }
    if known.is_some() {
        return None;
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let controls = sample.iter().filter(|b| **b < 0x20 && !matches!(b, 0x08..=0x0D | 0x1B)).count();
    if controls <= 16 {
        return None;
    }
    // Stray NULs are odd, not wrong. Compressed or numeric data has one control byte in eight or more, and is hardly
    // ever valid UTF-8 for long.
    let valid =
        sample.utf8_chunks().next().is_none_or(|c| c.invalid().is_empty() || c.valid().len() + 4 > sample.len());
    let limit = if valid { sample.len() * 2 / 5 } else { sample.len() / 25 };
    (controls > limit).then_some(NotText::Controls)
}

/// How well bytes fit a double-byte encoding.
#[derive(Clone, Copy, Default, Debug)]
struct Fit {
    /// Characters beyond ASCII.
    wide: usize,
    /// Those of the first level, and the usual marks.
    common: usize,
    /// Bytes that do not fit.
    bad: usize,
}

impl Fit {
    fn add(self, other: Fit) -> Fit {
        Fit { wide: self.wide + other.wide, common: self.common + other.common, bad: self.bad + other.bad }
    }

    /// Whether at least this share (in percent) of the characters is common.
    fn common(self, percent: usize) -> bool {
        self.wide > 0 && self.common * 100 >= percent * self.wide
    }
}

/// GB 18030: first level in rows 16 to 55 (lead bytes B0 to D7), marks and full-width forms in rows 1 and 3.
fn as_gb18030(bytes: &[u8]) -> Fit {
    let mut fit = Fit::default();
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return fit,
            [0..=0x7F, tail @ ..] => tail,
            [0x81..=0xFE, 0x30..=0x39, 0x81..=0xFE, 0x30..=0x39, tail @ ..] => {
                fit.wide += 1;
                tail
            }
            [lead @ 0x81..=0xFE, trail @ (0x40..=0x7E | 0x80..=0xFE), tail @ ..] => {
                fit.wide += 1;
                fit.common += usize::from(matches!(lead, 0xA1 | 0xA3 | 0xB0..=0xD7) && *trail >= 0xA1);
                tail
            }
            [_, tail @ ..] => {
                fit.bad += 1;
                tail
            }
        };
    }
}

/// Big5: first level in A440 to C67E, marks in row A1.
fn as_big5(bytes: &[u8]) -> Fit {
    let mut fit = Fit::default();
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return fit,
            [0..=0x7F, tail @ ..] => tail,
            [lead @ 0x81..=0xFE, 0x40..=0x7E | 0xA1..=0xFE, tail @ ..] => {
                fit.wide += 1;
                fit.common += usize::from(matches!(lead, 0xA1 | 0xA4..=0xC6));
                tail
            }
            [_, tail @ ..] => {
                fit.bad += 1;
                tail
            }
        };
    }
}

/// The encoding of most of a file that is not valid UTF-8.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if is_mostly_utf8(sample) {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let heard = detector.guess(None, Utf8Detection::Deny);
    let (gb, big5) = (as_gb18030(sample), as_big5(sample));
    let fits = |fit: Fit| fit.bad * 20 <= fit.wide;
    if (heard == GBK || heard == GB18030) && fits(gb) {
        return GB18030;
    }
    if heard == BIG5 && fits(big5) {
        return BIG5;
    }
    // chardetng gives an encoding up at the first byte that does not fit, and it knows encodings that no Chinese
    // newspaper is in.
    let plausible = |fit: Fit| fit.bad * 10 <= fit.wide && fit.common(70);
    let better_as_big5 = big5.common * gb.wide > gb.common * big5.wide;
    match (plausible(gb), plausible(big5)) {
        (true, true) if better_as_big5 => BIG5,
        (true, _) => GB18030,
        (false, true) => BIG5,
        (false, false) if heard == WINDOWS_1252 && is_western(sample) => WINDOWS_1252,
        (false, false) => UTF_8,
    }
}

/// Whether more bytes lie in the three- and four-byte sequences of UTF-8, where Han characters are, than lie outside
/// any sequence.
fn is_mostly_utf8(sample: &[u8]) -> bool {
    let (mut inside, mut outside) = (0, 0);
    for chunk in sample.utf8_chunks() {
        inside += chunk.valid().chars().map(char::len_utf8).filter(|n| *n >= 3).sum::<usize>();
        outside += chunk.invalid().len();
    }
    inside > outside
}

/// Whether bytes beyond ASCII stand alone between ASCII letters, as accents do in a Western language.
fn is_western(sample: &[u8]) -> bool {
    let (mut alone, mut all) = (0, 0);
    for (i, b) in sample.iter().enumerate().filter(|(_, b)| **b >= 0x80) {
        let letter = |at: Option<&u8>| at.is_some_and(u8::is_ascii_alphabetic);
        let beside = letter(i.checked_sub(1).and_then(|i| sample.get(i))) || letter(sample.get(i + 1));
        alone += usize::from(beside && *b >= 0xC0);
        all += 1;
    }
    alone >= 3 && alone * 10 >= all * 8
}

/// Which of GB18030 and Big5 the lines of a file that are not UTF-8 are in on the whole, where that is clear.
pub(super) fn lean<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<&'static Encoding> {
    let (mut gb, mut big5) = (Fit::default(), Fit::default());
    for line in lines.filter(|line| !is_mostly_utf8(line)) {
        gb = gb.add(as_gb18030(line));
        big5 = big5.add(as_big5(line));
    }
    match (gb.common(85), big5.common(85)) {
        (true, false) => Some(GB18030),
        (false, true) => Some(BIG5),
        _ => None,
    }
}

/// The encoding of a line that is not valid UTF-8, in a file of UTF-8, where it is certain.
pub(super) fn other_than_utf8(line: &[u8], lean: Option<&'static Encoding>) -> Option<&'static Encoding> {
    if is_mostly_utf8(line) {
        return None;
    }
    let (gb, big5) = (as_gb18030(line), as_big5(line));
    let whole = |fit: Fit, percent| fit.bad == 0 && fit.wide >= 2 && fit.common(percent);
    match lean {
        Some(e) if e == GB18030 && whole(gb, 75) => return Some(GB18030),
        Some(e) if e == BIG5 && whole(big5, 75) => return Some(BIG5),
        _ => {}
    }
    match (whole(gb, 90), whole(big5, 90)) {
        (true, false) => Some(GB18030),
        (false, true) => Some(BIG5),
        _ => None,
    }
}

/// The encoding of a line in a file of another encoding, where it is certainly not in that.
pub(super) fn other_than(line: &[u8], base: &'static Encoding) -> Option<&'static Encoding> {
    if line.is_ascii() {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(line) {
        // Text in GB18030 or Big5 hits two sequences of three bytes by chance once in a million lines.
        let (mut wide, mut narrow) = (0, 0);
        text.chars().filter(|c| !c.is_ascii()).for_each(|c| if c.len_utf8() == 3 { wide += 1 } else { narrow += 1 });
        return (wide >= 2 && narrow == 0).then_some(UTF_8);
    }
    let (gb, big5) = (as_gb18030(line), as_big5(line));
    let (own, other, name) = match base {
        _ if base == GB18030 => (gb, big5, BIG5),
        _ if base == BIG5 => (big5, gb, GB18030),
        _ => return None,
    };
    let certain = other.bad == 0 && other.wide >= 4 && other.common(95);
    (certain && (own.bad > 0 || !own.common(60))).then_some(name)
}
