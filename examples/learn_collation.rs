//! Makes `model/collation.tsv` again: how much each kind of evidence says that the base is wrong where two readings differ.
//!
//!     cargo run --release --example learn_collation -- model/collation.tsv TRAY ...
//!
//! A tray holds issues as `kanwu clean` takes them, each a folder with two readings of each page or more, and beside it in
//! `TRAY.truth` the text of each issue, `ISSUE.txt`. Each reading of an engine is once the base, with what the engine says of
//! its text and, for the weights of a base that is text and no more, without it. What is measured of an issue is
//! measured with the weights that other issues give.

use kanwu::collate::Readings;
use kanwu::reader::{ReadOptions, discover, read};
use kanwu::source::Source;
use kanwu::stage::typos::collation::evidence::{EVIDENCE, NAMES, Page, Shape, Side};
use kanwu::stage::typos::collation::weigh::{COLUMNS, Kind, Weights, column, sum};
use std::path::{Path, PathBuf};

/// How much the weights are drawn to zero.
const SHRINK: f64 = 2.0;
/// Most parts that the issues are cut into: what is learned from the others is measured on each.
const PARTS: usize = 20;
/// Least confidence at which the measurement is made.
const LEAST: [f32; 5] = [0.3, 0.4, 0.5, 0.6, 0.7];

struct Case {
    column: usize,
    issue: usize,
    values: [f32; EVIDENCE],
    right: bool,
    /// Whether the other reading is the truth.
    cured: bool,
    /// Han characters at stake.
    show: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let out = args.next().ok_or("learn_collation TABLE TRAY ...")?;
    let (mut cases, mut issues) = (Vec::new(), 0);
    for tray in args.map(PathBuf::from) {
        let truths = PathBuf::from(format!("{}.truth", tray.display()));
        for issue in discover(&[tray], false)?.issues {
            let truth = std::fs::read_to_string(truths.join(format!("{}.txt", issue.id)))?;
            issues += 1;
            for options in bases(&issue.path)? {
                let source = read(&issue, &options)?;
                gather(&source, &truth, issues, &mut cases);
            }
        }
    }
    let weights = learn(&cases, |_| true);
    let mut table = String::from("evidence");
    let kinds = [(Kind::Engine, "engine"), (Kind::BesideEngine, "beside engine"), (Kind::Text, "text")];
    let shapes = ["exchange", "lost", "extra"];
    kinds.iter().for_each(|(_, k)| shapes.iter().for_each(|s| table += &format!("\t{k} {s}")));
    for (row, name) in NAMES.iter().chain(&["constant"]).enumerate() {
        table += &format!("\n{name}");
        weights.iter().for_each(|w| table += &format!("\t{:.4}", w[row]));
    }
    std::fs::write(out, table + "\n")?;
    measure(&cases, issues);
    Ok(())
}

/// One way to read the issue for each label of its readings.
fn bases(folder: &Path) -> std::io::Result<Vec<ReadOptions>> {
    let mut labels: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let label = name.split('.').nth(1).unwrap_or("").to_owned();
        if !label.is_empty() && !labels.contains(&label) && name.split('.').count() > 2 {
            labels.push(label);
        }
    }
    labels.sort();
    // A page whose base has no label is the base.
    let plain = std::fs::read_dir(folder)?.flatten().any(|e| e.file_name().to_string_lossy().split('.').count() == 2);
    if plain {
        return Ok(vec![ReadOptions::default()]);
    }
    Ok(labels.into_iter().map(|l| ReadOptions { base: Some(l), ..ReadOptions::default() }).collect())
}

/// The cases of an issue.
fn gather(source: &Source, truth: &str, issue: usize, cases: &mut Vec<Case>) {
    for witness in &source.witnesses {
        let Some(file) = source.files.get(witness.of) else { continue };
        let text = file.span.of(&source.text);
        let other = &witness.reading.text;
        let ours = Readings::new(text, truth);
        let scan = witness.reading.files.first().and_then(|f| f.scan.as_ref());
        let kinds = match file.scan.is_some() {
            true => vec![(file.scan.as_ref(), scan), (None, scan), (None, None)],
            false => vec![(None, scan)],
        };
        for (own, scan) in kinds {
            let (base, beside) = (Side::new(text, file.span.start, own), Side::new(other, 0, scan));
            let kind = Kind::of(&base, &beside);
            let page = Page::new(base, beside);
            for pair in page.places() {
                let Some(better) = improvement(&ours, &page, pair) else { continue };
                let (right, cured) = (better >= 0, better > 0);
                let (a, b) = page.spans(pair);
                let evidence = page.evidence(pair);
                cases.push(Case {
                    column: column(kind, evidence.shape),
                    issue,
                    values: evidence.values,
                    right,
                    cured,
                    show: format!("{:?} {:?}", a.of(text), b.of(other)),
                });
            }
        }
    }
}

