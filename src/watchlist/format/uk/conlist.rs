//! The Consolidated List of OFSI as CSV (`ConList.csv`): a line with the day,
//! a header, then a row for each name of a group. Knows the columns of 2016 and
//! those added up to 2022; of the free text of `Other Information` it knows
//! weak aliases and the reference to the UK Sanctions List.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::{Gather, add_address, add_identifier, add_name, add_remark};
use crate::watchlist::format::numbered_cell::{numbered, values};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{days, heads, nationalities, table};
use crate::watchlist::{ListedParty, NameQuality, Watchlist};

use super::designation::{Place, address, put};
use super::text;

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "gb-conlist-csv", label: "OFSI Consolidated List, CSV" },
    looks_like,
    read: Read::Each(read),
};

const REQUIRED: [&str; 6] = ["Name 6", "Name 1", "Group Type", "Alias Type", "Regime", "Group ID"];

/// Columns that are read; the last ones came after 2016.
const KNOWN: [&str; 38] = [
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Title",
    "DOB",
    "Town of Birth",
    "Country of Birth",
    "Nationality",
    "Passport Details",
    "NI Number",
    "Position",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Address 5",
    "Address 6",
    "Post/Zip Code",
    "Country",
    "Other Information",
    "Group Type",
    "Alias Type",
    "Regime",
    "Listed On",
    "Last Updated",
    "Group ID",
    "Alias Quality",
    "Name Non-Latin Script",
    "Non-Latin Script Type",
    "Non-Latin Script Language",
    "Passport Number",
    "National Identification Number",
    "National Identification Details",
    "UK Sanctions List Date Designated",
    "NI Details",
];

/// Cells that become remarks with their column as words.
const REMARKS: [&str; 4] = ["Position", "Title", "Non-Latin Script Type", "Non-Latin Script Language"];

fn looks_like(head: &Head<'_>) -> bool {
    let mut lines = head.text.lines();
    lines.next().is_some_and(|line| line.starts_with("Last Updated,"))
        && lines.next().is_some_and(|line| line.starts_with("Name 6,Name 1,"))
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let mut info = heads::head_of("gb-conlist", input);
    let first = input.file.text.lines().next().unwrap_or_default();
    info.edition.date = first.split(',').nth(1).and_then(days::day_month_year);
    if info.edition.date.is_none() {
        out.push(Diagnostic::warning(format!("`{}` does not begin with its date", input.file.name)));
    }
    let mut odd = Oddities::new(input.countries);
    let mut gather = Gather::default();
    let shape = table::Shape { separator: b',', skip: 1, required: &REQUIRED };
    let mut first = true;
    table::read(&input.file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            for name in row.columns().filter(|name| !name.is_empty() && !KNOWN.contains(name)) {
                odd.note("columns not known here", name);
            }
        }
        let id = row.cell("Group ID");
        let name = full_name(row);
        if id.is_empty() || name.is_empty() && row.cell("Name Non-Latin Script").is_empty() {
            mistakes.push(row.error("a row without a name or a `Group ID`"), out);
            return;
        }
        take(row, id, &name, &mut gather, &mut odd);
    });
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, gather.finish())]
}

