//! `kanwu model info`: what is in a language model.

use super::{BUILT_IN, load, open};
use crate::cli::{print, say};
use kanwu::error::Result;
use kanwu::lm::carried::TABLES;
use kanwu::rule::Lang;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct InfoArgs {
    /// File of a model [default: the model that the program carries]
    #[arg(value_name = "FILE")]
    model: Option<PathBuf>,
}

/// Prints it.
pub fn run(args: &InfoArgs, lang: Lang) -> Result<u8> {
    let path = args.model.as_deref().unwrap_or(Path::new(BUILT_IN));
    let bytes = load(path)?;
    let model = open(path, bytes.as_deref())?;
    let size = bytes.as_ref().map_or(TABLES[0].1, Vec::len);
    let mut out = say::about_model(&model, size, lang);
    if bytes.is_none() {
        out.push('\n');
        out += &say::about_tables(&TABLES, lang);
    }
    print(&out)
}
