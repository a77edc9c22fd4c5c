//! What only a person can settle: dates that cannot be, weekdays that do not fit, counts that do not tally, marks without
//! their partners, speech that has lost its quotation marks; and the desk's own wordings, titles and orders of names,
//! which are rule files.

mod characters;
mod counts;
mod dates;
mod headings;
mod named;
mod pairs;
pub mod quotation;
mod scan;
mod speech;
mod terms;
mod usage;
mod weekday;

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Lint;

impl Stage for Lint {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let mut drafts = super::data::run(self.name(), view, cx);
        let days = dates::days(view.text());
        dates::find(view, &days, cx, &mut drafts);
        weekday::find(view, &days, cx, &mut drafts);
        counts::find(view, cx, &mut drafts);
        headings::find(view, cx, &mut drafts);
        named::find(view, cx, &mut drafts);
        pairs::find(view, cx, &mut drafts);
        speech::find(view, cx, &mut drafts);
        usage::find(view, cx, &mut drafts);
        terms::find(view, cx, &mut drafts);
        characters::find(view, cx, &mut drafts);
        drafts
    }
}
