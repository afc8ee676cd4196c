//! Bytes of a list file to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

/// UTF-16 and UTF-8 by their byte order mark, else UTF-8, else Windows-1252,
/// which every sequence of bytes is. The mark itself is left out.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_in_each_encoding() {
        assert_eq!(decode("Müller".as_bytes()), "Müller");
        assert_eq!(decode(b"\xef\xbb\xbfM\xc3\xbcller"), "Müller");
        assert_eq!(decode(b"M\xfcller"), "Müller");
        assert_eq!(decode(b"\xff\xfeM\x00\xfc\x00"), "Mü");
    }
}
