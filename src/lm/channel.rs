//! Which characters are taken for each other: by an engine that reads shapes (未 for 末), and by a typist who thinks in
//! sounds (在 for 再). The typos stage asks it which characters may have stood where a doubtful one stands.
//!
//! The table ([`Channel`]) lists for each character about a hundred others with the likeness of their glyphs, the
//! kinship of their sounds and how often engines really mistook them. It is derived data: `model/README.md` says from
//! what, `examples/learn_channel.rs` makes it again. It is used in place: nothing is unpacked when the program starts.
//!
//! # Format
//!
//! All numbers are little-endian. Sections follow each other without gaps:
//!
//! | section | length | what |
//! |---|---|---|
//! | magic | 4 | `KWC1` |
//! | counts | 6 × u32 | characters *n*, entries, syllables *s*, readings, bytes of spelling, syllable kinships |
//! | block | 20,992 × u16 | for U+4E00 to U+9FFF: number of the character plus one, 0 if it is not in the table |
//! | codes | *n* × u32 | code points, ascending; the number of a character is its place here |
//! | rows | (*n* + 1) × u32 | where the entries of each character begin |
//! | entries | u32 each | number of the other character, 16 bits; shape, 8; sound grade, 3; seen, 5; ascending in a row |
//! | reading rows | (*n* + 1) × u16 | where the readings of each character begin |
//! | readings | u16 each | syllable × 8 + tone (1–4, 5 neutral), the most usual first |
//! | spelling rows | (*s* + 1) × u16 | where the spelling of each syllable begins |
//! | spellings | bytes | in pinyin without tone, ü as v |
//! | kinship rows | (*s* + 1) × u16 | where the kin of each syllable begin |
//! | kinships | u16 each | syllable × 8 + sound grade, ascending in a row |

use std::sync::LazyLock;

mod write;
pub use write::Draft;

static EMBEDDED: &[u8] = include_bytes!("../../model/channel.bin");

const MAGIC: &[u8; 4] = b"KWC1";
/// The block of characters that have a direct index.
const BLOCK: std::ops::Range<u32> = 0x4E00..0xA000;

/// The grades of [`Near::sound`], by their number in the file.
pub const SOUNDS: [u8; 8] = [0, 64, 96, 128, 160, 192, 224, 255];

/// What is known of two characters being mistaken for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// The other character.
    pub character: char,
    /// Likeness of the glyphs, 0 to 255: 200 + 14 × log2 of the odds that the two are ever mistaken in a sample of
    /// some thousand confusions, from the glyphs alone. 0: no likeness that matters.
    pub shape: u8,
    /// Kinship of sound: 255 same syllable and tone, 224 same syllable, 192 the same syllable by a less usual reading
    /// of one of them, 160 one step of fuzzy pinyin apart (z/zh, n/l, an/ang …), 128 two steps, 96 one step by a less
    /// usual reading, 64 one slip in typing the pinyin apart (bie/bei, jing/ji), 0 none.
    pub sound: u8,
    /// How often engines really mistook them: 3 × log2(1 + count) up to 31, where the other direction counts half;
    /// 0 never seen.
    pub seen: u8,
}

/// The table of characters that are taken for each other.
#[derive(Clone, Copy, Debug)]
pub struct Channel {
    block: &'static [u8],
    codes: &'static [u8],
    rows: &'static [u8],
    entries: &'static [u8],
    reading_rows: &'static [u8],
    readings: &'static [u8],
    spelling_rows: &'static [u8],
    spellings: &'static [u8],
    kin_rows: &'static [u8],
    kin: &'static [u8],
}

