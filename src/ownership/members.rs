//! Which of the names in statements are one party.
//!
//! By the entry of a list, a shared number, the same words, or names so alike
//! that the matching calls them a strong hit; never against countries, numbers
//! or entries that contradict each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::digest::of_parts;
use crate::matching::{KindFilter, Matcher, PartyQuery, Thresholds};
use crate::name::{Lexicon, fold_words};
use crate::trade::{CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Watchlist};

use super::memory::{Alike, Memory, remembered};
use super::statement::{Named, Statement};

/// A party of the statements, under all its names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Member {
    /// Ascending; the first is the one to show.
    pub names: Vec<String>,
    pub kind: PartyKind,
    pub countries: Vec<CountryCode>,
    pub identifiers: Vec<Identifier>,
    /// Entries of lists that it is, as (list, entry).
    pub entries: Vec<(Arc<str>, String)>,
}

impl Member {
    pub fn caption(&self) -> &str {
        self.names.first().map_or("(no name)", String::as_str)
    }

    fn add(&mut self, named: &Named) {
        if !named.name.is_empty() {
            self.names.push(named.name.clone());
        }
        if self.kind == PartyKind::Unknown {
            self.kind = named.kind;
        }
        self.countries.extend(named.country);
        for identifier in &named.identifiers {
            if !self.identifiers.contains(identifier) {
                self.identifiers.push(identifier.clone());
            }
        }
        self.entries.extend(named.entry.clone());
    }

    fn finish(&mut self) {
        self.names.sort();
        self.names.dedup();
        self.countries.sort_unstable();
        self.countries.dedup();
        self.entries.sort();
        self.entries.dedup();
    }
}

/// Names alike that are looked at for one name.
const MOST_NEAR: usize = 50;
/// So few names are compared sooner than what was kept of them is read.
const FEW: usize = 100;

