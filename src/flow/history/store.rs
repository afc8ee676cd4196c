//! A folder that keeps the history from run to run: segments that never change,
//! and `history.json`, which names those that count and every file they were
//! made from. A file is taken in once. Whatever happens meanwhile, the folder
//! holds the old history or the new one: a segment counts when `history.json`
//! names it, and that is replaced as a whole.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::build::{Builder, Counts};
use super::identity::reading;
use super::segment::{Segment, merge};

const STATE: &str = "history.json";
const LOCK: &str = "lock";
/// Segments from which on some are joined.
const MOST_SEGMENTS: usize = 8;

/// A file that was taken in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Taken {
    /// As it was called.
    pub name: String,
    /// Of its bytes, lower-case hex.
    pub sha256: String,
    pub rows: u64,
    /// Shipments that were new.
    pub shipments: u64,
    /// Shipments that counted already.
    pub known: u64,
    /// Shipments without a date, which are nobody's past.
    pub undated: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
}

/// A segment that counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Part {
    pub file: String,
    pub shipments: u64,
    pub records: u64,
    pub bytes: u64,
    /// First and last day, as `2024-01-31`.
    pub first: String,
    pub last: String,
}

/// What a store holds.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StoreState {
    version: u32,
    /// What the keys of parties rest on.
    #[serde(default)]
    reading: String,
    /// Number of the next segment.
    next: u64,
    pub parts: Vec<Part>,
    pub files: Vec<Taken>,
}

impl Default for StoreState {
    fn default() -> Self {
        Self { version: 1, reading: reading(), next: 1, parts: Vec::new(), files: Vec::new() }
    }
}

impl StoreState {
    #[must_use]
    pub fn shipments(&self) -> u64 {
        self.parts.iter().map(|part| part.shipments).sum()
    }

    /// Whether a file with these bytes was taken in.
    #[must_use]
    pub fn has(&self, sha256: &str) -> bool {
        self.files.iter().any(|file| file.sha256 == sha256)
    }
}

/// The folder.
#[derive(Clone, Debug)]
pub struct HistoryStore {
    root: PathBuf,
}

/// Only one at a time may change a store; freed when dropped.
#[derive(Debug)]
pub struct StoreLock {
    _file: File,
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

impl HistoryStore {
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What it holds; nothing where there is no folder yet.
    ///
    /// # Errors
    /// When `history.json` can't be read or is not of this version.
    pub fn state(&self) -> io::Result<StoreState> {
        let path = self.root.join(STATE);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(StoreState::default()),
            Err(error) => return Err(named(&path, &error)),
        };
        let state: StoreState = serde_json::from_slice(&bytes)
            .map_err(|error| named(&path, &io::Error::new(io::ErrorKind::InvalidData, error)))?;
        if state.version == 1 {
            return Ok(state);
        }
        let words = format!("is of version {}, this program reads version 1", state.version);
        Err(named(&path, &io::Error::new(io::ErrorKind::InvalidData, words)))
    }

    /// Opens the segments that count.
    ///
    /// # Errors
    /// When one is missing or damaged, or was made by a version that reads names
    /// in another way: its parties would not be found.
    pub fn open(&self, state: &StoreState) -> io::Result<Vec<Arc<Segment>>> {
        if !state.parts.is_empty() && state.reading != reading() {
            let words = "was made by a redflag that reads names in another way; take the past files in again, \
                         into a new folder (`redflag history add`)";
            return Err(named(&self.root, &io::Error::new(io::ErrorKind::InvalidData, words)));
        }
        let open = |part: &Part| {
            let path = self.root.join(&part.file);
            Segment::open(&path).map(Arc::new).map_err(|error| named(&path, &error))
        };
        state.parts.iter().map(open).collect()
    }

