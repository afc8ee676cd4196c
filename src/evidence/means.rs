//! What a run was made with, made again from its record: lists, rules, profile,
//! columns, and the shipment files.
//!
//! Reads the objects and the store of lists; everything is held against the
//! hashes of the record, or refused.

use std::io::Read;
use std::sync::Arc;

use crate::config::{Config, Profile};
use crate::decision::Decisions;
use crate::diagnostic::{Diagnostics, Severity, SourceFile};
use crate::flow::norms::{Learned, NormTable};
use crate::input::{ColumnMap, Record as Row, ShipmentReader};
use crate::matching::{Matcher, Thresholds};
use crate::name::Lexicon;
use crate::ownership::{self, NoMemory, Statement};
use crate::place::CountryNames;
use crate::rule::Library;
use crate::screening::{RunHeader, Screener, allot};
use crate::store::{Source, Store, shipped_sources};
use crate::watchlist::{ListFile, Watchlist, read};

use super::packed;
use super::past;
use super::record::{FileRef, InputRecord, ListFiles, ListRecord, Record};
use super::runs::{EvidenceError, Result, Runs, at};

/// A run's means.
#[derive(Debug)]
pub struct Means {
    pub screener: Screener,
    pub columns: ColumnMap,
    /// The head of the reports, as it was.
    pub header: RunHeader,
}

fn refused<T>(why: String) -> Result<T> {
    Err(EvidenceError::Refused(why))
}

fn norms(runs: &Runs, file: &FileRef) -> Result<NormTable> {
    let mut out = Diagnostics::default();
    match Learned::from_toml(&stored_source(runs, file)?, &mut out) {
        Some(learned) => Ok(learned.norms),
        None => refused("the norms: this version does not read them".to_owned()),
    }
}

fn first_error(out: &Diagnostics) -> Option<String> {
    out.iter().find(|one| one.severity == Severity::Error).map(|one| one.message.clone())
}

impl Means {
    /// Makes a run's means again.
    ///
    /// # Errors
    /// Why they can't be had: something was not kept, is damaged, or is not
    /// understood by this version.
    pub fn open(runs: &Runs, store: &Store, record: &Record) -> Result<Self> {
        let basis = &record.basis;
        let config = stored_config(runs, record)?;
        let sheet = basis.parameters.get("sheet").map(String::as_str);
        let columns = columns(&config)?.with_sheet(sheet);
        let lists = Lists::read(runs, store, &config, &basis.list_files)?.into_recorded(&basis.lists)?;
        let thresholds = Thresholds { possible: basis.thresholds.possible, strong: basis.thresholds.strong };
        let mut rules = rules(runs, record)?;
        let levels = config.levels.iter();
        rules
            .set_levels(levels.map(|level| (level.rule.as_str(), level.verdict, level.reason.as_str())))
            .or_else(|unknown| refused(format!("there is no rule {} here", unknown.join(", "))))?;
        let mut header = record.header();
        header.rules = rules.rules_in_force(basis.as_of);
        let profile = Profile {
            company: basis.profile.company.clone(),
            bound_by: basis.profile.bound_by.clone(),
            stated: basis.profile.stated,
        };
        let matcher = Matcher::new(&lists, Lexicon::shipped(), thresholds);
        let screener = Screener::new(matcher, rules, profile, basis.as_of)
            .with_decisions(decisions(runs, record, &config)?)
            .with_ownership(statements(runs, record)?, &NoMemory);
        let screener = match &basis.norms {
            Some(file) => screener.with_norms(norms(runs, file)?),
            None => screener,
        };
        let screener = match past::asked(runs, record, &columns, screener.rules())? {
            Some(history) => screener.with_history(Arc::new(history)),
            None => screener,
        };
        let screener = if screener.decisions().draws_on_licences() {
            let mut rows = runs.rows(&columns, record)?;
            let allotment = allot(&screener, &mut rows);
            if let Some(why) = rows.failed {
                return refused(why);
            }
            screener.with_allotment(allotment)
        } else {
            screener
        };
        Ok(Self { screener, columns, header })
    }

    /// The shipment files, one after another.
    ///
    /// # Errors
    /// When one was not kept or is damaged.
    pub fn rows<'a>(&'a self, runs: &'a Runs, record: &'a Record) -> Result<StoredRows<'a>> {
        runs.rows(&self.columns, record)
    }
}

