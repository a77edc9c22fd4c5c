//! The issue as it goes to a person on paper: the source text with every change marked in it, so that taking all marks
//! back gives the source and carrying all of them out gives the text as proposed.
//!
//! What is marked: every edit in force (applied or accepted), and of each open proposal its first text. Open proposals
//! that lie in one another cannot both be marked: the outermost is, the others are notes in the margin, as are findings
//! that propose nothing. Edits in force inside an open proposal are not marked: the proposal speaks of the whole place,
//! and if it is refused they stand as before.

use crate::finding::{Finding, Status};
use crate::pipeline::Run;
use crate::stage::STAGES;
use crate::text::SourceSpan;
use std::borrow::Cow;
use std::collections::HashSet;

/// A marked change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Number of the finding in the run.
    pub finding: usize,
    /// What is replaced, in bytes of the sheet's text.
    pub span: SourceSpan,
    /// What is to stand there.
    pub text: Cow<'static, str>,
    /// Whether a person is asked; else the change is in force.
    pub open: bool,
}

/// A finding that waits for a person and is not marked as a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Number of the finding in the run.
    pub finding: usize,
    /// The place, in bytes of the sheet's text.
    pub span: SourceSpan,
}

/// A text with its marks.
#[derive(Clone, Debug)]
pub struct Sheet<'t> {
    /// The source text.
    pub text: Cow<'t, str>,
    /// The marked changes, sorted and disjoint; two insertions may stand at one place.
    pub slots: Vec<Slot>,
    /// The notes, in the order of their places.
    pub notes: Vec<Note>,
}

/// A place between two marked changes: the number of the change behind it, and the byte of the text. It tells the places
/// before, between and behind two insertions at one byte apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Number of the change behind it.
    pub gap: usize,
    /// The byte of the text.
    pub at: usize,
}

impl<'r> Sheet<'r> {
    /// The sheet of a run.
    pub fn new(run: &'r Run) -> Self {
        Sheet::with_open(run, &HashSet::new())
    }

    /// The sheet of a run as it was when the findings with these ids stood open, whatever became of them since.
    pub fn with_open(run: &'r Run, ids: &HashSet<String>) -> Self {
        let text = run.source().text.as_str();
        let waits = |f: &Finding| matches!(f.status, Status::Open | Status::Stale) || ids.contains(&f.id);
        let mut open: Vec<(usize, &Finding)> = run.findings.iter().enumerate().filter(|(_, f)| waits(f)).collect();
        open.sort_by_key(|(i, f)| (f.span.start, std::cmp::Reverse(f.span.end), *i));
        let mut done: Vec<Slot> = Vec::new();
        for applied in run.document.applied() {
            let waits = run.findings.get(applied.finding).is_some_and(waits);
            if !waits && applied.edit.span.of(text) != applied.edit.text {
                let (span, text) = (applied.edit.span, applied.edit.text.clone());
                done.push(Slot { finding: applied.finding, span, text, open: false });
            }
        }
        let mut asked: Vec<Slot> = Vec::new();
        let mut notes = Vec::new();
        for (i, f) in open {
            let change = f.fixes.first().filter(|fix| f.span.of(text) != fix.as_ref());
            let clear = asked.last().is_none_or(|last| last.span.makes_room_for(f.span));
            match change {
                Some(fix) if clear && !crosses(run, &done, f) => {
                    asked.push(Slot { finding: i, span: f.span, text: fix.clone(), open: true });
                }
                _ => notes.push(Note { finding: i, span: f.span }),
            }
        }
        let slots = merge(run, done, asked);
        Sheet { text: Cow::Borrowed(text), slots, notes }
    }

