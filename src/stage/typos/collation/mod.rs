//! Where another reading of the page differs.
//!
//! The strongest evidence against a reading, above all against a fluent one, is another reading of the same page: two engines
//! seldom make the same error. Each place where they differ is judged with all that is known of it
//! ([`evidence`], [`weigh`]): how sure each engine was, which reading the language model and the text's own usage prefer, how
//! easily the one is misread for the other, and what further readings have. A slip of the other reading is passed over in silence;
//! a likely error of the base becomes a finding that names both readings. What is the same in both is good ground to
//! doubt the language model there ([`Agreed`]).

pub mod evidence;
mod passages;
mod report;
pub mod weigh;

use self::evidence::{Evidence, Page, Shape, Side};
use self::weigh::Kind;
use super::NUMERALS;
use super::odds::sigmoid;
use crate::collate::Pair;
use crate::document::View;
use crate::finding::Draft;
use crate::rule::RuleId;
use crate::source::{Source, Witness};
use crate::stage::Context;
use crate::text::{SourceSpan, ViewSpan};

/// What each further reading adds that has the same as the other one, and takes away that has the same as the base, in
/// log-odds. Set by hand, below what the engines' independence would give: they share their training texts.
const VOTE: f32 = 2.5;
/// A place where two readings differ is easier to check than a doubt of the language model, and is spoken of from this
/// share of the confidence that such a doubt needs.
const LEAST: f32 = 0.625;
/// What differs from a reprint is spoken of up to so many characters: what is longer was edited.
const REPRINTED: usize = 4;
/// log10 of how much likelier a character more or less in a reprint must make the text to be no other wording.
const CORRECTS: f32 = 2.0;
/// A reading that has less than this share in common with the page is of another page.
const FITS: f64 = 0.2;
/// From so many characters on that can be said.
const JUDGED: usize = 40;

/// The rules, as far as they are switched on.
#[derive(Clone, Copy)]
struct Codes {
    differs: Option<RuleId>,
    extra: Option<RuleId>,
    lost: Option<RuleId>,
    misfit: Option<RuleId>,
}

/// What the readings have in common, in the source.
#[derive(Debug, Default)]
pub(super) struct Agreed {
    /// Rising; of different readings they may overlap.
    spans: Vec<SourceSpan>,
    /// The furthest end of the spans up to each.
    ends: Vec<usize>,
}

impl Agreed {
    fn new(mut spans: Vec<SourceSpan>) -> Self {
        spans.sort_unstable();
        let mut end = 0;
        let furthest = |s: &SourceSpan| {
            end = end.max(s.end);
            end
        };
        let ends = spans.iter().map(furthest).collect();
        Agreed { spans, ends }
    }

    /// Whether another reading has the same as the base in a place of the view and on both sides of it.
    pub fn holds(&self, view: &View, span: ViewSpan) -> bool {
        let (span, _) = view.map().to_source(span);
        let before = self.spans.partition_point(|s| s.start < span.start);
        before.checked_sub(1).and_then(|i| self.ends.get(i)).is_some_and(|end| *end > span.end)
    }
}

/// A reading of a page beside its base.
struct Desk<'s> {
    witness: &'s Witness,
    page: Page<'s>,
    kind: Kind,
    /// Where the page begins in the source.
    start: usize,
    fits: bool,
}

/// A place where the base is likely to be wrong.
struct Doubt<'p> {
    pair: &'p Pair,
    evidence: Evidence,
    odds: f32,
    /// Numbers of the readings that have the same as this one, this one first, and of those that have what the base has.
    same: Vec<usize>,
    against: Vec<usize>,
}

/// Finds the places where other readings tell of an error, and what they agree upon.
pub(super) fn find(view: &View, cx: &Context) -> (Vec<Draft>, Agreed) {
    let id = |code| cx.rules.id(code);
    let codes = Codes { differs: id("TYP080"), extra: id("TYP081"), lost: id("TYP082"), misfit: id("TYP083") };
    let (mut drafts, mut spans) = (Vec::new(), Vec::new());
    let mut rest = cx.source.witnesses.as_slice();
    while let Some(first) = rest.first() {
        let (own, others) = rest.split_at(rest.iter().take_while(|w| w.of == first.of).count());
        rest = others;
        let desks: Vec<Desk> = own.iter().filter_map(|w| Desk::new(cx.source, w)).collect();
        for desk in &desks {
            if !desk.fits {
                drafts.extend(report::misfit(view, desk, codes.misfit));
                continue;
            }
            let equal = &desk.page.readings.collation.equal;
            spans.extend(equal.iter().map(|p| desk.in_source(desk.page.readings.in_base(&p.base))));
        }
        let desks: Vec<Desk> = desks.into_iter().filter(|d| d.fits).collect();
        for (number, doubt) in doubts(&desks, cx.doubt * LEAST) {
            drafts.extend(report::place(view, &desks, number, &doubt, codes));
        }
        drafts.extend(passages::find(view, &desks, codes));
    }
    (apart(drafts), Agreed::new(spans))
}

