//! What lies in the tray: which files and folders are issues, which files of a folder are its pages, and which of the
//! readings of one page is the one to start from.

use super::{Issue, Page, Tray};
use crate::error::{Error, ErrorKind, Result, reason_zh};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Extensions of text that can be read, those that are preferred as the base of a page first.
const TEXT: [&str; 4] = ["md", "markdown", "txt", "text"];
/// Extensions of the files of OCR engines; what they are is told by their content.
const ENGINES: [&str; 10] = ["xml", "hocr", "html", "htm", "tsv", "json", "jsonl", "ndjson", "alto", "page"];
/// Extensions of page images, which lie beside the text and are not read.
const IMAGES: [&str; 7] = ["png", "jpg", "jpeg", "tif", "tiff", "webp", "pdf"];

/// Finds the issues that the paths name; with `each_is_issue` a folder is one issue and not a tray of issues.
///
/// # Errors
/// A path that is not there or cannot be listed; two issues with one id (both are named). [`survey`] tells of all of
/// them and goes on.
pub fn discover(paths: &[PathBuf], each_is_issue: bool) -> Result<Tray> {
    let (tray, mut faults) = survey(paths, each_is_issue);
    match faults.is_empty() {
        true => Ok(tray),
        false => Err(faults.swap_remove(0)),
    }
}

/// [`discover`] that goes on: the issues that can be read, and everything that stood in the way of others. Of two
/// issues with one id neither is among the issues.
pub fn survey(paths: &[PathBuf], each_is_issue: bool) -> (Tray, Vec<Error>) {
    let mut look = Look::default();
    for path in paths {
        match std::fs::metadata(path) {
            Err(e) => look.faults.push(unreadable(path, &e)),
            Ok(meta) if meta.is_dir() && !each_is_issue => look.tray(path),
            Ok(meta) => look.candidate(path, meta.is_dir()),
        }
    }
    look.finish()
}

/// Whether a path is an input at all: dot files, `README*`, `kanwu.toml` and decision logs are not.
pub fn is_input(path: &Path) -> bool {
    let Some(name) = path.file_name().map(|n| n.to_string_lossy()) else {
        return path.parent().is_some() || path.as_os_str() == "." || path.as_os_str() == "..";
    };
    let upper = name.get(..6).unwrap_or("").to_ascii_uppercase();
    !(name.starts_with('.') || upper == "README" || name == "kanwu.toml" || name.ends_with(".decisions.jsonl"))
}

/// What has been seen so far.
#[derive(Default)]
struct Look {
    issues: Vec<Issue>,
    unknown: Vec<PathBuf>,
    faults: Vec<Error>,
}

impl Look {
    fn tray(&mut self, folder: &Path) {
        let entries = match list(folder) {
            Ok(entries) => entries,
            Err(fault) => return self.faults.push(fault),
        };
        for path in entries.iter().filter(|p| is_input(p)) {
            match kind_of(path, folder) {
                Ok(is_dir) => self.candidate(path, is_dir),
                Err(fault) => self.faults.push(fault),
            }
        }
    }

    fn candidate(&mut self, path: &Path, is_dir: bool) {
        if !is_input(path) {
            return;
        }
        if !is_dir && !is_readable(path) {
            return self.unknown.push(path.to_owned());
        }
        if is_dir {
            self.unread_inside(path);
        }
        // `.` and `..` have no name of their own.
        let path = match path.file_name() {
            Some(_) => path.to_owned(),
            None => path.canonicalize().unwrap_or_else(|_| path.to_owned()),
        };
        let name = name_of(&path);
        let id = if is_dir { name } else { stem(&name).to_owned() };
        self.issues.push(Issue { id, path });
    }

