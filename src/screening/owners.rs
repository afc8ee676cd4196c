//! Where lists and ownership statements meet: owners are looked up in the
//! lists, and parties of shipments in the statements.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::decision::short_hash;
use crate::matching::{Hit, KindFilter, MatchedBy, PartyQuery, ScoreBreakdown, Strength};
use crate::ownership::{Listing, Lists, Memory, Met, Owner, Ownership, Statement, from_lists};
use crate::rule::OwnedFact;
use crate::trade::{Party, PartyKind, Shipment};
use crate::watchlist::{Effect, ListInfo, ListedParty, NameQuality};

use super::outcome::Screening;
use super::screener::Screener;

/// Entries that relations name, by list and id.
type Entries = FxHashMap<String, FxHashMap<String, (Arc<ListInfo>, Arc<ListedParty>)>>;

/// Statements on owners, and the entries that those of lists name.
#[derive(Debug)]
pub(super) struct Owners {
    pub known: Ownership,
    entries: Entries,
}

/// The lists of a screener, for looking owners up.
struct OwnerLists<'a> {
    screener: &'a Screener,
    entries: &'a Entries,
}

impl OwnerLists<'_> {
    fn entry(&self, list: &str, entry: &str) -> Option<&(Arc<ListInfo>, Arc<ListedParty>)> {
        self.entries.get(list)?.get(entry)
    }
}

impl Lists for OwnerLists<'_> {
    fn has(&self, list: &str, entry: &str) -> bool {
        self.entry(list, entry).is_some()
    }

    fn listed(&self, owner: &Owner<'_>) -> Vec<Listing> {
        let certain = owner.entries.iter().filter_map(|(list, entry)| self.entry(list, entry));
        let mut listings: Vec<Listing> =
            certain.map(|(list, entry)| listing(self.screener, &itself(list, entry))).collect();
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
        let hits = self.screener.matcher().every_hit(&query);
        listings.extend(hits.iter().map(|hit| listing(self.screener, hit)));
        listings
    }
}

/// Statements and the lists' own relations; `None` when nothing is stated.
pub(super) fn owners(
    screener: &Screener,
    mut statements: Vec<Statement>,
    memory: &dyn Memory,
) -> Option<Owners> {
    let related = screener.matcher().related();
    let mut entries = Entries::default();
    for (list, party) in &related {
        let entry = (Arc::clone(list), Arc::clone(party));
        entries.entry(list.id.clone()).or_default().insert(party.id.clone(), entry);
    }
    let lists = OwnerLists { screener, entries: &entries };
    // Who owns a listed party matters only where a file goes on from it, and
    // not if all dealings with it are forbidden anyway.
    let alone = statements.is_empty();
    let matters = |statement: &Statement| {
        let entry = statement.owned.entry.as_ref();
        let entry = entry.and_then(|(list, entry)| lists.entry(list, entry));
        entry.is_none_or(|(list, entry)| {
            !alone && entry.effect_on(screener.as_of(), list.effect) != Effect::Blocking
        })
    };
    statements.extend(from_lists(&related).into_iter().filter(matters));
    if statements.is_empty() {
        return None;
    }
    let matcher = screener.matcher();
    let known = Ownership::new(statements, matcher.lexicon(), matcher.thresholds(), &lists, memory);
    Some(Owners { known, entries })
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
    screener: &Screener,
    owners: &Owners,
    shipment: &Shipment,
    met: impl Fn(&Party) -> Arc<Vec<Met>>,
) -> Vec<OwnedFact> {
    let lists = OwnerLists { screener, entries: &owners.entries };
    let mut facts: Vec<OwnedFact> = Vec::new();
    let days = [Some((screener.as_of(), None)), shipment.shipped.map(|day| (day, Some(day)))];
    for (party, declared) in shipment.parties.iter().enumerate() {
        for met in met(declared).iter() {
            for (day, on) in days.iter().flatten() {
                for status in owners.known.known(met, *day, &lists).iter() {
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
