//! `kanwu model`: language models, made, looked at, asked.

mod info;
mod score;
mod texts;
mod train;

use super::say;
use clap::{Args, Subcommand};
use kanwu::error::Result;
use kanwu::lm::ngram::Model;
use kanwu::lm::suspect::Judge;
use kanwu::rule::Lang;
use std::path::Path;

#[derive(Args)]
#[command(disable_help_subcommand = true)]
pub struct ModelArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a language model from text, such as a desk's own back issues
    Train(train::TrainArgs),
    /// Say what is in a language model
    Info(info::InfoArgs),
    /// Say how probable text is
    #[command(after_long_help = say::figures_of_score(Lang::En))]
    Score(score::ScoreArgs),
}

/// Does it.
pub fn run(args: ModelArgs, lang: Lang) -> Result<u8> {
    match args.what {
        What::Train(args) => train::run(&args, lang),
        What::Info(args) => info::run(&args, lang),
        What::Score(args) => score::run(&args, lang),
    }
}

/// What stands for the model that the program carries, where a file is asked for.
const BUILT_IN: &str = "built-in";

/// The bytes of a model's file; nothing where the model is the one that the program carries.
fn load(path: &Path) -> Result<Option<Vec<u8>>> {
    if path.as_os_str() == BUILT_IN {
        return Ok(None);
    }
    std::fs::read(path).map(Some).map_err(|e| say::cannot_read(path, &e))
}

/// The model in the bytes that [`load`] gave for a path.
fn open<'m>(path: &Path, bytes: Option<&'m [u8]>) -> Result<Model<'m>> {
    match bytes {
        None => Ok(Judge::embedded().model().clone()),
        Some(bytes) => Model::read(bytes).map_err(|why| say::no_model(path, why)),
    }
}
