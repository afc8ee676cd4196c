//! Hits and list entries in words.

use crate::matching::{Hit, MatchedBy, Measure, TokenMatch};
use crate::rule::Evidence;
use crate::screening::Screening;
use crate::trade::PartyKind;
use crate::watchlist::{Effect, ListedParty, NameQuality, Relation};

/// The hit that a piece of evidence points to.
pub fn hit<'s>(evidence: &Evidence, screening: &'s Screening) -> Option<(usize, &'s Hit)> {
    let index = evidence.hit?;
    screening.hits.get(index).map(|(_, hit)| (index, hit))
}

/// What of a shipment's hits stands in its report already, so that an alignment
/// or an entry is written once and referred to after.
#[derive(Default)]
pub struct Shown {
    hits: Vec<usize>,
    entries: Vec<(String, String)>,
}

impl Shown {
    /// Whether this hit comes for the first time.
    pub fn first_hit(&mut self, index: usize) -> bool {
        let first = !self.hits.contains(&index);
        if first {
            self.hits.push(index);
        }
        first
    }

    /// Whether the entry of this hit comes for the first time.
    pub fn first_entry(&mut self, hit: &Hit) -> bool {
        let key = (hit.list.id.clone(), hit.entry.id.clone());
        let first = !self.entries.contains(&key);
        if first {
            self.entries.push(key);
        }
        first
    }
}

pub fn matched_by(by: MatchedBy) -> &'static str {
    match by {
        MatchedBy::Identifier => "the same identifier",
        MatchedBy::Name => "name",
        MatchedBy::Address => "address alone",
    }
}

/// `0.87, possible, by weak alias`.
pub fn score(hit: &Hit) -> String {
    let by = match (hit.by, hit.quality) {
        (MatchedBy::Name, NameQuality::Primary) => "primary name",
        (MatchedBy::Name, NameQuality::Strong) => "good alias",
        (MatchedBy::Name, NameQuality::Weak) => "weak alias",
        (by, _) => matched_by(by),
    };
    format!("{:.2}, {}, by {by}", hit.score, hit.strength.key())
}

/// One pairing in words: `jatroniks ~ jatronics (1 letter differs)`.
pub fn pairing(token: &TokenMatch) -> String {
    let why = if token.why.is_empty() { token.measure.key() } else { &token.why };
    match (token.query.as_str(), token.listed.as_str(), token.measure) {
        (query, listed, Measure::Equal) if query == listed => format!("{query} = {listed}"),
        (query, "", _) => format!("{query} only on the shipment ({why})"),
        ("", listed, _) => format!("{listed} only on the list ({why})"),
        (query, listed, Measure::Equal) => format!("{query} = {listed} ({why})"),
        (query, listed, _) => format!("{query} ~ {listed} ({why})"),
    }
}

/// All pairings and adjustments of a hit in one sentence.
pub fn alignment(hit: &Hit) -> String {
    let mut parts: Vec<String> = hit.breakdown.tokens.iter().map(pairing).collect();
    parts.extend(hit.breakdown.adjustments.iter().map(|a| {
        // What moved nothing that shows needs no figure.
        if a.change.abs() < 0.005 { a.why.clone() } else { format!("{} ({:+.2})", a.why, a.change) }
    }));
    parts.join("; ")
}

pub fn programs(hit: &Hit) -> String {
    hit.entry.programs.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ")
}

/// The effect of the entry, or of its list.
pub fn entry_effect(hit: &Hit) -> Effect {
    hit.entry.effect.unwrap_or(hit.list.effect)
}

/// The citation of the entry, or of its list.
pub fn entry_citation(hit: &Hit) -> &str {
    if hit.entry.citation.is_empty() { &hit.list.citation } else { &hit.entry.citation }
}

/// Nationality, flag or registration, in codes: `RU, CY`.
pub fn nationalities(entry: &ListedParty) -> String {
    entry.nationalities.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What the nationality of a party is called.
pub const fn nationality_label(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Vessel | PartyKind::Aircraft => "Flag",
        PartyKind::Organization => "Registered",
        _ => "Nationality",
    }
}

/// Days and places of birth: `1962-05-10, circa 1960; in Omsk, Russia`.
pub fn born(entry: &ListedParty) -> String {
    let days = entry.birth_dates.join(", ");
    let places = entry.birth_places.join(" or ");
    let places = if places.is_empty() { places } else { format!("in {places}") };
    [days, places].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// `owned by ROSTEC (entry 123), 51 per cent`.
pub fn relation(relation: &Relation) -> String {
    let kind = relation.kind.key().replace('-', " ");
    let name = match (relation.name.as_str(), &relation.id) {
        ("", Some(id)) => format!("entry {id}"),
        (name, Some(id)) => format!("{name} (entry {id})"),
        ("", None) => "a party that is not named".to_owned(),
        (name, None) => name.to_owned(),
    };
    let share = relation.share.as_ref().map(|share| format!(", {share} per cent")).unwrap_or_default();
    format!("{kind} {name}{share}")
}

/// `us-sdn 48850 JATRONICS SDN BHD`.
pub fn entry(hit: &Hit) -> String {
    format!("{} {} {}", hit.list.id, hit.entry.id, hit.entry.caption())
}
