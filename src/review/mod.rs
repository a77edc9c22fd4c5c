//! Review: people's verdicts are an input beside the source, an append-only log. `clean` reads it; whatever asks a person
//! writes it through [`Log`].

pub mod accept;
mod call;
mod decision;
mod log;
pub mod paper;
mod recall;
mod replay;
mod stats;

pub use call::{Call, calls};
pub use decision::{Anchor, Decision, Decisions, Scope, Verdict};
pub use log::{Log, Signature, decision, log_text};
pub use recall::{Place, RECALLED, places, recalled};
pub use replay::{Resolver, proposal_hash, reunite};
pub use stats::{Advice, IssueStats, RuleStats, Stats};
