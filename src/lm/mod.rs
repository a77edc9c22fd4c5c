//! What is known of the language itself, independent of any one text: how characters follow each other in ordinary
//! print, which are taken for each other, and where a text gives cause for doubt. Several stages ask it.

pub mod carried;
pub mod channel;
pub mod forest;
pub mod lexicon;
pub mod mixture;
pub mod ngram;
pub mod sense;
pub mod suspect;
pub mod symbols;
pub mod train;
pub mod usage;
