//! Levels of headings: a heading numbered （三） stands one level below 三、, and as its siblings do.

use crate::document::View;
use crate::finding::Draft;
use crate::outline::{Block, BlockKind, serial};
use crate::rule::RuleId;
use crate::text::ViewSpan;
use std::collections::BTreeMap;

/// The place of a numbered heading in the order of serials: rank, and within 第…编/章/节/条 the unit.
pub(super) fn order(view: &View, block: &Block) -> Option<(u8, u8)> {
    let serial = block.serial?;
    let unit = match serial::unit(view.get(serial.span)).filter(|_| serial.rank == 0) {
        Some('章') => 1,
        Some('节') => 2,
        Some('条') => 3,
        _ => 0,
    };
    Some((serial.rank, unit))
}

/// Headings whose number of `#` does not fit.
pub(super) fn find(view: &View, rule: RuleId) -> Vec<Draft> {
    let outline = view.outline();
    let mut out = Vec::new();
    for (number, article) in outline.articles.iter().enumerate() {
        let marked = |b: &&Block| b.kind == BlockKind::Heading && hashes(view, b).is_some();
        let headings: Vec<&Block> = outline.blocks_of(article).iter().filter(marked).collect();
        let expected = expected(view, &headings);
        for block in headings {
            let (Some(place), Some(mark)) = (order(view, block), hashes(view, block)) else { continue };
            let Some(want) = expected.get(&place).copied().filter(|want| *want != mark.len() && *want <= 6) else {
                continue;
            };
            let draft = Draft::suggest(rule, mark, "#".repeat(want));
            let draft = draft.arg("title", view.get(block.text)).arg("from", mark.len().to_string());
            let draft = draft.arg("to", want.to_string()).because("order", []).sure(0.9);
            // The levels of one article depend on each other: they are right or wrong together.
            out.push(draft.in_series(format!("levels-{}", number + 1)));
        }
    }
    out
}

/// The `#` of a heading.
fn hashes(view: &View, block: &Block) -> Option<ViewSpan> {
    let line = view.get(block.line);
    let lead = line.len() - line.trim_start().len();
    let count = line.trim_start().bytes().take_while(|b| *b == b'#').count();
    (count > 0).then(|| ViewSpan::new(block.line.start + lead, block.line.start + lead + count))
}

/// The level of each order of serial in one article: what most headings of that order have, but always below the
/// order above it.
fn expected(view: &View, headings: &[&Block]) -> BTreeMap<(u8, u8), usize> {
    let mut votes: BTreeMap<(u8, u8), BTreeMap<usize, usize>> = BTreeMap::new();
    for block in headings {
        if let (Some(place), Some(mark)) = (order(view, block), hashes(view, block)) {
            *votes.entry(place).or_default().entry(mark.len()).or_default() += 1;
        }
    }
    let mut above = 0;
    votes
        .into_iter()
        .map(|(place, levels)| {
            // The higher level where as many headings have the one as the other.
            let usual = levels.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map_or(0, |(l, _)| l);
            above = if usual > above { usual } else { above + 1 };
            (place, above)
        })
        .collect()
}
