//! A line of goods falls into a category.

use std::sync::Arc;

/// What a line of goods was placed in a category by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum GoodsBasis {
    /// The declared tariff code.
    Hs,
    /// The declared control code.
    ControlCode,
    /// Words of the description.
    Wording,
}

impl GoodsBasis {
    pub const WORDS: [&'static str; 3] = ["hs", "control-code", "wording"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Hs, Self::ControlCode, Self::Wording].into_iter().find(|b| b.key() == key)
    }
}

/// A line of goods falls into a category.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoodsFact {
    /// Index into the shipment's items.
    pub item: usize,
    /// Id of the category, such as `chpl-tier-1`.
    pub category: Arc<str>,
    pub basis: GoodsBasis,
    /// In plain words: `HS 8542.31 is on the Common High Priority List, tier 1`.
    pub words: String,
}
