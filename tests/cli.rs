//! The program as a person or a script calls it: exit status, messages, files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const GOOD: &str = "# 旗里的新桥通了\n\n本报讯 新桥昨日通车,两岸往来方便了许多。\n";
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";

/// A desk of its own: a folder in which the program runs.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Desk(tempfile::tempdir().unwrap());
        fs::create_dir(desk.path("input")).unwrap();
        desk
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn put(&self, file: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(args).current_dir(self.0.path()).env("LC_ALL", "en_US.UTF-8").stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Outcome {
        Outcome::of(&self.command(args).output().unwrap())
    }

    fn feed(&self, args: &[&str], bytes: &[u8]) -> Outcome {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that refuses the call does not read; that is no fault of the test.
        let _ = child.stdin.take().unwrap().write_all(bytes);
        Outcome::of(&child.wait_with_output().unwrap())
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
    }

    fn has(&self, file: &str) -> bool {
        self.path(file).exists()
    }

    fn entries(&self, folder: &str) -> usize {
        fs::read_dir(self.path(folder)).unwrap().count()
    }

    /// All files below a folder with their bytes, in order.
    fn files(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let root = self.path(folder);
        let mut out = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(at) = folders.pop() {
            for entry in fs::read_dir(&at).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                    out.push((name, fs::read(&path).unwrap()));
                }
            }
        }
        out.sort();
        out
    }
}

#[derive(Debug)]
struct Outcome {
    status: i32,
    out: String,
    err: String,
}

impl Outcome {
    fn of(output: &Output) -> Self {
        Outcome {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The exit status, and pieces that standard error must have.
    #[track_caller]
    fn is(&self, status: i32, err: &[&str]) -> &Self {
        assert_eq!(self.status, status, "{self:#?}");
        for piece in err {
            assert!(self.err.contains(piece), "no {piece:?} in {self:#?}");
        }
        self
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {self:#?}"))
    }
}

#[test]
fn clean_writes_the_files_of_the_contract() {
    let desk = Desk::new();
    desk.put("input/2019-10-23.md", GOOD);
    let done = desk.run(&["clean"]);
    done.is(0, &[]);
    assert!(done.out.contains("2019-10-23"), "{}", done.out);
    let names: Vec<String> = desk.files("output/2019-10-23").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["changes.diff", "clean.json", "clean.md", "findings.jsonl", "report.html"]);
    assert!(desk.read("output/2019-10-23/clean.md").contains("通车，两岸"));
    desk.run(&["verify", "output/2019-10-23"]).is(0, &[]);
}

#[test]
fn an_empty_tray_and_a_missing_one_say_what_to_do() {
    let desk = Desk::new();
    desk.run(&["clean"]).is(2, &["there is no issue to clean in input", "hint: put"]);
    fs::remove_dir(desk.path("input")).unwrap();
    desk.run(&["clean"]).is(3, &["input", "hint:"]);
    assert!(!desk.has("output"));
}

#[test]
fn a_path_that_is_not_there_does_not_stop_the_others() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    desk.run(&["clean", "input/a.md", "missing.md"]).is(3, &["missing.md"]);
    assert!(desk.has("output/a/clean.md"));
}

#[test]
fn of_two_issues_with_one_id_both_are_named_and_the_others_are_done() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD).put("input/a.txt", GOOD).put("input/b.md", GOOD);
    desk.run(&["clean"]).is(3, &["a.md", "a.txt"]);
    assert!(!desk.has("output/a"));
    assert!(desk.has("output/b/clean.md"));
}

#[test]
fn a_binary_file_does_not_stop_the_good_ones() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD).put("input/b.md", PICTURE).put("input/c.md", GOOD);
    let done = desk.run(&["clean"]);
    done.is(3, &["b.md"]);
    assert!(done.out.contains("2 issues cleaned") && done.out.contains("1 issue could not"), "{}", done.out);
    assert!(desk.has("output/a/report.html") && desk.has("output/c/report.html"));
    assert!(!desk.has("output/b"));
}

