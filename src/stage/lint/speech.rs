//! Direct speech that has lost its quotation marks (GB/T 15834-2011 4.8).
//!
//! Two frames carry speech in a newspaper: 某某说：…… to the end of the paragraph, and a paragraph of speech followed by
//! a sentence that is nothing but its speaker, ……。某某说。 Where the speaker is followed by a comma, only a voice of the
//! speech's own (我, 我们, 咱) tells speech from a report. An engine that drops the marks drops them everywhere, so the
//! proposals of an issue are one series.

use super::scan::{after, ends_sentence};
use super::terms::has_marks;
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
/// An article of fewer sentences tells nothing about its kind.
const LEAST_SENTENCES: usize = 6;
/// In a report at most one sentence in this many says 我.
const OWN_SHARE: usize = 4;
/// Words in which the speaker speaks of himself or of those he speaks to; a report has them in speech only.
const OWN_VOICE: &[&str] = &["我", "咱", "你", "俺"];
/// Words that hold one of those and are no voice.
const NO_VOICE: &[&str] =
    &["我国", "我省", "我市", "我区", "我县", "我军", "我党", "我方", "自我", "忘我", "我州", "我旗"];

/// Verbs after whose speaker the report goes on with a comma, ……。某某说，……: in print that has its marks, four in five of
/// them follow a quotation; of 表示, 认为 and 指出 fewer than half do.
const AFTER_SPEECH: &[&str] = &["说", "回忆", "感慨", "坦言", "介绍", "介绍说", "感叹", "说道", "解释", "解释说"];
/// Openings of a sentence that reports on: 据介绍, 他还介绍.
const NO_SPEAKER: &[&str] = &["据", "他还", "她还", "同时", "此外", "对此", "这", "其", "会", "双方", "有", "近日"];
/// Words of a report, which a speaker seldom uses.
const REPORT: &[&str] =
    &["“", "：", "近日", "日前", "月", "记者", "目前", "截至", "%", "表示", "介绍", "认为", "说，", "据", "显示"];

/// Whether a stretch without a voice of its own reads as the report's own words.
fn is_report(text: &str) -> bool {
    REPORT.iter().any(|w| text.contains(w))
}

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let rule = cx.rules.id("LNT020");
    let list = cx.rules.words("speech");
    let Some(verbs) = list.automaton() else { return };
    // Where a text has kept its marks, words that might be speech are none.
    let marked = has_marks(view.text());
    let own = cx.rules.id("LNT024").filter(|_| !marked);
    for article in view.outline().blocks.chunk_by(|_, next| next.kind != BlockKind::Headline) {
        let reported = own.filter(|_| is_reported(view, article));
        for block in article.iter().filter(|b| b.kind == BlockKind::Paragraph) {
            let text = block.text.of(view.text());
            let spans = spoken(text, verbs, marked);
            if let Some(own) = reported {
                for (start, end) in own_voice(text, &spans) {
                    drafts.push(draft(own, view, block, start, end));
                }
            }
            if let Some(rule) = rule {
                drafts.extend(spans.into_iter().map(|(start, end)| draft(rule, view, block, start, end)));
            }
        }
    }
}

/// Whether an article is a report, in which 我 stands in speech only: few of its sentences say it.
/// Memoirs, letters and interviews have it everywhere.
fn is_reported(view: &View, article: &[Block]) -> bool {
    let (mut all, mut own) = (0usize, 0usize);
    let whole = article.first().zip(article.last()).and_then(|(a, b)| view.text().get(a.text.start..b.text.end));
    if !whole.is_some_and(|text| text.contains('我')) {
        return false;
    }
    for block in article.iter().filter(|b| b.kind == BlockKind::Paragraph) {
        let text = block.text.of(view.text());
        for (start, end) in sentence_starts(text) {
            all += 1;
            own += usize::from(text.get(start..end).is_some_and(says_i));
        }
    }
    own > 0 && all >= LEAST_SENTENCES && own * OWN_SHARE <= all
}

