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

/// An issue of several pages, as a folder gives it.
fn findings_of_pages(pages: &[&str]) -> (String, Vec<String>) {
    let rules = RuleSet::built_in().expect("the built-in rules are sound");
    let folder = tempfile::tempdir().expect("a folder");
    for (i, page) in pages.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{:02}.md", i + 1)), page).expect("a page");
    }
    let issue = kanwu::reader::Issue { id: "issue".to_owned(), path: folder.path().to_owned() };
    let source = kanwu::reader::read(&issue, &Default::default()).expect("the pages are read");
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    let codes = run.findings.iter().map(|f| rules.get(f.rule).code.clone()).collect();
    (run.clean().to_owned(), codes)
}

#[test]
fn a_running_head_of_three_pages_is_proposed() {
    let head = "草原文化周刊";
    let pages: Vec<String> =
        ["甲旗", "乙旗", "丙旗"].iter().map(|p| format!("{head}\n\n# {p}的新变化\n\n{p}今年修了路。\n")).collect();
    let (text, codes) = findings_of_pages(&pages.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(codes.iter().filter(|c| *c == "LAY002").count(), 3, "{codes:?}");
    assert_eq!(text.matches(head).count(), 3, "a running head is proposed and not cut");
    let (_, codes) = findings_of_pages(&[&pages[0], &pages[1]]);
    assert!(!codes.contains(&"LAY002".to_owned()), "two pages are too few");
}

#[test]
fn nothing_but_furniture_is_not_cut() {
    assert_eq!(cleaned("责任编辑 : 云英 刘丹\n"), "责任编辑：云英 刘丹\n");
    assert_eq!(cleaned("2019年10月22日 星期三\n"), "2019年10月22日 星期三\n");
}

#[test]
fn what_stands_rightly_apart_is_not_joined() {
    let apart = [
        "# 专访\n\n今年的收成怎么样，大家心里有数，可是卖得好不好要看市场\n\n问：您怎么看今年的行情？\n\n答：比去年好。\n",
        "# 春\n\n山坡上的雪化了，\n\n羊群走出栏圈，\n\n风从河谷里吹来，\n\n草就绿了。\n",
        "# 大会开幕\n\n他号召大家携手前行，共创未来。（讲话全文见第二版）\n\n各旗县代表参加了大会。\n",
        "# 致辞\n\n女士们，先生们，朋友们，\n\n今天我们相聚在草原，共同见证这一时刻。\n",
        "# 以案说法\n\n案例1\n\n2018年5月1日，某公司职员赵某入职。\n",
    ];
    for text in apart {
        assert_eq!(cleaned(text), text);
    }
}
