//! What a desk never wants to be asked again: a line for `words/accept.toml` of its own rules, shown as a diff before
//! anything is written.

use crate::cli::say;
use crate::cli::target::Target;
use crate::config::Config;
use kanwu::error::Result;
use kanwu::pipeline::Run;
use kanwu::review::accept::{LIST, diff, text_of, with};
use kanwu::rule::Lang;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A change to the desk's list of accepted texts.
pub struct Proposal {
    /// The desk's list; `None` where the desk has no folder of rules.
    path: Option<PathBuf>,
    old: String,
    new: String,
}

impl Proposal {
    /// The change that accepts the places of findings.
    ///
    /// # Errors
    /// A list that cannot be read or changed.
    pub fn new(run: &Run, numbers: &[usize], config: &Config, lang: Lang) -> Result<Proposal> {
        let path = config.rules_dirs.last().map(|dir| dir.join(LIST));
        let old = match &path {
            Some(path) if path.exists() => {
                std::fs::read_to_string(path).map_err(|e| say::cannot_read_rules("", path, &e))?
            }
            _ => String::new(),
        };
        let known = &config.rules.words("accept").words;
        let mut texts: Vec<String> = Vec::new();
        for finding in numbers.iter().filter_map(|n| run.findings.get(*n)) {
            let text = text_of(&run.source().text, finding.span);
            if !text.is_empty() && !known.contains(&text) && !texts.contains(&text) {
                texts.push(text);
            }
        }
        let place = path.clone().unwrap_or_else(|| PathBuf::from(LIST));
        let new = texts.iter().try_fold(old.clone(), |list, text| with(&list, text, lang));
        let new = new.ok_or_else(|| say::list_not_understood(&place))?;
        Ok(Proposal { path, old, new })
    }

    /// Whether it can be written.
    ///
    /// # Errors
    /// The desk has no folder of rules.
    pub fn check(&self) -> Result<()> {
        self.path.as_ref().map(|_| ()).ok_or_else(say::no_desk_rules)
    }

    /// Writes the list.
    ///
    /// # Errors
    /// Why it could not be written; the old one stands.
    pub fn write(&self) -> Result<()> {
        let Some(path) = self.path.as_ref().filter(|_| self.old != self.new) else { return Ok(()) };
        let cannot = |e: std::io::Error| say::cannot_write(path, &e);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(cannot)?;
        let mut target = Target::begin(path)?;
        target.write_all(self.new.as_bytes()).map_err(cannot)?;
        target.finish()
    }

    /// The diff; nothing where the list has the texts already.
    pub fn diff(&self) -> Option<String> {
        (self.old != self.new).then(|| diff(&self.place().display().to_string(), &self.old, &self.new))
    }

    /// The diff, with a word on what it is.
    pub fn shown(&self, written: bool, lang: Lang) -> String {
        match self.diff() {
            Some(diff) => say::accept_diff(&diff, written, self.path.is_some(), lang),
            None => say::accepted_already(&self.place(), lang),
        }
    }

    fn place(&self) -> PathBuf {
        self.path.clone().unwrap_or_else(|| PathBuf::from(LIST))
    }
}
