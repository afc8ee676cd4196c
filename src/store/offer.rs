//! A new state of a source's files: through the gate, and into the store.

use std::fs;

use jiff::Timestamp;

use crate::diagnostic::{Diagnostics, Severity};
use crate::digest::sha256_hex;
use crate::watchlist::{CountryLookup, ListFile, Watchlist, detect, read};

use super::record::{Accepted, Attempt, FileRecord, ListRecord, Record, State, VERSION};
use super::shape::shape;
use super::source::file_name;
use super::{Result, Source, Store, at, gate, write_edition};

/// A file that came, and what its server said of it.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Under the name it is kept by.
    pub file: ListFile,
    /// Empty for an imported file.
    pub url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What became of it.
#[derive(Debug)]
pub enum Offered {
    /// It is the edition in use now.
    Taken(Record),
    /// It is the one that was in use already.
    Unchanged(Record),
    /// The gate refused it, for these reasons; the last good one stays in use.
    Refused(Vec<String>),
}

impl Store {
    /// Takes the files as a new edition if the gate lets them pass, or, with a
    /// reason to `accept` it, although it does not. What can't be read whole is
    /// never taken.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn offer(
        &self,
        source: &Source,
        fetched: &[Fetched],
        now: Timestamp,
        countries: CountryLookup<'_>,
        accept: Option<&str>,
    ) -> Result<Offered> {
        let files: Vec<ListFile> = fetched.iter().map(|one| one.file.clone()).collect();
        let (mut lists, mut out) = read(files.clone(), countries);
        source.apply(&mut lists, &mut out);
        let mut record = new_record(source, fetched, &lists, &out, now);
        record.shape = shape(&files);
        let mut unreadable = unreadable(source, &files, &out);
        if lists.is_empty() && unreadable.is_empty() {
            unreadable.push("the files hold no list".to_owned());
        }
        let lock = self.lock()?;
        self.sweep(&source.id)?;
        let mut state = self.state(&source.id)?;
        let last = state.current.as_deref().map(|edition| self.edition(&source.id, edition)).transpose()?;
        if let Some(last) = last.as_ref().filter(|last| last.sha256 == record.sha256) {
            self.confirm(&source.id, &mut state, now)?;
            return Ok(Offered::Unchanged(last.clone()));
        }
        let refusals = gate::judge(source, &record, &lists, last.as_ref());
        let reason = accept.map(str::trim).filter(|reason| !reason.is_empty());
        if !unreadable.is_empty() || (!refusals.is_empty() && reason.is_none()) {
            let why: Vec<String> = unreadable.into_iter().chain(refusals).collect();
            self.refuse(&record, fetched, &mut state, &why, now)?;
            return Ok(Offered::Refused(why));
        }
        if let Some(reason) = reason.filter(|_| !refusals.is_empty()) {
            record.accepted = Some(Accepted { reason: reason.to_owned(), refusals });
        }
        let record = self.keep(record, fetched)?;
        state.current = Some(record.edition.clone());
        state.confirmed = Some(now);
        state.tried = Some(now);
        state.attempt = Attempt::Taken;
        state.why.clear();
        self.set_state(&source.id, &state)?;
        drop(lock);
        Ok(Offered::Taken(record))
    }

    /// Notes that the publisher's state is the one in use.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn unchanged(&self, source: &str, now: Timestamp) -> Result<()> {
        let _lock = self.lock()?;
        let mut state = self.state(source)?;
        self.confirm(source, &mut state, now)
    }

    fn confirm(&self, source: &str, state: &mut State, now: Timestamp) -> Result<()> {
        state.confirmed = Some(now);
        state.tried = Some(now);
        state.attempt = Attempt::Unchanged;
        state.why.clear();
        self.set_state(source, state)
    }

    /// Notes that nothing came, and why. What is in use stays so.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn failed(&self, source: &str, why: &str, now: Timestamp) -> Result<()> {
        let _lock = self.lock()?;
        let folder = self.folder(source);
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let mut state = self.state(source)?;
        state.tried = Some(now);
        // A refusal stands until something better comes.
        if state.attempt != Attempt::Refused {
            state.attempt = Attempt::Failed;
            state.why = vec![why.to_owned()];
        }
        self.set_state(source, &state)
    }

    /// Keeps what was refused, for a person to look at, and says so.
    fn refuse(
        &self,
        record: &Record,
        fetched: &[Fetched],
        state: &mut State,
        why: &[String],
        now: Timestamp,
    ) -> Result<()> {
        let refused = self.folder(&record.source).join("refused");
        if refused.exists() {
            fs::remove_dir_all(&refused).map_err(at(&refused))?;
        }
        write_edition(&refused.join(&record.edition), record, &bytes(fetched))?;
        state.tried = Some(now);
        state.attempt = Attempt::Refused;
        state.why = why.to_vec();
        self.set_state(&record.source, state)
    }

    /// Puts an edition into its place, or finds it there from before.
    fn keep(&self, record: Record, fetched: &[Fetched]) -> Result<Record> {
        for edition in self.editions(&record.source)? {
            if let Ok(old) = self.edition(&record.source, &edition)
                && old.sha256 == record.sha256
                && old.accepted == record.accepted
                && self.files(&old, true).is_ok()
            {
                return Ok(old);
            }
        }
        write_edition(&self.edition_folder(&record.source, &record.edition), &record, &bytes(fetched))?;
        Ok(record)
    }

    /// Removes what a crash left behind. Only under the lock.
    pub(super) fn sweep(&self, source: &str) -> Result<()> {
        for folder in
            [self.folder(source), self.folder(source).join("editions"), self.folder(source).join("refused")]
        {
            let Ok(entries) = fs::read_dir(&folder) else { continue };
            for entry in entries.filter_map(std::result::Result::ok) {
                let name = entry.file_name();
                if !name.to_string_lossy().starts_with('.') {
                    continue;
                }
                let path = entry.path();
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                gone.map_err(at(&path))?;
            }
        }
        Ok(())
    }
}

