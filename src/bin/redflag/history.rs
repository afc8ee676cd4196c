//! `history add`, `status`, `compact`; and what `screen` and `check` look back
//! on.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use redflag::config::Config;
use redflag::flow::history::{
    Builder, Counts, History, HistoryStore, Identities, Parameters, Row, Segment, Sources, StoreState, Table,
    Tables, Taken, Wanted, each_row,
};
use redflag::input::{ColumnMap, ShipmentReader};
use redflag::place::CountryNames;
use redflag::rule::Library;
use sha2::{Digest, Sha256};

use crate::args::{HistoryArgs, HistoryCommand, HistoryStoreArgs, PastArgs, SetupArgs};
use crate::failure::{Exit, Failure, say};
use crate::output::is_dash;
use crate::screen::input_files;
use crate::setup::{self, Project};

fn failure(error: &io::Error) -> Failure {
    Failure::new(error.to_string())
}

pub fn history(args: &HistoryArgs) -> Result<Exit, Failure> {
    match &args.command {
        HistoryCommand::Add { files, store } => add(files, store),
        HistoryCommand::Status { store, json } => status(store, *json),
        HistoryCommand::Compact { store } => {
            let (store, _) = open(store)?;
            let lock = store.lock().map_err(|error| failure(&error))?;
            store.compact(&lock).map_err(|error| failure(&error))?;
            status_of(&store, false)
        }
    }
}

fn open(args: &HistoryStoreArgs) -> Result<(HistoryStore, Project), Failure> {
    let setup = SetupArgs { config: args.config.clone(), ..SetupArgs::default() };
    let project = setup::project(&setup)?;
    let root = store_folder(args.store.as_deref(), &project).ok_or_else(|| {
        Failure::new("say where the history store lies: --history-store FOLDER, or `store` under [history] in redflag.toml")
    })?;
    Ok((HistoryStore::new(root), project))
}

fn store_folder(named: Option<&Path>, project: &Project) -> Option<PathBuf> {
    let configured = || project.config.history_store.as_ref().map(|path| project.folder.join(path));
    named.map(Path::to_owned).or_else(configured)
}

pub fn columns(config: &Config) -> Result<ColumnMap, Failure> {
    ColumnMap::user(&config.columns, config.date_order)
        .map_err(|error| Failure::new(format!("[columns] of the configuration: {error}")))
}

fn add(files: &[PathBuf], args: &HistoryStoreArgs) -> Result<Exit, Failure> {
    let (store, project) = open(args)?;
    let columns = columns(&project.config)?;
    let lock = store.lock().map_err(|error| failure(&error))?;
    let state = store.state().map_err(|error| failure(&error))?;
    let mut builder = store.builder(&lock).map_err(|error| failure(&error))?;
    let identities = Identities::default();
    let mut taken: Vec<Taken> = Vec::new();
    let mut unreadable = 0;
    for path in input_files(files)? {
        let name = path.display().to_string();
        let (path, _spool) = spooled(&path)?;
        let sha256 = hash_file(&path)?;
        if state.has(&sha256) || taken.iter().any(|file| file.sha256 == sha256) {
            say(&format!("{name}: is in the history already; left out"));
            continue;
        }
        let before = builder.counts;
        let read = read_rows(&path, &name, &columns, &identities, &mut |row| builder.add(row))?;
        let file = taken_file(name, sha256, read, before, builder.counts);
        unreadable += file.unreadable;
        say(&file_words(&file));
        taken.push(file);
    }
    if !taken.is_empty() {
        store.commit(&lock, builder, taken).map_err(|error| failure(&error))?;
    }
    drop(lock);
    status_of(&store, false)?;
    Ok(if unreadable > 0 { Exit::Unscreened } else { Exit::Done })
}

fn taken_file(name: String, sha256: String, read: ReadCounts, before: Counts, after: Counts) -> Taken {
    Taken {
        name,
        sha256,
        rows: read.rows,
        shipments: after.shipments - before.shipments,
        known: after.known - before.known,
        undated: after.undated - before.undated,
        unreadable: read.unreadable,
    }
}

