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
/// And so many of the latest, because the earliest ones may have the seed in another passage. A second one found nothing
/// more, and every printing that is looked at is one comparison for every phrase that all years print.
const LATEST: usize = 1;

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
    links.iter().enumerate().filter_map(move |(n, link)| is_supported(links, n).then_some(link))
}

fn is_supported(links: &[Link], number: usize) -> bool {
    let Some((before, [link, after @ ..])) = links.split_at_checked(number) else { return false };
    if link.places <= RARE {
        return true;
    }
    let (mut first, mut last, mut places) = (link.copy_at, link.copy_at, link.places);
    // What supports a link once supports it for good.
    let mut supports = |other: &Link| {
        if other.copy_at != link.copy_at && same_way(link, other) {
            (first, last) = (first.min(other.copy_at), last.max(other.copy_at));
            places = places.min(other.places);
        }
        last > first && (places <= FEW || last - first >= SPAN)
    };
    let near = |other: &&Link| other.copy_at.abs_diff(link.copy_at) <= ALONG;
    before.iter().rev().take(BESIDE).take_while(near).any(&mut supports)
        || after.iter().take(BESIDE).take_while(near).any(&mut supports)
}

/// Whether two links lie on nearly the same diagonal.
fn same_way(a: &Link, b: &Link) -> bool {
    let diagonal = |link: &Link| i64::from(link.copy_at) - i64::from(link.original_at);
    (diagonal(a) - diagonal(b)).abs() <= ASIDE
}

/// Which links of one issue to others say something new.
///
/// A phrase that every year prints leads to every year; once one printing has it, another one with the very same seeds has
/// nothing to add. So what is compared grows with the text, not with the number of printings.
#[derive(Default)]
pub struct Told {
    /// For each place of the copy the first entry of the row of runs that a seed of it belongs to, plus one.
    rows: Vec<u32>,
    /// The number of a run, and the entry that follows in the row, plus one.
    entries: Vec<(u32, u32)>,
    /// How many seeds each run has.
    runs: Vec<u32>,
}

impl Told {
    /// Of the supported links to one issue, in the order of the copy, those of runs that no issue before had with the very same
    /// seeds.
    pub fn new_ones<'l>(&mut self, links: &'l [&'l Link]) -> impl Iterator<Item = &'l Link> {
        let follows = |a: &&Link, b: &&Link| a.copy_at < b.copy_at && b.copy_at - a.copy_at <= ALONG && same_way(a, b);
        let (runs, before) = (links.chunk_by(follows), self.runs.len());
        runs.filter(move |run| self.is_new(run, before)).flatten().copied()
    }

    /// Whether none of so many runs has the very same seeds; the run is remembered then. In one issue two places may
    /// have the same seeds where one of them is misread beyond them.
    fn is_new(&mut self, run: &[&Link], before: usize) -> bool {
        let (Some(first), Some(most)) = (run.first(), run.last().map(|link| link.copy_at as usize + 1)) else {
            return false;
        };
        let count = run.len() as u32;
        let has_all = |known: u32| run.iter().all(|link| self.row(link.copy_at).any(|of| of == known));
        let same = |known: u32| (known as usize) < before && self.runs.get(known as usize) == Some(&count);
        if self.row(first.copy_at).any(|known| same(known) && has_all(known)) {
            return false;
        }
        self.rows.resize(self.rows.len().max(most), 0);
        let number = self.runs.len() as u32;
        self.runs.push(count);
        for link in run {
            let head = &mut self.rows[link.copy_at as usize];
            self.entries.push((number, *head));
            *head = self.entries.len() as u32;
        }
        true
    }

    /// The numbers of the runs that a seed at a place of the copy belongs to.
    fn row(&self, at: u32) -> impl Iterator<Item = u32> {
        let entry = |next: u32| self.entries.get((next as usize).checked_sub(1)?);
        let head = self.rows.get(at as usize).and_then(|head| entry(*head));
        std::iter::successors(head, move |(_, next)| entry(*next)).map(|(run, _)| *run)
    }
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
        assert_eq!(last, [0, 1, 7]);
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

    #[test]
    fn a_printing_with_the_same_seeds_says_nothing_new() {
        let link = |original, copy_at, original_at| Link { copy: 9, original, copy_at, original_at, places: 6 };
        let printings = [
            vec![link(1, 10, 50), link(1, 18, 58), link(1, 30, 70)],
            // The very same; the same without its middle, misread there; and more of it.
            vec![link(2, 10, 20), link(2, 18, 28), link(2, 30, 40)],
            vec![link(3, 10, 20), link(3, 30, 40)],
            vec![link(4, 10, 20), link(4, 18, 28), link(4, 30, 40), link(4, 44, 54)],
            // Twice in one issue, and neither is what any issue before has alone.
            vec![link(5, 18, 28), link(5, 30, 40), link(5, 30, 90), link(5, 44, 104)],
        ];
        let mut told = Told::default();
        let new: Vec<usize> = printings
            .iter()
            .map(|links| {
                let links: Vec<&Link> = links.iter().collect();
                told.new_ones(&links).count()
            })
            .collect();
        assert_eq!(new, [3, 0, 2, 4, 4]);
    }
}
