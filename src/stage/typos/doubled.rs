//! Typed twice: 团团结, 返贫返贫, 企业应当进行企业应当进行.
//!
//! Chinese doubles much on purpose (紧紧, 天天, 研究研究, 高高兴兴) and more by chance, where one word ends as the next
//! begins (司法厅厅长, 发展展望). A doubled character or two-character word is called an error only where ordinary prose, by
//! [`Usage`], does not double it there and reads well with one of the two, and where the dictionary has no two words that
//! meet there: those are left to the language model (`TYP072`), which weighs them; three characters and more in a row are not
//! doubled by chance.

use super::usage::Usage;
use super::{NUMERALS, Run, Runs};
use crate::finding::Draft;
use crate::lm::lexicon::Lexicon;
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

/// A word that stands 2^3 times in the counts of the dictionary.
const LISTED: u8 = 4;

/// Characters that follow a doubled describing word, and how common (once in 2^9 times) its doubling must be.
const DESCRIBING: &str = "地的";
const DESCRIBED: u8 = 9;
/// Two characters that meet 2^3 times as often as by chance are a word or a part of one; less than 2^2 times, none.
const WORD: i32 = 3;
const LOOSE: i32 = 2;
/// A pair that is common (2^9 times in the counted text), and one that is fairly so.
const COMMON: u8 = 9;
const FAIR: u8 = 7;
/// A pair that stands 2^5 times as often as the run of three around it lives without that run.
const APART: u8 = 5;

/// So long at most is what is counted out one by one: 一个阶段一个阶段.
const MEASURED: usize = 5;

/// Words of degree, which are said again with what they modify: 很高很高.
const DEGREES: &str = "很太好真更越";

/// Finds what was typed twice.
pub(super) fn find(runs: &Runs, cx: &Context) -> Vec<Draft> {
    let (character, word) = (cx.rules.id("TYP001"), cx.rules.id("TYP002"));
    if character.or(word).is_none() {
        return Vec::new();
    }
    let allowed = cx.rules.words("doubled");
    let mut drafts = Vec::new();
    let mut slips = Vec::new();
    for run in runs.iter() {
        let before = drafts.len();
        if let Some(rule) = word {
            phrases(&run, rule, allowed, &mut drafts);
        }
        if let Some(rule) = character {
            let taken = drafts.get(before..).unwrap_or(&[]);
            let fresh =
                characters(&run, rule, allowed).filter(|s| !taken.iter().any(|t| t.span.overlaps(s.draft.span)));
            slips.extend(fresh);
        }
    }
    drafts.extend(once_only(slips));
    drafts
}

/// A doubled character with its neighbours.
struct Slip {
    /// The character before, and the doubled one.
    before: (Option<char>, char),
    /// The doubled character, and the one after.
    after: (char, Option<char>),
    draft: Draft,
}

/// Leaves out characters that the document doubles beside the same neighbour again: that is how it writes.
fn once_only(slips: Vec<Slip>) -> impl Iterator<Item = Draft> {
    let (mut before, mut after) = (HashMap::new(), HashMap::new());
    for slip in &slips {
        *before.entry(slip.before).or_insert(0usize) += 1;
        *after.entry(slip.after).or_insert(0usize) += 1;
    }
    let again = move |s: &Slip| {
        let seen_before = s.before.0.is_some() && before.get(&s.before).is_some_and(|n| *n > 1);
        seen_before || s.after.1.is_some() && after.get(&s.after).is_some_and(|n| *n > 1)
    };
    slips.into_iter().filter(move |s| !again(s)).map(|s| s.draft)
}

