//! `kanwu decide`: verdicts on the findings of an issue, one at a time, a series at a time, or from a file.
//!
//! The issue is cleaned in memory, so that a verdict is always given on what the rules say today; the verdict is a line of
//! the log beside the issue. Nothing else is written: the next `kanwu clean` carries it out.

pub mod accept;
mod from;
mod list;

use super::{DONE, Shell, issue, print, say};
use crate::batch::{self, Opened};
use crate::config::{self, Asked, AskedCleaning, Config};
use kanwu::error::Result;
use kanwu::finding::{Finding, Status};
use kanwu::pipeline::Run;
use kanwu::reader;
use kanwu::review::{Decision, Decisions, Log, Scope, Signature, Verdict};
use kanwu::rule::{Lang, RuleSet};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
#[command(
    override_usage = "kanwu decide ISSUE FINDING --accept|--reject|--edit TEXT|--undo\n       kanwu decide ISSUE --from FILE\n       kanwu decide ISSUE --list"
)]
#[command(group(clap::ArgGroup::new("said").args(["accept", "reject", "edit", "undo"])))]
#[command(group(clap::ArgGroup::new("what").args(["finding", "from", "list"]).required(true)))]
pub struct DecideArgs {
    /// The issue: its file or folder, or its id in the folder input
    #[arg(value_name = "ISSUE")]
    issue: PathBuf,
    /// The finding: its id, or the first characters of it
    #[arg(value_name = "FINDING", requires = "said")]
    finding: Option<String>,
    /// Do what is proposed
    #[arg(long, requires = "finding")]
    accept: bool,
    /// Leave the text as it is
    #[arg(long, requires = "finding")]
    reject: bool,
    /// Put this text there
    #[arg(long, value_name = "TEXT", requires = "finding", allow_hyphen_values = true)]
    edit: Option<String>,
    /// Take back what was said about it before
    #[arg(long, requires = "finding")]
    undo: bool,
    /// With --accept: the alternative that is meant, where it is not the first
    #[arg(long, value_name = "ALTERNATIVE", requires = "accept", allow_hyphen_values = true)]
    text: Option<String>,
    /// How far the verdict reaches: once (this place), issue or always (the like) [default: once]
    #[arg(long, value_name = "SCOPE", value_enum, hide_possible_values = true, requires = "finding")]
    scope: Option<ScopeArg>,
    /// Decide the whole series that the finding is part of, as far as it waits
    #[arg(long, requires = "finding")]
    series: bool,
    /// With --series: leave these out, with commas
    #[arg(long, value_name = "FINDINGS", requires = "series", value_delimiter = ',')]
    except: Vec<String>,
    /// Who decides [default: reviewer in kanwu.toml, else the user's name]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// A remark, kept with the verdict
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
    /// With --reject --scope always: put the text into words/accept.toml of the desk's rules
    #[arg(long, requires = "reject")]
    write_accept: bool,
    /// Take the verdicts from a file: exported by the report page, written by hand, or a reviewed .docx or .md
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// List what waits for a verdict
    #[arg(long)]
    list: bool,
    /// With --list: as JSON, for programs
    #[arg(long, requires = "list")]
    json: bool,
    #[command(flatten)]
    cleaning: AskedCleaning,
}

/// A scope as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ScopeArg {
    Once,
    Issue,
    Always,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Scope {
        match scope {
            ScopeArg::Once => Scope::Once,
            ScopeArg::Issue => Scope::Issue,
            ScopeArg::Always => Scope::Always,
        }
    }
}

/// An issue cleaned for review.
struct Desk<'d> {
    run: &'d Run<'d>,
    rules: &'d RuleSet,
    decisions: &'d Decisions,
    log: &'d Path,
    lang: Lang,
}

