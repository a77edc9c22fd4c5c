//! The titles under which `kanwu explain` and `kanwu rules` speak of a rule, in both languages.

use kanwu::rule::Lang;

/// Titles of what `kanwu explain` prints.
pub struct Titles {
    /// What the editor reads.
    pub message: &'static str,
    /// Why.
    pub why: &'static str,
    /// The clause of the standard.
    pub clause: &'static str,
    /// Facts of the rule in one line.
    pub stage: &'static str,
    /// Category.
    pub category: &'static str,
    /// Applicability.
    pub most: &'static str,
    /// Evidence.
    pub evidence: &'static str,
    /// A wrong text.
    pub bad: &'static str,
    /// The right text.
    pub good: &'static str,
    /// What is left alone.
    pub allow: &'static str,
    /// Where the rule is.
    pub file: &'static str,
    /// Whether it runs.
    pub on: &'static str,
    /// Whether it rests.
    pub off: &'static str,
}

/// The titles in a language.
pub fn titles(lang: Lang) -> &'static Titles {
    match lang {
        Lang::Zh => &Titles {
            message: "提示",
            why: "理由",
            clause: "依据",
            stage: "阶段",
            category: "类别",
            most: "处理",
            evidence: "佐证",
            bad: "误",
            good: "正",
            allow: "不报",
            file: "文件",
            on: "开",
            off: "关",
        },
        Lang::En => &Titles {
            message: "message",
            why: "why",
            clause: "clause",
            stage: "stage",
            category: "category",
            most: "may do",
            evidence: "evidence",
            bad: "wrong",
            good: "right",
            allow: "left alone",
            file: "file",
            on: "on",
            off: "off",
        },
    }
}
