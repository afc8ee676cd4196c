//! `senzing.json`: one record a line in the terms of Senzing's entity
//! specification, as arrays by theme (`NAMES`, `DATES` …) or as one array
//! `FEATURES`.
//!
//! Sanctions are not in it: no programmes, no days of listing. Types of
//! addresses and phones say nothing that screening can use and are left out.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{Address, IdentifierKind, PartyKind};
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::{add_address, add_identifier, add_name, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{Mistakes, days, identifiers};
use crate::watchlist::{Edition, ListedParty, NameQuality, Relation, RelationKind, Watchlist};

use super::datasets;
use super::lists::{Listing, Lists};
use super::party::{add_country, split_address, words};

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "opensanctions-senzing-json", label: "Senzing records, JSON lines" },
    looks_like,
    read: Read::Each(read),
};

fn looks_like(head: &Head<'_>) -> bool {
    let line = head.first_line();
    line.starts_with('{') && line.contains("\"DATA_SOURCE\"") && line.contains("\"RECORD_ID\"")
}

/// A record, before it is known whether the file tells who is listed.
struct Record {
    party: ListedParty,
    topics: Vec<String>,
    dataset: String,
    same_as: Vec<String>,
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let mut odd = Oddities::new(input.countries);
    let mut edition =
        Edition { source: input.file.name.to_string(), sha256: input.sha256.clone(), ..Edition::default() };
    let mut mistakes = Mistakes::new(&input.file);
    let mut records: Vec<Record> = Vec::new();
    let mut ids = FxHashSet::default();
    let mut start = 0;
    for raw in input.file.text.split_inclusive('\n') {
        let (line, place) = (raw.trim(), start);
        start += raw.len();
        if line.is_empty() {
            continue;
        }
        let mut fault = |text: String| {
            let mistake = Diagnostic::error(text).at(&input.file, place..place + line.len().min(200));
            mistakes
                .push(mistake.help("the record cannot be used, so the list is not; get the file again"), out);
        };
        match serde_json::from_str::<Map<String, Value>>(line) {
            Err(error) => fault(error.to_string()),
            Ok(map) => {
                let (record, changed) = record(map, &mut odd);
                edition.date = edition.date.max(days::iso(&changed));
                if record.party.id.is_empty() || record.party.names.is_empty() {
                    fault("a record without an id or a name".to_owned());
                } else if ids.insert(record.party.id.clone()) {
                    records.push(record);
                } else {
                    fault(format!("the id `{}` stands twice", record.party.id));
                }
            }
        }
    }
    mistakes.finish(out);
    let mut notes = notes();
    let lists = lists(records, &mut notes);
    lists.finish(&edition, notes, odd, out)
}

fn notes() -> Vec<String> {
    vec![
        "Read from senzing.json: programmes and days of listing are not in it, and weak aliases stand as strong \
         ones; entities.ftm.json has them. The date is that of the last change of a record."
            .to_owned(),
    ]
}

/// Where any record of the file has risks, those without are there for the
/// relations of others; older files have none, so all count.
fn lists(records: Vec<Record>, notes: &mut Vec<String>) -> Lists {
    let mut lists = Lists::default();
    let listed =
        |record: &Record| datasets::effect_of_topics(record.topics.iter().map(String::as_str)).is_some();
    let told = records.iter().any(listed);
    let names: FxHashMap<String, String> =
        records.iter().map(|record| (record.party.id.clone(), record.party.caption())).collect();
    let mut unlisted = 0;
    for mut record in records {
        if told && !listed(&record) {
            unlisted += 1;
            continue;
        }
        for relation in &mut record.party.relations {
            let name = relation.id.as_ref().and_then(|id| names.get(id));
            relation.name = name.cloned().unwrap_or_default();
        }
        let dataset = if datasets::is_reference(&record.dataset) || record.dataset.is_empty() {
            datasets::UNLISTED.to_owned()
        } else {
            record.dataset
        };
        let listing = Listing { same_as: record.same_as, ..Listing::default() };
        let topics: Vec<_> = record.topics.iter().map(String::as_str).collect();
        lists.add(record.party, &topics, BTreeMap::from([(dataset, listing)]));
    }
    if unlisted > 0 {
        notes.push(format!("{unlisted} records of the file name no risk; they serve relations only"));
    }
    lists
}

