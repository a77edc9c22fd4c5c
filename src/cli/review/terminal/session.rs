//! The state of a review: which questions there are, which one is shown, what was said of each.

use crate::cli::{decide, say};
use crate::tally::Reviewed;
use kanwu::emit::findings;
use kanwu::error::Result;
use kanwu::finding::{Finding, Status};
use kanwu::pipeline::Run;
use kanwu::review::{Decision, Decisions, Log, Scope, Signature, Verdict, calls, decision, log_text};
use kanwu::rule::{Lang, RuleSet};
use kanwu::text::Ruler;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One finding that is asked about.
pub struct Item {
    /// Its number in the run.
    pub number: usize,
    /// The question that it is part of.
    call: usize,
    /// The item of the passage proposed for removal that it lies in: it is asked about only when that is kept.
    holder: Option<usize>,
    /// What was said.
    pub given: Option<Decision>,
    /// Whether it was passed over.
    pub skipped: bool,
}

/// How far a key reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The finding shown.
    One,
    /// What waits of its series; what was skipped is an exception.
    Series,
}

/// A review of one issue.
pub struct Session<'d> {
    /// The issue.
    pub run: &'d Run<'d>,
    /// The rules.
    pub rules: &'d RuleSet,
    /// Measures its text.
    pub ruler: Ruler<'d>,
    /// The language.
    pub lang: Lang,
    /// Who reviews.
    pub by: String,
    /// What is to be said in the last line but one.
    pub message: String,
    items: Vec<Item>,
    at: usize,
    done: bool,
    /// What was changed without asking, and the questions while that is looked at.
    aside: Aside,
    /// Whether it is looked at.
    turned: bool,
    log: Log,
    path: PathBuf,
    /// Lines of the log that were taken in, and its length in bytes then.
    known: (usize, u64),
    /// The items of each verdict of this review, to take it back.
    history: Vec<Vec<usize>>,
    looked_for: String,
    pace: Pace,
}

/// The list that is not shown, as it was left.
struct Aside {
    items: Vec<Item>,
    at: usize,
    done: bool,
    history: Vec<Vec<usize>>,
}

/// How fast the person works.
struct Pace {
    last: Instant,
    spent: Duration,
    verdicts: u32,
}

impl Pace {
    /// A question takes this long until the person's own pace is known.
    const GUESS: Duration = Duration::from_secs(8);
    /// A longer pause is no work.
    const PAUSE: Duration = Duration::from_secs(60);

    fn verdict(&mut self) {
        self.spent += self.last.elapsed().min(Pace::PAUSE);
        self.last = Instant::now();
        self.verdicts += 1;
    }

    /// Whole minutes for so many questions.
    fn minutes(&self, questions: usize) -> u64 {
        let guessed = (self.spent + Pace::GUESS * 3) / (self.verdicts + 3);
        (guessed.as_millis() as u64 * questions as u64).div_ceil(60_000)
    }
}

