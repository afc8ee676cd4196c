//! The lists of a Consolidated Screening List: each source's entries under its
//! own head.

use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::trade::{CountryCode, PartyKind};
use crate::watchlist::format::bis::orders;
use crate::watchlist::format::csl_json::is_address;
use crate::watchlist::format::format::Input;
use crate::watchlist::format::gather::{Gather, add_address, add_name, add_remark};
use crate::watchlist::format::ids::{self, Ids};
use crate::watchlist::format::oddities::Oddities;
use crate::watchlist::format::ofac::facts::{self, Fact, Ship};
use crate::watchlist::format::ofac::remarks;
use crate::watchlist::format::{days, heads};
use crate::watchlist::{ListedParty, NameQuality, Relation, RelationKind, Watchlist};

use super::cells::one_line;
use super::entry::Entry;
use super::names;

/// One source list.
struct Draft {
    code: String,
    /// As the file names it.
    source: String,
    /// The publisher's own day for this list, where the file has one.
    day: Option<Date>,
    gather: Gather,
    ids: Ids,
    urls: Vec<String>,
}

/// The lists read so far, in the order they came first.
pub(super) struct Lists<'i> {
    input: &'i Input<'i>,
    drafts: Vec<Draft>,
    odd: Oddities<'i>,
    /// OFAC's number, and the places of the lists it stands on.
    numbers: FxHashMap<String, Vec<usize>>,
    latest_start: Option<Date>,
}

impl<'i> Lists<'i> {
    pub fn new(input: &'i Input<'i>) -> Self {
        Self {
            input,
            drafts: Vec::new(),
            odd: Oddities::new(input.countries),
            numbers: FxHashMap::default(),
            latest_start: None,
        }
    }

    /// Counts something that was not understood.
    pub fn note(&mut self, what: &'static str, example: &str) {
        self.odd.note(what, example);
    }

    /// Sets the publisher's day of a source.
    pub fn set_day(&mut self, source: &str, day: Date) {
        let at = self.draft(source);
        if let Some(draft) = self.drafts.get_mut(at) {
            draft.day = Some(day);
        }
    }

    /// The place of a source's list, made when it is new.
    fn draft(&mut self, source: &str) -> usize {
        if let Some(at) = self.drafts.iter().position(|draft| draft.source == source) {
            return at;
        }
        self.drafts.push(Draft {
            code: code(source),
            source: source.to_owned(),
            day: None,
            gather: Gather::default(),
            ids: Ids::default(),
            urls: Vec::new(),
        });
        self.drafts.len() - 1
    }

    /// Adds an entry that has a source and a name; the mistake, if it has not.
    pub fn add(&mut self, entry: &Entry) -> Result<(), &'static str> {
        if entry.source.is_empty() {
            return Err("an entry does not say what list it is on");
        }
        if entry.name.is_empty() {
            return Err("an entry has no name");
        }
        let at = self.draft(&entry.source);
        let Some(draft) = self.drafts.get_mut(at) else { return Err("a list was lost") };
        let base = if entry.number.is_empty() {
            ids::of_name(&draft.code, &entry.name, &entry.notice)
        } else {
            let lists = self.numbers.entry(entry.number.clone()).or_default();
            if lists.contains(&at) {
                self.odd.note("numbers that stand twice on one list", &entry.number);
            } else {
                lists.push(at);
            }
            entry.number.clone()
        };
        let id = draft.ids.unique(&base);
        let requirement = text(&mut draft.gather, &entry.requirement);
        let policy = text(&mut draft.gather, &entry.policy);
        let programs = entry.programs.iter().map(|program| draft.gather.text(program)).collect();
        for url in [&entry.list_url, &entry.info_url] {
            if !url.is_empty() && !draft.urls.contains(url) {
                draft.urls.push(url.clone());
            }
        }
        let party = draft.gather.party(&id);
        party.licence_requirement = requirement;
        party.licence_policy = policy;
        party.programs = programs;
        fill(party, &draft.code, entry, &mut self.odd);
        self.latest_start = self.latest_start.max(party.listed);
        Ok(())
    }

    /// The finished lists. An unknown source is a warning: it counts as
    /// blocking.
    pub fn finish(self, out: &mut Diagnostics) -> Vec<Watchlist> {
        let Self { input, drafts, odd, numbers, latest_start } = self;
        let ids: Vec<_> = drafts.iter().map(|draft| heads::head(&draft.code).id).collect();
        let mut lists = Vec::new();
        let mut odd = Some(odd);
        for (at, draft) in drafts.into_iter().enumerate() {
            let mut info = heads::head(&draft.code);
            if !heads::is_known(&draft.code) {
                draft.source.clone_into(&mut info.title);
                out.push(Diagnostic::warning(format!(
                    "the list `{}` is not known; its entries count as blocking",
                    draft.source
                )));
            }
            input.file.name.as_ref().clone_into(&mut info.edition.source);
            input.sha256.clone_into(&mut info.edition.sha256);
            info.edition.date = draft.day.or(latest_start);
            if draft.day.is_none() {
                info.notes.push(
                    "The file has no date of its own: its date here is the latest day on which one of its entries \
                     takes effect, and the file may be newer."
                        .to_owned(),
                );
            }
            info.notes.push("The file does not tell weak aliases from strong ones.".to_owned());
            if !draft.urls.is_empty() {
                info.notes.push(format!("Sources named in the file: {}", draft.urls.join(" ")));
            }
            let mut parties = draft.gather.finish();
            orders::settle(&mut parties, &mut info);
            for party in &mut parties {
                let others = numbers.get(&party.id).into_iter().flatten().filter(|other| **other != at);
                let links = others.filter_map(|other| Some(format!("{}/{}", ids.get(*other)?, party.id)));
                party.same_as.extend(links);
            }
            if parties.is_empty() {
                continue;
            }
            // The oddities are the whole file's: they stand with its first list.
            if let Some(odd) = odd.take() {
                odd.report(&input.file.name, &mut info, out);
            }
            lists.push(Watchlist::new(info, parties));
        }
        lists
    }
}

