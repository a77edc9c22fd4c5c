//! `kanwu eval gold`: issues in which every defect is on record.

use super::{Common, Format, Ready};
use crate::cli::table::{fine, number, percent, table};
use crate::cli::{DONE, print, say, status_of};
use kanwu::error::{Error, Result};
use kanwu::eval::gold::{self, Calibration, Score};
use kanwu::eval::share;
use kanwu::pipeline::clean;
use kanwu::reader::{self, Issue, ReadOptions};
use kanwu::review::Decisions;
use kanwu::rule::Lang;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct GoldArgs {
    /// Issues (files), or trays of issues (folders)
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Records of the defects: <issue>.jsonl, or a folder of such files (may be repeated)
    #[arg(long, required = true, value_name = "PATH")]
    gold: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// Measures and prints.
pub fn run(args: &GoldArgs, lang: Lang) -> Result<u8> {
    let ready = args.common.ready(args.inputs.first().map(PathBuf::as_path), false)?;
    let mut status = DONE;
    let mut tell = |error: &Error| {
        say::error(error, lang);
        status = status.max(status_of(error));
    };
    let (tray, faults) = reader::survey(&args.inputs, false);
    faults.iter().for_each(&mut tell);
    if tray.issues.is_empty() {
        return if faults.is_empty() { Err(say::nothing_to_do(&args.inputs)) } else { Ok(status) };
    }
    let records = records(&args.gold)?;
    let only = match (records.len(), tray.issues.len()) {
        (1, 1) => records.values().next(),
        _ => None,
    };
    let one = |issue: &Issue| {
        let path = only.or_else(|| records.get(&issue.id)).ok_or_else(|| say::no_records(&issue.id))?;
        measure(issue, path, &ready, args.common.threshold)
    };
    let all: Vec<Result<Score>> = ready.pool.install(|| tray.issues.par_iter().map(one).collect());
    let mut sum = Score::default();
    for outcome in &all {
        match outcome {
            Ok(score) => sum.add(score),
            Err(error) => tell(error),
        }
    }
    if sum.issues > 0 {
        print(&match args.common.format {
            Format::Text => as_text(&sum, &ready, lang),
            Format::Json => format!("{:#}\n", as_json(&sum, &ready, args.common.threshold)),
        })?;
    }
    Ok(status)
}

/// The files of records by the issue that they are named after.
fn records(paths: &[PathBuf]) -> Result<BTreeMap<String, PathBuf>> {
    let mut out = BTreeMap::new();
    let mut add = |path: PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        out.insert(stem, path);
    };
    for path in paths {
        if !path.is_dir() {
            add(path.clone());
            continue;
        }
        for entry in std::fs::read_dir(path).map_err(|e| say::cannot_read(path, &e))? {
            let file = entry.map_err(|e| say::cannot_read(path, &e))?.path();
            if file.extension().is_some_and(|e| e == "jsonl") {
                add(file);
            }
        }
    }
    Ok(out)
}

fn measure(issue: &Issue, path: &Path, ready: &Ready, threshold: Option<f32>) -> Result<Score> {
    let jsonl = std::fs::read_to_string(path).map_err(|e| say::cannot_read(path, &e))?;
    let source = reader::read(issue, &ReadOptions::default())?;
    let chars: Vec<char> = source.text.chars().collect();
    let records = gold::parse(&jsonl, &chars).map_err(|bad| say::bad_record(path, &bad, &issue.id))?;
    let setting = ready.setting();
    let run = clean(&source, setting.rules, &Decisions::default(), setting.policy);
    let mut claims = gold::claims(&run);
    claims.retain(|c| {
        let weak = c.confidence.is_some_and(|sure| threshold.is_some_and(|least| sure < least));
        !(weak && ready.categories.contains(&c.category))
    });
    Ok(gold::score(&chars, &records, &claims, &ready.categories))
}

