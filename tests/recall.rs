//! A decision whose rule is silent now: where its place still stands it is asked again, is never carried out by itself, and
//! once it is confirmed it is the editor's own correction.

mod desk;
mod tray;

use desk::Finds;
use kanwu::finding::{Applicability, Finding, Status};
use kanwu::pipeline::{Policy, Run, clean_with};
use kanwu::review::{Decision, Decisions, RECALLED, Scope, Signature, Verdict, decision};
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::Source;
use kanwu::stage::Stage;
use proptest::prelude::*;
use std::sync::LazyLock;
use tray::Tray;

/// The desk's rules, and the built-in one that asks again.
static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    let mut rules = RuleSet::built_in().unwrap();
    let mut files: Vec<(String, String)> =
        desk::rules().iter().map(|(_, rule)| (rule.file.clone(), rule.toml.clone())).collect();
    rules.add_tree(&mut files).unwrap_or_else(|e| panic!("{e}"));
    rules
});

const TEXT: &str = "# 标题\n\n本报讯 旗里防止返贫返贫,巩固成果,干部下乡。\n\n沿海建设不停步，港口昨日开航，货轮进出。\n\n\
                    据说五位一体，各方推进，群众满意。\n";

fn source(text: &str) -> Source {
    Source::from_text("a", "a.md", text)
}

/// Cleans with stages of the desk.
fn run<'s>(source: &'s Source, log: &[Decision], stages: &[Finds]) -> Run<'s> {
    let stages: Vec<&dyn Stage> = stages.iter().map(|s| s as &dyn Stage).collect();
    let log = Decisions { log: log.to_vec(), lines: Vec::new() };
    clean_with(source, &RULES, &log, Policy::default(), &stages)
}

/// The stages that only change commas: everything else is silent.
fn quiet() -> Vec<Finds> {
    desk::stages().into_iter().filter(|s| s.stage == "normalize").collect()
}

fn number(run: &Run, quote: &str) -> usize {
    let text = &run.source().text;
    run.findings.iter().position(|f| f.span.of(text) == quote).unwrap_or_else(|| panic!("no finding of {quote}"))
}

fn finding<'r>(run: &'r Run, quote: &str) -> &'r Finding {
    &run.findings[number(run, quote)]
}

fn say(run: &Run, quote: &str, verdict: Verdict, text: &str, by: &str) -> Decision {
    let who = Signature { by: by.to_owned(), ..Signature::default() };
    decision(run, &RULES, number(run, quote), (verdict, text, Scope::Once), &who).unwrap()
}

fn code(finding: &Finding) -> &str {
    &RULES.get(finding.rule).code
}

#[test]
fn what_a_silent_rule_was_answered_is_asked_again_and_holds_once_it_is_confirmed() {
    let source = source(TEXT);
    let first = run(&source, &[], &desk::stages());
    let mut log = vec![say(&first, "返贫返贫", Verdict::Accept, "返贫", "lin")];
    assert!(run(&source, &log, &desk::stages()).clean().contains("防止返贫，"));
    let silent = run(&source, &log, &quiet());
    let asked = finding(&silent, "返贫返贫");
    assert_eq!((code(asked), asked.status, &asked.applied), (RECALLED, Status::Stale, &None));
    assert_eq!((asked.fixes.len(), asked.fixes[0].as_ref()), (1, "返贫"));
    assert_eq!((asked.category.name(), asked.decided_by.as_deref()), ("typo", Some("lin")));
    assert_eq!(silent.decided_before(asked), Some(&log[0]));
    assert!(silent.clean().contains("防止返贫返贫，") && silent.lost_decisions.is_empty());
    let message = RULES.get(asked.rule).message.fill(Lang::En, &asked.args);
    assert!(message.contains("TYP901"), "{message}");
    // Confirmed, it is carried out, and the proof holds.
    log.push(say(&silent, "返贫返贫", Verdict::Accept, "返贫", "wang"));
    let confirmed = run(&source, &log, &quiet());
    let done = finding(&confirmed, "返贫返贫");
    assert_eq!((done.status, done.applied.as_deref()), (Status::Accepted, Some("返贫")));
    assert_eq!(done.decided_by.as_deref(), Some("wang"));
    assert!(confirmed.clean().contains("防止返贫，") && confirmed.lost_decisions.is_empty());
    // Where the rule speaks again, its own decision holds, and what was said meanwhile asks nothing more.
    let back = run(&source, &log, &desk::stages());
    assert_eq!(finding(&back, "返贫返贫").status, Status::Accepted);
    assert!(back.findings.iter().all(|f| code(f) != RECALLED || f.status != Status::Stale));
    assert!(back.lost_decisions.is_empty());
    // What was said of the rule's own finding after that is the last word.
    let own = |verdict| say(&back, "返贫返贫", verdict, "", "lin");
    let refused = [&log[..], &[own(Verdict::Reject)]].concat();
    let refused = run(&source, &refused, &desk::stages());
    assert!(refused.clean().contains("返贫返贫") && refused.findings.iter().all(|f| code(f) != RECALLED));
    // Its own verdict taken back, the rule asks, and what was said meanwhile is shown with the question.
    let open = [&log[..], &[own(Verdict::Undo)]].concat();
    let open = run(&source, &open, &desk::stages());
    let asked = finding(&open, "返贫返贫");
    assert_eq!((code(asked), asked.status, asked.decided_by.as_deref()), ("TYP901", Status::Stale, Some("wang")));
    // Taken back, it is asked again; dropped, it is asked no more, and the text stays.
    log.push(say(&confirmed, "返贫返贫", Verdict::Undo, "", "wang"));
    assert_eq!(finding(&run(&source, &log, &quiet()), "返贫返贫").status, Status::Stale);
    log.push(say(&confirmed, "返贫返贫", Verdict::Reject, "", "wang"));
    let dropped = run(&source, &log, &quiet());
    assert_eq!(finding(&dropped, "返贫返贫").status, Status::Rejected);
    assert!(dropped.clean().contains("返贫返贫") && dropped.lost_decisions.is_empty());
}

