//! Which parties of the past may be a party of today: names that the matching
//! finds alike, and whoever had the same number, phone, mail or address.

use std::io;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::matching::compare;
use crate::name::{Lexicon, edits_within};
use crate::trade::{CountryCode, PartyKind};

use super::bytes::Bytes;
use super::order::Order;
use super::record::{Key, Kind};
use super::tables::Tables;
use super::wanted::{Asked, Wanted};

/// A name as it stands in the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownName {
    pub text: Box<str>,
    pub country: Option<CountryCode>,
    /// The words that tell, as in its identity.
    pub words: Box<str>,
    first: Order,
}

/// Another party whose name is alike.
#[derive(Clone, PartialEq, Debug)]
pub struct Alike {
    pub party: u64,
    /// 0 to 1.
    pub score: f64,
}

/// One who was met at a phone, mail, address or number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Meeting {
    /// The first time.
    pub first: Order,
    pub party: u64,
    /// Those whose names are alike are of one group.
    pub group: usize,
}

/// What was resolved for the parties at hand.
#[derive(Debug, Default)]
pub struct Resolved {
    pub names: FxHashMap<u64, KnownName>,
    /// By party at hand; best first.
    pub alike: FxHashMap<u64, Vec<Alike>>,
    pub meetings: FxHashMap<(u8, u64), Vec<Meeting>>,
}

/// Names that sound alike are compared one by one; beyond so many the sound
/// tells too little, and the party is found by its other words.
const MOST_OF_A_SOUND: usize = 400;

/// Looks up everybody whom the parties at hand may be.
///
/// # Errors
/// When a table can't be read.
pub fn resolve(tables: &Tables, wanted: &Wanted, least: f64) -> io::Result<Resolved> {
    let mut resolved = Resolved::default();
    let mut pairs: Vec<(u64, u64)> = Vec::new();
    let mut by_sound: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
    let mut parties: Vec<(&u64, &Asked)> = wanted.parties.iter().collect();
    parties.sort_by_key(|(hash, _)| **hash);
    let mut sounds: Vec<u64> =
        parties.iter().flat_map(|(_, asked)| asked.identity.sounds.iter().copied()).collect();
    sounds.sort_unstable();
    sounds.dedup();
    for sound in sounds {
        let found = parties_of_sound(tables, sound)?;
        if found.len() <= MOST_OF_A_SOUND {
            by_sound.insert(sound, found);
        }
    }
    for (hash, asked) in &parties {
        let mut others: Vec<u64> = asked
            .identity
            .sounds
            .iter()
            .filter_map(|sound| by_sound.get(sound))
            .flatten()
            .copied()
            .filter(|other| *other != **hash)
            .collect();
        others.sort_unstable();
        others.dedup();
        pairs.extend(others.into_iter().map(|other| (**hash, other)));
    }
    resolved.meetings = meetings(tables, wanted)?;
    let mut named: FxHashSet<u64> = pairs.iter().map(|(_, other)| *other).collect();
    named.extend(resolved.meetings.values().flatten().map(|meeting| meeting.party));
    named.extend(wanted.parties.keys());
    resolved.names = names(tables, named)?;
    resolved.alike = alike(wanted, &resolved.names, pairs, least);
    let Resolved { names, meetings, .. } = &mut resolved;
    let mut met: Vec<&mut Vec<Meeting>> = meetings.values_mut().collect();
    met.par_iter_mut().for_each(|met| group(met, names, least));
    Ok(resolved)
}

/// Everybody beyond so many is a group of its own: an address of so many names
/// is told from others without comparing them.
const MOST_COMPARED: usize = 60;

/// Gives those whose names are alike one group. Whoever came later never
/// changes the group of one who came before.
fn group(met: &mut [Meeting], names: &FxHashMap<u64, KnownName>, least: f64) {
    let lexicon = Lexicon::shipped();
    let words: Vec<&str> =
        met.iter().map(|meeting| names.get(&meeting.party).map_or("", |known| &*known.words)).collect();
    let mut groups: Vec<usize> = Vec::with_capacity(met.len());
    for (place, own) in words.iter().enumerate() {
        let earlier = words.iter().take(place.min(MOST_COMPARED));
        let alike = earlier.zip(&groups).find(|(other, _)| {
            *other == own || compare(lexicon, own, other, PartyKind::Organization).score >= least
        });
        groups.push(alike.map_or(place, |(_, group)| *group));
    }
    for (meeting, group) in met.iter_mut().zip(groups) {
        meeting.group = group;
    }
}

