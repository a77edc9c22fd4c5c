//! What the script of the page must know to let a person decide: each finding that waits or was decided, in JSON.
//!
//! It lies in the page as a block of data. The script writes every text of it as text, never as markup.

use super::say::{Say, say};
use super::{Desk, words};
use crate::document::Applied;
use crate::finding::{Finding, Status};
use crate::pipeline::Run;
use crate::review::{Decision, Verdict, accept, proposal_hash};
use crate::rule::{Lang, RuleSet};
use crate::source::Unit;
use crate::text::{Ruler, SourceSpan};
use serde::Serialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// What a server knows besides the run.
#[derive(Debug)]
pub struct Live<'a> {
    /// The log as it was read, in order.
    pub log: &'a [Decision],
    /// The page images of the issue.
    pub images: &'a [Image],
    /// Who reviews here.
    pub by: &'a str,
    /// Number of the issue, by which the server is asked for it.
    pub number: usize,
    /// Issues that lie on the desk.
    pub issues: usize,
}

/// A page image that lies beside the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its file name.
    pub name: String,
    /// The page that its name means: the name without what follows its first label.
    pub page: String,
}

#[derive(Serialize)]
struct Data<'a> {
    issue: &'a str,
    lang: &'static str,
    number: Option<usize>,
    issues: usize,
    by: &'a str,
    /// Lines of the log that this page knows.
    position: usize,
    articles: usize,
    images: Vec<&'a str>,
    findings: Vec<Entry<'a>>,
    log: Vec<Line<'a>>,
    /// Lines of the log whose place was not found again, from 1.
    lost: &'a [usize],
    /// The change to the desk's list of accepted texts, as a diff, with [`SLOT`] for the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    accept: Option<String>,
    say: &'static Say,
}

/// A finding that waits or was decided.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    rule: &'a str,
    name: &'a str,
    message: String,
    status: Status,
    /// The finding whose card it stands in; `null` for one that stands in none.
    card: Option<&'a str>,
    /// Whether it lies inside the passage that its card proposes to remove.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    inside: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    quote: Cow<'a, str>,
    /// The text that is to be accepted for its place, where it is another than the quote.
    #[serde(skip_serializing_if = "Option::is_none")]
    accept: Option<String>,
    before: String,
    after: String,
    fixes: Vec<&'a str>,
    proposal: String,
    place: String,
    article: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    applied: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    /// What was decided of a stale one.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<Line<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<Spot>,
}

/// A verdict as the page tells of it.
#[derive(Clone, Debug, Serialize)]
pub struct Line<'a> {
    finding: &'a str,
    verdict: Verdict,
    text: &'a str,
    by: &'a str,
    at: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

impl<'a> From<&'a Decision> for Line<'a> {
    fn from(d: &'a Decision) -> Self {
        Line { finding: &d.finding, verdict: d.verdict, text: &d.text, by: &d.by, at: &d.at, note: &d.note }
    }
}

/// A place on a page image.
#[derive(Serialize)]
struct Spot {
    /// Number of the image.
    number: usize,
    /// Left, top, right, bottom: in shares of the image, or in its pixels.
    r#box: Option<[f32; 4]>,
    pixels: bool,
}

/// Characters of context on either side of a place in a concordance.
const NEAR: usize = 18;

/// The data of an issue's page as JSON.
pub fn data(run: &Run, rules: &RuleSet, lang: Lang, live: &Live) -> String {
    let (plan, s) = (super::Plan::new(run), words::strings(lang));
    text(&Desk { run, rules, lang, s, plan: &plan, ruler: Ruler::new(&run.source().text), live: Some(live) })
}

/// [`data`] for an element of the page: nothing in it can end the element, and what cannot be seen is written out.
pub(super) fn block(desk: &Desk) -> String {
    let text = text(desk);
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '<' | '>' | '&' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c if super::ink::is_unseen(c, false) => {
                out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
    }
    out
}

