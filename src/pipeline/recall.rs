//! The last step of a second pass: decisions that met no finding are looked for in the text. A place that still stands
//! while its rule is silent is asked about again, by a finding of its own.

use super::Pass;
use crate::finding::{Applicability, Finding, Note, Status};
use crate::review::{Decision, Decisions, Place, RECALLED, places, recalled, reunite};
use crate::rule::RuleId;
use crate::text::{Edit, SourceSpan};
use std::collections::{BTreeMap, HashMap};

/// The name of this step, where others have that of their stage.
const STAGE: &str = "review";
/// Characters that are shown on either side of what was seen.
const BESIDE: usize = 12;
/// Characters of it that are shown.
const QUOTED: usize = 40;

impl Pass<'_, '_> {
    /// Finds decisions (numbers in the log) that met nothing. Returns those whose place is not there any more.
    pub(super) fn find_again(&mut self, log: &Decisions, lost: &[usize]) -> Vec<usize> {
        let source = self.document.source();
        let mut places = places(log, lost, source);
        let mut lost = reunite(log, lost, &places, source, &mut self.findings, self.rules);
        self.drop_answered(log, &mut places, &mut lost);
        let Some(rule) = self.rules.id(RECALLED) else { return lost };
        let mut by_place: BTreeMap<SourceSpan, Vec<usize>> = BTreeMap::new();
        for n in &lost {
            if let Some(place) = places.get(n) {
                by_place.entry(place.span).or_default().push(*n);
            }
        }
        lost.retain(|n| !places.contains_key(n));
        let first = self.findings.len();
        let mut wishes = Vec::new();
        for (span, numbers) in by_place {
            let Some(finding) = self.recall(rule, span, log, &numbers) else { continue };
            let asked = finding.status == Status::Accepted;
            let wide = self.document.view().map().span_to_view(span);
            self.findings.push(finding);
            if asked {
                wishes.push(self.wish(self.findings.len() - 1, wide));
            }
        }
        self.push(STAGE, wishes, first);
        super::supersede_inside(&mut self.findings, &self.document);
        lost
    }

    /// Takes out the decisions whose place is settled otherwise: it was decided again since, by whatever name it has now, or
    /// another finding does there what was decided, or asks about the very place. Where it is only asked again, the last
    /// decision is what is shown. Of those that are left, `places` loses the ones that say otherwise than what holds
    /// there: they are listed.
    fn drop_answered(&mut self, log: &Decisions, places: &mut BTreeMap<usize, Place>, lost: &mut Vec<usize>) {
        let mut spoken: HashMap<SourceSpan, Vec<usize>> = HashMap::new();
        for n in lost.iter() {
            spoken.extend(places.get(n).map(|place| (place.span, Vec::new())));
        }
        for (i, finding) in self.findings.iter().enumerate() {
            if let Some(here) = spoken.get_mut(&finding.span) {
                here.push(i);
            }
        }
        lost.retain(|n| {
            let (Some(place), Some(decision)) = (places.get(n), log.log.get(*n)) else { return true };
            let here = spoken.get(&place.span).map_or(&[][..], Vec::as_slice);
            if here.iter().any(|i| self.answers(*i, *n, decision)) {
                return false;
            }
            let settled = |f: &Finding| matches!(f.status, Status::Accepted | Status::Rejected);
            let holds = |i: &usize| self.findings.get(*i).is_some_and(settled);
            if decision.anchor.rule == RECALLED && here.iter().any(holds) {
                places.remove(n);
            }
            true
        });
    }

    /// Whether a finding settles what decision `n` said of its place.
    fn answers(&mut self, finding: usize, n: usize, decision: &Decision) -> bool {
        let Some(finding) = self.findings.get_mut(finding) else { return false };
        if finding.decision.is_some() && self.rules.get(finding.rule).code == decision.anchor.rule {
            if finding.decision < Some(n) && finding.status == Status::Stale {
                finding.asked_again_for(n, decision);
            }
            return finding.decision >= Some(n);
        }
        match (finding.status, recalled(decision).as_deref()) {
            (Status::Accepted | Status::Applied, Some([text])) => finding.applied.as_ref() == Some(text),
            (Status::Rejected, None) => true,
            // Another rule asks about the very place: one question is enough.
            (Status::Open | Status::Stale, Some(_)) => {
                if finding.decision < Some(n) {
                    finding.asked_again_for(n, decision);
                }
                true
            }
            _ => false,
        }
    }

    /// The finding that asks again about a place of decisions (numbers in the log, in order) whose rule is silent; nothing
    /// where the last word was to leave the text as it is.
    fn recall(&mut self, rule: RuleId, span: SourceSpan, log: &Decisions, numbers: &[usize]) -> Option<Finding> {
        let mut finding = Finding::new(rule, span, STAGE);
        self.names.give(&mut finding, self.rules);
        let decision = |n: &usize| log.log.get(*n);
        // What was said when it was asked again is an answer; it is asked for what was said before.
        let asks = |n: &&usize| decision(n).is_some_and(|d| d.finding != finding.id);
        let origin = *numbers.iter().rev().find(asks).or(numbers.last())?;
        let earlier = decision(&origin)?;
        finding.fixes = recalled(earlier)?;
        finding.applicability = match finding.fixes.is_empty() {
            true => Applicability::Flag,
            false => Applicability::Suggested,
        };
        let by_rule = numbers.iter().rev().filter_map(decision).map(|d| d.anchor.rule.as_str());
        let code = by_rule.clone().find(|code| *code != RECALLED).unwrap_or(RECALLED);
        let known = self.rules.iter().find(|(_, r)| r.code == code);
        finding.category = known.map_or(self.rules.get(rule).category, |(_, r)| r.category);
        finding.args = vec![("rule", code.to_owned())];
        finding.evidence = vec![seen(earlier)];
        self.decide_recalled(&mut finding);
        if finding.decision.is_none() {
            finding.asked_again_for(origin, earlier);
        }
        Some(finding)
    }

    /// What was said since it is asked again. A place that is no longer one of its own is not changed.
    fn decide_recalled(&mut self, finding: &mut Finding) {
        let document = &self.document;
        let view = document.view();
        let place = view.map().span_to_view(finding.span);
        let stands = || document.to_source(&Edit::new(place, view.get(place).to_owned())).text;
        self.resolver.decide(finding, self.rules, stands);
        if finding.status == Status::Accepted && view.map().to_source(place).0 != finding.span {
            finding.status = Status::Superseded;
            finding.applied = None;
        }
    }
}

/// What the person had before her, as a line of evidence.
fn seen(decision: &Decision) -> Note {
    let anchor = &decision.anchor;
    let from = anchor.before.char_indices().rev().nth(BESIDE - 1).map_or(0, |(at, _)| at);
    let mut quote: String = anchor.quote.chars().take(QUOTED).collect();
    if quote.len() < anchor.quote.len() {
        quote.push('…');
    }
    let args = vec![
        ("before", anchor.before.get(from..).unwrap_or("").to_owned()),
        ("quote", quote),
        ("after", anchor.after.chars().take(BESIDE).collect()),
    ];
    Note { key: "was", args }
}
