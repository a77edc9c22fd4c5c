//! The lint stage on whole texts: what it must say, and where it must be silent.

use kanwu::finding::Status;
use kanwu::pipeline::{Policy, clean};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use std::time::{Duration, Instant};

/// Rule and quote of every open finding, of the rules whose code begins so.
fn found(text: &str, codes: &str) -> Vec<(String, String)> {
    let rules = RuleSet::built_in().unwrap_or_else(|e| panic!("{}", e.message));
    let source = Source::from_text("issue", "issue.md", text);
    let decisions = Decisions::default();
    let run = clean(&source, &rules, &decisions, Policy::default());
    let open = run.findings.iter().filter(|f| f.status == Status::Open);
    open.map(|f| (rules.get(f.rule).code.clone(), f.span.of(&source.text).to_owned()))
        .filter(|(code, _)| code.starts_with(codes))
        .collect()
}

fn quotes(text: &str, code: &str) -> Vec<String> {
    found(text, code).into_iter().map(|(_, quote)| quote).collect()
}

#[test]
fn most_of_the_flag_cases_are_flagged() {
    let cases = include_str!("fixtures/cases/flag.tsv");
    let texts: Vec<String> = cases.lines().filter_map(|l| Some(l.split('\t').next()?.replace("\\n", "\n"))).collect();
    let missed: Vec<&String> = texts.iter().filter(|t| found(&format!("{t}\n"), "").is_empty()).collect();
    let share = 1.0 - missed.len() as f64 / texts.len() as f64;
    assert!(share >= 0.85, "only {share:.2} are flagged; missed: {missed:#?}");
}

#[test]
fn counts_that_tally_in_any_way_of_counting_are_left_alone() {
    let right = [
        "坚决打好防范化解重大风险、精准脱贫、污染防治三大攻坚战。",
        "重点打造绿色农畜产品加工、清洁能源、现代服务业、健康教育康养、高新技术和现代装备制造等五大产业集群。",
        "全面推动米粮油糖、猪肉牛羊八大主导产业。",
        "办好展览、论坛、比赛等三大活动。",
        "第五大城市、第六大城市相继跟进。",
        "出席大会的代表、特邀代表、列席人员畅谈二十大。",
        "以研究院、产业园、数据中心等为龙头的十大集群正在兴起。",
    ];
    for text in right {
        assert_eq!(quotes(text, "LNT005"), Vec::<String>::new(), "{text}");
    }
    assert_eq!(quotes("全市建成四大平台：交易平台、物流平台、金融平台。", "LNT005"), ["四大"]);
}

#[test]
fn a_weekday_without_a_year_is_judged_by_the_years_of_its_text() {
    // Two of three agree on 2026; the third is the odd one.
    let text = "展览8月6日（星期四）开幕，8月7日（星期五）论坛举行，8月8日（星期三）闭幕。2026年的展览规模最大。\n";
    assert_eq!(quotes(text, "LNT003"), ["星期三"]);
    assert!(quotes("展览8月6日（星期四）开幕。\n", "LNT003").is_empty());
}

#[test]
fn the_year_of_a_weekday_is_the_latest_that_is_past() {
    let of = |text: &str| quotes(&format!("{text}\n"), "LNT003");
    let past = "2026年上半年收成良好，2026年7月又修通一条路，全线计划2030年建成。\n\n";
    assert_eq!(of(&format!("{past}8月5日（星期二）举办展览。")), ["星期二"]);
    assert_eq!(of(&format!("{past}8月4日至6日（星期五）举办展览。")), ["星期五"]);
    for right in [
        "8月5日（星期三）举办展览。",
        "8月4日至6日（星期四）举办展览。",
        // The year before a date in its own article may be the one that is meant.
        "他2025年入队。8月5日（星期二）那天又下了雨。",
        // In January of the next year.
        "1月5日（星期二）开馆。",
    ] {
        assert!(of(&format!("{past}{right}")).is_empty(), "{right}");
    }
}

#[test]
fn quotations_over_paragraphs_and_serials_are_legal() {
    let text = "“第一段说的是路。\n\n“第二段说的是桥。”\n\n1）修路；2）架桥。\n";
    assert_eq!(found(text, "LNT01"), []);
}

#[test]
fn a_cut_paragraph_may_close_what_it_opens_in_the_next() {
    let text = "会议审议了《全区公路建设与养护\n\n管理办法》，并提出要求。\n";
    assert_eq!(found(text, "LNT011"), []);
}

#[test]
fn speech_inside_marks_is_left_alone() {
    let texts = [
        "王师傅说：“这条路修得好。”\n",
        "“我们赶上了好时候。”村民李大姐说。\n",
        "负责人表示，工程明年投用。\n",
        "“路修好了，”他说，“日子也好了。”\n",
    ];
    for text in texts {
        assert!(quotes(text, "LNT020").is_empty(), "{text}");
    }
}

#[test]
fn a_text_that_is_traditional_throughout_is_left_alone() {
    let text = "這個國家的經濟發展與人民生活問題，應當認真討論研究並解決實際困難。".repeat(8);
    assert!(found(&text, "LNT04").is_empty());
    assert_eq!(quotes("大力发展經济。", "LNT041"), ["經"]);
}

#[test]
fn odd_texts_take_linear_time() {
    let shapes: [&str; 8] = ["（", "“", "》", "月日", "12月30日（星期", "我们说：", "、“一带一路”", "三大："];
    for shape in shapes {
        let time = |n: usize| {
            let text = shape.repeat(n / shape.len());
            let start = Instant::now();
            let _ = found(&text, "LNT");
            start.elapsed()
        };
        let (short, long) = (time(5_000), time(20_000));
        let limit = short * 16 + Duration::from_millis(500);
        assert!(long < limit, "{shape}: {short:?} for 5 kB, {long:?} for 20 kB");
    }
}
