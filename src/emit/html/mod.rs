//! `report.html`: what an editor opens first, a proof sheet with the corrections in red.
//!
//! One file that needs no network and no script; the script only filters, moves and folds. Judgement calls come first,
//! article by article; what was done is folded by rule below them. The page is written as it goes, so a long issue
//! needs no second copy of itself in memory.

mod card;
mod data;
mod ink;
mod lists;
mod plan;
mod say;
pub(super) mod words;

pub use data::{Image, Line, Live, Segment, article, data};
pub use ink::escaped;

use crate::finding::{Category, Finding};
use crate::outline::Article;
use crate::pipeline::Run;
use crate::rule::{Lang, RuleId, RuleSet};
use crate::text::{Ruler, SourceSpan};
use plan::Plan;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;
use words::{Strings, grouped, number, strings};

/// The look of the page.
pub const STYLE: &str = concat!(include_str!("style.css"), include_str!("decide.css"));
/// What moves on the page: filters and links, and deciding.
pub const SCRIPT: &str = concat!(
    include_str!("script.js"),
    include_str!("text.js"),
    include_str!("decide.js"),
    include_str!("series.js"),
    include_str!("done.js")
);

/// The report of one issue: one file that needs no network.
pub fn report(run: &Run, rules: &RuleSet, lang: Lang) -> String {
    let mut out = Vec::new();
    // Writing to memory does not fail, and only whole strings are written.
    let _ = write_report(run, rules, lang, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// Writes [`report`] as it goes.
///
/// # Errors
/// Those of the writer.
pub fn write_report(run: &Run, rules: &RuleSet, lang: Lang, out: &mut impl Write) -> io::Result<()> {
    write_page(run, rules, lang, None, out)
}

/// Writes the page that a server gives: the report whose verdicts are kept at once. Its style and script lie beside it
/// as `/style.css` ([`STYLE`]), `/script.js` ([`SCRIPT`]), `/side.css` and `/side.js`.
///
/// # Errors
/// Those of the writer.
pub fn write_live(run: &Run, rules: &RuleSet, lang: Lang, live: &Live, out: &mut impl Write) -> io::Result<()> {
    write_page(run, rules, lang, Some(live), out)
}

fn write_page(run: &Run, rules: &RuleSet, lang: Lang, live: Option<&Live>, out: &mut impl Write) -> io::Result<()> {
    let plan = Plan::new(run);
    let desk = Desk { run, rules, lang, s: strings(lang), plan: &plan, ruler: Ruler::new(&run.source().text), live };
    head(out, &desk)?;
    masthead(out, &desk)?;
    filters(out, &desk)?;
    judgement_calls(out, &desk)?;
    done(out, &desk)?;
    foot(out, &desk)
}

/// What every part of the page needs at hand.
struct Desk<'r> {
    run: &'r Run<'r>,
    rules: &'r RuleSet,
    lang: Lang,
    s: &'static Strings,
    plan: &'r Plan,
    ruler: Ruler<'r>,
    /// What a server knows besides; nothing for a file.
    live: Option<&'r Live<'r>>,
}

impl Desk<'_> {
    fn text(&self) -> &str {
        &self.run.source().text
    }

    /// A text that holds a source span, and where: the cleaned text where the span has a place of its own in it, else the
    /// source.
    fn as_it_stands(&self, span: SourceSpan) -> (&str, Range<usize>) {
        let view = self.run.document.view();
        match view.map().to_source(view.map().span_to_view(span)) {
            (back, wide) if back == span => (view.text(), wide.range()),
            _ => (self.text(), span.range()),
        }
    }

    fn message(&self, f: &Finding) -> String {
        self.rules.get(f.rule).message.fill(self.lang, &f.args)
    }

    /// File or page where there are several, line and column in the file, in words; escaped.
    fn place(&self, span: SourceSpan) -> String {
        ink::escaped(&self.plain_place(span))
    }

    /// [`Desk::place`] as it is, not escaped.
    fn plain_place(&self, span: SourceSpan) -> String {
        let (file, line, column) = self.line_column(span);
        let place = self.s.place.replace("{line}", &line.to_string()).replace("{column}", &column.to_string());
        format!("{file}{place}")
    }

    /// The same as `12:3`.
    fn short_place(&self, span: SourceSpan) -> String {
        let (file, line, column) = self.line_column(span);
        ink::escaped(&format!("{file}{line}:{column}"))
    }

    fn line_column(&self, span: SourceSpan) -> (String, usize, usize) {
        let source = self.run.source();
        let place = self.ruler.place(span.start);
        let Some(file) = source.file_at(span.start).filter(|_| source.files.len() > 1) else {
            return (String::new(), place.line, place.column);
        };
        let first = self.ruler.place(file.span.start).line;
        // A page that is a plain number reads as one; any other name is the file's.
        let number = file.page.as_deref().map(|p| p.trim_start_matches('0'));
        let number = number.filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
        let name = number.map_or_else(|| file.name.clone(), |p| self.s.page.replace("{name}", p));
        (format!("{name} "), (place.line + 1).saturating_sub(first), place.column)
    }

    /// The article's headline, or that it has none; escaped.
    fn headline(&self, article: Option<&Article>) -> String {
        let view = self.run.document.view();
        let outline = self.run.outline();
        let span = article.and_then(|a| {
            let parts = [a.headline.kicker, a.headline.main, a.headline.sub];
            let first = outline.blocks_of(a).iter().find(|b| b.kind == crate::outline::BlockKind::Headline);
            let hull = parts.into_iter().flatten().reduce(crate::text::Span::hull);
            a.headline.main.or(hull).or(first.map(|b| b.text))
        });
        match span.map(|s| view.get(s).trim()).filter(|t| !t.is_empty()) {
            Some(text) => ink::escaped(ink::head(text, 120).0),
            None => self.s.untitled.to_owned(),
        }
    }
}