/// The record of a line, and the day of its last change as written.
fn record(map: Map<String, Value>, odd: &mut Oddities<'_>) -> (Record, String) {
    let mut own = Feature::default();
    let mut features = Vec::new();
    for (key, value) in map {
        match value {
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::Object(map) => features.push(Feature::of(map, odd)),
                        item => features.push(Feature::of(Map::from_iter([(key.clone(), item)]), odd)),
                    }
                }
            }
            Value::Object(map) => features.push(Feature::of(map, odd)),
            value => own.put(key, &value, odd),
        }
    }
    let mut record = Record {
        party: ListedParty { id: own.take("RECORD_ID"), ..ListedParty::default() },
        topics: Vec::new(),
        dataset: dataset(&own.take("DATA_SOURCE")),
        same_as: Vec::new(),
    };
    let changed = own.take("LAST_CHANGE");
    features.push(own);
    // The kind of party, which names and numbers depend on, comes first.
    for feature in &mut features {
        let text = feature.take("RECORD_TYPE");
        match kind(&text) {
            Some(kind) => record.party.kind = kind,
            None if text.is_empty() => {}
            None => add_remark(&mut record.party, "Kind", &text),
        }
    }
    for feature in &mut features {
        feature.put_into(&mut record, odd);
    }
    (record, changed)
}

fn dataset(source: &str) -> String {
    let name = source.trim().to_lowercase().replace('-', "_");
    name.strip_prefix("os_").map(str::to_owned).unwrap_or(name)
}

fn kind(text: &str) -> Option<PartyKind> {
    match text {
        "PERSON" => Some(PartyKind::Person),
        "ORGANIZATION" => Some(PartyKind::Organization),
        "VESSEL" => Some(PartyKind::Vessel),
        "AIRCRAFT" => Some(PartyKind::Aircraft),
        _ => None,
    }
}

/// The attributes of one feature; each is taken once, and what stays is kept
/// in words.
#[derive(Default)]
struct Feature(BTreeMap<String, String>);

impl Feature {
    fn of(map: Map<String, Value>, odd: &mut Oddities<'_>) -> Self {
        let mut feature = Self::default();
        for (key, value) in map {
            feature.put(key, &value, odd);
        }
        feature
    }

