//! `kanwu review --terminal` through a pseudo-terminal: every key.
#![cfg(unix)]

mod tray;

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tray::Tray;

const SIZE: PtySize = PtySize { rows: 30, cols: 120, pixel_width: 0, pixel_height: 0 };
const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";

fn lines(n: u16) -> NonZero<u16> {
    NonZero::new(n).unwrap()
}

/// A terminal in which the program runs.
struct Terminal {
    child: Mutex<Box<dyn Child + Send + Sync>>,
    keys: Mutex<Box<dyn Write + Send>>,
    screen: Arc<Mutex<vt100::Parser>>,
    master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn review(tray: &Tray, lang: &str) -> Terminal {
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(["review", "input/a.md", "--terminal", "--by", "lin"]);
        command.cwd(tray.path(""));
        command.env("LC_ALL", lang);
        command.env("TERM", "xterm-256color");
        let child = Mutex::new(pair.slave.spawn_command(command).unwrap());
        drop(pair.slave);
        let screen = Arc::new(Mutex::new(vt100::Parser::new(lines(SIZE.rows), lines(SIZE.cols), 0)));
        let (mut output, seen) = (pair.master.try_clone_reader().unwrap(), Arc::clone(&screen));
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(n @ 1..) = output.read(&mut bytes) {
                seen.lock().unwrap().process(&bytes[..n]);
            }
        });
        let keys = Mutex::new(pair.master.take_writer().unwrap());
        Terminal { child, keys, screen, master: pair.master }
    }

    fn text(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    fn shows(&self, text: &str) -> &Self {
        let until = Instant::now() + Duration::from_secs(30);
        while !self.text().contains(text) {
            assert!(Instant::now() < until, "no {text:?} in\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Waits until the screen shows a text no more.
    #[track_caller]
    fn hides(&self, text: &str) -> &Self {
        let until = Instant::now() + Duration::from_secs(30);
        while self.text().contains(text) {
            assert!(Instant::now() < until, "still {text:?} in\n{}", self.text());
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    fn press(&self, keys: &str) -> &Self {
        let mut to = self.keys.lock().unwrap();
        to.write_all(keys.as_bytes()).unwrap();
        to.flush().unwrap();
        self
    }

    #[track_caller]
    fn ends(&self) {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            match self.child.lock().unwrap().try_wait().unwrap() {
                Some(status) => return assert!(status.success(), "{status:?}"),
                None => assert!(Instant::now() < until, "still running:\n{}", self.text()),
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.lock().unwrap().kill();
    }
}

fn said(tray: &Tray) -> Vec<(String, String)> {
    tray.said()
}

fn pairs<const N: usize>(want: [(&str, &str); N]) -> Vec<(String, String)> {
    want.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec()
}

#[test]
fn moving_skipping_searching_and_help_decide_nothing() {
    let tray = Tray::new();
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of 5, about").shows("one too many in 返贫返贫").shows("【返贫返贫】").shows("2  防返贫").shows("lin");
    t.press("j").shows("2 of 5").shows("1 of 3 in a series").shows("【10-12】").shows("1  10～12");
    t.press(DOWN).shows("3 of 5");
    t.press("k").shows("2 of 5");
    t.press(UP).shows("1 of 5");
    t.press("k").shows("this is the first");
    t.press("?").shows("take back the last verdict");
    t.press("x").shows("1 of 5");
    t.press("/").press("云云\r").shows("5 of 5").shows("a place to look at, without a proposal");
    t.press("j").shows("this is the last");
    t.press("/").press("岁组没有\r").shows("was not found");
    t.press("/").hides("j/k move").press("\x1b").shows("j/k move").shows("5 of 5");
    t.press("/").press("10～12\r").shows("2 of 5");
    t.press("k").shows("1 of 5");
    t.press("s").shows("2 of 5");
    t.press("k").shows("skipped");
    t.press("u").shows("there is no verdict to take back");
    t.press("9").shows("there is no alternative 9");
    t.press("y").shows("this was not decided before");
    t.press("q").ends();
    t.shows("5 still to decide");
    assert_eq!(said(&tray), pairs([]));
    assert!(!tray.path("input/a.decisions.jsonl").exists(), "who only looks leaves no trace");
}

#[test]
fn accept_reject_choose_edit_and_undo_are_on_the_disk_before_the_next_question() {
    let tray = Tray::new();
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of 5");
    t.press("a").shows("2 of 5").shows("kept: accepted");
    assert_eq!(said(&tray), pairs([("accept", "返贫")]));
    t.press("u").shows("1 of 5").shows("kept: taken back");
    t.press("2").shows("2 of 5");
    assert_eq!(said(&tray), pairs([("accept", "返贫"), ("undo", ""), ("accept", "防返贫")]));
    t.press("r").shows("3 of 5").shows("kept: rejected");
    // Home, a character, End, backspace: 13～15 becomes 约13～1.
    t.press("e").shows("text: 13～15").press("\x1b[H约\x1b[F\x7f").shows("text: 约13～1").press("\r").shows("4 of 5");
    t.press("e").shows("text: 16～18").press("\x1b").hides("text: ").shows("4 of 5");
    // An alternative that is written counts as accepted, and what stands there as kept.
    t.press("e").press("\r").shows("5 of 5");
    t.press("e").shows("text: 云云").press("\r").shows("all is decided");
    assert_eq!(said(&tray)[3..], pairs([("reject", ""), ("edit", "约13～1"), ("accept", "16～18"), ("reject", "")]));
    t.press("u").shows("5 of 5").press("a").shows("all is decided").press("j").shows("decided: lin accepted");
    t.press("k").shows("4 of 5").shows("decided: lin accepted \"16～18\"").press("j").shows("5 of 5").press("q").ends();
    t.shows("3 accepted, 1 rejected, 1 rewritten; all is decided");
    assert_eq!(tray.waiting(), [""; 0]);
    let clean = tray.clean();
    assert!(
        clean.contains("防止防返贫的工作") && clean.contains("10-12岁组，也有约13～1岁组，还有16～18岁组"),
        "{clean}"
    );
    tray.done(&["verify", "output/a"]);
}

#[test]
fn a_series_is_decided_at_once_but_for_what_was_skipped() {
    let tray = Tray::new();
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of 5").press("j").shows("2 of 5").press("j").shows("3 of 5").press("s").shows("4 of 5");
    t.press("A").shows("kept: accepted 2 places");
    assert_eq!(said(&tray), pairs([("accept", "10～12"), ("accept", "16～18")]));
    t.press("u").shows("kept: taken back 2 places").shows("2 of 5");
    t.press("R").shows("kept: rejected 2 places");
    assert_eq!(said(&tray)[2..], pairs([("undo", ""), ("undo", ""), ("reject", ""), ("reject", "")]));
    // A finding alone is a series of one.
    t.press("A").shows("kept: accepted").press("A").shows("that was the last; 1 skipped");
    t.press("\x03").ends();
    assert_eq!(tray.waiting().len(), 1);
}

#[test]
fn a_change_made_without_asking_is_taken_back() {
    let tray = Tray::new();
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of 5").press("c").shows("nothing was changed without asking").press("q").ends();
    tray.put("input/a.md", "本报讯 新桥通了,大家高兴,返贫返贫的事没有了。\n");
    tray.put(
        "desk/lint/LNT903-comma.toml",
        "code = \"LNT903\"\nname = \"comma\"\ncategory = \"punctuation\"\napplicability = \"safe\"\nkind = \"pattern\"\n\
         pattern = ','\nreplace = \"，\"\nmessage = { zh = \"逗号\", en = \"comma\" }\nwhy = { zh = \"…\", en = \"…\" }\n",
    );
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of 1")
        .press("c")
        .shows("change 1 of 2")
        .shows("新桥通了【，】大家")
        .shows(", → \"，\"")
        .shows("r take this change back");
    // What is done is left or taken back, nothing else.
    t.press("a").press("s").press("2").shows("change 1 of 2").press("j").shows("change 2 of 2");
    t.press("r").shows("kept: rejected").shows("decided: lin rejected");
    t.press("k").shows("change 1 of 2").press("r").shows("change 2 of 2");
    t.press("u").shows("kept: taken back").shows("change 1 of 2");
    t.press("c").shows("1 of 1").shows("返贫返贫").press("a").shows("all is decided");
    t.press("c").shows("change 1 of 2").press("c").shows("all is decided").press("q").ends();
    t.shows("1 accepted, 1 rejected, 0 rewritten; all is decided");
    assert_eq!(tray.clean(), "本报讯 新桥通了，大家高兴,返贫的事没有了。\n");
    tray.done(&["verify", "output/a"]);
}

#[test]
fn what_is_asked_again_is_decided_as_before_with_one_key() {
    let tray = Tray::new();
    let rules = "rules-dirs = [\"../desk\"]\nselect = [\"TYP901\", \"REV001\"]\n";
    tray.put("input/kanwu.toml", rules);
    let ids = tray.waiting();
    tray.done(&["decide", "a", &ids[0], "--edit", "重新返贫", "--by", "wang"]);
    // The desk takes its rule away: the place is asked about all the same.
    tray.put("input/kanwu.toml", &rules.replace("\"TYP901\", ", ""));
    let t = Terminal::review(&tray, "zh_CN.UTF-8");
    t.shows("TYP901 现在不再提示").shows("【返贫返贫】").shows("1  重新返贫").shows("wang");
    assert!(!tray.clean().contains("重新返贫"), "not by itself");
    t.press("y").shows("已记下").press("q").ends();
    assert_eq!(said(&tray)[1..], pairs([("edit", "重新返贫")]));
    assert!(tray.clean().contains("防止重新返贫的工作"));
    tray.done(&["verify", "output/a"]);
}

#[test]
fn it_speaks_chinese_and_fits_a_narrow_terminal() {
    let tray = Tray::new();
    let t = Terminal::review(&tray, "zh_CN.UTF-8");
    t.shows("第 1/5 条，约 1 分钟").shows("「返贫返贫」多了字").shows("a 接受  r 拒绝");
    let narrow = PtySize { rows: 12, cols: 40, ..SIZE };
    t.screen.lock().unwrap().screen_mut().set_size(lines(narrow.rows), lines(narrow.cols));
    t.master.resize(narrow).unwrap();
    t.press("j").shows("第 2/5 条").shows("【10-12】");
    t.press("r").shows("已记下：拒绝「10-12」").press("q").ends();
    t.shows("接受 0，拒绝 1，改写 0；还有 4 处待定");
}

#[test]
fn a_verdict_of_somebody_else_is_seen_at_once() {
    let tray = Tray::new();
    let ids = tray.waiting();
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of 5");
    tray.done(&["decide", "a", &ids[0], "--reject", "--by", "wang"]);
    t.shows("wang has just decided: rejected").shows("decided: wang rejected");
    t.press("a").shows("2 of 5").press("q").ends();
    let list = tray.list();
    let names: Vec<&str> =
        list["conflicts"][0]["verdicts"].as_array().unwrap().iter().map(|d| d["by"].as_str().unwrap()).collect();
    assert_eq!(names, ["wang", "lin"]);
}

#[test]
fn text_of_the_issue_never_steers_the_terminal() {
    let tray = Tray::new();
    tray.put("input/a.md", "# 标题\n\n\u{1b}]0;owned\u{7}\u{1b}[2J据说云云\u{202e}，返贫返贫。\n");
    let t = Terminal::review(&tray, "en_US.UTF-8");
    t.shows("1 of").shows("␛]0;owned␇␛[2J").press("q").ends();
    assert!(!tray.done(&["decide", "a", "--list"]).contains('\u{1b}'));
}

#[test]
fn without_a_terminal_it_says_so() {
    let tray = Tray::new();
    let (status, _, err) = tray.run(&["review", "input/a.md", "--terminal"]);
    assert_eq!(status, 2);
    assert!(err.contains("kanwu decide"), "{err}");
}
