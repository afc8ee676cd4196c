//! Sanction entities as what a dataset says of a party.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::watchlist::format::days;
use crate::watchlist::format::gather::Gather;

use super::datasets;
use super::entity::Entity;
use super::lists::Listing;
use super::party::{one_line, words};

/// The listings of an entity: one for each dataset that its sanctions or the
/// entity itself stand in, without registers.
pub(super) fn listings(
    entity: &Entity<'_>,
    sanctions: &[&Entity<'_>],
    today: Option<Date>,
    texts: &mut Gather,
) -> BTreeMap<String, Listing> {
    let mut listings: BTreeMap<String, Listing> = BTreeMap::new();
    for name in &entity.datasets {
        listings.entry(name.trim().to_owned()).or_default();
    }
    let mut open: BTreeMap<String, bool> = BTreeMap::new();
    for sanction in sanctions {
        for name in &sanction.datasets {
            let name = name.trim();
            let ended = put(listings.entry(name.to_owned()).or_default(), sanction, name, today, texts);
            *open.entry(name.to_owned()).or_default() |= !ended;
        }
    }
    for (name, listing) in &mut listings {
        // Removed only when none of the sanctions goes on.
        if open.get(name).copied().unwrap_or(true) {
            listing.removed = None;
        }
        let ids = entity.referents.iter().chain([&entity.id]);
        listing.same_as.extend(ids.filter_map(|id| datasets::same_entry(name, id)));
        listing.same_as.sort();
        listing.same_as.dedup();
    }
    listings.retain(|name, _| !name.is_empty() && !datasets::is_reference(name));
    if listings.is_empty() {
        listings.insert(datasets::UNLISTED.to_owned(), Listing::default());
    }
    listings
}

/// Puts one sanction into the listing; whether it has ended.
fn put(
    listing: &mut Listing,
    sanction: &Entity<'_>,
    dataset: &str,
    today: Option<Date>,
    texts: &mut Gather,
) -> bool {
    let mut program = |text: &str| {
        let text = one_line(text);
        if !text.is_empty() && !listing.programs.iter().any(|known| **known == *text) {
            listing.programs.push(texts.text(&text));
        }
    };
    sanction.all("program").for_each(&mut program);
    sanction.all("programId").for_each(&mut program);
    let first_day = |property: &str| sanction.all(property).filter_map(days::iso).min();
    let listed = first_day("listingDate").or_else(|| first_day("startDate"));
    listing.listed = [listing.listed, listed].into_iter().flatten().min();
    let ended = sanction.all("endDate").filter_map(days::iso).max();
    let over = ended.is_some_and(|ended| today.is_none_or(|today| ended <= today));
    if over {
        listing.removed = listing.removed.max(ended);
    }
    for (property, values) in &sanction.properties {
        for value in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
            match &**property {
                // The country is that of the authority.
                "program" | "programId" | "entity" | "country" => {}
                "authority" => {
                    listing.authorities.push(value.to_owned());
                    listing.remark("Authority", value);
                }
                "listingDate" | "startDate" if days::iso(value) == listed => {}
                "reason" => add(&mut listing.reasons, value),
                "provisions" => add(&mut listing.provisions, value),
                "sourceUrl" if listing.url.is_none() => listing.url = Some(Arc::from(value)),
                "authorityId" | "recordId" => listing.record(dataset, value),
                name => listing.remark(&format!("Sanction, {}", words(name).to_lowercase()), value),
            }
        }
    }
    over
}

fn add(texts: &mut Vec<String>, text: &str) {
    if !texts.iter().any(|there| there == text) {
        texts.push(text.to_owned());
    }
}

impl Listing {
    fn remark(&mut self, words: &str, text: &str) {
        self.remarks.push((words.to_owned(), text.to_owned()));
    }

    /// A number that the authority gives the entry: a notice in the Federal
    /// Register, an entry of a list that may be loaded too, or neither.
    fn record(&mut self, dataset: &str, text: &str) {
        let notice = one_line(text);
        if notice.contains(" FR ") && self.citation.is_empty() {
            self.citation = notice;
            return;
        }
        let same = datasets::same_entry(dataset, &format!("{}{text}", datasets::referents(dataset)));
        self.same_as.extend(same);
        self.remark("Id at the authority", text);
    }
}
