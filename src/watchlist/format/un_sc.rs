//! The UN Security Council Consolidated List in XML: `CONSOLIDATED_LIST` with
//! `INDIVIDUALS` and `ENTITIES`.
//!
//! The id is the permanent reference number. Who is connected with whom stands
//! only in the comments and stays there. What has no field is a remark.

use roxmltree::Node;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{Address, Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{
    Gather, add_address, add_bracketed_name, add_identifier, add_name, add_remark, add_text,
};
use super::oddities::Oddities;
use super::xml::Element;
use super::{Mistakes, days, document_number, heads, nationalities, xml};

pub(super) const READER: Reader = Reader {
    format: Format { key: "un-sc-xml", label: "UN Security Council Consolidated List, XML" },
    looks_like: |head: &Head<'_>| head.root().is_some_and(|(name, _)| name == "CONSOLIDATED_LIST"),
    read: Read::Each(read),
};

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let file = &input.file;
    let Some(document) = xml::parse(file, out) else { return Vec::new() };
    let root = document.root_element();
    let mut mistakes = Mistakes::new(file);
    let (mut gather, mut odd) = (Gather::default(), Oddities::new(input.countries));
    for node in root.children().filter(Node::is_element).flat_map(|group| group.children()) {
        if !node.is_element() {
            continue;
        }
        let kind = match node.tag_name().name() {
            "INDIVIDUAL" => PartyKind::Person,
            "ENTITY" => PartyKind::Organization,
            other => {
                odd.note("elements of the list of no known sort", other);
                continue;
            }
        };
        let start = node.range().start;
        let span = start..(start + 1 + node.tag_name().name().len()).min(file.text.len());
        let mut error =
            |message: String| mistakes.push(Diagnostic::error(message).at(file, span.clone()), out);
        let id = node.words_of("REFERENCE_NUMBER");
        if id.is_empty() {
            error(format!("`{}` has no reference number, and is left out", name(node)));
            continue;
        }
        if gather.has(&id) {
            error(format!("the reference number {id} stands twice; both are taken as one"));
        }
        let programme = node.words_of("UN_LIST_TYPE");
        let programme = (!programme.is_empty()).then(|| gather.text(&programme));
        let party = gather.party(&id);
        party.kind = kind;
        party.programs.extend(programme);
        read_party(node, party, &mut odd);
        if party.names.is_empty() {
            error(format!("the entry {id} has no name"));
        }
    }
    let mut info = heads::head("un-sc");
    file.name.as_ref().clone_into(&mut info.edition.source);
    info.edition.sha256.clone_from(&input.sha256);
    info.edition.date = days::iso(root.attr("dateGenerated"));
    let parties = gather.finish();
    if parties.is_empty() {
        mistakes.push(Diagnostic::error(format!("`{}` holds no entries", file.name)), out);
    }
    mistakes.finish(out);
    odd.report(&file.name, &mut info, out);
    vec![Watchlist::new(info, parties)]
}

