//! Measuring on whole issues in which every defect is on record.
//!
//! # What is counted
//!
//! Findings that are open, applied or accepted are held against the records (their two forms: [`parse`]).
//!
//! - A defect is *found* by a finding of a category that suits its class, within one character of it (a half-width mark:
//!   on it) and at most 40 characters longer. A repeated passage must be covered to four fifths, by one finding or
//!   several; a finding on the original that names the copy has found it too.
//! - *First fix right*: the first fix of such a finding gives the truth at the defect; others in its reach may be put
//!   right or left. *Any fix right*: some fix does. Of a repeated passage the fixes together take out the copy and
//!   nothing else.
//! - A finding is *true* if it is about a defect that its category suits, *misfiled* if it stands at one that it does not
//!   suit (half-width marks and lost quotation marks aside, which are everywhere), *false* otherwise. What it says inside
//!   a repeated passage is counted apart: that passage should go, so its wording has no truth.
//! - *Precision* is the share of the true among all findings that are not in a copy; false findings are given for every
//!   10,000 characters of the issues.
//! - *Reliability*: the findings with a confidence, in ten bins of it, with the share that is true and the share whose
//!   first fix is right. The Brier score (G. W. Brier, 1950) is the mean squared distance of confidence and outcome; the
//!   expected calibration error (M. P. Naeini et al., AAAI 2015) the mean distance of a bin's mean confidence and its
//!   share, weighted by its findings. Both are 0 at best.
//!
//! A change that concerns nothing but the width of marks counts for half-width marks alone, whatever stands beside it.
//! An annotation is about wording: held against one, such changes are left out, and the width of marks in a fix is not
//! compared.

mod judge;
mod records;

pub use judge::{Claims, Fate, Gold, Verdict, suits};
pub use records::{BadRecord, InScalars, Record, Stretch, Why, parse};

use super::{per_10k, share};
use crate::finding::{Category, Finding, Status};
use crate::pipeline::Run;
use crate::text::{Ruler, SourceSpan};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a finding is about, as far as classes of defects are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but the width of marks.
    Width,
    /// What its category says.
    Of(Category),
}

/// A finding as it is measured, in scalar values.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Where.
    pub at: Stretch,
    /// Its category.
    pub category: Category,
    /// What it is about.
    pub kind: Kind,
    /// The texts it gives for the place, the one in force or the best first.
    pub texts: Vec<Vec<char>>,
    /// The other places that it names.
    pub related: Vec<Stretch>,
    /// How sure it is, 0 to 1.
    pub confidence: Option<f32>,
}

/// The findings of a run that count, in order.
pub fn claims(run: &Run) -> Vec<Claim> {
    let ruler = Ruler::new(&run.source().text);
    let stretch = |s: SourceSpan| Stretch::new(ruler.place(s.start).scalar, ruler.place(s.end).scalar);
    let live = run.findings.iter().filter(|f| matches!(f.status, Status::Open | Status::Applied | Status::Accepted));
    let one = |f: &Finding| {
        let in_force = f.applied.as_deref();
        let others = f.fixes.iter().map(|t| &**t).filter(|t| Some(*t) != in_force);
        let texts: Vec<Vec<char>> = in_force.into_iter().chain(others).map(|t| t.chars().collect()).collect();
        let quote = f.span.of(&run.source().text);
        let narrow = |t: &[char]| t.iter().map(|c| judge::narrow(*c)).eq(quote.chars().map(judge::narrow));
        let width = !quote.is_empty() && texts.first().is_some_and(|t| narrow(t));
        Claim {
            at: stretch(f.span),
            category: f.category,
            kind: if width { Kind::Width } else { Kind::Of(f.category) },
            texts,
            related: f.related.iter().map(|r| stretch(r.span)).collect(),
            confidence: f.confidence,
        }
    };
    live.map(one).collect()
}

/// How the defects of a class fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fared {
    /// Defects on record.
    pub planted: usize,
    /// Those found.
    pub found: usize,
    /// Those that the first fix puts right.
    pub first: usize,
    /// Those that some fix puts right.
    pub any: usize,
}

impl Fared {
    /// Share found, 0 to 1.
    pub fn recall(&self) -> Option<f64> {
        share(self.found, self.planted)
    }

    /// Share of those found that the first fix puts right, 0 to 1.
    pub fn first_of_found(&self) -> Option<f64> {
        share(self.first, self.found)
    }
}

/// What the findings of a category turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// All of them.
    pub findings: usize,
    /// About a defect.
    pub right: usize,
    /// At a defect of another sort.
    pub misfiled: usize,
    /// At none.
    pub wrong: usize,
    /// Inside a repeated passage.
    pub in_copy: usize,
}

impl Verdicts {
    /// Share of the true among those outside repeated passages, 0 to 1.
    pub fn precision(&self) -> Option<f64> {
        share(self.right, self.findings - self.in_copy)
    }
}

/// The findings of one tenth of the scale of confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub findings: usize,
    /// Those that are true.
    pub right: usize,
    /// Those whose first fix is right.
    pub fixed: usize,
    /// The sum of their confidences.
    pub confidence: f64,
}

impl Bin {
    /// Mean confidence, 0 to 1.
    pub fn mean(&self) -> Option<f64> {
        (self.findings > 0).then(|| self.confidence / self.findings as f64)
    }
}

/// How well confidence foretells what a finding turns out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reliability {
    /// From least to most sure, a tenth each; a confidence on a border counts with the surer.
    pub bins: [Bin; 10],
    squares: [f64; 2],
}