    /// Names what lies in an issue's folder and will not be read. A folder that cannot be listed is told of when the
    /// issue is read.
    fn unread_inside(&mut self, folder: &Path) {
        // A METS file says itself what is read, and its pages lie in folders of their own.
        if matches!(structure(folder), Ok(Some(_))) {
            return;
        }
        let entries = list(folder).unwrap_or_default();
        for path in entries.into_iter().filter(|p| is_input(p) && !is_readable(p) && !is_image(p)) {
            let only_images = path.is_dir() && list(&path).is_ok_and(|inside| inside.iter().all(|p| is_image(p)));
            if !only_images {
                self.unknown.push(path);
            }
        }
    }

    fn finish(mut self) -> (Tray, Vec<Error>) {
        self.issues.sort_by(|a, b| natural(&a.id, &b.id).then_with(|| a.path.cmp(&b.path)));
        self.unknown.sort_by(|a, b| natural(&a.to_string_lossy(), &b.to_string_lossy()));
        self.unknown.dedup();
        let mut tray = Tray { issues: Vec::new(), unknown: self.unknown };
        for same_id in self.issues.chunk_by(|a, b| a.id == b.id) {
            let Some((first, others)) = same_id.split_first() else { continue };
            match others.iter().find(|other| !same_file(&first.path, &other.path)) {
                None => tray.issues.push(first.clone()),
                Some(other) => self.faults.push(two_with_one_id(first, other)),
            }
        }
        (tray, self.faults)
    }
}

fn two_with_one_id(one: &Issue, other: &Issue) -> Error {
    let (a, b) = (one.path.display(), other.path.display());
    Error::new(ErrorKind::Input, format!("two issues are called {}: {a} and {b}", one.id))
        .hint("rename one of them: the id names the issue's folder in the output")
        .chinese(format!("有两期都叫 {}：{a} 和 {b}", one.id), "给其中一个改名：输出文件夹以它命名")
}

/// The entries of a folder, in natural order of their names.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, &e))?;
    let mut out = Vec::new();
    for entry in entries {
        out.push(entry.map_err(|e| unreadable(folder, &e))?.path());
    }
    out.sort_by(|a, b| natural(&name_of(a), &name_of(b)));
    Ok(out)
}

/// Whether an entry of a tray is a folder; an error where it is a link that leads back to the tray or nowhere.
fn kind_of(path: &Path, tray: &Path) -> Result<bool> {
    let meta = std::fs::metadata(path).map_err(|e| unreadable(path, &e))?;
    if meta.is_dir()
        && path.is_symlink()
        && let (Ok(to), Ok(here)) = (path.canonicalize(), tray.canonicalize())
        && here.starts_with(&to)
    {
        return Err(Error::new(
            ErrorKind::Input,
            format!("{}: a link that leads back to its own folder", path.display()),
        )
        .hint("remove the link")
        .chinese(format!("{}：链接又指回它所在的文件夹", path.display()), "删去这个链接"));
    }
    Ok(meta.is_dir())
}

/// The pages of an issue's folder in natural order, each with the reading to start from.
pub(super) fn pages(folder: &Path, base: Option<&str>) -> Result<Vec<Page>> {
    let mut by_page: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in list(folder)?.iter().filter(|p| is_input(p) && is_readable(p)) {
        if std::fs::metadata(path).map_err(|e| unreadable(path, &e))?.is_dir() {
            continue;
        }
        let name = name_of(path);
        let page = page_and_label(&name).0.to_owned();
        by_page.entry(page).or_default().push(name);
    }
    let mut pages: Vec<Page> = by_page
        .into_iter()
        .filter_map(|(page, mut names)| {
            names.sort_by(|a, b| rank(a, base).cmp(&rank(b, base)).then_with(|| natural(a, b)));
            let name = names.first()?.clone();
            let witnesses = if names.len() > 1 { names } else { Vec::new() };
            Some(Page { name, page: Some(page), witnesses, ..Page::default() })
        })
        .collect();
    pages.sort_by(|a, b| natural(a.page.as_deref().unwrap_or(""), b.page.as_deref().unwrap_or("")));
    Ok(pages)
}

