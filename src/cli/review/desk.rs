//! One issue on the desk: its source, what the rules say of it, and the log of what people say.
//!
//! The log is the truth and may grow by other hands at any time: another window, another server, `kanwu decide`. It is read
//! on before each answer, and a verdict is written only where the log still ends where it was read to.

use super::images::{image, images};
use crate::batch;
use crate::cli::decide::{self, accept::Proposal};
use crate::config::Config;
use kanwu::emit::html::{self, Image, Line, Live};
use kanwu::error::Result;
use kanwu::finding::Status;
use kanwu::pipeline::Run;
use kanwu::reader::{self, Issue};
use kanwu::review::{Decision, Decisions, Log, Scope, Signature, Verdict, calls, decision, log_text, proposal_hash};
use kanwu::rule::Lang;
use kanwu::source::Source;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One issue.
pub struct Desk {
    number: usize,
    issue: Issue,
    log: PathBuf,
    images: Vec<Image>,
    image_paths: Vec<PathBuf>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Read once. A run borrows it, and there are only as many as there are issues: it lives as long as the program.
    source: Option<&'static Source>,
    tail: Tail,
    run: Option<Cleaned>,
}

/// What the rules say of the issue.
struct Cleaned {
    run: Run<'static>,
    /// The log that it heard.
    heard: usize,
    /// Findings by id.
    by_id: HashMap<String, usize>,
}

/// One verdict as the page sends it.
#[derive(Debug, Deserialize)]
pub struct Said {
    finding: String,
    verdict: Verdict,
    #[serde(default)]
    text: String,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    proposal: String,
    #[serde(default)]
    note: String,
}

/// Verdicts that are kept together or not at all.
#[derive(Debug, Deserialize)]
pub struct Request {
    /// Lines of the log that the page knows.
    position: usize,
    verdicts: Vec<Said>,
}

/// What became of them.
#[derive(Debug)]
pub enum Answer {
    /// On the disk; the log as JSON, from where the page knew it.
    Kept(String),
    /// Somebody has spoken of one of them since; the log as JSON, from where the page knew it.
    Met(String),
    /// The rules propose something else today, or nothing: the findings.
    Changed(Vec<String>),
    /// A text that is none of the alternatives, or no verdict at all.
    Wrong,
}

/// How far an issue is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Judgement calls that wait.
    pub waiting: usize,
    /// Findings that people have settled.
    pub settled: usize,
}

#[derive(Serialize)]
struct News<'a> {
    position: usize,
    log: Vec<Line<'a>>,
    /// The change to the desk's list of accepted texts that the verdicts propose, as a diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    accept: Option<String>,
}

impl Desk {
    /// Puts an issue on the desk; its text is read when it is first asked for.
    pub fn new(number: usize, issue: Issue) -> Desk {
        let image_paths = images(&issue);
        let images = image_paths.iter().map(|path| image(path)).collect();
        let log = reader::decisions_path(&issue);
        Desk { number, issue, log, images, image_paths, state: Mutex::default() }
    }

    /// The issue's id.
    pub fn id(&self) -> &str {
        &self.issue.id
    }

    /// Where an image lies.
    pub fn image(&self, number: usize) -> Option<&Path> {
        self.image_paths.get(number).map(PathBuf::as_path)
    }

    /// How far the issue is, where it has been read.
    pub fn progress(&self) -> Option<Progress> {
        // An issue that is being read just now is told of the next time.
        let state = self.state.try_lock().ok()?;
        let run = &state.run.as_ref()?.run;
        let settled = run.findings.iter().filter(|f| f.decided_by.is_some()).count();
        Some(Progress { waiting: calls(run).len(), settled })
    }

    /// The page of the issue, as things stand.
    ///
    /// # Errors
    /// An issue or a log that cannot be read.
    pub fn page(&self, config: &Config, lang: Lang, by: &str, issues: usize) -> Result<String> {
        let mut state = self.state();
        self.fresh(&mut state, config)?;
        let mut out = Vec::new();
        let Some(cleaned) = &state.run else { return Ok(String::new()) };
        let live = self.live(&state, by, issues);
        // Writing into memory does not fail.
        let _ = html::write_live(&cleaned.run, &config.rules, lang, &live, &mut out);
        Ok(String::from_utf8(out).unwrap_or_default())
    }

    /// What the page is made of, as JSON.
    ///
    /// # Errors
    /// An issue or a log that cannot be read.
    pub fn data(&self, config: &Config, lang: Lang, by: &str, issues: usize) -> Result<String> {
        let mut state = self.state();
        self.fresh(&mut state, config)?;
        let Some(cleaned) = &state.run else { return Ok(String::new()) };
        Ok(html::data(&cleaned.run, &config.rules, lang, &self.live(&state, by, issues)))
    }

