//! The output folder of one issue, written whole or not at all.

use crate::error::{Error, ErrorKind, Result, reason_zh};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The names of all files that the program writes into the folder of every issue.
pub const FILES: [&str; 6] = ["clean.md", "clean.json", "findings.jsonl", "report.html", "changes.diff", "source.md"];

/// A folder in the making, beside the one whose place it is to take. Dropped before that, it is gone.
pub struct Folder {
    target: PathBuf,
    making: TempDir,
}

impl Folder {
    /// Begins a folder that is to become `target`; `copies` are the paths of copies that may lie in it.
    ///
    /// # Errors
    /// `target` holds files that the program does not write, or its parent cannot be written to.
    pub fn beside(target: &Path, copies: &[&str]) -> Result<Folder> {
        refuse_foreign(target, copies)?;
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(|e| failed(parent, &e))?;
        sweep(parent, target);
        let making = builder(&temporary(target, MAKING)).tempdir_in(parent).map_err(|e| failed(parent, &e))?;
        Ok(Folder { target: target.to_owned(), making })
    }

    /// Writes one file.
    ///
    /// # Errors
    /// Why it could not be written; the path is that of the finished file.
    pub fn file(&self, name: &str, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
        let make = || {
            let mut out = BufWriter::with_capacity(1 << 16, fs::File::create(self.making.path().join(name))?);
            write(&mut out)?;
            out.flush()
        };
        make().map_err(|e| failed(&self.target.join(name), &e))
    }

    /// Writes the copy of an input file, which may lie deeper.
    ///
    /// # Errors
    /// Why it could not be written; its name is that of a file of the output.
    pub fn copy(&self, name: &str, bytes: &[u8]) -> Result<()> {
        if FILES.iter().any(|file| file.eq_ignore_ascii_case(name)) {
            let place = self.target.join(name);
            let place = place.display();
            return Err(Error::new(
                ErrorKind::Input,
                format!("{place}: the copy would take the place of a file of the output"),
            )
            .hint("give the input file another name")
            .chinese(format!("{place}：写回的文件与输出文件同名"), "给原来的文件改个名"));
        }
        if let Some(parent) = Path::new(name).parent() {
            fs::create_dir_all(self.making.path().join(parent)).map_err(|e| failed(&self.target.join(parent), &e))?;
        }
        self.file(name, |out| out.write_all(bytes))
    }

    /// Puts the finished folder in its place.
    ///
    /// # Errors
    /// Why it could not be moved; what stood there before stands there again.
    pub fn take_place(self) -> Result<()> {
        let parent = self.making.path().parent().unwrap_or(Path::new("."));
        if !self.target.exists() {
            fs::rename(self.making.path(), &self.target).map_err(|e| failed(&self.target, &e))?;
        } else {
            let aside = builder(&temporary(&self.target, ASIDE)).tempdir_in(parent).map_err(|e| failed(parent, &e))?;
            let old = aside.path().join(ASIDE);
            fs::rename(&self.target, &old).map_err(|e| failed(&self.target, &e))?;
            if let Err(e) = fs::rename(self.making.path(), &self.target) {
                let _ = fs::rename(&old, &self.target);
                return Err(failed(&self.target, &e));
            }
        }
        // The folder has another name now: there is nothing left to remove under the old one.
        let _ = self.making.keep();
        Ok(())
    }
}

/// The name of one of an issue's temporary folders: short whatever the name, always the same, so that the next
/// run meets what a killed one left.
fn temporary(target: &Path, role: &str) -> String {
    let name = target.file_name().unwrap_or_default();
    let digest = Sha256::digest(name.as_encoded_bytes());
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!(".kanwu-{hex}-{role}")
}

/// Removes what a run that was killed left of this issue, and puts back what it had set aside.
fn sweep(parent: &Path, target: &Path) {
    let aside = parent.join(temporary(target, ASIDE));
    let old = aside.join(ASIDE);
    if old.is_dir() && !target.exists() {
        let _ = fs::rename(&old, target);
    }
    for left in [aside, parent.join(temporary(target, MAKING))] {
        let _ = fs::remove_dir_all(left);
    }
}

/// The folder in the making.
const MAKING: &str = "new";
/// The name under which an earlier output waits while the new one takes its place.
const ASIDE: &str = "old";

fn builder(name: &str) -> tempfile::Builder<'_, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(name).rand_bytes(0);
    // A temporary folder is private by default; the finished one is as open as any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder
}

/// Refuses to replace what the program did not write.
fn refuse_foreign(target: &Path, copies: &[&str]) -> Result<()> {
    let first = |copy: &&str| copy.split('/').next().unwrap_or("").to_owned();
    let copies: HashSet<String> = copies.iter().map(first).collect();
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(failed(target, &e)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| failed(target, &e))?;
        let name = entry.file_name();
        let extra = || super::Extra::ALL.iter().any(|e| e.file() == name);
        let copy = || name.to_str().is_some_and(|name| copies.contains(name));
        if !FILES.iter().any(|f| *f == name) && !extra() && !copy() {
            let place = target.join(name);
            let (place, target) = (place.display(), target.display());
            return Err(Error::new(ErrorKind::Input, format!("{place}: not a file that kanwu writes"))
                .hint(format!(
                    "{target} would be replaced as a whole: move the file away, or give another folder with --output"
                ))
                .chinese(
                    format!("{place}：不是本程序写的文件"),
                    format!("{target} 会整个换掉，请先移走这个文件，或用 --output 另指一个文件夹"),
                ));
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &io::Error) -> Error {
    let (hint, zh) = match error.kind() {
        io::ErrorKind::StorageFull => (
            "make room on the disk and run again; the earlier output stands as it was",
            "腾出空间再运行一次；先前的输出原样未动",
        ),
        io::ErrorKind::PermissionDenied => (
            "give the folder write permission, or another folder with --output",
            "开放写入权限，或用 --output 另指一个文件夹",
        ),
        io::ErrorKind::ReadOnlyFilesystem => ("give another folder with --output", "用 --output 另指一个文件夹"),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => (
            "a file stands where the output folder should be: move it away",
            "输出文件夹的位置上有一个同名文件，请先移走",
        ),
        _ => ("", ""),
    };
    // Behind this the name of a temporary folder would follow, which tells nobody anything.
    let why = error.to_string();
    let why = why.split(" at path ").next().unwrap_or_default();
    Error::new(ErrorKind::Input, format!("{}: {why}", path.display()))
        .hint(hint)
        .chinese(format!("{}：写不了：{}", path.display(), reason_zh(error)), zh)
}
