//! Makes the weights of `lm/suspect/trust.rs` again: how much an engine's confidence says beside what the language says.
//!
//!     cargo run --release --example learn_confidence -- ISSUES TRUTH
//!
//! `ISSUES` is a tray of engines' files that have confidences; `TRUTH` a folder with `<issue>.txt`, what is printed on the
//! pages. Every reading that the language offers is a case; it is right where the text comes nearer to the truth with
//! it. What is learned from the other issues is measured on each.

use kanwu::document::Document;
use kanwu::lm::suspect::{CLEAR, Change, Habits, Judge, Scale, Trust};
use kanwu::lm::symbols::Line;
use kanwu::outline::BlockKind;
use kanwu::reader::{self, Issue, ReadOptions};
use kanwu::source::Source;
use kanwu::text::is_han;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::BTreeMap;
use std::error::Error;

/// Characters on either side of a change in which the text is compared with the truth.
const AROUND: usize = 6;
/// How much the weights are drawn to zero.
const SHRINK: f64 = 1.0;
/// The constant and the terms of `trust.rs`, in its order.
const TERMS: usize = 6;
type Row = [f64; TERMS];

/// A reading that was offered.
struct Case {
    issue: usize,
    /// Byte of the text, so that of the readings of one place one is taken.
    place: usize,
    change: usize,
    row: Row,
    right: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (input, truth) = (args.next().ok_or("which issues?")?, args.next().ok_or("where is the truth?")?);
    let mut cases = Vec::new();
    for (number, issue) in reader::discover(&[input.into()], false)?.issues.iter().enumerate() {
        let truth = std::fs::read_to_string(format!("{truth}/{}.txt", issue.id))?;
        of_issue(issue, number, &truth, &mut cases)?;
    }
    let names = ["replaced", "lost", "extra", "swapped", "two"];
    let mut scored: Vec<(f64, &Case)> = Vec::new();
    for (change, name) in names.iter().enumerate() {
        let of_kind: Vec<&Case> = cases.iter().filter(|c| c.change == change).collect();
        let issues: std::collections::BTreeSet<usize> = of_kind.iter().map(|c| c.issue).collect();
        for issue in issues {
            let others: Vec<&Case> = of_kind.iter().copied().filter(|c| c.issue != issue).collect();
            let weights = fit(&others);
            scored.extend(of_kind.iter().filter(|c| c.issue == issue).map(|c| (dot(&weights, &c.row), *c)));
        }
        let right = of_kind.iter().filter(|c| c.right).count();
        println!("    {:.3?}, // {name}: {} cases, {right} right", fit(&of_kind), of_kind.len());
    }
    measure(scored);
    Ok(())
}

/// How many places are put right at which precision, by issues that were not learned from.
fn measure(scored: Vec<(f64, &Case)>) {
    let mut best: BTreeMap<(usize, usize), (f64, bool)> = BTreeMap::new();
    for (score, case) in scored {
        let place = best.entry((case.issue, case.place)).or_insert((f64::NEG_INFINITY, false));
        if score > place.0 {
            *place = (score, case.right);
        }
    }
    let mut ranked: Vec<(f64, bool)> = best.into_values().collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    for least in [0.8, 0.6, 0.5, 0.4, 0.3, 0.2] {
        let odds = f64::ln(least / (1.0 - least));
        let found: Vec<bool> = ranked.iter().take_while(|r| r.0 >= odds).map(|r| r.1).collect();
        let right = found.iter().filter(|r| **r).count();
        println!("confidence {least}: {} found, {right} right", found.len());
    }
}

fn of_issue(issue: &Issue, number: usize, truth: &str, cases: &mut Vec<Case>) -> Result<(), Box<dyn Error>> {
    let judge = Judge::embedded();
    let source = reader::read(issue, &ReadOptions::default())?;
    let paper = Paper::new(&source, truth);
    let document = Document::new(&source);
    let view = document.view();
    let body = view.outline().blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Furniture | BlockKind::Image));
    let lines: Vec<Line> = body.map(|b| judge.read(view.get(b.text), b.text.start)).collect();
    let habits = Habits::of(&lines);
    for line in &lines {
        let trust = Trust::new(line.starts.iter().map(|start| doubt(&source, *start)));
        for suspect in judge.proposals_of(line, &habits) {
            let Some(place) = line.starts.get(suspect.at).copied() else { continue };
            let second = suspect.second.and_then(|(at, c)| Some((*line.starts.get(at)?, c)));
            let Some(right) = paper.is_right(place, suspect.change, suspect.reading, second) else { continue };
            let (doubt, beside) = trust.doubts(suspect.at, suspect.second.map_or(suspect.at, |s| s.0));
            let gain = suspect.gain();
            let margin = suspect.margin().min(CLEAR);
            let row = [1.0, suspect.odds, doubt, gain, beside, margin].map(f64::from);
            cases.push(Case { issue: number, place, change: suspect.change as usize, row, right });
        }
    }
    Ok(())
}

