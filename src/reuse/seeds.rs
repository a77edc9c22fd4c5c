//! Seeds: where a run of eight characters was seen before.

use super::SEED;

/// Remembers the first few places of every seed.
///
/// A set phrase that stands ten thousand times is remembered [`Seeds::PLACES`] times: a passage that was copied has other
/// seeds as well, so nothing is lost but the cost.
#[derive(Debug)]
pub struct Seeds {
    /// `1 +` the number of the first entry of a bucket, 0 for none.
    heads: Vec<u32>,
    entries: Vec<Entry>,
    shift: u32,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    places: [u32; Seeds::PLACES],
    count: u8,
    next: u32,
}

impl Seeds {
    /// How many places of one seed are remembered.
    pub const PLACES: usize = 4;

    /// An empty memory for about so many seeds.
    pub fn new(length: usize) -> Self {
        let bits = (length.max(256) / 2).next_power_of_two().trailing_zeros();
        Seeds { heads: vec![0; 1 << bits], entries: Vec::new(), shift: 64 - bits }
    }

    /// The remembered places of a seed, earliest first.
    pub fn places(&self, hash: u64) -> impl Iterator<Item = usize> + use<> {
        let found = self.find(hash).map(|i| self.entries[i]);
        let (places, count) = found.map_or(([0; Seeds::PLACES], 0), |e| (e.places, usize::from(e.count)));
        places.into_iter().take(count).map(|p| p as usize)
    }

    /// Remembers that a seed stands at a place.
    pub fn add(&mut self, hash: u64, at: usize) {
        let Ok(at) = u32::try_from(at) else { return };
        if let Some(i) = self.find(hash) {
            let entry = &mut self.entries[i];
            if let Some(free) = entry.places.get_mut(usize::from(entry.count)) {
                *free = at;
                entry.count += 1;
            }
            return;
        }
        let head = &mut self.heads[(hash >> self.shift) as usize];
        let mut places = [0; Seeds::PLACES];
        places[0] = at;
        self.entries.push(Entry { hash, places, count: 1, next: *head });
        *head = self.entries.len() as u32;
    }

    fn find(&self, hash: u64) -> Option<usize> {
        let mut next = self.heads[(hash >> self.shift) as usize];
        while let Some(i) = next.checked_sub(1) {
            let entry = &self.entries[i as usize];
            if entry.hash == hash {
                return Some(i as usize);
            }
            next = entry.next;
        }
        None
    }
}

/// Which seeds may stand in a text more than once, roughly: different seeds share bits, so that one in ten is kept for
/// nothing, and none that comes again is lost.
///
/// A text as a newspaper prints it repeats hardly one seed in ten. Only those are worth remembering, which spares most
/// of the time and nearly all of the memory.
#[derive(Debug)]
pub struct Repeats {
    again: Vec<u64>,
    shift: u32,
}

impl Repeats {
    /// Bits for each character.
    const ROOM: usize = 8;

    /// Reads a folded text once.
    pub fn of(chars: &[char]) -> Self {
        let bits = (chars.len().max(256) * Repeats::ROOM).next_power_of_two().trailing_zeros();
        let mut seen = vec![0u64; 1 << (bits - 6)];
        let mut repeats = Repeats { again: vec![0; 1 << (bits - 6)], shift: 64 - bits };
        for (_, hash) in hashes(chars) {
            let (row, bit) = repeats.place(hash);
            repeats.again[row] |= seen[row] & bit;
            seen[row] |= bit;
        }
        repeats
    }

    /// Whether the seed may stand in the text again.
    pub fn has(&self, hash: u64) -> bool {
        let (row, bit) = self.place(hash);
        self.again[row] & bit != 0
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let at = hash >> self.shift;
        ((at / 64) as usize, 1 << (at % 64))
    }
}

/// The hash of the seed that begins at each place, by a rolling polynomial.
pub fn hashes(chars: &[char]) -> impl Iterator<Item = (usize, u64)> + '_ {
    const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
    let oldest = (1..SEED).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut rolling = 0u64;
    chars.iter().enumerate().filter_map(move |(i, c)| {
        if let Some(gone) = i.checked_sub(SEED) {
            rolling = rolling.wrapping_sub((chars[gone] as u64 + 1).wrapping_mul(oldest));
        }
        rolling = rolling.wrapping_mul(BASE).wrapping_add(*c as u64 + 1);
        // The high bits choose the bucket, so the low ones are stirred into them.
        let stirred = (rolling ^ rolling >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (i + 1).checked_sub(SEED).map(|start| (start, stirred))
    })
}
