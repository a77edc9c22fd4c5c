//! `kanwu model train`: a language model from text.

use super::texts;
use crate::cli::target::Target;
use crate::cli::{DONE, print, say};
use kanwu::error::Result;
use kanwu::lm::mixture::{Mixture, Worth};
use kanwu::lm::ngram::{MAX_ORDER, Model};
use kanwu::lm::train::{Gathering, Holdout, Options, Read, train};
use kanwu::rule::Lang;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct TrainArgs {
    /// Text: .md, .txt, .jsonl (objects with "text" and, if they like, "title"), folders of these, or - (JSON lines on
    /// standard input); PATH=3 counts three times, up to 255
    #[arg(required = true, value_name = "PATH[=WEIGHT]")]
    texts: Vec<PathBuf>,
    /// File to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Longest run of characters: 2 to 6
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u8).range(2..=MAX_ORDER as i64))]
    order: u8,
    /// Size of the file at most, in MB (millions of bytes): the runs that matter least are left out
    #[arg(long, value_name = "MB", default_value_t = Megabytes(Options::default().bytes))]
    size: Megabytes,
    /// A character is known that stands at least so often in the text
    #[arg(long, value_name = "N", default_value_t = 12)]
    least: u32,
    /// Leave out every paragraph that shares 24 Han characters in a row with these files or folders (may be repeated)
    #[arg(long, value_name = "PATH", num_args = 1..)]
    hold_out: Vec<PathBuf>,
    /// Keep one document in N away from training, chosen by a hash of its text, and measure on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..))]
    keep_back: Option<u64>,
}

/// Bytes, said in millions of them.
#[derive(Clone, Copy, Debug)]
struct Megabytes(usize);

impl std::str::FromStr for Megabytes {
    type Err = &'static str;

    fn from_str(typed: &str) -> std::result::Result<Self, Self::Err> {
        let number: f64 = typed.parse().map_err(|_| "not a number, such as 26 or 25.6")?;
        if !(1.0..=2000.0).contains(&number) {
            return Err("1 to 2000 MB can be asked for");
        }
        Ok(Megabytes((number * 1e6).round() as usize))
    }
}

impl std::fmt::Display for Megabytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0 as f64 / 1e6)
    }
}

/// Reads, trains, writes, measures.
pub fn run(args: &TrainArgs, lang: Lang) -> Result<u8> {
    let texts = args.texts.iter().map(|typed| weighed(typed)).collect::<Result<Vec<_>>>()?;
    if texts.iter().filter(|(path, _)| texts::is_stdin(path)).count() > 1 {
        return Err(say::stdin_once());
    }
    let mut files: Vec<(PathBuf, u8)> = Vec::new();
    for (path, weight) in &texts {
        files.extend(texts::files(path)?.into_iter().map(|file| (file, *weight)));
    }
    let mut target = Target::begin(&args.output)?;
    let mut gathering = Gathering::new(held_out(&args.hold_out)?, args.keep_back);
    for (file, weight) in &files {
        texts::documents(file, &mut |text| gathering.add(text, *weight))?;
    }
    let (corpus, kept_back, read) = gathering.finish();
    if corpus.symbols() == 0 {
        return Err(say::nothing_to_learn());
    }
    print(&say::was_read(files.len(), &read, lang))?;
    let options = Options { order: usize::from(args.order), bytes: args.size.0, least: args.least };
    let bytes = train(&corpus, options, &note(args, &read));
    drop(corpus);
    let model = Model::read(&bytes).map_err(|why| say::no_model(&args.output, why))?;
    target.write_all(&bytes).map_err(|e| say::cannot_write(&args.output, &e))?;
    target.finish()?;
    print(&say::was_trained(&args.output, &model, bytes.len(), lang))?;
    if args.keep_back.is_some() {
        let mixture = Mixture::new(vec![model]);
        let mut worth = Worth::default();
        kept_back.iter().for_each(|paragraph| worth += mixture.worth(paragraph));
        print(&say::kept_back(worth, lang))?;
    }
    Ok(DONE)
}

/// What the file says of itself: no path, no date, so that the same text gives the same bytes everywhere.
fn note(args: &TrainArgs, read: &Read) -> String {
    let weights: Vec<String> = read.symbols.iter().rev().map(|(w, n)| format!("{n} x {w}")).collect();
    let back = match args.keep_back {
        None => "none kept back".to_owned(),
        Some(n) => format!("{} kept back (one in {n})", read.kept_back),
    };
    format!(
        "kanwu model train: order {}, at most {} MB, characters seen {} times or more\n\
         documents {}, {back}; paragraphs {}, left out as held out {}\n\
         symbols x weight: {}\n",
        args.order,
        args.size,
        args.least,
        read.documents,
        read.paragraphs,
        read.left_out,
        weights.join(", ")
    )
}

/// A path and how often its text counts.
fn weighed(typed: &Path) -> Result<(PathBuf, u8)> {
    let split = typed.to_str().and_then(|t| t.rsplit_once('='));
    match split {
        Some((path, weight)) if !typed.exists() && weight.chars().all(|c| c.is_ascii_digit()) => {
            let weight = weight.parse().ok().filter(|w| *w > 0).ok_or_else(|| say::no_weight(path, weight))?;
            Ok((PathBuf::from(path), weight))
        }
        _ => Ok((typed.to_owned(), 1)),
    }
}

/// Everything that the paths hold is held out, folders with all that is text in them.
fn held_out(paths: &[PathBuf]) -> Result<Holdout> {
    let mut holdout = Holdout::default();
    for path in paths {
        for file in texts::all_files(path)? {
            texts::strings(&file, &mut |text| holdout.add(text))?;
        }
    }
    Ok(holdout)
}
