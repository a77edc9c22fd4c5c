//! METS: which files are the pages of an issue, in what order, and what the parts of its pages are.
//!
//! Standard: <https://www.loc.gov/standards/mets/>. Its text stands in the files that it names, next to it and below; nothing is
//! fetched from elsewhere. From the logical structure come the order of the blocks on a page and which of them are headlines.

use super::sheet::{Fault, Plates, RegionKind};
use super::xml::{Element, Xml, root_name};
use crate::source::Imprint;
use jiff::civil::Date;
use std::collections::HashMap;

/// What is known of the blocks of a page by their ids: their rank in reading order, and what they are where that is said.
pub(super) type Places = HashMap<String, (usize, Option<RegionKind>)>;

/// A page that is named.
#[derive(Debug, PartialEq)]
pub(super) struct Leaf {
    /// Its file, by its path from the folder of the METS file.
    pub file: String,
    /// Its label or number.
    pub label: String,
    /// What the logical structure says of its blocks.
    pub places: Places,
}

/// Whether a text begins like one.
pub(super) fn is(text: &str) -> bool {
    root_name(text).is_some_and(|name| name.eq_ignore_ascii_case("mets"))
}

/// Reads one by itself: it has no text of its own.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(text: &str) -> Result<Plates, Fault> {
    leaves(text).map(|_| Plates::default())
}

/// The pages of the issue, in order.
///
/// # Errors
/// What is broken in it, and where; a page whose file lies outside the folder; no page at all.
pub(super) fn leaves(text: &str) -> Result<Vec<Leaf>, Fault> {
    let xml = Xml::strict(text)?;
    let root = xml.root()?;
    if !root.is("mets") {
        return Err(Fault::whole("最外层元素不是 <mets>", "its outermost element is not <mets>"));
    }
    let mut files = Vec::new();
    for section in root.elements().filter(|e| e.is("fileSec")) {
        group(section, "", &mut files);
    }
    let by_id: HashMap<&str, usize> = files.iter().enumerate().map(|(n, f)| (f.id.as_str(), n)).collect();
    let mut pages = Physical { files: &files, by_id: &by_id, found: Vec::new() };
    let maps = || root.elements().filter(|e| e.is("structMap"));
    let typed =
        |name: &'static str| maps().filter(move |m| m.get("TYPE").is_some_and(|t| t.eq_ignore_ascii_case(name)));
    typed("physical").for_each(|map| pages.walk(map));
    if pages.found.is_empty() {
        maps().for_each(|map| pages.walk(map));
    }
    let mut found = pages.found;
    if found.is_empty() {
        found = (0..files.len()).map(|n| (n, String::new())).collect();
    }
    let mut places = Logical { known: HashMap::new(), next: 0 };
    typed("logical").for_each(|map| places.walk(map, None));
    let mut out: Vec<Leaf> = Vec::new();
    for (n, label) in found {
        let Some(one) = files.get(n) else { continue };
        let Some(file) = inside(&one.href) else { return Err(outside(text, one)) };
        if out.iter().all(|leaf| leaf.file != file) {
            let label = if label.is_empty() { (out.len() + 1).to_string() } else { label };
            out.push(Leaf { file, label, places: places.known.remove(&one.id).unwrap_or_default() });
        }
    }
    if out.is_empty() {
        return Err(Fault::whole("没有列出任何版面文字的文件", "it names no file with the text of a page"));
    }
    Ok(out)
}

/// What a METS file says of the issue as a whole; nothing where it is broken.
pub(super) fn imprint(text: &str) -> Imprint {
    let xml = Xml::strict(text).ok();
    let Some(root) = xml.as_ref().and_then(|xml| xml.root().ok()) else { return Imprint::default() };
    let sections: Vec<Element> = root.elements().filter(|e| e.is("dmdSec")).collect();
    let divs: Vec<Element> = root.elements().filter(|e| e.is("structMap")).flat_map(wholes).collect();
    let ids: Vec<_> = divs.iter().rev().filter_map(|div| div.get("DMDID")).collect();
    let own = |section: &&Element| {
        let id = section.get("ID").unwrap_or_default();
        ids.iter().any(|ids| ids.split_whitespace().any(|one| one == id))
    };
    // Without a division that names one, the first speaks of the whole.
    let mut described: Vec<Element> = sections.iter().filter(own).copied().collect();
    if described.is_empty() {
        described.extend(sections.first());
    }
    let labels = || divs.iter().rev().chain([&root]).flat_map(|e| [e.get("ORDERLABEL"), e.get("LABEL")]).flatten();
    let date = described.iter().find_map(|section| dated(*section));
    Imprint {
        newspaper: described.iter().find_map(|section| titled(*section)),
        date: date.or_else(|| labels().find_map(|label| day(&label))),
    }
}

