//! `kanwu archive duplicates`: every passage that was printed more than once.

use super::Where;
use crate::cli::target::Target;
use crate::cli::{DONE, say};
use kanwu::archive::Archive;
use kanwu::archive::duplicates::{Search, duplicates};
use kanwu::error::{Error, ErrorKind, Result};
use std::io::{self, BufWriter, Write};
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
    /// Folder for what does not fit into the memory [default: the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// Threads to work with [default: as many as the machine has processors]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// Finds and writes them.
pub fn run(args: &DuplicatesArgs) -> Result<u8> {
    let archive = Archive::open(&args.place.archive)?;
    let scratch = args.scratch.clone().unwrap_or_else(std::env::temp_dir);
    let search = Search { memory: args.memory, scratch: &scratch, readings: args.readings };
    let threads = args.jobs.map_or(0, NonZeroUsize::get);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
    let Some(path) = &args.output else {
        let mut gone = false;
        let told = pool.install(|| {
            tell(&archive, &search, BufWriter::new(io::stdout()), |e| {
                gone = e.kind() == io::ErrorKind::BrokenPipe;
                say::cannot_print(&e)
            })
        });
        // A reader that has gone away (`| head`) is no error.
        return if gone { Ok(DONE) } else { told.map(|()| DONE) };
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| say::cannot_write(path, &e))?;
    }
    let mut target = Target::begin(path)?;
    pool.install(|| tell(&archive, &search, BufWriter::new(&mut target), |e| say::cannot_write(path, &e)))?;
    target.finish().map(|()| DONE)
}

fn tell(
    archive: &Archive,
    search: &Search,
    mut out: impl Write + Send,
    mut cannot: impl FnMut(io::Error) -> Error + Send,
) -> Result<()> {
    let told = duplicates(archive, search, |passage| {
        serde_json::to_writer(&mut out, passage).map_err(|e| cannot(e.into()))?;
        out.write_all(b"\n").map_err(&mut cannot)
    });
    told?;
    out.flush().map_err(cannot)
}
