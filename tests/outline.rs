//! The outline of the real issue, as a reader of the page would write it down.

use kanwu::document::{Document, Layer};
use kanwu::outline::{BlockKind, PartKind};
use kanwu::pipeline::{Policy, clean_with};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::Source;
use kanwu::stage::STAGES;
use kanwu::text::{Edit, ViewSpan};

const ISSUE: &str = include_str!("../input/2019-10-23.md");

struct Expected {
    kicker: Option<&'static str>,
    main: &'static str,
    byline: &'static [&'static str],
    dateline: Option<&'static str>,
}

const ARTICLES: [Expected; 6] = [
    Expected {
        kicker: None,
        main: "内蒙古自治区党委 自治区人民政府 关于建立更加有效的区域协调发展新机制的实施意见",
        byline: &[],
        dateline: None,
    },
    Expected {
        kicker: None,
        main: "自治区政协召开 加快科技创新 驱动自治区经济高质量发展 对口协商会",
        byline: &["郭俊楼"],
        dateline: Some("本报10月22日讯(记者 郭俊楼)"),
    },
    Expected {
        kicker: None,
        main: "《内蒙古自治区铁路安全管理规定》 即将施行",
        byline: &["梁亮"],
        dateline: Some("本报10月22日讯(记者 梁亮)"),
    },
    Expected { kicker: None, main: "我们的目标是升国旗 敬军礼!", byline: &["王雅静"], dateline: None },
    Expected { kicker: Some("不忘初心 牢记使命"), main: "整改进行时", byline: &[], dateline: None },
    Expected {
        kicker: Some("不忘初心 牢记使命"), main: "读原著 学原文 悟原理", byline: &[], dateline: None
    },
];

/// The issue with half-width marks as it came in, and with full-width marks as it leaves normalize.
fn both_widths() -> [String; 2] {
    let wide = ISSUE.replace('(', "（").replace(')', "）").replace(':', "：").replace(',', "，").replace('!', "！");
    [ISSUE.to_owned(), wide]
}

#[test]
fn articles_of_the_real_issue() {
    let source = Source::from_text("2019-10-23", "2019-10-23.md", ISSUE);
    let document = Document::new(&source);
    let (view, outline) = (document.view(), document.view().outline());
    assert_eq!(outline.date.map(|d| d.to_string()).as_deref(), Some("2019-10-23"));
    assert_eq!(outline.newspaper, None);
    assert_eq!(outline.articles.len(), ARTICLES.len());
    for (article, want) in outline.articles.iter().zip(&ARTICLES) {
        assert_eq!(article.headline.kicker.map(|s| view.get(s)), want.kicker);
        assert_eq!(article.headline.main.map(|s| view.get(s)), Some(want.main));
        assert_eq!(article.headline.sub, None);
        assert_eq!(article.byline.iter().map(|s| view.get(*s)).collect::<Vec<_>>(), want.byline);
        assert_eq!(article.dateline.map(|s| view.get(s)), want.dateline);
        assert_eq!(article.continues, None);
    }
}

#[test]
fn lines_of_the_real_issue_in_either_width() {
    for text in both_widths() {
        let source = Source::from_text("2019-10-23", "2019-10-23.md", text);
        let document = Document::new(&source);
        let outline = document.view().outline();
        let count = |kind| outline.blocks.iter().filter(|b| b.kind == kind).count();
        let parts = |kind| outline.blocks.iter().flat_map(|b| &b.parts).filter(|(k, _)| *k == kind).count();
        assert_eq!(count(BlockKind::Headline), 6);
        assert_eq!(count(BlockKind::Heading), 10);
        assert_eq!(count(BlockKind::Date), 1);
        assert_eq!(count(BlockKind::Byline), 1);
        assert_eq!(count(BlockKind::Speaker), 3);
        assert_eq!(count(BlockKind::Furniture), 0);
        assert_eq!(count(BlockKind::Caption), 0);
        assert_eq!(parts(PartKind::Credit), 5);
        assert_eq!(parts(PartKind::Dateline), 2);
    }
}

#[test]
fn a_text_without_marks_has_its_headlines() {
    let text = "北方日报 2020年5月6日 星期三 第2版\n\n春耕备耕有序推进\n\n□本报记者 李明 通讯员 娜仁花\n\n连日来，各地抓紧整地。\n\n\
                新校舍下月启用\n\n本报5月5日讯（记者 王芳）记者从教育局获悉，新校舍将启用。\n";
    let source = Source::from_text("page", "page.txt", text);
    let document = Document::new(&source);
    let (view, outline) = (document.view(), document.view().outline());
    let headlines: Vec<_> = outline.articles.iter().filter_map(|a| a.headline.main).map(|s| view.get(s)).collect();
    assert_eq!(headlines, ["春耕备耕有序推进", "新校舍下月启用"]);
    assert_eq!(outline.newspaper.map(|s| view.get(s)), Some("北方日报"));
    assert_eq!(outline.date.map(|d| d.to_string()).as_deref(), Some("2020-05-06"));
    let names: Vec<_> = outline.articles.iter().flat_map(|a| &a.byline).map(|s| view.get(*s)).collect();
    assert_eq!(names, ["李明", "娜仁花", "王芳"]);
}

