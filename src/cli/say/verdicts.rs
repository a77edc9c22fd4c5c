//! What went wrong with a verdict: no such issue, finding or proposal, a file that means nothing.

use super::review::*;
use super::{both, make, none};
use kanwu::error::{Error, ErrorKind, reason_zh};
use kanwu::finding::Finding;
use kanwu::reader::Issue;
use kanwu::review::Decision;
use kanwu::rule::Lang;
use std::io;
use std::path::Path;

pub(super) fn usage(message: (String, String), hint: (&str, &str)) -> Error {
    make(ErrorKind::Usage, both(message.0, message.1), both(hint.0, hint.1))
}

/// There is no such issue.
pub fn no_issue(path: &Path, others: &[Issue]) -> Error {
    let path = path.display();
    let names: Vec<&str> = others.iter().take(8).map(|issue| issue.id.as_str()).collect();
    let message = (format!("没有「{path}」这一期"), format!("there is no issue {path}"));
    match names.is_empty() {
        true => usage(
            message,
            (
                "写稿件的路径，如 input/2019-10-23.md，或 input 里的期名",
                "give its path, such as input/2019-10-23.md, or its name in the folder input",
            ),
        ),
        false => {
            usage(message, (&format!("有这些：{}", names.join("、")), &format!("there are: {}", names.join(", "))))
        }
    }
}

/// A tray of several issues.
pub fn which_issue(path: &Path, issues: &[Issue]) -> Error {
    let names: Vec<&str> = issues.iter().take(8).map(|issue| issue.id.as_str()).collect();
    let path = path.display();
    usage(
        (
            format!("{path} 里有 {} 期，要指明一期", issues.len()),
            format!("{path} holds {} issues: name one", issues.len()),
        ),
        (
            &format!("例如 {path}/{}；有：{}", names.first().unwrap_or(&""), names.join("、")),
            &format!("such as {path}/{}; there are: {}", names.first().unwrap_or(&""), names.join(", ")),
        ),
    )
}

/// An output folder where an issue is wanted.
pub fn output_named(path: &Path) -> Error {
    let path = path.display();
    usage(
        (format!("{path} 是输出文件夹，不是稿件"), format!("{path} is an output folder, not an issue")),
        (
            "决定记在稿件旁边：写稿件的路径或期名，如 input/2019-10-23.md",
            "verdicts are kept beside the input: give its path or its name, such as input/2019-10-23.md",
        ),
    )
}

const LIST_HINT: (&str, &str) = (
    "kanwu decide 期名 --list 列出待定的；findings.jsonl 里有全部",
    "kanwu decide ISSUE --list shows what waits; findings.jsonl has all",
);

/// There is no such finding.
pub fn no_finding(typed: &str) -> Error {
    let typed = shown(typed, 40);
    usage(
        (
            format!("没有以「{typed}」为编号（或编号开头）的问题"),
            format!("no finding has the id \"{typed}\" or begins with it"),
        ),
        LIST_HINT,
    )
}

/// Several findings begin so.
pub fn which_finding(typed: &str, ids: &[&str]) -> Error {
    let few: Vec<&str> = ids.iter().take(6).copied().collect();
    usage(
        (
            format!("以「{typed}」开头的问题有 {} 个：{}", ids.len(), few.join("、")),
            format!("{} findings begin with \"{typed}\": {}", ids.len(), few.join(", ")),
        ),
        ("多写几个字符", "give more characters"),
    )
}

/// The finding is alone.
pub fn no_series(id: &str) -> Error {
    usage(
        (format!("{id} 不属于哪一组"), format!("{id} is not part of a series")),
        ("去掉 --series", "leave --series out"),
    )
}

/// One text for places that differ.
pub fn one_text_for_many() -> Error {
    usage(
        (
            "这一组各处的原文不同，不能都改成一个样".to_owned(),
            "the places of this series differ, and one text cannot stand for all".to_owned(),
        ),
        (
            "一处一处地改，或用 --except 去掉不同的",
            "edit them one by one, or leave out those that differ with --except",
        ),
    )
}

