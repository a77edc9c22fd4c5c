//! Everything the program says to a person on the terminal, in Chinese and in English, in one place.

mod archive;
mod eval;
mod model;
mod review;
mod server;
mod terminal;
mod verdicts;

pub use archive::*;
pub use eval::*;
pub use model::*;
pub use review::*;
pub use server::*;
pub use terminal::*;
pub use verdicts::*;

use super::{DONE, WRONG_CALL};
use crate::tally::{Tally, Totals};
use clap::error::{ContextKind, ContextValue, ErrorKind as Usage};
use kanwu::error::{Error, ErrorKind, reason_zh};
use kanwu::reader::Format;
use kanwu::rule::{Lang, Text};
use kanwu::verify::Proof;
use std::io;
use std::path::{Path, PathBuf};

fn both(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text { zh: zh.into(), en: en.into() }
}

fn make(kind: ErrorKind, message: Text, hint: Text) -> Error {
    Error::new(kind, message.en).hint(hint.en).chinese(message.zh, hint.zh)
}

fn none() -> Text {
    Text::default()
}

/// Prints an error: what, and what to do.
pub fn error(error: &Error, lang: Lang) {
    eprintln!("{}", error_block(error, lang));
}

/// An error as it is printed.
pub fn error_block(error: &Error, lang: Lang) -> String {
    let title = match lang {
        Lang::Zh => "错误：",
        Lang::En => "error: ",
    };
    block(title, error, lang)
}

/// Something that did not stop the work, as it is printed.
pub fn warning_block(warning: &Error, lang: Lang) -> String {
    let title = match lang {
        Lang::Zh => "注意：",
        Lang::En => "warning: ",
    };
    block(title, warning, lang)
}

fn block(wrong: &str, error: &Error, lang: Lang) -> String {
    let (message, hint) = error.text(lang);
    let todo = match lang {
        Lang::Zh => "办法：",
        Lang::En => "  hint: ",
    };
    match hint {
        "" => format!("{wrong}{message}"),
        hint => format!("{wrong}{message}\n{todo}{hint}"),
    }
}

// ── what a command line may do wrong ──

/// Prints what clap has to say (help and version too) and returns the exit status.
pub fn usage(wrong: &clap::Error, lang: Lang) -> u8 {
    if matches!(wrong.kind(), Usage::DisplayHelp | Usage::DisplayVersion) {
        let _ = wrong.print();
        return DONE;
    }
    match chinese_usage(wrong).filter(|_| lang == Lang::Zh) {
        Some(text) => eprintln!("错误：{text}\n办法：kanwu --help 列出全部命令，kanwu clean --help 列出一个命令的选项"),
        None => {
            let _ = wrong.print();
        }
    }
    WRONG_CALL
}

fn chinese_usage(wrong: &clap::Error) -> Option<String> {
    let get = |kind| match wrong.get(kind) {
        Some(ContextValue::String(s)) => Some(s.clone()),
        Some(ContextValue::Strings(s)) => Some(s.join("、")),
        _ => None,
    };
    let near = get(ContextKind::SuggestedArg)
        .or_else(|| get(ContextKind::SuggestedSubcommand))
        .or_else(|| get(ContextKind::SuggestedValue));
    let near = near.map_or_else(String::new, |n| format!("；是不是 {n}？"));
    let arg = get(ContextKind::InvalidArg);
    Some(match wrong.kind() {
        Usage::UnknownArgument => format!("没有 {} 这个选项{near}", arg?),
        Usage::InvalidSubcommand => format!("没有 {} 这个命令{near}", get(ContextKind::InvalidSubcommand)?),
        Usage::MissingRequiredArgument => format!("还缺 {}", arg?),
        Usage::InvalidValue | Usage::ValueValidation => match (get(ContextKind::InvalidValue)?.as_str(), arg?) {
            ("", arg) => format!("{arg} 后面要有一个值"),
            (value, arg) => match get(ContextKind::ValidValue) {
                Some(valid) => format!("{arg} 不能是「{value}」，可以是：{valid}{near}"),
                None => format!("{arg} 不能是「{value}」{}", reason_of_value(wrong)),
            },
        },
        Usage::ArgumentConflict => format!("{} 不能和别的选项一起用", arg?),
        _ => return None,
    })
}