impl<'d> Session<'d> {
    /// Begins a review; `before` is the log as the run has read it.
    ///
    /// # Errors
    /// A log that cannot be written.
    pub fn new(
        run: &'d Run<'d>,
        rules: &'d RuleSet,
        before: &'d Decisions,
        path: &Path,
        by: &str,
        lang: Lang,
    ) -> Result<Session<'d>> {
        let items = items(run);
        let mut session = Session {
            run,
            rules,
            ruler: Ruler::new(&run.source().text),
            lang,
            by: by.to_owned(),
            message: String::new(),
            done: items.is_empty(),
            items,
            at: 0,
            aside: Aside { items: changes(run), at: 0, done: false, history: Vec::new() },
            turned: false,
            log: Log::open(path)?,
            path: path.to_owned(),
            known: (before.log.len(), 0),
            history: Vec::new(),
            looked_for: String::new(),
            pace: Pace { last: Instant::now(), spent: Duration::ZERO, verdicts: 0 },
        };
        session.look_for_others();
        Ok(session)
    }

    /// Turns to what was changed without asking, and back.
    pub fn turn(&mut self) {
        if self.aside.items.is_empty() && !self.turned {
            say::nothing_changed(self.lang).clone_into(&mut self.message);
            return;
        }
        self.turned = !self.turned;
        std::mem::swap(&mut self.items, &mut self.aside.items);
        std::mem::swap(&mut self.at, &mut self.aside.at);
        std::mem::swap(&mut self.done, &mut self.aside.done);
        std::mem::swap(&mut self.history, &mut self.aside.history);
    }

    /// Whether what was changed without asking is looked at.
    pub fn shows_changes(&self) -> bool {
        self.turned
    }

    /// Whether every question has been answered or passed over, and the closing page is shown.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The finding shown.
    pub fn current(&self) -> Option<(&Item, &'d Finding)> {
        let item = self.items.get(self.at)?;
        Some((item, self.run.findings.get(item.number)?))
    }

    /// Place of the question among all, their number, and the minutes that the rest will take.
    pub fn progress(&self) -> (usize, usize, u64) {
        let shown: Vec<usize> = (0..self.items.len()).filter(|i| self.is_shown(*i)).collect();
        let left = shown.iter().filter(|i| self.items.get(**i).is_some_and(|item| item.given.is_none())).count();
        let place = shown.partition_point(|i| *i < self.at) + 1;
        let minutes = if self.turned { 0 } else { self.pace.minutes(left) };
        (place.min(shown.len()), shown.len(), minutes)
    }

    /// The place of the finding in its series, and how many that has.
    pub fn in_series(&self) -> Option<(usize, usize)> {
        if self.turned {
            return None;
        }
        let call = self.items.get(self.at)?.call;
        self.current()?.1.series.as_ref()?;
        let all: Vec<usize> = self.of_call(call).collect();
        (all.len() > 1).then(|| (all.partition_point(|i| *i < self.at) + 1, all.len()))
    }

    fn of_call(&self, call: usize) -> impl Iterator<Item = usize> {
        let own = move |(_, item): &(usize, &Item)| item.call == call && item.holder.is_none();
        self.items.iter().enumerate().filter(own).map(|(i, _)| i)
    }

    /// What was decided about a stale finding before.
    pub fn decided_before(&self, finding: &'d Finding) -> Option<&'d Decision> {
        self.run.decided_before(finding)
    }

    /// A text that holds the place, and where in it: the cleaned text where the place stands in it, else the source.
    pub fn as_it_stands(&self, finding: &Finding) -> (&'d str, Range<usize>) {
        let view = self.run.document.view();
        match view.map().to_source(view.map().span_to_view(finding.span)) {
            (back, wide) if back == finding.span => (self.run.clean(), wide.range()),
            _ => (&self.run.source().text, finding.span.range()),
        }
    }

    /// What the finding says.
    pub fn says(&self, finding: &Finding) -> String {
        findings::message(finding, self.rules.get(finding.rule)).raw(self.lang).to_owned()
    }

    /// What was done so far.
    pub fn tally(&self) -> Reviewed {
        let mut done = Reviewed::default();
        let (questions, changes) = match self.turned {
            true => (&self.aside.items, &self.items),
            false => (&self.items, &self.aside.items),
        };
        for (i, item) in questions.iter().enumerate() {
            match item.given.as_ref().map(|d| d.verdict) {
                Some(Verdict::Accept) => done.accepted += 1,
                Some(Verdict::Reject) => done.rejected += 1,
                Some(Verdict::Edit) => done.edited += 1,
                _ if is_shown(questions, i) => {
                    done.left += 1;
                    done.skipped += usize::from(item.skipped);
                }
                _ => {}
            }
        }
        let taken_back = |item: &&Item| item.given.as_ref().is_some_and(|d| d.verdict == Verdict::Reject);
        done.rejected += changes.iter().filter(taken_back).count();
        done
    }

    fn is_shown(&self, i: usize) -> bool {
        is_shown(&self.items, i)
    }

    /// To the next question, or the one before.
    pub fn step(&mut self, on: bool) {
        if self.done {
            self.done = self.items.is_empty();
            return;
        }
        let to = match on {
            true => (self.at + 1..self.items.len()).find(|i| self.is_shown(*i)),
            false => (0..self.at).rev().find(|i| self.is_shown(*i)),
        };
        match to {
            Some(to) => self.at = to,
            None => say::at_the_end(on, self.lang).clone_into(&mut self.message),
        }
    }

    /// To the next question that waits and was not passed over; round to the first.
    fn on(&mut self) {
        if self.turned {
            return self.step(true);
        }
        let waits = |i: &usize| {
            self.is_shown(*i) && self.items.get(*i).is_some_and(|item| item.given.is_none() && !item.skipped)
        };
        match (self.at + 1..self.items.len()).chain(0..self.at + 1).find(waits) {
            Some(to) => self.at = to,
            None => self.done = true,
        }
    }

    /// Passes the question over.
    pub fn skip(&mut self) {
        if let Some(item) = self.items.get_mut(self.at) {
            item.skipped = item.given.is_none();
        }
        self.on();
    }

    /// Accepts an alternative, by its number from 0.
    pub fn accept(&mut self, fix: usize, reach: Reach) {
        let Some((_, finding)) = self.current() else { return };
        if fix > 0 && fix >= finding.fixes.len() {
            self.message = say::no_fix_number(fix + 1, self.lang);
            return;
        }
        self.say(reach, |finding| {
            let text = finding.fixes.get(fix).map(|text| text.as_ref());
            decide::chosen(finding, text).unwrap_or((Verdict::Accept, String::new()))
        });
    }

    /// Keeps the text.
    pub fn reject(&mut self, reach: Reach) {
        self.say(reach, |_| (Verdict::Reject, String::new()));
    }

    /// The text that one begins to edit with: the proposal, or what stands there.
    pub fn to_edit(&self) -> Option<String> {
        let (_, finding) = self.current()?;
        let (text, at) = self.as_it_stands(finding);
        Some(finding.fixes.first().map_or_else(|| text.get(at).unwrap_or("").to_owned(), |fix| fix.to_string()))
    }

    /// Puts a text of the person's own there. What is an alternative counts as accepted, what stands there as kept.
    pub fn edit(&mut self, text: &str) {
        let Some((_, finding)) = self.current() else { return };
        let (stands, at) = self.as_it_stands(finding);
        let kept = stands.get(at) == Some(text) && !finding.fixes.iter().any(|fix| fix == text);
        self.say(Reach::One, |finding| match decide::chosen(finding, Some(text)) {
            Some(chosen) => chosen,
            None if kept => (Verdict::Reject, String::new()),
            None => (Verdict::Edit, text.to_owned()),
        });
    }

    /// Decides what is asked again as it was decided before.
    pub fn as_before(&mut self) {
        let before = self.current().and_then(|(_, finding)| self.decided_before(finding)).cloned();
        match before {
            Some(before) => self.say(Reach::One, |finding| again(&before, finding)),
            None => say::nothing_before(self.lang).clone_into(&mut self.message),
        }
    }

    fn say(&mut self, reach: Reach, verdict: impl Fn(&Finding) -> (Verdict, String)) {
        let Some(call) = self.items.get(self.at).map(|item| item.call) else { return };
        let waits = |i: &usize| self.items.get(*i).is_some_and(|item| item.given.is_none() && !item.skipped);
        let whole = reach == Reach::Series && self.in_series().is_some();
        let mut on: Vec<usize> = if whole { self.of_call(call).filter(waits).collect() } else { Vec::new() };
        if !on.contains(&self.at) {
            on.push(self.at);
        }
        let signature = Signature { by: self.by.clone(), at: decide::now(), note: String::new() };
        let lines: Vec<Decision> = on
            .iter()
            .filter_map(|i| {
                let number = self.items.get(*i)?.number;
                let (verdict, text) = verdict(self.run.findings.get(number)?);
                decision(self.run, self.rules, number, (verdict, &text, Scope::Once), &signature)
            })
            .collect();
        if self.keep(&lines) {
            self.pace.verdict();
            self.history.push(on);
            self.on();
            self.message = say::kept_here(&lines, self.lang);
        }
    }

    /// Takes the last verdict back; where none was given in this review, the one on the finding shown.
    pub fn undo(&mut self) {
        let decided = |i: &usize| self.items.get(*i).is_some_and(|item| item.given.is_some());
        let on = match self.history.pop() {
            Some(on) => on,
            None if decided(&self.at) => vec![self.at],
            None => {
                say::nothing_to_undo(self.lang).clone_into(&mut self.message);
                return;
            }
        };
        let signature = Signature { by: self.by.clone(), at: decide::now(), note: String::new() };
        let lines: Vec<Decision> = on
            .iter()
            .filter_map(|i| self.items.get(*i))
            .filter_map(|item| {
                decision(self.run, self.rules, item.number, (Verdict::Undo, "", Scope::Once), &signature)
            })
            .collect();
        if self.keep(&lines) {
            self.message = say::kept_here(&lines, self.lang);
            self.done = false;
            self.at = on.first().copied().unwrap_or(self.at);
        } else {
            self.history.push(on);
        }
    }

    /// Writes verdicts down; whether they are on the disk.
    fn keep(&mut self, lines: &[Decision]) -> bool {
        match self.log.append(lines) {
            Ok(()) => {
                self.look_for_others();
                true
            }
            Err(error) => {
                let (message, hint) = error.text(self.lang);
                self.message = format!("✗ {message} {hint}");
                false
            }
        }
    }

    /// Takes in what was written to the log since: one's own verdicts, and those of others; whether there was anything.
    pub fn look_for_others(&mut self) -> bool {
        let length = std::fs::metadata(&self.path).map_or(0, |meta| meta.len());
        if length == self.known.1 {
            return false;
        }
        let Ok(text) = std::fs::read(&self.path).and_then(log_text) else { return false };
        let Ok((log, _)) = Decisions::parse(&text, "") else { return false };
        for line in log.log.iter().skip(self.known.0) {
            let findings = &self.run.findings;
            let is_its = |item: &&mut Item| findings.get(item.number).is_some_and(|f| f.id == line.finding);
            let Some(item) = self.items.iter_mut().chain(&mut self.aside.items).find(is_its) else { continue };
            item.given = Some(line.clone()).filter(|d| d.verdict != Verdict::Undo);
            item.skipped = false;
            if line.by != self.by {
                self.message = say::somebody_else(line, self.lang);
            }
        }
        self.known = (log.log.len(), length);
        true
    }

    /// To the next question that has a text in it, from the one shown on; an empty text repeats the last search.
    pub fn search(&mut self, text: &str) {
        if !text.is_empty() {
            self.looked_for = text.to_lowercase();
        }
        let wanted = self.looked_for.clone();
        let has = |i: &usize| self.is_shown(*i) && self.holds(*i, &wanted);
        let found = (self.at + 1..self.items.len()).chain(0..self.at + 1).find(has);
        match found.filter(|_| !wanted.is_empty()) {
            Some(to) => {
                self.at = to;
                self.done = false;
            }
            None => self.message = say::not_found(&wanted, self.lang),
        }
    }

    fn holds(&self, i: usize, wanted: &str) -> bool {
        let Some(finding) = self.items.get(i).and_then(|item| self.run.findings.get(item.number)) else {
            return false;
        };
        let quote = finding.span.of(&self.run.source().text);
        let code = &self.rules.get(finding.rule).code;
        [finding.id.as_str(), quote, code, &self.says(finding)].iter().any(|t| t.to_lowercase().contains(wanted))
            || finding.fixes.iter().any(|fix| fix.to_lowercase().contains(wanted))
    }
}

