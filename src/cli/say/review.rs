//! What the commands of review say: verdicts kept, what waits, what went wrong with a verdict.

use super::{both, count, make, none};
use crate::batch::Tally;
use crate::cli::review::Done as ReviewTally;
use kanwu::emit::findings;
use kanwu::error::{Error, ErrorKind, reason_zh};
use kanwu::finding::{Finding, Status};
use kanwu::pipeline::Run;
use kanwu::reader::Issue;
use kanwu::review::{Decision, Decisions, Scope, Verdict};
use kanwu::rule::{Lang, RuleSet};
use kanwu::text::{Ruler, SourceSpan};
use std::io;
use std::path::Path;

/// Characters of a quote in a line.
const QUOTED: usize = 24;

/// Text of an issue as it may stand in a line on a terminal: nothing in it moves the cursor or turns the line round, and a
/// long one keeps its ends.
pub fn shown(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.chars().map(visible).collect();
    }
    let head = most.saturating_sub(most / 3 + 1);
    let tail = length - most / 3;
    let head = text.chars().take(head).map(visible);
    head.chain(['…']).chain(text.chars().skip(tail).map(visible)).collect()
}

/// A character that can be seen and does nothing else.
pub fn visible(c: char) -> char {
    match c {
        '\n' => '⏎',
        '\t' => '⇥',
        '\0'..='\x1f' => char::from_u32(0x2400 + c as u32).unwrap_or('�'),
        '\x7f'..='\u{9f}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{200B}'..='\u{200F}'
        | '\u{FEFF}' => '�',
        c => c,
    }
}

/// A quote in a line: 「…」 or "…".
pub fn quoted(text: &str, lang: Lang) -> String {
    let text = shown(text, QUOTED);
    match lang {
        Lang::Zh => format!("「{text}」"),
        Lang::En => format!("\"{text}\""),
    }
}

/// What a text is replaced by; an empty one is a deletion.
pub fn replacement(text: &str, lang: Lang) -> String {
    match (text.is_empty(), lang) {
        (true, Lang::Zh) => "删去".to_owned(),
        (true, Lang::En) => "delete".to_owned(),
        (false, _) => quoted(text, lang),
    }
}

/// Where a place is: file where there are several, line and column in the file.
pub fn place(run: &Run, ruler: &Ruler, span: SourceSpan) -> String {
    let source = run.source();
    let at = ruler.place(span.start);
    match source.file_at(span.start).filter(|_| source.files.len() > 1) {
        Some(file) => {
            let first = ruler.place(file.span.start).line;
            format!("{}:{}:{}", shown(&file.name, 40), (at.line + 1).saturating_sub(first), at.column)
        }
        None => format!("{}:{}", at.line, at.column),
    }
}

/// What was said, in a word.
pub fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match (verdict, lang) {
        (Verdict::Accept, Lang::Zh) => "接受",
        (Verdict::Reject, Lang::Zh) => "拒绝",
        (Verdict::Edit, Lang::Zh) => "改写",
        (Verdict::Undo, Lang::Zh) => "撤回",
        (Verdict::Accept, Lang::En) => "accepted",
        (Verdict::Reject, Lang::En) => "rejected",
        (Verdict::Edit, Lang::En) => "rewritten",
        (Verdict::Undo, Lang::En) => "taken back",
    }
}

/// A person's name, where there is one.
fn who(by: &str, lang: Lang) -> String {
    match (by.is_empty(), lang) {
        (true, Lang::Zh) => "未署名".to_owned(),
        (true, Lang::En) => "unsigned".to_owned(),
        (false, _) => shown(by, 40),
    }
}

// ── verdicts kept ──