/// Why a value was refused, where what refused it says so in Chinese.
fn reason_of_value(wrong: &clap::Error) -> String {
    let fault = std::error::Error::source(wrong).and_then(|e| e.downcast_ref::<BadAmount>());
    fault.map_or_else(String::new, |fault| format!("：{}", fault.text(Lang::Zh)))
}

/// A value that is none of the known ones.
pub fn no_value(place: &str, value: &str, known: &[&str]) -> Error {
    make(
        ErrorKind::Config,
        both(format!("{place}不能是「{value}」"), format!("{place}\"{value}\" is not a value here")),
        both(format!("可以是：{}", known.join("、")), format!("it may be {}", known.join(", "))),
    )
}

/// A confidence that is none.
pub fn no_confidence(place: &str, value: &str) -> Error {
    make(
        ErrorKind::Config,
        both(format!("{place}置信度不能是「{value}」"), format!("{place}\"{value}\" is not a confidence")),
        both(
            "写 0 到 1 之间的数：越大，显示的疑点越少、越可靠",
            "give a number from 0 to 1: the larger, the fewer and surer the doubts shown",
        ),
    )
}

/// An encoding that nobody knows.
pub fn no_encoding(place: &str, name: &str) -> Error {
    make(
        ErrorKind::Config,
        both(format!("{place}没有叫「{name}」的编码"), format!("{place}there is no encoding \"{name}\"")),
        both(
            "常用的有：UTF-8、GB18030、GBK、Big5、UTF-16LE、UTF-16BE",
            "often used: UTF-8, GB18030, GBK, Big5, UTF-16LE, UTF-16BE",
        ),
    )
}

/// A format that is not read.
pub fn no_format(place: &str, name: &str) -> Error {
    let names = || Format::ALL.map(Format::name).join(", ");
    make(
        ErrorKind::Config,
        both(format!("{place}没有叫「{name}」的格式"), format!("{place}there is no format \"{name}\"")),
        both(format!("有这些：{}", names()), format!("there are: {}", names())),
    )
}

/// A rule or category that does not exist.
pub fn no_rule(place: &str, name: &str, near: Option<&str>) -> Error {
    let hint = match near {
        Some(near) => both(
            format!("是不是 {near}？`kanwu rules` 列出全部规则"),
            format!("did you mean {near}? `kanwu rules` lists the rules"),
        ),
        None => both("`kanwu rules` 列出全部规则和类别", "`kanwu rules` lists the rules and their categories"),
    };
    make(
        ErrorKind::Config,
        both(format!("{place}没有「{name}」这条规则或类别"), format!("{place}there is no rule or category \"{name}\"")),
        hint,
    )
}

/// A schema that does not exist.
pub fn no_schema(name: &str, known: &[&str]) -> Error {
    make(
        ErrorKind::Usage,
        both(format!("没有「{name}」的 schema"), format!("there is no schema \"{name}\"")),
        both(format!("可以是：{}", known.join("、")), format!("there are: {}", known.join(", "))),
    )
}

/// Standard input beside other paths.
pub fn stdin_alone() -> Error {
    make(
        ErrorKind::Usage,
        both("`-`（标准输入）不能和别的路径一起用", "`-` (standard input) cannot be used with other paths"),
        both("分两次运行", "run the program twice"),
    )
}

// ── kanwu.toml and rule files ──

/// A fault in `kanwu.toml`.
pub fn config_error(place: &str, message: Text, hint: Text) -> Error {
    let message = both(format!("{place}{}", message.zh), format!("{place}{}", message.en));
    make(ErrorKind::Config, message, hint)
}

