//! An archive of two megabytes: issues become part of it, and what was printed before is found. One paragraph in twelve was
//! printed before, some with misreadings. Then ten thousand copies of one passage.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kanwu::archive::duplicates::{Search, duplicates};
use kanwu::archive::{Archive, Prepared, Stamp, Writer};
use kanwu::eval::SplitMix64;
use kanwu::source::Source;
use std::hint::black_box;
use std::path::Path;

const ISSUES: usize = 80;
/// Characters of an issue.
const LONG: usize = 9000;
const MEMORY: usize = 1 << 30;

struct Dice(SplitMix64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (self.0.draw() >> 33) as usize % n
    }
}

/// Sentences of words of two characters, some of them common, as in print.
fn paragraph(dice: &mut Dice) -> String {
    let word = |n: usize| [0x4E00 + (n * 7919 % 3500) as u32, 0x4E00 + (n * 104_729 % 3500) as u32];
    let mut out = String::new();
    for _ in 0..30 + dice.below(60) {
        let most = 1 << (3 + dice.below(10));
        out.extend(word(dice.below(most)).into_iter().filter_map(char::from_u32));
        match dice.below(24) {
            0..=2 => out.push('，'),
            3 => out.push('。'),
            _ => {}
        }
    }
    out + "。"
}

fn misread(text: &str, dice: &mut Dice) -> String {
    text.chars().map(|c| if dice.below(30) == 0 { '口' } else { c }).collect()
}

fn issues(dice: &mut Dice) -> Vec<Source> {
    let mut printed: Vec<String> = Vec::new();
    let issue = |number: usize| {
        let mut text = String::from("# 要闻\n");
        while text.len() < LONG * 3 {
            let next = match dice.below(24) {
                0 if !printed.is_empty() => printed[dice.below(printed.len())].clone(),
                1 if !printed.is_empty() => misread(&printed[dice.below(printed.len())].clone(), dice),
                _ => paragraph(dice),
            };
            text += &format!("\n{next}\n");
            printed.push(next);
        }
        let id = format!("2019-{number:03}");
        Source::from_text(&id, &format!("{id}.md"), text)
    };
    (0..ISSUES).map(issue).collect()
}

fn add(dir: &Path, issues: &[Source]) {
    let mut writer = Writer::open(dir, MEMORY).expect("an empty folder");
    for issue in issues {
        writer.add(Prepared::new(issue.clone(), Stamp::default())).expect("room on the disk");
    }
    writer.finish().expect("room on the disk");
}

fn found(dir: &Path) -> usize {
    let archive = Archive::open(dir).expect("an archive");
    let (scratch, mut count) = (std::env::temp_dir(), 0);
    let search = Search { memory: MEMORY, scratch: &scratch, readings: false };
    duplicates(&archive, &search, |_| {
        count += 1;
        Ok(())
    })
    .expect("an archive that can be read");
    count
}

fn archive(c: &mut Criterion) {
    let issues = issues(&mut Dice(SplitMix64(7)));
    let dir = tempfile::tempdir().expect("a folder");
    add(&dir.path().join("all"), &issues);
    let mut group = c.benchmark_group("archive");
    let bytes: usize = issues.iter().map(|issue| issue.text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(10);
    group.bench_function("add", |b| {
        let mut number = 0;
        b.iter(|| {
            number += 1;
            add(&dir.path().join(number.to_string()), &issues);
        });
    });
    group.bench_function("duplicates", |b| b.iter(|| black_box(found(&dir.path().join("all")))));
    let passage = paragraph(&mut Dice(SplitMix64(9)));
    let crowd: Vec<Source> = (0..100)
        .map(|n| Source::from_text(&format!("{n}"), &format!("{n}.md"), format!("{passage}\n\n").repeat(100)))
        .collect();
    add(&dir.path().join("crowd"), &crowd);
    let bytes: usize = crowd.iter().map(|issue| issue.text.len()).sum();
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("duplicates, ten thousand copies of one passage", |b| {
        b.iter(|| black_box(found(&dir.path().join("crowd"))))
    });
    group.finish();
}

criterion_group!(benches, archive);
criterion_main!(benches);
