//! Laws of the normalize stage on random mixes of everything it looks at.

use kanwu::finding::Status;
use kanwu::pipeline::{Policy, clean_with};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::Stage;
use kanwu::stage::normalize::{Characters, Markup, Normalize};
use proptest::prelude::*;
use std::sync::LazyLock;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::built_in().expect("the built-in rules load"));

const STAGES: &[&dyn Stage] = &[&Characters, &Markup, &Normalize];

/// Pieces that the stage stops at, and some that it passes.
const PIECES: &[&str] = &[
    "种",
    "树",
    "一",
    "口",
    "曰",
    "日",
    "月",
    "第",
    "章",
    "号",
    "斯",
    "马",
    "本报记者",
    "3",
    "20",
    "2018",
    "a",
    "GDP",
    "O",
    "l",
    ",",
    ";",
    ":",
    "?",
    "!",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    ".",
    "...",
    "-",
    "--",
    "~",
    "<",
    ">",
    "<<",
    ">>",
    "%",
    " ",
    "  ",
    "\u{3000}",
    "\u{A0}",
    "\n",
    "\n\n",
    "\t",
    "，",
    "。",
    "；",
    "、",
    "：",
    "！",
    "？",
    "（",
    "）",
    "“",
    "”",
    "‘",
    "’",
    "《",
    "》",
    "〈",
    "〉",
    "「",
    "」",
    "『",
    "』",
    "〝",
    "〞",
    "【",
    "】",
    "〔",
    "〕",
    "…",
    "……",
    "—",
    "——",
    "―",
    "─",
    "－",
    "～",
    "∼",
    "·",
    "•",
    "・",
    "．",
    "２",
    "Ａ",
    "％",
    "＂",
    "○",
    "\u{200B}",
    "\u{FEFF}",
    "\u{7}",
    "⼈",
    "\u{F9DC}",
    "｡",
    "﹐",
    "# ",
    "|",
    "\u{E000}",
    "號",
    "說",
    "/",
    "@",
    "=",
    "+",
    "\\",
    "&",
    "$",
    "*",
    "**",
    "`",
    "```",
    "&amp;",
    "&lt;",
    "&nbsp;",
    "lt;",
    "<br>",
    "<td>",
    "<sup>2</sup>",
    "$3$",
    "](",
    "^",
    "\u{C}",
    "\u{2028}",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|p| p.concat())
}

/// The same between words of Han, as they stand in a newspaper.
fn sentence() -> impl Strategy<Value = String> {
    let words = prop::sample::select(&["春耕", "造林", "他说", "今年", "群众", "第3", "GDP"][..]);
    prop::collection::vec((words, prop::sample::select(PIECES)), 1..12)
        .prop_map(|p| p.iter().flat_map(|(word, piece)| [*word, *piece]).collect::<String>())
}

fn clean(text: &str) -> (String, usize) {
    let source = Source::from_text("case", "case.md", text);
    let run = clean_with(&source, &RULES, &Decisions::default(), Policy::default(), STAGES);
    let applied = run.findings.iter().filter(|f| f.status == Status::Applied).count();
    (run.clean().to_owned(), applied)
}

proptest! {
    // The same cases at every run, so that a gate does not fail by chance (see docs/QUALITY.md).
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_191_023),
        ..ProptestConfig::default()
    })]

    #[test]
    fn its_own_output_needs_no_safe_edit(text in prop_oneof![text(), sentence()]) {
        let once = clean(&text).0;
        let (twice, applied) = clean(&once);
        prop_assert_eq!((applied, &twice), (0, &once), "{:?}", text);
    }

    #[test]
    fn safe_findings_of_a_pass_are_disjoint(text in text()) {
        let source = Source::from_text("case", "case.md", text.as_str());
        let run = clean_with(&source, &RULES, &Decisions::default(), Policy::default(), &[&Normalize]);
        let safe = kanwu::finding::Applicability::Safe;
        for f in run.findings.iter().filter(|f| f.applicability == safe) {
            prop_assert_eq!(f.status, Status::Applied, "{:?} {:?} {}", text, f.span.of(&text), RULES.get(f.rule).code);
        }
    }

    #[test]
    fn no_input_is_too_odd(text in "\\PC{0,80}|[<>&$*`!\\[\\]()\\\\a-z/;#\n ]{0,80}") {
        clean(&text);
    }
}

/// Found by a fuzzer, and kept: a formula that would end behind the stars of an emphasis that began before it.
#[test]
fn markup_does_not_reach_over_the_end_of_an_emphasis() {
    for text in
        ["$\\*$**))$)~*)$*~:2\u{12}我A _**~_\"*~~!_$\\", "**甲$乙**丙$", "**甲`乙**丙`", "*甲[乙*丙](a)", "**甲<b**>乙"]
    {
        let (once, _) = clean(text);
        assert_eq!(clean(&once).1, 0, "{text}");
    }
}

/// Found by the law above, and kept.
#[test]
fn a_change_that_would_bring_another_is_made_with_it_or_not_at_all() {
    let found = [
        "的,,https://example.com/a?b=c",
        "<Ａ\u{3000}“>",
        "&lt;&lt;",
        "&nbsp;```",
        "<br>```",
        "\\<br>",
        "\\$3$",
        "\\&lt;)",
        "號>>)",
        "种--,",
        ";  。",
        "! 』",
        ": 、",
        "<td><sup>2</sup>",
        "說>>.",
        "...--】",
        ",  ，",
        "、，。",
        "章＂>>’",
        "月--\"\"",
        "人).",
        "?\\**說l**",
    ];
    for text in found {
        let once = clean(text).0;
        assert_eq!(clean(&once), (once.clone(), 0), "{text:?}");
    }
}

/// A mark without end is odd, not wrong; the time for it is the text's, not the square of it.
#[test]
fn one_mark_repeated_is_read_in_time() {
    for mark in [
        ",", ".", "\"", "'", "(", ")", "<", "&", "$", "*", "-", "~", "`", "[", "!", "\\", " ", "…", "—", "。", "，",
        "\u{200B}", "\u{3000}", "\u{C}", "一", "口", "o", "l", "<br>", "甲,", "\"好", "(甲", "&lt;", "**", "[](", "「",
    ] {
        clean(&mark.repeat(20_000 / mark.len()));
    }
}
