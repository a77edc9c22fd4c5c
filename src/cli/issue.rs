//! The one issue that a command speaks of: its file, its folder, or its id in a tray.

use super::say;
use kanwu::error::Result;
use kanwu::reader::{self, Issue};
use std::path::{Path, PathBuf};

/// The tray where nothing else is said.
const TRAY: &str = "input";

/// Finds an issue: the file or folder of a path; or, where there is none, the issue of that id in the folder that the
/// path names, or in `input`.
///
/// # Errors
/// No such issue; a tray of several; an output folder.
pub fn find(path: &Path) -> Result<Issue> {
    if !path.exists() {
        return in_tray(path);
    }
    if path.is_dir() && is_output(path) {
        return Err(say::output_named(path));
    }
    if path.is_dir() && is_tray(path) {
        let (tray, faults) = reader::survey(&[path.to_owned()], false);
        return match (tray.issues.as_slice(), faults.into_iter().next()) {
            ([only], None) => Ok(only.clone()),
            ([], Some(fault)) => Err(fault),
            (several, _) => Err(say::which_issue(path, several)),
        };
    }
    let (found, faults) = reader::survey(&[path.to_owned()], true);
    let fault = faults.into_iter().next();
    found.issues.into_iter().next().ok_or_else(|| fault.unwrap_or_else(|| say::no_issue(path, &[])))
}

fn in_tray(path: &Path) -> Result<Issue> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    let tray = parent.map_or_else(|| PathBuf::from(TRAY), Path::to_owned);
    let id = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    if !tray.is_dir() {
        return Err(say::no_issue(path, &[]));
    }
    let (found, faults) = reader::survey(&[tray], false);
    if let Some(issue) = found.issues.iter().find(|issue| issue.id == id) {
        return Ok(issue.clone());
    }
    let named = |fault: &kanwu::error::Error| !id.is_empty() && fault.message.contains(id);
    Err(faults.into_iter().find(named).unwrap_or_else(|| say::no_issue(path, &found.issues)))
}

/// Whether a folder holds issues and is none: it is called as a tray is, or has in it what only a tray has.
fn is_tray(folder: &Path) -> bool {
    let named = crate::batch::real(folder).file_name().is_some_and(|name| name == TRAY);
    let own = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        name == "kanwu.toml" || name.to_string_lossy().ends_with(".decisions.jsonl")
    };
    named || std::fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(own))
}

/// Whether `kanwu clean` wrote a folder.
fn is_output(folder: &Path) -> bool {
    ["clean.md", "clean.json", "findings.jsonl"].iter().all(|name| folder.join(name).is_file())
}
