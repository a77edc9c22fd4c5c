//! Replays a log of decisions over fresh findings.

use super::Decisions;
use crate::finding::Finding;
use crate::rule::RuleSet;
use crate::source::Source;

/// Answers, for each finding of a run in turn, what has been decided about it.
pub struct Resolver<'d> {
    log: &'d Decisions,
    source: &'d Source,
}

/// Hash of the fixes that a person was shown: a verdict holds only for the same proposal.
pub fn proposal_hash(_fixes: &[std::borrow::Cow<'static, str>]) -> String {
    String::new()
}

impl<'d> Resolver<'d> {
    /// Reads the log.
    pub fn new(log: &'d Decisions, source: &'d Source) -> Self {
        Resolver { log, source }
    }

    /// Sets the finding's status, text and decider where a decision exists. `stands` is the text that now stands for
    /// the finding's span, which accepting a flag keeps.
    pub fn decide(&mut self, _finding: &mut Finding, _rules: &RuleSet, _stands: &str) {}

    /// The lines of the log whose place was not found.
    pub fn lost(self) -> Vec<usize> {
        let _ = (self.log, self.source);
        Vec::new()
    }
}
