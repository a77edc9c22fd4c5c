//! A small desk for tests: a few rules, and stages that find literal texts, so that a test says exactly what is changed.

#![allow(dead_code)]

use kanwu::document::View;
use kanwu::finding::Draft;
use kanwu::pipeline::{Policy, Run, clean_with};
use kanwu::review::Decisions;
use kanwu::rule::RuleSet;
use kanwu::source::{Origin, PAGE_BREAK, Segment, Source, SourceFile};
use kanwu::stage::{Context, Stage};
use kanwu::text::{SourceSpan, ViewSpan};

/// Rules: a safe width change, a safe cut of furniture, a suggested deletion, a suggested correction, a flag.
pub fn rules() -> RuleSet {
    let rule = |code: &str, category: &str, applicability: &str, more: &str, message: &str| {
        format!(
            "code = \"{code}\"\nname = \"{}\"\ncategory = \"{category}\"\napplicability = \"{applicability}\"\n\
             kind = \"built-in\"\n{more}\nmessage = {{ zh = \"{message}\", en = \"{message}\" }}\n\
             why = {{ zh = \"…\", en = \"…\" }}\n[evidence]\nseen = {{ zh = \"另见{{n}}处\", en = \"seen {{n}} times\" }}\n",
            code.to_lowercase()
        )
    };
    let mut files = vec![
        ("rules/normalize/NOR901-a.toml".to_owned(), rule("NOR901", "punctuation", "safe", "", "逗号应为全角")),
        (
            "rules/layout/LAY901-a.toml".to_owned(),
            rule("LAY901", "structure", "safe", "touches = \"furniture\"", "版面附文"),
        ),
        ("rules/layout/LAY902-a.toml".to_owned(), rule("LAY902", "break", "safe", "", "断行")),
        ("rules/duplicates/DUP901-a.toml".to_owned(), rule("DUP901", "duplicate", "suggested", "", "重复{text}")),
        ("rules/typos/TYP901-a.toml".to_owned(), rule("TYP901", "typo", "suggested", "", "疑误{text}")),
        ("rules/lint/LNT901-a.toml".to_owned(), rule("LNT901", "quotation", "flag", "", "请核对{text}")),
    ];
    let mut set = RuleSet::default();
    set.add_tree(&mut files).unwrap_or_else(|e| panic!("{e}"));
    set
}

/// A stage that finds each of some texts everywhere; `None` flags it.
pub struct Finds {
    pub stage: &'static str,
    pub code: &'static str,
    pub pairs: Vec<(String, Option<String>)>,
}

/// Two stages that make one layer.
pub struct Both(pub Finds, pub Finds);

impl Stage for Both {
    fn name(&self) -> &'static str {
        self.0.stage
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        [self.0.run(view, cx), self.1.run(view, cx)].concat()
    }
}

impl Stage for Finds {
    fn name(&self) -> &'static str {
        self.stage
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let Some(rule) = cx.rules.id(self.code) else { return Vec::new() };
        let mut out = Vec::new();
        for (what, fix) in &self.pairs {
            for (at, _) in view.text().match_indices(what.as_str()) {
                let span = ViewSpan::new(at, at + what.len());
                let draft = match fix {
                    Some(fix) => Draft::safe(rule, span, fix.clone()),
                    None => Draft::flag(rule, span).in_series("quotes"),
                };
                let draft = if self.stage == "normalize" { draft } else { draft.arg("text", what.as_str()) };
                let draft = if self.stage == "duplicates" {
                    draft.because("seen", [("n", "2".to_owned())]).beside("original", ViewSpan::new(0, 3)).sure(0.98)
                } else {
                    draft
                };
                out.push(draft);
            }
        }
        out
    }
}

/// A stage of the desk.
pub fn finds(stage: &'static str, code: &'static str, pairs: &[(&str, Option<&str>)]) -> Finds {
    let pairs = pairs.iter().map(|(a, b)| ((*a).to_owned(), b.map(str::to_owned))).collect();
    Finds { stage, code, pairs }
}

