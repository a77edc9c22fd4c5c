//! `kanwu.toml`: what a desk has settled for its input. Read strictly, because a misspelt key that is passed over is a
//! setting that silently does not hold.

use super::{Origin, Set, Switch, nearest};
use crate::cli::say;
use kanwu::error::{Error, Result};
use kanwu::finding::Applicability;
use kanwu::rule::{Lang, Text};
use kanwu::text::Ruler;
use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The name of the file.
const NAME: &str = "kanwu.toml";

/// The keys that mean something.
const KEYS: [&str; 16] = [
    "apply",
    "base",
    "doubt",
    "encoding",
    "fail-on",
    "format",
    "ignore",
    "jobs",
    "lang",
    "no-rules",
    "output",
    "require-reviewed",
    "reviewer",
    "rules",
    "rules-dirs",
    "select",
];

/// What a `kanwu.toml` says. Paths are taken from the folder of the file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// `output`: folder for the output.
    pub output: Option<Set<PathBuf>>,
    /// `lang`: language of messages and report.
    pub lang: Option<Set<Lang>>,
    /// `jobs`: issues cleaned at a time.
    pub jobs: Option<NonZeroUsize>,
    /// `encoding`: of the input.
    pub encoding: Option<Set<String>>,
    /// `base`: label of the base reading.
    pub base: Option<String>,
    /// `format`: of the input.
    pub format: Option<Set<String>>,
    /// `fail-on`: which open findings make the exit status 1.
    pub fail_on: Option<Set<String>>,
    /// `require-reviewed`: whether anything that waits for a person makes the exit status 1.
    pub require_reviewed: bool,
    /// `reviewer`: who gives the verdicts.
    pub reviewer: Option<String>,
    /// `apply`: what is applied without asking.
    pub apply: Option<Set<String>>,
    /// `doubt`: the least confidence of a doubt that is shown, as it is written.
    pub doubt: Option<Set<String>>,
    /// `select`: only these rules.
    pub select: Option<Vec<Set<String>>>,
    /// `ignore`: these rules not.
    pub ignore: Vec<Set<String>>,
    /// `rules-dirs`: folders laid over the built-in rules.
    pub rules_dirs: Vec<Set<PathBuf>>,
    /// `no-rules`: start without the built-in rules.
    pub no_rules: bool,
    /// `[rules]`: what holds for single rules.
    pub switches: Vec<(Set<String>, Switch)>,
}

/// The `kanwu.toml` that holds for a path: the nearest one, in the folder itself or above.
pub fn find(input: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(input).ok()?;
    let full = full.canonicalize().unwrap_or(full);
    let found = full.ancestors().filter(|dir| !dir.is_file()).map(|dir| dir.join(NAME)).find(|file| file.is_file())?;
    // A message names the file as a person would.
    let here = std::env::current_dir().and_then(|d| d.canonicalize()).ok();
    let short = here.and_then(|dir| found.strip_prefix(dir).map(Path::to_owned).ok());
    Some(short.unwrap_or(found))
}

impl File {
    /// Reads the file.
    ///
    /// # Errors
    /// A file that cannot be read; what [`File::parse`] refuses.
    pub fn read(path: &Path) -> Result<File> {
        let text = std::fs::read_to_string(path).map_err(|e| say::cannot_read_config(path, &e))?;
        File::parse(path, &text)
    }

    /// Takes in the text of the file.
    ///
    /// # Errors
    /// Bad TOML, an unknown key, a value of the wrong kind: each with line and column.
    pub fn parse(path: &Path, text: &str) -> Result<File> {
        let at = At { path, text };
        let table = DeTable::parse(text).map_err(|e| {
            let message = say::bad_toml(e.message().trim());
            at.error(e.span().unwrap_or(0..0), message, say::toml_hint())
        })?;
        let mut file = File::default();
        for (key, value) in table.get_ref() {
            file.take(&at, key, value)?;
        }
        Ok(file)
    }

    fn take(&mut self, at: &At, key: &Spanned<Cow<str>>, value: &Spanned<DeValue>) -> Result<()> {
        match key.get_ref().as_ref() {
            "output" => self.output = Some(at.string(value)?.map(|s| at.beside(s))),
            "lang" => self.lang = Some(at.lang(value)?),
            "jobs" => self.jobs = Some(at.count(value)?),
            "encoding" => self.encoding = Some(at.string(value)?),
            "base" => self.base = Some(at.string(value)?.value),
            "format" => self.format = Some(at.string(value)?),
            "fail-on" => self.fail_on = Some(at.string(value)?),
            "require-reviewed" => self.require_reviewed = at.truth(value)?,
            "reviewer" => self.reviewer = Some(at.string(value)?.value),
            "apply" => self.apply = Some(at.string(value)?),
            "doubt" => self.doubt = Some(at.number(value)?),
            "select" => self.select = Some(at.strings(value)?),
            "ignore" => self.ignore = at.strings(value)?,
            "rules-dirs" => {
                self.rules_dirs = at.strings(value)?.into_iter().map(|s| s.map(|s| at.beside(s))).collect();
            }
            "no-rules" => self.no_rules = at.truth(value)?,
            "rules" => self.switches = at.switches(value)?,
            other => {
                let near = nearest(other, KEYS.iter().copied());
                return Err(at.error(key.span(), say::unknown_key(other), say::unknown_key_hint(near, &KEYS)));
            }
        }
        Ok(())
    }
}

impl<T> Set<T> {
    fn map<U>(self, to: impl FnOnce(T) -> U) -> Set<U> {
        Set { value: to(self.value), origin: self.origin }
    }
}

