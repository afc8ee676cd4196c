//! Country codes.

use std::fmt;

/// An ISO 3166-1 alpha-2 code in upper case, or a user-assigned one in use in
/// trade data (`XK` for Kosovo). The type does not promise that the code is
/// assigned; `place::CountryNames` knows the assigned ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Two ASCII letters in either case; anything else is `None`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let &[a, b] = text.as_bytes() else { return None };
        (a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
            .then(|| Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
    }

    /// The two letters, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for CountryCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
