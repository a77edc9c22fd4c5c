//! A segment as it is read: nothing in its file is believed without a check.

use super::bytes::{Cursor, check};
use super::making::{FOOT, HEAD, Place, Put, head};
use super::manifest::{Listed, segment_path};
use super::{HASH_BITS, Issue, IssueFile, Seed, Stamp, block, disk, fault};
use crate::error::{Error, Result};
use crate::reader::natural;
use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Bytes that are read at a time.
const BUFFER: usize = 1 << 16;

/// A segment that is open.
pub struct Segment {
    path: PathBuf,
    file: File,
    /// Its issues and where their texts lie, in natural order of the ids.
    pub issues: Vec<(Issue, Place)>,
    /// How many there were when it was opened, whoever took them out since.
    count: u32,
    blocks: Vec<Block>,
}

/// A stretch of seeds with a checksum of its own.
#[derive(Clone, Copy, Debug)]
struct Block {
    /// The hash of its first seed.
    first: u64,
    /// Its first byte, from the start of the file.
    at: u64,
    length: usize,
    check: u32,
}

impl Segment {
    /// Opens a segment of an archive; `None` where its file is gone.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn open(dir: &Path, listed: &Listed) -> Result<Option<Segment>> {
        let path = segment_path(dir, listed.number);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(fault::unreadable(&path, &e)),
        };
        let length = file.metadata().map_err(|e| fault::unreadable(&path, &e))?.len();
        if length != listed.bytes || length < (HEAD + FOOT) as u64 {
            return Err(fault::damaged(&path));
        }
        let mut segment = Segment { path, file, issues: Vec::new(), count: 0, blocks: Vec::new() };
        if segment.bytes(0, HEAD as u64)? != head() {
            return Err(segment.damaged());
        }
        let foot = segment.bytes(length - FOOT as u64, FOOT as u64)?;
        let foot = Foot::read(&foot, listed, length - FOOT as u64).ok_or_else(|| segment.damaged())?;
        let directory = segment.bytes(foot.directory, foot.catalogue - foot.directory)?;
        let catalogue = segment.bytes(foot.catalogue, length - FOOT as u64 - foot.catalogue)?;
        if check(&directory) != foot.directory_check || check(&catalogue) != foot.catalogue_check {
            return Err(segment.damaged());
        }
        segment.blocks = blocks(&directory, foot.seeds, foot.directory).ok_or_else(|| segment.damaged())?;
        segment.issues = issues(&catalogue, listed.issues, foot.seeds).ok_or_else(|| segment.damaged())?;
        segment.count = listed.issues;
        Ok(Some(segment))
    }

    /// The error of a segment that is not what was written.
    pub fn damaged(&self) -> Error {
        fault::damaged(&self.path)
    }

    /// The text of an issue.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn text(&self, place: Place, length: u64) -> Result<String> {
        let bytes = self.bytes(place.at, length)?;
        if check(&bytes) != place.check {
            return Err(self.damaged());
        }
        simdutf8::basic::from_utf8(&bytes).map(str::to_owned).map_err(|_| self.damaged())
    }

    /// Hands over the text of an issue in pieces.
    ///
    /// # Errors
    /// It cannot be read or is damaged; what was handed over must not be used then.
    pub fn copy(&self, place: Place, length: u64, put: &mut Put) -> Result<()> {
        let mut sum = crc32fast::Hasher::new();
        let (mut at, end) = (place.at, place.at + length);
        while at < end {
            let piece = self.bytes(at, (end - at).min(BUFFER as u64))?;
            sum.update(&piece);
            put(&piece)?;
            at += piece.len() as u64;
        }
        if sum.finalize() == place.check { Ok(()) } else { Err(self.damaged()) }
    }

    /// All seeds in order, their issues numbered as in this segment.
    pub fn seeds(&self) -> Stream<'_> {
        let none = Seed { hash: 0, issue: 0, at: 0 };
        Stream { segment: self, block: 0, bytes: Vec::new(), seeds: Vec::new(), next: 0, last: none }
    }

    /// Hands on every seed with one of these hashes, which are in order, and the index of its hash.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn find(&self, hashes: &[u64], mut each: impl FnMut(usize, Seed)) -> Result<()> {
        let mut seeds: Vec<Seed> = Vec::new();
        let mut at_hand = None;
        for (i, hash) in hashes.iter().enumerate() {
            let from = self.blocks.partition_point(|b| b.first < *hash).saturating_sub(1);
            for (n, block) in self.blocks.iter().enumerate().skip(from).take_while(|(_, b)| b.first <= *hash) {
                if at_hand.replace(n) != Some(n) {
                    seeds.clear();
                    self.decode(block, &self.bytes(block.at, block.length as u64)?, &mut seeds)?;
                }
                let first = seeds.partition_point(|s| s.hash < *hash);
                seeds.iter().skip(first).take_while(|s| s.hash == *hash).for_each(|s| each(i, *s));
            }
        }
        Ok(())
    }

    fn decode(&self, block: &Block, bytes: &[u8], out: &mut Vec<Seed>) -> Result<()> {
        let whole = check(bytes) == block.check;
        let read = if whole { block::read(bytes, block.first, self.count, out) } else { None };
        read.ok_or_else(|| self.damaged())
    }

    fn bytes(&self, at: u64, length: u64) -> Result<Vec<u8>> {
        let length = usize::try_from(length).map_err(|_| self.damaged())?;
        let mut bytes = vec![0; length];
        self.read(&mut bytes, at)?;
        Ok(bytes)
    }

    fn read(&self, buffer: &mut [u8], at: u64) -> Result<()> {
        disk::read_at(&self.file, buffer, at).map_err(|e| fault::unreadable(&self.path, &e))
    }
}

