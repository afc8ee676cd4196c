//! What several targets hold their input to.

#![allow(dead_code, reason = "each target uses what it needs")]

use std::io::Cursor;

use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::place::CountryNames;
use redflag::watchlist::{ListFile, Watchlist, read, write_toml};

/// Shipments of a file: rows in = rows out, or the file is refused.
pub fn rows_in_are_rows_out(bytes: &[u8], name: &str) {
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let opened = ShipmentReader::open(source, name, &ColumnMap::default(), CountryNames::shipped());
    let Ok(mut reader) = opened else { return };
    let mut rows_out = 0;
    for record in reader.by_ref() {
        rows_out += match record {
            Record::Shipment(shipment) => shipment.lines.len() as u64,
            Record::Fault(_) => 1,
        };
    }
    assert_eq!(reader.rows_in(), rows_out);
}

/// What reads without an error can be written and read again.
pub fn reads_back(list: &Watchlist) {
    let mut bytes = Vec::new();
    assert!(write_toml(list, &mut bytes).is_ok());
    let (again, diagnostics) = read(vec![ListFile { name: "again.toml".to_owned(), bytes }], &|_| None);
    assert!(
        !diagnostics.has_errors(),
        "{:?}",
        diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>()
    );
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].parties, list.parties);
}
