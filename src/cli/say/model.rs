//! What `kanwu model` says.

use super::{both, count, make};
use kanwu::error::{Error, ErrorKind, reason_zh};
use kanwu::lm::mixture::Worth;
use kanwu::lm::ngram::{Broken, Model};
use kanwu::lm::train::{Read, SHARED};
use kanwu::rule::Lang;
use std::io;
use std::path::Path;

/// What the figures of `kanwu model score` mean.
pub fn figures_of_score(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "\
怎样计算：
  每行文字当作一段。打印三栏，以 TAB 隔开：整段概率的常用对数、平均每个符号几比特、文字。
  --per-character 每字一行：模型所读的字、它在前文之后的概率的常用对数；¶ 是段末。
  --summary 每个文件一行：符号数、每个符号几比特、困惑度（模型平均在几个同样可能的字里选一个）。
  一串数字、一串拉丁字母各算一个符号，半角标点读作全角，引号和空白不读，段末算一个符号。
  几个模型按权相加；只有一部分模型认识的字，在其余模型里平分其生字的概率。"
        }
        Lang::En => {
            "\
How it counts:
  Each line of the text is a paragraph. Three columns with tabs between them: log10 of the
  probability of the paragraph, bits for each symbol, the text.
  --per-character prints a line for each character: what the model reads, and log10 of its
  probability after what stands before it; ¶ is the end of the paragraph.
  --summary prints a line for each file: symbols, bits for each, and perplexity (among how many
  characters, all as likely, the model in effect chooses).
  A run of digits is one symbol, and so is one of Latin letters; half-width marks are read as
  full-width ones, quotation marks and spaces not at all; the end of a paragraph is a symbol.
  Several models are added up, each with its weight; a character that only some of them know has,
  in the others, its share of what they give to the unknown."
        }
    }
}

// ── what may go wrong ──

/// A file that is no model, or a damaged one.
pub fn no_model(path: &Path, why: Broken) -> Error {
    let path = path.display();
    let zh = match why {
        Broken::NoModel => "不是本程序的语言模型（开头不是 KWLM）".to_owned(),
        Broken::Format(n) => format!("语言模型的格式是 {n}，本程序读不了"),
        Broken::Damaged(at) => format!("语言模型已损坏（第 {at} 字节处）"),
    };
    let hint = match why {
        Broken::NoModel => both(
            "模型由 `kanwu model train` 写成，文件名一般以 .kwm 结尾",
            "models are written by `kanwu model train`; their names usually end in .kwm",
        ),
        Broken::Format(_) | Broken::Damaged(_) => both(
            "重新复制这个文件，或用 `kanwu model train` 再做一个",
            "copy the file again, or make it again with `kanwu model train`",
        ),
    };
    make(ErrorKind::Input, both(format!("{path}：{zh}"), format!("{path}: {why}")), hint)
}

/// A path without text.
pub fn no_text(path: &Path) -> Error {
    let message = match path.is_dir() {
        true => both(format!("{} 里没有文本", path.display()), format!("there is no text in {}", path.display())),
        false => both(
            format!("{}：不认识的格式", path.display()),
            format!("{}: not a kind of file that can be read", path.display()),
        ),
    };
    make(
        ErrorKind::Input,
        message,
        both(
            "可以读的有 .md、.txt 和 .jsonl（每行一个 JSON 对象，正文在 text、标题在 title 两项里）",
            ".md, .txt and .jsonl can be read (a JSON object a line, with the text in \"text\" and the headline, if any, in \"title\")",
        ),
    )
}

/// A line that is no document.
pub fn bad_document(path: &Path, line: usize, why: &serde_json::Error) -> Error {
    let path = if path.as_os_str() == "-" { "stdin".to_owned() } else { path.display().to_string() };
    make(
        ErrorKind::Input,
        both(
            format!("{path}:{line}：不是带 text 的 JSON 对象（{why}）"),
            format!("{path}:{line}: not a JSON object with a text ({why})"),
        ),
        both(
            "每行写一个 {\"text\": \"正文\"}，正文里的换行写作 \\n",
            "write one {\"text\": \"…\"} a line, with line ends in the text as \\n",
        ),
    )
}

/// Nothing to train on.
pub fn nothing_to_learn() -> Error {
    make(
        ErrorKind::Input,
        both("没有可以学习的文字", "there is no text to learn from"),
        both(
            "文件是空的，或者全部留作他用（见 --hold-out、--keep-back）",
            "the files are empty, or all of it was held out or kept back (see --hold-out and --keep-back)",
        ),
    )
}

