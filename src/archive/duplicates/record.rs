//! What is told of a copied passage: one line of JSON.

use crate::archive::{Archive, Issue};
use crate::error::Result;
use crate::reuse::Copy;
use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

/// A passage that was printed before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Passage<'a> {
    /// Where it stands.
    pub copy: Place<'a>,
    /// The earliest printing of each of its pieces, in the order of the copy.
    pub sources: Vec<Printing<'a>>,
    /// What part of a block it is.
    pub kind: Kind,
    /// Share of the passage that the sources explain, 0 to 1.
    pub coverage: f64,
    /// Share of its block.
    pub block_coverage: f64,
}

/// A stretch of an issue, in scalar values of its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place<'a> {
    /// The issue's id.
    pub issue: &'a str,
    /// The file in which it begins.
    pub file: &'a str,
    /// Where it begins.
    pub start: usize,
    /// One past its end.
    pub end: usize,
}

/// An earlier printing of a piece of the passage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Printing<'a> {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place<'a>,
    /// Where the piece begins in the issue of the copy.
    pub copy_start: usize,
    /// Where it ends.
    pub copy_end: usize,
    /// Equal characters by the length of the longer stretch, 0 to 1.
    pub similarity: f64,
    /// Where the two printings differ, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readings: Option<Vec<Reading>>,
}

/// A place where two printings differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Where it begins in the earlier printing.
    pub start: usize,
    /// What stands there; empty where the copy has more.
    pub text: String,
    /// Where it begins in the copy.
    pub copy_start: usize,
    /// What stands there; empty where the copy has less.
    pub copy_text: String,
}

/// What part of a block a passage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A block, the same.
    Whole,
    /// A block, with differences.
    Noisy,
    /// A part of a block.
    Partial,
    /// A block put together from several.
    Splice,
}

impl Kind {
    /// Of a copy.
    pub fn of(copy: &Copy) -> Kind {
        match copy.pieces.as_slice() {
            _ if !copy.whole => Kind::Partial,
            [only] if only.hit.differences.is_empty() => Kind::Whole,
            [_] => Kind::Noisy,
            _ => Kind::Splice,
        }
    }
}

impl<'a> Place<'a> {
    /// A stretch of an issue.
    pub fn of(issue: &'a Issue, range: &Range<usize>) -> Self {
        let inside = |start: u64| start <= range.start as u64;
        let file = issue.files.iter().rev().find(|f| inside(f.start)).or(issue.files.first());
        Place { issue: &issue.id, file: file.map_or("", |f| &f.name), start: range.start, end: range.end }
    }
}

/// Three places behind the point are enough to sort by, and read the same everywhere.
pub fn rounded(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}

/// Adds to each passage of an issue where its printings differ, marks included; white space alone is no difference.
///
/// # Errors
/// An issue cannot be read.
pub fn add_readings<'a>(archive: &Archive, passages: &mut [Passage<'a>]) -> Result<()> {
    let mut texts: HashMap<&str, Vec<char>> = HashMap::new();
    let mut stretch = |place: &Range<usize>, issue: &'a str| -> Result<Vec<char>> {
        let text = match texts.entry(issue) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let text = archive.number(issue).map_or(Ok(String::new()), |number| archive.text(number))?;
                new.insert(text.chars().collect())
            }
        };
        Ok(text.get(place.clone()).unwrap_or(&[]).to_vec())
    };
    for passage in passages {
        for source in &mut passage.sources {
            let old = stretch(&(source.place.start..source.place.end), source.place.issue)?;
            let new = stretch(&(source.copy_start..source.copy_end), passage.copy.issue)?;
            source.readings = Some(readings(&old, source.place.start, &new, source.copy_start));
        }
    }
    Ok(())
}

fn readings(old: &[char], at_old: usize, new: &[char], at_new: usize) -> Vec<Reading> {
    let text = |chars: &[char], range: Range<usize>| chars.get(range).unwrap_or(&[]).iter().collect::<String>();
    capture_diff_slices(Algorithm::Myers, old, new)
        .into_iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }))
        .map(|op| Reading {
            start: at_old + op.old_range().start,
            text: text(old, op.old_range()),
            copy_start: at_new + op.new_range().start,
            copy_text: text(new, op.new_range()),
        })
        .filter(|r| r.text.trim() != r.copy_text.trim())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_name_both_places() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let found = readings(&chars("粮站早早开了门，"), 10, &chars("粮店早早开门，\n"), 50);
        let shown: Vec<_> = found.iter().map(|r| (r.start, &*r.text, r.copy_start, &*r.copy_text)).collect();
        assert_eq!(shown, [(11, "站", 51, "店"), (15, "了", 55, "")]);
    }
}
