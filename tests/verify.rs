//! The proof holds for what the program wrote, and fails for anything else.

mod desk;

use desk::{pages, run, stages, write_input};
use kanwu::document::Applied;
use kanwu::emit::{diff, write_issue};
use kanwu::pipeline::{Policy, Run, clean};
use kanwu::reader::{Issue, ReadOptions};
use kanwu::review::Decisions;
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::{Origin, Source};
use kanwu::text::{Edit, SourceSpan, apply};
use kanwu::verify::{Proof, verify};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const SEED: &str = include_str!("../input/2019-10-23.md");

struct Written {
    dir: PathBuf,
    input: PathBuf,
    _tray: tempfile::TempDir,
}

fn write(run: &Run, rules: &RuleSet) -> Written {
    let tray = tempfile::tempdir().unwrap();
    let dir = tray.path().join("output").join(&run.source().id);
    write_issue(run, rules, Lang::Zh, &dir).unwrap_or_else(|e| panic!("{e}"));
    let input = write_input(run.source(), tray.path());
    Written { dir, input, _tray: tray }
}

fn desk_written(source: &Source) -> Written {
    write(&run(source, &Decisions::default(), &stages()), &desk::rules())
}

fn failures(proof: &Proof) -> Vec<String> {
    proof.checks.iter().filter(|c| !c.holds).map(|c| format!("{}: {:?}", c.what.en, c.details)).collect()
}

fn assert_proved(written: &Written) {
    for input in [Some(written.input.as_path()), None] {
        let proof = verify(&written.dir, input).unwrap_or_else(|e| panic!("{e}"));
        assert!(proof.holds() && proof.checks.len() > 5, "{:#?}", failures(&proof));
    }
}

/// Whether the proof, or the reading of the files, says that something is wrong.
fn refused(written: &Written) -> bool {
    verify(&written.dir, Some(&written.input)).map_or(true, |proof| !proof.holds())
}

fn issue() -> Source {
    Source::from_text("2019-10-23", "2019-10-23.md", desk::ISSUE)
}

#[test]
fn the_real_issue_is_proved() {
    let rules = RuleSet::built_in().unwrap_or_else(|e| panic!("{e}"));
    let source = Source::from_text("2019-10-23", "2019-10-23.md", SEED);
    assert_proved(&write(&clean(&source, &rules, &Decisions::default(), Policy::default()), &rules));
    assert_proved(&desk_written(&source));
}

#[test]
fn furniture_between_the_lines_of_a_headline_is_proved() {
    let text =
        "# 旗里的新桥通了\n\n第2版 2019年10月23日 星期三\n\n# 两岸往来方便多了\n\n□本报记者 林小河\n\n新桥昨日通车。\n";
    let mut rules = RuleSet::built_in().unwrap_or_else(|e| panic!("{e}"));
    rules.switch(|rule| rule.touches != kanwu::rule::Touches::Furniture);
    let source = Source::from_text("2019-10-23", "2019-10-23.md", text);
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    let written = write(&run, &rules);
    assert_proved(&written);
    // The same output with the two lines read as one headline.
    let file = written.dir.join("clean.json");
    let mut issue: serde_json::Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(issue["furniture"][0]["cut"], false);
    let second = issue["articles"].as_array_mut().unwrap().remove(1);
    let first = &mut issue["articles"][0];
    first["headline"]["main"] = "旗里的新桥通了 两岸往来方便多了".into();
    let place = second["headline"]["source"]["main"][0].clone();
    first["headline"]["source"]["main"].as_array_mut().unwrap().push(place);
    first["body"] = second["body"].clone();
    let json = issue.to_string();
    fs::write(&file, &json).unwrap();
    assert_proved(&written);
    fs::write(&file, json.replace("\"第2版 ", "\"第3版 ")).unwrap();
    assert!(refused(&written));
}

