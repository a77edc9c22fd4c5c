//! The paper round trip: "reject all" gives the source, "accept all" the text as proposed, and every verdict comes back.
//!
//! A word processor in miniature stands in for the real one here ([`Office`]); `tests/paper_office.rs` asks the real one.

mod desk;
mod generate;
mod tray;

use kanwu::emit::paper::{Sheet, Slot};
use kanwu::emit::{Beside, Extra, criticmarkup, docx, write_issue_with};
use kanwu::error::ErrorKind;
use kanwu::finding::Status;
use kanwu::pipeline::{Policy, Run, clean};
use kanwu::review::paper::{Returned, Said, read};
use kanwu::review::{Decisions, Scope, Signature, Verdict, decision};
use kanwu::rule::{Lang, RuleSet};
use kanwu::source::Source;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::built_in().expect("the built-in rules are sound"));

fn cleaned(source: &Source) -> Run<'_> {
    clean(source, &RULES, &Decisions::default(), Policy::default())
}

fn real() -> Source {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/input/2019-10-23.md")).unwrap();
    Source::from_text("2019-10-23", "2019-10-23.md", text)
}

fn word(run: &Run, rules: &RuleSet) -> Vec<u8> {
    let mut out = Vec::new();
    docx::write(run, rules, Lang::Zh, &mut out).unwrap();
    out
}

fn critic(run: &Run, rules: &RuleSet) -> String {
    let mut out = Vec::new();
    criticmarkup::write(run, rules, Lang::Zh, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

// ---- a word processor in miniature -----------------------------------------------------------------------------

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Stays,
    Comes,
    Goes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char, Ink),
    /// A bookmark's beginning or end, as XML.
    Mark(String),
}

/// A document that is open for editing.
#[derive(Clone)]
struct Office {
    tokens: Vec<Token>,
    comments: String,
}

