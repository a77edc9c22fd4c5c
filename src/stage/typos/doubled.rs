//! Typed twice: 团团结, 返贫返贫, 企业应当进行企业应当进行.
//!
//! Chinese doubles much on purpose (紧紧, 天天, 研究研究, 高高兴兴) and more by chance, where one word ends as the next
//! begins (司法厅厅长, 发展展望). A doubled character or two-character word is called an error only where ordinary prose, by
//! [`Usage`], does not double it there and reads well with one of the two; three characters and more in a row are not
//! doubled by chance.

use super::usage::Usage;
use super::{Run, Runs};
use crate::finding::Draft;
use crate::rule::{RuleId, Words};
use crate::stage::Context;
use std::collections::HashMap;

/// Longest phrase that is looked for; longer ones are passages, see [`crate::stage::duplicates`].
const LONGEST: usize = 24;
/// One in 2^5 of a character's occurrences is doubled: doubling it is a habit of the language (人人, 常常).
const HABIT: u8 = 5;
/// A doubling that comes once in 2^14 times is a misprint of the corpus, not usage.
const MISPRINT: u8 = 14;
/// A character that is doubled before this one once in 2^5 times, whatever stands before it: 局局长.
const BEFORE_NEXT: u8 = 5;

const NUMERALS: &str = "〇零一二三四五六七八九十百千万亿两";

/// Finds what was typed twice.
pub(super) fn find(runs: &Runs, cx: &Context) -> Vec<Draft> {
    let (character, word) = (cx.rules.id("TYP001"), cx.rules.id("TYP002"));
    if character.or(word).is_none() {
        return Vec::new();
    }
    let allowed = cx.rules.words("doubled");
    let mut drafts = Vec::new();
    for run in runs.iter() {
        let before = drafts.len();
        if let Some(rule) = word {
            phrases(&run, rule, allowed, &mut drafts);
        }
        if let Some(rule) = character {
            let taken: Vec<_> = drafts[before..].iter().map(|d: &Draft| d.span).collect();
            let fresh = characters(&run, rule, allowed).filter(|d| !taken.iter().any(|t| t.overlaps(d.span)));
            drafts.extend(fresh);
        }
    }
    once_only(drafts)
}

/// Leaves out characters that the document doubles in the same surroundings again: that is how it writes.
fn once_only(drafts: Vec<Draft>) -> Vec<Draft> {
    let context = |d: &Draft| d.evidence.iter().find(|n| n.key == "unusual").map(|n| n.args.clone());
    let mut counts: HashMap<String, usize> = HashMap::new();
    for args in drafts.iter().filter_map(context) {
        *counts.entry(args.into_iter().map(|a| a.1).collect()).or_default() += 1;
    }
    let again = |d: &Draft| {
        let args = context(d).unwrap_or_default();
        counts.get(&args.into_iter().map(|a| a.1).collect::<String>()).is_some_and(|n| *n > 1)
    };
    drafts.into_iter().filter(|d| !again(d)).collect()
}

fn characters<'r>(run: &'r Run, rule: RuleId, allowed: &'r Words) -> impl Iterator<Item = Draft> + 'r {
    let usage = Usage::embedded();
    let pairs = run.chars.windows(2).enumerate().filter(|(_, w)| w[0] == w[1]).map(|(i, _)| i);
    pairs.filter(move |i| is_slip(run, *i, usage) && !run.inside_word(*i, i + 2, allowed)).map(move |i| {
        let context = run.text(i.saturating_sub(2), i + 4);
        let once = run.chars[i].to_string();
        let read = [run.text(i.saturating_sub(2), i + 1), run.text(i + 2, i + 4)].concat();
        Draft::suggest(rule, run.span(i, i + 2), once.clone())
            .arg("text", run.text(i, i + 2))
            .arg("right", once)
            .because("unusual", [("context", context)])
            .because("reads", [("read", read)])
            .sure(0.85)
    })
}

