//! What was counted: the numbers that the driver gathers and that the program says.

use kanwu::finding::{Applicability, Status};
use kanwu::pipeline::Run;
use kanwu::review::calls;

/// What was counted in one issue, or in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Unicode scalar values of the source.
    pub characters: usize,
    /// Edits in force: applied or accepted.
    pub applied: usize,
    /// Things that wait for a person, as the report counts them.
    pub to_decide: usize,
    /// Findings that wait for a person, at or above the level that the caller asked for.
    pub failing: usize,
    /// Findings that wait for a person, each place of a series counted.
    pub waiting: usize,
    /// Decisions whose place was not found again.
    pub lost: usize,
}

impl Tally {
    /// Counts an issue; `fail_on` is the level that the caller asked for.
    pub fn of(run: &Run, fail_on: Option<Applicability>) -> Self {
        let mut tally = Tally {
            characters: run.source().text.chars().count(),
            to_decide: calls(run).len(),
            lost: run.lost_decisions.len(),
            ..Tally::default()
        };
        for finding in &run.findings {
            match finding.status {
                Status::Applied | Status::Accepted => tally.applied += 1,
                Status::Open | Status::Stale => {
                    tally.waiting += 1;
                    tally.failing += usize::from(fail_on.is_some_and(|level| finding.applicability >= level));
                }
                Status::Rejected | Status::Superseded => {}
            }
        }
        tally
    }

    /// Adds another issue.
    pub fn add(&mut self, other: &Tally) {
        self.characters += other.characters;
        self.applied += other.applied;
        self.to_decide += other.to_decide;
        self.failing += other.failing;
        self.waiting += other.waiting;
        self.lost += other.lost;
    }
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Issues that were cleaned.
    pub done: usize,
    /// Issues that were not.
    pub failed: usize,
    /// What was counted in those that were.
    pub tally: Tally,
}

/// What was done in a review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reviewed {
    /// Accepted.
    pub accepted: usize,
    /// Rejected.
    pub rejected: usize,
    /// Rewritten.
    pub edited: usize,
    /// Passed over.
    pub skipped: usize,
    /// What waits, the skipped among it.
    pub left: usize,
}
