//! What the parts of an entry of the EU's list mean: names, addresses, births,
//! documents, citizenships, laws. Fields go by the words of the CSV's columns;
//! where they stand in a file is the file's part.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::trade::{Address, CountryCode, Identifier, IdentifierKind};
use crate::watchlist::format::gather::{add_address, add_identifier, add_name, add_remark, add_text};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::{days, identifiers};
use crate::watchlist::{ListedParty, NameQuality};

/// One part, such as a name.
pub(super) trait Part {
    /// A field's text, trimmed; empty without one.
    fn get(&self, field: &str) -> Cow<'_, str>;

    /// Whether a yes-or-no field says yes.
    fn is(&self, field: &str) -> bool {
        self.get(field).eq_ignore_ascii_case("true")
    }

    /// The texts of several fields that have one.
    fn texts(&self, fields: &[&str], between: &str) -> String {
        let texts: Vec<_> =
            fields.iter().map(|field| self.get(field)).filter(|text| !text.is_empty()).collect();
        texts.join(between)
    }
}

/// A legal act.
pub(super) struct Law {
    pub number: String,
    /// `regulation`, `amendment`, `repealing` …, and whose it is.
    pub sort: String,
    pub published: Option<Date>,
    pub in_force: Option<Date>,
    pub programme: String,
    pub url: String,
}

impl Law {
    pub fn of(part: &dyn Part, odd: &mut Oddities<'_>) -> Self {
        let mut day = |field| date(&part.get(field), odd);
        Self {
            published: day("PublicationDate"),
            in_force: day("EntryIntoForceDate"),
            number: part.get("NumberTitle").into_owned(),
            sort: part.texts(&["Type", "OrganisationType"], " of the "),
            programme: part.get("Programme").into_owned(),
            url: part.get("PublicationUrl").into_owned(),
        }
    }

    pub fn is_empty(&self) -> bool {
        [&self.number, &self.programme, &self.url].iter().all(|text| text.is_empty())
    }

    /// `1210/2003 (OJ L169), regulation of the commission, published 2003-07-08`.
    pub fn citation(&self) -> String {
        let published = self.published.map(|day| format!("published {day}")).unwrap_or_default();
        let parts = [&self.number, &self.sort, &published];
        parts.into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(", ")
    }
}

/// A day; what is none is counted.
fn date(text: &str, odd: &mut Oddities<'_>) -> Option<Date> {
    let found = days::iso(text).or_else(|| days::day_month_year(text));
    if found.is_none() && !text.is_empty() {
        odd.note("dates that are none", text);
    }
    found
}

/// What is said of the whole entry, apart from its kind and laws.
pub(super) fn entity(entity: &dyn Part, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    if party.listed.is_none() {
        party.listed = date(&entity.get("DesignationDate"), odd);
    }
    add_remark(party, "EU reference number", &entity.get("EU_ReferenceNumber"));
    for reference in entity.get("UnitedNationId").split([',', ';']).map(str::trim) {
        let link = format!("un-sc/{reference}");
        if !reference.is_empty() && !party.same_as.contains(&link) {
            party.same_as.push(link);
        }
    }
    add_remark(party, "", &entity.get("DesignationDetails"));
    add_remark(party, "", &entity.get("Remark"));
}

/// A name with what its bearer is and does.
pub(super) fn name(name: &dyn Part, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let whole = name.get("WholeName");
    let text = if whole.is_empty() {
        name.texts(&["FirstName", "MiddleName", "LastName"], " ")
    } else {
        whole.into_owned()
    };
    let remark = name.get("Remark");
    if text.is_empty() && !name.get("LogicalId").is_empty() {
        odd.note("names without a text, by number", &name.get("LogicalId"));
    }
    let words = remark.to_lowercase();
    let weak = name.get("Strong").eq_ignore_ascii_case("false") || words.contains("low quality");
    let former = words.contains("formerly") || words.contains("previously") || words.contains("f.k.a");
    add_name(party, &text, if weak { NameQuality::Weak } else { NameQuality::Strong }, former);
    if !remark.is_empty() {
        add_remark(party, "", &format!("Name {text}: {remark}"));
    }
    for field in ["Title", "Function", "Gender"] {
        add_remark(party, field, &name.get(field));
    }
}