/// The divisions of a structure that are the whole of it: the newspaper, its volume, the issue.
fn wholes(map: Element) -> Vec<Element> {
    const WHOLE: [&str; 6] = ["NEWSPAPER", "PERIODICAL", "YEAR", "MONTH", "VOLUME", "ISSUE"];
    let (mut out, mut at) = (Vec::new(), map);
    // Where there are several of one kind, the file is of more than one issue.
    while let [only] = at.elements().filter(|e| e.is("div")).collect::<Vec<_>>().as_slice() {
        if !WHOLE.contains(&only.get("TYPE").unwrap_or_default().to_ascii_uppercase().as_str()) {
            break;
        }
        out.push(*only);
        at = *only;
    }
    out
}

/// The title that a description gives: that of the work it is part of, else its own (MODS; Dublin Core).
fn titled(section: Element) -> Option<String> {
    let host = section.within().find(|e| e.is("relatedItem") && e.get("type").is_some_and(|t| t == "host"));
    let title = |within: Element| {
        let all = within.within().filter(|e| e.is("title")).map(|e| e.text());
        all.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" ")).find(|t| t.chars().any(char::is_alphanumeric))
    };
    host.and_then(title).or_else(|| title(section))
}

/// The day that a description gives.
fn dated(section: Element) -> Option<Date> {
    ["dateIssued", "issued", "date", "dateCreated"]
        .into_iter()
        .find_map(|name| section.within().filter(|e| e.is(name)).find_map(|e| day(&e.text())))
}

/// The day in a text: `2019-10-23`, `20191023`, `2019年10月23日`, `23.10.2019`.
fn day(text: &str) -> Option<Date> {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty()).collect();
    let of = |year: &str, month: &str, day: &str| {
        let year = year.parse().ok().filter(|y| (1600..2200).contains(y))?;
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    let together = numbers.iter().filter(|n| n.len() == 8);
    let mut together = together.filter_map(|n| of(n.get(..4)?, n.get(4..6)?, n.get(6..)?));
    let apart = |w: &[&str]| match w {
        [a, b, c] if a.len() == 4 && b.len() <= 2 && c.len() <= 2 => of(a, b, c),
        [a, b, c] if c.len() == 4 && a.len() <= 2 && b.len() <= 2 => of(c, b, a),
        _ => None,
    };
    numbers.windows(3).find_map(apart).or_else(|| together.next())
}

/// A file with the text of a page.
struct Listed {
    id: String,
    href: String,
    /// How good a source of text it is, least first.
    rank: u8,
    /// Where it is listed, in bytes.
    at: usize,
}

/// Lists the files of a group that can hold text.
fn group(element: Element, usage: &str, out: &mut Vec<Listed>) {
    for inner in element.elements() {
        if inner.is("fileGrp") {
            let own =
                format!("{usage} {} {}", inner.get("USE").unwrap_or_default(), inner.get("ID").unwrap_or_default());
            group(inner, &own.to_lowercase(), out);
        } else if inner.is("file") {
            let href = inner.child("FLocat").and_then(|l| l.get("href"));
            let kind = inner.get("MIMETYPE").unwrap_or_default().to_lowercase();
            if let (Some(id), Some(href)) = (inner.get("ID"), href)
                && let Some(rank) = rank(usage, &kind, &href)
            {
                out.push(Listed { id: id.into_owned(), href: href.trim().to_owned(), rank, at: inner.start() });
            }
        }
    }
}

fn rank(usage: &str, kind: &str, href: &str) -> Option<u8> {
    let extension = href.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
    let says_text = ["alto", "fulltext", "ocr", "text"].iter().any(|word| usage.contains(word) || kind.contains(word));
    match extension.as_str() {
        "xml" | "alto" | "page" if says_text => Some(0),
        "hocr" | "html" | "htm" => Some(1),
        "txt" | "md" => Some(2),
        _ => None,
    }
}

/// The pages in the order of the physical structure.
struct Physical<'f> {
    files: &'f [Listed],
    by_id: &'f HashMap<&'f str, usize>,
    found: Vec<(usize, String)>,
}