/// `kanwu.toml` cannot be read.
pub fn cannot_read_config(path: &Path, why: &io::Error) -> Error {
    make(
        ErrorKind::Config,
        both(
            format!("读不了配置文件 {}：{}", path.display(), reason_zh(why)),
            format!("{}: cannot read the configuration: {why}", path.display()),
        ),
        both(
            "核对路径和权限；不用配置文件时去掉 --config",
            "check the path and its permissions, or leave out --config",
        ),
    )
}

/// Bad TOML.
pub fn bad_toml(why: &str) -> Text {
    both(format!("不合 TOML 格式：{why}"), format!("not valid TOML: {why}"))
}

/// Where to learn the keys.
pub fn toml_hint() -> Text {
    both("各项的写法见 README「配置」一节", "README.md, \"Configuration\", shows how each key is written")
}

/// An unknown key.
pub fn unknown_key(key: &str) -> Text {
    both(format!("没有「{key}」这一项"), format!("unknown key \"{key}\""))
}

/// What was probably meant.
pub fn unknown_key_hint(near: Option<&str>, known: &[&str]) -> Text {
    match near {
        Some(near) => both(format!("是不是 {near}？"), format!("did you mean {near}?")),
        None => both(format!("可用的项：{}", known.join("、")), format!("the keys are: {}", known.join(", "))),
    }
}

/// A value of the wrong kind.
pub fn wrong_kind(wanted: &Text) -> Text {
    both(format!("这里要写{}", wanted.zh), format!("this must be {}", wanted.en))
}

/// What a key wants.
pub fn a_string() -> Text {
    both("带引号的文字", "a string in quotes")
}

/// What a key wants.
pub fn a_list() -> Text {
    both("一个列表，如 [\"TYP001\", \"spacing\"]", "a list such as [\"TYP001\", \"spacing\"]")
}

/// What a key wants.
pub fn a_truth() -> Text {
    both("true 或 false", "true or false")
}

/// What a key wants.
pub fn a_count() -> Text {
    both("不小于 1 的整数", "a whole number of at least 1")
}

/// What a key wants.
pub fn a_confidence() -> Text {
    both("0 到 1 之间的数", "a number from 0 to 1")
}

/// What a key wants.
pub fn a_switch() -> Text {
    both("true、false、\"flag\"、\"suggested\" 或 \"safe\"", "true, false, \"flag\", \"suggested\" or \"safe\"")
}

/// `rules = ["dir"]`.
pub fn rules_is_a_table() -> Text {
    both("`rules` 是逐条开关规则的表", "`rules` is the table that switches single rules")
}

/// What to write instead.
pub fn rules_is_a_table_hint() -> Text {
    both(
        "规则文件夹写作 rules-dirs = [\"desk-rules\"]；单条规则写在 [rules] 下，如 NOR001 = false",
        "write folders of rule files as rules-dirs = [\"desk-rules\"], and single rules under [rules], as in NOR001 = false",
    )
}

/// A folder of rules that cannot be read.
pub fn cannot_read_rules(place: &str, path: &Path, why: &io::Error) -> Error {
    make(
        ErrorKind::Config,
        both(
            format!("{place}读不了 {}：{}", path.display(), reason_zh(why)),
            format!("{place}cannot read {}: {why}", path.display()),
        ),
        both(
            "核对路径；规则文件放在以阶段命名的子文件夹里，如 desk-rules/typos/",
            "check the path; rule files lie in folders named after their stage, as in desk-rules/typos/",
        ),
    )
}

/// A folder of rules without a rule.
pub fn no_rule_files(place: &str, dir: &Path) -> Error {
    make(
        ErrorKind::Config,
        both(
            format!("{place}{} 里没有规则文件", dir.display()),
            format!("{place}there is no rule file in {}", dir.display()),
        ),
        both(
            "规则写成 <阶段>/<编号>-<名称>.toml，词表写成 words/<名称>.toml",
            "a rule is <stage>/<CODE>-<name>.toml, a word list is words/<name>.toml",
        ),
    )
}

