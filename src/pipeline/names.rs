//! The names of findings, and the surroundings that go into them.

use crate::document::Document;
use crate::finding::Finding;
use crate::outline::Article;
use crate::rule::RuleSet;
use crate::text::{SourceSpan, fold_char, folded};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// Gives findings their ids.
pub(super) struct Names<'s> {
    text: &'s str,
    /// Where the articles of the source begin.
    articles: Vec<usize>,
    seen: HashMap<(u64, usize), u32>,
    used: HashSet<u64>,
    /// What the id at hand is made of.
    parts: Vec<u8>,
}

/// Bits of an id: ten digits of five.
const BITS: u32 = 50;

/// The first bytes of the SHA-256 of some.
fn head_of(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    digest.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

/// The hash of a further finding of a kind.
fn numbered(key: u64, count: u32, salt: u32) -> u64 {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&key.to_be_bytes());
    bytes[8..12].copy_from_slice(&count.to_le_bytes());
    bytes[12..].copy_from_slice(&salt.to_le_bytes());
    head_of(&bytes)
}

/// Folded characters of context on either side that go into an id.
const CONTEXT: usize = 12;

impl<'s> Names<'s> {
    /// For a document before any change.
    pub(super) fn new(document: &Document<'s>) -> Self {
        let outline = document.view().outline();
        let start = |a: &Article| outline.blocks.get(a.blocks.start).map_or(0, |b| b.line.start);
        let articles = outline.articles.iter().map(start).collect();
        let (seen, used) = Default::default();
        Names { text: &document.source().text, articles, seen, used, parts: Vec::new() }
    }

    /// Makes room for this many more.
    pub(super) fn expect(&mut self, more: usize) {
        self.seen.reserve(more);
        self.used.reserve(more);
    }

    pub(super) fn give(&mut self, finding: &mut Finding, rules: &RuleSet) {
        let article = self.articles.partition_point(|start| *start <= finding.span.start).saturating_sub(1);
        let around = Around { text: self.text, window: self.article(article), span: finding.span };
        self.parts.clear();
        self.parts.extend_from_slice(rules.get(finding.rule).code.as_bytes());
        self.parts.push(0xFF);
        let unquoted = self.parts.len();
        around.quote().for_each(|c| push_char(&mut self.parts, c));
        if self.parts.len() == unquoted {
            self.parts.extend_from_slice(around.span.of(self.text).as_bytes());
        }
        self.parts.push(0xFF);
        around.before().for_each(|c| push_char(&mut self.parts, c));
        self.parts.push(0xFF);
        around.after().for_each(|c| push_char(&mut self.parts, c));
        self.parts.push(0xFF);
        let key = head_of(&self.parts);
        let count = self.seen.entry((key, article)).or_insert(0);
        *count += 1;
        // The first of its kind has the hash itself, the others one with their number.
        let mut hash = if *count == 1 { key } else { numbered(key, *count, 0) };
        let mut salt = 0;
        while !self.used.insert(hash >> (u64::BITS - BITS)) {
            salt += 1;
            hash = numbered(key, *count, salt);
        }
        let bits = hash >> (u64::BITS - BITS);
        finding.id = base32(bits);
    }

    /// Where an article of the source stands, up to the next one. Context ends there, so that a change to a neighbour
    /// changes no id.
    fn article(&self, number: usize) -> SourceSpan {
        let start = |i: usize| self.articles.get(i).copied();
        SourceSpan::new(start(number).unwrap_or(0), start(number + 1).unwrap_or(self.text.len()))
    }
}

/// The folded text before a span, of it and after it, as anchors use them. A quote without letters is kept as it is,
/// because the mark itself is then what the finding is about.
pub fn surroundings(text: &str, span: SourceSpan) -> (String, String, String) {
    let around = Around { text, window: SourceSpan::new(0, text.len()), span };
    let mut quote: String = around.quote().collect();
    if quote.is_empty() {
        quote.push_str(span.of(text));
    }
    (around.before().collect(), quote, around.after().collect())
}

/// The surroundings of a span, as far as a window of the text goes.
struct Around<'t> {
    text: &'t str,
    window: SourceSpan,
    span: SourceSpan,
}

impl<'t> Around<'t> {
    /// The folded text of the span.
    fn quote(&self) -> impl Iterator<Item = char> + use<'t> {
        folded(self.span.of(self.text))
    }

    fn before(&self) -> impl Iterator<Item = char> + use<> {
        let head = self.text.get(self.window.start.min(self.span.start)..self.span.start).unwrap_or("");
        let (mut found, count) = near(head.chars().rev());
        found[..count].reverse();
        found.into_iter().take(count)
    }

    fn after(&self) -> impl Iterator<Item = char> + use<> {
        let tail = self.text.get(self.span.end..self.window.end.max(self.span.end)).unwrap_or("");
        let (found, count) = near(tail.chars());
        found.into_iter().take(count)
    }
}

/// The first folded characters of some, and how many they are. Those without a reading are passed over, up to a limit.
fn near(chars: impl Iterator<Item = char>) -> ([char; CONTEXT], usize) {
    let (mut found, mut count) = (['\0'; CONTEXT], 0);
    for c in chars.take(CONTEXT * 8) {
        if let Some(c) = fold_char(c) {
            found[count] = c;
            count += 1;
            if count == CONTEXT {
                break;
            }
        }
    }
    (found, count)
}

#[inline]
fn push_char(bytes: &mut Vec<u8>, c: char) {
    // Most are Han characters, and those have three bytes.
    let n = c as u32;
    if (0x800..0x1_0000).contains(&n) {
        bytes.extend_from_slice(&[(n >> 12) as u8 | 0xE0, (n >> 6 & 0x3F) as u8 | 0x80, (n & 0x3F) as u8 | 0x80]);
    } else {
        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

fn base32(bits: u64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut out = String::with_capacity(10);
    out.extend((0..10).rev().map(|i| DIGITS[(bits >> (i * 5) & 31) as usize] as char));
    out
}
