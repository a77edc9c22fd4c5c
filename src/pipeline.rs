//! The pipeline: runs the stages over one issue and alone decides what is applied.
//!
//! A fix is applied when its applicability reaches the policy, a person has not refused it, and nothing already applied
//! by the same stage stands in its way. A person's accepted text is applied in its stage's layer like any other, so
//! that later stages see it.
//!
//! **Finding ids.** The first 50 bits of SHA-256 over the rule's code, the folded quote and twelve folded characters on
//! either side in its article, in Crockford's base 32; for the second and further ones that are equal so far, of SHA-256
//! over that hash and their number. Offsets, messages and fixes have no part in it, so an id survives edits elsewhere and
//! new wordings of a rule.

mod names;
mod recall;

pub use names::surroundings;

use crate::document::{Document, Layer};
use crate::finding::{Applicability, Draft, Finding, Related, Status};
use crate::outline::Outline;
use crate::reuse::Elsewhere;
use crate::review::{Decision, Decisions, Resolver};
use crate::rule::{RuleSet, Touches};
use crate::source::Source;
use crate::stage::{Context, STAGES, Stage};
use crate::text::{Edit, InView, ViewSpan, fold_char, is_han_or_digit};
use names::Names;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// What the caller may choose.
#[derive(Clone, Copy, Debug)]
pub struct Policy<'a> {
    /// Fixes of at least this applicability are applied; none where `None`.
    pub apply: Option<Applicability>,
    /// Least confidence, 0 to 1, at which a doubt of the language model is spoken of.
    pub doubt: f32,
    /// Other issues, where there are some to ask.
    pub elsewhere: Option<&'a dyn Elsewhere>,
}

/// The least confidence of a doubt that is spoken of, where nothing else is asked: the one that keeps to three false
/// alarms in 10,000 characters, see docs/QUALITY.md.
pub const DOUBT: f32 = 0.40;

impl Default for Policy<'_> {
    fn default() -> Self {
        Policy { apply: Some(Applicability::Safe), doubt: DOUBT, elsewhere: None }
    }
}

/// Everything that is known of an issue after the last stage.
#[derive(Debug)]
pub struct Run<'s> {
    /// The source with all its edits.
    pub document: Document<'s>,
    /// Every finding, in source order.
    pub findings: Vec<Finding>,
    /// Decisions whose place was not found again, as lines of their file, from 1.
    pub lost_decisions: Vec<usize>,
    /// The decisions on stale findings, by their number in the log.
    asked_again: BTreeMap<usize, Decision>,
}

impl Run<'_> {
    /// The source.
    pub fn source(&self) -> &Source {
        self.document.source()
    }

    /// The cleaned text.
    pub fn clean(&self) -> &str {
        self.document.view().text()
    }

    /// The outline of the cleaned text.
    pub fn outline(&self) -> &Outline {
        self.document.view().outline()
    }

    /// What was decided of a finding that is asked again.
    pub fn decided_before(&self, finding: &Finding) -> Option<&Decision> {
        finding.decision.filter(|_| finding.status == Status::Stale).and_then(|n| self.asked_again.get(&n))
    }
}

/// Cleans one issue: a pure function of its arguments.
pub fn clean<'s>(source: &'s Source, rules: &RuleSet, decisions: &Decisions, policy: Policy) -> Run<'s> {
    clean_with(source, rules, decisions, policy, STAGES)
}

/// [`clean`] with a choice of stages.
pub fn clean_with<'s>(
    source: &'s Source,
    rules: &RuleSet,
    decisions: &Decisions,
    policy: Policy,
    stages: &[&dyn Stage],
) -> Run<'s> {
    let (mut run, adrift) = pass(source, rules, (decisions, None), policy, stages);
    if !adrift.is_empty() {
        // Only now is it known which decisions lost their finding; a second pass looks for them by what stood around them.
        let lost;
        (run, lost) = pass(source, rules, (decisions, Some(&adrift)), policy, stages);
        run.lost_decisions = lost.into_iter().map(|n| decisions.line_of(n)).collect();
    }
    let stale = run.findings.iter().filter(|f| f.status == Status::Stale).filter_map(|f| f.decision);
    run.asked_again = stale.filter_map(|n| Some((n, decisions.log.get(n)?.clone()))).collect();
    run
}

