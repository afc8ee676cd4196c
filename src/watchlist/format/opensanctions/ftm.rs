//! `entities.ftm.json`, `targets.nested.json` and `entities.delta.json`:
//! entities and the links between them, put together into entries.
//!
//! An entity is an entry when the file calls it a target, when a sanction
//! points to it, or when one of its topics lists (see the table). The others,
//! such as a company's unlisted owner, serve the relations of entries only.

use rustc_hash::FxHashMap;

use jiff::civil::Date;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::format::days;
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::{Gather, add_name};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{Mistakes, sha256_hex};
use crate::watchlist::{Edition, ListedParty, NameQuality, Watchlist};

use super::datasets;
use super::entity::{self, Entity, Op};
use super::lists::Lists;
use super::party::{kind, party, words};
use super::relations::{of_schema, put_link};
use super::sanctions::listings;

pub(in crate::watchlist::format) const FTM: Reader = Reader {
    format: Format { key: "opensanctions-ftm-json", label: "FollowTheMoney entities, JSON lines" },
    looks_like: is_entities,
    read: Read::Together(read),
};

pub(in crate::watchlist::format) const DELTA: Reader = Reader {
    format: Format { key: "opensanctions-delta-json", label: "OpenSanctions entities.delta.json" },
    looks_like: is_delta,
    read: Read::Together(read),
};

fn is_entities(head: &Head<'_>) -> bool {
    let line = head.first_line();
    line.starts_with('{') && ["\"id\"", "\"schema\"", "\"properties\""].iter().all(|key| line.contains(key))
}

fn is_delta(head: &Head<'_>) -> bool {
    let line = head.first_line();
    line.starts_with('{')
        && line.contains("\"entity\"")
        && ["ADD", "MOD", "DEL"].iter().any(|op| {
            line.contains(&format!("\"op\":\"{op}\"")) || line.contains(&format!("\"op\": \"{op}\""))
        })
}

/// The property by which an entity belongs to another, and no party of its own.
fn owned_by(schema: &str) -> Option<&'static str> {
    match schema {
        "Sanction" => Some("entity"),
        "Passport" | "Identification" | "CryptoWallet" => Some("holder"),
        _ => of_schema(schema).and_then(|link| link.ends.first().copied()),
    }
}

