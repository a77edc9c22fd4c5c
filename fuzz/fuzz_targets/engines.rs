//! Any bytes as the file of any OCR engine: read or refused, every token stands in the text, and a file in which nothing was
//! changed is not written back.

#![no_main]

use kanwu::emit::write_back;
use kanwu::pipeline::{Policy, clean};
use kanwu::reader::{Format, ReadOptions, decode, read_bytes};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static NO_RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::default);

/// Names of files by which a format is told from others, or not.
const NAMES: [&str; 6] = ["a", "a.xml", "a.hocr", "a.json", "a.jsonl", "a.tsv"];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let detected = NAMES.map(|name| (name, None));
    let given = Format::ALL.map(|format| ("a", Some(format)));
    let ways: Vec<_> = detected.into_iter().chain(given).collect();
    let (name, format) = ways[usize::from(*first) % ways.len()];
    if let Ok(source) = read_bytes("a", name, bytes, &ReadOptions { format, ..ReadOptions::default() }) {
        sound(&source, bytes);
    }
});

fn sound(source: &Source, bytes: &[u8]) {
    let file = &source.files[0];
    let Some(scan) = &file.scan else { return };
    let decoded = decode(bytes.to_vec(), None).expect("it was decoded before");
    let mut end = file.span.start;
    for token in &scan.tokens {
        assert!(end <= token.span.start && token.span.start <= token.span.end && token.span.end <= file.span.end);
        assert!(source.text.get(token.span.start..token.span.end).is_some());
        end = token.span.end;
        assert!((token.sheet as usize) < scan.sheets.len());
        assert!(token.alternatives.start <= token.alternatives.end);
        assert!(token.alternatives.end as usize <= scan.alternatives.len());
        assert!(token.raw.iter().all(|raw| decoded.text.get(raw.clone()).is_some()));
        assert!(token.confidence.is_none_or(|c| (0.0..=1.0).contains(&c)));
    }
    let run = clean(source, &NO_RULES, &Decisions::default(), Policy::default());
    assert_eq!(run.clean(), source.text);
    assert!(write_back::copy(&run, 0, &decoded).is_none());
}
