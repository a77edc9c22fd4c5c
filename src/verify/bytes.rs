//! The first half of the proof: the source text is what the input's bytes say, and the bytes can be had back.

use super::Proof;
use crate::emit::contract::{InputFile, SegmentItem};
use crate::error::{Error, ErrorKind, Result, reason_zh};
use crate::reader::Format;
use crate::text::Ruler;
use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fs;
use std::path::Path;

/// Reads the input files: `path` itself, or the files inside it that the output names.
pub fn read(path: &Path, files: &[InputFile]) -> Result<Vec<Vec<u8>>> {
    let one = |path: &Path| {
        fs::read(path).map_err(|e| {
            Error::new(ErrorKind::Input, format!("{}: {e}", path.display()))
                .hint("name the input that the output was made from with --input")
                .chinese(format!("{}：{}", path.display(), reason_zh(&e)), "用 --input 指明原稿")
        })
    };
    match folder_of(path, files) {
        Some(folder) => files.iter().map(|f| one(&folder.join(&f.file))).collect(),
        None => Ok(vec![one(path)?]),
    }
}

/// The folder from which the names of the input files count, where there is one.
fn folder_of<'p>(path: &'p Path, files: &[InputFile]) -> Option<&'p Path> {
    let of_mets = || files.first().filter(|f| f.format.as_deref() == Some(Format::Mets.name())).and(path.parent());
    if path.is_dir() { Some(path) } else { of_mets() }
}

/// Checks that the other readings that findings speak of are as they were read; nothing is said where there are none.
pub fn check_readings(path: &Path, files: &[InputFile], proof: &mut Proof) {
    let Some(folder) = folder_of(path, files) else { return };
    let readings: Vec<_> = files.iter().flat_map(|f| &f.readings).collect();
    if readings.is_empty() {
        return;
    }
    let wrong = readings.into_iter().filter_map(|reading| match fs::read(folder.join(&reading.file)) {
        Ok(bytes) if sha256(&bytes) == reading.sha256 => None,
        Ok(_) => Some(reading.file.clone()),
        Err(e) => Some(format!("{}: {}", reading.file, e)),
    });
    let wrong = wrong.collect();
    proof.check(
        "其他识别稿的校验值（SHA-256）与记录一致",
        "the other readings have the hashes that were recorded",
        wrong,
    );
}

/// Checks the bytes of the input against the source text.
pub fn check(files: &[InputFile], bytes: &[Vec<u8>], source: &str, proof: &mut Proof) {
    let changed: Vec<String> = match files.len() == bytes.len() {
        true => files.iter().zip(bytes).filter(|(f, b)| sha256(b) != f.sha256).map(|(f, _)| f.file.clone()).collect(),
        false => vec![format!("{} ≠ {}", files.len(), bytes.len())],
    };
    proof.check("原件的校验值（SHA-256）与记录一致", "the input has the hash that was recorded", changed);
    let ruler = Ruler::new(source);
    let (mut decoded, mut encoded) = (Vec::new(), Vec::new());
    let mut extracted = Vec::new();
    let is_mets = |file: &InputFile| file.format.as_deref() == Some(Format::Mets.name());
    let mets = files.iter().zip(bytes).find(|(file, _)| is_mets(file)).map(|(_, bytes)| bytes.as_slice());
    for (file, bytes) in files.iter().zip(bytes) {
        let span = ruler.byte(file.start)..ruler.byte(file.end);
        let text = source.get(span).unwrap_or("");
        if let Some(format) = &file.format {
            extracted.extend(
                not_extracted(format, &file.file, bytes, mets, text).map(|why| format!("{}: {why}", file.file)),
            );
            continue;
        }
        let segments = segments(file);
        match give_back(&segments, source, &ruler) {
            Ok(back) => {
                if let Some(at) = first_difference(&back, bytes) {
                    encoded.push(format!("{}: byte {at}", file.file));
                }
            }
            Err(why) => encoded.push(format!("{}: {why}", file.file)),
        }
        if let Err(why) = decode(&segments, bytes, source, text, &ruler) {
            decoded.push(format!("{}: {why}", file.file));
        }
    }
    between_pages(files, source, &ruler, &mut decoded);
    let of_engines = files.iter().filter(|f| f.format.is_some()).count();
    if of_engines < files.len() || files.is_empty() {
        proof.check("原件解码后就是原文", "decoding the input gives the source text", decoded);
        proof.check("由原文能逐字节还原原件", "the source text gives every byte of the input back", encoded);
    }
    if of_engines > 0 {
        proof.check(
            "从识别引擎的文件里再取一遍，就是原文",
            "taking the text out of the engine's file again gives the source text",
            extracted,
        );
    }
}

/// What an engine's file says is not in its bytes as they stand, so the reader is asked once more; what keeps its text from
/// being the one that was recorded.
fn not_extracted(format: &str, name: &str, bytes: &[u8], mets: Option<&[u8]>, text: &str) -> Option<String> {
    let Some(format) = Format::named(format) else { return Some(format!("{format}: no such format")) };
    match crate::reader::text_of(format, bytes, name, mets) {
        Ok(again) => first_difference(again.as_bytes(), text.as_bytes()).map(|at| format!("byte {at} of its text")),
        Err(why) => Some(why.message),
    }
}

