//! The archive: an index on disk over many issues, from which passages that were printed more than once are found.
//!
//! A newspaper is added once; an issue that has not changed is not read again. The index is a folder of
//!
//! - **segments**, `00000001.segment` and so on, which are written once and never changed: the texts of some issues, their
//!   [winnowed](crate::reuse::winnowed) seeds sorted by hash, and a catalogue;
//! - one **manifest**, which names the segments that count and in them the issues that do not any more, because they were
//!   forgotten or added anew. It is replaced as a whole, by renaming;
//! - a **lock**, which the one writer holds. Readers need none: what a manifest names never changes, and one that finds a
//!   segment gone because it was merged with others reads the manifest again.
//!
//! An issue is in the archive from the moment in which the manifest that names its segment has taken its place. A program
//! that is killed before leaves files that no manifest names; the next writer removes them. When [`FAN`] segments of one
//! size stand together they are merged into one, in memory that does not grow with them; issues that do not count are left
//! behind. What can be asked of an archive ([`Archive`]) does not depend on the order in which issues were added, on how
//! often a writer was killed, or on how they lie in segments.
//!
//! Every part of every file carries a checksum, and nothing read from a file is believed without a check: damage is an
//! error that names the file, never a wrong answer and never a panic. docs/ARCHIVE.md has the format byte by byte.

mod block;
mod bytes;
mod disk;
pub mod duplicates;
mod fault;
mod frequency;
mod making;
mod manifest;
mod merged;
mod prepared;
mod reprints;
mod rows;
mod segment;
mod snapshot;
mod writer;

pub use frequency::Frequency;
pub use merged::Seeds;
pub use prepared::{Prepared, Stamp};
pub use reprints::reprints;
pub use snapshot::Archive;
pub use writer::{Added, Writer};

/// Version of the format of an archive's files. Another version is refused.
pub const FORMAT: u32 = 1;

/// Bits of a seed's hash that are kept. Two seeds in a billion agree by chance in an archive of a billion characters, and
/// whoever extends them sees that.
pub const HASH_BITS: u32 = 40;

/// So many segments of one size are merged.
pub const FAN: usize = 24;

/// The part of a seed's hash that an archive keeps.
pub fn key(hash: u64) -> u64 {
    hash >> (u64::BITS - HASH_BITS)
}

/// A seed that stands in an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seed {
    /// The [`key`] of its hash.
    pub hash: u64,
    /// The issue: an index into [`Archive::issues`].
    pub issue: u32,
    /// Where it begins, in folded characters of the issue's text ([`crate::reuse::Folded`]).
    pub at: u32,
}

/// An issue in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Its id.
    pub id: String,
    /// The files it was read from, in the order of their text.
    pub files: Vec<IssueFile>,
    /// Bytes of its text in UTF-8.
    pub bytes: u64,
    /// Unicode scalar values of its text.
    pub characters: u64,
    /// What its files were like when they were read.
    stamp: Stamp,
    /// A hash of its text and of its files.
    content: [u8; 16],
}

/// One file of an issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueFile {
    /// Its name: for a page of a folder, the path inside the folder.
    pub name: String,
    /// Where its text begins in the text of the issue, in scalar values.
    pub start: u64,
    /// Where its text ends.
    pub end: u64,
}
