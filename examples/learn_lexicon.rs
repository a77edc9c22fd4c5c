//! Makes `model/words.bin` again: which words there are and how common they are (see `model/README.md`).
//!
//!     cargo run --release --example learn_lexicon -- model/words.bin DICTIONARY
//!
//! The dictionary has a word, its count and more a line, parted by spaces. Words of Han characters are kept.

use kanwu::lm::lexicon::{LENGTHS, write};
use kanwu::text::is_han;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(target), Some(source)) = (args.next(), args.next()) else {
        return Err("a target and a dictionary".into());
    };
    let text = std::fs::read_to_string(source)?;
    let mut words = Vec::new();
    for line in text.lines() {
        let mut fields = line.split_whitespace();
        let word: Vec<char> = fields.next().unwrap_or("").chars().collect();
        let count: u32 = fields.next().and_then(|n| n.parse().ok()).unwrap_or(1);
        if LENGTHS.contains(&word.len()) && word.iter().all(|c| is_han(*c)) {
            words.push((word, count));
        }
    }
    let bytes = write(&words);
    println!("{} words, {} bytes", words.len(), bytes.len());
    std::fs::write(target, bytes)?;
    Ok(())
}
