//! What was found for parties already seen in this run, so that a name that
//! stands on a thousand rows is matched once.

use std::collections::hash_map::Entry;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::matching::{KindFilter, Matched};
use crate::trade::{Address, Identifier, Party, PartyKind};

use super::screener::{may_be, read_as};

const SHARDS: usize = 64;

/// Everything of a party that the matching reads.
#[derive(PartialEq, Eq, Hash, Debug)]
struct Key {
    name: Arc<str>,
    /// How the name is read, and what the party may be on a list.
    kind: PartyKind,
    kinds: KindFilter,
    address: Address,
    identifiers: Vec<Identifier>,
}

/// A cache that many threads share. Grows with the distinct parties of a run.
#[derive(Debug)]
pub struct Memo {
    shards: Vec<Mutex<FxHashMap<Key, Arc<Matched>>>>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

impl Memo {
    /// What was found for an equal party, or else what `find` finds now.
    pub(super) fn get_or(&self, party: &Party, find: impl FnOnce() -> Matched) -> Arc<Matched> {
        let key = Key {
            name: Arc::clone(&party.name),
            kind: read_as(party),
            kinds: may_be(party),
            address: party.address.clone(),
            identifiers: party.identifiers.clone(),
        };
        let hash = FxBuildHasher.hash_one(&key);
        let Some(shard) = self.shards.get(usize::try_from(hash >> 32).unwrap_or(0) % SHARDS) else {
            return Arc::new(find());
        };
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        // Not held while searching: two threads may search for the same party
        // at once, and find the same.
        let found = Arc::new(find());
        match shard.lock().unwrap_or_else(PoisonError::into_inner).entry(key) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(place) => Arc::clone(place.insert(found)),
        }
    }

    /// Distinct parties seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