/// What lies beside the pages that a METS file names.
pub(super) struct Beside<'f> {
    folder: &'f Path,
    /// What is no other reading of a page, by its path from the folder: the METS file and the pages themselves.
    named: BTreeSet<String>,
    /// The files of each folder that was looked into, by page.
    known: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl<'f> Beside<'f> {
    /// For pages named by their paths from the folder of a METS file.
    pub fn of<'p>(folder: &'f Path, pages: impl Iterator<Item = &'p str>, mets: &'p str) -> Self {
        let named = pages.chain([mets]).map(str::to_owned).collect();
        Beside { folder, named, known: BTreeMap::new() }
    }

    /// The names of all readings of a page, the one that is named first; none where there is but one.
    ///
    /// # Errors
    /// A folder that cannot be listed.
    pub fn of_page(&mut self, file: &str) -> Result<Vec<String>> {
        let (dir, name) = file.rsplit_once('/').unwrap_or(("", file));
        if !self.known.contains_key(dir) {
            self.known.insert(dir.to_owned(), self.look(dir)?);
        }
        let others = self.known.get(dir).and_then(|pages| pages.get(page_and_label(name).0));
        let all = others.into_iter().flatten().cloned();
        let all: Vec<String> = std::iter::once(file.to_owned()).chain(all).collect();
        Ok(if all.len() > 1 { all } else { Vec::new() })
    }

    fn look(&self, dir: &str) -> Result<BTreeMap<String, Vec<String>>> {
        let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for path in list(&self.folder.join(dir))?.iter().filter(|p| is_input(p) && is_readable(p) && p.is_file()) {
            let name = name_of(path);
            let whole = if dir.is_empty() { name.clone() } else { format!("{dir}/{name}") };
            if !self.named.contains(&whole) {
                out.entry(page_and_label(&name).0.to_owned()).or_default().push(whole);
            }
        }
        Ok(out)
    }
}

/// The METS file of a folder, which says what its pages are.
///
/// # Errors
/// The folder cannot be listed; it has two of them.
pub(super) fn structure(folder: &Path) -> Result<Option<PathBuf>> {
    let xml = |path: &&PathBuf| is_input(path) && extension(path) == "xml" && path.is_file();
    let entries = list(folder)?;
    let mut found = entries.iter().filter(xml).filter(|path| begins_like_mets(path));
    match (found.next(), found.next()) {
        (Some(one), Some(other)) => {
            let (folder, a, b) = (folder.display(), name_of(one), name_of(other));
            Err(Error::new(ErrorKind::Input, format!("{folder}: two METS files, {a} and {b}"))
                .hint("a folder is one issue and has one METS file: move one of them away")
                .chinese(
                    format!("{folder}：有两个 METS 文件，{a} 和 {b}"),
                    "一个文件夹是一期，只能有一个 METS 文件：请移走一个",
                ))
        }
        (one, _) => Ok(one.cloned()),
    }
}

/// Whether the head of a file is that of a METS file.
pub(super) fn begins_like_mets(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(METS_HEAD).read_to_end(&mut head));
    // Most files are no XML at all, which a byte tells.
    let body = head.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&head);
    let xml = body.trim_ascii_start().starts_with(b"<");
    read.is_ok() && xml && super::mets::is(&String::from_utf8_lossy(&head))
}

/// So many bytes of a file are read to see whether it is METS: its root is behind a comment at most.
const METS_HEAD: u64 = 1 << 14;

/// The page that a file name means and the label of the witness: `01.tess.md` is page `01`, witness `tess`;
/// `2019.10.23-01.md` is page `2019.10.23-01`, because a label begins with a letter.
fn page_and_label(name: &str) -> (&str, Option<&str>) {
    let stem = stem(name);
    match stem.rsplit_once('.') {
        Some((page, label)) if !page.is_empty() && label.starts_with(char::is_alphabetic) => (page, Some(label)),
        _ => (stem, None),
    }
}

