//! Decisions are an input: what people said is replayed over fresh findings, and never more than they said.

mod desk;

use desk::{finds, run, stages};
use kanwu::error::ErrorKind;
use kanwu::finding::{Finding, Status};
use kanwu::pipeline::Run;
use kanwu::review::{Anchor, Decision, Decisions, Scope, Verdict, proposal_hash};
use kanwu::source::Source;

const TEXT: &str = "# 标题\n\n防止返贫返贫,巩固成果。\n\n重复的一段,全文再见。\n\n沿海建设,推进五位一体。\n";

fn source(text: &str) -> Source {
    Source::from_text("2019-10-23", "2019-10-23.md", text)
}

fn none() -> Decisions {
    Decisions::default()
}

fn log(decisions: impl IntoIterator<Item = Decision>) -> Decisions {
    Decisions { log: decisions.into_iter().collect(), ..Decisions::default() }
}

fn found<'r>(run: &'r Run, quote: &str) -> &'r Finding {
    let source = run.source();
    run.findings.iter().find(|f| f.span.of(&source.text) == quote).unwrap_or_else(|| panic!("no finding of {quote}"))
}

/// A verdict on the finding whose quote is given, as a reviewer's program would write it.
fn on(run: &Run, quote: &str, verdict: Verdict) -> Decision {
    let finding = found(run, quote);
    let rules = desk::rules();
    let text = &run.source().text;
    let tail = |s: &str| s.chars().rev().take(20).collect::<Vec<_>>().into_iter().rev().collect();
    Decision {
        finding: finding.id.clone(),
        verdict,
        text: String::new(),
        proposal: proposal_hash(&finding.fixes),
        scope: Scope::Once,
        by: "lin".to_owned(),
        at: "2026-11-22T08:00:00Z".to_owned(),
        note: String::new(),
        anchor: Anchor {
            rule: rules.get(finding.rule).code.clone(),
            quote: quote.to_owned(),
            before: tail(&text[..finding.span.start]),
            after: text[finding.span.end..].chars().take(20).collect(),
            ..Anchor::default()
        },
    }
}

#[test]
fn accepting_a_deletion_supersedes_the_safe_edits_inside() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    assert_eq!(found(&first, "重复的一段,全文再见。").status, Status::Open);
    assert!(first.clean().contains("重复的一段，全文再见。"));
    let accept = on(&first, "重复的一段,全文再见。", Verdict::Accept);
    let second = run(&source, &log([accept]), &stages());
    let deletion = found(&second, "重复的一段,全文再见。");
    assert_eq!((deletion.status, deletion.applied.as_deref()), (Status::Accepted, Some("")));
    assert_eq!(deletion.decided_by.as_deref(), Some("lin"));
    assert!(!second.clean().contains("重复的一段"));
    let inside = second.findings.iter().find(|f| deletion.span.contains(f.span) && f.id != deletion.id).unwrap();
    assert_eq!((inside.status, &inside.applied), (Status::Superseded, &None));
}

#[test]
fn two_people_who_differ_are_both_named() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let by = |who: &str, verdict| Decision { by: who.to_owned(), ..on(&first, "返贫返贫", verdict) };
    let both = run(&source, &log([by("lin", Verdict::Accept), by("wang", Verdict::Reject)]), &stages());
    let finding = found(&both, "返贫返贫");
    assert_eq!((finding.status, finding.decided_by.as_deref()), (Status::Rejected, Some("wang")));
    assert_eq!(finding.also_decided_by, ["lin"]);
    // What was taken back does not count, and nobody is named twice.
    let lines = [Verdict::Accept, Verdict::Undo, Verdict::Reject, Verdict::Accept].map(|v| by("lin", v));
    let alone = run(&source, &log(lines), &stages());
    assert!(found(&alone, "返贫返贫").also_decided_by.is_empty());
}

#[test]
fn a_rejected_safe_edit_is_not_applied() {
    let source = source("甲,乙(丙)。\n");
    let first = run(&source, &none(), &stages());
    assert_eq!(first.clean(), "甲，乙（丙）。\n");
    let second = run(&source, &log([on(&first, ",", Verdict::Reject)]), &stages());
    assert_eq!(second.clean(), "甲,乙（丙）。\n");
    assert_eq!(found(&second, ",").status, Status::Rejected);
    assert_eq!(found(&second, ",").applied, None);
}