/// The parties of the statements, and of each statement the numbers of its
/// owner and its owned. Numbers do not depend on the order of the statements.
pub(super) fn members(
    statements: &[Statement],
    lexicon: &'static Lexicon,
    thresholds: Thresholds,
    memory: &dyn Memory,
) -> (Vec<Member>, Vec<(u32, u32)>) {
    let keys: Vec<[String; 2]> = statements.par_iter().map(|s| [key(&s.owner), key(&s.owned)]).collect();
    let mut numbers: BTreeMap<&str, (usize, &Named)> = BTreeMap::new();
    for (keys, statement) in keys.iter().zip(statements) {
        for (key, named) in keys.iter().zip([&statement.owner, &statement.owned]) {
            numbers.entry(key).or_insert((0, named));
        }
    }
    for (number, value) in numbers.values_mut().enumerate() {
        value.0 = number;
    }
    let distinct: Vec<&Named> = numbers.values().map(|(_, named)| *named).collect();
    let mut sets = Sets((0..distinct.len()).collect());
    join_by_number(&distinct, &mut sets);
    join_by_words(&distinct, &mut sets);
    let alike = || alike(&distinct, lexicon, thresholds);
    let alike = if distinct.len() < FEW {
        alike()
    } else {
        let asked = format!("{thresholds:?}");
        let key = of_parts(numbers.keys().copied().chain([asked.as_str()]));
        remembered(memory, &key, distinct.len(), alike)
    };
    for (one, other) in alike {
        sets.join(one as usize, other as usize);
    }
    let mut place: FxHashMap<usize, u32> = FxHashMap::default();
    let mut members: Vec<Member> = Vec::new();
    let mut of: Vec<u32> = Vec::with_capacity(distinct.len());
    for (number, named) in distinct.iter().enumerate() {
        let set = sets.root(number);
        let at = *place.entry(set).or_insert_with(|| {
            members.push(Member::default());
            u32::try_from(members.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(member) = members.get_mut(at as usize) {
            member.add(named);
        }
        of.push(at);
    }
    members.iter_mut().for_each(Member::finish);
    let number = |key: &String| {
        numbers.get(key.as_str()).and_then(|(number, _)| of.get(*number)).copied().unwrap_or(u32::MAX)
    };
    let ends = keys.iter().map(|[owner, owned]| (number(owner), number(owned))).collect();
    (members, ends)
}

/// All that tells one naming from another.
fn key(named: &Named) -> String {
    let mut numbers: Vec<String> =
        named.identifiers.iter().map(|i| format!("{} {} {:?}", i.kind.key(), i.value, i.country)).collect();
    numbers.sort();
    let Named { name, kind, country, entry, .. } = named;
    format!("{name}\u{1}{country:?}\u{1}{}\u{1}{}\u{1}{entry:?}", kind.key(), numbers.join("\u{2}"))
}

/// Whether nothing speaks against two namings being one party.
fn compatible(a: &Named, b: &Named) -> bool {
    let countries = a.country.is_none() || b.country.is_none() || a.country == b.country;
    let entries = || match (&a.entry, &b.entry) {
        (Some((list, id)), Some((other, other_id))) => list != other || id == other_id,
        _ => true,
    };
    let contradicted = || {
        a.identifiers.iter().any(|one| {
            let mut others = b.identifiers.iter().filter(|other| other.kind == one.kind).peekable();
            others.peek().is_some()
                && telling(one).is_some()
                && !a.identifiers.iter().any(|one| b.identifiers.iter().any(|other| same(one, other)))
        })
    };
    countries && a.kind.agrees_with(b.kind) && entries() && !contradicted()
}

/// What an identifier is compared by, if it can stand for one party.
fn telling(identifier: &Identifier) -> Option<String> {
    use IdentifierKind::{Bic, Duns, Eori, Imo, Lei, NationalId, Passport, Registration, Tax};
    let kinds = [Registration, Tax, Lei, Bic, Duns, Eori, Imo, Passport, NationalId];
    let value: String = identifier
        .value
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let enough =
        value.len() >= 5 && (identifier.kind == Bic || value.chars().any(|c| matches!(c, '1'..='9')));
    (kinds.contains(&identifier.kind) && enough).then(|| format!("{} {value}", identifier.kind.key()))
}

fn same(one: &Identifier, other: &Identifier) -> bool {
    let countries = one.country.is_none() || other.country.is_none() || one.country == other.country;
    countries && telling(one).is_some_and(|key| telling(other) == Some(key))
}

fn join_by_number(distinct: &[&Named], sets: &mut Sets) {
    let mut entries: FxHashMap<&(Arc<str>, String), usize> = FxHashMap::default();
    let mut seen: FxHashMap<String, BTreeMap<Option<CountryCode>, usize>> = FxHashMap::default();
    for (number, named) in distinct.iter().enumerate() {
        if let Some(entry) = &named.entry {
            sets.join(*entries.entry(entry).or_insert(number), number);
        }
        for identifier in &named.identifiers {
            let Some(key) = telling(identifier) else { continue };
            // One naming stands for all with the same number of the same
            // country: a number may stand in thousands.
            let others = seen.entry(key).or_default();
            let country = identifier.country;
            for (other, known) in others.iter() {
                if country.is_none() || other.is_none() || *other == country {
                    sets.join(*known, number);
                }
            }
            others.entry(country).or_insert(number);
        }
    }
}

fn join_by_words(distinct: &[&Named], sets: &mut Sets) {
    let mut by_words: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, named) in distinct.iter().enumerate() {
        let words = fold_words(&named.name).words.join(" ");
        if !words.is_empty() {
            by_words.entry(words).or_default().push(number);
        }
    }
    for group in by_words.values() {
        for (at, one) in group.iter().enumerate() {
            for other in group.iter().skip(at + 1) {
                // Most of a large group are joined by then.
                if sets.root(*one) != sets.root(*other)
                    && let (Some(a), Some(b)) = (distinct.get(*one), distinct.get(*other))
                    && compatible(a, b)
                {
                    sets.join(*one, *other);
                }
            }
        }
    }
}

/// The namings that the matching calls a strong hit of each other, where nothing
/// speaks against it.
fn alike(distinct: &[&Named], lexicon: &'static Lexicon, thresholds: Thresholds) -> Vec<Alike> {
    let parties = distinct.iter().enumerate().map(|(number, named)| ListedParty {
        id: number.to_string(),
        kind: named.kind,
        names: vec![ListedName {
            text: named.name.as_str().into(),
            quality: NameQuality::Primary,
            former: false,
        }],
        ..ListedParty::default()
    });
    let list = Watchlist::new(list_info("Names of ownership statements"), parties.collect());
    let matcher = Matcher::new(&[list], lexicon, thresholds);
    let near = |(number, named): (usize, &&Named)| -> Vec<Alike> {
        let query = PartyQuery {
            name: &named.name,
            kind: named.kind,
            kinds: KindFilter::for_kind(named.kind),
            countries: &[],
            address: None,
            identifiers: &[],
        };
        let ranked = matcher.rank(&query, thresholds.strong, MOST_NEAR);
        let others = ranked.iter().filter_map(|hit| hit.entry.id.parse::<u32>().ok());
        let joins = |other: &u32| {
            let other = *other as usize;
            other != number && distinct.get(other).is_some_and(|other| compatible(named, other))
        };
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        others.filter(joins).map(|other| (number, other)).collect()
    };
    distinct.par_iter().enumerate().flat_map_iter(near).collect()
}

/// The head of a list that is no published one, for the matching.
pub(super) fn list_info(title: &str) -> ListInfo {
    ListInfo {
        id: "ownership".to_owned(),
        title: title.to_owned(),
        publisher: String::new(),
        jurisdiction: "own".to_owned(),
        regime: Regime::Unilateral,
        effect: Effect::Advisory,
        authority: String::new(),
        citation: String::new(),
        edition: Edition::default(),
        notes: Vec::new(),
    }
}

/// Sets of numbers that were joined.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, mut at: usize) -> usize {
        while let Some(&up) = self.0.get(at).filter(|up| **up != at) {
            let above = self.0.get(up).copied().unwrap_or(up);
            if let Some(place) = self.0.get_mut(at) {
                *place = above;
            }
            at = up;
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(place) = self.0.get_mut(one.max(other)) {
            *place = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn namings_are_joined_by_numbers_as_if_each_were_compared_with_each(
            all in proptest::collection::vec(proptest::collection::vec((0usize..3, 0usize..4), 0..3), 0..12),
        ) {
            let countries = [None, CountryCode::new("DE"), CountryCode::new("TR"), CountryCode::new("MY")];
            let identifier = |(value, country): &(usize, usize)| Identifier {
                kind: IdentifierKind::Registration,
                value: format!("HRB 1234{value}"),
                country: countries[*country],
            };
            let named = |numbers: &Vec<(usize, usize)>| Named {
                identifiers: numbers.iter().map(identifier).collect(),
                ..Named::default()
            };
            let namings: Vec<Named> = all.iter().map(named).collect();
            let distinct: Vec<&Named> = namings.iter().collect();
            let (mut sets, mut pairwise) = (Sets((0..all.len()).collect()), Sets((0..all.len()).collect()));
            join_by_number(&distinct, &mut sets);
            for (a, one) in namings.iter().enumerate() {
                for (b, other) in namings.iter().enumerate() {
                    let shared = |i: &Identifier| other.identifiers.iter().any(|j| same(i, j));
                    if one.identifiers.iter().any(shared) {
                        pairwise.join(a, b);
                    }
                }
            }
            for number in 0..all.len() {
                proptest::prop_assert_eq!(sets.root(number), pairwise.root(number));
            }
        }
    }
}
