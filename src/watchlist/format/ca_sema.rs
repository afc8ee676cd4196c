//! Canada's autonomous sanctions list (`sema-lmes.xml`): one flat record an
//! entry. Knows that items are numbered anew in each schedule, that names and
//! countries stand in English and French with a slash between, and that aliases
//! are written as one text; not which of several spellings is the official one.
//!
//! The elements bore English names until 2026; since August 2026 the French one
//! follows behind a hyphen, as in `Country-Pays`. The English part tells both.

use crate::diagnostic::Diagnostics;
use crate::trade::{Identifier, IdentifierKind, PartyKind};
use crate::watchlist::{ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_identifier, add_name, add_remark};
use super::oddities::Oddities;
use super::xml::{self, Element};
use super::{Mistakes, days, heads, slug};

type Node<'d, 't> = roxmltree::Node<'d, 't>;

const CODE: &str = "ca-sema";

pub(super) const READER: Reader = Reader {
    format: Format { key: "ca-sema-xml", label: "Canadian autonomous sanctions list, XML" },
    looks_like,
    read: Read::Each(read),
};

fn looks_like(head: &Head<'_>) -> bool {
    head.root().is_some_and(|(name, _)| name == "data-set")
        && head.text.contains("<record>")
        && ["<DateOfListing>", "<DateOfListing-"].iter().any(|tag| head.text.contains(tag))
}

/// The elements of a record by their English name; any other is an oddity.
const KNOWN: [&str; 12] = [
    "Country",
    "EntityOrShip",
    "LastName",
    "GivenName",
    "Aliases",
    "DateOfBirthOrShipBuildDate",
    "TitleOrShip",
    "TitleOrShipType",
    "ShipIMONumber",
    "Schedule",
    "Item",
    "DateOfListing",
];

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let Some(document) = xml::parse(&input.file, out) else { return Vec::new() };
    let mut info = heads::head_of(CODE, input);
    let mut odd = Oddities::new(input.countries);
    let mut mistakes = Mistakes::new(&input.file);
    let mut gather = Gather::default();
    for record in document.root_element().children().filter(Node::is_element) {
        if record.tag_name().name() != "record" || !has_name(&record) {
            let message = format!("a `{}` that names nobody", record.tag_name().name());
            mistakes.push(xml::error_at(&input.file, record, message), out);
            continue;
        }
        take(&record, &mut gather, &mut odd);
    }
    mistakes.finish(out);
    let parties = gather.finish();
    // The file has no date of its own; it is at least as young as its youngest entry.
    if let Some(day) = parties.iter().filter_map(|party| party.listed).max() {
        info.notes.push(format!("The file has no date of its own; its latest listing is of {day}."));
    }
    odd.report(&input.file.name, &mut info, out);
    vec![Watchlist::new(info, parties)]
}

/// The English part of an element's name.
fn english<'d>(node: Node<'d, '_>) -> &'d str {
    let name = node.tag_name().name();
    name.split_once('-').map_or(name, |(english, _)| english)
}

/// The words of a record's field; empty without it.
fn field(record: &Node<'_, '_>, name: &str) -> String {
    let mut fields = record.children().filter(Node::is_element);
    fields.find(|node| english(*node) == name).map(|node| node.words()).unwrap_or_default()
}

fn has_name(record: &Node<'_, '_>) -> bool {
    ["EntityOrShip", "LastName", "GivenName"].iter().any(|name| !field(record, name).is_empty())
}

fn take(record: &Node<'_, '_>, gather: &mut Gather, odd: &mut Oddities<'_>) {
    for child in record.children().filter(Node::is_element) {
        if !KNOWN.contains(&english(child)) {
            odd.note("elements not known here", &format!("{}: {}", child.tag_name().name(), child.words()));
        }
    }
    let country = field(record, "Country");
    let regime = country.split(" / ").next().unwrap_or_default().trim();
    let (schedule, item) = (field(record, "Schedule"), field(record, "Item"));
    if schedule.contains(',') && !schedule.contains(", ") {
        odd.note("schedules written in an unusual way", &schedule);
    }
    let base = id(regime, &schedule, &item);
    let mut number = base.clone();
    let mut copy = 1;
    while gather.has(&number) {
        copy += 1;
        number = format!("{base}-{copy}");
    }
    if copy > 1 {
        odd.note("records with the country, schedule and item of another", &base);
    }
    let program = gather.text(regime);
    let party = gather.party(&number);
    party.programs.push(program);
    party.effect = heads::programme_effect(CODE, &format!("{regime}, Schedule {schedule}"));
    party.citation = citation(regime, &schedule, &item);
    kind_and_names(party, record);
    details(party, record, odd);
}

