//! Signatures of minisign: Ed25519 over a BLAKE2b hash, held against keys by
//! name.

use minisign_verify::{PublicKey, Signature};

/// A key of minisign that may sign decisions.
#[derive(Clone, Debug)]
pub struct AllowedKey {
    /// Whose it is, for reports.
    pub name: String,
    key: PublicKey,
}

impl AllowedKey {
    /// Reads a public key as `minisign -G` prints it: 56 characters of base 64.
    #[must_use]
    pub fn new(name: &str, key: &str) -> Option<Self> {
        Some(Self { name: name.to_owned(), key: PublicKey::from_base64(key.trim()).ok()? })
    }
}

/// Whose key signed the bytes.
///
/// # Errors
/// Why the signature does not count, part of a sentence.
pub fn verify<'a>(bytes: &[u8], signature: &str, allowed: &'a [AllowedKey]) -> Result<&'a str, &'static str> {
    let signature = Signature::decode(signature).map_err(|_| "is not a signature of minisign")?;
    let mut why = "was made with a key that redflag.toml does not allow";
    for one in allowed {
        match one.key.verify(bytes, &signature, false) {
            Ok(()) => return Ok(&one.name),
            Err(minisign_verify::Error::UnexpectedKeyId) => {}
            Err(minisign_verify::Error::UnexpectedAlgorithm) => {
                why = "is of the old kind without a hash; sign with a minisign of version 0.10 or later";
            }
            Err(_) => why = "does not fit the file: one of them was changed after signing",
        }
    }
    Err(why)
}
