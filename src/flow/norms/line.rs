//! A line of a declaration, as norms and signals read it.

use jiff::civil::Date;

/// Who and where of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Who {
    Importer,
    Seller,
    Declarant,
    Office,
    Origin,
    Departure,
    /// The duty or preference claimed.
    Duty,
}

impl Who {
    pub const ALL: [Self; 7] = [
        Self::Importer,
        Self::Seller,
        Self::Declarant,
        Self::Office,
        Self::Origin,
        Self::Departure,
        Self::Duty,
    ];
}

/// One line; what is not known is empty.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Line {
    /// The declaration's own name, or its line in the file.
    pub id: String,
    pub day: Option<Date>,
    /// Digits of the tariff code, up to six.
    pub hs: String,
    /// Net weight, kilograms.
    pub kg: Option<f64>,
    /// Pieces, and what they are counted in, lower case.
    pub quantity: Option<(f64, String)>,
    pub value: Option<f64>,
    /// Upper case; may be empty.
    pub currency: String,
    /// By [`Who`].
    pub who: [String; 7],
    /// Whether the declaration was found to be wrong; none: not looked at.
    pub found: Option<bool>,
}

impl Line {
    #[must_use]
    pub fn who(&self, who: Who) -> &str {
        &self.who[who as usize]
    }
}
