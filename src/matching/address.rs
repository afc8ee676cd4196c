//! Addresses that meet a listed address, whoever is there.

use crate::name::{Lexicon, Name, PartKind};
use crate::trade::{Address, CountryCode, PartyKind};

use super::breakdown::ScoreBreakdown;
use super::bytes::{Reader, Writer};
use super::evidence::{ListedTraits, probability};
use super::index::{Candidate, NameIndex};
use super::party_bytes::{load_countries, save_countries};
use super::query::{CountrySet, KindFilter, NameQuery};
use super::texts::Texts;

/// Likeness from which an address counts as the same house and floor.
const SAME_ADDRESS: f32 = 0.82;

/// Street addresses of all list entries.
#[derive(Debug)]
pub(super) struct AddressIndex {
    index: NameIndex,
    /// By number of the address in the index.
    countries: Vec<Option<CountryCode>>,
    lines: Texts,
}

/// A party's address met a listed one.
pub(super) struct AddressHit {
    pub entry: u32,
    pub score: f32,
    pub listed: String,
    pub breakdown: ScoreBreakdown,
}

fn street_text(address: &Address) -> String {
    format!("{} {}", address.street, address.city)
}

impl Default for AddressIndex {
    fn default() -> Self {
        Self { index: NameIndex::of_addresses(), countries: Vec::new(), lines: Texts::default() }
    }
}

impl AddressIndex {
    /// The words of an address if it names a house; a city alone says nothing.
    pub fn parse(lexicon: &Lexicon, address: &Address) -> Option<Name> {
        let name = Name::parse_address(lexicon, &street_text(address));
        (name.names_a_house() && !address.street.is_empty()).then_some(name)
    }

    /// Adds an address of these words.
    pub fn add(&mut self, entry: u32, address: &Address, name: &Name) {
        let (kind, countries) = (PartyKind::Unknown, CountrySet::default());
        self.index.add_parsed(entry, name, kind, countries, ListedTraits::default());
        self.countries.push(address.country);
        self.lines.add([address.one_line().as_str()]);
    }

    pub fn finish(&mut self) {
        self.index.finish();
        self.lines.shrink();
    }

    pub fn save_words(&self, out: &mut Writer) {
        self.index.save_words(out);
    }

    /// All but the words.
    pub fn save(&self, out: &mut Writer) {
        self.index.save_names(out);
        save_countries(&self.countries, out);
        self.lines.save(out);
    }

    /// Reads an index whose addresses are of entries below `entries`.
    pub fn load(words: Reader<'_>, reader: &mut Reader<'_>, entries: usize) -> Option<Self> {
        let index = NameIndex::load(words, reader, entries)?;
        let (countries, lines) = (load_countries(reader)?, Texts::load(reader)?);
        let fits = countries.len() == index.len() && lines.len() == index.len();
        fits.then_some(Self { index, countries, lines })
    }

    /// The entries at the same address, best first, each once. A country given
    /// on both sides must agree.
    pub fn find(&self, lexicon: &Lexicon, address: &Address) -> Vec<AddressHit> {
        if self.index.is_empty() {
            return Vec::new();
        }
        let Some(name) = Self::parse(lexicon, address) else { return Vec::new() };
        let mut hits: Vec<AddressHit> = Vec::new();
        let query = NameQuery::new(&name, PartyKind::Unknown, KindFilter::Any, PartKind::Whole);
        for candidate in self.index.search(lexicon, query, SAME_ADDRESS) {
            let Some(country) = self.countries.get(candidate.name as usize) else { continue };
            let listed = self.lines.get(candidate.name as usize);
            let Candidate { entry, log_odds, .. } = candidate;
            let score = probability(log_odds);
            let elsewhere = country.is_some() && address.country.is_some() && *country != address.country;
            if elsewhere || hits.iter().any(|hit| hit.entry == entry) {
                continue;
            }
            let breakdown = ScoreBreakdown {
                query: address.one_line(),
                part: "the address".to_owned(),
                listed: listed.to_owned(),
                tokens: self.index.explain(lexicon, query, candidate).map(|e| e.tokens).unwrap_or_default(),
                score: f64::from(score),
                ..ScoreBreakdown::default()
            };
            hits.push(AddressHit { entry, score, listed: listed.to_owned(), breakdown });
        }
        hits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(street: &str, city: &str, country: &str) -> Address {
        Address {
            street: street.into(),
            city: city.into(),
            country: CountryCode::new(country),
            ..Address::default()
        }
    }

    #[test]
    fn one_house_in_two_spellings_meets_and_the_house_next_door_does_not() {
        let lexicon = Lexicon::shipped();
        let mut index = AddressIndex::default();
        let tower =
            address("Unit 04, 7/F Bright Way Tower, No. 33 Mong Kok Road, Kowloon", "Hong Kong", "HK");
        for (entry, address) in [(7, tower), (8, address("", "Hong Kong", "HK"))] {
            if let Some(name) = AddressIndex::parse(lexicon, &address) {
                index.add(entry, &address, &name);
            }
        }
        index.finish();
        let entries = |street: &str, country: &str| {
            index
                .find(lexicon, &address(street, "Hong Kong", country))
                .iter()
                .map(|hit| hit.entry)
                .collect::<Vec<_>>()
        };
        assert_eq!(entries("UNIT 04 7/F BRIGHT WAY TOWER 33 MONGKOK RD KOWLOON", "HK"), [7]);
        assert_eq!(entries("Unit 04, 7th Fl., Brightway Tower, 33 Mong Kok Rd.", "HK"), [7]);
        assert_eq!(entries("Unit 12, 9/F Bright Way Tower, 35 Nathan Road", "HK"), [0u32; 0]);
        assert_eq!(entries("Unit 04, 7/F Bright Way Tower, No. 33 Mong Kok Road", "SG"), [0u32; 0]);
    }
}
