//! Any bytes as a shipment file: no panic, and rows in = rows out.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| common::rows_in_are_rows_out(bytes, "fuzz.csv"));
