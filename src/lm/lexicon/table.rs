//! Things that are known by their hashes: the first bits choose a row, sixteen more are kept.

/// A table over the bytes of a file.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::lm) struct Table<'t> {
    bits: u32,
    rows: &'t [u8],
    marks: &'t [u8],
}

fn u32_at(bytes: &[u8], i: usize) -> Option<usize> {
    let part = bytes.get(4 * i..4 * i + 4)?;
    usize::try_from(u32::from_le_bytes(part.try_into().ok()?)).ok()
}

impl<'t> Table<'t> {
    /// A table and the bytes after it; `None` where they are anything else.
    pub fn read(bytes: &'t [u8]) -> Option<(Table<'t>, &'t [u8])> {
        let bits = u32::try_from(u32_at(bytes, 0)?).ok().filter(|b| (1..=24).contains(b))?;
        let (rows, rest) = bytes.get(4..)?.split_at_checked(4 * ((1 << bits) + 1))?;
        let count = u32_at(rows, 1 << bits)?;
        let (marks, rest) = rest.split_at_checked(count.checked_mul(2)?)?;
        Some((Table { bits, rows, marks }, rest))
    }

    /// How many things there are.
    pub fn len(&self) -> usize {
        self.marks.len() / 2
    }

    /// The number of the thing of a hash.
    #[inline]
    pub fn find(&self, hash: u64) -> Option<usize> {
        if self.bits == 0 {
            return None;
        }
        let (row, mark) = ((hash >> (64 - self.bits)) as usize, (hash >> (48 - self.bits)) as u16);
        let (from, to) = (u32_at(self.rows, row)?, u32_at(self.rows, row + 1)?);
        let marks = self.marks.get(2 * from..2 * to)?;
        // They rise and are as good as evenly spread: one is looked for on both sides of where it would then stand.
        let marks = marks.as_chunks::<2>().0;
        let is = |i: usize, wanted: fn(&u16, &u16) -> bool| {
            marks.get(i).is_some_and(|m| wanted(&u16::from_le_bytes(*m), &mark))
        };
        let mut at = ((marks.len() as u64 * u64::from(mark)) >> 16) as usize;
        while let Some(before) = at.checked_sub(1).filter(|i| is(*i, u16::ge)) {
            at = before;
        }
        while is(at, u16::lt) {
            at += 1;
        }
        is(at, u16::eq).then_some(from + at)
    }
}

/// Writes a table of some hashes, about `each` to a row, and gives for each thing in it the number of its hash in `hashes`;
/// of two that are alike in what is kept the first one stays.
pub(in crate::lm) fn write(out: &mut Vec<u8>, hashes: &[u64], each: usize) -> Vec<usize> {
    let bits = (hashes.len() / each).max(2).next_power_of_two().ilog2().min(24);
    let mut entries: Vec<(u64, usize)> = hashes.iter().enumerate().map(|(n, h)| (h >> (48 - bits), n)).collect();
    entries.sort_unstable();
    entries.dedup_by_key(|e| e.0);
    out.extend(bits.to_le_bytes());
    let mut at = 0;
    for row in 0..=1u64 << bits {
        while entries.get(at).is_some_and(|e| e.0 >> 16 < row) {
            at += 1;
        }
        out.extend((at as u32).to_le_bytes());
    }
    entries.iter().for_each(|e| out.extend((e.0 as u16).to_le_bytes()));
    entries.into_iter().map(|e| e.1).collect()
}
