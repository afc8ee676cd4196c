//! What each finding is recognised by, and what was decided on it.
//!
//! A finding that rests on list entries has a mark for each party and entry it
//! points to, so that a decision on one never hides another; any other finding
//! has one mark.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::decision::{Amounts, Applied, Case, Decisions, Fingerprint, short_hash};
use crate::matching::{Hit, MatchedBy};
use crate::name::fold_words;
use crate::rule::{Finding, Subject, Verdict};
use crate::trade::{CountryCode, LineItem, Party, Place, Shipment};
use crate::watchlist::field_texts;

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
    /// State of the party's data; empty without a list entry.
    pub party: String,
    /// The rule blocks, or an identifier was met exactly.
    pub grave: bool,
    /// The decision that holds.
    pub decision: Option<Arc<Applied>>,
    /// Why an earlier decision does not hold, in complete sentences.
    pub back: Option<String>,
    /// Places in the file of the decisions that were on it.
    pub met: Vec<usize>,
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
            let twin = |other: &&mut Mark| other.finding == number && other.fingerprint == mark.fingerprint;
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
    let name = folded(&party.name);
    let address = party.address.one_line();
    let identifiers: Vec<String> = party
        .identifiers
        .iter()
        .map(|one| format!("{} {} {}", one.kind.key(), one.value, country(one.country)))
        .collect();
    let texts = field_texts(&met.entry);
    let entry = texts.iter().flat_map(|(field, texts)| {
        std::iter::once(*field).chain(texts.iter().map(String::as_str)).chain(std::iter::once(""))
    });
    Mark {
        finding: number,
        hit: Some(hit),
        also: Vec::new(),
        fingerprint: Fingerprint::of(["hit", &finding.rule.id, &name, &met.list.id, &met.entry.id]),
        rule: finding.rule.version.clone(),
        entry: short_hash(entry),
        party: short_hash(std::iter::once(address.as_str()).chain(identifiers.iter().map(String::as_str))),
        grave: finding.rule.verdict == Verdict::Block || met.by == MatchedBy::Identifier,
        decision: None,
        back: None,
        met: Vec::new(),
    }
}

fn of_finding(number: usize, finding: &Finding, shipment: &Shipment) -> Mark {
    let mut parts: Vec<String> = finding.evidence.iter().map(|one| about(one.subject, shipment)).collect();
    parts.sort_unstable();
    parts.dedup();
    parts.push(way(shipment));
    let head = ["finding", finding.rule.id.as_str()];
    Mark {
        finding: number,
        hit: None,
        also: Vec::new(),
        fingerprint: Fingerprint::of(head.into_iter().chain(parts.iter().map(String::as_str))),
        rule: finding.rule.version.clone(),
        entry: String::new(),
        party: String::new(),
        grave: finding.rule.verdict == Verdict::Block,
        decision: None,
        back: None,
        met: Vec::new(),
    }
}

/// What a piece of evidence is about, by its content.
fn about(subject: Subject, shipment: &Shipment) -> String {
    match subject {
        Subject::Shipment | Subject::Route => String::new(),
        Subject::Party(party) => shipment.parties.get(party).map_or_else(String::new, |party| {
            format!("party {} {}", folded(&party.name), country(party.address.country))
        }),
        Subject::Item(item) => shipment.items.get(item).map_or_else(String::new, goods),
    }
}

fn goods(item: &LineItem) -> String {
    let hs = item.hs.as_ref().map_or("", |code| code.digits());
    let control = item.control_code.as_ref().map_or("", |code| code.as_str());
    format!("goods {} / {} / {hs} / {control}", folded(&item.description), folded(&item.part_number))
}

/// The countries of the route, in its order.
fn way(shipment: &Shipment) -> String {
    let of = |place: &Option<Place>| country(place.as_ref().and_then(|place| place.country));
    let route = &shipment.route;
    let transit: Vec<String> = route.transit.iter().map(|place| country(place.country)).collect();
    format!("way {} {} {}", of(&route.departure), transit.join(" "), of(&route.destination))
}

fn country(code: Option<CountryCode>) -> String {
    code.map(|code| code.to_string()).unwrap_or_default()
}

fn folded(text: &str) -> String {
    fold_words(text).words.join(" ")
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
                reference: &shipment.reference,
                lane,
                grave: mark.grave,
            },
            day,
        );
        (mark.decision, mark.back, mark.met) = (judgement.applied, judgement.back, judgement.met);
    }
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
