//! Any text through the whole house: no panic, no hang, and the edits explain the clean text.

#![no_main]

use kanwu::pipeline::{Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::text::apply;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::built_in().expect("the built-in rules are sound"));

fuzz_target!(|text: &str| {
    let source = Source::from_text("2019-10-23", "a.md", text);
    let run = clean(&source, &RULES, &Decisions::default(), Policy::default());
    let net: Vec<_> = run.document.applied().iter().map(|a| a.edit.clone()).collect();
    assert_eq!(apply(&source.text, &net), run.clean());
});
