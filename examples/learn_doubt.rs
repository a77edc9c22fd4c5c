//! Makes `model/doubt.bin` again: the decision that weighs the evidence for another reading (see `model/README.md`).
//!
//!     cargo run --release --example learn_doubt -- model/doubt.bin --clean HELD_BACK.jsonl --real PAIRS.tsv[:N] ...
//!
//! `--clean` files hold one JSON object with a field `text` a line, text that the language model has not seen and that is
//! thought clean: errors are put into a copy of it, and what is proposed in the untouched copy is a false alarm. `--real`
//! files hold an id, a text as it was written and the text as it was meant a line; the texts must be of one length. With `:N`, the N lines
//! that `kanwu eval csc --sample N` draws are left out.

use kanwu::eval::csc::{Row, parse};
use kanwu::eval::{self, SplitMix64};
use kanwu::lm::channel::Channel;
use kanwu::lm::forest::{self, Forest, Tree};
use kanwu::lm::lexicon::{LENGTHS, Lexicon};
use kanwu::lm::suspect::{Change, FEATURES, Habits, Judge, NAMES, Suspect, both};
use kanwu::lm::symbols::Line;
use kanwu::text::is_han;
use rayon::prelude::*;

/// Documents side by side in one made-up issue.
const DOCUMENTS: usize = 8;
/// Characters between two errors, about.
const APART: usize = 45;
/// Trees of a forest, their depth, and how much each may correct the ones before it.
const TREES: usize = 800;
const DEPTH: usize = 6;
const RATE: f32 = 0.05;
/// Shares of the cases that a tree is grown on and of the features that it may ask for, drawn anew for each tree: trees that
/// err differently err less together (Friedman 2002, Stochastic gradient boosting; Breiman 2001, Random forests).
const DRAWN: f32 = 0.5;
const ASKED: f32 = 0.7;
/// Steps that a feature is cut into.
const STEPS: usize = 64;
/// Least weight of a leaf, and how much a leaf's worth is drawn to zero.
const LEAF: f32 = 0.5;
const SHRINK: f32 = 12.0;
/// The most that one tree may say: a leaf of nothing but right cases has no bend to hold it.
const STEP: f32 = 0.5;
/// How much a case of a real pair counts.
const REAL: f32 = 8.0;
/// How much a wrong reading at a place that is wrong counts.
const BESIDE: f32 = 0.2;
/// Share of the errors that are a fluent reader's: another word, whatever it looks or sounds like.
const FLUENT: f32 = 0.1;
/// The luck of such an error: as any replaced character's.
const REPLACED: f32 = 0.6;

/// Luck that is the same everywhere and always.
struct Dice(SplitMix64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        (self.0.draw() % n.max(1) as u64) as usize
    }

    fn share(&mut self) -> f32 {
        (self.0.draw() >> 40) as f32 / (1u64 << 24) as f32
    }
}

/// The seed of the sample that is measured.
const SEED: u64 = 20_191_023;

/// So often errors are put into the text, each time others, and all together count once.
const ROUNDS: u64 = 2;
const AGAIN: u64 = 0x6167_6169_6e00;
const OTHERWISE: u64 = 0x6f74_6865_7277_0000;
/// Luck of its own for what a tree is grown on.
const GROWN: u64 = 0x7472_6565;
/// Luck of its own for errors in twos; how many of them have a right character between.
const TWOS: u64 = 0x7477_6f73;
const BETWEEN: f32 = 0.25;

/// Forests that are learned, each from other errors: the decision is their mean, which depends less on luck than one.
const FORESTS: u64 = 2;

/// What print adds to the log-odds of each change beside what the errors put into text teach: swaps are rarer there, lost
/// characters a little so. Set on issues with planted defects and on clean sentences.
const PRIOR: [f32; 5] = [-0.06, -0.05, 0.0, -0.8, -0.06];

/// One proposal with what it is worth.
struct Case {
    kind: usize,
    evidence: [f32; FEATURES],
    right: bool,
    weight: f32,
}

