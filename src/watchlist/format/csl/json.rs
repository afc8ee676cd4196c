//! The JSON of the Consolidated Screening List: `results` with an object an
//! entry, as the file for download and as the answer of the search service. An
//! answer with fewer results than its `total` is an error, since entries are
//! missing.

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::Address;
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::{Head, Input};
use crate::watchlist::format::{Mistakes, days};

use super::cells::one_line;
use super::entry::{Entry, Id};
use super::lists::Lists;

/// Keys of an entry that are read, or say nothing about the party.
const KEYS: [&str; 32] = [
    "_id",
    "id",
    "score",
    "country",
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
    "source_information_url",
    "alt_names",
    "nationalities",
    "citizenships",
    "dates_of_birth",
    "places_of_birth",
    "ids",
];

pub(super) fn looks_like(head: &Head<'_>) -> bool {
    let text = &head.text;
    head.first_line().starts_with(['{', '['])
        && text.contains("\"source\"")
        && ["\"source_list_url\"", "\"source_information_url\"", "\"sources_used\""]
            .iter()
            .any(|key| text.contains(key))
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = &input.file;
    let parsed: Value = match serde_json::from_str(&file.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let line = error.line().saturating_sub(1);
            let start: usize = file.text.split_inclusive('\n').take(line).map(str::len).sum();
            let at = (start + error.column().saturating_sub(1)).min(file.text.len());
            out.push(
                Diagnostic::error(format!("`{}` cannot be read: {error}", file.name))
                    .at(file, at..at)
                    .help("the file is cut off or has another shape; get it again"),
            );
            return Vec::new();
        }
    };
    let results = match &parsed {
        Value::Array(results) => Some(results),
        other => other.get("results").and_then(Value::as_array),
    };
    let Some(results) = results else {
        out.push(Diagnostic::error(format!("`{}` has no `results`", file.name)));
        return Vec::new();
    };
    if let Some(total) = parsed.get("total").and_then(Value::as_u64)
        && usize::try_from(total) != Ok(results.len())
    {
        let message = format!("`{}` says it has {total} entries and has {}", file.name, results.len());
        out.push(
            Diagnostic::error(message).help("it is one page of an answer; get the file for download instead"),
        );
    }
    let mut lists = Lists::new(input);
    read_days(&parsed, &mut lists);
    let mut mistakes = Mistakes::new(file);
    for (at, result) in results.iter().enumerate() {
        let added = match result.as_object() {
            Some(object) => {
                for key in object.keys().filter(|key| !KEYS.contains(&key.as_str())) {
                    lists.note("keys that are not known here", key);
                }
                lists.add(&entry(object))
            }
            None => Err("an entry is no object"),
        };
        if let Err(mistake) = added {
            mistakes.push(Diagnostic::error(format!("`{}`, entry {}: {mistake}", file.name, at + 1)), out);
        }
    }
    mistakes.finish(out);
    lists.finish(out)
}

/// The publisher's day of each source, where the file has it.
fn read_days(parsed: &Value, lists: &mut Lists<'_>) {
    for used in parsed.get("sources_used").and_then(Value::as_array).into_iter().flatten() {
        let Some(source) = used.get("source").and_then(Value::as_str) else { continue };
        let day = ["source_last_updated", "last_imported"]
            .iter()
            .find_map(|key| used.get(*key).and_then(Value::as_str).and_then(days::iso));
        if let Some(day) = day {
            lists.set_day(&one_line(source), day);
        }
    }
}

/// A text, or a number as text; empty for anything else.
fn text(object: &Map<String, Value>, key: &str) -> String {
    object.get(key).map(plain).unwrap_or_default()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => one_line(text),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The texts of an array; a single text is one too.
fn texts(object: &Map<String, Value>, key: &str) -> Vec<String> {
    let texts: Vec<_> = match object.get(key) {
        Some(Value::Array(values)) => values.iter().map(plain).collect(),
        Some(value) => vec![plain(value)],
        None => Vec::new(),
    };
    texts.into_iter().filter(|text| !text.is_empty()).collect()
}

fn objects<'v>(object: &'v Map<String, Value>, key: &str) -> impl Iterator<Item = &'v Map<String, Value>> {
    object.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn entry(object: &Map<String, Value>) -> Entry {
    let text = |key: &str| text(object, key);
    let texts = |key: &str| texts(object, key);
    Entry {
        source: text("source"),
        number: text("entity_number"),
        kind: text("type"),
        programs: texts("programs"),
        name: text("name"),
        title: text("title"),
        addresses: objects(object, "addresses").map(address).collect(),
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
        aliases: texts("alt_names"),
        nationalities: texts("nationalities"),
        citizenships: texts("citizenships"),
        births: texts("dates_of_birth"),
        birth_places: texts("places_of_birth"),
        ids: objects(object, "ids").map(id).collect(),
    }
}

/// A country that is no code, and the words of it, stay as region.
fn address(object: &Map<String, Value>) -> Address {
    let country = text(object, "country");
    let code = crate::trade::CountryCode::new(&country);
    let mut region = vec![text(object, "state")];
    if code.is_none() {
        region.push(country);
    }
    region.retain(|part| !part.is_empty());
    Address {
        street: text(object, "address"),
        city: text(object, "city"),
        postal_code: text(object, "postal_code"),
        region: region.join(", "),
        country: code,
    }
}

fn id(object: &Map<String, Value>) -> Id {
    Id {
        kind: text(object, "type"),
        value: text(object, "number"),
        country: text(object, "country"),
        issued: text(object, "issue_date"),
        expires: text(object, "expiration_date"),
    }
}
