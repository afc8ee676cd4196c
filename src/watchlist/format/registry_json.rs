//! A JSON array with one object an organisation, as a public registry derives
//! it from Japan's Foreign End User List and from China's announcements. Knows
//! that copies of tables put a name into the cell of the country, and that an
//! announcement may name one of several listed firms; not the announcements
//! themselves.

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{Address, PartyKind};
use crate::watchlist::{ListInfo, ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::gather::{Gather, add_address, add_name, add_remark};
use super::oddities::Oddities;
use super::scripts::{by_script, is_east_asian};
use super::{Mistakes, days, heads, xml};

pub(super) const READER: Reader = Reader {
    format: Format { key: "registry-json", label: "Japanese and Chinese lists, derived JSON" },
    looks_like,
    read: Read::Each(read),
};

/// The registry's ids and ours.
const LISTS: [(&str, &str); 4] = [
    ("jp-end-user-list", "jp-eul"),
    ("cn-export-control-watchlist", "cn-export-control"),
    ("cn-unreliable-entity-list", "cn-unreliable"),
    ("cn-attention-list", "cn-attention"),
];

fn looks_like(head: &Head<'_>) -> bool {
    let keys = ["\"list_id\"", "\"entity_name\"", "\"aliases\"", "\"addresses\""];
    head.first_line().starts_with('[') && keys.iter().all(|key| head.text.contains(key))
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    list_id: String,
    entity_name: String,
    #[serde(default)]
    entity_type: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    addresses: Vec<String>,
    date_added: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    source_url: String,
    last_verified: Option<String>,
    /// Keys that a later copy may have.
    #[serde(flatten)]
    other: FxHashMap<String, serde_json::Value>,
}

/// Keys that say nothing more about an entry: the listing state and the name of
/// the list.
const SAID_ALREADY: [&str; 2] = ["country", "source_list_name"];

struct List {
    code: &'static str,
    info: ListInfo,
    gather: Gather,
    verified: Option<String>,
}

fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let entries: Vec<Entry> = match serde_json::from_str(&input.file.text) {
        Ok(entries) => entries,
        Err(error) => {
            let at = xml::place(&input.file.text, error.line(), error.column());
            out.push(
                Diagnostic::error(format!("`{}` cannot be read: {error}", input.file.name))
                    .at(&input.file, at..at)
                    .help("the file is cut off or has another shape; get it again"),
            );
            return Vec::new();
        }
    };
    let mut odd = Oddities::new(input.countries);
    let mut mistakes = Mistakes::new(&input.file);
    let mut lists: Vec<List> = Vec::new();
    for entry in &entries {
        let Some(at) = list_of(&mut lists, entry, input) else {
            let message = format!("`{}` is on the list `{}`, which is not known", entry.id, entry.list_id);
            mistakes.push(Diagnostic::error(message), out);
            continue;
        };
        let Some(list) = lists.get_mut(at) else { continue };
        if !take(list, entry, &mut odd) {
            mistakes.push(Diagnostic::error(format!("`{}` has no name", entry.id)), out);
        }
    }
    mistakes.finish(out);
    let mut finished: Vec<_> = lists.into_iter().map(List::finish).collect();
    if let Some((info, _)) = finished.first_mut() {
        odd.report(&input.file.name, info, out);
    }
    finished.into_iter().map(|(info, parties)| Watchlist::new(info, parties)).collect()
}

fn list_of(lists: &mut Vec<List>, entry: &Entry, input: &Input<'_>) -> Option<usize> {
    let code = LISTS.iter().find(|(id, _)| *id == entry.list_id)?.1;
    Some(lists.iter().position(|list| list.code == code).unwrap_or_else(|| {
        let info = heads::head_of(code, input);
        lists.push(List { code, info, gather: Gather::default(), verified: None });
        lists.len() - 1
    }))
}

