//! How fast doubt is: the language model's scores alone, the suspects, and the whole stage of typos. One thread. Throughput is
//! in characters, not bytes: that is how the field counts it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kanwu::document::Document;
use kanwu::lm::suspect::{Habits, Judge};
use kanwu::lm::symbols::Line;
use kanwu::pipeline::{DOUBT, Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::{Context, STAGES};
use std::hint::black_box;

/// The log-odds that the shipped confidence asks for.
const LEAST: f32 = 0.99;

const ISSUE: &str = include_str!("../input/2019-10-23.md");

fn doubt(c: &mut Criterion) {
    let rules = RuleSet::built_in().expect("the built-in rules load");
    let source = Source::from_text("bench", "bench.md", ISSUE.to_owned());
    let decisions = Decisions::default();
    let run = clean(&source, &rules, &decisions, Policy::default());
    let text = String::from(run.clean());
    let judge = Judge::embedded();
    let read = || -> Vec<Line> { text.lines().map(|line| judge.read(black_box(line), 0)).collect() };
    let lines = read();
    let habits = Habits::of(&lines);
    let mut group = c.benchmark_group("doubt");
    group.throughput(Throughput::Elements(text.chars().count() as u64)).sample_size(20);
    group.bench_function("symbols", |b| b.iter(|| read().len()));
    group.bench_function("scores", |b| {
        b.iter(|| lines.iter().map(|line| judge.model().scores(black_box(&line.symbols)).len()).sum::<usize>())
    });
    group.bench_function("habits", |b| b.iter(|| Habits::of(black_box(&lines))));
    group.bench_function("suspects", |b| {
        b.iter(|| lines.iter().map(|line| judge.suspects(black_box(line), &habits, LEAST).len()).sum::<usize>())
    });
    let cleaned = Source::from_text("bench", "bench.md", text.clone());
    let document = Document::new(&cleaned);
    let _ = document.view().outline();
    for stage in STAGES.iter().filter(|stage| stage.name() == "typos") {
        let cx = Context { rules: &rules, source: &cleaned, doubt: DOUBT, elsewhere: None };
        group.bench_function("the stage of typos", |b| b.iter(|| stage.run(document.view(), &cx).len()));
    }
    group.finish();
}

criterion_group!(benches, doubt);
criterion_main!(benches);
