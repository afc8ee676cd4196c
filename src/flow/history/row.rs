//! A shipment as the history sees it: who, what, where, how much, by keys.

use std::sync::Arc;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::name::fold_text;
use crate::trade::{CountryCode, HsCode, LineItem, Party, PartyRole, Place, Shipment};

use super::identity::{Contact, Identities, Identity, contacts, hash_parts};
use super::measure::Measure;
use super::order::{Order, day_number};

/// Roles of those who get the goods: they have a past as parties.
pub const RECEIVERS: [PartyRole; 5] = [
    PartyRole::Buyer,
    PartyRole::Consignee,
    PartyRole::IntermediateConsignee,
    PartyRole::EndUser,
    PartyRole::Importer,
];
/// Roles of those who stand between seller and receiver.
pub const BETWEEN: [PartyRole; 3] =
    [PartyRole::IntermediateConsignee, PartyRole::Forwarder, PartyRole::Broker];

/// A tariff code of four to six digits as a number; 0 for none. Codes of
/// different lengths never meet.
pub type Heading = u32;

/// The number of a tariff code's international part.
#[must_use]
pub fn heading(code: &HsCode) -> Heading {
    let digits = code.international();
    let length = u32::try_from(digits.len()).unwrap_or(6);
    length * 1_000_000 + digits.parse::<u32>().unwrap_or(0)
}

/// The digits of a heading: `854231`; empty for none.
#[must_use]
pub fn heading_digits(heading: Heading) -> String {
    let length = (heading / 1_000_000) as usize;
    if length == 0 { String::new() } else { format!("{:0length$}", heading % 1_000_000) }
}

/// The first four digits of a heading, by which goods of one kind are told.
#[must_use]
pub fn four_digits(heading: Heading) -> u32 {
    let rest = heading % 1_000_000;
    match heading / 1_000_000 {
        5 => rest / 10,
        6 => rest / 100,
        _ => rest,
    }
}

/// One who takes part, by key.
#[derive(Clone, Debug)]
pub struct Member {
    /// Index into the shipment's parties.
    pub party: usize,
    pub name: Arc<str>,
    pub country: Option<CountryCode>,
    pub identity: Arc<Identity>,
    pub contacts: Vec<Contact>,
}

/// One line of goods, by key.
#[derive(Clone, Debug)]
pub struct Line {
    pub heading: Heading,
    pub value: Option<(Measure, Decimal)>,
    pub quantity: Option<(Measure, Decimal)>,
    pub weight: Option<Decimal>,
    /// Of the seller and the part number, or else the description; 0 when
    /// neither tells.
    pub product: u64,
    /// Letters and digits of the licence or exception, in capitals.
    pub licence: Box<str>,
}

/// A shipment, by key.
#[derive(Clone, Debug)]
pub struct Row {
    /// `None` when it has no date: it is nobody's past.
    pub order: Option<Order>,
    pub id: u64,
    pub receivers: Vec<Member>,
    pub between: Vec<Member>,
    /// Of the seller, or else the exporter; 0 for none.
    pub seller: u64,
    pub from: Option<CountryCode>,
    pub to: Option<CountryCode>,
    pub transit: Vec<CountryCode>,
    /// One for each line of the shipment.
    pub lines: Vec<Line>,
}

impl Row {
    #[must_use]
    pub fn of(shipment: &Shipment, identities: &Identities) -> Self {
        let id = content_hash(shipment);
        let day = shipment.shipped.or(shipment.ordered).map(day_number);
        let members = |roles: &[PartyRole]| -> Vec<Member> {
            let parties = shipment.parties.iter().enumerate();
            parties
                .filter(|(_, party)| roles.contains(&party.role))
                .filter_map(|(index, party)| member(index, party, identities))
                .collect()
        };
        let by_role = |role: PartyRole| shipment.in_role(role).next();
        let seller = by_role(PartyRole::Seller)
            .or_else(|| by_role(PartyRole::Exporter))
            .and_then(|party| identities.of(&party.name, party.address.country))
            .map_or(0, |identity| identity.hash);
        let (from, to) = lane(shipment);
        let mut transit: Vec<CountryCode> =
            shipment.route.transit.iter().filter_map(|place| place.country).collect();
        transit.sort_unstable();
        transit.dedup();
        Self {
            order: day.map(|day| Order::new(day, &shipment.reference, id)),
            id,
            receivers: members(&RECEIVERS),
            between: members(&BETWEEN),
            seller,
            from,
            to,
            transit,
            lines: shipment.items.iter().map(|item| line(item, seller)).collect(),
        }
    }
}

fn member(index: usize, party: &Party, identities: &Identities) -> Option<Member> {
    let identity = identities.of(&party.name, party.address.country)?;
    Some(Member {
        party: index,
        name: Arc::clone(&party.name),
        country: party.address.country,
        identity,
        contacts: contacts(identities.lexicon(), &party.address, &party.identifiers),
    })
}

