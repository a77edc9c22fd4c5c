//! The same word again in one short clause, where grammar asks for another: 转化应用与转化, 高质量发展跨越式发展.
//!
//! Only two shapes are looked for, because a repeated word is mostly right: a coordination whose second member repeats the
//! head of the first, and two modifiers side by side that carry the same noun without a connective.

use super::{Run, Runs};
use crate::finding::Draft;
use crate::rule::RuleId;
use crate::stage::Context;

/// Words that join two members of a coordination.
const JOINING: &str = "与和及";
/// Characters that close a three-character modifier: 跨越式, 创新型.
const MODIFYING: &str = "式型";

/// Finds a word that stands twice in one short clause.
pub(super) fn find(runs: &Runs, cx: &Context) -> Vec<Draft> {
    let Some(rule) = cx.rules.id("TYP003") else { return Vec::new() };
    let allowed = cx.rules.words("echoes");
    let mut drafts = Vec::new();
    for run in runs.iter() {
        let found = member(&run).or_else(|| modifiers(&run));
        if let Some((from, to, word)) = found.filter(|f| !run.inside_word(f.0, f.1, allowed)) {
            drafts.push(draft(&run, rule, from, to, word));
        }
    }
    drafts
}

/// `甲乙丙丁与甲乙` at the end of a run.
fn member(run: &Run) -> Option<(usize, usize, usize)> {
    let end = run.chars.len();
    let start = end.checked_sub(7)?;
    let [a, b, _, _, joining, x, y] = run.chars[start..] else { return None };
    (a == x && b == y && JOINING.contains(joining)).then_some((start, end, start))
}

/// `…甲乙` + `丙丁式甲乙` at the end of a run, with a modifier before the first 甲乙.
fn modifiers(run: &Run) -> Option<(usize, usize, usize)> {
    let end = run.chars.len();
    let start = end.checked_sub(10)?;
    let [_, _, _, a, b, _, _, kind, x, y] = run.chars[start..] else { return None };
    (a == x && b == y && MODIFYING.contains(kind)).then_some((start, end, start + 3))
}

fn draft(run: &Run, rule: RuleId, from: usize, to: usize, word: usize) -> Draft {
    let text = run.text(from, to);
    let twice = run.text(word, word + 2);
    // One of the two goes; which of them, or what should stand instead, only the page can say.
    let without_first = [run.text(from, word), run.text(word + 2, to)].concat();
    let cut = if word == from { to - 3 } else { to - 2 };
    Draft::suggest(rule, run.span(from, to), without_first)
        .or(run.text(from, cut))
        .arg("text", text)
        .arg("word", twice.clone())
        .because("again", [("word", twice)])
        .sure(0.6)
}
