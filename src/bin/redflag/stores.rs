//! Where the store of lists lies, which of its editions a project uses, and
//! reading them.

use std::path::PathBuf;

use jiff::civil::Date;
use redflag::diagnostic::Diagnostics;
use redflag::place::CountryNames;
use redflag::store::{Pins, Record, Source, State, Store, StoreError, shipped_sources};
use redflag::watchlist::Watchlist;

use crate::args::SetupArgs;
use crate::failure::{Failure, say};
use crate::output::write_whole;
use crate::setup::{Project, read_text};

/// The store, and the sources that are known.
pub struct Stores {
    pub store: Store,
    /// Own ones first, then those that come with the program: in the order of
    /// precedence.
    pub known: Vec<Source>,
}

/// An edition that is used.
pub struct Used {
    pub record: Record,
    /// Whether it is the newest one here, not an older one that is pinned.
    pub current: bool,
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub fn failure(error: StoreError) -> Failure {
    Failure::new(error.to_string())
}

impl Stores {
    pub fn open(args: &SetupArgs, project: &Project) -> Result<Self, Failure> {
        let named = args.store.clone().or_else(environment_store);
        let root = match (named, &project.config.store) {
            (Some(path), _) => path,
            (None, Some(path)) => project.folder.join(path),
            (None, None) => default_folder().ok_or_else(|| {
                Failure::new("this system names no folder for data; say where the store lies with --store")
            })?,
        };
        let (shipped, _) = shipped_sources();
        let mut known = project.config.own_sources.clone();
        known.extend(
            shipped
                .into_iter()
                .filter(|source| !project.config.own_sources.iter().any(|own| own.id == source.id)),
        );
        Ok(Self { store: Store::new(root), known })
    }

    pub fn source(&self, id: &str) -> Option<&Source> {
        self.known.iter().find(|source| source.id == id)
    }

    /// The editions to screen against, in the order of precedence.
    pub fn used(&self, args: &SetupArgs, project: &Project) -> Result<Vec<Used>, Failure> {
        let locked = args.locked || args.frozen;
        let pins = pins(project)?;
        if locked && pins.is_none() {
            return Err(Failure::new(format!(
                "{} is not there; `redflag lists update` or `lists import` writes it",
                pins_path(project).display()
            )));
        }
        let mut ids = match &project.config.sources {
            Some(ids) => ids.clone(),
            None => self.store.sources().map_err(failure)?,
        };
        let place = |id: &String| self.known.iter().position(|source| source.id == *id).unwrap_or(usize::MAX);
        ids.sort_by(|a, b| place(a).cmp(&place(b)).then(a.cmp(b)));
        let mut used = Vec::new();
        for id in ids {
            let state = self.store.state(&id).map_err(failure)?;
            let pin = pins.as_ref().and_then(|pins| pins.of(&id));
            if locked && pin.is_none() && state.current.is_some() {
                return Err(Failure::new(format!("the source `{id}` is in use and not named in lists.lock")));
            }
            let edition = pin.map(|pin| &pin.edition).or(state.current.as_ref());
            let Some(edition) = edition else {
                if project.config.sources.is_some() {
                    return Err(Failure::new(format!(
                        "the store holds no edition of `{id}`; `redflag lists update {id}` fetches one"
                    )));
                }
                continue;
            };
            let record = self.store.edition(&id, edition).map_err(failure)?;
            if let Some(pin) = pin.filter(|pin| pin.sha256 != record.sha256) {
                return Err(Failure::new(format!(
                    "{id}: the edition {} is not the one that lists.lock names: SHA-256 {} instead of {}",
                    record.edition, record.sha256, pin.sha256
                )));
            }
            used.push(Used { current: state.current.as_ref() == Some(&record.edition), record });
        }
        Ok(used)
    }

    /// Reads the lists of the editions in use. A list that a source of higher
    /// precedence gives too is left out; the notes of the other say so.
    pub fn read(&self, used: &[Used], check: bool) -> Result<(Vec<Watchlist>, Diagnostics), Failure> {
        let countries = CountryNames::shipped();
        let mut lists: Vec<Watchlist> = Vec::new();
        let mut out = Diagnostics::default();
        for one in used {
            let record = &one.record;
            let find = |text: &str| countries.resolve(text).code();
            let (mut found, mistakes) =
                self.store.lists(record, self.source(&record.source), check, &find).map_err(failure)?;
            // Warnings were told when the edition was taken; they stand in its
            // lists' notes.
            if mistakes.has_errors() {
                out.extend(mistakes);
            }
            self.state_age(one, &mut found)?;
            for list in found {
                put(&mut lists, list, &record.source, self.source(&record.source).is_some());
            }
        }
        Ok((lists, out))
    }

