//! One office with two names, one person with two offices: `市水利局局长李明达` here and `市水利局局长李明远` there.
//!
//! A reading that goes wrong in a name makes another good name, and no dictionary knows. But an office that one person
//! holds is a question to the text itself: where it names the holder twice, and the two names are nearly the same, one of
//! them is a slip. So is one of two titles of one person that differ in a single word. What is asked for before a place
//! counts is that the names are sure to be names: a surname in front, and behind them the end of the clause or a word
//! that follows names.

use crate::document::View;
use crate::finding::Draft;
use crate::lm::channel::Channel;
use crate::rule::Words;
use crate::stage::Context;
use crate::text::{ViewSpan, is_han};
use std::collections::BTreeMap;

/// Characters before an office that are read as part of the title.
const TITLE: usize = 8;
/// Two titles are of one office when so many characters before the office are the same.
const SAME: usize = 3;
/// Two different titles of one person must agree in so many characters, so many of them before the difference.
const AGREE: usize = 4;
const BEYOND: usize = 2;
/// Longest name, in characters.
const NAME: usize = 4;
/// An office with more names than this is held by many.
const HOLDERS: usize = 6;

/// An office with its holder, where it stands.
struct Held<'v> {
    /// Characters before the office, the nearest first.
    before: Vec<char>,
    office: &'v str,
    name: &'v str,
    name_span: ViewSpan,
    /// From the part before the office to its end.
    title_span: ViewSpan,
}

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let (names, titles) = (cx.rules.id("LNT093"), cx.rules.id("LNT094"));
    if names.is_none() && titles.is_none() {
        return;
    }
    let held = read(view.text(), cx);
    if let Some(rule) = names {
        let by_office = grouped(&held, |h| Some((h.before.get(..SAME)?.to_vec(), h.office)));
        for group in by_office.values() {
            let differ = |a: &Held, b: &Held| a.name != b.name && nearly(a.name, b.name);
            unlike(
                group,
                |h| h.name.to_owned(),
                differ,
                |odd, other, count| {
                    drafts.push(
                        Draft::flag(rule, odd.name_span)
                            .arg("name", odd.name)
                            .arg("other", other.name)
                            .arg("office", title(other, SAME))
                            .because("elsewhere", [("other", other.name.to_owned()), ("count", count.to_string())])
                            .beside("other", other.name_span),
                    );
                },
            );
        }
    }
    if let Some(rule) = titles {
        for group in grouped(&held, |h| Some(h.name)).values() {
            unlike(
                group,
                |h| title(h, TITLE),
                |a, b| word_apart(a, b),
                |odd, other, count| {
                    drafts.push(
                        Draft::flag(rule, odd.title_span)
                            .arg("name", odd.name)
                            .arg("title", title(odd, SAME + 1))
                            .arg("other", title(other, SAME + 1))
                            .because("elsewhere", [("other", title(other, SAME + 1)), ("count", count.to_string())])
                            .beside("other", other.title_span),
                    );
                },
            );
        }
    }
}

/// All offices with their holders, in order.
fn read<'v>(text: &'v str, cx: &Context) -> Vec<Held<'v>> {
    let mut held = Vec::new();
    let Some(offices) = cx.rules.words("sole-offices").automaton() else { return held };
    let surnames = cx.rules.words("surnames");
    let followers = Followers::of(["name-followers", "name-verbs"].map(|list| cx.rules.words(list)));
    for hit in offices.find_iter(text) {
        let (Some(ahead), Some(behind)) = (text.get(..hit.start()), text.get(hit.end()..)) else { continue };
        let before: Vec<char> = ahead.chars().rev().take_while(|c| is_han(*c)).take(TITLE).collect();
        // Of deputies there are several.
        if before.len() < SAME || before.first() == Some(&'副') {
            continue;
        }
        let Some(name) = name_at(behind, surnames, &followers) else { continue };
        let start = hit.start() - before.iter().map(|c| c.len_utf8()).sum::<usize>();
        held.push(Held {
            before,
            office: text.get(hit.range()).unwrap_or(""),
            name,
            name_span: ViewSpan::new(hit.end(), hit.end() + name.len()),
            title_span: ViewSpan::new(start, hit.end()),
        });
    }
    held
}

/// The name with which a text begins: a surname, and behind the name nothing that could belong to it.
fn name_at<'v>(text: &'v str, surnames: &Words, followers: &Followers) -> Option<&'v str> {
    let end = text.char_indices().take(NAME + 1).find(|(_, c)| !is_han(*c)).map_or(text.len(), |(end, _)| end);
    let run = text.get(..end)?;
    let ends: Vec<usize> = run.char_indices().skip(1).map(|(i, c)| i + c.len_utf8()).take(NAME - 1).collect();
    // Two characters of a surname leave one or two for the name, one leaves the same.
    let family = ends.first().filter(|end| run.get(..**end).is_some_and(|family| surnames.has(family))).is_some();
    let single = run.chars().next().is_some_and(|c| surnames.has(c.encode_utf8(&mut [0; 4])));
    let possible = match (family, single) {
        (true, _) => ends.get(1..).unwrap_or_default(),
        (false, true) => ends.get(..2.min(ends.len())).unwrap_or_default(),
        _ => &[],
    };
    let closed = |end: usize| {
        let rest = text.get(end..).unwrap_or("");
        let over = rest.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '·');
        over || followers.begin(rest)
    };
    // The shortest that is closed: 李明也 is 李明 with a word behind. 强调 begins with a surname too and is none.
    let name = possible.iter().find(|end| closed(**end)).and_then(|end| run.get(..*end))?;
    (!followers.begin(name)).then_some(name)
}

/// The words that stand behind names.
struct Followers<'r> {
    lists: [&'r Words; 2],
    /// Their first characters, in order: most texts begin with none of them.
    firsts: Vec<char>,
}

