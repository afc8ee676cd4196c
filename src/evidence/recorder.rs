//! Records a run while it goes on, on threads of its own.
//!
//! What the run reads and what it finds is handed over in pieces; hashing,
//! compressing and writing happen beside it. Given back is a run in the chain,
//! or an error and nothing.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use jiff::Timestamp;

use crate::digest::sha256_hex;
use crate::screening::{Outcome, Summary};
use crate::store::write;

use super::packed::{Hashing, Packed, Packing, Press, seal_path};
use super::record::{Basis, FileRef, InputRecord, Record, ResultsRecord, SummaryRecord, VERSION};
use super::results::ResultWriter;
use super::runs::{EvidenceError, Result, Runs, Work, at};
use super::seal::{SMALL, Seal};

/// Batches of outcomes that may wait to be written.
const WAITING: usize = 8;
/// Bytes of an input that are handed over at a time.
const PIECE: usize = 256 << 10;

/// How a run is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Keeping {
    /// Whether the shipment files themselves are kept.
    pub inputs: bool,
    /// Of a file larger than that only the hash is kept.
    pub most_input_bytes: u64,
}

/// A file that was handed over to be kept.
#[derive(Debug)]
pub struct GivenFile<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// A run that was recorded.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    pub run: String,
    pub folder: PathBuf,
    /// SHA-256 of its record.
    pub record: String,
    /// The line of the chain and its hash.
    pub seq: u64,
    pub hash: String,
}

enum Piece {
    Open(String),
    Bytes(Vec<u8>),
    Close,
}

type Inputs = Vec<(FileRef, Option<PathBuf>)>;

/// Takes a run as it goes on.
#[derive(Debug)]
pub struct Recorder {
    runs: Runs,
    work: Work,
    started: Timestamp,
    outcomes: SyncSender<Vec<Outcome>>,
    results: JoinHandle<io::Result<ResultsRecord>>,
    pieces: SyncSender<Piece>,
    inputs: JoinHandle<io::Result<Inputs>>,
    objects: Vec<(PathBuf, String)>,
    keeping: Keeping,
}

