//! What is asked: the declared code, where the goods go, when, for whom.
//!
//! Takes what it is given; it does not check names against lists.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::trade::CountryCode;

/// A law whose licence rules are modelled.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Law {
    Us,
    Eu,
}

impl Law {
    /// The name as a profile's `bound_by` has it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Eu => "EU",
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// A use or a user that has rules of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EndUse {
    Military,
    MilitaryIntelligence,
    Nuclear,
    Missile,
    ChemicalBiological,
    Supercomputer,
    AdvancedChipMaking,
}

impl EndUse {
    pub const ALL: [Self; 7] = [
        Self::Military,
        Self::MilitaryIntelligence,
        Self::Nuclear,
        Self::Missile,
        Self::ChemicalBiological,
        Self::Supercomputer,
        Self::AdvancedChipMaking,
    ];

    pub const WORDS: [&'static str; 7] = {
        let mut words = [""; 7];
        let mut i = 0;
        while i < 7 {
            words[i] = Self::ALL[i].key();
            i += 1;
        }
        words
    };

    /// The name in rule files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Military => "military",
            Self::MilitaryIntelligence => "military-intelligence",
            Self::Nuclear => "nuclear",
            Self::Missile => "missile",
            Self::ChemicalBiological => "chemical-biological",
            Self::Supercomputer => "supercomputer",
            Self::AdvancedChipMaking => "advanced-chip-making",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|other| other.key() == key)
    }
}

/// A party of the shipment that stands on a list, or that a listed party owns.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ListedEntry {
    pub name: String,
    /// The list, as the reader knows it.
    pub list: String,
    /// The law the list belongs to.
    pub law: Law,
    /// The entry's own licence requirement, where it has one.
    pub requirement: Option<String>,
    /// The entry's own review policy, where it has one.
    pub policy: Option<String>,
    /// The listed party is an owner, not the party itself.
    pub as_owner: bool,
}

/// A question for [`super::Licensing::determine`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// The declared control code as written, with its paragraph; may be empty.
    pub code: String,
    /// The tariff code as declared; may be empty.
    pub tariff: String,
    /// The description of the goods; may be empty.
    pub description: String,
    pub destination: Option<CountryCode>,
    /// Ids of regions below country level (`crimea`), where known.
    pub regions: Vec<String>,
    /// The day of the export.
    pub date: Date,
    /// Jurisdictions whose law binds the company; empty counts as US and EU.
    pub bound_by: Vec<String>,
    pub listed: Vec<ListedEntry>,
    pub uses: Vec<EndUse>,
    /// Kinds of shipment that exceptions ask for: `temporary`, `repair` …
    pub situations: Vec<String>,
    /// Value of the order in US dollars.
    pub value_usd: Option<Decimal>,
    /// Share of US content in goods made outside the US, in percent.
    pub us_content_percent: Option<Decimal>,
}

impl Question {
    /// A question with a code, a destination and a day, and nothing else.
    #[must_use]
    pub fn new(code: &str, destination: Option<CountryCode>, date: Date) -> Self {
        Self {
            code: code.to_owned(),
            tariff: String::new(),
            description: String::new(),
            destination,
            regions: Vec::new(),
            date,
            bound_by: Vec::new(),
            listed: Vec::new(),
            uses: Vec::new(),
            situations: Vec::new(),
            value_usd: None,
            us_content_percent: None,
        }
    }

    /// Whether the law binds the company. A profile that is not stated is
    /// taken to be bound by all that is modelled: the cautious side.
    pub(super) fn bound(&self, law: Law) -> bool {
        self.bound_by.is_empty() || self.bound_by.iter().any(|name| name.eq_ignore_ascii_case(law.key()))
    }
}
