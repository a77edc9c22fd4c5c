//! What the commands of review say: verdicts kept, what waits, what went wrong with a verdict.

use super::count;
use crate::tally::Tally;
use kanwu::emit::findings;
use kanwu::finding::{Finding, Status};
use kanwu::pipeline::Run;
use kanwu::review::{Decision, Decisions, Scope, Verdict};
use kanwu::rule::{Lang, RuleSet};
use kanwu::text::{Ruler, SourceSpan};
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
pub(super) fn who(by: &str, lang: Lang) -> String {
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
pub(super) fn day(at: &str) -> String {
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

// ── the desk's list of accepted texts ──

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

// ── verdicts on paper ──

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