fn parties_of_sound(tables: &Tables, sound: u64) -> io::Result<Vec<u64>> {
    let prefix = Key::of(Kind::Sound).hash(sound).into_bytes();
    let mut found = Vec::new();
    tables.scan(&prefix, &mut |key, _| {
        found.extend(key.get(prefix.len()..).and_then(|rest| Bytes(rest).hash()));
    })?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn meetings(tables: &Tables, wanted: &Wanted) -> io::Result<FxHashMap<(u8, u64), Vec<Meeting>>> {
    let mut contacts: Vec<(u8, u64)> = wanted.contacts.iter().copied().collect();
    contacts.sort_unstable();
    let mut all = FxHashMap::default();
    for (kind, hash) in contacts {
        let prefix = Key::of(Kind::Contact).byte(kind).hash(hash).into_bytes();
        let mut met: FxHashMap<u64, Order> = FxHashMap::default();
        tables.scan(&prefix, &mut |key, body| {
            let party = key.get(prefix.len()..).and_then(|rest| Bytes(rest).hash());
            if let (Some(party), Some(order)) = (party, Bytes(body).order()) {
                let first = met.entry(party).or_insert_with(|| order.clone());
                if order < *first {
                    *first = order;
                }
            }
        })?;
        let mut met: Vec<Meeting> =
            met.into_iter().map(|(party, first)| Meeting { first, party, group: 0 }).collect();
        met.sort();
        all.insert((kind, hash), met);
    }
    Ok(all)
}

fn names(tables: &Tables, parties: FxHashSet<u64>) -> io::Result<FxHashMap<u64, KnownName>> {
    let mut parties: Vec<u64> = parties.into_iter().collect();
    parties.sort_unstable();
    let mut names: FxHashMap<u64, KnownName> = FxHashMap::default();
    for party in parties {
        let prefix = Key::of(Kind::Name).hash(party).into_bytes();
        tables.scan(&prefix, &mut |_, body| {
            let Some(new) = read_name(body) else { return };
            match names.get_mut(&party) {
                Some(known) if (&known.first, &known.text) <= (&new.first, &new.text) => {}
                Some(known) => *known = new,
                None => {
                    names.insert(party, new);
                }
            }
        })?;
    }
    Ok(names)
}

fn read_name(body: &[u8]) -> Option<KnownName> {
    let mut bytes = Bytes(body);
    let first = bytes.order()?;
    let (text, country) = (bytes.text()?.into(), bytes.country()?);
    Some(KnownName { text, country, words: bytes.text()?.into(), first })
}

/// Whether two names are near enough to be compared in full: without the words
/// that both have, what is left of them differs in half of its letters at most,
/// or has the same letters in another order.
/// Nearly all pairs that share one of several words are told apart here, at a
/// hundredth of the cost.
fn may_be_alike(one: &str, other: &str) -> bool {
    let rest = |words: &str, without: &str| -> String {
        words.split(' ').filter(|word| !without.split(' ').any(|other| other == *word)).collect()
    };
    let (one, other) = (rest(one, other), rest(other, one));
    if one.is_empty() || other.is_empty() {
        return true;
    }
    let letters = |rest: &str| {
        let mut letters = rest.as_bytes().to_vec();
        letters.sort_unstable();
        letters
    };
    let most = one.len().max(other.len()).div_ceil(2);
    edits_within(&one, &other, most).is_some() || letters(&one) == letters(&other)
}

fn alike(
    wanted: &Wanted,
    names: &FxHashMap<u64, KnownName>,
    pairs: Vec<(u64, u64)>,
    least: f64,
) -> FxHashMap<u64, Vec<Alike>> {
    let lexicon = Lexicon::shipped();
    let found: Vec<(u64, Alike)> = pairs
        .into_par_iter()
        .filter_map(|(party, other)| {
            let (asked, known) = (wanted.parties.get(&party)?, names.get(&other)?);
            let elsewhere =
                asked.country.is_some() && known.country.is_some() && asked.country != known.country;
            if elsewhere {
                return None;
            }
            if !may_be_alike(&asked.identity.words, &known.words) {
                return None;
            }
            // The words alone: the score does not depend on which spelling came
            // first.
            let score = compare(lexicon, &asked.identity.words, &known.words, PartyKind::Organization).score;
            (score >= least).then_some((party, Alike { party: other, score }))
        })
        .collect();
    let mut alike: FxHashMap<u64, Vec<Alike>> = FxHashMap::default();
    for (party, other) in found {
        alike.entry(party).or_default().push(other);
    }
    for others in alike.values_mut() {
        others.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.party.cmp(&b.party)));
    }
    alike
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::identity::Identities;
    use super::*;

    fn words(name: &str) -> String {
        Identities::default()
            .of(&name.into(), None)
            .map(|identity| identity.words.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn names_of_one_party_are_compared_and_others_hardly() {
        for (one, other) in [
            ("OOO Radio Avtomatika", "RADIOAVTOMATIKA LLC"),
            ("Osh Teknologiya LLC", "OSH TECHNOLOGIA OsOO"),
            ("Jatronics Sdn Bhd", "JATRONIKS SDN BHD"),
            ("Priceharbour Coopers", "COOPERSPRICEHARBOUR"),
        ] {
            assert!(may_be_alike(&words(one), &words(other)), "{one} / {other}");
        }
        assert!(!may_be_alike(&words("Alderbridge Quartz Ltd"), &words("Alderbridge Seeds Ltd")));
    }

    /// On labelled pairs: of those that the matching finds alike, hardly one is
    /// lost to the cheap test. Skips where the kit is absent.
    #[test]
    fn the_cheap_test_loses_hardly_any_pair_that_the_matching_finds_alike() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/eval/pairs_dev.csv");
        let Ok(mut reader) = csv::Reader::from_path(&path) else {
            eprintln!("skipped: {} is not there", path.display());
            return;
        };
        let head = reader.headers().unwrap().clone();
        let place = |name: &str| head.iter().position(|cell| cell == name).unwrap();
        let (schema, one, other) = (place("schema"), place("name1"), place("name2"));
        let (mut alike, mut lost) = (0u32, 0u32);
        for record in reader.records() {
            let record = record.unwrap();
            if &record[schema] == "Person" {
                continue;
            }
            let (one, other) = (words(&record[one]), words(&record[other]));
            if compare(Lexicon::shipped(), &one, &other, PartyKind::Organization).score >= 0.9 {
                alike += 1;
                let is_lost = !may_be_alike(&one, &other);
                if is_lost {
                    println!("lost: {one} / {other}");
                }
                lost += u32::from(is_lost);
            }
        }
        println!("{lost} of {alike} pairs lost");
        assert!(alike > 50 && lost * 100 <= alike * 3, "{lost} of {alike} pairs lost");
    }
}
