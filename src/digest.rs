//! SHA-256 as the project writes it: in hexadecimal, over bytes or over parts.

use sha2::{Digest, Sha256};

/// The hash of some bytes, lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of some parts: their order and their borders count.
#[must_use]
pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        // Lengths in front, so that no two lists of parts run together.
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

/// Bytes in lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The first bytes of a hash in lower-case hexadecimal digits.
#[must_use]
pub fn hex_of_first(hash: &[u8; 32], bytes: usize) -> String {
    hex(hash.get(..bytes).unwrap_or(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_borders_of_parts_count() {
        assert_ne!(of_parts(["ab", "c"]), of_parts(["a", "bc"]));
        assert_eq!(hex_of_first(&of_parts([]), 6), "e3b0c44298fc");
        assert_eq!(sha256_hex(b"").len(), 64);
    }
}
