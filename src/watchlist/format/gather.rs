//! Rows that are parts of entries, put together by the entry's id.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::digest::sha256_hex;
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

    /// An id that no entry has yet, for an entry that its publisher gave none:
    /// a hash of what tells the entry, so that it stays when others come or go.
    pub fn made_id(&self, prefix: &str, key: &str) -> String {
        let hash = sha256_hex(key.as_bytes());
        let base = format!("{prefix}{}", hash.get(..10).unwrap_or(&hash));
        let mut id = base.clone();
        let mut copy = 1;
        while self.has(&id) {
            copy += 1;
            id = format!("{base}-{copy}");
        }
        id
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

/// Adds both names of `JSC Central Institute (TsNIIMash)`, and each of several
/// in the brackets. One word in brackets is too short to be a good name; what
/// begins there in a small letter or a digit is said of the name.
pub(super) fn add_bracketed_name(party: &mut ListedParty, text: &str, former: bool) {
    let Some((outer, inner)) = text.trim().strip_suffix(')').and_then(|text| text.split_once(" (")) else {
        return;
    };
    let inner = inner.trim();
    if inner.is_empty() || outer.trim().is_empty() {
        return;
    }
    add_name(party, outer, NameQuality::Strong, former);
    if inner.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit()) {
        return;
    }
    let several = inner.split(", ").all(|part| part.trim().contains(' '));
    for part in inner.split(", ").filter(|_| several) {
        add_name(party, part, NameQuality::Strong, former);
    }
    if !several {
        let quality = if inner.contains(' ') { NameQuality::Strong } else { NameQuality::Weak };
        add_name(party, inner, quality, former);
    }
}

/// Adds a text, its runs of space as one, unless it is empty or there: for days
/// and places of birth.
pub(super) fn add_text(texts: &mut Vec<String>, text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.is_empty() && !texts.contains(&text) {
        texts.push(text);
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
    // A remark may hold semicolons itself, so its place is looked for whole.
    let there = party.remarks.match_indices(&remark).any(|(at, _)| {
        let before = party.remarks.get(..at).unwrap_or_default();
        let after = party.remarks.get(at + remark.len()..).unwrap_or_default();
        (before.is_empty() || before.ends_with("; ")) && (after.is_empty() || after.starts_with("; "))
    });
    if there {
        return;
    }
    if !party.remarks.is_empty() {
        party.remarks.push_str("; ");
    }
    party.remarks.push_str(&remark);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_brackets_is_a_name() {
        let mut party = ListedParty::default();
        for text in [
            "Institute of Gears (IOG)",
            "Vera HILL (born DALE)",
            "Завод «Шар» (АО «Шар»)",
            "Abu DALE (Abu DAYL, Ibn DAYL)",
            "(X)",
        ] {
            add_bracketed_name(&mut party, text, false);
        }
        let names: Vec<_> = party.names.iter().map(|name| (&*name.text, name.quality)).collect();
        assert_eq!(
            names,
            [
                ("Institute of Gears", NameQuality::Strong),
                ("IOG", NameQuality::Weak),
                ("Vera HILL", NameQuality::Strong),
                ("Завод «Шар»", NameQuality::Strong),
                ("АО «Шар»", NameQuality::Strong),
                ("Abu DALE", NameQuality::Strong),
                ("Abu DAYL", NameQuality::Strong),
                ("Ibn DAYL", NameQuality::Strong)
            ]
        );
    }

    #[test]
    fn a_remark_stands_once_even_within_another() {
        let mut party = ListedParty::default();
        for text in ["a; b", "a", "a; b", "c"] {
            add_remark(&mut party, "W", text);
        }
        assert_eq!(party.remarks, "W: a; b; W: c");
    }
}
