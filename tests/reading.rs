//! The reader: every encoding and every odd file that a desk hands in, and the bytes had back from each.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use kanwu::error::ErrorKind;
use kanwu::reader::{Issue, ReadOptions, decisions_path, discover, encode, read, read_bytes, survey};
use kanwu::source::{Origin, PAGE_BREAK, Source, Trouble, TroubleKind};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

const PLAIN: &str = "# 草原上的冬储\n\n本报锡林浩特讯 入冬以来，牧民们忙着打草、运草，为牲畜过冬做准备。\n“今年雨水好，草长得高。”他说。\n";
const TRADITIONAL: &str =
    "本報訊　昨日下午，市民在圖書館參觀書畫展覽，觀眾絡繹不絕。\r\n主辦單位表示，展期延長至下月。\r\n";

fn read_with(bytes: &[u8], encoding: Option<&'static Encoding>) -> Source {
    let options = ReadOptions { encoding, ..ReadOptions::default() };
    let source = read_bytes("issue", "issue.md", bytes, &options).expect("text");
    given_back(&source, 0, bytes);
    source
}

fn read_plain(bytes: &[u8]) -> Source {
    read_with(bytes, None)
}

/// The law of the reader: segments cover the file without a gap and give every byte back.
fn given_back(source: &Source, file: usize, bytes: &[u8]) {
    assert_eq!(source.bytes_of(file).as_deref(), Some(bytes));
    let file = &source.files[file];
    let mut at = file.span.start;
    for segment in &file.segments {
        assert_eq!(segment.span.start, at);
        at = segment.span.end;
    }
    if !file.segments.is_empty() {
        assert_eq!(at, file.span.end);
    }
    assert_eq!(file.sha256, kanwu::reader::sha256_hex(bytes));
}

fn in_encoding(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    encode(text, encoding.name()).expect("the encoding has these characters")
}

fn undecodable(source: &Source) -> Vec<(&str, Vec<u8>)> {
    let of = |t: &Trouble| match &t.kind {
        TroubleKind::Undecodable(bytes) => Some((source.text[t.span.range()].to_owned(), bytes.clone())),
        TroubleKind::OtherEncoding(_) => None,
    };
    source
        .troubles
        .iter()
        .filter_map(of)
        .map(|(text, bytes)| (if text.is_empty() { "" } else { "\u{FFFD}" }, bytes))
        .collect()
}

#[test]
fn utf8_is_taken_as_it_stands() {
    let source = read_plain(PLAIN.as_bytes());
    assert!(source.is_plain());
    assert_eq!(source.text, PLAIN);
    assert!(source.files[0].segments.is_empty() && source.troubles.is_empty());
}

#[test]
fn a_byte_order_mark_is_no_character() {
    for (encoding, mark) in [
        (UTF_8, &b"\xEF\xBB\xBF"[..]),
        (UTF_16LE, b"\xFF\xFE"),
        (UTF_16BE, b"\xFE\xFF"),
        (GB18030, b"\x84\x31\x95\x33"),
    ] {
        let source = read_plain(&[mark, &in_encoding(PLAIN, encoding)].concat());
        assert_eq!(source.text, PLAIN, "{}", encoding.name());
        assert_eq!(source.files[0].encoding, encoding.name());
        assert!(source.files[0].bom && !source.is_plain());
        assert!(source.troubles.is_empty());
    }
    let only = read_plain(b"\xEF\xBB\xBF");
    assert!(only.text.is_empty() && only.files[0].bom);
}

#[test]
fn national_encodings_are_detected() {
    for (text, encoding, name) in [
        (PLAIN, GBK, "gb18030"),
        (PLAIN, GB18030, "gb18030"),
        (TRADITIONAL, BIG5, "Big5"),
        (TRADITIONAL, GB18030, "gb18030"),
        ("第一版\n要闻\n", GBK, "gb18030"),
        ("會議於昨日召開，主席出席並致詞。", BIG5, "Big5"),
    ] {
        let source = read_plain(&in_encoding(text, encoding));
        assert_eq!((source.text.as_str(), source.files[0].encoding), (text, name));
        assert!(source.troubles.is_empty() && !source.is_plain());
        assert_eq!(source.files[0].segments.len(), 1);
    }
}

