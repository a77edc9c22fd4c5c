//! `kanwu decide`: every flag, files of verdicts, and what is on the disk when the program is killed or the disk is full.

mod tray;

use kanwu::review::{Anchor, Decision, Decisions, Log, Scope, Verdict};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use tray::Tray;

#[test]
fn a_verdict_is_kept_carried_out_and_taken_back() {
    let tray = Tray::new();
    let ids = tray.waiting();
    assert_eq!(ids.len(), 5);
    let out = tray.done(&["decide", "a", &ids[0][..6], "--accept", "--text", "防返贫", "--note", "问过了"]);
    assert_eq!(out.trim(), format!("kept: accepted {} \"返贫返贫\" → \"防返贫\" (lin)", ids[0]));
    tray.done(&["decide", "input/a.md", &ids[1], "--reject", "--by", "王"]);
    tray.done(&["decide", "input", &ids[2], "--edit", "13至15"]);
    let clean = tray.clean();
    assert!(clean.contains("防止防返贫的工作") && clean.contains("10-12岁组，也有13至15岁组"), "{clean}");
    assert!(tray.done(&["verify", "output/a"]).contains("every decision in force"));
    let line = &tray.log()[0];
    assert_eq!((line["by"].as_str(), line["note"].as_str()), (Some("lin"), Some("问过了")));
    assert!(line["at"].as_str().is_some_and(|at| at.ends_with('Z') && at.len() == 20), "{line}");
    tray.done(&["decide", "a", &ids[2], "--undo"]);
    assert_eq!(tray.waiting(), ids[2..]);
    // The output is older than the log now, and the proof says so.
    let (status, out, _) = tray.run(&["verify", "output/a"]);
    assert_eq!(status, 1, "{out}");
    assert!(out.contains(&ids[2]), "{out}");
}

#[test]
fn a_series_is_decided_with_exceptions_and_publication_waits_for_the_rest() {
    let tray = Tray::new();
    let ids = tray.waiting();
    let out = tray.done(&["decide", "a", &ids[1], "--accept", "--series", "--except", &ids[2]]);
    assert_eq!(out.trim(), "kept: accepted a series of LNT901, 2 places (lin)");
    assert_eq!(tray.waiting(), [0, 2, 4].map(|n: usize| ids[n].clone()));
    let (status, _, err) = tray.run(&["clean", "--require-reviewed"]);
    assert_eq!(status, 1);
    assert!(err.contains("not ready to print: 3 things"), "{err}");
    for id in [&ids[0], &ids[2], &ids[4]] {
        tray.done(&["decide", "a", id, "--reject"]);
    }
    let config = tray.read("input/kanwu.toml");
    tray.put("input/kanwu.toml", &format!("require-reviewed = true\nreviewer = \"desk\"\n{config}"));
    tray.done(&["clean"]);
    assert!(tray.done(&["decide", "a", &ids[0], "--undo"]).contains("(desk)"));
    assert_eq!(tray.run(&["clean"]).0, 1);
}

#[test]
fn a_wrong_call_keeps_nothing_and_says_what_to_do() {
    let tray = Tray::new();
    let ids = tray.waiting();
    let wrong: [(&[&str], &str); 9] = [
        (&["decide", "b", &ids[0], "--accept"], "there are: a"),
        (&["decide", "a", "zzzz", "--accept"], "--list"),
        (&["decide", "a", "", "--accept"], "--list"),
        (&["decide", "a", &ids[0], "--accept", "--text", "别的"], "use --edit"),
        (&["decide", "a", &ids[4], "--accept", "--text", "别的"], "use --edit"),
        (&["decide", "a", &ids[0], "--accept", "--series"], "leave --series out"),
        (&["decide", "a", &ids[1], "--edit", "甲", "--series"], "--except"),
        (&["decide", "a", &ids[0], "--accept", "--reject"], "--reject"),
        (&["decide", "a", &ids[0]], "--accept"),
    ];
    for (args, hint) in wrong {
        let (status, out, err) = tray.run(args);
        assert_eq!(status, 2, "{args:?} {out}{err}");
        assert!(err.contains(hint), "{args:?} {err}");
    }
    tray.clean();
    let (status, _, err) = tray.run(&["decide", "output/a", &ids[0], "--accept"]);
    assert!(status == 2 && err.contains("beside the input"), "{err}");
    assert_eq!(tray.read("input/a.decisions.jsonl"), "");
}

