//! How sure it is that the base is wrong where readings differ: a sum of log-odds, one term for each kind of evidence.

use super::evidence::{EVIDENCE, Evidence, NAMES, Shape, Side};
use std::sync::LazyLock;

/// Made by `examples/learn_collation.rs`; `model/README.md` says from what.
static TABLE: &str = include_str!("../../../../model/collation.tsv");

/// What each number of the evidence adds, the constant last.
pub type Weights = [f32; EVIDENCE + 1];

/// What is known of the two readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The base's engine says how sure it was of each character: one that reads shapes.
    Engine,
    /// The base is a text and no more: it may be a vision model's, which writes what reads well. The other reading is of
    /// an engine that says how sure it was.
    BesideEngine,
    /// Neither says how sure it was.
    Text,
}

impl Kind {
    /// All of them, in the order of the weights.
    pub const ALL: [Kind; 3] = [Kind::Engine, Kind::BesideEngine, Kind::Text];

    /// That of two readings.
    pub fn of(base: &Side, other: &Side) -> Kind {
        match (base.is_scored(), other.is_scored()) {
            (true, _) => Kind::Engine,
            (false, true) => Kind::BesideEngine,
            (false, false) => Kind::Text,
        }
    }
}

/// The column of the table for a base and a shape.
pub fn column(kind: Kind, shape: Shape) -> usize {
    kind as usize * Shape::ALL.len() + shape as usize
}

/// How many columns the table has.
pub const COLUMNS: usize = Kind::ALL.len() * Shape::ALL.len();

/// Reads the table: a row for each name of the evidence and one for the constant. What is missing counts nothing.
fn read(table: &str) -> [Weights; COLUMNS] {
    let mut out = [[0.0; EVIDENCE + 1]; COLUMNS];
    for line in table.lines() {
        let mut fields = line.split('\t');
        let name = fields.next().unwrap_or("");
        let row = NAMES.iter().position(|n| *n == name).or((name == "constant").then_some(EVIDENCE));
        let Some(row) = row else { continue };
        for (weights, field) in out.iter_mut().zip(fields) {
            if let (Some(place), Ok(weight)) = (weights.get_mut(row), field.parse()) {
                *place = weight;
            }
        }
    }
    out
}

/// The log-odds that the base is wrong and the other reading to be preferred.
pub fn odds(kind: Kind, evidence: &Evidence) -> f32 {
    static WEIGHTS: LazyLock<[Weights; COLUMNS]> = LazyLock::new(|| read(TABLE));
    let weights = WEIGHTS.get(column(kind, evidence.shape)).unwrap_or(&[0.0; EVIDENCE + 1]);
    sum(weights, &evidence.values)
}

/// The sum of some evidence under some weights.
pub fn sum(weights: &Weights, values: &[f32; EVIDENCE]) -> f32 {
    let constant = weights.last().copied().unwrap_or(0.0);
    constant + weights.iter().zip(values).map(|(w, v)| w * v).sum::<f32>()
}