#[test]
fn an_accepted_edit_goes_before_a_safe_one_of_its_layer() {
    let source = source("甲,乙丙。\n");
    let both = [desk::Both(
        finds("normalize", "NOR901", &[(",", Some("，"))]),
        finds("normalize", "TYP901", &[(",乙", Some("、乙"))]),
    )];
    let stages: Vec<&dyn kanwu::stage::Stage> = both.iter().map(|b| b as _).collect();
    let run = |decisions: &Decisions| {
        let run = kanwu::pipeline::clean_with(&source, &desk::rules(), decisions, Default::default(), &stages);
        (run.clean().to_owned(), on(&run, ",乙", Verdict::Accept))
    };
    let (clean, accept) = run(&none());
    assert_eq!(clean, "甲，乙丙。\n");
    assert_eq!(run(&log([accept])).0, "甲、乙丙。\n");
}

#[test]
fn a_person_may_write_another_text() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let edit = Decision { text: "返贫致贫".to_owned(), ..on(&first, "返贫返贫", Verdict::Edit) };
    let second = run(&source, &log([edit]), &stages());
    assert!(second.clean().contains("防止返贫致贫，"));
    assert_eq!(found(&second, "返贫返贫").applied.as_deref(), Some("返贫致贫"));
}

#[test]
fn an_accepted_flag_keeps_what_stands_and_an_edited_one_takes_the_text() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let second = run(&source, &log([on(&first, "五位一体", Verdict::Accept)]), &stages());
    assert_eq!(found(&second, "五位一体").status, Status::Accepted);
    assert_eq!(second.clean(), first.clean());
    let edit = Decision { text: "“五位一体”".to_owned(), ..on(&first, "五位一体", Verdict::Edit) };
    let third = run(&source, &log([edit]), &stages());
    assert!(third.clean().contains("推进“五位一体”。"));
}

#[test]
fn undo_takes_back_everything_before_it() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let [accept, reject, undo] = [Verdict::Accept, Verdict::Reject, Verdict::Undo].map(|v| on(&first, "返贫返贫", v));
    let back = run(&source, &log([accept.clone(), reject.clone(), undo.clone()]), &stages());
    assert_eq!(found(&back, "返贫返贫").status, Status::Open);
    assert_eq!(found(&back, "返贫返贫").decided_by, None);
    let again = run(&source, &log([reject, undo, accept]), &stages());
    assert_eq!(found(&again, "返贫返贫").status, Status::Accepted);
}

#[test]
fn of_two_people_the_last_counts_and_both_are_on_record() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let accept = on(&first, "返贫返贫", Verdict::Accept);
    let reject = Decision { by: "wang".to_owned(), ..on(&first, "返贫返贫", Verdict::Reject) };
    let decisions = log([accept, reject]);
    let second = run(&source, &decisions, &stages());
    let finding = found(&second, "返贫返贫");
    assert_eq!((finding.status, finding.decided_by.as_deref()), (Status::Rejected, Some("wang")));
    let names: Vec<&str> = decisions.about(&finding.id).map(|d| d.by.as_str()).collect();
    assert_eq!(names, ["lin", "wang"]);
}

#[test]
fn another_proposal_makes_a_decision_stale() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let decisions = log([on(&first, "返贫返贫", Verdict::Accept), on(&first, ",", Verdict::Accept)]);
    let other = [
        finds("normalize", "NOR901", &[(",", Some("、"))]),
        finds("typos", "TYP901", &[("返贫返贫", Some("致贫返贫"))]),
    ];
    let second = run(&source, &decisions, &other);
    assert_eq!(found(&second, "返贫返贫").status, Status::Stale);
    let comma = found(&second, ",");
    assert_eq!((comma.status, &comma.applied), (Status::Stale, &None));
    assert!(second.clean().contains("防止返贫返贫,巩固"), "a stale safe edit is not applied either");
    assert!(second.lost_decisions.is_empty());
}

#[test]
fn a_choice_that_is_not_offered_is_stale() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let other = Decision { text: "别的".to_owned(), ..on(&first, "返贫返贫", Verdict::Accept) };
    assert_eq!(found(&run(&source, &log([other]), &stages()), "返贫返贫").status, Status::Stale);
}

#[test]
fn a_finding_whose_surroundings_changed_is_found_by_its_anchor_and_asked_again() {
    let first_source = source(TEXT);
    let first = run(&first_source, &none(), &stages());
    let decisions = log([on(&first, "沿海", Verdict::Accept)]);
    let changed =
        source(&TEXT.replace("重复的一段,全文再见。\n\n", "重复的一段,全文再见！！另有新的几句话插在这里。\n\n"));
    let second = run(&changed, &decisions, &stages());
    let finding = found(&second, "沿海");
    assert_ne!(finding.id, found(&first, "沿海").id);
    assert_eq!((finding.status, finding.decided_by.as_deref()), (Status::Stale, Some("lin")));
    assert!(second.clean().contains("沿海建设"));
    assert!(second.lost_decisions.is_empty());
}

