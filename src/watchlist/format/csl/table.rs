//! The CSV (or TSV) of the Consolidated Screening List: 29 columns by name.

use crate::diagnostic::Diagnostics;
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::{Head, Input};
use crate::watchlist::format::table::{self, Row, Shape};

use super::cells::{address, id, one_line, parts};
use super::entry::Entry;
use super::lists::Lists;

const REQUIRED: [&str; 4] = ["source", "name", "alt_names", "addresses"];

/// Columns that are read; `_id` is a number of the file's maker.
const COLUMNS: [&str; 30] = [
    "_id",
    "id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
];

/// The header names source, entity number and the link to the source list.
pub(super) fn looks_like(head: &Head<'_>) -> bool {
    let line = head.first_line();
    let columns: Vec<_> =
        line.split(char::from(separator(line))).map(|cell| cell.trim_matches('"')).collect();
    ["source", "entity_number", "source_list_url", "name"].iter().all(|name| columns.contains(name))
}

fn separator(header: &str) -> u8 {
    if header.contains('\t') { b'\t' } else { b',' }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let header = input.file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let shape = Shape { separator: separator(header), skip: 0, required: &REQUIRED };
    let mut lists = Lists::new(input);
    let mut first = true;
    table::read(&input.file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            for column in row.columns().filter(|column| !COLUMNS.contains(column)) {
                lists.note("columns that are not known here", column);
            }
        }
        if let Err(mistake) = lists.add(&entry(row)) {
            mistakes.push(row.error(mistake), out);
        }
    });
    lists.finish(out)
}

fn entry(row: &Row<'_>) -> Entry {
    let text = |column: &str| one_line(row.cell(column));
    let many = |column: &str| parts(row.cell(column));
    Entry {
        source: text("source"),
        number: text("entity_number"),
        kind: text("type"),
        programs: many("programs"),
        name: text("name"),
        title: text("title"),
        addresses: many("addresses").iter().map(|part| address(part)).collect(),
        notice: text("federal_register_notice"),
        start: text("start_date"),
        end: text("end_date"),
        standard_order: text("standard_order"),
        requirement: text("license_requirement"),
        policy: text("license_policy"),
        call_sign: text("call_sign"),
        vessel_type: text("vessel_type"),
        tonnage: text("gross_tonnage"),
        gross_tonnage: text("gross_registered_tonnage"),
        vessel_flag: text("vessel_flag"),
        vessel_owner: text("vessel_owner"),
        remarks: text("remarks"),
        list_url: text("source_list_url"),
        info_url: text("source_information_url"),
        aliases: many("alt_names"),
        nationalities: many("nationalities"),
        citizenships: many("citizenships"),
        births: many("dates_of_birth"),
        birth_places: many("places_of_birth"),
        ids: many("ids").iter().map(|part| id(part)).collect(),
    }
}
