//! What engines write as JSON, JSON Lines or a table: each format in a small made-up file, and files that are broken.

use kanwu::reader::{Format, ReadOptions, read_bytes};
use kanwu::source::{Scan, Source};
use proptest::prelude::*;
use std::path::Path;

const FILES: [(&str, Format); 11] = [
    ("rapid.json", Format::RapidOcr),
    ("rapid-old.json", Format::RapidOcr),
    ("paddle2.json", Format::PaddleOcr),
    ("paddle3.json", Format::PaddleOcr),
    ("structure.json", Format::PaddleOcr),
    ("content_list.json", Format::Mineru),
    ("content_list_v2.json", Format::Mineru),
    ("middle.json", Format::Mineru),
    ("docling.json", Format::Docling),
    ("records.jsonl", Format::JsonLines),
    ("table.tsv", Format::TesseractTsv),
];

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/json").join(name)).unwrap()
}

fn read(name: &str) -> Source {
    read_bytes("issue", name, &bytes(name), &ReadOptions::default()).unwrap()
}

fn scan(source: &Source) -> &Scan {
    source.files[0].scan.as_ref().unwrap()
}

/// The message of a file that cannot be read, in English.
fn refused(name: &str, text: &str) -> String {
    read_bytes("issue", name, text.as_bytes(), &ReadOptions::default()).unwrap_err().message
}

/// The tokens stand in the text one behind the other, and between them is nothing but white space and heading marks.
fn lawful(source: &Source) {
    let mut reached = 0;
    for token in &scan(source).tokens {
        assert!(token.span.start >= reached && token.span.end > token.span.start);
        let between = &source.text[reached..token.span.start];
        assert!(between.chars().all(|c| matches!(c, ' ' | '#' | '\n')), "{between:?}");
        assert!((token.sheet as usize) < scan(source).sheets.len());
        reached = token.span.end;
    }
    assert_eq!(source.text[reached..].trim_end(), "");
}

#[test]
fn every_format_is_known_by_its_content() {
    for (name, format) in FILES {
        // The name says nothing that the content does not.
        let source = read_bytes("issue", "page.json", &bytes(name), &ReadOptions::default()).unwrap();
        assert_eq!(source.files[0].format, format, "{name}");
        lawful(&source);
    }
}

#[test]
fn rapidocr() {
    let source = read("rapid.json");
    assert_eq!(
        source.text,
        "# 南湖新桥通车\n\n南湖新桥昨天通车，两岸居民步行过桥只要五分钟，很方便。\n\n老人走上桥头看灯火。夜里更好看。"
    );
    let scan = scan(&source);
    assert_eq!(scan.engine.as_deref(), Some("rapidocr 3.0 (made up)"));
    // The second character of the headline: its share of the box, and its own score.
    let token = &scan.tokens[1];
    let bbox = token.bbox.unwrap().0;
    assert!((bbox[0] - 166.7).abs() < 0.1 && (bbox[2] - 233.3).abs() < 0.1, "{bbox:?}");
    assert!(token.estimated && token.confidence == Some(0.98));
    assert_eq!(read("rapid-old.json").text, "一行旧格式的字又一行旧格式。");
}

#[test]
fn paddleocr() {
    let two = read("paddle2.json");
    assert_eq!(two.text.trim_end(), "早市上的第一碗面热气腾腾。");
    assert_eq!(scan(&two).sheets.len(), 2);
    let three = read("paddle3.json");
    assert_eq!(three.text, "早市上的第一碗面热气腾腾。");
    assert_eq!(scan(&three).sheets[0].image.as_deref(), Some("page-07.png"));
    assert_eq!(scan(&three).sheets[0].name.as_deref(), Some("7"));
    assert_eq!(scan(&three).tokens.len(), 4);
    assert!(!scan(&three).tokens[0].estimated);
    let layout = read("structure.json");
    assert_eq!(
        layout.text,
        "南湖晚报\n\n# 渡口的最后一班船\n\n渡口今天停航，船工把缆绳收好。\n\n第二段的文字。\n\n<table><tr><td>甲</td><td>乙</td></tr> </table>"
    );
    assert_eq!(scan(&layout).confidence_at(layout.text.find("船工").unwrap()), Some(0.8));
}

#[test]
fn mineru() {
    let first = read("content_list.json");
    assert_eq!(
        first.text,
        "南湖晚报\n\n# 渡口的最后一班船\n\n渡口今天停航。\n\n停在岸边的渡船\n\n班次\n\n<table><tr><td>早</td></tr></table>\n\n据渡口公告"
    );
    assert_eq!(scan(&first).sheets.len(), 2);
    let second = read("content_list_v2.json");
    assert_eq!(second.text.trim_end(), "## 渡口的最后一班船\n\n渡口今天停航。\n\n早班六点\n\n末班九点");
    assert_eq!(scan(&second).tokens[0].bbox.unwrap().0, [100.0, 100.0, 900.0, 200.0]);
    let middle = read("middle.json");
    assert_eq!(middle.text, "# 渡口的最后一班船\n\n渡口今天停航，船工把缆绳收好ferry\n\n停在岸边的渡船\n\n南湖晚报");
    assert_eq!(scan(&middle).sheets[0].size, Some([400.0, 600.0]));
}

