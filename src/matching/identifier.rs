//! The same registration, tax, ship or bank number decides, whatever the name.

use crate::name;
use crate::trade::{CountryCode, Identifier, IdentifierKind};

use super::bytes::{Reader, Writer};
use super::lookup::{Lookup, hash_of};
use super::party_bytes::{load_countries, place, save_countries};
use super::texts::Texts;

/// What an identifier is compared by.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Key {
    pool: Pool,
    value: String,
}

impl Key {
    fn hash(&self) -> u32 {
        hash_of(name::Key::of(&self.value).and(self.pool as u8))
    }
}

/// Identifiers of one pool are compared with each other: papers mix up
/// registration and tax numbers, and passports with national ids.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
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
    /// By number, in the order they were added.
    entries: Vec<u32>,
    kinds: Vec<IdentifierKind>,
    countries: Vec<Option<CountryCode>>,
    values: Texts,
    /// Hashes of what they are compared by, until `finish`.
    added: Vec<(u32, u32)>,
    by_key: Lookup,
}

impl IdentifierIndex {
    /// Adds an identifier that can stand for a party.
    pub fn add(&mut self, entry: u32, identifier: &Identifier) {
        if let Some(key) = key(identifier) {
            let number = self.values.add([identifier.value.as_str()]);
            self.entries.push(entry);
            self.kinds.push(identifier.kind);
            self.countries.push(identifier.country);
            self.added.push((key.hash(), number));
        }
    }

    /// Makes the index ready for searching. Call once, after the last `add`.
    pub fn finish(&mut self) {
        self.by_key = Lookup::of(std::mem::take(&mut self.added));
        self.values.shrink();
    }

    /// Entries with the same identifier, and how the list writes it. An
    /// issuing country given on both sides must agree.
    pub fn find(&self, identifier: &Identifier) -> impl Iterator<Item = (u32, &str)> {
        let country = identifier.country;
        let key = key(identifier);
        let numbers = key.as_ref().map(|key| self.by_key.get(key.hash())).unwrap_or_default();
        numbers.iter().filter_map(move |&number| {
            let listed = self.identifier(number as usize)?;
            let agrees = country.is_none() || listed.country.is_none() || country == listed.country;
            let entry = *self.entries.get(number as usize)?;
            (agrees && self::key(&listed) == key).then(|| (entry, self.values.get(number as usize)))
        })
    }

    fn identifier(&self, number: usize) -> Option<Identifier> {
        Some(Identifier {
            kind: *self.kinds.get(number)?,
            value: self.values.get(number).to_owned(),
            country: *self.countries.get(number)?,
        })
    }

    pub fn save(&self, out: &mut Writer) {
        out.u32s(self.entries.iter().copied());
        out.bytes(self.kinds.iter().map(|kind| place(&IdentifierKind::ALL, *kind)));
        save_countries(&self.countries, out);
        self.values.save(out);
        self.by_key.save(out);
    }

    pub fn load(reader: &mut Reader<'_>) -> Option<Self> {
        let entries = reader.u32s()?;
        let kind = |byte: &u8| IdentifierKind::ALL.get(usize::from(*byte)).copied();
        let kinds = reader.block()?.iter().map(kind).collect::<Option<Vec<_>>>()?;
        let countries = load_countries(reader)?;
        let (values, by_key) = (Texts::load(reader)?, Lookup::load(reader, entries.len())?);
        let count = entries.len();
        let fits = kinds.len() == count && countries.len() == count && values.len() == count;
        fits.then_some(Self { entries, kinds, countries, values, added: Vec::new(), by_key })
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
        index.finish();
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
