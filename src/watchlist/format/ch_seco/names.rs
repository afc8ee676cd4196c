//! The names of a target: parts in an order, each with spellings by language
//! and script. Knows which parts make a name; a spelling of one part is joined
//! with the other parts in the same script, or as they stand.

use crate::watchlist::format::gather::{add_name, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::Element;
use crate::watchlist::{ListedParty, NameQuality};

type Node<'d, 't> = roxmltree::Node<'d, 't>;

/// Parts that stand in a name.
const IN_NAME: [&str; 9] = [
    "whole-name",
    "family-name",
    "given-name",
    "further-given-name",
    "father-name",
    "grand-father-name",
    "tribal-name",
    "suffix",
    "other",
];

struct Part {
    kind: String,
    value: String,
    /// Language and script, then the spelling.
    spellings: Vec<((String, String), String)>,
}

/// Adds a name in all its spellings.
pub(super) fn add(party: &mut ListedParty, name: Node<'_, '_>, main: bool, odd: &mut Oddities<'_>) {
    let (quality, former) = quality(name, main, odd);
    let pieces = pieces(name, party, odd);
    add_name(party, &joined(&pieces, |part| &part.value, "maiden-name"), quality, former);
    let other = if quality == NameQuality::Primary { NameQuality::Strong } else { quality };
    if pieces.iter().any(|part| part.kind == "maiden-name") {
        add_name(party, &joined(&pieces, |part| &part.value, "family-name"), other, true);
    }
    let mut keys: Vec<&(String, String)> = Vec::new();
    for (key, _) in pieces.iter().flat_map(|part| &part.spellings) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    for key in keys {
        let of = |part: &Part| part.spellings.iter().filter(|(own, _)| own == key).count();
        for number in 0..pieces.iter().map(of).max().unwrap_or(0) {
            let spelling = |part: &'_ Part| -> String {
                let mut own = part.spellings.iter().filter(|(own, _)| own == key).map(|(_, text)| text);
                own.nth(number).unwrap_or(&part.value).clone()
            };
            let spelt: Vec<Part> = pieces
                .iter()
                .map(|part| Part { kind: part.kind.clone(), value: spelling(part), spellings: Vec::new() })
                .collect();
            add_name(party, &joined(&spelt, |part| &part.value, "maiden-name"), other, former);
        }
    }
}

fn quality(name: Node<'_, '_>, main: bool, odd: &mut Oddities<'_>) -> (NameQuality, bool) {
    let alias = match name.attr("quality") {
        "low" => NameQuality::Weak,
        "good" | "" => NameQuality::Strong,
        other => {
            odd.note("qualities of names not known here", other);
            NameQuality::Strong
        }
    };
    match name.attr("name-type") {
        // The primary name of another identity is an alias of the party.
        "primary-name" if main => (NameQuality::Primary, false),
        "primary-name" | "alias" => (alias, false),
        "formerly-known-as" => (NameQuality::Strong, true),
        other => {
            odd.note("types of name not known here", other);
            (alias, false)
        }
    }
}

fn pieces(name: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) -> Vec<Part> {
    let mut nodes: Vec<_> = name.each("name-part").collect();
    nodes.sort_by_key(|part| part.attr("order").parse::<usize>().unwrap_or(usize::MAX));
    let mut pieces = Vec::new();
    for node in nodes {
        let kind = node.attr("name-part-type");
        let value = node.words_of("value");
        if kind == "title" {
            add_remark(party, "Title", &value);
            continue;
        }
        if !IN_NAME.contains(&kind) && kind != "maiden-name" {
            odd.note("parts of names not known here, taken into the name", &format!("{kind}: {value}"));
        }
        let spellings = node
            .each("spelling-variant")
            .map(|node| ((node.attr("lang").to_owned(), node.attr("script").to_owned()), node.words()))
            .filter(|(_, text)| !text.is_empty());
        pieces.push(Part { kind: kind.to_owned(), value, spellings: spellings.collect() });
    }
    pieces
}

/// The parts with spaces between, without those of one kind.
fn joined<'p>(parts: &'p [Part], text: impl Fn(&'p Part) -> &'p String, without: &str) -> String {
    let parts = parts.iter().filter(|part| part.kind != without);
    parts.map(text).filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" ")
}
