//! `kanwu review`: an editor settles what waits, in the browser or in the terminal.

mod desk;
mod guard;
mod images;
mod index;
mod server;
mod terminal;

use super::{DONE, Shell, decide, issue, say};
use crate::config::{self, Asked, AskedCleaning, Config};
use kanwu::error::Result;
use kanwu::reader::{self, Issue};
use kanwu::rule::Lang;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct ReviewArgs {
    /// Issues: files, folders, or their ids in the folder input [default: all of them]
    #[arg(value_name = "ISSUE")]
    issues: Vec<PathBuf>,
    /// Review here, in the terminal
    #[arg(long)]
    terminal: bool,
    /// Port of the page [default: any that is free]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true, conflicts_with = "terminal")]
    port: u16,
    /// Let other machines in, by this address of this machine [default: 127.0.0.1, this machine alone]
    #[arg(long, value_name = "ADDR", conflicts_with = "terminal")]
    listen: Option<IpAddr>,
    /// Say the address and leave the browser alone
    #[arg(long, conflicts_with = "terminal")]
    no_open: bool,
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
    if args.terminal {
        return terminal::run(&issues, &config, &by, lang, shell.color);
    }
    // The page is in Chinese like the report, whatever the environment says.
    let page_lang = config.lang.as_ref().map_or(Lang::Zh, |l| l.value);
    let desks = issues.into_iter().enumerate().map(|(n, issue)| desk::Desk::new(n + 1, issue)).collect();
    let office = server::Office { desks, config, lang: page_lang, by };
    let listen = args.listen.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    server::serve(office, listen, args.port, |address| {
        println!("{}", say::review_open(address, listen.is_loopback(), lang));
        if !args.no_open && open::that_detached(address).is_err() {
            eprintln!("{}", say::no_browser(lang));
        }
    })?;
    Ok(DONE)
}

/// The issues named, or all in the tray.
fn issues(named: &[PathBuf]) -> Result<Vec<Issue>> {
    if !named.is_empty() {
        let found: Result<Vec<Vec<Issue>>> = named.iter().map(|path| at(path)).collect();
        return found.map(|found| found.concat());
    }
    let tray = PathBuf::from("input");
    let found = reader::discover(std::slice::from_ref(&tray), false)?.issues;
    if found.is_empty() { Err(say::nothing_to_do(&[tray])) } else { Ok(found) }
}

/// The issue of a path, or all of a tray.
fn at(path: &Path) -> Result<Vec<Issue>> {
    issue::find(path).map(|found| vec![found]).or_else(|fault| match path.is_dir() {
        true => Some(reader::survey(&[path.to_owned()], false).0.issues).filter(|all| !all.is_empty()).ok_or(fault),
        false => Err(fault),
    })
}
