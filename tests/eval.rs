//! The measures themselves, on rows and records small enough to count by hand, and `kanwu eval` as it is typed.

use kanwu::eval::csc::{self, BadLine, Candidate, Sentence, Tally, curve};
use kanwu::eval::gold::{self, Claim, Kind, Stretch};
use kanwu::eval::{Three, per_10k};
use kanwu::finding::Category;
use kanwu::text::SourceSpan;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

// ---- sentences -------------------------------------------------------------------------------------------------

/// A sentence with proposals: what is replaced (its first occurrence), by what, how sure.
fn sentence(source: &str, target: &str, proposals: &[(&str, &str, f32)]) -> Sentence {
    let one = |(old, new, confidence): &(&str, &str, f32)| {
        let start = source.find(old).expect("it stands in the sentence");
        Candidate { span: SourceSpan::new(start, start + old.len()), text: (*new).to_owned(), confidence: *confidence }
    };
    Sentence::new(source, target, proposals.iter().map(one).collect())
}

fn five() -> Vec<Sentence> {
    vec![
        sentence("两案往来便利", "两岸往来便利", &[("案", "岸", 0.9)]),
        sentence("桥通车了", "桥通车了", &[("通", "同", 0.5)]),
        sentence("昨曰新桥通车", "昨日新桥通车", &[]),
        // One of two errors.
        sentence("他门来到建设工地地", "他们来到建设工地", &[("门", "们", 0.8)]),
        // The right place, the wrong character.
        sentence("经济发站", "经济发展", &[("站", "占", 0.7)]),
    ]
}

fn three(precision: f64, recall: f64, f1: f64) -> Three {
    Three { precision: Some(precision), recall: Some(recall), f1: Some(f1) }
}

#[test]
fn the_figures_of_five_sentences_are_those_counted_by_hand() {
    let figures = Tally::of(&five(), 0.0).figures();
    assert_eq!(figures.sentence_detection, three(0.5, 0.5, 0.5));
    assert_eq!(figures.sentence_correction, three(0.25, 0.25, 0.25));
    assert_eq!(figures.character_detection, three(0.75, 0.6, 6.0 / 9.0));
    assert_eq!(figures.character_correction, three(0.5, 0.4, 4.0 / 9.0));
    assert_eq!(figures.clean_altered, Some(1.0));
    assert_eq!(figures.false_per_10k, per_10k(1, 29));
    assert_eq!(figures.clean_false_per_10k, Some(2500.0));
}

#[test]
fn the_curve_is_the_one_counted_by_hand() {
    let clean = vec![vec![sentence("桥通车了", "桥通车了", &[("通", "同", 0.5)])]];
    let curve = curve(&[five()], &clean, 3.0);
    let at = |threshold: f32| curve.steps.iter().find(|p| p.threshold == threshold).expect("a step").mean;
    assert_eq!(curve.steps.len(), 21);
    assert_eq!(at(0.95), Three { precision: None, recall: Some(0.0), f1: Some(0.0) });
    assert_eq!(at(0.9), three(1.0, 0.25, 0.4));
    assert_eq!(at(0.75), three(0.5, 0.25, 2.0 / 6.0));
    assert_eq!(at(0.0), three(0.25, 0.25, 0.25));
    let best = curve.best.expect("a best point");
    assert_eq!((best.threshold, best.mean.f1), (0.9, Some(0.4)));
    // At 0.5 the clean sentence is altered.
    let within = curve.at_budget.expect("a point within the budget");
    assert_eq!((within.threshold, within.worst_clean()), (0.7, Some(0.0)));
}

#[test]
fn width_marks_and_spaces_are_not_compared() {
    let figures = |s: Sentence| Tally::of(&[s], 0.0);
    let marks = figures(sentence("桥通车了,真好", "桥 通车了，真好！", &[(",", "，", 1.0)]));
    assert_eq!((marks.clean, marks.clean_altered), (1, 0));
    // A fix may carry a mark that another stage has put right.
    let mixed = figures(sentence("两案,往来", "两岸，往来", &[("案,", "岸，", 1.0)]));
    assert_eq!((mixed.sentence_correction.right, mixed.character_correction.right, mixed.false_alarms), (1, 1, 0));
}

