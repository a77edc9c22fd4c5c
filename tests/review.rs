//! The server of `kanwu review` as a browser, a second server and an attacker meet it.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const ISSUE: &str = "# 旗里的新桥通了\n\n本报讯 深入贯彻四个全面战略布局，新桥昨日通车，两岸往来方便了许多。\n\n\
                     坚持五位一体总体布局，<script>alert('字')</script>老路同时翻修。\n";

/// A folder with a tray in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        let desk = Desk(tempfile::tempdir().unwrap());
        fs::create_dir(desk.0.path().join("input")).unwrap();
        fs::write(desk.0.path().join("input/一期.md"), ISSUE).unwrap();
        desk
    }

    fn log(&self) -> PathBuf {
        self.0.path().join("input/一期.decisions.jsonl")
    }

    fn lines(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.log()).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A server that ends with the test.
struct Server {
    child: Child,
    port: u16,
    token: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Server {
    fn start(desk: &Desk, by: &str) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kanwu"))
            .args(["review", "--no-open", "--by", by])
            .current_dir(desk.0.path())
            .env("LC_ALL", "en_US.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
        let (host, token) = address.trim_start_matches("http://").split_once("/?token=").unwrap();
        let port = host.strip_prefix("127.0.0.1:").expect("the loopback address").parse().unwrap();
        Server { child, port, token: token.to_owned() }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    fn send(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server that refuses at once may close before all is sent.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A request of the page; `more` are header lines that stand in place of the usual ones.
    fn ask(&self, method: &str, target: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let (host, origin) = (self.host(), format!("http://{}", self.host()));
        let cookie = format!("kanwu-{}={}", self.port, self.token);
        let mut headers = vec![("Host", host.as_str()), ("Cookie", cookie.as_str()), ("Connection", "close")];
        let length = body.len().to_string();
        if method == "POST" {
            headers.extend([
                ("Origin", origin.as_str()),
                ("Content-Type", "application/json"),
                ("Content-Length", &length),
            ]);
        }
        headers.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        headers.extend(more.iter().filter(|(_, value)| !value.is_empty()));
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        self.send(format!("{method} {target} HTTP/1.1\r\n{lines}\r\n{body}").as_bytes())
    }

    fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[], "")
    }

    fn data(&self) -> Value {
        serde_json::from_str(&self.get("/api/issue/1").body).unwrap()
    }

    fn decide(&self, position: usize, verdicts: Value) -> Answer {
        let body = json!({ "position": position, "verdicts": verdicts }).to_string();
        self.ask("POST", "/api/issue/1/decisions", &[], &body)
    }
}

fn verdict(finding: &Value, verdict: &str, text: &str) -> Value {
    json!({ "finding": finding["id"], "verdict": verdict, "text": text, "proposal": finding["proposal"] })
}

/// The findings that wait.
fn open(data: &Value) -> Vec<Value> {
    let all = data["findings"].as_array().unwrap();
    all.iter().filter(|f| f["status"] == "open" || f["status"] == "stale").cloned().collect()
}

#[test]
fn a_verdict_is_on_the_disk_when_it_is_answered_and_can_be_taken_back() {
    let desk = Desk::new();
    let server = Server::start(&desk, "林");
    let data = server.data();
    let waiting = open(&data);
    assert!(waiting.len() >= 2, "{data}");
    let fix = waiting[0]["fixes"][0].as_str().unwrap();
    let answer = server.decide(0, json!([verdict(&waiting[0], "accept", fix), verdict(&waiting[1], "reject", "")]));
    assert_eq!(answer.status, 200, "{answer:?}");
    let lines = desk.lines();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["by"], &lines[0]["text"]), (&json!("林"), &json!(fix)));
    assert_eq!(lines[0]["anchor"]["quote"], waiting[0]["quote"]);
    let data = server.data();
    assert_eq!(data["position"], 2);
    assert_eq!(open(&data).len(), waiting.len() - 2);
    assert_eq!(server.decide(2, json!([verdict(&waiting[0], "undo", "")])).status, 200);
    assert_eq!(open(&server.data()).len(), waiting.len() - 1);
    let news: Value = serde_json::from_str(&server.get("/api/issue/1/events?from=2").body).unwrap();
    assert_eq!((&news["position"], &news["log"][0]["verdict"]), (&json!(3), &json!("undo")));
    assert_eq!(desk.lines().len(), 3);
}

