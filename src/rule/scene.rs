//! The facts of one shipment while its rules are tried: texts are searched
//! once, however many rules ask.

use std::cell::OnceCell;

use crate::trade::{LineItem, Party};

use super::facts::Facts;
use super::terms::{TermHits, Terms};

/// A text of the shipment that words can stand in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Field {
    Description,
    EndUse,
    PartNumber,
    PartyName,
    PartyAddress,
    PartyEmail,
}

impl Field {
    pub const ALL: [Self; 6] = [
        Self::Description,
        Self::EndUse,
        Self::PartNumber,
        Self::PartyName,
        Self::PartyAddress,
        Self::PartyEmail,
    ];
    pub const WORDS: [&'static str; 6] =
        ["description", "end-use", "part-number", "party-name", "party-address", "party-email"];

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| Self::WORDS[*field as usize] == key)
    }

    pub const fn key(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// Whether the text belongs to a line of goods.
    pub const fn is_goods(self) -> bool {
        matches!(self, Self::Description | Self::EndUse | Self::PartNumber)
    }
}

/// One shipment with what was looked up so far.
pub(super) struct Scene<'a> {
    pub facts: &'a Facts<'a>,
    terms: &'a Terms,
    /// Three texts a line of goods.
    items: Vec<OnceCell<TermHits>>,
    /// Three texts a party.
    parties: Vec<OnceCell<TermHits>>,
}

impl<'a> Scene<'a> {
    pub fn new(facts: &'a Facts<'a>, terms: &'a Terms) -> Self {
        Self {
            facts,
            terms,
            items: vec![OnceCell::new(); facts.shipment.items.len() * 3],
            parties: vec![OnceCell::new(); facts.shipment.parties.len() * 3],
        }
    }

    pub fn item(&self, item: usize) -> Option<&'a LineItem> {
        self.facts.shipment.items.get(item)
    }

    pub fn parties(&self) -> impl Iterator<Item = (usize, &'a Party)> {
        self.facts.shipment.parties.iter().enumerate()
    }

    /// The words of all lists that stand in a text of a line.
    pub fn in_item(&self, field: Field, item: usize) -> Option<&TermHits> {
        let line = self.item(item)?;
        let (offset, text) = match field {
            Field::Description => (0, &line.description),
            Field::EndUse => (1, &line.end_use),
            Field::PartNumber => (2, &line.part_number),
            _ => return None,
        };
        Some(self.items.get(item * 3 + offset)?.get_or_init(|| self.terms.find(text)))
    }

    /// The words of all lists that stand in a text of a party.
    pub fn in_party(&self, field: Field, party: usize) -> Option<&TermHits> {
        let declared = self.facts.shipment.parties.get(party)?;
        let offset = match field {
            Field::PartyName => 0,
            Field::PartyAddress => 1,
            Field::PartyEmail => 2,
            _ => return None,
        };
        Some(self.parties.get(party * 3 + offset)?.get_or_init(|| match field {
            Field::PartyName => self.terms.find(&declared.name),
            Field::PartyAddress => {
                let address = &declared.address;
                self.terms.find(&format!("{} {} {}", address.street, address.city, address.region))
            }
            _ => self.terms.find(&emails(declared)),
        }))
    }
}

/// The mail addresses of a party, one after another.
pub(super) fn emails(party: &Party) -> String {
    party
        .identifiers
        .iter()
        .filter(|identifier| identifier.kind == crate::trade::IdentifierKind::Email)
        .map(|identifier| identifier.value.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
