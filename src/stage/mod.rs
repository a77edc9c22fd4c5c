//! The stages, in the order in which an issue passes through them.
//!
//! A stage is a pure function from a view of the text to findings. It never edits; the pipeline alone decides what is
//! applied.

mod data;
pub mod duplicates;
pub mod encoding;
pub mod layout;
pub mod lint;
mod names;
pub mod normalize;
pub mod structure;
pub mod typos;

use crate::document::View;
use crate::finding::Draft;
use crate::reuse::Elsewhere;
use crate::rule::RuleSet;
use crate::source::Source;

/// What a stage may know besides the text.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The rules and word lists.
    pub rules: &'a RuleSet,
    /// The source, for what the reader met.
    pub source: &'a Source,
    /// Least confidence, 0 to 1, at which a doubt of the language model is spoken of.
    pub doubt: f32,
    /// Other issues, where there are some to ask: what stands in many of them is no mistake of this one.
    pub elsewhere: Option<&'a dyn Elsewhere>,
}

/// One pass.
pub trait Stage: Sync {
    /// Its name, as in `rules/<name>/`.
    fn name(&self) -> &'static str;
    /// Whether it is run again over what its own changes made of the text, until they come to rest.
    fn settles(&self) -> bool {
        false
    }
    /// What it finds in the view, in any order. Safe findings of one stage must not overlap.
    fn run(&self, view: &View, cx: &Context) -> Vec<Draft>;
}

/// All stages, in order.
pub const STAGES: &[&dyn Stage] = &[
    &encoding::Encoding,
    &normalize::Characters,
    &normalize::Markup,
    &normalize::Normalize,
    &layout::Layout,
    &structure::Structure,
    &duplicates::Duplicates,
    &typos::Typos,
    &lint::Lint,
];
