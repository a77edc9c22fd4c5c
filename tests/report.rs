//! The report is safe to open whatever the text says, complete in both languages, and the same every time.

use kanwu::document::View;
use kanwu::emit::html::report;
use kanwu::finding::{Draft, Status};
use kanwu::pipeline::{Policy, Run, clean_with};
use kanwu::review::Decisions;
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::Source;
use kanwu::stage::{Context, Stage};
use kanwu::text::ViewSpan;
use std::collections::HashMap;

/// A rule file of the fake stage.
fn rule(code: &str, name: &str, category: &str, message: (&str, &str), evidence: &str) -> (String, String) {
    let text = format!(
        "code = \"{code}\"\nname = \"{name}\"\ncategory = \"{category}\"\napplicability = \"safe\"\ntouches = \"markup\"\n\
         kind = \"built-in\"\nmessage = {{ zh = \"{}\", en = \"{}\" }}\nwhy = {{ zh = \"为了试验。\", en = \"For the test.\" }}\n\
         [evidence]\n{evidence}\n",
        message.0, message.1
    );
    (format!("rules/lint/{code}-{name}.toml"), text)
}

fn rules() -> RuleSet {
    let mut set = RuleSet::default();
    let mut files = [
        rule("LNT901", "half-width-comma", "punctuation", ("半角逗号改为全角", "a half-width comma"), ""),
        rule(
            "LNT902",
            "drift",
            "typo",
            ("「{quote}」疑为「{usual}」", "“{quote}” is probably “{usual}”"),
            "count = { zh = \"全文「{usual}」{n} 处\", en = \"“{usual}” stands {n} times\" }",
        ),
        rule(
            "LNT903",
            "spliced",
            "duplicate",
            ("此段重出，由前文 {n} 处拼成", "this passage repeats {n} earlier ones"),
            "cover = { zh = \"全段 {share}% 见于前文\", en = \"{share}% of it stands earlier\" }",
        ),
        rule("LNT904", "lost-quotes", "quotation", ("疑脱引号", "quotation marks are missing"), ""),
        rule("LNT905", "weekday", "consistency", ("日期与星期不合", "date and weekday disagree"), ""),
        rule("LNT906", "cut", "break", ("此处疑为断段，可接排", "a paragraph is cut here"), ""),
    ];
    set.add_tree(&mut files).expect("the rules of the test are right");
    set
}

/// Makes drafts of all kinds wherever its cues stand.
struct Fake;

impl Stage for Fake {
    fn name(&self) -> &'static str {
        "lint"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let id = |code| cx.rules.id(code).expect("known rule");
        let text = view.text();
        let all = |cue: &'static str| text.match_indices(cue).map(|(i, m)| ViewSpan::new(i, i + m.len()));
        let mut out = Vec::new();
        out.extend(all(",").map(|s| Draft::safe(id("LNT901"), s, "，")));
        let usual = all("沿黄").next();
        out.extend(all("沿海").map(|s| {
            let draft =
                Draft::suggest(id("LNT902"), s, "沿黄").or("沿河").or("").arg("quote", "沿海").arg("usual", "沿黄");
            let draft = draft.because("count", [("usual", "沿黄".to_owned()), ("n", "3".to_owned())]).sure(0.91);
            usual.iter().fold(draft, |d, u| d.beside("usual", *u))
        }));
        let quotes = all("三项机制").chain(all("<script>")).chain(all("蒙古马精神"));
        out.extend(quotes.map(|s| Draft::flag(id("LNT904"), s).in_series("lost")));
        out.extend(all("星期").map(|s| Draft::flag(id("LNT905"), s)));
        out.extend(all("重\n\n要").map(|s| {
            let gap = ViewSpan::new(s.start + 3, s.end - 3);
            Draft::suggest(id("LNT906"), gap, "")
        }));
        let mut copies = all("我区运动员升国旗敬军礼");
        if let (Some(first), Some(copy)) = (copies.next(), copies.next()) {
            let line = |from: usize| text[from..].find('\n').map_or(text.len(), |i| from + i);
            let whole = ViewSpan::new(copy.start, line(copy.end));
            let draft =
                Draft::suggest(id("LNT903"), whole, "").arg("n", "1").because("cover", [("share", "99".to_owned())]);
            out.push(draft.beside("original", ViewSpan::new(first.start, line(first.end))));
        }
        out
    }
}

const ISSUE: &str = "# 沿黄生态建设迈出新步伐\n\n□本报记者 王雅静\n\n沿黄地区,三项机制,蒙古马精神逐步落实。推进沿海生态带建设,意义重\n\n要。\
     10月23日星期二,三项机制再次见效。沿黄各旗县三项机制，三项机制，三项机制，三项机制。\n\n\
     # 我们的目标是升国旗 敬军礼！\n\n我区运动员升国旗敬军礼的故事传遍草原,队员们刻苦训练,备战全国比赛。\n\n\
     我区运动员升国旗敬军礼的故事传遍草原,队员刻苦训练,星期一备战。\n";

const HOSTILE: &str = "# <script>alert(1)</script> & \"沿黄\" 'x'\n\n沿海<script>alert('2')</script>&amp;\u{202E}逆\u{2066}序\u{0}\u{7}\u{200B}\u{FEFF}\
     \"><img src=http://evil.example/x onerror=1>沿海,星期</style></title></textarea><!-- ,沿海\r\n\u{1F468}\u{200D}\u{1F469}沿海e\u{301},\n";

