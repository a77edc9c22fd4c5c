//! Passages printed twice, on the real issue and on texts made for the question.

use kanwu::finding::Finding;
use kanwu::pipeline::{Policy, clean_with};
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::duplicates::Duplicates;

const ISSUE: &str = include_str!("../input/2019-10-23.md");

fn findings(source: &Source) -> Vec<(String, Finding)> {
    let rules = RuleSet::built_in().expect("the built-in rules");
    let run = clean_with(source, &rules, &Default::default(), Policy::default(), &[&Duplicates]);
    run.findings.into_iter().map(|f| (rules.get(f.rule).code.clone(), f)).collect()
}

fn of(text: &str) -> (Source, Vec<(String, Finding)>) {
    let source = Source::from_text("t", "t.md", text);
    let found = findings(&source);
    (source, found)
}

#[test]
fn the_boxing_article_has_one_copy_with_both_sources_and_nothing_else_is_called_one() {
    let (source, found) = of(ISSUE);
    let [(code, copy)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(code, "DUP003");
    let quote = copy.span.of(&source.text);
    assert!(quote.starts_with("中国队出战的我区运动员"), "begins in mid-sentence");
    assert!(quote.trim_end().ends_with("所以有所准备。"));
    assert_eq!(quote.trim_end().chars().count(), 204);
    assert_eq!(copy.fixes, [""]);
    let sources: Vec<_> = copy.related.iter().map(|r| r.span.of(&source.text).chars().count()).collect();
    assert_eq!(sources, [32, 172], "the last sentence of the first paragraph and the whole of the second");
    assert!(copy.related.iter().all(|r| r.role == "original" && r.similarity == Some(1.0) && r.part.is_some()));
}

const ONE: &str = "麦收那几天，镇上的粮站从早到晚都亮着灯，过磅的车排到了桥头，司机们轮流下车去打开水。";
const TWO: &str = "站长姓方，干这一行三十多年，谁家的麦子晒透了没有，他抓一把听响就知道。";
const OTHER: &str = "账上的数目每晚核对两遍，错一斤也要从头再来。";

#[test]
fn a_set_phrase_and_a_headline_in_its_lead_are_no_duplicates() {
    let phrase = "以习近平新时代中国特色社会主义思想为指导，全面贯彻党的十九大和十九届二中、三中全会精神";
    let text = format!(
        "# 粮站的灯亮到天明\n\n粮站的灯亮到天明。{phrase}，抓好夏收。\n\n{ONE}\n\n会议要求，{phrase}，做好秋种。\n"
    );
    assert!(of(&text).1.is_empty());
}

#[test]
fn a_standard_sentence_with_other_figures_is_no_duplicate() {
    let line = |a: &str, b: &str| format!("{a}日，全县投入收割机{b}台，当日收割小麦{b}00亩，进度比上年同期略快。");
    let text = format!("# 夏收\n\n{}\n\n{OTHER}\n\n{}\n", line("3", "41"), line("4", "57"));
    assert!(of(&text).1.is_empty());
}

#[test]
fn a_copy_in_another_article_is_found() {
    let text =
        format!("# 粮站的灯\n\n{OTHER}\n\n{ONE}\n\n{TWO}\n\n# 桥头\n\n桥是去年修的。\n\n{ONE}\n\n过桥不收钱。\n");
    let (source, found) = of(&text);
    let [(code, copy)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(code, "DUP001");
    assert!(copy.span.start > text.find("桥是去年").expect("there"));
    assert_eq!(copy.span.of(&source.text).trim_end(), ONE);
}

#[test]
fn a_copy_of_another_width_of_marks_is_the_same() {
    let half = ONE.replace('，', ",");
    let text = format!("# 粮站的灯\n\n{ONE}\n\n{TWO}\n\n{half}\n\n{OTHER}\n");
    assert_eq!(of(&text).1.len(), 1);
}

#[test]
fn ten_thousand_copies_are_reported_one_by_one() {
    let text = format!("# 题\n\n{}", format!("{ONE}\n\n").repeat(2_000));
    let found = of(&text).1;
    assert!(found.len() >= 1_990, "{}", found.len());
}
