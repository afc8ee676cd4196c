//! What was found for parties and lines of goods already seen in this run, so
//! that what stands on a thousand rows is looked at once.

use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hash};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::advice::Context;
use crate::goods::GoodsNote;
use crate::matching::{KindFilter, Matched};
use crate::ownership::Met;
use crate::trade::{Address, CountryCode, Identifier, LineItem, Party, PartyKind};

use super::screener::{may_be, read_as};

const SHARDS: usize = 64;
/// Lines of goods that are remembered in a shard; descriptions may all differ.
const MOST_LINES: usize = 2048;

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

impl Key {
    fn of(party: &Party) -> Self {
        Self {
            name: Arc::clone(&party.name),
            kind: read_as(party),
            kinds: may_be(party),
            address: party.address.clone(),
            identifiers: party.identifiers.clone(),
        }
    }
}

/// Everything of a line of goods that its reading depends on, within a run.
#[derive(PartialEq, Eq, Hash, Debug)]
struct LineKey {
    description: String,
    part_number: String,
    hs: String,
    control_code: String,
    destination: Option<CountryCode>,
    context: Context,
}

/// What is known by a key, in parts so that threads seldom wait.
#[derive(Debug)]
struct Cache<K, V> {
    shards: Vec<Mutex<FxHashMap<K, Arc<V>>>>,
    /// Of one shard, at most.
    most: usize,
}

impl<K: Hash + Eq, V> Cache<K, V> {
    fn new(most: usize) -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::default()).collect(), most }
    }

    fn get_or(&self, key: K, find: impl FnOnce() -> V) -> Arc<V> {
        let hash = FxBuildHasher.hash_one(&key);
        let Some(shard) = self.shards.get(usize::try_from(hash >> 32).unwrap_or(0) % SHARDS) else {
            return Arc::new(find());
        };
        if let Some(known) = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(known);
        }
        // Not held while searching: two threads may search for the same at
        // once, and find the same.
        let found = Arc::new(find());
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let full = shard.len() >= self.most;
        match shard.entry(key) {
            Entry::Occupied(known) => Arc::clone(known.get()),
            Entry::Vacant(_) if full => found,
            Entry::Vacant(place) => Arc::clone(place.insert(found)),
        }
    }

    fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }
}

/// A cache that many threads share. Grows with the distinct parties of a run,
/// and with its lines of goods up to a limit.
#[derive(Debug)]
pub struct Memo {
    parties: Cache<Key, Matched>,
    owned: Cache<Key, Vec<Met>>,
    lines: Cache<LineKey, Vec<GoodsNote>>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { parties: Cache::new(usize::MAX), owned: Cache::new(usize::MAX), lines: Cache::new(MOST_LINES) }
    }
}

impl Memo {
    /// What was found for an equal party, or else what `find` finds now.
    pub(super) fn get_or(&self, party: &Party, find: impl FnOnce() -> Matched) -> Arc<Matched> {
        self.parties.get_or(Key::of(party), find)
    }

    /// Whom of the ownership statements an equal party may be, or else what
    /// `find` finds now.
    pub(super) fn owned_or(&self, party: &Party, find: impl FnOnce() -> Vec<Met>) -> Arc<Vec<Met>> {
        self.owned.get_or(Key::of(party), find)
    }

    /// What was read out of an equal line to the same destination with the same
    /// known of its shipment, or else what `read` reads now; of item 0.
    pub(super) fn line_or(
        &self,
        item: &LineItem,
        destination: Option<CountryCode>,
        context: &Context,
        read: impl FnOnce() -> Vec<GoodsNote>,
    ) -> Arc<Vec<GoodsNote>> {
        let key = LineKey {
            description: item.description.clone(),
            part_number: item.part_number.clone(),
            hs: item.hs.as_ref().map_or_else(String::new, |code| code.digits().to_owned()),
            control_code: item
                .control_code
                .as_ref()
                .map_or_else(String::new, |code| code.as_str().to_owned()),
            destination,
            context: context.clone(),
        };
        self.lines.get_or(key, read)
    }

    /// Distinct parties seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parties.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
