//! The plain facts: first, since when, how often, how much within some days.

use rust_decimal::Decimal;

use super::days::DayPast;
use super::fact::{PastFact, PastOf, WindowSum};
use super::order::{Day, date_of};
use super::record::Receipt;
use super::row::Line;
use super::view::{PartyView, View, count_distinct, measures};
use super::wanted::group;

/// Every plain fact of a shipment.
pub fn facts(view: &View<'_>) -> Vec<PastFact> {
    let mut facts = Vec::new();
    let goods = view.goods();
    for party in &view.parties {
        let lines: Vec<&Line> = view.row.lines.iter().collect();
        facts.push(of_party(view, party, PastOf::Party, None, &lines, &|_| true));
        for (item, line) in &goods {
            let heading = line.heading;
            let own = &|receipt: &Receipt| receipt.heading == heading;
            facts.push(of_party(view, party, PastOf::PartyGoods, Some(*item), &[line], own));
            if view.is_priority(heading) {
                let priority = &|receipt: &Receipt| view.is_priority(receipt.heading);
                facts.push(of_party(view, party, PastOf::PartyPriority, Some(*item), &[line], priority));
            }
        }
    }
    let (from, to) = (view.row.from, view.row.to);
    if from.is_some() && to.is_some() {
        let lane = group::lane(from, to);
        let lines: Vec<&Line> = view.row.lines.iter().collect();
        facts.push(of_days(view, view.history.sums(&lane), PastOf::Lane, None, &lines));
        for (item, line) in &goods {
            let key = group::lane_goods(from, to, line.heading);
            facts.push(of_days(view, view.history.sums(&key), PastOf::LaneGoods, Some(*item), &[line]));
            if view.is_priority(line.heading) {
                let past = view.history.lane_priority.get(lane.as_slice());
                facts.push(of_days(view, past, PastOf::LanePriority, Some(*item), &[line]));
            }
        }
    }
    for (item, line) in &goods {
        let past = view.history.sums(&group::goods(line.heading));
        facts.push(of_days(view, past, PastOf::Goods, Some(*item), &[line]));
    }
    facts
}

fn fact(view: &View<'_>, of: PastOf, item: Option<usize>, first: Option<Day>, shipments: u64) -> PastFact {
    PastFact {
        of,
        party: None,
        item,
        first_seen: first.map(date_of),
        days_since_first: first.map(|first| view.day() - first),
        shipments,
        reach_days: view.reach(),
        reaches: view.reach() >= view.parameters().least_reach,
        sums: Vec::new(),
        merged: Vec::new(),
    }
}

fn of_party(
    view: &View<'_>,
    party: &PartyView<'_>,
    of: PastOf,
    item: Option<usize>,
    lines: &[&Line],
    fits: &dyn Fn(&Receipt) -> bool,
) -> PastFact {
    let receipts: Vec<&Receipt> = party.same.iter().copied().filter(|receipt| fits(receipt)).collect();
    let (first, shipments) = match of {
        PastOf::Party => (party.first, party.shipments),
        _ => (receipts.first().map(|receipt| receipt.order.day), count_distinct(&receipts)),
    };
    let mut fact = fact(view, of, item, first, shipments);
    fact.party = Some(party.member.party);
    fact.merged.clone_from(&party.merged);
    for days in &view.parameters().windows {
        let from = view.day() - i32::from(*days);
        let start = receipts.partition_point(|receipt| receipt.order.day < from);
        let within = receipts.get(start..).unwrap_or_default();
        for measure in lines_measures(lines) {
            let amount: Decimal = within.iter().filter_map(|receipt| receipt.amount(measure)).sum();
            fact.sums.push(WindowSum { days: *days, measure, amount });
        }
    }
    fact
}

fn of_days(
    view: &View<'_>,
    past: Option<&DayPast>,
    of: PastOf,
    item: Option<usize>,
    lines: &[&Line],
) -> PastFact {
    // Of lanes and goods at large only days before this one count.
    let today = view.day();
    let first = past.and_then(DayPast::first).filter(|first| *first < today);
    let shipments = past.map_or(0, |past| past.shipments(Day::MIN, today));
    let mut fact = fact(view, of, item, first, shipments);
    for days in &view.parameters().windows {
        let from = today - i32::from(*days);
        for measure in lines_measures(lines) {
            let amount = past.map_or(Decimal::ZERO, |past| past.sum(measure, from, today));
            fact.sums.push(WindowSum { days: *days, measure, amount });
        }
    }
    fact
}

fn lines_measures(lines: &[&Line]) -> Vec<super::measure::Measure> {
    let mut all: Vec<_> = lines.iter().flat_map(|line| measures(line)).collect();
    all.sort_unstable();
    all.dedup();
    all
}
