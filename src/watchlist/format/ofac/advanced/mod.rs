//! OFAC's Advanced XML, `SDN_ADVANCED.XML` and `CONS_ADVANCED.XML`, in the
//! namespace of either time: sets of reference values, places, documents,
//! parties with identities and features, entries on lists, and the relations
//! between parties.
//!
//! Values are told by their words in the file's own reference sets, never by
//! their numbers. An entry without its party, and a party without its name, are
//! errors; a party that is on no list counts as on the file's first one. Left
//! out: how sure OFAC is of a feature, and how entries on lists are linked.

mod dates;
mod entries;
mod names;
mod party;
mod places;
mod reference;

use roxmltree::Node;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::{self, Element as _};
use crate::watchlist::format::{Mistakes, heads};
use crate::watchlist::{ListInfo, ListedParty, Relation, RelationKind, Watchlist};

use entries::Listing;
use party::Reader as PartyReader;
use reference::Values;

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "ofac-advanced-xml", label: "OFAC SDN_ADVANCED.XML or CONS_ADVANCED.XML" },
    looks_like,
    read: Read::Each(read),
};

fn looks_like(head: &Head<'_>) -> bool {
    head.root().is_some_and(|(root, _)| root == "Sanctions")
}

/// The parts of the document that are read, or say nothing of a party.
const PARTS: [&str; 8] = [
    "DateOfIssue",
    "ReferenceValueSets",
    "Locations",
    "IDRegDocuments",
    "DistinctParties",
    "ProfileRelationships",
    "SanctionsEntries",
    "SanctionsEntryLinks",
];

/// A list for each one that an entry of the file is on.
fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(document) = xml::parse(&input.file, out) else { return Vec::new() };
    let root = document.root_element();
    let mut odd = Oddities::new(input.countries);
    for part in root.children().filter(Node::is_element) {
        if !PARTS.contains(&part.tag_name().name()) {
            odd.note("elements that are not known here", part.tag_name().name());
        }
    }
    let values = Values::read(root);
    let mut listings = entries::read(root, &values, &mut odd);
    let mut reader = PartyReader::new(root, &values, &mut odd);
    let mut mistakes = Mistakes::new(&input.file);
    let mut lists = Lists::default();
    let mut seen = FxHashSet::default();
    for distinct in root.each_in("DistinctParties", "DistinctParty") {
        for profile in distinct.each("Profile") {
            let id = profile.attr("ID").to_owned();
            let error = |message: String| Diagnostic::error(message).at(&input.file, profile.range());
            if id.is_empty() || !seen.insert(id.clone()) {
                mistakes.push(error(format!("the profile `{id}` has no number or stands twice")), out);
                continue;
            }
            let party = reader.party(distinct, profile);
            if party.names.is_empty() {
                mistakes.push(error(format!("the profile {id} has no name")), out);
                continue;
            }
            lists.add(party, listings.remove(&id).unwrap_or_default(), &mut reader);
        }
    }
    for (profile, listing) in sorted(listings) {
        let at = listing.first().map_or(0..0, |listing| listing.range.clone());
        let message = format!("an entry is of the profile `{profile}`, which the file does not have");
        mistakes.push(
            Diagnostic::error(message)
                .at(&input.file, at)
                .help("the file is cut off or changed; get it again"),
            out,
        );
    }
    mistakes.finish(out);
    relate(root, &values, &mut lists, &mut odd);
    let date = root.child("DateOfIssue").and_then(dates::day);
    if date.is_none() {
        odd.note("files without a day of issue", &input.file.name);
    }
    lists.finish(input, date, odd, out)
}

