//! The formats of US lists on samples of own making, and on the real files
//! where they lie beside the project.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use redflag::diagnostic::{Diagnostics, Severity};
use redflag::trade::{CountryCode, IdentifierKind, PartyKind};
use redflag::watchlist::Effect::{Advisory, Blocking, LicenceRequired};
use redflag::watchlist::NameQuality::{Primary, Strong, Weak};
use redflag::watchlist::{
    ListFile, ListedParty, NameQuality, RelationKind, Watchlist, companions, detect, read,
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A real file; says so and gives `None` where it is absent.
fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

fn load(path: &Path) -> ListFile {
    ListFile { name: path.display().to_string(), bytes: fs::read(path).unwrap() }
}

fn sample(name: &str) -> ListFile {
    load(&root().join("tests/data/lists").join(name))
}

fn text(name: &str, text: &str) -> ListFile {
    ListFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

fn messages(out: &Diagnostics, severity: Severity) -> Vec<String> {
    out.iter().filter(|d| d.severity == severity).map(|d| d.message.clone()).collect()
}

fn entry<'l>(list: &'l Watchlist, id: &str) -> &'l ListedParty {
    list.parties.iter().find(|party| party.id == id).unwrap_or_else(|| panic!("no entry {id}"))
}

fn names(party: &ListedParty) -> Vec<(&str, NameQuality, bool)> {
    party.names.iter().map(|name| (&*name.text, name.quality, name.former)).collect()
}

fn identifiers(party: &ListedParty) -> Vec<(IdentifierKind, &str, &str)> {
    let country = |code: &Option<CountryCode>| code.as_ref().map_or("", |_| "");
    let _ = country;
    party
        .identifiers
        .iter()
        .map(|id| (id.kind, id.value.as_str(), id.country.as_ref().map_or("", CountryCode::as_str)))
        .collect()
}

fn codes(countries: &[CountryCode]) -> Vec<&str> {
    countries.iter().map(CountryCode::as_str).collect()
}

#[test]
fn scratch() {
    for f in ["lists/csl/consolidated.csv", "lists/bis/dpl.txt", "lists/ofac/consolidated.xml"] {
        let Some(path) = shared(f) else { return };
        println!("{:?}", detect(&fs::read(&path).unwrap()));
        let (lists, out) = read(vec![load(&path)], &ofac_countries());
        for d in &out {
            println!("{:?} {}", d.severity, d.message);
        }
        for l in &lists {
            println!(
                "{} {} {} {:?} {:#?}",
                l.info.id, l.info.edition.entries, l.info.edition.names, l.info.edition.date, l.info.notes
            );
            for p in l.parties.iter().step_by(l.parties.len() / 3 + 1) {
                println!("{p:#?}");
            }
        }
    }
}
/// Countries as OFAC writes them, from the country tables beside the project
/// and the spellings those do not have.
fn ofac_countries() -> impl Fn(&str) -> Option<CountryCode> + Sync {
    let mut codes = std::collections::HashMap::new();
    for (file, name, code) in [("trade/country_chart.csv", 1, 0), ("trade/country_groups.csv", 2, 1)] {
        let mut rows = csv::Reader::from_path(root().join("../shared").join(file)).unwrap();
        for row in rows.records() {
            let row = row.unwrap();
            codes.insert(row[name].to_owned(), CountryCode::new(&row[code]).unwrap());
        }
    }
    let more = "Turkey=TR;Hong Kong=HK;Congo, Democratic Republic of the=CD;Palestinian=PS;South Sudan=SS;\
                Virgin Islands, British=VG;Democratic People's Republic of Korea=KP;The Gambia=GM;\
                North Macedonia, The Republic of=MK;Cayman Islands=KY;Saint Kitts and Nevis=KN;Jersey=JE;\
                Cote d Ivoire=CI;Gibraltar=GI;West Bank=PS;Congo, Republic of the=CG;Man, Isle of=IM;Cook Islands=CK;\
                Bermuda=BM;Guernsey=GG;Cabo Verde=CV";
    for (name, code) in more.split(';').filter_map(|pair| pair.split_once('=')) {
        codes.insert(name.to_owned(), CountryCode::new(code).unwrap());
    }
    move |name| codes.get(name).copied()
}
