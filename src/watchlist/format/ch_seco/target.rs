//! The targets of one file of SECO's list. Knows their own elements; what
//! stands in a `modification` is history and is read for its dates alone.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostics, SourceFile};
use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::gather::{Gather, add_address, add_identifier, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::{self, Element};
use crate::watchlist::format::{Mistakes, days};
use crate::watchlist::{Effect, ListedParty, Relation, RelationKind};

use super::names;

type Node<'d, 't> = roxmltree::Node<'d, 't>;

/// The last remark of an entry that was taken off.
pub(super) const OFF: &str = "No longer listed";

/// What targets refer to.
struct Shared {
    /// Programme key, programme name, set of measures, origin, by the set's id.
    sets: FxHashMap<String, [String; 4]>,
    places: FxHashMap<String, Address>,
    /// Name of each target, for relations.
    names: FxHashMap<String, String>,
}

/// The entries of a file, de-listed ones included.
pub(super) fn all(
    root: Node<'_, '_>,
    file: &SourceFile,
    odd: &mut Oddities<'_>,
    out: &mut Diagnostics,
) -> Vec<ListedParty> {
    let mut shared = Shared { sets: sets(root), places: FxHashMap::default(), names: FxHashMap::default() };
    for place in root.each("place") {
        shared.places.insert(place.attr("ssid").to_owned(), place_address(place, odd));
    }
    let mut mistakes = Mistakes::new(file);
    let mut gather = Gather::default();
    let mut relations: Vec<(String, Vec<Relation>)> = Vec::new();
    for node in root.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "sanctions-program" | "place" => {}
            "target" => {
                let id = node.attr("ssid");
                let fault = if id.is_empty() {
                    "a target without `ssid`".to_owned()
                } else if gather.has(id) {
                    format!("the target `{id}` stands twice")
                } else if let Some((party, related)) = target(node, &shared, &mut gather, odd) {
                    let name = party
                        .names
                        .iter()
                        .find(|name| name.quality == crate::watchlist::NameQuality::Primary);
                    let name = name.or(party.names.first()).map(|name| name.text.to_string());
                    shared.names.insert(id.to_owned(), name.unwrap_or_default());
                    *gather.party(id) = party;
                    relations.push((id.to_owned(), related));
                    continue;
                } else {
                    format!("the target `{id}` has no name")
                };
                mistakes.push(xml::error_at(file, node, fault), out);
            }
            other => odd.note("elements not known here", other),
        }
    }
    mistakes.finish(out);
    for (id, mut related) in relations {
        for relation in &mut related {
            let other = relation.id.as_ref().and_then(|id| shared.names.get(id));
            relation.name = other.cloned().unwrap_or_default();
        }
        gather.party(&id).relations = related;
    }
    gather.finish()
}

fn sets(root: Node<'_, '_>) -> FxHashMap<String, [String; 4]> {
    let mut sets = FxHashMap::default();
    for program in root.each("sanctions-program") {
        let [key, name] = ["program-key", "program-name"].map(|element| in_english(program, element));
        let origin = program.words_of("origin");
        for set in program.each("sanctions-set") {
            let english = set.attr("lang") == "eng";
            let entry = sets
                .entry(set.attr("ssid").to_owned())
                .or_insert_with(|| [key.clone(), name.clone(), set.words(), origin.clone()]);
            if english {
                entry[2] = set.words();
            }
        }
    }
    sets
}

/// The English text of an element that is repeated by language, else the first.
fn in_english(node: Node<'_, '_>, name: &'static str) -> String {
    let english = node.each(name).find(|node| node.attr("lang") == "eng");
    english.or_else(|| node.each(name).next()).map(|node| node.words()).unwrap_or_default()
}

fn country(node: Node<'_, '_>, odd: &mut Oddities<'_>) -> Option<CountryCode> {
    let node = node.child("country")?;
    CountryCode::new(node.attr("iso-code")).or_else(|| odd.country(&node.words()))
}

