//! The Denied Persons List as BIS publishes it, in either of its two forms: until
//! 2026 `dpl.txt`, a row for each address of an order with 12 columns between
//! tabs; since then a CSV with five, name and address in one (`joined`).
//!
//! The rows of one party and order become one entry. The file has no date; that
//! of its last change is taken, leaving out the typing errors in it, or of its
//! newest order. Not here: kinds of party and aliases, which the file does not
//! have.

use jiff::ToSpan as _;
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostics;
use crate::trade::{Address, CountryCode};
use crate::watchlist::format::csl::{is_us, names};
use crate::watchlist::format::format::{Head, Input};
use crate::watchlist::format::gather::{Gather, add_address, add_name, add_remark};
use crate::watchlist::format::ids::{self, Ids};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::table::{self, Row, Shape};
use crate::watchlist::format::{days, heads};
use crate::watchlist::{NameQuality, Watchlist};

use super::joined::{self, Joined};
use super::orders;

/// The columns of `dpl.txt`.
const COLUMNS: [&str; 12] = [
    "name",
    "street_address",
    "city",
    "state",
    "country",
    "postal_code",
    "effective_date",
    "expiration_date",
    "standard_order",
    "last_update",
    "action",
    "fr_citation",
];

/// The columns of the CSV.
const JOINED: [&str; 5] = [
    "name_and_address",
    "effective_date",
    "expiration_date",
    "appropriate_federal_register_citations",
    "type_of_denial",
];

pub(super) fn looks_like(head: &Head<'_>) -> bool {
    columns_of(head.first_line()).is_some()
}

/// The columns of the form that a header has, if it is of one.
fn columns_of(header: &str) -> Option<&'static [&'static str]> {
    let cells: Vec<String> = header.split(char::from(separator(header))).map(column).collect();
    let has = |names: &[&str]| names.iter().all(|name| cells.iter().any(|cell| cell == name));
    if has(&["name", "standard_order", "effective_date", "fr_citation"]) {
        return Some(&COLUMNS);
    }
    has(&["name_and_address", "effective_date", "type_of_denial"]).then_some(&JOINED)
}

/// `Name_and_Address` and `Name and Address` are one column.
fn column(cell: &str) -> String {
    cell.trim().trim_start_matches('\u{feff}').trim_matches('"').to_ascii_lowercase().replace(' ', "_")
}

fn separator(header: &str) -> u8 {
    if header.contains('\t') { b'\t' } else { b',' }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let header = input.file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let required = columns_of(header).unwrap_or(&COLUMNS);
    let shape = Shape { separator: separator(header), skip: 0, required };
    let mut odd = Oddities::new(input.countries);
    let mut orders = Orders::default();
    let mut updated: Vec<Date> = Vec::new();
    let mut first = true;
    let rows = table::read_named(&input.file, shape, column, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            for column in row.columns().filter(|column| !required.contains(column)) {
                odd.note("columns that are not known here", column);
            }
        }
        let Some(line) = Line::read(row, &mut odd) else {
            mistakes.push(row.error("an order names nobody"), out);
            return;
        };
        updated.extend(days::iso(row.cell("last_update")));
        orders.add(line, row, &mut odd);
    });
    let mut parties = orders.gather.finish();
    let newest = parties.iter().filter_map(|party| party.listed).max();
    let mut info = heads::head("DPL");
    input.file.name.as_ref().clone_into(&mut info.edition.source);
    input.sha256.clone_into(&mut info.edition.sha256);
    let of = if required.contains(&"last_update") { "last change" } else { "newest order" };
    info.edition.date = last_change(&updated, newest, &mut odd).or(newest);
    info.notes.push(format!(
        "The file has no date of its own: its date here is that of its {of}, and the file may be newer."
    ));

    info.notes.push(format!("{rows} rows, one for each address, make {} entries.", parties.len()));
    orders::settle(&mut parties, &mut info);
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, parties)]
}

/// One row: whom an order names, and where.
struct Line {
    name: String,
    address: Address,
}

impl Line {
    /// `None` for a row that names nobody.
    fn read(row: &Row<'_>, odd: &mut Oddities<'_>) -> Option<Self> {
        let cell = row.cell("name_and_address");
        let mut line = if cell.is_empty() {
            let [street, city, state, country, postal_code] =
                ["street_address", "city", "state", "country", "postal_code"].map(|name| row.cell(name));
            let address = address([street, city, state, country, postal_code], odd);
            Self { name: row.cell("name").to_owned(), address }
        } else if let Some(joined) = joined::split(cell) {
            let Joined { street, city, state, country, postal_code, .. } = &joined;
            let address = address([street, city, state, country, postal_code], odd);
            Self { name: joined.name, address }
        } else {
            odd.note("names with an address of fewer than five parts", cell);
            let (name, rest) = cell.split_once(',').unwrap_or((cell, ""));
            let street = rest.trim().to_owned();
            Self { name: name.to_owned(), address: Address { street, ..Address::default() } }
        };
        line.name = one_line(&line.name);
        (!line.name.is_empty()).then_some(line)
    }
}

