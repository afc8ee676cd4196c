//! The Denied Persons List as BIS publishes it, `dpl.txt`: a row for each
//! address of an order, 12 columns between tabs.
//!
//! The rows of one party and order become one entry. The file has no date; that
//! of its last change is taken, leaving out the typing errors in it. Not here:
//! kinds of party and aliases, which the file does not have.

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

use super::orders;

const COLUMNS: [&str; 12] = [
    "Name",
    "Street_Address",
    "City",
    "State",
    "Country",
    "Postal_Code",
    "Effective_Date",
    "Expiration_Date",
    "Standard_Order",
    "Last_Update",
    "Action",
    "FR_Citation",
];

pub(super) fn looks_like(head: &Head<'_>) -> bool {
    let line = head.first_line();
    ["Name", "Standard_Order", "Effective_Date", "FR_Citation"].iter().all(|name| {
        line.split(char::from(separator(line))).any(|cell| cell.trim().trim_matches('"') == *name)
    })
}

fn separator(header: &str) -> u8 {
    if header.contains('\t') { b'\t' } else { b',' }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let header = input.file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let shape = Shape { separator: separator(header), skip: 0, required: &COLUMNS };
    let mut odd = Oddities::new(input.countries);
    let mut orders = Orders::default();
    let mut updated: Vec<Date> = Vec::new();
    let mut first = true;
    let rows = table::read(&input.file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            for column in row.columns().filter(|column| !COLUMNS.contains(column)) {
                odd.note("columns that are not known here", column);
            }
        }
        if row.cell("Name").is_empty() {
            mistakes.push(row.error("an order names nobody"), out);
            return;
        }
        updated.extend(days::iso(row.cell("Last_Update")));
        orders.read_row(row, &mut odd);
    });
    let mut parties = orders.gather.finish();
    let newest = parties.iter().filter_map(|party| party.listed).max();
    let mut info = heads::head("DPL");
    input.file.name.as_ref().clone_into(&mut info.edition.source);
    input.sha256.clone_into(&mut info.edition.sha256);
    info.edition.date = last_change(&updated, newest, &mut odd);
    info.notes.push(
        "The file has no date of its own: its date here is that of its last change, and the file may be newer."
            .to_owned(),
    );

    info.notes.push(format!("{rows} rows, one for each address, make {} entries.", parties.len()));
    orders::settle(&mut parties, &mut info);
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, parties)]
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
    fn read_row(&mut self, row: &Row<'_>, odd: &mut Oddities<'_>) {
        let name = one_line(row.cell("Name"));
        let citation = one_line(row.cell("FR_Citation"));
        let [effective, expires] = ["Effective_Date", "Expiration_Date"].map(|column| row.cell(column));
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
            add_remark(party, "Standard order", &standard(row.cell("Standard_Order"), odd));
        } else if !party.citation.contains(&citation) {
            add_remark(party, "Also", &citation);
        }
        add_remark(party, "Action", row.cell("Action"));
        add_remark(party, "Last update", row.cell("Last_Update"));
        let address = address(row, odd);
        add_address(party, address);
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn standard(word: &str, odd: &mut Oddities<'_>) -> String {
    match word {
        "Y" | "y" => "yes",
        "N" | "n" => "no; read the order for its terms",
        "" => "not stated; read the order for its terms",
        other => {
            odd.note("orders that are neither standard nor not", other);
            other
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

/// The file leaves out the country of most US addresses.
fn address(row: &Row<'_>, odd: &mut Oddities<'_>) -> Address {
    let (state, code, words) = (row.cell("State"), row.cell("Postal_Code"), row.cell("Country"));
    let country = match words {
        "" if is_us(state, code) => CountryCode::new("US"),
        "PRC" => CountryCode::new("CN"),
        _ => odd.country(words),
    };
    let unknown = if country.is_none() { words } else { "" };
    Address {
        street: row.cell("Street_Address").to_owned(),
        city: row.cell("City").to_owned(),
        postal_code: code.to_owned(),
        region: format!("{state} {unknown}").trim().to_owned(),
        country,
    }
}