#[test]
fn files_of_an_unknown_format_are_named_once_and_passed_over() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD).put("input/notes.docx", "x").put("input/README.md", "x").put("input/.hidden.md", "x");
    let done = desk.run(&["clean"]);
    done.is(0, &["notes.docx"]);
    assert!(!done.err.contains("README") && !done.err.contains("hidden"), "{}", done.err);
    assert_eq!(desk.entries("output"), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_without_read_permission_does_not_stop_the_others() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.put("input/a.md", GOOD).put("input/closed/01.md", GOOD);
    let closed = desk.path("input/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(&closed).is_ok();
    let done = desk.run(&["clean"]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    if readable {
        return; // The superuser may read everything.
    }
    done.is(3, &["closed"]);
    assert!(desk.has("output/a/clean.md"));
}

#[cfg(unix)]
#[test]
fn a_link_loop_is_named_and_does_not_stop_the_others() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    std::os::unix::fs::symlink("loop.md", desk.path("input/loop.md")).unwrap();
    std::os::unix::fs::symlink("../input", desk.path("input/self")).unwrap();
    desk.run(&["clean"]).is(3, &["loop.md", "self"]);
    assert!(desk.has("output/a/clean.md"));
}

#[test]
fn an_output_that_cannot_be_written_is_named_and_leaves_nothing_half_written() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD).put("out", "a file in its place");
    desk.run(&["clean", "--output", "out"]).is(3, &["out", "hint:"]);
    assert_eq!(desk.read("out"), "a file in its place");
    desk.put("input/b.md", GOOD).put("half/a", "a file in the place of one issue");
    desk.run(&["clean", "--output", "half"]).is(3, &["half"]);
    assert!(desk.has("half/b/clean.md"));
    assert_eq!(desk.entries("half"), 2, "something half-written is left");
}

#[test]
fn the_output_folder_may_lie_in_the_tray_but_not_be_it() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    desk.run(&["clean", "--output", "input"]).is(2, &["is an input folder", "--output"]);
    for _ in 0..2 {
        desk.run(&["clean", "--output", "input/out"]).is(0, &[]);
        assert_eq!(desk.entries("input/out"), 1);
    }
    desk.put("pages/01.md", GOOD);
    desk.run(&["clean", "--issue", "pages", "--output", "."]).is(3, &["pages", "into the issue itself"]);
    assert_eq!(desk.entries("pages"), 1);
}

#[test]
fn odd_texts_come_through_and_are_proved() {
    let desk = Desk::new();
    desk.put("input/empty.md", "")
        .put("input/nul.md", "第一版\0\0新闻\n")
        .put("input/blank.md", "\n".repeat(100_000))
        .put("input/no-line-end.txt", "全文只有一行")
        .put("input/cr.txt", "第一行\r第二行\r\n第三行\n")
        .put("input/bom.md", "\u{FEFF}有字节序标记的稿件。\n");
    desk.run(&["clean", "--quiet"]).is(0, &[]);
    for issue in ["empty", "nul", "blank", "no-line-end", "cr", "bom"] {
        desk.run(&["verify", &format!("output/{issue}")]).is(0, &[]);
    }
}

#[test]
fn one_line_of_five_megabytes_comes_through() {
    let desk = Desk::new();
    desk.put("input/long.md", "全旗上下齐心协力,把各项工作落到实处。".repeat(5_000_000 / 57));
    desk.run(&["clean"]).is(0, &[]);
    assert!(desk.read("output/long/clean.md").starts_with("全旗上下齐心协力，把"));
}

#[test]
fn standard_input_becomes_clean_json_on_standard_output() {
    let desk = Desk::new();
    let json = desk.feed(&["clean", "-"], GOOD.as_bytes()).is(0, &[]).json();
    assert_eq!(json["schema"], "kanwu/clean@1");
    assert_eq!(json["summary"]["characters"], GOOD.chars().count());
    assert!(!desk.has("output"));
    desk.feed(&["clean", "-", "input"], b"").is(2, &["standard input"]);
    desk.feed(&["clean", "-"], PICTURE).is(3, &["error: "]);
}

