//! `findings.jsonl`: one finding a line, in source order.

use super::contract::{BoxUnit, FindingLine, FixText, Place, Range, RelatedPlace};
use crate::finding::{Finding, Status};
use crate::pipeline::Run;
use crate::review::proposal_hash;
use crate::rule::{Lang, Rule, RuleSet, Text};
use crate::source::{Source, Unit};
use crate::text::{Ruler, SourceSpan};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the findings of a run; lines of evidence are in `lang`, messages in both languages.
///
/// # Errors
/// What the writer reports.
pub fn write(run: &Run, rules: &RuleSet, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let ruler = Ruler::new(&run.source().text);
    for finding in &run.findings {
        serde_json::to_writer(&mut *out, &line(finding, run.source(), &ruler, rules, lang))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One finding in the form of the contract. `ruler` measures the source text.
pub fn line<'a>(
    finding: &'a Finding,
    source: &'a Source,
    ruler: &Ruler,
    rules: &'a RuleSet,
    lang: Lang,
) -> FindingLine<'a> {
    let rule = rules.get(finding.rule);
    let silent = finding.status == Status::Applied && rule.message.is_fixed() && finding.evidence.is_empty();
    FindingLine {
        id: Cow::Borrowed(&finding.id),
        rule: Cow::Borrowed(&rule.code),
        category: finding.category,
        status: finding.status,
        applicability: finding.applicability,
        source: place(finding.span, source, ruler),
        quote: Cow::Borrowed(finding.span.of(&source.text)),
        message: (!silent).then(|| message(finding, rule)),
        evidence: (!silent).then(|| evidence(finding, rule, lang)),
        related: related(finding, source, ruler),
        fixes: finding.fixes.iter().map(|f| FixText { text: Cow::Borrowed(&**f) }).collect(),
        applied: finding.applied.as_deref().map(Cow::Borrowed),
        proposal: Cow::Owned(proposal_hash(&finding.fixes)),
        confidence: finding.confidence.map(|c| rounded(f64::from(c))),
        series: finding.series.as_deref().map(Cow::Borrowed),
        decided_by: finding.decided_by.as_deref().map(Cow::Borrowed),
        also_decided_by: finding.also_decided_by.iter().map(|by| Cow::Borrowed(by.as_str())).collect(),
    }
}

/// What a finding says, its slots filled.
pub fn message(finding: &Finding, rule: &Rule) -> Text {
    Text { zh: rule.message.fill(Lang::Zh, &finding.args), en: rule.message.fill(Lang::En, &finding.args) }
}

/// A finding's lines of evidence, their slots filled. A note whose text the rule does not have gives its values alone.
pub fn evidence(finding: &Finding, rule: &Rule, lang: Lang) -> Vec<String> {
    let line = |note: &crate::finding::Note| match rule.evidence.get(note.key) {
        Some(text) => text.fill(lang, &note.args),
        None => note.args.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" "),
    };
    finding.evidence.iter().map(line).filter(|l| !l.is_empty()).collect()
}

fn place<'a>(span: SourceSpan, source: &'a Source, ruler: &Ruler) -> Place<'a> {
    let (start, file) = (ruler.place(span.start), source.file_at(span.start));
    let on_image = file.and_then(|f| f.scan.as_ref()).and_then(|scan| scan.place_of(span));
    let sheet = on_image.map(|(sheet, _)| sheet);
    Place {
        file: Cow::Borrowed(file.map_or("", |f| f.name.as_str())),
        witness: file.filter(|f| !f.witnesses.is_empty()).map(|f| Cow::Borrowed(f.name.as_str())),
        page: file.and_then(|f| f.page.as_deref()).or(sheet.and_then(|s| s.name.as_deref())).map(Cow::Borrowed),
        bbox: on_image.map(|(_, bbox)| bbox.0),
        unit: sheet.and_then(|s| unit(s.unit)),
        start: start.scalar,
        end: end_of(span, start.scalar, &source.text, ruler),
        line: start.line,
        column: start.column,
    }
}

fn unit(unit: Unit) -> Option<BoxUnit> {
    match unit {
        Unit::Pixel => None,
        Unit::Point => Some(BoxUnit::Point),
        Unit::Mm10 => Some(BoxUnit::Mm10),
        Unit::Inch1200 => Some(BoxUnit::Inch1200),
        Unit::Thousandth => Some(BoxUnit::Thousandth),
    }
}

fn related<'a>(finding: &'a Finding, source: &'a Source, ruler: &Ruler) -> Vec<RelatedPlace<'a>> {
    let one = |r: &'a crate::finding::Related<crate::text::InSource>| {
        let at = place(r.span, source, ruler);
        RelatedPlace {
            role: Cow::Borrowed(r.role),
            file: at.file,
            page: at.page,
            bbox: at.bbox,
            unit: at.unit,
            start: at.start,
            end: at.end,
            line: at.line,
            column: at.column,
            part: r.part.map(|p| range(p, &source.text, ruler)),
            similarity: r.similarity.map(rounded),
        }
    };
    finding.related.iter().map(one).collect()
}

/// A source span in scalar values.
pub(super) fn range(span: SourceSpan, text: &str, ruler: &Ruler) -> Range {
    let start = ruler.place(span.start).scalar;
    Range { start, end: end_of(span, start, text, ruler) }
}

/// Spans are mostly a few characters long: counting those is cheaper than a look-up.
fn end_of(span: SourceSpan, start: usize, text: &str, ruler: &Ruler) -> usize {
    match text.get(span.range()) {
        Some(inside) if inside.len() <= 256 => start + inside.chars().count(),
        _ => ruler.place(span.end).scalar,
    }
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
