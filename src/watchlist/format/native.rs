//! The project's own list format, `rules/lists/README.md`.
//!
//! Every mistake of a file is reported in one pass. An entry with a mistake is
//! read as far as it can be; the error keeps the list from being used.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use toml::de::DeValue;

use crate::diagnostic::{Diagnostic, Diagnostics, Item, SourceFile, Table, nearest, parse_toml, word};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{
    Edition, Effect, ListInfo, ListedName, ListedParty, NameQuality, Regime, Relation, RelationKind,
    Watchlist,
};

use super::format::{Format, Head, Read, Reader};

const ENTRY_KEYS: [&str; 24] = [
    "id",
    "name",
    "kind",
    "aka",
    "former",
    "weak",
    "country",
    "address",
    "identifier",
    "program",
    "effect",
    "address_only",
    "requirement",
    "policy",
    "citation",
    "born",
    "born_in",
    "nationality",
    "relation",
    "listed",
    "removed",
    "same_as",
    "remarks",
    "url",
];
const KINDS: [&str; 4] = ["person", "organization", "vessel", "aircraft"];

pub(super) const READER: Reader = Reader {
    format: Format { key: "toml", label: "redflag list (TOML)" },
    looks_like,
    read: Read::Each(|input, out| read(&input.file, input.sha256.clone(), out).into_iter().collect()),
};

/// Whether a file with this first line of content is TOML.
fn looks_like(head: &Head<'_>) -> bool {
    let first_line = head.first_line();
    let word = |text: &str| {
        !text.is_empty()
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '))
    };
    if let Some(table) = first_line.strip_prefix('[') {
        return word(table.trim_start_matches('[').split(']').next().unwrap_or_default());
    }
    first_line.split_once('=').is_some_and(|(key, _)| word(key))
}

/// Reads one list; `None` when the file does not even say what list it is.
fn read(file: &SourceFile, sha256: String, out: &mut Diagnostics) -> Option<Watchlist> {
    let document = parse_toml(file, out);
    let mut top = Table::document(file, &document);
    let info =
        top.require("list", out).and_then(|item| item.table(out)).map(|table| head(table, sha256, out));
    let mut reader = EntryReader {
        texts: FxHashMap::default(),
        requirements: long_texts(&mut top, "requirements", out),
        policies: long_texts(&mut top, "policies", out),
        seen: FxHashSet::default(),
    };
    let mut parties = Vec::new();
    if let Some(entries) = top.require("entry", out).and_then(|item| item.array(out)) {
        parties.reserve(entries.len());
        for item in entries {
            if let Some(table) = item.table(out) {
                parties.push(reader.entry(&table, out));
            }
        }
        if parties.is_empty() {
            out.push(Diagnostic::warning(format!("`{}` holds no entries", file.name)));
        }
    }
    top.finish(out);
    info.map(|info| Watchlist::new(info, parties))
}

fn head(mut table: Table<'_, '_>, sha256: String, out: &mut Diagnostics) -> ListInfo {
    let source = table.file().name.to_string();
    let id_item = table.require("id", out);
    let id = id_item.and_then(|item| item.string(out)).unwrap_or_default().to_owned();
    if let Some(item) = id_item
        && (id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'))
    {
        out.push(item.error("the id of a list is made of a-z, 0-9 and hyphens").help("such as `us-sdn`"));
    }
    let regime = table.require("regime", out).and_then(|i| word(i, &Regime::WORDS, Regime::from_key, out));
    let effect = table.require("effect", out).and_then(|i| word(i, &Effect::WORDS, Effect::from_key, out));
    let info = ListInfo {
        id,
        title: required(&mut table, "title", out),
        publisher: table.opt_string("publisher", out).unwrap_or_default(),
        jurisdiction: required(&mut table, "jurisdiction", out),
        regime: regime.unwrap_or(Regime::Unilateral),
        effect: effect.unwrap_or(Effect::Blocking),
        authority: required(&mut table, "authority", out),
        citation: table.opt_string("citation", out).unwrap_or_default(),
        edition: Edition {
            source,
            url: table.opt_string("url", out).unwrap_or_default(),
            date: table.opt_date("date", out),
            sha256,
            ..Edition::default()
        },
        notes: table.strings("notes", out),
    };
    table.finish(out);
    info
}

fn required(table: &mut Table<'_, '_>, key: &'static str, out: &mut Diagnostics) -> String {
    table.require(key, out).and_then(|item| filled(item, out)).unwrap_or_default().to_owned()
}

fn long_texts<'a>(
    top: &mut Table<'a, '_>,
    key: &'static str,
    out: &mut Diagnostics,
) -> FxHashMap<&'a str, Arc<str>> {
    let Some(table) = top.get(key).and_then(|item| item.table(out)) else { return FxHashMap::default() };
    table.items().filter_map(|(key, _, item)| Some((key, Arc::from(item.string(out)?)))).collect()
}

