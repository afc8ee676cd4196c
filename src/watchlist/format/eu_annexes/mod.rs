//! Annexes of EU regulations as a table: one row a party, the annex and the
//! regulation in columns, several values of a cell between semicolons. Each
//! annex is a list, since each means something else; its parts are one list.
//!
//! Knows the columns, not the acts: what an annex means stands in
//! `rules/formats/lists.toml`. An annex that is not there counts as blocking.

mod cells;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{IdentifierKind, PartyKind};
use crate::watchlist::{Effect, ListInfo, ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_name, add_remark, add_text};
use super::oddities::Oddities;
use super::table::{self, Row, Shape};
use super::{Mistakes, days, heads, nationality_text};

pub(super) const READER: Reader = Reader {
    format: Format { key: "eu-annex-csv", label: "annexes of EU regulations, CSV table" },
    looks_like,
    read: Read::Each(read),
};

/// Every column of the table; another is reported.
const COLUMNS: [&str; 45] = [
    "celex",
    "recordId",
    "programKey",
    "annex",
    "measure",
    "startDate",
    "reason",
    "schema",
    "name",
    "alias",
    "weakAlias",
    "previousName",
    "country",
    "nationality",
    "jurisdiction",
    "birthDate",
    "birthPlace",
    "position",
    "passportNumber",
    "gender",
    "appearance",
    "ethnicity",
    "fatherName",
    "motherName",
    "incorporationDate",
    "legalForm",
    "sector",
    "registrationNumber",
    "taxNumber",
    "idNumber",
    "innCode",
    "ogrnCode",
    "kppCode",
    "okpoCode",
    "leiCode",
    "swiftBic",
    "ticker",
    "imoNumber",
    "mmsi",
    "flag",
    "address",
    "phone",
    "email",
    "website",
    "notes",
];
const REQUIRED: [&str; 6] = ["celex", "annex", "schema", "name", "alias", "startDate"];

fn looks_like(head: &Head<'_>) -> bool {
    let mut columns = head.first_line().trim_start_matches('\u{feff}').split(',');
    columns.next() == Some("celex") && columns.any(|column| column == "annex")
}

/// Which annex a row is of.
#[derive(Clone, PartialEq, Eq)]
struct Annex {
    /// `833/2014`.
    act: String,
    /// `XIX`.
    number: String,
}

impl Annex {
    /// From the CELEX number `32014R0833` and `XIX.A`, whose part is the rest.
    fn of<'r>(celex: &str, annex: &'r str) -> Option<(Self, &'r str)> {
        let (year, number) = celex.get(1..)?.split_once(['R', 'D'])?;
        let number: u32 = number.parse().ok()?;
        let (annex, part) = annex.split_once('.').unwrap_or((annex, ""));
        let known = year.len() == 4 && !annex.is_empty();
        known.then(|| (Self { act: format!("{number}/{year}"), number: annex.to_owned() }, part))
    }

    /// The name the table of lists knows the annex by.
    fn code(&self) -> String {
        super::slug(&format!("eu-{}-{}", self.act, self.number))
    }

    fn info(&self, file: &str, out: &mut Diagnostics) -> ListInfo {
        let code = self.code();
        let mut info = heads::head(&code);
        if !heads::is_known(&code) {
            let Self { act, number } = self;
            info.id = code;
            info.title = format!("Annex {number} to Regulation (EU) {act}");
            "Council of the European Union".clone_into(&mut info.publisher);
            "EU".clone_into(&mut info.jurisdiction);
            info.citation = format!("Regulation (EU) {act}, Annex {number}");
            info.effect = Effect::Blocking;
            let message = format!("`{file}`: {} is not known; its entries count as blocking", info.title);
            out.push(Diagnostic::warning(message));
        }
        info
    }
}

/// A list being read.
struct List {
    annex: Annex,
    gather: Gather,
    /// For the parties of an annex that says what a licence is needed for.
    licence: Option<(Arc<str>, Arc<str>)>,
}

impl List {
    fn new(annex: Annex) -> Self {
        let stricter = annex.code() == "eu-833-2014-iv";
        let licence = stricter.then(|| (Arc::from(REQUIREMENT), Arc::from(POLICY)));
        Self { annex, gather: Gather::default(), licence }
    }
}