impl Office {
    fn open(bytes: &[u8]) -> Office {
        let xml = docx::part(bytes, "word/document.xml").unwrap();
        let mut reader = Reader::from_str(&xml);
        let mut tokens = Vec::new();
        let (mut ink, mut end, mut in_text, mut in_mark) = (Ink::Stays, Ink::Stays, false, false);
        loop {
            let event = reader.read_event().unwrap();
            let name = |n: &str| n.to_owned();
            match &event {
                Event::Start(e) | Event::Empty(e) => match name(e.name().as_ref()).as_str() {
                    "w:p" => end = Ink::Stays,
                    "w:pPr" => in_mark = true,
                    "w:ins" if in_mark => end = Ink::Comes,
                    "w:del" if in_mark => end = Ink::Goes,
                    "w:ins" => ink = Ink::Comes,
                    "w:del" => ink = Ink::Goes,
                    "w:t" | "w:delText" => in_text = true,
                    "w:tab" => tokens.push(Token::Char('\t', ink)),
                    "w:bookmarkStart" | "w:bookmarkEnd" => tokens.push(Token::Mark(format!("<{}/>", name(e.as_ref())))),
                    _ => {}
                },
                Event::End(e) => match name(e.name().as_ref()).as_str() {
                    "w:p" => tokens.push(Token::Char('\n', end)),
                    "w:pPr" => in_mark = false,
                    "w:ins" | "w:del" if !in_mark => ink = Ink::Stays,
                    "w:t" | "w:delText" => in_text = false,
                    _ => {}
                },
                Event::Text(t) if in_text => {
                    let text = name(t.as_ref());
                    tokens.extend(text.chars().map(|c| Token::Char(c, ink)));
                }
                Event::GeneralRef(r) if in_text => {
                    let c = match name(r.as_ref()).as_str() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        other => panic!("&{other};"),
                    };
                    tokens.push(Token::Char(c, ink));
                }
                Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(tokens.pop(), Some(Token::Char('\n', Ink::Stays)), "the last paragraph's end is never marked");
        Office { tokens, comments: docx::part(bytes, "word/comments.xml").unwrap() }
    }

    fn text(&self, gone: Ink) -> String {
        let kept = self.tokens.iter().filter_map(|t| match t {
            Token::Char(c, ink) if *ink != gone => Some(*c),
            _ => None,
        });
        unsigned(&kept.collect::<String>())
    }

    /// Carries out, for each change in turn, what is decided; where nothing is, the change stays marked.
    fn decide(&mut self, sheet: &Sheet, decided: &[Option<Verdict>]) {
        let mut next = sheet.slots.iter().zip(decided);
        let mut left = 0;
        let mut now = None;
        let mut marked = 0;
        self.tokens.retain_mut(|token| {
            let Token::Char(_, ink) = token else { return true };
            if *ink == Ink::Stays {
                return true;
            }
            marked += 1;
            if left == 0 {
                let (slot, verdict) = next.next().expect("a change");
                let [_, old, new, _] = slot.parts(&sheet.text);
                left = shown(old) + shown(new);
                now = *verdict;
            }
            left -= 1;
            match (now, *ink) {
                (None, _) => true,
                (Some(Verdict::Accept), Ink::Goes) | (Some(Verdict::Reject), Ink::Comes) => false,
                _ => {
                    *ink = Ink::Stays;
                    true
                }
            }
        });
        assert!(next.next().is_none() && left == 0, "{marked} marked characters");
    }

    /// Saves the document as another program might: numbers are dealt anew, runs are cut short.
    fn save(&self) -> Vec<u8> {
        let mut paragraphs = String::new();
        let mut inside = String::new();
        let mut id = 5000;
        let mut revision = || {
            id += 1;
            format!("w:id=\"{id}\" w:author=\"kanwu\"")
        };
        for token in self.tokens.iter().chain([&Token::Char('\n', Ink::Stays)]) {
            match token {
                Token::Mark(xml) => inside.push_str(xml),
                Token::Char('\n', ink) => {
                    let end = match ink {
                        Ink::Stays => String::new(),
                        Ink::Comes => format!("<w:pPr><w:rPr><w:ins {}/></w:rPr></w:pPr>", revision()),
                        Ink::Goes => format!("<w:pPr><w:rPr><w:del {}/></w:rPr></w:pPr>", revision()),
                    };
                    paragraphs.push_str(&format!("<w:p>{end}{inside}</w:p>"));
                    inside.clear();
                }
                Token::Char(c, ink) => {
                    let c = c.to_string().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                    let run = |e: &str| match c.as_str() {
                        "\t" => "<w:r><w:tab/></w:r>".to_owned(),
                        c => format!("<w:r><w:{e} xml:space=\"preserve\">{c}</w:{e}></w:r>"),
                    };
                    inside.push_str(&match ink {
                        Ink::Stays => run("t"),
                        Ink::Comes => format!("<w:ins {}>{}</w:ins>", revision(), run("t")),
                        Ink::Goes => format!("<w:del {}>{}</w:del>", revision(), run("delText")),
                    });
                }
            }
        }
        pack(&paragraphs, &self.comments)
    }

    /// Replaces the first occurrence of a text that stands, as by hand.
    fn write(&mut self, old: &str, new: &str) {
        let standing: Vec<(usize, char)> = (self.tokens.iter().enumerate())
            .filter_map(|(i, t)| if let Token::Char(c, Ink::Stays | Ink::Comes) = t { Some((i, *c)) } else { None })
            .collect();
        let all: String = standing.iter().map(|(_, c)| c).collect();
        let at = all.find(old).unwrap_or_else(|| panic!("no {old}"));
        let first = all[..at].chars().count();
        let gone: Vec<usize> = standing.iter().skip(first).take(old.chars().count()).map(|(i, _)| *i).collect();
        let start = gone[0];
        for i in gone.into_iter().rev() {
            self.tokens.remove(i);
        }
        let typed = new.chars().map(|c| Token::Char(c, Ink::Stays));
        self.tokens.splice(start..start, typed);
    }
}

fn pack(paragraphs: &str, comments: &str) -> Vec<u8> {
    let body = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{paragraphs}\
         <w:sectPr/></w:body></w:document>"
    );
    docx::write_package(&[("word/document.xml", &body), ("word/comments.xml", comments)]).unwrap()
}

