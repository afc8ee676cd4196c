//! A company founded a short while ago begins with a large order.
//!
//! The file states the day of foundation, `days` or less before this shipment;
//! the party got nothing before, under any of its names; and a line's value is
//! among the largest `top_share` of all lines of its tariff code and currency in
//! the history, which are `least_peers` or more.

use crate::diagnostic::{Diagnostics, Table};

use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::order::day_number;
use super::super::parameters::{count, days, figure};
use super::super::record::size_step;
use super::super::view::View;
use super::super::wanted::group;
use super::{code, fact};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct YoungCompany {
    days: i32,
    top_share: f64,
    least_peers: usize,
}

impl YoungCompany {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            days: days(table, "days", out),
            top_share: figure(table, "top_share", out),
            least_peers: count(table, "least_peers", out),
        }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().young_company;
    if view.reach() < view.parameters().least_reach {
        return;
    }
    for party in view.parties.iter().filter(|party| party.shipments == 0) {
        let declared = view.shipment.parties.get(party.member.party);
        let Some(founded) = declared.and_then(|party| party.founded) else { continue };
        let age = view.day() - day_number(founded);
        if !(0..=own.days).contains(&age) {
            continue;
        }
        for (item, line) in view.goods() {
            let Some((currency, value)) = line.value else { continue };
            let step = size_step(value);
            let (mut all, mut large) = (0u64, 0u64);
            for (rest, past) in view.history.group(&group::size(currency, line.heading)) {
                let count = past.shipments(i32::MIN, view.day());
                all += count;
                if rest.first().is_some_and(|other| *other >= step) {
                    large += count;
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "a share")]
            let share = large as f64 / all.max(1) as f64;
            if all < own.least_peers as u64 || share > own.top_share {
                continue;
            }
            let words = format!(
                "{} was founded on {founded}, {age} days before, and begins with {} of tariff code {}; {:.0} per cent \
                 of {all} lines in the history are as large",
                party.member.name,
                currency.words(value),
                code(line.heading),
                share * 100.0,
            );
            found.push(PatternFact {
                of: Some(PastOf::Party),
                party: Some(party.member.party),
                item: Some(item),
                ..fact(PatternKind::YoungCompany, words)
            });
        }
    }
}