struct EntryReader<'a> {
    /// Texts that come again and again, each once.
    texts: FxHashMap<&'a str, Arc<str>>,
    requirements: FxHashMap<&'a str, Arc<str>>,
    policies: FxHashMap<&'a str, Arc<str>>,
    seen: FxHashSet<&'a str>,
}

/// The names of an entry, by the keys they stand under.
#[derive(Default)]
struct Names<'a> {
    primary: Option<&'a str>,
    given: bool,
    strong: Vec<&'a str>,
    former: Vec<&'a str>,
    weak: Vec<&'a str>,
}

impl Names<'_> {
    /// A name under both `former` and `weak` is a weak former name.
    fn into_listed(self) -> Vec<ListedName> {
        let name = |text: &str, quality, former| ListedName { text: Box::from(text), quality, former };
        let mut names: Vec<_> =
            self.primary.map(|text| name(text, NameQuality::Primary, false)).into_iter().collect();
        names.extend(self.strong.iter().map(|text| name(text, NameQuality::Strong, false)));
        let strong_former = self.former.iter().filter(|text| !self.weak.contains(text));
        names.extend(strong_former.map(|text| name(text, NameQuality::Strong, true)));
        names.extend(self.weak.iter().map(|text| name(text, NameQuality::Weak, self.former.contains(text))));
        names
    }
}

impl<'a> EntryReader<'a> {
    fn entry(&mut self, table: &Table<'a, '_>, out: &mut Diagnostics) -> ListedParty {
        let mut party = ListedParty::default();
        let mut names = Names::default();
        let mut id = None;
        for (key, span, item) in table.items() {
            match key {
                "id" => id = Some(item),
                "name" => {
                    names.given = true;
                    names.primary = filled(item, out);
                }
                "aka" => names.strong = filled_all(item, out),
                "former" => names.former = filled_all(item, out),
                "weak" => names.weak = filled_all(item, out),
                _ => {
                    if !self.fact(&mut party, key, item, out) {
                        out.push(table.unknown_key(key, span, &ENTRY_KEYS));
                    }
                }
            }
        }
        party.id = self.id(id, table, out);
        if !names.given && !party.address_only {
            out.push(
                table
                    .error("`name` is missing")
                    .label("needs `name`")
                    .help("an entry that lists a place, whoever is there, says `address_only = true`"),
            );
        }
        party.names = names.into_listed();
        if !party.names.is_empty() {
            party.order_names();
        }
        party.order_countries();
        party
    }

    fn id(&mut self, item: Option<Item<'a, '_>>, table: &Table<'a, '_>, out: &mut Diagnostics) -> String {
        let Some(item) = item else {
            out.push(table.error("`id` is missing").label("needs `id`"));
            return String::new();
        };
        let Some(text) = filled(item, out) else { return String::new() };
        if !self.seen.insert(text) {
            out.push(item.error(format!("the id `{text}` stands twice")).help("an id is unique in its list"));
        }
        text.to_owned()
    }

    /// Reads a key that is not a name; `false` for a key nobody knows.
    fn fact(
        &mut self,
        party: &mut ListedParty,
        key: &str,
        item: Item<'a, '_>,
        out: &mut Diagnostics,
    ) -> bool {
        match key {
            "kind" => party.kind = word(item, &KINDS, PartyKind::from_key, out).unwrap_or_default(),
            "country" => {
                let codes = item.one_or_many();
                party.countries = codes.into_iter().filter_map(|item| country(item, out)).collect();
            }
            "address" => {
                party.addresses = tables(item, out).into_iter().map(|table| address(table, out)).collect();
            }
            "identifier" => {
                let found = tables(item, out);
                party.identifiers = found.into_iter().filter_map(|table| identifier(table, out)).collect();
            }
            "program" => party.programs = item.strings(out).into_iter().map(|text| self.text(text)).collect(),
            "effect" => party.effect = word(item, &Effect::WORDS, Effect::from_key, out),
            "address_only" => party.address_only = item.boolean(out).unwrap_or_default(),
            "requirement" => {
                party.licence_requirement = long_text(&self.requirements, item, "requirements", out);
            }
            "policy" => party.licence_policy = long_text(&self.policies, item, "policies", out),
            "citation" => item.string(out).unwrap_or_default().clone_into(&mut party.citation),
            "born" => {
                let days = item.one_or_many();
                party.birth_dates = days.into_iter().filter_map(|item| birth(item, out)).collect();
            }
            "born_in" => party.birth_places = owned(filled_all(item, out)),
            "nationality" => {
                let codes = item.one_or_many();
                party.nationalities = codes.into_iter().filter_map(|item| country(item, out)).collect();
            }
            "relation" => {
                let found = tables(item, out);
                party.relations = found.into_iter().filter_map(|table| relation(table, out)).collect();
            }
            "listed" => party.listed = item.date(out),
            "removed" => party.removed = item.date(out),
            "same_as" => party.same_as = item.strings(out).into_iter().map(str::to_owned).collect(),
            "remarks" => item.string(out).unwrap_or_default().clone_into(&mut party.remarks),
            "url" => party.url = item.string(out).map(|text| self.text(text)),
            _ => return false,
        }
        true
    }