#[test]
fn the_number_of_jobs_makes_no_difference() {
    let desk = Desk::new();
    for i in 0..12 {
        desk.put(&format!("input/{i}.md"), GOOD.repeat(i + 1));
    }
    let one = desk.run(&["clean", "--jobs", "1", "--output", "one"]);
    let four = desk.run(&["clean", "--jobs", "4", "--output", "four"]);
    assert_eq!(desk.files("one"), desk.files("four"));
    assert_eq!(one.out.replace("one", "four"), four.out);
    let told: Vec<&str> = one.out.lines().filter_map(|l| l.split_whitespace().next()).take(12).collect();
    assert_eq!(told, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"], "{}", one.out);
}

#[test]
fn a_folder_is_an_issue_of_pages_in_natural_order() {
    let desk = Desk::new();
    desk.put("input/2019/2.md", "第二版的新闻。\n").put("input/2019/10.md", "第十版的新闻。\n");
    desk.run(&["clean"]).is(0, &[]);
    let clean = desk.read("output/2019/clean.md");
    assert!(clean.find("第二版") < clean.find("第十版"), "{clean}");
    desk.run(&["clean", "--issue", "input/2019", "--output", "direct"]).is(0, &[]);
    assert_eq!(desk.files("output/2019"), desk.files("direct/2019"));
}

#[test]
fn fail_on_speaks_through_the_exit_status() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    desk.run(&["clean", "--fail-on", "flag", "--apply", "none"]).is(1, &[]);
    desk.run(&["clean", "--fail-on", "safe", "--apply", "none"]).is(1, &[]);
    desk.run(&["clean", "--fail-on", "safe"]).is(0, &[]);
    desk.run(&["clean", "--fail-on", "never", "--apply", "none"]).is(0, &[]);
    desk.run(&["clean", "--fail-on", "often"]).is(2, &["--fail-on", "often", "never, flag, suggested, safe"]);
}

#[test]
fn a_desk_says_how_sure_a_doubt_must_be() {
    let desk = Desk::new();
    desk.put("input/a.md", "这项工作要长期坚侍下去，取得实实在在的成效。\n");
    let doubts = |arguments: &[&str]| {
        desk.run(&[&["clean", "--select", "TYP070"], arguments].concat()).is(0, &[]);
        desk.read("output/a/findings.jsonl").lines().count()
    };
    assert_eq!(doubts(&[]), 1);
    assert_eq!(doubts(&["--doubt", "1"]), 0);
    desk.put("kanwu.toml", "doubt = 1.0\n");
    assert_eq!((doubts(&[]), doubts(&["--doubt", "0.5"])), (0, 1));
    desk.put("kanwu.toml", "lang = \"en\"\ndoubt = 1.5\n");
    desk.run(&["clean"]).is(2, &["kanwu.toml:2:9", "a number from 0 to 1"]);
    desk.run(&["clean", "--doubt", "-1"]).is(2, &["--doubt", "a number from 0 to 1"]);
}

#[test]
fn apply_none_changes_nothing() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    desk.run(&["clean", "--apply", "none"]).is(0, &[]);
    assert_eq!(desk.read("output/a/clean.md"), GOOD);
    assert!(desk.read("output/a/findings.jsonl").contains(r#""status":"open","applicability":"safe""#));
}

#[test]
fn the_language_is_the_one_asked_for() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    let english = desk.run(&["clean", "--lang", "en"]);
    assert!(english.out.contains("1 issue cleaned"), "{}", english.out);
    assert!(desk.read("output/a/report.html").contains("lang=\"en\""));
    let chinese = desk.run(&["clean", "--lang", "zh"]);
    assert!(chinese.out.contains("清理 1 期"), "{}", chinese.out);
    assert!(desk.read("output/a/report.html").contains("lang=\"zh"));
    desk.run(&["clean", "--lang", "zh", "missing"]).is(3, &["错误：", "办法："]);
    assert!(desk.run(&["--lang", "zh", "clean", "--help"]).out.contains("用法："));
    assert!(desk.run(&["clean", "--help"]).out.contains("Usage:"));
    desk.run(&["clean", "--lang", "zh", "--outptu", "x"]).is(2, &["没有 --outptu 这个选项", "--output"]);
}

