//! What amounts are added up in: a currency, a unit of pieces, kilograms.
//!
//! Amounts of different measures are never added; nothing is converted.

use std::fmt;

use rust_decimal::Decimal;

/// What an amount is counted in. Eight bytes: a sign for the kind, and up to
/// seven letters or digits of the currency or unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Measure([u8; 8]);

/// Spellings of pieces, the unit that most files leave out.
const PIECES: [&str; 12] =
    ["", "PCS", "PC", "PIECE", "PIECES", "EA", "EACH", "UNIT", "UNITS", "NO", "NOS", "NMB"];

impl Measure {
    /// Kilograms, net where stated, else gross.
    pub const WEIGHT: Self = Self(*b"W\0\0\0\0\0\0\0");

    /// Money of a currency; an empty currency is one of its own.
    #[must_use]
    pub fn money(currency: &str) -> Self {
        Self::of(b'V', currency)
    }

    /// Pieces, metres …: the unit as written, in capitals, its first seven
    /// letters and digits. All spellings of pieces are one.
    #[must_use]
    pub fn quantity(unit: &str) -> Self {
        let plain: String = unit.chars().filter(char::is_ascii_alphanumeric).collect();
        let upper = plain.to_ascii_uppercase();
        Self::of(b'Q', if PIECES.contains(&upper.as_str()) { "PCS" } else { &upper })
    }

    fn of(kind: u8, text: &str) -> Self {
        let mut bytes = [0; 8];
        bytes[0] = kind;
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase());
        for (place, byte) in bytes.iter_mut().skip(1).zip(letters) {
            *place = byte;
        }
        Self(bytes)
    }

    /// As stored.
    #[must_use]
    pub const fn bytes(self) -> [u8; 8] {
        self.0
    }

    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub const fn is_money(self) -> bool {
        self.0[0] == b'V'
    }

    #[must_use]
    pub const fn is_quantity(self) -> bool {
        self.0[0] == b'Q'
    }

    /// The currency or unit: `EUR`, `PCS`, `kg`; empty for money without one.
    #[must_use]
    pub fn unit(&self) -> &str {
        if *self == Self::WEIGHT {
            return "kg";
        }
        let end = self.0.iter().skip(1).position(|b| *b == 0).map_or(8, |length| length + 1);
        self.0.get(1..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// `1200 EUR`, `40 PCS`, `3.5 kg`.
    #[must_use]
    pub fn words(&self, amount: Decimal) -> String {
        format!("{} {}", amount.round_dp(2).normalize(), self.unit()).trim_end().to_owned()
    }
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", char::from(self.0[0]), self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_pieces_are_one_and_currencies_are_not() {
        assert_eq!(Measure::quantity("pcs."), Measure::quantity("Units"));
        assert_eq!(Measure::quantity(""), Measure::quantity("EA"));
        assert_ne!(Measure::money("EUR"), Measure::money("USD"));
        assert_eq!(Measure::money("eur").words(Decimal::new(120_050, 2)), "1200.5 EUR");
        assert_eq!(Measure::quantity("CENTIMETRES").unit(), "CENTIME");
    }
}