// ── input and output ──

/// No issue anywhere.
pub fn nothing_to_do(paths: &[PathBuf]) -> Error {
    let names = paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join("、");
    make(
        ErrorKind::Usage,
        both(
            format!("{names} 里没有可清理的稿件"),
            format!("there is no issue to clean in {}", names.replace('、', ", ")),
        ),
        both(
            "把一期报纸的 .md 或 .txt 文件（或装着各版文件的文件夹）放进去，再运行一次",
            "put the .md or .txt file of an issue (or a folder with its pages) there and run again",
        ),
    )
}

/// The output folder is the input folder.
pub fn output_is_input(output: &Path) -> Error {
    make(
        ErrorKind::Usage,
        both(
            format!("输出文件夹 {} 就是输入文件夹", output.display()),
            format!("the output folder {} is an input folder", output.display()),
        ),
        both("用 --output 另指一个文件夹", "name another folder with --output"),
    )
}

/// The output of an issue would fall into the issue itself.
pub fn output_in_issue(issue: &Path, target: &Path) -> Error {
    make(
        ErrorKind::Input,
        both(
            format!("{} 的输出会写进稿件自己的文件夹（{}）", issue.display(), target.display()),
            format!("{}: its output would fall into the issue itself ({})", issue.display(), target.display()),
        ),
        both("用 --output 另指一个文件夹", "name another folder with --output"),
    )
}

/// Standard input cannot be read.
pub fn cannot_read_stdin(why: &io::Error) -> Error {
    make(
        ErrorKind::Input,
        both(format!("读不了标准输入：{}", reason_zh(why)), format!("cannot read standard input: {why}")),
        none(),
    )
}

/// Standard output cannot be written.
pub fn cannot_print(why: &io::Error) -> Error {
    make(
        ErrorKind::Input,
        both(format!("写不了标准输出：{}", reason_zh(why)), format!("cannot write to standard output: {why}")),
        none(),
    )
}

/// An input file is no longer what was read.
pub fn changed_meanwhile(path: &Path) -> Error {
    let path = path.display();
    make(
        ErrorKind::Input,
        both(format!("{path}：清理期间文件变了"), format!("{path}: the file changed while it was being cleaned")),
        both("再运行一次", "run again"),
    )
}

/// The log of decisions cannot be read.
pub fn cannot_read_decisions(path: &Path, why: &io::Error) -> Error {
    make(
        ErrorKind::Input,
        both(
            format!("读不了审读记录 {}：{}", path.display(), reason_zh(why)),
            format!("{}: cannot read the decisions: {why}", path.display()),
        ),
        both(
            "这期先不清理，以免丢掉已作的决定；核对权限后再运行",
            "the issue was left alone so that no verdict is lost; check the permissions and run again",
        ),
    )
}

/// A fault of the program in one issue.
pub fn fault(issue: &Path, what: &str) -> Error {
    make(
        ErrorKind::Internal,
        both(
            format!("{}：程序出错，这一期没有清理（{what}）", issue.display()),
            format!("{}: a fault of kanwu, this issue was not cleaned ({what})", issue.display()),
        ),
        both(
            "这是 kanwu 的毛病，不是稿件的；请带上这一行和稿件报告",
            "this is a bug in kanwu, not in the issue; please report this line with the issue",
        ),
    )
}

// ── what was done ──

/// The line of one issue.
pub fn issue_done(id: &str, tally: &Tally, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{id}  {} 字，已改 {} 处，待定 {} 处", tally.characters, tally.applied, tally.to_decide),
        Lang::En => format!(
            "{id}  {}, {} applied, {} to decide",
            count(tally.characters, "character"),
            count(tally.applied, "change"),
            count(tally.to_decide, "thing")
        ),
    }
}