/// Characters of a text as they are shown.
fn shown(text: &str) -> usize {
    let mut xml = String::new();
    docx::glyph::escape(&mut xml, text);
    xml.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").chars().count()
}

/// A text with `⟦U+000B⟧` as the character that it stands for.
fn unsigned(text: &str) -> String {
    let sign = regex::Regex::new("⟦U\\+([0-9A-F]{4,6})⟧").unwrap();
    let one = |c: &regex::Captures| char::from_u32(u32::from_str_radix(&c[1], 16).unwrap()).unwrap().to_string();
    sign.replace_all(text, one).into_owned()
}

// ---- a reader of CriticMarkup in miniature ---------------------------------------------------------------------

/// What stands when all marks are carried out, or taken back.
fn settled(text: &str, accept: bool) -> String {
    let mark = regex::Regex::new(concat!(
        r"(?s)\\([\\{+\-~<=>])",
        r"|\{\+\+((?:\\.|[^\\])*?)\+\+\}",
        r"|\{--((?:\\.|[^\\])*?)--\}",
        r"|\{~~((?:\\.|[^\\])*?)~>((?:\\.|[^\\])*?)~~\}",
        r"|\{>>((?:\\.|[^\\])*?)<<\}"
    ))
    .unwrap();
    let escape = regex::Regex::new(r"(?s)\\(.)").unwrap();
    let plain = |t: &str| escape.replace_all(t, "$1").into_owned();
    let one = |c: &regex::Captures| {
        let piece = |n: usize, wanted: bool| c.get(n).filter(|_| wanted).map_or(String::new(), |t| plain(t.as_str()));
        c.get(1).map_or("", |t| t.as_str()).to_owned()
            + &piece(2, accept)
            + &piece(3, !accept)
            + &piece(4, !accept)
            + &piece(5, accept)
    };
    mark.replace_all(text, one).into_owned()
}

/// What an editor makes of the marks, one by one; where she decides nothing a mark stays.
fn reviewed(text: &str, decided: &[Option<Verdict>]) -> String {
    let mark = regex::Regex::new(concat!(
        r"(?s)\\[\\{+\-~<=>]",
        r"|\{\+\+(?<new>(?:\\.|[^\\])*?)\+\+\}",
        r"|\{--(?<old>(?:\\.|[^\\])*?)--\}",
        r"|\{~~(?<was>(?:\\.|[^\\])*?)~>(?<is>(?:\\.|[^\\])*?)~~\}",
        r"|\{>>(?:\\.|[^\\])*?<<\}"
    ))
    .unwrap();
    let mut decided = decided.iter();
    let one = |c: &regex::Captures| {
        let [new, old, was, is] = ["new", "old", "was", "is"].map(|name| c.name(name).map(|m| m.as_str()));
        if new.or(old).or(was).is_none() {
            return c[0].to_owned();
        }
        match decided.next().expect("a change") {
            Some(Verdict::Accept) => new.or(is).unwrap_or("").to_owned(),
            Some(_) => old.or(was).unwrap_or("").to_owned(),
            None => c[0].to_owned(),
        }
    };
    mark.replace_all(text, one).into_owned()
}

// ---- the laws --------------------------------------------------------------------------------------------------