fn text(desk: &Desk) -> String {
    let run = desk.run;
    let mut cards: HashMap<usize, (&str, bool)> = HashMap::new();
    for call in desk.plan.sections.iter().flat_map(|section| &section.cards) {
        let Some(leader) = call.findings.first().and_then(|n| run.findings.get(*n)) else { continue };
        cards.extend(call.findings.iter().map(|n| (*n, (leader.id.as_str(), false))));
        cards.extend(call.inside.iter().map(|n| (*n, (leader.id.as_str(), true))));
    }
    let log: &[Decision] = desk.live.map_or(&[], |live| live.log);
    let shown = |f: &Finding| matches!(f.status, Status::Open | Status::Stale | Status::Accepted | Status::Rejected);
    let numbered = run.findings.iter().enumerate().filter(|(_, f)| shown(f));
    let findings = numbered.map(|(n, f)| entry(desk, f, cards.get(&n).copied())).collect();
    let data = Data {
        issue: &run.source().id,
        lang: desk.s.lang,
        number: desk.live.map(|live| live.number),
        issues: desk.live.map_or(1, |live| live.issues),
        by: desk.live.map_or("", |live| live.by),
        position: log.len(),
        articles: run.outline().articles.len(),
        images: desk.live.map_or_else(Vec::new, |live| live.images.iter().map(|i| i.name.as_str()).collect()),
        findings,
        log: log.iter().map(Line::from).collect(),
        lost: &run.lost_decisions,
        accept: to_accept(desk),
        say: say(desk.lang),
    };
    serde_json::to_string(&data).unwrap_or_default()
}

fn entry<'a>(desk: &'a Desk, f: &'a Finding, card: Option<(&'a str, bool)>) -> Entry<'a> {
    let (text, at) = desk.as_it_stands(f.span);
    let rule = desk.rules.get(f.rule);
    let quote = text.get(at.clone()).unwrap_or("");
    let start = desk.run.document.view().map().to_view(f.span.start);
    Entry {
        id: &f.id,
        rule: &rule.code,
        name: &rule.name,
        message: desk.message(f),
        status: f.status,
        card: card.map(|(id, _)| id),
        inside: card.is_some_and(|(_, inside)| inside),
        series: f.series.as_deref(),
        quote: Cow::Owned(quote.to_owned()),
        accept: Some(accept::text_of(desk.text(), f.span)).filter(|text| text != quote),
        before: last_of(text.get(..at.start).unwrap_or(""), NEAR),
        after: text.get(at.end..).unwrap_or("").chars().take(NEAR).collect(),
        fixes: f.fixes.iter().map(|fix| fix.as_ref()).collect(),
        proposal: proposal_hash(&f.fixes),
        place: desk.plain_place(f.span),
        article: desk.run.outline().article_at(start),
        applied: f.applied.as_deref(),
        by: f.decided_by.as_deref(),
        was: desk.run.decided_before(f).map(Line::from),
        image: desk.live.and_then(|live| spot(desk, f.span, live.images)),
    }
}

/// What stands for the text in the change to the list of accepted texts.
const SLOT: &str = "\u{FFFC}";

fn to_accept(desk: &Desk) -> Option<String> {
    let (name, old) = match &desk.rules.words("accept").desk {
        Some((path, text)) => (path.as_str(), text.as_str()),
        None => (accept::LIST, ""),
    };
    Some(accept::diff(name, old, &accept::with(old, SLOT, desk.lang)?))
}

/// The last characters of a text.
fn last_of(text: &str, most: usize) -> String {
    let from = text.char_indices().rev().nth(most.saturating_sub(1)).map_or(0, |(at, _)| at);
    text.get(from..).unwrap_or("").to_owned()
}

