//! What is to be done: arguments, `kanwu.toml` and defaults resolved into one [`Config`] that knows where each value
//! came from.
//!
//! [`Asked`] is what was typed, [`File`] is what `kanwu.toml` says, [`Config`] is what holds. The command line goes
//! before the file, the file before the defaults.

mod file;

pub use file::{File, find};

use crate::cli::say;
use kanwu::archive::Archive;
use kanwu::error::Result;
use kanwu::finding::{Applicability, Category};
use kanwu::pipeline::Policy;
use kanwu::reader::{Format, ReadOptions};
use kanwu::rule::{Lang, Rule, RuleSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// What was typed that bears on the rules; nothing of it is resolved.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct AskedRules {
    /// Run only these rules: codes, names or categories, with commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub select: Option<Vec<String>>,
    /// Leave these rules out: codes, names or categories, with commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub ignore: Option<Vec<String>>,
    /// Lay a folder of rule files and word lists over the built-in ones (may be repeated)
    #[arg(long, value_name = "DIR")]
    pub rules: Vec<PathBuf>,
    /// Start without the built-in rules
    #[arg(long)]
    pub no_rules: bool,
    /// Read this file instead of the kanwu.toml found upward from the input
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What was typed; nothing of it is resolved.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Asked {
    /// Folder for the output, one folder in it an issue [default: output]
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Exit with 1 when findings of at least this kind stand open: flag, suggested, safe or never [default: never]
    #[arg(long, value_name = "LEVEL")]
    pub fail_on: Option<String>,
    /// Exit with 1 when anything still waits for a person
    #[arg(long)]
    pub require_reviewed: bool,
    #[command(flatten)]
    pub cleaning: AskedCleaning,
}

/// What was typed that bears on the findings: the same must hold when an issue is cleaned and when it is reviewed.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct AskedCleaning {
    /// What is applied without asking: safe or none [default: safe]
    #[arg(long, value_name = "WHAT")]
    pub apply: Option<String>,
    /// Least confidence, 0 to 1, at which a doubt of the language model is shown [default: 0.4]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub doubt: Option<String>,
    #[command(flatten)]
    pub reading: AskedReading,
    /// Folder of an archive, which tells what is standing text; see `kanwu archive`
    #[arg(long, value_name = "DIR")]
    pub archive: Option<PathBuf>,
    #[command(flatten)]
    pub rules: AskedRules,
}

