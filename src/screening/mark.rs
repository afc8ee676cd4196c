//! What each finding is recognised by, and what was decided on it.
//!
//! A finding that rests on list entries has a mark for each party and entry it
//! points to, so that a decision on one never hides another; any other finding
//! has one mark.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::decision::{Amounts, Applied, Case, Decisions, Fingerprint, Met};
use crate::matching::{Hit, MatchedBy};
use crate::rule::Finding;
use crate::trade::{Party, Place, Shipment};

use super::identity;

/// A finding, or one party and list entry of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Index into the screening's findings.
    pub finding: usize,
    /// Index into the screening's hits, where the finding rests on one.
    pub hit: Option<usize>,
    /// Further hits of the same party and entry: by its name, by an identifier.
    pub also: Vec<usize>,
    pub fingerprint: Fingerprint,
    /// Version of the rule.
    pub rule: String,
    /// State of the list entry; empty without one.
    pub entry: String,
    /// State of the party's data; without a list entry, of all that the finding
    /// is about.
    pub party: String,
    /// The rule blocks, or an identifier was met exactly.
    pub grave: bool,
    /// The decision that holds.
    pub decision: Option<Arc<Applied>>,
    /// Where that one rests on a licence: what clears it too, should the licence
    /// be used up.
    pub others: Vec<Arc<Applied>>,
    /// Why an earlier decision does not hold, in complete sentences.
    pub back: Option<String>,
    /// The decisions that were on it, whether they hold or not.
    pub met: Vec<Met>,
}

impl Mark {
    /// Whether it stands for a hit of the screening.
    #[must_use]
    pub fn is_of(&self, hit: usize) -> bool {
        self.hit == Some(hit) || self.also.contains(&hit)
    }
}

/// The marks of a shipment's findings, nothing decided yet.
pub(super) fn marks(shipment: &Shipment, findings: &[Finding], hits: &[(usize, Hit)]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    for (number, finding) in findings.iter().enumerate() {
        let before = marks.len();
        for hit in finding.evidence.iter().filter_map(|evidence| evidence.hit) {
            let Some((party, met)) = hits.get(hit) else { continue };
            let Some(declared) = shipment.parties.get(*party) else { continue };
            let mark = of_hit(number, finding, hit, declared, met);
            // The same name with another address is another state to decide on.
            let twin = |other: &&mut Mark| {
                other.finding == number && other.fingerprint == mark.fingerprint && other.party == mark.party
            };
            match marks.iter_mut().find(twin) {
                Some(other) => {
                    other.grave |= mark.grave;
                    other.also.extend(mark.hit.filter(|hit| Some(*hit) != other.hit));
                }
                None => marks.push(mark),
            }
        }
        if marks.len() == before {
            marks.push(of_finding(number, finding, shipment));
        }
    }
    marks
}

fn of_hit(number: usize, finding: &Finding, hit: usize, party: &Party, met: &Hit) -> Mark {
    Mark {
        finding: number,
        hit: Some(hit),
        also: Vec::new(),
        fingerprint: identity::of_hit(&finding.rule.id, party, met),
        rule: finding.rule.version.clone(),
        entry: identity::entry_state(&met.entry),
        party: identity::party_state(party),
        grave: finding.rule.is_block() || met.by == MatchedBy::Identifier,
        decision: None,
        others: Vec::new(),
        back: None,
        met: Vec::new(),
    }
}

fn of_finding(number: usize, finding: &Finding, shipment: &Shipment) -> Mark {
    Mark {
        finding: number,
        hit: None,
        also: Vec::new(),
        fingerprint: identity::of_finding(finding, shipment),
        rule: finding.rule.version.clone(),
        entry: String::new(),
        party: identity::finding_state(finding, shipment),
        grave: finding.rule.is_block(),
        decision: None,
        others: Vec::new(),
        back: None,
        met: Vec::new(),
    }
}

/// Holds the marks against the decisions.
pub(super) fn decide(marks: &mut [Mark], shipment: &Shipment, decisions: &Decisions, day: Date) {
    let end = |place: &Option<Place>| place.as_ref().and_then(|place| place.country);
    let lane = end(&shipment.route.departure).zip(end(&shipment.route.destination));
    for mark in marks {
        let judgement = decisions.judge(
            &Case {
                fingerprint: &mark.fingerprint,
                rule: &mark.rule,
                entry: &mark.entry,
                party: &mark.party,
                on_hit: mark.hit.is_some(),
                reference: &shipment.reference,
                lane,
                grave: mark.grave,
            },
            day,
        );
        (mark.decision, mark.others) = (judgement.applied, judgement.others);
        (mark.back, mark.met) = (judgement.back, judgement.met);
    }
}

/// What clears a mark, where that rests on a licence with a balance; the first
/// that suffices counts.
pub(super) fn licences(mark: &Mark) -> Option<Vec<Arc<Applied>>> {
    let held = mark.decision.as_ref().filter(|held| held.balance.is_some())?;
    Some(std::iter::once(held).chain(&mark.others).cloned().collect())
}

/// What a shipment moves, by currency and unit: what licences are drawn by.
pub(super) fn amounts(shipment: &Shipment) -> Amounts {
    let mut sums: BTreeMap<String, (usize, Decimal)> = BTreeMap::new();
    let mut add = |unit: &str, amount: Decimal| {
        if !unit.is_empty() {
            let (lines, sum) = sums.entry(unit.to_uppercase()).or_default();
            *lines += 1;
            *sum = sum.saturating_add(amount);
        }
    };
    for item in &shipment.items {
        if let Some(value) = &item.value {
            add(&value.currency, value.amount);
        }
        if let Some(quantity) = &item.quantity {
            add(&quantity.unit, quantity.amount);
        }
        let weighed_by_quantity =
            item.quantity.as_ref().is_some_and(|quantity| quantity.unit.eq_ignore_ascii_case("kg"));
        if let Some(weight) = item.net_weight_kg.filter(|_| !weighed_by_quantity) {
            add("kg", weight);
        }
    }
    // A sum counts only where every line states it.
    let lines = shipment.items.len();
    Amounts(sums.into_iter().filter(|(_, (n, _))| *n == lines).map(|(unit, (_, sum))| (unit, sum)).collect())
}
