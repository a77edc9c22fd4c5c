//! `kanwu review`: an editor settles the findings of issues, in the browser.

mod desk;
mod guard;
mod index;
mod server;

use super::{DONE, Shell, say};
use crate::config::{self, Asked, Config};
use desk::Desk;
use kanwu::error::Result;
use kanwu::reader;
use kanwu::rule::Lang;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct ReviewArgs {
    /// Issues (files), or trays of issues (folders)
    #[arg(default_value = "input", value_name = "ISSUE")]
    paths: Vec<PathBuf>,
    /// Take each ISSUE for one issue, also when it is a folder
    #[arg(long)]
    issue: bool,
    /// Port of the page [default: any that is free]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Let other machines in, by this address of this machine [default: 127.0.0.1, this machine alone]
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
    /// Say the address and leave the browser alone
    #[arg(long)]
    no_open: bool,
    /// Who decides [default: the user's name]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    #[command(flatten)]
    asked: Asked,
}

/// Serves the page until Ctrl-C.
pub fn run(args: ReviewArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let start = args.paths.first().map_or(Path::new("."), PathBuf::as_path);
    let file = config::file_for(args.asked.rules.config.as_deref(), start)?;
    let config = Config::resolve(args.asked, typed, file)?;
    let lang = config.lang.as_ref().map_or(shell.lang, |l| l.value);
    let page_lang = config.lang.as_ref().map_or(Lang::Zh, |l| l.value);
    let (tray, faults) = reader::survey(&args.paths, args.issue);
    for fault in &faults {
        say::error(fault, lang);
    }
    let mut issues = tray.issues;
    issues.retain(|issue| crate::batch::real(&issue.path) != crate::batch::real(&config.output.value));
    if issues.is_empty() {
        return Err(faults.into_iter().next().unwrap_or_else(|| say::nothing_to_do(&args.paths)));
    }
    let by = args.by.or_else(|| shell.user.clone()).unwrap_or_default();
    let desks = issues.into_iter().enumerate().map(|(n, issue)| Desk::new(n + 1, issue)).collect();
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
