//! What a source says about who holds what.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::trade::{CountryCode, Identifier, PartyKind};

use super::share::Share;

/// An owner or what is owned, as a source names it.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Named {
    /// As written; empty only where `entry` says who it is.
    pub name: String,
    pub kind: PartyKind,
    pub country: Option<CountryCode>,
    pub identifiers: Vec<Identifier>,
    /// The entry of a list that it is, as (list, entry).
    pub entry: Option<(Arc<str>, String)>,
}

/// How the two are connected.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tie {
    /// The one holds a share of the other.
    Holds(Share),
    /// The one directs the other, whatever it holds.
    Directs,
    /// The other acts for the one.
    ActsFor,
    /// Any other connection that the source names.
    Linked,
}

/// Where a statement stands.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Whence {
    /// A file, or the id of a list.
    pub file: Arc<str>,
    /// From 1; 0 for a list.
    pub line: u64,
}

impl fmt::Display for Whence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 { write!(f, "{}", self.file) } else { write!(f, "{}:{}", self.file, self.line) }
    }
}

/// One statement of one source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    pub owner: Named,
    pub owned: Named,
    pub tie: Tie,
    /// Whether the source says that the owner controls the owned.
    pub control: Option<bool>,
    /// The day the source was looked at. A newer statement of the same source
    /// on the same two takes its place from its own day on.
    pub as_of: Option<Date>,
    /// The day the holding began.
    pub from: Option<Date>,
    /// The first day on which it was over.
    pub until: Option<Date>,
    /// As written; may be empty.
    pub source: String,
    pub whence: Whence,
}

impl Statement {
    /// Whether the holding had begun and was not over; an end that is not
    /// stated is open.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }

    /// What the source is, in a few words: place, name, day.
    #[must_use]
    pub fn source_words(&self) -> String {
        let mut words = self.whence.to_string();
        if !self.source.is_empty() {
            words.push_str(&format!(", {}", self.source));
        }
        if let Some(day) = self.as_of.or(self.from) {
            words.push_str(&format!(", {day}"));
        }
        words
    }
}
