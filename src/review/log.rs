//! Writing verdicts down: one line a verdict, appended whole and on the disk before anybody is told that it is kept.
//!
//! Several programs may write one log at a time: a line is written while the file is locked. An earlier program that was
//! killed in the midst of a line leaves a torn one; the next line begins on a line of its own, and the torn one is left out
//! when the log is read ([`log_text`], [`super::Decisions::parse`]).

use super::{Anchor, Decision, Scope, Verdict, proposal_hash};
use crate::error::{Error, ErrorKind, Result, reason_zh};
use crate::outline::Outline;
use crate::pipeline::Run;
use crate::rule::RuleSet;
use crate::source::Source;
use crate::text::{SourceSpan, first_chars, last_chars};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Characters of the source kept on either side of a place, to find it again.
const CONTEXT: usize = 24;

/// The log of one issue, to write to.
#[derive(Debug)]
pub struct Log {
    path: PathBuf,
    /// Nothing as long as there is none.
    file: Option<File>,
}

/// Who says something, and when.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Who.
    pub by: String,
    /// When (RFC 3339).
    pub at: String,
    /// A remark.
    pub note: String,
}

impl Log {
    /// Opens the log at a path. One that is not there is made when the first verdict is written: who only reads leaves no
    /// trace.
    ///
    /// # Errors
    /// A log that cannot be written.
    pub fn open(path: &Path) -> Result<Log> {
        let file = match OpenOptions::new().read(true).append(true).open(path) {
            Ok(file) => Some(file),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(not_written(path, &e)),
        };
        Ok(Log { path: path.to_owned(), file })
    }

    /// Appends verdicts, all of them or none, and returns when they are on the disk.
    ///
    /// # Errors
    /// A full disk, a folder that may not be written; then nothing was added that would be read as a verdict.
    pub fn append(&mut self, decisions: &[Decision]) -> Result<()> {
        self.write(decisions).map_err(|e| not_written(&self.path, &e))
    }

    /// [`Log::append`] for somebody who has read the log so far: writes only where it still has this length, in bytes,
    /// and tells whether it had.
    ///
    /// # Errors
    /// Those of [`Log::append`].
    pub fn append_after(&mut self, length: u64, decisions: &[Decision]) -> Result<bool> {
        self.write_after(Some(length), decisions).map_err(|e| not_written(&self.path, &e))
    }

    fn write(&mut self, decisions: &[Decision]) -> io::Result<()> {
        self.write_after(None, decisions).map(|_| ())
    }

    fn write_after(&mut self, length: Option<u64>, decisions: &[Decision]) -> io::Result<bool> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(made(&self.path)?),
        };
        file.lock()?;
        let as_read = length.map_or(Ok(true), |length| Ok(file.metadata()?.len() == length));
        let done = match as_read {
            Ok(true) => write_locked(file, decisions).map(|()| true),
            other => other,
        };
        let _ = file.unlock();
        done
    }
}

/// The log, new or made by somebody else meanwhile. Its name is on the disk too.
fn made(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        // The name of a new file is on the disk when its folder is. Not every system can sync one.
        let _ = File::open(folder).and_then(|f| f.sync_all());
    }
    Ok(file)
}

/// Writes to the log that is locked.
fn write_locked(file: &mut File, decisions: &[Decision]) -> io::Result<()> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut lines = Vec::new();
    if length > 0 {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            lines.push(b'\n');
        }
    }
    for decision in decisions {
        serde_json::to_writer(&mut lines, decision)?;
        lines.push(b'\n');
    }
    let written = file.write_all(&lines).and_then(|()| file.sync_data());
    if written.is_err() {
        // What was written of a line before the disk was full says nothing: the log is as it was.
        let _ = file.set_len(length);
    }
    written
}

/// The bytes of a log as text, for [`super::Decisions::parse`]. A line that breaks off in the midst of a character, because
/// the program that wrote it was killed there or is still writing, ends before that character.
///
/// # Errors
/// Bytes within a line that are no UTF-8: somebody saved the log in another encoding.
pub fn log_text(bytes: Vec<u8>) -> io::Result<String> {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(e) => e.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let (line, end) = line.strip_suffix(b"\n").map_or((line, ""), |line| (line, "\n"));
        let whole = match std::str::from_utf8(line) {
            Err(e) if e.error_len().is_none() => line.get(..e.valid_up_to()).unwrap_or(&[]),
            _ => line,
        };
        text.push_str(std::str::from_utf8(whole).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?);
        text.push_str(end);
    }
    Ok(text)
}

