//! Two readings of a megabyte each, five characters in a hundred different, their articles in another order.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kanwu::collate::Readings;
use kanwu::eval::SplitMix64;
use std::hint::black_box;

const BYTES: usize = 1 << 20;
/// Characters of an article.
const ARTICLE: usize = 800;

struct Dice(SplitMix64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (self.0.draw() >> 33) as usize % n
    }
}

/// Words of two characters, some of them common, as in print: a text of characters drawn evenly would have hardly a run
/// of two that stands twice.
fn text(dice: &mut Dice) -> Vec<char> {
    let word = |n: usize| [0x4E00 + (n * 7919 % 3500) as u32, 0x4E00 + (n * 104_729 % 3500) as u32];
    let mut out = Vec::new();
    while out.len() * 3 < BYTES {
        let most = 1 << (3 + dice.below(10));
        out.extend(word(dice.below(most)).into_iter().filter_map(char::from_u32));
        if dice.below(9) == 0 {
            out.push('，');
        }
    }
    out
}

fn spoil(text: &[char], dice: &mut Dice) -> String {
    let mut articles: Vec<&[char]> = text.chunks(ARTICLE).collect();
    for i in (1..articles.len()).rev() {
        articles.swap(i, dice.below(i + 1));
    }
    let mut out = String::new();
    for (n, c) in articles.into_iter().flatten().enumerate() {
        match dice.below(100) {
            0..=2 => out.push('口'),
            3 => {}
            4 => out.extend([*c, '日']),
            _ => out.push(*c),
        }
        if n % 20 == 0 {
            out.push('\n');
        }
    }
    out
}

fn collate(c: &mut Criterion) {
    let mut dice = Dice(SplitMix64(5));
    let text = text(&mut dice);
    let (base, other): (String, String) = (text.iter().collect(), spoil(&text, &mut dice));
    let mut group = c.benchmark_group("collate");
    group.throughput(Throughput::Bytes(base.len() as u64)).sample_size(10);
    group.bench_function("a megabyte, five in a hundred, shuffled", |b| {
        b.iter(|| black_box(Readings::new(&base, &other).collation.differences.len()))
    });
    let same = "中".repeat(BYTES / 3);
    let nearly = format!("{}国{}", &same[..BYTES / 2 / 3 * 3], &same[..BYTES / 3 / 3 * 3]);
    group.bench_function("one character for ever", |b| {
        b.iter(|| black_box(Readings::new(&same, &nearly).collation.differences.len()))
    });
    group.finish();
}

criterion_group!(benches, collate);
criterion_main!(benches);
