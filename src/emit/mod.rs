//! Output languages, one a file, all written from the same [`crate::pipeline::Run`].

pub mod html;

use crate::error::Result;
use crate::pipeline::Run;
use crate::rule::{Lang, RuleSet};
use std::path::Path;

/// `clean.json` of a run.
pub fn clean_json(_run: &Run, _rules: &RuleSet, _lang: Lang) -> String {
    String::new()
}

/// Writes all files of one issue into `dir` (`output/<issue>`): whole or not at all.
///
/// # Errors
/// The file that could not be written, and why; what was there before stays.
pub fn write_issue(_run: &Run, _rules: &RuleSet, _lang: Lang, _dir: &Path) -> Result<()> {
    Ok(())
}

/// The JSON Schemas of the contract by name: `clean`, `finding`, `decision`.
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    Vec::new()
}
