//! Makes the weights of `stage/typos/drift/weigh.rs` again: how much each kind of evidence says that a word that stands once is a
//! slip for the one that the text has elsewhere.
//!
//!     cargo run --release --example learn_drift -- ISSUES.jsonl
//!
//! The file holds one JSON object with a field `text` a line: an issue that the language model has not seen and that is
//! thought clean. Words that stand several times are put down once as another word of the dictionary that differs in one
//! character, or as one that sounds alike. What is found in the untouched issue is a false alarm.

use kanwu::document::Document;
use kanwu::eval::SplitMix64;
use kanwu::lm::channel::Channel;
use kanwu::lm::lexicon::Lexicon;
use kanwu::lm::suspect::Judge;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::typos::drift::evidence::{EVIDENCE, NAMES};
use kanwu::stage::typos::drift::twins::{Twin, twins};
use kanwu::text::is_han;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Characters between two slips, about.
const APART: usize = 100;
/// Slips in 10,000 characters that are believed in, and the share of them that are in names: those planted are weighed so.
const EXPECTED: f64 = 3.0;
const IN_NAMES: f64 = 0.1;
/// Times that each issue is spoiled.
const ROUNDS: u64 = 3;
/// Share of slips that are of sound.
const BY_SOUND: f64 = 0.15;
/// Parts that the issues are cut into: what is learned from the others is measured on each.
const FOLDS: usize = 5;
/// How much the weights are drawn to zero.
const SHRINK: f64 = 1.0;

/// Evidence, with the constant and the bent features.
type Row = Vec<f64>;

struct Case {
    row: Row,
    right: bool,
    weight: f64,
    issue: usize,
    /// Whether it is of an untouched issue.
    clean: bool,
    /// Whether it was put into a name.
    named: bool,
}

struct Dice(SplitMix64);

impl Dice {
    fn share(&mut self) -> f64 {
        (self.0.draw() >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which issues?")?;
    let mut issues = Vec::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let record: serde_json::Value = serde_json::from_str(line)?;
        issues.push(record["text"].as_str().unwrap_or("").to_owned());
    }
    let characters: usize = issues.iter().map(|i| i.chars().count()).sum();
    let made: Vec<(Vec<Case>, usize, usize, usize)> =
        issues.par_iter().enumerate().map(|(n, text)| of_issue(text, n)).collect();
    let planted: usize = made.iter().map(|m| m.1).sum();
    let named: usize = made.iter().map(|m| m.3).sum();
    let offered: usize = made.iter().map(|m| m.2).sum();
    let mut cases: Vec<Case> = made.into_iter().flat_map(|m| m.0).collect();
    let expected = EXPECTED * characters as f64 / 10_000.0;
    let in_names = IN_NAMES * expected / named.max(1) as f64;
    let others = (1.0 - IN_NAMES) * expected / (planted - named).max(1) as f64;
    cases.iter_mut().filter(|c| !c.clean).for_each(|c| c.weight = if c.named { in_names } else { others });
    let (right, clean) = (cases.iter().filter(|c| c.right).count(), cases.iter().filter(|c| c.clean).count());
    println!(
        "{characters} characters, {planted} planted ({named} in names), {offered} with their place offered, {right} right; {clean} in clean text"
    );
    let all: Vec<&Case> = cases.iter().collect();
    let mut scored: Vec<(f64, &Case)> = Vec::new();
    for fold in 0..FOLDS {
        let learn: Vec<&Case> = all.iter().copied().filter(|c| c.issue % FOLDS != fold).collect();
        let weights = fit(&learn);
        scored.extend(all.iter().filter(|c| c.issue % FOLDS == fold).map(|c| (score(&weights, &c.row), *c)));
    }
    measure(&mut scored, planted, characters);
    let weights = fit(&all);
    for (n, w) in weights.iter().enumerate() {
        let name = if n == 0 { "constant" } else { NAMES[n - 1] };
        println!("    {w:8.4}, // {name}");
    }
    Ok(())
}

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::built_in().unwrap_or_default());

fn row_of(twin: &Twin) -> Row {
    std::iter::once(1.0).chain(twin.evidence.iter().map(|v| f64::from(*v))).collect()
}

fn score(weights: &[f64], row: &[f64]) -> f64 {
    weights.iter().zip(row).map(|(w, v)| w * v).sum()
}

