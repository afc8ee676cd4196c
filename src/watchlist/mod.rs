//! Published lists of restricted parties as typed data.
//!
//! Knows what a list says, not how names are compared or what a rule makes of
//! it. [`format`] has one file per published format.

mod diff;
pub mod format;
mod listed_party;
mod same_party;
mod shipped;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

pub use diff::{Changed, FieldChange, ListDiff, diff, field_changes, field_texts};
pub use format::{
    CountryLookup, Format, ListFile, companions, detect, formats, read, read_as, write_csv, write_ftm,
    write_toml,
};
pub use listed_party::{ListedName, ListedParty, NameQuality, Relation, RelationKind};
pub use same_party::same_party_groups;
pub use shipped::{shipped, shipped_files};

/// Whether a list stands on a decision of many states or of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Regime {
    /// The United Nations, or a group of states acting on a common decision.
    Multilateral,
    /// One state or union on its own authority.
    Unilateral,
}

impl Regime {
    pub const WORDS: [&'static str; 2] = ["multilateral", "unilateral"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Multilateral => "multilateral",
            Self::Unilateral => "unilateral",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Multilateral, Self::Unilateral].into_iter().find(|r| r.key() == key)
    }
}

/// What being listed means for a shipment, strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effect {
    /// No dealings at all: asset freeze, blocked property, denial order.
    Blocking,
    /// A licence is needed for the items named in the entry.
    LicenceRequired,
    /// Licences exceptions may not be used; a statement must be obtained.
    LicenceExceptionsBarred,
    /// Concern about the end use: military, weapons of mass destruction.
    EndUseConcern,
    /// A restriction of another kind (securities, banking), or a warning.
    Advisory,
}

impl Effect {
    pub const ALL: [Self; 5] = [
        Self::Blocking,
        Self::LicenceRequired,
        Self::LicenceExceptionsBarred,
        Self::EndUseConcern,
        Self::Advisory,
    ];
    pub const WORDS: [&'static str; 5] =
        ["blocking", "licence-required", "licence-exceptions-barred", "end-use-concern", "advisory"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.key() == key)
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// The state of a list on a day.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Edition {
    /// File name or embedded path it was read from.
    pub source: String,
    /// Where the publisher offers it.
    pub url: String,
    /// The publisher's own date of this state.
    pub date: Option<Date>,
    /// SHA-256 of the bytes read, lower-case hex. Several files: of their
    /// hashes, in the order of their names.
    pub sha256: String,
    /// The last day on which it was known to be the publisher's newest; of a
    /// list from a store.
    pub confirmed: Option<Date>,
    /// Days after which it is too old, where its source says so.
    pub max_age_days: Option<u32>,
    /// Why a newer one is known of and not used.
    pub stale: Option<String>,
    /// Entries read.
    pub entries: usize,
    /// Names and aliases read.
    pub names: usize,
}

impl Edition {
    /// Whether the edition can no longer be trusted to be the publisher's
    /// newest on a day, and why; `max_age_days` where its source says nothing.
    #[must_use]
    pub fn too_old(&self, on: Date, max_age_days: u32) -> Option<String> {
        if let Some(why) = &self.stale {
            return Some(format!("not the newest: {why}"));
        }
        let Some(day) = self.confirmed.max(self.date) else { return Some("no date".to_owned()) };
        let most = self.max_age_days.unwrap_or(max_age_days);
        let days = on.since(day).map_or(0, |span| i64::from(span.get_days()));
        (days > i64::from(most)).then(|| format!("{days} days old, at most {most}"))
    }
}

/// What a list is, without its entries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListInfo {
    /// Short stable id such as `us-sdn`.
    pub id: String,
    pub title: String,
    /// The office that keeps the list; may be empty.
    pub publisher: String,
    /// Whose law: `US`, `EU`, `UN`, `GB` … ; `own` for a user's list.
    pub jurisdiction: String,
    pub regime: Regime,
    /// For entries that do not state their own.
    pub effect: Effect,
    /// What the effect rests on and means, for people.
    pub authority: String,
    pub citation: String,
    pub edition: Edition,
    /// What the reader could not use, or the publisher left out; for people.
    pub notes: Vec<String>,
}

/// A list with its entries, in the publisher's order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watchlist {
    pub info: Arc<ListInfo>,
    pub parties: Vec<Arc<ListedParty>>,
}

impl Watchlist {
    /// Joins a list with its entries and counts them into its edition.
    #[must_use]
    pub fn new(mut info: ListInfo, parties: Vec<ListedParty>) -> Self {
        info.edition.entries = parties.len();
        info.edition.names = parties.iter().map(|party| party.names.len()).sum();
        Self { info: Arc::new(info), parties: parties.into_iter().map(Arc::new).collect() }
    }
}
