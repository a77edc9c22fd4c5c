//! The part of the proof that speaks of people: every mark that somebody made was carried out, and nothing was decided that
//! nobody said.
//!
//! The log is read as it lies on the disk, and what it asks is compared with what `findings.jsonl` records; that the record is
//! the text, the other checks prove.

use super::Proof;
use crate::emit::contract::{CleanIssue, FindingLine};
use crate::finding::Status;
use crate::review::{Decision, Decisions, Scope, Verdict};
use crate::text::folded;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What was counted in an issue, for the page that is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The issue.
    pub issue: String,
    /// Unicode scalar values of the source.
    pub characters: usize,
    /// The input files: name and SHA-256.
    pub files: Vec<(String, String)>,
    /// How many findings are in each state, in the order of [`Status`].
    pub statuses: Vec<(Status, usize)>,
    /// Who decided.
    pub people: Vec<Person>,
    /// Whether there is a log of decisions.
    pub has_log: bool,
}

/// One person in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name; empty where none was given.
    pub name: String,
    /// Verdicts that are in force: accepted, rejected, rewritten.
    pub accepted: usize,
    /// See `accepted`.
    pub rejected: usize,
    /// See `accepted`.
    pub edited: usize,
    /// The first time and the last, as the log has them.
    pub first: String,
    /// See `first`.
    pub last: String,
}

impl Facts {
    pub(super) fn of(issue: &CleanIssue, findings: &[FindingLine], log: Option<&Decisions>) -> Facts {
        let mut statuses: BTreeMap<Status, usize> = BTreeMap::new();
        for finding in findings {
            *statuses.entry(finding.status).or_default() += 1;
        }
        Facts {
            issue: issue.issue.to_string(),
            characters: issue.summary.characters,
            files: issue.sources.iter().map(|s| (s.file.to_string(), s.sha256.to_string())).collect(),
            statuses: statuses.into_iter().collect(),
            people: log.map_or_else(Vec::new, people),
            has_log: log.is_some(),
        }
    }

    /// How many findings are in a state.
    pub fn count(&self, status: Status) -> usize {
        self.statuses.iter().find(|(s, _)| *s == status).map_or(0, |(_, n)| *n)
    }
}

fn people(log: &Decisions) -> Vec<Person> {
    let mut all: BTreeMap<&str, Person> = BTreeMap::new();
    for decision in log.standing().into_values().filter_map(|numbers| log.log.get(*numbers.last()?)) {
        let person =
            all.entry(&decision.by).or_insert_with(|| Person { name: decision.by.clone(), ..Person::default() });
        match decision.verdict {
            Verdict::Accept => person.accepted += 1,
            Verdict::Reject => person.rejected += 1,
            Verdict::Edit => person.edited += 1,
            Verdict::Undo => {}
        }
        if person.first.is_empty() || decision.at < person.first {
            person.first.clone_from(&decision.at);
        }
        if decision.at > person.last {
            person.last.clone_from(&decision.at);
        }
    }
    all.into_values().collect()
}

/// Checks the findings against the log. `source` is the text that they speak of.
pub fn check(findings: &[FindingLine], log: &Decisions, source: &str, proof: &mut Proof) {
    let in_force: HashMap<&str, &Decision> =
        log.standing().into_iter().filter_map(|(id, numbers)| Some((id, log.log.get(*numbers.last()?)?))).collect();
    let covered = Covered::new(findings);
    let undone = |finding: &FindingLine| {
        let decision = in_force.get(&*finding.id)?;
        (!carried_out(finding, decision, &covered) && !is_asked_again(finding, decision, source))
            .then(|| line(finding, &format!("{} · {}", word(decision), decision.by)))
    };
    proof.check(
        "审读记录里现行的决定都照办了（清理之后又作的，要再运行 kanwu clean）",
        "every decision in force in the log was carried out (one made since needs another `kanwu clean`)",
        findings.iter().filter_map(undone).collect(),
    );
    let wide: HashSet<(&str, String)> = log
        .log
        .iter()
        .filter(|d| d.scope != Scope::Once && in_force.get(d.finding.as_str()).is_some_and(|now| *now == *d))
        .map(|d| (d.anchor.rule.as_str(), reading(&d.anchor.quote)))
        .collect();
    let unasked = |finding: &&FindingLine| {
        matches!(finding.status, Status::Accepted | Status::Rejected)
            && !in_force.contains_key(&*finding.id)
            && !wide.contains(&(&*finding.rule, reading(&finding.quote)))
    };
    proof.check(
        "没有人决定过的，一处也没有当作决定了的",
        "nothing counts as decided that nobody decided",
        findings.iter().filter(unasked).map(|f| line(f, "")).collect(),
    );
}

