//! What a finding is recognised by from run to run.
//!
//! A fingerprint is made of content only: no row number, no file name, no
//! score, no threshold. Its version stands in front, so that a later version
//! can be told from it and decisions on this one stay readable.

use std::fmt;

use crate::digest::{hex_of_first, of_parts};

/// `rf1:` and 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Versions that decisions may carry, the newest last.
    pub const VERSIONS: [&'static str; 1] = ["rf1"];

    /// The fingerprint of some parts; their order and their borders count.
    #[must_use]
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        Self(format!("rf1:{}", hex_of_first(&of_parts(parts), 16)))
    }

    /// Reads one; none if the text has not the form of a known version.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (version, digits) = text.split_once(':')?;
        let hexadecimal = digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        (Self::VERSIONS.contains(&version) && digits.len() == 32 && hexadecimal)
            .then(|| Self(text.to_owned()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// 12 hexadecimal digits over some parts: the state of an entry, of a party, of
/// a rule that a decision was made on.
#[must_use]
pub fn short_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    hex_of_first(&of_parts(parts), 6)
}
