//! encoding: what the reader could not decode, what it read in another encoding than the rest, and what somebody else
//! decoded wrongly before (乱码).
//!
//! Mojibake is found by undoing it. UTF-8 that was read as GBK or as windows-1252 gives itself away by a few characters
//! that nothing else produces; the run around such a character is encoded again, and only if the bytes read as UTF-8
//! is it reported, with the text that comes out.

use super::{Context, Stage};
use crate::document::View;
use crate::finding::Draft;
use crate::source::TroubleKind;
use crate::text::{ViewSpan, is_han};
use encoding_rs::{Encoding as Charset, GB18030, WINDOWS_1252};
use memchr::memmem;

/// The stage.
pub struct Encoding;

impl Stage for Encoding {
    fn name(&self) -> &'static str {
        "encoding"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let mut out = Vec::new();
        troubles(view, cx, &mut out);
        replacement_characters(view, cx, &mut out);
        mojibake(view, cx, &mut out);
        out
    }
}

/// What the reader met.
fn troubles(view: &View, cx: &Context, out: &mut Vec<Draft>) {
    let (undecodable, other) = (cx.rules.id("ENC001"), cx.rules.id("ENC002"));
    for trouble in &cx.source.troubles {
        let span = view.map().span_to_view(trouble.span);
        let base = cx.source.file_at(trouble.span.start).map_or("", |f| f.encoding).to_owned();
        match (&trouble.kind, undecodable, other) {
            (TroubleKind::Undecodable(bytes), Some(rule), _) => out.push(
                Draft::flag(rule, span)
                    .arg("bytes", hex(bytes))
                    .because("length", [("count", bytes.len().to_string()), ("encoding", base)]),
            ),
            (TroubleKind::OtherEncoding(name), _, Some(rule)) => {
                out.push(Draft::flag(rule, span).arg("encoding", *name).because("base", [("base", base)]));
            }
            _ => {}
        }
    }
}

/// The first bytes in hexadecimal, as many as a line of a report holds.
fn hex(bytes: &[u8]) -> String {
    const MOST: usize = 8;
    let shown: Vec<String> = bytes.iter().take(MOST).map(|b| format!("{b:02X}")).collect();
    let more = if bytes.len() > MOST { " …" } else { "" };
    shown.join(" ") + more
}

/// U+FFFD that the input itself has, a run at a time.
fn replacement_characters(view: &View, cx: &Context, out: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("ENC003") else { return };
    let mut own = cx.source.troubles.iter().map(|t| view.map().span_to_view(t.span)).peekable();
    let mut run: Option<ViewSpan> = None;
    for at in memmem::find_iter(view.text().as_bytes(), "\u{FFFD}") {
        while own.next_if(|t| t.end <= at).is_some() {}
        if own.peek().is_some_and(|t| t.holds(at)) {
            continue;
        }
        let here = ViewSpan::new(at, at + '\u{FFFD}'.len_utf8());
        run = match run {
            Some(before) if before.end == here.start => Some(before.hull(here)),
            Some(before) => {
                out.push(Draft::flag(rule, before));
                Some(here)
            }
            None => Some(here),
        };
    }
    out.extend(run.map(|run| Draft::flag(rule, run)));
}

/// Wrongly decoded text.
fn mojibake(view: &View, cx: &Context, out: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("ENC004") else { return };
    let text = view.text();
    let mut done = 0;
    if let Some(signs) = cx.rules.words("mojibake").automaton() {
        for hit in signs.find_iter(text).map(|m| m.range()) {
            if hit.start < done {
                continue;
            }
            if text.get(hit.clone()).is_some_and(|h| LOST.contains(h)) {
                let end = hit.start + lost_run(&text[hit.start..]);
                done = end.max(hit.end);
                let span = ViewSpan::new(hit.start, done);
                out.push(Draft::flag(rule, span).arg("quote", excerpt(view.get(span))).because("lost", []));
                continue;
            }
            let run = run_around(text, hit.start, done, |c| !c.is_ascii());
            done = run.end;
            out.extend(undo(view, run, GB18030, 4).map(|found| found.draft(view, rule)));
        }
    }
    // UTF-8 lead bytes become letters from Â to ô in windows-1252; their own UTF-8 form begins with C3 (or C2), a byte
    // that Chinese text does not have.
    done = 0;
    for at in memchr::memchr2_iter(0xC2, 0xC3, text.as_bytes()) {
        if at >= done {
            let run = run_around(text, at, done, is_western);
            done = run.end;
            out.extend(undo(view, run, WINDOWS_1252, 1).map(|found| found.draft(view, rule)));
        }
    }
}

/// What pairs of U+FFFD in UTF-8 become when they are read as GBK.
const LOST: &str = "锟斤拷";

/// Length of the run of such characters at the start of the text.
fn lost_run(text: &str) -> usize {
    text.find(|c| !LOST.contains(c)).unwrap_or(text.len())
}

/// Whether windows-1252 decoding can have made the character.
fn is_western(c: char) -> bool {
    !c.is_ascii() && ((c as u32) < 0x100 || "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u{FFFD}".contains(c))
}

/// The longest run of such characters around a place, from `from` on.
fn run_around(text: &str, at: usize, from: usize, belongs: impl Fn(char) -> bool) -> ViewSpan {
    let head = text.get(from..at).unwrap_or("");
    let tail = text.get(at..).unwrap_or("");
    let start = at - (head.len() - head.trim_end_matches(&belongs).len());
    let end = at + (tail.len() - tail.trim_start_matches(&belongs).len());
    ViewSpan::new(start, end)
}

