//! `kanwu archive`: an index over many issues, and what was printed in them more than once.

mod add;
mod duplicates;
mod forget;
mod info;

pub use add::Totals;

use super::{Shell, say};
use clap::{Args, Subcommand};
use kanwu::error::Result;
use kanwu::rule::Lang;
use std::path::PathBuf;

#[derive(Args)]
#[command(disable_help_subcommand = true)]
pub struct ArchiveArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add issues to the archive; an issue that has not changed is not read again
    Add(add::AddArgs),
    /// List every passage that was printed more than once, across all issues
    Duplicates(duplicates::DuplicatesArgs),
    /// Say what is in the archive
    Info(info::InfoArgs),
    /// Take issues out of the archive
    Forget(forget::ForgetArgs),
}

/// Which archive.
#[derive(Args)]
struct Where {
    /// Folder of the archive
    #[arg(long, default_value = "archive", value_name = "DIR")]
    archive: PathBuf,
}

/// Does it.
pub fn run(args: ArchiveArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let lang = typed.unwrap_or(shell.lang);
    match args.what {
        What::Add(args) => add::run(args, typed, shell),
        What::Duplicates(args) => duplicates::run(&args),
        What::Info(args) => info::run(&args, lang),
        What::Forget(args) => forget::run(&args, lang),
    }
}

/// The least memory that an archive can be worked with.
const LEAST_MEMORY: usize = 8 << 20;

/// An amount of memory as it is typed: `512MiB`, `1GiB`, `2GB`, or a number of bytes.
fn memory(typed: &str) -> std::result::Result<usize, say::BadAmount> {
    let typed = typed.trim();
    let digits = typed.find(|c: char| !c.is_ascii_digit()).unwrap_or(typed.len());
    let (number, unit) = typed.split_at(digits);
    let unit: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "kb" => 1_000,
        "m" | "mib" => 1 << 20,
        "mb" => 1_000_000,
        "g" | "gib" => 1 << 30,
        "gb" => 1_000_000_000,
        _ => return Err(say::BadAmount::Unit),
    };
    let bytes = number.parse::<usize>().ok().and_then(|n| n.checked_mul(unit));
    bytes.filter(|bytes| *bytes >= LEAST_MEMORY).ok_or(say::BadAmount::TooLittle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_typed_with_its_unit() {
        assert_eq!(memory("1GiB"), Ok(1 << 30));
        assert_eq!(memory("512 MB"), Ok(512_000_000));
        assert_eq!(memory("16m"), Ok(16 << 20));
        assert_eq!(memory("8388608"), Ok(8 << 20));
        for wrong in ["", "GiB", "1", "1.5GiB", "many", "99999999999999999999GiB"] {
            assert!(memory(wrong).is_err(), "{wrong}");
        }
    }
}