#[test]
fn a_folder_of_pages_in_several_encodings_is_proved() {
    let text = desk::ISSUE;
    let all = |name| vec![(0..text.len(), Origin::Encoded(name))];
    let broken = "甲,乙\u{FFFD}丙\n";
    let source = pages(
        "2019-10-24",
        &[
            ("01.md", text, "UTF-8", Vec::new()),
            ("02.txt", text, "gb18030", all("gb18030")),
            ("03.txt", "繁體中文,行\n", "Big5", vec![(0.."繁體中文,行\n".len(), Origin::Encoded("Big5"))]),
            ("04.txt", text, "UTF-16LE", {
                let mut segments = vec![(0..0, Origin::Raw(vec![0xFF, 0xFE]))];
                segments.extend(all("UTF-16LE"));
                segments
            }),
            ("05.txt", broken, "UTF-8", {
                let at = broken.find('\u{FFFD}').unwrap();
                vec![
                    (0..at, Origin::Encoded("UTF-8")),
                    (at..at + 3, Origin::Raw(vec![0xE4, 0xBD])),
                    (at + 3..broken.len(), Origin::Encoded("UTF-8")),
                ]
            }),
        ],
    );
    let written = desk_written(&source);
    assert_proved(&written);
    for file in ["01.md", "02.txt", "03.txt", "04.txt", "05.txt"] {
        let path = written.input.join(file);
        let bytes = fs::read(&path).unwrap();
        for at in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert!(refused(&written), "{file}: byte {at}");
        }
        fs::write(&path, [&bytes[..], b"x"].concat()).unwrap();
        assert!(refused(&written), "{file}: one byte more");
        fs::write(&path, &bytes).unwrap();
    }
    assert!(!refused(&written));
}

/// Reads files with the program's own reader, cleans them with the built-in rules and proves the output.
fn read_and_prove(files: &[(&str, Vec<u8>)]) {
    let tray = tempfile::tempdir().unwrap();
    let folder = tray.path().join("2019-10-24");
    fs::create_dir(&folder).unwrap();
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let path = if files.len() == 1 { folder.join(files[0].0) } else { folder };
    let issue = Issue { id: "2019-10-24".to_owned(), path };
    let source = kanwu::reader::read(&issue, &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    let rules = RuleSet::built_in().unwrap_or_else(|e| panic!("{e}"));
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    let dir = tray.path().join("output").join("2019-10-24");
    write_issue(&run, &rules, Lang::Zh, &dir).unwrap_or_else(|e| panic!("{e}"));
    for input in [Some(issue.path.as_path()), None] {
        let proof = verify(&dir, input).unwrap_or_else(|e| panic!("{e}"));
        assert!(proof.holds(), "{:?}: {:#?}", files[0].0, failures(&proof));
    }
    for file in &source.files {
        let path = if issue.path.is_dir() { issue.path.join(&file.name) } else { issue.path.clone() };
        let bytes = fs::read(&path).unwrap();
        for at in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            assert!(verify(&dir, Some(&issue.path)).map_or(true, |p| !p.holds()), "{}: byte {at}", file.name);
        }
        fs::write(&path, bytes).unwrap();
    }
}