/// An error that was put into a text: where it begins in the changed text, in bytes, and what puts it right.
struct Planted {
    line: usize,
    at: usize,
    change: Change,
    reading: Option<char>,
    /// Where the second wrong character begins, and what puts it right.
    second: Option<(usize, char)>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let target = args.next().ok_or("which file shall be written?")?;
    let (mut clean, mut real, mut kind) = (Vec::new(), Vec::new(), String::new());
    for arg in args {
        match arg.as_str() {
            "--clean" | "--real" => kind = arg,
            _ if kind == "--clean" => clean.push(arg),
            _ => real.push(arg),
        }
    }
    let embedded = Judge::embedded();
    let judge = Judge::new(embedded.model().clone(), Vec::new());
    let mut learned = Vec::new();
    for luck in 0..FORESTS {
        let cases = cases(&judge, &clean, &real, luck)?;
        let of_kind = |kind: usize| -> Vec<&Case> { cases.iter().filter(|c| c.kind == kind).collect() };
        let forests = Change::ALL.iter().enumerate().map(|(kind, change)| {
            println!("{change:?}");
            let names = if *change == Change::Both { &both::NAMES[..] } else { &NAMES[..] };
            grow(&of_kind(kind), names, luck)
        });
        learned.push(forests.collect::<Vec<Forest>>());
    }
    let mut forests: Vec<Forest> = (0..Change::ALL.len()).map(|kind| mean(learned.iter().map(|l| &l[kind]))).collect();
    forests.iter_mut().zip(PRIOR).for_each(|(forest, prior)| forest.start += prior);
    let bytes = forest::write(&forests);
    println!("{} bytes", bytes.len());
    std::fs::write(target, bytes)?;
    Ok(())
}

/// Everything to learn from; `luck` says which errors are put into the clean texts.
fn cases(judge: &Judge, clean: &[String], real: &[String], luck: u64) -> Result<Vec<Case>, Box<dyn std::error::Error>> {
    let mut cases: Vec<Case> = Vec::new();
    for path in clean {
        let mut texts = Vec::new();
        for line in std::fs::read_to_string(path)?.lines() {
            let record: serde_json::Value = serde_json::from_str(line)?;
            texts.push(record["text"].as_str().unwrap_or("").to_owned());
        }
        let issues: Vec<&[String]> = texts.chunks(DOCUMENTS).collect();
        let seed = |n: usize| n as u64 ^ (luck * OTHERWISE);
        let made: Vec<Case> = issues.par_iter().enumerate().flat_map(|(n, i)| of_issue(judge, i, seed(n))).collect();
        report(path, &made);
        cases.extend(made);
    }
    for path in real {
        let (path, measured) = path.split_once(':').map_or((path.as_str(), 0), |(p, n)| (p, n.parse().unwrap_or(0)));
        let rows = parse(&std::fs::read(path)?).rows;
        let drawn = if measured == 0 { Vec::new() } else { eval::draw(rows.len(), Some(measured), SEED) };
        let rows = rows.into_iter().enumerate().filter(|(n, _)| drawn.binary_search(n).is_err());
        let rows: Vec<Row> = rows.map(|(_, row)| row).collect();
        let made: Vec<Case> = rows.par_iter().flat_map(|row| of_pair(judge, row)).collect();
        report(path, &made);
        cases.extend(made);
    }
    Ok(cases)
}

/// One forest that says the mean of what some say.
fn mean<'f>(forests: impl ExactSizeIterator<Item = &'f Forest>) -> Forest {
    let count = forests.len() as f32;
    let mut all = Forest::default();
    for forest in forests {
        all.features = forest.features;
        all.start += forest.start / count;
        all.trees.extend(forest.trees.iter().map(|tree| Tree {
            questions: tree.questions.clone(),
            leaves: tree.leaves.iter().map(|leaf| leaf / count).collect(),
        }));
    }
    all
}

fn report(path: &str, cases: &[Case]) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let right = cases.iter().filter(|c| c.right).count();
    println!("{name}: {} cases, {right} right", cases.len());
}

fn kind_of(suspect: &Suspect) -> usize {
    suspect.change as usize
}

fn lines_of<'t>(judge: &Judge, paragraphs: impl Iterator<Item = &'t str>) -> Vec<Line> {
    paragraphs.map(|p| judge.read(p, 0)).collect()
}

