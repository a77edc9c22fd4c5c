//! Every rule proves itself on its own examples, and every rule file says what the house asks of it.

use kanwu::finding::{Applicability, Finding, Status};
use kanwu::pipeline::{Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::{KindName, Layout, Rule, RuleSet, Text};
use kanwu::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn rules() -> RuleSet {
    RuleSet::built_in().unwrap_or_else(|e| panic!("{}: {}", e.message, e.hint))
}

fn run(rules: &RuleSet, text: &str, apply: Applicability) -> (String, Vec<Finding>) {
    let source = Source::from_text("2019-10-23", "2019-10-23.md", text);
    let decisions = Decisions::default();
    let run = clean(&source, rules, &decisions, Policy { apply: Some(apply), ..Policy::default() });
    (run.clean().to_owned(), run.findings.clone())
}

fn speaks(findings: &[Finding]) -> bool {
    findings.iter().any(|f| matches!(f.status, Status::Open | Status::Applied | Status::Accepted))
}

/// Rules that no example in a text file can bring to speak, each with the test that does.
const PROVED_ELSEWHERE: [(&str, &str); 8] = [
    ("ENC001", "broken bytes are not text: tests/reading.rs"),
    ("LAY002", "one text is one page: tests/layout.rs"),
    ("TYP080", "a text has one reading: tests/collation.rs"),
    ("TYP081", "a text has one reading: tests/collation.rs"),
    ("TYP082", "a text has one reading: tests/collation.rs"),
    ("TYP083", "a text has one reading: tests/collation.rs"),
    ("REV001", "it speaks of what was decided: tests/recall.rs"),
    ("ENC002", "a second encoding in one file is not text: tests/reading.rs"),
];

/// What is wrong with the examples of a rule, run through the whole pipeline with nothing else switched on.
fn faults(all: &RuleSet, rule: &Rule) -> Vec<String> {
    let mut only = all.clone();
    only.switch(|r| r.code == rule.code);
    let mut out = Vec::new();
    let mut say = |what: &str, text: &str, got: String| {
        out.push(format!("{} ({}): {what}\n   {text:?}\n   {got}", rule.code, rule.file))
    };
    for test in &rule.tests {
        if let Some(bad) = &test.bad {
            let (_, findings) = run(&only, bad, Applicability::Safe);
            if !speaks(&findings) {
                say("finds nothing in bad", bad, String::new());
            }
            if let Some(good) = &test.good {
                // With every proposal carried out, the first fixes must give the good text.
                let (text, _) = run(&only, bad, Applicability::Suggested);
                if text.trim_end() != good.trim_end() {
                    say("the fixes of bad do not give good", bad, format!("{text:?} instead of {good:?}"));
                }
            }
        }
        if let Some(good) = &test.good {
            let (_, findings) = run(&only, good, Applicability::Safe);
            if speaks(&findings) {
                say(
                    "finds something in good",
                    good,
                    format!("{:?}", findings.iter().map(|f| (f.span, &f.fixes)).collect::<Vec<_>>()),
                );
            }
        }
    }
    let exempt = PROVED_ELSEWHERE.iter().any(|(code, _)| *code == rule.code);
    if !exempt && !rule.tests.iter().any(|t| t.bad.is_some()) {
        say("has no bad example", "", String::new());
    }
    out
}

#[test]
fn every_rule_passes_its_own_examples() {
    let all = rules();
    let faults: Vec<String> = all.iter().flat_map(|(_, rule)| faults(&all, rule)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_allowed_text_is_left_alone() {
    let all = rules();
    for (_, rule) in all.iter() {
        let mut only = all.clone();
        only.switch(|r| r.code == rule.code);
        for allowed in &rule.allow {
            let (_, findings) = run(&only, &allowed.text, Applicability::Safe);
            assert!(!speaks(&findings), "{}: {:?}", rule.code, allowed.text);
        }
    }
}

fn slots(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn every_rule_speaks_both_languages_with_the_same_slots() {
    for (_, rule) in rules().iter() {
        let texts: Vec<&Text> = [&rule.message, &rule.why].into_iter().chain(rule.evidence.values()).collect();
        for text in texts {
            assert!(!text.zh.trim().is_empty() && !text.en.trim().is_empty(), "{}", rule.file);
            assert_eq!(slots(&text.zh), slots(&text.en), "{}: {text:?}", rule.file);
            assert!(text.zh.chars().any(kanwu::text::is_han), "{}: no Chinese in {:?}", rule.file, text.zh);
            assert!(!text.en.is_empty(), "{}", rule.file);
        }
    }
}

#[test]
fn codes_and_names_are_unique_and_files_are_named_after_the_code() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (_, rule) in rules().iter() {
        for key in [&rule.code, &rule.name] {
            if let Some(other) = seen.insert(key.clone(), rule.file.clone()) {
                panic!("{key} is both {other} and {}", rule.file);
            }
        }
        let stem = Path::new(&rule.file).file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        assert!(stem.starts_with(&format!("{}-", rule.code)), "{}", rule.file);
        let stage = Layout::STAGES.iter().zip(["ENC", "NOR", "LAY", "STR", "DUP", "TYP", "LNT", "REV"]);
        let prefix = stage.into_iter().find(|(s, _)| **s == rule.stage).map(|(_, p)| p);
        assert_eq!(rule.code.get(..3), prefix, "{}: the code does not fit the stage", rule.file);
    }
    // A file that is there twice under one code would replace the other unseen.
    let files = toml_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"));
    let count = files.iter().filter(|f| f.parent().and_then(|p| p.file_name()).is_some_and(|n| n != "words")).count();
    assert_eq!(count, rules().iter().count(), "two rule files have one code");
}

fn toml_files(folder: &Path) -> Vec<std::path::PathBuf> {
    files(folder, "toml")
}

fn files(folder: &Path, extension: &str) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            out.push(path);
        }
    }
    out
}