/// What was typed of how the input is read.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct AskedReading {
    /// Issues worked on at a time [default: as many as the machine has processors]
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Encoding of the input, such as GB18030 or Big5 [default: detected]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Label of the reading that is the base where a page has several files
    #[arg(long, value_name = "LABEL")]
    pub base: Option<String>,
    /// Format of the input, such as hocr, alto or rapidocr [default: told by the content]
    #[arg(long, value_name = "NAME")]
    pub format: Option<String>,
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// An option, by its long name.
    Option(&'static str),
    /// A place in `kanwu.toml`.
    File {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => Ok(()),
            Origin::Option(name) => write!(f, "--{name}: "),
            Origin::File { path, line, column } => write!(f, "{}:{line}:{column}: ", path.display()),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

impl<T> Set<T> {
    fn option(name: &'static str, value: T) -> Self {
        Set { value, origin: Origin::Option(name) }
    }

    fn default(value: T) -> Self {
        Set { value, origin: Origin::Default }
    }
}

/// What holds for a run.
#[derive(Debug)]
pub struct Config {
    /// Folder for the output.
    pub output: Set<PathBuf>,
    /// Language of the report; `None` where neither the call nor the file names one.
    pub lang: Option<Set<Lang>>,
    /// Issues cleaned at a time.
    pub jobs: usize,
    /// Open findings of at least this kind make the exit status 1; never where `None`.
    pub fail_on: Option<Applicability>,
    /// Whether anything that waits for a person makes the exit status 1.
    pub require_reviewed: bool,
    /// Who reviews, where the desk's file says it.
    pub reviewer: Option<String>,
    /// How the input is read.
    pub read: ReadOptions,
    /// What is applied without asking.
    pub policy: Policy<'static>,
    /// Other issues to be asked, where the call names an archive.
    pub archive: Option<Archive>,
    /// The rules, switched.
    pub rules: RuleSet,
    /// The folders laid over the built-in rules, the last one on top.
    pub rules_dirs: Vec<PathBuf>,
}

impl Config {
    /// Resolves what was typed and what the file says.
    ///
    /// # Errors
    /// A value that means nothing, with its place; a rule or category that does not exist; a bad rule file.
    pub fn resolve(asked: Asked, lang: Option<Lang>, file: File) -> Result<Config> {
        let typed = asked.cleaning;
        let applies = pick("apply", typed.apply, file.apply.clone(), "safe".to_owned());
        let doubt = typed.doubt.map(|d| Set::option("doubt", d)).or(file.doubt.clone());
        let fail_on = pick("fail-on", asked.fail_on, file.fail_on.clone(), "never".to_owned());
        let Reading { lang, jobs, read } = Reading::resolve(typed.reading, lang, &file)?;
        let rules = rule_set(&typed.rules, &file)?;
        let rules_dirs = file.rules_dirs.into_iter().map(|dir| dir.value).chain(typed.rules.rules).collect();
        Ok(Config {
            output: pick("output", asked.output, file.output, PathBuf::from("output")),
            lang,
            jobs,
            fail_on: level(&fail_on)?,
            require_reviewed: asked.require_reviewed || file.require_reviewed,
            reviewer: file.reviewer,
            read,
            policy: Policy { apply: applied_unasked(&applies)?, doubt: least_doubt(doubt)?, ..Policy::default() },
            rules,
            rules_dirs,
            archive: typed.archive.map(|dir| Archive::open(&dir)).transpose()?,
        })
    }
}

/// What holds for a run that only reads issues.
#[derive(Debug)]
pub struct Reading {
    /// Language of messages; `None` where neither the call nor the file names one.
    pub lang: Option<Set<Lang>>,
    /// Issues read at a time.
    pub jobs: usize,
    /// How they are read.
    pub read: ReadOptions,
}

impl Reading {
    /// Resolves what was typed and what the file says.
    ///
    /// # Errors
    /// An encoding or a format that does not exist.
    pub fn resolve(asked: AskedReading, lang: Option<Lang>, file: &File) -> Result<Reading> {
        let AskedReading { jobs, encoding, base, format } = asked;
        let encoding = encoding.map(|e| Set::option("encoding", e)).or(file.encoding.clone());
        let format = format.map(|f| Set::option("format", f)).or(file.format.clone());
        let jobs = jobs.or(file.jobs).or(std::thread::available_parallelism().ok());
        Ok(Reading {
            lang: lang.map(|l| Set::option("lang", l)).or(file.lang.clone()),
            jobs: jobs.map_or(1, NonZeroUsize::get),
            read: ReadOptions {
                encoding: encoding.map(|e| named_encoding(&e)).transpose()?,
                base: base.or(file.base.clone()),
                format: format.map(|f| named_format(&f)).transpose()?,
            },
        })
    }
}

/// Finds and reads the `kanwu.toml` that holds for a path, or the one that was named.
///
/// # Errors
/// A file that cannot be read or says something that means nothing.
pub fn file_for(named: Option<&Path>, input: &Path) -> Result<File> {
    match named.map(Path::to_owned).or_else(|| find(input)) {
        Some(path) => File::read(&path),
        None => Ok(File::default()),
    }
}

/// The rules with the folders laid over them, switched as the call and the file say.
///
/// # Errors
/// A bad rule file; a rule or category that does not exist.
pub fn rule_set(asked: &AskedRules, file: &File) -> Result<RuleSet> {
    let mut rules = if asked.no_rules || file.no_rules { RuleSet::default() } else { RuleSet::built_in()? };
    let typed = asked.rules.iter().map(|dir| Set::option("rules", dir.clone()));
    for dir in file.rules_dirs.iter().cloned().chain(typed) {
        rules.add_tree(&mut overlay(&dir)?)?;
    }
    switch(&mut rules, asked, file)?;
    Ok(rules)
}

fn switch(rules: &mut RuleSet, asked: &AskedRules, file: &File) -> Result<()> {
    let typed = |name: &'static str, list: &Option<Vec<String>>| -> Option<Vec<Set<String>>> {
        list.as_ref().map(|l| l.iter().map(|s| Set::option(name, s.trim().to_owned())).collect())
    };
    let select = typed("select", &asked.select);
    let ignore = typed("ignore", &asked.ignore).unwrap_or_default();
    let lists = [select.as_deref(), Some(&ignore), file.select.as_deref(), Some(&file.ignore)];
    // A desk's file speaks of the built-in rules also where a call does without them.
    let absent = if asked.no_rules || file.no_rules { RuleSet::built_in()? } else { RuleSet::default() };
    for selector in lists.into_iter().flatten().flatten() {
        known(selector, rules, &absent)?;
    }
    for (selector, to) in &file.switches {
        known_rule(selector, rules, &absent)?;
        if let Switch::AtMost(most) = to {
            rules.cap(&selector.value, *most);
        }
    }
    let hits = |list: &[Set<String>], rule: &Rule| list.iter().any(|s| matches(&s.value, rule));
    rules.switch(|rule| {
        let named = file.switches.iter().rev().find(|(s, _)| s.value == rule.code || s.value == rule.name);
        let on = match (&select, named) {
            // What is typed says exactly which rules run.
            (Some(list), _) => hits(list, rule),
            // A rule named by itself goes before a list of categories.
            (None, Some((_, to))) => *to != Switch::Off,
            (None, None) => file.select.as_ref().is_none_or(|l| hits(l, rule)) && !hits(&file.ignore, rule),
        };
        on && !hits(&ignore, rule)
    });
    Ok(())
}

/// What the `[rules]` table says of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// It rests.
    Off,
    /// It runs.
    On,
    /// It runs, and does no more than this.
    AtMost(Applicability),
}

