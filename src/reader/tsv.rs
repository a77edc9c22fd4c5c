//! Tesseract's table.

use super::sheet::{Fault, Plates};

/// Whether a text begins like one.
pub(super) fn is(_text: &str) -> bool {
    false
}

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(_text: &str) -> Result<Plates, Fault> {
    Err(Fault::whole("还不能读", "not read yet"))
}
