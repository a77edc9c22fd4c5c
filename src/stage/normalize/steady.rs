//! Nothing is changed that would have to be changed again: a pass looks at what its own changes would make of the text,
//! and where it would find more to do there, that line is left to a person.
//!
//! The rules of the pass are written so that this hardly happens; it takes rows of marks that no newspaper prints.

use crate::finding::{Applicability, Draft};
use crate::text::{Edit, EditMap, InSource, Span, apply, line_at};

/// Turns the safe changes of lines that are not steady into proposals. `again` is the pass itself, run over a text.
pub(super) fn hold(text: &str, drafts: &mut [Draft], again: impl FnOnce(&str) -> Vec<Draft>) {
    drafts.sort_by_key(|d| d.span);
    let edits = edits(drafts);
    if edits.is_empty() {
        return;
    }
    let (map, then) = (EditMap::new(&edits), apply(text, &edits));
    for more in again(&then).iter().filter(|d| d.applicability == Applicability::Safe) {
        let line = line_at(&then, more.span.start, more.span.end);
        let here = map.to_source(Span::new(line.0, line.1)).0;
        let (start, end) = line_at(text, here.start, here.end);
        let first = drafts.partition_point(|d| d.span.end < start);
        for draft in drafts.iter_mut().skip(first).take_while(|d| d.span.start <= end) {
            draft.applicability = draft.applicability.min(Applicability::Suggested);
        }
    }
}

/// [`hold`] for a pass that reads line by line, and for lines alone in which changes stand close together or beside a mark
/// that stays: elsewhere one change has no part in the next. `again` runs the pass over one line and what follows it.
pub(super) fn hold_lines(text: &str, drafts: &mut [Draft], again: impl Fn(&str) -> Vec<Draft>) {
    /// Bytes of a line for each change in it, from which on changes stand apart.
    const APART: usize = 24;
    /// Bytes of the next line that a decision at a line end may look at.
    const AHEAD: usize = 24;
    drafts.sort_by_key(|d| d.span);
    let mut from = 0;
    while let Some(first) = drafts.get(from) {
        let (start, end) = line_at(text, first.span.start, first.span.end);
        let count = drafts.iter().skip(from).take_while(|d| d.span.start < end.max(start + 1)).count().max(1);
        let own = drafts.get_mut(from..from + count).unwrap_or_default();
        from += count;
        let close = own.len() * APART >= end - start || has_stray_mark(text, own);
        if !close || own.iter().all(|d| d.applicability != Applicability::Safe) {
            continue;
        }
        let mut ahead = (end + AHEAD).min(text.len());
        while !text.is_char_boundary(ahead) {
            ahead -= 1;
        }
        let shifted: Vec<Edit<InSource>> = edits(own)
            .into_iter()
            .map(|e| Edit { span: Span::new(e.span.start - start, e.span.end - start), text: e.text })
            .collect();
        let then = apply(text.get(start..ahead).unwrap_or(""), &shifted);
        let line_end = then.len() - (ahead - end);
        let more = again(&then);
        if more.iter().any(|d| d.applicability == Applicability::Safe && d.span.start < line_end) {
            own.iter_mut().for_each(|d| d.applicability = d.applicability.min(Applicability::Suggested));
        }
    }
}

/// Whether a mark of half width that stays stands right beside a change; it may be judged by what the change makes.
fn has_stray_mark(text: &str, own: &[Draft]) -> bool {
    let bytes = text.as_bytes();
    let is_changed = |at: usize| {
        let next = own.partition_point(|d| d.span.end <= at);
        own.get(next).is_some_and(|d| d.span.start <= at)
    };
    let stays = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_punctuation) && !is_changed(at);
    own.iter().filter(|d| d.applicability == Applicability::Safe).any(|d| {
        let mut left = (0..d.span.start).rev().skip_while(|at| bytes.get(*at) == Some(&b' '));
        let mut right = (d.span.end..bytes.len()).skip_while(|at| bytes.get(*at) == Some(&b' '));
        left.next().is_some_and(stays) || right.next().is_some_and(stays)
    })
}

/// The safe changes of drafts in the order of their places, as edits of the text that the pass saw. Of those that meet the
/// earlier is made, as the pipeline does it.
pub(crate) fn edits(drafts: &[Draft]) -> Vec<Edit<InSource>> {
    let mut edits: Vec<Edit<InSource>> = Vec::with_capacity(drafts.len());
    for draft in drafts.iter().filter(|d| d.applicability == Applicability::Safe) {
        let span = Span::new(draft.span.start, draft.span.end);
        if let Some(text) = draft.fixes.first()
            && edits.last().is_none_or(|last| last.span.makes_room_for(span))
        {
            edits.push(Edit::new(span, text.clone()));
        }
    }
    edits
}
