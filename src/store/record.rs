//! What the store writes down: of an edition, and of a source.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::watchlist::Watchlist;

/// Version of the records. A newer one is refused, not guessed at.
pub const VERSION: u32 = 1;

/// A file of an edition, as it was got.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FileRecord {
    /// Name in the edition's folder.
    pub name: String,
    pub bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
    /// Where it was fetched from; empty for an imported file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// What the server says of its state, to ask for changes only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

/// A list of an edition, counted.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ListRecord {
    pub id: String,
    pub title: String,
    /// The publisher's date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    pub entries: usize,
    pub names: usize,
    /// Entries by kind of party.
    pub kinds: BTreeMap<String, usize>,
    /// Entries by programme.
    #[serde(default)]
    pub programs: BTreeMap<String, usize>,
}

impl ListRecord {
    #[must_use]
    pub fn of(list: &Watchlist) -> Self {
        let mut kinds = BTreeMap::new();
        let mut programs = BTreeMap::new();
        for party in &list.parties {
            *kinds.entry(party.kind.key().to_owned()).or_default() += 1;
            for program in &party.programs {
                *programs.entry(program.to_string()).or_default() += 1;
            }
        }
        Self {
            id: list.info.id.clone(),
            title: list.info.title.clone(),
            date: list.info.edition.date,
            entries: list.info.edition.entries,
            names: list.info.edition.names,
            kinds,
            programs,
        }
    }
}

/// Why an edition counts although the gate refused it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Accepted {
    pub reason: String,
    pub refusals: Vec<String>,
}

/// An edition: `edition.toml` in its folder.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    pub version: u32,
    pub source: String,
    /// Its id: when it was got, and the beginning of its hash.
    pub edition: String,
    /// When it was got, UTC.
    pub retrieved: jiff::Timestamp,
    /// Of one file its hash; of several the hash of their hashes, in the order
    /// of their names.
    pub sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<Accepted>,
    /// What the reader did not understand.
    #[serde(default)]
    pub warnings: Vec<String>,
    pub files: Vec<FileRecord>,
    pub lists: Vec<ListRecord>,
    /// Columns, elements or keys of the files, and how often each stands there.
    #[serde(default)]
    pub shape: BTreeMap<String, usize>,
    /// It stands apart, for the gate refused it.
    #[serde(skip)]
    pub refused: bool,
}

impl Record {
    #[must_use]
    pub fn entries(&self) -> usize {
        self.lists.iter().map(|list| list.entries).sum()
    }

    #[must_use]
    pub fn names(&self) -> usize {
        self.lists.iter().map(|list| list.names).sum()
    }

    /// The publisher's latest date, if one is stated.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        self.lists.iter().filter_map(|list| list.date).max()
    }
}

/// How the last attempt to renew a source ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attempt {
    /// Nothing was tried yet.
    #[default]
    None,
    /// A new edition was taken.
    Taken,
    /// The publisher's state is the one that is here.
    Unchanged,
    /// The gate refused what came.
    Refused,
    /// Nothing came.
    Failed,
}

impl Attempt {
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Taken => "taken",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A source's state: `state.toml` in its folder, replaced as a whole. The
/// edition it names is the one in use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct State {
    pub version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<String>,
    /// When the current edition was last known to be the publisher's, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<jiff::Timestamp>,
    /// When it was last tried to renew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<jiff::Timestamp>,
    #[serde(default)]
    pub attempt: Attempt,
    /// Why, of an attempt that brought nothing.
    #[serde(default)]
    pub why: Vec<String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            version: VERSION,
            current: None,
            confirmed: None,
            tried: None,
            attempt: Attempt::None,
            why: Vec::new(),
        }
    }
}

impl State {
    /// Why the current edition is not to be trusted as the newest, if the gate
    /// kept a newer one out.
    #[must_use]
    pub fn stale(&self) -> Option<String> {
        (self.attempt == Attempt::Refused).then(|| self.why.join("; "))
    }
}
