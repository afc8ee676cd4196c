//! The entries of all lists by number: at hand, or as bytes until one is met.
//!
//! Knows what an entry holds; nothing of names and scores.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashSet;

use crate::trade::{CountryCode, PartyKind};
use crate::watchlist::{ListInfo, ListedParty, Watchlist};

use super::bytes::{Reader, Writer};
use super::party_bytes::{PartyReader, PartyWriter, kind_byte, kind_of, load_countries, save_countries};

/// An entry and its list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'e> {
    pub list: &'e Arc<ListInfo>,
    pub party: &'e Arc<ListedParty>,
}

/// All entries, in the order of the lists.
#[derive(Debug, Default)]
pub(super) struct Entries {
    lists: Vec<Arc<ListInfo>>,
    /// By list: the number after its last entry.
    ends: Vec<u32>,
    kinds: Vec<PartyKind>,
    /// Of entry `e`: `countries[starts[e]..starts[e + 1]]`.
    countries: Vec<CountryCode>,
    starts: Vec<u32>,
    /// Filled when an entry is met, unless it was at hand from the start.
    parties: Vec<OnceLock<Arc<ListedParty>>>,
    /// Entries with relations to other parties, ascending.
    related: Vec<u32>,
    saved: Saved,
}

/// Entries as bytes.
#[derive(Debug, Default)]
struct Saved {
    /// The file that they stand in.
    bytes: Vec<u8>,
    /// Where in it each begins.
    places: Vec<u32>,
    /// Texts that many entries share.
    shared: Vec<Arc<str>>,
}

impl Saved {
    fn party(&self, number: usize) -> Option<Arc<ListedParty>> {
        let bytes = self.bytes.get(*self.places.get(number)? as usize..)?;
        PartyReader::new(Reader::new(bytes), &self.shared, false).party().map(Arc::new)
    }

    /// The id of an entry, which stands first in it.
    fn id(&self, number: usize) -> Option<&str> {
        Reader::new(self.bytes.get(*self.places.get(number)? as usize..)?).text()
    }
}

impl Entries {
    pub fn of(lists: &[Watchlist]) -> Self {
        let mut entries = Self { starts: vec![0], ..Self::default() };
        for list in lists {
            entries.lists.push(Arc::clone(&list.info));
            for party in &list.parties {
                entries.kinds.push(party.kind);
                entries.countries.extend(&party.countries);
                if !party.relations.is_empty() {
                    entries.related.push(number(entries.parties.len()));
                }
                entries.starts.push(number(entries.countries.len()));
                entries.parties.push(OnceLock::from(Arc::clone(party)));
            }
            entries.ends.push(number(entries.parties.len()));
        }
        entries
    }

    pub fn len(&self) -> usize {
        self.parties.len()
    }

    /// The lists, in the order given.
    pub fn lists(&self) -> &[Arc<ListInfo>] {
        &self.lists
    }

