//! Shipments → [`Cube`]: by the month of shipping, departure, destination,
//! first place of transit and tariff code.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::input::{Record, ShipmentReader};
use crate::trade::{CountryCode, PartyRole, Shipment};

use super::cube::{Cube, Entry, Fault};
use super::month::Month;
use super::read::ReadOptions;

/// Adds a shipment file to a cube. Lines without a month or a destination, and
/// values in another currency than most, are faults of the cube.
pub fn read_shipments(reader: ShipmentReader, file: &str, options: &ReadOptions, cube: &mut Cube) {
    let file: Arc<str> = file.into();
    let mut waiting: Vec<(Entry, u64, String)> = Vec::new();
    for record in reader {
        match record {
            Record::Fault(fault) => cube.fault(Fault {
                file: Arc::clone(&file),
                line: fault.line,
                column: String::new(),
                text: String::new(),
                reason: fault.reason,
            }),
            Record::Shipment(shipment) => take(&shipment, &file, options, cube, &mut waiting),
        }
    }
    let mut currencies: BTreeMap<&str, u64> = BTreeMap::new();
    for (entry, _, currency) in &waiting {
        if entry.value.is_some() {
            *currencies.entry(currency).or_default() += 1;
        }
    }
    let usual = currencies.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
    let usual = if cube.currency.is_empty() {
        usual.map(|(name, _)| (*name).to_owned())
    } else {
        Some(cube.currency.clone())
    };
    let usual = usual.unwrap_or_default();
    cube.currency.clone_from(&usual);
    for (mut entry, line, currency) in waiting {
        if entry.value.is_some() && currency != usual {
            entry.value = None;
            let reason =
                format!("the value is not in {}, as most are; it is left out of the sums", stated(&usual));
            cube.fault(Fault {
                file: Arc::clone(&file),
                line,
                column: String::new(),
                text: currency,
                reason,
            });
        }
        if !cube.add(&entry) {
            let reason = "the sum is too large to hold; the line is left out".to_owned();
            cube.fault(Fault {
                file: Arc::clone(&file),
                line,
                column: String::new(),
                text: String::new(),
                reason,
            });
        }
    }
}

fn stated(currency: &str) -> &str {
    if currency.is_empty() { "a currency that is not stated" } else { currency }
}

fn take(
    shipment: &Shipment,
    file: &Arc<str>,
    options: &ReadOptions,
    cube: &mut Cube,
    waiting: &mut Vec<(Entry, u64, String)>,
) {
    let first = shipment.lines.first().copied().unwrap_or_default();
    let lost = |reason: &str, cube: &mut Cube| {
        let reason = format!("{reason}; the shipment is left out of the series");
        cube.fault(Fault {
            file: Arc::clone(file),
            line: first,
            column: String::new(),
            text: shipment.reference.clone(),
            reason,
        });
    };
    let Some(month) = shipment.shipped.or(shipment.ordered).and_then(Month::of) else {
        lost("no day of shipping or ordering can be read", cube);
        return;
    };
    let of = |role: PartyRole| shipment.in_role(role).find_map(|party| party.address.country);
    let destination = shipment.route.destination.as_ref().and_then(|place| place.country);
    let Some(partner) = destination.or_else(|| of(PartyRole::EndUser)).or_else(|| of(PartyRole::Consignee))
    else {
        lost("no country of destination can be read", cube);
        return;
    };
    let departure = shipment.route.departure.as_ref().and_then(|place| place.country);
    let reporter = departure.or_else(|| of(PartyRole::Exporter));
    let via = shipment.route.transit.iter().find_map(|place| place.country);
    let mut name = |country: Option<CountryCode>| cube.name(country.as_ref().map_or("", CountryCode::as_str));
    let (reporter, partner, via) = (name(reporter), name(Some(partner)), name(via));
    for item in &shipment.items {
        // The empty code is the trade in all goods together.
        let code = match &item.hs {
            Some(code) => code.digits().get(..options.digits.max(2)).unwrap_or(code.digits()),
            None => "no code",
        };
        let code = cube.name(code);
        let (value, currency) = match &item.value {
            Some(money) => (Some(money.amount), money.currency.clone()),
            None => (None, String::new()),
        };
        let entry = Entry {
            month,
            reporter: Arc::clone(&reporter),
            partner: Arc::clone(&partner),
            via: Arc::clone(&via),
            code,
            value: value.filter(|amount| !amount.is_sign_negative()),
            quantity: item.quantity.as_ref().map(|quantity| quantity.amount).filter(positive),
            weight: item.net_weight_kg.or(item.gross_weight_kg).filter(positive),
        };
        waiting.push((entry, item.line, currency));
    }
}

fn positive(amount: &Decimal) -> bool {
    !amount.is_sign_negative()
}