fn file_words(file: &Taken) -> String {
    let mut words = format!("{}: {} rows, {} shipments taken in", file.name, file.rows, file.shipments);
    for (count, what) in [
        (file.known, "count already"),
        (file.undated, "have no date and are nobody's past"),
        (file.unreadable, "rows could not be read"),
    ] {
        if count > 0 {
            words.push_str(&format!(", {count} {what}"));
        }
    }
    words
}

fn status(args: &HistoryStoreArgs, json: bool) -> Result<Exit, Failure> {
    let (store, _) = open(args)?;
    status_of(&store, json)
}

fn status_of(store: &HistoryStore, json: bool) -> Result<Exit, Failure> {
    let state = store.state().map_err(|error| failure(&error))?;
    if json {
        let mut text =
            serde_json::to_string_pretty(&state).map_err(|error| Failure::new(error.to_string()))?;
        text.push('\n');
        return crate::print(text.as_bytes());
    }
    let mut text = format!(
        "{}: {} shipments of {} files in {} segments\n",
        store.root().display(),
        state.shipments(),
        state.files.len(),
        state.parts.len()
    );
    for part in &state.parts {
        text.push_str(&format!(
            "  {}: {} shipments, {} to {}, {} records, {} KiB\n",
            part.file,
            part.shipments,
            part.first,
            part.last,
            part.records,
            part.bytes / 1024
        ));
    }
    crate::print(printable(&text).as_bytes())
}

/// File names may hold anything.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

fn hash_file(path: &Path) -> Result<String, Failure> {
    let failed = |error: &io::Error| Failure::new(format!("{}: {error}", path.display()));
    let mut file = File::open(path).map_err(|error| failed(&error))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(|error| failed(&error))?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A file that can be read twice: standard input and pipes are copied.
pub fn spooled(path: &Path) -> Result<(PathBuf, Option<tempfile::NamedTempFile>), Failure> {
    let is_file = !is_dash(path) && path.metadata().is_ok_and(|about| about.is_file());
    if is_file {
        return Ok((path.to_owned(), None));
    }
    let failed = |error: io::Error| Failure::new(format!("{}: can't be copied: {error}", path.display()));
    let mut source: Box<dyn Read> =
        if is_dash(path) { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(failed)?) };
    let mut copy = tempfile::NamedTempFile::with_prefix("redflag-").map_err(failed)?;
    io::copy(&mut source, &mut copy).map_err(failed)?;
    Ok((copy.path().to_owned(), Some(copy)))
}

#[derive(Clone, Copy, Default)]
struct ReadCounts {
    rows: u64,
    unreadable: u64,
}

/// Reads a file and hands its shipments on, in the order of the file.
fn read_rows(
    path: &Path,
    name: &str,
    columns: &ColumnMap,
    identities: &Identities,
    take: &mut dyn FnMut(&Row) -> io::Result<()>,
) -> Result<ReadCounts, Failure> {
    let failed = |words: &dyn std::fmt::Display| Failure::new(format!("{name}: {words}"));
    let source = File::open(path).map_err(|error| failed(&error))?;
    let mut reader = ShipmentReader::open(Box::new(source), name, columns, CountryNames::shipped())
        .map_err(|error| failed(&error))?;
    let mut counts = ReadCounts::default();
    each_row(&mut reader, identities, &mut |row| {
        let Some(row) = row else {
            counts.unreadable += 1;
            return Ok(());
        };
        take(row).map_err(|error| failure(&error))
    })?;
    counts.rows = reader.rows_in();
    if reader.truncated() {
        return Err(failed(&"the file could not be read to its end"));
    }
    Ok(counts)
}

/// What a run looks back on.
pub struct LookingBack {
    pub history: Arc<History>,
    /// For the head of the reports.
    pub words: String,
    /// What was asked of it, for the record of the run.
    pub asked: Option<tempfile::NamedTempFile>,
}

/// Whether anything was said about a history.
pub fn is_wanted(args: &PastArgs, config: &Config) -> bool {
    !args.history_files.is_empty()
        || args.history_store.is_some()
        || args.history_in_file
        || !config.history_files.is_empty()
        || config.history_store.is_some()
        || config.history_in_file
}