    /// The entry of a number.
    pub fn get(&self, number: u32) -> Option<Entry<'_>> {
        let list = self.ends.partition_point(|end| *end <= number);
        let party = self.parties.get(number as usize)?;
        Some(Entry {
            list: self.lists.get(list)?,
            // What is read here was read once before it was taken for good.
            party: party.get_or_init(|| self.saved.party(number as usize).unwrap_or_default()),
        })
    }

    /// The entries with relations to other parties, and the entries of their
    /// lists that those relations name by id.
    pub fn related(&self) -> Vec<Entry<'_>> {
        let mut found: Vec<u32> = self.related.clone();
        let mut wanted: FxHashSet<(usize, &str)> = FxHashSet::default();
        for number in &self.related {
            let list = self.ends.partition_point(|end| end <= number);
            let relations = self.get(*number).map(|entry| entry.party.relations.as_slice());
            let ids = relations.unwrap_or_default().iter().filter_map(|relation| relation.id.as_deref());
            wanted.extend(ids.map(|id| (list, id)));
        }
        if !wanted.is_empty() {
            for (entry, party) in (0u32..).zip(&self.parties) {
                let list = self.ends.partition_point(|end| *end <= entry);
                // An entry that was not met yet is not read for being looked at.
                let id = party.get().map_or_else(|| self.saved.id(entry as usize), |p| Some(&p.id));
                if id.is_some_and(|id| wanted.contains(&(list, id))) {
                    found.push(entry);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|number| self.get(number)).collect()
    }

    pub fn kind(&self, number: u32) -> Option<PartyKind> {
        self.kinds.get(number as usize).copied()
    }

    pub fn countries(&self, number: u32) -> &[CountryCode] {
        let number = number as usize;
        match (self.starts.get(number), self.starts.get(number + 1)) {
            (Some(&from), Some(&to)) => self.countries.get(from as usize..to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Writes the entries.
    pub fn save(&self, out: &mut Writer) {
        let mut entries = PartyWriter::default();
        let mut places = Vec::with_capacity(self.len());
        for entry in (0..number(self.len())).filter_map(|number| self.get(number)) {
            places.push(number(entries.out.bytes.len()));
            entries.party(entry.party);
        }
        let mut lists = PartyWriter::default();
        self.lists.iter().for_each(|list| lists.list(list));
        out.block(&entries.out.bytes);
        out.u32s(places.into_iter());
        out.size(entries.shared().len());
        entries.shared().iter().for_each(|text| out.text(text));
        out.size(self.lists.len());
        out.bytes.extend(lists.out.bytes);
        out.u32s(self.ends.iter().copied());
        out.bytes(self.kinds.iter().map(|kind| kind_byte(*kind)));
        save_countries(&self.countries.iter().copied().map(Some).collect::<Vec<_>>(), out);
        out.u32s(self.starts.iter().copied());
    }

    /// Reads entries out of a piece of a file that ends at `piece_end`. They need
    /// the bytes of the file as far as the second number tells, later: see
    /// [`Entries::keep`].
    pub fn load(reader: &mut Reader<'_>, piece_end: usize) -> Option<(Self, usize)> {
        let block = reader.block()?;
        let end = piece_end.checked_sub(reader.left())?;
        let start = end.checked_sub(block.len())?;
        let places = reader.u32s()?;
        let shared: Vec<Arc<str>> =
            (0..reader.size()?).map(|_| reader.text().map(Arc::from)).collect::<Option<_>>()?;
        // Every entry is looked through now, so that none can fail later.
        let mut at = 0;
        let mut related = Vec::new();
        for (entry, &place) in (0u32..).zip(&places) {
            if place as usize != at {
                return None;
            }
            let mut party = PartyReader::new(Reader::new(block.get(at..)?), &shared, true);
            party.party()?;
            if party.related {
                related.push(entry);
            }
            at = block.len() - party.rest().left();
        }
        let places: Vec<u32> = places
            .into_iter()
            .map(|place| u32::try_from(start + place as usize).ok())
            .collect::<Option<_>>()?;
        let lists = (0..reader.size()?)
            .map(|_| {
                let mut list = PartyReader::new(*reader, &[], false);
                let info = list.list()?;
                *reader = list.rest();
                Some(Arc::new(info))
            })
            .collect::<Option<Vec<_>>>()?;
        let ends = reader.u32s()?;
        let kinds = reader.block()?.iter().map(|byte| kind_of(*byte)).collect::<Option<Vec<_>>>()?;
        let countries = load_countries(reader)?.into_iter().collect::<Option<Vec<_>>>()?;
        let starts = reader.u32s()?;
        let count = places.len();
        let fits = at == block.len()
            && ends.len() == lists.len()
            && ends.is_sorted()
            && ends.last().map_or(0, |end| *end as usize) == count
            && kinds.len() == count
            && starts.len() == count + 1
            && starts.is_sorted()
            && starts.last().is_some_and(|end| *end as usize == countries.len());
        let parties = std::iter::repeat_with(OnceLock::new).take(count).collect();
        let saved = Saved { bytes: Vec::new(), places, shared };
        fits.then_some((Self { lists, ends, kinds, countries, starts, parties, related, saved }, end))
    }

    /// Hands over the bytes of the file that the entries were loaded from.
    pub fn keep(&mut self, file: Vec<u8>) {
        self.saved.bytes = file;
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
