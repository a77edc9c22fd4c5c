//! What an engine that writes text from pictures does when it loses the place: it says one thing again without end, or
//! stops in mid-sentence. Both are questions to a person, who has the printed page.

use super::{Rule, Switches};
use crate::finding::Draft;
use crate::rule::RuleSet;
use crate::text::{ViewSpan, is_han};

/// Bytes between two places at which a repetition is looked for.
const STRIDE: usize = 96;
/// Bytes that have to come back.
const SEED: usize = 24;
/// How far back they may have stood: the longest sentence that is looked for.
const REACH: usize = 600;
/// A passage is without end when it stands at least this often.
const COPIES: usize = 4;
/// And is at least this long, in bytes: laughter and emphasis are shorter.
const LONG: usize = 90;

/// Looks for both.
pub(super) fn find(text: &str, rules: &RuleSet, out: &mut Vec<Draft>) {
    let on = Switches::new(rules);
    if let Some(id) = on.id(Rule::Runaway) {
        repeated(text, |start, end| out.push(Draft::flag(id, ViewSpan::new(start, end))));
    }
    if let Some(id) = on.id(Rule::CutOff)
        && let Some((start, end)) = cut_off(text)
    {
        out.push(Draft::flag(id, ViewSpan::new(start, end)));
    }
}

/// Finds stretches in which one passage stands [`COPIES`] times or more, one behind the other. A seed is taken every
/// [`STRIDE`] bytes and looked for in the bytes just before it; the distance to the last place where it stood is the
/// length of the passage, if there is one.
fn repeated(text: &str, mut tell: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let mut at = SEED;
    while at + SEED <= bytes.len() {
        let next = at + STRIDE;
        let seed = &bytes[at..at + SEED];
        let from = at.saturating_sub(REACH);
        let near = &bytes[from..at + SEED - 1];
        let Some(last) = last_of(near, seed) else {
            at = next;
            continue;
        };
        let period = at - (from + last);
        let back = bytes[..at].iter().rev().zip(bytes[..at - period].iter().rev()).take(REACH * COPIES);
        let start = at - period - back.take_while(|(a, b)| a == b).count();
        let on = bytes[at..].iter().zip(&bytes[at - period..]).take_while(|(a, b)| a == b).count();
        let mut end = at + on;
        let mut start = start;
        while start < end && !text.is_char_boundary(start) {
            start += 1;
        }
        while end > start && !text.is_char_boundary(end) {
            end -= 1;
        }
        let stretch = end - start;
        let unit = text.get(start..end).unwrap_or("").chars().take(period);
        if stretch >= LONG && stretch / period >= COPIES && unit.filter(|c| is_han(*c) || c.is_alphabetic()).count() > 1
        {
            tell(start, end);
        }
        at = if stretch / period >= COPIES { end.max(next) } else { next };
    }
}

/// Where a short text stands last in another. A general search spends longer on getting ready than on so short a
/// stretch; here one telling byte is looked for from behind, and the rest compared where it stands.
fn last_of(near: &[u8], seed: &[u8]) -> Option<usize> {
    // The first byte of a Han character is one of six, the others are one of sixty-four.
    let key = seed.iter().position(|b| b & 0xC0 == 0x80).unwrap_or(0);
    let mut end = (near.len() + 1).checked_sub(seed.len())? + key;
    while let Some(at) = memchr::memrchr(*seed.get(key)?, near.get(key..end)?) {
        if near.get(at..at + seed.len()) == Some(seed) {
            return Some(at);
        }
        end = key + at;
    }
    None
}

/// The last characters of a text that stops in mid-sentence: a line of prose, with marks inside and none at its end.
fn cut_off(text: &str) -> Option<(usize, usize)> {
    /// Characters from which a line is prose, and not a headline or a credit.
    const PROSE: usize = 40;
    /// How many characters at the end are shown.
    const SHOWN: usize = 8;
    let body = text.trim_end();
    let start = memchr::memrchr2(b'\n', b'\r', body.as_bytes()).map_or(0, |i| i + 1);
    let line = body.get(start..)?;
    let last = line.chars().next_back()?;
    let prose = !line.starts_with(['#', '|', '-', '*', '!', '<', '□'])
        && line.chars().filter(|c| is_han(*c)).take(PROSE).count() == PROSE
        && line.contains(['，', '。', ',']);
    let ends = !is_han(last)
        && !last.is_alphanumeric()
        && !matches!(last, '，' | '、' | ',' | '（' | '(' | '“' | '《' | '：' | ':' | '-' | '—');
    if !prose || ends {
        return None;
    }
    let shown = line.char_indices().rev().nth(SHOWN - 1).map_or(start, |(i, _)| start + i);
    Some((shown, body.len()))
}