#[test]
fn of_proposals_that_meet_the_surer_is_taken() {
    let both = [("建设工地", "建设工厂", 0.6), ("设工", "社工", 0.8)];
    assert_eq!(sentence("建设工地", "建设工地", &both).predicted(0.0), "建社工地");
    assert_eq!(sentence("建设工地", "建设工地", &both[..1]).predicted(0.0), "建设工厂");
    assert_eq!(sentence("建设工地", "建设工地", &both).predicted(0.9), "建设工地");
}

#[test]
fn a_clean_text_is_cut_into_lines_but_no_proposal_is() {
    let text = "一行\n二行\n三行";
    let at = |start: usize, end: usize| Candidate {
        span: SourceSpan::new(start, end),
        text: String::new(),
        confidence: 1.0,
    };
    let lines = Sentence::lines_of_clean(text, vec![at(14, 17), at(3, 10)]);
    let shown: Vec<String> = lines.iter().map(|l| l.predicted(0.5)).collect();
    assert_eq!(shown, ["一行\n", "行"]);
    assert_eq!(Tally::of(&lines, 0.5).clean_characters, 8);
}

// ---- issues ----------------------------------------------------------------------------------------------------

const ISSUE: &str = "第一段,各族群众团团结在一起过节。\n\n第二段的工成已经完工。\n";

const PLANTED: &str = r#"{"id":"1","class":"punct_half","start":3,"end":4,"ocr":",","truth":"，"}
{"id":"2","class":"repeat_char","start":8,"end":9,"ocr":"团","truth":"","odd":true}
{"id":"3","class":"sub_shape","start":24,"end":25,"ocr":"成","truth":"程"}
"#;

fn claim(start: usize, end: usize, category: Category, text: &str, confidence: f32) -> Claim {
    Claim {
        at: Stretch::new(start, end),
        category,
        kind: Kind::Of(category),
        texts: vec![text.chars().collect()],
        related: Vec::new(),
        confidence: Some(confidence),
    }
}

#[test]
fn the_figures_of_three_defects_are_those_counted_by_hand() {
    let source: Vec<char> = ISSUE.chars().collect();
    let records = gold::parse(PLANTED, &source).expect("the records fit");
    let claims = [
        claim(3, 4, Category::Punctuation, "，", 1.0),
        // The first of the two 团 goes: the same text as without the second.
        claim(8, 10, Category::Typo, "团", 0.9),
        // The right place, another character.
        claim(24, 25, Category::Typo, "城", 0.7),
        // Nothing is wrong here.
        claim(27, 28, Category::Typo, "元", 0.2),
        // A style note at a wrong character.
        claim(24, 25, Category::Style, "程", 0.5),
    ];
    let score = gold::score(&source, &records, &claims, &[Category::Typo]);
    let class = |name: &str| {
        let f = score.classes[&(name.to_owned(), None)];
        (f.planted, f.found, f.first, f.any)
    };
    assert_eq!(class("punct_half"), (1, 1, 1, 1));
    assert_eq!(class("repeat_char"), (1, 1, 1, 1));
    assert_eq!(class("sub_shape"), (1, 1, 0, 0));
    assert_eq!(score.classes[&("repeat_char".to_owned(), Some("odd".to_owned()))].found, 1);
    let typo = score.categories[&Category::Typo];
    assert_eq!((typo.findings, typo.right, typo.misfiled, typo.wrong), (3, 2, 0, 1));
    assert_eq!(score.categories[&Category::Style].misfiled, 1);
    assert_eq!(score.false_per_10k(&typo), per_10k(1, source.len()));
    let close = |is: Option<f64>, should: f64| assert!(is.is_some_and(|is| (is - should).abs() < 1e-6), "{is:?}");
    assert_eq!(score.reliability.findings(), 3);
    // (0.9 - 1)², (0.7 - 1)², (0.2 - 0)².
    close(score.reliability.of_true().brier, (0.01 + 0.09 + 0.04) / 3.0);
    close(score.reliability.of_true().expected_error, (0.1 + 0.3 + 0.2) / 3.0);
    // (0.9 - 1)², (0.7 - 0)², (0.2 - 0)².
    close(score.reliability.of_fixed().brier, (0.01 + 0.49 + 0.04) / 3.0);
}

