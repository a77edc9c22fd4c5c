//! What speaks for and against a join: the reasons, their weights, and the sum.

use super::pairs::Pairs;
use crate::lm::usage::Usage;
use crate::outline::marks::{count_up_to, ends_sentence, is_closing, is_colon, is_comma, is_final, is_opening, leans};
use crate::text::{ViewSpan, is_han};

/// A cut between two blocks, furniture between them aside.
pub(super) struct Cut<'v> {
    pub(super) before: &'v str,
    pub(super) after: &'v str,
    /// The gap that the join closes: up to the furniture, where some stands between.
    pub(super) gap: ViewSpan,
    /// Furniture stands between the halves.
    pub(super) furniture: bool,
    /// A page ends between the halves.
    pub(super) page: bool,
    /// No blank line stands between the halves.
    pub(super) tight: bool,
    /// The half before is the first text under a headline, where papers print a quotation from the article: right
    /// above the article, so never where the page ends or furniture follows.
    pub(super) opens: bool,
    /// The line before this one is as long: the text is wrapped at a fixed width.
    pub(super) wrapped: bool,
    /// The half before opens with a serial number.
    pub(super) numbered: bool,
    /// The half before is a 第…条 of a law, which is never a heading.
    pub(super) statute: bool,
    /// The half behind opens with a word that paragraphs like to begin with.
    pub(super) opener: bool,
    /// Short lines stand beside the two.
    pub(super) among_short: bool,
    /// No other line of the article without a full stop is as long: sub-heads come in sets.
    pub(super) alone: bool,
}

/// A line of verse is shorter than this, in characters.
pub(super) const VERSE: usize = 24;

/// From this sum on a join is applied.
pub(super) const SURE: f32 = 0.5;
/// From this sum on it is proposed.
pub(super) const LIKELY: f32 = 0.0;
/// What speaks against a join before anything is known: the text has a paragraph there.
const DOUBT: f32 = -3.0;

/// The weights of the reasons, in log-odds. Fitted by logistic regression, a false join counted three times, on half of
/// 1,500 newspaper articles (from 2015 on) and 300 laws and government papers into which cuts had been planted at random
/// places: between blank lines, at line ends, and by wrapping at a fixed width; the other half, and texts that were not
/// cut, were the test. Set by hand, because those texts hold too few of them or only one kind: what the marks prove, fragments and open
/// clauses, predicates without a subject, numbered lines, quotations under a headline, verse and forms of address, and
/// furniture or a page's end between the halves. A grade of a reason stands behind a slash.
#[rustfmt::skip]
const WEIGHTS: &[(&str, f32)] = &[
    ("ends-comma", 4.8),
    ("ends-opening", 5.0),
    ("open-pair", 5.0),
    ("ends-leaning", 3.3),
    ("ends-leaning/likely", 0.8),
    ("ends-fragment", 4.0),
    ("open-clause", 5.0),
    ("unfinished-after-sentences", 3.1),
    ("unfinished-after-sentences/short", 0.5),
    ("long-unfinished", 0.5),
    ("long-unfinished/31", 0.7),
    ("long-unfinished/16", 1.2),
    ("alone", 1.3),
    ("unfinished-article", 2.5),
    ("closed", -2.9),
    ("verse", -1.0),
    ("address", -3.0),
    ("begins-mark", 5.0),
    ("begins-fragment", 5.0),
    ("begins-fragment/comma", 3.5),
    ("begins-fragment/of", 2.8),
    ("begins-clinging", 2.4),
    ("begins-predicate", 3.0),
    ("ends-well", 0.4),
    ("number", 5.5),
    ("latin", 5.5),
    ("latin/apart", 1.0),
    ("tight", 0.3),
    ("wrapped", 2.4),
    ("furniture-between", 4.5),
    ("page-between", 2.0),
    ("word", 0.2),
    ("word/often", 2.3),
    ("word/three", 2.6),
    ("word/both", 3.8),
    ("usual/0", 0.3),
    ("usual/2", 0.4),
    ("usual/4", 1.0),
    ("usual/6", 1.9),
    ("strangers", -1.2),
    ("strangers/rare", -0.5),
    ("torn", 0.8),
    ("torn/half", -0.3),
    ("frayed/left", 0.7),
    ("frayed/right", -0.6),
    ("short", -0.5),
    ("short/numbered", -1.0),
    ("numbered", -0.5),
    ("pull-quote", -3.0),
    ("heading-behind", -1.7),
    ("open-behind", -0.9),
    ("opener", -2.5),
];

