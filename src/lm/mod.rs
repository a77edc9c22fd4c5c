//! What is known of the language itself, independent of any one text: how characters follow each other in ordinary
//! print. Several stages ask it.

pub mod usage;
