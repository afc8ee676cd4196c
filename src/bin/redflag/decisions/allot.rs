//! Licences go to the shipments that leave first: a first pass over the files
//! finds out which shipments draw on them.

use std::fs::File;
use std::path::{Path, PathBuf};

use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::place::CountryNames;
use redflag::screening::{self, Screener};

/// The same screener, with what each shipment may draw on licences. Files are
/// pairs of place and name; they are read again for the reports, and what can't
/// be read is told then.
pub fn allot(screener: Screener, files: &[(PathBuf, String)], columns: &ColumnMap) -> Screener {
    let mut records = files.iter().filter_map(|(path, name)| open(path, name, columns)).flatten();
    let allotment = screening::allot(&screener, &mut records);
    screener.with_allotment(allotment)
}

fn open(path: &Path, name: &str, columns: &ColumnMap) -> Option<impl Iterator<Item = Record> + Send + use<>> {
    let file = File::open(path).ok()?;
    ShipmentReader::open(Box::new(file), name, columns, CountryNames::shipped()).ok()
}