/// The cases of an issue: all proposals in its clean text are wrong, those at errors put into it are right if they undo it.
fn of_issue(judge: &Judge, documents: &[String], seed: u64) -> Vec<Case> {
    let paragraphs: Vec<&str> = documents.iter().flat_map(|d| d.lines()).filter(|p| !p.trim().is_empty()).collect();
    let mut cases = Vec::new();
    let lines = lines_of(judge, paragraphs.iter().copied());
    let habits = Habits::of(&lines);
    for line in &lines {
        let proposals = judge.proposals_of(line, &habits);
        cases.extend(proposals.iter().map(|s| Case {
            kind: kind_of(s),
            evidence: s.evidence,
            right: false,
            weight: 1.0,
        }));
    }
    for round in 0..ROUNDS {
        let made = singles_of_issue(judge, &paragraphs, &habits, seed ^ (round * AGAIN));
        cases.extend(made.into_iter().map(|c| Case { weight: c.weight / ROUNDS as f32, ..c }));
    }
    cases.extend(twos_of_issue(judge, &paragraphs, seed));
    cases
}

/// The cases at errors that are put into an issue one by one; `habits` are those of the untouched text.
fn singles_of_issue(judge: &Judge, paragraphs: &[&str], habits: &Habits, seed: u64) -> Vec<Case> {
    let mut dice = Dice(SplitMix64(seed));
    let mut planted = Vec::new();
    let spoiled: Vec<String> =
        paragraphs.iter().enumerate().map(|(n, p)| spoil(p, n, judge, habits, &mut dice, &mut planted)).collect();
    let lines = lines_of(judge, spoiled.iter().map(String::as_str));
    let habits = Habits::of(&lines);
    let mut planted = planted.iter().peekable();
    let mut cases = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let proposals = judge.proposals_of(line, &habits);
        while let Some(error) = planted.next_if(|e| e.line == n) {
            cases.extend(proposals.iter().filter_map(|s| case_at(s, line, error)));
        }
    }
    cases
}

/// The cases of two wrong characters near each other, and what is said of two places where one is wrong.
fn twos_of_issue(judge: &Judge, paragraphs: &[&str], seed: u64) -> Vec<Case> {
    let mut dice = Dice(SplitMix64(seed ^ TWOS));
    let mut planted = Vec::new();
    let spoiled: Vec<String> =
        paragraphs.iter().enumerate().map(|(n, p)| spoil_twos(p, n, &mut dice, &mut planted)).collect();
    let lines = lines_of(judge, spoiled.iter().map(String::as_str));
    let habits = Habits::of(&lines);
    let mut cases = Vec::new();
    for (n, line) in lines.iter().enumerate() {
        let proposals = judge.proposals_of(line, &habits);
        for s in proposals.iter().filter(|s| s.change == Change::Both) {
            let near = planted.iter().filter(|e| e.line == n).filter_map(|e| case_at(s, line, e));
            cases.extend(near.max_by_key(|c| c.right));
        }
    }
    cases
}

/// Puts two errors near each other into a paragraph here and there.
fn spoil_twos(paragraph: &str, number: usize, dice: &mut Dice, planted: &mut Vec<Planted>) -> String {
    let mut chars: Vec<char> = paragraph.chars().collect();
    let mut at = 4 + dice.below(APART);
    while at + 3 < chars.len() {
        let second = at + 1 + usize::from(dice.share() < BETWEEN);
        if chars[at..=second].iter().all(|c| is_han(*c)) {
            let shape = dice.share() < 0.75;
            let other = |c: char, dice: &mut Dice| if shape { by_shape(c, dice) } else { by_sound(c, dice) };
            if let (Some(a), Some(b)) = (other(chars[at], dice), other(chars[second], dice)) {
                let byte = |n: usize| chars[..n].iter().map(|c| c.len_utf8()).sum();
                planted.push(Planted {
                    line: number,
                    at: byte(at),
                    change: Change::Both,
                    reading: Some(chars[at]),
                    second: Some((byte(second) + a.len_utf8() - chars[at].len_utf8(), chars[second])),
                });
                (chars[at], chars[second]) = (a, b);
            }
        }
        at = second + APART / 2 + dice.below(APART);
    }
    chars.into_iter().collect()
}