/// Appends pieces of markup; every piece that is data has been escaped by its caller.
fn push(out: &mut String, pieces: &[&str]) {
    for piece in pieces {
        out.push_str(piece);
    }
}

fn head(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let (s, id) = (desk.s, ink::escaped(&desk.run.source().id));
    write!(out, "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n", s.lang)?;
    if desk.live.is_none() {
        writeln!(
            out,
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{style}'; \
             script-src '{script}'; base-uri 'none'; form-action 'none'\">",
            style = hash(STYLE),
            script = hash(SCRIPT),
        )?;
    }
    writeln!(
        out,
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{id} · {title}</title>",
        title = s.title,
    )?;
    match desk.live {
        None => writeln!(out, "<style>{STYLE}</style>")?,
        // A server gives style and script as files of their own; its answer names what the page may load.
        Some(_) => {
            writeln!(out, "<link rel=stylesheet href=\"/style.css\">\n<link rel=stylesheet href=\"/side.css\">")?;
            writeln!(out, "<script src=\"/script.js\" defer></script>\n<script src=\"/side.js\" defer></script>")?;
        }
    }
    write!(out, "</head>\n<body>\n<a class=skip href=\"#to-decide\">{}</a>\n", s.skip)
}

/// The hash by which a Content-Security-Policy (level 2, section 7.15) lets one inline element through.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::from("sha256-");
    for three in digest.chunks(3) {
        let at = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let digit = (bits >> (18 - 6 * i) & 63) as usize;
            out.push(if i <= three.len() { DIGITS[digit] as char } else { '=' });
        }
    }
    out
}

