//! Structure: what the outline shows to be wrong. Headings whose level does not fit their number (STR001), numbers
//! that break a run (STR002), and numbers that are missing from one (STR003).

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
        let (wrong, missing) = (cx.rules.id("STR002"), cx.rules.id("STR003"));
        if wrong.is_some() || missing.is_some() {
            out.extend(numbering::find(view, wrong, missing));
        }
        out
    }
}
