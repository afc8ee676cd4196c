//! The XML before schema 1.1: `WHOLE` / `ENTITY`, facts in elements, laws in
//! attributes, countries by three letters. Documents and births are written as
//! sentences, which are taken apart here.

use std::borrow::Cow;

use roxmltree::Node;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::format::format::Input;
use crate::watchlist::format::gather::{add_identifier, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::{self, Element};
use crate::watchlist::format::{Mistakes, days};
use crate::watchlist::{ListedParty, Watchlist};

use super::parts::{self, Law, Part};
use super::{List, listed_by_law};

/// An element whose child elements and attributes are the fields.
struct Children<'d, 't>(Node<'d, 't>);

impl Part for Children<'_, '_> {
    fn get(&self, field: &str) -> Cow<'_, str> {
        let element = match field {
            "WholeName" => "WHOLENAME",
            "FirstName" => "FIRSTNAME",
            "MiddleName" => "MIDDLENAME",
            "LastName" => "LASTNAME",
            "Gender" => "GENDER",
            "Title" => "TITLE",
            "Function" => "FUNCTION",
            "City" => "CITY",
            "ZipCode" => "ZIPCODE",
            "Place" => "PLACE",
            "CountryDescription" => "COUNTRY",
            "Street" => return street(self.0).into(),
            _ => return self.0.attr(attribute(field)).into(),
        };
        self.0.words_of(element).into()
    }
}

fn attribute(field: &str) -> &'static str {
    match field {
        "SubjectType" => "Type",
        "Remark" => "remark",
        "LogicalId" => "Id",
        "NumberTitle" => "legal_basis",
        "PublicationDate" => "reg_date",
        "Programme" => "programme",
        "PublicationUrl" => "pdf_link",
        _ => "",
    }
}

/// Number and street.
fn street(node: Node<'_, '_>) -> String {
    let parts = [node.words_of("NUMBER"), node.words_of("STREET")];
    parts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A birth whose sentence `1968 - 1970 (approximative)` is taken apart.
struct Birth<'d, 't>(Children<'d, 't>);

impl Part for Birth<'_, '_> {
    fn get(&self, field: &str) -> Cow<'_, str> {
        let text = self.0.0.words_of("DATE");
        let bare = text.strip_suffix("(approximative)").unwrap_or(&text).trim();
        match field {
            "Circa" => if bare.len() < text.len() { "true" } else { "" }.into(),
            "BirthDate" => bare.replace(" - ", " to ").into(),
            _ => self.0.get(field),
        }
    }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(document) = xml::parse(&input.file, out) else { return Vec::new() };
    let root = document.root_element();
    let mut list = List::new(input);
    list.date = days::day_month_year(root.attr("Date"));
    let mut mistakes = Mistakes::new(&input.file);
    for node in root.children().filter(Node::is_element) {
        let id = node.attr("Id");
        let start = node.range().start;
        let span = start..(start + "<ENTITY".len()).min(input.file.text.len());
        if node.tag_name().name() != "ENTITY" {
            list.odd.note("elements of the list of no known sort", node.tag_name().name());
        } else if id.is_empty() {
            let message = "an entry has no `Id`, and is left out";
            mistakes.push(Diagnostic::error(message).at(&input.file, span), out);
        } else {
            if list.gather.has(id) {
                let message = format!("the entry {id} stands twice; both are taken as one");
                mistakes.push(Diagnostic::error(message).at(&input.file, span), out);
            }
            read_entity(node, id, &mut list);
        }
    }
    let lists = list.finish(input, &mut mistakes, out);
    mistakes.finish(out);
    lists
}

fn read_entity(node: Node<'_, '_>, id: &str, list: &mut List<'_>) {
    let entity = Children(node);
    list.entity(id, &entity);
    let law = Law::of(&entity, &mut list.odd);
    list.law(id, &law);
    listed_by_law(list.gather.party(id), &law);
    for part in node.children().filter(Node::is_element) {
        let (party, odd, fields) = (list.gather.party(id), &mut list.odd, Children(part));
        match part.tag_name().name() {
            "NAME" => parts::name(&fields, party, odd),
            "ADDRESS" => address(&fields, party, odd),
            "BIRTH" => parts::birth(&Birth(fields), party, odd),
            "PASSPORT" => document(part, party, odd),
            "CITIZEN" => parts::citizenship(&fields, party, odd),
            other => odd.note("parts of entries of no known sort", other),
        }
        let law = Law::of(&Children(part), &mut list.odd);
        list.part_law(id, &law);
    }
}

/// `OTHER` holds ways of contact and remarks, the latter in brackets.
fn address(fields: &Children<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let other = fields.0.words_of("OTHER");
    let (contact, remark) = match other.find('(') {
        Some(at) => other.split_at(at),
        None => (other.as_str(), ""),
    };
    parts::contact(contact, party, odd);
    add_remark(party, "Address", remark);
    parts::address(fields, party, odd);
}

/// `D 0001203 (passport-National passport) (issued on 30.6.1998)`: number, code
/// and words, and what is said of it.
fn document(node: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let text = node.words_of("NUMBER");
    let (number, rest) = text.split_once(" (").unwrap_or((&text, ""));
    let (kind, said) = rest.split_once(')').unwrap_or((rest, ""));
    let (code, words) = kind.split_once('-').unwrap_or(("", kind));
    let written = node.words_of("COUNTRY");
    let country = odd.country(&written);
    let number = number.trim();
    if number.eq_ignore_ascii_case("unknown") {
        add_remark(party, "Document", &text);
    } else {
        add_identifier(party, parts::identifier(code, words, number, country));
        add_remark(party, &format!("Document {number}"), said);
    }
    if kind.is_empty() {
        odd.note("documents of no known sort", &text);
    }
}
