//! OFAC's CSV files: SDN.CSV or `CONS_PRIM.CSV` with the parties, and beside it
//! addresses (ADD), aliases (ALT) and the rest of long remarks (COMMENTS).
//! OFAC's data specification describes them; its files have no header, no date
//! and end in the byte 1A.
//!
//! A broken line is an error, since a party may be missing; the others are
//! read. Rows of the other files that belong to no party are counted in a
//! warning, for they show that the files are of different days.

pub(super) mod advanced;
pub(super) mod facts;
mod line;
mod parties;
pub(super) mod remarks;
pub(super) mod sdn_xml;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::digest::sha256_hex;
use crate::watchlist::{ListInfo, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::oddities::Oddities;
use super::{Mistakes, heads, stem};

pub(super) const SDN: Format = Format { key: "ofac-sdn-csv", label: "OFAC SDN.CSV or CONS_PRIM.CSV" };
pub(super) const ADDRESSES: Format = Format { key: "ofac-add-csv", label: "OFAC ADD.CSV" };
pub(super) const ALIASES: Format = Format { key: "ofac-alt-csv", label: "OFAC ALT.CSV" };
pub(super) const COMMENTS: Format = Format { key: "ofac-comments-csv", label: "OFAC SDN_COMMENTS.CSV" };

/// One line of the table of formats for each of the four files.
pub(super) const fn reader(format: Format, looks_like: fn(&Head<'_>) -> bool) -> Reader {
    Reader { format, looks_like, read: Read::Together(read) }
}

pub(super) fn is_sdn(head: &Head<'_>) -> bool {
    part(head) == Some(SDN)
}

pub(super) fn is_addresses(head: &Head<'_>) -> bool {
    part(head) == Some(ADDRESSES)
}

pub(super) fn is_aliases(head: &Head<'_>) -> bool {
    part(head) == Some(ALIASES)
}

pub(super) fn is_comments(head: &Head<'_>) -> bool {
    part(head) == Some(COMMENTS)
}

/// OFAC's end of file mark.
const END: char = '\u{1a}';

/// The part that a file is.
fn part(head: &Head<'_>) -> Option<Format> {
    let first_line = head.first_line();
    let fields = line::fields(first_line).ok()?;
    let number = |at: usize| is_number(fields.get(at));
    if !number(0) {
        return None;
    }
    let alias = |text: &String| matches!(text.as_str(), "aka" | "fka" | "nka");
    match fields.len() {
        12 => Some(SDN),
        6 if number(1) => Some(ADDRESSES),
        5 if number(1) && fields.get(2).and_then(Option::as_ref).is_some_and(alias) => Some(ALIASES),
        2 if first_line.contains(",\"") => Some(COMMENTS),
        _ => None,
    }
}

fn is_number(field: Option<&Option<String>>) -> bool {
    let text = field.and_then(Option::as_deref).unwrap_or_default();
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The files beside a primary file, in the same folder and the same case.
pub(super) fn companions(name: &str) -> Vec<String> {
    let file_at = name.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let (folder, file) = name.split_at(file_at);
    let upper = file.chars().any(|c| c.is_ascii_uppercase());
    let names = match file.to_ascii_lowercase().as_str() {
        "sdn.csv" => ["add.csv", "alt.csv", "sdn_comments.csv"],
        "cons_prim.csv" => ["cons_add.csv", "cons_alt.csv", "cons_comments.csv"],
        _ => return Vec::new(),
    };
    names
        .into_iter()
        .map(|name| format!("{folder}{}", if upper { name.to_ascii_uppercase() } else { name.to_owned() }))
        .collect()
}

/// Files that belong together: of one folder, and all `cons_` or none.
#[derive(Default)]
struct Set<'i> {
    primary: Vec<&'i Input<'i>>,
    others: Vec<&'i Input<'i>>,
}

/// Joins the parts of each folder into lists.
pub(super) fn read(parts: &[Input<'_>], out: &mut Diagnostics) -> Vec<Watchlist> {
    let mut sets: BTreeMap<(String, bool), Set<'_>> = BTreeMap::new();
    for part in parts {
        let name = &*part.file.name;
        let folder = name.rfind(['/', '\\']).and_then(|at| name.get(..at)).unwrap_or_default().to_owned();
        let consolidated = stem(name).to_ascii_lowercase().starts_with("cons_");
        let set = sets.entry((folder, consolidated)).or_default();
        if part.format == SDN { &mut set.primary } else { &mut set.others }.push(part);
    }
    let mut lists = Vec::new();
    for ((_, consolidated), mut set) in sets {
        let Some(primary) = set.primary.pop() else {
            for part in &set.others {
                out.push(
                    Diagnostic::error(format!(
                        "`{}` belongs to an OFAC list whose parties are not there",
                        part.file.name
                    ))
                    .help("give SDN.CSV (or CONS_PRIM.CSV) of the same folder too"),
                );
            }
            continue;
        };
        for second in &set.primary {
            out.push(
                Diagnostic::error(format!(
                    "`{}` and `{}` are the same kind of file in one folder",
                    second.file.name, primary.file.name
                ))
                .help("keep each edition with its ADD, ALT and COMMENTS files in a folder of its own"),
            );
        }
        lists.push(read_set(primary, &set.others, consolidated, out));
    }
    lists
}

fn read_set(
    primary: &Input<'_>,
    others: &[&Input<'_>],
    consolidated: bool,
    out: &mut Diagnostics,
) -> Watchlist {
    let code = if consolidated { "CONS" } else { "SDN" };
    let mut info = heads::head(code);
    info.edition.source = primary.file.name.to_string();
    info.edition.sha256 = joint_hash(primary, others);
    let mut odd = Oddities::new(primary.countries);
    let mut parties = parties::Parties::read(&primary.file, out);
    for format in [COMMENTS, ALIASES, ADDRESSES] {
        let mut parts = others.iter().filter(|part| part.format == format);
        let Some(part) = parts.next() else {
            missing(&primary.file, format, &mut info, out);
            continue;
        };
        for second in parts {
            out.push(Diagnostic::error(format!(
                "`{}` and `{}` are the same kind of file in one folder",
                second.file.name, part.file.name
            )));
        }
        match format {
            COMMENTS => parties.add_comments(&part.file, out),
            ALIASES => parties.add_aliases(&part.file, out),
            _ => parties.add_addresses(&part.file, &mut odd, out),
        }
    }
    let entries = parties.finish(&mut odd, |program| heads::programme_effect(code, program));
    odd.report(&primary.file.name, &mut info, out);
    Watchlist::new(info, entries)
}

fn missing(primary: &SourceFile, format: Format, info: &mut ListInfo, out: &mut Diagnostics) {
    let (what, file) = match format {
        COMMENTS => ("the rest of long remarks", "SDN_COMMENTS.CSV"),
        ALIASES => ("strong aliases", "ALT.CSV"),
        _ => ("addresses", "ADD.CSV"),
    };
    let note = format!("read without {what}: {file} was not given");
    out.push(
        Diagnostic::warning(format!("`{}` is {note}", primary.name))
            .help("put it beside the first file, or give it too"),
    );
    info.notes.push(note);
}

/// Of one file its hash; of several the hash of their hashes (64 hex digits
/// each, one after the other), in the order of their names.
fn joint_hash(primary: &Input<'_>, others: &[&Input<'_>]) -> String {
    if others.is_empty() {
        return primary.sha256.clone();
    }
    let mut parts: Vec<_> = others.iter().copied().chain([primary]).collect();
    parts.sort_by(|a, b| a.file.name.cmp(&b.file.name));
    let joined: String = parts.iter().map(|part| part.sha256.as_str()).collect();
    sha256_hex(joined.as_bytes())
}

/// A row of one of the files: number of columns checked.
struct Row {
    fields: Vec<Option<String>>,
    span: std::ops::Range<usize>,
}

impl Row {
    fn text(&self, at: usize) -> &str {
        self.fields.get(at).and_then(Option::as_deref).unwrap_or_default()
    }
}

/// The good rows of a file; the others are reported.
fn rows(file: &SourceFile, columns: usize, out: &mut Diagnostics) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut mistakes = Mistakes::new(file);
    let mut start = 0;
    let mut ended = false;
    for raw in file.text.split_inclusive('\n') {
        let line = raw.trim_end_matches(['\n', '\r']);
        let span = start..start + line.len();
        start += raw.len();
        if line.trim_start().starts_with(END) {
            ended = true;
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let mistake = match line::fields(line) {
            Err(fault) => fault.message().to_owned(),
            Ok(fields) if fields.len() != columns => {
                format!("{} columns where this file has {columns}", fields.len())
            }
            Ok(fields) if !is_number(fields.first()) => "the number of the party is missing".to_owned(),
            Ok(fields) => {
                rows.push(Row { fields, span });
                continue;
            }
        };
        let mistake = Diagnostic::error(mistake).at(file, span);
        mistakes.push(
            mistake.help("the row cannot be trusted, so the list is not used; get the file again"),
            out,
        );
    }
    mistakes.finish(out);
    if !ended {
        out.push(
            Diagnostic::warning(format!("`{}` does not end in OFAC's end mark (byte 1A)", file.name))
                .help("it may be cut off; compare the number of its rows with the publisher's"),
        );
    }
    rows
}
