//! Two readings of a page, and what is said of the places where they differ.

use kanwu::finding::{Applicability, Finding};
use kanwu::pipeline::{Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::{Scan, Source, Token, Witness};
use kanwu::text::SourceSpan;
use std::time::{Duration, Instant};

const FIRST: &str = "夏收时节，县里的农机手分成三队，赶在下雨之前抢收小麦。粮站早早开了门，过磅的老师傅说，今年的麦子比去年饱满，农民的收入也会增加。\n";
const SECOND: &str =
    "这条铁路修了整整三年，光是隧道就打了四十七座。通车那天，两岸的群众都到车站来看，孩子们挥着小旗欢迎第一趟列车。\n";
const THIRD: &str = "县图书馆从七月起延长开放时间，学生放学后可以在阅览室写作业。图书馆的工作人员为他们添置了十张小桌子，还准备了开水。\n";

fn page() -> String {
    [FIRST, SECOND, THIRD].join("\n")
}

fn with(base: &str, others: &[(&str, &str)]) -> Source {
    let mut source = Source::from_text("2019-10-23", "01.md", base);
    for (name, text) in others {
        let reading = Source::from_text(name, name, *text);
        source.witnesses.push(Witness { name: (*name).to_owned(), of: 0, reprint: false, reading });
    }
    source
}

/// A scan that is this sure of each character, but for some places.
fn scan(text: &str, sure: f32, doubts: &[(&str, f32)]) -> Scan {
    let mut tokens: Vec<Token> = text
        .char_indices()
        .filter(|(_, c)| !c.is_whitespace())
        .map(|(at, c)| Token {
            span: SourceSpan::new(at, at + c.len_utf8()),
            confidence: Some(sure),
            ..Token::default()
        })
        .collect();
    for (place, doubt) in doubts {
        let (from, to) = text.find(place).map(|at| (at, at + place.len())).expect("the place is there");
        let inside = tokens.iter_mut().filter(|t| t.span.start >= from && t.span.end <= to);
        inside.for_each(|t| t.confidence = Some(*doubt));
    }
    Scan { tokens, ..Scan::default() }
}

fn found(source: &Source) -> Vec<(String, String, Vec<String>, Finding)> {
    let rules = RuleSet::built_in().unwrap_or_else(|e| panic!("{}", e.message));
    let run = clean(source, &rules, &Decisions::default(), Policy::default());
    let code = |f: &Finding| rules.get(f.rule).code.clone();
    let all = run.findings.iter().filter(|f| code(f).starts_with("TYP"));
    all.map(|f| {
        let fixes = f.fixes.iter().map(|f| f.to_string()).collect();
        (code(f), f.span.of(&source.text).to_owned(), fixes, f.clone())
    })
    .collect()
}

fn brief(source: &Source) -> Vec<(String, String, String)> {
    found(source)
        .into_iter()
        .map(|(code, quote, fixes, _)| (code, quote, fixes.into_iter().next().unwrap_or_default()))
        .collect()
}

fn said(list: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    list.iter().map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string())).collect()
}

#[test]
fn one_reading_says_nothing() {
    assert_eq!(brief(&with(&page(), &[])), []);
}

#[test]
fn articles_in_another_order_and_broken_lines_are_no_difference() {
    let other = [THIRD, FIRST, SECOND].concat().replace("小", "小\n").replace('，', ",");
    assert_eq!(brief(&with(&page(), &[("01.scan.txt", &other)])), []);
}

#[test]
fn an_error_of_the_base_is_named_with_both_readings() {
    let base = page().replace("隧道", "遂道");
    let other = [THIRD, SECOND, FIRST].concat();
    let all = found(&with(&base, &[("01.scan.txt", &other)]));
    assert_eq!(all.len(), 1, "{all:?}");
    let (code, quote, fixes, finding) = &all[0];
    assert_eq!((code.as_str(), quote.as_str(), fixes[0].as_str()), ("TYP080", "遂", "隧"));
    assert_eq!(finding.applicability, Applicability::Suggested);
    assert!(finding.confidence.is_some_and(|c| c > 0.5));
    let names: Vec<_> = finding.evidence.iter().flat_map(|n| &n.args).map(|(_, v)| v.as_str()).collect();
    assert!(names.contains(&"01.scan.txt") && names.contains(&"隧"), "{names:?}");
}

#[test]
fn a_slip_of_the_other_reading_is_passed_over() {
    let other =
        page().replace("隧道", "遂道").replace("孩子们", "孩了们").replace("图书馆", "图书绾").replace("老师", "老帅");
    assert_eq!(brief(&with(&page(), &[("01.scan.txt", &other)])), []);
    let other = page().replace("整整", "整").replace("小桌子", "小小桌子");
    assert_eq!(brief(&with(&page(), &[("01.scan.txt", &other)])), []);
}

#[test]
fn a_fluent_word_that_is_not_printed() {
    let base = page().replace("群众", "百姓");
    let other = page().replace("隧道", "遂道").replace("孩子们", "孩了们").replace("阅览室", "阅览窒");
    assert_eq!(brief(&with(&base, &[("01.scan.txt", &other)])), said(&[("TYP080", "百姓", "群众")]));
}

