//! The outline: what kind of line each line is, and the articles that the lines make up.
//!
//! A pure function of a view. Everything in it is a span over the text; nothing is copied.

mod article;
pub(crate) mod furniture;
mod headline;
mod lexicon;
mod line;
pub(crate) mod marks;
pub(crate) mod people;
pub(crate) mod serial;

pub(crate) use line::{Reading, keep, turn_page};

use crate::document::View;
use crate::text::ViewSpan;
use std::ops::Range;

/// What kind of line a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Body text.
    Paragraph,
    /// A headline line of an article (the lines of one headline follow each other).
    Headline,
    /// A heading inside an article.
    Heading,
    /// A numbered or bulleted item.
    ListItem,
    /// A line that names who speaks in what follows: `兴安盟突泉县委书记屈振年：`.
    Speaker,
    /// `□本报记者 王雅静`.
    Byline,
    /// A dateline on a line of its own.
    Dateline,
    /// Who supplied the text, on a line of its own: `（赤峰市委主题教育领导小组办公室）`.
    Credit,
    /// The date line of a document: `（2019年10月17日）`.
    Date,
    /// The number of a document on a line of its own: `中发〔2018〕43号`.
    DocumentNumber,
    /// What stands under a picture or a table.
    Caption,
    /// A line of a table.
    Table,
    /// An image line.
    Image,
    /// Belongs to the page: folio, running head, masthead, editors' line.
    Furniture,
}

/// A part of a block that is something of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// `本报10月22日讯（记者 郭俊楼）` at the head of a paragraph.
    Dateline,
    /// `（赤峰市委主题教育领导小组办公室）` at its end.
    Credit,
    /// A section heading that runs into its paragraph: `（一）建立区域统筹发展机制。`
    LeadIn,
    /// `（下转第三版）`, `（上接第一版）`.
    Turn,
}

/// A numbered section's number: the order is 一、 （一） 1. （1） ①.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serial {
    /// Rank in that order, 0 for 第…编/章/节/条 forms and 1 to 5 for the others.
    pub rank: u8,
    /// The number.
    pub number: u32,
    /// Where it is written, with its marks.
    pub span: ViewSpan,
}

/// One line that is not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// For a heading, its level as the text has it (the number of `#`, or by its serial where there are none).
    pub level: Option<u8>,
    /// The line without its end.
    pub line: ViewSpan,
    /// The line without Markdown marks and outer spaces.
    pub text: ViewSpan,
    /// The number it opens with.
    pub serial: Option<Serial>,
    /// Parts that are something of their own, in order.
    pub parts: Vec<(PartKind, ViewSpan)>,
}

/// The parts of a headline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// 引题, above the main headline.
    pub kicker: Option<ViewSpan>,
    /// 主题.
    pub main: Option<ViewSpan>,
    /// 副题, below it.
    pub sub: Option<ViewSpan>,
}

/// One article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Article {
    /// Its headline; all parts empty where there is none.
    pub headline: Headline,
    /// The names in its byline or dateline.
    pub byline: Vec<ViewSpan>,
    /// Its dateline.
    pub dateline: Option<ViewSpan>,
    /// Its blocks, headline lines included, as a range of [`Outline::blocks`].
    pub blocks: Range<usize>,
    /// The article that this one continues from another page.
    pub continues: Option<usize>,
}

/// The outline of a view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The newspaper's name, where it stands in the text.
    pub newspaper: Option<ViewSpan>,
    /// The date of the issue, from its masthead, else from its METS file, else from its id.
    pub date: Option<jiff::civil::Date>,
    /// All lines that are not blank, in order.
    pub blocks: Vec<Block>,
    /// The articles, in order; together they hold every block.
    pub articles: Vec<Article>,
}

