//! What blocks of a page have in common: parts that were used again, and blocks that are one block elsewhere.

use super::{EDGE, LOOKED_AT, SHORTEST_STORY};
use crate::reuse::page::{Break, Page};
use crate::reuse::piece::Piece;
use std::ops::Range;

/// Blocks that are one block elsewhere, broken in mid-sentence: where the one ends the next goes on. No author breaks off
/// like that, so that such a passage needs no other proof.
pub struct Broken {
    /// The copying block, and issue and block of the original; sorted.
    parts: Vec<(usize, usize, usize)>,
}

impl Broken {
    pub fn new(page: &Page, shelves: &[Vec<Piece>]) -> Self {
        let mut parts = Vec::new();
        for (number, (shelf, next)) in shelves.iter().zip(shelves.iter().skip(1)).enumerate() {
            let (Some(body), Some(after)) = (page.bodies.get(number), page.bodies.get(number + 1)) else { continue };
            let long = |p: &&Piece| p.hit.copy.len() >= SHORTEST_STORY;
            let to_end = |p: &&Piece| p.hit.copy.end + EDGE >= body.range.end && p.around.1 < Break::Half;
            let from_start = |p: &&Piece| p.hit.copy.start <= after.range.start + EDGE && p.around.0 < Break::Half;
            for first in shelf.iter().filter(long).filter(to_end).take(LOOKED_AT) {
                let goes_on = |p: &&Piece| {
                    let there = (p.issue, p.body) == (first.issue, first.body);
                    there && p.hit.original.start.abs_diff(first.hit.original.end) <= EDGE
                };
                if next.iter().filter(long).filter(from_start).take(LOOKED_AT).any(|p| goes_on(&p)) {
                    parts.extend([(number, first.issue, first.body), (number + 1, first.issue, first.body)]);
                }
            }
        }
        parts.sort_unstable();
        Broken { parts }
    }

    /// Whether a piece of a block is part of one.
    pub fn has(&self, body: usize, piece: &Piece) -> bool {
        self.parts.binary_search(&(body, piece.issue, piece.body)).is_ok() && piece.hit.copy.len() >= SHORTEST_STORY
    }
}

/// Which parts of a block were used again, and by which blocks.
pub struct Used {
    /// Block of the original (its issue and number), its range, block of the copy; sorted.
    parts: Vec<((usize, usize), usize, usize, usize)>,
}

impl Used {
    pub fn new(issue: usize, shelves: &[Vec<Piece>]) -> Self {
        let part = |copy: usize, p: &Piece| ((p.issue, p.body), p.hit.original.start, p.hit.original.end, copy);
        let mut parts: Vec<_> = shelves
            .iter()
            .enumerate()
            .flat_map(|(copy, shelf)| shelf.iter().filter(|p| p.issue == issue).map(move |p| part(copy, p)))
            .collect();
        parts.sort_unstable();
        Used { parts }
    }

    /// Whether another block has part of the same passage as well: entries of a list in the same words, not a copy.
    pub fn is_pattern(&self, copy: usize, piece: &Piece) -> bool {
        const LOOKED_AT: usize = 256;
        let Range { start, end } = piece.hit.original;
        let source = (piece.issue, piece.body);
        let from = self.parts.partition_point(|p| p.0 < source);
        let of_source = self.parts.get(from..).unwrap_or(&[]).iter().take_while(|p| p.0 == source);
        // Of a passage that was copied, one copy is expected; and the passage is itself no copy.
        let shared = |from: usize, to: usize| to.min(end).saturating_sub(from.max(start)) * 3 >= end - start;
        let others = of_source.take(LOOKED_AT).filter(|p| p.3 != copy && shared(p.1, p.2)).count();
        others > 0
    }
}