impl Channel {
    /// The table that the binary carries.
    pub fn embedded() -> &'static Channel {
        static TABLE: LazyLock<Channel> = LazyLock::new(|| Channel::read(EMBEDDED).unwrap_or(EMPTY));
        &TABLE
    }

    /// Reads a table in place; `None` where the sections do not fill the bytes exactly. What the sections say is
    /// checked at each question: broken numbers give no answer.
    pub fn read(bytes: &'static [u8]) -> Option<Channel> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let counts = cut(&mut rest, 6, 4)?;
        let count = |i| usize::try_from(u32_at(counts, i)?).ok();
        let (characters, entries, syllables) = (count(0)?, count(1)?, count(2)?);
        let channel = Channel {
            block: cut(&mut rest, BLOCK.len(), 2)?,
            codes: cut(&mut rest, characters, 4)?,
            rows: cut(&mut rest, characters.checked_add(1)?, 4)?,
            entries: cut(&mut rest, entries, 4)?,
            reading_rows: cut(&mut rest, characters.checked_add(1)?, 2)?,
            readings: cut(&mut rest, count(3)?, 2)?,
            spelling_rows: cut(&mut rest, syllables.checked_add(1)?, 2)?,
            spellings: cut(&mut rest, count(4)?, 1)?,
            kin_rows: cut(&mut rest, syllables.checked_add(1)?, 2)?,
            kin: cut(&mut rest, count(5)?, 2)?,
        };
        rest.is_empty().then_some(channel)
    }

    /// The characters that `c` may have been written for, by code point; none where the table does not know `c`.
    pub fn near(&self, c: char) -> impl Iterator<Item = Near> + '_ {
        let row = self.number(c).and_then(|n| self.row(n)).unwrap_or(&[]);
        row.chunks_exact(4).filter_map(|entry| self.entry(u32_at(entry, 0)?))
    }

    /// What is known of `a` being written for `b`; `None` where nothing speaks for it. Shape and sound are the same
    /// in both directions; a pair that no row lists is still known by its sound.
    pub fn pair(&self, a: char, b: char) -> Option<Near> {
        let (from, to) = (self.number(a)?, self.number(b)?);
        let listed = self.find(from, to).or_else(|| self.find(to, from));
        let near = listed.and_then(|e| self.entry(e)).map(|e| Near { character: b, ..e });
        near.or_else(|| {
            let sound = self.sound(a, b);
            (a != b && sound > 0).then_some(Near { character: b, shape: 0, sound, seen: 0 })
        })
    }

    /// Whether two characters are as near as this by shape or by sound, which must be more than fuzzy pinyin: then only a
    /// common syllable counts, and the kinship of syllables need not be asked.
    pub fn are_near(&self, a: char, b: char, least: u8) -> bool {
        let (Some(from), Some(to)) = (self.number(a), self.number(b)) else { return false };
        match self.find(from, to).or_else(|| self.find(to, from)).and_then(|e| self.entry(e)) {
            Some(near) => near.shape.max(near.sound) >= least,
            None => {
                let common = || self.readings(a).any(|(x, _)| self.readings(b).any(|(y, _)| x == y));
                a != b && common() && self.sound(a, b) >= least
            }
        }
    }

    /// The syllables that a character is usually read as, without their tones, the most usual first.
    pub fn sounds(&self, c: char) -> impl Iterator<Item = u16> + '_ {
        let before = move |n: usize, syllable| self.readings(c).take(n).any(|(earlier, _)| earlier == syllable);
        self.readings(c).enumerate().filter(move |(n, (s, _))| !before(*n, *s)).map(|(_, (syllable, _))| syllable)
    }

    /// The readings of a character: syllable and tone (1 to 4, 5 neutral), the most usual first.
    pub fn readings(&self, c: char) -> impl Iterator<Item = (u16, u8)> + '_ {
        let row = self.number(c).and_then(|n| between(self.reading_rows, self.readings, n)).unwrap_or(&[]);
        row.chunks_exact(2).filter_map(|r| u16_at(r, 0)).map(|packed| (packed >> 3, (packed & 7) as u8))
    }

    /// How a syllable is written in pinyin, without its tone.
    pub fn spelling(&self, syllable: u16) -> Option<&'static str> {
        let at = |i| u16_at(self.spelling_rows, i).map(usize::from);
        let range = at(usize::from(syllable))?..at(usize::from(syllable) + 1)?;
        std::str::from_utf8(self.spellings.get(range)?).ok()
    }

    /// The syllables that are easily taken for this one, with their grade (see [`Near::sound`]).
    pub fn kin(&self, syllable: u16) -> impl Iterator<Item = (u16, u8)> + '_ {
        let row = between(self.kin_rows, self.kin, usize::from(syllable)).unwrap_or(&[]);
        row.chunks_exact(2).filter_map(|k| u16_at(k, 0)).map(|packed| (packed >> 3, SOUNDS[usize::from(packed & 7)]))
    }

    /// The kinship of sound of two characters, as in [`Near::sound`]: the best over their readings.
    pub fn sound(&self, a: char, b: char) -> u8 {
        let mut best = 0;
        for (i, (x, tone)) in self.readings(a).enumerate() {
            for (k, (y, other)) in self.readings(b).enumerate() {
                let usual = i == 0 && k == 0;
                let grade = match (x == y, usual) {
                    (true, true) if tone == other => 255,
                    (true, true) => 224,
                    (true, false) => 192,
                    (false, _) => match (self.kin(x).find(|k| k.0 == y).map_or(0, |k| k.1), usual) {
                        (grade, true) => grade,
                        (160, false) => 96,
                        (_, false) => 0,
                    },
                };
                best = best.max(grade);
            }
        }
        best
    }

    /// All characters that have a row, by code point.
    pub fn characters(&self) -> impl Iterator<Item = char> + '_ {
        self.codes.chunks_exact(4).filter_map(|c| char::from_u32(u32_at(c, 0)?))
    }

    fn number(&self, c: char) -> Option<usize> {
        let code = c as u32;
        if BLOCK.contains(&code) {
            return usize::from(u16_at(self.block, (code - BLOCK.start) as usize)?).checked_sub(1);
        }
        let (mut from, mut to) = (0, self.codes.len() / 4);
        while from < to {
            let middle = from + (to - from) / 2;
            match u32_at(self.codes, middle)?.cmp(&code) {
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    fn row(&self, number: usize) -> Option<&'static [u8]> {
        let at = |i| u32_at(self.rows, i).and_then(|p| usize::try_from(p).ok()?.checked_mul(4));
        self.entries.get(at(number)?..at(number.checked_add(1)?)?)
    }

    /// The packed entry of `to` in the row of `from`.
    fn find(&self, from: usize, to: usize) -> Option<u32> {
        let row = self.row(from)?;
        let (mut low, mut high) = (0, row.len() / 4);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry = u32_at(row, middle)?;
            match ((entry & 0xFFFF) as usize).cmp(&to) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(entry),
            }
        }
        None
    }

    fn entry(&self, packed: u32) -> Option<Near> {
        let character = char::from_u32(u32_at(self.codes, (packed & 0xFFFF) as usize)?)?;
        let sound = SOUNDS[(packed >> 24 & 7) as usize];
        Some(Near { character, shape: (packed >> 16) as u8, sound, seen: (packed >> 27) as u8 })
    }
}

