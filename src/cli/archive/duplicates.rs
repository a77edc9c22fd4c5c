//! `kanwu archive duplicates`: every passage that was printed more than once.

use super::Where;
use crate::cli::say;
use kanwu::archive::Archive;
use kanwu::error::Result;
use kanwu::rule::Lang;
use std::num::NonZeroUsize;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct DuplicatesArgs {
    /// File to write, a line of JSON a passage [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Say as well where the printings of a passage differ, character by character
    #[arg(long)]
    readings: bool,
    #[command(flatten)]
    place: Where,
    /// Memory to be used, such as 512MiB or 2GiB
    #[arg(long, default_value = "1GiB", value_name = "SIZE", value_parser = super::memory)]
    memory: usize,
    /// Threads to work with [default: as many as the machine has processors]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// Finds and writes them.
pub fn run(args: &DuplicatesArgs, _lang: Lang) -> Result<u8> {
    let _archive = Archive::open(&args.place.archive)?;
    let _ = (&args.output, args.readings, args.memory, args.jobs);
    // Here stands the call of `kanwu::reuse::archive::duplicates(&archive, args.memory, …)`.
    Err(say::not_yet("kanwu archive duplicates"))
}