/// `GB/T 15834-2011 4.4`, several joined by `; `, or a table by its name and year.
fn is_clause(clause: &str) -> bool {
    let number = |n: &str| !n.is_empty() && n.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    clause.split("; ").all(|part| {
        let standard = part.strip_prefix("GB/T ").and_then(|rest| rest.split_once(' '));
        match standard {
            Some((name, clauses)) => {
                let (digits, year) = name.split_once('-').unwrap_or((name, "2011"));
                let plain = |s: &str| !s.is_empty() && s.chars().all(|c| c.is_ascii_digit() || c == '.');
                plain(digits) && plain(year) && clauses.split(", ").all(number)
            }
            None => !part.starts_with("GB") && !part.trim().is_empty(),
        }
    })
}

#[test]
fn clauses_have_one_form() {
    for (_, rule) in rules().iter() {
        let clause = rule.clause.as_deref();
        assert!(clause.is_none_or(is_clause), "{}: {clause:?} is not like “GB/T 15834-2011 4.4”", rule.file);
    }
}

#[test]
fn built_in_rules_and_the_code_know_each_other() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code: String = files(&root.join("src"), "rs").iter().filter_map(|f| std::fs::read_to_string(f).ok()).collect();
    let used: BTreeSet<&str> = code
        .split('"')
        .filter(|s| s.len() == 6 && s.is_char_boundary(3))
        .filter(|s| s[..3].bytes().all(|b| b.is_ascii_uppercase()) && s[3..].bytes().all(|b| b.is_ascii_digit()))
        .collect();
    let all = rules();
    let built_in: BTreeSet<&str> =
        all.iter().filter(|(_, r)| r.kind.name() == KindName::BuiltIn).map(|(_, r)| r.code.as_str()).collect();
    let unused: Vec<_> = built_in.difference(&used).collect();
    assert!(unused.is_empty(), "no code asks for these built-in rules: {unused:?}");
    let ours = |code: &&&str| ["ENC", "NOR", "LAY", "STR", "DUP", "TYP", "LNT", "REV"].contains(&&code[..3]);
    let known: BTreeSet<&str> = all.iter().map(|(_, r)| r.code.as_str()).collect();
    let missing: Vec<_> = used.difference(&known).filter(ours).collect();
    assert!(missing.is_empty(), "the code asks for rules that have no file: {missing:?}");
}

