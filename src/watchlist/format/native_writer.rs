//! Writes a list in the project's own format: one entry a line, so that a
//! change of an entry is one line in a diff.

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::trade::{Address, Identifier, PartyKind};
use crate::watchlist::{ListInfo, ListedParty, NameQuality, Relation, Watchlist};

use super::sha256_hex;

/// Writes the list. Reading it again gives the same list, apart from the
/// edition's source and hash, for every list whose names and countries stand in
/// the order of [`ListedParty::order_names`] and
/// [`ListedParty::order_countries`].
///
/// # Errors
/// When `to` cannot be written.
pub fn write_toml(list: &Watchlist, to: &mut impl io::Write) -> io::Result<()> {
    let requirements = LongTexts::of('r', list, |party| party.licence_requirement.as_ref());
    let policies = LongTexts::of('p', list, |party| party.licence_policy.as_ref());
    to.write_all(head(&list.info).as_bytes())?;
    requirements.write("requirements", to)?;
    policies.write("policies", to)?;
    to.write_all(b"\nentry = [\n")?;
    let mut line = String::with_capacity(512);
    for party in &list.parties {
        line.clear();
        entry(party, &requirements, &policies, &mut line);
        to.write_all(line.as_bytes())?;
    }
    to.write_all(b"]\n")
}

fn head(info: &ListInfo) -> String {
    let mut text = String::new();
    let mut put = |key: &str, value: &str| {
        if !value.is_empty() {
            text.push_str("list.");
            text.push_str(key);
            text.push_str(" = ");
            string(value, &mut text);
            text.push('\n');
        }
    };
    put("id", &info.id);
    put("title", &info.title);
    put("publisher", &info.publisher);
    put("jurisdiction", &info.jurisdiction);
    put("regime", info.regime.key());
    put("effect", info.effect.key());
    put("authority", &info.authority);
    put("citation", &info.citation);
    put("url", &info.edition.url);
    if let Some(date) = info.edition.date {
        let _ = writeln!(text, "list.date = {date}");
    }
    if !info.notes.is_empty() {
        text.push_str("list.notes = [\n");
        for note in &info.notes {
            text.push_str("  ");
            string(note, &mut text);
            text.push_str(",\n");
        }
        text.push_str("]\n");
    }
    text
}

/// Texts written once and referred to by a key that depends on the text alone,
/// so that a new one changes no other line.
struct LongTexts {
    keys: FxHashMap<Arc<str>, String>,
    in_order: Vec<Arc<str>>,
}

impl LongTexts {
    fn of(prefix: char, list: &Watchlist, text: impl Fn(&ListedParty) -> Option<&Arc<str>>) -> Self {
        let mut texts = Self { keys: FxHashMap::default(), in_order: Vec::new() };
        let mut taken = FxHashSet::default();
        for found in list.parties.iter().filter_map(|party| text(party)) {
            if texts.keys.contains_key(found) {
                continue;
            }
            let hash = sha256_hex(found.as_bytes());
            let key = (6..=hash.len())
                .filter_map(|length| Some(format!("{prefix}{}", hash.get(..length)?)))
                .find(|key| !taken.contains(key))
                .unwrap_or(hash);
            taken.insert(key.clone());
            texts.keys.insert(Arc::clone(found), key);
            texts.in_order.push(Arc::clone(found));
        }
        texts
    }

    fn key(&self, text: &str) -> &str {
        self.keys.get(text).map_or("", String::as_str)
    }

    fn write(&self, table: &str, to: &mut impl io::Write) -> io::Result<()> {
        if !self.in_order.is_empty() {
            to.write_all(b"\n")?;
        }
        for text in &self.in_order {
            let mut quoted = String::new();
            string(text, &mut quoted);
            writeln!(to, "{table}.{} = {quoted}", self.key(text))?;
        }
        Ok(())
    }
}

