//! Rows that are parts of entries, put together by the entry's id.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::trade::{Address, Identifier};
use crate::watchlist::{ListedName, ListedParty, NameQuality};

/// The entries of a list in the order their ids came first.
#[derive(Default)]
pub(super) struct Gather {
    parties: Vec<ListedParty>,
    by_id: FxHashMap<String, usize>,
    texts: FxHashMap<String, Arc<str>>,
}

impl Gather {
    /// The entry with this id, empty when it is new.
    pub fn party(&mut self, id: &str) -> &mut ListedParty {
        let new = self.parties.len();
        let at = if let Some(&at) = self.by_id.get(id) {
            at
        } else {
            self.by_id.insert(id.to_owned(), new);
            self.parties.push(ListedParty { id: id.to_owned(), ..ListedParty::default() });
            new
        };
        // The place was just found or made.
        &mut self.parties[at]
    }

    /// Whether an entry has this id.
    pub fn has(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }

    /// A text that many entries share, once.
    pub fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = Arc::from(text);
        self.texts.insert(text.to_owned(), Arc::clone(&shared));
        shared
    }

    /// The entries, their names and countries in order.
    pub fn finish(self) -> Vec<ListedParty> {
        let mut parties = self.parties;
        for party in &mut parties {
            party.order_names();
            party.order_countries();
        }
        parties
    }
}

/// Adds a name unless it is empty.
pub(super) fn add_name(party: &mut ListedParty, text: &str, quality: NameQuality, former: bool) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() {
        party.names.push(ListedName { text: text.into(), quality, former });
    }
}

/// Adds an address, and its country, unless it is empty or there.
pub(super) fn add_address(party: &mut ListedParty, address: Address) {
    party.countries.extend(address.country);
    if !address.is_empty() && !party.addresses.contains(&address) {
        party.addresses.push(address);
    }
}

/// Adds an identifier unless it is empty or there.
pub(super) fn add_identifier(party: &mut ListedParty, identifier: Identifier) {
    if !identifier.value.trim().is_empty() && !party.identifiers.contains(&identifier) {
        party.identifiers.push(identifier);
    }
}

/// Adds a text to the remarks, with `Words: ` before it, unless it is empty or
/// there.
pub(super) fn add_remark(party: &mut ListedParty, words: &str, text: &str) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let remark = if words.is_empty() { text.to_owned() } else { format!("{words}: {text}") };
    // Not by parts: a text may itself hold semicolons.
    if format!("; {}; ", party.remarks).contains(&format!("; {remark}; ")) {
        return;
    }
    if !party.remarks.is_empty() {
        party.remarks.push_str("; ");
    }
    party.remarks.push_str(&remark);
}