#[test]
fn a_clause_that_was_made_up() {
    let base = page().replace("光是隧道", "得到了社会各界的广泛好评，光是隧道");
    let all = brief(&with(&base, &[("01.scan.txt", &page())]));
    assert_eq!(all, said(&[("TYP081", "得到了社会各界的广泛好评，", "")]));
}

#[test]
fn a_clause_that_was_lost() {
    let base = page().replace("，赶在下雨之前抢收小麦", "");
    let all = brief(&with(&base, &[("01.scan.txt", &page())]));
    assert_eq!(all, said(&[("TYP082", "队", "队，赶在下雨之前抢收小麦")]));
    let base = page().replace("学生放学后可以在阅览室写作业。", "");
    let all = brief(&with(&base, &[("01.scan.txt", &page())]));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].0, "TYP082");
    let cured = base.replacen(&all[0].1, &all[0].2, 1);
    assert_eq!(cured.matches("学生放学后可以在阅览室写作业").count(), 1, "{all:?}");
}

#[test]
fn an_article_that_was_lost_or_made_up_is_shown_and_not_changed() {
    let all = found(&with(&[FIRST, THIRD].join("\n"), &[("01.scan.txt", &[FIRST, SECOND, THIRD].concat())]));
    assert!(all.iter().all(|f| f.0 == "TYP082") && all.len() == 1, "{all:?}");
    let all = found(&with(&page(), &[("01.scan.txt", &[THIRD, FIRST].concat())]));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].0.as_str(), all[0].3.applicability), ("TYP081", Applicability::Flag));
    assert!(all[0].1.starts_with("这条铁路"));
}

#[test]
fn confidence_decides_where_the_words_do_not() {
    let other = page().replace("四十七座", "四十一座");
    let sources = [(0.35, 0.99), (0.99, 0.35)].map(|(ours, theirs)| {
        let mut source = with(&page(), &[("01.scan.txt", &other)]);
        source.files[0].scan = Some(scan(&page(), 0.99, &[("七座", ours)]));
        source.witnesses[0].reading.files[0].scan = Some(scan(&other, 0.99, &[("一座", theirs)]));
        source
    });
    let all = found(&sources[0]);
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].1.as_str(), all[0].2[0].as_str()), ("七", "一"));
    let values: Vec<_> = all[0].3.evidence.iter().flat_map(|n| &n.args).map(|(_, v)| v.as_str()).collect();
    assert!(values.contains(&"35") && values.contains(&"99"), "{values:?}");
    assert_eq!(brief(&sources[1]), []);
}

#[test]
fn the_majority_counts() {
    let other = page().replace("十张小桌子", "九张小桌子");
    let alone = with(&page(), &[("01.a.txt", &other)]);
    assert_eq!(brief(&alone), []);
    let outvoted = with(&page(), &[("01.a.txt", &other), ("01.b.txt", &page()), ("01.c.txt", &page())]);
    assert_eq!(brief(&outvoted), []);
    let majority = with(&page(), &[("01.a.txt", &other), ("01.b.txt", &other), ("01.c.txt", &other)]);
    assert_eq!(brief(&majority), said(&[("TYP080", "十", "九")]));
    assert_eq!(found(&majority)[0].3.evidence.len(), 3);
}

#[test]
fn what_both_read_is_doubted_less() {
    // Another reading has the same odd word: it is printed so.
    let odd = page().replace("工作人员", "工作入员");
    assert_eq!(brief(&with(&odd, &[])).len(), 1);
    let base = odd.replace("隧道", "遂道");
    let all = brief(&with(&base, &[("01.scan.txt", &page())]));
    assert_eq!(all, said(&[("TYP080", "遂", "隧"), ("TYP080", "入", "人")]));
}

#[test]
fn a_reading_of_another_page_is_said_once() {
    let other = "第十二届运动会昨天在市体育中心开幕，来自各县的运动员参加了入场式。比赛将进行九天，共设二十八个大项。本报记者到现场采访。";
    let all = found(&with(&page(), &[("01.scan.txt", other)]));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].0.as_str(), all[0].3.applicability), ("TYP083", Applicability::Flag));
}

#[test]
fn an_empty_reading_says_nothing() {
    assert_eq!(brief(&with(&page(), &[("01.a.txt", ""), ("01.b.txt", "\n \n，。")])), []);
    assert_eq!(brief(&with("", &[("01.a.txt", &page())])), []);
}

#[test]
fn a_dash_that_was_a_character() {
    let base = page().replace("第一趟", "第-趟");
    assert_eq!(brief(&with(&base, &[("01.scan.txt", &page())])).iter().filter(|f| f.2.contains('一')).count(), 1);
}

#[test]
fn the_same_readings_give_the_same_findings() {
    let other = [THIRD, FIRST].concat().replace("老师傅", "老帅傅").replace("开水", "热水");
    let source = with(&page().replace("隧道", "遂道"), &[("01.a.txt", &other), ("01.b.txt", &page())]);
    let show = || format!("{:?}", found(&source).into_iter().map(|f| (f.3.id, f.1, f.2)).collect::<Vec<_>>());
    assert_eq!(show(), show());
}

#[test]
fn repetition_without_end_is_no_trouble() {
    let (base, mut other) = ("中".repeat(200_000), "中".repeat(199_990));
    other.replace_range(300_000..300_003, "国");
    let start = Instant::now();
    let readings = kanwu::collate::Readings::new(&base, &other);
    assert!(!readings.collation.equal.is_empty());
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}
