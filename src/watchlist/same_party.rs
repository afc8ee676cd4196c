//! Entries of several lists that are the same party.
//!
//! By a link that a list states, by the same strong identifier, and then by
//! name: the same words in any order, with something else that agrees. A name
//! alone never joins entries, and never two of one list.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::name::fold_words;
use crate::trade::{CountryCode, Identifier, IdentifierKind, PartyKind};

use super::{ListedParty, NameQuality, Watchlist};

/// Shortest registration number that can stand for one company.
const MIN_REGISTRATION: usize = 5;
/// Fewest letters of a name that can join entries.
const MIN_NAME: usize = 10;
/// Entries of one name at most; more is no name but a word.
const MOST_NAMESAKES: usize = 12;

/// The group of each entry, as `groups[list][entry]`. Entries are in one group
/// when one names the other in `same_as`, when they have the same ship number
/// or legal entity identifier, or the same registration number of the same
/// country; or when entries of two lists have a name in common and, of persons,
/// the year of birth, of others a country. And so on in a chain. Groups are
/// numbered from 0 in the order of their first entries.
#[must_use]
pub fn same_party_groups(lists: &[Watchlist]) -> Vec<Vec<u32>> {
    let mut starts = Vec::with_capacity(lists.len());
    let mut total = 0;
    for list in lists {
        starts.push(total);
        total += list.parties.len();
    }
    let mut by_id: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for (list, start) in lists.iter().zip(&starts) {
        for (at, party) in list.parties.iter().enumerate() {
            by_id.entry((&list.info.id, &party.id)).or_insert(start + at);
        }
    }
    let mut sets = Sets((0..total).collect());
    let mut by_key: FxHashMap<Key, Vec<(usize, PartyKind)>> = FxHashMap::default();
    for (list, start) in lists.iter().zip(&starts) {
        for (at, party) in list.parties.iter().enumerate() {
            let me = start + at;
            for link in &party.same_as {
                if let Some(&other) = link.split_once('/').and_then(|link| by_id.get(&link)) {
                    sets.join(me, other);
                }
            }
            for key in party.identifiers.iter().filter_map(Key::of) {
                let seen = by_key.entry(key).or_default();
                for &(other, _) in seen.iter().filter(|(_, kind)| kind.agrees_with(party.kind)) {
                    sets.join(me, other);
                }
                seen.push((me, party.kind));
            }
        }
    }
    join_namesakes(lists, &starts, &mut sets);
    sets.number(lists)
}

/// Joins entries of two lists that have a good name in common, and something
/// beside it.
fn join_namesakes(lists: &[Watchlist], starts: &[usize], sets: &mut Sets) {
    if lists.len() < 2 {
        return;
    }
    let mut by_name: FxHashMap<u64, Vec<(usize, usize)>> = FxHashMap::default();
    for (l, list) in lists.iter().enumerate() {
        for (at, party) in list.parties.iter().enumerate() {
            for key in name_keys(party) {
                let seen = by_name.entry(key).or_default();
                if seen.last() != Some(&(l, at)) {
                    seen.push((l, at));
                }
            }
        }
    }
    let party = |(l, at): (usize, usize)| lists.get(l).and_then(|list| list.parties.get(at));
    for seen in by_name.into_values().filter(|seen| (2..=MOST_NAMESAKES).contains(&seen.len())) {
        for (i, &a) in seen.iter().enumerate() {
            for &b in seen.iter().skip(i + 1).filter(|b| b.0 != a.0) {
                let (Some(one), Some(other)) = (party(a), party(b)) else { continue };
                if agree(one, other)
                    && let (Some(first), Some(second)) = (starts.get(a.0), starts.get(b.0))
                {
                    sets.join(first + a.1, second + b.1);
                }
            }
        }
    }
}

/// A number for each name that is not weak: the same for the same words in any
/// order.
fn name_keys(party: &ListedParty) -> Vec<u64> {
    let names = party.names.iter().filter(|name| name.quality != NameQuality::Weak);
    let mut keys: Vec<u64> = names
        .filter_map(|name| {
            let mut words = fold_words(&name.text).words;
            words.sort_unstable();
            let joined = words.join(" ");
            (words.len() > 1 && joined.len() >= MIN_NAME).then(|| FxBuildHasher.hash_one(&joined))
        })
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether two entries of one name agree in something else: of persons the year
/// of birth, of others a country.
fn agree(one: &ListedParty, other: &ListedParty) -> bool {
    if !one.kind.agrees_with(other.kind) {
        return false;
    }
    if one.kind == PartyKind::Person || other.kind == PartyKind::Person {
        let years = |party: &ListedParty| -> Vec<String> {
            party.birth_dates.iter().flat_map(|born| years_in(born)).collect()
        };
        let born = years(one);
        return years(other).iter().any(|year| born.contains(year));
    }
    one.countries.iter().any(|country| other.countries.contains(country))
}

/// The numbers of four digits in a date as published.
fn years_in(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 4).map(str::to_owned)
}

