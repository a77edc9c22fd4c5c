//! `clean.json`: the cleaned issue for programs. Articles with their parts, each with its place in the source.

use super::contract::{
    ArticleItem, BodyItem, CleanIssue, Counts, FurnitureItem, HeadlineItem, InputFile, Kind, Range, ReadingFile,
    RuleText, SCHEMA, SegmentItem, Summary,
};
use super::findings::range;
use crate::finding::{Finding, Status};
use crate::outline::{Article, Block, BlockKind, Outline, PartKind};
use crate::pipeline::Run;
use crate::review::calls;
use crate::rule::{RuleSet, Touches};
use crate::source::{Origin, Segment, SourceFile};
use crate::text::{Ruler, SourceSpan, ViewSpan};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Writes `clean.json` of a run.
///
/// # Errors
/// What the writer reports.
pub fn write(run: &Run, rules: &RuleSet, out: &mut dyn Write) -> io::Result<()> {
    let mut json = serde_json::Serializer::with_formatter(&mut *out, super::layout::Open::to_depth(4));
    serde::Serialize::serialize(&issue(run, rules), &mut json)?;
    out.write_all(b"\n")
}

/// The contents of `clean.json` of a run.
pub fn issue<'r>(run: &'r Run, rules: &RuleSet) -> CleanIssue<'r> {
    let writer = Writer::new(run, rules);
    let outline = run.outline();
    let id = Ids::of(outline.articles.len());
    let (mut articles, mut furniture) = (Vec::with_capacity(outline.articles.len()), writer.cut_furniture());
    for (number, article) in outline.articles.iter().enumerate() {
        articles.push(writer.article(number, article, &id, &mut furniture));
    }
    furniture.sort_by_key(|f| f.source.first().map_or(0, |r| r.start));
    CleanIssue {
        schema: SCHEMA.to_owned(),
        issue: run.source().id.clone(),
        newspaper: newspaper(run),
        date: outline.date.map(|date| date.to_string()),
        sources: run.source().files.iter().enumerate().map(|(n, f)| writer.file(n, f)).collect(),
        articles,
        furniture,
        rules: rule_texts(&run.findings, rules),
        summary: summary(run, writer.ruler.place(usize::MAX).scalar),
        lost_decisions: run.lost_decisions.clone(),
    }
}

/// The newspaper's name, as the text says it, else the METS file of the issue.
pub(super) fn newspaper(run: &Run) -> Option<String> {
    let said = run.outline().newspaper.map(|span| span.of(run.clean()).trim().to_owned());
    said.or_else(|| run.source().imprint.newspaper.clone())
}

/// Article ids: `a01`, with as many digits as the last one needs.
struct Ids {
    width: usize,
}

impl Ids {
    fn of(count: usize) -> Ids {
        Ids { width: count.to_string().len().max(2) }
    }

    fn id(&self, number: usize) -> String {
        format!("a{:0width$}", number + 1, width = self.width)
    }
}

struct Writer<'r> {
    run: &'r Run<'r>,
    outline: &'r Outline,
    ruler: Ruler<'r>,
    /// Page furniture that was cut, in source order.
    cuts: Vec<SourceSpan>,
}

impl<'r> Writer<'r> {
    fn new(run: &'r Run<'r>, rules: &RuleSet) -> Self {
        let is_cut = |f: &&Finding| {
            matches!(f.status, Status::Applied | Status::Accepted) && rules.get(f.rule).touches == Touches::Furniture
        };
        let cuts = run.findings.iter().filter(is_cut).map(|f| f.span).collect();
        Writer { run, outline: run.outline(), ruler: Ruler::new(&run.source().text), cuts }
    }

