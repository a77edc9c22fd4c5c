//! 核红: proves from the files alone that every change is accounted for, without trusting the run that made them.
//!
//! Nothing here asks the reader, the pipeline or the emitters: the bytes are decoded and encoded again segment by
//! segment, and the edits are carried out from `findings.jsonl` as it lies on the disk.

mod bytes;
mod decisions;
mod replay;
mod words;

use crate::emit::contract::{CleanIssue, FindingLine};
use crate::error::{Error, ErrorKind, Result, reason_zh};
use crate::review::{Decisions, log_text};
use crate::rule::Text;
pub use decisions::{Facts, Person};
use std::fs;
use std::path::Path;

/// What the proof found.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    /// Each thing that was checked, in plain words (Chinese, English), and whether it holds.
    pub checks: Vec<Check>,
    /// What was counted on the way.
    pub facts: Facts,
}

/// One thing that was checked.
#[derive(Clone, Debug)]
pub struct Check {
    /// What.
    pub what: Text,
    /// Whether it holds.
    pub holds: bool,
    /// Where it does not, a line each.
    pub details: Vec<String>,
}

impl Proof {
    /// Whether everything holds.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|c| c.holds)
    }

    /// Adds a check that holds when there is nothing to say against it.
    fn check(&mut self, zh: &str, en: &str, details: Vec<String>) {
        let what = Text { zh: zh.to_owned(), en: en.to_owned() };
        self.checks.push(Check { what, holds: details.is_empty(), details });
    }
}

/// Checks the output folder of one issue against its input: the file, or the folder of its pages. Without an input, only
/// what the output says of itself is checked, and the proof says so.
///
/// # Errors
/// A file of the output or the input that cannot be read or parsed.
pub fn verify(dir: &Path, input: Option<&Path>) -> Result<Proof> {
    let clean = read_text(&dir.join("clean.md"))?;
    let json = read_text(&dir.join("clean.json"))?;
    let issue: CleanIssue = parse(&dir.join("clean.json"), 1, &json)?;
    let lines = read_text(&dir.join("findings.jsonl"))?;
    let findings = read_findings(&dir.join("findings.jsonl"), &lines)?;
    let mut proof = Proof::default();

    let edits = replay::edits(&findings, &mut proof);
    let undone = replay::undo(&clean, &edits);
    let files = match input {
        Some(path) => bytes::read(path, &issue.sources)?,
        None => Vec::new(),
    };
    let source = match dir.join("source.md") {
        path if path.exists() => read_text(&path)?,
        // One UTF-8 file without a mark is its own text; without it, what the edits give back must have its hash.
        _ => match files.first().map(|bytes| String::from_utf8(bytes.clone())) {
            Some(Ok(text)) => text,
            Some(Err(e)) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
            None => undone.clone().unwrap_or_default(),
        },
    };
    if let Some(path) = input {
        bytes::check_readings(path, &issue.sources, &mut proof);
    }
    match input {
        Some(_) => bytes::check(&issue.sources, &files, &source, &mut proof),
        None => bytes::check_unread(&issue.sources, &source, &mut proof),
    }
    replay::check(&findings, &edits, &source, &clean, undone.as_deref(), &mut proof);
    words::check(&issue, &edits, &source, &clean, &mut proof);
    let log = match input {
        Some(path) => read_log(&path.with_file_name(format!("{}.decisions.jsonl", issue.issue)))?,
        None => None,
    };
    if let Some(log) = &log {
        decisions::check(&findings, log, &source, &mut proof);
    }
    proof.facts = Facts::of(&issue, &findings, log.as_ref());
    Ok(proof)
}

fn read_text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|e| {
        Error::new(ErrorKind::Input, format!("{}: {e}", path.display()))
            .hint("name the output folder of one issue, as `kanwu clean` wrote it")
            .chinese(format!("{}：{}", path.display(), reason_zh(&e)), "要指明一期的输出文件夹，如 output/2019-10-23")
    })?;
    // A damaged byte shows up as a difference, with its place, like any other.
    Ok(String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()))
}

/// The log of decisions beside the input; `None` where there is none.
fn read_log(path: &Path) -> Result<Option<Decisions>> {
    match fs::read(path).and_then(log_text) {
        Ok(text) => Ok(Some(Decisions::parse(&text, &path.to_string_lossy())?.0)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(Error::new(ErrorKind::Input, format!("{}: {e}", path.display()))
            .hint("the proof reads the decisions too: see to the file's rights")
            .chinese(format!("{}：{}", path.display(), reason_zh(&e)), "核红也要读审读记录，请核对文件的权限")),
    }
}

fn read_findings<'t>(path: &Path, text: &'t str) -> Result<Vec<FindingLine<'t>>> {
    text.lines().enumerate().map(|(n, line)| parse(path, n + 1, line)).collect()
}

fn parse<'t, T: serde::Deserialize<'t>>(path: &Path, line: usize, text: &'t str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| {
        let place = format!("{}:{}:{}", path.display(), line + e.line().saturating_sub(1), e.column());
        Error::new(ErrorKind::Input, format!("{place}: {e}"))
            .hint("the file was changed after it was written, or by another version: run `kanwu clean` again")
            .chinese(format!("{place}：{e}"), "这个文件写出后被改过，或出自另一版本的程序；请重新运行 kanwu clean")
    })
}
