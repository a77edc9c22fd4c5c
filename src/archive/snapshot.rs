//! The archive as a reader sees it: as it was at one moment, whatever a writer does meanwhile.

use super::making::Place;
use super::manifest::{Manifest, segment_path};
use super::merged::{DEAD, Seeds};
use super::segment::Segment;
use super::{Issue, Seed, fault, manifest};
use crate::error::Result;
use crate::reader::natural;
use std::path::Path;

/// An archive to be asked.
pub struct Archive {
    segments: Vec<Segment>,
    /// For each segment the numbers that its issues have here, [`DEAD`] for those that do not count.
    numbers: Vec<Vec<u32>>,
    issues: Vec<Issue>,
    /// The segment and the place of each issue's text.
    places: Vec<(u32, Place)>,
    bytes: u64,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Archive of {} issues", self.issues.len())
    }
}

impl Archive {
    /// Opens the archive in a folder.
    ///
    /// # Errors
    /// There is none; it is damaged; it is of another format; it cannot be read.
    pub fn open(dir: &Path) -> Result<Archive> {
        let mut manifest = Manifest::read(dir)?;
        loop {
            let mut segments = Vec::with_capacity(manifest.segments.len());
            let mut gone = None;
            for listed in &manifest.segments {
                match Segment::open(dir, listed)? {
                    Some(segment) => segments.push((segment, listed.dead.as_slice())),
                    None => gone = Some(segment_path(dir, listed.number)),
                }
            }
            let Some(gone) = gone else {
                let bytes = manifest.segments.iter().map(|s| s.bytes).sum();
                return Archive::of(segments, bytes)?.ok_or_else(|| fault::damaged(&dir.join(manifest::NAME)));
            };
            // A segment that is gone was merged with others, and then there is another manifest by now.
            let again = Manifest::read(dir)?;
            if again == manifest {
                return Err(fault::lost(&gone));
            }
            manifest = again;
        }
    }

    /// The archive that some segments make together; `None` where an issue counts in two of them.
    pub(super) fn of(segments: Vec<(Segment, &[u32])>, bytes: u64) -> Result<Option<Archive>> {
        let mut live = Vec::new();
        let mut archive =
            Archive { segments: Vec::new(), numbers: Vec::new(), issues: Vec::new(), places: Vec::new(), bytes };
        for (n, (mut segment, dead)) in segments.into_iter().enumerate() {
            let issues = std::mem::take(&mut segment.issues);
            archive.numbers.push(vec![DEAD; issues.len()]);
            archive.segments.push(segment);
            for (at, (issue, place)) in issues.into_iter().enumerate() {
                if dead.binary_search(&(at as u32)).is_err() {
                    live.push((issue, n as u32, at, place));
                }
            }
        }
        live.sort_by(|a, b| natural(&a.0.id, &b.0.id));
        for (issue, segment, at, place) in live {
            if archive.issues.last().is_some_and(|last| last.id == issue.id) {
                return Ok(None);
            }
            let number = archive.numbers.get_mut(segment as usize).and_then(|numbers| numbers.get_mut(at));
            number.into_iter().for_each(|number| *number = archive.issues.len() as u32);
            archive.issues.push(issue);
            archive.places.push((segment, place));
        }
        Ok(Some(archive))
    }

    /// The issues, in natural order of their ids.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The index of an issue in [`Archive::issues`].
    pub fn number(&self, id: &str) -> Option<usize> {
        self.issues.binary_search_by(|issue| natural(&issue.id, id)).ok()
    }

    /// The text of an issue as its [`crate::source::Source`] has it; empty where there is no such issue.
    ///
    /// # Errors
    /// It cannot be read or is damaged.
    pub fn text(&self, number: usize) -> Result<String> {
        match (self.issues.get(number), self.place(number)) {
            (Some(issue), Some((segment, place))) => segment.text(place, issue.bytes),
            _ => Ok(String::new()),
        }
    }

    /// All seeds of all issues, by hash, within a hash by issue and place.
    ///
    /// # Errors
    /// The archive cannot be read or is damaged; the same may come later, as an item.
    pub fn seeds(&self) -> Result<Seeds<'_>> {
        Seeds::new(self.segments.iter().zip(self.numbers.iter().map(Vec::as_slice)))
    }

    /// Hands on every place of some hashes ([`super::key`]s in ascending order), and the index of its hash; in no
    /// promised order.
    ///
    /// # Errors
    /// The archive cannot be read or is damaged.
    pub fn places(&self, hashes: &[u64], mut each: impl FnMut(usize, Seed)) -> Result<()> {
        for (segment, numbers) in self.segments.iter().zip(&self.numbers) {
            segment.find(hashes, |i, seed| {
                if let Some(&number) = numbers.get(seed.issue as usize).filter(|n| **n != DEAD) {
                    each(i, Seed { issue: number, ..seed });
                }
            })?;
        }
        Ok(())
    }

    /// Hands on, for each of some hashes ([`super::key`]s in ascending order), its index and the number of different
    /// issues that hold it, 0 for none.
    ///
    /// # Errors
    /// The archive cannot be read or is damaged.
    pub fn frequency(&self, hashes: &[u64], mut each: impl FnMut(usize, u32)) -> Result<()> {
        let mut counts = vec![0u32; hashes.len()];
        for (segment, numbers) in self.segments.iter().zip(&self.numbers) {
            let mut last = None;
            segment.find(hashes, |i, seed| {
                let counts_here = numbers.get(seed.issue as usize).is_some_and(|n| *n != DEAD);
                if counts_here && last != Some((i, seed.issue)) {
                    last = Some((i, seed.issue));
                    counts.iter_mut().skip(i).take(1).for_each(|count| *count += 1);
                }
            })?;
        }
        counts.into_iter().enumerate().for_each(|(i, count)| each(i, count));
        Ok(())
    }

    /// Bytes that the segments take on the disk.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many segments there are.
    pub fn segments(&self) -> usize {
        self.segments.len()
    }

    /// The segment of an issue, and the place of its text in it.
    pub(super) fn place(&self, number: usize) -> Option<(&Segment, Place)> {
        let (segment, place) = self.places.get(number)?;
        Some((self.segments.get(*segment as usize)?, *place))
    }
}
