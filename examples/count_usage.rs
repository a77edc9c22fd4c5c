//! Makes `model/usage.bin` again: counts characters, pairs and doublings of a corpus (see `model/README.md`).
//!
//!     zstd -dc corpus.jsonl.zst | cargo run --release --example count_usage -- model/usage.bin HELD_OUT_FILE ...
//!
//! One JSON object with a field `text` a line on standard input. A paragraph that shares 24 Han characters in a row with
//! a held-out file is not counted, so that a measurement on those files stays honest.

use kanwu::lm::train::{Holdout, is_kept_back};
use kanwu::lm::usage::Counts;
use std::io::BufRead;

/// Least counts of a character, a pair, a doubling and a run of three that is kept.
const LEAST: (u32, u32, u32, u32) = (8, 12, 2, 24);
/// One document in so many is not counted: on these the rules are measured.
const KEPT_BACK: u64 = 10;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let target = args.next().ok_or("which file shall be written?")?;
    let mut held_out = Holdout::default();
    for path in args {
        held_out.add(&String::from_utf8_lossy(&std::fs::read(path)?));
    }
    let (mut counts, mut kept_back, mut left_out, mut paragraphs) = (Counts::default(), 0, 0, 0);
    for line in std::io::stdin().lock().lines() {
        let record: serde_json::Value = serde_json::from_str(&line?)?;
        let named = [&record["date"], &record["title"]].map(|v| v.as_str().unwrap_or(""));
        if is_kept_back(&named.concat(), KEPT_BACK) {
            kept_back += 1;
            continue;
        }
        for paragraph in record["text"].as_str().unwrap_or("").lines() {
            paragraphs += 1;
            if held_out.holds(paragraph) {
                left_out += 1;
            } else {
                counts.add(paragraph);
            }
        }
    }
    let bytes = counts.write(LEAST.0, LEAST.1, LEAST.2, LEAST.3);
    println!("{kept_back} documents kept back; {paragraphs} paragraphs, {left_out} held out, {} bytes", bytes.len());
    std::fs::write(target, bytes)?;
    Ok(())
}
