//! `docs/RULES.md`: the rules as a page, written from the rule files so that it cannot say anything else than they do.

use kanwu::rule::{Example, Layout, Rule, RuleSet};
use std::fmt::Write;

const HEAD: &str = "\
# Rules

Written by `kanwu rules --markdown` from the files under `rules/`; change those, not this page. `kanwu explain CODE` says the
same on the terminal. A rule does at most what its line says: `flag` shows a place, `suggested` proposes a change that a
person decides, `safe` applies it and records it.

";

/// The page.
pub fn rules_md(rules: &RuleSet) -> String {
    let mut out = HEAD.to_owned();
    for stage in Layout::STAGES {
        let here: Vec<&Rule> = rules.iter().map(|(_, r)| r).filter(|r| r.stage == stage).collect();
        if here.is_empty() {
            continue;
        }
        let _ = writeln!(out, "## {stage}\n");
        for rule in here {
            one(&mut out, rule);
        }
    }
    out += "## Word lists\n\n";
    for (name, list) in rules.word_lists() {
        let count = list.words.len() + list.entries.len();
        let _ = writeln!(out, "- `words/{name}.toml` ({count}): {}", line(&list.about));
    }
    out
}

fn one(out: &mut String, rule: &Rule) {
    let _ = writeln!(out, "### {} {}\n", rule.code, rule.name);
    let _ = writeln!(out, "{} · {}", rule.category.name(), rule.applicability.name());
    if let Some(clause) = &rule.clause {
        let _ = writeln!(out, "· {clause}");
    }
    let _ = writeln!(out, "\n{}  \n{}\n", line(&rule.message.zh), line(&rule.message.en));
    let _ = writeln!(out, "{}  \n{}\n", line(&rule.why.zh), line(&rule.why.en));
    for example in &rule.tests {
        let Example { bad, good } = example;
        match (bad, good) {
            (Some(bad), Some(good)) => writeln!(out, "- {} → {}", code(bad), code(good)),
            (Some(bad), None) => writeln!(out, "- reports {}", code(bad)),
            (None, Some(good)) => writeln!(out, "- leaves {} alone", code(good)),
            (None, None) => Ok(()),
        }
        .unwrap_or_default();
    }
    for allowed in &rule.allow {
        let why = if allowed.why.is_empty() { String::new() } else { format!(" ({})", line(&allowed.why)) };
        let _ = writeln!(out, "- leaves {} alone{why}", code(&allowed.text));
    }
    if !(rule.tests.is_empty() && rule.allow.is_empty()) {
        out.push('\n');
    }
}

/// A text on one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An example as Markdown code: what cannot be seen is written out.
fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| match c {
            '\n' => "⏎".to_owned(),
            c if c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{AD}' | '\u{A0}') => {
                format!("<U+{:04X}>", c as u32)
            }
            c => c.to_string(),
        })
        .collect();
    let ticks = "`".repeat(1 + longest_run_of_ticks(&shown));
    let pad = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{shown}{pad}{ticks}")
}

fn longest_run_of_ticks(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
