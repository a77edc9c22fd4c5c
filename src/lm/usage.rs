//! How Chinese print doubles things: counts from ordinary newspaper and official prose, so that 团团结 can be told from
//! 发展展望 without a language model.
//!
//! The table ([`Usage`]) holds rough counts (powers of two) of characters, of pairs, and of three kinds of doubling. It
//! is derived data; `model/README.md` says from what and how, and `examples/count_usage.rs` makes it again. Nothing in it
//! is a text, and a language model may take its place later behind the same questions.

use crate::text::is_han;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

static EMBEDDED: &[u8] = include_bytes!("../../model/usage.bin");

/// The first bytes of the file: its format's name and number.
const MAGIC: &[u8; 4] = b"KWU2";

/// Power of two of the number of Han characters that were counted, see `model/README.md`.
const CHARACTERS: i32 = 26;

/// One table of pairs: the row of a first character lists second characters with the power of two of their count.
#[derive(Clone, Debug, Default)]
struct Pairs {
    /// `rows[i]..rows[i + 1]` are the entries of character number `i`.
    rows: Vec<u32>,
    entries: Entries,
}

impl Pairs {
    fn level(&self, first: Option<u16>, second: Option<u16>) -> Option<u8> {
        let (first, second) = (usize::from(first?), second?);
        self.entries.level(&self.rows, first, second)
    }
}

/// The entries of all rows of a table, those of a row in order. Keys and levels stand apart, because a search reads many
/// keys, which then lie close together, and one level.
#[derive(Clone, Debug, Default)]
struct Entries {
    keys: Vec<u16>,
    levels: Vec<u8>,
}

impl Entries {
    fn push(&mut self, key: u16, level: u8) {
        self.keys.push(key);
        self.levels.push(level);
    }

    fn len(&self) -> u32 {
        self.keys.len() as u32
    }

    /// The level of a key in a row.
    fn level(&self, rows: &[u32], row: usize, key: u16) -> Option<u8> {
        let (from, to) = (*rows.get(row)? as usize, *rows.get(row + 1)? as usize);
        let at = self.keys.get(from..to)?.binary_search(&key).ok()?;
        self.levels.get(from + at).copied()
    }
}

/// Rough counts of characters and pairs in ordinary prose. Every answer is `floor(log2(count))`, `None` where the thing
/// is rarer than the table records.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    numbers: Numbers,
    singles: Vec<u8>,
    pairs: Pairs,
    before_double: Pairs,
    after_double: Pairs,
    words_doubled: Pairs,
    triples: Triples,
}

/// The number of each character, by its code point: the table is asked some times for every character of a text.
#[derive(Clone, Debug, Default)]
struct Numbers {
    /// One more than the number; 0 where there is none.
    by_code: Vec<u16>,
}

impl Numbers {
    fn of(&self, c: char) -> Option<u16> {
        self.by_code.get(c as usize)?.checked_sub(1)
    }

    fn insert(&mut self, c: char, number: u16) {
        let at = c as usize;
        if self.by_code.len() <= at {
            self.by_code.resize(at + 1, 0);
        }
        if let Some(place) = self.by_code.get_mut(at) {
            *place = number + 1;
        }
    }
}

/// Runs of three characters, each known by a hash of 32 bits: a wrong answer once in some thousand questions.
#[derive(Clone, Debug, Default)]
struct Triples {
    /// `rows[i]..rows[i + 1]` are the entries whose hash begins with the bits of `i`.
    rows: Vec<u32>,
    entries: Entries,
}

/// Bits of a triple's hash that choose its row.
const ROW_BITS: u32 = 16;

impl Triples {
    fn level(&self, hash: u32) -> Option<u8> {
        self.entries.level(&self.rows, (hash >> (32 - ROW_BITS)) as usize, hash as u16)
    }
}

