//! Runs the rules that need no programming (see [`crate::rule::kind`]): one pass of the stage's automaton over the text,
//! then a judgement per kind.

use super::Context;
use crate::document::{Line, View};
use crate::finding::{Applicability, Draft, RuleId};
use crate::rule::kind::{Form, Half, Kind, Matcher, Role, is_quoted};
use crate::rule::{Rule, RuleSet};
use crate::text::ViewSpan;
use std::collections::BTreeMap;

/// Everything that the data rules of a stage find in a view.
pub(super) fn run(stage: &str, view: &View, cx: &Context) -> Vec<Draft> {
    cx.rules.matcher(stage).map_or_else(Vec::new, |matcher| everything(matcher, view, cx.rules))
}

/// What one pass has met and not yet judged.
#[derive(Default)]
struct Met {
    drafts: Vec<Draft>,
    /// The last line on which an expression was tried.
    tried: BTreeMap<RuleId, usize>,
    /// Places of words by rule: a longer one takes those inside it.
    wrong: BTreeMap<RuleId, Vec<(ViewSpan, usize, Line)>>,
    /// Slips in set phrases; a slip between the halves is met from both.
    slips: BTreeMap<(ViewSpan, RuleId), Draft>,
    titles: BTreeMap<RuleId, Vec<(usize, usize)>>,
    orders: BTreeMap<(RuleId, usize), Vec<(usize, usize)>>,
}

fn everything(matcher: &Matcher, view: &View, rules: &RuleSet) -> Vec<Draft> {
    let mut met = Met::default();
    look_for_words(matcher, view, rules, &mut met);
    for line in view.lines().iter().filter(|_| !matcher.always.is_empty()) {
        matcher.always.iter().for_each(|id| try_pattern(*id, *line, view, rules, &mut met.drafts));
    }
    for (id, places) in std::mem::take(&mut met.wrong) {
        met.drafts.extend(words_found(id, places, view, rules));
    }
    titles_found(&met.titles, view, rules, &mut met.drafts);
    orders_found(&met.orders, view, rules, &mut met.drafts);
    met.drafts.extend(met.slips.into_values());
    met.drafts
}

fn look_for_words(matcher: &Matcher, view: &View, rules: &RuleSet, met: &mut Met) {
    let Some(finder) = &matcher.finder else { return };
    let lines = view.lines();
    let mut here = 0;
    for (word, place) in finder.find(view.text()) {
        let Some(&(id, role)) = matcher.roles.get(word) else { continue };
        while lines.get(here).is_some_and(|l| l.next <= place.start) {
            here += 1;
        }
        let Some(line) = lines.get(here).copied() else { continue };
        let span = ViewSpan::new(place.start, place.end);
        match role {
            Role::Need => {
                if met.tried.insert(id, here + 1) != Some(here + 1) {
                    try_pattern(id, line, view, rules, &mut met.drafts);
                }
            }
            Role::Wrong(i) | Role::Phrase(i) => met.wrong.entry(id).or_default().push((span, i, line)),
            Role::Half(i, half) => met.slips.extend(slip(id, i, half, span, view, rules)),
            Role::Title(i) => met.titles.entry(id).or_default().push((span.start, i)),
            Role::Order(s, rank) => met.orders.entry((id, s)).or_default().push((span.start, rank)),
        }
    }
}

fn try_pattern(id: RuleId, line: Line, view: &View, rules: &RuleSet, drafts: &mut Vec<Draft>) {
    let rule = rules.get(id);
    let Kind::Pattern(pattern) = &rule.kind else { return };
    let text = view.get(line.span);
    for (start, end, right) in pattern.places(text) {
        if start == end && right.is_none() || right.as_deref() == text.get(start..end) {
            continue;
        }
        let span = ViewSpan::new(line.span.start + start, line.span.start + end);
        let fixes: Vec<String> = right.into_iter().collect();
        drafts.push(draft(id, rule, span, view.get(span), &fixes, ""));
    }
}