/// Adds an entry; false if nothing in it is a name.
fn take(list: &mut List, entry: &Entry, odd: &mut Oddities<'_>) -> bool {
    let mut id = entry.id.trim().to_owned();
    let mut copy = 1;
    while list.gather.has(&id) {
        copy += 1;
        id = format!("{}-{copy}", entry.id.trim());
    }
    if copy > 1 {
        odd.note("ids that stand twice, so that the later entry got a number behind it", &entry.id);
    }
    let url = list.gather.text(&entry.source_url);
    let mut party = ListedParty { id: id.clone(), ..ListedParty::default() };
    party.kind = match entry.entity_type.as_str() {
        "organization" => PartyKind::Organization,
        "person" | "individual" => PartyKind::Person,
        other => {
            odd.note("types of party not known here", other);
            PartyKind::Unknown
        }
    };
    let names = add_addresses(&mut party, &entry.addresses, odd);
    add_names(&mut party, entry, &names, odd);
    if party.names.is_empty() {
        return false;
    }
    for program in programs(&entry.reason) {
        party.programs.push(list.gather.text(program));
    }
    add_remark(&mut party, "Reason", &entry.reason);
    party.url = (!entry.source_url.is_empty()).then_some(url);
    dates(&mut party, list, entry, odd);
    for (key, value) in entry.other.iter().filter(|(key, _)| !SAID_ALREADY.contains(&key.as_str())) {
        odd.note("keys not known here", &format!("{key}: {value}"));
    }
    *list.gather.party(&id) = party;
    true
}

/// Adds the addresses. Words after the name of a country are no address but
/// what a copy of a table ran together: the name itself, given back.
fn add_addresses(party: &mut ListedParty, texts: &[String], odd: &mut Oddities<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        if let Some(country) = odd.find_country(text) {
            add_address(party, Address { country: Some(country), ..Address::default() });
        } else if is_east_asian(text) || text.contains(',') && text.contains(|c: char| c.is_ascii_digit()) {
            let address = east_asian_address(text, odd);
            if address.country.is_none() {
                odd.note("addresses without a country known here", text);
            }
            add_address(party, address);
        } else if let Some((country, rest)) = country_and_rest(text, odd) {
            add_address(party, Address { country: Some(country), ..Address::default() });
            odd.note("names that stand with the country, taken for names", text);
            names.push(rest.to_owned());
        } else {
            odd.note("addresses without a country known here", text);
            add_address(party, Address { street: text.to_owned(), ..Address::default() });
        }
    }
    names
}

/// The longest beginning that is a country, and what follows it.
fn country_and_rest<'t>(text: &'t str, odd: &Oddities<'_>) -> Option<(crate::trade::CountryCode, &'t str)> {
    let cuts: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    cuts.iter().rev().find_map(|&at| {
        let (start, rest) = text.split_at_checked(at)?;
        // Two letters may be a code by chance.
        (start.len() > 2).then(|| odd.find_country(start)).flatten().map(|country| (country, rest.trim()))
    })
}

/// `日本东京都…（邮编：104-0045）` and `Nekazanka 11, Praha, Czech Republic（邮编：11000）`.
fn east_asian_address(text: &str, odd: &Oddities<'_>) -> Address {
    let (place, code) = match text.rsplit_once("（邮编：") {
        Some((place, code)) => (place.trim(), code.trim_end_matches('）').trim()),
        None => (text, ""),
    };
    let mut address =
        Address { street: place.to_owned(), postal_code: code.to_owned(), ..Address::default() };
    if let Some((street, last)) = place.rsplit_once(',')
        && let Some(country) = odd.find_country(last.trim())
    {
        street.trim().clone_into(&mut address.street);
        address.country = Some(country);
        return address;
    }
    // The country stands first, without a space behind it.
    let ends = place.char_indices().skip(2).take(7).map(|(at, _)| at);
    for at in ends.collect::<Vec<_>>().into_iter().rev() {
        if let Some((start, rest)) = place.split_at_checked(at)
            && is_east_asian(start)
            && let Some(country) = odd.find_country(start)
        {
            rest.trim().clone_into(&mut address.street);
            address.country = Some(country);
            break;
        }
    }
    address
}

