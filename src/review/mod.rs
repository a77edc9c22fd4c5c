//! Review: people's verdicts are an input beside the source, an append-only log that is only ever read here.

mod call;
mod decision;
mod replay;

pub use call::{Call, calls};
pub use decision::{Anchor, Decision, Decisions, Scope, Verdict};
pub use replay::{Resolver, proposal_hash};