#[test]
fn a_given_encoding_is_taken_for_granted() {
    for encoding in [GBK, GB18030, UTF_16LE, UTF_16BE, UTF_8] {
        assert_eq!(read_with(&in_encoding(PLAIN, encoding), Some(encoding)).text, PLAIN);
    }
    assert_eq!(read_with(&in_encoding("新聞", SHIFT_JIS), Some(SHIFT_JIS)).text, "新聞");
    assert_eq!(read_with(&in_encoding("新聞\n第二\n", ISO_2022_JP), Some(ISO_2022_JP)).text, "新聞\n第二\n");
    assert!(read_with(PLAIN.as_bytes(), Some(UTF_8)).is_plain());
    let marked = [b"\xEF\xBB\xBF", PLAIN.as_bytes()].concat();
    assert_eq!(read_with(&marked, Some(GB18030)).text, PLAIN, "a byte-order mark is believed first");
}

#[test]
fn lines_of_another_encoding_are_read_where_certain() {
    let lines =
        ["本报讯 自治区农牧厅日前下发通知。\n", "各地要做好牲畜越冬的饲草储备工作。\n", "\n", "记者从会议上获悉。\n"];
    let bytes =
        [lines[0].as_bytes(), &in_encoding(lines[1], GBK), lines[2].as_bytes(), &in_encoding(lines[3], GBK)].concat();
    let source = read_plain(&bytes);
    assert_eq!(source.text, lines.concat());
    assert_eq!(source.files[0].encoding, "UTF-8");
    let [trouble] = &source.troubles[..] else { panic!("one passage: {:?}", source.troubles) };
    assert_eq!(trouble.kind, TroubleKind::OtherEncoding("gb18030"));
    assert_eq!(&source.text[trouble.span.range()], "各地要做好牲畜越冬的饲草储备工作。\n\n记者从会议上获悉。");

    let bytes = [TRADITIONAL.as_bytes(), &in_encoding(TRADITIONAL, BIG5), PLAIN.as_bytes()].concat();
    let source = read_plain(&bytes);
    assert_eq!(source.text, [TRADITIONAL, TRADITIONAL, PLAIN].concat());

    let bytes = [&in_encoding(PLAIN, GBK)[..], &in_encoding(PLAIN, GBK), "各地要做好饲草储备。\n".as_bytes()].concat();
    let source = read_plain(&bytes);
    assert_eq!(source.text, [PLAIN, PLAIN, "各地要做好饲草储备。\n"].concat());
    assert_eq!(source.files[0].encoding, "gb18030");
    assert_eq!(source.troubles[0].kind, TroubleKind::OtherEncoding("UTF-8"));
}

#[test]
fn broken_bytes_are_kept_and_told_of() {
    let (head, tail) = ("各地要做好饲草", "储备工作。\n");
    let source = read_plain(&[head.as_bytes(), b"\xE5\x82", tail.as_bytes(), b"\xFF\xFF"].concat());
    assert_eq!(source.text, format!("{head}\u{FFFD}{tail}\u{FFFD}\u{FFFD}"));
    assert_eq!(undecodable(&source), [("\u{FFFD}", vec![0xE5, 0x82]), ("\u{FFFD}", vec![0xFF, 0xFF])]);
    let raw = source.files[0].segments.iter().filter(|s| matches!(s.origin, Origin::Raw(_))).count();
    assert_eq!(raw, 2);

    let source = read_plain(&[&in_encoding(PLAIN, GBK)[..], b"\xFF", &in_encoding("饲草储备。", GBK)].concat());
    assert_eq!(source.text, format!("{PLAIN}\u{FFFD}饲草储备。"));

    // A lone surrogate and half a unit.
    let source = read_plain(
        &[b"\xFF\xFE", &in_encoding("草", UTF_16LE)[..], b"\x00\xD8", &in_encoding("原", UTF_16LE), b"\x41"].concat(),
    );
    assert_eq!(source.text, "草\u{FFFD}原\u{FFFD}");
    // So close together they are one thing to look at.
    assert_eq!(undecodable(&source), [("\u{FFFD}", vec![0x00, 0xD8, 0x41])]);
}

