//! The document: the immutable source, and the one door through which text changes.

use crate::outline::{self, Outline, Reading};
use crate::source::Source;
use crate::text::{Edit, EditMap, InSource, InView, ViewSpan, apply};
use std::borrow::Cow;
use std::sync::OnceLock;

/// What one stage does to the text: sorted, disjoint edits of the view that the stage saw.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The stage's name.
    pub stage: &'static str,
    /// The edits, each with the number of the finding that made it.
    pub edits: Vec<(Edit<InView>, usize)>,
}

/// An edit of the source that is in force.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The edit, in source offsets.
    pub edit: Edit<InSource>,
    /// The finding that made it.
    pub finding: usize,
}

/// The source and everything that has been done to it.
///
/// All layers are composed into one list of source edits, so what leaves the program is exact however many stages
/// touched a place.
#[derive(Debug)]
pub struct Document<'s> {
    source: &'s Source,
    net: Vec<Applied>,
    view: View<'s>,
}

impl<'s> Document<'s> {
    /// The document before any change.
    pub fn new(source: &'s Source) -> Self {
        Document { source, net: Vec::new(), view: View::new(source, Cow::Borrowed(&source.text), EditMap::default()) }
    }

    /// The source.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// The text as it stands now.
    pub fn view(&self) -> &View<'s> {
        &self.view
    }

    /// The edits in force, sorted and disjoint, in source offsets.
    pub fn applied(&self) -> &[Applied] {
        &self.net
    }

    /// Gives the findings behind the edits new numbers: `now[old]` is the new one.
    pub(crate) fn renumber(&mut self, now: &[usize]) {
        for applied in &mut self.net {
            applied.finding = now.get(applied.finding).copied().unwrap_or(applied.finding);
        }
    }

    /// The source edit that a view edit amounts to: widened where it would cut an earlier edit in two.
    pub fn to_source(&self, edit: &Edit<InView>) -> Edit<InSource> {
        let (span, wide) = self.view.map.to_source(edit.span);
        if wide == edit.span {
            return Edit { span, text: edit.text.clone() };
        }
        let view = &self.view.text;
        let before = view.get(wide.start..edit.span.start).unwrap_or("");
        let after = view.get(edit.span.end..wide.end).unwrap_or("");
        Edit { span, text: Cow::Owned([before, &edit.text, after].concat()) }
    }

    /// Carries out a layer. Returns the findings whose edits it replaced, sorted.
    ///
    /// Of edits that come to overlap when they are widened, two insertions at one place included, only the first is
    /// carried out; the caller gives none such (see [`crate::pipeline`]).
    pub fn push(&mut self, layer: &Layer) -> Vec<usize> {
        if layer.edits.is_empty() {
            return Vec::new();
        }
        let mut fresh = Vec::with_capacity(layer.edits.len());
        let mut last: Option<ViewSpan> = None;
        let mut edits: Vec<&(Edit<InView>, usize)> = layer.edits.iter().collect();
        edits.sort_by_key(|(edit, _)| edit.span);
        for (edit, finding) in edits {
            let (_, wide) = self.view.map.to_source(edit.span);
            if last.is_none_or(|l| l.makes_room_for(wide)) {
                last = Some(wide);
                fresh.push(Applied { edit: self.to_source(edit), finding: *finding });
            }
        }
        // An old edit that a new one meets lies wholly inside it, because the new one was widened.
        let (mut replaced, mut first) = (Vec::new(), 0);
        let mut net = std::mem::take(&mut self.net);
        net.retain(|old| {
            let at = old.edit.span;
            while fresh.get(first).is_some_and(|f| f.edit.span.end < at.start) {
                first += 1;
            }
            let mut near = fresh.iter().skip(first).take_while(|f| f.edit.span.start <= at.start);
            let gone = near.any(|f| f.edit.span.contains(at));
            if gone {
                replaced.push(old.finding);
            }
            !gone
        });
        net.extend(fresh);
        net.sort_by_key(|a| a.edit.span);
        self.net = net;
        let edits: Vec<Edit<InSource>> = self.net.iter().map(|a| a.edit.clone()).collect();
        let text = Cow::Owned(apply(&self.source.text, &edits));
        let before = std::mem::replace(&mut self.view, View::new(self.source, text, EditMap::new(&edits)));
        self.view.keep(before);
        replaced.sort_unstable();
        replaced
    }
}

/// The text as it stands after some layers, with what every stage asks of it computed once.
#[derive(Debug)]
pub struct View<'s> {
    source: &'s Source,
    text: Cow<'s, str>,
    map: EditMap,
    lines: OnceLock<Vec<Line>>,
    /// Readings of lines that the view before had too.
    kept: Vec<Reading>,
    readings: OnceLock<Vec<Reading>>,
    outline: OnceLock<Outline>,
}

/// One line of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its end.
    pub span: ViewSpan,
    /// One past its line end (LF, CR LF or a lone CR).
    pub next: usize,
}

impl<'s> View<'s> {
    fn new(source: &'s Source, text: Cow<'s, str>, map: EditMap) -> Self {
        let (lines, readings, outline) = Default::default();
        View { source, text, map, lines, kept: Vec::new(), readings, outline }
    }

    /// Takes over what the view before read of lines that stand here too.
    fn keep(&mut self, before: View) {
        let Some(readings) = before.readings.into_inner() else { return };
        let lines = self.lines().iter().map(|line| line.span);
        self.kept = outline::keep(readings, &before.text, lines, &self.text);
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty where the span does not fit.
    pub fn get(&self, span: ViewSpan) -> &str {
        span.of(&self.text)
    }

    /// The source that the view shows.
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// The map between the source and this view.
    pub fn map(&self) -> &EditMap {
        &self.map
    }

    /// The lines, blank ones included.
    pub fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| lines(&self.text))
    }

    /// Every line that is not blank, read by what stands in it alone.
    pub(crate) fn readings(&self) -> &[Reading] {
        self.readings.get_or_init(|| outline::read_each(self, &self.kept))
    }

    /// What kind of line each line is, and the articles they make up.
    pub fn outline(&self) -> &Outline {
        self.outline.get_or_init(|| Outline::read(self))
    }

    /// Where the pages after the first begin, in view offsets; empty when the issue is one file.
    pub fn page_starts(&self) -> Vec<usize> {
        self.source.files.iter().skip(1).map(|f| self.map.to_view(f.span.start)).collect()
    }
}

fn lines(text: &str) -> Vec<Line> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let end = memchr::memchr2(b'\n', b'\r', &bytes[start..]).map_or(bytes.len(), |i| start + i);
        let next = match bytes.get(end) {
            None => end,
            Some(b'\r') if bytes.get(end + 1) == Some(&b'\n') => end + 2,
            Some(_) => end + 1,
        };
        out.push(Line { span: ViewSpan::new(start, end), next });
        start = next;
    }
    out
}
