//! Holds every byte of a runs folder against the chain.
//!
//! Reads and tells; changes nothing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use crate::digest::sha256_hex;

use super::chain::Chain;
use super::packed::{Packed, look_through, seal_of, seal_path};
use super::record::{FileRef, Record};
use super::runs::{Result, RunLink, Runs, at, parse_record, run_links};
use super::seal::{Damage, LARGE, SMALL, Seal};

/// Something that is not as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub path: PathBuf,
    /// The run it belongs to; an object may belong to several, then the first.
    pub run: Option<String>,
    /// The first byte that does not fit, from the beginning of the file; none
    /// of a file that is not there.
    pub offset: Option<u64>,
    /// It is one of so many bytes from there on.
    pub within: u64,
    pub what: String,
}

/// What is there and does not count, without being damage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    pub path: PathBuf,
    pub what: String,
}

/// What a look through everything gave.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verified {
    /// Runs in the chain whose record is there and fits.
    pub runs: usize,
    /// Runs whose record was removed after its time.
    pub pruned: usize,
    pub objects: usize,
    pub bytes: u64,
    pub lines: usize,
    /// Hash of the last line of the chain.
    pub head: String,
    pub faults: Vec<Fault>,
    pub notes: Vec<Note>,
}

impl Runs {
    /// Reads everything and names what does not fit.
    ///
    /// # Errors
    /// When the folder itself can't be read.
    pub fn verify(&self) -> Result<Verified> {
        let chain = self.chain()?;
        let mut verified = Verified { lines: chain.links.len(), ..Verified::default() };
        chain.head().clone_into(&mut verified.head);
        self.verify_chain(&chain, &mut verified);
        let runs = run_links(&chain.links);
        let mut objects: BTreeMap<String, (String, FileRef)> = BTreeMap::new();
        for run in &runs {
            if run.pruned {
                verified.pruned += 1;
                if self.run_folder(&run.run).exists() {
                    let what = "its record was pruned; the next prune removes what is left of it";
                    verified.note(self.run_folder(&run.run), what);
                }
                continue;
            }
            let faults = verified.faults.len();
            if let Some(record) = self.verify_run(run, &mut verified) {
                for file in record.objects() {
                    let named = || (run.run.clone(), file.clone());
                    objects.entry(file.sha256.clone()).or_insert_with(named);
                }
                verified.runs += usize::from(verified.faults.len() == faults);
            }
        }
        for (sha256, (run, file)) in &objects {
            self.verify_object(sha256, run, file, &mut verified);
        }
        self.verify_rest(&runs, &objects, &mut verified)?;
        Ok(verified)
    }

    fn verify_chain(&self, chain: &Chain, verified: &mut Verified) {
        let path = self.chain_path();
        for fault in &chain.faults {
            verified.faults.push(Fault {
                path: path.clone(),
                run: fault.run.clone(),
                offset: Some(fault.offset),
                within: fault.within,
                what: format!("line {}: {}", fault.line, fault.what),
            });
        }
        if chain.torn > 0 {
            let what = format!(
                "{} bytes from byte {} on are a line whose writing was cut off; the next run removes it",
                chain.torn, chain.whole
            );
            verified.notes.push(Note { path, what });
        }
    }

    /// The record of a run, if it can be trusted.
    fn verify_run(&self, run: &RunLink, verified: &mut Verified) -> Option<Record> {
        let path = self.run_folder(&run.run).join("record.json");
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                verified.fault(&path, Some(&run.run), None, 0, &error.to_string());
                return None;
            }
        };
        verified.bytes += bytes.len() as u64;
        if sha256_hex(&bytes) != run.record {
            verified.damage(&path, Some(&run.run), "it is not the record in the chain");
            return None;
        }
        verified.seal(&path, Some(&run.run), &Seal::of(&bytes, SMALL));
        let record = match parse_record(&path, &bytes) {
            Ok(record) => record,
            Err(error) => {
                verified.note(path, &error.to_string());
                return None;
            }
        };
        let results = &record.results;
        let wanted = Packed {
            sha256: results.sha256.clone(),
            bytes: results.bytes,
            stored_sha256: results.stored_sha256.clone(),
            stored_bytes: results.stored_bytes,
        };
        let path = self.results_path(&run.run);
        verified.packed(&path, Some(&run.run), |found| *found == wanted);
        Some(record)
    }

    fn verify_object(&self, sha256: &str, run: &str, file: &FileRef, verified: &mut Verified) {
        verified.objects += 1;
        let path = self.object_path(sha256);
        verified.packed(&path, Some(run), |found| found.sha256 == file.sha256 && found.bytes == file.bytes);
    }

    /// What lies there and is named nowhere.
    fn verify_rest(
        &self,
        runs: &[RunLink],
        objects: &BTreeMap<String, (String, FileRef)>,
        verified: &mut Verified,
    ) -> Result<()> {
        for (path, alive) in self.unfinished()? {
            let what = if alive {
                "a run is being recorded here"
            } else {
                "a run that was cut off: it is not in the chain and does not count; the next run removes it"
            };
            verified.note(path, what);
        }
        for name in self.run_folders()? {
            match runs.iter().find(|run| run.run == name) {
                None => verified.note(
                    self.run_folder(&name),
                    "it is not in the chain: a run that was cut off before its last step, or whose line was \
                     taken away; it does not count",
                ),
                Some(run) if !run.pruned => self.strange_files(&name, verified)?,
                Some(_) => {}
            }
        }
        for name in file_names(&self.objects())? {
            let sha256 = name.strip_suffix(".seal").unwrap_or(&name);
            if !objects.contains_key(sha256) {
                verified.note(self.objects().join(&name), "no run in the chain names it");
            }
        }
        Ok(())
    }

    fn strange_files(&self, run: &str, verified: &mut Verified) -> Result<()> {
        let folder = self.run_folder(run);
        for name in file_names(&folder)? {
            if !matches!(name.strip_suffix(".seal").unwrap_or(&name), "record.json" | "results.jsonl.gz") {
                verified.fault(&folder.join(name), Some(run), Some(0), 0, "no part of the record");
            }
        }
        Ok(())
    }

    /// Whether a hash is that of a line of the chain: what somebody noted
    /// elsewhere shows that no later line was taken away since.
    ///
    /// # Errors
    /// When the chain can't be read.
    pub fn holds_line(&self, hash: &str) -> Result<bool> {
        Ok(self.chain()?.links.iter().any(|link| link.hash == hash))
    }
}

