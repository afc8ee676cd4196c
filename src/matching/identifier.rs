//! The same registration, tax, ship or bank number decides, whatever the name.

use rustc_hash::FxHashMap;

use crate::trade::{CountryCode, Identifier, IdentifierKind};

/// What an identifier is compared by.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    pool: Pool,
    value: String,
}

/// Identifiers of one pool are compared with each other: papers mix up
/// registration and tax numbers, and passports with national ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Pool {
    Company,
    Person,
    Imo,
    Mmsi,
    Lei,
    Bic,
    Duns,
    Aircraft,
    Email,
}

/// Shortest number that can stand for one party: shorter ones repeat across
/// registers.
const MIN_LENGTH: usize = 5;

/// Identifiers of all list entries.
#[derive(Debug, Default)]
pub(super) struct IdentifierIndex {
    entries: FxHashMap<Key, Vec<(u32, Option<CountryCode>, String)>>,
}

impl IdentifierIndex {
    pub fn add(&mut self, entry: u32, identifier: &Identifier) {
        if let Some(key) = key(identifier) {
            self.entries.entry(key).or_default().push((entry, identifier.country, identifier.value.clone()));
        }
    }

    /// Entries with the same identifier, and how the list writes it. An
    /// issuing country given on both sides must agree.
    pub fn find(&self, identifier: &Identifier) -> impl Iterator<Item = (u32, &str)> {
        let country = identifier.country;
        key(identifier)
            .and_then(|key| self.entries.get(&key))
            .into_iter()
            .flatten()
            .filter(move |(_, listed, _)| country.is_none() || listed.is_none() || country == *listed)
            .map(|(entry, _, value)| (*entry, value.as_str()))
    }
}

fn key(identifier: &Identifier) -> Option<Key> {
    let compact: String = identifier
        .value
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let digits = || compact.chars().filter(char::is_ascii_digit).collect::<String>();
    let (pool, value) = match identifier.kind {
        IdentifierKind::Registration | IdentifierKind::Tax | IdentifierKind::Eori => (Pool::Company, compact),
        IdentifierKind::Passport | IdentifierKind::NationalId => (Pool::Person, compact),
        IdentifierKind::Imo => (Pool::Imo, digits()),
        IdentifierKind::Mmsi => (Pool::Mmsi, digits()),
        IdentifierKind::Lei => (Pool::Lei, compact),
        // The first eight characters name the bank, the rest the branch.
        IdentifierKind::Bic => (Pool::Bic, compact.chars().take(8).collect()),
        IdentifierKind::Duns => (Pool::Duns, digits()),
        IdentifierKind::Aircraft => (Pool::Aircraft, compact),
        IdentifierKind::Email => (Pool::Email, identifier.value.trim().to_lowercase()),
        IdentifierKind::CallSign
        | IdentifierKind::Phone
        | IdentifierKind::Website
        | IdentifierKind::Other => {
            return None;
        }
    };
    let telling = value.len() >= MIN_LENGTH
        && value.chars().any(|c| c.is_ascii_digit() && c != '0' || pool == Pool::Email || pool == Pool::Bic);
    telling.then_some(Key { pool, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identifier(kind: IdentifierKind, value: &str, country: Option<&str>) -> Identifier {
        Identifier { kind, value: value.into(), country: country.and_then(CountryCode::new) }
    }

    #[test]
    fn numbers_meet_however_they_are_written() {
        use IdentifierKind::{Bic, Imo, Registration, Tax};
        let mut index = IdentifierIndex::default();
        index.add(1, &identifier(Registration, "629642D", Some("MY")));
        index.add(2, &identifier(Imo, "9187667", None));
        index.add(3, &identifier(Bic, "SABRRUMM", None));
        let found = |kind, value, country| {
            index.find(&identifier(kind, value, country)).map(|(entry, _)| entry).collect::<Vec<_>>()
        };
        assert_eq!(found(Registration, "629642-D", None), [1]);
        assert_eq!(found(Tax, "629642 d", Some("MY")), [1]);
        assert_eq!(found(Registration, "629642D", Some("SG")), [0u32; 0]);
        assert_eq!(found(Imo, "IMO 9187667", None), [2]);
        assert_eq!(found(Bic, "SABRRUMMXXX", None), [3]);
        assert_eq!(found(Registration, "0000000", None), [0u32; 0]);
    }
}