fn found_in(text: &str) -> Vec<Twin> {
    let source = Source::from_text("made", "made.md", text);
    twins(Document::new(&source).view(), &RULES)
}

fn of_issue(text: &str, number: usize) -> (Vec<Case>, usize, usize, usize) {
    let case =
        |twin: &Twin, right, clean, named| Case { row: row_of(twin), right, weight: 1.0, issue: number, clean, named };
    let mut cases: Vec<Case> = found_in(text).iter().map(|t| case(t, false, true, false)).collect();
    let (mut all, mut offered, mut named_all) = (0, 0, 0);
    for round in 0..ROUNDS {
        let mut dice = Dice(SplitMix64(number as u64 * 1000 + round));
        let (spoiled, planted) = spoil(text, &mut dice);
        let found = found_in(&spoiled);
        all += planted.len();
        named_all += planted.iter().filter(|p| p.2).count();
        for (at, truth, named) in &planted {
            if let Some(twin) = found.iter().find(|t| t.place.start == *at) {
                offered += 1;
                cases.push(case(twin, twin.reading == *truth, false, *named));
            }
        }
    }
    (cases, all, offered, named_all)
}

/// Puts slips into a text: the places in the new one in bytes, and what stood there.
fn spoil(text: &str, dice: &mut Dice) -> (String, Vec<(usize, char, bool)>) {
    let chars: Vec<char> = text.chars().collect();
    let mut counts: HashMap<(char, char), usize> = HashMap::new();
    for w in chars.windows(2).filter(|w| is_han(w[0]) && is_han(w[1])) {
        *counts.entry((w[0], w[1])).or_default() += 1;
    }
    let mut threes: HashMap<(char, char, char), usize> = HashMap::new();
    for w in chars.windows(3).filter(|w| w.iter().all(|c| is_han(*c))) {
        *threes.entry((w[0], w[1], w[2])).or_default() += 1;
    }
    let lexicon = Lexicon::embedded();
    let vocabulary = Judge::embedded().model().vocabulary().characters();
    let (mut out, mut planted, mut next) = (String::new(), Vec::new(), APART / 2);
    let mut i = 0;
    while let Some(c) = chars.get(i).copied() {
        let pair = chars.get(i + 1).map(|d| (c, *d)).filter(|p| counts.get(p).is_some_and(|n| *n >= 3));
        let before = i.checked_sub(1).and_then(|b| chars.get(b)).copied().unwrap_or('\n');
        let listed = |a: char, b: char| lexicon.level(&[a, b]).is_some();
        let word = pair.is_some_and(|p| listed(p.0, p.1) && !listed(before, c));
        let named = pair.is_some_and(|p| lexicon.level(&[p.0, p.1]).is_none_or(|l| l < 4)) && is_name(&chars, i);
        let three =
            |n: usize| chars.get(n..n + 3).is_some_and(|t| threes.get(&(t[0], t[1], t[2])).is_some_and(|n| *n >= 2));
        let shared = i > 0 && three(i - 1) || three(i);
        let share = match (named, word, shared) {
            (true, ..) => f64::MAX,
            (_, true, true) => 1.0,
            (_, true, false) => 0.35,
            _ => 0.5,
        };
        // As many of a rare word as of a common one.
        let count = pair.and_then(|p| counts.get(&p)).copied().unwrap_or(1);
        let seldom = dice.share() < share * 6.0 / count as f64;
        if i < next && !named || pair.is_none() || !seldom {
            out.push(c);
            i += 1;
            continue;
        }
        let (a, b) = pair.unwrap_or((c, c));
        let second = named || dice.share() < 0.5;
        let old = if second { b } else { a };
        let new = if named || dice.share() < BY_SOUND && !word {
            pick(Channel::embedded().near(old).filter(|n| n.sound >= 224).map(|n| (n.character, 1.0)), dice)
        } else if word {
            let level = |v: char| lexicon.level(&if second { [a, v] } else { [v, b] });
            let made = vocabulary.iter().copied().filter(|v| is_han(*v) && *v != old);
            pick(made.map(|v| (v, level(v).map_or(0.0, |l| f64::from(l).max(1.0).powi(2)))), dice)
        } else {
            None
        };
        let Some(new) = new.filter(|v| !counts.contains_key(&if second { (a, *v) } else { (*v, b) })) else {
            out.push(c);
            i += 1;
            continue;
        };
        let at = out.len() + if second { a.len_utf8() } else { 0 };
        planted.push((at, old, named));
        out.extend(if second { [a, new] } else { [new, b] });
        i += 2;
        next = i + APART / 2 + (dice.share() * APART as f64) as usize;
    }
    (out, planted)
}