#[test]
fn two_servers_on_one_issue_see_each_other_and_neither_overrides_unseen() {
    let desk = Desk::new();
    let (one, other) = (Server::start(&desk, "林"), Server::start(&desk, "王"));
    let waiting = open(&one.data());
    assert_eq!(open(&other.data()), waiting);
    assert_eq!(one.decide(0, json!([verdict(&waiting[0], "reject", "")])).status, 200);
    // The other does not know of it: told, and nothing is written; not even what nobody has spoken of.
    let both = json!([
        verdict(&waiting[0], "accept", waiting[0]["fixes"][0].as_str().unwrap()),
        verdict(&waiting[1], "reject", "")
    ]);
    let answer = other.decide(0, both.clone());
    assert_eq!(answer.status, 409, "{answer:?}");
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&told["error"], &told["news"]["log"][0]["by"]), (&json!("met"), &json!("林")));
    assert_eq!(desk.lines().len(), 1);
    // What nobody has spoken of is kept though the log has grown; what was seen may be overridden, and both are named.
    assert_eq!(other.decide(0, json!([verdict(&waiting[1], "reject", "")])).status, 200);
    assert_eq!(other.decide(2, json!([both[0].clone()])).status, 200);
    let data = one.data();
    let id = &waiting[0]["id"];
    let about: Vec<_> =
        data["log"].as_array().unwrap().iter().filter(|l| l["finding"] == *id).map(|l| &l["by"]).collect();
    assert_eq!(about, ["林", "王"]);
}

#[test]
fn what_many_say_at_once_is_kept_whole() {
    let desk = Desk::new();
    let servers = [Server::start(&desk, "林"), Server::start(&desk, "王")];
    let waiting = open(&servers[0].data());
    std::thread::scope(|scope| {
        for (server, finding) in servers.iter().zip(&waiting) {
            scope.spawn(move || {
                for n in 0..20 {
                    let said = if n % 2 == 0 { "reject" } else { "undo" };
                    assert_eq!(server.decide(1000, json!([verdict(finding, said, "")])).status, 200);
                }
            });
        }
    });
    assert_eq!(desk.lines().len(), 40);
}

#[test]
fn a_proposal_that_is_another_today_is_not_decided() {
    let desk = Desk::new();
    let server = Server::start(&desk, "林");
    let waiting = open(&server.data());
    let mut old = verdict(&waiting[0], "reject", "");
    old["proposal"] = json!("0123456789abcdef");
    let answer = server.decide(0, json!([old]));
    assert_eq!((answer.status, answer.body.contains("changed")), (409, true), "{answer:?}");
    assert_eq!(server.decide(0, json!([{ "finding": "zzzzzzzzzz", "verdict": "reject" }])).status, 409);
    // A text that was not offered is an edit and no acceptance.
    assert_eq!(server.decide(0, json!([verdict(&waiting[0], "accept", "别的")])).status, 422);
    assert_eq!(server.decide(0, json!([])).status, 422);
    assert!(desk.lines().is_empty());
    // A decision for another proposal is stale: what was decided is told, and asked again.
    let fix = waiting[0]["fixes"][0].as_str().unwrap();
    assert_eq!(server.decide(0, json!([verdict(&waiting[0], "accept", fix)])).status, 200);
    let log = fs::read_to_string(desk.log()).unwrap();
    let own = waiting[0]["proposal"].as_str().unwrap();
    fs::write(desk.log(), log.replace(own, "0123456789abcdef")).unwrap();
    let again = Server::start(&desk, "王").data();
    let stale = again["findings"].as_array().unwrap().iter().find(|f| f["id"] == waiting[0]["id"]).unwrap().clone();
    assert_eq!((&stale["status"], &stale["was"]["by"]), (&json!("stale"), &json!("林")));
}

