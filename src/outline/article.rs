//! Articles: where each begins, who wrote it, and which continues another from an earlier page.

use super::headline::{self, Slogans};
use super::line::turn_page;
use super::marks::{is_close_round, is_open_round};
use super::{Article, Block, BlockKind, PartKind};
use crate::document::View;
use crate::text::{ViewSpan, folded};
use jiff::civil::Date;
use std::collections::HashSet;

/// The date that an issue's id begins with or holds: `2019-10-23`, `20191023`, `2019.10.23-01`.
pub(super) fn date_of_id(id: &str) -> Option<Date> {
    let digits: Vec<char> = id.chars().filter(|c| !matches!(c, '-' | '.' | '_' | '/')).collect();
    let start = digits.windows(8).position(|w| w.iter().all(char::is_ascii_digit))?;
    let number = |from: usize, to: usize| digits.get(start + from..start + to)?.iter().collect::<String>().parse().ok();
    let (year, month, day): (i16, i16, i16) = (number(0, 4)?, number(4, 6)?, number(6, 8)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1800..2200).contains(&year).then_some(date)
}

/// A heading without a number between a headline and its byline is the headline's sub.
pub(super) fn mark_subs(blocks: &mut [Block]) {
    for at in 1..blocks.len().saturating_sub(1) {
        let (Some(before), Some(block), Some(after)) = (blocks.get(at - 1), blocks.get(at), blocks.get(at + 1)) else {
            return;
        };
        let between = before.kind == BlockKind::Headline && after.kind == BlockKind::Byline;
        if between
            && block.kind == BlockKind::Heading
            && block.serial.is_none()
            && let Some(block) = blocks.get_mut(at)
        {
            block.kind = BlockKind::Headline;
        }
    }
}

/// Divides the blocks into articles.
pub(super) fn divide(view: &View, blocks: &[Block], names: &[Vec<ViewSpan>]) -> Vec<Article> {
    let starts = starts(blocks);
    let groups: Vec<std::ops::Range<usize>> =
        starts.iter().enumerate().map(|(i, s)| *s..starts.get(i + 1).copied().unwrap_or(blocks.len())).collect();
    let lines = |range: &std::ops::Range<usize>| headline_lines(blocks.get(range.clone()).unwrap_or(&[]));
    let slogans = Slogans::of(groups.iter().filter_map(|g| lines(g).first().map(|s| view.get(*s))));
    let mut articles: Vec<Article> = groups
        .into_iter()
        .map(|range| {
            let mut article =
                Article { headline: headline::parts(view, &lines(&range), &slogans), ..Article::default() };
            for at in range.clone() {
                sign(view, &mut article, blocks.get(at), names.get(at));
            }
            article.blocks = range;
            article
        })
        .collect();
    link(view, blocks, &mut articles);
    articles
}

/// The blocks at which articles begin: every first line of a headline, and the start of the text. Furniture and
/// pictures above the first headline belong to its article.
fn starts(blocks: &[Block]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut body = true;
    for (at, block) in blocks.iter().enumerate() {
        let opens = block.kind == BlockKind::Headline;
        if opens && body {
            out.push(at);
        }
        body = !opens;
    }
    let bare = |b: &Block| matches!(b.kind, BlockKind::Furniture | BlockKind::Image);
    match out.first_mut() {
        Some(first) if blocks.iter().take(*first).all(bare) => *first = 0,
        Some(_) => out.insert(0, 0),
        None if blocks.is_empty() => {}
        None => out.push(0),
    }
    out
}

fn headline_lines(blocks: &[Block]) -> Vec<ViewSpan> {
    let from = blocks.iter().skip_while(|b| b.kind != BlockKind::Headline);
    from.take_while(|b| b.kind == BlockKind::Headline).map(|b| b.text).collect()
}

/// Takes the names and the dateline of a block into the article; a name counts once.
fn sign(view: &View, article: &mut Article, block: Option<&Block>, names: Option<&Vec<ViewSpan>>) {
    let (Some(block), Some(names)) = (block, names) else { return };
    let dateline = block.parts.iter().find(|(part, _)| *part == PartKind::Dateline);
    let first = article.dateline.is_none();
    if let Some((_, span)) = dateline {
        article.dateline = article.dateline.or(Some(*span));
    }
    // A second dateline opens another item under the same headline; its reporters sign that item.
    if block.kind == BlockKind::Byline || dateline.is_some() && first {
        for name in names {
            if article.byline.len() < 64 && !article.byline.iter().any(|n| view.get(*n) == view.get(*name)) {
                article.byline.push(*name);
            }
        }
    }
}

/// Links the parts of an article that turns to another page: the part that says 上接第×版 continues the earlier part
/// that says 下转, the one whose headline is most alike where there are several.
fn link(view: &View, blocks: &[Block], articles: &mut [Article]) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..articles.len() {
        let (mut leaves, mut comes) = (false, false);
        for (part, span) in
            articles.get(at).and_then(|a| blocks.get(a.blocks.clone())).unwrap_or(&[]).iter().flat_map(|b| &b.parts)
        {
            let inner = view.get(*span).trim_matches(|c| is_open_round(c) || is_close_round(c));
            match turn_page(inner).filter(|_| *part == PartKind::Turn) {
                Some((true, _)) => comes = true,
                Some((false, _)) => leaves = true,
                None => {}
            }
        }
        if comes && let Some(index) = most_alike(view, articles, at, &open) {
            let from = open.remove(index);
            if let Some(article) = articles.get_mut(at) {
                article.continues = Some(from);
            }
        }
        if leaves && open.len() < OPEN_TURNS {
            open.push(at);
        }
    }
}

/// Most turns that wait for their other part: a page has a handful.
const OPEN_TURNS: usize = 32;

/// Headlines of two parts of one article are at least this alike (Dice's coefficient of character pairs).
const ALIKE: f64 = 0.3;

/// The number in `open` of the article whose headline is most like that of article `at`; the only one there is where
/// the headlines do not speak against it because one of them is missing.
fn most_alike(view: &View, articles: &[Article], at: usize, open: &[usize]) -> Option<usize> {
    let headline = |i: usize| articles.get(i).and_then(|a| a.headline.main).map_or("", |s| view.get(s));
    let here = headline(at);
    if let [only] = open
        && (here.is_empty() || headline(*only).is_empty())
    {
        return Some(0);
    }
    let scored = open.iter().enumerate().map(|(i, a)| (i, dice(here, headline(*a))));
    scored.filter(|(_, s)| *s >= ALIKE).max_by(|(i, a), (j, b)| a.total_cmp(b).then(j.cmp(i))).map(|(i, _)| i)
}

fn dice(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> HashSet<(char, char)> {
        let chars: Vec<char> = folded(text).take(200).collect();
        chars.iter().copied().zip(chars.iter().copied().skip(1)).collect()
    };
    let (a, b) = (pairs(a), pairs(b));
    let both = a.intersection(&b).count() as f64;
    if a.is_empty() || b.is_empty() { 0.0 } else { 2.0 * both / (a.len() + b.len()) as f64 }
}
