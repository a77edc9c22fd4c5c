//! Characters that do not belong into simplified text: traditional and variant forms, and characters outside the
//! Table of General Standard Chinese Characters (通用规范汉字表, 2013).

use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};

/// From this share of traditional characters on, in hundredths of the Han characters, the text is a traditional one.
const TRADITIONAL_TEXT: usize = 2;

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let (outside, traditional) = (cx.rules.id("LNT040"), cx.rules.id("LNT041"));
    let list = cx.rules.words("standard-characters");
    if list.words.is_empty() || outside.is_none() && traditional.is_none() {
        return;
    }
    let table = list.block();
    let pairs = cx.rules.words("traditional").pairs();
    let (mut han, mut old) = (0, 0);
    let mut met: Vec<(usize, char)> = Vec::new();
    for (at, c) in view.text().char_indices().filter(|(_, c)| *c >= '\u{4E00}') {
        let plain = table.has(c);
        // Of what is beside the list the block of Han characters is most; the others are asked more slowly.
        if !('\u{4E00}'..='\u{9FFF}').contains(&c) && !is_han(c) {
            continue;
        }
        han += 1;
        if !plain {
            old += usize::from(pairs.contains_key(&c));
            met.push((at, c));
        }
    }
    if old * 100 > han * TRADITIONAL_TEXT && old > 20 {
        return;
    }
    for (at, c) in met {
        let span = ViewSpan::new(at, at + c.len_utf8());
        match (pairs.get(&c), traditional, outside) {
            (Some(right), Some(rule), _) => drafts.push(
                Draft::suggest(rule, span, right.to_string())
                    .arg("wrong", c)
                    .arg("right", right.to_string())
                    .in_series("traditional"),
            ),
            (None, _, Some(rule)) => drafts.push(Draft::flag(rule, span).arg("character", c)),
            _ => {}
        }
    }
}