/// The file at hand, for places and errors.
struct At<'a> {
    path: &'a Path,
    text: &'a str,
}

impl At<'_> {
    fn origin(&self, span: Range<usize>) -> Origin {
        let place = Ruler::new(self.text).place(span.start.min(self.text.len()));
        Origin::File { path: self.path.to_owned(), line: place.line, column: place.column }
    }

    fn error(&self, span: Range<usize>, message: Text, hint: Text) -> Error {
        say::config_error(&self.origin(span).to_string(), message, hint)
    }

    fn wrong_kind(&self, value: &Spanned<DeValue>, wanted: Text) -> Error {
        self.error(value.span(), say::wrong_kind(&wanted), say::toml_hint())
    }

    fn beside(&self, path: String) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    fn string(&self, value: &Spanned<DeValue>) -> Result<Set<String>> {
        match value.get_ref() {
            DeValue::String(s) => Ok(Set { value: s.to_string(), origin: self.origin(value.span()) }),
            _ => Err(self.wrong_kind(value, say::a_string())),
        }
    }

    fn strings(&self, value: &Spanned<DeValue>) -> Result<Vec<Set<String>>> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| self.string(item)).collect(),
            _ => Err(self.wrong_kind(value, say::a_list())),
        }
    }

    fn truth(&self, value: &Spanned<DeValue>) -> Result<bool> {
        match value.get_ref() {
            DeValue::Boolean(b) => Ok(*b),
            _ => Err(self.wrong_kind(value, say::a_truth())),
        }
    }

    fn count(&self, value: &Spanned<DeValue>) -> Result<NonZeroUsize> {
        let number = match value.get_ref() {
            DeValue::Integer(n) => usize::from_str_radix(n.as_str(), n.radix()).ok().and_then(NonZeroUsize::new),
            _ => None,
        };
        number.ok_or_else(|| self.wrong_kind(value, say::a_count()))
    }

    /// A number as it is written.
    fn number(&self, value: &Spanned<DeValue>) -> Result<Set<String>> {
        let text = match value.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
            DeValue::Float(n) => n.as_str(),
            _ => return Err(self.wrong_kind(value, say::a_confidence())),
        };
        Ok(Set { value: text.to_owned(), origin: self.origin(value.span()) })
    }

    fn lang(&self, value: &Spanned<DeValue>) -> Result<Set<Lang>> {
        let name = self.string(value)?;
        match name.value.as_str() {
            "zh" => Ok(name.map(|_| Lang::Zh)),
            "en" => Ok(name.map(|_| Lang::En)),
            other => Err(say::no_value(&name.origin.to_string(), other, &["zh", "en"])),
        }
    }

    fn switches(&self, value: &Spanned<DeValue>) -> Result<Vec<(Set<String>, Switch)>> {
        let DeValue::Table(table) = value.get_ref() else {
            return Err(self.error(value.span(), say::rules_is_a_table(), say::rules_is_a_table_hint()));
        };
        let one = |(key, to): (&Spanned<Cow<str>>, &Spanned<DeValue>)| {
            let rule = Set { value: key.get_ref().to_string(), origin: self.origin(key.span()) };
            Ok((rule, self.switch(to)?))
        };
        table.iter().map(one).collect()
    }

    fn switch(&self, value: &Spanned<DeValue>) -> Result<Switch> {
        let to = match value.get_ref() {
            DeValue::Boolean(true) => Some(Switch::On),
            DeValue::Boolean(false) => Some(Switch::Off),
            DeValue::String(s) => match s.as_ref() {
                "flag" => Some(Switch::AtMost(Applicability::Flag)),
                "suggested" => Some(Switch::AtMost(Applicability::Suggested)),
                "safe" => Some(Switch::AtMost(Applicability::Safe)),
                _ => None,
            },
            _ => None,
        };
        to.ok_or_else(|| self.wrong_kind(value, say::a_switch()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<File> {
        File::parse(Path::new("desk/kanwu.toml"), text)
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place_and_the_nearest_key() {
        let error = parse("lang = \"en\"\n  outptu = \"x\"\n").unwrap_err();
        assert!(error.message.starts_with("desk/kanwu.toml:2:3: "), "{}", error.message);
        assert!(error.hint.contains("output"), "{}", error.hint);
    }

    #[test]
    fn paths_are_taken_from_the_folder_of_the_file() {
        let file = parse("output = \"out\"\nrules-dirs = [\"a\", \"/b\"]\n").unwrap();
        assert_eq!(file.output.unwrap().value, PathBuf::from("desk/out"));
        assert_eq!(file.rules_dirs[0].value, PathBuf::from("desk/a"));
        assert_eq!(file.rules_dirs[1].value, PathBuf::from("/b"));
    }

    #[test]
    fn the_rules_table_switches_and_caps() {
        let file = parse("[rules]\nNOR001 = false\nno-such-space = true\nDUP001 = \"flag\"\n").unwrap();
        let said: Vec<_> = file.switches.iter().map(|(s, to)| (s.value.as_str(), *to)).collect();
        let flag = Switch::AtMost(Applicability::Flag);
        assert_eq!(said, [("DUP001", flag), ("NOR001", Switch::Off), ("no-such-space", Switch::On)]);
    }

    #[test]
    fn values_of_the_wrong_kind_are_refused() {
        for text in ["jobs = 0", "jobs = \"two\"", "lang = \"fr\"", "rules = [\"dir\"]", "select = \"TYP001\"", "= 1"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