#[test]
fn what_the_reader_reads_is_proved_whatever_its_bytes_are() {
    let encode = |name: &str, text: &str| {
        encoding_rs::Encoding::for_label(name.as_bytes()).expect("an encoding").encode(text).0.into_owned()
    };
    let traditional =
        "# 臺灣新聞\n\n本報訊,總統府今天宣布,將於下個月舉行記者會。\n\n與會人士指出,這是歷史性的一刻。\n".repeat(4);
    let gb = encode("gb18030", SEED);
    let big5 = encode("Big5", &traditional);
    let broken = [desk::ISSUE.as_bytes(), &[0xE4, 0xBD, b'\n', 0xFF], desk::ISSUE.as_bytes()].concat();
    let marked = [&[0xEF, 0xBB, 0xBF], desk::ISSUE.as_bytes()].concat();
    let wide: Vec<u8> = [0xFEFF].into_iter().chain(desk::ISSUE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let mixed =
        [SEED.as_bytes(), &encode("gb18030", "突泉县的干部群众说,今年的收成很好。\n"), SEED.as_bytes()].concat();
    let all = [
        ("01.txt", gb),
        ("02.txt", big5),
        ("03.md", broken),
        ("04.md", marked),
        ("05.txt", wide),
        ("06.md", mixed),
        ("07.md", desk::ISSUE.replace('\n', "\r\n").into_bytes()),
    ];
    for file in &all {
        read_and_prove(std::slice::from_ref(file));
    }
    read_and_prove(&all);
}

#[test]
fn one_changed_character_of_the_cleaned_text_is_named() {
    let source = issue();
    let written = desk_written(&source);
    assert_proved(&written);
    let path = written.dir.join("clean.md");
    let clean = fs::read_to_string(&path).unwrap();
    for at in (0..clean.len()).filter(|i| clean.is_char_boundary(*i)) {
        let rest = &clean[at..];
        let one = rest.chars().next().map_or(0, char::len_utf8);
        for (what, changed) in [
            ("other", [&clean[..at], if rest.starts_with('〇') { "一" } else { "〇" }, &rest[one..]].concat()),
            ("gone", [&clean[..at], &rest[one..]].concat()),
            ("more", [&clean[..at], " ", rest].concat()),
        ] {
            fs::write(&path, &changed).unwrap();
            let proof = verify(&written.dir, Some(&written.input)).unwrap();
            let named = proof.checks.iter().any(|c| c.details.iter().any(|d| d.contains(':')));
            assert!(!proof.holds() && named, "{what} at {at}: {:?}", rest.chars().next());
        }
    }
    fs::write(&path, &clean).unwrap();
    assert_proved(&written);
    fs::write(&path, clean.replace("代表团", "代表队")).unwrap();
    let proof = verify(&written.dir, Some(&written.input)).unwrap();
    let check = proof.checks.iter().find(|c| c.what.en == "the source with the recorded changes is clean.md").unwrap();
    assert_eq!(check.details, ["6:10 −\"团\"", "6:10 +\"队\""]);
}

#[test]
fn one_changed_byte_of_the_input_is_seen() {
    let written = desk_written(&issue());
    let bytes = fs::read(&written.input).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 0x20;
        fs::write(&written.input, &changed).unwrap();
        assert!(refused(&written), "byte {at}");
    }
}

#[test]
fn clean_json_that_lost_or_gained_a_character_is_seen() {
    let written = desk_written(&issue());
    let path = written.dir.join("clean.json");
    let json = fs::read_to_string(&path).unwrap();
    for (from, to) in [
        ("代表团出征", "代表团出"),
        ("一、总体要求", "一、总体要求求"),
        ("升国旗 敬军礼", "升国旗敬军礼"),
        ("第2版", "第3版"),
        ("\"start\": 2", "\"start\": 9"),
    ] {
        assert!(json.contains(from), "{from}: {json}");
        fs::write(&path, json.replacen(from, to, 1)).unwrap();
        assert!(refused(&written), "{from}");
    }
    fs::write(&path, &json).unwrap();
    assert_proved(&written);
}

#[test]
fn a_findings_line_that_was_taken_out_or_changed_is_seen() {
    let written = desk_written(&issue());
    let path = written.dir.join("findings.jsonl");
    let lines = fs::read_to_string(&path).unwrap();
    let all: Vec<&str> = lines.lines().collect();
    for skip in (0..all.len()).filter(|i| all[*i].contains("\"status\":\"applied\"")) {
        let rest: Vec<&str> = all.iter().enumerate().filter(|(i, _)| *i != skip).map(|(_, l)| *l).collect();
        fs::write(&path, rest.join("\n")).unwrap();
        assert!(refused(&written), "line {skip}");
    }
    fs::write(&path, lines.replacen("\"quote\":\",\"", "\"quote\":\";\"", 1)).unwrap();
    assert!(refused(&written));
    fs::write(&path, [&lines[..], &lines[..lines.find('\n').unwrap() + 1]].concat()).unwrap();
    assert!(refused(&written), "the same edit twice");
    fs::write(&path, "{\n").unwrap();
    let error = verify(&written.dir, None).unwrap_err();
    assert!(error.message.contains("findings.jsonl:1:"), "{error}");
}

#[test]
fn odd_texts_are_proved() {
    for text in [
        "",
        "\n",
        "\0",
        "\r\r\r",
        "没有换行",
        "# ",
        "##\n\n正文",
        "#\n#\n",
        "断\n\n行",
        "a\u{301},",
        "#甲\n##\n",
        "第2版\n",
    ] {
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("{}{text}", desk::ISSUE)] {
            assert_proved(&desk_written(&Source::from_text("odd", "odd.txt", text)));
        }
    }
}

