//! Whether somebody who may has signed a file: a detached signature beside it,
//! of minisign or of SSH, held against the keys that are allowed.
//!
//! Knows bytes, keys and the day that is judged; reads no file.

mod allowed_signers;
mod minisign;
mod ssh;
#[cfg(test)]
mod tests;

use jiff::civil::Date;

pub use allowed_signers::AllowedSigner;
pub use minisign::AllowedKey;

/// What made a signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignatureKind {
    Minisign,
    Ssh,
}

impl SignatureKind {
    /// What stands behind the name of a file in the name of its signature.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Minisign => ".minisig",
            Self::Ssh => ".sig",
        }
    }

    /// The command that signs a file.
    #[must_use]
    pub fn command(self, file: &str) -> String {
        match self {
            Self::Minisign => format!("minisign -Sm {file}"),
            Self::Ssh => format!("ssh-keygen -Y sign -n {} -f ~/.ssh/id_ed25519 {file}", ssh::NAMESPACE),
        }
    }
}

/// Who may sign decisions.
#[derive(Clone, Copy, Debug)]
pub struct Allowed<'a> {
    pub keys: &'a [AllowedKey],
    pub signers: &'a [AllowedSigner],
}

impl<'a> Allowed<'a> {
    /// Whose key signed the bytes, of those that are allowed on the day.
    ///
    /// # Errors
    /// Why the signature does not count, part of a sentence.
    pub fn verify(
        self,
        kind: SignatureKind,
        bytes: &[u8],
        signature: &str,
        day: Date,
    ) -> Result<&'a str, String> {
        match kind {
            SignatureKind::Minisign => minisign::verify(bytes, signature, self.keys).map_err(str::to_owned),
            SignatureKind::Ssh => ssh::verify(bytes, signature, self.signers, day),
        }
    }
}