    /// Takes the lock, and clears away what an earlier run left behind.
    ///
    /// # Errors
    /// When the folder can't be made, or somebody else holds the lock.
    pub fn lock(&self) -> io::Result<StoreLock> {
        fs::create_dir_all(&self.root).map_err(|error| named(&self.root, &error))?;
        let path = self.root.join(LOCK);
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(|error| named(&path, &error))?;
        file.try_lock().map_err(|_| {
            let words = "another redflag is changing this history; try again when it is done";
            named(&self.root, &io::Error::new(io::ErrorKind::WouldBlock, words))
        })?;
        let state = self.state()?;
        for entry in fs::read_dir(&self.root)?.filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let left = name.starts_with(".part-") || name.ends_with(".segment");
            if left && !state.parts.iter().any(|part| part.file == name) {
                fs::remove_file(entry.path()).map_err(|error| named(&entry.path(), &error))?;
            }
        }
        Ok(StoreLock { _file: file })
    }

    /// Starts taking files in.
    ///
    /// # Errors
    /// When a segment can't be opened.
    pub fn builder(&self, _lock: &StoreLock) -> io::Result<Builder> {
        Ok(Builder::in_folder(&self.root, self.open(&self.state()?)?))
    }

    /// Adds what was built to what counts.
    ///
    /// # Errors
    /// When something can't be written; then the store holds what it held.
    pub fn commit(&self, _lock: &StoreLock, builder: Builder, files: Vec<Taken>) -> io::Result<Counts> {
        let mut state = self.state()?;
        let temporary = NamedTempFile::with_prefix_in(".part-", &self.root)?;
        let (file, counts) = builder.write(temporary.reopen()?)?;
        file.sync_all()?;
        let mut left = Vec::new();
        state.reading = reading();
        if counts.shipments > 0 {
            self.keep(&mut state, temporary, &counts)?;
        }
        state.files.extend(files);
        if state.parts.len() > MOST_SEGMENTS {
            left = self.join_parts(&mut state, false)?;
        }
        self.write_state(&state)?;
        remove(&left);
        Ok(counts)
    }

    /// Joins all segments into one.
    ///
    /// # Errors
    /// When something can't be read or written; then the store holds what it
    /// held.
    pub fn compact(&self, _lock: &StoreLock) -> io::Result<()> {
        let mut state = self.state()?;
        if state.parts.len() < 2 {
            return Ok(());
        }
        let left = self.join_parts(&mut state, true)?;
        self.write_state(&state)?;
        remove(&left);
        Ok(())
    }

    /// Gives a written segment its name.
    fn keep(&self, state: &mut StoreState, file: NamedTempFile, counts: &Counts) -> io::Result<()> {
        let name = format!("{:06}.segment", state.next);
        state.next += 1;
        let path = self.root.join(&name);
        readable(file.as_file())?;
        file.persist(&path).map_err(|error| error.error)?;
        let segment = Segment::open(&path)?;
        let day = |day: Option<super::order::Day>| day.map(|day| super::order::date_of(day).to_string());
        state.parts.push(Part {
            file: name,
            shipments: counts.shipments,
            records: segment.records,
            bytes: fs::metadata(&path)?.len(),
            first: day(counts.first).unwrap_or_default(),
            last: day(counts.last).unwrap_or_default(),
        });
        Ok(())
    }

    /// Joins all parts, or all but the largest while that outweighs them twice;
    /// gives the files that no longer count.
    fn join_parts(&self, state: &mut StoreState, all: bool) -> io::Result<Vec<PathBuf>> {
        state.parts.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.file.cmp(&b.file)));
        let rest: u64 = state.parts.iter().skip(1).map(|part| part.bytes).sum();
        let keep = usize::from(!all && state.parts.first().is_some_and(|part| part.bytes > 2 * rest));
        let joined = state.parts.split_off(keep);
        let segments = joined
            .iter()
            .map(|part| Segment::open(&self.root.join(&part.file)))
            .collect::<io::Result<Vec<_>>>()?;
        let temporary = NamedTempFile::with_prefix_in(".part-", &self.root)?;
        merge(&segments.iter().collect::<Vec<_>>(), temporary.reopen()?)?.sync_all()?;
        let name = format!("{:06}.segment", state.next);
        state.next += 1;
        let path = self.root.join(&name);
        readable(temporary.as_file())?;
        temporary.persist(&path).map_err(|error| error.error)?;
        let segment = Segment::open(&path)?;
        state.parts.push(Part {
            file: name,
            shipments: segment.shipments,
            records: segment.records,
            bytes: fs::metadata(&path)?.len(),
            first: joined.iter().map(|part| part.first.clone()).min().unwrap_or_default(),
            last: joined.iter().map(|part| part.last.clone()).max().unwrap_or_default(),
        });
        Ok(joined.iter().map(|part| self.root.join(&part.file)).collect())
    }

    fn write_state(&self, state: &StoreState) -> io::Result<()> {
        let mut bytes = serde_json::to_vec_pretty(state).map_err(io::Error::other)?;
        bytes.push(b'\n');
        let mut file = NamedTempFile::with_prefix_in(".part-", &self.root)?;
        file.write_all(&bytes)?;
        file.as_file().sync_all()?;
        readable(file.as_file())?;
        file.persist(self.root.join(STATE)).map_err(|error| error.error)?;
        // Makes the new names durable where the system can.
        if let Ok(folder) = File::open(&self.root) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// What can't be removed now is removed when the store is locked next.
fn remove(files: &[PathBuf]) {
    for file in files {
        let _ = fs::remove_file(file);
    }
}

/// Temporary files are private; those of a store get the usual rights.
#[cfg(unix)]
fn readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &File) -> io::Result<()> {
    Ok(())
}