fn folded(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// What must hold of every issue, whatever stands in it.
fn holds(run: &Run, rules: &RuleSet, choose: impl Fn(usize) -> Option<Verdict>) {
    let source = &run.source().text;
    let exact = Sheet::new(run);
    let sheet = Sheet::new(run).with_plain_line_ends();
    let bytes = word(run, rules);
    assert_eq!(bytes, word(run, rules), "the same bytes every time");
    let office = Office::open(&bytes);
    assert_eq!(office.text(Ink::Comes), folded(source), "reject all");
    assert_eq!(office.text(Ink::Goes), sheet.accepted(), "accept all");
    let marked = critic(run, rules);
    assert_eq!(settled(&marked, false), *source, "reject all in CriticMarkup");
    assert_eq!(settled(&marked, true), exact.accepted(), "accept all in CriticMarkup");
    if !run.findings.iter().any(|f| f.status == Status::Open && !f.fixes.is_empty()) {
        assert_eq!(exact.accepted(), run.clean(), "nothing asked: the cleaned text");
    }
    let untouched = Returned { waiting: waiting(&sheet), ..Returned::default() };
    assert_eq!(read(&bytes, "review.docx", run).unwrap(), untouched);
    assert_eq!(read(marked.as_bytes(), "review.critic.md", run).unwrap(), untouched);
    let decided: Vec<Option<Verdict>> = (0..sheet.slots.len()).map(&choose).collect();
    let mut changed = office.clone();
    changed.decide(&sheet, &decided);
    let came = read(&changed.save(), "review.docx", run).unwrap();
    assert_eq!(came.unclear, [], "{:?}", came.strays);
    assert_eq!(came.strays, []);
    assert_eq!(pairs(&came.said), expected(&sheet, &decided), "{:?}", sheet.slots);
    if exact.slots.len() == sheet.slots.len() {
        let came = read(reviewed(&marked, &decided).as_bytes(), "review.critic.md", run).unwrap();
        assert_eq!(pairs(&came.said), expected(&sheet, &decided), "{:?}", sheet.slots);
    }
}

fn waiting(sheet: &Sheet) -> usize {
    sheet.notes.len() + sheet.slots.iter().filter(|s| s.open).count()
}

fn pairs(said: &[Said]) -> BTreeMap<usize, (String, String)> {
    said.iter().map(|s| (s.finding, (format!("{:?}", s.verdict), s.text.clone()))).collect()
}

/// What the verdicts say: accepting what is in force anyway says nothing.
fn expected(sheet: &Sheet, decided: &[Option<Verdict>]) -> BTreeMap<usize, (String, String)> {
    let says = |(slot, verdict): (&Slot, &Option<Verdict>)| match verdict {
        Some(Verdict::Accept) if !slot.open => None,
        Some(verdict) => Some((slot.finding, (format!("{verdict:?}"), String::new()))),
        None => None,
    };
    sheet.slots.iter().zip(decided).filter_map(says).collect()
}

fn config(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let rng_seed = if given.rng_seed == RngSeed::Random { RngSeed::Fixed(20_191_023) } else { given.rng_seed };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..given }
}

fn verdict(n: u8) -> Option<Verdict> {
    [None, Some(Verdict::Accept), Some(Verdict::Reject)][usize::from(n % 3)]
}

#[test]
fn the_real_issue_keeps_every_verdict() {
    let source = real();
    let run = cleaned(&source);
    assert!(Sheet::new(&run).slots.iter().filter(|s| s.open).count() > 10);
    for shift in 0..3 {
        holds(&run, &RULES, |n| verdict((n + shift) as u8));
    }
    holds(&run, &RULES, |_| Some(Verdict::Accept));
    holds(&run, &RULES, |_| Some(Verdict::Reject));
}