impl Recorder {
    /// Starts to record.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub fn start(runs: &Runs, keeping: Keeping, started: Timestamp) -> Result<Self> {
        let work = runs.begin()?;
        let (outcomes, given) = sync_channel(WAITING);
        let path = work.path.join("results.jsonl.gz");
        let packing = Packing::create(&path, Press::Fast).map_err(at(&path))?;
        let results = spawn("results", move || write_results(packing, &given))?;
        let (pieces, given) = sync_channel(64);
        let folder = work.path.clone();
        let inputs = spawn("inputs", move || write_inputs(&folder, keeping, &given))?;
        let runs = runs.clone();
        Ok(Self { runs, work, started, outcomes, results, pieces, inputs, objects: Vec::new(), keeping })
    }

    /// Reads a shipment file on behalf of the run, and keeps what it reads. One
    /// at a time.
    pub fn input<R: Read>(&self, name: &str, source: R) -> InputTap<R> {
        // A thread that stopped tells why at the end.
        let _ = self.pieces.send(Piece::Open(name.to_owned()));
        InputTap { source, pieces: self.pieces.clone(), piece: Vec::new() }
    }

    /// Takes outcomes in the order of the input.
    ///
    /// # Errors
    /// When they can't be written any more; [`Recorder::finish`] says why.
    pub fn batch(&self, outcomes: Vec<Outcome>) -> io::Result<()> {
        self.outcomes.send(outcomes).map_err(|_| io::Error::other("the record of the run can't be written"))
    }

    /// Why outcomes can't be written any more.
    #[must_use]
    pub fn failure(self) -> EvidenceError {
        drop((self.outcomes, self.pieces));
        let path = self.work.path.join("results.jsonl.gz");
        match join(self.results) {
            Err(error) => EvidenceError::Io(path, error),
            Ok(_) => EvidenceError::Refused("the record of the run can't be written".to_owned()),
        }
    }

    /// Keeps a file among the objects, if it is not there yet.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn keep(&mut self, file: &GivenFile<'_>) -> Result<FileRef> {
        let sha256 = sha256_hex(file.bytes);
        let given =
            FileRef { name: file.name.to_owned(), bytes: file.bytes.len() as u64, sha256: sha256.clone() };
        let known = self.objects.iter().any(|(_, other)| *other == sha256);
        if !known && !self.runs.object_path(&sha256).is_file() {
            self.pack(file.bytes, Press::Small)?;
        }
        Ok(given)
    }

    /// Keeps a large file among the objects, if it is not there yet. Gives nothing
    /// when it is larger than what is to be kept.
    ///
    /// # Errors
    /// When it can't be read or written.
    pub fn keep_large(&mut self, name: &str, from: &Path) -> Result<Option<FileRef>> {
        let bytes = fs::metadata(from).map_err(at(from))?.len();
        if !self.keeping.inputs || bytes > self.keeping.most_input_bytes {
            return Ok(None);
        }
        // What is there already stays: putting objects in place leaves it alone.
        let Packed { sha256, bytes, .. } = self.pack(fs::File::open(from).map_err(at(from))?, Press::Fast)?;
        Ok(Some(FileRef { name: name.to_owned(), bytes, sha256 }))
    }

    /// Writes an object that is put in place with the run.
    fn pack(&mut self, mut content: impl Read, press: Press) -> Result<Packed> {
        let path = self.work.path.join(format!("object-{}", self.objects.len()));
        let mut written = || -> io::Result<Packed> {
            let mut packing = Packing::create(&path, press)?;
            io::copy(&mut content, &mut packing)?;
            packing.finish()
        };
        let packed = written().map_err(at(&path))?;
        self.objects.push((path, packed.sha256.clone()));
        Ok(packed)
    }

    /// Writes the record and puts the run into the chain. `rows` are those read
    /// from each input, in order.
    ///
    /// # Errors
    /// When anything could not be written; then there is no record.
    pub fn finish(
        self,
        basis: Basis,
        summary: &Summary,
        rows: &[u64],
        truncated: bool,
        finished: Timestamp,
    ) -> Result<Recorded> {
        let Self { runs, work, started, outcomes, results, pieces, inputs, mut objects, .. } = self;
        drop((outcomes, pieces));
        let folder = work.path.clone();
        let results = join(results).map_err(at(&folder.join("results.jsonl.gz")))?;
        let taken = join(inputs).map_err(at(&folder))?;
        let mut inputs = Vec::new();
        for (number, (file, path)) in taken.into_iter().enumerate() {
            let rows = rows.get(number).copied().unwrap_or(0);
            inputs.push(InputRecord { rows, stored: path.is_some(), file: file.clone() });
            if let Some(path) = path {
                objects.push((path, file.sha256));
            }
        }
        let record = Record {
            version: VERSION,
            started,
            finished,
            basis,
            inputs,
            truncated,
            summary: SummaryRecord::of(summary),
            results,
        };
        let sha256 = write_record(&folder.join("record.json"), &record)?;
        let link = runs.commit(work, &objects, started, finished, &sha256)?;
        let super::chain::Event::Run { run, record } = link.event else {
            return Err(EvidenceError::Refused("the run is not in the chain".to_owned()));
        };
        Ok(Recorded { folder: runs.run_folder(&run), run, record, seq: link.seq, hash: link.hash })
    }
}

fn write_record(path: &Path, record: &Record) -> Result<String> {
    let mut bytes = serde_json::to_vec_pretty(record)
        .map_err(|error| EvidenceError::Damaged(path.to_owned(), error.to_string()))?;
    bytes.push(b'\n');
    write::create(path, &bytes).map_err(at(path))?;
    let seal = seal_path(path);
    write::create(&seal, &Seal::of(&bytes, SMALL).to_bytes()).map_err(at(&seal))?;
    Ok(sha256_hex(&bytes))
}

fn spawn<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<JoinHandle<io::Result<T>>> {
    std::thread::Builder::new()
        .name(format!("record {name}"))
        .spawn(work)
        .map_err(|error| EvidenceError::Refused(format!("no thread can be started: {error}")))
}

