//! A quantity far beyond what the buyer ever took.
//!
//! q is what the shipment brings of a tariff code in one unit; the past is what
//! each earlier shipment brought the party of the same. With at least
//! `least_shipments` of them: (ln q − median ln) / s ≥ `deviations`, s being
//! 1.4826 times the median deviation, at least `least_spread`; and
//! q ≥ `ratio` times the largest; and of all lines of that code and unit in the
//! history, whoever got them, at most `peer_share` are as large. With fewer than
//! `least_peers` lines of others to compare with, q ≥ `ratio_alone` times the
//! largest.

use rust_decimal::Decimal;

use crate::diagnostic::{Diagnostics, Table};

use super::super::fact::{PastOf, PatternFact, PatternKind, Series};
use super::super::measure::Measure;
use super::super::order::date_of;
use super::super::parameters::{count, figure};
use super::super::record::size_step;
use super::super::row::Heading;
use super::super::statistics::{median, spread};
use super::super::view::{PartyView, View};
use super::super::wanted::group;
use super::{code, fact, float, with_others};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct QuantityBeyond {
    least_shipments: usize,
    deviations: f64,
    least_spread: f64,
    ratio: f64,
    ratio_alone: f64,
    peer_share: f64,
    least_peers: usize,
}

impl QuantityBeyond {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            least_shipments: count(table, "least_shipments", out),
            deviations: figure(table, "deviations", out),
            least_spread: figure(table, "least_spread", out),
            ratio: figure(table, "ratio", out),
            ratio_alone: figure(table, "ratio_alone", out),
            peer_share: figure(table, "peer_share", out),
            least_peers: count(table, "least_peers", out),
        }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().quantity;
    for (item, line) in view.goods() {
        let Some((unit, _)) = line.quantity else { continue };
        let quantity = view.amount(unit, |other| other.heading == line.heading);
        if quantity <= Decimal::ZERO {
            continue;
        }
        for party in &view.parties {
            let past = past_quantities(party, line.heading, unit);
            if past.len() < own.least_shipments {
                continue;
            }
            let amounts: Vec<Decimal> = past.iter().map(|(_, amount)| *amount).collect();
            let largest = amounts.iter().copied().max().unwrap_or_default();
            let logs: Vec<f64> = amounts.iter().map(|amount| float(*amount).max(1e-9).ln()).collect();
            let deviations =
                (float(quantity).ln() - median(&logs)) / spread(&logs).max(own.least_spread).max(1e-9);
            let (peers, share) = as_large(view, unit, line.heading, quantity);
            let alone = peers < own.least_peers as u64;
            let ratio = if alone { own.ratio_alone } else { own.ratio };
            let beyond = deviations >= own.deviations
                && float(quantity) >= ratio * float(largest)
                && (alone || share <= own.peer_share);
            if !beyond {
                continue;
            }
            let compared = if alone {
                "too few others to compare with".to_owned()
            } else {
                format!("{:.1} per cent of {peers} lines to anybody are as large", share * 100.0)
            };
            let words = format!(
                "{} of tariff code {} to {}, which in {} shipments before took {} at most; {compared}{}",
                unit.words(quantity),
                code(line.heading),
                party.member.name,
                past.len(),
                unit.words(largest),
                with_others(&party.merged, &[]),
            );
            found.push(PatternFact {
                of: Some(PastOf::PartyGoods),
                party: Some(party.member.party),
                item: Some(item),
                series: Some(std::sync::Arc::new(series(view, party, &past, unit, quantity))),
                ..fact(PatternKind::QuantityBeyondPast, words)
            });
        }
    }
}

/// Day and quantity of each earlier shipment.
fn past_quantities(
    party: &PartyView<'_>,
    heading: Heading,
    unit: Measure,
) -> Vec<(super::super::order::Day, Decimal)> {
    let mut past: Vec<(u64, i32, Decimal)> = Vec::new();
    for receipt in party.same.iter().filter(|receipt| receipt.heading == heading) {
        let Some(amount) = receipt.amount(unit).filter(|amount| *amount > Decimal::ZERO) else { continue };
        match past.last_mut().filter(|(id, ..)| *id == receipt.order.id) {
            Some((.., sum)) => *sum += amount,
            None => past.push((receipt.order.id, receipt.order.day, amount)),
        }
    }
    past.into_iter().map(|(_, day, amount)| (day, amount)).collect()
}

/// Lines of the goods on earlier days, and the share of them that are as large:
/// to half an octave.
fn as_large(view: &View<'_>, unit: Measure, heading: Heading, quantity: Decimal) -> (u64, f64) {
    let step = size_step(quantity);
    let (mut all, mut large) = (0u64, 0u64);
    for (rest, past) in view.history.group(&group::size(unit, heading)) {
        let count = past.shipments(i32::MIN, view.day());
        all += count;
        if rest.first().is_some_and(|own| *own >= step) {
            large += count;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let share = if all == 0 { 0.0 } else { large as f64 / all as f64 };
    (all, share)
}

/// The last twenty quantities, and this one.
fn series(
    view: &View<'_>,
    party: &PartyView<'_>,
    past: &[(i32, Decimal)],
    unit: Measure,
    quantity: Decimal,
) -> Series {
    let last = past.get(past.len().saturating_sub(20)..).unwrap_or_default();
    let all = last.iter().copied().chain([(view.day(), quantity)]);
    let (labels, values): (Vec<String>, Vec<Decimal>) =
        all.map(|(day, amount)| (date_of(day).to_string(), amount)).unzip();
    Series {
        title: format!("{} in each shipment to {}", unit.unit(), party.member.name),
        labels,
        values,
        start: Some(last.len()),
    }
}