#[test]
fn odd_issues_hold_too() {
    let odd = [
        "",
        "\n",
        "\r\n\r\n",
        "甲,乙",
        "甲,\r\n乙,\r丙,\n",
        "\u{B}甲\0,\u{FFFE}",
        "<&>\"',⟦U+4E00⟧",
        "\t甲,\t乙 ",
        "👨‍👩‍👧,𠀀,",
        ",",
        ",,,,",
        "返贫返贫",
        "返贫返贫,沿海",
        "沿海沿海",
        "断\r\n\r\n行,断\n\n行\n",
        "第2版\r\n甲",
        "{++甲++},\\{--乙--},{>>丙<<},{~~丁~>戊~~}",
        "{,{,--}~>,}",
        "# 标题\n\n重复的一段,全文再见。\n\n重复的一段,全文再见。",
    ];
    for text in odd.into_iter().chain([desk::ISSUE]) {
        let source = Source::from_text("odd", "odd.md", text);
        let run = desk::run(&source, &Decisions::default(), &desk::stages());
        for shift in 0..3 {
            holds(&run, &desk::rules(), |n| verdict((n + shift) as u8));
        }
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn generated_issues_hold(text in generate::page(), choices in proptest::collection::vec(any::<u8>(), 64)) {
        let source = Source::from_text("made", "made.md", text);
        let run = cleaned(&source);
        holds(&run, &RULES, |n| verdict(choices[n % choices.len()]));
    }

    #[test]
    fn wild_mixtures_hold(text in "[,()返贫沿海断行 \n\r\t{}+~><&\u{0}-\u{1F}😀⟦]{0,60}", choices in proptest::collection::vec(any::<u8>(), 64)) {
        let source = Source::from_text("wild", "wild.md", text);
        let run = desk::run(&source, &Decisions::default(), &desk::stages());
        holds(&run, &desk::rules(), |n| verdict(choices[n % choices.len()]));
    }
}

// ---- by hand ---------------------------------------------------------------------------------------------------

const TEXT: &str = "# 标题\n\n防止返贫返贫,巩固成果。\n\n沿海建设,推进五位一体。\n\n落款。\n";

fn desk_run(source: &Source) -> Run<'_> {
    desk::run(source, &Decisions::default(), &desk::stages())
}

fn quoted<'r>(run: &'r Run, said: &Said) -> &'r str {
    run.findings[said.finding].span.of(&run.source().text)
}

#[test]
fn what_was_written_by_hand_comes_back_as_such() {
    let source = Source::from_text("i", "i.md", TEXT);
    let run = desk_run(&source);
    let sheet = Sheet::new(&run);
    let mut office = Office::open(&word(&run, &desk::rules()));
    office.decide(&sheet, &vec![Some(Verdict::Accept); sheet.slots.len()]);
    office.write("返贫", "脱贫");
    office.write("五位一体", "“五位一体”");
    office.write("落款", "落款人");
    let came = read(&office.save(), "a.docx", &run).unwrap();
    let said: Vec<_> = came.said.iter().map(|s| (quoted(&run, s), s.verdict, s.text.as_str())).collect();
    let hand =
        [("返贫返贫", Verdict::Edit, "脱贫"), ("沿海", Verdict::Accept, ""), ("五位一体", Verdict::Edit, "“五位一体”")];
    assert_eq!(said, hand);
    let [stray] = came.strays.as_slice() else { panic!("{:?}", came.strays) };
    assert_eq!((stray.line, stray.was.as_str(), stray.is.as_str()), (7, "", "人"));
    assert_eq!((came.waiting, came.unclear.len()), (0, 0));
}

#[test]
fn an_edit_in_force_that_is_taken_back_is_rejected_for_good() {
    let source = Source::from_text("i", "i.md", TEXT);
    let run = desk_run(&source);
    let sheet = Sheet::new(&run);
    let mut office = Office::open(&word(&run, &desk::rules()));
    let only = |s: &Slot| (s.span.of(&sheet.text) == ",").then_some(Verdict::Reject);
    office.decide(&sheet, &sheet.slots.iter().map(only).collect::<Vec<_>>());
    let came = read(&office.save(), "a.docx", &run).unwrap();
    let signature = Signature { by: "lin".into(), ..Signature::default() };
    let log = came
        .said
        .iter()
        .map(|s| decision(&run, &desk::rules(), s.finding, (s.verdict, &s.text, Scope::Once), &signature).unwrap());
    let log = Decisions { log: log.collect(), ..Decisions::default() };
    let again = desk::run(&source, &log, &desk::stages());
    assert_eq!(again.clean(), TEXT);
    // The same paper read once more says nothing new.
    assert_eq!(read(&office.save(), "a.docx", &again).unwrap().said, []);
}

