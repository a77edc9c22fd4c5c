//! Characters that do not belong into simplified text: traditional and variant forms, and characters outside the
//! Table of General Standard Chinese Characters (通用规范汉字表, 2013).

use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};
use std::collections::HashMap;

/// First and one past the last code point of the block that a bit set covers.
const BLOCK: std::ops::Range<u32> = 0x4E00..0xA000;
/// From this share of traditional characters on, in hundredths of the Han characters, the text is a traditional one.
const TRADITIONAL_TEXT: usize = 2;

/// The table as one bit per code point.
struct Table {
    bits: Vec<u64>,
}

impl Table {
    fn new(words: &[String]) -> Table {
        let mut bits = vec![0u64; BLOCK.len() / 64];
        for c in words.iter().flat_map(|w| w.chars()) {
            if let Some(at) = place(c) {
                bits[at / 64] |= 1 << (at % 64);
            }
        }
        Table { bits }
    }

    fn has(&self, c: char) -> bool {
        place(c).is_none_or(|at| self.bits[at / 64] >> (at % 64) & 1 == 1)
    }
}

fn place(c: char) -> Option<usize> {
    BLOCK.contains(&(c as u32)).then(|| (c as u32 - BLOCK.start) as usize)
}

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let (outside, traditional) = (cx.rules.id("LNT040"), cx.rules.id("LNT041"));
    let words = &cx.rules.words("standard-characters").words;
    if words.is_empty() || outside.is_none() && traditional.is_none() {
        return;
    }
    let table = Table::new(words);
    let pairs = pairs(&cx.rules.words("traditional").words);
    let (mut han, mut old) = (0, 0);
    let mut met: Vec<(usize, char)> = Vec::new();
    for (at, c) in view.text().char_indices().filter(|(_, c)| *c >= '\u{4E00}' && is_han(*c)) {
        han += 1;
        if !table.has(c) {
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

/// Pairs written one after the other: 發发.
fn pairs(words: &[String]) -> HashMap<char, char> {
    let pair = |w: &String| {
        let mut chars = w.chars();
        Some((chars.next()?, chars.next()?))
    };
    words.iter().filter_map(pair).collect()
}
