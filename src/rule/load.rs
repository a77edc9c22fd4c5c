//! Reads rule files and word lists: the built-in ones, embedded in the binary, and a desk's folder laid over them.

use super::kind::{Fault, Fields, KindName};
use super::{Allowed, Example, Kind, Rule, RuleId, RuleSet, Text, Touches, Words, words};
use crate::error::{Error, ErrorKind, Result};
use crate::finding::{Applicability, Category};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// The names of the folders of a rule tree: one a stage, and the word lists.
pub struct Layout;

impl Layout {
    /// The stages that have a folder of rules, and `review`, which asks again.
    pub const STAGES: [&'static str; 8] =
        ["encoding", "normalize", "layout", "structure", "duplicates", "typos", "lint", "review"];
    /// The folder of word lists.
    pub const WORDS: &'static str = "words";
}

/// A rule file as it is written.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    code: String,
    name: String,
    category: Category,
    applicability: Applicability,
    #[serde(default)]
    touches: Touches,
    clause: Option<String>,
    message: Text,
    why: Text,
    #[serde(default)]
    evidence: BTreeMap<String, Text>,
    kind: KindName,
    /// A regular expression (kind `pattern`).
    pattern: Option<String>,
    /// What stands for the match, `$1` for a group (kind `pattern`).
    replace: Option<String>,
    /// Texts of which every match holds at least one: the expression is tried only on lines that have one (kind `pattern`).
    #[serde(default)]
    needs: Vec<String>,
    /// The findings of the rule are one question for the desk, shown and decided together (data kinds).
    #[serde(default)]
    series: bool,
    /// The wrong form (kinds `confusion`, `wording`).
    wrong: Option<String>,
    /// The right forms, best first.
    #[serde(default)]
    right: Vec<String>,
    /// Texts around it in which the wrong form is right.
    #[serde(default)]
    unless: Vec<String>,
    /// The word list that the rule reads.
    list: Option<String>,
    #[serde(default)]
    test: Vec<Example>,
    #[serde(default)]
    allow: Vec<Allowed>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordsFile {
    about: String,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    entry: Vec<words::Entry>,
}

impl RuleSet {
    /// The rules that the binary carries.
    ///
    /// # Errors
    /// A fault in a built-in file, with its line; the tests keep this from being shipped.
    pub fn built_in() -> Result<RuleSet> {
        let mut set = RuleSet::default();
        set.add_tree(&mut embedded(&BUILT_IN))?;
        set.words.values_mut().for_each(|list| list.desk = None);
        Ok(set)
    }

    /// Adds rule files (`path inside the tree`, text): a rule of a code that is there replaces it, words are added to a
    /// list of the same name.
    ///
    /// # Errors
    /// The first bad file, with line and column, and what to do.
    pub fn add_tree(&mut self, files: &mut [(String, String)]) -> Result<()> {
        files.sort();
        for (path, text) in files.iter() {
            let parent = Path::new(path).parent().and_then(|p| p.file_name()).and_then(|n| n.to_str()).unwrap_or("");
            if parent == Layout::WORDS {
                self.add_words(path, text)?;
            } else if let Some(stage) = Layout::STAGES.iter().find(|s| **s == parent) {
                self.add_rule(path, stage, text)?;
            } else {
                let (stages, words) = (Layout::STAGES, Layout::WORDS);
                let hint = format!(
                    "put a rule into a folder named after its stage ({}), a word list into {words}",
                    stages.join(", ")
                );
                let zh = format!("规则放在以阶段命名的文件夹里（{}），词表放在 {words} 里", stages.join("、"));
                return Err(Error::new(ErrorKind::Config, format!("{path}: not in a folder of rules"))
                    .hint(hint)
                    .chinese(format!("{path}：不在规则文件夹里"), zh));
            }
        }
        self.rules.sort_by(|a, b| a.code.cmp(&b.code));
        self.by_code = self.rules.iter().enumerate().map(|(i, r)| (r.code.clone(), RuleId(i as u16))).collect();
        self.off = vec![false; self.rules.len()];
        self.ready = super::Ready::default();
        self.link()
    }

    fn add_rule(&mut self, path: &str, stage: &str, text: &str) -> Result<()> {
        let file: RuleFile = parse(path, text)?;
        let fields = Fields {
            pattern: file.pattern,
            replace: file.replace,
            needs: file.needs,
            wrong: file.wrong,
            right: file.right,
            unless: file.unless,
            list: file.list,
        };
        let kind = Kind::compile(file.kind, fields).map_err(|fault| at_field(path, text, &fault))?;
        let rule = Rule {
            code: file.code,
            name: file.name,
            stage: stage.to_owned(),
            category: file.category,
            applicability: file.applicability,
            touches: file.touches,
            clause: file.clause,
            message: file.message,
            why: file.why,
            evidence: file.evidence,
            kind,
            series: file.series,
            tests: file.test,
            allow: file.allow,
            file: path.to_owned(),
            toml: text.to_owned(),
        };
        check(&rule).map_err(|fault| at_field(path, text, &fault))?;
        self.rules.retain(|r| r.code != rule.code);
        self.rules.push(rule);
        Ok(())
    }

