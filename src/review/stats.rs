//! What the logs teach: which rules people agree with, which they do not, and how long an issue takes.
//!
//! Only verdicts in force count, one a finding: the last word on it. Nothing here changes a rule; a person reads it and
//! decides.

use super::{Decision, Decisions, RECALLED, Verdict};
use crate::finding::Applicability;
use crate::pipeline::changes_reading;
use crate::rule::RuleSet;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

/// Verdicts that a rule must have before anything is said of it.
const ENOUGH: usize = 20;
/// Share of accepted verdicts, in percent, from which on a rule may be promoted.
const PROMOTE: usize = 98;
/// Share of rejected verdicts, in percent, from which on a rule may be silenced.
const SILENCE: usize = 80;
/// Seconds between two verdicts after which the person is taken to have left the desk.
const AWAY: i64 = 5 * 60;

/// What is to be considered for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Always accepted, and it never changed a reading: it may be applied without asking.
    Promote,
    /// Nearly always rejected: it may rest.
    Silence,
}

/// The verdicts on one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleStats {
    /// The rule's code.
    pub rule: String,
    /// Findings whose last verdict is an accept.
    pub accepted: usize,
    /// A reject.
    pub rejected: usize,
    /// An edit.
    pub edited: usize,
    /// Share of accepted, 0 to 1.
    pub accept_rate: f64,
    /// Rejected per 10,000 characters of the issues that have a log.
    pub false_alarms: f64,
    /// What is to be considered.
    pub advice: Option<Advice>,
}

/// The work on one issue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IssueStats {
    /// The issue.
    pub issue: String,
    /// Unicode scalar values of its source.
    pub characters: usize,
    /// Findings with a verdict in force.
    pub decided: usize,
    /// Minutes that people spent: for each, the gaps between their verdicts that are no longer than five minutes.
    pub minutes: f64,
    /// Who decided.
    pub people: Vec<String>,
}

/// What the logs of some issues say.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stats {
    /// Unicode scalar values of the issues with a log.
    pub characters: usize,
    /// By rule, the most rejected first.
    pub rules: Vec<RuleStats>,
    /// The issues, in the order given.
    pub issues: Vec<IssueStats>,
}

#[derive(Default)]
struct Count {
    accepted: usize,
    rejected: usize,
    edited: usize,
    /// Whether an accepted text ever changed what is read.
    reads_anew: bool,
}

impl Stats {
    /// Counts the logs of issues: the id, the length of the source in scalar values, and the log of each.
    pub fn of<'l>(logs: impl IntoIterator<Item = (&'l str, usize, &'l Decisions)>, rules: &RuleSet) -> Stats {
        let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
        let mut stats = Stats::default();
        for (issue, characters, log) in logs {
            let standing = log.standing();
            let in_force = standing.values().filter_map(|numbers| log.log.get(*numbers.last()?));
            // What was decided a second time says nothing of a rule.
            for decision in in_force.filter(|d| d.anchor.rule != RECALLED) {
                counts.entry(&decision.anchor.rule).or_default().add(decision);
            }
            let mut people: Vec<String> = log.log.iter().map(|d| d.by.clone()).filter(|by| !by.is_empty()).collect();
            people.sort_unstable();
            people.dedup();
            stats.characters += characters;
            stats.issues.push(IssueStats {
                issue: issue.to_owned(),
                characters,
                decided: standing.len(),
                minutes: seconds(&log.log) as f64 / 60.0,
                people,
            });
        }
        let per_10_000 =
            |n: usize| if stats.characters == 0 { 0.0 } else { n as f64 * 10_000.0 / stats.characters as f64 };
        let rule = |(code, count): (&str, Count)| RuleStats {
            rule: code.to_owned(),
            accept_rate: count.accepted as f64 / count.all().max(1) as f64,
            false_alarms: per_10_000(count.rejected),
            advice: count.advice(rules, code),
            accepted: count.accepted,
            rejected: count.rejected,
            edited: count.edited,
        };
        stats.rules = counts.into_iter().map(rule).collect();
        stats.rules.sort_by(|a, b| b.rejected.cmp(&a.rejected).then_with(|| a.rule.cmp(&b.rule)));
        stats
    }

    /// Rejected per 10,000 characters, all rules together.
    pub fn false_alarms(&self) -> f64 {
        self.rules.iter().map(|rule| rule.false_alarms).sum()
    }
}

impl Count {
    fn add(&mut self, decision: &Decision) {
        match decision.verdict {
            Verdict::Accept => {
                self.accepted += 1;
                self.reads_anew |= changes_reading(&decision.anchor.quote, &decision.text);
            }
            Verdict::Reject => self.rejected += 1,
            Verdict::Edit => self.edited += 1,
            Verdict::Undo => {}
        }
    }