fn add_names(party: &mut ListedParty, entry: &Entry, more: &[String], odd: &mut Oddities<'_>) {
    let mut quality = NameQuality::Primary;
    for name in std::iter::once(&entry.entity_name).chain(more).chain(&entry.aliases) {
        for part in by_script(several(name, party, odd)) {
            if !part.is_empty() {
                add_name(party, &part, quality, false);
                quality = NameQuality::Strong;
            }
        }
    }
}

/// Without `等6家实体`: the entry names one of six firms. The others are not in
/// the copy, which a reader of the list must know.
fn several<'n>(name: &'n str, party: &mut ListedParty, odd: &mut Oddities<'_>) -> &'n str {
    let Some((one, rest)) = name.rsplit_once('等') else { return name };
    if !rest.ends_with("实体") {
        return name;
    }
    odd.note("entries that stand for several firms of which one is named", name);
    add_remark(party, "Stands for several firms", name);
    one.strip_suffix("及其分支机构").unwrap_or(one)
}

/// The kinds of weapon behind `大量破壊兵器等の懸念: ミサイル、核 M,N; 通常兵器の懸念: CW`.
fn programs(reason: &str) -> Vec<&'static str> {
    const WEAPONS: &str = "大量破壊兵器等の懸念:";
    let mut programs = Vec::new();
    if let Some((_, rest)) = reason.split_once(WEAPONS) {
        programs.extend(super::jp_eul::weapons(rest.split(';').next().unwrap_or_default()));
    }
    if reason.contains("通常兵器の懸念") {
        programs.push("CW");
    }
    programs
}

fn dates(party: &mut ListedParty, list: &mut List, entry: &Entry, odd: &mut Oddities<'_>) {
    if let Some(added) = entry.date_added.as_deref() {
        party.listed = days::iso(added);
        if party.listed.is_none() {
            odd.note("dates of listing that are none", added);
        }
    }
    let day = party.listed.or_else(|| day_in_address(&entry.source_url));
    list.info.edition.date = list.info.edition.date.max(day);
    list.verified = list.verified.take().max(entry.last_verified.clone());
}

/// The day in the address of a press notice: `…/20250929006/…`.
fn day_in_address(url: &str) -> Option<Date> {
    let digits = url.split('/').find(|part| part.len() == 11 && part.bytes().all(|b| b.is_ascii_digit()))?;
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
    format!("{year}-{month}-{day}").parse().ok()
}

impl List {
    fn finish(self) -> (ListInfo, Vec<ListedParty>) {
        let mut info = self.info;
        let verified = self.verified.map(|day| format!(" checked on {day}")).unwrap_or_default();
        info.notes.push(format!(
            "Read from a copy that a third party derived from the publisher's documents{verified}; its date is \
             that of the latest listing or notice in it."
        ));
        (info, self.gather.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::CountryNames;

    #[test]
    fn names_behind_a_country_and_addresses_in_chinese_are_told_apart() {
        let countries = |name: &str| CountryNames::shipped().resolve(name).code();
        let mut odd = Oddities::new(&countries);
        let mut party = ListedParty::default();
        let texts = [
            "People's Republic of China Success Move Ltd.",
            "日本东京都中央区1-2（邮编：104-0045）",
            "Beranovych 130, Praha 9, Czech Republic（邮编：19900）",
        ];
        let names = add_addresses(&mut party, &texts.map(str::to_owned), &mut odd);
        assert_eq!(names, ["Success Move Ltd."]);
        let lines: Vec<_> = party.addresses.iter().map(Address::one_line).collect();
        assert_eq!(lines, ["CN", "东京都中央区1-2, 104-0045, JP", "Beranovych 130, Praha 9, 19900, CZ"]);
        assert_eq!(programs("大量破壊兵器等の懸念: ミサイル、核 M、N; 通常兵器の懸念: CW"), ["M", "N", "CW"]);
        assert_eq!(programs("大量破壊兵器等の懸念: 核 Ｎ"), ["N"]);
        assert_eq!(
            day_in_address("https://x/press/2025/09/20250929006/a.html"),
            Some(Date::constant(2025, 9, 29))
        );
    }
}
