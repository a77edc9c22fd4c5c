//! Outlines that were read once: the blocks of issues, put away in a file, because to find them costs more than all else
//! that is asked of an original.

use super::sorter::cannot;
use crate::archive::disk;
use crate::error::Result;
use crate::reuse::Body;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of a block in the file: six numbers.
const WIDTH: usize = 6 * 4;

/// The blocks of issues, as far as they were put away.
pub struct Outlines {
    /// Has no name: it is gone with the program, however that ends.
    file: Option<File>,
    end: u64,
    /// Where those of an issue begin and how many there are, by its number.
    places: Vec<Option<(u64, u32)>>,
    scratch: PathBuf,
}

impl Outlines {
    /// None, and a folder to put them into.
    pub fn new(scratch: &Path) -> Self {
        Outlines { file: None, end: 0, places: Vec::new(), scratch: scratch.to_owned() }
    }

    /// Puts away those of the issues that come next; `None` for one whose blocks were not looked at.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn put<'b>(&mut self, issues: impl Iterator<Item = Option<&'b [Body]>>) -> Result<()> {
        let write = || -> io::Result<()> {
            let file = match &mut self.file {
                Some(file) => file,
                none => none.insert(tempfile::tempfile_in(&self.scratch)?),
            };
            file.seek(SeekFrom::Start(self.end))?;
            let mut out = BufWriter::with_capacity(1 << 16, file);
            for bodies in issues {
                let place = bodies.map(|bodies| (self.end, bodies.len() as u32));
                self.places.push(place);
                for body in bodies.unwrap_or_default() {
                    out.write_all(&bytes(body))?;
                    self.end += WIDTH as u64;
                }
            }
            out.flush()
        };
        write().map_err(|e| cannot(&self.scratch, &e))
    }

    /// Those of an issue; `None` where they were not put away.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn get(&self, issue: u32) -> Result<Option<Vec<Body>>> {
        let (Some(file), Some(Some((at, count)))) = (&self.file, self.places.get(issue as usize)) else {
            return Ok(None);
        };
        let mut all = vec![0; *count as usize * WIDTH];
        disk::read_at(file, &mut all, *at).map_err(|e| cannot(&self.scratch, &e))?;
        Ok(Some(all.as_chunks().0.iter().map(body).collect()))
    }
}

fn bytes(body: &Body) -> [u8; WIDTH] {
    let edges = body.article << 2 | usize::from(body.first) << 1 | usize::from(body.last);
    let fields = [body.block, body.range.start, body.range.end, body.all.start, body.all.end, edges];
    let mut out = [0; WIDTH];
    for (to, from) in out.as_chunks_mut().0.iter_mut().zip(fields) {
        *to = (from as u32).to_le_bytes();
    }
    out
}

fn body(bytes: &[u8; WIDTH]) -> Body {
    let mut fields = [0; 6];
    for (to, from) in fields.iter_mut().zip(bytes.as_chunks().0) {
        *to = u32::from_le_bytes(*from) as usize;
    }
    let [block, start, end, all_start, all_end, edges] = fields;
    let (first, last) = (edges & 2 != 0, edges & 1 != 0);
    Body { block, range: start..end, all: all_start..all_end, article: edges >> 2, first, last }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_away_comes_back() {
        let body = |n: usize| Body {
            block: n,
            range: n * 50 + 7..n * 50 + 40,
            all: n * 50..n * 50 + 44,
            article: n / 3,
            first: n.is_multiple_of(3),
            last: n % 3 == 2,
        };
        let one: Vec<Body> = (0..7).map(body).collect();
        let two: Vec<Body> = (3..5).map(body).collect();
        let dir = tempfile::tempdir().expect("a folder");
        let mut outlines = Outlines::new(dir.path());
        outlines.put([Some(one.as_slice()), None].into_iter()).expect("room");
        outlines.put([Some(two.as_slice()), Some(&[])].into_iter()).expect("room");
        let all: Vec<_> = (0..5).map(|issue| outlines.get(issue).expect("readable")).collect();
        assert_eq!(all, [Some(one), None, Some(two), Some(vec![]), None]);
    }
}
