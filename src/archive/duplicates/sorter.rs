//! Sorting more links than memory holds: sorted runs on disk, merged as they are read.

use super::links::Link;
use crate::error::{Error, ErrorKind, Result, reason_zh};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a link on disk.
const WIDTH: usize = 20;

/// Takes links in any order.
pub struct Sorter {
    /// Links in memory at most.
    room: usize,
    links: Vec<Link>,
    runs: Vec<File>,
    scratch: PathBuf,
}

impl Sorter {
    /// With so many bytes of memory, and a folder for what does not fit in.
    pub fn new(memory: usize, scratch: &Path) -> Self {
        let room = (memory / size_of::<Link>()).max(1024);
        Sorter { room, links: Vec::new(), runs: Vec::new(), scratch: scratch.to_owned() }
    }

    /// Takes a link.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn put(&mut self, link: Link) -> Result<()> {
        if self.links.len() >= self.room {
            self.spill()?;
        }
        self.links.push(link);
        Ok(())
    }

    fn spill(&mut self) -> Result<()> {
        self.links.sort_unstable();
        let write = || -> std::io::Result<File> {
            // The file has no name: it is gone with the program, however that ends.
            let mut out = BufWriter::with_capacity(1 << 18, tempfile::tempfile_in(&self.scratch)?);
            for link in &self.links {
                out.write_all(&bytes(link))?;
            }
            let mut file = out.into_inner()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        };
        self.runs.push(write().map_err(|e| cannot(&self.scratch, &e))?);
        self.links.clear();
        Ok(())
    }

    /// All links in order.
    pub fn sorted(mut self) -> Sorted {
        self.links.sort_unstable();
        let runs = self.runs.into_iter().map(|file| BufReader::with_capacity(1 << 16, file)).collect();
        let mut sorted = Sorted {
            memory: self.links.into_iter(),
            runs,
            heads: BinaryHeap::new(),
            scratch: self.scratch,
            broken: None,
        };
        for run in 0..=sorted.runs.len() {
            sorted.refill(run);
        }
        sorted
    }
}

/// Links in order.
pub struct Sorted {
    memory: std::vec::IntoIter<Link>,
    runs: Vec<BufReader<File>>,
    /// The next link of each run, and the number of the run; the one behind the last is the memory.
    heads: BinaryHeap<Reverse<(Link, usize)>>,
    scratch: PathBuf,
    broken: Option<Error>,
}

impl Sorted {
    fn refill(&mut self, run: usize) {
        let next = match self.runs.get_mut(run) {
            None => Ok(self.memory.next()),
            Some(file) => read(file),
        };
        match next {
            Ok(Some(link)) => self.heads.push(Reverse((link, run))),
            Ok(None) => {}
            Err(e) => self.broken = Some(cannot(&self.scratch, &e)),
        }
    }
}

impl Iterator for Sorted {
    type Item = Result<Link>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(broken) = self.broken.take() {
            self.heads.clear();
            return Some(Err(broken));
        }
        if self.runs.is_empty() && self.heads.is_empty() {
            return self.memory.next().map(Ok);
        }
        let Reverse((link, run)) = self.heads.pop()?;
        if !self.runs.is_empty() {
            self.refill(run);
        }
        Some(Ok(link))
    }
}

fn bytes(link: &Link) -> [u8; WIDTH] {
    let mut out = [0; WIDTH];
    let fields = [link.copy, link.original, link.copy_at, link.original_at, link.places];
    for (to, from) in out.chunks_exact_mut(4).zip(fields) {
        to.copy_from_slice(&from.to_le_bytes());
    }
    out
}

fn read(file: &mut impl Read) -> std::io::Result<Option<Link>> {
    let mut bytes = [0; WIDTH];
    match file.read_exact(&mut bytes) {
        Ok(()) => {}
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let mut fields = [0; 5];
    for (to, from) in fields.iter_mut().zip(bytes.chunks_exact(4)) {
        *to = from.iter().rev().fold(0, |n, b| n << 8 | u32::from(*b));
    }
    let [copy, original, copy_at, original_at, places] = fields;
    Ok(Some(Link { copy, original, copy_at, original_at, places }))
}

fn cannot(scratch: &Path, error: &std::io::Error) -> Error {
    let dir = scratch.display();
    Error::new(ErrorKind::Input, format!("{dir}: what does not fit into memory cannot be kept here: {error}"))
        .hint("make room there, name another folder with --scratch, or give more --memory")
        .chinese(
            format!("{dir}：内存放不下的中间结果写不到这里：{}", reason_zh(error)),
            "请腾出空间，或用 --scratch 另指文件夹，或用 --memory 多给内存",
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_same_in_memory_and_over_runs() {
        let links: Vec<Link> = (0..5000u32)
            .map(|n| n.wrapping_mul(2_654_435_761))
            .map(|n| Link { copy: n % 97, original: n % 31, copy_at: n, original_at: n >> 3, places: n & 7 })
            .collect();
        let sorted = |memory: usize| -> Vec<Link> {
            let dir = tempfile::tempdir().expect("a folder");
            let mut sorter = Sorter::new(memory, dir.path());
            links.iter().for_each(|link| sorter.put(*link).expect("room"));
            sorter.sorted().map(|link| link.expect("readable")).collect()
        };
        let mut plain = links.clone();
        plain.sort_unstable();
        assert_eq!(sorted(1 << 30), plain);
        assert_eq!(sorted(0), plain);
    }
}
