//! Readers: bytes in, [`crate::source::Source`] out; one input format a file.

use sha2::{Digest, Sha256};

/// SHA-256 of bytes in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}