fn matches(selector: &str, rule: &Rule) -> bool {
    selector == rule.code || selector == rule.name || selector == rule.category.name()
}

fn known(selector: &Set<String>, rules: &RuleSet, absent: &RuleSet) -> Result<()> {
    if Category::ALL.iter().any(|c| c.name() == selector.value) {
        return Ok(());
    }
    known_rule(selector, rules, absent)
}

/// Whether a name is that of a rule. What is typed must name one that is there; a file may name one that is `absent`.
fn known_rule(selector: &Set<String>, rules: &RuleSet, absent: &RuleSet) -> Result<()> {
    let is = |(_, r): (_, &Rule)| r.code == selector.value || r.name == selector.value;
    let filed = matches!(selector.origin, Origin::File { .. });
    if rules.iter().any(is) || filed && absent.iter().any(is) {
        return Ok(());
    }
    let names = rules.iter().flat_map(|(_, r)| [r.code.as_str(), r.name.as_str()]);
    let near = nearest(&selector.value, names.chain(Category::ALL.iter().map(|c| c.name())));
    Err(say::no_rule(&selector.origin.to_string(), &selector.value, near))
}

/// The name that was probably meant.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let names: Vec<&str> = names.collect();
    similar::get_close_matches(typed, &names, 1, 0.6).first().copied()
}

fn pick<T>(name: &'static str, typed: Option<T>, file: Option<Set<T>>, default: T) -> Set<T> {
    typed.map(|value| Set::option(name, value)).or(file).unwrap_or_else(|| Set::default(default))
}

fn level(set: &Set<String>) -> Result<Option<Applicability>> {
    Ok(match set.value.as_str() {
        "never" => None,
        "flag" => Some(Applicability::Flag),
        "suggested" => Some(Applicability::Suggested),
        "safe" => Some(Applicability::Safe),
        other => return Err(say::no_value(&set.origin.to_string(), other, &["never", "flag", "suggested", "safe"])),
    })
}

fn applied_unasked(set: &Set<String>) -> Result<Option<Applicability>> {
    match set.value.as_str() {
        "safe" => Ok(Some(Applicability::Safe)),
        "none" => Ok(None),
        other => Err(say::no_value(&set.origin.to_string(), other, &["safe", "none"])),
    }
}

/// The least confidence of a doubt that is shown: a number from 0 to 1.
fn least_doubt(set: Option<Set<String>>) -> Result<f32> {
    let Some(set) = set else { return Ok(Policy::default().doubt) };
    let number = set.value.trim().parse::<f32>().ok().filter(|n| (0.0..=1.0).contains(n));
    number.ok_or_else(|| say::no_confidence(&set.origin.to_string(), &set.value))
}

fn named_encoding(set: &Set<String>) -> Result<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label(set.value.trim().as_bytes())
        .ok_or_else(|| say::no_encoding(&set.origin.to_string(), &set.value))
}

fn named_format(set: &Set<String>) -> Result<Format> {
    Format::named(set.value.trim()).ok_or_else(|| say::no_format(&set.origin.to_string(), &set.value))
}