    fn put(&mut self, key: String, value: &Value, odd: &mut Oddities<'_>) {
        let text = match value {
            Value::Null => return,
            Value::String(text) => text.trim().to_owned(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => {
                odd.note("attributes that are no text, kept as written", &key);
                value.to_string()
            }
        };
        if !text.is_empty() {
            self.0.insert(key, text);
        }
    }

    fn take(&mut self, key: &str) -> String {
        self.0.remove(key).unwrap_or_default()
    }

    fn put_into(&mut self, record: &mut Record, odd: &mut Oddities<'_>) {
        let party = &mut record.party;
        self.name(party);
        self.address(party, odd);
        self.places(party, odd);
        self.numbers(party, odd);
        self.relation(party);
        for (key, value) in std::mem::take(&mut self.0) {
            match key.as_str() {
                "TOPIC" => {
                    if matches!(datasets::topic(&value), datasets::Topic::Unknown) {
                        odd.note("topics that are not known, taken as blocking", &value);
                    }
                    add_remark(party, "Topic", &value);
                    record.topics.push(value);
                }
                "OFAC_ID" => {
                    let dataset =
                        if record.dataset == "us_ofac_cons" { "us_ofac_cons" } else { "us_ofac_sdn" };
                    record.same_as.extend(datasets::same_entry(dataset, &format!("ofac-{value}")));
                    add_remark(party, "OFAC id", &value);
                }
                "DATE_OF_BIRTH" => party.birth_dates.push(value),
                "URL" | "SOURCE_URL" if party.url.is_none() => party.url = Some(value.into()),
                "ADDR_TYPE" | "PHONE_TYPE" | "USAGE_TYPE" => {}
                key => add_remark(party, &words(&key.to_lowercase()), &value),
            }
        }
    }

    fn name(&mut self, party: &mut ListedParty) {
        let mut names = vec![self.take("NAME_FULL"), self.take("NAME_ORG")];
        let pieces = ["NAME_PREFIX", "NAME_FIRST", "NAME_MIDDLE", "NAME_LAST", "NAME_SUFFIX"];
        names.push(pieces.map(|part| self.take(part)).join(" "));
        names.retain(|name| !name.trim().is_empty());
        if names.is_empty() {
            return;
        }
        let sort = self.take("NAME_TYPE").to_uppercase();
        let (quality, former) = match sort.as_str() {
            "PRIMARY" => (NameQuality::Primary, false),
            "WEAK" | "WEAK ALIAS" | "WEAK_ALIAS" | "NICKNAME" => (NameQuality::Weak, false),
            "FORMER" | "FKA" | "PREVIOUS" | "MAIDEN" => (NameQuality::Strong, true),
            _ => (NameQuality::Strong, false),
        };
        for name in names {
            add_name(party, &name, quality, former);
        }
    }

    fn address(&mut self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        let lines = ["ADDR_LINE1", "ADDR_LINE2", "ADDR_LINE3", "ADDR_LINE4", "ADDR_LINE5", "ADDR_LINE6"];
        let lines: Vec<_> = lines.map(|line| self.take(line)).into_iter().filter(|l| !l.is_empty()).collect();
        let full = self.take("ADDR_FULL");
        let mut address = split_address(&full, odd);
        if !lines.is_empty() {
            address.street = lines.join(", ");
        }
        address.city = self.take("ADDR_CITY");
        address.region = self.take("ADDR_STATE");
        address.postal_code = self.take("ADDR_POSTAL_CODE");
        let country = self.take("ADDR_COUNTRY");
        if !country.is_empty() {
            address.country = add_country(party, &country, odd);
        }
        if address != Address::default() {
            add_address(party, address);
        }
    }

    fn places(&mut self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        let born = self.take("PLACE_OF_BIRTH");
        if !born.is_empty() {
            party.birth_places.push(super::party::one_line(&born));
        }
        for key in ["NATIONALITY", "CITIZENSHIP", "REGISTRATION_COUNTRY", "COUNTRY_OF_ASSOCIATION"] {
            let text = self.take(key);
            if text.is_empty() {
                continue;
            }
            let code = add_country(party, &text, odd);
            if key != "COUNTRY_OF_ASSOCIATION" {
                party.nationalities.extend(code);
            }
        }
    }

    fn numbers(&mut self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        for (number, sort) in [("OTHER_ID_NUMBER", "OTHER_ID_TYPE"), ("TRUSTED_ID_NUMBER", "TRUSTED_ID_TYPE")]
        {
            let (number, sort) = (self.take(number), self.take(sort));
            if number.is_empty() || (sort == "OPEN_SANCTIONS" && number == party.id) {
                continue;
            }
            let known = datasets::number(&sort, &number, None);
            add_identifier(party, known.unwrap_or_else(|| identifiers::named(&sort, &number, None)));
        }
        let keys: Vec<String> = self.0.keys().filter(|key| datasets::is_number(key)).cloned().collect();
        for key in keys {
            let value = self.take(&key);
            let stem = key.trim_end_matches("_NUMBER");
            let country = self.take(&format!("{stem}_COUNTRY"));
            let country = if country.is_empty() { None } else { odd.country(&country) };
            // The type says which of the properties behind the number it was.
            let sort = self.take(&format!("{stem}_TYPE"));
            let known = datasets::number(&sort, &value, None);
            let Some(mut found) = known.or_else(|| datasets::number(&key, &value, None)) else { continue };
            found.country = country.or(found.country);
            let person = matches!(party.kind, PartyKind::Person);
            if sort.is_empty() && found.kind == IdentifierKind::NationalId && !person {
                found.kind = IdentifierKind::Registration;
            }
            add_identifier(party, found);
        }
    }

    /// A pointer leads from the source of a link to its target. The target
    /// says only that something points to it.
    fn relation(&mut self, party: &mut ListedParty) {
        for key in ["REL_ANCHOR_DOMAIN", "REL_ANCHOR_KEY", "REL_POINTER_DOMAIN"] {
            self.take(key);
        }
        let (role, id) = (self.take("REL_POINTER_ROLE"), self.take("REL_POINTER_KEY"));
        if id.is_empty() {
            return;
        }
        let kind = match role.to_lowercase().as_str() {
            "ownership" => RelationKind::Owns,
            "family" => RelationKind::Family,
            _ => RelationKind::LinkedTo,
        };
        if kind == RelationKind::LinkedTo && !role.is_empty() {
            add_remark(party, &role, &id);
        }
        let relation = Relation { kind, name: String::new(), id: Some(id), share: None };
        // A post is no party.
        if role != "Occupancy" && !party.relations.contains(&relation) {
            party.relations.push(relation);
        }
    }
}
