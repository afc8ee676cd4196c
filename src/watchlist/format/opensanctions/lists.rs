//! Puts each party into the list of every dataset that lists it.
//!
//! A list has one jurisdiction and one effect, and OpenSanctions joins what
//! many publishers say of a party into one entity. So each dataset becomes a
//! list, `os-<dataset>`, and a party that stands in several becomes an entry
//! of each, with what that dataset says of it; the first entry and the others
//! name one another in `same_as`. Otherwise a listing that binds nobody here
//! could not be told from one that does.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::format::gather::add_remark;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::{Edition, Effect, ListedParty, Watchlist};

use super::datasets;

/// What one dataset says of a party.
#[derive(Clone, Default)]
pub(super) struct Listing {
    pub programs: Vec<Arc<str>>,
    /// Who listed the party, in words; for the effect in mixed datasets.
    pub authorities: Vec<String>,
    pub listed: Option<Date>,
    pub removed: Option<Date>,
    pub citation: String,
    pub reasons: Vec<String>,
    pub provisions: Vec<String>,
    pub same_as: Vec<String>,
    /// With the words that stand before each.
    pub remarks: Vec<(String, String)>,
    pub url: Option<Arc<str>>,
}

/// The lists of the files, by the names of their datasets.
#[derive(Default)]
pub(super) struct Lists {
    by_dataset: BTreeMap<String, Vec<ListedParty>>,
}

impl Lists {
    /// Adds an entry to the list of each dataset. `topics` are the party's.
    pub fn add(&mut self, mut party: ListedParty, topics: &[&str], listings: BTreeMap<String, Listing>) {
        party.order_names();
        party.order_countries();
        let names: Vec<String> = listings.keys().cloned().collect();
        let entry = |name: &String| format!("{}/{}", datasets::list_id(name), party.id);
        let entries: Vec<String> = names.iter().map(entry).collect();
        for (at, (name, listing)) in listings.into_iter().enumerate() {
            let others = if at == 0 { entries.get(1..) } else { entries.get(..1) };
            let mut party = party.clone();
            party.same_as.extend(others.unwrap_or_default().iter().cloned());
            listing.put_into(&mut party, &name, topics);
            self.by_dataset.entry(name).or_default().push(party);
        }
    }

    /// Number of entries.
    pub fn entries(&self) -> usize {
        self.by_dataset.values().map(Vec::len).sum()
    }

    /// The lists, in the order of their ids; all with the same edition, notes
    /// and oddities, for a file says these of itself and not of its datasets.
    pub fn finish(
        self,
        edition: &Edition,
        mut notes: Vec<String>,
        odd: Oddities<'_>,
        out: &mut Diagnostics,
    ) -> Vec<Watchlist> {
        if self.entries() == 0 {
            out.push(Diagnostic::warning(format!("`{}` holds no entries", edition.source)));
        }
        let mut all = datasets::info(datasets::UNLISTED);
        all.notes.clear();
        odd.report(&edition.source, &mut all, out);
        notes.append(&mut all.notes);
        self.warn_of_unknown(out);
        self.by_dataset
            .into_iter()
            .map(|(name, parties)| {
                let mut info = datasets::info(&name);
                info.edition = Edition { url: info.edition.url, ..edition.clone() };
                info.notes.extend(notes.iter().cloned());
                Watchlist::new(info, parties)
            })
            .collect()
    }

    fn warn_of_unknown(&self, out: &mut Diagnostics) {
        let unknown = self.by_dataset.iter().filter(|(name, _)| !datasets::is_known(name));
        let unknown: Vec<_> =
            unknown.map(|(name, parties)| format!("`{name}` ({})", parties.len())).collect();
        if !unknown.is_empty() {
            out.push(
                Diagnostic::warning(format!(
                    "datasets that are not known, with their entries: {}",
                    unknown.join(", ")
                ))
                .help(
                    "their entries count as your own, and as blocking unless their topics say less; to say \
                         otherwise, write them with `redflag lists export` and change the head",
                ),
            );
        }
    }
}

impl Listing {
    fn put_into(self, party: &mut ListedParty, dataset: &str, topics: &[&str]) {
        if datasets::is_mixed(dataset) {
            let authorities = self.authorities.iter().map(String::as_str);
            let words = self.programs.iter().map(AsRef::as_ref).chain(authorities);
            // No dataset says more of a party than all of its topics together.
            let said = datasets::effect_of_programmes(words)
                .or_else(|| datasets::effect_of_topics(topics.iter().copied()));
            party.effect = said.filter(|effect| *effect != datasets::info(dataset).effect);
        }
        if party.effect == Some(Effect::LicenceRequired) {
            party.licence_requirement = joined(&self.reasons);
            party.licence_policy = joined(&self.provisions);
        } else {
            for (words, texts) in [("Reason", &self.reasons), ("Provisions", &self.provisions)] {
                for text in texts {
                    add_remark(party, words, text);
                }
            }
        }
        for (words, text) in &self.remarks {
            add_remark(party, words, text);
        }
        party.programs.extend(self.programs);
        party.listed = self.listed;
        party.removed = self.removed;
        party.citation = self.citation;
        party.same_as.extend(self.same_as);
        if self.url.is_some() {
            party.url = self.url;
        }
    }
}

fn joined(texts: &[String]) -> Option<Arc<str>> {
    (!texts.is_empty()).then(|| Arc::from(texts.join("; ")))
}
