//! To be built.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Typos;

impl Stage for Typos {
    fn name(&self) -> &'static str {
        "typos"
    }

    fn run(&self, _view: &View, _cx: &Context) -> Vec<Draft> {
        Vec::new()
    }
}