/// The desk's usual stages.
pub fn stages() -> Vec<Finds> {
    vec![
        finds("normalize", "NOR901", &[(",", Some("，")), ("(", Some("（")), (")", Some("）"))]),
        finds("layout", "LAY901", &[("第2版\n", Some("")), ("第2版\r\n", Some(""))]),
        finds("layout", "LAY902", &[("断\n\n行", Some("断行")), ("断\r\n\r\n行", Some("断行"))]),
        finds("duplicates", "DUP901", &[("重复的一段，全文再见。", Some(""))]),
        finds("typos", "TYP901", &[("返贫返贫", Some("返贫")), ("沿海", Some("沿黄"))]),
        finds("lint", "LNT901", &[("五位一体", None)]),
    ]
}

/// Cleans with stages of the desk.
pub fn run<'s>(source: &'s Source, decisions: &Decisions, stages: &[Finds]) -> Run<'s> {
    let stages: Vec<&dyn Stage> = stages.iter().map(|s| s as &dyn Stage).collect();
    clean_with(source, &rules(), decisions, Policy::default(), &stages)
}

/// A page: file name, text, encoding, and segments in bytes of the page's text.
pub type Page<'a> = (&'a str, &'a str, &'static str, Vec<(std::ops::Range<usize>, Origin)>);

/// An issue of several pages.
pub fn pages(id: &str, pages: &[Page]) -> Source {
    let mut source = Source { id: id.to_owned(), ..Source::default() };
    for (n, (name, text, encoding, segments)) in pages.iter().enumerate() {
        if n > 0 {
            source.text.push_str(PAGE_BREAK);
        }
        let start = source.text.len();
        source.text.push_str(text);
        let segments: Vec<Segment> = segments
            .iter()
            .map(|(r, origin)| Segment {
                span: SourceSpan::new(start + r.start, start + r.end),
                origin: origin.clone(),
            })
            .collect();
        let file = SourceFile {
            name: (*name).to_owned(),
            page: Some(format!("{:02}", n + 1)),
            witnesses: Vec::new(),
            format: kanwu::reader::Format::Text,
            scan: None,
            span: SourceSpan::new(start, source.text.len()),
            sha256: String::new(),
            encoding,
            bom: false,
            segments,
        };
        let bytes = bytes_of(&file, &source.text);
        source.files.push(SourceFile { sha256: kanwu::reader::sha256_hex(&bytes), ..file });
    }
    source
}

/// The bytes of an input file, by its segments.
pub fn bytes_of(file: &SourceFile, text: &str) -> Vec<u8> {
    if file.segments.is_empty() {
        return file.span.of(text).as_bytes().to_vec();
    }
    let mut out = Vec::new();
    for segment in &file.segments {
        match &segment.origin {
            Origin::Raw(bytes) => out.extend(bytes),
            Origin::Encoded("UTF-16LE") => {
                out.extend(segment.span.of(text).encode_utf16().flat_map(u16::to_le_bytes));
            }
            Origin::Encoded(name) => {
                let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).expect("an encoding");
                out.extend_from_slice(&encoding.encode(segment.span.of(text)).0);
            }
        }
    }
    out
}

/// Writes the input files of a source below `dir` and returns the path to hand to the proof.
pub fn write_input(source: &Source, dir: &std::path::Path) -> std::path::PathBuf {
    let single = source.files.len() == 1;
    let folder = dir.join("input");
    std::fs::create_dir_all(&folder).unwrap();
    for file in &source.files {
        std::fs::write(folder.join(&file.name), bytes_of(file, &source.text)).unwrap();
    }
    if single { folder.join(&source.files[0].name) } else { folder }
}

/// A short issue that every stage of the desk finds something in.
pub const ISSUE: &str = "# 我们的目标是升国旗 敬军礼!\n\n□本报记者 王雅静\n\n第2版\n\n10月22日,代表团出征,防止返贫返贫。断\n\n行之后,沿海建设(试点)。\n\n\
重复的一段,全文再见。\n\n## 一、总体要求\n\n统筹推进五位一体总体布局,五位一体。\n\n重复的一段,全文再见。\n";
