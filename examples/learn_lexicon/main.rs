//! Makes `model/words.bin` again: which words there are, how common they are and how they follow each other; and
//! `model/sense.bin`: what they mean (see `model/README.md`).
//!
//!     cargo run --release --example learn_lexicon -- model/words.bin DICTIONARY [TEXT.jsonl[=WEIGHT] ...] \
//!         [--hold-out MEASURED ...] [--pairs N] [--sense model/sense.bin]
//!
//! The dictionary has a word, its count and more a line, parted by spaces. Words of Han characters are kept. A text has an
//! object with a field `text` a line.

mod company;
mod matrix;

use kanwu::lm::lexicon::{Follows, LENGTHS, Listed, write};
use kanwu::lm::train::Holdout;
use kanwu::text::is_han;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// What is taken off every count for words not seen (absolute discounting, Ney, Essen and Kneser 1994).
const DISCOUNT: f64 = 0.8;
/// How much the dictionary's own counts say of how common a word is; the rest says after how many words it was seen
/// (Kneser and Ney 1995).
const DICTIONARY: f64 = 0.2;
/// log10 of the probability of a character that is no word, where text is divided to be counted.
const UNLISTED: f64 = -7.5;
/// The least that a word or what is left for others may be, in log10.
const LEAST: f64 = -7.9;
/// The word for marks, digits and letters, and for the ends of a text.
const EDGE: usize = 0;

type Error = Box<dyn std::error::Error>;

struct Words {
    /// The words, the edge first, and their counts in the dictionary.
    all: Vec<(Vec<char>, u32)>,
    numbers: HashMap<Vec<char>, usize>,
    total: f64,
}

impl Words {
    fn read(path: &str) -> Result<Words, Error> {
        let mut words = Words { all: vec![(vec!['\0'], 1)], numbers: HashMap::new(), total: 0.0 };
        for line in std::fs::read_to_string(path)?.lines() {
            let mut fields = line.split_whitespace();
            let word: Vec<char> = fields.next().unwrap_or("").chars().collect();
            let count: u32 = fields.next().and_then(|n| n.parse().ok()).unwrap_or(1).max(1);
            let kept = (1..=*LENGTHS.end()).contains(&word.len()) && word.iter().all(|c| is_han(*c));
            if kept && !words.numbers.contains_key(&word) {
                words.numbers.insert(word.clone(), words.all.len());
                words.all.push((word, count));
                words.total += f64::from(count);
            }
        }
        Ok(words)
    }

    /// The likeliest division of a run of Han characters, by how common the words are; a character that is no word is
    /// counted as the edge of one.
    fn divide(&self, run: &[char], into: &mut Vec<usize>) {
        let mut best = vec![(f64::NEG_INFINITY, 0, EDGE); run.len() + 1];
        best[0].0 = 0.0;
        for end in 1..=run.len() {
            for length in 1..=end.min(*LENGTHS.end()) {
                let (word, log) = match self.numbers.get(&run[end - length..end]) {
                    Some(number) => (*number, (f64::from(self.all[*number].1) / self.total).log10()),
                    None if length == 1 => (EDGE, UNLISTED),
                    None => continue,
                };
                let log = best[end - length].0 + log;
                if log > best[end].0 {
                    best[end] = (log, length, word);
                }
            }
        }
        let from = into.len();
        let mut end = run.len();
        while end > 0 {
            into.push(best[end].2);
            end -= best[end].1;
        }
        into[from..].reverse();
    }
}

fn main() -> Result<(), Error> {
    let (mut files, mut held, mut kept, mut sense) = (Vec::new(), Vec::new(), 0, None);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--hold-out" => held.push(args.next().ok_or("--hold-out FILE")?),
            "--sense" => sense = Some(args.next().ok_or("--sense FILE")?),
            "--pairs" => kept = args.next().ok_or("--pairs N")?.parse()?,
            _ => files.push(arg),
        }
    }
    let [target, dictionary, texts @ ..] = files.as_slice() else { return Err("a target and a dictionary".into()) };
    let words = Words::read(dictionary)?;
    let mut holdout = Holdout::default();
    for path in held {
        holdout.add(&std::fs::read_to_string(path)?);
    }
    let rows = rows(&words, texts, &holdout)?;
    let counts = count(&rows);
    let (listed, pairs) = weigh(&words, &counts, kept);
    let bytes = write(&listed, &pairs);
    println!("{} words, {} of {} pairs, {} bytes", listed.len(), pairs.len(), counts.len(), bytes.len());
    std::fs::write(target, bytes)?;
    if let Some(sense) = sense {
        let rows: Vec<Vec<usize>> = rows.into_iter().map(|(row, _)| row).collect();
        let meant = company::learn(&words.all, &rows);
        let bytes = kanwu::lm::sense::write(company::DIMENSIONS, &meant);
        println!("{} words with their meaning, {} bytes", meant.len(), bytes.len());
        std::fs::write(sense, bytes)?;
    }
    Ok(())
}

