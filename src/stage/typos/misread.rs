//! Misreadings that only knowledge of the language gives away: one real character for another, a character lost, one too
//! many, two that changed places. What is doubted and why is the business of [`crate::lm::suspect`]; here a doubt becomes
//! a finding that an editor can check, or is kept back.

use super::again::Confusions;
use super::collation::Agreed;
use super::guards::Guards;
use super::odds::{because_likelier, logit, sigmoid};
use crate::document::View;
use crate::finding::Draft;
use crate::lm::channel::Channel;
use crate::lm::suspect::{Change, Habits, Judge, Scale, Suspect, Trust};
use crate::lm::symbols::{EDGE, Line};
use crate::outline::BlockKind;
use crate::rule::RuleId;
use crate::source::{Scan, Source, SourceFile};
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};

/// Symbols of a line that are weighed at a time: a longer paragraph is cut, so that memory stays small.
const PIECE: usize = 4096;
/// Symbols of a text whose habits are taken together.
const SECTION: usize = 1 << 19;
/// Characters shown on either side in the evidence.
const CONTEXT: usize = 4;
/// Least confidence of a doubt where another reading has the same: two engines seldom make the same error.
const AGREED: f32 = 0.9;
/// A confusion this sure counts for the same one elsewhere.
const REPEATED: f32 = 0.6;
/// Likeness from which a shape or a sound is named in the evidence.
const ALIKE: u8 = 110;

/// An engine that is less sure than this is quoted in the evidence.
const UNSURE: f32 = 0.9;

/// The rules of the changes, in the order of [`Change::ALL`].
const RULES: [&str; 5] = ["TYP070", "TYP071", "TYP072", "TYP073", "TYP070"];

/// The decision learned from text with far more errors than print has. This line through its log-odds was fitted on the
/// findings in issues with planted defects as dense as in the real one; docs/QUALITY.md has the reliability diagram.
const SLOPE: f32 = 0.877;
const OFFSET: f32 = -1.27;

/// How sure a finding with these log-odds is, 0 to 1.
fn confidence(odds: f32) -> f32 {
    sigmoid(SLOPE * odds + OFFSET)
}

/// The log-odds that a confidence asks for.
fn odds_of(confidence: f32) -> f32 {
    (logit(confidence) - OFFSET) / SLOPE
}

/// Finds the places where another reading is likelier; `taken` are the places that other rules of the
/// stage speak of, in order and apart from each other.
pub(super) fn find(view: &View, cx: &Context, taken: &[ViewSpan], agreed: &Agreed) -> Vec<Draft> {
    let rules = RULES.map(|code| cx.rules.id(code));
    if rules.iter().all(Option::is_none) {
        return Vec::new();
    }
    let judge = Judge::embedded();
    let mut drafts = Vec::new();
    let (mut section, mut symbols) = (Vec::new(), 0);
    for block in &view.outline().blocks {
        if matches!(block.kind, BlockKind::Furniture | BlockKind::Image) {
            continue;
        }
        for (start, piece) in pieces(view.get(block.text), block.text.start) {
            let line = judge.read(piece, start);
            symbols += line.len();
            section.push(line);
        }
        if symbols >= SECTION {
            weigh(view, cx, judge, &section, &rules, (taken, agreed), &mut drafts);
            section.clear();
            symbols = 0;
        }
    }
    weigh(view, cx, judge, &section, &rules, (taken, agreed), &mut drafts);
    drafts
}

/// A paragraph in pieces of at most [`PIECE`] characters, each with where it begins.
fn pieces(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = start + text.len() - rest.len();
        let end = rest.char_indices().nth(PIECE).map_or(rest.len(), |(i, _)| i);
        let (piece, tail) = rest.split_at(end);
        rest = tail;
        Some((at, piece))
    })
}

/// The engines that read an issue, where they say how sure they were.
struct Engines<'a, 's> {
    view: &'a View<'s>,
    source: &'a Source,
}

