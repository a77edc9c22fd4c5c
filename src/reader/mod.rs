//! Readers: bytes in, [`crate::source::Source`] out; one input format a file.
//!
//! What lies in the tray is sorted into issues and pages (`tray`), the bytes of each page become text (`decode`), and
//! the pages of an issue are put one after the other. Nothing is lost on the way: [`Source::bytes_of`] gives the bytes of
//! every file back.

mod abbyy;
mod alto;
mod amend;
mod assemble;
mod decode;
mod detect;
mod docling;
mod engines;
mod hocr;
mod hyphen;
mod json;
mod json_lines;
mod mets;
mod mineru;
mod order;
mod paddle;
mod page_xml;
mod paragraph;
mod rapid;
mod sheet;
mod tray;
mod tsv;
pub(crate) mod xml;

pub use crate::source::{Format, encode};
pub use amend::{Amended, Splice, amend, is_amendable};
pub use decode::{Decoded, decode};
pub use detect::NotText;
pub(crate) use tray::natural;
pub use tray::{discover, is_input, survey};

use crate::error::{Error, ErrorKind, Result};
pub use crate::source::sha256_hex;
use crate::source::{PAGE_BREAK, Segment, Source, SourceFile, Trouble, Witness};
use crate::text::SourceSpan;
use std::path::{Path, PathBuf};

/// How the input is to be read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The encoding to take for granted; detected where `None`. A byte-order mark is believed before it.
    pub encoding: Option<&'static encoding_rs::Encoding>,
    /// The label of the witness that is the base of its page (see the contract).
    pub base: Option<String>,
    /// The format to take for granted; detected where `None`.
    pub format: Option<Format>,
}

/// One issue of the input, found but not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The folder's name, or the file's name without its format extension.
    pub id: String,
    /// The file or folder.
    pub path: PathBuf,
}

/// What a look into the input found.
#[derive(Clone, Debug, Default)]
pub struct Tray {
    /// The issues, in natural order of their ids.
    pub issues: Vec<Issue>,
    /// Files of an unknown extension, named once and not read.
    pub unknown: Vec<PathBuf>,
}

/// Reads one issue from the disk.
///
/// # Errors
/// What could not be read, and why; a binary file.
pub fn read(issue: &Issue, options: &ReadOptions) -> Result<Source> {
    let mut source = Source { id: issue.id.clone(), ..Source::default() };
    for (path, page) in inputs(issue, options)? {
        let bytes = load(&path)?;
        let (of, base) = (source.files.len(), page.name.clone());
        let others: Vec<String> = page.witnesses.iter().filter(|name| **name != base).cloned().collect();
        add(&mut source, page, bytes, &path, options)?;
        for name in others {
            // All readings of a page lie in one folder. One that is broken must not keep the page from being cleaned.
            let beside = path.with_file_name(tray::name_of(Path::new(&name)));
            match witness(&beside, &name, options) {
                Ok(reading) => source.witnesses.push(Witness { name, of, reprint: false, reading }),
                Err(fault) => source.unread.push(fault),
            }
        }
    }
    Ok(source)
}

/// Another reading of a page.
fn witness(path: &Path, name: &str, options: &ReadOptions) -> Result<Source> {
    let mut reading = Source { id: name.to_owned(), ..Source::default() };
    let page = Page { name: name.to_owned(), ..Page::default() };
    add(&mut reading, page, load(path)?, path, options)?;
    Ok(reading)
}

/// A file that is read for an issue.
#[derive(Debug)]
pub struct InputFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What the disk says of it.
    pub meta: std::fs::Metadata,
}

/// The files that [`read`] reads for an issue, in the order of their text; nothing of them is read.
///
/// # Errors
/// What is not there or cannot be listed.
pub fn files(issue: &Issue, options: &ReadOptions) -> Result<Vec<InputFile>> {
    let file = |path: PathBuf| match std::fs::metadata(&path) {
        Ok(meta) => Ok(InputFile { path, meta }),
        Err(e) => Err(tray::unreadable(&path, &e)),
    };
    inputs(issue, options)?.into_iter().map(|(path, _)| file(path)).collect()
}

