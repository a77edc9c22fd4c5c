//! `kanwu stats`: what the logs of decisions say of the rules, and of the time that an issue takes.

use super::table::{number, percent, table};
use super::{DONE, FAILED, Shell, print, say};
use crate::batch;
use crate::config::{self, AskedReading, AskedRules, Reading};
use kanwu::error::{Error, ErrorKind, Result};
use kanwu::reader::{self, Issue, ReadOptions};
use kanwu::review::{Advice, Decisions, RuleStats, Stats};
use kanwu::rule::{Lang, RuleSet};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct StatsArgs {
    /// Trays (folders of issues), or issues
    #[arg(default_value = "input", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// As JSON, for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reading: AskedReading,
    #[command(flatten)]
    rules: AskedRules,
}

/// Counts and prints.
pub fn run(args: StatsArgs, typed: Option<Lang>, shell: &Shell) -> Result<u8> {
    let start = args.paths.first().cloned().unwrap_or_default();
    let file = config::file_for(args.rules.config.as_deref(), &start)?;
    let rules = config::rule_set(&args.rules, &file)?;
    let reading = Reading::resolve(args.reading, typed, &file)?;
    let lang = reading.lang.as_ref().map_or(shell.lang, |l| l.value);
    let (tray, mut faults) = reader::survey(&args.paths, false);
    let mut logs: Vec<(String, usize, Decisions)> = Vec::new();
    for issue in &tray.issues {
        match one(issue, &reading.read) {
            Ok((log, warnings, characters)) => {
                for warning in &warnings {
                    eprintln!("{}", say::warning_block(warning, lang));
                }
                if let Some(characters) = characters {
                    logs.push((issue.id.clone(), characters, log));
                }
            }
            Err(fault) => faults.push(fault),
        }
    }
    for fault in &faults {
        say::error(fault, lang);
    }
    let stats = Stats::of(logs.iter().map(|(id, characters, log)| (id.as_str(), *characters, log)), &rules);
    print(&if args.json { as_json(&stats)? } else { as_text(&stats, &rules, lang) })?;
    Ok(if faults.is_empty() { DONE } else { FAILED })
}

/// The log of an issue, and the length of its source where there is a log.
fn one(issue: &Issue, options: &ReadOptions) -> Result<(Decisions, Vec<Error>, Option<usize>)> {
    let (log, warnings) = batch::decisions(issue)?;
    if log.log.is_empty() {
        return Ok((log, warnings, None));
    }
    let characters = reader::read(issue, options)?.text.chars().count();
    Ok((log, warnings, Some(characters)))
}

fn as_json(stats: &Stats) -> Result<String> {
    let minutes: f64 = stats.issues.iter().map(|issue| issue.minutes).sum();
    let mut value = json!({ "false_alarms": stats.false_alarms(), "minutes": minutes });
    let all = serde_json::to_value(stats).map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
    if let (Some(value), Some(all)) = (value.as_object_mut(), all.as_object()) {
        value.extend(all.clone());
    }
    Ok(format!("{value:#}\n"))
}

fn as_text(stats: &Stats, rules: &RuleSet, lang: Lang) -> String {
    if stats.issues.is_empty() {
        return say::no_logs(lang);
    }
    let [rule_head, issue_head] = say::heads_of_stats(lang);
    let name = |code: &str| rules.iter().find(|(_, r)| r.code == code).map_or("", |(_, r)| r.name.as_str());
    let rule = |r: &RuleStats| {
        vec![
            format!("{} {}", r.rule, name(&r.rule)),
            r.accepted.to_string(),
            r.rejected.to_string(),
            r.edited.to_string(),
            percent(Some(r.accept_rate)),
            number(Some(r.false_alarms)),
        ]
    };
    let mut rows: Vec<Vec<String>> = stats.rules.iter().map(rule).collect();
    let sum = |of: fn(&RuleStats) -> usize| stats.rules.iter().map(of).sum::<usize>();
    let (accepted, rejected, edited) = (sum(|r| r.accepted), sum(|r| r.rejected), sum(|r| r.edited));
    let all = accepted + rejected + edited;
    rows.push(vec![
        say::all_of_stats(lang).to_owned(),
        accepted.to_string(),
        rejected.to_string(),
        edited.to_string(),
        percent((all > 0).then(|| accepted as f64 / all as f64)),
        number(Some(stats.false_alarms())),
    ]);
    let mut out = table(&rule_head, &rows) + "\n";
    let issues: Vec<Vec<String>> = stats
        .issues
        .iter()
        .map(|i| {
            let people = i.people.iter().map(|p| say::shown(p, 20)).collect::<Vec<_>>().join("、");
            vec![i.issue.clone(), i.characters.to_string(), i.decided.to_string(), format!("{:.1}", i.minutes), people]
        })
        .collect();
    out += &table(&issue_head, &issues);
    let advised = |advice| -> Vec<String> {
        let with = |r: &&RuleStats| r.advice == Some(advice);
        stats.rules.iter().filter(with).map(|r| format!("{} {}", r.rule, name(&r.rule))).collect()
    };
    out + &say::advice(&advised(Advice::Promote), &advised(Advice::Silence), lang)
}
