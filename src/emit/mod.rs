//! Output languages, one a file, all written from the same [`crate::pipeline::Run`].

pub mod contract;
pub mod diff;
pub mod findings;
mod folder;
pub mod html;
pub mod json;
mod layout;
pub mod write_back;

pub use contract::schemas;
pub use folder::FILES;

use crate::error::Result;
use crate::pipeline::Run;
use crate::rule::{Lang, RuleSet};
use folder::Folder;
use std::path::Path;

/// `clean.json` of a run. It holds both languages, whatever `lang` says.
pub fn clean_json(run: &Run, rules: &RuleSet, _lang: Lang) -> String {
    let mut out = Vec::new();
    // Writing into memory does not fail.
    let _ = json::write(run, rules, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes all files of one issue into `dir` (`output/<issue>`): whole or not at all.
///
/// The files are written into a folder beside it, which then takes its place. What an earlier run left there is
/// replaced; a folder with files of somebody else is not.
///
/// # Errors
/// The file that could not be written, and why; what was there before stays.
pub fn write_issue(run: &Run, rules: &RuleSet, lang: Lang, dir: &Path) -> Result<()> {
    write_issue_with(run, rules, lang, dir, &[])
}

/// The same with copies of input files beside it, by their paths inside the issue.
///
/// # Errors
/// The file that could not be written, and why; a copy that has the name of another file of the output.
pub fn write_issue_with(
    run: &Run,
    rules: &RuleSet,
    lang: Lang,
    dir: &Path,
    copies: &[(String, Vec<u8>)],
) -> Result<()> {
    let source = run.source();
    let amendable = source.files.iter().filter(|file| crate::reader::is_amendable(file.format));
    let folder = Folder::beside(dir, &amendable.map(|file| file.name.as_str()).collect::<Vec<_>>())?;
    folder.file("clean.md", |out| out.write_all(run.clean().as_bytes()))?;
    folder.file("clean.json", |out| json::write(run, rules, out))?;
    folder.file("findings.jsonl", |out| findings::write(run, rules, lang, out))?;
    folder.file("changes.diff", |out| diff::write(run, out))?;
    folder.file("report.html", |out| out.write_all(html::report(run, rules, lang).as_bytes()))?;
    if !source.is_plain() {
        folder.file("source.md", |out| out.write_all(source.text.as_bytes()))?;
    }
    for (name, bytes) in copies {
        folder.copy(name, bytes)?;
    }
    folder.take_place()
}