#[test]
fn a_person_who_tracks_her_own_changes_is_understood() {
    let source = Source::from_text("i", "i.md", "防止返贫返贫，巩固。\n");
    let run = desk_run(&source);
    let bytes = word(&run, &desk::rules());
    let xml = docx::part(&bytes, "word/document.xml").unwrap();
    // She leaves the proposal and strikes it out, and writes her own behind it.
    let del = regex::Regex::new("<w:del [^>]*>(<w:r><w:delText[^>]*>)返贫(</w:delText></w:r>)</w:del>").unwrap();
    let hers = "<w:del w:author=\"lin\">${1}返贫$2</w:del><w:ins w:author=\"lin\"><w:r><w:t>致贫</w:t></w:r></w:ins>";
    assert!(del.is_match(&xml), "{xml}");
    let xml = del.replace(&xml, hers);
    let comments = docx::part(&bytes, "word/comments.xml").unwrap();
    let back = docx::write_package(&[("word/document.xml", &xml), ("word/comments.xml", &comments)]).unwrap();
    let came = read(&back, "a.docx", &run).unwrap();
    assert_eq!(came.said, [Said { finding: 0, verdict: Verdict::Edit, text: "返贫致贫".into() }]);
}

#[test]
fn half_a_decision_is_no_decision() {
    let source = Source::from_text("i", "i.md", "沿海建设。\n");
    let run = desk_run(&source);
    let mut office = Office::open(&word(&run, &desk::rules()));
    office.tokens.retain(|t| !matches!(t, Token::Char(_, Ink::Goes)));
    let came = read(&office.save(), "a.docx", &run).unwrap();
    assert_eq!((came.said.len(), came.unclear.len(), came.waiting), (0, 1, 1));
}

#[test]
fn a_document_without_bookmarks_or_with_moved_ones_is_read_all_the_same() {
    let source = real();
    let run = cleaned(&source);
    let sheet = Sheet::new(&run);
    let mut office = Office::open(&word(&run, &RULES));
    let decided: Vec<_> = (0..sheet.slots.len()).map(|n| verdict(n as u8)).collect();
    office.decide(&sheet, &decided);
    let id_of = |xml: &str| regex::Regex::new("w:id=\"\\d+\"").unwrap().find(xml).unwrap().as_str().to_owned();
    let is_source = |t: &Token| matches!(t, Token::Mark(xml) if xml.contains("kanwu_source"));
    let source_id = office
        .tokens
        .iter()
        .find(|t| is_source(t))
        .map(|t| if let Token::Mark(xml) = t { id_of(xml) } else { String::new() });
    let source_id = source_id.unwrap();
    let mut bare = office.clone();
    bare.tokens.retain(|t| !matches!(t, Token::Mark(xml) if id_of(xml) != source_id));
    let came = read(&bare.save(), "a.docx", &run).unwrap();
    assert_eq!(pairs(&came.said), expected(&sheet, &decided));
    // A bookmark that was carried to the end of the text.
    let mark = |t: &Token| matches!(t, Token::Mark(xml) if xml.starts_with("<w:bookmarkStart") && !is_source(t));
    let at = office.tokens.iter().position(mark).unwrap();
    let moved = office.tokens.remove(at);
    let Token::Mark(xml) = &moved else { unreachable!() };
    let id = id_of(xml);
    let end = |t: &Token| matches!(t, Token::Mark(xml) if xml.starts_with("<w:bookmarkEnd") && xml.contains(&id));
    let end = office.tokens.iter().position(end).unwrap();
    let end = office.tokens.remove(end);
    office.tokens.extend([moved, end]);
    let came = read(&office.save(), "a.docx", &run).unwrap();
    assert_eq!(pairs(&came.said), expected(&sheet, &decided));
}

