//! Any bytes as a shipment file: no panic, and rows in = rows out.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use redflag::input::{ColumnMap, Record, ShipmentReader};
use redflag::place::CountryNames;

fuzz_target!(|bytes: &[u8]| {
    let source = Box::new(Cursor::new(bytes.to_vec()));
    let Ok(mut reader) =
        ShipmentReader::open(source, "fuzz.csv", &ColumnMap::default(), CountryNames::shipped())
    else {
        return;
    };
    let mut rows_out = 0;
    for record in reader.by_ref() {
        rows_out += match record {
            Record::Shipment(shipment) => shipment.lines.len() as u64,
            Record::Fault(_) => 1,
        };
    }
    assert_eq!(reader.rows_in(), rows_out);
});
