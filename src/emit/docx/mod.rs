//! `review.docx`: the issue for an editor who works in a word processor, every change a tracked change.
//!
//! A line of the source is a paragraph. "Reject all" gives the source, "accept all" gives the text with every change carried
//! out that is in force or first proposed ([`super::paper`]). Changes in force and changes that are asked for stand under two
//! names, so that a word processor can show the one without the other; only what is asked carries a comment. A bookmark
//! around each place, named after the finding, is what the reader ([`crate::review::paper`]) finds the places by.
//!
//! The file is Office Open XML (ECMA-376), transitional, with nothing in it that depends on the clock.

pub mod glyph;
mod package;
mod parts;

pub use package::{Missing, part, write_package};

use super::findings;
use super::html::words;
use super::paper::{Sheet, Spot};
use crate::finding::Finding;
use crate::pipeline::Run;
use crate::rule::{Lang, RuleSet};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The name under which what is asked stands. That of what is in force begins with it too.
pub const AUTHOR: &str = "kanwu";
/// What the name of a finding's bookmark begins with.
pub const BOOKMARK: &str = "kanwu_";
/// What the name of the bookmark begins with that says which source the document shows.
pub const SOURCE_MARK: &str = "kanwu_source_";

/// Writes the document of a run.
///
/// # Errors
/// What the writer reports.
pub fn write(run: &Run, rules: &RuleSet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let sheet = Sheet::new(run).with_plain_line_ends();
    let comments = comments(&sheet, run, rules, lang);
    let body = Body::new(&sheet, run, lang).write();
    let parts = parts::all(&body, &comments, &run.source().id);
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    out.write_all(&write_package(&parts)?)
}

/// What tells one source from another in the name of a bookmark.
pub fn source_mark(run: &Run) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(run.source().text.as_bytes());
    digest.iter().take(8).fold(SOURCE_MARK.to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// The numbers of the findings that have a comment, in the order of the comments.
fn commented(sheet: &Sheet) -> Vec<usize> {
    let asked = sheet.slots.iter().filter(|s| s.open).map(|s| (s.span, s.finding));
    let mut all: Vec<_> = asked.chain(sheet.notes.iter().map(|n| (n.span, n.finding))).collect();
    all.sort();
    all.into_iter().map(|(_, finding)| finding).collect()
}

/// `word/comments.xml`.
fn comments(sheet: &Sheet, run: &Run, rules: &RuleSet, lang: Lang) -> String {
    let mut xml = String::from(parts::COMMENTS_HEAD);
    for (n, number) in commented(sheet).into_iter().enumerate() {
        let Some(finding) = run.findings.get(number) else { continue };
        xml.push_str(&format!("<w:comment w:id=\"{n}\" w:author=\"{AUTHOR}\" {DATE} w:initials=\"kw\">"));
        for (i, line) in said(finding, rules, lang).iter().enumerate() {
            xml.push_str("<w:p><w:pPr><w:pStyle w:val=\"CommentText\"/></w:pPr>");
            if i == 0 {
                xml.push_str("<w:r><w:rPr><w:rStyle w:val=\"CommentReference\"/></w:rPr><w:annotationRef/></w:r>");
            }
            xml.push_str("<w:r>");
            glyph::text(&mut xml, line, "w:t");
            xml.push_str("</w:r></w:p>");
        }
        xml.push_str("</w:comment>");
    }
    xml.push_str("</w:comments>");
    xml
}

/// What the margin says of a finding: its message, why, other texts, and what it is called.
pub fn said(finding: &Finding, rules: &RuleSet, lang: Lang) -> Vec<String> {
    let rule = rules.get(finding.rule);
    let s = words::strings(lang);
    let mut lines = vec![rule.message.fill(lang, &finding.args)];
    lines.extend(findings::evidence(finding, rule, lang));
    if finding.fixes.len() > 1 {
        let others = finding.fixes.iter().skip(1).take(ALTERNATIVES);
        let others: Vec<&str> = others.map(|f| if f.is_empty() { s.delete } else { f.as_ref() }).collect();
        lines.push(format!("{} {}", s.alternatives, others.join(s.and)));
    }
    let mut foot = format!("{} {}", rule.code, words::category(finding.category, lang));
    if let Some(sure) = finding.confidence.filter(|c| c.is_finite()) {
        let percent = (f64::from(sure.clamp(0.0, 1.0)) * 100.0).round() as usize;
        foot.push_str(&format!(" · {}", words::number(s.confidence, percent)));
    }
    lines.push(format!("{foot} · {AUTHOR} {}", finding.id));
    lines.iter_mut().for_each(|line| *line = line.replace(['\n', '\r'], " "));
    lines
}

/// The same for every change, because the clock has no part in an output; without one, Writer makes up a broken one.
const DATE: &str = "w:date=\"2000-01-01T00:00:00Z\"";

/// Other texts that a comment names.
const ALTERNATIVES: usize = 8;

/// Whether a piece of text stays, goes or comes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ink {
    Stays,
    Goes,
    Comes,
}

