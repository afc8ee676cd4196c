//! `party`: one party meets all that is stated.

use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Item};
use crate::trade::{Party as Declared, PartyRole};

use super::super::finding::{Evidence, Subject};
use super::super::scene::{Field, Scene};
use super::super::terms::TermHits;
use super::country::Countries;
use super::{Condition, Refs, or, references, role_words, roles, sentence, words_of};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lack {
    Name,
    Address,
    Country,
}

impl Lack {
    const WORDS: [&'static str; 3] = ["name", "address", "country"];

    fn from_key(key: &str) -> Option<Self> {
        [Self::Name, Self::Address, Self::Country].into_iter().find(|lack| lack.key() == key)
    }

    const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    fn holds(self, party: &Declared) -> bool {
        match self {
            Self::Name => party.name.trim().is_empty(),
            Self::Address => party.address.street.is_empty() && party.address.city.is_empty(),
            Self::Country => party.address.country.is_none(),
        }
    }
}

/// (number of the list, its id)
type TermRefs = Vec<(usize, String)>;

#[derive(Debug)]
struct Party {
    roles: Vec<PartyRole>,
    countries: Option<Countries>,
    name_terms: TermRefs,
    address_terms: TermRefs,
    lacks: Vec<Lack>,
    founded_from: Option<Date>,
}

pub(super) fn parse(
    item: Item<'_, '_>,
    refs: &Refs<'_>,
    out: &mut Diagnostics,
) -> Option<Box<dyn Condition>> {
    let mut table = item.table(out)?;
    let known: Vec<&str> = refs.terms.lists.iter().map(|list| &*list.id).collect();
    let resolve = |id: &str| refs.terms.number(id).map(|number| (number, id.to_owned()));
    let condition = Party {
        roles: roles(&mut table, out),
        countries: Countries::read(&mut table, refs, out),
        name_terms: references(&mut table, "name_terms", "list of terms", &known, resolve, out),
        address_terms: references(&mut table, "address_terms", "list of terms", &known, resolve, out),
        lacks: words_of(&mut table, "lacks", &Lack::WORDS, Lack::from_key, out),
        founded_from: table.opt_date("founded_from", out),
    };
    table.finish(out);
    Some(Box::new(condition))
}

fn has(terms: &TermRefs, hits: Option<&TermHits>) -> bool {
    terms.is_empty()
        || hits
            .is_some_and(|hits| hits.hits.iter().any(|(list, _)| terms.iter().any(|(term, _)| term == list)))
}

impl Party {
    /// Why the party fits, in words; `None` if it does not.
    fn why(&self, scene: &Scene<'_>, number: usize, party: &Declared) -> Option<String> {
        if !self.roles.is_empty() && !self.roles.contains(&party.role) {
            return None;
        }
        let mut why = String::new();
        if let Some(countries) = &self.countries {
            let country = party.address.country?;
            why.push_str(&format!(" is in {country}{}", countries.fits(country)?));
        }
        let mut add = |words: String| {
            why.push_str(if why.is_empty() { " " } else { ", and " });
            why.push_str(&words);
        };
        if !self.name_terms.is_empty() {
            if !has(&self.name_terms, scene.in_party(Field::PartyName, number)) {
                return None;
            }
            add(format!(
                "carries a word of {} in its name",
                or(self.name_terms.iter().map(|(_, id)| id.clone()))
            ));
        }
        if !self.address_terms.is_empty() {
            if !has(&self.address_terms, scene.in_party(Field::PartyAddress, number)) {
                return None;
            }
            add(format!(
                "has a word of {} in its address ({})",
                or(self.address_terms.iter().map(|(_, id)| id.clone())),
                party.address.one_line()
            ));
        }
        if !self.lacks.is_empty() {
            let lacks: Vec<String> = self
                .lacks
                .iter()
                .filter(|lack| lack.holds(party))
                .map(|lack| lack.key().to_owned())
                .collect();
            if lacks.len() < self.lacks.len() {
                return None;
            }
            add(format!("has no {}", lacks.join(" and no ")));
        }
        if let Some(from) = self.founded_from {
            let founded = party.founded.filter(|founded| *founded >= from)?;
            add(format!("was founded on {founded}, after {from}"));
        }
        Some(if why.is_empty() { " is named".to_owned() } else { why })
    }
}

impl Condition for Party {
    fn holds(&self, scene: &Scene<'_>, _: Option<usize>, evidence: &mut Vec<Evidence>) -> bool {
        let before = evidence.len();
        for (number, party) in scene.parties() {
            if let Some(why) = self.why(scene, number, party) {
                evidence.push(Evidence {
                    subject: Subject::Party(number),
                    at: Some(party.at.clone()),
                    hit: None,
                    series: None,
                    words: format!("{} \"{}\"{why}", sentence(&party.role.label()), party.name),
                });
            }
        }
        evidence.len() > before
    }

    fn words(&self) -> String {
        let mut words = role_words(&self.roles);
        if let Some(countries) = &self.countries {
            words.push_str(&format!(", in a country {}", countries.words()));
        }
        if !self.name_terms.is_empty() {
            words.push_str(&format!(
                ", with a word of {} in its name",
                or(self.name_terms.iter().map(|t| t.1.clone()))
            ));
        }
        if !self.address_terms.is_empty() {
            let ids = or(self.address_terms.iter().map(|t| t.1.clone()));
            words.push_str(&format!(", with a word of {ids} in its address"));
        }
        if !self.lacks.is_empty() {
            words.push_str(&format!(", without {}", or(self.lacks.iter().map(|l| l.key().to_owned()))));
        }
        if let Some(from) = self.founded_from {
            words.push_str(&format!(", founded on or after {from}"));
        }
        words
    }
}