    fn live<'a>(&'a self, state: &'a State, by: &'a str, issues: usize) -> Live<'a> {
        Live { log: &state.tail.lines, images: &self.images, by, number: self.number, issues }
    }

    /// An article with its changes marked, as JSON; nothing where there is none of this number.
    ///
    /// # Errors
    /// An issue or a log that cannot be read.
    pub fn article(&self, config: &Config, number: usize) -> Result<Option<String>> {
        let mut state = self.state();
        if state.run.is_none() {
            self.fresh(&mut state, config)?;
        }
        Ok(state.run.as_ref().and_then(|cleaned| html::article(&cleaned.run, number)))
    }

    /// What was said since the log had so many lines, as JSON.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub fn news(&self, from: usize) -> Result<String> {
        let mut state = self.state();
        state.tail.read_on(&self.log)?;
        Ok(news(&state.tail.lines, from, None))
    }

    /// Keeps verdicts.
    ///
    /// # Errors
    /// A log that cannot be read or written; then nothing was kept.
    pub fn decide(&self, request: &Request, config: &Config, lang: Lang, by: &str) -> Result<Answer> {
        let mut state = self.state();
        let state = &mut *state;
        if state.run.is_none() {
            self.fresh(state, config)?;
        }
        let mut log = Log::open(&self.log)?;
        loop {
            state.tail.read_on(&self.log)?;
            let since = state.tail.lines.get(request.position..).unwrap_or(&[]);
            let met = |said: &Said| since.iter().any(|line| line.finding == said.finding);
            if request.verdicts.iter().any(met) {
                return Ok(Answer::Met(news(&state.tail.lines, request.position, None)));
            }
            let lines = match lines(request, state, config, by) {
                Ok(lines) => lines,
                Err(answer) => return Ok(answer),
            };
            // Somebody who wrote in between may have spoken of the same: look again.
            if log.append_after(state.tail.length, &lines)? {
                state.tail.read_on(&self.log)?;
                let accept = to_accept(request, state, config, lang);
                return Ok(Answer::Kept(news(&state.tail.lines, request.position, accept)));
            }
        }
    }

    /// Reads the log on, and cleans the issue anew where somebody has said something since.
    fn fresh(&self, state: &mut State, config: &Config) -> Result<()> {
        let source = match state.source {
            Some(source) => source,
            None => {
                let source = reader::read(&self.issue, &config.read)?;
                *state.source.insert(Box::leak(Box::new(source)))
            }
        };
        state.tail.read_on(&self.log)?;
        let heard = state.tail.lines.len();
        if state.run.as_ref().is_some_and(|cleaned| cleaned.heard == heard) {
            return Ok(());
        }
        let decisions = Decisions { log: state.tail.lines.clone(), lines: Vec::new() };
        let fault = |what: &str| crate::cli::say::fault(&self.issue.path, what);
        let run = batch::guard(|| batch::clean(source, config, &decisions), fault)?;
        let by_id = run.findings.iter().enumerate().map(|(n, f)| (f.id.clone(), n)).collect();
        state.run = Some(Cleaned { run, heard, by_id });
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing half-done is left behind: a state is replaced whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The verdicts as lines of the log, or why they are none.
fn lines(request: &Request, state: &State, config: &Config, by: &str) -> std::result::Result<Vec<Decision>, Answer> {
    let mut made = Vec::with_capacity(request.verdicts.len());
    let mut changed = Vec::new();
    let at = decide::now();
    for said in &request.verdicts {
        let signature = Signature { by: by.to_owned(), at: at.clone(), note: said.note.clone() };
        let found = state.run.as_ref().and_then(|c| Some((c, *c.by_id.get(&said.finding)?)));
        let Some((cleaned, number)) = found else {
            match taken_back(said, &state.tail.lines, &signature) {
                Some(line) => made.push(line),
                None => changed.push(said.finding.clone()),
            }
            continue;
        };
        let Some(finding) = cleaned.run.findings.get(number) else { continue };
        let undo = said.verdict == Verdict::Undo;
        // What was done unasked was not proposed: to take it back nothing need be known but the place.
        let restores = finding.status == Status::Applied && said.verdict == Verdict::Reject && said.proposal.is_empty();
        if !undo && !restores && proposal_hash(&finding.fixes) != said.proposal {
            changed.push(said.finding.clone());
            continue;
        }
        let offered = finding.fixes.is_empty() || finding.fixes.iter().any(|fix| *fix == said.text);
        if said.verdict == Verdict::Accept && !offered {
            return Err(Answer::Wrong);
        }
        let verdict = (said.verdict, said.text.as_str(), said.scope);
        made.extend(decision(&cleaned.run, &config.rules, number, verdict, &signature));
    }
    match (changed.is_empty(), made.is_empty()) {
        (false, _) => Err(Answer::Changed(changed)),
        (true, true) => Err(Answer::Wrong),
        (true, false) => Ok(made),
    }
}

/// The line that takes back what was said of a finding that is no more.
fn taken_back(said: &Said, log: &[Decision], signature: &Signature) -> Option<Decision> {
    let last = log.iter().rev().find(|line| line.finding == said.finding)?;
    (said.verdict == Verdict::Undo).then(|| Decision {
        verdict: Verdict::Undo,
        text: String::new(),
        by: signature.by.clone(),
        at: signature.at.clone(),
        note: signature.note.clone(),
        ..last.clone()
    })
}

fn news(log: &[Decision], from: usize, accept: Option<String>) -> String {
    let lines = log.get(from..).unwrap_or(&[]).iter().map(Line::from).collect();
    serde_json::to_string(&News { position: log.len(), log: lines, accept }).unwrap_or_default()
}

/// What rejections for every issue would change in the desk's list. A list that cannot be read says so when it is written.
fn to_accept(request: &Request, state: &State, config: &Config, lang: Lang) -> Option<String> {
    let cleaned = state.run.as_ref()?;
    let always = |said: &&Said| said.verdict == Verdict::Reject && said.scope == Scope::Always;
    let number = |said: &Said| cleaned.by_id.get(&said.finding).copied();
    let numbers: Vec<usize> = request.verdicts.iter().filter(always).filter_map(number).collect();
    Proposal::new(&cleaned.run, &numbers, config, lang).ok()?.diff()
}

/// The log as far as it was read.
#[derive(Default)]
struct Tail {
    lines: Vec<Decision>,
    /// Its length in bytes.
    length: u64,
    /// As many of them have been taken for lines: all but what breaks off at the end.
    taken: u64,
}

impl Tail {
    /// Reads what was added since. A log that has become shorter was changed by hand and is read anew.
    fn read_on(&mut self, path: &Path) -> Result<()> {
        let length = match std::fs::metadata(path) {
            Ok(meta) => meta.len(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => 0,
            Err(e) => return Err(crate::cli::say::cannot_read_decisions(path, &e)),
        };
        if length < self.length {
            *self = Tail::default();
        }
        if length == self.length {
            return Ok(());
        }
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).and_then(|mut file| {
            file.seek(SeekFrom::Start(self.taken))?;
            file.read_to_end(&mut bytes)
        });
        read.map_err(|e| crate::cli::say::cannot_read_decisions(path, &e))?;
        // A line that breaks off may still be in the writing.
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let rest = bytes.get(whole..).unwrap_or(&[]);
        let whole = if serde_json::from_slice::<Decision>(rest).is_ok() { bytes.len() } else { whole };
        let text = log_text(bytes.get(..whole).unwrap_or(&[]).to_vec());
        let text = text.map_err(|e| crate::cli::say::cannot_read_decisions(path, &e))?;
        let (fresh, _) = Decisions::parse(&text, &path.to_string_lossy())?;
        self.lines.extend(fresh.log);
        self.length = self.taken + bytes.len() as u64;
        self.taken += whole as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_read_on_and_a_line_in_the_writing_is_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.decisions.jsonl");
        let line = |id: &str| format!("{{\"finding\":\"{id}\",\"verdict\":\"accept\"}}");
        let mut tail = Tail::default();
        let mut ids = |text: &str| {
            std::fs::write(&path, text).unwrap();
            tail.read_on(&path).unwrap();
            tail.lines.iter().map(|l| l.finding.clone()).collect::<String>()
        };
        assert_eq!(ids(""), "");
        assert_eq!(ids(&format!("{}\n", line("a"))), "a");
        assert_eq!(ids(&format!("{}\n{}", line("a"), &line("b")[..9])), "a");
        assert_eq!(ids(&format!("{}\n{}", line("a"), line("b"))), "ab");
        assert_eq!(ids(&format!("{}\n{}\n{}\n", line("a"), line("b"), line("c"))), "abc");
        assert_eq!(ids(&format!("{}\n", line("d"))), "d");
    }
}
