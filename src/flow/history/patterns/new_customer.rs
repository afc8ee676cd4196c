//! A new customer whose first orders are priority goods.
//!
//! The party has at most `orders - 1` shipments before this one, all within
//! `days`, every line of them priority goods, and this one brings priority goods
//! too; and the history reaches back `least_reach` days, so that an old customer
//! does not look new. No statistic: it counts.

use crate::diagnostic::{Diagnostics, Table};

use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::parameters::{count, days};
use super::super::view::View;
use super::{code, fact, with_others};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct NewCustomer {
    /// A party is new up to this shipment.
    orders: usize,
    /// Days within which the first ones lie.
    days: i32,
}

impl NewCustomer {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self { orders: count(table, "orders", out), days: days(table, "days", out) }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let (all, own) = (view.parameters(), &view.parameters().new_customer);
    if view.reach() < all.least_reach {
        return;
    }
    let Some((item, line)) = view.goods().into_iter().find(|(_, line)| view.is_priority(line.heading)) else {
        return;
    };
    for party in &view.parties {
        let young = party.first.is_none_or(|first| view.day() - first <= own.days);
        let few = usize::try_from(party.shipments).is_ok_and(|before| before < own.orders);
        if !young || !few || party.same.iter().any(|receipt| !view.is_priority(receipt.heading)) {
            continue;
        }
        let which = match party.shipments {
            0 => "the first shipment".to_owned(),
            n => format!("shipment number {} within {} days, all of them priority goods,", n + 1, own.days),
        };
        let words = format!(
            "{which} to {} brings priority goods (tariff code {}); the history reaches back {} days{}",
            party.member.name,
            code(line.heading),
            view.reach(),
            with_others(&party.merged, &[]),
        );
        found.push(PatternFact {
            of: Some(PastOf::Party),
            party: Some(party.member.party),
            item: Some(item),
            ..fact(PatternKind::NewCustomerPriority, words)
        });
    }
}
