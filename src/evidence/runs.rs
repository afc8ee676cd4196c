//! The runs folder: what lies where, and who may write.
//!
//! ```text
//! RUNS/lock                     held while the chain or the objects change
//! RUNS/chain.jsonl              one line for everything that was done
//! RUNS/objects/SHA256           gzip: a file that went into runs; and its .seal
//! RUNS/RUN/record.json          what the run was made with and what came out
//! RUNS/RUN/results.jsonl.gz     the result of every shipment and row
//! RUNS/.new-…/                  a run that is being recorded, or was cut off
//! ```
//! Everything is written under `.new-…` and renamed when it is on the disk; the
//! line in the chain comes last. So a run is in the chain with all its files,
//! or it does not count.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::digest::sha256_hex;
use crate::store::write;

use super::chain::{Chain, Event, Link};
use super::packed;
use super::record::{FileRef, Record, VERSION};

/// Why a runs folder can't be used.
#[derive(Debug)]
pub enum EvidenceError {
    /// A file or folder can't be read or written.
    Io(PathBuf, io::Error),
    /// A file is not what was written there.
    Damaged(PathBuf, String),
    /// What was asked for can't be done, and why.
    Refused(String),
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Damaged(path, why) => {
                write!(f, "{}: {why}; `redflag audit verify` shows what else is damaged", path.display())
            }
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for EvidenceError {}

pub type Result<T> = std::result::Result<T, EvidenceError>;

pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> EvidenceError + '_ {
    move |error| EvidenceError::Io(path.to_owned(), error)
}

/// A runs folder, which need not exist yet.
#[derive(Clone, Debug)]
pub struct Runs {
    root: PathBuf,
}

/// The right to write, given back when dropped.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held, not used")] File);

/// A folder in which a run is being recorded. Dropped before it is committed,
/// it is removed.
#[derive(Debug)]
pub(super) struct Work {
    pub path: PathBuf,
    /// Held as long as the run lives: what nobody holds was cut off.
    held: Option<File>,
    keep: bool,
}

impl Drop for Work {
    fn drop(&mut self) {
        if !self.keep {
            // Where this fails the next run sweeps it away.
            let _ = fs::remove_dir_all(&self.path);
        }
        drop(self.held.take());
    }
}

const WORK: &str = ".new-";
/// In a work folder, the file that its run holds.
const HELD: &str = "held";
/// Beginning of the name of a folder that is being removed.
const GONE: &str = ".gone-";

/// A run in the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunLink {
    pub run: String,
    /// SHA-256 of its record.
    pub record: String,
    pub seq: u64,
    pub time: Timestamp,
    /// Why it must be kept, if somebody said so.
    pub held: Option<String>,
    /// Whether its record was removed after its time.
    pub pruned: bool,
}

impl Runs {
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[must_use]
    pub fn chain_path(&self) -> PathBuf {
        self.root.join("chain.jsonl")
    }