/// Country, schedule and item make an id that stays when records come and go.
fn id(regime: &str, schedule: &str, item: &str) -> String {
    let schedule: String = schedule
        .to_lowercase()
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    [slug(regime), schedule, item.trim().to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(":")
}

fn citation(regime: &str, schedule: &str, item: &str) -> String {
    let mut citation =
        if regime.ends_with(')') { regime.to_owned() } else { format!("SEMA {regime} Regulations") };
    for (words, value) in [("Schedule", schedule), ("item", item)] {
        if !value.is_empty() {
            citation.push_str(&format!(", {words} {value}"));
        }
    }
    citation
}

fn kind_and_names(party: &mut ListedParty, record: &Node<'_, '_>) {
    let entity = field(record, "EntityOrShip");
    let (last, given) = (field(record, "LastName"), field(record, "GivenName"));
    if entity.is_empty() {
        party.kind = PartyKind::Person;
        let (last, other) = without_parentheses(&last);
        add_name(party, &format!("{given} {last}"), NameQuality::Primary, false);
        if let Some(other) = other {
            add_name(party, &format!("{given} {other}"), NameQuality::Strong, false);
        }
    } else {
        let ship = is_ship_number(&field(record, "ShipIMONumber"));
        party.kind = if ship { PartyKind::Vessel } else { PartyKind::Organization };
        let mut quality = NameQuality::Primary;
        for name in languages(&entity) {
            for (at, name) in also_known(name).into_iter().enumerate() {
                let quality = if at == 0 { quality } else { NameQuality::Strong };
                add_name(party, name, quality, false);
            }
            quality = NameQuality::Strong;
        }
        if !last.is_empty() || !given.is_empty() {
            add_name(party, &format!("{given} {last}"), NameQuality::Strong, false);
        }
    }
    let person = party.kind == PartyKind::Person;
    for (alias, quality) in aliases(&field(record, "Aliases"), person) {
        add_name(party, &alias, quality, false);
    }
}

/// `Adanov (Adnuf)` in the name and the other spelling.
fn without_parentheses(name: &str) -> (&str, Option<&str>) {
    let parts = name.trim().strip_suffix(')').and_then(|name| name.split_once('('));
    parts.map_or((name, None), |(name, other)| (name.trim(), Some(other.trim())))
}

/// An English and a French name with a slash between; a slash inside a short
/// word, such as `A/S`, divides nothing.
fn languages(name: &str) -> Vec<&str> {
    let long = |word: Option<&str>| word.is_some_and(|word| word.chars().count() > 2);
    match name.split_once('/') {
        Some((english, french))
            if english.trim().contains(' ')
                && french.trim().contains(' ')
                && long(english.split_whitespace().next_back())
                && long(french.split_whitespace().next()) =>
        {
            vec![english.trim(), french.trim()]
        }
        _ => vec![name],
    }
}

/// `Krylov Centre (also known as Krylov Scientific Center)` in its two names.
fn also_known(name: &str) -> Vec<&str> {
    let parts = name.strip_suffix(')').and_then(|name| name.split_once("(also known as "));
    parts.map_or(vec![name], |(name, other)| vec![name.trim(), other.trim()])
}

fn details(party: &mut ListedParty, record: &Node<'_, '_>, odd: &mut Oddities<'_>) {
    let born = field(record, "DateOfBirthOrShipBuildDate");
    let title = field(record, "TitleOrShip") + &field(record, "TitleOrShipType");
    if party.kind == PartyKind::Person {
        for date in born.split(" or ").flat_map(|date| date.split(" OR ")).map(str::trim) {
            if !date.is_empty() {
                let digits = date.bytes().all(|b| b.is_ascii_digit() || b == b'-');
                if !digits || !matches!(date.len(), 4 | 7 | 10) {
                    odd.note("dates of birth that are no single day, month or year", date);
                }
                party.birth_dates.push(date.to_owned());
            }
        }
        add_remark(party, "Title", &title);
    } else {
        add_remark(party, "Built", &born);
        add_remark(party, "Type of ship", &title);
    }
    let value = field(record, "ShipIMONumber");
    if !is_ship_number(&value) && !value.is_empty() {
        // A name that slipped into the next column.
        odd.note("ship numbers without a digit, read as names", &value);
        add_name(party, &value, NameQuality::Strong, false);
    } else {
        if !value.is_empty() && (value.len() != 7 || value.bytes().any(|b| !b.is_ascii_digit())) {
            odd.note("ship numbers that are not seven digits", &value);
        }
        add_identifier(party, Identifier { kind: IdentifierKind::Imo, value, country: None });
    }
    let listed = field(record, "DateOfListing");
    party.listed = days::iso(&listed);
    if party.listed.is_none() && !listed.is_empty() {
        odd.note("dates of listing that are none", &listed);
        add_remark(party, "Listed", &listed);
    }
}

fn is_ship_number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The aliases of one text. Semicolons and `or` always divide. Commas divide
/// spellings of persons, and of organisations where no legal form follows.
/// What is left as a single word after a comma is weak: it may be a part; so is
/// a single word as the alias of a person, such as `Andrei`.
fn aliases(text: &str, person: bool) -> Vec<(String, NameQuality)> {
    let text = text.replace(" or ", ";").replace(" and ", if person { ";" } else { " and " });
    let mut aliases = Vec::new();
    for group in text.split(';') {
        let pieces = if person {
            group.split([',', '/']).map(str::to_owned).collect()
        } else {
            languages(group).into_iter().flat_map(commas).collect::<Vec<_>>()
        };
        let several = pieces.len() > 1;
        for piece in pieces {
            let name = bare(&piece);
            if name.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                continue;
            }
            let weak = (several || person) && !name.contains(' ');
            aliases.push((name.to_owned(), if weak { NameQuality::Weak } else { NameQuality::Strong }));
        }
    }
    aliases
}

