//! Findings: what a stage noticed, how sure it is that a change is right, and what became of it.

pub use crate::lang::Arg;

use crate::text::{InSource, InView, SourceSpan, Span, ViewSpan};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// The number of a rule in its [`crate::rule::RuleSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

/// How far a change may go without a person. Ordered: one comparison decides what is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Applicability {
    /// Look here; there is no change to make.
    Flag,
    /// A person decides.
    Suggested,
    /// Applied without asking.
    Safe,
}

impl Applicability {
    /// The word that rule files and the contract use.
    pub fn name(self) -> &'static str {
        match self {
            Applicability::Flag => "flag",
            Applicability::Suggested => "suggested",
            Applicability::Safe => "safe",
        }
    }
}

/// What became of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Safe, and done.
    Applied,
    /// Waits for a person.
    Open,
    /// A person accepted it or wrote another text; done.
    Accepted,
    /// A person refused it.
    Rejected,
    /// A decision exists, but for another proposal or place: asked again, never applied.
    Stale,
    /// Lies inside or across an applied or accepted edit that replaced it.
    Superseded,
}

/// What sort of thing a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Undecodable or mis-decoded bytes.
    Encoding,
    /// Control, invisible and compatibility characters, width.
    Character,
    /// Punctuation.
    Punctuation,
    /// Spaces.
    Spacing,
    /// A paragraph cut in mid-sentence.
    Break,
    /// Heading level, numbering, page furniture.
    Structure,
    /// A passage printed twice.
    Duplicate,
    /// Wrong, missing or extra characters.
    Typo,
    /// The document contradicts itself or its own usual wording.
    Consistency,
    /// Lost or unbalanced quotation marks.
    Quotation,
    /// Numerals, units, dates, wording as a standard or the desk writes them.
    Style,
}

impl Category {
    /// All categories, in the order of the contract.
    pub const ALL: [Category; 11] = [
        Category::Encoding,
        Category::Character,
        Category::Punctuation,
        Category::Spacing,
        Category::Break,
        Category::Structure,
        Category::Duplicate,
        Category::Typo,
        Category::Consistency,
        Category::Quotation,
        Category::Style,
    ];

    /// The name that the contract uses.
    pub fn name(self) -> &'static str {
        match self {
            Category::Encoding => "encoding",
            Category::Character => "character",
            Category::Punctuation => "punctuation",
            Category::Spacing => "spacing",
            Category::Break => "break",
            Category::Structure => "structure",
            Category::Duplicate => "duplicate",
            Category::Typo => "typo",
            Category::Consistency => "consistency",
            Category::Quotation => "quotation",
            Category::Style => "style",
        }
    }
}

/// One line of evidence: which of the rule's evidence texts, and what fills its slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The key under `[evidence]` in the rule's file.
    pub key: &'static str,
    /// What fills the slots.
    pub args: Vec<Arg>,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Related<U> {
    /// What the place is to the finding: `original`, `twin`, `opening`, `part` …
    pub role: &'static str,
    /// Where it is.
    pub span: Span<U>,
    /// The part of the finding's own span that it corresponds to, where it corresponds to a part.
    pub part: Option<Span<U>>,
    /// How alike the two are, 0 to 1, where that was measured.
    pub similarity: Option<f64>,
}

/// What a stage reports, in view offsets; the pipeline makes a [`Finding`] of it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The rule.
    pub rule: RuleId,
    /// The place.
    pub span: ViewSpan,
    /// The most that the stage vouches for. The rule and the pipeline may lower it, never raise it.
    pub applicability: Applicability,
    /// Alternative texts for the span, best first.
    pub fixes: Vec<Cow<'static, str>>,
    /// What fills the slots of the rule's message.
    pub args: Vec<Arg>,
    /// Why, in lines that a person can check.
    pub evidence: Vec<Note>,
    /// Other places.
    pub related: Vec<Related<InView>>,
    /// How sure, 0 to 1, where that was estimated.
    pub confidence: Option<f32>,
    /// Findings of a rule with the same series are shown, and may be decided, together.
    pub series: Option<String>,
}

