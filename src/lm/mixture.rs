//! Several language models as one: what each says is added up, each with its weight (Jelinek and Mercer 1980).
//!
//! A desk's own model knows its names and its turns of phrase, the general one the language; the weights that suit a desk
//! are fitted on some of its text that neither model has seen.

use super::ngram::{Model, State};
use super::symbols::{Line, UNKNOWN};
use std::collections::BTreeSet;

/// Models with their weights, which add up to one.
#[derive(Clone, Debug)]
pub struct Mixture<'m> {
    parts: Vec<Part<'m>>,
}

#[derive(Clone, Debug)]
struct Part<'m> {
    model: Model<'m>,
    weight: f64,
    /// log10 of the share that one character has of what the model gives to all those it does not know.
    unknown: f32,
}

/// What a text is worth to a model.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Worth {
    /// Symbols, the end of each paragraph included.
    pub symbols: usize,
    /// log10 of the probability of the text.
    pub log: f64,
}

impl Worth {
    /// Bits for each symbol, nothing for no text.
    pub fn bits(&self) -> Option<f64> {
        (self.symbols > 0).then(|| -self.log * std::f64::consts::LOG2_10 / self.symbols as f64)
    }

    /// Among how many symbols, all as likely, the model in effect chooses; nothing for no text.
    pub fn perplexity(&self) -> Option<f64> {
        (self.symbols > 0).then(|| 10f64.powf(-self.log / self.symbols as f64))
    }
}

impl std::ops::AddAssign for Worth {
    fn add_assign(&mut self, other: Worth) {
        self.symbols += other.symbols;
        self.log += other.log;
    }
}

/// Steps of fitting at most; the weights have long come to rest by then.
const STEPS: usize = 200;
/// The change of a weight that is rest.
const REST: f64 = 1e-6;

impl<'m> Mixture<'m> {
    /// A mixture in equal parts. Characters that only some of the models know are made comparable: the others share
    /// what they give to the unknown among all of them.
    pub fn new(models: Vec<Model<'m>>) -> Self {
        let known: BTreeSet<char> = models.iter().flat_map(|m| m.vocabulary().characters().iter().copied()).collect();
        let weight = 1.0 / models.len().max(1) as f64;
        let parts = models.into_iter().map(|model| {
            let strange = known.len() - model.vocabulary().characters().len() + 1;
            Part { model, weight, unknown: -(strange as f32).log10() }
        });
        Mixture { parts: parts.collect() }
    }

    /// The weights in the order of the models.
    pub fn weights(&self) -> Vec<f64> {
        self.parts.iter().map(|p| p.weight).collect()
    }

    /// Sets the weights: those below nothing count as nothing, and they are brought to the sum of one. Without any
    /// weight the parts are equal.
    pub fn weigh(&mut self, weights: &[f64]) {
        let weight = |i: usize| weights.get(i).copied().filter(|w| w.is_finite() && *w > 0.0).unwrap_or(0.0);
        let sum: f64 = (0..self.parts.len()).map(weight).sum();
        let equal = 1.0 / self.parts.len().max(1) as f64;
        for (i, part) in self.parts.iter_mut().enumerate() {
            part.weight = if sum > 0.0 { weight(i) / sum } else { equal };
        }
    }

    /// Fits the weights to paragraphs by expectation maximisation (Dempster, Laird and Rubin 1977), from equal parts. The
    /// text should be new to all the models. Without text the parts stay equal.
    pub fn fit<'t>(&mut self, paragraphs: impl IntoIterator<Item = &'t str>) {
        self.weigh(&[]);
        let count = self.parts.len();
        if count < 2 {
            return;
        }
        let mut chances: Vec<f64> = Vec::new();
        for paragraph in paragraphs {
            let by_part: Vec<Vec<f32>> = self.parts.iter().map(|p| p.scores(paragraph)).collect();
            let symbols = by_part.iter().map(Vec::len).min().unwrap_or(0);
            for at in 0..symbols {
                chances.extend(by_part.iter().map(|s| s.get(at).map_or(0.0, |log| 10f64.powf(f64::from(*log)))));
            }
        }
        let mut weights = self.weights();
        for _ in 0..STEPS {
            let mut shares = vec![0.0; count];
            for row in chances.chunks_exact(count) {
                let sum: f64 = row.iter().zip(&weights).map(|(p, w)| p * w).sum();
                for ((share, p), w) in shares.iter_mut().zip(row).zip(&weights) {
                    *share += p * w / sum.max(f64::MIN_POSITIVE);
                }
            }
            self.weigh(&shares);
            let now = self.weights();
            let moved = now.iter().zip(&weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            weights = now;
            if moved < REST {
                break;
            }
        }
    }

    /// log10 of the probability of every symbol of a paragraph after those before it, the end of the paragraph last; the
    /// characters are as the models read them, a line feed for the end. Nothing for a paragraph without a symbol.
    pub fn scores(&self, paragraph: &str) -> Vec<(char, f32)> {
        let Some(first) = self.parts.first() else { return Vec::new() };
        let line = Line::read(paragraph, 0, first.model.vocabulary());
        if line.is_empty() {
            return Vec::new();
        }
        let by_part: Vec<Vec<f32>> = self.parts.iter().map(|p| p.scores(paragraph)).collect();
        let characters = line.characters.iter().skip(1).enumerate();
        characters
            .map(|(at, c)| {
                let of = |(part, scores): (&Part, &Vec<f32>)| {
                    scores.get(at).map_or(0.0, |log| part.weight * 10f64.powf(f64::from(*log)))
                };
                let sum: f64 = self.parts.iter().zip(&by_part).map(of).sum();
                // What the models add up to by their rounding is no more than certain.
                (*c, (sum.max(f64::MIN_POSITIVE).log10() as f32).min(0.0))
            })
            .collect()
    }

    /// What a paragraph is worth.
    pub fn worth(&self, paragraph: &str) -> Worth {
        let scores = self.scores(paragraph);
        Worth { symbols: scores.len(), log: scores.iter().map(|(_, log)| f64::from(*log)).sum() }
    }
}

impl Part<'_> {
    /// log10 of the probability of each symbol but the first edge; nothing for a paragraph without a symbol.
    fn scores(&self, paragraph: &str) -> Vec<f32> {
        let line = Line::read(paragraph, 0, self.model.vocabulary());
        if line.is_empty() {
            return Vec::new();
        }
        let mut state = self.model.next(&line.symbols, 0, &State::default()).1;
        let mut scores = Vec::with_capacity(line.len());
        for (at, symbol) in line.symbols.iter().enumerate().skip(1) {
            let (log, after) = self.model.next(&line.symbols, at, &state);
            scores.push(if *symbol == UNKNOWN { log + self.unknown } else { log });
            state = after;
        }
        scores
    }
}
