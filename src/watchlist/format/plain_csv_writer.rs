//! Writes a list as plain CSV, for [`super::plain_csv`] to read again.
//!
//! Not kept: the list's title, jurisdiction and authority (what is read from
//! CSV is the user's own), licence texts, relations, links to other lists, and
//! breaks of lines, which become spaces. The effect of the list stands with
//! each entry.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe,
//! which the reader takes away again: safe to open, and nothing is changed for
//! who reads it here.

use std::io;

use crate::trade::{Address, CountryCode, Identifier, PartyKind};
use crate::watchlist::{ListedName, ListedParty, NameQuality, Watchlist};

use super::cells::{guarded, join};
use super::plain_csv::{ADDRESS_ONLY, COLUMNS};

/// Writes the list, one row a name. Reading it again gives the same entries,
/// for what the format keeps.
///
/// # Errors
/// When `to` cannot be written.
pub fn write_csv(list: &Watchlist, to: &mut impl io::Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(to);
    rows.write_record(COLUMNS)?;
    for party in &list.parties {
        // An entry without names has a row that only lists its address.
        let nameless = (party.address_only || party.names.is_empty()).then_some(None);
        let names: Vec<_> = nameless.into_iter().chain(party.names.iter().map(Some)).collect();
        let first = names.first().copied().flatten();
        for at in 0..names.len().max(party.addresses.len()) {
            let name = names.get(at).copied().unwrap_or(first);
            let cells = COLUMNS.map(|column| {
                let text = cell(column, list, party, name, party.addresses.get(at), at == 0);
                guarded(&line(&text))
            });
            rows.write_record(cells)?;
        }
    }
    rows.flush()
}

/// The cell of a row. What belongs to the entry and not to a name or address
/// stands in its first row.
fn cell(
    column: &str,
    list: &Watchlist,
    party: &ListedParty,
    name: Option<&ListedName>,
    address: Option<&Address>,
    first_row: bool,
) -> String {
    let place = |part: fn(&Address) -> String| address.map(part).unwrap_or_default();
    match column {
        "entity_id" => return party.id.clone(),
        "list" => return list.info.id.clone(),
        "name" => return name.map(|name| name.text.to_string()).unwrap_or_default(),
        "name_type" => return name.map_or(ADDRESS_ONLY, name_type).to_owned(),
        "address" => return place(|address| address.street.clone()),
        "city" => return place(|address| address.city.clone()),
        "postal_code" => return place(|address| address.postal_code.clone()),
        "address_region" => return place(|address| address.region.clone()),
        "address_country" => return place(|address| codes(&address.country)),
        _ if !first_row => return String::new(),
        _ => {}
    }
    match column {
        "kind" if party.kind != PartyKind::Unknown => party.kind.key().to_owned(),
        "country" => codes(&party.countries),
        "nationality" => codes(&party.nationalities),
        "identifier" => lines(party.identifiers.iter().map(identifier)),
        "program" => lines(&party.programs),
        "effect" => party.effect.unwrap_or(list.info.effect).key().to_owned(),
        "birth_date" => lines(&party.birth_dates),
        "birth_place" => lines(&party.birth_places),
        "listed" => party.listed.map(|day| day.to_string()).unwrap_or_default(),
        "removed" => party.removed.map(|day| day.to_string()).unwrap_or_default(),
        "citation" => party.citation.clone(),
        "url" => party.url.as_deref().unwrap_or_default().to_owned(),
        "remarks" => party.remarks.clone(),
        _ => String::new(),
    }
}

fn name_type(name: &ListedName) -> &'static str {
    match (name.quality, name.former) {
        (NameQuality::Primary, _) => "primary",
        (NameQuality::Strong, false) => "aka",
        (NameQuality::Strong, true) => "fka",
        (NameQuality::Weak, false) => "weak_aka",
        (NameQuality::Weak, true) => "weak_fka",
    }
}

fn identifier(identifier: &Identifier) -> String {
    format!("{}[{}]:{}", identifier.kind.key(), codes(&identifier.country), line(&identifier.value))
}

fn codes<'c>(codes: impl IntoIterator<Item = &'c CountryCode>) -> String {
    join(codes.into_iter().map(CountryCode::as_str))
}

/// Several values, each in one line.
fn lines<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    join(values.into_iter().map(|value| line(value.as_ref())))
}

/// White space runs as one space.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
