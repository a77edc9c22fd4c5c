//! The paper round trip through a real word processor: LibreOffice Writer accepts all, rejects all, and saves what it opened,
//! and what it makes of the document is what `tests/paper.rs` says it should be. Skipped, with a line that says so, where
//! LibreOffice with its Python bridge is not installed.

mod desk;

use kanwu::emit::docx;
use kanwu::emit::paper::Sheet;
use kanwu::pipeline::{Policy, Run, clean};
use kanwu::review::paper::read;
use kanwu::review::{Decisions, Verdict};
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::Source;
use std::path::Path;
use std::process::{Command, Stdio};

/// The Python that Debian's bridge to LibreOffice belongs to.
const PYTHON: &str = "/usr/bin/python3";

fn office() -> bool {
    let works = |program: &str, args: &[&str]| {
        let run = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|s| s.success())
    };
    works(PYTHON, &["-c", "import uno"]) && works("soffice", &["--version"])
}

/// What Writer makes of a run's document.
fn settled(run: &Run, rules: &RuleSet, dir: &Path) {
    let file = dir.join("review.docx");
    let mut bytes = Vec::new();
    docx::write(run, rules, Lang::Zh, &mut bytes).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/settle.py");
    let status = Command::new(PYTHON).arg(script).arg(&file).arg(dir).status().unwrap();
    assert!(status.success(), "{status}");
}

fn checked(name: &str, run: &Run, rules: &RuleSet) {
    let dir = tempfile::tempdir().unwrap();
    settled(run, rules, dir.path());
    let sheet = Sheet::new(run).with_plain_line_ends();
    // Writer shows what it cannot hold as the document does: as a sign.
    let sign = regex::Regex::new("⟦U\\+([0-9A-F]{4,6})⟧").unwrap();
    let one = |c: &regex::Captures| char::from_u32(u32::from_str_radix(&c[1], 16).unwrap()).unwrap().to_string();
    let text = |name: &str| {
        let text = std::fs::read_to_string(dir.path().join(name)).unwrap();
        sign.replace_all(&text, one).into_owned()
    };
    assert_eq!(text("accept.txt"), sheet.accepted(), "{name}: accept all");
    assert_eq!(text("reject.txt"), sheet.text, "{name}: reject all");
    assert!(std::fs::read(dir.path().join("same.pdf")).unwrap().starts_with(b"%PDF"), "{name}");
    let came = |file: &str| read(&std::fs::read(dir.path().join(file)).unwrap(), file, run).unwrap();
    let all = |verdict: Verdict, asked: bool| {
        let slots = sheet.slots.iter().filter(|s| s.open || !asked);
        slots.map(|s| (s.finding, verdict)).collect::<Vec<_>>()
    };
    for (file, expected) in [
        ("same.docx", Vec::new()),
        ("accept.docx", all(Verdict::Accept, true)),
        ("reject.docx", all(Verdict::Reject, false)),
    ] {
        let came = came(file);
        let mut said: Vec<_> = came.said.iter().map(|s| (s.finding, s.verdict)).collect();
        let mut expected = expected;
        said.sort_by_key(|(finding, _)| *finding);
        expected.sort_by_key(|(finding, _)| *finding);
        assert_eq!(said, expected, "{name}: {file}");
        assert_eq!((came.unclear, came.strays), (Vec::new(), Vec::new()), "{name}: {file}");
    }
}

#[test]
fn writer_accepts_rejects_and_saves_what_was_meant() {
    if !office() {
        println!("skipped: needs LibreOffice Writer and python3-uno");
        return;
    }
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/input/2019-10-23.md")).unwrap();
    let source = Source::from_text("2019-10-23", "2019-10-23.md", text);
    let rules = RuleSet::built_in().unwrap();
    checked("the real issue", &clean(&source, &rules, &Decisions::default(), Policy::default()), &rules);
    let odd =
        "第2版\n甲,<乙>&\u{B}\t丙 👨‍👩‍👧,⟦注⟧\n\n断\n\n行,  返贫返贫,沿海\u{2028}。\n\n重复的一段,全文再见。\n\n五位一体,";
    for (name, text) in [("odd", odd), ("joins", "断\n\n行断\n\n行\n断\n\n行"), ("desk", desk::ISSUE), ("empty", "")]
    {
        let source = Source::from_text(name, "i.md", text);
        checked(name, &desk::run(&source, &Decisions::default(), &desk::stages()), &desk::rules());
    }
}
