//! Measuring on sentences with their corrections.
//!
//! # What is counted
//!
//! Every sentence is cleaned as the one paragraph of an issue of its own. The *prediction* is the sentence with the first
//! fixes of its findings carried out: those of the categories asked for (`typo`) and of at least the confidence asked
//! for, the surest first, each unless it meets one already taken. A finding without a confidence counts as certain, one
//! without a fix changes nothing. Sentence, correction and prediction are compared in the folded form, so that width,
//! marks and spaces count neither for nor against; where they differ is said in edits of single characters
//! ([`edits()`]).
//!
//! | figure | right | precision over | recall over |
//! |---|---|---|---|
//! | sentence detection | sentences with errors whose edits stand at all the right places and nowhere else | sentences altered | sentences with errors |
//! | sentence correction | sentences with errors that became the target, whole | sentences altered | sentences with errors |
//! | character detection | edits at a place that needs one | edits made | edits needed |
//! | character correction | edits made as needed | edits made | edits needed |
//!
//! F1 is the harmonic mean, 2 · right / (claimed + wanted). *Clean altered* is the share of the sentences without an
//! error that were altered. *False alarms* are edits at a place that needs none, for every 10,000 characters of the
//! sentences as they stand (marks and all): over all sentences, and over the clean ones alone.
//!
//! The two levels are those of the SIGHAN bake-offs (Y.-H. Tseng, L.-H. Lee, L.-P. Chang, H.-H. Chen, *Introduction to
//! SIGHAN 2015 Bake-off for Chinese Spelling Check*, 2015). Precision is taken over every sentence altered, as in the
//! sentence-level scores of later work (H.-D. Xu et al., *Read, Listen, and See*, Findings of ACL 2021), and not only
//! over those altered rightly and the clean ones: a sentence with two errors of which one is put right counts as a
//! failure twice.

mod curve;
mod edits;
mod rows;

pub use curve::{Best, Curve, Point, curve};
pub use edits::{CharEdit, Place, edits, fold};
pub use rows::{BadLine, Row, Rows, parse};

use super::{Rate, Three, mean, per_10k, share};
use crate::finding::{Category, Status};
use crate::pipeline::{Policy, clean};
use crate::review::Decisions;
use crate::rule::RuleSet;
use crate::source::Source;
use crate::text::{Edit, InSource, SourceSpan, apply};
use serde::Serialize;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The rules and word lists.
    pub rules: &'a RuleSet,
    /// What the pipeline may do.
    pub policy: Policy<'static>,
    /// The categories whose findings count.
    pub categories: &'a [Category],
}

/// A change that a finding proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What it would replace, in bytes of the text as it stands.
    pub span: SourceSpan,
    /// What would stand there.
    pub text: String,
    /// How sure the finding is, 0 to 1; 1 where it does not say.
    pub confidence: f32,
}

/// The changes that the program proposes for a text, none meeting another, the surest first.
pub fn candidates(text: &str, setting: &Setting) -> Vec<Candidate> {
    candidates_of(&Source::from_text("sentence", "sentence.txt", text), setting)
}

/// [`candidates`] for an issue.
pub fn candidates_of(source: &Source, setting: &Setting) -> Vec<Candidate> {
    let run = clean(source, setting.rules, &Decisions::default(), setting.policy);
    let counted = run
        .findings
        .into_iter()
        .filter(|f| setting.categories.contains(&f.category) && matches!(f.status, Status::Open | Status::Applied));
    let all = counted.filter_map(|f| {
        let text = f.fixes.into_iter().next()?.into_owned();
        Some(Candidate { span: f.span, text, confidence: sure(f.confidence) })
    });
    apart(all.collect())
}

fn sure(confidence: Option<f32>) -> f32 {
    match confidence {
        None => 1.0,
        Some(c) if c.is_nan() => 0.0,
        Some(c) => c.clamp(0.0, 1.0),
    }
}