    fn text(&self, span: ViewSpan) -> &'r str {
        span.of(self.run.clean())
    }

    /// The span without the white space at its ends.
    fn trimmed(&self, span: ViewSpan) -> ViewSpan {
        let text = self.text(span);
        let start = span.start + (text.len() - text.trim_start().len());
        ViewSpan::new(start, start + text.trim().len())
    }

    /// The block's line without outer spaces and, for a headline or heading, without its heading marks.
    fn body_of(&self, block: &Block) -> ViewSpan {
        let line = self.trimmed(block.line);
        if !matches!(block.kind, BlockKind::Headline | BlockKind::Heading) {
            return line;
        }
        let marks = self.text(line).bytes().take_while(|b| *b == b'#').count();
        self.trimmed(ViewSpan::new(line.start + marks, line.end))
    }

    /// Where a span of the cleaned text stands in the source, without the page furniture that was cut out of it.
    fn places(&self, span: ViewSpan) -> Vec<Range> {
        let (whole, _) = self.run.document.view().map().to_source(span);
        let from = self.cuts.partition_point(|cut| cut.end <= whole.start);
        let mut out = Vec::with_capacity(1);
        let mut start = whole.start;
        for cut in self.cuts.get(from..).unwrap_or(&[]).iter().take_while(|cut| cut.start < whole.end) {
            if start < cut.start {
                out.push(self.range(SourceSpan::new(start, cut.start)));
            }
            start = start.max(cut.end);
        }
        if start < whole.end || out.is_empty() {
            out.push(self.range(SourceSpan::new(start.min(whole.end), whole.end)));
        }
        out
    }

    fn range(&self, span: SourceSpan) -> Range {
        range(span, &self.run.source().text, &self.ruler)
    }

    fn item(&self, kind: Kind, level: Option<u8>, span: ViewSpan) -> BodyItem<'r> {
        BodyItem { kind, level, text: Cow::Borrowed(self.text(span)), source: self.places(span) }
    }

    fn article(
        &self,
        number: usize,
        article: &Article,
        ids: &Ids,
        furniture: &mut Vec<FurnitureItem<'r>>,
    ) -> ArticleItem<'r> {
        let headline = Parts::of(article);
        let (mut head, mut body) = (HeadlineItem::default(), Vec::new());
        let blocks = self.outline.blocks_of(article);
        for block in blocks {
            let span = self.body_of(block);
            if block.kind == BlockKind::Furniture {
                let (text, source) = (Cow::Borrowed(self.text(span)), self.places(span));
                furniture.push(FurnitureItem { text, source, cut: false });
            } else if headline.meets(span) {
                headline.take(span, |slot, part| {
                    let part = self.trimmed(part);
                    let (line, places) = match slot {
                        Slot::Kicker => (&mut head.kicker, &mut head.source.kicker),
                        Slot::Main => (&mut head.main, &mut head.source.main),
                        Slot::Sub => (&mut head.sub, &mut head.source.sub),
                    };
                    add_line(line, self.text(part));
                    places.extend(self.places(part));
                });
            } else {
                self.body_items(block, span, &mut body);
            }
        }
        let first = blocks.first().map(|b| self.run.document.view().map().to_source(b.text).0.start);
        let file = first.and_then(|at| self.run.source().file_at(at));
        ArticleItem {
            id: ids.id(number),
            page: file.and_then(|f| f.page.clone()),
            headline: head,
            byline: article.byline.iter().map(|name| self.text(*name).trim().to_owned()).collect(),
            dateline: article.dateline.map(|span| self.text(span).trim().to_owned()),
            continues: article.continues.map(|n| ids.id(n)),
            body,
        }
    }

    /// The items of a block: a dateline at its head and a credit at its end are items of their own.
    fn body_items(&self, block: &Block, span: ViewSpan, body: &mut Vec<BodyItem<'r>>) {
        let (kind, level) = kind_of(block);
        let mut add = |kind, level, from, to| {
            let span = self.trimmed(ViewSpan::new(from, to));
            if !self.text(span).is_empty() {
                body.push(self.item(kind, level, span));
            }
        };
        let mut start = span.start;
        for (part, at) in &block.parts {
            let own = match part {
                PartKind::Dateline => Kind::Dateline,
                PartKind::Credit => Kind::Credit,
                PartKind::LeadIn | PartKind::Turn => continue,
            };
            if at.start < start || at.end > span.end {
                continue;
            }
            add(kind, level, start, at.start);
            add(own, None, at.start, at.end);
            start = at.end;
        }
        add(kind, level, start, span.end);
    }

    /// The furniture that was cut from the cleaned text.
    fn cut_furniture(&self) -> Vec<FurnitureItem<'r>> {
        let source = &self.run.source().text;
        let piece = |cut: &SourceSpan| {
            let whole = cut.of(source);
            let start = cut.start + (whole.len() - whole.trim_start().len());
            let text = whole.trim();
            let place = self.range(SourceSpan::new(start, start + text.len()));
            (!text.is_empty()).then(|| FurnitureItem {
                text: Cow::Owned(text.to_owned()),
                source: vec![place],
                cut: true,
            })
        };
        self.cuts.iter().filter_map(piece).collect()
    }

    fn file(&self, number: usize, file: &SourceFile) -> InputFile {
        let at = self.range(file.span);
        let own = self.run.source().witnesses.iter().filter(|w| w.of == number && !w.reprint);
        InputFile {
            file: file.name.clone(),
            page: file.page.clone(),
            witnesses: file.witnesses.clone(),
            readings: own.flat_map(|w| w.reading.files.iter().map(|f| reading(&w.name, f))).collect(),
            format: format(file),
            engine: engine(file),
            sha256: file.sha256.clone(),
            encoding: file.encoding.to_owned(),
            characters: at.end - at.start,
            bom: file.bom,
            start: at.start,
            end: at.end,
            segments: file.segments.iter().map(|s| self.segment(s)).collect(),
        }
    }

    fn segment(&self, segment: &Segment) -> SegmentItem {
        let Range { start, end } = self.range(segment.span);
        let (encoding, raw) = match &segment.origin {
            Origin::Encoded(name) => (Some((*name).to_owned()), None),
            Origin::Raw(bytes) => (None, Some(bytes.iter().map(|b| format!("{b:02x}")).collect())),
        };
        SegmentItem { start, end, encoding, raw }
    }
}

