//! Australia's Consolidated List, as a workbook or CSV: one row a name, the
//! letter behind the reference (`12`, `12a`, `12b`) telling names of one entry.
//! Knows that references are now and then used again by mistake; of free text
//! in cells it knows only lettered parts and the first day of a listing.
//!
//! The control date is that of an entry's last change, in the workbook a day, in
//! CSVs made of it `31/01/2025` or, as spreadsheets write it, `1/31/25`.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_address, add_identifier, add_name, add_remark};
use super::oddities::Oddities;
use super::{days, heads, ids, nationalities, numbered_cell, sheet, table};

const CODE: &str = "au-dfat";

pub(super) const READER: Reader = Reader {
    format: Format { key: "au-dfat", label: "Australian Consolidated List, CSV or XLSX" },
    looks_like,
    read: Read::Each(read),
};

const REQUIRED: [&str; 4] = ["reference", "name of individual or entity", "type", "name type"];

/// Measures that have a column of their own.
const MEASURES: [&str; 4] =
    ["targeted financial sanction", "travel ban", "arms embargo", "maritime restriction"];

/// Every column that is read.
const KNOWN: [&str; 15] = [
    "reference",
    "name of individual or entity",
    "type",
    "name type",
    "alias strength",
    "date of birth",
    "place of birth",
    "citizenship",
    "address",
    "additional information",
    "listing information",
    "imo number",
    "committees",
    "control date",
    "instrument of designation",
];

fn looks_like(head: &Head<'_>) -> bool {
    is_list(&head.text) || sheet::begins(head.whole, is_list)
}

fn is_list(text: &str) -> bool {
    let first = text.lines().next().map(column).unwrap_or_default();
    REQUIRED.iter().all(|name| first.contains(name)) && first.contains("control date")
}

/// Header cells in small letters, other signs as one space.
fn column(cell: &str) -> String {
    let letters: String = cell.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = if input.bytes.starts_with(b"PK") {
        let Some(file) = sheet::as_csv(input, out) else { return Vec::new() };
        file
    } else {
        input.file.clone()
    };
    let mut info = heads::head_of(CODE, input);
    let mut odd = Oddities::new(input.countries);
    let mut gather = Gather::default();
    let latest = rows(&file, &mut gather, &mut odd, out);
    let parties = gather.finish();
    if let Some(day) = latest {
        info.notes.push(format!("The file has no date of its own; its latest control date is {day}."));
    }
    odd.report(&file.name, &mut info, out);
    vec![Watchlist::new(info, parties)]
}

/// Reads the rows; their latest control date.
fn rows(
    file: &SourceFile,
    gather: &mut Gather,
    odd: &mut Oddities<'_>,
    out: &mut Diagnostics,
) -> Option<Date> {
    let mut latest = None;
    let shape = table::Shape { separator: b',', skip: 0, required: &REQUIRED };
    let mut references = References::default();
    table::read_named(file, shape, column, out, |row, mistakes, out| {
        if references.seen.is_empty() {
            for name in row.columns() {
                if !KNOWN.contains(&name) && !MEASURES.contains(&name) && !name.is_empty() {
                    odd.note("columns not known here", name);
                }
            }
        }
        let reference = row.cell("reference");
        let digits = reference.len() - reference.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = reference.get(..digits).unwrap_or_default();
        if number.is_empty() || row.cell("name of individual or entity").is_empty() {
            let message = format!("row `{reference}` has no reference number or no name");
            mistakes.push(row.error(message), out);
            return;
        }
        let (quality, former) = name_type(row, odd);
        let id = references.id(number, quality == NameQuality::Primary, gather, odd);
        let party = take(row, &id, quality, former, gather, odd);
        latest = latest.max(control_date(party, row, odd));
    });
    latest
}

/// Which entry a reference means.
#[derive(Default)]
struct References {
    /// Number of the last row.
    last: String,
    /// The id that a number stands for now.
    seen: FxHashMap<String, String>,
}