#[test]
fn a_file_of_nothing_but_broken_bytes_is_one_trouble() {
    let bytes = b"\xFF\n".repeat(100_000);
    let source = read_plain(&bytes);
    assert_eq!((source.troubles.len(), source.files[0].segments.len()), (1, 1));
    assert_eq!(source.bytes_of(0).as_deref(), Some(&bytes[..]));
}

#[test]
fn utf16_without_a_mark_is_known_by_its_prose() {
    for encoding in [UTF_16LE, UTF_16BE] {
        let bytes = in_encoding(&PLAIN.repeat(3), encoding);
        let source = read_plain(&bytes);
        assert_eq!((source.text.as_str(), source.files[0].encoding), (&*PLAIN.repeat(3), encoding.name()));
        assert_eq!(source.bytes_of(0).as_deref(), Some(&bytes[..]));
    }
    // NUL bytes in other encodings are odd, and no sign of UTF-16.
    for encoding in [UTF_8, GBK] {
        let bytes = [&in_encoding(&PLAIN.repeat(3), encoding)[..], b"\0\0"].concat();
        assert!(!read_plain(&bytes).files[0].encoding.starts_with("UTF-16"));
    }
}

#[test]
fn text_that_no_encoder_gives_back_keeps_its_bytes() {
    // 0x80 is the euro sign in GBK, which GB18030 writes as A2E3; Big5 has two places for some characters.
    let source = read_plain(&[&in_encoding(PLAIN, GBK)[..], b"\x80100\n", &in_encoding(PLAIN, GBK)].concat());
    assert_eq!(source.text, format!("{PLAIN}€100\n{PLAIN}"));
    assert!(source.troubles.is_empty());
    let kept: Vec<_> = source.files[0].segments.iter().filter(|s| matches!(s.origin, Origin::Raw(_))).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(&source.text[kept[0].span.range()], "€");
    let source = read_with(b"\xA1\xC3\xA2\xCC\xA4\x51", Some(BIG5));
    assert_eq!(source.text.chars().count(), 3);
}

#[test]
fn odd_files_come_through() {
    assert!(read_plain(b"").text.is_empty());
    assert!(read_plain(b"").is_plain());
    for text in ["\0", "草\0原\0\n\0", "\r\r\n\n\r", "草\u{85}原\u{2028}上", "\u{FEFF}草"] {
        let bytes = text.trim_start_matches('\u{FEFF}').as_bytes();
        assert_eq!(read_plain(bytes).text.as_bytes(), bytes);
    }
    let blank = "\n".repeat(1_000_000);
    assert_eq!(read_plain(blank.as_bytes()).text, blank);
    let long = [&in_encoding("草原", GBK).repeat(500_000)[..], b"\x80", b"\xFF"].concat();
    assert_eq!(read_plain(&long).text.chars().count(), 1_000_002);
}

#[test]
fn a_binary_file_is_refused() {
    let zip = b"PK\x03\x04\x14\0\0\0";
    let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for bytes in [&b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"[..], b"%PDF-1.7\n", zip, &noise, &[0; 4096], b"\xFF\xFE\0\0A\0\0\0"]
    {
        let error = read_bytes("a", "a.txt", bytes, &ReadOptions::default()).expect_err("no text");
        assert_eq!(error.kind, ErrorKind::Input);
        assert!(error.message.contains("a.txt") && !error.hint.is_empty());
    }
}

fn tray(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, bytes).expect("written");
    }
    dir
}

