//! The Commerce Country Chart, its footnotes, the destinations that are read in
//! another row, and the places that controls name beside it.
//!
//! A destination without a row is unknown, never free.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, Pack, Table};
use crate::place::Places;
use crate::trade::CountryCode;

use super::answer::Source;
use super::condition::{Codes, Destination, Where, countries, source};
use super::scope::Reach;
use super::special::Days;

/// A row of the chart.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub name: String,
    marks: Vec<String>,
    pub notes: Vec<u32>,
}

/// A destination that is read in another row.
#[derive(Clone, Debug)]
pub(super) struct Territory {
    country: CountryCode,
    pub row: CountryCode,
    from: Option<Date>,
    pub words: String,
    unclear: String,
    pub source: Source,
}

/// A footnote.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub number: u32,
    pub words: String,
    /// The reason for control that a licence would be for; else the note itself.
    pub reason: Option<String>,
    days: Days,
    /// The note is about these codes only.
    pub codes: Codes,
    /// A licence is required for these codes though the row has no mark.
    pub adds: Option<Codes>,
    /// A licence is required for parts of these codes.
    pub asks: Option<Codes>,
    /// Codes that the note leaves out.
    pub spares: Option<Codes>,
    pub source: Source,
}

/// A named place.
#[derive(Clone, Debug)]
pub(super) struct NamedPlace {
    everywhere_unclear: bool,
    place: Where,
    unclear: Vec<CountryCode>,
    unclear_words: String,
    pub words: String,
    from: Option<Date>,
    pub source: Source,
}

/// In which row a destination is read.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Row(CountryCode, &'a Row, Option<&'a Territory>),
    /// There was another row on that day.
    Unclear(&'a str),
    None,
}

/// The chart with all that belongs to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Chart {
    columns: Vec<String>,
    rows: FxHashMap<CountryCode, Row>,
    territories: Vec<Territory>,
    notes: Vec<Note>,
    places: FxHashMap<String, NamedPlace>,
    pub pack: Pack,
}

impl Chart {
    /// Reads `[chart]`, `[[territory]]`, `[[note]]` and `[[place]]`.
    pub(super) fn read(
        &mut self,
        table: &mut Table<'_, '_>,
        pack: &Pack,
        places: &Places,
        out: &mut Diagnostics,
    ) {
        if let Some(mut chart) = table.get("chart").and_then(|item| item.table(out)) {
            self.pack = pack.clone();
            self.read_rows(&mut chart, out);
            chart.finish(out);
        }
        for mut territory in table.tables("territory", out) {
            self.read_territory(&mut territory, pack, out);
            territory.finish(out);
        }
        for mut note in table.tables("note", out) {
            self.read_note(&mut note, pack, out);
            note.finish(out);
        }
        for mut place in table.tables("place", out) {
            self.read_place(&mut place, pack, places, out);
            place.finish(out);
        }
    }

    fn read_rows(&mut self, chart: &mut Table<'_, '_>, out: &mut Diagnostics) {
        let columns = chart.string("columns", out);
        self.columns = columns.split_whitespace().map(str::to_owned).collect();
        for mut row in chart.tables("rows", out) {
            let found = countries(&mut row, "country", out);
            let marks: Vec<String> = row.string("marks", out).split_whitespace().map(str::to_owned).collect();
            if let Some(unknown) = marks.iter().find(|mark| !self.columns.contains(mark)) {
                out.push(row.error(format!("the chart has no column `{unknown}`")));
            }
            let name = row.string("name", out);
            let notes = numbers(&mut row, "notes", out);
            for country in found {
                let row_of = Row { name: name.clone(), marks: marks.clone(), notes: notes.clone() };
                if self.rows.insert(country, row_of).is_some() {
                    out.push(row.error(format!("{country} has two rows")));
                }
            }
            row.finish(out);
        }
    }

    fn read_territory(&mut self, table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) {
        let country = countries(table, "country", out);
        let row = countries(table, "row", out);
        let from = table.opt_date("from", out);
        let words = table.string("words", out);
        let unclear = table.opt_string("unclear", out).unwrap_or_default();
        let source = source(table, pack, out);
        if let (Some(&country), Some(&row)) = (country.first(), row.first()) {
            self.territories.push(Territory { country, row, from, words, unclear, source });
        } else {
            out.push(table.error("a territory needs `country` and `row`"));
        }
    }