/// Reads the past, and the files at hand a first time. With `keep` what is read of
/// the past is kept apart.
pub fn look_back(
    args: &PastArgs,
    project: &Project,
    rules: &Library,
    inputs: &[(PathBuf, String)],
    as_of: Date,
    keep: bool,
) -> Result<LookingBack, Failure> {
    let columns = columns(&project.config)?;
    let parameters = Parameters::shipped();
    let identities = Arc::new(Identities::default());
    let store = store_folder(args.history_store.as_deref(), project).map(HistoryStore::new);
    let state = match &store {
        Some(store) => store.state().map_err(|error| failure(&error))?,
        None => StoreState::default(),
    };
    let segments = match &store {
        Some(store) => store.open(&state).map_err(|error| failure(&error))?,
        None => Vec::new(),
    };
    let folder =
        tempfile::tempdir().map_err(|error| Failure::new(format!("a folder for sorting: {error}")))?;
    let mut builder = Builder::in_folder(folder.path(), segments.clone());
    let configured = project.config.history_files.iter().map(|path| project.folder.join(path));
    let past: Vec<PathBuf> = configured.chain(args.history_files.iter().cloned()).collect();
    let mut hashes: Vec<String> = state.files.iter().map(|file| file.sha256.clone()).collect();
    let mut files = 0;
    for path in input_files(&past)? {
        let name = path.display().to_string();
        let (path, _spool) = spooled(&path)?;
        hashes.push(hash_file(&path)?);
        let before = builder.counts;
        let read = read_rows(&path, &name, &columns, &identities, &mut |row| builder.add(row))?;
        say(&file_words(&taken_file(name, String::new(), read, before, builder.counts)));
        files += 1;
    }
    let past_shipments = builder.counts.shipments + state.shipments();
    let mut wanted = Wanted::default();
    let undated = builder.counts.undated;
    for (path, name) in inputs {
        read_rows(path, name, &columns, &identities, &mut |row| {
            wanted.add(row);
            builder.add(row)
        })?;
    }
    let undated = builder.counts.undated - undated;
    let temporary = folder.path().join("at-hand");
    let file = File::create_new(&temporary).map_err(|error| failure(&error))?;
    builder.write(file).map_err(|error| failure(&error))?;
    let own = Segment::open(&temporary).map_err(|error| failure(&error))?;
    let tables: Vec<Table> = segments.into_iter().chain([Arc::new(own)]).map(Table::File).collect();
    let tables = if keep { Tables::from(tables).noting() } else { Tables::from(tables) };
    let is_priority = |code: &_| rules.is_in_categories(code, &parameters.priority);
    let sources = Sources {
        tables: &tables,
        wanted: &wanted,
        parameters: Arc::clone(&parameters),
        identities,
        as_of,
        is_priority: &is_priority,
    };
    let history = History::load(sources).map_err(|error| failure(&error))?;
    let asked = keep.then(|| asked_of(&tables)).transpose().map_err(|error| failure(&error))?;
    hashes.sort_unstable();
    hashes.dedup();
    let start = history.start().map_or_else(|| "nothing dated".to_owned(), |day| format!("from {day}"));
    let mut words = format!(
        "{past_shipments} past shipments of {} files, {start}, and the files at hand; SHA-256 of the files {}",
        files + state.files.len(),
        hash_of(&hashes)
    );
    if undated > 0 {
        words.push_str(&format!(
            "; {undated} shipments at hand have no date: they see what was shipped before {as_of} and are nobody's past"
        ));
    }
    Ok(LookingBack { history: Arc::new(history), words, asked })
}

fn asked_of(tables: &Tables) -> io::Result<tempfile::NamedTempFile> {
    let file = tempfile::NamedTempFile::with_prefix("redflag-")?;
    tables.write_asked(file.reopen()?)?;
    Ok(file)
}

/// 12 digits over hashes in order.
fn hash_of(hashes: &[String]) -> String {
    let mut hash = Sha256::new();
    for one in hashes {
        hash.update(one.as_bytes());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