/// The line of an issue that failed.
pub fn issue_failed(id: &str, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{id}  未清理"),
        Lang::En => format!("{id}  not cleaned"),
    }
}

/// The closing summary. `report` is what to open first.
pub fn summary(totals: &Totals, report: Option<&Path>, lang: Lang) -> String {
    let tally = &totals.tally;
    let mut out = match lang {
        _ if totals.done == 0 => String::new(),
        Lang::Zh => format!(
            "清理 {} 期，{} 字：已改 {} 处，待定 {} 处。",
            totals.done, tally.characters, tally.applied, tally.to_decide
        ),
        Lang::En => format!(
            "{} cleaned, {}: {} applied, {} to decide.",
            count(totals.done, "issue"),
            count(tally.characters, "character"),
            count(tally.applied, "change"),
            count(tally.to_decide, "thing")
        ),
    };
    if totals.failed > 0 {
        out += &match lang {
            Lang::Zh => format!("{} 期没有清理，原因见上。", totals.failed),
            Lang::En => format!(" {} could not be cleaned, see above.", count(totals.failed, "issue")),
        };
        out = out.trim_start().to_owned();
    }
    if tally.lost > 0 {
        out += &match lang {
            Lang::Zh => format!("\n审读记录里有 {} 条决定找不到原来的位置，仍留在记录中。", tally.lost),
            Lang::En => {
                format!("\nThe place of {} was not found again; they stay in the log.", count(tally.lost, "decision"))
            }
        };
    }
    if let Some(report) = report {
        out += &match lang {
            Lang::Zh => format!("\n请看 {}", report.display()),
            Lang::En => format!("\nOpen {}", report.display()),
        };
    }
    out
}

/// Files that are no input, named once.
pub fn unknown_files(paths: &[PathBuf], lang: Lang) -> String {
    const SHOWN: usize = 5;
    let mut names: Vec<String> = paths.iter().take(SHOWN).map(|p| p.display().to_string()).collect();
    let more = paths.len().saturating_sub(SHOWN);
    match lang {
        Lang::Zh => {
            let more = if more > 0 { format!(" 等 {} 个文件", paths.len()) } else { String::new() };
            format!("跳过（不认识的格式）：{}{more}", names.join("、"))
        }
        Lang::En => {
            if more > 0 {
                names.push(format!("{more} more"));
            }
            format!("skipped (unknown format): {}", names.join(", "))
        }
    }
}

/// The output folder lies among the input and is passed over.
pub fn output_skipped(output: &Path, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("跳过输出文件夹 {}", output.display()),
        Lang::En => format!("skipped the output folder {}", output.display()),
    }
}

/// What a proof found.
pub fn proof(dir: &Path, input: Option<&Path>, proof: &Proof, lang: Lang) -> String {
    let mut out = match (input, lang) {
        (Some(input), Lang::Zh) => format!("{}（原稿 {}）\n", dir.display(), input.display()),
        (Some(input), Lang::En) => format!("{} (input {})\n", dir.display(), input.display()),
        (None, Lang::Zh) => format!("{}（没有找到原稿，用 --input 指明；下面只核对输出文件本身）\n", dir.display()),
        (None, Lang::En) => {
            format!("{} (input not found, name it with --input; only the output was checked)\n", dir.display())
        }
    };
    for check in &proof.checks {
        out += &format!("  {} {}\n", if check.holds { "✓" } else { "✗" }, check.what.raw(lang));
        for line in &check.details {
            out += &format!("      {line}\n");
        }
    }
    out += match (proof.holds(), lang) {
        (true, Lang::Zh) => "  核红通过：每一处改动都有据可查\n",
        (true, Lang::En) => "  holds: every change is accounted for\n",
        (false, Lang::Zh) => "  核红不通过\n",
        (false, Lang::En) => "  DOES NOT HOLD\n",
    };
    out
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
