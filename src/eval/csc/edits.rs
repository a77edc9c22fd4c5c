//! The difference of two sentences as edits of single characters.
//!
//! Both are compared in the folded form ([`crate::text::folded`]): width, marks and spaces aside, because those are the
//! business of other stages and of other measures. An edit is the replacement of one character, the loss of one
//! character, or an insertion of any length at one place; its place counts folded characters of the source.
//!
//! Of two sentences of one length the characters are compared place by place, as the field does; otherwise the longest
//! common subsequence (Myers 1986) says what belongs to what. Where the second way needs fewer edits it is taken for
//! sentences of one length too: one character lost here and one doubled there are two edits and not twenty. An
//! insertion or a loss that could as well stand further left (团团结: which 团 is too many?) stands as far left as it can,
//! so that two ways to say the same are the same.

use crate::text::folded;
use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Where an edit stands. A place between two characters comes before the character behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before the folded character of this number; behind the last where it equals the length.
    Before(usize),
    /// The folded character of this number.
    At(usize),
}

impl Place {
    fn key(self) -> (usize, bool) {
        match self {
            Place::Before(at) => (at, false),
            Place::At(at) => (at, true),
        }
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// One edit: the place, and what stands there afterwards (nothing: the character goes).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CharEdit {
    /// Where.
    pub place: Place,
    /// What stands there afterwards.
    pub text: String,
}

/// The folded form of a sentence.
pub fn fold(text: &str) -> Vec<char> {
    folded(text).collect()
}

/// The edits that make `new` of `old`, both folded, in order.
pub fn edits(old: &[char], new: &[char]) -> Vec<CharEdit> {
    if old == new {
        return Vec::new();
    }
    let aligned = aligned(old, new);
    if old.len() == new.len() {
        let straight = replaced(0, old, new);
        if straight.len() <= aligned.len() {
            return straight;
        }
    }
    aligned
}

/// Place by place; `from` is the number of the first character.
fn replaced(from: usize, old: &[char], new: &[char]) -> Vec<CharEdit> {
    let pairs = old.iter().zip(new).enumerate().filter(|(_, (a, b))| a != b);
    pairs.map(|(i, (_, b))| CharEdit { place: Place::At(from + i), text: b.to_string() }).collect()
}

fn aligned(old: &[char], new: &[char]) -> Vec<CharEdit> {
    let mut out = Vec::new();
    // How far left an edit may be moved: to the end of the one before it.
    let mut wall = 0;
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        match op {
            DiffOp::Equal { .. } => {}
            DiffOp::Delete { old_index, old_len, .. } => {
                let start = leftmost(old, old_index, old_len, wall);
                out.extend((start..start + old_len).map(gone));
                wall = start + old_len;
            }
            DiffOp::Insert { old_index, new_index, new_len } => {
                let text = new.get(new_index..new_index + new_len).unwrap_or(&[]);
                out.push(inserted(old, old_index, text, wall));
                wall = old_index;
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                let (from, to) = (
                    old.get(old_index..old_index + old_len).unwrap_or(&[]),
                    new.get(new_index..new_index + new_len).unwrap_or(&[]),
                );
                let both = old_len.min(new_len);
                out.extend(replaced(old_index, from, to));
                out.extend((old_index + both..old_index + old_len).map(gone));
                if let Some(rest @ [_, ..]) = to.get(both..) {
                    out.push(CharEdit { place: Place::Before(old_index + both), text: rest.iter().collect() });
                }
                wall = old_index + old_len;
            }
        }
    }
    out.sort();
    out
}

fn gone(at: usize) -> CharEdit {
    CharEdit { place: Place::At(at), text: String::new() }
}

/// Where the loss of `len` characters from `start` on may begin at the earliest with the same outcome.
fn leftmost(old: &[char], mut start: usize, len: usize, wall: usize) -> usize {
    while start > wall && old.get(start - 1) == old.get(start + len - 1) {
        start -= 1;
    }
    start
}

/// The insertion moved as far left as the outcome allows.
fn inserted(old: &[char], mut at: usize, text: &[char], wall: usize) -> CharEdit {
    let mut turned = 0;
    while at > wall && !text.is_empty() && old.get(at - 1) == text.get(text.len() - 1 - turned % text.len()) {
        at -= 1;
        turned += 1;
    }
    let mut text = text.to_vec();
    if !text.is_empty() {
        let by = turned % text.len();
        text.rotate_right(by);
    }
    CharEdit { place: Place::Before(at), text: text.into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> Vec<String> {
        let one = |e: CharEdit| match e.place {
            Place::At(at) => format!("{at}={}", e.text),
            Place::Before(at) => format!("{at}+{}", e.text),
        };
        edits(&fold(old), &fold(new)).into_iter().map(one).collect()
    }

    #[test]
    fn edits_by_hand() {
        assert_eq!(shown("两案往来", "两岸往来"), ["1=岸"]);
        assert_eq!(shown("两岸,往来", "两岸，往来"), [""; 0]);
        assert_eq!(shown("昨日车", "昨日通车"), ["2+通"]);
        // Which of the two goes is the same.
        assert_eq!(shown("民族团团结", "民族团结"), ["2="]);
        assert_eq!(shown("站起来起来看", "站起来看"), ["1=", "2="]);
        assert_eq!(shown("站起来看", "站起来起来看"), ["1+起来"]);
        assert_eq!(shown("研就", "研究所"), ["1=究", "2+所"]);
        // One lost and one too many, in a sentence of the same length.
        assert_eq!(shown("新昨日通车往来方便便", "新桥昨日通车往来方便"), ["1+桥", "8="]);
        assert_eq!(shown("五味陈杂", "五味杂陈"), ["2=杂", "3=陈"]);
    }
}