fn masthead(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let (s, run) = (desk.s, desk.run);
    let source = run.source();
    let outline = run.outline();
    let applied: usize = desk.plan.applied.iter().map(|(_, places)| places.len()).sum();
    let paper = outline.newspaper.map(|span| ink::escaped(ink::head(run.document.view().get(span), 60).0));
    // An issue named after its date need not say it twice.
    let date = outline.date.map(|d| d.to_string()).filter(|d| *d != source.id);
    let line: Vec<&str> = [paper.as_deref(), date.as_deref()].into_iter().flatten().collect();
    writeln!(out, "<header class=masthead>\n<p class=kicker>{}</p>\n<h1>{}</h1>", s.title, ink::escaped(&source.id))?;
    if !line.is_empty() {
        writeln!(out, "<p class=dateline>{}</p>", line.join(" · "))?;
    }
    let characters = desk.ruler.place(source.text.len()).scalar;
    let (calls, open) = (desk.plan.calls(), desk.plan.open());
    let note = if open == calls { String::new() } else { format!("<small>{}</small>", number(s.records, open)) };
    let files = match source.files.len() {
        0 | 1 => String::new(),
        n => format!("<li><b>{}</b> {}</li>", grouped(n), number(s.files, n)),
    };
    writeln!(
        out,
        "<ul class=counts><li class=red><a href=\"#to-decide\"><b>{}</b> {}</a>{note}</li>\
         <li><a href=\"#applied\"><b>{}</b> {}</a></li><li><b>{}</b> {}</li>{files}</ul>",
        grouped(calls),
        s.to_decide,
        grouped(applied),
        s.applied,
        grouped(characters),
        number(s.characters, characters),
    )?;
    writeln!(out, "</header>")
}

/// The chips; hidden until the script that serves them runs.
fn filters(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let s = desk.s;
    let mut categories: BTreeMap<Category, usize> = BTreeMap::new();
    let mut rules: BTreeMap<RuleId, usize> = BTreeMap::new();
    for f in desk.plan.leaders(desk.run) {
        *categories.entry(f.category).or_default() += 1;
        *rules.entry(f.rule).or_default() += 1;
    }
    if categories.is_empty() {
        return Ok(());
    }
    let mut html = String::new();
    push(&mut html, &["<form id=filters class=filters role=search aria-label=\"", s.filter, "\" hidden>\n"]);
    push(
        &mut html,
        &["<input id=find type=search autocomplete=off placeholder=\"", s.search, "\" aria-label=\"", s.search],
    );
    push(&mut html, &["\"><fieldset><legend class=vh>", s.filter_by_category, "</legend>"]);
    for (category, n) in words::ORDER.iter().filter_map(|c| Some((c, categories.get(c)?))) {
        let name = words::category(*category, desk.lang);
        chip(&mut html, "c", category.name(), name, *n);
    }
    push(&mut html, &["</fieldset><details><summary>", s.filter_by_rule, "</summary><fieldset><legend class=vh>"]);
    push(&mut html, &[s.filter_by_rule, "</legend>"]);
    for (id, n) in &rules {
        let rule = desk.rules.get(*id);
        let code = ink::escaped(&rule.code);
        chip(&mut html, "r", &code, &format!("{code} {}", ink::escaped(&rule.name)), *n);
    }
    push(&mut html, &["</fieldset></details><button type=reset>", s.all, "</button> <output id=count data-line=\""]);
    push(&mut html, &[&s.shown_now.replace(['[', ']'], ""), "\" aria-live=polite></output>"]);
    push(
        &mut html,
        &["<button type=button id=keys aria-expanded=false aria-controls=help>", s.keys, " <kbd>?</kbd></button>"],
    );
    html.push_str("</form>\n");
    push(&mut html, &["<aside id=help class=help aria-label=\"", s.keys, "\" hidden><dl>"]);
    let keys = [("j", s.key_next), ("k", s.key_previous), ("/", s.key_filter), ("?", s.key_help), ("Esc", s.key_close)];
    for (key, what) in keys {
        push(&mut html, &["<div><dt><kbd>", key, "</kbd></dt><dd>", what, "</dd></div>"]);
    }
    html.push_str("</dl></aside>\n");
    out.write_all(html.as_bytes())
}

