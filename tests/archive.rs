//! The archive: what goes in comes out, whatever the order, the threads, the segments, and the moment of a kill.

use kanwu::archive::{Added, Archive, FAN, Issue, Prepared, Seed, Stamp, Writer, key};
use kanwu::reuse::{Folded, winnowed};
use kanwu::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Memory that makes a segment of every few issues.
const LITTLE: usize = 8 << 20;

/// Numbers that look like chance and are the same every time.
struct Luck(u64);

impl Luck {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// A made-up issue: sentences of its own, and some that other issues print as well.
fn issue(number: usize, paragraphs: usize) -> (String, String) {
    const LETTERS: &str = "春天河水涨了乡里人修堤种树老师带学生去看新桥工地机器响到夜里灯还亮着县城菜场有卖鱼豆角";
    let letters: Vec<char> = LETTERS.chars().collect();
    let mut luck = Luck(number as u64);
    let mut text = format!("# 第{number}期\n");
    for _ in 0..paragraphs {
        let mut own =
            Luck(if luck.below(4) == 0 { luck.below(50) as u64 + 1_000_000 } else { luck.below(usize::MAX) as u64 });
        let sentence: String = (0..40 + own.below(60)).map(|_| letters[own.below(letters.len())]).collect();
        text += &format!("\n{sentence}。\n");
    }
    (format!("2019-{number}"), text)
}

fn prepared(id: &str, text: &str) -> Prepared {
    Prepared::new(Source::from_text(id, &format!("{id}.md"), text), Stamp::default())
}

fn add(dir: &Path, issues: &[(String, String)]) -> Vec<Added> {
    let mut writer = Writer::open(dir, LITTLE).unwrap();
    let added = issues.iter().map(|(id, text)| writer.add(prepared(id, text)).unwrap()).collect();
    writer.finish().unwrap();
    added
}

fn some(count: usize) -> Vec<(String, String)> {
    (1..=count).map(|n| issue(n, 12)).collect()
}

/// All that can be asked of an archive.
#[derive(Debug, PartialEq)]
struct Content {
    issues: Vec<Issue>,
    texts: Vec<String>,
    seeds: Vec<Seed>,
}

fn content(archive: &Archive) -> kanwu::error::Result<Content> {
    Ok(Content {
        issues: archive.issues().to_vec(),
        texts: (0..archive.issues().len()).map(|n| archive.text(n)).collect::<kanwu::error::Result<_>>()?,
        seeds: archive.seeds()?.collect::<kanwu::error::Result<_>>()?,
    })
}

fn read(dir: &Path) -> Content {
    content(&Archive::open(dir).unwrap()).unwrap()
}

/// What an archive of these issues must say, found without one. The ids come in natural order.
fn expected(issues: &[(String, String)]) -> (Vec<String>, Vec<Seed>) {
    let mut seeds = Vec::new();
    for (number, (_, text)) in issues.iter().enumerate() {
        let folded = Folded::new(text);
        let kept = winnowed(folded.chars());
        seeds.extend(kept.map(|(at, hash)| Seed { hash: key(hash), issue: number as u32, at: at as u32 }));
    }
    seeds.sort();
    (issues.iter().map(|(_, text)| text.clone()).collect(), seeds)
}

fn holds(dir: &Path, issues: &[(String, String)]) {
    let found = read(dir);
    let ids: Vec<&str> = found.issues.iter().map(|i| i.id.as_str()).collect();
    assert_eq!(ids, issues.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>());
    let (texts, seeds) = expected(issues);
    assert!(found.texts == texts);
    assert!(found.seeds == seeds);
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn what_goes_in_comes_out() {
    let dir = folder();
    let issues = some(12);
    let archive = dir.path().join("archive");
    assert!(add(&archive, &issues).iter().all(|added| *added == Added::New));
    holds(&archive, &issues);
    let archive = Archive::open(&archive).unwrap();
    assert_eq!(archive.number("2019-10"), Some(9));
    assert_eq!(archive.number("2020"), None);
    for (issue, (_, text)) in archive.issues().iter().zip(&issues) {
        assert_eq!((issue.bytes, issue.characters), (text.len() as u64, text.chars().count() as u64));
    }
}

#[test]
fn the_files_of_an_issue_are_counted_in_characters() {
    let dir = folder();
    let input = dir.path().join("2019-10-23");
    fs::create_dir(&input).unwrap();
    fs::write(input.join("02.md"), "第二版的文字\n").unwrap();
    fs::write(input.join("01.md"), "\u{FEFF}头版\n").unwrap();
    let options = kanwu::reader::ReadOptions::default();
    let issue = kanwu::reader::Issue { id: "2019-10-23".into(), path: input };
    let source = kanwu::reader::read(&issue, &options).unwrap();
    let (stamp, bytes) = Stamp::of(&issue, &options).unwrap();
    assert_eq!(bytes, 29);
    let mut writer = Writer::open(&dir.path().join("a"), LITTLE).unwrap();
    writer.add(Prepared::new(source.clone(), stamp)).unwrap();
    writer.finish().unwrap();
    let archive = Archive::open(&dir.path().join("a")).unwrap();
    let files: Vec<_> = archive.issues()[0].files.iter().map(|f| (f.name.as_str(), f.start, f.end)).collect();
    assert_eq!(files, [("01.md", 0, 3), ("02.md", 5, 12)]);
    assert_eq!(archive.text(0).unwrap(), source.text);
    assert!(Writer::open(&dir.path().join("a"), LITTLE).unwrap().has("2019-10-23", stamp));
}

#[test]
fn an_issue_takes_the_place_of_its_earlier_version() {
    let dir = folder();
    let mut issues = some(8);
    add(dir.path(), &issues);
    issues[2].1 = issue(77, 3).1;
    assert_eq!(add(dir.path(), &issues[2..4]), [Added::Replaced, Added::Same]);
    holds(dir.path(), &issues);
    // Twice in one go: the last one holds.
    let mut writer = Writer::open(dir.path(), LITTLE).unwrap();
    writer.add(prepared("2019-5", "先是这样，后来不是这样。")).unwrap();
    issues[4].1 = "后来是那样，就这样定了。".into();
    assert_eq!(writer.add(prepared("2019-5", &issues[4].1)).unwrap(), Added::Replaced);
    writer.finish().unwrap();
    holds(dir.path(), &issues);
}

#[test]
fn what_was_forgotten_is_gone() {
    let dir = folder();
    let mut issues = some(10);
    add(dir.path(), &issues);
    let mut writer = Writer::open(dir.path(), LITTLE).unwrap();
    assert!(writer.forget("2019-4").unwrap());
    assert!(!writer.forget("2019-4").unwrap());
    assert!(!writer.forget("nobody").unwrap());
    writer.add(prepared("new", "新来的一期，马上又移出去了。")).unwrap();
    assert!(writer.forget("new").unwrap());
    writer.finish().unwrap();
    issues.remove(3);
    holds(dir.path(), &issues);
    // Once a quarter is forgotten, nothing of it is left on the disk.
    let mut writer = Writer::open(dir.path(), LITTLE).unwrap();
    for id in ["2019-5", "2019-6"] {
        assert!(writer.forget(id).unwrap());
    }
    writer.finish().unwrap();
    let gone = issues[3].1.clone();
    issues.drain(3..5);
    holds(dir.path(), &issues);
    let on_disk: Vec<u8> = segments(dir.path()).iter().flat_map(|path| fs::read(path).unwrap()).collect();
    assert!(!on_disk.windows(60).any(|bytes| bytes == &gone.as_bytes()[60..120]));
    let mut writer = Writer::open(dir.path(), LITTLE).unwrap();
    issues.iter().for_each(|(id, _)| assert!(writer.forget(id).unwrap()));
    writer.finish().unwrap();
    holds(dir.path(), &[]);
    assert_eq!(segments(dir.path()), Vec::<PathBuf>::new());
}

fn segments(dir: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|e| e == "segment")).collect()
}

