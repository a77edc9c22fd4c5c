//! `kanwu eval`: how good it is, on text whose truth is known.

mod csc;
mod gold;

use super::say;
use crate::config::{self, AskedRules};
use clap::{Args, Subcommand, ValueEnum};
use kanwu::error::{Error, ErrorKind, Result};
use kanwu::eval::csc::Setting;
use kanwu::finding::Category;
use kanwu::pipeline::Policy;
use kanwu::rule::{Lang, RuleSet};
use std::num::NonZeroUsize;
use std::path::Path;

#[derive(Args)]
#[command(disable_help_subcommand = true)]
pub struct EvalArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measure on sentences with their corrections
    #[command(after_long_help = say::metrics_of_csc(Lang::En))]
    Csc(csc::CscArgs),
    /// Measure on issues in which every defect is on record
    #[command(after_long_help = say::metrics_of_gold(Lang::En))]
    Gold(gold::GoldArgs),
}

/// What both commands are asked.
#[derive(Args)]
struct Common {
    /// Categories whose findings count, with commas
    #[arg(long, value_name = "CATEGORIES", value_delimiter = ',', default_value = "typo")]
    category: Vec<String>,
    /// Leave out findings less sure than this, 0 to 1 [default: all that are shown]
    #[arg(long, value_name = "T", value_parser = confidence)]
    threshold: Option<f32>,
    /// text, or json for programs
    #[arg(long, value_enum, default_value = "text", hide_possible_values = true, value_name = "FORMAT")]
    format: Format,
    /// Threads [default: as many as the machine has processors]
    #[arg(long = "jobs", short = 'j', value_name = "N")]
    threads: Option<NonZeroUsize>,
    #[command(flatten)]
    rules: AskedRules,
}

/// How the figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn confidence(typed: &str) -> std::result::Result<f32, String> {
    let value: f32 = typed.parse().map_err(|_| "not a number".to_owned())?;
    (0.0..=1.0).contains(&value).then_some(value).ok_or_else(|| "not between 0 and 1".to_owned())
}

/// Measures.
pub fn run(args: EvalArgs, lang: Lang) -> Result<u8> {
    match args.what {
        What::Csc(args) => csc::run(args, lang),
        What::Gold(args) => gold::run(&args, lang),
    }
}

/// What holds for a measurement.
struct Ready {
    rules: RuleSet,
    categories: Vec<Category>,
    policy: Policy<'static>,
    pool: rayon::ThreadPool,
}

impl Common {
    /// Resolves what was typed, with the `kanwu.toml` that holds for `start`.
    fn ready(&self, start: Option<&Path>, curve: bool) -> Result<Ready> {
        let file = config::file_for(self.rules.config.as_deref(), start.unwrap_or(Path::new(".")))?;
        let rules = config::rule_set(&self.rules, &file)?;
        let categories = self.category.iter().map(|name| category(name)).collect::<Result<Vec<_>>>()?;
        let threads = self.threads.or(std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
        Ok(Ready { rules, categories, policy: self.policy(curve), pool })
    }
}

/// The least confidence from which a curve is drawn.
const LEAST_OF_CURVE: f32 = 0.01;

impl Common {
    /// What the pipeline may say: for a curve nearly everything, else what the threshold asks for.
    fn policy(&self, curve: bool) -> Policy<'static> {
        let shipped = Policy::default();
        let doubt = if curve { LEAST_OF_CURVE } else { self.threshold.unwrap_or(shipped.doubt) };
        Policy { doubt, ..shipped }
    }
}

impl Ready {
    fn setting(&self) -> Setting<'_> {
        Setting { rules: &self.rules, policy: self.policy, categories: &self.categories }
    }

    fn category_names(&self) -> Vec<&'static str> {
        self.categories.iter().map(|c| c.name()).collect()
    }
}

fn category(name: &str) -> Result<Category> {
    let known = Category::ALL.into_iter().find(|c| c.name() == name.trim());
    known.ok_or_else(|| say::no_value("--category: ", name.trim(), &Category::ALL.map(Category::name)))
}
