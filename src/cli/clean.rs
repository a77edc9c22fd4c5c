//! `kanwu clean`: the main job.

use super::{DONE, FAILED, OPEN, Shell, print, say};
use crate::batch;
use crate::config::{self, Asked, Config};
use crate::tally::{Tally, Totals};
use indicatif::{ProgressBar, ProgressStyle};
use kanwu::error::Result;
use kanwu::reader::{self, Issue};
use kanwu::rule::Lang;
use std::io::Read;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct CleanArgs {
    /// Issues (files), trays of issues (folders), or - for standard input
    #[arg(default_value = "input", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Take each PATH for one issue, also when it is a folder
    #[arg(long)]
    issue: bool,
    /// Say nothing but errors
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    asked: Asked,
}

/// From this many issues on, a terminal gets a bar instead of a line an issue.
pub const LONG_BATCH: usize = 8;

/// Cleans what the paths name.
pub fn run(args: CleanArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let stdin = args.paths.iter().any(|p| p.as_os_str() == "-");
    if stdin && args.paths.len() > 1 {
        return Err(say::stdin_alone());
    }
    let start = if stdin { Path::new(".") } else { args.paths.first().map_or(Path::new("."), PathBuf::as_path) };
    let file = config::file_for(args.asked.cleaning.rules.config.as_deref(), start)?;
    let config = Config::resolve(args.asked, typed, file)?;
    // A desk that has settled on a language is spoken to in it; else the environment's, and the report is in Chinese.
    let lang = config.lang.as_ref().map_or(shell.lang, |l| l.value);
    let report_lang = config.lang.as_ref().map_or(Lang::Zh, |l| l.value);
    if stdin {
        return standard_input(&config, report_lang);
    }
    let totals =
        batch_of(&args.paths, args.issue, args.quiet, &config, Speak { lang, report_lang, terminal: shell.terminal })?;
    Ok(match totals {
        Totals { failed: 1.., .. } => FAILED,
        Totals { tally, .. } => outcome(&tally, &config, lang),
    })
}

/// How the run speaks.
#[derive(Clone, Copy)]
struct Speak {
    lang: Lang,
    report_lang: Lang,
    terminal: bool,
}

fn standard_input(config: &Config, lang: Lang) -> Result<u8> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| say::cannot_read_stdin(&e))?;
    let (mut json, tally) = batch::run_bytes("-", &bytes, config, lang)?;
    drop(bytes);
    if !json.ends_with('\n') {
        json.push('\n');
    }
    print(&json)?;
    Ok(outcome(&tally, config, lang))
}

/// The exit status of what was cleaned; says what a publication still waits for.
fn outcome(tally: &Tally, config: &Config, lang: Lang) -> u8 {
    let unreviewed = config.require_reviewed && tally.waiting > 0;
    if unreviewed {
        eprintln!("{}", say::not_reviewed(tally, lang));
    }
    if unreviewed || tally.failing > 0 { OPEN } else { DONE }
}

fn batch_of(paths: &[PathBuf], each_is_issue: bool, quiet: bool, config: &Config, speak: Speak) -> Result<Totals> {
    let output = &config.output.value;
    let (mut tray, faults) = reader::survey(paths, each_is_issue);
    if !each_is_issue && paths.iter().any(|p| p.is_dir() && batch::real(p) == batch::real(output)) {
        return Err(say::output_is_input(output));
    }
    let found = tray.issues.len();
    tray.issues.retain(|issue| batch::real(&issue.path) != batch::real(output));
    if !quiet {
        if tray.issues.len() < found {
            eprintln!("{}", say::output_skipped(output, speak.lang));
        }
        if !tray.unknown.is_empty() {
            eprintln!("{}", say::unknown_files(&tray.unknown, speak.lang));
        }
    }
    for fault in &faults {
        say::error(fault, speak.lang);
    }
    if tray.issues.is_empty() && faults.is_empty() {
        return Err(say::nothing_to_do(paths));
    }
    let mut totals = told(&tray.issues, quiet, config, speak)?;
    totals.failed += faults.len();
    if !quiet {
        let report = match tray.issues.as_slice() {
            [] => None,
            [only] => Some(output.join(&only.id).join("report.html")),
            _ => Some(output.join("*").join("report.html")),
        };
        println!("{}", say::summary(&totals, report.as_deref().filter(|_| totals.done > 0), speak.lang));
    }
    Ok(totals)
}

/// Cleans the issues and tells of each: a line, or a bar where a person watches a long batch.
fn told(issues: &[Issue], quiet: bool, config: &Config, speak: Speak) -> Result<Totals> {
    let bar = (speak.terminal && !quiet && issues.len() >= LONG_BATCH).then(|| bar(issues.len()));
    let totals = batch::run(issues, config, speak.report_lang, |issue, outcome| {
        let blocks: Vec<String> = match outcome {
            Ok(done) => done.warnings.iter().map(|w| say::warning_block(w, speak.lang)).collect(),
            Err(error) => vec![say::error_block(error, speak.lang)],
        };
        for block in blocks {
            match &bar {
                Some(bar) => bar.suspend(|| eprintln!("{block}")),
                None => eprintln!("{block}"),
            }
        }
        match (&bar, outcome) {
            (Some(bar), _) => {
                bar.set_message(issue.id.clone());
                bar.inc(1);
            }
            (None, _) if quiet => {}
            (None, Ok(done)) => println!("{}", say::issue_done(&issue.id, &done.tally, speak.lang)),
            (None, Err(_)) => println!("{}", say::issue_failed(&issue.id, speak.lang)),
        }
    })?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(totals)
}

/// The bar of a batch of so many issues.
pub fn bar(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:32} {pos}/{len}  {eta}  {msg}");
    ProgressBar::new(length as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
