//! Numbers and texts as the files of an archive hold them; read with checks only.

/// Writes a number in as many bytes as it needs, seven bits each, the low ones first (LEB128).
pub fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes a text behind its length.
pub fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The checksum of bytes (CRC-32).
pub fn check(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// Bytes that are read from the front. Everything is `None` where they do not suffice.
pub struct Cursor<'b>(pub &'b [u8]);

impl<'b> Cursor<'b> {
    /// The next so many bytes.
    pub fn bytes(&mut self, length: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    /// The next bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    /// A number of four bytes, low ones first.
    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// A number of eight bytes, low ones first.
    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A number that [`put`] wrote.
    #[inline]
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for (i, byte) in self.0.iter().take(10).enumerate() {
            let bits = u64::from(byte & 0x7F);
            if i == 9 && bits > 1 {
                return None;
            }
            number |= bits << (7 * i);
            if byte & 0x80 == 0 {
                self.0 = self.0.get(i + 1..)?;
                return Some(number);
            }
        }
        None
    }

    /// A text that [`put_text`] wrote.
    pub fn text(&mut self) -> Option<String> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.bytes(length)?).ok().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(numbers: Vec<(u64, u32)>, text: String) {
            let numbers: Vec<u64> = numbers.into_iter().map(|(n, shift)| n >> (shift % 64)).collect();
            let mut out = Vec::new();
            numbers.iter().for_each(|n| put(&mut out, *n));
            put_text(&mut out, &text);
            let mut cursor = Cursor(&out);
            for number in numbers {
                prop_assert_eq!(cursor.number(), Some(number));
            }
            prop_assert_eq!(cursor.text(), Some(text));
            prop_assert!(cursor.0.is_empty());
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let mut cursor = Cursor(&bytes);
            while cursor.number().is_some() {}
            let _ = (cursor.text(), cursor.u32(), cursor.u64());
        }
    }
}