#[test]
fn who_is_not_the_page_is_refused() {
    let desk = Desk::new();
    let server = Server::start(&desk, "林");
    let targets = ["/", "/issue/1", "/api/issue/1", "/api/issue/1/events?from=0", "/style.css", "/issue/1/image/0"];
    let cookie = |value: String| server.ask("GET", "/issue/1", &[("Cookie", &value)], "").status;
    for target in targets {
        for host in ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"] {
            assert_eq!(server.ask("GET", target, &[("Host", host)], "").status, 421, "{host} {target}");
        }
        assert_eq!(server.ask("GET", target, &[("Origin", "http://evil.example")], "").status, 403, "{target}");
        assert_eq!(server.ask("GET", target, &[("Cookie", "")], "").status, 403, "{target}");
    }
    let wrong = server.token.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(cookie(format!("kanwu-{}={wrong}", server.port)), 403);
    assert_eq!(cookie(format!("kanwu-{}={}", server.port, &server.token[..63])), 403);
    assert_eq!(cookie(format!("kanwu-{}=", server.port)), 403);
    assert_eq!(cookie(format!("other={}", server.token)), 403);
    for host in [format!("localhost:{}", server.port), format!("[::1]:{}", server.port)] {
        assert_eq!(server.ask("GET", "/issue/1", &[("Host", &host)], "").status, 200, "{host}");
    }
    let said = json!({ "position": 0, "verdicts": [verdict(&open(&server.data())[0], "reject", "")] }).to_string();
    let port = server.port;
    let foreign = [
        ("Origin", "http://evil.example".to_owned()),
        ("Origin", "null".to_owned()),
        ("Origin", format!("https://127.0.0.1:{port}")),
        ("Origin", format!("http://127.0.0.1:{}", port ^ 1)),
        ("Origin", String::new()),
        ("Cookie", String::new()),
    ];
    for (name, value) in &foreign {
        let answer = server.ask("POST", "/api/issue/1/decisions", &[(name, value)], &said);
        assert_eq!(answer.status, 403, "{name}: {value}");
    }
    // A form of another site can send no JSON; a token in the address opens the page and nothing else.
    let form = [("Content-Type", "text/plain")];
    assert_eq!(server.ask("POST", "/api/issue/1/decisions", &form, &said).status, 415);
    let target = format!("/api/issue/1/decisions?token={}", server.token);
    assert_eq!(server.ask("POST", &target, &[("Cookie", "")], &said).status, 403);
    assert!(desk.lines().is_empty());
    let enter = server.ask("GET", &format!("//evil.example/?token={}", server.token), &[("Cookie", "")], "");
    assert_eq!(enter.status, 303);
    assert!(enter.head.contains("\r\nlocation: /\r\n"), "{}", enter.head);
    assert!(enter.head.contains("httponly; samesite=strict"), "{}", enter.head);
}

#[test]
fn nothing_of_a_request_reaches_the_file_system() {
    let desk = Desk::new();
    fs::write(desk.0.path().join("secret.png"), "内情").unwrap();
    fs::write(desk.0.path().join("input/一期.png"), "\u{89}PNG").unwrap();
    fs::write(desk.0.path().join("input/别期.png"), "内情").unwrap();
    let server = Server::start(&desk, "林");
    assert_eq!(server.get("/issue/1/image/0").status, 200);
    let ups = [
        "..",
        "../secret.png",
        "..%2fsecret.png",
        "%2e%2e/secret.png",
        "%2e%2e%2fsecret.png",
        "..%5csecret.png",
        "..\\secret.png",
    ];
    let more = [
        "%252e%252e%252fsecret.png",
        "....//secret.png",
        "%00",
        "0%00.png",
        "-1",
        "1e1",
        "99999999999999999999",
        "1",
        "二",
    ];
    for value in ups.into_iter().chain(more) {
        let encoded: String =
            value.bytes().map(|b| if b.is_ascii() { (b as char).to_string() } else { format!("%{b:02X}") }).collect();
        for target in [
            format!("/issue/{encoded}"),
            format!("/{encoded}"),
            format!("/issue/1/image/{encoded}"),
            format!("/issue/{encoded}/image/0"),
            format!("/api/issue/{encoded}"),
            format!("/api/issue/{encoded}/events?from=0"),
            format!("/api/issue/1/events?from={encoded}"),
            format!("/api/issue/1/article/{encoded}"),
        ] {
            let answer = server.get(&target);
            assert!(!answer.body.contains("内情"), "{target}");
            let whole = encoded == "1" && !target.contains("image/1") && !target.contains("article");
            let events = target.contains("from=1");
            assert!(
                answer.status >= 400 || whole || events || target.contains("article/1"),
                "{target}: {}",
                answer.status
            );
        }
    }
    for finding in ["../../x", "..%2f..%2fx", "/etc/passwd"] {
        let said =
            json!([{ "finding": finding, "verdict": "reject", "proposal": finding, "text": finding, "note": finding }]);
        assert_eq!(server.decide(0, said).status, 409);
    }
    assert!(desk.lines().is_empty());
    let mut names: Vec<_> = fs::read_dir(desk.0.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["input", "secret.png"]);
}

