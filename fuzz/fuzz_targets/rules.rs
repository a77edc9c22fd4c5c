//! Any text as a rule file and as a word list: read or refused, and what is read runs.

#![no_main]

use kanwu::pipeline::{Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|file: &str| {
    for folder in ["typos", "lint", "words"] {
        let mut rules = RuleSet::default();
        if rules.add_tree(&mut [(format!("rules/{folder}/a.toml"), file.to_owned())]).is_ok() {
            let source = Source::from_text("a", "a.md", "# 草原上的冬储\n\n牧民们忙着打草、运草，为牲畜过冬做准备。\n");
            drop(clean(&source, &rules, &Decisions::default(), Policy::default()));
        }
    }
});