/// Does it.
pub fn run(args: DecideArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let found = issue::find(&args.issue)?;
    let file = config::file_for(args.cleaning.rules.config.as_deref(), &found.path)?;
    let asked = Asked { cleaning: args.cleaning.clone(), ..Asked::default() };
    let config = Config::resolve(asked, typed, file)?;
    let lang = config.lang.as_ref().map_or(shell.lang, |l| l.value);
    let Opened { source, decisions, warnings } = batch::open(&found, &config)?;
    for warning in &warnings {
        eprintln!("{}", say::warning_block(warning, lang));
    }
    let run = batch::clean(&source, &config, &decisions)?;
    let log = reader::decisions_path(&found);
    let desk = Desk { run: &run, rules: &config.rules, decisions: &decisions, log: &log, lang };
    if args.list {
        return print(&if args.json { list::as_json(&desk)? } else { list::as_lines(&desk) });
    }
    let signature = Signature { by: reviewer(args.by.clone(), &config, shell), at: now(), note: args.note.clone() };
    match &args.from {
        Some(path) => take_in(&desk, path, &signature),
        None => decide(&desk, &args, &config, &signature),
    }
}

/// Who gives the verdicts: the name typed, the desk's, the environment's.
pub fn reviewer(typed: Option<String>, config: &Config, shell: &Shell) -> String {
    typed.or_else(|| config.reviewer.clone()).or_else(|| shell.user.clone()).unwrap_or_default()
}

/// The time, as the log has it.
pub fn now() -> String {
    jiff::Timestamp::now().round(jiff::Unit::Second).unwrap_or_else(|_| jiff::Timestamp::now()).to_string()
}

fn take_in(desk: &Desk, path: &Path, signature: &Signature) -> Result<u8> {
    let (fresh, known) = from::read(desk, path, signature)?;
    if !fresh.is_empty() {
        Log::open(desk.log)?.append(&fresh)?;
    }
    print(&say::kept_many(&fresh, known, desk.run, desk.log, desk.lang))
}

fn decide(desk: &Desk, args: &DecideArgs, config: &Config, signature: &Signature) -> Result<u8> {
    let typed = args.finding.as_deref().unwrap_or("");
    let scope = args.scope.map_or(Scope::Once, Scope::from);
    let first = match number_of(desk.run, typed) {
        Ok(number) => number,
        // What was said of a place that is gone can still be taken back.
        Err(_) if args.undo && gone(desk, typed).is_some() => return take_back_lost(desk, typed, signature),
        Err(error) => return Err(error),
    };
    let verdict = Said::of(args);
    let numbers = if args.series { series(desk.run, first, &args.except)? } else { vec![first] };
    let mut made = Vec::with_capacity(numbers.len());
    for number in &numbers {
        let Some(finding) = desk.run.findings.get(*number) else { continue };
        let (verdict, text) = verdict.on(finding, desk)?;
        let line = kanwu::review::decision(desk.run, desk.rules, *number, (verdict, &text, scope), signature);
        made.extend(line);
    }
    if matches!(verdict, Said::Edit(_)) {
        same_quotes(&made)?;
    }
    let proposal = match (&verdict, scope) {
        (Said::Reject, Scope::Always) => Some(accept::Proposal::new(desk.run, &numbers, config, desk.lang)?),
        _ if args.write_accept => return Err(say::write_accept_alone()),
        _ => None,
    };
    if let Some(proposal) = proposal.as_ref().filter(|_| args.write_accept) {
        proposal.check()?;
    }
    Log::open(desk.log)?.append(&made)?;
    print(&say::kept(&made, desk.run, desk.rules, desk.decisions, desk.lang))?;
    if let Some(proposal) = proposal {
        if args.write_accept {
            proposal.write()?;
        }
        print(&proposal.shown(args.write_accept, desk.lang))?;
    }
    Ok(DONE)
}

/// What was said, before it is known of which finding.
enum Said {
    Accept(Option<String>),
    Reject,
    Edit(String),
    Undo,
}

impl Said {
    fn of(args: &DecideArgs) -> Said {
        match &args.edit {
            Some(text) => Said::Edit(text.clone()),
            None if args.accept => Said::Accept(args.text.clone()),
            None if args.undo => Said::Undo,
            None => Said::Reject,
        }
    }

