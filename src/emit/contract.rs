//! The shapes of the output files, as other programs read them.
//!
//! The same types write the files, read them again for the proof ([`crate::verify`]) and give the JSON Schemas, so the
//! three cannot disagree. Offsets count Unicode scalar values, half open, in the issue's source text: the input file
//! itself, or `source.md` where that is written. A field may be added; one is renamed or removed only with a new
//! schema number.

use crate::finding::{Applicability, Category, Status};
use crate::rule::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The name and number of the schema of `clean.json`.
pub const SCHEMA: &str = "kanwu/clean@1";

/// One line of `findings.jsonl`: a change made or proposed, or a place to look at.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub struct FindingLine<'a> {
    /// Unique in the issue, and the same from run to run and after unrelated edits elsewhere.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The rule's code.
    #[serde(borrow)]
    pub rule: Cow<'a, str>,
    /// What sort of thing it is about.
    pub category: Category,
    /// What became of it.
    pub status: Status,
    /// How far the change may go without a person.
    pub applicability: Applicability,
    /// Where it stands.
    #[serde(borrow)]
    pub source: Place<'a>,
    /// Exactly the source text from `source.start` to `source.end`.
    #[serde(borrow)]
    pub quote: Cow<'a, str>,
    /// What it says, in both languages. Left out of an applied finding whose rule always says the same: the text is
    /// under `rules` in `clean.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
    /// Why, in lines that a person can check. Left out together with `message`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Vec<String>>,
    /// Other places that it speaks of.
    #[serde(borrow)]
    pub related: Vec<RelatedPlace<'a>>,
    /// Alternative texts for the span, best first; empty for a flag.
    pub fixes: Vec<FixText<'a>>,
    /// The exact text that now stands for the span; there when `status` is `applied` or `accepted`.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub applied: Option<Cow<'a, str>>,
    /// Hash of `fixes`, which a decision repeats to say what was shown.
    #[serde(borrow)]
    pub proposal: Cow<'a, str>,
    /// How sure, 0 to 1, where that was estimated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Findings of a rule with the same series are shown, and may be decided, together.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Cow<'a, str>>,
    /// Who decided, where somebody did.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<Cow<'a, str>>,
    /// Others who gave a verdict and did not take it back; `decided_by` had the last word.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub also_decided_by: Vec<Cow<'a, str>>,
}

/// A place in the source text.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Place<'a> {
    /// The input file that holds it.
    #[serde(borrow)]
    pub file: Cow<'a, str>,
    /// The file's name again, where its page has other readings too: findings and decisions name the reading they speak of.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Cow<'a, str>>,
    /// The page, where the input is a folder of pages, or the file names its pages.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Cow<'a, str>>,
    /// Left, top, right, bottom on the page image, where the input says it: the part of the place that stands in its first
    /// printed line.
    #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f32; 4]>,
    /// What `box` is measured in, where that is not pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<BoxUnit>,
    /// First scalar value.
    pub start: usize,
    /// One past the last scalar value; an insertion has `start` = `end`.
    pub end: usize,
    /// Line of `start` in the text that the offsets count in, from 1.
    pub line: usize,
    /// Column of `start` in scalar values, from 1.
    pub column: usize,
}

/// What a box is measured in, where that is not pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoxUnit {
    /// 72 an inch.
    Point,
    /// Tenths of a millimetre.
    Mm10,
    /// 1,200 an inch.
    Inch1200,
    /// Thousandths of the page's width and height.
    Thousandth,
}

/// Another place that a finding speaks of.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct RelatedPlace<'a> {
    /// What the place is to the finding: `original`, `twin`, `opening`, `part` …
    #[serde(borrow)]
    pub role: Cow<'a, str>,
    /// The input file that holds it.
    #[serde(borrow)]
    pub file: Cow<'a, str>,
    /// The page, where the input is a folder of pages.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Cow<'a, str>>,
    /// Left, top, right, bottom on the page image, where the input says it.
    #[serde(rename = "box", default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f32; 4]>,
    /// What `box` is measured in, where that is not pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<BoxUnit>,
    /// First scalar value.
    pub start: usize,
    /// One past the last scalar value.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in scalar values, from 1.
    pub column: usize,
    /// The part of the finding's own span that it corresponds to, where it corresponds to a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<Range>,
    /// How alike the two are, 0 to 1, where that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub similarity: Option<f64>,
}

/// A stretch of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Range {
    /// First scalar value.
    pub start: usize,
    /// One past the last scalar value.
    pub end: usize,
}

/// One alternative text.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Fix")]
pub struct FixText<'a> {
    /// What would stand for the span.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
}

/// `clean.json`: the cleaned issue for programs.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Clean")]
pub struct CleanIssue<'a> {
    /// `kanwu/clean@1`.
    pub schema: String,
    /// The issue's id.
    pub issue: String,
    /// The newspaper's name, where the text or the issue's METS file says it.
    pub newspaper: Option<String>,
    /// The date of the issue, `2019-10-23`.
    pub date: Option<String>,
    /// The input files, in the order of their text.
    pub sources: Vec<InputFile>,
    /// The articles, in order.
    #[serde(borrow)]
    pub articles: Vec<ArticleItem<'a>>,
    /// What belongs to the page and to no article.
    #[serde(borrow)]
    pub furniture: Vec<FurnitureItem<'a>>,
    /// The rules that found something, by code.
    pub rules: BTreeMap<String, RuleText>,
    /// What was found, in figures.
    pub summary: Summary,
    /// Decisions whose place was not found again, as line numbers of the log.
    #[serde(default)]
    pub lost_decisions: Vec<usize>,
}

