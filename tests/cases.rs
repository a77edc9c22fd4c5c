//! Cases: a folder each. A bug report becomes one folder and needs no programming.
//!
//! `tests/cases/<slug>/input.md` (or a folder `input/` of pages) is cleaned; `clean.md` is the text that must come out
//! and `findings.txt` every finding that must stand, one a line: status, rule, line, quote and first fix. With
//! `KANWU_BLESS=1` the expectations are written instead of compared; read the difference before you commit it.

use kanwu::finding::Status;
use kanwu::pipeline::{Policy, clean};
use kanwu::reader::{Issue, ReadOptions, read};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::text::Ruler;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn show(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "␍").replace('\t', "⇥")
}

fn observe(folder: &Path, rules: &RuleSet) -> (String, String) {
    let file = folder.join("input.md");
    let path = if file.exists() { file } else { folder.join("input") };
    let issue = Issue { id: "case".to_owned(), path };
    let source = read(&issue, &ReadOptions::default()).expect("the case's input can be read");
    let run = clean(&source, rules, &Decisions::default(), Policy::default());
    let ruler = Ruler::new(&source.text);
    let mut findings = String::new();
    for f in &run.findings {
        let status = match f.status {
            Status::Applied => "applied",
            Status::Open => "open",
            Status::Superseded => "superseded",
            other => panic!("a case without decisions has a finding that is {other:?}"),
        };
        let fix = f.fixes.first().map_or(String::new(), |fix| format!(" → 「{}」", show(fix)));
        let line = ruler.place(f.span.start).line;
        let quote = show(f.span.of(&source.text));
        let _ = writeln!(findings, "{status} {} {line} 「{quote}」{fix}", rules.get(f.rule).code);
    }
    (run.clean().to_owned(), findings)
}

#[test]
fn every_case_folder_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let rules = RuleSet::built_in().expect("the built-in rules load");
    let bless = std::env::var_os("KANWU_BLESS").is_some();
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .expect("tests/cases is there")
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 12, "only {} cases found", folders.len());
    let mut wrong = String::new();
    for folder in &folders {
        let (clean, findings) = observe(folder, &rules);
        for (name, got) in [("clean.md", clean), ("findings.txt", findings)] {
            let path = folder.join(name);
            if bless {
                fs::write(&path, &got).expect("the expectation can be written");
            }
            let want = fs::read_to_string(&path).unwrap_or_default();
            if want != got {
                let _ = writeln!(wrong, "{}\n--- want\n{want}\n--- got\n{got}", path.display());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What the program wrote is already as the program would have it.
#[test]
fn a_second_run_over_a_case_changes_nothing() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = RuleSet::built_in().expect("the built-in rules load");
    let mut issues = vec![root.join("input/2019-10-23.md")];
    let folders = fs::read_dir(root.join("tests/cases")).expect("tests/cases is there");
    issues.extend(folders.filter_map(|e| Some(e.ok()?.path().join("clean.md"))).filter(|p| p.exists()));
    for path in issues {
        let text = fs::read_to_string(&path).expect("the text can be read");
        let source = Source::from_text("case", "case.md", text);
        let once = clean(&source, &rules, &Decisions::default(), Policy::default()).clean().to_owned();
        let again = Source::from_text("case", "case.md", once);
        let run = clean(&again, &rules, &Decisions::default(), Policy::default());
        let safe: Vec<_> = run.findings.iter().filter(|f| f.status == Status::Applied).collect();
        assert!(safe.is_empty(), "{}: {safe:?}", path.display());
    }
}
