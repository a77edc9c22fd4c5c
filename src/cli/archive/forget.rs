//! `kanwu archive forget`: issues are taken out of an archive.

use super::Where;
use crate::cli::{DONE, FAILED, print, say};
use kanwu::archive::{Archive, Writer};
use kanwu::error::Result;
use kanwu::rule::Lang;

#[derive(clap::Args)]
pub struct ForgetArgs {
    /// Ids of issues
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
    #[command(flatten)]
    place: Where,
}

/// Forgets them. An id that is not there is told of; the others are forgotten all the same.
pub fn run(args: &ForgetArgs, lang: Lang) -> Result<u8> {
    let dir = &args.place.archive;
    // A writer would make an archive where there is none.
    drop(Archive::open(dir)?);
    let mut writer = Writer::open(dir, super::LEAST_MEMORY)?;
    let (mut forgotten, mut failed) = (0, 0);
    let mut ids = args.ids.clone();
    ids.sort();
    ids.dedup();
    for id in &ids {
        if writer.forget(id)? {
            forgotten += 1;
        } else {
            say::error(&say::not_in_archive(dir, id), lang);
            failed += 1;
        }
    }
    writer.finish()?;
    print(&say::forgotten(forgotten, Archive::open(dir)?.issues().len(), lang))?;
    Ok(if failed > 0 { FAILED } else { DONE })
}