const EMPTY: Channel = Channel {
    block: &[],
    codes: &[],
    rows: &[],
    entries: &[],
    reading_rows: &[],
    readings: &[],
    spelling_rows: &[],
    spellings: &[],
    kin_rows: &[],
    kin: &[],
};

/// Takes a section of `count` numbers of `width` bytes from the front.
fn cut(rest: &mut &'static [u8], count: usize, width: usize) -> Option<&'static [u8]> {
    let (section, tail) = rest.split_at_checked(count.checked_mul(width)?)?;
    *rest = tail;
    Some(section)
}

fn u32_at(bytes: &[u8], index: usize) -> Option<u32> {
    let at = index.checked_mul(4)?;
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn u16_at(bytes: &[u8], index: usize) -> Option<u16> {
    let at = index.checked_mul(2)?;
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// The part of `values` (u16 each) that row number `row` (bounds u16 each) speaks of.
fn between(rows: &'static [u8], values: &'static [u8], row: usize) -> Option<&'static [u8]> {
    let at = |i| u16_at(rows, i).map(|p| usize::from(p) * 2);
    values.get(at(row)?..at(row.checked_add(1)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: char, b: char) -> Near {
        Channel::embedded().pair(a, b).unwrap_or_else(|| panic!("{a} and {b}"))
    }

    #[test]
    fn what_looks_alike_is_near() {
        for (a, b) in [('未', '末'), ('己', '已'), ('曰', '日'), ('治', '冶'), ('土', '士'), ('千', '干'), ('大', '太')]
        {
            assert!(pair(a, b).shape >= 128, "{a} {b}: {:?}", pair(a, b));
            assert!(Channel::embedded().near(a).any(|n| n.character == b), "{b} in the row of {a}");
        }
        assert!(pair('在', '再').shape < pair('未', '末').shape);
    }

    #[test]
    fn what_sounds_alike_is_near() {
        assert_eq!(pair('在', '再').sound, 255);
        assert!(pair('的', '得').sound >= 192);
        assert_eq!(pair('师', '是').sound, 224);
        assert_eq!(pair('增', '赠').sound, 224);
        assert_eq!(pair('牛', '刘').sound, 160);
        assert_eq!(pair('山', '桑').sound, 128);
        assert_eq!(Channel::embedded().sound('中', '国'), 0);
    }

    #[test]
    fn shape_and_sound_are_the_same_both_ways() {
        let channel = Channel::embedded();
        for a in ['人', '未', '在', '情', '国', '于'] {
            for near in channel.near(a) {
                let back = pair(near.character, a);
                assert_eq!((near.shape, near.sound), (back.shape, back.sound), "{a} {}", near.character);
                assert_eq!(near.seen > 0, back.seen > 0, "{a} {}", near.character);
            }
        }
    }

    #[test]
    fn a_character_is_not_near_itself_and_rows_are_in_order() {
        let channel = Channel::embedded();
        assert!(channel.characters().count() > 6000);
        for c in channel.characters() {
            let row: Vec<char> = channel.near(c).map(|n| n.character).collect();
            assert!(row.windows(2).all(|w| w[0] < w[1]), "{c}");
            assert!(!row.contains(&c), "{c}");
            assert!(row.len() >= 25, "{c} has {}", row.len());
        }
    }

    #[test]
    fn syllables_have_names_and_kin() {
        let channel = Channel::embedded();
        let syllables: Vec<u16> = channel.sounds('行').collect();
        let names: Vec<&str> = syllables.iter().filter_map(|s| channel.spelling(*s)).collect();
        assert!(names.contains(&"xing") && names.contains(&"hang"), "{names:?}");
        let kin: Vec<&str> = channel
            .kin(syllables[names.iter().position(|n| *n == "xing").unwrap_or(0)])
            .filter(|k| k.1 == 160)
            .filter_map(|k| channel.spelling(k.0))
            .collect();
        assert_eq!(kin, ["xin"]);
    }

    #[test]
    fn broken_bytes_are_refused_or_answer_nothing() {
        let step = EMBEDDED.len() / 97;
        for cut in (0..EMBEDDED.len()).step_by(step) {
            assert!(Channel::read(&EMBEDDED[..cut]).is_none(), "{cut}");
        }
        let mut bytes = EMBEDDED.to_vec();
        for at in (28..bytes.len()).step_by(7) {
            bytes[at] = 0xFF;
        }
        let channel = Channel::read(Box::leak(bytes.into_boxed_slice())).expect("the counts are whole");
        for c in ['一', '人', '未', '龥', '㐀', '𬇙', 'a'] {
            assert!(channel.near(c).count() < 1 << 24);
            assert!(channel.sounds(c).filter_map(|s| channel.spelling(s)).count() < 1 << 16);
            channel.pair(c, '末');
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut draft = Draft::default();
        let (near, far) = (Near { character: '末', shape: 200, sound: 0, seen: 9 }, ('未', [("wei", 4)]));
        draft.readings(far.0, &far.1);
        draft.readings('末', &[("mo", 4)]);
        draft.kinship("mo", "wei", 64);
        draft.near('未', near);
        let channel = Channel::read(Box::leak(draft.write().into_boxed_slice())).expect("a table");
        assert_eq!(channel.near('未').collect::<Vec<_>>(), [near]);
        assert_eq!(channel.pair('末', '未'), Some(Near { character: '未', ..near }));
        assert_eq!(channel.sound('未', '末'), 64);
        assert_eq!(channel.near('国').count(), 0);
    }
}