/// The document's text as it is written.
struct Body<'s> {
    sheet: &'s Sheet<'s>,
    /// What stands between two characters: ends before beginnings.
    markers: BTreeMap<(Spot, u8), String>,
    xml: String,
    /// The paragraph at hand, without its properties.
    paragraph: String,
    /// The beginning of the paragraph's source text.
    head: String,
    /// Whether the paragraph holds any text.
    filled: bool,
    /// Number of the next annotation.
    id: usize,
    /// The names under which what is in force and what is asked stand.
    authors: [&'static str; 2],
}

impl<'s> Body<'s> {
    fn new(sheet: &'s Sheet<'s>, run: &Run, lang: Lang) -> Self {
        let authors = match lang {
            Lang::Zh => ["kanwu（已改）", AUTHOR],
            Lang::En => ["kanwu (applied)", AUTHOR],
        };
        let (xml, paragraph, head) = Default::default();
        let mut body = Body { sheet, markers: BTreeMap::new(), xml, paragraph, head, filled: false, id: 1, authors };
        body.mark(run);
        body
    }

    /// Lays out the bookmarks and the ranges of the comments.
    fn mark(&mut self, run: &Run) {
        let numbers: BTreeMap<usize, usize> =
            commented(self.sheet).into_iter().enumerate().map(|(n, finding)| (finding, n)).collect();
        // Around everything: no change, accepted or not, takes the whole text away.
        let end = Spot { gap: self.sheet.slots.len(), at: self.sheet.text.len() };
        self.bookmark(&source_mark(run), Spot { gap: 0, at: 0 }, end);
        for (i, slot) in self.sheet.slots.iter().enumerate() {
            let Some(finding) = run.findings.get(slot.finding) else { continue };
            let (from, to) = self.sheet.around_slot(i);
            self.bookmark(&format!("{BOOKMARK}{}", finding.id), from, to);
            if let Some(n) = numbers.get(&slot.finding).filter(|_| slot.open) {
                let (from, to) = (Spot { gap: i, at: slot.span.start }, Spot { gap: i + 1, at: slot.span.end });
                self.comment(*n, from, to);
            }
        }
        for note in &self.sheet.notes {
            let Some(finding) = run.findings.get(note.finding) else { continue };
            let place = self.sheet.around_note(note);
            if let Some((from, to)) = place {
                let (from, to) = (self.sheet.before(from), self.sheet.after(to));
                self.bookmark(&format!("{BOOKMARK}{}", finding.id), from, to);
            }
            let inside = self.sheet.slots.partition_point(|s| s.span.end <= note.span.start);
            let whole = (
                Spot { gap: inside, at: self.sheet.gap(inside).end },
                Spot { gap: inside + 1, at: self.sheet.gap(inside + 1).start },
            );
            let (from, to) = place.unwrap_or(whole);
            if let Some(n) = numbers.get(&note.finding) {
                self.comment(*n, from, to);
            }
        }
    }

    fn bookmark(&mut self, name: &str, from: Spot, to: Spot) {
        let id = self.next();
        let start = format!("<w:bookmarkStart w:id=\"{id}\" w:name=\"{name}\"/>");
        self.range(from, to, start, &format!("<w:bookmarkEnd w:id=\"{id}\"/>"));
    }

    fn comment(&mut self, n: usize, from: Spot, to: Spot) {
        let end = format!(
            "<w:commentRangeEnd w:id=\"{n}\"/><w:r><w:rPr><w:rStyle w:val=\"CommentReference\"/></w:rPr>\
             <w:commentReference w:id=\"{n}\"/></w:r>"
        );
        self.range(from, to, format!("<w:commentRangeStart w:id=\"{n}\"/>"), &end);
    }

