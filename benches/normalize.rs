//! Speed of the normalize stage on 20 MB of issue text, all findings made, one thread; the crate `autocorrect` as peer.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kanwu::document::Document;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::normalize::{Characters, Markup, Normalize};
use kanwu::stage::{Context, Stage};
use std::hint::black_box;

/// Bytes of text.
const SIZE: usize = 20_000_000;

fn text() -> String {
    let issue = include_str!("../input/2019-10-23.md");
    let mut text = String::with_capacity(SIZE + issue.len());
    while text.len() < SIZE {
        text.push_str(issue);
        text.push_str("\n\n");
    }
    text
}

fn bench(c: &mut Criterion) {
    let rules = RuleSet::built_in().expect("the built-in rules load");
    let source = Source::from_text("bench", "bench.md", text());
    let document = Document::new(&source);
    let cx = Context { rules: &rules, source: &source, doubt: 1.0, elsewhere: None };
    let mut group = c.benchmark_group("normalize");
    group.throughput(Throughput::Bytes(source.text.len() as u64)).sample_size(10);
    group.bench_function("marks", |b| b.iter(|| black_box(Normalize.run(document.view(), &cx))));
    group.bench_function("all passes", |b| {
        b.iter(|| {
            let stages: [&dyn Stage; 3] = [&Characters, &Markup, &Normalize];
            stages.map(|s| black_box(s.run(document.view(), &cx)).len())
        })
    });
    group.bench_function("autocorrect", |b| b.iter(|| black_box(autocorrect::format(&source.text))));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
