//! The mathematics of changing text: spans with a unit, edits, and the map between a text before and after edits.
//!
//! There are no words of the newspaper's trade here and nothing that can fail on any input. Inside the program every
//! offset is a byte offset; [`Ruler`] is the one place where bytes become scalar values, lines and columns.

mod edit;
mod ends;
mod fold;
mod ruler;
mod span;

pub use edit::{Edit, EditMap, apply, line_at};
pub use ends::{first_chars, last_chars};
pub use fold::{fold_char, folded, is_han, is_han_or_digit};
pub use ruler::{Place, Ruler};
pub use span::{InSource, InView, SourceSpan, Span, ViewSpan};
