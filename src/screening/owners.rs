//! Where lists and ownership statements meet: owners are looked up in the
//! lists, and parties of shipments in the statements.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::decision::short_hash;
use crate::matching::{Hit, KindFilter, MatchedBy, PartyQuery, ScoreBreakdown, Strength};
use crate::ownership::{Listing, Met, Owner, Ownership, Statement, from_lists};
use crate::rule::OwnedFact;
use crate::trade::{Party, PartyKind, Shipment};
use crate::watchlist::{Effect, ListInfo, ListedParty, NameQuality};

use super::outcome::Screening;
use super::screener::Screener;

/// Statements and the lists' own relations, with every owner looked up; `None`
/// when nothing is stated.
pub(super) fn ownership(screener: &Screener, mut statements: Vec<Statement>) -> Option<Ownership> {
    let related = screener.matcher().related();
    let entries: FxHashMap<(&str, &str), _> =
        related.iter().map(|(list, party)| ((list.id.as_str(), party.id.as_str()), (list, party))).collect();
    // Who owns a listed party matters only where a file goes on from it, and
    // not if all dealings with it are forbidden anyway.
    let alone = statements.is_empty();
    let matters = |statement: &Statement| {
        let entry = statement.owned.entry.as_ref();
        let entry = entry.and_then(|(list, entry)| entries.get(&(&**list, entry.as_str())));
        entry.is_none_or(|(list, entry)| {
            !alone && entry.effect_on(screener.as_of(), list.effect) != Effect::Blocking
        })
    };
    statements.extend(from_lists(&related).into_iter().filter(matters));
    if statements.is_empty() {
        return None;
    }
    let listed = |owner: &Owner<'_>| {
        let mut listings: Vec<Listing> = Vec::new();
        for (list, entry) in owner.entries {
            if let Some((list, entry)) = entries.get(&(&**list, entry.as_str())) {
                listings.push(listing(screener, &itself(list, entry)));
            }
        }
        let query = PartyQuery {
            name: owner.name,
            kind: owner.kind,
            kinds: match owner.kind {
                PartyKind::Unknown => KindFilter::Legal,
                kind => KindFilter::Only(kind),
            },
            countries: owner.countries,
            address: None,
            identifiers: owner.identifiers,
        };
        listings.extend(screener.matcher().every_hit(&query).iter().map(|hit| listing(screener, hit)));
        listings
    };
    let matcher = screener.matcher();
    Some(Ownership::new(statements, matcher.lexicon(), matcher.thresholds(), listed))
}

/// The hit of an entry on itself.
fn itself(list: &Arc<ListInfo>, entry: &Arc<ListedParty>) -> Hit {
    Hit {
        list: Arc::clone(list),
        entry: Arc::clone(entry),
        by: MatchedBy::Identifier,
        listed_text: entry.caption(),
        quality: NameQuality::Primary,
        score: 1.0,
        strength: Strength::Strong,
        breakdown: ScoreBreakdown::default(),
    }
}

fn listing(screener: &Screener, hit: &Hit) -> Listing {
    let fact = screener.listed_fact(0, 0, hit);
    let weak = fact.quality == NameQuality::Weak && fact.by == MatchedBy::Name;
    Listing {
        list: fact.list,
        entry: fact.entry_id,
        name: fact.entry_name,
        jurisdiction: fact.jurisdiction,
        regime: fact.regime,
        effect: fact.effect,
        binding: fact.binding,
        programs: fact.programs,
        by: fact.by,
        score: fact.score,
        // A weak alias proves nobody to be the listed one.
        strength: if weak { Strength::Possible } else { fact.strength },
    }
}

/// What is known of the owners of a shipment's parties: on the day of the
/// evaluation, and on the day of shipping where that says something else.
pub(super) fn facts(
    ownership: &Ownership,
    shipment: &Shipment,
    as_of: Date,
    met: impl Fn(&Party) -> Arc<Vec<Met>>,
) -> Vec<OwnedFact> {
    let mut facts: Vec<OwnedFact> = Vec::new();
    let days = [Some((as_of, None)), shipment.shipped.map(|day| (day, Some(day)))];
    for (party, declared) in shipment.parties.iter().enumerate() {
        for met in met(declared).iter() {
            for (day, on) in days.iter().flatten() {
                for status in ownership.known(met, *day) {
                    let told = facts.iter().any(|fact| {
                        fact.party == party
                            && fact.name == met.name
                            && fact.status.rule == status.rule
                            && fact.status.strength == status.strength
                            && fact.status.outcome == status.outcome
                    });
                    if told {
                        continue;
                    }
                    facts.push(OwnedFact {
                        party,
                        name: met.name.clone(),
                        score: met.score,
                        strength: met.strength.min(status.strength),
                        on: *on,
                        status: Arc::clone(status),
                    });
                }
            }
        }
    }
    facts
}

/// Gives findings that rest on owners a state, so that a decision lapses when
/// the owners, what they hold, or what a rule makes of it changes.
pub(super) fn mark_states(owned: &[OwnedFact], screening: &mut Screening) {
    for mark in screening.marks.iter_mut().filter(|mark| mark.hit.is_none()) {
        let Some(finding) = screening.findings.get(mark.finding) else { continue };
        let told = |fact: &&OwnedFact| {
            finding.evidence.iter().any(|evidence| evidence.words.contains(&fact.status.words))
        };
        let mut states: Vec<String> = owned.iter().filter(told).map(state).collect();
        states.sort_unstable();
        states.dedup();
        if !states.is_empty() {
            mark.entry = short_hash(states.iter().map(String::as_str));
        }
    }
}

/// What is known of owners, without the places of the statements.
fn state(fact: &OwnedFact) -> String {
    let status = &fact.status;
    let mut owners: Vec<String> = status
        .by
        .iter()
        .map(|listing| format!("{} {} {}", listing.list, listing.entry, listing.effect))
        .collect();
    owners.sort_unstable();
    let (outcome, state) = (status.outcome.key(), status.state.key());
    format!("{} {} {outcome} {state} {} {}", fact.name, status.rule, status.share, owners.join(", "))
}
