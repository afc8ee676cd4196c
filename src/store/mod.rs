//! A folder of editions of lists, none of which ever changes, and which of
//! them is in use.
//!
//! Knows files, hashes and the gate before a new edition; no network, no clock
//! and nothing of screening. What stands on the disk:
//!
//! ```text
//! STORE/lock                              held while something is written
//! STORE/us-ofac-sdn/state.toml            the edition in use, the last attempt
//! STORE/us-ofac-sdn/editions/ID/          edition.toml and the files as they came
//! STORE/us-ofac-sdn/refused/ID/           what the gate kept out last
//! ```
//! An edition is written beside its place and renamed, its record last; the
//! state is replaced as a whole. So whatever stops the program, the store holds
//! the old edition or the new one.

mod gate;
mod offer;
mod pins;
mod record;
mod shape;
mod source;
mod upkeep;
pub(crate) mod write;

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::watchlist::{CountryLookup, ListFile, Watchlist, read};

pub use offer::{Fetched, Offered};
pub use pins::{Pin, Pins};
pub use record::{Accepted, Attempt, FileRecord, ListRecord, Record, State};
pub use source::{Source, SourceAddress, Stated, file_name, is_id, read_source, shipped_sources};
pub use upkeep::{Imported, Problem, Pruned};

/// Why the store can't be used.
#[derive(Debug)]
pub enum StoreError {
    /// A file or folder can't be read or written.
    Io(PathBuf, io::Error),
    /// A record is not what this program wrote.
    Damaged(PathBuf, String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Damaged(path, why) => {
                write!(f, "{}: {why}; `redflag lists verify` shows what else is damaged", path.display())
            }
        }
    }
}

impl std::error::Error for StoreError {}

type Result<T> = std::result::Result<T, StoreError>;

fn at(path: &Path) -> impl FnOnce(io::Error) -> StoreError + '_ {
    move |error| StoreError::Io(path.to_owned(), error)
}

/// A store in its folder, which need not exist yet.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// The right to write, given back when dropped.
struct Lock(#[expect(dead_code, reason = "held, not used")] File);

impl Store {
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The ids of the sources that have something here, in order.
    ///
    /// # Errors
    /// When the folder can't be read; one that is not there holds nothing.
    pub fn sources(&self) -> Result<Vec<String>> {
        let mut found = folder_names(&self.root)?;
        found.retain(|name| is_id(name));
        Ok(found)
    }

    fn folder(&self, source: &str) -> PathBuf {
        self.root.join(source)
    }

    fn edition_folder(&self, source: &str, edition: &str) -> PathBuf {
        self.folder(source).join("editions").join(edition)
    }

    /// A source's state; the empty one for a source that has none.
    ///
    /// # Errors
    /// When it can't be read or is damaged.
    pub fn state(&self, source: &str) -> Result<State> {
        let path = self.folder(source).join("state.toml");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::default()),
            Err(error) => return Err(StoreError::Io(path, error)),
        };
        let state: State = toml::from_str(&text).map_err(|error| damaged(&path, &error))?;
        check_version(&path, state.version)?;
        Ok(state)
    }

    fn set_state(&self, source: &str, state: &State) -> Result<()> {
        let path = self.folder(source).join("state.toml");
        let text = toml::to_string(state).map_err(|error| damaged(&path, &error))?;
        write::replace(&path, text.as_bytes()).map_err(at(&path))
    }

    /// The record of an edition.
    ///
    /// # Errors
    /// When it is not there, can't be read or is damaged.
    pub fn edition(&self, source: &str, edition: &str) -> Result<Record> {
        read_record(&self.edition_folder(source, edition))
    }

    /// The record of the edition in use, if there is one.
    ///
    /// # Errors
    /// When the state or the record can't be read.
    pub fn current(&self, source: &str) -> Result<Option<Record>> {
        self.state(source)?.current.map(|edition| self.edition(source, &edition)).transpose()
    }

    /// What the gate kept out last, if it did.
    ///
    /// # Errors
    /// When the folder or the record can't be read.
    pub fn refused(&self, source: &str) -> Result<Option<Record>> {
        let folder = self.folder(source).join("refused");
        let Some(edition) = folder_names(&folder)?.pop() else { return Ok(None) };
        Ok(Some(Record { refused: true, ..read_record(&folder.join(edition))? }))
    }

    /// The ids of a source's editions, oldest first.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn editions(&self, source: &str) -> Result<Vec<String>> {
        let mut found = folder_names(&self.folder(source).join("editions"))?;
        found.retain(|name| !name.starts_with('.'));
        Ok(found)
    }

    /// The files of an edition, as they came. With `check` each is held against
    /// its hash, else against its length only.
    ///
    /// # Errors
    /// When a file can't be read or is not the one recorded.
    pub fn files(&self, record: &Record, check: bool) -> Result<Vec<ListFile>> {
        let folder = if record.refused {
            self.folder(&record.source).join("refused").join(&record.edition)
        } else {
            self.edition_folder(&record.source, &record.edition)
        };
        let one = |file: &FileRecord| {
            let path = folder.join(&file.name);
            let bytes = fs::read(&path).map_err(at(&path))?;
            let same = usize::try_from(file.bytes).is_ok_and(|length| length == bytes.len())
                && (!check || crate::watchlist::sha256_hex(&bytes) == file.sha256);
            if !same {
                return Err(StoreError::Damaged(path, "the file is not the one that was stored".to_owned()));
            }
            let name = format!("{}@{}/{}", record.source, record.edition, file.name);
            Ok(ListFile { name, bytes })
        };
        record.files.iter().map(one).collect()
    }

    /// What the disk tells of each file of an edition; nothing of a file that
    /// is not there.
    #[must_use]
    pub fn on_disk(&self, record: &Record) -> Vec<fs::Metadata> {
        let folder = self.edition_folder(&record.source, &record.edition);
        record.files.iter().filter_map(|file| fs::metadata(folder.join(&file.name)).ok()).collect()
    }

    /// Reads the lists of an edition; `source` says what they are where their
    /// files do not.
    ///
    /// # Errors
    /// When a file can't be read or is not the one recorded.
    pub fn lists(
        &self,
        record: &Record,
        source: Option<&Source>,
        check: bool,
        countries: CountryLookup<'_>,
    ) -> Result<(Vec<Watchlist>, Diagnostics)> {
        let (mut lists, mut out) = read(self.files(record, check)?, countries);
        if let Some(source) = source {
            source.apply(&mut lists, &mut out);
        }
        Ok((lists, out))
    }

    /// Waits until nobody else writes.
    fn lock(&self) -> Result<Lock> {
        fs::create_dir_all(&self.root).map_err(at(&self.root))?;
        let path = self.root.join("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
        file.lock().map_err(at(&path))?;
        Ok(Lock(file))
    }
}

