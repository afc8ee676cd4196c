//! A decision as it stands in the file.

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::trade::CountryCode;

use super::Fingerprint;

/// What was decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// The finding is not about this shipment; clears it.
    FalsePositive,
    /// The finding is right; it stays.
    TrueMatch,
    /// The finding is right and a licence covers it; clears it while the
    /// balance lasts.
    Licensed,
    /// Somebody else must decide; it stays.
    Escalated,
    /// The finding was there when the gate was taken into service; clears it.
    /// Stands in a baseline only.
    Baseline,
}

impl Kind {
    /// What a person can decide.
    pub const ALL: [Self; 4] = [Self::FalsePositive, Self::TrueMatch, Self::Licensed, Self::Escalated];
    pub const WORDS: [&'static str; 4] = ["false-positive", "true-match", "licensed", "escalated"];

    /// The name in the file and in outputs.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::FalsePositive => "false-positive",
            Self::TrueMatch => "true-match",
            Self::Licensed => "licensed",
            Self::Escalated => "escalated",
            Self::Baseline => "baseline",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Whether a finding may go with it.
    #[must_use]
    pub const fn clears(self) -> bool {
        matches!(self, Self::FalsePositive | Self::Licensed | Self::Baseline)
    }
}

/// Where a decision holds.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// This finding wherever it comes up: for a hit, this party and this entry.
    Pair,
    /// Only in the shipment of a reference.
    Order(String),
    /// Only from one country to another.
    Lane(CountryCode, CountryCode),
}

impl Scope {
    /// Whether a shipment can stand in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Order(one), Self::Order(other)) => one == other,
            (Self::Lane(..), Self::Lane(..)) => self == other,
            _ => true,
        }
    }

    /// In plain words: `order SO-1`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Pair => "everywhere".to_owned(),
            Self::Order(reference) => format!("order {reference}"),
            Self::Lane(from, to) => format!("lane {from} to {to}"),
        }
    }
}

/// A licence that a decision rests on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Licence {
    pub number: String,
    /// What is left of it, and in what: a currency, or a unit of quantity. None:
    /// not limited.
    pub balance: Option<(Decimal, String)>,
}

/// One decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    pub fingerprint: Fingerprint,
    pub kind: Kind,
    /// Who decided; never empty.
    pub by: String,
    /// Who agreed; may be empty.
    pub second: String,
    pub on: Date,
    /// Never empty.
    pub reason: String,
    pub scope: Scope,
    /// The last day on which it holds.
    pub expires: Date,
    /// State of the list entry it was made on, or of the owners; else empty.
    pub entry: String,
    /// State of the party's data it was made on; without a list entry, of all
    /// that the finding is about.
    pub party: String,
    /// Version of the rule it was made on.
    pub rule: String,
    pub licence: Option<Licence>,
    /// Why a block or an exact identifier is cleared all the same; may be empty.
    pub override_reason: String,
    /// What it is about, for readers of the file; may be empty.
    pub about: String,
    /// Line of the file.
    pub line: usize,
    /// Place among the decisions, from 0; set when they are put together.
    pub number: usize,
}
