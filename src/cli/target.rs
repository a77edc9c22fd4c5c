//! A file that a command writes: whole, or not at all.

use crate::cli::say;
use kanwu::error::Result;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// A file in the making, beside the one whose place it is to take; dropped before that, it is gone. What is no file at all
/// (a terminal, a pipe, the null device) is written to as it is: to put a file in its place would take it away.
pub struct Target<'p> {
    path: &'p Path,
    making: Making,
}

enum Making {
    Beside(NamedTempFile),
    Straight(File),
}

impl<'p> Target<'p> {
    /// Begins the file before the work that fills it, so that a folder that cannot be written is told of at once.
    ///
    /// # Errors
    /// The path is a folder, or nothing can be written there.
    pub fn begin(path: &'p Path) -> Result<Self> {
        let cannot = |e: io::Error| say::cannot_write(path, &e);
        let there = std::fs::metadata(path).ok();
        if there.as_ref().is_some_and(|meta| meta.is_dir()) {
            return Err(say::is_folder(path));
        }
        if there.is_some_and(|meta| !meta.is_file()) {
            let making = Making::Straight(OpenOptions::new().write(true).open(path).map_err(cannot)?);
            return Ok(Target { path, making });
        }
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".kanwu-");
        // A temporary file is private by default; the finished one is as open as any other.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Ok(Target { path, making: Making::Beside(builder.tempfile_in(folder).map_err(cannot)?) })
    }

    /// Puts the file in its place, once all of it is on the disk.
    ///
    /// # Errors
    /// The place cannot be taken; what stood there stands.
    pub fn finish(self) -> Result<()> {
        let cannot = |e: io::Error| say::cannot_write(self.path, &e);
        match self.making {
            Making::Beside(file) => {
                file.as_file().sync_all().map_err(cannot)?;
                file.persist(self.path).map(drop).map_err(|e| cannot(e.error))
            }
            Making::Straight(_) => Ok(()),
        }
    }
}

impl Write for Target<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.making {
            Making::Beside(file) => file.write(bytes),
            Making::Straight(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.making {
            Making::Beside(file) => file.flush(),
            Making::Straight(file) => file.flush(),
        }
    }
}