    fn read_note(&mut self, table: &mut Table<'_, '_>, pack: &Pack, out: &mut Diagnostics) {
        let number = numbers(table, "number", out).first().copied().unwrap_or_default();
        let adds = some_codes(table, "adds", out);
        let asks = some_codes(table, "asks", out);
        let spares = some_codes(table, "spares", out);
        self.notes.push(Note {
            number,
            words: table.string("words", out),
            reason: table.opt_string("reason", out),
            days: Days::read(table, out),
            codes: Codes::read(table, out),
            adds,
            asks,
            spares,
            source: Source { certainty: String::new(), ..source(table, pack, out) },
        });
    }

    fn read_place(&mut self, table: &mut Table<'_, '_>, pack: &Pack, places: &Places, out: &mut Diagnostics) {
        let id = table.string("id", out);
        let everywhere = table.opt_boolean("everywhere", out).unwrap_or(false);
        let everywhere_unclear = table.opt_boolean("everywhere_unclear", out).unwrap_or(false);
        let place = Where::read(table, places, out);
        if place.is_anywhere() != (everywhere || everywhere_unclear) {
            out.push(table.error(format!("the place `{id}` names no destination, or says everywhere too")));
        }
        let named = NamedPlace {
            everywhere_unclear,
            place,
            unclear: countries(table, "unclear", out),
            unclear_words: table.opt_string("unclear_words", out).unwrap_or_default(),
            words: table.string("words", out),
            from: table.opt_date("from", out),
            source: source(table, pack, out),
        };
        if self.places.insert(id.clone(), named).is_some() {
            out.push(table.error(format!("the place `{id}` is defined twice")));
        }
    }

    /// Whether a control can look there: a column or a named place.
    pub(super) fn knows(&self, to: &str) -> bool {
        self.columns.iter().any(|column| column == to) || self.places.contains_key(to)
    }

    /// A cell of a destination's own row.
    pub(super) fn own_cell(&self, country: CountryCode, column: &str) -> Option<bool> {
        let row = self.rows.get(&country)?;
        self.columns.iter().any(|known| known == column).then(|| row.marked(column))
    }

    pub(super) fn place(&self, to: &str) -> Option<&NamedPlace> {
        self.places.get(to)
    }

    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// The row of a destination on a day.
    pub(super) fn find(&self, country: CountryCode, day: Date) -> Found<'_> {
        let territory = self.territories.iter().find(|t| t.country == country);
        if let Some(territory) = territory {
            if territory.from.is_some_and(|from| day < from) {
                return Found::Unclear(&territory.unclear);
            }
            return self
                .rows
                .get(&territory.row)
                .map_or(Found::None, |row| Found::Row(territory.row, row, Some(territory)));
        }
        self.rows.get(&country).map_or(Found::None, |row| Found::Row(country, row, None))
    }

    /// The footnotes of a row on a day.
    pub(super) fn notes<'a>(&'a self, row: &'a Row, day: Date) -> impl Iterator<Item = &'a Note> {
        self.notes.iter().filter(move |note| row.notes.contains(&note.number) && note.days.hold(day))
    }

    /// The source of a cell.
    pub(super) fn cell(&self, row: &Row, column: &str) -> Source {
        let (letters, digit) = column.split_at_checked(2).unwrap_or((column, ""));
        let mark = if row.marked(column) { "X" } else { "no X" };
        Source {
            cite: format!("Country Chart, row {}, {letters} Column {digit}: {mark}", row.name),
            date: self.pack.date,
            certainty: String::new(),
        }
    }
}

impl Row {
    pub(super) fn marked(&self, column: &str) -> bool {
        self.marks.iter().any(|mark| mark == column)
    }
}

impl NamedPlace {
    /// Whether a licence is required there on a day.
    pub(super) fn reach(&self, destination: &Destination, day: Date) -> Reach {
        if self.from.is_some_and(|from| day < from) {
            let from = self.from.map(|from| from.to_string()).unwrap_or_default();
            return Reach::Open(format!("an earlier rule asked for one: the tables begin on {from}"));
        }
        if self.everywhere_unclear || destination.countries.iter().any(|c| self.unclear.contains(c)) {
            return Reach::Open(self.unclear_words.clone());
        }
        if self.place.fits(destination) { Reach::Yes } else { Reach::No }
    }
}

fn numbers(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Vec<u32> {
    use rust_decimal::prelude::ToPrimitive;
    let Some(item) = table.get(key) else { return Vec::new() };
    item.one_or_many().into_iter().filter_map(|item| item.decimal(out)).filter_map(|n| n.to_u32()).collect()
}

fn some_codes(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> Option<Codes> {
    let starts = table.strings(key, out);
    (!starts.is_empty()).then(|| Codes::of(starts))
}
