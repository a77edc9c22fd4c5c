//! kanwu (勘误, *errata*) turns the OCR text of a newspaper issue into clean, reviewed, machine-readable text, and can
//! prove every character that it changed.
//!
//! ```text
//! clean = f(source, rules, decisions)
//! ```
//!
//! The way of the data: a [`reader`] gives a [`source::Source`]; the [`pipeline`] passes a [`document::Document`] through
//! the [`stage`]s, each of which reports what it finds in a view of the text; the pipeline decides what is applied; the
//! [`emit`] modules write the [`pipeline::Run`] down. The library prints nothing, reads no environment, asks no clock
//! and never exits.

pub mod archive;
pub mod collate;
pub mod document;
pub mod emit;
pub mod error;
pub mod eval;
pub mod finding;
pub mod lang;
pub mod lm;
pub mod outline;
pub mod pipeline;
pub mod reader;
pub mod reuse;
pub mod review;
pub mod rule;
pub mod source;
pub mod stage;
pub mod text;
pub mod verify;
