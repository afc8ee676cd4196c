//! A CSV with a header, one row a name: the simplest way to bring an own list.
//!
//! `entity_id` and `name` are required; `kind`, `list`, `name_type`, `country`,
//! `address`, `city`, `identifier`, `program` and `remarks` may be there. Rows
//! with the same `list` and `entity_id` are one entry; several countries,
//! identifiers and programmes stand between semicolons. Not here: effects,
//! licence terms, dates; a list that needs them is written in TOML.

use rustc_hash::FxHashMap;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, nearest};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::{CountryLookup, Mistakes, slug, stem};

const COLUMNS: [&str; 11] = [
    "entity_id",
    "name",
    "kind",
    "list",
    "name_type",
    "country",
    "address",
    "city",
    "identifier",
    "program",
    "remarks",
];
const SEPARATORS: [u8; 4] = *b",;\t|";

pub(super) const READER: Reader = Reader {
    format: Format { key: "plain-csv", label: "plain CSV, one row a name" },
    looks_like,
    read: Read::Each(read),
};

/// Whether the first line is the header of such a file.
fn looks_like(head: &Head<'_>) -> bool {
    let first_line = head.first_line();
    let separator = separator(first_line);
    let mut columns = first_line.split(char::from(separator)).map(column_name);
    let (mut id, mut name) = (false, false);
    columns.by_ref().for_each(|column| {
        id |= column == "entity_id";
        name |= column == "name";
    });
    id || (name && first_line.contains(char::from(separator)))
}

fn column_name(cell: &str) -> String {
    cell.trim().trim_matches('"').trim().to_lowercase().replace([' ', '-'], "_")
}

/// The separator that the header holds most of.
fn separator(header: &str) -> u8 {
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|&separator| header.bytes().filter(|&byte| byte == separator).count())
        .unwrap_or(b',')
}

/// Reads the lists of a file: one for each value of `list`, else one.
fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let (file, countries) = (&input.file, input.countries);
    let text = &*file.text;
    let header_at = text.split_inclusive('\n').take_while(|line| skipped(line)).map(str::len).sum::<usize>();
    let body = text.get(header_at..).unwrap_or_default();
    let first_line = body.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(first_line))
        .has_headers(false)
        .flexible(true)
        .from_reader(body.as_bytes());
    let mut records = reader.records();
    let Some(Ok(header)) = records.next() else { return Vec::new() };
    let Some(columns) = Columns::of(&header, file, header_at..header_at + first_line.len(), out) else {
        return Vec::new();
    };
    let mut lists = Lists::default();
    let mut mistakes = Mistakes::new(file);
    for record in records {
        let Ok(record) = record else { continue };
        let at = record.position().and_then(|at| usize::try_from(at.byte()).ok()).unwrap_or_default();
        let span = first_line_from(text, at + header_at);
        let row = Row { record: &record, columns: &columns, file, span };
        if record.len() != header.len() {
            mistakes.push(
                row.error(format!("{} cells where the header has {}", record.len(), header.len()))
                    .help("put a name that holds the separator between double quotes, and close each quote"),
                out,
            );
            continue;
        }
        if row.runs_on(separator(first_line)) {
            mistakes.push(
                row.error("a cell runs on over the next lines")
                    .help("close the quote; rows that the open quote swallowed are not read"),
                out,
            );
            continue;
        }
        row.into_lists(&mut lists, countries, &mut mistakes, out);
    }
    mistakes.finish(out);
    lists.finish(file, &input.sha256, out)
}

/// The first line with something on it from there on.
fn first_line_from(text: &str, at: usize) -> std::ops::Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches(['\n', '\r']).len();
    let length = rest.get(blank..).and_then(|line| line.find(['\n', '\r'])).unwrap_or(rest.len() - blank);
    at + blank..at + blank + length
}