/// The paragraphs of the texts as rows of the numbers of their words, with the edges of words, each with its weight.
fn rows(words: &Words, texts: &[String], holdout: &Holdout) -> Result<Vec<(Vec<usize>, f64)>, Error> {
    let mut all = Vec::new();
    for text in texts {
        let (path, weight) = text.split_once('=').unwrap_or((text, "1"));
        let weight: f64 = weight.parse()?;
        let text = std::fs::read_to_string(path)?;
        let lines: Vec<&str> = text.lines().collect();
        let row = |paragraph: &str| {
            let mut row = vec![EDGE];
            let chars: Vec<char> = paragraph.chars().collect();
            for run in chars.split(|c| !is_han(*c)).filter(|run| !run.is_empty()) {
                words.divide(run, &mut row);
                row.push(EDGE);
            }
            (row, weight)
        };
        all.par_extend(lines.par_iter().flat_map_iter(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            let paragraphs = record["text"].as_str().unwrap_or("").lines().filter(|p| !holdout.holds(p));
            paragraphs.map(row).collect::<Vec<_>>()
        }));
    }
    Ok(all)
}

/// How often each word follows each other one.
fn count(rows: &[(Vec<usize>, f64)]) -> BTreeMap<(usize, usize), f64> {
    let mut counts: HashMap<(usize, usize), f64> = HashMap::new();
    for (row, weight) in rows {
        row.windows(2).for_each(|two| *counts.entry((two[0], two[1])).or_default() += weight);
    }
    counts.into_iter().collect()
}

/// The probabilities, and the pairs whose loss would cost the text most (weighted difference, Seymore and Rosenfeld 1996).
fn weigh(words: &Words, counts: &BTreeMap<(usize, usize), f64>, kept: usize) -> (Vec<Listed>, Vec<Follows>) {
    let (mut often, mut before, mut after) =
        (vec![0.0; words.all.len()], vec![0.0; words.all.len()], vec![0.0; words.all.len()]);
    for ((first, second), count) in counts {
        often[*first] += count;
        after[*first] += 1.0;
        before[*second] += 1.0;
    }
    let kinds = counts.len().max(1) as f64;
    let alone = |n: usize| {
        let listed = f64::from(words.all[n].1) / words.total;
        (1.0 - DICTIONARY) * before[n] / kinds + DICTIONARY * listed
    };
    let share = |first: usize, count: f64| (count - DISCOUNT).max(0.0) / often[first];
    // What is left for others with all pairs, which only says which of them matter; then with those that are kept.
    let left = |first: usize| (DISCOUNT * after[first] / often[first]).min(1.0);
    let loss = |((first, second), count): &(&(usize, usize), &f64)| {
        let lower = left(*first) * alone(*second);
        **count * ((share(*first, **count) + lower) / lower).log10()
    };
    let mut all: Vec<(f64, (usize, usize), f64)> = counts.iter().map(|one| (loss(&one), *one.0, *one.1)).collect();
    all.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    all.truncate(kept);
    let mut spent = vec![0.0; words.all.len()];
    all.iter().for_each(|(_, (first, _), count)| spent[*first] += share(*first, *count));
    let back_off = |n: usize| (1.0 - spent[n]).max(1e-6);
    let listed = words.all.iter().enumerate().map(|(n, (word, count))| Listed {
        word: word.clone(),
        count: *count,
        log: alone(n).log10().max(LEAST) as f32,
        back_off: back_off(n).log10().max(LEAST) as f32,
    });
    let pairs = all.iter().map(|(_, (first, second), count)| Follows {
        words: [*first, *second].map(|n| words.all[n].0.clone()),
        log: (share(*first, *count) + back_off(*first) * alone(*second)).log10() as f32,
    });
    (listed.collect(), pairs.collect())
}
