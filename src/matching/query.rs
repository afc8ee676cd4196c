//! What is searched for: a name, how it was read, and whom it may meet.
//!
//! Knows names and kinds of parties; nothing of the index.

use crate::name::{Name, PartKind};
use crate::trade::{CountryCode, PartyKind};

/// Which kinds of listed parties a name may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KindFilter {
    Any,
    /// That kind, and entries whose list does not say.
    Only(PartyKind),
    /// Persons, organisations, and entries whose list does not say: what a
    /// consignee or a bank can be.
    Legal,
}

impl KindFilter {
    /// The filter for a declared kind; unknown may be any.
    #[must_use]
    pub fn for_kind(kind: PartyKind) -> Self {
        if kind == PartyKind::Unknown { Self::Any } else { Self::Only(kind) }
    }

    #[must_use]
    pub fn admits(self, listed: PartyKind) -> bool {
        match self {
            Self::Any => true,
            Self::Only(kind) => listed.agrees_with(kind),
            Self::Legal => !matches!(listed, PartyKind::Vessel | PartyKind::Aircraft),
        }
    }
}

/// Some countries as bits; several countries share a bit, so that two sets
/// without a common bit have no country in common, but not the other way round.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CountrySet(u32);

impl CountrySet {
    #[must_use]
    pub fn of(countries: &[CountryCode]) -> Self {
        Self(countries.iter().fold(0, |bits, country| {
            let hash = country.as_str().bytes().fold(0u32, |hash, byte| hash * 31 + u32::from(byte));
            bits | 1 << (hash % 32)
        }))
    }

    pub(super) fn bits(self) -> u32 {
        self.0
    }

    pub(super) fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// False only if no country is in both.
    #[must_use]
    pub fn may_share(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What is searched for.
#[derive(Clone, Copy, Debug)]
pub struct NameQuery<'a> {
    pub name: &'a Name,
    /// How the name was read: decides how it is weighed against entries whose
    /// list does not say what they are.
    pub kind: PartyKind,
    /// Which entries it may meet.
    pub kinds: KindFilter,
    /// Which part of its field it is.
    pub part: PartKind,
    /// Its countries, and how far an entry that may share one can lie below the
    /// cut-off, in log odds.
    pub countries: CountrySet,
    pub lift: f32,
}

impl<'a> NameQuery<'a> {
    /// A query without countries.
    #[must_use]
    pub fn new(name: &'a Name, kind: PartyKind, kinds: KindFilter, part: PartKind) -> Self {
        Self { name, kind, kinds, part, countries: CountrySet::default(), lift: 0.0 }
    }

    /// What the score of an entry with these countries must reach.
    pub(super) fn cutoff(&self, cutoff: f32, listed: CountrySet) -> f32 {
        if self.countries.may_share(listed) { cutoff - self.lift } else { cutoff }
    }
}