fn case_at(suspect: &Suspect, line: &Line, error: &Planted) -> Option<Case> {
    let site = line.starts.partition_point(|s| *s < error.at);
    if suspect.at.abs_diff(site) > 2 {
        return None;
    }
    let same_place = suspect.at == site || error.change == Change::Delete && suspect.at.abs_diff(site) <= 1;
    if suspect.change == Change::Both {
        let at = |i: usize| line.starts.get(i).copied();
        let second = suspect.second.and_then(|(i, c)| Some((at(i)?, c)));
        let right =
            error.second.is_some() && second == error.second && suspect.at == site && suspect.reading == error.reading;
        return Some(Case { kind: kind_of(suspect), evidence: suspect.evidence, right, weight: 1.0 });
    }
    let right =
        same_place && suspect.change == error.change && (error.reading.is_none() || suspect.reading == error.reading);
    Some(Case { kind: kind_of(suspect), evidence: suspect.evidence, right, weight: if right { 1.0 } else { BESIDE } })
}

/// Puts errors into a paragraph and notes them.
fn spoil(
    paragraph: &str,
    number: usize,
    judge: &Judge,
    habits: &Habits,
    dice: &mut Dice,
    planted: &mut Vec<Planted>,
) -> String {
    let chars: Vec<char> = paragraph.chars().collect();
    let mut out = String::with_capacity(paragraph.len());
    let mut next = 4 + dice.below(APART);
    let mut i = 0;
    while let Some(c) = chars.get(i).copied() {
        let following = chars.get(i + 1).copied();
        if i < next || !is_han(c) || following.is_none() {
            out.push(c);
            i += 1;
            continue;
        }
        let at = out.len();
        let mut note = |change, reading| planted.push(Planted { line: number, at, change, reading, second: None });
        let mut luck = dice.share();
        let before = i.checked_sub(1).and_then(|b| chars.get(b)).copied();
        let fluently = dice.share() < FLUENT;
        if fluently {
            luck = REPLACED;
        }
        let other = match luck {
            _ if fluently => by_fluency(before, following, c, judge, dice),
            x if x < 0.34 => by_shape(c, dice),
            x if x < 0.45 => by_sound(c, dice),
            x if x < 0.56 => by_word(&chars, i, dice),
            x if x < 0.68 => by_drift(before, following, c, judge, habits, dice),
            _ => None,
        };
        match (luck, other, following) {
            (x, Some(other), _) if x < 0.68 => {
                note(Change::Replace, Some(c));
                out.push(other);
            }
            (x, _, _) if (0.68..0.88).contains(&x) => note(Change::Insert, Some(c)),
            (x, _, _) if (0.88..0.95).contains(&x) => {
                note(Change::Delete, None);
                out.extend([c, c]);
            }
            (x, _, Some(b)) if x >= 0.95 && b != c && is_han(b) => {
                note(Change::Swap, None);
                out.extend([b, c]);
                i += 1;
            }
            _ => out.push(c),
        }
        i += 1;
        next = i + APART / 2 + dice.below(APART);
    }
    out
}

/// Another character, drawn by the likeness of its glyph: sixteen steps double its odds.
fn by_shape(c: char, dice: &mut Dice) -> Option<char> {
    draw(
        Channel::embedded().near(c).map(|n| {
            let odds = if n.shape == 0 { 0.0 } else { (f32::from(n.shape) / 16.0).exp2() };
            (n.character, odds * f32::from(1 + n.seen / 3))
        }),
        dice,
    )
}

/// Another character, drawn by sound: the same syllable mostly.
fn by_sound(c: char, dice: &mut Dice) -> Option<char> {
    let common = |c: char| Judge::embedded().model().single(Judge::embedded().model().vocabulary().symbol(c));
    draw(
        Channel::embedded().near(c).map(|n| {
            let odds = match n.sound {
                224.. => 10.0,
                160.. => 3.0,
                96.. => 1.0,
                _ => 0.0,
            };
            (n.character, odds * 10f32.powf(0.6 * common(n.character)))
        }),
        dice,
    )
}

