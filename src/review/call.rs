//! What waits for a person: findings gathered into the questions that an editor really answers.
//!
//! This is the one count of things to decide. The report, the command line and `clean.json` all take it from here: a
//! series is one question, and what lies inside a passage that is proposed for removal is answered with the passage.

use crate::finding::{Category, Finding, Status};
use crate::pipeline::Run;
use crate::rule::RuleId;
use crate::text::SourceSpan;
use std::collections::HashMap;

/// One judgement call: a finding that waits for a person, or a series decided together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Numbers of its findings in the run, in text order; one unless it is a series.
    pub findings: Vec<usize>,
    /// Numbers of the waiting findings that lie inside the passage it proposes to remove.
    pub inside: Vec<usize>,
}

/// Whether a finding proposes to take a passage out.
fn is_removal(finding: &Finding) -> bool {
    finding.category == Category::Duplicate && finding.fixes.first().is_some_and(|f| f.is_empty())
}

/// The judgement calls of a run, in the order of their first findings.
pub fn calls(run: &Run) -> Vec<Call> {
    let waits = |f: &Finding| matches!(f.status, Status::Open | Status::Stale);
    let mut open: Vec<(SourceSpan, usize)> =
        run.findings.iter().enumerate().filter(|(_, f)| waits(f)).map(|(i, f)| (f.span, i)).collect();
    open.sort();
    let finding = |i: usize| run.findings.get(i);
    let mut calls: Vec<Call> = Vec::new();
    // The outermost removals: their starts and ends both grow, so the last one that begins before a place decides.
    let mut removals: Vec<(SourceSpan, usize)> =
        open.iter().copied().filter(|(_, i)| finding(*i).is_some_and(is_removal)).collect();
    removals.sort_by_key(|(span, i)| (span.start, std::cmp::Reverse(span.end), *i));
    let mut end = None;
    removals.retain(|(span, _)| {
        let outer = end.is_none_or(|e| span.end > e);
        end = end.max(Some(span.end));
        outer
    });
    let holder = |span: SourceSpan, i: usize| -> Option<usize> {
        let last = removals.partition_point(|(r, _)| r.start <= span.start).checked_sub(1)?;
        let (removal, by) = removals.get(last)?;
        (*by != i && removal.contains(span) && span.start < removal.end).then_some(*by)
    };
    let mut series: HashMap<(RuleId, &str), usize> = HashMap::new();
    let mut call_of: HashMap<usize, usize> = HashMap::new();
    let mut inside: Vec<(usize, usize)> = Vec::new();
    for (span, i) in &open {
        let Some(f) = finding(*i) else { continue };
        if let Some(by) = holder(*span, *i) {
            inside.push((by, *i));
            continue;
        }
        let known = f.series.as_deref().and_then(|name| series.get(&(f.rule, name)).copied());
        if let Some(call) = known.and_then(|n| calls.get_mut(n)) {
            call.findings.push(*i);
            continue;
        }
        if let Some(name) = f.series.as_deref() {
            series.insert((f.rule, name), calls.len());
        }
        call_of.insert(*i, calls.len());
        calls.push(Call { findings: vec![*i], inside: Vec::new() });
    }
    for (by, i) in inside {
        match call_of.get(&by).and_then(|n| calls.get_mut(*n)) {
            Some(call) => call.inside.push(i),
            // The removal stands inside a series: its insides are calls of their own rather than none.
            None => calls.push(Call { findings: vec![i], inside: Vec::new() }),
        }
    }
    calls
}
