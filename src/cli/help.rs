//! Help in the language of the person who asks: the commands say it in English where they are defined, and this table
//! says it in Chinese.

use super::{Cli, say};
use clap::{Command, CommandFactory};
use kanwu::rule::Lang;

/// The commands with their help in a language.
pub fn command(lang: Lang) -> Command {
    match lang {
        Lang::En => Cli::command(),
        Lang::Zh => chinese(Cli::command()),
    }
}

/// What a command does: its name (empty for the program), its text.
const COMMANDS: &[(&str, &str)] = &[
    ("", "勘误：把报纸的 OCR 文字清理成干净、可审读的文本，改动的每一个字都有据可查"),
    ("clean", "清理稿件，写出文本、改动清单和审读报告"),
    ("archive", "给许多期报纸建索引，查出重复刊登的文字"),
    ("archive add", "把稿件收入索引；没有变动的稿件不再读"),
    ("archive duplicates", "列出索引里重复刊登的每一段文字"),
    ("archive info", "说明索引里有什么"),
    ("archive forget", "把某几期移出索引"),
    ("review", "在浏览器或终端里用键盘逐条定夺"),
    ("decide", "对问题作决定：接受、拒绝、改写或撤回，一处、一组或一批"),
    ("stats", "审读记录里的得失：各条规则的接受率、误报、用时"),
    ("verify", "核红：只凭文件证明每一处改动都有交代"),
    ("rules", "列出全部规则及开关"),
    ("explain", "解释一条规则：报什么、为什么、例子"),
    ("eval", "在已知正误的文本上测量好坏"),
    ("csc", "用带改正的句子测量"),
    ("gold", "用逐处记有错误的整期稿件测量"),
    ("model", "制作、查看、询问语言模型"),
    ("train", "用文字做一个语言模型，例如本报的旧报"),
    ("info", "说明语言模型里有什么"),
    ("score", "文字有多通顺：逐行、逐字的概率"),
    ("schema", "打印输出文件的 JSON Schema"),
    ("completions", "打印命令补全脚本"),
    ("man", "打印使用手册（man page）"),
];