/// Articles 2, 2a and 2b of Regulation 833/2014 in short.
const REQUIREMENT: &str = "Dual-use goods and technology (Annex I to Regulation (EU) 2021/821) and the advanced \
                           goods and technology of Annex VII to Regulation (EU) No 833/2014, and services with them";
const POLICY: &str = "Denial. An authority may permit a sale only where it is needed at once to avert an event that \
                      gravely endangers health, safety or the environment, or under old contracts whose permit was \
                      asked for in time (Article 2b(1))";

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = &input.file;
    let mut odd = Oddities::new(input.countries);
    let mut lists: Vec<List> = Vec::new();
    let shape = Shape { separator: b',', skip: 0, required: &REQUIRED };
    let mut first = true;
    table::read(file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            let mut unread: Vec<_> = row.columns().filter(|column| !COLUMNS.contains(column)).collect();
            unread.sort_unstable();
            for column in unread {
                odd.note("columns that are not read", column);
            }
        }
        let Some((annex, part)) = Annex::of(row.cell("celex"), row.cell("annex")) else {
            let message = format!("`{}` `{}` is no annex of an act", row.cell("celex"), row.cell("annex"));
            mistakes.push(row.error(message), out);
            return;
        };
        if row.cell("name").is_empty() {
            mistakes.push(row.error("a row has no name"), out);
            return;
        }
        let at = lists.iter().position(|list| list.annex == annex).unwrap_or_else(|| {
            lists.push(List::new(annex));
            lists.len() - 1
        });
        if let Some(list) = lists.get_mut(at) {
            list.row(row, part, &mut odd, mistakes, out);
        }
    });
    let mut lists: Vec<_> = lists
        .into_iter()
        .map(|list| {
            let mut info = list.annex.info(&file.name, out);
            file.name.as_ref().clone_into(&mut info.edition.source);
            info.edition.sha256.clone_from(&input.sha256);
            info.notes.push(NOTE.to_owned());
            let parties = list.gather.finish();
            let latest = parties.iter().filter_map(|party| party.listed).max();
            info.notes.extend(latest.map(|day| format!("Its latest entry applies from {day}.")));
            (info, parties)
        })
        .collect();
    // Cells of all annexes are written alike, so what was not understood is
    // told once, with the first.
    if let Some((info, _)) = lists.first_mut() {
        odd.report(&file.name, info, out);
    }
    lists.into_iter().map(|(info, parties)| Watchlist::new(info, parties)).collect()
}

const NOTE: &str = "Read from a table derived from the consolidated text, which has no legal effect and carries no \
                    date of its own: compare with the Official Journal.";

impl List {
    fn row(
        &mut self,
        row: &Row<'_>,
        part: &str,
        odd: &mut Oddities<'_>,
        mistakes: &mut Mistakes<'_>,
        out: &mut Diagnostics,
    ) {
        let id = self.id(row, part);
        if self.gather.has(&id) {
            let message = format!("the entry {id} stands twice; both are taken as one");
            mistakes.push(row.error(message), out);
        }
        let programme = self.gather.text(row.cell("programKey"));
        let party = self.gather.party(&id);
        if !programme.is_empty() {
            party.programs.push(programme);
        }
        if let Some((requirement, policy)) = &self.licence {
            party.licence_requirement = Some(Arc::clone(requirement));
            party.licence_policy = Some(Arc::clone(policy));
        }
        let Annex { act, number } = &self.annex;
        let part = match part.len() {
            0 => String::new(),
            1 => format!(", part {part}"),
            _ => format!(" ({})", part.to_lowercase()),
        };
        party.citation = format!("Regulation (EU) No {act}, Annex {number}{part}");
        let day = row.cell("startDate");
        party.listed = days::day_month_year(day).or_else(|| days::iso(day));
        if party.listed.is_none() && !day.is_empty() {
            odd.note("dates that are none", day);
        }
        read_party(row, party, odd);
    }

    /// The number in the annex, behind its part; names where there is none.
    fn id(&self, row: &Row<'_>, part: &str) -> String {
        let (number, part) = (row.cell("recordId"), part.to_lowercase());
        let between = if part.is_empty() { "" } else { "-" };
        if number.is_empty() {
            let key = format!("{}\n{}", row.cell("name"), row.cell("imoNumber"));
            return self.gather.made_id(&format!("{part}{between}"), &key);
        }
        format!("{part}{between}{number}")
    }
}