#[test]
fn what_two_people_say_is_listed_and_what_changed_is_asked_again() {
    let tray = Tray::new();
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[0], "--accept", "--by", "林"]);
    let out = tray.done(&["decide", "a", &ids[0], "--reject", "--by", "王"]);
    assert!(out.contains("before this: 林 accepted"), "{out}");
    tray.done(&["decide", "a", &ids[1], "--accept", "--by", "林"]);
    tray.done(&["decide", "a", &ids[4], "--accept", "--by", "林"]);
    let rule = tray.read("desk/lint/LNT901-range.toml");
    tray.put("desk/lint/LNT901-range.toml", &rule.replace("${a}～${b}", "${a}至${b}"));
    tray.put("input/a.md", &tray::ISSUE.replace("据说云云，", ""));
    let list = tray.done(&["decide", "a", "--list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines[1].starts_with("to be looked at again"), "{list}");
    assert!(lines[2].contains(&ids[1]) && lines[2].contains("林") && lines[2].contains("10～12"), "{list}");
    assert!(list.contains("林 accepted, 王 rejected"), "{list}");
    assert!(list.contains("line 4 of the log") && list.contains("云云"), "{list}");
    let json = tray.list();
    assert_eq!(json["waiting"][0]["decided"]["verdict"], "accept");
    assert_eq!((json["lost"][0]["line"].as_u64(), json["questions"].as_u64()), (Some(4), Some(1)));
    // One word settles it again, and a lost one can be taken back.
    tray.done(&["decide", "a", &ids[1], "--accept"]);
    tray.done(&["decide", "a", &ids[4], "--undo"]);
    assert!(tray.clean().contains("10至12岁"));
    assert_eq!(tray.list()["lost"].as_array().map(Vec::len), Some(0));
}

#[test]
fn what_stands_twice_now_is_asked_again_and_the_proof_knows_it() {
    let tray = Tray::new();
    let story = "本报讯 甲乙丙丁戊己庚辛壬癸子丑寅卯防止返贫返贫的工作没有停，干部下乡走访，群众拍手称快。";
    tray.put("input/a.md", &format!("# 一篇\n\n{story}\n"));
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[0], "--accept"]);
    tray.put("input/a.md", &format!("# 一篇\n\n{story}\n\n# 二篇\n\n{story}\n"));
    assert!(tray.clean().contains("返贫返贫的工作"), "nobody can tell which was meant");
    assert_eq!(tray.list()["waiting"][0]["status"].as_str(), Some("stale"));
    tray.done(&["verify", "output/a"]);
}

#[test]
fn a_file_of_verdicts_is_taken_whole_or_not_at_all() {
    let tray = Tray::new();
    let ids = tray.waiting();
    let line = |id: &str, more: &str| format!("{{\"finding\": \"{id}\", \"verdict\": {more}}}\n");
    let good = line(&ids[0], "\"accept\"") + "\n" + &line(&ids[1], "\"edit\", \"text\": \"十至十二\", \"by\": \"王\"");
    for (bad, hint) in [
        (line("nothing000", "\"reject\""), "there is no finding \"nothing000\""),
        (line(&ids[2], "\"accept\", \"text\": \"别的\""), "not an alternative"),
        ("{\"finding\": \"x\"".to_owned(), "breaks off"),
        ("{\"finding\": 3}\n".to_owned(), "expected a string"),
    ] {
        tray.put("v.jsonl", &(good.clone() + &bad));
        let (status, _, err) = tray.run(&["decide", "a", "--from", "v.jsonl"]);
        assert!(status == 2 && err.contains("v.jsonl:4") && err.contains(hint), "{err}");
        assert_eq!(tray.read("input/a.decisions.jsonl"), "", "{bad}");
    }
    tray.put("v.jsonl", &good);
    assert!(tray.done(&["decide", "a", "--from", "v.jsonl"]).starts_with("kept 2 verdicts: 1 accepted, 0 rejected, 1"));
    let log = tray.log();
    assert_eq!((log[0]["by"].as_str(), log[1]["by"].as_str()), (Some("lin"), Some("王")));
    assert!(log.iter().all(|l| l["anchor"]["rule"].as_str().is_some_and(|r| !r.is_empty())), "{log:?}");
    std::thread::sleep(Duration::from_millis(1100));
    assert!(tray.done(&["decide", "a", "--from", "v.jsonl"]).contains("2 more were in the log already"));
    assert_eq!(tray.log().len(), 2);
    // Verdicts on another proposal are kept, and asked again.
    let stale = line(&ids[2], "\"accept\", \"proposal\": \"0000000000000000\"");
    tray.put("v.jsonl", &stale);
    assert!(tray.done(&["decide", "a", "--from", "v.jsonl"]).contains("will be asked again"));
    assert_eq!(tray.list()["waiting"][0]["status"], "stale");
    tray.put("v.bin", "\u{1}\u{2}");
    assert!(tray.run(&["decide", "a", "--from", "v.bin"]).2.contains("no verdicts"));
}

