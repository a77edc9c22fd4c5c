//! Every file that the program writes is what the contract says it is.

mod desk;

use kanwu::emit::{FILES, schemas, write_issue};
use kanwu::error::ErrorKind;
use kanwu::pipeline::{Policy, Run, clean};
use kanwu::review::Decisions;
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::Source;
use serde_json::Value;
use std::fs;
use std::path::Path;

const SEED: &str = include_str!("../input/2019-10-23.md");

fn validate(name: &str, value: &Value) {
    let schema = schemas().into_iter().find(|(n, _)| *n == name).expect("a schema of that name").1;
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let errors: Vec<String> = validator.iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
}

fn write_and_validate(run: &Run, rules: &RuleSet) -> (Value, Vec<Value>) {
    let tray = tempfile::tempdir().unwrap();
    let dir = tray.path().join(&run.source().id);
    write_issue(run, rules, Lang::Zh, &dir).unwrap_or_else(|e| panic!("{e}"));
    let read = |name: &str| fs::read_to_string(dir.join(name)).unwrap();
    let issue: Value = serde_json::from_str(&read("clean.json")).unwrap();
    validate("clean", &issue);
    let findings: Vec<Value> = read("findings.jsonl").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    findings.iter().for_each(|f| validate("finding", f));
    assert_eq!(findings.len(), run.findings.len());
    assert_eq!(read("clean.md"), run.clean());
    assert_eq!(dir.join("source.md").exists(), !run.source().is_plain());
    assert_eq!(fs::read_dir(tray.path()).unwrap().count(), 1, "nothing is left beside the output");
    (issue, findings)
}

#[test]
fn the_real_issue_is_written_as_the_contract_says() {
    let rules = RuleSet::built_in().unwrap_or_else(|e| panic!("{e}"));
    let source = Source::from_text("2019-10-23", "2019-10-23.md", SEED);
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    let (issue, _) = write_and_validate(&run, &rules);
    assert_eq!(issue["summary"]["characters"], SEED.chars().count());
    assert_eq!(issue["schema"], "kanwu/clean@1");
}

#[test]
fn every_kind_of_finding_is_written_as_the_contract_says() {
    let source = Source::from_text("2019-10-23", "2019-10-23.md", desk::ISSUE);
    let run = desk::run(&source, &Decisions::default(), &desk::stages());
    let (issue, findings) = write_and_validate(&run, &desk::rules());
    let of = |code: &str| findings.iter().find(|f| f["rule"] == code).unwrap();
    let comma = of("NOR901");
    assert_eq!((comma["status"].as_str(), comma["applied"].as_str()), (Some("applied"), Some("，")));
    assert!(comma.get("message").is_none() && comma.get("evidence").is_none());
    assert_eq!(issue["rules"]["NOR901"]["message"]["zh"], "逗号应为全角");
    let repeat = of("DUP901");
    assert_eq!(repeat["message"]["zh"], "重复重复的一段，全文再见。");
    assert_eq!(repeat["evidence"], serde_json::json!(["另见2处"]));
    assert_eq!(repeat["confidence"], 0.98);
    assert_eq!(repeat["related"][0]["role"], "original");
    assert_eq!(repeat["fixes"], serde_json::json!([{"text": ""}]));
    assert_eq!(of("LNT901")["series"], "quotes");
    assert_eq!(issue["furniture"][0]["text"], "第2版");
    assert_eq!(issue["furniture"][0]["cut"], true);
    // Two of the flags are one series.
    let open = issue["summary"]["open"].as_u64().unwrap();
    assert_eq!(issue["summary"]["to_decide"].as_u64().unwrap(), open - 1);
    let text: Vec<char> = desk::ISSUE.chars().collect();
    for finding in &findings {
        let at = |k: &str| finding["source"][k].as_u64().unwrap() as usize;
        let quote: String = text[at("start")..at("end")].iter().collect();
        assert_eq!(finding["quote"], quote.as_str());
    }
}

#[test]
fn an_issue_of_several_files_names_file_and_page() {
    let pages = [("01.md", desk::ISSUE, "UTF-8", Vec::new()), ("02.md", desk::ISSUE, "UTF-8", Vec::new())];
    let source = desk::pages("2019-10-24", &pages);
    let run = desk::run(&source, &Decisions::default(), &desk::stages());
    let (issue, findings) = write_and_validate(&run, &desk::rules());
    let last = findings.last().unwrap();
    assert_eq!((&last["source"]["file"], &last["source"]["page"]), (&"02.md".into(), &"02".into()));
    assert_eq!(issue["sources"].as_array().unwrap().len(), 2);
    assert_eq!(issue["articles"][1]["page"], "02");
}

#[test]
fn decisions_have_a_schema() {
    let line = r#"{"finding": "b3k9x2m4q7", "verdict": "accept", "text": "", "proposal": "9f3c", "scope": "once",
        "by": "lin", "at": "2026-11-22T08:00:00Z", "note": "", "anchor": {"rule": "DUP002", "quote": "…",
        "before": "…", "after": "…", "article": "a04", "occurrence": 1, "witness": null}}"#;
    validate("decision", &serde_json::from_str(line).unwrap());
}

#[test]
fn odd_texts_are_written_too() {
    for text in ["", "\n", "\u{FEFF}", "\0", "\r\r\r", "没有换行", "# ", "##\n\n正文", "a\u{301},"] {
        let source = Source::from_text("odd", "odd.txt", text);
        let run = desk::run(&source, &Decisions::default(), &desk::stages());
        write_and_validate(&run, &desk::rules());
    }
}

#[test]
fn an_earlier_output_is_replaced_and_nothing_else_is() {
    let tray = tempfile::tempdir().unwrap();
    let dir = tray.path().join("issue");
    let write = |text: &str, dir: &Path| {
        let source = Source::from_text("issue", "issue.md", text);
        let run = desk::run(&source, &Decisions::default(), &desk::stages());
        write_issue(&run, &desk::rules(), Lang::En, dir)
    };
    write("甲,乙", &dir).unwrap();
    write("丙,丁", &dir).unwrap();
    assert_eq!(fs::read_to_string(dir.join("clean.md")).unwrap(), "丙，丁");
    fs::write(dir.join("notes.txt"), "mine").unwrap();
    let error = write("戊,己", &dir).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Input);
    assert!(error.message.contains("notes.txt") && !error.hint.is_empty(), "{error}");
    assert_eq!(fs::read_to_string(dir.join("clean.md")).unwrap(), "丙，丁");
    let file = tray.path().join("file");
    fs::write(&file, "").unwrap();
    assert_eq!(write("戊", &file).unwrap_err().kind, ErrorKind::Input);
    assert_eq!(write("戊", &file.join("below")).unwrap_err().kind, ErrorKind::Input);
    assert_eq!(fs::read_dir(tray.path()).unwrap().count(), 2, "no folder in the making is left");
    assert_eq!(fs::read_dir(&dir).unwrap().count(), FILES.len(), "five files and the note");
}
