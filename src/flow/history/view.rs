//! A shipment with everything of its past that is asked for: what facts and
//! detectors look at.

use rust_decimal::Decimal;

use crate::trade::Shipment;

use super::identity::ContactKind;
use super::loaded::History;
use super::measure::Measure;
use super::order::{Day, Order};
use super::parameters::Parameters;
use super::record::Receipt;
use super::resolve::Meeting;
use super::row::{Heading, Line, Member, Row};

/// A party of the shipment, with what it got before.
pub struct PartyView<'v> {
    pub member: &'v Member,
    /// What this party got, under all its names, in order: the latest.
    pub same: Vec<&'v Receipt>,
    /// What it got, and whoever had its phone, mail or address.
    pub related: Vec<&'v Receipt>,
    /// Shipments to it in all, the first of them.
    pub shipments: u64,
    pub first: Option<Day>,
    /// Who was counted as this party, and why.
    pub merged: Vec<String>,
    /// Who was counted besides as related to it, and why.
    pub connected: Vec<String>,
}

/// A shipment in front of its past.
pub struct View<'v> {
    pub history: &'v History,
    pub shipment: &'v Shipment,
    pub row: &'v Row,
    /// Only what stands before this counts.
    pub order: &'v Order,
    /// Receivers, each party once.
    pub parties: Vec<PartyView<'v>>,
}

impl<'v> View<'v> {
    pub fn new(history: &'v History, shipment: &'v Shipment, row: &'v Row, order: &'v Order) -> Self {
        let mut parties: Vec<PartyView<'v>> = Vec::new();
        for member in &row.receivers {
            if parties.iter().all(|known| known.member.identity.hash != member.identity.hash) {
                parties.push(party_view(history, member, order));
            }
        }
        Self { history, shipment, row, order, parties }
    }

    pub fn parameters(&self) -> &'v Parameters {
        &self.history.parameters
    }

    pub fn day(&self) -> Day {
        self.order.day
    }

    /// Days that the history reaches back before the shipment.
    pub fn reach(&self) -> i32 {
        self.history.start.map_or(0, |start| (self.day() - start).max(0))
    }

    pub fn is_priority(&self, heading: Heading) -> bool {
        self.history.priority.contains(&heading)
    }

    /// The lines that have a tariff code, each code once.
    pub fn goods(&self) -> Vec<(usize, &'v Line)> {
        let mut seen = Vec::new();
        let lines = self.row.lines.iter().enumerate().filter(|(_, line)| line.heading != 0);
        lines
            .filter(|(_, line)| {
                let new = !seen.contains(&line.heading);
                seen.push(line.heading);
                new
            })
            .collect()
    }

    /// What the lines of a heading add up to in a measure.
    pub fn amount(&self, measure: Measure, fits: impl Fn(&Line) -> bool) -> Decimal {
        let lines = self.row.lines.iter().filter(|line| fits(line));
        lines.filter_map(|line| line_amount(line, measure)).sum()
    }
}

/// A line's amount in a measure.
pub fn line_amount(line: &Line, measure: Measure) -> Option<Decimal> {
    let of = |amount: Option<(Measure, Decimal)>| {
        amount.filter(|(own, _)| *own == measure).map(|(_, amount)| amount)
    };
    if measure == Measure::WEIGHT { line.weight } else { of(line.value).or_else(|| of(line.quantity)) }
}

/// The measures that a line states.
pub fn measures(line: &Line) -> Vec<Measure> {
    let amounts = line.value.into_iter().chain(line.quantity).map(|(measure, _)| measure);
    amounts.chain(line.weight.map(|_| Measure::WEIGHT)).collect()
}

/// The measure that a line is best compared in: money, else pieces, else
/// weight.
pub fn main_measure(line: &Line) -> Option<Measure> {
    measures(line).first().copied()
}

/// What a party got before a place in the order: the latest, and how many
/// shipments in all.
fn before<'v>(history: &'v History, party: u64, order: &Order) -> &'v [Receipt] {
    let receipts = history.receipts.get(&party).map(Vec::as_slice).unwrap_or_default();
    receipts.get(..receipts.partition_point(|receipt| receipt.order < *order)).unwrap_or_default()
}

fn party_view<'v>(history: &'v History, member: &'v Member, order: &Order) -> PartyView<'v> {
    let own = member.identity.hash;
    let mut same = vec![own];
    let mut related = Vec::new();
    let (mut merged, mut connected) = (Vec::new(), Vec::new());
    let name = |party: u64| history.resolved.names.get(&party).map_or("", |known| &*known.text);
    for alike in history.resolved.alike.get(&own).into_iter().flatten() {
        if !before(history, alike.party, order).is_empty() {
            same.push(alike.party);
            merged.push(format!("\"{}\" (name {:.2})", name(alike.party), alike.score));
        }
    }
    for contact in &member.contacts {
        let met = history.resolved.meetings.get(&(contact.kind as u8, contact.hash));
        let met: &[Meeting] = met.map(Vec::as_slice).unwrap_or_default();
        let met = met.get(..met.partition_point(|meeting| meeting.first < *order)).unwrap_or_default();
        let decides = contact.kind == ContactKind::Identifier;
        if !decides && met.len() > history.parameters.most_sharing {
            continue;
        }
        for Meeting { party, .. } in met {
            if same.contains(party) || related.contains(party) {
                continue;
            }
            let words = format!("\"{}\" (same {}: {})", name(*party), contact.kind.label(), contact.text);
            if decides {
                same.push(*party);
                merged.push(words);
            } else {
                related.push(*party);
                connected.push(words);
            }
        }
    }
    let most = history.parameters.most_lines;
    let of = |parties: &[u64]| gather(history, parties, order, most);
    let first =
        same.iter().filter_map(|party| before(history, *party, order).first()).map(|r| r.order.day).min();
    let shipments = match same.as_slice() {
        [one] => count(before(history, *one, order)),
        _ => count_distinct(&of(&same)),
    };
    let receipts = of(&same);
    same.extend(related);
    let related = if connected.is_empty() { receipts.clone() } else { of(&same) };
    PartyView { member, same: receipts, related, shipments, first, merged, connected }
}

fn gather<'v>(history: &'v History, parties: &[u64], order: &Order, most: usize) -> Vec<&'v Receipt> {
    let mut receipts: Vec<&Receipt> = Vec::new();
    for party in parties {
        let all = before(history, *party, order);
        receipts.extend(all.get(all.len().saturating_sub(most)..).unwrap_or_default());
    }
    if parties.len() > 1 {
        receipts.sort_by(|a, b| a.order.cmp(&b.order).then(a.line.cmp(&b.line)));
        receipts.dedup_by(|a, b| a.order == b.order && a.line == b.line);
        let extra = receipts.len().saturating_sub(most);
        receipts.drain(..extra);
    }
    receipts
}

fn count(receipts: &[Receipt]) -> u64 {
    let changes = receipts.windows(2).filter(|pair| matches!(pair, [a, b] if a.order != b.order)).count();
    if receipts.is_empty() { 0 } else { changes as u64 + 1 }
}

/// Shipments among receipts in order.
pub fn count_distinct(receipts: &[&Receipt]) -> u64 {
    let changes = receipts.windows(2).filter(|pair| matches!(pair, [a, b] if a.order != b.order)).count();
    if receipts.is_empty() { 0 } else { changes as u64 + 1 }
}
