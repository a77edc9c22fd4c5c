//! What a desk never wants to be asked again: a line for `words/accept.toml` of its own rules, shown as a diff before
//! anything is written.

use super::Desk;
use crate::cli::say;
use crate::config::Config;
use kanwu::error::Result;
use kanwu::rule::Lang;
use kanwu::text::{SourceSpan, folded};
use std::io::Write;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The list in a folder of rules.
const LIST: &str = "words/accept.toml";
/// Characters with a reading that a text must have to be accepted by itself: fewer stand in too many other places.
const TELLING: usize = 2;
/// Characters that a short text takes with it on either side.
const BESIDE: usize = 4;

/// A change to the desk's list of accepted texts.
pub struct Proposal {
    /// The desk's list; `None` where the desk has no folder of rules.
    path: Option<PathBuf>,
    old: String,
    new: String,
}

impl Proposal {
    /// The change that accepts the places of findings.
    ///
    /// # Errors
    /// A list that cannot be read or changed.
    pub fn new(desk: &Desk, numbers: &[usize], config: &Config) -> Result<Proposal> {
        let path = config.rules_dirs.last().map(|dir| dir.join(LIST));
        let old = match &path {
            Some(path) if path.exists() => {
                std::fs::read_to_string(path).map_err(|e| say::cannot_read_rules("", path, &e))?
            }
            _ => String::new(),
        };
        let known = &config.rules.words("accept").words;
        let mut texts: Vec<String> = Vec::new();
        for finding in numbers.iter().filter_map(|n| desk.run.findings.get(*n)) {
            let text = accepted(&desk.run.source().text, finding.span);
            if !text.is_empty() && !known.contains(&text) && !texts.contains(&text) {
                texts.push(text);
            }
        }
        let place = path.clone().unwrap_or_else(|| PathBuf::from(LIST));
        let new = texts.iter().try_fold(old.clone(), |list, text| with(&list, text, desk.lang));
        let new = new.ok_or_else(|| say::list_not_understood(&place))?;
        Ok(Proposal { path, old, new })
    }

    /// Whether it can be written.
    ///
    /// # Errors
    /// The desk has no folder of rules.
    pub fn check(&self) -> Result<()> {
        self.path.as_ref().map(|_| ()).ok_or_else(say::no_desk_rules)
    }

    /// Writes the list.
    ///
    /// # Errors
    /// Why it could not be written; the old one stands.
    pub fn write(&self) -> Result<()> {
        let Some(path) = self.path.as_ref().filter(|_| self.old != self.new) else { return Ok(()) };
        let folder = path.parent().unwrap_or(Path::new("."));
        let write = || -> std::io::Result<()> {
            std::fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(self.new.as_bytes())?;
            file.as_file().sync_all()?;
            #[cfg(unix)]
            file.as_file().set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
            file.persist(path).map(|_| ()).map_err(|e| e.error)
        };
        write().map_err(|e| say::cannot_write(path, &e))
    }

    /// The diff, with a word on what it is.
    pub fn shown(&self, written: bool, lang: Lang) -> String {
        let path = self.path.clone().unwrap_or_else(|| PathBuf::from(LIST));
        if self.old == self.new {
            return say::accepted_already(&path, lang);
        }
        let name = path.display().to_string();
        let diff = similar::TextDiff::from_lines(&self.old, &self.new).unified_diff().header(&name, &name).to_string();
        say::accept_diff(&diff, written, self.path.is_some(), lang)
    }
}

/// The text to accept for a place: what stands there; with its neighbours where it is too short to tell.
fn accepted(source: &str, span: SourceSpan) -> String {
    if folded(span.of(source)).take(TELLING).count() == TELLING {
        return span.of(source).to_owned();
    }
    let own = |c: &char| !c.is_control();
    let (before, after) = (source.get(..span.start).unwrap_or(""), source.get(span.end..).unwrap_or(""));
    let left: usize = before.chars().rev().take_while(own).take(BESIDE).map(char::len_utf8).sum();
    let right: usize = after.chars().take_while(own).take(BESIDE).map(char::len_utf8).sum();
    source.get(span.start - left..span.end + right).unwrap_or("").to_owned()
}

/// The list with one more text; comments and order stay as they are. `None` where the list is not of its form.
fn with(list: &str, text: &str, lang: Lang) -> Option<String> {
    let text = toml::Value::String(text.to_owned()).to_string();
    if list.trim().is_empty() {
        let about = toml::Value::String(say::about_accept(lang).to_owned());
        return Some(format!("about = {about}\nwords = [\n  {text},\n]\n"));
    }
    let table = DeTable::parse(list).ok()?;
    let words = table.get_ref().iter().find(|(key, _)| key.get_ref().as_ref() == "words").map(|(_, value)| value);
    let Some(value) = words else {
        // The keys of the file come before its tables.
        return Some(format!("words = [\n  {text},\n]\n{list}"));
    };
    let DeValue::Array(items) = value.get_ref() else { return None };
    let (array, last) = (value.span(), items.last().map(Spanned::span));
    let inside = list.get(array.clone())?;
    let (at, added) = match last {
        None => (array.start + 1, format!("\n  {text},\n")),
        Some(last) if inside.contains('\n') => (last.end, format!(",\n  {text}")),
        Some(last) => (last.end, format!(", {text}")),
    };
    let out = format!("{}{added}{}", list.get(..at)?, list.get(at..)?);
    DeTable::parse(&out).is_ok().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_joins_the_list_and_the_rest_stays() {
        let kept = [
            ("about = \"x\" # why\nwords = []\n", "about = \"x\" # why\nwords = [\n  \"新\",\n]\n"),
            ("words = [\"甲\"]\n", "words = [\"甲\", \"新\"]\n"),
            ("words = [\n  \"甲\", # so\n  \"乙\",\n]\n", "words = [\n  \"甲\", # so\n  \"乙\",\n  \"新\",\n]\n"),
            ("[[entry]]\nwrong = \"a\"\n", "words = [\n  \"新\",\n]\n[[entry]]\nwrong = \"a\"\n"),
        ];
        for (list, want) in kept {
            assert_eq!(with(list, "新", Lang::Zh).as_deref(), Some(want));
        }
        let made = with("", "引\"号\\", Lang::En).unwrap();
        let table: toml::Table = made.parse().unwrap();
        assert_eq!(table["words"][0].as_str(), Some("引\"号\\"));
        assert_eq!(with("words = 3\n", "新", Lang::Zh), None);
    }

    #[test]
    fn a_short_text_takes_its_neighbours_along() {
        let text = "前面的话,后面的话\n下一行";
        let at = text.find(',').unwrap();
        assert_eq!(accepted(text, SourceSpan::new(at, at + 1)), "前面的话,后面的话");
        assert_eq!(accepted(text, SourceSpan::new(0, 6)), "前面");
    }
}