/// Whether a finding is asked again because nobody can tell any more which of several places was meant.
fn is_asked_again(finding: &FindingLine, decision: &Decision, source: &str) -> bool {
    let anchored = !decision.anchor.rule.is_empty() && decision.scope == Scope::Once;
    finding.status == Status::Stale && anchored && decision.anchor.is_ambiguous(decision.anchor.count_in(source))
}

/// Whether the record of a finding is what the decision asks.
fn carried_out(finding: &FindingLine, decision: &Decision, covered: &Covered) -> bool {
    let another = !decision.proposal.is_empty() && decision.proposal != finding.proposal;
    let fix = |text: &str| finding.fixes.iter().any(|f| f.text == text);
    let named = !decision.text.is_empty() && !finding.fixes.is_empty();
    // What was said of another proposal is asked again and never carried out.
    if another || decision.verdict == Verdict::Accept && named && !fix(&decision.text) {
        return finding.status == Status::Stale || covered.covers(finding);
    }
    match decision.verdict {
        Verdict::Reject => finding.status == Status::Rejected,
        Verdict::Edit => done(finding, Some(&decision.text)) || covered.covers(finding),
        Verdict::Accept => {
            let text = match finding.fixes.first() {
                None => None,
                Some(first) if decision.text.is_empty() => Some(&*first.text),
                Some(_) => Some(decision.text.as_str()),
            };
            done(finding, text) || covered.covers(finding)
        }
        Verdict::Undo => true,
    }
}

fn done(finding: &FindingLine, text: Option<&str>) -> bool {
    finding.status == Status::Accepted && text.is_none_or(|text| finding.applied.as_deref() == Some(text))
}

/// The changes in force, to see what they cover.
struct Covered {
    /// Starts, and the ends that changes up to there reach, in order.
    spans: Vec<(usize, usize)>,
}

impl Covered {
    fn new(findings: &[FindingLine]) -> Self {
        let done = findings.iter().filter(|f| matches!(f.status, Status::Applied | Status::Accepted));
        let mut spans: Vec<(usize, usize)> = done.map(|f| (f.source.start, f.source.end)).collect();
        spans.sort_unstable();
        Covered { spans }
    }

    /// Whether a superseded finding lies inside or across a change in force. Those do not overlap, so only the last that
    /// begins before its end can reach it.
    fn covers(&self, finding: &FindingLine) -> bool {
        let (start, end) = (finding.source.start, finding.source.end);
        let before = self.spans.partition_point(|(from, _)| *from < end.max(start + 1));
        let near = before.checked_sub(1).and_then(|i| self.spans.get(i));
        finding.status == Status::Superseded && near.is_some_and(|(_, to)| *to >= start)
    }
}

fn reading(quote: &str) -> String {
    let folded: String = folded(quote).collect();
    if folded.is_empty() { quote.to_owned() } else { folded }
}

fn word(decision: &Decision) -> &'static str {
    match decision.verdict {
        Verdict::Accept => "accept",
        Verdict::Reject => "reject",
        Verdict::Edit => "edit",
        Verdict::Undo => "undo",
    }
}

fn line(finding: &FindingLine, said: &str) -> String {
    let quote: String = finding.quote.chars().take(24).collect();
    let status = serde_json::to_value(finding.status).ok().and_then(|v| v.as_str().map(str::to_owned));
    let status = status.unwrap_or_default();
    let place = format!("{}:{} {} 「{quote}」", finding.source.line, finding.source.column, finding.id);
    if said.is_empty() { format!("{place} = {status}") } else { format!("{place}  {said} ≠ {status}") }
}
