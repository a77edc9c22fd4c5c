//! The same text in another issue, as one more reading of a page.
//!
//! A speech, a notice, a story in instalments is printed again, and the second printing was read by itself: where one of the
//! two was misread, the other one most likely was not. The passages of an issue that stand in another issue of the
//! archive are looked for by their seeds, extended as far as the texts go together, and handed to collation as
//! [`Witness`]es that speak of these passages and of nothing else.

use super::{Archive, Seed, key};
use crate::error::Result;
use crate::reuse::{self, ALIKE, Folded, Match, SEED, winnowed};
use crate::source::{PAGE_BREAK, Source, Witness};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;

/// A passage has at least so many folded characters: two lines of a column and more.
const PASSAGE: usize = 60;
/// At most so many issues give readings of one page.
const ISSUES: usize = 4;
/// The texts of at most so many issues are looked at for one page.
const LOOKED_AT: usize = 8;
/// One seed in so many is asked for: a passage of sixty characters has some twenty-four.
const EVERY: u64 = 3;
/// An issue is looked at when so many of a page's seeds stand in it.
const SEEDS: usize = 2;
/// What stands in more issues than this is a notice that every issue carries.
const STANDING: u32 = 16;
/// An issue in which so many of the seeds stand, and that is not longer by more than [`LONGER`], is this one under another
/// name and no second witness.
const SAME: f64 = 0.8;
const LONGER: f64 = 1.25;

/// Places of seeds in another issue: where they begin in the source, and where there, in folded characters.
type Links = Vec<(usize, usize)>;

/// A passage of a page and where it stands in another issue.
struct Printing {
    issue: usize,
    hit: Match,
}

/// Readings of passages of an issue from other issues of the archive, in the order of the pages, the best first; at most
/// four for a page. The issue itself, as far as the archive has it under its id, is left out.
///
/// # Errors
/// The archive cannot be read or is damaged.
pub fn reprints(archive: &Archive, source: &Source) -> Result<Vec<Witness>> {
    let folded = Folded::new(&source.text);
    let links = links(archive, &source.text, &folded, archive.number(&source.id))?;
    let mut texts: BTreeMap<usize, (String, Vec<char>)> = BTreeMap::new();
    let mut out = Vec::new();
    for (of, file) in source.files.iter().enumerate() {
        let page = folded.number(file.span.start)..folded.number(file.span.end);
        let mut found = Vec::new();
        for issue in candidates(&links, &page) {
            let (_, other) = match texts.entry(issue) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let text = archive.text(issue)?;
                    let chars = Folded::new(&text).into_chars();
                    new.insert((text, chars))
                }
            };
            let own = links.get(&issue).map(Vec::as_slice).unwrap_or_default();
            let hits = matches(own, other, folded.chars(), &page);
            found.extend(hits.into_iter().map(|hit| Printing { issue, hit }));
        }
        for (issue, hits) in best(found) {
            let text = texts.get(&issue).map_or("", |(text, _)| text);
            out.extend(archive.issues().get(issue).map(|known| witness(&known.id, of, text, &hits)));
        }
    }
    Ok(out)
}

/// Where seeds of a text stand in other issues, by issue.
fn links(archive: &Archive, text: &str, folded: &Folded, own: Option<usize>) -> Result<BTreeMap<usize, Links>> {
    let mut seeds: Vec<(u64, usize)> = winnowed(folded.chars())
        .filter(|(_, hash)| key(*hash).is_multiple_of(EVERY))
        .map(|(at, hash)| (key(hash), at))
        .collect();
    seeds.sort_unstable();
    let mut keys: Vec<u64> = seeds.iter().map(|(key, _)| *key).collect();
    keys.dedup();
    let mut counts = vec![0; keys.len()];
    archive.frequency(&keys, |at, count| counts.iter_mut().skip(at).take(1).for_each(|c| *c = count))?;
    let mut rare = counts.into_iter().map(|count| (1..=STANDING).contains(&count));
    keys.retain(|_| rare.next().unwrap_or(false));
    let mut out: BTreeMap<usize, Links> = BTreeMap::new();
    archive.places(&keys, |n, Seed { issue, at, .. }| {
        let Some(key) = keys.get(n).filter(|_| Some(issue as usize) != own) else { return };
        let from = seeds.partition_point(|(other, _)| other < key);
        // What a text repeats without end is no passage to be read elsewhere.
        let same = seeds.iter().skip(from).take_while(|(other, _)| other == key).take(reuse::Seeds::PLACES);
        out.entry(issue as usize).or_default().extend(same.map(|(_, here)| (*here, at as usize)));
    })?;
    let characters = text.chars().count() as f64;
    out.retain(|issue, links| {
        links.sort_unstable();
        let shared = links.chunk_by(|a, b| a.0 == b.0).count() as f64;
        let length = archive.issues().get(*issue).map_or(0, |other| other.characters) as f64;
        shared < SAME * seeds.len() as f64 || length > LONGER * characters
    });
    Ok(out)
}