/// The line that says that verdicts are on the disk.
pub fn kept(made: &[Decision], run: &Run, rules: &RuleSet, before: &Decisions, lang: Lang) -> String {
    let Some(first) = made.first() else {
        return match lang {
            Lang::Zh => "没有要记的：这一组已经没有待定的了\n".to_owned(),
            Lang::En => "nothing to keep: nothing of this series waits\n".to_owned(),
        };
    };
    let said = verdict(first.verdict, lang);
    let reach = match (first.scope, lang) {
        (Scope::Once, _) => "",
        (Scope::Issue, Lang::Zh) => "，本期同样的都照此",
        (Scope::Always, Lang::Zh) => "，同样的一律照此",
        (Scope::Issue, Lang::En) => ", for all like it in this issue",
        (Scope::Always, Lang::En) => ", for all like it",
    };
    let by = who(&first.by, lang);
    let what = match made {
        [one] => {
            let to = match one.verdict {
                Verdict::Accept | Verdict::Edit if !(one.text.is_empty() && is_flag(run, &one.finding)) => {
                    format!(" → {}", replacement(&one.text, lang))
                }
                _ => String::new(),
            };
            format!("{}{}{to}", one.finding, lead(lang) + &quoted(&one.anchor.quote, lang))
        }
        many => {
            let name = code_of(rules, run, &first.finding).unwrap_or(&first.anchor.rule);
            match lang {
                Lang::Zh => format!("{name} 一组 {} 处", many.len()),
                Lang::En => format!("a series of {name}, {}", count(many.len(), "place")),
            }
        }
    };
    let mut out = match lang {
        Lang::Zh => format!("已记下：{said} {what}（{by}{reach}）"),
        Lang::En => format!("kept: {said} {what} ({by}{reach})"),
    };
    let others = differing(made, before, lang);
    if !others.is_empty() {
        out += &match lang {
            Lang::Zh => format!("；此前 {}", others.join("、")),
            Lang::En => format!("; before this: {}", others.join(", ")),
        };
    }
    if made.iter().any(|d| superseded(run, &d.finding)) {
        out += match lang {
            Lang::Zh => "；这里现在被另一处改动盖住，那处撤回后才起作用",
            Lang::En => "; another change covers this place, and it counts when that one is taken back",
        };
    }
    out + "\n"
}

fn lead(lang: Lang) -> String {
    match lang {
        Lang::Zh => String::new(),
        Lang::En => " ".to_owned(),
    }
}

fn is_flag(run: &Run, id: &str) -> bool {
    run.findings.iter().find(|f| f.id == id).is_none_or(|f| f.fixes.is_empty())
}

fn superseded(run: &Run, id: &str) -> bool {
    run.findings.iter().find(|f| f.id == id).is_some_and(|f| f.status == Status::Superseded)
}

fn code_of<'r>(rules: &'r RuleSet, run: &Run, id: &str) -> Option<&'r str> {
    let finding = run.findings.iter().find(|f| f.id == id)?;
    Some(&rules.get(finding.rule).code)
}

/// Others whose standing word on these findings was another, with that word.
fn differing(made: &[Decision], before: &Decisions, lang: Lang) -> Vec<String> {
    let standing = before.standing();
    let mut out: Vec<String> = Vec::new();
    for new in made.iter().filter(|d| d.verdict != Verdict::Undo) {
        let earlier = standing.get(new.finding.as_str()).into_iter().flatten().filter_map(|n| before.log.get(*n));
        for old in earlier.filter(|old| old.by != new.by && (old.verdict, &old.text) != (new.verdict, &new.text)) {
            let said = format!("{} {}", who(&old.by, lang), verdict(old.verdict, lang));
            if !out.contains(&said) {
                out.push(said);
            }
        }
    }
    out
}

