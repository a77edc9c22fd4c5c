//! Which reader a file goes to.

use super::sheet::{Fault, Plates};
use super::{abbyy, alto, docling, hocr, json, json_lines, mets, mineru, paddle, page_xml, rapid, tsv};
use crate::source::Format;

/// A format and how it is known by its content.
type Known = (Format, fn(&str) -> bool);

/// Every format of an engine that is not JSON; the first that knows the text takes it.
const KNOWN: &[Known] = &[
    (Format::Abbyy, abbyy::is),
    (Format::Alto, alto::is),
    (Format::Hocr, hocr::is),
    (Format::Mets, mets::is),
    (Format::PageXml, page_xml::is),
    (Format::TesseractTsv, tsv::is),
];

/// The format of a decoded file; `None` where its name promises an engine's file and nothing in it is known.
pub(super) fn detect(name: &str, text: &str) -> Option<Format> {
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    match extension.as_str() {
        "md" | "markdown" => return Some(Format::Markdown),
        "txt" | "text" => return Some(Format::Text),
        _ => {}
    }
    let known = KNOWN.iter().find(|(_, is)| is(text)).map(|(format, _)| *format);
    let known = known.or_else(|| json::format_of(text));
    known.or_else(|| (!super::tray::is_engine(&extension)).then_some(Format::Text))
}

/// Reads a decoded file of an engine; `places` is what the structure of its issue says of its blocks.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(format: Format, text: &str, places: &mets::Places) -> Result<Plates, Fault> {
    match format {
        Format::Abbyy => abbyy::read(text),
        Format::Alto => alto::read(text, places),
        Format::Docling => docling::read(text),
        Format::Hocr => hocr::read(text),
        Format::JsonLines => json_lines::read(text),
        Format::Mets => mets::read(text),
        Format::Mineru => mineru::read(text),
        Format::PaddleOcr => paddle::read(text),
        Format::PageXml => page_xml::read(text),
        Format::RapidOcr => rapid::read(text),
        Format::TesseractTsv => tsv::read(text),
        Format::Text | Format::Markdown => Ok(Plates::default()),
    }
}