/// The issues that share most seeds with a page.
fn candidates(links: &BTreeMap<usize, Links>, page: &Range<usize>) -> Vec<usize> {
    let mut counted: Vec<(usize, usize)> =
        links.iter().map(|(issue, links)| (inside(links, page).len(), *issue)).filter(|(n, _)| *n >= SEEDS).collect();
    counted.sort_unstable_by_key(|(count, issue)| (std::cmp::Reverse(*count), *issue));
    counted.into_iter().take(LOOKED_AT).map(|(_, issue)| issue).collect()
}

/// The links of a page.
fn inside<'l>(links: &'l [(usize, usize)], page: &Range<usize>) -> &'l [(usize, usize)] {
    let end = |at: usize| links.partition_point(|(here, _)| *here < at);
    links.get(end(page.start)..end(page.end)).unwrap_or(&[])
}

/// The passages of a page that stand in another text.
fn matches(links: &[(usize, usize)], other: &[char], own: &[char], page: &Range<usize>) -> Vec<Match> {
    let mut found: Vec<Match> = Vec::new();
    for (here, there) in inside(links, page) {
        let same = own.get(*here..here + SEED).zip(other.get(*there..there + SEED)).is_some_and(|(a, b)| a == b);
        // Two different seeds may share what the archive keeps of their hashes.
        if same && !reuse::explained(&found, *here, *there) {
            found.push(reuse::extend(other, own, *there, *here, SEED, false));
        }
    }
    let long = |hit: &Match| hit.copy.len() >= PASSAGE && hit.similarity() >= ALIKE;
    found.iter().filter_map(|hit| hit.clip(page)).filter(long).collect()
}

/// Of all printings the best of each passage, by issue; the issues that tell most come first.
fn best(mut found: Vec<Printing>) -> Vec<(usize, Vec<Match>)> {
    found.sort_by_key(|p| (std::cmp::Reverse(p.hit.equal), p.issue, p.hit.copy.start, p.hit.original.start));
    let mut taken: Vec<Range<usize>> = Vec::new();
    let mut chosen: Vec<(usize, Vec<Match>)> = Vec::new();
    for Printing { issue, hit } in found {
        let shared: usize =
            taken.iter().map(|t| t.end.min(hit.copy.end).saturating_sub(t.start.max(hit.copy.start))).sum();
        if 2 * shared > hit.copy.len() {
            continue;
        }
        match chosen.iter().position(|(known, _)| *known == issue) {
            Some(n) => chosen.iter_mut().skip(n).take(1).for_each(|(_, hits)| hits.push(hit.clone())),
            None if chosen.len() < ISSUES => chosen.push((issue, vec![hit.clone()])),
            None => continue,
        }
        taken.push(hit.copy);
    }
    chosen
}

/// Some passages of another issue as a reading of a page, in the order of that issue.
fn witness(id: &str, of: usize, text: &str, hits: &[Match]) -> Witness {
    let folded = Folded::new(text);
    let places = reuse::union(hits.iter().map(|hit| hit.original.clone()), 0);
    let passages: Vec<&str> = places.iter().map(|place| folded.span(place.start, place.end).of(text)).collect();
    Witness { name: id.to_owned(), of, reprint: true, reading: Source::from_text(id, id, passages.join(PAGE_BREAK)) }
}
