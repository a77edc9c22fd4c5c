//! What the page itself says, in Chinese and in English. A missing line does not compile.

use crate::finding::{Category, Status};
use crate::rule::Lang;

/// The fixed lines of the page in one language. `{n}` is a number; `[s]` stands only where the number is not 1.
pub struct Strings {
    /// Value of the page's `lang` attribute.
    pub lang: &'static str,
    pub title: &'static str,
    pub to_decide: &'static str,
    pub to_decide_note: &'static str,
    pub order: &'static str,
    pub nothing_open: &'static str,
    pub applied: &'static str,
    pub applied_note: &'static str,
    pub decided: &'static str,
    pub accepted: &'static str,
    pub rejected: &'static str,
    pub superseded: &'static str,
    pub furniture: &'static str,
    pub furniture_note: &'static str,
    pub reading: &'static str,
    pub characters: &'static str,
    pub files: &'static str,
    pub records: &'static str,
    pub stale: &'static str,
    pub untitled: &'static str,
    pub alternatives: &'static str,
    pub delete: &'static str,
    pub evidence: &'static str,
    pub related: &'static str,
    pub jump: &'static str,
    pub copy: &'static str,
    pub alike: &'static str,
    pub series: &'static str,
    pub more: &'static str,
    pub more_related: &'static str,
    pub inside: &'static str,
    pub inside_note: &'static str,
    pub confidence: &'static str,
    pub place: &'static str,
    pub page: &'static str,
    pub count: &'static str,
    pub rest: &'static str,
    pub by: &'static str,
    pub also_by: &'static str,
    pub and: &'static str,
    pub skip: &'static str,
    pub filter: &'static str,
    pub filter_by_category: &'static str,
    pub filter_by_rule: &'static str,
    pub search: &'static str,
    pub all: &'static str,
    pub none_left: &'static str,
    pub shown_now: &'static str,
    pub keys: &'static str,
    pub key_next: &'static str,
    pub key_previous: &'static str,
    pub key_filter: &'static str,
    pub key_help: &'static str,
    pub key_close: &'static str,
    pub how: &'static [&'static str],
    pub permalink: &'static str,
    pub clause: &'static str,
}

const ZH: Strings = Strings {
    lang: "zh-CN",
    title: "勘误单",
    to_decide: "待定",
    to_decide_note: "机器拿不准，请逐条定夺；这些地方均未改动。",
    order: "建议先后：",
    nothing_open: "没有待定的地方。",
    applied: "已改",
    applied_note: "只动形式、不动文意的改动，已写入清样。按规则归并，点开可逐处核对。",
    decided: "已有结论",
    accepted: "照改",
    rejected: "不改",
    superseded: "已随其他改动处理",
    furniture: "版面附件",
    furniture_note: "报眉、页码、编辑署名等不属于正文的文字。",
    reading: "怎样看这张勘误单",
    characters: "字符",
    files: "文件",
    records: "涉及 {n} 处",
    stale: "须重审",
    untitled: "（无标题）",
    alternatives: "或作",
    delete: "（删去）",
    evidence: "依据",
    related: "参见",
    jump: "转到该条",
    copy: "重出",
    alike: "相同 {n}%",
    series: "同类 {n} 处",
    more: "其余 {n} 处",
    more_related: "另有 {n} 处，不一一列出。",
    inside: "此段内另有 {n} 条",
    inside_note: "此段若删去，以下各条即不必再看。",
    confidence: "把握 {n}%",
    place: "第 {line} 行第 {column} 字",
    page: "第 {name} 版",
    count: "{n} 处",
    rest: "其余 {n} 处从略列出",
    by: "{name} 定",
    also_by: "（{name} 也作过决定）",
    and: "、",
    skip: "直接看待定各条",
    filter: "筛选",
    filter_by_category: "按类别",
    filter_by_rule: "按规则",
    search: "查找文字或编号",
    all: "全部显示",
    none_left: "没有符合筛选条件的条目。",
    shown_now: "现显示 {n} 条",
    keys: "快捷键",
    key_next: "下一条",
    key_previous: "上一条",
    key_filter: "查找与筛选",
    key_help: "显示或收起本说明",
    key_close: "收起",
    how: &[
        "「待定」是需要人来判断的地方，按文章排列，拿不准的字一个未动；前后文引自清样，标点等已经改好。「已改」是已经写入清样的改动。",
        "红色删除线是原有而应删的文字，红色下划线是应添的文字；⏎ 是换行，␣ 是空格，方框里的 U+ 编号是看不见的字符。",
        "「重出」是同一段文字印了两遍：左边是重出的一段，右边是它的来处，加点的是两处不同的字。",
        "行号、字数都从原文件算起；每条开头的编号不随别处的改动而变，可以引用。",
    ],
    permalink: "本条编号",
    clause: "依 {name}",
};

