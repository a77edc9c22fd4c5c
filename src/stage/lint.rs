//! To be built.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Lint;

impl Stage for Lint {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn run(&self, _view: &View, _cx: &Context) -> Vec<Draft> {
        Vec::new()
    }
}