impl Runs {
    /// What the columns of a run's shipment files mean.
    ///
    /// # Errors
    /// When its configuration is not there or not understood.
    pub fn columns(&self, record: &Record) -> Result<ColumnMap> {
        columns(&stored_config(self, record)?)
    }

    /// The shipment files of a run, one after another.
    ///
    /// # Errors
    /// When one was not kept or is damaged.
    pub fn rows<'a>(&'a self, columns: &'a ColumnMap, record: &'a Record) -> Result<StoredRows<'a>> {
        for input in &record.inputs {
            check_input(self, input)?;
        }
        Ok(StoredRows { runs: self, columns, inputs: record.inputs.iter(), current: None, failed: None })
    }
}

/// The lists that a run was made with, as they were.
///
/// # Errors
/// When their files are not kept any more, or not understood.
pub fn old_lists(runs: &Runs, store: &Store, record: &Record) -> Result<Vec<Watchlist>> {
    let config = stored_config(runs, record)?;
    Lists::read(runs, store, &config, &record.basis.list_files)?.into_recorded(&record.basis.lists)
}

fn columns(config: &Config) -> Result<ColumnMap> {
    ColumnMap::user(&config.columns, config.date_order)
        .or_else(|error| refused(format!("the columns of the configuration: {error}")))
}

fn check_input(runs: &Runs, input: &InputRecord) -> Result<()> {
    let file = &input.file;
    if !input.stored {
        return refused(format!("{} was not kept with the record; only its hash was", file.name));
    }
    let path = runs.object_path(&file.sha256);
    let found = packed::look_through(&path).map_err(at(&path))?;
    if found.sha256 == file.sha256 {
        return Ok(());
    }
    Err(EvidenceError::Damaged(path, format!("it is not the content of {}", file.name)))
}

/// The configuration of a run; the defaults where it had none.
pub(super) fn stored_config(runs: &Runs, record: &Record) -> Result<Config> {
    let Some(file) = &record.basis.config else { return Ok(Config::default()) };
    let source = stored_source(runs, file)?;
    let mut out = Diagnostics::default();
    let config = Config::parse(&source, &mut out);
    match first_error(&out) {
        None => Ok(config),
        Some(error) => refused(format!("{}: this version does not read it: {error}", file.name)),
    }
}

fn stored_text(runs: &Runs, file: &FileRef) -> Result<String> {
    String::from_utf8(runs.object(file)?).or_else(|error| refused(format!("{}: {error}", file.name)))
}

fn rules(runs: &Runs, record: &Record) -> Result<Library> {
    let basis = &record.basis;
    let mut files = Vec::new();
    for file in &basis.rules.files {
        files.push(stored_source(runs, file)?);
    }
    let ids: Vec<String> = basis.lists.iter().map(|list| list.id.clone()).collect();
    let (library, out) = Library::load(&files, Some(&ids));
    let why = || first_error(&out).unwrap_or_default();
    library.map_or_else(|| refused(format!("the rules: this version does not read them: {}", why())), Ok)
}

fn decisions(runs: &Runs, record: &Record, config: &Config) -> Result<Decisions> {
    let mut out = Diagnostics::default();
    let mut all = match &record.basis.decisions {
        Some(file) => Decisions::parse(&stored_source(runs, file)?, config.decision_options, &mut out),
        None => Decisions::default(),
    };
    if let Some(file) = &record.basis.baseline {
        all = all.with_baseline(Decisions::read_baseline(&stored_source(runs, file)?, &mut out));
    }
    match first_error(&out) {
        None => Ok(all),
        Some(error) => refused(format!("the decisions: this version does not read them: {error}")),
    }
}

fn statements(runs: &Runs, record: &Record) -> Result<Vec<Statement>> {
    let mut out = Diagnostics::default();
    let mut statements = Vec::new();
    for file in &record.basis.ownership {
        statements.extend(ownership::read(&stored_source(runs, file)?, &mut out));
    }
    match first_error(&out) {
        None => Ok(statements),
        Some(error) => refused(format!("an ownership file: this version does not read it: {error}")),
    }
}

fn stored_source(runs: &Runs, file: &FileRef) -> Result<SourceFile> {
    Ok(SourceFile::new(file.name.as_str(), stored_text(runs, file)?))
}