impl<'a, 's> Engines<'a, 's> {
    fn of(view: &'a View<'s>, source: &'a Source) -> Option<Self> {
        let scores = |f: &SourceFile| f.scan.as_ref().is_some_and(|s| s.tokens.iter().any(|t| t.confidence.is_some()));
        source.files.iter().any(scores).then_some(Engines { view, source })
    }

    /// What the engine says of each symbol of a line.
    fn trust(&self, line: &Line) -> Trust {
        let doubt = |start: &usize| {
            let scan = self.scan(*start)?;
            Some(Scale::of(scan.engine.as_deref()).log_odds(self.confidence(*start)?))
        };
        Trust::new(line.starts.iter().map(doubt))
    }

    /// How sure the engine was of the character at a place of the view, 0 to 1.
    fn confidence(&self, at: usize) -> Option<f32> {
        self.scan(at)?.confidence_at(self.in_source(at))
    }

    fn scan(&self, at: usize) -> Option<&Scan> {
        self.source.file_at(self.in_source(at))?.scan.as_ref()
    }

    fn in_source(&self, at: usize) -> usize {
        self.view.map().to_source(ViewSpan::at(at)).0.start
    }
}

fn weigh(
    view: &View,
    cx: &Context,
    judge: &Judge,
    lines: &[Line],
    rules: &[Option<RuleId>; 5],
    (taken, agreed): (&[ViewSpan], &Agreed),
    drafts: &mut Vec<Draft>,
) {
    let habits = Habits::of(lines);
    let least = odds_of(cx.doubt);
    let guards = Guards::new(cx.rules);
    let engines = Engines::of(view, cx.source);
    let mut confusions = Confusions::default();
    let mut found = Vec::with_capacity(lines.len());
    for (number, line) in lines.iter().enumerate() {
        let trust = engines.as_ref().map(|engines| engines.trust(line));
        // With an engine's word the odds are calibrated as they come.
        let (least, sure): (f32, fn(f32) -> f32) = match trust {
            Some(_) => (logit(cx.doubt), sigmoid),
            None => (least, confidence),
        };
        let mut suspects = judge.suspects_of(line, &habits, trust.as_ref(), least);
        suspects.retain(|suspect| !guards.keep_back(line, suspect));
        confusions.add(number, line, suspects.iter().filter(|suspect| sure(suspect.odds) >= REPEATED));
        found.push((suspects, trust, least, sure));
    }
    for (number, (line, (suspects, trust, least, sure))) in lines.iter().zip(found).enumerate() {
        let may_be = |suspect: &Suspect| !guards.keep_back(line, suspect);
        for suspect in confusions.weigh(judge, (number, line), (&habits, trust.as_ref()), least, suspects, may_be) {
            let Some(rule) = rules.get(suspect.change as usize).copied().flatten() else { continue };
            let Some(mut draft) = draft(view, line, &suspect, rule, sure(suspect.odds)) else { continue };
            let again = confusions.elsewhere(number, line, &suspect);
            if again > 0 {
                draft = draft.because("again", [("count", again.to_string())]);
            }
            let said = engines.as_ref().and_then(|engines| engines.confidence(*line.starts.get(suspect.at)?));
            if let Some(said) = said.filter(|said| *said < UNSURE) {
                draft = draft.because("engine", [("confidence", format!("{:.0}", said * 100.0))]);
            }
            if draft.confidence.is_some_and(|c| c < AGREED) && agreed.holds(view, draft.span) {
                continue;
            }
            let next = taken.partition_point(|t| t.end <= draft.span.start);
            if taken.get(next).is_none_or(|t| !t.overlaps(draft.span)) {
                drafts.push(draft);
            }
        }
    }
}