#[test]
fn an_edit_a_deletion_and_a_flag_are_asked_again_as_they_were_and_a_rejection_holds() {
    let source = source(TEXT);
    let first = run(&source, &[], &desk::stages());
    let log = [
        say(&first, "返贫返贫", Verdict::Edit, "", "lin"),
        say(&first, "沿海", Verdict::Reject, "", "lin"),
        say(&first, "五位一体", Verdict::Accept, "", "lin"),
    ];
    let silent = run(&source, &log, &[]);
    let asked: Vec<_> = silent.findings.iter().map(|f| (f.span.of(TEXT), f.applicability, f.fixes.clone())).collect();
    let deletion = vec![std::borrow::Cow::Borrowed("")];
    let want = [("返贫返贫", Applicability::Suggested, deletion), ("五位一体", Applicability::Flag, Vec::new())];
    assert_eq!(asked, want);
    assert!(silent.lost_decisions.is_empty() && silent.clean() == TEXT);
}

#[test]
fn a_place_that_is_gone_or_stands_twice_is_kept_and_listed() {
    let first = source(TEXT);
    let first = run(&first, &[], &desk::stages());
    let log = [say(&first, "沿海", Verdict::Accept, "沿黄", "lin")];
    let passage = "沿海建设不停步，港口昨日开航，货轮进出。";
    let elsewhere = "# 别的\n\n甲乙丙丁沿海戊己庚辛壬癸。\n";
    for text in [TEXT.replace("沿海", "沿江"), TEXT.replace(passage, ""), format!("{TEXT}{TEXT}"), elsewhere.to_owned()]
    {
        let source = source(&text);
        let run = run(&source, &log, &[]);
        assert!(run.findings.is_empty(), "{text}");
        assert_eq!(run.lost_decisions, [1], "{text}");
    }
}

#[test]
fn a_place_that_was_decided_again_is_neither_lost_nor_asked() {
    let before = source(TEXT);
    let first = run(&before, &[], &desk::stages());
    let mut log = vec![say(&first, "沿海", Verdict::Accept, "沿黄", "lin")];
    // Read anew with other errors beside the place: its id is another.
    let after = source(&TEXT.replace("建设不停步", "建没不停步"));
    let stale = run(&after, &log, &desk::stages());
    assert_eq!(finding(&stale, "沿海").status, Status::Stale);
    log.push(say(&stale, "沿海", Verdict::Accept, "沿黄", "wang"));
    let held = run(&after, &log, &desk::stages());
    assert_eq!((finding(&held, "沿海").status, held.lost_decisions.len()), (Status::Accepted, 0));
    // Silent, the last word is the one that is shown; it is asked once.
    let silent = run(&after, &log, &[]);
    assert_eq!((silent.findings.len(), silent.lost_decisions.len()), (1, 0));
    assert_eq!(silent.decided_before(&silent.findings[0]).unwrap().by, "wang");
}

