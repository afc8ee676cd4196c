//! Entries on lists: which list, since when, on what legal basis, under which
//! programmes.

use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use roxmltree::Node;
use rustc_hash::FxHashMap;

use crate::watchlist::ListedParty;
use crate::watchlist::format::gather::add_remark;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::Element as _;

use super::dates;
use super::reference::Values;

/// A party's entry on one list.
pub(super) struct Listing {
    /// OFAC's name of the list.
    pub list: String,
    /// Where it stands in the file.
    pub range: Range<usize>,
    listed: Option<Date>,
    removed: Option<Date>,
    programs: Vec<Arc<str>>,
    bases: Vec<String>,
    remarks: Vec<String>,
}

impl Listing {
    /// Adds what the entry says to its party.
    pub fn put_into(&self, party: &mut ListedParty) {
        party.listed = [party.listed, self.listed].into_iter().flatten().min();
        party.removed = party.removed.or(self.removed);
        for program in &self.programs {
            if !party.programs.contains(program) {
                party.programs.push(Arc::clone(program));
            }
        }
        for basis in &self.bases {
            if !party.citation.split("; ").any(|there| there == basis) {
                if !party.citation.is_empty() {
                    party.citation.push_str("; ");
                }
                party.citation.push_str(basis);
            }
        }
        for remark in &self.remarks {
            add_remark(party, "", remark);
        }
    }
}

/// The listings of each profile.
pub(super) fn read(
    root: Node<'_, '_>,
    values: &Values<'_>,
    odd: &mut Oddities<'_>,
) -> FxHashMap<String, Vec<Listing>> {
    let mut listings: FxHashMap<String, Vec<Listing>> = FxHashMap::default();
    let mut programs: FxHashMap<String, Arc<str>> = FxHashMap::default();
    for entry in root.each_in("SanctionsEntries", "SanctionsEntry") {
        let listing = listing(entry, values, &mut programs, odd);
        listings.entry(entry.attr("ProfileID").to_owned()).or_default().push(listing);
    }
    listings
}

fn listing(
    entry: Node<'_, '_>,
    values: &Values<'_>,
    programs: &mut FxHashMap<String, Arc<str>>,
    odd: &mut Oddities<'_>,
) -> Listing {
    let id = entry.attr("ListID");
    let named = values.text("List", id);
    if named.is_empty() {
        odd.note("lists that the file does not name, taken for the SDN list", id);
    }
    let mut listing = Listing {
        list: if named.is_empty() { "SDN List" } else { named }.to_owned(),
        range: entry.range(),
        listed: None,
        removed: None,
        programs: Vec::new(),
        bases: Vec::new(),
        remarks: Vec::new(),
    };
    for event in entry.each("EntryEvent") {
        read_event(event, values, &mut listing);
    }
    for measure in entry.each("SanctionsMeasure") {
        let sort = values.text("SanctionsType", measure.attr("SanctionsTypeID"));
        let comment = measure.words_of("Comment");
        let program = sort.eq_ignore_ascii_case("Program") || (sort.is_empty() && !comment.is_empty());
        match (program, comment.is_empty()) {
            (true, false) => {
                let shared = programs.entry(comment).or_insert_with_key(|text| Arc::from(text.as_str()));
                if !listing.programs.contains(shared) {
                    listing.programs.push(Arc::clone(shared));
                }
            }
            (true, true) => odd.note("programmes without a name", entry.attr("ProfileID")),
            (false, _) => listing.remarks.push(format!("Measure: {sort} {comment}").trim().to_owned()),
        }
    }
    for more in entry.children().filter(Node::is_element) {
        let name = more.tag_name().name();
        if !matches!(name, "EntryEvent" | "SanctionsMeasure" | "LimitationsToPublic") {
            odd.note("parts of an entry that are not known here", name);
            listing.remarks.extend(Some(more.words()).filter(|words| !words.is_empty()));
        }
    }
    listing
}

fn read_event(event: Node<'_, '_>, values: &Values<'_>, listing: &mut Listing) {
    let sort = values.text("EntryEventType", event.attr("EntryEventTypeID"));
    let day = event.child("Date").and_then(dates::day);
    let lower = sort.to_ascii_lowercase();
    if ["delist", "remov", "delet"].iter().any(|word| lower.contains(word)) {
        listing.removed = listing.removed.max(day);
    } else if lower.is_empty() || lower == "created" || lower.contains("list") || lower.contains("design") {
        listing.listed = [listing.listed, day].into_iter().flatten().min();
    } else if let Some(day) = day {
        listing.remarks.push(format!("{sort} on {day}"));
    }
    let basis = values.legal_basis(event.attr("LegalBasisID"));
    if !basis.is_empty() && basis != "Unknown" && !listing.bases.iter().any(|there| there == basis) {
        listing.bases.push(basis.to_owned());
    }
    listing.remarks.extend(Some(event.words_of("Comment")).filter(|words| !words.is_empty()));
}