#[test]
fn verdicts_in_criticmarkup_come_back() {
    let source = Source::from_text("i", "i.md", TEXT);
    let run = desk_run(&source);
    let text = critic(&run, &desk::rules());
    assert!(text.contains("防止返贫{--返贫--}{>>kanwu "), "{text}");
    let said = |text: &str| {
        let came = read(text.as_bytes(), "a.md", &run).unwrap();
        let said = came.said.iter().map(|s| (quoted(&run, s).to_owned(), s.verdict, s.text.clone()));
        (said.collect::<Vec<_>>(), came.waiting, came.strays.len())
    };
    let one = |quote: &str, verdict, text: &str| vec![(quote.to_owned(), verdict, text.to_owned())];
    assert_eq!(said(&text), (vec![], 3, 0));
    assert_eq!(said(&(text.clone() + "\n")), (vec![], 3, 0));
    assert_eq!(said(&text.replace('\n', "\r\n")), (vec![], 3, 0));
    let accept = text.replace("{--返贫--}", "");
    assert_eq!(said(&accept), (one("返贫返贫", Verdict::Accept, ""), 2, 0));
    let reject = text.replace("{--返贫--}", "返贫");
    assert_eq!(said(&reject), (one("返贫返贫", Verdict::Reject, ""), 2, 0));
    let edit = text.replace("{~~海~>黄~~}", "江");
    assert_eq!(said(&edit), (one("沿海", Verdict::Edit, "沿江"), 2, 0));
    // The mark was taken away together with its remark.
    let remark = regex::Regex::new("\\{--返贫--\\}\\{>>.*?<<\\}").unwrap();
    assert_eq!(said(&remark.replace(&text, "")), (one("返贫返贫", Verdict::Accept, ""), 2, 0));
    let safe = text.replacen("{~~,~>，~~}", ",", 1);
    assert_eq!(said(&safe), (one(",", Verdict::Reject, ""), 3, 0));
    assert_eq!(said(&text.replace("落款", "落款人")).2, 1);
}

#[test]
fn what_is_no_paper_of_this_issue_is_refused_in_one_clear_line() {
    let source = Source::from_text("i", "i.md", TEXT);
    let run = desk_run(&source);
    let other = Source::from_text("i", "i.md", "别的,文字。\n");
    let foreign = desk_run(&other);
    let whole = word(&run, &desk::rules());
    let part = |document: &str| docx::write_package(&[("word/document.xml", document)]).unwrap();
    let deep = format!("{}{}", "<w:a>".repeat(100_000), "</w:a>".repeat(100_000));
    let many: Vec<(&str, Vec<u8>)> = vec![
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("empty package", b"PK\x03\x04".to_vec()),
        ("no document", docx::write_package(&[("a", "b")]).unwrap()),
        ("no xml", part("<w:document><w:p>")),
        ("deep", part(&deep)),
        (
            "entity",
            part("<!DOCTYPE a [<!ENTITY b \"c\">]><w:document><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:document>"),
        ),
        ("not ours", part("<w:document><w:body><w:p/></w:body></w:document>")),
        ("other source", word(&foreign, &desk::rules())),
        ("other critic", critic(&foreign, &desk::rules()).into_bytes()),
        ("plain text", b"abc".to_vec()),
        ("bytes", vec![0xFF, 0xFE, 0x00]),
        ("nothing", Vec::new()),
    ];
    for (what, bytes) in many {
        let error = read(&bytes, "审读.docx", &run).expect_err(what);
        assert_eq!(error.kind, ErrorKind::Input, "{what}");
        for lang in [Lang::Zh, Lang::En] {
            let (message, hint) = error.text(lang);
            assert!(
                message.starts_with("审读.docx") && !hint.is_empty() && !message.contains('\n'),
                "{what}: {message}"
            );
        }
    }
    for n in 0..whole.len().min(400) {
        let mut bytes = whole.clone();
        let at = n * whole.len() / 400;
        bytes[at] ^= 0x55;
        let _ = read(&bytes, "a.docx", &run);
    }
}

#[test]
fn a_bomb_is_refused() {
    let source = Source::from_text("i", "i.md", TEXT);
    let run = desk_run(&source);
    let bomb = docx::write_package(&[("word/document.xml", &" ".repeat((256 << 20) + 1))]).unwrap();
    assert!(bomb.len() < 1 << 20);
    assert!(read(&bomb, "a.docx", &run).unwrap_err().message.contains("too much"));
}

