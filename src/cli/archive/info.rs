//! `kanwu archive info`: what is in an archive.

use super::Where;
use crate::cli::{print, say};
use kanwu::archive::Archive;
use kanwu::error::Result;
use kanwu::rule::Lang;

#[derive(clap::Args)]
pub struct InfoArgs {
    #[command(flatten)]
    place: Where,
    /// List the ids of the issues instead, one a line
    #[arg(long)]
    issues: bool,
}

/// Prints it.
pub fn run(args: &InfoArgs, lang: Lang) -> Result<u8> {
    let archive = Archive::open(&args.place.archive)?;
    if args.issues {
        let ids: String = archive.issues().iter().map(|issue| format!("{}\n", issue.id)).collect();
        return print(&ids);
    }
    print(&say::about_archive(&args.place.archive, &archive, lang))
}
