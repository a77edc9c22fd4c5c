//! The page images of an issue: which there are, and which page each shows.

use kanwu::emit::html::Image;
use kanwu::reader::Issue;
use std::path::{Path, PathBuf};

/// Extensions of page images that a browser may be able to show.
const IMAGES: [(&str, &str); 6] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
];

/// What kind of image a file is, by its extension.
pub fn media_type(path: &Path) -> Option<&'static str> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    IMAGES.iter().find(|(known, _)| *known == extension).map(|(_, kind)| *kind)
}

/// The page images of an issue: those in its folder, or beside its file and called like it.
pub fn images(issue: &Issue) -> Vec<PathBuf> {
    let folder = if issue.path.is_dir() { Some(issue.path.as_path()) } else { issue.path.parent() };
    let folder = folder.filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let own = |path: &PathBuf| issue.path.is_dir() || image(path).page == issue.id;
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut out: Vec<PathBuf> = entries.filter(|p| media_type(p).is_some() && p.is_file() && own(p)).collect();
    out.sort_by(|a, b| alphanumeric_sort::compare_path(a, b));
    out
}

/// An image by its name: the page is the name without extension and without a label that begins with a letter.
pub fn image(path: &Path) -> Image {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let page = match stem.rsplit_once('.') {
        Some((page, label)) if !page.is_empty() && label.starts_with(char::is_alphabetic) => page,
        _ => stem,
    };
    Image { page: page.to_owned(), name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_known_by_its_page() {
        assert_eq!(image(Path::new("x/01.png")).page, "01");
        assert_eq!(image(Path::new("x/01.scan.jpg")).page, "01");
        assert_eq!(image(Path::new("2019.10.23-01.webp")).page, "2019.10.23-01");
    }
}