/// A place; its other spellings have no field and are counted.
fn place_address(place: Node<'_, '_>, odd: &mut Oddities<'_>) -> Address {
    for child in place.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        if !["location", "area", "country"].contains(&name) {
            odd.note("other spellings of places, left out", &child.words());
        }
    }
    let areas: Vec<String> = place.each("area").map(|node| node.words()).collect();
    Address {
        city: place.words_of("location"),
        region: areas.join(", "),
        country: country(place, odd),
        ..Address::default()
    }
}

fn target(
    node: Node<'_, '_>,
    shared: &Shared,
    gather: &mut Gather,
    odd: &mut Oddities<'_>,
) -> Option<(ListedParty, Vec<Relation>)> {
    let mut party = ListedParty { id: node.attr("ssid").to_owned(), ..ListedParty::default() };
    let mut related = Vec::new();
    let advisory = programs(&mut party, node, shared, gather, odd);
    party.effect = advisory.then_some(Effect::Advisory);
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "sanctions-set-id" | "modification" => {}
            "foreign-identifier" => add_remark(&mut party, "Foreign identifier", &child.words()),
            "generic-attribute" => add_remark(&mut party, child.attr("name"), &child.words()),
            "individual" | "entity" | "object" => subject(&mut party, &mut related, child, shared, odd),
            other => odd.note("elements not known here", other),
        }
    }
    history(&mut party, node, odd);
    (!party.names.is_empty()).then_some((party, related))
}

/// Adds programmes and measures; whether travel, or trade in securities, is all
/// that they bar.
fn programs(
    party: &mut ListedParty,
    node: Node<'_, '_>,
    shared: &Shared,
    gather: &mut Gather,
    odd: &mut Oddities<'_>,
) -> bool {
    let attribute = node.attr("sanctions-set-id");
    let ids = node.each("sanctions-set-id").map(|node| node.words());
    let ids: Vec<String> = ids.chain([attribute.to_owned()]).filter(|id| !id.is_empty()).collect();
    let mut advisory = 0;
    let mut citations: Vec<String> = Vec::new();
    for id in &ids {
        let Some([key, name, set, origin]) = shared.sets.get(id) else {
            odd.note("sets of measures that are not in the file", id);
            continue;
        };
        let program = gather.text(if key.is_empty() { name } else { key });
        if !party.programs.contains(&program) {
            party.programs.push(program);
        }
        let words = set.to_lowercase();
        let freeze = ["financ", "asset", "freez", "econom"].iter().any(|word| words.contains(word));
        let light = words.contains("travel") || words.contains("money and capital market");
        advisory += usize::from(light && !freeze);
        let citation = [name.as_str(), set.as_str()].into_iter().filter(|part| !part.is_empty());
        let citation = citation.collect::<Vec<_>>().join(", ");
        if !citations.contains(&citation) {
            citations.push(citation);
        }
        add_remark(party, "Origin", origin);
    }
    party.citation = citations.join("; ");
    !ids.is_empty() && advisory == ids.len()
}

fn subject(
    party: &mut ListedParty,
    related: &mut Vec<Relation>,
    node: Node<'_, '_>,
    shared: &Shared,
    odd: &mut Oddities<'_>,
) {
    party.kind = match (node.tag_name().name(), node.attr("object-type")) {
        ("individual", _) => PartyKind::Person,
        ("entity", _) => PartyKind::Organization,
        (_, "vessel" | "ship") => PartyKind::Vessel,
        (_, "aircraft") => PartyKind::Aircraft,
        (_, other) => {
            odd.note("types of object not known here", other);
            PartyKind::Unknown
        }
    };
    add_remark(party, "Sex", node.attr("sex"));
    let mut identities: Vec<_> = node.each("identity").collect();
    // The main identity first: its primary name is the party's.
    identities.sort_by_key(|identity| identity.attr("main") != "true");
    for (at, node) in identities.into_iter().enumerate() {
        identity(party, node, at == 0, shared, odd);
    }
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "identity" => {}
            "justification" => add_remark(party, "Justification", &child.words()),
            "other-information" => other_information(party, &child.words()),
            "relation" => {
                let words = child.attr("relation-type");
                add_remark(party, &format!("Relation {words}"), &child.words_of("remark"));
                let other = child.attr("target-id");
                if other.is_empty() {
                    odd.note("relations without the other party", words);
                    continue;
                }
                related.push(Relation {
                    kind: relation_kind(words),
                    name: String::new(),
                    id: Some(other.to_owned()),
                    share: None,
                });
            }
            other => odd.note("elements not known here", &format!("{other}: {}", child.words())),
        }
    }
}