fn chip(html: &mut String, name: &str, value: &str, label: &str, n: usize) {
    push(html, &["<label class=chip><input type=checkbox name=", name, " value=\"", value, "\">", label, " <b>"]);
    push(html, &[&n.to_string(), "</b></label>"]);
}

/// What to take first: the categories that are there, each with a link to its first card.
fn order(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let mut first: BTreeMap<Category, (&str, usize)> = BTreeMap::new();
    for f in desk.plan.leaders(desk.run) {
        first.entry(f.category).or_insert((&f.id, 0)).1 += 1;
    }
    let there = words::ORDER.iter().filter_map(|c| Some((c, first.get(c)?)));
    let links: Vec<String> = there
        .map(|(c, (id, n))| format!("<a href=\"#{id}\">{} {}</a>", words::category(*c, desk.lang), grouped(*n)))
        .collect();
    if links.len() > 1 {
        writeln!(out, "<p class=order>{}{}</p>", desk.s.order, links.join("<i class=cut> → </i>"))?;
    }
    Ok(())
}

/// Cards from which on the browser is asked to lay out only those in sight.
const MANY: usize = 80;
/// Cards that it lays out together: each pack by itself costs something at every step, in sight or not.
const PACK: usize = 24;

fn judgement_calls(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let s = desk.s;
    let class = if desk.plan.calls() > MANY { " class=many-cards" } else { "" };
    write!(out, "<main>\n<section id=to-decide{class} aria-labelledby=h-decide>\n")?;
    writeln!(out, "<h2 id=h-decide>{}</h2>", s.to_decide)?;
    if desk.plan.sections.is_empty() {
        writeln!(out, "<p class=note>{}</p>", s.nothing_open)?;
    } else {
        writeln!(out, "<p class=note>{}</p>", s.to_decide_note)?;
        order(out, desk)?;
        writeln!(out, "<p id=none class=note hidden>{}</p>", s.none_left)?;
    }
    let articles = &desk.run.outline().articles;
    for section in &desk.plan.sections {
        let headline = desk.headline(articles.get(section.article));
        writeln!(out, "<section class=story>\n<h3 lang=zh>{headline}</h3>")?;
        let mut html = String::new();
        for pack in section.cards.chunks(PACK) {
            out.write_all(b"<div class=pack>\n")?;
            for card in pack {
                card::card(&mut html, desk, card);
                out.write_all(html.as_bytes())?;
                html.clear();
            }
            out.write_all(b"</div>\n")?;
        }
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</section>")
}

fn done(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    let s = desk.s;
    writeln!(out, "<section id=applied aria-labelledby=h-applied>\n<h2 id=h-applied>{}</h2>", s.applied)?;
    writeln!(out, "<p class=note>{}</p>", s.applied_note)?;
    for (rule, places) in &desk.plan.applied {
        lists::applied(out, desk, *rule, places)?;
    }
    writeln!(out, "</section>")?;
    let furniture = desk.run.outline().blocks.iter().any(|b| b.kind == crate::outline::BlockKind::Furniture);
    if !desk.plan.settled.is_empty() || furniture {
        writeln!(out, "<section id=settled aria-labelledby=h-settled>\n<h2 id=h-settled>{}</h2>", s.decided)?;
        for (status, places) in &desk.plan.settled {
            lists::settled(out, desk, *status, places)?;
        }
        lists::furniture(out, desk)?;
        writeln!(out, "</section>")?;
    }
    Ok(())
}

fn foot(out: &mut impl Write, desk: &Desk) -> io::Result<()> {
    writeln!(out, "</main>\n<footer>\n<h2>{}</h2>\n<ul>", desk.s.reading)?;
    for line in desk.s.how {
        writeln!(out, "<li>{line}</li>")?;
    }
    writeln!(out, "</ul>\n<p class=note>kanwu {}</p>\n</footer>", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "<script type=\"application/json\" id=desk>{}</script>", data::block(desk))?;
    if desk.live.is_none() {
        writeln!(out, "<script>{SCRIPT}</script>")?;
    }
    out.write_all(b"</body>\n</html>\n")
}