#[test]
fn a_turn_links_the_parts_of_an_article() {
    let text = "# 草原深处的守望者\n\n他在边境线上走了三十年。（下转第三版）\n\n# 别的新闻\n\n别的事情。\n\n\
                # 草原深处的守望者\n\n（上接第一版）第二年春天，他又出发了。\n";
    let source = Source::from_text("page", "page.md", text);
    let document = Document::new(&source);
    let continues: Vec<_> = document.view().outline().articles.iter().map(|a| a.continues).collect();
    assert_eq!(continues, [None, None, Some(0)]);
}

#[test]
fn a_plain_text_page_with_indents_has_its_parts() {
    let text = "北国风光无限好\n\n□ 记者 张建国 文/图\n\n　　入秋以来，各景区游人不断。\n\n\
                两项标准发布\n\n　　新华社北京10月22日电（记者 张建国 李晓明）有关部门22日发布两项标准。\n\n\
                社区食堂开张\n\n　　本报讯（通讯员 王平 记者 赵天宇）社区食堂近日开张。\n";
    let source = Source::from_text("page", "page.txt", text);
    let document = Document::new(&source);
    let (view, outline) = (document.view(), document.view().outline());
    let headlines: Vec<_> = outline.articles.iter().filter_map(|a| a.headline.main).map(|s| view.get(s)).collect();
    assert_eq!(headlines, ["北国风光无限好", "两项标准发布", "社区食堂开张"]);
    let names: Vec<_> = outline.articles.iter().flat_map(|a| &a.byline).map(|s| view.get(*s)).collect();
    assert_eq!(names, ["张建国", "张建国", "李晓明", "王平", "赵天宇"]);
}

#[test]
fn a_headline_of_two_lines_is_one_text() {
    use kanwu::pipeline::{Policy, clean};
    let rules = kanwu::rule::RuleSet::built_in().expect("the built-in rules are sound");
    let cases = [
        ("# 关于加强防汛\n# 工作的意见\n\n□本报记者 王静\n\n正文完了。\n", "关于加强防汛 工作的意见"),
        ("# 关于加强防汛\n\n# 工作的意见\n\n正文完了。\n", "关于加强防汛 工作的意见"),
        ("# 春耕备耕\n有序推进\n\n连日来，各地抓紧整地。\n", "春耕备耕 有序推进"),
        ("# 春耕备耕\r\n有序推进\r\n\r\n连日来，各地抓紧整地。\r\n", "春耕备耕 有序推进"),
        ("# 春耕备耕\n连日来，各地抓紧整地。\n\n天气转暖。\n", "春耕备耕"),
        ("# 春耕备耕\n甲旗\n乙旗\n\n天气转暖。\n", "春耕备耕"),
    ];
    for (text, want) in cases {
        let source = Source::from_text("page", "page.md", text);
        let run = clean(&source, &rules, &Default::default(), Policy::default());
        let issue = kanwu::emit::json::issue(&run, &rules);
        let main: Vec<_> = issue.articles.iter().map(|a| a.headline.main.as_deref()).collect();
        assert_eq!(main, [Some(want)], "{text}");
    }
}

/// The outline of a changed text keeps what was read of the lines that stand as before. It is the one that the text has
/// by itself: after every stage, with lines split, joined, taken out and put in.
#[test]
fn what_is_kept_from_the_text_before_is_what_is_there() {
    let texts = [
        ISSUE.to_owned(),
        ISSUE.replace("\n\n", "\n \n"),
        ISSUE.replace("，", "，\n"),
        format!("{ISSUE}\n\n<table>\n一、首先；\n二、其次；\n</table>\n\n{ISSUE}"),
    ];
    let rules = RuleSet::built_in().expect("the built-in rules load");
    for text in texts {
        let source = Source::from_text("2019-10-23", "issue.md", text);
        for stages in 0..=STAGES.len() {
            let run = clean_with(&source, &rules, &Decisions::default(), Policy::default(), &STAGES[..stages]);
            let alone = Source::from_text("2019-10-23", "issue.md", run.clean());
            assert_eq!(run.outline(), Document::new(&alone).view().outline(), "after {stages} stages");
        }
    }
}

/// The same for edits at any place.
#[test]
fn what_is_kept_holds_for_any_edit() {
    let source = Source::from_text("2019-10-23", "issue.md", ISSUE);
    let places: Vec<usize> = ISSUE.char_indices().map(|(at, _)| at).collect();
    for step in [3, 41, 977] {
        for text in ["", "\n", "：", "\n\n# 题目\n\n", "（上接第一版）"] {
            let mut document = Document::new(&source);
            let _ = document.view().outline();
            let edit = |at: &[usize]| (Edit::new(ViewSpan::new(at[0], at[1]), text), 0);
            let edits = places.windows(2).step_by(step).map(edit).collect();
            document.push(&Layer { stage: "test", edits });
            let alone = Source::from_text("2019-10-23", "issue.md", document.view().text());
            assert_eq!(document.view().outline(), Document::new(&alone).view().outline(), "{step} {text:?}");
        }
    }
}
