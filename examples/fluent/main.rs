//! A vision model that reads fluently and not always what is printed, beside an engine that reads letter by letter: a
//! simulation, to measure how well the one gives the other away.
//!
//!     cargo run --release --example fluent -- make DIR TEXT ...
//!     kanwu clean DIR --output OUT
//!     cargo run --release --example fluent -- score DIR OUT
//!
//! `make` rewrites about 1.5 % of the characters of each text (words for others that mean the same, places for others,
//! clauses dropped, made up or written twice: the base, `01.md`) and spoils 2 to 5 % of the same text as engines do
//! (characters taken for others, dropped or doubled, lines broken anywhere, marks lost: the witness, `01.scan.txt`, of every other text
//! with the engine's confidences as `01.scan.json`). What was
//! rewritten is written to `DIR.gold/ISSUE.tsv`, the text itself to `DIR.truth/ISSUE.txt`. It knows nothing of how readings
//! are compared; the same texts and seed give the same files.

use kanwu::eval::SplitMix64;
use kanwu::lm::channel::Channel;
use kanwu::text::{fold_char, is_han};
use serde_json::Value;
use std::error::Error;
use std::path::Path;

/// Share of characters that are rewritten, and of each kind of rewriting among all.
const RATE: f64 = 0.015;
const KINDS: [(&str, f64); 5] = [("word", 0.3), ("place", 0.4), ("dropped", 0.1), ("invented", 0.1), ("repeated", 0.1)];
/// Errors of the engine, least and most.
const NOISE: (f64, f64) = (0.02, 0.05);
/// A finding belongs to a rewriting when no more than so many characters lie between them.
const NEAR: u64 = 4;
/// Characters in a line of the engine.
const LINE: usize = 22;

struct Dice(SplitMix64);

impl Dice {
    fn share(&mut self) -> f64 {
        (self.0.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.share() * n as f64) as usize
    }
}

struct Words {
    same: Vec<Vec<String>>,
    places: Vec<Vec<String>>,
    invented: Vec<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", dir, texts @ ..] => make(Path::new(dir), texts),
        ["score", dir, out] => score(Path::new(dir), Path::new(out)),
        _ => Err("fluent make DIR TEXT ... | fluent score DIR OUT".into()),
    }
}

fn words() -> Result<Words, Box<dyn Error>> {
    let table: toml::Table = include_str!("words.toml").parse()?;
    let list = |v: &toml::Value| -> Vec<String> {
        v.as_array().into_iter().flatten().filter_map(|w| w.as_str().map(str::to_owned)).collect()
    };
    let lists = |name: &str| table.get(name).and_then(|v| v.as_array()).into_iter().flatten().map(list).collect();
    Ok(Words {
        same: lists("same"),
        places: lists("places"),
        invented: table.get("invented").map(list).unwrap_or_default(),
    })
}

