//! Makes `model/quotation.bin` again: learns from news with its marks where quotation marks stand (see `model/README.md`).
//!
//!     cargo run --release --example learn_quotation -- news.jsonl model/quotation.bin [held-back.jsonl]
//!
//! One JSON object with a field `text` a line; leave out the documents on which you measure. With a third file it prints
//! precision and recall on that file without its marks, threshold by threshold.
//!
//! Eight documents in ten teach what stands beside a mark and how often print quotes a phrase, one the first round, one
//! the second: each step learns on documents that the steps before it have not seen.

use kanwu::stage::lint::quotation::contexts::{folded, keys, single_keys, window};
use kanwu::stage::lint::quotation::table::{self, Learned, Table};
use kanwu::stage::lint::quotation::terms::{self, Candidate, LONGEST, Line};
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;

/// Longer quotations are speech, which other rules look for.
const LONGEST_QUOTED: usize = 20;
/// A string is learned if it stands beside a mark this often.
const LEAST: u32 = 4;
/// A key of the rounds is learned if it stands at true terms this often.
const LEAST_TRUE: u32 = 3;
const PASSES: usize = 4;
const ROUND_PASSES: usize = 12;
/// FTRL-proximal: learning rate, its smoothing, and the two penalties.
const ALPHA: f32 = 0.12;
const BETA: f32 = 1.0;
const L1: f32 = 0.4;
const L2: f32 = 1.0;
/// Places that are this surely none teach nothing more.
const SURE: f32 = 0.0008;
/// Smaller weights are not written.
const SMALL: f32 = 0.1;

/// A paragraph without its marks, and where they stood.
struct Paragraph {
    line: Line,
    /// Before each character and at the end: an opening mark, a closing mark, a place to learn nothing from.
    opening: Vec<bool>,
    closing: Vec<bool>,
    masked: Vec<bool>,
    quoted: Vec<(usize, usize)>,
}

type Document = Vec<Paragraph>;

/// A constant, and weights by key.
type Weights = (f32, Vec<(u64, f32)>);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("which news, and where to?".into());
    };
    let documents = read(&from)?;
    let part = |wanted: &[usize]| -> Vec<&Document> {
        documents.iter().enumerate().filter(|(i, _)| wanted.contains(&(i % 10))).map(|(_, d)| d).collect()
    };
    let main = part(&[0, 1, 2, 3, 4, 5, 6, 7]);
    let (opening, closing) = std::thread::scope(|scope| {
        let opening = scope.spawn(|| learn_places(&main, true));
        (opening.join(), learn_places(&main, false))
    });
    let mut learned = places(&opening.map_err(|_| "learning failed")?, &closing);
    eprintln!(
        "contexts: {} characters, {} strings",
        learned.singles.iter().map(Vec::len).sum::<usize>(),
        learned.pairs.len()
    );
    let phrases = phrases(&main);
    eprintln!("phrases: {}", phrases.len());
    learned.weights.extend(phrases);
    for (round, documents) in [part(&[8]), part(&[9])].into_iter().enumerate() {
        let bytes = table::write(&learned);
        let table = Table::read(&bytes).ok_or("no table")?;
        let (constant, more) = learn_round(&table, &documents, round == 1);
        eprintln!("round {}: {} weights", round + 1, more.len());
        learned.constants[2 + round] = constant;
        learned.weights.extend(more);
    }
    let bytes = table::write(&learned);
    std::fs::write(to, &bytes)?;
    if let Some(held) = arguments.next() {
        let held = read(&held)?;
        measure(&Table::read(&bytes).ok_or("no table")?, &held);
    }
    Ok(())
}

fn read(path: &str) -> Result<Vec<Document>, Box<dyn std::error::Error>> {
    let mut documents = Vec::new();
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let text = record["text"].as_str().unwrap_or("");
        documents.push(text.lines().map(str::trim).filter_map(Paragraph::read).collect());
    }
    Ok(documents)
}