/// Wrongly decoded text, undone.
struct Undone {
    span: ViewSpan,
    text: String,
    charset: &'static Charset,
    whole: bool,
}

/// Encodes a run again and reads it as UTF-8. `least` is how many characters beyond ASCII must come out: one suffices
/// for windows-1252, whose letters form valid UTF-8 in no language, but Han characters might by chance.
fn undo(view: &View, span: ViewSpan, charset: &'static Charset, least: usize) -> Option<Undone> {
    let (bytes, _, lacking) = charset.encode(view.get(span));
    let mut text = String::new();
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
        text.push_str(chunk.valid());
    }
    let likely = text.chars().filter(|c| !c.is_ascii()).all(|c| is_printed(c, charset));
    let whole = bad == 0 && !lacking;
    (good >= least && likely && (whole || bad * least <= good)).then_some(Undone { span, text, charset, whole })
}

/// Whether the character is one that newspapers print.
fn is_printed(c: char, charset: &'static Charset) -> bool {
    let mark = matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{206F}' | '\u{3000}'..='\u{301F}' | '\u{FF01}'..='\u{FF5E}');
    let western = charset == WINDOWS_1252 && matches!(c, '\u{A1}'..='\u{24F}');
    is_han(c) || mark || western || matches!(c, '·' | '×' | '÷' | '±' | '°' | '①'..='⑳' | '■'..='◿' | '℃' | '※')
}

impl Undone {
    fn draft(self, view: &View, rule: crate::rule::RuleId) -> Draft {
        let quote = excerpt(view.get(self.span));
        let reading = [("encoding", self.charset.name().to_owned()), ("text", excerpt(&self.text))];
        match self.whole {
            true => Draft::suggest(rule, self.span, self.text).sure(0.98),
            false => Draft::flag(rule, self.span),
        }
        .arg("quote", quote)
        .because("reading", reading)
    }
}

/// The beginning of a text, for a message.
fn excerpt(text: &str) -> String {
    const MOST: usize = 16;
    let mut shown: String = text.chars().take(MOST).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::reader::{ReadOptions, read_bytes};
    use crate::rule::RuleSet;
    use crate::source::Source;

    /// The code, the place and the proposal of each finding.
    fn found(source: &Source) -> Vec<(String, String, Option<String>)> {
        let rules = RuleSet::built_in().expect("sound");
        let document = Document::new(source);
        let drafts = Encoding.run(document.view(), &Context { rules: &rules, source, doubt: 1.0, elsewhere: None });
        let told = |d: &Draft| {
            let fix = d.fixes.first().map(|f| f.to_string());
            (rules.get(d.rule).code.clone(), document.view().get(d.span).to_owned(), fix)
        };
        drafts.iter().map(told).collect()
    }

    fn in_text(text: &str) -> Vec<(String, String, Option<String>)> {
        found(&Source::from_text("a", "a.md", text))
    }

    /// UTF-8 as a program shows it that believes it to be in another encoding.
    fn misread(text: &str, charset: &'static Charset) -> String {
        charset.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn mojibake_is_undone_where_that_is_complete() {
        // An even number of bytes, so that no character is cut in two.
        let text = "会议指出，草原保护要抓好。";
        for text in [text, "《草原的冬天》", "“好，的”草"] {
            let wrong = misread(text, WINDOWS_1252);
            assert_eq!(in_text(&wrong), [("ENC004".into(), wrong.clone(), Some(text.to_owned()))]);
        }
        let even = "会议指出，草原保护要抓好牧";
        let even: String = even.chars().take(12).collect();
        let wrong = misread(&even, GB18030);
        assert_eq!(in_text(&format!("abc{wrong}\n")), [("ENC004".into(), wrong.clone(), Some(even))]);
        let cut = misread(text, GB18030);
        assert_eq!(in_text(&cut).last().map(|f| (f.0.as_str(), f.2.clone())), Some(("ENC004", None)));
        assert_eq!(in_text("CafÃ© 开张"), [("ENC004".into(), "Ã©".into(), Some("é".into()))]);
    }

    #[test]
    fn what_is_lost_is_shown() {
        assert_eq!(in_text("草锟斤拷锟斤拷原"), [("ENC004".into(), "锟斤拷锟斤拷".into(), None)]);
        assert_eq!(in_text("草\u{FFFD}\u{FFFD}原\u{FFFD}").len(), 2);
    }

    #[test]
    fn good_text_is_left_alone() {
        for text in
            ["木工用的锛子、锛凿，涓涓细流。", "café、Zürich、Ærø、naïve", "20℃±1，“好”——", "铴锣、鐨字、圳", "©2019 ®"]
        {
            assert_eq!(in_text(text), [], "{text}");
        }
    }

    #[test]
    fn what_the_reader_met_is_told_once() {
        let bytes = ["草原".as_bytes(), b"\xFF\xFE", "牧民冬储".as_bytes()].concat();
        let source = read_bytes("a", "a.md", &bytes, &ReadOptions::default()).expect("text");
        assert_eq!(found(&source), [("ENC001".into(), "\u{FFFD}\u{FFFD}".into(), None)]);
    }
}
