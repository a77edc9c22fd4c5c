//! `kanwu eval csc`: sentences with their corrections.

use super::{Common, Format, Ready};
use crate::cli::table::{number, percent, table};
use crate::cli::{DONE, print, say, status_of};
use kanwu::error::{Error, Result};
use kanwu::eval::csc::{Curve, Figures, Row, Sentence, Tally, candidates, candidates_of, curve, parse};
use kanwu::eval::{Three, draw};
use kanwu::reader::{self, ReadOptions};
use kanwu::rule::Lang;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct CscArgs {
    /// Files of sentences: id TAB source TAB target, a sentence a line (or source TAB target)
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Draw this many sentences of each file at random [default: all]
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Seed of the draw: the same seed draws the same sentences on every machine
    #[arg(long, value_name = "S", default_value_t = SEED)]
    seed: u64,
    /// Print the figures over all confidence thresholds
    #[arg(long)]
    curve: bool,
    /// Text without errors, for the false alarms: files of sentences (.tsv) or issues (may be repeated)
    #[arg(long, value_name = "PATH", num_args = 1..)]
    clean: Vec<PathBuf>,
    /// False alarms for every 10,000 characters that a clean file may have (with --curve and --clean)
    #[arg(long, value_name = "N", default_value_t = 3.0)]
    budget: f64,
    /// Say also how fast it was: the one figure that differs from run to run
    #[arg(long)]
    speed: bool,
    #[command(flatten)]
    common: Common,
}

/// The seed of the draw where none is named.
const SEED: u64 = 20_191_023;

/// A file, measured.
struct Set {
    name: String,
    sentences: Vec<Sentence>,
}

/// What was measured, and how long the sentences took, one after the other.
#[derive(Default)]
struct Measured {
    files: Vec<Set>,
    clean: Vec<Set>,
    took: Duration,
    characters: usize,
}

/// Measures and prints.
pub fn run(args: CscArgs, lang: Lang) -> Result<u8> {
    let ready = args.common.ready(args.files.first().map(PathBuf::as_path), args.curve)?;
    // What the rules make ready when they are first asked is no part of any sentence's time.
    candidates("", &ready.setting());
    let mut status = DONE;
    let mut tell = |error: Error| {
        say::error(&error, lang);
        status = status.max(status_of(&error));
    };
    let mut measured = Measured::default();
    for path in &args.files {
        match rows(path, &args, &mut tell) {
            Ok(rows) => {
                let set = measure(name(path), &rows, &ready, &mut measured);
                measured.files.push(set);
            }
            Err(error) => tell(error),
        }
    }
    for path in &args.clean {
        match clean_set(path, &args, &ready, &mut measured, &mut tell) {
            Ok(set) => measured.clean.push(set),
            Err(error) => tell(error),
        }
    }
    if !measured.files.is_empty() {
        let shown = Shown::new(&args, &ready, &measured);
        print(&match args.common.format {
            Format::Text => shown.as_text(lang),
            Format::Json => format!("{:#}\n", shown.as_json()),
        })?;
    }
    Ok(status)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The sentences of a file that are drawn. Lines that are none are told in one go and left out.
fn rows(path: &Path, args: &CscArgs, tell: &mut impl FnMut(Error)) -> Result<Vec<Row>> {
    let bytes = std::fs::read(path).map_err(|e| say::cannot_read(path, &e))?;
    let read = parse(&bytes);
    if let Some((line, why)) = read.bad.first() {
        tell(say::bad_rows(path, *line, *why, read.bad.len()));
    }
    if read.rows.is_empty() {
        return Err(say::no_rows(path));
    }
    let drawn = draw(read.rows.len(), args.sample, args.seed);
    let mut rows: Vec<Option<Row>> = read.rows.into_iter().map(Some).collect();
    Ok(drawn.into_iter().filter_map(|i| rows.get_mut(i)?.take()).collect())
}

fn measure(name: String, rows: &[Row], ready: &Ready, measured: &mut Measured) -> Set {
    let setting = ready.setting();
    let one = |row: &Row| {
        let start = Instant::now();
        let found = candidates(&row.source, &setting);
        let took = start.elapsed();
        (Sentence::new(&row.source, &row.target, found), took)
    };
    let all: Vec<(Sentence, Duration)> = ready.pool.install(|| rows.par_iter().map(one).collect());
    measured.took += all.iter().map(|(_, took)| *took).sum::<Duration>();
    measured.characters += rows.iter().map(|r| r.source.chars().count()).sum::<usize>();
    Set { name, sentences: all.into_iter().map(|(sentence, _)| sentence).collect() }
}

/// Text without errors: the sentences of a file that have none, or the lines of issues.
fn clean_set(
    path: &Path,
    args: &CscArgs,
    ready: &Ready,
    measured: &mut Measured,
    tell: &mut impl FnMut(Error),
) -> Result<Set> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv")) {
        let rows = rows(path, args, tell)?;
        return Ok(measure(name(path), &rows, ready, measured));
    }
    let (tray, faults) = reader::survey(&[path.to_owned()], false);
    for fault in faults {
        tell(fault);
    }
    if tray.issues.is_empty() {
        return Err(say::nothing_to_measure(path));
    }
    let setting = ready.setting();
    let one = |issue: &reader::Issue| {
        let source = reader::read(issue, &ReadOptions::default())?;
        Ok(Sentence::lines_of_clean(&source.text, candidates_of(&source, &setting)))
    };
    let all: Vec<Result<Vec<Sentence>>> = ready.pool.install(|| tray.issues.par_iter().map(one).collect());
    let mut set = Set { name: name(path), sentences: Vec::new() };
    for issue in all {
        match issue {
            Ok(sentences) => set.sentences.extend(sentences),
            Err(error) => tell(error),
        }
    }
    Ok(set)
}