/// Where a place stands on an image of the issue.
fn spot(desk: &Desk, span: SourceSpan, images: &[Image]) -> Option<Spot> {
    let file = desk.run.source().file_at(span.start)?;
    let found = file.scan.as_ref().and_then(|scan| scan.place_of(span));
    let named = found.and_then(|(sheet, _)| sheet.image.as_deref());
    let base = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    let by_name = named.and_then(|name| images.iter().position(|image| image.name == base(name)));
    let by_page = || images.iter().position(|image| file.page.as_deref() == Some(image.page.as_str()));
    let only = || (images.len() == 1 && desk.run.source().files.len() == 1).then_some(0);
    let number = by_name.or_else(by_page).or_else(only)?;
    let Some((sheet, bbox)) = found else { return Some(Spot { number, r#box: None, pixels: false }) };
    let share = match (sheet.unit, sheet.size) {
        (Unit::Thousandth, _) => Some([1000.0, 1000.0]),
        (_, Some(size)) if size.iter().all(|s| *s > 0.0) => Some(size),
        _ => None,
    };
    let [x0, y0, x1, y1] = bbox.0;
    Some(match share {
        Some([w, h]) => Spot { number, r#box: Some([x0 / w, y0 / h, x1 / w, y1 / h]), pixels: false },
        None => Spot { number, r#box: Some(bbox.0), pixels: sheet.unit == Unit::Pixel },
    })
}

/// A stretch of an article for the page: text as it is printed, a change that is done, or a place that waits.
#[derive(Debug, Serialize, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The text of the source.
    #[serde(rename = "t")]
    text: &'a str,
    /// What stands there now, where that was changed.
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    new: Option<&'a str>,
    /// The finding that changed it or waits there.
    #[serde(rename = "f", skip_serializing_if = "Option::is_none")]
    finding: Option<&'a str>,
}

/// An article of the issue with its changes marked, as JSON; nothing where there is no such article.
pub fn article(run: &Run, number: usize) -> Option<String> {
    let span = extent(run, number)?;
    serde_json::to_string(&segments(run, span)).ok()
}

/// The stretch of the source that an article takes.
fn extent(run: &Run, number: usize) -> Option<SourceSpan> {
    let outline = run.outline();
    let blocks = outline.blocks_of(outline.articles.get(number)?);
    let (first, last) = (blocks.first()?.line, blocks.last()?.line);
    Some(run.document.view().map().to_source(first.hull(last)).0)
}

fn segments<'a>(run: &'a Run, span: SourceSpan) -> Vec<Segment<'a>> {
    let text = run.source().text.as_str();
    let waits = |f: &&Finding| matches!(f.status, Status::Open | Status::Stale) && span.contains(f.span);
    let open: Vec<&Finding> = run.findings.iter().filter(waits).collect();
    let applied: Vec<&Applied> = run.document.applied().iter().filter(|a| span.contains(a.edit.span)).collect();
    let mut cuts: Vec<usize> = open.iter().flat_map(|f| [f.span.start, f.span.end]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut out = Vec::new();
    let mut at = span.start;
    for change in &applied {
        plain(&mut out, text, SourceSpan::new(at, change.edit.span.start.max(at)), &cuts, &open);
        let finding = run.findings.get(change.finding).map(|f| f.id.as_str());
        out.push(Segment { text: change.edit.span.of(text), new: Some(&change.edit.text), finding });
        at = change.edit.span.end.max(at);
    }
    plain(&mut out, text, SourceSpan::new(at, span.end.max(at)), &cuts, &open);
    out
}

/// Text without a change, in pieces that wait for one finding or for none.
fn plain<'a>(out: &mut Vec<Segment<'a>>, text: &'a str, span: SourceSpan, cuts: &[usize], open: &[&'a Finding]) {
    let mut at = span.start;
    loop {
        let next = cuts.get(cuts.partition_point(|c| *c <= at)).copied().unwrap_or(span.end).min(span.end);
        for here in near(open, at).filter(|f| f.span.is_empty() && f.span.start == at && at < span.end) {
            out.push(Segment { text: "", new: None, finding: Some(&here.id) });
        }
        if at >= span.end {
            return;
        }
        let piece = SourceSpan::new(at, next);
        let over = near(open, at).filter(|f| f.span.contains(piece) && !f.span.is_empty());
        let finding = over.min_by_key(|f| f.span.len()).map(|f| f.id.as_str());
        out.push(Segment { text: piece.of(text), new: None, finding });
        at = next;
    }
}

/// Open findings that are looked at for one place: those that begin last before it.
const LOOKED_AT: usize = 64;

fn near<'f, 'a>(open: &'f [&'a Finding], at: usize) -> impl Iterator<Item = &'f &'a Finding> {
    let end = open.partition_point(|f| f.span.start <= at);
    open.get(end.saturating_sub(LOOKED_AT)..end).unwrap_or(&[]).iter()
}
