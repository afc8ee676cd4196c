//! Writes a list as FollowTheMoney entities, one a line.
//!
//! Each entry is an entity with a Sanction that points to it; addresses,
//! papers and relations are entities of their own. Not kept: the list's own
//! title, jurisdiction and authority (the dataset's name stands for them),
//! links to other lists, which of the weak names are former ones, and the
//! flag of aircraft other than as a country. Licence texts stand as the
//! sanction's reason and provisions. An entry that bars licence exceptions has
//! no topic of its own and is written as one that needs a licence.

use std::collections::BTreeMap;
use std::io;

use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::digest::sha256_hex;
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{Effect, ListedName, ListedParty, NameQuality, Relation, RelationKind, Watchlist};

use super::opensanctions;

#[derive(Serialize)]
struct Entity {
    id: String,
    caption: String,
    schema: &'static str,
    properties: BTreeMap<&'static str, Vec<String>>,
    datasets: [String; 1],
    target: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<String>,
}

impl Entity {
    fn add(&mut self, property: &'static str, value: impl Into<String>) {
        let value = value.into();
        if value.trim().is_empty() {
            return;
        }
        let values = self.properties.entry(property).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

/// Writes the list. Reading it again gives a list of the dataset's name with
/// the same entries, for what the format keeps.
///
/// # Errors
/// When `to` cannot be written.
pub fn write_ftm(list: &Watchlist, to: &mut impl io::Write) -> io::Result<()> {
    let writer = Writer {
        list,
        // A list that was read from such a file keeps its dataset's name.
        dataset: list.info.id.strip_prefix("os-").unwrap_or(&list.info.id).replace('-', "_"),
        entries: list.parties.iter().map(|party| party.id.as_str()).collect(),
    };
    let mut others = FxHashSet::default();
    for party in &list.parties {
        for entity in writer.entry(party, &mut others) {
            serde_json::to_writer(&mut *to, &entity)?;
            to.write_all(b"\n")?;
        }
    }
    Ok(())
}

struct Writer<'l> {
    list: &'l Watchlist,
    dataset: String,
    entries: FxHashSet<&'l str>,
}

impl Writer<'_> {
    fn entity(&self, schema: &'static str, id: String, caption: impl Into<String>) -> Entity {
        Entity {
            id,
            caption: caption.into(),
            schema,
            properties: BTreeMap::new(),
            datasets: [self.dataset.clone()],
            target: false,
            last_seen: self.list.info.edition.date.map(|date| format!("{date}T00:00:00")),
        }
    }

    /// An id that does not move when other entries come or go.
    fn id_of(&self, parts: &[&str]) -> String {
        let hash = sha256_hex(parts.join("\n").as_bytes());
        format!("{}-{}", self.dataset, hash.get(..40).unwrap_or(&hash))
    }

    /// The entry's entity first, then those that belong to it. `others` are the
    /// parties beside the list that have been written.
    fn entry(&self, party: &ListedParty, others: &mut FxHashSet<String>) -> Vec<Entity> {
        let mut entity = self.entity(schema(party), party.id.clone(), party.caption());
        entity.target = true;
        let mut beside = Vec::new();
        // An entry that lists an address is one; its country goes first.
        if let Some(address) = party.addresses.first().filter(|_| party.address_only) {
            put_address(address, &mut entity);
        }
        names(party, &mut entity);
        facts(party, &mut entity);
        entity.add("topics", topic(party.effect.unwrap_or(self.list.info.effect)));
        for (at, address) in party.addresses.iter().enumerate().skip(usize::from(party.address_only)) {
            let id = self.id_of(&["address", &party.id, &at.to_string()]);
            let mut place = self.entity("Address", id.clone(), address.one_line());
            put_address(address, &mut place);
            entity.add("addressEntity", id);
            beside.push(place);
        }
        for (at, identifier) in party.identifiers.iter().enumerate() {
            if let Some(property) = property(identifier, party) {
                entity.add(property, identifier.value.clone());
                continue;
            }
            beside.push(self.paper(identifier, party, at));
        }
        beside.push(self.sanction(party));
        for (at, relation) in party.relations.iter().enumerate() {
            beside.extend(self.relation(relation, party, at, others));
        }
        beside.insert(0, entity);
        beside
    }

    fn paper(&self, identifier: &Identifier, party: &ListedParty, at: usize) -> Entity {
        let passport = identifier.kind == IdentifierKind::Passport;
        let schema = if passport { "Passport" } else { "Identification" };
        let id = self.id_of(&["paper", &party.id, &at.to_string()]);
        let mut paper = self.entity(schema, id, identifier.value.clone());
        paper.add("holder", party.id.clone());
        paper.add("number", identifier.value.clone());
        if !passport {
            paper.add("type", identifier.kind.key());
        }
        if let Some(country) = identifier.country {
            paper.add("country", lower(country));
        }
        paper
    }

    fn sanction(&self, party: &ListedParty) -> Entity {
        let info = &self.list.info;
        let mut sanction = self.entity("Sanction", self.id_of(&["sanction", &party.id]), info.title.clone());
        sanction.add("entity", party.id.clone());
        let authority = if info.publisher.is_empty() { &info.title } else { &info.publisher };
        sanction.add("authority", authority.clone());
        for program in &party.programs {
            sanction.add("program", &**program);
        }
        for (property, day) in [("listingDate", party.listed), ("endDate", party.removed)] {
            if let Some(day) = day {
                sanction.add(property, day.to_string());
            }
        }
        sanction.add("authorityId", party.citation.clone());
        sanction.add("reason", party.licence_requirement.as_deref().unwrap_or_default());
        sanction.add("provisions", party.licence_policy.as_deref().unwrap_or_default());
        sanction
    }

