//! Links: which seed of an issue stands in an earlier one, and in how many places at all.

use crate::archive::Seed;
use crate::error::Result;
use crate::reuse::STANDING;

/// A seed that stands elsewhere as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The issue of the copy.
    pub copy: u32,
    /// The issue of the original; the same as `copy` where the link only says how often the seed stands anywhere.
    pub original: u32,
    /// Where the seed stands in the copy, in folded characters.
    pub copy_at: u32,
    /// Where it stands in the original.
    pub original_at: u32,
    /// In how many places it stands.
    pub places: u32,
}

/// Of the printings before, so many of the earliest are looked at: a passage's source is its earliest printing.
const EARLIEST: usize = 2;
/// And so many of the latest, because the earliest ones may have the seed in another passage.
const LATEST: usize = 2;

/// Reads seeds by their hash and hands on the links, in the order of the hashes. A seed with very many places costs a link
/// for each of them and no more.
pub fn each(seeds: impl Iterator<Item = Result<Seed>>, mut put: impl FnMut(Link) -> Result<()>) -> Result<()> {
    let mut group: Vec<Seed> = Vec::new();
    for seed in seeds {
        let seed = seed?;
        if group.first().is_some_and(|first| first.hash != seed.hash) {
            of_group(&group, &mut put)?;
            group.clear();
        }
        group.push(seed);
    }
    of_group(&group, &mut put)
}

fn of_group(group: &[Seed], put: &mut impl FnMut(Link) -> Result<()>) -> Result<()> {
    if group.len() < 2 {
        return Ok(());
    }
    let places = u32::try_from(group.len()).unwrap_or(u32::MAX);
    // The first place of the seed's issue in the group.
    let mut own = 0;
    for (n, seed) in group.iter().enumerate() {
        if group.get(own).is_some_and(|first| first.issue != seed.issue) {
            own = n;
        }
        let mut link = |original: &Seed| {
            let (original, original_at) = (original.issue, original.at);
            put(Link { copy: seed.issue, original, copy_at: seed.at, original_at, places })
        };
        // What stands in so many places is no copy of any of them; that it does is all there is to know.
        let standing = places > STANDING;
        if own == 0 || standing {
            link(seed)?;
        }
        if standing {
            continue;
        }
        let early = EARLIEST.min(own);
        let late = own.saturating_sub(LATEST).max(early);
        let originals = group.get(..early).unwrap_or(&[]).iter().chain(group.get(late..own).unwrap_or(&[]));
        originals.into_iter().try_for_each(&mut link)?;
    }
    Ok(())
}

/// Most links to either side of one that may support it, and how near they must be: on nearly the same diagonal, and not
/// far along it.
const BESIDE: usize = 12;
const ASIDE: i64 = 4;
const ALONG: u32 = 48;
/// A seed that stands in so few places needs no support.
const RARE: u32 = 2;

/// A seed that stands in no more places than this makes a passage of two seeds worth looking at; one that stands in more
/// asks for so many characters between the first and the last seed that support each other. The judge asks for as much.
const FEW: u32 = 8;
const SPAN: u32 = 20;

/// Of the links between two issues, in the order of the copy, those that others support: one seed alone is a phrase, and
/// two close together that stand in many places are one too.
pub fn supported(links: &[Link]) -> impl Iterator<Item = &Link> {
    links
        .iter()
        .enumerate()
        .filter_map(move |(n, link)| (link.places <= RARE || is_supported(links, n)).then_some(link))
}

fn is_supported(links: &[Link], number: usize) -> bool {
    let Some((before, [link, after @ ..])) = links.split_at_checked(number) else { return false };
    let diagonal = |link: &Link| i64::from(link.copy_at) - i64::from(link.original_at);
    let own = diagonal(link);
    let near = |other: &&Link| other.copy_at != link.copy_at && (diagonal(other) - own).abs() <= ASIDE;
    let within = |other: &&Link| other.copy_at.abs_diff(link.copy_at) <= ALONG;
    let (mut first, mut last, mut places) = (link.copy_at, link.copy_at, link.places);
    for other in before.iter().rev().take(BESIDE).take_while(within).filter(near) {
        (first, places) = (other.copy_at, places.min(other.places));
    }
    for other in after.iter().take(BESIDE).take_while(within).filter(near) {
        (last, places) = (other.copy_at, places.min(other.places));
    }
    let span = last - first;
    places <= FEW && span > 0 || span >= SPAN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(seeds: &[(u64, u32, u32)]) -> Vec<(u32, u32)> {
        let mut out = Vec::new();
        let seeds = seeds.iter().map(|(hash, issue, at)| Ok(Seed { hash: *hash, issue: *issue, at: *at }));
        each(seeds, |link| {
            out.push((link.copy, link.original));
            Ok(())
        })
        .expect("nothing fails here");
        out
    }

    #[test]
    fn a_seed_is_linked_to_the_earliest_and_the_latest_printings() {
        assert_eq!(links(&[(1, 0, 0), (2, 0, 9), (2, 3, 4)]), [(0, 0), (3, 0)]);
        let many: Vec<_> = (0..9).map(|issue| (7, issue, 0)).collect();
        let last: Vec<u32> = links(&many).into_iter().filter(|l| l.0 == 8).map(|l| l.1).collect();
        assert_eq!(last, [0, 1, 6, 7]);
        let crowd: Vec<_> = (0..10_000).map(|issue| (7, issue, 0)).collect();
        assert_eq!(links(&crowd).len(), 10_000);
    }

    #[test]
    fn one_common_seed_is_no_support() {
        let link = |copy_at, original_at, places| Link { copy: 1, original: 0, copy_at, original_at, places };
        let all =
            [link(10, 50, 9), link(100, 5, 9), link(108, 13, 3), link(200, 9, 9), link(208, 17, 9), link(300, 2, 2)];
        let kept: Vec<u32> = supported(&all).map(|l| l.copy_at).collect();
        assert_eq!(kept, [100, 108, 300]);
        let long = [link(10, 50, 9), link(22, 62, 9), link(40, 80, 9)];
        assert_eq!(supported(&long).count(), 3);
    }
}