fn with_run<T>(text: &str, look: impl FnOnce(&Run, &RuleSet) -> T) -> T {
    let source = Source::from_text("2019-10-23", "2019-10-23.md", text);
    let rules = rules();
    let run = clean_with(&source, &rules, &Decisions::default(), Policy::default(), &[&Fake]);
    look(&run, &rules)
}

fn pages(text: &str) -> Vec<String> {
    with_run(text, |run, rules| [Lang::Zh, Lang::En].map(|lang| report(run, rules, lang)).to_vec())
}

/// The element ids of a page, with how often each stands there.
fn element_ids(page: &str) -> HashMap<String, usize> {
    let mut ids = HashMap::new();
    for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let Some((_, rest)) = tag.split_once(" id=") else { continue };
        let id = rest.trim_start_matches('"').split(['"', ' ']).next().unwrap_or("");
        *ids.entry(id.to_owned()).or_default() += 1;
    }
    ids
}

/// The page without its style, its data and its script.
fn body(page: &str) -> String {
    let from = page.find("</style>").expect("a style") + 8;
    let to = page.find("<script").expect("a script");
    page[from..to].to_owned()
}

/// What lies in the page for its script.
fn data(page: &str) -> &str {
    let from = page.find("id=desk>").expect("the data") + 8;
    &page[from..from + page[from..].find("</script>").expect("its end")]
}

#[test]
fn hostile_text_stays_text() {
    for page in pages(HOSTILE) {
        assert_eq!(page.matches("<script").count(), 2, "only the page's own data and script");
        let data = data(&page);
        assert!(!data.contains(['<', '>', '&']), "the data could end its element");
        serde_json::from_str::<serde_json::Value>(data).expect("JSON");
        assert_eq!(page.matches("</style").count(), 1);
        let body = body(&page);
        assert!(!body.contains("<img") && !body.contains("<!--") && !body.contains("</textarea"));
        for c in body.chars().chain(data.chars()) {
            assert!(c == '\n' || !c.is_control(), "control character {c:?} reaches the page");
            let unseen =
                matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}');
            assert!(!unseen, "invisible character {c:?} reaches the page");
        }
        assert!(body.contains("U+202E") && body.contains("&lt;script&gt;") && body.contains("&amp;amp;"));
    }
}

#[test]
fn nothing_is_fetched() {
    for page in pages(HOSTILE).into_iter().chain(pages(ISSUE)) {
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("url(") && !page.contains("@import"));
        for tag in page.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
            for attribute in [" src=", " href=", " action=", " style=", " onclick="] {
                if let Some((_, value)) = tag.split_once(attribute) {
                    assert!(attribute == " href=" && value.starts_with("\"#"), "{tag}");
                }
            }
        }
    }
}

#[test]
fn every_open_finding_has_its_place_once() {
    for text in [ISSUE, HOSTILE, "", "沿海", ",,,,"] {
        with_run(text, |run, rules| {
            for lang in [Lang::Zh, Lang::En] {
                let ids = element_ids(&body(&report(run, rules, lang)));
                assert!(ids.values().all(|n| *n == 1), "an id stands twice: {ids:?}");
                for finding in run.findings.iter().filter(|f| f.status == Status::Open) {
                    assert_eq!(ids.get(&finding.id), Some(&1), "{} {:?}", finding.id, finding.span);
                }
            }
        });
    }
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages(ISSUE) {
        let body = body(&page);
        let ids = element_ids(&body);
        for part in body.split("href=\"#").skip(1) {
            let id = part.split('"').next().unwrap_or("");
            assert!(ids.contains_key(id), "no element for #{id}");
        }
    }
}

#[test]
fn both_languages_are_complete() {
    let pages = pages(ISSUE);
    let [zh, en] = pages.as_slice() else { panic!("two pages") };
    assert!(zh.contains("<html lang=\"zh-CN\">") && en.contains("<html lang=\"en\">"));
    for (chinese, english) in [("待定", "To decide"), ("已改", "Applied"), ("疑脱引号", "quotation marks are missing")]
    {
        assert!(zh.contains(chinese) && !body(en).contains(chinese), "{chinese}");
        assert!(en.contains(english) && !body(zh).contains(english), "{english}");
    }
    for page in &pages {
        for slot in ["{n}", "{name}", "{line}", "{quote}", "{usual}", "{share}"] {
            let body = body(page).replace("data-line=\"现显示 {n} 条\"", "").replace("data-line=\"{n} shown\"", "");
            assert!(!body.contains(slot), "{slot} is not filled");
        }
    }
}

#[test]
fn a_series_is_one_call_and_a_removal_holds_what_lies_inside() {
    with_run(ISSUE, |run, rules| {
        let page = body(&report(run, rules, Lang::Zh));
        let open = run.findings.iter().filter(|f| f.status == Status::Open).count();
        let calls = page.matches("<article").count();
        assert_eq!((open, calls), (12, 5));
        assert!(page.contains("此段内另有 1 条") && page.contains("同类 7 处"));
    });
}

#[test]
fn the_page_is_the_same_every_time() {
    assert_eq!(pages(ISSUE), pages(ISSUE));
}

#[test]
fn ten_thousand_findings_stay_a_page() {
    let sentence = "沿黄地区,推进沿海生态带建设,意义重大,影响深远。三项机制逐步落实,";
    let text = format!("# 题\n\n{}", [sentence; 50].concat() + "\n\n").repeat(34);
    with_run(&text, |run, rules| {
        assert!(run.findings.len() > 10_000, "{}", run.findings.len());
        let page = report(run, rules, Lang::Zh);
        assert!(page.len() < 8 << 20, "{} bytes", page.len());
    });
}
