//! `kanwu verify`: 核红, the proof from the files alone.

mod report;

use super::{DONE, OPEN, print, say, status_of};
use kanwu::error::Result;
use kanwu::reader;
use kanwu::rule::Lang;
use report::Proved;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct VerifyArgs {
    /// Output folders of issues, such as output/2019-10-23
    #[arg(required = true, value_name = "DIR")]
    dirs: Vec<PathBuf>,
    /// The issue's input, or the folder that it lies in [default: input]
    #[arg(long, value_name = "PATH")]
    input: Option<PathBuf>,
    /// Write the proof on one page, to be printed
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
}

/// Checks each folder and prints what holds and what does not.
pub fn run(args: &VerifyArgs, lang: Lang) -> Result<u8> {
    let mut status = DONE;
    let mut proved = Vec::with_capacity(args.dirs.len());
    for dir in &args.dirs {
        let input = input_of(dir, args.input.as_deref());
        let outcome = kanwu::verify::verify(dir, input.as_deref());
        match &outcome {
            Ok(proof) => {
                print(&say::proof(dir, input.as_deref(), proof, lang))?;
                if !proof.holds() {
                    status = status.max(OPEN);
                }
            }
            Err(error) => {
                say::error(error, lang);
                status = status.max(status_of(error));
            }
        }
        proved.push(Proved { dir: dir.clone(), input, outcome });
    }
    if let Some(path) = &args.report {
        let page = report::page(&proved, &super::decide::now(), lang);
        std::fs::write(path, page).map_err(|e| say::cannot_write(path, &e))?;
        print(&say::page_written(path, lang))?;
    }
    Ok(status)
}

/// The input of an issue: the path that was named, or the issue of that id in the folder that was named or in `input`.
fn input_of(dir: &Path, named: Option<&Path>) -> Option<PathBuf> {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let id = full.file_name().and_then(|n| n.to_str()).unwrap_or("");
    let tray = named.unwrap_or(Path::new("input"));
    let inside = if tray.is_dir() { reader::discover(&[tray.to_owned()], false).ok() } else { None };
    let found = inside.and_then(|t| t.issues.into_iter().find(|i| i.id == id)).map(|i| i.path);
    // A path that is no tray with this issue is the issue itself.
    found.or_else(|| named.map(Path::to_owned))
}