/// The names one to four, in their order.
fn name(node: Node<'_, '_>) -> String {
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|part| node.words_of(part));
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn read_party(node: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let whole = name(node);
    add_name(party, &whole, NameQuality::Primary, false);
    add_names(party, &whole, NameQuality::Strong, false);
    for part in node.children().filter(Node::is_element) {
        let text = part.words();
        match part.tag_name().name() {
            "NAME_ORIGINAL_SCRIPT" => add_name(party, &text, NameQuality::Strong, false),
            "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => alias(part, party, odd),
            "INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS" => address(part, party, odd),
            "INDIVIDUAL_DATE_OF_BIRTH" => add_text(&mut party.birth_dates, &born(part)),
            "INDIVIDUAL_PLACE_OF_BIRTH" => add_text(&mut party.birth_places, &place(part)),
            "INDIVIDUAL_DOCUMENT" => document(part, party, odd),
            "NATIONALITY" => {
                for text in part.each("VALUE").map(|value| value.words()) {
                    let found = nationalities::nationality(&text, odd);
                    add_remark(party, "Nationality", if found.is_none() { &text } else { "" });
                    party.nationalities.extend(found);
                }
            }
            "LISTED_ON" => party.listed = day(&text, odd),
            "DELISTED_ON" => party.removed = day(&text, odd),
            "LAST_DAY_UPDATED" => values(part, party, "Last updated"),
            "TITLE" => values(part, party, "Title"),
            "DESIGNATION" => values(part, party, "Designation"),
            "GENDER" => add_remark(party, "Gender", &text),
            "SUBMITTED_BY" => add_remark(party, "Submitted by", &text),
            "SUBMITTED_ON" => add_remark(party, "Submitted on", &text),
            "COMMENTS1" => add_remark(party, "", &text),
            // Read above, or of use to the publisher's own programs only.
            "FIRST_NAME" | "SECOND_NAME" | "THIRD_NAME" | "FOURTH_NAME" | "REFERENCE_NUMBER"
            | "UN_LIST_TYPE" | "DATAID" | "VERSIONNUM" | "LIST_TYPE" | "SORT_KEY" | "SORT_KEY_LAST_MOD" => {}
            other => {
                let all: Vec<_> = part.descendants().filter_map(|node| node.text()).collect();
                add_remark(party, other, &all.join(" ").split_whitespace().collect::<Vec<_>>().join(" "));
                odd.note("parts of entries of no known sort", other);
            }
        }
    }
}

fn day(text: &str, odd: &mut Oddities<'_>) -> Option<jiff::civil::Date> {
    let found = days::iso(text);
    if found.is_none() && !text.is_empty() {
        odd.note("dates that are none", text);
    }
    found
}

/// `VALUE` elements as one remark.
fn values(node: Node<'_, '_>, party: &mut ListedParty, words: &str) {
    let values: Vec<_> =
        node.each("VALUE").map(|value| value.words()).filter(|text| !text.is_empty()).collect();
    add_remark(party, words, &values.join(", "));
}

/// Several spellings stand between semicolons, at times behind `b)`.
fn add_names(party: &mut ListedParty, text: &str, quality: NameQuality, former: bool) {
    for text in text.split(';').flat_map(|text| text.split(" b) ")) {
        add_name(party, text, quality, former);
        add_bracketed_name(party, text, former);
    }
}

fn alias(node: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let text = node.words_of("ALIAS_NAME");
    let comment = node.words_of("NOTE");
    let quality = node.words_of("QUALITY");
    let words = comment.to_lowercase();
    let listed_before = words.contains("formerly listed") || words.contains("previously listed");
    let (quality, former) = match quality.to_lowercase().as_str() {
        "low" => (NameQuality::Weak, listed_before),
        "good" | "a.k.a." => (NameQuality::Strong, listed_before),
        "f.k.a." => (NameQuality::Strong, true),
        "" if text.is_empty() && comment.is_empty() => return,
        other => {
            odd.note("aliases of no known quality", &format!("{text} ({other})"));
            (NameQuality::Strong, listed_before)
        }
    };
    add_names(party, &text, quality, former);
    if !listed_before || words.len() > "previously listed as".len() {
        add_remark(party, &format!("Alias {text}"), &comment);
    }
    // A false identity has a birth of its own.
    let birth = node.words_of("DATE_OF_BIRTH");
    add_text(&mut party.birth_dates, &birth);
    let place = line(node, &["CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"]);
    add_text(&mut party.birth_places, &place);
    let born = [birth, place].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" in ");
    if !born.is_empty() {
        add_remark(party, &format!("Alias {text}"), &format!("born {born}"));
    }
}

/// The texts of some child elements in one line.
fn line(node: Node<'_, '_>, parts: &[&str]) -> String {
    let texts = parts.iter().map(|part| node.words_of(part)).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(", ")
}

fn address(node: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let written = node.words_of("COUNTRY");
    let country = odd.country(&written);
    let mut region = node.words_of("STATE_PROVINCE");
    if country.is_none() && !written.is_empty() {
        region = [region, written].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
    }
    let address = Address {
        street: node.words_of("STREET"),
        city: node.words_of("CITY"),
        postal_code: node.words_of("ZIP_CODE"),
        region,
        country,
    };
    let words = format!("Address {}", address.one_line());
    add_remark(party, words.trim(), &node.words_of("NOTE"));
    add_address(party, address);
}

