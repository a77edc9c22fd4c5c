//! What the review in a terminal says: its keys, its place in the issue, what became of a verdict.

use super::count;
use super::review::*;
use super::verdicts::usage;
use crate::tally::Reviewed;
use kanwu::error::Error;
use kanwu::review::{Decision, Verdict};
use kanwu::rule::Lang;
use std::path::Path;

/// There is no terminal to review in.
pub fn no_terminal() -> Error {
    usage(
        ("这里不是终端，没法逐条审读".to_owned(), "this is no terminal, and a review needs one".to_owned()),
        ("在终端里运行；脚本里用 kanwu decide", "run it in a terminal; a script uses kanwu decide"),
    )
}

/// Where one is: 第 17/42 条，约 5 分钟.
pub fn progress(place: usize, all: usize, minutes: u64, lang: Lang) -> String {
    match (minutes, lang) {
        (0, Lang::Zh) => format!("第 {place}/{all} 条"),
        (_, Lang::Zh) => format!("第 {place}/{all} 条，约 {minutes} 分钟"),
        (0, Lang::En) => format!("{place} of {all}"),
        (_, Lang::En) => format!("{place} of {all}, about {minutes} minute{}", if minutes == 1 { "" } else { "s" }),
    }
}

/// The place of a change among those that were made without asking.
pub fn change_of(place: usize, all: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("已改第 {place}/{all} 处"),
        Lang::En => format!("change {place} of {all}"),
    }
}

/// The line of keys while the changes made without asking are looked at.
pub fn keys_for_changes(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "r 退回这处改动  u 撤回  j/k 下/上一处  / 查找  c 回到待定  ? 帮助  q 退出",
        Lang::En => "r take this change back  u undo  j/k move  / search  c back to the questions  ? help  q quit",
    }
}

/// Nothing was changed without asking.
pub fn nothing_changed(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "没有自动改动",
        Lang::En => "nothing was changed without asking",
    }
}

/// The line of keys.
pub fn keys(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "a 接受  r 拒绝  e 改写  1–9 选改法  s 跳过  u 撤回  A/R 整组  j/k 下/上一条  c 已改  / 查找  ? 帮助  q 退出"
        }
        Lang::En => {
            "a accept  r reject  e edit  1–9 choose  s skip  u undo  A/R series  j/k move  c changes  / search  ? help  q quit"
        }
    }
}

/// The title of the page of keys.
pub fn help_title(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "按键（按任意键返回）",
        Lang::En => "Keys (any key goes back)",
    }
}

/// The keys and what they do.
pub fn help_keys(lang: Lang) -> &'static [(&'static str, &'static str)] {
    match lang {
        Lang::Zh => &[
            ("j k", "下一条、上一条（也可用方向键）"),
            ("a", "接受：照第一种改法改；没有改法的，表示看过了"),
            ("r", "拒绝：保留原文"),
            ("1–9", "接受第几种改法"),
            ("e", "改写：自己写；回车存下，Esc 放弃"),
            ("y", "同上次：须重审的，照先前的决定再定一次"),
            ("s", "跳过，以后再定"),
            ("u", "撤回上一个决定（整组定的一起撤回）"),
            ("A R", "整组接受、整组拒绝；跳过的和定过的除外"),
            ("c", "查看自动改动：r 退回当前一处，再按 c 回到待定"),
            ("/", "查找：原文、改法、说明、编号；空着回车，找下一个"),
            ("?", "本页"),
            ("q", "退出；每一条决定都已存下"),
        ],
        Lang::En => &[
            ("j k", "next, previous (also the arrow keys)"),
            ("a", "accept the first alternative; where there is none, it says that you have looked"),
            ("r", "reject: the text stays as it is"),
            ("1–9", "accept this alternative"),
            ("e", "write another text; Enter keeps it, Esc leaves it"),
            ("y", "as before: decide what is asked again as it was decided"),
            ("s", "skip, for later"),
            ("u", "take back the last verdict (a series as a whole)"),
            ("A R", "accept or reject the whole series, but for what was skipped or decided"),
            ("c", "the changes made without asking: r takes one back, c returns to the questions"),
            ("/", "search text, alternatives, messages and ids; Enter alone finds the next"),
            ("?", "this page"),
            ("q", "quit; every verdict is kept already"),
        ],
    }
}

/// What stands before a text that is being written.
pub fn edit_prompt(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "改成：",
        Lang::En => "text: ",
    }
}

/// The question was not decided before.
pub fn nothing_before(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "这一条先前没有定过",
        Lang::En => "this was not decided before",
    }
}

/// Its place in the series.
pub fn in_series(n: usize, of: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("同组 {of} 处，这是第 {n} 处（A 全部接受，R 全部拒绝）"),
        Lang::En => format!("{n} of {of} in a series (A accepts all, R rejects all)"),
    }
}

/// Nothing is proposed.
pub fn only_a_flag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "只提请注意，没有建议的改法（a 看过，e 改写）",
        Lang::En => "a place to look at, without a proposal (a: looked at, e: edit)",
    }
}