/// The finding of a suspect.
fn draft(view: &View, line: &Line, suspect: &Suspect, rule: RuleId, sure: f32) -> Option<Draft> {
    let at = suspect.at;
    let place = of_symbol(line, view, at)?;
    let text = view.get(place);
    let reading = suspect.reading.map(String::from).unwrap_or_default();
    let fixes = |span: ViewSpan, of: &dyn Fn(char) -> String| {
        let mut readings = suspect.reading.into_iter().chain(suspect.others.iter().copied());
        let first = readings.next().map(of).unwrap_or_default();
        readings.fold(Draft::suggest(rule, span, first), |d, r| d.or(of(r)))
    };
    let draft = match suspect.change {
        Change::Replace => fixes(place, &String::from).arg("text", text).arg("reading", reading.clone()),
        Change::Insert => {
            // An insertion is shown at the character that it follows, or that follows it.
            let before =
                of_symbol(line, view, at - 1).filter(|p| p.end == place.start && view.get(*p).chars().all(is_han));
            match before {
                Some(before) => {
                    let old = view.get(before).to_owned();
                    fixes(before, &|r| format!("{old}{r}")).arg("text", old.clone()).arg("reading", reading.clone())
                }
                None => fixes(place, &|r| format!("{r}{text}")).arg("text", text).arg("reading", reading.clone()),
            }
        }
        Change::Delete => Draft::suggest(rule, place, "").arg("text", text),
        Change::Both => {
            let (last, other) = suspect.second?;
            let places: Option<Vec<ViewSpan>> = (at..=last).map(|i| of_symbol(line, view, i)).collect();
            let places = places?;
            // What the model passes over may stand between them: then they are not each other's.
            if places.windows(2).any(|w| w[0].end != w[1].start) {
                return None;
            }
            let both = ViewSpan::new(place.start, places.last()?.end);
            let (old, between) = (view.get(both), view.get(both).chars().skip(1).take(last - at - 1));
            let new: String = suspect.reading.into_iter().chain(between).chain([other]).collect();
            Draft::suggest(rule, both, new.clone()).arg("text", old).arg("reading", new)
        }
        Change::Swap => {
            // A mark or a space that the model passes over may stand between the two: then they are not each other's.
            let next = of_symbol(line, view, at + 1).filter(|next| next.start == place.end)?;
            let both = ViewSpan::new(place.start, next.end);
            let turned: String = view.get(both).chars().rev().collect();
            Draft::suggest(rule, both, turned.clone()).arg("text", view.get(both)).arg("reading", turned)
        }
    };
    let span = draft.span;
    let around = context(line, view, at);
    let gain = suspect.evidence.first().copied().unwrap_or(0.0);
    let mut draft = because_likelier(draft.arg("context", around.clone()).sure(sure), around, gain);
    if let (Change::Replace, Some(old), Some(new)) = (suspect.change, text.chars().next(), suspect.reading) {
        let near = Channel::embedded().pair(old, new);
        if near.is_some_and(|n| n.shape >= ALIKE) {
            draft = draft.because("shape", [("text", text.to_owned()), ("reading", reading.clone())]);
        }
        if near.is_some_and(|n| n.sound >= ALIKE) {
            draft = draft.because("sound", [("text", text.to_owned()), ("reading", reading.clone())]);
        }
    }
    (!span.is_empty()).then_some(draft)
}

/// Where the first character of a symbol stands, an edge nowhere. The text is asked, because a symbol may stand for a
/// character of another width.
fn of_symbol(line: &Line, view: &View, at: usize) -> Option<ViewSpan> {
    if line.symbols.get(at) == Some(&EDGE) && (at == 0 || at + 1 == line.len()) {
        return None;
    }
    let start = *line.starts.get(at)?;
    let c = view.text().get(start..)?.chars().next()?;
    Some(ViewSpan::new(start, start + c.len_utf8()))
}

/// The text around a place, as an editor would quote it.
fn context(line: &Line, view: &View, at: usize) -> String {
    let start = line.starts.get(at.saturating_sub(CONTEXT).max(1)).copied().unwrap_or(0);
    let end = line.starts.get((at + CONTEXT + 1).min(line.len().saturating_sub(1))).copied().unwrap_or(start);
    view.get(ViewSpan::new(start, end)).trim().to_owned()
}
