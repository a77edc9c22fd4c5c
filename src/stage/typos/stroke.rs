//! 一 that became a mark: its one stroke is read as a hyphen or a dash, 第-书记. Marks of one stroke between Han characters
//! are rare in Chinese print (拉萨-兰州), and the language knows which of them is a number or a word.

use super::odds::{because_likelier, sigmoid};
use crate::document::View;
use crate::finding::Draft;
use crate::lm::suspect::Judge;
use crate::outline::BlockKind;
use crate::stage::Context;
use crate::text::{ViewSpan, first_chars, is_han, last_chars};

/// Marks of one stroke.
const STROKES: [char; 6] = ['-', '－', '‐', '–', '—', '―'];
/// What it is read for.
const ONE: &str = "一";
/// Characters on either side that are weighed, and that are shown.
const AROUND: usize = 12;
const SHOWN: usize = 4;
/// So much likelier, as log10, 一 must be. Of 594 such marks in five million characters of news and law none comes to 3.3;
/// of those that stand for 一 in scanned pages four in five come to 3.5.
const LEAST_GAIN: f32 = 3.5;
/// The gain at which it is one as likely as not, and what each power of ten says beyond it, in log-odds. Set by hand: the
/// marks counted above are too few to fit a line through.
const EVEN: f32 = 2.5;
const SLOPE: f32 = 1.4;

/// Finds the marks that stand for 一.
pub(super) fn find(view: &View, cx: &Context) -> Vec<Draft> {
    let Some(rule) = cx.rules.id("TYP075") else { return Vec::new() };
    let mut drafts = Vec::new();
    for block in &view.outline().blocks {
        if matches!(block.kind, BlockKind::Furniture | BlockKind::Image) {
            continue;
        }
        let text = view.get(block.text);
        for (at, mark) in text.match_indices(STROKES) {
            let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + mark.len()..).unwrap_or(""));
            if !may_be_one(before.chars().next_back(), after.chars().next()) {
                continue;
            }
            let gain =
                Judge::embedded().compare(last_chars(before, AROUND), mark, ONE, first_chars(after, AROUND)).gain;
            let confidence = sigmoid(SLOPE * (gain - EVEN));
            if gain < LEAST_GAIN || confidence < cx.doubt {
                continue;
            }
            let from = block.text.start + at;
            let context = [last_chars(before, SHOWN), mark, first_chars(after, SHOWN)].concat();
            let draft = Draft::suggest(rule, ViewSpan::new(from, from + mark.len()), ONE).sure(confidence);
            drafts.push(because_likelier(draft.arg("text", mark).arg("context", context.clone()), context, gain));
        }
    }
    drafts
}

/// Whether 一 may stand between the two: beside text, and not where a mark is doubled, joins figures or letters, or stands
/// next to another 一.
fn may_be_one(before: Option<char>, after: Option<char>) -> bool {
    let sides = [before, after];
    let joins = |c: char| ONE.contains(c) || STROKES.contains(&c) || !is_han(c) && c.is_alphanumeric();
    sides.iter().flatten().any(|c| is_han(*c)) && !sides.into_iter().flatten().any(joins)
}
