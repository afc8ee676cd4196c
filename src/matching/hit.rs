//! A party met a listed party.

use std::sync::Arc;

use crate::watchlist::{ListInfo, ListedParty, NameQuality};

use super::ScoreBreakdown;

/// What the two have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MatchedBy {
    /// The same identifier: certain, whatever the name.
    Identifier,
    Name,
    /// The address alone.
    Address,
}

impl MatchedBy {
    pub const WORDS: [&'static str; 3] = ["identifier", "name", "address"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Identifier, Self::Name, Self::Address].into_iter().find(|m| m.key() == key)
    }
}

/// The two grades of a score, by the configured thresholds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Strength {
    Possible,
    Strong,
}

impl Strength {
    pub const WORDS: [&'static str; 2] = ["possible", "strong"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Possible, Self::Strong].into_iter().find(|s| s.key() == key)
    }
}

/// A party met a listed party: how well, and by what.
#[derive(Clone, PartialEq, Debug)]
pub struct Hit {
    pub list: Arc<ListInfo>,
    pub entry: Arc<ListedParty>,
    pub by: MatchedBy,
    /// The name or address of the entry that was met, as published.
    pub listed_text: String,
    /// Quality of that name; primary for identifiers and addresses.
    pub quality: NameQuality,
    /// 0 to 1.
    pub score: f64,
    pub strength: Strength,
    pub breakdown: ScoreBreakdown,
}