fn bytes(fetched: &[Fetched]) -> Vec<&[u8]> {
    fetched.iter().map(|one| one.file.bytes.as_slice()).collect()
}

fn new_record(
    source: &Source,
    fetched: &[Fetched],
    lists: &[Watchlist],
    out: &Diagnostics,
    now: Timestamp,
) -> Record {
    let mut names: Vec<String> = Vec::new();
    let mut files: Vec<FileRecord> = Vec::new();
    for one in fetched {
        let base = file_name(&one.file.name);
        let taken = |name: &String| names.contains(name) || name == "edition.toml";
        let mut name = base.clone();
        let mut copy = 1;
        while taken(&name) {
            copy += 1;
            name = format!("{copy}-{base}");
        }
        names.push(name.clone());
        files.push(FileRecord {
            name,
            bytes: u64::try_from(one.file.bytes.len()).unwrap_or(u64::MAX),
            sha256: sha256_hex(&one.file.bytes),
            url: one.url.clone(),
            etag: one.etag.clone(),
            last_modified: one.last_modified.clone(),
        });
    }
    let sha256 = match files.as_slice() {
        [file] => file.sha256.clone(),
        files => {
            let mut by_name: Vec<_> = files.iter().collect();
            by_name.sort_by(|a, b| a.name.cmp(&b.name));
            sha256_hex(by_name.iter().map(|file| file.sha256.as_str()).collect::<String>().as_bytes())
        }
    };
    let stamp = now.strftime("%Y%m%dT%H%M%S%3fZ").to_string();
    Record {
        version: VERSION,
        source: source.id.clone(),
        edition: format!("{stamp}-{}", sha256.get(..12).unwrap_or(&sha256)),
        retrieved: now,
        sha256,
        accepted: None,
        warnings: messages(out, Severity::Warning),
        files,
        lists: lists.iter().map(ListRecord::of).collect(),
        shape: std::collections::BTreeMap::new(),
        refused: false,
    }
}

fn messages(out: &Diagnostics, severity: Severity) -> Vec<String> {
    let line = |d: &crate::diagnostic::Diagnostic| match d.line_column() {
        Some((line, _)) => format!("line {line}: {}", d.message),
        None => d.message.clone(),
    };
    out.iter().filter(|d| d.severity == severity).map(line).collect()
}

/// Why the files can't be read whole.
fn unreadable(source: &Source, files: &[ListFile], out: &Diagnostics) -> Vec<String> {
    const SHOWN: usize = 5;
    let mut why = Vec::new();
    if let (Some(wanted), Some(first)) = (&source.format, files.first()) {
        let found = detect(&first.bytes).map_or("no known format", |format| format.key);
        if found != wanted {
            why.push(format!("`{}` is {found} where {wanted} is expected", first.name));
        }
    }
    let errors = messages(out, Severity::Error);
    let more = errors.len().saturating_sub(SHOWN);
    why.extend(errors.into_iter().take(SHOWN));
    if more > 0 {
        why.push(format!("and {more} more mistakes"));
    }
    why
}
