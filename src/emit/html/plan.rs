//! Lays the findings out before a line is written: which become cards, which stand under another's card, and in which
//! article each card belongs.

use crate::finding::{Category, Finding, Status};
use crate::pipeline::Run;
use crate::rule::RuleId;
use crate::text::SourceSpan;
use std::collections::{BTreeMap, HashMap};

/// One judgement call: a finding, or a series decided together.
pub struct Card {
    /// The findings, in text order; one unless it is a series.
    pub findings: Vec<usize>,
    /// Open findings that lie inside the passage that this card proposes to remove.
    pub inside: Vec<usize>,
}

/// One article's cards, in text order.
pub struct Section {
    /// Number of the article in the outline.
    pub article: usize,
    /// Its cards.
    pub cards: Vec<Card>,
}

/// Everything that the page shows, as numbers of findings.
#[derive(Default)]
pub struct Plan {
    /// The judgement calls by article.
    pub sections: Vec<Section>,
    /// Applied findings by rule, most first.
    pub applied: Vec<(RuleId, Vec<usize>)>,
    /// Accepted, rejected and superseded findings.
    pub settled: Vec<(Status, Vec<usize>)>,
    /// Open findings, sorted by start, for [`Plan::card_at`].
    open: Vec<(SourceSpan, usize)>,
}

impl Plan {
    /// Sorts a run's findings into the page.
    pub fn new(run: &Run) -> Plan {
        let mut plan = Plan::default();
        let mut applied: BTreeMap<RuleId, Vec<usize>> = BTreeMap::new();
        let mut settled: BTreeMap<Status, Vec<usize>> = BTreeMap::new();
        for (i, finding) in run.findings.iter().enumerate() {
            match finding.status {
                Status::Open | Status::Stale => plan.open.push((finding.span, i)),
                Status::Applied => applied.entry(finding.rule).or_default().push(i),
                status => settled.entry(status).or_default().push(i),
            }
        }
        plan.applied = applied.into_iter().collect();
        plan.applied.sort_by_key(|(rule, places)| (std::cmp::Reverse(places.len()), *rule));
        plan.settled = settled.into_iter().collect();
        plan.open.sort();
        plan.sections = sections(run, cards(run, &plan.open));
        plan
    }

    /// Number of judgement calls, a series counted once; what lies inside a passage to be removed is not counted.
    pub fn calls(&self) -> usize {
        self.sections.iter().map(|s| s.cards.len()).sum()
    }

    /// Number of open findings.
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// The open finding, other than `own`, that speaks of a passage: the one that covers it with the least around it.
    pub fn card_at(&self, passage: SourceSpan, own: usize) -> Option<usize> {
        let end = self.open.partition_point(|(span, _)| span.start <= passage.start);
        let near = self.open.get(end.saturating_sub(NEAR)..end).unwrap_or(&[]);
        near.iter()
            .filter(|(span, i)| {
                *i != own && span.contains(passage) && span.len() <= passage.len().saturating_mul(2) + 8
            })
            .min_by_key(|(span, i)| (span.len(), *i))
            .map(|(_, i)| *i)
    }
}

/// Open findings before a passage that are looked at for one that covers it.
const NEAR: usize = 64;

/// Whether a finding proposes to take a passage out.
fn is_removal(finding: &Finding) -> bool {
    finding.category == Category::Duplicate && finding.fixes.first().is_some_and(|f| f.is_empty())
}

fn cards(run: &Run, open: &[(SourceSpan, usize)]) -> Vec<Card> {
    let finding = |i: usize| run.findings.get(i);
    let mut cards: Vec<Card> = Vec::new();
    // The outermost removals: their starts and ends both grow, so the last one that begins before a place decides.
    let mut removals: Vec<(SourceSpan, usize)> =
        open.iter().copied().filter(|(_, i)| finding(*i).is_some_and(is_removal)).collect();
    removals.sort_by_key(|(span, i)| (span.start, std::cmp::Reverse(span.end), *i));
    let mut end = None;
    removals.retain(|(span, _)| {
        let outer = end.is_none_or(|e| span.end > e);
        end = end.max(Some(span.end));
        outer
    });
    let holder = |span: SourceSpan, i: usize| -> Option<usize> {
        let last = removals.partition_point(|(r, _)| r.start <= span.start).checked_sub(1)?;
        let (removal, by) = removals.get(last)?;
        (*by != i && removal.contains(span) && span.start < removal.end).then_some(*by)
    };
    let mut series: HashMap<(RuleId, &str), usize> = HashMap::new();
    let mut card_of: HashMap<usize, usize> = HashMap::new();
    let mut inside: Vec<(usize, usize)> = Vec::new();
    for (span, i) in open {
        let Some(f) = finding(*i) else { continue };
        if let Some(by) = holder(*span, *i) {
            inside.push((by, *i));
            continue;
        }
        let known = f.series.as_deref().and_then(|name| series.get(&(f.rule, name)).copied());
        if let Some(card) = known.and_then(|n| cards.get_mut(n)) {
            card.findings.push(*i);
            continue;
        }
        if let Some(name) = f.series.as_deref() {
            series.insert((f.rule, name), cards.len());
        }
        card_of.insert(*i, cards.len());
        cards.push(Card { findings: vec![*i], inside: Vec::new() });
    }
    for (by, i) in inside {
        match card_of.get(&by).and_then(|n| cards.get_mut(*n)) {
            Some(card) => card.inside.push(i),
            // The removal stands inside a series' card: its insides get cards of their own rather than none.
            None => cards.push(Card { findings: vec![i], inside: Vec::new() }),
        }
    }
    cards
}

fn sections(run: &Run, cards: Vec<Card>) -> Vec<Section> {
    let outline = run.outline();
    let map = run.document.view().map();
    let mut by_article: BTreeMap<usize, Vec<Card>> = BTreeMap::new();
    for card in cards {
        let first = card.findings.first().and_then(|i| run.findings.get(*i)).map_or(0, |f| f.span.start);
        by_article.entry(outline.article_at(map.to_view(first))).or_default().push(card);
    }
    by_article
        .into_iter()
        .map(|(article, mut cards)| {
            cards.sort_by_key(|c| c.findings.first().copied());
            Section { article, cards }
        })
        .collect()
}