fn relation_kind(words: &str) -> RelationKind {
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&[
        "spouse",
        "child-of",
        "parent-of",
        "sibling",
        "brother",
        "sister",
        "son-of",
        "daughter",
        "family",
    ]) {
        RelationKind::Family
    } else if has(&["owned-by", "subsidiary-of"]) {
        RelationKind::OwnedBy
    } else if has(&["owner-of", "owns", "parent-company-of"]) {
        RelationKind::Owns
    } else if has(&["controlled-by", "directed-by"]) {
        RelationKind::ControlledBy
    } else if has(&["acting-for", "on-behalf"]) {
        RelationKind::ActingFor
    } else {
        RelationKind::LinkedTo
    }
}

fn identity(
    party: &mut ListedParty,
    node: Node<'_, '_>,
    main: bool,
    shared: &Shared,
    odd: &mut Oddities<'_>,
) {
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "name" => names::add(party, child, main, odd),
            "nationality" => party.nationalities.extend(country(child, odd)),
            "day-month-year" => born(party, child),
            "place-of-birth" => {
                let place = full_address(child, shared, odd).one_line();
                if !place.is_empty() && !party.birth_places.contains(&place) {
                    party.birth_places.push(place);
                }
            }
            "address" => {
                let address = full_address(child, shared, odd);
                for field in ["c-o", "remarks"] {
                    let words = child.words_of(field);
                    if !words.is_empty() {
                        add_remark(party, "Address", &format!("{}: {words}", address.one_line()));
                    }
                }
                add_address(party, address);
            }
            "identification-document" => document(party, child, odd),
            other => odd.note("elements not known here", &format!("{other}: {}", child.words())),
        }
    }
}

/// A day of birth, or of foundation of a company.
fn born(party: &mut ListedParty, node: Node<'_, '_>) {
    let mut text = node.attr("year").to_owned();
    for part in ["month", "day"] {
        let Ok(number) = node.attr(part).parse::<u8>() else { break };
        text.push_str(&format!("-{number:02}"));
    }
    if text.is_empty() {
        return;
    }
    if node.attr("quality") == "low" {
        text = format!("circa {text}");
    }
    let calendar = node.attr("calendar");
    if !calendar.is_empty() && !calendar.eq_ignore_ascii_case("gregorian") {
        text = format!("{text} ({calendar} calendar)");
    }
    if party.kind == PartyKind::Person {
        if !party.birth_dates.contains(&text) {
            party.birth_dates.push(text);
        }
    } else {
        add_remark(party, "Founded or built", &text);
    }
}

/// The place referred to, with what the element adds.
fn full_address(node: Node<'_, '_>, shared: &Shared, odd: &mut Oddities<'_>) -> Address {
    let id = node.attr("place-id");
    let mut address = shared.places.get(id).cloned().unwrap_or_default();
    if !id.is_empty() && !shared.places.contains_key(id) {
        odd.note("places that are not in the file", id);
    }
    let post_box = node.words_of("p-o-box");
    let post_box = if post_box.is_empty() { post_box } else { format!("P.O. Box {post_box}") };
    let street = [node.words_of("address-details"), post_box];
    address.street = street.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    address.postal_code = node.words_of("zip-code");
    if address.city.is_empty() {
        address.city = node.words_of("location");
    }
    address.country = address.country.or_else(|| country(node, odd));
    address
}