/// One pass over the issue, with the log and, in the second, the decisions that met nothing in the first. Returns those
/// that met nothing, as numbers in the log.
fn pass<'s>(
    source: &'s Source,
    rules: &RuleSet,
    (decisions, adrift): (&Decisions, Option<&[usize]>),
    policy: Policy,
    stages: &[&dyn Stage],
) -> (Run<'s>, Vec<usize>) {
    let resolver = Resolver::new(decisions, source, adrift.unwrap_or(&[]));
    let document = Document::new(source);
    let names = Names::new(&document);
    let mut pass = Pass { document, findings: Vec::new(), names, resolver, rules, policy };
    let cx = Context { rules, source, doubt: policy.doubt, elsewhere: policy.elsewhere };
    for stage in stages {
        let first = pass.findings.len();
        let drafts = stage.run(pass.document.view(), &cx);
        let mut changed = pass.carry_out(stage.name(), drafts);
        for _ in 0..ROUNDS {
            if !changed || !stage.settles() {
                break;
            }
            let drafts = stage.run(pass.document.view(), &cx);
            changed = pass.carry_out_more(stage.name(), drafts, first);
        }
    }
    supersede_inside(&mut pass.findings, &pass.document);
    let mut lost = pass.resolver.lost();
    if adrift.is_some() {
        lost = pass.find_again(decisions, &lost);
    }
    let Pass { mut document, findings, .. } = pass;
    let findings = in_source_order(findings, &mut document);
    (Run { document, findings, lost_decisions: Vec::new(), asked_again: BTreeMap::new() }, lost)
}

/// Most times that a stage is run again over its own changes. Plain issues need one, wild mixtures of lines three.
const ROUNDS: usize = 8;

/// The state of one pass.
struct Pass<'s, 'a> {
    document: Document<'s>,
    findings: Vec<Finding>,
    names: Names<'s>,
    resolver: Resolver<'a>,
    rules: &'a RuleSet,
    policy: Policy<'a>,
}

impl Pass<'_, '_> {
    /// Makes findings of drafts and carries out those that may be. Tells whether the text has changed.
    fn carry_out(&mut self, stage: &'static str, drafts: Vec<Draft>) -> bool {
        let drafts = self.in_order(drafts);
        self.findings.reserve(drafts.len());
        self.names.expect(drafts.len());
        let first = self.findings.len();
        let mut wishes = Vec::new();
        for draft in drafts {
            let span = draft.span;
            let finding = settle(draft, &self.document, self.rules, stage);
            wishes.extend(self.take(finding, span));
        }
        self.push(stage, wishes, first)
    }

    /// [`Pass::carry_out`] for a stage that is run again: of what it says now only changes that are sure count, all else
    /// was said when it first ran. `first` is the number of the first finding of the stage.
    fn carry_out_more(&mut self, stage: &'static str, mut drafts: Vec<Draft>, first: usize) -> bool {
        drafts.retain(|d| d.applicability == Applicability::Safe);
        if drafts.is_empty() {
            return false;
        }
        let said: HashMap<_, usize> =
            self.findings.iter().enumerate().skip(first).map(|(i, f)| ((f.rule, f.span), i)).collect();
        let fresh = self.findings.len();
        let mut wishes = Vec::new();
        for draft in self.in_order(drafts) {
            let span = draft.span;
            let finding = settle(draft, &self.document, self.rules, stage);
            match said.get(&(finding.rule, finding.span)).copied() {
                None => wishes.extend(self.take(finding, span)),
                // What was a question has become sure.
                Some(earlier) if self.findings[earlier].status == Status::Open => {
                    let (id, fixes) = (std::mem::take(&mut self.findings[earlier].id), finding.fixes.clone());
                    self.findings[earlier] = Finding { id, ..finding };
                    if self.may_apply(earlier) {
                        self.findings[earlier].applied = fixes.into_iter().next();
                        self.findings[earlier].status = Status::Applied;
                        wishes.push(self.wish(earlier, span));
                    }
                }
                Some(_) => {}
            }
        }
        self.push(stage, wishes, fresh)
    }