const EN: Strings = Strings {
    lang: "en",
    title: "Errata",
    to_decide: "To decide",
    to_decide_note: "The program is not sure here. Nothing below has been changed yet.",
    order: "Best taken in this order: ",
    nothing_open: "Nothing waits for a decision.",
    applied: "Applied",
    applied_note: "Changes of form that leave the reading alone. They stand in the clean text; open a rule to check each place.",
    decided: "Settled",
    accepted: "Accepted",
    rejected: "Rejected",
    superseded: "Overtaken by another change",
    furniture: "Page furniture",
    furniture_note: "Running heads, folios, editors’ lines and other text that belongs to the page and not to an article.",
    reading: "How to read this page",
    characters: "character[s]",
    files: "file[s]",
    records: "in {n} place[s]",
    stale: "Review again",
    untitled: "(no headline)",
    alternatives: "or",
    delete: "(delete)",
    evidence: "Evidence",
    related: "See also",
    jump: "go to its entry",
    copy: "copy",
    alike: "{n}% alike",
    series: "{n} place[s] of one kind",
    more: "{n} more place[s]",
    more_related: "{n} more place[s] not listed.",
    inside: "{n} more finding[s] inside this passage",
    inside_note: "If the passage goes, these go with it.",
    confidence: "{n}% sure",
    place: "line {line}, column {column}",
    page: "page {name}",
    count: "{n} place[s]",
    rest: "The other {n} place[s] in short form",
    by: "Decided by {name}",
    also_by: " (also decided earlier by {name})",
    and: ", ",
    skip: "Skip to what is to be decided",
    filter: "Filter",
    filter_by_category: "By category",
    filter_by_rule: "By rule",
    search: "Find text or an id",
    all: "Show all",
    none_left: "Nothing matches the filter.",
    shown_now: "{n} shown",
    keys: "Keys",
    key_next: "next entry",
    key_previous: "previous entry",
    key_filter: "find and filter",
    key_help: "show or hide this help",
    key_close: "close",
    how: &[
        "“To decide” lists what only a person can settle, article by article; nothing in question has been touched, and the text around it is quoted as cleaned so far. “Applied” lists what already stands in the clean text.",
        "Text struck through in red should go, text underlined in red should come in. ⏎ is a line end, ␣ a space; a boxed U+ number is a character that cannot be seen.",
        "For a passage printed twice, the copy stands on the left and where it came from on the right; characters in which they differ are dotted below.",
        "Lines and columns count in the source file. The id of an entry stays the same when other places change, so it can be cited.",
    ],
    permalink: "id of this entry",
    clause: "{name}",
};

/// The strings of a language.
pub fn strings(lang: Lang) -> &'static Strings {
    match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    }
}

/// A line with its number filled in; `[s]` stands unless the number is 1.
pub fn number(line: &str, n: usize) -> String {
    let line = if n == 1 { cut_plural(line) } else { line.replace(['[', ']'], "") };
    line.replace("{n}", &grouped(n))
}

fn cut_plural(line: &str) -> String {
    match (line.find('['), line.find(']')) {
        (Some(open), Some(close)) if open < close => {
            [line.get(..open).unwrap_or(""), line.get(close + 1..).unwrap_or("")].concat()
        }
        _ => line.to_owned(),
    }
}

/// A number with thin groups of three: `12 345`.
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && digits.len() > 4 {
            out.push('\u{2009}');
        }
        out.push(c);
    }
    out
}

/// Categories in the order in which an editor does well to take them: what settles most first, what can be looked up at
/// leisure last.
pub const ORDER: [Category; 11] = [
    Category::Duplicate,
    Category::Encoding,
    Category::Typo,
    Category::Consistency,
    Category::Break,
    Category::Structure,
    Category::Quotation,
    Category::Style,
    Category::Character,
    Category::Punctuation,
    Category::Spacing,
];

/// What a newspaper person calls a category.
pub fn category(category: Category, lang: Lang) -> &'static str {
    let (zh, en) = match category {
        Category::Encoding => ("编码", "Encoding"),
        Category::Character => ("字符", "Character"),
        Category::Punctuation => ("标点", "Punctuation"),
        Category::Spacing => ("空格", "Spacing"),
        Category::Break => ("断段", "Break"),
        Category::Structure => ("结构", "Structure"),
        Category::Duplicate => ("重出", "Duplicate"),
        Category::Typo => ("错字", "Typo"),
        Category::Consistency => ("前后不一", "Consistency"),
        Category::Quotation => ("引号", "Quotation"),
        Category::Style => ("体例", "Style"),
    };
    choose(lang, zh, en)
}

/// What became of a finding, for the list of what is settled.
pub fn status(status: Status, s: &Strings) -> &'static str {
    match status {
        Status::Open => s.to_decide,
        Status::Stale => s.stale,
        Status::Applied => s.applied,
        Status::Accepted => s.accepted,
        Status::Rejected => s.rejected,
        Status::Superseded => s.superseded,
    }
}

/// What a related passage is to a finding; a role that is not known here is shown as the stage wrote it.
pub fn role(role: &'static str, lang: Lang) -> &'static str {
    let (zh, en) = match role {
        "original" | "source" => ("原处", "original"),
        "twin" => ("另一处", "the other place"),
        "opening" => ("起处", "opening"),
        "closing" => ("止处", "closing"),
        "part" => ("其中一处", "one of the parts"),
        "usual" => ("通常写法", "usual form"),
        "claim" => ("所称", "what is claimed"),
        "item" => ("所列", "listed item"),
        "list" => ("所列各项", "what is listed"),
        "date" => ("日期", "the date"),
        "quoted" => ("加引号处", "where it is quoted"),
        "first" => ("首次出现", "first occurrence"),
        "previous" | "before" => ("前一处", "the one before"),
        "next" | "after" => ("后一处", "the one after"),
        other => return other,
    };
    choose(lang, zh, en)
}

fn choose(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
