//! A party with its identities, features and documents.

use roxmltree::Node;
use rustc_hash::FxHashMap;

use crate::trade::{Identifier, IdentifierKind, PartyKind};
use crate::watchlist::ListedParty;
use crate::watchlist::format::gather::{add_address, add_identifier, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::ofac::facts::{self, Fact};
use crate::watchlist::format::ofac::remarks;
use crate::watchlist::format::xml::Element as _;

use super::places::{self, Place};
use super::reference::Values;
use super::{dates, names};

/// What parties point to.
pub(super) struct Reader<'d, 'o, 'c> {
    values: &'d Values<'d>,
    places: FxHashMap<&'d str, Place>,
    /// Documents by the identity they are of.
    documents: FxHashMap<&'d str, Vec<Document>>,
    pub odd: &'o mut Oddities<'c>,
}

/// A document with its words.
struct Document {
    words: String,
    number: String,
    country: Option<crate::trade::CountryCode>,
    issued: String,
    expires: String,
    remark: String,
}

impl<'d, 'o, 'c> Reader<'d, 'o, 'c> {
    pub fn new<'t: 'd>(root: Node<'d, 't>, values: &'d Values<'d>, odd: &'o mut Oddities<'c>) -> Self {
        let places = places::read(root, values, odd);
        let mut documents: FxHashMap<&'d str, Vec<Document>> = FxHashMap::default();
        for document in root.each_in("IDRegDocuments", "IDRegDocument") {
            let read = read_document(document, values, odd);
            documents.entry(document.attr("IdentityID")).or_default().push(read);
        }
        Self { values, places, documents, odd }
    }

    /// The party of a profile, without what its entries say.
    pub fn party(&mut self, distinct: Node<'_, '_>, profile: Node<'_, '_>) -> ListedParty {
        let mut party = ListedParty { id: profile.attr("ID").to_owned(), ..ListedParty::default() };
        party.kind = self.kind(profile.attr("PartySubTypeID"));
        for identity in profile.each("Identity") {
            names::read(identity, &mut party, self.values, self.odd);
            for document in self.documents.get(identity.attr("ID")).into_iter().flatten() {
                let fact = Fact {
                    words: &document.words,
                    value: &document.number,
                    country: document.country,
                    issued: &document.issued,
                    expires: &document.expires,
                };
                facts::add(&mut party, fact, self.odd);
                add_remark(&mut party, "", &document.remark);
            }
        }
        party.order_names();
        for element in [distinct, profile] {
            for feature in element.each("Feature") {
                self.read_feature(feature, &mut party);
            }
            remarks::read_bracketed(&element.words_of("Comment"), &mut party, self.odd);
        }
        party
    }

    fn kind(&mut self, subtype: &str) -> PartyKind {
        let words = self.values.party_kind(subtype);
        let known = words.iter().find_map(|word| facts::kind(word));
        known.unwrap_or_else(|| {
            self.odd
                .note("types of party that are not known here", &format!("{subtype} {}", words.join(" ")));
            PartyKind::Unknown
        })
    }

    fn read_feature(&mut self, feature: Node<'_, '_>, party: &mut ListedParty) {
        let id = feature.attr("FeatureTypeID");
        let words = self.values.text("FeatureType", id).to_owned();
        if words.is_empty() {
            self.odd.note("features that the file does not name", id);
        }
        for version in feature.each("FeatureVersion") {
            let days = version.each("DatePeriod").filter_map(dates::period);
            for day in days.collect::<Vec<_>>() {
                self.add(&words, &Value::Day(day), party);
            }
            for detail in version.each("VersionDetail") {
                let text = match detail.words() {
                    text if text.is_empty() => {
                        self.values.text("DetailReference", detail.attr("DetailReferenceID")).to_owned()
                    }
                    text => text,
                };
                if !text.is_empty() {
                    self.add(&words, &Value::Text(text), party);
                }
            }
            for location in version.each("VersionLocation") {
                match self.places.get(location.attr("LocationID")).cloned() {
                    Some(place) => self.add(&words, &Value::Place(Box::new(place)), party),
                    None => self.odd.note("places that the file does not have", location.attr("LocationID")),
                }
            }
            add_remark(party, &words, &version.words_of("Comment"));
        }
    }