/// The hash of three characters; written into the table, so it must stay as it is.
fn triple_hash(three: [char; 3]) -> u32 {
    let mix = |h: u64, c: char| (h ^ u64::from(c as u32)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    (three.into_iter().fold(0x5851_F42D, mix).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32) as u32
}

impl Usage {
    /// The table that the binary carries.
    pub fn embedded() -> &'static Usage {
        static TABLE: LazyLock<Usage> = LazyLock::new(|| Usage::read(EMBEDDED).unwrap_or_default());
        &TABLE
    }

    /// How often a character stands.
    pub fn single(&self, c: char) -> Option<u8> {
        self.singles.get(usize::from(self.number(c)?)).copied()
    }

    /// How often `a` is followed by `b`.
    pub fn pair(&self, a: char, b: char) -> Option<u8> {
        self.pairs.level(self.number(a), self.number(b))
    }

    /// How much two characters belong together: the power of two by which they meet more often than by chance
    /// (pointwise mutual information); 0 where the pair is too rare to say.
    pub fn strength(&self, a: char, b: char) -> i32 {
        self.bond(a, b).unwrap_or(0)
    }

    /// As [`Usage::strength`]; `None` where the pair is too rare to say.
    pub fn bond(&self, a: char, b: char) -> Option<i32> {
        let (pair, a, b) = (self.pair(a, b)?, self.single(a)?, self.single(b)?);
        Some(i32::from(pair) + CHARACTERS - i32::from(a) - i32::from(b))
    }

    /// How often `a` is followed by `x` twice: 法厅厅.
    pub fn before_double(&self, a: char, x: char) -> Option<u8> {
        self.before_double.level(self.number(a), self.number(x))
    }

    /// How often `x` twice is followed by `b`: 厅厅长.
    pub fn after_double(&self, x: char, b: char) -> Option<u8> {
        self.after_double.level(self.number(x), self.number(b))
    }

    /// How often the pair `xy` stands twice in a row: 研究研究.
    pub fn word_doubled(&self, x: char, y: char) -> Option<u8> {
        self.words_doubled.level(self.number(x), self.number(y))
    }

    /// How often three characters stand in a row.
    pub fn triple(&self, a: char, b: char, c: char) -> Option<u8> {
        self.triples.level(triple_hash([a, b, c]))
    }

    fn number(&self, c: char) -> Option<u16> {
        self.numbers.of(c)
    }

    /// Reads a table; `None` where the bytes are not one.
    pub fn read(bytes: &[u8]) -> Option<Usage> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let count = usize::try_from(varint(&mut rest)?).ok()?;
        let mut usage = Usage::default();
        let mut code = 0;
        for number in 0..count.min(usize::from(u16::MAX)) {
            let packed = varint(&mut rest)?;
            code += packed >> 5;
            usage.numbers.insert(char::from_u32(code)?, number as u16);
            usage.singles.push((packed & 31) as u8);
        }
        for table in [&mut usage.pairs, &mut usage.before_double, &mut usage.after_double, &mut usage.words_doubled] {
            table.rows.push(0);
            for _ in 0..count {
                let entries = varint(&mut rest)?;
                let mut second = 0;
                for _ in 0..entries {
                    let packed = varint(&mut rest)?;
                    second += packed >> 5;
                    table.entries.push(u16::try_from(second).ok()?, (packed & 31) as u8);
                }
                table.rows.push(table.entries.len());
            }
        }
        usage.triples.rows.push(0);
        for _ in 0..1u32 << ROW_BITS {
            let mut low = 0;
            for _ in 0..varint(&mut rest)? {
                let packed = varint(&mut rest)?;
                low += packed >> 5;
                usage.triples.entries.push(u16::try_from(low).ok()?, (packed & 31) as u8);
            }
            usage.triples.rows.push(usage.triples.entries.len());
        }
        Some(usage)
    }
}

/// The counts behind a table, as they are gathered.
#[derive(Debug, Default)]
pub struct Counts {
    singles: HashMap<char, u32>,
    pairs: HashMap<(char, char), u32>,
    before_double: HashMap<(char, char), u32>,
    after_double: HashMap<(char, char), u32>,
    words_doubled: HashMap<(char, char), u32>,
    triples: HashMap<u32, u32>,
}

impl Counts {
    /// Counts a text; only what stands inside one run of Han characters counts as a pair.
    pub fn add(&mut self, text: &str) {
        for run in text.split(|c: char| !is_han(c)) {
            self.add_run(&run.chars().collect::<Vec<_>>());
        }
    }

    fn add_run(&mut self, run: &[char]) {
        for c in run {
            *self.singles.entry(*c).or_default() += 1;
        }
        for pair in run.windows(2) {
            *self.pairs.entry((pair[0], pair[1])).or_default() += 1;
        }
        for three in run.windows(3) {
            *self.triples.entry(triple_hash([three[0], three[1], three[2]])).or_default() += 1;
            if three[1] == three[2] && three[0] != three[1] {
                *self.before_double.entry((three[0], three[1])).or_default() += 1;
            }
            if three[0] == three[1] && three[1] != three[2] {
                *self.after_double.entry((three[1], three[2])).or_default() += 1;
            }
        }
        for four in run.windows(4) {
            if four[..2] == four[2..] && four[0] != four[1] {
                *self.words_doubled.entry((four[0], four[1])).or_default() += 1;
            }
        }
    }