fn join<T>(thread: JoinHandle<io::Result<T>>) -> io::Result<T> {
    thread.join().unwrap_or_else(|_| Err(io::Error::other("the writing of the record stopped")))
}

fn write_results(mut packing: Packing, outcomes: &Receiver<Vec<Outcome>>) -> io::Result<ResultsRecord> {
    let mut writer = ResultWriter::new();
    let mut text = Vec::with_capacity(1 << 20);
    writer.begin(&mut text)?;
    for batch in outcomes {
        for outcome in &batch {
            writer.outcome(outcome, &mut text)?;
        }
        packing.write_all(&text)?;
        text.clear();
    }
    packing.write_all(&text)?;
    let Packed { sha256, bytes, stored_sha256, stored_bytes } = packing.finish()?;
    let (lines, parties) = (writer.lines(), writer.parties());
    Ok(ResultsRecord { sha256, bytes, lines, parties, stored_sha256, stored_bytes })
}

fn write_inputs(folder: &Path, keeping: Keeping, pieces: &Receiver<Piece>) -> io::Result<Inputs> {
    let mut taken: Inputs = Vec::new();
    let mut open: Option<OpenInput> = None;
    for piece in pieces {
        match piece {
            Piece::Open(name) => {
                let path = folder.join(format!("input-{}", taken.len()));
                open = Some(OpenInput::new(name, path, keeping)?);
            }
            Piece::Bytes(bytes) => {
                open = open.map(|open| open.add(&bytes, keeping)).transpose()?;
            }
            Piece::Close => {
                if let Some(open) = open.take() {
                    taken.push(open.finish()?);
                }
            }
        }
    }
    Ok(taken)
}

struct OpenInput {
    name: String,
    path: PathBuf,
    into: Into,
}

/// Where the bytes of an input go.
enum Into {
    File(Box<Packing>),
    /// They are hashed and counted only.
    Hash(Hashing<io::Sink>),
}

impl OpenInput {
    fn new(name: String, path: PathBuf, keeping: Keeping) -> io::Result<Self> {
        let into = if keeping.inputs {
            Into::File(Box::new(Packing::create(&path, Press::Fast)?))
        } else {
            Into::Hash(Hashing::new(io::sink()))
        };
        Ok(Self { name, path, into })
    }

    fn add(mut self, bytes: &[u8], keeping: Keeping) -> io::Result<Self> {
        self.into = match self.into {
            Into::File(packing) if packing.bytes() + bytes.len() as u64 > keeping.most_input_bytes => {
                fs::remove_file(&self.path)?;
                Into::Hash(packing.abandon())
            }
            other => other,
        };
        match &mut self.into {
            Into::File(packing) => packing.write_all(bytes)?,
            Into::Hash(hash) => hash.write_all(bytes)?,
        }
        Ok(self)
    }

    fn finish(self) -> io::Result<(FileRef, Option<PathBuf>)> {
        let (sha256, bytes, path) = match self.into {
            Into::File(packing) => {
                let packed = packing.finish()?;
                (packed.sha256, packed.bytes, Some(self.path))
            }
            Into::Hash(hash) => {
                let (sha256, bytes) = hash.finish();
                (sha256, bytes, None)
            }
        };
        Ok((FileRef { name: self.name, bytes, sha256 }, path))
    }
}

/// A reader whose bytes are kept.
#[derive(Debug)]
pub struct InputTap<R> {
    source: R,
    pieces: SyncSender<Piece>,
    piece: Vec<u8>,
}

impl<R> InputTap<R> {
    fn hand_over(&mut self) {
        if !self.piece.is_empty() {
            let _ = self.pieces.send(Piece::Bytes(std::mem::take(&mut self.piece)));
        }
    }
}

impl<R: Read> Read for InputTap<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.piece.extend_from_slice(buffer.get(..read).unwrap_or_default());
        if self.piece.len() >= PIECE {
            self.hand_over();
        }
        Ok(read)
    }
}

impl<R> Drop for InputTap<R> {
    fn drop(&mut self) {
        self.hand_over();
        let _ = self.pieces.send(Piece::Close);
    }
}
