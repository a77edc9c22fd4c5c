//! docling's JSON.

use super::sheet::{Fault, Plates};

/// Reads one.
///
/// # Errors
/// What is broken in it, and where.
pub(super) fn read(_text: &str) -> Result<Plates, Fault> {
    Err(Fault::whole("还不能读", "not read yet"))
}
