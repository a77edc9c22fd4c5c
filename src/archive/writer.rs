//! The one writer of an archive.

use super::making::Making;
use super::manifest::{self, LOCK, Listed, MAKING, Manifest, segment_number, segment_path};
use super::rows::{Row, Rows};
use super::segment::Segment;
use super::{Archive, FAN, Prepared, Stamp, fault};
use crate::error::Result;
use crate::reader::natural;
use std::collections::{HashMap, HashSet};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// A segment is written once it has so many bytes of text.
const TEXTS: u64 = 64 << 20;
/// Seeds of a segment of the smallest size; each size above holds [`FAN`] times as many.
const SMALLEST: u64 = 1 << 16;

/// What became of an issue that was added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was not in the archive.
    New,
    /// It takes the place of another version of itself.
    Replaced,
    /// It says what it said; only its stamp is another.
    Same,
}

/// The writer of an archive. There is one at a time.
///
/// What was added counts from the next [`Writer::finish`] on, and much of it earlier: a segment is committed as soon as the
/// memory for it is full. Dropped without that, the writer leaves what was committed.
pub struct Writer {
    dir: PathBuf,
    /// Held as long as the writer lives.
    _lock: Lock,
    manifest: Manifest,
    /// The manifest says something else than the one on the disk.
    changed: bool,
    known: HashMap<String, Known>,
    /// Seeds that are sorted in memory.
    room: usize,
    making: Option<Making>,
    /// The ids and the bytes of the issues in it.
    waiting: HashSet<String>,
    texts: u64,
    /// Their seeds.
    rows: Rows,
}

/// An issue that counts.
#[derive(Clone, Copy)]
struct Known {
    /// The number of its segment.
    segment: u32,
    /// Its number there.
    at: u32,
    stamp: Stamp,
    content: [u8; 16],
}

impl Writer {
    /// Opens an archive for writing; makes one where there is none. A part of `memory` (bytes) is used to sort seeds.
    ///
    /// # Errors
    /// Another writer is at work; the folder holds other things; the archive is damaged or of another format.
    pub fn open(dir: &Path, memory: usize) -> Result<Writer> {
        refuse_foreign(dir)?;
        let lock = lock(dir)?;
        let manifest = match Manifest::read(dir) {
            Err(_) if is_new(dir) => Writer::fresh(dir, 1)?,
            found => found?,
        };
        Writer::with(dir, lock, manifest, memory)
    }

    /// Empties an archive, whatever state it is in, and opens it.
    ///
    /// # Errors
    /// Another writer is at work; the folder holds other things.
    pub fn rebuild(dir: &Path, memory: usize) -> Result<Writer> {
        refuse_foreign(dir)?;
        let lock = lock(dir)?;
        // A number is not used again, lest a reader take a new segment for one of the old archive.
        let after_files =
            names(dir)?.iter().filter_map(|name| segment_number(name)).max().map_or(1, |n| n.saturating_add(1));
        let next = Manifest::read(dir).map_or(1, |m| m.next).max(after_files);
        let manifest = Writer::fresh(dir, next)?;
        Writer::with(dir, lock, manifest, memory)
    }

    fn fresh(dir: &Path, next: u32) -> Result<Manifest> {
        let manifest = Manifest::empty(next);
        manifest.write(dir)?;
        Ok(manifest)
    }

    fn with(dir: &Path, lock: Lock, manifest: Manifest, memory: usize) -> Result<Writer> {
        sweep(dir, &manifest)?;
        let mut known = HashMap::new();
        for listed in &manifest.segments {
            let segment = opened(dir, listed)?;
            for (at, (issue, _)) in segment.issues.into_iter().enumerate() {
                let at = at as u32;
                if listed.dead.binary_search(&at).is_err() {
                    let entry = Known { segment: listed.number, at, stamp: issue.stamp, content: issue.content };
                    known.insert(issue.id, entry);
                }
            }
        }
        let room = (memory / 8 / size_of::<Row>()).max(1 << 12);
        Ok(Writer {
            dir: dir.to_owned(),
            _lock: lock,
            manifest,
            changed: false,
            known,
            room,
            making: None,
            waiting: HashSet::new(),
            texts: 0,
            rows: Rows::new(),
        })
    }

    /// Whether an issue is in the archive and had this stamp when it was read.
    pub fn has(&self, id: &str, stamp: Stamp) -> bool {
        self.known.get(id).is_some_and(|known| known.stamp == stamp)
    }

