//! `kanwu decide --list`: what waits for a verdict, what must be looked at again, and on whom people differ.

use super::Desk;
use crate::cli::say;
use kanwu::emit::findings;
use kanwu::error::{Error, ErrorKind, Result};
use kanwu::finding::Status;
use kanwu::review::{Decision, calls};
use kanwu::text::Ruler;
use serde_json::{Value, json};

/// The findings that wait, as numbers in the run: those that are asked again first, then in the order of the questions.
fn waiting(desk: &Desk) -> Vec<usize> {
    let asked: Vec<usize> = calls(desk.run).into_iter().flat_map(|c| c.findings.into_iter().chain(c.inside)).collect();
    let stale = |n: &usize| desk.run.findings.get(*n).is_some_and(|f| f.status == Status::Stale);
    let (mut first, rest): (Vec<usize>, Vec<usize>) = asked.into_iter().partition(stale);
    first.extend(rest);
    first
}

/// The decisions whose place was not found, with their lines.
fn lost<'d>(desk: &Desk<'d>) -> Vec<(usize, &'d Decision)> {
    let decisions = desk.decisions;
    let at = |n: usize| decisions.log.get(n).map(|d| (decisions.line_of(n), d));
    let lost = |(line, _): &(usize, &Decision)| desk.run.lost_decisions.contains(line);
    (0..decisions.log.len()).filter_map(at).filter(lost).collect()
}

/// The list for people.
pub fn as_lines(desk: &Desk) -> String {
    let ruler = Ruler::new(&desk.run.source().text);
    let waiting = waiting(desk);
    let line = |n: &usize| {
        let finding = desk.run.findings.get(*n)?;
        Some(say::waits(finding, desk.run, desk.rules, &ruler, desk.run.decided_before(finding), desk.lang))
    };
    let (stale, open): (Vec<&usize>, Vec<&usize>) =
        waiting.iter().partition(|n| desk.run.findings.get(**n).is_some_and(|f| f.status == Status::Stale));
    let lines = |numbers: &[&usize]| numbers.iter().filter_map(|n| line(n)).collect::<Vec<String>>();
    let conflicts = desk.decisions.conflicts();
    let said = |numbers: &Vec<usize>| numbers.iter().filter_map(|n| desk.decisions.log.get(*n)).collect::<Vec<_>>();
    let conflicts: Vec<String> =
        conflicts.iter().map(|(id, numbers)| say::conflict(id, &said(numbers), desk.lang)).collect();
    let lost: Vec<String> = lost(desk).into_iter().map(|(line, d)| say::lost(line, d, desk.lang)).collect();
    say::list(&desk.run.source().id, calls(desk.run).len(), [lines(&stale), lines(&open), conflicts, lost], desk.lang)
}

/// The list for programs: the findings as in `findings.jsonl`, each with the decision that was made before.
///
/// # Errors
/// Only a fault of the program.
pub fn as_json(desk: &Desk) -> Result<String> {
    let ruler = Ruler::new(&desk.run.source().text);
    let made = || -> serde_json::Result<String> {
        let mut all = Vec::new();
        for finding in waiting(desk).into_iter().filter_map(|n| desk.run.findings.get(n)) {
            let line = findings::line(finding, desk.run.source(), &ruler, desk.rules, desk.lang);
            let mut value = serde_json::to_value(line)?;
            if let Some(before) = desk.run.decided_before(finding) {
                value["decided"] = serde_json::to_value(before)?;
            }
            all.push(value);
        }
        let said = |numbers: &Vec<usize>| numbers.iter().filter_map(|n| desk.decisions.log.get(*n)).collect::<Vec<_>>();
        let conflicts: Vec<Value> = desk
            .decisions
            .conflicts()
            .iter()
            .map(|(id, numbers)| json!({ "finding": id, "verdicts": said(numbers) }))
            .collect();
        let lost: Vec<Value> = lost(desk).into_iter().map(|(line, d)| json!({ "line": line, "decision": d })).collect();
        let list = json!({
            "issue": desk.run.source().id, "log": desk.log, "questions": calls(desk.run).len(),
            "waiting": all, "conflicts": conflicts, "lost": lost,
        });
        Ok(format!("{}\n", serde_json::to_string_pretty(&list)?))
    };
    made().map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))
}