#[test]
fn what_is_never_to_be_asked_again_is_proposed_for_the_list_of_the_desk() {
    let tray = Tray::new();
    let ids = tray.waiting();
    let always = ["decide", "a", &ids[4], "--reject", "--scope", "always"];
    let out = tray.done(&always);
    assert!(out.contains("+  \"云云\",") && out.contains("--write-accept writes it"), "{out}");
    assert!(!tray.path("desk/words/accept.toml").exists());
    tray.done(&[&always[..], &["--write-accept"]].concat());
    assert!(tray.read("desk/words/accept.toml").contains("\"云云\""));
    tray.done(&["decide", "a", &ids[4], "--undo"]);
    assert!(!tray.waiting().contains(&ids[4]), "the rule is silent there now");
    // The built-in rules are nobody's to write to.
    tray.put("input/kanwu.toml", "");
    let found = tray.run(&["decide", "a", "--list", "--json"]).1;
    let list: serde_json::Value = serde_json::from_str(&found).unwrap();
    if let Some(id) = list["waiting"][0]["id"].as_str() {
        let (status, _, err) = tray.run(&["decide", "a", id, "--reject", "--scope", "always", "--write-accept"]);
        assert!(status == 2 && err.contains("built-in rules are never changed"), "{err}");
    }
}

#[test]
fn statistics_are_those_of_the_log() {
    let tray = Tray::new();
    assert!(tray.done(&["stats"]).contains("there is no log yet"));
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[1], "--reject", "--series"]);
    tray.done(&["decide", "a", &ids[0], "--accept"]);
    let json: serde_json::Value = serde_json::from_str(&tray.done(&["stats", "--json"])).unwrap();
    assert_eq!((json["rules"][0]["rule"].as_str(), json["rules"][0]["rejected"].as_u64()), (Some("LNT901"), Some(3)));
    let characters = tray::ISSUE.chars().count();
    assert_eq!(json["characters"].as_u64(), Some(characters as u64));
    let alarms = json["false_alarms"].as_f64().unwrap();
    assert!((alarms - 3.0 * 10_000.0 / characters as f64).abs() < 1e-6, "{alarms}");
    let table = tray.done(&["stats"]);
    assert!(table.contains("LNT901 range") && table.contains("lin"), "{table}");
}

#[test]
fn the_proof_is_a_page_with_counts_names_and_times() {
    let tray = Tray::new();
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[0], "--accept", "--by", "<b>林</b>"]);
    tray.clean();
    for (lang, title) in [("zh", "核红通过"), ("en", "every change is accounted for")] {
        tray.done(&["verify", "output/a", "--report", "proof.html", "--lang", lang]);
        let page = tray.read("proof.html");
        assert!(page.contains(title) && page.contains("&lt;b&gt;林&lt;/b&gt;") && !page.contains("<b>林"), "{page}");
        assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
    }
}

// ── killed, and full ──

/// Set for the child that appends: the path of the log.
const APPEND_TO: &str = "KANWU_TEST_APPEND_TO";

fn verdict(n: usize) -> Decision {
    Decision {
        finding: format!("f{n:09}"),
        verdict: Verdict::Accept,
        text: "新的文字".repeat(n % 40),
        proposal: "0123456789abcdef".to_owned(),
        scope: Scope::Once,
        by: "林".to_owned(),
        at: "2026-11-23T08:00:00Z".to_owned(),
        note: String::new(),
        anchor: Anchor { quote: "原文".repeat(n % 30), ..Anchor::default() },
    }
}

/// Not a test by itself: what is killed in the test below.
#[test]
fn child_that_appends() {
    let Ok(path) = std::env::var(APPEND_TO) else { return };
    let mut log = Log::open(Path::new(&path)).unwrap();
    let mut out = std::io::stdout();
    for n in 0..1_000_000 {
        log.append(&[verdict(n)]).unwrap();
        writeln!(out, "kept f{n:09}").unwrap();
        out.flush().unwrap();
    }
}

