//! What is done: the applied changes folded by rule, what a person has settled, and the page furniture.

use super::card::sentence;
use super::ink;
use super::words::{self, number};
use super::{Desk, push};
use crate::finding::{Finding, Status};
use crate::outline::BlockKind;
use crate::rule::RuleId;
use std::io::{self, Write};

/// Places of a rule that are shown in their sentence; the rest are short rows.
const FULL: usize = 200;
/// Rows of one list, so that the browser lays out only the lists in sight.
const CHUNK: usize = 100;
/// Graphemes around a change in these lists.
const NEAR: usize = 14;

/// The applied changes of one rule.
pub fn applied(out: &mut impl Write, desk: &Desk, rule: RuleId, places: &[usize]) -> io::Result<()> {
    let r = desk.rules.get(rule);
    let fixed = r.message.is_fixed();
    let name = without_slots(r.message.raw(desk.lang));
    let mut head = String::new();
    push(
        &mut head,
        &["<details class=rule data-c=\"", r.category.name(), "\" data-r=\"", &ink::escaped(&r.code), "\">"],
    );
    push(
        &mut head,
        &["<summary><span class=badge>", words::category(r.category, desk.lang), "</span> <span class=name>"],
    );
    push(&mut head, &[&ink::escaped(&name), "</span> <code>", &ink::escaped(&r.code), "</code> <span class=n>"]);
    push(&mut head, &[&number(desk.s.count, places.len()), "</span></summary>"]);
    push(&mut head, &["<p class=note>", &ink::escaped(r.why.raw(desk.lang))]);
    if let Some(clause) = &r.clause {
        push(&mut head, &[" ", &ink::escaped(&desk.s.clause.replace("{name}", clause))]);
    }
    head.push_str("</p>");
    out.write_all(head.as_bytes())?;
    rows(out, desk, places, !fixed)?;
    out.write_all(b"</details>\n")
}

/// What a rule says of all its places: its message, with an ellipsis for what each place fills in.
fn without_slots(message: &str) -> String {
    let mut out = String::new();
    let mut rest = message;
    while let Some((before, (_, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        out.push_str(before);
        out.push('…');
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Accepted, rejected or superseded findings.
pub fn settled(out: &mut impl Write, desk: &Desk, status: Status, places: &[usize]) -> io::Result<()> {
    let mut head = String::new();
    push(&mut head, &["<details class=rule><summary><span class=name>", words::status(status, desk.s), "</span> "]);
    push(&mut head, &["<span class=n>", &number(desk.s.count, places.len()), "</span></summary>"]);
    out.write_all(head.as_bytes())?;
    rows(out, desk, places, true)?;
    out.write_all(b"</details>\n")
}

fn rows(out: &mut impl Write, desk: &Desk, places: &[usize], messages: bool) -> io::Result<()> {
    let (full, short) = places.split_at(places.len().min(FULL));
    for chunk in full.chunks(CHUNK) {
        list(out, desk, chunk, "rows", |out, f| row(out, desk, f, messages))?;
    }
    if !short.is_empty() {
        let line = number(desk.s.rest, short.len());
        writeln!(out, "<p class=note>{line}</p>")?;
    }
    for chunk in short.chunks(CHUNK) {
        list(out, desk, chunk, "rows short", |out, f| {
            push(out, &["<li id=", &f.id, "><a href=\"#", &f.id, "\">", &desk.short_place(f.span), "</a> "]);
            let new = f.applied.as_ref().or(f.fixes.first()).map_or("", |t| t.as_ref());
            ink::changed(out, f.span.of(desk.text()), new);
        })?;
    }
    Ok(())
}

fn list(
    out: &mut impl Write,
    desk: &Desk,
    chunk: &[usize],
    class: &str,
    mut one: impl FnMut(&mut String, &Finding),
) -> io::Result<()> {
    let mut html = format!("<ul class=\"{class}\" lang=zh>");
    for f in chunk.iter().filter_map(|i| desk.run.findings.get(*i)) {
        one(&mut html, f);
    }
    html.push_str("</ul>\n");
    out.write_all(html.as_bytes())
}

fn row(out: &mut String, desk: &Desk, f: &Finding, message: bool) {
    push(out, &["<li id=", &f.id, "><a class=at href=\"#", &f.id, "\">", &desk.short_place(f.span), "</a> "]);
    if message {
        push(out, &["<span class=msg lang=\"", desk.s.lang, "\">", &ink::escaped(&desk.message(f)), "</span> "]);
    }
    out.push_str("<span class=q>");
    sentence(out, desk, f, NEAR);
    out.push_str("</span>");
    if let Some(by) = &f.decided_by {
        push(out, &[" <span class=note>", &ink::escaped(&desk.s.by.replace("{name}", by))]);
        if !f.also_decided_by.is_empty() {
            let others = f.also_decided_by.join(desk.s.and);
            push(out, &[&ink::escaped(&desk.s.also_by.replace("{name}", &others))]);
        }
        out.push_str("</span>");
    }
    out.push_str("</li>");
}

/// The lines of the page that stand in the clean text though they belong to no article.
pub fn furniture(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let view = desk.run.document.view();
    let lines: Vec<_> = desk.run.outline().blocks.iter().filter(|b| b.kind == BlockKind::Furniture).collect();
    if lines.is_empty() {
        return Ok(());
    }
    let mut html = String::new();
    push(&mut html, &["<details class=rule><summary><span class=name>", desk.s.furniture, "</span> <span class=n>"]);
    push(&mut html, &[&number(desk.s.count, lines.len()), "</span></summary><p class=note>", desk.s.furniture_note]);
    html.push_str("</p><ul class=rows lang=zh>");
    for block in lines {
        let (span, _) = view.map().to_source(block.text);
        push(&mut html, &["<li><span class=at>", &desk.short_place(span), "</span> <span class=q>"]);
        ink::plain(&mut html, ink::head(view.get(block.text), 200).0);
        html.push_str("</span></li>");
    }
    html.push_str("</ul></details>\n");
    out.write_all(html.as_bytes())
}