    fn range(&mut self, from: Spot, to: Spot, start: String, end: &str) {
        let at = self.markers.entry((from, 1)).or_default();
        at.push_str(&start);
        if from == to {
            at.push_str(end);
        } else {
            self.markers.entry((to, 0)).or_default().push_str(end);
        }
    }

    fn next(&mut self) -> usize {
        self.id += 1;
        self.id
    }

    fn write(mut self) -> String {
        let sheet = self.sheet;
        let mut markers = std::mem::take(&mut self.markers).into_iter().peekable();
        for gap in 0..=sheet.slots.len() {
            let place = sheet.gap(gap);
            let mut done = place.start;
            while let Some(((spot, _), xml)) = markers.next_if(|((spot, _), _)| spot.gap == gap) {
                self.text(sheet.text.get(done..spot.at).unwrap_or(""), Ink::Stays, 0);
                self.paragraph.push_str(&xml);
                done = done.max(spot.at);
            }
            self.text(sheet.text.get(done..place.end).unwrap_or(""), Ink::Stays, 0);
            let Some(slot) = sheet.slots.get(gap) else { continue };
            let [head, old, new, tail] = slot.parts(&sheet.text);
            let author = usize::from(slot.open);
            self.text(head, Ink::Stays, author);
            self.text(old, Ink::Goes, author);
            self.text(new, Ink::Comes, author);
            self.text(tail, Ink::Stays, author);
        }
        self.end_paragraph(Ink::Stays, 0);
        self.xml
    }

    /// Text in which a line end is the end of a paragraph.
    fn text(&mut self, text: &str, ink: Ink, author: usize) {
        for (i, line) in text.split('\n').enumerate() {
            if i > 0 {
                self.end_paragraph(ink, author);
            }
            self.run(line, ink, author);
        }
    }

    fn run(&mut self, text: &str, ink: Ink, author: usize) {
        if text.is_empty() {
            return;
        }
        if ink != Ink::Comes && self.head.len() < 8 {
            self.head.extend(text.chars().take(8));
        }
        self.filled = true;
        let (wrap, element) = match ink {
            Ink::Stays => ("", "w:t"),
            Ink::Goes => ("w:del", "w:delText"),
            Ink::Comes => ("w:ins", "w:t"),
        };
        if !wrap.is_empty() {
            let revision = self.revision(author);
            self.paragraph.push_str(&format!("<{wrap} {revision}>"));
        }
        self.paragraph.push_str("<w:r>");
        glyph::text(&mut self.paragraph, text, element);
        self.paragraph.push_str("</w:r>");
        if !wrap.is_empty() {
            self.paragraph.push_str(&format!("</{wrap}>"));
        }
    }

    fn revision(&mut self, author: usize) -> String {
        let author = self.authors.get(author).copied().unwrap_or(AUTHOR);
        format!("w:id=\"{}\" w:author=\"{author}\" {DATE}", self.next())
    }

    /// Ends the paragraph; `ink` says whether its end stays.
    fn end_paragraph(&mut self, ink: Ink, author: usize) {
        self.xml.push_str("<w:p>");
        let marks = self.head.bytes().take_while(|b| *b == b'#').count();
        let is_heading = (1..=6).contains(&marks) && self.head.as_bytes().get(marks) == Some(&b' ');
        let style = match () {
            () if is_heading => format!("<w:pStyle w:val=\"Heading{marks}\"/>"),
            () if !self.filled => "<w:pStyle w:val=\"Blank\"/>".to_owned(),
            () => String::new(),
        };
        let end = match ink {
            Ink::Stays => String::new(),
            Ink::Goes => format!("<w:rPr><w:del {}/></w:rPr>", self.revision(author)),
            Ink::Comes => format!("<w:rPr><w:ins {}/></w:rPr>", self.revision(author)),
        };
        if !(style.is_empty() && end.is_empty()) {
            self.xml.push_str(&format!("<w:pPr>{style}{end}</w:pPr>"));
        }
        self.xml.push_str(&self.paragraph);
        self.xml.push_str("</w:p>");
        self.paragraph.clear();
        self.head.clear();
        self.filled = false;
    }
}