/// Cuts at commas that no legal form follows.
fn commas(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for piece in text.split(',') {
        let short = piece.trim().chars().filter(|c| c.is_alphanumeric()).count() <= 4
            || matches!(piece.trim().to_lowercase().trim_end_matches('.'), "limited" | "incorporated");
        match pieces.last_mut() {
            Some(last) if short => {
                last.push(',');
                last.push_str(piece);
            }
            _ => pieces.push(piece.to_owned()),
        }
    }
    pieces
}

/// Without the name of a language before it, a parenthesis left open and space.
fn bare(text: &str) -> &str {
    let mut text = text.trim();
    let parentheses = (text.matches('(').count(), text.matches(')').count());
    if parentheses.0 > parentheses.1 {
        text = text.strip_prefix('(').unwrap_or(text);
    } else if parentheses.0 < parentheses.1 {
        text = text.strip_suffix(')').unwrap_or(text);
    }
    if let Some((label, name)) = text.split_once(": ") {
        let label = label.trim().trim_start_matches('(');
        if ["Russian", "Belarusian", "Belarussian", "Ukrainian"].contains(&label) {
            text = name;
        }
    }
    text.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_cut_where_they_are_several() {
        let names =
            |text, person| aliases(text, person).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names("Пётр Ива; Pyotr Iva", true), ["Пётр Ива", "Pyotr Iva"]);
        assert_eq!(
            names("Belarusian: Мікалай Л; Russian: Николай Л, Коля Л", true),
            ["Мікалай Л", "Николай Л", "Коля Л"]
        );
        assert_eq!(
            names("North Works Co., Ltd., North Bank", false),
            ["North Works Co., Ltd.", "North Bank"]
        );
        assert_eq!(names("Завод Север, АО or Север", false), ["Завод Север, АО", "Север"]);
        assert_eq!(aliases("MPZ Plant Minsk, Bearing", false)[1].1, NameQuality::Weak);
    }

    #[test]
    fn ids_keep_schedules_apart() {
        assert_eq!(id("Russia", "1, Part 1.1", "5"), "russia:1-part-1.1:5");
        assert_eq!(id("Belarus", "1,Part 3", "2"), "belarus:1-part-3:2");
        assert_eq!(id("Venezuela", "", "7"), "venezuela:7");
        assert_eq!(languages("Iranian Army/Armée iranienne").len(), 2);
        assert_eq!(languages("Baltic A/S Holding").len(), 1);
    }
}
