//! Any bytes, in any encoding: no panic, and every byte given back.

#![no_main]

use encoding_rs::{BIG5, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use kanwu::reader::{ReadOptions, read_bytes};
use libfuzzer_sys::fuzz_target;

const GIVEN: [Option<&Encoding>; 8] =
    [None, Some(UTF_8), Some(UTF_16LE), Some(UTF_16BE), Some(GB18030), Some(BIG5), Some(SHIFT_JIS), Some(ISO_2022_JP)];

fuzz_target!(|data: &[u8]| {
    let Some((first, bytes)) = data.split_first() else { return };
    let encoding = GIVEN[usize::from(*first) % GIVEN.len()];
    if let Ok(source) = read_bytes("a", "a.md", bytes, &ReadOptions { encoding, ..ReadOptions::default() }) {
        assert_eq!(source.bytes_of(0).as_deref(), Some(bytes));
    }
});
