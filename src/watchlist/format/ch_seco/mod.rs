//! Switzerland's list of SECO (`swiss-sanctions-list`): the whole list and the
//! changes to it. Knows that the whole list keeps parties that were taken off,
//! and that the history inside a target repeats names that count no more.
//!
//! Several files are put together: changes younger than the whole list take the
//! place of its targets, oldest first.

mod names;
mod target;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::digest::sha256_hex;
use crate::watchlist::{ListedParty, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::oddities::Oddities;
use super::xml::{self, Element};
use super::{days, heads};

pub(super) const READER: Reader = Reader {
    format: Format { key: "ch-seco-xml", label: "Swiss SECO sanctions list, XML" },
    looks_like,
    read: Read::Together(read),
};

fn looks_like(head: &Head<'_>) -> bool {
    head.root().is_some_and(|(name, _)| name == "swiss-sanctions-list")
}

/// One file, read.
struct Part {
    name: String,
    sha256: String,
    whole: bool,
    date: Option<Date>,
    parties: Vec<ListedParty>,
}

fn read(inputs: &[Input<'_>], out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(first) = inputs.first() else { return Vec::new() };
    let mut info = heads::head("ch-seco");
    let mut odd = Oddities::new(first.countries);
    let mut parts: Vec<Part> = inputs.iter().filter_map(|input| part(input, &mut odd, out)).collect();
    if parts.is_empty() {
        return Vec::new();
    }
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    info.edition.source = parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>().join(", ");
    info.edition.sha256 = match parts.as_slice() {
        [part] => part.sha256.clone(),
        parts => sha256_hex(parts.iter().map(|part| part.sha256.as_str()).collect::<String>().as_bytes()),
    };
    // The whole list first, then the changes by their age.
    parts.sort_by_key(|part| (!part.whole, part.date));
    let whole = parts.iter().filter(|part| part.whole).count();
    if whole == 0 {
        let note = "only changes were given: parties that did not change are missing";
        info.notes.push(note.to_owned());
        out.push(
            Diagnostic::warning(format!("`{}`: {note}", info.edition.source))
                .help("give the whole list (`list-type=\"whole-list\"`) too"),
        );
    }
    if whole > 1 {
        out.push(
            Diagnostic::error(format!("{whole} whole lists of SECO: {}", info.edition.source))
                .help("give one whole list and the changes after it"),
        );
    }
    let parties = joined(parts, &mut info, out);
    let removed = parties.iter().filter(|party| party.remarks.ends_with(target::OFF)).count();
    if removed > 0 {
        info.notes.push(format!(
            "{removed} entries were taken off the list; they are kept as history and count as advisory."
        ));
    }
    odd.report(&info.edition.source.clone(), &mut info, out);
    vec![Watchlist::new(info, parties)]
}

fn part(input: &Input<'_>, odd: &mut Oddities<'_>, out: &mut Diagnostics) -> Option<Part> {
    let document = xml::parse(&input.file, out)?;
    let root = document.root_element();
    let whole = match root.attr("list-type") {
        "whole-list" => true,
        "amendment" | "delta" => false,
        other => {
            odd.note("kinds of list not known here, taken for the whole list", other);
            true
        }
    };
    let date = days::iso(root.attr("date"));
    if date.is_none() {
        out.push(Diagnostic::error(format!("`{}` does not say its date", input.file.name)));
    }
    Some(Part {
        name: input.file.name.to_string(),
        sha256: input.sha256.clone(),
        whole,
        date,
        parties: target::all(root, &input.file, odd, out),
    })
}

fn joined(
    parts: Vec<Part>,
    info: &mut crate::watchlist::ListInfo,
    out: &mut Diagnostics,
) -> Vec<ListedParty> {
    let mut parties: Vec<ListedParty> = Vec::new();
    for part in parts {
        if !part.whole && part.date < info.edition.date {
            out.push(Diagnostic::warning(format!(
                "`{}` is older than the list it changes; it is left out",
                part.name
            )));
            continue;
        }
        info.edition.date = info.edition.date.max(part.date);
        if parties.is_empty() {
            parties = part.parties;
            continue;
        }
        let mut places: rustc_hash::FxHashMap<String, usize> =
            parties.iter().enumerate().map(|(at, party)| (party.id.clone(), at)).collect();
        for party in part.parties {
            if let Some(known) = places.get(&party.id).and_then(|&at| parties.get_mut(at)) {
                *known = party;
            } else {
                places.insert(party.id.clone(), parties.len());
                parties.push(party);
            }
        }
    }
    parties
}
