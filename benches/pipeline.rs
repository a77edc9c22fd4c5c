//! How fast an issue passes through all stages, and through each alone, as library calls with every finding made and no
//! file written. One thread. Throughput is in bytes of source text.
//!
//! The text is the one real issue, once as an issue of its own size and, for the stages whose cost must not grow with
//! the length of an issue, twenty times over with the words of each copy shifted, so that no passage repeats.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kanwu::document::Document;
use kanwu::pipeline::{DOUBT, Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::Source;
use kanwu::stage::{Context, STAGES};
use std::hint::black_box;

const ISSUE: &str = include_str!("../input/2019-10-23.md");

/// The rules that ask the language model.
const MODEL: [&str; 6] = ["TYP070", "TYP071", "TYP072", "TYP073", "TYP074", "TYP075"];

/// The issue `times` over, each copy with its Han characters moved by another step: as dense in marks and breaks as the
/// real thing, and different from its neighbours.
fn shifted(times: u32) -> String {
    let shift = |c: char, by: u32| match c {
        '\u{4E00}'..='\u{9F00}' => char::from_u32(0x4E00 + (c as u32 - 0x4E00 + by * 37) % 0x5100).unwrap_or(c),
        _ => c,
    };
    (0..times).flat_map(|by| ISSUE.chars().map(move |c| shift(c, by))).collect()
}

fn pipeline(c: &mut Criterion) {
    let rules = RuleSet::built_in().expect("the built-in rules load");
    for (name, text) in [("issue", ISSUE.to_owned()), ("twenty issues in one", shifted(20))] {
        let source = Source::from_text("bench", "bench.md", text);
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(source.text.len() as u64)).sample_size(20);
        group.bench_function("all stages", |b| {
            b.iter(|| clean(black_box(&source), &rules, &Decisions::default(), Policy::default()).findings.len())
        });
        // The language model costs ten times what all else does: it has a figure of its own, in `benches/doubt.rs`.
        let mut plain = rules.clone();
        plain.switch(|rule| !MODEL.contains(&rule.code.as_str()));
        group.bench_function("all stages without the language model", |b| {
            b.iter(|| clean(black_box(&source), &plain, &Decisions::default(), Policy::default()).findings.len())
        });
        group.bench_function("outline", |b| b.iter(|| Document::new(black_box(&source)).view().outline().blocks.len()));
        // Every stage sees the text that it sees in a run: the clean text of the stages before it.
        let cleaned = Source::from_text(
            "bench",
            "bench.md",
            clean(&source, &rules, &Decisions::default(), Policy::default()).clean(),
        );
        for (number, stage) in STAGES.iter().enumerate() {
            let seen = if matches!(stage.name(), "encoding" | "normalize" | "layout") { &source } else { &cleaned };
            let document = Document::new(seen);
            let _ = document.view().outline();
            // `normalize` is three passes of one name.
            group.bench_function(format!("{number} {}", stage.name()), |b| {
                b.iter(|| {
                    stage
                        .run(document.view(), &Context { rules: &rules, source: seen, doubt: DOUBT, elsewhere: None })
                        .len()
                })
            });
        }
        group.bench_function("report", |b| {
            let run = clean(&source, &rules, &Decisions::default(), Policy::default());
            b.iter(|| kanwu::emit::html::report(black_box(&run), &rules, Lang::Zh).len())
        });
        group.finish();
    }
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
