//! One judgement call as an editor reads it: what and where, the place in its sentence with the proposal marked in it,
//! why, and what else to look at.

use super::ink::{self, CONTEXT};
use super::words::{self, number};
use super::{Desk, push};
use crate::finding::{Category, Finding, Related, Status};
use crate::review::Call;
use crate::text::{InSource, SourceSpan};

/// Places of a series that are shown unfolded.
const FIRST: usize = 5;
/// Related passages that one finding shows.
const RELATED: usize = 24;

/// Writes a card.
pub fn card(out: &mut String, desk: &Desk, card: &Call) {
    let mut findings = card.findings.iter().filter_map(|i| desk.run.findings.get(*i).map(|f| (*i, f)));
    let Some((n, first)) = findings.next() else { return };
    let rule = desk.rules.get(first.rule);
    push(out, &["<article class=\"card c-", first.category.name(), "\" id=\"", &first.id, "\" aria-labelledby=\"h-"]);
    push(out, &[&first.id, "\" tabindex=-1 data-c=\""]);
    push(out, &[first.category.name(), "\" data-r=\"", &ink::escaped(&rule.code), "\">"]);
    title(out, desk, first, card.findings.len());
    place(out, desk, n, first);
    if card.findings.len() > 1 {
        series(out, desk, first, findings.collect());
    }
    if !card.inside.is_empty() {
        push(out, &["<details class=inside><summary>", &number(desk.s.inside, card.inside.len()), "</summary>"]);
        push(out, &["<p class=note>", desk.s.inside_note, "</p><ul class=places>"]);
        for (i, f) in card.inside.iter().filter_map(|i| desk.run.findings.get(*i).map(|f| (*i, f))) {
            push(out, &["<li id=\"", &f.id, "\" aria-label=\"", &desk.place(f.span), "\">"]);
            badge(out, desk, f);
            push(out, &[" <span class=msg>", &ink::escaped(&desk.message(f)), "</span>"]);
            place(out, desk, i, f);
            out.push_str("</li>");
        }
        out.push_str("</ul></details>");
    }
    out.push_str("</article>\n");
}

fn badge(out: &mut String, desk: &Desk, f: &Finding) {
    let category = words::category(f.category, desk.lang);
    push(out, &["<span class=badge>", category, "</span>"]);
    if f.status == Status::Stale {
        push(out, &["<span class=\"badge stale\">", desk.s.stale, "</span>"]);
    }
}

fn title(out: &mut String, desk: &Desk, f: &Finding, places: usize) {
    let rule = desk.rules.get(f.rule);
    out.push_str("<header>");
    badge(out, desk, f);
    if places > 1 {
        push(out, &["<span class=\"badge many\">", &number(desk.s.series, places), "</span>"]);
    }
    push(
        out,
        &[
            "<h4 id=\"h-",
            &f.id,
            "\">",
            &ink::escaped(&desk.message(f)),
            "</h4><p class=meta><a href=\"#",
            &f.id,
            "\" title=\"",
        ],
    );
    push(
        out,
        &[desk.s.permalink, "\"><code>", &f.id, "</code></a> <span title=\"", &ink::escaped(rule.why.raw(desk.lang))],
    );
    push(out, &["\"><code>", &ink::escaped(&rule.code), "</code> ", &ink::escaped(&rule.name), "</span>"]);
    if let Some(clause) = &rule.clause {
        push(out, &[" <span>", &ink::escaped(&desk.s.clause.replace("{name}", clause)), "</span>"]);
    }
    if let Some(sure) = f.confidence.filter(|c| c.is_finite()) {
        // Nothing that waits for a person is certain.
        let percent = (f64::from(sure.clamp(0.0, 0.99)) * 100.0).round() as usize;
        push(out, &[" <span>", &number(desk.s.confidence, percent), "</span>"]);
    }
    out.push_str("</p></header>");
}

/// The body of one finding: its sentence, its alternatives, its evidence, its other places.
fn place(out: &mut String, desk: &Desk, n: usize, f: &Finding) {
    out.push_str("<p class=q lang=zh>");
    sentence(out, desk, f, CONTEXT);
    push(out, &[" <a class=at href=\"#", &f.id, "\">", &desk.place(f.span), "</a></p>"]);
    if f.fixes.len() > 1 {
        push(out, &["<p class=or><span>", desk.s.alternatives, "</span>"]);
        for fix in f.fixes.iter().skip(1).take(RELATED) {
            out.push_str(" <ins class=alt lang=zh>");
            match fix.is_empty() {
                true => out.push_str(desk.s.delete),
                false => ink::shown(out, ink::head(fix, 200).0),
            }
            out.push_str("</ins>");
        }
        out.push_str("</p>");
    }
    if f.category == Category::Duplicate && !f.related.is_empty() {
        beside(out, desk, f);
    }
    evidence(out, desk, f);
    if f.category != Category::Duplicate && !f.related.is_empty() {
        related(out, desk, n, f);
    }
}

/// Graphemes of a passage to be removed that are struck out in full; its sources are shown beside it anyway.
const STRUCK: usize = 64;