/// Whether an item is shown: one inside a passage proposed for removal only when the passage is kept.
fn is_shown(items: &[Item], i: usize) -> bool {
    let holder = items.get(i).and_then(|item| item.holder);
    holder.is_none_or(|h| {
        let said = items.get(h).and_then(|item| item.given.as_ref()).map(|d| d.verdict);
        matches!(said, Some(Verdict::Reject | Verdict::Edit))
    })
}

/// What was changed without asking, in text order.
fn changes(run: &Run) -> Vec<Item> {
    let all = run.findings.iter().enumerate().filter(|(_, finding)| finding.status == Status::Applied);
    all.map(|(number, _)| Item { number, call: number, holder: None, given: None, skipped: false }).collect()
}

/// An earlier decision, said of what is proposed today.
fn again(before: &Decision, finding: &Finding) -> (Verdict, String) {
    match before.verdict {
        Verdict::Accept if finding.fixes.is_empty() => (Verdict::Accept, String::new()),
        Verdict::Accept => {
            let first = finding.fixes.first().filter(|_| before.text.is_empty());
            let text = first.map_or(before.text.as_str(), |fix| fix.as_ref());
            decide::chosen(finding, Some(text)).unwrap_or_else(|| (Verdict::Edit, text.to_owned()))
        }
        verdict => (verdict, before.text.clone()),
    }
}

/// The findings that wait, question by question; what lies inside a passage proposed for removal behind it.
fn items(run: &Run) -> Vec<Item> {
    let mut out = Vec::new();
    for (call, asked) in calls(run).into_iter().enumerate() {
        let first = out.len();
        let item = |number, holder| Item { number, call, holder, given: None, skipped: false };
        out.extend(asked.findings.into_iter().map(|number| item(number, None)));
        out.extend(asked.inside.into_iter().map(|number| item(number, Some(first))));
    }
    out
}