    /// The drafts that the rules do not except, in the order of their places.
    fn in_order(&self, mut drafts: Vec<Draft>) -> Vec<Draft> {
        drafts.retain(|d| !self.rules.accepts(d.rule, self.document.view().text(), d.span));
        drafts.sort_by_key(|d| (d.span, d.rule));
        drafts
    }

    /// Keeps a finding; its edit, where it is to be made. `span` is where it stands in the view.
    fn take(&mut self, mut finding: Finding, span: ViewSpan) -> Option<Wish> {
        let (document, rules) = (&self.document, self.rules);
        self.names.give(&mut finding, rules);
        self.resolver.decide(&mut finding, rules, || {
            document.to_source(&Edit::new(span, document.view().get(span).to_owned())).text
        });
        let number = self.findings.len();
        self.findings.push(finding);
        if self.may_apply(number) {
            self.findings[number].applied = self.findings[number].fixes.first().cloned();
            self.findings[number].status = Status::Applied;
        }
        let done = matches!(self.findings[number].status, Status::Applied | Status::Accepted);
        done.then(|| self.wish(number, span))
    }

    /// Whether the policy lets a finding be applied that nobody has decided.
    fn may_apply(&self, number: usize) -> bool {
        let finding = &self.findings[number];
        let sure = self.policy.apply.is_some_and(|least| finding.applicability >= least);
        finding.status == Status::Open && sure && !finding.fixes.is_empty()
    }

    fn wish(&self, number: usize, span: ViewSpan) -> Wish {
        let finding = &self.findings[number];
        let asked = finding.status == Status::Accepted && !finding.fixes.is_empty();
        Wish { edit: view_edit(&self.document, span, finding), finding: number, asked }
    }

    /// Carries out the wishes that do not meet. Findings from `first` on are of this layer.
    fn push(&mut self, stage: &'static str, wishes: Vec<Wish>, first: usize) -> bool {
        let (edits, refused) = choose(wishes);
        let changed = !edits.is_empty();
        for finding in refused {
            self.findings[finding].status = Status::Superseded;
            self.findings[finding].applied = None;
        }
        for replaced in self.document.push(&Layer { stage, edits }) {
            // A decision of the same layer never replaces its own findings.
            if replaced < first {
                self.findings[replaced].status = Status::Superseded;
                self.findings[replaced].applied = None;
            }
        }
        changed
    }
}

/// An edit that a finding asks for.
struct Wish {
    edit: Edit<InView>,
    finding: usize,
    /// Whether a person asked for it.
    asked: bool,
}

/// Of the wishes of one layer, in the order of their places, those that do not meet: what a person asked for goes
/// before what the machine would do, the earlier before the later. Also the findings whose wishes are refused.
fn choose(wishes: Vec<Wish>) -> (Vec<(Edit<InView>, usize)>, Vec<usize>) {
    let mut asked: Vec<ViewSpan> = Vec::new();
    for wish in wishes.iter().filter(|w| w.asked) {
        if asked.last().is_none_or(|last| last.makes_room_for(wish.edit.span)) {
            asked.push(wish.edit.span);
        }
    }
    let mut asked = asked.into_iter().peekable();
    let (mut edits, mut refused) = (Vec::with_capacity(wishes.len()), Vec::new());
    let mut taken: Option<ViewSpan> = None;
    for Wish { edit, finding, asked: own } in wishes {
        let own = own && asked.next_if_eq(&edit.span).is_some();
        // Two edits beside one insertion are both widened over it, though their source spans only touch.
        let clear = taken.is_none_or(|t| t.makes_room_for(edit.span));
        let yields = !own && asked.peek().is_some_and(|next| !edit.span.makes_room_for(*next));
        if clear && !yields {
            taken = Some(edit.span);
            edits.push((edit, finding));
        } else {
            refused.push(finding);
        }
    }
    (edits, refused)
}

