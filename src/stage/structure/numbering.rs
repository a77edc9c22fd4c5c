//! Numbers of sections: a number that its neighbours before and behind contradict (STR002), and a number that is
//! missing from a run that is whole besides (STR003).

use super::level::order;
use crate::document::View;
use crate::finding::Draft;
use crate::outline::{Block, serial};
use crate::rule::RuleId;
use crate::text::ViewSpan;

/// One numbered block of a run.
#[derive(Clone, Copy)]
struct Item {
    number: u32,
    /// The serial with its marks.
    span: ViewSpan,
}

/// Wrong and missing numbers in the runs of an issue.
pub(super) fn find(view: &View, wrong: Option<RuleId>, missing: Option<RuleId>) -> Vec<Draft> {
    let mut out = Vec::new();
    for (place, run) in runs(view) {
        if let Some(rule) = wrong {
            check(view, rule, &run, &mut out);
        }
        if let Some(rule) = missing {
            out.extend(gap(view, rule, place, &run));
        }
    }
    out
}

/// Rank, and within 第…编/章/节/条 the unit.
type Place = (u8, u8);

/// The runs of every article. A run is what stands at one rank between two serials of a higher rank.
fn runs(view: &View) -> Vec<(Place, Vec<Item>)> {
    let outline = view.outline();
    let mut out = Vec::new();
    for article in &outline.articles {
        let mut runs: Vec<(Place, Vec<Item>)> = Vec::new();
        for block in outline.blocks_of(article) {
            let Some((place, item)) = item(view, block) else { continue };
            // What is lower than this serial ends here; 第八条 goes on counting across chapters.
            while runs.last().is_some_and(|(p, _)| *p > place && !(place.0 == 0 && p.0 == 0)) {
                out.extend(runs.pop());
            }
            match runs.iter_mut().find(|(p, _)| *p == place) {
                Some((_, run)) if item.number == 1 && run.len() > 1 => {
                    out.push((place, std::mem::replace(run, vec![item])));
                }
                Some((_, run)) => run.push(item),
                None => {
                    runs.push((place, vec![item]));
                    runs.sort_by_key(|r| r.0);
                }
            }
        }
        out.append(&mut runs);
    }
    out
}

fn item(view: &View, block: &Block) -> Option<(Place, Item)> {
    let serial = block.serial?;
    let place = order(view, block)?;
    Some((place, Item { number: serial.number, span: serial.span }))
}

/// Reports the items that stand between two that fit each other and not them.
fn check(view: &View, rule: RuleId, run: &[Item], out: &mut Vec<Draft>) {
    for (at, item) in run.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| run.get(i));
        let Some(want) = wanted(before.map(|b| b.number), item.number, run.get(at + 1).map(|a| a.number)) else {
            continue;
        };
        // A run that was out of step before this item proves nothing.
        let steady = at < 2 || run.get(at - 2).zip(before).is_some_and(|(a, b)| a.number + 1 == b.number);
        if !steady {
            continue;
        }
        if let Some(text) = rewritten(view.get(item.span), want) {
            let mut draft =
                Draft::suggest(rule, item.span, text.clone()).arg("old", view.get(item.span)).arg("new", text);
            if let Some(before) = before {
                draft = draft
                    .because("before", [("serial", view.get(before.span).to_owned())])
                    .beside("before", before.span);
            }
            if let Some(after) = run.get(at + 1) {
                draft =
                    draft.because("after", [("serial", view.get(after.span).to_owned())]).beside("after", after.span);
            }
            out.push(draft.sure(0.9));
        }
    }
}

/// The number that the neighbours ask for, where it is another.
fn wanted(before: Option<u32>, number: u32, after: Option<u32>) -> Option<u32> {
    match (before, after) {
        (Some(b), Some(a)) if a == b + 2 && number != b + 1 => Some(b + 1),
        (None, Some(2)) if number == 2 => Some(1),
        _ => None,
    }
}

/// Fewest serials of a run in which a missing one is reported.
const RUN: usize = 3;
/// Fewest articles of a law: papers print some articles of a law and leave out others.
const ARTICLES: usize = 6;

/// The one number that a run leaves out: every other step in it is one.
fn gap(view: &View, rule: RuleId, place: Place, run: &[Item]) -> Option<Draft> {
    if run.len() < if place.0 == 0 { ARTICLES } else { RUN } {
        return None;
    }
    let mut steps = run.windows(2).filter(|w| w[0].number.checked_add(1) != Some(w[1].number));
    let (Some([before, here]), None) = (steps.next(), steps.next()) else { return None };
    let number = before.number.checked_add(1).filter(|n| n.checked_add(1) == Some(here.number))?;
    let missing = rewritten(view.get(here.span), number)?;
    // The number may stand inside a paragraph, behind a sentence that ran on.
    let between = view.get(ViewSpan::new(before.span.end, here.span.start));
    if is_numbered(between, number) {
        return None;
    }
    let draft = Draft::flag(rule, here.span).arg("before", view.get(before.span)).arg("here", view.get(here.span));
    let draft = draft.arg("missing", missing).because("run", [("count", run.len().to_string())]);
    Some(draft.beside("before", before.span).sure(0.7))
}

/// Whether a text has this number as a serial somewhere, in either script.
fn is_numbered(text: &str, number: u32) -> bool {
    let counts = |c: char| c.is_ascii_digit() || is_han_number(c);
    [number.to_string(), serial::han(number)].iter().any(|n| {
        text.match_indices(n.as_str()).any(|(at, _)| {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = text.get(at + n.len()..).and_then(|t| t.chars().next());
            let closed = after.is_some_and(|c| "、.．)）]］编章节条项是，,：: ".contains(c) || c.is_whitespace());
            closed && !before.is_some_and(counts)
        })
    })
}

fn is_han_number(c: char) -> bool {
    "零〇一二三四五六七八九十百".contains(c)
}

/// The serial with another number, in the script it is written in.
fn rewritten(serial: &str, number: u32) -> Option<String> {
    let is_number = |c: char| c.is_ascii_digit() || is_han_number(c);
    let from = serial.find(is_number)?;
    let rest = serial.get(from..)?;
    let len = rest.find(|c| !is_number(c)).unwrap_or(rest.len());
    let arabic = rest.starts_with(|c: char| c.is_ascii_digit());
    let new = if arabic { number.to_string() } else { serial::han(number) };
    Some([serial.get(..from)?, &new, rest.get(len..)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_decide() {
        assert_eq!(wanted(Some(1), 3, Some(3)), Some(2));
        assert_eq!(wanted(Some(1), 2, Some(3)), None);
        assert_eq!(wanted(Some(1), 3, Some(4)), None);
        assert_eq!(wanted(None, 2, Some(2)), Some(1));
        assert_eq!(wanted(None, 3, Some(4)), None);
    }

    #[test]
    fn a_number_inside_a_paragraph_is_there() {
        for text in ["要抓好落实。（三）健全机制", "要抓好落实。三、健全机制", "三是健全机制", "见第三条"]
        {
            assert!(is_numbered(text, 3), "{text}");
        }
        for text in ["要抓好三件事", "二十三、其他", "13.其他", ""] {
            assert!(!is_numbered(text, 3), "{text}");
        }
    }

    #[test]
    fn the_script_is_kept() {
        assert_eq!(rewritten("（三）", 2).as_deref(), Some("（二）"));
        assert_eq!(rewritten("12.", 11).as_deref(), Some("11."));
        assert_eq!(rewritten("第十二条", 11).as_deref(), Some("第十一条"));
    }
}