/// The log-odds that the engine misread a character, where it says how sure it was.
fn doubt(source: &Source, at: usize) -> Option<f32> {
    let scan = source.file_at(at)?.scan.as_ref()?;
    Some(Scale::of(scan.engine.as_deref()).log_odds(scan.confidence_at(at)?))
}

/// The Han characters of a reading beside those that are printed.
struct Paper {
    chars: Vec<char>,
    /// The byte of each.
    at: Vec<usize>,
    truth: Vec<char>,
    /// Where each stands in the truth; one more for the end.
    to: Vec<usize>,
}

impl Paper {
    fn new(source: &Source, truth: &str) -> Self {
        let truth: Vec<char> = truth.chars().filter(|c| is_han(*c)).collect();
        let (at, chars): (Vec<usize>, Vec<char>) = source.text.char_indices().filter(|(_, c)| is_han(*c)).unzip();
        let mut to = vec![truth.len(); chars.len() + 1];
        for op in capture_diff_slices(Algorithm::Myers, &chars, &truth) {
            let (tag, own, other) = op.as_tag_tuple();
            for i in own.clone() {
                let within = if tag == DiffTag::Equal { i - own.start } else { (i - own.start).min(other.len()) };
                to[i] = other.start + within;
            }
        }
        Paper { chars, at, truth, to }
    }

    /// Whether a change brings the text nearer to the truth; `None` where no Han character stands at the place.
    fn is_right(
        &self,
        place: usize,
        change: Change,
        reading: Option<char>,
        second: Option<(usize, char)>,
    ) -> Option<bool> {
        let at = self.at.binary_search(&place).ok()?;
        let (from, until) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(self.chars.len()));
        let old = &self.chars[from..until];
        let truth = self.truth.get(self.to[from]..self.to[until].max(self.to[from]))?;
        let (mut new, i) = (old.to_vec(), at - from);
        match (change, reading) {
            (Change::Replace, Some(c)) => new[i] = c,
            (Change::Both, Some(c)) => {
                let (place, other) = second?;
                new[i] = c;
                *new.get_mut(self.at.binary_search(&place).ok()?.checked_sub(from)?)? = other;
            }
            (Change::Insert, Some(c)) => new.insert(i, c),
            (Change::Delete, _) => drop(new.remove(i)),
            (Change::Swap, _) if i + 1 < new.len() => new.swap(i, i + 1),
            _ => return None,
        }
        // Of two readings at once both must be right.
        let nearer = 1 + usize::from(change == Change::Both);
        Some(distance(&new, truth) + nearer <= distance(old, truth))
    }
}

/// Edits between two texts (Levenshtein).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (before + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

fn dot(a: &Row, b: &Row) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Logistic regression by Newton's method.
fn fit(cases: &[&Case]) -> Row {
    let mut weights = [0.0; TERMS];
    for _ in 0..30 {
        let mut gradient = weights.map(|w| -SHRINK * w);
        let mut curve = [[0.0; TERMS]; TERMS];
        (0..TERMS).for_each(|n| curve[n][n] = SHRINK);
        for case in cases {
            let p = 1.0 / (1.0 + (-dot(&weights, &case.row)).exp());
            for n in 0..TERMS {
                gradient[n] += case.row[n] * (f64::from(u8::from(case.right)) - p);
                (0..TERMS).for_each(|m| curve[n][m] += case.row[n] * case.row[m] * p * (1.0 - p));
            }
        }
        let step = solved(curve, gradient);
        weights.iter_mut().zip(step).for_each(|(w, s)| *w += s);
    }
    weights
}

/// The solution of linear equations with a positive matrix, by elimination.
fn solved(mut rows: [[f64; TERMS]; TERMS], mut values: Row) -> Row {
    for n in 0..TERMS {
        for m in n + 1..TERMS {
            let factor = rows[m][n] / rows[n][n];
            (n..TERMS).for_each(|k| rows[m][k] -= factor * rows[n][k]);
            values[m] -= factor * values[n];
        }
    }
    for n in (0..TERMS).rev() {
        let known: f64 = (n + 1..TERMS).map(|k| rows[n][k] * values[k]).sum();
        values[n] = (values[n] - known) / rows[n][n];
    }
    values
}