/// Without the input: whether the source text is the one whose hash was recorded, as far as its segments tell.
pub fn check_unread(files: &[InputFile], source: &str, proof: &mut Proof) {
    let ruler = Ruler::new(source);
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| file.format.is_none()) {
        match give_back(&segments(file), source, &ruler) {
            Ok(back) if sha256(&back) == file.sha256 => {}
            Ok(_) => wrong.push(file.file.clone()),
            Err(why) => wrong.push(format!("{}: {why}", file.file)),
        }
    }
    between_pages(files, source, &ruler, &mut wrong);
    proof.check(
        "没有读原件；由输出还原出的字节，校验值（SHA-256）与记录一致",
        "the input was not read; the bytes that the output gives back have the hash that was recorded",
        wrong,
    );
}

/// The file's segments; a file that has none is its text in UTF-8.
fn segments(file: &InputFile) -> Cow<'_, [SegmentItem]> {
    if !file.segments.is_empty() {
        return Cow::Borrowed(&file.segments);
    }
    let utf8 = |start, end| SegmentItem { start, end, encoding: Some("UTF-8".to_owned()), raw: None };
    let mark = SegmentItem { start: file.start, end: file.start, encoding: None, raw: Some("efbbbf".to_owned()) };
    match file.bom {
        true => Cow::Owned(vec![mark, utf8(file.start, file.end)]),
        false => Cow::Owned(vec![utf8(file.start, file.end)]),
    }
}

fn text_of<'t>(segment: &SegmentItem, source: &'t str, ruler: &Ruler) -> &'t str {
    source.get(ruler.byte(segment.start)..ruler.byte(segment.end)).unwrap_or("")
}

/// The bytes of a segment.
fn bytes_of<'t>(segment: &SegmentItem, source: &'t str, ruler: &Ruler) -> std::result::Result<Cow<'t, [u8]>, String> {
    match (&segment.raw, &segment.encoding) {
        (Some(hex), _) => unhex(hex).map(Cow::Owned).ok_or_else(|| format!("raw: {hex}")),
        (None, Some(name)) => encode(name, text_of(segment, source, ruler))
            .ok_or_else(|| format!("{name}: {}–{}", segment.start, segment.end)),
        (None, None) => Err(format!("{}–{}: no encoding and no bytes", segment.start, segment.end)),
    }
}

fn give_back(segments: &[SegmentItem], source: &str, ruler: &Ruler) -> std::result::Result<Vec<u8>, String> {
    let mut out = Vec::new();
    for segment in segments {
        out.extend_from_slice(&bytes_of(segment, source, ruler)?);
    }
    Ok(out)
}

/// Decodes the bytes segment by segment and compares with the text; the segments must follow each other without a gap.
fn decode(
    segments: &[SegmentItem],
    bytes: &[u8],
    source: &str,
    text: &str,
    ruler: &Ruler,
) -> std::result::Result<(), String> {
    let (mut at, mut reached) = (0, 0);
    let mut joined = segments.first().map_or(0, |s| s.start);
    for segment in segments {
        let expected = text_of(segment, source, ruler);
        let length = bytes_of(segment, source, ruler)?.len();
        let piece = bytes.get(at..at + length).ok_or_else(|| format!("byte {at}: the file ends too early"))?;
        if segment.start != joined {
            return Err(format!("{joined}–{}: not covered by a segment", segment.start));
        }
        if let (None, Some(name)) = (&segment.raw, &segment.encoding) {
            let encoding = Encoding::for_label(name.as_bytes()).ok_or_else(|| format!("{name}: no such encoding"))?;
            let same = match encoding.decode_without_bom_handling_and_without_replacement(piece) {
                Some(decoded) => decoded == expected,
                None => false,
            };
            if !same {
                return Err(format!("{name}: byte {at}"));
            }
        }
        at += length;
        reached += expected.len();
        joined = segment.end;
    }
    match (at == bytes.len(), reached == text.len()) {
        (true, true) => Ok(()),
        (false, _) => Err(format!("byte {at}: more bytes than text")),
        (true, false) => Err(format!("{joined}: more text than bytes")),
    }
}

/// Between two files of an issue stands a page break and nothing else, and nothing before the first or after the last.
fn between_pages(files: &[InputFile], source: &str, ruler: &Ruler, wrong: &mut Vec<String>) {
    let mut end = None;
    // A METS file has no text, so none follows it.
    let has_text = |f: &&InputFile| f.start < f.end || f.format.as_deref() != Some(Format::Mets.name());
    for file in files.iter().filter(has_text) {
        let start = ruler.byte(file.start);
        let between = source.get(end.unwrap_or(0)..start);
        if between != Some(if end.is_some() { crate::source::PAGE_BREAK } else { "" }) {
            wrong.push(format!("{}: {}", file.file, file.start));
        }
        end = Some(ruler.byte(file.end));
    }
    if end.unwrap_or(0) != source.len() {
        wrong.push("source.md: text after the last file".to_owned());
    }
}

/// Text in an encoding; `None` where that encoding does not have a character. No encoder for UTF-16 is at hand in
/// `encoding_rs`, which follows the web.
fn encode<'t>(name: &str, text: &'t str) -> Option<Cow<'t, [u8]>> {
    match name {
        "UTF-8" => Some(Cow::Borrowed(text.as_bytes())),
        "UTF-16LE" => Some(Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect())),
        "UTF-16BE" => Some(Cow::Owned(text.encode_utf16().flat_map(u16::to_be_bytes).collect())),
        _ => {
            let (bytes, _, lossy) = Encoding::for_label(name.as_bytes())?.encode(text);
            (!lossy).then_some(bytes)
        }
    }
}

fn first_difference(a: &[u8], b: &[u8]) -> Option<usize> {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    (a.len() != b.len() || same < a.len()).then_some(same)
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect();
    let digits = digits.filter(|d| d.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
