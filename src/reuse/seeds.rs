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

    /// An empty memory for a text of so many characters.
    pub fn new(length: usize) -> Self {
        let bits = (length.max(256) / 2).next_power_of_two().trailing_zeros();
        Seeds { heads: vec![0; 1 << bits], entries: Vec::with_capacity(length), shift: 64 - bits }
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