impl Paragraph {
    /// `None` where the marks do not pair.
    fn read(line: &str) -> Option<Self> {
        let (mut text, mut spans, mut titles) = (Vec::new(), Vec::new(), Vec::new());
        let (mut open, mut title) = (None, None);
        for c in line.chars() {
            match c {
                '“' if open.is_some() => return None,
                '“' => open = Some(text.len()),
                '”' => spans.push((open.take()?, text.len())),
                '‘' | '’' => {}
                c => {
                    match c {
                        '《' => title = Some(text.len()),
                        '》' => titles.extend(title.take().map(|start| (start, text.len()))),
                        _ => {}
                    }
                    text.push(folded(c));
                }
            }
        }
        let none = vec![false; text.len() + 1];
        let (mut opening, mut closing, mut masked) = (none.clone(), none.clone(), none);
        titles.into_iter().for_each(|(start, end)| masked[start + 1..=end].fill(true));
        let shut = masked.clone();
        let mut quoted = Vec::new();
        for (start, end) in spans {
            let inner = String::from_utf16_lossy(&text[start..end]);
            let is_term = (1..=LONGEST_QUOTED).contains(&(end - start))
                && !inner.contains(['。', '！', '？', '；'])
                && !(inner.ends_with('，') && end - start > 1);
            if is_term {
                (opening[start], closing[end]) = (true, true);
                quoted.push((start, end));
            } else {
                (masked[start], masked[end]) = (true, true);
            }
        }
        open.is_none().then_some(Paragraph { line: Line { text, shut }, opening, closing, masked, quoted })
    }

    fn marks(&self, opening: bool) -> &[bool] {
        if opening { &self.opening } else { &self.closing }
    }
}

/// Numbers of known keys: an open hash table, and one bit for most keys that are not in it.
struct Ids {
    slots: Vec<(u64, u32)>,
    shift: u32,
    bits: Vec<u64>,
}

impl Ids {
    fn new(keys: &[u64]) -> Self {
        let size = (keys.len() * 3).next_power_of_two().max(2);
        let shift = 64 - size.trailing_zeros();
        let mut ids = Ids { slots: vec![(0, 0); size], shift, bits: vec![0; 1 << 17] };
        for (id, key) in keys.iter().enumerate() {
            let mut at = (key >> shift) as usize;
            while ids.slots[at].0 != 0 {
                at = (at + 1) % size;
            }
            ids.slots[at] = (*key, id as u32);
            ids.bits[(key >> 47) as usize] |= 1 << (key >> 41 & 63);
        }
        ids
    }

    #[inline]
    fn get(&self, key: u64) -> Option<usize> {
        if self.bits[(key >> 47) as usize] & 1 << (key >> 41 & 63) == 0 {
            return None;
        }
        let mut at = (key >> self.shift) as usize;
        loop {
            match self.slots[at] {
                (0, _) => return None,
                (known, id) if known == key => return Some(id as usize),
                _ => at = (at + 1) % self.slots.len(),
            }
        }
    }
}

/// A weight and what FTRL remembers of it.
#[derive(Clone, Copy, Default)]
struct Weight {
    weight: f32,
    pull: f32,
    squares: f32,
}

impl Weight {
    fn step(&mut self, slope: f32, penalty: f32) {
        let next = self.squares + slope * slope;
        let rate = (next.sqrt() - self.squares.sqrt()) / ALPHA;
        self.pull += slope - rate * self.weight;
        self.squares = next;
        self.weight = match self.pull.abs() <= penalty {
            true => 0.0,
            false => -(self.pull - penalty * self.pull.signum()) / ((BETA + next.sqrt()) / ALPHA + L2),
        };
    }
}

/// Logistic regression; the last weight is the constant.
struct Learner(Vec<Weight>);