fn read_record(folder: &Path) -> Result<Record> {
    let path = folder.join("edition.toml");
    let text = fs::read_to_string(&path).map_err(at(&path))?;
    let record: Record = toml::from_str(&text).map_err(|error| damaged(&path, &error))?;
    check_version(&path, record.version)?;
    // A name that leads out of the folder was not written by this program.
    if let Some(file) = record.files.iter().find(|file| file_name(&file.name) != file.name) {
        return Err(StoreError::Damaged(path, format!("`{}` is no name of a file here", file.name)));
    }
    Ok(record)
}

/// Writes an edition beside its place and renames it there: its files, in the
/// order of the record, and the record last.
fn write_edition(place: &Path, record: &Record, files: &[&[u8]]) -> Result<()> {
    let above = place.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(above).map_err(at(above))?;
    let new = tempfile::Builder::new().prefix(".new-").tempdir_in(above).map_err(at(above))?;
    for (file, bytes) in record.files.iter().zip(files) {
        let path = new.path().join(&file.name);
        write::create(&path, bytes).map_err(at(&path))?;
    }
    let path = new.path().join("edition.toml");
    let text = toml::to_string(record).map_err(|error| damaged(&path, &error))?;
    write::create(&path, text.as_bytes()).map_err(at(&path))?;
    write::open_folder(new.path()).map_err(at(new.path()))?;
    write::sync_folder(new.path());
    let written = new.keep();
    fs::rename(&written, place).map_err(at(place))?;
    write::sync_folder(above);
    Ok(())
}

fn damaged(path: &Path, error: &impl fmt::Display) -> StoreError {
    StoreError::Damaged(path.to_owned(), error.to_string().trim().to_owned())
}

fn check_version(path: &Path, version: u32) -> Result<()> {
    if version == record::VERSION {
        return Ok(());
    }
    let why = format!("written by another version of redflag (record {version}, here {})", record::VERSION);
    Err(StoreError::Damaged(path.to_owned(), why))
}

/// The names of the folders in a folder, in order; none where it is not there.
pub(crate) fn folder_names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::Io(folder.to_owned(), error)),
    };
    let mut names: Vec<String> = entries
        .filter_map(std::result::Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    Ok(names)
}

#[cfg(test)]
mod tests;
