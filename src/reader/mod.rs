//! Readers: bytes in, [`crate::source::Source`] out; one input format a file.

use crate::error::Result;
use crate::source::Source;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// How the input is to be read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding to take for granted; detected where `None`.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// The label of the witness that is the base of its page (see the contract).
    pub base: Option<String>,
}

/// One issue of the input, found but not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The folder's name, or the file's name without its format extension.
    pub id: String,
    /// The file or folder.
    pub path: PathBuf,
}

/// What a look into the input found.
#[derive(Clone, Debug, Default)]
pub struct Tray {
    /// The issues, in natural order of their ids.
    pub issues: Vec<Issue>,
    /// Files of an unknown extension, named once and not read.
    pub unknown: Vec<PathBuf>,
}

/// Finds the issues that the paths name; with `each_is_issue` a folder is one issue and not a tray of issues.
///
/// # Errors
/// A path that is not there or cannot be listed; two issues with one id (both are named).
pub fn discover(_paths: &[PathBuf], _each_is_issue: bool) -> Result<Tray> {
    Ok(Tray::default())
}

/// Reads one issue from the disk.
///
/// # Errors
/// What could not be read, and why; a binary file.
pub fn read(_issue: &Issue, _options: &ReadOptions) -> Result<Source> {
    Ok(Source::default())
}

/// Where the decisions of an issue lie: `<issue>.decisions.jsonl` beside the input.
pub fn decisions_path(issue: &Issue) -> PathBuf {
    issue.path.with_file_name(format!("{}.decisions.jsonl", issue.id))
}

/// Reads the text of one page at hand, for standard input and for tests.
///
/// # Errors
/// Bytes that are no text at all.
pub fn read_bytes(_id: &str, _file: &str, _bytes: &[u8], _options: &ReadOptions) -> Result<Source> {
    Ok(Source::default())
}

/// SHA-256 of bytes in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// Whether a path is an input at all: dot files, `README*`, `kanwu.toml` and decision logs are not.
pub fn is_input(path: &Path) -> bool {
    path.file_name().is_some()
}