fn not_written(path: &Path, e: &io::Error) -> Error {
    Error::new(ErrorKind::Input, format!("{}: the decision was not kept: {e}", path.display()))
        .hint("see to the disk and the rights of the folder, then give the verdict again")
        .chinese(
            format!("{}：这条决定没有存下来：{}", path.display(), reason_zh(e)),
            "查看磁盘空间和文件夹的权限，然后重新作出决定",
        )
}

/// What a person says of a finding of a run, as a line of the log. `finding` is its number in the run; nothing where there
/// is no such finding.
pub fn decision(
    run: &Run,
    rules: &RuleSet,
    finding: usize,
    (verdict, text, scope): (Verdict, &str, Scope),
    signature: &Signature,
) -> Option<Decision> {
    let found = run.findings.get(finding)?;
    Some(Decision {
        finding: found.id.clone(),
        verdict,
        text: text.to_owned(),
        proposal: proposal_hash(&found.fixes),
        scope,
        by: signature.by.clone(),
        at: signature.at.clone(),
        note: signature.note.clone(),
        anchor: anchor(run, rules, finding),
    })
}

fn anchor(run: &Run, rules: &RuleSet, number: usize) -> Anchor {
    let Some(finding) = run.findings.get(number) else { return Anchor::default() };
    let source = run.source();
    let (before, after) = beside(source, finding.span);
    let article = article_of(run, run.outline(), finding.span);
    let same = |f: &&crate::finding::Finding| {
        f.rule == finding.rule
            && f.span.of(&source.text) == finding.span.of(&source.text)
            && article_of(run, run.outline(), f.span) == article
    };
    let occurrence = run.findings.iter().take(number + 1).filter(same).count();
    let file = source.file_at(finding.span.start);
    let mut anchor = Anchor {
        alike: 0,
        rule: rules.get(finding.rule).code.clone(),
        quote: finding.span.of(&source.text).to_owned(),
        before,
        after,
        article: article.map(|n| format!("a{:02}", n + 1)),
        occurrence: u32::try_from(occurrence).unwrap_or(u32::MAX),
        witness: file.filter(|f| !f.witnesses.is_empty()).map(|f| f.name.clone()),
    };
    anchor.alike = anchor.count_in(&source.text);
    anchor
}

/// The text on either side of a place.
fn beside(source: &Source, span: SourceSpan) -> (String, String) {
    let before = source.text.get(..span.start).unwrap_or("");
    let after = source.text.get(span.end..).unwrap_or("");
    (last_chars(before, CONTEXT).to_owned(), first_chars(after, CONTEXT).to_owned())
}

/// The number of the article that a place of the source stands in.
fn article_of(run: &Run, outline: &Outline, span: SourceSpan) -> Option<usize> {
    let at = run.document.view().map().to_view(span.start);
    let block = outline.blocks.partition_point(|b| b.line.start <= at).checked_sub(1)?;
    outline.articles.iter().position(|a| a.blocks.contains(&block))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::Decisions;

    fn verdict(finding: &str) -> Decision {
        Decision {
            finding: finding.to_owned(),
            verdict: Verdict::Reject,
            text: String::new(),
            proposal: String::new(),
            scope: Scope::Once,
            by: "林".to_owned(),
            at: "2026-11-23T08:00:00Z".to_owned(),
            note: "两\n行".to_owned(),
            anchor: Anchor::default(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_a_torn_line_harms_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("一期.decisions.jsonl");
        let mut log = Log::open(&path).unwrap();
        assert!(!path.exists(), "nothing was said yet");
        log.append(&[verdict("a"), verdict("b")]).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        for cut in 1..whole.len() {
            let left = &whole.as_bytes()[..cut];
            std::fs::write(&path, left).unwrap();
            Log::open(&path).unwrap().append(&[verdict("c")]).unwrap();
            let text = log_text(std::fs::read(&path).unwrap()).unwrap();
            let (read, _) = Decisions::parse(&text, "log").unwrap();
            assert_eq!(read.log.last().map(|d| d.finding.as_str()), Some("c"), "{cut}");
            assert_eq!(read.log.len(), 1 + left.windows(2).filter(|two| two == b"}}").count(), "{cut}");
            // Read while it was being written, it tells of what is whole.
            let (read, _) = Decisions::parse(&log_text(left.to_vec()).unwrap(), "log").unwrap();
            assert_eq!(read.log.len(), left.windows(2).filter(|two| two == b"}}").count(), "{cut}");
        }
    }

    #[test]
    fn a_log_in_another_encoding_is_no_torn_one() {
        let error = log_text(b"{\"by\":\"\xc1\xd6\"}\n".to_vec()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
