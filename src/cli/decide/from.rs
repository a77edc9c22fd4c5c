//! Verdicts that come in a file: taken whole or not at all.
//!
//! What sort of file it is, its content tells: a reviewed Word document, decisions one a line, or a text with its marks.

use super::Desk;
use crate::cli::say;
use kanwu::error::Result;
use kanwu::review::{Anchor, Decision, Decisions, Scope, Signature, Verdict, decision, paper};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// A verdict of a file, and the line that it stands in, from 1.
pub struct Incoming {
    /// The line.
    pub line: usize,
    /// The verdict; what it leaves out is filled in from the finding.
    pub decision: Decision,
}

/// Reads a file of verdicts against the present findings: those that are new, complete, and the number of those that the
/// log has already.
///
/// # Errors
/// A file that cannot be read or means nothing; a verdict on a finding that is not there, with its line.
pub fn read(desk: &Desk, path: &Path, signature: &Signature) -> Result<(Vec<Decision>, usize)> {
    let bytes = std::fs::read(path).map_err(|e| say::cannot_read_verdicts(path, &e))?;
    let incoming = incoming(desk, path, &bytes, signature)?;
    let numbers: HashMap<&str, usize> = desk.run.findings.iter().enumerate().map(|(n, f)| (f.id.as_str(), n)).collect();
    let said: HashSet<&str> = desk.decisions.log.iter().map(|d| d.finding.as_str()).collect();
    let standing = desk.decisions.standing();
    let last = |numbers: &Vec<usize>| desk.decisions.log.get(*numbers.last()?);
    let in_force: HashMap<&str, &Decision> = standing.iter().filter_map(|(id, n)| Some((*id, last(n)?))).collect();
    let (mut fresh, mut known) = (Vec::new(), 0);
    for Incoming { line, decision } in incoming {
        let timeless = decision.at.is_empty();
        let decision = match numbers.get(decision.finding.as_str()) {
            Some(number) => completed(desk, *number, decision, signature),
            // What was said of a place that is gone can still be taken back.
            None if decision.verdict == Verdict::Undo && said.contains(decision.finding.as_str()) => decision,
            None => return Err(say::no_finding_at(path, line, &decision.finding)),
        };
        if let Some(number) = numbers.get(decision.finding.as_str())
            && !offered(desk, *number, &decision)
        {
            return Err(say::no_such_fix_at(path, line, &decision));
        }
        // A file that is taken in twice says nothing new, also where the program gave its lines their time.
        let same = |old: &&Decision| {
            timeless
                && (old.verdict, &old.text, &old.proposal, old.scope)
                    == (decision.verdict, &decision.text, &decision.proposal, decision.scope)
        };
        let before = in_force.get(decision.finding.as_str()).is_some_and(same);
        match before || desk.decisions.about(&decision.finding).any(|old| is_same(old, &decision)) {
            true => known += 1,
            false => fresh.push(decision),
        }
    }
    Ok((fresh, known))
}

/// Whether two lines are one. Where the place stood is left aside: what was accepted since may tell it in other words.
fn is_same(a: &Decision, b: &Decision) -> bool {
    let bare = |d: &Decision| Decision { anchor: Anchor::default(), ..d.clone() };
    bare(a) == bare(b)
}

fn incoming(desk: &Desk, path: &Path, bytes: &[u8], signature: &Signature) -> Result<Vec<Incoming>> {
    if bytes.starts_with(b"PK\x03\x04") {
        return from_paper(desk, path, bytes, signature);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return Err(say::no_verdicts(path)) };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match text.trim_start().starts_with('{') && serde_line(text) {
        true => from_lines(path, text),
        false if text.contains("{>>") => from_paper(desk, path, bytes, signature),
        false => Err(say::no_verdicts(path)),
    }
}

/// Whether the first line is JSON, as far as it goes; CriticMarkup begins its marks with a brace too.
fn serde_line(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or("");
    first.trim_start_matches('{').trim_start().starts_with('"')
}

fn from_lines(path: &Path, text: &str) -> Result<Vec<Incoming>> {
    let (decisions, torn) = Decisions::parse(text, &path.to_string_lossy())?;
    if let Some(torn) = torn.into_iter().next() {
        return Err(torn);
    }
    let lines = decisions.lines;
    Ok(decisions.log.into_iter().zip(lines).map(|(decision, line)| Incoming { line, decision }).collect())
}

/// The verdicts of a paper: a Word document with its changes accepted or rejected, or a text with CriticMarkup. What she
/// changed where nothing was asked is told and not taken over.
fn from_paper(desk: &Desk, path: &Path, bytes: &[u8], signature: &Signature) -> Result<Vec<Incoming>> {
    let returned = paper::read(bytes, &path.to_string_lossy(), desk.run)?;
    for unclear in &returned.unclear {
        eprintln!("{}", say::unclear_on_paper(desk.run, unclear.finding, &unclear.text, desk.lang));
    }
    for stray in &returned.strays {
        eprintln!("{}", say::stray_on_paper(stray.line, &stray.was, &stray.is, desk.lang));
    }
    let line = |said: &paper::Said| {
        let verdict = (said.verdict, said.text.as_str(), Scope::Once);
        let decision = decision(desk.run, desk.rules, said.finding, verdict, signature)?;
        Some(Incoming { line: 0, decision })
    };
    Ok(returned.said.iter().filter_map(line).collect())
}

/// The verdict with what it leaves out: a line written by hand names a finding and a verdict, and no more.
fn completed(desk: &Desk, number: usize, given: Decision, signature: &Signature) -> Decision {
    let or = |given: &str, else_: &str| if given.is_empty() { else_.to_owned() } else { given.to_owned() };
    let Some(own) = decision(desk.run, desk.rules, number, (given.verdict, &given.text, given.scope), signature) else {
        return given;
    };
    // What is taken for the first proposal is written out: should the rule fall silent, the log still tells it.
    let first = desk.run.findings.get(number).and_then(|f| f.fixes.first()).map_or("", |fix| fix.as_ref());
    let todays = given.proposal.is_empty() || given.proposal == own.proposal;
    let text = match given.verdict {
        Verdict::Accept if todays => or(&given.text, first),
        _ => given.text.clone(),
    };
    Decision {
        text,
        proposal: or(&given.proposal, &own.proposal),
        by: or(&given.by, &own.by),
        at: or(&given.at, &own.at),
        note: or(&given.note, &own.note),
        anchor: if given.anchor.rule.is_empty() { own.anchor } else { given.anchor },
        ..given
    }
}

/// Whether an accepted text is among the alternatives, where they are those that were shown.
fn offered(desk: &Desk, number: usize, decision: &Decision) -> bool {
    let Some(finding) = desk.run.findings.get(number) else { return false };
    decision.verdict != Verdict::Accept
        || decision.text.is_empty()
        || finding.fixes.is_empty()
        || decision.proposal != kanwu::review::proposal_hash(&finding.fixes)
        || finding.fixes.iter().any(|fix| *fix == decision.text)
}
