//! One entry of a list.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashSet;

use crate::trade::{Address, CountryCode, Identifier, PartyKind};

use super::Effect;

/// How good a name is for finding the party by it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NameQuality {
    /// The name the party is listed under.
    Primary,
    /// A good alias; also a former name.
    Strong,
    /// An alias that its publisher calls weak or of low quality: broad, short
    /// or a nickname.
    Weak,
}

impl NameQuality {
    pub const WORDS: [&'static str; 3] = ["primary", "strong", "weak"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Primary, Self::Strong, Self::Weak].into_iter().find(|q| q.key() == key)
    }
}

/// One name of a listed party, as published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedName {
    pub text: Box<str>,
    pub quality: NameQuality,
    /// Whether the publisher gives it as a former name.
    pub former: bool,
}

/// How an entry is connected with another party.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RelationKind {
    /// The other party owns this one, wholly or in part.
    OwnedBy,
    /// This party owns the other one, wholly or in part.
    Owns,
    /// The other party directs this one without owning it.
    ControlledBy,
    /// This party acts for or on behalf of the other.
    ActingFor,
    /// Parents, children, husband and wife, brothers and sisters.
    Family,
    /// Any other connection that the publisher names.
    LinkedTo,
}

impl RelationKind {
    pub const ALL: [Self; 6] =
        [Self::OwnedBy, Self::Owns, Self::ControlledBy, Self::ActingFor, Self::Family, Self::LinkedTo];
    pub const WORDS: [&'static str; 6] =
        ["owned-by", "owns", "controlled-by", "acting-for", "family", "linked-to"];

    /// The name in TOML and machine-readable output.
    #[must_use]
    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A connection with another party, listed or not.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Relation {
    pub kind: RelationKind,
    /// The other party's name as published; empty when only its id is.
    pub name: String,
    /// The other party's id in the same list, where the publisher gives it.
    pub id: Option<String>,
    /// The share owned, as published, such as `51` or `50-75`: per cent.
    pub share: Option<String>,
}

/// One entry of a list: all that screening or an auditor can use.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ListedParty {
    /// The publisher's id, unique within the list.
    pub id: String,
    pub kind: PartyKind,
    /// Primary name first. Empty only for an entry that lists an address.
    pub names: Vec<ListedName>,
    pub addresses: Vec<Address>,
    /// Of addresses, nationality, flag; ascending, no duplicates.
    pub countries: Vec<CountryCode>,
    pub identifiers: Vec<Identifier>,
    /// Sanctions programmes, as the publisher codes them.
    pub programs: Vec<Arc<str>>,
    /// Where this entry's effect differs from its list's.
    pub effect: Option<Effect>,
    /// The entry lists an address, whoever is there.
    pub address_only: bool,
    pub licence_requirement: Option<Arc<str>>,
    pub licence_policy: Option<Arc<str>>,
    /// Legal citation of this entry, such as `89 FR 51653`.
    pub citation: String,
    /// As published, such as `1962-05-10` or `circa 1960`.
    pub birth_dates: Vec<String>,
    /// As published, in one line each.
    pub birth_places: Vec<String>,
    /// Nationality and citizenship of persons, flag of ships, state of
    /// registration of companies; each also stands in `countries`.
    pub nationalities: Vec<CountryCode>,
    /// Connections with other parties, in the publisher's order.
    pub relations: Vec<Relation>,
    pub listed: Option<Date>,
    pub removed: Option<Date>,
    /// Ids of the same party's entries in other lists, as `list-id/entry-id`.
    pub same_as: Vec<String>,
    pub remarks: String,
    pub url: Option<Arc<str>>,
}

impl ListedParty {
    /// Puts the names into the one order every reader gives: the primary name,
    /// strong aliases, strong former names, weak ones; within each as
    /// published. A text that comes twice stays with its best quality; a second
    /// primary name is a strong alias; without a primary name the first is one.
    pub fn order_names(&mut self) {
        for name in self.names.iter_mut().filter(|name| name.quality == NameQuality::Primary).skip(1) {
            name.quality = NameQuality::Strong;
        }
        self.names.sort_by_key(|name| (name.quality, name.former));
        if let Some(first) = self.names.first_mut() {
            first.quality = NameQuality::Primary;
            first.former = false;
        }
        let mut seen = FxHashSet::default();
        self.names.retain(|name| seen.insert(name.text.clone()));
    }

    /// Puts the countries into ascending order, each once; those of nationality
    /// are among them.
    pub fn order_countries(&mut self) {
        self.nationalities.sort_unstable();
        self.nationalities.dedup();
        self.countries.extend(&self.nationalities);
        self.countries.sort_unstable();
        self.countries.dedup();
    }

    /// What being listed means on a day: the entry's own effect or that of its
    /// list; after its removal no more than a reason to look.
    #[must_use]
    pub fn effect_on(&self, day: Date, list: Effect) -> Effect {
        match self.removed {
            Some(removed) if removed <= day => Effect::Advisory,
            _ => self.effect.unwrap_or(list),
        }
    }

    /// The name to show: the primary one, or the listed address.
    #[must_use]
    pub fn caption(&self) -> String {
        self.names.first().map_or_else(
            || self.addresses.first().map(Address::one_line).unwrap_or_default(),
            |name| name.text.to_string(),
        )
    }
}
