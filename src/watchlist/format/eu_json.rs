//! A derived copy of the EU's consolidated list as JSON: `meta` and `data`, an
//! entry with its logical id, names and day of birth.
//!
//! The shape has room for countries, programmes, addresses and numbers, but
//! the known copies leave it empty; what stands there is kept as a remark. The
//! list's notes say what such a copy lacks.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::trade::PartyKind;
use crate::watchlist::{ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_name, add_remark, add_text};
use super::oddities::Oddities;
use super::{Mistakes, days, heads};

pub(super) const READER: Reader = Reader {
    format: Format { key: "eu-copy-json", label: "EU financial sanctions list, JSON copy" },
    looks_like,
    read: Read::Each(read),
};

fn looks_like(head: &Head<'_>) -> bool {
    let text = &head.text;
    text.trim_start().starts_with('{')
        && ["\"meta\"", "\"matchScore\"", "\"aliases\""].iter().all(|key| text.contains(key))
}

#[derive(Deserialize)]
struct File<'t> {
    #[serde(borrow)]
    meta: Meta<'t>,
    #[serde(borrow)]
    data: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Meta<'t> {
    #[serde(borrow)]
    source: Cow<'t, str>,
    count: Option<usize>,
    #[serde(borrow)]
    timestamp: Option<Cow<'t, str>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(borrow)]
    id: Cow<'t, str>,
    #[serde(borrow)]
    name: Cow<'t, str>,
    #[serde(rename = "type", default, borrow)]
    kind: Cow<'t, str>,
    #[serde(default)]
    country: Value,
    #[serde(default)]
    programs: Value,
    #[serde(default, borrow)]
    details: Details<'t>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Details<'t> {
    #[serde(default, borrow)]
    aliases: Vec<Cow<'t, str>>,
    #[serde(default)]
    birth_date: Value,
    #[serde(default)]
    sanctions: Value,
    #[serde(default)]
    addresses: Value,
    #[serde(default)]
    nationalities: Value,
    #[serde(default)]
    identifications: Value,
}

const NOTE: &str = "Read from a derived copy: without addresses, numbers, nationalities, places of birth, programmes, \
                    legal acts and dates of listing, and without telling weak aliases from strong ones. Which name is \
                    the first was chosen by the copy.";

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = &input.file;
    let parsed: File<'_> = match serde_json::from_str(&file.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            out.push(unreadable(file, &error));
            return Vec::new();
        }
    };
    if !parsed.meta.source.eq_ignore_ascii_case("eu") {
        let message = format!("`{}` is a copy of `{}`, not of the EU's list", file.name, parsed.meta.source);
        out.push(Diagnostic::error(message).help("only copies of the EU's list are known in this shape"));
        return Vec::new();
    }
    if let Some(count) = parsed.meta.count.filter(|count| *count != parsed.data.len()) {
        let has = parsed.data.len();
        out.push(Diagnostic::error(format!("`{}` says it has {count} entries and has {has}", file.name)));
    }
    let (mut gather, mut odd) = (Gather::default(), Oddities::new(input.countries));
    let mut mistakes = Mistakes::new(file);
    for entry in &parsed.data {
        let id = entry.id.trim();
        let id = id.strip_prefix("EU-").unwrap_or(id);
        if id.is_empty() || entry.name.trim().is_empty() {
            let message = format!("the entry `{}` `{}` lacks its id or its name", entry.id, entry.name);
            mistakes.push(Diagnostic::error(message), out);
            continue;
        }
        if gather.has(id) {
            let message = format!("the entry {id} stands twice; both are taken as one");
            mistakes.push(Diagnostic::error(message), out);
        }
        read_entry(entry, gather.party(id), &mut odd);
    }
    mistakes.finish(out);
    let mut info = heads::head("eu-fsf");
    file.name.as_ref().clone_into(&mut info.edition.source);
    info.edition.sha256.clone_from(&input.sha256);
    info.edition.date = parsed.meta.timestamp.as_deref().and_then(days::iso);
    info.notes.push(NOTE.to_owned());
    odd.report(&file.name, &mut info, out);
    vec![Watchlist::new(info, gather.finish())]
}

fn unreadable(file: &SourceFile, error: &serde_json::Error) -> Diagnostic {
    let before = file.text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(file.text.len());
    Diagnostic::error(format!("`{}` cannot be read: {error}", file.name))
        .at(file, at..at)
        .help("the file is cut off or has another shape; get it again")
}

fn read_entry(entry: &Entry<'_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    party.kind = match &*entry.kind.to_ascii_uppercase() {
        "INDIVIDUAL" => PartyKind::Person,
        "ENTITY" => PartyKind::Organization,
        other => {
            odd.note("entries of no known kind", other);
            PartyKind::Unknown
        }
    };
    let details = &entry.details;
    add_name(party, &entry.name, NameQuality::Primary, false);
    for alias in &details.aliases {
        add_name(party, alias, NameQuality::Strong, false);
    }
    add_text(&mut party.birth_dates, details.birth_date.as_str().unwrap_or_default());
    for (words, value) in [
        ("country", &entry.country),
        ("programs", &entry.programs),
        ("sanctions", &details.sanctions),
        ("addresses", &details.addresses),
        ("nationalities", &details.nationalities),
        ("identifications", &details.identifications),
    ] {
        if !is_empty(value) {
            add_remark(party, words, &value.to_string());
            odd.note("fields that the known copies leave empty, kept as remarks", words);
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
