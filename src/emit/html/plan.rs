//! Lays the findings out before a line is written: which become cards, which stand under another's card, and in which
//! article each card belongs.

use crate::finding::{Finding, Status};
use crate::pipeline::Run;
use crate::review::{Call, calls};
use crate::rule::RuleId;
use crate::text::SourceSpan;
use std::collections::BTreeMap;

/// One article's cards, in text order.
pub struct Section {
    /// Number of the article in the outline.
    pub article: usize,
    /// Its cards.
    pub cards: Vec<Call>,
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
        plan.sections = sections(run, calls(run));
        plan
    }

    /// Number of judgement calls, a series counted once; what lies inside a passage to be removed is not counted.
    pub fn calls(&self) -> usize {
        self.sections.iter().map(|s| s.cards.len()).sum()
    }

    /// The first finding of each card, in the order of the page.
    pub fn leaders<'r>(&self, run: &'r Run) -> impl Iterator<Item = &'r Finding> {
        let cards = self.sections.iter().flat_map(|section| &section.cards);
        cards.filter_map(|card| run.findings.get(*card.findings.first()?))
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

fn sections(run: &Run, cards: Vec<Call>) -> Vec<Section> {
    let outline = run.outline();
    let map = run.document.view().map();
    let mut by_article: BTreeMap<usize, Vec<Call>> = BTreeMap::new();
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