fn characters<'r>(run: &'r Run, rule: RuleId, allowed: &'r Words) -> impl Iterator<Item = Slip> + 'r {
    let usage = Usage::embedded();
    let pairs = run.chars.windows(2).enumerate().filter(|(_, w)| w[0] == w[1]).map(|(i, w)| (i, w[0]));
    pairs.filter(move |(i, _)| is_slip(run, *i, usage) && !run.inside_word(*i, *i + 2, allowed)).map(move |(i, x)| {
        let context = run.text(i.saturating_sub(2), i + 4);
        let once = x.to_string();
        let read = [run.text(i.saturating_sub(2), i + 1), run.text(i + 2, i + 4)].concat();
        let draft = Draft::suggest(rule, run.span(i, i + 2), once.clone())
            .arg("text", run.text(i, i + 2))
            .arg("right", once)
            .because("unusual", [("context", context)])
            .because("reads", [("read", read)])
            .sure(0.85);
        Slip { before: (run.before(i), x), after: (x, run.chars.get(i + 2).copied()), draft }
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
    // 轻轻地, 长长的: a describing word, doubled as the language does.
    // 谢谢, 等等: at either end of a run only one neighbour speaks, so a familiar doubling is believed.
    let familiar = double.is_some_and(|d| d + DESCRIBED >= single);
    let described = familiar && before.zip(after).is_none_or(|(_, b)| DESCRIBING.contains(b));
    !usual && !described && !divides(run, i) && reads_with_one(run, i, usage)
}

/// Whether the two characters at `i` belong to two words of the dictionary, as in 一生生活 and 绝对对立, or are one that has
/// nothing to do with its neighbours, as in 全组天天起早.
fn divides(run: &Run, i: usize) -> bool {
    let x = run.chars[i];
    let is_word = |a: char, b: char| Lexicon::embedded().level(&[a, b]).is_some_and(|level| level >= LISTED);
    let closes = run.before(i).is_some_and(|a| is_word(a, x));
    let opens = run.chars.get(i + 2).is_some_and(|b| is_word(x, *b));
    closes && opens || !closes && !opens && is_word(x, x)
}

/// Whether the text reads with one of the two characters at `i` and not with both.
///
/// With both, the first would close one word and the second open the next (报道道路). So it is asked whether the
/// character closes a word with what stands before it, whether it opens one with what stands after it, and whether the
/// three characters with only one of the two are a known run. The figures were set on news that was not counted.
fn reads_with_one(run: &Run, i: usize, usage: &Usage) -> bool {
    let x = run.chars[i];
    let (a, b) = (run.before(i), run.chars.get(i + 2).copied());
    let further = (i.checked_sub(2).and_then(|p| run.chars.get(p)).copied(), run.chars.get(i + 3).copied());
    let (left, right) = (a.map(|a| usage.strength(a, x)), b.map(|b| usage.strength(x, b)));
    let (common_left, common_right) =
        (a.and_then(|a| usage.pair(a, x)).unwrap_or(0), b.and_then(|b| usage.pair(x, b)).unwrap_or(0));
    let run_left = further.0.zip(a).is_some_and(|(z, a)| usage.triple(z, a, x).is_some());
    let run_right = b.zip(further.1).is_some_and(|(b, c)| usage.triple(x, b, c).is_some());
    let (left, right) = match (left, right) {
        (None, None) => return false,
        (None, Some(right)) => return right >= 4 && common_right >= COMMON || run_right && common_right >= FAIR,
        (Some(left), None) => return left >= WORD && common_left >= COMMON || run_left && common_left >= FAIR,
        (Some(left), Some(right)) => (left, right),
    };
    if let Some(known) = a.zip(b).and_then(|(a, b)| usage.triple(a, x, b)) {
        // Both pairs live mostly without each other: two words that also happen to meet.
        let apart = |strength: i32, common: u8| strength >= LOOSE && common > known + APART;
        return !(apart(left, common_left) && apart(right, common_right));
    }
    let closes = left >= WORD || run_left && left >= 1;
    let opens = right >= WORD || run_right && right >= 1;
    match (closes, opens) {
        (true, false) => right < LOOSE && left >= WORD && common_left >= COMMON,
        (false, true) => left < LOOSE && right >= WORD && common_right >= COMMON,
        _ => false,
    }
}

/// Whether at least two characters may stand in a run again. Most runs are short and have all characters but once.
fn may_repeat(chars: &[char]) -> bool {
    let (mut seen, mut again) = ([0u64; 4], 0);
    for c in chars {
        let (row, bit) = (*c as usize / 64 % seen.len(), 1u64 << (*c as u32 % 64));
        again += usize::from(seen[row] & bit != 0);
        seen[row] |= bit;
    }
    again > 1
}

fn phrases(run: &Run, rule: RuleId, allowed: &Words, drafts: &mut Vec<Draft>) {
    let chars = run.chars;
    if !may_repeat(chars) {
        return;
    }
    let mut done = 0;
    for length in (2..=LONGEST.min(chars.len() / 2)).rev() {
        let mut equal = 0;
        for i in 0..chars.len().saturating_sub(length) {
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
    // 一步一步, 一个阶段一个阶段; 说着说着, 像不像不要紧.
    if phrase[0] == '一' && length <= MEASURED || length == 2 && matches!(phrase[1], '着' | '不') {
        return false;
    }
    // 很高很高: said twice for emphasis.
    if length == 2 && DEGREES.contains(phrase[0]) {
        return false;
    }
    if length > 2 {
        return true;
    }
    // 像不像不像: a chain of two characters, not a word and the word again.
    if run.before(start) == Some(phrase[1]) || chars.get(2 * length) == Some(&phrase[0]) {
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
