//! `lists update` and `lists import`: new editions through the gate into the
//! store.

use std::path::{Path, PathBuf};
use std::time::Duration;

use redflag::place::CountryNames;
use redflag::store::{Attempt, Fetched, Offered, Record, Source, Stated, Store, file_name};
use redflag::watchlist::{self, ListFile};

use crate::args::SetupArgs;
use crate::failure::{Exit, Failure, say};
use crate::setup::{self, Project};
use crate::stores::{self, Stores};

use super::fetch::{self, Known};

/// What a command was asked to do.
pub struct Wish<'a> {
    pub accept: Option<&'a str>,
    pub setup: &'a SetupArgs,
}

/// Fetches each source; the others are still fetched when one fails.
pub fn update(names: &[String], timeout: u64, wish: &Wish<'_>) -> Result<Exit, Failure> {
    let project = setup::project(wish.setup)?;
    let stores = Stores::open(wish.setup, &project)?;
    let mut taken = Vec::new();
    let mut bad = 0;
    for source in wanted(names, &project, &stores)? {
        match update_one(source, &stores.store, Duration::from_secs(timeout.max(1)), wish.accept) {
            Ok(outcome) => {
                bad += usize::from(outcome.refused);
                taken.extend(outcome.record);
            }
            Err(Failure(words)) => {
                bad += 1;
                say(&format!("{}: {words}", source.id));
            }
        }
    }
    finish(&project, &taken, bad)
}

fn wanted<'s>(names: &[String], project: &Project, stores: &'s Stores) -> Result<Vec<&'s Source>, Failure> {
    let asked = if names.is_empty() { project.config.sources.as_deref() } else { Some(names) };
    let Some(asked) = asked else {
        return Ok(stores
            .known
            .iter()
            .filter(|source| source.by_default && !source.files.is_empty())
            .collect());
    };
    let find = |name: &String| {
        stores.source(name).filter(|source| !source.files.is_empty()).ok_or_else(|| {
            Failure::new(format!("`{name}` is no source with an address; `redflag lists sources` shows them"))
        })
    };
    asked.iter().map(find).collect()
}

struct Outcome {
    /// The edition in use now, if this attempt brought or confirmed it.
    record: Option<Record>,
    refused: bool,
}

fn update_one(
    source: &Source,
    store: &Store,
    timeout: Duration,
    accept: Option<&str>,
) -> Result<Outcome, Failure> {
    let current = store.current(&source.id).map_err(stores::failure)?;
    let state = store.state(&source.id).map_err(stores::failure)?;
    // After a refusal everything is fetched again, so that --accept can take it.
    let ask = state.attempt != Attempt::Refused;
    let mut fetched = Vec::new();
    let mut changed = current.is_none();
    for address in &source.files {
        let before =
            current.as_ref().and_then(|record| record.files.iter().find(|file| file.url == address.url));
        let known = before.filter(|_| ask).map_or_else(Known::default, |file| Known {
            etag: file.etag.as_deref(),
            last_modified: file.last_modified.as_deref(),
        });
        match fetch::fetch(&address.url, known, timeout) {
            Ok(Some(got)) => {
                changed = true;
                fetched.push(Fetched {
                    file: ListFile { name: address.name.clone(), bytes: got.bytes },
                    url: address.url.clone(),
                    etag: got.etag,
                    last_modified: got.last_modified,
                });
            }
            Ok(None) => fetched.push(stored(store, current.as_ref(), &address.url)?),
            Err(words) => {
                store.failed(&source.id, &words, setup::now()).map_err(stores::failure)?;
                return Err(Failure::new(words));
            }
        }
    }
    if !changed && let Some(record) = current {
        store.unchanged(&source.id, setup::now()).map_err(stores::failure)?;
        say(&format!("{}: unchanged, {}", source.id, words(&record)));
        return Ok(Outcome { record: Some(record), refused: false });
    }
    offer(source, store, &fetched, accept)
}

/// A file of the current edition, for a server that says it did not change.
fn stored(store: &Store, current: Option<&Record>, url: &str) -> Result<Fetched, Failure> {
    let missing = || Failure::new(format!("{url}: unchanged, the server says, but it is not here"));
    let record = current.ok_or_else(missing)?;
    let files = store.files(record, true).map_err(stores::failure)?;
    let (at, file) = record.files.iter().enumerate().find(|(_, file)| file.url == url).ok_or_else(missing)?;
    let bytes = files.into_iter().nth(at).ok_or_else(missing)?.bytes;
    Ok(Fetched {
        file: ListFile { name: file.name.clone(), bytes },
        url: url.to_owned(),
        etag: file.etag.clone(),
        last_modified: file.last_modified.clone(),
    })
}

fn offer(
    source: &Source,
    store: &Store,
    fetched: &[Fetched],
    accept: Option<&str>,
) -> Result<Outcome, Failure> {
    let countries = CountryNames::shipped();
    let find = |text: &str| countries.resolve(text).code();
    let offered = store.offer(source, fetched, setup::now(), &find, accept).map_err(stores::failure)?;
    let outcome = match offered {
        Offered::Taken(record) => {
            say(&format!("{}: new edition {}, {}", source.id, record.edition, words(&record)));
            if let Some(accepted) = &record.accepted {
                say(&format!("  taken although: {} ({})", accepted.refusals.join("; "), accepted.reason));
            }
            for warning in &record.warnings {
                say(&format!("  {warning}"));
            }
            Outcome { record: Some(record), refused: false }
        }
        Offered::Unchanged(record) => {
            say(&format!("{}: unchanged, {}", source.id, words(&record)));
            Outcome { record: Some(record), refused: false }
        }
        Offered::Refused(why) => {
            say(&format!("{}: refused; the last good edition stays in use", source.id));
            for reason in why {
                say(&format!("  {reason}"));
            }
            say(
                "  `redflag lists diff` with SOURCE@refused shows what would change; --accept REASON takes it",
            );
            Outcome { record: None, refused: true }
        }
    };
    Ok(outcome)
}

