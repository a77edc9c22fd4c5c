//! Dump.
use kanwu::document::Document;
use kanwu::lm::suspect::{Change, Habits, Judge};
use kanwu::lm::symbols::Line;
use kanwu::outline::BlockKind;
use kanwu::reader::{self, ReadOptions};
use kanwu::text::is_han;
use similar::{Algorithm, capture_diff_slices};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (input, truth) = (args.next().ok_or("input")?, args.next().ok_or("truth")?);
    let base = args.next();
    let judge = Judge::embedded();
    for entry in reader::discover(&[input.into()], false)?.issues {
        let source = reader::read(&entry, &ReadOptions { base: base.clone(), ..ReadOptions::default() })?;
        let truth: Vec<char> =
            std::fs::read_to_string(format!("{truth}/{}.txt", entry.id))?.chars().filter(|c| is_han(*c)).collect();
        let han: Vec<(usize, char)> = source.text.char_indices().filter(|(_, c)| is_han(*c)).collect();
        let chars: Vec<char> = han.iter().map(|h| h.1).collect();
        // where each character of the reading stands in the truth
        let mut to = vec![0usize; chars.len() + 1];
        let mut wrong = vec![false; chars.len()];
        let mut errors = 0;
        for op in capture_diff_slices(Algorithm::Myers, &chars, &truth) {
            let (_, a, b) = op.as_tag_tuple();
            let equal = op.tag() == similar::DiffTag::Equal;
            for i in a.clone() {
                to[i] = (b.start + (i - a.start)).min(b.end);
                wrong[i] = !equal;
            }
            if !equal {
                errors += a.len().max(b.len());
                if a.is_empty() && a.start > 0 {
                    wrong[a.start - 1] = true;
                }
            }
        }
        to[chars.len()] = truth.len();
        let conf = |byte: usize| {
            source.file_at(byte).and_then(|f| f.scan.as_ref()).and_then(|s| s.confidence_at(byte)).unwrap_or(-1.0)
        };
        let engine = source.files[0].name.split('.').nth(1).unwrap_or("").to_owned();
        eprintln!("{}\t{engine}\t{}\t{errors}", entry.id, chars.len());
        let document = Document::new(&source);
        let view = document.view();
        let mut lines: Vec<Line> = Vec::new();
        for block in &view.outline().blocks {
            if matches!(block.kind, BlockKind::Furniture | BlockKind::Image) {
                continue;
            }
            lines.push(judge.read(view.get(block.text), block.text.start));
        }
        let habits = Habits::of(&lines);
        for line in &lines {
            for s in judge.proposals_of(line, &habits) {
                let place = line.starts[s.at];
                let Ok(n) = han.binary_search_by_key(&place, |h| h.0) else { continue };
                let from = n.saturating_sub(6);
                let until = (n + 7).min(chars.len());
                let (a, b) = (
                    &chars[from..until],
                    &truth[to[from].min(truth.len())..to[until.min(chars.len())].max(to[from]).min(truth.len())],
                );
                let i = n - from;
                let mut new: Vec<char> = a.to_vec();
                match (s.change, s.reading) {
                    (Change::Replace, Some(r)) => new[i] = r,
                    (Change::Insert, Some(r)) => new.insert(i, r),
                    (Change::Delete, _) => {
                        new.remove(i);
                    }
                    (Change::Swap, _) if i + 1 < new.len() => new.swap(i, i + 1),
                    _ => continue,
                }
                let right = distance(&new, b) < distance(a, b);
                let before = if s.at > 0 { conf(line.starts[s.at - 1]) } else { -1.0 };
                let after = line.starts.get(s.at + 1).map_or(-1.0, |p| conf(*p));
                println!(
                    "{}\t{engine}\t{:?}\t{place}\t{}\t{:.3}\t{:.3}\t{:.3}\t{:.4}\t{:.4}\t{:.4}\t{}\t{}",
                    entry.id,
                    s.change,
                    u8::from(right),
                    s.odds,
                    s.evidence[0],
                    s.evidence[9],
                    conf(place),
                    before,
                    after,
                    u8::from(wrong[n]),
                    s.reading.unwrap_or('-')
                );
            }
        }
    }
    Ok(())
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (before + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            before = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}