/// The format of a file of an engine.
fn format(file: &SourceFile) -> Option<String> {
    (!file.format.is_text()).then(|| file.format.name().to_owned())
}

/// The engine that a file names.
fn engine(file: &SourceFile) -> Option<String> {
    file.scan.as_ref().and_then(|scan| scan.engine.clone())
}

/// The file of another reading; it goes by the name that findings give the reading.
fn reading(name: &str, file: &SourceFile) -> ReadingFile {
    ReadingFile { file: name.to_owned(), format: format(file), engine: engine(file), sha256: file.sha256.clone() }
}

/// A part of a headline.
#[derive(Clone, Copy)]
enum Slot {
    Kicker,
    Main,
    Sub,
}

/// The parts of an article's headline, in the order of the text.
struct Parts(Vec<(Slot, ViewSpan)>);

impl Parts {
    fn of(article: &Article) -> Parts {
        let line = &article.headline;
        let all = [(Slot::Kicker, line.kicker), (Slot::Main, line.main), (Slot::Sub, line.sub)];
        let mut parts: Vec<_> = all.into_iter().filter_map(|(slot, span)| Some((slot, span?))).collect();
        parts.sort_by_key(|(_, span)| *span);
        Parts(parts)
    }

    fn meets(&self, line: ViewSpan) -> bool {
        self.0.iter().any(|(_, part)| part.overlaps(line))
    }

    /// Shares a line out among the parts that stand in it: each reaches to the next, so that nothing is left over.
    fn take(&self, line: ViewSpan, mut give: impl FnMut(Slot, ViewSpan)) {
        let here: Vec<_> = self.0.iter().filter(|(_, part)| part.overlaps(line)).collect();
        for (i, (slot, part)) in here.iter().enumerate() {
            let start = if i == 0 { line.start } else { part.start };
            let end = here.get(i + 1).map_or(line.end, |(_, next)| next.start);
            give(*slot, ViewSpan::new(start, end));
        }
    }
}

fn add_line(to: &mut Option<String>, line: &str) {
    match to {
        Some(text) => {
            text.push(' ');
            text.push_str(line);
        }
        None => *to = Some(line.to_owned()),
    }
}

fn kind_of(block: &Block) -> (Kind, Option<u8>) {
    let kind = match block.kind {
        BlockKind::Paragraph | BlockKind::Furniture => Kind::Paragraph,
        BlockKind::Headline | BlockKind::Heading => return (Kind::Heading, block.level),
        BlockKind::ListItem => Kind::ListItem,
        BlockKind::Speaker => Kind::Speaker,
        BlockKind::Byline => Kind::Byline,
        BlockKind::Dateline => Kind::Dateline,
        BlockKind::Credit => Kind::Credit,
        BlockKind::Date => Kind::Date,
        BlockKind::DocumentNumber => Kind::DocumentNumber,
        BlockKind::Caption => Kind::Caption,
        BlockKind::Table => Kind::Table,
        BlockKind::Image => Kind::Image,
    };
    (kind, None)
}

fn rule_texts(findings: &[Finding], rules: &RuleSet) -> BTreeMap<String, RuleText> {
    let used: BTreeSet<_> = findings.iter().map(|f| f.rule).collect();
    used.into_iter()
        .map(|id| {
            let rule = rules.get(id);
            let text = RuleText {
                name: rule.name.clone(),
                message: rule.message.clone(),
                clause: rule.clause.clone(),
                category: rule.category,
            };
            (rule.code.clone(), text)
        })
        .collect()
}

/// The figures of a run; `characters` are the scalar values of its source.
pub fn summary(run: &Run, characters: usize) -> Summary {
    let mut all = Counts::default();
    let mut by_category: BTreeMap<_, Counts> = BTreeMap::new();
    let mut stale = 0;
    for finding in &run.findings {
        let of_category = by_category.entry(finding.category).or_default();
        for counts in [&mut all, of_category] {
            match finding.status {
                Status::Applied => counts.applied += 1,
                Status::Open => counts.open += 1,
                Status::Accepted => counts.accepted += 1,
                Status::Rejected => counts.rejected += 1,
                Status::Stale | Status::Superseded => {}
            }
        }
        stale += usize::from(finding.status == Status::Stale);
    }
    Summary {
        characters,
        applied: all.applied,
        open: all.open,
        accepted: all.accepted,
        rejected: all.rejected,
        stale,
        to_decide: calls(run).len(),
        by_category,
    }
}