/// Another character of like sound that makes another word of the dictionary: so a typist errs who picks the wrong one of
/// a list.
fn by_word(chars: &[char], at: usize, dice: &mut Dice) -> Option<char> {
    let from = at.saturating_sub(*LENGTHS.end() - 1);
    let mut text = chars.get(from..(at + *LENGTHS.end()).min(chars.len()))?.to_vec();
    let near: Vec<_> = Channel::embedded().near(chars[at]).filter(|n| n.sound >= 96).collect();
    let odds = near.into_iter().map(|n| {
        text[at - from] = n.character;
        let word = Lexicon::embedded().covering(&text, at - from);
        let like = if n.sound >= 224 { 4.0 } else { 1.0 };
        (n.character, if word.length > 0 { like * (0.4 * f32::from(word.level)).exp2() } else { 0.0 })
    });
    draw(odds.collect::<Vec<_>>().into_iter(), dice)
}

/// Another character that makes a usual pair with a neighbour where the document has the right pair again.
fn by_drift(
    before: Option<char>,
    after: Option<char>,
    c: char,
    judge: &Judge,
    habits: &Habits,
    dice: &mut Dice,
) -> Option<char> {
    let vocabulary = judge.model().vocabulary();
    let symbol = |c: Option<char>| c.map_or(0, |c| vocabulary.symbol(c));
    let (l, m, r) = (symbol(before), vocabulary.symbol(c), symbol(after));
    let to_the_right = habits.pair(m, r) >= 3;
    if !to_the_right && habits.pair(l, m) < 3 {
        return None;
    }
    let fits = |v: char| {
        let s = vocabulary.symbol(v);
        let bond = if to_the_right {
            judge.model().after_one(s, r) - judge.model().single(r)
        } else {
            judge.model().after_one(l, s) - judge.model().single(s)
        };
        let run = if to_the_right { [s, r] } else { [l, s] };
        if judge.model().knows(&run) && bond > 1.0 { 1.0 } else { 0.0 }
    };
    let all = vocabulary.characters().iter().copied().filter(|v| is_han(*v) && *v != c);
    draw(all.map(|v| (v, fits(v))), dice)
}

/// Another character that makes a word with a neighbour as good as the one that stood there, whatever it looks or sounds like: so a
/// fluent reader errs.
fn by_fluency(before: Option<char>, after: Option<char>, c: char, judge: &Judge, dice: &mut Dice) -> Option<char> {
    let (model, vocabulary) = (judge.model(), judge.model().vocabulary());
    let symbol = |c: Option<char>| c.map_or(0, |c| vocabulary.symbol(c));
    let (l, m, r) = (symbol(before), vocabulary.symbol(c), symbol(after));
    let to_the_right = |s| model.after_one(s, r) - model.single(r);
    let to_the_left = |s| model.after_one(l, s) - model.single(s);
    let right = to_the_right(m) >= to_the_left(m);
    let bond = |s| if right { to_the_right(s) } else { to_the_left(s) };
    if bond(m) < 1.0 {
        return None;
    }
    let fits = |v: char| {
        let s = vocabulary.symbol(v);
        let run = if right { [s, r] } else { [l, s] };
        if model.knows(&run) && bond(s) > 1.5 { 10f32.powf(0.5 * model.single(s)) } else { 0.0 }
    };
    let all = vocabulary.characters().iter().copied().filter(|v| is_han(*v) && *v != c);
    draw(all.map(|v| (v, fits(v))), dice)
}

fn draw(odds: impl Iterator<Item = (char, f32)>, dice: &mut Dice) -> Option<char> {
    let odds: Vec<(char, f32)> = odds.filter(|(_, o)| *o > 0.0).collect();
    let total: f32 = odds.iter().map(|o| o.1).sum();
    let mut left = dice.share() * total;
    for (c, o) in &odds {
        left -= o;
        if left <= 0.0 {
            return Some(*c);
        }
    }
    odds.last().map(|o| o.0)
}