/// Lists read from the files that a record names.
#[derive(Debug)]
pub(super) struct Lists(Vec<Watchlist>);

impl Lists {
    pub fn read(runs: &Runs, store: &Store, config: &Config, groups: &[ListFiles]) -> Result<Self> {
        let countries = CountryNames::shipped();
        let find = |text: &str| countries.resolve(text).code();
        let mut lists = Vec::new();
        let mut take = |(found, out): (Vec<Watchlist>, Diagnostics), what: &str| {
            if let Some(error) = first_error(&out) {
                return refused(format!("{what}: this version does not read it: {error}"));
            }
            lists.extend(found);
            Ok(())
        };
        for group in groups {
            match group {
                ListFiles::Objects { shipped, files } => {
                    let mut read_files = Vec::new();
                    for file in files {
                        read_files.push(ListFile { name: file.name.clone(), bytes: runs.object(file)? });
                    }
                    if *shipped {
                        for file in read_files {
                            let name = file.name.clone();
                            take(read(vec![file], &|_| None), &name)?;
                        }
                    } else {
                        take(read(read_files, &find), "a list")?;
                    }
                }
                ListFiles::Store { source, edition, sha256, .. } => {
                    let record = store.edition(source, edition).or_else(|error| {
                        refused(format!("the store of lists no longer holds {source}@{edition}: {error}"))
                    })?;
                    if record.sha256 != *sha256 {
                        return refused(format!("{source}@{edition} of the store of lists has other bytes"));
                    }
                    let source = known_source(config, source);
                    let found = store.lists(&record, source.as_ref(), true, &find);
                    take(found.or_else(|error| refused(error.to_string()))?, &record.edition)?;
                }
            }
        }
        Ok(Self(lists))
    }

    /// The lists that a run used, in its order and described as they were then.
    pub fn into_recorded(self, wanted: &[ListRecord]) -> Result<Vec<Watchlist>> {
        let mut used = Vec::new();
        for list in wanted {
            let found = self.0.iter().find(|found| {
                let edition = &found.info.edition;
                found.info.id == list.id && edition.sha256 == list.sha256 && edition.source == list.source
            });
            let Some(found) = found else {
                return refused(format!("the list {} of {} is not in the files kept", list.id, list.source));
            };
            let Some(info) = list.info() else {
                return refused(format!("the list {}: this version does not know what it is", list.id));
            };
            if found.parties.len() != list.entries {
                return refused(format!(
                    "the list {}: this version reads {} entries where the run had {}",
                    list.id,
                    found.parties.len(),
                    list.entries
                ));
            }
            used.push(Watchlist { info: Arc::new(info), parties: found.parties.clone() });
        }
        Ok(used)
    }
}

fn known_source(config: &Config, id: &str) -> Option<Source> {
    let own = config.own_sources.iter().find(|source| source.id == id).cloned();
    own.or_else(|| shipped_sources().0.into_iter().find(|source| source.id == id))
}

/// The rows of the shipment files of a run.
pub struct StoredRows<'a> {
    runs: &'a Runs,
    columns: &'a ColumnMap,
    inputs: std::slice::Iter<'a, InputRecord>,
    current: Option<ShipmentReader>,
    /// Why a file can't be read as shipments any more.
    pub failed: Option<String>,
}

impl std::fmt::Debug for StoredRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoredRows").field("failed", &self.failed).finish_non_exhaustive()
    }
}

impl StoredRows<'_> {
    fn open(&mut self, file: &FileRef) -> std::result::Result<ShipmentReader, String> {
        let content =
            packed::open(&self.runs.object_path(&file.sha256)).map_err(|error| error.to_string())?;
        let content: Box<dyn Read + Send> = Box::new(content);
        ShipmentReader::open(content, &file.name, self.columns, CountryNames::shipped())
            .map_err(|error| error.to_string())
    }
}

impl Iterator for StoredRows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            if let Some(row) = self.current.as_mut().and_then(Iterator::next) {
                return Some(row);
            }
            let input = self.inputs.next()?;
            match self.open(&input.file) {
                Ok(reader) => self.current = Some(reader),
                Err(error) => {
                    self.failed = Some(format!("{}: {error}", input.file.name));
                    return None;
                }
            }
        }
    }
}
