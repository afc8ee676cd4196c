//! The US Consolidated Screening List as a compact JSON copy with short keys,
//! explained in its own `fieldKey`: tables of texts, and entries that point
//! into them. Each source list becomes a list.
//!
//! The copy has no street addresses, identifiers or dates; the lists' notes say
//! so.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceFile};
use crate::trade::{CountryCode, PartyKind};
use crate::watchlist::{ListInfo, ListedName, ListedParty, NameQuality, Watchlist};

use super::format::{Format, Head, Input, Read, Reader};
use super::ids::{self, Ids};
use super::{Mistakes, heads};

#[derive(Deserialize)]
struct File<'t> {
    #[serde(rename = "sourceGeneratedAt", borrow)]
    generated: Option<Cow<'t, str>>,
    #[serde(borrow)]
    source: Option<Source<'t>>,
    #[serde(rename = "listAuthority", borrow)]
    authority: FxHashMap<Cow<'t, str>, Authority<'t>>,
    #[serde(rename = "entryCount")]
    count: Option<usize>,
    #[serde(borrow)]
    tables: Tables<'t>,
    #[serde(borrow)]
    entries: Vec<Entry<'t>>,
}

#[derive(Deserialize)]
struct Source<'t> {
    #[serde(borrow)]
    url: Cow<'t, str>,
}

#[derive(Deserialize)]
struct Authority<'t> {
    #[serde(borrow)]
    code: Cow<'t, str>,
}

#[derive(Deserialize)]
struct Tables<'t> {
    #[serde(borrow)]
    sources: Vec<Cow<'t, str>>,
    #[serde(rename = "licenceRequirements")]
    requirements: Vec<Arc<str>>,
    #[serde(rename = "licencePolicies")]
    policies: Vec<Arc<str>>,
    #[serde(rename = "programmes", borrow)]
    programs: Vec<Cow<'t, str>>,
    urls: Vec<Arc<str>>,
}

#[derive(Deserialize)]
struct Entry<'t> {
    #[serde(rename = "n", borrow)]
    name: Cow<'t, str>,
    #[serde(rename = "a", default, borrow)]
    aliases: Vec<Cow<'t, str>>,
    #[serde(rename = "s")]
    source: usize,
    #[serde(rename = "t", borrow)]
    kind: Option<Cow<'t, str>>,
    #[serde(rename = "c", default, borrow)]
    countries: Vec<Cow<'t, str>>,
    #[serde(rename = "e", borrow)]
    number: Option<Cow<'t, str>>,
    #[serde(rename = "lr")]
    requirement: Option<usize>,
    #[serde(rename = "lp")]
    policy: Option<usize>,
    #[serde(rename = "pg")]
    program: Option<usize>,
    #[serde(rename = "fr", borrow)]
    notice: Option<Cow<'t, str>>,
    #[serde(rename = "u")]
    url: Option<usize>,
}

pub(super) const READER: Reader = Reader {
    format: Format { key: "csl-compact-json", label: "US Consolidated Screening List, compact JSON" },
    looks_like,
    read: Read::Each(read),
};

/// Whether a JSON text is such a file, by the keys at its head.
fn looks_like(head: &Head<'_>) -> bool {
    let text = &head.text;
    head.first_line().starts_with('{')
        && (text.contains("\"fieldKey\"") && text.contains("\"listAuthority\"")
            || text.contains("\"entryCount\""))
}

/// Reads the lists, in the order of the file's table of sources.
fn read(input: &Input<'_>, out: &mut Diagnostics) -> Vec<Watchlist> {
    let (file, sha256) = (&input.file, &*input.sha256);
    let parsed: File<'_> = match serde_json::from_str(&file.text) {
        Ok(parsed) => parsed,
        Err(error) => {
            let line_start: usize =
                file.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
            let at = (line_start + error.column().saturating_sub(1)).min(file.text.len());
            out.push(
                Diagnostic::error(format!("`{}` cannot be read: {error}", file.name))
                    .at(file, at..at)
                    .help("the file is cut off or has another shape; get it again"),
            );
            return Vec::new();
        }
    };
    if let Some(count) = parsed.count.filter(|count| *count != parsed.entries.len()) {
        out.push(Diagnostic::error(format!(
            "`{}` says it has {count} entries and has {}",
            file.name,
            parsed.entries.len()
        )));
    }
    let numbers = numbers_on_several_lists(&parsed);
    let mut mistakes = Mistakes::new(file);
    let mut lists: Vec<_> = parsed
        .tables
        .sources
        .iter()
        .map(|source| List::new(&parsed, source, file, sha256, &mut mistakes, out))
        .collect();
    let programs: Vec<Vec<Arc<str>>> = parsed
        .tables
        .programs
        .iter()
        .map(|text| text.split(';').map(str::trim).filter(|text| !text.is_empty()).map(Arc::from).collect())
        .collect();
    for entry in &parsed.entries {
        let Some(list) = lists.get_mut(entry.source) else {
            mistakes.push(
                Diagnostic::error(format!(
                    "`{}` is on list number {}, which the file does not have",
                    entry.name, entry.source
                )),
                out,
            );
            continue;
        };
        if entry.name.trim().is_empty() {
            mistakes.push(Diagnostic::error("an entry has no name"), out);
            continue;
        }
        let mut fault = |key: &str| {
            let message = format!("`{}` points to a `{key}` that the file does not have", entry.name);
            mistakes.push(Diagnostic::error(message), out);
        };
        let mut party = list.party(entry);
        if let Some(at) = entry.requirement {
            party.licence_requirement = parsed.tables.requirements.get(at).cloned();
            party.licence_requirement.is_none().then(|| fault("lr"));
        }
        if let Some(at) = entry.policy {
            party.licence_policy = parsed.tables.policies.get(at).cloned();
            party.licence_policy.is_none().then(|| fault("lp"));
        }
        if let Some(at) = entry.program {
            party.programs = programs.get(at).cloned().unwrap_or_default();
            programs.get(at).is_none().then(|| fault("pg"));
        }
        party.url = entry
            .url
            .and_then(|at| parsed.tables.urls.get(at))
            .filter(|url| !url.is_empty() && ***url != *list.info.edition.url)
            .cloned();
        let number = entry.number.as_deref().and_then(|number| numbers.get(number));
        for other in number.into_iter().flatten().filter(|other| **other != entry.source) {
            let code =
                parsed.tables.sources.get(*other).map(|source| code(&parsed, source)).unwrap_or_default();
            party.same_as.push(format!("{}/{}", heads::head(code).id, party.id));
        }
        list.parties.push(party);
    }
    mistakes.finish(out);
    lists.into_iter().filter(|list| !list.parties.is_empty()).map(List::finish).collect()
}

