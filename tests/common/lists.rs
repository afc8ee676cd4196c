//! Samples and real files of lists, and what tests look at in them.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail; each test uses what it needs"
)]

use std::fs;
use std::path::{Path, PathBuf};

use redflag::diagnostic::{Diagnostics, Severity};
use redflag::trade::CountryCode;
use redflag::watchlist::{ListFile, ListedParty, NameQuality, Watchlist};

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A real file; says so and gives `None` where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = root().join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

pub fn load(path: &Path) -> ListFile {
    ListFile { name: path.display().to_string(), bytes: fs::read(path).unwrap() }
}

pub fn sample(name: &str) -> ListFile {
    load(&root().join("tests/data/lists").join(name))
}

pub fn text(name: &str, text: &str) -> ListFile {
    ListFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// The countries of the samples of US lists.
pub fn sample_country(name: &str) -> Option<CountryCode> {
    let code = match name {
        "Malaysia" => "MY",
        "Egypt" => "EG",
        "Panama" => "PA",
        "Peru" => "PE",
        "China" => "CN",
        _ => return None,
    };
    CountryCode::new(code)
}

pub fn messages(out: &Diagnostics, severity: Severity) -> Vec<String> {
    out.iter().filter(|d| d.severity == severity).map(|d| d.message.clone()).collect()
}

pub fn entry<'l>(list: &'l Watchlist, id: &str) -> &'l ListedParty {
    list.parties.iter().find(|party| party.id == id).unwrap_or_else(|| panic!("no entry {id}"))
}

/// Names with their quality, and whether they are former ones.
pub fn names(party: &ListedParty) -> Vec<(&str, NameQuality, bool)> {
    party.names.iter().map(|name| (&*name.text, name.quality, name.former)).collect()
}

pub fn addresses(party: &ListedParty) -> Vec<String> {
    party.addresses.iter().map(redflag::trade::Address::one_line).collect()
}