#[test]
fn kanwu_toml_is_found_upward_and_read_strictly() {
    let desk = Desk::new();
    desk.put("year/input/a.md", GOOD).put("year/kanwu.toml", "output = \"done\"\nlang = \"en\"\n");
    desk.run(&["clean", "year/input"]).is(0, &[]);
    assert!(desk.has("year/done/a/clean.md"));
    desk.put("year/kanwu.toml", "lang = \"en\"\noutptu = \"done\"\n");
    desk.run(&["clean", "year/input"]).is(2, &["kanwu.toml:2:1:", "outptu", "did you mean output?"]);
    desk.put("year/kanwu.toml", "lang = en\n");
    desk.run(&["clean", "year/input"]).is(2, &["kanwu.toml:1:8:"]);
    desk.put("year/kanwu.toml", "ignore = [\"spacing\", \"typpo\"]\n");
    desk.run(&["clean", "year/input"]).is(2, &["kanwu.toml:1:22:", "typpo", "did you mean typo?"]);
    desk.put("other.toml", "[rules]\nNOR999 = false\n");
    desk.run(&["clean", "year/input", "--config", "other.toml"]).is(2, &["other.toml:2:1:", "NOR999"]);
    desk.run(&["clean", "year/input", "--config", "none.toml"]).is(2, &["none.toml"]);
}

#[test]
fn rules_are_selected_and_ignored() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    desk.run(&["clean", "--select", "punctuaton"]).is(2, &["--select", "did you mean punctuation?"]);
    desk.run(&["clean", "--ignore", "punctuation"]).is(0, &[]);
    assert!(desk.read("output/a/clean.md").contains("通车,两岸"));
    desk.run(&["clean", "--select", "punctuation"]).is(0, &[]);
    assert!(desk.read("output/a/clean.md").contains("通车，两岸"));
    desk.run(&["clean", "--select", "typo"]).is(0, &[]);
    assert_eq!(desk.read("output/a/clean.md"), GOOD);
    desk.run(&["clean", "--no-rules"]).is(0, &[]);
    assert_eq!(desk.read("output/a/clean.md"), GOOD);
    assert_eq!(desk.read("output/a/findings.jsonl"), "");
    // A desk's file goes on speaking of the built-in rules; what is no rule at all stays an error.
    desk.put("input/kanwu.toml", "select = [\"NOR001\"]\nignore = [\"TYP001\"]\n[rules]\nLAY003 = \"suggested\"\n");
    desk.run(&["clean", "--no-rules"]).is(0, &[]);
    desk.run(&["clean", "--no-rules", "--select", "NOR001"]).is(2, &["--select", "NOR001"]);
    desk.put("input/kanwu.toml", "ignore = [\"NOR999\"]\n");
    desk.run(&["clean", "--no-rules"]).is(2, &["kanwu.toml:1:11:", "NOR999"]);
}

#[test]
fn what_is_to_decide_is_counted_the_same_everywhere() {
    let desk = Desk::new();
    desk.put("input/a.md", include_str!("fixtures/seed/2019-10-23.md"));
    let out = desk.run(&["clean", "--lang", "en"]).out.clone();
    let json: serde_json::Value = serde_json::from_str(&desk.read("output/a/clean.json")).unwrap();
    let n = json["summary"]["to_decide"].as_u64().unwrap();
    assert!(out.contains(&format!("{n} things to decide")), "{out}");
    let page = desk.read("output/a/report.html");
    assert!(page.contains(&format!("<a href=\"#to-decide\"><b>{n}</b>")), "{n}");
    assert_eq!(page.matches("<article ").count() as u64, n);
}