fn issue(path: PathBuf) -> Issue {
    let tray = discover(&[path], true).expect("found");
    tray.issues.into_iter().next().expect("one issue")
}

#[test]
fn a_tray_holds_files_and_folders() {
    let dir = tray(&[
        ("2019-10-2.md", b"a"),
        ("2019-10-10.TXT", b"a"),
        ("2019-10-11/01.md", b"a"),
        ("2019-10-11/01.png", b"a"),
        ("2019-10-11/scans/01.tif", b"a"),
        ("2019-10-11/01.tess.hocr", b"a"),
        ("2019-10-11/01.lst", b"a"),
        ("README.md", b"a"),
        (".hidden.md", b"a"),
        ("kanwu.toml", b"a"),
        ("2019-10-2.decisions.jsonl", b"a"),
        ("notes.docx", b"a"),
    ]);
    let tray = discover(&[dir.path().to_owned()], false).expect("found");
    let ids: Vec<_> = tray.issues.iter().map(|i| i.id.as_str()).collect();
    assert_eq!(ids, ["2019-10-2", "2019-10-10", "2019-10-11"]);
    let unknown: Vec<_> = tray.unknown.iter().map(|p| p.strip_prefix(dir.path()).expect("inside").to_owned()).collect();
    assert_eq!(unknown, [Path::new("2019-10-11/01.lst"), Path::new("notes.docx")]);
    assert_eq!(decisions_path(&tray.issues[2]), dir.path().join("2019-10-11.decisions.jsonl"));
    let twice = [
        dir.path().join("2019-10-2.md"),
        dir.path().join("../").join(dir.path().file_name().unwrap()).join("2019-10-2.md"),
    ];
    assert_eq!(discover(&twice, false).expect("one file").issues.len(), 1);
}

#[test]
fn pages_come_in_natural_order_with_their_witnesses() {
    let dir = tray(&[
        ("n/10.md", "十".as_bytes()),
        ("n/2.md", &in_encoding("第二版在此", GBK)),
        ("n/1.md", "\u{FEFF}一".as_bytes()),
        ("n/1.b.txt", b"other"),
        ("n/1.jpg", b"image"),
        ("n/2019.10.23-01.md", b"dated"),
        ("n/README.md", b"no page"),
    ]);
    let found = issue(dir.path().join("n"));
    let source = read(&found, &ReadOptions::default()).expect("read");
    assert_eq!(source.text, ["一", "第二版在此", "十", "dated"].join(PAGE_BREAK));
    let pages: Vec<_> = source.files.iter().map(|f| f.page.as_deref().unwrap_or("")).collect();
    assert_eq!(pages, ["1", "2", "10", "2019.10.23-01"]);
    assert_eq!(source.files[0].witnesses, ["1.md", "1.b.txt"]);
    assert!(!source.is_plain());
    for (n, file) in source.files.iter().enumerate() {
        given_back(&source, n, &fs::read(dir.path().join("n").join(&file.name)).expect("there"));
        assert_eq!(source.file_at(file.span.start).map(|f| &f.name), Some(&file.name));
    }
    let other = ReadOptions { base: Some("b".into()), ..ReadOptions::default() };
    assert!(read(&found, &other).expect("read").text.starts_with("other"));
}

#[test]
fn empty_pages_have_a_place() {
    let dir = tray(&[("n/1.md", b""), ("n/2.md", b""), ("n/3.md", "\u{FEFF}".as_bytes())]);
    let source = read(&issue(dir.path().join("n")), &ReadOptions::default()).expect("read");
    assert_eq!(source.text, PAGE_BREAK.repeat(2));
    for (n, bytes) in [&b""[..], b"", b"\xEF\xBB\xBF"].iter().enumerate() {
        given_back(&source, n, bytes);
    }
}