/// The country of a part. `00` and `UNKNOWN` are the publisher's words for
/// none; a description helps where the code does not.
fn country(part: &dyn Part, odd: &mut Oddities<'_>) -> Option<CountryCode> {
    let code = part.get("CountryIso2Code");
    if let Some(found) = CountryCode::new(&code) {
        return Some(found);
    }
    let words = part.get("CountryDescription");
    let text = if words.is_empty() { code } else { words };
    if text == "00" || text.eq_ignore_ascii_case("unknown") {
        return None;
    }
    odd.country(&text)
}

/// The country's words, for a line of text.
fn country_words(part: &dyn Part) -> String {
    let words = part.get("CountryDescription");
    let text = if words.is_empty() { part.get("CountryIso2Code") } else { words };
    if text == "00" || text.eq_ignore_ascii_case("unknown") { String::new() } else { text.into_owned() }
}

pub(super) fn address(part: &dyn Part, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let box_number = part.get("PoBox");
    let box_text = if box_number.is_empty() || box_number.to_lowercase().contains("box") {
        box_number.into_owned()
    } else {
        format!("PO Box {box_number}")
    };
    let lines = [part.get("Street").into_owned(), box_text, part.get("Place").into_owned()];
    let found = country(part, odd);
    let mut region = part.get("Region").into_owned();
    if found.is_none() {
        let words = country_words(part);
        let between = if region.is_empty() || words.is_empty() { "" } else { ", " };
        region = format!("{region}{between}{words}");
    }
    let address = Address {
        street: lines.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", "),
        city: part.get("City").into_owned(),
        postal_code: part.get("ZipCode").into_owned(),
        region,
        country: found,
    };
    let place = address.one_line();
    let mut said = |text: &str| {
        let words = if place.is_empty() { "Address".to_owned() } else { format!("Address {place}") };
        add_remark(party, &words, text);
    };
    if part.is("AsAtListingTime") {
        said("at the time of listing");
    }
    said(&part.get("Remark"));
    contact(&part.get("ContactInfo"), party, odd);
    add_address(party, address);
}

/// `PHONE[021-86611265]` and `FAX[662 38 14]`, one a line; what is written in
/// another way is a remark.
pub(super) fn contact(text: &str, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let mut rest = text.trim();
    while let Some((before, value, after)) = bracketed(rest) {
        let (said, word) = before.trim().rsplit_once(char::is_whitespace).unwrap_or(("", before.trim()));
        let kind = match word.to_ascii_uppercase().as_str() {
            "PHONE" | "FAX" | "MOBILE" | "TELEPHONE" => Some(IdentifierKind::Phone),
            "EMAIL" | "E-MAIL" => Some(IdentifierKind::Email),
            "WEB" | "WEBSITE" | "URL" => Some(IdentifierKind::Website),
            _ => None,
        };
        if let Some(kind) = kind {
            add_remark(party, "Contact", said);
            add_identifier(party, Identifier { kind, value: value.trim().to_owned(), country: None });
        } else {
            odd.note("ways of contact of no known sort", &format!("{word}[{value}]"));
            add_remark(party, "Contact", &format!("{before}[{value}]"));
        }
        rest = after.trim_start();
    }
    add_remark(party, "Contact", rest);
}

/// `before[value]after`.
fn bracketed(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('[')?;
    let (value, after) = rest.split_once(']')?;
    Some((before, value, after))
}

/// Day and place of birth.
pub(super) fn birth(part: &dyn Part, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let mut born = born(part);
    let calendar = part.get("CalendarType");
    if !born.is_empty() && !calendar.is_empty() && !calendar.eq_ignore_ascii_case("gregorian") {
        odd.note("days of birth of another calendar", &format!("{born} {calendar}"));
        born = format!("{born} ({calendar} calendar)");
    }
    add_text(&mut party.birth_dates, &born);
    let mut place: Vec<String> = Vec::new();
    for field in ["Place", "City", "ZipCode", "Region"] {
        let text = part.get(field).into_owned();
        // The publisher writes the same word into two fields now and then.
        if !text.is_empty() && !place.contains(&text) {
            place.push(text);
        }
    }
    let country = country_words(part);
    if !country.is_empty() {
        place.push(country);
    }
    add_text(&mut party.birth_places, &place.join(", "));
    let remark = part.get("Remark");
    if !remark.is_empty() {
        add_remark(party, "", &format!("Born {born}: {remark}"));
    }
}