/// The line that says that the verdicts of a file are on the disk.
pub fn kept_many(fresh: &[Decision], known: usize, run: &Run, log: &Path, lang: Lang) -> String {
    let of = |verdict| fresh.iter().filter(|d| d.verdict == verdict).count();
    let (accept, reject, edit, undo) = (of(Verdict::Accept), of(Verdict::Reject), of(Verdict::Edit), of(Verdict::Undo));
    let stale = |d: &&Decision| {
        let finding = run.findings.iter().find(|f| f.id == d.finding);
        d.verdict != Verdict::Undo && finding.is_some_and(|f| kanwu::review::proposal_hash(&f.fixes) != d.proposal)
    };
    let stale = fresh.iter().filter(stale).count();
    let mut out = match lang {
        Lang::Zh => {
            let undo = if undo > 0 { format!("，撤回 {undo}") } else { String::new() };
            format!(
                "已记下 {} 条决定：接受 {accept}，拒绝 {reject}，改写 {edit}{undo}（{}）",
                fresh.len(),
                log.display()
            )
        }
        Lang::En => {
            let undo = if undo > 0 { format!(", {undo} taken back") } else { String::new() };
            let (all, log) = (count(fresh.len(), "verdict"), log.display());
            format!("kept {all}: {accept} accepted, {reject} rejected, {edit} rewritten{undo} ({log})")
        }
    };
    if known > 0 {
        out += &match lang {
            Lang::Zh => format!("；另有 {known} 条早已在记录里"),
            Lang::En => format!("; {known} more were in the log already"),
        };
    }
    if stale > 0 {
        out += &match lang {
            Lang::Zh => format!("；其中 {stale} 条决定时的建议与现在不同，要重新确认"),
            Lang::En => format!("; {stale} of them were given on another proposal and will be asked again"),
        };
    }
    out + "\n"
}

// ── what waits ──

/// The line of a finding that waits.
pub fn waits(
    finding: &Finding,
    run: &Run,
    rules: &RuleSet,
    ruler: &Ruler,
    before: Option<&Decision>,
    lang: Lang,
) -> String {
    let rule = rules.get(finding.rule);
    let message = shown(findings::message(finding, rule).raw(lang), 160);
    let fixes: Vec<String> = finding.fixes.iter().map(|fix| replacement(fix, lang)).collect();
    let quote = quoted(finding.span.of(&run.source().text), lang);
    let change = if fixes.is_empty() { quote } else { format!("{quote} → {}", fixes.join(" | ")) };
    let mut out = format!("  {}  {}  {}  {message}  {change}", finding.id, place(run, ruler, finding.span), rule.code);
    if let Some(before) = before {
        let (by, said, day) = (who(&before.by, lang), verdict(before.verdict, lang), day(&before.at));
        let to = match before.verdict {
            Verdict::Edit | Verdict::Accept => replacement(&before.text, lang),
            _ => String::new(),
        };
        out += &match lang {
            Lang::Zh => format!("  （{by} {day}曾{said}{to}）"),
            Lang::En => format!("  ({by} {day}{said} {to})").replace(" )", ")"),
        };
    }
    out
}

/// The day of a time, with a space behind it.
fn day(at: &str) -> String {
    at.get(..10).map_or_else(String::new, |day| format!("{} ", shown(day, 10)))
}

/// A finding on which people differ.
pub fn conflict(id: &str, said: &[&Decision], lang: Lang) -> String {
    let one = |d: &&Decision| {
        let text = if d.verdict == Verdict::Edit { replacement(&d.text, lang) } else { String::new() };
        let word = verdict(d.verdict, lang);
        format!("{} {word}{}{text}", who(&d.by, lang), if text.is_empty() || lang == Lang::Zh { "" } else { " " })
    };
    let all: Vec<String> = said.iter().map(one).collect();
    let quote = said.first().map_or_else(String::new, |d| quoted(&d.anchor.quote, lang));
    match lang {
        Lang::Zh => format!("  {id}  {quote}  {}（以最后一人的为准）", all.join("，")),
        Lang::En => format!("  {id}  {quote}  {} (the last word counts)", all.join(", ")),
    }
}

/// A decision whose place was not found.
pub fn lost(line: usize, decision: &Decision, lang: Lang) -> String {
    let (id, quote, rule) = (&decision.finding, quoted(&decision.anchor.quote, lang), &decision.anchor.rule);
    let (by, said) = (who(&decision.by, lang), verdict(decision.verdict, lang));
    match lang {
        Lang::Zh => format!("  {}  记录第 {line} 行  {}  {quote}  {by} {said}", shown(id, 10), shown(rule, 12)),
        Lang::En => format!("  {}  line {line} of the log  {}  {quote}  {by}: {said}", shown(id, 10), shown(rule, 12)),
    }
}