/// The cases of a real pair: the places where the two texts differ.
fn of_pair(judge: &Judge, row: &Row) -> Vec<Case> {
    let (written, meant) = (row.source.as_str(), row.target.as_str());
    if written.chars().count() != meant.chars().count() {
        return Vec::new();
    }
    let line = judge.read(written, 0);
    let habits = Habits::of(std::slice::from_ref(&line));
    let wrong: Vec<(usize, char, char)> =
        written.char_indices().zip(meant.chars()).filter(|((_, a), b)| a != b).map(|((at, a), b)| (at, a, b)).collect();
    let mut errors: Vec<Planted> = Vec::new();
    for (n, (at, old, new)) in wrong.iter().enumerate() {
        let next = wrong.get(n + 1).filter(|w| w.0 == at + old.len_utf8() && w.1 == *new && w.2 == *old);
        let turned = n
            .checked_sub(1)
            .and_then(|p| wrong.get(p))
            .is_some_and(|w| w.1 == *new && w.2 == *old && w.0 + w.1.len_utf8() == *at);
        let (change, reading) = if next.is_some() { (Change::Swap, None) } else { (Change::Replace, Some(*new)) };
        if !turned {
            errors.push(Planted { line: 0, at: *at, change, reading, second: None });
        }
        // The next wrong one, and the next but one, if at most one right character lies between.
        for (at_second, _, meant) in wrong.iter().skip(n + 1).take(2) {
            if written.get(at + old.len_utf8()..*at_second).is_some_and(|between| between.chars().count() <= 1) {
                let second = Some((*at_second, *meant));
                errors.push(Planted { line: 0, at: *at, change: Change::Both, reading: Some(*new), second });
            }
        }
    }
    let cases = judge.proposals_of(&line, &habits).into_iter().map(|s| {
        let near = errors.iter().filter_map(|e| case_at(&s, &line, e));
        let best = near.max_by_key(|c| c.right);
        best.unwrap_or(Case { kind: kind_of(&s), evidence: s.evidence, right: false, weight: 1.0 })
    });
    cases.map(|c| Case { weight: c.weight * REAL, ..c }).collect()
}

/// Grows a forest by gradient boosting on the logistic loss.
fn grow(cases: &[&Case], names: &[&str], luck: u64) -> Forest {
    let borders: Vec<Vec<f32>> = (0..FEATURES).map(|f| borders(cases, f)).collect();
    let step = |f: usize, v: f32| borders[f].partition_point(|b| *b < v) as u8;
    let binned: Vec<Vec<u8>> =
        (0..FEATURES).into_par_iter().map(|f| cases.iter().map(|c| step(f, c.evidence[f])).collect()).collect();
    let positive: f32 = cases.iter().filter(|c| c.right).map(|c| c.weight).sum();
    let total: f32 = cases.iter().map(|c| c.weight).sum();
    let start = (positive.max(1.0) / (total - positive).max(1.0)).ln();
    let mut forest = Forest { features: FEATURES, start, trees: Vec::new() };
    if positive < 50.0 {
        return forest;
    }
    let mut scores = vec![start; cases.len()];
    let mut used = [0.0f32; FEATURES];
    let mut dice = Dice(SplitMix64(GROWN ^ (luck * OTHERWISE)));
    for _ in 0..TREES {
        let drawn: Vec<u32> = (0..cases.len() as u32).filter(|_| dice.share() < DRAWN).collect();
        let asked: Vec<usize> = (0..FEATURES).filter(|_| dice.share() < ASKED).collect();
        let slopes: Vec<(f32, f32)> = drawn
            .par_iter()
            .map(|row| {
                let (case, score) = (cases[*row as usize], scores[*row as usize]);
                let p = 1.0 / (1.0 + (-score).exp());
                ((f32::from(u8::from(case.right)) - p) * case.weight, (p * (1.0 - p)).max(1e-4) * case.weight)
            })
            .collect();
        let mut leaves = vec![0u16; drawn.len()];
        let mut tree = Tree::default();
        let mut cuts: Vec<(usize, usize)> = Vec::new();
        for depth in 0..DEPTH {
            let best = asked
                .par_iter()
                .filter_map(|f| {
                    let bins = drawn.iter().map(|row| binned[*f][*row as usize]);
                    best_cut(bins, &slopes, &leaves, depth, borders[*f].len()).map(|(g, cut)| (g, *f, cut))
                })
                .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
            let Some((gain, feature, cut)) = best else { break };
            used[feature] += gain;
            tree.questions.push((feature as u8, borders[feature][cut]));
            cuts.push((feature, cut));
            let bins = &binned[feature];
            leaves
                .par_iter_mut()
                .zip(&drawn)
                .for_each(|(l, row)| *l |= u16::from(usize::from(bins[*row as usize]) > cut) << depth);
        }
        if tree.questions.is_empty() {
            continue;
        }
        // All trees of a forest are of one depth: a question that is never answered with yes changes nothing.
        tree.questions.resize(DEPTH, (0, f32::MAX));
        let mut sums = vec![(0.0f32, 0.0f32); 1 << DEPTH];
        for (leaf, slope) in leaves.iter().zip(&slopes) {
            sums[usize::from(*leaf)].0 += slope.0;
            sums[usize::from(*leaf)].1 += slope.1;
        }
        tree.leaves = sums.iter().map(|(g, h)| (RATE * g / (h + SHRINK)).clamp(-STEP, STEP)).collect();
        scores.par_iter_mut().enumerate().for_each(|(row, score)| {
            let yes =
                |(depth, (f, cut)): (usize, &(usize, usize))| usize::from(usize::from(binned[*f][row]) > *cut) << depth;
            *score += tree.leaves[cuts.iter().enumerate().map(yes).sum::<usize>()];
        });
        forest.trees.push(tree);
    }
    let mut by_use: Vec<(f32, &str)> = used.iter().copied().zip(names.iter().copied()).collect();
    by_use.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all: f32 = used.iter().sum();
    for (gain, name) in by_use.iter().take(14) {
        println!("  {:5.1} %  {name}", 100.0 * gain / all.max(1.0));
    }
    let loss: f32 =
        cases.iter().zip(&scores).map(|(c, s)| c.weight * (1.0 + (if c.right { -s } else { *s }).exp()).ln()).sum();
    println!("  {} cases, {} right, loss {:.4}", cases.len(), cases.iter().filter(|c| c.right).count(), loss / total);
    forest
}

