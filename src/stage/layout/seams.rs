//! A join brings marks together that stood in two lines. Where the form of the joined line would have to be changed
//! again, what the marks mean together is not for a machine to say, and the join is a question.

use crate::document::View;
use crate::finding::{Applicability, Draft};
use crate::rule::RuleId;
use crate::stage::Context;
use crate::stage::normalize::{Foresight, edits};
use crate::text::{EditMap, apply, line_at};

/// Times that the joined text is looked at again after some joins were taken back; then all that are left in a line
/// that would change are.
const TURNS: usize = 4;

/// Takes safe joins back to proposals where the joined line would be changed once more. `joins` are the rules that
/// join.
pub(super) fn hold(view: &View, cx: &Context, drafts: &mut [Draft], joins: [Option<RuleId>; 2]) {
    let joins = |d: &Draft| d.applicability == Applicability::Safe && joins.contains(&Some(d.rule));
    if !drafts.iter().any(joins) {
        return;
    }
    let foresight = Foresight::new(cx.rules);
    drafts.sort_by_key(|d| d.span);
    for turn in 1..=TURNS {
        let edits = edits(drafts);
        let (map, then) = (EditMap::new(&edits), apply(view.text(), &edits));
        let seams: Vec<(usize, usize)> =
            drafts.iter().enumerate().filter(|(_, d)| joins(d)).map(|(i, d)| (map.to_view(d.span.start), i)).collect();
        let (mut at, mut back) = (0, Vec::new());
        while let Some(&(seam, _)) = seams.get(at) {
            let (start, end) = line_at(&then, seam, seam);
            let own = seams.iter().skip(at).take_while(|(seam, _)| *seam <= end).count();
            let own = seams.get(at..at + own).unwrap_or_default();
            at += own.len();
            let changes = foresight.changes(then.get(start..end).unwrap_or(""));
            for change in &changes {
                let near = own.iter().min_by_key(|(seam, _)| seam.abs_diff(start + change.start));
                back.extend(near.filter(|_| turn < TURNS).map(|(_, draft)| *draft));
            }
            if turn == TURNS && !changes.is_empty() {
                back.extend(own.iter().map(|(_, draft)| *draft));
            }
        }
        if back.is_empty() {
            return;
        }
        for draft in back {
            if let Some(draft) = drafts.get_mut(draft) {
                draft.applicability = Applicability::Suggested;
            }
        }
    }
}