impl Learner {
    fn step(&mut self, features: &[usize], is_true: bool, sure: f32) {
        let constant = self.0.len() - 1;
        let score = self.0[constant].weight + features.iter().map(|f| self.0[*f].weight).sum::<f32>();
        let likely = 1.0 / (1.0 + (-score).exp());
        if !is_true && likely < sure {
            return;
        }
        let slope = likely - f32::from(u8::from(is_true));
        features.iter().for_each(|f| self.0[*f].step(slope, L1));
        self.0[constant].step(slope, 0.0);
    }

    /// The constant, and the weights of the keys.
    fn weights(&self, keys: &[u64]) -> Weights {
        let of = |(key, weight): (&u64, &Weight)| (*key, weight.weight);
        let weights = keys.iter().zip(&self.0).map(of).filter(|(_, w)| w.abs() >= SMALL).collect();
        (self.0.last().map_or(0.0, |w| w.weight), weights)
    }
}

/// The keys that were counted often enough, in order.
fn frequent(counts: HashMap<u64, u32>, least: u32) -> Vec<u64> {
    let mut keys: Vec<u64> = counts.into_iter().filter(|(_, n)| *n >= least).map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys
}

/// The weights of both marks side by side.
fn places(opening: &Weights, closing: &Weights) -> Learned {
    let mut both: BTreeMap<u64, [f32; 2]> = BTreeMap::new();
    for (mark, weights) in [&opening.1, &closing.1].into_iter().enumerate() {
        weights.iter().for_each(|(key, weight)| both.entry(*key).or_default()[mark] = *weight);
    }
    let mut learned = Learned { constants: [opening.0, closing.0, 0.0, 0.0], ..Learned::default() };
    for c in 0..=u16::MAX {
        for (singles, key) in learned.singles.iter_mut().zip(single_keys(c)) {
            singles.extend(both.remove(&key).map(|weights| (c, weights)));
        }
    }
    learned.pairs.extend(both);
    learned
}

/// What stands beside one of the two marks.
fn learn_places(documents: &[&Document], opening: bool) -> Weights {
    let paragraphs = || documents.iter().copied().flatten().filter(|p| p.line.text.len() >= 4);
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for p in paragraphs() {
        for at in (0..=p.line.text.len()).filter(|at| p.marks(opening)[*at]) {
            keys(&window(&p.line.text, at)).for_each(|key| *counts.entry(key).or_default() += 1);
        }
    }
    let known = frequent(counts, LEAST);
    let ids = Ids::new(&known);
    let mut learner = Learner(vec![Weight::default(); known.len() + 1]);
    let mut features = Vec::new();
    for pass in 1..=PASSES {
        for p in paragraphs() {
            for at in (0..=p.line.text.len()).filter(|at| !p.masked[*at]) {
                features.clear();
                features.extend(keys(&window(&p.line.text, at)).filter_map(|key| ids.get(key)));
                learner.step(&features, p.marks(opening)[at], SURE);
            }
        }
        eprintln!("pass {pass} of {PASSES}");
    }
    learner.weights(&known)
}

/// How often print quotes a phrase, in log-odds.
fn phrases(documents: &[&Document]) -> Vec<(u64, f32)> {
    let paragraphs = || documents.iter().copied().flatten();
    let mut quoted: HashMap<u64, u32> = HashMap::new();
    for p in paragraphs() {
        for (start, end) in p.quoted.iter().filter(|(start, end)| (1..=LONGEST).contains(&(end - start))) {
            *quoted.entry(terms::phrase(&p.line.text[*start..*end])).or_default() += 1;
        }
    }
    let keys: Vec<u64> = quoted.keys().copied().collect();
    let ids = Ids::new(&keys);
    let mut all = vec![0u32; keys.len()];
    for p in paragraphs() {
        for start in 0..p.line.text.len() {
            for end in start + 1..=(start + LONGEST).min(p.line.text.len()) {
                if let Some(id) = ids.get(terms::phrase(&p.line.text[start..end])) {
                    all[id] += 1;
                }
            }
        }
    }
    let odds = |(key, all): (&u64, u32)| {
        let n = quoted.get(key).copied().unwrap_or(0) as f32;
        let odds = ((n - 0.5) / (all as f32 - n + 1.0)).ln();
        // 0 means unknown.
        (*key, if odds.abs() < 0.1 { 0.13 } else { odds })
    };
    let mut odds: Vec<(u64, f32)> = keys.iter().zip(all).map(odds).collect();
    odds.sort_unstable_by_key(|(key, _)| *key);
    odds
}