#[test]
fn a_repeated_passage_is_found_by_what_covers_it_and_its_wording_has_no_truth() {
    let text = "旧桥今天通车两岸欢庆。\n\n旧桥今天通车两岸欢庆。\n\n另一段。\n";
    let source: Vec<char> = text.chars().collect();
    let record = r#"{"id":"1","class":"dup_exact","start":11,"end":24,"ocr":"\n\n旧桥今天通车两岸欢庆。","truth":"","copy":[13,24],"origin":[[0,11]]}"#;
    let records = gold::parse(record, &source).expect("the record fits");
    let fate = |claims: &[Claim]| {
        let score = gold::score(&source, &records, claims, &[]);
        let f = score.classes[&("dup_exact".to_owned(), None)];
        (f.found, f.first, score.categories.values().map(|v| v.in_copy).sum::<usize>())
    };
    assert_eq!(fate(&[claim(13, 24, Category::Duplicate, "", 1.0)]), (1, 1, 0));
    assert_eq!(fate(&[claim(13, 20, Category::Duplicate, "", 1.0)]), (0, 0, 0));
    let mut on_the_original = claim(0, 11, Category::Duplicate, "", 1.0);
    on_the_original.related = vec![Stretch::new(13, 24)];
    assert_eq!(fate(&[on_the_original]), (1, 0, 0));
    assert_eq!(fate(&[claim(15, 16, Category::Typo, "金", 1.0)]), (0, 0, 1));
}

#[test]
fn an_annotation_counts_from_the_line_and_is_not_about_width() {
    let source: Vec<char> = ISSUE.chars().collect();
    let line = r#"{"id":"G1","line":3,"start":4,"end":6,"original":"工成","suggestion":"工程","class":"typo","confidence":"high"}
{"id":"G2","line":1,"start":0,"end":3,"original":"第一段","suggestion":null,"class":"byline","confidence":"high"}"#;
    let records = gold::parse(line, &source).expect("the annotation fits");
    let mut comma = claim(3, 4, Category::Punctuation, "，", 1.0);
    comma.kind = Kind::Width;
    let score = gold::score(&source, &records, &[comma, claim(24, 25, Category::Typo, "程", 0.9)], &[]);
    assert_eq!(score.classes[&("typo".to_owned(), Some("high".to_owned()))].first, 1);
    assert_eq!(score.not_judged["byline"], 1);
    assert!(!score.categories.contains_key(&Category::Punctuation));
}

#[test]
fn records_of_another_text_are_refused_with_their_line() {
    let source: Vec<char> = ISSUE.replace("工成", "工程").chars().collect();
    let bad = gold::parse(PLANTED, &source).expect_err("the third does not fit");
    assert_eq!((bad.line, bad.why), (3, gold::Why::OtherText));
    assert_eq!(gold::parse("\n{}", &source).expect_err("no record").line, 2);
}

// ---- laws ------------------------------------------------------------------------------------------------------

fn config() -> ProptestConfig {
    let given = ProptestConfig::default();
    let rng_seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(20_191_023) } else { given.rng_seed };
    ProptestConfig { cases: 256, rng_seed, failure_persistence: None, ..given }
}

type Wish = (u8, u8, String, u8);

fn wild() -> impl Strategy<Value = (String, String, Vec<Wish>)> {
    let text = "[一二三，,a ]{0,9}";
    (text, text, proptest::collection::vec((any::<u8>(), 0u8..4, "[一二三，]{0,2}", 0u8..11), 0..6))
}