impl<'s> Desk<'s> {
    fn new(source: &'s Source, witness: &'s Witness) -> Option<Desk<'s>> {
        let file = source.files.get(witness.of)?;
        let base = Side::new(file.span.of(&source.text), file.span.start, file.scan.as_ref());
        let scan = witness.reading.files.first().and_then(|f| f.scan.as_ref());
        let other = Side::new(&witness.reading.text, 0, scan);
        let kind = Kind::of(&base, &other);
        let page = Page::new(base, other);
        let length = page.readings.base().chars().len().min(page.readings.other().chars().len());
        // An empty reading says nothing of the page, not even that it is of another.
        let fits = length < JUDGED || page.readings.collation.agreement() >= FITS;
        (length > 0).then_some(Desk { witness, page, kind, start: file.span.start, fits })
    }

    /// A span of the page's text in the source.
    fn in_source(&self, span: SourceSpan) -> SourceSpan {
        SourceSpan::new(self.start + span.start, self.start + span.end)
    }
}

/// The places of a page where a reading is to be preferred to the base, each with the number of the reading.
fn doubts<'d>(desks: &'d [Desk], least: f32) -> Vec<(usize, Doubt<'d>)> {
    let mut out = Vec::new();
    for (number, desk) in desks.iter().enumerate() {
        for pair in desk.page.places() {
            let (mut same, mut against) = (vec![number], Vec::new());
            let votes = desks.iter().enumerate().filter(|(n, _)| *n != number);
            for (n, other) in votes {
                match other.says(desk, pair) {
                    Some(true) => same.push(n),
                    Some(false) => against.push(n),
                    None => {}
                }
            }
            // The first of those that agree speaks for all.
            if same.iter().any(|n| *n < number) {
                continue;
            }
            let evidence = desk.page.evidence(pair);
            if desk.witness.reprint && !is_misreading(pair, &evidence, &desk.page) {
                continue;
            }
            let votes = same.len() as f32 - 1.0 - against.len() as f32;
            let odds = weigh::odds(desk.kind, &evidence) + VOTE * votes;
            if sigmoid(odds) >= least {
                out.push((number, Doubt { pair, evidence, odds, same, against }));
            }
        }
    }
    out
}

impl Desk<'_> {
    /// Whether this reading has in a place what another one has there (true), or what the base has (false).
    fn says(&self, other: &Desk, pair: &Pair) -> Option<bool> {
        let found = &self.page.readings.collation;
        if found.same(&pair.base).is_some() {
            return Some(false);
        }
        let places = self.page.places();
        let next = places.partition_point(|d| d.base.start < pair.base.start);
        let mut near = places.iter().skip(next).take_while(|d| d.base.start == pair.base.start);
        let own = near.find(|d| d.base == pair.base)?;
        let text =
            |desk: &Desk, p: &Pair| desk.page.readings.other().chars().get(p.other.clone()).map(<[char]>::to_vec);
        (text(self, own) == text(other, pair)).then_some(true)
    }
}

/// Whether a difference from another printing can be a misreading. A person who prints a text again writes another name, day or
/// number into it and cuts a clause; an engine takes a character for one that looks like it, or loses one.
fn is_misreading(pair: &Pair, evidence: &Evidence, page: &Page) -> bool {
    let numeral = |c: &char| c.is_numeric() || NUMERALS.contains(*c);
    let readings =
        [page.readings.base().chars().get(pair.base.clone()), page.readings.other().chars().get(pair.other.clone())];
    let counts = readings.into_iter().flatten().flatten().any(numeral);
    let one_lost = evidence.shape != Shape::Exchange && pair.longer() == 1 && evidence.gain >= CORRECTS;
    !counts && pair.longer() <= REPRINTED && (evidence.is_near() || one_lost)
}

/// Of findings that meet the surest.
fn apart(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.sort_by_key(|d| (d.span, d.rule));
    let mut out: Vec<Draft> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match out.last_mut() {
            Some(last) if !last.span.makes_room_for(draft.span) => {
                if last.confidence < draft.confidence {
                    *last = draft;
                }
            }
            _ => out.push(draft),
        }
    }
    out
}
