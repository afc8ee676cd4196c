//! How long records are kept: holds, and the removal of what is old enough.
//!
//! Whatever is removed stays in the chain by name and hash.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::digest::sha256_hex;

use super::chain::{Event, Removed};
use super::packed::seal_path;
use super::runs::{EvidenceError, Result, RunLink, Runs, at, run_links};

/// What a prune did, or would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pruning {
    pub removed: Vec<RunLink>,
    /// Old enough, but held.
    pub held: Vec<RunLink>,
    /// Runs that are not old enough.
    pub younger: usize,
    /// Folders of runs that are not in the chain.
    pub incomplete: Vec<String>,
    /// Objects that no run names any more.
    pub objects: usize,
    /// Why objects were left alone, if they were.
    pub objects_kept: Option<String>,
    pub bytes: u64,
}

/// The last day before which records may be removed: so many years back.
///
/// # Errors
/// When there is no such day.
pub fn oldest_kept(today: Date, retention_years: u32) -> Result<Date> {
    today
        .checked_sub(i64::from(retention_years).years())
        .map_err(|error| EvidenceError::Refused(format!("a retention of {retention_years} years: {error}")))
}

fn day(time: Timestamp) -> Date {
    jiff::tz::Offset::UTC.to_datetime(time).date()
}

impl Runs {
    /// Notes that a run must be kept, whatever its age.
    ///
    /// # Errors
    /// When there is no reason, or the chain can't be written.
    pub fn hold(&self, run: &RunLink, reason: &str, now: Timestamp) -> Result<()> {
        let reason = given(reason)?;
        if run.pruned {
            return Err(EvidenceError::Refused(format!("{}: its record was removed already", run.run)));
        }
        let event = Event::Hold { run: run.run.clone(), reason };
        self.note(&self.lock()?, now, event)
    }

    /// Notes that a run need no longer be kept.
    ///
    /// # Errors
    /// When it is not held, there is no reason, or the chain can't be written.
    pub fn release(&self, run: &RunLink, reason: &str, now: Timestamp) -> Result<()> {
        let reason = given(reason)?;
        if run.held.is_none() {
            return Err(EvidenceError::Refused(format!("{} is not held", run.run)));
        }
        let event = Event::Release { run: run.run.clone(), reason };
        self.note(&self.lock()?, now, event)
    }

    /// Removes the records of runs from before a day, but for those that are
    /// held, and the files that no run names any more; with `incomplete` also
    /// what is no whole run. With `dry` nothing is removed.
    ///
    /// # Errors
    /// When the day lies within the retention, or the folder can't be written.
    pub fn prune(
        &self,
        before: Option<Date>,
        retention_years: u32,
        incomplete: bool,
        dry: bool,
        now: Timestamp,
    ) -> Result<Pruning> {
        let oldest = oldest_kept(day(now), retention_years)?;
        let before = before.unwrap_or(oldest);
        let lock = self.lock()?;
        let links = run_links(&self.chain()?.links);
        if before > oldest {
            let young = links.iter().filter(|run| !run.pruned && (oldest..before).contains(&day(run.time)));
            return Err(EvidenceError::Refused(format!(
                "records are kept for {retention_years} years, and so are those from {oldest} on; {} runs from \
                 before {before} are younger. Nothing was removed",
                young.count()
            )));
        }
        let mut pruning = Pruning::default();
        for run in links.iter().filter(|run| !run.pruned) {
            if day(run.time) >= before {
                pruning.younger += 1;
            } else if run.held.is_some() {
                pruning.held.push(run.clone());
            } else {
                pruning.removed.push(run.clone());
            }
        }
        let known = |name: &String| links.iter().any(|run| run.run == *name);
        if incomplete {
            pruning.incomplete = self.run_folders()?.into_iter().filter(|name| !known(name)).collect();
        }
        if !dry && (!pruning.removed.is_empty() || !pruning.incomplete.is_empty()) {
            // The line comes first: what is gone without one would be damage.
            let removed = pruning
                .removed
                .iter()
                .map(|run| Removed { run: run.run.clone(), record: run.record.clone() })
                .collect();
            let event = Event::Prune { before, removed, incomplete: self.described(&pruning.incomplete) };
            self.note(&lock, now, event)?;
        }
        let old = pruning.removed.iter().map(|run| &run.run).chain(&pruning.incomplete);
        let left_over = links.iter().filter(|run| run.pruned).map(|run| &run.run);
        for run in old.chain(left_over) {
            pruning.bytes += size(&self.run_folder(run));
            if !dry {
                self.remove_run(run)?;
            }
        }
        let staying: Vec<&RunLink> =
            links.iter().filter(|run| !run.pruned && !pruning.removed.contains(run)).collect();
        match self.unnamed_objects(&staying)? {
            Ok(objects) => {
                pruning.objects = objects.len();
                for path in objects {
                    pruning.bytes += fs::metadata(&path).map_or(0, |about| about.len());
                    if !dry {
                        fs::remove_file(&path).map_err(at(&path))?;
                        let _ = fs::remove_file(seal_path(&path));
                    }
                }
            }
            Err(why) => pruning.objects_kept = Some(why),
        }
        if !dry {
            self.sweep()?;
        }
        Ok(pruning)
    }

    /// Folders that are no whole run, with the hash of the record in each.
    fn described(&self, names: &[String]) -> Vec<Removed> {
        let hash =
            |name: &String| fs::read(self.run_folder(name).join("record.json")).map(|b| sha256_hex(&b));
        names.iter().map(|run| Removed { run: run.clone(), record: hash(run).unwrap_or_default() }).collect()
    }

    /// Objects that none of the runs names; or why that can't be told.
    fn unnamed_objects(&self, runs: &[&RunLink]) -> Result<std::result::Result<Vec<PathBuf>, String>> {
        if self.unfinished()?.iter().any(|(_, alive)| *alive) {
            return Ok(Err("a run is being recorded".to_owned()));
        }
        let mut named: BTreeSet<String> = BTreeSet::new();
        for run in runs {
            match self.record(run) {
                Ok(record) => named.extend(record.objects().iter().map(|file| file.sha256.clone())),
                Err(error) => return Ok(Err(error.to_string())),
            }
        }
        let folder = self.objects();
        let Ok(entries) = fs::read_dir(&folder) else { return Ok(Ok(Vec::new())) };
        let files = entries.filter_map(std::result::Result::ok).map(|entry| entry.file_name());
        let mut unnamed: Vec<PathBuf> = files
            .filter_map(|name| name.into_string().ok())
            .filter(|name| Path::new(name).extension() != Some(OsStr::new("seal")) && !named.contains(name))
            .map(|name| folder.join(name))
            .collect();
        unnamed.sort();
        Ok(Ok(unnamed))
    }
}

fn given(reason: &str) -> Result<String> {
    match reason.trim() {
        "" => Err(EvidenceError::Refused("a reason is needed, for whoever reads it in ten years".to_owned())),
        reason => Ok(reason.to_owned()),
    }
}

fn size(folder: &std::path::Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(std::result::Result::ok);
    entries.filter_map(|entry| entry.metadata().ok()).map(|about| about.len()).sum()
}