#[test]
fn word_lists_say_what_they_are() {
    for (name, words) in rules().word_lists() {
        assert!(words.about.trim().chars().count() >= 20, "words/{name}.toml: `about` says too little");
        let mut seen = BTreeSet::new();
        for word in &words.words {
            assert!(!word.is_empty() && seen.insert(word), "words/{name}.toml: {word:?} twice or empty");
        }
    }
}

fn error_of(path: &str, text: &str) -> kanwu::error::Error {
    let mut set = rules();
    match set.add_tree(&mut [(path.to_owned(), text.to_owned())]) {
        Err(error) => error,
        Ok(()) => panic!("{path} was taken:\n{text}"),
    }
}

const HEAD: &str = "code = \"TYP900\"\nname = \"example\"\ncategory = \"typo\"\napplicability = \"suggested\"\n\
    message = { zh = \"例\", en = \"example\" }\nwhy = { zh = \"例\", en = \"example\" }\n";

#[test]
fn bad_rule_files_are_named_with_line_and_field() {
    let cases = [
        ("kind = \"pattern\"\npattern = \"(\"\n", ":8:1: `pattern`: not a regular expression: unclosed group"),
        ("kind = \"pattern\"\npattern = \"\\\\d{1000}{1000}{100}\"\n", ":8:1: `pattern`: the expression is too large"),
        ("kind = \"pattern\"\npattern = \"a*\"\n", ":8:1: `pattern`: the expression matches the empty text"),
        ("kind = \"confusion\"\nwrong = \"甲\"\nright = [\"甲\"]\n", ":9:1: `right`"),
        ("kind = \"confusion\"\nwrong = \"甲\"\nright = [\"乙\"]\nunless = [\"丙\"]\n", ":10:1: `unless`"),
        ("kind = \"confusion\"\nwrong = \"甲\"\npattern = \"乙\"\n", ":9:1: `pattern`: kind `confusion` has no field"),
        ("kind = \"wording\"\n", ":7:1: `kind`"),
        ("kind = \"title\"\nlist = \"no-such-list\"\n", "there is no word list `no-such-list`"),
        ("kind = \"magic\"\n", ":7:8: unknown variant `magic`"),
        ("kind = \"built-in\"\ncolour = 1\n", ":8:1: unknown field `colour`"),
    ];
    for (tail, want) in cases {
        let error = error_of("desk/typos/TYP900-example.toml", &format!("{HEAD}{tail}"));
        assert!(error.message.contains(want), "{tail}\n  wanted {want}\n  got    {}", error.message);
        assert!(error.message.starts_with("desk/typos/TYP900-example.toml"), "{}", error.message);
        assert!(!error.hint.is_empty(), "{}", error.message);
    }
    let error = error_of("desk/TYP900-example.toml", HEAD);
    assert!(error.message.contains("not in a folder of rules"), "{}", error.message);
}

#[test]
fn texts_that_the_desk_accepts_are_left_alone() {
    let mut set = rules();
    let accept = "about = \"what this desk has settled\"\nwords = [\"女子64-69公斤级\"]\n";
    set.add_tree(&mut [("desk/words/accept.toml".to_owned(), accept.to_owned())]).expect("a good list");
    set.switch(|r| r.code == "LNT050");
    assert!(!speaks(&run(&set, "女子64-69公斤级首轮比赛。", Applicability::Safe).1));
    assert!(speaks(&run(&set, "男子64-69公斤级首轮比赛。", Applicability::Safe).1));
}