/// What an argument means, by its id.
const ARGUMENTS: &[(&str, &str)] = &[
    ("lang", "提示和报告的语言：zh 或 en"),
    ("paths", "稿件（文件）、装着稿件的文件夹，或 -（标准输入）"),
    ("issue", "每个路径当作一期，文件夹也是一期"),
    ("quiet", "只报错误"),
    ("output", "输出文件夹，一期一个子文件夹 [默认：output]"),
    ("jobs", "同时清理几期 [默认：处理器的个数]"),
    ("fail_on", "还有这一级以上的待定问题时以 1 退出：flag、suggested、safe 或 never [默认：never]"),
    ("apply", "不问人就改的范围：safe 或 none [默认：safe]"),
    ("doubt", "语言模型的疑点，置信度（0 到 1）低于此数的不显示 [默认：0.4]"),
    ("write_back", "把改动也写回 ALTO、PAGE、hOCR 文件：另写一份放在输出文件夹里，原文件不动"),
    ("require_reviewed", "还有没审定的就以 1 退出"),
    ("finding", "问题的编号，或编号的前几个字符"),
    ("accept", "照建议改"),
    ("reject", "不改，保留原文"),
    ("edit", "改成这个文字"),
    ("undo", "撤回此前对它的决定"),
    ("text", "与 --accept 合用：要的是哪一种改法（不是第一种时）"),
    ("scope", "管多远：once（只这一处）、issue（本期同样的）、always（同样的一律）[默认：once]"),
    ("series", "整组一起定（只定还没定的）"),
    ("except", "与 --series 合用：除去这几处，逗号隔开"),
    ("by", "谁作的决定 [默认：kanwu.toml 的 reviewer，其次是登录的用户名]"),
    ("note", "附言，与决定一起存"),
    ("write_accept", "与 --reject --scope always 合用：把文字写进本报规则的 words/accept.toml"),
    ("from", "从文件读入决定：报告页导出的、手写的，或审过的 .docx、.md"),
    ("list", "列出待定的"),
    ("emit", "另写出：docx（review.docx，Word 修订稿）、criticmarkup（review.critic.md），逗号隔开"),
    ("encoding", "输入的编码，如 GB18030、Big5 [默认：自动识别]"),
    ("format", "输入的格式，如 hocr、alto、rapidocr [默认：看内容判断]"),
    ("base", "一版有几个文件时，以哪个标签的为底本"),
    ("select", "只用这些规则：编号、名称或类别，逗号隔开"),
    ("ignore", "不用这些规则：编号、名称或类别，逗号隔开"),
    ("rules", "在内置规则之上加一个规则文件夹（可多次使用）"),
    ("no_rules", "不用内置规则"),
    ("config", "用这个配置文件，不找 kanwu.toml"),
    ("dirs", "要核对的输出文件夹，如 output/2019-10-23"),
    ("input", "原稿，或原稿所在的文件夹 [默认：input]"),
    ("report", "把核红结果写成一页，供打印"),
    ("terminal", "就在终端里审读"),
    ("json", "输出 JSON，供程序使用"),
    ("markdown", "输出 docs/RULES.md"),
    ("rule", "规则的编号或名称"),
    ("name", "clean、finding 或 decision；不写则打印全部"),
    ("shell", "哪一种 shell"),
    ("files", "句子文件：每行 编号 TAB 原句 TAB 改正后的句子（编号可以通篇不写）"),
    ("sample", "每个文件随机抽这么多句 [默认：全部]"),
    ("seed", "抽样的种子：种子相同，在哪台机器上抽出的句子都相同 [默认：20191023]"),
    ("curve", "打印各个置信度门槛上的成绩"),
    ("clean", "没有错误的文本，用来数误报：句子文件（.tsv）或整期稿件（可多次使用）"),
    ("budget", "没有错误的文本每万字允许几处误报（与 --curve、--clean 合用）[默认：3]"),
    ("speed", "也报速度：只有这一项每次运行会不同"),
    ("category", "计入哪些类别的问题，逗号隔开 [默认：typo]"),
    ("threshold", "不计置信度低于此数（0 到 1）的问题 [默认：凡显示的都计]"),
    ("format", "text；或 json，供程序使用 [默认：text]"),
    ("threads", "用几个线程 [默认：处理器的个数]"),
    ("inputs", "稿件（文件），或装着稿件的文件夹"),
    ("gold", "错误记录：<期>.jsonl，或装着这些文件的文件夹（可多次使用）"),
    (
        "texts",
        "文字：.md、.txt、.jsonl（每行一个 JSON 对象，标题在 title、正文在 text 两项里）、装着这些文件的文件夹，或 -（标准输入）",
    ),
    ("order", "最长几个字连用，2 到 6 [默认：5]"),
    ("size", "模型文件最大多少 MB（百万字节），最无关紧要的字串先舍去 [默认：26]"),
    ("least", "至少出现几次的字才收 [默认：12]"),
    ("hold_out", "与这些文件或文件夹有连续 24 个汉字相同的段落一概不学（可多次使用）"),
    ("keep_back", "每 N 篇留出一篇不学（按正文的散列值选），用来测量"),
    ("model", "模型文件 [默认：程序自带的模型]"),
    ("models", "模型文件，built-in 指程序自带的；几个模型合起来用（可多次使用）[默认：built-in]"),
    ("fit", "各模型都没有学过的文字：按它定出最合适的权重 [默认：各模型等权]"),
    ("per_character", "每字一行，不是每行文字一行"),
    ("summary", "只打印各文件的总数"),
    ("archive", "索引所在的文件夹 [默认：archive]"),
    ("memory", "最多用多少内存，如 512MiB、2GiB [默认：1GiB]"),
    ("rebuild", "重建索引：先清空原有内容，损坏的也清空"),
    ("scratch", "内存放不下时，中间结果写到哪个文件夹 [默认：系统的临时文件夹]"),
    ("readings", "同时列出各次刊登逐字的异同"),
    ("issues", "只列出各期的名称，一行一个"),
    ("ids", "期的名称"),
    ("port", "网页的端口 [默认：任一空闲端口]"),
    ("listen", "也让别的电脑进来，用本机的这个地址 [默认：127.0.0.1，只限本机]"),
    ("no_open", "只说网址，不打开浏览器"),
    ("help", "显示帮助"),
    ("version", "显示版本"),
];

