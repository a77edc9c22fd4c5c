//! Sorting more links than memory holds: they are parted by their copy as they come, and each part is sorted when its
//! turn comes. What does not fit into memory waits in a file, part by part.

use super::links::Link;
use crate::error::{Error, ErrorKind, Result, reason_zh};
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Parts at most, so that each has enough links to be written in one go; and issues of a part.
const PARTS: u32 = 1024;
const FEWEST: u32 = 32;
const MOST: u32 = 1 << 16;
/// Most places of a seed that are told apart: what stands in more is standing text many times over.
const PLACES: u32 = u16::MAX as u32;

/// A link as one number, which sorts as the link does: 16 bits of copy (its place in the part), 32 of original, 32 of place
/// in the copy, 32 of place in the original, 16 of how many places there are.
type Packed = u128;
const WIDTH: usize = size_of::<Packed>();

/// Takes links in any order.
pub struct Sorter {
    /// Links in memory at most, and now.
    room: usize,
    held: usize,
    /// Issues of a part, and of all.
    wide: u32,
    issues: u32,
    parts: Vec<Part>,
    /// Has no name: it is gone with the program, however that ends.
    file: Option<File>,
    written: u64,
    scratch: PathBuf,
}

/// The links of some issues that follow each other.
#[derive(Default)]
struct Part {
    links: Vec<Packed>,
    /// Where more of them lie in the file, and how many.
    written: Vec<(u64, usize)>,
}

impl Sorter {
    /// For the links of so many issues, with so many bytes of memory, and a folder for what does not fit in.
    pub fn new(issues: u32, memory: usize, scratch: &Path) -> Self {
        let wide = issues.div_ceil(PARTS).clamp(FEWEST, MOST);
        let mut parts = Vec::new();
        parts.resize_with(issues.div_ceil(wide) as usize, Part::default);
        // Rows that grow take up to twice what they hold.
        let room = (memory * 2 / 3 / WIDTH).max(1024);
        Sorter { room, held: 0, wide, issues, parts, file: None, written: 0, scratch: scratch.to_owned() }
    }

    /// Takes a link.
    ///
    /// # Errors
    /// The folder cannot be written to.
    #[inline]
    pub fn put(&mut self, link: Link) -> Result<()> {
        if self.held >= self.room {
            self.spill()?;
        }
        let copy = link.copy % self.wide;
        if let Some(part) = self.parts.get_mut((link.copy / self.wide) as usize) {
            part.links.push(packed(&link, copy));
            self.held += 1;
        }
        Ok(())
    }

    fn spill(&mut self) -> Result<()> {
        let at = self.written;
        let mut write = || -> io::Result<u64> {
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile_in(&self.scratch)?),
            };
            file.seek(SeekFrom::Start(at))?;
            let mut out = BufWriter::with_capacity(1 << 18, file);
            let mut at = at;
            for part in self.parts.iter_mut().filter(|part| !part.links.is_empty()) {
                for link in &part.links {
                    out.write_all(&link.to_le_bytes())?;
                }
                part.written.push((at, part.links.len()));
                at += (part.links.len() * WIDTH) as u64;
                part.links = Vec::new();
            }
            out.flush()?;
            Ok(at)
        };
        self.written = write().map_err(|e| cannot(&self.scratch, &e))?;
        self.held = 0;
        Ok(())
    }

    /// All links in order, some issues at a time.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn sorted(mut self) -> Result<Sorted> {
        // Where something waits in the file, the memory is better used otherwise.
        if self.file.is_some() {
            self.spill()?;
        }
        let Sorter { wide, issues, parts, file, scratch, .. } = self;
        let (links, bytes) = (Vec::new(), Vec::new());
        Ok(Sorted { wide, issues, parts: parts.into_iter(), next: 0, file, scratch, links, bytes })
    }
}

/// Links in order.
pub struct Sorted {
    wide: u32,
    issues: u32,
    parts: std::vec::IntoIter<Part>,
    next: u32,
    file: Option<File>,
    scratch: PathBuf,
    /// The links of the part at hand; and what was read of them.
    links: Vec<Link>,
    bytes: Vec<u8>,
}

impl Sorted {
    /// The next issues and all their links in order; `None` behind the last issue.
    ///
    /// # Errors
    /// What waits in the file cannot be read.
    pub fn next(&mut self) -> Result<Option<(Range<u32>, &[Link])>> {
        let Some(part) = self.parts.next() else { return Ok(None) };
        let issues = self.next..self.issues.min(self.next.saturating_add(self.wide));
        self.next = issues.end;
        let mut links = part.links;
        if let Some(file) = &mut self.file {
            let wrong = |e: io::Error| cannot(&self.scratch, &e);
            links.reserve_exact(part.written.iter().map(|(_, count)| count).sum());
            for (at, count) in part.written {
                self.bytes.resize(count * WIDTH, 0);
                file.seek(SeekFrom::Start(at)).map_err(wrong)?;
                file.read_exact(&mut self.bytes).map_err(wrong)?;
                links.extend(self.bytes.as_chunks().0.iter().map(|link| Packed::from_le_bytes(*link)));
            }
        }
        links.sort_unstable();
        self.links.clear();
        self.links.extend(links.into_iter().map(|link| unpacked(link, issues.start)));
        Ok(Some((issues, &self.links)))
    }
}

fn packed(link: &Link, copy: u32) -> Packed {
    let places = Packed::from(link.places.min(PLACES));
    let at = Packed::from(link.copy_at) << 48 | Packed::from(link.original_at) << 16;
    Packed::from(copy) << 112 | Packed::from(link.original) << 80 | at | places
}

fn unpacked(link: Packed, first: u32) -> Link {
    let part = |from: u32| (link >> from) as u32;
    let copy = first + part(112);
    Link { copy, original: part(80), copy_at: part(48), original_at: part(16), places: part(0) & PLACES }
}

/// That the folder for what does not fit in memory is of no use.
pub fn cannot(scratch: &Path, error: &io::Error) -> Error {
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
    fn the_order_is_the_same_in_memory_and_in_the_file() {
        let links: Vec<Link> = (0..5000u32)
            .map(|n| n.wrapping_mul(2_654_435_761))
            .map(|n| Link { copy: n % 97, original: n % 31, copy_at: n, original_at: n >> 3, places: n & 7 })
            .collect();
        let sorted = |memory: usize| -> Vec<Link> {
            let dir = tempfile::tempdir().expect("a folder");
            let mut sorter = Sorter::new(97, memory, dir.path());
            links.iter().for_each(|link| sorter.put(*link).expect("room"));
            let (mut sorted, mut all, mut issues) = (sorter.sorted().expect("room"), Vec::new(), 0);
            while let Some((these, links)) = sorted.next().expect("readable") {
                assert_eq!(these.start, issues);
                issues = these.end;
                all.extend_from_slice(links);
            }
            assert_eq!(issues, 97);
            all
        };
        let mut plain = links.clone();
        plain.sort_unstable();
        assert_eq!(sorted(1 << 30), plain);
        assert_eq!(sorted(0), plain);
    }
}
