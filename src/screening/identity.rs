//! What a finding is recognised by from run to run, and the state of the data
//! that a decision on it was made on. See `docs/decisions.md`.
//!
//! Made of content: no row number, no file name, no score, no threshold, no
//! amount, no day. Texts are folded as for matching, so that case, accents and
//! punctuation do not count.

use crate::decision::{Fingerprint, short_hash};
use crate::matching::Hit;
use crate::name::fold_words;
use crate::rule::{Finding, Subject};
use crate::trade::{CountryCode, LineItem, Party, PartyRole, Place, Shipment};
use crate::watchlist::{ListedParty, field_texts};

/// The roles in which somebody gets the goods. A finding that rests on no list
/// entry is about them too: what is cleared for one customer is not for another.
const RECEIVE: [PartyRole; 5] = [
    PartyRole::Buyer,
    PartyRole::Consignee,
    PartyRole::IntermediateConsignee,
    PartyRole::EndUser,
    PartyRole::Importer,
];

/// Of a party and a list entry, whatever the role.
pub(super) fn of_hit(rule: &str, party: &Party, met: &Hit) -> Fingerprint {
    Fingerprint::of(["hit", rule, &folded(&party.name), &met.list.id, &met.entry.id])
}

/// Of a finding that rests on no list entry: what its evidence is about, who
/// gets the goods, and the countries of the route.
pub(super) fn of_finding(finding: &Finding, shipment: &Shipment) -> Fingerprint {
    let about = distinct(finding.evidence.iter().map(|one| about(one.subject, shipment)));
    let receivers = distinct(receivers(shipment).map(named));
    let way = way(shipment);
    let parts = ["finding", finding.rule.id.as_str()]
        .into_iter()
        .chain(about.iter().map(String::as_str))
        .chain(["to"])
        .chain(receivers.iter().map(String::as_str))
        .chain(way.iter().map(String::as_str));
    Fingerprint::of(parts)
}

/// What a piece of evidence is about, by its content.
fn about(subject: Subject, shipment: &Shipment) -> String {
    match subject {
        Subject::Shipment => "shipment".to_owned(),
        Subject::Route => "route".to_owned(),
        Subject::Party(party) => shipment.parties.get(party).map(named).unwrap_or_default(),
        Subject::Item(item) => shipment.items.get(item).map(goods).unwrap_or_default(),
    }
}

fn named(party: &Party) -> String {
    format!("party {} {}", folded(&party.name), country(party.address.country))
}

fn goods(item: &LineItem) -> String {
    let hs = item.hs.as_ref().map_or("", |code| code.digits());
    let control = item.control_code.as_ref().map_or("", |code| code.as_str());
    format!("goods {} / {} / {hs} / {control}", folded(&item.description), folded(&item.part_number))
}

/// The countries of the route; transit in its order.
fn way(shipment: &Shipment) -> [String; 3] {
    let of = |place: &Option<Place>| country(place.as_ref().and_then(|place| place.country));
    let route = &shipment.route;
    let transit: Vec<String> = route.transit.iter().map(|place| country(place.country)).collect();
    [
        format!("from {}", of(&route.departure)),
        format!("over {}", transit.join(" ")),
        format!("to {}", of(&route.destination)),
    ]
}

/// State of a party: address, identifiers, kind.
pub(super) fn party_state(party: &Party) -> String {
    let identifiers = party
        .identifiers
        .iter()
        .map(|one| format!("{} {} {}", one.kind.key(), folded(&one.value), country(one.country)));
    let identifiers = distinct(identifiers);
    let address = folded(&party.address.one_line());
    let founded = party.founded.map(|day| day.to_string()).unwrap_or_default();
    let own = [address.as_str(), party.kind.key(), &founded].into_iter();
    short_hash(own.chain(identifiers.iter().map(String::as_str)))
}

/// State of what a finding without list entries is about: the parties that its
/// evidence names and those that get the goods, the use that is declared, and
/// what the evidence says, figures apart.
pub(super) fn finding_state(finding: &Finding, shipment: &Shipment) -> String {
    let named = finding.evidence.iter().filter_map(|one| match one.subject {
        Subject::Party(party) => shipment.parties.get(party),
        _ => None,
    });
    let parties = named.chain(receivers(shipment));
    let parties = distinct(parties.map(|party| format!("{} {}", folded(&party.name), party_state(party))));
    let uses = distinct(shipment.items.iter().map(|item| folded(&item.end_use)));
    let words = distinct(finding.evidence.iter().map(|one| without_figures(&one.words)));
    let groups = [parties, uses, words];
    short_hash(groups.iter().flat_map(|group| group.iter().map(String::as_str).chain([""])))
}

/// Amounts, days and scores differ from one shipment to the next.
fn without_figures(words: &str) -> String {
    folded(words)
        .split(' ')
        .filter(|word| !word.contains(|c: char| c.is_ascii_digit()))
        .collect::<Vec<_>>()
        .join(" ")
}

/// State of a list entry: every field but its page on the web, whatever the
/// order of the values.
pub(super) fn entry_state(entry: &ListedParty) -> String {
    let mut parts: Vec<String> = vec![entry.address_only.to_string()];
    for (field, texts) in field_texts(entry).into_iter().filter(|(field, _)| *field != "url") {
        parts.push(field.to_owned());
        parts.extend(distinct(texts.into_iter()));
        // A value never passes for one of the next field.
        parts.push(String::new());
    }
    short_hash(parts.iter().map(String::as_str))
}

fn receivers(shipment: &Shipment) -> impl Iterator<Item = &Party> {
    shipment.parties.iter().filter(|party| RECEIVE.contains(&party.role))
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

fn country(code: Option<CountryCode>) -> String {
    code.map(|code| code.to_string()).unwrap_or_default()
}

fn folded(text: &str) -> String {
    fold_words(text).words.join(" ")
}