#[test]
fn segments_are_merged_and_nothing_changes() {
    let dir = folder();
    let mut issues = some(2 * FAN + 5);
    let mut luck = Luck(7);
    for n in (0..issues.len()).rev() {
        add(dir.path(), &issues[n..=n]);
        if luck.below(5) == 0 {
            let again = n + luck.below(issues.len() - n);
            issues[again].1 = issue(1000 + n, 5).1;
            add(dir.path(), &issues[again..=again]);
        }
    }
    assert!(segments(dir.path()).len() < FAN);
    holds(dir.path(), &issues);
}

#[test]
fn a_reader_keeps_what_it_has_opened_and_always_finds_a_whole_archive() {
    let dir = folder();
    let issues = some(3 * FAN);
    add(dir.path(), &issues[..1]);
    let early = Archive::open(dir.path()).unwrap();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            issues.iter().for_each(|issue| assert_eq!(add(dir.path(), std::slice::from_ref(issue)).len(), 1))
        });
        while !writing.is_finished() {
            let now = Archive::open(dir.path()).unwrap();
            let count = now.issues().len();
            let found = content(&now).unwrap();
            assert!((found.texts, found.seeds) == expected(&issues[..count]));
        }
    });
    let found = content(&early).unwrap();
    assert!((found.texts, found.seeds) == expected(&issues[..1]));
    holds(dir.path(), &issues);
}

