//! The driver: takes the issues of a batch through read, clean, write, several at a time, each dropped as soon as it is
//! written, so that the memory needed is that of the issues at hand and not of the batch.
//!
//! One bad issue never stops the others: what fails is reported and the rest goes on. Outcomes are told in the order of
//! the issues, whichever is done first.

use crate::cli::say;
use crate::config::Config;
use crate::tally::{Tally, Totals};
use kanwu::archive::{self, Frequency};
use kanwu::error::{Error, Result};
use kanwu::pipeline::{self, Policy, Run};
use kanwu::reader::{self, Issue};
use kanwu::reuse::Elsewhere;
use kanwu::review::{Decisions, log_text};
use kanwu::rule::Lang;
use kanwu::source::Source;
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;

/// An issue that was cleaned.
#[derive(Debug)]
pub struct Done {
    /// What was counted.
    pub tally: Tally,
    /// What did not stop the work but should be seen to.
    pub warnings: Vec<Error>,
}

/// Cleans all issues and tells of each in order.
///
/// # Errors
/// Only when no threads can be had; what goes wrong in an issue is told and counted.
pub fn run(
    issues: &[Issue],
    config: &Config,
    lang: Lang,
    mut tell: impl FnMut(&Issue, std::result::Result<&Done, &Error>),
) -> Result<Totals> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(config.jobs.min(issues.len()).max(1))
        .build()
        .map_err(|e| Error::new(kanwu::error::ErrorKind::Internal, e.to_string()))?;
    let mut totals = Totals::default();
    quiet_panics(|| {
        std::thread::scope(|scope| {
            let (tx, outcomes) = mpsc::channel();
            scope.spawn(|| {
                let tx = tx;
                pool.install(|| {
                    // The bridge hands the issues out one by one in order, so that the telling never lags far behind.
                    issues.iter().enumerate().par_bridge().for_each_with(tx, |tx, (i, issue)| {
                        let _ = tx.send((i, guarded(issue, config, lang)));
                    });
                });
            });
            let mut waiting = BTreeMap::new();
            let mut next = issues.iter().enumerate().peekable();
            for (i, outcome) in outcomes {
                waiting.insert(i, outcome);
                while let Some((i, issue)) = next.peek()
                    && let Some(outcome) = waiting.remove(i)
                {
                    match &outcome {
                        Ok(done) => {
                            totals.done += 1;
                            totals.tally.add(&done.tally);
                        }
                        Err(_) => totals.failed += 1,
                    }
                    tell(issue, outcome.as_ref());
                    next.next();
                }
            }
        });
    });
    Ok(totals)
}

/// Cleans one text at hand and gives its `clean.json`.
///
/// # Errors
/// Bytes that are no text; a fault of the program.
pub fn run_bytes(file: &str, bytes: &[u8], config: &Config, lang: Lang) -> Result<(String, Tally)> {
    quiet_panics(|| {
        guard_issue(Path::new(file), || {
            let mut source = reader::read_bytes("stdin", file, bytes, &config.read)?;
            add_reprints(&mut source, config)?;
            let run = clean(&source, config, &Decisions::default())?;
            Ok((kanwu::emit::clean_json(&run, &config.rules, lang), Tally::of(&run, config.fail_on)))
        })
    })
}

fn guarded(issue: &Issue, config: &Config, lang: Lang) -> Result<Done> {
    guard_issue(&issue.path, || one(issue, config, lang))
}

fn one(issue: &Issue, config: &Config, lang: Lang) -> Result<Done> {
    let target = config.output.value.join(&issue.id);
    if within(&target, &issue.path) {
        return Err(say::output_in_issue(&issue.path, &target));
    }
    let Opened { source, decisions, warnings } = open(issue, config)?;
    let run = clean(&source, config, &decisions)?;
    let copies = if config.write_back { copies(issue, &run, config)? } else { Vec::new() };
    let beside = kanwu::emit::Beside { copies: &copies, extras: &config.emit };
    kanwu::emit::write_issue_with(&run, &config.rules, lang, &target, beside)?;
    let warnings = source.unread.iter().cloned().chain(warnings).collect();
    Ok(Done { tally: Tally::of(&run, config.fail_on), warnings })
}

/// An issue as it lies on the disk.
#[derive(Debug)]
pub struct Opened {
    /// Its text.
    pub source: Source,
    /// The verdicts that lie beside it.
    pub decisions: Decisions,
    /// What should be seen to in them.
    pub warnings: Vec<Error>,
}

