//! What the document itself gives away: typed twice, said twice, drifting.

use kanwu::pipeline::{Policy, clean_with};
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::typos::Typos;

const ISSUE: &str = include_str!("../input/2019-10-23.md");

/// The quotes of the findings of the stage's own rules.
fn quotes(text: &str) -> Vec<String> {
    let rules = RuleSet::built_in().expect("the built-in rules");
    let source = Source::from_text("t", "t.md", text);
    let run = clean_with(&source, &rules, &Default::default(), Policy::default(), &[&Typos]);
    let own = |code: &str| matches!(code, "TYP001" | "TYP002" | "TYP003" | "TYP004");
    run.findings.iter().filter(|f| own(&rules.get(f.rule).code)).map(|f| f.span.of(&source.text).to_owned()).collect()
}

#[test]
fn the_real_issue_has_these_and_no_others() {
    let want = ["沿海", "返贫返贫", "转化应用与转化", "高质量发展跨越式发展", "团团"];
    assert_eq!(quotes(ISSUE), want);
}

#[test]
fn doubling_that_is_right_is_left_alone() {
    for text in [
        "列车从齐齐哈尔开来，人人紧紧握着手。",
        "建立健全全区污染防治联防联控机制，加强全自治区区域规划编制。",
        "司法厅厅长、法院院长和市公安局局长到会，介绍了发展展望。",
        "巴西选手芭芭拉一步一步走上台，高高兴兴地领了奖。",
        "这件事要研究研究，试一试，常常谈谈，天天看看。",
        "二〇二〇年，哈哈哈哈，加油加油加油，说着说着就到了。",
        "海关报道道路情况，精神神经科搬了新楼。",
        "她一生生活俭朴，对这门手艺看法绝对对立的两家人都敬重她。",
        "剧组在山里拍戏，全组天天起早摸黑。",
    ] {
        assert!(quotes(text).is_empty(), "{text}: {:?}", quotes(text));
    }
}

#[test]
fn what_was_typed_twice_is_found_at_every_length() {
    for (text, quote) in [
        ("各族群众团团结在一起。", "团团"),
        ("健全预防返贫返贫长效机制。", "返贫返贫"),
        ("新建成的污水处理厂污水处理厂已经投运。", "污水处理厂污水处理厂"),
    ] {
        assert_eq!(quotes(text), [quote], "{text}");
    }
}

#[test]
fn a_doubt_of_the_model_never_moves_what_it_passes_over() {
    let rules = RuleSet::built_in().expect("the built-in rules");
    let fixes = |text: &str| -> Vec<(String, String)> {
        let source = Source::from_text("t", "t.md", text);
        let run = clean_with(&source, &rules, &Default::default(), Policy::default(), &[&Typos]);
        let model = run.findings.iter().filter(|f| rules.get(f.rule).code.starts_with("TYP07"));
        model.map(|f| (f.span.of(&source.text).to_owned(), f.fixes[0].to_string())).collect()
    };
    assert_eq!(fixes("各级党委和府政要切实加强组织领导。"), [("府政".to_owned(), "政府".to_owned())]);
    // The model passes over quotation marks and spaces, and reads a half-width mark as a full-width one.
    for text in [
        "各级党委和府”政要切实加强组织领导。",
        "各级党委和府 政要切实加强组织领导。",
        "各级党委和府政,要切实加强组织领导。",
        "会议,全国人民代大会,召开",
    ] {
        for (quote, fix) in fixes(text) {
            let marks = |s: &str| s.chars().filter(|c| !kanwu::text::is_han(*c)).collect::<String>();
            assert_eq!(marks(&quote), marks(&fix), "{text}");
        }
    }
}