/// Of candidates that meet, the surer; of equally sure ones, the earlier.
fn apart(mut all: Vec<Candidate>) -> Vec<Candidate> {
    all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.span.cmp(&b.span)));
    let mut taken = std::collections::BTreeMap::<usize, SourceSpan>::new();
    all.retain(|c| {
        let before = taken.range(..=c.span.start).next_back().is_none_or(|(_, t)| t.makes_room_for(c.span));
        let after = taken.range(c.span.start..).next().is_none_or(|(_, t)| c.span.makes_room_for(*t));
        if before && after {
            taken.insert(c.span.start, c.span);
        }
        before && after
    });
    all
}

/// A sentence with its correction and what the program proposes for it.
#[derive(Clone, Debug)]
pub struct Sentence {
    source: String,
    folded: Vec<char>,
    wanted: Vec<CharEdit>,
    /// The surest first.
    candidates: Vec<Candidate>,
}

impl Sentence {
    /// A sentence, its correction, and proposals for it that do not meet.
    pub fn new(source: &str, target: &str, candidates: Vec<Candidate>) -> Self {
        let folded = fold(source);
        let wanted = edits(&folded, &fold(target));
        Sentence { source: source.to_owned(), folded, wanted, candidates: apart(candidates) }
    }

    /// The lines of a text that has no error, with the proposals for it; a line goes with the next where a proposal
    /// reaches from one into the other.
    pub fn lines_of_clean(text: &str, mut candidates: Vec<Candidate>) -> Vec<Self> {
        candidates.sort_by_key(|c| c.span);
        let mut rest = candidates.into_iter().peekable();
        let (mut out, mut start, mut reach) = (Vec::new(), 0, 0);
        let mut own: Vec<Candidate> = Vec::new();
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            end += line.len();
            while let Some(c) = rest.next_if(|c| c.span.start < end || end == text.len()) {
                reach = reach.max(c.span.end);
                own.push(Candidate { span: SourceSpan::new(c.span.start - start, c.span.end - start), ..c });
            }
            if reach <= end {
                let piece = text.get(start..end).unwrap_or("");
                out.push(Sentence::new(piece, piece, std::mem::take(&mut own)));
                start = end;
            }
        }
        if start < text.len() {
            let piece = text.get(start..).unwrap_or("");
            out.push(Sentence::new(piece, piece, own));
        }
        out
    }

    /// What the program proposes, the surest first.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The sentence with the proposals of at least this confidence carried out.
    pub fn predicted(&self, threshold: f32) -> String {
        let shown = self.candidates.iter().take_while(|c| c.confidence >= threshold);
        let mut changes: Vec<Edit<InSource>> = shown.map(|c| Edit::new(c.span, c.text.clone())).collect();
        changes.sort_by_key(|e| e.span);
        apply(&self.source, &changes)
    }

    /// What is counted when the proposals of at least this confidence are carried out.
    pub fn score(&self, threshold: f32) -> Tally {
        let made = match self.candidates.first() {
            Some(first) if first.confidence >= threshold => edits(&self.folded, &fold(&self.predicted(threshold))),
            _ => Vec::new(),
        };
        let (faulty, altered) = (!self.wanted.is_empty(), !made.is_empty());
        let places = |edits: &[CharEdit]| edits.iter().map(|e| e.place).collect::<Vec<_>>();
        let (wanted_at, made_at) = (places(&self.wanted), places(&made));
        let sentence = |right: bool| Rate {
            right: usize::from(faulty && right),
            claimed: usize::from(altered),
            wanted: usize::from(faulty),
        };
        let edit = |right: usize| Rate { right, claimed: made.len(), wanted: self.wanted.len() };
        let found = made_at.iter().filter(|p| wanted_at.binary_search(p).is_ok()).count();
        let characters = self.source.chars().count();
        let clean = usize::from(!faulty);
        Tally {
            sentences: 1,
            clean,
            clean_altered: clean * usize::from(altered),
            characters,
            clean_characters: clean * characters,
            false_alarms: made.len() - found,
            clean_false_alarms: clean * made.len(),
            sentence_detection: sentence(wanted_at == made_at),
            sentence_correction: sentence(self.wanted == made),
            character_detection: edit(found),
            character_correction: edit(made.iter().filter(|e| self.wanted.binary_search(e).is_ok()).count()),
        }
    }
}