impl Outline {
    /// Reads the outline of a view, in one pass over its lines and some over its blocks.
    pub fn read(view: &View) -> Outline {
        let readings = read_lines(view);
        let mut outline = Outline { date: None, newspaper: None, blocks: Vec::new(), articles: Vec::new() };
        let mut names = Vec::with_capacity(readings.len());
        outline.blocks.reserve(readings.len());
        for reading in readings {
            if let Some(found) = &reading.furniture {
                let at = reading.block.text.start;
                outline.date = outline.date.or(found.date.filter(|_| found.certain));
                let name = found.newspaper.clone().map(|r| ViewSpan::new(at + r.start, at + r.end));
                outline.newspaper = outline.newspaper.or(name);
            }
            names.push(reading.names);
            outline.blocks.push(reading.block);
        }
        let source = view.source();
        outline.date = outline.date.or(source.imprint.date).or_else(|| article::date_of_id(&source.id));
        if !outline.blocks.iter().any(|b| b.kind == BlockKind::Headline) {
            headline::find_unmarked(view, &mut outline.blocks);
        }
        headline::mark_broken(view, &mut outline.blocks);
        article::mark_subs(&mut outline.blocks);
        outline.articles = article::divide(view, &outline.blocks, &names);
        outline
    }

    /// The number of the article that a view offset lies in or behind; 0 where there is none.
    pub fn article_at(&self, at: usize) -> usize {
        let starts = |a: &Article| self.blocks.get(a.blocks.start).map_or(0, |b| b.line.start);
        self.articles.partition_point(|a| starts(a) <= at).saturating_sub(1)
    }

    /// The block whose line holds a view offset.
    pub fn block_at(&self, at: usize) -> Option<&Block> {
        let next = self.blocks.partition_point(|b| b.line.start <= at);
        self.blocks.get(next.checked_sub(1)?).filter(|b| at <= b.line.end)
    }

    /// The blocks of an article.
    pub fn blocks_of(&self, article: &Article) -> &[Block] {
        self.blocks.get(article.blocks.clone()).unwrap_or(&[])
    }
}

/// Reads every line that is not blank by what stands in it; `kept` has, in order, readings that are already known.
pub(crate) fn read_each(view: &View, kept: &[Reading]) -> Vec<Reading> {
    let mut kept = kept.iter().peekable();
    let filled = view.lines().iter().filter(|line| !view.get(line.span).trim().is_empty());
    let readings = filled.map(|line| match kept.next_if(|r| r.block.line == line.span) {
        Some(known) => known.clone(),
        None => line::read(line.span, view.get(line.span)),
    });
    readings.collect()
}

/// Reads every line that is not blank, with what only the lines before it tell: an open table, a running list.
fn read_lines(view: &View) -> Vec<Reading> {
    let mut out: Vec<Reading> = Vec::with_capacity(view.readings().len());
    let mut in_table = false;
    for reading in view.readings() {
        let mut reading = reading.clone();
        let text = view.get(reading.block.line);
        if in_table && reading.block.level.is_none() {
            reading.block.kind = BlockKind::Table;
        }
        let tagged = memchr::memchr(b'<', text.as_bytes()).is_some();
        if tagged && text.contains("<table") {
            in_table = true;
        }
        if in_table && tagged && text.contains("</table") {
            in_table = false;
        }
        if is_item(view, &reading.block, out.last().map(|r| &r.block)) {
            reading.block.kind = BlockKind::ListItem;
        }
        out.push(reading);
    }
    out
}

/// Whether a numbered paragraph is an item of a list: it ends in a semicolon, or goes on from such an item.
fn is_item(view: &View, block: &Block, before: Option<&Block>) -> bool {
    let Some(serial) = block.serial.filter(|s| s.rank > 0 && block.kind == BlockKind::Paragraph) else {
        return false;
    };
    let ends_open = marks::last_mark(view.get(block.text)).is_some_and(|c| matches!(c, '；' | ';'));
    let goes_on = before.is_some_and(|b| {
        b.kind == BlockKind::ListItem
            && b.serial.is_some_and(|s| s.rank == serial.rank && s.number + 1 == serial.number)
    });
    ends_open || goes_on
}