impl Draft {
    fn new(rule: RuleId, span: ViewSpan, applicability: Applicability, fixes: Vec<Cow<'static, str>>) -> Self {
        Draft {
            rule,
            span,
            applicability,
            fixes,
            args: Vec::new(),
            evidence: Vec::new(),
            related: Vec::new(),
            confidence: None,
            series: None,
        }
    }

    /// A change that needs no person: `text` stands for `span`.
    pub fn safe(rule: RuleId, span: ViewSpan, text: impl Into<Cow<'static, str>>) -> Self {
        Draft::new(rule, span, Applicability::Safe, vec![text.into()])
    }

    /// A change that a person decides.
    pub fn suggest(rule: RuleId, span: ViewSpan, text: impl Into<Cow<'static, str>>) -> Self {
        Draft::new(rule, span, Applicability::Suggested, vec![text.into()])
    }

    /// A place to look at.
    pub fn flag(rule: RuleId, span: ViewSpan) -> Self {
        Draft::new(rule, span, Applicability::Flag, Vec::new())
    }

    /// Adds an alternative text, less likely than those before it.
    pub fn or(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.fixes.push(text.into());
        self
    }

    /// Fills the slot `{name}` of the message.
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Adds a line of evidence.
    pub fn because(mut self, key: &'static str, args: impl IntoIterator<Item = Arg>) -> Self {
        self.evidence.push(Note { key, args: args.into_iter().collect() });
        self
    }

    /// Names another place.
    pub fn beside(mut self, role: &'static str, span: ViewSpan) -> Self {
        self.related.push(Related { role, span, part: None, similarity: None });
        self
    }

    /// Says how sure the stage is, 0 to 1.
    pub fn sure(mut self, confidence: f32) -> Self {
        self.confidence = Some(confidence);
        self
    }

    /// Puts the finding into a series.
    pub fn in_series(mut self, series: impl Into<String>) -> Self {
        self.series = Some(series.into());
        self
    }
}

/// What the program reports about a place of the source.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Ten characters of Crockford's base 32, lower case; see [`crate::pipeline`] for what it is made of.
    pub id: String,
    /// The rule.
    pub rule: RuleId,
    /// The rule's category.
    pub category: Category,
    /// How far the change may go without a person.
    pub applicability: Applicability,
    /// The place, in source bytes.
    pub span: SourceSpan,
    /// Alternative texts for the span, best first; empty for a flag.
    pub fixes: Vec<Cow<'static, str>>,
    /// What fills the slots of the rule's message.
    pub args: Vec<Arg>,
    /// Why.
    pub evidence: Vec<Note>,
    /// Other places.
    pub related: Vec<Related<InSource>>,
    /// How sure, 0 to 1.
    pub confidence: Option<f32>,
    /// The series, if any.
    pub series: Option<String>,
    /// What became of it.
    pub status: Status,
    /// The text that now stands for the span, when `status` is applied or accepted.
    pub applied: Option<Cow<'static, str>>,
    /// Name of the stage.
    pub stage: &'static str,
    /// The decision that is in force or asked again, as its number in the log, from 0.
    pub decision: Option<usize>,
    /// Who decided, when a decision exists.
    pub decided_by: Option<String>,
    /// Others who gave a verdict that still counts in the log, in its order: two people who differ are both named.
    pub also_decided_by: Vec<String>,
}

impl Finding {
    /// A finding of which nothing but rule, place and stage is known: a flag that waits, without an id.
    pub fn new(rule: RuleId, span: SourceSpan, stage: &'static str) -> Self {
        Finding {
            id: String::new(),
            rule,
            category: Category::Typo,
            applicability: Applicability::Flag,
            span,
            fixes: Vec::new(),
            args: Vec::new(),
            evidence: Vec::new(),
            related: Vec::new(),
            confidence: None,
            series: None,
            status: Status::Open,
            applied: None,
            stage,
            decision: None,
            decided_by: None,
            also_decided_by: Vec::new(),
        }
    }
}