fn in_source_order(findings: Vec<Finding>, document: &mut Document) -> Vec<Finding> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&findings[*a], &findings[*b]);
        (a.span, &a.id).cmp(&(b.span, &b.id))
    });
    let mut now = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        now[*old] = new;
    }
    document.renumber(&now);
    // A finding is large: each moves once.
    let mut findings: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    order.into_iter().filter_map(|old| findings[old].take()).collect()
}

/// Makes a finding of a draft: maps it to the source and lowers what it may do.
fn settle(draft: Draft, document: &Document, rules: &RuleSet, stage: &'static str) -> Finding {
    let rule = rules.get(draft.rule);
    let view = document.view();
    let (span, wide) = view.map().to_source(draft.span);
    let widen = |fix: Cow<'static, str>| {
        if wide == draft.span {
            return fix;
        }
        let before = view.get(ViewSpan::new(wide.start, draft.span.start));
        let after = view.get(ViewSpan::new(draft.span.end, wide.end));
        Cow::Owned([before, &fix, after].concat())
    };
    let mut applicability = draft.applicability.min(rule.applicability);
    let fixes: Vec<_> = match applicability {
        Applicability::Flag => Vec::new(),
        _ => draft.fixes.into_iter().map(widen).collect(),
    };
    if fixes.is_empty() {
        applicability = Applicability::Flag;
    }
    if applicability == Applicability::Safe && rule.touches == Touches::Form {
        // What stands there now: a change that an earlier layer made lawfully is not this one's.
        let old = view.get(wide);
        // The law of safety: what is read is never changed without a person, whatever a rule says.
        if fixes.first().is_some_and(|fix| changes_reading(old, fix)) {
            applicability = Applicability::Suggested;
        }
    }
    Finding {
        category: rule.category,
        applicability,
        fixes,
        args: draft.args,
        evidence: draft.evidence,
        related: draft
            .related
            .into_iter()
            .map(|r| Related {
                role: r.role,
                span: view.map().to_source(r.span).0,
                part: r.part.map(|p| view.map().to_source(p).0),
                similarity: r.similarity,
            })
            .collect(),
        confidence: draft.confidence,
        series: draft.series,
        ..Finding::new(draft.rule, span, stage)
    }
}

/// Whether two texts differ in their Han characters or digits, compatibility forms and width aside.
pub(crate) fn changes_reading(old: &str, new: &str) -> bool {
    if !old.chars().chain(new.chars()).any(is_han_or_digit) {
        return false;
    }
    fn reading(text: &str) -> impl Iterator<Item = char> + '_ {
        use unicode_normalization::UnicodeNormalization;
        text.chars().filter(|c| is_han_or_digit(*c)).nfkc().filter_map(fold_char)
    }
    !reading(old).eq(reading(new))
}

/// The view edit that carries out a finding, in the words of the view: the applied text is in source terms and may
/// cover more than the draft's span.
fn view_edit(document: &Document, span: ViewSpan, finding: &Finding) -> Edit<InView> {
    let (_, wide) = document.view().map().to_source(span);
    Edit::new(wide, finding.applied.clone().unwrap_or_default())
}

/// Marks open findings that lie inside or across an edit in force: what they speak of is no longer there. An edit that
/// lies wholly inside a larger proposal is part of what the proposal would replace, and leaves it open.
fn supersede_inside(findings: &mut [Finding], document: &Document) {
    let applied = document.applied();
    for (i, finding) in findings.iter_mut().enumerate() {
        if !matches!(finding.status, Status::Open | Status::Stale) {
            continue;
        }
        let span = finding.span;
        let from = applied.partition_point(|a| a.edit.span.end <= span.start);
        let mut near = applied[from..].iter().take_while(|a| a.edit.span.start < span.end.max(span.start + 1));
        if near.any(|a| a.finding != i && a.edit.span.overlaps(span) && !span.contains(a.edit.span)) {
            finding.status = Status::Superseded;
        }
    }
}