/// Brier score and expected calibration error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Calibration {
    /// Mean squared distance of confidence and outcome, 0 to 1.
    pub brier: Option<f64>,
    /// Mean distance of confidence and share, bin by bin, 0 to 1.
    pub expected_error: Option<f64>,
}

impl Reliability {
    /// Counts a finding: how sure it was, whether it is true, whether its first fix is right.
    pub fn count(&mut self, confidence: f32, right: bool, fixed: bool) {
        let sure = if confidence.is_nan() { 0.0 } else { f64::from(confidence.clamp(0.0, 1.0)) };
        let number = ((f64::from((confidence * 1e4).round()) / 1e3) as usize).min(9);
        if let Some(bin) = self.bins.get_mut(number) {
            bin.findings += 1;
            bin.right += usize::from(right);
            bin.fixed += usize::from(fixed);
            bin.confidence += sure;
        }
        for (sum, outcome) in self.squares.iter_mut().zip([right, fixed]) {
            *sum += (sure - f64::from(u8::from(outcome))).powi(2);
        }
    }

    /// All findings counted.
    pub fn findings(&self) -> usize {
        self.bins.iter().map(|b| b.findings).sum()
    }

    /// With "true" as the outcome.
    pub fn of_true(&self) -> Calibration {
        self.calibration(self.squares[0], |b| b.right)
    }

    /// With "first fix right" as the outcome.
    pub fn of_fixed(&self) -> Calibration {
        self.calibration(self.squares[1], |b| b.fixed)
    }

    fn calibration(&self, squares: f64, outcome: impl Fn(&Bin) -> usize) -> Calibration {
        let all = self.findings();
        let per = |sum: f64| (all > 0).then(|| sum / all as f64);
        let apart = self.bins.iter().map(|b| (b.confidence - outcome(b) as f64).abs()).sum();
        Calibration { brier: per(squares), expected_error: per(apart) }
    }

    fn add(&mut self, other: &Reliability) {
        for (own, other) in self.bins.iter_mut().zip(&other.bins) {
            own.findings += other.findings;
            own.right += other.right;
            own.fixed += other.fixed;
            own.confidence += other.confidence;
        }
        for (own, other) in self.squares.iter_mut().zip(other.squares) {
            *own += other;
        }
    }
}

/// What was counted in some issues.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    /// Issues.
    pub issues: usize,
    /// Their characters.
    pub characters: usize,
    /// Defects by class; with a part of a class, where the records name one, behind the class itself.
    pub classes: BTreeMap<(String, Option<String>), Fared>,
    /// Records of classes that findings do not speak of.
    pub not_judged: BTreeMap<String, usize>,
    /// Findings by category.
    pub categories: BTreeMap<Category, Verdicts>,
    /// Confidence and outcome, of the categories asked for.
    pub reliability: Reliability,
}

impl Score {
    /// False findings of a category for every 10,000 characters.
    pub fn false_per_10k(&self, verdicts: &Verdicts) -> Option<f64> {
        per_10k(verdicts.wrong, self.characters)
    }

    /// Adds what was counted in other issues.
    pub fn add(&mut self, other: &Score) {
        self.issues += other.issues;
        self.characters += other.characters;
        for (class, fared) in &other.classes {
            let own = self.classes.entry(class.clone()).or_default();
            own.planted += fared.planted;
            own.found += fared.found;
            own.first += fared.first;
            own.any += fared.any;
        }
        for (class, count) in &other.not_judged {
            *self.not_judged.entry(class.clone()).or_default() += count;
        }
        for (category, verdicts) in &other.categories {
            let own = self.categories.entry(*category).or_default();
            own.findings += verdicts.findings;
            own.right += verdicts.right;
            own.misfiled += verdicts.misfiled;
            own.wrong += verdicts.wrong;
            own.in_copy += verdicts.in_copy;
        }
        self.reliability.add(&other.reliability);
    }
}

/// Holds the claims on one issue against its records, which are sorted by place as [`parse`] gives them.
///
/// The reliability is that of the claims in `sure_of`.
pub fn score(source: &[char], records: &[Record], claims: &[Claim], sure_of: &[Category]) -> Score {
    let gold = Gold::new(source, records);
    let near = Claims::new(claims, source.len());
    let mut out = Score { issues: 1, characters: source.len(), ..Score::default() };
    for record in records {
        if suits(&record.class).is_none() {
            *out.not_judged.entry(record.class.clone()).or_default() += 1;
            continue;
        }
        let fate = gold.judge(record, &near);
        let part = record.group.clone().map(Some);
        for group in std::iter::once(None).chain(part) {
            let row = out.classes.entry((record.class.clone(), group)).or_default();
            row.planted += 1;
            row.found += usize::from(fate.found);
            row.first += usize::from(fate.first);
            row.any += usize::from(fate.any);
        }
    }
    for claim in claims.iter().filter(|c| gold.judges(c)) {
        let verdict = gold.verdict(claim);
        let row = out.categories.entry(claim.category).or_default();
        row.findings += 1;
        match verdict {
            Verdict::True => row.right += 1,
            Verdict::Misfiled => row.misfiled += 1,
            Verdict::False => row.wrong += 1,
            Verdict::InCopy => row.in_copy += 1,
        }
        if let Some(confidence) = claim.confidence.filter(|_| verdict != Verdict::InCopy)
            && sure_of.contains(&claim.category)
        {
            let fixed = claim.texts.first().is_some_and(|t| gold.right(claim.at, t, None));
            out.reliability.count(confidence, verdict == Verdict::True, fixed);
        }
    }
    out
}
