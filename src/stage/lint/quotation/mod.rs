//! Where a text that has lost its quotation marks had them, learned from newspapers that have theirs.
//!
//! Three questions, each asked of fewer places than the one before. How likely does a mark stand here, by the strings
//! around the place ([`contexts`])? How likely is the stretch between an opening and a closing mark a quoted term, by both
//! its sides together, its length, its form, and how often print quotes these very words (`first`)? And
//! what do its neighbours and its other places in the same text say ([`terms`])? A newspaper that coins a term quotes it
//! again, and quotes in rows: “…”“…”, “…”、“…”.

pub mod contexts;
mod first;
mod stretch;
pub mod table;
pub mod terms;