    fn add_words(&mut self, path: &str, text: &str) -> Result<()> {
        let file: WordsFile = parse(path, text)?;
        let name = Path::new(path).file_stem().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        let mut words = Words::new(file.about, file.words, file.entry);
        words.desk = Some((path.to_owned(), text.to_owned()));
        match self.words.get_mut(&name) {
            Some(list) => list.extend(words),
            None => {
                self.words.insert(name, words);
            }
        }
        Ok(())
    }

    /// Gives every rule that names a word list the words of that list.
    fn link(&mut self) -> Result<()> {
        for rule in &mut self.rules {
            rule.kind.link(&self.words).map_err(|fault| {
                Error::new(ErrorKind::Config, format!("{}: {}", rule.file, fault.why))
                    .hint("`about` in a built-in list of rules/words says what its entries need")
                    .chinese(format!("{}：{}", rule.file, fault.why), "内置词表的 about 写明了每一条要填什么")
            })?;
        }
        Ok(())
    }
}

fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|e| {
        let at = e.span().map_or(0, |s| s.start.min(text.len()));
        let place = crate::text::Ruler::new(text).place(at);
        let at = format!("{path}:{}:{}", place.line, place.column);
        let why = e.message().trim();
        Error::new(ErrorKind::Config, format!("{at}: {why}"))
            .hint("`kanwu explain CODE` prints a built-in rule to compare with")
            .chinese(format!("{at}：{why}"), "`kanwu explain 编号` 会打印内置规则的原文，可以对照")
    })
}

/// What the types cannot say about a rule: the form of its code and name, texts in both languages with the same slots.
fn check(rule: &Rule) -> std::result::Result<(), Fault> {
    let fault = |field, why: &str| Err(Fault { field, why: why.to_owned() });
    let (letters, digits) = rule.code.split_at_checked(3).unwrap_or(("", ""));
    if digits.len() != 3
        || !letters.bytes().all(|b| b.is_ascii_uppercase())
        || !digits.bytes().all(|b| b.is_ascii_digit())
    {
        return fault("code", "a code is three capital letters and three digits, like TYP012");
    }
    if rule.name.is_empty() || !rule.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return fault("name", "a name is lower-case words joined by hyphens, like water-transfer-project");
    }
    let texts = [("message", &rule.message), ("why", &rule.why)];
    for (field, text) in texts.into_iter().chain(rule.evidence.values().map(|t| ("evidence", t))) {
        if text.zh.trim().is_empty() || text.en.trim().is_empty() {
            return fault(field, "write it in both languages, `zh` and `en`");
        }
        if slots(&text.zh) != slots(&text.en) {
            return fault(field, "`zh` and `en` must have the same slots {…}");
        }
    }
    if rule.tests.iter().any(|t| t.bad.is_none() && t.good.is_none()) {
        return fault("test", "an example needs `bad`, `good` or both");
    }
    Ok(())
}

fn slots(text: &str) -> std::collections::BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

/// An error about a field, with the line on which the field stands.
fn at_field(path: &str, text: &str, fault: &Fault) -> Error {
    let is_field = |line: &str| {
        let line = line.trim_start().trim_start_matches('[');
        line.strip_prefix(fault.field).is_some_and(|rest| rest.trim_start().starts_with(['=', '.', ']']))
    };
    let line =
        text.lines().position(is_field).or_else(|| text.lines().position(|l| l.trim_start().starts_with("kind")));
    let line = line.map_or(1, |i| i + 1);
    let message = format!("{path}:{line}:1: `{}`: {}", fault.field, fault.why);
    Error::new(ErrorKind::Config, message.clone())
        .hint("CONTRIBUTING.md shows the kinds of rule and their fields")
        .chinese(message, "规则的种类和写法见 CONTRIBUTING.md")
}

fn embedded(dir: &Dir<'static>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for file in dir.files() {
        let path = file.path();
        if path.extension().is_some_and(|e| e == "toml") {
            out.push((format!("rules/{}", path.display()), file.contents_utf8().unwrap_or("").to_owned()));
        }
    }
    for sub in dir.dirs() {
        out.extend(embedded(sub));
    }
    out
}
