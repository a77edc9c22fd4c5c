//! Edits, and the map between a text and what edits make of it.

use super::span::{InSource, InView, SourceSpan, Span, ViewSpan};
use std::borrow::Cow;

/// One replacement: the text of `span` gives way to `text`.
///
/// An insertion has an empty span, a deletion an empty text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit<U> {
    /// What is replaced.
    pub span: Span<U>,
    /// What stands there afterwards.
    pub text: Cow<'static, str>,
}

impl<U> Edit<U> {
    /// An edit that puts `text` in place of `span`.
    pub fn new(span: Span<U>, text: impl Into<Cow<'static, str>>) -> Self {
        Edit { span, text: text.into() }
    }
}

/// The text with sorted, disjoint edits carried out.
pub fn apply<U>(text: &str, edits: &[Edit<U>]) -> String {
    let grown: usize = edits.iter().map(|e| e.text.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.span.start).unwrap_or(""));
        out.push_str(&edit.text);
        done = edit.span.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

/// The line or lines in which a stretch stands, without the line end behind them, in bytes.
pub fn line_at(text: &str, start: usize, end: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let head = bytes.get(..start).unwrap_or(&[]);
    let tail = bytes.get(end..).unwrap_or(&[]);
    let from = memchr::memrchr2(b'\n', b'\r', head).map_or(0, |i| i + 1);
    (from, end + memchr::memchr2(b'\n', b'\r', tail).unwrap_or(tail.len()))
}

/// Where an edit of the source stands in the view.
#[derive(Clone, Copy, Debug)]
struct Patch {
    source: SourceSpan,
    view: ViewSpan,
}

/// The map between source offsets and view offsets under a list of edits of the source.
///
/// Layers are composed into one such list as they are pushed. Mapping back through the layers one by one does not keep
/// nested spans nested, so only the composition is ever asked.
#[derive(Clone, Debug, Default)]
pub struct EditMap {
    patches: Vec<Patch>,
}

impl EditMap {
    /// The map of sorted, disjoint edits of the source.
    pub fn new(edits: &[Edit<InSource>]) -> Self {
        let mut patches = Vec::with_capacity(edits.len());
        let (mut source_done, mut view_done) = (0, 0);
        for edit in edits {
            let start = view_done + (edit.span.start - source_done);
            let view = Span::new(start, start + edit.text.len());
            patches.push(Patch { source: edit.span, view });
            source_done = edit.span.end;
            view_done = view.end;
        }
        EditMap { patches }
    }

    /// The source span that a view span stands for, and the view span widened so that it cuts no edit in two.
    ///
    /// A view span that only touches a deletion leaves it out; one that touches an insertion takes it in, so that
    /// no two insertions ever stand at one place.
    pub fn to_source(&self, span: ViewSpan) -> (SourceSpan, ViewSpan) {
        let mut wide = span;
        loop {
            // What was taken in may touch an insertion that the span itself did not.
            let (source, wider) = self.widened(wide);
            if wider == wide {
                return (source, wide);
            }
            wide = wider;
        }
    }

    fn widened(&self, span: ViewSpan) -> (SourceSpan, ViewSpan) {
        let mut wide = span;
        // The first patch that ends at or after the start of the span.
        let first = self.patches.partition_point(|p| p.view.end < span.start);
        let last = self.patches.partition_point(|p| p.view.start <= span.end);
        let mut inside: Option<SourceSpan> = None;
        for patch in &self.patches[first..last.max(first)] {
            let meets = if patch.view.is_empty() {
                // A deletion belongs to the span only when text on both sides of it does.
                span.start < patch.view.start && patch.view.end < span.end
            } else {
                let touches = patch.source.is_empty() && span.start <= patch.view.end && patch.view.start <= span.end;
                touches || span.start < patch.view.end && patch.view.start < span.end
            };
            if meets {
                wide = wide.hull(patch.view);
                inside = Some(inside.map_or(patch.source, |s| s.hull(patch.source)));
            }
        }
        let mut start = self.source_after(wide.start);
        let mut end = if wide.is_empty() { start } else { self.source_before(wide.end) };
        if let Some(inside) = inside {
            start = start.min(inside.start);
            end = end.max(inside.end);
        }
        (Span::new(start, end), wide)
    }

    /// The source offset of a view offset, behind any deletion that stands there.
    fn source_after(&self, at: usize) -> usize {
        let next = self.patches.partition_point(|p| p.view.start <= at);
        match next.checked_sub(1).map(|i| self.patches[i]) {
            None => at,
            Some(p) if at < p.view.end => p.source.start,
            Some(p) => p.source.end + (at - p.view.end),
        }
    }

    /// The source offset of a view offset, before any deletion that stands there.
    fn source_before(&self, at: usize) -> usize {
        let next = self.patches.partition_point(|p| p.view.start < at);
        match next.checked_sub(1).map(|i| self.patches[i]) {
            None => at,
            Some(p) if at < p.view.end => p.source.end,
            Some(p) => p.source.end + (at - p.view.end),
        }
    }

    /// The view offset of a source offset; inside an edit, the start of what replaced it.
    pub fn to_view(&self, at: usize) -> usize {
        let next = self.patches.partition_point(|p| p.source.start < at);
        match next.checked_sub(1).map(|i| self.patches[i]) {
            None => at,
            Some(p) if at < p.source.end => p.view.start,
            Some(p) => p.view.end + (at - p.source.end),
        }
    }

    /// The view span of a source span: from the view place of its start to the view place of its end.
    pub fn span_to_view(&self, span: Span<InSource>) -> Span<InView> {
        Span::new(self.to_view(span.start), self.to_view(span.end))
    }
}
