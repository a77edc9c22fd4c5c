//! `changes.diff`: what was changed, as a unified diff of the source and `clean.md`.
//!
//! It is made from the edits in force, never computed again from the two texts, so each line of it is there because an
//! edit touched it. Lines are those of the source and end in LF, as `patch` counts them; a CR before it belongs to the
//! line.

use crate::document::Applied;
use crate::pipeline::Run;
use std::io::{self, Write};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// Writes the diff; nothing at all where nothing was changed.
///
/// # Errors
/// What the writer reports.
pub fn write(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let source = run.source();
    let name = match source.files.as_slice() {
        [only] if source.is_plain() => only.name.as_str(),
        _ => "source.md",
    };
    unified(&source.text, run.document.applied(), [name, "clean.md"], out)
}

/// Whole lines that give way to whole lines.
struct Change {
    /// The old lines, as bytes of the source.
    start: usize,
    end: usize,
    /// What stands there afterwards.
    text: String,
}

/// Writes the unified diff of sorted, disjoint edits of a text.
///
/// # Errors
/// What the writer reports.
pub fn unified(text: &str, edits: &[Applied], names: [&str; 2], out: &mut dyn Write) -> io::Result<()> {
    let mut changes = Changes { text, edits, next: 0 }.filter(|c| text.get(c.start..c.end) != Some(&c.text)).peekable();
    if changes.peek().is_none() {
        return Ok(());
    }
    let [old, new] = names.map(|name| name.replace(['\n', '\r'], " "));
    writeln!(out, "--- {old}\n+++ {new}")?;
    let mut lines = Lines::new(text);
    let mut shift = 0;
    while let Some(first) = changes.next() {
        let from = lines.back(first.start, CONTEXT);
        let mut hunk = vec![first];
        let mut to = lines.forward(hunk[0].end, CONTEXT);
        while let Some(next) = changes.next_if(|c| lines.back(c.start, CONTEXT) <= to) {
            to = lines.forward(next.end, CONTEXT);
            hunk.push(next);
        }
        let before = lines.before(from);
        shift = write_hunk(&lines, before, from..to, &hunk, shift, out)?;
    }
    Ok(())
}

/// Writes one hunk, with `before` lines of the source above it, and returns how many lines longer the new text is after it.
fn write_hunk(
    lines: &Lines,
    before: usize,
    span: std::ops::Range<usize>,
    hunk: &[Change],
    shift: isize,
    out: &mut dyn Write,
) -> io::Result<isize> {
    let piece = |from, to| lines.text.get(from..to).unwrap_or("");
    let old = count(piece(span.start, span.end));
    let grown: isize = hunk.iter().map(|c| count(&c.text) as isize - count(piece(c.start, c.end)) as isize).sum();
    let new = (old as isize + grown).max(0) as usize;
    let begin = |n: usize, count: usize| if count == 0 { n } else { n + 1 };
    let after = (before as isize + shift).max(0) as usize;
    writeln!(out, "@@ -{},{old} +{},{new} @@", begin(before, old), begin(after, new))?;
    let mut done = span.start;
    for change in hunk {
        write_lines(b' ', piece(done, change.start), out)?;
        write_lines(b'-', piece(change.start, change.end), out)?;
        write_lines(b'+', &change.text, out)?;
        done = change.end;
    }
    write_lines(b' ', piece(done, span.end), out)?;
    Ok(shift + grown)
}

fn write_lines(mark: u8, text: &str, out: &mut dyn Write) -> io::Result<()> {
    for line in text.split_inclusive('\n') {
        out.write_all(&[mark])?;
        out.write_all(line.as_bytes())?;
        if !line.ends_with('\n') {
            out.write_all(b"\n\\ No newline at end of file\n")?;
        }
    }
    Ok(())
}

/// Lines of a text, a last one without an end included.
fn count(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() + usize::from(!text.is_empty() && !text.ends_with('\n'))
}

/// Edits as changes of whole lines, in order.
struct Changes<'a> {
    text: &'a str,
    edits: &'a [Applied],
    next: usize,
}

impl Iterator for Changes<'_> {
    type Item = Change;

    fn next(&mut self) -> Option<Change> {
        let first = self.edits.get(self.next)?.edit.span;
        let start = line_start(self.text, first.start);
        let mut change = Change { start, end: start, text: String::new() };
        let mut done = start;
        loop {
            // A change that does not end a line runs on into the next one, or into an edit at its very end.
            while let Some(applied) = self.edits.get(self.next) {
                let at = applied.edit.span;
                let inside = at.start < change.end || at.start == first.start && done == start;
                let open = !begins_line(self.text, change.end) || ends_open(&change.text, self.text, done, change.end);
                let runs_on = at.start == change.end && open;
                if !inside && !runs_on {
                    break;
                }
                change.text.push_str(self.text.get(done..at.start).unwrap_or(""));
                change.text.push_str(&applied.edit.text);
                done = at.end;
                if at.end > change.end {
                    change.end = if begins_line(self.text, at.end) { at.end } else { line_end(self.text, at.end) };
                }
                self.next += 1;
            }
            if change.end >= self.text.len() || !ends_open(&change.text, self.text, done, change.end) {
                break;
            }
            change.end = line_end(self.text, change.end);
        }
        change.text.push_str(self.text.get(done..change.end).unwrap_or(""));
        Some(change)
    }
}

/// Whether `made` and the rest of the text up to `end` leave a line without its end.
fn ends_open(made: &str, text: &str, done: usize, end: usize) -> bool {
    let rest = text.get(done..end).unwrap_or("");
    let last = if rest.is_empty() { made } else { rest };
    !last.is_empty() && !last.ends_with('\n')
}

fn begins_line(text: &str, at: usize) -> bool {
    at.checked_sub(1).is_none_or(|last| text.as_bytes().get(last) == Some(&b'\n'))
}

fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', text.as_bytes().get(..at).unwrap_or(b"")).map_or(0, |i| i + 1)
}

/// One past the line end of the line that holds `at`.
fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or(b"");
    memchr::memchr(b'\n', rest).map_or(text.len(), |i| at + i + 1)
}

/// Walks the lines of the source; line numbers are counted once, from front to back.
struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: usize,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Lines { text, at: 0, number: 0 }
    }

    /// The start of the line `n` lines above the line start `at`.
    fn back(&self, mut at: usize, n: usize) -> usize {
        for _ in 0..n {
            at = at.checked_sub(1).map_or(0, |end| line_start(self.text, end));
        }
        at
    }

    /// The end of the line `n` lines below the line start `at`.
    fn forward(&self, mut at: usize, n: usize) -> usize {
        for _ in 0..n {
            at = line_end(self.text, at);
        }
        at
    }

    /// How many lines stand before the line start `at`, which is not before that of the last call.
    fn before(&mut self, at: usize) -> usize {
        self.number += memchr::memchr_iter(b'\n', self.text.as_bytes().get(self.at..at).unwrap_or(b"")).count();
        self.at = at;
        self.number
    }
}
