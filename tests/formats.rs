//! The XML of OCR engines: what is read from it, what hostile files do (nothing), and corrections put back into it.

use kanwu::emit::write_back;
use kanwu::emit::{clean_json, write_issue};
use kanwu::pipeline::{Policy, Run, clean};
use kanwu::reader::{self, Format, Issue, ReadOptions, decode, read_bytes};
use kanwu::review::Decisions;
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::{BBox, Source, Token};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/xml")
}

fn fixture(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap()
}

fn source(name: &str, bytes: &[u8]) -> Source {
    read_bytes("x", name, bytes, &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"))
}

fn tokens(source: &Source) -> Vec<(&str, &Token)> {
    let scan = source.files[0].scan.as_ref().unwrap();
    scan.tokens.iter().map(|t| (t.span.of(&source.text), t)).collect()
}

fn others(source: &Source, token: &Token) -> Vec<String> {
    let scan = source.files[0].scan.as_ref().unwrap();
    scan.alternatives_of(token).iter().map(|a| a.text.clone()).collect()
}

/// What a place of the file says, by the rules of XML that the fixtures use.
fn unescaped(raw: &str) -> String {
    raw.replace("&nbsp;", "\u{A0}")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

const ALL: [(&str, Format); 4] = [
    ("tesseract.hocr", Format::Hocr),
    ("alto.xml", Format::Alto),
    ("page.xml", Format::PageXml),
    ("abbyy.xml", Format::Abbyy),
];

#[test]
fn every_token_knows_where_it_stands_in_the_file() {
    for (name, format) in ALL {
        let text = fixture(name);
        let source = source(name, text.as_bytes());
        assert_eq!(source.files[0].format, format);
        for (read, token) in tokens(&source) {
            let raw = token.raw.clone().unwrap_or_else(|| panic!("{name}: {read}"));
            assert_eq!(unescaped(&text[raw]), read, "{name}");
        }
    }
}

#[test]
fn hocr() {
    let source = source("a.hocr", fixture("tesseract.hocr").as_bytes());
    let scan = source.files[0].scan.as_ref().unwrap();
    assert_eq!(scan.engine.as_deref(), Some("tesseract 5.3.0"));
    assert_eq!(scan.sheets[0].image.as_deref(), Some("第1版.png"));
    assert_eq!(source.text.replace('\n', "|"), "# 城南小学||校国A&B\u{A0}football队,");
    let tokens = tokens(&source);
    assert_eq!(tokens[3].1.bbox, Some(BBox([40.0, 80.0, 60.0, 100.0])));
    assert_eq!(tokens[3].1.confidence, Some(0.415));
    assert_eq!(others(&source, tokens[3].1), ["园"]);
}

#[test]
fn alto() {
    let source = source("a.xml", fixture("alto.xml").as_bytes());
    let scan = source.files[0].scan.as_ref().unwrap();
    assert_eq!(scan.engine.as_deref(), Some("引擎 2.1"));
    assert!(source.text.starts_with("# 開幕\n\n运动会末来"), "{}", source.text);
    assert!(source.text.ends_with("football"), "{}", source.text);
    let tokens = tokens(&source);
    assert_eq!(others(&source, tokens[0].1), ["問", "閉"]);
    assert_eq!(tokens[1].1.bbox, Some(BBox([60.0, 20.0, 100.0, 60.0])));
    let sure: Vec<_> = tokens[2..5].iter().map(|(_, t)| t.confidence.map(|c| (c * 9.0).round())).collect();
    assert_eq!(sure, [Some(9.0), Some(8.0), Some(1.0)]);
    assert_eq!(others(&source, tokens[5].1), ["未来"]);
}

#[test]
fn page_xml() {
    let source = source("a.xml", fixture("page.xml").as_bytes());
    assert_eq!(source.text, "# 开幕\n\n末来A&B队");
    let tokens = tokens(&source);
    assert_eq!((tokens[1].0, tokens[1].1.confidence), ("末来", Some(0.7)));
    assert_eq!(others(&source, tokens[1].1), ["未来"]);
    assert_eq!(tokens[0].1.bbox, Some(BBox([20.0, 20.0, 380.0, 60.0])));
}

#[test]
fn abbyy() {
    let source = source("a.xml", fixture("abbyy.xml").as_bytes());
    assert_eq!(source.text, "开慕ab");
    let tokens = tokens(&source);
    assert_eq!(tokens[1].1.confidence, Some(0.3));
    assert_eq!(others(&source, tokens[1].1), ["幕"]);
    assert_eq!(tokens[2].1.confidence, None);
}

#[test]
fn mets_says_the_order() {
    let tidy = "# 北坡村春耕\n\n北坡村昨天开始春耕。\n\n农户说，今年雨水足。\n\n第二版的文字。";
    for path in [folder().join("mets"), folder().join("mets/issue.xml")] {
        let issue = Issue { id: "mets".into(), path: path.clone() };
        let source = reader::read(&issue, &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(source.text, tidy);
        let files: Vec<_> = source.files.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(files, ["issue.xml", "ALTO/b.xml", "ALTO/a.xml"]);
        assert_eq!(source.files[1].page.as_deref(), Some("A1"));
        let (rules, out) = (RuleSet::built_in().unwrap(), tempfile::tempdir().unwrap());
        let run = clean(&source, &rules, &Decisions::default(), Policy::default());
        let dir = out.path().join("mets");
        write_issue(&run, &rules, Lang::Zh, &dir).unwrap();
        let proof = kanwu::verify::verify(&dir, Some(&path)).unwrap_or_else(|e| panic!("{e}"));
        assert!(proof.holds(), "{proof:?}");
        let json: serde_json::Value = serde_json::from_str(&clean_json(&run, &rules, Lang::Zh)).unwrap();
        assert_eq!((json["newspaper"].as_str(), json["date"].as_str()), (Some("北坡日报"), Some("1952-03-08")));
    }
}

#[test]
fn readings_beside_the_pages_of_a_mets_file_are_witnesses() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mets");
    fs::create_dir_all(path.join("ALTO")).unwrap();
    for name in ["issue.xml", "ALTO/a.xml", "ALTO/b.xml"] {
        fs::copy(folder().join("mets").join(name), path.join(name)).unwrap();
    }
    fs::write(path.join("ALTO/b.scan.txt"), "北坡村春耕\n北坡村昨天开始春耕。\n农户说，今年雨水足。\n").unwrap();
    fs::write(path.join("ALTO/other.txt"), "不属于任何一版。").unwrap();
    let issue = Issue { id: "mets".into(), path: path.clone() };
    let source = reader::read(&issue, &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(source.files[1].witnesses, ["ALTO/b.xml", "ALTO/b.scan.txt"]);
    assert_eq!(source.files[2].witnesses, [""; 0]);
    let [only] = source.witnesses.as_slice() else { panic!("{:?}", source.witnesses) };
    assert_eq!((only.name.as_str(), only.of), ("ALTO/b.scan.txt", 1));
    assert!(only.reading.text.starts_with("北坡村春耕"));
    let (rules, out) = (RuleSet::built_in().unwrap(), dir.path().join("out"));
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    write_issue(&run, &rules, Lang::Zh, &out).unwrap();
    let holds = || kanwu::verify::verify(&out, Some(&path)).unwrap_or_else(|e| panic!("{e}")).holds();
    assert!(holds());
    // A reading that was changed afterwards is not the one that collation saw.
    fs::write(path.join("ALTO/b.scan.txt"), "别的文字。").unwrap();
    assert!(!holds());
}

#[test]
fn the_encoding_that_a_file_declares_is_believed() {
    let alto = |name: &str, text: &str| {
        format!(
            "<?xml version='1.0' encoding='{name}'?>\n<alto><Layout><Page><PrintSpace><TextBlock><TextLine>\
             <String CONTENT='{text}'/></TextLine></TextBlock></PrintSpace></Page></Layout></alto>"
        )
    };
    let read = |bytes: &[u8]| source("a.xml", bytes);
    // In one line of so few bytes nothing could be guessed.
    let latin: Vec<u8> = alto("ISO-8859-1", "Ã©tÃ© £").chars().map(|c| c as u8).collect();
    assert_eq!(read(&latin).text, "Ã©tÃ© £");
    for (name, text) in [("GB18030", "镕㐀"), ("gb2312", "春耕"), ("Big5", "臺灣"), ("Shift_JIS", "春耕の")] {
        let encoding = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap();
        let file = alto(name, text);
        let (bytes, ..) = encoding.encode(&file);
        assert_eq!(read(&bytes).text, text, "{name}");
        let found = decode(bytes.to_vec(), None).unwrap();
        assert_eq!((found.text.as_str(), found.troubles.len(), found.segments.len()), (file.as_str(), 0, 1), "{name}");
    }
    // What is UTF-8 is that, whatever it says, and a name that does not fit the bytes is not believed.
    assert_eq!(read(alto("GB18030", "春耕时节").as_bytes()).text, "春耕时节");
    let file = alto("UTF-8", "春耕时节，农户说今年的雨水比去年足，地里的墒情好。");
    let (bytes, ..) = encoding_rs::GB18030.encode(&file);
    assert_eq!(decode(bytes.to_vec(), None).unwrap().text, file);
}

#[test]
fn what_a_mets_file_names_must_be_there_and_inside() {
    let dir = tempfile::tempdir().unwrap();
    let write = |text: &str| fs::write(dir.path().join("m.xml"), text).unwrap();
    let read = || reader::read(&Issue { id: "m".into(), path: dir.path().to_owned() }, &ReadOptions::default());
    write(&fixture("mets/issue.xml"));
    let error = read().unwrap_err();
    assert!(error.message.contains("ALTO/a.xml") && error.message.contains("ALTO/b.xml"), "{}", error.message);
    for outside in ["../b.xml", "/etc/b.xml", "http://host/b.xml"] {
        write(&fixture("mets/issue.xml").replace("ALTO/b.xml", outside));
        assert!(read().unwrap_err().message.contains(outside));
    }
}

#[test]
fn hostile_files_give_one_error_with_a_place() {
    let laughs: String =
        (1..10).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let deep = format!("<alto>{}{}</alto>", "<a>".repeat(10_000), "</a>".repeat(10_000));
    let cases = [
        format!("<!DOCTYPE alto [<!ENTITY l0 \"哈\">{laughs}]><alto><String CONTENT=\"&l9;\"/></alto>"),
        format!("<!DOCTYPE alto [{laughs}]><alto><a>&l9;</a></alto>"),
        "<!DOCTYPE alto [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><alto><a>&x;</a></alto>".into(),
        deep.clone(),
        deep.replace("alto", "PcGts"),
        "<alto><String CONTENT=\"末来></alto>".into(),
        "<alto><a></b></alto>".into(),
        "<alto><a>AT&T</a></alto>".into(),
        format!("<html><div class='ocr_page'>{}", "<div>".repeat(10_000)),
    ];
    for case in cases {
        let error = read_bytes("x", "a.xml", case.as_bytes(), &ReadOptions::default()).unwrap_err();
        assert!(error.message.starts_with("a.xml:1:"), "{}", error.message);
    }
}

#[test]
fn a_file_cut_anywhere_is_one_error() {
    for (name, _) in ALL {
        let text = fixture(name);
        let end = text.trim_end().len() - 20;
        for cut in (50..end).step_by(50).map(|at| text.floor_char_boundary(at)) {
            let read = read_bytes("x", name, &text.as_bytes()[..cut], &ReadOptions::default());
            assert!(read.is_err(), "{name} cut at {cut}");
        }
    }
}

#[test]
fn twenty_megabytes_of_one_attribute() {
    let long = "汉".repeat(7_000_000);
    let text = format!("<alto><Layout><Page><PrintSpace><TextBlock ID='{long}'/></PrintSpace></Page></Layout></alto>");
    assert_eq!(source("a.xml", text.as_bytes()).text, "");
    let many: String = (0..200_000).map(|n| format!(" a{n}='1'")).collect();
    let text = format!("<alto><Layout><Page><PrintSpace><TextBlock{many}/></PrintSpace></Page></Layout></alto>");
    assert_eq!(source("a.xml", text.as_bytes()).text, "");
}

#[test]
fn a_file_in_gb18030() {
    let text = fixture("page.xml").replace("UTF-8", "GB18030");
    let bytes = reader::encode(&text, "gb18030").unwrap();
    assert_eq!(source("a.xml", &bytes).text, source("a.xml", fixture("page.xml").as_bytes()).text);
}

/// A run in which decisions of a person stand for what the rules find: each edit replaces a token's text.
fn edited<'s>(source: &'s Source, rules: &RuleSet) -> Run<'s> {
    clean(source, rules, &Decisions::default(), Policy::default())
}

#[test]
fn what_is_not_changed_is_not_written() {
    for (name, _) in ALL {
        let text = fixture(name);
        let source = source(name, text.as_bytes());
        let rules = RuleSet::default();
        let run = edited(&source, &rules);
        let decoded = decode(text.clone().into_bytes(), None).unwrap();
        assert_eq!(write_back::copy(&run, 0, &decoded), None, "{name}");
        assert!(clean_json(&run, &rules, Lang::Zh).contains("sources"));
    }
}

#[test]
fn a_change_is_read_again() {
    let text = fixture("tesseract.hocr");
    let (source, rules) = (source("a.hocr", text.as_bytes()), RuleSet::built_in().unwrap());
    let run = edited(&source, &rules);
    let copy = write_back::copy(&run, 0, &decode(text.into_bytes(), None).unwrap()).expect("the comma is changed");
    let again = self::source("a.hocr", &copy);
    assert!(again.text.contains("队，"), "{}", again.text);
    let scan = again.files[0].scan.as_ref().unwrap();
    let token = scan.tokens.iter().find(|t| t.span.of(&again.text).ends_with('，')).unwrap();
    assert_eq!(scan.alternatives_of(token)[0].text, "队,");
    assert_eq!(token.bbox, Some(BBox([90.0, 110.0, 150.0, 130.0])));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever tokens are to read, a file into which it is put reads so, and has the old reading beside it.
    #[test]
    fn what_is_written_is_what_is_read(which in 0..3usize, news in proptest::collection::vec(proptest::option::weighted(0.3, "[一-十a-c&<>'\"]{1,3}"), 12)) {
        let (name, format) = ALL[which];
        let text = fixture(name);
        let source = source(name, text.as_bytes());
        // Whether a hyphen at a line end is taken off depends on the letters around it: those stay.
        let cut = |old: &str| matches!(old, "foot" | "ball");
        let tokens: Vec<_> = tokens(&source).into_iter().zip(news.iter().cycle()).map(|((old, token), new)| {
            let new = new.clone().filter(|_| !cut(old)).unwrap_or_else(|| old.to_owned());
            reader::Amended { raw: token.raw.clone().unwrap(), old: old.to_owned(), new }
        }).collect();
        let wanted: String = tokens.iter().map(|t| t.new.as_str()).collect();
        let (mut out, mut done) = (String::new(), 0);
        for splice in reader::amend(format, &text, tokens) {
            out += &text[done..splice.at.start];
            out += &splice.text;
            done = splice.at.end;
        }
        out += &text[done..];
        let again = self::source(name, out.as_bytes());
        let read: String = self::tokens(&again).into_iter().map(|(text, _)| text).collect();
        prop_assert_eq!(read, wanted);
    }

    /// Bytes that have been through anything: no panic.
    #[test]
    fn broken_files_do_not_panic(which in 0..4usize, at in 0..4000usize, junk in "[<>&;'\"a/!\\[\\]-]{0,6}", cut in 0..40usize) {
        let text = fixture(ALL[which].0);
        let at = text.floor_char_boundary(at.min(text.len()));
        let end = text.ceil_char_boundary((at + cut).min(text.len()));
        let broken = format!("{}{junk}{}", &text[..at], &text[end..]);
        let _ = read_bytes("x", ALL[which].0, broken.as_bytes(), &ReadOptions::default());
    }
}