/// `1937-04-28`, `1966-05`, `circa 1960`, `1965 to 1970`.
fn born(part: &dyn Part) -> String {
    let (day, year) = (part.get("BirthDate"), part.get("Year"));
    let month = part.get("Month");
    let (from, to) = (part.get("YearRangeFrom"), part.get("YearRangeTo"));
    let text = if !day.is_empty() {
        day.into_owned()
    } else if !year.is_empty() {
        let two = |field: Cow<'_, str>| (!field.is_empty()).then(|| format!("-{field:0>2}"));
        let month = two(month).unwrap_or_default();
        let day = two(part.get("Day")).filter(|_| !month.is_empty()).unwrap_or_default();
        format!("{year}{month}{day}")
    } else if !from.is_empty() || !to.is_empty() {
        format!("{from} to {to}").trim().to_owned()
    } else {
        return String::new();
    };
    if part.is("Circa") { format!("circa {text}") } else { text }
}

/// A document or number, with what is said of it.
pub(super) fn document(part: &dyn Part, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let number = part.get("Number");
    let latin = part.get("LatinNumber");
    let country = country(part, odd);
    let (code, words) = (part.get("TypeCode"), part.get("TypeDescription"));
    for number in [&number, &latin] {
        add_identifier(party, identifier(&code, &words, number, country));
    }
    if let Some(holder) = Some(part.get("NameOnDocument")).filter(|holder| !holder.is_empty()) {
        // The party went by this name at least once.
        add_name(party, &holder, NameQuality::Weak, false);
        add_remark(party, "", &format!("Document {number}: issued under the name {holder}"));
    }
    let flags = [
        ("Diplomatic", "diplomatic"),
        ("KnownExpired", "known to be expired"),
        ("KnownFalse", "known to be false"),
        ("ReportedLost", "reported lost"),
        ("RevokedByIssuer", "revoked by its issuer"),
    ];
    for (_, text) in flags.into_iter().filter(|(field, _)| part.is(field)) {
        add_remark(party, "", &format!("Document {number}: {text}"));
    }
    let facts = [
        ("IssuedBy", "issued by"),
        ("IssuedDate", "issued on"),
        ("ValidFrom", "valid from"),
        ("ValidTo", "valid to"),
        ("Region", "region"),
    ];
    for (field, words) in facts {
        let text = part.get(field);
        if !text.is_empty() {
            add_remark(party, "", &format!("Document {number}: {words} {text}"));
        }
    }
    let remark = part.get("Remark");
    if number.is_empty() && latin.is_empty() {
        add_remark(party, if words.is_empty() { "Document" } else { &words }, &remark);
    } else if !remark.is_empty() {
        add_remark(party, "", &format!("Document {number}: {remark}"));
    }
}

/// By the publisher's code; a code not known here leaves it to the words.
pub(super) fn identifier(code: &str, words: &str, number: &str, country: Option<CountryCode>) -> Identifier {
    use IdentifierKind as K;
    let kind = match code.to_ascii_lowercase().as_str() {
        "passport" | "diplpassport" | "travelcardid" => K::Passport,
        "id" | "ssn" | "residentperm" | "electionid" | "drivinglicence" | "birthcert" => K::NationalId,
        "regnumber" | "tradelic" => K::Registration,
        "fiscalcode" | "taxid" => K::Tax,
        "swiftbic" => K::Bic,
        "imo" => K::Imo,
        "other" | "" if words.is_empty() || words.starts_with("Other") => K::Other,
        _ => return identifiers::named(if words.is_empty() { code } else { words }, number, country),
    };
    Identifier { kind, value: number.to_owned(), country }
}

pub(super) fn citizenship(part: &dyn Part, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    party.nationalities.extend(country(part, odd));
    add_remark(party, "Region of citizenship", &part.get("Region"));
    add_remark(party, "Citizenship", &part.get("Remark"));
}
