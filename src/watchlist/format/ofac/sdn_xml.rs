//! OFAC's plain XML files, `SDN.XML` and `CONSOLIDATED.XML`, in the namespace
//! of either time.
//!
//! Neither says which list it is. A file of which a tenth of the entries stands
//! under programmes that only the lists short of blocking have is the
//! consolidated one; every other counts as the SDN list, which is the stricter.
//! The list's notes say so. Not here: the relations, dates and scripts that
//! only the Advanced XML has.

use roxmltree::Node;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{Address, PartyKind};
use crate::watchlist::format::format::{Format, Head, Input, Read, Reader};
use crate::watchlist::format::gather::{Gather, add_address, add_name, add_remark};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::xml::{self, Element as _};
use crate::watchlist::format::{Mistakes, days, heads};
use crate::watchlist::{ListInfo, ListedParty, NameQuality, Watchlist};

use super::facts::{self, Fact, Ship};
use super::remarks;

pub(in crate::watchlist::format) const READER: Reader = Reader {
    format: Format { key: "ofac-xml", label: "OFAC SDN.XML or CONSOLIDATED.XML" },
    looks_like,
    read: Read::Each(read),
};

fn looks_like(head: &Head<'_>) -> bool {
    head.root().is_some_and(|(root, _)| root == "sdnList")
}

/// One list: SDN or the consolidated one.
fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(document) = xml::parse(&input.file, out) else { return Vec::new() };
    let root = document.root_element();
    let entries: Vec<_> = root.each("sdnEntry").collect();
    let (code, why) = which_list(&entries);
    let mut info = heads::head(code);
    input.file.name.as_ref().clone_into(&mut info.edition.source);
    input.sha256.clone_into(&mut info.edition.sha256);
    info.notes.push(why);
    read_publication(root, entries.len(), input, &mut info, out);
    let mut odd = Oddities::new(input.countries);
    note_unknown(root, &["publshInformation", "sdnEntry"], &mut odd);
    let mut gather = Gather::default();
    let mut mistakes = Mistakes::new(&input.file);
    for entry in entries {
        let id = entry.words_of("uid");
        let mistake = if id.is_empty() {
            Some("an entry has no `uid`".to_owned())
        } else if gather.has(&id) {
            Some(format!("the number {id} stands twice"))
        } else if entry.words_of("lastName").is_empty() && entry.words_of("firstName").is_empty() {
            Some(format!("the entry {id} has no name"))
        } else {
            None
        };
        if let Some(mistake) = mistake {
            mistakes.push(Diagnostic::error(mistake).at(&input.file, entry.range()), out);
            continue;
        }
        let programs: Vec<_> =
            entry.each_in("programList", "program").map(|program| gather.text(&program.words())).collect();
        let party = gather.party(&id);
        party.effect = programs.iter().find_map(|program| heads::programme_effect(code, program));
        party.programs = programs;
        read_entry(entry, party, &mut odd);
    }
    mistakes.finish(out);
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, gather.finish())]
}

/// Code of the list, and why it is this one.
fn which_list(entries: &[Node<'_, '_>]) -> (&'static str, String) {
    let short_of_blocking = |entry: &&Node<'_, '_>| {
        entry
            .each_in("programList", "program")
            .any(|program| heads::is_programme_of("CONS", &program.words()))
    };
    let others = entries.iter().filter(short_of_blocking).count();
    let all = entries.len();
    if others > 0 && others * 10 >= all {
        let why = format!(
            "Taken for the consolidated list: {others} of {all} entries stand under programmes that the SDN list \
             hardly or never has."
        );
        ("CONS", why)
    } else {
        let why = format!(
            "Taken for the SDN list, for the file does not name itself: {others} of {all} entries stand under \
             programmes of OFAC's other lists."
        );
        ("SDN", why)
    }
}

/// The day of publication, and the number of entries, which must fit.
fn read_publication(
    root: Node<'_, '_>,
    entries: usize,
    input: &Input<'_>,
    info: &mut ListInfo,
    out: &mut Diagnostics,
) {
    let file = &input.file;
    let Some(published) = root.child("publshInformation") else {
        let message = format!("`{}` does not say its date and number of entries", file.name);
        out.push(Diagnostic::error(message).at(file, root.range().start..root.range().start));
        return;
    };
    let day = published.words_of("Publish_Date");
    info.edition.date = days::month_day_year(&day);
    if info.edition.date.is_none() {
        out.push(
            Diagnostic::warning(format!("`{day}` is no day of publication")).at(file, published.range()),
        );
    }
    let count = published.words_of("Record_Count");
    if count.replace(',', "").parse() != Ok(entries) {
        out.push(
            Diagnostic::error(format!("the file says it has {count} entries and has {entries}"))
                .at(file, published.range())
                .help("the file is cut off or changed; get it again"),
        );
    }
}

