//! A segment in the making.
//!
//! The texts are written as they come; then follow the seeds in blocks, a directory of the blocks, the catalogue, and a foot
//! that says where each part lies. Nothing of it counts before a manifest names it.

use super::bytes::{check, put, put_text};
use super::manifest::{Listed, segment_path};
use super::{FORMAT, HASH_BITS, Issue, Seed, block, fault};
use crate::error::Result;
use crate::reuse::{SEED, WINDOW};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What a segment begins with.
pub const MAGIC: &[u8; 8] = b"kanwuseg";
/// Length of the head.
pub const HEAD: usize = 16;
/// Length of the foot: six numbers of eight bytes and three of four.
pub const FOOT: usize = 6 * 8 + 3 * 4;

/// The head of every segment.
pub fn head() -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let parts = MAGIC.iter().copied().chain(FORMAT.to_le_bytes()).chain([SEED as u8, WINDOW as u8, HASH_BITS as u8]);
    for (to, from) in head.iter_mut().zip(parts) {
        *to = from;
    }
    head
}

/// Where a text lies in its segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its first byte, from the start of the file.
    pub at: u64,
    /// Its checksum.
    pub check: u32,
}

/// Takes a piece of a text.
pub type Put<'p> = dyn FnMut(&[u8]) -> Result<()> + 'p;

/// A segment in the making. Dropped before it is finished, its file is gone.
pub struct Making {
    number: u32,
    path: PathBuf,
    out: BufWriter<File>,
    at: u64,
    /// The issues so far, in the order in which they came.
    pub issues: Vec<(Issue, Place)>,
    finished: bool,
}

impl Making {
    /// Begins a segment.
    ///
    /// # Errors
    /// Its file cannot be made.
    pub fn begin(dir: &Path, number: u32) -> Result<Making> {
        let path = segment_path(dir, number);
        let file = File::create(&path).map_err(|e| fault::unwritable(&path, &e))?;
        let mut making = Making {
            number,
            path,
            out: BufWriter::with_capacity(1 << 16, file),
            at: 0,
            issues: Vec::new(),
            finished: false,
        };
        making.put(&head())?;
        Ok(making)
    }

    /// Writes the text of an issue, which `copy` hands over in pieces.
    ///
    /// # Errors
    /// Why a piece could not be had or written.
    pub fn text(&mut self, issue: Issue, copy: impl FnOnce(&mut Put) -> Result<()>) -> Result<()> {
        let (at, mut sum) = (self.at, crc32fast::Hasher::new());
        copy(&mut |piece| {
            sum.update(piece);
            self.put(piece)
        })?;
        self.issues.push((issue, Place { at, check: sum.finalize() }));
        Ok(())
    }

    /// Writes the seeds, sorted, and all that follows them. The issues must stand in the order that the seeds count in.
    ///
    /// # Errors
    /// Why a seed could not be had, or the file not written.
    pub fn finish(mut self, seeds: impl Iterator<Item = Result<Seed>>) -> Result<Listed> {
        let from = self.at;
        let (directory, count) = self.seeds(seeds)?;
        let directory_at = self.at;
        self.put(&directory)?;
        let catalogue = catalogue(&self.issues);
        let catalogue_at = self.at;
        self.put(&catalogue)?;
        let mut foot = Vec::with_capacity(FOOT);
        let end = self.at;
        for number in [from, directory_at, catalogue_at, end, self.issues.len() as u64, count] {
            foot.extend(number.to_le_bytes());
        }
        foot.extend(check(&directory).to_le_bytes());
        foot.extend(check(&catalogue).to_le_bytes());
        let sum = check(&foot);
        foot.extend(sum.to_le_bytes());
        self.put(&foot)?;
        let wrong = |e: io::Error| fault::unwritable(&self.path, &e);
        self.out.flush().map_err(wrong)?;
        self.out.get_ref().sync_all().map_err(wrong)?;
        self.finished = true;
        let issues = self.issues.len() as u32;
        Ok(Listed { number: self.number, bytes: self.at, check: sum, issues, seeds: count, dead: Vec::new() })
    }

    /// Writes the blocks; returns their directory and the number of seeds.
    fn seeds(&mut self, seeds: impl Iterator<Item = Result<Seed>>) -> Result<(Vec<u8>, u64)> {
        let mut directory = Directory::default();
        let mut waiting = Vec::with_capacity(block::SEEDS);
        let mut count = 0u64;
        for seed in seeds {
            waiting.push(seed?);
            count += 1;
            if waiting.len() == block::SEEDS {
                self.block(&mut waiting, &mut directory)?;
            }
        }
        self.block(&mut waiting, &mut directory)?;
        Ok((directory.bytes, count))
    }

    fn block(&mut self, seeds: &mut Vec<Seed>, directory: &mut Directory) -> Result<()> {
        let Some(first) = seeds.first() else { return Ok(()) };
        let Directory { bytes, last, block } = directory;
        block.clear();
        block::write(seeds, block);
        put(bytes, first.hash - *last);
        put(bytes, block.len() as u64);
        bytes.extend(check(block).to_le_bytes());
        *last = first.hash;
        seeds.clear();
        self.put(block)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes).map_err(|e| fault::unwritable(&self.path, &e))
    }
}

/// The directory of the blocks in the making: for each by how much its first hash is greater than that of the one before,
/// its length, its checksum.
#[derive(Default)]
struct Directory {
    bytes: Vec<u8>,
    last: u64,
    /// The block at hand.
    block: Vec<u8>,
}

impl Drop for Making {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn catalogue(issues: &[(Issue, Place)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (issue, place) in issues {
        put_text(&mut out, &issue.id);
        for number in [place.at, issue.bytes, issue.characters] {
            put(&mut out, number);
        }
        out.extend(place.check.to_le_bytes());
        out.extend(issue.stamp.0);
        out.extend(issue.content);
        put(&mut out, issue.files.len() as u64);
        for file in &issue.files {
            put_text(&mut out, &file.name);
            put(&mut out, file.start);
            put(&mut out, file.end);
        }
    }
    out
}
