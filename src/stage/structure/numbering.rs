//! Numbers of sections: a number that its neighbours before and behind contradict.

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

/// Wrong numbers in the runs of an issue. A run is what stands at one rank between two serials of a higher rank.
pub(super) fn find(view: &View, rule: RuleId) -> Vec<Draft> {
    let outline = view.outline();
    let mut out = Vec::new();
    for article in &outline.articles {
        let mut runs: Vec<((u8, u8), Vec<Item>)> = Vec::new();
        for block in outline.blocks_of(article) {
            let Some((place, item)) = item(view, block) else { continue };
            // What is lower than this serial ends here; 第八条 goes on counting across chapters.
            while runs.last().is_some_and(|(p, _)| *p > place && !(place.0 == 0 && p.0 == 0)) {
                let run = runs.pop().map_or(Vec::new(), |r| r.1);
                check(view, rule, &run, &mut out);
            }
            match runs.iter_mut().find(|(p, _)| *p == place) {
                Some((_, run)) if item.number == 1 && run.len() > 1 => {
                    check(view, rule, run, &mut out);
                    *run = vec![item];
                }
                Some((_, run)) => run.push(item),
                None => {
                    runs.push((place, vec![item]));
                    runs.sort_by_key(|r| r.0);
                }
            }
        }
        for (_, run) in runs {
            check(view, rule, &run, &mut out);
        }
    }
    out
}

fn item(view: &View, block: &Block) -> Option<((u8, u8), Item)> {
    let serial = block.serial?;
    let unit = match serial::unit(view.get(serial.span)).filter(|_| serial.rank == 0) {
        Some('章') => 1,
        Some('节') => 2,
        Some('条') => 3,
        _ => 0,
    };
    Some(((serial.rank, unit), Item { number: serial.number, span: serial.span }))
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

/// The serial with another number, in the script it is written in.
fn rewritten(serial: &str, number: u32) -> Option<String> {
    let is_number = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百".contains(c);
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
    fn the_script_is_kept() {
        assert_eq!(rewritten("（三）", 2).as_deref(), Some("（二）"));
        assert_eq!(rewritten("12.", 11).as_deref(), Some("11."));
        assert_eq!(rewritten("第十二条", 11).as_deref(), Some("第十一条"));
    }
}
