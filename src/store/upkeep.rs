//! Care for a store: checking every byte, taking over another store's
//! editions, removing old ones.

use std::fs;
use std::path::PathBuf;

use crate::digest::sha256_hex;

use super::{Record, Result, State, Store, at, read_record, write_edition};

/// Something in the store that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub path: PathBuf,
    pub what: String,
}

/// An edition that was taken from another store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imported {
    pub record: Record,
    /// Whether it is in use now.
    pub current: bool,
}

/// An edition that was removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pruned {
    pub source: String,
    pub edition: String,
    pub bytes: u64,
}

impl Store {
    /// Reads every record and every file and holds each against its hash. How
    /// many editions there are, and what does not fit.
    ///
    /// # Errors
    /// When the folder itself can't be read.
    pub fn verify(&self) -> Result<(usize, Vec<Problem>)> {
        let mut problems = Vec::new();
        let mut checked = 0;
        for source in self.sources()? {
            let mut note = |path: PathBuf, what: String| problems.push(Problem { path, what });
            match self.state(&source) {
                Err(error) => note(self.folder(&source).join("state.toml"), error.to_string()),
                Ok(State { current: Some(current), .. }) => {
                    let folder = self.edition_folder(&source, &current);
                    if !folder.is_dir() {
                        note(folder, "the edition in use is not there".to_owned());
                    }
                }
                Ok(_) => {}
            }
            for edition in self.editions(&source)? {
                checked += 1;
                self.verify_edition(&source, &edition, &mut problems);
            }
        }
        Ok((checked, problems))
    }

    fn verify_edition(&self, source: &str, edition: &str, problems: &mut Vec<Problem>) {
        let folder = self.edition_folder(source, edition);
        let mut note = |path: PathBuf, what: &str| problems.push(Problem { path, what: what.to_owned() });
        let record = match read_record(&folder) {
            Ok(record) => record,
            Err(error) => return note(folder.join("edition.toml"), &error.to_string()),
        };
        if record.source != source || record.edition != edition {
            note(folder.join("edition.toml"), "the record is of another edition");
        }
        for file in &record.files {
            let path = folder.join(&file.name);
            match fs::read(&path) {
                Err(error) => note(path, &error.to_string()),
                Ok(bytes) if sha256_hex(&bytes) != file.sha256 => {
                    note(path, "the content is not the one that was stored");
                }
                Ok(_) => {}
            }
        }
        let Ok(entries) = fs::read_dir(&folder) else { return };
        for entry in entries.filter_map(std::result::Result::ok) {
            let name = entry.file_name();
            let known =
                |name: &str| name == "edition.toml" || record.files.iter().any(|file| file.name == name);
            if !name.to_str().is_some_and(known) {
                note(entry.path(), "a file that belongs to no edition");
            }
        }
    }

    /// Takes over the editions of another store, each checked against its
    /// hashes. A source's state is taken over where the other's is newer.
    ///
    /// # Errors
    /// When either store can't be read, an edition there is damaged, or this
    /// one can't be written.
    pub fn import_store(&self, other: &Self) -> Result<Vec<Imported>> {
        let _lock = self.lock()?;
        let mut taken = Vec::new();
        for source in other.sources()? {
            self.sweep(&source)?;
            for edition in other.editions(&source)? {
                let record = other.edition(&source, &edition)?;
                let place = self.edition_folder(&source, &edition);
                if place.is_dir() {
                    continue;
                }
                self.copy_edition(other, &record)?;
                taken.push(Imported { record, current: false });
            }
            let (mine, theirs) = (self.state(&source)?, other.state(&source)?);
            if theirs.current.is_some() && theirs.confirmed > mine.confirmed {
                self.set_state(&source, &theirs)?;
                for one in taken.iter_mut().filter(|one| one.record.source == source) {
                    one.current = theirs.current.as_ref() == Some(&one.record.edition);
                }
            }
        }
        Ok(taken)
    }

    fn copy_edition(&self, other: &Self, record: &Record) -> Result<()> {
        let files = other.files(record, true)?;
        let bytes: Vec<&[u8]> = files.iter().map(|file| file.bytes.as_slice()).collect();
        write_edition(&self.edition_folder(&record.source, &record.edition), record, &bytes)
    }

    /// Removes editions but for the newest `keep` of each source, the one in
    /// use, and those that `pinned` names. With `dry` nothing is removed.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn prune(&self, keep: usize, pinned: &dyn Fn(&str, &str) -> bool, dry: bool) -> Result<Vec<Pruned>> {
        let _lock = self.lock()?;
        let mut removed = Vec::new();
        for source in self.sources()? {
            self.sweep(&source)?;
            let current = self.state(&source)?.current;
            let editions = self.editions(&source)?;
            let old = editions.len().saturating_sub(keep);
            for edition in editions.into_iter().take(old) {
                if current.as_ref() == Some(&edition) || pinned(&source, &edition) {
                    continue;
                }
                let folder = self.edition_folder(&source, &edition);
                let bytes = size(&folder);
                if !dry {
                    // Out of sight at once, so that no half edition is ever seen.
                    let gone = folder.with_file_name(format!(".gone-{edition}"));
                    fs::rename(&folder, &gone).map_err(at(&folder))?;
                    fs::remove_dir_all(&gone).map_err(at(&gone))?;
                }
                removed.push(Pruned { source: source.clone(), edition, bytes });
            }
        }
        Ok(removed)
    }
}

fn size(folder: &std::path::Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(std::result::Result::ok);
    entries.filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum()
}