/// The last day of change that is no typing error: since such files were kept,
/// and at most a year behind the newest order.
fn last_change(updated: &[Date], effective: Option<Date>, odd: &mut Oddities<'_>) -> Option<Date> {
    let latest = effective.and_then(|day| day.checked_add(1.year()).ok()).unwrap_or(Date::MAX);
    let credible = |day: &&Date| day.year() >= 1980 && **day <= latest;
    let mut wrong: Vec<_> = updated.iter().filter(|day| !credible(day)).collect();
    wrong.sort_unstable();
    for day in wrong {
        odd.note("days of change that are typing errors", &day.to_string());
    }
    updated.iter().filter(credible).max().copied()
}

/// The orders read so far.
#[derive(Default)]
struct Orders {
    gather: Gather,
    ids: Ids,
    /// Name and days of an order, and its id.
    known: FxHashMap<[String; 3], String>,
}

impl Orders {
    /// Rows of one name and the same days are one order. Its id is that of the
    /// Consolidated Screening List: of name and notice.
    fn add(&mut self, Line { name, address }: Line, row: &Row<'_>, odd: &mut Oddities<'_>) {
        let citations = ["fr_citation", "appropriate_federal_register_citations"];
        let citation = one_line(&citations.map(|column| row.cell(column)).concat());
        let [effective, expires] = ["effective_date", "expiration_date"].map(|column| row.cell(column));
        let key = [name.clone(), effective.to_owned(), expires.to_owned()];
        let mut new = false;
        let id = self.known.entry(key).or_insert_with(|| {
            new = true;
            self.ids.unique(&ids::of_name("DPL", &name, &citation))
        });
        let party = self.gather.party(id);
        if new {
            names::add_names(party, &name, &[]);
            if party.names.is_empty() {
                add_name(party, &name, NameQuality::Primary, false);
            }
            party.listed = day(effective, odd);
            party.removed = day(expires, odd);
            party.citation = citation;
            let word = ["standard_order", "type_of_denial"].map(|column| row.cell(column)).concat();
            add_remark(party, "Standard order", &standard(&word, odd));
        } else if !party.citation.contains(&citation) {
            add_remark(party, "Also", &citation);
        }
        add_remark(party, "Action", row.cell("action"));
        add_remark(party, "Last update", row.cell("last_update"));
        add_address(party, address);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn standard(word: &str, odd: &mut Oddities<'_>) -> String {
    match word.to_ascii_lowercase().as_str() {
        "y" | "standard" => "yes",
        "n" | "non-standard" => "no; read the order for its terms",
        "" => "not stated; read the order for its terms",
        _ => {
            odd.note("orders that are neither standard nor not", word);
            word
        }
    }
    .to_owned()
}

fn day(text: &str, odd: &mut Oddities<'_>) -> Option<Date> {
    let day = days::month_day_year(text);
    if day.is_none() && !text.is_empty() {
        odd.note("days that are none", text);
    }
    day
}

/// Codes of US states that are no country's.
const NO_COUNTRIES: [&str; 25] = [
    "AK", "CT", "DC", "FL", "HI", "IA", "KS", "MI", "ND", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
    "RI", "TX", "UT", "VT", "WA", "WI", "WV", "WY",
];

/// An address of street, city, state, country and postal code. The file leaves
/// out the country of many US addresses, or has the state in its place.
fn address([street, city, state, words, code]: [&str; 5], odd: &mut Oddities<'_>) -> Address {
    let in_place = state.is_empty() && NO_COUNTRIES.contains(&words) && is_us(words, code);
    let country = match words {
        "" if is_us(state, code) => CountryCode::new("US"),
        "PRC" => CountryCode::new("CN"),
        _ if in_place => CountryCode::new("US"),
        _ => odd.country(words),
    };
    let unknown = if in_place || country.is_none() { words } else { "" };
    Address {
        street: street.to_owned(),
        city: city.to_owned(),
        postal_code: code.to_owned(),
        region: format!("{state} {unknown}").trim().to_owned(),
        country,
    }
}
