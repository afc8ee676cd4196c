//! Addresses that meet a listed address, whoever is there.

use crate::name::{Lexicon, Name, PartKind};
use crate::trade::{Address, CountryCode, PartyKind};

use super::breakdown::ScoreBreakdown;
use super::evidence::{ListedTraits, probability};
use super::index::{Candidate, NameIndex};
use super::query::{CountrySet, KindFilter, NameQuery};

/// Likeness from which an address counts as the same house and floor.
const SAME_ADDRESS: f32 = 0.82;

/// Street addresses of all list entries.
#[derive(Debug)]
pub(super) struct AddressIndex {
    index: NameIndex,
    /// By number of the address in the index: country and text.
    addresses: Vec<(Option<CountryCode>, String)>,
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
        Self { index: NameIndex::of_addresses(), addresses: Vec::new() }
    }
}

impl AddressIndex {
    /// Adds an address if it names a house; a city alone says nothing.
    pub fn add(&mut self, lexicon: &Lexicon, entry: u32, address: &Address) {
        let name = Name::parse_address(lexicon, &street_text(address));
        if name.names_a_house() && !address.street.is_empty() {
            self.index.add_parsed(
                entry,
                &name,
                PartyKind::Unknown,
                CountrySet::default(),
                ListedTraits::default(),
            );
            self.addresses.push((address.country, address.one_line()));
        }
    }

    pub fn finish(&mut self) {
        self.index.finish();
    }

    /// The entries at the same address, best first, each once. A country given
    /// on both sides must agree.
    pub fn find(&self, lexicon: &Lexicon, address: &Address) -> Vec<AddressHit> {
        if self.addresses.is_empty() || address.street.is_empty() {
            return Vec::new();
        }
        let name = Name::parse_address(lexicon, &street_text(address));
        if !name.names_a_house() {
            return Vec::new();
        }
        let mut hits: Vec<AddressHit> = Vec::new();
        let query = NameQuery::new(&name, PartyKind::Unknown, KindFilter::Any, PartKind::Whole);
        for candidate in self.index.search(lexicon, query, SAME_ADDRESS) {
            let Some((country, listed)) = self.addresses.get(candidate.name as usize) else { continue };
            let Candidate { entry, log_odds, .. } = candidate;
            let score = probability(log_odds);
            let elsewhere = country.is_some() && address.country.is_some() && *country != address.country;
            if elsewhere || hits.iter().any(|hit| hit.entry == entry) {
                continue;
            }
            let breakdown = ScoreBreakdown {
                query: address.one_line(),
                part: "the address".to_owned(),
                listed: listed.clone(),
                tokens: self.index.explain(lexicon, query, candidate).map(|e| e.tokens).unwrap_or_default(),
                score: f64::from(score),
                ..ScoreBreakdown::default()
            };
            hits.push(AddressHit { entry, score, listed: listed.clone(), breakdown });
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
        index.add(
            lexicon,
            7,
            &address("Unit 04, 7/F Bright Way Tower, No. 33 Mong Kok Road, Kowloon", "Hong Kong", "HK"),
        );
        index.add(lexicon, 8, &address("", "Hong Kong", "HK"));
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