impl References {
    /// A number that comes again after others, with a primary name, is another
    /// party's by mistake; without, its row belongs to the earlier one.
    fn id(&mut self, number: &str, primary: bool, gather: &Gather, odd: &mut Oddities<'_>) -> String {
        let again = self.last != number && self.seen.contains_key(number);
        number.clone_into(&mut self.last);
        let known = self.seen.entry(number.to_owned()).or_insert_with(|| number.to_owned());
        if again && primary {
            let mut copy = 2;
            while gather.has(&format!("{number}-{copy}")) {
                copy += 1;
            }
            *known = format!("{number}-{copy}");
            odd.note("references that are used again for another party", number);
        }
        known.clone()
    }
}

fn name_type(row: &table::Row<'_>, odd: &mut Oddities<'_>) -> (NameQuality, bool) {
    let weak = row.cell("alias strength").eq_ignore_ascii_case("weak");
    let alias = if weak { NameQuality::Weak } else { NameQuality::Strong };
    match column(row.cell("name type")).as_str() {
        "primary name" | "primary" => (NameQuality::Primary, false),
        "" if !row.cell("reference").ends_with(char::is_alphabetic) => (NameQuality::Primary, false),
        "aka" | "a k a" | "original script" | "alias" | "" => (alias, false),
        "formerly known as" | "fka" | "previously listed as" => (NameQuality::Strong, true),
        _ => {
            odd.note("kinds of name not known here", row.cell("name type"));
            (alias, false)
        }
    }
}

fn take<'g>(
    row: &table::Row<'_>,
    id: &str,
    quality: NameQuality,
    former: bool,
    gather: &'g mut Gather,
    odd: &mut Oddities<'_>,
) -> &'g mut ListedParty {
    let committee = tidy(row.cell("committees"));
    let program = (!committee.is_empty()).then(|| gather.text(&committee));
    let party = gather.party(id);
    add_name(party, row.cell("name of individual or entity"), quality, former);
    kind(party, row, odd);
    if let Some(program) = program.filter(|program| !party.programs.contains(program)) {
        party.programs.push(program);
    }
    birth(party, row);
    for text in numbered_cell::lettered(row.cell("address")).iter().flat_map(|part| lines(part)) {
        add_address(party, address(text, odd));
    }
    citizenship(party, row.cell("citizenship"), odd);
    let value = row.cell("imo number").trim_start_matches("IMO").trim().to_owned();
    add_identifier(party, Identifier { kind: IdentifierKind::Imo, value, country: None });
    let information = tidy(row.cell("additional information"));
    // Others that are named come later in the text.
    let own = information.split_whitespace().next().unwrap_or_default();
    for link in ids::of_un_references(own) {
        if !party.same_as.contains(&link) {
            party.same_as.push(link);
        }
    }
    add_remark(party, "", &information);
    listing(party, row);
    effect(party, row);
    party
}

fn kind(party: &mut ListedParty, row: &table::Row<'_>, odd: &mut Oddities<'_>) {
    let kind = match row.cell("type").to_lowercase().as_str() {
        "individual" | "person" => PartyKind::Person,
        "entity" => PartyKind::Organization,
        "vessel" | "ship" => PartyKind::Vessel,
        "" => return,
        other => {
            odd.note("types of party not known here", other);
            return;
        }
    };
    if party.kind != PartyKind::Unknown && party.kind != kind {
        odd.note("entries of two types, of which the first counts", &party.id);
        return;
    }
    party.kind = kind;
}

fn birth(party: &mut ListedParty, row: &table::Row<'_>) {
    for part in numbered_cell::lettered(row.cell("date of birth")) {
        // Commas divide days, but also stand in `March 16, 1972`.
        let commas: Vec<_> = part.split(',').map(str::trim).filter(|date| !date.is_empty()).collect();
        let several = commas.iter().all(|date| is_date(date));
        let dates = if several { commas } else { lines(&part) };
        for date in dates {
            let date = days::day_month_year(date).map_or_else(|| tidy(date), |day| day.to_string());
            if !date.is_empty() && !party.birth_dates.contains(&date) {
                party.birth_dates.push(date);
            }
        }
    }
    for place in numbered_cell::lettered(row.cell("place of birth")).iter().flat_map(|part| lines(part)) {
        let place = tidy(place);
        if !place.is_empty() && !party.birth_places.contains(&place) {
            party.birth_places.push(place);
        }
    }
}

