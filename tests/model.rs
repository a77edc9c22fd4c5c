//! The laws of the language model, on a small language of our own, and `kanwu model` as it is typed.

use kanwu::lm::mixture::Mixture;
use kanwu::lm::ngram::{Model, State};
use kanwu::lm::symbols::{EDGE, Line, Symbol, UNKNOWN, Vocabulary, folded};
use kanwu::lm::train::{Corpus, Options, train};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;

// ---- a small language ------------------------------------------------------------------------------------------

const WHO: [&str; 12] = [
    "镇上的邮递员",
    "新来的会计",
    "林场护林员",
    "两位老船工",
    "托儿所的阿姨",
    "食堂师傅",
    "放映队",
    "水文站",
    "他",
    "我们",
    "合唱团的孩子们",
    "修表匠",
];
const WHEN: [&str; 8] = ["清早", "昨天傍晚", "开春以后", "2021年", "趁着天晴", "从8月起", "一连三天", "雨停了"];
const WHERE: [&str; 9] =
    ["在码头", "沿着河堤", "到山那边", "在旧仓库里", "绕过水塘", "在KTV门口", "在村口的槐树下", "从北坡", "在站台上"];
const WHAT: [&str; 12] = [
    "清点木箱",
    "修补渔网",
    "换上新灯泡",
    "量了量水位",
    "捡回三筐松果",
    "晾晒被褥",
    "给小船刷漆",
    "把门牌钉牢",
    "唱起“摇船歌”",
    "核对账本",
    "种下一排柳树",
    "等末班车",
];
const END: [&str; 6] =
    ["。", "，一句话也没有说。", "，忙到天黑才回家。", "；大家都笑了。", "，这是头一回!", "，比去年多5.5%。"];

/// SplitMix64 (Steele, Lea and Flood 2014).
fn roll(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn sentences(count: usize, mut seed: u64) -> Vec<String> {
    let mut pick = |from: &[&'static str]| from[(roll(&mut seed) % from.len() as u64) as usize];
    (0..count)
        .map(|n| match n % 3 {
            0 => format!("{}{}{}{}{}", pick(&WHEN), pick(&WHO), pick(&WHERE), pick(&WHAT), pick(&END)),
            1 => format!("{}{}{}{}", pick(&WHO), pick(&WHERE), pick(&WHAT), pick(&END)),
            _ => format!("{}，{}{}{}{}", pick(&WHEN), pick(&WHO), pick(&WHAT), pick(&END), pick(&WHAT)),
        })
        .collect()
}

fn corpus(texts: &[String]) -> Corpus {
    let mut corpus = Corpus::default();
    texts.iter().for_each(|t| corpus.add(t, 1));
    corpus
}

const SMALL: Options = Options { order: 4, bytes: 1 << 20, least: 1 };

static TEXT: LazyLock<Vec<String>> = LazyLock::new(|| sentences(600, 7));
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| train(&corpus(&TEXT), SMALL, "a small language"));
static PRUNED: LazyLock<Vec<u8>> =
    LazyLock::new(|| train(&corpus(&TEXT), Options { bytes: 12_000, ..SMALL }, "a small language"));

static WEIGHED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut corpus = Corpus::default();
    TEXT.iter().zip([1, 3, 2, 255].iter().cycle()).for_each(|(text, weight)| corpus.add(text, *weight));
    train(&corpus, Options { bytes: 9_000, order: 5, least: 2 }, "")
});

fn model(bytes: &[u8]) -> Model<'_> {
    Model::read(bytes).expect("it was just written")
}

fn perplexity(bytes: &[u8], texts: &[String]) -> f64 {
    let mixture = Mixture::new(vec![model(bytes)]);
    let mut worth = kanwu::lm::mixture::Worth::default();
    texts.iter().for_each(|t| worth += mixture.worth(t));
    worth.perplexity().expect("there is text")
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 256, rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default() }
}

/// What the probabilities of all symbols after a context add up to.
fn sum_after(model: &Model, context: &[Symbol]) -> f64 {
    let mut text = context.to_vec();
    let state = text.iter().enumerate().fold(State::default(), |state, (at, _)| model.next(&text, at, &state).1);
    text.push(EDGE);
    let at = context.len();
    let symbols = 0..model.vocabulary().size() as Symbol;
    symbols
        .map(|s| {
            text[at] = s;
            10f64.powf(f64::from(model.next(&text, at, &state).0))
        })
        .sum()
}