fn text(gather: &mut Gather, text: &str) -> Option<Arc<str>> {
    (!text.is_empty()).then(|| gather.text(text))
}

/// `SDN` of `Specially Designated Nationals (SDN) - Treasury Department`, and
/// `NS-MBS` of `… (NS-MBS List) - …`. A text without brackets is the code.
fn code(source: &str) -> String {
    let bracketed = source.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(code, _)| code);
    let code = bracketed.unwrap_or(source).trim();
    let code = code.strip_suffix(" List").unwrap_or(code);
    match code {
        "MBS" => "NS-MBS".to_owned(),
        "CAPTA" => "CAP".to_owned(),
        code => code.to_owned(),
    }
}

/// All but what lists share.
fn fill(party: &mut ListedParty, code: &str, entry: &Entry, odd: &mut Oddities<'_>) {
    party.kind = match entry.kind.as_str() {
        "" => PartyKind::Unknown,
        word => facts::kind(word).unwrap_or_else(|| {
            odd.note("types of party that are not known here", word);
            PartyKind::Unknown
        }),
    };
    fill_names(party, code, entry, odd);
    add_remark(party, "Title", &entry.title);
    for address in &entry.addresses {
        add_address(party, address.clone());
    }
    entry.notice.clone_into(&mut party.citation);
    party.listed = day(&entry.start, odd);
    // Whether the order has run out shows when the file's date is known.
    party.removed = day(&entry.end, odd);
    match entry.standard_order.as_str() {
        "" => {}
        "Y" | "y" => add_remark(party, "Standard order", "yes"),
        "N" | "n" => add_remark(party, "Standard order", "no; read the order for its terms"),
        other => add_remark(party, "Standard order", other),
    }
    let ship = Ship {
        call_sign: &entry.call_sign,
        vessel_type: &entry.vessel_type,
        tonnage: &entry.tonnage,
        gross_tonnage: &entry.gross_tonnage,
        flag: &entry.vessel_flag,
        owner: &entry.vessel_owner,
    };
    facts::add_ship(party, ship, odd);
    for (words, countries) in [("nationality", &entry.nationalities), ("citizen", &entry.citizenships)] {
        for country in countries {
            party.nationalities.extend(odd.country(country));
            add_remark(party, words, country);
        }
    }
    party.birth_dates.clone_from(&entry.births);
    party.birth_places.clone_from(&entry.birth_places);
    for id in &entry.ids {
        let country: Option<CountryCode> = odd.country(&id.country);
        let fact =
            Fact { words: &id.kind, value: &id.value, country, issued: &id.issued, expires: &id.expires };
        facts::add(party, fact, odd);
    }
    if entry.number.is_empty() {
        add_remark(party, if code == "DPL" { "Action" } else { "" }, &entry.remarks);
    } else {
        remarks::read_bracketed(&entry.remarks, party, odd);
    }
}

/// OFAC's names stand whole and one an item; the others' are taken apart.
fn fill_names(party: &mut ListedParty, code: &str, entry: &Entry, odd: &mut Oddities<'_>) {
    if !entry.number.is_empty() {
        add_name(party, &entry.name, NameQuality::Primary, false);
        for alias in &entry.aliases {
            add_name(party, alias, NameQuality::Strong, false);
        }
        return;
    }
    if is_address(code, &entry.name) {
        party.address_only = true;
        add_remark(party, "", &format!("Listed as `{}`: an address, whoever is there.", entry.name));
        return;
    }
    for text in std::iter::once(&entry.name).chain(&entry.aliases) {
        if text.contains('?') {
            odd.note("names in which a letter became a question mark", text);
        }
    }
    let (aliases, remarks): (Vec<_>, Vec<_>) =
        entry.aliases.iter().cloned().partition(|alias| !(alias.starts_with('(') && alias.ends_with(')')));
    for remark in remarks {
        odd.note("aliases that are a remark in brackets", &remark);
        add_remark(party, "", &remark);
    }
    match entry.name.split_once("Affiliated Entity:") {
        Some((owner, name)) if !name.trim().is_empty() => {
            names::add_names(party, name, &aliases);
            let owner = one_line(owner.trim_end().trim_end_matches('.'));
            add_remark(party, "Affiliated entity of", &owner);
            party.relations.push(Relation {
                kind: RelationKind::LinkedTo,
                name: owner,
                id: None,
                share: None,
            });
        }
        _ => names::add_names(party, &entry.name, &aliases),
    }
    if party.names.is_empty() {
        // Nothing but signs; better an odd name than none.
        odd.note("names without a letter", &entry.name);
        add_name(party, &entry.name, NameQuality::Primary, false);
    }
}

fn day(text: &str, odd: &mut Oddities<'_>) -> Option<Date> {
    let day = days::iso(text).or_else(|| days::month_day_year(text));
    if day.is_none() && !text.is_empty() {
        odd.note("days that are none", text);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_told_by_its_short_name() {
        for (source, expected) in [
            ("Specially Designated Nationals (SDN) - Treasury Department", "SDN"),
            ("Military End User (MEU) List - Bureau of Industry and Security", "MEU"),
            ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "NS-MBS"),
            ("Capta List (CAP) - Treasury Department", "CAP"),
            ("Foreign Sanctions Evaders (FSE) - Treasury Department", "FSE"),
            ("EL", "EL"),
        ] {
            assert_eq!(code(source), expected);
            assert!(heads::is_known(expected), "{expected}");
        }
    }
}
