//! Wrong, doubled and drifting wording, from the document's own evidence.

pub mod usage;

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Typos;

impl Stage for Typos {
    fn name(&self) -> &'static str {
        "typos"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        crate::rule::kind::run("typos", view, cx)
    }
}