/// Reads entities, and applies changes to them in the order of the files'
/// names.
fn read(parts: &[Input<'_>], out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(countries) = parts.first().map(|part| part.countries) else { return Vec::new() };
    let mut odd = Oddities::new(countries);
    let mut store = Store::default();
    let mut notes = Vec::new();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let is_delta = |at: &usize| parts.get(*at).is_some_and(|part| part.format == DELTA.format);
    order.sort_by_key(|at| (is_delta(at), parts.get(*at).map(|part| &part.file.name)));
    let alone = order.iter().all(is_delta);
    for at in order {
        if let Some(part) = parts.get(at) {
            store.read(at, part, alone, &mut notes, &mut odd, out);
        }
    }
    if alone {
        let note = "read without the entities that it changes: only what was added or changed is here";
        for part in parts {
            let warning = Diagnostic::warning(format!("`{}` is {note}", part.file.name));
            out.push(warning.help("give the entities.ftm.json that it follows too"));
        }
        notes.push(note.to_owned());
    }
    let today = store.day();
    let edition =
        Edition { source: sources(parts), sha256: joint_hash(parts), date: today, ..Edition::default() };
    let lists = Join::of(&store, &mut odd).lists(parts, today, &mut notes, &mut odd, out);
    lists.finish(&edition, notes, odd, out)
}

fn sources(parts: &[Input<'_>]) -> String {
    parts.iter().map(|part| &*part.file.name).collect::<Vec<_>>().join(", ")
}

/// Of one file its hash, of several the hash of their hashes in the order of
/// their names.
fn joint_hash(parts: &[Input<'_>]) -> String {
    if let [one] = parts {
        return one.sha256.clone();
    }
    let mut named: Vec<_> = parts.iter().map(|part| (&*part.file.name, part.sha256.as_str())).collect();
    named.sort_unstable();
    sha256_hex(named.into_iter().map(|(_, hash)| hash).collect::<String>().as_bytes())
}

/// The entities by their ids, in the order they came.
#[derive(Default)]
struct Store<'t> {
    entities: Vec<Option<Entity<'t>>>,
    by_id: FxHashMap<String, usize>,
}

impl<'t> Store<'t> {
    fn read(
        &mut self,
        at: usize,
        part: &'t Input<'_>,
        alone: bool,
        notes: &mut Vec<String>,
        odd: &mut Oddities<'_>,
        out: &mut Diagnostics,
    ) {
        let mut mistakes = Mistakes::new(&part.file);
        let mut start = 0;
        let (mut changes, mut gone) = (0, 0);
        for raw in part.file.text.split_inclusive('\n') {
            let (line, place) = (raw.trim(), start);
            start += raw.len();
            if line.is_empty() {
                continue;
            }
            let parsed = if part.format == DELTA.format {
                entity::delta_line(line, (at, place), owned_by)
            } else {
                entity::line(line, (at, place), owned_by).map(|entities| (Op::Add, entities))
            };
            let fault = match parsed {
                Err(error) => error.to_string(),
                Ok((_, entities)) if entities.iter().any(|entity| entity.id.trim().is_empty()) => {
                    "an entity without an id".to_owned()
                }
                Ok((op, entities)) if part.format == DELTA.format => {
                    changes += 1;
                    gone += usize::from(op == Op::Delete);
                    self.change(op, entities, alone, odd);
                    continue;
                }
                Ok((_, entities)) => {
                    for entity in entities {
                        self.add(entity);
                    }
                    continue;
                }
            };
            let mistake = Diagnostic::error(fault).at(&part.file, place..place + line.len().min(200));
            mistakes
                .push(mistake.help("the line cannot be used, so the list is not; get the file again"), out);
        }
        mistakes.finish(out);
        if part.format == DELTA.format {
            notes.push(format!("`{}`: {changes} changes, {gone} of them deletions", part.file.name));
        }
    }

    fn add(&mut self, entity: Entity<'t>) {
        let known = self.by_id.get(&*entity.id).copied();
        match known.and_then(|at| self.entities.get_mut(at)) {
            Some(Some(there)) => there.merge(entity),
            Some(gone) => *gone = Some(entity),
            None => {
                self.by_id.insert(entity.id.clone().into_owned(), self.entities.len());
                self.entities.push(Some(entity));
            }
        }
    }

    /// A change says the whole of the entity anew.
    fn change(&mut self, op: Op, entities: Vec<Entity<'t>>, alone: bool, odd: &mut Oddities<'_>) {
        for entity in entities {
            let there = self.by_id.get(&*entity.id).and_then(|at| self.entities.get_mut(*at));
            let known = there.as_ref().is_some_and(|there| there.is_some());
            if !alone {
                match op {
                    Op::Add if known => odd.note("additions of entities that are there", &entity.id),
                    Op::Change if !known => odd.note("changes of entities that are not there", &entity.id),
                    Op::Delete if !known => odd.note("deletions of entities that are not there", &entity.id),
                    _ => {}
                }
            }
            if let Some(there) = there {
                *there = None;
            }
            if op != Op::Delete {
                self.add(entity);
            }
        }
    }

    fn live(&self) -> impl Iterator<Item = &Entity<'t>> {
        self.entities.iter().flatten()
    }

    fn get(&self, id: &str) -> Option<&Entity<'t>> {
        self.by_id.get(id).and_then(|at| self.entities.get(*at)).and_then(Option::as_ref)
    }

    /// The day of the files: when the last of their entities was last seen.
    fn day(&self) -> Option<Date> {
        let seen = self.live().filter_map(|entity| days::iso(&entity.last_seen)).max();
        seen.or_else(|| self.live().filter_map(|entity| days::iso(&entity.last_change)).max())
    }
}

/// What points to an entity.
#[derive(Default)]
struct Attached<'s, 't> {
    sanctions: Vec<&'s Entity<'t>>,
    papers: Vec<&'s Entity<'t>>,
    links: Vec<(&'s Entity<'t>, usize)>,
}

struct Join<'s, 't> {
    store: &'s Store<'t>,
    attached: FxHashMap<&'s str, Attached<'s, 't>>,
}