/// Reads an issue and the verdicts that lie beside it.
///
/// # Errors
/// An issue or a log that cannot be read.
pub fn open(issue: &Issue, config: &Config) -> Result<Opened> {
    let mut source = reader::read(issue, &config.read)?;
    add_reprints(&mut source, config)?;
    let (decisions, warnings) = decisions(issue)?;
    Ok(Opened { source, decisions, warnings })
}

/// Cleans an issue as the configuration says.
///
/// # Errors
/// An archive that broke while it was asked.
pub fn clean<'s>(source: &'s Source, config: &Config, decisions: &Decisions) -> Result<Run<'s>> {
    let others = config.archive.as_ref().map(Frequency::new);
    let policy = Policy { elsewhere: others.as_ref().map(|others| others as &dyn Elsewhere), ..config.policy };
    let run = pipeline::clean(source, &config.rules, decisions, policy);
    others.and_then(Frequency::fault).map_or(Ok(run), Err)
}

/// Puts what other issues of the archive have of an issue's text beside the readings of its pages.
fn add_reprints(source: &mut Source, config: &Config) -> Result<()> {
    let Some(archive) = &config.archive else { return Ok(()) };
    let found = archive::reprints(archive, source)?;
    source.witnesses.extend(found);
    // A page's own readings stay before those from elsewhere.
    source.witnesses.sort_by_key(|witness| witness.of);
    Ok(())
}

/// The files of engines with the corrections in them, by their paths inside the issue.
fn copies(issue: &Issue, run: &Run, config: &Config) -> Result<Vec<(String, Vec<u8>)>> {
    let mut out = Vec::new();
    let files = reader::files(issue, &config.read)?;
    for (n, (file, input)) in run.source().files.iter().zip(files).enumerate() {
        if !reader::is_amendable(file.format) {
            continue;
        }
        let bytes = std::fs::read(&input.path).ok().filter(|bytes| reader::sha256_hex(bytes) == file.sha256);
        let Some(bytes) = bytes else { return Err(say::changed_meanwhile(&input.path)) };
        let decoded = reader::decode(bytes.clone(), config.read.encoding).ok();
        let copy = decoded.and_then(|decoded| kanwu::emit::write_back::copy(run, n, &decoded));
        out.push((file.name.clone(), copy.unwrap_or(bytes)));
    }
    Ok(out)
}

/// The verdicts that lie beside an issue; none where there is no log.
///
/// # Errors
/// A log that cannot be read.
pub fn decisions(issue: &Issue) -> Result<(Decisions, Vec<Error>)> {
    let path = reader::decisions_path(issue);
    match std::fs::read(&path).and_then(log_text) {
        Ok(text) => Decisions::parse(&text, &path.to_string_lossy()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Default::default()),
        Err(e) => Err(say::cannot_read_decisions(&path, &e)),
    }
}

/// Whether a path is, or would be, a folder or inside it; links are followed as far as the path exists.
pub fn within(path: &Path, folder: &Path) -> bool {
    real(path).starts_with(real(folder))
}

/// The path with links followed as far as it exists.
pub fn real(path: &Path) -> std::path::PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for known in full.ancestors() {
        if let (Ok(base), Ok(rest)) = (known.canonicalize(), full.strip_prefix(known)) {
            return if rest.as_os_str().is_empty() { base } else { base.join(rest) };
        }
    }
    full
}

thread_local! {
    /// Where and why this thread last panicked.
    static LAST_PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Runs something with panics noted instead of printed; the issue that met one is reported like any other failure.
pub fn quiet_panics<T>(work: impl FnOnce() -> T) -> T {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|info| {
        LAST_PANIC.with(|last| *last.borrow_mut() = info.to_string().replace('\n', " "))
    }));
    let out = work();
    std::panic::set_hook(before);
    out
}

/// The last line of defence: a panic costs one issue, not the batch. Nothing half-done outlives it: files are swapped in
/// whole, and the work on an issue shares nothing that could be left torn.
pub fn guard<T>(work: impl FnOnce() -> Result<T>, fault: impl FnOnce(&str) -> Error) -> Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(LAST_PANIC.with(|last| fault(&last.borrow()))))
}

fn guard_issue<T>(place: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    guard(work, |what| say::fault(place, what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_the_error_of_one_issue() {
        let outcome: Result<()> = quiet_panics(|| guard_issue(Path::new("a.md"), || panic!("torn")));
        let error = outcome.unwrap_err();
        assert_eq!(error.kind, kanwu::error::ErrorKind::Internal);
        assert!(error.message.contains("a.md") && error.message.contains("torn"), "{}", error.message);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_found_inside_its_parent() {
        let dir = tempfile::tempdir().unwrap();
        assert!(within(&dir.path().join("x/y"), dir.path()));
        assert!(!within(dir.path(), &dir.path().join("x")));
    }
}
