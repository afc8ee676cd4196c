//! The conditions that rules, exceptions and bars share: where the goods go and
//! which codes are meant.
//!
//! Sets of countries are resolved when a file is read; an unknown set is a
//! mistake in the file.

use crate::diagnostic::{Diagnostics, Pack, Table, nearest};
use crate::place::Places;
use crate::trade::CountryCode;

use super::answer::Source;
use super::scope::{Reach, under};

/// Where the goods go: the country, the country in whose row it is read, and
/// regions below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Destination {
    pub countries: Vec<CountryCode>,
    pub regions: Vec<String>,
}

/// The goods as declared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    /// Five characters, `EAR99`, or empty for a claim to be on no list.
    pub entry: &'a str,
    /// Without the first dot; may be empty.
    pub paragraph: &'a str,
    /// The code stands in the US list.
    pub in_us: bool,
    /// The code stands in Annex I on the day.
    pub in_annex: bool,
}

/// Destinations of a rule; nothing named means all.
#[derive(Clone, Debug, Default)]
pub(super) struct Where {
    countries: Vec<CountryCode>,
    without: Vec<CountryCode>,
    regions: Vec<String>,
    anywhere: bool,
}

/// Codes of a rule; nothing named means every item.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    starts: Vec<String>,
    series: Vec<String>,
}

/// Reads ISO codes under a key.
pub(super) fn countries(
    table: &mut Table<'_, '_>,
    key: &'static str,
    out: &mut Diagnostics,
) -> Vec<CountryCode> {
    let Some(item) = table.get(key) else { return Vec::new() };
    let mut found = Vec::new();
    for item in item.one_or_many() {
        let Some(text) = item.string(out) else { continue };
        match CountryCode::new(text) {
            Some(code) => found.push(code),
            None => out.push(item.error(format!("`{text}` is not an ISO code of two letters"))),
        }
    }
    found
}

fn members(
    table: &mut Table<'_, '_>,
    key: &'static str,
    places: &Places,
    out: &mut Diagnostics,
) -> Vec<CountryCode> {
    let Some(item) = table.get(key) else { return Vec::new() };
    let mut found = Vec::new();
    for item in item.one_or_many() {
        let Some(id) = item.string(out) else { continue };
        if let Some(set) = places.set(id) {
            found.extend(set.members.iter().map(|member| member.country));
        } else {
            let ids = places.set_ids();
            let help = nearest(id, ids.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            out.push(item.error(format!("unknown set `{id}`")).help(help.unwrap_or_default()));
        }
    }
    found
}

/// Source, day and certainty of a table; the pack's day and certainty where it
/// states neither.
pub(super) fn source(table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) -> Source {
    let cite = table.string("cite", out);
    let date = table.opt_date("date", out);
    let certainty = table.opt_string("certainty", out);
    let read = date.is_some();
    Source {
        cite,
        date: date.or(if certainty.is_some() { None } else { pack.date }),
        certainty: certainty.unwrap_or_else(|| if read { String::new() } else { pack.certainty.clone() }),
    }
}

impl Where {
    /// Reads `countries`, `sets`, `without`, `without_sets` and `regions`.
    pub(super) fn read(table: &mut Table<'_, '_>, places: &Places, out: &mut Diagnostics) -> Self {
        let mut found = countries(table, "countries", out);
        found.extend(members(table, "sets", places, out));
        let mut without = countries(table, "without", out);
        without.extend(members(table, "without_sets", places, out));
        let regions = table.strings("regions", out);
        let anywhere = found.is_empty() && regions.is_empty();
        Self { countries: found, without, regions, anywhere }
    }

    pub(super) fn fits(&self, destination: &Destination) -> bool {
        if destination.countries.iter().any(|country| self.without.contains(country)) {
            return false;
        }
        self.anywhere
            || destination.countries.iter().any(|country| self.countries.contains(country))
            || destination.regions.iter().any(|region| self.regions.contains(region))
    }

    /// Whether no destination is named.
    pub(super) fn is_anywhere(&self) -> bool {
        self.anywhere
    }
}

/// `9x515` and `600` are families across the categories.
pub(super) fn in_series(entry: &str, series: &str) -> bool {
    let third = entry.get(2..3).unwrap_or_default();
    match series {
        "600" => third == "6",
        "9x515" => entry.starts_with('9') && entry.ends_with("515"),
        _ => false,
    }
}

impl Codes {
    /// Beginnings of codes, without a series.
    pub(super) fn of(starts: Vec<String>) -> Self {
        Self { starts, series: Vec::new() }
    }

    /// Reads `codes` and `series`.
    pub(super) fn read(table: &mut Table<'_, '_>, out: &mut Diagnostics) -> Self {
        Self { starts: table.strings("codes", out), series: table.strings("series", out) }
    }

    /// Whether the goods are meant. A code that is declared above the paragraph
    /// that a rule names leaves the question open.
    pub(super) fn reach(&self, subject: &Subject<'_>) -> Reach {
        if self.starts.is_empty() && self.series.is_empty() {
            return Reach::Yes;
        }
        if self.series.iter().any(|series| in_series(subject.entry, series)) {
            return Reach::Yes;
        }
        let mut open = Vec::new();
        for start in &self.starts {
            match one_code(start, subject) {
                Reach::Yes => return Reach::Yes,
                Reach::Open(words) => open.push(words),
                Reach::No => {}
            }
        }
        if open.is_empty() {
            Reach::No
        } else {
            Reach::Open(format!("the paragraph is {}", open.join(" or ")))
        }
    }
}

fn one_code(start: &str, subject: &Subject<'_>) -> Reach {
    let whole = match start {
        "CCL" => Some(subject.in_us),
        "ANNEX" => Some(subject.in_annex),
        "EAR99" => Some(subject.entry == "EAR99"),
        _ => None,
    };
    if let Some(whole) = whole {
        return if whole { Reach::Yes } else { Reach::No };
    }
    let Some((entry, paragraph)) = start.split_once('.') else {
        return if subject.entry.starts_with(start) { Reach::Yes } else { Reach::No };
    };
    if entry != subject.entry {
        Reach::No
    } else if under(subject.paragraph, paragraph) {
        Reach::Yes
    } else if under(paragraph, subject.paragraph) {
        Reach::Open(format!(".{paragraph}"))
    } else {
        Reach::No
    }
}