/// What is read for an issue, in the order of the text: a file, the pages of a folder, or a METS file and the pages that it
/// names.
fn inputs(issue: &Issue, options: &ReadOptions) -> Result<Vec<(PathBuf, Page)>> {
    let meta = std::fs::metadata(&issue.path).map_err(|e| tray::unreadable(&issue.path, &e))?;
    if !meta.is_dir() {
        let name = tray::name_of(&issue.path);
        return match options.format.map_or_else(|| tray::begins_like_mets(&issue.path), |f| f == Format::Mets) {
            true => named_pages(&issue.path, options),
            false => Ok(vec![(issue.path.clone(), Page { name, ..Page::default() })]),
        };
    }
    if let Some(mets) = tray::structure(&issue.path)? {
        return named_pages(&mets, options);
    }
    let pages = tray::pages(&issue.path, options.base.as_deref())?;
    if pages.is_empty() {
        return Err(Error::new(ErrorKind::Input, format!("{}: no page of text in this folder", issue.path.display()))
            .hint("a folder is an issue whose pages are .md or .txt files, or files of an OCR engine, directly in it")
            .chinese(
                format!("{}：这个文件夹里没有可读的版面文字", issue.path.display()),
                "一个文件夹是一期，各版的 .md、.txt 或识别引擎的文件直接放在里面",
            ));
    }
    Ok(pages.into_iter().map(|page| (issue.path.join(&page.name), page)).collect())
}

/// A METS file and the pages that it names, each with the readings that lie beside it. The file that is named is the base:
/// it is the one whose blocks the structure speaks of.
fn named_pages(mets: &Path, options: &ReadOptions) -> Result<Vec<(PathBuf, Page)>> {
    let decoded = decode(load(mets)?, options.encoding).map_err(|why| no_text(mets, &why))?;
    let leaves = mets::leaves(&decoded.text).map_err(|fault| broken(mets, Format::Mets, fault))?;
    let folder = mets.parent().unwrap_or(Path::new(""));
    let missing: Vec<&str> =
        leaves.iter().map(|leaf| leaf.file.as_str()).filter(|file| !folder.join(file).is_file()).collect();
    if !missing.is_empty() {
        return Err(not_there(mets, &missing));
    }
    let own = Page { name: tray::name_of(mets), is_mets: true, ..Page::default() };
    let mut named = vec![(mets.to_owned(), own)];
    let mut readings = tray::Beside::of(folder, leaves.iter().map(|leaf| leaf.file.as_str()), &tray::name_of(mets));
    for leaf in leaves {
        let witnesses = readings.of_page(&leaf.file)?;
        let page = Page { name: leaf.file, page: Some(leaf.label), witnesses, places: leaf.places, ..Page::default() };
        named.push((folder.join(&page.name), page));
    }
    Ok(named)
}

/// Files that a METS file names and that are not there: the first few by name.
fn not_there(mets: &Path, missing: &[&str]) -> Error {
    let (mets, count) = (mets.display(), missing.len());
    let few = missing.get(..count.min(5)).unwrap_or(missing);
    let (zh, en) = match count > few.len() {
        true => {
            (format!("{} 等 {count} 个文件", few.join("、")), format!("{} and others, {count} in all", few.join(", ")))
        }
        false => (few.join("、"), few.join(", ")),
    };
    Error::new(ErrorKind::Input, format!("{mets}: it names files that are not there: {en}"))
        .hint("put the pages where the METS file says, in its folder or below")
        .chinese(format!("{mets}：其中列出的文件不在：{zh}"), "把各版的文件放到 METS 所写的位置，在同一文件夹或其下")
}

/// Where the decisions of an issue lie: `<issue>.decisions.jsonl` beside the input.
pub fn decisions_path(issue: &Issue) -> PathBuf {
    issue.path.with_file_name(format!("{}.decisions.jsonl", issue.id))
}

/// Reads the text of one page at hand, for standard input and for tests.
///
/// # Errors
/// Bytes that are no text at all.
pub fn read_bytes(id: &str, file: &str, bytes: &[u8], options: &ReadOptions) -> Result<Source> {
    let mut source = Source { id: id.to_owned(), ..Source::default() };
    let page = Page { name: file.to_owned(), ..Page::default() };
    add(&mut source, page, bytes.to_vec(), Path::new(file), options)?;
    Ok(source)
}

/// The text that a reader makes of an engine's file, for the proof that it made no other; `mets` is the METS file of the
/// issue, where it has one, and `name` the file's path from there.
///
/// # Errors
/// Bytes that are no text, or no file of this format.
pub fn text_of(format: Format, bytes: &[u8], name: &str, mets: Option<&[u8]>) -> Result<String> {
    let options = ReadOptions { format: Some(format), ..ReadOptions::default() };
    let mut page = Page { name: name.to_owned(), ..Page::default() };
    if let Some(mets) = mets.filter(|_| format != Format::Mets) {
        let decoded = decode(mets.to_vec(), None).map_err(|why| no_text(Path::new(name), &why))?;
        let leaves = mets::leaves(&decoded.text).map_err(|fault| broken(Path::new(name), Format::Mets, fault))?;
        page.places = leaves.into_iter().find(|leaf| leaf.file == name).map(|leaf| leaf.places).unwrap_or_default();
    }
    let mut source = Source::default();
    add(&mut source, page, bytes.to_vec(), Path::new(name), &options)?;
    Ok(source.text)
}