/// The whole list: asked again, open, conflicts, lost.
pub fn list(issue: &str, questions: usize, parts: [Vec<String>; 4], lang: Lang) -> String {
    let [stale, open, conflicts, lost] = &parts;
    let places = stale.len() + open.len();
    let mut out = match lang {
        Lang::Zh if places == 0 => format!("{issue}：没有待定的\n"),
        Lang::Zh if places > questions => format!("{issue}：待定 {questions} 处（连同成组的共 {places} 个位置）\n"),
        Lang::Zh => format!("{issue}：待定 {questions} 处\n"),
        Lang::En if places == 0 => format!("{issue}: nothing waits\n"),
        Lang::En if places > questions => {
            format!(
                "{issue}: {} to decide ({} with those of series)\n",
                count(questions, "thing"),
                count(places, "place")
            )
        }
        Lang::En => format!("{issue}: {} to decide\n", count(questions, "thing")),
    };
    let titles = match lang {
        Lang::Zh => {
            ["要重新确认（定过，但建议或上下文变了）", "待定", "两人意见不同", "找不到原处的决定（仍留在记录里）"]
        }
        Lang::En => [
            "to be looked at again (decided before, but the proposal or the text around it changed)",
            "open",
            "people differ",
            "decisions whose place is gone (they stay in the log)",
        ],
    };
    for (title, lines) in titles.iter().zip(&parts) {
        if lines.is_empty() || (lines == open && stale.is_empty() && conflicts.is_empty() && lost.is_empty()) {
            out.extend(lines.iter().flat_map(|line| [line.as_str(), "\n"]));
            continue;
        }
        out += &format!("{title}\n");
        out.extend(lines.iter().flat_map(|line| [line.as_str(), "\n"]));
    }
    out
}

/// What a publication still waits for.
pub fn not_reviewed(tally: &Tally, lang: Lang) -> String {
    match lang {
        Lang::Zh => {
            format!("还不能付印：{} 处没有审定。办法：kanwu review，或 kanwu decide 期名 --list", tally.to_decide)
        }
        Lang::En => format!(
            "not ready to print: {} to decide. Run kanwu review, or kanwu decide ISSUE --list",
            count(tally.to_decide, "thing")
        ),
    }
}

// ── what may go wrong ──

fn usage(message: (String, String), hint: (&str, &str)) -> Error {
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

// ── the desk's list of accepted texts ──

/// What the list is, as its file says it.
pub fn about_accept(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "本报认可的文字：完全落在其中的，哪条规则都不报。",
        Lang::En => "Texts that this desk accepts: no rule reports what lies wholly inside one of them.",
    }
}

/// The change to the list.
pub fn accept_diff(diff: &str, written: bool, has_place: bool, lang: Lang) -> String {
    let title = match (written, has_place, lang) {
        (true, _, Lang::Zh) => "已写入本报词表：",
        (false, true, Lang::Zh) => "建议写入本报词表（加 --write-accept 就写）：",
        (false, false, Lang::Zh) => "建议写入本报词表（先用 --rules 或 rules-dirs 指明本报的规则文件夹）：",
        (true, _, Lang::En) => "written to the desk's list:",
        (false, true, Lang::En) => "proposed for the desk's list (--write-accept writes it):",
        (false, false, Lang::En) => {
            "proposed for the desk's list (name the desk's rules with --rules or rules-dirs first):"
        }
    };
    format!("{title}\n{}\n", diff.trim_end())
}

/// The list has the text.
pub fn accepted_already(path: &Path, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{} 里已经有了\n", path.display()),
        Lang::En => format!("{} has it already\n", path.display()),
    }
}

// ── what the logs teach ──

/// No issue has a log.
pub fn no_logs(lang: Lang) -> String {
    match lang {
        Lang::Zh => "还没有审读记录：作过决定的稿件，旁边才有 <期名>.decisions.jsonl\n".to_owned(),
        Lang::En => {
            "there is no log yet: <issue>.decisions.jsonl lies beside an issue that was decided on\n".to_owned()
        }
    }
}

