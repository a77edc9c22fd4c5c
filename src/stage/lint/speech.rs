//! Direct speech that has lost its quotation marks (GB/T 15834-2011 4.8).
//!
//! Two frames carry speech in a newspaper: 某某说：…… to the end of the paragraph, and a paragraph of speech followed by
//! a sentence that is nothing but its speaker, ……。某某说。 Where the speaker is followed by a comma, only a voice of the
//! speech's own (我, 我们, 咱) tells speech from a report. An engine that drops the marks drops them everywhere, so the
//! proposals of an issue are one series.

use super::scan::{after, ends_sentence};
use crate::document::View;
use crate::finding::Draft;
use crate::outline::{Block, BlockKind};
use crate::rule::RuleId;
use crate::stage::Context;
use crate::text::ViewSpan;
use aho_corasick::AhoCorasick;

/// Name of the series.
const SERIES: &str = "speech";
/// The speaker's sentence is not longer than this many characters.
const SPEAKER: usize = 40;
/// Speech of one paragraph is not longer than this many bytes (a thousand characters); it also bounds the work.
const LONGEST: usize = 3000;
/// Words in which the speaker speaks of himself or of those he speaks to; a report has them in speech only.
const OWN_VOICE: &[&str] = &["我", "咱", "你", "俺"];
/// Words that hold one of those and are no voice.
const NO_VOICE: &[&str] =
    &["我国", "我省", "我市", "我区", "我县", "我军", "我党", "我方", "自我", "忘我", "我州", "我旗"];

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT020") else { return };
    let list = cx.rules.words("speech");
    let Some(verbs) = list.automaton() else { return };
    for block in view.outline().blocks.iter().filter(|b| b.kind == BlockKind::Paragraph) {
        let text = block.text.of(view.text());
        let spans = spoken(text, verbs);
        for (start, end) in spans {
            drafts.push(draft(rule, view, block, start, end));
        }
    }
}

fn draft(rule: RuleId, view: &View, block: &Block, start: usize, end: usize) -> Draft {
    let span = ViewSpan::new(block.text.start + start, block.text.start + end);
    // Quotations inside the speech come under it: ‘ ’ (4.8.3.4).
    let inner = view.get(span).replace('“', "‘").replace('”', "’");
    Draft::suggest(rule, span, format!("“{inner}”")).in_series(SERIES)
}

/// The stretches of a paragraph that are speech without marks.
fn spoken(text: &str, verbs: &AhoCorasick) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for hit in verbs.find_iter(text) {
        let tail = after(text, hit.end());
        let free = out.last().is_none_or(|(_, end)| *end <= hit.start());
        let found = if !free {
            None
        } else if tail.starts_with(['：', ':']) {
            after_colon(text, hit.end() + tail.chars().next().map_or(1, char::len_utf8), verbs)
        } else if tail.starts_with('。') || tail.starts_with('，') {
            let from = out.last().map_or(0, |(_, end)| *end);
            before_speaker(text, hit.start(), tail.starts_with('。'), from)
                .or_else(|| tail.starts_with('，').then(|| after_comma(text, hit.end() + '，'.len_utf8())).flatten())
        } else {
            None
        };
        out.extend(found);
    }
    out
}

/// 某某说：……。
fn after_colon(text: &str, start: usize, verbs: &AhoCorasick) -> Option<(usize, usize)> {
    let speech = after(text, start);
    if speech.len() > LONGEST
        || speech.starts_with(QUOTES)
        || speech.trim().is_empty()
        || !speech.ends_with(ends_sentence)
    {
        return None;
    }
    // A mark that is left in the speech says that the engine kept some: then the speech ends where the report goes on.
    let end = match speech.find('”') {
        Some(_) if !speech.contains('“') => return None,
        _ => speech_end(speech, verbs),
    };
    Some((start, start + end))
}

const QUOTES: [char; 6] = ['“', '‘', '"', '「', '『', '《'];

/// The end of the speech: the paragraph's, or that of the last sentence before another speaker.
fn speech_end(speech: &str, verbs: &AhoCorasick) -> usize {
    let next = verbs.find_iter(speech).find(|h| after(speech, h.end()).starts_with(['：', ':']));
    let Some(next) = next else { return speech.len() };
    let head = speech.get(..next.start()).unwrap_or("");
    head.char_indices().rev().find(|(_, c)| ends_sentence(*c)).map_or(speech.len(), |(i, c)| i + c.len_utf8())
}

/// ……。某某说。 or ……。某某说，……
fn before_speaker(text: &str, verb: usize, closes: bool, from: usize) -> Option<(usize, usize)> {
    let head = text.get(..verb)?;
    let (end, mark) = head.char_indices().rev().take(SPEAKER).find(|(_, c)| ends_sentence(*c) || *c == '”')?;
    if mark == '”' || end < from {
        return None;
    }
    let end = end + mark.len_utf8();
    let speaker = text.get(end..verb)?;
    if speaker.contains(['，', '：', '、', '；', '“', '”', ',', ':'])
        || speaker.chars().count() < 2
        || has_voice(speaker)
    {
        return None;
    }
    let from = from.max(text.floor_char_boundary(end.saturating_sub(LONGEST)));
    let speech = text.get(from..end)?;
    let starts = sentence_starts(speech);
    let first = starts.iter().position(|(s, e)| has_voice(&speech[*s..*e]));
    let start = match (first, closes) {
        (Some(i), _) => starts.get(i).map_or(0, |(s, _)| *s),
        // 某某说。 alone can only close a quotation; without a voice the whole paragraph before it is the likeliest.
        (None, true) => 0,
        (None, false) => return None,
    };
    is_whole(speech.get(start..)?).then_some((from + start, end))
}

/// Whether the marks inside are in order, and the stretch is not one quotation already.
fn is_whole(speech: &str) -> bool {
    let count = |c| speech.matches(c).count();
    count('“') == count('”') && !speech.starts_with('“') && !speech.ends_with('”')
}

/// 某某说，我们……。 to the end of the paragraph, where the first sentence has a voice of its own.
fn after_comma(text: &str, start: usize) -> Option<(usize, usize)> {
    let speech = after(text, start);
    if speech.len() > LONGEST {
        return None;
    }
    let (_, first) = sentence_starts(speech).into_iter().next()?;
    let voiced = has_voice(speech.get(..first)?) && speech.ends_with(ends_sentence);
    (voiced && is_whole(speech)).then_some((start, text.len()))
}

fn sentence_starts(text: &str) -> Vec<(usize, usize)> {
    let (mut out, mut start) = (Vec::new(), 0);
    for (i, c) in text.char_indices().filter(|(_, c)| ends_sentence(*c)) {
        let end = i + c.len_utf8();
        out.push((start, end));
        start = end;
    }
    out
}

fn has_voice(text: &str) -> bool {
    let mut text = text.to_owned();
    NO_VOICE.iter().for_each(|w| text = text.replace(w, ""));
    OWN_VOICE.iter().any(|w| text.contains(w))
}
