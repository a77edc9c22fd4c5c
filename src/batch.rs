//! The driver: takes the issues of a batch through read, clean, write, several at a time, each dropped as soon as it is
//! written, so that the memory needed is that of the issues at hand and not of the batch.
//!
//! One bad issue never stops the others: what fails is reported and the rest goes on. Outcomes are told in the order of
//! the issues, whichever is done first.

use crate::cli::say;
use crate::config::Config;
use kanwu::archive::Frequency;
use kanwu::error::{Error, Result};
use kanwu::finding::{Applicability, Status};
use kanwu::pipeline::{self, Policy, Run};
use kanwu::reader::{self, Issue};
use kanwu::reuse::Elsewhere;
use kanwu::review::{Decisions, calls};
use kanwu::rule::Lang;
use kanwu::source::Source;
use rayon::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;

/// What was counted in one issue, or in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Unicode scalar values of the source.
    pub characters: usize,
    /// Edits in force: applied or accepted.
    pub applied: usize,
    /// Things that wait for a person, as the report counts them.
    pub to_decide: usize,
    /// Findings that wait for a person, at or above the level that the caller asked for.
    pub failing: usize,
    /// Findings that wait for a person, each place of a series counted.
    pub waiting: usize,
    /// Decisions whose place was not found again.
    pub lost: usize,
}

impl Tally {
    fn of(run: &Run, fail_on: Option<Applicability>) -> Self {
        let mut tally = Tally {
            characters: run.source().text.chars().count(),
            to_decide: calls(run).len(),
            lost: run.lost_decisions.len(),
            ..Tally::default()
        };
        for finding in &run.findings {
            match finding.status {
                Status::Applied | Status::Accepted => tally.applied += 1,
                Status::Open | Status::Stale => {
                    tally.waiting += 1;
                    tally.failing += usize::from(fail_on.is_some_and(|level| finding.applicability >= level));
                }
                Status::Rejected | Status::Superseded => {}
            }
        }
        tally
    }

    fn add(&mut self, other: &Tally) {
        self.characters += other.characters;
        self.applied += other.applied;
        self.to_decide += other.to_decide;
        self.failing += other.failing;
        self.waiting += other.waiting;
        self.lost += other.lost;
    }
}

/// An issue that was cleaned.
#[derive(Debug)]
pub struct Done {
    /// What was counted.
    pub tally: Tally,
    /// What did not stop the work but should be seen to.
    pub warnings: Vec<Error>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Issues that were cleaned.
    pub done: usize,
    /// Issues that were not.
    pub failed: usize,
    /// What was counted in those that were.
    pub tally: Tally,
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
            let source = reader::read_bytes("stdin", file, bytes, &config.read)?;
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
    kanwu::emit::write_issue(&run, &config.rules, lang, &target)?;
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
    let source = reader::read(issue, &config.read)?;
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

/// The verdicts that lie beside an issue; none where there is no log.
///
/// # Errors
/// A log that cannot be read.
pub fn decisions(issue: &Issue) -> Result<(Decisions, Vec<Error>)> {
    let path = reader::decisions_path(issue);
    match std::fs::read_to_string(&path) {
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
