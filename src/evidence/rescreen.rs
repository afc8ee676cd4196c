//! The recorded parties against what changed in the lists since.
//!
//! A score does not depend on which lists are loaded. So what is new, gone or
//! other among the hits of a party shows on the entries that are not the same
//! in both states of the lists, and nothing else need be searched.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::matching::{Hit, Matcher, Thresholds};
use crate::name::Lexicon;
use crate::screening::party_query;
use crate::trade::{CountryCode, Party};
use crate::watchlist::{FieldChange, ListedParty, Watchlist, field_changes};

/// What became of a hit.
#[derive(Clone, PartialEq, Debug)]
pub enum HitChange {
    New(Hit),
    Gone(Hit),
    /// The entry is another, or the party meets it otherwise.
    Changed {
        old: Box<Hit>,
        new: Hit,
        fields: Vec<FieldChange>,
    },
}

impl HitChange {
    /// `new`, `gone` or `changed`.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::New(_) => "new",
            Self::Gone(_) => "gone",
            Self::Changed { .. } => "changed",
        }
    }

    /// The hit as it is now, or was last.
    #[must_use]
    pub const fn hit(&self) -> &Hit {
        match self {
            Self::New(hit) | Self::Gone(hit) | Self::Changed { new: hit, .. } => hit,
        }
    }

    /// Whether there is more against the party than there was: a new hit, or
    /// one that scores higher or stands for more.
    #[must_use]
    pub fn is_worse(&self) -> bool {
        let effect = |hit: &Hit| hit.entry.effect.unwrap_or(hit.list.effect);
        match self {
            Self::New(_) => true,
            Self::Gone(_) => false,
            Self::Changed { old, new, .. } => {
                new.score > old.score || new.strength > old.strength || effect(new) < effect(old)
            }
        }
    }
}

/// Entries of a list that are not the same in both states.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    pub added: usize,
    pub removed: usize,
    pub changed: usize,
}

/// The changed entries of two states of lists, ready to be met.
#[derive(Debug)]
pub struct ChangedEntries {
    old: Matcher,
    new: Matcher,
    /// By list.
    pub counts: BTreeMap<String, Counts>,
}

impl ChangedEntries {
    /// Finds and indexes the entries that are not the same.
    #[must_use]
    pub fn new(old: &[Watchlist], new: &[Watchlist], thresholds: Thresholds) -> Self {
        let mut counts = BTreeMap::new();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let ids = new.iter().chain(old).map(|list| list.info.id.as_str());
        let mut seen: Vec<&str> = Vec::new();
        for id in ids {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let find = |lists: &'_ [Watchlist]| lists.iter().position(|list| list.info.id == id);
            let (was, is) = (find(old).and_then(|at| old.get(at)), find(new).and_then(|at| new.get(at)));
            let (left, right, count) = changed_entries(was, is);
            if count != Counts::default() {
                counts.insert(id.to_owned(), count);
            }
            before.extend(was.map(|list| Watchlist { info: Arc::clone(&list.info), parties: left }));
            after.extend(is.map(|list| Watchlist { info: Arc::clone(&list.info), parties: right }));
        }
        let matcher = |lists: &[Watchlist]| Matcher::new(lists, Lexicon::shipped(), thresholds);
        let (old, new) = rayon::join(|| matcher(&before), || matcher(&after));
        Self { old, new, counts }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// What changed among the hits of a party, in the order of list and entry.
    #[must_use]
    pub fn screen(&self, party: &Party) -> Vec<HitChange> {
        changes(all_hits(&self.old, party), all_hits(&self.new, party))
    }

    /// The same for many parties, in their order, by all threads.
    #[must_use]
    pub fn screen_all(&self, parties: &[Party]) -> Vec<Vec<HitChange>> {
        parties.par_iter().map(|party| self.screen(party)).collect()
    }
}

/// Every entry that a party meets, each by itself.
fn all_hits(matcher: &Matcher, party: &Party) -> Vec<Hit> {
    let countries: Vec<CountryCode> = party.address.country.into_iter().collect();
    matcher.every_hit(&party_query(party, &countries))
}

/// What differs between two sets of hits.
fn changes(old: Vec<Hit>, new: Vec<Hit>) -> Vec<HitChange> {
    let key = |hit: &Hit| (hit.list.id.clone(), hit.entry.id.clone());
    // Of entries with one id the best counts: it comes first.
    let by_key = |hits: Vec<Hit>| {
        let mut map: BTreeMap<(String, String), Hit> = BTreeMap::new();
        for hit in hits {
            map.entry(key(&hit)).or_insert(hit);
        }
        map
    };
    let (mut before, after) = (by_key(old), by_key(new));
    let mut found: BTreeMap<(String, String), HitChange> = BTreeMap::new();
    for (key, new) in after {
        let change = match before.remove(&key) {
            None => HitChange::New(new),
            Some(old) if same(&old, &new) => continue,
            Some(old) => {
                let fields = field_changes(&old.entry, &new.entry);
                HitChange::Changed { old: Box::new(old), new, fields }
            }
        };
        found.insert(key, change);
    }
    found.extend(before.into_iter().map(|(key, old)| (key, HitChange::Gone(old))));
    found.into_values().collect()
}

/// Whether two hits are of the same entry in the same way, under the same law.
fn same(old: &Hit, new: &Hit) -> bool {
    old.entry == new.entry
        && terms(&old.list) == terms(&new.list)
        && old.by == new.by
        && old.listed_text == new.listed_text
        && old.strength == new.strength
        && old.score.total_cmp(&new.score).is_eq()
}

/// What a list says of all its entries.
fn terms(list: &crate::watchlist::ListInfo) -> (&str, crate::watchlist::Regime, crate::watchlist::Effect) {
    (&list.jurisdiction, list.regime, list.effect)
}

type Entries = Vec<Arc<ListedParty>>;

/// The entries of either state that are not the same in the other.
fn changed_entries(old: Option<&Watchlist>, new: Option<&Watchlist>) -> (Entries, Entries, Counts) {
    let parties = |list: Option<&Watchlist>| list.map_or_else(Vec::new, |list| list.parties.clone());
    let all = match (old, new) {
        (Some(old), Some(new)) => terms(&old.info) != terms(&new.info),
        _ => true,
    };
    let (before, after) = (by_id(old), by_id(new));
    let differs = |id: &str| all || before.get(id) != after.get(id);
    let pick = |parties: Entries| parties.into_iter().filter(|party| differs(&party.id)).collect::<Vec<_>>();
    let (left, right) = (pick(parties(old)), pick(parties(new)));
    let mut counts = Counts::default();
    for id in after.keys().filter(|id| differs(id)) {
        if before.contains_key(id) {
            counts.changed += 1;
        } else {
            counts.added += 1;
        }
    }
    counts.removed = before.keys().filter(|id| !after.contains_key(*id)).count();
    (left, right, counts)
}

/// The entries by id; a list may hold several of one.
fn by_id(list: Option<&Watchlist>) -> FxHashMap<&str, Vec<&ListedParty>> {
    let mut map: FxHashMap<&str, Vec<&ListedParty>> = FxHashMap::default();
    for party in list.iter().flat_map(|list| &list.parties) {
        map.entry(&party.id).or_default().push(party);
    }
    map
}

#[cfg(test)]
#[path = "rescreen_laws.rs"]
mod laws;
