//! Layout: what the page did to the text is undone. Page furniture is cut, and paragraphs that a column end, a page
//! end or a line end cut in two are joined again.
//!
//! A join is decided by a sum of named reasons ([`join`]); a line of furniture by what stands in it
//! ([`crate::outline`]). Where furniture stands between the halves of a sentence, the two edits lie side by side: the
//! join takes the gap before the furniture, the cut takes the furniture and the gap behind it.

mod furniture;
mod join;
mod pairs;
mod seams;
mod turns;
mod weigh;

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;

/// The stage.
pub struct Layout;

impl Stage for Layout {
    fn name(&self) -> &'static str {
        "layout"
    }

    /// A join changes the length of a line, and a cut what stands beside one: both are reasons for the next.
    fn settles(&self) -> bool {
        true
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let joins = join::find(view, cx);
        let mut drafts = furniture::find(view, cx, &joins);
        let turns = turns::find(view, cx);
        let free = |d: &Draft| !turns.iter().any(|t| t.span.overlaps(d.span));
        drafts.extend(joins.into_iter().map(|j| j.draft));
        drafts.retain(free);
        drafts.extend(turns);
        seams::hold(view, cx, &mut drafts, [cx.rules.id("LAY003"), cx.rules.id("LAY004")]);
        drafts
    }
}