#[test]
fn what_a_killed_run_left_is_cleared_and_what_it_set_aside_comes_back() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD).put("input/b.md", GOOD);
    desk.run(&["clean"]).is(0, &[]);
    let names = temporary_folders("a");
    for name in &names {
        desk.put(&format!("output/{name}/clean.md"), "half");
    }
    desk.run(&["clean"]).is(0, &[]);
    assert_eq!(desk.entries("output"), 2);
    // Killed between the two renames of a swap.
    let aside = names.iter().find(|n| n.ends_with("-old")).unwrap();
    fs::create_dir(desk.path(&format!("output/{aside}"))).unwrap();
    fs::rename(desk.path("output/a"), desk.path(&format!("output/{aside}/old"))).unwrap();
    desk.put("input/a.md", PICTURE);
    desk.run(&["clean"]).is(3, &[]);
    desk.put("input/a.md", GOOD);
    desk.run(&["clean"]).is(0, &[]);
    assert_eq!(desk.entries("output"), 2);
    assert!(desk.has("output/a/clean.md"));
}

/// The names of the folders in which an issue is made and set aside.
fn temporary_folders(issue: &str) -> [String; 2] {
    use sha2::{Digest, Sha256};
    let hex: String = Sha256::digest(issue).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    ["new", "old"].map(|role| format!(".kanwu-{hex}-{role}"))
}

#[test]
fn a_bad_rule_file_is_refused_with_its_path_and_line() {
    let desk = Desk::new();
    let misspelt = "code = \"TYP901\"\nname = \"x\"\ncatgory = \"typo\"\n";
    desk.put("input/a.md", GOOD).put("desk/typos/TYP901-x.toml", misspelt);
    desk.run(&["clean", "--rules", "desk"]).is(2, &["desk/typos/TYP901-x.toml:3:1", "catgory", "hint:"]);
    desk.run(&["clean", "--rules", "nowhere"]).is(2, &["--rules", "nowhere"]);
    desk.put("wrong/typo/TYP901-x.toml", "code = \"TYP901\"\n");
    desk.run(&["clean", "--rules", "wrong"]).is(2, &["wrong/typo/TYP901-x.toml", "typos"]);
    assert!(!desk.has("output"));
}

const DESK_RULE: &str = r#"
code = "LNT901"
name = "county-town"
category = "style"
applicability = "suggested"
kind = "wording"
wrong = "县成"
right = ["县城"]
message = { zh = "「县成」疑为「县城」", en = "“县成” is probably “县城”" }
why = { zh = "县城是地名。", en = "It is a place." }
"#;

#[test]
fn a_rule_of_the_desk_is_laid_over_the_built_in_ones() {
    let desk = Desk::new();
    desk.put("desk/lint/LNT901-county-town.toml", DESK_RULE).put("input/a.md", "县成的新桥昨日通车。\n");
    desk.run(&["clean", "--rules", "desk", "--fail-on", "suggested"]).is(1, &[]);
    assert!(desk.read("output/a/findings.jsonl").contains("LNT901"));
    desk.put("input/kanwu.toml", "ignore = [\"typo\"]\nrules-dirs = [\"../desk\"]\n[rules]\ncounty-town = \"flag\"\n");
    desk.run(&["clean", "--fail-on", "flag"]).is(1, &[]);
    desk.run(&["clean", "--fail-on", "suggested"]).is(0, &[]);
    desk.put("input/kanwu.toml", "ignore = [\"typo\"]\nrules-dirs = [\"../desk\"]\n[rules]\nLNT901 = false\n");
    desk.run(&["clean", "--fail-on", "flag"]).is(0, &[]);
    let explained = desk.run(&["explain", "lnt901", "--rules", "desk"]);
    assert!(explained.is(0, &[]).out.contains("wrong = \"县成\""), "{}", explained.out);
}