#[test]
fn text_is_never_markup() {
    let desk = Desk::new();
    let server = Server::start(&desk, "林<script>alert(2)</script>");
    let waiting = open(&server.data());
    let mut said = verdict(&waiting[0], "edit", "</script><script>alert(3)</script>");
    said["note"] = json!("<img src=x onerror=alert(4)>");
    assert_eq!(server.decide(0, json!([said])).status, 200);
    let page = server.get("/issue/1");
    for hostile in ["<script>alert", "</script><script>alert", "<img"] {
        assert!(!page.body.contains(hostile), "{hostile}");
    }
    assert!(page.body.contains("\\u003cscript\\u003ealert(2)") && page.body.contains("\\u003cimg src=x"));
    let policy = page.head.lines().find(|l| l.starts_with("content-security-policy: ")).unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    for header in ["x-content-type-options: nosniff", "referrer-policy: no-referrer", "cache-control: no-store"] {
        assert!(page.head.contains(header), "{header}");
    }
    assert!(server.get("/api/issue/1").head.contains("content-type: application/json"));
}

#[test]
fn a_large_body_is_refused_and_not_read() {
    let desk = Desk::new();
    let server = Server::start(&desk, "林");
    let head = format!(
        "POST /api/issue/1/decisions HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nx-kanwu-token: {1}\r\nContent-Type: application/json\r\n",
        server.host(),
        server.token
    );
    let start = Instant::now();
    let announced = format!("{head}Content-Length: {}\r\n\r\n", 100 << 20);
    assert_eq!(server.send(announced.as_bytes()).status, 413);
    // Unannounced: in chunks, 100 MB if it is let.
    let mut stream = server.connect();
    stream.write_all(format!("{head}Transfer-Encoding: chunked\r\n\r\n").as_bytes()).unwrap();
    let chunk = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
    let sent = (0..1600).take_while(|_| stream.write_all(&chunk).is_ok()).count();
    assert!(sent < 1600, "all of it was taken");
    let long = format!("GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n", "a".repeat(1 << 20), server.host());
    assert!(matches!(server.send(long.as_bytes()).status, 0 | 414 | 431));
    assert!(start.elapsed() < Duration::from_secs(30));
    assert_eq!(server.get("/issue/1").status, 200);
    assert!(desk.lines().is_empty());
}

#[test]
fn slow_clients_are_let_go_and_keep_nobody_waiting() {
    let desk = Desk::new();
    let server = Server::start(&desk, "林");
    server.get("/issue/1");
    let start = Instant::now();
    let mut silent = server.connect();
    let mut slow = server.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap();
    let mut half = server.connect();
    let head = format!(
        "POST /api/issue/1/decisions HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nx-kanwu-token: {1}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        server.host(),
        server.token
    );
    half.write_all(head.as_bytes()).unwrap();
    let crowd: Vec<_> = (0..40).map(|_| server.connect()).collect();
    assert_eq!(server.get("/issue/1").status, 200);
    assert!(start.elapsed() < Duration::from_secs(8), "others waited");
    let mut rest = String::new();
    let _ = half.read_to_string(&mut rest);
    assert!(rest.contains(" 408 "), "{rest}");
    for stream in [&mut silent, &mut slow] {
        let _ = stream.read_to_string(&mut rest);
    }
    assert!(start.elapsed() < Duration::from_secs(40), "they were not let go");
    drop(crowd);
}
