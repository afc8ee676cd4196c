//! The UK Sanctions List as CSV: a line with the day of the report, a header of
//! 58 columns, then a row for each name with each address. Knows that several
//! values of a cell stand between bars; a bar in free text stays.

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::Gather;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{days, heads, table};

use super::designation::{CODE, Designation, FIELDS, Name, Place, REMARKS, put};
use super::text;

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "gb-uksl-csv", label: "UK Sanctions List, CSV" },
    looks_like,
    read: Read::Each(read),
};

const REQUIRED: [&str; 6] =
    ["Unique ID", "Name 6", "Name type", "Designation Type", "Regime Name", "Sanctions Imposed"];

/// Columns that are read, apart from those of fields and remarks.
const OTHERS: [&str; 22] = [
    "Unique ID",
    "Name 6",
    "Name 1",
    "Name 2",
    "Name 3",
    "Name 4",
    "Name 5",
    "Name type",
    "Alias strength",
    "Sanctions Imposed",
    "Address Line 1",
    "Address Line 2",
    "Address Line 3",
    "Address Line 4",
    "Address Line 5",
    "Address Line 6",
    "Address Postal Code",
    "Address Country",
    "National Identifier number",
    "National Identifier additional information",
    "Passport number",
    "Passport additional information",
];

const BIRTH: [&str; 2] = ["Town of birth", "Country of birth"];

fn looks_like(head: &Head<'_>) -> bool {
    let mut lines = head.text.lines().take(3);
    lines.any(|line| line.contains("Unique ID,OFSI Group ID") && line.contains("Name type"))
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let mut info = heads::head_of(CODE, input);
    let mut odd = Oddities::new(input.countries);
    let first = input.file.text.lines().next().unwrap_or_default().trim_matches([',', '"', ' ']);
    let report = first.strip_prefix("Report Date:").map(str::trim);
    info.edition.date = report.and_then(days::day_month_year);
    if info.edition.date.is_none() {
        out.push(Diagnostic::warning(format!(
            "`{}` does not begin with the day of its report",
            input.file.name
        )));
    }
    let skip = usize::from(!first.contains("Unique ID"));
    let shape = table::Shape { separator: b',', skip, required: &REQUIRED };
    let mut by_id: FxHashMap<String, usize> = FxHashMap::default();
    let mut designations: Vec<Designation> = Vec::new();
    table::read(&input.file, shape, out, |row, mistakes, out| {
        if designations.is_empty() {
            unknown_columns(row, &mut odd);
        }
        let id = row.cell("Unique ID");
        if id.is_empty() {
            mistakes.push(row.error("a row without a `Unique ID`"), out);
            return;
        }
        let at = *by_id.entry(id.to_owned()).or_insert_with(|| {
            designations.push(Designation::new(id));
            designations.len() - 1
        });
        if let Some(designation) = designations.get_mut(at) {
            take(row, designation);
        }
    });
    let mut gather = Gather::default();
    let mut nameless = Vec::new();
    for designation in &designations {
        match designation.party(&mut gather, &mut odd) {
            Some(party) => *gather.party(&designation.id) = party,
            None => nameless.push(designation.id.as_str()),
        }
    }
    if !nameless.is_empty() {
        let names = nameless.join(", ");
        out.push(Diagnostic::error(format!("`{}`: designations without any name: {names}", input.file.name)));
    }
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, gather.finish())]
}

fn unknown_columns(row: &table::Row<'_>, odd: &mut Oddities<'_>) {
    for name in row.columns().filter(|name| !name.is_empty()) {
        let known = FIELDS.iter().any(|(column, _)| *column == name)
            || REMARKS.iter().any(|(column, ..)| *column == name)
            || OTHERS.contains(&name)
            || BIRTH.contains(&name);
        if !known {
            odd.note("columns not known here", name);
        }
    }
}

fn take(row: &table::Row<'_>, designation: &mut Designation) {
    let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|name| row.cell(name));
    let name = Name {
        text: text::full_name(parts),
        kind: row.cell("Name type").to_owned(),
        strength: row.cell("Alias strength").to_owned(),
    };
    // A row of an address or a name in another script alone names nothing.
    if !name.text.is_empty() || !name.kind.is_empty() && row.cell("Name non-latin script").is_empty() {
        put(&mut designation.names, name);
    }
    for (column, field) in FIELDS {
        for value in row.cell(column).split('|') {
            designation.put(field, value);
        }
    }
    for (column, field, _) in REMARKS {
        designation.put(field, row.cell(column));
    }
    for measure in row.cell("Sanctions Imposed").split('|').map(|measure| measure.trim().to_lowercase()) {
        if !measure.is_empty() {
            put(&mut designation.measures, measure);
        }
    }
    let [town, country] = BIRTH;
    pairs(row, town, country, &mut designation.births);
    pairs(row, "Passport number", "Passport additional information", &mut designation.passports);
    let (number, more) = ("National Identifier number", "National Identifier additional information");
    pairs(row, number, more, &mut designation.national_ids);
    let place = Place {
        lines: OTHERS
            .iter()
            .filter(|name| name.starts_with("Address Line"))
            .map(|name| row.cell(name).to_owned())
            .collect(),
        postal_code: row.cell("Address Postal Code").to_owned(),
        country: row.cell("Address Country").to_owned(),
    };
    if !place.country.is_empty()
        || !place.postal_code.is_empty()
        || place.lines.iter().any(|line| !line.is_empty())
    {
        put(&mut designation.places, place);
    }
}

/// Values of two cells that belong together in their order. Where the numbers
/// differ, none is given to another: each stands alone.
fn pairs(row: &table::Row<'_>, first: &str, second: &str, out: &mut Vec<(String, String)>) {
    let list = |name: &str| -> Vec<String> {
        let cell = row.cell(name);
        if cell.is_empty() {
            Vec::new()
        } else {
            cell.split('|').map(|part| part.trim().to_owned()).collect()
        }
    };
    let (first, second) = (list(first), list(second));
    if first.len() == second.len() {
        for pair in first.into_iter().zip(second) {
            put(out, pair);
        }
        return;
    }
    for value in first {
        put(out, (value, String::new()));
    }
    for value in second {
        put(out, (String::new(), value));
    }
}