impl<'s, 't> Join<'s, 't> {
    fn of(store: &'s Store<'t>, odd: &mut Oddities<'_>) -> Self {
        let mut join = Self { store, attached: FxHashMap::default() };
        for entity in store.live() {
            if let Some(link) = of_schema(&entity.schema) {
                for (end, property) in link.ends.into_iter().enumerate() {
                    for id in entity.all(property) {
                        join.attached.entry(id).or_default().links.push((entity, end));
                    }
                }
                continue;
            }
            let Some(owner) = owned_by(&entity.schema) else { continue };
            for id in entity.all(owner) {
                if store.get(id).is_none() {
                    let what = if entity.schema == "Sanction" {
                        "sanctions of entities that are not in the file"
                    } else {
                        "papers and wallets of entities that are not in the file"
                    };
                    odd.note(what, id);
                }
                let attached = join.attached.entry(id).or_default();
                if entity.schema == "Sanction" { &mut attached.sanctions } else { &mut attached.papers }
                    .push(entity);
            }
            if entity.schema == "Sanction" && entity.first(owner).is_empty() {
                odd.note("sanctions that point to no entity", &entity.id);
            }
        }
        join
    }

    fn lists(
        &self,
        parts: &[Input<'_>],
        today: Option<Date>,
        notes: &mut Vec<String>,
        odd: &mut Oddities<'_>,
        out: &mut Diagnostics,
    ) -> Lists {
        let mut lists = Lists::default();
        let mut texts = Gather::default();
        let mut unlisted = 0;
        let nothing = Attached::default();
        let mut mistakes: Vec<_> = parts.iter().map(|part| Mistakes::new(&part.file)).collect();
        for entity in self.store.live() {
            let attached = self.attached.get(&*entity.id).unwrap_or(&nothing);
            if !is_listed(entity, attached) {
                unlisted += usize::from(kind(&entity.schema).is_some());
                unread(entity, odd);
                continue;
            }
            let entry = self.party(entity, attached, today, odd);
            if entry.names.is_empty() && !entry.address_only {
                let (at, place) = entity.place;
                if let (Some(part), Some(mistakes)) = (parts.get(at), mistakes.get_mut(at)) {
                    let mistake = Diagnostic::error(format!("the listed entity `{}` has no name", entity.id));
                    mistakes.push(mistake.at(&part.file, place..place), out);
                }
                continue;
            }
            let topics: Vec<_> = entity.all("topics").collect();
            lists.add(entry, &topics, listings(entity, &attached.sanctions, today, &mut texts));
        }
        for mistakes in mistakes {
            mistakes.finish(out);
        }
        if unlisted > 0 {
            notes.push(format!("{unlisted} parties of the file are on no list; they serve relations only"));
        }
        lists
    }

    fn party(
        &self,
        entity: &Entity<'t>,
        attached: &Attached<'s, 't>,
        today: Option<Date>,
        odd: &mut Oddities<'_>,
    ) -> ListedParty {
        let mut addresses: Vec<_> = Vec::new();
        for id in entity.all("addressEntity") {
            match self.store.get(id) {
                Some(address) => addresses.push(address),
                None => odd.note("addresses that are not in the file", id),
            }
        }
        if entity.schema == "Address" {
            addresses.push(entity);
        }
        let mut party = party(entity, &addresses, &attached.papers, odd);
        if entity.schema == "Address" {
            party.names.clear();
            party.address_only = true;
        } else if party.names.is_empty() {
            // A wallet or paper has a number in place of a name.
            let number = ["publicKey", "number"].map(|property| entity.first(property));
            let caption = Some(&*entity.caption).filter(|caption| *caption != words(&entity.schema));
            let name = number.into_iter().chain(caption).find(|text| !text.trim().is_empty());
            add_name(&mut party, name.unwrap_or_default(), NameQuality::Primary, false);
        }
        let name = |id: &str| {
            let other = self.store.get(id)?;
            let caption = Some(&*other.caption).filter(|caption| !caption.trim().is_empty());
            Some(caption.unwrap_or_else(|| other.first("name")))
        };
        for (link, end) in &attached.links {
            put_link(&mut party, link, *end, name, today);
        }
        party
    }
}

fn is_listed(entity: &Entity<'_>, attached: &Attached<'_, '_>) -> bool {
    let part_of_another = owned_by(&entity.schema).is_some_and(|owner| !entity.first(owner).is_empty());
    !part_of_another
        && (entity.target
            || !attached.sanctions.is_empty()
            || datasets::effect_of_topics(entity.all("topics")).is_some())
}

/// Counts an entity of a schema that nothing is made of.
fn unread(entity: &Entity<'_>, odd: &mut Oddities<'_>) {
    let read = kind(&entity.schema).is_some()
        || owned_by(&entity.schema).is_some()
        || matches!(&*entity.schema, "Address" | "Position");
    if !read {
        odd.note("entities of schemata that nothing is made of", &entity.schema);
    }
}