/// Runs of sentences with 我 that no speaker's frame has claimed.
fn own_voice(text: &str, taken: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    if text.contains(['“', '”', '「']) {
        return out;
    }
    for (start, end) in sentence_starts(text) {
        let Some(sentence) = text.get(start..end) else { continue };
        let free = taken.iter().all(|(s, e)| end <= *s || *e <= start);
        // Once a speaker is named in a paragraph, what follows with 我 is his words retold (外方表示，……。我赞赏……).
        let retold = text.get(..start).is_some_and(is_report);
        if !free || !says_i(sentence) || retold || is_report(sentence) {
            continue;
        }
        match out.last_mut() {
            Some((_, last)) if *last == start => *last = end,
            _ => out.push((start, end)),
        }
    }
    out
}

/// Whether a sentence says 我 of one person: 我国, 我们 and their like do not count.
fn says_i(sentence: &str) -> bool {
    let mut places = sentence.match_indices('我').peekable();
    places.peek().is_some()
        && places.any(|(at, me)| {
            let tail = after(sentence, at + me.len());
            let head = sentence.get(..at).unwrap_or("");
            !tail.starts_with('们')
                && !head.ends_with(['在', '为', '由', '忘', '对', '于', '小', '大', '无', '有', '问'])
                && !NO_VOICE.iter().any(|w| {
                    let back = w.find(me).unwrap_or(0);
                    at.checked_sub(back).is_some_and(|from| after(sentence, from).starts_with(w))
                })
        })
}

fn draft(rule: RuleId, view: &View, block: &Block, start: usize, end: usize) -> Draft {
    let span = ViewSpan::new(block.text.start + start, block.text.start + end);
    // Quotations inside the speech come under it: ‘ ’ (4.8.3.4).
    let inner = view.get(span).replace('“', "‘").replace('”', "’");
    Draft::suggest(rule, span, format!("“{inner}”")).in_series(SERIES)
}

/// The stretches of a paragraph that are speech without marks.
fn spoken(text: &str, verbs: &AhoCorasick, marked: bool) -> Vec<(usize, usize)> {
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
            let after_speech = !marked && text.get(hit.range()).is_some_and(|w| AFTER_SPEECH.contains(&w));
            before_speaker(text, hit.start(), tail.starts_with('。'), after_speech, from)
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
fn before_speaker(text: &str, verb: usize, closes: bool, after_speech: bool, from: usize) -> Option<(usize, usize)> {
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
        || NO_SPEAKER.iter().any(|w| speaker.starts_with(w))
    {
        return None;
    }
    let from = from.max(text.floor_char_boundary(end.saturating_sub(LONGEST)));
    let speech = text.get(from..end)?;
    let starts = sentence_starts(speech);
    let first = starts.iter().position(|(s, e)| has_voice(&speech[*s..*e]));
    let start = match first {
        Some(i) => starts.get(i).map_or(0, |(s, _)| *s),
        // 某某说。 alone can only close a quotation, and 某某说，…… mostly does after plain speech. Where the quotation begins
        // nothing tells then; of several sentences before the speaker the first is mostly the report's.
        None if closes || (after_speech && !is_report(speech)) => starts.last().map_or(0, |(s, _)| *s),
        None => return None,
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

/// The sentences of a text, from one end to the next; what stands behind the last end is none.
fn sentence_starts(text: &str) -> Vec<(usize, usize)> {
    let (mut out, mut start) = (Vec::new(), 0);
    let mut end_at = |at: usize| {
        if let Some(c) = after(text, at).chars().next().filter(|c| ends_sentence(*c)) {
            let end = at + c.len_utf8();
            out.push((start, end));
            start = end;
        }
    };
    // All full-width marks that end a sentence begin with one of three bytes, which few other characters do; those of half
    // width are rare.
    let bytes = text.as_bytes();
    match memchr::memchr2(b'!', b'?', bytes) {
        None => memchr::memchr3_iter(0xE2, 0xE3, 0xEF, bytes).for_each(end_at),
        Some(_) => text.char_indices().for_each(|(at, _)| end_at(at)),
    }
    out
}

/// Whether a voice speaks that is not the report's: one of [`OWN_VOICE`], and not within one of [`NO_VOICE`].
fn has_voice(text: &str) -> bool {
    OWN_VOICE.iter().any(|voice| {
        text.match_indices(voice).any(|(at, _)| {
            !NO_VOICE.iter().any(|word| {
                let from = word.find(voice).and_then(|back| at.checked_sub(back));
                from.is_some_and(|from| after(text, from).starts_with(word))
            })
        })
    })
}
