//! The past of an example: earlier shipments, each said by what differs from
//! the example itself.

use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::diagnostic::{Diagnostics, Item, Table, word};
use crate::flow::history::{History, Parameters};
use crate::trade::{LineItem, PartyRole, Shipment};

use super::example::Example;
use super::library::Library;

/// Some earlier shipments that differ only in their day.
#[derive(Clone, Debug)]
pub(super) struct PastExample {
    shipment: Shipment,
    /// Days before the example's own; of several the last.
    days_before: i64,
    times: i64,
    /// Days between one and the one before it.
    every: i64,
    /// Fields of the example that these do not have.
    without: Vec<&'static str>,
}

impl PastExample {
    /// Reads the `past` of an example; nothing where there is none.
    pub fn read_all(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Vec<Self> {
        table.tables("past", out).into_iter().map(|table| Self::read(table, out)).collect()
    }

    fn read(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Self {
        let mut number = |key: &'static str, default: Option<i64>, out: &mut Diagnostics| {
            let item = if default.is_none() { table.require(key, out) } else { table.get(key) };
            let number = item.and_then(|item| item.decimal(out)).and_then(|n| i64::try_from(n).ok());
            number.or(default).unwrap_or(0).clamp(0, 10_000)
        };
        let days_before = number("days_before", None, out);
        let (times, every) = (number("times", Some(1), out), number("every", Some(1), out));
        let mut known: Vec<&'static str> = PartyRole::ALL.into_iter().map(PartyRole::key).collect();
        known.extend(["transit", "departure", "destination", "licence"]);
        let find = |text: &str| known.iter().copied().find(|field| *field == text);
        let without = table.get("without").map(Item::one_or_many).unwrap_or_default();
        let without = without.into_iter().filter_map(|item| word(item, &known, find, out)).collect();
        let shipment = Example::read(table, out).into_shipment();
        Self { shipment, days_before, times, every, without }
    }

    /// The shipments, before a day, completed by the example's own.
    fn shipments(&self, own: &Shipment, day: Date, number: usize) -> Vec<Shipment> {
        let mut shipment = self.shipment.clone();
        let has = |field: &str| !self.without.contains(&field);
        for party in own.parties.iter().filter(|party| has(party.role.key())) {
            if self.shipment.in_role(party.role).next().is_none() {
                shipment.parties.push(party.clone());
            }
        }
        let route = &mut shipment.route;
        if route.departure.is_none() && has("departure") {
            route.departure.clone_from(&own.route.departure);
        }
        if route.destination.is_none() && has("destination") {
            route.destination.clone_from(&own.route.destination);
        }
        if route.transit.is_empty() && has("transit") {
            route.transit.clone_from(&own.route.transit);
        }
        for (item, own) in shipment.items.iter_mut().zip(&own.items) {
            complete(item, own, has("licence"));
        }
        (0..self.times)
            .map(|time| {
                let days = self.days_before + time * self.every;
                Shipment {
                    reference: format!("past-{number}-{time}"),
                    shipped: day.checked_sub(days.days()).ok(),
                    ordered: None,
                    ..shipment.clone()
                }
            })
            .collect()
    }
}

fn complete(item: &mut LineItem, own: &LineItem, licence: bool) {
    let text = |to: &mut String, from: &String| {
        if to.is_empty() {
            to.clone_from(from);
        }
    };
    text(&mut item.description, &own.description);
    text(&mut item.part_number, &own.part_number);
    text(&mut item.end_use, &own.end_use);
    if licence {
        text(&mut item.licence, &own.licence);
    }
    item.hs = item.hs.take().or_else(|| own.hs.clone());
    item.control_code = item.control_code.take().or_else(|| own.control_code.clone());
    item.quantity = item.quantity.take().or_else(|| own.quantity.clone());
    item.value = item.value.take().or_else(|| own.value.clone());
    item.net_weight_kg = item.net_weight_kg.or(own.net_weight_kg);
    item.gross_weight_kg = item.gross_weight_kg.or(own.gross_weight_kg);
    for (own, other) in [(&mut item.quantity, &own.quantity)] {
        if let (Some(own), Some(other)) = (own, other)
            && own.unit.is_empty()
        {
            own.unit.clone_from(&other.unit);
        }
    }
    if let (Some(value), Some(other)) = (&mut item.value, &own.value)
        && value.currency.is_empty()
    {
        value.currency.clone_from(&other.currency);
    }
}

/// The history that an example states; `None` where it states none.
pub(super) fn history(
    library: &Library,
    past: &[PastExample],
    own: &Shipment,
    as_of: Date,
) -> Option<History> {
    if past.is_empty() {
        return None;
    }
    let day = own.shipped.or(own.ordered).unwrap_or(as_of);
    let shipments: Vec<Shipment> =
        past.iter().enumerate().flat_map(|(number, past)| past.shipments(own, day, number)).collect();
    let parameters = Parameters::shipped();
    let priority = Arc::clone(&parameters);
    let is_priority = |code: &_| library.is_in_categories(code, &priority.priority);
    Some(History::of_shipments(&shipments, own, parameters, as_of, &is_priority))
}