/// Whether the character at `i`, which stands at `i + 1` again, was typed twice.
fn is_slip(run: &Run, i: usize, usage: &Usage) -> bool {
    let x = run.chars[i];
    let (before, after) = (run.before(i), run.chars.get(i + 2).copied());
    if before == Some(x) || after == Some(x) || NUMERALS.contains(x) {
        return false;
    }
    // 高高兴兴, 方方面面; 试一试 and its like are not doubled at all.
    let twins = |at: usize| run.chars.get(at).is_some_and(|c| run.chars.get(at + 1) == Some(c));
    if twins(i + 2) || i >= 2 && twins(i - 2) {
        return false;
    }
    let Some(single) = usage.single(x) else { return false };
    let double = usage.pair(x, x);
    if double.is_some_and(|d| d + HABIT >= single) {
        return false;
    }
    let with_before = before.and_then(|a| usage.pair(a, x));
    let with_after = after.and_then(|b| usage.pair(x, b));
    let usual_before = before.and_then(|a| usage.before_double(a, x));
    let usual_after = after.and_then(|b| usage.after_double(x, b));
    let usual = usual_before.is_some_and(|u| u + MISPRINT >= with_before.unwrap_or(0))
        || usual_after.is_some_and(|u| u + BEFORE_NEXT >= with_after.unwrap_or(0))
        // At the beginning of a run only what follows can speak.
        || before.is_none() && usual_after.is_some_and(|u| u + MISPRINT >= with_after.unwrap_or(0));
    let (left, right) = (before.map(|a| usage.strength(a, x)), after.map(|b| usage.strength(x, b)));
    let levels = (with_before.unwrap_or(0), with_after.unwrap_or(0));
    !usual && reads_with_one(left, right, levels)
}

/// Whether the text reads well with one of the two characters. `left` and `right` say how much the character belongs to
/// its neighbour on either side, `levels` how common the two pairs are; the figures were set on issues with known slips.
fn reads_with_one(left: Option<i32>, right: Option<i32>, levels: (u8, u8)) -> bool {
    match (left, right) {
        (None, None) => false,
        (None, Some(right)) => right >= 5,
        (Some(left), None) => left >= 3 && levels.0 >= 7,
        (Some(left), Some(right)) => {
            // 报道道路: a common word ends and another begins.
            let two_words = left >= 4 && right >= 3 && levels.0 >= 12;
            let ends_a_word = left >= 6 && levels.0 >= 7 && levels.1 <= 3;
            !two_words && (right >= 3 || ends_a_word)
        }
    }
}

fn phrases(run: &Run, rule: RuleId, allowed: &Words, drafts: &mut Vec<Draft>) {
    let chars = run.chars;
    let mut done = 0;
    for length in (2..=LONGEST.min(chars.len() / 2)).rev() {
        let mut equal = 0;
        for i in 0..chars.len() - length {
            equal = if chars[i] == chars[i + length] { equal + 1 } else { 0 };
            if equal != length {
                continue;
            }
            let start = i + 1 - length;
            let taken =
                start < done && drafts.last().is_some_and(|d| d.span.overlaps(run.span(start, start + 2 * length)));
            if !taken && is_twice(run, start, length, allowed) {
                drafts.push(phrase(run, rule, start, length));
                done = done.max(start + 2 * length);
            }
        }
    }
}

fn is_twice(run: &Run, start: usize, length: usize, allowed: &Words) -> bool {
    let chars = &run.chars[start..];
    let phrase = &chars[..length];
    // 哈哈哈哈, 加油加油加油: said more than twice, it is meant.
    let shorter = (1..length).any(|p| length.is_multiple_of(p) && phrase.iter().zip(&phrase[p..]).all(|(a, b)| a == b));
    let again = chars.get(2 * length..3 * length) == Some(phrase)
        || start >= length && run.chars.get(start - length..start) == Some(phrase);
    if shorter || again || phrase.iter().all(|c| NUMERALS.contains(*c)) {
        return false;
    }
    if run.inside_word(start, start + 2 * length, allowed) {
        return false;
    }
    if length > 2 {
        return true;
    }
    // 一步一步, 一个一个; 说着说着.
    if phrase[0] == '一' || phrase[1] == '着' {
        return false;
    }
    let usage = Usage::embedded();
    let (usual, pair) = (usage.word_doubled(phrase[0], phrase[1]), usage.pair(phrase[0], phrase[1]));
    usual.is_none_or(|u| u + MISPRINT <= pair.unwrap_or(0))
}

fn phrase(run: &Run, rule: RuleId, start: usize, length: usize) -> Draft {
    let once = run.text(start, start + length);
    let draft = Draft::suggest(rule, run.span(start, start + 2 * length), once.clone())
        .arg("text", once.clone())
        .because("adjacent", [("context", run.text(start.saturating_sub(4), start + 2 * length + 4))]);
    // A short word typed twice may stand where another word belongs.
    let draft = if length == 2 { draft.because("lost", [("text", once)]) } else { draft };
    draft.sure(if length == 2 { 0.9 } else { 0.97 })
}