/// What makes two entries certainly one.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Imo(String),
    Lei(String),
    Registration(String, CountryCode),
}

impl Key {
    fn of(identifier: &Identifier) -> Option<Self> {
        let compact: String = identifier
            .value
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        match identifier.kind {
            IdentifierKind::Imo => {
                let digits = compact.trim_start_matches("IMO");
                (digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit()))
                    .then(|| Self::Imo(digits.to_owned()))
            }
            IdentifierKind::Lei => (compact.len() == 20).then_some(Self::Lei(compact)),
            IdentifierKind::Registration => {
                let telling =
                    compact.len() >= MIN_REGISTRATION && compact.bytes().any(|b| (b'1'..=b'9').contains(&b));
                identifier.country.filter(|_| telling).map(|country| Self::Registration(compact, country))
            }
            _ => None,
        }
    }
}

/// Disjoint sets; the root of a set is its smallest member.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, member: usize) -> usize {
        let mut at = member;
        while let Some(&up) = self.0.get(at).filter(|&&up| up != at) {
            at = up;
        }
        if let Some(short_cut) = self.0.get_mut(member) {
            *short_cut = at;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(up) = self.0.get_mut(a.max(b)) {
            *up = a.min(b);
        }
    }

    fn number(mut self, lists: &[Watchlist]) -> Vec<Vec<u32>> {
        let mut numbers: FxHashMap<usize, u32> = FxHashMap::default();
        let mut member = 0;
        lists
            .iter()
            .map(|list| {
                list.parties
                    .iter()
                    .map(|_| {
                        let root = self.root(member);
                        member += 1;
                        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                        *numbers.entry(root).or_insert(next)
                    })
                    .collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watchlist::{ListFile, read};

    #[test]
    fn entries_join_by_link_and_strong_number() {
        let file = |id: &str, entries: &str| ListFile {
            name: format!("{id}.toml"),
            bytes: format!(
                "list = {{ id = \"{id}\", title = \"t\", jurisdiction = \"US\", regime = \"unilateral\", \
                 effect = \"blocking\", authority = \"a\" }}\nentry = [{entries}]\n"
            )
            .into_bytes(),
        };
        let a = r#"{ id = "1", name = "X", kind = "vessel", identifier = { kind = "imo", value = "IMO 9187667" } },
            { id = "2", name = "Y", identifier = { kind = "registration", value = "629642D", country = "MY" } },
            { id = "3", name = "Z" }, { id = "4", name = "S", identifier = { kind = "registration", value = "12", country = "MY" } }"#;
        let b = r#"{ id = "1", name = "other", identifier = { kind = "imo", value = "9187667" } },
            { id = "2", name = "Y", identifier = { kind = "registration", value = "629642-D", country = "SG" } },
            { id = "3", name = "Q", same_as = ["a/3"], identifier = { kind = "registration", value = "629642-d", country = "MY" } },
            { id = "4", name = "S", identifier = { kind = "registration", value = "12", country = "MY" } },
            { id = "5", name = "O", kind = "organization", identifier = { kind = "imo", value = "9187667" } }"#;
        let (lists, out) = read(vec![file("a", a), file("b", b)], &|_| None);
        assert!(out.is_empty(), "{out:?}");
        // The last one is a company with a ship's number: it joins the entry of
        // unknown kind, and through it the ship.
        assert_eq!(same_party_groups(&lists), [vec![0, 1, 1, 2], vec![0, 3, 1, 4, 0]]);
    }

    #[test]
    fn a_name_joins_entries_of_two_lists_only_with_something_beside_it() {
        let file = |id: &str, entries: &str| ListFile {
            name: format!("{id}.toml"),
            bytes: format!(
                "list = {{ id = \"{id}\", title = \"t\", jurisdiction = \"US\", regime = \"unilateral\", \
                 effect = \"blocking\", authority = \"a\" }}\nentry = [{entries}]\n"
            )
            .into_bytes(),
        };
        let a = r#"{ id = "1", name = "JATRONICS SDN BHD", country = "MY" },
            { id = "2", name = "PETROV, Ivan Ivanovich", kind = "person", born = 1970-01-02 },
            { id = "3", name = "Quorvex Trading", country = "AE" }, { id = "4", name = "JATRONICS SDN BHD", country = "MY" }"#;
        let b = r#"{ id = "1", name = "Jatronics Sdn. Bhd.", country = "MY" },
            { id = "2", name = "Ivan Ivanovich PETROV", kind = "person", born = "circa 1970" },
            { id = "3", name = "Quorvex Trading", country = "CN" },
            { id = "4", name = "Petrov Ivan Ivanovich", kind = "person", born = "1980" }"#;
        let (lists, out) = read(vec![file("a", a), file("b", b)], &|_| None);
        assert!(out.is_empty(), "{out:?}");
        // Two of one list are joined only through one of another.
        assert_eq!(same_party_groups(&lists), [vec![0, 1, 2, 0], vec![0, 1, 3, 4]]);
    }
}
