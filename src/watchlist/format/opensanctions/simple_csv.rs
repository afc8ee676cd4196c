//! `targets.simple.csv`: one row a party, several values of a cell between
//! semicolons, one that holds a semicolon in quotes.
//!
//! The file does not tell weak aliases from strong ones, what a number is, or
//! when a list took the party up. Its dates of first and last sight are
//! OpenSanctions' own.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::diagnostic::Diagnostics;
use crate::trade::{Address, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::cells::values;
use crate::watchlist::format::days;
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::{Gather, add_address, add_identifier, add_name, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::table::{self, Row, Shape};
use crate::watchlist::{Edition, ListedParty, NameQuality, Watchlist};

use super::datasets;
use super::lists::{Listing, Lists};
use super::party::{add_country, kind, split_address};

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "opensanctions-simple-csv", label: "OpenSanctions targets.simple.csv" },
    looks_like,
    read: Read::Each(read),
};

const REQUIRED: [&str; 5] = ["id", "schema", "name", "aliases", "dataset"];
/// Columns that are read.
const COLUMNS: [&str; 16] = [
    "id",
    "schema",
    "name",
    "aliases",
    "birth_date",
    "countries",
    "addresses",
    "identifiers",
    "sanctions",
    "phones",
    "emails",
    "program_ids",
    "dataset",
    "first_seen",
    "last_seen",
    "last_change",
];

fn looks_like(head: &Head<'_>) -> bool {
    let cells: Vec<_> = head.first_line().split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    REQUIRED.iter().all(|column| cells.contains(column))
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let mut odd = Oddities::new(input.countries);
    let mut lists = Lists::default();
    let mut edition =
        Edition { source: input.file.name.to_string(), sha256: input.sha256.clone(), ..Edition::default() };
    let mut seen = FxHashSet::default();
    let mut texts = Gather::default();
    let mut unused: Vec<String> = Vec::new();
    let shape = Shape { separator: b',', skip: 0, required: &REQUIRED };
    let mut first = true;
    table::read(&input.file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            unused = row.columns().filter(|name| !COLUMNS.contains(name)).map(str::to_owned).collect();
            unused.sort();
        }
        let id = row.cell("id");
        if id.is_empty() || row.cell("name").is_empty() {
            mistakes.push(row.error("a party without an id or a name"), out);
            return;
        }
        if !seen.insert(id.to_owned()) {
            mistakes.push(row.error(format!("the id `{id}` stands twice")), out);
            return;
        }
        edition.date = edition.date.max(days::iso(row.cell("last_seen")));
        let mut party = party(row, &mut odd);
        for column in &unused {
            add_remark(&mut party, column, row.cell(column));
        }
        lists.add(party, &[], listings(row, &mut texts));
    });
    for column in &unused {
        odd.note("columns without a meaning known here, kept as remarks", column);
    }
    lists.finish(&edition, notes(), odd, out)
}

fn notes() -> Vec<String> {
    vec![
        "Read from targets.simple.csv: weak aliases stand as strong ones, and days of listing, programmes of \
         older files and links between parties are not in it; entities.ftm.json has them."
            .to_owned(),
    ]
}

/// What the row says, whatever the list.
fn party(row: &Row<'_>, odd: &mut Oddities<'_>) -> ListedParty {
    let mut party = ListedParty { id: row.cell("id").to_owned(), ..ListedParty::default() };
    let schema = row.cell("schema");
    party.kind = kind(schema).unwrap_or_default();
    if kind(schema).is_none() {
        add_remark(&mut party, "Kind", schema);
    }
    add_name(&mut party, row.cell("name"), NameQuality::Primary, false);
    for alias in values(row.cell("aliases")) {
        add_name(&mut party, &alias, NameQuality::Strong, false);
    }
    party.birth_dates = values(row.cell("birth_date"));
    if party.kind != PartyKind::Person {
        // The column also holds days of foundation.
        for day in std::mem::take(&mut party.birth_dates) {
            add_remark(&mut party, "Founded or built", &day);
        }
    }
    for code in values(row.cell("countries")) {
        add_country(&mut party, &code, odd);
    }
    for text in values(row.cell("addresses")) {
        let address: Address = split_address(&text, odd);
        add_address(&mut party, address);
    }
    for text in values(row.cell("identifiers")) {
        let identifier = bare_number(&text, party.kind);
        add_identifier(&mut party, identifier);
    }
    for (column, kind) in [("phones", IdentifierKind::Phone), ("emails", IdentifierKind::Email)] {
        for value in values(row.cell(column)) {
            add_identifier(&mut party, Identifier { kind, value, country: None });
        }
    }
    for text in values(row.cell("sanctions")) {
        add_remark(&mut party, "", &text);
    }
    for (column, words) in [("first_seen", "First seen"), ("last_change", "Last change")] {
        add_remark(&mut party, words, row.cell(column));
    }
    party
}

fn listings(row: &Row<'_>, texts: &mut Gather) -> BTreeMap<String, Listing> {
    let programs: Vec<Arc<str>> =
        values(row.cell("program_ids")).iter().map(|program| texts.text(program)).collect();
    let listing = Listing { programs, ..Listing::default() };
    let mut listings: BTreeMap<String, Listing> = values(row.cell("dataset"))
        .iter()
        .map(|title| datasets::named(title))
        .filter(|name| !datasets::is_reference(name))
        .map(|name| (name, listing.clone()))
        .collect();
    if listings.is_empty() {
        listings.insert(datasets::UNLISTED.to_owned(), listing);
    }
    listings
}

/// A number of which the file does not say what it is.
fn bare_number(text: &str, party: PartyKind) -> Identifier {
    let digits = text.trim_start_matches("IMO").trim();
    let number = |length| digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    let kind = match party {
        _ if is_lei(text) => IdentifierKind::Lei,
        PartyKind::Vessel if number(7) => IdentifierKind::Imo,
        PartyKind::Vessel if number(9) => IdentifierKind::Mmsi,
        PartyKind::Person => IdentifierKind::NationalId,
        PartyKind::Aircraft => IdentifierKind::Aircraft,
        PartyKind::Vessel | PartyKind::Organization | PartyKind::Unknown => IdentifierKind::Registration,
    };
    let value = if kind == IdentifierKind::Imo { digits } else { text };
    Identifier { kind, value: value.to_owned(), country: None }
}

/// Twenty letters and digits whose check digits fit (ISO 17442, ISO 7064).
fn is_lei(text: &str) -> bool {
    let rest = text.chars().try_fold(0u32, |rest, c| {
        let digit = c.to_digit(36).filter(|_| !c.is_ascii_lowercase())?;
        Some(if digit < 10 { (rest * 10 + digit) % 97 } else { (rest * 100 + digit) % 97 })
    });
    text.len() == 20 && rest == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_number_is_what_such_a_party_has() {
        let kind = |text, party| bare_number(text, party).kind;
        assert_eq!(kind("IMO9187667", PartyKind::Vessel), IdentifierKind::Imo);
        assert_eq!(kind("273312345", PartyKind::Vessel), IdentifierKind::Mmsi);
        assert_eq!(kind("253400HA6URWT39X2982", PartyKind::Organization), IdentifierKind::Lei);
        assert_eq!(kind("253400HA6URWT39X2983", PartyKind::Organization), IdentifierKind::Registration);
        assert_eq!(kind("X 12", PartyKind::Person), IdentifierKind::NationalId);
    }
}
