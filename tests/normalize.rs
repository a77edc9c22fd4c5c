//! The normalize stage on its cases, on the real issue, and its laws.

use kanwu::finding::Status;
use kanwu::pipeline::{Policy, Run, clean_with};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::Stage;
use kanwu::stage::normalize::{Characters, Markup, Normalize};

const STAGES: &[&dyn Stage] = &[&Characters, &Markup, &Normalize];

fn source(text: &str) -> Source {
    Source::from_text("case", "case.md", text)
}

fn run<'s>(source: &'s Source, rules: &RuleSet) -> Run<'s> {
    clean_with(source, rules, &Decisions::default(), Policy::default(), STAGES)
}

fn rules() -> RuleSet {
    RuleSet::built_in().expect("the built-in rules load")
}

/// The rows of a case file: text, expected text, why.
fn cases(name: &str) -> Vec<(String, String, String)> {
    let path = format!("{}/tests/fixtures/cases/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the case file is there");
    text.lines()
        .filter(|l| !l.trim().is_empty())
        .map(|l| {
            let mut cells = l.split('\t').map(|c| c.replace("\\n", "\n"));
            let mut cell = || cells.next().unwrap_or_default();
            (cell(), cell(), cell())
        })
        .collect()
}

/// Runs a case file; prints what differs; gives how many are right, and how many there are.
fn score(name: &str) -> (usize, usize) {
    let rules = rules();
    let rows = cases(name);
    let mut right = 0;
    for (text, want, why) in &rows {
        let source = source(text);
        let got = run(&source, &rules).clean().to_owned();
        if got == *want {
            right += 1;
        } else {
            println!("{name} {why}: {text:?}\n  want {want:?}\n  got  {got:?}");
        }
    }
    (right, rows.len())
}

#[test]
fn every_convert_case_is_converted() {
    let (right, all) = score("convert");
    assert!(right * 100 >= all * 97, "{right} of {all}");
}

#[test]
fn every_keep_case_is_kept() {
    let (right, all) = score("keep");
    assert_eq!(right, all);
}

#[test]
fn look_alikes_are_proposed_and_not_applied() {
    let rules = rules();
    for (text, want, why) in cases("propose") {
        let source = source(&text);
        let run = run(&source, &rules);
        assert_ne!(run.clean(), want, "{why}");
        let open = run.findings.iter().filter(|f| f.status == Status::Open);
        let mut read =
            open.flat_map(|f| f.fixes.iter().map(|x| [&text[..f.span.start], x, &text[f.span.end..]].concat()));
        assert!(read.any(|t| t == want), "{why}");
    }
}

/// Every rule, alone, on its own examples.
#[test]
fn every_rule_proves_itself() {
    let all = rules();
    let mut faults = Vec::new();
    for (_, rule) in all.iter().filter(|(_, r)| r.stage == "normalize") {
        let mut alone = all.clone();
        alone.switch(|r| r.code == rule.code);
        for test in &rule.tests {
            if let Some(bad) = &test.bad {
                let source = source(bad);
                let run = run(&source, &alone);
                if run.findings.is_empty() {
                    faults.push(format!("{}: finds nothing in {bad:?}", rule.code));
                }
                let mut text = bad.clone();
                for f in run.findings.iter().rev() {
                    if let Some(fix) = f.fixes.first() {
                        text.replace_range(f.span.range(), fix);
                    }
                }
                if test.good.as_ref().is_some_and(|good| *good != text) {
                    faults.push(format!("{}: {bad:?} becomes {text:?}, not {:?}", rule.code, test.good));
                }
            }
            if let Some(good) = &test.good {
                let source = source(good);
                let found = run(&source, &alone).findings;
                if !found.is_empty() {
                    faults.push(format!("{}: finds {found:?} in {good:?}", rule.code));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_half_width_mark_of_the_real_issue_is_converted_and_every_protected_place_stays() {
    let folder = format!("{}/tests/fixtures/seed", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(format!("{folder}/2019-10-23.md")).expect("the seed");
    let listed: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{folder}/punct.json")).expect("the list"))
            .expect("JSON");
    let wide = [('(', '（'), (')', '）'), (',', '，'), (';', '；'), ('!', '！'), (':', '：')];
    let source = source(&text);
    let rules = rules();
    let run = run(&source, &rules);
    let mut expected = text.clone();
    for (half, full) in wide {
        let many = listed["to_convert"][half.to_string()].as_u64().expect("a count") as usize;
        assert_eq!(text.matches(half).count(), many, "{half}");
        expected = expected.replace(half, &full.to_string());
    }
    assert_eq!(run.clean(), expected);
    for f in &run.findings {
        assert_eq!(f.status, Status::Applied, "{} {:?}", rules.get(f.rule).code, f.span.of(&text));
    }
}

fn cleaned(text: &str) -> String {
    run(&source(text), &rules()).clean().to_owned()
}

#[test]
fn a_number_cut_by_a_line_end_keeps_its_mark() {
    for text in [
        "整修路面10.\n15万平方米。",
        "整修路面10.\n\n15万平方米。",
        "总额达到1,\n234万元。",
        "会议于20:\n30开始。",
        "增长3.\n5%。",
        "开通于20\n19年。",
        "详见http://www.example.com/\n网站。",
    ] {
        assert_eq!(cleaned(text), text);
    }
    assert_eq!(cleaned("共有学生300.\n教师40人。"), "共有学生300。\n教师40人。");
    assert_eq!(cleaned("种树20亩,\n300人参加。"), "种树20亩，\n300人参加。");
}

#[test]
fn a_page_break_never_makes_two_lines_run_together() {
    assert_eq!(cleaned("春耕全面展开。\u{C}全市造林。"), "春耕全面展开。\n全市造林。");
    assert_eq!(cleaned("春耕全面展开。\n\u{C}\n全市造林。"), "春耕全面展开。\n\n全市造林。");
    assert_eq!(cleaned("春耕。\u{2028}造林。\u{2029}\u{2029}种草。\u{B}\u{85}"), "春耕。\n造林。\n种草。");
}
