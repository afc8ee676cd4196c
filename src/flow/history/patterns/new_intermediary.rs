//! A new intermediary on an old lane.
//!
//! The party got `least_shipments` or more on this lane over `least_days` or
//! more. Either `stated_share` of them named who stood between (forwarder, broker,
//! intermediate consignee), `most_known` or fewer in all, and this one names
//! another; or none ever had an intermediate consignee or anybody between, and
//! this one has an intermediate consignee. Names alike are one. It counts.

use crate::diagnostic::{Diagnostics, Table};
use crate::trade::PartyRole;

use super::super::fact::{PastOf, PatternFact, PatternKind};
use super::super::order::date_of;
use super::super::parameters::{count, days, figure};
use super::super::record::Receipt;
use super::super::view::{View, count_distinct};
use super::{fact, with_others};

#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct NewIntermediary {
    least_shipments: usize,
    least_days: i32,
    stated_share: f64,
    most_known: usize,
}

impl NewIntermediary {
    pub fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self {
            least_shipments: count(table, "least_shipments", out),
            least_days: days(table, "least_days", out),
            stated_share: figure(table, "stated_share", out),
            most_known: count(table, "most_known", out),
        }
    }
}

pub fn find(view: &View<'_>, found: &mut Vec<PatternFact>) {
    let own = &view.parameters().new_intermediary;
    let Some(to) = view.row.to else { return };
    for party in &view.parties {
        let lane = |receipt: &&&Receipt| receipt.from == view.row.from && receipt.to == view.row.to;
        let past: Vec<&Receipt> = party.same.iter().filter(lane).copied().collect();
        let Some(first) = past.first() else { continue };
        let shipments = count_distinct(&past);
        if shipments < own.least_shipments as u64 || view.day() - first.order.day < own.least_days {
            continue;
        }
        let mut known: Vec<u64> = past.iter().flat_map(|receipt| receipt.between.iter().copied()).collect();
        known.sort_unstable();
        known.dedup();
        let stated = past.iter().filter(|receipt| !receipt.between.is_empty()).count();
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        let always = stated as f64 >= own.stated_share * past.len() as f64 && known.len() <= own.most_known;
        for member in &view.row.between {
            let hash = member.identity.hash;
            let is_consignee = view
                .shipment
                .parties
                .get(member.party)
                .is_some_and(|party| party.role == PartyRole::IntermediateConsignee);
            let alike = view.history.resolved.alike.get(&hash).map(Vec::as_slice).unwrap_or_default();
            let is_known = known.contains(&hash) || alike.iter().any(|other| known.contains(&other.party));
            let fits = (always && !known.is_empty()) || (known.is_empty() && is_consignee);
            if is_known || !fits || hash == party.member.identity.hash {
                continue;
            }
            let before = if known.is_empty() {
                "nobody stood between".to_owned()
            } else {
                let names = known.iter().filter_map(|hash| view.history.resolved.names.get(hash));
                let names: Vec<String> = names.map(|name| format!("\"{}\"", name.text)).collect();
                if names.is_empty() {
                    format!("{} others stood between", known.len())
                } else {
                    format!("it was {}", names.join(" or "))
                }
            };
            let words = format!(
                "{} stands between on the way to {} in {to} for the first time; in {shipments} shipments since {} {before}{}",
                member.name,
                party.member.name,
                date_of(first.order.day),
                with_others(&party.merged, &[]),
            );
            found.push(PatternFact {
                of: Some(PastOf::Lane),
                party: Some(member.party),
                ..fact(PatternKind::NewIntermediary, words)
            });
        }
    }
}