/// In the order of the numbers, so that mistakes come in one order.
fn sorted(listings: FxHashMap<String, Vec<Listing>>) -> Vec<(String, Vec<Listing>)> {
    let mut all: Vec<_> = listings.into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// The parties of each list, by the list's name in the file.
#[derive(Default)]
struct Lists {
    lists: Vec<(String, Vec<ListedParty>)>,
    /// Profile without an entry.
    unlisted: Vec<ListedParty>,
}

impl Lists {
    fn add(&mut self, party: ListedParty, listings: Vec<Listing>, reader: &mut PartyReader<'_, '_, '_>) {
        if listings.is_empty() {
            reader.odd.note("parties that are on no list, taken for listed", &party.id);
            self.unlisted.push(party);
            return;
        }
        for listing in listings {
            let mut party = party.clone();
            listing.put_into(&mut party);
            match self.lists.iter_mut().find(|(list, _)| *list == listing.list) {
                Some((_, parties)) if parties.last().is_some_and(|last| last.id == party.id) => {
                    reader.odd.note("parties with two entries on one list, joined", &party.id);
                    if let Some(last) = parties.last_mut() {
                        listing.put_into(last);
                    }
                }
                Some((_, parties)) => parties.push(party),
                None => self.lists.push((listing.list.clone(), vec![party])),
            }
        }
    }

    fn finish(
        mut self,
        input: &Input<'_>,
        date: Option<jiff::civil::Date>,
        odd: Oddities<'_>,
        out: &mut Diagnostics,
    ) -> Vec<Watchlist> {
        if self.lists.is_empty() && !self.unlisted.is_empty() {
            self.lists.push(("SDN List".to_owned(), Vec::new()));
        }
        if let Some((_, parties)) = self.lists.first_mut() {
            parties.append(&mut self.unlisted);
        }
        let ids = numbers_on_several(&self.lists);
        let mut odd = Some(odd);
        let mut lists = Vec::new();
        for (name, mut parties) in self.lists {
            let mut info = head(&name, out);
            input.file.name.as_ref().clone_into(&mut info.edition.source);
            input.sha256.clone_into(&mut info.edition.sha256);
            info.edition.date = date;
            for party in &mut parties {
                let code = code(&name);
                party.effect = party.programs.iter().find_map(|word| heads::programme_effect(code, word));
                let others = ids.get(&party.id).into_iter().flatten().filter(|other| **other != info.id);
                party.same_as = others.map(|other| format!("{other}/{}", party.id)).collect();
                party.order_names();
                party.order_countries();
            }
            // The oddities are the whole file's: they stand with its first list.
            if let Some(odd) = odd.take() {
                odd.report(&input.file.name, &mut info, out);
            }
            lists.push(Watchlist::new(info, parties));
        }
        if let Some(odd) = odd {
            odd.report(&input.file.name, &mut heads::head("SDN"), out);
            out.push(Diagnostic::error(format!("`{}` holds no party", input.file.name)));
        }
        lists
    }
}

/// OFAC's number, and the lists it stands on, where they are several.
fn numbers_on_several(lists: &[(String, Vec<ListedParty>)]) -> FxHashMap<String, Vec<String>> {
    let mut numbers: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for (name, parties) in lists {
        let list = heads::head(code(name)).id;
        for party in parties {
            numbers.entry(party.id.clone()).or_default().push(list.clone());
        }
    }
    numbers.retain(|_, lists| lists.len() > 1);
    numbers
}

/// The code of a list by OFAC's name for it; the name itself where it is not
/// known.
fn code(name: &str) -> &str {
    const NAMES: [(&str, &str); 9] = [
        ("consolidated list", "CONS"),
        ("sectoral", "SSI"),
        ("palestinian legislative", "PLC"),
        ("foreign sanctions evaders", "FSE"),
        ("military-industrial", "CMIC"),
        ("menu-based", "NS-MBS"),
        ("payable-through", "CAP"),
        ("capta", "CAP"),
        ("non-sdn", "CONS"),
    ];
    let lower = name.to_ascii_lowercase();
    if lower == "sdn list" || lower == "sdn" {
        return "SDN";
    }
    NAMES.iter().find(|(words, _)| lower.contains(words)).map_or(name, |(_, code)| code)
}

fn head(name: &str, out: &mut Diagnostics) -> ListInfo {
    let mut info = heads::head(code(name));
    if !heads::is_known(code(name)) {
        name.clone_into(&mut info.title);
        out.push(Diagnostic::warning(format!(
            "the list `{name}` is not known; its entries count as blocking"
        )));
    }
    info
}

/// What a relation is by OFAC's words. `Owned or Controlled By` is taken for
/// ownership, the graver of the two.
fn relation_kind(words: &str) -> RelationKind {
    match words.to_ascii_lowercase().as_str() {
        "owned or controlled by" | "owned by" => RelationKind::OwnedBy,
        "owns, controls, or operates" | "owns" => RelationKind::Owns,
        "controlled by" => RelationKind::ControlledBy,
        "acting for or on behalf of" => RelationKind::ActingFor,
        "family member of" => RelationKind::Family,
        _ => RelationKind::LinkedTo,
    }
}

/// Adds the relations to the parties they start from; what OFAC calls them
/// stays in the remarks where its words say more than the kind.
fn relate(root: Node<'_, '_>, values: &Values<'_>, lists: &mut Lists, odd: &mut Oddities<'_>) {
    let mut captions: FxHashMap<String, String> = FxHashMap::default();
    let everyone = |lists: &mut Lists| -> Vec<(String, String)> {
        let all = lists.lists.iter().flat_map(|(_, parties)| parties).chain(&lists.unlisted);
        all.map(|party| (party.id.clone(), party.caption())).collect()
    };
    captions.extend(everyone(lists));
    let mut found: FxHashMap<&str, Vec<(Relation, String)>> = FxHashMap::default();
    for relationship in root.each_in("ProfileRelationships", "ProfileRelationship") {
        let (from, to) = (relationship.attr("From-ProfileID"), relationship.attr("To-ProfileID"));
        let words = values.text("RelationType", relationship.attr("RelationTypeID"));
        let Some(name) = captions.get(to).filter(|_| captions.contains_key(from)) else {
            odd.note("relations of parties that the file does not have", &format!("{from} {words} {to}"));
            continue;
        };
        let former = relationship.attr("Former") == "true";
        let kind = if former { RelationKind::LinkedTo } else { relation_kind(words) };
        let relation = Relation { kind, name: name.clone(), id: Some(to.to_owned()), share: None };
        let plain = kind != RelationKind::LinkedTo && kind != RelationKind::OwnedBy;
        let mut remark = String::new();
        if !plain && !words.is_empty() {
            remark = format!("{}{words} {name}", if former { "Formerly " } else { "" });
        }
        let comment = relationship.words_of("Comment");
        if !comment.is_empty() {
            remark = format!("{} ({comment})", if remark.is_empty() { name } else { &remark });
        }
        found.entry(from).or_default().push((relation, remark));
    }
    let parties = lists.lists.iter_mut().flat_map(|(_, parties)| parties).chain(&mut lists.unlisted);
    for party in parties {
        for (relation, remark) in found.get(party.id.as_str()).into_iter().flatten() {
            if !party.relations.contains(relation) {
                party.relations.push(relation.clone());
            }
            crate::watchlist::format::gather::add_remark(party, "", remark);
        }
    }
}