impl Physical<'_> {
    fn walk(&mut self, element: Element) {
        let mut divs: Vec<_> = element.elements().filter(|e| e.is("div")).collect();
        divs.sort_by_key(|d| d.number("ORDER").map_or(i64::MAX, |n| n as i64));
        for div in divs {
            let pointers = div.elements().filter(|e| e.is("fptr"));
            let ids = pointers.flat_map(|p| std::iter::once(p).chain(p.within())).filter_map(|e| e.get("FILEID"));
            let mut files: Vec<_> = ids.filter_map(|id| self.by_id.get(id.as_ref()).copied()).collect();
            // Of several processings of a page the last is the best.
            files.reverse();
            let best = files.into_iter().min_by_key(|n| self.files.get(*n).map_or(u8::MAX, |f| f.rank));
            if let Some(best) = best {
                let label = div.get("ORDERLABEL").or_else(|| div.get("ORDER")).unwrap_or_default();
                self.found.push((best, label.trim().to_owned()));
            }
            self.walk(div);
        }
    }
}

/// What the logical structure says, by file and block.
struct Logical {
    known: HashMap<String, Places>,
    next: usize,
}

impl Logical {
    fn walk(&mut self, element: Element, kind: Option<RegionKind>) {
        let mut inner: Vec<_> = element.elements().filter(|e| e.is("div") || e.is("fptr")).collect();
        inner.sort_by_key(|d| d.number("ORDER").map_or(i64::MAX, |n| n as i64));
        for one in inner {
            if one.is("div") {
                self.walk(one, kind_of(&one.get("TYPE").unwrap_or_default(), kind));
                continue;
            }
            for area in one.within().filter(|e| e.is("area")) {
                if let (Some(file), Some(block)) = (area.get("FILEID"), area.get("BEGIN")) {
                    let blocks = self.known.entry(file.into_owned()).or_default();
                    blocks.entry(block.into_owned()).or_insert((self.next, kind));
                    self.next += 1;
                }
            }
        }
    }
}

/// What a division is; most say only what they hold and not what it looks like.
fn kind_of(name: &str, around: Option<RegionKind>) -> Option<RegionKind> {
    // What stands in the title of the newspaper is its head and not that of an article.
    if around == Some(RegionKind::Furniture) {
        return around;
    }
    match name.to_ascii_uppercase().as_str() {
        "HEADING" | "HEADLINE" | "TITLE" | "MAIN_TITLE" => Some(RegionKind::Heading(1)),
        "SUBHEADLINE" | "SUBHEADING" | "SUBTITLE" | "OVERLINE" | "KICKER" => Some(RegionKind::Heading(2)),
        "CAPTION" => Some(RegionKind::Caption),
        "TABLE" => Some(RegionKind::Table),
        "TITLE_SECTION" | "PAGE_NUMBER" | "RUNNING_TITLE" | "HEADER" | "FOOTER" => Some(RegionKind::Furniture),
        "ARTICLE" | "SECTION" | "CONTENT" | "BODY" | "BODY_CONTENT" | "PARAGRAPH" => None,
        _ => around,
    }
}

/// A reference as a path inside the folder of the METS file; `None` where it leads out of it.
fn inside(href: &str) -> Option<String> {
    let path = href.strip_prefix("file://").or_else(|| href.strip_prefix("file:")).unwrap_or(href);
    let path = decoded(path).replace('\\', "/");
    if path.starts_with('/') || path.contains([':', '\0']) {
        return None;
    }
    let parts: Vec<_> = path.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    (!parts.is_empty() && !parts.contains(&"..")).then(|| parts.join("/"))
}

/// A reference with its `%E4%B8%AD` written out; as it is where that makes no text.
fn decoded(href: &str) -> String {
    let mut bytes = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|h| std::str::from_utf8(h).ok());
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or(&[]);
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| href.to_owned())
}