fn full_name(row: &table::Row<'_>) -> String {
    text::full_name(["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|name| row.cell(name)))
}

fn take(row: &table::Row<'_>, id: &str, name: &str, gather: &mut Gather, odd: &mut Oddities<'_>) {
    let regime = gather.text(row.cell("Regime"));
    let party = gather.party(id);
    let (quality, former) = quality(row, odd);
    add_name(party, name, quality, former);
    add_name(party, row.cell("Name Non-Latin Script"), NameQuality::Strong, false);
    kind(party, row, odd);
    if !regime.is_empty() {
        put(&mut party.programs, regime);
    }
    listed(party, row, odd);
    person(party, row, odd);
    documents(party, row, odd);
    let place = Place {
        lines: ["Address 1", "Address 2", "Address 3", "Address 4", "Address 5", "Address 6"]
            .map(|line| row.cell(line).to_owned())
            .into(),
        postal_code: row.cell("Post/Zip Code").to_owned(),
        country: row.cell("Country").to_owned(),
    };
    add_address(party, address(&place, odd));
    let other = row.cell("Other Information");
    if let Some(reference) = uk_reference(other) {
        put(&mut party.same_as, format!("gb-uksl/{reference}"));
    }
    for name in names_in_words(other) {
        add_name(party, name, NameQuality::Weak, false);
    }
    add_remark(party, "", other);
    for column in REMARKS {
        add_remark(party, column, row.cell(column));
    }
}

fn quality(row: &table::Row<'_>, odd: &mut Oddities<'_>) -> (NameQuality, bool) {
    let words = row.cell("Alias Quality").to_lowercase();
    let alias = if words.starts_with("low") { NameQuality::Weak } else { NameQuality::Strong };
    match row.cell("Alias Type").to_lowercase().as_str() {
        "prime alias" | "primary name" => (NameQuality::Primary, false),
        "aka" | "alias" | "primary name variation" => (alias, false),
        "fka" => (NameQuality::Strong, true),
        _ => {
            odd.note("types of alias not known here", row.cell("Alias Type"));
            (alias, false)
        }
    }
}

fn kind(party: &mut ListedParty, row: &table::Row<'_>, odd: &mut Oddities<'_>) {
    party.kind = match row.cell("Group Type").to_lowercase().as_str() {
        "individual" => PartyKind::Person,
        "entity" => PartyKind::Organization,
        "ship" => PartyKind::Vessel,
        other => {
            odd.note("types of party not known here", other);
            return;
        }
    };
}

fn listed(party: &mut ListedParty, row: &table::Row<'_>, odd: &mut Oddities<'_>) {
    let cell = row.cell("Listed On");
    let day = days::day_month_year(cell);
    if day.is_none() && !cell.is_empty() {
        odd.note("dates of listing that are none", cell);
        add_remark(party, "Listed on", cell);
    }
    party.listed = match (party.listed, day) {
        (Some(known), Some(day)) => Some(known.min(day)),
        (known, day) => known.or(day),
    };
    add_remark(party, "Last updated", row.cell("Last Updated"));
    add_remark(party, "Designated on the UK Sanctions List", row.cell("UK Sanctions List Date Designated"));
}

fn person(party: &mut ListedParty, row: &table::Row<'_>, odd: &mut Oddities<'_>) {
    for date in values(row.cell("DOB")) {
        put(&mut party.birth_dates, text::birth_date(&date, odd));
    }
    let towns = numbered(row.cell("Town of Birth"));
    let countries = numbered(row.cell("Country of Birth"));
    let last = towns.iter().chain(&countries).map(|(number, _)| *number).max().unwrap_or(0);
    for number in 1..=last {
        let of = |values: &[(usize, String)]| {
            values.iter().find(|(at, _)| *at == number).map(|(_, text)| text.clone())
        };
        let place: Vec<_> = of(&towns).into_iter().chain(of(&countries)).collect();
        if !place.is_empty() {
            put(&mut party.birth_places, place.join(", "));
        }
    }
    for words in values(row.cell("Nationality")) {
        match nationalities::nationality(&words, odd) {
            Some(country) => party.nationalities.push(country),
            None => add_remark(party, "Nationality", &words),
        }
    }
}

fn documents(party: &mut ListedParty, row: &table::Row<'_>, odd: &Oddities<'_>) {
    // Before 2017 number and details stood in one cell.
    let (number, details) = (row.cell("Passport Number"), row.cell("Passport Details"));
    let cell = if number.is_empty() { details } else { number };
    for words in values(cell) {
        for mut identifier in text::document(IdentifierKind::Passport, &words, odd) {
            identifier.country = identifier.country.or_else(|| text::document_country(details, odd));
            add_identifier(party, identifier);
        }
    }
    add_remark(party, "Passport details", details);
    let cells = ["NI Number", "National Identification Number"].map(|column| row.cell(column));
    for words in cells.into_iter().flat_map(values) {
        for identifier in national(&words, odd) {
            add_identifier(party, identifier);
        }
        if words.contains(' ') {
            add_remark(party, "National identification", &words);
        }
    }
    for column in ["NI Details", "National Identification Details"] {
        add_remark(party, "National identification", row.cell(column));
    }
}

/// A fiscal code and a driving licence are no identity cards.
fn national(words: &str, odd: &Oddities<'_>) -> Vec<Identifier> {
    let lower = words.to_lowercase();
    let kind = if lower.contains("fiscal code") || lower.contains("tax") {
        IdentifierKind::Tax
    } else if lower.contains("licence") || lower.contains("ration card") {
        let country = text::document_country(words, odd);
        return vec![Identifier { kind: IdentifierKind::Other, value: words.to_owned(), country }];
    } else {
        IdentifierKind::NationalId
    };
    text::document(kind, words, odd)
}

/// Weak aliases stand in the free text: `Also referred to as Abu Anis and Anis.`
fn names_in_words(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for phrase in ["Also referred to as ", "Also known as "] {
        for rest in text.split(phrase).skip(1) {
            let end = rest.find(". ").or_else(|| rest.find(['(', ';'])).unwrap_or(rest.len());
            let list = rest.get(..end).unwrap_or_default().trim_end_matches('.');
            names.extend(list.split(", ").flat_map(|part| part.split(" and ")).map(str::trim));
        }
    }
    // Longer texts are sentences, not names.
    names.retain(|name| !name.is_empty() && name.split(' ').count() <= 6);
    names
}

/// `(UK Sanctions List Ref):RUS0251.`
fn uk_reference(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("(UK Sanctions List Ref):")?;
    let reference = rest.trim_start().split([' ', '.', ',', '(']).next()?;
    (!reference.is_empty()).then_some(reference)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_and_documents_of_other_kinds_are_told() {
        assert_eq!(uk_reference("(UK Sanctions List Ref):RUS0251. (UK Statement…"), Some("RUS0251"));
        assert_eq!(uk_reference("UN Ref QI.B.62.02."), None);
        assert_eq!(
            names_in_words("Ref 1. Also referred to as Abu Anis, Anis and El Anis. Jailed."),
            ["Abu Anis", "Anis", "El Anis"]
        );
        let odd = Oddities::new(&|_| None);
        let kind = |words| national(words, &odd).first().map(|id| (id.kind, id.value.clone()));
        assert_eq!(
            kind("Italian Fiscal Code HDDFTH63H28Z352V"),
            Some((IdentifierKind::Tax, "HDDFTH63H28Z352V".into()))
        );
        assert_eq!(kind("Ration card no. 0134852").unwrap().0, IdentifierKind::Other);
        assert_eq!(
            kind("no 3603251708570001"),
            Some((IdentifierKind::NationalId, "3603251708570001".into()))
        );
    }
}