    /// Puts one value of a feature into its field.
    fn add(&mut self, words: &str, value: &Value, party: &mut ListedParty) {
        match (words.to_ascii_lowercase().as_str(), value) {
            ("birthdate", Value::Day(text) | Value::Text(text)) => party.birth_dates.push(text.clone()),
            ("place of birth", Value::Text(text)) => party.birth_places.push(text.clone()),
            ("place of birth", Value::Place(place)) => party.birth_places.push(place.words()),
            ("location", Value::Place(place)) => {
                add_address(party, place.address.clone());
                add_remark(party, "Address", &place.original);
            }
            ("nationality country", value) => self.add_country(value, "nationality", party),
            ("citizenship country", value) => self.add_country(value, "citizen", party),
            ("nationality of registration", value) => {
                self.add_country(value, "Nationality of Registration", party);
            }
            ("vessel flag", value) => self.add_country(value, "Vessel flag:", party),
            ("vessel call sign" | "call sign", Value::Text(text)) => {
                let identifier =
                    Identifier { kind: IdentifierKind::CallSign, value: text.clone(), country: None };
                add_identifier(party, identifier);
            }
            ("vessel type", value) => add_remark(party, "Vessel type", &value.words()),
            ("vessel tonnage", value) => add_remark(party, "Tonnage", &value.words()),
            ("vessel gross registered tonnage", value) => {
                add_remark(party, "Gross registered tonnage", &value.words());
            }
            ("vessel owner", value) => add_remark(party, "Vessel owner", &value.words()),
            ("title", value) => add_remark(party, "Title", &value.words()),
            (_, Value::Text(text)) => {
                facts::add(party, Fact { words, value: text, ..Fact::default() }, self.odd);
            }
            (_, value) => add_remark(party, "", format!("{words} {}", value.words()).trim()),
        }
    }

    fn add_country(&mut self, value: &Value, word: &str, party: &mut ListedParty) {
        let words = value.words();
        let found = match value {
            Value::Place(place) => place.country(),
            _ => None,
        };
        party.nationalities.extend(found.or_else(|| self.odd.country(&words)));
        add_remark(party, "", &format!("{word} {words}"));
    }
}

/// What a feature says.
enum Value {
    Text(String),
    Day(String),
    Place(Box<Place>),
}

impl Value {
    fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Day(text) => text.clone(),
            Self::Place(place) => place.words(),
        }
    }
}

fn read_document(document: Node<'_, '_>, values: &Values<'_>, odd: &mut Oddities<'_>) -> Document {
    let words = values.text("IDRegDocType", document.attr("IDRegDocTypeID")).to_owned();
    if words.is_empty() {
        odd.note("documents whose type the file does not name", document.attr("IDRegDocTypeID"));
    }
    let number = document.words_of("IDRegistrationNo");
    let (mut issued, mut expires) = (String::new(), String::new());
    let mut remark = Vec::new();
    for date in document.each("DocumentDate") {
        let sort = values.text("IDRegDocDateType", date.attr("IDRegDocDateTypeID")).to_ascii_lowercase();
        let day = date.child("DatePeriod").and_then(dates::period).unwrap_or_default();
        match sort.as_str() {
            text if text.contains("issue") => issued = day,
            text if text.contains("expir") => expires = day,
            _ => remark.push(format!("{words} {number} {sort} {day}")),
        }
    }
    let (country, country_words) = values.country(document.attr("IssuedBy-CountryID"), odd);
    if country.is_none() && !country_words.is_empty() {
        remark.push(format!("{words} {number} ({country_words})"));
    }
    let validity = values.text("Validity", document.attr("ValidityID"));
    if validity.eq_ignore_ascii_case("Fraudulent") || validity.eq_ignore_ascii_case("Invalid") {
        remark.push(format!("{words} {number}: {validity}"));
    }
    for name in ["IssuingAuthority", "Comment"] {
        let text = document.words_of(name);
        if !text.is_empty() && text != number {
            remark.push(format!("{words} {number}: {text}"));
        }
    }
    Document { words, number, country, issued, expires, remark: remark.join("; ") }
}
