//! `kanwu model score`: how probable text is.

use super::{BUILT_IN, load, open, texts};
use crate::cli::{DONE, print, say};
use kanwu::error::Result;
use kanwu::lm::mixture::{Mixture, Worth};
use kanwu::rule::Lang;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct ScoreArgs {
    /// Text: .md, .txt, .jsonl, folders of these, or - (plain text on standard input)
    #[arg(required = true, value_name = "PATH")]
    texts: Vec<PathBuf>,
    /// File of a model; built-in is the one that the program carries; several are mixed (may be repeated)
    #[arg(long = "model", value_name = "FILE", default_value = BUILT_IN)]
    models: Vec<PathBuf>,
    /// Text that no model has seen: the models are mixed with the weights that suit it best [default: in equal parts]
    #[arg(long, value_name = "PATH")]
    fit: Option<PathBuf>,
    /// A line for each character instead of each line of the text
    #[arg(long, conflicts_with = "summary")]
    per_character: bool,
    /// Only the figures of each file
    #[arg(long)]
    summary: bool,
}

/// Scores and prints.
pub fn run(args: &ScoreArgs, lang: Lang) -> Result<u8> {
    let loaded = args.models.iter().map(|path| load(path)).collect::<Result<Vec<_>>>()?;
    let models = args.models.iter().zip(&loaded).map(|(path, bytes)| open(path, bytes.as_deref()));
    let mut mixture = Mixture::new(models.collect::<Result<Vec<_>>>()?);
    if let Some(path) = &args.fit {
        let held_back = paragraphs_of(path)?;
        mixture.fit(held_back.iter().map(String::as_str));
        let names = args.models.iter().map(|path| texts::name(path)).collect::<Vec<_>>();
        eprint!("{}", say::weights(&names, &mixture.weights(), lang));
    }
    let mut rows = Vec::new();
    for path in &args.texts {
        for file in texts::files(path)? {
            let paragraphs = paragraphs_of(&file)?;
            if args.summary {
                let mut worth = Worth::default();
                paragraphs.iter().for_each(|p| worth += mixture.worth(p));
                rows.push((texts::name(&file), worth));
                continue;
            }
            for chunk in paragraphs.chunks(CHUNK) {
                let line = if args.per_character { characters } else { paragraph };
                print(&chunk.iter().map(|p| line(p, &mixture)).collect::<String>())?;
            }
        }
    }
    if args.summary {
        print(&say::summary_of_scores(&rows, lang))?;
    }
    Ok(DONE)
}

/// Lines that are printed at a time.
const CHUNK: usize = 256;

/// The lines of a file that have something on them.
fn paragraphs_of(path: &Path) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut each = |text: &str| out.extend(text.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned));
    if texts::is_stdin(path) {
        each(&texts::standard_input()?);
    } else {
        texts::documents(path, &mut each)?;
    }
    Ok(out)
}

/// log10 of the probability, bits for each symbol, the text.
fn paragraph(text: &str, mixture: &Mixture) -> String {
    let worth = mixture.worth(text);
    let bits = worth.bits().map_or_else(|| "-".to_owned(), |b| format!("{b:.2}"));
    format!("{:.2}\t{bits}\t{text}\n", worth.log)
}

/// A line for each character: what the model reads, and log10 of its probability.
fn characters(text: &str, mixture: &Mixture) -> String {
    let shown = |c| if c == '\n' { '¶' } else { c };
    mixture.scores(text).into_iter().map(|(c, log)| format!("{}\t{log:.3}\n", shown(c))).collect()
}