fn make(dir: &Path, texts: &[&str]) -> Result<(), Box<dyn Error>> {
    let words = words()?;
    for (number, path) in texts.iter().enumerate() {
        let text = std::fs::read_to_string(path)?;
        let name = Path::new(path).file_stem().and_then(|n| n.to_str()).unwrap_or("text").to_owned();
        let mut dice = Dice(SplitMix64(7 + number as u64));
        let (base, gold) = rewrite(&text, &words, &mut dice);
        let noise = NOISE.0 + dice.share() * (NOISE.1 - NOISE.0);
        let issue = dir.join(&name);
        let beside = |what: &str| format!("{}.{what}", dir.display());
        for folder in [issue.clone(), beside("gold").into(), beside("truth").into()] {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(issue.join("01.md"), base)?;
        let read = spoil(&text, noise, &mut dice);
        match number % 2 {
            0 => std::fs::write(issue.join("01.scan.txt"), read.iter().map(|(c, _)| c).collect::<String>())?,
            _ => std::fs::write(issue.join("01.scan.json"), scored(&read))?,
        }
        std::fs::write(Path::new(&beside("truth")).join(format!("{name}.txt")), &text)?;
        std::fs::write(Path::new(&beside("gold")).join(format!("{name}.tsv")), gold)?;
    }
    Ok(())
}

/// A text as clauses, each with the mark that ends it.
fn clauses(text: &str) -> Vec<&str> {
    text.split_inclusive(['，', ',', '。', '；', '！', '？', '\n']).collect()
}

/// The rewritten text, and what was done: kind, first character, one past the last, what stood there and what stands there.
fn rewrite(text: &str, words: &Words, dice: &mut Dice) -> (String, String) {
    let total = text.chars().filter(|c| is_han(*c)).count();
    let clauses = clauses(text);
    // Which clauses are touched, and how: drawn until enough characters have changed.
    let mut plan: Vec<Option<(&str, String)>> = vec![None; clauses.len()];
    let (mut changed, mut tries) = (0usize, 0);
    while (changed as f64) < RATE * total as f64 && tries < 200_000 {
        tries += 1;
        let at = dice.below(clauses.len());
        let mut kind = dice.share();
        let named = KINDS.iter().find(|(_, share)| {
            kind -= share;
            kind < 0.0
        });
        let (clause, kind) = (clauses[at], named.map_or("word", |k| k.0));
        let near = at.saturating_sub(1)..(at + 2).min(plan.len());
        if plan[near].iter().any(Option::is_some) {
            continue;
        }
        let han = clause.chars().filter(|c| is_han(*c)).count();
        let whole = clause.ends_with(['，', ',']) && (5..=16).contains(&han) && !clause.starts_with(['#', '!']);
        let new = match kind {
            "word" => swap(clause, &words.same, dice),
            "place" => swap(clause, &words.places, dice),
            "dropped" if whole => Some(String::new()),
            "repeated" if whole => Some(format!("{clause}{clause}")),
            "invented" if whole => {
                words.invented.get(dice.below(words.invented.len())).map(|w| format!("{clause}{w}，"))
            }
            _ => None,
        };
        if let Some(new) = new {
            changed += match kind {
                "word" | "place" => 2,
                _ => new.chars().count().abs_diff(clause.chars().count()),
            };
            plan[at] = Some((kind, new));
        }
    }
    let (mut out, mut gold) = (String::new(), String::from("kind\tstart\tend\told\tnew\n"));
    for (clause, plan) in clauses.iter().zip(plan) {
        let Some((kind, new)) = plan else {
            out.push_str(clause);
            continue;
        };
        let start = out.chars().count();
        let (old, fresh): (Vec<char>, Vec<char>) = (clause.chars().collect(), new.chars().collect());
        let same = old.iter().zip(&fresh).take_while(|(a, b)| a == b).count();
        let rest = old.len().min(fresh.len()) - same;
        let tail = old.iter().rev().zip(fresh.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
        let (a, b) = (&old[same..old.len() - tail], &fresh[same..fresh.len() - tail]);
        // A clause written twice: either of the two.
        let from = if kind == "repeated" { start } else { start + same };
        let line = |c: &[char]| c.iter().collect::<String>().replace('\n', " ");
        gold += &format!("{kind}\t{from}\t{}\t{}\t{}\n", start + same + b.len(), line(a), line(b));
        out.push_str(&new);
    }
    (out, gold)
}

/// One word of a clause exchanged for another of its group.
fn swap(clause: &str, groups: &[Vec<String>], dice: &mut Dice) -> Option<String> {
    let hits: Vec<(usize, &str, &Vec<String>)> = groups
        .iter()
        .flat_map(|g| g.iter().filter_map(move |w| Some((clause.find(w.as_str())?, w.as_str(), g))))
        .collect();
    let (at, word, group) = hits.get(dice.below(hits.len().max(1)))?;
    let others: Vec<&String> = group.iter().filter(|w| w != word).collect();
    let new = others.get(dice.below(others.len()))?;
    Some([&clause[..*at], new, &clause[at + word.len()..]].concat())
}

/// The text as an engine reads it letter by letter, and how sure it is of each character.
fn spoil(text: &str, noise: f64, dice: &mut Dice) -> Vec<(char, f64)> {
    let (mut out, mut column) = (Vec::new(), 0);
    for c in text.chars() {
        if c == '\n' {
            out.push(('\n', 1.0));
            column = 0;
            continue;
        }
        if fold_char(c).is_none() {
            match dice.share() {
                s if s < 0.1 => {}
                s if s < 0.2 => out.push(('.', sure(dice))),
                _ => out.push((c, sure(dice))),
            }
            continue;
        }
        column += 1;
        if column >= LINE && dice.share() < 0.5 {
            out.push(('\n', 1.0));
            column = 0;
        }
        if dice.share() >= noise {
            out.push((c, sure(dice)));
            continue;
        }
        match dice.share() {
            s if s < 0.75 => out.push((misread(c, dice), unsure(dice))),
            s if s < 0.93 => {}
            _ => out.extend([(c, sure(dice)), (c, unsure(dice))]),
        }
    }
    out
}

/// How sure an engine is of what it reads right: seldom less than nine in ten.
fn sure(dice: &mut Dice) -> f64 {
    1.0 - 0.5 * dice.share().powi(12)
}

/// How sure it is of what it reads wrong: now and then as sure as of anything.
fn unsure(dice: &mut Dice) -> f64 {
    if dice.share() < 0.1 { sure(dice) } else { 0.3 + 0.65 * dice.share().sqrt() }
}

/// What the engine wrote as RapidOCR writes it: lines with a box, and how sure it is of each character.
fn scored(read: &[(char, f64)]) -> String {
    let lines = read.split(|(c, _)| *c == '\n').filter(|l| !l.is_empty()).enumerate().map(|(n, line)| {
        let (x, y) = (100 + 30 * line.len(), 100 + 40 * n);
        let round = |v: f64| (v * 100.0).round() / 100.0;
        serde_json::json!({
            "box": [[100, y], [x, y], [x, y + 30], [100, y + 30]],
            "text": line.iter().map(|(c, _)| c).collect::<String>(),
            "score": round(line.iter().map(|(_, s)| s).sum::<f64>() / line.len() as f64),
            "char_scores": line.iter().map(|(_, s)| round(*s)).collect::<Vec<_>>(),
        })
    });
    Value::Array(lines.collect()).to_string()
}

/// A character that this one is taken for: what was seen often is drawn often.
fn misread(c: char, dice: &mut Dice) -> char {
    let channel = Channel::embedded();
    let weight = |shape: u8, seen: u8| f64::from(seen) * 8.0 + (f64::from(shape) / 32.0).exp2();
    let near: Vec<(char, f64)> =
        channel.near(c).filter(|n| n.shape > 0 || n.seen > 0).map(|n| (n.character, weight(n.shape, n.seen))).collect();
    let mut at = dice.share() * near.iter().map(|n| n.1).sum::<f64>();
    let drawn = near.iter().find(|n| {
        at -= n.1;
        at < 0.0
    });
    drawn.map_or('口', |n| n.0)
}

/// How many of the rewritings a run found, and what it said besides.
fn score(dir: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    let gold = std::path::PathBuf::from(format!("{}.gold", dir.display()));
    let mut kinds: Vec<(&str, usize, usize)> = KINDS.iter().map(|k| (k.0, 0, 0)).collect();
    let (mut false_alarms, mut characters) = (0, 0);
    let mut names: Vec<_> = std::fs::read_dir(&gold)?.flatten().map(|e| e.path()).collect();
    names.sort();
    for path in names {
        let issue = path.file_stem().and_then(|n| n.to_str()).unwrap_or("").to_owned();
        characters += std::fs::read_to_string(dir.join(&issue).join("01.md"))?.chars().count();
        let found = std::fs::read_to_string(out.join(&issue).join("findings.jsonl"))?;
        let mut spans: Vec<(u64, u64, Value)> = Vec::new();
        for line in found.lines() {
            let finding: Value = serde_json::from_str(line)?;
            let live = matches!(finding["status"].as_str(), Some("open" | "applied"));
            let kind = finding["category"].as_str().unwrap_or("");
            if live && matches!(kind, "typo" | "duplicate" | "consistency") {
                let at = |end: &str| finding["source"][end].as_u64().unwrap_or(0);
                spans.push((at("start"), at("end"), finding.clone()));
            }
        }
        let mut hit = vec![false; spans.len()];
        for line in std::fs::read_to_string(&path)?.lines().skip(1) {
            let fields: Vec<&str> = line.split('\t').collect();
            let (from, to): (u64, u64) = (fields[1].parse()?, fields[2].parse()?);
            let meets = |s: &(u64, u64, Value)| s.0 <= to + NEAR && s.1 + NEAR >= from;
            spans.iter().zip(&mut hit).filter(|(s, _)| meets(s)).for_each(|(_, h)| *h = true);
            let tally = kinds.iter_mut().find(|k| k.0 == fields[0]).ok_or("an unknown kind")?;
            tally.1 += 1;
            if spans.iter().any(meets) {
                tally.2 += 1;
            } else {
                println!("missed\t{issue}\t{line}");
            }
        }
        for (_, _, finding) in spans.iter().zip(&hit).filter(|(_, h)| !**h).map(|(s, _)| s) {
            if finding["category"] == "typo" {
                false_alarms += 1;
                println!("alarm\t{issue}\t{}\t{}\t{}", finding["rule"], finding["quote"], finding["message"]["zh"]);
            }
        }
    }
    for (kind, all, found) in &kinds {
        println!("{kind}: {found} of {all}");
    }
    let (all, found) = kinds.iter().fold((0, 0), |sum, k| (sum.0 + k.1, sum.1 + k.2));
    println!("found {:.3} ({found} of {all})", found as f64 / all.max(1) as f64);
    println!("false alarms in 10,000 characters: {:.2}", 1e4 * false_alarms as f64 / characters.max(1) as f64);
    Ok(())
}
