//! Regular expressions: linear in time whatever a desk writes, and tried only on lines that can match.

use super::{Fault, Fields};
use regex::{Captures, Regex, RegexBuilder};

/// A regular expression and what stands for its matches.
///
/// The match, or its group `at` where it has one, is the place of the finding. `^` and `$` are the ends of a line.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The expression.
    pub regex: Regex,
    /// What stands for the place, with `$1` or `${name}` for groups; `None` makes a flag.
    pub replace: Option<String>,
    /// Texts of which every match holds at least one: the expression is tried only on lines that have one.
    pub needs: Vec<String>,
}

/// Bytes that a compiled expression may take: ten times what the largest built-in rule needs.
const SIZE_LIMIT: usize = 2 << 20;

impl Pattern {
    pub(super) fn compile(fields: Fields) -> Result<Pattern, Fault> {
        let text = fields.pattern.ok_or_else(|| Fault::new("kind", "this kind needs `pattern`"))?;
        let regex = RegexBuilder::new(&text)
            .size_limit(SIZE_LIMIT)
            .dfa_size_limit(SIZE_LIMIT)
            .build()
            .map_err(|e| Fault::new("pattern", reason(&e)))?;
        if regex.is_match("") {
            return Err(Fault::new("pattern", "the expression matches the empty text, so it would match everywhere"));
        }
        if let Some(i) = fields.needs.iter().position(String::is_empty) {
            return Err(Fault::new("needs", format!("text number {} is empty", i + 1)));
        }
        Ok(Pattern { regex, replace: fields.replace, needs: fields.needs })
    }

    /// The places in a line: start, end, and the text that stands for it.
    pub(crate) fn places(&self, line: &str) -> Vec<(usize, usize, Option<String>)> {
        self.regex.captures_iter(line).filter_map(|found| self.place(&found)).collect()
    }

    fn place(&self, found: &Captures) -> Option<(usize, usize, Option<String>)> {
        let at = found.name("at").or_else(|| found.get(0))?;
        let text = self.replace.as_ref().map(|replace| {
            let mut out = String::new();
            found.expand(replace, &mut out);
            out
        });
        Some((at.start(), at.end(), text))
    }
}

/// What the expression's author can do something about: the last line of the library's message, or the limit.
fn reason(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("the expression is too large when compiled (more than {limit} bytes): make its repetitions smaller")
        }
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or("").trim();
            format!("not a regular expression: {}", last.strip_prefix("error: ").unwrap_or(last))
        }
    }
}