    /// Writes the table: characters seen at least `rare` times, pairs `pair` times, doublings `double` times,
    /// runs of three `triple` times.
    pub fn write(&self, rare: u32, pair: u32, double: u32, triple: u32) -> Vec<u8> {
        let mut kept: Vec<(char, u32)> =
            self.singles.iter().filter(|(_, n)| **n >= rare).map(|(c, n)| (*c, *n)).collect();
        kept.sort_unstable();
        kept.truncate(usize::from(u16::MAX));
        let numbers: BTreeMap<char, u32> = kept.iter().enumerate().map(|(i, (c, _))| (*c, i as u32)).collect();
        let mut out = MAGIC.to_vec();
        push_varint(&mut out, kept.len() as u32);
        let mut code = 0;
        for (c, n) in &kept {
            push_varint(&mut out, (*c as u32 - code) << 5 | n.ilog2());
            code = *c as u32;
        }
        for (table, least) in [
            (&self.pairs, pair),
            (&self.before_double, double),
            (&self.after_double, double),
            (&self.words_doubled, double),
        ] {
            write_pairs(&mut out, table, least, &numbers);
        }
        self.write_triples(&mut out, triple);
        out
    }
}

impl Counts {
    fn write_triples(&self, out: &mut Vec<u8>, least: u32) {
        let mut kept: Vec<(u32, u32)> =
            self.triples.iter().filter(|(_, n)| **n >= least).map(|(h, n)| (*h, n.ilog2())).collect();
        kept.sort_unstable();
        for row in 0..1u32 << ROW_BITS {
            let from = kept.partition_point(|k| k.0 >> (32 - ROW_BITS) < row);
            let to = kept.partition_point(|k| k.0 >> (32 - ROW_BITS) <= row);
            push_varint(out, (to - from) as u32);
            let mut low = 0;
            for (hash, level) in &kept[from..to] {
                let next = hash & 0xFFFF;
                push_varint(out, (next - low) << 5 | level);
                low = next;
            }
        }
    }
}

fn write_pairs(out: &mut Vec<u8>, table: &HashMap<(char, char), u32>, least: u32, numbers: &BTreeMap<char, u32>) {
    let mut rows: Vec<Vec<(u32, u32)>> = vec![Vec::new(); numbers.len()];
    for ((a, b), n) in table.iter().filter(|(_, n)| **n >= least) {
        if let (Some(a), Some(b)) = (numbers.get(a), numbers.get(b)) {
            rows[*a as usize].push((*b, n.ilog2()));
        }
    }
    for mut row in rows {
        row.sort_unstable();
        push_varint(out, row.len() as u32);
        let mut second = 0;
        for (b, level) in row {
            push_varint(out, (b - second) << 5 | level);
            second = b;
        }
    }
}

fn varint(rest: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for shift in (0..35).step_by(7) {
        let (&byte, tail) = rest.split_first()?;
        *rest = tail;
        value |= u32::from(byte & 0x7F).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn push_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_gives_back_its_counts() {
        let mut counts = Counts::default();
        for _ in 0..9 {
            counts.add("司法厅厅长研究研究发展，展望");
        }
        let usage = Usage::read(&counts.write(1, 1, 2, 2)).expect("a table");
        assert_eq!(usage.pair('司', '法'), Some(3));
        assert_eq!(usage.before_double('法', '厅'), Some(3));
        assert_eq!(usage.after_double('厅', '长'), Some(3));
        assert_eq!(usage.word_doubled('研', '究'), Some(3));
        assert_eq!(usage.pair('展', '展'), None, "a comma parts two words");
        assert_eq!(usage.single('展'), Some(4));
        assert_eq!(usage.triple('司', '法', '厅'), Some(3));
        assert_eq!(usage.triple('厅', '法', '司'), None);
    }

    #[test]
    fn bytes_that_are_no_table_are_refused() {
        assert!(Usage::read(b"").is_none());
        assert!(Usage::read(b"KWU2\xFF\xFF\xFF\xFF\xFF\xFF").is_none());
    }
}