fn skipped(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// Where each known column stands.
struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    fn of(
        header: &csv::StringRecord,
        file: &SourceFile,
        span: std::ops::Range<usize>,
        out: &mut Diagnostics,
    ) -> Option<Self> {
        let mut columns = Self([None; COLUMNS.len()]);
        let mut unused = Vec::new();
        for (at, cell) in header.iter().enumerate() {
            let name = column_name(cell);
            match COLUMNS.iter().position(|known| *known == name).and_then(|known| columns.0.get_mut(known)) {
                Some(place) if place.is_none() => *place = Some(at),
                _ => unused.push(cell.trim().to_owned()),
            }
        }
        if !unused.is_empty() {
            out.push(
                Diagnostic::warning(format!("columns that are not used: {}", unused.join(", ")))
                    .at(file, span.clone())
                    .help(format!("known columns: {}", COLUMNS.join(", "))),
            );
        }
        let mut complete = true;
        for required in ["entity_id", "name"] {
            if columns.at(required).is_none() {
                complete = false;
                let near = nearest(required, unused.iter().map(String::as_str));
                let help = near.map_or_else(
                    || "each row needs the id of its entry and a name".to_owned(),
                    |near| format!("rename the column `{near}`"),
                );
                let mistake = Diagnostic::error(format!("the column `{required}` is missing"));
                out.push(mistake.at(file, span.clone()).help(help));
            }
        }
        complete.then_some(columns)
    }

    fn at(&self, column: &str) -> Option<usize> {
        COLUMNS.iter().position(|known| *known == column).and_then(|at| self.0.get(at).copied().flatten())
    }
}

struct Row<'r> {
    record: &'r csv::StringRecord,
    columns: &'r Columns,
    file: &'r SourceFile,
    span: std::ops::Range<usize>,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        self.columns.at(column).and_then(|at| self.record.get(at)).unwrap_or_default().trim()
    }

    fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.file, self.span.clone())
    }

    /// Whether an open quote swallowed the next rows: a line break in a cell
    /// that has no lines, or one with a whole row behind it.
    fn runs_on(&self, separator: u8) -> bool {
        let lines_allowed = ["address", "remarks"].map(|column| self.columns.at(column));
        let is_row =
            |line: &str| line.bytes().filter(|&byte| byte == separator).count() + 1 >= self.record.len();
        self.record.iter().enumerate().any(|(at, cell)| {
            let known = self.columns.0.contains(&Some(at)) && !lines_allowed.contains(&Some(at));
            let mut more = cell.trim_end().lines().skip(1).peekable();
            more.peek().is_some() && (known || more.any(is_row))
        })
    }

    fn into_lists(
        self,
        lists: &mut Lists,
        countries: CountryLookup<'_>,
        mistakes: &mut Mistakes<'_>,
        out: &mut Diagnostics,
    ) {
        let (id, name) = (self.cell("entity_id"), self.cell("name"));
        for (column, cell) in [("entity_id", id), ("name", name)] {
            if cell.is_empty() {
                mistakes.push(self.error(format!("`{column}` is empty")), out);
            }
        }
        if id.is_empty() || name.is_empty() {
            return;
        }
        // A cell that says nothing known makes the entry wider, never loses it,
        // so these are warnings.
        let mut doubt = |message: String, help: &str| {
            let warning = Diagnostic::warning(message).at(self.file, self.span.clone());
            mistakes.push(warning.help(help), out);
        };
        let mut found = Vec::new();
        for text in self.cell("country").split(';').map(str::trim).filter(|text| !text.is_empty()) {
            match CountryCode::new(text).or_else(|| countries(text)) {
                Some(code) => found.push(code),
                None => doubt(
                    format!("`{text}` is no country known here"),
                    "write its ISO 3166 code of two letters",
                ),
            }
        }
        let name_type = name_type(self.cell("name_type"));
        if name_type.is_none() {
            let message = format!("`{}` is no type of name; taken as an alias", self.cell("name_type"));
            doubt(message, "primary, aka, weak_aka or fka");
        }
        let kind = kind(self.cell("kind"));
        if kind.is_none() {
            let message = format!("`{}` is no kind of party; taken as any kind", self.cell("kind"));
            doubt(message, "person, organization, vessel or aircraft, or empty");
        }
        let program = self.cell("program").split(';').map(str::trim).filter(|text| !text.is_empty());
        let programs: Vec<_> = program.map(|text| lists.program(text)).collect();
        let party = lists.party(self.cell("list"), id);
        let (quality, former) = name_type.unwrap_or((NameQuality::Strong, false));
        party.names.push(ListedName { text: name.into(), quality, former });
        if party.kind == PartyKind::Unknown {
            party.kind = kind.unwrap_or_default();
        }
        let country = if let [code] = found.as_slice() { Some(*code) } else { None };
        party.countries.extend(found);
        for program in programs {
            if !party.programs.contains(&program) {
                party.programs.push(program);
            }
        }
        self.details(party, country);
    }

    fn details(&self, party: &mut ListedParty, country: Option<CountryCode>) {
        let address = Address {
            street: self.cell("address").to_owned(),
            city: self.cell("city").to_owned(),
            country,
            ..Address::default()
        };
        let has_place = !address.street.is_empty() || !address.city.is_empty();
        if has_place && !party.addresses.contains(&address) {
            party.addresses.push(address);
        }
        for text in self.cell("identifier").split(';').map(str::trim).filter(|text| !text.is_empty()) {
            let identifier = identifier(text, party.kind, country);
            if !identifier.value.is_empty() && !party.identifiers.contains(&identifier) {
                party.identifiers.push(identifier);
            }
        }
        if party.remarks.is_empty() {
            self.cell("remarks").clone_into(&mut party.remarks);
        }
    }
}

