//! The CSV of schema 1.1: semicolons, a header of 118 columns, several rows an
//! entry, each with one name, address, birth, document or citizenship. It has
//! no column for the strength of a name; a remark may say it.

use std::borrow::Cow;

use crate::diagnostic::Diagnostics;
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::{Head, Input};
use crate::watchlist::format::table::{self, Row, Shape};
use crate::watchlist::format::{Mistakes, days};

use super::parts::{self, Law, Part};
use super::{List, listed_by_law};

const REQUIRED: [&str; 4] =
    ["Entity_LogicalId", "Entity_SubjectType", "NameAlias_WholeName", "Entity_Regulation_NumberTitle"];

/// How the columns begin.
const KNOWN: [&str; 7] = [
    "fileGenerationDate",
    "Entity_",
    "NameAlias_",
    "Address_",
    "BirthDate_",
    "Identification_",
    "Citizenship_",
];

pub(super) fn looks_like(head: &Head<'_>) -> bool {
    let line = head.first_line();
    line.contains("Entity_LogicalId") && line.contains("NameAlias_")
}

/// The columns of one part, `NameAlias_…`.
struct Cells<'r> {
    row: &'r Row<'r>,
    part: &'static str,
}

impl Part for Cells<'_> {
    fn get(&self, field: &str) -> Cow<'_, str> {
        Cow::Borrowed(self.row.cell(&format!("{}_{field}", self.part)))
    }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let mut list = List::new(input);
    let shape = Shape { separator: b';', skip: 0, required: &REQUIRED };
    let mut first = true;
    table::read(&input.file, shape, out, |row, mistakes, out| {
        if std::mem::take(&mut first) {
            let known = |column: &str| KNOWN.iter().any(|part| column.starts_with(part));
            let mut unread: Vec<_> = row.columns().filter(|column| !known(column)).collect();
            unread.sort_unstable();
            for column in unread {
                list.odd.note("columns that are not read", column);
            }
        }
        let id = row.cell("Entity_LogicalId");
        if id.is_empty() {
            mistakes.push(row.error("a row has no `Entity_LogicalId`: whose it is cannot be known"), out);
            return;
        }
        if list.date.is_none() {
            let day = row.cell("fileGenerationDate");
            list.date = days::iso(day).or_else(|| days::day_month_year(day));
        }
        read_row(row, id, &mut list);
    });
    let mut mistakes = Mistakes::new(&input.file);
    let lists = list.finish(input, &mut mistakes, out);
    mistakes.finish(out);
    lists
}

fn read_row(row: &Row<'_>, id: &str, list: &mut List<'_>) {
    let of = |part| Cells { row, part };
    list.entity(id, &of("Entity"));
    let law = Law::of(&of("Entity_Regulation"), &mut list.odd);
    list.law(id, &law);
    let party = list.gather.party(id);
    if row.cell("Entity_DesignationDate").is_empty() {
        listed_by_law(party, &law);
    }
    parts::name(&of("NameAlias"), party, &mut list.odd);
    parts::address(&of("Address"), party, &mut list.odd);
    parts::birth(&of("BirthDate"), party, &mut list.odd);
    parts::document(&of("Identification"), party, &mut list.odd);
    parts::citizenship(&of("Citizenship"), party, &mut list.odd);
    for part in [
        "NameAlias_Regulation",
        "Address_Regulation",
        "BirthDate_Regulation",
        "Identification_Regulation",
        "Citizenship_Regulation",
    ] {
        let law = Law::of(&of(part), &mut list.odd);
        list.part_law(id, &law);
    }
}