/// What was said of it.
pub fn decided(given: &Decision, lang: Lang) -> String {
    let text = match given.verdict {
        Verdict::Edit => replacement(&given.text, lang),
        Verdict::Accept if !given.text.is_empty() => replacement(&given.text, lang),
        _ => String::new(),
    };
    let (by, said) = (who(&given.by, lang), verdict(given.verdict, lang));
    match lang {
        Lang::Zh => format!("已定：{by} {said}{text}"),
        Lang::En => format!("decided: {by} {said} {text}").trim_end().to_owned(),
    }
}

/// It was passed over.
pub fn skipped(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "已跳过",
        Lang::En => "skipped",
    }
}

/// What was said of it before it changed.
pub fn decided_once(before: &Decision, lang: Lang) -> String {
    let (by, said, day) = (who(&before.by, lang), verdict(before.verdict, lang), day(&before.at));
    let text = match before.verdict {
        Verdict::Edit | Verdict::Accept => replacement(&before.text, lang),
        _ => String::new(),
    };
    match lang {
        Lang::Zh => format!("要重新确认：{by} {day}曾{said}{text}，但建议或上下文变了"),
        Lang::En => {
            format!("to be looked at again: {by} {day}{said} {text}; the proposal or the text around it has changed")
                .replace(" ;", ";")
        }
    }
}

/// Others decided before.
pub fn also_decided(names: &[String], lang: Lang) -> String {
    let names: Vec<String> = names.iter().map(|name| shown(name, 40)).collect();
    match lang {
        Lang::Zh => format!("作过决定的还有：{}", names.join("、")),
        Lang::En => format!("also decided by {}", names.join(", ")),
    }
}

/// Verdicts are on the disk.
pub fn kept_here(lines: &[Decision], lang: Lang) -> String {
    let said = lines.first().map_or("", |d| verdict(d.verdict, lang));
    match (lines, lang) {
        ([one], Lang::Zh) => format!("已记下：{said}{}", quoted(&one.anchor.quote, lang)),
        ([one], Lang::En) => format!("kept: {said} {}", quoted(&one.anchor.quote, lang)),
        (many, Lang::Zh) => format!("已记下：{said} {} 处", many.len()),
        (many, Lang::En) => format!("kept: {said} {}", count(many.len(), "place")),
    }
}

/// Somebody else decided meanwhile.
pub fn somebody_else(line: &Decision, lang: Lang) -> String {
    let (by, said, quote) = (who(&line.by, lang), verdict(line.verdict, lang), quoted(&line.anchor.quote, lang));
    match lang {
        Lang::Zh => format!("{by} 刚刚{said}了{quote}"),
        Lang::En => format!("{by} has just decided: {said} {quote}"),
    }
}

/// There is no such alternative.
pub fn no_fix_number(number: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("没有第 {number} 种改法"),
        Lang::En => format!("there is no alternative {number}"),
    }
}

/// Nothing was said that could be taken back.
pub fn nothing_to_undo(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "没有可撤回的决定",
        Lang::En => "there is no verdict to take back",
    }
}

/// The first question, or the last.
pub fn at_the_end(last: bool, lang: Lang) -> &'static str {
    match (last, lang) {
        (true, Lang::Zh) => "这是最后一条",
        (false, Lang::Zh) => "这是第一条",
        (true, Lang::En) => "this is the last",
        (false, Lang::En) => "this is the first",
    }
}

/// A search found nothing.
pub fn not_found(text: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("没有找到{}", quoted(text, lang)),
        Lang::En => format!("{} was not found", quoted(text, lang)),
    }
}

/// Every question was answered.
pub fn all_done(id: &str, done: &Reviewed, lang: Lang) -> String {
    match lang {
        Lang::Zh if done.left > 0 => format!("{id}：看完了，跳过 {} 处", done.left),
        Lang::Zh => format!("{id}：审完了，没有待定的"),
        Lang::En if done.left > 0 => format!("{id}: that was the last; {} skipped", done.left),
        Lang::En => format!("{id}: all is decided"),
    }
}

/// What can be done after the last question.
pub fn what_next(more: bool, lang: Lang) -> &'static [&'static str] {
    match (more, lang) {
        (true, Lang::Zh) => &["n  下一期", "j  回到问题    u  撤回", "q  退出"],
        (false, Lang::Zh) => &["q  退出", "j  回到问题    u  撤回"],
        (true, Lang::En) => &["n  the next issue", "j  back to the questions    u  undo", "q  quit"],
        (false, Lang::En) => &["q  quit", "j  back to the questions    u  undo"],
    }
}

/// What a review of an issue did, said after it.
pub fn reviewed(id: &str, done: &Reviewed, log: &Path, lang: Lang) -> String {
    let Reviewed { accepted, rejected, edited, left, .. } = done;
    let log = log.display();
    match lang {
        Lang::Zh => {
            let next = if *left > 0 {
                format!("还有 {left} 处待定")
            } else {
                "已审完，运行 kanwu clean 写出定稿".to_owned()
            };
            format!("{id}：接受 {accepted}，拒绝 {rejected}，改写 {edited}；{next}（{log}）\n")
        }
        Lang::En => {
            let next = if *left > 0 {
                format!("{left} still to decide")
            } else {
                "all is decided: kanwu clean writes the final text".to_owned()
            };
            format!("{id}: {accepted} accepted, {rejected} rejected, {edited} rewritten; {next} ({log})\n")
        }
    }
}