/// The weight of a reason.
pub(super) fn weight(key: &str) -> f32 {
    WEIGHTS.iter().find(|(k, _)| *k == key).map_or(0.0, |w| w.1)
}

/// The sum of the weights of some reasons.
pub(super) fn sum_of(reasons: &[Reason]) -> f32 {
    DOUBT + reasons.iter().map(|r| weight(r.key)).sum::<f32>()
}

/// One reason for or against, by the key of its line of evidence.
pub(super) struct Reason {
    pub(super) key: &'static str,
    pub(super) args: Vec<(&'static str, String)>,
}

/// All reasons, for and against.
pub(super) fn weigh(cut: &Cut, pairs: &Pairs) -> Vec<Reason> {
    let mut out = Vec::new();
    ending(cut, &mut out);
    beginning(cut, &mut out);
    going_on(cut, pairs, &mut out);
    usual_words(cut, &mut out);
    // What a heading looks like is no argument against a cut that the marks prove.
    if !out.iter().any(|r| PROOFS.contains(&r.key)) {
        doubts(cut, &mut out);
    }
    out
}

/// Reasons that settle the matter, whatever the lines look like.
const PROOFS: [&str; 7] = ["open-clause", "ends-comma", "ends-opening", "open-pair", "begins-mark", "number", "latin"];

fn add(out: &mut Vec<Reason>, key: &'static str) {
    out.push(Reason { key, args: Vec::new() });
}

fn has_sentences(text: &str) -> bool {
    text.contains(['。', '！', '？', '；', ';', '!', '?'])
}

pub(super) fn has_clauses(text: &str) -> bool {
    text.contains(['，', ',', '、'])
}

/// How the text before ends.
fn ending(cut: &Cut, out: &mut Vec<Reason>) {
    let last = cut.before.chars().last().unwrap_or(' ');
    if is_comma(last) {
        let key = match () {
            () if is_address(cut.before) => "address",
            () if verse(cut) => "verse",
            () => "ends-comma",
        };
        add(out, key);
    } else if is_opening(last) {
        add(out, "ends-opening");
    } else if open_pair(cut.before, cut.after) {
        add(out, "open-pair");
    } else if is_closing(last) || last == '"' {
        add(out, "closed");
    }
    if leans(cut.before) || MODALS.iter().any(|m| cut.before.ends_with(m)) {
        add(out, "ends-leaning");
    } else if LIKELY_LEANING.contains(last) {
        add(out, "ends-leaning/likely");
    }
    if preposition_open(cut.before) && !verse(cut) {
        add(out, "open-clause");
    }
    let clause = cut.before.rsplit(is_comma).next().unwrap_or("");
    if clause.len() < cut.before.len() && count_up_to(clause, 2) == 1 && clause.chars().all(is_han) {
        add(out, "ends-fragment");
    }
    if has_sentences(cut.before) {
        // 暴晒！货架露天放: a sub-head may hold a call or a question, but no full stop.
        let call = !cut.before.contains(['。', '；', ';']) && count_up_to(cut.before, 20) < 20;
        add(out, if call { "unfinished-after-sentences/short" } else { "unfinished-after-sentences" });
    }
    let clauses = has_clauses(cut.before);
    match count_up_to(cut.before, 46) {
        46.. => add(out, "long-unfinished"),
        31..=45 if clauses => add(out, "long-unfinished/31"),
        16..=30 if clauses => add(out, "long-unfinished/16"),
        _ => {}
    }
    if cut.alone && clauses && !cut.opens {
        add(out, "alone");
    }
    if cut.statute {
        add(out, "unfinished-article");
    }
}

/// How the text behind begins and ends.
fn beginning(cut: &Cut, out: &mut Vec<Reason>) {
    let first = cut.after.chars().next().unwrap_or(' ');
    if is_closing(first) || is_comma(first) || is_final(first) || matches!(first, ':' | '：' | '%' | '％' | '℃') {
        add(out, "begins-mark");
    }
    match first_clause(cut.after) {
        Some((1, '。')) | Some((2, '。')) if is_han(first) => add(out, "begins-fragment"),
        Some((1, _)) if is_han(first) => add(out, "begins-fragment/comma"),
        _ if CLINGING.contains(first) => add(out, "begins-clinging"),
        _ if PREDICATES.iter().any(|w| cut.after.starts_with(w)) => add(out, "begins-predicate"),
        _ if attributive(cut.after) => add(out, "begins-fragment/of"),
        _ => {}
    }
    if ends_sentence(cut.after) || cut.after.ends_with(is_closing) {
        add(out, "ends-well");
    }
}

/// Whether word, number and line go on.
fn going_on(cut: &Cut, pairs: &Pairs, out: &mut Vec<Reason>) {
    let (last, first) = (cut.before.chars().last().unwrap_or(' '), cut.after.chars().next().unwrap_or(' '));
    let digits = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let decimal = matches!(last, '.' | '．') && cut.before.chars().rev().nth(1).is_some_and(digits);
    if digits(first) && (digits(last) && !labelled(cut.before) || decimal) {
        add(out, "number");
    } else if latin(last) && first == '.' {
        add(out, "latin");
    } else if latin(last) && latin(first) && !digits(last) {
        add(out, if cut.tight { "latin" } else { "latin/apart" });
    }
    if cut.tight {
        add(out, "tight");
    }
    if cut.wrapped {
        add(out, "wrapped");
    }
    let (pair, both, triple) = pairs.across(cut.before, cut.after);
    if pair > 0 && !digits(first) {
        let key = match (pair, triple) {
            _ if both > 1 => "word/both",
            (_, 1..) => "word/three",
            (3.., _) => "word/often",
            _ => "word",
        };
        let word: String = [last, first].iter().collect();
        out.push(Reason { key, args: vec![("word", word), ("count", pair.to_string())] });
    }
    if cut.furniture {
        add(out, "furniture-between");
    } else if cut.page {
        add(out, "page-between");
    }
}

/// What ordinary print says of the characters on both sides of the cut: whether they belong together, and whether each
/// belongs to its own side. A word that was cut holds together across the cut more firmly than its pieces hold to
/// their neighbours.
fn usual_words(cut: &Cut, out: &mut Vec<Reason>) {
    let han = |c: &char| is_han(*c);
    let mut back = cut.before.chars().rev();
    let mut on = cut.after.chars();
    let (Some(last), Some(first)) = (back.next().filter(han), on.next().filter(han)) else { return };
    let usage = Usage::embedded();
    let across = usage.strength(last, first);
    let left = back.next().filter(han).map(|c| usage.strength(c, last));
    let right = on.next().filter(han).map(|c| usage.strength(first, c));
    let word: String = [last, first].iter().collect();
    let mut say = |key| out.push(Reason { key, args: vec![("word", word.clone())] });
    match (usage.pair(last, first), across) {
        (None, _) => say("strangers"),
        (_, 6..) => say("usual/6"),
        (_, 4..) => say("usual/4"),
        (_, 2..) => say("usual/2"),
        (_, 0..) => say("usual/0"),
        _ => say("strangers/rare"),
    }
    let firmer = |side: Option<i32>| side.is_none_or(|s| across > s);
    match (firmer(left), firmer(right)) {
        (true, true) if across > 1 => say("torn"),
        (true, _) | (_, true) if across > 1 => say("torn/half"),
        _ => {}
    }
    if left.is_some_and(|s| s < 1) {
        add(out, "frayed/left");
    }
    if right.is_some_and(|s| s < 1) {
        add(out, "frayed/right");
    }
}

/// What speaks for two pieces that stand rightly apart.
fn doubts(cut: &Cut, out: &mut Vec<Reason>) {
    let bare = !has_clauses(cut.before) && !has_sentences(cut.before);
    if bare && count_up_to(cut.before, 46) < 46 {
        add(out, if cut.numbered { "short/numbered" } else { "short" });
    } else if cut.numbered {
        add(out, "numbered");
    }
    if cut.opens {
        // Such a quotation is an opinion and not the report, of a sentence or two: it holds no dates and figures.
        let report = cut.before.bytes().any(|b| b.is_ascii_digit()) || cut.before.matches('。').count() > 1;
        let size = (21..PULL_QUOTE).contains(&count_up_to(cut.before, PULL_QUOTE));
        add(out, if !report && size { "pull-quote" } else { "opens" });
    }
    if !ends_sentence(cut.after) && !cut.after.ends_with(is_colon) {
        let heading = count_up_to(cut.after, 26) <= 25 && !has_clauses(cut.after);
        add(out, if heading { "heading-behind" } else { "open-behind" });
    }
    if cut.opener {
        add(out, "opener");
    }
}

/// `案例1`, `表2`: a label, whose number does not go on in the next line.
fn labelled(before: &str) -> bool {
    let label = before.trim_end_matches(|c: char| c.is_ascii_digit());
    count_up_to(label, 5) < 5 && label.chars().all(is_han)
}

/// A quotation that a paper sets under a headline is shorter than this, in characters.
const PULL_QUOTE: usize = 110;

/// Modal verbs, which another verb must follow.
const MODALS: [&str; 6] = ["应当", "可以", "必须", "能够", "需要", "不得"];

/// Characters that mostly lean on what follows, and may end a word besides.
pub(super) const LIKELY_LEANING: &str = "及并且在对从向于以使让由该各每这第";

/// Characters that cling to what stands before them: no sentence begins so.
const CLINGING: &str = "的了着们性化者吗呢吧";

/// Adverbs with the head of a predicate, which want their subject before them: in newspapers from 2015 on, 3 of 97,000
/// paragraphs begin so, and these words stand in them 5,216 times. What may open a sentence as well is left out.
const PREDICATES: [&str; 29] = [
    "已于",
    "已有",
    "已在",
    "已被",
    "已成",
    "将更",
    "将会",
    "将于",
    "将在",
    "将有",
    "将是",
    "将为",
    "将进一步",
    "将继续",
    "将成为",
    "将被",
    "将对",
    "均已",
    "均为",
    "均在",
    "均有",
    "仍在",
    "仍是",
    "则是",
    "便是",
    "不已",
    "并将",
    "并于",
    "并在",
];

/// A preposition or conjunction that opens a clause, with no comma behind it: `某市通过实施` asks for what was done.
fn preposition_open(before: &str) -> bool {
    const OPEN: [&str; 14] = [
        "通过", "根据", "按照", "随着", "由于", "经过", "不仅", "不但", "虽然", "尽管", "如果", "只要", "即使", "因为",
    ];
    const DECIDED: [&str; 7] = ["审议", "表决", "一致", "全票", "会议", "获", "已"];
    let clause = before.rsplit(is_comma).next().unwrap_or(before);
    let clause = clause.rsplit(is_final).next().unwrap_or(clause);
    OPEN.iter().filter_map(|w| clause.find(w).map(|at| (w, at))).any(|(word, at)| {
        let behind = clause.get(at + word.len()..).unwrap_or("");
        let ahead = clause.get(..at).unwrap_or("");
        count_up_to(behind, 4) == 4 && !DECIDED.iter().any(|d| ahead.ends_with(d))
    })
}

/// A bracket or quotation mark that opens before the cut and closes behind it.
fn open_pair(before: &str, after: &str) -> bool {
    const PAIRS: [[char; 2]; 9] = [
        ['(', ')'],
        ['（', '）'],
        ['《', '》'],
        ['“', '”'],
        ['‘', '’'],
        ['〔', '〕'],
        ['「', '」'],
        ['『', '』'],
        ['【', '】'],
    ];
    let tail = tail_of(before, 240);
    let head = head_of(after, 240);
    PAIRS.iter().any(|[open, close]| {
        let opened = tail.rfind(*open) > tail.rfind(*close);
        let closing = head.find(*close);
        opened && closing.is_some_and(|at| head.find(*open).is_none_or(|o| at < o))
    })
}

/// The first clause behind a cut: its characters, counted to four, and the mark behind it.
fn first_clause(after: &str) -> Option<(usize, char)> {
    after.chars().take(4).enumerate().find(|(_, c)| is_comma(*c) || *c == '。')
}

/// One character and 的, which no sentence begins with unless the character is a pronoun.
fn attributive(after: &str) -> bool {
    let mut chars = after.chars();
    let (first, second) = (chars.next().unwrap_or(' '), chars.next().unwrap_or(' '));
    second == '的' && is_han(first) && !"我你他她它谁您咱新老大小真好美有党国人家".contains(first)
}

/// Short lines on both sides and beside them, as verse and forms of address have them.
fn verse(cut: &Cut) -> bool {
    let (a, b) = (count_up_to(cut.before, VERSE), count_up_to(cut.after, VERSE));
    let even = cut.tight && a < 18 && b < 18 && a.abs_diff(b) <= 3 && !cut.before.ends_with('、');
    !cut.before.contains('。') && (even || cut.among_short && a < VERSE && b < VERSE)
}

fn latin(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{C0}'..='\u{24F}').contains(&c)
}

/// Between two Latin words the line end stood for a space.
pub(super) fn needs_space(cut: &Cut) -> bool {
    let (last, first) = (cut.before.chars().last().unwrap_or(' '), cut.after.chars().next().unwrap_or(' '));
    let letters = |c: char| latin(c) && !c.is_ascii_digit();
    letters(last) && letters(first) || matches!(last, ',' | ';') && letters(first) && cut.before.is_ascii()
}

/// A Latin word cut by a hyphen at a line end: what stands for the hyphen. It goes when the word goes on in lower case.
pub(super) fn hyphenated(cut: &Cut) -> Option<&'static str> {
    let mut back = cut.before.chars().rev();
    let (last, letter, first) = (back.next()?, back.next()?, cut.after.chars().next()?);
    if last != '-' || !latin(letter) || !latin(first) || letter.is_ascii_digit() {
        return None;
    }
    Some(if first.is_lowercase() && letter.is_lowercase() { "" } else { "-" })
}

fn tail_of(text: &str, bytes: usize) -> &str {
    let mut from = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or("")
}

fn head_of(text: &str, bytes: usize) -> &str {
    let mut to = bytes.min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(..to).unwrap_or("")
}

/// The last characters of a text, for a message.
pub(super) fn tail(text: &str) -> String {
    let from = text.char_indices().rev().nth(7).map_or(0, |(at, _)| at);
    text.get(from..).unwrap_or("").to_owned()
}

/// The first characters of a text, for a message.
pub(super) fn head(text: &str) -> String {
    text.chars().take(8).collect()
}

/// `女士们，先生们，`: those who are addressed, set in a line of their own.
fn is_address(before: &str) -> bool {
    before.split(is_comma).filter(|clause| !clause.is_empty()).all(|clause| clause.ends_with('们'))
}