    fn state_age(&self, used: &Used, lists: &mut [Watchlist]) -> Result<(), Failure> {
        let record = &used.record;
        let state = self.store.state(&record.source).map_err(failure)?;
        let day = Some(confirmed(used, &state));
        let most = self.source(&record.source).and_then(|source| source.max_age_days);
        for list in lists {
            let info = std::sync::Arc::make_mut(&mut list.info);
            info.edition.confirmed = day;
            info.edition.max_age_days = most;
            info.edition.stale = state.stale();
            if let Some(accepted) = &record.accepted {
                info.notes.push(format!(
                    "taken although the gate refused it ({}), for this reason: {}",
                    accepted.refusals.join("; "),
                    accepted.reason
                ));
            }
        }
        Ok(())
    }
}

/// Adds a list. Of two with one id that of the known source counts, which comes
/// first; of two unknown sources the newer, then the longer.
fn put(lists: &mut Vec<Watchlist>, mut list: Watchlist, source: &str, known: bool) {
    let Some(other) = lists.iter_mut().find(|other| other.info.id == list.info.id) else {
        lists.push(list);
        return;
    };
    let state = |list: &Watchlist| (list.info.edition.date, list.info.edition.entries);
    if !known && state(&list) > state(other) && other.info.edition.max_age_days.is_none() {
        std::mem::swap(other, &mut list);
    }
    let info = std::sync::Arc::make_mut(&mut other.info);
    let left_out = &list.info.edition;
    info.notes.push(format!(
        "another edition of this list is left out: {}, {} entries",
        left_out.source, left_out.entries
    ));
    doubt_smaller(other, &list, source);
}

/// A list that takes the place of one with clearly more entries is not trusted
/// to be the newest.
pub fn doubt_smaller(kept: &mut Watchlist, left_out: &Watchlist, of: &str) {
    let (here, there) = (kept.info.edition.entries, left_out.info.edition.entries);
    if there > here + here / 50 && kept.info.edition.stale.is_none() {
        let info = std::sync::Arc::make_mut(&mut kept.info);
        info.edition.stale = Some(format!("{of} gives {there} entries of this list, this edition {here}"));
    }
}

/// The last day on which an edition was known to be the newest: of one that an
/// older pin names, the day it came.
pub fn confirmed(used: &Used, state: &State) -> Date {
    let time = state.confirmed.filter(|_| used.current).unwrap_or(used.record.retrieved);
    jiff::tz::Offset::UTC.to_datetime(time).date()
}

/// The folder for this user's data.
fn default_folder() -> Option<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "redflag")?;
    Some(folders.data_local_dir().join("lists"))
}

pub fn pins_path(project: &Project) -> PathBuf {
    project.folder.join("lists.lock")
}

/// The pins of the project; none where it does not pin.
pub fn pins(project: &Project) -> Result<Option<Pins>, Failure> {
    let path = pins_path(project);
    if !path.is_file() {
        return Ok(None);
    }
    let pins = Pins::parse(&read_text(&path)?);
    pins.map(Some).map_err(|why| Failure::new(format!("{}: {why}", path.display())))
}

/// Writes the editions into lists.lock: where there is one, or a
/// `redflag.toml` beside which it can stand.
pub fn pin(project: &Project, records: &[Record]) -> Result<(), Failure> {
    let path = pins_path(project);
    let before = pins(project)?;
    if records.is_empty() || (before.is_none() && project.file.is_none()) {
        return Ok(());
    }
    let mut pins = before.clone().unwrap_or_default();
    for record in records {
        pins.set(record);
    }
    if before.as_ref() == Some(&pins) {
        return Ok(());
    }
    let text = pins.write().map_err(Failure::new)?;
    write_whole(&path, text.as_bytes())?;
    say(&format!("pinned in {}", path.display()));
    Ok(())
}

/// The store that the environment names; an empty name is none.
fn environment_store() -> Option<PathBuf> {
    std::env::var_os("REDFLAG_STORE").filter(|name| !name.is_empty()).map(PathBuf::from)
}
