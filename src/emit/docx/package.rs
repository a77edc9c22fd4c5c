//! The zip file that a document of a word processor is.

use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The bytes of a package with these parts, in this order. The same parts give the same bytes: each bears the first date that
/// a zip file can name.
///
/// # Errors
/// A package that would be larger than a zip file may be.
pub fn write_package(parts: &[(&str, &str)]) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, options.large_file(text.len() > u32::MAX as usize))?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Why a part could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The bytes are no zip file, or a broken one.
    Broken,
    /// There is no such part.
    Absent,
    /// It unpacks to more than [`PART`] bytes.
    Large,
}

/// The most bytes that a part may unpack to: 256 MiB, twenty times the document of the largest issue.
pub const PART: u64 = 256 << 20;

/// One part of a package as text.
///
/// # Errors
/// See [`Missing`].
pub fn part(package: &[u8], name: &str) -> Result<String, Missing> {
    let mut zip = ZipArchive::new(Cursor::new(package)).map_err(|_| Missing::Broken)?;
    let file = zip.by_name(name).map_err(|e| match e {
        zip::result::ZipError::FileNotFound => Missing::Absent,
        _ => Missing::Broken,
    })?;
    // The size that the file claims is not believed.
    let mut bytes = Vec::new();
    file.take(PART + 1).read_to_end(&mut bytes).map_err(|_| Missing::Broken)?;
    if bytes.len() as u64 > PART {
        return Err(Missing::Large);
    }
    String::from_utf8(bytes).map_err(|_| Missing::Broken)
}
