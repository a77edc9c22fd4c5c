//! Headlines and their parts: 引题 (kicker), 主题 (main) and 副题 (sub), and headlines of texts without Markdown.

use super::marks::{count_up_to, ends_sentence, is_colon, is_comma, last_mark};
use super::{Block, BlockKind, Headline, PartKind};
use crate::document::View;
use crate::text::ViewSpan;
use std::collections::{HashMap, HashSet};

/// Most words of a headline that are looked at for a shared slogan.
const SLOGAN_WORDS: usize = 6;

/// Fewest characters of a shared slogan.
const SLOGAN: usize = 4;

/// Most characters of a headline line without a mark.
const LONGEST: usize = 40;

/// Most lines of a headline without marks.
const LINES: usize = 4;

/// The beginnings that two or more different headlines of the issue share: columns and campaigns (`不忘初心 牢记使命`).
pub(super) struct Slogans<'t> {
    shared: HashSet<&'t str>,
}

impl<'t> Slogans<'t> {
    /// Collects the beginnings of the headlines.
    pub fn of(headlines: impl Iterator<Item = &'t str>) -> Self {
        let mut first: HashMap<&str, &str> = HashMap::new();
        let mut shared = HashSet::new();
        for headline in headlines {
            for head in beginnings(headline) {
                let rest = *first.entry(head).or_insert(headline);
                if rest != headline {
                    shared.insert(head);
                }
            }
        }
        Slogans { shared }
    }

    /// The bytes of a headline that are a shared slogan.
    fn len_in(&self, headline: &str) -> Option<usize> {
        beginnings(headline).filter(|h| self.shared.contains(h)).last().map(str::len)
    }
}

/// The beginnings of a headline that end before a space.
fn beginnings(headline: &str) -> impl Iterator<Item = &str> {
    let ends = headline.char_indices().filter(|(_, c)| c.is_whitespace()).map(|(at, _)| at);
    ends.take(SLOGAN_WORDS).map(|at| headline.get(..at).unwrap_or("")).filter(|h| count_up_to(h, SLOGAN) == SLOGAN)
}

/// The parts of a headline that stands on these lines.
///
/// A slogan that several headlines share is the kicker, a line or a word that opens with a dash is the sub; what is
/// left is the main headline, as many lines as it has.
pub(super) fn parts(view: &View, lines: &[ViewSpan], slogans: &Slogans) -> Headline {
    let mut lines: Vec<ViewSpan> = lines.to_vec();
    let mut out = Headline::default();
    if let [_, .., last] = lines[..]
        && view.get(last).starts_with(['—', '–'])
    {
        out.sub = Some(last);
        lines.pop();
    }
    let (Some(first), Some(last)) = (lines.first().copied(), lines.last().copied()) else {
        return out;
    };
    let mut main = first.hull(last);
    if out.sub.is_none()
        && lines.len() == 1
        && let Some(dash) = view.get(main).find(" ——").filter(|at| *at > 0)
    {
        out.sub = Some(ViewSpan::new(main.start + dash + 1, main.end));
        main = ViewSpan::new(main.start, main.start + dash);
    }
    let slogan = match slogans.len_in(view.get(first)) {
        Some(len) => Some(ViewSpan::new(first.start, first.start + len)),
        None => (lines.len() > 1 && slogans.shared.contains(view.get(first))).then_some(first),
    };
    if let Some(slogan) = slogan {
        let rest = view.get(ViewSpan::new(slogan.end, main.end));
        out.kicker = Some(slogan);
        main =
            ViewSpan::new(main.end - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '#').len(), main.end);
    }
    out.main = Some(main);
    out
}

/// Marks the headlines of a text that has no Markdown headline: short lines without a full stop, alone or a few in a
/// row, behind which a byline or a paragraph with a dateline follows; and the opening line of the text when a
/// document's date, a byline, a speaker or a numbered heading follows.
pub(super) fn find_unmarked(view: &View, blocks: &mut [Block]) {
    for at in 0..blocks.len() {
        let opens = blocks.get(at).is_some_and(|b| is_opening(b, at == 0));
        if !opens {
            continue;
        }
        let (mut from, mut count) = (at, 0);
        while count < LINES && from > 0 {
            let fits = blocks.get(from - 1).is_some_and(|b| may_be_headline(view, b));
            if !fits {
                break;
            }
            from -= 1;
            count += 1;
        }
        for block in blocks.get_mut(from..at).unwrap_or(&mut []) {
            block.kind = BlockKind::Headline;
            block.level = Some(1);
        }
    }
    open_with_headline(view, blocks);
}

/// Marks the second line of a headline that was broken over lines, with a mark on the first alone: a short line without
/// a full stop right below it, and a blank line below that.
pub(super) fn mark_broken(view: &View, blocks: &mut [Block]) {
    for at in 1..blocks.len() {
        let (Some(above), Some(block)) = (blocks.get(at - 1), blocks.get(at)) else { return };
        let apart = |from: usize, to: usize| {
            let gap = view.get(ViewSpan::new(from, to));
            gap.matches(['\n', '\r']).count() > if gap.contains("\r\n") { 2 } else { 1 }
        };
        let loose = blocks.get(at + 1).is_some_and(|next| apart(block.line.end, next.line.start));
        let broken = above.kind == BlockKind::Headline
            && !apart(above.line.end, block.line.start)
            && loose
            && may_be_headline(view, block);
        if let Some(block) = blocks.get_mut(at).filter(|_| broken) {
            block.kind = BlockKind::Headline;
            block.level = Some(1);
        }
    }
}

/// Whether a block is what follows a headline.
fn is_opening(block: &Block, first: bool) -> bool {
    let dated = block.parts.first().is_some_and(|(p, s)| *p == PartKind::Dateline && s.start == block.text.start);
    !first && (block.kind == BlockKind::Byline || block.kind == BlockKind::Paragraph && dated)
}

fn may_be_headline(view: &View, block: &Block) -> bool {
    let text = view.get(block.text);
    let plain = block.kind == BlockKind::Paragraph && block.parts.is_empty() && block.serial.is_none();
    let ended = last_mark(text).is_none_or(|c| is_comma(c) || is_colon(c) || matches!(c, '。' | '；' | ';' | '.'));
    plain && !ended && count_up_to(text, LONGEST + 1) <= LONGEST && !text.starts_with(super::marks::is_closing)
}

/// The first line of a text is its headline when it is short, unfinished and what follows cannot go on from it.
fn open_with_headline(view: &View, blocks: &mut [Block]) {
    let Some(first) = blocks.iter().position(|b| b.kind != BlockKind::Furniture) else {
        return;
    };
    let fits = blocks.get(first).is_some_and(|b| may_be_headline(view, b) && !ends_sentence(view.get(b.text)));
    let follows = blocks.get(first + 1).is_some_and(|next| {
        next.serial.is_some()
            || matches!(
                next.kind,
                BlockKind::Date | BlockKind::Speaker | BlockKind::DocumentNumber | BlockKind::Heading
            )
    });
    if let Some(block) = blocks.get_mut(first).filter(|_| fits && follows) {
        block.kind = BlockKind::Headline;
        block.level = Some(1);
    }
}
