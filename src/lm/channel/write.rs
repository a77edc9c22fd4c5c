//! Writing the table of characters that are taken for each other; the tool that learns it fills a [`Draft`].

use super::{BLOCK, MAGIC, Near, SOUNDS};
use std::collections::{BTreeMap, BTreeSet};

/// A table of characters that are taken for each other, while it is made.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    readings: BTreeMap<char, Vec<(String, u8)>>,
    near: BTreeMap<char, BTreeMap<char, Near>>,
    kin: BTreeMap<String, BTreeMap<String, u8>>,
}

impl Draft {
    /// Gives a character a row and its readings: syllable without tone, and tone (1 to 4, 5 neutral), the most usual
    /// first.
    pub fn readings(&mut self, c: char, readings: &[(&str, u8)]) {
        self.readings.insert(c, readings.iter().map(|(s, t)| (s.to_string(), *t)).collect());
    }

    /// Puts a character into the row of `c`. Both must have been given readings (or an empty list) before writing.
    pub fn near(&mut self, c: char, near: Near) {
        self.near.entry(c).or_default().insert(near.character, near);
    }

    /// Two syllables that are easily taken for each other, with a grade of [`SOUNDS`].
    pub fn kinship(&mut self, a: &str, b: &str, grade: u8) {
        self.kin.entry(a.to_owned()).or_default().insert(b.to_owned(), grade);
        self.kin.entry(b.to_owned()).or_default().insert(a.to_owned(), grade);
    }

    /// The table as bytes, see the format in the module above. What is beyond its limits (65,535 characters or
    /// readings) or speaks of a character without readings is left out.
    pub fn write(&self) -> Vec<u8> {
        let characters: Vec<char> = self.readings.keys().copied().take(usize::from(u16::MAX)).collect();
        let numbers: BTreeMap<char, u16> = characters.iter().enumerate().map(|(i, c)| (*c, i as u16)).collect();
        let names: BTreeSet<&str> = self.readings.values().flatten().map(|(s, _)| s.as_str()).collect();
        let syllables: BTreeMap<&str, u16> = names.iter().enumerate().map(|(i, s)| (*s, i as u16)).collect();
        let rows = Rows::of(characters.iter().map(|c| self.entries(*c, &numbers)));
        let readings = Rows::of(characters.iter().map(|c| self.packed_readings(*c, &syllables)));
        let spellings = Rows::of(names.iter().map(|s| s.bytes().collect()));
        let kin = Rows::of(names.iter().map(|s| self.packed_kin(s, &syllables)));

        let mut out = MAGIC.to_vec();
        let counts =
            [characters.len(), rows.all.len(), names.len(), readings.all.len(), spellings.all.len(), kin.all.len()];
        push(&mut out, counts.iter().map(|n| (*n as u32).to_le_bytes()));
        push(&mut out, BLOCK.map(|code| block_index(code, &numbers).to_le_bytes()));
        push(&mut out, characters.iter().map(|c| (*c as u32).to_le_bytes()));
        push(&mut out, rows.starts.iter().map(|n| n.to_le_bytes()));
        push(&mut out, rows.all.iter().map(|n| n.to_le_bytes()));
        push(&mut out, readings.starts.iter().map(|n| (*n as u16).to_le_bytes()));
        push(&mut out, readings.all.iter().map(|n| n.to_le_bytes()));
        push(&mut out, spellings.starts.iter().map(|n| (*n as u16).to_le_bytes()));
        push(&mut out, spellings.all.iter().map(|n| n.to_le_bytes()));
        push(&mut out, kin.starts.iter().map(|n| (*n as u16).to_le_bytes()));
        push(&mut out, kin.all.iter().map(|n| n.to_le_bytes()));
        out
    }

    fn entries(&self, c: char, numbers: &BTreeMap<char, u16>) -> Vec<u32> {
        let row = self.near.get(&c).into_iter().flatten();
        row.filter_map(|(other, near)| {
            let number = u32::from(*numbers.get(other)?);
            let tail = grade(near.sound) << 24 | u32::from(near.seen.min(31)) << 27;
            Some(number | u32::from(near.shape) << 16 | tail)
        })
        .collect()
    }

    fn packed_readings(&self, c: char, syllables: &BTreeMap<&str, u16>) -> Vec<u16> {
        let readings = self.readings.get(&c).into_iter().flatten();
        readings.filter_map(|(s, tone)| Some(syllables.get(s.as_str())? << 3 | u16::from(*tone & 7))).collect()
    }

    fn packed_kin(&self, syllable: &str, syllables: &BTreeMap<&str, u16>) -> Vec<u16> {
        let kin = self.kin.get(syllable).into_iter().flatten();
        kin.filter_map(|(s, sound)| Some(syllables.get(s.as_str())? << 3 | grade(*sound) as u16)).collect()
    }
}

/// Lists one after the other, and where each begins.
struct Rows<T> {
    starts: Vec<u32>,
    all: Vec<T>,
}

impl<T> Rows<T> {
    fn of(lists: impl Iterator<Item = Vec<T>>) -> Rows<T> {
        let mut rows = Rows { starts: vec![0], all: Vec::new() };
        for list in lists {
            rows.all.extend(list);
            rows.starts.push(rows.all.len() as u32);
        }
        rows
    }
}

/// The number of a grade of sound in the file: the greatest that it reaches.
fn grade(sound: u8) -> u32 {
    SOUNDS.iter().rposition(|s| *s <= sound).unwrap_or(0) as u32
}

fn block_index(code: u32, numbers: &BTreeMap<char, u16>) -> u16 {
    char::from_u32(code).and_then(|c| numbers.get(&c)).map_or(0, |n| n + 1)
}

fn push<const N: usize>(out: &mut Vec<u8>, numbers: impl Iterator<Item = [u8; N]>) {
    out.extend(numbers.flatten());
}
