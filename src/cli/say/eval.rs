//! What `kanwu eval` says.

use super::{both, count, make, none};
use kanwu::error::{Error, ErrorKind, reason_zh};
use kanwu::eval::csc::{BadLine, Point};
use kanwu::eval::gold::{BadRecord, Why};
use kanwu::rule::{Lang, Text};
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// What the figures of `kanwu eval csc` mean.
pub fn metrics_of_csc(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "\
怎样计算：
  每句当作一期稿件里唯一的一段来清理，把计入类别的问题按第一个改法改掉（有把握的先改，互相碰上的后一处不改），
  再与原句、改正后的句子比较。比较时不计全角半角、标点和空白；两句的差别按单字计：换一字、少一字、多一字各算一处
  （同一处多出的几个字算一处）。
  按句检错  有错的句子里，改动的位置恰好就是错的位置；准确率以改动过的句子为分母，召回率以有错的句子为分母
  按句纠错  有错的句子整句改成了正确的样子；分母同上
  按字检错  改动的位置确实有错；准确率以全部改动为分母，召回率以全部错处为分母
  按字纠错  改动的位置有错而且改对了；分母同上
  F1        准确率与召回率的调和平均
  误动      没有错的句子里改动过的占多少
  误报/万字 改在没有错的位置，平均每万字（按原句计，含标点）几处；一列按全部句子，一列只按没有错的句子
  按句的两项依照 SIGHAN 评测（Tseng 等，2015）；改动过而没有全对的句子一律算错。"
        }
        Lang::En => {
            "\
How it counts:
  Each sentence is cleaned as the only paragraph of an issue. The first fixes of the findings that
  count are carried out, the surest first, none that meets one already taken; then the sentence is
  compared with its source and its target. Width, marks and spaces are not compared. Differences
  are edits of one character: replaced, lost, or put in (several at one place are one edit).
  sentence detection    of the sentences with errors, those changed at the right places and nowhere
                        else; precision over sentences altered, recall over sentences with errors
  sentence correction   of the sentences with errors, those that became the target, whole
  character detection   edits at a place that is wrong; precision over edits made, recall over
                        edits needed
  character correction  edits that are right, over the same
  F1                    the harmonic mean of precision and recall
  altered               share of the sentences without an error that were altered
  false/10k             edits at a place that is not wrong, for every 10,000 characters of the
                        source, marks and all; over all sentences, and over those without an error
  The two sentence levels are those of the SIGHAN bake-offs (Tseng et al., 2015), with every
  sentence that was altered and is not wholly right counted against precision."
        }
    }
}

/// What the figures of `kanwu eval gold` mean.
pub fn metrics_of_gold(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "\
怎样计算：
  错误记录每行一个 JSON 对象，位置按字符计。一种从全文开头算：id、class、start、end、ocr（现文）、truth（正文），重出的
  段落另有 copy、origin；一种从行首算：id、class、line、start、end、original、suggestion、confidence。
  查出      类别相当的问题落在错处（相差不超过一字），长度不超过错处 40 字；重出的段落要盖住八成
  首选对    第一个改法把这一处改对了；够得着的别处错误改或不改都可以
  有改对    改法里有一个改对了
  属实／归错类／误报
            问题落在类别相当的错处；落在别类的错处；没有落在错处
            只改标点全角半角的，遇到后一种记录（校对人员的批注）不计
  重出段内  落在应整段删去的重出文字里，不论对错
  准确率    属实的占多少（重出段内不计）
  可信程度  有置信度的问题按十档列出实际属实、首选对的占多少；Brier 分和期望校准误差越小越好"
        }
        Lang::En => {
            "\
How it counts:
  Records are JSON objects, one a line; offsets count characters. Either from the start of the text:
  id, class, start, end, ocr (what stands there), truth (what should), and copy and origin for a
  repeated passage; or from the start of a line: id, class, line, start, end, original, suggestion,
  confidence.
  found        a finding whose category suits lies within one character of the defect and is at most
               40 characters longer; a repeated passage must be covered to four fifths
  first right  the first fix of such a finding puts the defect right; others in its reach may be
               put right or left
  any right    one of its fixes does
  true, misfiled, false
               a finding at a defect that its category suits, at one that it does not suit, at none;
               changes of nothing but width are left out with records of the second form
  in copy      a finding inside a repeated passage that should go whole, right or wrong
  precision    share of the true, those in copies left out
  reliability  findings with a confidence in ten bins, with the share that is true and the share
               whose first fix is right; Brier score and expected calibration error are 0 at best"
        }
    }
}

/// Headings of the tables.
pub struct EvalWords {
    /// Figures by sentence.
    pub by_sentence: &'static [&'static str],
    /// Figures by character.
    pub by_character: &'static [&'static str],
    /// Figures of clean text.
    pub clean: &'static [&'static str],
    /// The curve.
    pub curve: &'static [&'static str],
    /// The best of each file.
    pub best_of: &'static [&'static str],
    /// Defects by class.
    pub classes: &'static [&'static str],
    /// Findings by category.
    pub categories: &'static [&'static str],
    /// Bins of confidence.
    pub bins: &'static [&'static str],
    /// Calibration.
    pub calibration: &'static [&'static str],
    /// The row of means.
    pub mean: &'static str,
    /// The outcome "true".
    pub is_true: &'static str,
    /// The outcome "first fix right".
    pub is_fixed: &'static str,
}