fn line(item: &LineItem, seller: u64) -> Line {
    Line {
        heading: item.hs.as_ref().map_or(0, heading),
        value: item.value.as_ref().map(|value| (Measure::money(&value.currency), value.amount)),
        quantity: item.quantity.as_ref().map(|quantity| (Measure::quantity(&quantity.unit), quantity.amount)),
        weight: item.net_weight_kg.or(item.gross_weight_kg),
        product: product(item, seller),
        licence: item
            .licence
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(24)
            .map(|c| c.to_ascii_uppercase())
            .collect::<String>()
            .into(),
    }
}

/// Fewest letters and digits of a part number, and of a description, that name
/// a product.
const SHORTEST_PART_NUMBER: usize = 4;
const SHORTEST_DESCRIPTION: usize = 10;

fn product(item: &LineItem, seller: u64) -> u64 {
    let part: String =
        item.part_number.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    if part.len() >= SHORTEST_PART_NUMBER && part.chars().any(|c| c.is_ascii_digit()) {
        return hash_parts([&seller.to_be_bytes()[..], b"part", part.as_bytes()]);
    }
    let words = fold_text(&item.description);
    if words.len() >= SHORTEST_DESCRIPTION && words.contains(' ') {
        return hash_parts([&seller.to_be_bytes()[..], b"words", words.as_bytes()]);
    }
    0
}

/// Country of departure, else of the exporter or seller; and of destination,
/// else of the end user, consignee or buyer.
#[must_use]
pub fn lane(shipment: &Shipment) -> (Option<CountryCode>, Option<CountryCode>) {
    let of_place = |place: &Option<Place>| place.as_ref().and_then(|place| place.country);
    let of_roles = |roles: &[PartyRole]| {
        roles.iter().find_map(|role| shipment.in_role(*role).find_map(|party| party.address.country))
    };
    (
        of_place(&shipment.route.departure).or_else(|| of_roles(&[PartyRole::Exporter, PartyRole::Seller])),
        of_place(&shipment.route.destination)
            .or_else(|| of_roles(&[PartyRole::EndUser, PartyRole::Consignee, PartyRole::Buyer])),
    )
}

/// Feeds texts to a hash, each with its length.
struct Feed(Sha256);

impl Feed {
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    fn country(&mut self, country: Option<CountryCode>) {
        self.text(country.as_ref().map_or("", CountryCode::as_str));
    }

    fn decimal(&mut self, decimal: Option<Decimal>) {
        let Some(decimal) = decimal else { return self.text("") };
        let decimal = decimal.normalize();
        self.0.update(decimal.mantissa().to_le_bytes());
        self.0.update(decimal.scale().to_le_bytes());
    }

    fn place(&mut self, place: &Place) {
        self.country(place.country);
        self.text(&place.text);
    }

    fn finish(self) -> u64 {
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(self.0.finalize()) {
            *to = from;
        }
        u64::from_be_bytes(first)
    }
}

/// A hash of everything that a shipment says; not of the file, the lines and
/// the columns that it stands in.
#[must_use]
pub fn content_hash(shipment: &Shipment) -> u64 {
    let mut feed = Feed(Sha256::new());
    feed.text(&shipment.reference);
    for day in [shipment.shipped, shipment.ordered] {
        feed.0.update(day.map_or(i32::MIN, day_number).to_le_bytes());
    }
    feed.text(&shipment.transport);
    feed.text(&shipment.incoterm);
    for place in [&shipment.route.departure, &shipment.route.destination] {
        match place {
            Some(place) => feed.place(place),
            None => feed.text("-"),
        }
    }
    feed.0.update((shipment.route.transit.len() as u64).to_le_bytes());
    for place in &shipment.route.transit {
        feed.place(place);
    }
    // Files put their columns in any order.
    let mut parties: Vec<u64> = shipment.parties.iter().map(party_hash).collect();
    parties.sort_unstable();
    feed.0.update((parties.len() as u64).to_le_bytes());
    for party in parties {
        feed.0.update(party.to_le_bytes());
    }
    for item in &shipment.items {
        for text in [&item.description, &item.part_number, &item.end_use, &item.licence] {
            feed.text(text);
        }
        feed.text(item.hs.as_ref().map_or("", HsCode::digits));
        feed.text(item.control_code.as_ref().map_or("", |code| code.as_str()));
        feed.country(item.origin);
        feed.decimal(item.quantity.as_ref().map(|quantity| quantity.amount));
        feed.text(item.quantity.as_ref().map_or("", |quantity| quantity.unit.as_str()));
        feed.decimal(item.net_weight_kg);
        feed.decimal(item.gross_weight_kg);
        feed.decimal(item.us_content_percent);
        feed.decimal(item.value.as_ref().map(|value| value.amount));
        feed.text(item.value.as_ref().map_or("", |value| value.currency.as_str()));
    }
    feed.finish()
}

fn party_hash(party: &Party) -> u64 {
    let mut feed = Feed(Sha256::new());
    feed.text(party.role.key());
    feed.text(party.kind.key());
    feed.text(&party.name);
    let address = &party.address;
    for part in [&address.street, &address.city, &address.postal_code, &address.region] {
        feed.text(part);
    }
    feed.country(address.country);
    feed.0.update(party.founded.map_or(i32::MIN, day_number).to_le_bytes());
    for identifier in &party.identifiers {
        feed.text(identifier.kind.key());
        feed.text(&identifier.value);
    }
    feed.finish()
}