/// One page of an issue: the file that is read for it, and the other files that show the same page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Page {
    /// The file's name inside the issue.
    name: String,
    /// The page, where the issue is a folder.
    page: Option<String>,
    /// Names of all readings of the page, the one that is read included; empty where there is but one.
    witnesses: Vec<String>,
    /// What the METS file of the issue says of its blocks.
    places: mets::Places,
    /// Whether it is that METS file itself.
    is_mets: bool,
}

fn load(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| tray::unreadable(path, &e))
}

/// Puts a page behind the pages that the source has.
fn add(source: &mut Source, page: Page, bytes: Vec<u8>, path: &Path, options: &ReadOptions) -> Result<()> {
    let sha256 = sha256_hex(&bytes);
    let mut decoded = decode(bytes, options.encoding).map_err(|why| no_text(path, &why))?;
    let given = options.format.filter(|format| *format != Format::Mets || source.files.is_empty());
    let format = match given {
        _ if page.is_mets => Format::Mets,
        Some(format) => format,
        None => engines::detect(&page.name, &decoded.text).ok_or_else(|| unknown_format(path))?,
    };
    if format == Format::Mets {
        source.imprint = mets::imprint(&decoded.text);
    }
    let scan = match format.is_text() {
        true => None,
        false => {
            let plates =
                engines::read(format, &decoded.text, &page.places).map_err(|fault| broken(path, format, fault))?;
            let (text, scan) = assemble::assemble(plates);
            // The text is only part of the file: no segment of it gives the bytes back.
            decoded = Decoded { text, segments: Vec::new(), troubles: Vec::new(), ..decoded };
            Some(scan)
        }
    };
    // A METS file has no text that a page could follow.
    if source.files.iter().any(|file| file.format != Format::Mets) {
        source.text.push_str(PAGE_BREAK);
    }
    let start = source.text.len();
    let shift = |s: SourceSpan| SourceSpan::new(s.start + start, s.end + start);
    if start == 0 {
        source.text = decoded.text;
    } else {
        source.text.push_str(&decoded.text);
    }
    source.troubles.extend(decoded.troubles.into_iter().map(|t| Trouble { span: shift(t.span), kind: t.kind }));
    source.files.push(SourceFile {
        name: page.name,
        page: page.page,
        witnesses: page.witnesses,
        format,
        scan: scan.map(|scan| scan.moved(start)),
        span: SourceSpan::new(start, source.text.len()),
        sha256,
        encoding: decoded.encoding,
        bom: decoded.bom,
        segments: decoded.segments.into_iter().map(|s| Segment { span: shift(s.span), origin: s.origin }).collect(),
    });
    Ok(())
}

fn unknown_format(path: &Path) -> Error {
    let names = || Format::ALL.map(Format::name).join(", ");
    Error::new(ErrorKind::Input, format!("{}: not a format that is read here", path.display()))
        .hint(format!("formats: {}; say which with --format if it is one of them", names()))
        .chinese(
            format!("{}：不是能读的格式", path.display()),
            format!("能读的格式：{}；如果确是其中一种，用 --format 指明", names()),
        )
}

fn broken(path: &Path, format: Format, fault: sheet::Fault) -> Error {
    let place = fault.place.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
    let ((zh, en), path) = (fault.what, path.display());
    Error::new(ErrorKind::Input, format!("{path}{place}: {format}: {en}"))
        .hint("if it is another format, name it with --format; else have the engine write the file again")
        .chinese(
            format!("{path}{place}：{format}：{zh}"),
            "如果是别的格式，用 --format 指明；否则请让识别引擎重新写出这个文件",
        )
}

fn no_text(path: &Path, why: &NotText) -> Error {
    let path = path.display();
    match why {
        NotText::Format(name) => Error::new(ErrorKind::Input, format!("{path}: not text but {name}"))
            .hint("give the text of the page as .md or .txt; a page image may lie beside it in the issue's folder")
            .chinese(
                format!("{path}：不是文本，是 {name}"),
                "请放识别出来的文字（.md 或 .txt）；版面图像可以放在这一期的文件夹里",
            ),
        NotText::Utf32 => Error::new(ErrorKind::Input, format!("{path}: UTF-32 is not read"))
            .hint("save the file as UTF-8")
            .chinese(format!("{path}：不支持 UTF-32"), "另存为 UTF-8"),
        NotText::Controls => Error::new(ErrorKind::Input, format!("{path}: not text: too many control characters"))
            .hint("if it is UTF-16 without a byte-order mark, say --encoding utf-16le or utf-16be")
            .chinese(
                format!("{path}：不是文本，控制字符太多"),
                "如果是不带字节序标记的 UTF-16，加 --encoding utf-16le 或 utf-16be",
            ),
    }
}
