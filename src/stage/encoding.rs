//! To be built.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Encoding;

impl Stage for Encoding {
    fn name(&self) -> &'static str {
        "encoding"
    }

    fn run(&self, _view: &View, _cx: &Context) -> Vec<Draft> {
        Vec::new()
    }
}
