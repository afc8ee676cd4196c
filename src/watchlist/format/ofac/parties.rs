//! The parties of an OFAC list, put together from its files.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::trade::{Address, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{Effect, ListedName, ListedParty, NameQuality};

use super::remarks;
use super::{Row, rows};
use crate::watchlist::format::oddities::Oddities;

/// Longest Remarks text; what is longer goes on in the COMMENTS file.
const REMARKS_LIMIT: usize = 1000;

struct Draft {
    party: ListedParty,
    remarks: String,
    flag: String,
    /// Vessel and person columns that have no field, as phrases.
    facts: Vec<String>,
}

pub(super) struct Parties {
    drafts: Vec<Draft>,
    by_number: FxHashMap<String, usize>,
}

impl Parties {
    /// Reads the first file, with the parties.
    pub fn read(file: &SourceFile, out: &mut Diagnostics) -> Self {
        let mut parties = Self { drafts: Vec::new(), by_number: FxHashMap::default() };
        let mut programs: FxHashMap<String, Arc<str>> = FxHashMap::default();
        for row in rows(file, 12, out) {
            let number = row.text(0).to_owned();
            if row.text(1).trim().is_empty() {
                out.push(Diagnostic::error("a party without a name").at(file, row.span.clone()));
                continue;
            }
            if parties.by_number.insert(number, parties.drafts.len()).is_some() {
                let mistake = Diagnostic::error(format!("the number {} stands twice", row.text(0)));
                out.push(mistake.at(file, row.span.clone()));
            }
            parties.drafts.push(draft(&row, file, &mut programs, out));
        }
        parties
    }

    fn find(&mut self, number: &str) -> Option<&mut Draft> {
        self.by_number.get(number).and_then(|&at| self.drafts.get_mut(at))
    }

    /// Appends the rest of remarks that were cut at the limit.
    pub fn add_comments(&mut self, file: &SourceFile, out: &mut Diagnostics) {
        let mut orphans = Orphans::default();
        let mut unfit = Orphans::default();
        for row in rows(file, 2, out) {
            match self.find(row.text(0)) {
                None => orphans.push(&row),
                Some(draft) if draft.remarks.chars().count() == REMARKS_LIMIT => {
                    draft.remarks.push_str(row.text(1));
                }

                Some(_) => unfit.push(&row),
            }
        }
        orphans.report(file, "comments", out);
        if unfit.rows > 0 {
            out.push(Diagnostic::warning(format!(
                "`{}`: {} continuations fit no remarks that were cut off, of parties {}; they are left out",
                file.name,
                unfit.rows,
                unfit.shown()
            )));
        }
    }

    /// Adds the strong aliases.
    pub fn add_aliases(&mut self, file: &SourceFile, out: &mut Diagnostics) {
        let mut orphans = Orphans::default();
        for row in rows(file, 5, out) {
            let Some(draft) = self.find(row.text(0)) else {
                orphans.push(&row);
                continue;
            };
            let text = row.text(3).trim();
            if text.is_empty() {
                out.push(Diagnostic::error("an alias without a name").at(file, row.span.clone()));
                continue;
            }
            let former = row.text(2) == "fka";
            draft.party.names.push(ListedName { text: text.into(), quality: NameQuality::Strong, former });
            if !row.text(4).is_empty() {
                draft.facts.push(format!("Alias {text}: {}", row.text(4)));
            }
        }
        orphans.report(file, "aliases", out);
    }

    /// Adds the addresses.
    pub fn add_addresses(&mut self, file: &SourceFile, odd: &mut Oddities<'_>, out: &mut Diagnostics) {
        let mut orphans = Orphans::default();
        for row in rows(file, 6, out) {
            let Some(draft) = self.find(row.text(0)) else {
                orphans.push(&row);
                continue;
            };
            let address = address(&row, odd);
            draft.party.countries.extend(address.country);
            if !row.text(5).is_empty() {
                draft.facts.push(format!("Address {}: {}", address.one_line(), row.text(5)));
            }
            if !address.is_empty() {
                draft.party.addresses.push(address);
            }
        }
        orphans.report(file, "addresses", out);
    }

    /// The entries, in the publisher's order.
    pub fn finish(self, odd: &mut Oddities<'_>, effect: impl Fn(&str) -> Option<Effect>) -> Vec<ListedParty> {
        self.drafts
            .into_iter()
            .map(|draft| {
                let Draft { mut party, remarks, flag, mut facts } = draft;
                remarks::read(&remarks, &mut party, &mut facts, odd);
                if !flag.is_empty() {
                    party.nationalities.extend(odd.country(&flag));
                }
                party.remarks = facts.join("; ");
                party.effect = party.programs.iter().find_map(|program| effect(program));
                party.order_names();
                party.order_countries();
                party
            })
            .collect()
    }
}

