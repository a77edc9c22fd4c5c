//! What a desk never wants to be asked again: a text for the list `accept` of its rules, and the change to the file of that
//! list as a diff. Nothing is written here: a person decides.

use crate::rule::Lang;
use crate::text::{SourceSpan, folded};
use similar::TextDiff;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The list in a folder of rules.
pub const LIST: &str = "words/accept.toml";
/// Characters with a reading that a text must have to be accepted by itself: fewer stand in too many other places.
const TELLING: usize = 2;
/// Characters that a short text takes with it on either side.
const BESIDE: usize = 4;

/// What a new list says about itself.
pub fn about(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "本报认可的文字：完全落在其中的，哪条规则都不报。",
        Lang::En => "Texts that this desk accepts: no rule reports what lies wholly inside one of them.",
    }
}

/// The change from one text of the list to another, as a unified diff.
pub fn diff(name: &str, old: &str, new: &str) -> String {
    TextDiff::from_lines(old, new).unified_diff().header(name, name).to_string()
}

/// The text to accept for a place: what stands there; with its neighbours where it is too short to tell.
pub fn text_of(source: &str, span: SourceSpan) -> String {
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
pub fn with(list: &str, text: &str, lang: Lang) -> Option<String> {
    let text = toml::Value::String(text.to_owned()).to_string();
    if list.trim().is_empty() {
        let about = toml::Value::String(about(lang).to_owned());
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
        assert_eq!(text_of(text, SourceSpan::new(at, at + 1)), "前面的话,后面的话");
        assert_eq!(text_of(text, SourceSpan::new(0, 6)), "前面");
    }
}