/// How near a file is to being the base of its page, least first: named by the desk, Markdown, plain text; without a
/// label before labelled ones.
fn rank(name: &str, base: Option<&str>) -> (bool, usize, bool) {
    let (_, label) = page_and_label(name);
    let extension = extension(Path::new(name));
    let named = base.is_some() && (label == base || Some(extension.as_str()) == base);
    // `.markdown` counts as `.md`, `.text` as `.txt`.
    let format = TEXT.iter().position(|t| *t == extension).map_or(TEXT.len(), |i| i / 2);
    (!named, format, label.is_some())
}

/// Natural order (page 2 before page 10); names that it holds equal come in byte order.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    alphanumeric_sort::compare_str(a, b).then_with(|| a.cmp(b))
}

/// The last part of a path, as text.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A file name without its format extension.
fn stem(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn is_readable(path: &Path) -> bool {
    let extension = extension(path);
    TEXT.contains(&extension.as_str()) || is_engine(&extension)
}

/// Whether an extension, in lower case, is that of an engine's file.
pub(super) fn is_engine(extension: &str) -> bool {
    ENGINES.contains(&extension)
}

fn is_image(path: &Path) -> bool {
    IMAGES.contains(&extension(path).as_str())
}

fn same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

/// What to tell a person when the system refuses a path.
pub(super) fn unreadable(path: &Path, e: &io::Error) -> Error {
    let (why, hint, zh) = match e.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => (
            "a link to a file that is not there",
            "remove or repair the link",
            ("链接所指的文件不在", "删去或改正这个链接"),
        ),
        io::ErrorKind::NotFound => ("not there", "check the path", ("没有这个文件或文件夹", "核对路径")),
        io::ErrorKind::PermissionDenied => {
            ("no permission to read it", "give yourself the right to read it", ("没有读取的权限", "先开放读取权限"))
        }
        // `io::ErrorKind::FilesystemLoop` is not stable; the message of the system says it.
        _ if path.is_symlink() && std::fs::metadata(path).is_err() => {
            ("a link that leads in a circle", "remove the link", ("链接绕成了圈", "删去这个链接"))
        }
        _ => {
            return Error::new(ErrorKind::Input, format!("{}: cannot be read: {e}", path.display()))
                .chinese(format!("{}：读不了：{}", path.display(), reason_zh(e)), "");
        }
    };
    Error::new(ErrorKind::Input, format!("{}: {why}", path.display()))
        .hint(hint)
        .chinese(format!("{}：{}", path.display(), zh.0), zh.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_begins_with_a_letter() {
        assert_eq!(page_and_label("01.md"), ("01", None));
        assert_eq!(page_and_label("01.tess.hocr"), ("01", Some("tess")));
        assert_eq!(page_and_label("01.ppv6.json"), ("01", Some("ppv6")));
        assert_eq!(page_and_label("2019.10.23-01.md"), ("2019.10.23-01", None));
    }

    #[test]
    fn the_base_is_the_named_witness_then_markdown_then_text() {
        let first = |names: &[&str], base| {
            let mut names: Vec<_> = names.to_vec();
            names.sort_by(|a, b| rank(a, base).cmp(&rank(b, base)).then_with(|| natural(a, b)));
            names[0].to_owned()
        };
        let names = ["01.a.txt", "01.b.txt", "01.md", "01.tess.md", "01.txt"];
        assert_eq!(first(&names, None), "01.md");
        assert_eq!(first(&names, Some("b")), "01.b.txt");
        assert_eq!(first(&names, Some("nobody")), "01.md");
        assert_eq!(first(&names[..2], None), "01.a.txt");
        assert_eq!(first(&["01.txt", "01.a.txt"], None), "01.txt");
    }

    #[test]
    fn what_is_no_input() {
        for name in [".hidden.md", "README", "readme.zh.md", "kanwu.toml", "a/2019.decisions.jsonl"] {
            assert!(!is_input(Path::new(name)), "{name}");
        }
        for name in ["2019-10-23.md", "a/读我.md", "版.txt", "kanwu.toml.md", "."] {
            assert!(is_input(Path::new(name)), "{name}");
        }
    }
}
