//! Replays a log of decisions over fresh findings.
//!
//! The log is only ever added to, so the last line about a finding counts, and `undo` takes back all lines before it. A
//! decision holds for the proposal that was shown when it was made. When the rules propose something else today, or the
//! passage is found again only by what stood around it, the finding is *stale*: it is asked again and not applied.

use super::{Decision, Decisions, Place, Scope, Verdict};
use crate::finding::{Finding, Status};
use crate::pipeline::surroundings;
use crate::rule::RuleSet;
use crate::source::Source;
use crate::text::fold_char;
use aho_corasick::AhoCorasick;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Hash of the fixes that a person was shown: 64 bits of SHA-256 over the texts, each behind its length in bytes (eight
/// bytes, little endian), in lower-case hex.
pub fn proposal_hash(fixes: &[Cow<'static, str>]) -> String {
    let mut hash = Sha256::new();
    for fix in fixes {
        hash.update((fix.len() as u64).to_le_bytes());
        hash.update(fix.as_bytes());
    }
    let digest = hash.finalize();
    let mut out = String::with_capacity(16);
    for byte in &digest[..8] {
        for half in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    out
}

/// Answers, for each finding of a run in turn, what has been decided about it.
pub struct Resolver<'d> {
    log: &'d Decisions,
    source: &'d Source,
    /// The lines about each finding id that were not taken back; the last one is in force.
    by_id: HashMap<&'d str, Vec<usize>>,
    /// The last decision in force that reaches beyond its own place, by rule and folded quote.
    by_kind: HashMap<(&'d str, String), Vec<usize>>,
    /// Decisions whose id an earlier pass did not meet, by rule and folded quote.
    adrift: HashMap<(&'d str, String), Vec<usize>>,
    /// Which lines in force have been met.
    met: BTreeMap<usize, bool>,
    /// Lines in force whose place reads like others, of which there were more or fewer when it was decided.
    ambiguous: BTreeSet<usize>,
}

impl<'d> Resolver<'d> {
    /// Reads the log. A second pass looks for the decisions that the first one did not place (`adrift`, numbers in the log,
    /// sorted) by what stood around them. Only then is it known which ids are gone.
    pub fn new(log: &'d Decisions, source: &'d Source, adrift: &[usize]) -> Self {
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (n, decision) in log.log.iter().enumerate() {
            if decision.verdict == Verdict::Undo {
                by_id.remove(decision.finding.as_str());
            } else {
                by_id.entry(&decision.finding).or_default().push(n);
            }
        }
        let met: BTreeMap<usize, bool> = by_id.values().filter_map(|lines| Some((*lines.last()?, false))).collect();
        let (mut by_kind, mut lost) = (HashMap::<_, Vec<usize>>::new(), HashMap::<_, Vec<usize>>::new());
        for n in met.keys() {
            let decision = &log.log[*n];
            let key = (decision.anchor.rule.as_str(), folded_quote(&decision.anchor.quote));
            if decision.scope != Scope::Once && !decision.anchor.rule.is_empty() {
                by_kind.entry(key).or_default().push(*n);
            } else if adrift.binary_search(n).is_ok() {
                lost.entry(key).or_default().push(*n);
            }
        }
        let ambiguous = ambiguous(log, source, &met);
        Resolver { log, source, by_id, by_kind, adrift: lost, met, ambiguous }
    }

    /// Sets the finding's status, text and decider where a decision exists. `stands` is the text that now stands for
    /// the finding's span, which accepting a flag keeps.
    pub fn decide(&mut self, finding: &mut Finding, rules: &RuleSet, stands: impl Fn() -> Cow<'static, str>) {
        if self.by_id.is_empty() {
            return;
        }
        if let Some((n, earlier)) = self.by_id.get(finding.id.as_str()).and_then(|lines| lines.split_last()) {
            let (n, earlier) = (*n, earlier.iter().map(|i| self.log.log[*i].by.as_str()));
            let others = others(&self.log.log[n].by, earlier);
            self.replay(n, finding, stands);
            finding.also_decided_by = others;
            return;
        }
        if self.by_kind.is_empty() && self.adrift.is_empty() {
            return;
        }
        let (before, quote, after) = surroundings(&self.source.text, finding.span);
        let key = (rules.get(finding.rule).code.as_str(), quote);
        let log = &self.log.log;
        if let Some(n) = get(&self.by_kind, &key).iter().rev().find(|n| same_proposal(&log[**n], finding)).copied() {
            return self.replay(n, finding, stands);
        }
        let place = (before, key.1.clone(), after);
        let free = |n: &&usize| self.met.get(n) == Some(&false) && same_place(&log[**n], &place.0, &place.2);
        let like = |n: &&usize| (likeness(&log[**n], &place), std::cmp::Reverse(**n));
        let near = get(&self.adrift, &key).iter().filter(free).max_by_key(like).copied();
        if let Some(n) = near {
            self.met.insert(n, true);
            finding.asked_again_for(n, &log[n]);
        }
    }

    /// Carries out the decision of line `n`.
    fn replay(&mut self, n: usize, finding: &mut Finding, stands: impl Fn() -> Cow<'static, str>) {
        self.mark(n, finding);
        let decision = &self.log.log[n];
        let (status, text) = match decision.verdict {
            _ if !same_proposal(decision, finding) => (Status::Stale, None),
            // An id counts equal places; when one of them is gone or another came, the next has its number.
            _ if decision.scope == Scope::Once && self.ambiguous.contains(&n) => (Status::Stale, None),
            Verdict::Reject => (Status::Rejected, None),
            Verdict::Edit => (Status::Accepted, Some(Cow::Owned(decision.text.clone()))),
            Verdict::Accept => match accepted(decision, finding, stands) {
                Some(text) => (Status::Accepted, Some(text)),
                None => (Status::Stale, None),
            },
            Verdict::Undo => return,
        };
        finding.status = status;
        finding.applied = text;
    }

    fn mark(&mut self, n: usize, finding: &mut Finding) {
        self.met.insert(n, true);
        finding.decided_as(n, &self.log.log[n]);
    }

    /// The decisions in force whose place was not found, as numbers in the log, sorted. One that holds for every issue
    /// need not meet anything in this one.
    pub fn lost(&self) -> Vec<usize> {
        let lost = |(n, met): (&usize, &bool)| (!met && self.log.log[*n].scope != Scope::Always).then_some(*n);
        self.met.iter().filter_map(lost).collect()
    }
}

impl Finding {
    /// Notes which decision speaks of it.
    fn decided_as(&mut self, n: usize, decision: &Decision) {
        self.decision = Some(n);
        self.decided_by = Some(decision.by.clone()).filter(|by| !by.is_empty());
    }

    /// Makes it stale: a decision speaks of it, by its number in the log, and is not carried out.
    pub(crate) fn asked_again_for(&mut self, n: usize, decision: &Decision) {
        self.decided_as(n, decision);
        self.status = Status::Stale;
        self.applied = None;
    }
}

/// The decisions in force whose place reads like others, where their number is not what it was.
fn ambiguous(log: &Decisions, source: &Source, met: &BTreeMap<usize, bool>) -> BTreeSet<usize> {
    let anchored = |n: &&usize| log.log.get(**n).is_some_and(|d| !d.anchor.rule.is_empty());
    let lines: Vec<usize> = met.keys().filter(anchored).copied().collect();
    if lines.is_empty() {
        return BTreeSet::new();
    }
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut passages: Vec<usize> = Vec::with_capacity(lines.len());
    for decision in lines.iter().filter_map(|n| log.log.get(*n)) {
        let next = numbers.len();
        passages.push(*numbers.entry(decision.anchor.passage()).or_insert(next));
    }
    let mut texts = vec![""; numbers.len()];
    for (text, number) in &numbers {
        if let Some(place) = texts.get_mut(*number) {
            *place = text;
        }
    }
    let mut counts = vec![0usize; texts.len()];
    // One walk over the source, however many decisions there are.
    if let Ok(automaton) = AhoCorasick::new(texts.iter().filter(|text| !text.is_empty())) {
        for hit in automaton.find_overlapping_iter(&source.text) {
            if let Some(count) = counts.get_mut(hit.pattern().as_usize()) {
                *count += 1;
            }
        }
    }
    let changed = |(n, passage): (&usize, &usize)| {
        let today = counts.get(*passage).copied().unwrap_or(0);
        log.log.get(*n)?.anchor.is_ambiguous(today).then_some(*n)
    };
    lines.iter().zip(&passages).filter_map(changed).collect()
}

/// Those besides `last` who decided before, each named once.
fn others<'d>(last: &str, earlier: impl Iterator<Item = &'d str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for by in earlier.filter(|by| !by.is_empty() && *by != last) {
        if !out.iter().any(|known| known == by) {
            out.push(by.to_owned());
        }
    }
    out
}

fn get<'m, 'k>(map: &'m HashMap<(&'k str, String), Vec<usize>>, key: &(&'k str, String)) -> &'m [usize] {
    map.get(key).map_or(&[], Vec::as_slice)
}

/// The text that an accepted finding takes: the one chosen, the first, or for a flag what stands there.
fn accepted(
    decision: &Decision,
    finding: &Finding,
    stands: impl Fn() -> Cow<'static, str>,
) -> Option<Cow<'static, str>> {
    let Some(first) = finding.fixes.first() else {
        return Some(stands());
    };
    if decision.text.is_empty() {
        return Some(first.clone());
    }
    finding.fixes.iter().find(|fix| **fix == decision.text).cloned()
}

fn same_proposal(decision: &Decision, finding: &Finding) -> bool {
    decision.proposal.is_empty() || decision.proposal == proposal_hash(&finding.fixes)
}

/// Folded characters of context that are compared on either side, as many as go into an id.
const CONTEXT: usize = 12;
/// A side that agrees as far as it is known must be this long to say anything by itself.
const SIDE: usize = 4;

/// Whether the text around a finding is the text around the decision: one side agrees as far as it is known, or both
/// together do over the length of one.
fn same_place(decision: &Decision, before: &str, after: &str) -> bool {
    let (was_before, was_after) = (&decision.anchor.before, &decision.anchor.after);
    let (left, left_known) = agree(was_before.chars().rev(), before.chars().rev());
    let (right, right_known) = agree(was_after.chars(), after.chars());
    let whole = |same, known| same == known && known >= SIDE;
    whole(left, left_known) || whole(right, right_known) || left + right >= CONTEXT
}

/// Looks among the findings that wait and that nobody has decided for the places of decisions that met nothing, and marks
/// those stale that are the likeliest: the same rule, the same quote, and the text around it most like what it was, and not
/// less than at the place where the decision stands by its text ([`super::places`]). Nothing is applied by this; the
/// returned decisions (numbers in the log) are still without a finding.
pub fn reunite(
    log: &Decisions,
    lost: &[usize],
    places: &BTreeMap<usize, Place>,
    source: &Source,
    findings: &mut [Finding],
    rules: &RuleSet,
) -> Vec<usize> {
    let mut free: HashMap<(&str, String), Vec<usize>> = HashMap::new();
    let wanted: BTreeSet<&str> = lost.iter().filter_map(|n| log.log.get(*n)).map(|d| d.anchor.rule.as_str()).collect();
    for (i, finding) in findings.iter().enumerate() {
        let code = rules.get(finding.rule).code.as_str();
        if finding.status == Status::Open && finding.decided_by.is_none() && wanted.contains(code) {
            free.entry((code, folded_quote(finding.span.of(&source.text)))).or_default().push(i);
        }
    }
    for all in free.values_mut() {
        all.sort_by_key(|i| findings.get(*i).map(|f| f.span));
    }
    let mut still = Vec::new();
    for n in lost {
        let Some(decision) = log.log.get(*n) else { continue };
        let key = (decision.anchor.rule.as_str(), folded_quote(&decision.anchor.quote));
        let alike = |i: &usize| findings.get(*i).map_or(0, |f| likeness(decision, &surroundings(&source.text, f.span)));
        let best =
            free.get(&key).and_then(|all| all.iter().take(CROWD).max_by_key(|i| (alike(i), std::cmp::Reverse(**i))));
        let least = places.get(n).map_or(LEAST, |place| place.likeness);
        let Some(best) = best.copied().filter(|i| alike(i) >= least) else {
            still.push(*n);
            continue;
        };
        if let Some(finding) = findings.get_mut(best) {
            finding.asked_again_for(*n, decision);
        }
        if let Some(all) = free.get_mut(&key) {
            all.retain(|i| *i != best);
        }
    }
    still
}

/// Candidates that are compared for one decision.
const CROWD: usize = 64;
/// Characters around a place that must stand where they stood, of twice [`CONTEXT`].
pub(super) const LEAST: usize = 8;

/// How many of the characters around a place stand where they stood, on either side.
pub(super) fn likeness(decision: &Decision, (before, _, after): &(String, String, String)) -> usize {
    let was_before = decision.anchor.before.chars().rev().filter_map(fold_char).take(CONTEXT);
    let was_after = decision.anchor.after.chars().filter_map(fold_char).take(CONTEXT);
    let left = was_before.zip(before.chars().rev()).filter(|(a, b)| a == b).count();
    left + was_after.zip(after.chars()).filter(|(a, b)| a == b).count()
}

/// How many folded characters agree, and how many are known.
fn agree(was: impl Iterator<Item = char>, is: impl Iterator<Item = char>) -> (usize, usize) {
    let was: Vec<char> = was.filter_map(fold_char).take(CONTEXT).collect();
    (was.iter().zip(is).take_while(|(a, b)| **a == *b).count(), was.len())
}

/// A quote as [`surroundings`] folds it.
fn folded_quote(quote: &str) -> String {
    let folded: String = quote.chars().filter_map(fold_char).collect();
    if folded.is_empty() { quote.to_owned() } else { folded }
}
