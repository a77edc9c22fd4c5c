//! `kanwu explain`: one rule in full, as an editor asks for it and as its file says it.

use super::titles::titles;
use super::{print, say};
use crate::config::{self, AskedRules};
use kanwu::error::Result;
use kanwu::rule::{Lang, Rule};
use std::fmt::Write;
use std::path::Path;

#[derive(clap::Args)]
pub struct ExplainArgs {
    /// Code or name of the rule
    #[arg(value_name = "CODE")]
    rule: String,
    #[command(flatten)]
    asked: AskedRules,
}

/// Prints the rule.
pub fn run(args: &ExplainArgs, lang: Lang) -> Result<u8> {
    let file = config::file_for(args.asked.config.as_deref(), Path::new("."))?;
    let rules = config::rule_set(&args.asked, &file)?;
    let wanted = args.rule.trim();
    let named = |r: &Rule| r.code.eq_ignore_ascii_case(wanted) || r.name.eq_ignore_ascii_case(wanted);
    let Some((id, rule)) = rules.iter().find(|(_, r)| named(r)) else {
        let names = rules.iter().flat_map(|(_, r)| [r.code.as_str(), r.name.as_str()]);
        return Err(say::no_rule("", wanted, config::nearest(&wanted.to_uppercase(), names)));
    };
    print(&page(rule, rules.is_on(id), lang))
}

fn page(rule: &Rule, on: bool, lang: Lang) -> String {
    let t = titles(lang);
    let mut out = format!("{} {} · {}\n", rule.code, rule.name, if on { t.on } else { t.off });
    let colon = if lang == Lang::Zh { "：" } else { ": " };
    let mut row = |title: &str, text: &str| {
        let _ = writeln!(out, "{title}{colon}{}", text.trim());
    };
    row(t.message, rule.message.raw(lang));
    row(t.why, rule.why.raw(lang));
    if let Some(clause) = &rule.clause {
        row(t.clause, clause);
    }
    row(t.category, rule.category.name());
    row(t.most, rule.applicability.name());
    row(t.stage, &rule.stage);
    for text in rule.evidence.values() {
        row(t.evidence, text.raw(lang));
    }
    for example in &rule.tests {
        if let Some(bad) = &example.bad {
            row(t.bad, bad);
        }
        if let Some(good) = &example.good {
            row(t.good, good);
        }
    }
    for allowed in &rule.allow {
        row(t.allow, &allowed.text);
    }
    row(t.file, &rule.file);
    let _ = write!(out, "\n{}", rule.toml);
    out
}
