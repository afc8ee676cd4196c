//! One designation of the UK Sanctions List, whatever file it was read from,
//! and what it means. Field names are those of the XML file. Knows the measures
//! of `rules/formats/lists.toml`; a measure that stands not there counts as
//! strong as a freeze.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::trade::{Address, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::format::gather::{Gather, add_address, add_identifier, add_name, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{days, heads, ids, nationalities};
use crate::watchlist::{Effect, ListedParty, NameQuality, Relation, RelationKind};

use super::text;

pub(super) const CODE: &str = "gb-uksl";

/// A name with the words that tell how good it is.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub text: String,
    pub kind: String,
    pub strength: String,
}

/// Lines 1 to 6, postal code, country.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub lines: Vec<String>,
    pub postal_code: String,
    pub country: String,
}

/// All that the rows or elements of one designation say, each value once.
#[derive(Default)]
pub(super) struct Designation {
    pub id: String,
    pub names: Vec<Name>,
    pub places: Vec<Place>,
    /// Town and country of birth.
    pub births: Vec<(String, String)>,
    /// Number and further words.
    pub passports: Vec<(String, String)>,
    pub national_ids: Vec<(String, String)>,
    /// Small letters, such as `asset freeze`.
    pub measures: Vec<String>,
    fields: FxHashMap<&'static str, Vec<String>>,
}

/// Fields with values of their own, in both files: column of the CSV file, name
/// in the XML file.
pub(super) const FIELDS: [(&str, &str); 28] = [
    ("Last Updated", "LastUpdated"),
    ("OFSI Group ID", "OFSIGroupID"),
    ("UN Reference Number", "UNReferenceNumber"),
    ("Title", "Title"),
    ("Name non-latin script", "NameNonLatinScript"),
    ("Non-latin script type", "NonLatinScriptType"),
    ("Non-latin script language", "NonLatinScriptLanguage"),
    ("Regime Name", "RegimeName"),
    ("Designation Type", "IndividualEntityShip"),
    ("Designation source", "DesignationSource"),
    ("Phone number", "PhoneNumber"),
    ("Website", "Website"),
    ("Email address", "EmailAddress"),
    ("Date Designated", "DateDesignated"),
    ("D.O.B", "DOB"),
    ("Nationality(/ies)", "Nationality"),
    ("Position", "Position"),
    ("Gender", "Gender"),
    ("Type of entity", "TypeOfEntity"),
    ("Subsidiaries", "Subsidiary"),
    ("Parent company", "ParentCompany"),
    ("Business registration number (s)", "BusinessRegistrationNumber"),
    ("IMO number", "IMONumber"),
    ("Current owner/operator (s)", "CurrentOwnerOperator"),
    ("Previous owner/operator (s)", "PreviousOwnerOperator"),
    ("Current believed flag of ship", "CurrentBelievedFlagOfShip"),
    ("Previous flags", "PreviousFlag"),
    ("Type of ship", "TypeOfShip"),
];

/// Fields that become remarks as they are: column, XML name, words.
pub(super) const REMARKS: [(&str, &str, &str); 6] = [
    ("Other Information", "OtherInformation", ""),
    ("UK Statement of Reasons", "UKStatementofReasons", "Statement of reasons"),
    ("Tonnage of ship", "TonnageOfShip", "Tonnage"),
    ("Length of ship", "LengthOfShip", "Length"),
    ("Year Built", "YearBuilt", "Built"),
    ("Hull identification number (HIN)", "HullIdentificationNumber", "Hull identification number"),
];

/// Adds a value unless it is empty or there.
pub(super) fn put<T: PartialEq>(values: &mut Vec<T>, value: T) {
    if !values.contains(&value) {
        values.push(value);
    }
}

impl Designation {
    /// A designation of which only the id is known yet.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }

