//! A CSV with a header, one row a name: the simplest way to bring an own list.
//!
//! `entity_id` and `name` are required; the other [`COLUMNS`] may be there.
//! Rows with the same `list` and `entity_id` are one entry; several countries,
//! identifiers, programmes and the like stand between semicolons. Not here:
//! licence texts, relations, links to other lists, and what the list itself is;
//! a list that needs them is written in TOML.

use rustc_hash::FxHashMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile, nearest};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Watchlist};

use super::cells::{unguarded, values};
use super::days;
use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{add_address, add_identifier};
use super::{CountryLookup, Mistakes, slug, stem};

pub(super) const COLUMNS: [&str; 22] = [
    "entity_id",
    "list",
    "name_type",
    "name",
    "kind",
    "country",
    "nationality",
    "address",
    "city",
    "postal_code",
    "address_region",
    "address_country",
    "identifier",
    "program",
    "effect",
    "birth_date",
    "birth_place",
    "listed",
    "removed",
    "citation",
    "url",
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
    /// A cell as it was before it was made safe for spreadsheets.
    fn cell(&self, column: &str) -> String {
        let cell = self.columns.at(column).and_then(|at| self.record.get(at)).unwrap_or_default();
        unguarded(cell.trim())
    }

    fn values(&self, column: &str) -> Vec<String> {
        values(&self.cell(column))
    }

    fn has(&self, column: &str) -> bool {
        self.columns.at(column).is_some()
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
        let sort = self.cell("name_type");
        let address_only = column_name(&sort) == ADDRESS_ONLY;
        if id.is_empty() {
            mistakes.push(self.error("`entity_id` is empty"), out);
        }
        if name.is_empty() && !address_only {
            mistakes.push(self.error("`name` is empty"), out);
        }
        if id.is_empty() || (name.is_empty() && !address_only) {
            return;
        }
        // A cell that says nothing known makes the entry wider, never loses it,
        // so these are warnings.
        let mut doubt = |message: String, help: &str| {
            let warning = Diagnostic::warning(message).at(self.file, self.span.clone());
            mistakes.push(warning.help(help), out);
        };
        let facts = Facts::of(&self, countries, &mut doubt);
        let name_type = if address_only { None } else { name_type(&sort) };
        if name_type.is_none() && !address_only {
            let message = format!("`{sort}` is no type of name; taken as an alias");
            doubt(message, "primary, aka, weak_aka, fka or weak_fka");
        }
        let programs: Vec<_> = self.values("program").iter().map(|text| lists.program(text)).collect();
        let party = lists.party(&self.cell("list"), &id);
        party.address_only |= address_only;
        if !name.is_empty() {
            let (quality, former) = name_type.unwrap_or((NameQuality::Strong, false));
            party.names.push(ListedName { text: name.into(), quality, former });
        }
        for program in programs {
            if !party.programs.contains(&program) {
                party.programs.push(program);
            }
        }
        self.details(party, facts);
    }

    fn details(&self, party: &mut ListedParty, facts: Facts) {
        if party.kind == PartyKind::Unknown {
            party.kind = facts.kind;
        }
        party.effect = party.effect.or(facts.effect);
        party.listed = party.listed.or(facts.listed);
        party.removed = party.removed.or(facts.removed);
        let country = if let [code] = facts.countries.as_slice() { Some(*code) } else { None };
        party.countries.extend(facts.countries);
        party.nationalities.extend(facts.nationalities);
        let address = Address {
            street: self.cell("address"),
            city: self.cell("city"),
            postal_code: self.cell("postal_code"),
            region: self.cell("address_region"),
            // Without a column of its own it is the party's country.
            country: if self.has("address_country") { facts.address_country } else { country },
        };
        let somewhere = address != Address { country: address.country, ..Address::default() };
        if somewhere || self.has("address_country") {
            add_address(party, address);
        }
        for text in self.values("identifier") {
            let identifier = identifier(&text, party.kind, country);
            add_identifier(party, identifier);
        }
        for (column, texts) in
            [("birth_date", &mut party.birth_dates), ("birth_place", &mut party.birth_places)]
        {
            for text in self.values(column) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        if party.remarks.is_empty() {
            party.remarks = self.cell("remarks");
        }
        if party.citation.is_empty() {
            party.citation = self.cell("citation");
        }
        let url = self.cell("url");
        if party.url.is_none() && !url.is_empty() {
            party.url = Some(url.into());
        }
    }
}

/// The cells of a row that must be of a known kind.
struct Facts {
    countries: Vec<CountryCode>,
    nationalities: Vec<CountryCode>,
    address_country: Option<CountryCode>,
    kind: PartyKind,
    effect: Option<Effect>,
    listed: Option<Date>,
    removed: Option<Date>,
}

impl Facts {
    fn of(row: &Row<'_>, countries: CountryLookup<'_>, doubt: &mut impl FnMut(String, &str)) -> Self {
        let mut codes = |column: &str| {
            let mut found = Vec::new();
            for text in row.values(column) {
                match CountryCode::new(&text).or_else(|| countries(&text)) {
                    Some(code) => found.push(code),
                    None => doubt(
                        format!("`{text}` is no country known here"),
                        "write its ISO 3166 code of two letters",
                    ),
                }
            }
            found
        };
        let (countries, nationalities) = (codes("country"), codes("nationality"));
        let address_country = codes("address_country").first().copied();
        let mut day = |column: &str| {
            let text = row.cell(column);
            let found = days::iso(&text);
            if found.is_none() && !text.is_empty() {
                doubt(format!("`{text}` is no day, so `{column}` is left out"), "write it as 2024-05-31");
            }
            found
        };
        let (listed, removed) = (day("listed"), day("removed"));
        let text = row.cell("effect");
        let effect = Effect::from_key(&column_name(&text).replace('_', "-"));
        if effect.is_none() && !text.is_empty() {
            doubt(format!("`{text}` is no effect; the entry counts as blocking"), &Effect::WORDS.join(", "));
        }
        let text = row.cell("kind");
        let kind = kind(&text);
        if kind.is_none() {
            doubt(
                format!("`{text}` is no kind of party; taken as any kind"),
                "person, organization, vessel or aircraft, or empty",
            );
        }
        Self {
            countries,
            nationalities,
            address_country,
            kind: kind.unwrap_or_default(),
            // Blocking is what the list says anyway.
            effect: effect.filter(|effect| *effect != Effect::Blocking),
            listed,
            removed,
        }
    }
}

/// The `name_type` of an entry that lists an address, whoever is there.
pub(super) const ADDRESS_ONLY: &str = "address_only";

fn name_type(cell: &str) -> Option<(NameQuality, bool)> {
    match column_name(cell).as_str() {
        "" | "primary" | "name" => Some((NameQuality::Primary, false)),
        "aka" | "alias" | "strong" => Some((NameQuality::Strong, false)),
        "fka" | "former" => Some((NameQuality::Strong, true)),
        "weak_aka" | "weak" => Some((NameQuality::Weak, false)),
        "weak_fka" => Some((NameQuality::Weak, true)),
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

/// `imo:9187667`, `registration[MY]:629642D` with the country that gave it (in
/// empty brackets none), or a bare number of the sort that such a party has.
fn identifier(text: &str, party: PartyKind, country: Option<CountryCode>) -> Identifier {
    if let Some((word, value)) = text.split_once(':') {
        let bracket = word.trim().strip_suffix(']').and_then(|word| word.split_once('['));
        let (word, country) =
            bracket.map_or((word, country), |(word, code)| (word, CountryCode::new(code.trim())));
        if let Some(kind) = IdentifierKind::from_key(&word.trim().to_lowercase()) {
            return Identifier { kind, value: value.trim().to_owned(), country };
        }
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