    /// The link, and the other party where the list does not have it.
    fn relation(
        &self,
        relation: &Relation,
        party: &ListedParty,
        at: usize,
        others: &mut FxHashSet<String>,
    ) -> Vec<Entity> {
        let id = relation.id.clone().filter(|id| !id.trim().is_empty());
        let id = id.unwrap_or_else(|| self.id_of(&["other", &relation.name]));
        let mut entities = Vec::new();
        let known = self.entries.contains(id.as_str()) || relation.name.trim().is_empty();
        if !known && others.insert(id.clone()) {
            let mut other = self.entity("LegalEntity", id.clone(), relation.name.clone());
            other.add("name", relation.name.clone());
            entities.push(other);
        }
        let (schema, mine, others_end) = match relation.kind {
            RelationKind::OwnedBy => ("Ownership", "asset", "owner"),
            RelationKind::Owns => ("Ownership", "owner", "asset"),
            RelationKind::ControlledBy => ("Directorship", "organization", "director"),
            RelationKind::ActingFor => ("Representation", "agent", "client"),
            RelationKind::Family => ("Family", "person", "relative"),
            RelationKind::LinkedTo => ("UnknownLink", "subject", "object"),
        };
        let mut link = self.entity(schema, self.id_of(&["link", &party.id, &at.to_string()]), schema);
        link.add(mine, party.id.clone());
        link.add(others_end, id);
        link.add("percentage", relation.share.clone().unwrap_or_default());
        entities.push(link);
        entities
    }
}

fn schema(party: &ListedParty) -> &'static str {
    match party.kind {
        _ if party.address_only => "Address",
        PartyKind::Person => "Person",
        PartyKind::Organization => "Organization",
        PartyKind::Vessel => "Vessel",
        PartyKind::Aircraft => "Airplane",
        PartyKind::Unknown => "LegalEntity",
    }
}

fn topic(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "sanction",
        Effect::LicenceRequired | Effect::LicenceExceptionsBarred => "export.control",
        Effect::EndUseConcern => "export.risk",
        Effect::Advisory => "poi",
    }
}

fn names(party: &ListedParty, entity: &mut Entity) {
    for ListedName { text, quality, former } in &party.names {
        let property = match (quality, former) {
            (NameQuality::Primary, _) => "name",
            (NameQuality::Strong, false) => "alias",
            (NameQuality::Strong, true) => "previousName",
            (NameQuality::Weak, _) => "weakAlias",
        };
        entity.add(property, &**text);
    }
}

fn facts(party: &ListedParty, entity: &mut Entity) {
    for country in &party.countries {
        entity.add("country", lower(*country));
    }
    let home = match party.kind {
        PartyKind::Person => "nationality",
        PartyKind::Vessel => "flag",
        PartyKind::Aircraft => "country",
        PartyKind::Organization | PartyKind::Unknown => "jurisdiction",
    };
    for country in &party.nationalities {
        entity.add(home, lower(*country));
    }
    for day in &party.birth_dates {
        entity.add("birthDate", day.clone());
    }
    for place in &party.birth_places {
        entity.add("birthPlace", place.clone());
    }
    entity.add("notes", party.remarks.clone());
    entity.add("sourceUrl", party.url.as_deref().unwrap_or_default());
}

fn put_address(address: &Address, to: &mut Entity) {
    to.add("street", address.street.clone());
    to.add("city", address.city.clone());
    to.add("postalCode", address.postal_code.clone());
    to.add("region", address.region.clone());
    if *address != (Address { country: address.country, ..Address::default() }) {
        to.add("full", address.one_line());
    }
    if let Some(country) = address.country {
        to.add("country", lower(country));
    }
}

/// The property of the entry's schema that holds the number and reads back as
/// the same; `None` where a paper has to hold it.
fn property(identifier: &Identifier, party: &ListedParty) -> Option<&'static str> {
    let legal = matches!(party.kind, PartyKind::Person | PartyKind::Organization | PartyKind::Unknown);
    let property = match (identifier.kind, party.kind) {
        (IdentifierKind::Imo, PartyKind::Vessel) => "imoNumber",
        (IdentifierKind::Mmsi, PartyKind::Vessel) => "mmsi",
        (IdentifierKind::CallSign, PartyKind::Vessel) => "callSign",
        (IdentifierKind::Passport, PartyKind::Person) => "passportNumber",
        (IdentifierKind::Registration, _) if legal => "registrationNumber",
        (IdentifierKind::Tax, _) if identifier.country == CountryCode::new("RU") && legal => "innCode",
        (IdentifierKind::Tax, _) if legal => "taxNumber",
        (IdentifierKind::Lei, _) if legal => "leiCode",
        (IdentifierKind::Bic, _) if legal => "swiftBic",
        (IdentifierKind::Duns, _) if legal => "dunsCode",
        (IdentifierKind::NationalId, _) if legal => "idNumber",
        (IdentifierKind::Email, _) if legal => "email",
        (IdentifierKind::Phone, _) if legal => "phone",
        (IdentifierKind::Website, _) if legal => "website",
        _ => return None,
    };
    let home = match party.nationalities.as_slice() {
        [home] if party.kind != PartyKind::Person => Some(*home),
        _ => None,
    };
    let read = opensanctions::number(property, &identifier.value, home);
    (!party.address_only && read.as_ref() == Some(identifier)).then_some(property)
}

fn lower(country: CountryCode) -> String {
    country.as_str().to_lowercase()
}