/// Everything that is printed.
struct Shown<'a> {
    args: &'a CscArgs,
    categories: Vec<&'static str>,
    files: Vec<(&'a str, Tally, Figures)>,
    clean: Vec<(&'a str, Tally, Figures)>,
    mean: Figures,
    curve: Option<Curve>,
    /// Characters for every second of one thread, where that was asked.
    speed: Option<u64>,
}

impl<'a> Shown<'a> {
    fn new(args: &'a CscArgs, ready: &Ready, measured: &'a Measured) -> Self {
        let threshold = args.common.threshold.unwrap_or(0.0);
        let tallied = |sets: &'a [Set]| -> Vec<(&'a str, Tally, Figures)> {
            let of = |set: &'a Set| {
                let tally = Tally::of(&set.sentences, threshold);
                (set.name.as_str(), tally, tally.figures())
            };
            sets.iter().map(of).collect()
        };
        let files = tallied(&measured.files);
        let sentences = |sets: &[Set]| sets.iter().map(|s| s.sentences.clone()).collect::<Vec<_>>();
        let seconds = measured.took.as_secs_f64().max(1e-9);
        Shown {
            args,
            categories: ready.category_names(),
            mean: Figures::mean(&files.iter().map(|(_, _, f)| *f).collect::<Vec<_>>()),
            files,
            clean: tallied(&measured.clean),
            curve: args.curve.then(|| curve(&sentences(&measured.files), &sentences(&measured.clean), args.budget)),
            speed: args.speed.then(|| (measured.characters as f64 / seconds) as u64),
        }
    }

    fn as_json(&self) -> Value {
        let row = |(name, tally, figures): &(&str, Tally, Figures)| {
            json!({
                "file": name, "sentences": tally.sentences, "with_errors": tally.sentences - tally.clean,
                "characters": tally.characters, "figures": figures,
                "edits": { "made": tally.character_correction.claimed, "wanted": tally.character_correction.wanted,
                    "right": tally.character_correction.right, "false": tally.false_alarms },
            })
        };
        let mut out = json!({
            "sample": self.args.sample, "seed": self.args.seed, "categories": self.categories,
            "threshold": self.args.common.threshold,
            "files": self.files.iter().map(row).collect::<Vec<_>>(), "mean": self.mean,
            "clean": self.clean.iter().map(row).collect::<Vec<_>>(),
        });
        if let (Some(object), Some(curve)) = (out.as_object_mut(), &self.curve) {
            object.insert("curve".to_owned(), json!(curve));
            object.insert("budget".to_owned(), json!(self.args.budget));
        }
        if let (Some(object), Some(speed)) = (out.as_object_mut(), self.speed) {
            object.insert("characters_per_second".to_owned(), json!(speed));
        }
        out
    }

    fn as_text(&self, lang: Lang) -> String {
        let words = say::eval_words(lang);
        let mut out =
            say::csc_terms(self.args.sample, self.args.seed, &self.categories, self.args.common.threshold, lang);
        out += "\n\n";
        let mut rows: Vec<(&str, Option<&Tally>, &Figures)> =
            self.files.iter().map(|(n, t, f)| (*n, Some(t), f)).collect();
        if rows.len() > 1 {
            rows.push((words.mean, None, &self.mean));
        }
        let count = |t: Option<&Tally>, of: fn(&Tally) -> usize| t.map_or_else(String::new, |t| of(t).to_string());
        let by_sentence = rows.iter().map(|(name, tally, f)| {
            let mut row =
                vec![(*name).to_owned(), count(*tally, |t| t.sentences), count(*tally, |t| t.sentences - t.clean)];
            row.extend(three(&f.sentence_detection).into_iter().chain(three(&f.sentence_correction)));
            row.push(percent(f.clean_altered));
            row
        });
        out += &table(words.by_sentence, &by_sentence.collect::<Vec<_>>());
        out.push('\n');
        let by_character = rows.iter().map(|(name, tally, f)| {
            let mut row = vec![
                (*name).to_owned(),
                count(*tally, |t| t.characters),
                count(*tally, |t| t.character_correction.wanted),
            ];
            row.extend(three(&f.character_detection).into_iter().chain(three(&f.character_correction)));
            row.extend([number(f.false_per_10k), number(f.clean_false_per_10k)]);
            row
        });
        out += &table(words.by_character, &by_character.collect::<Vec<_>>());
        if !self.clean.is_empty() {
            out.push('\n');
            out += &table(words.clean, &self.clean.iter().map(clean_row).collect::<Vec<_>>());
        }
        if let Some(curve) = &self.curve {
            out.push('\n');
            out += &self.curve_text(curve, lang);
        }
        if let Some(speed) = self.speed {
            out += &format!("\n{}\n", say::speed(speed, lang));
        }
        out
    }

    fn curve_text(&self, curve: &Curve, lang: Lang) -> String {
        let words = say::eval_words(lang);
        let steps = curve.steps.iter().map(|p| {
            let mut row = vec![format!("{:.2}", p.threshold)];
            row.extend(three(&p.mean));
            row.extend([number(p.false_per_10k), number(p.worst_clean())]);
            row
        });
        let mut out = table(words.curve, &steps.collect::<Vec<_>>());
        out.push('\n');
        if let Some(best) = &curve.best {
            out += &say::best_point(best, lang);
        }
        if !self.clean.is_empty() {
            out += &say::budget_point(curve.at_budget.as_ref(), self.args.budget, lang);
        }
        if self.files.len() > 1 {
            let rows = self.files.iter().zip(curve.best_of.iter().enumerate()).map(|((name, ..), (i, own))| {
                let at = |p: Option<&kanwu::eval::csc::Point>| percent(p.and_then(|p| p.files.get(i)?.f1));
                let own_at = own.map_or_else(|| "-".to_owned(), |b| format!("{:.4}", b.threshold));
                vec![
                    (*name).to_owned(),
                    percent(own.map(|b| b.f1)),
                    own_at,
                    at(curve.best.as_ref()),
                    at(curve.at_budget.as_ref()),
                ]
            });
            out.push('\n');
            out += &table(words.best_of, &rows.collect::<Vec<_>>());
        }
        out
    }
}

fn three(of: &Three) -> [String; 3] {
    [percent(of.precision), percent(of.recall), percent(of.f1)]
}

fn clean_row((name, tally, figures): &(&str, Tally, Figures)) -> Vec<String> {
    vec![
        (*name).to_owned(),
        tally.clean.to_string(),
        tally.clean_characters.to_string(),
        percent(figures.clean_altered),
        tally.clean_false_alarms.to_string(),
        number(figures.clean_false_per_10k),
    ]
}
