//! The texts that a model is made from or asked about: files and folders, documents one after the other.

use crate::cli::say;
use kanwu::error::Result;
use kanwu::reader::{self, Format, Issue, ReadOptions};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Tables of sentences are text here, whatever their names promise.
const AS_TEXT: ReadOptions = ReadOptions { encoding: None, base: None, format: Some(Format::Text) };

/// Whether a path stands for standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The name of a file without its folders.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The text files that a path names: itself, or those in a folder and the folders below it, in the order of their names.
///
/// # Errors
/// What is not there or cannot be listed, and a file or folder that holds no text.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if is_stdin(path) || !std::fs::metadata(path).map_err(|e| say::cannot_read(path, &e))?.is_dir() {
        found.push(path.to_owned());
    } else {
        walk(path, &is_text, &mut found)?;
    }
    if found.iter().any(|file| is_stdin(file) || is_text(file)) { Ok(found) } else { Err(say::no_text(path)) }
}

/// The files that a path names, those of tables and records among them.
///
/// # Errors
/// What is not there or cannot be listed.
pub fn all_files(path: &Path) -> Result<Vec<PathBuf>> {
    if !std::fs::metadata(path).map_err(|e| say::cannot_read(path, &e))?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    walk(path, &|file| is_text(file) || has_extension(file, &["tsv", "csv", "json"]), &mut found)?;
    Ok(found)
}

fn walk(folder: &Path, wanted: &impl Fn(&Path) -> bool, found: &mut Vec<PathBuf>) -> Result<()> {
    let cannot = |e| say::cannot_read(folder, &e);
    let entries = std::fs::read_dir(folder).map_err(cannot)?;
    let mut paths = entries.map(|e| e.map(|e| e.path())).collect::<std::io::Result<Vec<_>>>().map_err(cannot)?;
    paths.sort_by(|a, b| alphanumeric_sort::compare_path(a, b).then_with(|| a.cmp(b)));
    for path in paths.into_iter().filter(|p| reader::is_input(p)) {
        // A link to a folder may lead back to where it stands.
        if path.is_dir() && !path.is_symlink() {
            walk(&path, wanted, found)?;
        } else if path.is_file() && wanted(&path) {
            found.push(path);
        }
    }
    Ok(())
}

fn is_text(path: &Path) -> bool {
    is_json(path) || has_extension(path, &["md", "txt"])
}

fn is_json(path: &Path) -> bool {
    has_extension(path, &["jsonl"])
}

fn has_extension(path: &Path, any: &[&str]) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|e| any.iter().any(|a| e.eq_ignore_ascii_case(a)))
}

/// Hands on the documents of a file: the whole text, or of each line of JSON the field `text` below the field `title`,
/// if there is one. Standard input is such lines.
///
/// # Errors
/// What cannot be read, bytes that are no text, a line that is no such object.
pub fn documents(path: &Path, each: &mut impl FnMut(&str)) -> Result<()> {
    if is_stdin(path) {
        lines(path, std::io::stdin().lock(), each)
    } else if is_json(path) {
        lines(path, BufReader::new(File::open(path).map_err(|e| say::cannot_read(path, &e))?), each)
    } else {
        each(&plain(path)?);
        Ok(())
    }
}

/// The text of a file, whatever its name says it is.
pub fn plain(path: &Path) -> Result<String> {
    let issue = Issue { id: name(path), path: path.to_owned() };
    Ok(reader::read(&issue, &AS_TEXT)?.text)
}

/// Hands on everything that is written in a file: each text in the objects of JSON lines, the whole of other files.
///
/// # Errors
/// What cannot be read, bytes that are no text.
pub fn strings(path: &Path, each: &mut impl FnMut(&str)) -> Result<()> {
    let text = plain(path)?;
    if !is_json(path) {
        each(&text);
        return Ok(());
    }
    for line in text.lines() {
        match serde_json::from_str(line) {
            Ok(value) => strings_of(&value, each),
            Err(_) => each(line),
        }
    }
    Ok(())
}

fn strings_of(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings_of(item, each)),
        Value::Object(fields) => fields.values().for_each(|field| strings_of(field, each)),
        _ => {}
    }
}

/// All of standard input as text.
pub fn standard_input() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| say::cannot_read_stdin(&e))?;
    Ok(reader::read_bytes("stdin", "-", &bytes, &AS_TEXT)?.text)
}

#[derive(serde::Deserialize)]
struct Record {
    /// The headline, where the text does not begin with it.
    title: Option<String>,
    text: String,
}

fn lines(path: &Path, mut from: impl BufRead, each: &mut impl FnMut(&str)) -> Result<()> {
    let mut line = Vec::new();
    for number in 1usize.. {
        line.clear();
        let read = from.read_until(b'\n', &mut line).map_err(|e| match is_stdin(path) {
            true => say::cannot_read_stdin(&e),
            false => say::cannot_read(path, &e),
        })?;
        if read == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let record: Record = serde_json::from_slice(&line).map_err(|e| say::bad_document(path, number, &e))?;
        match record.title.filter(|title| record.text.lines().next() != Some(title.as_str())) {
            Some(title) => each(&format!("{title}\n{}", record.text)),
            None => each(&record.text),
        }
    }
    Ok(())
}
