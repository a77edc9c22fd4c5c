//! The document's own usage: a coined phrase that stands in quotation marks at one place and without them at another.

use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;

/// Characters of a phrase: shorter ones are mostly common words that were quoted once for emphasis, longer ones speech.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=10;
/// Name of the series.
const SERIES: &str = "usage";

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT022") else { return };
    let text = view.text();
    let quoted = quoted_stretches(view);
    let mut phrases: BTreeMap<&str, (ViewSpan, usize)> = BTreeMap::new();
    for span in &quoted {
        let phrase = view.get(*span);
        if is_phrase(phrase) {
            phrases.entry(phrase).and_modify(|(_, n)| *n += 1).or_insert((*span, 1));
        }
    }
    if !phrases.is_empty() {
        quoted_by_rules(cx).for_each(|listed| {
            phrases.remove(listed);
        });
    }
    if phrases.is_empty() {
        return;
    }
    let words: Vec<&str> = phrases.keys().copied().collect();
    let Ok(automaton) = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&words) else { return };
    let mut inside = 0;
    let mut bare: BTreeMap<&str, Vec<ViewSpan>> = BTreeMap::new();
    for hit in automaton.find_iter(text) {
        let span = ViewSpan::new(hit.start(), hit.end());
        while quoted.get(inside).is_some_and(|q| q.end <= span.start) {
            inside += 1;
        }
        let is_quoted = quoted.get(inside).is_some_and(|q| q.start <= span.start);
        if !is_quoted {
            bare.entry(view.get(span)).or_default().push(span);
        }
    }
    for (phrase, spans) in bare {
        // Quoted here and mostly not there is a word of everyday that was quoted once.
        let Some((first, times)) = phrases.get(phrase).filter(|(_, times)| *times >= spans.len()) else { continue };
        drafts.extend(spans.into_iter().map(|span| {
            Draft::suggest(rule, span, format!("“{phrase}”"))
                .arg("phrase", phrase)
                .because("quoted", [("count", times.to_string())])
                .beside("quoted", *first)
                .in_series(SERIES)
        }));
    }
}

/// What stands between “ and ” in one line, marks not included; and titles, in which nothing is to be quoted.
fn quoted_stretches(view: &View) -> Vec<ViewSpan> {
    let text = view.text();
    let mut out: Vec<ViewSpan> = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for at in memchr::memchr3_iter(0xE2, 0xE3, b'\n', text.as_bytes()) {
        let Some(c) = text.get(at..).and_then(|t| t.chars().next()) else { continue };
        match (c, open) {
            ('\n', _) => open = None,
            ('“' | '《', None) => open = Some((at + c.len_utf8(), if c == '“' { '”' } else { '》' })),
            (c, Some((start, close))) if c == close => {
                out.push(ViewSpan::new(start, at));
                open = None;
            }
            _ => {}
        }
    }
    out
}

/// A coined phrase: Han and digits only, and with a number in it. Others are too often words of everyday that were
/// quoted once.
fn is_phrase(text: &str) -> bool {
    let numbers = |c: char| "一二三四五六七八九十两双百千万".contains(c) || c.is_ascii_digit();
    LENGTH.contains(&text.chars().count())
        && text.chars().all(|c| is_han(c) || c.is_ascii_digit() || c == '+')
        && text.chars().any(numbers)
}

/// Phrases that a rule of kind `quoted` looks for anyway.
fn quoted_by_rules<'r>(cx: &Context<'r>) -> impl Iterator<Item = &'r str> {
    let rules = cx.rules.of_stage("lint");
    rules
        .filter_map(|(_, rule)| match &rule.kind {
            crate::rule::Kind::Quoted(list) => Some(list.forms.iter().map(|f| f.wrong.as_str())),
            _ => None,
        })
        .flatten()
}