fn built((source, target, wishes): &(String, String, Vec<Wish>)) -> Sentence {
    let bounds: Vec<usize> = source.char_indices().map(|(i, _)| i).chain([source.len()]).collect();
    let one = |(place, length, text, tenths): &Wish| {
        let start = usize::from(*place) % bounds.len();
        let end = (start + usize::from(*length)).min(bounds.len() - 1);
        Candidate {
            span: SourceSpan::new(bounds[start], bounds[end]),
            text: text.clone(),
            confidence: f32::from(*tenths) / 10.0,
        }
    };
    Sentence::new(source, target, wishes.iter().map(one).collect())
}

fn in_range(of: Three) -> bool {
    [of.precision, of.recall, of.f1].into_iter().flatten().all(|v| (0.0..=1.0).contains(&v))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_rows_or_bad_lines(bytes in proptest::collection::vec(prop_oneof![Just(b'\t'), Just(b'\n'), any::<u8>()], 0..80)) {
        let read = csc::parse(&bytes);
        let lines = bytes.split(|b| *b == b'\n').count();
        prop_assert!(read.rows.len() + read.bad.len() <= lines);
        prop_assert!(read.bad.iter().all(|(line, why)| (1..=lines).contains(line) && !matches!(why, BadLine::Fields(0))));
    }

    #[test]
    fn scores_are_shares_and_the_curve_agrees_with_each_threshold(rows in proptest::collection::vec(wild(), 0..8)) {
        let set: Vec<Sentence> = rows.iter().map(built).collect();
        let line = curve(std::slice::from_ref(&set), std::slice::from_ref(&set), 3.0);
        for point in &line.steps {
            let tally = Tally::of(&set, point.threshold);
            let f = tally.figures();
            prop_assert_eq!(point.files[0], f.sentence_correction);
            prop_assert_eq!(point.clean_false_per_10k[0], f.clean_false_per_10k);
            let threes = [f.sentence_detection, f.sentence_correction, f.character_detection, f.character_correction];
            prop_assert!(threes.into_iter().all(in_range));
            prop_assert!(f.clean_altered.is_none_or(|v| (0.0..=1.0).contains(&v)));
            prop_assert!(tally.sentence_correction.right <= tally.sentence_detection.right);
            prop_assert!(tally.character_correction.right <= tally.character_detection.right);
        }
    }

    #[test]
    fn what_becomes_the_target_is_right_throughout((source, target, _) in wild()) {
        let whole = Candidate { span: SourceSpan::new(0, source.len()), text: target.clone(), confidence: 1.0 };
        let tally = Tally::of(&[Sentence::new(&source, &target, vec![whole])], 0.5);
        prop_assert_eq!(tally.false_alarms, 0);
        for rate in [tally.sentence_detection, tally.sentence_correction, tally.character_correction] {
            prop_assert!(rate.right == rate.claimed && rate.right == rate.wanted);
        }
    }

    #[test]
    fn any_records_and_claims_give_shares(
        text in "[一二\n,，]{0,30}",
        records in proptest::collection::vec((0usize..30, 0usize..9, "[一二\n]{0,3}", any::<bool>()), 0..6),
        claims in proptest::collection::vec((0usize..40, 0usize..40, "[一二\n，]{0,3}", any::<f32>()), 0..6),
    ) {
        let source: Vec<char> = text.chars().collect();
        let line = |(start, length, truth, copy): &(usize, usize, String, bool)| {
            let (start, end) = ((*start).min(source.len()), (start + length).min(source.len()));
            let ocr: String = source[start..end].iter().collect();
            let mut json = serde_json::json!({"class": "dup_exact", "start": start, "end": end, "ocr": ocr, "truth": truth});
            if *copy {
                json["copy"] = serde_json::json!([start, end]);
                json["origin"] = serde_json::json!([[0, start]]);
            } else {
                json["class"] = "sub_shape".into();
            }
            json.to_string()
        };
        let jsonl = records.iter().map(line).collect::<Vec<_>>().join("\n");
        let records = gold::parse(&jsonl, &source).expect("the records fit");
        let claims: Vec<Claim> = claims
            .iter()
            .enumerate()
            .map(|(i, (a, b, t, sure))| {
                let category = if i % 2 == 0 { Category::Typo } else { Category::Duplicate };
                claim(*a.min(b), *a.max(b), category, t, *sure)
            })
            .collect();
        let score = gold::score(&source, &records, &claims, &Category::ALL);
        for f in score.classes.values() {
            prop_assert!(f.first <= f.any && f.any <= f.found && f.found <= f.planted);
        }
        for v in score.categories.values() {
            prop_assert_eq!(v.findings, v.right + v.misfiled + v.wrong + v.in_copy);
        }
        let calibration = [score.reliability.of_true(), score.reliability.of_fixed()];
        prop_assert!(calibration.iter().flat_map(|c| [c.brier, c.expected_error]).flatten().all(|v| (0.0..=1.0).contains(&v)));
    }

    #[test]
    fn any_text_is_records_or_an_error(text in "[\\[\\]{}\":,a-z0-9\n]{0,60}") {
        let _ = gold::parse(&text, &['一', '\n', '二']);
    }
}