fn document(party: &mut ListedParty, node: Node<'_, '_>, odd: &mut Oddities<'_>) {
    let words = node.attr("document-type");
    let kind = match words {
        "passport" | "diplomatic-passport" | "service-passport" => IdentifierKind::Passport,
        "id-card" | "identity-card" | "national-id" => IdentifierKind::NationalId,
        _ => IdentifierKind::Other,
    };
    let number = node.words_of("number");
    let issuer = node.child("issuer");
    let country = issuer.and_then(|issuer| {
        CountryCode::new(issuer.attr("code")).or_else(|| odd.find_country(&issuer.words()))
    });
    let mut more: Vec<String> = ["date-of-issue", "expiry-date", "place-of-issue", "remark"]
        .into_iter()
        .map(|name| (name.replace('-', " "), node.words_of(name)))
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name} {text}"))
        .collect();
    if country.is_none() {
        more.extend(issuer.map(|issuer| issuer.words()).filter(|words| !words.is_empty()));
    }
    if !more.is_empty() {
        add_remark(party, &format!("{words} {number}"), &more.join(", "));
    }
    let value = match kind {
        IdentifierKind::Other if !number.is_empty() => format!("{words} {number}"),
        _ => number,
    };
    add_identifier(party, Identifier { kind, value, country });
}

/// Words before the colon of an `other-information`, and what follows them.
const INFORMATION: [(&str, IdentifierKind); 12] = [
    ("imo number", IdentifierKind::Imo),
    ("imo", IdentifierKind::Imo),
    ("registration number", IdentifierKind::Registration),
    ("state registration number", IdentifierKind::Registration),
    ("business registration number", IdentifierKind::Registration),
    ("tax registration number", IdentifierKind::Tax),
    ("taxpayer identification number", IdentifierKind::Tax),
    ("swift/bic code", IdentifierKind::Bic),
    ("swift/bic", IdentifierKind::Bic),
    ("website", IdentifierKind::Website),
    ("e-mail", IdentifierKind::Email),
    ("email address", IdentifierKind::Email),
];

/// Identifiers are taken out of free text only where nothing else stands in it;
/// the text is kept in any case.
fn other_information(party: &mut ListedParty, text: &str) {
    if let Some((words, value)) = text.split_once(':') {
        let words = words.trim().to_lowercase();
        let value = value.trim().trim_end_matches('.');
        let known = INFORMATION.iter().find(|(known, _)| *known == words);
        if let Some(&(_, kind)) =
            known.filter(|_| !value.contains(' ') && value.contains(char::is_alphanumeric))
        {
            add_identifier(party, Identifier { kind, value: value.to_owned(), country: None });
        }
    }
    add_remark(party, "", text);
}

/// The dates of listing and removal, by the modifications of the target itself.
/// Its last state counts; if it was listed and de-listed on one day, it is
/// taken for listed.
fn history(party: &mut ListedParty, node: Node<'_, '_>, odd: &mut Oddities<'_>) {
    let mut last: Option<(Option<Date>, bool)> = None;
    for node in node.each("modification") {
        let day = ["effective-date", "publication-date", "enactment-date"]
            .into_iter()
            .find_map(|name| days::iso(node.attr(name)));
        let off = match node.attr("modification-type") {
            "listed" => {
                party.listed = party.listed.into_iter().chain(day).min();
                false
            }
            "amended" => false,
            "de-listed" => true,
            other => {
                odd.note("kinds of modification not known here", other);
                false
            }
        };
        add_remark(party, "Modification", &node.words_of("remark"));
        last = match last {
            Some((known, was_off)) if known == day => Some((known, was_off && off)),
            Some((known, _)) if known > day => last,
            _ => Some((day, off)),
        };
    }
    if let Some((day, true)) = last {
        party.removed = day;
        party.effect = Some(Effect::Advisory);
        add_remark(party, "", OFF);
    }
}