/// The headings in a language.
pub fn eval_words(lang: Lang) -> &'static EvalWords {
    match lang {
        Lang::Zh => &EvalWords {
            by_sentence: &["按句", "句数", "有错", "检错准确", "召回", "F1", "纠错准确", "召回", "F1", "误动"],
            by_character: &[
                "按字",
                "字数",
                "错处",
                "检错准确",
                "召回",
                "F1",
                "纠错准确",
                "召回",
                "F1",
                "误报/万字",
                "无错句误报/万字",
            ],
            clean: &["无错文本", "句或段", "字数", "误动", "误报", "误报/万字"],
            curve: &["置信度门槛", "按句纠错准确", "召回", "F1", "误报/万字", "无错文本误报/万字"],
            best_of: &["按句纠错 F1", "单独最好", "门槛", "共同最好", "限误报"],
            classes: &["错误", "处数", "查出", "首选对", "有改对", "查出率", "查出的里首选对"],
            categories: &["问题", "处数", "属实", "归错类", "误报", "重出段内", "准确率", "误报/万字"],
            bins: &["置信度", "处数", "平均", "属实", "首选对"],
            calibration: &["校准", "Brier 分", "期望校准误差"],
            mean: "平均",
            is_true: "属实",
            is_fixed: "首选对",
        },
        Lang::En => &EvalWords {
            by_sentence: &[
                "by sentence",
                "sentences",
                "faulty",
                "detect P",
                "R",
                "F1",
                "correct P",
                "R",
                "F1",
                "altered",
            ],
            by_character: &[
                "by character",
                "characters",
                "edits",
                "detect P",
                "R",
                "F1",
                "correct P",
                "R",
                "F1",
                "false/10k",
                "clean false/10k",
            ],
            clean: &["text without errors", "sentences", "characters", "altered", "false", "false/10k"],
            curve: &["threshold", "sentence correct P", "R", "F1", "false/10k", "clean false/10k"],
            best_of: &["sentence correction F1", "best alone", "threshold", "best together", "in budget"],
            classes: &["defect", "planted", "found", "first right", "any right", "recall", "first of found"],
            categories: &["finding", "findings", "true", "misfiled", "false", "in copy", "precision", "false/10k"],
            bins: &["confidence", "findings", "mean", "true", "first right"],
            calibration: &["calibration", "Brier", "expected error"],
            mean: "mean",
            is_true: "true",
            is_fixed: "first right",
        },
    }
}

/// What was measured, in a line.
pub fn csc_terms(sample: Option<usize>, seed: u64, categories: &[&str], threshold: Option<f32>, lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            let drawn =
                sample.map_or_else(|| "全部句子".to_owned(), |n| format!("每个文件随机抽 {n} 句（种子 {seed}）"));
            let shown = threshold.map_or_else(|| "凡显示的都计".to_owned(), |t| format!("置信度 {t} 以上的才计"));
            format!("{drawn}；计 {} 类；{shown}。", categories.join("、"))
        }
        Lang::En => {
            let drawn = sample
                .map_or_else(|| "All sentences".to_owned(), |n| format!("{n} sentences of each file (seed {seed})"));
            let shown =
                threshold.map_or_else(|| "all that are shown".to_owned(), |t| format!("of confidence {t} and more"));
            format!("{drawn}; findings of {}, {shown}.", categories.join(", "))
        }
    }
}

/// The best mean.
pub fn best_point(point: &Point, lang: Lang) -> String {
    let f1 = point.mean.f1.unwrap_or(0.0) * 100.0;
    let false_alarms = point.false_per_10k.unwrap_or(0.0);
    match lang {
        Lang::Zh => format!("平均 F1 最高 {f1:.1}%，门槛 {:.4}，误报每万字 {false_alarms:.2} 处\n", point.threshold),
        Lang::En => {
            format!("best mean F1 {f1:.1}% at {:.4}, with {false_alarms:.2} false alarms per 10,000\n", point.threshold)
        }
    }
}

/// The lowest threshold within the budget, where there is one.
pub fn budget_point(point: Option<&Point>, budget: f64, lang: Lang) -> String {
    let Some(point) = point else {
        return match lang {
            Lang::Zh => format!("无错文本上没有哪个门槛能把误报限在每万字 {budget} 处以内\n"),
            Lang::En => format!("no threshold keeps text without errors to {budget} false alarms per 10,000\n"),
        };
    };
    let (f1, worst) = (point.mean.f1.unwrap_or(0.0) * 100.0, point.worst_clean().unwrap_or(0.0));
    match lang {
        Lang::Zh => format!(
            "无错文本误报限每万字 {budget} 处时，平均 F1 {f1:.1}%，门槛 {:.4}，误报最多的每万字 {worst:.2} 处\n",
            point.threshold
        ),
        Lang::En => format!(
            "within {budget} false alarms per 10,000 on text without errors: mean F1 {f1:.1}% at {:.4} (worst {worst:.2})\n",
            point.threshold
        ),
    }
}