fn as_json(score: &Score, ready: &Ready, threshold: Option<f32>) -> Value {
    let classes = score.classes.iter().map(|((class, group), f)| {
        json!({
            "class": class, "group": group, "planted": f.planted, "found": f.found, "first_fix_right": f.first,
            "any_fix_right": f.any, "recall": f.recall(), "first_of_found": f.first_of_found(),
        })
    });
    let categories = score.categories.iter().map(|(category, v)| {
        json!({
            "category": category, "findings": v.findings, "true": v.right, "misfiled": v.misfiled, "false": v.wrong,
            "in_copy": v.in_copy, "precision": v.precision(), "false_per_10k": score.false_per_10k(v),
        })
    });
    let bins = score.reliability.bins.iter().enumerate().map(|(i, b)| {
        json!({
            "from": i as f64 / 10.0, "findings": b.findings, "mean_confidence": b.mean(),
            "true": share(b.right, b.findings), "first_fix_right": share(b.fixed, b.findings),
        })
    });
    json!({
        "issues": score.issues, "characters": score.characters, "threshold": threshold,
        "classes": classes.collect::<Vec<_>>(), "not_judged": score.not_judged,
        "categories": categories.collect::<Vec<_>>(),
        "reliability": {
            "categories": ready.category_names(), "findings": score.reliability.findings(),
            "bins": bins.collect::<Vec<_>>(),
            "true": score.reliability.of_true(), "first_fix_right": score.reliability.of_fixed(),
        },
    })
}

fn as_text(score: &Score, ready: &Ready, lang: Lang) -> String {
    let words = say::eval_words(lang);
    let mut out = format!("{}\n\n", say::gold_size(score.issues, score.characters, lang));
    let classes = score.classes.iter().map(|((class, group), f)| {
        let name = group.as_ref().map_or_else(|| class.clone(), |g| format!("  {g}"));
        let counts = [f.planted, f.found, f.first, f.any].map(|n| n.to_string());
        let shares = [percent(f.recall()), percent(f.first_of_found())];
        std::iter::once(name).chain(counts).chain(shares).collect()
    });
    out += &table(words.classes, &classes.collect::<Vec<Vec<String>>>());
    if !score.not_judged.is_empty() {
        out += &format!("\n{}\n", say::not_judged(&score.not_judged, lang));
    }
    let categories = score.categories.iter().map(|(category, v)| {
        let counts = [v.findings, v.right, v.misfiled, v.wrong, v.in_copy].map(|n| n.to_string());
        let name = std::iter::once(category.name().to_owned());
        name.chain(counts).chain([percent(v.precision()), number(score.false_per_10k(v))]).collect()
    });
    out.push('\n');
    out += &table(words.categories, &categories.collect::<Vec<Vec<String>>>());
    out.push('\n');
    out += &reliability(score, ready, lang);
    out
}

fn reliability(score: &Score, ready: &Ready, lang: Lang) -> String {
    let words = say::eval_words(lang);
    let reliability = &score.reliability;
    let title = say::reliability(&ready.category_names(), reliability.findings(), lang);
    if reliability.findings() == 0 {
        return format!("{title}\n");
    }
    let bins = reliability.bins.iter().enumerate().filter(|(_, b)| b.findings > 0).map(|(i, b)| {
        vec![
            format!("{:.1}–{:.1}", i as f64 / 10.0, (i + 1) as f64 / 10.0),
            b.findings.to_string(),
            number(b.mean()),
            percent(share(b.right, b.findings)),
            percent(share(b.fixed, b.findings)),
        ]
    });
    let line = |name: &str, c: Calibration| vec![name.to_owned(), fine(c.brier), fine(c.expected_error)];
    let calibration = [line(words.is_true, reliability.of_true()), line(words.is_fixed, reliability.of_fixed())];
    format!("{title}\n\n{}\n{}", table(words.bins, &bins.collect::<Vec<_>>()), table(words.calibration, &calibration))
}
