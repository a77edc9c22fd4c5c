//! One line of `<issue>.decisions.jsonl`, and the log as `clean` uses it.

use crate::error::{Error, ErrorKind, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Do what is proposed (or `text`, when it is one of the alternatives).
    Accept,
    /// Leave the text as it is.
    Reject,
    /// Put `text` there.
    Edit,
    /// Forget the earlier verdicts on this finding.
    Undo,
}

/// How far a verdict reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// This place.
    #[default]
    Once,
    /// The like in this issue.
    Issue,
    /// The like in every issue.
    Always,
}

/// What a finding stood on when it was decided, to find it again when its id has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Anchor {
    /// The rule's code.
    pub rule: String,
    /// The source text of the span.
    pub quote: String,
    /// Text before it.
    pub before: String,
    /// Text after it.
    pub after: String,
    /// The article's id.
    pub article: Option<String>,
    /// Number among equal ones in the article, from 1.
    pub occurrence: u32,
    /// The witness, where there are several.
    pub witness: Option<String>,
    /// How many places of the issue read just so, with the text beside them; 0 where that was not counted. Where there are
    /// several and their number changes, nobody can tell which is which.
    #[serde(skip_serializing_if = "is_none_or_one")]
    pub alike: usize,
}

fn is_none_or_one(alike: &usize) -> bool {
    *alike <= 1
}

impl Anchor {
    /// Characters on either side that go into [`Anchor::alike`].
    const BESIDE: usize = 12;
    /// Characters of the quote that do.
    const QUOTED: usize = 64;

    /// The text whose occurrences are counted in [`Anchor::alike`]: the end of what stood before, and the quote with what
    /// stood after it as far as it is short.
    pub fn passage(&self) -> String {
        let before = self.before.char_indices().rev().nth(Anchor::BESIDE - 1).map_or(0, |(at, _)| at);
        let rest = self.quote.chars().take(Anchor::QUOTED + 1);
        let mut passage: String = self.before.get(before..).unwrap_or("").chars().chain(rest).collect();
        if self.quote.chars().nth(Anchor::QUOTED).is_none() {
            passage.extend(self.after.chars().take(Anchor::BESIDE));
        }
        passage
    }
}

impl Anchor {
    /// How many places of a source read like [`Anchor::passage`].
    pub fn count_in(&self, source: &str) -> usize {
        memchr::memmem::find_iter(source.as_bytes(), self.passage().as_bytes()).count()
    }

    /// Whether nobody can tell which place was meant, where so many read like it today.
    pub fn is_ambiguous(&self, today: usize) -> bool {
        let then = self.alike.max(1);
        (then > 1 || today > 1) && then != today
    }
}

/// One verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The finding's id.
    pub finding: String,
    /// What was said.
    pub verdict: Verdict,
    /// The text chosen or written.
    #[serde(default)]
    pub text: String,
    /// Hash of the fixes that were shown.
    #[serde(default)]
    pub proposal: String,
    /// How far it reaches.
    #[serde(default)]
    pub scope: Scope,
    /// Who.
    #[serde(default)]
    pub by: String,
    /// When (RFC 3339).
    #[serde(default)]
    pub at: String,
    /// A remark.
    #[serde(default)]
    pub note: String,
    /// What the finding stood on.
    #[serde(default)]
    pub anchor: Anchor,
}

/// The log of one issue.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// All lines, in the order they were written.
    pub log: Vec<Decision>,
    /// The number of each line in its file, from 1; empty for a log that was not read from a file.
    pub lines: Vec<usize>,
}

impl Decisions {
    /// Reads the text of a log; `path` is for messages. A line that breaks off, as an interrupted program
    /// leaves it, is left out and named in the list that is returned besides.
    ///
    /// # Errors
    /// The first line that is no decision.
    pub fn parse(text: &str, path: &str) -> Result<(Decisions, Vec<Error>)> {
        let mut decisions = Decisions::default();
        let mut warnings = Vec::new();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        for (n, line) in text.split_inclusive('\n').enumerate() {
            if line.trim().is_empty() {
                continue;
            }
            match serde_json::from_str(line.trim()) {
                Ok(decision) => {
                    decisions.log.push(decision);
                    decisions.lines.push(n + 1);
                }
                Err(e) if e.is_eof() => warnings.push(
                    bad_line(path, n + 1, "the line breaks off and is left out")
                        .hint("give the verdict again; everything before it holds")
                        .chinese(
                            format!("{path}:{}：这一行不完整，没有采用", n + 1),
                            "把这一条决定再作一次；前面的都有效",
                        ),
                ),
                Err(e) => {
                    let why = e.to_string();
                    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
                    return Err(bad_line(path, n + 1, why)
                        .hint(
                            "a line is one decision in JSON; `kanwu schema` prints its schema, and taking the line out \
                             takes the verdict back",
                        )
                        .chinese(
                            format!("{path}:{}：{why}", n + 1),
                            "一行是一条 JSON 格式的决定，写法见 `kanwu schema decision`；删去这一行即收回决定",
                        ));
                }
            }
        }
        Ok((decisions, warnings))
    }

    /// Everything that was said about a finding, by whomever, in the order it was said. The last line counts.
    pub fn about<'d>(&'d self, finding: &'d str) -> impl Iterator<Item = &'d Decision> {
        self.log.iter().filter(move |decision| decision.finding == finding)
    }

    /// The verdicts that were not taken back, as numbers in the log, by finding and in the order they were said: the last
    /// one of a finding is in force.
    pub fn standing(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut out: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (n, decision) in self.log.iter().enumerate() {
            match decision.verdict {
                Verdict::Undo => drop(out.remove(decision.finding.as_str())),
                _ => out.entry(&decision.finding).or_default().push(n),
            }
        }
        out
    }

    /// The findings on which people differ: of each person the last word, as numbers in the log, where the words are not
    /// all the same.
    pub fn conflicts(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut out = self.standing();
        for numbers in out.values_mut() {
            let mut last: BTreeMap<&str, usize> = BTreeMap::new();
            for n in numbers.iter() {
                last.insert(self.log.get(*n).map_or("", |d| d.by.as_str()), *n);
            }
            *numbers = last.into_values().collect();
            numbers.sort_unstable();
        }
        let word = |n: &usize| self.log.get(*n).map(|d| (d.verdict, d.text.as_str()));
        out.retain(|_, numbers| numbers.windows(2).any(|two| two.first().map(word) != two.last().map(word)));
        out
    }

    /// The line of the file, from 1, that decision `n` of the log was read from.
    pub fn line_of(&self, n: usize) -> usize {
        self.lines.get(n).copied().unwrap_or(n + 1)
    }
}

fn bad_line(path: &str, line: usize, why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("{path}:{line}: {why}"))
}