fn words(record: &Record) -> String {
    let date = record.date().map_or_else(|| "no publisher's date".to_owned(), |date| format!("of {date}"));
    format!("{date}, {} entries, {} names in {} lists", record.entries(), record.names(), record.lists.len())
}

/// Takes files as an edition, or another store's editions.
pub fn import(files: &[PathBuf], source: Option<&str>, wish: &Wish<'_>) -> Result<Exit, Failure> {
    let project = setup::project(wish.setup)?;
    let stores = Stores::open(wish.setup, &project)?;
    if let [folder] = files
        && folder.is_dir()
    {
        return import_store(&stores, &Store::new(folder.clone()), &project);
    }
    let fetched: Vec<Fetched> =
        with_companions(files)?.iter().map(|path| imported(path)).collect::<Result<_, _>>()?;
    let source = match source {
        Some(id) => stores.source(id).cloned().map_or_else(|| adhoc(id), Ok)?,
        None => told(&fetched, &stores)?,
    };
    let outcome = offer(&source, &stores.store, &fetched, wish.accept)?;
    let refused = usize::from(outcome.refused);
    finish(&project, &outcome.record.into_iter().collect::<Vec<_>>(), refused)
}

fn import_store(stores: &Stores, other: &Store, project: &Project) -> Result<Exit, Failure> {
    if other.sources().map_err(stores::failure)?.is_empty() {
        return Err(Failure::new(format!("{} is no store of lists", other.root().display())));
    }
    let taken = stores.store.import_store(other).map_err(stores::failure)?;
    for one in &taken {
        let used = if one.current { ", in use now" } else { "" };
        say(&format!("{}: edition {}, {}{used}", one.record.source, one.record.edition, words(&one.record)));
    }
    say(&format!("{} new editions from {}", taken.len(), other.root().display()));
    let current: Vec<Record> = taken.into_iter().filter(|one| one.current).map(|one| one.record).collect();
    finish(project, &current, 0)
}

/// The files, and those beside them that belong to them.
fn with_companions(files: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut all: Vec<PathBuf> = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = watchlist::companions(&name).into_iter().map(|name| path.with_file_name(name));
        for path in std::iter::once(path.clone()).chain(beside.filter(|path| path.is_file())) {
            if path.is_dir() {
                return Err(Failure::new(format!(
                    "{}: a folder; name the files of one edition, or one store",
                    path.display()
                )));
            }
            if !all.contains(&path) {
                all.push(path);
            }
        }
    }
    Ok(all)
}

fn imported(path: &Path) -> Result<Fetched, Failure> {
    let bytes = setup::read_list_file(path)?;
    let name = file_name(&path.file_name().unwrap_or_default().to_string_lossy());
    Ok(Fetched { file: ListFile { name, bytes }, url: String::new(), etag: None, last_modified: None })
}

/// The source whose first file has that name, else one of the name of the list.
fn told(fetched: &[Fetched], stores: &Stores) -> Result<Source, Failure> {
    let same = |source: &&Source| {
        source.files.first().is_some_and(|address| {
            fetched.iter().any(|one| one.file.name.eq_ignore_ascii_case(&address.name))
        })
    };
    let mut fitting = stores.known.iter().filter(same);
    if let (Some(source), None) = (fitting.next(), fitting.next()) {
        return Ok(source.clone());
    }
    let countries = CountryNames::shipped();
    let files = fetched.iter().map(|one| one.file.clone()).collect();
    let (lists, out) = watchlist::read(files, &|text| countries.resolve(text).code());
    let Some(list) = lists.first() else {
        crate::failure::show(&out);
        return Err(Failure::new("the files hold no list that can be read"));
    };
    adhoc(&list.info.id)
}

/// A source that is only imported, with the usual terms.
fn adhoc(id: &str) -> Result<Source, Failure> {
    if !redflag::store::is_id(id) {
        return Err(Failure::new(format!(
            "`{id}` is no id of a source: a-z, 0-9 and hyphens; name one with --source"
        )));
    }
    Ok(Source {
        id: id.to_owned(),
        title: id.to_owned(),
        files: Vec::new(),
        format: None,
        stated: Stated::default(),
        expected: 1,
        max_age_days: None,
        max_shrink: 0.05,
        must_have: Vec::new(),
        by_default: false,
        licence: String::new(),
    })
}

/// Pins what is in use now where the project pins, and says how it went.
fn finish(project: &Project, records: &[Record], bad: usize) -> Result<Exit, Failure> {
    stores::pin(project, records)?;
    if bad > 0 {
        return Err(Failure::new(format!(
            "{bad} {} not renewed; what was in use stays in use",
            if bad == 1 { "source was" } else { "sources were" }
        )));
    }
    Ok(Exit::Done)
}