    /// The same sheet with every line end as LF.
    pub fn with_plain_line_ends(mut self) -> Sheet<'r> {
        if !self.text.contains('\r') {
            for slot in &mut self.slots {
                slot.text = plain_line_ends(std::mem::take(&mut slot.text));
            }
            return self;
        }
        let text = std::mem::take(&mut self.text);
        // The CR of each CR LF is left out; a lone CR becomes LF.
        let cut: Vec<usize> =
            text.bytes().enumerate().filter(|(i, _)| is_newline_pair(&text, *i)).map(|(i, _)| i).collect();
        let now = |at: usize| at - cut.partition_point(|c| *c < at);
        let within_pair = |at: usize| at.checked_sub(1).is_some_and(|i| is_newline_pair(&text, i));
        for slot in &mut self.slots {
            let (mut start, mut end) = (slot.span.start, slot.span.end);
            // An edit that takes one half of a pair away leaves a line end of its own.
            if within_pair(start) && end > start {
                start -= 1;
                slot.text = Cow::Owned(format!("\r{}", slot.text));
            }
            if within_pair(end) && end > start {
                end += 1;
                slot.text.to_mut().push('\n');
            }
            slot.span = SourceSpan::new(now(start), now(end));
            slot.text = plain_line_ends(std::mem::take(&mut slot.text));
        }
        for note in &mut self.notes {
            note.span = SourceSpan::new(now(note.span.start), now(note.span.end));
        }
        let folded = plain_line_ends(text);
        self.slots.retain(|s| s.span.of(&folded) != s.text);
        self.text = folded;
        self
    }

    /// The text with all marks carried out.
    pub fn accepted(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut done = 0;
        for slot in &self.slots {
            out.push_str(self.text.get(done..slot.span.start).unwrap_or(""));
            out.push_str(&slot.text);
            done = slot.span.end;
        }
        out.push_str(self.text.get(done..).unwrap_or(""));
        out
    }

    /// Where the text between change `gap - 1` and change `gap` stands.
    pub fn gap(&self, gap: usize) -> SourceSpan {
        let start = gap.checked_sub(1).and_then(|i| self.slots.get(i)).map_or(0, |s| s.span.end);
        SourceSpan::new(start, self.slots.get(gap).map_or(self.text.len(), |s| s.span.start))
    }

    /// The places on both sides of a change from which its bookmark runs: one character away, behind all changes that
    /// touch it. That character stays whatever becomes of the changes, and the bookmark with it.
    pub fn around_slot(&self, slot: usize) -> (Spot, Spot) {
        let (mut first, mut last) = (slot, slot + 1);
        while first > 0 && self.gap(first).is_empty() {
            first -= 1;
        }
        while last < self.slots.len() && self.gap(last).is_empty() {
            last += 1;
        }
        let (left, right) = (self.gap(first), self.gap(last));
        let before = left.of(&self.text).chars().next_back().map_or(0, char::len_utf8);
        let after = right.of(&self.text).chars().next().map_or(0, char::len_utf8);
        (Spot { gap: first, at: left.end - before }, Spot { gap: last, at: right.start + after })
    }

    /// The places at the two ends of a note, moved out of changes that they would stand in; nothing where the whole note
    /// lies in one.
    pub fn around_note(&self, note: &Note) -> Option<(Spot, Spot)> {
        let first = self.slots.partition_point(|s| s.span.end <= note.span.start && s.span.start < note.span.start);
        let start = match self.slots.get(first) {
            Some(slot) if slot.span.start < note.span.start => slot.span.start,
            _ => note.span.start,
        };
        let last = self.slots.partition_point(|s| s.span.start < note.span.end);
        let end = match last.checked_sub(1).and_then(|i| self.slots.get(i)) {
            Some(slot) if slot.span.end > note.span.end => slot.span.end,
            _ => note.span.end,
        };
        let inside =
            first < last && self.slots.get(first).is_some_and(|s| s.span.contains(note.span) && s.span != note.span);
        let (start, end) = (Spot { gap: first, at: start }, Spot { gap: last.max(first), at: end });
        (!inside).then_some((start, end))
    }

    /// A place moved one character outward, as far as the text between two changes goes.
    pub fn before(&self, spot: Spot) -> Spot {
        let head = self.text.get(self.gap(spot.gap).start..spot.at).unwrap_or("");
        Spot { at: spot.at - head.chars().next_back().map_or(0, char::len_utf8), ..spot }
    }

    /// See [`Sheet::before`].
    pub fn after(&self, spot: Spot) -> Spot {
        let tail = self.text.get(spot.at..self.gap(spot.gap).end).unwrap_or("");
        Spot { at: spot.at + tail.chars().next().map_or(0, char::len_utf8), ..spot }
    }
}

