//! `kanwu review`: an editor settles what waits.

mod terminal;

pub use terminal::Done;

use super::{Shell, decide, issue, say};
use crate::config::{self, Asked, AskedCleaning, Config};
use kanwu::error::Result;
use kanwu::reader::{self, Issue};
use kanwu::rule::Lang;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct ReviewArgs {
    /// Issues: files, folders, or their ids in the folder input [default: all of them]
    #[arg(value_name = "ISSUE")]
    issues: Vec<PathBuf>,
    /// Review here, in the terminal
    #[arg(long)]
    terminal: bool,
    /// Who decides [default: reviewer in kanwu.toml, else the user's name]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    cleaning: AskedCleaning,
}

/// Reviews the issues.
pub fn run(args: ReviewArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let issues = issues(&args.issues)?;
    let start = issues.first().map_or(Path::new("."), |issue| issue.path.as_path());
    let file = config::file_for(args.cleaning.rules.config.as_deref(), start)?;
    let config = Config::resolve(Asked { cleaning: args.cleaning, ..Asked::default() }, typed, file)?;
    let lang = config.lang.as_ref().map_or(shell.lang, |l| l.value);
    let by = decide::reviewer(args.by, &config, shell);
    match args.terminal {
        true => terminal::run(&issues, &config, &by, lang, shell.color),
        false => Err(say::only_in_terminal()),
    }
}

/// The issues named, or all in the tray.
fn issues(named: &[PathBuf]) -> Result<Vec<Issue>> {
    if !named.is_empty() {
        return named.iter().map(|path| issue::find(path)).collect();
    }
    let tray = PathBuf::from("input");
    let found = reader::discover(std::slice::from_ref(&tray), false)?.issues;
    if found.is_empty() { Err(say::nothing_to_do(&[tray])) } else { Ok(found) }
}