/// A text of which some characters are other ones.
fn misread(text: &str, at: &[(usize, char)]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let many = chars.len();
    for (n, c) in at {
        if let Some(place) = chars.get_mut(n % many).filter(|c| **c != '\n') {
            *place = *c;
        }
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_carried_out_by_itself_and_the_proof_holds(
        said in proptest::collection::vec((any::<u8>(), "[返贫沿黄，。]{0,3}"), 1..6),
        errors in proptest::collection::vec((any::<usize>(), proptest::char::range('一', '龥')), 0..6),
        speaks in any::<u8>(),
        confirm in any::<u8>(),
    ) {
        let before = source(TEXT);
        let first = run(&before, &[], &desk::stages());
        let mut log = Vec::new();
        for (finding, (how, text)) in first.findings.iter().zip(&said) {
            let verdict = [Verdict::Accept, Verdict::Reject, Verdict::Edit][usize::from(how % 3)];
            let text = if verdict == Verdict::Edit { text.as_str() } else { "" };
            log.push(say(&first, finding.span.of(TEXT), verdict, text, "lin"));
        }
        let after = source(&misread(TEXT, &errors));
        let stages: Vec<Finds> = desk::stages().into_iter().enumerate().filter(|(n, _)| speaks >> n & 1 == 1).map(|(_, s)| s).collect();
        let again = run(&after, &log, &stages);
        let recalled = |run: &Run| run.findings.iter().filter(|f| code(f) == RECALLED).cloned().collect::<Vec<_>>();
        for finding in recalled(&again) {
            prop_assert_eq!(finding.applied, None);
            prop_assert!(matches!(finding.status, Status::Stale | Status::Superseded));
        }
        proved(&again)?;
        // Some are confirmed; those alone are carried out.
        let asked = recalled(&again);
        for (n, finding) in asked.iter().enumerate().filter(|(n, _)| confirm >> (n % 8) & 1 == 1) {
            let at = again.findings.iter().position(|f| f.id == finding.id).unwrap();
            let text = finding.fixes.first().map_or("", |fix| fix.as_ref());
            let who = Signature { by: n.to_string(), ..Signature::default() };
            log.extend(decision(&again, &RULES, at, (Verdict::Accept, text, Scope::Once), &who));
        }
        let confirmed = run(&after, &log, &stages);
        for finding in recalled(&confirmed).iter().filter(|f| f.status == Status::Accepted) {
            prop_assert!(log.iter().any(|d| d.finding == finding.id && d.anchor.rule == RECALLED));
        }
        proved(&confirmed)?;
    }
}

/// Source and edits give the clean text, and the clean text without them the source.
fn proved(run: &Run) -> Result<(), TestCaseError> {
    let mut text = String::new();
    let mut done = 0;
    let source = &run.source().text;
    for change in run.document.applied() {
        prop_assert!(change.edit.span.start >= done);
        text.push_str(&source[done..change.edit.span.start]);
        text.push_str(&change.edit.text);
        done = change.edit.span.end;
        let finding = &run.findings[change.finding];
        prop_assert_eq!(finding.applied.as_deref(), Some(change.edit.text.as_ref()));
        prop_assert!(matches!(finding.status, Status::Applied | Status::Accepted));
    }
    text.push_str(&source[done..]);
    prop_assert_eq!(text.as_str(), run.clean());
    Ok(())
}

#[test]
fn the_program_lists_asks_again_carries_out_and_proves() {
    let tray = Tray::new();
    tray.put("input/kanwu.toml", "rules-dirs = [\"../desk\"]\nselect = [\"TYP901\", \"LNT901\", \"REV001\"]\n");
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[0], "--accept", "--text", "防返贫"]);
    assert!(tray.clean().contains("防止防返贫的工作"));
    // The desk takes its rule away.
    tray.put("input/kanwu.toml", "rules-dirs = [\"../desk\"]\nselect = [\"LNT901\", \"REV001\"]\n");
    assert!(tray.clean().contains("防止返贫返贫的工作"));
    let list = tray.list();
    let asked = &list["waiting"][0];
    assert_eq!((asked["rule"].as_str(), asked["status"].as_str()), (Some("REV001"), Some("stale")));
    assert_eq!(asked["decided"]["text"].as_str(), Some("防返贫"));
    let id = asked["id"].as_str().unwrap();
    let shown = tray.done(&["decide", "a", "--list"]);
    assert!(shown.contains("TYP901 has nothing to say here any more") && shown.contains("防返贫"), "{shown}");
    tray.done(&["decide", "a", id, "--accept"]);
    assert!(tray.clean().contains("防止防返贫的工作"));
    assert!(tray.done(&["verify", "output/a"]).contains("every decision in force"));
}
