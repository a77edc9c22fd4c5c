//! Makes `model/quotation.tsv` again: learns from news with its marks what stands beside quotation marks (see
//! `model/README.md`).
//!
//!     zstd -dc news.jsonl.zst | cargo run --release --example learn_quotation > model/quotation.tsv
//!
//! One JSON object with a field `text` a line on standard input; leave out the documents on which you measure.

use kanwu::stage::lint::boundaries::{Key, Map, folded, keys, written};
use std::io::BufRead;

/// Longer quotations are speech, which other rules look for.
const LONGEST: usize = 20;
/// A string is learned if it stands beside a mark this often.
const LEAST: u32 = 6;
const PASSES: usize = 4;
/// FTRL-proximal: learning rate, its smoothing, and the two penalties.
const ALPHA: f32 = 0.08;
const BETA: f32 = 1.0;
const L1: f32 = 1.0;
const L2: f32 = 1.0;
/// Places that are this surely none teach nothing more.
const SURE: f32 = 0.0008;
/// Smaller weights are not written.
const SMALL: f32 = 0.15;

/// A paragraph without its marks, and where they stood.
struct Paragraph {
    text: Vec<u16>,
    /// Before each character and at the end: an opening mark, a closing mark, a place to learn nothing from.
    opening: Vec<bool>,
    closing: Vec<bool>,
    masked: Vec<bool>,
}

/// Weights and what FTRL remembers of each; the last two are the constants of the two marks.
struct Learner {
    ids: Map<usize>,
    weights: Vec<f32>,
    pulls: Vec<f32>,
    squares: Vec<f32>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paragraphs = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let text = record["text"].as_str().unwrap_or("");
        paragraphs.extend(text.lines().map(str::trim).filter_map(Paragraph::read));
    }
    let keys = frequent(&paragraphs);
    let mut learner = Learner::new(&keys);
    for pass in 1..=PASSES {
        paragraphs.iter().for_each(|p| learner.learn(p));
        eprintln!("pass {pass} of {PASSES}");
    }
    let constants = learner.weights.get(keys.len()..).unwrap_or_default();
    ["“", "”"].iter().zip(constants).for_each(|(mark, weight)| println!("{mark}\t{weight:.2}"));
    for (key, weight) in keys.iter().zip(&learner.weights).filter(|(_, w)| w.abs() >= SMALL) {
        println!("{}\t{weight:.2}", written(*key));
    }
    Ok(())
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
        let mut paragraph = Paragraph { text, opening: none.clone(), closing: none.clone(), masked: none };
        titles.into_iter().for_each(|(start, end)| paragraph.masked[start + 1..=end].fill(true));
        for (start, end) in spans {
            let inner = String::from_utf16_lossy(&paragraph.text[start..end]);
            let is_term = (1..=LONGEST).contains(&(end - start))
                && !inner.contains(['。', '！', '？', '；'])
                && !(inner.ends_with('，') && end - start > 1);
            if is_term {
                (paragraph.opening[start], paragraph.closing[end]) = (true, true);
            } else {
                (paragraph.masked[start], paragraph.masked[end]) = (true, true);
            }
        }
        open.is_none().then_some(paragraph)
    }
}

/// The strings that stand beside marks often enough, in order.
fn frequent(paragraphs: &[Paragraph]) -> Vec<Key> {
    let mut counts: Map<u32> = Map::default();
    for p in paragraphs {
        for (marks, opening) in [(&p.opening, true), (&p.closing, false)] {
            for at in (0..marks.len()).filter(|at| marks[*at]) {
                keys(&p.text, at, opening, |key| *counts.entry(key).or_default() += 1);
            }
        }
    }
    let mut kept: Vec<Key> = counts.into_iter().filter(|(_, n)| *n >= LEAST).map(|(key, _)| key).collect();
    kept.sort_unstable();
    kept
}

impl Learner {
    fn new(keys: &[Key]) -> Self {
        let zeros = vec![0.0; keys.len() + 2];
        let ids = keys.iter().enumerate().map(|(id, key)| (*key, id)).collect();
        Learner { ids, weights: zeros.clone(), pulls: zeros.clone(), squares: zeros }
    }

    fn learn(&mut self, p: &Paragraph) {
        if p.text.len() < 8 {
            return;
        }
        for at in (0..=p.text.len()).filter(|at| !p.masked[*at]) {
            self.step(&p.text, at, true, p.opening[at]);
            self.step(&p.text, at, false, p.closing[at]);
        }
    }

    fn step(&mut self, text: &[u16], at: usize, opening: bool, is_mark: bool) {
        let constant = self.ids.len() + usize::from(!opening);
        let mut features = vec![constant];
        keys(text, at, opening, |key| features.extend(self.ids.get(&key)));
        let score: f32 = features.iter().map(|f| self.weights[*f]).sum();
        let likely = 1.0 / (1.0 + (-score).exp());
        if !is_mark && likely < SURE {
            return;
        }
        let slope = likely - f32::from(u8::from(is_mark));
        for f in features {
            let penalty = if f < self.ids.len() { L1 } else { 0.0 };
            let next = self.squares[f] + slope * slope;
            let rate = (next.sqrt() - self.squares[f].sqrt()) / ALPHA;
            self.pulls[f] += slope - rate * self.weights[f];
            self.squares[f] = next;
            let pull = self.pulls[f];
            self.weights[f] = match pull.abs() <= penalty {
                true => 0.0,
                false => -(pull - penalty * pull.signum()) / ((BETA + next.sqrt()) / ALPHA + L2),
            };
        }
    }
}
