//! What a run asked of the history, taken from its record and asked again.
//!
//! Knows only what was kept; the history itself may have grown since.

use std::convert::Infallible;
use std::fs::File;
use std::io;
use std::sync::Arc;

use jiff::civil::Date;
use tempfile::NamedTempFile;

use crate::flow::history::{
    History, Identities, Parameters, Segment, Sources, Table, Tables, Wanted, each_row, reading,
};
use crate::input::ColumnMap;
use crate::rule::Library;

use super::packed::{self, Hashing};
use super::record::{FileRef, Record};
use super::runs::{EvidenceError, Result, Runs, at};

/// The history of a run as far as its shipments asked for it; nothing when it
/// looked back on none.
///
/// # Errors
/// When it was not kept, or is damaged.
pub(super) fn asked(
    runs: &Runs,
    record: &Record,
    columns: &ColumnMap,
    rules: &Library,
) -> Result<Option<History>> {
    if record.basis.history.is_empty() {
        return Ok(None);
    }
    let Some(file) = &record.basis.asked_of_history else {
        return Err(EvidenceError::Refused(
            "the run looked back on earlier shipments, and what it saw there was not kept with the record"
                .into(),
        ));
    };
    if record.basis.history_reading != reading() {
        return Err(EvidenceError::Refused(
            "the run looked back on earlier shipments, and this version reads names in another way: it would not \
             find their parties"
                .into(),
        ));
    }
    let identities = Arc::new(Identities::default());
    let wanted = wanted(runs, record, columns, &identities)?;
    let unpacked = unpack(runs, file)?;
    let segment = Segment::open(unpacked.path()).map_err(at(unpacked.path()))?;
    let tables = Tables::from(vec![Table::File(Arc::new(segment))]);
    history(&tables, &wanted, identities, record.basis.as_of, rules)
        .map(Some)
        .map_err(at(&runs.object_path(&file.sha256)))
}

fn history(
    tables: &Tables,
    wanted: &Wanted,
    identities: Arc<Identities>,
    as_of: Date,
    rules: &Library,
) -> io::Result<History> {
    let parameters = Parameters::shipped();
    let is_priority = |code: &_| rules.is_in_categories(code, &parameters.priority);
    let parameters = Arc::clone(&parameters);
    History::load(Sources { tables, wanted, parameters, identities, as_of, is_priority: &is_priority })
}

fn wanted(runs: &Runs, record: &Record, columns: &ColumnMap, identities: &Identities) -> Result<Wanted> {
    let mut wanted = Wanted::default();
    let mut rows = runs.rows(columns, record)?;
    let Ok(()) = each_row(&mut rows, identities, &mut |row| -> std::result::Result<(), Infallible> {
        if let Some(row) = row {
            wanted.add(row);
        }
        Ok(())
    });
    match rows.failed {
        Some(why) => Err(EvidenceError::Refused(why)),
        None => Ok(wanted),
    }
}

/// The kept records in a file that can be searched.
fn unpack(runs: &Runs, file: &FileRef) -> Result<NamedTempFile> {
    let path = runs.object_path(&file.sha256);
    let unpacked = || -> io::Result<(NamedTempFile, String)> {
        let to = NamedTempFile::with_prefix("redflag-")?;
        let mut hashing = Hashing::new(File::options().write(true).open(to.path())?);
        io::copy(&mut packed::open(&path)?, &mut hashing)?;
        Ok((to, hashing.finish().0))
    };
    let (to, sha256) = unpacked().map_err(at(&path))?;
    if sha256 == file.sha256 {
        return Ok(to);
    }
    Err(EvidenceError::Damaged(path, format!("it is not the content of {}", file.name)))
}
