//! A number that a text claims, against the things that it lists: `包括……五大产业集群`.
//!
//! Only a list that is closed counts: the number stands right after it without 等, or right before it with a colon.
//! Items may themselves be pairs (高新技术和现代装备制造), so a count passes when any way of counting gives it.

use super::scan::{after, before, places};
use crate::document::View;
use crate::finding::Draft;
use crate::stage::Context;
use crate::text::ViewSpan;

const NUMBERS: [(char, usize); 10] =
    [('二', 2), ('两', 2), ('三', 3), ('四', 4), ('五', 5), ('六', 6), ('七', 7), ('八', 8), ('九', 9), ('十', 10)];
/// Marks that end the stretch in which a list is looked for.
const STOPS: &[char] =
    &['，', '。', '；', '：', '！', '？', '\n', '\r', '（', '）', '“', '”', '《', '》', ',', ';', ':'];
/// A list is not longer than this many bytes: 200 characters.
const REACH: usize = 600;

pub(super) fn find(view: &View, cx: &Context, drafts: &mut Vec<Draft>) {
    let Some(rule) = cx.rules.id("LNT005") else { return };
    let text = view.text();
    for at in places(text, "大") {
        let Some((claimed, start)) = number_before(text, at) else { continue };
        let listed = list_before(text, start).or_else(|| list_after(text, at + "大".len()));
        let Some(list) = listed.filter(|l| !l.allows(claimed)) else { continue };
        let claim = ViewSpan::new(start, at + "大".len());
        drafts.push(
            Draft::flag(rule, claim)
                .arg("claim", view.get(claim))
                .arg("count", list.items.to_string())
                .because("list", [("list", view.get(list.span).to_owned())])
                .beside("list", list.span),
        );
    }
}

struct List {
    span: ViewSpan,
    /// Items between 、.
    items: usize,
    /// Items when every 和, 与, 及 joins two.
    most: usize,
    /// Characters of the last item: 猪肉牛羊 may be one thing, two or four.
    last: usize,
}

impl List {
    fn read(text: &str, start: usize, end: usize) -> Option<List> {
        let list = text.get(start..end)?;
        let parts: Vec<&str> = list.split('、').collect();
        if parts.len() < 2 || parts.iter().any(|p| p.trim().is_empty()) {
            return None;
        }
        let joints = list.chars().filter(|c| matches!(c, '和' | '与' | '及')).count();
        let last = parts.last().map_or(0, |p| p.chars().count());
        Some(List { span: ViewSpan::new(start, end), items: parts.len(), most: parts.len() + joints, last })
    }

    fn allows(&self, claimed: usize) -> bool {
        let together = self.items * self.last;
        (self.items..=self.most).contains(&claimed) || [together, together / 2].contains(&claimed)
    }
}

fn number_before(text: &str, at: usize) -> Option<(usize, usize)> {
    let left = before(text, at);
    let c = left.chars().next_back()?;
    let value = NUMBERS.iter().find(|(n, _)| *n == c)?.1;
    let start = at - c.len_utf8();
    // 第五大, 十五大, 二十大, 前三大 claim nothing about a list.
    let free = before(text, start)
        .chars()
        .next_back()
        .is_none_or(|p| !"第一二三四五六七八九十前百几零".contains(p) && !p.is_ascii_digit());
    free.then_some((value, start))
}

fn list_before(text: &str, end: usize) -> Option<List> {
    let from = text.floor_char_boundary(end.saturating_sub(REACH));
    let stretch = text.get(from..end)?;
    let start = stretch.rfind(STOPS).map_or(0, |i| i + stretch[i..].chars().next().map_or(1, char::len_utf8));
    if from + start == end || stretch.ends_with(['等', '、', '的']) {
        return None;
    }
    // Two things before a number are as often the end of a longer thought as a list.
    let last = stretch.rsplit('、').next().unwrap_or("");
    List::read(text, from + start, end).filter(|list| list.items > 2 && !last.contains('等'))
}

fn list_after(text: &str, at: usize) -> Option<List> {
    let to = text.floor_char_boundary(at.saturating_add(REACH).min(text.len()));
    let stretch = text.get(at..to)?;
    let colon = stretch.find('：').filter(|i| *i <= 36 && !stretch[..*i].contains(STOPS))?;
    let start = at + colon + '：'.len_utf8();
    let tail = after(text, start);
    let end =
        tail.find(['。', '；', '\n', '\r', '：', '“', '（']).filter(|e| *e < REACH && tail[*e..].starts_with('。'))?;
    let list = tail.get(..end)?;
    if list.contains(['，', '等']) {
        return None;
    }
    List::read(text, start, start + end)
}