fn draft(
    row: &Row,
    file: &SourceFile,
    programs: &mut FxHashMap<String, Arc<str>>,
    out: &mut Diagnostics,
) -> Draft {
    let kind = match row.text(2).trim() {
        "" => PartyKind::Organization,
        "individual" => PartyKind::Person,
        "vessel" => PartyKind::Vessel,
        "aircraft" => PartyKind::Aircraft,
        other => {
            out.push(
                Diagnostic::warning(format!("`{other}` is a type of party not known here"))
                    .at(file, row.span.clone()),
            );
            PartyKind::Unknown
        }
    };
    let mut party = ListedParty { id: row.text(0).to_owned(), kind, ..ListedParty::default() };
    party.names.push(ListedName {
        text: row.text(1).trim().into(),
        quality: NameQuality::Primary,
        former: false,
    });
    for program in row.text(3).split("] [").map(str::trim).filter(|program| !program.is_empty()) {
        let program = programs.entry(program.to_owned()).or_insert_with(|| Arc::from(program));
        party.programs.push(Arc::clone(program));
    }
    let call_sign = row.text(5).trim();
    if !call_sign.is_empty() {
        let (kind, value) = (IdentifierKind::CallSign, call_sign.to_owned());
        party.identifiers.push(Identifier { kind, value, country: None });
    }
    let words = [
        (4, "Title"),
        (6, "Vessel type"),
        (7, "Tonnage"),
        (8, "Gross registered tonnage"),
        (9, "Vessel flag"),
        (10, "Vessel owner"),
    ];
    let facts = words
        .into_iter()
        .filter(|(at, _)| !row.text(*at).trim().is_empty())
        .map(|(at, word)| format!("{word}: {}", row.text(at).trim()))
        .collect();
    Draft { party, remarks: row.text(11).to_owned(), flag: row.text(9).trim().to_owned(), facts }
}

/// `Kuala Lumpur 50100` and `Hebron, West Bank` in their parts. The words of a
/// country that is not known stay as region.
fn address(row: &Row, odd: &mut Oddities<'_>) -> Address {
    let place = row.text(3).trim();
    let digit = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    let words: Vec<_> = place.split(' ').collect();
    let code_words = words.iter().rev().take_while(|word| digit(word)).count();
    let (city, postal_code) = if code_words > 0 && code_words < words.len() {
        let (city, code) = words.split_at(words.len() - code_words);
        (city.join(" "), code.join(" "))
    } else {
        (place.to_owned(), String::new())
    };
    let (city, region) = city.split_once(", ").unwrap_or((&city, ""));
    let mut address = Address {
        street: row.text(2).trim().to_owned(),
        city: city.trim().to_owned(),
        postal_code,
        region: region.trim().trim_end_matches(',').to_owned(),
        country: None,
    };
    let country = row.text(4).trim();
    if !country.is_empty() {
        address.country = odd.country(country);
        if address.country.is_none() {
            let words = country.strip_prefix("Region: ").unwrap_or(country);
            if !address.region.is_empty() {
                address.region.push_str(", ");
            }
            address.region.push_str(words);
        }
    }
    address
}

/// Rows whose party is not in the first file.
#[derive(Default)]
struct Orphans {
    rows: usize,
    numbers: Vec<String>,
}

impl Orphans {
    fn push(&mut self, row: &Row) {
        self.rows += 1;
        // Rows of one party stand together, so the last is enough to compare.
        if self.numbers.last().is_none_or(|last| last != row.text(0)) {
            self.numbers.push(row.text(0).to_owned());
        }
    }

    fn shown(&self) -> String {
        let first: Vec<_> = self.numbers.iter().take(5).map(String::as_str).collect();
        let more = if self.numbers.len() > first.len() { " …" } else { "" };
        format!("{}{more}", first.join(", "))
    }

    fn report(&self, file: &SourceFile, what: &str, out: &mut Diagnostics) {
        if self.rows > 0 {
            out.push(
                Diagnostic::warning(format!(
                    "`{}`: {} {what} belong to {} parties that are not in the list: {}",
                    file.name,
                    self.rows,
                    self.numbers.len(),
                    self.shown()
                ))
                .help("the files are of different days; get them together"),
            );
        }
    }
}