/// A text that is no alternative.
pub fn no_such_fix(finding: &Finding, text: &str, lang: Lang) -> Error {
    let all = |lang| finding.fixes.iter().map(|fix| replacement(fix, lang)).collect::<Vec<_>>();
    let (typed, id) = (quoted(text, lang), &finding.id);
    let hint = match finding.fixes.is_empty() {
        true => both(
            format!("{id} 只是提请注意，没有建议的改法；要改就用 --edit"),
            format!("{id} is a place to look at and proposes nothing; use --edit to change it"),
        ),
        false => both(
            format!("可选的有：{}；别的写法用 --edit", all(Lang::Zh).join("、")),
            format!("there are: {}; use --edit for any other text", all(Lang::En).join(", ")),
        ),
    };
    let message = both(format!("{typed}不在 {id} 的改法之中"), format!("{typed} is not an alternative of {id}"));
    make(ErrorKind::Usage, message, hint)
}

const WHOLE_OR_NOT: (&str, &str) = (
    "整个文件都没有记；改正或删去这一行再来",
    "nothing of the file was kept: correct or remove the line and try again",
);

/// A verdict of a file on a finding that is not there.
pub fn no_finding_at(path: &Path, line: usize, id: &str) -> Error {
    let (path, id) = (path.display(), shown(id, 40));
    make(
        ErrorKind::Config,
        both(
            format!("{path}:{line}：没有编号为「{id}」的问题"),
            format!("{path}:{line}: there is no finding \"{id}\""),
        ),
        both(WHOLE_OR_NOT.0, WHOLE_OR_NOT.1),
    )
}

/// An accepted text of a file that is no alternative.
pub fn no_such_fix_at(path: &Path, line: usize, decision: &Decision) -> Error {
    let (path, id) = (path.display(), &decision.finding);
    make(
        ErrorKind::Config,
        both(
            format!("{path}:{line}：{}不在 {id} 的改法之中", quoted(&decision.text, Lang::Zh)),
            format!("{path}:{line}: {} is not an alternative of {id}", quoted(&decision.text, Lang::En)),
        ),
        both(
            "自己写的文字，verdict 要用 edit；整个文件都没有记",
            "a text of one's own has the verdict \"edit\"; nothing of the file was kept",
        ),
    )
}

/// A file of verdicts that cannot be read.
pub fn cannot_read_verdicts(path: &Path, why: &io::Error) -> Error {
    make(
        ErrorKind::Input,
        both(
            format!("读不了 {}：{}", path.display(), reason_zh(why)),
            format!("{}: cannot be read: {why}", path.display()),
        ),
        none(),
    )
}

/// A file that holds no verdicts.
pub fn no_verdicts(path: &Path) -> Error {
    make(
        ErrorKind::Config,
        both(
            format!("{} 里没有可读的决定", path.display()),
            format!("{}: there are no verdicts in it that can be read", path.display()),
        ),
        both(
            "可以是报告页导出的决定，或一行一条 JSON（写法见 `kanwu schema decision`）",
            "it may be what the report page exported, or one decision in JSON a line (see `kanwu schema decision`)",
        ),
    )
}

/// `--write-accept` without what it belongs to.
pub fn write_accept_alone() -> Error {
    usage(
        (
            "--write-accept 只与 --reject --scope always 合用".to_owned(),
            "--write-accept goes with --reject --scope always".to_owned(),
        ),
        ("加上 --scope always", "add --scope always"),
    )
}

/// There is no folder of the desk's own rules.
pub fn no_desk_rules() -> Error {
    make(
        ErrorKind::Config,
        both("没有本报自己的规则文件夹，词条无处可写", "the desk has no folder of its own rules to write to"),
        both(
            "用 --rules DIR 指明，或在 kanwu.toml 里写 rules-dirs = [\"desk-rules\"]；内置的规则不改动",
            "name it with --rules DIR, or in kanwu.toml as rules-dirs = [\"desk-rules\"]; the built-in rules are never changed",
        ),
    )
}

/// The desk's list is not of its form.
pub fn list_not_understood(path: &Path) -> Error {
    make(
        ErrorKind::Config,
        both(
            format!("{}：看不懂这个词表", path.display()),
            format!("{}: this word list is not understood", path.display()),
        ),
        both("写成 words = [\"…\"]", "write it as words = [\"…\"]"),
    )
}

/// The page of the proof is there.
pub fn page_written(path: &Path, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("核红记录：{}\n", path.display()),
        Lang::En => format!("the proof on a page: {}\n", path.display()),
    }
}