/// The heads of the two tables: of rules, of issues.
pub fn heads_of_stats(lang: Lang) -> [[&'static str; 6]; 2] {
    match lang {
        Lang::Zh => {
            [["规则", "接受", "拒绝", "改写", "接受率", "误报／万字"], ["期", "字数", "已定", "分钟", "审读人", ""]]
        }
        Lang::En => [
            ["rule", "accepted", "rejected", "rewritten", "accept rate", "false alarms / 10,000"],
            ["issue", "characters", "decided", "minutes", "people", ""],
        ],
    }
}

/// The row of sums.
pub fn all_of_stats(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "合计",
        Lang::En => "all",
    }
}

/// What a person may consider; nothing is changed.
pub fn advice(promote: &[String], silence: &[String], lang: Lang) -> String {
    let mut out = String::new();
    if !promote.is_empty() {
        out += &match lang {
            Lang::Zh => {
                format!("\n可以考虑不问就改（20 次以上，98% 以上接受，从不改动读法）：{}\n", promote.join("、"))
            }
            Lang::En => format!(
                "\nmay be applied without asking (20 verdicts or more, 98% accepted, never a change of reading): {}\n",
                promote.join(", ")
            ),
        };
    }
    if !silence.is_empty() {
        out += &match lang {
            Lang::Zh => {
                format!(
                    "\n可以考虑关掉（20 次以上，80% 以上拒绝）：{}\n在 kanwu.toml 的 [rules] 下写 编号 = false\n",
                    silence.join("、")
                )
            }
            Lang::En => format!(
                "\nmay be silenced (20 verdicts or more, 80% rejected): {}\nwrite CODE = false under [rules] in kanwu.toml\n",
                silence.join(", ")
            ),
        };
    }
    out
}

// ── the review in a terminal ──

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

/// The line of keys.
pub fn keys(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => {
            "a 接受  r 拒绝  e 改写  1–9 选改法  s 跳过  u 撤回  A/R 整组  j/k 下/上一条  / 查找  ? 帮助  q 退出"
        }
        Lang::En => {
            "a accept  r reject  e edit  1–9 choose  s skip  u undo  A/R series  j/k move  / search  ? help  q quit"
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
            ("s", "跳过，以后再定"),
            ("u", "撤回上一个决定（整组定的一起撤回）"),
            ("A R", "整组接受、整组拒绝；跳过的和定过的除外"),
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
            ("s", "skip, for later"),
            ("u", "take back the last verdict (a series as a whole)"),
            ("A R", "accept or reject the whole series, but for what was skipped or decided"),
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
pub fn all_done(id: &str, done: &ReviewTally, lang: Lang) -> String {
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
pub fn reviewed(id: &str, done: &ReviewTally, log: &Path, lang: Lang) -> String {
    let ReviewTally { accepted, rejected, edited, left, .. } = done;
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

/// A place on paper that was changed so that no verdict can be told.
pub fn unclear_on_paper(run: &Run, finding: usize, text: &str, lang: Lang) -> String {
    let id = run.findings.get(finding).map_or("", |f| f.id.as_str());
    let text = quoted(text, lang);
    match lang {
        Lang::Zh => format!("{id}：这一处改成了{text}，看不出是接受还是拒绝，没有记下，请另定"),
        Lang::En => {
            format!("{id}: the place now reads {text}; no verdict can be told, and none was kept: decide it by hand")
        }
    }
}

/// A change on paper where nothing was asked.
pub fn stray_on_paper(line: usize, was: &str, is: &str, lang: Lang) -> String {
    let (was, is) = (quoted(was, lang), quoted(is, lang));
    match lang {
        Lang::Zh => format!("原稿第 {line} 行：{was}改成了{is}，这里并无待定的问题，没有记下；要改请改原稿或另加规则"),
        Lang::En => format!("line {line} of the source: {was} became {is}, where nothing was asked; it was not kept"),
    }
}
