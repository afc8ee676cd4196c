//! The UK Sanctions List as XML: `Designations` with one `Designation` an
//! entry. Knows the elements by their names wherever they stand in it; an
//! element that is not known is counted with what it says.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::Gather;
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::{self, Element};
use crate::watchlist::format::{Mistakes, days, heads};

use super::designation::{CODE, Designation, FIELDS, Name, Place, REMARKS, put};
use super::text;

type Node<'d, 't> = roxmltree::Node<'d, 't>;

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "gb-uksl-xml", label: "UK Sanctions List, XML" },
    looks_like,
    read: Read::Each(read),
};

/// Children whose parts belong together, and where they go.
const PAIRS: [[&str; 2]; 3] = [
    ["TownOfBirth", "CountryOfBirth"],
    ["PassportNumber", "PassportAdditionalInformation"],
    ["NationalIdentifierNumber", "NationalIdentifierAdditionalInformation"],
];

/// Elements that are read as wholes.
const WHOLES: [&str; 4] = ["Names", "Addresses", "SanctionsImposedIndicators", "SanctionsImposed"];

const NAME_PARTS: [&str; 6] = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"];

const LINES: [&str; 6] =
    ["AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "AddressLine5", "AddressLine6"];

fn looks_like(head: &Head<'_>) -> bool {
    head.root().is_some_and(|(name, _)| name == "Designations")
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(document) = xml::parse(&input.file, out) else { return Vec::new() };
    let root = document.root_element();
    let mut info = heads::head_of(CODE, input);
    let words = root.words_of("DateGenerated");
    let day = if words.is_empty() { root.attr("DateGenerated") } else { words.as_str() };
    let day = day.split('T').next().unwrap_or_default();
    info.edition.date = days::day_month_year(day).or_else(|| days::iso(day));
    if info.edition.date.is_none() {
        out.push(Diagnostic::warning(format!(
            "`{}` does not say its date (`DateGenerated`)",
            input.file.name
        )));
    }
    let mut odd = Oddities::new(input.countries);
    let mut mistakes = Mistakes::new(&input.file);
    let mut gather = Gather::default();
    for node in root.children().filter(Node::is_element) {
        match node.tag_name().name() {
            "Designation" => {}
            "DateGenerated" => continue,
            other => {
                mistakes.push(xml::error_at(&input.file, node, format!("`{other}` is no designation")), out);
                continue;
            }
        }
        let designation = designation(node, &mut odd);
        let fault = if designation.id.is_empty() {
            "a designation without `UniqueID`".to_owned()
        } else if gather.has(&designation.id) {
            format!("the id `{}` stands twice", designation.id)
        } else if let Some(party) = designation.party(&mut gather, &mut odd) {
            *gather.party(&designation.id) = party;
            continue;
        } else {
            format!("the designation `{}` has no name", designation.id)
        };
        mistakes.push(xml::error_at(&input.file, node, fault), out);
    }
    mistakes.finish(out);
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, gather.finish())]
}

fn designation(node: Node<'_, '_>, odd: &mut Oddities<'_>) -> Designation {
    let mut designation = Designation::new(&node.words_of("UniqueID"));
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "UniqueID" => {}
            "Names" => names(child, &mut designation, odd),
            "Addresses" => places(child, &mut designation, odd),
            "SanctionsImposed" => {
                for measure in child.words().split('|').map(|measure| measure.trim().to_lowercase()) {
                    if !measure.is_empty() {
                        put(&mut designation.measures, measure);
                    }
                }
            }
            "SanctionsImposedIndicators" => indicators(child, &mut designation, odd),
            _ => fields(child, &mut designation, odd),
        }
    }
    designation
}

fn names(node: Node<'_, '_>, designation: &mut Designation, odd: &mut Oddities<'_>) {
    for name in node.children().filter(Node::is_element) {
        for part in name.children().filter(Node::is_element) {
            let part_name = part.tag_name().name();
            if !NAME_PARTS.contains(&part_name) && !["NameType", "AliasStrength"].contains(&part_name) {
                odd.note("elements not known here", &format!("{part_name}: {}", part.words()));
            }
        }
        let parts = NAME_PARTS.map(|part| name.words_of(part));
        designation.names.push(Name {
            text: text::full_name(parts.iter().map(String::as_str)),
            kind: name.words_of("NameType"),
            strength: name.words_of("AliasStrength"),
        });
    }
}

fn places(node: Node<'_, '_>, designation: &mut Designation, odd: &mut Oddities<'_>) {
    for address in node.children().filter(Node::is_element) {
        for part in address.children().filter(Node::is_element) {
            let name = part.tag_name().name();
            if !LINES.contains(&name) && !["AddressPostalCode", "AddressCountry"].contains(&name) {
                odd.note("elements not known here", &format!("{name}: {}", part.words()));
            }
        }
        let place = Place {
            lines: LINES.map(|line| address.words_of(line)).into(),
            postal_code: address.words_of("AddressPostalCode"),
            country: address.words_of("AddressCountry"),
        };
        put(&mut designation.places, place);
    }
}

/// `<AssetFreeze>true</AssetFreeze>` says the same as `Asset freeze`.
fn indicators(node: Node<'_, '_>, designation: &mut Designation, odd: &mut Oddities<'_>) {
    for indicator in node.children().filter(Node::is_element) {
        match indicator.words().to_lowercase().as_str() {
            "true" | "1" => {
                let mut words = String::new();
                for c in indicator.tag_name().name().chars() {
                    if c.is_uppercase() && !words.is_empty() {
                        words.push(' ');
                    }
                    words.extend(c.to_lowercase());
                }
                put(&mut designation.measures, words);
            }
            "false" | "0" | "" => {}
            other => odd.note("indicators that are neither true nor false", other),
        }
    }
}

/// Whatever else the element holds, by the names of its innermost elements.
fn fields(node: Node<'_, '_>, designation: &mut Designation, odd: &mut Oddities<'_>) {
    for element in node.descendants().filter(Node::is_element) {
        pair(element, designation);
        if element.children().any(|child| child.is_element()) {
            continue;
        }
        let (name, value) = (element.tag_name().name(), element.words());
        if value.is_empty() || PAIRS.iter().flatten().any(|part| *part == name) || WHOLES.contains(&name) {
            continue;
        }
        let fields = FIELDS.iter().map(|(_, field)| *field);
        match fields.chain(REMARKS.iter().map(|(_, field, _)| *field)).find(|field| *field == name) {
            Some(field) => designation.put(field, &value),
            None => odd.note("elements not known here", &format!("{name}: {value}")),
        }
    }
}

fn pair(element: Node<'_, '_>, designation: &mut Designation) {
    let [births, passports, national_ids] = PAIRS;
    for ([first, second], values) in [
        (births, &mut designation.births),
        (passports, &mut designation.passports),
        (national_ids, &mut designation.national_ids),
    ] {
        let pair = (element.words_of(first), element.words_of(second));
        if !pair.0.is_empty() || !pair.1.is_empty() {
            put(values, pair);
        }
    }
}