#[test]
fn what_is_missing_is_named() {
    let nowhere = Path::new("no-such-folder");
    assert!(verify(nowhere, None).unwrap_err().message.contains("clean.md"));
    let written = desk_written(&issue());
    assert!(verify(&written.dir, Some(nowhere)).unwrap_err().message.contains("no-such-folder"));
}

/// Applies a unified diff as its format defines it.
fn patched(source: &str, diff: &str) -> String {
    let old: Vec<&str> = source.split_inclusive('\n').collect();
    let (mut out, mut at) = (String::new(), 0);
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    while let Some(line) = lines.next() {
        if let Some(header) = line.strip_prefix("@@ -") {
            let range = header.split(' ').next().unwrap();
            let (first, count) = range.split_once(',').unwrap();
            let (first, count): (usize, usize) = (first.parse().unwrap(), count.parse().unwrap());
            let start = if count == 0 { first } else { first - 1 };
            out.extend(old[at..start].iter().copied());
            at = start;
            continue;
        }
        let bare = lines.next_if(|l| l.starts_with('\\')).is_some();
        let text = if bare { &line[1..line.len() - 1] } else { &line[1..] };
        if line.starts_with(['-', ' ']) {
            assert_eq!(old[at], text);
            at += 1;
        }
        if line.starts_with(['+', ' ']) {
            out.push_str(text);
        }
    }
    out.extend(old[at..].iter().copied());
    out
}

fn diff_of(source: &str, edits: &[Applied]) -> String {
    let mut out = Vec::new();
    diff::unified(source, edits, ["source.md", "clean.md"], &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_patch_program_makes_the_cleaned_text_of_the_source() {
    let crlf = desk::ISSUE.replace('\n', "\r\n");
    let texts = [desk::ISSUE, &crlf, SEED, "甲,乙", "第2版\n", "断\n\n行,", "\n\n甲,\n\n"];
    for text in texts {
        let source = Source::from_text("issue", "issue.md", text);
        let run = run(&source, &Decisions::default(), &stages());
        let diff = diff_of(text, run.document.applied());
        assert_eq!(patched(text, &diff), run.clean());
        let written = write(&run, &desk::rules());
        let result = written.dir.join("patched");
        let patch = Command::new("patch")
            .args(["--binary", "--quiet", "--force", "--output"])
            .args([&result, &written.input, &written.dir.join("changes.diff")])
            .status();
        // A machine without the program has the applier above.
        if let Ok(status) = patch {
            assert!(status.success(), "{diff}");
            assert_eq!(fs::read_to_string(&result).unwrap(), run.clean(), "{diff}");
        }
    }
}

#[test]
fn a_diff_shows_three_lines_around_a_change() {
    let text = "1\n2\n3\n4\n5,\n6\n7\n8\n9\n";
    let at = text.find(',').unwrap();
    let edit = Applied { edit: Edit::new(SourceSpan::new(at, at + 1), "，"), finding: 0 };
    assert_eq!(
        diff_of(text, &[edit]),
        "--- source.md\n+++ clean.md\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5,\n+5，\n 6\n 7\n 8\n"
    );
}

/// Sorted, disjoint edits of a text.
fn edits_of(text: &str, picks: &[(usize, usize, &'static str)]) -> Vec<Applied> {
    let ends: Vec<usize> = (0..=text.len()).filter(|i| text.is_char_boundary(*i)).collect();
    let mut out: Vec<Applied> = Vec::new();
    let mut at = 0;
    for (skip, length, new) in picks {
        let start = at + skip;
        let end = start + length;
        if end >= ends.len() {
            break;
        }
        out.push(Applied { edit: Edit::new(SourceSpan::new(ends[start], ends[end]), *new), finding: 0 });
        // Two insertions never stand at one place.
        at = end + usize::from(*length == 0);
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_diff_of_any_edits_gives_the_new_text(
        text in "[a,\n\r版]{0,40}",
        picks in prop::collection::vec(
            (0usize..6, 0usize..4, prop::sample::select(vec!["", "\n", "x", "x\n", "\nx", "，", "\r\n"])), 0..8),
    ) {
        let edits = edits_of(&text, &picks);
        let plain: Vec<Edit<_>> = edits.iter().map(|a| a.edit.clone()).collect();
        let diff = diff_of(&text, &edits);
        prop_assert_eq!(patched(&text, &diff), apply(&text, &plain), "{}", diff);
    }
}
