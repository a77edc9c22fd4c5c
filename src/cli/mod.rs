//! The commands as they are typed, one file each, and the way from an outcome to an exit status.

mod archive;
mod clean;
mod decide;
mod eval;
mod explain;
mod help;
mod issue;
mod model;
mod review;
mod rules;
mod rules_md;
pub mod say;
mod schema;
mod shell;
mod stats;
mod table;
mod target;
mod titles;
mod verify;

use clap::{FromArgMatches, Parser, Subcommand, ValueEnum};
use kanwu::error::{Error, ErrorKind};
use kanwu::rule::Lang;
use std::ffi::OsString;
use std::io::Write;

/// What the front door saw of the world.
pub struct Shell {
    /// The language of the environment.
    pub lang: Lang,
    /// Whether a person watches standard error.
    pub terminal: bool,
    /// Whether colour is wanted and can be had.
    pub color: bool,
    /// The name of the person at the keyboard, where the environment says it.
    pub user: Option<String>,
}

/// Exit status: done.
pub const DONE: u8 = 0;
/// Exit status: done, and findings stand open at or above `--fail-on`; or a proof does not hold.
pub const OPEN: u8 = 1;
/// Exit status: the call was wrong (usage, configuration, a rule file).
pub const WRONG_CALL: u8 = 2;
/// Exit status: some input could not be read or some output not written.
pub const FAILED: u8 = 3;

/// Turns the OCR text of newspaper issues into clean, reviewed text, and proves every character it changed
#[derive(Parser)]
#[command(name = "kanwu", version, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    /// Language of messages and report: zh or en
    #[arg(long, global = true, value_enum, hide_possible_values = true, value_name = "LANG")]
    lang: Option<LangArg>,
    #[command(subcommand)]
    command: Command,
}

/// A language as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    Zh,
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Lang {
        match lang {
            LangArg::Zh => Lang::Zh,
            LangArg::En => Lang::En,
        }
    }
}

#[derive(Subcommand)]
enum Command {
    /// Clean issues and write text, findings and report
    Clean(clean::CleanArgs),
    /// Keep an index over many issues, and find what was printed more than once
    Archive(archive::ArchiveArgs),
    /// Review findings one by one
    Review(review::ReviewArgs),
    /// Decide findings: accept, reject, edit or take back, one or many
    Decide(decide::DecideArgs),
    /// Say what the logs of decisions teach: rules, false alarms, time
    Stats(stats::StatsArgs),
    /// Prove from the files that every change is accounted for
    Verify(verify::VerifyArgs),
    /// List the rules and whether they are on
    Rules(rules::RulesArgs),
    /// Explain one rule: what it reports, why, and its examples
    Explain(explain::ExplainArgs),
    /// Measure how good it is, on text whose truth is known
    Eval(eval::EvalArgs),
    /// Make, inspect or ask a language model
    Model(model::ModelArgs),
    /// Print the JSON Schemas of the output files
    Schema(schema::SchemaArgs),
    /// Print a completion script for a shell
    Completions(shell::CompletionsArgs),
    /// Print the manual page
    Man,
}

/// Runs a command line and returns its exit status.
pub fn main(args: Vec<OsString>, shell: &Shell) -> u8 {
    let lang = lang_as_typed(&args).unwrap_or(shell.lang);
    let matches = match help::command(lang).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return say::usage(&error, lang),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return say::usage(&error, lang),
    };
    let typed = cli.lang.map(Lang::from);
    let outcome = match cli.command {
        Command::Clean(args) => clean::run(args, typed, shell),
        Command::Archive(args) => archive::run(args, typed, shell),
        Command::Review(args) => review::run(args, typed, shell),
        Command::Decide(args) => decide::run(args, typed, shell),
        Command::Stats(args) => stats::run(args, typed, shell),
        Command::Verify(args) => verify::run(&args, lang),
        Command::Rules(args) => rules::run(&args, lang),
        Command::Explain(args) => explain::run(&args, lang),
        Command::Eval(args) => eval::run(args, lang),
        Command::Model(args) => model::run(args, lang),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => shell::completions(&args, lang),
        Command::Man => shell::man(lang),
    };
    outcome.unwrap_or_else(|error| {
        say::error(&error, lang);
        status_of(&error)
    })
}

/// The exit status of an error.
pub fn status_of(error: &Error) -> u8 {
    match error.kind {
        ErrorKind::Usage | ErrorKind::Config => WRONG_CALL,
        ErrorKind::Input | ErrorKind::Internal => FAILED,
    }
}

/// The language that the arguments name: needed before they are parsed, because help and usage errors have a language.
fn lang_as_typed(args: &[OsString]) -> Option<Lang> {
    let mut args = args.iter().filter_map(|a| a.to_str());
    while let Some(arg) = args.next() {
        let value = if arg == "--lang" { args.next() } else { arg.strip_prefix("--lang=") };
        if let Some(lang) = value.and_then(|v| LangArg::from_str(v, false).ok()) {
            return Some(lang.into());
        }
    }
    None
}

/// Writes to standard output. A reader that has gone away (`| head`) is no error.
pub fn print(text: &str) -> Result<u8, Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(DONE),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(DONE),
        Err(e) => Err(say::cannot_print(&e)),
    }
}
