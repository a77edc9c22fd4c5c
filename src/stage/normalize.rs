//! To be built.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Normalize;

impl Stage for Normalize {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn run(&self, _view: &View, _cx: &Context) -> Vec<Draft> {
        Vec::new()
    }
}