    fn text(&mut self, text: &'a str) -> Arc<str> {
        Arc::clone(self.texts.entry(text).or_insert_with(|| Arc::from(text)))
    }
}

/// A string with something in it.
fn filled<'a>(item: Item<'a, '_>, out: &mut Diagnostics) -> Option<&'a str> {
    let text = item.string(out)?;
    if text.trim().is_empty() {
        out.push(item.error("this may not be empty"));
        return None;
    }
    Some(text)
}

fn filled_all<'a>(item: Item<'a, '_>, out: &mut Diagnostics) -> Vec<&'a str> {
    item.one_or_many().into_iter().filter_map(|item| filled(item, out)).collect()
}

fn tables<'a, 't>(item: Item<'a, 't>, out: &mut Diagnostics) -> Vec<Table<'a, 't>> {
    item.one_or_many().into_iter().filter_map(|item| item.table(out)).collect()
}

fn country(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<CountryCode> {
    let text = item.string(out)?;
    let code = CountryCode::new(text);
    if code.is_none() {
        out.push(
            item.error(format!("`{text}` is not a country code"))
                .help("two letters of ISO 3166, such as `MY`"),
        );
    }
    code
}

fn address(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Address {
    let mut part = |key| table.opt_string(key, out).unwrap_or_default();
    let (street, city, postal_code, region) =
        (part("street"), part("city"), part("postal_code"), part("region"));
    let country = table.get("country").and_then(|item| country(item, out));
    table.finish(out);
    Address { street, city, postal_code, region, country }
}

fn identifier(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Identifier> {
    let words = IdentifierKind::ALL.map(IdentifierKind::key);
    let kind = table.require("kind", out).and_then(|item| word(item, &words, IdentifierKind::from_key, out));
    let value = table.require("value", out).and_then(|item| filled(item, out)).map(str::to_owned);
    let country = table.get("country").and_then(|item| country(item, out));
    table.finish(out);
    Some(Identifier { kind: kind?, value: value?, country })
}

fn relation(mut table: Table<'_, '_>, out: &mut Diagnostics) -> Option<Relation> {
    let kind = table.require("kind", out);
    let kind = kind.and_then(|item| word(item, &RelationKind::WORDS, RelationKind::from_key, out));
    let name = table.opt_string("name", out).unwrap_or_default();
    let id = table.opt_string("id", out);
    let share = table.opt_string("share", out);
    if name.is_empty() && id.is_none() {
        out.push(table.error("a relation needs the other party's `name` or `id`"));
        return None;
    }
    table.finish(out);
    Some(Relation { kind: kind?, name, id, share })
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// A day, or a text such as `circa 1960`.
fn birth(item: Item<'_, '_>, out: &mut Diagnostics) -> Option<String> {
    if matches!(item.value.get_ref(), DeValue::Datetime(_)) {
        return item.date(out).map(|day| day.to_string());
    }
    filled(item, out).map(str::to_owned)
}

fn long_text(
    texts: &FxHashMap<&str, Arc<str>>,
    item: Item<'_, '_>,
    table: &str,
    out: &mut Diagnostics,
) -> Option<Arc<str>> {
    let key = item.string(out)?;
    let found = texts.get(key).cloned();
    if found.is_none() {
        let help = nearest(key, texts.keys().copied()).map_or_else(
            || format!("write the text once as `{table}.{key} = \"…\"`"),
            |near| format!("did you mean `{near}`?"),
        );
        out.push(item.error(format!("`{table}` has no `{key}`")).help(help));
    }
    found
}