/// The ids that a process said were kept, until it was killed.
fn killed_after(mut command: Command, wait: Duration) -> Vec<String> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        lines.filter_map(|line| line.split("kept ").nth(1).map(str::to_owned)).collect::<Vec<_>>()
    });
    std::thread::sleep(wait);
    let _ = child.kill();
    let _ = child.wait();
    reader.join().unwrap()
}

/// Instants that look random and are the same in every run.
fn instants(n: usize) -> impl Iterator<Item = Duration> {
    let mut state = 0x2019_1023_u64;
    (0..n).map(move |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_micros(20_000 + (state >> 33) % 180_000)
    })
}

#[test]
fn killed_twenty_times_every_acknowledged_verdict_is_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.decisions.jsonl");
    let mut all = 0;
    for wait in instants(20) {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "child_that_appends", "--nocapture", "--test-threads", "1"]).env(APPEND_TO, &path);
        let kept = killed_after(child, wait);
        // The next verdict begins on a line of its own, whatever was left.
        Log::open(&path).unwrap().append(&[verdict(999_999_999)]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let (log, torn) = Decisions::parse(&text, "log").unwrap();
        assert!(torn.len() <= 20, "{torn:?}");
        let has: std::collections::HashSet<&str> = log.log.iter().map(|d| d.finding.as_str()).collect();
        assert!(kept.iter().all(|id| has.contains(id.trim())), "{} kept", kept.len());
        assert_eq!(log.log.last().map(|d| d.finding.as_str()), Some("f999999999"));
        for decision in log.log.iter().filter(|d| d.finding != "f999999999") {
            let n: usize = decision.finding[1..].parse().unwrap();
            assert_eq!(*decision, verdict(n), "no line is torn or mixed");
        }
        all += kept.len();
    }
    assert!(all > 20, "only {all} verdicts were given");
}

#[cfg(unix)]
#[test]
fn the_program_killed_while_deciding_has_kept_what_it_said() {
    let tray = Tray::new();
    let ids = tray.waiting();
    let mut said = 0;
    for wait in instants(20) {
        let script = ids.iter().map(|id| format!("\"$KANWU\" decide a {id} --reject; ")).collect::<String>();
        let mut shell = Command::new("sh");
        // One process group would be needed to kill the child too: `exec` alone would run but one command.
        shell.args(["-c", &format!("while true; do {script} done")]).current_dir(tray.path(""));
        shell.env("KANWU", env!("CARGO_BIN_EXE_kanwu")).env("LC_ALL", "en_US.UTF-8");
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        let mut child = shell.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).filter(|l| l.starts_with("kept: ")).count()
        });
        std::thread::sleep(wait * 4);
        let group = format!("-{}", child.id());
        assert!(Command::new("kill").args(["-KILL", "--", &group]).status().unwrap().success());
        let _ = child.wait();
        said += reader.join().unwrap();
        let text = tray.read("input/a.decisions.jsonl");
        let (log, _) = Decisions::parse(&text, "log").unwrap();
        assert!(log.log.len() >= said, "{} < {said}", log.log.len());
        assert!(log.log.iter().all(|d| d.verdict == Verdict::Reject && ids.contains(&d.finding)));
    }
    assert!(said > 0);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_at_once_and_nothing_half_written() {
    let tray = Tray::new();
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[0], "--accept"]);
    let before = tray.read("input/a.decisions.jsonl");
    // A limit on the size of files stands for the end of the disk: the log may grow to 1 KiB and no further.
    let full = |command: &str| {
        let script = format!("trap '' XFSZ; ulimit -f 2; {command}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(tray.path("")).env("LC_ALL", "en_US.UTF-8");
        shell.env("KANWU", env!("CARGO_BIN_EXE_kanwu")).output().unwrap()
    };
    let note = "长".repeat(1000);
    let output = full(&format!("\"$KANWU\" decide a {} --accept --note {note}", ids[1]));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{out}{err}");
    assert!(err.contains("the decision was not kept") && !out.contains("kept"), "{out}{err}");
    assert_eq!(tray.read("input/a.decisions.jsonl"), before);
    // A series is kept whole or not at all.
    let output = full(&format!("\"$KANWU\" decide a {} --accept --series", ids[1]));
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(tray.read("input/a.decisions.jsonl"), before);
    tray.done(&["decide", "a", &ids[1], "--accept"]);
}
