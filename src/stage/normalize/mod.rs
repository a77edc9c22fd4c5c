//! One form for each character, as a newspaper sets it: width, marks, spaces, invisible and compatibility characters.
//!
//! The work is done in three passes. [`Characters`] gives each character its usual code point and takes out what has no
//! shape. [`Markup`] takes away what an engine wrote *around* the text (tags, entities, LaTeX,
//! Markdown emphasis). [`Normalize`] then reads the text once, from left to right. It passes over plain Han characters
//! and stops only at the few characters that may have a wrong form; what may not be touched (decimals, thousands,
//! times, ratios, addresses, serials, Latin sentences) is recognised there, from the mark's own neighbours.
//!
//! A change is safe when it changes the form alone. A look-alike (`口` for `□`, `一` for `—`) is a question to a person.

mod characters;
mod context;
mod html;
mod latex;
mod lookalike;
mod marks;
mod markup;
mod pairs;
mod runaway;
mod scan;
mod spaces;
mod steady;
mod strokes;
mod traditional;

pub use characters::Characters;
pub use markup::Markup;
pub(crate) use steady::edits;

use super::{Context, Stage};
use crate::document::View;
use crate::finding::{Applicability, Draft};
use crate::rule::{RuleId, RuleSet};
use crate::text::ViewSpan;

/// One form for each character, by the policy of a newspaper and the clauses of GB/T 15834-2011 and 15835-2011.
pub struct Normalize;

impl Stage for Normalize {
    fn name(&self) -> &'static str {
        "normalize"
    }

    fn run(&self, view: &View, cx: &Context) -> Vec<Draft> {
        let text = view.text();
        let (mut out, known) = scan::Scan::new(text, cx.rules).run();
        steady::hold_lines(text, &mut out, |line| scan::Scan::like(line, &known, cx.rules).run().0);
        runaway::find(view.text(), cx.rules, &mut out);
        out
    }
}

/// The three passes over a line that does not stand in the text yet: would they change it?
pub(crate) struct Foresight<'a> {
    rules: &'a RuleSet,
    on: Switches,
}

impl<'a> Foresight<'a> {
    /// Looks up the rules once for many lines.
    pub fn new(rules: &'a RuleSet) -> Self {
        Foresight { rules, on: Switches::new(rules) }
    }

    /// Where safe changes would be made to a line, in no order.
    pub fn changes(&self, line: &str) -> Vec<ViewSpan> {
        let mut drafts = markup::read(line, self.on.clone());
        steady::hold(line, &mut drafts, |then| markup::read(then, self.on.clone()));
        let (mut more, known) = scan::Scan::with(line, self.rules, self.on.clone()).run();
        steady::hold_lines(line, &mut more, |part| scan::Scan::like(part, &known, self.rules).run().0);
        drafts.extend(more);
        drafts.extend(characters::read(line, self.on.clone()));
        drafts.into_iter().filter(|d| d.applicability == Applicability::Safe).map(|d| d.span).collect()
    }
}

macro_rules! rules {
    ($($name:ident = $code:literal),+ $(,)?) => {
        /// The rules of this stage, by what they speak of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Rule { $($name),+ }

        /// Their codes, in the same order.
        const CODES: &[&str] = &[$($code),+];
    };
}

rules! {
    Comma = "NOR001", Semicolon = "NOR002", Colon = "NOR003", Question = "NOR004", Exclamation = "NOR005",
    Bracket = "NOR006", Stop = "NOR007", StraightQuote = "NOR008", CornerQuote = "NOR009",
    TraditionalQuote = "NOR010", Ellipsis = "NOR011", Dash = "NOR012", Tilde = "NOR013", Interpunct = "NOR014",
    TitleMark = "NOR015", DocumentNumber = "NOR016", Doubled = "NOR017", CompatibilityMark = "NOR018",
    PrimeQuote = "NOR019", Control = "NOR020", Invisible = "NOR021", UnusualSpace = "NOR022",
    SpaceBesideMark = "NOR023", SpaceBetweenHan = "NOR024", Indent = "NOR025", SpaceRoundNumber = "NOR026", LineEnd = "NOR027",
    CompatibilityIdeograph = "NOR030", Radical = "NOR031", FullWidthDigit = "NOR032", FullWidthLetter = "NOR033",
    FullWidthSign = "NOR034", PrivateUse = "NOR035", LikeBox = "NOR040", LikeDash = "NOR041", LikeDoubleOne = "NOR042",
    LikeDay = "NOR043", LikeDigit = "NOR044", LikeZero = "NOR045", UnclearStop = "NOR046", DecimalComma = "NOR047",
    Entity = "NOR050", Tag = "NOR051", Table = "NOR052", Latex = "NOR053", Fence = "NOR054", Emphasis = "NOR055",
    Link = "NOR056", Image = "NOR057", Escape = "NOR058", Runaway = "NOR060", CutOff = "NOR061",
}

/// Which rules are switched on, looked up once a run.
#[derive(Clone)]
struct Switches(Vec<Option<RuleId>>);

impl Switches {
    fn new(rules: &RuleSet) -> Self {
        Switches(CODES.iter().map(|code| rules.id(code)).collect())
    }

    fn id(&self, rule: Rule) -> Option<RuleId> {
        self.0.get(rule as usize).copied().flatten()
    }
}
