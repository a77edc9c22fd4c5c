//! How characters are read, and which syllables are mixed up.

use pinyin::ToPinyinMulti;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// Syllable without tone, and tone (1 to 4, 5 neutral).
pub type Reading = (String, u8);

pub struct Readings {
    pub standard: BTreeMap<char, Vec<Reading>>,
}

impl Readings {
    pub fn read(list: &str) -> Readings {
        let mut standard = BTreeMap::new();
        for line in list.lines() {
            let mut fields = line.split('\t').skip(1);
            let Some(c) = fields.next().and_then(|f| f.chars().next()) else { continue };
            standard.insert(c, fields.next().unwrap_or("").split(',').filter_map(marked).collect());
        }
        Readings { standard }
    }

    /// The readings of a character: the most usual one of the pinyin data first, then the others of the standard list.
    pub fn of(&self, c: char) -> Vec<Reading> {
        let first =
            c.to_pinyin_multi().and_then(|m| m.into_iter().next()).and_then(|p| numbered(p.with_tone_num_end()));
        let mut readings: Vec<Reading> = first.into_iter().collect();
        for reading in self.standard.get(&c).into_iter().flatten() {
            if !readings.contains(reading) {
                readings.push(reading.clone());
            }
        }
        readings
    }
}

/// A reading with tone marks: `lǜ`.
fn marked(text: &str) -> Option<Reading> {
    let mut tone = 5;
    let mut syllable = String::new();
    for c in text.trim().nfd() {
        match c {
            '\u{304}' => tone = 1,
            '\u{301}' => tone = 2,
            '\u{30C}' => tone = 3,
            '\u{300}' => tone = 4,
            '\u{308}' => drop(syllable.pop().map(|_| syllable.push('v'))),
            c if c.is_ascii_lowercase() => syllable.push(c),
            _ => {}
        }
    }
    spoken(syllable, tone)
}

/// A reading with its tone as a digit at the end: `lü4`.
fn numbered(text: &str) -> Option<Reading> {
    let tone = text.chars().last().and_then(|c| c.to_digit(10)).unwrap_or(5) as u8;
    let letters = text.chars().filter(|c| c.is_alphabetic());
    spoken(letters.map(|c| if c == 'ü' { 'v' } else { c }).collect(), tone)
}

/// Interjections without a vowel (`ng`, `hm`) are left out: they are nobody's homophones in print.
fn spoken(syllable: String, tone: u8) -> Option<Reading> {
    syllable.contains(['a', 'e', 'i', 'o', 'u', 'v']).then_some((syllable, tone))
}

/// Initials and finals that input methods let a typist mix up ("fuzzy pinyin"): the choices of libpinyin, which
/// fcitx and ibus offer.
const INITIALS: [(&str, &str); 7] =
    [("z", "zh"), ("c", "ch"), ("s", "sh"), ("n", "l"), ("r", "l"), ("f", "h"), ("g", "k")];
const FINALS: [(&str, &str); 5] = [("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang")];

fn parts(syllable: &str) -> (&str, &str) {
    let at = match syllable.as_bytes() {
        [b'z' | b'c' | b's', b'h', ..] => 2,
        [b'a' | b'e' | b'i' | b'o' | b'u' | b'v', ..] => 0,
        _ => 1,
    };
    syllable.split_at(at)
}

/// The grade of two syllables, see [`Near::sound`].
pub fn kinship(a: &str, b: &str) -> u8 {
    let mixed = |list: &[(&str, &str)], x: &str, y: &str| list.contains(&(x, y)) || list.contains(&(y, x));
    let ((start, end), (other_start, other_end)) = (parts(a), parts(b));
    let starts = mixed(&INITIALS, start, other_start);
    let ends = mixed(&FINALS, end, other_end);
    match (start == other_start, end == other_end) {
        (true, true) => 0,
        (true, false) if ends => 160,
        (false, true) if starts => 160,
        (false, false) if starts && ends => 128,
        _ if one_slip_apart(a.as_bytes(), b.as_bytes()) => 64,
        // Typed only in part: `j` or `ji` for `jing`.
        (true, false) if !start.is_empty() && (end.starts_with(other_end) || other_end.starts_with(end)) => 64,
        _ => 0,
    }
}

/// One letter more, less or other, or two neighbours exchanged.
fn one_slip_apart(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (left, other) = (&short[same..], &long[same..]);
    match (left, other) {
        (_, []) => false,
        ([x, y, rest @ ..], [v, w, tail @ ..]) if x == w && y == v && rest == tail => true,
        ([_, rest @ ..], [_, tail @ ..]) if left.len() == other.len() => rest == tail && long.len() > 1,
        (_, [_, tail @ ..]) => left == tail,
    }
}
