//! `kanwu rules`: what is looked for, and what of it is switched on.

use super::titles::titles;
use super::{print, rules_md};
use crate::config::{self, AskedRules};
use kanwu::error::Result;
use kanwu::rule::{Lang, Rule, RuleSet};
use serde_json::json;
use std::path::Path;

#[derive(clap::Args)]
pub struct RulesArgs {
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
    /// As docs/RULES.md, for the project itself
    #[arg(long, hide = true)]
    markdown: bool,
    #[command(flatten)]
    asked: AskedRules,
}

/// Prints the list.
pub fn run(args: &RulesArgs, lang: Lang) -> Result<u8> {
    let file = config::file_for(args.asked.config.as_deref(), Path::new("."))?;
    let rules = config::rule_set(&args.asked, &file)?;
    print(&match (args.json, args.markdown) {
        (true, _) => as_json(&rules),
        (_, true) => rules_md::rules_md(&rules),
        _ => as_lines(&rules, lang),
    })
}

fn as_lines(rules: &RuleSet, lang: Lang) -> String {
    let words = titles(lang);
    let longest = rules.iter().map(|(_, r)| r.name.len()).max().unwrap_or(0);
    let mut out = String::new();
    for (id, rule) in rules.iter() {
        let on = if rules.is_on(id) { words.on } else { words.off };
        let Rule { code, name, stage, category, .. } = rule;
        let most = rule.applicability.name();
        out += &format!("{code}  {name:longest$}  {stage:10}  {:11}  {most:9}  {on}\n", category.name());
    }
    out
}

fn as_json(rules: &RuleSet) -> String {
    let list: Vec<_> = rules
        .iter()
        .map(|(id, rule)| {
            json!({
                "code": rule.code, "name": rule.name, "stage": rule.stage, "category": rule.category,
                "applicability": rule.applicability, "on": rules.is_on(id), "clause": rule.clause,
                "message": rule.message, "why": rule.why, "file": rule.file,
            })
        })
        .collect();
    format!("{:#}\n", serde_json::Value::Array(list))
}
