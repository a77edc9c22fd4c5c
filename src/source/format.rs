//! Which sort of file it is: told by what stands in it, not by its name alone.

use std::fmt;

/// What a reader can read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// Markdown, which is read as text: its marks are dealt with by the stages.
    Markdown,
    /// JSON Lines of `id` and `text`.
    JsonLines,
    /// Tesseract's table.
    TesseractTsv,
    /// hOCR.
    Hocr,
    /// ALTO 2 to 4.
    Alto,
    /// PAGE XML.
    PageXml,
    /// ABBYY FineReader XML.
    Abbyy,
    /// METS, which says which ALTO files make an issue and what its articles are.
    Mets,
    /// RapidOCR's JSON: a list of boxes with text.
    RapidOcr,
    /// PaddleOCR's JSON: 2.x list, 3.x `res.json`, PP-Structure `parsing_res_list`.
    PaddleOcr,
    /// MinerU's `content_list.json`, `middle.json`.
    Mineru,
    /// docling's JSON.
    Docling,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 13] = [
        Format::Text,
        Format::Markdown,
        Format::JsonLines,
        Format::TesseractTsv,
        Format::Hocr,
        Format::Alto,
        Format::PageXml,
        Format::Abbyy,
        Format::Mets,
        Format::RapidOcr,
        Format::PaddleOcr,
        Format::Mineru,
        Format::Docling,
    ];

    /// Its name, as `--format` takes it and `clean.json` gives it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Markdown => "markdown",
            Format::JsonLines => "jsonl",
            Format::TesseractTsv => "tesseract-tsv",
            Format::Hocr => "hocr",
            Format::Alto => "alto",
            Format::PageXml => "page",
            Format::Abbyy => "abbyy",
            Format::Mets => "mets",
            Format::RapidOcr => "rapidocr",
            Format::PaddleOcr => "paddleocr",
            Format::Mineru => "mineru",
            Format::Docling => "docling",
        }
    }

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        Format::ALL.into_iter().find(|f| f.name() == name)
    }

    /// Whether the file is its text, so that the text gives its bytes back.
    pub fn is_text(self) -> bool {
        matches!(self, Format::Text | Format::Markdown)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