/// A document's candidates, as the next round sees them.
fn candidates(table: &Table, lines: &[Line], second: bool) -> Vec<Candidate> {
    let mut candidates = terms::candidates(table, lines);
    if second {
        terms::first_round(table, lines, &mut candidates);
        terms::other_places(table, lines, &mut candidates);
    }
    candidates
}

fn lines(document: &Document) -> Vec<Line> {
    document.iter().map(|p| p.line.clone()).collect()
}

fn learn_round(table: &Table, documents: &[&Document], second: bool) -> Weights {
    let mut examples: Vec<(Vec<u64>, bool)> = Vec::new();
    for document in documents {
        let lines = lines(document);
        let candidates = candidates(table, &lines, second);
        let keys: Vec<Vec<u64>> = match second {
            true => terms::second_keys(table, &lines, &candidates).into_iter().map(Vec::from).collect(),
            false => candidates.iter().map(|c| terms::first_keys(table, &lines[c.line], c)).collect(),
        };
        for (c, keys) in candidates.iter().zip(keys) {
            let p = &document[c.line];
            let is_true = p.quoted.contains(&(c.start, c.end));
            if is_true || !(p.masked[c.start] || p.masked[c.end]) {
                examples.push((keys, is_true));
            }
        }
    }
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for (keys, is_true) in &examples {
        keys.iter().for_each(|key| *counts.entry(*key).or_default() += u32::from(*is_true));
    }
    let known = frequent(counts, LEAST_TRUE);
    let ids = Ids::new(&known);
    eprintln!("{} examples, {} true", examples.len(), examples.iter().filter(|e| e.1).count());
    let mut learner = Learner(vec![Weight::default(); known.len() + 1]);
    let examples: Vec<(Vec<usize>, bool)> =
        examples.into_iter().map(|(keys, t)| (keys.into_iter().filter_map(|key| ids.get(key)).collect(), t)).collect();
    for _ in 0..ROUND_PASSES {
        examples.iter().for_each(|(features, is_true)| learner.step(features, *is_true, 0.0));
    }
    learner.weights(&known)
}

/// Precision (a mark touched), precision (the stretch itself), recall of marks, by threshold.
fn measure(table: &Table, documents: &[Document]) {
    let all: usize = documents.iter().flatten().map(|p| p.quoted.len()).sum();
    let mut found: Vec<(i32, bool, bool)> = Vec::new();
    for document in documents {
        for c in terms::terms(table, &lines(document), -24) {
            let p = &document[c.line];
            if p.masked[c.start] && p.masked[c.end] {
                continue;
            }
            let near =
                |marks: &[bool], at: usize| marks[at.saturating_sub(1)..(at + 2).min(marks.len())].contains(&true);
            let touches = [c.start, c.end].iter().any(|at| near(&p.opening, *at) || near(&p.closing, *at));
            found.push((c.score, touches, p.quoted.contains(&(c.start, c.end))));
        }
    }
    for least in (-24..=32).step_by(4) {
        let kept: Vec<_> = found.iter().filter(|(score, ..)| *score >= least).collect();
        let count = |which: fn(&&&(i32, bool, bool)) -> bool| kept.iter().filter(which).count() as f32;
        let (touch, exact, n) = (count(|f| f.1), count(|f| f.2), kept.len().max(1) as f32);
        println!("{least:4} {n:6} touched {:.3} exact {:.3} found {:.3}", touch / n, exact / n, exact / all as f32);
    }
}
