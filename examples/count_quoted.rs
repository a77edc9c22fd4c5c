//! Counts the set phrases of `rules/words/quoted.toml`: what newspapers print in quotation marks as a matter of course.
//!
//!     zstd -dc news.jsonl.zst | cargo run --release --example count_quoted
//!
//! One JSON object with a field `text` a line on standard input. Writes a phrase a line: how many documents quote it, its
//! places in marks, all its places, and the phrase; only phrases that enough documents quote and that stand in marks
//! nearly always.

use aho_corasick::{AhoCorasick, MatchKind};
use kanwu::text::is_han;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

/// Documents that quote a phrase.
const DOCUMENTS: usize = 8;
/// Of a hundred places of a phrase, at least so many in marks.
const QUOTED: usize = 90;
/// Characters of a phrase.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=16;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut texts = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        texts.push(record["text"].as_str().unwrap_or("").to_owned());
    }
    let mut quoted: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for text in &texts {
        let mut seen = BTreeSet::new();
        for phrase in quotations(text).filter(|p| is_phrase(p)) {
            let (documents, places) = quoted.entry(phrase).or_default();
            *places += 1;
            *documents += usize::from(seen.insert(phrase));
        }
    }
    quoted.retain(|_, (documents, _)| *documents >= DOCUMENTS);
    let phrases: Vec<&str> = quoted.keys().copied().collect();
    let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&phrases)?;
    let mut all = vec![0usize; phrases.len()];
    for text in &texts {
        // A listed phrase within a longer quotation says nothing: count only what stands alone in marks or without any.
        let outside = text.split('“').enumerate().map(|(i, part)| match (i, part.split_once('”')) {
            (0, _) | (_, None) => part,
            (_, Some((_, rest))) => rest,
        });
        outside.for_each(|part| finder.find_iter(part).for_each(|m| all[m.pattern().as_usize()] += 1));
    }
    let mut rows: Vec<_> = quoted.iter().zip(all).map(|((p, (d, n)), bare)| (*d, *n, n + bare, *p)).collect();
    rows.retain(|(_, n, total, _)| n * 100 >= total * QUOTED);
    rows.sort_unstable_by(|a, b| (b.0, a.3).cmp(&(a.0, b.3)));
    rows.iter().for_each(|(d, n, total, p)| println!("{d}\t{n}\t{total}\t{p}"));
    Ok(())
}

/// What stands between “ and ”.
fn quotations(text: &str) -> impl Iterator<Item = &str> {
    text.split('“').skip(1).filter_map(|part| part.split_once('”').map(|(inner, _)| inner))
}

fn is_phrase(text: &str) -> bool {
    let is_part = |c: char| is_han(c) || c.is_ascii_alphanumeric() || "、·+-".contains(c);
    LENGTH.contains(&text.chars().count()) && text.chars().all(is_part)
}