// ---- as it is typed --------------------------------------------------------------------------------------------

const SENTENCES: &str = "\
id\tsource\ttarget
1\t各族群众团团结在一起过节。\t各族群众团结在一起过节。
2\t工程巳经完成,大家都很高兴。\t工程已经完成，大家都很高兴。
3\t昨曰新桥通车。\t昨日新桥通车。
4\t两岸往来方便了许多。\t两岸往来方便了许多。
5\t只有两栏
";

fn desk() -> TempDir {
    let desk = tempfile::tempdir().expect("a folder");
    let put = |file: &str, text: &str| {
        let path = desk.path().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    put("a.tsv", SENTENCES);
    put("b.tsv", "x\t两岸往来方便。\t两岸往来方便。\n");
    put("tray/a.md", ISSUE);
    put("gold/a.jsonl", PLANTED);
    put("gold/b.jsonl", "");
    desk
}

/// The rules of the language model, whose findings change with the model.
const MODEL: &str = "TYP070,TYP071,TYP072,TYP073,TYP074,TYP075";

fn kanwu(desk: &Path, args: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
    let Output { status, stdout, stderr } =
        command.args(args).current_dir(desk).env("LC_ALL", "en_US.UTF-8").output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (status.code().expect("a status"), text(stdout), text(stderr))
}

#[test]
fn sentences_are_measured_and_a_bad_line_is_named() {
    let desk = desk();
    let (status, out, err) =
        kanwu(desk.path(), &["eval", "csc", "a.tsv", "b.tsv", "--ignore", MODEL, "--format", "json"]);
    assert_eq!(status, 3);
    assert!(err.contains("a.tsv:6: 2 fields, which"), "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let a = &json["files"][0];
    assert_eq!((&a["sentences"], &a["with_errors"]), (&4.into(), &3.into()));
    assert_eq!(a["edits"], serde_json::json!({"made": 2, "wanted": 3, "right": 2, "false": 0}));
    assert_eq!(a["figures"]["sentence_correction"]["f1"], 0.8);
    assert_eq!(json["files"][1]["figures"]["sentence_correction"]["f1"], serde_json::Value::Null);
    assert_eq!(json["mean"]["sentence_correction"]["f1"], 0.8);
    assert!(json.get("characters_per_second").is_none());
}

#[test]
fn the_draw_is_the_same_and_neither_threads_nor_time_change_a_byte() {
    let desk = desk();
    let call = |more: &[&str]| {
        let plain = ["--lang", "en", "eval", "csc", "a.tsv", "--sample", "2", "--curve", "--clean", "b.tsv"];
        let (_, out, _) = kanwu(desk.path(), &[&plain, more].concat());
        out
    };
    let one = call(&["--jobs", "1"]);
    assert_eq!(one, call(&["--jobs", "4"]));
    assert!(
        one.starts_with("2 sentences of each file (seed 20191023); findings of typo, all that are shown."),
        "{one}"
    );
    assert!(one.contains("best mean F1") && one.contains("within 3 false alarms"), "{one}");
    assert!(call(&["--speed"]).starts_with(&one));
    let drawn: Vec<String> = (0..20).map(|seed| call(&["--seed", &seed.to_string()])).collect();
    assert!(drawn.iter().any(|d| !d.ends_with(one.split_once('\n').expect("lines").1)), "every seed draws the same");
}

#[test]
fn a_tray_is_clean_text_too() {
    let desk = desk();
    let (status, out, _) =
        kanwu(desk.path(), &["eval", "csc", "b.tsv", "--clean", "tray", "--ignore", MODEL, "--format", "json"]);
    assert_eq!(status, 0);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["clean"][0]["edits"]["false"], 1);
    assert_eq!(json["clean"][0]["characters"], ISSUE.chars().count());
}

#[test]
fn issues_are_measured_against_their_records() {
    let desk = desk();
    let args = ["eval", "gold", "--gold", "gold", "tray", "--format", "json"];
    let (status, out, err) = kanwu(desk.path(), &args);
    assert_eq!((status, err.as_str()), (0, ""));
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let classes = json["classes"].as_array().expect("classes");
    let found = |name: &str| classes.iter().find(|c| c["class"] == name).map(|c| c["first_fix_right"].clone());
    assert_eq!(found("repeat_char"), Some(1.into()));
    assert_eq!(found("punct_half"), Some(1.into()));
    let (_, text, _) = kanwu(desk.path(), &["--lang", "zh", "eval", "gold", "--gold", "gold/a.jsonl", "tray/a.md"]);
    assert!(text.starts_with("1 期，31 字") && text.contains("可信程度"), "{text}");
}

#[test]
fn a_wrong_call_says_what_is_wrong() {
    let desk = desk();
    let fails = |args: &[&str], status: i32, pieces: &[&str]| {
        let (is, _, err) = kanwu(desk.path(), args);
        assert_eq!(is, status, "{err}");
        pieces.iter().for_each(|p| assert!(err.contains(p), "no {p:?} in {err}"));
    };
    fails(&["eval"], 2, &["csc", "gold"]);
    fails(&["eval", "csc"], 2, &["FILE"]);
    fails(&["eval", "csc", "none.tsv"], 3, &["none.tsv", "hint:"]);
    fails(&["eval", "csc", "a.tsv", "--threshold", "2"], 2, &["--threshold"]);
    fails(&["eval", "csc", "a.tsv", "--category", "typpo"], 2, &["typpo", "consistency"]);
    fails(
        &["eval", "csc", "gold/a.jsonl"],
        3,
        &["a.jsonl:1: 1 field, which is not what it should have; 3 such lines", "no sentence"],
    );
    fails(&["eval", "gold", "tray"], 2, &["--gold"]);
    fails(&["eval", "gold", "--gold", "gold/b.jsonl", "--gold", "gold/b.jsonl", "tray", "none"], 3, &["none"]);
    fs::write(desk.path().join("tray/c.md"), "别的稿件。\n").expect("a file");
    fails(&["eval", "gold", "--gold", "gold", "tray"], 3, &["c: there are no records of this issue"]);
    fails(&["eval", "gold", "--gold", "gold/a.jsonl", "tray/c.md"], 3, &["a.jsonl:1: the record does not fit"]);
}

#[test]
fn what_the_figures_mean_is_told_in_both_languages() {
    let desk = desk();
    let help = |lang: &str, what: &str| kanwu(desk.path(), &["--lang", lang, "eval", what, "--help"]).1;
    assert!(help("en", "csc").contains("SIGHAN") && help("zh", "csc").contains("SIGHAN"));
    assert!(help("en", "gold").contains("Brier") && help("zh", "gold").contains("Brier"));
    assert!(help("zh", "csc").contains("怎样计算") && !help("zh", "csc").contains("Print help"));
}