fn outside(text: &str, file: &Listed) -> Fault {
    let href = &file.href;
    let zh = format!("文件 {href} 不在 METS 所在的文件夹里，不读");
    Fault::at(text, file.at, zh, format!("{href} is not inside the folder of the METS file and is not read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for (href, path) in [
            ("file://./ALTO/1.xml", Some("ALTO/1.xml")),
            ("a%20b/%E4%B8%AD.xml", Some("a b/中.xml")),
            ("a\\b.xml", Some("a/b.xml")),
            ("../a.xml", None),
            ("a/%2E%2E/../b.xml", None),
            ("/etc/passwd.xml", None),
            ("file:///etc/passwd.xml", None),
            ("C:\\a.xml", None),
            ("http://a/b.xml", None),
            ("", None),
        ] {
            assert_eq!(inside(href).as_deref(), path, "{href}");
        }
    }

    #[test]
    fn days() {
        let date = |text| day(text).map(|d| d.to_string());
        for text in ["2019-10-23", "20191023", "2019年10月23日", "某报 第12期 23.10.2019", "2019-10-23T00:00:00"]
        {
            assert_eq!(date(text).as_deref(), Some("2019-10-23"), "{text}");
        }
        for text in ["", "2019", "1907-02-30", "12 34 56", "99999999999999999999-1-1"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_said_of_the_whole() {
        let mods = |id, inside| {
            format!("<dmdSec ID='{id}'><mdWrap><xmlData><mods>{inside}</mods></xmlData></mdWrap></dmdSec>")
        };
        let title = |t| format!("<titleInfo><title>{t}</title></titleInfo>");
        let part = mods("A1", title("春耕"));
        let issue = mods("I", title("北坡 日报") + "<originInfo><dateIssued>1952-03-08</dateIssued></originInfo>");
        let map = "<structMap TYPE='LOGICAL'><div TYPE='Newspaper'><div TYPE='ISSUE' DMDID='I' ORDERLABEL='1952-03-09'>\
                   <div TYPE='ARTICLE' DMDID='A1' LABEL='1900-01-01'/></div></div></structMap>";
        let said = imprint(&format!("<mets LABEL='x'>{part}{issue}{map}</mets>"));
        assert_eq!(
            (said.newspaper.as_deref(), said.date.map(|d| d.to_string())),
            (Some("北坡 日报"), Some("1952-03-08".into()))
        );
        let host =
            mods("I", title("第八号") + &format!("<relatedItem type='host'>{}</relatedItem>", title("北坡日报")));
        let said = imprint(&format!("<mets LABEL='x'>{part}{host}{map}</mets>"));
        assert_eq!(
            (said.newspaper.as_deref(), said.date.map(|d| d.to_string())),
            (Some("北坡日报"), Some("1952-03-09".into()))
        );
        let dublin =
            "<mets><dmdSec ID='d'><dc:title>北坡日报</dc:title><dc:date>1952年3月8日</dc:date></dmdSec></mets>";
        assert_eq!(imprint(dublin).newspaper.as_deref(), Some("北坡日报"));
        assert_eq!(imprint(dublin).date.map(|d| d.to_string()).as_deref(), Some("1952-03-08"));
        assert_eq!(imprint("<mets><dmdSec>"), Imprint::default());
        assert_eq!(imprint("<mets/>"), Imprint::default());
    }

    #[test]
    fn pages_and_their_parts() {
        let text = "<m:mets xmlns:m='http://www.loc.gov/METS/' xmlns:x='l'><m:fileSec><m:fileGrp USE='ALTO'>
            <m:file ID='b'><m:FLocat x:href='./2.xml'/></m:file><m:file ID='a'><m:FLocat x:href='1.xml'/></m:file></m:fileGrp>
            <m:fileGrp USE='IMAGE'><m:file ID='i'><m:FLocat x:href='http://host/1.tif'/></m:file></m:fileGrp></m:fileSec>
            <m:structMap TYPE='PHYSICAL'><m:div><m:div ORDER='2'><m:fptr FILEID='b'/></m:div>
            <m:div ORDER='1' ORDERLABEL='A1'><m:fptr><m:par><m:area FILEID='i'/><m:area FILEID='a'/></m:par></m:fptr></m:div></m:div>
            </m:structMap><m:structMap TYPE='LOGICAL'><m:div TYPE='ARTICLE'><m:div TYPE='HEADING'><m:div TYPE='TITLE'>
            <m:fptr><m:area FILEID='a' BEGIN='t'/></m:fptr></m:div></m:div><m:div TYPE='BODY'><m:div TYPE='PARAGRAPH'>
            <m:fptr><m:area FILEID='a' BEGIN='p'/></m:fptr></m:div></m:div></m:div></m:structMap></m:mets>";
        let leaves = leaves(text).unwrap();
        let files: Vec<_> = leaves.iter().map(|l| (l.file.as_str(), l.label.as_str())).collect();
        assert_eq!(files, [("1.xml", "A1"), ("2.xml", "2")]);
        assert_eq!(leaves[0].places["t"], (0, Some(RegionKind::Heading(1))));
        assert_eq!(leaves[0].places["p"], (1, None));
        let fault = super::leaves(&text.replace("1.xml", "../1.xml")).unwrap_err();
        assert_eq!(fault.place, Some((2, 65)));
    }
}