    /// Adds an issue, in the place of an earlier version of it if there is one.
    ///
    /// # Errors
    /// The archive could not be written.
    pub fn add(&mut self, prepared: Prepared) -> Result<Added> {
        let Prepared { issue, text, rows } = prepared;
        let full = self.rows.len() + rows.len() > self.room || self.texts >= TEXTS;
        if full || self.waiting.len() >= Row::ISSUES || self.waiting.contains(&issue.id) {
            self.commit()?;
        }
        let added = match self.known.get(&issue.id) {
            None => Added::New,
            Some(known) if known.content == issue.content => Added::Same,
            Some(_) => Added::Replaced,
        };
        let making = match &mut self.making {
            Some(making) => making,
            none => none.insert(Making::begin(&self.dir, self.manifest.next)?),
        };
        let number = making.issues.len() as u32;
        self.waiting.insert(issue.id.clone());
        self.texts += issue.bytes;
        making.text(issue, |put| put(text.as_bytes()))?;
        self.rows.add(&rows, number);
        Ok(added)
    }

    /// Takes an issue out of the archive; `false` where it was not in it.
    ///
    /// # Errors
    /// The archive could not be written.
    pub fn forget(&mut self, id: &str) -> Result<bool> {
        if self.waiting.contains(id) {
            self.commit()?;
        }
        let Some(known) = self.known.remove(id) else { return Ok(false) };
        self.bury(known);
        Ok(true)
    }

    /// Makes everything count that was added or forgotten.
    ///
    /// # Errors
    /// The archive could not be written, or a segment is damaged that was to be merged.
    pub fn finish(mut self) -> Result<()> {
        self.commit()?;
        self.save()?;
        self.tidy()
    }

    /// Writes the segment at hand and makes it count.
    fn commit(&mut self) -> Result<()> {
        let Some(mut making) = self.making.take() else { return Ok(()) };
        self.waiting.clear();
        self.texts = 0;
        let arrived = std::mem::take(&mut making.issues);
        let mut order: Vec<usize> = (0..arrived.len()).collect();
        order.sort_by(|a, b| natural(&arrived[*a].0.id, &arrived[*b].0.id));
        if !order.is_sorted() {
            let mut numbers = vec![0u32; arrived.len()];
            for (number, from) in order.iter().enumerate() {
                numbers[*from] = number as u32;
            }
            self.rows.renumber(&numbers);
        }
        making.issues = order.iter().map(|from| arrived[*from].clone()).collect();
        self.rows.sort();
        let issues: Vec<_> = making.issues.iter().map(|(i, _)| (i.id.clone(), i.stamp, i.content)).collect();
        let listed = making.finish(self.rows.seeds().map(Ok))?;
        self.rows.clear();
        for (at, (id, stamp, content)) in issues.into_iter().enumerate() {
            let known = Known { segment: listed.number, at: at as u32, stamp, content };
            if let Some(before) = self.known.insert(id, known) {
                self.bury(before);
            }
        }
        self.manifest.next = listed.number.saturating_add(1);
        self.manifest.segments.push(listed);
        self.changed = true;
        self.save()?;
        self.tidy()
    }

    /// Marks an issue as one that does not count any more.
    fn bury(&mut self, known: Known) {
        let listed = self.manifest.segments.iter_mut().find(|listed| listed.number == known.segment);
        if let Some(listed) = listed
            && let Err(place) = listed.dead.binary_search(&known.at)
        {
            listed.dead.insert(place, known.at);
            self.changed = true;
        }
    }

    fn save(&mut self) -> Result<()> {
        if std::mem::take(&mut self.changed) {
            self.manifest.write(&self.dir)?;
        }
        Ok(())
    }

    /// Merges what should be merged.
    fn tidy(&mut self) -> Result<()> {
        while let Some(numbers) = due(&self.manifest.segments) {
            self.merge(&numbers)?;
        }
        Ok(())
    }

