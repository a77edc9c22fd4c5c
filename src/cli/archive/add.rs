//! `kanwu archive add`: issues become part of an archive.

use super::Where;
use crate::batch;
use crate::cli::{DONE, FAILED, Shell, clean, say};
use crate::config::{self, AskedReading, Reading};
use kanwu::archive::{Added, Archive, Prepared, Stamp, Writer};
use kanwu::error::{Error, ErrorKind, Result};
use kanwu::reader::{self, Issue, ReadOptions};
use kanwu::rule::Lang;
use rayon::prelude::*;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct AddArgs {
    /// Issues (files) or trays of issues (folders)
    #[arg(default_value = "input", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Take each PATH for one issue, also when it is a folder
    #[arg(long)]
    issue: bool,
    #[command(flatten)]
    place: Where,
    /// Memory to be used, such as 512MiB or 2GiB
    #[arg(long, default_value = "1GiB", value_name = "SIZE", value_parser = super::memory)]
    memory: usize,
    /// Make the archive anew: what is in it is dropped first, damaged or not
    #[arg(long)]
    rebuild: bool,
    #[command(flatten)]
    reading: AskedReading,
    /// Read this file instead of the kanwu.toml found upward from the input
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// What became of the issues.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// New in the archive.
    pub new: usize,
    /// In the place of an earlier version.
    pub replaced: usize,
    /// Not read again, or read and found to say what they said.
    pub unchanged: usize,
    /// Could not be read.
    pub failed: usize,
    /// Unicode scalar values of those that are new or changed.
    pub characters: u64,
}

/// What became of one issue.
pub enum Outcome {
    /// It was added, and has so many characters.
    Added(Added, u64),
    /// It was not read again.
    Unchanged,
}

/// Adds what the paths name.
pub fn run(args: AddArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let start = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let file = config::file_for(args.config.as_deref(), start)?;
    let reading = Reading::resolve(args.reading.clone(), typed, &file)?;
    let lang = reading.lang.as_ref().map_or(shell.lang, |l| l.value);
    let dir = &args.place.archive;
    let (mut tray, faults) = reader::survey(&args.paths, args.issue);
    tray.issues.retain(|issue| batch::real(&issue.path) != batch::real(dir));
    if !args.quiet && !tray.unknown.is_empty() {
        eprintln!("{}", say::unknown_files(&tray.unknown, lang));
    }
    for fault in &faults {
        say::error(fault, lang);
    }
    if tray.issues.is_empty() && faults.is_empty() {
        return Err(say::nothing_to_add(&args.paths));
    }
    let mut writer = match args.rebuild {
        true => Writer::rebuild(dir, args.memory)?,
        false => Writer::open(dir, args.memory)?,
    };
    let mut totals = told(&tray.issues, &mut writer, &args, &reading, lang, shell.terminal)?;
    writer.finish()?;
    totals.failed += faults.len();
    if !args.quiet {
        println!("{}", say::added_to_archive(&totals, Archive::open(dir)?.issues().len(), lang));
    }
    Ok(if totals.failed > 0 { FAILED } else { DONE })
}

/// Adds the issues and tells of each: a line, or a bar where a person watches a long batch.
fn told(
    issues: &[Issue],
    writer: &mut Writer,
    args: &AddArgs,
    reading: &Reading,
    lang: Lang,
    terminal: bool,
) -> Result<Totals> {
    let bar = (terminal && !args.quiet && issues.len() >= clean::LONG_BATCH).then(|| clean::bar(issues.len()));
    let mut totals = Totals::default();
    let told = gather(issues, writer, args.memory, reading, |issue, outcome| {
        let line = match &outcome {
            Ok(Outcome::Unchanged) => {
                totals.unchanged += 1;
                None
            }
            Ok(Outcome::Added(added, characters)) => {
                match added {
                    Added::New => totals.new += 1,
                    Added::Replaced => totals.replaced += 1,
                    Added::Same => totals.unchanged += 1,
                }
                let told = *added != Added::Same;
                totals.characters += if told { *characters } else { 0 };
                told.then(|| say::issue_added(&issue.id, *added, *characters, lang))
            }
            Err(error) => {
                totals.failed += 1;
                let block = say::error_block(error, lang);
                match &bar {
                    Some(bar) => bar.suspend(|| eprintln!("{block}")),
                    None => eprintln!("{block}"),
                }
                Some(say::issue_not_added(&issue.id, lang))
            }
        };
        match (&bar, line) {
            (Some(bar), _) => {
                bar.set_message(issue.id.clone());
                bar.inc(1);
            }
            (None, Some(line)) if !args.quiet => println!("{line}"),
            (None, _) => {}
        }
    });
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    told.map(|()| totals)
}

/// Bytes of input that are at hand at a time: enough that all threads have something to do.
const AT_HAND: u64 = 4 << 20;

/// An issue on its way.
enum Step {
    Unchanged,
    Read(Stamp),
    Failed(Error),
}

/// Takes the issues through read, fold, winnow and write: many are made ready at a time, one after the other is written,
/// so that the archive does not depend on the number of threads. What goes wrong in an issue is told, and the rest goes on.
fn gather(
    issues: &[Issue],
    writer: &mut Writer,
    memory: usize,
    reading: &Reading,
    mut tell: impl FnMut(&Issue, Result<Outcome>) + Send,
) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(reading.jobs)
        .build()
        .map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
    let most = AT_HAND.min(memory as u64 / 32);
    batch::quiet_panics(|| {
        pool.install(|| {
            let (mut steps, mut bytes) = (Vec::new(), 0);
            for issue in issues {
                let step = match Stamp::of(issue, &reading.read) {
                    Ok((stamp, _)) if writer.has(&issue.id, stamp) => Step::Unchanged,
                    Ok((stamp, size)) => {
                        bytes += size;
                        Step::Read(stamp)
                    }
                    Err(error) => Step::Failed(error),
                };
                steps.push((issue, step));
                if bytes >= most {
                    write(std::mem::take(&mut steps), writer, &reading.read, &mut tell)?;
                    bytes = 0;
                }
            }
            write(steps, writer, &reading.read, &mut tell)
        })
    })
}

fn write(
    steps: Vec<(&Issue, Step)>,
    writer: &mut Writer,
    options: &ReadOptions,
    tell: &mut impl FnMut(&Issue, Result<Outcome>),
) -> Result<()> {
    let ready = |(issue, step)| -> (&Issue, Result<Option<Prepared>>) {
        let outcome = match step {
            Step::Unchanged => Ok(None),
            Step::Failed(error) => Err(error),
            Step::Read(stamp) => prepared(issue, stamp, options).map(Some),
        };
        (issue, outcome)
    };
    let ready: Vec<_> = steps.into_par_iter().map(ready).collect();
    for (issue, outcome) in ready {
        let outcome = match outcome {
            Ok(Some(prepared)) => {
                let characters = prepared.characters();
                Ok(Outcome::Added(writer.add(prepared)?, characters))
            }
            Ok(None) => Ok(Outcome::Unchanged),
            Err(error) => Err(error),
        };
        tell(issue, outcome);
    }
    Ok(())
}

fn prepared(issue: &Issue, stamp: Stamp, options: &ReadOptions) -> Result<Prepared> {
    let make = || Ok(Prepared::new(reader::read(issue, options)?, stamp));
    batch::guard(make, |what| say::fault_in_adding(&issue.path, what))
}
