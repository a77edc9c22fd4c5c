//! A tray with a short issue and three rules of its own, in which the program is run: the findings are always the same five.

#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// One typo with two alternatives, a series of three ranges, and a place to look at.
pub const ISSUE: &str = "# 旗里的新桥通了\n\n本报讯 防止返贫返贫的工作没有停。参赛的有10-12岁组，也有13-15岁组，还有16-18岁组。\n\n\
                         据说云云，新桥昨日通车。\n";

const RULES: [(&str, &str); 3] = [
    (
        "typos/TYP901-twice.toml",
        "code = \"TYP901\"\nname = \"twice\"\ncategory = \"typo\"\napplicability = \"suggested\"\nkind = \"confusion\"\n\
         wrong = \"返贫返贫\"\nright = [\"返贫\", \"防返贫\"]\n\
         message = { zh = \"「{wrong}」多了字\", en = \"one too many in {wrong}\" }\nwhy = { zh = \"…\", en = \"…\" }\n",
    ),
    (
        "lint/LNT901-range.toml",
        "code = \"LNT901\"\nname = \"range\"\ncategory = \"style\"\napplicability = \"suggested\"\nkind = \"pattern\"\n\
         pattern = '(?<at>(?<a>\\d+)-(?<b>\\d+))岁'\nreplace = \"${a}～${b}\"\nseries = true\n\
         message = { zh = \"范围用浪纹线\", en = \"a range takes a tilde\" }\nwhy = { zh = \"…\", en = \"…\" }\n",
    ),
    (
        "lint/LNT902-look.toml",
        "code = \"LNT902\"\nname = \"look\"\ncategory = \"style\"\napplicability = \"flag\"\nkind = \"pattern\"\n\
         pattern = '云云'\nmessage = { zh = \"请看一看\", en = \"please look\" }\nwhy = { zh = \"…\", en = \"…\" }\n",
    ),
];

/// The tray.
pub struct Tray(TempDir);

impl Tray {
    /// A tray with the issue `a`.
    pub fn new() -> Tray {
        let tray = Tray(tempfile::tempdir().unwrap());
        tray.put("input/a.md", ISSUE);
        for (file, rule) in RULES {
            tray.put(&format!("desk/{file}"), rule);
        }
        tray.put("input/kanwu.toml", "no-rules = true\nrules-dirs = [\"../desk\"]\n");
        tray
    }

    /// The rules of the desk: path inside the tree, text.
    pub fn rules(&self) -> Vec<(String, String)> {
        RULES.map(|(file, rule)| (format!("desk/{file}"), rule.to_owned())).to_vec()
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    pub fn put(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_default()
    }

    /// The lines of the log.
    pub fn log(&self) -> Vec<serde_json::Value> {
        let text = self.read("input/a.decisions.jsonl");
        text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
    }

    /// Verdict and text of each line of the log.
    pub fn said(&self) -> Vec<(String, String)> {
        let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
        self.log().iter().map(|line| (text(&line["verdict"]), text(&line["text"]))).collect()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(args).current_dir(self.0.path()).env("LC_ALL", "en_US.UTF-8").env("USER", "lin");
        command.stdin(Stdio::null());
        command
    }

    /// Exit status, standard output, standard error.
    pub fn run(&self, args: &[&str]) -> (i32, String, String) {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.code().unwrap(), text(stdout), text(stderr))
    }

    /// Runs what must succeed, and gives its output.
    #[track_caller]
    pub fn done(&self, args: &[&str]) -> String {
        let (status, out, err) = self.run(args);
        assert_eq!(status, 0, "{args:?}: {out}{err}");
        out
    }

    /// The list of what waits.
    #[track_caller]
    pub fn list(&self) -> serde_json::Value {
        serde_json::from_str(&self.done(&["decide", "a", "--list", "--json"])).unwrap()
    }

    /// The ids of what waits, in the order of the questions.
    #[track_caller]
    pub fn waiting(&self) -> Vec<String> {
        let list = self.list();
        list["waiting"].as_array().unwrap().iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect()
    }

    /// The cleaned text.
    #[track_caller]
    pub fn clean(&self) -> String {
        self.done(&["clean", "--quiet"]);
        self.read("output/a/clean.md")
    }
}