    fn all(&self) -> usize {
        self.accepted + self.rejected + self.edited
    }

    fn advice(&self, rules: &RuleSet, code: &str) -> Option<Advice> {
        let all = self.all();
        let (_, rule) = rules.iter().find(|(_, rule)| rule.code == code)?;
        if all < ENOUGH {
            return None;
        }
        let share = |n: usize, percent: usize| n * 100 >= all * percent;
        if share(self.rejected, SILENCE) {
            return Some(Advice::Silence);
        }
        let asks = rule.applicability == Applicability::Suggested;
        let sure = share(self.accepted, PROMOTE) && self.edited == 0 && !self.reads_anew;
        (asks && sure).then_some(Advice::Promote)
    }
}

/// Seconds spent on a log: each person's gaps between verdicts, long ones left out. A time that cannot be read does not
/// count.
fn seconds(log: &[Decision]) -> i64 {
    let mut times: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for decision in log {
        if let Ok(at) = decision.at.parse::<Timestamp>() {
            times.entry(&decision.by).or_default().push(at.as_second());
        }
    }
    let mut sum = 0;
    for times in times.values_mut() {
        times.sort_unstable();
        let gaps = times.windows(2).filter_map(|two| Some(two.last()? - two.first()?));
        sum += gaps.filter(|gap| *gap <= AWAY).sum::<i64>();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::{Anchor, Scope};

    fn said(finding: usize, rule: &str, verdict: Verdict, (quote, text): (&str, &str), at: &str) -> Decision {
        Decision {
            finding: format!("f{finding}"),
            verdict,
            text: text.to_owned(),
            proposal: String::new(),
            scope: Scope::Once,
            by: "林".to_owned(),
            at: at.to_owned(),
            note: String::new(),
            anchor: Anchor { rule: rule.to_owned(), quote: quote.to_owned(), ..Anchor::default() },
        }
    }

    fn log(lines: Vec<Decision>) -> Decisions {
        Decisions { log: lines, lines: Vec::new() }
    }

    #[test]
    fn a_rule_is_promoted_or_silenced_only_on_enough_verdicts() {
        let rules = RuleSet::built_in().unwrap();
        let suggested = |name: &str| {
            rules
                .iter()
                .find(|(_, r)| r.applicability == Applicability::Suggested && r.code.starts_with(name))
                .unwrap()
                .1
        };
        let (marks, words) = (&suggested("LNT").code, &suggested("TYP").code);
        let many = |n: usize, rule: &str, verdict, change| {
            (0..n).map(|i| said(i, rule, verdict, change, "")).collect::<Vec<_>>()
        };
        let advice = |lines| Stats::of([("a", 10_000, &log(lines))], &rules).rules[0].advice;
        assert_eq!(advice(many(20, marks, Verdict::Accept, ("新居", "“新居”"))), Some(Advice::Promote));
        assert_eq!(advice(many(19, marks, Verdict::Accept, ("新居", "“新居”"))), None);
        assert_eq!(advice(many(20, words, Verdict::Accept, ("查明查明", "查明"))), None, "it changes what is read");
        assert_eq!(advice(many(20, words, Verdict::Reject, ("查明查明", ""))), Some(Advice::Silence));
        let mut mixed = many(40, marks, Verdict::Accept, ("新居", "“新居”"));
        mixed.push(said(40, marks, Verdict::Edit, ("新居", "“新居”们"), ""));
        assert_eq!(advice(mixed), None, "somebody wrote another text");
        assert_eq!(advice(many(30, "XXX999", Verdict::Reject, ("甲", ""))), None, "there is no such rule");
    }

    #[test]
    fn time_away_from_the_desk_does_not_count_and_the_last_word_does() {
        let at = ["08:00:00Z", "08:01:00Z", "08:31:00Z", "08:33:30Z", "soon"].map(|t| format!("2026-11-23T{t}"));
        let mut lines: Vec<Decision> =
            at.iter().enumerate().map(|(i, at)| said(i, "LNT021", Verdict::Reject, ("甲", ""), at)).collect();
        lines.push(said(0, "LNT021", Verdict::Accept, ("甲", "甲"), "2026-11-23T08:33:30Z"));
        let rules = RuleSet::built_in().unwrap();
        let log = log(lines);
        let stats = Stats::of([("a", 20_000, &log)], &rules);
        assert_eq!(stats.issues[0].minutes, 3.5);
        assert_eq!((stats.rules[0].accepted, stats.rules[0].rejected), (1, 4));
        assert_eq!(stats.false_alarms(), 2.0);
    }
}
