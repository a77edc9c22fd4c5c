//! The two languages that the program speaks to people, and texts in both.

/// A name and a value for a slot `{name}` in a text.
pub type Arg = (&'static str, String);

/// A language that the program speaks to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Lang {
    /// Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

/// A text in both languages, with slots `{name}`.
#[derive(Clone, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in one language, slots and all.
    pub fn raw(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The text in one language with its slots filled; an unknown slot stays as it is.
    pub fn fill(&self, lang: Lang, args: &[Arg]) -> String {
        let mut out = String::new();
        let mut rest = self.raw(lang);
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|i| open + i) else {
                break;
            };
            let name = &rest[open + 1..close];
            out.push_str(&rest[..open]);
            match args.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => out.push_str(value),
                None => out.push_str(&rest[open..=close]),
            }
            rest = &rest[close + 1..];
        }
        out.push_str(rest);
        out
    }

    /// Whether the text is the same for every finding.
    pub fn is_fixed(&self) -> bool {
        !self.zh.contains('{')
    }
}
