//! `report.html`: what an editor opens first.

use crate::pipeline::Run;
use crate::rule::{Lang, RuleSet};

/// The report of one issue: one file that needs no network.
pub fn report(_run: &Run, _rules: &RuleSet, _lang: Lang) -> String {
    String::new()
}