fn entry(party: &ListedParty, requirements: &LongTexts, policies: &LongTexts, line: &mut String) {
    line.push_str("  { id = ");
    string(&party.id, line);
    if party.kind != PartyKind::Unknown {
        put(line, "kind", party.kind.key());
    }
    names(party, line);
    let countries: Vec<_> = party.countries.iter().map(ToString::to_string).collect();
    put_all(line, "country", countries.iter().map(String::as_str));
    put_tables(line, "address", &party.addresses, address);
    put_tables(line, "identifier", &party.identifiers, identifier);
    put_all(line, "program", party.programs.iter().map(AsRef::as_ref));
    put(line, "effect", party.effect.map_or("", crate::watchlist::Effect::key));
    if party.address_only {
        line.push_str(", address_only = true");
    }
    put(line, "requirement", party.licence_requirement.as_deref().map_or("", |text| requirements.key(text)));
    put(line, "policy", party.licence_policy.as_deref().map_or("", |text| policies.key(text)));
    put(line, "citation", &party.citation);
    put_all(line, "born", party.birth_dates.iter().map(String::as_str));
    put_all(line, "born_in", party.birth_places.iter().map(String::as_str));
    let nationalities: Vec<_> = party.nationalities.iter().map(ToString::to_string).collect();
    put_all(line, "nationality", nationalities.iter().map(String::as_str));
    put_tables(line, "relation", &party.relations, relation);
    for (key, day) in [("listed", party.listed), ("removed", party.removed)] {
        if let Some(day) = day {
            let _ = write!(line, ", {key} = {day}");
        }
    }
    put_all(line, "same_as", party.same_as.iter().map(String::as_str));
    put(line, "remarks", &party.remarks);
    put(line, "url", party.url.as_deref().unwrap_or_default());
    line.push_str(" },\n");
}

fn names(party: &ListedParty, line: &mut String) {
    let of = |quality: NameQuality| party.names.iter().filter(move |name| name.quality == quality);
    put(line, "name", of(NameQuality::Primary).next().map_or("", |name| &name.text));
    put_all(line, "aka", of(NameQuality::Strong).filter(|name| !name.former).map(|name| &*name.text));
    let former = party.names.iter().filter(|name| name.former && name.quality != NameQuality::Primary);
    put_all(line, "former", former.map(|name| &*name.text));
    put_all(line, "weak", of(NameQuality::Weak).map(|name| &*name.text));
}

fn address(address: &Address, line: &mut String) {
    let country = address.country.map(|code| code.to_string()).unwrap_or_default();
    let parts = [
        ("street", &address.street),
        ("city", &address.city),
        ("postal_code", &address.postal_code),
        ("region", &address.region),
        ("country", &country),
    ];
    fields(parts.into_iter().map(|(key, value)| (key, value.as_str())), line);
}

fn identifier(identifier: &Identifier, line: &mut String) {
    let country = identifier.country.map(|code| code.to_string()).unwrap_or_default();
    fields(
        [("kind", identifier.kind.key()), ("value", &identifier.value), ("country", &country)].into_iter(),
        line,
    );
}

fn relation(relation: &Relation, line: &mut String) {
    let parts = [
        ("kind", relation.kind.key()),
        ("name", &relation.name),
        ("id", relation.id.as_deref().unwrap_or_default()),
        ("share", relation.share.as_deref().unwrap_or_default()),
    ];
    fields(parts.into_iter(), line);
}

fn fields<'a>(parts: impl Iterator<Item = (&'static str, &'a str)>, line: &mut String) {
    let mut separator = " ";
    for (key, value) in parts.filter(|(_, value)| !value.is_empty()) {
        line.push_str(separator);
        line.push_str(key);
        line.push_str(" = ");
        string(value, line);
        separator = ", ";
    }
}

fn put(line: &mut String, key: &str, value: &str) {
    if !value.is_empty() {
        put_all(line, key, std::iter::once(value));
    }
}

/// One value stands bare, several as an array.
fn put_all<'a>(line: &mut String, key: &str, values: impl Iterator<Item = &'a str>) {
    let values: Vec<_> = values.collect();
    if values.is_empty() {
        return;
    }
    let _ = write!(line, ", {key} = ");
    if let [value] = values.as_slice() {
        string(value, line);
        return;
    }
    line.push('[');
    for (at, value) in values.into_iter().enumerate() {
        line.push_str(if at == 0 { "" } else { ", " });
        string(value, line);
    }
    line.push(']');
}

fn put_tables<T>(line: &mut String, key: &str, values: &[T], write: impl Fn(&T, &mut String)) {
    if values.is_empty() {
        return;
    }
    let _ = write!(line, ", {key} = [");
    for (at, value) in values.iter().enumerate() {
        line.push_str(if at == 0 { "{" } else { ", {" });
        write(value, line);
        line.push_str(" }");
    }
    line.push(']');
}

/// A TOML basic string.
fn string(text: &str, to: &mut String) {
    to.push('"');
    for c in text.chars() {
        match c {
            '"' => to.push_str("\\\""),
            '\\' => to.push_str("\\\\"),
            '\n' => to.push_str("\\n"),
            '\t' => to.push_str("\\t"),
            '\r' => to.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(to, "\\u{:04X}", u32::from(c));
            }
            c => to.push(c),
        }
    }
    to.push('"');
}
