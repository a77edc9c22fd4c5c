//! An issue made ready for the archive: all the work that needs no archive, so that many can be done at a time.

use super::rows::Row;
use super::{Issue, IssueFile, key};
use crate::error::Result;
use crate::reader::{self, ReadOptions};
use crate::reuse::{Folded, winnowed};
use crate::source::Source;
use sha2::{Digest, Sha256};
use std::time::UNIX_EPOCH;

/// What the files of an issue were like: names, sizes, times of the last change, and the encoding that was asked for. The
/// same stamp: the issue is not read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(pub(super) [u8; 16]);

impl Stamp {
    /// Asks the disk; nothing is read.
    ///
    /// # Errors
    /// A file or folder that is not there or cannot be listed.
    pub fn of(issue: &reader::Issue, options: &ReadOptions) -> Result<(Stamp, u64)> {
        let mut hash = Sha256::new();
        let mut bytes = 0u64;
        hash.update(options.encoding.map_or("", |e| e.name()));
        for file in reader::files(issue, options)? {
            let name = file.path.file_name().unwrap_or_default().as_encoded_bytes();
            // A time from before 1970 counts backwards from it; a system without times has sizes only.
            let changed = file.meta.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
                Ok(since) => since.as_nanos() as i128,
                Err(before) => -(before.duration().as_nanos() as i128),
            });
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update(file.meta.len().to_le_bytes());
            hash.update(changed.to_le_bytes());
            bytes = bytes.saturating_add(file.meta.len());
        }
        Ok((Stamp(cut(hash)), bytes))
    }
}

/// An issue with its text and its seeds.
#[derive(Debug)]
pub struct Prepared {
    pub(super) issue: Issue,
    pub(super) text: String,
    pub(super) rows: Vec<Row>,
}

impl Prepared {
    /// Folds and winnows the text of an issue.
    pub fn new(source: Source, stamp: Stamp) -> Prepared {
        let folded = Folded::new(&source.text);
        let mut rows = Vec::with_capacity(folded.chars().len() * 9 / 20);
        // A place beyond four billion characters has no number, and no newspaper.
        let seeds = winnowed(folded.chars()).map_while(|(at, hash)| Some((u32::try_from(at).ok()?, hash)));
        rows.extend(seeds.map(|(at, hash)| Row::new(key(hash), 0, at)));
        drop(folded);
        let issue = described(&source, stamp);
        Prepared { issue, text: source.text, rows }
    }

    /// The issue's id.
    pub fn id(&self) -> &str {
        &self.issue.id
    }

    /// Unicode scalar values of its text.
    pub fn characters(&self) -> u64 {
        self.issue.characters
    }
}

fn described(source: &Source, stamp: Stamp) -> Issue {
    let mut content = Sha256::new();
    content.update(super::bytes::check(source.text.as_bytes()).to_le_bytes());
    let (mut at, mut characters) = (0, 0u64);
    let mut count_to = |byte: usize| {
        characters += source.text.get(at..byte).map_or(0, |between| between.chars().count()) as u64;
        at = byte;
        characters
    };
    let mut files = Vec::with_capacity(source.files.len());
    for file in &source.files {
        content.update((file.name.len() as u64).to_le_bytes());
        content.update(&file.name);
        content.update(&file.sha256);
        let start = count_to(file.span.start);
        files.push(IssueFile { name: file.name.clone(), start, end: count_to(file.span.end) });
    }
    let characters = count_to(source.text.len());
    Issue { id: source.id.clone(), files, bytes: source.text.len() as u64, characters, stamp, content: cut(content) }
}

/// The first 128 bits of a SHA-256.
fn cut(hash: Sha256) -> [u8; 16] {
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    out
}
