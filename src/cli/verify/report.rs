//! `kanwu verify --report`: the proof on one printed page, with counts, names and times, for the file of the issue.

use kanwu::error::Error;
use kanwu::finding::Status;
use kanwu::rule::Lang;
use kanwu::verify::{Facts, Proof};
use std::path::{Path, PathBuf};

/// What became of one output folder.
pub struct Proved {
    /// The folder.
    pub dir: PathBuf,
    /// The input, where it was found.
    pub input: Option<PathBuf>,
    /// The proof, or why there is none.
    pub outcome: Result<Proof, Error>,
}

const STYLE: &str = "\
@page{size:A4;margin:18mm}
:root{color-scheme:light dark}
body{font:15px/1.6 \"Noto Serif CJK SC\",\"Source Han Serif SC\",\"Songti SC\",SimSun,serif;max-width:46em;margin:2em auto;padding:0 1.2em}
h1{font-size:1.5em;margin:0 0 .2em}h2{font-size:1.05em;margin:1.4em 0 .3em;border-bottom:1px solid}
section+section{break-before:page;margin-top:3em}
.result{font-size:1.15em;font-weight:bold;border:2px solid;padding:.3em .8em;display:inline-block}
.no{color:#b00020}ul{padding-left:1.2em;margin:.2em 0}li.no{font-weight:bold}h2+ul{list-style:none;padding-left:0}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.15em .8em .15em 0;border-bottom:1px solid #8888;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code,.hash{font:.8em/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
.small{font-size:.85em}.sign{margin-top:2.5em;display:flex;gap:3em}.sign span{border-top:1px solid;flex:1;padding-top:.2em}
@media print{body{margin:0;max-width:none;font-size:10.5pt}}
@media(prefers-color-scheme:dark){@media screen{.no{color:#ff8a80}}}";

/// Lines of details that a check shows: the page stays one page.
const DETAILS: usize = 12;

/// The words of a language.
struct Words {
    lang: &'static str,
    title: &'static str,
    holds: &'static str,
    fails: &'static str,
    none: &'static str,
    unread: &'static str,
    input: &'static str,
    characters: &'static str,
    checked: &'static str,
    by: &'static str,
    checks: &'static str,
    counts: &'static str,
    people: &'static str,
    head: [&'static str; 5],
    nobody: &'static str,
    no_log: &'static str,
    unsigned: &'static str,
    files: &'static str,
    more: &'static str,
    sign: [&'static str; 3],
}

const ZH: Words = Words {
    lang: "zh-CN",
    title: "核红记录",
    holds: "核红通过：每一处改动都有据可查",
    fails: "核红不通过",
    none: "无法核红",
    unread: "没有找到原稿，只核对了输出文件本身",
    input: "原稿",
    characters: "字数",
    checked: "核对时间",
    by: "核对程序",
    checks: "核对项目",
    counts: "问题与处理",
    people: "审读",
    head: ["姓名", "接受", "拒绝", "改写", "起止时间（UTC）"],
    nobody: "审读记录里没有现行的决定。",
    no_log: "没有审读记录。",
    unsigned: "未署名",
    files: "原稿文件",
    more: "另有 {n} 行",
    sign: ["审读", "核红", "签发"],
};

const EN: Words = Words {
    lang: "en",
    title: "Proof of corrections",
    holds: "Holds: every change is accounted for",
    fails: "DOES NOT HOLD",
    none: "Could not be checked",
    unread: "the input was not found; only the output was checked",
    input: "Input",
    characters: "Characters",
    checked: "Checked at",
    by: "Checked by",
    checks: "What was checked",
    counts: "Findings",
    people: "Review",
    head: ["Name", "Accepted", "Rejected", "Rewritten", "From, to (UTC)"],
    nobody: "No verdict is in force in the log.",
    no_log: "There is no log of decisions.",
    unsigned: "unsigned",
    files: "Input files",
    more: "{n} more lines",
    sign: ["Reviewed", "Checked", "Released"],
};

fn status(status: Status, lang: Lang) -> &'static str {
    let (zh, en) = match status {
        Status::Applied => ("程序已改", "applied by the program"),
        Status::Open => ("待定", "open"),
        Status::Accepted => ("人已接受或改写", "accepted or rewritten by a person"),
        Status::Rejected => ("人已拒绝", "rejected by a person"),
        Status::Stale => ("要重新确认", "to be looked at again"),
        Status::Superseded => ("已被别处改动盖住", "covered by another change"),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The page; `at` is the time, as it is to be printed.
pub fn page(proved: &[Proved], at: &str, lang: Lang) -> String {
    let words = match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    };
    let mut out = format!(
        "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{}</title><style>{STYLE}</style></head><body>\n",
        words.lang, words.title
    );
    for one in proved {
        section(&mut out, one, words, at, lang);
    }
    out + "</body></html>\n"
}

fn section(out: &mut String, one: &Proved, words: &Words, at: &str, lang: Lang) {
    let name = one.dir.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let issue = one.outcome.as_ref().map_or(name, |proof| proof.facts.issue.clone());
    *out += &format!("<section><h1>{} · {}</h1>\n", words.title, escaped(&issue));
    match &one.outcome {
        Err(error) => {
            let (message, _) = error.text(lang);
            *out += &format!("<p class=\"result no\">{}</p><p>{}</p>", words.none, escaped(message));
        }
        Ok(proof) => {
            let (class, result) = if proof.holds() { ("", words.holds) } else { (" no", words.fails) };
            *out += &format!("<p class=\"result{class}\">{result}</p>\n");
            about(out, one, &proof.facts, words, at);
            checks(out, proof, words, lang);
            counts(out, &proof.facts, words, lang);
            people(out, &proof.facts, words);
            files(out, &proof.facts, words);
        }
    }
    let sign: String = words.sign.iter().map(|s| format!("<span>{s}</span>")).collect();
    *out += &format!("<div class=\"sign\">{sign}</div></section>\n");
}

fn about(out: &mut String, one: &Proved, facts: &Facts, words: &Words, at: &str) {
    let shown = |path: &Path| escaped(&path.display().to_string());
    let input = one.input.as_deref().map_or_else(|| words.unread.to_owned(), shown);
    *out += &format!(
        "<table><tr><th>{}<td>{input}<tr><th>{}<td>{}<tr><th>{}<td>{}<tr><th>{}<td>kanwu {}</table>\n",
        words.input,
        words.characters,
        facts.characters,
        words.checked,
        escaped(at),
        words.by,
        env!("CARGO_PKG_VERSION")
    );
}

fn checks(out: &mut String, proof: &Proof, words: &Words, lang: Lang) {
    *out += &format!("<h2>{}</h2><ul>", words.checks);
    for check in &proof.checks {
        let (class, mark) = if check.holds { ("", "✓") } else { (" class=\"no\"", "✗") };
        *out += &format!("<li{class}>{mark} {}", escaped(check.what.raw(lang)));
        if !check.details.is_empty() {
            let shown = check.details.iter().take(DETAILS).map(|line| format!("<li><code>{}</code>", escaped(line)));
            *out += &format!("<ul>{}", shown.collect::<String>());
            if check.details.len() > DETAILS {
                let more = (check.details.len() - DETAILS).to_string();
                *out += &format!("<li>{}", words.more.replace("{n}", &more));
            }
            *out += "</ul>";
        }
    }
    *out += "</ul>\n";
}

fn counts(out: &mut String, facts: &Facts, words: &Words, lang: Lang) {
    let row = |(s, n): &(Status, usize)| format!("<tr><td>{}<td class=\"n\">{n}", status(*s, lang));
    let rows: String = facts.statuses.iter().map(row).collect();
    *out += &format!("<h2>{}</h2><table>{rows}</table>\n", words.counts);
}

fn people(out: &mut String, facts: &Facts, words: &Words) {
    *out += &format!("<h2>{}</h2>", words.people);
    if facts.people.is_empty() {
        *out += &format!("<p>{}</p>\n", if facts.has_log { words.nobody } else { words.no_log });
        return;
    }
    let [name, accepted, rejected, edited, times] = words.head;
    *out += &format!(
        "<table><tr><th>{name}<th class=\"n\">{accepted}<th class=\"n\">{rejected}<th class=\"n\">{edited}<th>{times}"
    );
    for person in &facts.people {
        let name = if person.name.is_empty() { words.unsigned.to_owned() } else { escaped(&person.name) };
        let time = |at: &str| escaped(&at.replacen('T', " ", 1).replacen('Z', "", 1));
        *out += &format!(
            "<tr><td>{name}<td class=\"n\">{}<td class=\"n\">{}<td class=\"n\">{}<td class=\"small\">{} – {}",
            person.accepted,
            person.rejected,
            person.edited,
            time(&person.first),
            time(&person.last)
        );
    }
    *out += "</table>\n";
}

fn files(out: &mut String, facts: &Facts, words: &Words) {
    *out += &format!("<h2>{}</h2><table class=\"small\">", words.files);
    for (name, hash) in facts.files.iter().take(DETAILS) {
        *out += &format!("<tr><td>{}<td class=\"hash\">SHA-256 {}", escaped(name), escaped(hash));
    }
    if facts.files.len() > DETAILS {
        let more = (facts.files.len() - DETAILS).to_string();
        *out += &format!("<tr><td>{}", words.more.replace("{n}", &more));
    }
    *out += "</table>\n";
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().map(crate::cli::say::visible) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