#[test]
fn an_anchor_never_takes_a_like_place_while_its_own_is_there() {
    let text = "甲乙丙丁戊己庚辛,子丑寅卯辰巳午未。\n\n甲乙丙丁戊己庚辛,子丑寅卯辰巳午未申。\n";
    let source = source(text);
    let first = run(&source, &none(), &stages());
    let second = run(&source, &log([on(&first, ",", Verdict::Reject)]), &stages());
    let commas: Vec<Status> = second.findings.iter().map(|f| f.status).collect();
    assert_eq!(commas, [Status::Rejected, Status::Applied]);
}

#[test]
fn a_decision_whose_place_is_gone_is_listed_by_its_line() {
    let first_source = source(TEXT);
    let first = run(&first_source, &none(), &stages());
    let [gone, kept] = ["返贫返贫", "沿海"].map(|q| on(&first, q, Verdict::Accept));
    let lines = [&gone, &kept].map(|d| serde_json::to_string(d).unwrap());
    let (decisions, warnings) = Decisions::parse(&format!("\n{}\n\n{}\n", lines[0], lines[1]), "x").unwrap();
    assert!(warnings.is_empty());
    let changed = source(&TEXT.replace("防止返贫返贫,", ""));
    let second = run(&changed, &decisions, &stages());
    assert_eq!(second.lost_decisions, [2]);
    assert_eq!(found(&second, "沿海").status, Status::Accepted);
}

#[test]
fn a_verdict_on_the_like_reaches_every_like_place() {
    let text = "甲,沿海一带,再看沿海。\n\n沿海又见。\n";
    let source = source(text);
    let first = run(&source, &none(), &stages());
    let issue = Decision { scope: Scope::Issue, ..on(&first, "沿海", Verdict::Accept) };
    let second = run(&source, &log([issue.clone()]), &stages());
    assert_eq!(second.clean(), "甲，沿黄一带，再看沿黄。\n\n沿黄又见。\n");
    // A verdict on one place goes before the one on the like.
    let last = first.findings.iter().rfind(|f| f.span.of(text) == "沿海").unwrap();
    let keep = Decision { finding: last.id.clone(), verdict: Verdict::Reject, scope: Scope::Once, ..issue.clone() };
    let third = run(&source, &log([keep, issue]), &stages());
    assert_eq!(third.clean(), "甲，沿黄一带，再看沿黄。\n\n沿海又见。\n");
}

#[test]
fn the_same_input_gives_the_same_result() {
    let source = source(TEXT);
    let first = run(&source, &none(), &stages());
    let decisions = log(["返贫返贫", "沿海", ",", "五位一体"].map(|q| on(&first, q, Verdict::Accept)));
    let write = || {
        let run = run(&source, &decisions, &stages());
        kanwu::emit::clean_json(&run, &desk::rules(), kanwu::rule::Lang::Zh)
    };
    assert_eq!(write(), write());
}

#[test]
fn a_log_is_read_line_by_line() {
    let line = r#"{"finding": "b3k9x2m4q7", "verdict": "accept", "mood": "fine", "anchor": {"rule": "DUP002"}}"#;
    let (decisions, warnings) = Decisions::parse(&format!("\u{FEFF}{line}\r\n\r\n{line}\n"), "x.jsonl").unwrap();
    assert_eq!((decisions.log.len(), decisions.lines, warnings.len()), (2, vec![1, 3], 0));

    let (decisions, warnings) = Decisions::parse(&format!("{line}\n{{\"finding\": \"b3"), "x.jsonl").unwrap();
    assert_eq!(decisions.log.len(), 1);
    assert!(warnings[0].message.starts_with("x.jsonl:2: "), "{}", warnings[0]);

    // A line that breaks off between others, as a killed program leaves it when another goes on.
    let (decisions, warnings) = Decisions::parse(&format!("{{\"finding\": \"b3\n{line}\n"), "x.jsonl").unwrap();
    assert_eq!((decisions.log.len(), warnings.len()), (1, 1));

    for bad in ["{\"finding\": 3}\n", "{\"finding\": \"b3\", \"verdict\": \"perhaps\"}\n", "[]"] {
        let error = Decisions::parse(&format!("{line}\n{bad}"), "x.jsonl").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config);
        assert!(error.message.starts_with("x.jsonl:2: "), "{error}");
        assert!(!error.hint.is_empty());
    }
}

#[test]
fn a_proposal_hash_tells_texts_and_their_number_apart() {
    let hash = |fixes: &[&'static str]| proposal_hash(&fixes.iter().map(|f| (*f).into()).collect::<Vec<_>>());
    let all = [hash(&[]), hash(&[""]), hash(&["", ""]), hash(&["ab"]), hash(&["a", "b"]), hash(&["ba"])];
    for (i, a) in all.iter().enumerate() {
        assert_eq!(a.len(), 16);
        assert!(all[..i].iter().all(|b| a != b));
    }
}
