//! The fuzz targets as property tests: no bytes, no rule file and no text may bring the library to panic or to hang.
//!
//! Each runs for a second; `KANWU_FUZZ_SECONDS=600 cargo test --release --test long` runs each for ten minutes.

mod generate;

use kanwu::pipeline::{Policy, clean};
use kanwu::reader::{ReadOptions, read_bytes};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::text::apply;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Debug;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::built_in().expect("the built-in rules are sound"));

/// No case of these sizes may take longer than this: a case that does is a hang.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a property on new values until the time is up.
fn for_a_while<S: Strategy>(values: S, holds: impl Fn(S::Value) -> Result<(), TestCaseError>)
where
    S::Value: Debug,
{
    let seconds = std::env::var("KANWU_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let until = Instant::now() + Duration::from_secs(seconds);
    // No file of regressions: what is found becomes a test of its own.
    let mut runner = TestRunner::new(Config { cases: 32, failure_persistence: None, ..Config::default() });
    while Instant::now() < until {
        let outcome = runner.run(&values, |value| {
            let from = Instant::now();
            holds(value)?;
            prop_assert!(from.elapsed() < PATIENCE, "took {:?}", from.elapsed());
            Ok(())
        });
        outcome.unwrap_or_else(|e| panic!("{e}"));
    }
}

fn through_the_house(source: &Source) -> Result<(), TestCaseError> {
    let run = clean(source, &RULES, &Decisions::default(), Policy::default());
    let net: Vec<_> = run.document.applied().iter().map(|a| a.edit.clone()).collect();
    prop_assert_eq!(apply(&source.text, &net), run.clean());
    Ok(())
}

/// Bytes that look like text for a while.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let encoded =
        (generate::text(), select(vec!["UTF-8", "gb18030", "Big5", "UTF-16LE", "Shift_JIS"])).prop_map(|(t, name)| {
            encoding_rs::Encoding::for_label(name.as_bytes()).map_or_else(Vec::new, |e| e.encode(&t).0.into_owned())
        });
    let noise = proptest::collection::vec(any::<u8>(), 0..64);
    proptest::collection::vec(prop_oneof![3 => encoded, 1 => noise], 0..4).prop_map(|p| p.concat())
}

#[test]
fn any_bytes_are_decoded_and_given_back() {
    for_a_while(bytes(), |bytes| {
        if let Ok(source) = read_bytes("a", "a.md", &bytes, &ReadOptions::default()) {
            prop_assert_eq!(source.bytes_of(0), Some(bytes));
            through_the_house(&source)?;
        }
        Ok(())
    });
}

#[test]
fn any_text_goes_through_the_house() {
    for_a_while(generate::text(), |text| through_the_house(&Source::from_text("2019-10-23", "a.md", text)));
}

/// The built-in rule files, as material.
fn rule_files() -> Vec<(String, String)> {
    fn walk(folder: &Path, out: &mut Vec<(String, String)>) {
        let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        entries.sort();
        for path in entries {
            match fs::read_to_string(&path) {
                Ok(text) => out.push((path.to_string_lossy().into_owned(), text)),
                Err(_) => walk(&path, out),
            }
        }
    }
    let mut out = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"), &mut out);
    out
}

/// A rule file with lines lost, doubled, or given another value.
fn spoiled() -> impl Strategy<Value = (String, String)> {
    let value = prop_oneof![
        "[^\n]{0,24}",
        select(vec![
            "\"\"",
            "\"(((\"",
            "\"a{1000}{1000}\"",
            "[]",
            "[\"\"]",
            "{ zh = \"{\", en = \"}\" }",
            "\"pattern\"",
            "\"safe\"",
            "true",
            "-1"
        ])
        .prop_map(str::to_owned),
    ];
    (select(rule_files()), proptest::collection::vec((any::<u16>(), 0u8..4, value), 0..5)).prop_map(
        |((path, text), changes)| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            for (at, what, value) in changes {
                let at = usize::from(at) % lines.len().max(1);
                let Some(line) = lines.get(at).cloned() else { break };
                match what {
                    0 => drop(lines.remove(at)),
                    1 => lines.insert(at, line),
                    2 => lines[at] = format!("{} = {value}", line.split('=').next().unwrap_or("").trim()),
                    _ => lines[at] = value,
                }
            }
            (path, lines.join("\n"))
        },
    )
}

#[test]
fn any_rule_file_is_read_or_refused() {
    let text = Source::from_text("a", "a.md", "# 草原上的冬储\n\n牧民们忙着打草、运草，为牲畜过冬做准备。\n");
    for_a_while(proptest::collection::vec(spoiled(), 1..3), |mut files| {
        let mut rules = RULES.clone();
        match rules.add_tree(&mut files) {
            Ok(()) => drop(clean(&text, &rules, &Decisions::default(), Policy::default())),
            Err(e) => prop_assert!(!e.message.is_empty()),
        }
        Ok(())
    });
}
