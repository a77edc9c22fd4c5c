//! To be built.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Layout;

impl Stage for Layout {
    fn name(&self) -> &'static str {
        "layout"
    }

    fn run(&self, _view: &View, _cx: &Context) -> Vec<Draft> {
        Vec::new()
    }
}
