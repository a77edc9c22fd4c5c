//! Names that must stand in a fixed order when they are listed together.

use super::{Fault, find_list};
use crate::rule::Words;
use std::collections::BTreeMap;

/// Lists of names, each in its order.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The list they come from.
    pub list: String,
    /// The names of each sequence, and where its order is from.
    pub sequences: Vec<(Vec<String>, String)>,
}

/// A run of names in a text, joined by marks of enumeration, in another order than the list's.
pub(crate) struct Disorder {
    pub start: usize,
    pub end: usize,
    /// The same run with its names in order, the marks between them where they were.
    pub right: String,
    pub source: String,
}

/// What may stand between two names of one enumeration.
const JOINTS: &[&str] = &["、", "和", "与", "及", "以及", "，"];

impl Order {
    pub(super) fn new(list: String) -> Self {
        Order { list, ..Order::default() }
    }

    pub(super) fn link(&mut self, lists: &BTreeMap<String, Words>) -> Result<(), Fault> {
        let words = find_list(lists, &self.list)?;
        if words.entries.iter().any(|e| e.names.len() < 2 || e.names.iter().any(String::is_empty)) {
            let why = format!("word list `{}`: an entry of an order list needs `names`, two or more", self.list);
            return Err(Fault::new("list", why));
        }
        self.sequences = words.entries.iter().map(|e| (e.names.clone(), e.source.clone())).collect();
        Ok(())
    }

    /// The runs out of order of one sequence, from the places of its names (start, rank), sorted by place.
    pub(crate) fn disorders(&self, sequence: usize, text: &str, hits: &[(usize, usize)]) -> Vec<Disorder> {
        let Some((names, source)) = self.sequences.get(sequence) else { return Vec::new() };
        let length = |rank: usize| names.get(rank).map_or(0, String::len);
        let mut out = Vec::new();
        let mut run: Vec<(usize, usize)> = Vec::new();
        for (i, &hit) in hits.iter().enumerate() {
            run.push(hit);
            let end = hit.0 + length(hit.1);
            let joined = hits.get(i + 1).is_some_and(|next| text.get(end..next.0).is_some_and(|m| JOINTS.contains(&m)));
            if joined {
                continue;
            }
            if run.windows(2).any(|pair| pair[0].1 > pair[1].1) {
                out.push(Disorder {
                    start: run[0].0,
                    end,
                    right: reordered(&run, text, names),
                    source: source.clone(),
                });
            }
            run.clear();
        }
        out
    }
}

fn reordered(run: &[(usize, usize)], text: &str, names: &[String]) -> String {
    let mut ranks: Vec<usize> = run.iter().map(|(_, rank)| *rank).collect();
    ranks.sort_unstable();
    let name = |rank: usize| names.get(rank).map_or("", String::as_str);
    let mut out = String::new();
    for (i, rank) in ranks.iter().enumerate() {
        out.push_str(name(*rank));
        if let (Some((at, was)), Some((next, _))) = (run.get(i), run.get(i + 1)) {
            out.push_str(text.get(at + name(*was).len()..*next).unwrap_or(""));
        }
    }
    out
}