/// What an argument means in one command, where that is something else than in others.
const OWN: &[(&str, &str)] = &[
    ("clean archive", "往期报纸的索引：多期都有的文字（栏目导语、套语）不算误重；见 kanwu archive"),
    (
        "train texts",
        "文字：.md、.txt、.jsonl（每行一个 JSON 对象，标题在 title、正文在 text 两项里）、装着这些文件的文件夹，或 -（标准输入的 JSON 行）；\
         写成 PATH=3 一遍当三遍，至多 255",
    ),
    ("decide issue", "稿件：文件、文件夹，或 input 里的期名"),
    ("stats paths", "装着稿件的文件夹，或稿件"),
    ("review issues", "稿件：文件、文件夹，或 input 里的期名 [默认：全部]"),
    ("train output", "写成哪个文件"),
    ("add paths", "稿件（文件），或装着稿件的文件夹"),
    ("add jobs", "同时读几期 [默认：处理器的个数]"),
    ("duplicates output", "写成哪个文件，一段一行 JSON [默认：标准输出]"),
    ("duplicates jobs", "用几个线程 [默认：处理器的个数]"),
];

const TEMPLATE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

fn chinese(mut command: Command) -> Command {
    command.build();
    in_chinese(command, "")
}

/// A command and those below it.
fn in_chinese(command: Command, path: &str) -> Command {
    let mut command = dress(command, path.trim_start());
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |c| in_chinese(c, &format!("{path} {name}")));
    }
    command
}

fn dress(command: Command, path: &str) -> Command {
    let name = path.rsplit(' ').next().unwrap_or(path);
    // Two commands may have one name: the whole way to it goes first.
    let about = Some(text(COMMANDS, path)).filter(|t| !t.is_empty()).unwrap_or_else(|| text(COMMANDS, name));
    let command = match name {
        "csc" => command.after_long_help(say::metrics_of_csc(Lang::Zh)),
        "gold" => command.after_long_help(say::metrics_of_gold(Lang::Zh)),
        "score" => command.after_long_help(say::figures_of_score(Lang::Zh)),
        _ => command,
    };
    command.about(about).help_template(TEMPLATE).subcommand_help_heading("命令").subcommand_value_name("命令").mut_args(
        |arg| {
            let own = text(OWN, &format!("{name} {}", arg.get_id()));
            let help = if own.is_empty() { text(ARGUMENTS, arg.get_id().as_str()) } else { own };
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            // The Chinese texts name defaults and values themselves.
            arg.help(help)
                .long_help(None::<&str>)
                .help_heading(heading)
                .hide_default_value(true)
                .hide_possible_values(true)
        },
    )
}

fn text(table: &'static [(&str, &str)], name: &str) -> &'static str {
    table.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_argument_has_chinese_help() {
        let command = command(Lang::Zh);
        let below = command.get_subcommands().flat_map(|c| std::iter::once(c).chain(c.get_subcommands()));
        for c in std::iter::once(&command).chain(below) {
            assert!(c.get_about().is_some_and(|a| !a.to_string().is_empty()), "{}", c.get_name());
            for arg in c.get_arguments() {
                assert!(arg.get_help().is_some_and(|h| !h.to_string().is_empty()), "{} {}", c.get_name(), arg.get_id());
            }
        }
    }

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }
}
