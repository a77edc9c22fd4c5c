//! Decisions survive: what was decided holds, or is asked again, when the rules say it in other words, when a paragraph is
//! added, and when the rest of the issue is read anew with other errors; and nothing is ever applied in another place.
//!
//! `KANWU_SURVIVAL=TRAY cargo test --release --test survival -- --nocapture` measures it on the issues of a tray.

use kanwu::finding::{Finding, Status};
use kanwu::pipeline::{Policy, Run, clean};
use kanwu::reader::{self, ReadOptions};
use kanwu::review::{Decision, Decisions, Scope, Signature, Verdict, decision};
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::text::SourceSpan;
use std::path::PathBuf;

const SEED_ISSUE: &str = include_str!("../input/2019-10-23.md");

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// What became of decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Fate {
    /// In force in its place.
    holds: usize,
    /// Another decision replaced the text it speaks of.
    covered: usize,
    /// Nothing is found there any more, and the decision was to leave it as it is.
    moot: usize,
    /// Asked again in its place.
    stale: usize,
    /// Asked again elsewhere.
    astray: usize,
    /// Kept and listed.
    lost: usize,
    /// Applied or refused in another place.
    wrong: usize,
}

impl Fate {
    fn add(&mut self, other: Fate) {
        self.holds += other.holds;
        self.covered += other.covered;
        self.moot += other.moot;
        self.stale += other.stale;
        self.astray += other.astray;
        self.lost += other.lost;
        self.wrong += other.wrong;
    }

    fn all(&self) -> usize {
        self.kept_in_place() + self.astray + self.lost + self.wrong
    }

    fn kept_in_place(&self) -> usize {
        self.holds + self.covered + self.moot + self.stale
    }

    /// Share, in percent, that holds or is asked again in its place.
    fn kept(&self) -> f64 {
        self.kept_in_place() as f64 * 100.0 / self.all().max(1) as f64
    }
}

/// Everything that waits is decided at random; each decision has a name of its own, to see where it ends up.
fn decide_all(run: &Run, rules: &RuleSet, draw: &mut Draw) -> (Decisions, Vec<SourceSpan>) {
    let (mut log, mut places) = (Vec::new(), Vec::new());
    for (n, finding) in run.findings.iter().enumerate().filter(|(_, f)| f.status == Status::Open) {
        let (verdict, text) = match draw.below(5) {
            0 | 1 => (Verdict::Reject, String::new()),
            2 => (Verdict::Edit, "另作".to_owned()),
            _ => match finding.fixes.get(draw.below(finding.fixes.len())) {
                Some(fix) if !fix.is_empty() => (Verdict::Accept, fix.to_string()),
                _ => (Verdict::Accept, String::new()),
            },
        };
        let who = Signature { by: format!("d{}", log.len()), ..Signature::default() };
        log.extend(decision(run, rules, n, (verdict, &text, Scope::Once), &who));
        places.push(finding.span);
    }
    (Decisions { log, lines: Vec::new() }, places)
}

/// Says what was lost, where it is measured.
fn lost(decision: &Decision) {
    if std::env::var_os("KANWU_SURVIVAL").is_some() {
        let anchor = &decision.anchor;
        println!("  lost: {} {:?} {} …{}", anchor.rule, decision.verdict, anchor.quote, anchor.after);
    }
}

/// Follows every decision into another run. `moved` tells where a place of the first source stands in the second.
fn fates(run: &Run, log: &Decisions, places: &[SourceSpan], moved: impl Fn(SourceSpan) -> SourceSpan) -> Fate {
    let mut fate = Fate::default();
    let named = |f: &&Finding, n: usize| f.decided_by.as_deref() == Some(&format!("d{n}"));
    for (n, (decision, place)) in log.log.iter().zip(places).enumerate() {
        let found: Vec<&Finding> = run.findings.iter().filter(|f| named(f, n)).collect();
        let here = |f: &Finding| f.span == moved(*place);
        let Some(finding) = found.first() else {
            let replaced = |f: &Finding| f.status == Status::Accepted && f.span.overlaps(moved(*place));
            match decision.verdict {
                _ if run.findings.iter().any(replaced) => fate.covered += 1,
                Verdict::Reject => fate.moot += 1,
                _ => {
                    fate.lost += 1;
                    lost(decision);
                }
            }
            continue;
        };
        match finding.status {
            Status::Stale if here(finding) => fate.stale += 1,
            Status::Stale => fate.astray += 1,
            Status::Superseded if here(finding) => fate.covered += 1,
            _ if here(finding) => fate.holds += 1,
            _ => {
                fate.wrong += 1;
                lost(decision);
            }
        }
        fate.wrong += found.len() - 1;
    }
    fate
}

