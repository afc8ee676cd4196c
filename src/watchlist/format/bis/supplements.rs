//! The Entity List, the Unverified List and the Military End User List as CSVs
//! made from Supplements No. 4, 6 and 7 to 15 CFR part 744, with the columns of
//! those: country, party, licence requirement, licence review policy, Federal
//! Register citation.
//!
//! The columns tell the list: a licence requirement is the Entity List's, a
//! column of listed persons the Unverified List's. Such files come from many
//! hands, so a column is known by several names; one that is not is counted.

use crate::diagnostic::Diagnostics;
use crate::trade::Address;
use crate::watchlist::format::csl::take_apart;
use crate::watchlist::format::csl_json::is_address;
use crate::watchlist::format::format::{Head, Input};
use crate::watchlist::format::gather::{Gather, add_address, add_name, add_remark};
use crate::watchlist::format::ids::{self, Ids};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::table::{self, Row, Shape};
use crate::watchlist::format::{days, heads};
use crate::watchlist::{NameQuality, Watchlist};

use super::cell;

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Country,
    Party,
    /// Of the Unverified List: name and address in one.
    ListedPerson,
    Aliases,
    Address,
    Requirement,
    Policy,
    Citation,
    Effective,
    /// States the list itself, such as `Entity List`.
    List,
}

/// The column by its name, in lower case and without anything but letters.
fn column(header: &str) -> Option<Column> {
    let plain: String =
        header.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let plain = plain.replace("licence", "license");
    Some(match plain.as_str() {
        "country" | "destination" => Column::Country,
        "entity" | "entityname" | "entitynameandaddress" | "militaryenduser" | "entityandaddress" => {
            Column::Party
        }
        "listedpersonandaddress"
        | "listedperson"
        | "listedpersonsandaddress"
        | "listedpersonsandaddresses" => Column::ListedPerson,
        "alias" | "aliases" | "aka" | "alternatenames" => Column::Aliases,
        "address" | "addresses" => Column::Address,
        "licenserequirement" | "licenserequirements" => Column::Requirement,
        "licensereviewpolicy" | "licensepolicy" => Column::Policy,
        "federalregistercitation"
        | "federalregistercitationanddateofpublication"
        | "frcitation"
        | "federalregisternotice"
        | "citation" => Column::Citation,
        "effectivedate" | "dateadded" | "listingdate" => Column::Effective,
        "list" | "listname" | "sourcelist" => Column::List,
        _ => return None,
    })
}

fn separator(header: &str) -> u8 {
    [b'\t', b';', b','].into_iter().max_by_key(|s| header.bytes().filter(|b| b == s).count()).unwrap_or(b',')
}

fn headers(line: &str) -> Vec<Column> {
    line.split(char::from(separator(line))).filter_map(column).collect()
}

pub(super) fn looks_like(head: &Head<'_>) -> bool {
    let found = headers(head.first_line());
    let party = found.contains(&Column::Party) || found.contains(&Column::ListedPerson);
    party && found.contains(&Column::Country) && found.contains(&Column::Citation)
}

/// Code of the list that has such columns.
fn code(columns: &[Column]) -> &'static str {
    if columns.contains(&Column::Requirement) || columns.contains(&Column::Policy) {
        "EL"
    } else if columns.contains(&Column::ListedPerson) {
        "UVL"
    } else {
        "MEU"
    }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let header = input.file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let columns = headers(header);
    let code = code(&columns);
    let shape = Shape { separator: separator(header), skip: 0, required: &[] };
    let mut list =
        List { code, gather: Gather::default(), ids: Ids::default(), odd: Oddities::new(input.countries) };
    let mut first = true;
    table::read(&input.file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            for name in row.columns().filter(|name| column(name).is_none()) {
                list.odd.note("columns that are not known here", name);
            }
        }
        if let Err(mistake) = list.add(row) {
            mistakes.push(row.error(mistake), out);
        }
    });
    let mut info = heads::head(code);
    input.file.name.as_ref().clone_into(&mut info.edition.source);
    input.sha256.clone_into(&mut info.edition.sha256);
    info.notes.push(format!("Taken for the {} by the file's columns; the file has no date.", info.title));
    list.odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, list.gather.finish())]
}

struct List<'i> {
    code: &'static str,
    gather: Gather,
    ids: Ids,
    odd: Oddities<'i>,
}

impl List<'_> {
    fn add(&mut self, row: &Row<'_>) -> Result<(), &'static str> {
        let cell = |wanted| {
            let mut names = row.columns().filter(|name| column(name) == Some(wanted));
            names.next().map(|name| row.cell(name)).unwrap_or_default()
        };
        let party_cell = [cell(Column::Party), cell(Column::ListedPerson)].concat();
        if party_cell.is_empty() {
            return Err("an entry names nobody");
        }
        let mut found = if cell(Column::Address).is_empty() {
            cell::read(&party_cell)
        } else {
            cell::Cell { names: take_apart(&party_cell), ..cell::Cell::default() }
        };
        found.addresses.extend(cell::split_addresses(cell(Column::Address)));
        if found.unsure {
            self.odd.note("cells in which name and address could not be told apart", &party_cell);
        }
        for alias in cell(Column::Aliases).split(';') {
            found.names.extend(take_apart(alias));
        }
        let Some(name) = found.names.first().map(|name| name.text.clone()) else {
            return Err("an entry names nobody");
        };
        let citation = cell(Column::Citation).split_whitespace().collect::<Vec<_>>().join(" ");
        let id = self.ids.unique(&ids::of_name(self.code, &name, &citation));
        let shared = |gather: &mut Gather, text: &str| (!text.is_empty()).then(|| gather.text(text));
        let requirement = shared(&mut self.gather, cell(Column::Requirement));
        let policy = shared(&mut self.gather, cell(Column::Policy));
        let party = self.gather.party(&id);
        party.licence_requirement = requirement;
        party.licence_policy = policy;
        party.citation = citation;
        let country = self.odd.country(cell(Column::Country));
        party.countries.extend(country);
        add_remark(party, "", cell(Column::List));
        let effective = cell(Column::Effective);
        party.listed = days::iso(effective).or_else(|| days::month_day_year(effective));
        if party.listed.is_none() && !effective.is_empty() {
            self.odd.note("days that are none", effective);
        }
        for street in found.addresses {
            add_address(party, Address { street, country, ..Address::default() });
        }
        if is_address(self.code, &name) {
            party.address_only = true;
            add_remark(party, "", &format!("Listed as `{name}`: an address, whoever is there."));
            return Ok(());
        }
        for (at, name) in found.names.iter().enumerate() {
            let quality = if at == 0 { NameQuality::Primary } else { NameQuality::Strong };
            add_name(party, &name.text, quality, name.former);
        }
        Ok(())
    }
}