/// A stored probability is off by half a step of 1/100 of a power of ten and, where there are more of them than values, by a
/// few of these; where one run has nearly all, nothing evens that out.
const WORST: f64 = 0.08;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_probabilities_after_any_context_add_up_to_one(
        sentence in 0usize..600, cut in 0usize..40, strange in proptest::collection::vec(0u16..200, 0..4)
    ) {
        for bytes in [&*WHOLE, &*PRUNED, &*WEIGHED] {
            let model = model(bytes);
            let line = Line::read(&TEXT[sentence], 0, model.vocabulary());
            let seen = &line.symbols[..cut.clamp(1, line.len() - 1)];
            let sum = sum_after(&model, seen);
            prop_assert!((sum - 1.0).abs() < WORST, "{sum} after {seen:?}");
            let wild: Vec<Symbol> = strange.iter().map(|s| s % model.vocabulary().size() as Symbol).collect();
            let sum = sum_after(&model, &wild);
            prop_assert!((sum - 1.0).abs() < WORST, "{sum} after {wild:?}");
        }
    }

    #[test]
    fn scores_are_finite_and_no_more_than_certain(text in any::<String>(), mixed in "[镇上的邮递员码头清点木箱，。5a“” 龘]{0,40}") {
        for bytes in [&*WHOLE, &*PRUNED] {
            let model = model(bytes);
            let mixture = Mixture::new(vec![model.clone()]);
            for text in [&text, &mixed] {
                let line = Line::read(text, 0, model.vocabulary());
                for (n, score) in model.scores(&line.symbols).into_iter().enumerate() {
                    // A run that was met by a mistake of the hash takes a back-off above one with it.
                    prop_assert!(score.is_finite() && score < 0.5, "{score} at {n} of {text:?}");
                }
                for (_, score) in mixture.scores(text) {
                    prop_assert!(score.is_finite() && score <= 0.0);
                }
            }
        }
    }

    #[test]
    fn a_damaged_file_is_refused_or_read_but_never_a_panic(
        flips in proptest::collection::vec((any::<proptest::sample::Index>(), 0u8..8), 1..6),
        head in any::<bool>(), cut in any::<proptest::sample::Index>()
    ) {
        let mut bytes = PRUNED.clone();
        for (place, bit) in flips {
            let place = place.index(if head { 64 } else { bytes.len() });
            bytes[place] ^= 1 << bit;
        }
        let _ = Model::read(&bytes[..cut.index(bytes.len())]);
        if let Ok(model) = Model::read(&bytes) {
            let line = Line::read(&TEXT[0], 0, model.vocabulary());
            model.scores(&line.symbols);
            prop_assert_eq!(model.runs().len(), model.order());
            for pair in line.symbols.windows(3) {
                model.knows(pair);
                model.after_one(pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn the_offsets_of_a_line_point_at_its_characters(
        text in "[镇上的新桥，。;!“”‘’「」0-9a-zA-Z.,０-９ａ-ｚ …—\t龘𠮷é]{0,40}", start in 0usize..1000
    ) {
        let line = Line::read(&text, start, model(&WHOLE).vocabulary());
        prop_assert_eq!(line.symbols.len(), line.starts.len());
        prop_assert_eq!(line.symbols.len(), line.characters.len());
        prop_assert_eq!((line.starts[0], *line.starts.last().unwrap()), (start, start + text.len()));
        let inner = 1..line.len() - 1;
        for at in inner {
            let c = text.get(line.starts[at] - start..).and_then(|rest| rest.chars().next());
            prop_assert_eq!(c.and_then(folded), Some(line.characters[at]), "symbol {} of {:?}", at, text);
            prop_assert!(at == 1 || line.starts[at] > line.starts[at - 1]);
        }
    }
}

#[test]
fn the_sums_are_right_on_the_whole() {
    for bytes in [&*WHOLE, &*PRUNED, &*WEIGHED] {
        let model = model(bytes);
        let (mut sum, mut count) = (0.0, 0);
        for text in TEXT.iter().take(60) {
            let line = Line::read(text, 0, model.vocabulary());
            for end in 1..line.len() {
                sum += sum_after(&model, &line.symbols[..end]);
                count += 1;
            }
        }
        let mean = sum / f64::from(count);
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
    }
}

#[test]
fn a_file_that_is_cut_short_is_refused() {
    let bytes = &*PRUNED;
    let model = model(bytes);
    assert_eq!(model.note(), "a small language");
    let body = bytes.len() - model.note().len();
    for end in (0..body).step_by(7).chain(0..200).chain([body - 1]) {
        assert!(Model::read(&bytes[..end]).is_err(), "cut at {end} of {body}");
    }
    assert_eq!(Model::read(&bytes[..body]).unwrap().note(), "");
}

#[test]
fn training_is_the_same_every_time() {
    for bytes in [1 << 20, 12_000] {
        let options = Options { bytes, ..SMALL };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let alone = pool.install(|| train(&corpus(&TEXT), options, "n"));
        assert!(alone == train(&corpus(&TEXT), options, "n"), "{bytes}");
    }
}

#[test]
fn a_larger_file_knows_the_text_no_worse_and_none_is_larger_than_asked() {
    let mut before = f64::INFINITY;
    for bytes in [9_000, 10_000, 12_000, 14_000, 18_000, 24_000, 1 << 20] {
        let made = train(&corpus(&TEXT), Options { bytes, ..SMALL }, "");
        // The symbols, where the rows of pairs begin, and the values of each length.
        let smallest = model(&made).vocabulary().size() * 10 + 1024 * (SMALL.order - 1) + 200;
        assert!(made.len() <= bytes.max(smallest), "{} for {bytes}", made.len());
        let now = perplexity(&made, &TEXT);
        assert!(now < before * 1.03, "{now} with {bytes} bytes, {before} with less");
        before = now;
    }
    assert!(before < 4.0, "{before}");
}

#[test]
fn new_text_of_the_language_is_likelier_than_the_same_words_in_disorder() {
    let new = sentences(100, 99);
    let backwards: Vec<String> = new.iter().map(|t| t.chars().rev().collect()).collect();
    assert!(perplexity(&PRUNED, &new) * 5.0 < perplexity(&PRUNED, &backwards));
}

#[test]
fn no_text_can_be_read_back() {
    let model = model(&WHOLE);
    let letters = |run: &[char]| run.iter().flat_map(|c| (u32::from(*c) as u16).to_le_bytes()).collect::<Vec<u8>>();
    let numbers = |run: &[Symbol]| run.iter().flat_map(|s| s.to_le_bytes()).collect::<Vec<u8>>();
    // The list of characters stands in the file as it is, by how often each occurs; behind it nothing but numbers.
    let list = letters(model.vocabulary().characters());
    let at = WHOLE.windows(list.len()).position(|w| w == list).expect("the vocabulary");
    let rest = [&WHOLE[..at], &WHOLE[at + list.len()..]].concat();
    let has = |what: &[u8]| memchr::memmem::find(&rest, what).is_some();
    let (mut runs, mut as_letters, mut as_numbers) = (std::collections::BTreeSet::new(), 0, 0);
    for text in TEXT.iter() {
        let line = Line::read(text, 0, model.vocabulary());
        for at in 0..line.len() - 2 {
            if runs.insert(line.symbols[at..at + 3].to_vec()) {
                as_letters += usize::from(has(&letters(&line.characters[at..at + 3])));
                as_numbers += usize::from(has(&numbers(&line.symbols[at..at + 3])));
            }
        }
    }
    assert!(runs.len() > 300, "{}", runs.len());
    assert_eq!(as_letters, 0);
    // Rows of pairs are rising symbols; three that rise may be a run of the text by chance.
    assert!(as_numbers * 20 < runs.len(), "{as_numbers} of {}", runs.len());
    assert!(!String::from_utf8_lossy(&WHOLE).contains("邮递"));
}

#[test]
fn the_vocabulary_is_what_occurs_often_enough() {
    let made = train(&corpus(&["桥桥桥桥河河河舟".to_owned()]), Options { least: 3, ..SMALL }, "");
    let model = model(&made);
    assert_eq!(model.vocabulary().characters(), ['桥', '河']);
    assert_eq!(model.vocabulary().symbol('舟'), UNKNOWN);
    assert_eq!(Vocabulary::new("桥河桥".chars()).characters(), ['桥', '河']);
}

#[test]
fn an_empty_corpus_and_odd_ones_make_models_that_can_be_asked() {
    for text in ["", "\n\n", "桥", "“”", "\u{10FFFF}𠮷", "1,2.3"] {
        for order in [0, 2, 3, 6, 99] {
            let made = train(&corpus(&[text.to_owned()]), Options { order, ..SMALL }, text);
            let model = model(&made);
            assert_eq!(model.order(), order.clamp(2, 6));
            let line = Line::read("桥下有河", 0, model.vocabulary());
            assert!(model.scores(&line.symbols).iter().all(|s| s.is_finite()), "{text:?} {order}");
        }
    }
}

#[test]
fn what_counts_more_is_likelier() {
    let of = |weights: [u8; 2]| {
        let mut corpus = Corpus::default();
        for (sentence, weight) in ["渡口的早班船开了。", "渡口的晚班船开了。"].iter().zip(weights) {
            for _ in 0..4 {
                corpus.add(sentence, weight);
            }
        }
        let made = train(&corpus, SMALL, "");
        let mixture = Mixture::new(vec![model(&made)]);
        mixture.worth("渡口的早班船开了。").log - mixture.worth("渡口的晚班船开了。").log
    };
    assert!(of([5, 1]) > 0.2 && of([1, 5]) < -0.2 && of([1, 1]).abs() < 0.05);
}

// ---- mixtures --------------------------------------------------------------------------------------------------

fn other() -> Vec<u8> {
    let text: Vec<String> =
        sentences(300, 5).iter().map(|t| t.replace("我们", "汽笛声里").replace('的', "之")).collect();
    train(&corpus(&text), SMALL, "")
}

#[test]
fn a_mixture_fitted_to_a_text_is_no_worse_than_its_parts_and_leans_to_the_one_that_suits() {
    let other = other();
    let mut both = Mixture::new(vec![model(&WHOLE), model(&other)]);
    assert_eq!(both.weights(), [0.5, 0.5]);
    let new = sentences(60, 1234);
    let worth = |mixture: &Mixture| new.iter().map(|t| mixture.worth(t).log).sum::<f64>();
    both.fit(new.iter().map(String::as_str));
    let fitted = (both.weights(), worth(&both));
    assert!(fitted.0[0] > 0.9, "{fitted:?}");
    assert!((fitted.0.iter().sum::<f64>() - 1.0).abs() < 1e-9);
    for weights in [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.9, 0.1]] {
        both.weigh(&weights);
        // At the edge of what weights can be, fitting comes near and never quite there.
        assert!(worth(&both) * 1.001 <= fitted.1, "{weights:?} {} {fitted:?}", worth(&both));
    }
}

#[test]
fn the_weights_of_a_mixture_are_always_a_share() {
    let mut mixture = Mixture::new(vec![model(&WHOLE), model(&PRUNED), model(&WHOLE)]);
    for (given, want) in [
        (&[2.0, 1.0, 1.0][..], [0.5, 0.25, 0.25]),
        (&[f64::NAN, -1.0, 4.0], [0.0, 0.0, 1.0]),
        (&[], [1.0 / 3.0; 3]),
        (&[1.0], [1.0, 0.0, 0.0]),
    ] {
        mixture.weigh(given);
        assert_eq!(mixture.weights(), want);
    }
    mixture.fit([]);
    assert_eq!(mixture.weights(), [1.0 / 3.0; 3]);
    assert!(Mixture::new(Vec::new()).scores("桥").is_empty());
}

#[test]
fn characters_that_one_of_two_models_does_not_know_are_shared_out() {
    let narrow = train(&corpus(&["桥".repeat(9), "河".repeat(9)]), SMALL, "");
    let alone = Mixture::new(vec![model(&narrow)]);
    let mut both = Mixture::new(vec![model(&narrow), model(&WHOLE)]);
    both.weigh(&[1.0, 0.0]);
    let first = |m: &Mixture, text: &str| m.scores(text)[0].1;
    assert_eq!(first(&alone, "桥"), first(&both, "桥"));
    assert!(first(&alone, "镇") > first(&both, "镇") + 1.0);
}

// ---- the command -----------------------------------------------------------------------------------------------

/// A desk of its own: a folder in which the program runs.
struct Desk(TempDir);

struct Outcome {
    status: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn put(&self, file: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    fn feed(&self, lang: &str, args: &[&str], bytes: &[u8]) -> Outcome {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
        command.args(["--lang", lang, "model"]).args(args).current_dir(self.0.path());
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(bytes);
        let done = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Outcome { status: done.status.code().unwrap(), out: text(&done.stdout), err: text(&done.stderr) }
    }

    fn run(&self, args: &[&str]) -> Outcome {
        self.feed("en", args, b"")
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(self.0.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Outcome {
    #[track_caller]
    fn is(&self, status: i32, pieces: &[&str]) -> &Self {
        assert_eq!(self.status, status, "{}\n{}", self.out, self.err);
        let said = format!("{}\n{}", self.out, self.err);
        for piece in pieces {
            assert!(said.contains(piece), "no {piece:?} in {said}");
        }
        self
    }
}

fn as_json(texts: &[String]) -> String {
    texts.iter().map(|t| format!("{}\n", serde_json::json!({ "title": "河边小事", "text": t }))).collect()
}

/// A desk with back issues: JSON lines, plain text in an old encoding, folders in folders.
fn desk() -> Desk {
    let desk = Desk::new();
    let texts = sentences(300, 3);
    desk.put("back/b/2.jsonl", as_json(&texts[..100]));
    desk.put("back/a/10.md", texts[100..200].join("\n"));
    let (old, _, _) = encoding_rs::GB18030.encode(&texts[200..].join("\n")).into_owned_parts();
    desk.put("back/a/9.txt", old);
    desk.put("back/a/photo.png", b"\x89PNG\r\n");
    desk
}

trait Owned {
    fn into_owned_parts(self) -> (Vec<u8>, (), ());
}

impl Owned for (std::borrow::Cow<'_, [u8]>, &'static encoding_rs::Encoding, bool) {
    fn into_owned_parts(self) -> (Vec<u8>, (), ()) {
        (self.0.into_owned(), (), ())
    }
}

#[test]
fn a_desk_trains_on_its_back_issues_looks_and_asks() {
    let desk = desk();
    let train = ["train", "back=2", "--least", "1", "--keep-back", "5", "--output", "desk.kwm"];
    desk.run(&train).is(0, &["read 3 files, 102 documents, 400 paragraphs", "× 2", "wrote desk.kwm", "perplexity"]);
    let first = fs::read(desk.path("desk.kwm")).unwrap();
    desk.run(&train).is(0, &[]);
    assert!(first == fs::read(desk.path("desk.kwm")).unwrap(), "the same text, another file");
    assert_eq!(desk.names(), ["back", "desk.kwm"]);
    desk.run(&["info", "desk.kwm"]).is(0, &["order 5", "runs of 5", "made from", "one in 5", "x 2"]);
    assert!(!String::from_utf8_lossy(&first).contains("back/"), "a path in the note");
    desk.put("new.txt", "昨天傍晚两位老船工在码头修补渔网。\n\n网渔补修\n");
    let lines = desk.run(&["score", "--model", "desk.kwm", "new.txt"]);
    lines.is(0, &[]);
    let rows: Vec<Vec<&str>> = lines.out.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(rows.len(), 2, "{}", lines.out);
    assert_eq!(rows[1][2], "网渔补修");
    let bits = |n: usize| rows[n][1].parse::<f64>().unwrap();
    assert!(bits(0) + 2.0 < bits(1), "{}", lines.out);
    let each = desk.run(&["score", "--model", "desk.kwm", "--per-character", "new.txt"]);
    assert_eq!(each.is(0, &["渔\t-", "¶\t-"]).out.lines().count(), 18 + 5);
    let sum: f64 = each.out.lines().take(18).map(|l| l.split('\t').nth(1).unwrap().parse::<f64>().unwrap()).sum();
    assert!((sum - rows[0][0].parse::<f64>().unwrap()).abs() < 0.05);
    desk.run(&["score", "--model", "desk.kwm", "--summary", "new.txt", "back"]).is(0, &["new.txt", "9.txt", "all"]);
}

#[test]
fn two_models_are_mixed_as_a_text_asks() {
    let desk = desk();
    desk.run(&["train", "back", "--least", "1", "-o", "desk.kwm"]).is(0, &[]);
    desk.put("fit.md", sentences(40, 77).join("\n"));
    let args = ["score", "--model", "built-in", "--model", "desk.kwm", "--fit", "fit.md", "--summary", "fit.md"];
    let mixed = desk.run(&args);
    mixed.is(0, &["weights: built-in 0.0", "perplexity"]);
    let figure = |o: &Outcome| o.out.lines().last().unwrap().split_whitespace().last().unwrap().parse::<f64>().unwrap();
    let alone = desk.run(&["score", "--model", "built-in", "--summary", "fit.md"]);
    assert!(figure(&mixed) * 2.0 < figure(alone.is(0, &[])));
}

#[test]
fn the_model_in_the_program_is_there_and_knows_print() {
    let desk = Desk::new();
    desk.run(&["info"]).is(0, &["order 5", "news.kwm", "channel.bin", "doubt.bin"]);
    desk.feed("zh", &["info"], b"").is(0, &["语言模型", "形近"]);
    let asked = desk.feed("en", &["score", "-"], "大桥昨日建成通车。\n大桥昨曰建成通车。\n".as_bytes());
    let logs: Vec<f64> = asked.is(0, &[]).out.lines().map(|l| l.split('\t').next().unwrap().parse().unwrap()).collect();
    assert!(logs[0] > logs[1] + 2.0, "{logs:?}");
}

#[test]
fn json_lines_come_from_standard_input() {
    let desk = Desk::new();
    let text = as_json(&sentences(80, 4));
    desk.feed("en", &["train", "--least", "1", "-o", "m.kwm", "--", "-=3"], text.as_bytes())
        .is(0, &["80 documents", "× 3"]);
    desk.feed("zh", &["train", "-", "--least", "1", "-o", "m.kwm"], text.as_bytes()).is(0, &["80 篇", "写成 m.kwm"]);
    desk.run(&["train", "-o", "m.kwm", "--", "-", "-=2"]).is(2, &["only once"]);
}

#[test]
fn paragraphs_of_held_out_text_are_left_out() {
    let desk = Desk::new();
    let shared = "他把修好的座钟一台一台搬到阳光底下挨个上弦听它们走";
    let texts = [format!("{shared}。\n{}", sentences(50, 8).join("\n")), sentences(50, 9).join("\n")];
    desk.put("a.jsonl", as_json(&texts));
    let args = ["train", "a.jsonl", "--least", "1", "-o", "m.kwm", "--hold-out", "bench.tsv"];
    desk.put("bench.tsv", format!("1\t甲说：{shared}\t甲说：{shared}\n"));
    desk.run(&args).is(0, &["103 paragraphs", "left out 1 paragraphs"]);
    let escaped: String = shared.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    desk.put("bench/sets/2.jsonl", format!("{{\"n\": 1, \"pairs\": [{{\"source\": \"{escaped}\"}}]}}\nnot json\n"));
    let folder = ["train", "a.jsonl", "--least", "1", "-o", "m.kwm", "--hold-out", "bench"];
    desk.run(&folder).is(0, &["left out 1 paragraphs"]);
    desk.put("bench.tsv", "别的话\n");
    let quiet = desk.run(&args);
    assert!(!quiet.is(0, &[]).out.contains("left out"), "{}", quiet.out);
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_nothing_is_written() {
    let desk = Desk::new();
    desk.put("a.jsonl", "{\"text\": \"好\"}\n\n{\"txet\": \"坏\"}\n").put("empty.txt", "").put("p.png", b"\x89PNG\r\n");
    desk.put("no.kwm", "text");
    fs::create_dir(desk.path("folder")).unwrap();
    let train = |path: &str| desk.run(&["train", path, "-o", "m.kwm"]);
    train("a.jsonl").is(3, &["a.jsonl:3", "text", "hint:"]);
    train("empty.txt").is(3, &["no text to learn"]);
    train("p.png").is(3, &["p.png", ".jsonl"]);
    train("folder").is(3, &["there is no text in folder"]);
    train("none").is(3, &["none", "hint:"]);
    train("a.jsonl=0").is(2, &["1 to 255"]);
    train("a.jsonl=256").is(2, &["1 to 255"]);
    desk.run(&["train", "a.jsonl", "-o", "folder"]).is(2, &["folder"]);
    desk.run(&["train", "a.jsonl", "-o", "not/there.kwm"]).is(3, &["not/there.kwm", "cannot write"]);
    desk.run(&["train", "a.jsonl", "-o", "m.kwm", "--order", "7"]).is(2, &["7"]);
    desk.run(&["info", "no.kwm"]).is(3, &["no.kwm", "KWLM"]);
    desk.feed("zh", &["info", "no.kwm"], b"").is(3, &["no.kwm", "语言模型"]);
    desk.run(&["score", "--model", "gone.kwm", "empty.txt"]).is(3, &["gone.kwm"]);
    desk.put("short.kwm", &WHOLE[..500]);
    desk.run(&["score", "--model", "short.kwm", "empty.txt"]).is(3, &["short.kwm", "damaged"]);
    assert_eq!(desk.names(), ["a.jsonl", "empty.txt", "folder", "no.kwm", "p.png", "short.kwm"]);
}

#[test]
fn help_is_in_both_languages() {
    let desk = Desk::new();
    desk.run(&["score", "--help"]).is(0, &["Usage:", "perplexity"]);
    desk.feed("zh", &["score", "--help"], b"").is(0, &["用法：", "困惑度"]);
    desk.feed("zh", &["train", "--help"], b"").is(0, &["写成哪个文件", "24 个汉字"]);
}
