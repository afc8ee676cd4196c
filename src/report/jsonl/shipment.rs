//! The nouns of a shipment as JSON.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::trade::{self, ControlCode, CountryCode, HsCode};

pub fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

#[derive(Serialize)]
pub struct At<'a> {
    line: u64,
    column: &'a str,
}

impl<'a> At<'a> {
    pub fn new(at: &'a trade::At) -> Self {
        Self { line: at.line, column: &at.column }
    }
}

#[derive(Serialize)]
pub struct Address<'a> {
    street: &'a str,
    city: &'a str,
    postal_code: &'a str,
    region: &'a str,
    country: Option<CountryCode>,
}

impl<'a> Address<'a> {
    pub fn new(address: &'a trade::Address) -> Self {
        Self {
            street: &address.street,
            city: &address.city,
            postal_code: &address.postal_code,
            region: &address.region,
            country: address.country,
        }
    }
}

#[derive(Serialize)]
pub struct Identifier<'a> {
    kind: &'static str,
    value: &'a str,
    country: Option<CountryCode>,
}

impl<'a> Identifier<'a> {
    pub fn new(id: &'a trade::Identifier) -> Self {
        Self { kind: id.kind.key(), value: &id.value, country: id.country }
    }
}

#[derive(Serialize)]
pub struct Party<'a> {
    role: &'static str,
    kind: &'static str,
    name: &'a str,
    address: Address<'a>,
    identifiers: Vec<Identifier<'a>>,
    founded: Option<String>,
    at: At<'a>,
}

impl<'a> Party<'a> {
    pub fn new(party: &'a trade::Party) -> Self {
        Self {
            role: party.role.key(),
            kind: party.kind.key(),
            name: &party.name,
            address: Address::new(&party.address),
            identifiers: party.identifiers.iter().map(Identifier::new).collect(),
            founded: day(party.founded),
            at: At::new(&party.at),
        }
    }
}

#[derive(Serialize)]
struct Place<'a> {
    country: Option<CountryCode>,
    text: &'a str,
    at: At<'a>,
}

impl<'a> Place<'a> {
    fn new(place: &'a trade::Place) -> Self {
        Self { country: place.country, text: &place.text, at: At::new(&place.at) }
    }
}

#[derive(Serialize)]
pub struct Route<'a> {
    departure: Option<Place<'a>>,
    transit: Vec<Place<'a>>,
    destination: Option<Place<'a>>,
}

impl<'a> Route<'a> {
    pub fn new(route: &'a trade::Route) -> Self {
        Self {
            departure: route.departure.as_ref().map(Place::new),
            transit: route.transit.iter().map(Place::new).collect(),
            destination: route.destination.as_ref().map(Place::new),
        }
    }
}

#[derive(Serialize)]
struct Quantity<'a> {
    amount: Decimal,
    unit: &'a str,
}

#[derive(Serialize)]
struct Money<'a> {
    amount: Decimal,
    currency: &'a str,
}

#[derive(Serialize)]
pub struct Item<'a> {
    line: u64,
    description: &'a str,
    part_number: &'a str,
    hs: Option<&'a HsCode>,
    control_code: Option<&'a ControlCode>,
    origin: Option<CountryCode>,
    quantity: Option<Quantity<'a>>,
    net_weight_kg: Option<Decimal>,
    gross_weight_kg: Option<Decimal>,
    value: Option<Money<'a>>,
    end_use: &'a str,
    licence: &'a str,
}

impl<'a> Item<'a> {
    pub fn new(item: &'a trade::LineItem) -> Self {
        Self {
            line: item.line,
            description: &item.description,
            part_number: &item.part_number,
            hs: item.hs.as_ref(),
            control_code: item.control_code.as_ref(),
            origin: item.origin,
            quantity: item.quantity.as_ref().map(|q| Quantity { amount: q.amount, unit: &q.unit }),
            net_weight_kg: item.net_weight_kg,
            gross_weight_kg: item.gross_weight_kg,
            value: item.value.as_ref().map(|v| Money { amount: v.amount, currency: &v.currency }),
            end_use: &item.end_use,
            licence: &item.licence,
        }
    }
}

#[derive(Serialize)]
pub struct OddCell<'a> {
    at: At<'a>,
    field: &'static str,
    text: &'a str,
    kind: &'static str,
    reason: &'a str,
}

impl<'a> OddCell<'a> {
    pub fn new(fault: &'a trade::CellFault) -> Self {
        Self {
            at: At::new(&fault.at),
            field: fault.field,
            text: &fault.text,
            kind: fault.kind.key(),
            reason: &fault.reason,
        }
    }
}
