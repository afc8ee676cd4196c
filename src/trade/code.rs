//! Goods codes as declared: tariff (HS) and export control (ECCN, EU Annex I).

use std::fmt;

/// A Harmonized System code: 2 to 12 digits, dots, spaces and hyphens removed.
/// The first six digits are international, the rest national (CN-8, HTS-10 …).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(transparent)]
pub struct HsCode(String);

/// Why a text is not an HS code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HsCodeError {
    /// Something other than digits and the separators `.`, `-` and space.
    NotDigits,
    /// Fewer than 4 or more than 12 digits.
    Length(usize),
}

impl fmt::Display for HsCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDigits => f.write_str("a tariff code holds digits only"),
            Self::Length(n) => write!(f, "a tariff code has 4 to 12 digits, this has {n}"),
        }
    }
}

impl std::error::Error for HsCodeError {}

impl HsCode {
    /// # Errors
    /// When the text holds anything but digits and separators, or has fewer
    /// than 4 or more than 12 digits.
    pub fn parse(text: &str) -> Result<Self, HsCodeError> {
        let mut digits = String::with_capacity(10);
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '.' | '-' | ' ' | '\u{a0}' => {}
                _ => return Err(HsCodeError::NotDigits),
            }
        }
        match digits.len() {
            4..=12 => Ok(Self(digits)),
            n => Err(HsCodeError::Length(n)),
        }
    }

    /// All digits, without separators.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The international part: at most six digits.
    #[must_use]
    pub fn international(&self) -> &str {
        &self.0[..self.0.len().min(6)]
    }
}

impl fmt::Display for HsCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            0..=4 => f.pad(&self.0),
            5..=6 => write!(f, "{}.{}", &self.0[..4], &self.0[4..]),
            _ => write!(f, "{}.{}.{}", &self.0[..4], &self.0[4..6], &self.0[6..]),
        }
    }
}

/// A declared export control code in the numbering that the US Commerce
/// Control List, the EU's Annex I and others share (15 CFR 738.2(d)): category
/// digit 0–9, product group A–E, three digits, and an optional paragraph
/// (`3A001.b.2`); or `EAR99`, the US word for "on no list".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
#[serde(transparent)]
pub struct ControlCode(String);

/// The text does not have the shape of a control code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ControlCodeError;

impl fmt::Display for ControlCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a control code looks like 3A001, 3A001.b.2 or EAR99")
    }
}

impl std::error::Error for ControlCodeError {}

impl ControlCode {
    /// Reads `3A001`, `3a001.B.2`, `3A001b2`, `ECCN 5A002`, `EAR99`.
    /// The code comes out with an upper-case head and a dotted lower-case
    /// paragraph.
    ///
    /// # Errors
    /// When the text has another shape.
    pub fn parse(text: &str) -> Result<Self, ControlCodeError> {
        let text = text.trim();
        let upper = text.to_ascii_uppercase();
        let body = upper
            .strip_prefix("ECCN")
            .map_or(upper.as_str(), |rest| rest.trim_start_matches([':', ' ', '-']));
        let compact: String = body.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if compact == "EAR99" {
            return Ok(Self(compact));
        }
        let bytes = compact.as_bytes();
        let head_fits = bytes.len() >= 5
            && bytes[0].is_ascii_digit()
            && (b'A'..=b'E').contains(&bytes[1])
            && (bytes[2].is_ascii_digit() || bytes[2] == b'Y')
            && bytes[3..5].iter().all(u8::is_ascii_digit);
        if !head_fits {
            return Err(ControlCodeError);
        }
        let mut code = compact[..5].to_owned();
        let mut last: Option<char> = None;
        for c in compact[5..].chars() {
            match c {
                '.' | '(' | ')' => last = None,
                c if c.is_ascii_alphanumeric() => {
                    let joined = last.is_some_and(|p| p.is_ascii_digit() && c.is_ascii_digit());
                    if !joined {
                        code.push('.');
                    }
                    code.push(c.to_ascii_lowercase());
                    last = Some(c);
                }
                _ => return Err(ControlCodeError),
            }
        }
        Ok(Self(code))
    }

    /// The code, `3A001.b.2` or `EAR99`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The five-character entry, without paragraph; `EAR99` for itself.
    #[must_use]
    pub fn entry(&self) -> &str {
        &self.0[..5]
    }

    /// Whether the goods are declared to be on no control list.
    #[must_use]
    pub fn is_ear99(&self) -> bool {
        self.0 == "EAR99"
    }
}

impl fmt::Display for ControlCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tariff_codes_read_with_any_separator() {
        for text in ["8542.31", "854231", "8542 31", "8542.31.00.10", "8542-31"] {
            assert!(HsCode::parse(text).unwrap().digits().starts_with("854231"), "{text}");
        }
        assert_eq!(HsCode::parse("8542.31.0010").unwrap().international(), "854231");
        assert_eq!(HsCode::parse("85"), Err(HsCodeError::Length(2)));
        assert_eq!(HsCode::parse("8542.3x"), Err(HsCodeError::NotDigits));
    }

    #[test]
    fn control_codes_read_in_their_usual_spellings() {
        for text in ["3A001.b.2", "3a001B2", "ECCN 3A001.B.2", "3A001 b.2", "3A001(b)(2)"] {
            assert_eq!(ControlCode::parse(text).unwrap().as_str(), "3A001.b.2", "{text}");
        }
        assert_eq!(ControlCode::parse("3A001.a.12").unwrap().as_str(), "3A001.a.12");
        assert!(ControlCode::parse("ear 99").unwrap().is_ear99());
        for text in ["", "3F001", "A3001", "3A01", "none", "3A001/é"] {
            assert!(ControlCode::parse(text).is_err(), "{text}");
        }
    }
}