/// A file that holds another reading of a page, and that findings may speak of.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ReadingFile {
    /// Its name; for a page of a folder, the path inside the folder.
    pub file: String,
    /// What sort of file it is: `hocr`, `alto` …; left out of a file of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The engine that wrote it, as the file names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// SHA-256 of its bytes in lower-case hex.
    pub sha256: String,
}

/// One input file, and how its bytes are had back.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct InputFile {
    /// Its name; for a page of a folder, the path inside the folder.
    pub file: String,
    /// The page it holds, where the input is a folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The names of all readings of the page, this one included, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub witnesses: Vec<String>,
    /// The other readings of the page that were compared with this one, in the order of `witnesses`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<ReadingFile>,
    /// What sort of file it is: `text`, `markdown`, `hocr` …; left out of a file of text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The engine that wrote it, as the file names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// SHA-256 of its bytes in lower-case hex.
    pub sha256: String,
    /// WHATWG name of the encoding that most of it is in.
    pub encoding: String,
    /// Scalar values of its text.
    pub characters: usize,
    /// Whether it began with a byte-order mark.
    pub bom: bool,
    /// Where its text begins in the source text.
    pub start: usize,
    /// One past the end of its text in the source text.
    pub end: usize,
    /// How the bytes are had back, piece by piece and without a gap; left out when the file is its text in UTF-8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<SegmentItem>,
}

/// A stretch of a file's text and the bytes behind it: either `encoding` or `raw` is there.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Segment")]
pub struct SegmentItem {
    /// First scalar value in the source text.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// The bytes are the text in this encoding (WHATWG name).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// The bytes themselves, in lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
}

/// One article, or the part of one that stands on a page.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Article")]
pub struct ArticleItem<'a> {
    /// `a01`, `a02` … in the order of the text.
    pub id: String,
    /// The page it begins on, where pages are known.
    pub page: Option<String>,
    /// Its headline.
    pub headline: HeadlineItem,
    /// Who wrote it.
    pub byline: Vec<String>,
    /// Where and when it was written: `本报10月22日讯（记者 郭俊楼）`.
    pub dateline: Option<String>,
    /// The id of the article that it continues from another page.
    pub continues: Option<String>,
    /// Everything below the headline, in order.
    #[serde(borrow)]
    pub body: Vec<BodyItem<'a>>,
}

/// The headline of an article; all parts null where there is none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Headline")]
pub struct HeadlineItem {
    /// 引题, above the main headline.
    pub kicker: Option<String>,
    /// 主题.
    pub main: Option<String>,
    /// 副题, below it.
    pub sub: Option<String>,
    /// Where its parts stand in the source.
    #[serde(default)]
    pub source: HeadlinePlaces,
}

/// Where the parts of a headline stand in the source, a range a line.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct HeadlinePlaces {
    /// 引题.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kicker: Vec<Range>,
    /// 主题.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub main: Vec<Range>,
    /// 副题.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub: Vec<Range>,
}

/// What a piece of an article is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Body text.
    Paragraph,
    /// A heading inside the article.
    Heading,
    /// A numbered or bulleted item.
    ListItem,
    /// A line that names who speaks.
    Speaker,
    /// Who wrote it.
    Byline,
    /// Where and when it was written.
    Dateline,
    /// Who supplied the text.
    Credit,
    /// The date line of a document.
    Date,
    /// The number of a document.
    DocumentNumber,
    /// What stands under a picture or a table.
    Caption,
    /// A line of a table.
    Table,
    /// An image line.
    Image,
}

/// A piece of an article.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct BodyItem<'a> {
    /// What it is.
    pub kind: Kind,
    /// The level of a heading.
    pub level: Option<u8>,
    /// The cleaned text without heading marks and outer spaces.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// Where it stands in the source; several pieces where page furniture was cut out of it.
    pub source: Vec<Range>,
}

/// Something that belongs to the page: a folio, a running head, an editors' line.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Furniture")]
pub struct FurnitureItem<'a> {
    /// Its text: as in the source when it was cut, else as it stands in `clean.md`.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// Where it stands in the source.
    pub source: Vec<Range>,
    /// Whether it was cut from `clean.md`.
    pub cut: bool,
}

/// What a rule says.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Rule")]
pub struct RuleText {
    /// Its name, which reads as "allow …".
    pub name: String,
    /// What the editor reads, with slots `{name}`.
    pub message: Text,
    /// The clause of a standard that it rests on.
    pub clause: Option<String>,
    /// The category of its findings.
    pub category: Category,
}

/// What was found, in figures.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Scalar values of the source text.
    pub characters: usize,
    /// Changes made without a person.
    pub applied: usize,
    /// Findings that wait for a person.
    pub open: usize,
    /// Changes that a person accepted or wrote.
    pub accepted: usize,
    /// Changes that a person refused.
    pub rejected: usize,
    /// Findings to be asked again because what was decided has changed.
    #[serde(default)]
    pub stale: usize,
    /// Things for a person to decide: open and stale findings, a series counted once, and those inside a passage that is
    /// proposed for removal not counted.
    #[serde(default)]
    pub to_decide: usize,
    /// The same by category; a category without findings is left out.
    pub by_category: BTreeMap<Category, Counts>,
}

/// How many findings of a category stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// Changes made without a person.
    pub applied: usize,
    /// Findings that wait for a person.
    pub open: usize,
    /// Changes that a person accepted or wrote.
    pub accepted: usize,
    /// Changes that a person refused.
    pub rejected: usize,
}

/// The JSON Schemas of the contract by name: `clean`, `finding`, `decision`.
pub fn schemas() -> Vec<(&'static str, serde_json::Value)> {
    vec![
        ("clean", schemars::schema_for!(CleanIssue).to_value()),
        ("finding", schemars::schema_for!(FindingLine).to_value()),
        ("decision", schemars::schema_for!(crate::review::Decision).to_value()),
    ]
}