    /// Adds a value of a field unless it is empty or there.
    pub fn put(&mut self, field: &'static str, value: &str) {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            put(self.fields.entry(field).or_default(), value);
        }
    }

    fn all(&self, field: &str) -> &[String] {
        self.fields.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    fn first(&self, field: &str) -> &str {
        self.all(field).first().map(String::as_str).unwrap_or_default()
    }

    /// The entry; `None` if it has no name.
    pub fn party(&self, gather: &mut Gather, odd: &mut Oddities<'_>) -> Option<ListedParty> {
        let mut party = ListedParty { id: self.id.clone(), ..ListedParty::default() };
        self.add_names(&mut party, odd);
        if party.names.is_empty() {
            return None;
        }
        party.kind = match self.first("IndividualEntityShip").to_lowercase().as_str() {
            "individual" => PartyKind::Person,
            "entity" => PartyKind::Organization,
            "ship" => PartyKind::Vessel,
            other => {
                odd.note("types of party not known here", other);
                PartyKind::Unknown
            }
        };
        party.programs =
            self.all("RegimeName").iter().map(|name| gather.text(name)).collect::<Vec<Arc<str>>>();
        party.citation = self.all("RegimeName").join("; ");
        party.effect = self.effect(odd);
        let designated = self.first("DateDesignated");
        party.listed = days::day_month_year(designated).or_else(|| days::iso(designated));
        if party.listed.is_none() && !designated.is_empty() {
            odd.note("dates of designation that are none", designated);
            add_remark(&mut party, "Designated", designated);
        }
        party.same_as = self.all("OFSIGroupID").iter().map(|number| format!("gb-conlist/{number}")).collect();
        for text in self.all("UNReferenceNumber") {
            party.same_as.extend(ids::of_un_references(text));
        }
        self.add_places(&mut party, odd);
        self.add_person(&mut party, odd);
        self.add_identifiers(&mut party, odd);
        self.add_relations(&mut party);
        self.add_remarks(&mut party);
        Some(party)
    }

    fn add_names(&self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        for name in &self.names {
            if name.text.is_empty() {
                odd.note("names without any part", &format!("{} {}", self.id, name.kind));
                continue;
            }
            let (quality, former) = quality(name, odd);
            add_name(party, &name.text, quality, former);
        }
        for name in self.all("NameNonLatinScript") {
            add_name(party, name, NameQuality::Strong, false);
        }
    }

    /// The strongest effect of its measures; `None` for a freeze, which is the
    /// list's own, and for measures that are not known or not stated.
    fn effect(&self, odd: &mut Oddities<'_>) -> Option<Effect> {
        let mut strongest = None;
        for measure in &self.measures {
            match heads::programme_effect(CODE, plain(measure)) {
                Some(Effect::Blocking) => return None,
                Some(effect) => strongest = Some(strongest.map_or(effect, |known: Effect| known.min(effect))),
                None => {
                    odd.note("measures not known here, taken for a freeze", measure);
                    return None;
                }
            }
        }
        strongest
    }

    fn add_places(&self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        for place in &self.places {
            add_address(party, address(place, odd));
        }
    }

    fn add_person(&self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        for date in self.all("DOB") {
            put(&mut party.birth_dates, text::birth_date(date, odd));
        }
        for (town, country) in &self.births {
            let both = [town.trim(), country.trim()];
            let place = both.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
            if !place.is_empty() {
                put(&mut party.birth_places, place);
            }
        }
        for words in self.all("Nationality") {
            match nationalities::nationality(words, odd) {
                Some(country) => party.nationalities.push(country),
                None => add_remark(party, "Nationality", words),
            }
        }
        for flag in self.all("CurrentBelievedFlagOfShip") {
            party.nationalities.extend(odd.country(flag));
        }
    }

    fn add_identifiers(&self, party: &mut ListedParty, odd: &mut Oddities<'_>) {
        for (kind, documents, words) in [
            (IdentifierKind::Passport, &self.passports, "Passport"),
            (IdentifierKind::NationalId, &self.national_ids, "National identifier"),
        ] {
            for (number, more) in documents {
                if number.is_empty() {
                    add_remark(party, words, more);
                    continue;
                }
                let country =
                    text::document_country(number, odd).or_else(|| text::document_country(more, odd));
                for mut identifier in text::document(kind, number, odd) {
                    identifier.country = identifier.country.or(country);
                    add_identifier(party, identifier);
                }
                let spoken = number.contains(' ') || !more.is_empty();
                add_remark(
                    party,
                    words,
                    if spoken { format!("{number} {more}") } else { String::new() }.trim(),
                );
            }
        }
        for number in self.all("BusinessRegistrationNumber") {
            for identifier in text::registrations(number) {
                add_identifier(party, identifier);
            }
        }
        for number in self.all("IMONumber") {
            add_identifier(party, text::ship_number(number, odd));
        }
        for (kind, field) in [
            (IdentifierKind::Phone, "PhoneNumber"),
            (IdentifierKind::Email, "EmailAddress"),
            (IdentifierKind::Website, "Website"),
        ] {
            for value in self.all(field).iter().flat_map(|value| value.split([';', '|'])) {
                let value = value.trim().to_owned();
                add_identifier(party, Identifier { kind, value, country: None });
            }
        }
    }

    fn add_relations(&self, party: &mut ListedParty) {
        for (kind, field) in [
            (RelationKind::OwnedBy, "ParentCompany"),
            (RelationKind::OwnedBy, "CurrentOwnerOperator"),
            (RelationKind::Owns, "Subsidiary"),
        ] {
            for name in self.all(field) {
                let relation = Relation { kind, name: name.clone(), id: None, share: None };
                put(&mut party.relations, relation);
            }
        }
    }

    fn add_remarks(&self, party: &mut ListedParty) {
        for (_, field, words) in REMARKS {
            for value in self.all(field) {
                add_remark(party, words, value);
            }
        }
        for (field, words) in [
            ("Title", "Title"),
            ("Position", "Position"),
            ("Gender", "Gender"),
            ("TypeOfEntity", "Type of entity"),
            ("TypeOfShip", "Type of ship"),
            ("PreviousOwnerOperator", "Previous owner or operator"),
            ("PreviousFlag", "Previous flag"),
            ("NonLatinScriptType", "Script"),
            ("NonLatinScriptLanguage", "Language of the name in that script"),
            ("DesignationSource", "Designated by"),
            ("UNReferenceNumber", "UN reference"),
            ("LastUpdated", "Last updated"),
        ] {
            for value in self.all(field) {
                add_remark(party, words, value);
            }
        }
        add_remark(party, "Sanctions imposed", &self.measures.join(", "));
    }
}