/// The counts of a set of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sentences.
    pub sentences: usize,
    /// Sentences without an error.
    pub clean: usize,
    /// Those of them that were altered.
    pub clean_altered: usize,
    /// Characters of the sentences as they stand.
    pub characters: usize,
    /// Characters of the sentences without an error.
    pub clean_characters: usize,
    /// Edits at a place that needs none.
    pub false_alarms: usize,
    /// Those of them in sentences without an error.
    pub clean_false_alarms: usize,
    /// Sentences with the edits at the right places.
    pub sentence_detection: Rate,
    /// Sentences put right.
    pub sentence_correction: Rate,
    /// Edits at the right places.
    pub character_detection: Rate,
    /// Right edits.
    pub character_correction: Rate,
}

impl Tally {
    /// The counts of all sentences at a threshold.
    pub fn of(sentences: &[Sentence], threshold: f32) -> Tally {
        let mut sum = Tally::default();
        for sentence in sentences {
            sum.add(&sentence.score(threshold));
        }
        sum
    }

    /// Adds the counts of other sentences.
    pub fn add(&mut self, other: &Tally) {
        self.each(other, |own, other| *own += other);
    }

    /// Takes away counts that were added before.
    fn take(&mut self, other: &Tally) {
        self.each(other, |own, other| *own -= other);
    }

    fn each(&mut self, other: &Tally, change: impl Fn(&mut usize, usize)) {
        let rate = |own: &mut Rate, other: &Rate| {
            change(&mut own.right, other.right);
            change(&mut own.claimed, other.claimed);
            change(&mut own.wanted, other.wanted);
        };
        change(&mut self.sentences, other.sentences);
        change(&mut self.clean, other.clean);
        change(&mut self.clean_altered, other.clean_altered);
        change(&mut self.characters, other.characters);
        change(&mut self.clean_characters, other.clean_characters);
        change(&mut self.false_alarms, other.false_alarms);
        change(&mut self.clean_false_alarms, other.clean_false_alarms);
        rate(&mut self.sentence_detection, &other.sentence_detection);
        rate(&mut self.sentence_correction, &other.sentence_correction);
        rate(&mut self.character_detection, &other.character_detection);
        rate(&mut self.character_correction, &other.character_correction);
    }

    /// The figures made of the counts.
    pub fn figures(&self) -> Figures {
        Figures {
            sentence_detection: self.sentence_detection.into(),
            sentence_correction: self.sentence_correction.into(),
            character_detection: self.character_detection.into(),
            character_correction: self.character_correction.into(),
            clean_altered: share(self.clean_altered, self.clean),
            false_per_10k: per_10k(self.false_alarms, self.characters),
            clean_false_per_10k: per_10k(self.clean_false_alarms, self.clean_characters),
        }
    }
}

/// The figures of a set of sentences; see the head of the module for what each means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Sentences with the edits at the right places.
    pub sentence_detection: Three,
    /// Sentences put right.
    pub sentence_correction: Three,
    /// Edits at the right places.
    pub character_detection: Three,
    /// Right edits.
    pub character_correction: Three,
    /// Share of the sentences without an error that were altered.
    pub clean_altered: Option<f64>,
    /// False alarms for every 10,000 characters.
    pub false_per_10k: Option<f64>,
    /// The same over the sentences without an error.
    pub clean_false_per_10k: Option<f64>,
}

impl Figures {
    /// The mean of each figure over the sets that have it: a set without errors has no recall.
    pub fn mean(sets: &[Figures]) -> Figures {
        Figures {
            sentence_detection: Three::mean(sets.iter().map(|f| &f.sentence_detection)),
            sentence_correction: Three::mean(sets.iter().map(|f| &f.sentence_correction)),
            character_detection: Three::mean(sets.iter().map(|f| &f.character_detection)),
            character_correction: Three::mean(sets.iter().map(|f| &f.character_correction)),
            clean_altered: mean(sets.iter().map(|f| f.clean_altered)),
            false_per_10k: mean(sets.iter().map(|f| f.false_per_10k)),
            clean_false_per_10k: mean(sets.iter().map(|f| f.clean_false_per_10k)),
        }
    }
}