/// Borders between the steps of a feature: values that part the cases evenly, those of right cases as well as of all.
fn borders(cases: &[&Case], feature: usize) -> Vec<f32> {
    let mut all: Vec<f32> = cases.iter().map(|c| c.evidence[feature]).collect();
    let mut right: Vec<f32> = cases.iter().filter(|c| c.right).map(|c| c.evidence[feature]).collect();
    let mut borders = Vec::new();
    for values in [&mut all, &mut right] {
        values.sort_by(f32::total_cmp);
        borders.extend((1..STEPS / 2).filter_map(|n| values.get(n * values.len() / (STEPS / 2)).copied()));
    }
    borders.sort_by(f32::total_cmp);
    borders.dedup();
    borders
}

/// The cut of a feature that parts all leaves best, by second-order gain.
fn best_cut(
    bins: impl Iterator<Item = u8>,
    slopes: &[(f32, f32)],
    leaves: &[u16],
    depth: usize,
    cuts: usize,
) -> Option<(f32, usize)> {
    let width = cuts + 1;
    let mut sums = vec![(0.0f32, 0.0f32); width << depth];
    for ((bin, slope), leaf) in bins.zip(slopes).zip(leaves) {
        let place = &mut sums[usize::from(*leaf) * width + usize::from(bin)];
        place.0 += slope.0;
        place.1 += slope.1;
    }
    let worth = |g: f32, h: f32| g * g / (h + SHRINK);
    let mut gains = vec![0.0f32; cuts];
    for leaf in sums.chunks(width) {
        let (g, h) = leaf.iter().fold((0.0, 0.0), |s, v| (s.0 + v.0, s.1 + v.1));
        let (mut lg, mut lh) = (0.0, 0.0);
        for (cut, gain) in gains.iter_mut().enumerate() {
            lg += leaf[cut].0;
            lh += leaf[cut].1;
            if lh > LEAF && h - lh > LEAF {
                *gain += worth(lg, lh) + worth(g - lg, h - lh) - worth(g, h);
            }
        }
    }
    let best = gains.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (best.1 > 1e-3).then_some((best.1, best.0))
}