fn read_party(row: &Row<'_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    party.kind = match row.cell("schema") {
        "Person" => PartyKind::Person,
        "LegalEntity" | "Company" | "Organization" | "PublicBody" => PartyKind::Organization,
        "Vessel" => PartyKind::Vessel,
        "Airplane" => PartyKind::Aircraft,
        // Ports, airports, zones, currencies.
        "Asset" => PartyKind::Unknown,
        other => {
            odd.note("entries of no known kind", other);
            PartyKind::Unknown
        }
    };
    names(row, party, odd);
    numbers(row, party, odd);
    for column in ["country", "jurisdiction", "flag"] {
        for text in cells::values(row.cell(column)) {
            let found = odd.country(text);
            party.countries.extend(found);
            // Where a company or ship is registered is its nationality.
            party.nationalities.extend(found.filter(|_| column != "country"));
        }
    }
    nationality_text::add(party, row.cell("nationality"), odd);
    cells::addresses(row.cell("address"), party, odd);
    for text in row.cell("birthDate").split(';').flat_map(|text| text.split(" or ")) {
        let day = days::day_month_year(text).map(|day| day.to_string());
        add_text(&mut party.birth_dates, &day.unwrap_or_else(|| text.to_owned()));
    }
    for text in cells::values(row.cell("birthPlace")).filter(|text| !matches!(*text, "N/D" | "N/A")) {
        add_text(&mut party.birth_places, text);
    }
    for (column, words) in [
        ("position", "Position"),
        ("gender", "Gender"),
        ("appearance", "Appearance"),
        ("ethnicity", "Ethnicity"),
        ("fatherName", "Father"),
        ("motherName", "Mother"),
        ("incorporationDate", "Founded"),
        ("legalForm", "Legal form"),
        ("sector", "Sector"),
        ("ticker", "Ticker"),
        ("notes", ""),
        ("measure", "Measure"),
        ("reason", "Reason"),
    ] {
        add_remark(party, words, row.cell(column));
    }
}

fn names(row: &Row<'_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    add_name(party, row.cell("name"), NameQuality::Primary, false);
    cells::names_within(row.cell("name"), party, false, odd);
    for (column, quality, former) in [
        ("alias", NameQuality::Strong, false),
        ("previousName", NameQuality::Strong, true),
        ("weakAlias", NameQuality::Weak, false),
    ] {
        for text in cells::values(row.cell(column)) {
            let whole = text;
            let text = cells::without_language(whole);
            // What is left of a picture in the Official Journal.
            if text.is_empty() || text == "Text of image" {
                odd.note("names that are none, kept as remarks", whole);
                add_remark(party, "In the column of names", whole);
                continue;
            }
            add_name(party, text, quality, former);
            cells::names_within(text, party, former, odd);
        }
    }
}

/// The columns of INN, OGRN, KPP and OKPO hold numbers of Russian registers.
fn numbers(row: &Row<'_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    use IdentifierKind as K;
    for (column, kind, country) in [
        ("registrationNumber", K::Registration, ""),
        ("taxNumber", K::Tax, ""),
        ("idNumber", K::NationalId, ""),
        ("passportNumber", K::Passport, ""),
        ("innCode", K::Tax, "RU"),
        ("ogrnCode", K::Registration, "RU"),
        ("kppCode", K::Other, "RU"),
        ("okpoCode", K::Other, "RU"),
        ("leiCode", K::Lei, ""),
        ("swiftBic", K::Bic, ""),
        ("imoNumber", K::Imo, ""),
        ("mmsi", K::Mmsi, ""),
    ] {
        let words = match column {
            "kppCode" => "KPP",
            "okpoCode" => "OKPO",
            // Companies have ship-owner numbers too.
            "imoNumber" if party.kind != PartyKind::Vessel => "Company Number IMO",
            _ => "",
        };
        cells::numbers(row.cell(column), kind, words, country, party, odd);
    }
    for (column, kind) in [("phone", K::Phone), ("email", K::Email), ("website", K::Website)] {
        cells::contacts(row.cell(column), kind, party);
    }
}