    /// Makes one segment of several; issues that do not count are left behind.
    fn merge(&mut self, numbers: &[u32]) -> Result<()> {
        let (old, rest): (Vec<Listed>, Vec<Listed>) =
            self.manifest.segments.iter().cloned().partition(|listed| numbers.contains(&listed.number));
        let mut segments = Vec::with_capacity(old.len());
        for listed in &old {
            segments.push((opened(&self.dir, listed)?, listed.dead.as_slice()));
        }
        let merged = Archive::of(segments, 0)?.ok_or_else(|| fault::damaged(&self.dir.join(manifest::NAME)))?;
        let mut manifest = Manifest { segments: rest, ..self.manifest.clone() };
        let mut moved = None;
        if !merged.issues().is_empty() {
            let mut making = Making::begin(&self.dir, manifest.next)?;
            for (number, issue) in merged.issues().iter().enumerate() {
                let Some((segment, place)) = merged.place(number) else { continue };
                making.text(issue.clone(), |put| segment.copy(place, issue.bytes, put))?;
            }
            let listed = making.finish(merged.seeds()?)?;
            moved = Some(listed.number);
            manifest.next = listed.number.saturating_add(1);
            manifest.segments.push(listed);
        }
        manifest.write(&self.dir)?;
        self.manifest = manifest;
        for (at, issue) in merged.issues().iter().enumerate() {
            if let Some((known, segment)) = self.known.get_mut(&issue.id).zip(moved) {
                (known.segment, known.at) = (segment, at as u32);
            }
        }
        drop(merged);
        for listed in old {
            // One that cannot be removed now is removed by the next writer.
            let _ = std::fs::remove_file(segment_path(&self.dir, listed.number));
        }
        Ok(())
    }
}

/// The segments to be merged next: one of which a quarter does not count, or [`FAN`] of one size.
fn due(segments: &[Listed]) -> Option<Vec<u32>> {
    let wasted = |s: &&Listed| s.dead.len() * 4 >= s.issues as usize && !s.dead.is_empty();
    if let Some(listed) = segments.iter().find(wasted) {
        return Some(vec![listed.number]);
    }
    let mut sizes: Vec<(u32, u32)> = segments.iter().map(|s| (size(s.seeds), s.number)).collect();
    sizes.sort_unstable();
    let of_one_size = sizes.chunk_by(|a, b| a.0 == b.0).find(|same| same.len() >= FAN)?;
    Some(of_one_size.iter().map(|(_, number)| *number).collect())
}

/// The size of a segment: 0 for the smallest.
fn size(seeds: u64) -> u32 {
    (seeds / SMALLEST).checked_ilog(FAN as u64).map_or(0, |log| log + 1)
}

fn opened(dir: &Path, listed: &Listed) -> Result<Segment> {
    Segment::open(dir, listed)?.ok_or_else(|| fault::lost(&segment_path(dir, listed.number)))
}

/// The lock of an archive. The system lets go of it however the program ends.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // A process that this one is just starting has the file open too, and would hold the lock for that moment.
        let _ = self.0.unlock();
    }
}

/// Takes the lock of an archive.
fn lock(dir: &Path) -> Result<Lock> {
    std::fs::create_dir_all(dir).map_err(|e| fault::unwritable(dir, &e))?;
    let path = dir.join(LOCK);
    let file = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|e| fault::unwritable(&path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(fault::locked(dir)),
        Err(TryLockError::Error(e)) => Err(fault::unwritable(&path, &e)),
    }
}

fn names(dir: &Path) -> Result<Vec<String>> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(fault::unwritable(dir, &e)),
    };
    let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// Whether nothing was ever committed here: a manifest stands before there is a segment.
fn is_new(dir: &Path) -> bool {
    names(dir).is_ok_and(|names| !names.iter().any(|n| n == manifest::NAME || segment_number(n).is_some()))
}

/// Refuses a folder that is something else than an archive.
fn refuse_foreign(dir: &Path) -> Result<()> {
    let names = names(dir)?;
    let ours = |name: &str| [manifest::NAME, MAKING, LOCK].contains(&name) || segment_number(name).is_some();
    let foreign = names.iter().find(|name| !ours(name) && !name.starts_with('.'));
    match foreign.filter(|_| !names.iter().any(|n| n == manifest::NAME)) {
        Some(name) => Err(fault::foreign(dir, name)),
        None => Ok(()),
    }
}

/// Removes what a killed writer left: files that the manifest does not name.
fn sweep(dir: &Path, manifest: &Manifest) -> Result<()> {
    for name in names(dir)? {
        let named = segment_number(&name).map(|n| manifest.segments.iter().any(|listed| listed.number == n));
        if named == Some(false) || name == MAKING {
            let path = dir.join(&name);
            std::fs::remove_file(&path).map_err(|e| fault::unwritable(&path, &e))?;
        }
    }
    Ok(())
}