fn code<'f>(file: &'f File<'_>, source: &'f str) -> &'f str {
    file.authority.get(source).map_or(source, |authority| &authority.code)
}

/// OFAC gives a party one number on all its lists.
fn numbers_on_several_lists<'f>(file: &'f File<'_>) -> FxHashMap<&'f str, Vec<usize>> {
    let mut numbers: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for entry in &file.entries {
        if let Some(number) = &entry.number {
            let lists = numbers.entry(number).or_default();
            if !lists.contains(&entry.source) {
                lists.push(entry.source);
            }
        }
    }
    numbers.retain(|_, lists| lists.len() > 1);
    numbers
}

struct List {
    info: ListInfo,
    code: String,
    parties: Vec<ListedParty>,
    ids: Ids,
}

impl List {
    fn new(
        parsed: &File<'_>,
        source: &str,
        file: &SourceFile,
        sha256: &str,
        mistakes: &mut Mistakes<'_>,
        out: &mut Diagnostics,
    ) -> Self {
        let code = code(parsed, source).to_owned();
        let mut info = heads::head(&code);
        if !heads::is_known(&code) {
            source.clone_into(&mut info.title);
            let warning = Diagnostic::warning(format!(
                "the list `{source}` is not known; its entries count as blocking"
            ));
            out.push(warning);
        }
        file.name.as_ref().clone_into(&mut info.edition.source);
        sha256.clone_into(&mut info.edition.sha256);
        let day = parsed.generated.as_deref().and_then(|text| text.get(..10));
        info.edition.date = day.and_then(|day| day.parse::<Date>().ok());
        if info.edition.date.is_none() {
            mistakes.push(Diagnostic::error("the file does not say its date (`sourceGeneratedAt`)"), out);
        }
        if let Some(source) = &parsed.source {
            info.notes.push(format!("Source: {}", source.url));
        }
        info.notes.push(
            "Read from a compact copy of the Consolidated Screening List: without street addresses, identifiers \
             and dates of birth or listing, and without telling weak aliases from strong ones."
                .to_owned(),
        );
        Self { info, code, parties: Vec::new(), ids: Ids::default() }
    }

    fn party(&mut self, entry: &Entry<'_>) -> ListedParty {
        let mut party = ListedParty {
            id: self.id(entry),
            kind: match entry.kind.as_deref() {
                Some("Entity") => PartyKind::Organization,
                Some("Individual") => PartyKind::Person,
                Some("Vessel") => PartyKind::Vessel,
                Some("Aircraft") => PartyKind::Aircraft,
                _ => PartyKind::Unknown,
            },
            countries: entry.countries.iter().filter_map(|code| CountryCode::new(code)).collect(),
            citation: entry.notice.as_deref().unwrap_or_default().to_owned(),
            ..ListedParty::default()
        };
        party.order_countries();
        if is_address(&self.code, &entry.name) {
            party.address_only = true;
            party.remarks = format!(
                "Listed as `{}`: an address, whoever is there. Its text is not in this copy.",
                entry.name
            );
            return party;
        }
        let primary = std::iter::once((&entry.name, NameQuality::Primary));
        let aliases = entry.aliases.iter().filter(|text| !text.trim().is_empty());
        party.names = primary
            .chain(aliases.map(|text| (text, NameQuality::Strong)))
            .map(|(text, quality)| ListedName { text: Box::from(&**text), quality, former: false })
            .collect();
        party.order_names();
        party
    }

    fn finish(mut self) -> Watchlist {
        let addresses = self.parties.iter().filter(|party| party.address_only).count();
        if addresses > 0 {
            self.info.notes.push(format!(
                "{addresses} entries list an address whose text is not in this copy: they cannot be met by it."
            ));
        }
        Watchlist::new(self.info, self.parties)
    }

    /// OFAC's number, or for entries without one a hash of name and notice,
    /// which does not move when other entries come or go.
    fn id(&mut self, entry: &Entry<'_>) -> String {
        let number = entry.number.as_deref().filter(|number| !number.trim().is_empty());
        let base = number.map_or_else(
            || ids::of_name(&self.code, &entry.name, entry.notice.as_deref().unwrap_or_default()),
            str::to_owned,
        );
        self.ids.unique(&base)
    }
}

/// The Entity List names addresses by number: `Address 09`.
pub(super) fn is_address(code: &str, name: &str) -> bool {
    let number = name.trim().strip_prefix("Address ");
    code == "EL"
        && number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}
