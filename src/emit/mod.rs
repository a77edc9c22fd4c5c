//! Output languages, one a file, all written from the same [`crate::pipeline::Run`].

pub mod contract;
pub mod criticmarkup;
pub mod diff;
pub mod docx;
pub mod findings;
mod folder;
pub mod html;
pub mod json;
mod layout;
pub mod paper;
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
    write_issue_with(run, rules, lang, dir, Beside::default())
}

/// A file that is written beside the usual ones when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extra {
    /// `review.docx`: tracked changes, see [`docx`].
    Docx,
    /// `review.critic.md`: CriticMarkup, see [`criticmarkup`].
    CriticMarkup,
}

impl Extra {
    /// All of them.
    pub const ALL: [Extra; 2] = [Extra::Docx, Extra::CriticMarkup];

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Extra::Docx => "docx",
            Extra::CriticMarkup => "criticmarkup",
        }
    }

    /// The name of its file.
    pub fn file(self) -> &'static str {
        match self {
            Extra::Docx => "review.docx",
            Extra::CriticMarkup => "review.critic.md",
        }
    }

    /// The one that is asked for by a name.
    pub fn named(name: &str) -> Option<Extra> {
        Extra::ALL.into_iter().find(|e| e.name() == name)
    }
}

/// What is written beside the usual files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'a> {
    /// Copies of input files, by their paths inside the issue.
    pub copies: &'a [(String, Vec<u8>)],
    /// Further files.
    pub extras: &'a [Extra],
}

/// [`write_issue`] with more beside it.
///
/// # Errors
/// The file that could not be written, and why; a copy that has the name of another file of the output.
pub fn write_issue_with(run: &Run, rules: &RuleSet, lang: Lang, dir: &Path, beside: Beside) -> Result<()> {
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
    for (name, bytes) in beside.copies {
        folder.copy(name, bytes)?;
    }
    for extra in beside.extras {
        folder.file(extra.file(), |out| match extra {
            Extra::Docx => docx::write(run, rules, lang, out),
            Extra::CriticMarkup => criticmarkup::write(run, rules, lang, out),
        })?;
    }
    folder.take_place()
}