/// Counts the parts of an element that are not read.
fn note_unknown(element: Node<'_, '_>, known: &[&str], odd: &mut Oddities<'_>) {
    for child in element.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        if !known.contains(&name) {
            odd.note("elements that are not known here", name);
        }
    }
}

const ENTRY: [&str; 16] = [
    "uid",
    "firstName",
    "lastName",
    "title",
    "sdnType",
    "remarks",
    "programList",
    "idList",
    "akaList",
    "addressList",
    "nationalityList",
    "citizenshipList",
    "dateOfBirthList",
    "placeOfBirthList",
    "vesselInfo",
    "aircraftInfo",
];

fn read_entry(entry: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    note_unknown(entry, &ENTRY, odd);
    let kind = entry.words_of("sdnType");
    party.kind = facts::kind(&kind).unwrap_or_else(|| {
        odd.note("types of party that are not known here", &kind);
        PartyKind::Unknown
    });
    let name = facts::full_name(&entry.words_of("lastName"), &entry.words_of("firstName"));
    add_name(party, &name, NameQuality::Primary, false);
    for alias in entry.each_in("akaList", "aka") {
        read_alias(alias, party, odd);
    }
    add_remark(party, "Title", &entry.words_of("title"));
    if let Some(ship) = entry.child("vesselInfo") {
        read_ship(ship, party, odd);
    }
    if let Some(aircraft) = entry.child("aircraftInfo") {
        for fact in aircraft.children().filter(Node::is_element) {
            add_remark(party, fact.tag_name().name(), &fact.words());
        }
    }
    for item in entry.each_in("dateOfBirthList", "dateOfBirthItem") {
        party.birth_dates.extend(filled(item.words_of("dateOfBirth")));
    }
    for item in entry.each_in("placeOfBirthList", "placeOfBirthItem") {
        party.birth_places.extend(filled(item.words_of("placeOfBirth")));
    }
    for (list, item, word) in
        [("nationalityList", "nationality", "nationality"), ("citizenshipList", "citizenship", "citizen")]
    {
        for item in entry.each_in(list, item) {
            let country = item.words_of("country");
            party.nationalities.extend(odd.country(&country));
            add_remark(party, "", &format!("{word} {country}"));
        }
    }
    for address in entry.each_in("addressList", "address") {
        let address = read_address(address, odd);
        add_address(party, address);
    }
    for id in entry.each_in("idList", "id") {
        let country = odd.country(&id.words_of("idCountry"));
        facts::add(
            party,
            Fact {
                words: &id.words_of("idType"),
                value: &id.words_of("idNumber"),
                country,
                issued: &id.words_of("issueDate"),
                expires: &id.words_of("expirationDate"),
            },
            odd,
        );
    }
    remarks::read_bracketed(&entry.words_of("remarks"), party, odd);
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn read_alias(alias: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let name = facts::full_name(&alias.words_of("lastName"), &alias.words_of("firstName"));
    if name.is_empty() {
        odd.note("aliases without a name", &alias.words_of("uid"));
        return;
    }
    let sort = alias.words_of("type");
    if !matches!(sort.as_str(), "a.k.a." | "f.k.a." | "n.k.a.") {
        odd.note("sorts of alias that are not known here", &sort);
    }
    let quality = match alias.words_of("category").as_str() {
        "weak" => NameQuality::Weak,
        "strong" => NameQuality::Strong,
        other => {
            odd.note("aliases that are neither strong nor weak", other);
            NameQuality::Strong
        }
    };
    add_name(party, &name, quality, sort == "f.k.a.");
}

fn read_ship(ship: Node<'_, '_>, party: &mut ListedParty, odd: &mut Oddities<'_>) {
    let known = ["callSign", "vesselType", "vesselFlag", "vesselOwner", "tonnage", "grossRegisteredTonnage"];
    note_unknown(ship, &known, odd);
    let text = |name| ship.words_of(name);
    facts::add_ship(
        party,
        Ship {
            call_sign: &text("callSign"),
            vessel_type: &text("vesselType"),
            tonnage: &text("tonnage"),
            gross_tonnage: &text("grossRegisteredTonnage"),
            flag: &text("vesselFlag"),
            owner: &text("vesselOwner"),
        },
        odd,
    );
}

/// A country that is not known, such as `Region: Gaza`, stays as region.
fn read_address(address: Node<'_, '_>, odd: &mut Oddities<'_>) -> Address {
    let lines = ["address1", "address2", "address3"].map(|name| address.words_of(name));
    let lines: Vec<_> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    let words = address.words_of("country");
    let country = odd.country(&words);
    let mut region = vec![address.words_of("stateOrProvince")];
    if country.is_none() {
        region.push(words.strip_prefix("Region: ").unwrap_or(&words).to_owned());
    }
    region.retain(|part| !part.is_empty());
    region.dedup();
    Address {
        street: lines.join(", "),
        city: address.words_of("city"),
        postal_code: address.words_of("postalCode"),
        region: region.join(", "),
        country,
    }
}
