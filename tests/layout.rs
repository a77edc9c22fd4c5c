//! Cut paragraphs, page furniture and section numbers, through the whole pipeline.

use kanwu::finding::Status;
use kanwu::pipeline::{Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;

const ISSUE: &str = include_str!("../input/2019-10-23.md");
const CASES: &str = include_str!("fixtures/cases/rejoin.tsv");

/// Only joins are judged here: marks are compared in one width.
fn folded(text: &str) -> String {
    let wide = "，；：！？（）";
    let half = [',', ';', ':', '!', '?', '(', ')'];
    text.chars().map(|c| wide.chars().position(|w| w == c).map_or(c, |i| half[i])).collect()
}

fn cleaned(text: &str) -> String {
    let rules = RuleSet::built_in().expect("the built-in rules are sound");
    let source = Source::from_text("2019-10-23", "2019-10-23.md", text);
    clean(&source, &rules, &Decisions::default(), Policy::default()).clean().to_owned()
}

#[test]
fn the_cases_of_rejoining() {
    let (mut right, mut total) = (0, 0);
    for line in CASES.lines() {
        let mut fields = line.split('\t').map(|f| f.replace("\\n", "\n"));
        let (Some(text), Some(want)) = (fields.next(), fields.next()) else { continue };
        total += 1;
        right += usize::from(folded(cleaned(&(text + "\n")).trim_end()) == folded(&want));
    }
    assert!(right * 100 >= total * 92, "{right} of {total}");
}

#[test]
fn the_real_issue() {
    let rules = RuleSet::built_in().expect("the built-in rules are sound");
    let source = Source::from_text("2019-10-23", "2019-10-23.md", ISSUE);
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    let lines = |code: &str, status: Status| -> Vec<usize> {
        let of_rule = run.findings.iter().filter(|f| rules.get(f.rule).code == code && f.status == status);
        of_rule.map(|f| ISSUE[..f.span.start].lines().count()).collect()
    };
    assert_eq!(lines("LAY003", Status::Applied), [27, 41, 63, 93, 105, 137]);
    assert_eq!(lines("STR001", Status::Open).len(), 6);
    let own = run.findings.iter().filter(|f| matches!(f.stage, "layout" | "structure")).count();
    assert_eq!(own, 12);
}

#[test]
fn furniture_is_cut_with_one_gap() {
    let cases = [
        ("北方日报 2020年5月6日 星期三\n\n# 标题\n\n正文完。\n", "# 标题\n\n正文完。\n"),
        ("第一段完。\n\n第3版\n\n第二段完。\n", "第一段完。\n\n第二段完。\n"),
        ("第一段完。\n第3版\n\n第二段完。\n", "第一段完。\n\n第二段完。\n"),
        ("第一段完。\n\n责任编辑：李明 王芳\n", "第一段完。\n"),
        ("第一段完。\n\n第3版\n责任编辑：李明\n\n第二段完。\n", "第一段完。\n\n第二段完。\n"),
    ];
    for (text, want) in cases {
        assert_eq!(cleaned(text), want, "{text}");
    }
}

#[test]
fn a_second_run_joins_and_cuts_nothing() {
    for line in CASES.lines().filter_map(|l| l.split('\t').next()) {
        let once = cleaned(&line.replace("\\n", "\n"));
        assert_eq!(cleaned(&once), once);
    }
}