/// Where the parts lie.
struct Foot {
    seeds: u64,
    directory: u64,
    catalogue: u64,
    directory_check: u32,
    catalogue_check: u32,
}

impl Foot {
    /// Reads the foot of a file whose other parts end at `end`.
    fn read(bytes: &[u8], listed: &Listed, end: u64) -> Option<Foot> {
        let (numbers, sum) = bytes.split_last_chunk::<4>()?;
        let sum = u32::from_le_bytes(*sum);
        if sum != listed.check || sum != check(numbers) {
            return None;
        }
        let mut cursor = Cursor(numbers);
        let (seeds, directory, catalogue) = (cursor.u64()?, cursor.u64()?, cursor.u64()?);
        let rest = (cursor.u64()?, cursor.u64()?, cursor.u64()?);
        let in_order = HEAD as u64 <= seeds && seeds <= directory && directory <= catalogue && catalogue <= end;
        let known = rest == (end, u64::from(listed.issues), listed.seeds);
        let (directory_check, catalogue_check) = (cursor.u32()?, cursor.u32()?);
        (in_order && known).then_some(Foot { seeds, directory, catalogue, directory_check, catalogue_check })
    }
}

/// Reads the directory of the blocks that lie from one place to another without a gap.
fn blocks(directory: &[u8], from: u64, to: u64) -> Option<Vec<Block>> {
    let mut cursor = Cursor(directory);
    let (mut first, mut at) = (0u64, from);
    let mut out = Vec::with_capacity(directory.len() / 8);
    while !cursor.0.is_empty() {
        first = first.checked_add(cursor.number()?).filter(|h| *h >> HASH_BITS == 0)?;
        let length = usize::try_from(cursor.number()?).ok().filter(|l| *l <= block::MOST)?;
        out.push(Block { first, at, length, check: cursor.u32()? });
        at = at.checked_add(length as u64).filter(|at| *at <= to)?;
    }
    (at == to).then_some(out)
}

/// Reads the catalogue of issues whose texts end before a place.
fn issues(catalogue: &[u8], count: u32, end: u64) -> Option<Vec<(Issue, Place)>> {
    let mut cursor = Cursor(catalogue);
    let mut out: Vec<(Issue, Place)> = Vec::with_capacity((count as usize).min(catalogue.len() / 40));
    for _ in 0..count {
        let (issue, place) = issue(&mut cursor)?;
        let inside = place.at >= HEAD as u64 && place.at.checked_add(issue.bytes)? <= end;
        let in_order = out.last().is_none_or(|(last, _)| natural(&last.id, &issue.id).is_lt());
        if !inside || !in_order {
            return None;
        }
        out.push((issue, place));
    }
    cursor.0.is_empty().then_some(out)
}

fn issue(cursor: &mut Cursor) -> Option<(Issue, Place)> {
    let id = cursor.text()?;
    let (at, bytes, characters) = (cursor.number()?, cursor.number()?, cursor.number()?);
    let check = cursor.u32()?;
    let (stamp, content) = (Stamp(cursor.array()?), cursor.array()?);
    let count = usize::try_from(cursor.number()?).ok()?;
    let mut files = Vec::with_capacity(count.min(cursor.0.len() / 3));
    for _ in 0..count {
        files.push(IssueFile { name: cursor.text()?, start: cursor.number()?, end: cursor.number()? });
    }
    Some((Issue { id, files, bytes, characters, stamp, content }, Place { at, check }))
}

/// The seeds of a segment, a few blocks at a time.
pub struct Stream<'s> {
    segment: &'s Segment,
    /// The block to be read next.
    block: usize,
    bytes: Vec<u8>,
    seeds: Vec<Seed>,
    next: usize,
    last: Seed,
}

impl Stream<'_> {
    /// The next seed.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    #[inline]
    pub fn next(&mut self) -> Result<Option<Seed>> {
        if self.next == self.seeds.len() {
            self.fill()?;
        }
        let seed = self.seeds.get(self.next).copied();
        self.next += usize::from(seed.is_some());
        Ok(seed)
    }

    fn fill(&mut self) -> Result<()> {
        self.seeds.clear();
        self.next = 0;
        let Some(first) = self.segment.blocks.get(self.block) else { return Ok(()) };
        let rest = self.segment.blocks.get(self.block..).unwrap_or(&[]);
        let fits = |b: &&Block| b.at - first.at + b.length as u64 <= BUFFER as u64;
        let blocks = rest.iter().take_while(fits);
        let length = blocks.clone().map(|b| b.length).sum();
        self.bytes.resize(length, 0);
        self.segment.read(&mut self.bytes, first.at)?;
        let mut bytes = self.bytes.as_slice();
        for block in blocks {
            let (head, tail) = bytes.split_at_checked(block.length).ok_or_else(|| self.segment.damaged())?;
            bytes = tail;
            let before = self.seeds.len();
            self.segment.decode(block, head, &mut self.seeds)?;
            if self.seeds.get(before).is_some_and(|seed| *seed < self.last) {
                return Err(self.segment.damaged());
            }
            self.last = self.seeds.last().copied().unwrap_or(self.last);
            self.block += 1;
        }
        Ok(())
    }
}