/// A measure without the pointer to another column that some have:
/// `shipping sanctions: (see 'other information')`.
fn plain(measure: &str) -> &str {
    measure.split("(see ").next().unwrap_or(measure).trim_end_matches([' ', ':'])
}

/// A variation of the primary name is a spelling of it, so a good alias.
fn quality(name: &Name, odd: &mut Oddities<'_>) -> (NameQuality, bool) {
    let strength = name.strength.to_lowercase();
    let alias = match strength.as_str() {
        "" => NameQuality::Strong,
        words if words.starts_with("good") || words.starts_with("strong") => NameQuality::Strong,
        words if words.starts_with("low") || words.starts_with("weak") => NameQuality::Weak,
        _ => {
            odd.note("strengths of aliases not known here", &name.strength);
            NameQuality::Strong
        }
    };
    match name.kind.to_lowercase().as_str() {
        "primary name" => (NameQuality::Primary, false),
        "primary name variation" | "alias" | "aka" => (alias, false),
        "fka" | "former name" => (NameQuality::Strong, true),
        _ => {
            odd.note("types of name not known here", &name.kind);
            (alias, false)
        }
    }
}

/// The last of the six lines is the town, the others are the street.
pub(super) fn address(place: &Place, odd: &mut Oddities<'_>) -> Address {
    let mut lines: Vec<&str> = place.lines.iter().map(|line| line.trim()).collect();
    let city = if lines.len() == 6 { lines.pop().unwrap_or_default() } else { "" };
    let street = lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    let words = place.country.trim();
    // `Iraq (previous)`: the words in parentheses stay as region.
    let (name, more) = words.split_once('(').or_else(|| words.split_once(" as at ")).unwrap_or((words, ""));
    // `In Syria as at June 2013`
    let name = name.strip_prefix("In ").unwrap_or(name);
    let country = odd.find_country(words).or_else(|| odd.country(name));
    let region = match (country, more) {
        (None, _) => words.to_owned(),
        (Some(_), more) => more.trim_end_matches(')').trim().to_owned(),
    };
    Address {
        street,
        city: city.to_owned(),
        postal_code: place.postal_code.trim().to_owned(),
        region,
        country,
    }
}