#[test]
fn docling() {
    let source = read("docling.json");
    assert_eq!(source.text, "# 渡口的最后一班船\n\n早班六点\n\n末班九点\n\n南湖晚报\n\n| 班次 | 时间 |\n| 早 | 六点 |");
    assert_eq!(scan(&source).tokens[0].bbox.unwrap().0, [10.0, 100.0, 400.0, 140.0]);
    // The height of page 2 is not known, and so it is not known where its foot is.
    assert_eq!(scan(&source).tokens.last().unwrap().bbox, None);
}

#[test]
fn json_lines() {
    let source = read("records.jsonl");
    assert_eq!(source.text, "第一条。\n\n第二行。\n\n另一条。");
    let names: Vec<_> = scan(&source).sheets.iter().map(|s| s.name.clone().unwrap()).collect();
    assert_eq!(names, ["a-1", "2"]);
    let broken = refused("a.jsonl", "{\"id\": 1, \"text\": \"好\"}\n{\"id\": 2, \"text\": }\n");
    assert!(broken.starts_with("a.jsonl:2:"), "{broken}");
    let other = refused("a.jsonl", "{\"id\": 1, \"text\": \"好\"}\n\n{\"id\": 2, \"text\": 5}\n");
    assert!(other.starts_with("a.jsonl:3:1:"), "{other}");
}

#[test]
fn tesseract_table() {
    let source = read("table.tsv");
    assert_eq!(source.text, "渡口\"今天\"停航，船工说good bye");
    let tokens = &scan(&source).tokens;
    assert_eq!(tokens[0].confidence, Some(0.965));
    assert_eq!(tokens[2].confidence, None);
    let broken = refused("a.tsv", &String::from_utf8(bytes("table.tsv")).unwrap().replace("\t88\t", "\t8x8\t"));
    assert!(broken.starts_with("a.tsv:7:1:"), "{broken}");
    let short = refused("a.tsv", "level\tpage_num\tconf\ttext\n");
    assert!(short.contains("block_num"), "{short}");
}

#[test]
fn a_broken_file_says_where() {
    let text = String::from_utf8(bytes("rapid.json")).unwrap();
    let cut = refused("a.json", text.get(..text.find("很方便").unwrap()).unwrap());
    assert!(cut.starts_with("a.json:9:") && cut.contains("ends here"), "{cut}");
    let wrong = refused("a.json", &text.replace("\"南湖新桥昨天通车，\"", "南湖"));
    assert!(wrong.starts_with("a.json:5:"), "{wrong}");
    let deep = format!("{{\"pdf_info\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refused("a.json", &deep).contains("deeper than 128"), "{}", refused("a.json", &deep));
}

#[test]
fn what_is_no_format_of_an_engine() {
    for text in ["{}", "[1, 2]", "\"text\"", "{\"a\": [1]}", "[[1, 2], [3, 4]]", "nothing", "[{\"x\": 1}]", "{", "[[["]
    {
        assert!(refused("a.json", text).contains("not a format"), "{text}");
    }
}

#[test]
fn odd_values_are_no_boxes_and_no_scores() {
    let odd = r#"[{"box": [[1e308, 0], [5, 0], [5, -1e400], [0, 5]], "text": "甲", "score": 7},
        {"box": [[9, 9], [5, 5], [1, 1], [2, 2]], "text": "乙", "score": "x", "char_scores": [null]},
        {"box": "no", "text": "丙", "char_scores": [1, 2, 3]},
        {"box": [1, 2, 3, 4], "text": 5}, {"text": "丁"}, 17, null, [], {"box": [], "text": ""}]"#;
    // 1e400 is no number that JSON readers take.
    assert!(refused("a.json", odd).contains("number out of range"), "{}", refused("a.json", odd));
    let source = read_bytes("i", "a.json", odd.replace("1e400", "1e39").as_bytes(), &ReadOptions::default()).unwrap();
    lawful(&source);
    for c in ["甲", "乙", "丙", "丁"] {
        assert_eq!(source.text.matches(c).count(), 1);
    }
    assert!(scan(&source).tokens.iter().all(|t| t.confidence.is_none()));
}

#[test]
fn pages_without_text() {
    for text in [
        "[]",
        "[null]",
        "[[]]",
        "{\"result\": []}",
        "{\"rec_texts\": []}",
        "{\"pdf_info\": []}",
        "{\"parsing_res_list\": []}",
    ] {
        let source = read_bytes("i", "a.json", text.as_bytes(), &ReadOptions::default()).unwrap();
        assert_eq!(source.text, "", "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// A file with a piece cut out, doubled or overwritten is read or refused; it never breaks the reader.
    #[test]
    fn damaged_files(file in 0..FILES.len(), from in 0.0f64..1.0, length in 0usize..40, with in "[0-9eE\\[\\]{},:\"a-z-]{0,6}") {
        let bytes = bytes(FILES[file].0);
        let at = (from * bytes.len() as f64) as usize;
        let mut damaged = bytes[..at].to_vec();
        damaged.extend(with.as_bytes());
        damaged.extend(&bytes[(at + length).min(bytes.len())..]);
        for format in [None, Some(FILES[file].1), Some(Format::Mineru), Some(Format::PaddleOcr), Some(Format::Docling), Some(Format::RapidOcr)] {
            if let Ok(source) = read_bytes("i", "a.json", &damaged, &ReadOptions { format, ..ReadOptions::default() }) {
                lawful(&source);
            }
        }
    }
}