#[test]
fn a_bad_regular_expression_is_refused_with_the_file() {
    let desk = Desk::new();
    let bad = DESK_RULE.replace("\"wording\"", "\"pattern\"").replace("right = [\"县城\"]", "");
    let bad = bad.replace("wrong = \"县成\"", "pattern = \"县(成\"");
    desk.put("input/a.md", GOOD).put("desk/lint/LNT901-county-town.toml", bad);
    desk.run(&["clean", "--rules", "desk"]).is(2, &["LNT901-county-town.toml:7:1: ", "unclosed group"]);
}

#[test]
fn rules_are_listed_for_people_and_for_programs() {
    let desk = Desk::new();
    let list = desk.run(&["rules"]);
    assert!(list.out.lines().any(|l| l.starts_with("NOR001")), "{}", list.out);
    let all = desk.run(&["rules", "--json"]).json();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), list.out.lines().count());
    assert!(all.iter().all(|rule| rule["on"] == true && rule["message"]["zh"].is_string()));
    let without = desk.run(&["rules", "--json", "--ignore", "NOR001"]).json();
    assert_eq!(without.as_array().unwrap().iter().filter(|rule| rule["on"] == false).count(), 1);
}

#[test]
fn explain_knows_codes_and_names_and_helps_with_others() {
    let desk = Desk::new();
    let by_code = desk.run(&["explain", "NOR001"]);
    assert!(by_code.is(0, &[]).out.contains("code = \"NOR001\""), "{}", by_code.out);
    desk.run(&["explain", "NOR01"]).is(2, &["NOR01", "did you mean NOR0"]);
}

#[test]
fn schemas_completions_and_the_manual_are_printed() {
    let desk = Desk::new();
    let all = desk.run(&["schema"]).json();
    assert!(all["clean"].is_object());
    for (name, schema) in all.as_object().unwrap() {
        assert_eq!(desk.run(&["schema", name]).json(), *schema);
    }
    desk.run(&["schema", "cleen"]).is(2, &["cleen", "clean"]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.run(&["completions", shell]).is(0, &[]).out.contains("kanwu"));
    }
    let manual = desk.run(&["man"]);
    for page in [".TH kanwu-clean", ".TH kanwu-eval-csc", ".TH kanwu-eval-gold"] {
        assert!(manual.is(0, &[]).out.contains(page), "{page}");
    }
}

#[test]
fn verify_fails_when_one_character_was_changed_by_hand() {
    let desk = Desk::new();
    desk.put("input/a.md", GOOD);
    desk.run(&["clean"]).is(0, &[]);
    let clean = desk.read("output/a/clean.md");
    desk.put("output/a/clean.md", clean.replace("方便", "方使"));
    desk.run(&["verify", "output/a"]).is(1, &[]);
    desk.put("output/a/clean.md", clean);
    desk.run(&["verify", "output/a"]).is(0, &[]);
    desk.put("input/a.md", GOOD.replace("新桥", "旧桥"));
    desk.run(&["verify", "output/a", "--input", "input/a.md"]).is(1, &[]);
    desk.run(&["verify", "output/none"]).is(3, &["none"]);
}

#[test]
fn the_page_of_rules_is_current() {
    let now = Desk::new().run(&["rules", "--markdown"]).out;
    let committed = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/RULES.md")).unwrap_or_default();
    assert!(now == committed, "docs/RULES.md is old: cargo run -- rules --markdown > docs/RULES.md");
}

#[test]
fn an_amount_of_memory_that_is_none_is_explained_in_both_languages() {
    let desk = Desk::new();
    for (lang, typed, want) in [
        ("zh_CN.UTF-8", "5", "--memory <SIZE> 不能是「5」：要写整数，至少 8MiB"),
        ("zh_CN.UTF-8", "9XB", "单位可以是 KiB"),
        ("en_US.UTF-8", "9XB", "the unit may be KiB"),
    ] {
        let output = desk.command(&["archive", "duplicates", "--memory", typed]).env("LC_ALL", lang).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && err.contains(want), "{err}");
    }
}