/// Reads the rule files and word lists of a folder, two levels deep, with their paths on the disk.
fn overlay(dir: &Set<PathBuf>) -> Result<Vec<(String, String)>> {
    let place = dir.origin.to_string();
    let mut files = Vec::new();
    for entry in listed(&place, &dir.value)? {
        if entry.is_dir() {
            files.extend(listed(&place, &entry)?);
        } else {
            files.push(entry);
        }
    }
    files.retain(|f| f.extension().is_some_and(|e| e == "toml") && f.is_file());
    if files.is_empty() {
        return Err(say::no_rule_files(&place, &dir.value));
    }
    let read = |path: PathBuf| match std::fs::read_to_string(&path) {
        Ok(text) => Ok((path.to_string_lossy().into_owned(), text)),
        Err(e) => Err(say::cannot_read_rules(&place, &path, &e)),
    };
    files.into_iter().map(read).collect()
}

fn listed(place: &str, dir: &Path) -> Result<Vec<PathBuf>> {
    let wrong = |e: std::io::Error| say::cannot_read_rules(place, dir, &e);
    let entries = std::fs::read_dir(dir).map_err(wrong)?;
    entries.map(|entry| entry.map(|e| e.path()).map_err(wrong)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_the_default() {
        let text = "output = \"o\"\nfail-on = \"flag\"\n";
        let file = || File::parse(Path::new("kanwu.toml"), text).unwrap();
        let from_file = Config::resolve(Asked::default(), None, file()).unwrap();
        assert_eq!(from_file.output.value, PathBuf::from("o"));
        assert_eq!(from_file.output.origin, Origin::File { path: "kanwu.toml".into(), line: 1, column: 10 });
        assert_eq!(from_file.fail_on, Some(Applicability::Flag));
        let asked = Asked { output: Some("x".into()), fail_on: Some("never".into()), ..Asked::default() };
        let typed = Config::resolve(asked, Some(Lang::En), file()).unwrap();
        assert_eq!(typed.output, Set { value: "x".into(), origin: Origin::Option("output") });
        assert_eq!(typed.fail_on, None);
        let bare = Config::resolve(Asked::default(), None, File::default()).unwrap();
        assert_eq!(bare.output, Set { value: "output".into(), origin: Origin::Default });
        assert_eq!(bare.lang, None);
    }

    #[test]
    fn a_doubt_is_a_number_from_0_to_1_and_the_command_line_goes_first() {
        let file = |text: &str| File::parse(Path::new("kanwu.toml"), text);
        let doubt = |asked: Option<&str>, text: &str| {
            let cleaning = AskedCleaning { doubt: asked.map(str::to_owned), ..AskedCleaning::default() };
            let asked = Asked { cleaning, ..Asked::default() };
            Config::resolve(asked, None, file(text)?).map(|c| c.policy.doubt)
        };
        assert_eq!(doubt(None, "").unwrap(), kanwu::pipeline::DOUBT);
        for (text, want) in [("doubt = 0.5", 0.5), ("doubt = 0", 0.0), ("doubt = 1", 1.0), ("doubt = 6e-1", 0.6)] {
            assert_eq!(doubt(None, text).unwrap(), want, "{text}");
        }
        assert_eq!(doubt(Some("0.7"), "doubt = 0.5").unwrap(), 0.7);
        for text in ["jobs = 2\ndoubt = 1.5", "jobs = 2\ndoubt = -0.1", "jobs = 2\ndoubt = nan"] {
            let error = doubt(None, text).unwrap_err();
            assert!(error.message.starts_with("kanwu.toml:2:9: "), "{}", error.message);
        }
        assert!(file("doubt = \"often\"").unwrap_err().message.starts_with("kanwu.toml:1:9: "));
        for typed in ["1.01", "-1", "half", "NaN", ""] {
            assert!(doubt(Some(typed), "").unwrap_err().message.starts_with("--doubt: "), "{typed}");
        }
    }

    #[test]
    fn a_value_that_means_nothing_names_its_place() {
        let file = File::parse(Path::new("kanwu.toml"), "jobs = 2\nfail-on = \"often\"\n").unwrap();
        let error = Config::resolve(Asked::default(), None, file).unwrap_err();
        assert!(error.message.starts_with("kanwu.toml:2:11: "), "{}", error.message);
    }
}
