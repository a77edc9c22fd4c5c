//! One line of `<issue>.decisions.jsonl`, and the log as `clean` uses it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Do what is proposed (or `text`, when it is one of the alternatives).
    Accept,
    /// Leave the text as it is.
    Reject,
    /// Put `text` there.
    Edit,
    /// Forget the earlier verdicts on this finding.
    Undo,
}

/// How far a verdict reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This place.
    #[default]
    Once,
    /// The like in this issue.
    Issue,
    /// The like in every issue.
    Always,
}

/// What a finding stood on when it was decided, to find it again when its id has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Anchor {
    /// The rule's code.
    pub rule: String,
    /// The source text of the span.
    pub quote: String,
    /// Text before it.
    pub before: String,
    /// Text after it.
    pub after: String,
    /// The article's id.
    pub article: Option<String>,
    /// Number among equal ones in the article, from 1.
    pub occurrence: u32,
    /// The witness, where there are several.
    pub witness: Option<String>,
}

/// One verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The finding's id.
    pub finding: String,
    /// What was said.
    pub verdict: Verdict,
    /// The text chosen or written.
    #[serde(default)]
    pub text: String,
    /// Hash of the fixes that were shown.
    #[serde(default)]
    pub proposal: String,
    /// How far it reaches.
    #[serde(default)]
    pub scope: Scope,
    /// Who.
    #[serde(default)]
    pub by: String,
    /// When (RFC 3339).
    #[serde(default)]
    pub at: String,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// What the finding stood on.
    #[serde(default)]
    pub anchor: Anchor,
}

/// The log of one issue.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// All lines, in the order they were written.
    pub log: Vec<Decision>,
}