/// Whether a person is named here: a surname, and a verb of speech after the name.
fn is_name(chars: &[char], at: usize) -> bool {
    let has = |list: &str, from: usize, to: usize| {
        chars.get(from..to).is_some_and(|t| RULES.words(list).has(&t.iter().collect::<String>()))
    };
    has("surnames", at, at + 1) && (2..5).any(|n| (1..=2).any(|m| has("name-verbs", at + n, at + n + m)))
}

fn pick(odds: impl Iterator<Item = (char, f64)>, dice: &mut Dice) -> Option<char> {
    let odds: Vec<(char, f64)> = odds.filter(|o| o.1 > 0.0).collect();
    let mut left = dice.share() * odds.iter().map(|o| o.1).sum::<f64>();
    odds.iter()
        .find(|o| {
            left -= o.1;
            left <= 0.0
        })
        .map(|o| o.0)
}

/// Logistic regression by Newton's method.
fn fit(cases: &[&Case]) -> Vec<f64> {
    let width = EVIDENCE + 1;
    let mut weights = vec![0.0; width];
    for _ in 0..25 {
        let (gradient, bend) = cases
            .par_chunks(4096)
            .map(|part| {
                let (mut g, mut h) = (vec![0.0; width], vec![0.0; width * width]);
                for c in part {
                    let p = 1.0 / (1.0 + (-score(&weights, &c.row)).exp());
                    let (e, v) = ((f64::from(u8::from(c.right)) - p) * c.weight, (p * (1.0 - p)).max(1e-6) * c.weight);
                    for i in 0..width {
                        g[i] += e * c.row[i];
                        for j in 0..width {
                            h[i * width + j] += v * c.row[i] * c.row[j];
                        }
                    }
                }
                (g, h)
            })
            .reduce(|| (vec![0.0; width], vec![0.0; width * width]), |a, b| (sum(&a.0, &b.0), sum(&a.1, &b.1)));
        let mut bend = bend;
        let mut gradient = gradient;
        for i in 1..width {
            gradient[i] -= SHRINK * weights[i];
            bend[i * width + i] += SHRINK;
        }
        let step = solve(bend, gradient);
        weights.iter_mut().zip(&step).for_each(|(w, s)| *w += s.clamp(-2.0, 2.0));
        if step.iter().all(|s| s.abs() < 1e-6) {
            break;
        }
    }
    weights
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

/// Gauss's elimination.
fn solve(mut a: Vec<f64>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        let best = (i..n).max_by(|x, y| a[x * n + i].abs().total_cmp(&a[y * n + i].abs())).unwrap_or(i);
        for j in 0..n {
            a.swap(i * n + j, best * n + j);
        }
        b.swap(i, best);
        let head = a[i * n + i];
        if head.abs() < 1e-12 {
            continue;
        }
        for r in i + 1..n {
            let f = a[r * n + i] / head;
            for j in i..n {
                a[r * n + j] -= f * a[i * n + j];
            }
            b[r] -= f * b[i];
        }
    }
    for i in (0..n).rev() {
        let rest: f64 = (i + 1..n).map(|j| a[i * n + j] * b[j]).sum();
        b[i] = if a[i * n + i].abs() < 1e-12 { 0.0 } else { (b[i] - rest) / a[i * n + i] };
    }
    b
}

fn measure(scored: &mut [(f64, &Case)], planted: usize, characters: usize) {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut wrong, mut loss) = (0usize, 0usize, 0.0);
    let mut shown = 0;
    for (s, c) in scored.iter() {
        loss += c.weight * (1.0 + (if c.right { -s } else { *s }).exp()).ln();
        right += usize::from(c.right);
        wrong += usize::from(c.clean);
        let false_alarms = wrong as f64 * 10_000.0 / characters as f64;
        if false_alarms >= [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 4.0, f64::MAX][shown] {
            println!(
                "log-odds {s:6.2}: found {:5.1} %, {false_alarms:.2} false in 10,000",
                100.0 * right as f64 / planted as f64
            );
            shown += 1;
        }
    }
    println!("loss {:.2}", loss);
}
