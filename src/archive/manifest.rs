//! The manifest: which segments count, and which of their issues do not any more.

use super::{FORMAT, HASH_BITS, disk, fault};
use crate::error::Result;
use crate::reuse::{SEED, WINDOW};
use crate::source::sha256_hex;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The manifest's file.
pub const NAME: &str = "manifest";
/// The manifest in the making.
pub const MAKING: &str = "manifest.new";
/// The file that the writer locks.
pub const LOCK: &str = "lock";
/// How the names of segments end.
const SEGMENT: &str = ".segment";

/// What the manifest says: a line of JSON, and a line with its SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// [`SEED`].
    pub seed: usize,
    /// [`WINDOW`].
    pub window: usize,
    /// [`HASH_BITS`].
    pub hash_bits: u32,
    /// The number of the next segment. Numbers are never used again.
    pub next: u32,
    /// The segments, in the order of their numbers.
    pub segments: Vec<Listed>,
}

/// A segment that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its number.
    pub number: u32,
    /// Length of its file.
    pub bytes: u64,
    /// Checksum of its last part, which has those of all others.
    pub check: u32,
    /// Issues in it, dead ones too.
    pub issues: u32,
    /// Seeds in it, those of dead issues too.
    pub seeds: u64,
    /// The issues that do not count any more, by their numbers in the segment, in order.
    pub dead: Vec<u32>,
}

/// The format alone, which is read before anything else is believed.
#[derive(Deserialize)]
struct Format {
    format: u64,
}

impl Manifest {
    /// The manifest of an archive without issues, whose first segment gets this number.
    pub fn empty(next: u32) -> Manifest {
        Manifest { format: FORMAT, seed: SEED, window: WINDOW, hash_bits: HASH_BITS, next, segments: Vec::new() }
    }

    /// Reads the manifest of an archive.
    ///
    /// # Errors
    /// There is none; it is damaged; it is of another format.
    pub fn read(dir: &Path) -> Result<Manifest> {
        let path = dir.join(NAME);
        match std::fs::read(&path) {
            Ok(bytes) => Manifest::parse(&path, &bytes),
            // A manifest stands from the first moment on: segments without one have lost it.
            Err(e) if e.kind() == ErrorKind::NotFound && has_segments(dir) => Err(fault::lost(&path)),
            Err(e) if e.kind() == ErrorKind::NotFound => Err(fault::absent(dir)),
            Err(e) if e.kind() == ErrorKind::NotADirectory => Err(fault::absent(dir)),
            Err(e) => Err(fault::unreadable(&path, &e)),
        }
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Manifest> {
        let parts = std::str::from_utf8(bytes).ok().and_then(|text| text.split_once('\n'));
        let whole = parts.filter(|(json, check)| check.strip_suffix('\n') == Some(&sha256_hex(json.as_bytes())));
        let (json, _) = whole.ok_or_else(|| fault::damaged(path))?;
        let format: Format = serde_json::from_str(json).map_err(|_| fault::damaged(path))?;
        if format.format != u64::from(FORMAT) {
            return Err(fault::other_format(path, format.format));
        }
        let manifest: Manifest = serde_json::from_str(json).map_err(|_| fault::damaged(path))?;
        if (manifest.seed, manifest.window, manifest.hash_bits) != (SEED, WINDOW, HASH_BITS) {
            return Err(fault::other_format(path, format.format));
        }
        let in_order = manifest.segments.is_sorted_by(|a, b| a.number < b.number)
            && manifest.segments.iter().all(|s| {
                s.number < manifest.next
                    && s.dead.is_sorted_by(|a, b| a < b)
                    && s.dead.last().is_none_or(|last| *last < s.issues)
            });
        if in_order { Ok(manifest) } else { Err(fault::damaged(path)) }
    }

    /// Puts the manifest in the place of the one before; the segments that it names have to be on the disk.
    ///
    /// # Errors
    /// Why it could not be written; the one before stands.
    pub fn write(&self, dir: &Path) -> Result<()> {
        let path = dir.join(NAME);
        let replace = || {
            let json = serde_json::to_string(self)?;
            let making = dir.join(MAKING);
            let mut file = File::create(&making)?;
            file.write_all(format!("{json}\n{}\n", sha256_hex(json.as_bytes())).as_bytes())?;
            file.sync_all()?;
            drop(file);
            // The names of new segments first, then the name that makes them count.
            disk::sync_folder(dir)?;
            std::fs::rename(&making, &path)?;
            disk::sync_folder(dir)
        };
        replace().map_err(|e| fault::unwritable(&path, &e))
    }
}

/// Where a segment lies.
pub fn segment_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}{SEGMENT}"))
}

/// The number of the segment of a file name.
pub fn segment_number(name: &str) -> Option<u32> {
    name.strip_suffix(SEGMENT).filter(|n| n.len() >= 8 && n.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}

fn has_segments(dir: &Path) -> bool {
    let mut names = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.any(|name| name.to_str().and_then(segment_number).is_some())
}