impl Verified {
    fn note(&mut self, path: PathBuf, what: &str) {
        self.notes.push(Note { path, what: what.to_owned() });
    }

    fn fault(&mut self, path: &Path, run: Option<&str>, offset: Option<u64>, within: u64, what: &str) {
        let run = run.map(str::to_owned);
        self.faults.push(Fault { path: path.to_owned(), run, offset, within, what: what.to_owned() });
    }

    /// Finds out where a file that is not the right one begins to differ.
    fn damage(&mut self, path: &Path, run: Option<&str>, what: &str) {
        let found = seal_of(path).map(|seal| seal.first_damage(BufReader::new(File::open(path)?)));
        match found {
            Some(Ok(Some(damage))) => {
                let was = damage.byte.map_or(String::new(), |(now, was)| {
                    format!(": the byte is {now:#04x} and was {was:#04x}")
                });
                self.fault(path, run, Some(damage.offset), damage.within, &format!("{what}{was}"));
            }
            Some(Err(error)) => self.fault(path, run, None, 0, &error.to_string()),
            // The seal is gone, or was made anew for what stands there now.
            Some(Ok(None)) | None => {
                let bytes = fs::metadata(path).map_or(0, |about| about.len());
                self.fault(path, run, Some(0), bytes, what);
            }
        }
    }

    /// Holds a packed file against what it must be, and its seal against it.
    fn packed(&mut self, path: &Path, run: Option<&str>, fits: impl Fn(&Packed) -> bool) {
        let about = match fs::metadata(path) {
            Ok(about) => about,
            Err(error) => return self.fault(path, run, None, 0, &error.to_string()),
        };
        self.bytes += about.len();
        match look_through(path) {
            Ok(found) if fits(&found) => match seal_in(path) {
                Ok(seal) if seal_of(path).as_ref() == Some(&seal) => {}
                // The content is right. A byte around it that the seal proves
                // wrong is the file's; else the seal is the one that changed.
                Ok(seal) => {
                    match seal_of(path).map(|kept| kept.first_damage(BufReader::new(File::open(path)?))) {
                        Some(Ok(Some(Damage { byte: Some(_), .. }))) => {
                            self.damage(path, run, "the content is right, but the file is not");
                        }
                        _ => self.seal(path, run, &seal),
                    }
                }
                Err(error) => self.fault(path, run, None, 0, &error.to_string()),
            },
            Ok(_) => self.damage(path, run, "it is not the content that was recorded"),
            Err(error) => self.damage(path, run, &format!("it can't be unpacked ({error})")),
        }
    }

    /// Holds the seal that lies beside a good file against the right one.
    fn seal(&mut self, path: &Path, run: Option<&str>, right: &Seal) {
        let path = seal_path(path);
        let (right, found) = (right.to_bytes(), fs::read(&path));
        let what = "the seal is not the one of its file, which is as it was";
        match found {
            Err(error) => self.fault(&path, run, None, 0, &error.to_string()),
            Ok(found) if found == right => {}
            Ok(found) => {
                let same = found.iter().zip(&right).take_while(|(a, b)| a == b).count();
                self.fault(&path, run, Some(same as u64), 1, what);
            }
        }
    }
}

/// The seal that a file should have.
fn seal_in(path: &Path) -> io::Result<Seal> {
    let mut sealing = super::seal::Sealing::new(io::sink(), LARGE);
    io::copy(&mut BufReader::with_capacity(1 << 16, File::open(path)?), &mut sealing)?;
    Ok(sealing.finish().1)
}

/// The names of the files in a folder, in order; none where it is not there.
fn file_names(folder: &Path) -> Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(folder)(error)),
    };
    let mut names: Vec<String> = entries
        .filter_map(std::result::Result::ok)
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort_unstable();
    Ok(names)
}
