//! The properties of a FollowTheMoney entity as an entry: names, countries,
//! numbers, addresses, birth; the rest as remarks in words.

use crate::trade::{Address, CountryCode, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::gather::{add_address, add_identifier, add_name, add_remark};
use crate::watchlist::format::identifiers;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::{ListedParty, NameQuality};

use super::datasets;
use super::entity::Entity;

/// The kind of party of a schema; `None` for schemata of things and links.
pub(super) fn kind(schema: &str) -> Option<PartyKind> {
    match schema {
        "Person" => Some(PartyKind::Person),
        "Organization" | "Company" | "PublicBody" => Some(PartyKind::Organization),
        "LegalEntity" => Some(PartyKind::Unknown),
        "Vessel" => Some(PartyKind::Vessel),
        "Airplane" => Some(PartyKind::Aircraft),
        _ => None,
    }
}

/// What the entity says of itself; `addresses` and `papers` are the entities
/// that it points to and that point to it.
pub(super) fn party(
    entity: &Entity<'_>,
    addresses: &[&Entity<'_>],
    papers: &[&Entity<'_>],
    odd: &mut Oddities<'_>,
) -> ListedParty {
    let mut party = ListedParty { id: entity.id.trim().to_owned(), ..ListedParty::default() };
    party.kind = kind(&entity.schema).unwrap_or_default();
    let is_place = entity.schema == "Address";
    if kind(&entity.schema).is_none() && !is_place {
        add_remark(&mut party, "Kind", &words(&entity.schema));
    }
    names(&mut party, entity);
    // One country of registration is where its register numbers are from.
    let mut homes = entity.all("jurisdiction").filter_map(CountryCode::new);
    let home = homes.next().filter(|_| homes.next().is_none());
    for (property, values) in &entity.properties {
        if is_place && ADDRESS_PARTS.contains(&&**property) {
            continue;
        }
        for value in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
            fact(&mut party, property, value, home, odd);
        }
    }
    place_of_birth(&mut party, entity);
    for address in addresses {
        put_address(&mut party, address, odd);
    }
    let written: Vec<&str> = addresses.iter().flat_map(|address| address.all("full")).collect();
    for text in entity.all("address").filter(|text| !written.contains(text)) {
        let address = split_address(text, odd);
        add_address(&mut party, address);
    }
    for paper in papers {
        put_paper(&mut party, paper, odd);
    }
    party
}

/// The caption is the primary name where it is one of the names.
fn names(party: &mut ListedParty, entity: &Entity<'_>) {
    let caption = entity.caption.trim();
    let listed = |property: &str| entity.all(property).any(|name| name.trim() == caption);
    if listed("name") || (entity.first("name").is_empty() && listed("alias")) {
        add_name(party, caption, NameQuality::Primary, false);
    }
    for name in entity.all("name") {
        let first = party.names.is_empty();
        add_name(party, name, if first { NameQuality::Primary } else { NameQuality::Strong }, false);
    }
    for (property, quality, former) in [
        ("alias", NameQuality::Strong, false),
        ("previousName", NameQuality::Strong, true),
        ("weakAlias", NameQuality::Weak, false),
        ("abbreviation", NameQuality::Weak, false),
    ] {
        for name in entity.all(property) {
            add_name(party, name, quality, former);
        }
    }
}

/// One value of a property that is not read elsewhere.
fn fact(
    party: &mut ListedParty,
    property: &str,
    value: &str,
    home: Option<CountryCode>,
    odd: &mut Oddities<'_>,
) {
    match property {
        "name" | "alias" | "previousName" | "weakAlias" | "abbreviation" | "address" | "addressEntity"
        | "birthPlace" | "birthCountry" => {}
        "firstName" | "lastName" | "secondName" | "middleName" | "fatherName" | "motherName"
        | "nameSuffix" => {
            let part = value.to_lowercase();
            if !party.names.iter().any(|name| name.text.to_lowercase().contains(&part)) {
                add_remark(party, &words(property), value);
            }
        }
        "country" | "mainCountry" | "registrationCountry" => {
            add_country(party, value, odd);
        }
        "nationality" | "citizenship" | "jurisdiction" | "flag" => {
            let code = add_country(party, value, odd);
            party.nationalities.extend(code);
        }
        "birthDate" => party.birth_dates.push(value.to_owned()),
        "topics" => {
            if matches!(datasets::topic(value), datasets::Topic::Unknown) {
                odd.note("topics that are not known, taken as blocking", value);
            }
            add_remark(party, "Topic", value);
        }
        "sourceUrl" if party.url.is_none() => party.url = Some(value.into()),
        "notes" => add_remark(party, "", value),
        // A number of the register of aircraft, not of companies.
        "registrationNumber" | "serialNumber" if party.kind == PartyKind::Aircraft => {
            let (kind, value) = (IdentifierKind::Aircraft, value.to_owned());
            add_identifier(party, Identifier { kind, value, country: None });
        }
        _ => match datasets::number(property, value, home) {
            Some(identifier) => add_identifier(party, identifier),
            None => add_remark(party, &words(property), value),
        },
    }
}

fn place_of_birth(party: &mut ListedParty, entity: &Entity<'_>) {
    party.birth_places.extend(entity.all("birthPlace").map(one_line).filter(|p| !p.is_empty()));
    for country in entity.all("birthCountry") {
        add_remark(party, "Country of birth", &country.to_uppercase());
    }
}

/// Adds the country of a code or name. Parts of countries (`gb-nir`) count as
/// their country; states that are no more (`suhh`) have no code of two letters.
/// Both stay in the remarks.
pub(super) fn add_country(
    party: &mut ListedParty,
    text: &str,
    odd: &mut Oddities<'_>,
) -> Option<CountryCode> {
    let text = text.trim();
    let code = match text.split_once('-') {
        Some((country, _)) if country.len() == 2 => {
            add_remark(party, "Part of a country", text);
            CountryCode::new(country)
        }
        _ if matches!(text, "suhh" | "ddde" | "cshh" | "csxx" | "cshk" | "yucs" | "vdvn" | "zrcd") => {
            add_remark(party, "Former country", text);
            None
        }
        _ if text.eq_ignore_ascii_case("zz") => {
            add_remark(party, "Country", "worldwide (zz)");
            None
        }
        _ => {
            let found = odd.country(text);
            if found.is_none() {
                add_remark(party, "Country", text);
            }
            found
        }
    };
    party.countries.extend(code);
    code
}

/// An address in one text; the country is taken from its end.
pub(super) fn split_address(text: &str, odd: &Oddities<'_>) -> Address {
    let text = one_line(text);
    if let Some((street, last)) = text.rsplit_once(',')
        // Two letters may be a state.
        && last.trim().len() > 2
        && let Some(country) = odd.find_country(last.trim())
    {
        return Address { street: street.trim().to_owned(), country: Some(country), ..Address::default() };
    }
    Address { street: text, ..Address::default() }
}

const ADDRESS_PARTS: [&str; 9] =
    ["street", "street2", "city", "postalCode", "region", "state", "full", "address", "country"];

/// An address entity. Merged ones write the same place in several ways: the
/// first counts, the others stay in the remarks.
fn put_address(party: &mut ListedParty, entity: &Entity<'_>, odd: &mut Oddities<'_>) {
    let part = |property: &str| one_line(entity.first(property));
    let both = |a: &str, b: &str| {
        let (a, b) = (part(a), part(b));
        if a.is_empty() || b.is_empty() || a == b { a + &b } else { format!("{a}, {b}") }
    };
    let mut address = Address {
        street: both("street", "street2"),
        city: part("city"),
        postal_code: part("postalCode"),
        region: both("region", "state"),
        country: None,
    };
    let mut texts = entity.all("full").chain(entity.all("address"));
    let first = texts.next().unwrap_or_default();
    if address.is_empty() {
        let whole = split_address(first, odd);
        address.street = whole.street;
        address.country = whole.country;
    }
    for country in entity.all("country") {
        let code = add_country(party, country, odd);
        address.country = address.country.or(code);
    }
    for text in texts {
        add_remark(party, "Address also written", text);
    }
    // What else a listed address says is said of the entry.
    let listed = *entity.id == *party.id;
    for (property, values) in &entity.properties {
        for value in values.iter().filter(|_| !listed && !ADDRESS_PARTS.contains(&&**property)) {
            add_remark(party, &format!("Address, {}", words(property).to_lowercase()), value);
        }
    }
    add_address(party, address);
}

/// A passport, another paper, or a wallet: entities that hold a number.
fn put_paper(party: &mut ListedParty, entity: &Entity<'_>, odd: &mut Oddities<'_>) {
    let mut country = None;
    for text in entity.all("country") {
        let code = match text.split_once('-') {
            Some((country, _)) => CountryCode::new(country),
            None => odd.country(text),
        };
        country = country.or(code);
    }
    let kind = entity.first("type");
    for property in ["number", "passportNumber", "publicKey"] {
        for number in entity.all(property) {
            let identifier = match &*entity.schema {
                "Passport" => {
                    Identifier { kind: IdentifierKind::Passport, value: number.to_owned(), country }
                }
                "CryptoWallet" => {
                    let words = format!("Digital currency address {}", entity.first("currency"));
                    Identifier {
                        kind: IdentifierKind::Other,
                        value: format!("{} {number}", words.trim()),
                        country,
                    }
                }
                _ => paper_number(kind, number, country),
            };
            add_identifier(party, identifier);
        }
    }
    let known = ["number", "passportNumber", "publicKey", "country", "holder", "currency"];
    let own_type = matches!(&*entity.schema, "Identification");
    for (property, values) in &entity.properties {
        for value in values {
            // A passport of the type `passport` says nothing new.
            let said = known.contains(&&**property)
                || (property == "type" && (own_type || value.eq_ignore_ascii_case(&entity.schema)));
            if !said {
                let words = format!("{}, {}", words(&entity.schema), words(property).to_lowercase());
                add_remark(party, &words, value);
            }
        }
    }
}

fn paper_number(kind: &str, number: &str, country: Option<CountryCode>) -> Identifier {
    match IdentifierKind::from_key(kind) {
        Some(kind) => Identifier { kind, value: number.to_owned(), country },
        None if kind.is_empty() => {
            Identifier { kind: IdentifierKind::NationalId, value: number.to_owned(), country }
        }
        None => identifiers::named(kind, number, country),
    }
}

/// White space runs as one space.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `incorporationDate` as `Incorporation date`.
pub(super) fn words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    for (at, c) in name.char_indices() {
        match c {
            c if at == 0 => words.extend(c.to_uppercase()),
            c if c.is_uppercase() => {
                words.push(' ');
                words.extend(c.to_lowercase());
            }
            '_' => words.push(' '),
            c => words.push(c),
        }
    }
    words
}