#[test]
fn how_many_issues_hold_a_seed() {
    let dir = folder();
    let issues = some(40);
    for part in issues.chunks(7) {
        add(dir.path(), part);
    }
    let mut writer = Writer::open(dir.path(), LITTLE).unwrap();
    writer.forget("2019-9").unwrap();
    writer.finish().unwrap();
    let archive = Archive::open(dir.path()).unwrap();
    let mut wanted: BTreeMap<u64, (BTreeSet<u32>, usize)> = BTreeMap::new();
    for seed in archive.seeds().unwrap() {
        let seed = seed.unwrap();
        let (issues, places) = wanted.entry(seed.hash).or_default();
        issues.insert(seed.issue);
        *places += 1;
    }
    wanted.insert(0, Default::default());
    wanted.insert(12345, Default::default());
    wanted.insert((1 << 40) - 1, Default::default());
    let hashes: Vec<u64> = wanted.keys().copied().collect();
    let mut counts = vec![u32::MAX; hashes.len()];
    archive.frequency(&hashes, |i, count| counts[i] = count).unwrap();
    assert_eq!(counts, wanted.values().map(|(issues, _)| issues.len() as u32).collect::<Vec<_>>());
    let mut places = vec![0; hashes.len()];
    archive.places(&hashes, |i, seed| places[i] += usize::from(seed.hash == hashes[i])).unwrap();
    assert_eq!(places, wanted.values().map(|(_, places)| *places).collect::<Vec<_>>());
}

#[test]
fn there_is_one_writer() {
    let dir = folder();
    let writer = Writer::open(dir.path(), LITTLE).unwrap();
    let refused = Writer::open(dir.path(), LITTLE).err().unwrap();
    assert!(refused.message.contains("another kanwu"), "{}", refused.message);
    assert!(!refused.hint.is_empty() && refused.zh.is_some());
    assert!(Writer::rebuild(dir.path(), LITTLE).is_err());
    assert!(Archive::open(dir.path()).unwrap().issues().is_empty());
    drop(writer);
    add(dir.path(), &some(1));
}