/// The rules with other words.
fn reworded() -> RuleSet {
    let mut rules = RuleSet::built_in().unwrap();
    let mut files: Vec<(String, String)> = rules
        .iter()
        .map(|(_, rule)| (rule.file.clone(), rule.toml.replacen("message = { zh = \"", "message = { zh = \"另：", 1)))
        .collect();
    rules.add_tree(&mut files).unwrap_or_else(|e| panic!("{e}"));
    rules
}

/// The text with `percent` of its Han characters, those of the decided places aside, replaced by others of the text.
fn noisy(text: &str, places: &[SourceSpan], percent: usize, draw: &mut Draw) -> String {
    let han: Vec<char> = text.chars().filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).collect();
    let free = |at: usize| !places.iter().any(|p| p.start <= at && at < p.end.max(p.start + 1));
    let change = |(at, c): (usize, char)| {
        let hit = han.contains(&c) && free(at) && draw.below(100) < percent;
        if hit { han.get(draw.below(han.len())).copied().unwrap_or(c) } else { c }
    };
    text.char_indices().map(change).collect()
}

/// Measures one issue: unchanged, reworded, a paragraph added before, noise around.
fn measure(source: &Source, seed: u64) -> [Fate; 4] {
    let rules = RuleSet::built_in().unwrap();
    let draw = &mut Draw(seed);
    let first = clean(source, &rules, &Decisions::default(), Policy::default());
    let (log, places) = decide_all(&first, &rules, draw);
    let same = clean(source, &rules, &log, Policy::default());
    let unchanged = fates(&same, &log, &places, |p| p);
    let other_words = clean(source, &reworded(), &log, Policy::default());
    let reworded = fates(&other_words, &log, &places, |p| p);
    let added = "# 新添的一版\n\n本报讯 昨日有雨，气温下降。\n\n";
    let longer = Source::from_text(&source.id, "a.md", format!("{added}{}", source.text));
    let moved = |p: SourceSpan| SourceSpan::new(p.start + added.len(), p.end + added.len());
    let after = fates(&clean(&longer, &rules, &log, Policy::default()), &log, &places, moved);
    // Han characters of the common block have three bytes each, so no place moves.
    let noise = Source::from_text(&source.id, "a.md", noisy(&source.text, &places, 2, draw));
    let around = fates(&clean(&noise, &rules, &log, Policy::default()), &log, &places, |p| p);
    [unchanged, reworded, after, around]
}

fn plain(id: &str, text: &str) -> Source {
    Source::from_text(id, "a.md", text)
}

#[test]
fn what_was_decided_of_the_real_issue_survives() {
    for seed in [1, 2] {
        let [unchanged, reworded, added, noise] = measure(&plain("2019-10-23", SEED_ISSUE), seed);
        assert!(unchanged.all() > 20, "{unchanged:?}");
        assert_eq!(unchanged.holds + unchanged.covered, unchanged.all(), "{unchanged:?}");
        assert_eq!(reworded, unchanged);
        for fate in [added, noise] {
            assert_eq!(fate.wrong, 0, "{fate:?}");
            assert!(fate.kept() >= 95.0, "{fate:?}");
        }
    }
}

#[test]
fn the_issues_of_a_tray_where_one_is_named() {
    let Some(tray) = std::env::var_os("KANWU_SURVIVAL") else { return };
    let tray = reader::discover(&[PathBuf::from(tray)], false).unwrap();
    let mut all = [Fate::default(); 4];
    for (n, issue) in tray.issues.iter().enumerate() {
        let source = reader::read(issue, &ReadOptions::default()).unwrap();
        let fates = measure(&plain(&issue.id, &source.text), 1000 + n as u64);
        println!("{}: {fates:?}", issue.id);
        all.iter_mut().zip(fates).for_each(|(sum, fate)| sum.add(fate));
    }
    for (what, fate) in ["unchanged", "reworded", "added before", "2 % noise"].iter().zip(all) {
        println!("{what:13} {:6.2} % kept of {}: {fate:?}", fate.kept(), fate.all());
    }
    assert!(all.iter().all(|fate| fate.wrong == 0 && fate.kept() >= 95.0));
}