/// Standard input named twice.
pub fn stdin_once() -> Error {
    make(
        ErrorKind::Usage,
        both("`-`（标准输入）只能写一次", "`-` (standard input) can be named only once"),
        both("把文字接成一股再送进来", "join the texts before they are piped in"),
    )
}

/// A weight that is none.
pub fn no_weight(path: &str, weight: &str) -> Error {
    make(
        ErrorKind::Usage,
        both(
            format!("{path}={weight}：权重是 1 到 255 的整数"),
            format!("{path}={weight}: a weight is a whole number from 1 to 255"),
        ),
        both(format!("如 {path}=3，即这些文字一遍当三遍"), format!("as in {path}=3: this text counts three times")),
    )
}

/// A folder where a file is to be written.
pub fn is_folder(path: &Path) -> Error {
    make(
        ErrorKind::Usage,
        both(
            format!("{} 是文件夹，不能写成模型", path.display()),
            format!("{} is a folder and cannot become a model", path.display()),
        ),
        both("用 --output 写明文件名，如 desk.kwm", "name a file with --output, such as desk.kwm"),
    )
}

/// A file that cannot be written.
pub fn cannot_write(path: &Path, why: &io::Error) -> Error {
    make(
        ErrorKind::Input,
        both(
            format!("写不了 {}：{}", path.display(), reason_zh(why)),
            format!("{}: cannot write: {}", path.display(), bare(why)),
        ),
        both(
            "文件夹要先建好、能写入；也可用 --output 另指一处",
            "the folder must be there and writable; or name another place with --output",
        ),
    )
}

/// What the system says, without the name of a temporary file behind it.
fn bare(why: &io::Error) -> String {
    let text = why.to_string();
    text.split(" at path ").next().unwrap_or(&text).to_owned()
}

// ── what was done ──

/// A number with commas between its thousands.
pub(super) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