/// The finding in its sentence, the first proposal marked as a correction, or the place marked where there is none. What
/// waits for a person stands in the text as cleaned so far, so that only what is to be decided is in red.
pub fn sentence(out: &mut String, desk: &Desk, f: &Finding, context: usize) {
    let waits = matches!(f.status, Status::Open | Status::Stale);
    let (text, at) = if waits { desk.as_it_stands(f.span) } else { (desk.text(), f.span.range()) };
    let quote = text.get(at.clone()).unwrap_or("");
    ink::before(out, text, at.start, context);
    match f.applied.as_ref().or(f.fixes.first()) {
        Some(new) if new.is_empty() && f.category == Category::Duplicate => ink::ends(out, quote, "del", STRUCK),
        Some(new) => ink::changed(out, quote, new),
        None if quote.is_empty() => out.push_str("<mark class=here>‸</mark>"),
        None => ink::clipped(out, quote, "mark"),
    }
    ink::after(out, text, at.end, context);
}

fn evidence(out: &mut String, desk: &Desk, f: &Finding) {
    let rule = desk.rules.get(f.rule);
    if f.evidence.is_empty() {
        return;
    }
    push(out, &["<ul class=why aria-label=\"", desk.s.evidence, "\">"]);
    for note in &f.evidence {
        let line = match rule.evidence.get(note.key) {
            Some(text) => text.fill(desk.lang, &note.args),
            None => note.args.iter().map(|(_, v)| v.as_str()).collect::<Vec<_>>().join(" "),
        };
        push(out, &["<li>", &ink::escaped(&line), "</li>"]);
    }
    out.push_str("</ul>");
}

/// The other passages: a link where the passage has an entry of its own, and its text in every case.
fn related(out: &mut String, desk: &Desk, n: usize, f: &Finding) {
    push(out, &["<ul class=rel aria-label=\"", desk.s.related, "\">"]);
    for r in f.related.iter().take(RELATED) {
        push(out, &["<li><span class=role>", &ink::escaped(words::role(r.role, desk.lang)), "</span> "]);
        out.push_str("<span class=q lang=zh>");
        let (text, at) = desk.as_it_stands(r.span);
        ink::before(out, text, at.start, 12);
        match at.is_empty() {
            true => out.push_str("<mark class=here>‸</mark>"),
            false => ink::clipped(out, text.get(at.clone()).unwrap_or(""), "mark"),
        }
        ink::after(out, text, at.end, 12);
        push(out, &["</span> <span class=at>", &desk.place(r.span), "</span>"]);
        jump(out, desk, n, r);
        out.push_str("</li>");
    }
    out.push_str("</ul>");
    unlisted(out, desk, f);
}

fn jump(out: &mut String, desk: &Desk, n: usize, r: &Related<InSource>) {
    if let Some(there) = desk.plan.card_at(r.span, n).and_then(|i| desk.run.findings.get(i)) {
        push(out, &[" <a class=jump href=\"#", &there.id, "\">→ ", desk.s.jump, "</a>"]);
    }
}

fn unlisted(out: &mut String, desk: &Desk, f: &Finding) {
    if f.related.len() > RELATED {
        push(out, &["<p class=note>", &number(desk.s.more_related, f.related.len() - RELATED), "</p>"]);
    }
}

/// A copy and each of its sources side by side, their differences marked.
fn beside(out: &mut String, desk: &Desk, f: &Finding) {
    let passage = |span: SourceSpan| {
        let (text, at) = desk.as_it_stands(span);
        text.get(at).unwrap_or("")
    };
    for r in f.related.iter().take(RELATED) {
        let own: SourceSpan = r.part.unwrap_or(f.span);
        let (left, right) = ink::compared(passage(own), passage(r.span));
        push(out, &["<div class=pair><figure><figcaption>", desk.s.copy, " <span class=at>", &desk.place(own)]);
        push(out, &["</span></figcaption><blockquote lang=zh>", &left, "</blockquote></figure><figure><figcaption>"]);
        push(out, &[&ink::escaped(words::role(r.role, desk.lang)), " <span class=at>", &desk.place(r.span), "</span>"]);
        if let Some(alike) = r.similarity.filter(|s| s.is_finite()) {
            let percent = (alike.clamp(0.0, 1.0) * 100.0).round() as usize;
            push(out, &[" <span class=at>", &number(desk.s.alike, percent), "</span>"]);
        }
        jump(out, desk, usize::MAX, r);
        push(out, &["</figcaption><blockquote lang=zh>", &right, "</blockquote></figure></div>"]);
    }
    unlisted(out, desk, f);
}

fn series(out: &mut String, desk: &Desk, first: &Finding, rest: Vec<(usize, &Finding)>) {
    let same = desk.message(first);
    let open = rest.len().min(FIRST - 1);
    let (shown, folded) = rest.split_at(open);
    out.push_str("<ul class=places>");
    one_by_one(out, desk, &same, shown);
    out.push_str("</ul>");
    if !folded.is_empty() {
        push(out, &["<details><summary>", &number(desk.s.more, folded.len()), "</summary><ul class=places>"]);
        one_by_one(out, desk, &same, folded);
        out.push_str("</ul></details>");
    }
}

fn one_by_one(out: &mut String, desk: &Desk, same: &str, places: &[(usize, &Finding)]) {
    for (n, f) in places {
        push(out, &["<li id=\"", &f.id, "\" aria-label=\"", &desk.place(f.span), "\">"]);
        let message = desk.message(f);
        if message != same {
            push(out, &["<span class=msg>", &ink::escaped(&message), "</span>"]);
        }
        place(out, desk, *n, f);
        out.push_str("</li>");
    }
}
