//! Structure: what the outline shows to be wrong. Headings whose level does not fit their number (STR001), and numbers
//! that break a run (STR002).

mod level;
mod numbering;

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Structure;

impl Stage for Structure {
    fn name(&self) -> &'static str {
        "structure"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let mut out = Vec::new();
        if let Some(rule) = cx.rules.id("STR001") {
            out.extend(level::find(view, rule));
        }
        if let Some(rule) = cx.rules.id("STR002") {
            out.extend(numbering::find(view, rule));
        }
        out
    }
}