/// How fast it was.
pub fn speed(characters: u64, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("速度：每线程每秒 {characters} 字（各次运行不同）"),
        Lang::En => format!("speed: {characters} characters per second and thread (differs from run to run)"),
    }
}

/// How much was measured.
pub fn gold_size(issues: usize, characters: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{issues} 期，{characters} 字"),
        Lang::En => format!("{}, {}", count(issues, "issue"), count(characters, "character")),
    }
}

/// Records that findings do not speak of.
pub fn not_judged(classes: &BTreeMap<String, usize>, lang: Lang) -> String {
    let list: Vec<String> = classes.iter().map(|(class, n)| format!("{class} {n}")).collect();
    match lang {
        Lang::Zh => format!("不归改动清单管的记录：{}", list.join("、")),
        Lang::En => format!("records that findings do not speak of: {}", list.join(", ")),
    }
}

/// The title of the table of reliability.
pub fn reliability(categories: &[&str], findings: usize, lang: Lang) -> String {
    match (findings, lang) {
        (0, Lang::Zh) => format!("可信程度：{} 类没有带置信度的问题", categories.join("、")),
        (0, Lang::En) => format!("reliability: no finding of {} has a confidence", categories.join(", ")),
        (n, Lang::Zh) => format!("可信程度：{} 类带置信度的问题 {n} 处", categories.join("、")),
        (n, Lang::En) => format!("reliability: {} of {} with a confidence", count(n, "finding"), categories.join(", ")),
    }
}

// ── what may be wrong ──

/// A file that cannot be read.
pub fn cannot_read(path: &Path, why: &io::Error) -> Error {
    make(
        ErrorKind::Input,
        both(
            format!("读不了 {}：{}", path.display(), reason_zh(why)),
            format!("{}: cannot read: {why}", path.display()),
        ),
        both("核对路径和权限", "check the path and its permissions"),
    )
}

/// Lines that are no sentence: the first, and how many there are.
pub fn bad_rows(path: &Path, line: usize, why: BadLine, all: usize) -> Error {
    let path = path.display();
    let why = match why {
        BadLine::Fields(n) => {
            both(format!("有 {n} 栏，栏数不对"), format!("{}, which is not what it should have", count(n, "field")))
        }
        BadLine::Empty => both("原句或改正后的句子是空的", "source or target is empty"),
        BadLine::Encoding => both("不是 UTF-8 文本", "not UTF-8"),
    };
    let more = match all {
        0 | 1 => none(),
        n => both(format!("；这样的共 {n} 行"), format!("; {n} such lines in all")),
    };
    make(
        ErrorKind::Input,
        both(
            format!("{path}:{line}：{}{}，没有计入", why.zh, more.zh),
            format!("{path}:{line}: {}{}; left out", why.en, more.en),
        ),
        sentence_form(),
    )
}

/// A file without a sentence.
pub fn no_rows(path: &Path) -> Error {
    make(
        ErrorKind::Input,
        both(
            format!("{}：没有可用的句子", path.display()),
            format!("{}: there is no sentence in this file", path.display()),
        ),
        sentence_form(),
    )
}

fn sentence_form() -> Text {
    both(
        "每行写：编号 TAB 原句 TAB 改正后的句子；编号可以通篇不写",
        "a line is: id TAB source TAB target; the id may be left out throughout",
    )
}

/// Clean text without a sentence.
pub fn nothing_to_measure(path: &Path) -> Error {
    make(
        ErrorKind::Input,
        both(format!("{} 里没有稿件", path.display()), format!("there is no issue in {}", path.display())),
        both(
            "--clean 后面写句子文件（.tsv）、稿件（.md、.txt）或装着稿件的文件夹",
            "--clean takes files of sentences (.tsv), issues (.md, .txt) or folders of issues",
        ),
    )
}

/// An issue without records.
pub fn no_records(issue: &str) -> Error {
    make(
        ErrorKind::Input,
        both(format!("{issue}：没有这一期的错误记录"), format!("{issue}: there are no records of this issue")),
        both(
            format!("记录写在 {issue}.jsonl 里，用 --gold 指明文件或所在的文件夹"),
            format!("records are in {issue}.jsonl; name the file or its folder with --gold"),
        ),
    )
}

/// A record that cannot be used.
pub fn bad_record(path: &Path, bad: &BadRecord, issue: &str) -> Error {
    let (path, line) = (path.display(), bad.line);
    match &bad.why {
        Why::NoRecord(why) => make(
            ErrorKind::Input,
            both(format!("{path}:{line}：不是错误记录（{why}）"), format!("{path}:{line}: not a record ({why})")),
            none(),
        ),
        Why::OtherText => make(
            ErrorKind::Input,
            both(
                format!("{path}:{line}：记录的原文和稿件 {issue} 对不上"),
                format!("{path}:{line}: the record does not fit the text of {issue}"),
            ),
            both(
                "核对记录和稿件是不是同一份；位置按字符计，从 0 算起",
                "see that records and issue belong together; offsets count characters, from 0",
            ),
        ),
    }
}