/// A finding of a word or expression: the place, what stands there, what should.
fn draft(id: RuleId, rule: &Rule, span: ViewSpan, wrong: &str, right: &[String], source: &str) -> Draft {
    let mut made = Draft::flag(id, span).arg("wrong", wrong).arg("right", right.first().cloned().unwrap_or_default());
    if !right.is_empty() {
        made.applicability = rule.applicability;
        made.fixes = right.iter().map(|r| r.clone().into()).collect();
    } else {
        made.applicability = Applicability::Flag;
    }
    if rule.series {
        made = made.in_series(rule.code.clone());
    }
    with_source(made, rule, source)
}

fn with_source(made: Draft, rule: &Rule, source: &str) -> Draft {
    match rule.evidence.contains_key("source") && !source.is_empty() {
        true => made.because("source", [("source", source.to_owned())]),
        false => made,
    }
}

fn words_found(id: RuleId, mut places: Vec<(ViewSpan, usize, Line)>, view: &View, rules: &RuleSet) -> Vec<Draft> {
    let rule = rules.get(id);
    let (forms, quoting): (&[Form], bool) = match &rule.kind {
        Kind::Confusion(list) | Kind::Wording(list) => (&list.forms, false),
        Kind::Quoted(list) => (&list.forms, true),
        _ => return Vec::new(),
    };
    places.sort_by_key(|(span, ..)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut done) = (Vec::new(), 0);
    for (span, i, line) in places {
        let Some(form) = forms.get(i).filter(|_| span.end > done) else { continue };
        done = span.end;
        let inside = || (span.start - line.span.start, span.end - line.span.start);
        if quoting && is_quoted(view.get(line.span), inside().0, inside().1)
            || form.is_right_at(view.text(), span.start)
        {
            continue;
        }
        out.push(draft(id, rule, span, &form.wrong, &form.right, &form.source));
    }
    out
}

fn slip(
    id: RuleId,
    i: usize,
    half: Half,
    hit: ViewSpan,
    view: &View,
    rules: &RuleSet,
) -> Option<((ViewSpan, RuleId), Draft)> {
    let rule = rules.get(id);
    let Kind::SetPhrase(list) = &rule.kind else { return None };
    let phrase = list.phrases.get(i)?;
    let place = phrase.slip(view.text(), hit.range(), half)?;
    let span = ViewSpan::new(place.start, place.end);
    let made = draft(id, rule, span, view.get(span), std::slice::from_ref(&phrase.right), &phrase.source);
    Some(((span, id), made))
}

fn titles_found(met: &BTreeMap<RuleId, Vec<(usize, usize)>>, view: &View, rules: &RuleSet, drafts: &mut Vec<Draft>) {
    // Without the day of the issue nobody can say who held an office.
    let Some(day) = met.keys().next().and_then(|_| view.outline().date) else { return };
    for (id, hits) in met {
        let rule = rules.get(*id);
        let Kind::Title(title) = &rule.kind else { continue };
        for clash in title.clashes(view.text(), hits, day) {
            let mut made = Draft::flag(*id, ViewSpan::new(clash.start, clash.end))
                .arg("person", clash.person)
                .arg("office", clash.office)
                .arg("date", day.to_string());
            if let Some(holds) = clash.holds {
                made = made.because("holds", [("person", clash.person.to_owned()), ("office", holds.to_owned())]);
            }
            if let Some(holder) = clash.holder {
                made = made.because("holder", [("person", holder.to_owned()), ("office", clash.office.to_owned())]);
            }
            drafts.push(with_source(made, rule, clash.source));
        }
    }
}

fn orders_found(
    met: &BTreeMap<(RuleId, usize), Vec<(usize, usize)>>,
    view: &View,
    rules: &RuleSet,
    drafts: &mut Vec<Draft>,
) {
    for ((id, sequence), hits) in met {
        let rule = rules.get(*id);
        let Kind::Order(order) = &rule.kind else { continue };
        for found in order.disorders(*sequence, view.text(), hits) {
            let span = ViewSpan::new(found.start, found.end);
            drafts.push(draft(*id, rule, span, view.get(span), &[found.right], &found.source));
        }
    }
}