fn name_type(cell: &str) -> Option<(NameQuality, bool)> {
    match column_name(cell).as_str() {
        "" | "primary" | "name" => Some((NameQuality::Primary, false)),
        "aka" | "alias" | "strong" => Some((NameQuality::Strong, false)),
        "fka" | "former" => Some((NameQuality::Strong, true)),
        "weak_aka" | "weak" => Some((NameQuality::Weak, false)),
        _ => None,
    }
}

fn kind(cell: &str) -> Option<PartyKind> {
    match column_name(cell).as_str() {
        "" | "unknown" => Some(PartyKind::Unknown),
        "person" | "individual" => Some(PartyKind::Person),
        "organization" | "organisation" | "entity" | "company" => Some(PartyKind::Organization),
        "vessel" | "ship" => Some(PartyKind::Vessel),
        "aircraft" => Some(PartyKind::Aircraft),
        _ => None,
    }
}

/// `imo:9187667`, or a bare number of the sort that such a party has.
fn identifier(text: &str, party: PartyKind, country: Option<CountryCode>) -> Identifier {
    if let Some((word, value)) = text.split_once(':')
        && let Some(kind) = IdentifierKind::from_key(&word.trim().to_lowercase())
    {
        return Identifier { kind, value: value.trim().to_owned(), country };
    }
    let kind = match party {
        PartyKind::Person => IdentifierKind::NationalId,
        PartyKind::Vessel => IdentifierKind::Imo,
        PartyKind::Aircraft => IdentifierKind::Aircraft,
        PartyKind::Organization | PartyKind::Unknown => IdentifierKind::Registration,
    };
    Identifier { kind, value: text.to_owned(), country }
}

/// The lists of a file in the order they came, and their entries by id.
#[derive(Default)]
struct Lists {
    names: Vec<String>,
    parties: FxHashMap<(usize, String), (usize, ListedParty)>,
    programs: FxHashMap<String, Arc<str>>,
}

impl Lists {
    fn program(&mut self, text: &str) -> Arc<str> {
        Arc::clone(self.programs.entry(text.to_owned()).or_insert_with(|| Arc::from(text)))
    }

    fn party(&mut self, list: &str, id: &str) -> &mut ListedParty {
        let at = self.names.iter().position(|name| name == list).unwrap_or_else(|| {
            self.names.push(list.to_owned());
            self.names.len() - 1
        });
        let place = self.parties.len();
        let new = || (place, ListedParty { id: id.to_owned(), ..ListedParty::default() });
        &mut self.parties.entry((at, id.to_owned())).or_insert_with(new).1
    }

    fn finish(self, file: &SourceFile, sha256: &str, out: &mut Diagnostics) -> Vec<Watchlist> {
        if self.names.is_empty() {
            out.push(Diagnostic::warning(format!("`{}` holds no entries", file.name)));
        }
        let mut parties: Vec<_> = self.parties.into_iter().collect();
        parties.sort_by_key(|((list, _), (place, _))| (*list, *place));
        let mut parties = parties.into_iter().peekable();
        let mut lists = Vec::new();
        for (at, name) in self.names.into_iter().enumerate() {
            let mut entries = Vec::new();
            while let Some((_, (_, mut party))) = parties.next_if(|((list, _), _)| *list == at) {
                party.order_names();
                party.order_countries();
                entries.push(party);
            }
            let title = [name.as_str(), stem(&file.name)].into_iter().find(|text| !text.trim().is_empty());
            let title = title.unwrap_or("own");
            lists.push(Watchlist::new(info(title, file, sha256), entries));
        }
        lists
    }
}

fn info(title: &str, file: &SourceFile, sha256: &str) -> ListInfo {
    let id = slug(title);
    ListInfo {
        id: if id.is_empty() { "own".to_owned() } else { id },
        title: title.to_owned(),
        publisher: String::new(),
        jurisdiction: "own".to_owned(),
        regime: Regime::Unilateral,
        effect: Effect::Blocking,
        authority: "A list of your own: its entries count as barred.".to_owned(),
        citation: String::new(),
        edition: Edition { source: file.name.to_string(), sha256: sha256.to_owned(), ..Edition::default() },
        notes: Vec::new(),
    }
}