    /// The verdict on a finding, and its text.
    fn on(&self, finding: &Finding, desk: &Desk) -> Result<(Verdict, String)> {
        Ok(match self {
            Said::Accept(text) => chosen(finding, text.as_deref())
                .ok_or_else(|| say::no_such_fix(finding, text.as_deref().unwrap_or(""), desk.lang))?,
            Said::Reject => (Verdict::Reject, String::new()),
            Said::Edit(text) => (Verdict::Edit, text.clone()),
            Said::Undo => (Verdict::Undo, String::new()),
        })
    }
}

/// The verdict that takes an alternative: the first where none is named. Where the empty text is not the first
/// alternative, only an edit says that it is meant: the text of an accept may be left out.
pub fn chosen(finding: &Finding, text: Option<&str>) -> Option<(Verdict, String)> {
    let Some(text) = text else {
        return Some((Verdict::Accept, finding.fixes.first().map(|fix| fix.to_string()).unwrap_or_default()));
    };
    let at = finding.fixes.iter().position(|fix| fix == text)?;
    let verdict = if at > 0 && text.is_empty() { Verdict::Edit } else { Verdict::Accept };
    Some((verdict, text.to_owned()))
}

/// The number of the finding whose id is, or alone begins with, what was typed.
fn number_of(run: &Run, typed: &str) -> Result<usize> {
    let wanted = typed.to_ascii_lowercase();
    if let Some(exact) = run.findings.iter().position(|f| f.id == wanted) {
        return Ok(exact);
    }
    let like = run.findings.iter().enumerate().filter(|(_, f)| !wanted.is_empty() && f.id.starts_with(&wanted));
    let like: Vec<usize> = like.map(|(n, _)| n).collect();
    match like.as_slice() {
        [only] => Ok(*only),
        [] => Err(say::no_finding(typed)),
        several => {
            let ids = several.iter().filter_map(|n| run.findings.get(*n)).map(|f| f.id.as_str());
            Err(say::which_finding(typed, &ids.collect::<Vec<_>>()))
        }
    }
}

/// The findings of the series of one that wait, the exceptions left out; the one named is among them also when it does not
/// wait.
fn series(run: &Run, first: usize, except: &[String]) -> Result<Vec<usize>> {
    let Some((rule, Some(name))) = run.findings.get(first).map(|f| (f.rule, f.series.as_deref())) else {
        return Err(say::no_series(run.findings.get(first).map_or("", |f| f.id.as_str())));
    };
    let except: Vec<usize> = except.iter().map(|typed| number_of(run, typed.trim())).collect::<Result<_>>()?;
    let waits = |f: &Finding| matches!(f.status, Status::Open | Status::Stale);
    let of = |n: usize, f: &Finding| n == first || f.rule == rule && f.series.as_deref() == Some(name) && waits(f);
    let all = run.findings.iter().enumerate().filter(|(n, f)| of(*n, f) && !except.contains(n));
    Ok(all.map(|(n, _)| n).collect())
}

fn same_quotes(made: &[Decision]) -> Result<()> {
    let same = made.windows(2).all(|two| match two {
        [a, b] => a.anchor.quote == b.anchor.quote,
        _ => true,
    });
    if same { Ok(()) } else { Err(say::one_text_for_many()) }
}

/// The decision in force on a finding that is no longer there.
fn gone<'d>(desk: &Desk<'d>, typed: &str) -> Option<&'d Decision> {
    let standing = desk.decisions.standing();
    let mut like = standing.iter().filter(|(id, _)| !typed.is_empty() && id.starts_with(typed));
    match (like.next(), like.next()) {
        (Some((_, numbers)), None) => desk.decisions.log.get(*numbers.last()?),
        _ => None,
    }
}

fn take_back_lost(desk: &Desk, typed: &str, signature: &Signature) -> Result<u8> {
    let Some(before) = gone(desk, typed) else { return Err(say::no_finding(typed)) };
    let undo = Decision {
        verdict: Verdict::Undo,
        text: String::new(),
        by: signature.by.clone(),
        at: signature.at.clone(),
        note: signature.note.clone(),
        ..before.clone()
    };
    Log::open(desk.log)?.append(std::slice::from_ref(&undo))?;
    print(&say::kept(&[undo], desk.run, desk.rules, desk.decisions, desk.lang))
}