#[test]
fn bad_input_is_named() {
    let dir = tray(&[("a.md", b"a"), ("a.txt", b"a"), ("b.md", b"b"), ("empty/1.png", b"x")]);
    let error = discover(&[dir.path().to_owned()], false).expect_err("one id twice");
    assert!(error.message.contains("a.md") && error.message.contains("a.txt"), "{error}");
    let (rest, faults) = survey(&[dir.path().to_owned(), dir.path().join("gone.md")], false);
    assert_eq!(rest.issues.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["b", "empty"]);
    assert_eq!(faults.len(), 2);
    assert!(faults[0].message.contains("gone.md"));
    let error = read(&rest.issues[1], &ReadOptions::default()).expect_err("no text");
    assert!(error.message.contains("empty"));
    let vanished = Issue { id: "v".into(), path: dir.path().join("v.md") };
    let error = read(&vanished, &ReadOptions::default()).expect_err("not there");
    assert!(error.message.contains("v.md") && error.kind == ErrorKind::Input);
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_named() {
    use std::os::unix::fs::symlink;
    let dir = tray(&[("t/a.md", b"a"), ("n/1.md", b"a")]);
    let t = dir.path().join("t");
    symlink("loop.md", t.join("loop.md")).expect("linked");
    symlink("gone.md", t.join("dead.md")).expect("linked");
    symlink("..", t.join("up")).expect("linked");
    symlink("../n", t.join("other")).expect("linked");
    let (found, faults) = survey(&[t], false);
    assert_eq!(found.issues.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["a", "other"]);
    let told: Vec<_> = faults.iter().map(|f| f.message.clone()).collect();
    assert!(told[0].contains("dead.md") && told[0].contains("not there"), "{told:?}");
    assert!(told[1].contains("loop.md") && told[1].contains("circle"), "{told:?}");
    assert!(told[2].contains("up") && told[2].contains("its own folder"), "{told:?}");
}

#[cfg(unix)]
#[test]
fn without_permission_the_path_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tray(&[("t/a.md", b"a")]);
    let t = dir.path().join("t");
    fs::set_permissions(t.join("a.md"), fs::Permissions::from_mode(0o000)).expect("set");
    // The administrator may read everything: nothing to see then.
    if fs::read(t.join("a.md")).is_err() {
        let error = read(&issue(t.join("a.md")), &ReadOptions::default()).expect_err("refused");
        assert!(error.message.contains("a.md") && error.message.contains("permission"));
    }
}

fn any_encoding() -> impl Strategy<Value = Option<&'static Encoding>> {
    let all = [UTF_8, UTF_16LE, UTF_16BE, GBK, GB18030, BIG5, SHIFT_JIS, EUC_KR, ISO_2022_JP];
    prop_oneof![Just(None), proptest::sample::select(all.to_vec()).prop_map(Some)]
}

/// Pieces of text in several encodings, of broken bytes and of anything.
fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    let text = "[草原牧民冬储讯会议召开，。\n\r a-z0-9]{0,12}";
    let piece = prop_oneof![
        3 => text.prop_map(String::into_bytes),
        2 => text.prop_map(|t| GB18030.encode(&t).0.into_owned()),
        1 => text.prop_map(|t| BIG5.encode(&t).0.into_owned()),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
        1 => proptest::sample::select(vec![&b"\xEF\xBB\xBF"[..], b"\xFF\xFE", b"\0", b"\x80", b"\xE5\x82", b"\x81\x30", b"\r\n"]).prop_map(<[u8]>::to_vec),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_byte_is_given_back(bytes in any_bytes(), encoding in any_encoding()) {
        if let Ok(source) = read_bytes("a", "a.md", &bytes, &ReadOptions { encoding, ..ReadOptions::default() }) {
            given_back(&source, 0, &bytes);
            let mut at = 0;
            for trouble in &source.troubles {
                prop_assert!(at <= trouble.span.start && source.text.get(trouble.span.range()).is_some());
                at = trouble.span.start;
            }
        }
    }
}