#[test]
fn a_long_issue_is_written_and_read_in_time_that_grows_with_it() {
    let text = "防止返贫返贫,巩固(成果)。\n\n".repeat(3000);
    let source = Source::from_text("i", "i.md", text);
    let run = desk_run(&source);
    let sheet = Sheet::new(&run);
    let mut office = Office::open(&word(&run, &desk::rules()));
    let decided: Vec<_> = (0..sheet.slots.len()).map(|n| verdict(n as u8)).collect();
    office.decide(&sheet, &decided);
    let came = read(&office.save(), "a.docx", &run).unwrap();
    assert_eq!(pairs(&came.said), expected(&sheet, &decided));
    let unclosed = format!("{}{{>>{}<<}}", "{--{++{~~a~>".repeat(50_000), docx::source_mark(&run));
    assert!(read(unclosed.as_bytes(), "a.md", &run).is_ok());
}

#[test]
fn the_files_are_written_beside_the_others_and_replaced_with_them() {
    let tray = tempfile::tempdir().unwrap();
    let dir = tray.path().join("issue");
    let source = Source::from_text("issue", "issue.md", TEXT);
    let run = desk_run(&source);
    write_issue_with(&run, &desk::rules(), Lang::Zh, &dir, Beside { extras: &Extra::ALL, ..Beside::default() })
        .unwrap();
    for extra in Extra::ALL {
        assert!(dir.join(extra.file()).is_file());
        assert_eq!(Extra::named(extra.name()), Some(extra));
    }
    write_issue_with(&run, &desk::rules(), Lang::Zh, &dir, Beside::default()).unwrap();
    assert!(!dir.join("review.docx").exists());
}

#[test]
fn the_program_takes_in_a_reviewed_paper_of_either_kind() {
    let tray = tray::Tray::new();
    tray.done(&["clean", "--quiet", "--emit", "docx,criticmarkup"]);
    // What the program wrote, in the order of its marks: the typo, three ranges.
    let mut rules = RuleSet::default();
    rules.add_tree(&mut tray.rules()).unwrap();
    let source = Source::from_text("a", "a.md", tray::ISSUE);
    let run = clean(&source, &rules, &Decisions::default(), Policy::default());
    let sheet = Sheet::new(&run).with_plain_line_ends();
    let decided = [Some(Verdict::Accept), Some(Verdict::Accept), Some(Verdict::Reject), None];
    assert_eq!(sheet.slots.len(), decided.len());
    let mut office = Office::open(&std::fs::read(tray.path("output/a/review.docx")).unwrap());
    office.decide(&sheet, &decided);
    std::fs::write(tray.path("back.docx"), office.save()).unwrap();
    tray.put("back.md", &reviewed(&tray.read("output/a/review.critic.md"), &decided));
    let said = |verdict: &str, text: &str| (verdict.to_owned(), text.to_owned());
    for paper in ["back.docx", "back.md"] {
        let out = tray.done(&["decide", "a", "--from", paper, "--by", "wang"]);
        assert!(out.contains("3 verdicts: 2 accepted, 1 rejected, 0 rewritten"), "{paper}: {out}");
        // Each accepted proposal is written out, so that the log tells it by itself.
        assert_eq!(tray.said(), [said("accept", "返贫"), said("accept", "10～12"), said("reject", "")], "{paper}");
        assert!(tray.log().iter().all(|line| line["by"] == "wang"));
        let clean = tray.clean();
        assert!(clean.contains("防止返贫的工作") && clean.contains("10～12岁组，也有13-15岁组"), "{paper}: {clean}");
        assert!(tray.done(&["verify", "output/a"]).contains("every decision in force"));
        // Taken in again it says nothing new.
        tray.done(&["decide", "a", "--from", paper, "--by", "wang"]);
        assert_eq!(tray.log().len(), 3, "{paper}");
        std::fs::remove_file(tray.path("input/a.decisions.jsonl")).unwrap();
    }
}