/// A day, or a year alone.
fn is_date(text: &str) -> bool {
    let year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    year || days::iso(text).is_some() || days::day_month_year(text).is_some()
}

/// The lines and semicolon parts of a text.
fn lines(text: &str) -> Vec<&str> {
    text.split([';', '\n', sheet::BREAK]).map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// The country is the last part after a comma, if it is one.
fn address(text: &str, odd: &Oddities<'_>) -> Address {
    let text = tidy(text);
    let last = text.rsplit(',').next().unwrap_or_default().trim();
    let country: Option<CountryCode> = odd.find_country(last).filter(|_| last.len() > 2);
    match text.rsplit_once(',') {
        Some((street, _)) if country.is_some() => {
            Address { street: street.trim().to_owned(), country, ..Address::default() }
        }
        None if country.is_some() => Address { country, ..Address::default() },
        _ => Address { street: text, ..Address::default() },
    }
}

fn citizenship(party: &mut ListedParty, text: &str, odd: &mut Oddities<'_>) {
    // Semicolons and lines divide; commas stand in names of countries too.
    let cells = numbered_cell::lettered(text);
    for part in cells.iter().flat_map(|cell| lines(cell)) {
        if let Some(country) = nationalities::find(part, odd) {
            party.nationalities.push(country);
            continue;
        }
        let words = part.split([',', '/']).flat_map(|words| words.split(" and "));
        for word in words.map(tidy).filter(|word| !word.is_empty()) {
            match nationalities::nationality(&word, odd) {
                Some(country) => party.nationalities.push(country),
                None => add_remark(party, "Citizenship", &word),
            }
        }
    }
}

/// The day of the first listing where the cell tells it; the control date is
/// that of the last change.
fn listing(party: &mut ListedParty, row: &table::Row<'_>) {
    let words = tidy(row.cell("listing information"));
    party.listed = party.listed.into_iter().chain(first_listed(&words)).min();
    add_remark(party, "Listing", &words);
    if party.citation.is_empty() {
        party.citation = tidy(row.cell("instrument of designation"));
    }
}

/// `Listed by the 1267 Committee on 6 Oct. 2001 (amended on 5 Mar. 2009)`: the
/// day behind the first ` on `.
fn first_listed(text: &str) -> Option<Date> {
    let (words, rest) = text.split_once(" on ")?;
    if !words.trim_start().to_lowercase().starts_with("listed") || words.contains('(') {
        return None;
    }
    let day: Vec<_> = rest.split_whitespace().take(3).collect();
    days::day_month_year(day.join(" ").trim_end_matches([',', '.', ';', ')']))
}

/// The day of the last change, which is kept as a remark too.
fn control_date(party: &mut ListedParty, row: &table::Row<'_>, odd: &mut Oddities<'_>) -> Option<Date> {
    let text = row.cell("control date");
    let day = days::iso(text).or_else(|| days::day_month_year(text)).or_else(|| days::short_us(text));
    if day.is_none() && !text.is_empty() {
        odd.note("control dates that are none", text);
    }
    let words = day.map_or_else(|| text.to_owned(), |day| day.to_string());
    add_remark(party, "Control date", &words);
    day
}

/// Measures without a freeze have another effect; a file without such columns
/// lists freezes alone.
fn effect(party: &mut ListedParty, row: &table::Row<'_>) {
    let measures: Vec<_> = MEASURES
        .into_iter()
        .filter(|name| matches!(row.cell(name).to_lowercase().as_str(), "true" | "yes" | "y" | "1" | "x"))
        .collect();
    if measures.is_empty() {
        return;
    }
    for measure in &measures {
        add_remark(party, "Measure", measure);
    }
    let effects: Option<Vec<_>> =
        measures.iter().map(|measure| heads::programme_effect(CODE, measure)).collect();
    party.effect = effects.and_then(|effects| effects.into_iter().min());
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