impl<'r> Followers<'r> {
    fn of(lists: [&'r Words; 2]) -> Self {
        let mut firsts: Vec<char> = lists.iter().flat_map(|l| &l.words).filter_map(|w| w.chars().next()).collect();
        firsts.sort_unstable();
        Followers { lists, firsts }
    }

    /// Whether a text begins with one of them.
    fn begin(&self, text: &str) -> bool {
        text.chars().next().is_some_and(|c| self.firsts.binary_search(&c).is_ok())
            && self.lists.iter().flat_map(|l| &l.words).any(|word| text.starts_with(word.as_str()))
    }
}

/// Things that share a key, in the order of their keys.
fn grouped<'h, 'v, K: Ord>(
    held: &'h [Held<'v>],
    key: impl Fn(&Held<'v>) -> Option<K>,
) -> BTreeMap<K, Vec<&'h Held<'v>>> {
    let mut groups: BTreeMap<K, Vec<&Held>> = BTreeMap::new();
    for one in held {
        if let Some(key) = key(one) {
            groups.entry(key).or_default().push(one);
        }
    }
    groups
}

/// Of a group, tells each member whose form differs from that of another which stands more often or, as often, earlier:
/// with the first place of that form and how often it stands.
fn unlike<'h, 'v>(
    group: &[&'h Held<'v>],
    form: impl Fn(&Held<'v>) -> String,
    differ: impl Fn(&Held<'v>, &Held<'v>) -> bool,
    mut tell: impl FnMut(&'h Held<'v>, &'h Held<'v>, usize),
) {
    // The first place of each form and how often the form stands.
    let mut forms: Vec<(String, &Held, usize)> = Vec::new();
    for one in group {
        let form = form(one);
        match forms.iter_mut().find(|known| known.0 == form) {
            Some(known) => known.2 += 1,
            None => forms.push((form, one, 1)),
        }
        if forms.len() > HOLDERS {
            return;
        }
    }
    for (at, (form_of_odd, odd, count)) in forms.iter().enumerate() {
        let stronger = forms.iter().enumerate().filter(|(n, known)| known.2 > *count || known.2 == *count && *n < at);
        let best = stronger.map(|(_, known)| known).filter(|known| differ(odd, known.1)).max_by_key(|known| known.2);
        let Some((_, other, times)) = best else { continue };
        group.iter().filter(|one| form(one) == *form_of_odd).for_each(|one| tell(one, other, *times));
    }
}

/// Whether two names are one with a slip: a character changed, or one lost. In names of two characters a changed one
/// must look or sound alike, for many people share a surname.
fn nearly(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len() == b.len() {
        let mut apart = a.iter().zip(&b).filter(|(x, y)| x != y);
        let (Some((x, y)), None) = (apart.next(), apart.next()) else { return false };
        let alike = || Channel::embedded().pair(*x, *y).or(Channel::embedded().pair(*y, *x)).is_some();
        return a.len() > 2 || alike();
    }
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let lost = |n: usize| long.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, c)| c).eq(short.iter());
    long.len() == short.len() + 1 && short.first() == long.first() && (1..long.len()).any(lost)
}

/// Whether two titles differ in one character only, or in the same one twice (水利局局长, 水利厅厅长), and agree before it.
fn word_apart(a: &Held, b: &Held) -> bool {
    let backwards = |h: &Held| h.office.chars().rev().chain(h.before.iter().copied()).collect::<Vec<char>>();
    let (a, b) = (backwards(a), backwards(b));
    let mut changed: Option<(char, char)> = None;
    let (mut agree, mut beyond, mut times) = (0, 0, 0);
    for (x, y) in a.iter().zip(&b) {
        if x == y {
            agree += 1;
            beyond += 1;
        } else if beyond >= BEYOND && changed.is_some() {
            break;
        } else if changed.is_none_or(|known| known == (*x, *y)) && times < 2 && !is_rank(*x) && !is_rank(*y) {
            (changed, beyond, times) = (Some((*x, *y)), 0, times + 1);
        } else {
            return false;
        }
    }
    changed.is_some() && agree >= AGREE && beyond >= BEYOND
}

/// What tells one post from another of the same kind: 副, 原, 第一.
fn is_rank(c: char) -> bool {
    "副原前代第一二三四五六七八九十百正".contains(c)
}

/// The title, with at most so many characters before the office.
fn title(held: &Held, most: usize) -> String {
    held.before.iter().take(most).rev().copied().chain(held.office.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_one_slip_are_nearly_the_same() {
        assert!(nearly("李明达", "李明远"));
        assert!(nearly("王静", "王雅静"));
        assert!(nearly("李未", "李末"));
        assert!(!nearly("李强", "李明"), "two people of one surname");
        assert!(!nearly("李明达", "王明远"));
        assert!(!nearly("李明达", "李明达"));
    }

    #[test]
    fn a_name_ends_where_nothing_can_belong_to_it() {
        let words = |list: &[&str]| Words::new(String::new(), list.iter().map(|w| w.to_string()).collect(), Vec::new());
        let (surnames, followers) = (words(&["李", "欧阳"]), words(&["出席", "说"]));
        let name = |text: &'static str| name_at(text, &surnames, &Followers::of([&followers, &followers]));
        assert_eq!(name("李明出席会议"), Some("李明"));
        assert_eq!(name("李明达说"), Some("李明达"));
        assert_eq!(name("欧阳明达，"), Some("欧阳明达"));
        assert_eq!(name("李明"), Some("李明"));
        assert_eq!(name("李明达成了协议"), None);
        assert_eq!(name("李明说也"), Some("李明"));
        assert_eq!(name("介绍说"), None);
        assert_eq!(name(""), None);
    }
}