    #[must_use]
    pub fn run_folder(&self, run: &str) -> PathBuf {
        self.root.join(run)
    }

    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.root.join("objects")
    }

    #[must_use]
    pub fn object_path(&self, sha256: &str) -> PathBuf {
        self.objects().join(sha256)
    }

    #[must_use]
    pub fn results_path(&self, run: &str) -> PathBuf {
        self.run_folder(run).join("results.jsonl.gz")
    }

    /// The chain, as far as it can be read.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn chain(&self) -> Result<Chain> {
        let path = self.chain_path();
        Chain::read(&path).map_err(at(&path))
    }

    /// Every run of the chain, oldest first.
    ///
    /// # Errors
    /// When the chain can't be read.
    pub fn runs(&self) -> Result<Vec<RunLink>> {
        Ok(run_links(&self.chain()?.links))
    }

    /// The run that a word means: its id, the beginning of one that only one
    /// has, `last`, or `last~2` for the second one before the last.
    ///
    /// # Errors
    /// When the chain can't be read, or there is no such run.
    pub fn find(&self, word: &str) -> Result<RunLink> {
        let runs = self.runs()?;
        let refused = |why: String| EvidenceError::Refused(why);
        if runs.is_empty() {
            return Err(refused(format!("{}: no run is recorded there", self.root.display())));
        }
        if let Some(before) = word.strip_prefix("last") {
            let before = match before.strip_prefix('~') {
                Some(number) => number.parse().ok(),
                None => before.is_empty().then_some(0),
            };
            let found = before.and_then(|before: usize| runs.iter().rev().nth(before));
            return found.cloned().ok_or_else(|| {
                refused(format!(
                    "there is no run `{word}`: {} are recorded, and `last~1` is the one before the last",
                    runs.len()
                ))
            });
        }
        if let Some(run) = runs.iter().find(|run| run.run == word) {
            return Ok(run.clone());
        }
        let mut fitting = runs.into_iter().filter(|run| run.run.starts_with(word));
        let found = fitting.next().filter(|_| !word.is_empty());
        let found = found.ok_or_else(|| {
            refused(format!(
                "there is no run `{word}`; `redflag audit show` lists them, `last` is the newest"
            ))
        })?;
        match fitting.next() {
            Some(other) => Err(refused(format!("{} and {} begin with `{word}`", found.run, other.run))),
            None => Ok(found),
        }
    }

    /// The record of a run, held against the hash in the chain.
    ///
    /// # Errors
    /// When it was removed, can't be read, or is not the one in the chain.
    pub fn record(&self, run: &RunLink) -> Result<Record> {
        if run.pruned {
            return Err(EvidenceError::Refused(format!("{}: its record was removed by a prune", run.run)));
        }
        let path = self.run_folder(&run.run).join("record.json");
        let bytes = fs::read(&path).map_err(at(&path))?;
        if sha256_hex(&bytes) != run.record {
            return Err(EvidenceError::Damaged(path, "it is not the record in the chain".to_owned()));
        }
        parse_record(&path, &bytes)
    }

    /// The content of an object, held against its hash.
    ///
    /// # Errors
    /// When it is not there, can't be read or is not the one recorded.
    pub fn object(&self, file: &FileRef) -> Result<Vec<u8>> {
        let path = self.object_path(&file.sha256);
        let mut bytes = Vec::new();
        packed::open(&path)
            .and_then(|mut content| io::Read::read_to_end(&mut content, &mut bytes))
            .map_err(at(&path))?;
        if sha256_hex(&bytes) == file.sha256 {
            return Ok(bytes);
        }
        Err(EvidenceError::Damaged(path, format!("it is not the content of {}", file.name)))
    }

    /// Waits until nobody else writes.
    pub(super) fn lock(&self) -> Result<Lock> {
        fs::create_dir_all(&self.root).map_err(at(&self.root))?;
        let path = self.root.join("lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(at(&path))?;
        file.lock().map_err(at(&path))?;
        Ok(Lock(file))
    }

    /// Opens a folder to record a run in, after what was cut off was removed.
    pub(super) fn begin(&self) -> Result<Work> {
        let _lock = self.lock()?;
        self.sweep()?;
        let folder = tempfile::Builder::new().prefix(WORK).tempdir_in(&self.root).map_err(at(&self.root))?;
        write::open_folder(folder.path()).map_err(at(folder.path()))?;
        let held = folder.path().join(HELD);
        let file = File::create_new(&held).map_err(at(&held))?;
        file.lock().map_err(at(&held))?;
        Ok(Work { path: folder.keep(), held: Some(file), keep: false })
    }

    /// Folders of runs that are being recorded or were cut off, and whether
    /// somebody is at it.
    pub(super) fn unfinished(&self) -> Result<Vec<(PathBuf, bool)>> {
        let mut found = Vec::new();
        for name in folder_names(&self.root)? {
            if name.starts_with(WORK) || name.starts_with(GONE) {
                let path = self.root.join(&name);
                let alive = name.starts_with(WORK) && is_held(&path);
                found.push((path, alive));
            }
        }
        Ok(found)
    }

    /// Removes what a crash left behind. Only under the lock.
    pub(super) fn sweep(&self) -> Result<()> {
        for (path, alive) in self.unfinished()? {
            if !alive {
                fs::remove_dir_all(&path).map_err(at(&path))?;
            }
        }
        Ok(())
    }

    /// The names of the folders of runs, in the chain or not.
    pub(super) fn run_folders(&self) -> Result<Vec<String>> {
        let mut names = folder_names(&self.root)?;
        names.retain(|name| !name.starts_with('.') && name != "objects");
        Ok(names)
    }

    /// Puts the objects of a run into their place, gives its folder its name and
    /// writes its line into the chain. Whatever fails, the run is not in the
    /// chain then.
    pub(super) fn commit(
        &self,
        mut work: Work,
        objects: &[(PathBuf, String)],
        started: Timestamp,
        finished: Timestamp,
        record_sha256: &str,
    ) -> Result<Link> {
        let _lock = self.lock()?;
        let mut chain = self.chain()?;
        refuse_damaged(&self.chain_path(), &chain)?;
        let folder = self.objects();
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        for (path, sha256) in objects {
            self.place_object(path, sha256)?;
        }
        write::sync_folder(&folder);
        let run = self.free_name(started, record_sha256);
        let place = self.run_folder(&run);
        let held = work.path.join(HELD);
        fs::remove_file(&held).map_err(at(&held))?;
        write::sync_folder(&work.path);
        fs::rename(&work.path, &place).map_err(at(&place))?;
        work.path.clone_from(&place);
        write::sync_folder(&self.root);
        let path = self.chain_path();
        let event = Event::Run { run, record: record_sha256.to_owned() };
        chain.append(&path, finished, event).map_err(at(&path))?;
        work.keep = true;
        chain.links.pop().ok_or_else(|| EvidenceError::Refused("the chain is empty".to_owned()))
    }

    fn place_object(&self, path: &Path, sha256: &str) -> Result<()> {
        let place = self.object_path(sha256);
        let (seal, seal_place) = (packed::seal_path(path), packed::seal_path(&place));
        if place.is_file() {
            // Another run wrote it meanwhile.
            fs::remove_file(&seal).map_err(at(&seal))?;
            return fs::remove_file(path).map_err(at(path));
        }
        // The seal first, so that no object is ever without one.
        fs::rename(&seal, &seal_place).map_err(at(&seal_place))?;
        fs::rename(path, &place).map_err(at(&place))
    }

    /// When the run began, and the beginning of its record's hash.
    fn free_name(&self, started: Timestamp, record_sha256: &str) -> String {
        let stamp = started.strftime("%Y%m%dT%H%M%S%3fZ");
        let name = format!("{stamp}-{}", record_sha256.get(..8).unwrap_or(record_sha256));
        let mut free = name.clone();
        let mut copy = 1;
        while self.run_folder(&free).exists() {
            copy += 1;
            free = format!("{name}-{copy}");
        }
        free
    }

    /// Writes a line into the chain.
    ///
    /// # Errors
    /// When the chain can't be read or written, or is damaged.
    pub(super) fn note(&self, _lock: &Lock, time: Timestamp, event: Event) -> Result<()> {
        let path = self.chain_path();
        let mut chain = self.chain()?;
        refuse_damaged(&path, &chain)?;
        chain.append(&path, time, event).map_err(at(&path))
    }

    /// Removes the folder of a run; out of sight at once.
    pub(super) fn remove_run(&self, run: &str) -> Result<()> {
        let folder = self.run_folder(run);
        let gone = self.root.join(format!("{GONE}{run}"));
        match fs::rename(&folder, &gone) {
            Ok(()) => fs::remove_dir_all(&gone).map_err(at(&gone)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(EvidenceError::Io(folder, error)),
        }
    }
}

/// A line behind a damaged one would make the damage look younger than it is.
fn refuse_damaged(path: &Path, chain: &Chain) -> Result<()> {
    match chain.faults.first() {
        None => Ok(()),
        Some(fault) => Err(EvidenceError::Damaged(
            path.to_owned(),
            format!("line {}, byte {}: {}; nothing is added to it", fault.line, fault.offset, fault.what),
        )),
    }
}

/// Reads a record.
pub(super) fn parse_record(path: &Path, bytes: &[u8]) -> Result<Record> {
    #[derive(serde::Deserialize)]
    struct Head {
        version: u32,
    }
    let damaged = |error: &dyn fmt::Display| EvidenceError::Damaged(path.to_owned(), error.to_string());
    let head: Head = serde_json::from_slice(bytes).map_err(|error| damaged(&error))?;
    if head.version != VERSION {
        return Err(EvidenceError::Refused(format!(
            "{}: written by another version of redflag (record {}, here {VERSION})",
            path.display(),
            head.version
        )));
    }
    serde_json::from_slice(bytes).map_err(|error| damaged(&error))
}

/// The runs among the lines of a chain, with what later lines say of them.
pub(super) fn run_links(links: &[Link]) -> Vec<RunLink> {
    let mut runs: Vec<RunLink> = Vec::new();
    for link in links {
        match &link.event {
            Event::Run { run, record } => runs.push(RunLink {
                run: run.clone(),
                record: record.clone(),
                seq: link.seq,
                time: link.time,
                held: None,
                pruned: false,
            }),
            Event::Hold { run, reason } => set(&mut runs, run, |run| run.held = Some(reason.clone())),
            Event::Release { run, .. } => set(&mut runs, run, |run| run.held = None),
            Event::Prune { removed, .. } => {
                for one in removed {
                    set(&mut runs, &one.run, |run| run.pruned = true);
                }
            }
        }
    }
    runs
}

fn set(runs: &mut [RunLink], id: &str, change: impl FnOnce(&mut RunLink)) {
    if let Some(run) = runs.iter_mut().find(|run| run.run == id) {
        change(run);
    }
}

/// Whether a run holds its work folder.
fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::options().write(true).open(folder.join(HELD)) else { return false };
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// The names of the folders in a folder, in order; none where it is not there.
fn folder_names(folder: &Path) -> Result<Vec<String>> {
    crate::store::folder_names(folder).map_err(|error| match error {
        crate::store::StoreError::Io(path, error) => EvidenceError::Io(path, error),
        crate::store::StoreError::Damaged(path, why) => EvidenceError::Damaged(path, why),
    })
}