impl Slot {
    /// What the change leaves alone at its start, what it takes out, what it puts in, and what it leaves alone at its end.
    pub fn parts<'a>(&'a self, text: &'a str) -> [&'a str; 4] {
        let (old, new) = (self.span.of(text), self.text.as_ref());
        let same = |a: (usize, char), b: char| (a.1 == b).then_some(a.1.len_utf8());
        let head: usize = old.char_indices().zip(new.chars()).map_while(|(a, b)| same(a, b)).sum();
        let (old_rest, new_rest) = (old.get(head..).unwrap_or(""), new.get(head..).unwrap_or(""));
        let backward = old_rest.char_indices().rev().zip(new_rest.chars().rev());
        let tail: usize = backward.map_while(|(a, b)| same(a, b)).sum();
        let cut = |s: &'a str, from: usize, to: usize| s.get(from..to).unwrap_or("");
        [
            cut(old, 0, head),
            cut(old, head, old.len() - tail),
            cut(new, head, new.len() - tail),
            cut(old, old.len() - tail, old.len()),
        ]
    }
}

/// Whether a finding's place lies across one of some sorted edits, neither inside it nor around it nor beside it. Of two
/// insertions at one place the finding's takes in the other only when its stage saw it.
fn crosses(run: &Run, done: &[Slot], f: &Finding) -> bool {
    let span = f.span;
    let from = done.partition_point(|d| d.span.end <= span.start && d.span.start < span.start);
    let mut near = done.get(from..).unwrap_or(&[]).iter().take_while(|d| d.span.start < span.end.max(span.start + 1));
    near.any(|d| {
        let both_insert = d.span.is_empty() && span.is_empty();
        let unseen = both_insert && run.findings.get(d.finding).is_none_or(|d| order(d) >= order(f));
        d.span.overlaps(span) && (!span.contains(d.span) || unseen)
    })
}

/// The number of a finding's stage.
fn order(finding: &Finding) -> usize {
    STAGES.iter().position(|s| s.name() == finding.stage).unwrap_or(STAGES.len())
}

/// The edits in force that stand outside the open proposals, and these.
fn merge(run: &Run, done: Vec<Slot>, asked: Vec<Slot>) -> Vec<Slot> {
    let stage = |finding: usize| run.findings.get(finding).map_or(STAGES.len(), order);
    let mut out: Vec<Slot> = Vec::with_capacity(done.len() + asked.len());
    let mut asked = asked.into_iter().peekable();
    for slot in done {
        while let Some(before) = asked.next_if(|a| a.span.end < slot.span.start) {
            out.push(before);
        }
        // A proposal takes the place of what stands in it. An insertion at its edge belongs to it when its stage saw the
        // insertion, because its text was widened over it then.
        let belongs = |a: &Slot| match (a.span.contains(slot.span), a.span.overlaps(slot.span)) {
            (true, true) => true,
            (true, false) => stage(slot.finding) < stage(a.finding),
            _ => false,
        };
        if asked.peek().is_some_and(belongs) {
            continue;
        }
        while let Some(before) = asked.next_if(|a| a.span < slot.span && a.span.end <= slot.span.start) {
            out.push(before);
        }
        if asked.peek().is_some_and(belongs) {
            continue;
        }
        out.push(slot);
    }
    out.extend(asked);
    out
}

fn plain_line_ends(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => text,
    }
}

/// Whether a CR LF begins at a byte.
fn is_newline_pair(text: &str, at: usize) -> bool {
    text.as_bytes().get(at..at + 2) == Some(b"\r\n")
}