/// `1971`, `1967-01-01`, `circa 1963`, `1968 to 1973`, with the note behind it.
fn born(node: Node<'_, '_>) -> String {
    let circa = node.words_of("TYPE_OF_DATE").eq_ignore_ascii_case("approximately");
    let texts = [node.words_of("DATE"), node.words_of("YEAR")];
    let (from, to) = (node.words_of("FROM_YEAR"), node.words_of("TO_YEAR"));
    let range = if from.is_empty() && to.is_empty() { String::new() } else { format!("{from} to {to}") };
    let text = texts.into_iter().chain([range]).find(|text| !text.is_empty()).unwrap_or_default();
    let text = if circa && !text.is_empty() { format!("circa {text}") } else { text };
    match (text.is_empty(), node.words_of("NOTE")) {
        (_, comment) if comment.is_empty() => text,
        (true, comment) => comment,
        (false, comment) => format!("{text} ({comment})"),
    }
}

fn place(node: Node<'_, '_>) -> String {
    let place = line(node, &["STREET", "CITY", "STATE_PROVINCE", "COUNTRY"]);
    let comment = node.words_of("NOTE");
    match (place.is_empty(), comment.is_empty()) {
        (_, true) => place,
        (true, false) => comment,
        (false, false) => format!("{place} ({comment})"),
    }
}

/// The number stands in `NUMBER`, or in the second type, or in the note.
fn document(node: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let (kind, second) = (node.words_of("TYPE_OF_DOCUMENT"), node.words_of("TYPE_OF_DOCUMENT2"));
    let (written, comment) = (node.words_of("NUMBER"), node.words_of("NOTE"));
    if [&kind, &second, &written, &comment].iter().all(|text| text.is_empty()) {
        return;
    }
    let texts = [written.as_str(), second.as_str(), comment.as_str()];
    let found = texts.into_iter().map(document_number::take_apart).find(|found| {
        // A note may tell the day of issue and no number: `issued in 1974`.
        !found.number.is_empty() && !found.number.to_lowercase().starts_with("issued")
    });
    let places = [node.words_of("ISSUING_COUNTRY"), node.words_of("COUNTRY_OF_ISSUE")];
    let [first, second_place] = &places;
    let country = odd.country(first).or_else(|| odd.country(second_place));
    let mut facts =
        vec![second.clone(), node.words_of("CITY_OF_ISSUE"), node.words_of("DATE_OF_ISSUE"), comment.clone()];
    if country.is_none() {
        facts.extend(places);
    }
    let words = if second.is_empty() { &kind } else { &second };
    if let Some(found) = found {
        let sort = document_kind(&format!("{words} {}", found.words), &kind);
        if sort == IdentifierKind::Other {
            odd.note("documents of no known sort", &format!("{words} {}", found.number));
        }
        if !found.words.is_empty() {
            facts.insert(0, found.words.to_owned());
        }
        facts.push(found.said.to_owned());
        let value = found.number.to_owned();
        add_identifier(party, Identifier { kind: sort, value: value.clone(), country });
        facts.retain(|fact| !fact.is_empty());
        facts.dedup();
        add_remark(party, &format!("Document {value}"), &facts.join(", "));
    } else {
        facts.insert(0, kind);
        facts.insert(1, written);
        facts.retain(|fact| !fact.is_empty());
        odd.note("documents without a number", &facts.join(", "));
        add_remark(party, "Document", &facts.join(", "));
    }
}

/// By the more telling words, else by the publisher's two types.
fn document_kind(words: &str, kind: &str) -> IdentifierKind {
    for words in [words.to_lowercase(), kind.to_lowercase()] {
        let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        if has(&["passport", "passeport", "pasaporte"]) {
            return IdentifierKind::Passport;
        }
        if has(&["fiscal code", "tax"]) {
            return IdentifierKind::Tax;
        }
        if has(&["identi", "social security", "ssn", "residen", "national number", "voter", "student id"]) {
            return IdentifierKind::NationalId;
        }
    }
    IdentifierKind::Other
}