#[test]
fn what_is_no_archive_is_left_alone() {
    let dir = folder();
    let absent = Archive::open(&dir.path().join("nowhere")).err().unwrap();
    assert!(absent.hint.contains("kanwu archive add"), "{}", absent.hint);
    fs::write(dir.path().join("notes.txt"), "笔记").unwrap();
    for refused in [Writer::open(dir.path(), LITTLE), Writer::rebuild(dir.path(), LITTLE)] {
        assert!(refused.err().unwrap().message.contains("notes.txt"));
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    let file = dir.path().join("notes.txt");
    assert!(Writer::open(&file, LITTLE).is_err());
    assert!(Archive::open(&file).is_err());
}

#[test]
fn another_format_is_named() {
    let dir = folder();
    add(dir.path(), &some(1));
    let manifest = dir.path().join("manifest");
    let json = fs::read_to_string(&manifest).unwrap().lines().next().unwrap().replace("\"format\":1", "\"format\":7");
    let sum = kanwu::source::sha256_hex(json.as_bytes());
    fs::write(&manifest, format!("{json}\n{sum}\n")).unwrap();
    for refused in [Archive::open(dir.path()).err(), Writer::open(dir.path(), LITTLE).err()] {
        let refused = refused.unwrap();
        assert!(refused.message.contains("format 7") && refused.hint.contains("--rebuild"), "{refused:?}");
    }
    Writer::rebuild(dir.path(), LITTLE).unwrap().finish().unwrap();
    holds(dir.path(), &[]);
}

/// Opens the archive and reads all of it; afterwards a writer opens it as well.
fn survives(dir: &Path, wanted: &Content) -> bool {
    let read = Archive::open(dir).and_then(|archive| {
        let hashes: Vec<u64> = wanted.seeds.iter().step_by(50).map(|s| s.hash).collect();
        archive.frequency(&hashes, |_, _| {})?;
        content(&archive)
    });
    match &read {
        Ok(found) => assert!(found == wanted),
        Err(error) => assert!(error.hint.contains("--rebuild") && error.zh.is_some(), "{error:?}"),
    }
    let writer = Writer::open(dir, LITTLE);
    assert!(read.is_err() || writer.is_ok());
    read.is_ok()
}

#[test]
fn damage_is_told_and_never_believed() {
    let dir = folder();
    add(dir.path(), &some(4));
    add(dir.path(), &some(6)[4..]);
    let wanted = read(dir.path());
    let mut luck = Luck(1);
    let mut files = segments(dir.path());
    files.push(dir.path().join("manifest"));
    for file in &files {
        let whole = fs::read(file).unwrap();
        let ends = (0..64).chain(whole.len().saturating_sub(96)..whole.len());
        let places: BTreeSet<usize> = ends.chain((0..150).map(|_| luck.below(whole.len()))).collect();
        for at in places.into_iter().filter(|at| *at < whole.len()) {
            let mut broken = whole.clone();
            broken[at] ^= 1 << luck.below(8);
            fs::write(file, &broken).unwrap();
            assert!(!survives(dir.path(), &wanted), "{}: byte {at}", file.display());
            fs::write(file, &whole[..at]).unwrap();
            assert!(!survives(dir.path(), &wanted), "{}: cut at {at}", file.display());
        }
        fs::write(file, [whole.as_slice(), b"\0"].concat()).unwrap();
        assert!(!survives(dir.path(), &wanted), "{}: longer", file.display());
        fs::remove_file(file).unwrap();
        assert!(!survives(dir.path(), &wanted), "{}: removed", file.display());
        fs::write(file, &whole).unwrap();
        assert!(survives(dir.path(), &wanted));
    }
    // Damaged beyond reading, it is made anew.
    fs::write(&files[0], b"").unwrap();
    let mut writer = Writer::rebuild(dir.path(), LITTLE).unwrap();
    for (id, text) in some(6) {
        assert_eq!(writer.add(prepared(&id, &text)).unwrap(), Added::New);
    }
    writer.finish().unwrap();
    assert!(read(dir.path()) == wanted);
}

// ── the program ──

/// A folder of its own with an `input`.
struct Desk(TempDir);

struct Outcome {
    status: i32,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Desk {
        let desk = Desk(folder());
        fs::create_dir(desk.path("input")).unwrap();
        desk
    }

    fn with(issues: &[(String, String)]) -> Desk {
        let desk = Desk::new();
        issues.iter().for_each(|(id, text)| desk.put(&format!("input/{id}.md"), text));
        desk
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.0.path().join(inside)
    }

    fn put(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kanwu"));
        command.arg("archive").args(args).current_dir(self.0.path()).env("LC_ALL", "en_US.UTF-8").stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Outcome {
        let output = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Outcome { status: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    fn content(&self, archive: &str) -> Content {
        read(&self.path(archive))
    }
}

#[test]
fn the_program_adds_says_and_forgets() {
    let desk = Desk::with(&some(4));
    let added = desk.run(&["add"]);
    assert_eq!((added.status, added.err.as_str()), (0, ""));
    assert!(added.out.contains("2019-3  ") && added.out.contains("4 issues added"), "{}", added.out);
    let again = desk.run(&["add"]);
    assert!(again.out.contains("0 issues added") && again.out.contains("4 unchanged"), "{}", again.out);
    desk.put("input/2019-2.md", "改过的一期，文字短了许多。");
    let changed = desk.run(&["add"]);
    assert!(changed.out.contains("2019-2  13 characters, replaced"), "{}", changed.out);
    assert_eq!(desk.run(&["info", "--issues"]).out, "2019-1\n2019-2\n2019-3\n2019-4\n");
    let info = desk.run(&["info"]);
    assert!(info.out.contains("issues: 4") && info.out.contains("format 1"), "{}", info.out);
    let chinese = desk.run(&["info", "--lang", "zh"]);
    assert!(chinese.out.contains("4 期"), "{}", chinese.out);
    let forgotten = desk.run(&["forget", "2019-1", "nobody", "2019-2"]);
    assert_eq!(forgotten.status, 3);
    assert!(forgotten.out.contains("2 issues forgotten") && forgotten.err.contains("nobody"), "{}", forgotten.err);
    assert_eq!(desk.run(&["info", "--issues"]).out, "2019-3\n2019-4\n");
    let absent = desk.run(&["info", "--archive", "elsewhere"]);
    assert_eq!(absent.status, 3);
    assert!(absent.err.contains("elsewhere") && absent.err.contains("hint"), "{}", absent.err);
    assert!(!desk.path("elsewhere").exists());
    assert_eq!(desk.run(&["add", "--memory", "5"]).status, 2);
}

/// `--output /dev/null` once put a file in the place of the null device.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_written_to_and_stays_what_it_is() {
    use std::os::unix::fs::FileTypeExt;
    let (number, text) = issue(1, 20);
    let desk = Desk::with(&[(number, text.clone()), ("2001-01-02".to_owned(), text)]);
    assert_eq!(desk.run(&["add", "--archive", "kept"]).status, 0);
    let pipe = desk.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    assert_eq!(desk.run(&["duplicates", "--archive", "kept", "--output", "pipe"]).status, 0);
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(reader.join().unwrap().lines().count() > 0);
}

#[test]
fn a_bad_file_costs_itself_alone() {
    let desk = Desk::with(&some(3));
    fs::write(desk.path("input/2019-2.md"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").unwrap();
    let outcome = desk.run(&["add", "input", "nowhere"]);
    assert_eq!(outcome.status, 3);
    assert!(outcome.err.contains("2019-2.md") && outcome.err.contains("nowhere"), "{}", outcome.err);
    assert!(outcome.out.contains("2 issues added") && outcome.out.contains("2 issues could not"), "{}", outcome.out);
    assert_eq!(desk.run(&["info", "--issues"]).out, "2019-1\n2019-3\n");
    let nothing = Desk::new().run(&["add"]);
    assert_eq!(nothing.status, 2);
}

#[test]
fn an_unchanged_issue_is_not_read_again() {
    let desk = Desk::with(&some(2));
    desk.run(&["add"]);
    let before = desk.content("archive");
    let path = desk.path("input/2019-1.md");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    // Another text of the same length and time: whoever read it would see it.
    fs::write(&path, fs::read_to_string(&path).unwrap().replace('春', "秋")).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert!(desk.run(&["add"]).out.contains("2 unchanged"));
    assert!(desk.content("archive") == before);
    // An encoding that was asked for may give another text, so it is read.
    assert!(desk.run(&["add", "--encoding", "UTF-8"]).out.contains("1 replaced"));
    assert!(desk.content("archive").texts[0].contains('秋'));
}

#[test]
fn order_and_threads_do_not_matter() {
    let issues: Vec<_> = (1..=30).map(|n| issue(n, 400)).collect();
    let desk = Desk::with(&issues);
    let files: Vec<String> = issues.iter().map(|(id, _)| format!("input/{id}.md")).collect();
    let some = |range: std::ops::Range<usize>| files[range].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(desk.run(&["add", "--archive", "one"]).status, 0);
    desk.run(&["add", "--archive", "two", "--jobs", "4", "--memory", "8MiB"]);
    for part in [20..30, 0..7, 15..20, 7..15] {
        desk.run(&[vec!["add", "--archive", "three", "--jobs", "1"], some(part)].concat());
    }
    let one = desk.content("one");
    assert!(segments(&desk.path("two")).len() > 1);
    assert!(one == desk.content("two"));
    assert!(one == desk.content("three"));
    assert_eq!(one.issues.len(), 30);
}

#[test]
fn a_second_program_is_told_that_one_is_writing() {
    let desk = Desk::with(&some(2));
    let writer = Writer::open(&desk.path("archive"), LITTLE).unwrap();
    for args in [["add", "--jobs=1"], ["add", "--rebuild"], ["forget", "2019-1"]] {
        let refused = desk.run(&args);
        assert_eq!(refused.status, 3);
        assert!(refused.err.contains("another kanwu is writing"), "{}", refused.err);
    }
    drop(writer);
    assert_eq!(desk.run(&["add"]).status, 0);
}

#[test]
fn killed_at_any_moment_it_opens_again_and_comes_to_the_same_end() {
    let issues: Vec<_> = (1..=60).map(|n| issue(n, 150)).collect();
    let desk = Desk::with(&issues);
    let add = ["add", "--archive", "killed", "--memory", "8MiB", "--jobs", "2"];
    // So many segments stand there that the first new one is merged with them.
    let begin = || {
        let _ = fs::remove_dir_all(desk.path("killed"));
        let early: Vec<_> = (1..FAN).map(|n| (format!("1999-{n}"), issue(n, 2).1)).collect();
        early
            .iter()
            .for_each(|issue| assert_eq!(self::add(&desk.path("killed"), std::slice::from_ref(issue)).len(), 1));
    };
    begin();
    let started = Instant::now();
    assert_eq!(desk.run(&add).status, 0);
    let mut long = started.elapsed().as_micros() as usize;
    let whole = desk.content("killed");
    let mut luck = Luck(2019);
    let mut counts = BTreeSet::new();
    let mut before = usize::MAX;
    for _ in 0..20 {
        // Once all is in, it starts over, so that every kill meets a writer at work.
        if before >= whole.issues.len() {
            begin();
            before = FAN - 1;
        }
        let mut child = desk.command(&add).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(luck.below(long) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let archive = Archive::open(&desk.path("killed")).unwrap();
        let count = archive.issues().len();
        assert!(count >= before, "{count} of {before}");
        content(&archive).unwrap();
        counts.insert(count);
        // On a machine that has become slower, a kill must come later to meet anything.
        long += if count == before { long / 4 } else { 0 };
        before = count;
    }
    // Some were killed when a part was in.
    assert!(counts.len() > 2, "{counts:?}");
    assert_eq!(desk.run(&add).status, 0);
    assert!(desk.content("killed") == whole);
    // Nothing is left of the killed.
    let archive = Archive::open(&desk.path("killed")).unwrap();
    assert_eq!(segments(&desk.path("killed")).len(), archive.segments());
}

#[test]
fn what_a_killed_writer_left_is_removed() {
    let dir = folder();
    add(dir.path(), &some(2));
    fs::write(dir.path().join("00000009.segment"), "half").unwrap();
    fs::write(dir.path().join("manifest.new"), "half").unwrap();
    fs::write(dir.path().join("notes.txt"), "不是索引的文件").unwrap();
    holds(dir.path(), &some(2));
    add(dir.path(), &some(3)[2..]);
    holds(dir.path(), &some(3));
    assert!(!dir.path().join("00000009.segment").exists() && !dir.path().join("manifest.new").exists());
    assert!(dir.path().join("notes.txt").exists());
}

#[test]
fn damage_is_mended_as_the_message_says() {
    let desk = Desk::with(&some(5));
    desk.run(&["add"]);
    let whole = desk.content("archive");
    fs::write(&segments(&desk.path("archive"))[0], "rubbish").unwrap();
    let told = desk.run(&["info"]);
    assert_eq!(told.status, 3);
    assert!(told.err.contains("kanwu archive add --rebuild"), "{}", told.err);
    assert_eq!(desk.run(&["add"]).status, 3);
    assert_eq!(desk.run(&["add", "--rebuild"]).status, 0);
    assert!(desk.content("archive") == whole);
}
