//! The XML of schema 1.1: `export` / `sanctionEntity`, most facts in
//! attributes.

use std::borrow::Cow;

use roxmltree::Node;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::Watchlist;
use crate::watchlist::format::format::Input;
use crate::watchlist::format::xml::{self, Element};
use crate::watchlist::format::{Mistakes, days};

use super::parts::{self, Law, Part};
use super::{List, listed_by_law};

pub(super) const NAMESPACE: &str = "http://eu.europa.ec/fpi/fsd/export";

/// An element whose attributes are the fields.
struct Attributes<'d, 't>(Node<'d, 't>);

impl Part for Attributes<'_, '_> {
    fn get(&self, field: &str) -> Cow<'_, str> {
        match field {
            "Remark" => return remarks(&self.0),
            "ContactInfo" => return contacts(&self.0),
            "PublicationUrl" => {
                let url = self.0.attr("publicationUrl");
                return if url.is_empty() { self.0.words_of("publicationUrl").into() } else { url.into() };
            }
            _ => {}
        }
        Cow::Borrowed(match known(field) {
            Some(name) => self.0.attr(name),
            None => self.0.attr(&lower_first(field)),
        })
    }
}

/// Attributes that do not go by the CSV's words.
fn known(field: &str) -> Option<&'static str> {
    Some(match field {
        "BirthDate" => "birthdate",
        "Day" => "dayOfMonth",
        "Month" => "monthOfYear",
        "Type" => "regulationType",
        "TypeCode" => "identificationTypeCode",
        "TypeDescription" => "identificationTypeDescription",
        "IssuedDate" => "issueDate",
        "EU_ReferenceNumber" => "euReferenceNumber",
        _ => return None,
    })
}

fn lower_first(field: &str) -> String {
    let mut chars = field.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

fn remarks<'n>(node: &Node<'_, '_>) -> Cow<'n, str> {
    let texts: Vec<_> = node.each("remark").map(|remark| remark.words()).collect();
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ").into()
}

/// As the CSV writes them: `PHONE[021-86611265]`.
fn contacts<'n>(node: &Node<'_, '_>) -> Cow<'n, str> {
    let info = |info: Node<'_, '_>| format!("{}[{}]", info.attr("key"), info.attr("value"));
    node.each("contactInfo").map(info).collect::<Vec<_>>().join("\n").into()
}

/// The kind is an element of its own.
struct Entity<'d, 't>(Attributes<'d, 't>);

impl Part for Entity<'_, '_> {
    fn get(&self, field: &str) -> Cow<'_, str> {
        let kind =
            |attribute| self.0.0.child("subjectType").map(|kind| kind.attr(attribute)).unwrap_or_default();
        match field {
            "SubjectType" => kind("code").into(),
            "SubjectType_ClassificationCode" => kind("classificationCode").into(),
            _ => self.0.get(field),
        }
    }
}

pub(super) fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(document) = xml::parse(&input.file, out) else { return Vec::new() };
    let root = document.root_element();
    let mut list = List::new(input);
    list.date = days::iso(root.attr("generationDate"));
    let mut mistakes = Mistakes::new(&input.file);
    for node in root.children().filter(Node::is_element) {
        if node.tag_name().name() != "sanctionEntity" {
            list.odd.note("elements of the list of no known sort", node.tag_name().name());
            continue;
        }
        let id = node.attr("logicalId");
        let start = node.range().start;
        let span = start..(start + "<sanctionEntity".len()).min(input.file.text.len());
        if id.is_empty() {
            let message = "an entry has no `logicalId`, and is left out";
            mistakes.push(Diagnostic::error(message).at(&input.file, span), out);
            continue;
        }
        if list.gather.has(id) {
            let message = format!("the entry {id} stands twice; both are taken as one");
            mistakes.push(Diagnostic::error(message).at(&input.file, span), out);
        }
        read_entity(node, id, &mut list);
    }
    let lists = list.finish(input, &mut mistakes, out);
    mistakes.finish(out);
    lists
}

fn read_entity(node: Node<'_, '_>, id: &str, list: &mut List<'_>) {
    list.entity(id, &Entity(Attributes(node)));
    let designated = !node.attr("designationDate").is_empty();
    for node in node.each("regulation") {
        let law = Law::of(&Attributes(node), &mut list.odd);
        list.law(id, &law);
        if !designated {
            listed_by_law(list.gather.party(id), &law);
        }
    }
    for part in node.children().filter(Node::is_element) {
        let (party, fields) = (list.gather.party(id), Attributes(part));
        match part.tag_name().name() {
            "nameAlias" => parts::name(&fields, party, &mut list.odd),
            "address" => parts::address(&fields, party, &mut list.odd),
            "birthdate" => parts::birth(&fields, party, &mut list.odd),
            "identification" => parts::document(&fields, party, &mut list.odd),
            "citizenship" => parts::citizenship(&fields, party, &mut list.odd),
            "remark" | "regulation" | "subjectType" => continue,
            other => list.odd.note("parts of entries of no known sort", other),
        }
        for law in part.each("regulationSummary") {
            let law = Law::of(&Attributes(law), &mut list.odd);
            list.part_law(id, &law);
        }
    }
}
