//! Outcomes in which nobody is named who is in no finding.
//!
//! The name becomes a keyed hash: the same name the same hash under one key,
//! and nothing to be guessed without it.

use sha2::{Digest, Sha256};

use crate::rule::Subject;
use crate::screening::Outcome;
use crate::trade::{Address, Party};

/// Shorter names are not looked for in other texts: they would be found in
/// every word.
const SHORTEST: usize = 4;

/// The key of an export.
pub struct Key([u8; 64]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// A key of any bytes; at least 16 that nobody can guess.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let mut key = [0; 64];
        let digest = Sha256::digest(bytes);
        for (to, from) in key.iter_mut().zip(digest) {
            *to = from;
        }
        Self(key)
    }

    /// HMAC-SHA-256 (RFC 2104) of a name, its first 16 hexadecimal digits after
    /// a `#`.
    #[must_use]
    pub fn pseudonym(&self, name: &str) -> String {
        let pad = |with: u8| self.0.map(|byte| byte ^ with);
        let inner = Sha256::new().chain_update(pad(0x36)).chain_update(name.as_bytes()).finalize();
        let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
        outer.iter().take(8).fold("#".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }

    /// The outcome with everybody unnamed who is in no finding: neither a hit
    /// nor the subject of one, and not unscreenable.
    #[must_use]
    pub fn apply(&self, outcome: &Outcome) -> Outcome {
        let mut outcome = outcome.clone();
        let Outcome::Screened { shipment, screening } = &mut outcome else { return outcome };
        let evidence = || screening.findings.iter().flat_map(|finding| &finding.evidence);
        let concerned = |index: usize, party: &Party| {
            screening.hits.iter().any(|(of, _)| *of == index)
                || evidence().any(|one| one.subject == Subject::Party(index))
                || screening.unscreenable.iter().any(|one| one.at.as_ref() == Some(&party.at))
        };
        let shown: Vec<bool> =
            shipment.parties.iter().enumerate().map(|(index, party)| concerned(index, party)).collect();
        let named: Vec<String> = shipment
            .parties
            .iter()
            .zip(&shown)
            .filter(|(_, shown)| **shown)
            .map(|(party, _)| party.name.to_string())
            .collect();
        let mut hidden: Vec<(String, String)> = Vec::new();
        for (party, shown) in shipment.parties.iter_mut().zip(shown) {
            // Somebody who is in a finding in another role is named there anyway.
            if shown || named.iter().any(|name| **name == *party.name) {
                continue;
            }
            let pseudonym = self.pseudonym(&party.name);
            if party.name.chars().count() >= SHORTEST {
                hidden.push((party.name.to_string(), pseudonym.clone()));
            }
            party.name = pseudonym.into();
            let country = party.address.country;
            party.address = Address { country, ..Address::default() };
            party.identifiers.clear();
        }
        // Longest first, so that no name is cut by a shorter one in it.
        hidden.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        let hide = |text: &mut String| {
            for (name, pseudonym) in &hidden {
                if text.contains(name.as_str()) {
                    *text = text.replace(name.as_str(), pseudonym);
                }
            }
        };
        screening
            .findings
            .iter_mut()
            .flat_map(|finding| &mut finding.evidence)
            .for_each(|one| hide(&mut one.words));
        screening.unscreenable.iter_mut().for_each(|one| hide(&mut one.reason));
        for item in &mut shipment.items {
            hide(&mut item.description);
            hide(&mut item.end_use);
        }
        for fault in &mut shipment.faults {
            hide(&mut fault.text);
            hide(&mut fault.reason);
        }
        let route = &mut shipment.route;
        let places = route.departure.iter_mut().chain(&mut route.transit).chain(&mut route.destination);
        places.for_each(|place| hide(&mut place.text));
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_the_hmac_of_the_name() {
        let key = Key::new(b"0123456789abcdef");
        let one = key.pseudonym("Alder Tools GmbH");
        // The figure is that of another implementation of RFC 2104.
        assert_eq!(one, "#3f7fab82ef1eb6f0");
        assert_ne!(one, key.pseudonym("Alder Tools Gmbh"));
        assert_ne!(one, Key::new(b"another key here").pseudonym("Alder Tools GmbH"));
    }
}