/// By how many characters the base comes nearer to the truth when the other reading is put into a place; `None` where
/// the truth has no counterpart: a page's head, or another order.
fn improvement(truth: &Readings, page: &Page, pair: &kanwu::collate::Pair) -> Option<isize> {
    const AROUND: usize = 12;
    let equal = &truth.collation.equal;
    let from = pair.base.start.saturating_sub(AROUND);
    let before = equal.iter().rev().find(|p| p.base.start <= from).or(equal.first())?;
    let left = from.clamp(before.base.start, before.base.end);
    let to = pair.base.end + AROUND;
    let after = equal.iter().find(|p| p.base.end >= to).or(equal.last())?;
    let right = to.clamp(after.base.start, after.base.end);
    let (start, end) =
        (before.other.start + (left - before.base.start), after.other.start + (right - after.base.start));
    let (base, other) = (page.readings.base().chars(), page.readings.other().chars());
    let region = base.get(left..right)?;
    let meant = truth.other().chars().get(start..end)?;
    if left > pair.base.start || right < pair.base.end || region.len().abs_diff(meant.len()) > 40 || region.len() > 400
    {
        return None;
    }
    let changed: Vec<char> = base[left..pair.base.start]
        .iter()
        .chain(other.get(pair.other.clone())?)
        .chain(&base[pair.base.end..right])
        .copied()
        .collect();
    Some(distance(region, meant) as isize - distance(&changed, meant) as isize)
}

/// Levenshtein's distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let next = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}

/// The weights that some of the cases give.
fn learn(cases: &[Case], of: impl Fn(&Case) -> bool) -> [Weights; COLUMNS] {
    std::array::from_fn(|column| {
        let rows: Vec<(&[f32; EVIDENCE], f64)> = cases
            .iter()
            .filter(|c| c.column == column && of(c))
            .map(|c| (&c.values, f64::from(u8::from(c.right && c.cured))))
            .collect();
        fit(&rows)
    })
}

/// A logistic regression by Newton's method.
fn fit(rows: &[(&[f32; EVIDENCE], f64)]) -> Weights {
    const N: usize = EVIDENCE + 1;
    let mut weights = [0.0f64; N];
    let value = |v: &[f32; EVIDENCE], i: usize| v.get(i).map_or(1.0, |x| f64::from(*x));
    for _ in 0..25 {
        let (mut slope, mut bend) = ([0.0; N], vec![[0.0; N]; N]);
        for i in 0..N {
            let held = if i == EVIDENCE { 0.01 } else { SHRINK };
            slope[i] = -held * weights[i];
            bend[i][i] = held;
        }
        for (v, y) in rows {
            let odds: f64 = (0..N).map(|i| weights[i] * value(v, i)).sum();
            let p = 1.0 / (1.0 + (-odds).exp());
            let all: [f64; N] = std::array::from_fn(|i| value(v, i));
            for (i, row) in bend.iter_mut().enumerate().filter(|(i, _)| all[*i] != 0.0) {
                slope[i] += (y - p) * all[i];
                row.iter_mut().zip(all).for_each(|(b, x)| *b += p * (1.0 - p) * all[i] * x);
            }
        }
        let step = solve(bend, slope);
        for i in 0..N {
            weights[i] += step[i].clamp(-3.0, 3.0);
        }
    }
    std::array::from_fn(|i| weights[i] as f32)
}

/// Solves a symmetric positive system.
fn solve<const N: usize>(mut a: Vec<[f64; N]>, mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for k in i + 1..N {
            let share = a[k][i] / a[i][i];
            let above = a[i];
            a[k].iter_mut().zip(above).skip(i).for_each(|(x, y)| *x -= share * y);
            b[k] -= share * b[i];
        }
    }
    for i in (0..N).rev() {
        for k in i + 1..N {
            b[i] -= a[i][k] * b[k];
        }
        b[i] /= a[i][i];
    }
    b
}

fn measure(cases: &[Case], issues: usize) {
    let mut scored: Vec<(&Case, f32)> = Vec::new();
    // Issue by issue where they are few; of many, several at a time.
    let parts = issues.min(PARTS);
    for part in 0..parts {
        let weights = learn(cases, |c| c.issue % parts != part);
        let own = cases.iter().filter(|c| c.issue % parts == part);
        scored.extend(own.map(|c| (c, sum(&weights[c.column], &c.values))));
    }
    if std::env::args().any(|a| a == "--show") {
        for (case, odds) in &scored {
            println!("{}\t{}\t{}\t{odds:.2}\t{}", case.column, case.right, case.cured, case.show);
        }
    }
    for column in 0..COLUMNS {
        let own: Vec<_> = scored.iter().filter(|(c, _)| c.column == column).collect();
        let wrong = own.iter().filter(|(c, _)| c.right).count();
        println!("column {column}: {} places, the base wrong at {wrong}", own.len());
        for least in LEAST {
            let said: Vec<_> = own.iter().filter(|(_, o)| 1.0 / (1.0 + (-o).exp()) >= least).collect();
            let hits = said.iter().filter(|(c, _)| c.right).count();
            let cured = said.iter().filter(|(c, _)| c.right && c.cured).count();
            let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
            println!(
                "  at {least}: {} said, precision {:.3}, found {:.3}, cured {:.3}",
                said.len(),
                share(hits, said.len()),
                share(hits, wrong),
                share(cured, said.len())
            );
        }
    }
    let _ = Shape::ALL;
}
