//! The front door: looks at the world (arguments, environment, terminal), calls, and turns the outcome into an exit
//! status. Nothing behind this file reads the environment.

mod batch;
mod cli;
mod config;
mod tally;

use kanwu::rule::Lang;
use std::io::IsTerminal;
use std::process::ExitCode;

fn main() -> ExitCode {
    let shell = cli::Shell {
        lang: lang_of_environment(),
        terminal: std::io::stderr().is_terminal(),
        color: variable(&["NO_COLOR"]).is_none() && variable(&["TERM"]).is_none_or(|term| term != "dumb"),
        user: variable(&["USER", "LOGNAME", "USERNAME"]),
    };
    ExitCode::from(cli::main(std::env::args_os().collect(), &shell))
}

/// The language that the environment asks for: Chinese where nothing is said.
fn lang_of_environment() -> Lang {
    match variable(&["LC_ALL", "LC_MESSAGES", "LANG"]) {
        Some(locale) if !locale.starts_with("zh") => Lang::En,
        _ => Lang::Zh,
    }
}

/// The first of these variables that says something.
fn variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
}