pub(super) fn megabytes(bytes: usize) -> String {
    match bytes {
        0..100_000 => format!("{} KB", bytes.div_ceil(1000)),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// What was read for training.
pub fn was_read(files: usize, read: &Read, lang: Lang) -> String {
    let symbols: usize = read.symbols.values().sum();
    let weighed = read.symbols.keys().any(|w| *w > 1);
    let weights = |by: &str| {
        let rows = read.symbols.iter().rev().map(|(w, n)| format!("{} × {w}", grouped(*n)));
        if weighed { rows.collect::<Vec<_>>().join(by) } else { String::new() }
    };
    match lang {
        Lang::Zh => {
            let mut out =
                format!("读入 {files} 个文件，{} 篇，{} 段\n", grouped(read.documents), grouped(read.paragraphs));
            if read.left_out > 0 {
                out += &format!("剔除 {} 段：与测试文字有连续 {SHARED} 个汉字相同\n", grouped(read.left_out));
            }
            if read.kept_back > 0 {
                out += &format!("留出 {} 篇不学，用来测量\n", grouped(read.kept_back));
            }
            let weights = if weighed { format!("（字数 × 权重：{}）", weights("，")) } else { String::new() };
            out + &format!("学习 {} 个符号{weights}\n", grouped(symbols))
        }
        Lang::En => {
            let mut out = format!(
                "read {}, {} documents, {} paragraphs\n",
                count(files, "file"),
                grouped(read.documents),
                grouped(read.paragraphs)
            );
            if read.left_out > 0 {
                out += &format!(
                    "left out {} paragraphs: they share {SHARED} Han characters in a row with text held out\n",
                    grouped(read.left_out)
                );
            }
            if read.kept_back > 0 {
                out += &format!("kept back {} documents to measure on\n", grouped(read.kept_back));
            }
            let weights = if weighed { format!(" (symbols × weight: {})", weights(", ")) } else { String::new() };
            out + &format!("learning from {} symbols{weights}\n", grouped(symbols))
        }
    }
}

/// What was made of it.
pub fn was_trained(path: &Path, model: &Model, bytes: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("写成 {}\n{}", path.display(), facts(model, bytes, lang)),
        Lang::En => format!("wrote {}\n{}", path.display(), facts(model, bytes, lang)),
    }
}

/// How well the model foresees the text kept back.
pub fn kept_back(worth: Worth, lang: Lang) -> String {
    let Some((bits, perplexity)) = worth.bits().zip(worth.perplexity()) else {
        return match lang {
            Lang::Zh => "没有留出文字，无从测量\n".to_owned(),
            Lang::En => "nothing was kept back to measure on\n".to_owned(),
        };
    };
    match lang {
        Lang::Zh => {
            format!("在留出的 {} 个符号上：每个符号 {bits:.3} 比特，困惑度 {perplexity:.1}\n", grouped(worth.symbols))
        }
        Lang::En => format!(
            "on the {} symbols kept back: {bits:.3} bits a symbol, perplexity {perplexity:.1}\n",
            grouped(worth.symbols)
        ),
    }
}

/// Order, vocabulary, runs, size.
fn facts(model: &Model, bytes: usize, lang: Lang) -> String {
    let characters = grouped(model.vocabulary().characters().len());
    let runs = model.runs();
    let mut out = match lang {
        Lang::Zh => format!("  最长 {} 字连用，认识 {characters} 个字，{}\n", model.order(), megabytes(bytes)),
        Lang::En => format!("  order {}, {characters} characters, {}\n", model.order(), megabytes(bytes)),
    };
    for (length, count) in runs.iter().enumerate().skip(1) {
        out += &match lang {
            Lang::Zh => format!("  {} 字串 {} 个\n", length + 1, grouped(*count)),
            Lang::En => format!("  runs of {}: {}\n", length + 1, grouped(*count)),
        };
    }
    out
}

/// A model, and what it says of itself.
pub fn about_model(model: &Model, bytes: usize, lang: Lang) -> String {
    let title = match lang {
        Lang::Zh => "语言模型\n",
        Lang::En => "language model\n",
    };
    let note = model.note().lines().map(|line| format!("  {line}\n")).collect::<String>();
    let says = match (note.is_empty(), lang) {
        (true, _) => "",
        (false, Lang::Zh) => "来历\n",
        (false, Lang::En) => "made from\n",
    };
    format!("{title}{}{says}{note}", facts(model, bytes, lang))
}

/// The tables that the program carries.
pub fn about_tables(tables: &[(&str, usize)], lang: Lang) -> String {
    let sum: usize = tables.iter().map(|t| t.1).sum();
    let mut out = match lang {
        Lang::Zh => format!("程序自带的语言数据，共 {}（来历见 model/README.md）\n", megabytes(sum)),
        Lang::En => {
            format!("tables of the language in the program, {} (model/README.md says from what)\n", megabytes(sum))
        }
    };
    for (name, bytes) in tables {
        let what = match (*name, lang) {
            ("news.kwm", Lang::Zh) => "语言模型：字与字怎样连用",
            ("news.kwm", Lang::En) => "the language model: how characters follow each other",
            ("channel.bin", Lang::Zh) => "形近、音近、易混的字",
            ("channel.bin", Lang::En) => "which characters are taken for each other",
            ("usage.bin", Lang::Zh) => "叠字叠词的常例",
            ("usage.bin", Lang::En) => "what is usual where characters are doubled",
            ("doubt.bin", Lang::Zh) => "是否存疑的判断",
            ("doubt.bin", Lang::En) => "the decision that weighs the evidence",
            (_, Lang::Zh) => "引号的边界",
            (_, Lang::En) => "where quotations begin and end",
        };
        out += &format!("  {name:<14} {:>8}  {what}\n", megabytes(*bytes));
    }
    out
}

/// The weights with which models are mixed.
pub fn weights(names: &[String], weights: &[f64], lang: Lang) -> String {
    let rows = names.iter().zip(weights).map(|(name, weight)| format!("{name} {weight:.4}"));
    let rows = rows.collect::<Vec<_>>();
    match lang {
        Lang::Zh => format!("权重：{}\n", rows.join("，")),
        Lang::En => format!("weights: {}\n", rows.join(", ")),
    }
}

/// Files with what they are worth, and all of them.
pub fn summary_of_scores(rows: &[(String, Worth)], lang: Lang) -> String {
    let (head, all) = match lang {
        Lang::Zh => (["文件", "符号", "比特/符号", "困惑度"], "合计"),
        Lang::En => (["file", "symbols", "bits/symbol", "perplexity"], "all"),
    };
    let mut sum = Worth::default();
    let cells = |name: &str, worth: Worth| {
        let or_none =
            |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.digits$}"));
        vec![name.to_owned(), grouped(worth.symbols), or_none(worth.bits(), 3), or_none(worth.perplexity(), 1)]
    };
    let mut lines = Vec::new();
    for (name, worth) in rows {
        sum += *worth;
        lines.push(cells(name, *worth));
    }
    if rows.len() > 1 {
        lines.push(cells(all, sum));
    }
    crate::cli::table::table(&head, &lines)
}
